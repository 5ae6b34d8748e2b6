"""Merge a colleague's copy of a study into this one: entry by entry, as one edit, or not at all.

What one copy alone changed is taken, what both changed alike is taken once, and of what they changed differently a
person chooses a side (:mod:`kg.editing.threeway`). Records that one copy has renamed are followed in the other. A
record that one copy removed stays where the other names it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import editing, moving
from kg.editing import bases, journal, records
from kg.editing.files import THEORY, Files, blaming_the_study
from kg.editing.threeway import Conflict, Threeway, agreed
from kg.errors import EditRefused, KGError, UnknownTerm

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.editing import Outcome
    from kg.editing.bases import Base
    from kg.editing.threeway import Gone, Side
    from kg.loaders._yaml_text import YamlText

ALL = "all"
"""Chooses a side for every conflict that is not named."""


class MergeConflicts(KGError):
    """What two copies of a study changed differently, and nobody has chosen a side of yet.

    Args:
        conflicts: in the order of the files.
    """

    def __init__(self, conflicts: Iterable[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(f"{len(self.conflicts)} changed differently in both; nothing was written")


class Merged(NamedTuple):
    """What became of a merge.

    Args:
        how: how it was found what both copies came from: ``git``, ``journals``, or empty when it was not.
        taken: how many changes were taken.
        outcome: of the edit.
    """

    how: str
    taken: int
    outcome: Outcome


def merge(study: Path, other: Path, by: str, now: datetime.datetime, choices: Mapping[str, Side]) -> Merged:
    """Merge another copy of a study into it.

    Args:
        study: the study's folder.
        other: the folder of the other copy, in which nothing changes.
        by: id of the coder who merges.
        now: the moment.
        choices: the side that a conflict takes, by its address, that of its entry, or :data:`ALL`.

    Raises:
        MergeConflicts: when a conflict is not decided. Nothing is written then.
        EditRefused: when they are no copies of one study, or a file cannot be changed surely.
        StudyError: with the errors that the study would have then.
    """
    here, there = study.resolve(), other.resolve()
    if here == there:
        raise EditRefused("this is the study itself", "name the folder of another copy")
    how, taken = "", 0

    def decide(conflict: Conflict) -> Side | None:
        return choices.get(conflict.address) or choices.get(conflict.entry) or choices.get(ALL)

    with moving.lock(here), moving.still(there), bases.found(here, there) as base:
        how = base.how

        def make(files: Files) -> dict[str, Any]:
            nonlocal taken
            theirs = Files(there)
            with blaming_the_study(there):
                merging = _Merging(files, theirs, base, decide)
                taken = merging.run(by)
            return {"said": f"merged {there.name}: {taken:,} change{'s' * (taken != 1)}"}

        outcome = editing.edit(here, by, now, make)
    return Merged(how, taken, outcome)


def merge_text(name: str, base: str, ours: str, theirs: str) -> tuple[str, list[Conflict]]:
    """Merge a file alone, as a merge driver of git is asked to.

    Args:
        name: its path in the study, or any.
        base: what both came from.
        ours: the file here.
        theirs: the other.

    Returns:
        The file with what is taken, and the conflicts.

    Raises:
        ValueError: when a file is no YAML, or no change of it is sure.
    """
    from kg.loaders._yaml_text import YamlText

    mark = "\ufeff" if ours.startswith("\ufeff") else ""
    yaml = YamlText(ours.removeprefix("\ufeff"))
    values = [YamlText(text.removeprefix("\ufeff")).value or {} for text in (base, theirs)]
    three = Threeway(name, lambda _: None)
    three.compare(values[0], yaml.value or {}, values[1])
    gone = [_where(name, yaml, one) for one in three.gone if one.entry is None]
    for note in three.notes:
        note(yaml)
        yaml = yaml.changed()[0]
    for path in sorted([*three.removals, *gone], key=lambda path: path[1::2], reverse=True):
        yaml.remove(path)
        yaml = yaml.changed()[0]
    return mark + yaml.text, three.conflicts


def _where(name: str, yaml: YamlText, gone: Gone) -> tuple[str | int, ...]:
    """Return where a record stands in a file."""
    key = records.PLACES[gone.kind][1]
    assert name == records.PLACES[gone.kind][0]
    return key, [one["id"] for one in yaml.value[key]].index(gone.id)


class _Merging:
    """The merge of two copies.

    Args:
        ours: the files here, which change.
        theirs: those of the other copy.
        base: what both came from.
        decide: says which side a conflict takes.
    """

    def __init__(self, ours: Files, theirs: Files, base: Base, decide: Any) -> None:
        self.ours, self.theirs, self.base, self.decide = ours, theirs, base, decide
        self.conflicts: list[Conflict] = []
        self.gone: list[Gone] = []
        self.taken = 0

    def run(self, by: str) -> int:
        """Take what is to be taken, in memory; return how many changes that is."""
        if self.ours.value("study.yaml").get("id") != self.theirs.value("study.yaml").get("id"):
            raise EditRefused("this is another study", "a copy has the same 'id' in study.yaml")
        self._follow()
        for name in sorted({*self.ours.all(), *self.theirs.all()}):
            self._file(name)
        for name in sorted({*_others(self.ours.folder), *_others(self.theirs.folder)}):
            self._whole(name)
        if self.conflicts:
            raise MergeConflicts(self.conflicts)
        self._settle()
        if self.taken:
            self._journals(by)
        return self.taken

    def _follow(self) -> None:
        """Rename and merge in each copy, and in what both came from, what the other has renamed and merged."""
        edits = [(self.base.ours, (self.theirs,)), (self.base.theirs, (self.ours,))]
        for entries, targets in edits:
            for operation in _structural(entries):
                for files in (*targets, *self.base.accounts):
                    if _can(files, operation):
                        before = len(files.steps)
                        operation.change(files)
                        self.taken += files is self.ours and len(files.steps) > before

    def _value(self, name: str) -> Any:
        """Return the values that a file had in what both came from, as far as that is sure."""
        first, *others = (files.value(name) for files in self.base.accounts)
        return agreed(first, others[0]) if others else first

    def _file(self, name: str) -> None:
        """Merge a YAML file."""
        ours, theirs = self.ours.text(name), self.theirs.text(name)
        known = [files.text(name) for files in self.base.accounts]
        base = known[0] if len(set(known)) == 1 else None
        if theirs == ours or (theirs == base and not (ours and name in THEORY)):
            return
        if ours is None or theirs is None:
            if ours == base or (ours is None and base is None) or self._chosen(name, ours, theirs) == "theirs":
                if theirs is None:
                    self.ours.remove(name)
                else:
                    self.ours.create(name, theirs)
                self.taken += 1
            return
        values = [self._value(name), self.ours.value(name), self.theirs.value(name)]
        if name.startswith(("codings/", "readings/")) and not values[0]:
            values[2] = _under(values[1], values[2])
        three = Threeway(name, self.decide)
        three.compare(*values)
        self.conflicts += three.conflicts
        self.gone += three.gone
        self.taken += three.taken
        _make(self.ours, name, three)

    def _chosen(self, name: str, ours: Any, theirs: Any) -> Side | None:
        """Return the side that a file as a whole takes."""
        how = "removed here, changed there" if ours is None else "changed in both"
        how = "changed here, removed there" if theirs is None else how
        shown = [
            f"{len(one):,} {'characters' if isinstance(one, str) else 'bytes'}" if one else "" for one in (ours, theirs)
        ]
        conflict = Conflict(name, name, how, *shown)
        side: Side | None = self.decide(conflict)
        if side is None:
            self.conflicts.append(conflict)
        return side

    def _whole(self, name: str) -> None:
        """Take a file that is none of entries, such as the text of a source."""
        ours, theirs = self.ours.content(name), self.theirs.content(name)
        known = [files.content(name) for files in self.base.accounts]
        base = known[0] if len(set(known)) == 1 else None
        if theirs in (ours, base):
            return
        if ours == base or self._chosen(name, ours, theirs) == "theirs":
            self.ours.lay(name, self.theirs.folder / name if theirs is not None else None)
            self.taken += 1

    def _settle(self) -> None:
        """Remove records that the other copy removed and nothing names, and bring back those that it names."""
        waiting = self.gone
        while waiting:
            left = []
            for one in waiting:
                file, key = records.PLACES[one.kind]
                if one.entry is None and not self._is_named(one):
                    _, path = records.where(self.ours, one.kind, one.id)
                    self.ours.change(file, lambda yaml, path=path: yaml.remove(path))  # type: ignore[misc]
                elif one.entry is not None and self._is_named(one):
                    self.ours.change(file, lambda yaml, key=key, one=one: yaml.append((key,), [one.entry]))  # type: ignore[misc]
                else:
                    left.append(one)
            if len(left) == len(waiting):
                return
            waiting = left

    def _is_named(self, gone: Gone) -> bool:
        """Say whether a file names a record."""
        return bool(records.mentions(self.ours, gone.kind, gone.id)) or (
            gone.kind == "attribute" and bool(records.valued(self.ours, gone.id))
        )

    def _journals(self, by: str) -> None:
        """Take the journals that the other copy has more of; that of who merges goes on here."""
        folder = self.theirs.folder / journal.FOLDER
        for path in sorted(folder.glob("*.jsonl")):
            name = f"{journal.FOLDER}/{path.name}"
            ours, theirs = self.ours.read(name), self.theirs.read(name)
            if path.stem[:-8] != by and theirs and theirs != ours and theirs.startswith(ours or b""):
                self.ours.lay(name, path)


def _make(files: Files, name: str, three: Threeway) -> None:
    """Make the changes of a file; one by one where they stand too near to each other."""

    def all_of_them(yaml: YamlText) -> None:
        for note in three.notes:
            note(yaml)

    if three.notes:
        try:
            files.change(name, all_of_them)
        except EditRefused:
            for note in three.notes:
                files.change(name, note)
    for path in sorted(three.removals, key=lambda path: path[1::2], reverse=True):
        files.change(name, lambda yaml, path=path: yaml.remove(path))  # type: ignore[misc]


def _structural(entries: Iterable[journal.Entry]) -> Iterator[Any]:
    """Give the renamings and mergers that edits have left, in order of time."""
    done = {id(one) for by in {e.by for e in entries} for one in journal.stack([e for e in entries if e.by == by]).done}
    for entry in entries:
        for values in entry.operations if id(entry) in done else ():
            if values.get("do") in ("rename", "merge"):
                yield editing.read(values)


def _can(files: Files, operation: Any) -> bool:
    """Say whether something can be renamed or merged so in a copy."""
    try:
        if isinstance(operation, records.Merge):
            return {*operation.codes, operation.into} <= set(records.ids(files, "code"))
        if operation.kind == "line":
            return records.line_there(files, operation.id) and not records.line_there(files, operation.to)
        there = records.ids(files, operation.kind)
    except UnknownTerm:
        return False
    return operation.id in there and operation.to not in there


def _under(ours: Mapping[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Return a file of entries as it reads under the coder and day of another one that both have made."""
    differing = {key: theirs[key] for key in ("coder", "date") if theirs.get(key) != ours.get(key) and key in theirs}
    key = "excerpts" if "excerpts" in theirs else "readings"
    entries = [{**entry, **{k: v for k, v in differing.items() if k not in entry}} for entry in theirs.get(key) or ()]
    return {**theirs, **{k: ours[k] for k in differing if k in ours}, key: entries}


def _others(folder: Path) -> Iterator[str]:
    """Give the files of a study that are none of entries: sources, documents, references."""
    for place, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if not one.startswith(".") and one != journal.FOLDER]
        for name in names:
            if not name.startswith(".") and not name.endswith(".yaml"):
                yield os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")
