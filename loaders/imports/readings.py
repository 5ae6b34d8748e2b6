"""How a file counts positions: the possible readings, and the choice among them by evidence.

Tools count codepoints or UTF-16 units, CR LF as one or two, with or without a byte order mark, from 0 or
from 1, and mean the end exclusive or inclusive. A file does not say; its stored quotes, and where its
passages begin and end, do.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from kg.loaders.imports.material import ASTRAL, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.loaders.imports.material import Document, Passage

_SPACE = re.compile(r"\s+")
_MORE, _SOME = 10, 1000


READINGS = tuple(
    Reading(utf16, crlf, bom, base, inclusive)
    for base, inclusive in ((0, False), (0, True), (1, True), (1, False))
    for utf16, crlf, bom in itertools.product((False, True), repeat=3)
)
"""Every reading, the one of REFI-QDA 1.5 (section 10.2, as everyone reads it) first."""


class Positions:
    """The positions of a file in one document, translated to codepoints, end exclusive.

    Args:
        document: the document, with its text.
        reading: how the file counts.
    """

    def __init__(self, document: Document, reading: Reading) -> None:
        text = document.text or ""
        self._length = len(text)
        self._shift = -reading.base - int(reading.bom_counts and document.bom)
        self._inclusive = int(reading.inclusive)
        # Places where the file's count runs ahead of ours (+1), or falls behind it (-1).
        steps: list[tuple[int, int]] = []
        if reading.utf16:
            steps += [(m.start(), 1) for m in ASTRAL.finditer(text)]
        if reading.crlf_is_one:
            steps += [(m.start(), -1) for m in re.finditer("\r\n", text)]
        steps.sort()
        self._ours, self._theirs = [0], [0]
        ahead = 0
        for at, step in steps:
            ahead += step
            self._ours.append(at + 1 + (step < 0))
            self._theirs.append(at + 1 + (step < 0) + ahead)

    def _codepoint(self, position: int) -> int | None:
        """Translate one position counted from 0; None when it falls inside a character or outside the text."""
        if len(self._theirs) == 1:
            return position if 0 <= position <= self._length else None
        # From the last step before the position on, both counts run alike.
        index = bisect_left(self._theirs, position + 1) - 1
        if index < 0:
            return None
        codepoint = self._ours[index] + position - self._theirs[index]
        if index + 1 < len(self._ours) and codepoint >= self._ours[index + 1]:
            return None  # inside a surrogate pair
        return codepoint if 0 <= codepoint <= self._length else None

    def span(self, passage: Passage) -> tuple[int, int] | None:
        """Translate a passage's positions.

        Args:
            passage: a passage with positions.

        Returns:
            Start and end in codepoints, end exclusive; None when they lie outside the text, inside
            a character, or the wrong way round.
        """
        if passage.start is None or passage.end is None:
            return None
        start = self._codepoint(passage.start + self._shift)
        end = self._codepoint(passage.end + self._shift + self._inclusive)
        return None if start is None or end is None or start > end else (start, end)


def same(quote: str, stated: str) -> bool:
    r"""Say whether two passages are the same but for the kind and number of white space and the form of letters.

    Example:
        >>> same("one\r\ntwo", "one two"), same("caf\u00e9", "cafe\u0301")
        (True, True)
    """
    if quote == stated:
        return True
    # White space alone makes no passage so much longer, and to look through it again and again takes long.
    alike = len(quote) <= _MORE * len(stated) + _SOME and len(stated) <= _MORE * len(quote) + _SOME
    return alike and _plain(quote) == _plain(stated)


def _plain(passage: str) -> str:
    return unicodedata.normalize("NFD", _SPACE.sub(" ", passage).strip())


class Score(NamedTuple):
    """The score of a reading: stored quotes that agree, passages inside the text, ends that agree."""

    quotes: int
    inside: int
    ends: int


class Chosen(NamedTuple):
    """The reading that was chosen.

    Args:
        reading: how the file counts.
        sure: ``certain`` when stored quotes or the bounds of the texts decide, ``likely`` when the ends of
            the passages do, ``assumed`` when nothing speaks against the usual reading.
        why: one sentence with the numbers.
    """

    reading: Reading
    sure: Literal["certain", "likely", "assumed"]
    why: str


class Evidence:
    """The evidence of a file's documents for each reading.

    Args:
        readings: the readings that are possible, the usual one first.

    Example:
        >>> from kg.loaders.imports.material import Document, Passage
        >>> evidence = Evidence(READINGS)
        >>> evidence.add(Document("d", "", "a 😀 to b", passages=(Passage("1", 5, 7, stated="to"),)))
        >>> str(evidence.choose().reading)
        'UTF-16 units from 0, end exclusive'
    """

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = tuple(readings)
        self.scores = {reading: Score(0, 0, 0) for reading in self.readings}
        self.passages = self.quoted = 0

    def add(self, document: Document) -> None:
        """Count what one document says.

        Args:
            document: a document; without text or passages it says nothing.
        """
        placed = [p for p in document.passages if p.start is not None]
        if document.text is None or not placed:
            return
        self.passages += len(placed)
        self.quoted += sum(bool(p.stated or p.hint) for p in placed)
        seen: dict[Reading, Score] = {}
        for reading in self.readings:
            alike = reading.of(document)
            if alike not in seen:
                seen[alike] = _score(document.text, placed, Positions(document, alike))
            before, more = self.scores[reading], seen[alike]
            self.scores[reading] = Score(*map(sum, zip(before, more, strict=True)))

    def choose(self) -> Chosen:
        """Choose the reading for which most speaks; of equal ones the usual.

        Returns:
            The reading, how sure it is, and why.
        """
        usual = self.readings[0]
        best = max(self.readings, key=lambda r: self.scores[r][:2])
        first, chosen = self.scores[usual], self.scores[best]
        counted = f"{chosen.inside} of {self.passages} passages lie inside their texts"
        if chosen.quotes:
            counted += f", {chosen.quotes} of {self.quoted} stored quotes agree"
        if len(self.readings) == 1:
            return Chosen(usual, "certain", counted)
        equals = [r for r in self.readings if self.scores[r][:2] == chosen[:2]]
        if first[:2] != chosen[:2]:
            return Chosen(best, "certain", f"{counted}; read the usual way {first.inside} and {first.quotes}")
        if chosen.quotes and len(equals) == 1:
            return Chosen(usual, "certain", counted)
        # Where passages begin and end speaks only when it speaks clearly: by three standard deviations, or, where
        # there are few passages, when nearly all their ends are ends of words and many are not the usual way.
        ends = max(equals, key=lambda r: self.scores[r].ends)
        all_ends, agreeing, usually = 2 * self.passages, self.scores[ends].ends, self.scores[usual].ends
        clearly = agreeing - usually > max(4.0, 3 * math.sqrt(all_ends))
        nearly_all = agreeing - usually >= 3 and agreeing >= 0.9 * all_ends and usually <= 0.75 * all_ends
        why = f"{counted}; {usually} of {all_ends} ends are ends of words"
        if clearly or nearly_all:
            return Chosen(
                ends, "likely", f"{counted}; {agreeing} of {all_ends} ends are ends of words, {usually} as usual"
            )
        if chosen.quotes:
            return Chosen(usual, "certain", counted)
        others = f", {agreeing} by another reading" if agreeing > usually else ""
        return Chosen(usual, "assumed", f"{why}{others}; no stored quote decides")

    @property
    def perfect(self) -> bool:
        """Say whether the usual reading leaves nothing to ask: every passage has a stored quote, and it agrees."""
        usual = self.scores[self.readings[0]]
        return usual.inside == usual.quotes == self.quoted == self.passages


def _score(text: str, passages: Sequence[Passage], positions: Positions) -> Score:
    counts: Counter[str] = Counter()
    for passage in passages:
        span = positions.span(passage)
        if span is None:
            continue
        start, end = span
        counts["inside"] += 1
        if passage.stated:
            within = end - start <= _MORE * len(passage.stated) + _SOME
            counts["quotes"] += within and same(text[start:end], passage.stated)
        elif passage.hint:
            begun = passage.hint.rstrip(" .…")
            counts["quotes"] += bool(begun) and text.startswith(begun, start, end)
        if start < end:
            opens, closes = text[start], text[end - 1]
            counts["ends"] += not opens.isspace() and (start == 0 or not text[start - 1].isalnum())
            counts["ends"] += not closes.isspace() and (end == len(text) or not text[end].isalnum())
    return Score(counts["quotes"], counts["inside"], counts["ends"])
