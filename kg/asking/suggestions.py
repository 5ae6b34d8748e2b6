"""Questions that begin as a text does, or are about what its last words begin to name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.asking.further import WAYS
from kg.cjk import has_han
from kg.language.lexicon import ID, SUGGESTED, Sense
from kg.language.tokens import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.language.lexicon import Lexicon

MOST = 10
"""How many questions are suggested."""
_FAR = 12
"""How many words, of Chinese characters, before the end a name may begin."""
_BY_EVIDENCE = (
    "supports",
    "opposes",
    "qualifies",
    "missing",
    "define",
    "references",
    "says",
    "drivers",
    "effects",
    "cases",
    "stage",
    "relate",
    "count",
    "compare",
    "why",
    "verdict",
    "find",
)
"""What is asked of a concept or claim, in the order in which it is suggested."""


def suggest(
    text: str,
    lexicon: Lexicon,
    labels: Mapping[tuple[str, str], str],
    claims: Sequence[str],
    topics: Sequence[str],
    beside: Mapping[str, str],
) -> list[str]:
    """Return questions that begin as a text does, or are about what its last words begin to name.

    Args:
        text: what was typed so far.
        lexicon: the words of the study.
        labels: what every record is called, by kind and id, in the language of the text.
        claims: ids of all claims.
        topics: labels that are suggested where nothing is named yet.
        beside: by label of a concept that of one that a claim joins with it.

    Returns:
        Up to :data:`MOST` questions that can be answered, the nearest first.
    """
    ways = WAYS["zh" if has_han(text) else "en"]
    typed = fold(text)
    begun = [way for name in _BY_EVIDENCE if _begins(way := ways[name], typed)]
    named, before = _named(typed, lexicon, claims)
    # What is asked comes before what happens to be called so.
    first = _ask([way for way in begun if _stem(way).startswith(typed)], topics, beside)
    if named:
        asked = [way for way in begun if _stem(way) and _stem(way) == before] or [
            ways[name] for name in _BY_EVIDENCE[:2]
        ]
        questions = first[: MOST // 2]
        for sense in named:
            label = sense.value if sense.kind == "proposition" else labels.get((sense.kind, sense.value), sense.value)
            if sense.kind in ("concept", "proposition"):
                questions += _ask(asked, [label], beside)
            else:
                questions.append(ways["about"].format(topic=label))
        return list(dict.fromkeys(questions))[:MOST]
    if begun or not typed:
        asked = begun or [ways["supports"], ways["opposes"]]
        return _ask(asked, topics, beside)[:MOST]
    return [way for way in (ways["contested"], ways["gaps"]) if fold(way).startswith(typed)]


def _ask(ways: Sequence[str], topics: Sequence[str], beside: Mapping[str, str]) -> list[str]:
    """Return what is asked of topics, each way of each, where it needs no second topic or there is one."""
    asked = (
        way.format(topic=topic, other=beside.get(topic))
        for topic in topics
        for way in ways
        if "{other}" not in way or topic in beside
    )
    return list(dict.fromkeys(asked))


def _stem(way: str) -> str:
    """Return what stands before the topic of a way to ask."""
    return fold(way.partition("{topic}")[0])


def _begins(way: str, typed: str) -> bool:
    """Say whether a way to ask begins as was typed, or what was typed begins with it."""
    stem = _stem(way)
    return bool(stem and typed) and (stem.startswith(typed) or typed.startswith(stem))


def _named(typed: str, lexicon: Lexicon, claims: Sequence[str]) -> tuple[list[Sense], str]:
    """Return what the last words begin to name, and what stands before them."""
    starts = [match.start() for match in re.finditer(r"\S+", typed)]
    if has_han(typed):
        starts = [*range(len(typed))][-_FAR:]
    for start in starts[:_FAR]:
        part = typed[start:]
        some = tokens(part)
        found = [s for s in (lexicon.begin(some) or lexicon.within(some)) if s.kind in SUGGESTED]
        if not found and (number := re.fullmatch(r"([^\W\d_]+)0*(\d+)", part)):
            found = [
                sense
                for sense in (Sense("proposition", claim, ID) for claim in claims)
                if (own := re.fullmatch(r"([^\W\d_]+)0*(\d+)", fold(sense.value)))
                and own[1] == number[1]
                and own[2].startswith(number[2])
            ]
        if found:
            return found, typed[:start].strip()
    return [], ""
