"""Read a table of quotes and codes: CSV, TSV, XLSX.

Columns are known by what people call them, and what the exports of ATLAS.ti, MAXQDA, NVivo, Dedoose and
Taguette do, or by the names that a person gives. What stands in any other column is counted.
"""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
import warnings
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from kg.errors import StudyError
from loaders._reader import near
from loaders.imports import safe
from loaders.imports.material import Case, Code, Coder, Document, Given, Material, Passage
from loaders.imports.readings import READINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from loaders.imports import Options

Row = tuple[int, list[str]]
"""Where a row stands in its file, 1-based, and its cells."""
Sheet = tuple["Iterator[Row]", "Counter[str]"]
"""The rows, and what of them cannot be taken, counted while they are given."""

NAMES: dict[str, tuple[str, ...]] = {
    "quote": ("quote", "exact", "quotation content", "quotation", "coded segment", "segment", "excerpt copy", "excerpt",
              "quoted text", "highlight", "passage", "text", "content",
              "引文", "原文", "引用", "摘录", "片段", "文本", "内容"),
    "code": ("codes applied combined", "codes", "code", "code name", "tags", "tag", "nodes", "node",
             "编码", "代码", "标签", "节点"),
    "document": ("document", "document name", "media title", "source", "source name", "file", "file name", "filename",
                 "documents", "文档", "文件", "来源", "文档名", "文档名称", "文件名"),
    "coder": ("coder", "coded by", "coded by initials", "excerpt creator", "created by", "annotator", "user",
              "编码者", "编码人", "编码员", "用户"),
    "date": ("date", "coded on", "excerpt date", "created", "created at", "creation date",
             "日期", "编码日期", "创建时间"),
    "memo": ("memo", "comment", "comments", "note", "notes", "备注", "备忘录", "批注", "注释", "评论"),
    "start": ("start", "start position", "start offset", "beginning", "from", "开始", "起始", "开始位置", "起始位置"),
    "end": ("end", "end position", "end offset", "to", "结束", "结束位置"),
    "prefix": ("prefix", "前文"),
    "suffix": ("suffix", "后文"),
    "case": ("case", "cases", "case name", "个案", "案例"),
    "parent": ("parent", "parent code", "category", "上级编码", "父编码", "类别", "类目", "范畴"),
    "id": ("id", "quotation id", "highlight id", "编号"),
}  # fmt: skip
"""What each of our columns may be called, the likeliest first."""

MAX_ROWS, MAX_COLUMNS = 1_048_576, 4096
"""As many rows as a worksheet can have, and more columns than a person can name."""
MAX_UNPACKED, MAX_TAGS = 200 * 1024 * 1024, 10_000_000
"""Bytes and XML tags of a workbook: openpyxl keeps a trace of every element."""
_HEAD = 10
"""Rows among which the one with the columns' names is looked for."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_LEVELS = re.compile(r" > |\\")
"""MAXQDA and Dedoose write a code behind those above it."""
_BETWEEN_CODES = re.compile("[;；\r\n]+")
_COMMA = re.compile("[,，、]")


@dataclass(slots=True)
class Table:
    """Give the rows of a table, and count what is not taken.

    Args:
        file: how a person calls it.
        header: the columns' names.
        columns: our name of a column -> its place.
        rows: the rows below the header.
        unit: what a row's number counts: ``line`` or ``row``.
        lost: how much of what was not taken, so far.
        too_long: numbers of rows that were left out, since they have more cells than there are columns.
    """

    file: str
    header: list[str]
    columns: dict[str, int]
    rows: Iterator[Row]
    unit: str
    lost: Counter[str]
    too_long: list[int] = field(default_factory=list)

    def records(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Give what each row says, and count what is not taken.

        A line with a cell too many is left out: an unquoted separator has shifted its cells.

        Yields:
            Where the row stands, and the cells by our names of their columns.
        """
        known = {_plain(self.header[place]) for place in self.columns.values()}
        unused = {
            place: f"cells of {'another' if _plain(name) in known else 'the'} column '{name}'"
            for place, name in enumerate(self.header)
            if name and place not in self.columns.values()
        }
        width = len(self.header)
        for number, row in self.rows:
            filled = [place for place, cell in enumerate(row) if cell.strip()]
            if not filled:
                continue
            if filled[-1] >= width and self.unit == "line":
                self.too_long.append(number)
                self.lost["rows with more cells than columns"] += 1
                continue
            for place in filled:
                if place in unused:
                    self.lost[unused[place]] += 1
                elif place >= width or not self.header[place]:
                    self.lost["cells of columns without a name"] += 1
            cells = {ours: row[place] if place < len(row) else "" for ours, place in self.columns.items()}
            yield f"{self.unit} {number}", cells

    def said(self) -> list[str]:
        """Return what a person should read of the rows that were given so far."""
        if not self.too_long:
            return []
        shown = ", ".join(map(str, self.too_long[:10])) + (" …" if len(self.too_long) > 10 else "")
        return [f"rows with more cells than columns were left out, at line {shown}: quote cells that hold a separator"]


def open_table(
    path: Path, names: Mapping[str, Sequence[str]], needed: str, asked: Mapping[str, str] | None = None
) -> Table:
    """Find the columns of a table.

    Args:
        path: a CSV, TSV or XLSX file.
        names: our name of a column -> what it may be called, the likeliest first.
        needed: our name of the column that must be there.
        asked: our name of a column -> its name in this table, which a person gave.

    Returns:
        The table; of a workbook the first sheet with the needed column.

    Raises:
        StudyError: when it cannot be read, or the column is not there.
    """
    asked = asked or {}
    for ours in asked:
        if ours not in names:
            message = f"no column of ours is called '{ours}'"
            safe.refuse(path.name, "unknown-column", message, near(ours, names, "a column of ours"))
    unit, sheets = ("row", _sheets(path)) if _is_workbook(path) else ("line", _text(path, names, asked))
    found: Table | None = None
    first: Row | None = None
    for rows, lost in sheets:
        head = list(itertools.islice(rows, _HEAD))
        filled = [row for row in head if any(cell.strip() for cell in row[1])]
        first = first or next(iter(filled), None)
        if found:
            found.lost["further sheets of the workbook"] += bool(filled)
            continue
        for above, row in enumerate(filled):
            columns = _columns(row[1], names, asked)
            if needed in columns and asked.keys() <= columns.keys():
                lost["rows above the columns' names"] += above
                header = [" ".join(name.split()) for name in row[1]]
                rest = itertools.chain(head[head.index(row) + 1 :], rows)
                found = Table(path.name, header, columns, rest, unit, lost)
                break
    if found is None:
        _lacking(path.name, first, names, needed, asked, unit)
    return found


def _lacking(
    file: str, first: Row | None, names: Mapping[str, Sequence[str]], needed: str, asked: Mapping[str, str], unit: str
) -> NoReturn:
    """Say which column is not there, which are, and how to name one."""
    if first is None:
        safe.refuse(file, "broken-table", "the table is empty", "is it the right file?")
    number, cells = first
    line = number if unit == "line" else 0
    header = [" ".join(cell.split())[:60] for cell in cells if cell.strip()]
    listed = ", ".join(f"'{name}'" for name in header[:40]) + (" …" if len(header) > 40 else "")
    there = {_plain(name) for name in cells}
    for ours, theirs in asked.items():
        if _plain(theirs) not in there:
            message = f"no column is called '{theirs}', only {listed}"
            safe.refuse(file, "unknown-column", message, near(theirs, header, f"the column '{ours}'"), line)
    safe.refuse(
        file,
        "unknown-column",
        f"no column is known to hold the {needed}s; the columns are {listed}",
        f"name it, such as --column {needed}=NAME, or call it '{names[needed][0]}'",
        line,
    )


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() == ".xlsx"


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", " ", name).strip().casefold()


def _columns(header: Sequence[str], names: Mapping[str, Sequence[str]], asked: Mapping[str, str]) -> dict[str, int]:
    """Return the place of each of our columns that a header has."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(_plain(name), place)
    found = {ours: places[_plain(theirs)] for ours, theirs in asked.items() if _plain(theirs) in places}
    for ours, theirs in names.items():
        if ours in asked:
            continue
        for name in theirs:
            if name in places and places[name] not in found.values():
                found[ours] = places[name]
                break
    return found


def _text(path: Path, names: Mapping[str, Sequence[str]], asked: Mapping[str, str]) -> Iterator[Sheet]:
    """Give the rows of a CSV or TSV file, as its only sheet."""
    decoded = safe.decode(safe.read_bytes(path), path.name)
    text = decoded.text
    if decoded.replaced:
        line = text[: text.index("\ufffd")].count("\n") + 1
        safe.refuse(path.name, "nul-byte", "the file contains a NUL byte", "save it as UTF-8 text", line)
    told = re.match(r"sep=([,;\t])\r?\n", text)  # Excel's own way to name the separator
    rest = text[told.end() :] if told else text
    yield _lines(path.name, rest, told[1] if told else _separator(text, names, asked), int(bool(told))), Counter()


def _separator(text: str, names: Mapping[str, Sequence[str]], asked: Mapping[str, str]) -> str:
    """Choose the separator that finds the most of our columns, and of equal ones the most columns."""

    def speaks(separator: str) -> tuple[int, int]:
        try:
            head = list(itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _HEAD))
        except csv.Error:
            return 0, 0
        return max(((len(_columns(cells, names, asked)), len(cells)) for cells in head), default=(0, 0))

    return max(",;\t", key=speaks)


def _lines(file: str, text: str, separator: str, above: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = above + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as e:
            safe.refuse(file, "broken-table", f"not CSV: {e}", "is a quotation mark missing, or not doubled?", line)
        if cells is None:
            return
        if len(cells) > MAX_COLUMNS:
            safe.refuse(file, "broken-table", f"more than {MAX_COLUMNS:,} columns", "is it a table?", line)
        yield line, cells


def _sheets(path: Path) -> Iterator[Sheet]:
    """Give the rows of each sheet of a workbook."""
    from openpyxl import load_workbook

    formulas = _checked(path)
    data = safe.read_bytes(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of all that it does not know.
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False).worksheets
            # A formula without a stored value looks like an empty cell, unless the formulas are read too.
            other = load_workbook(io.BytesIO(data), read_only=True, keep_links=False).worksheets if formulas else book
    except Exception as e:  # A crafted workbook makes openpyxl raise anything.
        safe.refuse(path.name, "broken-table", f"not a workbook: {str(e)[:200]}", "save it again as XLSX")
    for values, sources in zip(book, other, strict=True):
        lost: Counter[str] = Counter()
        yield _cells(f"{path.name}: {values.title}", values, sources if formulas else None, lost), lost


def _checked(path: Path) -> bool:
    """Refuse a workbook that is not safe to read; say whether it has formulas."""
    from lxml import etree

    formulas, tags = False, 0
    with closing(safe.Archive(path)) as archive:
        names = archive.names()
        if (total := sum(map(archive.size, names))) > MAX_UNPACKED:
            message = f"it unpacks to {total:,} bytes, more than {MAX_UNPACKED:,}"
            safe.refuse(path.name, "unsafe-archive", message, "split it, or save it as CSV")
        for name in names:
            data = archive.read(name)
            named = name.lower().endswith((".xml", ".rels"))
            tags += data.count(b"<")
            if tags > MAX_TAGS:
                message = f"it has more than {MAX_TAGS:,} XML tags"
                safe.refuse(f"{path.name}: {name}", "unsafe-archive", message, "split it, or save it as CSV")
            try:
                parsed = etree.iterparse(
                    io.BytesIO(data), events=("start",), resolve_entities=False, no_network=True, load_dtd=False
                )
                _, root = next(iter(parsed))
            except (etree.XMLSyntaxError, StopIteration) as e:
                if not named:  # a picture; but a worksheet may be called anything
                    continue
                safe.refuse(f"{path.name}: {name}", "broken-xml", str(e) or "it is empty", "save it again as XLSX")
            if root.getroottree().docinfo.doctype:
                message = "it has a document type, which could expand to anything"
                safe.refuse(f"{path.name}: {name}", "broken-xml", message, "save it again as XLSX")
            formulas = formulas or ("worksheets/" in name and bool(_FORMULA.search(data)))
    return formulas


def _cells(file: str, values: Any, sources: Any | None, lost: Counter[str]) -> Iterator[Row]:
    values.reset_dimensions()  # A workbook may say that it is larger than it is.
    written: Iterator[tuple[object, ...]] = itertools.repeat(())
    if sources is not None:
        sources.reset_dimensions()
        written = sources.iter_rows(values_only=True)
    rows = zip(values.iter_rows(values_only=True), written, strict=False)
    for number in itertools.count(1):
        try:
            cells, formulas = next(rows, (None, ()))
        except Exception as e:  # as above
            safe.refuse(file, "broken-table", f"row {number} cannot be read: {str(e)[:200]}", "save it again as XLSX")
        if cells is None:
            return
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            message = f"more than {MAX_ROWS:,} rows or {MAX_COLUMNS:,} columns"
            safe.refuse(file, "broken-table", message, "is it a table?")
        for value, formula in zip(cells, formulas, strict=False):
            if value is None and formula is not None:
                lost["formulas without a stored value"] += 1
        yield number, [_written(value) for value in cells]


def _written(value: object) -> str:
    """Write a cell's value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "\r")  # how a workbook keeps a carriage return
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def day(text: str) -> datetime.date | None:
    """Read a day that is written year first, whatever follows it; None when it is not.

    Example:
        >>> day("2024年3月1日"), day("2024-03-01T12:00:00Z"), day("3/1/2024")
        (datetime.date(2024, 3, 1), datetime.date(2024, 3, 1), None)
    """
    found = _DAY.match(text.strip())
    try:
        return datetime.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _levels(name: str) -> list[str]:
    """Return a code's name behind those above it."""
    name = " ".join(name.split())
    found = [part.strip() for part in _LEVELS.split(name) if part.strip()]
    return found if 0 < len(found) <= 20 else [name]  # Deeper is no codebook.


class _Mark(NamedTuple):
    """Tell one passage from another: rows that agree in all of this are one passage."""

    document: str
    id: str
    quote: str
    start: int | None
    end: int | None
    prefix: str
    suffix: str


@dataclass(slots=True)
class _Marked:
    where: str
    given: dict[Given, None] = field(default_factory=dict)
    memos: dict[str, None] = field(default_factory=dict)
    coder: str | None = None
    date: datetime.date | None = None


class _Reading:
    """Collect what the rows say."""

    def __init__(self, table: Table, name: str) -> None:
        self.name, self.lost = name, table.lost
        self.marks: dict[_Mark, _Marked] = {}
        self.codes: dict[str, Code] = {}
        self.coders: dict[str, Coder] = {}
        self.cases: dict[str, dict[str, None]] = {}
        self.unnamed = self.commas = self.measured = self.agreeing = 0
        # Dedoose alone joins codes by commas.
        joined = "code" in table.columns and _plain(table.header[table.columns["code"]]) == "codes applied combined"
        self.between = re.compile("[,;\r\n]+") if joined else _BETWEEN_CODES

    def add(self, where: str, row: Mapping[str, str]) -> None:
        """Add one row."""
        said = dict.fromkeys(NAMES, "") | {name: cell.strip() for name, cell in row.items()}
        start, end = self._position(said["start"]), self._position(said["end"])
        if start is None or end is None:
            self.lost["positions that are no two whole numbers"] += bool(said["start"] or said["end"])
            start = end = None
        elif said["quote"]:
            self._measure(row["quote"], end - start)
        if not said["quote"] and start is None:
            self.lost["rows without a quote"] += 1
            return
        document = said["document"] or self.name
        self.unnamed += not said["document"]
        mark = _Mark(document, said["id"], said["quote"], start, end, row.get("prefix", ""), row.get("suffix", ""))
        marked = self.marks.setdefault(mark, _Marked(where))
        if said["case"]:
            self.cases.setdefault(said["case"], {})[document] = None
        coder = said["coder"] or None
        if coder:
            self.coders.setdefault(coder, Coder(coder, coder))
        date = day(said["date"])
        self.lost["days that are not written year first"] += bool(said["date"]) and date is None
        codes = [self._code(name, said["parent"]) for name in self.between.split(said["code"]) if name.strip(" \\")]
        # What is said beside one code is said of it; beside several, of the passage.
        alone = len(codes) == 1
        for code in dict.fromkeys(codes):
            given = Given(code, coder, date, said["memo"] if alone else "")
            self.lost["codings that stand in the table twice"] += given in marked.given
            marked.given[given] = None
        if said["memo"] and not alone:
            marked.memos[said["memo"]] = None
        marked.coder, marked.date = marked.coder or coder, marked.date or date

    def _position(self, cell: str) -> int | None:
        return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 12 else None

    def _measure(self, quote: str, length: int) -> None:
        """Count whether two positions are as far apart as their quote is long, however it is counted."""
        loose = 1 + sum(c > "\uffff" or c in "\r\n" for c in quote) + len(quote) - len(quote.strip())
        self.measured += 1
        self.agreeing += abs(length - len(quote)) <= loose

    def _code(self, name: str, parent: str) -> str:
        """Return the key of a code, and keep it and those above it."""
        self.commas += bool(_COMMA.search(name))
        levels = _levels(name)
        if parent and levels[0] != parent:
            levels = _levels(parent) + levels
        key: str | None = None
        for level in levels:
            above, key = key, level if key is None else f"{key} > {level}"
            self.codes.setdefault(key, Code(key, level, above))
        assert key is not None
        return key

    def documents(self, options: Options) -> tuple[Document, ...]:
        """Make the documents with their passages."""
        # ATLAS.ti and MAXQDA count paragraphs and pages; such numbers are no positions.
        placed = self.agreeing * 2 >= self.measured
        found: dict[str, list[Passage]] = {}
        for mark, marked in self.marks.items():
            if mark.start is not None and not placed:
                self.lost["positions that do not count characters"] += 1
            if not mark.quote and not placed:
                self.lost["rows without a quote"] += 1
                continue
            found.setdefault(mark.document, []).append(
                Passage(
                    marked.where,
                    mark.start if placed else None,
                    mark.end if placed else None,
                    mark.quote or None,
                    prefix=mark.prefix or None,
                    suffix=mark.suffix or None,
                    given=tuple(marked.given),
                    memo="\n".join(marked.memos),
                    coder=marked.coder,
                    date=marked.date,
                )
            )
        return tuple(Document(name, name, options.text(name), passages=tuple(made)) for name, made in found.items())


def fits(path: Path) -> bool:
    """Say whether a file is a table: any that is called so, since :func:`read` says what it lacks."""
    return path.is_file()


def read(path: Path, options: Options) -> Material:
    """Read a table of quotes and codes.

    Args:
        path: the file.
        options: names of columns, and texts of documents.

    Returns:
        What it holds.

    Raises:
        StudyError: when it cannot be read, or no column holds quotes.
    """
    table = open_table(path, NAMES, "quote", options.columns)
    if ("start" in table.columns) != ("end" in table.columns):
        # One position alone says nothing: it is counted as a column that was not used.
        table.columns.pop("start", None)
        table.columns.pop("end", None)
    reading = _Reading(table, path.stem)
    for where, row in table.records():
        reading.add(where, row)
    documents = reading.documents(options)
    said = table.said()
    if "code" not in table.columns:
        said.append("no column is known to hold codes; name it, such as --column code='…'")
    if reading.unnamed:
        said.append(f"{reading.unnamed} rows name no document; their quotes are in one called '{path.stem}'")
    if table.lost["positions that do not count characters"]:
        said.append("start and end do not count characters, so that the quotes are looked for by their text")
    if reading.commas:
        said.append(f"{reading.commas} codes hold a comma, which is part of their name; separate codes by ';'")
    return Material(
        title=path.stem,
        documents=lambda: iter(documents),
        readings=READINGS if any(p.start is not None for d in documents for p in d.passages) else (),
        coders=tuple(reading.coders.values()),
        cases=tuple(Case(name, name, tuple(held)) for name, held in reading.cases.items()),
        codes=tuple(reading.codes.values()),
        lost=+table.lost,
        said=said,
    )


def header(path: Path, names: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the columns' names of a small table as they are compared; none when there is no such table.

    Args:
        path: a file that may be anything.
        names: what its columns may be called.
    """
    try:
        if not path.is_file() or path.stat().st_size > 5 * 1024 * 1024:
            return []
        for rows, _ in _sheets(path) if _is_workbook(path) else _text(path, names, {}):
            for _, cells in rows:
                return [_plain(cell) for cell in cells if cell.strip()]
    except (StudyError, OSError):
        return []
    return []
