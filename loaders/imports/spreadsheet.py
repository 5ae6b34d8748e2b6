"""Open a table of a person's, CSV, TSV or XLSX, safely, and find its columns by what they may be called."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
import warnings
from collections import Counter
from contextlib import closing, redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from kg.errors import StudyError
from loaders._reader import near
from loaders.imports import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Row = tuple[int, list[str]]
"""Where a row stands in its file, 1-based, and its cells."""
Sheet = tuple["Iterator[Row]", "Counter[str]"]
"""The rows, and what of them cannot be taken, counted while they are given."""

MAX_ROWS, MAX_COLUMNS = 1_048_576, 4096
"""As many rows as a worksheet can have, and more columns than a person can name."""
MAX_UNPACKED, MAX_TAGS = 200 * 1024 * 1024, 10_000_000
"""Bytes and XML tags of a workbook: openpyxl keeps a trace of every element."""
_HEAD = 10
"""Rows among which the one with the columns' names is looked for."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


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
        known = {plain(self.header[place]) for place in self.columns.values()}
        unused = {
            place: f"cells of {'another' if plain(name) in known else 'the'} column '{name}'"
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
    there = {plain(name) for name in cells}
    for ours, theirs in asked.items():
        if plain(theirs) not in there:
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


def plain(name: str) -> str:
    """Return a column's name as it is compared: in lower case, with single blanks for hyphens and underscores."""
    return re.sub(r"[\s_\-]+", " ", name).strip().casefold()


def _columns(header: Sequence[str], names: Mapping[str, Sequence[str]], asked: Mapping[str, str]) -> dict[str, int]:
    """Return the place of each of our columns that a header has."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(plain(name), place)
    found = {ours: places[plain(theirs)] for ours, theirs in asked.items() if plain(theirs) in places}
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
        # openpyxl warns of all that it does not know, and prints what is wrong with a style.
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
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
    room = MAX_UNPACKED
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
        row = [_written(value) for value in cells]
        room -= sum(map(len, row))
        if room < 0:  # many cells can share one text
            message = f"its cells have more than {MAX_UNPACKED:,} characters together"
            safe.refuse(file, "file-too-big", message, "split it, or save it as CSV")
        yield number, row


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
                return [plain(cell) for cell in cells if cell.strip()]
    except (StudyError, OSError):
        return []
    return []
