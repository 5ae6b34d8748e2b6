"""Read an RQDA project: an SQLite file ``NAME.rqda``.

RQDA deletes by a mark: rows whose ``status`` is not 1 stay out, and are counted. Positions are places in a
GTK text buffer, which counts codepoints; RQDA itself cuts passages as ``substr(file, selfirst + 1, ...)``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.loaders.imports.material import Case, Code, Coder, Given, Material, Memo, Passage
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
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.loaders.imports import Options
    from kg.loaders.imports.rows import Described

_TABLES = ("source", "freecode", "coding")
_READINGS = tuple(r for r in READINGS if (r.base, r.inclusive) == (0, False))
_PLACE = ("fid", "selfirst", "selend", "owner")
_LEFT = {
    "codings of pictures": ("imageCoding", ""),
    "codings of the second coding table": ("coding2", ""),
    "colours of codes": ("freecode", "color"),
    "links of documents to categories": ("treefile", ""),
    "memos of links to cases": ("caselinkage", "memo"),
    "pictures": ("image", ""),
}


def fits(path: Path) -> bool:
    """Say whether a file is an RQDA project."""
    return has(path, _TABLES)


def read(path: Path, _: Options) -> Material:
    """Read an RQDA project.

    Args:
        path: the file.

    Returns:
        What it holds and has not deleted; categories come as codes above their codes.

    Raises:
        StudyError: when the database is broken, or not to be trusted.
    """
    lost: Counter[str] = Counter()
    with database(path) as connection:
        listed = _active(connection, "source", ("id", "name"), lost, "documents", measured="file")
        sources = {
            key: Source(row["rowid"], text(row["name"]), "text", row["length"])
            for key, row in numbered(listed, "id", lost, "documents")
        }
        codes = _codes(connection, lost)
        coded = _active(connection, "coding", (*_PLACE, "cid"), lost, "codings")
        coders: set[str] = set()
        codings = by_document(coded, _PLACE, sources, coders, lost, "codings", ("cid", codes))
        project = next(rows(connection, "project", ("date", "memo")), None)
        leave(connection, _LEFT, lost)
        of = _described(connection, lost)
        material = Material(
            path.stem,
            readings=_READINGS,
            description=text(project["memo"]) if project else "",
            coders=tuple(Coder(name, name) for name in sorted(coders)),
            cases=tuple(_cases(connection, sources, of.cases, lost)),
            attributes=of.attributes,
            codes=(*_categories(connection, lost), *codes.values()),
            memos=tuple(_memos(connection, sources, lost)),
            date=day(project["date"]) if project else None,
            lost=lost,
        )

    def passages(connection: sqlite3.Connection, key: int) -> Iterator[Passage]:
        return _coded(connection, codings.get(key, ()))

    material.documents = lambda: documents(path, "source", "file", sources, passages, of.documents)
    return material


def _active(
    connection: sqlite3.Connection, table: str, names: Sequence[str], lost: Counter[str], what: str, measured: str = ""
) -> Iterator[sqlite3.Row]:
    """Give the rows that are not deleted, and count those that are."""
    for row in rows(connection, table, (*names, "status"), measured):
        if whole(row["status"]) == 1:
            yield row
        else:
            lost[f"deleted {what}"] += 1


def _codes(connection: sqlite3.Connection, lost: Counter[str]) -> dict[int, Code]:
    """Return the codes by their numbers; of several categories the one with the lowest number is above a code."""
    categories = {
        whole(row["catid"])
        for row in rows(connection, "codecat", ("catid", "status"))
        if whole(row["status"]) == 1
    }  # fmt: skip
    above: dict[int | None, set[int]] = {}
    for row in _active(connection, "treecode", ("cid", "catid"), lost, "links of codes to categories"):
        category = whole(row["catid"])
        if category is None or category not in categories:
            lost["links of codes to categories that are missing"] += 1
        else:
            above.setdefault(whole(row["cid"]), set()).add(category)
    codes = {}
    listed = _active(connection, "freecode", ("id", "name", "memo"), lost, "codes")
    for key, row in numbered(listed, "id", lost, "codes"):
        parents = sorted(above.get(key, ()))
        if len(parents) > 1:
            lost["further categories of codes"] += len(parents) - 1
        parent = f"category {parents[0]}" if parents else None
        codes[key] = Code(f"code {key}", text(row["name"]), parent, text(row["memo"]))
    return codes


def _categories(connection: sqlite3.Connection, lost: Counter[str]) -> Iterator[Code]:
    listed = _active(connection, "codecat", ("catid", "name", "memo"), lost, "categories")
    for key, row in numbered(listed, "catid", lost, "categories"):
        yield Code(f"category {key}", text(row["name"]), None, text(row["memo"]))


def _described(connection: sqlite3.Connection, lost: Counter[str]) -> Described:
    of_cases, of_documents = (
        [
            (row[number], row["variable"], row["value"])
            for row in _active(connection, table, ("variable", "value", number), lost, "values of attributes")
        ]
        for table, number in (("caseAttr", "caseID"), ("fileAttr", "fileID"))
    )
    types = {
        text(row["name"]): row
        for row in _active(connection, "attributes", ("name", "memo", "class"), lost, "attributes")
    }
    numeric = [name for name, row in types.items() if text(row["class"]) == "numeric"]
    return described(of_cases, of_documents, lost, {name: text(row["memo"]) for name, row in types.items()}, numeric)


def _cases(
    connection: sqlite3.Connection,
    sources: Mapping[int, Source],
    values: Mapping[int, Mapping[str, str]],
    lost: Counter[str],
) -> Iterator[Case]:
    linked: dict[int | None, dict[str, None]] = {}
    for row in _active(connection, "caselinkage", ("caseid", *_PLACE), lost, "links of cases to documents"):
        key = whole(row["fid"])
        if key is None or key not in sources:
            lost["links of cases to documents that are missing"] += 1
            continue
        linked.setdefault(whole(row["caseid"]), {})[str(key)] = None
        if (whole(row["selfirst"]) or 0) > 0 or (whole(row["selend"]) or 0) < (sources[key].length or 0):
            lost["bounds of cases inside documents"] += 1
    listed = _active(connection, "cases", ("id", "name"), lost, "cases")
    for key, row in numbered(listed, "id", lost, "cases"):
        yield Case(str(key), text(row["name"]), tuple(linked.get(key, ())), values=values.get(key, {}))


def _memos(connection: sqlite3.Connection, sources: Mapping[int, Source], lost: Counter[str]) -> Iterator[Memo]:
    for row in _active(connection, "journal", ("name", "journal"), lost, "journal entries"):
        yield Memo(text(row["name"]), text(row["journal"]), "journal")
    for table, what in (("source", "document"), ("cases", "case")):
        for row in rows(connection, table, ("name", "memo", "status")):
            if whole(row["status"]) == 1 and (memo := text(row["memo"])):
                yield Memo(text(row["name"]), memo, what)
    # An annotation stands at one place, between two characters: no passage.
    for row in _active(connection, "annotation", ("fid", "position", "annotation"), lost, "annotations"):
        key, position = whole(row["fid"]), whole(row["position"])
        if key is None or key not in sources:
            lost["annotations of documents that are missing"] += 1
        else:
            yield Memo(sources[key].name, text(row["annotation"]), f"document, at character {position}")


def _coded(connection: sqlite3.Connection, places: Iterable[int]) -> Iterator[Passage]:
    names = ("selfirst", "selend", "cid", "seltext", "owner", "date", "memo")
    for row in at(connection, "coding", names, places):
        coder = text(row["owner"]) or None
        given = Given(f"code {whole(row['cid'])}", coder, day(row["date"]), text(row["memo"]))
        where, stated = f"coding {row['rowid']}", quote(row["seltext"])
        yield Passage(where, whole(row["selfirst"]), whole(row["selend"]), stated, given=(given,))
