"""Read a Taguette project: its SQLite database, or a project exported from it.

A document is HTML, and positions count the bytes of its text in UTF-8. What is read is the text as a browser
shows it, in paragraphs; positions are translated to it, so that they count codepoints here. Who gave a tag,
and when, stands in the project's history alone.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg.loaders.imports.hypertext import Hypertext
from kg.loaders.imports.material import Code, Coder, Document, Given, Material, Memo, Passage, Reading
from kg.loaders.imports.rows import Source, at, by_document, day, has, leave, numbered, rows, sole, text, whole
from kg.loaders.imports.safe import database

if TYPE_CHECKING:
    import datetime
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from kg.loaders.imports import Options

_TABLES = ("projects", "documents", "tags", "highlights", "highlight_tags")
_PLACE = ("document_id", "start_offset", "end_offset", "user_login")
_LEFT = {"rights of members": ("project_members", "")}
_LONGEST = 500
"""More codepoints than a tag can have; a longer one stands under no other that is as long."""


class _Act(NamedTuple):
    """The tags that a highlight got at one time, from whom, and when."""

    highlight: int
    tags: frozenset[int]
    coder: str | None
    date: datetime.date | None


def fits(path: Path) -> bool:
    """Say whether a file is a Taguette database."""
    return has(path, _TABLES)


def read(path: Path, _: Options) -> Material:
    """Read a Taguette project.

    Args:
        path: the database, with one project.

    Returns:
        What it holds; a tag ``a.b`` or ``a/b`` stands under the tag ``a`` when there is one.

    Raises:
        StudyError: when the database is broken, not to be trusted, or holds several projects.
    """
    lost: Counter[str] = Counter()
    with database(path) as connection:
        listed = rows(connection, "projects", ("id", "name", "description", "created"))
        projects = dict(numbered(listed, "id", lost, "projects"))
        titles = {key: text(row["name"]) for key, row in projects.items()}
        mend = "open the one that is meant in Taguette, choose 'Export project', and import that file"
        project = projects[sole(path.name, titles, mend)]
        written = rows(connection, "documents", ("id", "name"), measured="contents")
        sources = {
            key: Source(row["rowid"], text(row["name"]), "text", row["length"])
            for key, row in numbered(written, "id", lost, "documents")
        }
        codes = _codes(connection, lost)
        # The coder is no column of a highlight.
        marked = rows(connection, "highlights", _PLACE)
        highlights = by_document(marked, _PLACE, sources, set(), lost, "highlights")
        for row in rows(connection, "highlight_tags", ("tag_id",)):
            if whole(row["tag_id"]) not in codes:
                lost["links of highlights to tags that are missing"] += 1
        coders = {act.coder for act in _acts(connection, None) if act.coder}
        leave(connection, _LEFT, lost)
        material = Material(
            text(project["name"]),
            readings=(Reading(),),
            description=text(project["description"]),
            coders=tuple(Coder(name, name) for name in sorted(coders)),
            codes=tuple(codes.values()),
            memos=tuple(_memos(connection)),
            date=day(project["created"]),
            lost=lost,
        )
    counted: set[int] = set()

    def documents() -> Iterator[Document]:
        for key, source in sources.items():
            with database(path) as connection:
                stored = "".join(
                    text(row["contents"]) for row in at(connection, "documents", ("contents",), (source.rowid,))
                )
                shown = Hypertext(stored, f"{path.name}: {source.name}")
                passages = tuple(_passages(connection, key, shown, highlights.get(key, ()), codes))
            if key not in counted and shown.pictures:
                counted.add(key)
                lost["pictures in documents"] += shown.pictures
            yield Document(str(key), source.name, shown.text, passages=passages)

    material.documents = documents
    return material


def above(path: str, paths: Collection[str]) -> str | None:
    """Return the tag under which a tag stands: Taguette shows a tag together with those that continue its name.

    Args:
        path: the tag's name.
        paths: the names of all tags.

    Returns:
        The longest name that this one continues after a full stop or a slash; None when there is none.

    Example:
        >>> above("trust/suppliers/early", {"trust", "trust/suppliers", "tr"})
        'trust/suppliers'
    """
    cuts = (at for at in range(min(len(path), _LONGEST) - 1, 0, -1) if path[at] in "./")
    return next((path[:at] for at in cuts if path[:at] in paths), None)


def _codes(connection: sqlite3.Connection, lost: Counter[str]) -> dict[int, Code]:
    tags = dict(numbered(rows(connection, "tags", ("id", "path", "description")), "id", lost, "tags"))
    keys = {text(row["path"]): str(key) for key, row in tags.items()}
    codes = {}
    for key, row in tags.items():
        parent = above(text(row["path"]), keys)
        codes[key] = Code(str(key), text(row["path"]), parent and keys[parent], text(row["description"]))
    return codes


def _memos(connection: sqlite3.Connection) -> Iterator[Memo]:
    for row in rows(connection, "documents", ("name", "description")):
        if description := text(row["description"]):
            yield Memo(text(row["name"]), description, "document")


def _acts(connection: sqlite3.Connection, document: int | None) -> Iterator[_Act]:
    """Give what was done to the highlights of a document, or of all, in order."""
    names = ("user_login", "date", "payload")
    where = None if document is None else ("document_id", document)
    for row in rows(connection, "commands", names, where=where):
        try:
            payload = json.loads(text(row["payload"]))
        except (ValueError, RecursionError):
            continue
        if isinstance(payload, dict) and payload.get("type") == "highlight_add":
            highlight, tags = whole(payload.get("highlight_id")), payload.get("tags")
            if highlight is not None:
                numbers = (
                    frozenset(tag for tag in tags if isinstance(tag, int)) if isinstance(tags, list) else frozenset()
                )
                yield _Act(highlight, numbers, text(row["user_login"]) or None, day(row["date"]))


def _passages(
    connection: sqlite3.Connection, document: int, shown: Hypertext, places: Iterable[int], codes: Collection[int]
) -> Iterator[Passage]:
    acts: dict[int, list[_Act]] = {}
    for act in _acts(connection, document):
        acts.setdefault(act.highlight, []).append(act)
    highlights = list(at(connection, "highlights", ("id", "start_offset", "end_offset", "snippet"), places))
    spans = shown.spans((whole(row["start_offset"]) or 0, whole(row["end_offset"]) or 0) for row in highlights)
    for row, (start, end) in zip(highlights, spans, strict=True):
        number = whole(row["id"]) or 0
        history = acts.get(number, [])
        given = []
        for link in rows(connection, "highlight_tags", ("tag_id",), where=("highlight_id", number)):
            tag = whole(link["tag_id"])
            if tag is not None and tag in codes:
                by = _giving(history, tag)
                given.append(Given(str(tag), by and by.coder, by and by.date))
        snippet = text(row["snippet"])
        stated = Hypertext(snippet).text.strip() if "<" in snippet or "&" in snippet else snippet.strip()
        coder, date = (history[0].coder, history[0].date) if history else (None, None)
        where = f"highlight {number}"
        yield Passage(where, start, end, stated or None, given=tuple(given), coder=coder, date=date)


def _giving(acts: list[_Act], tag: int) -> _Act | None:
    """Return the act that gave a tag which is still there; the last one when the tag was merged from another."""
    giving = acts[-1] if acts else None
    for act in reversed(acts):
        if tag not in act.tags:
            break
        giving = act
    return giving
