"""Build the wheel and the sdist so that the same files give the same bytes: twice, and compare.

Of the checkout only what git has or would take is read, in two folders of other names, with other times, another order
of hashing, another language and another umask. What is built is dated by the changelog, and by no clock.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SURROUNDINGS = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC", "umask": "022"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai", "umask": "077"},
)


def version() -> str:
    """Return the version that is built."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def day() -> datetime.date:
    """Return the day of that version, as the changelog has it.

    Raises:
        SystemExit: when the changelog has no such version.
    """
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    found = re.search(rf"^## {re.escape(version())} \((\d{{4}}-\d\d-\d\d)\)$", text, re.MULTILINE)
    if not found:
        raise SystemExit(f"CHANGELOG.md has no line '## {version()} (YYYY-MM-DD)'")
    return datetime.date.fromisoformat(found[1])


def epoch() -> int:
    """Return the second at which everything in what is built was changed, as SOURCE_DATE_EPOCH has it."""
    return int(datetime.datetime.combine(day(), datetime.time(), datetime.UTC).timestamp())


def _files() -> list[str]:
    """Name the files of the checkout; of what was unpacked from an sdist all."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        return [name for name in listed if name and (ROOT / name).is_file()]
    return [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*")
        if path.is_file() and not {".venv", "dist", "__pycache__"} & set(path.relative_to(ROOT).parts)
    ]


def _built(room: Path, surroundings: dict[str, str]) -> dict[str, bytes]:
    """Build in a copy of the checkout, and return what was built by its name."""
    for name in _files():
        target = room / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    environment = {**os.environ, **surroundings, "SOURCE_DATE_EPOCH": str(epoch())}
    umask = int(environment.pop("umask"), 8)
    # The wheel is made of the sdist, so that the sdist is known to have all that the wheel needs.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", "."]
    run = subprocess.run(
        command, cwd=room, env=environment, umask=umask, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if run.returncode:
        raise SystemExit(run.stdout.decode("utf-8", "replace"))
    return {path.name: path.read_bytes() for path in sorted((room / "dist").iterdir())}


def build(out: Path) -> list[Path]:
    """Build twice, compare, and write what was built.

    Args:
        out: a folder, which is made.

    Returns:
        The sdist and the wheel.

    Raises:
        SystemExit: when it cannot be built, or the second time gave other bytes.
    """
    with tempfile.TemporaryDirectory() as folder:
        one, other = (
            _built(Path(folder) / name, surroundings)
            for name, surroundings in zip(("one", "elsewhere/二"), SURROUNDINGS, strict=True)
        )
    if different := sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)):
        raise SystemExit(f"built twice, and not the same: {', '.join(different)}")
    out.mkdir(parents=True, exist_ok=True)
    for name, data in one.items():
        (out / name).write_bytes(data)
        print(f"{hashlib.sha256(data).hexdigest()}  {name}", flush=True)
    return [out / name for name in one]


if __name__ == "__main__":
    build(Path(sys.argv[1]))
