"""Find quotes in sources: exactly, or not at all.

Offsets are Unicode codepoints, end exclusive, as in the W3C Web Annotation TextPositionSelector.
There are two freedoms. A run of white space in the quote stands for any run of it in the source, so that a quote may
be wrapped in YAML and a source may end its lines with CRLF. And a letter may be one codepoint or several, which Unicode
calls the same (canonically equivalent: NFC and NFD). A place is always one of the source as it is.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from functools import cache, cached_property
from typing import TYPE_CHECKING

from kg.cjk import unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.records import Paragraph

CONTEXT = 32
"""Codepoints kept before and after an excerpt."""
NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nor|neither|without|cannot|hardly|\w+n[’']t)\b|[不没無无未非否]", re.IGNORECASE
)
SCANS = 64
"""Quotes that are searched for in a text from end to end before it is cut into grams."""
GRAMS = (32, 16, 8)
"""Codepoints of a gram: a long one leads to few places, a short one is for short quotes."""
_RUN = re.compile(r"\s{2,}|[^\S ]")
"""A run of white space that is not a single blank."""
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…+|\.{3,})\s*")


def find(text: str, quote: str, prefix: str | None = None, suffix: str | None = None) -> list[tuple[int, int]]:
    """List every place where a quote stands in a text.

    Args:
        text: the source's text.
        quote: the passage, word for word; runs of white space match any run of white space, and letters their other
            normal form.
        prefix: text that must stand right before it.
        suffix: text that must stand right after it.

    Returns:
        Pairs of start and end (codepoints, end exclusive) in order; empty when it stands nowhere.

    Example:
        >>> find("to be or not to be", "to be")
        [(0, 5), (13, 18)]
        >>> find("to be or not to be", "to be", prefix="not ")
        [(13, 18)]
        >>> find("a cafe\u0301", "caf\u00e9")
        [(2, 7)]
    """
    return Index(text).find(quote, prefix, suffix)


class Index:
    """A text in which many quotes are looked for.

    A few quotes are searched for from end to end. When there were so many that this would take time by the
    square, the text is cut into grams, one beside the other: every place of a quote as long as two grams less one
    codepoint has a whole gram in it, which leads there. A quote too short for :data:`GRAMS` is always searched
    for from end to end.

    Args:
        text: the source's text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._scans = 0
        self._cut: dict[int, dict[str, list[int]]] = {}

    def find(self, quote: str, prefix: str | None = None, suffix: str | None = None) -> list[tuple[int, int]]:
        """List every place of a quote, as :func:`find` does.

        Args:
            quote: the passage, word for word; runs of white space match any run of white space.
            prefix: text that must stand right before it.
            suffix: text that must stand right after it.

        Returns:
            Pairs of start and end (codepoints, end exclusive) in order; empty when it stands nowhere.
        """
        text = self.text
        if not quote.strip():
            return []
        places = [(at, at + len(quote)) for at in self.starts(quote)]
        if not places and any(c.isspace() for c in quote):
            places = self._folded.spans(" ".join(quote.split()))
        if not places and not (text.isascii() and quote.isascii()):
            places = self._normal.spans(" ".join(unicodedata.normalize("NFD", quote).split()))
        if prefix:
            near = 4 * len(prefix) + 8
            places = [p for p in places if _fold(text[max(0, p[0] - near) : p[0]]).endswith(_fold(prefix))]
        if suffix:
            places = [p for p in places if _fold(text[p[1] : p[1] + 4 * len(suffix) + 8]).startswith(_fold(suffix))]
        return places

    def starts(self, quote: str) -> list[int]:
        """List where a quote begins, letter for letter.

        Args:
            quote: the passage, word for word.

        Returns:
            Offsets in codepoints, in order.
        """
        self._scans += 1
        size = next((size for size in GRAMS if len(quote) >= 2 * size - 1), 0) if self._scans > SCANS else 0
        if size:
            grams = self._grams(size)
            candidates = [(shift, grams.get(quote[shift : shift + size], ())) for shift in range(size)]
            # In a text that repeats itself the grams lead to more places than a search would pass.
            if sum(len(places) for _, places in candidates) * size <= len(self.text):
                likely = (place - shift for shift, places in candidates for place in places if place >= shift)
                return sorted(start for start in likely if self.text.startswith(quote, start))
        starts, at = [], self.text.find(quote)
        while at >= 0:
            starts.append(at)
            at = self.text.find(quote, at + 1)
        return starts

    def _grams(self, size: int) -> dict[str, list[int]]:
        """Return where each gram of a size begins."""
        if size not in self._cut:
            places = self._cut[size] = {}
            for at in range(0, len(self.text) - size + 1, size):
                places.setdefault(self.text[at : at + size], []).append(at)
        return self._cut[size]

    @cached_property
    def _folded(self) -> _Changed:
        return _Changed(self.text, ((*run.span(), " ") for run in _RUN.finditer(self.text)))

    @cached_property
    def _normal(self) -> _Changed:
        """The text with single blanks, in the normal form in which every letter is parted as far as can be (NFD)."""
        joining = {c for c in set(self.text) if _joins(c)}
        parted = {c for c in set(self.text) - joining if unicodedata.normalize("NFD", c) != c}
        after, of = (f"[{''.join(map(re.escape, sorted(some)))}]" if some else "(?!)" for some in (joining, parted))
        # White space, and each letter with its marks that may be written in another way.
        pattern = re.compile(rf"(\s{{2,}}|[^\S ])|{of}{after}*|\S{after}+")
        changes = (
            (*match.span(), " " if match[1] else unicodedata.normalize("NFD", match[0]))
            for match in pattern.finditer(self.text)
        )
        return _Changed(self.text, changes, joining)


class _Changed:
    """A text in which some stretches are written otherwise, and where its codepoints stand in the text itself.

    Args:
        text: the source's text.
        changes: where each stretch begins and ends, and what stands for it, in order.
        joining: codepoints with which no place begins, and before which none ends: they belong to what is before them.
    """

    def __init__(self, text: str, changes: Iterable[tuple[int, int, str]], joining: Iterable[str] = ()) -> None:
        self.text, self._joining = text, frozenset(joining)
        pieces, self._starts, self._ends, self._shifts = [], [0], [0], [0]
        at = length = 0
        for start, end, new in changes:
            pieces += [text[at:start], new]
            self._starts.append(length + start - at)
            length = self._starts[-1] + len(new)
            at = end
            self._ends.append(length)
            self._shifts.append(at - length)
        pieces.append(text[at:])
        self._index = Index("".join(pieces))

    def spans(self, words: str) -> list[tuple[int, int]]:
        """List where words that are written likewise stand in the text itself: whole letters of it.

        Args:
            words: the words, which neither begin nor end with white space.
        """
        spans = ((self._place(start), self._place(start + len(words))) for start in self._index.starts(words))
        return [(start, end) for start, end in spans if start is not None and end is not None]

    def _place(self, at: int) -> int | None:
        """Return where a place between two codepoints is in the text itself; None inside a letter."""
        piece = bisect_right(self._starts, at) - 1
        if at < self._ends[piece]:
            if at > self._starts[piece]:
                return None
            piece -= 1
        place = at + self._shifts[piece]
        return None if self.text[place : place + 1] in self._joining else place


def _joins(character: str) -> bool:
    """Say whether a codepoint can be one letter with what stands before it."""
    return unicodedata.combining(character) != 0 or character in _second()


@cache
def _second() -> frozenset[str]:
    """Return the codepoints that stand second in the parts of a letter and are no marks, as vowels of Korean."""
    pairs = (unicodedata.decomposition(chr(point)).split() for point in range(0x80, 0x20000))
    vowels_and_finals = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
    seconds = {chr(int(pair[1], 16)) for pair in pairs if len(pair) == 2 and not pair[0].startswith("<")}
    return frozenset(c for c in seconds if not unicodedata.combining(c)) | {*map(chr, vowels_and_finals)}


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFD", text))


def in_body(text: str, body: Sequence[Paragraph], start: int, end: int) -> Sequence[Paragraph]:
    """Return the paragraphs that a passage spans, if all of it is body.

    Args:
        text: the source's text.
        body: its paragraphs in order, without titles, headings, labels and citations.
        start: where the passage begins (codepoints).
        end: where it ends (codepoints, exclusive).

    Returns:
        The paragraphs in order; none when some of the passage is title, heading or metadata.
    """
    first = index = bisect_right(body, start, key=lambda p: p.start) - 1
    if index < 0 or start >= body[index].end:
        return ()
    while end > body[index].end:
        if index + 1 == len(body):
            return ()
        here, following = body[index], body[index + 1]
        same = here.id is not None and here.id == following.id
        if end <= following.start or not (same or text[here.end : following.start].isspace()):
            return ()
        index += 1
    return body[first : index + 1]


def cut(text: str, start: int, end: int) -> str | None:
    """Say where a passage begins or ends inside a word or a character.

    Args:
        text: the source's text.
        start: where the passage begins (codepoints).
        end: where it ends (codepoints, exclusive).

    Returns:
        The text around the cut with ``|`` at the cut, or None when both ends are clean.

    Example:
        >>> cut("the driving factors", 4, 8)
        'driv|ing'
        >>> cut("透明是保证", 0, 2) is None
        True
    """
    for at in (start, end):
        if not 0 < at < len(text):
            continue
        before, after = text[at - 1], text[at]
        joined = before.isalnum() and after.isalnum() and not (unspaced().match(before) or unspaced().match(after))
        inside = unicodedata.combining(after) or after in "\u200d\ufe0e\ufe0f" or before == "\u200d"
        if joined or inside:
            left = re.search(r"\w*$", text[max(0, at - CONTEXT) : at])
            right = re.match(r"\w*", text[at : at + CONTEXT])
            assert left
            assert right
            return f"{left[0]}|{right[0] or after}"
    return None


def explain(text: str, quote: str) -> str:
    """Say why a quote is not in a text, and show the nearest passage.

    Args:
        text: the source's text.
        quote: the passage that :func:`find` did not find.

    Returns:
        One or two sentences for the person who must mend it. Never an anchor: a passage
        that merely looks alike is shown, not taken.
    """
    parts = [p for p in _ELLIPSIS.split(quote) if p]
    if len(parts) > 1:
        spans, at = [], 0
        for part in parts:
            place = text.find(part, at)
            if place < 0:
                break
            spans.append((place, at := place + len(part)))
        else:
            gaps = [text[a[1] : b[0]] for a, b in itertools.pairwise(spans)]
            lost = sorted({m[0] for gap in gaps for m in NEGATIONS.finditer(gap)})
            swallowed = f"; what it leaves out holds {', '.join(map(repr, lost))}" if lost else ""
            whole = text[spans[0][0] : spans[-1][1]]
            return f"a quote has no ellipsis{swallowed}. Quote the parts one by one, or all of: '{whole}'"
    from rapidfuzz import fuzz

    near = fuzz.partial_ratio_alignment(quote, text[:1_000_000])
    if near is None or near.score < 60:
        return "nothing in the source comes near it"
    there = text[near.dest_start : near.dest_end]
    passage = there.strip()
    start = near.dest_start + len(there) - len(there.lstrip())
    return f"nearest passage ({start}-{start + len(passage)}): '{passage}'"
