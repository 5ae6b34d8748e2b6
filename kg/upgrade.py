"""Bring the files of an older study to the present format of a study, so that all else of them stays byte for byte.

Format 1 is that of studies without ``format`` in study.yaml. Format 2 (:data:`kg.entries.STUDY_FORMAT`) brought
``format`` itself and the ids of evidence lines: an id that was made of what a line says is written down, so that the
line keeps it when it is corrected. Both formats are read, and the graph of a study is the same before and after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import moving
from kg.entries import STUDY_FORMAT
from kg.errors import Finding, StudyError
from kg.progress import silent

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from pathlib import Path

    from kg.editing.files import Files
    from kg.loaders._yaml_text import Path as Place
    from kg.loaders._yaml_text import YamlText
    from kg.progress import Progress

    Added = Mapping[Place, dict[str, Any]]


AROUND = 3
"""Lines of a diff before and after what changed."""


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one file.

    Args:
        file: its path in the study.
        before: its text, with a byte order mark if it has one.
        after: the text that it gets.
        ids: how many ids of evidence lines are added.
    """

    file: str
    before: str
    after: str
    ids: int

    def diff(self) -> list[str]:
        """Return the change as a unified diff, line by line."""
        rows = _compared(self.before, self.after)
        hunks: list[list[int]] = []
        for at in (at for at, (mark, _) in enumerate(rows) if mark != " "):
            start, end = max(0, at - AROUND), min(len(rows), at + AROUND + 1)
            if hunks and start <= hunks[-1][1]:
                hunks[-1][1] = end
            else:
                hunks.append([start, end])
        lines = [f"--- a/{self.file}", f"+++ b/{self.file}"]
        old = new = last = 0
        for start, end in hunks:
            old, new = old + start - last, new + start - last
            lengths = [sum(mark != other for mark, _ in rows[start:end]) for other in "+-"]
            lines.append(f"@@ -{old + 1},{lengths[0]} +{new + 1},{lengths[1]} @@")
            lines += [mark + line for mark, line in rows[start:end]]
            old, new, last = old + lengths[0], new + lengths[1], end
        return lines


def plan(folder: Path, progress: Progress = silent) -> list[Change]:
    """Return what an upgrade changes in a study; nothing is written.

    Args:
        folder: a study folder.
        progress: called with the step, how many sources are done, and how many there are.

    Returns:
        The changes, by file; none when the study has the present format already.

    Raises:
        StudyError: when the study has errors, which are to be mended first, or a file cannot be changed surely.
    """
    with moving.still(folder):
        return _changes(folder, progress)


def write(
    folder: Path, by: str | None = None, now: datetime.datetime | None = None, progress: Progress = silent
) -> list[Change]:
    """Upgrade a study: write all changes, or none, as one edit that can be undone.

    Args:
        folder: a study folder.
        by: id of the coder in whose journal the edit is kept; None keeps it in none.
        now: the moment of the edit; now when it is None.
        progress: as for :func:`plan`.

    Returns:
        What was changed, by file.

    Raises:
        StudyError: as of :func:`plan`, or when the folder cannot be written; then it is as it was.
    """
    from kg import editing

    changes: list[Change] = []

    def make(files: Files) -> dict[str, Any]:
        added = _added(folder, progress)
        changes[:] = [_change(folder, file, keys) for file, keys in added.items()]
        for file, keys in added.items():
            files.change(file, lambda yaml, keys=keys: _add(yaml, keys))  # type: ignore[misc]
        number = sum(change.ids for change in changes)
        return {
            "said": f"upgraded, {number:,} id{'s' * (number != 1)} of evidence lines",
            "operations": [{"do": "upgrade"}],
        }

    # Ids alone are added: each passage is where it was.
    editing.edit(folder, by, now, make, keeps=True)
    return changes


def _compared(before: str, after: str) -> list[tuple[str, str]]:
    """Return the lines of two texts, each with its mark in a diff.

    An upgrade adds lines and changes few, so one walk finds what difflib takes the square of the lines for.
    """
    # Not str.splitlines, which would part lines at U+2028 and the like.
    old, new = (text.removesuffix("\n").split("\n") for text in (before, after))
    rows: list[tuple[str, str]] = []
    at = 0
    for line in old:
        if at + 1 < len(new) and line == new[at + 1] != new[at]:
            rows.append(("+", new[at]))
            at += 1
        if at < len(new) and line != new[at]:
            rows += [("-", line), ("+", new[at])]
        else:
            rows.append((" " if at < len(new) else "-", line))
        at += 1
    return [*rows, *(("+", line) for line in new[at:])]


def _changes(folder: Path, progress: Progress) -> list[Change]:
    """Read a study that nobody else writes to, and return what its files lack."""
    return [_change(folder, file, keys) for file, keys in _added(folder, progress).items()]


def _added(folder: Path, progress: Progress) -> dict[str, Added]:
    """Return the keys that mappings of the files lack, by file."""
    from kg.loaders.study import Reading

    reading = Reading(folder)
    for _ in reading.parts(progress):
        pass
    reading.finish()
    added: dict[str, Added] = {
        file: {place: {"id": identifier} for place, identifier in ids.items()}
        for file, ids in sorted(reading.unnamed.items())
    }
    if reading.theory.listing.format < STUDY_FORMAT:
        added["study.yaml"] = {(): {"format": STUDY_FORMAT}}
    return added


def _change(folder: Path, file: str, added: Added) -> Change:
    """Add keys to the mappings of one file."""
    before = (folder / file).read_bytes().decode()
    bare = before.removeprefix("\ufeff")
    try:
        edited = _edited(bare, added)
    except ValueError as e:
        raise StudyError([_refusal(file, bare, added)]) from e
    return Change(
        file, before, before[: len(before) - len(bare)] + edited, sum("id" in keys for keys in added.values())
    )


def _edited(text: str, added: Added) -> str:
    """Return a file with keys added to its mappings."""
    from kg.loaders._yaml_text import YamlText

    yaml = YamlText(text)
    _add(yaml, added)
    return yaml.changed()[0].text


def _add(yaml: YamlText, added: Added) -> None:
    """Note keys that are added to mappings of a file, each below the first."""
    for place, keys in added.items():
        yaml.set(place, keys, first=True)


def _refusal(file: str, text: str, added: Added) -> Finding:
    """Name the first mapping of a file to which its key cannot be added."""
    from kg.loaders import _yaml

    places = [*added]
    while len(places) > 1:
        first, rest = places[: len(places) // 2], places[len(places) // 2 :]
        try:
            _edited(text, {place: added[place] for place in first})
            places = rest
        except ValueError:
            places = first
    ((key, value),) = added[places[0]].items()
    _, lines = _yaml.parse(text, file, []) or (None, {})
    message = f"'{key}' cannot be added here surely"
    mend = f"write '{key}: {value}' there by hand, and run this again; nothing was changed"
    return Finding(file, lines.get(places[0], 0), "not-upgraded", message, mend)
