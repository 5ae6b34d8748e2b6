"""The pages that answer: the first, an answer, what was searched, the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import claims, search
from kg.browse import overviews
from kg.browse.frame import CLAIMS, Page, Slice, chosen_evidence, cut
from kg.browse.parameters import Parameters
from kg.browse.study import Standing
from kg.errors import UnknownTerm, closest
from kg.picture import network

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.answer import Answer as FoundAnswer
    from kg.browse.frame import Evidence
    from kg.browse.study import BuiltStudy, Row
    from kg.claims import Dispute
    from kg.search import Hit, Results

DRAWN = 150
"""How many nodes a picture has unless more are asked for."""
PLACES, PAGES = 20, 50
"""How many places in the sources are on a page, and on how many pages they are."""


@dataclass(frozen=True)
class Home:
    """The first page.

    Args:
        claims: how the claims stand.
        without: those that no quote supports.
        tally: number of all evidence lines by stance.
        concepts: ids of the concepts that claims are about.
        questions: rows of the open questions.
    """

    claims: Slice[Standing]
    without: Slice[Standing]
    tally: Mapping[str, int]
    concepts: Sequence[str]
    questions: Sequence[Row]


def home(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Begin with a question; then how the claims stand. Of a study without claims, show what else it has."""
    if not study.claims:
        return overviews.without_claims(study, parameters, language)
    part = cut([*study.claims], parameters, CLAIMS)
    without = cut([c for c in study.claims if c in study.unsupported], Parameters(whole=parameters.whole), CLAIMS)
    named = {i for about in study.about.values() for i in about}
    content = Home(
        claims=part.of([*map(study.standing, part.items)]),
        without=without.of([*map(study.standing, without.items)]),
        tally=study.evidence.tally(study.evidence.of()),
        concepts=[c for c in study.ids("concept") if c in named],
        questions=[*{row["question"]: row for row in study.questions}.values()],
    )
    return Page(
        "home.html",
        study.header["title_zh"] if language == "zh" and study.header["title_zh"] else study.header["title"],
        "",
        content,
        shows=tuple(("proposition", claim) for claim in part.items),
    )


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


@dataclass(frozen=True)
class Picture:
    """A picture, and the same as a list.

    Args:
        drawn: its nodes and links.
        layers: its nodes by layer.
        joined: links by a node's key, with the key of the other node; one that leads here begins with ``←``.
        relations: the kinds of its links.
        cases: ids of the cases that it can be drawn for, and ``literature``.
    """

    drawn: network.Network
    layers: Mapping[str, Sequence[network.Node]]
    joined: Mapping[str, Iterable[tuple[str, str]]]
    relations: Sequence[str]
    cases: Sequence[str]


def picture(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Draw an answer, a record, or the theory; the same as a list below."""
    drawn = drawing(study, parameters, language)
    joined: dict[str, list[tuple[str, str]]] = {}
    for edge in drawn.edges:
        one, other = edge.directed
        joined.setdefault(one, []).append((edge.link, other))
        joined.setdefault(other, []).append((f"← {edge.link}", one))
    chosen = parameters.chosen()
    kept = {
        "of": parameters.of,
        "q": parameters.question,
        "depth": parameters.depth if parameters.of else "",
        "unfold": parameters.unfolded,
        "expand": parameters.expanded,
        "all": "1" if parameters.everything else "",
        "stance": chosen.get("stance", ()),
        "case": chosen.get("case", ()),
    }
    return Page(
        "picture.html",
        drawn.title,
        "picture",
        Picture(
            drawn=drawn,
            layers=drawn.layers(),
            joined=joined,
            relations=sorted({e.link for e in drawn.edges}),
            cases=[*study.ids("case"), claims.LITERATURE],
        ),
        kept=kept,
        shows=tuple((n.kind, i) for n in drawn.nodes if n.kind != "theory" for i in (n.members or (n.id,))),
    )


def drawing(study: BuiltStudy, parameters: Parameters, language: str) -> network.Network:
    """Choose what the picture of an address shows.

    Args:
        study: the study.
        parameters: says of what, and how much.
        language: ``en`` or ``zh``, for labels.
    """
    choice = network.Choice(
        parameters.choice.get("case", frozenset()),
        parameters.choice.get("stance", frozenset()),
        frozenset(parameters.unfolded),
        parameters.expanded,
        network.MOST if parameters.everything else DRAWN,
    )
    if parameters.of:
        kind, _, identifier = parameters.of.partition("/")
        if (kind, identifier) not in study.names and kind != "excerpt":
            raise UnknownTerm(parameters.of, "record", closest(identifier, study.ids(kind)))
        return network.around(study.tables, kind, identifier, parameters.depth, language, choice)
    if parameters.question:
        reply = study.answers.answer(parameters.question)
        wanted = tuple(claim.id for claim in reply.claims)
        without = {value for facet, value in reply.limits.without if facet == "case"}
        if (reply.limits.cases or without) and not choice.cases:
            cases = reply.limits.cases or (*study.ids("case"), claims.LITERATURE)
            choice = choice._replace(cases=frozenset(cases) - without)
        return network.claimed(study.tables, wanted, parameters.question, language, choice, evidence=True)
    return network.theory(study.tables, language, choice)


def suggestions(study: BuiltStudy, text: str) -> list[str]:
    """Return questions as one types.

    Args:
        study: the study.
        text: what was typed so far.
    """
    return study.answers.suggest(text)
