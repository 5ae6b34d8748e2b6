"""Places by Graphviz's ``dot``, where it is installed: an optional program, called with a limit of time."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from kg.picture.layout import Layout, Line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.picture.layout import Node
    from kg.picture.scene import Point

SECONDS = 10
"""How long it may take; after that the figure has columns of our own."""
_INCH = 72
"""Pixels in an inch: a point of ``dot`` is a pixel of ours."""
_MARGIN = 4
_STEPS = 6
"""Into how many straight lines a piece of a curve is broken."""


def layout(nodes: Mapping[str, Node], arrows: Sequence[tuple[str, str, str]]) -> Layout | None:
    """Ask ``dot`` for places.

    Args:
        nodes: the boxes by name.
        arrows: name of the subject, of the label and of the object of each claim.

    Returns:
        None when it is not installed, took too long, or failed.
    """
    program = shutil.which("dot")
    if program is None:
        return None
    # Numbers for names: nothing of a study reaches the program.
    numbers = {name: f"n{number}" for number, name in enumerate(nodes)}
    text = ['digraph {rankdir=LR; splines=true; nodesep=0.2; ranksep=0.5; node [shape=box, fixedsize=true, label=""];']
    text += [
        f"{numbers[node.name]} [width={node.width / _INCH:.4f}, height={node.height / _INCH:.4f}];"
        for node in nodes.values()
    ]
    pairs = [pair for subject, label, acted_on in arrows for pair in ((subject, label), (label, acted_on))]
    text += [f"{numbers[start]} -> {numbers[end]} [tailport=e, headport=w, dir=none];" for start, end in pairs]
    try:
        run = subprocess.run(  # noqa: S603 - the program is found by its name, as the user's shell would
            [program, "-Tplain"],
            input="\n".join([*text, "}"]),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
        return _read(run.stdout, nodes, numbers)
    except (OSError, ValueError, KeyError, IndexError, subprocess.SubprocessError):
        return None


def _read(plain: str, nodes: Mapping[str, Node], numbers: Mapping[str, str]) -> Layout:
    """Read its plain output: a line a box and a line an edge, in inches from the lower left corner."""
    names = {number: name for name, number in numbers.items()}
    wide = high = 0.0
    at: dict[str, Point] = {}
    points: dict[Line, Sequence[Point]] = {}

    def place(x: str, y: str) -> Point:
        return _MARGIN + float(x) * _INCH, high - _MARGIN - float(y) * _INCH

    for row in plain.splitlines():
        kind, *rest = row.split()
        if kind == "graph":
            wide, high = float(rest[1]) * _INCH + 2 * _MARGIN, float(rest[2]) * _INCH + 2 * _MARGIN
        elif kind == "node":
            node = nodes[names[rest[0]]]
            x, y = place(rest[1], rest[2])
            at[node.name] = round(x - node.width / 2, 2), round(y - node.height / 2, 2)
        elif kind == "edge":
            given = [place(rest[3 + 2 * n], rest[4 + 2 * n]) for n in range(int(rest[2]))]
            points[Line(names[rest[0]], names[rest[1]])] = _straight(given)
    missing = nodes.keys() - at.keys()
    if missing:
        raise ValueError(missing)
    return Layout(round(wide, 1), round(high, 1), at, points)


def _straight(given: Sequence[Point]) -> list[Point]:
    """Break cubic curves that follow each other into straight lines."""
    points = [given[0]]
    for n in range(0, len(given) - 3, 3):
        a, b, c, d = given[n : n + 4]
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            u = 1 - t
            points.append(
                (
                    round(u**3 * a[0] + 3 * u * u * t * b[0] + 3 * u * t * t * c[0] + t**3 * d[0], 2),
                    round(u**3 * a[1] + 3 * u * u * t * b[1] + 3 * u * t * t * c[1] + t**3 * d[1], 2),
                )
            )
    return points
