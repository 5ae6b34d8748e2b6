"""Readings of evidence lines: how coders judge a line, on what they differ, and what settled it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from kg.records import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from kg.entries import ReadingEntry, ReadingsFile, Strength
    from kg.loaders._reader import Ids, Reader
    from kg.records import EvidenceLine
    from kg.refs import Place

    Spans = Callable[[EvidenceLine], tuple[int, int]]
    Lower = Callable[[Strength, Collection[str]], tuple[Strength, tuple[str, ...]]]


def read(
    reader: Reader,
    files: Mapping[str, ReadingsFile],
    lines: Mapping[str, EvidenceLine],
    ids: Ids,
    left_out: Collection[str],
) -> list[Reading]:
    """Turn the readings of one source into records, with those of the lines' authors.

    Args:
        reader: takes the findings.
        files: what each readings file says, by its name.
        lines: the source's evidence lines as their authors judged them, by id.
        ids: the ids of the study's records, but for evidence lines.
        left_out: ids of lines whose passage is left out or has no place; readings of these are left out, too.

    Returns:
        The readings of each line that was read again, its author's first, by day, coder and act.
    """
    readings: dict[tuple[str, ...], Reading] = {}
    settled: dict[str, str] = {}
    for file, content in files.items():
        reader.resolve(file, content, {**ids, "line": {*lines, *left_out}})
        for index, entry in enumerate(content.readings):
            if entry.line not in lines:
                continue
            at: Place = ("readings", index)
            reading = Reading(
                line=entry.line,
                coder=entry.coder or content.coder,
                date=entry.date or content.date,
                **entry.model_dump(include={"stance", "strength", "alone", "reason", "settles"}),
            )
            key = (reading.line, reading.coder, reading.act, reading.date.isoformat())
            if key in readings:
                message = f"'{reading.coder}' read the line '{reading.line}' on that day already"
                reader.error(file, at, "duplicate-id", message, "keep one of the two")
            if reading.settles and reading.line in settled:
                message = f"the line '{reading.line}' is settled in '{settled[reading.line]}' already"
                reader.error(file, at, "settled-twice", message, "keep one settlement")
            if is_authors(reading, lines[entry.line]):
                message = f"'{reading.coder}' drew the line '{reading.line}' on that day"
                reader.error(file, at, "duplicate-id", message, "what its author judged stands in the codings file")
            for message, mend in _lacking(entry):
                reader.error(file, at, "unfinished-reading", message, mend)
            if reading.settles:
                settled[reading.line] = file
            readings[key] = reading
            reader.places["reading", ":".join(key)] = (file, reader.line(file, at))
    for line in {reading.line: lines[reading.line] for reading in readings.values()}.values():
        own = Reading(
            line=line.id,
            coder=line.coder,
            date=line.date,
            stance=line.stance,
            strength=line.stated,
            reason=line.rationale,
        )
        readings.setdefault((own.line, own.coder, own.act, own.date.isoformat()), own)
    return sorted(
        readings.values(),
        key=lambda r: (r.line, r.settles, r.coder != lines[r.line].coder, r.date, r.coder),
    )


def _lacking(entry: ReadingEntry) -> Iterator[tuple[str, str]]:
    """Say what a reading lacks, and what to do."""
    if entry.stance != "irrelevant" and entry.strength is None:
        yield f"a line that {entry.stance} has a strength", "add 'strength: strong', 'moderate' or 'weak'"
    if entry.settles and not entry.reason.strip():
        yield "what settles a line has a reason", "add 'reason: …'"


def judged(
    lines: Sequence[EvidenceLine], readings: Iterable[Reading], spans: Spans, lower: Lower
) -> dict[str, EvidenceLine]:
    """Judge lines by all their readings: each counts as it was settled, or is disputed where coders differ.

    Two lines of different coders whose first passages share a stretch, and which give it different stances towards
    one claim, are disputed as well.

    Args:
        lines: evidence lines of one source as their authors judged them.
        readings: of these.
        spans: gives where the first passage of a line stands (codepoints, end exclusive).
        lower: gives the strength that a strength becomes by the marks of the passages' references, and these marks.

    Returns:
        By id the lines that are not as their authors judged them.
    """
    by_line: dict[str, list[Reading]] = {}
    for reading in readings:
        by_line.setdefault(reading.line, []).append(reading)
    changed: dict[str, EvidenceLine] = {}
    for line in lines:
        settlement = next((r for r in by_line.get(line.id, ()) if r.settles), None)
        if line.status == "active" and settlement:
            changed[line.id] = _settled(line, settlement, lower)
    counting = [line for line in lines if changed.get(line.id, line).status == "active"]
    rivals = _rivals(counting, spans)
    for line in counting:
        if line.id in changed:
            continue
        judgements = [(r.coder, r.stance, r.date) for r in by_line.get(line.id, ())]
        judgements += [(other.coder, other.stance, other.date) for other in rivals.get(line.id, ())]
        if any(stance != line.stance for _, stance, _ in judgements):
            judgements.insert(0, (line.coder, line.stance, line.date))
            shown = dict.fromkeys(f"{coder}: {stance}" for coder, stance, _ in judgements)
            update = {
                "status": "disputed",
                "status_date": max(day for *_, day in judgements),
                "status_reason": "; ".join(shown),
            }
            changed[line.id] = line.model_copy(update=update)
    return changed


def is_authors(reading: Reading, line: EvidenceLine) -> bool:
    """Say whether a reading is what the author of a line judged when drawing it.

    Args:
        reading: of the line.
        line: the line.
    """
    return not reading.settles and (reading.coder, reading.date) == (line.coder, line.date)


def authored(lines: Iterable[EvidenceLine], readings: Iterable[Reading]) -> list[EvidenceLine]:
    """Return lines as their authors judged them, which is what the codings files say.

    Args:
        lines: lines as :func:`judged` left them.
        readings: of these.
    """
    by_line: dict[str, list[Reading]] = {}
    for reading in readings:
        by_line.setdefault(reading.line, []).append(reading)
    return [_authored(line, by_line.get(line.id, ())) for line in lines]


def _authored(line: EvidenceLine, readings: Collection[Reading]) -> EvidenceLine:
    end = next(((r.date, r.reason) for r in readings if r.settles), None)
    own = next((r for r in readings if is_authors(r, line)), None)
    update: dict[str, Any] = {"stance": own.stance, "stated": own.strength} if own else {}
    if line.status == "disputed" or (line.status == "withdrawn" and (line.status_date, line.status_reason) == end):
        update |= {"status": "active", "status_date": None, "status_reason": ""}
    return line.model_copy(update=update)


def _settled(line: EvidenceLine, settlement: Reading, lower: Lower) -> EvidenceLine:
    """Return a line as it was settled; what was found not to bear on the claim is withdrawn."""
    if settlement.stance == "irrelevant" or settlement.strength is None:
        ended = {"status": "withdrawn", "status_date": settlement.date, "status_reason": settlement.reason}
        return line.model_copy(update=ended)
    strength, lowered = lower(settlement.strength, line.excerpts)
    judgement = {"stance": settlement.stance, "stated": settlement.strength, "strength": strength, "lowered": lowered}
    return line.model_copy(update=judgement)


def _rivals(lines: Sequence[EvidenceLine], spans: Spans) -> dict[str, list[EvidenceLine]]:
    """Return by line those of other coders on the same claim whose first passages share a character with its own."""
    by_claim: dict[str, list[tuple[tuple[int, int], EvidenceLine]]] = {}
    for line in lines:
        by_claim.setdefault(line.proposition, []).append((spans(line), line))
    rivals: dict[str, list[EvidenceLine]] = {}
    for placed in by_claim.values():
        placed.sort(key=lambda one: (one[0], one[1].id))
        for number, ((_, end), line) in enumerate(placed):
            # Sorted by where they begin: after the first that begins behind the end, none overlaps.
            for (start, _), other in islice(placed, number + 1, None):
                if start >= end:
                    break
                if other.coder != line.coder:
                    rivals.setdefault(line.id, []).append(other)
                    rivals.setdefault(other.id, []).append(line)
    return rivals
