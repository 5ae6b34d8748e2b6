"""Draw a scene as SVG: with classes in a page, whose style sheet has the colours, and with attributes in a file.

There is no script, no font and no picture from elsewhere, and text stays text.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Protocol

from kg.picture.marks import PALETTES
from kg.picture.typeset import width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.picture.marks import Part
    from kg.picture.scene import Box, Edge, Group, Label, Scene, Sign

SANS = "'Source Sans 3', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
SERIF = "'Source Serif 4', 'Songti SC', 'Noto Serif CJK SC', serif"


class _Paint(Protocol):
    """The way in which colours and faces are written."""

    def shape(self, fill: str | None, stroke: str | None = None) -> str:
        """Return the attributes that give a shape its colours."""

    def text(self, label: Label) -> str:
        """Return the attributes that give a text its face, colour and width."""


class _Classes:
    """Colours as classes: ``f-`` and the name of a colour fills with it, ``s-`` strokes with it."""

    def shape(self, fill: str | None, stroke: str | None = None) -> str:
        """Return the attributes that give a shape its colours."""
        names = [f"f-{fill}" if fill else "f-no", *([f"s-{stroke}"] if stroke else [])]
        return f'class="{" ".join(names)}"'

    def text(self, label: Label) -> str:
        """Return the attributes that give a text its face and colour."""
        bold = " bold" if label.weight > 500 else ""
        serif = " serif" if label.serif else ""
        return f'class="f-{label.colour}{bold}{serif}" font-size="{label.size:g}"'


class _Attributes:
    """Colours as attributes, out of a palette.

    Args:
        palette: colours by name.
    """

    def __init__(self, palette: dict[str, str]) -> None:
        self.palette = palette

    def shape(self, fill: str | None, stroke: str | None = None) -> str:
        """Return the attributes that give a shape its colours."""
        filled = f'fill="{self.palette[fill] if fill else "none"}"'
        return f'{filled} stroke="{self.palette[stroke]}"' if stroke else filled

    def text(self, label: Label) -> str:
        """Return the attributes that give a text its face and colour, and its width whatever face is at hand."""
        bold = ' font-weight="600"' if label.weight > 500 else ""
        serif = f' font-family="{SERIF}"' if label.serif else ""
        wide = width(label.text, label.size, weight=label.weight, serif=label.serif)
        fit = f' textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs"' if label.text else ""
        return f'fill="{self.palette[label.colour]}" font-size="{label.size:g}"{bold}{serif}{fit}'


def in_page(scene: Scene, address: Callable[[str, str], str], name: str = "") -> str:
    """Draw a scene for a page: colours are classes, records are links.

    Args:
        scene: what is drawn.
        address: gives the address of a record, by its kind and id.
        name: a further class of the drawing.

    Returns:
        The SVG element, for HTML.
    """
    return "".join(
        [
            f'<svg class="scene {name}" {_size(scene)} role="group" aria-label="{escape(scene.title)}">',
            *_drawn(scene, _Classes(), address),
            "</svg>",
        ]
    )


def in_file(scene: Scene, theme: str = "light") -> str:
    """Draw a scene for a file that stands alone.

    Args:
        scene: what is drawn.
        theme: one of :data:`kg.picture.marks.PALETTES`.

    Returns:
        The SVG document; the same scene gives the same text.
    """
    palette = PALETTES[theme]
    named = f'font-family="{SANS}" role="img" aria-label="{escape(scene.title)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {_size(scene)} {named}>',
            f'<rect width="{scene.width:g}" height="{scene.height:g}" fill="{palette["paper"]}"/>',
            *_drawn(scene, _Attributes(palette)),
            "</svg>\n",
        ]
    )


def _size(scene: Scene) -> str:
    wide, high = f"{scene.width:g}", f"{scene.height:g}"
    return f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'


def sign(parts: Iterable[Part]) -> str:
    """Draw a mark alone, for a line of text in a page.

    Args:
        parts: what it consists of.

    Returns:
        An SVG element of 14 by 14 pixels that is not read out.
    """
    drawn = "".join([_part(part, _Classes()) for part in parts])
    return f'<svg class="sign" viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true">{drawn}</svg>'


def strand(stance: str, thickness: float, dashes: str, *, upright: float = 0) -> str:
    """Draw a strand alone, for a page.

    Args:
        stance: its stance, which is the name of its colour.
        thickness: how wide it is (pixels).
        dashes: its dashes (pixels on, pixels off).
        upright: how high it is when it goes down (pixels); 0 when it lies, 26 pixels long.

    Returns:
        An SVG element that is not read out.
    """
    wide, high = (thickness, upright) if upright else (26, 10)
    path = f"M{thickness / 2:g} 0v{upright:g}" if upright else "M0 5h26"
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<svg class="sign" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" aria-hidden="true">'
        f'<path class="f-no s-{stance}" stroke-width="{thickness:g}"{dashed} d="{path}"/></svg>'
    )


def _drawn(scene: Scene, paint: _Paint, address: Callable[[str, str], str] | None = None) -> list[str]:
    return [_group(group, paint, address) for group in (*scene.back, *scene.groups)]


def _group(group: Group, paint: _Paint, address: Callable[[str, str], str] | None) -> str:
    parts = [_edge(edge, paint) for edge in group.edges]
    parts += [_box(box, paint) for box in group.boxes]
    for one in group.signs:
        parts.append(_sign(one, paint))
    parts += [_label(label, paint) for label in group.labels]
    inner = "".join(parts)
    if address is None:
        title = f"<title>{escape(group.says)}</title>" if group.says else ""
        return f"<g>{title}{inner}</g>"
    names = " ".join((group.kind, *group.marks))
    if not group.record:
        return f'<g class="{names}">{inner}</g>'
    says = escape(group.says)
    # The title is what the link is called, and has the same content in words.
    return (
        f'<a class="{names}" href="{escape(address(*group.record))}"><title>{says}</title>'
        f'<g aria-hidden="true">{_reach(group)}{inner}</g></a>'
    )


def _reach(group: Group) -> str:
    """Return what makes all of a row a target for the pointer, not only its thin lines."""
    if not group.edges:
        return ""
    points = [point for edge in group.edges for point in (edge.points[0], edge.points[-1])]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(b.y for b in group.boxes), max(b.y + b.height for b in group.boxes)
    return f'<rect class="reach" x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}"/>'


def _box(box: Box, paint: _Paint) -> str:
    thick = f' stroke-width="{box.thickness:g}"' if box.stroke else ""
    dashed = f' stroke-dasharray="{box.dashes}"' if box.dashes else ""
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{box.radius:g}" '
        f"{paint.shape(box.fill, box.stroke)}{thick}{dashed}/>"
    )


def _edge(edge: Edge, paint: _Paint) -> str:
    path = "L".join([f"{x:.1f} {y:.2f}" for x, y in edge.points])
    dashed = f' stroke-dasharray="{edge.dashes}"' if edge.dashes else ""
    return f'<path d="M{path}" {paint.shape(None, edge.colour)} stroke-width="{edge.width:g}"{dashed}/>'


def _label(label: Label, paint: _Paint) -> str:
    anchor = f' text-anchor="{label.anchor}"' if label.anchor != "start" else ""
    return f'<text x="{label.x:.1f}" y="{label.y:.1f}" {paint.text(label)}{anchor}>{escape(label.text)}</text>'


def _sign(one: Sign, paint: _Paint) -> str:
    return f'<g transform="translate({one.x:.1f} {one.y:.1f})">{"".join([_part(p, paint) for p in one.parts])}</g>'


def _part(part: Part, paint: _Paint) -> str:
    thick = f' stroke-width="{part.width:g}"' if part.stroke else ""
    dashed = f' stroke-dasharray="{part.dashes}"' if part.dashes else ""
    return f'<path d="{part.path}" {paint.shape(part.fill, part.stroke)}{thick}{dashed}/>'
