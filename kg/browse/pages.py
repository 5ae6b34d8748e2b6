"""The pages that are about no single record: the first, an answer, lists, overviews, the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg import ask, claims, query, report, search, summary
from kg.browse.frame import CLAIMS, Asked, Page, chosen_evidence, cut
from kg.errors import UnknownTerm
from kg.picture import network, svg

if TYPE_CHECKING:
    from kg.browse.view import View

DRAWN = 150
"""How many nodes a picture has unless more are asked for."""


def home(view: View, asked: Asked, language: str) -> Page:
    """Begin with a question; then how the claims stand."""
    part = cut([*view.claims], asked, CLAIMS)
    without = cut([c for c in view.claims if c in view.unsupported], Asked(whole=asked.whole), CLAIMS)
    named = {i for about in view.about.values() for i in about}
    content = {
        "claims": replace(part, items=[*map(view.standing, part.items)]),
        "without": replace(without, items=[*map(view.standing, without.items)]),
        "tally": view.evidence.tally(view.evidence.of()),
        "concepts": [c for c in view.ids("concept") if c in named],
        "questions": {row["question"]: row for row in view.questions}.values(),
        "bare": None if view.claims else summary.without_claims(view.holdings, language),
    }
    return Page(
        "home.html",
        view.study["title_zh"] if language == "zh" and view.study["title_zh"] else view.study["title"],
        "",
        content,
        shows=tuple(("proposition", claim) for claim in part.items),
    )


def answer(view: View, asked: Asked, language: str) -> Page:
    """Answer a question: what is claimed, the evidence, what no quote supports."""
    found = view.answers.answer(asked.question)
    if found.case and "case" not in asked.choice:
        asked = replace(asked, choice={**asked.choice, "case": frozenset([found.case.id])})
    part = cut(found.claims, asked, CLAIMS, claims=True)
    counts, cases = found.by_case, (*view.ids("case"), claims.LITERATURE)
    content = {
        "found": found,
        "sentence": summary.sentence(found, view.labels(found.language)),
        "claims": replace(part, items=[{**view.claims[c.id], "state": c.state, "tally": c.tally} for c in part.items]),
        "by_case": [(case, [counts[stance][case] for stance in claims.STANCES]) for case in cases],
        "without": () if found.intent == "missing" else found.unsupported,
        "kept": {"q": asked.question},
        **chosen_evidence(view, asked, view.evidence.of(claim.id for claim in found.claims), found.stance),
    }
    shows = (
        *((t.kind, t.id) for t in found.about),
        *(("proposition", claim.id) for claim in part.items),
        *(("line", n.id) for n in content["lines"]),
    )
    return Page("answer.html", asked.question, "ask", content, shows=shows)


def listing(view: View, asked: Asked, language: str, kind: str) -> Page:
    """List the records of a kind."""
    depths = dict(_tree(view.above)) if kind == "code" else {}
    part = cut(list(depths) or view.ids(kind), asked, 200)
    shows = tuple((kind, identifier) for identifier in part.items)
    if kind == "proposition":
        part = replace(part, items=[*map(view.standing, part.items)])
    elif kind == "code":
        part = replace(part, items=[(identifier, depths[identifier]) for identifier in part.items])
    elif kind == "source":
        part = replace(part, items=[view.sources[identifier] for identifier in part.items])
    return Page("list.html", LISTED[kind], f"{kind}s", {"kind": kind, "items": part}, shows=shows)


LISTED = {
    "proposition": "Claims",
    "code": "Codebook",
    "case": "Cases",
    "source": "Sources",
    "reference": "References",
    "coder": "Coders",
}
"""Kinds that are listed on a page of their own."""


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


def ontology(view: View, asked: Asked, language: str) -> Page:
    """Show the ontology: concepts and relations, each in both languages."""
    return Page(
        "ontology.html",
        "Ontology",
        "ontology",
        {
            "concepts": _tree({c: view.broader.get(c) for c in view.ids("concept")}),
            "relations": view.ids("relation"),
            "terms": view.terms(),
            "definitions": view.definitions,
        },
        shows=tuple((kind, i) for kind in ("concept", "relation") for i in view.ids(kind)),
    )


def matrix(view: View, asked: Asked, language: str) -> Page:
    """Set claims against cases; each cell opens its quotes."""
    cases, known = [*view.ids("case"), claims.LITERATURE], view.evidence
    rows = []
    part = cut(list(view.claims), asked, 50)
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


def gaps(view: View, asked: Asked, language: str) -> Page:
    """Show what is missing."""
    found = report.gaps(view.tables)
    kinds = {"claim": "proposition", "case": "case", "concept": "concept", "looked": "search"}
    rows = [(kinds[str(row[0]).split()[0]], row) for row in found.table.rows]
    part = cut(rows, asked, 200)
    return Page(
        "gaps.html", "What is missing", "gaps", {"rows": part}, shows=tuple((k, row[1]) for k, row in part.items)
    )


def found(view: View, asked: Asked, language: str) -> Page:
    """Find a text in the sources."""
    part = cut(search.search(view.tables, asked.text) if asked.text.strip() else [], asked, 50)
    return Page(
        "search.html",
        asked.text or "Search",
        "search",
        {"hits": part, "text": asked.text, "kept": {"q": asked.text}},
        shows=tuple(("excerpt", e) for hit in part.items for e in hit.excerpts),
    )


def picture(view: View, asked: Asked, language: str) -> Page:
    """Draw an answer, a record, or the theory; the same as a list below."""
    drawn = drawing(view, asked, language)
    layers = drawn.layers()
    joined: dict[str, list[tuple[str, str]]] = {}
    for edge in drawn.edges:
        one, other = edge.directed
        joined.setdefault(one, []).append((edge.link, other))
        joined.setdefault(other, []).append((f"← {edge.link}", one))
    kept = {
        "of": asked.of, "q": asked.question, "depth": asked.depth if asked.of else "", "unfold": asked.unfolded,
        "expand": asked.expanded, "all": "1" if asked.everything else "", "stance": asked.chosen().get("stance", ()),
        "case": asked.chosen().get("case", ()),
    }  # fmt: skip
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
            "cases": [*view.ids("case"), claims.LITERATURE],
        },
        shows=tuple((n.kind, i) for n in drawn.nodes if n.kind != "theory" for i in (n.members or (n.id,))),
    )


def drawing(view: View, asked: Asked, language: str) -> network.Network:
    """Choose what the picture of an address shows.

    Args:
        view: the study.
        asked: says of what, and how much.
        language: ``en`` or ``zh``, for labels.
    """
    choice = network.Choice(
        asked.choice.get("case", frozenset()),
        asked.choice.get("stance", frozenset()),
        frozenset(asked.unfolded),
        asked.expanded,
        network.MOST if asked.everything else DRAWN,
    )
    if asked.of:
        kind, _, identifier = asked.of.partition("/")
        if (kind, identifier) not in view.names and kind != "excerpt":
            raise UnknownTerm(asked.of, "record", query.nearest(identifier, view.ids(kind)))
        return network.around(view.tables, kind, identifier, asked.depth, language, choice)
    if asked.question:
        parsed = view.answers.parse(asked.question)
        wanted = view.matching(parsed)
        if parsed.case and not choice.cases:
            choice = choice._replace(cases=frozenset([parsed.case.id]))
        return network.claimed(view.tables, wanted, asked.question, language, choice, evidence=True)
    return network.theory(view.tables, language, choice)


def suggestions(view: View, text: str) -> list[str]:
    """Return questions that begin as a text does, or are about what its last words name.

    Args:
        view: the study.
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
    labels = [view.name("concept", c, language) for c in view.ids("concept")]
    begun = [way for way in ways if ask.fold(way.format("")) and folded.startswith(ask.fold(way.format("")))]
    rest = folded
    for way in begun:
        rest = folded.removeprefix(ask.fold(way.format(""))).strip()
    near = [label for label in labels if rest and rest in ask.fold(label)] or ([] if rest else labels)
    near.sort(key=lambda label: (not ask.fold(label).startswith(rest), len(label), label))
    made = [way.format(label) for label in near for way in (begun or ways[:2])]
    return list(dict.fromkeys(made))[:10]
