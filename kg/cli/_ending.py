"""How a command ends that could not do what it was asked: in words, and with an exit code of its own.

1 is left to findings: a fault of the program must never look like a study with warnings only.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import sys
import traceback
from typing import Any

from typer.core import TyperGroup

from kg.errors import KGError, StudyError, UnknownTerm

UNAVAILABLE = 3
UNEXPECTED = 70
"""EX_SOFTWARE of sysexits.h."""
INTERRUPTED = 130
_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk has no more room for this user",
    errno.EFBIG: "a file may not get that big here",
    errno.EMFILE: "too many files are open",
    errno.ENAMETOOLONG: "the name is too long",
}
_OF_SQLITE = (
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
)  # fmt: skip
"""What SQLite says of the machine; all else it says of a program."""


class Commands(TyperGroup):
    """The commands; typer would end some of their errors itself, a closed pipe with the code of findings."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (OSError, KeyboardInterrupt) as e:
            raise SystemExit(ended(e)) from e


def ended(e: BaseException) -> int:
    """Say on standard error why a command could not go on.

    Args:
        e: what stopped it.

    Returns:
        The exit code.
    """
    code, text = _code_and_words(e)
    lines = [text] if text else []
    if os.environ.get("KG_DEBUG") == "1" and not isinstance(e, (KGError, KeyboardInterrupt, BrokenPipeError)):
        lines.insert(0, "".join(traceback.format_exception(e)).rstrip())
    if lines:
        from kg.render import clean

        with contextlib.suppress(OSError):
            sys.stderr.write(clean("\n".join(lines)) + "\n")
    for stream in (sys.stdout, sys.stderr):
        _flush_or_close(stream)
    return code


def _code_and_words(e: BaseException) -> tuple[int, str]:
    """Return the exit code of an error, and its words."""
    if isinstance(e, StudyError):
        return e.exit_code, f"{e}\n{len(e.findings)} error(s); nothing was written"
    if isinstance(e, KGError):
        more = "\n'kg list' shows what there is" if isinstance(e, UnknownTerm) and not e.suggestions else ""
        return e.exit_code, f"error: {e}{more}"
    if isinstance(e, KeyboardInterrupt):
        return INTERRUPTED, ""
    if isinstance(e, BrokenPipeError):
        # The reader of the pipe has seen enough, as 'head' does.
        return 0, ""
    if isinstance(e, MemoryError):
        return UNAVAILABLE, "error: there is not enough memory for this"
    if isinstance(e, OSError):
        return UNAVAILABLE, f"error: {os_words(e)}"
    if isinstance(e, sqlite3.Error) and getattr(e, "sqlite_errorcode", 0) & 0xFF in _OF_SQLITE:
        return UNAVAILABLE, f"error: {e}"
    fault = " ".join(f"{type(e).__name__}: {e}".split())[:300]
    return UNEXPECTED, (
        f"error: this is a fault of kg, nothing of yours: {fault}; "
        "please run the command again with KG_DEBUG=1 and report what it prints, with the command and 'kg --version'"
    )


def os_words(e: OSError) -> str:
    """Return what an error of the system says, with the file where it names one.

    Args:
        e: of the system, or of a library that has words of its own and neither number nor file.

    Example:
        >>> os_words(OSError(errno.ENOSPC, "No space left on device", "p.html"))
        'p.html: the disk is full'
        >>> os_words(OSError("IO error: No space left on device: While appending"))
        'IO error: No space left on device: While appending'
    """
    words = _WORDS.get(e.errno or 0) or e.strerror or str(e) or type(e).__name__
    return f"{os.fsdecode(e.filename)}: {words}" if isinstance(e.filename, (str, bytes)) else words


def _flush_or_close(stream: object) -> None:
    """Give up what cannot be written, or Python would say so again when it ends, with an exit code of its own."""
    try:
        stream.flush()  # type: ignore[attr-defined]
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[attr-defined]
