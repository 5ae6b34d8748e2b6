"""What lies in a study's folder and is no part of the study: a file that is misnamed, or listed nowhere."""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING

from kg import filenames, page_map
from kg.errors import Finding, near
from kg.inputs import BY_SOURCE
from kg.loaders import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.loaders._reader import Reader

FILES = (
    "study.yaml",
    "codebook.yaml",
    "propositions.yaml",
    "concepts.yaml",
    "agreement.yaml",
    "confidence.yaml",
    "arrangements.yaml",
    "references.json",
)
"""The files of a study that lie in its folder itself."""
ORIGINALS = "sources/originals"
"""Folder of the files that the texts of sources were made of."""
_BESIDE = ("schema", "imports", "edits", "lost+found")
"""Folders that the commands, or a disk, keep beside a study."""


def look(reader: Reader) -> None:
    """Say which files of a study's folder are not read: each that looks like a part of it, and how many others.

    Args:
        reader: the study's reader after all was read, which takes the findings.
    """
    others: list[str] = []
    # A disk of macOS may give names in another Unicode form than study.yaml has them in.
    read = {unicodedata.normalize("NFC", name) for name, file in reader.files.items() if file}
    _portable(reader)
    for name in _names(reader.folder):
        if unicodedata.normalize("NFC", name) in read or _belongs(name, reader):
            continue
        mend = _mend(name)
        if mend:
            reader.findings.append(Finding(name, 0, "file-not-read", f"'{name}' is not read", mend, "warning"))
        else:
            others.append(name)
    if others:
        shown = ", ".join(others[:5]) + (" …" if len(others) > 5 else "")
        what = "1 file or folder is" if len(others) == 1 else f"{len(others):,} files or folders are"
        message = f"{what} no part of the study: {shown}"
        reader.findings.append(Finding("study.yaml", 0, "file-not-read", message, "nothing, if that is meant", "note"))


def _portable(reader: Reader) -> None:
    """Say which files that are read could not be held beside each other by Windows or macOS."""
    seen: dict[str, str] = {}
    for name in sorted(name for name, file in reader.files.items() if file):
        at = seen.setdefault(filenames.alike(name), name)
        if filenames.forbidden(name):
            message, mend = f"Windows cannot hold a file named '{name}'", "rename it if the study is for others, too"
        elif at != name:
            message = f"on macOS and Windows '{at}' and '{name}' are one file"
            mend = "rename one if the study is for others, too"
        else:
            continue
        reader.findings.append(Finding(at, 0, "name-not-portable", message, mend, "note"))


def _belongs(name: str, reader: Reader) -> bool:
    """Say whether a file is what each page of a PDF gave to a text, which is only read when a page is looked at."""
    stem = name.removesuffix(page_map.SUFFIX)
    return stem != name and f"{stem}.places.json" in reader.files


def _names(folder: Path) -> Iterator[str]:
    """Give the names of the files that might be a study's, sorted; of other folders their own name."""
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.name.startswith(".") or entry.name in _BESIDE:
            continue
        is_folder = os.path.isdir(entry.path)  # which links in a circle are not
        if entry.name in BY_SOURCE and is_folder:
            yield from (f"{entry.name}/{name}" for name in sorted(os.listdir(entry)) if not name.startswith("."))
        elif entry.name == "sources" and is_folder:
            for below, folders, files in os.walk(entry.path):
                place = os.path.relpath(below, folder).replace(os.sep, "/")
                kept = (name for name in folders if not name.startswith(".") and f"{place}/{name}" != ORIGINALS)
                folders[:] = sorted(kept)
                yield from (f"{place}/{name}" for name in sorted(files) if not name.startswith("."))
        else:
            yield f"{entry.name}/" if is_folder else entry.name


def _mend(name: str) -> str:
    """Say what to do with a file that looks like a part of a study; nothing for any other."""
    stem, dot, suffix = name.rpartition(".")
    part, slash, _ = name.partition("/")
    if slash and part in BY_SOURCE:
        return f"{part} are read from {part}/*.yaml: call it '{(stem if dot else name)}.yaml', or move it out"
    if f".{suffix.lower()}" in SOURCES and name.startswith("sources/"):
        return "list it under 'sources' in study.yaml, or move it out"
    if name in (*BY_SOURCE, "sources"):
        return f"'{name}' is a folder in a study"
    if "/" not in name and suffix.lower() in ("yaml", "yml", "json"):
        return near(name, FILES, "a file here")
    return ""
