"""The passages of an imported document become entries of a codings file, checked against its text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import anchor, nearest
from kg.loaders.imports.readings import Positions, same
from kg.loaders.imports.safe import Room

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from kg.importing.report import Report
    from kg.loaders.imports.material import Document, Passage, Reading


_PROPOSED = 5
"""Passages for which a report says what they may be; 'kg confirm' says it of all."""


class Known(NamedTuple):
    """The records of the study that the keys of a file mean.

    Args:
        codes: ids of codes by key.
        coders: ids of coders by key.
        propositions: ids of the propositions that are there.
        coder: who coded where the file does not say.
        day: when, where the file does not say.
    """

    codes: Mapping[str, str]
    coders: Mapping[str, str]
    propositions: frozenset[str]
    coder: str
    day: datetime.date


class _Found(NamedTuple):
    """The place of a passage in its document, or the reason why it waits for a person."""

    start: int | None
    quote: str
    stated: str = ""
    unconfirmed: str = ""


def entries(document: Document, reading: Reading, known: Known, report: Report) -> list[dict[str, Any]]:
    """Turn the passages of a document into entries of a codings file.

    Args:
        document: the document.
        reading: how its positions count.
        known: what keys mean.
        report: takes the counts.

    Returns:
        Entries with their coder and day, in the order of the text; passages that are not what the text holds
        are marked unconfirmed.

    Raises:
        StudyError: when they are longer than a file of a study can be.
    """
    positions, index = Positions(document, reading), anchor.Index(document.text or "")
    # Two passages at one place are one excerpt; a code given twice to it by one coder on one day is one coding.
    places: dict[Any, tuple[_Found, _Place]] = {}
    room = Room(report.file, what := f"the passages and memos of '{document.name[:80]}' have")
    for number, passage in enumerate(document.passages):
        found = _find(document, index, positions, passage, report)
        if found is None:
            continue
        # An unconfirmed passage stays by itself: what it is will be said by a person.
        key = (found.start, found.quote) if not found.unconfirmed else (found, number)
        if key not in places:
            room.take(len(found.quote) + len(found.stated))
        room.take(len(passage.memo) + sum(len(given.memo) for given in passage.given))
        _, place = places.setdefault(key, (found, _Place()))
        if found.unconfirmed:
            if document.text:
                _propose(document, passage, found, report)
            report.unconfirmed[found.unconfirmed] += 1
        _add(passage, place, known, report)
    made: list[dict[str, Any]] = []
    room = Room(report.file, what)
    for found, place in places.values():
        room.take(place.size(len(found.quote) + len(found.stated)))
        held = place.entries()
        head: dict[str, Any] = {"quote": found.quote}
        if found.start is not None:
            head["start"] = found.start
        if found.stated:
            head["stated"] = found.stated
        if found.unconfirmed:
            head["unconfirmed"] = found.unconfirmed
        else:
            report.taken["passages"] += 1
            report.taken["codings"] += sum(len(entry["codes"]) for entry in held)
        made += [head | entry for entry in held]
    return sorted(made, key=lambda entry: (entry.get("start", len(document.text or "")), len(entry["quote"])))


class _Place:
    """The notes and codes of one place: of each code the memos, and what stands beside no code."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, datetime.date, str], dict[str, None]] = {}
        self.memos: dict[tuple[str, datetime.date, str], None] = {}
        self.claims: dict[tuple[str, datetime.date], dict[str, list[Any]]] = {}
        self.paragraph: str | None = None

    def size(self, quote: int) -> int:
        """Return how many characters the entries have together, when each has a quote of some length."""
        written = {(coder, day, tuple(memos)) for (coder, day, _), memos in self.codes.items()}
        written |= {(coder, day, (memo,)) for coder, day, memo in self.memos}
        return sum(quote + sum(map(len, memos)) for _, _, memos in written)

    def entries(self) -> list[dict[str, Any]]:
        """Return entries of a codings file, one by coder, day and memo."""
        made: dict[tuple[str, datetime.date, str], dict[str, Any]] = {}

        def entry(coder: str, day: datetime.date, memo: str) -> dict[str, Any]:
            fresh: dict[str, Any] = {"coder": coder, "date": day.isoformat(), "codes": [], "memo": memo}
            return made.setdefault((coder, day, memo), fresh)

        for (coder, day, code), memos in self.codes.items():
            entry(coder, day, "\n".join(memos))["codes"].append(code)
        for coder, day, memo in self.memos:
            entry(coder, day, memo)
        first = {(coder, day): held for (coder, day, _), held in reversed(made.items())}
        for (coder, day), claims in self.claims.items():
            (first.get((coder, day)) or entry(coder, day, "")).update(claims)
        if self.paragraph:
            for held in made.values():
                held["paragraph"] = self.paragraph
        return list(made.values())


def _add(passage: Passage, place: _Place, known: Known, report: Report) -> None:
    """Add what was said of a passage to its place."""

    def who(key: str | None) -> str:
        return known.coders.get(key or "", known.coders.get(passage.coder or "", known.coder))

    memo = passage.memo
    for given in passage.given:
        code = known.codes.get(given.code)
        if code is None:
            report.lost["codings whose code is not in the codebook"] += 1
            continue
        coder, day = who(given.coder), given.date or passage.date or known.day
        written = [part for part in (given.memo.strip(), memo.strip()) if part]
        memo = ""  # written beside the first code
        if (coder, day, code) in place.codes:
            report.lost["codings that repeat one of the same coder and day (their memos are kept)"] += 1
        place.codes.setdefault((coder, day, code), {}).update(dict.fromkeys(written))
    if memo.strip():
        place.memos[who(None), passage.date or known.day, memo.strip()] = None
    for claim in passage.claims:
        proposition = claim.asserts or claim.evidence.get("proposition")
        if not isinstance(proposition, str) or proposition not in known.propositions:
            report.lost["evidence lines whose proposition is not in the study"] += 1
            continue
        coder = known.coders.get(claim.coder, known.coder)
        here = place.claims.setdefault((coder, claim.date), {})
        if claim.asserts:
            here.setdefault("asserts", []).append(claim.asserts)
        else:
            here.setdefault("evidence", []).append(dict(claim.evidence))
            report.taken["evidence lines"] += 1
    if not (place.codes or place.memos or place.claims):
        # Nobody did anything to it; the file of codings needs a coder, and this is any.
        place.memos[next(iter(known.coders.values()), known.coder), passage.date or known.day, ""] = None
    place.paragraph = passage.paragraph or place.paragraph


def _find(
    document: Document, index: anchor.Index, positions: Positions, passage: Passage, report: Report
) -> _Found | None:
    """Find a passage in its text; None when there is nothing to keep of it."""
    text, stated = document.text, (passage.stated or "").strip()
    if not text or text.isspace():
        if stated:
            return _Found(None, stated, "", "its document's text is not at hand")
        report.lost["passages of documents without text"] += 1
        return None
    if passage.start is None:
        if not stated:
            report.lost["empty passages"] += 1
            return None
        found = index.find(stated, passage.prefix, passage.suffix)
        if len(found) == 1:
            start, end = found[0]
            return _Found(start, text[start:end])
        return _Found(
            None, stated, "", "it is not in its document" if not found else "it stands in its document more than once"
        )
    span = positions.span(passage)
    if span is None:
        if stated:
            return _Found(None, stated, "", "its positions lie outside its document")
        report.lost["passages whose positions lie outside their document"] += 1
        report.said.append(f"{passage.where} of '{document.name}' lies outside it: {passage.start}-{passage.end}")
        return None
    start, end = span
    held = text[start:end]
    quote = held.strip()
    if not quote:
        if stated:
            return _Found(None, stated, "", "there is nothing at its position")
        report.lost["passages of nothing or white space"] += 1
        return None
    if len(quote) < len(held):
        report.taken["passages without the white space at their ends"] += 1
        start += len(held) - len(held.lstrip())
    if stated and not same(quote, stated):
        return _Found(start, quote, stated, "the text at its position is not what the file stores")
    return _Found(start, quote)


def _propose(document: Document, passage: Passage, found: _Found, report: Report) -> None:
    """Say which place of its document a passage may mean that is not confirmed, for the first of them."""
    number = sum(report.unconfirmed.values())
    if number == _PROPOSED:
        report.said.append("'kg confirm' shows the others that are not confirmed, and takes a place for each")
    if number >= _PROPOSED:
        return
    proposals = nearest.propose(document.text or "", found.quote, stated=found.stated, start=found.start)
    name = f"{passage.where} of '{document.name[:80]}'"
    if not proposals:
        report.said.append(f"{name}: nothing in it comes near {nearest.short(found.stated or found.quote)}")
        return
    place, *others = proposals
    more = f", or {len(others)} more" if others else ""
    report.said.append(f"{name} may be {nearest.shown(place)} ({place.why}{more}); 'kg confirm' takes it")


def codings(source: str, made: list[dict[str, Any]]) -> dict[str, Any]:
    """Make the content of a codings file.

    Args:
        source: id of the source.
        made: entries, each with its coder and day.

    Returns:
        The content; the commonest coder and day stand at its head and not in the entries.
    """
    (coder, day), _ = max(Counter((e["coder"], e["date"]) for e in made).items(), key=lambda item: (item[1], item[0]))
    listed = []
    for entry in made:
        kept = {k: v for k, v in entry.items() if v not in ("", [])}
        if kept["coder"] == coder:
            del kept["coder"]
        if kept["date"] == day:
            del kept["date"]
        listed.append(kept)
    return {"source": source, "coder": coder, "date": day, "excerpts": listed}
