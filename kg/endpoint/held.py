"""The record that a server keeps of what it holds of a study: a small graph of its own, beside the study's.

While a push lasts it names no build, by which a reader knows that the graph is not whole; and it has the digest of
each graph that is, so that a push that was broken off is carried on where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Iterable

PUSHED = f"{rdf.VOCABULARIES}pushed#"
"""The vocabulary of the record."""


class Held(NamedTuple):
    """The record of what a server holds.

    Args:
        build: digest of the study that it holds whole; None while it does not.
        digests: of every graph that it may have, by name; None where what it has is not sure.
    """

    build: str | None
    digests: dict[str, str | None]


def name(study: str) -> str:
    """Return the name of the graph that is the record of a study.

    Args:
        study: the study's id.
    """
    return f"{rdf.base(study)}graph/pushed"


def write(study: str, held: Held) -> bytes:
    """Write a record as N-Triples.

    Args:
        study: the study's id.
        held: the record.
    """
    root = name(study)
    lines = [] if held.build is None else [f'<{root}> <{PUSHED}build> "{held.build}" .\n']
    lines += [f"<{root}> <{PUSHED}graph> <{graph}> .\n" for graph in sorted(held.digests)]
    return "".join(lines).encode() + note((g, d) for g, d in sorted(held.digests.items()) if d)


def note(digests: Iterable[tuple[str, str]]) -> bytes:
    """Write as N-Triples that graphs are whole.

    Args:
        digests: their names and digests.
    """
    return "".join(f'<{graph}> <{PUSHED}digest> "{digest}" .\n' for graph, digest in digests).encode()


def read(study: str, triples: Iterable[tuple[str, str, str]]) -> Held:
    """Read a record.

    Args:
        study: the study's id.
        triples: its statements: IRIs, and IRIs or texts.
    """
    root, build = name(study), None
    graphs: set[str] = set()
    digests: dict[str, str] = {}
    for subject, predicate, value in triples:
        if predicate == f"{PUSHED}digest":
            digests[subject] = value
        elif subject == root and predicate == f"{PUSHED}graph":
            graphs.add(value)
        elif subject == root and predicate == f"{PUSHED}build":
            build = value
    return Held(build, {graph: digests.get(graph) for graph in sorted(graphs)})
