"""The files that a build was made of, and whether they are still the same.

As git does, a file is first compared by its size and times, which costs no reading, and by its SHA-256 when these
differ, or when it was changed so shortly before it was written down that another change could have the same times.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import paths
from kg.files import file_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

GRANULARITY = 2_000_000_000
"""Nanoseconds within which two changes can have the same time: those of FAT."""


class File(NamedTuple):
    """The state of a file when it was read.

    Args:
        size: in bytes.
        modified: when its content changed (nanoseconds since 1970).
        changed: when its content or its entry changed, which a copy of old times changes too.
        sha256: of its bytes.
    """

    size: int
    modified: int
    changed: int
    sha256: str


def state(status: os.stat_result, sha256: str) -> File:
    """Describe a file.

    Args:
        status: of the file, asked for before it was read.
        sha256: of the bytes that were read.
    """
    return File(status.st_size, status.st_mtime_ns, status.st_ctime_ns, sha256)


class Inputs(NamedTuple):
    """The state of all files that a build reads.

    Args:
        format: of the graph and its tables.
        study: files of the study by their name in it; None for one that may be there and was not.
        shipped: files of the package by the name of their folder and their own.
    """

    format: str
    study: Mapping[str, File | None]
    shipped: Mapping[str, File]

    def write(self, file: Path) -> None:
        """Write it down, whole or not at all.

        Args:
            file: where.
        """
        from kg.files import write_whole

        write_whole(file, json.dumps(self._asdict(), ensure_ascii=False, sort_keys=True).encode())


def _read(file: Path) -> Inputs | None:
    """Read what was written down; None when it is not what this version writes."""
    try:
        stored: dict[str, Any] = json.loads(file.read_text("utf-8"))
        study = {name: File(*entry) if entry else None for name, entry in stored["study"].items()}
        shipped = {name: File(*entry) for name, entry in stored["shipped"].items()}
        return Inputs(stored["format"], study, shipped)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def shipped() -> dict[str, File]:
    """Describe the files of the package that a build reads: ontology, queries that tables are made by, and words."""
    return {name: state(path.stat(), file_digest(path)) for name, path in _shipped().items()}


def version(form: str) -> str:
    """Return what is the same wherever the same graphs and tables are made of a study.

    Args:
        form: the format of graphs and tables.
    """
    listed = sorted((name, file.sha256) for name, file in shipped().items())
    return f"{form}-{hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:16]}"


_SHIPPED = (("ontology", "*"), ("queries", "*.rq"), ("queries", "*.sql"), ("language", "*.toml"), ("language", "*.txt"))
"""Folders of the package, and which of their files a build reads."""


def _shipped() -> dict[str, Path]:
    return {
        f"{folder}/{path.name}": path
        for folder, pattern in _SHIPPED
        for path in sorted(paths.shipped(folder).glob(pattern))
        if path.is_file()
    }


BY_SOURCE = ("codings", "readings")
"""The folders of a study whose files each name the source that they are about."""


def listed(folder: Path, part: str) -> list[str]:
    """List the files of a part of a study by their names in it, sorted.

    Args:
        folder: the study's folder.
        part: one of :data:`BY_SOURCE`.
    """
    try:
        names = os.listdir(folder / part)
    except OSError:
        return []
    return sorted(f"{part}/{name}" for name in names if name.endswith(".yaml") and name[0] != ".")


def unchanged(folder: Path, file: Path, form: str) -> bool:
    """Say whether the files that a build was made of are as they were.

    Args:
        folder: the study's folder.
        file: where they were written down; when only their times differ, these are written down anew.
        form: the format of graphs and tables that is made now.
    """
    there = _shipped()
    before = _made_by_this(file, form, there)
    if before is None:
        return False
    for part in BY_SOURCE:
        if [n for n in sorted(before.study) if n.startswith(f"{part}/") and n.endswith(".yaml")] != listed(
            folder, part
        ):
            return False
    now = _compared(folder, before, file, there)
    if any(entry is None and os.path.lexists(folder / name) for name, entry in now.study.items()):
        return False
    pairs = [
        *((entry, now.study[name]) for name, entry in before.study.items()),
        *((entry, now.shipped[name]) for name, entry in before.shipped.items()),
    ]
    if any(old and new and old.sha256 != new.sha256 for old, new in pairs):
        return False
    # What had to be read is written down with a later time, so that it need not be read again.
    if any(old is not new for old, new in pairs):
        with suppress(OSError):  # a cache may be read only
            now.write(file)
    return True


def kept(folder: Path, file: Path, form: str) -> dict[str, File] | None:
    """Return the files of a study that are as they were when a build was made of it, by their name.

    Args:
        folder: the study's folder.
        file: where they were written down.
        form: the format of graphs and tables that is made now.

    Returns:
        The files; None where the build is not one that this version would make of them.
    """
    shipped = _shipped()
    before = _made_by_this(file, form, shipped)
    if before is None:
        return None
    now = _compared(folder, before, file, shipped)
    if any(now.shipped[name].sha256 != entry.sha256 for name, entry in before.shipped.items()):
        return None
    return {
        name: there
        for name, entry in before.study.items()
        if entry and (there := now.study[name]) and there.sha256 == entry.sha256
    }


def same(folder: Path, files: Mapping[str, File], written: int) -> dict[str, File] | None:
    """Return how files are now, if all of them are as they were.

    Args:
        folder: the study's folder.
        files: how they were, by their name.
        written: when that was written down (nanoseconds since 1970).
    """
    now = {name: _now(os.fspath(folder / name), before, written) for name, before in files.items()}
    return now if all(now[name].sha256 == before.sha256 for name, before in files.items()) else None


def _made_by_this(file: Path, form: str, shipped: Mapping[str, Path]) -> Inputs | None:
    """Return what a build was made of, if it has the format and the names of the files that are read now."""
    before = _read(file)
    return before if before and before.format == form and before.shipped.keys() == shipped.keys() else None


def _compared(folder: Path, before: Inputs, file: Path, shipped: Mapping[str, Path]) -> Inputs:
    """Describe files as they are now, by what was written down where nothing speaks for a change."""
    written, root = file.stat().st_mtime_ns, os.fspath(folder)
    return Inputs(
        before.format,
        {name: _now(f"{root}/{name}", entry, written) if entry else None for name, entry in before.study.items()},
        {name: _now(os.fspath(shipped[name]), entry, written) for name, entry in before.shipped.items()},
    )


def _now(path: str, before: File, written: int) -> File:
    """Describe a file as it is now, by what was written down when nothing speaks for a change."""
    try:
        status = os.stat(path)
        if status.st_size != before.size:
            return state(status, "")
        settled = max(status.st_mtime_ns, status.st_ctime_ns) < written - GRANULARITY
        if settled and state(status, before.sha256) == before:
            return before
        return state(status, file_digest(Path(path)))
    except OSError:
        return File(0, 0, 0, "")
