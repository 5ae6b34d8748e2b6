"""Choose what a client would rather have, by the qualities that it gives (RFC 9110, 12.4 and 12.5)."""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+', re.DOTALL)
"""A part of a list; a comma in quotes does not end it."""
_QUALITY = re.compile(r";[ \t]*q[ \t]*=[ \t]*([^; \t]*)", re.IGNORECASE)
_NUMBER = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")


@lru_cache(64)
def best(header: str, offers: tuple[str, ...]) -> str:
    """Return the offer that a client would rather have.

    Args:
        header: what it says in ``Accept``; empty when it says nothing.
        offers: media types; of those that are as good, one named by itself goes before one that a ``*`` stands
            for, and then the first. The first one is also given when none is acceptable: a person who reads it
            can mend more than one who reads of an error.

    Example:
        >>> best("text/turtle;q=0.1, text/html", ("text/turtle", "text/html"))
        'text/html'
        >>> best("text/*, text/html;q=0", ("text/html", "text/turtle"))
        'text/turtle'
    """
    ranges = _ranges(header)
    ranked = [(*_rank(ranges, offer), -place) for place, offer in enumerate(offers)]
    return offers[-max(ranked)[-1]] if max(ranked)[0] else offers[0]


@lru_cache(64)
def compressed(header: str) -> bool:
    """Say whether a client would rather have what is compressed by gzip.

    Args:
        header: what it says in ``Accept-Encoding``.

    Example:
        >>> compressed("gzip, deflate"), compressed("gzip;q=0"), compressed("identity, gzip;q=0.5"), compressed("")
        (True, False, False, False)
    """
    ranges = _ranges(header)
    gzip, plain = _rank(ranges, "gzip")[0], _rank(ranges, "identity")[0]
    return 0 < gzip >= plain


def _ranges(header: str) -> dict[str, float]:
    """Return the quality of each name; what is none is left out, and so are parameters, which no offer has."""
    ranges: dict[str, float] = {}
    for part in _PART.findall(header):
        name = part.partition(";")[0].strip().lower()
        quality = _QUALITY.search(part)
        if not quality or _NUMBER.fullmatch(quality[1]):
            ranges[name] = max(ranges.get(name, 0.0), float(quality[1]) if quality else 1.0)
    return ranges


def _rank(ranges: dict[str, float], offer: str) -> tuple[float, int]:
    """Return the quality of an offer by the range that names it most closely, and how closely that does."""
    names = (offer, f"{offer.partition('/')[0]}/*", "*/*" if "/" in offer else "*")
    for closeness, name in zip((2, 1, 0), names, strict=True):
        if name in ranges:
            return ranges[name], closeness
    return 0.0, 0
