"""Read a table of codes with what they mean: Taguette's and requal's codebooks, and those that people write.

A row is a code. What is above it stands in a column (a parent, a category) or in columns of themes left of it, where
a blank cell may go on with the theme above. Two codes of one name under different parents are two codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.loaders.imports import code_cells, spreadsheet
from kg.loaders.imports.material import Code, Material, Memo
from kg.loaders.imports.spreadsheet import Table, Wanted, plain
from kg.loaders.imports.table import NAMES as OF_QUOTES
from kg.loaders.imports.table import is_none
from kg.loaders.imports.taguette import above

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.loaders.imports import Options

NAMES: dict[str, tuple[str, ...]] = {
    "code": ("code", "codes", "code name", "codename", "tag", "name", "path", "node", "label", "title",
             "编码", "编码名称", "代码", "标签", "节点", "名称"),
    "definition": ("definition", "code definition", "description", "code description", "meaning", "code memo", "memo",
                   "comment", "定义", "描述", "说明", "备注"),
    "include": ("include", "inclusion criteria", "inclusion", "when to use", "use when", "纳入标准", "何时使用"),
    "exclude": ("exclude", "exclusion criteria", "exclusion", "when not to use", "do not use when",
                "排除标准", "何时不用"),
    "example": ("example", "examples", "example quote", "example quotes", "anchor example", "anchor examples", "anchor",
                "示例", "例子", "锚例"),
    "theme": ("theme", "themes", "theme name", "aggregate dimension", "dimension", "主题", "维度"),
    "subtheme": ("subtheme", "sub theme", "subthemes", "second order theme", "2nd order theme", "子主题"),
    "parent": ("parent", "parent code", "parent name", "parent id", "category", "category name", "categories",
               "code group", "group", "folder", "上级编码", "父编码", "类别", "类目", "范畴"),
    "id": ("id", "code id", "编号"),
}  # fmt: skip
"""What each of our columns may be called, the likeliest first."""
SEVERAL = frozenset({"example", "parent"})

_OWN = ("definition", "include", "exclude")
_ABOVE = ("theme", "subtheme", "parent")
_DOCUMENTS = {*OF_QUOTES["document"]} - {"documents"}
_OF_QUOTES = {*OF_QUOTES["quote"], *OF_QUOTES["start"], *_DOCUMENTS}
"""Columns that a table of quotes has and a codebook has not; of documents a codebook may have the number."""
_STRONG = {name for ours in ("include", "exclude", "theme", "subtheme") for name in NAMES[ours]} | {"definition"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a codebook: the name of a code, and of those above it from the top down."""

    name: str
    parents: tuple[str, ...]
    cells: Mapping[str, str]


def fits(path: Path) -> bool:
    """Say whether a table has a column of codes, one that says what they mean or where they stand, and no quotes."""
    wanted = Wanted(NAMES, ("code",), SEVERAL)
    header = spreadsheet.header(path, wanted)
    columns = wanted.places(header).keys()
    if "code" not in columns or not columns & {*_OWN, *_ABOVE}:
        return False
    foreign = _OF_QUOTES & set(header)
    # Some codebooks have a quote to show a code by, but no document for it.
    return not foreign or (bool(_STRONG & set(header)) and not foreign & _DOCUMENTS)


def read(path: Path, options: Options) -> Material:
    """Read a codebook.

    Args:
        path: the file.
        options: names of columns, and an encoding.

    Returns:
        The codes, and their examples as notes: an anchor of a code needs the source that it stands in.

    Raises:
        StudyError: when it cannot be read, or no column holds codes.
    """
    mend = "; for a table of quotes: --format table"
    wanted = Wanted(NAMES, ("code",), SEVERAL, options.columns, mend)
    table = spreadsheet.open_table(path, wanted, options.encoding)
    sentences: list[str] = []
    rows = list(_rows(table, sentences))
    codes = _Codes(rows, table).all()
    memos = tuple(
        Memo(f"Examples of {row.name}", row.cells["example"], " > ".join(row.parents))
        for row in rows
        if row.cells["example"]
    )
    if memos:
        sentences.append("examples of codes are kept as notes; an anchor of a code needs the source that it stands in")
    return Material(title=path.stem, codes=codes, memos=memos, lost=+table.lost, said=table.sentences() + sentences)


def _rows(table: Table, sentences: list[str]) -> Iterator[_Row]:
    """Give the codes of a table, each with the names above it from the top."""
    records = [row for _, row in table.records()]
    going_on = [ours for ours in _ABOVE if _goes_on(table, ours, records)]
    for (name,) in map(table.names, going_on):
        sentences.append(f"a blank cell of the column '{name}' goes on with what stands above it")
    current: dict[str, str] = {}
    for row in records:
        parents: list[str] = []
        for ours in _ABOVE:
            names = [" ".join(cell.split()) for cell in row.get(ours, ()) if not is_none(cell)]
            if names and ours in going_on:
                current[ours] = names[0]
                for lower in _ABOVE[_ABOVE.index(ours) + 1 :]:
                    current.pop(lower, None)
            elif ours in current:
                names = [current[ours]]
            parents += names
        names = code_cells.levels(row["code"][0]) if row["code"][0].strip() else []
        cells = {ours: row.get(ours, ("",))[0].strip() for ours in (*_OWN, "id")}
        cells = {ours: "" if is_none(cell) else cell for ours, cell in cells.items()}
        cells["example"] = "\n".join(cell.strip() for cell in row.get("example", ()) if not is_none(cell))
        if names:
            *upper, name = names
            yield _Row(name, (*parents, *upper), cells)
        elif parents:
            # A row without a code says what the theme or category means, or only that there is one.
            yield _Row(parents[-1], tuple(parents[:-1]), cells)
        else:
            table.lost["rows without a code"] += 1


def _goes_on(table: Table, ours: str, records: list[dict[str, tuple[str, ...]]]) -> bool:
    """Say whether blank cells of a column go on with the cell above, as merged cells do.

    They do where it stands left of the codes, begins with a name, and has every name once: a table that writes the
    names in every row means by a blank cell that there is none.
    """
    if len(table.columns.get(ours, ())) != 1 or plain(table.names(ours)[0]).startswith("parent"):
        return False
    cells = [row[ours][0].strip() for row in records]
    names = [cell for cell in cells if cell]
    left = table.columns[ours] < table.columns["code"]
    return left and len(names) < len(cells) and bool(cells[0]) and len(names) == len(set(names))


class _Codes:
    """The codes of a codebook by their place: the names from the top down to the code."""

    def __init__(self, rows: list[_Row], table: Table) -> None:
        self.rows, self.lost = rows, table.lost
        self.by_id = {row.cells["id"]: row for row in rows if row.cells["id"]}
        parents = [plain(name) for name in table.names("parent")]
        # A parent is another row; a category or theme is not, though a code may be called as it is.
        self.are_rows = any(name.startswith("parent") or name in ("上级编码", "父编码") for name in parents)
        self.are_ids = "parent id" in parents
        self.named: dict[str, list[_Row]] = {}
        for row in rows:
            self.named.setdefault(row.name, []).append(row)
        self.codes: dict[str, Code] = {}

    def all(self) -> tuple[Code, ...]:
        """Return the codes, and what stands above them without a row of its own."""
        written: set[str] = set()
        for row in self.rows:
            key = self._key(row)
            if key in written:
                self.lost["codes that stand in the codebook twice"] += 1
                continue
            written.add(key)
            fields = {ours: row.cells[ours] for ours in ("include", "exclude") if row.cells[ours]}
            parent = self._parent(row)
            self.codes[key] = Code(key, row.name, parent, row.cells["definition"], fields=fields)
        bare = {code.name for code in self.codes.values() if code.parent is None}
        for key, code in self.codes.items():
            # Taguette shows "trust.late" under "trust".
            if code.parent is None and (upper := above(code.name, bare)):
                self.codes[key] = Code(key, code.name, upper, code.definition, fields=code.fields)
        return tuple(self.codes.values())

    def _key(self, row: _Row) -> str:
        return " > ".join((*row.parents, row.name))

    def _parent(self, row: _Row) -> str | None:
        """Return the key of the code above a row's, and keep it where it has no row."""
        if not row.parents:
            return None
        *_, nearest = row.parents
        if self.are_ids and nearest in self.by_id:
            return self._key(self.by_id[nearest])
        if self.are_rows and len(row.parents) == 1:
            same = [one for one in self.named.get(nearest, ()) if one is not row]
            if len(same) == 1:
                return self._key(same[0])
            self.lost["parents that are the name of several codes"] += len(same) > 1
        key: str | None = None
        for name in row.parents:
            upper, key = key, name if key is None else f"{key} > {name}"
            self.codes.setdefault(key, Code(key, name, upper))
        return key
