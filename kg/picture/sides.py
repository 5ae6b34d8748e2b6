"""A concept by its sides: what acts on it, on what it acts, what is broader and narrower, its codes and passages.

Its rows have one height, so that the lines of the page follow from their number alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg import claims, numbers, query
from kg.picture import marks
from kg.picture.map import counted
from kg.picture.marks import Part
from kg.picture.names import Names
from kg.picture.scene import Box, Edge, Group, Label, Scene, Sign, bend
from kg.picture.theory import SHORT, theory
from kg.picture.typeset import lines, width
from kg.store import passages
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.picture.theory import Claim, Named
    from kg.store.passages import Quote
    from kg.store.tables import Tables

MOST = 24
"""How many claims a side shows."""
ROW = 40
"""Height of a claim's row (pixels)."""
REACHES = (72, 132, 288)
"""At how much of its height lines may end at the concept in the middle (pixels): the first that is enough is taken."""
_APART = 12
"""Space between the ends of two claims at the concept (pixels)."""


class Side(NamedTuple):
    """The claims on one side of a concept.

    Args:
        claims: those that are shown, each with the neighbour that it joins to the concept, in the order of the rows.
        total: how many there are.
    """

    claims: tuple[tuple[Named, Claim], ...]
    total: int

    @property
    def neighbours(self) -> list[tuple[Named, list[Claim]]]:
        """Return the neighbours in the order of the rows, each with its claims."""
        joined: dict[Named, list[Claim]] = {}
        for other, claim in self.claims:
            joined.setdefault(other, []).append(claim)
        return [*joined.items()]


class CodeUse(NamedTuple):
    """A code that indicates the concept.

    Args:
        code: the code.
        by_case: number of passages that have it by case, in the order of the cases.
    """

    code: Named
    by_case: Mapping[str, int]

    @property
    def number(self) -> int:
        """Return how many passages have it."""
        return sum(self.by_case.values())


@dataclass(frozen=True)
class Sides:
    """A concept with all that is about it.

    Args:
        concept: the concept.
        acts_on_it: the claims of which it is the object.
        it_acts_on: the claims of which it is the subject.
        stage_of: ids of the claims that are bound to it as a stage.
        broader: what is above it.
        narrower: what is below it.
        related: what else it is joined to.
        codes: the codes that indicate it, those with most passages first.
        cases: every case, and literature, in the study's order.
        unused: the passages with one of these codes on which no claim rests.
    """

    concept: Named
    acts_on_it: Side
    it_acts_on: Side
    stage_of: tuple[str, ...]
    broader: tuple[Named, ...]
    narrower: tuple[Named, ...]
    related: tuple[Named, ...]
    codes: tuple[CodeUse, ...]
    cases: tuple[Named, ...]
    unused: tuple[Quote, ...]

    @property
    def lines(self) -> int:
        """Return how many evidence lines bear on its claims."""
        joined = {one.id: one.tally for side in (self.acts_on_it, self.it_acts_on) for _, one in side.claims}
        return sum(sum(tally.values()) for tally in joined.values())


def of(tables: Tables, concept: str, language: str = "en", within: int | None = None) -> Sides:
    """Collect what is about a concept.

    Args:
        tables: the tables of the build.
        concept: its id.
        language: ``en`` or ``zh``, for names.
        within: the evidence lines that are looked at, as one bit a line; None for all.
    """
    names = Names(tables, language)
    rows = query.run(tables, "claims").dicts()
    about = [row["claim"] for row in rows if concept in (row["subject"], row["object"], row["stage"])]
    every = theory(tables, language, about, within).claims
    linked: dict[str, list[str]] = {}
    for row in query.run(tables, "concept", concept=concept).dicts():
        linked.setdefault(row["property"], []).append(row["value"])
    codes = linked.get("code", [])
    counts = passages.coded_by_case(tables, codes)
    cases = (*(i for kind, i in tables.names if kind == "case"), claims.LITERATURE)
    uses = [
        CodeUse(names.named("code", code), {c: counts[code][c] for c in cases if c in counts.get(code, {})})
        for code in codes
    ]

    def near(link: str) -> tuple[Named, ...]:
        return tuple(names.named("concept", one) for one in linked.get(link, ()))

    return Sides(
        concept=names.named("concept", concept),
        acts_on_it=_side([(c.subject, c) for c in every if c.object.id == concept]),
        it_acts_on=_side([(c.object, c) for c in every if c.subject.id == concept]),
        stage_of=tuple(c.id for c in every if c.stage and c.stage.id == concept),
        broader=near("broader"),
        narrower=near("narrower"),
        related=near("related"),
        codes=tuple(sorted(uses, key=lambda use: (-use.number, use.code))),
        cases=tuple(names.named("case", case) for case in cases),
        unused=tuple(passages.without_claim(tables, codes)),
    )


def _side(some: Sequence[tuple[Named, Claim]]) -> Side:
    """Order the claims of a side: neighbours with most evidence first, and so within each."""
    weight: Counter[Named] = Counter()
    for other, claim in some:
        weight[other] += sum(claim.tally.values())
    placed = sorted(some, key=lambda pair: (-weight[pair[0]], pair[0], -sum(pair[1].tally.values()), pair[1].id))
    return Side(tuple(placed[:MOST]), len(placed))


def reach(number: int) -> int:
    """Return at how much of the height of the concept the lines of some claims end (pixels).

    Args:
        number: how many claims there are on the side that has more.
    """
    return next((one for one in REACHES if number * _APART <= one), REACHES[-1])


def ends(number: int, reach: float) -> list[float]:
    """Return where the lines of claims end at the concept, from the middle of both (pixels).

    Args:
        number: how many claims there are.
        reach: how much of the concept's height they may take.
    """
    apart = min(_APART, reach / max(number, 1))
    return [round((at - (number - 1) / 2) * apart, 2) for at in range(number)]


def starts(number: int) -> list[float]:
    """Return the middles of the rows of a side, from the middle of both (pixels).

    Args:
        number: how many claims there are.
    """
    return [(at - (number - 1) / 2) * ROW for at in range(number)]


WIDE, _CENTRE, _GUTTER = 1376, 270, 80
"""How wide the picture is in a file, the concept in it, and the space in which the lines run (pixels)."""
_OTHER, _JOINT = 190, 14
"""How wide a neighbour is, and the piece of line between it and its claim (pixels)."""
_NAME, _NEAR, _CODE = 20, 13, 24
"""Size of the concept's name, of those above and below it, and the height of a code's row (pixels)."""
_BAR, _PER_ROW = 150, 3
"""How long the longest bar of a code is (pixels), and how many codes stand beside each other."""
_CODES = 24
"""How many codes are shown."""


def scene(concept: Sides, language: str = "en") -> Scene:
    """Place a concept and all that is about it for a file.

    Args:
        concept: the concept with all that is about it.
        language: ``en`` or ``zh``, for the words of the drawing itself.

    Returns:
        The scene; the same concept gives the same one.
    """
    return _Draft(concept, language).scene()


class _Draft:
    """A concept's picture in the making.

    Args:
        concept: the concept with all that is about it.
        language: ``en`` or ``zh``.
    """

    def __init__(self, concept: Sides, language: str) -> None:
        self.concept, self.language = concept, language
        most = max(len(concept.acts_on_it.claims), len(concept.it_acts_on.claims))
        self.reach = reach(most)
        self.high = self.reach + 24
        self.left = (WIDE - _CENTRE) / 2
        self.above, self.below = self._near(concept.broader, "broader"), self._beneath()
        upper = max(most * ROW / 2, self.high / 2 + 34 * len(self.above))
        self.middle = 34 + upper
        self.groups: list[Group] = []
        self.strands: list[Group] = []
        self.back: list[Group] = []

    def scene(self) -> Scene:
        """Return all of it."""
        self._concept()
        bottom = max(self._side(self.concept.acts_on_it, "acts on it", 1), self.middle + self.high / 2)
        bottom = max(bottom, self._side(self.concept.it_acts_on, "it acts on", -1))
        bottom = max(bottom, self._stack(self.below, self.middle + self.high / 2 + 10))
        self._stack(self.above, self.middle - self.high / 2 - 34 * len(self.above))
        bottom = self._codes(bottom + 30)
        return Scene(self.concept.concept.name, WIDE, bottom + 8, tuple(self.back), (*self.strands, *self.groups))

    def _fit(self, text: str, room: float, size: float, weight: int = 400) -> str:
        """Return a text on one line, shortened where there is no room for it."""
        return (lines(text, room, size, 1, weight=weight) or [""])[0]

    def _near(self, some: Sequence[Named], link: str) -> list[tuple[str, str, tuple[str, str]]]:
        """Return the texts of what is above, below or beside the concept, with the link and the record."""
        return [(f"{word(link, self.language)}: {one.name}", link, ("concept", one.id)) for one in some]

    def _beneath(self) -> list[tuple[str, str, tuple[str, str]]]:
        return self._near(self.concept.narrower, "narrower") + self._near(self.concept.related, "related")

    def _concept(self) -> None:
        """Place the concept itself."""
        told = lines(self.concept.concept.name, _CENTRE - 30, _NAME, 2, weight=600)
        joined = self.concept.acts_on_it.total + self.concept.it_acts_on.total
        about = f"{counted(joined, self.language)} · {numbers.counted(self.concept.lines, 'line', self.language)}"
        x, y = WIDE / 2, self.middle - 2 - 13 * (len(told) - 1)
        labels = [Label(x, y + 26 * n, t, _NAME, 600, anchor="middle", box="concept") for n, t in enumerate(told)]
        labels.append(Label(x, y + 26 * len(told) - 3, about, 12.5, 400, "soft", "middle", "concept"))
        box = Box("concept", self.left, self.middle - self.high / 2, _CENTRE, self.high, "concept", "accent", 2, 12)
        record = ("concept", self.concept.concept.id)
        self.groups.append(Group("concept", record, self.concept.concept.name, boxes=(box,), labels=tuple(labels)))

    def _stack(self, some: Sequence[tuple[str, str, tuple[str, str]]], top: float) -> float:
        """Place what is above or below the concept, one below the other, and return where that ends."""
        for number, (text, link, record) in enumerate(some):
            told = self._fit(text, _CENTRE - 20, _NEAR)
            wide = width(told, _NEAR) + 20
            x, y = (WIDE - wide) / 2, top + 34 * number
            name = f"{link} {record[1]}"
            box = Box(name, x, y, wide, 24, "card", "frame", 1, 12, "3 3" if link == "related" else "")
            label = Label(WIDE / 2, y + 16.5, told, _NEAR, anchor="middle", box=name)
            self.groups.append(Group("concept", record, text, boxes=(box,), labels=(label,)))
        return top + 34 * len(some)

    def _side(self, side: Side, title: str, way: int) -> float:
        """Place a side, the left one with 1 and the right one with -1, and return where it ends."""
        many = counted(side.total, self.language) if side.total else word("no claim", self.language)
        text = f"{word(title, self.language)} · {many}"
        x, anchor = (4, "start") if way > 0 else (WIDE - 4, "end")
        self.back.append(Group("heading", labels=(Label(x, 20, text, 13, 600, "soft", anchor),)))
        number, row = len(side.claims), 0
        rows, targets = starts(number), ends(number, self.reach)
        for other, some in side.neighbours:
            first, last = self.middle + rows[row], self.middle + rows[row + len(some) - 1]
            name = f"{title} {other.id}"
            at = 1 if way > 0 else WIDE - 1 - _OTHER
            box = Box(name, at, first - 16, _OTHER, last - first + 32, "concept", "accent", 1, 12)
            told = lines(other.name, _OTHER - 16, 13.5, 2, weight=600)
            y = (first + last) / 2 + 4.5 - 7 * (len(told) - 1)
            labels = tuple(
                Label(at + _OTHER / 2, y + 14 * n, t, 13.5 if len(told) == 1 else 12.5, 600, anchor="middle", box=name)
                for n, t in enumerate(told)
            )
            self.groups.append(Group("concept", ("concept", other.id), other.name, boxes=(box,), labels=labels))
            for claim in some:
                self._claim(claim, title, name, way, self.middle + rows[row], self.middle + targets[row])
                row += 1
        return self.middle + number * ROW / 2

    def _claim(self, claim: Claim, title: str, other: str, way: int, y: float, target: float) -> None:
        """Place a claim in one line, with its strands to the concept and the piece to its neighbour."""
        wide = self.left - _GUTTER - _OTHER - _JOINT - 1
        x = 1 + _OTHER + _JOINT if way > 0 else self.left + _CENTRE + _GUTTER
        name = f"{title} {claim.id}"
        stance = marks.heaviest(claim.witnesses)
        colour = marks.COLOURS.get(claim.state, marks.NONE)
        box = Box(name, x, y - 14, wide, 28, "card", colour, 1.2, 14, "" if claim.has_evidence else "3 3")
        outer, inner = (x, x + wide) if way > 0 else (x + wide, x)
        near = self.left if way > 0 else self.left + _CENTRE
        edges = []
        for strand in marks.strands(claim.witnesses):
            begin, end = (inner, y + strand.offset), (near - way * (marks.HEAD - 1), target + strand.offset)
            if way < 0:
                begin, end = (near, target + strand.offset), (inner, y + strand.offset)
            edges.append(Edge(bend(begin, end), (name, "concept"), strand.stance, strand.width, strand.dashes))
        joint = outer - way * _JOINT
        piece = ((joint, y), (outer, y)) if way > 0 else ((outer, y), (joint - marks.HEAD + 1, y))
        edges.append(Edge(piece, (name, other), stance, 1.5, marks.DASHES[stance]))
        tip = (near, target) if way > 0 else (joint, y)
        says = claim.says(self.language)
        self.strands.append(Group("strands", edges=tuple(edges), signs=(Sign(*tip, (marks.arrow(stance, 5),)),)))
        labels = self._words(claim, x, y, wide, name)
        sign = Sign(x + 16, y, marks.STATES[claim.state])
        self.groups.append(Group("claim", ("proposition", claim.id), says, (), (), (box,), labels, (sign,)))

    def _words(self, claim: Claim, x: float, y: float, wide: float, box: str) -> tuple[Label, ...]:
        """Return the texts of a claim: its id, how it joins the two, and its counts."""
        counts = [
            (f"{claims.SIGNS[s]}{claim.tally[s]}", s if claim.tally[s] else "soft", 600 if claim.tally[s] else 400)
            for s in claims.STANCES
        ]
        if not claim.has_evidence:
            counts = [(word(SHORT.get(claim.state, claim.state), self.language), "soft", 400)]
        labels, end = [], x + wide - 12
        for text, paint, weight in reversed(counts):
            labels.append(Label(end, y + 4.5, text, 13, weight, paint, "end", box))
            end -= width(text, 13, weight=600) + 6
        name = self._fit(claim.id, 90, 13, 600)
        labels.append(Label(x + 28, y + 4.5, name, 13, 600, "accent", box=box))
        start = x + 34 + width(name, 13, weight=600)
        labels.append(Label(start, y + 4.5, self._fit(claim.relation.name, end - start - 4, 13), 13, box=box))
        return tuple(labels)

    def _codes(self, top: float) -> float:
        """Place the codes with their bars, and return where they end."""
        used = [use for use in self.concept.codes if use.number][:_CODES]
        if not used:
            return top - 24
        title = f"{word('Codes that show it', self.language)} · {len(self.concept.codes)}"
        labels = [Label(4, top, title, 14, 600)]
        signs: list[Sign] = []
        shown = [(n, case) for n, case in enumerate(self.concept.cases) if any(case.id in u.by_case for u in used)]
        x = WIDE - 4.0
        for number, case in reversed(shown):
            name = self._fit(case.name, 160, 12)
            x -= width(name, 12)
            labels.append(Label(x, top, name, 12, 400, "soft"))
            signs.append(Sign(x - 16, top, (_block(0, 11, self._colour(number)),)))
            x -= 34
        longest = max(use.number for use in used)
        rows = -(-len(used) // _PER_ROW)
        for number, use in enumerate(used):
            column, row = divmod(number, rows)
            left, y = 4 + column * WIDE / _PER_ROW, top + _CODE * (row + 1) + 6
            told = self._fit(use.code.name, WIDE / _PER_ROW - _BAR - 76, 13.5)
            labels.append(Label(left, y, told, 13.5, 400, "accent"))
            at, begin = 0.0, left + WIDE / _PER_ROW - _BAR - 60
            parts = []
            for place, case in shown:
                if many := use.by_case.get(case.id):
                    long = _BAR * many / longest
                    parts.append(_block(at, max(long - 1, 1), self._colour(place)))
                    at += long
            signs.append(Sign(begin, y, tuple(parts)))
            labels.append(Label(begin + at + 6, y, str(use.number), 12.5, 400, "soft"))
        self.groups.append(Group("codes", labels=tuple(labels), signs=tuple(signs)))
        return top + _CODE * rows + 12

    def _colour(self, number: int) -> str:
        """Return the name of the colour of a case; literature, the last, has one of its own."""
        return colour(number, len(self.concept.cases))


COLOURS = 3
"""How many cases have a colour of their own before the first comes again."""


def colour(number: int, cases: int) -> str:
    """Return the name of the colour of a case.

    Args:
        number: its place among all cases, literature being the last.
        cases: how many there are.
    """
    return f"case-{COLOURS + 1 if number == cases - 1 else number % COLOURS + 1}"


def _block(x: float, wide: float, paint: str) -> Part:
    """Return a piece of a bar that stands on the line of its text."""
    return Part(f"M{x:.1f} 1v-12h{wide:.1f}v12z", paint)
