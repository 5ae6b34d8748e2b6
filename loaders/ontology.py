"""Vocabularies in Turtle: the concepts and relations that ship with dart-kg."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.model import expand

if TYPE_CHECKING:
    from pathlib import Path


class Terms(NamedTuple):
    """The terms that a vocabulary defines.

    Args:
        concepts: IRI by id.
        relations: IRI by id.
    """

    concepts: dict[str, str]
    relations: dict[str, str]


def terms(path: Path) -> Terms:
    """List the concepts and relations a vocabulary defines.

    Args:
        path: a Turtle file.

    Returns:
        Their IRIs by id.
    """
    from pyoxigraph import RdfFormat, parse

    quads = list(parse(path=str(path), format=RdfFormat.TURTLE))
    relation = expand("ev:Relation")
    relations = {q.subject for q in quads if q.predicate.value == expand("rdf:type") and q.object.value == relation}
    vocabulary = Terms({}, {})
    for quad in quads:
        if quad.predicate.value == expand("dcterms:identifier"):
            table = vocabulary.relations if quad.subject in relations else vocabulary.concepts
            table[quad.object.value] = quad.subject.value
    return vocabulary
