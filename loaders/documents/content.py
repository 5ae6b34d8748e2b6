"""Look at a file's first bytes: what it is, whatever its name says, and the way out where it is not read."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from kg.loaders._files import MAX_BYTES
from kg.loaders.imports.safe import refuse

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 4096
MAX_OLE = 4 * 1024 * 1024
"""Bytes of an old Office file that are looked through for the names of its parts."""
MAX_DIRECTORY = 4 * 1024 * 1024
"""Bytes of the list of members of a zip file, some 50,000 of them; a document has dozens."""
_TAIL = 65_557
"""How far from its end the end record of a zip file may begin: its size and that of a comment."""
_PDF_MARK = 1024
"""How far into a file readers look for the mark of a PDF (ISO 32000-1, implementation note 13)."""


class Refused(NamedTuple):
    """A format that is not read.

    Args:
        title: what it is.
        mend: the way out.
    """

    title: str
    mend: str


_AS_DOCX = "open it in its program and save it as DOCX, then add that"
_SCAN = "recognise its text first: 'ocrmypdf --image-dpi 300 -l chi_sim+eng IMAGE out.pdf', then add out.pdf"
_AS_SUBTITLES = "add its transcript: .vtt, .srt, .txt or .docx; the recording may stay where it is"
REFUSED: dict[str, Refused] = {
    "rtf": Refused("an RTF file", _AS_DOCX),
    "doc": Refused("an old Word file (.doc)", _AS_DOCX),
    "office": Refused("an old Office file", _AS_DOCX),
    "xlsx": Refused("a workbook", "a table of quotes and codes: kg import; a text: save it as DOCX"),
    "pptx": Refused("a presentation", "save it as PDF, then add that"),
    "ods": Refused("a table (.ods)", "a table of quotes and codes: save it as CSV and use kg import"),
    "odp": Refused("a presentation (.odp)", "save it as PDF, then add that"),
    "epub": Refused("an EPUB book", "save it as PDF or DOCX, as Calibre does ('ebook-convert in.epub out.docx')"),
    "pages": Refused("an Apple Pages file", "in Pages: File, Export To, Word or PDF; then add that"),
    "wpd": Refused("a WordPerfect file", _AS_DOCX),
    "fodt": Refused("a flat OpenDocument file", "save it as ODT, then add that"),
    "djvu": Refused("a DjVu file", "turn it into a PDF ('ddjvu -format=pdf in.djvu out.pdf'), then add that"),
    "image": Refused("a picture", _SCAN),
    "recording": Refused("a recording", _AS_SUBTITLES),
    "zip": Refused("a zip file", "unpack it and add what is in it"),
    "archive": Refused("an archive", "unpack it and add what is in it"),
}
"""The formats that are known and not read, with the way out."""
SUFFIXES: dict[str, str] = {
    ".rtf": "rtf", ".doc": "doc", ".dot": "doc", ".wps": "doc", ".epub": "epub", ".pages": "pages", ".wpd": "wpd",
    ".fodt": "fodt", ".sxw": "office", ".djvu": "djvu", ".xlsx": "xlsx", ".xls": "office", ".pptx": "pptx",
    ".ppt": "office", ".ods": "ods", ".odp": "odp", ".zip": "zip", ".7z": "archive", ".rar": "archive",
    ".jpg": "image", ".jpeg": "image", ".png": "image", ".gif": "image", ".bmp": "image", ".tif": "image",
    ".tiff": "image", ".webp": "image", ".heic": "image", ".mp3": "recording", ".m4a": "recording",
    ".wav": "recording", ".ogg": "recording", ".flac": "recording", ".mp4": "recording", ".mov": "recording",
    ".mkv": "recording", ".webm": "recording",
}  # fmt: skip
"""What files are that are not read, by their suffix."""
KINDS: dict[str, str] = {
    ".docx": "docx", ".docm": "docx", ".odt": "odt", ".pdf": "pdf", ".html": "text", ".htm": "text", ".md": "text",
    ".txt": "text", ".srt": "text", ".vtt": "text",
}  # fmt: skip
"""What files must be that are read, by their suffix."""
_RIGHT = {"docx": ".docx", "odt": ".odt", "pdf": ".pdf"}
_MAGIC: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\{\\rtf", "rtf"), (rb"\xffWPC", "wpd"), (rb"AT&TFORM....DJV", "djvu"),
        (rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|II\*\0|MM\0\*|BM....\0\0\0\0|RIFF....WEBP", "image"),
        (rb"\0\0\0.ftyp(?:hei[cx]|mif1|avif)", "image"),  # pictures of telephones (ISO 14496-12)
        (rb"\0\0..ftyp|ID3[\x02-\x04]|OggS\0|fLaC\0|\x1aE\xdf\xa3|RIFF....(?:WAVE|AVI )|\xff[\xfb\xf3]", "recording"),
        (rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b", "archive"),
        (rb"(?=.*opendocument)\s*(?:<\?xml[^>]*>\s*)?<office:document", "fodt"),
    )
)  # fmt: skip
"""What the first bytes of files are that are not read: more of them than a text may begin with."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")


def check(path: Path) -> str:
    """Check that a file is what its name says and that it is read.

    Args:
        path: the file.

    Returns:
        The suffix by which it is read.

    Raises:
        StudyError: when it cannot be read, is of another format than its name says, is encrypted, or of a format that
            is not read.
    """
    file, suffix = path.name, path.suffix.lower()
    try:
        if path.is_dir():
            _folder(path, file)
        if path.exists() and not path.is_file():
            refuse(file, "unreadable-file", "it is no file but a device or the like", "name a file")
        if (size := path.stat().st_size) > MAX_BYTES:
            message = f"the file has {size:,} bytes, more than {MAX_BYTES:,}"
            refuse(file, "file-too-big", message, "split it, or make its pictures smaller")
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            if head.startswith(_OLE):
                head += stream.read(MAX_OLE)
    except FileNotFoundError:
        refuse(file, "missing-file", "there is no such file", "mend its name")
    except OSError as e:
        refuse(file, "unreadable-file", f"cannot be read: {e.strerror}", "mend its permissions")
    if not head:
        refuse(file, "empty-file", "the file is empty", "write its content, or leave it out")
    kind, wanted = _kind(path, head), KINDS.get(suffix)
    if kind == "locked":
        refuse(file, "locked-document", "it is encrypted with a password", "save it without one, then add that")
    if kind in REFUSED:
        _refuse(file, kind)
    if wanted is None and kind in ("text", "unknown"):
        if suffix in SUFFIXES:
            _refuse(file, SUFFIXES[suffix])
        mend = f"what is read: {', '.join(sorted(KINDS))}"
        refuse(file, "unknown-format", f"no loader reads '{suffix}' files" if suffix else "it has no suffix", mend)
    if kind == "unknown" and wanted in _RIGHT:
        message = f"it is no {suffix[1:].upper()} file, or its beginning is damaged"
        refuse(file, "broken-document", message, "open it in its program and save it again")
    if kind in _RIGHT and wanted != kind:
        refuse(file, "wrong-suffix", f"it is a {kind.upper()} file", f"rename it to {path.stem}{_RIGHT[kind]}")
    if kind == "text" and wanted in _RIGHT:
        what = "an HTML page" if _HTML.search(head) else "a text"
        mend = f"rename it to {path.stem}{'.html' if _HTML.search(head) else '.txt'}"
        refuse(file, "wrong-suffix", f"it is {what} and no {suffix[1:].upper()} file", mend)
    return suffix


_HTML = re.compile(rb"<!doctype html|<html|<body|<head", re.IGNORECASE)


def _refuse(file: str, kind: str) -> NoReturn:
    title, mend = REFUSED[kind]
    refuse(file, "unknown-format", f"it is {title}, which is not read", mend)


def _folder(path: Path, file: str) -> NoReturn:
    if path.suffix.lower() == ".pages":
        _refuse(file, "pages")
    refuse(file, "unknown-format", "it is a folder", "name the files in it")


def _kind(path: Path, head: bytes) -> str:
    """Return what a file is: ``docx``, ``odt``, ``pdf``, ``text``, ``locked``, one of :data:`REFUSED`, ``unknown``."""
    if head.lstrip().startswith(b"%PDF-") or (path.suffix.lower() == ".pdf" and b"%PDF-" in head[:_PDF_MARK]):
        return "pdf"
    if head.startswith(_OLE):
        return "locked" if _LOCKED in head else "doc" if _WORD in head else "office"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path)
    for magic, kind in _MAGIC:
        if magic.match(head):
            return kind
    return "text" if _is_text(head) else "unknown"


def _is_text(head: bytes) -> bool:
    """Say whether bytes may be a text in some encoding; zeros stand in UTF-16 alone."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    controls = sum(byte < 9 or 13 < byte < 27 for byte in head)
    return controls * 20 <= len(head) or head.count(0) * 3 >= len(head)


def _check_directory(path: Path) -> None:
    """Refuse a zip file whose list of members alone takes much memory, before it is read."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL))
        tail = stream.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")  # APPNOTE of ZIP, 4.3.16
    if at >= 0 and len(tail) >= at + 16 and int.from_bytes(tail[at + 12 : at + 16], "little") > MAX_DIRECTORY:
        message = f"its list of members has more than {MAX_DIRECTORY:,} bytes"
        refuse(path.name, "unsafe-archive", message, "open it in its program and save it again")


def _zipped(path: Path) -> str:
    """Return what a zip file is, by the names of its members and its own word for its type."""
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:10_000])
            mimetype = b""
            if "mimetype" in names and archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED:
                with archive.open("mimetype") as stream:
                    mimetype = stream.read(100)
    except Exception:  # whatever is wrong with it, the loader that reads it says so
        return {".docx": "docx", ".docm": "docx", ".odt": "odt"}.get(path.suffix.lower(), "zip")
    for start, kind in (
        (b"application/vnd.oasis.opendocument.text", "odt"), (b"application/epub", "epub"),
        (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
        (b"application/vnd.oasis.opendocument.presentation", "odp"),
    ):  # fmt: skip
        if mimetype.startswith(start):
            return kind
    folders = {name.partition("/")[0] for name in names}
    if "[Content_Types].xml" in names:
        for folder, kind in (("word", "docx"), ("xl", "xlsx"), ("ppt", "pptx")):
            if folder in folders:
                return kind
        return "docx" if path.suffix.lower() in (".docx", ".docm") else "zip"
    if "Index/Document.iwa" in names or ("index.xml" in names and path.suffix.lower() == ".pages"):
        return "pages"
    if "content.xml" in names and path.suffix.lower() == ".odt":
        return "odt"
    return {".docx": "docx", ".odt": "odt"}.get(path.suffix.lower(), "zip")
