"""Claims by ranked words, for a question that names none: its words in claims, definitions and quotes."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg.cjk import has_han
from kg.language.lexicon import DEFINED, SYNONYM, pairs
from kg.language.tokens import is_common, joined, tokens
from kg.store import fulltext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.asking.meant import Meant
    from kg.store.tables import Tables

SURE = 0.5
"""How much of what a question says a claim has at least, if it is taken for what is meant."""
NEAR = 0.25
"""How much of it a claim has at least that is shown as one of the nearest."""
_LIKE_BEST = 0.8
"""How well another claim fits at least, beside the one that fits best."""
_MOST = 4
"""How many claims at most are meant by one question."""
_BY_RANK = ((SYNONYM, 1.0), (DEFINED, 0.9))
_IN_DEFINITION, _ALIKE, _QUOTED = 0.7, 0.8, 0.6
"""How much a word counts in a definition, a word of like meaning, and a word of the quotes that bear on a claim."""
_HITS = 60
"""How many passages with a word are looked at."""
_LINES = """
SELECT e.value, n.claim FROM json_each(:ids) e JOIN line_excerpt m ON m.excerpt = e.value
JOIN line n ON n.id = m.line AND n.status = 'active' GROUP BY 1, 2"""


class Ranked(NamedTuple):
    """Claims that fit a question by its words.

    Args:
        claims: ids of those that fit nearly as well as the best, in the order of the study.
        share: how much of what the question says the best has (0 to 1).
    """

    claims: tuple[str, ...]
    share: float


def ranked(of: Meant) -> Ranked:
    """Return the claims that fit the words of a question best.

    Args:
        of: the chooser of the question.
    """
    number = len(of.everything)
    scores = dict.fromkeys(of.everything, 0.0)
    total = 0.0
    words = _words(of)
    for word in words:
        having = _having(of, word)
        weight = (
            math.log(1.0 + (number - len(having) + 0.5) / (len(having) + 0.5)) if having else math.log(1.0 + number)
        )
        total += weight
        for claim, fit in having.items():
            scores[claim] += weight * fit
    best = max(scores.values(), default=0.0)
    if not best:
        return Ranked((), 0.0)
    chosen = tuple(claim for claim, score in scores.items() if score >= _LIKE_BEST * best)
    if len(words) == 1 < len(chosen):
        # One word that several claims have does not tell which of them is meant.
        return Ranked(chosen if len(chosen) <= _MOST else (), NEAR)
    return Ranked(chosen if len(chosen) <= _MOST else (), best / total)


def bearing_on(tables: Tables, excerpts: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of a passage and a claim on which an active line with it bears.

    Args:
        tables: the tables of a build.
        excerpts: ids of passages.
    """
    return tables.sql(_LINES, ids=json.dumps(list(excerpts)))


def _words(of: Meant) -> list[str]:
    """Return the words of a question that carry content, Chinese by the words of which it consists."""
    words = [text for span in of.question.words for text in ([span.text] if has_han(span.text) else span.text.split())]
    return [text for text in dict.fromkeys(words) if len(text) > 1 and not (text.isdigit() or is_common(text))]


def _having(of: Meant, text: str) -> dict[str, float]:
    """Return the claims that have a word, or one of like meaning, each with how surely."""
    lexicon = of.study.lexicon
    own = joined(tokens(text))
    having: dict[str, float] = {}
    for key, worth in ((own, 1.0), *((other, _ALIKE) for other in sorted(lexicon.alike([own]).get(own, ())))):
        for claim, rank in _stated(key, lexicon.claim_words).items():
            fit = next((some for bound, some in _BY_RANK if rank < bound), _IN_DEFINITION)
            having[claim] = max(having.get(claim, 0.0), worth * fit)
    hits = fulltext.find(of.study.tables, text, ("passage",), _HITS)
    for claim, fit in _quoted(of, [hit.id for hit in hits if hit.all_words]).items():
        having[claim] = max(having.get(claim, 0.0), _QUOTED * fit)
    return having


def _stated(key: str, words: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return the claims that have all words or characters of a key, with the worst rank."""
    parts = key.split(" ") if key.isascii() else pairs(tokens(key)) or [key]
    found = [words.get(part, {}) for part in parts]
    if not found or not all(found):
        return {}
    both = set(found[0]).intersection(*found[1:])
    return {claim: max(some[claim] for some in found) for claim in both}


def _quoted(of: Meant, excerpts: Iterable[str]) -> dict[str, float]:
    """Return the claims on which passages bear, with how many of a claim's lines these are, two being all."""
    counts = Counter(claim for _, claim in bearing_on(of.study.tables, excerpts))
    lines = {claim: sum(of.study.all.tally(claim).values()) for claim in counts}
    return {claim: min(1.0, (0.5 + n) / (0.5 + min(lines[claim] or 1, 2))) for claim, n in counts.items()}
