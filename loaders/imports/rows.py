"""Read the tables of another tool's database, whatever its version: what is missing is empty, what is wrong is counted.

SQLite lets any value stand in any column, and every version of a tool has other columns. The loaders of
databases say here which tables and columns they know; :mod:`kg.loaders.imports.safe` opens the file.
"""

from __future__ import annotations

import datetime
from array import array
from contextlib import suppress
from email.utils import parsedate
from sqlite3 import DataError
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import StudyError
from kg.loaders._files import MAX_BYTES
from kg.loaders.imports.material import Attribute, Document
from kg.loaders.imports.safe import Room, columns, database, fit, is_database, refuse
from kg.values import parse

if TYPE_CHECKING:
    import sqlite3
    from collections import Counter
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.entries import ValueType
    from kg.loaders.imports.material import Kind, Passage


class Described(NamedTuple):
    """The attributes of a project, and what its cases and documents have of them.

    Args:
        attributes: the attributes, by their names, which are their keys.
        cases: values by the number of the case.
        documents: values by the number of the document.
    """

    attributes: tuple[Attribute, ...]
    cases: Mapping[int, Mapping[str, str]]
    documents: Mapping[int, Mapping[str, str]]


class Source(NamedTuple):
    """A document before its text is read.

    Args:
        rowid: where its row stands.
        name: for people.
        kind: what it is.
        length: of its text, in codepoints; None when it has none.
    """

    rowid: int
    name: str
    kind: Kind
    length: int | None


def has(path: Path, tables: Collection[str]) -> bool:
    """Say whether a file is an SQLite database that has some tables.

    A view counts here, and so does a database that cannot be read: it is refused with the reason when it is read.

    Args:
        path: any file.
        tables: their names.
    """
    try:
        if not is_database(path):
            return False
        with database(path) as connection:
            present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    except StudyError:
        return True
    return present.issuperset(tables)


def rows(
    connection: sqlite3.Connection,
    table: str,
    names: Sequence[str],
    measured: str = "",
    where: tuple[str, int] | None = None,
) -> Iterator[sqlite3.Row]:
    """Give the rows of a table in the order they were made.

    Args:
        connection: as :func:`kg.loaders.imports.safe.database` gives it.
        table: the table's name; a table that this version lacks has no rows.
        names: columns; one that this version lacks is None.
        measured: a column of texts too long to be given here.
        where: a column, and the number that stands in it; None for all rows.

    Yields:
        Rows with these columns, with ``rowid``, and with ``length``, that of the measured text in codepoints.
    """
    present = columns(connection, table)
    if not present or (where and where[0] not in present):
        return
    length = f'length("{measured}")' if measured in present else "NULL"
    only, values = (f'WHERE "{where[0]}" = ? ', where[1:]) if where else ("", ())
    results = connection.execute(f"{_select(table, names, present, length)} {only}ORDER BY rowid", values)
    yield from _bounded(results, table)


def at(
    connection: sqlite3.Connection, table: str, names: Sequence[str], places: Iterable[int]
) -> Iterator[sqlite3.Row]:
    """Give some rows of a table, in the order asked for.

    Args:
        connection: as :func:`kg.loaders.imports.safe.database` gives it.
        table: the table's name.
        names: columns; one that this version lacks is None.
        places: rowids.
    """
    query = f"{_select(table, names, columns(connection, table))} WHERE rowid = ?"
    results = (row for place in places for row in connection.execute(query, (place,)))
    yield from _bounded(results, table)


def _bounded(results: Iterable[sqlite3.Row], table: str) -> Iterator[sqlite3.Row]:
    """Give rows until they hold more text than a project has: in a crafted file many can share one text."""
    total = 0
    for row in results:
        total += sum(len(value) for value in row if isinstance(value, str | bytes))
        if total > MAX_BYTES:
            raise DataError(f"'{table}' holds more than {MAX_BYTES:,} characters at a time")
        yield row


def _select(table: str, names: Sequence[str], present: Collection[str], length: str = "NULL") -> str:
    # SQLite takes a name in double quotes that is no column for a text: hence NULL for what is missing.
    listed = ", ".join(f'"{name}"' if name in present else f'NULL AS "{name}"' for name in names)
    return f'SELECT rowid AS "rowid", {length} AS "length", {listed} FROM "{table}"'  # noqa: S608 - constants of ours


def count(connection: sqlite3.Connection, table: str, filled: str = "") -> int:
    """Count the rows of a table, or those in which a column holds more than nothing, an empty text or 0.

    Args:
        connection: as :func:`kg.loaders.imports.safe.database` gives it.
        table: the table's name.
        filled: the column's name.
    """
    present = columns(connection, table)
    if not present or (filled and filled not in present):
        return 0
    where = f""" WHERE "{filled}" NOT IN ('', 0)""" if filled else ""
    number: int = connection.execute(f'SELECT count(*) FROM "{table}"{where}').fetchone()[0]  # noqa: S608 - as above
    return number


def leave(connection: sqlite3.Connection, phrases: Mapping[str, tuple[str, str]], lost: Counter[str]) -> None:
    """Count what a loader does not take.

    Args:
        connection: as :func:`kg.loaders.imports.safe.database` gives it.
        phrases: how a person calls it -> the table, and the column that holds it, empty when every row counts.
        lost: where it is counted.
    """
    for phrase, (table, column) in phrases.items():
        if number := count(connection, table, column):
            lost[phrase] += number


def numbered(
    results: Iterable[sqlite3.Row], column: str, lost: Counter[str], what: str
) -> Iterator[tuple[int, sqlite3.Row]]:
    """Give rows with their numbers; a row without one, or with another row's, is counted as lost.

    Args:
        results: the rows.
        column: where the number stands.
        lost: where the others are counted.
        what: how a person calls such rows.
    """
    seen: set[int] = set()
    for row in results:
        number = whole(row[column])
        if number is None or number in seen:
            lost[f"{what} without a number of their own"] += 1
        else:
            seen.add(number)
            yield number, row


def sole(file: str, projects: Mapping[int, str], mend: str) -> int:
    """Return the number of the one project that a database holds.

    Args:
        file: how a person calls the database.
        projects: the titles of its projects by their numbers.
        mend: what a person can do when there are several.

    Raises:
        StudyError: when it holds none or several.
    """
    if not projects:
        refuse(file, "broken-database", "it holds no project", "is it the right file?")
    if len(projects) > 1:
        some = [f"'{title[:80]}'" for _, title in sorted(projects.items())[:8]]
        listed = ", ".join(some) + (" …" if len(projects) > 8 else "")
        refuse(file, "invalid-value", f"it holds {len(projects)} projects, and one is read: {listed}", mend)
    return next(iter(projects))


def by_document(
    marked: Iterable[sqlite3.Row],
    place: tuple[str, str, str, str],
    sources: Mapping[int, Source],
    coders: set[str],
    lost: Counter[str],
    what: str,
    code: tuple[str, Collection[int | None]] | None = None,
) -> dict[int, array[int]]:
    """Say which rows mark a passage of which document, so that one document's are found without reading all again.

    Args:
        marked: rows that mark passages.
        place: the columns of the document's number, of the passage's first and last position, and of its coder.
        sources: the documents by their numbers.
        coders: where the coders are added.
        lost: where rows that mark nothing are counted.
        what: how a person calls such rows.
        code: the column of the code's number, and the numbers there are; None when a row needs no code.

    Returns:
        Rowids by the number of the document.
    """
    places: dict[int, array[int]] = {}
    for row in marked:
        key, first, last = (whole(row[name]) for name in place[:3])
        if first is None or last is None:
            lost[f"{what} without a position"] += 1
        elif key is None or key not in sources or sources[key].length is None:
            lost[f"{what} of documents that are missing or have no text"] += 1
        elif code and whole(row[code[0]]) not in code[1]:
            lost[f"{what} whose code is missing"] += 1
        else:
            places.setdefault(key, array("q")).append(row["rowid"])
            if coder := text(row[place[3]]):
                coders.add(coder)
    return places


def documents(
    path: Path,
    table: str,
    column: str,
    sources: Mapping[int, Source],
    passages: Callable[[sqlite3.Connection, int], Iterable[Passage]],
    values: Mapping[int, Mapping[str, str]],
) -> Iterator[Document]:
    """Give one document at a time.

    The database is closed while a document is used: how long that takes is no matter of the database's.

    Args:
        path: the database.
        table: the table of the documents.
        column: the column of their texts.
        sources: the documents by their numbers.
        passages: gives those of a document by its number.
        values: what documents have of attributes, by their numbers.
    """
    for key, source in sources.items():
        body: str | None = None
        marked: list[Passage] = []
        bom = False
        if source.length is not None:
            with database(path) as connection:
                body = "".join(text(row[column]) for row in at(connection, table, (column,), (source.rowid,)))
                room = Room(path.name, f"the passages and memos of '{source.name[:80]}' have")
                for passage in passages(connection, key):
                    room.take(len(passage.memo) + sum(len(given.memo) for given in passage.given))
                    marked.append(passage)
            bom = body.startswith("\ufeff")
            body = body.removeprefix("\ufeff")
        yield Document(str(key), source.name, body, bom, source.kind, tuple(marked), values=values.get(key, {}))


def described(
    cases: Iterable[tuple[object, object, object]],
    documents: Iterable[tuple[object, object, object]],
    lost: Counter[str],
    notes: Mapping[str, str],
    numeric: Collection[str],
) -> Described:
    """Collect values of attributes, and find the type of each attribute.

    Args:
        cases: the number of a case, the name of an attribute, and the value; an empty one is none.
        documents: the same of documents.
        lost: takes the count of values that belong to nothing, or to no attribute.
        notes: what the project says of each attribute that it lists, by its name.
        numeric: names of those whose values should be numbers; one of which some are none is a text.

    Example:
        >>> from collections import Counter
        >>> described([(1, "age", "40")], [], Counter(), {"age": ""}, ["age"]).attributes[0].type
        'integer'
    """
    kept: tuple[dict[int, dict[str, str]], ...] = ({}, {})
    values: dict[str, list[str]] = {name: [] for name in notes}
    for home, given in zip(kept, (cases, documents), strict=True):
        for number, name, value in given:
            key, called, written = whole(number), text(name), text(value)
            if key is None or not called:
                lost["values of attributes that belong to nothing"] += 1
            elif written.strip():
                home.setdefault(key, {})[called] = written
                values.setdefault(called, []).append(written)
    attributes = (
        Attribute(name, name, _type(of) if name in numeric else "text", notes.get(name, ""))
        for name, of in values.items()
    )
    return Described(tuple(attributes), *kept)


def _type(given: Sequence[str]) -> ValueType:
    """Return the narrowest type of number that all values are of, or text."""
    kinds: tuple[ValueType, ...] = ("integer", "decimal")
    for kind in kinds:
        with suppress(ValueError):
            for written in given:
                parse(kind, written)
            return kind
    return "text"


def whole(value: object) -> int | None:
    """Return a whole number, also one that is stored as 3.0; None for anything else.

    Example:
        >>> whole(3.0), whole("3"), whole(None)
        (3, None, None)
    """
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def text(value: object) -> str:
    r"""Return a cell's text, fit for a text file; empty when it has none.

    Example:
        >>> text("a\x00"), text(None), text(7)
        ('a\ufffd', '', '7')
    """
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return fit(value)[0] if isinstance(value, str) else "" if value is None else str(value)


def quote(value: object) -> str | None:
    r"""Return a passage's text as a tool stored it; None when it stored none.

    Qt gives the line ends of a selection as U+2029, and what begins with the text may hold its byte order mark.

    Example:
        >>> quote("\ufeffone\u2029two")
        'one\ntwo'
    """
    return text(value).replace("\u2029", "\n").removeprefix("\ufeff") or None


def day(value: object) -> datetime.date | None:
    """Return the day of a date as ISO 8601 or C writes it; None for anything else.

    Example:
        >>> day("2021-03-16 11:45:26"), day("Wed Mar 16 11:45:26 2011"), day("then")
        (datetime.date(2021, 3, 16), datetime.date(2011, 3, 16), None)
    """
    stamp = text(value).strip()[:40]
    with suppress(ValueError):
        return datetime.date.fromisoformat(stamp[:10])
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        if parts := parsedate(stamp):
            return datetime.date(*parts[:3])
    return None
