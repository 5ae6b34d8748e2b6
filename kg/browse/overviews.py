"""The pages that give an overview: lists of records, the ontology, claims by case, what is missing."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import claims, csl, summary
from kg.browse import agreements, crosstabs
from kg.browse.frame import Page, Slice, cut
from kg.kinds import LISTED
from kg.reports.gaps import Gap, missing
from kg.store import counting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy, Row

MANY = 200
"""How many records a list shows on a page."""
REFERENCES = 60
"""How many references a list shows on a page."""
AT_ONCE, MOST = 8, 500
"""How many gaps of a kind are shown before the rest, and how many at most."""
PAIRS = 30
"""How many pairs of codes a study without claims shows."""


def _shown(kind: str, identifiers: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, identifier) for identifier in identifiers)


@dataclass(frozen=True)
class Listing:
    """The records of a kind.

    Args:
        kind: the kind.
        items: its records: of a claim how it stands, of others a row of what the list says of each.
    """

    kind: str
    items: Slice[Any]


def propositions(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """List the claims, and how they stand."""
    part = cut(study.ids("proposition"), parameters, MANY)
    content = Listing("proposition", part.of([*map(study.standing, part.items)]))
    return Page("list.html", LISTED["proposition"], "propositions", content, shows=_shown("proposition", part.items))


class CodeEntry(NamedTuple):
    """A code in the codebook.

    Args:
        id: its id.
        depth: how deep it stands.
        definition: what it means.
        passages: how many passages have it.
        lines: how many evidence lines rest on these.
    """

    id: str
    depth: int
    definition: str
    passages: int
    lines: int


def codes(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """List the codes: what each means, and how much it was used."""
    part = cut(tree(study.above), parameters, MANY)
    number = counting.by_code(study.tables)
    items = [
        CodeEntry(
            code, depth, study.codes[code]["definition"] or "", number.get(code, 0),
            study.evidence.having("code", code).bit_count(),
        )
        for code, depth in part.items
    ]  # fmt: skip
    content = Listing("code", part.of(items))
    return Page("list.html", LISTED["code"], "codes", content, shows=_shown("code", (code for code, _ in part.items)))


class SourceEntry(NamedTuple):
    """A source in the list of sources.

    Args:
        row: its row of the query ``sources``.
        passages: how many passages it has.
    """

    row: Row
    passages: int


def sources(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """List the sources: what each is, and how many passages it has."""
    part = cut(study.ids("source"), parameters, MANY)
    number = counting.by_source(study.tables)
    content = Listing("source", part.of([SourceEntry(study.sources[s], number.get(s, 0)) for s in part.items]))
    return Page("list.html", LISTED["source"], "sources", content, shows=_shown("source", part.items))


class CaseEntry(NamedTuple):
    """A case in the list of cases.

    Args:
        id: its id.
        sources: how many sources it has.
        claims: on how many claims its evidence bears.
        tally: number of its evidence lines by stance.
    """

    id: str
    sources: int
    claims: int
    tally: Mapping[str, int]


def cases(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """List the cases: how many sources and how much evidence each has."""
    part = cut(study.ids("case"), parameters, MANY)
    number = Counter(row["case"] for row in study.sources.values())
    items = [
        CaseEntry(c, number[c], len(study.argued(c)), study.evidence.tally(study.evidence.having("case", c)))
        for c in part.items
    ]
    return Page("list.html", LISTED["case"], "cases", Listing("case", part.of(items)), shows=_shown("case", part.items))


def authors(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """List the authors, and how many references each has."""
    part = cut(study.ids("author"), parameters, MANY)
    content = Listing("author", part.of([study.authors[a] for a in part.items]))
    return Page("list.html", LISTED["author"], "authors", content, shows=_shown("author", part.items))


class CoderEntry(NamedTuple):
    """A coder in the list of coders.

    Args:
        row: the row of the query ``coders``.
        acts: how often the coder did what.
    """

    row: Row
    acts: Mapping[str, int]


def coders(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """List the coders, and what each did."""
    part = cut(study.ids("coder"), parameters, MANY)
    rows = {row["coder"]: row for row in study.rows("coders")}
    content = Listing("coder", part.of([CoderEntry(rows[c], acts(study, c)) for c in part.items]))
    return Page("list.html", LISTED["coder"], "coders", content, shows=_shown("coder", part.items))


def acts(study: BuiltStudy, coder: str) -> dict[str, int]:
    """Return how often a coder did what.

    Args:
        study: the study.
        coder: id of the coder.
    """
    number: Counter[str] = Counter()
    for row in study.acts:
        if row["coder"] == coder:
            number[row["act"]] += row["number"]
    return dict(number)


class ReferenceEntry(NamedTuple):
    """A reference in the list of references.

    Args:
        key: its key.
        who: who made it; without anybody, who published it, or its title.
        when: its year, or ``n.d.``.
        title: its title, where that is not what it is called by.
        container: what it appeared in, or who published it.
        cited: how many passages rest on it.
    """

    key: str
    who: str
    when: str
    title: str
    container: str
    cited: int


def _entry(key: str, name: str, text: str, cited: int) -> ReferenceEntry:
    """Return the parts of a reference, none of which says what another says."""
    item = json.loads(text)
    who, _, when = name.rpartition(", ")
    title = csl.text(item.get("title"))
    if who.startswith("“") and title:
        # Without anybody it is called by the first words of its title: by the whole of it where there is room.
        who, title = title, ""
    container = csl.text(item.get("container-title")) or csl.text(item.get("publisher"))
    return ReferenceEntry(key, who, when, title, "" if container in (who, title) else container, cited)


def entries(study: BuiltStudy, keys: Iterable[str]) -> list[ReferenceEntry]:
    """Return references as a list shows them.

    Args:
        study: the study.
        keys: their keys.
    """
    number, names = counting.by_reference(study.tables), study.tables.reference_names
    return [_entry(key, names.get(key, key), study.references[key], number.get(key, 0)) for key in keys]


def _year(entry: ReferenceEntry) -> int:
    """Return the year of a reference, or 0 without one."""
    digits = entry.when.removeprefix("ca. ")[:4]
    return int(digits) if digits.isascii() and digits.isdigit() else 0


ORDERS: dict[str, Callable[[ReferenceEntry], tuple[Any, ...]]] = {
    "author": lambda e: (e.who.strip("“”‘’").casefold(), _year(e), e.title, e.key),
    "year": lambda e: (-_year(e), e.who.casefold(), e.key),
    "title": lambda e: (e.title.casefold(), e.key),
    "cited": lambda e: (-e.cited, e.who.casefold(), e.key),
}
"""What references are sorted by: the newest first, and the most cited."""


@dataclass(frozen=True)
class References:
    """The references, searched and sorted.

    Args:
        items: one page of those that were asked for.
        total: how many there are in all.
        wanted: the words that were looked for.
        sort: what they are sorted by.
        sorts: what they can be sorted by.
    """

    items: Slice[ReferenceEntry]
    total: int
    wanted: str
    sort: str
    sorts: Sequence[str]


def references(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """List the references: who, when, what, and how often each is cited."""
    every = entries(study, study.references)
    words = parameters.question.casefold().split()
    chosen = [e for e in every if all(word in " ".join(map(str, e[:5])).casefold() for word in words)]
    part = cut(sorted(chosen, key=ORDERS[parameters.sort]), parameters, REFERENCES)
    content = References(part, len(every), parameters.question, parameters.sort, tuple(ORDERS))
    return Page(
        "references.html",
        LISTED["reference"],
        "references",
        content,
        shows=_shown("reference", (entry.key for entry in part.items)),
        kept={"q": parameters.question, "sort": "" if parameters.sort == "author" else parameters.sort},
    )


def tree(above: Mapping[str, str | None]) -> list[tuple[str, int]]:
    """Order ids so that each stands under the one above it, with how deep it stands.

    Args:
        above: the id above each, if there is one.
    """
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
        joined: how many claims each relation joins.
    """

    concepts: Sequence[tuple[str, int]]
    relations: Sequence[str]
    terms: Sequence[Mapping[str, str]]
    definitions: Mapping[str, Mapping[str, Sequence[str]]]
    names: Mapping[tuple[str, str], Mapping[str, str]]
    joined: Mapping[str, int]


def ontology(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show the ontology: concepts and relations, each in both languages."""
    return Page(
        "ontology.html",
        "Ontology",
        "ontology",
        Ontology(
            concepts=tree({c: study.broader.get(c) for c in study.ids("concept")}),
            relations=study.ids("relation"),
            terms=study.terms(),
            definitions=study.definitions,
            names=study.names,
            joined=Counter(row["relation"] for row in study.claims.values()),
        ),
        shows=(*_shown("concept", study.ids("concept")), *_shown("relation", study.ids("relation"))),
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
    """Claims against cases, or against values of an attribute.

    Args:
        by: ``case``, or id of the attribute.
        choices: what claims can be set against, each with its name.
        columns: the columns.
        rows: the claims.
        first: the place of the column that a phone begins with, which shows one at a time: the first with evidence.
    """

    by: str
    choices: Sequence[tuple[str, str]]
    columns: Sequence[crosstabs.Column]
    rows: Slice[MatrixRow]
    first: int


def matrix(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Set claims against cases, or values of an attribute; each cell opens its quotes."""
    by, every = parameters.by, study.evidence
    if by == "case":
        columns = [
            crosstabs.Column(study.name("case", case, language), "case", case)
            for case in (*study.ids("case"), claims.LITERATURE)
        ]
    else:
        columns = [crosstabs.Column(value, "attribute", f"{by}={value}") for value in study.values_of(by)]
    part = cut(list(study.claims), parameters, 50)
    rows = []
    for claim in part.items:
        lines = every.of([claim])
        cells = [every.tally(lines & every.having(column.field, column.value)) for column in columns]
        rows.append(MatrixRow(claim, every.state(claim), cells))
    first = next((at for at in range(len(columns)) if any(any(row.cells[at].values()) for row in rows)), 0)
    content = Matrix(by, crosstabs.set_against(study, language, {}), columns, part.of(rows), first)
    kept = {"by": "" if by == "case" else by}
    return Page("matrix.html", "Claims by case", "matrix", content, shows=_shown("proposition", part.items), kept=kept)


class Advice(NamedTuple):
    """The way in which a page speaks of a kind of gap.

    Args:
        title: what such gaps are called.
        says: what one means, in a sentence.
        action: what to do about one, as a link says it.
        searches: whether that link searches the sources; otherwise it leads to the record.
    """

    title: str
    says: str
    action: str
    searches: bool = False


LOOK = "look in the sources"
ADVICE: dict[str, Advice] = {
    "evidence line to be settled": Advice(
        "Evidence lines to be settled",
        "Coders read these lines differently; none of them counts until a reading settles it.",
        "compare the readings",
    ),
    "claim without evidence": Advice("Claims without evidence", "No quote bears on these claims.", LOOK, searches=True),
    "claim without support": Advice(
        "Claims without support", "Quotes bear on these claims, and none of them supports one.", LOOK, searches=True
    ),
    "claim with a single witness": Advice(
        "Claims with a single witness", "All support of each of these claims is from one source.", LOOK, searches=True
    ),
    "claim on one reference through several documents": Advice(
        "Claims on one reference through several documents",
        "Several documents support each of these claims, and all of them rest on one reference.",
        LOOK,
        searches=True,
    ),
    "case without support": Advice(
        "Cases without support", "No quote of these cases supports any finding of the theory.", "read its evidence"
    ),
    "case without support for some": Advice(
        "Cases without support for some claims",
        "Quotes of these cases support some findings of the theory, and not those that are named here.",
        "read its evidence",
    ),
    "concept without a claim": Advice(
        "Concepts without a claim", "Passages speak of these concepts, and the theory claims nothing.", "read more"
    ),
    "concept without quotes": Advice(
        "Concepts without quotes",
        "The theory has claims about these concepts, and no passage outside its own text speaks of them.",
        LOOK,
        searches=True,
    ),
    "concept without claims and quotes": Advice(
        "Concepts without claims and quotes",
        "The ontology names these concepts, and nothing else does.",
        LOOK,
        searches=True,
    ),
    "looked for in vain": Advice(
        "Looked for in vain", "Somebody looked for evidence and wrote down that there is none.", "see what was read"
    ),
}
"""How a page speaks of each kind of gap, in the order in which the kinds are shown."""


class GapEntry(NamedTuple):
    """A gap as the page lists it.

    Args:
        gap: the gap.
        words: what is searched for in the sources to close it; empty when its link leads to the record.
    """

    gap: Gap
    words: str


class GapGroup(NamedTuple):
    """The gaps of a kind.

    Args:
        name: the kind.
        advice: how the page speaks of it.
        first: the gaps that are shown at once.
        rest: those that are shown when they are asked for.
        number: how many there are, with those that are not shown.
    """

    name: str
    advice: Advice
    first: Sequence[GapEntry]
    rest: Sequence[GapEntry]
    number: int


@dataclass(frozen=True)
class Gaps:
    """The gaps of a study: what is missing.

    Args:
        groups: the gaps by kind.
        total: how many there are.
        bare: what a study without claims has and what comes next; empty for others.
    """

    groups: Sequence[GapGroup]
    total: int
    bare: str


def gaps(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show what is missing, by kind, each with what to do about it."""
    by_kind: dict[str, list[Gap]] = {name: [] for name in ADVICE}
    for gap in missing(study.tables):
        by_kind[gap.name].append(gap)
    groups = []
    for name, some in by_kind.items():
        entries = [
            GapEntry(gap, _words(study, gap, language) if ADVICE[name].searches else "")
            for gap in (some if parameters.whole else some[:MOST])
        ]
        if entries:
            groups.append(GapGroup(name, ADVICE[name], entries[:AT_ONCE], entries[AT_ONCE:], len(some)))
    shows = tuple((e.gap.kind, e.gap.id) for group in groups for e in (*group.first, *group.rest))
    bare = "" if study.claims else summary.without_claims(study.holdings, language)
    content = Gaps(groups, sum(group.number for group in groups), bare)
    return Page("gaps.html", "What is missing", "gaps", content, shows=shows)


def _words(study: BuiltStudy, gap: Gap, language: str) -> str:
    """Return what is searched for in the sources to close a gap: the concepts that it is about."""
    about = study.about[gap.id][:2] if gap.kind == "proposition" else (gap.id,)
    return " ".join(dict.fromkeys(study.name("concept", concept, language) for concept in about))


class Pair(NamedTuple):
    """Two codes that some passages have both.

    Args:
        code: the one.
        other: the other.
        passages: how many passages have both.
    """

    code: str
    other: str
    passages: int


@dataclass(frozen=True)
class WithoutClaims:
    """A study without claims: what it has, and what comes next.

    Args:
        said: what it has and what comes next, in a sentence.
        sources: its sources.
        codes: its codes, the most frequent first.
        pairs: the codes that stand together, the most frequent first.
    """

    said: str
    sources: Slice[SourceEntry]
    codes: Slice[tuple[str, int]]
    pairs: Sequence[Pair]


def without_claims(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show what a study without claims has: its sources, its codes, which of these stand together, what comes next."""
    of_source, of_code = counting.by_source(study.tables), counting.by_code(study.tables)
    entries = [SourceEntry(study.sources[s], of_source.get(s, 0)) for s in study.ids("source")]
    frequent = sorted(((c, of_code.get(c, 0)) for c in study.codes), key=lambda pair: (-pair[1], pair[0]))
    pairs = [Pair(row["code"], row["other"], row["excerpts"]) for row in study.rows("code-co-occurrence")[:PAIRS]]
    content = WithoutClaims(
        summary.without_claims(study.holdings, language),
        cut(entries, parameters, 25),
        cut(frequent, parameters, 60),
        pairs,
    )
    title = study.header["title_zh"] if language == "zh" and study.header["title_zh"] else study.header["title"]
    shows = (*_shown("source", study.ids("source")), *_shown("code", (code for code, _ in content.codes.items)))
    return Page("without-claims.html", title, "", content, shows=shows)


OVERVIEWS: dict[str, Callable[[BuiltStudy, Parameters, str], Page]] = {
    "propositions": propositions,
    "codes": codes,
    "cases": cases,
    "sources": sources,
    "references": references,
    "authors": authors,
    "coders": coders,
    "agreement": agreements.page,
    "ontology": ontology,
    "matrix": matrix,
    "crosstab": crosstabs.codes,
    "gaps": gaps,
}
"""The overviews by path; every kind of :data:`kg.kinds.LISTED` has one."""
