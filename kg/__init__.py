"""A knowledge graph of a theory and of the evidence for and against it."""

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
