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
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

from kg.errors import StudyError, near
from kg.loaders import encoding as encodings
from kg.loaders.imports import safe

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
_SHOWN, _LISTED = 300, 4000
"""Codepoints of a column's name that an error shows, and of all names together."""


@dataclass(slots=True)
class Table:
    """A table whose rows are given one by one; what is not taken is counted.

    Args:
        file: how a person calls it.
        header: the columns' names.
        columns: our name of a column -> its places, from left to right.
        rows: the rows below the header.
        unit: what a row's number counts: ``line`` or ``row``.
        lost: how much of what was not taken, so far.
        too_long: numbers of rows that were left out, since they have more cells than there are columns.
        remarks: what a person should read of how it was decoded.
    """

    file: str
    header: list[str]
    columns: dict[str, tuple[int, ...]]
    rows: Iterator[Row]
    unit: str
    lost: Counter[str]
    too_long: list[int] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def names(self, ours: str) -> list[str]:
        """Return what the table calls the columns of one of ours."""
        return [self.header[place] for place in self.columns.get(ours, ())]

    def records(self) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
        """Give what each row says, and count what is not taken.

        A line with a cell too many is left out: an unquoted separator has shifted its cells.

        Yields:
            Where the row stands, and the cells by our names of their columns.
        """
        used = {place for places in self.columns.values() for place in places}
        names = {plain(self.header[place]) for place in used}
        unused = {
            place: f"cells of {'another' if plain(name) in names else 'the'} column '{_cut(name)}'"
            for place, name in enumerate(self.header)
            if name and place not in used
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
            yield (
                f"{self.unit} {number}",
                {
                    ours: tuple(row[place] if place < len(row) else "" for place in places)
                    for ours, places in self.columns.items()
                },
            )

    def sentences(self) -> list[str]:
        """Return what a person should read of the rows that were given so far."""
        if not self.too_long:
            return [*self.remarks]
        shown = ", ".join(map(str, self.too_long[:10])) + (" …" if len(self.too_long) > 10 else "")
        message = f"rows with more cells than columns were left out, at line {shown}: quote cells that hold a separator"
        return [*self.remarks, message]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns that are looked for in a table.

    Args:
        names: our name of a column -> what it may be called, the likeliest first.
        needed: our names of the columns of which one must be there.
        several: our names of those that a table may have more than once, also numbered: ``Code 1``, ``Code 2``.
        asked: our name of a column -> its names in this table, which a person gave.
        mend: what to do where none of the needed is there, beside naming it.
    """

    names: Mapping[str, Sequence[str]]
    needed: tuple[str, ...]
    several: frozenset[str] = frozenset()
    asked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    mend: str = ""

    def places(self, header: Sequence[str], *, begun: bool = False) -> dict[str, tuple[int, ...]]:
        """Return the places of each of our columns that a header has.

        Args:
            header: the columns' names as they are compared.
            begun: whether a name that was asked for may be the beginning of one that is there.
        """
        there: dict[str, list[int]] = {}
        numbered: dict[str, list[int]] = {}
        for place, name in enumerate(header):
            there.setdefault(name, []).append(place)
            # "Code 1", "Code 2"; pandas writes "Code.1" for a second "Code".
            if (stem := name.rstrip("0123456789")) != name:
                numbered.setdefault(stem.rstrip(" .#"), []).append(place)
        columns: dict[str, tuple[int, ...]] = {}
        for ours, asked in self.asked.items():
            places = [self._asked(ours, plain(name), there, numbered, begun=begun) for name in asked]
            if all(places):
                columns[ours] = tuple(dict.fromkeys(place for some in places for place in some))
        used = {place for places in columns.values() for place in places}
        for ours, names in self.names.items():
            if ours in self.asked:
                continue
            for name in names:
                free = [place for place in there.get(name, ()) if place not in used]
                if ours in self.several:
                    free = sorted([*free, *(place for place in numbered.get(name, ()) if place not in used)])
                if free:
                    columns[ours] = tuple(free if ours in self.several else free[:1])
                    used.update(columns[ours])
                    break
        return columns

    def _asked(
        self, ours: str, name: str, there: Mapping[str, list[int]], numbered: Mapping[str, list[int]], *, begun: bool
    ) -> list[int]:
        """Return the places of the column that a person named."""
        places = there.get(name, [])
        if not places and ours in self.several:
            places = numbered.get(name, [])
        if not places and begun and (stem := name.rstrip("… ")):
            names = [column for column in there if column.startswith(stem)]
            places = there[names[0]] if len(names) == 1 else []
        return places if ours in self.several else places[:1]


def open_table(path: Path, wanted: Wanted, encoding: str = "") -> Table:
    """Find the columns of a table.

    Args:
        path: a CSV, TSV or XLSX file.
        wanted: the columns that are looked for.
        encoding: what a person says that a CSV or TSV file is encoded as; empty when nobody does.

    Returns:
        The table; of a workbook the first sheet with a needed column.

    Raises:
        StudyError: when it cannot be read, or the columns are not there.
    """
    wanted = _understood(path.name, wanted)
    remarks: list[str] = []
    if _is_workbook(path):
        unit, sheets = "row", _sheets(path)
    else:
        decoded = safe.decode(safe.read_bytes(path), path.name, encoding)
        remarks = [f"{remark.message}: {remark.mend}" for remark in decoded.remarks]
        unit, sheets = "line", _text(path.name, decoded, wanted)
    table: Table | None = None
    first: Row | None = None
    for rows, lost in sheets:
        head = list(itertools.islice(rows, _HEAD))
        filled = [row for row in head if any(cell.strip() for cell in row[1])]
        first = first or next(iter(filled), None)
        if table:
            table.lost["further sheets of the workbook"] += bool(filled)
            continue
        # A title above the header may begin as a column's name does, so whole names are looked for first.
        for begun, (above, row) in itertools.product((False, True), enumerate(filled)):
            columns = wanted.places([plain(name) for name in row[1]], begun=begun)
            if any(ours in columns for ours in wanted.needed) and wanted.asked.keys() <= columns.keys():
                lost["rows above the columns' names"] += above
                header = [" ".join(name.split()) for name in row[1]]
                rest = itertools.chain(head[head.index(row) + 1 :], rows)
                table = Table(path.name, header, columns, rest, unit, lost, remarks=remarks)
                break
    if table is None:
        _lacking(path.name, first, wanted, unit)
    return table


def _understood(file: str, wanted: Wanted) -> Wanted:
    """Return what is wanted, with a column that a person called by another of its names under ours."""
    asked: dict[str, list[str]] = {}
    for word, theirs in wanted.asked.items():
        called = [ours for ours, names in wanted.names.items() if word == ours or plain(word) in names]
        ours = word if word in wanted.names else next(iter(called), None)
        if ours is None:
            mend = near(word, wanted.names, "a column of ours")
            safe.refuse(file, "unknown-column", f"no column of ours is called '{word}'", mend)
        asked.setdefault(ours, []).extend(theirs)
        if len(asked[ours]) > 1 and ours not in wanted.several:
            listed = ", ".join(f"'{name}'" for name in asked[ours])
            safe.refuse(file, "unknown-column", f"'{ours}' is one column, and not several: {listed}", "name one")
    return replace(wanted, asked=asked)


def _lacking(file: str, first: Row | None, wanted: Wanted, unit: str) -> NoReturn:
    """Say which column is not there, which are, and how to name one."""
    if first is None:
        safe.refuse(file, "broken-table", "the table is empty", "is it the right file?")
    number, cells = first
    line = number if unit == "line" else 0
    header = [" ".join(cell.split()) for cell in cells if cell.strip()]
    shown: list[str] = []
    room = _LISTED
    for name in map(_cut, header):
        if (room := room - len(name)) < 0:
            shown.append("…")
            break
        shown.append(f"'{name}'")
    listed = ", ".join(shown)
    there = [plain(name) for name in cells]
    for ours, theirs in wanted.asked.items():
        for name in theirs:
            alone = replace(wanted, names={}, asked={ours: (name,)})
            if alone.places(there, begun=True):
                continue
            stem = plain(name).rstrip("… ")
            begun = [f"'{_cut(column)}'" for column in header if stem and plain(column).startswith(stem)]
            if begun:
                message = f"{len(begun)} columns begin with '{name}': {', '.join(begun[:8])}"
                safe.refuse(file, "unknown-column", message, "write more of the one that is meant", line)
            message = f"no column is called '{name}', only {listed}"
            mend = near(name, list(map(_cut, header)), f"the column '{ours}'")
            safe.refuse(file, "unknown-column", message, mend, line)
    needed = wanted.needed[0]
    safe.refuse(
        file,
        "unknown-column",
        f"no column is known to hold the {needed}s; the columns are {listed}",
        f"name it, such as --column {needed}=NAME, or call it '{wanted.names[needed][0]}'{wanted.mend}",
        line,
    )


def _cut(name: str) -> str:
    """Return a column's name as it is shown: whole, unless it is no name any more."""
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN - 1]}…"


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() == ".xlsx"


def plain(name: str) -> str:
    """Return a column's name as it is compared: in lower case, with single blanks for hyphens and underscores."""
    return re.sub(r"[\s_\-]+", " ", name).strip().casefold()


def _text(file: str, decoded: safe.Text, wanted: Wanted) -> Iterator[Sheet]:
    """Give the rows of a CSV or TSV file, as its only sheet."""
    text = decoded.text
    if decoded.replaced:
        line = text[: text.index("\ufffd")].count("\n") + 1
        safe.refuse(file, "nul-byte", "the file contains a NUL byte", "save it as UTF-8 text", line)
    declared = re.match(r"sep=([,;\t])\r?\n", text)  # Excel's own way to name the separator
    rest = text[declared.end() :] if declared else text
    yield _lines(file, rest, declared[1] if declared else _separator(text, wanted), int(bool(declared))), Counter()


def _separator(text: str, wanted: Wanted) -> str:
    """Choose the separator that finds the most of our columns, and of equal ones the most columns."""

    def speaks(separator: str) -> tuple[int, int]:
        try:
            head = list(itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _HEAD))
        except csv.Error:
            return 0, 0
        counts = ((len(wanted.places([plain(cell) for cell in cells], begun=True)), len(cells)) for cells in head)
        return max(counts, default=(0, 0))

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


def _glanced(path: Path) -> safe.Text:
    """Return what a text most likely reads as, of which only the columns' names are looked at."""
    text, replaced = safe.fit(encodings.glance(safe.read_bytes(path)))
    return safe.Text(text, bom=False, encoding="", replaced=replaced)


def header(path: Path, wanted: Wanted) -> list[str]:
    """Return the columns' names of a small table as they are compared; none when there is no such table.

    Args:
        path: a file that may be anything.
        wanted: what its columns may be called, by which the separator and the row of the names are found.
    """
    try:
        if not path.is_file() or path.stat().st_size > 5 * 1024 * 1024:
            return []
        for rows, _ in _sheets(path) if _is_workbook(path) else _text(path.name, _glanced(path), wanted):
            head = [[plain(cell) for cell in cells if cell.strip()] for _, cells in itertools.islice(rows, _HEAD)]
            filled = [names for names in head if names]
            needed = (names for names in filled if wanted.places(names).keys() & {*wanted.needed})
            return next(needed, filled[0] if filled else [])
    except (StudyError, OSError):
        return []
    return []
