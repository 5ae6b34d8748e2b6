"""What a work, source or case tells that is nearest to a question, where no passage of it has its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.asking.choice import Choice
from kg.asking.finding import LIKE_BEST, MOST, SHOWN
from kg.asking.retrieval import bearing_on
from kg.cjk import has_han

if TYPE_CHECKING:
    from kg.asking.chooser import Chooser

_LEAST = 0.3
"""How much of what is looked for a passage has at least that is nearer than others, with the names of its claims."""


def nearest_within(of: Chooser) -> Choice | None:
    """Choose the passages of the works, sources and cases of a question that are nearest to it, with their claims.

    A passage has its own words and the names of the concepts of the claims that it bears on. Where none is nearer than
    another, those that are evidence are given.

    Args:
        of: the chooser of the question.

    Returns:
        Nothing where the question has no such limits, or these leave no passage.
    """
    ids = of.narrowed
    if not ids:
        return None
    on: dict[str, list[str]] = {}
    for key, claim in bearing_on(of.study.tables, ids):
        on.setdefault(key, []).append(claim)
    texts = {p.id: f"{p.quote} {_called(of, on.get(p.id, []))}" for p in of.quoted(ids)}
    shares = of.parts(texts) if has_han(of.question.text) else of.shares(texts)
    best = max(shares.values(), default=0.0)
    nearer = [key for key in ids if shares.get(key, 0.0) >= max(_LEAST, LIKE_BEST * best)]
    shown = tuple((nearer or [key for key in ids if key in on])[:SHOWN])
    meant = {claim for key in shown for claim in on.get(key, ())} if nearer else set()
    claims = tuple(claim for claim in of.everything if claim in meant)
    # One word alone does not tell that a passage answers.
    told = best >= MOST and len(of.question.words) + len(of.topics) > 1
    return Choice("find", claims if told else (), excerpts=shown, is_nearest=not told, told=told) if shown else None


def _called(of: Chooser, claims: list[str]) -> str:
    """Return the names of the concepts that some claims join."""
    rows = [of.study.by_claim[claim] for claim in claims]
    concepts = dict.fromkeys(row[end] for row in rows for end in ("subject", "object"))
    return " ".join(name for concept in concepts for name in of.study.names("concept", concept))
