"""How far coders agree: on codes, on the stances of evidence lines, on their strengths; and where they differ.

What was judged falls into units (:data:`UNITS`). A coder has judged a unit of a text who coded some of it, who gave
it no code and said why, or who read all of its source. Agreement is Krippendorff's alpha (K. Krippendorff, Content
Analysis, 2004, chapter 11), which takes any number of coders, and units that not all of them judged.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import accumulate, combinations
from typing import TYPE_CHECKING, NamedTuple

from kg import query
from kg.errors import KGError, StoreUnavailable, UnknownTerm, closest
from kg.ids import excerpt_id
from kg.store import judgements
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from kg.store.judgements import Coded, Judged, Paragraph, Read
    from kg.store.tables import Tables

    Span = tuple[int, int]

UNITS = {
    "paragraph": "a paragraph of the text, labelled or not",
    "turn": "a turn of an interview: what one speaks until another does",
    "line": "a line of the text",
    "sentence": "a sentence, which ends with a full stop, a question mark or the like",
    "overlap": "passages that share a stretch, of any coders",
}
"""The units of texts in which codes are compared, and what each is."""
STRENGTHS = ("weak", "moderate", "strong")
"""The strengths of an evidence line in their order."""
GIVEN, NOT_GIVEN = "given", "not given"
_WORD, _CITED = re.compile(r"\w"), re.compile(r"\[[^\]]*@[^\]]*\]")
_END = re.compile(r"""(?:[.!?…]+["'”’»)\]]*(?=\s)|[。！？…]+["'”’」』）]*)""")


class Judgement(NamedTuple):
    """The judgement of a unit by a coder.

    Args:
        value: what was judged.
        passage: the words that were judged; of a code those that the coder marked in the unit, empty for none.
        reason: why, if it was said; of a code what other codes the coder gave in the unit.
        excerpts: ids of the passages with these words.
    """

    value: str
    passage: str = ""
    reason: str = ""
    excerpts: tuple[str, ...] = ()


class Remark(NamedTuple):
    """A remark on what is compared and what is not.

    Args:
        form: the sentence in English, with places for the values.
        values: these.
    """

    form: str
    values: tuple[object, ...] = ()

    def said(self, language: str = "en") -> str:
        """Return the sentence in a language.

        Args:
            language: ``en`` or ``zh``.
        """
        said = [word(value, language) if value in UNITS else value for value in self.values]
        return word(self.form, language).format(*said)


@dataclass(frozen=True)
class Unit:
    """A unit that was judged.

    Args:
        place: where it is: label of a paragraph or id of a passage; of evidence lines their claim and ids.
        source: id of its source.
        judgements: how each coder judged it, by the coder's id; who did not judge it is not there.
        settled: how it was settled that they differ; empty when it was not, or when they do not.
    """

    place: str
    source: str
    judgements: Mapping[str, Judgement]
    settled: str = ""

    @property
    def values(self) -> dict[str, str]:
        """Return what each coder judged."""
        return {coder: judgement.value for coder, judgement in self.judgements.items()}

    @property
    def is_compared(self) -> bool:
        """Return whether two coders judged it."""
        return len(self.judgements) > 1

    @property
    def is_disputed(self) -> bool:
        """Return whether two coders judged it differently."""
        return len({*self.values.values()}) > 1


@dataclass(frozen=True)
class Comparison:
    """Units that coders judged as to one thing, and how far they agree.

    Args:
        on: what they judged: family, code, stance or strength; in the plural for all families or codes together.
        name: id of the family or code; empty for others.
        units: all that at least one coder judged; of codes those that two judged.
        order: the values from the least to the most where they have an order; empty where they have none.
    """

    on: str
    name: str
    units: tuple[Unit, ...]
    order: tuple[str, ...] = ()

    @property
    def compared(self) -> tuple[Unit, ...]:
        """Return the units that two coders or more judged."""
        return tuple(unit for unit in self.units if unit.is_compared)

    @property
    def disputed(self) -> tuple[Unit, ...]:
        """Return the units on which coders differ."""
        return tuple(unit for unit in self.units if unit.is_disputed)

    @property
    def coders(self) -> tuple[str, ...]:
        """Return who judged units that another judged too, sorted."""
        return tuple(sorted({coder for unit in self.compared for coder in unit.judgements}))

    @property
    def percent(self) -> float | None:
        """Return how many of a hundred pairs of judgements are equal; None where nothing was compared."""
        values = [Counter(unit.values.values()) for unit in self.compared]
        if not values:
            return None
        # As in alpha each unit weighs as much as it has judgements.
        alike = sum(n * (n - 1) / (given.total() - 1) for given in values for n in given.values())
        return self._rounded(100 * alike / sum(given.total() for given in values), 100, 1)

    @property
    def alpha(self) -> float | None:
        """Return Krippendorff's alpha, rounded; None where it is not defined."""
        found = alpha([unit.values for unit in self.units], self.order)
        return None if found is None else self._rounded(found, 1, 2)

    def _rounded(self, figure: float, full: int, digits: int) -> float:
        """Round a figure, but never up to the one that says that nobody differs, where somebody does."""
        most = full - 10**-digits if self.disputed else full
        return min(round(figure, digits), round(most, digits))

    def between(self, coders: Collection[str]) -> Comparison:
        """Return the same, of the judgements of some coders only."""
        units = (replace(u, judgements={c: j for c, j in u.judgements.items() if c in coders}) for u in self.units)
        # What was settled between others is no settlement of these two.
        units = (unit if unit.is_disputed else replace(unit, settled="") for unit in units)
        return Comparison(self.on, self.name, tuple(unit for unit in units if unit.judgements), self.order)


def alpha(units: Iterable[Mapping[str, str]], order: Sequence[str] = ()) -> float | None:
    """Return Krippendorff's alpha.

    Args:
        units: of each unit what coders judged, by coder; a unit that one coder judged is passed over.
        order: the values from the least to the most, if they are ordinal.

    Returns:
        1 where coders agree, about 0 where they agree as often as by chance, less where more seldom; None where not
        two values were judged, so that nobody could have differed.

    Raises:
        StoreUnavailable: when the package nltk is not installed.

    Example:
        >>> units = [{"me": "a", "you": "a"}, {"me": "b", "you": "b"}, {"me": "a", "you": "b"}]
        >>> round(alpha(units), 3)
        0.444
    """
    paired = [unit for unit in units if len(unit) > 1]
    number = Counter(value for unit in paired for value in unit.values())
    if len(number) < 2:
        return None
    try:
        from nltk.metrics.agreement import AnnotationTask
        from nltk.metrics.distance import binary_distance
    except ImportError as e:
        raise StoreUnavailable("this report needs the package nltk: pip install '.[report]' in the checkout") from e
    judged = [(coder, index, value) for index, unit in enumerate(paired) for coder, value in unit.items()]
    distance = _ordinal(number, order) if order else binary_distance
    return float(AnnotationTask(judged, distance=distance).alpha())


def _ordinal(number: Mapping[str, int], order: Sequence[str]) -> Callable[[str, str], float]:
    """Return the distance of ordinal values: the square of how many judgements lie between them."""
    counts = [number.get(value, 0) for value in order]
    upto = [0, *accumulate(counts)]
    middle = {value: upto[place] + counts[place] / 2 for place, value in enumerate(order)}
    return lambda one, other: (middle[one] - middle[other]) ** 2


@dataclass(frozen=True)
class Agreement:
    """The agreement of the coders of a study.

    Args:
        unit: in which units codes are compared, one of :data:`UNITS`.
        families: by family of codes.
        codes: by code.
        stances: of evidence lines, by claim and passage.
        strengths: of these, where coders say that the passage bears on the claim.
        left_out: what is in no comparison, how much, and why.
    """

    unit: str
    families: tuple[Comparison, ...]
    codes: tuple[Comparison, ...]
    stances: Comparison
    strengths: Comparison
    left_out: tuple[Remark, ...] = field(default=())

    @property
    def all_families(self) -> Comparison:
        """Return the comparison of all families together: each unit as often as there are families."""
        return Comparison("families", "", tuple(unit for one in self.families for unit in one.units))

    @property
    def all_codes(self) -> Comparison:
        """Return the comparison of all codes together."""
        return Comparison("codes", "", tuple(unit for one in self.codes for unit in one.units))

    @property
    def totals(self) -> tuple[Comparison, ...]:
        """Return the comparisons of everything that was judged, of which something was compared."""
        everything = (self.all_families, self.all_codes, self.stances, self.strengths)
        return tuple(one for one in everything if one.compared)

    @property
    def disputed(self) -> tuple[tuple[Comparison, Unit], ...]:
        """Return each disagreement once."""
        parts = (*self.families, *self.codes, self.stances, self.strengths)
        return tuple((one, unit) for one in parts for unit in one.disputed)


def agreement(tables: Tables, unit: str = "paragraph") -> Agreement:
    """Compare how the coders of a study judged.

    Args:
        tables: the tables of a build.
        unit: in which units codes are compared, one of :data:`UNITS`.

    Raises:
        UnknownTerm: when there is no such unit.
        KGError: when nothing was judged by two coders.
    """
    found = compare(tables, unit)
    if not found.totals:
        why = "".join(f"\n{one.said()}" for one in found.left_out)
        raise KGError(
            f"nothing was judged by two coders by {unit}; code or read some a second time, blind, to see how far "
            f"they agree, or compare by another unit: {', '.join(one for one in UNITS if one != unit)}{why}"
        )
    return found


def compare(tables: Tables, unit: str = "paragraph") -> Agreement:
    """Compare how the coders of a study judged, also when no two of them judged anything in common.

    Args:
        tables: the tables of a build.
        unit: in which units codes are compared, one of :data:`UNITS`.

    Raises:
        UnknownTerm: when there is no such unit.
    """
    if unit not in UNITS:
        raise UnknownTerm(unit, "unit of agreement", closest(unit, UNITS) or list(UNITS))
    families, codes, said = _Texts(tables, unit).compare()
    stances, strengths, more = _lines(tables)
    return Agreement(unit, families, codes, stances, strengths, (*said, *more))


def differing(tables: Tables) -> dict[str, tuple[Unit, ...]]:
    """Return on which evidence coders take different stances, which nobody has settled: by claim.

    Lines that two coders drew by themselves are among it, where their passages overlap.

    Args:
        tables: the tables of a build.
    """
    found: dict[str, tuple[Unit, ...]] = {}
    for unit in _lines(tables)[0].disputed:
        if not unit.settled:
            claim = unit.place.partition(":")[0]
            found[claim] = (*found.get(claim, ()), unit)
    return found


class _Texts:
    """The codings of a study by units of its texts.

    Args:
        tables: the tables of a build.
        unit: the kind of unit.
    """

    def __init__(self, tables: Tables, unit: str) -> None:
        self.tables, self.unit = tables, unit
        self.said: list[Remark] = []
        self.codings: dict[str, list[Coded]] = {}
        for coded in judgements.codings(tables):
            self.codings.setdefault(coded.source, []).append(coded)
        self.paragraphs: dict[str, list[Paragraph]] = {}
        for paragraph in judgements.paragraphs(tables):
            self.paragraphs.setdefault(paragraph.source, []).append(paragraph)
        self.texts = judgements.texts(tables)
        self.readers: dict[str, set[str]] = {}
        for row in query.run(tables, "read-whole").dicts():
            self.readers.setdefault(row["source"], set()).add(row["coder"])
        self.uncoded: dict[tuple[str, str], dict[str, str]] = {}
        for row in query.run(tables, "uncoded-paragraphs").dicts():
            self.uncoded.setdefault((row["source"], row["paragraph"]), {})[row["coder"]] = row["memo"]
        self.settled = {
            (r["source"], r["paragraph"], r["family"]): f"{r['decision']} ({r['coder']}, {r['date']}): {r['reason']}"
            for r in query.run(tables, "settlements").dicts()
        }
        self.families: dict[str, set[str]] = {}
        for row in query.run(tables, "codings").dicts():
            if row["family"]:
                self.families.setdefault(row["code"], set()).add(row["family"])

    def compare(self) -> tuple[tuple[Comparison, ...], tuple[Comparison, ...], list[Remark]]:
        """Return the comparisons by family and by code, and what is left out of them."""
        judged = [one for source in sorted(self.sources()) for one in self.of_source(source)]
        self.count(judged)
        judged = [stretch for stretch in judged if len(stretch.coders) > 1]
        codes = sorted({coded.code for stretch in judged for coded in stretch.codings})
        by_family: dict[str, set[str]] = {}
        for code in codes:
            for family in self.families.get(code, ()):
                by_family.setdefault(family, set()).add(code)
        families = [self.comparison("family", family, by_family[family], judged) for family in sorted(by_family)]
        listed = [self.comparison("code", code, {code}, judged) for code in codes]
        return tuple(families), tuple(listed), self.said

    def sources(self) -> set[str]:
        """Return the sources of which some was coded or read."""
        return {*self.codings, *self.readers, *(source for source, _ in self.uncoded)}

    def of_source(self, source: str) -> Iterator[_Stretch]:
        """Return the units of a source, each with who judged it and what was coded there."""
        codings = self.codings.get(source, [])
        spans = self.spans(source)
        starts, ends = [start for start, _ in spans], [end for _, end in spans]
        within: list[list[Coded]] = [[] for _ in spans]
        outside = 0
        for coded in codings:
            # Units of one kind do not overlap, so that those that a passage touches follow each other.
            touched = range(bisect_right(ends, coded.start), bisect_left(starts, coded.end))
            outside += not touched
            for place in touched:
                within[place].append(coded)
        if outside:
            form = f"left out: {'{} coding lies' if outside == 1 else '{} codings lie'} in no {{}} of {{}}"
            self.said.append(Remark(form, (outside, self.unit, source)))
        paragraphs = self.paragraphs.get(source, [])
        for span, there in zip(spans, within, strict=True):
            first = bisect_right(paragraphs, span[0], key=lambda p: p.end)
            around = paragraphs[first : bisect_left(paragraphs, span[1], key=lambda p: p.start)]
            labels = [p.label for p in around if p.label]
            why = {coder: memo for label in labels for coder, memo in self.uncoded.get((source, label), {}).items()}
            coders = {coded.coder for coded in there} | why.keys() | self.readers.get(source, set())
            exact = len(around) == 1 and labels and self.unit == "paragraph"
            name = labels[0] if exact else f"{source}:{span[0]}-{span[1]}"
            yield _Stretch(source, name, frozenset(coders), tuple(there), why)

    def spans(self, source: str) -> list[Span]:
        """Return where the units of a source stand, in order."""
        body = [(p.start, p.end) for p in self.paragraphs.get(source, ())]
        text = self.texts[source]
        if self.unit == "paragraph":
            return body
        if self.unit == "turn":
            found = [(place.start, place.end) for place in judgements.turns(self.tables).get(source, ())]
            if not found:
                self.said.append(Remark("left out: {}, whose text has no turns", (source,)))
            return found
        if self.unit == "line":
            return [span for start, end in body for span in _lines_of(text, start, end)]
        if self.unit == "sentence":
            return [span for start, end in body for span in _sentences(text, start, end)]
        joined: list[list[int]] = []
        for coded in self.codings.get(source, ()):
            if joined and coded.start < joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], coded.end)
            else:
                joined.append([coded.start, coded.end])
        return [(start, end) for start, end in joined]

    def comparison(self, on: str, name: str, codes: Collection[str], judged: Sequence[_Stretch]) -> Comparison:
        """Compare coders as to one family or code."""
        units = []
        for stretch in judged:
            made = {coder: _given(stretch, coder, codes) for coder in sorted(stretch.coders)}
            differ = len({judgement.value for judgement in made.values()}) > 1
            settled = self.settled.get((stretch.source, stretch.name, name), "") if differ else ""
            units.append(Unit(stretch.name, stretch.source, made, settled))
        return Comparison(on, name, tuple(units))

    def count(self, judged: Sequence[_Stretch]) -> None:
        """Say how many units are compared, and which are not, and why."""
        if not judged:
            return
        alone = Counter[str]()
        by_source: dict[str, Counter[str]] = {}
        for stretch in judged:
            if len(stretch.coders) == 1:
                (coder,) = stretch.coders
                alone[coder] += 1
                by_source.setdefault(coder, Counter())[stretch.source] += 1
        both = sum(len(stretch.coders) > 1 for stretch in judged)
        units = f"{self.unit}s" if self.unit != "overlap" else "stretches of passages that overlap"
        self.said.insert(
            0, Remark(f"codes: {{}} of {{}} {units} were judged by two coders or more", (both, len(judged)))
        )
        for coder, number in sorted(alone.items()):
            where = ", ".join(f"{source} {n}" for source, n in sorted(by_source[coder].items()))
            self.said.append(Remark("left out: {} judged by {} only ({})", (number, coder, where)))
        if nobody := sum(not stretch.coders for stretch in judged):
            self.said.append(Remark("left out: {} judged by nobody", (nobody,)))


class _Stretch(NamedTuple):
    """A unit of a text.

    Args:
        source: id of the source.
        name: label of its paragraph, or where it stands.
        coders: who judged it.
        codings: the codings of passages that touch it.
        why: why a coder gave it no code, by coder.
    """

    source: str
    name: str
    coders: frozenset[str]
    codings: tuple[Coded, ...]
    why: Mapping[str, str]


def _given(stretch: _Stretch, coder: str, codes: Collection[str]) -> Judgement:
    """Return whether a coder gave one of some codes in a unit, with the passages."""
    mine = [coded for coded in stretch.codings if coded.coder == coder]
    given = [coded for coded in mine if coded.code in codes]
    shown = given or mine
    words = " … ".join(dict.fromkeys(" ".join(coded.quote.split()) for coded in shown))
    listed = ", ".join(dict.fromkeys(coded.code for coded in shown))
    places = tuple(dict.fromkeys(excerpt_id(coded.source, coded.start, coded.end) for coded in shown))
    return Judgement(GIVEN if given else NOT_GIVEN, words, listed or stretch.why.get(coder, "no code"), places)


def _lines_of(text: str, start: int, end: int) -> Iterator[Span]:
    """Return where the lines of a stretch stand that are not blank."""
    for found in re.finditer(r"\S[^\r\n]*", text[start:end]):
        yield start + found.start(), start + found.end()


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Return where the sentences of a stretch stand."""
    begin = start
    for found in (*_END.finditer(text[start:end]), None):
        stop = end if found is None else start + found.end()
        # A citation behind the full stop is no sentence.
        if _WORD.search(_CITED.sub("", text[begin:stop])):
            yield begin + len(text[begin:stop]) - len(text[begin:stop].lstrip()), stop
        begin = stop


def _lines(tables: Tables) -> tuple[Comparison, Comparison, list[Remark]]:
    """Compare coders as to stances and strengths of evidence lines, and say what is left out."""
    lines = {line.id: line for line in judgements.lines(tables)}
    by_line: dict[str, dict[str, Read]] = {}
    settled: dict[str, str] = {}
    for read in judgements.readings(tables):
        if read.settles:
            settled[read.line] = f"{read.stance} ({read.coder}, {read.date}): {read.reason}"
        else:
            # Who reads a line again may have seen what others judged.
            by_line.setdefault(read.line, {}).setdefault(read.coder, read)
    said: list[Remark] = []
    units: list[tuple[list[str], dict[str, Read]]] = []
    ended = 0
    for line in lines.values():
        if (found := by_line.get(line.id)) is None:
            if line.status in ("withdrawn", "superseded"):
                ended += 1
                continue
            own = judgements.Read(
                line.id, line.coder, "", line.stance, line.strength, reason=line.rationale, settles=False
            )
            found = {line.coder: own}
        units.append(([line.id], found))
    units = _joined(units, lines)
    stances, strengths = [], []
    for ids, judged in units:
        first = lines[ids[0]]
        place = f"{first.claim}: {', '.join(ids)}"
        differ = len({read.stance for read in judged.values()}) > 1
        end = "; ".join(settled[i] for i in ids if i in settled)
        made = {coder: _judged(read, read.stance, lines) for coder, read in sorted(judged.items())}
        stances.append(Unit(place, first.spans[0][0], made, end if differ else ""))
        weights = {
            coder: _judged(read, read.strength, lines)
            for coder, read in sorted(judged.items())
            if read.stance != "irrelevant" and read.strength
        }
        if weights:
            strengths.append(Unit(place, first.spans[0][0], weights))
    both = sum(unit.is_compared for unit in stances)
    if stances:
        what = "evidence line was" if len(stances) == 1 else "evidence lines were"
        form = f"stances: {{}} of {{}} {what} judged by two coders or more"
        said.append(Remark(form, (both, len(stances))))
        alone = Counter(coder for unit in stances if not unit.is_compared for coder in unit.judgements)
        for coder, number in sorted(alone.items()):
            what = "evidence line" if number == 1 else "evidence lines"
            said.append(Remark(f"left out: {{}} {what} judged by {{}} only", (number, coder)))
    if both:
        weighed = sum(unit.is_compared for unit in strengths)
        form = "strengths: {} of these, on which two coders or more say that the passage bears"
        said.append(Remark(form, (weighed,)))
    if ended:
        form = "left out: {} evidence lines that were withdrawn or superseded before another coder read them"
        if ended == 1:
            form = "left out: {} evidence line that was withdrawn or superseded before another coder read it"
        said.append(Remark(form, (ended,)))
    return Comparison("stance", "", tuple(stances)), Comparison("strength", "", tuple(strengths), STRENGTHS), said


def _judged(read: Read, value: str, lines: Mapping[str, Judged]) -> Judgement:
    """Return a judgement of an evidence line with the passages that it rests on."""
    line = lines[read.line]
    return Judgement(value, line.quote, read.reason, tuple(excerpt_id(*span) for span in line.spans))


def _joined(
    units: list[tuple[list[str], dict[str, Read]]], lines: Mapping[str, Judged]
) -> list[tuple[list[str], dict[str, Read]]]:
    """Join evidence lines of different coders on one claim whose passages overlap, those that share most first.

    Two are not joined when somebody judged one otherwise than the other: that is no judgement of one unit.
    """
    home = {ids[0]: unit for unit in units for ids in [unit[0]]}
    shared = sorted(
        (-common, one, other)
        for one, other in _neighbours([lines[identifier] for identifier in home])
        if (common := _common(lines[one], lines[other]))
    )
    for _, one, other in shared:
        mine, theirs = home[one], home[other]
        same = mine[1].keys() & theirs[1].keys()
        if mine is theirs or any(
            (mine[1][coder].stance, mine[1][coder].strength) != (theirs[1][coder].stance, theirs[1][coder].strength)
            for coder in same
        ):
            continue
        joined = (sorted([*mine[0], *theirs[0]]), theirs[1] | mine[1])
        for identifier in joined[0]:
            home[identifier] = joined
    return [unit for identifier, unit in sorted(home.items()) if unit[0][0] == identifier]


def _neighbours(lines: Iterable[Judged]) -> Iterator[tuple[str, str]]:
    """Return the pairs of lines of different coders on one claim that have passages which overlap."""
    by_claim: dict[tuple[str, str], list[tuple[int, int, Judged]]] = {}
    for line in lines:
        for source, start, end in line.spans:
            by_claim.setdefault((line.claim, source), []).append((start, end, line))
    found = set()
    for placed in by_claim.values():
        placed.sort(key=lambda one: (one[0], one[1], one[2].id))
        for number, (_, end, line) in enumerate(placed):
            for start, _, other in placed[number + 1 :]:
                if start >= end:
                    break
                if other.coder != line.coder:
                    found.add((min(line.id, other.id), max(line.id, other.id)))
    yield from sorted(found)


def _common(one: Judged, other: Judged) -> int:
    """Return how many characters the passages of two lines share."""
    return sum(
        max(0, min(end, last) - max(start, first))
        for source, start, end in one.spans
        for where, first, last in other.spans
        if source == where
    )


def pairs(of: Agreement) -> list[Comparison]:
    """Compare each two coders who judged something in common, as to everything.

    Args:
        of: the agreement of all.
    """
    return [
        whole.between(two)
        for whole in of.totals
        if len(whole.coders) > 2
        for two in combinations(whole.coders, 2)
        if whole.between(two).compared
    ]
