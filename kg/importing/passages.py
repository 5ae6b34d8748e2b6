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


class Keys(NamedTuple):
    """The keys of a file, and the records of the study that they mean.

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


class _Location(NamedTuple):
    """The location of a passage in its document, or the reason why it waits for a person."""

    start: int | None
    quote: str
    stated: str = ""
    unconfirmed: str = ""


def entries(document: Document, reading: Reading, keys: Keys, report: Report) -> list[dict[str, Any]]:
    """Turn the passages of a document into entries of a codings file.

    Args:
        document: the document.
        reading: how its positions count.
        keys: what the keys of the file mean.
        report: takes the counts.

    Returns:
        Entries with their coder and day, in the order of the text; passages that are not what the text holds
        are marked unconfirmed.

    Raises:
        StudyError: when they are longer than a file of a study can be.
    """
    positions, index = Positions(document, reading), anchor.Index(document.text or "")
    # Two passages at one place are one excerpt; a code given twice to it by one coder on one day is one coding.
    places: dict[Any, tuple[_Location, _Place]] = {}
    room = Room(report.file, what := f"the passages and memos of '{document.name[:80]}' have")
    for number, passage in enumerate(document.passages):
        location = _find(document, index, positions, passage, report)
        if location is None:
            continue
        # An unconfirmed passage stays by itself: what it is will be said by a person.
        key = (location.start, location.quote) if not location.unconfirmed else (location, number)
        if key not in places:
            room.take(len(location.quote) + len(location.stated))
        room.take(len(passage.memo) + sum(len(given.memo) for given in passage.given))
        _, place = places.setdefault(key, (location, _Place()))
        if location.unconfirmed:
            if document.text:
                _propose(document, passage, location, report)
            report.unconfirmed[location.unconfirmed] += 1
        _add(passage, place, keys, report)
    excerpts: list[dict[str, Any]] = []
    room = Room(report.file, what)
    for location, place in places.values():
        room.take(place.size(len(location.quote) + len(location.stated)))
        acts = place.entries()
        head: dict[str, Any] = {"quote": location.quote}
        if location.start is not None:
            head["start"] = location.start
        if location.stated:
            head["stated"] = location.stated
        if location.unconfirmed:
            head["unconfirmed"] = location.unconfirmed
        else:
            report.taken["passages"] += 1
            report.taken["codings"] += sum(len(entry["codes"]) for entry in acts)
        excerpts += [head | entry for entry in acts]
    return sorted(excerpts, key=lambda entry: (entry.get("start", len(document.text or "")), len(entry["quote"])))


class _Place:
    """The notes and codes of one place: of each code the memos, and what stands beside no code."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, datetime.date, str], dict[str, None]] = {}
        self.memos: dict[tuple[str, datetime.date, str], None] = {}
        self.claims: dict[tuple[str, datetime.date], dict[str, list[Any]]] = {}
        self.paragraph: str | None = None
        self.locator = ""

    def size(self, quote: int) -> int:
        """Return how many characters the entries have together, when each has a quote of some length."""
        written = {(coder, day, tuple(memos)) for (coder, day, _), memos in self.codes.items()}
        written |= {(coder, day, (memo,)) for coder, day, memo in self.memos}
        return sum(quote + sum(map(len, memos)) for _, _, memos in written)

    def entries(self) -> list[dict[str, Any]]:
        """Return entries of a codings file, one by coder, day and memo."""
        acts: dict[tuple[str, datetime.date, str], dict[str, Any]] = {}

        def entry(coder: str, day: datetime.date, memo: str) -> dict[str, Any]:
            fresh: dict[str, Any] = {"coder": coder, "date": day.isoformat(), "codes": [], "memo": memo}
            return acts.setdefault((coder, day, memo), fresh)

        for (coder, day, code), memos in self.codes.items():
            entry(coder, day, "\n".join(memos))["codes"].append(code)
        for coder, day, memo in self.memos:
            entry(coder, day, memo)
        first = {(coder, day): act for (coder, day, _), act in reversed(acts.items())}
        for (coder, day), claims in self.claims.items():
            (first.get((coder, day)) or entry(coder, day, "")).update(claims)
        if self.paragraph:
            for act in acts.values():
                act["paragraph"] = self.paragraph
        # Once: it is one passage, also for who codes it next.
        if self.locator and acts:
            next(iter(acts.values()))["locator"] = self.locator
        return list(acts.values())


def _add(passage: Passage, place: _Place, keys: Keys, report: Report) -> None:
    """Add what was said of a passage to its place."""

    def who(key: str | None) -> str:
        return keys.coders.get(key or "", keys.coders.get(passage.coder or "", keys.coder))

    memo = passage.memo
    for given in passage.given:
        code = keys.codes.get(given.code)
        if code is None:
            report.lost["codings whose code is not in the codebook"] += 1
            continue
        coder, day = who(given.coder), given.date or passage.date or keys.day
        written = [part for part in (given.memo.strip(), memo.strip()) if part]
        memo = ""  # written beside the first code
        if (coder, day, code) in place.codes:
            report.lost["codings that repeat one of the same coder and day (their memos are kept)"] += 1
        place.codes.setdefault((coder, day, code), {}).update(dict.fromkeys(written))
    if memo.strip():
        place.memos[who(None), passage.date or keys.day, memo.strip()] = None
    for claim in passage.claims:
        proposition = claim.asserts or claim.evidence.get("proposition")
        if not isinstance(proposition, str) or proposition not in keys.propositions:
            report.lost["evidence lines whose proposition is not in the study"] += 1
            continue
        coder = keys.coders.get(claim.coder, keys.coder)
        here = place.claims.setdefault((coder, claim.date), {})
        if claim.asserts:
            here.setdefault("asserts", []).append(claim.asserts)
        else:
            here.setdefault("evidence", []).append(dict(claim.evidence))
            report.taken["evidence lines"] += 1
    if not (place.codes or place.memos or place.claims):
        # Nobody did anything to it; the file of codings needs a coder, and this is any.
        place.memos[next(iter(keys.coders.values()), keys.coder), passage.date or keys.day, ""] = None
    place.paragraph = passage.paragraph or place.paragraph
    if passage.locator and place.locator not in ("", passage.locator):
        report.lost["places that differ from another of the same passage"] += 1
    place.locator = place.locator or passage.locator


def _find(
    document: Document, index: anchor.Index, positions: Positions, passage: Passage, report: Report
) -> _Location | None:
    """Find a passage in its text; None when there is nothing to keep of it."""
    text, stated = document.text, (passage.stated or "").strip()
    if not text or text.isspace():
        if stated:
            return _Location(None, stated, "", "its document's text is not at hand")
        report.lost["passages of documents without text"] += 1
        return None
    if passage.start is None:
        if not stated:
            report.lost["empty passages"] += 1
            return None
        places = index.find(stated, passage.prefix, passage.suffix)
        if len(places) == 1:
            start, end = places[0]
            return _Location(start, text[start:end])
        return _Location(
            None, stated, "", "it is not in its document" if not places else "it stands in its document more than once"
        )
    span = positions.span(passage)
    if span is None:
        if stated:
            return _Location(None, stated, "", "its positions lie outside its document")
        report.lost["passages whose positions lie outside their document"] += 1
        report.said.append(f"{passage.where} of '{document.name}' lies outside it: {passage.start}-{passage.end}")
        return None
    start, end = span
    stretch = text[start:end]
    quote = stretch.strip()
    if not quote:
        if stated:
            return _Location(None, stated, "", "there is nothing at its position")
        report.lost["passages of nothing or white space"] += 1
        return None
    if len(quote) < len(stretch):
        report.taken["passages without the white space at their ends"] += 1
        start += len(stretch) - len(stretch.lstrip())
    if stated and not same(quote, stated):
        return _Location(start, quote, stated, "the text at its position is not what the file stores")
    return _Location(start, quote)


def _propose(document: Document, passage: Passage, location: _Location, report: Report) -> None:
    """Say which place of its document a passage may mean that is not confirmed, for the first of them."""
    number = sum(report.unconfirmed.values())
    if number == _PROPOSED:
        report.said.append("'kg confirm' shows the others that are not confirmed, and takes a place for each")
    if number >= _PROPOSED:
        return
    proposals = nearest.propose(document.text or "", location.quote, stated=location.stated, start=location.start)
    name = f"{passage.where} of '{document.name[:80]}'"
    if not proposals:
        report.said.append(f"{name}: nothing in it comes near {nearest.short(location.stated or location.quote)}")
        return
    place, *others = proposals
    more = f", or {len(others)} more" if others else ""
    report.said.append(f"{name} may be {nearest.shown(place)} ({place.why}{more}); 'kg confirm' takes it")


def codings(source: str, excerpts: list[dict[str, Any]]) -> dict[str, Any]:
    """Make the content of a codings file.

    Args:
        source: id of the source.
        excerpts: entries, each with its coder and day.

    Returns:
        The content; the commonest coder and day stand at its head and not in the entries.
    """
    (coder, day), _ = max(
        Counter((e["coder"], e["date"]) for e in excerpts).items(), key=lambda item: (item[1], item[0])
    )
    listed = []
    for entry in excerpts:
        kept = {k: v for k, v in entry.items() if v not in ("", [])}
        if kept["coder"] == coder:
            del kept["coder"]
        if kept["date"] == day:
            del kept["date"]
        listed.append(kept)
    return {"source": source, "coder": coder, "date": day, "excerpts": listed}
