"""What every operation is: named, made of plain values, and worked out against the files of a study."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

from kg.entries import Day, Identifier

if TYPE_CHECKING:
    from kg.editing.files import Files


class Operation(BaseModel):
    """A small change of a study, which reads the same in Python, as JSON, and in the journal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    do: str
    mends: ClassVar[bool] = False
    """Whether it is there to mend errors of a study, which undoing it brings back."""
    keeps: ClassVar[bool] = False
    """Whether it only calls things otherwise, so that no passage has to be looked for again."""

    def completed(self, by: str, day: datetime.date) -> Operation:
        """Return it with who acts and when, where it says neither.

        Args:
            by: id of the coder.
            day: the day.
        """
        given = {"coder": by, "date": day}
        fields = {name: value for name, value in given.items() if name in type(self).model_fields}
        missing = {name: value for name, value in fields.items() if getattr(self, name) is None}
        return self.model_copy(update=missing)

    def change(self, files: Files) -> str:
        """Change the files, in memory.

        Args:
            files: of the study.

        Returns:
            What was done, in a sentence; empty when all was so already.

        Raises:
            KGError: when it cannot be done; in words, with what to do instead.
        """
        raise NotImplementedError


class Act(Operation):
    """An operation whose coder and day stand in the files."""

    coder: Identifier | None = None
    date: Day | None = None

    @property
    def by(self) -> str:
        """Return who acts."""
        assert self.coder is not None
        return self.coder

    @property
    def day(self) -> str:
        """Return the day as files have it."""
        assert self.date is not None
        return self.date.isoformat()
