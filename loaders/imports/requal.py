"""Read a requal project: an SQLite file ``NAME.requal``.

Positions count from 1, the end inclusive, in codepoints: requal cuts passages as R's ``substr(text, start, end)``.
A coding has no day of its own; the log says when it was made.
"""

from __future__ import annotations

import json
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
    sole,
    text,
    whole,
)
from kg.loaders.imports.safe import database

if TYPE_CHECKING:
    import datetime
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.loaders.imports import Options
    from kg.loaders.imports.rows import Described

_TABLES = ("projects", "documents", "codes", "segments", "categories_codes_map")
_READINGS = tuple(sorted(READINGS, key=lambda r: (r.base, r.inclusive) != (1, True)))
_PLACE = ("doc_id", "segment_start", "segment_end", "user_id")
_LEFT = {
    "attributes of coders": ("attributes_users_map", ""),
    "bounds of memos inside documents": ("memos_documents_map", "memo_start"),
    "colours of codes": ("codes", "code_color"),
    "entries of the log": ("logs", ""),
    "rights of coders": ("user_permissions", ""),
}


def fits(path: Path) -> bool:
    """Say whether a file is a requal project."""
    return has(path, _TABLES)


def read(path: Path, _: Options) -> Material:
    """Read a requal project.

    Args:
        path: the file.

    Returns:
        What it holds; categories come as codes above their codes.

    Raises:
        StudyError: when the database is broken, not to be trusted, or holds several projects.
    """
    lost: Counter[str] = Counter()
    with database(path) as connection:
        listed = rows(connection, "projects", ("project_id", "project_name", "project_description", "created_at"))
        projects = dict(numbered(listed, "project_id", lost, "projects"))
        titles = {key: text(row["project_name"]) for key, row in projects.items()}
        project = projects[sole(path.name, titles, "keep each project in a file of its own")]
        tables = _Tables(connection, whole(project["project_id"]), lost)
        sources = {
            key: Source(row["rowid"], text(row["doc_name"]), "text", row["length"])
            for key, row in tables.numbered("documents", "doc_id", ("doc_name",), measured="doc_text")
        }
        codes = tables.codes()
        coders: set[str] = set()
        # A memo beside a passage stands at a segment without a code.
        coded = tables.rows("segments", (*_PLACE, "code_id"))
        segments = by_document(coded, _PLACE, sources, coders, lost, "segments", ("code_id", {*codes, None}))
        beside = tables.memos_of("segments", "segment_id")
        days = dict(_days(connection))
        leave(connection, _LEFT, lost)
        of = tables.described()
        material = Material(
            text(project["project_name"]),
            readings=_READINGS,
            description=text(project["project_description"]),
            coders=tuple(_coders(connection, coders)),
            cases=tuple(tables.cases(sources, of.cases)),
            attributes=of.attributes,
            codes=(*tables.categories(), *codes.values()),
            memos=tuple(tables.memos(frozenset(memo for taken in beside.values() for memo in taken))),
            date=day(project["created_at"]),
            lost=lost,
        )

    def passages(connection: sqlite3.Connection, key: int) -> Iterator[Passage]:
        names = ("segment_id", "segment_start", "segment_end", "code_id", "segment_text", "user_id")
        for row in at(connection, "segments", names, segments.get(key, ())):
            number = whole(row["segment_id"])
            memo = "\n\n".join(
                text(note["text"]) for note in at(connection, "memos", ("text",), beside.get(number, ()))
            )
            code, coder, date = whole(row["code_id"]), text(row["user_id"]) or None, days.get(number)
            yield Passage(
                f"segment {number}", whole(row["segment_start"]), whole(row["segment_end"]), quote(row["segment_text"]),
                given=() if code is None else (Given(f"code {code}", coder, date, memo),),
                memo=memo if code is None else "", coder=coder, date=date,
            )  # fmt: skip

    material.documents = lambda: documents(path, "documents", "doc_text", sources, passages, of.documents)
    return material


class _Tables:
    """The rows of one project; those of another, which was deleted, are counted."""

    def __init__(self, connection: sqlite3.Connection, project: int | None, lost: Counter[str]) -> None:
        self.connection, self.project, self.lost = connection, project, lost

    def rows(self, table: str, names: Sequence[str], measured: str = "") -> Iterator[sqlite3.Row]:
        for row in rows(self.connection, table, (*names, "project_id"), measured):
            # What was taken over from RQDA may name no project.
            if row["project_id"] in {self.project, None}:
                yield row
            else:
                self.lost[f"{table.replace('_', ' ')} of another project"] += 1

    def numbered(
        self, table: str, column: str, names: Sequence[str], measured: str = ""
    ) -> Iterator[tuple[int, sqlite3.Row]]:
        return numbered(self.rows(table, (column, *names), measured), column, self.lost, table)

    def codes(self) -> dict[int, Code]:
        """Return the codes by their numbers; of several categories the one with the lowest number is above a code."""
        categories = {whole(row["category_id"]) for row in rows(self.connection, "categories", ("category_id",))}
        above: dict[int | None, set[int]] = {}
        for row in self.rows("categories_codes_map", ("category_id", "code_id")):
            category = whole(row["category_id"])
            if category is None or category not in categories:
                self.lost["links of codes to categories that are missing"] += 1
            else:
                above.setdefault(whole(row["code_id"]), set()).add(category)
        codes = {}
        for key, row in self.numbered("codes", "code_id", ("code_name", "code_description")):
            parents = sorted(above.get(key, ()))
            if len(parents) > 1:
                self.lost["further categories of codes"] += len(parents) - 1
            parent = f"category {parents[0]}" if parents else None
            codes[key] = Code(f"code {key}", text(row["code_name"]), parent, text(row["code_description"]))
        return codes

    def categories(self) -> Iterator[Code]:
        for key, row in self.numbered("categories", "category_id", ("category_name", "category_description")):
            yield Code(f"category {key}", text(row["category_name"]), None, text(row["category_description"]))

    def described(self) -> Described:
        """Return the attributes, which are lists of words to choose from, and what has which."""
        names = {
            key: text(row["attribute_name"])
            for key, row in self.numbered("attributes", "attribute_id", ("attribute_name",))
        }
        listed = rows(self.connection, "attribute_values", ("attribute_value_id", "value"))
        words = {whole(row["attribute_value_id"]): text(row["value"]) for row in listed}
        of_cases, of_documents = (
            [
                (row[number], names.get(whole(row["attribute_id"]) or 0), words.get(whole(row["attribute_value_id"])))
                for row in self.rows(f"attributes_{table}_map", (number, "attribute_id", "attribute_value_id"))
            ]
            for table, number in (("cases", "case_id"), ("documents", "doc_id"))
        )
        of_coders = {
            whole(row["attribute_id"]) for row in rows(self.connection, "attributes_users_map", ("attribute_id",))
        }
        return described(
            of_cases, of_documents, self.lost, {name: "" for key, name in names.items() if key not in of_coders}, ()
        )

    def cases(self, sources: Mapping[int, Source], values: Mapping[int, Mapping[str, str]]) -> Iterator[Case]:
        linked: dict[int | None, dict[str, None]] = {}
        for row in self.rows("cases_documents_map", ("case_id", "doc_id")):
            key = whole(row["doc_id"])
            if key is None or key not in sources:
                self.lost["links of cases to documents that are missing"] += 1
            else:
                linked.setdefault(whole(row["case_id"]), {})[str(key)] = None
        for key, row in self.numbered("cases", "case_id", ("case_name",)):
            yield Case(str(key), text(row["case_name"]), tuple(linked.get(key, ())), values=values.get(key, {}))

    def memos_of(self, table: str, column: str) -> dict[int | None, list[int]]:
        """Return the numbers of the memos by that of the segment, document or code beside which they stand."""
        memos: dict[int | None, list[int]] = {}
        for row in rows(self.connection, f"memos_{table}_map", (column, "memo_id")):
            if (memo := whole(row["memo_id"])) is not None:
                memos.setdefault(whole(row[column]), []).append(memo)
        return memos

    def memos(self, taken: frozenset[int]) -> Iterator[Memo]:
        """Give the memos that stand beside no passage, and what is written about documents and cases."""
        about = {}
        for table, column, name in (("documents", "doc_id", "doc_name"), ("codes", "code_id", "code_name")):
            names = {whole(row[column]): text(row[name]) for row in rows(self.connection, table, (column, name))}
            for key, memos in self.memos_of(table, column).items():
                about.update(dict.fromkeys(memos, f"{table.removesuffix('s')} {names.get(key, '')}".strip()))
        for key, row in self.numbered("memos", "memo_id", ("text",)):
            if key not in taken:
                yield Memo(f"memo {key}", text(row["text"]), about.get(key, ""))
        for table, name, note, what in (
            ("documents", "doc_name", "doc_description", "document"),
            ("cases", "case_name", "case_description", "case"),
        ):
            for row in rows(self.connection, table, (name, note)):
                if text(row[note]):
                    yield Memo(text(row[name]), text(row[note]), what)


def _coders(connection: sqlite3.Connection, keys: set[str]) -> Iterator[Coder]:
    names = {
        text(row["user_id"]): text(row["user_name"]) or text(row["user_login"])
        for row in rows(connection, "users", ("user_id", "user_name", "user_login"))
    }
    for key in sorted(keys):
        yield Coder(key, names.get(key) or key)


def _days(connection: sqlite3.Connection) -> Iterator[tuple[int | None, datetime.date]]:
    """Give the days on which segments were made, by their numbers, as the log has them."""
    for row in rows(connection, "logs", ("action", "payload", "created_at")):
        date = day(row["created_at"])
        if row["action"] != "Add segment" or date is None:
            continue
        try:
            entries = json.loads(text(row["payload"]))
        except (ValueError, RecursionError):
            continue
        for entry in entries if isinstance(entries, list) else [entries]:
            if isinstance(entry, dict) and (number := whole(entry.get("segment_id"))) is not None:
                yield number, date
