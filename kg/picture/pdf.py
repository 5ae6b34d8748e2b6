"""Draw a scene as PDF by matplotlib: text stays text, in the faces of the machine."""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING, Any

from kg.errors import StoreUnavailable
from kg.picture.marks import PALETTES
from kg.picture.typeset import width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.picture.scene import Point, Scene

_FACES = ("Source Sans 3", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans CJK JP", "DejaVu Sans")
"""The faces that are taken as far as the machine has them; matplotlib brings the last."""
_POINTS = 0.75
"""Points in a pixel."""
_STEPS = 12
"""Into how many straight lines a curve of a mark is broken."""


def write(scene: Scene, theme: str = "light") -> bytes:
    """Draw a scene as a PDF of one page.

    Args:
        scene: what is drawn.
        theme: one of :data:`kg.picture.marks.PALETTES`.

    Returns:
        The file; on one machine the same scene gives the same bytes.

    Raises:
        StoreUnavailable: when matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib import font_manager
        from matplotlib.backends.backend_pdf import FigureCanvasPdf
        from matplotlib.figure import Figure
    except ImportError as e:
        raise StoreUnavailable(
            "a PDF needs the package matplotlib: pip install '.[report]' in the checkout; SVG needs none"
        ) from e
    names = set(font_manager.get_font_names())
    faces = [face for face in _FACES if face in names]
    with mpl.rc_context({"font.family": faces, "pdf.fonttype": 3}):
        figure = Figure(figsize=(scene.width * _POINTS / 72, scene.height * _POINTS / 72))
        canvas: Any = FigureCanvasPdf(figure)
        _draw(figure, scene, PALETTES[theme])
        out = io.BytesIO()
        canvas.print_pdf(out, metadata={"Title": scene.title, "CreationDate": None, "Producer": None, "Creator": None})
    return out.getvalue()


def _draw(figure: Any, scene: Scene, palette: dict[str, str]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle
    from matplotlib.text import Text
    from matplotlib.textpath import text_to_path
    from matplotlib.transforms import Affine2D

    # Pixels from the upper left corner, as everywhere; a figure counts points from the lower left.
    inch = _POINTS / 72
    place = Affine2D().scale(inch, -inch).translate(0, scene.height * inch) + figure.dpi_scale_trans
    order = 0

    def add(artist: Any) -> None:
        nonlocal order
        order += 1
        artist.set_transform(place)
        artist.set_zorder(order)
        figure.add_artist(artist)

    def line(points: list[Point], colour: str, thickness: float, dashes: str) -> None:
        x, y = zip(*points, strict=True)
        pattern = [float(one) * _POINTS for one in dashes.split()]
        drawn = Line2D(x, y, color=palette[colour], linewidth=thickness * _POINTS, solid_capstyle="butt")
        if pattern:
            # matplotlib counts dashes in widths of the line.
            drawn.set_dashes([one / (thickness * _POINTS) for one in pattern])
        add(drawn)

    add(Rectangle((0, 0), scene.width, scene.height, facecolor=palette["paper"], linewidth=0))
    for group in (*scene.back, *scene.groups):
        for edge in group.edges:
            line(list(edge.points), edge.colour, edge.width, edge.dashes)
        for box in group.boxes:
            radius = min(box.radius, box.height / 2, box.width / 2)
            add(
                FancyBboxPatch(
                    (box.x, box.y),
                    box.width,
                    box.height,
                    boxstyle=f"round,pad=0,rounding_size={radius}",
                    facecolor=palette[box.fill],
                    edgecolor=palette[box.stroke] if box.stroke else "none",
                    linewidth=box.thickness * _POINTS if box.stroke else 0,
                    linestyle=(0, tuple(float(n) for n in box.dashes.split())) if box.dashes else "solid",
                )
            )
        for sign in group.signs:
            for part in sign.parts:
                for points in _flat(part.path):
                    moved = [(x + sign.x, y + sign.y) for x, y in points]
                    if part.fill:
                        add(Polygon(moved, closed=True, facecolor=palette[part.fill], linewidth=0))
                    if part.stroke:
                        line(moved, part.stroke, part.width, part.dashes)
        for label in group.labels:
            text = Text(
                label.x,
                label.y,
                # A dollar sign would begin a formula.
                label.text.replace("$", r"\$"),
                fontsize=label.size * _POINTS,
                fontweight="bold" if label.weight > 500 else "normal",
                color=palette[label.colour],
                ha={"start": "left", "middle": "center", "end": "right"}[label.anchor],
                va="baseline",
            )
            add(text)
            wide, _, _ = text_to_path.get_text_width_height_descent(label.text, text.get_fontproperties(), ismath=False)
            room = width(label.text, label.size, weight=label.weight, serif=label.serif)
            if wide > room * _POINTS > 0:
                # Another face than the one that places were computed for is wider.
                text.set_fontsize(label.size * _POINTS * room * _POINTS / wide)


def _flat(path: str) -> Iterator[list[Point]]:
    """Give the lines of a mark's path, its curves broken into straight pieces.

    Args:
        path: moves, lines, half circles and the quadratic curves of :mod:`kg.picture.marks`.
    """
    x = y = 0.0
    control = (0.0, 0.0)
    points: list[Point] = []
    for command, numbers in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        given = [float(one) for one in re.findall(r"-?[\d.]+", numbers)]
        if command in "Mm":
            if points:
                yield points
            x, y = (given[0], given[1]) if command == "M" else (x + given[0], y + given[1])
            points = [(x, y)]
        elif command == "z":
            points.append(points[0])
            x, y = points[0]
        elif command == "a":
            radius, sweep = given[0], given[4]
            middle = x + given[5] / 2, y + given[6] / 2
            begun = math.atan2(y - middle[1], x - middle[0])
            turn = math.pi if sweep else -math.pi
            points += [
                (middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle))
                for angle in (begun + turn * n / _STEPS for n in range(1, _STEPS + 1))
            ]
            x, y = x + given[5], y + given[6]
        elif command in "qt":
            bend = (x + given[0], y + given[1]) if command == "q" else (2 * x - control[0], 2 * y - control[1])
            end = x + given[-2], y + given[-1]
            for n in range(1, _STEPS + 1):
                t = n / _STEPS
                points.append(
                    (
                        (1 - t) ** 2 * x + 2 * t * (1 - t) * bend[0] + t * t * end[0],
                        (1 - t) ** 2 * y + 2 * t * (1 - t) * bend[1] + t * t * end[1],
                    )
                )
            control, (x, y) = bend, end
        else:
            right, down = {"h": (given[0], 0.0), "v": (0.0, given[0])}.get(command) or (given[0], given[1])
            x, y = x + right, y + down
            points.append((x, y))
    if points:
        yield points
