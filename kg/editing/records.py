"""Operations on records that have an id: add, edit, rename, merge, split, retire."""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from kg.editing import passages
from kg.editing.coding import take_codes
from kg.editing.operation import Operation
from kg.entries import FILES, STUDY_FORMAT, Identifier
from kg.errors import EditRefused, Finding, StudyError, UnknownTerm, closest
from kg.ids import source_of
from kg.refs import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kg.editing.files import Files
    from kg.loaders._yaml_text import Path, YamlText

Kind = Literal[
    "code", "proposition", "question", "search", "concept", "relation", "source", "case", "coder", "attribute", "set",
    "arrangement",
]  # fmt: skip
"""The kinds of record that stand in a list of their own."""
ARRANGEMENTS = "arrangements.yaml"
PLACES: dict[str, tuple[str, str]] = {
    "code": ("codebook.yaml", "codes"),
    "proposition": ("propositions.yaml", "propositions"),
    "question": ("propositions.yaml", "questions"),
    "search": ("propositions.yaml", "searches"),
    "concept": ("concepts.yaml", "concepts"),
    "relation": ("concepts.yaml", "relations"),
    "source": ("study.yaml", "sources"),
    "case": ("study.yaml", "cases"),
    "coder": ("study.yaml", "coders"),
    "attribute": ("study.yaml", "attributes"),
    "set": ("study.yaml", "sets"),
    "arrangement": (ARRANGEMENTS, "arrangements"),
}
"""The file and list in which records of each kind stand."""
_SCHEMAS = {f"{name}.yaml": name for name in FILES}
_ESCAPES = ("\\u", "\\x", "\\U")
"""What lets a word stand in a file without its letters."""


class Mention(NamedTuple):
    """A place at which a file names a record.

    Args:
        file: the file.
        path: the value there: an id, or an item of a list of ids.
    """

    file: str
    path: Path


class Add(Operation):
    """Add a record."""

    do: Literal["add"] = "add"
    kind: Kind
    record: dict[str, Any] = Field(description="Its keys and values, as its file has them.")

    def change(self, files: Files) -> str:
        """Add it to the end of its list, which is added to the file if there is none."""
        file, key = PLACES[self.kind]
        identifier = str(self.record.get("id", ""))
        if identifier in ids(files, self.kind):
            raise EditRefused(f"the {self.kind} '{identifier}' is there already", "edit it, or give another id")
        if files.text(file) is None:
            files.create(file, f"# yaml-language-server: $schema=schema/{file.removesuffix('.yaml')}.json\n{key}: []\n")
        record = _typed(files, self.record)
        if key in files.value(file):
            files.change(file, lambda yaml: yaml.append((key,), [record]))
        else:
            files.change(file, lambda yaml: yaml.set((), {key: [record]}))
        return f"new {self.kind} {identifier}"


class Edit(Operation):
    """Change fields of a record."""

    do: Literal["edit"] = "edit"
    kind: Kind | Literal["line"]
    id: Identifier
    values: dict[str, Any] = Field(min_length=1, description="What its keys become; null removes a key.")
    was: dict[str, Any] = Field(
        default={}, description="What keys had when they were looked at; refused when one has another value now."
    )

    def change(self, files: Files) -> str:
        """Set the keys."""
        if "id" in self.values:
            raise EditRefused("an id is changed by renaming", '{"do": "rename", …}')
        if self.kind == "line":
            found, number = passages.identified(files, self.id)
            file, path, now = found.file, (*found.path, "evidence", number), found.value["evidence"][number]
        else:
            file, path = where(files, self.kind, self.id)
            now = files.value(file)[path[0]][path[1]]
        changed = [f"{key}: {now.get(key)}" for key, value in self.was.items() if now.get(key) != _as_read(value)]
        if changed:
            why = f"the {self.kind} '{self.id}' was changed meanwhile"
            raise EditRefused(why, "look at it, and edit again", changed)
        values = {key: value for key, value in self.values.items() if now.get(key) != _as_read(value)}
        if not values:
            return ""
        files.change(file, lambda yaml: yaml.set(path, _typed(files, values)))
        return f"{self.kind} {self.id}: {', '.join(values)}"


class Rename(Operation):
    """Give a record another id, wherever it is named."""

    do: Literal["rename"] = "rename"
    keeps: ClassVar[bool] = True
    kind: Kind | Literal["line"]
    id: Identifier
    to: Identifier

    def change(self, files: Files) -> str:
        """Replace the id where the record stands and at every place that names it."""
        if self.id == self.to:
            return ""
        if self.kind == "line":
            found, number = passages.line(files, self.id)
            file, path = found.file, (*found.path, "evidence", number)
            if line_there(files, self.to):
                raise EditRefused(f"the evidence line '{self.to}' is there already", "give another id")
        else:
            file, path = where(files, self.kind, self.id)
            if self.to in ids(files, self.kind):
                raise EditRefused(f"the {self.kind} '{self.to}' is there already", "merge the two, or give another id")
        if self.kind == "attribute" and valued(files, self.id):
            raise EditRefused(f"values of '{self.id}' are keys", "change its label instead, with 'edit'")
        places: list[Mention] = []
        for name in sorted(files.all()):
            there = mentions_in(files, name, self.kind, self.id)
            paths = [(*path, "id")] * (name == file) + [one.path for one in there]
            if paths:
                files.change(name, lambda yaml, paths=paths: _replace(yaml, paths, self.to))  # type: ignore[misc]
            places += there
        _arranged(files, {f"{self.kind}/{self.id}": f"{self.kind}/{self.to}"})
        return f"{self.kind} {self.id} is called {self.to}: {_counted(places)}"


class Retire(Operation):
    """Remove a record that nothing names."""

    do: Literal["retire"] = "retire"
    kind: Kind
    id: Identifier

    def change(self, files: Files) -> str:
        """Remove it from its list."""
        file, path = where(files, self.kind, self.id)
        places = mentions(files, self.kind, self.id)
        if self.kind == "attribute":
            places += [Mention("study.yaml", ("attributes",))] * valued(files, self.id)
        if places:
            mend = "take it from there first"
            mend = f"merge it into another, or {mend}" if self.kind == "code" else mend
            shown = list(dict.fromkeys(f"{one.file}:{_line(files, one)}" for one in places))
            raise EditRefused(f"the {self.kind} '{self.id}' is in use: {_counted(places)}", mend, shown)
        files.change(file, lambda yaml: yaml.remove(path))
        return f"retired {self.kind} {self.id}"


class Merge(Operation):
    """Put codes together: what has one of them has another code instead, and they are gone."""

    do: Literal["merge"] = "merge"
    codes: tuple[Identifier, ...] = Field(min_length=1)
    into: Identifier = Field(description="One of the codes, or another that is there.")

    def change(self, files: Files) -> str:
        """Give the one code instead of the others, and remove these."""
        gone = [code for code in dict.fromkeys(self.codes) if code != self.into]
        records = {code: where(files, "code", code) for code in (*gone, self.into)}
        if not gone:
            return ""
        places = [one for code in gone for one in mentions(files, "code", code)]
        named = {one.file for one in places}
        acts: set[tuple[str, ...]] = set()
        for name in files.names("codings"):
            if name in named:
                self._recode(files, name, gone, acts)
        files.change("codebook.yaml", lambda yaml: self._merge(yaml, gone, records))
        for name in ("study.yaml", "agreement.yaml"):
            if name in named:
                paths = [one.path for one in places if one.file == name]
                files.change(name, lambda yaml, paths=paths: self._elsewhere(yaml, paths, gone))  # type: ignore[misc]
        _arranged(files, {f"code/{code}": f"code/{self.into}" for code in gone})
        return f"merged {', '.join(gone)} into {self.into}: {_counted(places)}"

    def _merge(self, yaml: YamlText, gone: list[str], records: dict[str, tuple[str, Path]]) -> None:
        """Take the codes from the codebook; narrower ones get the code as their broader one."""
        codes = {code["id"]: code for code in yaml.value["codes"]}
        for number, code in enumerate(yaml.value["codes"]):
            if code["id"] in gone or code.get("broader") not in gone:
                continue
            broader: str | None = self.into
            if code["id"] == self.into:
                broader, seen = code["broader"], set[str]()
                while broader is not None and broader in gone and broader not in seen:
                    seen.add(broader)
                    broader = codes[broader].get("broader")
                if broader in gone:
                    broader = None
            yaml.set(("codes", number), {"broader": broader})
        for code in gone:
            yaml.remove(records[code][1])

    def _recode(self, files: Files, name: str, gone: list[str], acts: set[tuple[str, ...]]) -> None:
        """Give the one code in a codings file; what the same coder has given twice then, is given once."""
        content = files.value(name)
        lists: list[tuple[int, list[str]]] = []
        empty: list[int] = []
        single: list[Path] = []
        for number, entry in enumerate(content["excerpts"]):
            codes = entry.get("codes", [])
            if self.into not in codes and not set(codes) & set(gone):
                continue
            coder, date = entry.get("coder") or content["coder"], entry.get("date") or content["date"]
            place = (" ".join(entry["quote"].split()), *(entry.get(key, "") for key in ("start", "prefix", "suffix")))
            act = (content["source"], *place, coder, date)
            merged = list(dict.fromkeys(self.into if code in gone else code for code in codes))
            bare = [code for code in merged if code != self.into]
            if act in acts and not (entry.get("memo") and not bare):
                if bare or entry.get("evidence") or entry.get("asserts"):
                    lists.append((number, bare))
                else:
                    empty.append(number)
            elif len(merged) < len(codes):
                lists.append((number, merged))
            else:
                single += [("excerpts", number, "codes", at) for at, code in enumerate(codes) if code in gone]
            acts.add(act)

        def note(yaml: YamlText) -> None:
            _replace(yaml, single, self.into)
            for number, codes in lists:
                yaml.set(("excerpts", number), {"codes": codes or None})
            for number in empty:
                yaml.remove(("excerpts", number))

        files.change(name, note)

    def _elsewhere(self, yaml: YamlText, paths: list[Path], gone: list[str]) -> None:
        """Name the one code in sets and settlements."""
        done = set()
        for path in paths:
            if not isinstance(path[-1], int):
                yaml.replace(path, self.into)
            elif path[:-1] not in done:
                done.add(path[:-1])
                codes = yaml.value
                for step in path[:-1]:
                    codes = codes[step]
                merged = list(dict.fromkeys(self.into if code in gone else code for code in codes))
                yaml.set(path[:-2], {str(path[-2]): merged})


class Split(Operation):
    """Give some passages of a code another code instead."""

    do: Literal["split"] = "split"
    code: Identifier
    into: Identifier = Field(description="A code that is there; a new one is added before.")
    passages: tuple[str, ...] = Field(min_length=1, description="Ids of passages, such as interview:39-121.")

    def change(self, files: Files) -> str:
        """Replace the code in the entries of these passages, whoever gave it."""
        for code in (self.code, self.into):
            where(files, "code", code)
        count = 0
        for excerpt in dict.fromkeys(self.passages):
            _, _, found = passages.named(files, excerpt)
            mine = [one for one in found if self.code in one.value.get("codes", ())]
            if not mine:
                mend = f"'kg trace {self.code}' lists what has it"
                raise EditRefused(f"{excerpt} has not the code '{self.code}'", mend)
            given = {(one.coder, one.date) for one in found if self.into in one.value.get("codes", ())}
            for one in reversed(mine):
                count += 1
                if (one.coder, one.date) in given:
                    take_codes(files, one, [self.code])
                    continue
                number = one.value["codes"].index(self.code)
                path = (*one.path, "codes", number)
                files.change(one.file, lambda yaml, path=path: yaml.replace(path, self.into))  # type: ignore[misc]
        sources = len({source_of(excerpt) for excerpt in self.passages})
        told = f"{count} passage{'s' * (count != 1)} in {sources} source{'s' * (sources != 1)}"
        return f"split {self.into} from {self.code}: {told}"


class Pin(Operation):
    """Write the digest of a source as it is now."""

    do: Literal["pin"] = "pin"
    mends: ClassVar[bool] = True
    source: Identifier

    def change(self, files: Files) -> str:
        """Set its ``sha256``."""
        file, path = where(files, "source", self.source)
        entry = files.value(file)[path[0]][path[1]]
        data = files.read(str(entry.get("file", "")))
        if data is None:
            finding = Finding(str(entry.get("file")), 0, "missing-file", "there is no such file", "restore it")
            raise StudyError([finding])
        digest = hashlib.sha256(data).hexdigest()
        if entry.get("sha256") == digest:
            return ""
        files.change(file, lambda yaml: yaml.set(path, {"sha256": digest}))
        return f"source {self.source} is pinned as it is"


class Upgrade(Operation):
    """Write what an older study lacks: the ids that evidence lines have, and its format."""

    do: Literal["upgrade"] = "upgrade"

    def change(self, files: Files) -> str:
        """Set the ids and the format; the study's graph stays the same."""
        from kg.loaders.study import Reading

        reading = Reading(files.folder)
        for _ in reading.parts():
            pass
        for file, lines in sorted(reading.unnamed.items()):
            files.change(file, lambda yaml, lines=lines: _set_ids(yaml, lines))  # type: ignore[misc]
        number = sum(map(len, reading.unnamed.values()))
        said = [f"{number:,} id{'s' * (number != 1)} of evidence lines"] if number else []
        if reading.theory.listing.format < STUDY_FORMAT:
            files.change("study.yaml", lambda yaml: yaml.set((), {"format": STUDY_FORMAT}, first=True))
            said.append(f"format {STUDY_FORMAT}")
        return ", ".join(said)


def _set_ids(yaml: YamlText, lines: Mapping[Path, str]) -> None:
    for path, identifier in lines.items():
        yaml.set(path, {"id": identifier}, first=True)


def ids(files: Files, kind: str) -> list[str]:
    """List the ids of the records of a kind, in the order of their file.

    Args:
        files: of the study.
        kind: one of :data:`PLACES`.
    """
    file, key = PLACES[kind]
    return [str(one.get("id")) for one in files.value(file).get(key) or ()]


def where(files: Files, kind: str, identifier: str) -> tuple[str, Path]:
    """Return the file and the place of a record.

    Args:
        files: of the study.
        kind: one of :data:`PLACES`.
        identifier: its id.

    Raises:
        UnknownTerm: when the study has none of its own.
    """
    file, key = PLACES[kind]
    there = ids(files, kind)
    if identifier not in there:
        what = f"{kind} of the study's own" if kind in ("concept", "relation") else kind
        raise UnknownTerm(identifier, what, closest(identifier, there))
    return file, (key, there.index(identifier))


def mentions(files: Files, kind: str, identifier: str) -> list[Mention]:
    """List the places that name a record.

    Args:
        files: of the study.
        kind: of the record.
        identifier: its id.

    Raises:
        StudyError: when a file that may name it cannot be read.
    """
    return [one for name in files.all() for one in mentions_in(files, name, kind, identifier)]


def mentions_in(files: Files, name: str, kind: str, identifier: str) -> list[Mention]:
    """List the places of one file that name a record.

    Args:
        files: of the study.
        name: the file.
        kind: of the record.
        identifier: its id.

    Raises:
        StudyError: when the file may name it and cannot be read.
    """
    kinds = {kind, "family"} if kind == "code" else {kind}
    text = files.text(name) or ""
    if identifier not in text and not any(escape in text for escape in _ESCAPES):
        return []
    model = FILES[_SCHEMAS.get(name) or name.partition("/")[0]]
    return [
        Mention(name, path)
        for path, other, named in written(model, files.value(name))
        if named == identifier and not kinds.isdisjoint(other)
    ]


def _line(files: Files, mention: Mention) -> int:
    """Return in which line a file names a record, 1-based."""
    yaml = files.yaml(mention.file)
    return yaml.text.count("\n", 0, yaml.span(mention.path)[0]) + 1


def _replace(yaml: YamlText, paths: list[Path], to: str) -> None:
    for path in dict.fromkeys(paths):
        yaml.replace(path, to)


def _arranged(files: Files, called: Mapping[str, str]) -> None:
    """Let arrangements follow records that are called otherwise: by kind and id, as ``kind/id``."""
    if not any(key in (files.text(ARRANGEMENTS) or "") for key in called):
        return
    places = {path: called[key] for path, key in _in_arrangements(files) if key in called}

    def follow(yaml: YamlText) -> None:
        for path, key in places.items():
            yaml.replace(path, key)

    if places:
        files.change(ARRANGEMENTS, follow)


def _in_arrangements(files: Files) -> Iterator[tuple[Path, str]]:
    """Give each record that arrangements name, as ``kind/id``, with its place in the file."""
    for number, one in enumerate(files.value(ARRANGEMENTS).get("arrangements") or ()):
        for key in ("of", "show", "hide", "pins"):
            for place, item in enumerate(one.get(key) or ()):
                path: Path = ("arrangements", number, key, place)
                if isinstance(item, dict):
                    yield (*path, "record"), str(item.get("record"))
                else:
                    yield path, str(item)


def line_there(files: Files, identifier: str) -> bool:
    """Say whether an evidence line has an id.

    Args:
        files: of the study.
        identifier: the id.
    """
    try:
        passages.line(files, identifier)
    except UnknownTerm:
        return False
    return True


def valued(files: Files, attribute: str) -> int:
    """Count the values of an attribute.

    Args:
        files: of the study.
        attribute: its id.
    """
    listed = [one for key in ("cases", "sources") for one in files.value("study.yaml").get(key) or ()]
    return sum(attribute in (one.get("attributes") or {}) for one in listed)


def _as_read(value: Any) -> Any:
    """Return a value as a file has it: all that is single is text."""
    if isinstance(value, dict):
        return {key: _as_read(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_read(one) for one in value]
    return value if value is None else str(value).lower() if isinstance(value, bool) else str(value)


_PLAIN: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "decimal": Decimal,
    "date": datetime.date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}
"""What makes of a text a value that stands in YAML without quotes, by the type of its attribute."""


def _typed(files: Files, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return keys and values, those of attributes as a person writes them: numbers without quotes."""
    given = values.get("attributes")
    if not isinstance(given, dict):
        return values
    types = {one.get("id"): one.get("type") for one in files.value("study.yaml").get("attributes") or ()}
    return {**values, "attributes": {key: _plain(value, types.get(key, "")) for key, value in given.items()}}


def _plain(value: Any, kind: str) -> Any:
    """Return the value that stands for a text of a type; the text where it is none, or where another form is meant."""
    if not isinstance(value, str) or kind not in _PLAIN:
        return value
    try:
        read = _PLAIN[kind](value)
    except (ValueError, ArithmeticError, KeyError):
        return value
    return read if _as_read(read) == value else value


def _counted(places: Sequence[Mention]) -> str:
    files = len({one.file for one in places})
    return f"{len(places):,} place{'s' * (len(places) != 1)} in {files:,} file{'s' * (files != 1)}"
