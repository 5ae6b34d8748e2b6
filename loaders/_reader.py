"""What every part of a study is read with: lines, findings, and checks of ids."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kg.entries import FILES, Record
from kg.errors import SHOWN, Finding, near
from kg.loaders import _files, _yaml, _yaml_write
from kg.refs import Place, links

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from kg.inputs import File
    from kg.loaders._files import FileText

Ids = Mapping[str, Collection[str]]
"""The ids of a study's records by their kind."""
Completion = Callable[[Finding], Finding]
"""Completes a finding with what takes long to find out."""
_CIRCLE = 8
"""Records of a circle that are named."""
_CALLED = {"family": "code"}
"""What a finding calls a kind, where that is not its name."""


class Reader:
    """The files of one study that were read, and all that is wrong with them.

    Args:
        folder: the study's folder.
        lines: of files that were read before, by their name.
    """

    def __init__(self, folder: Path, lines: Mapping[str, _yaml.Lines] | None = None) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.lines: dict[str, _yaml.Lines] = dict(lines or {})
        self.places: dict[tuple[str, str], tuple[str, int]] = {}
        self.files: dict[str, File | None] = {}
        self.used: set[tuple[tuple[str, ...], str]] = set()
        """The kinds and the id of each record that was named and looked for."""
        self._completions: dict[int, Completion] = {}

    def copied(self, folder: Path) -> Reader:
        """Return a reader of another folder with the same files that has found what this one found.

        Args:
            folder: the folder.
        """
        copy = Reader(folder, self.lines)
        copy.used = {*self.used}
        copy.take(self)
        return copy

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

    def read(self, name: str, schema: str) -> Any:
        """Read and validate one YAML file, or return None."""
        file = self.text(name)
        return self.parse(file.text, name, schema) if file else None

    def parse(self, text: str, name: str, schema: str) -> Any:
        """Validate the text of one YAML file, or return None."""
        parsed = _yaml.parse(text, name, self.findings)
        if parsed is None:
            return None
        value, self.lines[name] = parsed
        try:
            return FILES[schema].model_validate(value if value is not None else {})
        except ValidationError as e:
            for problem in e.errors():
                self._invalid(name, schema, problem)
            return None

    def error(
        self,
        file: str,
        path: Place,
        rule: str,
        message: str,
        mend: str = "",
        severity: str = "error",
        completion: Completion | None = None,
    ) -> None:
        """Add a finding at the line of the value at ``path``, or of what it stands in.

        Args:
            file: the file.
            path: where in it.
            rule: which rule is broken.
            message: what is wrong.
            mend: what to do.
            severity: ``error``, ``warning`` or ``note``.
            completion: completes the finding, if it is one of those of its rule that are shown.
        """
        self.add(Finding(file, self.line(file, path), rule, message, mend, severity), completion)

    def add(self, finding: Finding, completion: Completion | None = None) -> None:
        """Add a finding, and how it is completed if it is one of those of its rule that are shown."""
        if completion is not None:
            self._completions[len(self.findings)] = completion
        self.findings.append(finding)

    def line(self, file: str, path: Place) -> int:
        """Return the line of a value or else of what it stands in, 1-based; 0 when neither is known."""
        lines = self.lines.get(file, {})
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 0)

    def take(self, other: Reader) -> None:
        """Take over what another reader of the same study found."""
        for number, completion in other._completions.items():
            self._completions[len(self.findings) + number] = completion
        self.findings += other.findings
        self.places.update(other.places)
        self.files.update(other.files)

    def is_unfinished(self, number: int) -> bool:
        """Say whether a finding is completed only when it is shown."""
        return number in self._completions

    def completed(self, number: int) -> Finding:
        """Return a finding, completed."""
        finding = self.findings[number]
        return self._completions[number](finding) if number in self._completions else finding

    def listed(self) -> list[Finding]:
        """Return all findings, sorted; of each rule those that will be shown are completed."""
        numbers = sorted(range(len(self.findings)), key=self.findings.__getitem__)
        counts: Counter[str] = Counter()
        for number in numbers:
            finding = self.findings[number]
            if completion := self._completions.pop(number, None):
                counts[finding.rule] += 1
                if counts[finding.rule] <= SHOWN:
                    self.findings[number] = completion(finding)
        return sorted(self.findings)

    def errors(self) -> list[Finding]:
        """Return the findings that forbid a build, sorted."""
        return [finding for finding in self.listed() if finding.severity == "error"]

    def _invalid(self, file: str, schema: str, problem: ErrorDetails) -> None:
        """Add a finding for a value that is not as its schema asks."""
        where, value = problem["loc"], problem["input"]
        shown, word = ".".join(map(str, where)), str(where[-1]) if where else ""
        completion = None
        rule, message, mend = "invalid-value", f"{shown}: {problem['msg']}", f"see 'kg schema {schema}'"
        if problem["type"] == "extra_forbidden":
            rule, message = "unknown-key", f"unknown key '{word}'"
            mend, completion = "", suggestion(word, lambda: _fields(FILES[schema], where[:-1]), "a key here")
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
        self.error(file, where, rule, message, mend, completion=completion)

    def resolve(self, file: str, record: Record, ids: Ids) -> None:
        """Check that whatever a record and the records in it name exists.

        Args:
            file: the record's file.
            record: all that was read of it.
            ids: what there is; of a kind that is not listed here nothing is checked.
        """
        for place, identifier, kinds in links(record):
            if kinds[0] not in ids:
                continue
            self.used.add((kinds, identifier))
            if not any(identifier in ids[kind] for kind in kinds):
                self.unknown(file, self.line(file, place), identifier, kinds, ids)

    def unknown(self, file: str, line: int, identifier: str, kinds: tuple[str, ...], ids: Ids) -> None:
        """Add the finding that an identifier names nothing.

        Args:
            file: the file that names it.
            line: where in it.
            identifier: the id.
            kinds: the kinds of record, one of which should have it.
            ids: what there is of these kinds.
        """
        kind = _CALLED.get(kinds[0], kinds[0])
        nearest = suggestion(identifier, lambda: {i for one in kinds for i in ids[one]}, f"a {kind}")
        self.add(Finding(file, line, f"unknown-{kind}", f"unknown {kind} '{identifier}'"), nearest)

    def unique(self, file: str, key: str, items: Iterable[Any], kind: str) -> dict[str, Any]:
        """Index records by id; a second one with the same id is an error."""
        records: dict[str, Any] = {}
        for index, item in enumerate(items):
            if item.id in records:
                self.error(
                    file, (key, index, "id"), "duplicate-id", f"the {kind} '{item.id}' stands here twice", "rename one"
                )
            records[item.id] = item
            self.places[kind, item.id] = (file, self.line(file, (key, index)))
        return records

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


def suggestion(word: str, right: Callable[[], Collection[str]], kind: str) -> Completion:
    """Complete a finding with the nearest right thing.

    Args:
        word: what was written.
        right: gives what would have been right.
        kind: what these are called.
    """
    return lambda finding: replace(finding, mend=near(word, right(), kind))


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
