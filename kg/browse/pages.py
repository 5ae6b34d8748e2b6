"""The pages that are about no single record: an answer, lists, overviews, what was searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import claims, report, search
from kg.browse.frame import CLAIMS, Page, Slice, chosen_evidence, cut
from kg.browse.study import Standing
from kg.kinds import LISTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
class Listing:
    """The records of a kind.

    Args:
        kind: the kind.
        items: of a claim how it stands, of a code its id and depth, of a source, author or coder the row; else ids.
    """

    kind: str
    items: Slice[Any]


def listing(study: BuiltStudy, parameters: Parameters, language: str, kind: str) -> Page:
    """List the records of a kind."""
    depths = dict(_tree(study.above)) if kind == "code" else {}
    part = cut(list(depths) or study.ids(kind), parameters, 200)
    items: list[Any] = [*part.items]
    if kind == "proposition":
        items = [*map(study.standing, part.items)]
    elif kind == "code":
        items = [(identifier, depths[identifier]) for identifier in part.items]
    elif kind == "source":
        items = [study.sources[identifier] for identifier in part.items]
    elif kind == "author":
        items = [study.authors[identifier] for identifier in part.items]
    elif kind == "coder":
        rows = {row["coder"]: row for row in study.rows("coders")}
        items = [rows[identifier] for identifier in part.items]
    shows = tuple((kind, identifier) for identifier in part.items)
    return Page("list.html", LISTED[kind], f"{kind}s", Listing(kind, part.of(items)), shows=shows)


def _tree(above: dict[str, str | None]) -> list[tuple[str, int]]:
    """Order ids so that each stands under the one above it, with how deep it stands."""
    below: dict[str | None, list[str]] = {}
    for identifier, parent in sorted(above.items()):
        below.setdefault(parent if parent in above else None, []).append(identifier)
    ordered: list[tuple[str, int]] = []

    def walk(parent: str | None, depth: int) -> None:
        for identifier in below.get(parent, ()):
            ordered.append((identifier, depth))
            walk(identifier, depth + 1)

    walk(None, 0)
    return ordered


@dataclass(frozen=True)
class Ontology:
    """The ontology, in both languages.

    Args:
        concepts: id of each concept and how deep it stands, in the order of the tree.
        relations: ids of the relations.
        terms: the classes and properties of the evidence model, with their labels and definitions.
        definitions: the properties of each concept.
        names: what every record is called, by kind and id, in each language.
    """

    concepts: Sequence[tuple[str, int]]
    relations: Sequence[str]
    terms: Sequence[Mapping[str, str]]
    definitions: Mapping[str, Mapping[str, Sequence[str]]]
    names: Mapping[tuple[str, str], Mapping[str, str]]


def ontology(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show the ontology: concepts and relations, each in both languages."""
    return Page(
        "ontology.html",
        "Ontology",
        "ontology",
        Ontology(
            concepts=_tree({c: study.broader.get(c) for c in study.ids("concept")}),
            relations=study.ids("relation"),
            terms=study.terms(),
            definitions=study.definitions,
            names=study.names,
        ),
        shows=tuple((kind, i) for kind in ("concept", "relation") for i in study.ids(kind)),
    )


class MatrixRow(NamedTuple):
    """A claim set against the cases.

    Args:
        claim: its id.
        state: how it stands.
        cells: number of evidence lines by stance, for each case.
    """

    claim: str
    state: str
    cells: Sequence[Mapping[str, int]]


@dataclass(frozen=True)
class Matrix:
    """Claims against cases.

    Args:
        cases: ids of the cases, and ``literature``.
        rows: the claims.
    """

    cases: Sequence[str]
    rows: Slice[MatrixRow]


def matrix(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Set claims against cases; each cell opens its quotes."""
    cases, every = [*study.ids("case"), claims.LITERATURE], study.evidence
    part = cut(list(study.claims), parameters, 50)
    rows = []
    for claim in part.items:
        lines = every.of([claim])
        cells = [every.tally(lines & every.having("case", case)) for case in cases]
        rows.append(MatrixRow(claim, every.state(claim), cells))
    return Page(
        "matrix.html",
        "Claims by case",
        "matrix",
        Matrix(cases, part.of(rows)),
        shows=tuple(("proposition", claim) for claim in part.items),
    )


@dataclass(frozen=True)
class Gaps:
    """The gaps of a study: what is missing.

    Args:
        rows: kind of the record, and the row of the report: what is missing, the record's id, and more about it.
    """

    rows: Slice[tuple[str, tuple[Any, ...]]]


def gaps(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show what is missing."""
    kinds = {"claim": "proposition", "case": "case", "concept": "concept", "looked": "search"}
    rows = [(kinds[str(row[0]).split()[0]], row) for row in report.gaps(study.tables).table.rows]
    part = cut(rows, parameters, 200)
    return Page("gaps.html", "What is missing", "gaps", Gaps(part), shows=tuple((k, row[1]) for k, row in part.items))


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
