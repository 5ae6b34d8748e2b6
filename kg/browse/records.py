"""The page of each kind of record: a visible list of functions, each of which gives a template and its content."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import cite, claims
from kg.browse import links, passages, reader
from kg.browse.frame import CLAIMS, Asked, Page, by_case, chosen_evidence, cut
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
    known = view.evidence
    lines = known.of([identifier])
    ids = [key for (key,) in view.tables.sql("SELECT id FROM line WHERE claim = :id ORDER BY id", id=identifier)]
    every = passages.lines(view.tables, ids)
    quotes = tuple(dict.fromkeys(p for n in every if n.status == "active" for p in n.passages))
    return _record(
        view,
        "proposition",
        identifier,
        language,
        "proposition.html",
        claim=view.claims[identifier],
        state=known.state(identifier),
        by_case=by_case(view, lines),
        whole_tally=known.tally(lines),
        assertions=passages.passages(view.tables, view.stated.get(identifier, ())).values(),
        quotes=len(quotes),
        independent=claims.witnesses(quotes),
        withdrawn=[n for n in every if n.status != "active"],
        searches=_once(r for r in view.searches if r["about"] == identifier),
        **chosen_evidence(view, asked, lines, loaded={n.id: n for n in every}),
    )


def _once(rows: Iterable[dict[str, Any]], key: str = "search") -> list[dict[str, Any]]:
    """Keep one row of each record."""
    return list({row[key]: row for row in rows}.values())


def concept(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a concept: what it is, the claims about it and the evidence on them."""
    wanted = view.concerning(identifier)
    lines = view.evidence.of(wanted)
    part = cut(wanted, asked, CLAIMS, claims=True)
    return _record(
        view,
        "concept",
        identifier,
        language,
        "concept.html",
        rows=view.rows("concept", concept=identifier),
        names=view.called.get(identifier, ()),
        claims=replace(part, items=[*map(view.standing, part.items)]),
        whole_tally=view.evidence.tally(lines),
        questions=_once((r for r in view.questions if r["about"] == identifier), "question"),
        searches=_once(r for r in view.searches if r["about"] == identifier),
        **chosen_evidence(view, asked, lines),
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
        claims=cut([*map(view.standing, wanted)], asked, 100),
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
        claims=cut([*map(view.standing, wanted)], asked, 100),
        about=[("concept", c) for c in concepts],
    )


def code(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a code: its rules, its passages, and the evidence that rests on these."""
    ((last,),) = view.tables.sql("SELECT max(place) FROM coded WHERE code = :id", id=identifier)
    part = cut(range(0 if last is None else last + 1), asked, 20)
    rows = view.tables.sql(
        "SELECT e.id, e.quote FROM coded c JOIN excerpt e ON e.id = c.excerpt "
        "WHERE c.code = :id AND c.place >= :start AND c.place < :stop ORDER BY c.place",
        id=identifier,
        start=part.start,
        stop=part.stop,
    )
    lines = view.evidence.having("code", identifier)
    return _record(
        view,
        "code",
        identifier,
        language,
        "code.html",
        rules=view.codes[identifier],
        rows=view.rows("code", id=identifier),
        passages=replace(part, items=rows),
        whole_tally=view.evidence.tally(lines),
        **chosen_evidence(view, asked, lines, fixed="code"),
    )


def case(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a case: its sources, the claims its evidence bears on, that evidence."""
    known = view.evidence
    lines = known.having("case", identifier)
    part = cut(view.argued(identifier), asked, CLAIMS, claims=True)
    mine = [{**view.claims[c], "tally": known.tally(known.of([c]) & lines), "state": ""} for c in part.items]
    return _record(
        view,
        "case",
        identifier,
        language,
        "case.html",
        sources=cut([s for s, row in view.sources.items() if row["case"] == identifier], asked, 100),
        claims=replace(part, items=mine),
        whole_tally=known.tally(lines),
        searches=_once(r for r in view.searches if r["case"] == identifier),
        **chosen_evidence(view, asked, lines, fixed="case"),
    )


def coder(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show a coder and the evidence this coder drew."""
    (row,) = (r for r in view.rows("coders") if r["coder"] == identifier)
    lines = view.evidence.having("coder", identifier)
    return _record(
        view,
        "coder",
        identifier,
        language,
        "coder.html",
        coder=row,
        whole_tally=view.evidence.tally(lines),
        **chosen_evidence(view, asked, lines, fixed="coder"),
    )


def line(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Show an evidence line."""
    (found,) = passages.lines(view.tables, [identifier])
    page = _record(view, "line", identifier, language, "line.html", line=found, claim=view.claims[found.claim])
    return replace(page, title=f"{word(found.stance, language)} {found.claim}", trail=(("proposition", found.claim),))


_BEARS = """
SELECT n.claim, n.stance FROM citing c JOIN line_excerpt m ON m.excerpt = c.excerpt JOIN line n ON n.id = m.line
WHERE c.reference = :key AND n.status = 'active'
UNION SELECT a.claim, 'asserts' FROM citing c JOIN assertion a ON a.excerpt = c.excerpt WHERE c.reference = :key
"""
"""The claims that passages with a reference bear on, and how."""


def reference(view: View, key: str, asked: Asked, language: str) -> Page:
    """Show a publication: its citation, what rests on it, and on which claims that bears."""
    resting = [
        excerpt
        for (excerpt,) in view.tables.sql(
            "SELECT e.id FROM citing c JOIN excerpt e ON e.id = c.excerpt "
            'WHERE c.reference = :key ORDER BY e.source, e.start, e."end"',
            key=key,
        )
    ]
    bears: dict[str, set[str]] = {}
    for claim, link in view.tables.sql(_BEARS, key=key):
        bears.setdefault(claim, set()).add(link)
    part = cut(resting, asked, 20)
    return _record(
        view,
        "reference",
        key,
        language,
        "reference.html",
        item=view.reference(key),
        cited=cite.in_text(view.reference(key)),
        entry=view.entry(key),
        passages=replace(part, items=[*passages.passages(view.tables, part.items).values()]),
        claims=[
            (c, view.claims[c], [s for s in ("asserts", *claims.STANCES) if s in how])
            for c, how in sorted(bears.items())
        ],
        sources=[s for s, row in view.sources.items() if row["reference"] == key],
    )


class Margin(NamedTuple):
    """Hold what stands in the margin beside a passage.

    Args:
        passage: the passage.
        bears: stance or ``asserts``, claim, evidence line if it is one, and its rationale.
    """

    passage: claims.Passage
    bears: tuple[tuple[str, str, str | None, str | None], ...]


_BORNE = """
SELECT e.id, n.stance, n.claim, n.id, n.rationale
FROM excerpt e JOIN line_excerpt m ON m.excerpt = e.id JOIN line n ON n.id = m.line
WHERE e.source = :id AND n.status = 'active'
UNION SELECT e.id, 'asserts', a.claim, NULL, NULL FROM excerpt e JOIN assertion a ON a.excerpt = e.id
WHERE e.source = :id
ORDER BY 1, 2, 3, 4
"""
"""What the passages of a source bear on, and how."""


def source(view: View, identifier: str, asked: Asked, language: str) -> Page:
    """Read a source: its whole text with every passage highlighted and what was said of it in the margin."""
    known = passages.of_source(view.tables, identifier)
    bears: dict[str, list[tuple[str, str, str | None, str | None]]] = {}
    for excerpt, *row in view.tables.sql(_BORNE, id=identifier):
        bears.setdefault(excerpt, []).append(tuple(row))
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
