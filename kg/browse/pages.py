"""The pages that answer: an answer, what was searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import claims, search
from kg.browse.frame import CLAIMS, Page, Slice, chosen_evidence, cut
from kg.browse.study import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.answer import Answer as FoundAnswer
    from kg.browse.frame import Evidence
    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy
    from kg.claims import Dispute
    from kg.search import Hit, Results

PLACES, PAGES = 20, 50
"""How many places in the sources are on a page, and on how many pages they are."""


@dataclass(frozen=True)
class Answer:
    """The answer to a question.

    Args:
        reply: the answer itself.
        claims: a part of its claims, and how they stand.
        by_case: number of evidence lines of each stance, by case.
        evidence: the evidence on the claims.
        disputes: the evidence lines on this part of the claims on which coders differ.
    """

    reply: FoundAnswer
    claims: Slice[Standing]
    by_case: Sequence[tuple[str, Sequence[int]]]
    evidence: Evidence
    disputes: Sequence[Dispute]


def answer(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Answer a question: how it was read, the verdict, the claims, the evidence, what else answers, what comes next."""
    reply = study.answers.answer(parameters.question)
    part = cut(reply.claims, parameters, CLAIMS, claims=True)
    counts, cases = reply.by_case, (*study.ids("case"), claims.LITERATURE)
    lines = study.evidence.of(claim.id for claim in reply.claims)
    if reply.limits:
        lines &= study.evidence.within(reply.limits)
    content = Answer(
        reply=reply,
        claims=part.of([Standing(study.claims[claim.id], claim.tally, claim.state) for claim in part.items]),
        by_case=[(case, [counts[stance][case] for stance in claims.STANCES]) for case in cases],
        evidence=chosen_evidence(study, parameters, lines, reply.stance),
        disputes=[dispute for claim in part.items for dispute in claim.disputes],
    )
    shows = (
        *((t.kind, t.id) for t in reply.about),
        *((one.kind, one.id) for one in reply.named),
        *(("proposition", claim.id) for claim in part.items),
        *(("line", n.id) for n in content.evidence.lines),
        *(("line", dispute.line.id) for dispute in content.disputes),
        *(("excerpt", p.id) for p in reply.passages),
    )
    return Page("answer.html", parameters.question, "ask", content, shows=shows, kept={"q": parameters.question})


@dataclass(frozen=True)
class SearchResults:
    """The places in the sources where words stand.

    Args:
        hits: the places.
        results: the outcome of the search.
        told: which words were not found; empty when all were.
        exact: whether the text was looked for as it stands.
    """

    hits: Slice[Hit]
    results: Results
    told: str
    exact: bool


def search_results(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Find words in the sources."""
    find = search.exact if parameters.exact else search.search
    page = min(parameters.page, PAGES)
    results = find(study.tables, parameters.question, PLACES, (page - 1) * PLACES)
    pages = min(max(1, -(-results.total // PLACES)), PAGES)
    if page > pages:
        page = pages
        results = find(study.tables, parameters.question, PLACES, (page - 1) * PLACES)
    part = Slice(results.hits, results.total, page, pages, (page - 1) * PLACES)
    told = search.told(results, language) if parameters.question.strip() else ""
    return Page(
        "search.html",
        parameters.question or "Search",
        "search",
        SearchResults(part, results, told, parameters.exact),
        shows=tuple(("excerpt", e) for hit in part.items for e in hit.excerpts),
        kept={"q": parameters.question, "exact": "1" if parameters.exact else ""},
    )


def suggestions(study: BuiltStudy, text: str) -> list[str]:
    """Return questions as one types.

    Args:
        study: the study.
        text: what was typed so far.
    """
    return study.answers.suggest(text)
