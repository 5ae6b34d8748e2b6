"""Keep a study in step in a SPARQL server, by the Graph Store Protocol: a graph for each source, only what changed.

Digests of what the server holds are kept there (:mod:`kg.endpoint.held`) and compared, so that a second push sends
nothing and one that was broken off is carried on. What is beside the study's graphs is left as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.endpoint import held
from kg.endpoint.held import Held
from kg.errors import ServerUnavailable
from kg.progress import silent
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.endpoint.client import Client
    from kg.progress import Progress
    from kg.store.named_graphs import Graphs

NOTED = 8 * 2**20
"""Bytes after which the server is told what it has whole: as much is sent again at most after a push broke off."""
TIME = 120.0
"""Seconds that a request may take, and as many more as its content takes at :data:`SPEED`."""
SPEED = 200_000
"""Bytes that a server takes in a second, at least."""
_TRIPLES = "application/n-triples"


class Changes(NamedTuple):
    """The difference between a build and what a server holds of it.

    Args:
        create: names of the graphs that the server does not have.
        replace: names of those that differ, or of which it is not sure what the server has.
        delete: names of those that are gone.
        is_told: whether the server already says which build it holds.
    """

    create: list[str]
    replace: list[str]
    delete: list[str]
    is_told: bool

    def __bool__(self) -> bool:
        return bool(self.create or self.replace or self.delete) or not self.is_told

    def counts(self) -> list[tuple[str, str, int]]:
        """Return what happens to which kind of graph, and to how many, for a person to read."""
        counts: dict[tuple[str, str], int] = {}
        for act, names in (("create", self.create), ("replace", self.replace), ("delete", self.delete)):
            for name in names:
                counts[act, _kind(name)] = counts.get((act, _kind(name)), 0) + 1
        return [(act, kind, number) for (act, kind), number in counts.items()]


def _kind(name: str) -> str:
    if not name.startswith(rdf.STUDIES):
        return "vocabulary"
    return "graph of the theory" if name.endswith("/graph/theory") else "graph of a source"


def difference(client: Client, graphs: Graphs, *, whole: bool = False) -> Changes:
    """Compare what a server holds of a study with what it should hold.

    Args:
        client: speaks to the server's graph store.
        graphs: the study.
        whole: whether every graph is to be sent, also those that the server says it has.

    Returns:
        What a push would do.

    Raises:
        ServerUnavailable: when the server does not answer.
    """
    return _changes(_held(client, graphs.study), graphs, whole=whole)


def _changes(there: Held, graphs: Graphs, *, whole: bool) -> Changes:
    wanted = graphs.digests
    return Changes(
        create=sorted(wanted.keys() - there.digests.keys()),
        replace=[g for g, d in sorted(wanted.items()) if g in there.digests and (whole or there.digests[g] != d)],
        delete=sorted(there.digests.keys() - wanted.keys()),
        is_told=there.build == graphs.build,
    )


def push(client: Client, graphs: Graphs, progress: Progress = silent, *, whole: bool = False) -> Changes:
    """Make a server hold a study, and nothing of the study besides.

    While it lasts, the server names no build that it holds, by which a reader knows that the graph is not whole.

    Args:
        client: speaks to the server's graph store.
        graphs: the study.
        progress: called with each step, how much of it is done, and how much there is.
        whole: whether every graph is sent, also those that the server says it has.

    Returns:
        What was done.

    Raises:
        ServerUnavailable: when the server does not answer or cannot write. A push again carries on.
    """
    progress("reading what the server holds", 0, 1)
    there = _held(client, graphs.study)
    changes = _changes(there, graphs, whole=whole)
    if not changes:
        return changes
    changing = {*changes.create, *changes.replace, *changes.delete}
    # What will change is named before it does, so that a graph which is half there is never lost sight of.
    unsure = {name: None if name in changing else there.digests[name] for name in there.digests.keys() | changing}
    _put(client, held.name(graphs.study), held.write(graphs.study, Held(None, unsure)))
    total, done, sent = len(changing), 0, 0
    noted: list[tuple[str, str]] = []
    for name in (*changes.create, *changes.replace):
        progress("writing to the server", done, total)
        content, kind = graphs.content(name)
        _put(client, name, content, kind)
        done, sent = done + 1, sent + len(content)
        noted.append((name, graphs.digests[name]))
        if sent >= NOTED:
            _note(client, graphs.study, noted)
            noted, sent = [], 0
    for name in changes.delete:
        progress("writing to the server", done, total)
        _send(client, "DELETE", name, accepted=(404,))
        done += 1
    progress("writing to the server", done, total)
    _put(client, held.name(graphs.study), held.write(graphs.study, Held(graphs.build, dict(graphs.digests))))
    return changes


def _held(client: Client, study: str) -> Held:
    """Return what a server holds of a study, as it says."""
    from pyoxigraph import RdfFormat, parse

    reply = client.send(
        "GET",
        parameters={"graph": held.name(study)},
        headers={"Accept": f"{_TRIPLES}, text/turtle;q=0.9"},
        seconds=TIME,
        accepted=(404,),
    )
    if reply.status == 404 or not reply.body.strip():
        return Held(None, {})
    form = RdfFormat.from_media_type(reply.media_type)
    try:
        if form is None:
            raise SyntaxError(reply.media_type)
        triples = [(quad.subject.value, quad.predicate.value, quad.object.value) for quad in parse(reply.body, form)]
    except (SyntaxError, ValueError) as e:
        raise ServerUnavailable(
            f"{client.address.shown} answers with what is no graph ({reply.media_type or 'nothing'}); "
            "is it the address of a graph store, such as http://HOST:3030/DATASET/data?"
        ) from e
    return held.read(study, triples)


def _note(client: Client, study: str, digests: Iterable[tuple[str, str]]) -> None:
    """Tell the server which graphs it has whole."""
    _send(client, "POST", held.name(study), held.note(digests))


def _put(client: Client, name: str, content: bytes, kind: str = _TRIPLES) -> None:
    _send(client, "PUT", name, content, kind)


def _send(
    client: Client,
    method: str,
    name: str,
    content: bytes | None = None,
    kind: str = _TRIPLES,
    accepted: tuple[int, ...] = (),
) -> None:
    client.send(
        method,
        parameters={"graph": name},
        content=content,
        headers={"Content-Type": kind} if content is not None else {},
        seconds=TIME + len(content or b"") / SPEED,
        accepted=accepted,
    )
