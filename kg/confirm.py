"""Passages of an import that are not confirmed: list them with the places they may mean, and take one.

What is taken is the source's own text at a place, with its position. What the imported file had stays beside it as
``stated``, and everything else in the codings file stays byte for byte. It is one edit, which can be undone.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import nearest
from kg.errors import KGError, UnknownTerm, closest
from kg.ids import excerpt_id

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.editing.files import Files
    from kg.entries import CodingsFile, ExcerptEntry
    from kg.loaders._yaml_text import YamlText
    from kg.nearest import Proposal
    from kg.records import Source, Study

ALL = "all"
"""Takes every passage whose only proposal has its very words."""
_CHOICE = re.compile(r"(?P<address>.+:\d+)(?P<letter>[a-z]?)")


@dataclass(frozen=True, slots=True)
class Pending:
    """A passage that is not confirmed.

    Args:
        address: how a person names it: the codings file and which of its excerpts, such as ``interview-1:3``.
        file: path of the codings file in the study.
        line: where it says so, 1-based.
        source: id of its source.
        reason: why it is not counted.
        stated: the passage as the imported file has it.
        codes: ids of the codes that it was given.
        proposals: places of the source that it may mean, the likeliest first.
    """

    address: str
    file: str
    line: int
    source: str
    reason: str
    stated: str
    codes: tuple[str, ...]
    proposals: tuple[Proposal, ...]

    def letters(self) -> Iterator[tuple[str, Proposal]]:
        """Give each proposal with its letter."""
        return zip(string.ascii_lowercase, self.proposals, strict=False)


class Left(NamedTuple):
    """A passage that was not taken.

    Args:
        address: how a person names it.
        why: why not, and what to do.
    """

    address: str
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The passages that were confirmed, by address, and those that were not.

    Args:
        places: the place that each passage has now.
        left: the passages that were not taken.
    """

    places: dict[str, Proposal]
    left: tuple[Left, ...]


class _Unconfirmed(NamedTuple):
    """A passage that is not confirmed, with the entry and the file in which it stands."""

    pending: Pending
    path: tuple[str, int]
    entry: ExcerptEntry
    content: CodingsFile


def pending(folder: Path) -> list[Pending]:
    """List the passages that are not confirmed.

    Args:
        folder: a study folder.

    Returns:
        The passages in the order of the files.

    Raises:
        StudyError: when the study has errors, which are to be mended first.
    """
    return [one.pending for one in _unconfirmed(folder)[1]]


def take(folder: Path, choices: Sequence[str], by: str | None = None, now: datetime.datetime | None = None) -> Taken:
    """Confirm passages: write the source's text at a place that was proposed, and where it stands.

    Args:
        folder: a study folder.
        choices: addresses, with the letter of the proposal where there are several; or :data:`ALL`.
        by: id of the coder in whose journal the edit is kept; None keeps it in none.
        now: the moment of the edit; now when it is None.

    Returns:
        What was confirmed, and what of it was not and why.

    Raises:
        StudyError: when the study has errors.
        UnknownTerm: when no passage that is not confirmed has an address.
        KGError: when a choice cannot be made or written. Nothing is written then.
    """
    from kg import editing
    from kg.editing.coding import confirmed

    taken = Taken({}, ())

    def make(files: Files) -> dict[str, Any]:
        nonlocal taken
        study, unconfirmed = _unconfirmed(folder)
        by_address = {one.pending.address: one for one in unconfirmed}
        taken = _taken(study, by_address, choices)
        chosen: dict[str, dict[tuple[str, int], dict[str, Any]]] = {}
        for address, proposal in taken.places.items():
            one = by_address[address]
            value = files.value(one.pending.file)["excerpts"][one.path[1]]
            chosen.setdefault(one.pending.file, {})[one.path] = confirmed(value, proposal)
        for file, entries in chosen.items():
            files.change(file, lambda yaml, entries=entries: _set(yaml, entries))  # type: ignore[misc]
        number = len(taken.places)
        return {"said": f"confirmed {number:,} passage{'s' * (number != 1)}"}

    editing.edit(folder, by, now, make, mends=True)
    return taken


def _unconfirmed(folder: Path) -> tuple[Study, list[_Unconfirmed]]:
    """Read the study and its passages that are not confirmed."""
    from kg.entries import CodingsFile
    from kg.loaders import _yaml
    from kg.loaders import study as loader

    study = loader.load(folder).study
    sources = {source.id: source for source in study.sources}
    unconfirmed = []
    for path in sorted((folder / "codings").glob("*.yaml")):
        name = f"codings/{path.name}"
        if (read := _yaml.read(path, name, [])) is None:
            continue
        content = CodingsFile.model_validate(read[0])
        for index, entry in enumerate(content.excerpts):
            if entry.unconfirmed:
                at = ("excerpts", index)
                line = read[1].get((*at, "unconfirmed"), 0)
                one = _pending(f"{path.stem}:{index + 1}", name, line, sources[content.source], entry)
                unconfirmed.append(_Unconfirmed(one, at, entry, content))
    return study, unconfirmed


def _pending(address: str, file: str, line: int, source: Source, entry: ExcerptEntry) -> Pending:
    proposals: tuple[Proposal, ...] = ()
    if source.body:
        proposals = nearest.propose(source.text, entry.quote, stated=entry.stated, start=entry.start, body=source.body)
    stated = entry.stated or entry.quote
    return Pending(address, file, line, source.id, entry.unconfirmed, stated, entry.codes, proposals)


def _chosen(choice: str, by_address: dict[str, _Unconfirmed]) -> tuple[str, Proposal]:
    """Return the passage and the place that a person chose."""
    match = _CHOICE.fullmatch(choice)
    if match is None or match["address"] not in by_address:
        word = match["address"] if match else choice
        raise UnknownTerm(word, "passage that is not confirmed", closest(word, by_address))
    address, letter = match["address"], match["letter"]
    letters = dict(by_address[address].pending.letters())
    if not letters:
        raise KGError(
            f"no place of the source comes near '{address}'; write the right words into {_at(by_address[address])}"
        )
    if letter not in letters and (letter or len(letters) > 1):
        raise KGError(f"'{address}' may be one of several places: {', '.join(f'{address}{key}' for key in letters)}")
    return address, letters[letter or "a"]


def _at(unconfirmed: _Unconfirmed) -> str:
    return f"{unconfirmed.pending.file}:{unconfirmed.pending.line}"


def _repeated(study: Study, by_address: dict[str, _Unconfirmed], chosen: dict[str, Proposal]) -> list[Left]:
    """Return the passages whose code the same coder gave to the same place on the same day already."""
    there = {(c.excerpt, c.code, c.coder, c.date.isoformat()) for c in study.codings}
    left = []
    for address, proposal in chosen.items():
        one = by_address[address]
        coder, date = one.entry.coder or one.content.coder, one.entry.date or one.content.date
        excerpt = excerpt_id(one.content.source, proposal.start, proposal.end)
        acts = {(excerpt, code, coder, date.isoformat()) for code in one.entry.codes}
        if twice := sorted(code for _, code, _, _ in acts & there):
            why = f"that place has the code {', '.join(twice)} by the same coder and day already"
            left.append(Left(address, f"{why}; remove the entry at {_at(one)}"))
        else:
            there |= acts
    return left


def _taken(study: Study, by_address: dict[str, _Unconfirmed], choices: Sequence[str]) -> Taken:
    """Return what choices take, and what of it is left."""
    chosen: dict[str, Proposal] = {}
    left: list[Left] = []
    for choice in choices:
        if choice == ALL:
            for address, one in by_address.items():
                proposals = one.pending.proposals
                if proposals and proposals[0].sure:
                    chosen.setdefault(address, proposals[0])
                elif address not in chosen:
                    left.append(Left(address, "no single place has its very words; choose one by its letter"))
        else:
            address, proposal = _chosen(choice, by_address)
            chosen[address] = proposal
    left += _repeated(study, by_address, chosen)
    refused = {one.address for one in left}
    return Taken({address: place for address, place in chosen.items() if address not in refused}, tuple(left))


def _set(yaml: YamlText, entries: Mapping[tuple[str, int], Mapping[str, Any]]) -> None:
    for path, values in entries.items():
        yaml.set(path, values)
