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
from kg.errors import Finding, KGError, StudyError
from kg.progress import silent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.loaders._yaml_edit import Path as Place
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


def write(folder: Path, progress: Progress = silent) -> list[Change]:
    """Upgrade a study: write all changes, or none.

    Args:
        folder: a study folder.
        progress: as for :func:`plan`.

    Returns:
        What was changed, by file.

    Raises:
        StudyError: as of :func:`plan`, or when the folder cannot be written; then it is as it was.
    """
    with moving.lock(folder):
        moving.recover(folder)
        changes = _changes(folder, progress)
        if changes:
            _write(folder, changes)
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


def is_in_git(folder: Path) -> bool:
    """Say whether a folder lies in a work tree of git.

    Args:
        folder: the folder.
    """
    place = folder.resolve()
    return any((above / ".git").exists() for above in (place, *place.parents))


def _changes(folder: Path, progress: Progress) -> list[Change]:
    """Read a study that nobody else writes to, and return what its files lack."""
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
    return [_change(folder, file, keys) for file, keys in added.items()]


def _change(folder: Path, file: str, added: Added) -> Change:
    """Add keys to the mappings of one file."""
    from kg.loaders import _yaml_edit

    before = (folder / file).read_bytes().decode()
    bare = before.removeprefix("\ufeff")
    try:
        edited = _yaml_edit.edit(bare, added)
    except ValueError as e:
        raise StudyError([_refusal(file, bare, added)]) from e
    return Change(
        file, before, before[: len(before) - len(bare)] + edited, sum("id" in keys for keys in added.values())
    )


def _refusal(file: str, text: str, added: Added) -> Finding:
    """Name the first mapping of a file to which its key cannot be added."""
    from kg.loaders import _yaml, _yaml_edit

    places = [*added]
    while len(places) > 1:
        first, rest = places[: len(places) // 2], places[len(places) // 2 :]
        try:
            _yaml_edit.edit(text, {place: added[place] for place in first})
            places = rest
        except ValueError:
            places = first
    ((key, value),) = added[places[0]].items()
    _, lines = _yaml.parse(text, file, []) or (None, {})
    message = f"'{key}' cannot be added here surely"
    mend = f"write '{key}: {value}' there by hand, and run this again; nothing was changed"
    return Finding(file, lines.get(places[0], 0), "not-upgraded", message, mend)


def _write(folder: Path, changes: Sequence[Change]) -> None:
    """Move changed files into a study: all or none, also when the process is killed."""
    study = folder.resolve()
    try:
        # What a kill leaves of this is finished by whoever reads the study next, as of an import.
        with moving.laid_aside(study, "import") as aside:
            for change in changes:
                there = (study / change.file).resolve()
                new = aside / there.relative_to(study)
                new.parent.mkdir(parents=True, exist_ok=True)
                new.write_bytes(change.after.encode())
                new.chmod(there.stat().st_mode & 0o7777)
            moving.move_in(aside, study)
    except OSError as e:
        if isinstance(e, KGError):
            raise
        message = f"cannot be written: {e.strerror or str(e)[:200]}"
        mend = "nothing was changed; mend that, and run this again"
        raise StudyError([Finding(str(folder), 0, "unreadable-file", message, mend)]) from e
