"""Find the documents that a person names: files, those of folders, and those of zip files, which are unpacked aside."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import Finding, StudyError
from kg.loaders._files import MAX_BYTES
from kg.loaders.imports.safe import MAX_TOTAL, Archive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST = 5_000
"""Files of one command."""
_CHINESE = ("gb18030", "big5")
"""What names in a zip file are read as by their likelihood alone, which is said."""


class Found(NamedTuple):
    """A file that may be a document.

    Args:
        path: where it can be read.
        name: its own name.
        shown: how a person calls it: with the folder or zip file that it was found in.
    """

    path: Path
    name: str
    shown: str


def find(paths: Iterable[Path], study: Path, aside: Path, findings: list[Finding]) -> Iterator[Found]:
    """Give the files that are named, in this order; those of a folder or zip file sorted by name.

    Hidden files are left out, and what programs leave beside documents (``~$talk.docx``, ``__MACOSX``), and the study
    itself where a folder holds it.

    Args:
        paths: what a person names.
        study: the study that they are added to.
        aside: an empty folder, into which members of zip files are unpacked.
        findings: where it is added what cannot be read.
    """
    number = 0
    for path in paths:
        here = (
            _folder(path, study) if path.is_dir() else _archive(path, aside, findings) if _is_zip(path) else _file(path)
        )
        try:
            for found in here:
                number += 1
                if number > MOST:
                    message = f"there are more than {MOST:,} files"
                    findings.append(Finding(str(path), 0, "file-too-big", message, "add them in parts"))
                    return
                yield found
        except StudyError as e:
            findings += e.findings
        except OSError as e:
            message = f"cannot be read: {e.strerror or e}"
            findings.append(Finding(str(path), 0, "unreadable-file", message, "mend its permissions"))


def _file(path: Path) -> Iterator[Found]:
    yield Found(path, path.name, path.name)


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and path.is_file()


def _is_left_out(name: str) -> bool:
    return name.startswith((".", "~$")) or name in ("__MACOSX", "Thumbs.db", "desktop.ini")


def _folder(folder: Path, study: Path) -> Iterator[Found]:
    for below, folders, files in os.walk(folder):
        here = folder / os.path.relpath(below, folder)
        folders[:] = sorted(
            name for name in folders if not _is_left_out(name) and (here / name).resolve() != study.resolve()
        )
        for name in sorted(files):
            if not _is_left_out(name):
                path = here / name
                yield Found(path, name, f"{folder.name}/{path.relative_to(folder).as_posix()}")


def _archive(path: Path, aside: Path, findings: list[Finding]) -> Iterator[Found]:
    archive = Archive(path)
    if archive.encoding in _CHINESE:
        name = next(name for name in archive.names() if not name.isascii())
        message = f"names in it do not say how they are encoded, and are read as {archive.encoding}, such as '{name}'"
        findings.append(Finding(path.name, 0, "wrong-encoding", message, "unpack it, and add the folder", "warning"))
    place = Path(tempfile.mkdtemp(dir=aside))
    left = MAX_TOTAL
    try:
        for number, member in enumerate(archive.names()):
            parts = member.split("/")
            if any(map(_is_left_out, parts)):
                continue
            shown = f"{path.name}: {member}"
            size = archive.size(member)
            left -= size
            if size > MAX_BYTES or left < 0:
                message = f"the file has {size:,} bytes, more than {MAX_BYTES if left >= 0 else left + size:,}"
                findings.append(Finding(shown, 0, "file-too-big", message, "split it"))
                continue
            # No name of an archive becomes a path, but for its suffix.
            suffix = os.path.splitext(parts[-1])[1]
            unpacked = place / f"{number}{suffix if suffix[1:].isalnum() and len(suffix) < 10 else ''}"
            try:
                unpacked.write_bytes(archive.read(member))
            except StudyError as e:
                findings += e.findings
                continue
            yield Found(unpacked, parts[-1], shown)
    finally:
        archive.close()
