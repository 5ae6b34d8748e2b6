"""All records of a built study as plain values, so that two studies, or two states of one, can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from kg import bearing, query
from kg.model import MODEL, PREDICATES, PREFIXES, expand
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.graph import Graph

_NAMES = {predicate.iri: name for name, predicate in PREDICATES.items()}
# What an evidence line that does not count states by predicates of its own is what any line states.
_NAMES |= {PREFIXES["uncounted"] + name: name for name in ("proposition", "excerpt", "stance", "strength")}
_SKIPPED = {PREFIXES["rdf"] + "type", PREDICATES["text"].iri, PREDICATES["selector"].iri}
_CLASSES = {expand(model.types[0]): kind for kind, model in MODEL.items()}
_BROAD = {"concept"}
"""Kinds whose class records of other kinds have besides their own."""


class Ref(NamedTuple):
    """A record that another names.

    Args:
        kind: its kind.
        id: its id.
    """

    kind: str
    id: str

    def __str__(self) -> str:
        return self.id


Value = str | Ref
Fields = dict[str, tuple[Value, ...]]
"""The values of a record by the short name of their predicate, sorted."""


class Snapshot(NamedTuple):
    """The records of a study.

    Args:
        records: the fields of each record, by kind and id.
        states: how each claim stands, by its id.
    """

    records: dict[Ref, Fields]
    states: dict[str, str]

    def of(self, kind: str) -> dict[str, Fields]:
        """Return the records of a kind by their ids."""
        return {ref.id: fields for ref, fields in self.records.items() if ref.kind == kind}


def of(graph: Graph) -> Snapshot:
    """Read the records of a study from the graph built of it.

    Args:
        graph: the study.
    """
    (study,) = query.run(graph.tables, "study").dicts()
    root = rdf.base(study["study"])
    kinds: dict[str, str] = {}
    stated: dict[str, list[tuple[str, Any]]] = {}
    for quad in graph.store:
        if not getattr(quad.graph_name, "value", "").startswith(root):
            continue
        subject, predicate = str(quad.subject.value).removesuffix("#selector"), quad.predicate.value
        if predicate not in _SKIPPED:
            stated.setdefault(subject, []).append((predicate, quad.object))
        elif (kind := _CLASSES.get(getattr(quad.object, "value", ""))) and not (kind in _BROAD and subject in kinds):
            kinds[subject] = "line" if kind == "uncounted" else kind
    names = {iri: Ref(kind, unquote(iri.removeprefix(root).partition("/")[2])) for iri, kind in kinds.items()}
    records = {names[iri]: _fields(root, values, names) for iri, values in sorted(stated.items()) if iri in names}
    claims = bearing.load(graph.tables, query.run(graph.tables, "claims"), bearing.of(graph.tables))
    return Snapshot(records, {claim.id: claim.state for claim in claims})


def _fields(root: str, stated: Iterable[tuple[str, Any]], names: Mapping[str, Ref]) -> Fields:
    fields: dict[str, set[Value]] = {}
    for predicate, term in stated:
        # The value of an attribute is stated by the attribute itself.
        name = _NAMES.get(predicate) or unquote(predicate.removeprefix(root).rpartition("#")[2])
        fields.setdefault(name, set()).add(_value(term, names))
    return {name: tuple(sorted(values, key=str)) for name, values in sorted(fields.items())}


def _value(term: Any, names: Mapping[str, Ref]) -> Value:
    if term.value in names and not hasattr(term, "datatype"):
        return names[term.value]
    if language := getattr(term, "language", None):
        return f"{term.value} ({language})"
    # A term of a vocabulary is called by its name in it.
    return str(term.value) if hasattr(term, "datatype") else unquote(str(term.value).rpartition("#")[2])
