"""Python's search for cycles among objects, which long work that makes no cycles does without."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: among millions of objects that costs an eighth of a build, and there are none.

    Example:
        >>> with uncollected():
        ...     gc.isenabled()
        False
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
