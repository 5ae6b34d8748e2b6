"""Open the store of a build, keep a build from being removed, and say what to do when its files are damaged."""

from __future__ import annotations

import os
import shutil
import sqlite3
import weakref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # on Windows, where files that are open are not removed
    fcntl = None  # type: ignore[assignment]

from kg.errors import KGError, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import Store


def open_store(folder: Path) -> Store:
    """Open the store of a build, read only.

    Args:
        folder: where it lies, in the folder of the build.

    Raises:
        StoreUnavailable: when it is damaged or gone.
    """
    from pyoxigraph import Store

    with damage_told(folder.parent):
        return Store.read_only(str(folder))


_LOCKED = "digest"
"""Name of the file of a build that its readers lock together, and who removes it alone: each build has it, and no
answer is read from it. The operating system unlocks it when a process ends, however it ends."""


def use(built: Path, reader: object) -> None:
    """Keep a build from being removed as long as its reader lives: what it needs of it, it may open much later.

    Args:
        built: the folder of the build.
        reader: an object that reads it.

    Raises:
        StoreUnavailable: when it was removed just now.
    """
    if fcntl is None:
        return
    path = built / _LOCKED
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError as e:
        raise StoreUnavailable(f"the build {built.name} is gone; run the command again") from e
    weakref.finalize(reader, os.close, file)
    with suppress(OSError):  # a disk may know no locks
        fcntl.flock(file, fcntl.LOCK_SH)
    # Who removes a build takes this file away first, so that whoever locked it too late finds that out.
    if not path.exists():
        raise StoreUnavailable(f"the build {built.name} is gone; run the command again")


def remove(built: Path) -> None:
    """Remove a build, or what a kill left of one, unless it has a reader.

    Args:
        built: its folder.
    """
    path = built / _LOCKED
    if fcntl is not None and path.exists():
        file = os.open(path, os.O_RDWR)  # over a network only who may write locks alone
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
        except BlockingIOError:
            return
        except OSError:  # a disk may know no locks
            path.unlink(missing_ok=True)
        finally:
            os.close(file)
    shutil.rmtree(built, ignore_errors=True)


@contextmanager
def damage_told(built: Path) -> Iterator[None]:
    """Turn what libraries raise when the files of a build are damaged or gone into words with the mend.

    Args:
        built: the folder of the build.

    Raises:
        StoreUnavailable: when they are.
    """
    try:
        yield
    except (OSError, RuntimeError, sqlite3.DatabaseError) as e:
        # Oxigraph has no class of error for it; SQLite has one for its misuse, too.
        if isinstance(e, (KGError, RecursionError, sqlite3.ProgrammingError, sqlite3.IntegrityError)):
            raise
        raise StoreUnavailable(
            f"the built graph cannot be read: {str(e).splitlines()[0].strip()}; "
            f"remove the folder {built} and run the command again, which builds it anew"
        ) from e
