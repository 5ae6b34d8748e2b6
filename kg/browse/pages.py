"""The pages that are about no single record: the first, an answer, lists, overviews, the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg import ask, claims, report, search, summary
from kg.browse.frame import CLAIMS, Page, chosen_evidence, cut
from kg.browse.parameters import Parameters
from kg.errors import UnknownTerm, closest
from kg.kinds import LISTED
from kg.picture import network, svg

if TYPE_CHECKING:
    from kg.browse.study import BuiltStudy

DRAWN = 150
"""How many nodes a picture has unless more are asked for."""


def home(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Begin with a question; then how the claims stand."""
    part = cut([*study.claims], parameters, CLAIMS)
    without = cut([c for c in study.claims if c in study.unsupported], Parameters(whole=parameters.whole), CLAIMS)
    named = {i for about in study.about.values() for i in about}
    content = {
        "claims": replace(part, items=[*map(study.standing, part.items)]),
        "without": replace(without, items=[*map(study.standing, without.items)]),
        "tally": study.evidence.tally(study.evidence.of()),
        "concepts": [c for c in study.ids("concept") if c in named],
        "questions": {row["question"]: row for row in study.questions}.values(),
        "bare": None if study.claims else summary.without_claims(study.holdings, language),
    }
    return Page(
        "home.html",
        study.header["title_zh"] if language == "zh" and study.header["title_zh"] else study.header["title"],
        "",
        content,
        shows=tuple(("proposition", claim) for claim in part.items),
    )


def answer(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Answer a question: what is claimed, the evidence, what no quote supports."""
    found = study.answers.answer(parameters.question)
    if found.case and "case" not in parameters.choice:
        parameters = replace(parameters, choice={**parameters.choice, "case": frozenset([found.case.id])})
    part = cut(found.claims, parameters, CLAIMS, claims=True)
    counts, cases = found.by_case, (*study.ids("case"), claims.LITERATURE)
    content = {
        "found": found,
        "sentence": summary.sentence(found, study.labels(found.language)),
        "claims": replace(part, items=[{**study.claims[c.id], "state": c.state, "tally": c.tally} for c in part.items]),
        "by_case": [(case, [counts[stance][case] for stance in claims.STANCES]) for case in cases],
        "without": () if found.intent == "missing" else found.unsupported,
        "kept": {"q": parameters.question},
        **chosen_evidence(study, parameters, study.evidence.of(claim.id for claim in found.claims), found.stance),
    }
    shows = (
        *((t.kind, t.id) for t in found.about),
        *(("proposition", claim.id) for claim in part.items),
        *(("line", n.id) for n in content["lines"]),
    )
    return Page("answer.html", parameters.question, "ask", content, shows=shows)


def listing(study: BuiltStudy, parameters: Parameters, language: str, kind: str) -> Page:
    """List the records of a kind."""
    depths = dict(_tree(study.above)) if kind == "code" else {}
    part = cut(list(depths) or study.ids(kind), parameters, 200)
    shows = tuple((kind, identifier) for identifier in part.items)
    if kind == "proposition":
        part = replace(part, items=[*map(study.standing, part.items)])
    elif kind == "code":
        part = replace(part, items=[(identifier, depths[identifier]) for identifier in part.items])
    elif kind == "source":
        part = replace(part, items=[study.sources[identifier] for identifier in part.items])
    return Page("list.html", LISTED[kind], f"{kind}s", {"kind": kind, "items": part}, shows=shows)


def _tree(above: dict[str, str | None]) -> list[tuple[str, int]]:
    """Order ids so that each stands under the one above it, with how deep it stands."""
    below: dict[str | None, list[str]] = {}
    for identifier, parent in sorted(above.items()):
        below.setdefault(parent if parent in above else None, []).append(identifier)
    found: list[tuple[str, int]] = []

    def walk(parent: str | None, depth: int) -> None:
        for identifier in below.get(parent, ()):
            found.append((identifier, depth))
            walk(identifier, depth + 1)

    walk(None, 0)
    return found


def ontology(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show the ontology: concepts and relations, each in both languages."""
    return Page(
        "ontology.html",
        "Ontology",
        "ontology",
        {
            "concepts": _tree({c: study.broader.get(c) for c in study.ids("concept")}),
            "relations": study.ids("relation"),
            "terms": study.terms(),
            "definitions": study.definitions,
        },
        shows=tuple((kind, i) for kind in ("concept", "relation") for i in study.ids(kind)),
    )


def matrix(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Set claims against cases; each cell opens its quotes."""
    cases, known = [*study.ids("case"), claims.LITERATURE], study.evidence
    rows = []
    part = cut(list(study.claims), parameters, 50)
    for claim in part.items:
        lines = known.of([claim])
        rows.append((claim, known.state(claim), [known.tally(lines & known.having("case", case)) for case in cases]))
    return Page(
        "matrix.html",
        "Claims by case",
        "matrix",
        {"cases": cases, "rows": replace(part, items=rows)},
        shows=tuple(("proposition", claim) for claim in part.items),
    )


def gaps(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show what is missing."""
    found = report.gaps(study.tables)
    kinds = {"claim": "proposition", "case": "case", "concept": "concept", "looked": "search"}
    rows = [(kinds[str(row[0]).split()[0]], row) for row in found.table.rows]
    part = cut(rows, parameters, 200)
    return Page(
        "gaps.html", "What is missing", "gaps", {"rows": part}, shows=tuple((k, row[1]) for k, row in part.items)
    )


def found(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Find a text in the sources."""
    part = cut(search.search(study.tables, parameters.question) if parameters.question.strip() else [], parameters, 50)
    return Page(
        "search.html",
        parameters.question or "Search",
        "search",
        {"hits": part, "text": parameters.question, "kept": {"q": parameters.question}},
        shows=tuple(("excerpt", e) for hit in part.items for e in hit.excerpts),
    )


def picture(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Draw an answer, a record, or the theory; the same as a list below."""
    drawn = drawing(study, parameters, language)
    layers = drawn.layers()
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
        {
            "drawn": drawn,
            "layers": layers,
            "joined": joined,
            "kept": kept,
            "bears": svg.bearing(drawn),
            "relations": sorted({e.link for e in drawn.edges}),
            "cases": [*study.ids("case"), claims.LITERATURE],
        },
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
        parsed = study.answers.parse(parameters.question)
        wanted = study.matching(parsed)
        if parsed.case and not choice.cases:
            choice = choice._replace(cases=frozenset([parsed.case.id]))
        return network.claimed(study.tables, wanted, parameters.question, language, choice, evidence=True)
    return network.theory(study.tables, language, choice)


def suggestions(study: BuiltStudy, text: str) -> list[str]:
    """Return questions that begin as a text does, or are about what its last words name.

    Args:
        study: the study.
        text: what was typed so far.

    Returns:
        Up to ten questions that can be answered.
    """
    plain = text.strip()
    chinese = ask.language_of(plain) == "zh"
    ways = ("什么支持{}", "什么反对{}", "什么限定{}", "{}缺少什么", "什么是{}") if chinese else (
        "what supports {}", "what opposes {}", "what qualifies {}", "what is missing on {}", "what is {}"
    )  # fmt: skip
    folded = ask.fold(plain)
    language = "zh" if chinese else "en"
    labels = [study.name("concept", c, language) for c in study.ids("concept")]
    begun = [way for way in ways if ask.fold(way.format("")) and folded.startswith(ask.fold(way.format("")))]
    rest = folded
    for way in begun:
        rest = folded.removeprefix(ask.fold(way.format(""))).strip()
    near = [label for label in labels if rest and rest in ask.fold(label)] or ([] if rest else labels)
    near.sort(key=lambda label: (not ask.fold(label).startswith(rest), len(label), label))
    made = [way.format(label) for label in near for way in (begun or ways[:2])]
    return list(dict.fromkeys(made))[:10]
