"""Measure a picture as a reader would judge it: type that is too small, lines behind boxes, texts in each other's way.

The same figures are taken of a scene before it is drawn (:func:`of_scene`) and of a page in a browser (:func:`of_page`).
A scene needs only ``boxes`` (name, x, y, width, height), ``labels`` (x, y, text, size, weight, anchor, box, serif) and
``edges`` (points, ends, between): any picture that has them is measured.
"""

from __future__ import annotations

from typing import NamedTuple

from kg.picture import typeset

SMALLEST = 12
"""The smallest type that is allowed (pixels)."""
ASCENT, DESCENT = 0.74, 0.22
"""How far a text reaches above and below its baseline, in parts of its size."""
SLACK = 0.75
"""What may overlap without being seen (pixels)."""


class Figures(NamedTuple):
    """What was measured of a picture.

    Args:
        width: how wide it is (pixels).
        height: how high it is (pixels).
        smallest: size of its smallest text (pixels).
        edges: number of its lines.
        behind: number of lines that pass behind a box that they have nothing to do with.
        overlaps: pairs of texts that overlap.
        through: number of lines that pass through a text.
        outside: texts that leave their box or the picture.
        in_view: part of the texts that are seen when the page has loaded, from 0 to 1; None of a scene.
        sideways: how far the page scrolls sideways (pixels); 0 of a scene.
    """

    width: float
    height: float
    smallest: float
    edges: int
    behind: int
    overlaps: tuple[tuple[str, str], ...]
    through: int
    outside: tuple[str, ...]
    in_view: float | None = None
    sideways: float = 0

    def faults(self):
        """Return what is wrong, in words; empty when nothing is."""
        found = []
        if self.smallest < SMALLEST - 0.05:
            found.append(f"the smallest text has {self.smallest:.1f} px")
        for number, what in ((self.behind, "lines behind boxes"), (self.through, "lines through texts")):
            if number:
                found.append(f"{number} {what}")
        found += [f"{one!r} overlaps {other!r}" for one, other in self.overlaps[:5]]
        found += [f"{text!r} is outside" for text in self.outside[:5]]
        if self.sideways > 0:
            found.append(f"it scrolls sideways by {self.sideways:.0f} px")
        return found


def rectangle(label):
    """Return the rectangle that a label covers: left, top, right, bottom."""
    wide = typeset.width(label.text, label.size, weight=label.weight, serif=label.serif)
    left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, label.y - ASCENT * label.size, left + wide, label.y + DESCENT * label.size


def meets(one, other, slack=SLACK):
    """Return whether two rectangles overlap by more than what is not seen."""
    return (
        one[0] < other[2] - slack
        and other[0] < one[2] - slack
        and one[1] < other[3] - slack
        and other[1] < one[3] - slack
    )


def crosses(start, end, box, slack=SLACK):
    """Return whether a straight line passes through a rectangle (Liang and Barsky, 1984)."""
    left, top, right, bottom = box[0] + slack, box[1] + slack, box[2] - slack, box[3] - slack
    if left >= right or top >= bottom:
        return False
    (x, y), dx, dy = start, end[0] - start[0], end[1] - start[1]
    enters, leaves = 0.0, 1.0
    for towards, room in ((-dx, x - left), (dx, right - x), (-dy, y - top), (dy, bottom - y)):
        if towards == 0:
            if room < 0:
                return False
        elif towards < 0:
            enters = max(enters, room / towards)
        else:
            leaves = min(leaves, room / towards)
    return enters < leaves


def passes(edge, box):
    """Return whether a line with corners passes through a rectangle."""
    return any(crosses(a, b, box) for a, b in zip(edge.points, edge.points[1:], strict=False))


def overlapping(rectangles):
    """Return pairs of names of rectangles that overlap; of many, only those that can meet are compared."""
    found, open_ones = [], []
    for name, box in sorted(rectangles, key=lambda pair: (pair[1][1], pair[0])):
        open_ones = [(n, b) for n, b in open_ones if b[3] > box[1]]
        found += [(other, name) for other, b in open_ones if meets(b, box)]
        open_ones.append((name, box))
    return tuple(found)


def of_scene(scene):
    """Measure a scene."""
    boxes = {b.name: (b.x, b.y, b.x + b.width, b.y + b.height) for b in scene.boxes}
    assert len(boxes) == len(scene.boxes), "two boxes have one name"
    labels = [(label, rectangle(label)) for label in scene.labels]
    behind = through = 0
    for edge in scene.edges:
        own = {*edge.ends, *edge.between}
        assert own <= boxes.keys()
        behind += any(passes(edge, box) for name, box in boxes.items() if name not in own)
        # A label lies on its own edge, in a box that covers it; any other is crossed.
        through += any(passes(edge, box) for label, box in labels if label.box not in edge.between or not label.box)
    outside = []
    for label, (left, top, right, bottom) in labels:
        x0, y0, x1, y1 = boxes.get(label.box, (0, 0, scene.width, scene.height))
        if left < x0 - SLACK or top < y0 - SLACK or right > x1 + SLACK or bottom > y1 + SLACK:
            outside.append(label.text)
    outside += [
        name for name, (x0, y0, x1, y1) in boxes.items() if x0 < 0 or y0 < 0 or x1 > scene.width or y1 > scene.height
    ]
    return Figures(
        scene.width,
        scene.height,
        min((label.size for label in scene.labels), default=SMALLEST),
        len(scene.edges),
        behind,
        overlapping([(label.text, box) for label, box in labels]) + overlapping(list(boxes.items())),
        through,
        tuple(outside),
    )


_IN_PAGE = """
([picture, boxes, edges]) => {
  const root = document.querySelector(picture), seen = [];
  const visible = (node) => { const r = node.getBoundingClientRect(); return r.width > 0 && r.height > 0 && getComputedStyle(node).visibility !== "hidden"; };
  const hidden = (node) => node.closest("title, .hidden, details:not([open]) > :not(summary), [hidden]");
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || hidden(parent) || !visible(parent)) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const matrix = parent.getScreenCTM ? parent.getScreenCTM() : null;
    const size = parseFloat(getComputedStyle(parent).fontSize) * (matrix ? Math.hypot(matrix.a, matrix.b) : 1);
    for (const r of range.getClientRects()) {
      // The height of a rectangle is that of the line; letters reach over less of it.
      const middle = (r.top + r.bottom) / 2;
      if (r.width > 0.5) seen.push({ text: node.data.trim().slice(0, 40), size, own: parent.closest("a, g, li, p, section"), box: [r.left, middle - size * 0.42, r.right, middle + size * 0.42] });
    }
  }
  const solid = [...root.querySelectorAll(boxes)].filter(visible).map((node) => ({ node, own: node.closest("a, g") || node, box: (({ left, top, right, bottom }) => [left, top, right, bottom])(node.getBoundingClientRect()) }));
  const lines = [...root.querySelectorAll(edges)].filter((node) => node.getTotalLength && getComputedStyle(node).display !== "none" && node.closest("svg").getBoundingClientRect().width > 0).map((node) => {
    const length = node.getTotalLength(), matrix = node.getScreenCTM(), steps = Math.max(8, Math.ceil(length / 4)), points = [];
    for (let at = 0; at <= steps; at++) { const p = node.getPointAtLength(length * at / steps).matrixTransform(matrix); points.push([p.x, p.y]); }
    return { own: node.closest("a, g:not([transform])") || node, points };
  });
  const within = (points, box) => points.some(([x, y]) => x > box[0] + 1 && x < box[2] - 1 && y > box[1] + 1 && y < box[3] - 1);
  const meets = (a, b) => a[0] < b[2] - 1 && b[0] < a[2] - 1 && a[1] < b[3] - 1 && b[1] < a[3] - 1;
  const overlaps = [];
  const order = [...seen].sort((a, b) => a.box[1] - b.box[1]);
  for (let i = 0; i < order.length; i++)
    for (let j = i + 1; j < order.length && order[j].box[1] < order[i].box[3]; j++)
      if (meets(order[i].box, order[j].box)) overlaps.push([order[i].text, order[j].text]);
  const frame = root.getBoundingClientRect();
  return {
    width: frame.width, height: frame.height, edges: lines.length, overlaps,
    smallest: Math.min(...seen.map((t) => t.size)),
    behind: lines.filter((l) => solid.some((b) => b.own !== l.own && within(l.points, b.box))).length,
    through: lines.filter((l) => seen.some((t) => !(t.own === l.own) && within(l.points, t.box))).length,
    outside: seen.filter((t) => t.box[0] < -1 || t.box[2] > innerWidth + 1).map((t) => t.text),
    in_view: seen.filter((t) => t.box[1] >= 0 && t.box[3] <= innerHeight).length / Math.max(seen.length, 1),
    sideways: document.documentElement.scrollWidth - innerWidth,
  };
}
"""

BOXES = "a.row > g > rect:not(.reach), a.concept > g > rect"
EDGES = "a.row > g > path"


def of_page(page, picture, boxes=BOXES, edges=EDGES):
    """Measure a picture in a page as the browser drew it.

    Args:
        page: the page, in Playwright.
        picture: selector of the picture.
        boxes: selector of what no line may pass behind.
        edges: selector of the lines, as SVG paths.
    """
    found = page.evaluate(_IN_PAGE, [picture, boxes, edges])
    return Figures(**{**found, "overlaps": tuple(map(tuple, found["overlaps"])), "outside": tuple(found["outside"])})
