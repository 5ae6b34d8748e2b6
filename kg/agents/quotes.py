"""Check whether words that are given as a quote stand in the sources, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import anchor, nearest, query
from kg.errors import KGError, UnknownTerm, closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.query import Engine

MOST = 20
"""Places that are given of a quote."""
CONTEXT = 80
"""Codepoints that are given before and after a place."""
LEAST = 60
"""Likeness, of 100, below which a place is not near."""


@dataclass(frozen=True)
class Place:
    """A place of a source where a quote stands, or what comes near it.

    Args:
        source: id of the source.
        start: where it begins (codepoints).
        end: where it ends (codepoints, exclusive).
        exact: the source's own words there.
        before: text right before it.
        after: text right after it.
        excerpts: ids of the excerpts that overlap it.
        likeness: how alike both are without white space, of 100.
        why: what speaks for it.
    """

    source: str
    start: int
    end: int
    exact: str
    before: str
    after: str
    excerpts: tuple[str, ...]
    likeness: int
    why: str


@dataclass(frozen=True)
class Checked:
    """A quote that was looked for in the sources.

    Args:
        text: the words that were given.
        verdict: ``verbatim``: it stands there word for word, but for the width of white space; ``nearest``: it does
            not, and these places come near it; ``not there``: nothing comes near it.
        places: where; of one that stands there by source and position, else the likeliest first.
        more: how many further places there are.
    """

    text: str
    verdict: str
    places: tuple[Place, ...]
    more: int


def check(engine: Engine, text: str, source: str | None = None) -> Checked:
    """Say whether a quote stands in the sources word for word, and where, or what comes near it.

    Args:
        engine: what answers queries.
        text: the words, without the quotation marks around them.
        source: id of the only source that is looked at; None means all.

    Returns:
        The verdict with the places.

    Raises:
        UnknownTerm: when no source has the id.
        KGError: when the text has no words.

    Example:
        >>> import kg
        >>> checked = check(kg.open("dart").tables, "is the guarantee")
        >>> checked.verdict, [(place.source, place.start, place.end) for place in checked.places]
        ('verbatim', [('abstract', 2390, 2406)])
    """
    quote = text.strip()
    if not any(map(str.isalnum, quote)):
        raise KGError("there are no words to look for; give those of the quote")
    places: list[Place] = []
    number = 0
    for key, whole in _texts(engine, source):
        spans = anchor.find(whole, quote)
        number += len(spans)
        exact = [(*span, 100, "it stands here word for word") for span in spans[: MOST - len(places)]]
        places += _places(engine, key, whole, exact)
    if places:
        return Checked(text, "verbatim", tuple(places), number - len(places))
    for key, whole in _texts(engine, source):
        proposed = [(one, _likeness(quote, one.exact)) for one in nearest.propose(whole, quote)]
        near = [(one.start, one.end, alike, one.why) for one, alike in proposed if one.sure or alike >= LEAST]
        places += _places(engine, key, whole, near)
    places.sort(key=lambda place: (-place.likeness, place.source, place.start))
    shown = tuple(places[: nearest.MOST])
    return Checked(text, "nearest" if shown else "not there", shown, len(places) - len(shown))


def _texts(engine: Engine, source: str | None) -> Iterator[tuple[str, str]]:
    """Give the id and the text of each source that is looked at."""
    ids = sorted(row["source"] for row in query.run(engine, "sources").dicts())
    if source is not None and source not in ids:
        raise UnknownTerm(source, "source", closest(source, ids) or ids)
    for key in ids if source is None else [source]:
        for row in query.run(engine, "source-text", id=key).dicts():
            yield key, row["whole"]


def _likeness(quote: str, exact: str) -> int:
    """Return how alike two texts are without white space, of 100."""
    from rapidfuzz import fuzz

    return int(fuzz.ratio("".join(quote.split()).casefold(), "".join(exact.split()).casefold()))


def _places(engine: Engine, source: str, whole: str, spans: list[tuple[int, int, int, str]]) -> Iterator[Place]:
    """Give places, each from where to where with its likeness and why, with what is around them."""
    coded = query.run(engine, "trace-source", id=source).dicts() if spans else []
    for start, end, likeness, why in spans:
        excerpts = {row["excerpt"] for row in coded if row["start"] < end and start < row["end"]}
        before, after = whole[max(0, start - CONTEXT) : start], whole[end : end + CONTEXT]
        yield Place(source, start, end, whole[start:end], before, after, tuple(sorted(excerpts)), likeness, why)
