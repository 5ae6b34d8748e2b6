"""Read a table of quotes and codes: CSV, TSV, XLSX.

Columns are known by what people call them, and what the exports of ATLAS.ti, MAXQDA, NVivo, Dedoose, QualCoder,
requal, RQDA and Taguette do, or by the names that a person gives. What stands in any other column is counted.
A row may also be a document: then its text is the text of one or more columns, and its codes are given to the whole.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kg.loaders.imports import code_cells
from kg.loaders.imports.material import Case, Code, Coder, Document, Given, Material, Passage
from kg.loaders.imports.readings import READINGS
from kg.loaders.imports.safe import fit
from kg.loaders.imports.spreadsheet import Table, Wanted, open_table, plain
from kg.loaders.pandoc_citations import locator, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.loaders.imports import Options

NAMES: dict[str, tuple[str, ...]] = {
    "quote": ("quote", "exact", "quotation content", "text content", "quotation", "coded segment",
              "segment", "segment text", "excerpt copy", "excerpt", "coded text", "coded", "quoted text",
              "selected text", "highlight", "passage", "seltext", "codetext", "text", "content",
              "引文", "原文", "引用", "摘录", "片段", "文本", "内容"),
    "code": ("codes applied combined", "codes", "code", "code name", "codename", "code names", "applied codes", "tags",
             "tag", "nodes", "node", "hierarchical name", "编码", "代码", "标签", "节点"),
    "document": ("document", "document name", "media title", "source", "source name", "file", "file name", "filename",
                 "file/case", "doc name", "documents", "文档", "文件", "来源", "文档名", "文档名称", "文件名"),
    "coder": ("coder", "coder name", "coded by", "coded by initials", "excerpt creator", "created by", "annotator",
              "user", "user name", "编码者", "编码人", "编码员", "用户"),
    "date": ("date", "coded on", "excerpt date", "created", "created at", "creation date",
             "日期", "编码日期", "创建时间"),
    "memo": ("memo", "coded memo", "segment memo", "comment", "comments", "note", "notes",
             "备注", "备忘录", "批注", "注释", "评论"),
    "start": ("start", "start position", "start offset", "segment start", "beginning", "from", "selfirst",
              "开始", "起始", "开始位置", "起始位置"),
    "end": ("end", "end position", "end offset", "segment end", "to", "selend", "结束", "结束位置"),
    "prefix": ("prefix", "前文"),
    "suffix": ("suffix", "后文"),
    "case": ("case", "cases", "case name", "个案", "案例"),
    "parent": ("parent", "parent code", "category", "category name", "上级编码", "父编码", "类别", "类目", "范畴"),
    "id": ("id", "quotation id", "highlight id", "segment id", "编号"),
    "locator": ("locator", "page", "pages", "page number", "page label", "timestamp", "timecode",
                "页", "页码", "时间码"),
    "count": ("number of codes", "no. of codes", "code count", "编码数", "编码数量"),
    "text": ("document text", "full text", "全文"),
}  # fmt: skip
"""What each of our columns may be called, the likeliest first."""
SEVERAL = frozenset({"quote", "code", "memo", "case", "parent", "text"})
"""Columns that a table may have more than once."""

_APPLIED = re.compile("Code: (.+) Applied")
"""Dedoose has a column for each code, with those above it, and says in it whether a row has the code."""
_YES = {"true", "1", "yes", "x"}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_COMMA = re.compile("[,，、]")
_NONE = {"na", "n/a", "nan"}
"""How R and pandas write that there is none."""
_BLANK_LINE = "\n\n"


def day(text: str) -> datetime.date | None:
    """Read a day that is written year first, whatever follows it; None when it is not.

    Example:
        >>> day("2024年3月1日"), day("2024-03-01T12:00:00Z"), day("3/1/2024")
        (datetime.date(2024, 3, 1), datetime.date(2024, 3, 1), None)
    """
    written = _DAY.match(text.strip())
    try:
        return datetime.date(*map(int, written.groups())) if written else None
    except ValueError:
        return None


def is_none(cell: str) -> bool:
    """Say whether a cell that should name something says that there is nothing.

    Example:
        >>> is_none(" "), is_none("NA"), is_none("Trust")
        (True, True, False)
    """
    return not cell.strip() or cell.strip().casefold() in _NONE


class _Mark(NamedTuple):
    """The marks of a passage that tell it from another: rows that agree in all of this are one passage."""

    document: str
    id: str
    quote: str
    start: int | None
    end: int | None
    prefix: str
    suffix: str


_TIMES = {"timestamp", "timecode", "时间码"}
"""Columns of places that hold times of a recording."""


@dataclass(slots=True)
class _Marked:
    """A passage with all that its rows say of it."""

    where: str
    given: dict[Given, None] = field(default_factory=dict)
    memos: dict[str, None] = field(default_factory=dict)
    coder: str | None = None
    date: datetime.date | None = None
    locator: str = ""


@dataclass(slots=True)
class _Text:
    """The text of a document whose paragraphs are rows of the table."""

    parts: list[str] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    length: int = 0

    def add(self, id_: str, text: str) -> tuple[int, int]:
        """Add a row's text and return where it stands; the same text of a row of the same id is there once."""
        if (id_, text) not in self.places:
            start = self.length + len(_BLANK_LINE) * bool(self.parts)
            self.parts.append(text)
            self.length = start + len(text)
            self.places[id_, text] = (start, self.length)
        return self.places[id_, text]


class _Reading:
    """The content of the rows, as it is collected."""

    def __init__(self, table: Table, name: str, separator: str) -> None:
        self.name, self.lost = name, table.lost
        self.marks: dict[_Mark, _Marked] = {}
        self.codes: dict[str, Code] = {}
        self.coders: dict[str, Coder] = {}
        self.cases: dict[str, dict[str, None]] = {}
        self.texts: dict[str, _Text] = {}
        self.unnamed = self.commas = self.measured = self.agreeing = self.miscounted = self.repeated = 0
        self.colons: dict[str, None] = {}
        self.applied = [match[1] for name in table.names("applied") if (match := _APPLIED.fullmatch(name))]
        called = set(map(plain, table.names("code")))
        # ATLAS.ti writes a code of a category as "category: code", and its tables of quotations can be told by this.
        self.is_atlas = bool({"text content", "quotation content"} & set(map(plain, table.names("quote"))))
        self.is_time = bool(_TIMES & set(map(plain, table.names("locator"))))
        parents = [plain(name) for name in table.names("parent")]
        self.upward = len(parents) > 1 and len(set(parents)) == 1  # QualCoder begins with the nearest category
        rows = list(table.records())
        cells = [(cell, _count(row)) for _, row in rows for cell in row.get("code", ()) if cell.strip()]
        self.separator = code_cells.separator(
            [cell for cell, _ in cells],
            [count for _, count in cells] if len(table.columns.get("code", ())) == 1 else (),
            given=separator,
            dedoose="codes applied combined" in called,
        )
        for where, row in rows:
            self._add(where, row)

    def _add(self, where: str, row: Mapping[str, tuple[str, ...]]) -> None:
        """Add one row."""
        cells = {name: row.get(name, ("",))[0] for name in NAMES if name not in SEVERAL}
        fields = {name: cell.strip() for name, cell in cells.items()}
        quotes = [quote for quote in row.get("quote", ()) if quote.strip()]
        answers = [fit(answer.strip())[0] for answer in row.get("text", ()) if answer.strip()]
        document = fields["document"] or (where if answers else self.name)
        place = None
        if answers:
            whole, text = self.texts.setdefault(document, _Text()), _BLANK_LINE.join(answers)
            self.repeated += not fields["id"] and (fields["id"], text) in whole.places
            place = whole.add(fields["id"], text)
        start, end = self._position(fields["start"]), self._position(fields["end"])
        if start is None or end is None:
            self.lost["positions that are no two whole numbers"] += bool(fields["start"] or fields["end"])
            start = end = None
        elif len(quotes) > 1:
            self.lost["positions of rows with several quotes"] += 1
            start = end = None
        elif quotes:
            self._measure(quotes[0], end - start)
        marks = [
            _Mark(document, fields["id"], quote.strip(), start, end, cells["prefix"], cells["suffix"])
            for quote in quotes
        ]
        if not marks and place:
            # Who codes a row without a quote codes all of its text.
            if any(cell.strip() for name in ("code", "memo") for cell in row.get(name, ())):
                marks = [_Mark(document, fields["id"], _BLANK_LINE.join(answers), *place, "", "")]
        elif not marks and start is not None:
            marks = [_Mark(document, fields["id"], "", start, end, cells["prefix"], cells["suffix"])]
        elif not marks:
            self.lost["rows without a quote"] += 1
            return
        self.unnamed += not (row.get("document", ("",))[0].strip() or answers)
        for case in (cell.strip() for cell in row.get("case", ())):
            if case:
                self.cases.setdefault(case, {})[document] = None
        self._give(where, row, fields, marks)

    def _give(
        self, where: str, row: Mapping[str, tuple[str, ...]], fields: Mapping[str, str], marks: list[_Mark]
    ) -> None:
        """Give the codes and memos of a row to its passages."""
        coder = fields["coder"] or None
        if coder:
            self.coders.setdefault(coder, Coder(coder, coder))
        date = day(fields["date"])
        self.lost["days that are not written year first"] += bool(fields["date"]) and date is None
        parents = [cell.strip() for cell in row.get("parent", ()) if not is_none(cell)]
        parents = parents[::-1] if self.upward else parents
        codes = [self._code(name, parents) for name in self._names(row)]
        memos = [cell.strip() for cell in row.get("memo", ()) if cell.strip()]
        place = self._place(fields["locator"])
        # What is said beside one code is said of it; beside several, of the passage.
        alone = len(codes) == 1
        for mark in marks:
            marked = self.marks.setdefault(mark, _Marked(where))
            for code in dict.fromkeys(codes):
                given = Given(code, coder, date, "\n".join(memos) if alone else "")
                self.lost["codings that stand in the table twice"] += given in marked.given
                marked.given[given] = None
            if not alone:
                marked.memos.update(dict.fromkeys(memos))
            marked.coder, marked.date = marked.coder or coder, marked.date or date
            marked.locator = marked.locator or place

    def _place(self, cell: str) -> str:
        """Return the place in a cell as a codings file has it: a number is a page, or a time by the column."""
        if is_none(cell):
            return ""
        place = (locator(f"time {cell}") if self.is_time else None) or locator(cell) or locator(f"p. {cell}")
        self.lost["places that cannot be read"] += place is None
        return written(place) if place else ""

    def _names(self, row: Mapping[str, tuple[str, ...]]) -> list[str]:
        """Return the codes of a row."""
        if self.applied:
            marks = zip(self.applied, row["applied"], strict=True)
            given = [name for name, mark in marks if mark.strip().casefold() in _YES]
            return code_cells.applied(row.get("code", ("",))[0], given)
        count = _count(row)
        names = [name for cell in row.get("code", ()) for name in self.separator.parts(cell, count)]
        self.miscounted += count is not None and len(names) != count
        return names

    def _position(self, cell: str) -> int | None:
        return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 12 else None

    def _measure(self, quote: str, length: int) -> None:
        """Count whether two positions are as far apart as their quote is long, however it is counted."""
        loose = 1 + sum(c > "\uffff" or c in "\r\n" for c in quote) + len(quote) - len(quote.strip())
        self.measured += 1
        self.agreeing += abs(length - len(quote)) <= loose

    def _code(self, name: str, parents: list[str]) -> str:
        """Return the key of a code, and keep it and those above it."""
        self.commas += bool(_COMMA.search(name))
        levels = code_cells.levels(name, colons=self.is_atlas)
        if len(levels) > len(code_cells.levels(name)):
            self.colons[name] = None
        above = [level for parent in parents for level in code_cells.levels(parent)]
        if above and levels[: len(above)] != above and levels[0] != above[-1]:
            levels = above + levels
        key: str | None = None
        for level in levels:
            upper, key = key, level if key is None else f"{key} > {level}"
            self.codes.setdefault(key, Code(key, level, upper))
        assert key is not None
        return key

    def documents(self, options: Options) -> tuple[Document, ...]:
        """Make the documents with their passages."""
        # ATLAS.ti and MAXQDA count paragraphs and pages; such numbers are no positions.
        placed = self.agreeing * 2 >= self.measured
        passages: dict[str, list[Passage]] = {name: [] for name in self.texts}
        for mark, marked in self.marks.items():
            if mark.start is not None and not placed:
                self.lost["positions that do not count characters"] += 1
            if not mark.quote and not placed:
                self.lost["rows without a quote"] += 1
                continue
            passages.setdefault(mark.document, []).append(
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
                    locator=marked.locator,
                )
            )
        return tuple(
            Document(
                name,
                name,
                _BLANK_LINE.join(self.texts[name].parts) if name in self.texts else options.text(name),
                is_row=name in self.texts,
                passages=tuple(own),
            )
            for name, own in passages.items()
        )

    def sentences(self) -> Iterator[str]:
        """Give what a person should read of the codes."""
        between = self.separator
        if between.why:
            yield f"codes in a cell are parted by '{between.name}' ({between.why}); to part them otherwise: --separator"
        if self.miscounted:
            yield f"{self.miscounted} cells hold other numbers of codes than the table counts"
        if self.commas and between.name != ",":
            yield (f"{self.commas} codes hold a comma, which is part of their name; if it parts codes: --separator ','")
        if self.repeated:
            yield (
                f"{self.repeated} rows have the text of another row of their document, and are taken for that one; if "
                "they are others, name a column that tells them apart: --column id=NAME"
            )
        if self.colons:
            first = next(iter(self.colons))
            above, below = code_cells.levels(first, colons=True)
            yield f"{len(self.colons)} codes stand under a category, as ATLAS.ti writes it: '{above}' over '{below}'"


def _count(row: Mapping[str, tuple[str, ...]]) -> int | None:
    """Return how many codes a row has, if it says so."""
    cell = row.get("count", ("",))[0].strip()
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 6 else None


def fits(path: Path) -> bool:
    """Say whether a file is a table: any that is called so, since :func:`read` says what it lacks."""
    return path.is_file()


def read(path: Path, options: Options) -> Material:
    """Read a table of quotes and codes.

    Args:
        path: the file.
        options: names of columns, texts of documents, and what parts codes.

    Returns:
        What it holds.

    Raises:
        StudyError: when it cannot be read, or no column holds quotes or texts.
    """
    mend = "; where each row is a document: --column text=NAME; for a codebook: --format codebook"
    table = open_table(path, Wanted(NAMES, ("quote", "text"), SEVERAL, options.columns, mend), options.encoding)
    if ("start" in table.columns) != ("end" in table.columns) or "text" in table.columns:
        # One position alone says nothing, and where the rows are the text, positions are of another one:
        # they are counted as columns that were not used.
        table.columns.pop("start", None)
        table.columns.pop("end", None)
    if "codes applied combined" in map(plain, table.names("code")):
        table.columns["applied"] = tuple(n for n, name in enumerate(table.header) if _APPLIED.fullmatch(name))
    reading = _Reading(table, path.stem, options.separator)
    documents = reading.documents(options)
    sentences = table.sentences()
    if "code" not in table.columns:
        sentences.append("no column is known to hold codes; name it, such as --column code='…'")
    if reading.unnamed:
        sentences.append(f"{reading.unnamed} rows name no document; their quotes are in one called '{path.stem}'")
    if table.lost["positions that do not count characters"]:
        sentences.append("start and end do not count characters, so that the quotes are looked for by their text")
    sentences += reading.sentences()
    positions = not reading.texts and any(p.start is not None for d in documents for p in d.passages)
    return Material(
        title=path.stem,
        documents=lambda: iter(documents),
        readings=READINGS if positions else (),
        coders=tuple(reading.coders.values()),
        cases=tuple(Case(name, name, tuple(members)) for name, members in reading.cases.items()),
        codes=tuple(reading.codes.values()),
        lost=+table.lost,
        said=sentences,
    )
