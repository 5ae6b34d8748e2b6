"""What an import took, what it did not take, and what a person should read: the report and its file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import SHOWN
from kg.loaders import _yaml, _yaml_write

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from kg.loaders.imports.readings import Chosen

FOLDER = "imports"


@dataclass(slots=True)
class Report:
    """A report of what became of a file.

    Args:
        file: its name.
        format: one of :data:`kg.loaders.imports.FORMATS`.
        study: the study's folder.
        name: how this import is called in the study's folder ``imports``.
        digest: SHA-256 of the file and of what was said about it.
        day: the day that stands for one that the file does not have: that of the first import.
        reading: how its positions were read; None when it has none.
        claims: whether the study has propositions.
        fresh: whether anything was written; False when this very file was imported before.
        taken: how many of what were taken.
        unconfirmed: how many passages are kept but not counted, by reason.
        lost: how many elements of which kind were not taken.
        said: sentences a person should read.
        changes: what is different from the import before.
        ids: our ids by kind and the file's key.
        files: SHA-256 of every file that belongs to the import, by path in the study.
    """

    file: str
    format: str
    study: Path
    name: str
    digest: str
    day: datetime.date
    reading: Chosen | None = None
    claims: bool = False
    fresh: bool = True
    taken: Counter[str] = field(default_factory=Counter)
    unconfirmed: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Return the path of the report's file in the study."""
        return f"{FOLDER}/{self.name}.yaml"

    def summary(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``, in plain values."""
        reading = self.reading
        return {
            "file": self.file,
            "format": self.format,
            "study": str(self.study),
            "fresh": self.fresh,
            "reading": {"positions": str(reading.reading), "sure": reading.sure, "why": reading.why}
            if reading
            else None,
            "taken": _sorted(self.taken),
            "unconfirmed": _sorted(self.unconfirmed),
            "lost": _sorted(self.lost),
            "said": self.said,
            "changes": self.changes,
        }

    def text(self) -> str:
        """Return the report for a person, several lines."""
        from kg.loaders.imports import formats

        title = formats()[self.format].title
        if not self.fresh:
            return f"{self.file} ({title}): unchanged since it was imported into {self.study}"
        lines = [f"{self.file} ({title}) -> {self.study}"]
        lines.append("taken: " + (", ".join(_counted(n, what) for what, n in self.taken.items() if n) or "nothing"))
        if self.reading:
            lines.append(f"positions: {self.reading.reading} ({self.reading.sure}: {self.reading.why})")
        for head, counts in (
            ("not confirmed, so not counted as evidence ('kg check' shows each):", self.unconfirmed),
            ("not taken:", self.lost),
        ):
            if any(counts.values()):
                width = max(len(f"{n:,}") for n in counts.values())
                lines += [head, *(f"  {n:>{width},}  {what}" for what, n in _sorted(counts).items())]
        for head, sentences in (("different from the study as it was:", self.changes), ("please read:", self.said)):
            if sentences:
                lines += [head, *(f"  {sentence}" for sentence in sentences[:SHOWN])]
                lines += [f"  and {len(sentences) - SHOWN:,} more; --json shows all"] * (len(sentences) > SHOWN)
        return "\n".join(lines)

    def write(self, folder: Path) -> None:
        """Write the report's file.

        Args:
            folder: a study folder.
        """
        content = self.summary()
        del content["study"], content["fresh"], content["changes"]
        content |= {"sha256": self.digest, "day": self.day.isoformat()}
        content |= {
            "ids": {kind: ids for kind, ids in self.ids.items() if ids},
            "files": dict(sorted(self.files.items())),
        }
        path = folder / self.path
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)  # it may be a link to the study's own
        head = "# What 'kg import' took from a file and what it did not; it is read when the file is imported again.\n"
        path.write_text(head + _yaml_write.dump(content), "utf-8", newline="\n")


def _counted(number: int, what: str) -> str:
    """Count, with one thing in the singular."""
    return f"1 {re.sub(r's(?= |$)', '', what, count=1)}" if number == 1 else f"{number:,} {what}"


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {what: number for what, number in sorted(counts.items()) if number}


def before(folder: Path, name: str) -> dict[str, Any]:
    """Read what the import before this one left: its digest, day, ids and files.

    Args:
        folder: the study's folder.
        name: how the import is called.

    Returns:
        The content of its file; empty when there was none or it is not what we write.
    """
    path = folder / FOLDER / f"{name}.yaml"
    loaded = _yaml.read(path, path.name, []) if path.is_file() else None
    content = loaded[0] if loaded else None
    if not isinstance(content, dict) or not all(isinstance(content.get(k), dict) for k in ("ids", "files")):
        return {}
    return content
