"""What measures the pictures finds every fault that it is there to find, in a scene and in a page."""

from __future__ import annotations

import browser
import measuring
import pytest

from kg.picture.scene import Box, Edge, Group, Label, Scene

LEFT, RIGHT = Box("left", 0, 0, 100, 30), Box("right", 300, 0, 100, 30)
JOINED = Edge(((100, 15), (300, 15)), ("left", "right"), "supports", 2)


def scene(*, boxes=(), labels=(), edges=()):
    return Scene("", 400, 100, (), (Group("row", boxes=(LEFT, RIGHT, *boxes), labels=labels, edges=(JOINED, *edges)),))


def test_a_picture_without_fault_has_none():
    inside = Label(50, 20, "inside", 13, anchor="middle", box="left")
    assert measuring.of_scene(scene(labels=(inside,))).faults() == []


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (scene(labels=(Label(0, 90, "small", 11),)), "11.0 px"),
        (scene(boxes=(Box("middle", 150, 0, 50, 30),)), "1 lines behind boxes"),
        (scene(labels=(Label(150, 19, "crossed"),)), "1 lines through texts"),
        (scene(labels=(Label(0, 90, "one over"), Label(20, 92, "the other"))), "overlaps"),
        (scene(labels=(Label(0, 20, "far too long for its box", box="left"),)), "is outside"),
        (scene(labels=(Label(390, 90, "beyond the edge"),)), "is outside"),
        (scene(boxes=(Box("over", 50, 0, 100, 30),), edges=()), "overlaps"),
        (scene(boxes=(Box("below", 150, 50, 50, 30),), edges=(Edge(((50, 30), (350, 90)), ("left",), "opposes", 1),)), "1 lines behind"),
    ],
)  # fmt: skip
def test_every_fault_of_a_scene_is_found(drawn, said):
    assert said in "; ".join(measuring.of_scene(drawn).faults())


PAGE = """<!doctype html><body style="margin:0"><div class="map"><svg width="{width}" viewBox="0 0 400 100" font-size="14">
<a class="concept"><g><rect x="0" y="0" width="100" height="30" fill="none" stroke="#000"/><text x="10" y="20">left</text></g></a>
<a class="row"><g><path d="M100 15H300"/>{more}</g></a>
<a class="concept"><g><rect x="300" y="0" width="100" height="30" fill="none" stroke="#000"/><text x="310" y="20">right</text></g></a>
</svg></div>"""


@pytest.mark.parametrize(
    ("more", "width", "said"),
    [
        ("", 400, ""),
        ("", 300, "the smallest text has 10.5 px"),
        ("", 2000, "it scrolls sideways by"),
        ("</g></a><a class='concept'><g><rect x='150' y='0' width='50' height='30'/>", 400, "1 lines behind boxes"),
        ("</g></a><a class='concept'><g><text x='150' y='20'>crossed</text>", 400, "1 lines through texts"),
        ("<text x='12' y='22'>over</text>", 400, "overlaps"),
    ],
)
def test_every_fault_of_a_page_is_found(chromium, tmp_path, more, width, said):
    (tmp_path / "page.html").write_text(PAGE.format(width=width, more=more))
    with browser.Visit(chromium, tmp_path.as_uri()) as visit:
        figures = measuring.of_page(visit.go("/page.html"), ".map")
    assert figures.edges == 1
    assert said in "; ".join(figures.faults())
    assert figures.faults() == [] or said
