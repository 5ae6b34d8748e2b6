"""The page of each kind of record: a visible list of functions, each of which gives a template and its content."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kg import claims, evidence
from kg.browse import links, reader
from kg.browse.frame import CLAIMS, Asked, Page, Slice, by_case, chosen_evidence, cut, standing
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.browse.view import View


def _record(view: View, kind: str, identifier: str, language: str, template: str, **content: Any) -> Page:
    """Make the page of a record."""
    title = view.name(kind, identifier, language)
    path, record = links.path_of(kind, identifier), (kind, identifier)
    return Page(template, title, path, {"id": identifier, **content}, record, trail=_trail(view, kind, identifier))


def _trail(view: View, kind: str, identifier: str) -> tuple[tuple[str, str], ...]:
    """Return what a record belongs to, from the widest on."""
    if kind == "source":
        case = view.sources[identifier]["case"]
        return (("case", case),) if case else ()
    above = {"code": view.above, "concept": view.broader}.get(kind, {})
    found: list[tuple[str, str]] = []
    while (identifier := above.get(identifier) or "") and (kind, identifier) not in found:
        found.insert(0, (kind, identifier))
    return tuple(found)


def proposition(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a claim with the passages that state it and all evidence."""
    lines = view.evidence.of([identifier])
    rows = view.rows("trace-proposition", id=identifier)
    known = claims.passages(rows)
    every = [n for n in claims.lines(rows, known) if n.claim == identifier]
    quotes = tuple(dict.fromkeys(p for n in every if n.status == "active" for p in n.passages))
    return _record(
        view,
        "proposition",
        identifier,
        language,
        "proposition.html",
        claim=view.claims[identifier],
        state=view.evidence.state(identifier),
        by_case=by_case(view, lines),
        whole_tally=evidence.tally(lines),
        assertions=[known[e] for e in view.stated.get(identifier, ())],
        quotes=len(quotes),
        independent=claims.witnesses(quotes),
        withdrawn=[n for n in every if n.status != "active"],
        searches=_once(r for r in view.searches if r["about"] == identifier),
        **chosen_evidence(view, asked, [identifier], loaded={n.id: n for n in every}),
    )


def _standing(view: View, wanted: list[str], asked: Asked) -> Slice:
    """Say how one page of some claims stands."""
    part = cut(wanted, asked, CLAIMS, claims=True)
    return replace(part, items=standing(view, part.items))


def _once(rows: Iterable[dict[str, Any]], key: str = "search") -> list[dict[str, Any]]:
    """Keep one row of each record."""
    return list({row[key]: row for row in rows}.values())


def concept(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a concept: what it is, the claims about it and the evidence on them."""
    wanted = [row["claim"] for row in view.rows("claims-about-concept", concept=identifier)]
    return _record(
        view,
        "concept",
        identifier,
        language,
        "concept.html",
        rows=view.rows("concept", concept=identifier),
        names=[row for row in view.rows("labels") if (row["kind"], row["id"]) == ("concept", identifier)],
        claims=_standing(view, wanted, asked),
        whole_tally=evidence.tally(view.evidence.of(wanted)),
        questions=_once((r for r in view.questions if r["about"] == identifier), "question"),
        searches=_once(r for r in view.searches if r["about"] == identifier),
        **chosen_evidence(view, asked, wanted),
    )


def relation(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a relation and the claims that it joins."""
    wanted = [c for c, row in view.claims.items() if row["relation"] == identifier]
    return _record(
        view,
        "relation",
        identifier,
        language,
        "record.html",
        rows=_properties(view, "relation", identifier),
        claims=cut(standing(view, wanted), asked, 100),
    )


def _properties(view: View, kind: str, identifier: str) -> list[dict[str, Any]]:
    return view.rows("record", id=identifier, kind=kind)


def question(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show what the theory's own text leaves open."""
    return _record(
        view,
        "question",
        identifier,
        language,
        "record.html",
        rows=_properties(view, "question", identifier),
        claims=cut([], asked),
        about=[
            ("concept", r["about"]) for r in _once((r for r in view.questions if r["question"] == identifier), "about")
        ],
    )


def search_record(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a search for evidence that found nothing."""
    rows = [r for r in view.searches if r["search"] == identifier]
    wanted = list(dict.fromkeys(r["about"] for r in rows if r["about"] in view.claims))
    concepts = dict.fromkeys(r["about"] for r in rows if r["about"] not in view.claims)
    return _record(
        view,
        "search",
        identifier,
        language,
        "record.html",
        rows=_properties(view, "search", identifier),
        claims=cut(standing(view, wanted), asked, 100),
        about=[("concept", c) for c in concepts],
    )


def code(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a code: its rules, its passages, and the evidence that rests on these."""
    part = cut(view.coded(identifier), asked, 20)
    quotes = [(key, view.quote(key)) for key in part.items]
    return _record(
        view,
        "code",
        identifier,
        language,
        "code.html",
        rules=view.codes[identifier],
        rows=view.rows("code", id=identifier),
        passages=replace(part, items=quotes),
        whole_tally=evidence.tally(view.choice(None, "code", identifier, ())[1]),
        **chosen_evidence(view, asked, None, fixed="code", value=identifier),
    )


def case(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a case: its sources, the claims its evidence bears on, that evidence."""
    lines = view.choice(None, "case", identifier, ())[1]
    mine: dict[str, list[evidence.Line]] = {}
    for line in lines:
        mine.setdefault(line.claim, []).append(line)
    return _record(
        view,
        "case",
        identifier,
        language,
        "case.html",
        sources=cut([s for s, row in view.sources.items() if row["case"] == identifier], asked, 100),
        claims=cut(
            [{**view.claims[c], "tally": evidence.tally(some), "state": ""} for c, some in sorted(mine.items())],
            asked,
            CLAIMS,
            claims=True,
        ),
        whole_tally=evidence.tally(lines),
        searches=_once(r for r in view.searches if r["case"] == identifier),
        **chosen_evidence(view, asked, None, fixed="case", value=identifier),
    )


def coder(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a coder and the evidence this coder drew."""
    (row,) = (r for r in view.rows("coders") if r["coder"] == identifier)
    return _record(
        view,
        "coder",
        identifier,
        language,
        "coder.html",
        coder=row,
        whole_tally=evidence.tally(view.choice(None, "coder", identifier, ())[1]),
        **chosen_evidence(view, asked, None, fixed="coder", value=identifier),
    )


def line(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show an evidence line."""
    (found,) = claims.load_lines(view.engine, [identifier])
    page = _record(view, "line", identifier, language, "line.html", line=found, claim=view.claims[found.claim])
    return replace(page, title=f"{word(found.stance, language)} {found.claim}", trail=(("proposition", found.claim),))


def reference(view: View, key: str, asked: Asked, language: str) -> Page:
    """Show a publication: its citation, what rests on it, and on which claims that bears."""
    rows = view.rows("trace-reference", id=key)
    known = claims.passages(rows)
    bears: dict[str, set[str]] = {}
    for row in rows:
        if row["link"] == "asserts" or row["status"] == "active":
            bears.setdefault(row["target"], set()).add(row["link"])
    passages = sorted(known.values(), key=lambda p: (p.source, p.start))
    return _record(
        view,
        "reference",
        key,
        language,
        "reference.html",
        item=view.reference(key),
        cited=view.cited(key),
        passages=cut(passages, asked, 20),
        claims=[
            (c, view.claims[c], [s for s in ("asserts", *claims.STANCES) if s in how])
            for c, how in sorted(bears.items())
        ],
        sources=[s for s, row in view.sources.items() if row["reference"] == key],
    )


@dataclass(frozen=True)
class Margin:
    """Hold what stands in the margin beside a passage.

    Args:
        passage: the passage.
        bears: stance or ``asserts``, claim, evidence line if it is one, and its rationale.
    """

    passage: claims.Passage
    bears: tuple[tuple[str, str, str | None, str | None], ...]


def source(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Read a source: its whole text with every passage highlighted and what was said of it in the margin."""
    rows = view.rows("trace-source", id=identifier)
    known = claims.passages(rows)
    bears: dict[str, list[tuple[str, str, str | None, str | None]]] = {}
    for row in rows:
        if row["link"] == "asserts" or row["status"] == "active":
            bears.setdefault(row["excerpt"], []).append((row["link"], row["target"], row["line"], row["reason"]))
    beside = {key: Margin(passage, tuple(bears.get(key, ()))) for key, passage in known.items()}
    marks = [reader.Mark(p.start, p.end, p.id) for p in known.values()]
    keys = sorted({key for p in known.values() for key in p.references})
    chosen = f"{identifier}:{asked.at}" if asked.at else ""
    text = view.text(identifier)
    return _record(
        view,
        "source",
        identifier,
        language,
        "source.html",
        entry=view.sources[identifier],
        blocks=reader.blocks(text, marks, keys),
        beside=beside,
        chosen=beside.get(chosen),
        missing=chosen if chosen and chosen not in beside else "",
        claims={target for some in bears.values() for _, target, _, _ in some},
        uncoded=[r for r in view.rows("uncoded-paragraphs") if r["source"] == identifier],
    )


RECORDS: dict[str, Callable[[View, str, Asked, str], Page]] = {
    "proposition": proposition,
    "concept": concept,
    "relation": relation,
    "code": code,
    "case": case,
    "source": source,
    "reference": reference,
    "coder": coder,
    "line": line,
    "question": question,
    "search": search_record,
}
"""The page of each kind of record."""
