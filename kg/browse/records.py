"""The page of each kind of record: a visible list of functions, and what stands on the page of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import bearing, cite, claims, confidence, judges, masks, query
from kg.agreement import UNITS
from kg.browse import addresses, agreements, overviews, reader, sheets
from kg.browse.frame import CLAIMS, PER_PAGE, Page, chosen_evidence, cut
from kg.browse.reading import Reading
from kg.browse.sides import labels
from kg.browse.study import Standing
from kg.entries import CONCERNS
from kg.picture import butterfly, sides
from kg.places import of_kind, spanned
from kg.store import counting, documents, judgements, passages
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from _typeshed import DataclassInstance

    from kg.browse.frame import Evidence, Slice
    from kg.browse.overviews import ReferenceEntry
    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy, Row
    from kg.claims import Passage
    from kg.confidence import Confidence, Judgement
    from kg.picture.butterfly import Butterfly
    from kg.picture.sides import Sides


def _record(
    study: BuiltStudy, kind: str, identifier: str, language: str, template: str, content: DataclassInstance
) -> Page:
    """Return the page of a record."""
    title = study.name(kind, identifier, language)
    path, trail = addresses.path_of(kind, identifier), _trail(study, kind, identifier)
    return Page(template, title, path, content, (kind, identifier), trail=trail)


def _trail(study: BuiltStudy, kind: str, identifier: str) -> tuple[tuple[str, str], ...]:
    """Return what a record belongs to, from the widest on."""
    if kind == "source":
        case = study.sources[identifier]["case"]
        return (("case", case),) if case else ()
    above = {"code": study.above, "concept": study.broader}.get(kind, {})
    trail: list[tuple[str, str]] = []
    while (identifier := above.get(identifier) or "") and (kind, identifier) not in trail:
        trail.insert(0, (kind, identifier))
    return tuple(trail)


def _facts(study: BuiltStudy, kind: str, identifier: str, language: str) -> list[tuple[str, str]]:
    """Return what a record has of attributes, by their labels, and the sets that it is in."""
    facts = []
    for row in study.facts.get((kind, identifier), ()):
        label = (row["label_zh"] if language == "zh" else None) or row["label"]
        facts.append((label, row["value"]) if "value" in row else (word("set", language), label))
    return facts


def _once(rows: Iterable[Row], key: str = "search") -> list[Row]:
    """Keep one row of each record."""
    return list({row[key]: row for row in rows}.values())


@dataclass(frozen=True)
class Proposition:
    """A claim with the passages that state it and all evidence.

    Args:
        claim: its row of the query ``claims``.
        state: how it stands.
        tally: number of its evidence lines by stance.
        quotes: how many passages these rest on.
        independent: how many independent witnesses those are.
        assertions: the passages of the theory's own text that state it.
        evidence: its active evidence lines.
        disputes: those on which coders differ.
        withdrawn: those that were withdrawn or superseded.
        searches: rows of what was looked for in vain.
        butterfly: its evidence by stance and case.
        view: which view of that is shown, one of :data:`kg.browse.parameters.VIEWS`; empty for the first.
        confidence: how much confidence it deserves, if that was judged.
        concerns: the components of that.
        software: names of who judged the evidence, if all of them are software; else empty.
    """

    claim: Row
    state: str
    tally: Mapping[str, int]
    quotes: int
    independent: int
    assertions: Sequence[Passage]
    evidence: Evidence
    disputes: Sequence[claims.Dispute]
    withdrawn: Sequence[claims.Line]
    searches: Sequence[Row]
    butterfly: Butterfly
    view: str
    confidence: Confidence | None
    concerns: Sequence[Component]
    software: Sequence[str]


class Component(NamedTuple):
    """A component of confidence, as the page of a claim shows it.

    Args:
        title: what it is called.
        concern: what its level of concern is called.
        judgement: what was judged.
        known: what the graph knows beside it: what that is, and how much or which.
    """

    title: str
    concern: str
    judgement: Judgement
    known: Sequence[tuple[str, str]]


def _concerns(study: BuiltStudy, one: Confidence, language: str) -> list[Component]:
    """Return the components of the confidence in a claim with what the graph knows beside them."""
    rows = query.run(study.tables, "claims")
    of_claim = query.Table(rows.columns, [row for row in rows.rows if row[0] == one.claim])
    (claim,) = bearing.load(study.tables, of_claim, bearing.of(study.tables))
    names = {("case", claims.LITERATURE): study.name("case", claims.LITERATURE, language)} | study.labels(language)
    known = confidence.known(claim, study.read_again, language, names)
    return [
        Component(confidence.TITLES[key], CONCERNS[judgement.level], judgement, known[key])
        for key, judgement in one.concerns.items()
    ]


def proposition(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a claim with the passages that state it and all evidence."""
    lines = study.evidence.of([identifier])
    every = passages.lines_on(study.tables, identifier)
    active = [n for n in every if n.status == "active"]
    quotes = tuple(dict.fromkeys(p for n in active for p in n.passages))
    content = Proposition(
        claim=study.claims[identifier],
        state=study.evidence.state(identifier),
        tally=study.evidence.tally(lines),
        quotes=len(quotes),
        independent=claims.witnesses(quotes),
        assertions=[*passages.passages(study.tables, study.stated.get(identifier, ())).values()],
        evidence=chosen_evidence(study, parameters, lines, loaded={n.id: n for n in every}),
        disputes=bearing.disputes(study.tables, (n for n in every if n.status == "disputed")),
        withdrawn=[n for n in every if n.status in ("withdrawn", "superseded")],
        searches=_once(r for r in study.searches if r["about"] == identifier),
        butterfly=butterfly.of(study.tables, identifier, language, read=every),
        view=parameters.view,
        confidence=(judged := study.confidence.get(identifier)),
        concerns=_concerns(study, judged, language) if judged else (),
        software=judges.of_lines(study.tables, (n.coder for n in active), {n.id for n in active}),
    )
    page = _record(study, "proposition", identifier, language, "proposition.html", content)
    return replace(page, kept={"view": parameters.view}) if parameters.view else page


@dataclass(frozen=True)
class Concept:
    """A concept: what it is, the claims about it and the evidence on them.

    Args:
        rows: its properties: rows of the query ``concept``.
        definition: what it means, if that is told.
        labels: what it is called: language, the name that is preferred, the others.
        sides: all that is about it.
        claims: the claims about it, and how they stand.
        tally: number of the evidence lines on them by stance.
        evidence: these.
        questions: rows of the open questions about it.
        searches: rows of what was looked for in vain.
    """

    rows: Sequence[Row]
    definition: str
    labels: Sequence[tuple[str, str, list[str]]]
    sides: Sides
    claims: Slice[Standing]
    tally: Mapping[str, int]
    evidence: Evidence
    questions: Sequence[Row]
    searches: Sequence[Row]


def concept(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a concept: what it is, the claims about it and the evidence on them."""
    about = study.concerning(identifier)
    lines = study.evidence.of(about)
    part = cut(about, parameters, CLAIMS, claims=True)
    rows = study.rows("concept", concept=identifier)
    content = Concept(
        rows=rows,
        definition=" ".join(row["value"] for row in rows if row["property"] == "definition"),
        labels=labels(study.called.get(identifier, ())),
        sides=sides.of(study.tables, identifier, language),
        claims=part.of([*map(study.standing, part.items)]),
        tally=study.evidence.tally(lines),
        evidence=chosen_evidence(study, parameters, lines),
        questions=_once((r for r in study.questions if r["about"] == identifier), "question"),
        searches=_once(r for r in study.searches if r["about"] == identifier),
    )
    return _record(study, "concept", identifier, language, "concept.html", content)


def _properties(study: BuiltStudy, kind: str, identifier: str) -> list[Row]:
    return study.rows("record", id=identifier, kind=kind)


@dataclass(frozen=True)
class Relation:
    """A relation: what it means, and the claims that it joins.

    Args:
        rows: its properties: rows of the query ``record``.
        names: what it is called: label, language, and whether that is its name in the language.
        definition: what it means.
        claims: the claims that it joins, and how they stand.
        tally: number of the evidence lines on them by stance.
    """

    rows: Sequence[Row]
    names: Sequence[Row]
    definition: Sequence[str]
    claims: Slice[Standing]
    tally: Mapping[str, int]


def relation(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a relation: what it means, and the claims that it joins."""
    rows = _properties(study, "relation", identifier)
    joined = [c for c, row in study.claims.items() if row["relation"] == identifier]
    content = Relation(
        rows=rows,
        names=[
            {"label": r["value"], "language": r["language"] or "en", "preferred": r["property"] == "label"}
            for r in rows
            if r["property"] in ("label", "altLabel")
        ],
        definition=[r["value"] for r in rows if r["property"] == "definition"],
        claims=cut([*map(study.standing, joined)], parameters, 100),
        tally=study.evidence.tally(study.evidence.of(joined)),
    )
    return _record(study, "relation", identifier, language, "relation.html", content)


@dataclass(frozen=True)
class Question:
    """An open question: what the theory's own text leaves open.

    Args:
        rows: its properties: rows of the query ``record``.
        note: why it is open, if that is said.
        concepts: ids of the concepts that it is about.
        candidates: ids of the concepts that may answer it.
        claims: the claims about these concepts, and how they stand.
    """

    rows: Sequence[Row]
    note: str
    concepts: Sequence[str]
    candidates: Sequence[str]
    claims: Sequence[Standing]


def question(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show what the theory's own text leaves open."""
    rows = [r for r in study.questions if r["question"] == identifier]
    concepts = [*dict.fromkeys(r["about"] for r in rows)]
    claimed = dict.fromkeys(claim for concept in concepts for claim in study.concerning(concept))
    content = Question(
        rows=_properties(study, "question", identifier),
        note=next((r["note"] for r in rows if r["note"]), ""),
        concepts=concepts,
        candidates=[*dict.fromkeys(r["candidate"] for r in rows if r["candidate"])],
        claims=[*map(study.standing, claimed)],
    )
    return _record(study, "question", identifier, language, "question.html", content)


@dataclass(frozen=True)
class VainSearch:
    """A search for evidence that found nothing.

    Args:
        rows: its properties: rows of the query ``record``.
        search: its row of the query ``searches``.
        sources: ids of the sources that were read.
        claims: the claims that evidence was looked for on, and how they stand.
        concepts: ids of the concepts that evidence was looked for on.
    """

    rows: Sequence[Row]
    search: Row
    sources: Sequence[str]
    claims: Slice[Standing]
    concepts: Sequence[str]


def search_record(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a search for evidence that found nothing: who looked where for what."""
    rows = [r for r in study.searches if r["search"] == identifier]
    about = [*dict.fromkeys(r["about"] for r in rows)]
    content = VainSearch(
        rows=_properties(study, "search", identifier),
        search=rows[0],
        sources=[*dict.fromkeys(r["source"] for r in rows if r["source"])],
        claims=cut([study.standing(c) for c in about if c in study.claims], parameters, 100),
        concepts=[c for c in about if c not in study.claims],
    )
    page = _record(study, "search", identifier, language, "search-record.html", content)
    return replace(page, title=f"{word('Looked for, found nothing', language)}: {identifier}")


@dataclass(frozen=True)
class Code:
    """A code: its rules, its passages, and the evidence that rests on these.

    Args:
        rules: its row of the query ``codebook``.
        rows: its properties: rows of the query ``code``.
        passages: the passages that have it.
        given: who gave it to each of them, and when, by the passage's id.
        by_case: number of them by case; outside of all cases under None.
        evidence: the evidence lines that rest on them.
        facts: what it has of attributes, and the sets that it is in.
    """

    rules: Row
    rows: Sequence[Row]
    passages: Slice[Passage]
    given: Mapping[str, Sequence[tuple[str, str]]]
    by_case: Mapping[str | None, int]
    evidence: Evidence
    facts: Sequence[tuple[str, str]]


def code(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a code: its rules, its passages, and the evidence that rests on these."""
    part = cut(range(passages.number_coded(study.tables, identifier)), parameters, 20)
    ids = [quote.id for quote in passages.coded_with(study.tables, identifier, part.start, part.stop)]
    content = Code(
        rules=study.codes[identifier],
        rows=study.rows("code", id=identifier),
        passages=part.of([*passages.passages(study.tables, ids).values()]),
        given=counting.coders(study.tables, identifier, ids),
        by_case=counting.of_code_by_case(study.tables, identifier),
        evidence=chosen_evidence(study, parameters, study.evidence.having("code", identifier), fixed="code"),
        facts=_facts(study, "code", identifier, language),
    )
    return _record(study, "code", identifier, language, "code.html", content)


@dataclass(frozen=True)
class Case:
    """A case: its sources, the claims its evidence bears on, that evidence.

    Args:
        sources: ids of its sources.
        claims: the claims, each with the evidence of this case alone.
        tally: number of its evidence lines by stance.
        evidence: these.
        searches: rows of what was looked for in vain.
        facts: what it has of attributes, and the sets that it is in.
    """

    sources: Slice[str]
    claims: Slice[Standing]
    tally: Mapping[str, int]
    evidence: Evidence
    searches: Sequence[Row]
    facts: Sequence[tuple[str, str]]


def case(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a case: its sources, the claims its evidence bears on, that evidence."""
    every = study.evidence
    lines = every.having("case", identifier)
    part = cut(study.argued(identifier), parameters, CLAIMS, claims=True)
    content = Case(
        sources=cut([s for s, row in study.sources.items() if row["case"] == identifier], parameters, 100),
        claims=part.of([Standing(study.claims[c], every.tally(every.of([c]) & lines)) for c in part.items]),
        tally=every.tally(lines),
        evidence=chosen_evidence(study, parameters, lines, fixed="case"),
        searches=_once(r for r in study.searches if r["case"] == identifier),
        facts=_facts(study, "case", identifier, language),
    )
    return _record(study, "case", identifier, language, "case.html", content)


@dataclass(frozen=True)
class Coder:
    """A coder and all that this coder did.

    Args:
        coder: the row of the query ``coders``.
        acts: names of what was done, in the order of :data:`ACTS`, with how often.
        by_source: how often each was done with each source; what belongs to no source under None.
        codes: how many passages the coder gave each code.
        tally: number of the coder's evidence lines by stance.
        evidence: these.
        readings: what the coder said of evidence lines: rows of the query ``readings``.
        searches: rows of what the coder looked for in vain.
        uncoded: rows of the paragraphs that the coder gave no code, and why.
        uncounted: the coder's evidence lines that do not count.
        stated: how many passages of the theory the coder said to state each claim.
        settled: rows of what the coder settled: rows of the query ``settlements``.
        judged: how many judgements of the confidence in each claim are the coder's.
        whole: ids of the sources that the coder read whole.
    """

    coder: Row
    acts: Mapping[str, int]
    by_source: Sequence[tuple[str | None, Sequence[int]]]
    codes: Mapping[str, int]
    tally: Mapping[str, int]
    evidence: Evidence
    readings: Slice[Row]
    searches: Sequence[Row]
    uncoded: Sequence[Row]
    uncounted: Sequence[counting.Uncounted]
    stated: Mapping[str, int]
    settled: Sequence[Row]
    judged: Mapping[str, int]
    whole: Sequence[str]


ACTS = ("coding", "memo", "assertion", "evidence line", "reading", "settlement", "confidence", "search")
"""What a coder does, as the query ``acts`` calls it, in the order in which it is done."""


def coder(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show a coder and all that this coder did."""
    (row,) = (r for r in study.rows("coders") if r["coder"] == identifier)
    lines = study.evidence.having("coder", identifier)
    number: dict[str | None, Counter[str]] = {}
    for act in study.acts:
        if act["coder"] == identifier:
            number.setdefault(act["source"], Counter())[act["act"]] += act["number"]
    done = sum(number.values(), Counter[str]())
    acts = [act for act in ACTS if done[act]]
    content = Coder(
        coder=row,
        acts={act: done[act] for act in acts},
        by_source=[
            (source, [number[source][act] for act in acts]) for source in sorted(number, key=lambda s: (s is None, s))
        ],
        codes=counting.of_coder_by_code(study.tables, identifier),
        tally=study.evidence.tally(lines),
        evidence=chosen_evidence(study, parameters, lines, fixed="coder"),
        readings=cut([r for r in study.readings if r["coder"] == identifier], parameters, PER_PAGE, claims=True),
        searches=_once(r for r in study.searches if r["coder"] == identifier),
        uncoded=[r for r in study.rows("uncoded-paragraphs") if r["coder"] == identifier],
        uncounted=counting.uncounted(study.tables, identifier),
        stated=counting.of_coder_by_claim(study.tables, identifier),
        settled=[r for r in study.rows("settlements") if r["coder"] == identifier],
        judged=Counter(r["claim"] for r in study.rows("confidence") if r["coder"] == identifier),
        whole=[r["source"] for r in study.rows("read-whole") if r["coder"] == identifier],
    )
    return _record(study, "coder", identifier, language, "coder.html", content)


@dataclass(frozen=True)
class Line:
    """An evidence line.

    Args:
        line: the line.
        claim: the row of its claim of the query ``claims``.
        status: its row of the query ``line-status``: whether it counts, and else since when and why.
        readings: how coders read it again.
    """

    line: claims.Line
    claim: Row
    status: Row
    readings: Sequence[claims.Reading]


def line(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show an evidence line."""
    (one,) = passages.lines(study.tables, [identifier])
    (status,) = study.rows("line-status", line=identifier)
    content = Line(one, study.claims[one.claim], status, bearing.readings(study.tables, identifier))
    page = _record(study, "line", identifier, language, "line.html", content)
    return replace(page, title=f"{word(one.stance, language)} {one.claim}", trail=(("proposition", one.claim),))


class RestingClaim(NamedTuple):
    """A claim on which passages with a reference bear.

    Args:
        id: its id.
        claim: its row of the query ``claims``.
        links: how they bear on it: ``asserts``, and stances.
    """

    id: str
    claim: Row
    links: Sequence[str]


@dataclass(frozen=True)
class Reference:
    """A publication: its citation, what rests on it, and on which claims that bears.

    Args:
        item: its CSL-JSON item.
        listed: its parts, as a list of references shows them.
        cited: how it is cited in a text.
        entry: its entry in a list of references.
        claims: the claims on which what rests on it bears.
        passages: the passages that rest on it.
        sources: ids of the sources that it is.
        authors: ids of its authors, or of its editors if it has none.
    """

    item: Mapping[str, Any]
    listed: ReferenceEntry
    cited: str
    entry: str
    claims: Sequence[RestingClaim]
    passages: Slice[Passage]
    sources: Sequence[str]
    authors: Sequence[str]


def reference(study: BuiltStudy, key: str, parameters: Parameters, language: str) -> Page:
    """Show a publication: its citation, what rests on it, and on which claims that bears."""
    part = cut(passages.resting_on(study.tables, [key]), parameters, 20)
    item = study.reference(key)
    (listed,) = overviews.entries(study, [key])
    content = Reference(
        item=item,
        listed=listed,
        cited=cite.in_text(item),
        entry=study.entry(key),
        claims=_resting(study, passages.claims_resting_on(study.tables, [key])),
        passages=part.of([*passages.passages(study.tables, part.items).values()]),
        sources=[s for s, row in study.sources.items() if row["reference"] == key],
        authors=study.written_by.get(key, ()),
    )
    return _record(study, "reference", key, language, "reference.html", content)


def _resting(study: BuiltStudy, links: Mapping[str, set[str]]) -> list[RestingClaim]:
    """Return claims with their links to some passages, which are in the order of the stances."""
    return [
        RestingClaim(c, study.claims[c], [link for link in ("asserts", *claims.STANCES) if link in some])
        for c, some in sorted(links.items())
    ]


@dataclass(frozen=True)
class Author:
    """An author: the references, what rests on these, and on which claims that bears.

    Args:
        author: the row of the query ``authors``.
        references: the references, as a list shows them.
        claims: the claims on which what rests on them bears.
        passages: the passages that rest on them.
    """

    author: Row
    references: Sequence[ReferenceEntry]
    claims: Sequence[RestingClaim]
    passages: Slice[Passage]


def author(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Show an author: the references, what rests on these, and on which claims that bears."""
    keys = [row["reference"] for row in study.rows("references-by-author", author=identifier)]
    part = cut(passages.resting_on(study.tables, keys), parameters, 20)
    content = Author(
        author=study.authors[identifier],
        references=overviews.entries(study, keys),
        claims=_resting(study, passages.claims_resting_on(study.tables, keys)),
        passages=part.of([*passages.passages(study.tables, part.items).values()]),
    )
    return _record(study, "author", identifier, language, "author.html", content)


@dataclass(frozen=True)
class Source:
    """The whole text of a source with every passage highlighted and what is said of it in the margin.

    Args:
        entry: its row of the query ``sources``.
        front: what its file says of itself before the text, by name.
        reading: its text, with what stands in the margin, and the pages of its document.
        faults: why pages of the document are not shown as they should.
        chosen: that of the passage that was followed, if one was.
        missing: id of the passage that was followed, when there is none of that id; else empty.
        claims: ids of the claims that its passages bear on.
        uncoded: rows of the paragraphs that have no code, and why.
        facts: what it has of attributes, the sets that it is in, and how much of it is published.
        masked: whether some of its text is withheld here.
        coders: ids of those who coded or judged in it, who can be compared.
        units: the units in which they can be.
    """

    entry: Row
    front: Mapping[str, str]
    reading: Reading
    faults: Sequence[str]
    chosen: reader.Margin | None
    missing: str
    claims: set[str]
    uncoded: Sequence[Row]
    facts: Sequence[tuple[str, str]]
    masked: bool
    coders: Sequence[str]
    units: Sequence[str]


RELEASE = {"consent": "consent", "license": "licence", "available": "embargo", "publish": "published"}
"""What a source says of how it may be published: by the name of the property, what a page calls it."""
LIMITS = {"passages": "passages only"}


def _release(study: BuiltStudy, identifier: str, language: str) -> Iterator[tuple[str, str]]:
    """Give what a source says of how it may be published, by what pages call it."""
    for row in _properties(study, "source", identifier):
        if row["property"] in RELEASE:
            value = str(row["value"])
            yield word(RELEASE[row["property"]], language), word(LIMITS.get(value, value), language)


def source(study: BuiltStudy, identifier: str, parameters: Parameters, language: str) -> Page:
    """Read a source: its whole text with every passage highlighted and what is said of it in the margin."""
    if parameters.choice:
        compared = agreements.comparison(study, identifier, parameters)
        return _record(study, "source", identifier, language, "comparison.html", compared)
    by_id = passages.of_source(study.tables, identifier)
    bears = passages.bearing(study.tables, identifier)
    acts = passages.acts(study.tables, identifier)
    if parameters.only:
        by_id = {
            key: replace(one, codes=acts[key].codes_of(parameters.only))
            for key, one in by_id.items()
            if key in acts and parameters.only in acts[key].coders
        }
        bears = {
            key: [one for one in some if one.line is None or one.line in acts[key].lines_of(parameters.only)]
            for key, some in bears.items()
            if key in by_id
        }
    several = len({coder for one in acts.values() for coder in one.coders}) > 1 and not parameters.only
    beside = {key: reader.Margin(passage, tuple(bears.get(key, ()))) for key, passage in by_id.items()}
    marks = [reader.Mark(p.start, p.end, p.id) for p in by_id.values()]
    references = sorted({key for p in by_id.values() for key in p.references})
    chosen = f"{identifier}:{parameters.at}" if parameters.at else ""
    text = study.text(identifier)
    front, end = reader.front_matter(text)
    if any(mark.start < end for mark in marks):
        front, end = {}, 0
    document = documents.of_source(study.tables, identifier)
    shown = sheets.shown(study, document, text, marks, parameters)
    blocks = (one for one in reader.blocks(text, marks, references, document.places) if one.start >= end)
    pages = of_kind(document.places, "page")
    on_pages = {mark.id: spanned(pages, mark.start, mark.end) for mark in marks} if pages else {}
    content = Source(
        entry=study.sources[identifier],
        front={k: v for k, v in front.items() if k not in ("title", "language")},
        reading=Reading(
            reader.leaves(blocks, list(shown.sheets)),
            beside,
            chosen if chosen in beside else "",
            document.speakers,
            shown.sheets,
            shown.last,
            shown.boxes,
            {key: (some[0].level, [page.label for page in some]) for key, some in on_pages.items() if some},
            {key: one.coders for key, one in acts.items()} if several else {},
            frozenset(key for key, one in acts.items() if one.disputed) if not parameters.only else frozenset(),
        ),
        faults=shown.faults,
        chosen=beside.get(chosen),
        missing=chosen if chosen and chosen not in beside else "",
        claims={one.claim for some in bears.values() for one in some},
        uncoded=[r for r in study.rows("uncoded-paragraphs") if r["source"] == identifier],
        facts=[*_facts(study, "source", identifier, language), *_release(study, identifier, language)],
        masked=masks.SIGN[:-1] in text,
        coders=judgements.coders(study.tables, identifier) if not parameters.only else (),
        units=tuple(UNITS),
    )
    page = _record(study, "source", identifier, language, "source.html", content)
    # What is wrong with the document may be mended without a build.
    return replace(page, passing=bool(shown.faults))


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
    "author": author,
}
"""The page of each kind of record."""
