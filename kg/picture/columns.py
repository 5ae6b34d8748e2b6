"""Place what free exploring shows, so that the same view is the same picture, and no line passes behind a card.

There are two forms. In *columns*, for wide windows, each kind of record has its place from left to right; a line passes
a column between two of its cards. As an *outline*, for narrow ones, each card stands under the one that it came from,
and lines run in the margin. Places are in pixels from the upper left corner.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg import claims
from kg.picture import marks, neighbourhood, typeset
from kg.picture.scene import Box, Edge, Group, Label, Scene
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.picture.neighbourhood import Link, Neighbourhood, Record
    from kg.picture.scene import Point

COLUMNS = (
    ("relation", "question", "search"), ("concept",), ("proposition",), ("line",), ("excerpt",), ("code", "coder"),
    ("source", "case"), ("reference",), ("author",),
)  # fmt: skip
"""The kinds of records from left to right; those of one place share a column."""
WIDTHS = {
    "relation": 170, "question": 190, "search": 190, "concept": 156, "proposition": 236, "line": 150, "excerpt": 304,
    "code": 156, "coder": 156, "source": 156, "case": 156, "reference": 176, "author": 150,
}  # fmt: skip
"""How wide a card is in columns, by the kind of its record (pixels)."""
SIZE, LINE, SIDE, EDGE = 13, 18, 11, 8
"""Size and height of a line of text, and the space beside it, and above and below all of them (pixels)."""
SMALLEST = 12
"""Size of the smallest type, when a picture is made smaller so that all of it is seen (pixels)."""
LOWEST = 44
"""How high a card is at least, so that a finger finds it (pixels)."""
GAP, BETWEEN, ROOM, MARGIN = 60, 40, 18, 16
"""Space between two columns, between two parts of one, between two cards of one, and around all (pixels)."""
FORMS = {"columns": 1376, "outline": 720, "narrow": 360}
"""The forms, and how wide the place is that each is for (pixels)."""
_TALL = 640
"""The height from which on a column is parted, if there is room (pixels)."""
_MOST_PARTS = 3
_MOST_LINES = {"excerpt": 9, "proposition": 6}
_FEW_LINES = 4
_FILLED = 0.97
"""The part of a line that is filled: a face that the system gives may be a little wider than ours."""
_SWEEPS = 6
_STEP, _DEPTH, _LANE, _LANES = 20, 4, 5, 9
"""In an outline: how far a card stands in from the one that it came from, and how often at most; how far lines in the
margin are apart, and how many places there are for them."""
_APART = 5
"""How far lines are apart that pass between the same two cards, if there is room (pixels)."""


class Card(NamedTuple):
    """A record with its place.

    Args:
        record: the record.
        x: its left edge.
        y: its upper edge.
        width: how wide it is.
        height: how high it is.
        caption: the small line above its words.
        lines: its words, broken.
    """

    record: Record
    x: float
    y: float
    width: float
    height: float
    caption: str
    lines: tuple[str, ...]

    @property
    def middle(self) -> float:
        """Return how far down its middle is."""
        return self.y + self.height / 2


class Path(NamedTuple):
    """A link with its way.

    Args:
        link: the link.
        points: where it begins, what it bends towards, where it ends; an angular one has its corners there.
        bent: whether it is bent, or angular.
    """

    link: Link
    points: tuple[Point, ...]
    bent: bool

    @property
    def corners(self) -> tuple[Point, ...]:
        """Return the corners of the line when it is drawn of straight pieces."""
        return _curve(self.points) if self.bent and len(self.points) > 2 else self.points


class Placed(NamedTuple):
    """A picture to explore.

    Args:
        cards: its cards, by column and from above, or from above.
        paths: its lines.
        width: how wide it is.
        height: how high it is.
        origin: how far down the height is from which those of pinned records are told.
    """

    cards: tuple[Card, ...]
    paths: tuple[Path, ...]
    width: float
    height: float
    origin: float = 0


def place(shown: Neighbourhood, form: str = "columns", language: str = "en") -> Placed:
    """Place what is shown.

    Args:
        shown: what is shown.
        form: one of :data:`FORMS`.
        language: ``en`` or ``zh``, for the captions.
    """
    return _columns(shown, language) if form == "columns" else _outline(shown, FORMS[form], language)


def captions(shown: Neighbourhood, language: str) -> dict[str, str]:
    """Return the small lines of cards: what joins each to the record that it came from, what it is, where it stands.

    Args:
        shown: what is shown.
        language: ``en`` or ``zh``.

    Returns:
        Captions by key.
    """
    bears: dict[str, list[str]] = {}
    joined: dict[tuple[str, str], str] = {}
    for link in shown.links:
        claim = link.end.partition("/")[2]
        bears.setdefault(link.start, []).extend(
            f"{word(n, language)} {claim}" for n in link.names if n in claims.STANCES
        )
        # The record that leads from has what it leads to as a broader one, and is itself a narrower one.
        joined[link.end, link.start] = link.names[0]
        joined[link.start, link.end] = "narrower" if link.names[0] == "broader" else link.names[0]
    return {record.key: _caption(record, bears, joined, language) for record in shown.records}


def _caption(record: Record, bears: dict[str, list[str]], joined: dict[tuple[str, str], str], language: str) -> str:
    if record.kind == "excerpt":
        return " · ".join(filter(None, [", ".join(bears.get(record.key, [])), record.origin]))
    kind = word(record.kind, language)
    if record.kind in ("proposition", "question", "search", "line"):
        return f"{kind} {record.id}"
    link = joined.get((record.key, record.parent), record.kind)
    return kind if link == record.kind else f"{kind} · {word(link, language)}"


def _sized(record: Record, caption: str, width: float) -> Card:
    """Return a card that has no place yet."""
    room = _FILLED * (width - 2 * SIDE)
    passage = record.kind == "excerpt"
    text = f"“{record.text}”" if passage else record.text
    most = _MOST_LINES.get(record.kind, _FEW_LINES)
    lines = tuple(typeset.lines(text, room, SIZE, most, serif=passage, weight=_weight(record)))
    # The number of what is not shown stands at the right.
    (small,) = typeset.lines(caption, room - 34, SIZE, 1) or ("",)
    return Card(record, 0, 0, width, max(LINE * (len(lines) + 1) + 2 * EDGE, LOWEST), small, lines)


def _weight(record: Record) -> int:
    return 600 if record.kind in ("concept", "proposition") else 400


def _columns(shown: Neighbourhood, language: str) -> Placed:
    told = captions(shown, language)
    sized = {r.key: _sized(r, told[r.key], WIDTHS[r.kind]) for r in shown.records}
    columns = [[key for key in sized if sized[key].record.kind in kinds] for kinds in COLUMNS]
    order = _ordered([column for column in columns if column], shown)
    parts = _parted(order, sized)
    wanted = {one.key: one.y for one in shown.view.pins}
    middles = _middles(parts, sized, shown, wanted)
    cards: dict[str, Card] = {}
    left = float(MARGIN)
    for number, column in enumerate(parts):
        if number:
            together = sized[column[0]].record.kind == sized[parts[number - 1][0]].record.kind
            left += BETWEEN if together else GAP
        wide = max(sized[key].width for key in column)
        for key in column:
            card = sized[key]
            cards[key] = card._replace(x=left, y=middles[key] - card.height / 2, width=wide)
        left += wide
    # Lines may pass above the first card of a column.
    top = min((card.y for card in cards.values()), default=0) - MARGIN - ROOM
    cards = {key: card._replace(y=round(card.y - top, 1)) for key, card in cards.items()}
    paths = _routed([[cards[key] for key in column] for column in parts], shown.links)
    lowest = max((card.y + card.height for card in cards.values()), default=0)
    return Placed(tuple(cards.values()), paths, left + MARGIN, lowest + MARGIN + ROOM, round(-top, 1))


def _ordered(columns: list[list[str]], shown: Neighbourhood) -> list[list[str]]:
    """Order each column by the mean place of the neighbours of its cards, in sweeps to the right and back.

    K. Sugiyama et al., Methods for visual understanding of hierarchical system structures, 1981; ties by what stood
    first.
    """
    near = _near(columns, shown.links)
    rank = {record.key: at for at, record in enumerate(shown.records)}
    pinned = {one.key: one.y for one in shown.view.pins}
    places = {key: (at + 0.5) / len(column) for column in columns for at, key in enumerate(column)}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            # Rounded: means that are equal but for the arithmetic are ties.
            mean = {
                key: round(sum([places[o] for o in near[key]]) / len(near[key]), 9) if near[key] else places[key]
                for key in column
            }
            column.sort(key=lambda key: (mean[key], rank[key]))
            _put(column, pinned)
            places |= {key: (at + 0.5) / len(column) for at, key in enumerate(column)}
    return columns


def _put(column: list[str], pinned: dict[str, int]) -> None:
    """Order the cards of a column that were put somewhere by where that is, in the places that they have together."""
    at = [place for place, key in enumerate(column) if key in pinned]
    for place, key in zip(at, sorted((column[p] for p in at), key=lambda key: pinned[key]), strict=True):
        column[place] = key


def _near(columns: Sequence[Sequence[str]], links: Iterable[Link]) -> dict[str, list[str]]:
    """Return by key the keys of the neighbours in other columns."""
    where = {key: at for at, column in enumerate(columns) for key in column}
    near: dict[str, list[str]] = {key: [] for key in where}
    for link in links:
        if where[link.start] != where[link.end]:
            near[link.start].append(link.end)
            near[link.end].append(link.start)
    return near


def _parted(columns: list[list[str]], sized: dict[str, Card]) -> list[list[str]]:
    """Part tall columns while there is room, the cards in turn, so that lines find their way between them."""

    def wide(column: Sequence[str]) -> float:
        return max(sized[key].width for key in column)

    def high(column: Sequence[str], parts: int) -> float:
        return sum(sized[key].height + ROOM for key in column) / parts

    parts = [1] * len(columns)
    while columns:
        room = FORMS["columns"] * SIZE / SMALLEST - 2 * MARGIN - GAP * (len(columns) - 1)
        room -= sum(n * wide(c) + (n - 1) * BETWEEN for n, c in zip(parts, columns, strict=True))
        tallest = max(range(len(columns)), key=lambda at: (high(columns[at], parts[at]), -at))
        kinds = {sized[key].record.kind for key in columns[tallest]}
        too_low = high(columns[tallest], parts[tallest]) < _TALL or len(kinds) > 1
        if too_low or parts[tallest] == _MOST_PARTS or wide(columns[tallest]) + BETWEEN > room:
            break
        parts[tallest] += 1
    return [column[at::n] for column, n in zip(columns, parts, strict=True) for at in range(n)]


def _middles(
    columns: Sequence[Sequence[str]], sized: dict[str, Card], shown: Neighbourhood, pinned: dict[str, int]
) -> dict[str, float]:
    """Return how far down the middle of each card is: near the middle of its neighbours, below that before it.

    The first record is at 0, and what was put somewhere stays there as long as it meets nothing.
    """
    near = _near(columns, shown.links)
    begun = {key: at for at, key in enumerate(shown.view.of) if key in sized}
    middles: dict[str, float] = {}
    for column in columns:
        high = sum(sized[key].height + ROOM for key in column)
        y = -high / 2
        for key in column:
            middles[key] = y + (sized[key].height + ROOM) / 2
            y += sized[key].height + ROOM
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            aims = [
                (float(pinned[key]), 1e8) if key in pinned
                else (0.0, 1e5) if len(begun) == 1 and key in begun
                else (sum([middles[o] for o in near[key]]) / len(near[key]), float(len(near[key]))) if near[key]
                else (middles[key], 0.1)
                for key in column
            ]  # fmt: skip
            heights = [sized[key].height + ROOM for key in column]
            middles |= dict(zip(column, _spread(aims, heights), strict=True))
    return middles


def _spread(aims: Sequence[tuple[float, float]], heights: Sequence[float]) -> list[float]:
    """Return middles as near to what they aim at as their order and heights let them be.

    The distances that must be kept are taken out; what is left is to rise, and neighbours that would fall are put at
    their mean (the pool adjacent violators algorithm, M. Ayer et al., 1955).

    Args:
        aims: the middles aimed at, with their weights.
        heights: how high each is, with the space around it.
    """
    taken = [0.0]
    for one, other in pairwise(heights):
        taken.append(taken[-1] + (one + other) / 2)
    pools: list[tuple[float, float, int]] = []
    for (aim, weight), away in zip(aims, taken, strict=True):
        mean, heavy, count = aim - away, weight, 1
        while pools and pools[-1][0] > mean:
            before, weighs, some = pools.pop()
            mean = (mean * heavy + before * weighs) / (heavy + weighs)
            heavy, count = heavy + weighs, count + some
        pools.append((mean, heavy, count))
    level = [mean for mean, _, count in pools for _ in range(count)]
    return [round(mean + away, 1) for mean, away in zip(level, taken, strict=True)]


class _Pass(NamedTuple):
    """A place where a line passes a column: which line and column, which space, and at what height it would pass."""

    line: int
    column: int
    space: int
    height: float


def _routed(columns: list[list[Card]], links: Sequence[Link]) -> tuple[Path, ...]:
    """Return the lines: level where they leave, pass and arrive, bent between the columns."""
    where = {card.record.key: (at, card) for at, column in enumerate(columns) for card in column}
    ends = []
    for link in links:
        one, other = where[link.start], where[link.end]
        ends.append((one, other) if one[0] <= other[0] else (other, one))
    passes: dict[tuple[int, int], list[_Pass]] = {}
    for line, ((begin, start), (end, card)) in enumerate(ends):
        for at in range(begin + 1, end):
            part = (at - begin) / (end - begin)
            height = start.middle + (card.middle - start.middle) * part
            space = sum(other.middle < height for other in columns[at])
            passes.setdefault((at, space), []).append(_Pass(line, at, space, height))
    heights: dict[tuple[int, int], float] = {}
    for (at, space), some in passes.items():
        column = columns[at]
        above = column[space - 1].y + column[space - 1].height if space else float("-inf")
        below = column[space].y if space < len(column) else float("inf")
        some.sort(key=lambda passing: (passing.height, passing.line))
        for passing, height in zip(some, _within([p.height for p in some], above, below), strict=True):
            heights[passing.line, at] = height
    paths = []
    for line, ((begin, start), (end, card)) in enumerate(ends):
        if begin == end:
            points: list[Point] = [(start.x, start.middle), (start.x - 30, start.middle), (card.x - 30, card.middle)]
            points.append((card.x, card.middle))
        else:
            points = [(start.x + start.width, start.middle)]
            for at in range(begin + 1, end):
                left, right = columns[at][0].x, columns[at][0].x + columns[at][0].width
                y = heights[line, at]
                middle = (points[-1][0] + left) / 2
                points += [(middle, points[-1][1]), (middle, y), (left, y), (right, y)]
            middle = (points[-1][0] + card.x) / 2
            points += [(middle, points[-1][1]), (middle, card.middle), (card.x, card.middle)]
        directed = points if links[line].start == start.record.key else points[::-1]
        paths.append(Path(links[line], tuple((round(x, 1), round(y, 1)) for x, y in directed), bent=True))
    return tuple(paths)


def _within(heights: Sequence[float], above: float, below: float) -> list[float]:
    """Return where lines pass a space: at the heights given where there is room, apart from each other.

    Args:
        heights: where they would pass, rising.
        above: where the space begins.
        below: where it ends.
    """
    edge = ROOM / 3
    apart = min(_APART, (below - above - 2 * edge) / max(len(heights) - 1, 1)) if len(heights) > 1 else 0
    spread = _spread([(height, 1) for height in heights], [apart] * len(heights))
    push = min(0, below - edge - spread[-1])
    spread = [height + push for height in spread]
    # Those that were pushed too far up are put in order from above.
    lowest = above + edge
    return [round(max(height, lowest + at * apart), 1) for at, height in enumerate(spread)]


def _curve(points: Sequence[Point], steps: int = 8) -> tuple[Point, ...]:
    """Return the corners of a line that bends towards points: the middle of each two lies on it."""
    bends = points[1:-1]
    through = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(bends)]
    corners = [points[0]]
    for (x0, y0), (x1, y1), (x2, y2) in zip([points[0], *through], bends, [*through, points[-1]], strict=True):
        for step in range(1, steps + 1):
            t = step / steps
            s = 1 - t
            corners.append(
                (round(s * s * x0 + 2 * s * t * x1 + t * t * x2, 2), round(s * s * y0 + 2 * s * t * y1 + t * t * y2, 2))
            )
    return tuple(corners)


def _outline(shown: Neighbourhood, wide: float, language: str) -> Placed:
    """Place each card under the one that it came from, further in."""
    children: dict[str, list[Record]] = {}
    for record in shown.records:
        children.setdefault(record.parent, []).append(record)
    told = captions(shown, language)
    depths: dict[str, int] = {}
    cards: dict[str, Card] = {}
    pairs = {frozenset((link.start, link.end)) for link in shown.links}
    # A line to the card that this one came from is drawn beside the cards between them; the others in the margin.
    short = {r.key for r in shown.records if r.parent and frozenset((r.key, r.parent)) in pairs}
    margin = MARGIN / 2 + (_LANE * (_LANES + 1) if len(pairs) > len(short) else 0)
    top = float(MARGIN)
    waiting = [(record, 0) for record in reversed(children.get("", []))]
    while waiting:
        record, depth = waiting.pop()
        depths[record.key] = depth
        inside = margin + _STEP * min(depth, _DEPTH)
        card = _sized(record, told[record.key], wide - MARGIN / 2 - inside)
        cards[record.key] = card._replace(x=inside, y=top)
        top += card.height + ROOM - 6
        waiting += [(child, depth + 1) for child in reversed(children.get(record.key, []))]
    short = {key for key in short if depths[key] <= _DEPTH}
    order = {key: at for at, key in enumerate(cards)}
    lanes = _lanes(
        [
            sorted((order[link.start], order[link.end]))
            for link in shown.links
            if not any(one in short and cards[one].record.parent == other for one, other in _both(link))
        ]
    )
    paths = []
    for link in shown.links:
        near = [(one, other) for one, other in _both(link) if one in short and cards[one].record.parent == other]
        if near:
            child, parent = cards[near[0][0]], cards[near[0][1]]
            points = [(parent.x + 9, parent.y + parent.height), (parent.x + 9, child.middle), (child.x, child.middle)]
            if link.start != parent.record.key:
                points.reverse()
        else:
            one, other = cards[link.start], cards[link.end]
            x = margin - _LANE * (1 + next(lanes))
            points = [(one.x, one.middle), (x, one.middle), (x, other.middle), (other.x, other.middle)]
        paths.append(Path(link, tuple((round(x, 1), round(y, 1)) for x, y in points), bent=False))
    return Placed(tuple(cards.values()), tuple(paths), wide, top + MARGIN)


def _both(link: Link) -> tuple[tuple[str, str], tuple[str, str]]:
    return (link.start, link.end), (link.end, link.start)


def _lanes(spans: list[list[int]]) -> Iterator[int]:
    """Give each span a lane of the margin: the first that is free, or that with fewest of those it would meet."""
    taken: list[list[list[int]]] = [[] for _ in range(_LANES)]
    lanes = {}
    for number in sorted(range(len(spans)), key=lambda at: (spans[at][1] - spans[at][0], spans[at], at)):
        begin, end = spans[number]
        meets = [sum(a <= end and begin <= b for a, b in lane) for lane in taken]
        lanes[number] = meets.index(min(meets))
        taken[lanes[number]].append(spans[number])
    return iter([lanes[number] for number in range(len(spans))])


_PAINT = {
    "proposition": ("card", "ink"), "concept": ("concept", "accent"), "code": ("band", "frame"),
    "source": ("band", "frame"), "case": ("band", "frame"), "coder": ("band", "frame"), "relation": ("band", "frame"),
}  # fmt: skip
"""Names of the colours inside and around a card, by the kind of its record; the others have those of a passage."""


def scene(shown: Neighbourhood, placed: Placed, language: str = "en") -> Scene:
    """Return a placed picture as a scene.

    Args:
        shown: what is shown.
        placed: where it stands.
        language: ``en`` or ``zh``, for what is read out.
    """
    edges = tuple(_edge(path) for path in placed.paths)
    groups = [Group("links", edges=edges)] + [_node(card, language) for card in placed.cards]
    return Scene(shown.title, round(placed.width, 1), round(placed.height, 1), (), tuple(groups))


def _edge(path: Path) -> Edge:
    stance = neighbourhood.stance(path.link)
    ends = (path.link.start, path.link.end)
    return Edge(path.corners, ends, stance or "frame", 1.8 if stance else 1.2, marks.DASHES.get(stance, ""))


def _node(card: Card, language: str) -> Group:
    record = card.record
    fill, stroke = _PAINT.get(record.kind, ("card", "frame"))
    name = record.key
    box = Box(name, card.x, card.y, card.width, card.height, fill, stroke, 1.5 if not record.parent else 1, 6)
    x, y = card.x + SIDE, card.y + EDGE + SIZE
    labels = [Label(x, y, card.caption, SIZE, 400, "soft", box=name)]
    labels += [
        Label(x, y + LINE * at, line, SIZE, _weight(record), "ink", box=name, serif=record.kind == "excerpt")
        for at, line in enumerate(card.lines, 1)
    ]
    if record.more:
        right = card.x + card.width - SIDE
        labels.append(Label(right, y, f"+{record.more}", SIZE, 600, "accent", "end", name))
    says = f"{word(record.kind, language)} {record.id}: {record.text}"
    return Group("node", (record.kind, record.id), says, (record.kind,), boxes=(box,), labels=tuple(labels))
