"""Folders for work that is laid out aside and moved into its place when it is whole.

Beside each such folder lies a file that its process keeps locked. The operating system unlocks it when the process
ends, however it ends: so whoever comes later can tell a folder in use from one that a kill left, and removes that.
:mod:`kg.moving` moves what is in such a folder.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filelock import FileLock

JOURNAL, UNDO = ".journal.json", ".undo.json"
"""Names of the file that says what of a folder is still to be moved out of it, or back."""
_TRIES = 100
"""How often a lock is taken that others take away: where locks are not kept, never."""
_NOT_OURS = ("lost+found",)
"""What a file system itself puts into its topmost folder."""


@contextmanager
def folder(parent: Path, purpose: str) -> Iterator[Path]:
    """Give an empty folder, and remove it afterwards, if it is still there and no journal asks for more.

    Args:
        parent: the folder that it is made in, which must be there.
        purpose: a word for its name, such as ``import``; what a kill left there of that purpose is removed first.

    Raises:
        OSError: when it cannot be made.
    """
    if not parent.is_dir():  # which a lock file would make
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(parent))
    clean(parent, purpose)
    lock = _claim(parent, purpose)
    place = _place(lock)
    try:
        place.mkdir()
        yield place
    finally:
        remove(place)
        _let_go(lock)


def clean(parent: Path, purpose: str, mend: Callable[[Path], None] | None = None) -> None:
    """Remove the folders that a kill left; those that a living process works in stay.

    Args:
        parent: the folder that they are in.
        purpose: which of them.
        mend: what to do with each instead, such as to finish what its journal says; a folder with a journal is
            waited for then.
    """
    from filelock import FileLock

    for place in left(parent, purpose):
        lock = FileLock(f"{place}.lock")
        try:
            lock.acquire(blocking=mend is not None and pending(place))
        except OSError:
            continue  # it is in use, or not ours to change
        try:
            (mend or remove)(place)
        finally:
            _let_go(lock)


def left(parent: Path, purpose: str) -> list[Path]:
    """List the folders of a purpose, in use or not, also those of which only the lock is left.

    Args:
        parent: the folder that they are in; it need not be there.
        purpose: which of them.
    """
    try:
        with os.scandir(parent) as entries:
            names = {e.name.removesuffix(".lock") for e in entries if e.name.startswith(f".kg-{purpose}-")}
    except OSError:
        return []
    return [parent / name for name in sorted(names)]


def pending(place: Path) -> bool:
    """Say whether the journal of a folder asks for more.

    Args:
        place: the folder.
    """
    return not place.is_symlink() and any((place / name).is_file() for name in (JOURNAL, UNDO))


def remove(place: Path) -> None:
    """Remove a folder of this module, unless its journal asks for more.

    Args:
        place: the folder; it need not be there.
    """
    if not pending(place):
        shutil.rmtree(place, ignore_errors=True)


def is_free(place: Path) -> bool:
    """Say whether nothing is at a place, or an empty folder, such as one that another disk is mounted on.

    Args:
        place: a path.
    """
    return not place.exists() or (
        place.is_dir() and all(p.name in _NOT_OURS or p.name.startswith(".kg-") for p in place.iterdir())
    )


def _claim(parent: Path, purpose: str) -> FileLock:
    """Make and lock the lock file of a folder that is not there yet."""
    import secrets

    from filelock import FileLock, Timeout

    for _ in range(_TRIES):
        path = parent / f".kg-{purpose}-{secrets.token_hex(4)}.lock"
        # A lock would wait for ever for a file that cannot be made.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        lock = FileLock(path)
        with suppress(Timeout):
            lock.acquire(blocking=False)
            if path.exists():
                return lock
            lock.release()
        # Another process took it for one that a kill left, before it was locked.
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK), str(parent))


def _place(lock: FileLock) -> Path:
    return Path(lock.lock_file.removesuffix(".lock"))


def _let_go(lock: FileLock) -> None:
    """Unlock, and remove the lock file unless its folder is there."""
    lock.release()
    if not _place(lock).exists():
        with suppress(OSError):
            Path(lock.lock_file).unlink()
