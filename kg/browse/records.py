"""The page of each kind of record: a visible list of functions, each of which gives a template and its content."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kg import cite, claims
from kg.browse import addresses, reader
from kg.browse.frame import CLAIMS, Page, by_case, chosen_evidence, cut
from kg.store import passages
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy


def _record(study: BuiltStudy, kind: str, identifier: str, language: str, template: str, **content: Any) -> Page:
    """Make the page of a record."""
    title = study.name(kind, identifier, language)
    path, record = addresses.path_of(kind, identifier), (kind, identifier)
    return Page(template, title, path, {"id": identifier, **content}, record, trail=_trail(study, kind, identifier))


def _trail(study: BuiltStudy, kind: str, identifier: str) -> tuple[tuple[str, str], ...]:
    """Return what a record belongs to, from the widest on."""
    if kind == "source":
        case = study.sources[identifier]["case"]
        return (("case", case),) if case else ()
    above = {"code": study.above, "concept": study.broader}.get(kind, {})
    found: list[tuple[str, str]] = []
    while (identifier := above.get(identifier) or "") and (kind, identifier) not in found:
        found.insert(0, (kind, identifier))
    return tuple(found)


def proposition(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a claim with the passages that state it and all evidence."""
    known = study.evidence
    lines = known.of([identifier])
    every = passages.lines_on(study.tables, identifier)
    quotes = tuple(dict.fromkeys(p for n in every if n.status == "active" for p in n.passages))
    return _record(
        study,
        "proposition",
        identifier,
        language,
        "proposition.html",
        claim=study.claims[identifier],
        state=known.state(identifier),
        by_case=by_case(study, lines),
        whole_tally=known.tally(lines),
        assertions=passages.passages(study.tables, study.stated.get(identifier, ())).values(),
        quotes=len(quotes),
        independent=claims.witnesses(quotes),
        withdrawn=[n for n in every if n.status != "active"],
        searches=_once(r for r in study.searches if r["about"] == identifier),
        **chosen_evidence(study, parameters, lines, loaded={n.id: n for n in every}),
    )


def _once(rows: Iterable[dict[str, Any]], key: str = "search") -> list[dict[str, Any]]:
    """Keep one row of each record."""
    return list({row[key]: row for row in rows}.values())


def concept(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a concept: what it is, the claims about it and the evidence on them."""
    wanted = study.concerning(identifier)
    lines = study.evidence.of(wanted)
    part = cut(wanted, parameters, CLAIMS, claims=True)
    return _record(
        study,
        "concept",
        identifier,
        language,
        "concept.html",
        rows=study.rows("concept", concept=identifier),
        names=study.called.get(identifier, ()),
        claims=replace(part, items=[*map(study.standing, part.items)]),
        whole_tally=study.evidence.tally(lines),
        questions=_once((r for r in study.questions if r["about"] == identifier), "question"),
        searches=_once(r for r in study.searches if r["about"] == identifier),
        **chosen_evidence(study, parameters, lines),
    )


def relation(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a relation and the claims that it joins."""
    wanted = [c for c, row in study.claims.items() if row["relation"] == identifier]
    return _record(
        study,
        "relation",
        identifier,
        language,
        "record.html",
        rows=_properties(study, "relation", identifier),
        claims=cut([*map(study.standing, wanted)], parameters, 100),
    )


def _properties(study: BuiltStudy, kind: str, identifier: str) -> list[dict[str, Any]]:
    return study.rows("record", id=identifier, kind=kind)


def question(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show what the theory's own text leaves open."""
    return _record(
        study,
        "question",
        identifier,
        language,
        "record.html",
        rows=_properties(study, "question", identifier),
        claims=cut([], parameters),
        about=[
            ("concept", r["about"]) for r in _once((r for r in study.questions if r["question"] == identifier), "about")
        ],
    )


def search_record(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a search for evidence that found nothing."""
    rows = [r for r in study.searches if r["search"] == identifier]
    wanted = list(dict.fromkeys(r["about"] for r in rows if r["about"] in study.claims))
    concepts = dict.fromkeys(r["about"] for r in rows if r["about"] not in study.claims)
    return _record(
        study,
        "search",
        identifier,
        language,
        "record.html",
        rows=_properties(study, "search", identifier),
        claims=cut([*map(study.standing, wanted)], parameters, 100),
        about=[("concept", c) for c in concepts],
    )


def code(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a code: its rules, its passages, and the evidence that rests on these."""
    part = cut(range(passages.number_coded(study.tables, identifier)), parameters, 20)
    quotes = passages.coded_with(study.tables, identifier, part.start, part.stop)
    lines = study.evidence.having("code", identifier)
    return _record(
        study,
        "code",
        identifier,
        language,
        "code.html",
        rules=study.codes[identifier],
        rows=study.rows("code", id=identifier),
        passages=replace(part, items=quotes),
        whole_tally=study.evidence.tally(lines),
        **chosen_evidence(study, parameters, lines, fixed="code"),
    )


def case(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a case: its sources, the claims its evidence bears on, that evidence."""
    known = study.evidence
    lines = known.having("case", identifier)
    part = cut(study.argued(identifier), parameters, CLAIMS, claims=True)
    mine = [{**study.claims[c], "tally": known.tally(known.of([c]) & lines), "state": ""} for c in part.items]
    return _record(
        study,
        "case",
        identifier,
        language,
        "case.html",
        sources=cut([s for s, row in study.sources.items() if row["case"] == identifier], parameters, 100),
        claims=replace(part, items=mine),
        whole_tally=known.tally(lines),
        searches=_once(r for r in study.searches if r["case"] == identifier),
        **chosen_evidence(study, parameters, lines, fixed="case"),
    )


def coder(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a coder and the evidence this coder drew."""
    (row,) = (r for r in study.rows("coders") if r["coder"] == identifier)
    lines = study.evidence.having("coder", identifier)
    return _record(
        study,
        "coder",
        identifier,
        language,
        "coder.html",
        coder=row,
        whole_tally=study.evidence.tally(lines),
        **chosen_evidence(study, parameters, lines, fixed="coder"),
    )


def line(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show an evidence line."""
    (found,) = passages.lines(study.tables, [identifier])
    page = _record(study, "line", identifier, language, "line.html", line=found, claim=study.claims[found.claim])
    return replace(page, title=f"{word(found.stance, language)} {found.claim}", trail=(("proposition", found.claim),))


def reference(study: BuiltStudy, key: str, parameters: Parameters, language: str) -> Page:
    """Show a publication: its citation, what rests on it, and on which claims that bears."""
    part = cut(passages.resting_on(study.tables, key), parameters, 20)
    return _record(
        study,
        "reference",
        key,
        language,
        "reference.html",
        item=study.reference(key),
        cited=cite.in_text(study.reference(key)),
        entry=study.entry(key),
        passages=replace(part, items=[*passages.passages(study.tables, part.items).values()]),
        claims=[
            (c, study.claims[c], [s for s in ("asserts", *claims.STANCES) if s in how])
            for c, how in sorted(passages.claims_resting_on(study.tables, key).items())
        ],
        sources=[s for s, row in study.sources.items() if row["reference"] == key],
    )


def source(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Read a source: its whole text with every passage highlighted and what was said of it in the margin."""
    known = passages.of_source(study.tables, identifier)
    bears = passages.bearing(study.tables, identifier)
    beside = {key: reader.Margin(passage, tuple(bears.get(key, ()))) for key, passage in known.items()}
    marks = [reader.Mark(p.start, p.end, p.id) for p in known.values()]
    keys = sorted({key for p in known.values() for key in p.references})
    chosen = f"{identifier}:{parameters.at}" if parameters.at else ""
    text = study.text(identifier)
    return _record(
        study,
        "source",
        identifier,
        language,
        "source.html",
        entry=study.sources[identifier],
        blocks=reader.blocks(text, marks, keys),
        beside=beside,
        chosen=beside.get(chosen),
        missing=chosen if chosen and chosen not in beside else "",
        claims={target for some in bears.values() for _, target, _, _ in some},
        uncoded=[r for r in study.rows("uncoded-paragraphs") if r["source"] == identifier],
    )


RECORDS: dict[str, Callable[[BuiltStudy, str, Parameters, str], Page]] = {
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
