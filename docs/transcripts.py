"""Write the transcripts of README.md and of the first pages anew: ``python docs/transcripts.py``.

A transcript is a block of console text: one or more commands, and what the last of them prints.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = tuple(ROOT / name for name in ("README.md", "docs/index.md", "docs/terminal.md", "docs/zh/index.md"))
_BLOCK = re.compile(r"(```console\n(?:\$ .*\n)+)((?:(?!```|\$ ).*\n)*)")


def rewritten(text: str) -> str:
    """Return a page whose transcripts are what is printed now.

    Args:
        text: the page as it is.

    Raises:
        subprocess.CalledProcessError: when a command fails.
    """
    return _BLOCK.sub(lambda found: found[1] + _printed(found[1].splitlines()[-1]), text)


def _printed(command: str) -> str:
    """Return what a line such as ``$ kg ask P1 --study my-study`` prints; the study is the template of ``kg init``."""
    arguments = shlex.split(command.removeprefix("$ kg ").replace("my-study", "template"))
    run = [sys.executable, "-c", "from kg.cli import main; main()", *arguments]
    out = subprocess.run(run, capture_output=True, text=True, check=True, encoding="utf-8").stdout  # noqa: S603
    return out.strip("\n").replace("--study template", "--study my-study") + "\n"


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(rewritten(page.read_text("utf-8")), "utf-8", newline="\n")
