"""What of a study may go out: the graph that outputs are made of, as its sources' ``publish`` and ``embargo`` have it.

Nothing is filtered where it is written. The study's folder is copied aside without what is withheld, and the copy is
built as any other study is, so that no page, table, picture or archive made of that build can hold what the copy does
not. A withheld stretch has a mask in its place that is as long (:mod:`kg.masks`): passages, paragraphs and places
stand where they stood, and every record keeps its id.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import tempfile
from bisect import bisect_left, bisect_right
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import masks, page_map, paths
from kg.cjk import UNSPACED_RANGES, cjk
from kg.copies import Copy, sha256, signs
from kg.errors import KGError
from kg.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.copies import Span
    from kg.entries import Publish, SourceEntry, StudyFile
    from kg.graph import Graph
    from kg.loaders.study import Reading
    from kg.places import Place
    from kg.progress import Progress
    from kg.records import Source

PROSE = frozenset(
    "abstract annote consent definition description ethics exclude include memo method note question rationale reason "
    "scope status_reason".split()
)
"""Keys under which a person writes sentences of their own, in which words of a source may be quoted."""
RUN, RUN_CJK = 5, 8
"""Words, and characters where words have no spaces, that are taken for a quotation when they stand in a row."""
_WORD = re.compile(f"[{UNSPACED_RANGES}\uac00-\ud7af]|[^\\W_]+")


class Outgoing(NamedTuple):
    """A study as it may go out.

    Args:
        graph: the study without what is withheld; the graph itself where nothing is.
        said: sentences on what is withheld.
    """

    graph: Graph
    said: tuple[str, ...] = ()


@contextmanager
def outgoing(graph: Graph, on: datetime.date | None = None, progress: Progress = silent) -> Iterator[Outgoing]:
    """Give a study as it may go out; what is made of it is gone afterwards.

    Args:
        graph: the study.
        on: the day of publication, by which embargoes are over or not. Without it each source under an embargo is
            withheld: no clock decides what goes out.
        progress: called while the study without what is withheld is built.

    Raises:
        KGError: when the day is not there yet, or the graph is not that of the files.
        StudyError: when the study has errors, so that nobody can say what is withheld in it.
    """
    # A clock is only asked to refuse: what is written once cannot be called back.
    if on and on > datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1):
        raise KGError(f"{on} is not there yet; publish with the day that it is, when it is")
    from kg.loaders import theory

    listing = theory.listing(graph.folder)
    modes = {entry.id: mode(entry, listing, on) for entry in listing.sources}
    if set(modes.values()) <= {"full"}:
        yield Outgoing(graph)
        return
    from kg import graph as opened
    from kg import moving
    from kg.loaders.study import Reading
    from kg.store import build

    with tempfile.TemporaryDirectory(prefix="kg-published-") as room:
        with moving.still(graph.folder):
            if not build.is_current(graph.folder):
                raise KGError("the graph was built of other files than are there now; see 'kg check', then try again")
            copy = _Withheld(
                graph.folder, _beside(Path(room), graph.folder.name, listing), Reading(graph.folder), modes
            )
            copy.write()
        home = paths.store_folder(copy.target)
        try:
            with opened.open(copy.target, progress) as out:
                _compare(graph, out)
                yield Outgoing(out, (*_said(listing, modes, on), *copy.said()))
        finally:
            shutil.rmtree(home, ignore_errors=True)


def mode(entry: SourceEntry, listing: StudyFile, on: datetime.date | None) -> Publish:
    """Return how much of a source's text goes out.

    Args:
        entry: the source.
        listing: the study.
        on: the day of publication, if one is given.
    """
    return "none" if _is_embargoed(entry, on) else entry.publish or listing.publishing.publish


def _is_embargoed(entry: SourceEntry, on: datetime.date | None) -> bool:
    """Say whether a source is under an embargo on a day; without a day, whether it has one."""
    return entry.embargo is not None and (on is None or on < entry.embargo)


def _said(listing: StudyFile, modes: Mapping[str, Publish], on: datetime.date | None) -> Iterator[str]:
    """Say of which sources something is withheld."""
    withheld = [
        f"{entry.id} (embargo until {entry.embargo})" if _is_embargoed(entry, on) else entry.id
        for entry in listing.sources
        if modes[entry.id] == "none"
    ]
    if withheld:
        yield f"the text of {', '.join(withheld)} is withheld"
    if on is None and any(entry.embargo for entry in listing.sources):
        yield "no embargo counts as over; --on DAY says on which day this is published"
    if some := [source for source, one in modes.items() if one == "passages"]:
        yield f"of {', '.join(some)} only passages go out, with {listing.publishing.context} words around each"


def _beside(room: Path, name: str, listing: StudyFile) -> Path:
    """Return a folder for the copy, so deep that originals which lie outside of the study have a place beside it."""
    files = [PurePosixPath(entry.original.file.replace("\\", "/")) for entry in listing.sources if entry.original]
    levels = max((file.parts.count("..") for file in files), default=0)
    return Path(room, *(["up"] * levels), name)


class _Withheld(Copy):
    """A copy of a study's folder without what is withheld; of a source that is withheld only passages go along.

    Args:
        folder: the study's.
        target: of the copy; it is made.
        reading: the study.
        modes: how much of each source's text goes out.
    """

    def __init__(self, folder: Path, target: Path, reading: Reading, modes: Mapping[str, Publish]) -> None:
        super().__init__(folder, target, reading)
        self.modes = modes
        self.withheld = _Words()
        self.scrubbed = 0
        self.told: dict[str, None] = {}
        self.repeated: list[str] = []
        self.shared: list[str] = []
        self.labels: dict[str, Mapping[str, str]] = {}

    def write(self) -> None:
        """Write the copy."""
        listing = self.reading.theory.listing
        sources, spans = self.read()
        closed = {
            one
            for entry in listing.sources
            if self.modes[entry.id] != "full"
            for one in self._documents(entry, sources)
        }
        self.shared = [
            entry.id
            for entry in listing.sources
            if self.modes[entry.id] == "full" and not closed.isdisjoint(self._documents(entry, sources))
        ]
        for entry in listing.sources:
            source, limit = sources[entry.id], self.modes[entry.id]
            if limit == "full":
                self._whole(entry)
                continue
            around = listing.publishing.context if limit == "passages" else None
            self.texts[entry.id], hidden = masked(source, spans.get(entry.id, ()), around)
            self.withheld.add(source.text, hidden)
            self.put(entry.file, self.texts[entry.id])
            if entry.places:
                self.put(entry.places, self._places(entry, source))
        self.repeated = [
            entry.id
            for entry in listing.sources
            if self.modes[entry.id] == "full" and self.withheld.found(sources[entry.id].text)
        ]
        for name, content in self.contents():
            self.dump(name, self._scrubbed(name, content))
        if (self.folder / "references.json").is_file():
            references: Any = json.loads((self.folder / "references.json").read_text("utf-8-sig"))
            text = json.dumps(self._scrubbed("references.json", references), ensure_ascii=False, indent=1)
            self.put("references.json", text + "\n")

    def said(self) -> Iterator[str]:
        """Say what of the words of withheld texts was found elsewhere."""
        if self.scrubbed:
            yield f"{self.scrubbed} stretches of memos, reasons and notes were words of withheld texts and are masked"
        if self.told:
            shown = ", ".join([*self.told][:5]) + (" …" if len(self.told) > 5 else "")
            yield f"names and titles hold words of withheld texts and go out as they are: {shown}"
        if self.repeated:
            yield f"the text of {', '.join(self.repeated)} goes out whole and has words of withheld texts"
        if self.shared:
            yield (
                f"the document of {', '.join(self.shared)} is also that of a withheld text; "
                "neither it nor its pages go out"
            )

    def _documents(self, entry: SourceEntry, sources: Mapping[str, Source]) -> set[str]:
        """Return what the document of a source is known by: its path, and the digests that the study has of it."""
        from kg import places

        known = set()
        if entry.original:
            known |= {os.path.realpath(self.folder / entry.original.file), entry.original.sha256}
        if entry.places and (file := self.folder / entry.places).is_file():
            known.add(places.read(file.read_text("utf-8-sig"), len(sources[entry.id].text)).original)
        return known - {""}

    def _whole(self, entry: SourceEntry) -> None:
        """Copy a source of which all goes out, with its document where that is at hand."""
        names = [entry.file]
        if entry.places:
            names.append(entry.places)
        if entry.id not in self.shared:
            names += [page_map.file_beside(entry.places)] if entry.places else []
            names += [entry.original.file] if entry.original else []
        for name in names:
            origin, copy = self.folder / name, Path(os.path.normpath(self.target / name))
            # An absolute path is the document itself, which nobody copies.
            if origin.is_file() and not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(origin, copy)

    def _places(self, entry: SourceEntry, source: Source) -> str:
        """Return the file of places of a source without its words: no headings, memos, running heads or names."""
        from kg import places

        text = (self.folder / str(entry.places)).read_text("utf-8-sig")
        written = places.read(text, len(source.text))
        names = self.labels[entry.id] = _renamed(written.places, source)
        return places.Places(
            text=sha256(self.texts[entry.id]),
            original=written.original,
            loader=written.loader,
            speakers={names[label]: role for label, role in written.speakers.items() if label in names},
            places=tuple(
                place._replace(label=names.get(place.label, "")) if place.kind == "turn" else place
                for place in written.places
                if place.kind != "heading"
            ),
        ).write()

    def listing(self, content: Any) -> None:
        for entry in content["sources"]:
            entry["publish"] = self.modes[entry["id"]]
            if entry["id"] in self.shared or entry["id"] in self.texts:
                entry.pop("original", None)
            if entry["id"] not in self.texts:
                continue
            entry["sha256"] = sha256(self.texts[entry["id"]])
            names = self.labels.get(entry["id"], {})
            if isinstance(entry.get("speakers"), dict):
                entry["speakers"] = {names[k]: role for k, role in entry["speakers"].items() if k in names}

    def _scrubbed(self, name: str, value: Any, key: str = "", of: str = "") -> Any:
        """Return a value without the words of withheld texts in what people wrote themselves; names are told only."""
        if isinstance(value, dict):
            here = str(value.get("id", of))
            return {k: self._scrubbed(name, v, key if k in ("en", "zh") else k, here) for k, v in value.items()}
        if isinstance(value, list):
            return [self._scrubbed(name, one, key, of) for one in value]
        if isinstance(value, str) and key != "quote" and (found := self.withheld.found(value)):
            if key not in PROSE:
                if (key, name) == ("title", "study.yaml"):  # a document begins with its title
                    return value
                self.told[f"{key} of '{of}' in {name}" if of else f"{key} in {name}"] = None
                return value
            self.scrubbed += len(found)
            for start, end in reversed(found):
                value = value[:start] + masks.SIGN + value[end:]
        return value


def masked(source: Source, spans: Sequence[Span], around: int | None) -> tuple[str, list[Span]]:
    """Return the text of a source with masks in the place of what is withheld.

    What is no body is blank but for what says what paragraphs are called and cite.

    Args:
        source: the source.
        spans: its passages; each begins and ends at the end of a mask, so that it is one or several whole ones.
        around: how many words around each passage are not withheld; None where passages are withheld, too.

    Returns:
        The text, as long as it was, and the stretches of it that are withheld.
    """
    text, kept_always = source.text, signs(source)
    parts = list(re.sub(r"\S", " ", text))
    for start, end in kept_always:
        parts[start:end] = text[start:end]
    shown = [*kept_always]
    edges = sorted({edge for span in spans for edge in span})
    for paragraph in source.body:
        start, end = paragraph.start, paragraph.end
        kept = [(a, min(b, end)) for a, b in kept_always if start <= a < end]
        if around is not None:
            kept += _windows(text, start, end, spans, around)
        shown += kept
        inside = edges[bisect_right(edges, start) : bisect_left(edges, end)]
        for first, last in _between(start, end, kept):
            cuts = [first, *(edge for edge in inside if first < edge < last), last]
            for one, other in pairwise(cuts):
                if words := text[one:other].strip():
                    at = text.index(words, one)
                    parts[at : at + len(words)] = masks.mask(len(words))
        for first, last in kept:
            parts[first:last] = text[first:last]
    return "".join(parts), [*_between(0, len(text), shown)]


def _windows(text: str, start: int, end: int, spans: Iterable[Span], around: int) -> Iterator[Span]:
    """Give the stretches of a paragraph that passages and some words around them take."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    begins, ends = [first for first, _ in words], [last for _, last in words]
    for first, last in spans:
        if first >= end or last <= start:
            continue
        before = bisect_right(ends, first) - around
        after = bisect_left(begins, last) + around
        left = min(first, begins[max(before, 0)]) if around and words else first
        right = max(last, ends[min(after, len(words)) - 1]) if around and words else last
        yield max(left, start), min(right, end)


def _between(start: int, end: int, kept: Iterable[Span]) -> Iterator[Span]:
    """Give the stretches between two places that none of some others has."""
    at = start
    for first, last in (*sorted(kept), (end, end)):
        if at < first:
            yield at, first
        at = max(at, last)


class _Words:
    """The words of withheld texts, by which what was copied out of them is found again."""

    def __init__(self) -> None:
        self._runs: set[tuple[str, ...]] = set()

    def add(self, text: str, stretches: Iterable[Span]) -> None:
        """Add the stretches of a text that are withheld; those that follow each other are one."""
        words = [match[0].casefold() for first, last in stretches for match in _WORD.finditer(text, first, last)]
        self._runs.update(run for run, _, _ in _runs(words))

    def found(self, text: str) -> list[Span]:
        """Return the stretches of a text that are a run of words of a withheld text, in order."""
        if not self._runs:
            return []
        matches = [*_WORD.finditer(text)]
        spans: list[Span] = []
        for run, first, last in _runs([match[0].casefold() for match in matches]):
            if run in self._runs:
                start, end = matches[first].start(), matches[last].end()
                if spans and start <= spans[-1][1]:
                    spans[-1] = spans[-1][0], end
                else:
                    spans.append((start, end))
        return spans


def _runs(words: Sequence[str]) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Give each run of words that is long enough, with the numbers of its first and last."""
    for at, word in enumerate(words):
        length = RUN_CJK if cjk().match(word) else RUN
        if at + length <= len(words):
            yield tuple(words[at : at + length]), at, at + length - 1


def _renamed(called: Iterable[Place], source: Source) -> dict[str, str]:
    """Return what stands for the label of each who speaks: the role and a number."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for place in called:
        if place.kind == "turn" and place.label and place.label not in names:
            role = source.speakers.get(place.label, "unknown")
            word = "speaker" if role == "unknown" else role
            counts[word] = counts.get(word, 0) + 1
            names[place.label] = f"{word} {counts[word]}"
    return names


def _compare(graph: Graph, out: Graph) -> None:
    """Refuse to publish a study in which anything but words is not as it is in the whole one."""
    for asked in (
        'SELECT id, start, "end", paragraph, codes, citations, locator, places, fragment FROM excerpt ORDER BY id',
        "SELECT id, claim, stance, strength, status, excerpts FROM line ORDER BY id",
        "SELECT excerpt, claim FROM assertion ORDER BY excerpt, claim",
    ):
        if [*graph.tables.sql(asked)] != [*out.tables.sql(asked)]:
            raise KGError("what would go out is not the study without its texts; nothing was written: report this")
