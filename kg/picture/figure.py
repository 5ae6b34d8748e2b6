"""The theory as a figure for print: each concept once, claims as labelled arrows between them.

Places come from Graphviz's ``dot`` where it is installed, and else from columns of our own: what acts stands left of
what it acts on, the label of a claim between them, and a line that passes a column does so between its boxes. In both,
a line has the stance with most independent witnesses; the counts of all stances stand on the label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.picture import dot, layers, marks, pill
from kg.picture.layout import Layout, Line, Node
from kg.picture.map import ordered
from kg.picture.scene import Box, Edge, Group, Label, Scene, Sign
from kg.picture.typeset import lines, width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.picture.theory import Claim, Theory

WIDE = 1200
"""How wide parts that share no concept stand side by side (pixels)."""
_NAME, _LINE, _MOST = 14, 17, 170
"""Size of a concept's name, height of a line of it, and how wide it is before it is broken."""
_GUTTER, _PORT, _APART = 48, 8, 20
"""Space between two columns, between two lines at the side of a box, and between parts of the figure."""
_SWEEPS = 6


def figure(theory: Theory, *, graphviz: bool = True) -> Scene:
    """Place the figure of a theory.

    Args:
        theory: its claims.
        graphviz: whether Graphviz is asked where it is installed.

    Returns:
        The scene; the same theory gives the same one on the same machine.
    """
    parts = [_part(part, theory.language, graphviz=graphviz) for part in _apart(ordered(theory.claims))]
    # Small parts share a row; a stable sort keeps contested ones first among those of one height.
    parts.sort(key=lambda part: part.height)
    groups: list[Group] = []
    x = y = high = wide = 0.0
    for part in parts:
        if x and x + part.width > WIDE:
            x, y, high = 0.0, y + high + _APART, 0.0
        groups += [group.moved(x, y) for group in part.groups]
        x, high = x + part.width + _APART, max(high, part.height)
        wide = max(wide, x - _APART)
    return Scene(theory.title, wide, y + high, (), tuple(groups))


def _apart(rows: Sequence[Claim]) -> list[list[Claim]]:
    """Split claims into those that share a concept, as subject or object, directly or through others."""
    parts: list[tuple[set[str], list[Claim]]] = []
    for claim in rows:
        own = {claim.subject.id, claim.object.id}
        joined = [part for part in parts if part[0] & own]
        parts = [part for part in parts if not part[0] & own]
        merged = [one for _, some in joined for one in some]
        parts.append((own.union(*(concepts for concepts, _ in joined)), [*merged, claim]))
    return [some for _, some in parts]


def _part(some: Sequence[Claim], language: str, *, graphviz: bool) -> Scene:
    """Place claims that hang together."""
    concepts = {c.id: c for claim in some for c in (claim.subject, claim.object)}
    names = {key: lines(c.name, _MOST, _NAME, 3, weight=600) for key, c in concepts.items()}
    words = {claim.id: pill.words(claim, language, 420) for claim in some}
    joins = dict.fromkeys(concepts, 0)
    for claim in some:
        for key in (claim.subject.id, claim.object.id):
            joins[key] += 1
    nodes = {
        f"concept-{key}": Node(
            f"concept-{key}",
            max([width(text, _NAME, weight=600) for text in names[key]] + [20]) + 24,
            max(len(names[key]) * _LINE + 13, joins[key] * _PORT + 8),
        )
        for key in concepts
    } | {f"claim-{claim.id}": Node(f"claim-{claim.id}", words[claim.id].width, pill.HEIGHT) for claim in some}
    arrows = [(f"concept-{c.subject.id}", f"claim-{c.id}", f"concept-{c.object.id}") for c in some]
    layout = (dot.layout(nodes, arrows) if graphviz else None) or columns(nodes, arrows)
    groups = []
    for key, concept in concepts.items():
        node, (x, y) = nodes[f"concept-{key}"], layout.at[f"concept-{key}"]
        box = Box(node.name, x, y, node.width, node.height, "concept", "accent", radius=10)
        first = y + node.height / 2 + 5 - (len(names[key]) - 1) * _LINE / 2
        labels = tuple(
            Label(x + node.width / 2, first + _LINE * n, text, _NAME, 600, "ink", "middle", box.name)
            for n, text in enumerate(names[key])
        )
        groups.append(Group("concept", ("concept", key), concept.name, boxes=(box,), labels=labels))
    groups += [_claim(claim, words[claim.id], layout, language) for claim in some]
    return Scene("", layout.width, layout.height, (), tuple(groups))


def _claim(claim: Claim, words: pill.Words, layout: Layout, language: str) -> Group:
    """Return a claim as an arrow with its label."""
    subject, name, acted_on = f"concept-{claim.subject.id}", f"claim-{claim.id}", f"concept-{claim.object.id}"
    x, y = layout.at[name]
    box, labels, sign = pill.placed(claim, words, x, y + pill.HEIGHT / 2)
    stance = marks.heaviest(claim.witnesses)
    strand = next(one for one in marks.strands(claim.witnesses) if one.stance == stance)
    before, after = layout.points[Line(subject, name)], layout.points[Line(name, acted_on)]
    tip, forward = after[-1], after[-1][0] >= after[-2][0]
    # The line ends where the head begins, which lies level.
    after = [*after[:-1], (tip[0] + (1 - marks.HEAD if forward else marks.HEAD - 1), tip[1])]
    edges = tuple(
        Edge(tuple(points), ends, stance, strand.width, strand.dashes, (name,))
        for points, ends in ((before, (subject,)), (after, (acted_on,)))
    )
    head = Sign(*tip, (marks.arrow(stance, max(4.5, strand.width / 2 + 2.5), back=not forward),))
    return Group("row", ("proposition", claim.id), claim.says(language), (), edges, (box,), labels, (head, sign))


def columns(nodes: Mapping[str, Node], arrows: Sequence[tuple[str, str, str]]) -> Layout:
    """Place boxes in columns from left to right, each arrow through the label that stands between its ends.

    Args:
        nodes: the boxes by name.
        arrows: name of the subject, of the label and of the object of each claim.
    """
    layer = _layers(arrows)
    by_layer: dict[int, list[str]] = {}
    for name in nodes:
        by_layer.setdefault(layer[name], []).append(name)
    order = [by_layer[key] for key in sorted(by_layer)]
    column_of = {name: number for number, column in enumerate(order) for name in column}
    pairs = list(dict.fromkeys(Line(*pair) for s, c, o in arrows for pair in ((s, c), (c, o))))
    near: dict[str, list[str]] = {name: [] for name in nodes}
    for start, end in pairs:
        near[start].append(end)
        near[end].append(start)
    _sort(order, near)
    middle = _heights(order, near, nodes)
    lefts, x = [], 1.0
    for column in order:
        lefts.append(x)
        x += max(nodes[name].width for name in column) + _GUTTER
    rights = [x - _GUTTER for x in (*lefts[1:], x)]
    at = {
        name: (lefts[n] + (rights[n] - lefts[n] - nodes[name].width) / 2, middle[name] - nodes[name].height / 2)
        for n, column in enumerate(order)
        for name in column
    }
    spans = [[(at[name][1], at[name][1] + nodes[name].height) for name in column] for column in order]
    ports = _ports(pairs, column_of, middle, nodes)
    points = {}
    for pair in pairs:
        begun, ended = column_of[pair.start], column_of[pair.end]
        forward = begun <= ended
        left, right = (pair.start, pair.end) if forward else (pair.end, pair.start)
        y0, y1 = ports[left, "right", pair], ports[right, "left", pair]
        way = [(at[left][0] + nodes[left].width, y0), (rights[column_of[left]], y0)]
        for n in range(column_of[left] + 1, column_of[right]):
            across = y0 + (y1 - y0) * (lefts[n] - way[0][0]) / (at[right][0] - way[0][0])
            y = layers.gap(spans[n], across)
            way += [(lefts[n] - 4, y), (rights[n] + 4, y)]
        way += [(lefts[column_of[right]] - marks.HEAD, y1), (at[right][0], y1)]
        points[pair] = way if forward else way[::-1]
    # The lines that pass above or below all boxes belong to it, too.
    reach = [y for way in points.values() for _, y in way] + [y for _, y in at.values()]
    top = min(reach) - _PORT / 2
    high = max(*reach, *(y + nodes[name].height for name, (_, y) in at.items())) + _PORT / 2
    return Layout(
        x - _GUTTER + 1,
        high - top,
        {name: (x, y - top) for name, (x, y) in at.items()},
        {pair: [(x, y - top) for x, y in way] for pair, way in points.items()},
    )


def _layers(arrows: Sequence[tuple[str, str, str]]) -> dict[str, int]:
    """Return the column of every box: of concepts even, of labels odd; what acts stands left, except in a circle."""
    onward: dict[str, list[str]] = {}
    for subject, _, acted_on in arrows:
        onward.setdefault(subject, []).append(acted_on)
        onward.setdefault(acted_on, [])
    kept: dict[str, list[str]] = {name: [] for name in onward}
    done: dict[str, bool] = {}
    # Depth first, without recursion: an arrow to a concept that is still open would close a circle.
    acted_upon = {acted_on for _, _, acted_on in arrows}
    finished: list[str] = []
    for root in sorted(onward, key=lambda name: name in acted_upon):
        if root in done:
            continue
        done[root] = False
        stack = [(root, iter(onward[root]))]
        while stack:
            name, following = stack[-1]
            other = next(following, None)
            if other is None:
                done[name] = True
                finished.append(name)
                stack.pop()
            elif other not in done:
                kept[name].append(other)
                done[other] = False
                stack.append((other, iter(onward[other])))
            elif done[other]:
                kept[name].append(other)
    depth = dict.fromkeys(onward, 0)
    for name in reversed(finished):
        for other in kept[name]:
            depth[other] = max(depth[other], depth[name] + 1)
    # What nothing acts on moves next to what it acts on.
    for name in onward:
        if name not in {other for some in kept.values() for other in some} and kept[name]:
            depth[name] = min(depth[other] for other in kept[name]) - 1
    layer = {name: 2 * number for name, number in depth.items()}
    for subject, label, acted_on in arrows:
        near, far = sorted((layer[subject], layer[acted_on]))
        # A long arrow has its label next to its subject.
        layer[label] = near + 1 if layer[subject] <= layer[acted_on] else far - 1
    return layer


def _sort(order: list[list[str]], near: Mapping[str, list[str]]) -> None:
    """Order the boxes of every column by the mean place of their neighbours, in sweeps to the right and back."""
    place = {name: (at + 0.5) / len(column) for column in order for at, name in enumerate(column)}
    for sweep in range(_SWEEPS):
        for column in order if sweep % 2 == 0 else reversed(order):
            # Rounded: means that are equal but for the arithmetic are ties.
            means = {name: round(sum(place[o] for o in near[name]) / len(near[name]), 9) for name in column}
            column.sort(key=means.__getitem__)
            place |= {name: (at + 0.5) / len(column) for at, name in enumerate(column)}


def _heights(order: list[list[str]], near: Mapping[str, list[str]], nodes: Mapping[str, Node]) -> dict[str, float]:
    """Return the middle of every box: as near to the middle of its neighbours as the others of its column let it."""
    middle: dict[str, float] = {}
    for column in order:
        y = 0.0
        for name in column:
            middle[name] = y + nodes[name].height / 2
            y += nodes[name].height + layers.ROOM
    for sweep in range(_SWEEPS):
        for column in order if sweep % 2 == 0 else reversed(order):
            wanted = [sum(middle[o] for o in near[name]) / len(near[name]) for name in column]
            middle |= dict(zip(column, _spread(wanted, [nodes[name].height for name in column]), strict=True))
    return middle


def _spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Return places in their order without overlap, as near to the wanted ones as can be (least squares).

    The distances that must be kept are taken out; what is left is to rise, and neighbours that would fall are put at
    their mean (R. E. Barlow et al., Statistical inference under order restrictions, 1972).
    """
    offsets, total = [], 0.0
    for number, height in enumerate(heights):
        total += height / 2 + (heights[number - 1] / 2 + layers.ROOM if number else -height / 2)
        offsets.append(total)
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        mean, number = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, some = blocks.pop()
            mean, number = (mean * number + other * some) / (number + some), number + some
        blocks.append((mean, number))
    levels = [mean for mean, number in blocks for _ in range(number)]
    return [round(level + offset, 2) for level, offset in zip(levels, offsets, strict=True)]


def _ports(
    pairs: Sequence[Line], column_of: Mapping[str, int], middle: Mapping[str, float], nodes: Mapping[str, Node]
) -> dict[tuple[str, str, Line], float]:
    """Return the height at which each line meets the side of a box: side by side, in the order of their other ends."""
    sides: dict[tuple[str, str], list[tuple[float, Line]]] = {}
    for pair in pairs:
        left, right = pair if column_of[pair.start] <= column_of[pair.end] else (pair.end, pair.start)
        sides.setdefault((left, "right"), []).append((middle[right], pair))
        sides.setdefault((right, "left"), []).append((middle[left], pair))
    ports = {}
    for (name, side), some in sides.items():
        step = min(2.0 * _PORT, (nodes[name].height - 8) / max(len(some), 1))
        first = middle[name] - step * (len(some) - 1) / 2
        for number, (_, pair) in enumerate(sorted(some)):
            ports[name, side, pair] = round(first + step * number, 2)
    return ports
