"""Works that a question calls by what they are and of what: the bank study, the ministry's guide, 康怡的那份报告."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from kg.language.lexicon import content_words, function_words
from kg.language.shipped import table
from kg.language.tokens import fold, is_common

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.language.tokens import Token
    from kg.store.tables import Tables

MOST = 3
"""How many works are called at most by one description; more would be a topic."""
_BEFORE, _BEHIND = 5, 4
"""How many words before and behind the word for a work tell which is meant."""
_ASKING = frozenset("which what who whose whom when where why how".split())
"""Words that ask, and tell of no work."""
_JOINING = frozenset(["of", "on", "about", "from", "by"])
"""Words between the word for a work and what tells which is meant."""
_STRETCH = 3
"""How many characters of a title in Chinese a description has at least."""
_HAN = 12
"""How many characters before the word for a work in Chinese tell which is meant."""


_CITED_ALONE = """
SELECT min(c.reference), substr(t.whole, p.start + 1, p."end" - p.start) FROM paragraph p
JOIN excerpt e ON e.source = p.source AND e.start >= p.start AND e."end" <= p."end"
JOIN citing c ON c.excerpt = e.id JOIN source_text t ON t.source = p.source
GROUP BY p.source, p.start HAVING count(DISTINCT c.reference) = 1 ORDER BY 1, p.source, p.start"""


class Work(NamedTuple):
    """A work that may be called by what it is about, or by whom it is.

    Args:
        id: the key of the reference.
        keys: the keys of the words of its title, its makers and where it appeared.
        text: the same as text.
        told: the keys of the words of paragraphs that cite it and nothing else.
    """

    id: str
    keys: frozenset[str]
    text: str
    told: frozenset[str] = frozenset()


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


def works(tables: Tables) -> tuple[Work, ...]:
    """Return the works of a study.

    Args:
        tables: the tables of a build.
    """
    told: dict[str, set[str]] = {}
    for key, text in tables.sql(_CITED_ALONE):
        told.setdefault(key, set()).update(one for one, _ in content_words(text))
    found = []
    for key, csl in tables.sql('SELECT reference, csl FROM "references" ORDER BY rowid'):
        item = json.loads(csl)
        parts = [item.get(name, "") for name in ("title", "container-title", "publisher")]
        parts += [str(part) for one in item.get("author", ()) for part in one.values()]
        text = " ".join(map(str, parts))
        keys = frozenset(one for one, _ in content_words(text))
        found.append(Work(key, keys, fold(text), frozenset(told.get(key, ())) - keys))
    return tuple(found)


def described(
    some: Sequence[Token],
    every: Callable[[], Iterable[Work]],
    alike: Callable[[list[str]], Mapping[str, frozenset[str]]],
) -> Iterator[Described]:
    """Give the works that a question calls by what they are and of what.

    Args:
        some: the tokens of the question.
        every: gives the works of the study; it is not called where no word for a work stands.
        alike: gives words of like meaning by their keys.
    """
    nouns = table("operations")["told"]["works"]
    for at, token in enumerate(some):
        if token.text in nouns["en"]:
            yield from _in_english(some, at, nouns["en"], every, alike)
    texts = [token.text for token in some]
    if any(token.is_han for token in some):
        yield from _in_chinese(texts, nouns["zh"], every)


def _in_english(
    some: Sequence[Token],
    at: int,
    nouns: Iterable[str],
    every: Callable[[], Iterable[Work]],
    alike: Callable[[list[str]], Mapping[str, frozenset[str]]],
) -> Iterator[Described]:
    ends = (function_words() | _ASKING) - {
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "own",
    }
    start = at
    while start > max(0, at - _BEFORE) and some[start - 1].text not in ends:
        start -= 1
    end = at + 1
    if [token.text for token in some[end : end + 1]] and some[end].text in _JOINING:
        last = end + 1
        while last < min(len(some), end + 2 + _BEHIND) and (some[last].text not in ends or some[last].text == "the"):
            last += 1
    else:
        last = end
    before = [token.key for token in some[start:at] if _tells(token, nouns)]
    behind = [token.key for token in some[end:last] if _tells(token, nouns)]
    keys = before or behind
    if not keys and (called := [work.id for work in every() if some[at].key in work.keys]) and len(called) == 1:
        # "The handbook", where one work alone is called so.
        yield Described(at, at + 1, tuple(called))
    if not keys:
        return
    others = alike(keys)
    wanted = [{key, *others.get(key, ())} for key in keys]
    fitting = [work for work in every() if all(some & work.keys for some in wanted)]
    fitting = fitting or [work for work in every() if all(some & (work.keys | work.told) for some in wanted)]
    said = {token.key for token in (*some[start:at], *some[end:last])}
    if behind and (not before or any({*behind} & work.keys for work in fitting)):
        end = last
    # What else is said, also in words that may stand anywhere, tells which of several is meant.
    fit = {work.id: len(said & work.keys) for work in fitting}
    chosen = tuple(key for key, number in fit.items() if number == max(fit.values()))
    if 0 < len(chosen) <= MOST:
        yield Described(start, end, chosen)


def _tells(token: Token, nouns: Iterable[str]) -> bool:
    """Say whether a word tells which work is meant."""
    return not (is_common(token.text) or token.text in nouns or token.text in function_words() or token.text.isdigit())


def _in_chinese(texts: Sequence[str], nouns: Sequence[str], every: Callable[[], Iterable[Work]]) -> Iterator[Described]:
    plain = "".join(texts)
    places = [n for n, text in enumerate(texts) for _ in text]
    said = re.compile(f"的?(?:那|这)[篇份本项](?:{'|'.join(nouns)})?|的?(?:{'|'.join(nouns)})")
    for match in said.finditer(plain):
        ahead = plain[max(0, match.start() - _HAN) : match.start()]
        best: list[tuple[int, str]] = []
        start = match.start()
        for work in every() if ahead else ():
            shared = SequenceMatcher(None, ahead, work.text, autojunk=False).find_longest_match()
            if shared.size >= _STRETCH and shared.a + shared.size >= len(ahead) - 1:
                best.append((shared.size, work.id))
                start = min(start, match.start() - len(ahead) + shared.a)
        most = max((size for size, _ in best), default=0)
        chosen = tuple(key for size, key in best if size == most)
        if 0 < len(chosen) <= MOST:
            yield Described(places[start], places[match.end() - 1] + 1, chosen)
