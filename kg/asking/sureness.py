"""How sure claims are, where that is asked: what coders judged of the confidence in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg import confidence
from kg.entries import CONCERNS, CONFIDENCES
from kg.words import word

if TYPE_CHECKING:
    from kg.asking.choice import Choice
    from kg.asking.chooser import Chooser

FEW = 2
"""How many claims are told component by component."""
_ORDER = list(CONFIDENCES)


def told(of: Chooser, choice: Choice) -> Choice:
    """Add to an answer how much confidence its claims deserve; of the least or most, keep those alone.

    Args:
        of: the chooser of the question.
        choice: what answers it.

    Returns:
        The same where the confidence in no claim was judged.
    """
    judged = confidence.judged(of.study.tables)
    language = of.question.language
    if not judged:
        return choice
    claims = choice.claims
    if extreme := {"least-sure", "most-sure"} & of.question.cues:
        ranks = {claim: _ORDER.index(judged[claim].overall.level) for claim in claims if claim in judged}
        if ranks:
            end = (max if "least-sure" in extreme else min)(ranks.values())
            claims = tuple(claim for claim, rank in ranks.items() if rank == end)
    rows = []
    for claim in claims:
        if claim not in judged:
            rows.append({"property": word("confidence", language), "value": f"{claim}: {word('not judged', language)}"})
            continue
        one = judged[claim]
        who = f"{of.study.label('coder', one.overall.coder)}, {one.overall.date}"
        value = f"{claim}: {word(one.level, language)} ({who}): {one.overall.reason}"
        rows.append({"property": word("confidence", language), "value": value})
        for component, concern in one.concerns.items() if len(claims) <= FEW else ():
            title = word(confidence.TITLES[component], language)
            value = f"{word(CONCERNS[concern.level], language)}: {concern.reason}"
            rows.append({"property": title.lower(), "value": value})
    return replace(choice, claims=claims, definition=(*choice.definition, *rows))
