"""Read a QualCoder project: a folder ``NAME.qda`` that holds the SQLite database ``data.qda``.

Positions are places of Qt's cursor, which counts UTF-16 units and a line end as one; what its searches and
assistants code may count codepoints. The stored passages decide.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.loaders.imports.material import Case, Code, Coder, Given, Kind, Material, Memo, Passage
from kg.loaders.imports.readings import READINGS
from kg.loaders.imports.rows import (
    Source,
    at,
    by_document,
    day,
    described,
    documents,
    has,
    leave,
    numbered,
    quote,
    rows,
    text,
    whole,
)
from kg.loaders.imports.safe import database

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.loaders.imports import Options
    from kg.loaders.imports.rows import Described

_TABLES = ("source", "code_name", "code_text")
_READINGS = tuple(
    sorted((r for r in READINGS if (r.base, r.inclusive) == (0, False)), key=lambda r: (r.crlf_is_one, not r.utf16))
)
_PLACE = ("fid", "pos0", "pos1", "owner")
_FOLDERS: Mapping[str, Kind] = {"images": "picture", "audio": "audio", "video": "video"}
_LEFT = {
    "codings of pictures": ("code_image", ""),
    "codings of recordings": ("code_av", ""),
    "colours of codes": ("code_name", "color"),
    "diagrams": ("graph", ""),
    "fields of references": ("ris", ""),
    "links of codings to recordings": ("code_text", "avid"),
    "links of documents to references": ("source", "risid"),
    "links of recordings to transcripts": ("source", "av_text_id"),
    "marks of importance": ("code_text", "important"),
    "memos of links to cases": ("case_text", "memo"),
    "saved filters of the list of documents": ("files_filter", ""),
    "saved views of the list of documents": ("manage_files_display", ""),
    "stored queries": ("stored_sql", ""),
}


def fits(path: Path) -> bool:
    """Say whether a path is a QualCoder project, or the database inside one."""
    return has(_file(path), _TABLES)


def read(path: Path, _: Options) -> Material:
    """Read a QualCoder project.

    Args:
        path: its folder, or the file ``data.qda`` inside it.

    Returns:
        What it holds; categories come as codes above their codes.

    Raises:
        StudyError: when the database is broken, or not to be trusted.
    """
    file = _file(path)
    lost: Counter[str] = Counter()
    with database(file) as connection:
        sources = _sources(connection, lost)
        codes = _codes(connection, lost)
        coders: set[str] = set()
        coded = rows(connection, "code_text", (*_PLACE, "cid"))
        codings = by_document(coded, _PLACE, sources, coders, lost, "codings", ("cid", codes))
        noted = rows(connection, "annotation", _PLACE)
        annotations = by_document(noted, _PLACE, sources, coders, lost, "annotations")
        project = next(rows(connection, "project", ("date", "memo")), None)
        leave(connection, _LEFT, lost)
        of = _described(connection, lost)
        material = Material(
            _title(path),
            readings=_READINGS,
            description=text(project["memo"]) if project else "",
            coders=tuple(Coder(name, name) for name in sorted(coders)),
            cases=tuple(_cases(connection, sources, of.cases, lost)),
            attributes=of.attributes,
            codes=(*_categories(connection, lost), *codes.values()),
            memos=tuple(_memos(connection)),
            date=day(project["date"]) if project else None,
            lost=lost,
        )

    def passages(connection: sqlite3.Connection, key: int) -> Iterator[Passage]:
        yield from _coded(connection, codings.get(key, ()))
        yield from _noted(connection, annotations.get(key, ()))

    material.documents = lambda: documents(file, "source", "fulltext", sources, passages, of.documents)
    return material


def _file(path: Path) -> Path:
    return path / "data.qda" if path.is_dir() else path


def _title(path: Path) -> str:
    folder = path if path.is_dir() else path.parent
    return folder.stem if folder.suffix.lower() == ".qda" else path.stem


def _sources(connection: sqlite3.Connection, lost: Counter[str]) -> dict[int, Source]:
    sources = {}
    listed = rows(connection, "source", ("id", "name", "mediapath"), measured="fulltext")
    for key, row in numbered(listed, "id", lost, "documents"):
        kind = _kind(text(row["mediapath"]))
        length = row["length"] if kind in {"text", "pdf"} else None
        sources[key] = Source(row["rowid"], text(row["name"]), kind, length)
    return sources


def _kind(path: str) -> Kind:
    """Tell what a file is by its path: ``/images/a.png`` inside the project, ``images:a.png`` elsewhere."""
    path = path.lower()
    folder = path.lstrip("/").replace(":", "/").partition("/")[0]
    return _FOLDERS.get(folder) or ("pdf" if path.endswith(".pdf") else "text")


def _codes(connection: sqlite3.Connection, lost: Counter[str]) -> dict[int, Code]:
    listed = dict(
        numbered(rows(connection, "code_name", ("cid", "name", "memo", "catid", "supercid")), "cid", lost, "codes")
    )
    categories = {whole(row["catid"]) for row in rows(connection, "code_cat", ("catid",))}
    codes = {}
    for key, row in listed.items():
        above = _above("code", row["supercid"], listed, lost) or _above("category", row["catid"], categories, lost)
        codes[key] = Code(f"code {key}", text(row["name"]), above, text(row["memo"]))
    return codes


def _categories(connection: sqlite3.Connection, lost: Counter[str]) -> Iterator[Code]:
    listed = dict(
        numbered(rows(connection, "code_cat", ("catid", "name", "memo", "supercatid")), "catid", lost, "categories")
    )
    for key, row in listed.items():
        above = _above("category", row["supercatid"], listed, lost)
        yield Code(f"category {key}", text(row["name"]), above, text(row["memo"]))


def _above(kind: str, value: object, categories: Collection[int | None], lost: Counter[str]) -> str | None:
    if value is None:
        return None
    key = whole(value)
    if key is None or key not in categories:
        lost["places under a category or code that is missing"] += 1
        return None
    return f"{kind} {key}"


def _described(connection: sqlite3.Connection, lost: Counter[str]) -> Described:
    values: dict[str, list[tuple[object, object, object]]] = {"case": [], "file": []}
    for row in rows(connection, "attribute", ("name", "attr_type", "value", "id")):
        if (home := values.get(text(row["attr_type"]))) is not None:
            home.append((row["id"], row["name"], row["value"]))
        else:
            lost["attributes of journals"] += bool(text(row["value"]))
    types = {
        text(row["name"]): row
        for row in rows(connection, "attribute_type", ("name", "memo", "caseOrFile", "valuetype"))
        if text(row["caseOrFile"]) in values
    }
    numeric = [name for name, row in types.items() if text(row["valuetype"]) == "numeric"]
    return described(
        values["case"], values["file"], lost, {name: text(row["memo"]) for name, row in types.items()}, numeric
    )


def _cases(
    connection: sqlite3.Connection,
    sources: Mapping[int, Source],
    values: Mapping[int, Mapping[str, str]],
    lost: Counter[str],
) -> Iterator[Case]:
    linked: dict[int | None, dict[str, None]] = {}
    for row in rows(connection, "case_text", ("caseid", "fid", "pos0", "pos1")):
        key = whole(row["fid"])
        if key is None or key not in sources:
            lost["links of cases to documents that are missing"] += 1
            continue
        linked.setdefault(whole(row["caseid"]), {})[str(key)] = None
        # Some versions link a whole text up to its last character, or as 0 to 0.
        first, last, length = whole(row["pos0"]) or 0, whole(row["pos1"]) or 0, sources[key].length or 0
        if first > 0 or 0 < last < length - 1:
            lost["bounds of cases inside documents"] += 1
    for key, row in numbered(rows(connection, "cases", ("caseid", "name")), "caseid", lost, "cases"):
        yield Case(str(key), text(row["name"]), tuple(linked.get(key, ())), values=values.get(key, {}))


def _memos(connection: sqlite3.Connection) -> Iterator[Memo]:
    for row in rows(connection, "journal", ("name", "jentry")):
        yield Memo(text(row["name"]), text(row["jentry"]), "journal")
    for table, what in (("source", "document"), ("cases", "case")):
        for row in rows(connection, table, ("name", "memo")):
            if memo := text(row["memo"]):
                yield Memo(text(row["name"]), memo, what)


def _coded(connection: sqlite3.Connection, places: Iterable[int]) -> Iterator[Passage]:
    names = ("pos0", "pos1", "cid", "seltext", "owner", "date", "memo")
    for row in at(connection, "code_text", names, places):
        coder = text(row["owner"]) or None
        given = Given(f"code {whole(row['cid'])}", coder, day(row["date"]), text(row["memo"]))
        where, stated = f"coding {row['rowid']}", quote(row["seltext"])
        yield Passage(where, whole(row["pos0"]), whole(row["pos1"]), stated, given=(given,))


def _noted(connection: sqlite3.Connection, places: Iterable[int]) -> Iterator[Passage]:
    for row in at(connection, "annotation", ("pos0", "pos1", "owner", "date", "memo"), places):
        yield Passage(
            f"annotation {row['rowid']}", whole(row["pos0"]), whole(row["pos1"]), memo=text(row["memo"]),
            coder=text(row["owner"]) or None, date=day(row["date"]),
        )  # fmt: skip
