"""Change a valid file a little: bytes, members, elements, values, cells.

Every choice is asked of an object with ``integer`` and ``pick``, so that hypothesis can shrink it and atheris
can steer it by what the importers do.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

T = TypeVar("T")


class Choices(Protocol):
    """Choose what is changed, and how."""

    def integer(self, low: int, high: int) -> int:
        """Return a whole number, both bounds included."""

    def pick(self, options: Sequence[T]) -> T:
        """Return one of some things."""


TEXTS = (
    "", " ", "x", "\x00", "a\x00b", "../../x", "..\\x", "/etc/passwd", "C:\\x", "CON", "nul.txt", "\u202egnp.exe", "=1+1",
    "a: b #c", "- x", "? x", "|", "'\"", "[1] x", "# x", "\ufeffx", "\ufeff\ufeff", "e\u0301", "\u0301", "\ud800", "😀",
    "\r", "\r\n", "a\rb\nc", "a\u2028b", "a\x85b", "\x0b\x0c\x1c", "\x07\x1b[31m", "\ufffe\uffff", "x" * 2000, "信任" * 700,
    "<", "&amp;", "<b>x</b>", "{", "}", "{{", "\\", "\\emph{", "~", "@", "@book{", ";", ",", "|||", "true", "null", "1",
    "-1", "1.5", "2024-02-30", "0000-00-00", "9" * 5000, "internal://T1.txt", "absolute:///x", "{C1}", "C1", "C2", "T1",
    "S1", "open", "https://[", "https://example.org/", "acct:a@b", "unknown", "TextQuoteSelector", "%", "%00", "ſ", "İ",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 7, 17, 10**6, 2**31, 2**63 - 1, -(2**63), 2**64, 10**400, 0.5, 1e300, 3.0, -0.0)
VALUES = (
    None, True, False, *NUMBERS, float("inf"), float("nan"), [], {}, [[]], [None], [{}], {"": ""}, {"a": 1}, [1, "x"],
    {"id": "x"}, {"@value": 1}, {"en": "x"}, {"items": []}, {"en": 7}, [["x"]], {"id": []},
)  # fmt: skip
BYTES = (b"", b"\x00", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b">", b'"', b"'", b"\n", b"\r", b"]", b"}", b"&lol;",
         b"<!DOCTYPE x [<!ENTITY lol 'lol'>]>", b"<?xml version='1.0' encoding='utf-16'?>", b"<a>" * 300, b"PK\x05\x06")  # fmt: skip


def text(choose: Choices) -> str:
    """Return some text that is odd."""
    made = choose.pick(TEXTS)
    return made + choose.pick(TEXTS) if choose.integer(0, 3) == 0 else made


def value(choose: Choices) -> Any:
    """Return some value of JSON, often of the wrong type."""
    return text(choose) if choose.integer(0, 1) else choose.pick(VALUES)


def raw(data: bytes, choose: Choices) -> bytes:
    """Flip, insert, repeat and remove bytes."""
    made = bytearray(data)
    for _ in range(choose.integer(1, 4)):
        at = choose.integer(0, len(made))
        end = min(len(made), at + choose.pick((1, 2, 4, 16, 100, 1000)))
        match choose.integer(0, 4):
            case 0 if at < len(made):
                made[at] ^= 1 << choose.integer(0, 7)
            case 1:
                del made[at:end]
            case 2:
                made[at:at] = choose.pick(BYTES)
            case 3:
                made[at:at] = made[at:end]
            case _:
                made[at:end] = bytes(made[at:end])[::-1]
    return bytes(made)


def lines(data: bytes, choose: Choices) -> bytes:
    """Put odd texts into a text file, and move its lines about."""
    made = data.decode("utf-8", "replace").splitlines(keepends=True) or [""]
    for _ in range(choose.integer(1, 3)):
        at = choose.integer(0, len(made) - 1)
        match choose.integer(0, 3):
            case 0:
                column = choose.integer(0, len(made[at]))
                made[at] = made[at][:column] + text(choose) + made[at][column + choose.integer(0, 4) :]
            case 1:
                made.insert(choose.integer(0, len(made)), made[at])
            case 2 if len(made) > 1:
                del made[at]
            case _:
                made[at] = text(choose) + "\n"
    return "".join(made).encode("utf-8", "surrogatepass" if choose.integer(0, 1) else "replace")


def _places(held: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    for key, one in held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ():
        found += _places(one, (*path, key))
    return found


def values(data: bytes, choose: Choices) -> bytes:
    """Put values of any type in the places of others in a JSON file."""
    try:
        held = {"root": json.loads(data)}
    except (ValueError, RecursionError):
        return raw(data, choose)
    for _ in range(choose.integer(1, 3)):
        *path, last = choose.pick(_places(held)[1:])
        above: Any = held
        for key in path:
            above = above[key]
        match choose.integer(0, 4):
            case 0 if len(path) > 0:
                del above[last]
            case 1 if isinstance(above, list):
                above.append(above[last])
            case 2 if isinstance(above, dict) and path:
                above[text(choose)] = above[last]
            case 3:
                above[last] = [above[last], value(choose)]
            case _:
                above[last] = value(choose)
    return json.dumps(held["root"]).encode()


def cells(data: bytes, choose: Choices) -> bytes:
    """Put odd texts into the cells of a table."""
    separator = "\t" if b"\t" in data else ","
    rows = list(csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline=""), delimiter=separator))
    for _ in range(choose.integer(1, 3)):
        row = choose.pick(rows)
        if row:
            row[choose.integer(0, len(row) - 1)] = text(choose)
    made = io.StringIO(newline="")
    with suppress(csv.Error):
        csv.writer(made, delimiter=separator).writerows(rows)
    return made.getvalue().encode("utf-8", "surrogatepass")


def xml(data: bytes, choose: Choices) -> bytes:
    """Change, repeat, move and remove elements, attributes and texts of an XML file."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return raw(data, choose)
    odd = (*(t for t in TEXTS if t.isprintable()), "\r", "a\nb", "C1", "T1", "N1", "S1", "99999999999999999999")
    for _ in range(choose.integer(1, 3)):
        listed = [e for e in root.iter() if isinstance(e.tag, str)]
        element, other = choose.pick(listed), choose.pick(listed)
        parent = element.getparent()
        match choose.integer(0, 6):
            case 0 if element.attrib:
                element.set(choose.pick(sorted(element.attrib)), choose.pick(odd))
            case 1 if element.attrib:
                del element.attrib[choose.pick(sorted(element.attrib))]
            case 2 if parent is not None:
                parent.remove(element)
            case 3 if parent is not None:
                parent.append(etree.fromstring(etree.tostring(element)))
            case 4 if element is not root and other not in list(element.iter()):
                other.append(element)
            case 5:
                element.tag = choose.pick([e.tag for e in listed])
            case _:
                element.text = choose.pick(odd)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def members(data: bytes, choose: Choices) -> bytes:
    """Change members of a zip file, their names and what is said of them."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen, what = choose.pick(names), choose.integer(0, 5)
        for name in names:
            held, called = old.read(name), name
            if name == chosen and what == 0:
                called = choose.pick(
                    ("../x", name.upper(), name.swapcase() + "/", "x", "sources/../project.qde", names[0])
                )
            elif name == chosen and what == 1:
                continue
            elif name == chosen and what == 2:
                held = raw(held, choose)
            elif name == chosen and b"<" in held[:100]:
                held = xml(held, choose)
            elif name == chosen:
                held = lines(held, choose)
            new.writestr(zipfile.ZipInfo(called), held)
    return made.getvalue()


def records(data: bytes, choose: Choices) -> bytes:
    """Change the JSON that our own export puts into a note of a project."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            new.writestr(zipfile.ZipInfo(name), values(held, choose) if held.startswith(b"{") else held)
    return made.getvalue()


_CELLS = (None, *(n for n in NUMBERS if abs(n) < 2**63), -(2**63), float("inf"), b"", b"\xff\xfe\x00", b"x")


def database(path: Path, choose: Choices) -> None:
    """Put values of any type into cells of an SQLite file, and drop, repeat and rename what is there."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        for _ in range(choose.integer(1, 5)):
            tables = [
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
            ]
            table = choose.pick([name for name in tables if not name.startswith("sqlite_")])
            names = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            column, what = choose.pick(names), choose.integer(0, 9)
            rowids = [row[0] for row in connection.execute(f'SELECT rowid FROM "{table}"')]
            with suppress(sqlite3.Error, OverflowError, UnicodeError):
                if what == 0:
                    connection.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "other"')
                elif what == 1 and choose.integer(0, 3) == 0:
                    connection.execute(f'DROP TABLE "{table}"')
                elif what == 2:
                    listed = ", ".join(f'"{name}"' for name in names[1:])
                    connection.execute(f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM "{table}"')
                elif what == 3 and rowids:
                    # Text that is no UTF-8.
                    query = f'UPDATE "{table}" SET "{column}" = CAST(x\'61ff62ed\' AS TEXT) WHERE rowid = ?'
                    connection.execute(query, (choose.pick(rowids),))
                elif rowids:
                    made = text(choose) if choose.integer(0, 1) else choose.pick(_CELLS)
                    query = f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?'
                    connection.execute(query, (made, choose.pick(rowids)))
        connection.commit()


Change = tuple["Callable[[bytes, Choices], bytes]", ...]
CHANGES: dict[str, Change] = {
    "refi-qda": (raw, members, members, members),
    "refi-qda-own": (raw, members, records, records),
    "refi-codebook": (raw, xml, xml),
    "codebook": (raw, lines, cells),
    "csv": (raw, lines, cells),
    "tsv": (raw, lines, cells),
    "xlsx": (raw, members, members),
    "web-annotation": (raw, values, values, values),
    "hypothesis": (raw, values, values, values),
    "csl": (raw, values, values, values),
    "bibtex": (raw, lines, lines),
    "ris": (raw, lines, lines),
}
"""How files of a format are changed; those of databases are not among them."""


def change(path: Path, form: str, choose: Choices) -> None:
    """Change a file.

    Args:
        path: a file as :data:`seeds.SEEDS` makes it.
        form: how it is called there.
        choose: chooses what is changed.
    """
    if form in CHANGES:
        path.write_bytes(choose.pick(CHANGES[form])(path.read_bytes(), choose))
    elif choose.integer(0, 3) == 0:
        path.write_bytes(raw(path.read_bytes(), choose))
    else:
        database(path, choose)
