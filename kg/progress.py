"""Tell a person how far long work has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and how much there is."""
PATIENCE = 0.5


def silent(step: str, done: int, total: int) -> None:
    """Tell nothing."""


class Bar:
    """A progress bar on standard error, shown if that is a terminal and the work takes long.

    Example:
        >>> with Bar() as tell:
        ...     tell("reading", 1, 2)
    """

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.shown: Any = None
        self.task: Any = None

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` parts of a step are done."""
        if self.shown is None:
            if not sys.stderr.isatty() or time.monotonic() - self.began < PATIENCE:
                return
            from rich.console import Console
            from rich.progress import Progress as Shown

            self.shown = Shown(console=Console(stderr=True), transient=True)
            self.task = self.shown.add_task(step)
            self.shown.start()
        self.shown.update(self.task, description=step, completed=done, total=total)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown is not None:
            self.shown.stop()
