"""Decode texts: by a byte order mark, as UTF-8, or as a person says; what is neither is shown and asked.

Nothing is guessed silently: eight bytes of Chinese are Korean in another encoding, and every byte is a letter in
some. A text that is not UTF-8 is refused, and what its first line would read as stands in the finding.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from kg.errors import Finding, StudyError, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, and what a text is encoded as that begins with one."""
CANDIDATES = ("gb18030", "big5", "cp1252", "utf-16-le", "utf-16-be")
"""What a text that is not UTF-8 is tried as."""
SHOWN = 40
"""Characters of a line that is shown."""
MAX_HEAD = 256 * 1024
"""Bytes, or characters, of a file that are looked at to know what it is."""
MAX_SAMPLE = 2000
"""Characters beyond ASCII that are looked at to order the encodings."""

_OF_NAMES = ("gb18030", "big5")
_SURE = 0.8
"""Share of the characters of names that must be likely, so that they are taken for Chinese."""
_ENDS = re.compile("\r\n?")
_NO_TEXT = frozenset(["idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"])
"""Encodings of Python that no text file is written in; some take time by the square of its length."""
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs",
    "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254",
}  # fmt: skip
"""What is meant by some names of encodings (WHATWG Encoding, 4.2), by Python's names: each holds the one named."""
_TYPOGRAPHIC = frozenset("‘’“”«»–—…•·°§€¿¡™©®\xa0")
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


class Decoded(NamedTuple):
    """A decoded text.

    Args:
        text: without a byte order mark.
        bom: whether it began with one.
        encoding: what it was decoded as.
        remarks: warnings about it.
    """

    text: str
    bom: bool
    encoding: str
    remarks: tuple[Finding, ...] = ()


def decode(data: bytes, file: str, encoding: str | None = None, declared: str = "") -> Decoded:
    r"""Decode a text that is to be read as prose: with LF as line ends, and something in it.

    Args:
        data: its bytes.
        file: how a person calls it.
        encoding: what a person says that it is encoded as.
        declared: what it says itself, as a page does; a person's word and a byte order mark come before it.

    Returns:
        The text, and warnings about it.

    Raises:
        StudyError: when it is not UTF-8 and nothing says what it is, or is no text.

    Example:
        >>> decode("\ufeffone\r\ntwo".encode("utf-16"), "a.txt").text
        'one\ntwo'
        >>> decode("访谈".encode("gbk"), "a.txt", encoding="gbk").text
        '访谈'
    """
    decoded = verbatim(data, file, encoding, declared)
    text = decoded.text.removeprefix("\ufeff")  # some programs write the mark twice
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        refuse(file, "nul-byte", "the file contains a NUL byte", "is it a text file?", line)
    text = _ENDS.sub("\n", text)
    if not text.strip():
        refuse(file, "empty-file", "the file is empty", "write its content, or leave it out")
    return decoded._replace(text=text)


def verbatim(data: bytes, file: str, encoding: str | None = None, declared: str = "") -> Decoded:
    """Decode a text whose positions count: every character of it stays, but for a byte order mark.

    Args:
        data: its bytes.
        file: how a person calls it.
        encoding: what a person says that it is encoded as.
        declared: what it says itself, as a page does; a person's word and a byte order mark come before it.

    Returns:
        The text, and warnings about it; it may hold NUL.

    Raises:
        StudyError: when it is not UTF-8 and nothing says what it is.
    """
    mark = next((name for start, name in MARKS if data.startswith(start)), None)
    named = _lookup(encoding, file) if encoding else None
    if named is None and mark is None and declared:
        named = _codec(declared)
    remarks: tuple[Finding, ...] = ()
    if named and mark and not named.startswith(mark):
        message = f"it begins with the byte order mark of {mark.upper()}, and is said to be {named}"
        refuse(file, "wrong-encoding", message, f"leave out --encoding, or use --encoding {mark}", line=1)
    try:
        text = data.decode(named or mark or "utf-8")
    except UnicodeError as e:
        _not_readable(data, file, named or mark or "utf-8", e)
    if "\0" in text and not named and (shown := _readings(data)):
        _ask(file, 0, "it has NUL bytes, as UTF-16 has", shown)
    if named and named != "utf-8" and not data.isascii() and not mark and _is_utf8(data):
        other = _shown(data.decode())
        message = f"it is read as {named}: '{_shown(text)}'; as UTF-8 it would read '{other}'"
        mend = f"if the second is right, {'leave out --encoding' if encoding else 'use --encoding utf-8'}"
        remarks = (Finding(file, 0, "wrong-encoding", message, mend, "warning"),)
    taken = named or mark or "utf-8"
    # These take the mark away themselves.
    text = text if taken in ("utf-16", "utf-32") else text.removeprefix("\ufeff")
    return Decoded(text, mark is not None, taken, remarks)


def only_utf8(data: bytes, file: str) -> Decoded:
    """Decode a file of a study: it is UTF-8, because its digest and positions are those of its bytes.

    Args:
        data: its bytes.
        file: how a person calls it.

    Returns:
        The text; it may hold NUL.

    Raises:
        StudyError: when it is not UTF-8; what it could read as stands in the finding.
    """
    mark = next((name for start, name in MARKS if data.startswith(start)), "utf-8")
    try:
        if mark == "utf-8":
            return Decoded(data.decode("utf-8-sig"), data.startswith(codecs.BOM_UTF8), mark)
        line, message = 1, f"the file is {mark.upper()}"
    except UnicodeDecodeError as e:
        line, message = data[: e.start].count(b"\n") + 1, f"byte 0x{data[e.start]:02x} is not UTF-8"
    mend = "save the file as UTF-8"
    if mark == "utf-8" and (readings := _readings(data, 1)):
        mend += f"; as {readings[0][0]} it reads '{readings[0][1]}'"
    raise StudyError([Finding(file, line, "wrong-encoding", message, mend)])


def glance(data: bytes) -> str:
    """Return what the beginning of a text reads as most likely, to know what it is, and never to keep.

    Args:
        data: the first bytes of a file, which may end inside a character.
    """
    mark = next((name for start, name in MARKS if data.startswith(start)), "utf-8")
    text = data.decode(mark, "replace").removeprefix("\ufeff")
    if "\ufffd" in text[:-1] and (likely := _readings(data, cut=True)):
        return data.decode(likely[0][0], "replace")
    return text


def named(names: Iterable[bytes]) -> str:
    """Return the encoding of names that do not say theirs: of the members of a zip file, say.

    The standard of zip files means code page 437 then; what programs wrote is UTF-8 where it is UTF-8, Chinese where
    nearly all characters are frequent ones in one of its encodings, and 437 else.

    Args:
        names: the bytes of the names that are not ASCII.

    Returns:
        ``utf-8``, ``gb18030``, ``big5`` or ``cp437``.

    Example:
        >>> named(["访谈一".encode("gbk")]), named(["Café".encode("cp437")]), named(["Café".encode()])
        ('gb18030', 'cp437', 'utf-8')
    """
    data = b"/".join(names)
    if _is_utf8(data):
        return "utf-8"
    scores = {}
    for encoding in _OF_NAMES:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        scores[encoding] = _likelihood(text, encoding)
    best = max(scores, key=lambda encoding: scores[encoding], default="cp437")
    return best if scores.get(best, 0) >= _SURE else "cp437"


def _codec(name: str) -> str | None:
    """Return the encoding that is called so, by Python's name; None when there is none."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    # What is no text encoding, as base64, decodes bytes to bytes.
    if not getattr(found, "_is_text_encoding", True) or found.name in _NO_TEXT:
        return None
    return _MEANT.get(found.name, "utf-8" if found.name == "utf-8-sig" else found.name)


def _lookup(name: str, file: str) -> str:
    """Return the encoding that a person names."""
    found = _codec(name)
    if found is None:
        mend = f"use one such as {', '.join(CANDIDATES[:4])}"
        refuse(file, "wrong-encoding", f"there is no encoding {name[:40]!a}", mend)
    return found


def _not_readable(data: bytes, file: str, encoding: str, e: UnicodeError) -> NoReturn:
    """Refuse a text whose bytes are not what they should be, and show what they could be."""
    at = e.start if isinstance(e, UnicodeDecodeError) else 0
    byte = f"byte 0x{data[at]:02x}" if at < len(data) else "its end"
    _ask(file, data[:at].count(b"\n") + 1, f"{byte} is not {encoding.upper()}", _readings(data))


def _ask(file: str, line: int, message: str, readings: Sequence[tuple[str, str]]) -> NoReturn:
    """Refuse a text with what its first line could read."""
    if not readings:
        mend = "save it as UTF-8, or name its encoding: --encoding NAME, such as cp1251 or shift_jis"
        refuse(file, "wrong-encoding", message, mend, line)
    listed = "; ".join(f"--encoding {name} reads '{shown}'" for name, shown in readings)
    refuse(file, "wrong-encoding", message, f"take the one that reads right, or name another: {listed}", line)


def _readings(data: bytes, most: int = 3, *, cut: bool = False) -> list[tuple[str, str]]:
    """Return the likeliest encodings of a text, or one cut anywhere, with its first telling line, best first."""
    found = []
    for name in CANDIDATES:
        try:
            text = codecs.getincrementaldecoder(name)().decode(data, final=not cut)
        except UnicodeError:
            continue
        # Only a text file is meant: one with control characters is none.
        score = 0.0 if _CONTROLS.search(text) else _likelihood(text[:MAX_HEAD], name)
        # Any two bytes are a character of UTF-16.
        if score >= (0.7 if name.startswith("utf-16") else 0.01):
            found.append((-score, CANDIDATES.index(name), name, _shown(text)))
    return [(name, shown) for _, _, name, shown in sorted(found)[:most]]


def _likelihood(text: str, encoding: str) -> float:
    """Return the share of the characters beyond ASCII that a text in an encoding is likely to have."""
    wide = encoding.startswith("utf-16")
    places = [at for at, character in enumerate(text) if wide or not character.isascii()][:MAX_SAMPLE]
    likely = sum(_likely(text, at, encoding) for at in places)
    return likely / len(places) if places else 0.0


def _likely(text: str, at: int, encoding: str) -> bool:
    character = text[at]
    if encoding == "cp1252":
        around = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
        return character in _TYPOGRAPHIC or (character.isalpha() and any(c.isascii() and c.isalpha() for c in around))
    if character.isascii():
        return True
    if encoding == "big5":
        return _frequent(character, "big5", 0xA4, 0xC6)
    if encoding == "gb18030":
        return _frequent(character, "gb2312", 0xB0, 0xD7)
    return _frequent(character, "gb2312", 0xB0, 0xD7) or _frequent(character, "big5", 0xA4, 0xC6)


def _frequent(character: str, encoding: str, first: int, last: int) -> bool:
    """Say whether a character is punctuation or one of the frequent ones, which an encoding has in its first rows."""
    try:
        lead = character.encode(encoding)[0]
    except UnicodeEncodeError:
        return False
    return first <= lead <= last or lead in (0xA1, 0xA3)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _shown(text: str) -> str:
    """Return the beginning of the first line that tells encodings apart."""
    lines = [line.strip() for line in text[:MAX_HEAD].splitlines() if line.strip()]
    line = next((line for line in lines if not line.isascii()), lines[0] if lines else "")
    at = next((at for at, character in enumerate(line) if not character.isascii()), 0)
    start = max(0, at - SHOWN // 2)
    return f"{'…' if start else ''}{line[start : start + SHOWN]}{'…' if len(line) > start + SHOWN else ''}"
