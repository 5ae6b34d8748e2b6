"""Read a text file of a study, and say what state it was in when it was read."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import Finding, StudyError, near
from kg.inputs import File, state
from kg.loaders import encoding

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 100 * 1024 * 1024
"""Bytes of a file that is read."""


class FileText(NamedTuple):
    """A text file as it was read.

    Args:
        text: without a byte order mark.
        bom: whether it began with one.
        file: its state, with the SHA-256 of the very bytes that gave the text.
    """

    text: str
    bom: bool
    file: File


def read(path: Path, name: str, findings: list[Finding]) -> FileText | None:
    """Read a UTF-8 file, or say in findings why it cannot be read.

    Args:
        path: the file.
        name: how findings call it.
        findings: where what is wrong is added.

    Returns:
        The text and the file's state, or None when it cannot be used.
    """
    try:
        if not path.is_file():
            findings.append(Finding(name, 0, "missing-file", "there is no such file", _alike(path, name)))
            return None
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            data = stream.read(MAX_BYTES + 1)
    except OSError as e:
        findings.append(Finding(name, 0, "unreadable-file", f"cannot be read: {e.strerror}", "mend its permissions"))
        return None
    if len(data) > MAX_BYTES:
        message = f"the file has {max(status.st_size, len(data)):,} bytes, more than {MAX_BYTES:,}"
        findings.append(Finding(name, 0, "file-too-big", message, "split it"))
        return None
    try:
        decoded = encoding.only_utf8(data, name)
    except StudyError as e:
        findings += e.findings
        return None
    text = decoded.text
    if not text.strip():
        findings.append(Finding(name, 0, "empty-file", "the file is empty", "write its content, or remove it"))
        return None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        findings.append(Finding(name, line, "nul-byte", "the file contains a NUL byte", "is it a text file?"))
        return None
    return FileText(text, decoded.bom, state(status, hashlib.sha256(data).hexdigest()))


def _alike(path: Path, name: str) -> str:
    """Suggest the file beside one that is missing whose name comes nearest."""
    with suppress(OSError):
        beside = [other.name for other in path.parent.iterdir() if other.is_file()]
        if (suggestion := near(path.name, beside, "a file here")).startswith("did you mean"):
            return f"create {name}, or mend its name: {suggestion}"
    return f"create {name}, or mend the path"
