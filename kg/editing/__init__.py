"""Edit a study by small named operations, which write into its files as a careful person would.

An operation is worked out against the files: only the lines of the entries that it touches change, in the style that
the file has. It is checked as a build checks before anything is written; all files that it changes are written
together; and it is kept in the study's journal, by which it can be taken back to the byte. What another program wrote
meanwhile is never overwritten: the operation is worked out again on what is there now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from kg import moving
from kg.collecting import uncollected
from kg.editing import checking, journal
from kg.editing.coding import Assert, Code, Confirm, End, Evidence, Finish, Memo, Reach, Read, Uncode
from kg.editing.files import Files, blaming_the_study
from kg.editing.journal import Entry
from kg.editing.records import Add, Edit, Merge, Pin, Rename, Retire, Split, Upgrade, ids
from kg.errors import EditRefused, UnknownTerm, closest

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kg.editing.operation import Operation
    from kg.errors import Finding

__all__ = ["OPERATIONS", "Outcome", "Preview", "apply", "edit", "listing", "preview", "read", "redo", "undo"]

_LISTED: tuple[type[Operation], ...] = (
    Code, Uncode, Reach, Evidence, Assert, Memo, End, Read, Finish, Confirm,
    Add, Edit, Rename, Merge, Split, Retire, Pin, Upgrade,
)  # fmt: skip
OPERATIONS: dict[str, type[Operation]] = {operation.model_fields["do"].default: operation for operation in _LISTED}
"""Every operation by its name, which is the ``do`` of its JSON."""
_TRIES = 5
"""How often an edit is worked out anew because another program changed a file of it."""


class Outcome(NamedTuple):
    """What became of an edit.

    Args:
        entry: of the journal; None when nothing had to change.
        files: the study's files as the edit left them.
        findings: warnings and notes that came with it.
    """

    entry: Entry | None
    files: Files
    findings: tuple[Finding, ...] = ()


class Preview(NamedTuple):
    """What an edit would do.

    Args:
        said: what it would do, in words; empty when nothing had to change.
        files: the names of the files that it would change, sorted.
    """

    said: str
    files: tuple[str, ...]


def listing() -> list[tuple[str, str, str]]:
    """List the operations: name, what it does, and its fields, those that may be left out with a question mark.

    Example:
        >>> listing()[-2]
        ('pin', 'Write the digest of a source as it is now.', 'source')
    """
    listed = []
    for name, operation in OPERATIONS.items():
        fields = [f"{key}{'' if field.is_required() else '?'}" for key, field in operation.model_fields.items()]
        said = (operation.__doc__ or "").splitlines()[0]
        listed.append((name, said, ", ".join(sorted((f for f in fields if f != "do?"), key=lambda f: f[-1] == "?"))))
    return listed


def read(values: Mapping[str, Any]) -> Operation:
    """Read an operation as JSON has it.

    Args:
        values: ``do`` names the operation, the other keys are its fields.

    Raises:
        EditRefused: when there is no such operation, or a field is not as it should be.

    Example:
        >>> read({"do": "rename", "kind": "code", "id": "trust", "to": "confidence"})
        Rename(do='rename', kind='code', id='trust', to='confidence')
    """
    if (name := str(values.get("do"))) not in OPERATIONS:
        near = closest(name, OPERATIONS, most=1)
        mend = f"did you mean '{near[0]}'?" if near else f"one of: {', '.join(OPERATIONS)}"
        raise EditRefused(f"there is no operation '{name}'", mend)
    try:
        return OPERATIONS[name].model_validate(dict(values))
    except ValidationError as e:
        problems = [f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in e.errors()]
        raise EditRefused(f"the operation '{name}' cannot be read", "", problems) from None


def apply(study: Path, operations: Sequence[Operation], by: str, now: datetime.datetime) -> Outcome:
    """Make an edit: all of its operations, or none.

    Args:
        study: the study's folder.
        operations: in the order in which they are made.
        by: id of the coder who makes them.
        now: the moment, which stands in the journal; its day stands in the files.

    Returns:
        The entry of the journal, and what is to be said of the files that changed.

    Raises:
        StudyError: with the errors that the edit would bring into the study.
        EditRefused: when it cannot be made, or not surely.
        UnknownTerm: when it names what is not there.
    """
    completed = [operation.completed(by, now.date()) for operation in operations]

    def make(files: Files) -> dict[str, Any]:
        listed = [operation.model_dump(mode="json", exclude_none=True) for operation in completed]
        return {"said": _changed(files, completed), "operations": listed}

    mends, keeps = any(one.mends for one in operations), all(one.keeps for one in operations)
    return edit(study, by, now, make, mends=mends, keeps=keeps)


def preview(study: Path, operations: Sequence[Operation], by: str, now: datetime.datetime) -> Preview:
    """Say what an edit would do; nothing is written.

    Args:
        study: the study's folder.
        operations: in the order in which they would be made.
        by: id of the coder who would make them.
        now: the moment.

    Raises:
        StudyError: with the errors that the edit would bring into the study.
        EditRefused: when it cannot be made, or not surely.
        UnknownTerm: when it names what is not there.
    """
    folder = study.resolve()
    with moving.lock(folder), uncollected():
        moving.recover(folder)
        files = Files(folder)
        with blaming_the_study(folder):
            said = _changed(files, [operation.completed(by, now.date()) for operation in operations])
        _check_coder(files, by)
        if digests := files.digests():
            keeps, mends = all(one.keeps for one in operations), any(one.mends for one in operations)
            checking.check(files, keeps=keeps, mends=mends)
        return Preview(said, tuple(sorted(digests)))


def _changed(files: Files, operations: Sequence[Operation]) -> str:
    """Change the files, in memory, and return what was done."""
    return "; ".join([said for operation in operations if (said := operation.change(files))])


def undo(study: Path, by: str, now: datetime.datetime) -> Outcome:
    """Take back the last edit of a coder that was not taken back yet.

    Where nothing else was changed since, the files are to the byte what they were before.

    Args:
        study: the study's folder.
        by: id of the coder.
        now: the moment.

    Raises:
        EditRefused: when there is none, or what it changed was changed again since.
        StudyError: with the errors that this would bring into the study.
    """

    def make(files: Files) -> dict[str, Any]:
        done, _ = journal.stack(journal.read(files.folder, by))
        if not done:
            raise EditRefused(f"'{by}' has nothing to undo", "each coder undoes own edits only; see --coder")
        return _reversed(files, done[-1], "undid", "undoes")

    return edit(study, by, now, make)


def redo(study: Path, by: str, now: datetime.datetime) -> Outcome:
    """Make again what was undone last.

    Args:
        study: the study's folder.
        by: id of the coder.
        now: the moment.

    Raises:
        EditRefused: when there is none, or what it changed was changed again since.
        StudyError: with the errors that this would bring into the study.
    """

    def make(files: Files) -> dict[str, Any]:
        _, undone = journal.stack(journal.read(files.folder, by))
        if not undone:
            raise EditRefused(f"'{by}' has nothing to redo")
        return _reversed(files, undone[-1], "redid", "redoes")

    return edit(study, by, now, make)


def _reversed(files: Files, entry: Entry, did: str, reverses: str) -> dict[str, Any]:
    """Reverse an entry of the journal, and return what the new one says of it."""
    files.reverse(entry)
    # That it was undone or redone before is not said again.
    bare = entry.said.removeprefix("undid: ").removeprefix("redid: ")
    return {"said": f"{did}: {bare}", reverses: entry.number, "mended": entry.mended}


def edit(
    study: Path,
    by: str | None,
    now: datetime.datetime | None,
    make: Callable[[Files], dict[str, Any]],
    *,
    mends: bool = False,
    keeps: bool = False,
) -> Outcome:
    """Make an edit that is more than operations: work it out, check it, and write it with its entry of the journal.

    Args:
        study: the study's folder.
        by: id of the coder who makes it; None in a study without coders, where it is kept in no journal.
        now: the moment; that at which it is called when it is None.
        make: changes the files in memory, and returns what the entry has besides: what was ``said``, ``operations``.
            It is called again when another program changed a file meanwhile.
        mends: whether it is there to mend errors of the study, which undoing it brings back.
        keeps: whether no passage has to be looked for again.

    Returns:
        The entry of the journal, and what is to be said of the files that changed.

    Raises:
        StudyError: with the errors that the edit would bring into the study.
        UnknownTerm: when no coder of the study is called so.
        moving.Edited: when other programs change its files again and again.
    """
    folder, moment = study.resolve(), now or journal.now()
    with moving.lock(folder), uncollected():
        moving.recover(folder)
        for number in range(_TRIES):
            files = Files(folder)
            with blaming_the_study(folder):
                about = make(files)
            if by is not None:
                _check_coder(files, by)
            if not (digests := files.digests()):
                return Outcome(None, files)
            checked = checking.check(files, keeps=keeps, mends=mends, forgiven=about.get("mended", ()))
            about.setdefault("mended", checked.mended)
            entry, more = None, {}
            if by is not None:
                made = {"when": moment, "by": by, "files": digests, "steps": tuple(files.steps)}
                entry = Entry.model_validate({"number": journal.last(folder, by) + 1, **made, **about})
                name = journal.file(by, moment)
                more = {name: (files.read(name) or b"") + entry.line().encode()}
            try:
                files.write(more)
            except moving.Edited:
                if number + 1 == _TRIES:
                    raise
                continue
            return Outcome(entry, files, checked.findings)
    raise AssertionError


def _check_coder(files: Files, by: str) -> None:
    """Check that who edits is a coder of the study."""
    coders = ids(files, "coder")
    if by not in coders:
        raise UnknownTerm(by, "coder of this study", closest(by, coders) or coders[:3])
