"""The pages on how far coders agree: of a study, by units that are stated; and of two coders, in a text."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from kg import masks
from kg.agreement import GIVEN, UNITS
from kg.browse import reader
from kg.browse.frame import Page, cut
from kg.browse.reading import BEGINNING, Reading, Writer
from kg.errors import KGError
from kg.ids import source_of, span_of
from kg.places import of_kind
from kg.reports.coders import agreed
from kg.store import documents, judgements, passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.agreement import Agreement, Remark, Unit
    from kg.browse.fragments import Fragments
    from kg.browse.frame import Slice
    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy, Row
    from kg.reports.report import Report

LETTERS = "AB"
"""What tells two coders apart in a text."""
SIGNS = {"agrees": "=", "differs": "≠", "alone": "·"}
"""The sign of what a coder judged: as the other did, otherwise, or where the other did not judge."""


class Disagreement(NamedTuple):
    """A unit on which coders differ.

    Args:
        number: its number in the report of disagreements.
        on: what they judged: family, code, stance or strength.
        name: id of the family or code; empty for others.
        unit: the unit.
    """

    number: int
    on: str
    name: str
    unit: Unit


@dataclass(frozen=True)
class Agreed:
    """The agreement of the coders of a study.

    Args:
        unit: in which units codes are compared.
        units: those in which they can be, each with what it is.
        report: the figures, as ``kg report agreement`` has them; None where there are none.
        reason: why there are none; empty where there are.
        remarks: what is compared, and what is left out and why.
        settled: how many disagreements were settled.
        disputed: one page of the disagreements.
    """

    unit: str
    units: Mapping[str, str]
    report: Report | None
    reason: str
    remarks: Sequence[Remark]
    settled: int
    disputed: Slice[Disagreement]


def page(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show how far coders agree, and each unit on which they differ with all passages."""
    found = study.compared(parameters.unit)
    made, reason = None, "" if found.totals else "Nothing was judged by two coders in these units."
    try:
        made = agreed(study.tables, found) if found.totals else None
    except KGError as e:
        reason = str(e)
    disputed = [Disagreement(number, one.on, one.name, unit) for number, (one, unit) in enumerate(found.disputed, 1)]
    settled = sum(bool(one.unit.settled) for one in disputed)
    content = Agreed(found.unit, UNITS, made, reason, found.left_out, settled, cut(disputed, parameters))
    kept = {"unit": "" if found.unit == "paragraph" else found.unit}
    return Page("agreement.html", "Agreement of coders", "agreement", content, kept=kept)


class Said(NamedTuple):
    """What a coder said of a passage.

    Args:
        coder: id of the coder.
        kind: ``code`` or ``proposition``.
        id: its id.
        judged: stance and strength of the passage on a claim; empty for a code.
        verdict: one of :data:`SIGNS`.
    """

    coder: str
    kind: str
    id: str
    judged: tuple[str, ...]
    verdict: str


class Point(NamedTuple):
    """A unit of a source in which two coders agree or differ on one thing.

    Args:
        on: what they judged: code, stance or strength.
        name: id of the code or of the claim.
        unit: the unit, with both judgements.
        excerpt: id of the passage at which it is seen in the text.
    """

    on: str
    name: str
    unit: Unit
    excerpt: str


@dataclass(frozen=True)
class Compared:
    """A source as two coders coded and judged it.

    Args:
        entry: its row of the query ``sources``.
        coders: ids of those who coded or judged in it.
        pair: the two that are compared; none while not two are chosen.
        unit: in which units codes are compared.
        units: those in which they can be, each with what it is.
        number: how many units of the text both judged.
        whole: ids of those of the two who read all of it.
        differing: where they differ, in the order of the text.
        same: where they agree, in this order.
        reading: the text.
        said: what they said of each passage, by its id.
    """

    entry: Row
    coders: Sequence[str]
    pair: Sequence[str]
    unit: str
    units: Mapping[str, str]
    number: int
    whole: Sequence[str]
    differing: Sequence[Point]
    same: Sequence[Point]
    reading: Reading
    said: Mapping[str, Sequence[Said]]


def comparison(study: BuiltStudy, source: str, parameters: Parameters) -> Compared:
    """Compare two coders in the text of a source.

    Args:
        study: the study.
        source: the source's id.
        parameters: says which coders, and in which units.
    """
    chosen = sorted(parameters.choice["coder"])
    pair = tuple(chosen) if len(chosen) == len(LETTERS) else ()
    found = study.compared(parameters.unit)
    points = sorted(_points(found, source, pair), key=_place) if pair else []
    said = _said(study, found, source, pair, points) if pair else {}
    text = study.text(source)
    marks = [reader.Mark(*_span(key), key) for key in said]
    _, end = reader.front_matter(text)
    end = 0 if any(mark.start < end for mark in marks) else end
    document = documents.of_source(study.tables, source)
    places = [place for place in document.places if place not in of_kind(document.places, "page")]
    blocks = [one for one in reader.blocks(text, marks, (), places) if one.start >= end]
    both = {u.place for c in found.codes for u in c.units if u.source == source and {*pair} <= u.judgements.keys()}
    readers = {row["coder"] for row in study.rows("read-whole") if row["source"] == source}
    return Compared(
        study.sources[source],
        judgements.coders(study.tables, source),
        pair,
        found.unit,
        UNITS,
        len(both) if pair else 0,
        [coder for coder in pair if coder in readers],
        [point for point in points if point.unit.is_disputed],
        [point for point in points if not point.unit.is_disputed],
        Reading(reader.leaves(blocks, ()) if pair else (), {}, "", document.speakers, {}, 0, {}, {}),
        said,
    )


def _points(found: Agreement, source: str, pair: Sequence[str]) -> Iterator[Point]:
    """Give where two coders agree or differ in a source; that neither gave a code is nothing to be seen."""
    for one in (*found.codes, found.stances, found.strengths):
        for unit in one.between(pair).compared:
            there = [e for coder in pair for e in unit.judgements[coder].excerpts if source_of(e) == source]
            given = [
                e
                for judgement in unit.judgements.values()
                for e in judgement.excerpts
                if judgement.value == GIVEN and source_of(e) == source
            ]
            if one.on == "code" and given:
                yield Point(one.on, one.name, unit, given[0])
            elif one.on != "code" and there and (one.on == "stance" or unit.is_disputed):
                yield Point(one.on, _claim(unit), unit, there[0])


def _claim(unit: Unit) -> str:
    """Return the id of the claim that an evidence line is on."""
    return unit.place.rpartition(": ")[0]


def _place(point: Point) -> tuple[int, str, str]:
    return _span(point.excerpt)[0], point.on, point.name


def _span(excerpt: str) -> tuple[int, int]:
    start, end = map(int, span_of(excerpt).split("-"))
    return start, end


def _said(
    study: BuiltStudy, found: Agreement, source: str, pair: Sequence[str], points: Iterable[Point]
) -> dict[str, list[Said]]:
    """Return what two coders said of each passage of a source, by its id."""
    verdicts: dict[tuple[str, str, str, str], str] = {}
    for on, name, unit, _ in points:
        kind = "code" if on == "code" else "proposition"
        for coder, judgement in unit.judgements.items():
            for excerpt in judgement.excerpts:
                key = coder, kind, name, excerpt
                # A passage that reaches into two units agrees only where both do.
                differs = unit.is_disputed or verdicts.get(key) == "differs"
                verdicts[key] = "differs" if differs else "agrees"
    said: dict[str, list[Said]] = {}

    def say(excerpt: str, coder: str, kind: str, name: str, judged: tuple[str, ...] = ()) -> None:
        verdict = verdicts.get((coder, kind, name, excerpt), "alone")
        said.setdefault(excerpt, []).append(Said(coder, kind, name, judged, verdict))

    for excerpt, acts in passages.acts(study.tables, source).items():
        for coder in pair:
            for code in acts.codes_of(coder):
                say(excerpt, coder, "code", code)
    strengths = {unit.place: unit.values for unit in found.strengths.units}
    for unit in found.stances.units:
        for coder, judgement in unit.judgements.items():
            strength = strengths.get(unit.place, {}).get(coder)
            judged = (judgement.value, *((strength,) if strength else ()))
            for excerpt in judgement.excerpts:
                if coder in pair and source_of(excerpt) == source:
                    say(excerpt, coder, "proposition", _claim(unit), judged)
    return said


def written(f: Fragments, source: str, compared: Compared) -> Markup:
    """Return the text of a source with the passages of two coders, told apart by letters and lines.

    Args:
        f: the pieces of pages.
        source: the source's id.
        compared: what the two said of it.
    """
    writer = _Writer(f, source, compared)
    return Markup("".join(map(writer.leaf, compared.reading.leaves)))


class _Writer(Writer):
    """A writer of a text with the passages of two coders."""

    def __init__(self, f: Fragments, source: str, compared: Compared) -> None:
        super().__init__(f, source, compared.reading)
        self.said = compared.said
        self.text = f.study.text(source)
        self.letters = dict(zip(compared.pair, LETTERS, strict=True))

    def of(self, excerpts: Iterable[str]) -> str:
        """Return the letters of those who said something of passages."""
        there = {said.coder for excerpt in excerpts for said in self.said[excerpt]}
        return "".join(letter for coder, letter in self.letters.items() if coder in there)

    def begun(self, excerpt: str) -> str:
        """Return the sign to which links to a passage lead, and whose it is."""
        letters = self.of([excerpt])
        names = " ".join(self.f.names("coder", coder) for coder, one in self.letters.items() if one in letters)
        sign = f'<span class="by" role="note" aria-label="{names}" data-letters="{letters}"></span>'
        return f"{super().begun(excerpt)}{sign}"

    def marked(self, words: str, excerpts: Sequence[str]) -> str:
        """Return words of passages as they are marked: by the line below them for the one, the other, or both."""
        return f'<mark class="by-{self.of(excerpts)}">{words}</mark>'

    def margin(self, begins: Iterable[str]) -> str:
        """Return what each of the two said of the passages that begin in a paragraph."""
        f = self.f
        parts = [f'<ul class="margin" lang="{f.language}">\n']
        for excerpt in begins:
            parts.append(f"<li>{self._quote(excerpt)}\n")
            for coder, letter in self.letters.items():
                mine = [self._one(said) for said in self.said[excerpt] if said.coder == coder]
                if mine:
                    parts.append(f'<span class="said"><b class="letter">{letter}</b> {", ".join(mine)}</span>\n')
            parts.append("</li>\n")
        return "".join([*parts, "</ul>\n"])

    def _quote(self, excerpt: str) -> str:
        """Return the beginning of a passage, which leads to it as the reader shows it."""
        start, end = _span(excerpt)
        words = masks.folded(self.text[start:end])[:BEGINNING]
        return f'<a class="place" href="{self.f.plain("excerpt", excerpt)}">{escape(words)}…</a>'

    def _one(self, said: Said) -> str:
        """Return a code or a stance with the sign of whether the other judged so, too."""
        f = self.f
        sign = (
            f'<span class="{said.verdict}" role="img" aria-label="{f.word(said.verdict)}">{SIGNS[said.verdict]}</span>'
        )
        if said.kind == "code":
            return f"{sign} {f.link('code', said.id)}"
        stance, *strength = said.judged
        shown = f.word(stance) if stance == "irrelevant" else f.stance(stance)
        claim = f'<a class="proposition" href="{f.page("proposition", said.id)}">{escape(said.id)}</a>'
        return " ".join([sign, str(shown), *map(f.word, strength), claim])
