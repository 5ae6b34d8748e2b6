"""A knowledge graph of a theory and of the evidence for and against it."""

from pathlib import Path

_HERE = Path(__file__).parent
if not (_HERE / "loaders").is_dir():
    # In a checkout the loaders lie beside the package, as the ontology does; installed they lie in it.
    __path__.append(str(_HERE.parent))

from kg.errors import Finding, KGError, QueryLimit, QueryRefused, StoreUnavailable, StudyError, UnknownTerm
from kg.graph import Graph, open

__all__ = [
    "Finding",
    "Graph",
    "KGError",
    "QueryLimit",
    "QueryRefused",
    "StoreUnavailable",
    "StudyError",
    "UnknownTerm",
    "open",
]
