"""What each page of a PDF gave to its text: the way back from a passage to the page where it stands.

It is kept in a file of its own beside the places (``sources/ID.pages.json``), a page a line, because it is long and
only asked for when a page is looked at: no build reads it. The file of places has its digest.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIX = ".pages.json"
_PLACES = ".places.json"


class PageText(NamedTuple):
    """What a page of a PDF gave to the text, and what it did not.

    Args:
        label: what is printed on it; its index, from 1, when the file does not say.
        runs: for each run of characters that stand side by side on the page and in the text three numbers: how far
            behind the one before it begins in the text, how far behind it on the page (which may be less than none),
            and its length. So a line of print takes some eight bytes of JSON.
        left_out: running heads, page numbers and numbers of lines, as they stand there.
        size: width and height as it is shown, in points of 1/72 inch.
    """

    label: str
    runs: tuple[int, ...]
    left_out: tuple[str, ...] = ()
    size: tuple[float, float] = (0.0, 0.0)


def file_beside(places: str) -> str:
    """Return the name of the file of a page map.

    Args:
        places: that of the places of the same source.

    Example:
        >>> file_beside("sources/lee.places.json")
        'sources/lee.pages.json'
    """
    return places.removesuffix(_PLACES).removesuffix(".json") + SUFFIX


def write(pages: Iterable[PageText]) -> str:
    """Return the text of a file of pages: JSON, a page a line.

    Args:
        pages: all of a document, in order.

    Example:
        >>> print(write([PageText("iv", (0, 0, 5), (), (595.0, 842.0))]), end="")
        {"pages": [
        {"label":"iv","size":[595,842],"runs":[0,0,5]}
        ]}
    """
    rows = []
    for page in pages:
        row: dict[str, Any] = {"label": page.label, "size": [_short(edge) for edge in page.size], "runs": page.runs}
        if page.left_out:
            row["left_out"] = page.left_out
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        rows.append(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))
    return '{"pages": [\n' + ",\n".join(rows) + "\n]}\n"


def read(text: str, length: int) -> tuple[PageText, ...]:
    """Read a file of pages.

    Args:
        text: its text.
        length: codepoints of the text that it is about.

    Raises:
        ValueError: when it is not what :func:`write` writes, or leads out of the text.
    """
    try:
        content: Any = json.loads(text)
        return tuple(_page(row, length) for row in content["pages"])
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as e:
        raise ValueError("it is not what 'kg add' writes") from e


def _page(row: Any, length: int) -> PageText:
    label, runs, left_out = row["label"], row["runs"], row.get("left_out", [])
    width, height = (float(edge) for edge in row["size"])
    if not all(isinstance(one, str) for one in (label, *left_out)) or not all(type(one) is int for one in runs):
        raise TypeError
    if len(runs) % 3 or not (0 <= width < math.inf and 0 <= height < math.inf):
        raise ValueError("it is not what 'kg add' writes")
    at = 0
    for step, characters in zip(runs[::3], runs[2::3], strict=True):
        at += step
        if step < 0 or characters < 0 or at + characters > length:
            raise ValueError(f"it leads out of the text, which has {length:,} codepoints")
        at += characters
    return PageText(label, tuple(runs), tuple(left_out), (width, height))


def _short(number: float) -> float:
    """Return a number without a fraction that says nothing."""
    return int(number) if number == int(number) else round(number, 2)
