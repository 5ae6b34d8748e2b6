"""A copy of a study's folder whose texts are others, and whose quotes are then those of the new texts.

What is left behind: comments in the YAML files, the journal of edits, reports of imports, and documents.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from kg.ids import excerpt_id
from kg.loaders import _yaml, _yaml_write, passages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.entries import PassageEntry
    from kg.loaders.study import Reading
    from kg.records import Source

Span = tuple[int, int]
"""Where a stretch begins and ends: codepoints, end exclusive."""
_SCHEMA = "# yaml-language-server:"


def sha256(text: str) -> str:
    """Return the digest of a text's bytes, as study.yaml has it.

    Args:
        text: the whole text of a source.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def signs(source: Source) -> list[Span]:
    """Return the stretches of a text that are no words of it, such as labels of paragraphs and keys of citations.

    Args:
        source: the source.
    """
    from kg.loaders import SIGNS

    find = SIGNS.get(PurePath(source.file).suffix.lower())
    return [*find(source.text, source.title)] if find else []


class Copy:
    """A copy of a study's folder, as it is written file by file.

    Args:
        folder: the study's.
        target: of the copy; it is made.
        reading: the study.

    Attributes:
        texts: the new text of each source that has one, by its id.
        kept: ids of the passages that the study's graph has.
    """

    def __init__(self, folder: Path, target: Path, reading: Reading) -> None:
        self.folder, self.target, self.reading = folder, target, reading
        self.texts: dict[str, str] = {}
        self.kept: set[str] = set()

    def read(self) -> tuple[Mapping[str, Source], Mapping[str, list[Span]]]:
        """Read the study.

        Returns:
            Its sources by id, and where the passages of each are, in order.

        Raises:
            StudyError: when it has errors.
        """
        sources: dict[str, Source] = {}
        spans: dict[str, set[Span]] = {}
        for part in self.reading.parts():
            if part.records:
                sources[part.records.source.id] = part.records.source
                for one in (*part.records.excerpts, *part.records.quoted):
                    spans.setdefault(one.source, set()).add((one.start, one.end))
                    self.kept.add(one.id)
        self.reading.finish()
        return sources, {source: sorted(some) for source, some in spans.items()}

    def put(self, name: str, text: str) -> None:
        """Write a file.

        Args:
            name: its path in the study.
            text: all of it.
        """
        file = self.target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def load(self, name: str) -> Any:
        """Return what a YAML file of the study says.

        Args:
            name: its path in the study.
        """
        content, _ = _yaml.read(self.folder / name, name, []) or (None, {})
        return content or {}

    def dump(self, name: str, content: Any) -> None:
        """Write a YAML file, with the line that names its schema for editors.

        Args:
            name: its path in the study.
            content: what it says.
        """
        with (self.folder / name).open(encoding="utf-8-sig", errors="replace") as file:
            first = file.readline()
        head = f"{first.rstrip()}\n" if first.startswith(_SCHEMA) else ""
        self.put(name, head + _yaml_write.dump(content))

    def codings(self, name: str, content: Any) -> None:
        """Give the quotes of a codings file the words of the new texts, and take out entries that do not go along.

        Args:
            name: its path in the study.
            content: what it says, which is changed.
        """
        from kg.entries import CodingsFile

        read = CodingsFile.model_validate(content)
        taken = []
        for index, (entry, raw) in enumerate(zip(read.excerpts, content["excerpts"], strict=True)):
            for number, (line, written) in enumerate(zip(entry.evidence, raw.get("evidence") or (), strict=True)):
                # An id that is made of what a line says would be another one now.
                at = ("excerpts", index, "evidence", number)
                if identifier := self.reading.unnamed.get(name, {}).get(at):
                    written["id"] = identifier
                if line.also:
                    pairs = zip(line.also, written["also"], strict=True)
                    written["also"] = [q for one, q in pairs if self.quote(one.source or read.source, one, q)]
            if self.quote(read.source, entry, raw):
                taken.append(raw)
        content["excerpts"] = taken

    def codebook(self, content: Any) -> None:
        """Give the quotes of the codebook the words of the new texts.

        Args:
            content: what it says, which is changed.
        """
        from kg.entries import CodebookFile

        for code, raw in zip(CodebookFile.model_validate(content).codes, content["codes"], strict=True):
            if code.anchor and not self.quote(code.anchor.source, code.anchor, raw["anchor"]):
                del raw["anchor"]

    def quote(self, source: str, entry: PassageEntry, raw: dict[str, Any]) -> bool:
        """Give an entry the words of its source's new text.

        Args:
            source: the source's id.
            entry: the entry.
            raw: the entry as its file has it, which is changed.

        Returns:
            Whether it goes along.
        """
        if source not in self.texts:
            return True
        document = self.reading.library.document(source)
        if entry.unconfirmed or document is None:
            return self.unplaced(source, raw)
        span = passages.place(document, entry)
        if isinstance(span, passages.Misplaced) or excerpt_id(source, *span) not in self.kept:
            return self.unplaced(source, raw)
        start, end = self.moved(source, span)
        raw |= {"quote": self.texts[source][start:end], "start": start}
        for key in ("prefix", "suffix", "stated"):
            raw.pop(key, None)
        return True

    def moved(self, source: str, span: Span) -> Span:
        """Return where a passage stands in the new text of its source.

        Args:
            source: the source's id.
            span: where it stands in the old one.
        """
        del source
        return span

    def unplaced(self, source: str, raw: dict[str, Any]) -> bool:
        """Say whether an entry goes along that is no passage of the graph.

        Args:
            source: the source's id.
            raw: the entry as its file has it, which may be changed.
        """
        del source, raw
        return False

    def listing(self, content: Any) -> None:
        """Write what study.yaml says of the sources as it is of the copies.

        Args:
            content: what it says, which is changed.
        """
        raise NotImplementedError

    def contents(self) -> Iterator[tuple[str, Any]]:
        """Give the name of each YAML file that is there, with what it says once its quotes are those of the copy."""
        for name in self.files():
            content = self.load(name)
            if name.startswith("codings/"):
                self.codings(name, content)
            elif name == "codebook.yaml":
                self.codebook(content)
            elif name == "study.yaml":
                self.listing(content)
            yield name, content

    def files(self) -> Iterator[str]:
        """Give the names of the YAML files that are there, the codings first."""
        from kg import inputs
        from kg.loaders.unread import FILES

        for part in inputs.BY_SOURCE:
            yield from inputs.listed(self.folder, part)
        yield from (name for name in sorted(FILES) if name.endswith(".yaml") and (self.folder / name).is_file())
