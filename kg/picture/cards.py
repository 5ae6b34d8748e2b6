"""The theory map for a narrow window: cards in one column, by stage and object, in place of a shrunk picture.

It has the same rows in the same order as :mod:`kg.picture.map`, with the same strands and signs.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from kg import claims
from kg.picture import drawing, marks
from kg.picture.map import counted, ordered, stage_name
from kg.picture.theory import SHORT
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.picture.theory import Claim, Theory

_HIGH = 38
"""How high the strands of a claim are (pixels)."""


def cards(theory: Theory, address: Callable[[str, str], str]) -> str:
    """Write the claims of a theory as cards.

    Args:
        theory: the claims.
        address: gives the address of a record, by its kind and id.

    Returns:
        HTML; each claim and each object is a link.
    """
    language = theory.language
    parts = []
    for stage, number in theory.stages:
        some = ordered([claim for claim in theory.claims if claim.stage == stage])
        parts.append(
            f"<section><h2>{escape(stage_name(stage, language))} "
            f"<small>{escape(counted(number, language))}</small></h2>\n"
        )
        for acted_on, rows in groupby(some, key=lambda claim: claim.object):
            inner = "".join([_row(claim, language, address) for claim in rows])
            concept = f'<a class="concept" href="{escape(address("concept", acted_on.id))}">{escape(acted_on.name)}</a>'
            parts.append(f'<div class="card">{inner}{concept}</div>\n')
        parts.append("</section>\n")
    return "".join(parts)


def _row(claim: Claim, language: str, address: Callable[[str, str], str]) -> str:
    strands = "".join(
        [drawing.strand(one.stance, one.width, one.dashes, upright=_HIGH) for one in marks.strands(claim.witnesses)]
    )
    if claim.has_evidence:
        counts = "".join(
            f'<b class="{stance}{"" if number else " zero"}">{claims.SIGNS[stance]}{number}</b>'
            for stance in claims.STANCES
            for number in [claim.tally[stance]]
        )
    else:
        counts = escape(word(SHORT.get(claim.state, claim.state), language))
    # The link says it all in words; what is seen is not read out a second time.
    hidden = 'aria-hidden="true"'
    return (
        f'<a class="row" href="{escape(address("proposition", claim.id))}">'
        f'<span class="hidden">{escape(claim.says(language))}</span>'
        f'<span class="strands" {hidden}>{strands}</span>'
        f'<span class="subject" {hidden}>{escape(claim.subject.name)}</span>'
        f'<span class="counts" {hidden}>{counts}</span>'
        f'<span class="relation" {hidden}>{drawing.sign(marks.STATES[claim.state])} '
        f'<b class="id">{escape(claim.id)}</b> {escape(claim.relation.name)} ↓</span></a>'
    )
