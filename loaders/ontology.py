"""Vocabularies in Turtle: the concepts and relations that ship with dart-kg."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DCTERMS_IDENTIFIER = "http://purl.org/dc/terms/identifier"


def terms(path: Path) -> dict[str, str]:
    """List the concepts and relations a vocabulary defines.

    Args:
        path: a Turtle file.

    Returns:
        IRI by identifier.
    """
    from pyoxigraph import RdfFormat, parse

    return {
        quad.object.value: quad.subject.value
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if quad.predicate.value == DCTERMS_IDENTIFIER
    }
