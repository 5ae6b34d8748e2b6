"""Propose the places of a source that a passage may mean which is not in it word for word.

A quote is found exactly or not at all (:mod:`kg.anchor`), and nothing here anchors one. A transcript has time marks,
numbers of lines and line ends, a quote has quotation marks and ellipses; what a person typed differs by a word. So
words are compared, without what stands between them, and the places where they stand are shown to a person, each
with the source's own text, to be taken or not.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kg import anchor
from kg.cjk import UNSPACED_RANGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.records import Paragraph

MOST = 4
"""Places that are proposed for a passage."""
_READ = 2_000_000
"""Codepoints of a source, from its beginning, whose words are compared."""
_LONGEST, _PARTS, _TRIED = 5_000, 20, 1_000
"""Codepoints of a passage that may look alike, parts that ellipses leave of one, and places tried for the first part:
what is longer has no place that a person could compare."""
_LEAST = 60
"""Likeness, of 100, below which a place is not worth showing."""
_GAP = 2000
"""Characters of words that an ellipsis may leave out."""
# All that stands between words: white space, signs, arrows, punctuation of any width. Accents are none of it.
_BETWEEN = (
    r"\s_!-/:-@\[-^`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u206f\u2190-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufeff"
)
_INSIDE = "['’ʼ\u00ad\u200b-\u200d\u2060]"
"""Apostrophes, soft hyphens and marks of no width do not end a word."""
_LETTER = f"[^{UNSPACED_RANGES}{_BETWEEN}]"
_WORD = f"(?P<word>[{UNSPACED_RANGES}]|{_LETTER}+(?:{_INSIDE}{_LETTER}+)*)"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,\-]\d{1,3})?"
_TIME = rf"[\[(<{{]\s*{_CLOCK}\s*[\])>}}]|#{_CLOCK}#|\b\d{{1,2}}:\d{{2}}:\d{{2}}(?:[.,]\d{{1,3}})?\b"
_NUMBER = r"[ \t]*\d{1,5}(?:[\t.:)|]|(?= {2}))"
_TOKENS = re.compile(f"{_TIME}|{_WORD}")
_NUMBERED_TOKENS = re.compile(rf"^{_NUMBER}|{_TIME}|{_WORD}", re.MULTILINE)
_NUMBERED_QUOTE = re.compile(rf"(?<=\n){_NUMBER}|{_TIME}|{_WORD}")
_NUMBERED_LINE = re.compile(rf"^{_NUMBER}.*", re.MULTILINE)
_LINE = re.compile(r"^.*\S.*", re.MULTILINE)
_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.\.\.)\s*[\])]|…+|\.{3,}")
_CLOSING = re.compile(r"[.!?,;:。！？，；：]+(?=[\"'”’»」』\s]*$)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place of a source that a passage may mean.

    Args:
        start: where it begins (codepoints).
        end: where it ends (codepoints, exclusive).
        exact: the source's text there.
        why: what speaks for it.
        sure: whether it has the very words of the passage, one after the other.
    """

    start: int
    end: int
    exact: str
    why: str
    sure: bool = False


class _Words:
    """The words of a text, with their places; what stands between them is left out.

    Args:
        text: the text.
        tokens: finds a word as its group ``word``, or what is to be left out.
    """

    def __init__(self, text: str, tokens: re.Pattern[str]) -> None:
        self.spans: list[tuple[int, int]] = []
        words = []
        for match in tokens.finditer(text):
            if match["word"]:
                words.append(_plain(match["word"]))
                self.spans.append(match.span())
        self.joined = f" {' '.join(words)} "
        self.starts, at = [], 1
        for word in words:
            self.starts.append(at)
            at += len(word) + 1

    def places(self, words: str) -> Iterator[tuple[int, int]]:
        """Give each place of some words in :attr:`joined`."""
        at = self.joined.find(words)
        while at >= 0:
            yield at, at + len(words)
            at = self.joined.find(words, at + 1)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the words between two places of :attr:`joined` stand in the text."""
        first = max(0, bisect_right(self.starts, start + 1) - 1)
        last = max(first, bisect_right(self.starts, max(start + 1, end - 2)) - 1)
        return self.spans[first][0], self.spans[last][1]


def _plain(word: str) -> str:
    """Return a word as it is compared: in one normal form and case, without what its letters do not need."""
    return word.lower() if word.isascii() and word.isalnum() else _folded(word)


def _folded(word: str) -> str:
    return re.sub(_INSIDE, "", unicodedata.normalize("NFKD", word.casefold()))


@lru_cache(maxsize=1)
def _words_of(text: str) -> tuple[_Words, bool]:
    """Return the words of a source, and whether its lines are numbered; kept for the passages that follow."""
    start = text[:100_000]
    numbered = len(_NUMBERED_LINE.findall(start)) * 2 > len(_LINE.findall(start))
    return _Words(text[:_READ], _NUMBERED_TOKENS if numbered else _TOKENS), numbered


def propose(
    text: str,
    quote: str,
    *,
    stated: str = "",
    start: int | None = None,
    body: Sequence[Paragraph] | None = None,
) -> tuple[Proposal, ...]:
    r"""List the places of a source that a passage may mean.

    Args:
        text: the source's text.
        quote: the passage as it is written down.
        stated: the passage as an imported file has it, where that differs.
        start: where it is said to begin (codepoints).
        body: the source's paragraphs, outside of which no place is proposed.

    Returns:
        At most :data:`MOST` places, the likeliest first.

    Example:
        >>> text = "B: We came back [00:01:12] because it was warm,\nand the people too."
        >>> [(found.start, found.exact) for found in propose(text, "“We came back because it was warm”")]
        [(3, 'We came back [00:01:12] because it was warm')]
    """
    proposals: dict[tuple[int, int], Proposal] = {}

    def add(first: int, last: int, why: str, *, sure: bool = False) -> None:
        exact = text[first:last]
        if exact.strip() and (body is None or anchor.in_body(text, body, first, last)):
            proposals.setdefault((first, last), Proposal(first, last, exact, why, sure))

    wanted = stated or quote
    if start is not None and text.startswith(quote, start):
        same = _Words(quote, _TOKENS).joined == _Words(wanted, _TOKENS).joined
        add(start, start + len(quote), "it stands at the position that the file gives", sure=same)
    for first, last in anchor.find(text, wanted)[: MOST + 1]:
        add(first, last, "it stands here word for word", sure=True)
    if not any(proposal.sure for proposal in proposals.values()):
        words, numbered = _words_of(text)
        tokens = _NUMBERED_QUOTE if numbered else _TOKENS
        parts = [part for piece in _ELLIPSIS.split(wanted) if (part := _Words(piece, tokens).joined).strip()]
        for place in _of_parts(words, parts):
            first, last = _closed(text, wanted, *words.span(*place))
            why = "it has the same words" if len(parts) == 1 else _left_out(text[first:last], wanted)
            add(first, last, why, sure=len(parts) == 1)
        if not proposals:
            for near, behind, score in _alike(words, " ".join(part.strip() for part in parts)):
                add(*_closed(text, wanted, *words.span(near, behind)), f"it looks alike, by {score} of 100")
    sure = [proposal for proposal in proposals.values() if proposal.sure]
    if len(sure) > 1:
        # Which of them is meant, nobody can say but a person.
        proposals = {
            place: Proposal(p.start, p.end, p.exact, f"{p.why}, and elsewhere, too") for place, p in proposals.items()
        }
    return tuple(proposals.values())[:MOST]


def _of_parts(words: _Words, parts: list[str]) -> Iterator[tuple[int, int]]:
    """Give the places where parts stand one behind the other, near each other."""
    if not 0 < len(parts) <= _PARTS:
        return
    given = 0
    for start, end in itertools.islice(words.places(parts[0]), _TRIED):
        at = end
        for part in parts[1:]:
            # The blank behind a part is that before the next.
            place = words.joined.find(part, at - 1, at + _GAP + len(part))
            if place < 0:
                break
            at = place + len(part)
        else:
            yield start, at
            if (given := given + 1) > MOST:
                return


def _closed(text: str, wanted: str, start: int, end: int) -> tuple[int, int]:
    """Take along the full stop or comma behind the last word, when the passage ends with one."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    if (stop := _CLOSING.search(wanted[-20:])) and text.startswith(stop[0], end):
        end += len(stop[0])
    return start, end


def _left_out(passage: str, wanted: str) -> str:
    """Say what an ellipsis left out, when that turns the meaning."""
    kept = {match[0].casefold() for match in anchor.NEGATIONS.finditer(wanted)}
    lost = sorted({match[0] for match in anchor.NEGATIONS.finditer(passage)} - kept)
    swallowed = f", which holds {', '.join(map(repr, lost))}" if lost else ""
    return f"it has all that the ellipsis leaves out{swallowed}"


def _alike(words: _Words, wanted: str) -> Iterator[tuple[int, int, int]]:
    """Give the place that looks most alike, with its likeness of 100."""
    from rapidfuzz import fuzz

    if not 0 < len(wanted) <= _LONGEST:
        return
    near = fuzz.partial_ratio_alignment(wanted, words.joined, score_cutoff=_LEAST)
    if near is not None and near.dest_end > near.dest_start:
        # With the blanks on both sides, as the places of whole words have them.
        yield near.dest_start - 1, near.dest_end + 1, int(near.score)


def short(text: str, most: int = 160) -> str:
    r"""Quote a text in one line.

    Args:
        text: any text.
        most: codepoints that are shown; of a longer one its beginning and end.

    Example:
        >>> short("to be or\nnot to be")
        "'to be or not to be'"
    """
    line = " ".join(text.split())
    return repr(line if len(line) <= most else f"{line[: most * 2 // 3]} … {line[-most // 3 :]}")


def shown(proposal: Proposal) -> str:
    """Return a proposal for a sentence: its place and its text.

    Args:
        proposal: the place.
    """
    return f"{proposal.start}-{proposal.end}: {short(proposal.exact)}"
