"""The files of a study while they are edited: changed in memory, written together or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from kg import inputs, moving, paths
from kg.editing.journal import Digests, Splice, Step
from kg.entries import FILES, Record
from kg.errors import EditRefused, Finding, StudyError, UnknownTerm, closest
from kg.files import write_whole
from kg.loaders import _yaml, sources, unread
from kg.loaders._reader import Reader
from kg.loaders._yaml_text import YamlText
from kg.loaders.passages import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.editing.journal import Entry
    from kg.loaders._yaml_text import Splice as Replaced

THEORY = tuple(name for name in unread.FILES if name.endswith(".yaml"))
"""The YAML files of a study that belong to no single source."""
_ENTRIES = sorted(
    {
        name
        for model in FILES.values()
        for name, field in model.model_fields.items()
        if any(isinstance(part, type) and issubclass(part, Record) for part in get_args(field.annotation))
    }
)
"""The keys at the top of a file whose values are lists of entries."""
_BOM = "\ufeff"
_COMPOSED: dict[str, YamlText] = {}
"""The files that were composed last, by their text; no change is noted in them."""
_KEPT_FILES = 8
_SOURCES: dict[Path, tuple[inputs.File, str | None]] = {}
"""The source that each file named when it was read last, and in which state it was."""
_KEPT = "kept"
"""Folder beside a study's graph with files that an edit replaced or removed, by digest."""


class Files:
    """The files of a study, read when they are asked for, and changed in memory.

    Args:
        folder: the study's folder.

    Attributes:
        steps: the changes up to now.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[Step] = []
        self._read: dict[str, bytes | None] = {}
        self._now: dict[str, str | None] = {}
        self._laid: dict[str, Path | None] = {}
        self._documents: dict[str, Document] = {}
        self._sources: dict[str, str | None] = {}
        self._changed: set[str] = set()

    # ---- What there is

    def names(self, part: str) -> list[str]:
        """List the files of a part of the study, one of :data:`kg.inputs.BY_SOURCE`, sorted."""
        there = {name for name in inputs.listed(self.folder, part) if self._now.get(name, "") is not None}
        return sorted(there | {n for n, text in self._now.items() if text is not None and n.startswith(f"{part}/")})

    def all(self) -> list[str]:
        """List the YAML files of the study that are there."""
        theory = [name for name in THEORY if self.text(name) is not None]
        return [*theory, *(name for part in inputs.BY_SOURCE for name in self.names(part))]

    def text(self, name: str) -> str | None:
        """Return the text of a file, with a byte order mark if it has one; None when it is not there.

        Raises:
            StudyError: when it is not UTF-8, or lies outside of the study.
        """
        if name not in self._now:
            data = self.read(name)
            try:
                self._now[name] = data.decode() if data is not None else None
            except UnicodeDecodeError as e:
                message = f"byte 0x{data[e.start]:02x} is not UTF-8"  # type: ignore[index]
                raise StudyError([Finding(name, 0, "wrong-encoding", message, "save the file as UTF-8")]) from None
        return self._now[name]

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file as it was read first; None when it was not there."""
        if name not in self._read:
            if not Reader(self.folder).inside(name):
                raise StudyError([Finding(name, 0, "outside-study", f"'{name}' leads out of the study", "copy it in")])
            path = self.folder / name
            self._read[name] = path.read_bytes() if os.path.lexists(path) else None
        return self._read[name]

    def yaml(self, name: str) -> YamlText:
        """Return a YAML file with the places of its values.

        Raises:
            StudyError: when it is not there, cannot be read, or has other than lists of entries.
        """
        text = self.text(name)
        if text is None:
            raise StudyError([Finding(name, 0, "missing-file", "there is no such file", f"create {name}")])
        try:
            yaml = _composed(text.removeprefix(_BOM))
        except ValueError as e:
            findings: list[Finding] = []
            _yaml.parse(text.removeprefix(_BOM), name, findings)
            raise StudyError(findings or [Finding(name, 0, "broken-yaml", str(e), "mend the YAML")]) from None
        value = yaml.value or {}
        entries = [value.get(key) or [] for key in _ENTRIES] if isinstance(value, dict) else [None]
        if not all(isinstance(some, list) and all(isinstance(one, dict) for one in some) for some in entries):
            message = "it is not as a file of this name is"
            raise StudyError([Finding(name, 0, "invalid-value", message, "see 'kg check', and mend it first")])
        return yaml

    def before(self, name: str) -> Any:
        """Return the values that a YAML file had when it was read; an empty mapping when it was not there or broken."""
        data = self.read(name)
        try:
            return _composed(data.decode("utf-8-sig")).value if data else {}
        except ValueError:
            return {}

    def value(self, name: str) -> Any:
        """Return the values of a YAML file, all of them text; an empty mapping when it is not there."""
        return (self.yaml(name).value or {}) if self.text(name) is not None else {}

    def of_source(self, part: str, source: str) -> list[str]:
        """List the files of a part of the study that are about a source."""
        return [name for name in self.names(part) if self.source_of(name) == source]

    def source_of(self, name: str) -> str | None:
        """Return the source that a file says it is about; None when it does not say one."""
        if name not in self._sources:
            text = self._now.get(name)
            self._sources[name] = _yaml.peek(text.removeprefix(_BOM), "source") if text else self._named(name)
        return self._sources[name]

    def _named(self, name: str) -> str | None:
        """Return the source that a file names as it lies in the study, which is read only if it changed."""
        path = self.folder / name
        try:
            now = inputs.state(path.stat(), "")
        except OSError:
            now = None
        if now and (known := _SOURCES.get(path)) and known[0] == now:
            return known[1]
        data = self.read(name)
        source = _yaml.peek(data.decode("utf-8-sig", "replace"), "source") if data else None
        # Another change might have the same time yet.
        if now and max(now.modified, now.changed) < time.time_ns() - inputs.GRANULARITY:
            _SOURCES[path] = now, source
        return source

    def document(self, source: str) -> Document:
        """Return the text of a source, in which passages are looked for.

        Raises:
            UnknownTerm: when there is no such source.
            StudyError: when it cannot be read.
        """
        if source not in self._documents:
            from kg.entries import SourceEntry

            listed = {one["id"]: one for one in self.value("study.yaml").get("sources", ())}
            if source not in listed:
                raise UnknownTerm(source, "source", closest(source, listed))
            reader = Reader(self.folder)
            # What it cites and which attributes it has is nothing to the places of passages.
            entry = SourceEntry.model_validate(
                {k: v for k, v in listed[source].items() if k in ("id", "file", "title", "role")}
            )
            read = sources.read(reader, 0, entry, (), ())
            if read is None:
                raise StudyError(reader.errors())
            self._documents[source] = Document(read)
        return self._documents[source]

    # ---- What changes

    def change(self, name: str, note: Callable[[YamlText], None]) -> None:
        """Change a YAML file.

        Args:
            name: its path in the study.
            note: notes the changes.

        Raises:
            EditRefused: when no change of it is sure.
        """
        before = self.yaml(name).copy()
        try:
            note(before)
            after, replaced = before.changed()
        except ValueError as e:
            message = f"{name} cannot be changed surely: {e}"
            mend = "write its entries as lines, '- id: …', and try again; nothing was written"
            raise EditRefused(message, mend) from e
        if not replaced:
            return
        mark = _BOM if (self.text(name) or "").startswith(_BOM) else ""
        self.steps.append(Step(file=name, splices=tuple(_splices(before, after, replaced, len(mark)))))
        self._set(name, mark + after.text)
        _keep(after)

    def create(self, name: str, text: str) -> None:
        """Write a file that is not there.

        Args:
            name: its path in the study.
            text: all of it.
        """
        self.steps.append(Step(file=name, kind="create", splices=(Splice(start=0, old="", new=text),)))
        self._set(name, text)

    def remove(self, name: str) -> None:
        """Remove a file that is there.

        Args:
            name: its path in the study.
        """
        self.steps.append(Step(file=name, kind="remove", splices=(Splice(start=0, old=self.text(name) or "", new=""),)))
        self._set(name, None)

    def rewrite(self, name: str, text: str) -> None:
        """Give a text that is there another content, as one stretch that differs.

        Args:
            name: its path in the study.
            text: all of it.
        """
        before = self.text(name) or ""
        start = _alike(before, text)
        end = _alike(before[start:][::-1], text[start:][::-1])
        old, new = before[start : len(before) - end], text[start : len(text) - end]
        if old or new:
            self.steps.append(Step(file=name, splices=(Splice(start=start, old=old, new=new),)))
            self._set(name, text)
            self._documents.clear()

    def lay(self, name: str, path: Path | None) -> None:
        """Have a file come as it lies somewhere else, or go; the journal has its digest and not its bytes.

        Args:
            name: its path in the study.
            path: where it lies until the edit is written; None when it goes.
        """
        self._laid[name] = path
        self._documents.clear()
        self.steps.append(Step(file=name, kind="whole"))

    def content(self, name: str) -> bytes | None:
        """Return the bytes that a file is to have; None when it is not there, or goes."""
        if name in self._laid:
            return path.read_bytes() if (path := self._laid[name]) else None
        if name in self._now:
            return text.encode() if (text := self._now[name]) is not None else None
        return self.read(name)

    def laid(self, name: str) -> Path | None:
        """Return where a file that comes as a whole lies now; None when it does not."""
        return self._laid.get(name)

    def reverse(self, entry: Entry) -> None:
        """Take back what an entry of the journal says.

        A file that is as the entry left it gets its bytes from before. In any other, the entries that were touched are
        looked for, and what others changed around them stays.

        Args:
            entry: the entry.

        Raises:
            EditRefused: when what was changed then was changed again since.
        """
        exact = {name for name, digests in entry.files.items() if self._digest(name) == digests.after}
        for step in reversed(entry.steps):
            if step.kind == "create":
                # Where others have written into it, the file stays, and loses what was written by this act.
                if self.text(step.file) == step.splices[0].new:
                    self.remove(step.file)
            elif step.kind == "remove":
                if self.text(step.file) is None:
                    self.create(step.file, step.splices[0].old)
            elif step.kind == "whole":
                self._restore(step.file, entry.files.get(step.file, Digests(before=None, after=None)))
            else:
                self._reverse(step, exact=step.file in exact)

    def _restore(self, name: str, digests: Digests) -> None:
        """Take back that a file came, went or was replaced as a whole."""
        now = _sha256(self.read(name))
        if now == digests.before:
            return
        if now != digests.after:
            raise EditRefused(f"{name} was changed since", "move it away, and try again; nothing was written")
        kept = self._kept(digests.before) if digests.before else None
        if kept and not (kept.is_file() and _sha256(kept.read_bytes()) == digests.before):
            message = f"the bytes that {name} had are not kept any more"
            raise EditRefused(message, "add it again; nothing was written")
        self.lay(name, kept)

    def _kept(self, digest: str) -> Path:
        """Return where a file that an edit takes away is kept, so that it can come back."""
        return paths.store_folder(self.folder) / _KEPT / digest

    def _reverse(self, step: Step, *, exact: bool) -> None:
        """Take back a change of a file."""
        text = self.text(step.file)
        if text is None:
            raise EditRefused(f"{step.file} is not there any more", "restore it, and try again")
        places = [splice.start for splice in step.splices]
        if not exact and not _is_yaml(step.file):
            raise _clash(step.file, step.splices[0])
        if not exact:
            found = self._found(step.file, {splice.list for splice in step.splices})
            places = [_nearest(step.file, splice, found) for splice in step.splices]
        parts, at, made = [], 0, []
        shift = 0
        for place, splice in sorted(zip(places, step.splices, strict=True), key=lambda pair: pair[0]):
            if place < at or not text.startswith(splice.new, place):
                raise _clash(step.file, splice)
            parts += [text[at:place], splice.old]
            at = place + len(splice.new)
            made.append(_inverted(splice).model_copy(update={"start": place + shift}))
            shift += len(splice.old) - len(splice.new)
        after = "".join([*parts, text[at:]])
        self._set(step.file, after)
        self.steps.append(Step(file=step.file, splices=tuple(self._addressed(step.file, made))))

    def _addressed(self, name: str, made: Iterable[Splice]) -> Iterator[Splice]:
        """Say in which entry each splice lies now."""
        if not _is_yaml(name):
            yield from made
            return
        yaml = self.yaml(name)
        mark = len(self.text(name) or "") - len(yaml.text)
        for splice in made:
            if not splice.list or not (items := yaml.value.get(splice.list)):
                yield splice.model_copy(update={"list": "", "entry": "", "within": 0})
                continue
            # A stretch that begins with the blanks before an entry lies in that; else in the one that begins before it.
            inside = splice.start + len(splice.new) - len(splice.new.lstrip(" -\r\n")) - mark
            number = max(0, min(yaml.number_at(splice.list, inside), len(items) - 1))
            yield splice.model_copy(update=_address(yaml, splice.list, number, splice.start - mark))

    def _found(self, name: str, lists: Iterable[str]) -> dict[tuple[str, str], list[int]]:
        """Return where the entries of some lists of a file begin, by list and digest."""
        yaml = self.yaml(name)
        mark = len(self.text(name) or "") - len(yaml.text)
        found: dict[tuple[str, str], list[int]] = {}
        for key in sorted(lists):
            for number in range(len(yaml.value.get(key) or ()) if key else 0):
                first, last = yaml.span((key, number))
                found.setdefault((key, _entry_digest(yaml.text[first:last])), []).append(first + mark)
        return found

    def _set(self, name: str, text: str | None) -> None:
        self.read(name)
        self._now[name] = text
        self._changed.add(name)
        self._sources.pop(name, None)
        if name == "study.yaml":
            self._documents.clear()

    # ---- What comes of it

    def changed(self) -> dict[str, bytes | None]:
        """Return the content of each file that differs from what was read; None for one that goes."""
        texts = {name: self._now[name] for name in sorted(self._changed)}
        now = {name: text.encode() if text is not None else None for name, text in texts.items()}
        return {name: data for name, data in now.items() if data != self._read[name]}

    def digests(self) -> dict[str, Digests]:
        """Return the digests of each file that changes."""
        after = {name: _sha256(data) for name, data in self.changed().items()}
        after |= {name: _sha256(path.read_bytes()) if path else None for name, path in self._laid.items()}
        digests = {name: Digests(before=_sha256(self.read(name)), after=after[name]) for name in sorted(after)}
        return {name: one for name, one in digests.items() if one.before != one.after}

    def _digest(self, name: str) -> str | None:
        return _sha256(self.content(name))

    def write(self, more: Mapping[str, bytes]) -> None:
        """Write what has changed: all of it, or nothing, also when the process is killed.

        Args:
            more: files that are written with it.

        Raises:
            moving.Edited: when a file is not any more as it was read.
            StudyError: when the folder cannot be written.
        """
        root = self.folder.resolve()
        # Where a name is a link, the file that it leads to is written.
        names = (*self.changed(), *self._laid, *more)
        places = {name: (root / name).resolve().relative_to(root).as_posix() for name in names}
        changed: dict[str, bytes | Path | None] = {
            places[name]: data for name, data in (*self.changed().items(), *self._laid.items(), *more.items())
        }
        try:
            with moving.laid_aside(self.folder, "import") as aside:
                for name, data in changed.items():
                    new, there = aside / name, self.folder / name
                    new.parent.mkdir(parents=True, exist_ok=True)
                    if isinstance(data, bytes) or data is None:
                        new.write_bytes(data or b"")
                    else:
                        shutil.copyfile(data, new)
                    if there.exists():
                        new.chmod(there.stat().st_mode & 0o7777)
                self._keep()
                moving.move_in(
                    aside,
                    self.folder,
                    # A study that is being moved names nothing that is not there yet.
                    lambda name: (name == "study.yaml", name),
                    gone={name for name, data in changed.items() if data is None},
                    expected={place: _sha256(self.read(name)) for name, place in places.items()},
                )
        except OSError as e:
            if isinstance(e, StudyError):
                raise
            message = f"cannot be written: {e.strerror or str(e)[:200]}"
            mend = "nothing was changed; mend that, and try again"
            raise StudyError([Finding(str(self.folder), 0, "unreadable-file", message, mend)]) from e

    def _keep(self) -> None:
        """Keep the files that come whole or go, as they are, so that this can be taken back."""
        for name in self._laid:
            if (data := self.read(name)) is not None:
                kept = self._kept(_sha256(data) or "")
                kept.parent.mkdir(parents=True, exist_ok=True)
                write_whole(kept, data)


@contextmanager
def blaming_the_study(folder: Path) -> Iterator[None]:
    """Say what is wrong with a study, where its entries are not as their schemas ask and something fails for that.

    Args:
        folder: the study's folder.

    Raises:
        StudyError: with every error of the study.
    """
    from kg.loaders.study import Reading

    try:
        yield
    except (AttributeError, KeyError, TypeError, ValidationError):
        reading = Reading(folder)
        for _ in reading.parts():
            pass
        reading.finish()
        raise


def _alike(one: str, other: str) -> int:
    """Return how many codepoints two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _composed(text: str) -> YamlText:
    """Return a YAML file with the places of its values; most files are as they were when the next edit comes."""
    there: YamlText | None = _COMPOSED.pop(text, None)
    return _keep(there or YamlText(text))


def _keep(yaml: YamlText) -> YamlText:
    """Keep a file that was composed, instead of the one that was asked for longest ago."""
    _COMPOSED[yaml.text] = yaml
    if len(_COMPOSED) > _KEPT_FILES:
        _COMPOSED.pop(next(iter(_COMPOSED)), None)
    return yaml


def _is_yaml(name: str) -> bool:
    """Say whether a file has entries that can be told apart."""
    return name.endswith(".yaml")


def _splices(before: YamlText, after: YamlText, replaced: list[Replaced], mark: int) -> Iterable[Splice]:
    """Turn splices of a YAML file into those of the journal."""
    shift = 0
    gone = {(one.path[0], one.path[1]) for one in replaced if one.whole == "gone" and len(one.path) == 2}
    for one in replaced:
        start = one.start + shift
        shift += len(one.text) - (one.end - one.start)
        splice = Splice(start=start + mark, old=before.text[one.start : one.end], new=one.text)
        if len(one.path) > 1 and isinstance(key := one.path[0], str) and isinstance(number := one.path[1], int):
            number -= sum(1 for other, at in gone if other == key and isinstance(at, int) and at < number)
            if one.whole == "gone" and len(one.path) == 2:
                number = max(0, number - 1)
            if number < len(after.value.get(key) or ()):
                splice = splice.model_copy(update=_address(after, key, number, start))
        yield splice


def _address(yaml: YamlText, key: str, number: int, start: int) -> dict[str, Any]:
    """Return what tells in which entry of a file a splice lies, and where in it."""
    first, last = yaml.span((key, number))
    return {"list": key, "entry": _entry_digest(yaml.text[first:last]), "within": start - first}


def _nearest(name: str, splice: Splice, found: Mapping[tuple[str, str], list[int]]) -> int:
    """Return where a splice stands in a file that was changed since."""
    if not (starts := found.get((splice.list, splice.entry))):
        raise _clash(name, splice)
    return min((start + splice.within for start in starts), key=lambda at: abs(at - splice.start))


def _inverted(splice: Splice) -> Splice:
    return splice.model_copy(update={"old": splice.new, "new": splice.old})


def _clash(name: str, splice: Splice) -> EditRefused:
    shown = " ".join((splice.new or splice.old).split())[:100]
    message = f"{name}: what was changed then was changed again since: {shown}"
    return EditRefused(message, "change it by another edit; nothing was written")


def _entry_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _sha256(data: bytes | None) -> str | None:
    return hashlib.sha256(data).hexdigest() if data is not None else None
