"""The journal of edits in a study's folder: who changed what, when, and how that is taken back.

It is a file of JSON lines a coder and month, ``edits/CODER-2026-11.jsonl``, to which lines are only added: two people
who edit copies of one study write to different files. No build reads it.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from kg.entries import Identifier, Record
from kg.errors import KGError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def now() -> datetime.datetime:
    """Return the moment at which an edit is made, with its time zone."""
    return datetime.datetime.now().astimezone()


FOLDER = "edits"
"""Folder of a study that holds its journal."""


class Splice(Record):
    """A stretch of a file that was replaced.

    Args:
        start: where it begins, in codepoints from the beginning of the file, after the splices before it were made.
        old: the text that stood there.
        new: the text that stands there now.
        list: key of the list at the top of the file in one of whose entries it lies; empty when it lies in none.
        entry: digest of that entry afterwards, by which it is found again when the file has changed elsewhere.
        within: where the stretch begins, counted from the beginning of that entry.
    """

    start: int
    old: str
    new: str
    list: str = ""
    entry: str = ""
    within: int = 0


class Step(Record):
    """A change of one file: its splices, in order.

    Args:
        file: its path in the study.
        kind: whether the file was there before and is there afterwards; a whole one, such as a document, is told by
            its digests alone.
        splices: what was replaced; all of the text of a file that comes or goes.
    """

    file: str
    kind: Literal["edit", "create", "remove", "whole"] = "edit"
    splices: tuple[Splice, ...] = Field(default=(), strict=False)


class Digests(Record):
    """The SHA-256 of a file before and after; None when it was or is not there."""

    before: str | None
    after: str | None


class Summary(Record):
    """What a line of the journal says of an act, without what it changed, which may be much.

    Args:
        number: in the journal of this coder, from 1.
        when: the moment.
        by: id of the coder.
        said: what was done, in a sentence.
        undoes: number of the entry that it takes back.
        redoes: number of the entry whose taking back it takes back.
    """

    model_config = ConfigDict(extra="ignore")

    number: int
    when: datetime.datetime = Field(strict=False)
    by: Identifier
    said: str
    undoes: int | None = None
    redoes: int | None = None


class Entry(Summary):
    """A line of the journal: one act of a coder.

    Args:
        operations: what was done, as :data:`kg.editing.OPERATIONS` takes it.
        mended: errors of the study that are gone since, which may come back when it is undone.
        files: the digests of each file that changed.
        steps: the changes, in order.
    """

    model_config = ConfigDict(extra="forbid")

    operations: tuple[dict[str, Any], ...] = Field(default=(), strict=False)
    mended: tuple[str, ...] = Field(default=(), strict=False)
    files: dict[str, Digests]
    steps: tuple[Step, ...] = Field(strict=False)

    def line(self) -> str:
        """Return it as a line of the journal."""
        return self.model_dump_json(exclude_defaults=True) + "\n"


_Line = TypeVar("_Line", bound=Summary)


class Stack(NamedTuple, Generic[_Line]):
    """The acts of a coder that can be taken back, and those that were, the latest last.

    Args:
        done: can be undone.
        undone: entries that undid something; can be redone.
    """

    done: list[_Line]
    undone: list[_Line]


def file(coder: str, when: datetime.datetime) -> str:
    """Return the path in a study of the file to which an act is added.

    Args:
        coder: who acts.
        when: the moment.
    """
    return f"{FOLDER}/{coder}-{when:%Y-%m}.jsonl"


def read(folder: Path, coder: str | None = None) -> list[Entry]:
    """Read the journal of a study.

    Args:
        folder: the study's folder.
        coder: whose acts; of all when it is None.

    Returns:
        The acts, by time, coder and number.

    Raises:
        KGError: when a line cannot be read.
    """
    return _lines(folder, coder, Entry)


def summaries(folder: Path, coder: str) -> list[Summary]:
    """Read what the journal of a coder says was done.

    Args:
        folder: the study's folder.
        coder: whose acts.

    Returns:
        The acts, by number.

    Raises:
        KGError: when a line cannot be read.
    """
    return _lines(folder, coder, Summary)


def _lines(folder: Path, coder: str | None, form: type[_Line]) -> list[_Line]:
    entries = [_read(form, path, line) for path in _files(folder, coder) for line in path.read_bytes().splitlines()]
    # Where names of files have no case, those of two coders may be one file.
    entries = [entry for entry in entries if coder in (None, entry.by)]
    return sorted(entries, key=lambda entry: (entry.number if coder else 0, entry.when, entry.by, entry.number))


def last(folder: Path, coder: str) -> int:
    """Return the number of the last act of a coder; 0 when there is none.

    Args:
        folder: the study's folder.
        coder: who acts.

    Raises:
        KGError: when the last line cannot be read.
    """
    paths = _files(folder, coder)
    lines = paths[-1].read_bytes().rstrip().rsplit(b"\n", 1) if paths else []
    return _read(Summary, paths[-1], lines[-1]).number if lines and lines[-1] else 0


def _files(folder: Path, coder: str | None) -> list[Path]:
    """List the files of the journal, of one coder or of all; of one by month."""
    paths = sorted((folder / FOLDER).glob("*.jsonl"))
    return [path for path in paths if coder is None or path.stem[:-8] == coder]


def _read(form: type[_Line], path: Path, line: bytes) -> _Line:
    try:
        return form.model_validate_json(line)
    except ValidationError as e:
        message = f"{FOLDER}/{path.name}: a line of the journal cannot be read; restore the file, or move it away"
        raise KGError(message) from e


def stack(entries: Sequence[_Line]) -> Stack[_Line]:
    """Sort the acts of one coder into those that can be undone and those that can be redone.

    Args:
        entries: of one coder, by number.
    """
    done: list[_Line] = []
    undone: list[_Line] = []
    for entry in entries:
        if entry.undoes is not None:
            done = [one for one in done if one.number != entry.undoes]
            undone.append(entry)
        elif entry.redoes is not None:
            undone = [one for one in undone if one.number != entry.redoes]
            done.append(entry)
        else:
            done.append(entry)
            undone.clear()
    return Stack(done, undone)
