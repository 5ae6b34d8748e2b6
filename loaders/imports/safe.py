"""Open files of others without trusting them: zip, XML, SQLite, JSON, text.

Everything is bounded in size, nothing is written, no name of an archive becomes a path, no entity is
expanded, no trigger or view is run. What is refused is refused with the member's name and the reason.
"""

from __future__ import annotations

import itertools
import json
import math
import re
import sqlite3
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, NoReturn

from kg.errors import Finding, StudyError
from kg.errors import refuse as refuse  # noqa: PLC0414 (other modules take it from here)
from kg.loaders import encoding as encodings
from kg.loaders._files import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lxml import etree

MAX_MEMBER = 500 * 1024 * 1024
MAX_TOTAL = 4 * 1024**3
MAX_MEMBERS = 200_000
MAX_RATIO = 1000
"""Text deflates tenfold to hundredfold; a bomb a thousandfold and more."""
MAX_NAME = 1000
"""Codepoints of a name that is compared whatever its accents: to order a run of them takes time by its square."""
MAX_READS = 16
"""How often one member may be asked for: a document is read twice, and few share a text."""
MAX_TAKEN, MAX_KEPT = 1_000_000, 3_000_000
"""Elements of an XML file that are asked for; elements and attributes that are kept at a time."""
MAX_STEPS = 20_000
"""Each of 100,000 instructions of SQLite: minutes; counted, so that a slow machine reads what a fast one does."""
_CODES = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_FUNCTIONS = {"count", "length", "lower", "like", "substr", "coalesce", "ifnull", "min", "max", "group_concat"}


class Room:
    """The room for what a few bytes can name again and again: more characters than a study can hold are refused.

    Args:
        file: how a person calls the file.
        what: what has them, such as ``its notes have``.
    """

    def __init__(self, file: str, what: str) -> None:
        self._file, self._what, self._left = file, what, MAX_BYTES

    def take(self, number: int) -> None:
        """Count some characters.

        Args:
            number: how many.

        Raises:
            StudyError: when there were too many.
        """
        self._left -= number
        if self._left < 0:
            message = f"{self._what} more than {MAX_BYTES:,} characters together"
            refuse(self._file, "file-too-big", message, "split the file")


class Text(NamedTuple):
    """A decoded text.

    Args:
        text: without a byte order mark; codepoints that a text file cannot hold (NUL, lone surrogates) stand
            as U+FFFD, one for one, so that no position moves.
        bom: whether it began with a byte order mark.
        encoding: what it was decoded as.
        replaced: how many codepoints were replaced.
        remarks: warnings about how it was decoded.
    """

    text: str
    bom: bool
    encoding: str
    replaced: int
    remarks: tuple[Finding, ...] = ()


_UNFIT = re.compile("[\x00\ud800-\udfff]")


def fit(text: str) -> tuple[str, int]:
    r"""Replace what a UTF-8 text file cannot hold, one for one.

    Returns:
        The text and how many codepoints were replaced.

    Example:
        >>> fit("a\x00b")
        ('a\ufffdb', 1)
    """
    return _UNFIT.subn("\ufffd", text)


def decode(data: bytes, file: str, encoding: str = "") -> Text:
    """Decode a text file whose positions count: by a byte order mark, as UTF-8, or as a person says.

    Args:
        data: its bytes.
        file: how a person calls it.
        encoding: what a person says that it is encoded as; empty when nobody does.

    Returns:
        The text, and what was met.

    Raises:
        StudyError: when it is not UTF-8 and nothing says what it is; what it could read as stands in the finding.

    Example:
        >>> decode("\ufefftwo".encode("utf-8"), "a.txt")[:4]
        ('two', True, 'utf-8', 0)
    """
    decoded = encodings.verbatim(data, file, encoding or None)
    text, replaced = fit(decoded.text)
    return Text(text, decoded.bom, decoded.encoding, replaced, decoded.remarks)


# What zipfile raises when it is given anything but a zip file.
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, struct.error, OverflowError, RuntimeError)


def _name(members: Sequence[zipfile.ZipInfo]) -> str:
    """Name members whose names do not say how they are encoded, and return as what they were read."""
    unmarked = [m for m in members if not m.flag_bits & 0x800 and not m.orig_filename.isascii()]  # APPNOTE, 4.4.4
    if not unmarked:
        return "utf-8"
    # Python reads them as the standard says; what they are called in the archive itself stays so.
    names = [member.orig_filename.encode("cp437") for member in unmarked]
    encoding = encodings.named(names)
    for member, name in zip(unmarked, names, strict=True):
        member.filename = name.decode(encoding).partition("\0")[0]
    return encoding


class Archive:
    """A zip file whose members are read by name, whatever their case, each within bounds.

    Args:
        path: the zip file.

    Attributes:
        encoding: what names of members were read as that do not say how they are encoded; ``utf-8`` when all do.

    Raises:
        StudyError: when it is no zip file, a member's name leads out of it, a member is a symbolic link,
            encrypted, packed by another method than deflate, or unpacks to more than is reasonable.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
            listed = self._zip.infolist()
        except (*_BROKEN, ValueError) as e:
            self._broken(self.name, e)
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._folded: dict[str, str] = {}
        self._reads: Counter[str] = Counter()
        if len(listed) > MAX_MEMBERS:
            refuse(self.name, "unsafe-archive", f"it has {len(listed):,} members, more than {MAX_MEMBERS:,}")
        if (total := sum(m.file_size for m in listed)) > MAX_TOTAL:
            refuse(self.name, "unsafe-archive", f"it unpacks to {total:,} bytes, more than {MAX_TOTAL:,}")
        self.encoding = _name(listed)
        for member in listed:
            if not member.filename:
                self._refuse(member, "has no name")
            if member.is_dir():
                continue
            self._check(member)
            key = member.filename.replace("\\", "/").casefold()
            if key in self._members:
                self._refuse(member, "stands in the archive twice, perhaps in another case")
            self._members[key] = member
            if len(key) <= MAX_NAME:
                self._folded.setdefault(unicodedata.normalize("NFC", key), member.filename)

    def _broken(self, name: str, e: Exception) -> NoReturn:
        message = e.strerror if isinstance(e, OSError) and e.strerror else str(e)
        refuse(name, "broken-archive", f"cannot be unzipped: {message[:200]}", "export it again")

    def _refuse(self, member: zipfile.ZipInfo, message: str) -> NoReturn:
        shown = ascii(member.filename)[1:-1]
        refuse(f"{self.name}: {shown[:200]}", "unsafe-archive", f"this member {message}", "nothing was written")

    def _check(self, member: zipfile.ZipInfo) -> None:
        parts = member.filename.replace("\\", "/").split("/")
        if member.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in member.filename:
            self._refuse(member, "leads out of the archive")
        # The upper half is the mode of Unix, whose type here is that of a link (APPNOTE of ZIP, 4.4.15).
        if (member.external_attr >> 16) & 0o170000 == 0o120000:
            self._refuse(member, "is a symbolic link")
        if member.flag_bits & 1:  # 4.4.4
            self._refuse(member, "is encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self._refuse(member, "is packed by another method than deflate")  # those unpack without a bound
        if member.file_size > MAX_MEMBER:
            self._refuse(member, f"unpacks to {member.file_size:,} bytes, more than {MAX_MEMBER:,}")
        if member.file_size > 1024 * 1024 and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            self._refuse(member, f"unpacks {member.file_size // max(member.compress_size, 1):,}-fold: a zip bomb")

    def names(self) -> list[str]:
        """Return the names of the members, sorted, with forward slashes."""
        return sorted(m.filename.replace("\\", "/") for m in self._members.values())

    def find(self, name: str) -> str | None:
        """Return the name of the member that is called so but for the case and Unicode form of letters, or None."""
        wanted = name.replace("\\", "/").casefold()
        if wanted in self._members:
            return self._members[wanted].filename
        return self._folded.get(unicodedata.normalize("NFC", wanted)) if len(wanted) <= MAX_NAME else None

    def size(self, name: str) -> int:
        """Return how many bytes a member says that it unpacks to."""
        return self._members[name.replace("\\", "/").casefold()].file_size

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """Open a member for reading; reading more than it says, or broken data, is refused.

        Args:
            name: as :meth:`names` or :meth:`find` gives it.
        """
        member = self._members[name.replace("\\", "/").casefold()]
        try:
            opened = self._zip.open(member)
        except (*_BROKEN, ValueError) as e:
            self._broken(f"{self.name}: {name}", e)
        try:
            with opened as stream:
                yield stream  # type: ignore[misc]
        except _BROKEN as e:
            self._broken(f"{self.name}: {name}", e)

    def read(self, name: str) -> bytes:
        """Return the bytes of a member.

        Args:
            name: as :meth:`names` or :meth:`find` gives it.

        Raises:
            StudyError: when it is broken, or asked for again and again.
        """
        member = self._members[name.replace("\\", "/").casefold()]
        self._reads[name] += 1
        if self._reads[name] > MAX_READS:
            self._refuse(member, f"is the text of more than {MAX_READS // 2} documents or notes")
        with self.open(name) as stream:
            return stream.read(member.file_size + 1)  # it may unpack to more than it says

    def close(self) -> None:
        """Close the file."""
        self._zip.close()


class _Watched:
    """A stream of XML that looks now and then how much of it is kept: what nobody asks for stays in memory."""

    STEP = 8 * 1024 * 1024

    def __init__(self, stream: BinaryIO, file: str) -> None:
        self._stream, self._file, self._left = stream, file, self.STEP
        self.root: etree._Element | None = None

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            self._left = self.STEP
            if self.root is None:
                refuse(self._file, "broken-xml", "nothing at its beginning is known", "is it the right file?")
            kept = self.root.xpath("count(//*) + count(//@*)")
            if isinstance(kept, float) and kept > MAX_KEPT:
                message = f"one part of it has more than {MAX_KEPT:,} elements and attributes"
                refuse(self._file, "broken-xml", message, "split the project")
        return data


def xml_events(stream: BinaryIO, file: str, tags: Sequence[str]) -> Iterator[etree._Element]:
    """Give the elements with one of some names, each when its end is read, in the order of their ends.

    No document type, entity or network is taken. The caller clears what it has used.

    Args:
        stream: the XML.
        file: how a person calls it.
        tags: names, of any namespace; the root's is best among them, so that nothing is read before it is known.

    Yields:
        The elements.

    Raises:
        StudyError: when the XML is not well formed, has a document type, is nested too deep, or has far more of
            something than a project does.
    """
    from lxml import etree

    watched, taken = _Watched(stream, file), 0
    events = etree.iterparse(
        watched, events=("start", "end"), tag=[f"{{*}}{tag}" for tag in tags], resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    first = True
    try:
        for event, element in events:
            if first:
                first = False
                watched.root = element.getroottree().getroot()
                if element.getroottree().docinfo.doctype:
                    refuse(file, "broken-xml", "it has a document type, which could expand to anything", "remove it")
            if event == "end":
                taken += 1
                if taken > MAX_TAKEN:
                    message = f"it has more than {MAX_TAKEN:,} documents, notes, links and the like"
                    refuse(file, "broken-xml", message, "split the project")
                yield element
    except etree.XMLSyntaxError as e:
        refuse(file, "broken-xml", " ".join(str(e.msg or e).split()), "export it again", e.lineno or 0)


def forget(element: etree._Element) -> None:
    """Free the memory of an element that was used, and of those before it.

    Args:
        element: as :func:`xml_events` gives it.
    """
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def is_database(path: Path) -> bool:
    """Say whether a file begins as SQLite files do.

    Args:
        path: the file.

    Raises:
        StudyError: when it cannot be read.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(16) == b"SQLite format 3\0"
    except OSError as e:
        refuse(path.name, "unreadable-file", f"cannot be read: {e.strerror}", "mend its permissions")


# Views, and tables that run what the file says when they are read: virtual ones, and those with computed columns.
_RUNNING = """
    SELECT name FROM sqlite_master WHERE type = 'view' OR type = 'table' AND coalesce(rootpage, 0) = 0
    UNION SELECT m.name FROM sqlite_master AS m JOIN pragma_table_xinfo(m.name) AS c
    WHERE m.type = 'table' AND m.rootpage > 0 AND c.hidden > 0"""


@contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an SQLite file read only, so that nothing but plain reading of its tables is possible.

    It is opened immutable (no journal is looked for or replayed), with a schema that is not trusted, an
    authorizer that lets only SELECT through, and a limit of time. Rows come as :class:`sqlite3.Row`.

    Args:
        path: the file.

    Yields:
        The connection.

    Raises:
        StudyError: when it is no SQLite file, is broken, or takes too long.
    """
    if not is_database(path):
        refuse(path.name, "broken-database", "it is no SQLite file", "is it the right file?")
    for other in (f"{path.name}-wal", f"{path.name}-journal"):
        beside = path.with_name(other)
        if beside.is_file() and beside.stat().st_size:
            mend = "close the program that has it open, then import again"
            refuse(path.name, "broken-database", f"'{other}' beside it holds changes that are not in it yet", mend)
    steps = itertools.count()
    try:
        address = path.resolve().as_uri() + "?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            # Broken UTF-8 in a text is shown as what it is, and is no reason to lose the file.
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA query_only = ON")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_BYTES)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.set_progress_handler(lambda: int(next(steps) > MAX_STEPS), 100_000)
            views = {row[0] for row in connection.execute(_RUNNING)}

            def allow(action: int, first: str | None, second: str | None, _: str | None, view: str | None) -> int:
                if action == sqlite3.SQLITE_READ and (first in views or view is not None):
                    return sqlite3.SQLITE_DENY
                if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _FUNCTIONS:
                    return sqlite3.SQLITE_DENY
                return sqlite3.SQLITE_OK if action in _CODES else sqlite3.SQLITE_DENY

            connection.set_authorizer(allow)
            yield connection
    except (sqlite3.Error, UnicodeDecodeError) as e:  # SQLite's message about a damaged name may be no UTF-8
        if "interrupted" in str(e):
            refuse(path.name, "broken-database", "reading it takes far longer than a project does")
        if "prohibited" in str(e) or "not authorized" in str(e):
            refuse(path.name, "broken-database", f"it holds more than plain tables: {e}", "export it again")
        refuse(path.name, "broken-database", f"cannot be read: {e}", "is it whole, and of the program it is named for?")


def columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    """Return the names of a table's columns; none when there is no such table.

    Args:
        connection: as :func:`database` gives it.
        table: the table's name, a constant of ours.
    """
    try:
        return frozenset(d[0] for d in connection.execute(f'SELECT * FROM "{table}" LIMIT 0').description)  # noqa: S608
    except sqlite3.OperationalError as e:
        if "no such table" in str(e):
            return frozenset()
        raise


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file of bounded size.

    Args:
        path: the file.

    Raises:
        StudyError: when it is too big or cannot be read.
    """
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            refuse(path.name, "file-too-big", f"the file has {size:,} bytes, more than {MAX_BYTES:,}", "split it")
        return path.read_bytes()
    except OSError as e:
        refuse(path.name, "unreadable-file", f"cannot be read: {e.strerror}", "mend its permissions")


def head(path: Path) -> str:
    """Return the beginning of a text file that may be anything; empty when it cannot be read.

    Args:
        path: the file.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(encodings.MAX_HEAD)
    except OSError:
        return ""
    return encodings.glance(data)


def read_json(path: Path, encoding: str = "") -> Any:
    """Read a JSON file.

    Args:
        path: the file.
        encoding: what a person says that it is encoded as; empty when nobody does.

    Raises:
        StudyError: when it is no JSON, nested too deep, an object has a key twice, or a number is none.
    """
    text = decode(read_bytes(path), path.name, encoding).text

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            twice = next(key for key, number in Counter(key for key, _ in pairs).items() if number > 1)
            message = f"an object has the key '{twice[:80]}' twice, and one of the values would be lost"
            refuse(path.name, "duplicate-key", message, "remove one")
        return fields

    def finite(number: str) -> float:
        if math.isfinite(value := float(number)):
            return value
        message = f"{number[:40]} is no number of JSON"
        raise StudyError([Finding(path.name, 0, "broken-json", message, "write null, or leave it out")])

    try:
        return json.loads(text, object_pairs_hook=once, parse_float=finite, parse_constant=finite)
    except StudyError:
        raise
    except json.JSONDecodeError as e:
        refuse(path.name, "broken-json", e.msg, "mend the JSON", e.lineno)
    except (RecursionError, ValueError):
        refuse(path.name, "broken-json", "it is nested too deep, or a number is too long", "mend the JSON")
