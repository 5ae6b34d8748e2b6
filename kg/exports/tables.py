"""The tables of a study, as CSV, as Parquet and for pandas: the same names, columns and rows in each.

They are read from the SQLite tables of the build, so that a hundred thousand codings take seconds.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kg import locators, query
from kg.errors import StoreUnavailable
from kg.exports.columns import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TABLES, contents
from kg.store import listings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pandas import DataFrame

    from kg.exports.columns import Contents
    from kg.store.tables import Tables

Row = tuple[Any, ...]


class Opened(Protocol):
    """An opened study, as :class:`kg.graph.Graph` is one."""

    @property
    def tables(self) -> Tables:
        """Return its tables."""


class Source(NamedTuple):
    """The values that a passage has from its source."""

    title: str
    role: str
    case: str | None
    language: str
    reference: str | None
    witness: str | None


class _Study:
    """The reader of a study, which reads once what several tables need."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def ask(self, name: str) -> list[Row]:
        """Return the rows of a named query."""
        return list(query.run(self.tables, name).rows)

    @cached_property
    def sources(self) -> dict[str, Source]:
        return {key: Source(*rest) for key, *rest in self.ask("sources")}

    @cached_property
    def records(self) -> dict[str, dict[str, tuple[str, str | None]]]:
        """By kind and id of a record: its label, and that in Chinese."""
        labels: dict[str, dict[str, tuple[str, str | None]]] = {}
        for kind, key, label, chinese in self.ask("records"):
            labels.setdefault(kind, {})[key] = (label, chinese)
        return labels

    @cached_property
    def codes(self) -> dict[str, dict[str, Any]]:
        """By id of a code: all that the codebook says of it."""
        codes: dict[str, dict[str, Any]] = {}
        for key, (label, chinese) in self.records.get("code", {}).items():
            codes[key] = dict.fromkeys(query.named("codebook").columns) | {"label": label, "label_zh": chinese}
            codes[key] |= {"indicates": None, "broader_codes": (), "family": None}
        for row in query.run(self.tables, "codebook").dicts():
            codes[row["code"]] |= row
        for key, concept in listings.indicated_concepts(self.tables).items():
            codes[key]["indicates"] = concept
        for key, code in codes.items():
            code["broader_codes"] = tuple(self._above(codes, key))
            family = (k for k in (key, *code["broader_codes"]) if codes[k]["level"] == "selective")
            code["family"] = next(family, None)
        return codes

    @staticmethod
    def _above(codes: dict[str, dict[str, Any]], key: str) -> Iterator[str]:
        """Return the codes above a code, the nearest first."""
        while (above := codes[key]["broader"]) is not None:
            yield above
            key = above

    @cached_property
    def references(self) -> dict[str, tuple[str | None, str | None]]:
        """By id of an excerpt: the keys of the references it rests on, joined, and the places in them, joined."""
        joined: dict[str, tuple[str | None, str | None]] = {}
        for excerpt, rows in groupby(listings.citations(self.tables), key=itemgetter(0)):
            citations = list(rows)
            places = (f"{key}, {locator}" for _, key, locator in citations if locator)
            joined[excerpt] = (_joined(dict.fromkeys(key for _, key, _ in citations)), _joined(places))
        return joined

    def passage(self, excerpt: str, source: str) -> tuple[str, str | None, tuple[str | None, str | None]]:
        """Return role and case of a passage's source, and its references with the places in them."""
        values = self.sources[source]
        return values.role, values.case, self.references.get(excerpt, (None, None))


def _joined(words: Iterable[str]) -> str | None:
    return "; ".join(words) or None


def _codings(study: _Study) -> Iterator[Row]:
    for excerpt, source, code, coder, day, memo, *place in listings.codings(study.tables):
        role, case, references = study.passage(excerpt, source)
        about = study.codes[code]
        named = (about["label"], about["level"], about["family"], _joined(about["broader_codes"]))
        yield excerpt, source, role, case, coder, day, code, *named, *place, memo, *references


def _evidence(study: _Study) -> Iterator[Row]:
    for excerpt, source, *rest in listings.lines(study.tables):
        role, case, references = study.passage(excerpt, source)
        place, line = rest[: len(listings.PLACE)], rest[len(listings.PLACE) :]
        yield *line, excerpt, source, role, case, *place, *references


def _assertions(study: _Study) -> Iterator[Row]:
    return listings.assertions(study.tables)


def _propositions(study: _Study) -> Iterator[Row]:
    lines = study.tables.evidence
    asserted = Counter(claim for claim, _ in study.ask("assertions"))
    for claim, *fields in study.ask("claims"):
        counts = lines.tally_of(claim)
        numbers = (counts["supports"], counts["qualifies"], counts["opposes"])
        yield claim, *fields, lines.state(claim), *numbers, asserted[claim]


def _excerpts(study: _Study) -> Iterator[Row]:
    for excerpt, source, *place in listings.excerpts(study.tables):
        role, case, references = study.passage(excerpt, source)
        yield excerpt, source, role, case, *place, *references


def _codes(study: _Study) -> Iterator[Row]:
    given: Counter[str] = Counter(listings.coding_counts(study.tables))
    columns = ("label", "label_zh", "level", "paradigm", "broader", "family")
    rules = ("definition", "include", "exclude", "indicates", "anchor")
    for key, code in sorted(study.codes.items()):
        broader = _joined(code["broader_codes"])
        yield key, *(code[c] for c in columns), broader, *(code[c] for c in rules), given[key]


def _sources(study: _Study) -> Iterator[Row]:
    files = listings.source_files(study.tables)
    for key, source in sorted(study.sources.items()):
        yield key, *source, *files[key]


def _concepts(study: _Study) -> Iterator[Row]:
    properties: dict[tuple[str, str], list[str]] = {}
    for concept, key, value in listings.concept_properties(study.tables):
        properties.setdefault((concept, key), []).append(value)
    for concept, labels in sorted(study.records.get("concept", {}).items()):
        more = (
            _joined(properties.get((concept, key), ()))
            for key in ("kind", "broader", "related", "definition", "source")
        )
        yield concept, *labels, *more


def _labelled(kind: str) -> Callable[[_Study], Iterator[Row]]:
    def rows(study: _Study) -> Iterator[Row]:
        for key, labels in sorted(study.records.get(kind, {}).items()):
            yield key, *labels

    return rows


def _listed(study: _Study) -> Iterator[tuple[str, str, str, bool]]:
    cited = {key for _, key, _ in listings.citations(study.tables)}
    cited |= {source.reference for source in study.sources.values() if source.reference}
    for key, name, csl in study.ask("references"):
        yield key, name, csl, key in cited


def _references(study: _Study) -> Iterator[Row]:
    authors = listings.authors(study.tables)
    for key, name, csl, used in _listed(study):
        item = json.loads(csl)
        people = _joined(
            p.get("literal") or ", ".join(filter(None, (p.get("family"), p.get("given"))))
            for p in item.get("author", ())
        )
        year = next(iter(next(iter(item.get("issued", {}).get("date-parts", ())), ())), "")
        day = int(year) if str(year).lstrip("-").isdecimal() and len(str(year)) < 6 else None
        fields = ("title", "container-title", "volume", "issue", "page", "publisher", "DOI", "URL")
        values = (str(item[field]) if item.get(field) not in (None, "") else None for field in fields)
        made_by = _joined(authors.get(key, ()))
        yield (
            key,
            name,
            item["type"],
            people,
            made_by,
            day,
            *values,
            _joined(item.get("custom", {}).get("marks", ())),
            used,
        )


def _asked(name: str) -> Callable[[_Study], list[Row]]:
    """Return what gives the rows of a named query."""
    return lambda study: study.ask(name)


def _readings(study: _Study) -> Iterator[Row]:
    for line, coder, day, stance, strength, alone, settles, reason in study.ask("readings"):
        yield line, coder, day, stance, strength, alone and alone == "true", settles == "true", reason


def _citations(study: _Study) -> Iterator[Row]:
    for excerpt, key, locator in listings.citations(study.tables):
        yield excerpt, key, *(locators.split(locator) if locator else (None, None))


_ROWS: dict[str, Callable[[_Study], Iterable[Row]]] = {
    "assertions": _assertions,
    "attributes": _asked("attributes"),
    "authors": _asked("authors"),
    "cases": _labelled("case"),
    "citations": _citations,
    "coders": _asked("coders"),
    "codes": _codes,
    "codings": _codings,
    "concepts": _concepts,
    "confidence": _asked("confidence"),
    "evidence": _evidence,
    "excerpts": _excerpts,
    "propositions": _propositions,
    "questions": _asked("open-questions"),
    "readings": _readings,
    "references": _references,
    "relations": _labelled("relation"),
    "searches": _asked("searches"),
    "sets": _asked("sets"),
    "settlements": _asked("settlements"),
    "sources": _sources,
    "uncoded": _asked("uncoded-paragraphs"),
}
"""What gives the rows of every table, sorted; a date is YYYY-MM-DD."""


def rows(graph: Opened, name: str) -> Iterator[dict[str, Any]]:
    """Return the rows of a table by column.

    Args:
        graph: the study.
        name: one of :data:`TABLES`.

    Raises:
        UnknownTerm: when no table has the name.

    Example:
        >>> import kg
        >>> row = next(rows(kg.open("dart"), "codings"))
        >>> row["excerpt"], row["code"], row["start"]
        ('abstract:2-115', 'experience-theory', 2)
    """
    names = contents(name).names
    return (dict(zip(names, row, strict=True)) for row in _ROWS[name](_Study(graph.tables)))


def frame(graph: Opened, name: str) -> DataFrame:
    """Return a table for pandas; :meth:`kg.graph.Graph.table` says more.

    Args:
        graph: the study.
        name: one of :data:`TABLES`.

    Raises:
        UnknownTerm: when no table has the name.
        StoreUnavailable: when the package pandas is not installed.
    """
    table = contents(name)
    try:
        import pandas
    except ImportError as e:
        raise StoreUnavailable("a table needs the package pandas: pip install pandas") from e
    # Each of these has a missing value; seconds reach back to the year 1, nanoseconds do not.
    types = {STRING: "string", INTEGER: "Int64", NUMBER: "Float64", BOOLEAN: "boolean", DATE: "datetime64[s]"}
    cells = pandas.DataFrame(list(_ROWS[name](_Study(graph.tables))), columns=table.names, dtype=object)
    return cells.astype({column.name: types[column.type] for column in table.columns})


def write_csv(graph: Opened, folder: Path) -> None:
    """Write every table as CSV, and what the columns mean as a Frictionless data package.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    from kg import render

    study = _Study(graph.tables)
    for name, table in TABLES.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.writelines(render.csv_lines(table.names, _ROWS[name](study)))
    text = json.dumps(_package(study), ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", "utf-8", newline="\n")


def _package(study: _Study) -> dict[str, Any]:
    """Describe the files as the Data Package and Table Schema standards have it (frictionlessdata.io)."""
    ((_, title, _, description, *_),) = study.ask("study")
    note = (
        "A text that a spreadsheet would run as a formula, because it begins with = + - @ (full-width and small ones, "
        "too), also behind white space and characters without a width, or with a tab or a line end, has an apostrophe "
        "before it, and so has a text in which apostrophes stand before such a beginning; take one away to have the "
        "text as it is in the study. Numbers have none. Offsets are Unicode codepoints, the end exclusive."
    )
    return {
        "profile": "tabular-data-package",
        "title": title,
        "description": f"{description}\n\n{note}" if description else note,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": name,
                "path": f"{name}.csv",
                "title": table.title,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "doubleQuote": True, "lineTerminator": "\n"},
                "schema": _schema(table),
            }
            for name, table in TABLES.items()
        ],
    }


def _schema(table: Contents) -> dict[str, Any]:
    fields = [{"name": c.name, "type": c.type, "description": c.meaning} for c in table.columns]
    foreign = [
        {"fields": c.name, "reference": {"resource": c.table, "fields": TABLES[c.table].names[0]}}
        for c in table.columns
        if c.table
    ]
    schema: dict[str, Any] = {"fields": fields}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if foreign:
        schema["foreignKeys"] = foreign
    return schema


def write_parquet(graph: Opened, folder: Path) -> None:
    """Write every table as Parquet, with dates as dates; text is as it is in the study.

    Args:
        graph: the study.
        folder: an empty folder.

    Raises:
        StoreUnavailable: when the package pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as e:
        raise StoreUnavailable(
            "Parquet needs the package pyarrow: pip install '.[export]' in the checkout; CSV needs none"
        ) from e
    types = {STRING: pa.string(), INTEGER: pa.int64(), NUMBER: pa.float64(), BOOLEAN: pa.bool_(), DATE: pa.date32()}
    study = _Study(graph.tables)
    for name, table in TABLES.items():
        records = list(_ROWS[name](study))
        columns = list(zip(*records, strict=True)) or [()] * len(table.columns)
        arrays = [
            pa.array(map(_day, cells) if column.type == DATE else cells, types[column.type], size=len(records))
            for column, cells in zip(table.columns, columns, strict=True)
        ]
        described = [pa.field(c.name, types[c.type], metadata={"description": c.meaning}) for c in table.columns]
        parquet.write_table(pa.table(arrays, schema=pa.schema(described)), folder / f"{name}.parquet")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
