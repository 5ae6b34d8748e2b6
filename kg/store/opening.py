"""Open the store of a build, and say what to do when the files of a build are damaged."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

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
