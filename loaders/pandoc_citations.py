"""Citations of Pandoc and the places in them: ``[see @smith2014, pp. 33-35; @lee2015, chap. 2]``.

What is read is what https://pandoc.org/MANUAL.html#citation-syntax describes: items parted by semicolons, words before
and after, labels in short and in full, ranges and lists, braces around a place that is hard to read, a number without
a label as a page; and labels in Chinese, as in ``第12页``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.csl import CITED
from kg.locators import LABELS, plain
from kg.records import Locator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.locators import Term


class Item(NamedTuple):
    """The citation of one reference.

    Args:
        key: the reference's key.
        locator: the place in it, if one is given and can be read.
        unread: words behind the key that are no place that can be read; empty when there are none, or when they are
            plain words behind a place.
        start: where these words begin in the text (codepoints).
    """

    key: str
    locator: Locator | None
    unread: str = ""
    start: int = 0


MOST = 200
"""Codepoints that a place may have; what is longer is none."""
_CHINESE_NUMBERS = "一二三四五六七八九十百千零〇两"
_WORD = re.compile(r"\(?\w+(?:[.:/'’*+]\w+|\(\w+\))*\)?")
_NUMBER = re.compile(rf"\(?(?:\w*\d.*|[ivxlcdm]+|[a-z]|[{_CHINESE_NUMBERS}]+)\)?", re.IGNORECASE)
"""A word that can be a value: it has a digit, or is a Roman or Chinese numeral, or one letter."""
_DASH = re.compile(r"\s*[-–—]{1,3}\s*")
_LIST = re.compile(r"\s*[,，、&]\s*(?:and\s+)?|\s+and\s+")
_TIME = re.compile(r"\d+:[0-5]\d:[0-5]\d\b")
_SPACE = re.compile(r"[\s,，]*")
_QUOTES = "\"'“”‘’"


def items(text: str, start: int, end: int) -> Iterator[Item]:
    """Read a cluster of citations.

    Args:
        text: a text.
        start: where the cluster begins in it, with its bracket (codepoints).
        end: where it ends (codepoints, exclusive).

    Yields:
        A citation for each key, in order.

    Example:
        >>> cluster = "[see @smith2014, pp. 33-35; @lee2015, p. twelve]"
        >>> [(i.key, str(i.locator), i.unread) for i in items(cluster, 0, len(cluster))]
        [('smith2014', 'page 33-35', ''), ('lee2015', 'None', 'p. twelve')]
    """
    for match, first, last, limit in _keys(text, start, end):
        place, at = _read(text, first, last)
        words = text[at:last].strip(" \t\r\n,，")
        # Words before a second key of an item join the two; empty braces say that what follows is no place.
        is_joint = place is not None or (limit < end - 1 and last == limit)
        if text.startswith("{}", first) or (is_joint and not is_place(words)):
            words = ""
        yield Item(match[1], place, words, text.find(words, at))


def signs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Find what of a cluster is needed to read its citations: the keys with their places, and what parts them.

    Args:
        text: a text.
        start: where the cluster begins in it, with its bracket (codepoints).
        end: where it ends (codepoints, exclusive).

    Yields:
        Stretches of the text, in order.

    Example:
        >>> cluster = "[as she told us @smith2014, pp. 33-35 in haste; @lee2015]"
        >>> [cluster[start:end] for start, end in signs(cluster, 0, len(cluster))]
        ['[', '@smith2014, pp. 33-35', ';', '@lee2015', ']']
    """
    yield start, start + 1
    for match, first, last, limit in _keys(text, start, end):
        place, at = _read(text, first, last)
        yield match.start(), at if place else first + 2 * text.startswith("{}", first)
        if last < limit:
            yield last, last + 1
    yield end - 1, end


def _keys(text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], int, int, int]]:
    """Give each key of a cluster, where what follows it begins and ends, and where the next key or the end is."""
    matches = list(CITED.finditer(text, start, end))
    for match, limit in zip(matches, [*(following.start() for following in matches[1:]), end - 1], strict=False):
        first = match.end() + (text.startswith("{", match.start() + 1) and text.startswith("}", match.end()))
        yield match, first, _end_of_item(text, first, limit), limit


def locator(text: str) -> Locator | None:
    """Read a place that stands by itself.

    Args:
        text: such as ``p. 12``, ``chap. 3``, ``00:12:30``, ``第12页`` or ``{p. iv (b)}``.

    Returns:
        The place; None when the text is not wholly one.

    Example:
        >>> locator("pp. 33-35, 40"), locator("on the left")
        (Locator(kind='page', value='33-35, 40'), None)
    """
    place, at = _read(text, 0, len(text))
    return place if not text[at:].strip(" .") else None


def written(place: Locator) -> str:
    """Write a place so that :func:`locator` reads the same, in braces where it would be read otherwise.

    Args:
        place: the place.

    Example:
        >>> written(Locator(kind="page", value="12")), written(Locator(kind="page", value="iv, second column"))
        ('p. 12', '{p. iv, second column}')
    """
    labelled = f"{LABELS[place.kind].one} {place.value}"
    return next((text for text in (plain(str(place)), labelled) if locator(text) == place), f"{{{labelled}}}")


def is_place(words: str) -> bool:
    """Say whether words that were not read may be a place: they have a number, or begin with a label.

    Args:
        words: the words behind a key or a place.
    """
    return any(character.isdecimal() for character in words) or _label(words, 0, len(words)) is not None


def _end_of_item(text: str, start: int, end: int) -> int:
    """Return where an item ends: at a semicolon outside of braces."""
    depth = 0
    for at in range(start, end):
        depth += (text[at] == "{") - (text[at] == "}")
        if text[at] in ";；" and depth <= 0:
            return at
    return end


def _read(text: str, start: int, end: int) -> tuple[Locator | None, int]:
    """Read the place at the beginning of a stretch, and say where it ends."""
    at = _after(_SPACE, text, start, end)
    if text.startswith("{", at, end) and (close := _closed(text, at, end)):
        if (chinese := _chinese(text, at + 1, close)) and not text[chinese[1] : close].strip():
            return chinese[0], close + 1
        kind, first = _label(text, at + 1, close) or ("page", at + 1)
        place = _place(kind, text[first:close])
        return place, close + 1 if place else start
    if chinese := _chinese(text, at, end):
        return chinese
    labelled = _label(text, at, end)
    if labelled is None:
        if not text[at : min(at + 1, end)].isdecimal():
            return None, start
        kind, first = ("timestamp" if _TIME.match(text, at, end) else "page"), at
    else:
        kind, first = labelled
    if kind == "sub-verbo":
        stop = next((i for i in range(first, end) if text[i] in ",，"), end)
        place = _place(kind, text[first:stop].strip().strip(_QUOTES))
        return place, stop if place else start
    stop = _values(text, first, end)
    place = _place(kind, text[first:stop])
    return place, stop if place else start


def _after(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = pattern.match(text, start, end)
    return match.end() if match else start


def _closed(text: str, start: int, end: int) -> int:
    """Return where the brace is that closes the one at the start; 0 when there is none."""
    depth = 0
    for at in range(start, end):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at
    return 0


def _place(kind: Term, value: str) -> Locator | None:
    value = " ".join(value.split())
    return Locator(kind=kind, value=value) if 0 < len(value) <= MOST else None


def _values(text: str, start: int, end: int) -> int:
    """Return where a list of numbers and ranges ends that begins somewhere; the same place when there is none."""
    stop = at = start
    while True:
        word = _WORD.match(text, at, end)
        if not word or not _NUMBER.fullmatch(word[0]):
            return stop
        stop = word.end()
        separator = _DASH.match(text, stop, end) or _LIST.match(text, stop, end)
        if separator is None:
            return stop
        at = separator.end()


def _label(text: str, start: int, end: int) -> tuple[Term, int] | None:
    """Read a label, and say where what stands behind it begins."""
    at = _after(_SPACE, text, start, end)
    match = _labels().match(text, at, end)
    if not match:
        return None
    return _terms()[" ".join((match[1] or match[2]).lower().split())], match.end()


@cache
def _terms() -> dict[str, Term]:
    """Return the term that each label means, without the full stop at its end."""
    return {
        word.rstrip("."): term
        for term, label in LABELS.items()
        for word in (term, label.one, label.several, *label.also)
    }


@cache
def _labels() -> re.Pattern[str]:
    """Return the pattern of a label: a word with a full stop, a blank or a number behind it, or a sign."""
    longest = sorted(_terms(), key=len, reverse=True)
    signs = "|".join(word for word in longest if not word[0].isalpha())
    words = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest if word[0].isalpha())
    return re.compile(rf"(?:({words})(?:\.\s*|\s+|(?=[\d(])|\Z)|({signs})\s*)", re.IGNORECASE)


def _chinese(text: str, start: int, end: int) -> tuple[Locator, int] | None:
    """Read a place with a label in Chinese, and say where it ends."""
    at = _after(_SPACE, text, start, end)
    match = _chinese_places().match(text, at, end)
    if not match:
        return None
    value = match["behind"] or match["before"]
    place = _place(_chinese_terms()[match["label"] or match["word"]], value)
    return (place, match.end()) if place else None


@cache
def _chinese_terms() -> dict[str, Term]:
    return {word: term for term, label in LABELS.items() for word in (*label.zh, *label.zh_before)}


@cache
def _chinese_places() -> re.Pattern[str]:
    """Return the pattern of a place in Chinese: ``第12页``, ``12-15页``, ``图3``."""
    # No two of these begin alike, or a long list could be read in too many ways.
    number = rf"(?:[0-9０-９][0-9０-９A-Za-z.:]*|[ivxlcdm]+|[abe-hjkn-uwyz]|[{_CHINESE_NUMBERS}]+)"
    values = rf"{number}(?:\s*[-–—~～至到、,，]\s*{number})*"
    behind = "|".join(sorted((w for label in LABELS.values() for w in label.zh), key=len, reverse=True))
    before = "|".join(sorted((w for label in LABELS.values() for w in label.zh_before), key=len, reverse=True))
    return re.compile(
        rf"第?\s*(?P<behind>{values})\s*(?P<label>{behind})|(?P<word>{before})\s*(?P<before>{values})", re.IGNORECASE
    )
