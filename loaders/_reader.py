"""What every part of a study is read with: lines, findings, and checks of ids."""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kg.errors import SHOWN, Finding, near
from kg.loaders import _files, _yaml, _yaml_write
from kg.records import FILES, Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from kg.loaders._files import FileText
    from kg.progress import Progress
    from kg.store.inputs import File

Place = tuple[Any, ...]
"""Where a value stands in a YAML file: keys and indexes from its root."""
_CIRCLE = 8
"""Records of a circle that are named."""


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
        self.files: dict[str, File | None] = {}
        self._counts: Counter[str] = Counter()

    def inside(self, name: str) -> bool:
        """Say whether a path, with its symbolic links followed, lies in the study folder."""
        try:
            return (self.folder / name).resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError):  # links that lead in a circle
            return False

    def has(self, name: str) -> bool:
        """Say whether there is a file that need not be there; a link that leads nowhere is one."""
        if os.path.lexists(self.folder / name):
            return True
        self.files[name] = None
        return False

    def text(self, name: str) -> FileText | None:
        """Read a text file, and remember in which state it was."""
        if not self.inside(name):
            self.findings.append(
                Finding(name, 0, "outside-study", f"'{name}' leads out of the study folder", "copy it in")
            )
            return None
        file = _files.read(self.folder / name, name, self.findings)
        if file:
            self.files[name] = file.file
        return file

    def error(self, file: str, path: Place, rule: str, message: str, mend: str = "", severity: str = "error") -> None:
        """Add a finding at the line of the value at ``path``."""
        lines = self.lines.get(file, {})
        while path and path not in lines:
            path = path[:-1]
        self.findings.append(Finding(file, lines.get(path, 0), rule, message, mend, severity))

    def read(self, name: str, schema: str) -> Any:
        """Read and validate one YAML file, or return None."""
        file = self.text(name)
        result = _yaml.parse(file.text, name, self.findings) if file else None
        if result is None:
            return None
        value, self.lines[name] = result
        try:
            return FILES[schema].model_validate(value if value is not None else {})
        except ValidationError as e:
            for problem in e.errors():
                self._invalid(name, schema, problem)
            return None

    def _invalid(self, file: str, schema: str, problem: ErrorDetails) -> None:
        """Add a finding for a value that is not as its schema asks."""
        where, value = problem["loc"], problem["input"]
        shown, word = ".".join(map(str, where)), str(where[-1]) if where else ""
        rule, message, mend = "invalid-value", f"{shown}: {problem['msg']}", f"see 'kg schema {schema}'"
        if problem["type"] == "extra_forbidden":
            rule, message = "unknown-key", f"unknown key '{word}'"
            mend = self.near(rule, word, _fields(FILES[schema], where[:-1]), "a key here")
        elif problem["type"] == "missing":
            message = f"the key '{word}' is missing"
            mend = f"add '{word}: …'; {mend}"
        elif problem["type"] == "literal_error":
            expected = problem["ctx"]["expected"].replace("' or '", "', '")
            message, mend = f"{shown}: '{value}' is none of {expected}", f"write one of these; {mend}"
        elif isinstance(value, str) and problem.get("ctx", {}).get("class_name") == "Label":
            message = f"{shown}: a text stands where its languages are named"
            mend = f"write '{word}: {{en: {_yaml_write.scalar(value)}}}'"
        elif problem["type"] in ("tuple_type", "list_type"):
            message, mend = f"{shown}: one value stands where a list is meant", f"write '{word}: [{value}]'; {mend}"
        self.error(file, where, rule, message, mend)

    def near(self, rule: str, word: str, ids: Collection[str], kind: str) -> str:
        """Suggest the nearest right thing, if the finding is one of those of its rule that are shown."""
        return near(word, ids, kind) if self.shown(rule) else ""

    def shown(self, rule: str) -> bool:
        """Count a finding of a rule, and say whether it will be shown: what explains it takes long to find."""
        self._counts[rule] += 1
        return self._counts[rule] <= SHOWN

    def known(self, file: str, path: Place, word: str | None, ids: Collection[str], kind: str) -> bool:
        """Check that an id exists."""
        if word is None or word in ids:
            return True
        mend = self.near(rule := f"unknown-{kind}", word, ids, f"a {kind}")
        self.error(file, path, rule, f"unknown {kind} '{word}'", mend)
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
        ended: set[str] = set()
        places = {identifier: index for index, identifier in enumerate(items)}
        for first in items:
            walked: dict[str, None] = {}
            at = first
            while at in items and at not in ended and at not in walked:
                walked[at] = None
                at = items[at].broader
            ended.update(walked)
            if at in walked:
                circle = list(walked)[list(walked).index(at) :]
                start = min(circle, key=places.__getitem__)
                turned = circle[circle.index(start) :] + circle[: circle.index(start)]
                shown = [*turned[:_CIRCLE], "…"] if len(turned) > _CIRCLE else turned
                message = f"broader leads in a circle: {' -> '.join([*shown, start])}"
                self.error(file, (key, places[start], "broader"), "cyclic-broader", message, "remove one 'broader'")

    def line(self, file: str, path: Place) -> int:
        """Return the line of a value, 1-based; 0 when it is not known."""
        return self.lines.get(file, {}).get(path, 0)

    def errors(self) -> list[Finding]:
        """Return the findings that forbid a build."""
        return [f for f in self.findings if f.severity == "error"]


def _fields(model: type[Record], where: tuple[Any, ...]) -> list[str]:
    """Return the keys allowed at a place inside a model."""
    schema: Any = _schema(model)
    at: Any = schema
    for part in where:
        at = at.get("items", {}) if isinstance(part, int) else at.get("properties", {}).get(part, {})
        for option in (at, *at.get("anyOf", ())):
            if "$ref" in option:
                at = schema["$defs"][option["$ref"].rsplit("/", 1)[1]]
    return sorted(at.get("properties", {}))


@cache
def _schema(model: type[Record]) -> dict[str, Any]:
    return model.model_json_schema()
