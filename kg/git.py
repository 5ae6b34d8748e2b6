"""Git, asked about the folder of a study: one way, in which no setting of a repository starts a program."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from kg.errors import KGError, StoreUnavailable

if TYPE_CHECKING:
    from pathlib import Path

# A repository may be another's: its settings may name programs that git would start.
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


def run(folder: Path, *words: str, **environment: str) -> bytes:
    """Run a command of git in a folder.

    Args:
        folder: a folder of a repository.
        words: the command and what it takes.
        environment: further variables of the environment.

    Returns:
        What it printed.

    Raises:
        StoreUnavailable: when git is not there.
        KGError: when git says that it cannot.
    """
    program = shutil.which("git")
    if program is None:
        raise StoreUnavailable("git was not found; it is needed for git:REV")
    command = [program, "-C", str(folder), *_QUIET, *words]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})  # noqa: S603 - no shell
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise KGError(f"git: {told[-1] if told else 'it failed'}")
    return done.stdout
