"""What every part of a study is read with: lines, findings, and checks of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kg.errors import Finding
from kg.records import FILES, Record
from loaders import _yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from kg.progress import Progress

Place = tuple[Any, ...]
"""Where a value stands in a YAML file: keys and indexes from its root."""


class Reader:
    """Read the files of one study and collect all that is wrong with them.

    Args:
        folder: the study's folder.
        progress: called with the step, how many files of it are done, and how many there are.
    """

    def __init__(self, folder: Path, progress: Progress) -> None:
        self.folder, self.progress = folder, progress
        self.findings: list[Finding] = []
        self.lines: dict[str, _yaml.Lines] = {}
        self.places: dict[tuple[str, str], tuple[str, int]] = {}

    def inside(self, name: str) -> bool:
        """Say whether a path, with its symbolic links followed, lies in the study folder."""
        return (self.folder / name).resolve().is_relative_to(self.folder.resolve())

    def error(self, file: str, path: Place, rule: str, message: str, mend: str = "", severity: str = "error") -> None:
        """Add a finding at the line of the value at ``path``."""
        lines = self.lines.get(file, {})
        while path and path not in lines:
            path = path[:-1]
        self.findings.append(Finding(file, lines.get(path, 0), rule, message, mend, severity))

    def read(self, name: str, schema: str) -> Any:
        """Read and validate one YAML file, or return None."""
        if not self.inside(name):
            self.findings.append(
                Finding(name, 0, "outside-study", f"'{name}' leads out of the study folder", "copy it in")
            )
            return None
        result = _yaml.read(self.folder / name, name, self.findings)
        if result is None:
            return None
        value, self.lines[name] = result
        model = FILES[schema]
        try:
            return model.model_validate(value if value is not None else {})
        except ValidationError as e:
            for problem in e.errors():
                where = tuple(problem["loc"])
                if problem["type"] == "extra_forbidden":
                    known = _fields(model, where[:-1])
                    self.error(
                        name,
                        where,
                        "unknown-key",
                        f"unknown key '{where[-1]}'",
                        near(str(where[-1]), known, "a key here"),
                    )
                else:
                    shown = ".".join(str(part) for part in where)
                    self.error(name, where, "invalid-value", f"{shown}: {problem['msg']}", f"see 'kg schema {schema}'")
            return None

    def known(self, file: str, path: Place, word: str | None, ids: Collection[str], kind: str) -> bool:
        """Check that an id exists."""
        if word is None or word in ids:
            return True
        self.error(file, path, f"unknown-{kind}", f"unknown {kind} '{word}'", near(word, ids, f"a {kind}"))
        return False

    def unique(self, file: str, key: str, items: Iterable[Any], kind: str) -> dict[str, Any]:
        """Index records by id; a second one with the same id is an error."""
        found: dict[str, Any] = {}
        for index, item in enumerate(items):
            if item.id in found:
                self.error(
                    file, (key, index, "id"), "duplicate-id", f"the {kind} '{item.id}' stands here twice", "rename one"
                )
            found[item.id] = item
            self.places[kind, item.id] = (file, self.lines.get(file, {}).get((key, index), 0))
        return found

    def acyclic(self, file: str, key: str, items: dict[str, Any]) -> None:
        """Check that ``broader`` never leads back to where it began."""
        fine: set[str] = set()
        for index, item in enumerate(items.values()):
            seen, at = {item.id: None}, item.broader
            while at in items and at not in seen and at not in fine:
                seen[at] = None
                at = items[at].broader
            if at not in seen:
                fine.update(seen)
            if at == item.id:
                loop = " -> ".join([*seen, item.id])
                self.error(
                    file,
                    (key, index, "broader"),
                    "cyclic-broader",
                    f"broader leads in a circle: {loop}",
                    "remove one 'broader'",
                )

    def line(self, file: str, path: Place) -> int:
        """Return the line of a value, 1-based; 0 when it is not known."""
        return self.lines.get(file, {}).get(path, 0)

    def errors(self) -> list[Finding]:
        """Return the findings that forbid a build."""
        return [f for f in self.findings if f.severity == "error"]


def near(word: str, known: Collection[str], kind: str) -> str:
    """Suggest the nearest right thing.

    Args:
        word: what was written.
        known: what would have been right.
        kind: what these are called.

    Returns:
        A sentence.
    """
    from rapidfuzz import process

    best = process.extractOne(word, sorted(known), score_cutoff=60)
    if best:
        return f"did you mean '{best[0]}'?"
    some = sorted(known)[:8]
    return (
        f"{kind} is one of: {', '.join(some)}{' …' if len(known) > len(some) else ''}"
        if some
        else f"there is no {kind} yet"
    )


def _fields(model: type[Record], where: tuple[Any, ...]) -> list[str]:
    """Return the keys allowed at a place inside a model."""
    schema: Any = model.model_json_schema()
    at: Any = schema
    for part in where:
        at = at.get("items", {}) if isinstance(part, int) else at.get("properties", {}).get(part, {})
        for option in (at, *at.get("anyOf", ())):
            if "$ref" in option:
                at = schema["$defs"][option["$ref"].rsplit("/", 1)[1]]
    return sorted(at.get("properties", {}))
