"""Read a table of quotes and codes: CSV, TSV, XLSX.

Columns are known by what people call them, and what the exports of ATLAS.ti, MAXQDA, NVivo, Dedoose and
Taguette do, or by the names that a person gives. What stands in any other column is counted.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from loaders.imports.material import Case, Code, Coder, Document, Given, Material, Passage
from loaders.imports.readings import READINGS
from loaders.imports.spreadsheet import Table, open_table, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from loaders.imports import Options

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

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_LEVELS = re.compile(r" > |\\")
"""MAXQDA and Dedoose write a code behind those above it."""
_BETWEEN_CODES = re.compile("[;；\r\n]+")
_COMMA = re.compile("[,，、]")


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
        joined = "code" in table.columns and plain(table.header[table.columns["code"]]) == "codes applied combined"
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
