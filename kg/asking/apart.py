"""Phrases of which the words stand apart in a sentence, with others in between."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kg.asking.sentence import Span
from kg.language.lexicon import LABEL, Sense, function_words
from kg.language.shipped import table
from kg.language.tokens import key, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.asking.sentence import Sentence

_QUESTION_WORDS = frozenset("which what who whose whom when where why how".split())
"""Words with which a question begins."""
_GAP = 2
"""How many other words may stand within a phrase of several."""
_PARTED = frozenset(["promotes", "hinders", "lessens"])
"""Cues whose verbs may have what they act on before their particle: win residents over."""
_PARTICLES = frozenset(["over", "down", "off", "up", "round", "around", "away"])
"""Such particles."""
_FILLERS = frozenset("actually really exactly usually mostly ultimately typically normally truly finally then".split())
"""Words that may stand anywhere in a question: what actually gets people to ride."""


def apart(sentence: Sentence, phrases: Iterable[Span]) -> tuple[list[Span], frozenset[int]]:
    """Return the English phrases of several words that stand in a sentence with others in between.

    Args:
        sentence: the sentence, split.
        phrases: those of which the words stand together.

    Returns:
        The phrases, each with its place, and the places of verbs and particles that have what they act on between them.
    """
    some = sentence.tokens
    there = {(sense.kind, sense.value) for span in phrases for sense in span.senses}
    taken = {n for span in sentence.spans if span.names_records for n in range(span.start, span.end)}
    found: list[Span] = []
    parted: set[int] = set()
    for at, token in enumerate(some):
        for phrase, sense in _phrases_in_parts().get(token.key, ()) if at not in taken else ():
            keys = _keys_of(phrase)
            end = _reach(keys, [one.key for one in some[at : at + len(keys) + _GAP]])
            # What is won over may be named between the two.
            free = {at, at + end - 1} if phrase.split()[-1] in _PARTICLES else {*range(at, at + end)}
            if end and (sense.kind, sense.value) not in there and not taken & free:
                if len(free) < end:
                    parted |= free
                text = " ".join(one.text for one in some[at : at + end])
                found.append(Span(at, at + end, text, (sense,)))
                there.add((sense.kind, sense.value))
    plain = [n for n, token in enumerate(some) if token.text not in _FILLERS]
    for n, at in enumerate(plain if len(plain) < len(some) else ()):
        for phrase, sense in _phrases_that_ask().get(some[at].key, ()):
            keys = _keys_of(phrase)
            places = plain[n : n + len(keys)]
            if tuple(some[place].key for place in places) == keys and (sense.kind, sense.value) not in there:
                found.append(Span(at, places[-1] + 1, phrase, (sense,)))
                there.add((sense.kind, sense.value))
    return found, frozenset(parted)


@cache
def _phrases_in_parts() -> dict[str, list[tuple[str, Sense]]]:
    """Return the English phrases with two words of content or more, by the key of their first word."""
    phrases: dict[str, list[tuple[str, Sense]]] = {}
    words = function_words() | _QUESTION_WORDS
    for phrase, sense in _phrases_of_several():
        first, *rest = phrase.split()
        parted = sense.value in _PARTED and rest[-1] in _PARTICLES
        if first not in words and (parted or not words.issuperset(rest)):
            phrases.setdefault(key(first), []).append((phrase, sense))
    return phrases


@cache
def _phrases_that_ask() -> dict[str, list[tuple[str, Sense]]]:
    """Return the English phrases that begin with the word that asks, by its key: what gets."""
    phrases: dict[str, list[tuple[str, Sense]]] = {}
    for phrase, sense in _phrases_of_several():
        if (first := phrase.split()[0]) in _QUESTION_WORDS:
            phrases.setdefault(key(first), []).append((phrase, sense))
    return phrases


def _phrases_of_several() -> Iterator[tuple[str, Sense]]:
    """Give the English phrases of two words or more by which something is asked."""
    for kind in ("operation", "cue"):
        for name, entry in table("operations")[kind].items():
            for phrase in entry["en"]:
                if " " in phrase:
                    yield phrase, Sense(kind, name, LABEL)


@cache
def _keys_of(phrase: str) -> tuple[str, ...]:
    """Return the keys of the words of a phrase."""
    return tuple(token.key for token in tokens(phrase))


def _reach(keys: Sequence[str], there: Sequence[str]) -> int:
    """Return after how many words those of a phrase have all come, in their order and not right one after another."""
    at = 0
    for n, one in enumerate(there):
        if at < len(keys) and one == keys[at]:
            at += 1
            if at == len(keys):
                return n + 1 if n + 1 > len(keys) else 0
    return 0
