"""A claim with its evidence as a butterfly: what speaks for it on the left, against it on the right, qualifying below.

Places follow from how many quotes each group has and from nothing else: a quote takes two lines and its origin one,
whatever its words are. So the lines of the page, whose text a browser sets, and those of the file, whose text is set
here, are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg import claims, query
from kg.picture import marks, theory
from kg.picture.marks import Part
from kg.picture.names import Names
from kg.picture.scene import Box, Edge, Label, Scene, Sign, bend
from kg.picture.scene import Group as Things
from kg.picture.typeset import lines, width
from kg.store import passages
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.claims import Line, Passage
    from kg.picture.theory import Named
    from kg.store.tables import Tables

TITLES = {"supports": "For", "opposes": "Against", "qualifies": "Qualifying"}
"""What each side is called."""
MOST, FIRST = 10, 6
"""How many quotes of a group are shown at most, and how many of one that has more."""


@dataclass(frozen=True)
class Quote:
    """A passage under the stance of an evidence line.

    Args:
        line: id of the evidence line; of several, of the strongest.
        excerpt: id of the passage.
        words: its words.
        strength: strong, moderate or weak.
        because: why the line counts.
        references: key and name of what it rests on, such as ``Lei (2018)``.
        source: id of its source.
        origin: what names it in one line: the first reference, or else its source.
        place: where it stands in its source, as far as known.
    """

    line: str
    excerpt: str
    words: str
    strength: str
    because: str
    references: tuple[tuple[str, str], ...]
    source: str
    origin: str
    place: str


@dataclass(frozen=True)
class Group:
    """The quotes of one case under one stance, strong before weak.

    Args:
        stance: supports, opposes or qualifies.
        case: id of the case, or :data:`kg.claims.LITERATURE`.
        name: what it is called.
        quotes: the quotes.
        independent: how many independent witnesses they are.
    """

    stance: str
    case: str
    name: str
    quotes: tuple[Quote, ...]
    independent: int

    @property
    def shown(self) -> tuple[Quote, ...]:
        """Return the quotes that are shown at once."""
        return self.quotes if len(self.quotes) <= MOST else self.quotes[:FIRST]

    @property
    def more(self) -> tuple[Quote, ...]:
        """Return the quotes that are shown when they are asked for."""
        return self.quotes[len(self.shown) :]


@dataclass(frozen=True)
class Side:
    """All quotes of one stance.

    Args:
        stance: supports, opposes or qualifies.
        groups: by case, in the study's order; a case without a quote has none.
        independent: how many independent witnesses there are in all.
    """

    stance: str
    groups: tuple[Group, ...]
    independent: int

    @property
    def number(self) -> int:
        """Return how many quotes there are."""
        return sum(len(group.quotes) for group in self.groups)


@dataclass(frozen=True)
class Butterfly:
    """A claim with its evidence.

    Args:
        claim: its id.
        statement: its words.
        subject: the concept that acts.
        relation: how it acts.
        object: the concept on which it acts.
        kind: finding, definition, gap, method or suggestion.
        stage: the stage to which it is bound, if any.
        scope: where it holds, in words, if anywhere.
        state: how it stands, one of :data:`kg.claims.STATES`.
        tally: number of its evidence lines by stance.
        sides: its evidence by stance.
        cases: every case, and literature, in the study's order.
    """

    claim: str
    statement: str
    subject: Named
    relation: Named
    object: Named
    kind: str
    stage: Named | None
    scope: str | None
    state: str
    tally: Mapping[str, int]
    sides: Mapping[str, Side]
    cases: tuple[Named, ...]


def of(
    tables: Tables,
    claim: str,
    language: str = "en",
    *,
    cases: Iterable[str] = (),
    stances: Iterable[str] = (),
    read: Iterable[Line] | None = None,
) -> Butterfly:
    """Arrange the evidence on a claim.

    Args:
        tables: the tables of the build.
        claim: id of the proposition.
        language: ``en`` or ``zh``, for names.
        cases: ids of the cases whose quotes are kept; ``literature`` stands for those of no case; empty keeps all.
        stances: stances that are kept; empty keeps all.
        read: all evidence lines on the claim, where they were read already.

    Raises:
        UnknownTerm: when there is no such case or stance.
        KeyError: when there is no such claim.
    """
    names = Names(tables, language)
    row = {r["claim"]: r for r in query.run(tables, "claims").dicts()}[claim]
    every = passages.lines_on(tables, claim) if read is None else read
    wanted, chosen = frozenset(cases), frozenset(stances)
    within = theory.chosen(tables, wanted, chosen)
    active = [n for n in every if n.status == "active" and (not chosen or n.stance in chosen)]
    all_cases = [i for kind, i in tables.names if kind == "case"]
    order = [c for c in (*all_cases, claims.LITERATURE) if not wanted or c in wanted]
    return Butterfly(
        claim=claim,
        statement=(row["statement_zh"] if language == "zh" else None) or row["statement"],
        subject=names.named("concept", row["subject"]),
        relation=names.named("relation", row["relation"]),
        object=names.named("concept", row["object"]),
        kind=row["kind"],
        scope=row["scope"],
        stage=names.named("concept", row["stage"]) if row["stage"] else None,
        state=tables.evidence.state(claim, within),
        tally=tables.evidence.tally_of(claim, within),
        sides={stance: _side(stance, active, order, names) for stance in claims.STANCES},
        cases=tuple(names.named("case", case) for case in order),
    )


def _side(stance: str, active: Sequence[Line], cases: Sequence[str], names: Names) -> Side:
    """Collect the quotes of a stance by case; one that several lines rest on is there once, as the strongest has it."""
    found: dict[str, dict[str, tuple[Line, Passage]]] = {case: {} for case in cases}
    for line in sorted((n for n in active if n.stance == stance), key=claims.rank_of):
        for passage in line.passages:
            if (case := passage.case or claims.LITERATURE) in found:
                found[case].setdefault(passage.id, (line, passage))
    groups = tuple(
        Group(
            stance,
            case,
            names.of("case", case),
            tuple(_quote(line, passage, names) for line, passage in some.values()),
            claims.witnesses(passage for _, passage in some.values()),
        )
        for case, some in found.items()
        if some
    )
    return Side(stance, groups, claims.witnesses(p for some in found.values() for _, p in some.values()))


def _quote(line: Line, passage: Passage, names: Names) -> Quote:
    references = tuple((key, names.reference(key)) for key in passage.references)
    return Quote(
        line=line.id,
        excerpt=passage.id,
        words=passage.quote,
        strength=line.strength,
        because=line.rationale,
        references=references,
        source=passage.source,
        origin=references[0][1] if references else names.of("source", passage.source),
        place=passage.where,
    )


HEADING, HEAD, QUOTE, GAP, MORE, FOOT, BETWEEN = 30, 30, 68, 6, 28, 8, 10
"""Heights (pixels) of a side's heading, a group's head, a quote, the space between two, what leads to more, a group's
foot, and the space between two groups; the style sheet of the pages has the same."""
GUTTER = 52
"""Width of the space between a side and the claim, in which the lines run (pixels)."""
CLAIM, _CORNER = 112, 20
"""How high the claim is at least, and how far from its corners lines end (pixels)."""
_LONG, _APART, _BESIDE, _SCREEN = 560, 34, 130, 640
"""Height from which a side takes two columns when the other is half as high at most; the space between the claim and
what qualifies it; how much further down than the sides, and how far in any case, that may end without standing below
them (pixels)."""


class Place(NamedTuple):
    """The place of a group on its side.

    Args:
        top: its upper edge, from the top of the side (pixels).
        height: how high it is (pixels).
    """

    top: float
    height: float

    @property
    def bottom(self) -> float:
        """Return its lower edge, from the top of the side (pixels)."""
        return self.top + self.height


def stack(groups: Iterable[Group], columns: int = 1) -> list[Place]:
    """Place groups below each other.

    Args:
        groups: the groups of a side.
        columns: in how many columns the quotes of each stand.
    """
    places: list[Place] = []
    top: float = HEADING
    for group in groups:
        rows = -(-len(group.shown) // columns)
        height = HEAD + rows * (QUOTE + GAP) - GAP + (MORE if group.more else 0) + FOOT
        places.append(Place(top, height))
        top += height + BETWEEN
    return places


class Shape(NamedTuple):
    """The shape of a butterfly.

    Args:
        double: the stance whose side takes two columns, or empty.
        below: whether what qualifies stands below both sides, and not between them under the claim.
    """

    double: str
    below: bool


def shape(scene: Butterfly) -> Shape:
    """Choose the shape that shows most on a screen.

    Args:
        scene: the claim with its evidence.
    """
    high = {stance: height(side.groups) for stance, side in scene.sides.items()}
    double = ""
    for one, other in (("supports", "opposes"), ("opposes", "supports")):
        if high[one] > _LONG and high[other] * 2 <= high[one]:
            double, high[one] = one, height(scene.sides[one].groups, 2)
    under = HEADING + CLAIM + _APART + high["qualifies"]
    return Shape(double, under > max(high["supports"] + _BESIDE, high["opposes"] + _BESIDE, _SCREEN))


def height(groups: Sequence[Group], columns: int = 1) -> float:
    """Return how high a side is (pixels).

    Args:
        groups: its groups.
        columns: in how many columns the quotes of each stand.
    """
    return stack(groups, columns)[-1].bottom if groups else HEADING


class Curve(NamedTuple):
    """The line from a group to the claim, in the space between them.

    Args:
        place: where the group stands.
        start: where it begins: the middle of the group, from the top of the side (pixels).
        end: where it ends at the claim's side, from the top of the side (pixels).
        width: how wide it is (pixels).
    """

    place: Place
    start: float
    end: float
    width: float


def curves(groups: Sequence[Group], places: Sequence[Place]) -> list[Curve]:
    """Return the line of every group of a side.

    They end one below the other as the groups stand, so that no two of them cross.

    Args:
        groups: the groups.
        places: where they stand, from :func:`stack`.
    """
    reach = CLAIM - 2 * _CORNER
    return [
        Curve(
            place,
            place.top + place.height / 2,
            round(HEADING + _CORNER + reach * (number + 0.5) / len(groups), 1),
            marks.strand_width(group.independent),
        )
        for number, (group, place) in enumerate(zip(groups, places, strict=True))
    ]


WIDE, CENTRE = 1376, 300
"""How wide the picture is in a file, and the claim in it (pixels)."""
_EDGE, _BAR, _TEXT = 8, 4, 14
"""Space between a group's edge and its quotes, width of a quote's bar, and where its text begins (pixels)."""
_WORDS, _LINE, _SMALL, _FINE = 13.5, 18, 12.5, 12
"""Size of a quote and height of its line; size of its origin, and of its strength."""
_STATEMENT, _STEP, _LINES = 19, 24, 5
"""Size of a claim's statement, height of its line, and how many lines it has at most."""


def scene(claim: Butterfly, language: str = "en") -> Scene:
    """Place a claim and its evidence for a file.

    Args:
        claim: the claim with its evidence.
        language: ``en`` or ``zh``, for the words of the drawing itself.

    Returns:
        The scene; the same claim gives the same one.
    """
    return _Draft(claim, language).scene()


class _Draft:
    """A butterfly in the making.

    Args:
        claim: the claim with its evidence.
        language: ``en`` or ``zh``.
    """

    def __init__(self, claim: Butterfly, language: str) -> None:
        self.claim, self.language, self.shape = claim, language, shape(claim)
        parts = {stance: 2 if self.shape.double == stance else 1 for stance in ("supports", "opposes")}
        room = WIDE - CENTRE - 2 * GUTTER
        self.wide = {stance: room * part / sum(parts.values()) for stance, part in parts.items()}
        self.left = self.wide["supports"] + GUTTER
        self.back: list[Things] = []
        self.edges: list[Edge] = []
        self.heads: list[Sign] = []
        self.groups: list[Things] = []

    def scene(self) -> Scene:
        """Return all of it."""
        statement = self._claim()
        bottom = max(
            self._side("supports", 0, self.wide["supports"], HEADING),
            self._side("opposes", WIDE - self.wide["opposes"], self.wide["opposes"], HEADING),
        )
        under = HEADING + statement + _APART
        side = self.claim.sides["qualifies"]
        if side.number:
            top = max(under, bottom + BETWEEN) if self.shape.below else under
            x = self.left + CENTRE / 2
            self._stem(x, top, HEADING + statement)
            bottom = max(bottom, self._below(top) if self.shape.below else self._under(top))
        height = max(bottom, HEADING + statement) + 2
        lines = Things("strands", edges=tuple(self.edges), signs=tuple(self.heads))
        title = f"{self.claim.claim}: {self.claim.statement}"
        return Scene(title, WIDE, height, tuple(self.back), (lines, *self.groups))

    def _claim(self) -> float:
        """Place the claim, and return how high it is."""
        claim, x, y = self.claim, self.left, HEADING
        told = lines(claim.statement, CENTRE - 32, _STATEMENT, _LINES, weight=600)
        high = max(CLAIM, 36 + len(told) * _STEP + 32)
        colour = marks.COLOURS.get(claim.state, marks.NONE)
        dashes = "" if any(claim.tally.values()) else "4 3"
        stage = claim.stage.name if claim.stage else word("any stage", self.language)
        labels = [
            Label(x + 16, y + 24, self._fit(f"{claim.claim} · {stage}", CENTRE - 32, _SMALL), _SMALL, 400, "soft")
        ]
        labels += [Label(x + 16, y + 48 + _STEP * n, line, _STATEMENT, 600) for n, line in enumerate(told)]
        at = y + 48 + _STEP * len(told) + 4
        counts = (
            [] if dashes else [(stance, f"{claims.SIGNS[stance]}{claim.tally[stance]}") for stance in claims.STANCES]
        )
        taken = sum(width(text, 13, weight=600) + 7 for _, text in counts)
        state = self._fit(word(claim.state, self.language), CENTRE - 64 - taken, 13, 600)
        labels.append(Label(x + 34, at, state, 13, 600))
        after = x + 48 + width(state, 13, weight=600)
        for stance, text in counts:
            number = claim.tally[stance]
            labels.append(Label(after, at, text, 13, 600 if number else 400, stance if number else "soft"))
            after += width(text, 13, weight=600) + 7
        self.groups.append(
            Things(
                "claim",
                ("proposition", claim.claim),
                f"{claim.claim}: {claim.statement}",
                boxes=(Box("claim", x, y, CENTRE, high, "card", colour, 1.8, 8, dashes),),
                labels=tuple(label._replace(box="claim") for label in labels),
                signs=(Sign(x + 22, at - 4.5, marks.STATES[claim.state]),),
            )
        )
        return high

    def _fit(self, text: str, room: float, size: float, weight: int = 400) -> str:
        """Return a text on one line, shortened where there is no room for it."""
        return (lines(text, room, size, 1, weight=weight) or [""])[0]

    def _title(self, side: Side, x: float, anchor: str, y: float = 20) -> None:
        """Write the heading of a side."""
        name = word(TITLES[side.stance], self.language)
        quotes = word("quote" if side.number == 1 else "quotes", self.language)
        many = f"{side.number} {quotes}, {side.independent} {word('independent', self.language)}"
        text = f"{name} · {many}" if side.number else name
        self.back.append(Things("heading", labels=(Label(x, y, text, 14, 600, side.stance, anchor),)))

    def _side(self, stance: str, x: float, wide: float, top: float) -> float:
        """Place one of the two wings with its lines, and return where it ends."""
        side, columns = self.claim.sides[stance], 2 if self.shape.double == stance else 1
        self._title(side, *((x + wide - 6, "end") if stance == "supports" else (x + 6, "start")))
        places = stack(side.groups, columns)
        for group, place in zip(side.groups, places, strict=True):
            self._group(group, x, place.top, wide, columns, place.height)
        for curve in curves(side.groups, places):
            begin, end, way = (wide, self.left, 1) if stance == "supports" else (x, self.left + CENTRE, -1)
            points = bend((begin, curve.start), (end - way * (marks.HEAD - 1), curve.end))
            self.edges.append(Edge(points, ("claim",), stance, curve.width, marks.DASHES[stance]))
            self.heads.append(Sign(end, curve.end, (_turned(stance, way),)))
        return places[-1].bottom if places else top

    def _under(self, top: float) -> float:
        """Place what qualifies under the claim, and return where it ends."""
        side = self.claim.sides["qualifies"]
        self._title(side, self.left + 2, "start", top + 20)
        for group, place in zip(side.groups, stack(side.groups), strict=True):
            self._group(group, self.left, top + place.top, CENTRE, 1, place.height)
        return top + height(side.groups)

    def _below(self, top: float) -> float:
        """Place what qualifies below both sides, as many quotes beside each other as fit, and return where it ends."""
        side = self.claim.sides["qualifies"]
        self._title(side, self.left + CENTRE / 2 + 14, "start", top + 20)
        y, bottom = top + HEADING, top + HEADING
        for row in _rows(side.groups):
            room = WIDE - BETWEEN * (len(row) - 1)
            columns = _shares(row)
            x = 0.0
            places = [stack([group], number)[0] for group, number in zip(row, columns, strict=True)]
            high = max(place.height for place in places)
            for group, number in zip(row, columns, strict=True):
                wide = room * number / sum(columns)
                self._group(group, x, y, wide, number, high)
                x += wide + BETWEEN
            bottom = y + high
            y = bottom + BETWEEN
        return bottom

    def _stem(self, x: float, low: float, high: float) -> None:
        """Draw the line from what qualifies up to the claim."""
        wide = marks.strand_width(self.claim.sides["qualifies"].independent)
        points = ((x, low + 4.0), (x, high + marks.HEAD - 1.0))
        self.edges.append(Edge(points, ("claim",), "qualifies", wide, marks.DASHES["qualifies"]))
        head = Part(f"M0 0l-5 {marks.HEAD:g}h10z", "qualifies")
        self.heads.append(Sign(x, high, (head,)))

    def _group(self, group: Group, x: float, y: float, wide: float, columns: int, high: float) -> None:
        """Place a group: its tint, its head, its quotes in columns."""
        box = Box("", x, y, wide, high, f"{group.stance}-tint", radius=8)
        many = str(len(group.quotes))
        name = self._fit(group.name, wide - 44, 13, 600)
        self.back.append(
            Things(
                "group",
                boxes=(box,),
                labels=(
                    Label(x + 14, y + 19, name, 13, 600),
                    Label(x + wide - 14, y + 19, many, _FINE, 400, "soft", "end"),
                ),
            )
        )
        each = (wide - 2 * _EDGE - GAP * (columns - 1)) / columns
        for number, quote in enumerate(group.shown):
            row, column = divmod(number, columns)
            place = x + _EDGE + column * (each + GAP), y + HEAD + row * (QUOTE + GAP)
            self.groups.append(self._quote(group, quote, *place, each))
        if group.more:
            more = f"+ {len(group.more)} {word('more', self.language)}"
            self.groups.append(Things("more", labels=(Label(x + 14, y + high - 16, more, _SMALL, 400, "soft"),)))

    def _quote(self, group: Group, quote: Quote, x: float, y: float, wide: float) -> Things:
        """Return a quote in two lines, with who says it and how strong it is."""
        name = f"{group.stance} {group.case} {quote.excerpt}"
        told = lines(quote.words, wide - _TEXT - 10, _WORDS, 2, serif=True)
        labels = [Label(x + _TEXT, y + 20 + _LINE * n, t, _WORDS, serif=True) for n, t in enumerate(told)]
        foot, right = y + QUOTE - 10, x + wide - 10
        strength = word(quote.strength, self.language)
        labels.append(Label(right - 20, foot, strength, _FINE, 400, "soft", "end"))
        room = wide - _TEXT - 40 - width(strength, _FINE)
        others = f"+{len(quote.references) - 1}" if len(quote.references) > 1 else ""
        place = f"· {self._fit(quote.place, room * 0.45, _SMALL)}" if quote.place else ""
        rest = " ".join(filter(None, (others, place)))
        origin = self._fit(quote.origin, room - width(f" {rest}", _SMALL), _SMALL)
        labels.append(Label(x + _TEXT, foot, origin, _SMALL, 400, "accent"))
        if rest:
            labels.append(Label(x + _TEXT + width(f"{origin} ", _SMALL), foot, rest, _SMALL, 400, "soft"))
        bar = Part(f"M0 0v{QUOTE - 6}", None, group.stance, _BAR, marks.DASHES[group.stance])
        return Things(
            "quote",
            ("excerpt", quote.excerpt),
            quote.words,
            boxes=(Box(name, x, y, wide, QUOTE, "card", "line", radius=5),),
            labels=tuple(label._replace(box=name) for label in labels),
            signs=(Sign(x + 4, y + 3, (bar,)), Sign(right - 14, foot, marks.bars(quote.strength, group.stance))),
        )


def _turned(stance: str, way: int) -> Part:
    """Return the head of an arrow that points to the right, or with -1 to the left."""
    head = marks.arrow(stance, 5)
    return head if way > 0 else head._replace(path=f"M0 0l{marks.HEAD:g} -5v10z")


_ABREAST = 5
"""How many quotes stand beside each other below both sides."""


def _rows(groups: Sequence[Group]) -> list[list[Group]]:
    """Put groups into rows in which each has room for a quote at least."""
    return [[*groups[at : at + _ABREAST]] for at in range(0, len(groups), _ABREAST)]


def _shares(row: Sequence[Group]) -> list[int]:
    """Divide the columns of a row among its groups: one to each, the rest to who has most quotes in a column."""
    columns = [1] * len(row)
    for _ in range(_ABREAST - len(row)):
        full = [len(group.shown) / number for group, number in zip(row, columns, strict=True)]
        columns[full.index(max(full))] += 1
    return columns
