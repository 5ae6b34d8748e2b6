"""Search the sources: for words, the places that fit best first, or for a text exactly as it stands."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kg import cjk, query
from kg.ids import span_of
from kg.store import fulltext, passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.store.passages import Use
    from kg.store.tables import Tables

CONTEXT = 40
PAGE = 10
"""Places that are given unless more are asked for."""
_FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
Span = tuple[int, int]
"""Where something begins and ends in a source (codepoints, end exclusive)."""


@dataclass(frozen=True)
class Hit:
    """A place of a source where words stand.

    Args:
        source: id of the source.
        label: label of the paragraph, if it has one.
        start: where the first of the words begins (codepoints).
        end: where the last of them ends (codepoints, exclusive).
        before: text right before it.
        found: the text as it stands there.
        after: text right after it.
        marks: where the words stand in ``found``.
        uses: the passages that overlap the words, and the claims that these bear on.
    """

    source: str
    label: str | None
    start: int
    end: int
    before: str
    found: str
    after: str
    marks: tuple[Span, ...]
    uses: tuple[Use, ...]

    @property
    def excerpts(self) -> tuple[str, ...]:
        """Return the ids of the passages that overlap it."""
        return tuple([use.excerpt for use in self.uses])

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """Give the text around the place in pieces, each with whether it is a word that was found.

        What stands between words far apart is given without its middle.
        """
        if self.before:
            yield f"…{_from_word(self.before)}", False
        at = 0
        for start, end in self.marks:
            if between := self.found[at:start]:
                yield _shortened(between), False
            yield self.found[start:end], True
            at = end
        after = _from_word(self.after[::-1])[::-1]
        yield f"{self.found[at:]}{after}{'…' if after else ''}", False


@dataclass(frozen=True)
class Results:
    """The outcome of a search.

    Args:
        text: what was looked for.
        hits: the places, or a part of them.
        total: how many places there are; of the nearest, how many are given.
        is_nearest: whether no paragraph has all words, so that these are the nearest: those that have the words of
            the suggestion, or some of the words, or else passages with a code that is called so.
        missing: the words that stand in no source.
        suggestion: the text with words of the sources in place of these; empty where none is near.
    """

    text: str
    hits: tuple[Hit, ...]
    total: int
    is_nearest: bool = False
    missing: tuple[str, ...] = ()
    suggestion: str = ""


def search(tables: Tables, text: str, limit: int = PAGE, start: int = 0) -> Results:
    """Find the paragraphs that have all words of a text, the nearer to each other the better.

    English words are found in any form, Chinese words need no spaces. Where no paragraph has all words, the nearest
    are given.

    Args:
        tables: the tables of a build.
        text: words, in any order; none of its signs has a meaning.
        limit: how many places are given at most.
        start: how many of the best are passed over.
    """
    wanted = fulltext.words(text)
    if total := fulltext.count(tables, wanted.words, "paragraph"):
        found = fulltext.find(tables, text, ["paragraph"], start + limit)
        ids = [one.id for one in found[start:] if one.all_words]
        return Results(text, _hits(tables, ids, wanted.words), total)
    missing = [
        typed
        for typed, word in zip(wanted.typed, wanted.words, strict=True)
        if not fulltext.count(tables, [word], "paragraph")
    ]
    suggestion = _corrected(tables, text, missing)
    nearest = fulltext.words(suggestion or text)
    found = fulltext.find(tables, suggestion or text, ["paragraph"], limit)
    whole = bool(found) and found[0].all_words
    hits = _hits(tables, [one.id for one in found if one.all_words is whole], nearest.words if whole else nearest.parts)
    hits = hits or _coded(tables, suggestion or text, limit)
    return Results(text, hits, len(hits), is_nearest=bool(hits), missing=tuple(missing), suggestion=suggestion)


def told(results: Results, language: str) -> str:
    """Say which words were not found; empty when all were.

    Args:
        results: the outcome of a search.
        language: ``en`` or ``zh``.
    """
    chinese = language == "zh"
    if results.total and not results.is_nearest:
        return ""
    if results.missing:
        listed = (
            "、".join(f"“{word}”" for word in results.missing) if chinese else ", ".join(map(repr, results.missing))
        )
        return f"没有来源包含{listed}" if chinese else f"No source has {listed}"
    if results.hits:
        return f"没有段落包含“{results.text}”的全部词语" if chinese else f"No paragraph has all of '{results.text}'"
    return f"“{results.text}”中没有可查找的词语" if chinese else f"'{results.text}' has no word to look for"


def _corrected(tables: Tables, text: str, missing: Sequence[str]) -> str:
    """Return a text with the nearest words of the sources in place of missing ones; empty where none is near."""

    def known(match: re.Match[str]) -> str:
        if fulltext.count(tables, fulltext.words(match[0]).words, "paragraph"):
            return match[0]
        return fulltext.like(tables, match[0]) or match[0]

    letters = re.compile(rf"[^\W\d_{cjk.UNSPACED_RANGES}]{{3,}}")
    typed = text.split()[: fulltext.MOST]
    pieces = [letters.sub(known, piece) if any(word in piece for word in missing) else piece for piece in typed]
    return "" if pieces == typed else " ".join(pieces)


def _hits(tables: Tables, ids: Sequence[str], matches: Sequence[str]) -> tuple[Hit, ...]:
    """Return the places in some paragraphs where words stand nearest to each other."""
    places = fulltext.places(tables, ids, CONTEXT)
    hits = []
    for place, by_word in zip(places, fulltext.spans([place.text for place in places], matches), strict=True):
        words = _nearest([spans for spans in by_word if spans])
        start, end = words[0][0], max(end for _, end in words)
        marks = _merged(start, words)
        around, at = place.before + place.text + place.after, len(place.before)
        hits.append(
            Hit(
                place.source,
                place.label,
                place.start + start,
                place.start + end,
                around[max(0, at + start - CONTEXT) : at + start],
                place.text[start:end],
                around[at + end : at + end + CONTEXT],
                marks,
                _uses(tables, place.source, place.start + start, place.start + end, marks),
            )
        )
    return tuple(hits)


def _coded(tables: Tables, text: str, limit: int) -> tuple[Hit, ...]:
    """Return passages whose codes have words of a text in their names, as what is found in another language."""
    ids = [found.id for found in fulltext.find(tables, text, ["passage"], limit)]
    hits = []
    for key, passage in passages.passages(tables, ids).items():
        source, start, end = passage.source, passage.start, passage.end
        uses = tuple([use for use in passages.uses(tables, source, start, end) if use.excerpt == key])
        hits.append(Hit(source, fulltext.label(tables, source, start), start, end, "", passage.quote, "", (), uses))
    return tuple(hits)


def _uses(tables: Tables, source: str, start: int, end: int, marks: Sequence[Span]) -> tuple[Use, ...]:
    """Return the passages that overlap words of a place, and not only what stands between them."""
    words = [(start + first, start + last) for first, last in marks]
    touched = []
    for use in passages.uses(tables, source, start, end):
        begin, behind = map(int, span_of(use.excerpt).split("-"))
        if any(begin < last and first < behind for first, last in words):
            touched.append(use)
    return tuple(touched)


def _merged(first: int, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return sorted places as they stand from a beginning, with those made one that overlap."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start - first < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end - first, merged[-1][1])
        else:
            merged.append((start - first, end - first))
    return tuple(merged)


def _from_word(context: str) -> str:
    """Return what stands before a place from its first whole word on, where it was cut; Chinese has no blanks."""
    cut, blank, rest = context.partition(" ")
    return rest if len(context) == CONTEXT and blank and rest and len(cut) < CONTEXT // 2 else context


def _shortened(between: str) -> str:
    """Return what stands between two words that were found, without its middle when it is long."""
    return between if len(between) <= 2 * CONTEXT + 3 else f"{between[:CONTEXT]} … {between[-CONTEXT:]}"


def _nearest(by_word: Sequence[Sequence[Span]]) -> list[Span]:
    """Return a place of each word, sorted: those that stand nearest to each other, the first of equally near ones.

    Args:
        by_word: the places of each word, one at least.
    """
    best: list[Span] = []
    last: dict[int, Span] = {}
    for start, end, word in sorted((start, end, word) for word, spans in enumerate(by_word) for start, end in spans):
        last[word] = (start, end)
        if len(last) == len(by_word):
            here = sorted(last.values())
            if not best or _length(here) < _length(best):
                best = here
    return best


def _length(spans: Sequence[Span]) -> int:
    return max(end for _, end in spans) - spans[0][0]


def exact(tables: Tables, text: str, limit: int = PAGE, start: int = 0) -> Results:
    """Find a text in the sources as it stands, in any case of letters; Chinese needs no word boundaries.

    Args:
        tables: the tables of a build.
        text: what to look for, literally; runs of white space match any run of it, letters their other normal form.
        limit: how many places are given at most.
        start: how many are passed over.

    Returns:
        The places by source and position.
    """
    words = text.split()
    # Half of a surrogate pair, which a terminal can send, is no character and stands in no text.
    if not words or re.search("[\ud800-\udfff]", text):
        return Results(text, (), 0, missing=(text,) if words else ())
    pattern = re.compile(r"\s+".join(map(_in_any_form, words)), re.IGNORECASE)
    hits: list[Hit] = []
    total = 0
    # The longest word narrows the sources down; the pattern then decides.
    for row in _containing(tables, max(words, key=len)):
        whole, source = row["whole"], row["source"]
        for match in pattern.finditer(whole):
            total += 1
            if not start < total <= start + limit:
                continue
            first, end = match.span()
            before, after = whole[max(0, first - CONTEXT) : first], whole[end : end + CONTEXT]
            uses = passages.uses(tables, source, first, end)
            marks = ((0, end - first),)
            hits.append(
                Hit(source, fulltext.label(tables, source, first), first, end, before, match[0], after, marks, uses)
            )
    return Results(text, tuple(hits), total, missing=() if total else (text,))


def _containing(tables: Tables, word: str) -> list[dict[str, Any]]:
    """Return the sources that have a word in any of its normal forms, each once, in order."""
    forms = dict.fromkeys([word, *(unicodedata.normalize(form, word) for form in _FORMS)])
    rows = [row for form in forms for row in query.run(tables, "sources-containing", text=form).dicts()]
    return [by_source for _, by_source in sorted({row["source"]: row for row in rows}.items())]


def _in_any_form(word: str) -> str:
    """Return a pattern of a word, each letter of which may be composed or parted."""
    parts = []
    for letter in re.findall(r"(?s).[\u0300-\u036f]*", unicodedata.normalize("NFC", word)):
        forms = {unicodedata.normalize(form, letter) for form in _FORMS}
        whole = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
        parts.append(f"(?:{whole})" if len(forms) > 1 else whole)
    return f"(?:{''.join(parts)}|{re.escape(word)})"
