"""The byte check: every excerpt of a graph is what its source file holds at its position."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import Finding
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from pyoxigraph import Store

Places = dict[tuple[str, str], tuple[str, int]]


def check(
    store: Store, folder: Path, places: Places | None = None, names: Collection[str] | None = None
) -> list[Finding]:
    """Check every excerpt of a graph against the bytes of its source file.

    One named graph is looked at after the other, since a source and its excerpts stand in one.

    Args:
        store: the graph.
        folder: the study's folder.
        places: file and line of every record, by kind and id.
        names: IRIs in angle brackets of the named graphs that are looked at; None for all.

    Returns:
        One error for each excerpt or source that differs.
    """
    findings: list[Finding] = []
    from pyoxigraph import NamedNode

    for name in store.named_graphs() if names is None else [NamedNode(name[1:-1]) for name in sorted(names)]:
        graph = _Graph(store, name)
        texts: dict[str, str] = {}
        for source in graph.instances("Source"):
            texts[source], differs = _text(graph, source, folder)
            if differs:
                message = "the file is not the one that the graph was built from"
                file = graph.one(source, rdf.EV + "file")
                findings.append(Finding(file, 0, "source-edited", message, "restore it, or run 'kg build'"))
        for excerpt in _different(graph, texts):
            identifier = graph.one(excerpt, rdf.DCT + "identifier")
            file, line = (places or {}).get(("excerpt", identifier), ("", 0))
            source = graph.one(excerpt, rdf.OA + "hasSource")
            named = file or (graph.one(source, rdf.DCT + "identifier") if source else "")
            message = f"the excerpt '{identifier}' of the graph is not in its source"
            findings.append(Finding(named, line, "quote-not-in-source", message, "run 'kg build'"))
    return findings


class _Graph(NamedTuple):
    """A named graph of a store."""

    store: Store
    name: Any

    def instances(self, kind: str) -> list[str]:
        """Return the IRIs of all things of a class of the evidence vocabulary."""
        return [subject for subject, _ in self._pairs(rdf.RDF + "type", rdf.EV + kind)]

    def column(self, predicate: str) -> Mapping[str, str | None]:
        """Return the value of a predicate by subject; None where there are several, of which no one is right."""
        values: dict[str, str | None] = {}
        for subject, value in self._pairs(predicate):
            values[subject] = None if subject in values else value
        return values

    def one(self, subject: str, predicate: str) -> str:
        """Return a value of one thing, or nothing."""
        from pyoxigraph import NamedNode

        quads: Any = self.store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, self.name)
        return next((str(quad.object.value) for quad in quads), "")

    def _pairs(self, predicate: str, value: str | None = None) -> Iterator[tuple[str, str]]:
        from pyoxigraph import NamedNode

        wanted = NamedNode(value) if value else None
        quads: Any = self.store.quads_for_pattern(None, NamedNode(predicate), wanted, self.name)
        return ((quad.subject.value, quad.object.value) for quad in quads)


def _text(graph: _Graph, source: str, folder: Path) -> tuple[str, bool]:
    """Read the text of a source's file, and say whether it is not the one of the graph."""
    try:
        data = (folder / graph.one(source, rdf.EV + "file")).read_bytes()
    except OSError:
        data = b""
    text = data.decode("utf-8-sig", errors="replace")
    stated = (graph.one(source, rdf.EV + "sha256"), graph.one(source, rdf.EV + "text"))
    return text, stated != (hashlib.sha256(data).hexdigest(), text)


def _different(graph: _Graph, texts: Mapping[str, str]) -> Iterator[str]:
    """Give the excerpts of a graph that are not what the text of their source holds."""
    excerpts = graph.instances("Excerpt")
    if not excerpts:
        return
    sources, selectors = graph.column(rdf.OA + "hasSource"), graph.column(rdf.OA + "hasSelector")
    exact, prefix, suffix, start, end = (
        graph.column(rdf.OA + name) for name in ("exact", "prefix", "suffix", "start", "end")
    )
    for excerpt in excerpts:
        at = selectors.get(excerpt) or ""
        text = texts.get(sources.get(excerpt) or "")
        values = (exact.get(at), prefix.get(at), suffix.get(at))
        numbers = (start.get(at), end.get(at))
        if text is None or not _is_at(text, values, numbers):
            yield excerpt


def _is_at(
    text: str, values: tuple[str | None, str | None, str | None], numbers: tuple[str | None, str | None]
) -> bool:
    """Say whether a passage stands in a text at its place, between what stands before and after it."""
    (exact, prefix, suffix), (first, last) = values, numbers
    if exact is None or prefix is None or suffix is None or first is None or last is None:
        return False
    start, end = int(first), int(last)
    return text[start:end] == exact and text.endswith(prefix, 0, start) and text.startswith(suffix, end)
