"""What stretches of a document are called in it: its pages, headings, turns and times; and the file that keeps them.

A source's text is plain. Where its document had pages or speakers, a file beside the text says so
(``sources/ID.places.json``), a place a line, so that a change of it is read as one.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.entries import Speaker

Kind = Literal["page", "heading", "paragraph", "turn", "cue"]


class Place(NamedTuple):
    """A stretch of a document's text with what it is called in the document.

    Args:
        kind: what it is; places of one kind do not overlap.
        start: where it begins (codepoints).
        end: where it ends (codepoints, exclusive).
        label: of a page what is printed on it (iv, 12, S3), of a heading its number and words, of a paragraph its
            number, of a turn who speaks, of a cue its number.
        level: of a heading 1 to 9; of a page its index, from 1.
        time: when a turn or cue begins and ends (seconds); the end is the beginning when it is unknown.
    """

    kind: Kind
    start: int
    end: int
    label: str
    level: int = 0
    time: tuple[float, float] | None = None


class Memo(NamedTuple):
    """A comment that stands in a document beside its text.

    Args:
        start: where what it is about begins (codepoints).
        end: where that ends (codepoints, exclusive).
        text: what it says.
        author: who wrote it; empty when the document does not say.
        date: when, as the document has it; empty when it does not say.
    """

    start: int
    end: int
    text: str
    author: str
    date: str


@dataclass(frozen=True)
class Places:
    """The content of a file of places.

    Args:
        text: SHA-256 of the text file.
        original: SHA-256 of the file that the text was made of.
        loader: what made it, such as ``docx 1``.
        encoding: what a person said that the file is encoded as; empty when nobody did.
        speakers: what the labels of the turns let guess of the roles.
        places: sorted by start, longest first, then kind.
        memos: the comments.
        pages: SHA-256 of the file of what each page of a PDF gave to the text (:mod:`kg.page_map`); empty for others.
    """

    text: str
    original: str
    loader: str
    encoding: str = ""
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    memos: tuple[Memo, ...] = ()
    pages: str = ""

    def write(self) -> str:
        """Return the file's text: JSON, with a line for each place and memo."""
        head = {"text": self.text, "original": self.original, "loader": self.loader}
        head |= {key: value for key, value in (("pages", self.pages), ("encoding", self.encoding)) if value}
        lines = [f"{_json(key)}: {_json(value)}" for key, value in head.items()]
        if self.speakers:
            lines.append(f'"speakers": {_json(dict(self.speakers))}')
        for key, records in (("memos", self.memos), ("places", self.places)):
            rows = ",\n  ".join(_json({k: v for k, v in one._asdict().items() if v}) for one in records)
            lines.append(f'"{key}": [\n  {rows}\n ]' if rows else f'"{key}": []')
        return "{\n " + ",\n ".join(lines) + "\n}\n"


def read(text: str, length: int) -> Places:
    """Read a file of places.

    Args:
        text: its text.
        length: codepoints of the text that it is about.

    Returns:
        Its content.

    Raises:
        ValueError: when it is not what :meth:`Places.write` writes, or a place lies outside of the text.
    """
    try:
        content: Any = json.loads(text)
        places = tuple(_place(row, length) for row in content["places"])
        memos = tuple(
            Memo(*_span(row, length), *(_text(row.get(key, "")) for key in ("text", "author", "date")))
            for row in content["memos"]
        )
        speakers = {_text(label): _role(role) for label, role in content.get("speakers", {}).items()}
        digest, original, loader, encoding, pages = (
            _text(content.get(key, "")) for key in ("text", "original", "loader", "encoding", "pages")
        )
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as e:
        raise ValueError("it is not what 'kg add' writes") from e
    if places != tuple(sorted(places, key=order)):
        raise ValueError("its places are out of order")
    return Places(digest, original, loader, encoding, speakers, places, memos, pages)


def order(place: Place) -> tuple[int, int, str]:
    """Return the key by which places are sorted: by start, the longest first, then by kind.

    Args:
        place: the place.
    """
    return place.start, -place.end, place.kind


def of_kind(places: Iterable[Place], kind: Kind) -> list[Place]:
    """Return the places of a kind, in order.

    Args:
        places: sorted.
        kind: the kind.
    """
    return [place for place in places if place.kind == kind]


def spanned(places: Sequence[Place], start: int, end: int) -> Sequence[Place]:
    """Return the places that a passage lies in or touches.

    Args:
        places: of one kind, in order.
        start: where the passage begins (codepoints).
        end: where it ends (codepoints, exclusive).

    Example:
        >>> pages = [Place("page", 0, 10, "iv"), Place("page", 11, 20, "v")]
        >>> [page.label for page in spanned(pages, 5, 15)], spanned(pages, 10, 11)
        (['iv', 'v'], [])
    """
    first = max(0, bisect_right(places, start, key=lambda place: place.start) - 1)
    last = bisect_right(places, end - 1, key=lambda place: place.start)
    return [place for place in places[first:last] if place.end > start]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _place(row: Any, length: int) -> Place:
    if row["kind"] not in get_args(Kind):
        raise ValueError(f"it has a place of the kind '{str(row['kind'])[:40]}'")
    time = row.get("time")
    if time is not None:
        begins, ends = (float(one) for one in time)
        if not 0 <= begins <= ends < math.inf:
            raise ValueError(f"it has a time of {begins} to {ends} seconds")
        time = (begins, ends)
    level = row.get("level", 0)
    if type(level) is not int:
        raise TypeError
    return Place(row["kind"], *_span(row, length), _text(row.get("label", "")), level, time)


def _span(row: Any, length: int) -> tuple[int, int]:
    start, end = row.get("start", 0), row.get("end", 0)
    if type(start) is not int or type(end) is not int:
        raise TypeError
    if not 0 <= start <= end <= length:
        raise ValueError(f"it has a place at {start}-{end}, and the text has {length:,} codepoints")
    return start, end


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # half of a character, as JSON can have, is an error of a value
    return value


def _role(value: Any) -> Any:
    from kg.entries import Speaker

    if value not in get_args(Speaker):
        raise TypeError
    return value
