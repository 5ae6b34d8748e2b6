"""Decide how the lines of a paragraph are joined: by hyphens, by words that a document has elsewhere, by script."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.cjk import UNSPACED_RANGES

if TYPE_CHECKING:
    from collections.abc import Iterable

_CJK = f"[{UNSPACED_RANGES}\u3000-\u303f\uff00-\uffef\u2018-\u201d\u2026]"
_UNSPACED_END, UNSPACED_BEGIN = re.compile(f"{_CJK}$"), re.compile(_CJK)
_IDEOGRAPH = re.compile(f"[{UNSPACED_RANGES}]")
_SPACED, _NOT_SPACED = (re.compile(f"[{UNSPACED_RANGES}]{sep}[A-Za-z0-9]") for sep in (" ", ""))
HYPHENATED = re.compile("[^\\W_][-\u2010\u00ad]$")
_DASHED = re.compile("\\S[\u2013\u2014]$")
_WORD = re.compile("[^\\W_]+(?:-[^\\W_]+)*")
_LAST_PART, _FIRST_PART = re.compile("[^\\W_]+$"), re.compile("[^\\W_]+")
_SUSPENDED = {"and", "or", "und", "oder", "bzw", "et", "ou"}
"""Words before which a hyphen stands for what follows: short- and long-term."""


class Vocabulary(NamedTuple):
    """The words of a document, by which line ends are joined.

    Args:
        words: in small letters, those with hyphens whole and in pairs.
        spaced: whether a space stands between Chinese and Latin letters.
    """

    words: set[str]
    spaced: bool


def vocabulary(lines: Iterable[str]) -> Vocabulary:
    """Collect the words within lines; the halves at line ends are none.

    Args:
        lines: all that are body.
    """
    words: set[str] = set()
    spaced = unspaced = 0
    for line in lines:
        found = _WORD.findall(line.casefold())
        if found and HYPHENATED.search(line):
            found.pop()
        words.update(found)
        for compound in (word for word in found if "-" in word):
            parts = compound.split("-")
            words.update(parts)
            words.update("-".join(pair) for pair in pairwise(parts))
        if not line.isascii() and _IDEOGRAPH.search(line):
            spaced += len(_SPACED.findall(line))
            unspaced += len(_NOT_SPACED.findall(line))
    return Vocabulary(words, spaced > unspaced)


def between(before: str, after: str, vocabulary: Vocabulary) -> tuple[int, str]:
    """Return how many characters at the end of a line are dropped, and what is put before the next line.

    Args:
        before: the line.
        after: the next one.
        vocabulary: of the document.
    """
    if HYPHENATED.search(before):
        return _at_hyphen(before, after, vocabulary.words)
    if _DASHED.search(before) and after[:1].isalnum():
        return 0, ""
    if _UNSPACED_END.search(before) or UNSPACED_BEGIN.match(after):
        unspaced = _UNSPACED_END.search(before) is not None and UNSPACED_BEGIN.match(after) is not None
        chinese = _IDEOGRAPH.search(before[-1:] + after[:1])
        if unspaced or (chinese and not vocabulary.spaced):
            return 0, ""
    return 0, " "


def _at_hyphen(before: str, after: str, words: set[str]) -> tuple[int, str]:
    """Decide on a hyphen at a line's end: as the document writes the word elsewhere; else small letters are joined."""
    head, tail = _LAST_PART.search(before[:-1].casefold()), _FIRST_PART.match(after.casefold())
    if not head or not tail:
        return 0, "" if tail else " "
    joined = head[0] + tail[0] in words
    if joined:
        return 1, ""
    if f"{head[0]}-{tail[0]}" in words:
        return 0, ""
    if tail[0] in _SUSPENDED:
        return 0, " "
    # FAA-approved, 10-year
    capitals = len(head[0]) > 1 and before[-1 - len(head[0]) : -1].isupper()
    return (1, "") if after[:1].islower() and head[0][-1].isalpha() and not capitals else (0, "")
