"""Works that a question calls by what they are and of what: the bank study, the ministry's guide, 康怡的那份报告."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import dates
from kg.language.lexicon import content_words, function_words
from kg.language.shipped import table
from kg.language.tokens import fold, is_common, joined, tokens
from kg.store import fulltext

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.language.lexicon import Lexicon
    from kg.language.tokens import Token
    from kg.store.tables import Tables

_TYPES = {
    "article-journal": "journal-article",
    "article-newspaper": "newspaper-article",
    "article-magazine": "magazine-article",
    "webpage": "web-page",
    "post-weblog": "web-page",
    "paper-conference": "conference-paper",
    "book": "book",
}
"""By the type of a work in CSL, the cue by which such works are asked for."""
MOST = 3
"""How many works are called at most by one description; more would be a topic."""
_BEFORE, _BEHIND = 5, 4
"""How many words before and behind the word for a work tell which is meant."""
_NUMBERS = frozenset("two three four five six seven eight nine ten own".split())
"""Words without content that may stand in a title."""
_ASKING = frozenset("which what who whose whom when where why how".split())
"""Words that ask, and tell of no work."""
_ALSO_VERBS = frozenset("report reports study studies survey surveys review reviews book trial guide".split())
"""Words for works that are verbs as well."""
_DETERMINING = frozenset(
    "the a an this that these those which what whose any each every no one s its their our".split()
)
"""Words one of which stands before such a word if it is a noun."""
_JOINING = frozenset(["of", "on", "about", "from", "by"])
"""Words between the word for a work and what tells which is meant."""
_STRETCH = 3
"""How many characters of a title in Chinese a description has at least."""
_HAN = 12
"""How many characters before the word for a work in Chinese tell which is meant."""
_POINTING = re.compile("[那这][个项篇份本]")
"""What stands in Chinese before what tells which work is meant."""
_PARAGRAPHS = 20
"""How many paragraphs are looked at that have the words of a description."""
_CITED = """
SELECT DISTINCT c.reference FROM excerpt e JOIN citing c ON c.excerpt = e.id
WHERE e.source = :source AND e.start >= :start AND e."end" <= :end"""


class Work(NamedTuple):
    """A work that may be called by what it is about, or by whom it is.

    Args:
        id: the key of the reference.
        keys: the keys of the words of its title, its makers and where it appeared.
        text: the same as text.
    """

    id: str
    keys: frozenset[str]
    text: str


class Described(NamedTuple):
    """Works that some words of a question call.

    Args:
        start: the first token of the words.
        end: the token after the last.
        works: keys of the references.
    """

    start: int
    end: int
    works: tuple[str, ...]


def marks_of(item: Mapping[str, Any]) -> set[str]:
    """Return what a work is called by: its marks, its type, and that it has no date or no author.

    Args:
        item: the reference, in CSL-JSON.
    """
    marks = {*item.get("custom", {}).get("marks", ())}
    if not dates.year(item.get("issued")):
        marks.add("undated")
    if not (item.get("author") or item.get("editor")):
        marks.add("anonymous")
    if kind := _TYPES.get(item.get("type", "")):
        marks.add(kind)
    return marks


def marked(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return the references that have each mark, as those of a company.

    Args:
        tables: the tables of a build.
    """
    found: dict[str, list[str]] = {}
    for key, csl in tables.sql('SELECT reference, csl FROM "references" ORDER BY rowid'):
        for mark in sorted(marks_of(json.loads(csl))):
            found.setdefault(mark, []).append(key)
    return {mark: tuple(keys) for mark, keys in found.items()}


class Works:
    """The works of a study, by which those are known that a question describes.

    Args:
        tables: the tables of a build.
        lexicon: its words.
    """

    def __init__(self, tables: Tables, lexicon: Lexicon) -> None:
        self.tables, self.lexicon = tables, lexicon

    @cached_property
    def every(self) -> tuple[Work, ...]:
        """Return all works, in the order of the study."""
        found = []
        for key, csl in self.tables.sql('SELECT reference, csl FROM "references" ORDER BY rowid'):
            item = json.loads(csl)
            parts = [item.get(name, "") for name in ("title", "container-title", "publisher")]
            parts += [str(part) for one in item.get("author", ()) for part in one.values()]
            text = " ".join(map(str, parts))
            found.append(Work(key, frozenset(one for one, _ in content_words(text)), fold(text)))
        return tuple(found)

    def described(self, some: Sequence[Token]) -> Iterator[Described]:
        """Give the works that a question calls by what they are and of what.

        Args:
            some: the tokens of the question.
        """
        nouns = table("operations")["told"]["works"]
        for at, token in enumerate(some):
            if token.text in nouns["en"] and not _is_done(some, at):
                yield from self._in_english(some, at, nouns["en"])
        if any(token.is_han for token in some):
            yield from self._in_chinese([token.text for token in some], nouns["zh"])

    def _in_english(self, some: Sequence[Token], at: int, nouns: Sequence[str]) -> Iterator[Described]:
        ends = (function_words() | _ASKING) - _NUMBERS
        start, end = at, at + 1
        while start > max(0, at - _BEFORE) and some[start - 1].text not in ends:
            start -= 1
        last = end
        if end < len(some) and some[end].text in _JOINING:
            last += 1
            while last < min(len(some), end + 2 + _BEHIND) and (
                some[last].text not in ends or some[last].text == "the"
            ):
                last += 1
        before = [token for token in some[start:at] if _tells(token, nouns)]
        behind = [token for token in some[end:last] if _tells(token, nouns)]
        if not (before or behind):
            # "The handbook", where one work alone is called so.
            called = [work.id for work in self.every if some[at].key in work.keys]
            if len(called) == 1:
                yield Described(at, end, tuple(called))
            return
        fitting = self._fitting(before or behind)
        if behind and (not before or any({token.key for token in behind} & work.keys for work in fitting)):
            end = last
        # What else is said, also in words that may stand anywhere, tells which of several is meant.
        said = {token.key for token in (*some[start:at], *some[at + 1 : last])}
        fit = {work.id: len(said & work.keys) for work in fitting}
        chosen = tuple(key for key, number in fit.items() if number == max(fit.values()))
        if 0 < len(chosen) <= MOST:
            yield Described(start, end, chosen)

    def _fitting(self, words: Sequence[Token]) -> list[Work]:
        """Return the works that have some words, or others like them; or else those that paragraphs with them cite."""
        keys = [token.key for token in words]
        alike = self.lexicon.alike(keys)
        wanted = [{key, *alike.get(key, ())} for key in keys]
        if found := [work for work in self.every if all(some & work.keys for some in wanted)]:
            return found
        hits = fulltext.find(self.tables, " ".join(token.text for token in words), ("paragraph",), _PARAGRAPHS)
        cited: set[str] = set()
        for place in fulltext.places(self.tables, [hit.id for hit in hits if hit.all_words]):
            rows = self.tables.sql(_CITED, source=place.source, start=place.start, end=place.end)
            # A paragraph that cites several works does not tell which of them has the words.
            cited |= {key for (key,) in rows} if len(rows) == 1 else set()
        return [work for work in self.every if work.id in cited]

    def _tells_of_work(self, stretch: str) -> bool:
        """Say whether a stretch of a title in Chinese tells which work is meant: no year, and no name of a concept."""
        key = joined(tokens(stretch))
        senses = self.lexicon.look_up({key}).get(key, ())
        return not stretch.strip(" 年").isdigit() and not any(sense.kind == "concept" for sense in senses)

    def _in_chinese(self, texts: Sequence[str], nouns: Sequence[str]) -> Iterator[Described]:
        plain = "".join(texts)
        places = [n for n, text in enumerate(texts) for _ in text]
        said = re.compile(f"的?(?:那|这)[篇份本项](?:{'|'.join(nouns)})?|的?(?:{'|'.join(nouns)})")
        for match in said.finditer(plain):
            ahead = plain[max(0, match.start() - _HAN) : match.start()]
            said_of = _POINTING.split(ahead)[-1] if _POINTING.search(ahead) else ""
            best: list[tuple[int, str]] = []
            start = match.start()
            for work in self.every if ahead else ():
                shared = SequenceMatcher(None, ahead, work.text, autojunk=False).find_longest_match()
                stretch = ahead[shared.a : shared.a + shared.size]
                last = shared.size >= _STRETCH and shared.a + shared.size >= len(ahead) - 1
                if last and (said_of or self._tells_of_work(stretch)):
                    best.append((shared.size, work.id))
                    start = min(start, match.start() - len(ahead) + shared.a)
                elif len(said_of) >= _STRETCH and {*said_of} <= {*work.text}:
                    best.append((len(said_of), work.id))
                    start = min(start, match.start() - len(said_of))
            most = max((size for size, _ in best), default=0)
            chosen = tuple(key for size, key in best if size == most)
            if not chosen and len(match[0].removeprefix("的")) >= _STRETCH:
                # "白皮书" or "那份手册", where one work alone is called so.
                noun = next((noun for noun in nouns if match[0].endswith(noun)), None)
                called = [work.id for work in self.every if noun and noun in work.text]
                chosen = tuple(called) if len(called) == 1 else ()
            if 0 < len(chosen) <= MOST:
                yield Described(places[start], places[match.end() - 1] + 1, chosen)


def _is_done(some: Sequence[Token], at: int) -> bool:
    """Say whether a word for a work rather says what somebody does: people report sooner, do they study."""
    before = [token.text for token in some[max(0, at - _BEFORE) : at]]
    behind = [token.text for token in some[at + 1 : at + 2]]
    if behind == ["that"] or before[-1:] == ["to"]:
        return True
    return (
        some[at].text in _ALSO_VERBS and not {*before} & _DETERMINING and behind[:1] not in (["by"], ["of"], ["from"])
    )


def _tells(token: Token, nouns: Sequence[str]) -> bool:
    """Say whether a word tells which work is meant."""
    return not (is_common(token.text) or token.text in nouns or token.text in function_words() or token.text.isdigit())
