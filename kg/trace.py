"""Walk from any record to the passages it rests on, and to the claims that rest on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kg import bearing, claims, judges, query
from kg.errors import UnknownTerm, closest
from kg.kinds import NAMED, WITH_PASSAGES
from kg.store.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.query import Engine

COLUMNS = (
    "excerpt",
    "quote",
    "document",
    "position",
    "codes",
    "proposition",
    "stance",
    "strength",
    "reason",
    "reference",
    "locator",
    "speakers",
)
"""The table a researcher pastes."""


_SHOWN = (None, "active", "disputed")
"""The status of what a trace shows when nothing else is asked for; a link without one is no evidence line."""

_KINDS = (*NAMED, "excerpt")
"""Kinds of record an id is looked up in, in this order. Passages have ids of a form of their own."""


@dataclass(frozen=True)
class Node:
    """One step of a trace.

    Args:
        kind: kind of record, or how the children relate to the parent.
        id: the record's id; empty for a heading.
        label: its words.
        children: the next steps.
    """

    kind: str
    id: str
    label: str
    children: tuple[Node, ...] = ()

    def under(self, kind: str) -> Node:
        """Return this node with how it relates to its parent in place of its kind."""
        return replace(self, kind=kind)


@dataclass(frozen=True)
class Trace:
    """A trace in both directions.

    Args:
        kind: kind of the record.
        id: its id.
        tree: the trace as a tree; its root is the record.
        rows: the trace as a table with :data:`COLUMNS`, one row a passage and claim.
        also: other records with the same id, written ``kind/id``.
        software: names of who judged the evidence in it, if all of them are software; else empty.
        queries: name and parameters of every query that was run.
    """

    kind: str
    id: str
    tree: Node
    rows: tuple[tuple[Any, ...], ...]
    also: tuple[str, ...] = ()
    software: tuple[str, ...] = ()
    queries: tuple[tuple[str, dict[str, str]], ...] = ()


class _Names:
    """The label of every record."""

    def __init__(self, engine: Engine) -> None:
        self.label: dict[tuple[str, str], str] = {}
        if isinstance(engine, Tables):
            self.label = engine.labels
            return
        for row in query.run(engine, "records").dicts():
            self.label.setdefault((row["kind"], row["id"]), row["label"])

    def node(self, kind: str, identifier: str, children: Iterable[Node] = ()) -> Node:
        return Node(kind, identifier, self.label.get((kind, identifier), ""), tuple(children))


def resolve(engine: Engine, identifier: str) -> tuple[str, str, tuple[str, ...]]:
    """Find which record an id names.

    Args:
        engine: what answers queries.
        identifier: an id, or ``kind/id`` where two kinds share one.

    Returns:
        Its kind, its id, and the other records with that id.

    Raises:
        UnknownTerm: when no record has it.
    """
    kind, slash, rest = identifier.partition("/")
    wanted = rest if slash and kind in _KINDS else identifier
    kinds = {row["kind"] for row in query.run(engine, "kinds", id=wanted).dicts()}
    if slash and wanted == rest and kind in kinds:
        return kind, wanted, ()
    here = [k for k in _KINDS if k in kinds]
    if not here or (slash and wanted == rest):
        ids = [row["id"] for row in query.run(engine, "records").dicts()]
        raise UnknownTerm(identifier, "record", closest(wanted, ids))
    return here[0], wanted, tuple(f"{k}/{wanted}" for k in here[1:])


def trace(engine: Engine, identifier: str, *, withdrawn: bool = False) -> Trace:
    """Trace a record in both directions.

    Args:
        engine: what answers queries.
        identifier: id of any record, or ``kind/id``.
        withdrawn: whether withdrawn and superseded evidence lines are shown.

    Returns:
        The trace. Every claim in it ends in a passage or says that none supports it.

    Raises:
        UnknownTerm: when no record has the id.
    """
    kind, wanted, also = resolve(engine, identifier)
    names = _Names(engine)
    asked: list[tuple[str, dict[str, str]]] = []
    if kind not in WITH_PASSAGES:
        tree, links = _theory(engine, kind, wanted, names, asked, withdrawn=withdrawn)
        passages = claims.passages(links)
    else:
        asked.append((f"trace-{kind}", {"id": wanted}))
        links = [
            r
            for r in query.run(engine, f"trace-{kind}", id=wanted).dicts()
            if withdrawn or kind == "line" or r["status"] in _SHOWN
        ]
        passages = claims.passages(links)
        if kind == "proposition":
            (claim,) = _claims(engine, {wanted}, withdrawn=withdrawn)
            asked.insert(0, ("claims", {}))
            links = [r for r in links if r["link"] not in ("asserts", *claims.STANCES) or r["target"] == wanted]
            tree = claim_node(claim, names)
        else:
            tree = _down(engine, kind, wanted, links, passages, names)
    drawn = {row["line"]: row["coder"] for row in links if row["link"] in claims.STANCES and row["status"] == "active"}
    software = judges.of_lines(engine, drawn.values(), drawn)
    ran = tuple({str(q): q for q in asked}.values())
    return Trace(kind, wanted, tree, tuple(_table(links, passages)), also, software, ran)


def _claims(engine: Engine, wanted: set[str], *, withdrawn: bool) -> tuple[bearing.Claim, ...]:
    rows = query.run(engine, "claims")
    chosen = query.Table(rows.columns, [r for r in rows.rows if r[0] in wanted])
    return bearing.load(engine, chosen, bearing.of(engine, withdrawn=withdrawn))


def claim_node(claim: bearing.Claim, names: _Names) -> Node:
    """Return the tree of one claim: its state, the passages that state it, its evidence."""
    children = [Node("state", "", claim.state)]
    if claim.assertions:
        children.append(
            Node("stated by the theory", "", "not evidence", tuple(_passage(p, names) for p in claim.assertions))
        )
    for stance in claims.STANCES:
        lines = [_line(n, names) for n in claim.lines if n.stance == stance and n.status != "disputed"]
        children += (
            [Node(stance, "", f"{len(lines)} evidence line{'s' * (len(lines) != 1)}", tuple(lines))] if lines else []
        )
    children += [_dispute(dispute, names) for dispute in claim.disputes]
    children += [Node("looked, found nothing", "", note) for note in claim.searches]
    if not claim.is_supported:
        children.append(Node("supported by", "", "no quote supports this"))
    return Node("proposition", claim.id, claim.statement, tuple(children))


def _line(line: claims.Line, names: _Names) -> Node:
    mark = "" if line.status == "active" else f"{line.status}: "
    return Node(
        "line", line.id, f"{mark}{line.strength}: {line.rationale}", tuple(_passage(p, names) for p in line.passages)
    )


def _dispute(dispute: claims.Dispute, names: _Names) -> Node:
    node = _line(dispute.line, names)
    return replace(node, kind="coders differ", children=(*_readings(dispute.readings), *node.children))


def _readings(readings: Iterable[claims.Reading]) -> list[Node]:
    return [Node(reading.act, reading.coder, reading.judgement) for reading in readings]


def _passage(passage: claims.Passage, names: _Names, above: Iterable[Node] = ()) -> Node:
    place = f" ({passage.where})" if passage.where else ""
    codes = (Node("codes", "", ", ".join(passage.codes)),) if passage.codes else ()
    references = tuple(_reference(names, key, place) for key, place in passage.citations.items())
    witness = (Node("witness", "", passage.witness),) if passage.witness else ()
    source = names.node("source", passage.source, (*references, *witness))
    return Node("excerpt", passage.id, f"“{passage.quote}”{place}", (*above, *codes, source))


def _reference(names: _Names, key: str, place: str) -> Node:
    """Return the node of a reference, with the place in it."""
    node = names.node("reference", key)
    return replace(node, label=f"{node.label} ({place})" if node.label else place) if place else node


def _theory(
    engine: Engine, kind: str, wanted: str, names: _Names, asked: list[tuple[str, dict[str, str]]], *, withdrawn: bool
) -> tuple[Node, list[dict[str, Any]]]:
    """Trace what has no passages of its own through the claims about it."""
    children: list[Node] = []
    about: list[str] = [wanted]
    if kind in ("question", "search"):
        name = {"question": "open-questions", "search": "searches"}[kind]
        asked.append((name, {}))
        rows = [r for r in query.run(engine, name).dicts() if r[kind] == wanted]
        about = list(dict.fromkeys(r["about"] for r in rows))
        children += [
            Node("candidate", r["candidate"], names.label.get(("concept", r["candidate"]), ""))
            for r in rows
            if r.get("candidate")
        ]
        children += [Node("note", "", rows[0]["note"])] if rows and kind == "question" and rows[0]["note"] else []
    propositions: dict[str, bearing.Claim] = {}
    for identifier in about:
        if kind == "relation":
            asked.append(("claims", {}))
            table = query.run(engine, "claims")
            table = query.Table(
                table.columns, [r for r in table.rows if r[table.columns.index("relation")] == identifier]
            )
        elif ("proposition", identifier) in names.label:
            propositions |= {c.id: c for c in _claims(engine, {identifier}, withdrawn=withdrawn)}
            continue
        else:
            asked.append(("claims-about-concept", {"concept": identifier}))
            table = query.run(engine, "claims-about-concept", concept=identifier)
        propositions |= {c.id: c for c in bearing.load(engine, table, bearing.of(engine, withdrawn=withdrawn))}
    if kind == "concept":
        asked.append(("concept", {"concept": wanted}))
        for row in query.run(engine, "concept", concept=wanted).dicts():
            if row["property"] in ("broader", "code"):
                code = row["property"] == "code"
                children.append(
                    names.node("code" if code else "concept", row["value"]).under(
                        "indicated by code" if code else "broader"
                    )
                )
    children += [claim_node(claim, names) for claim in propositions.values()]
    if not propositions:
        children.append(Node("claims", "", "the theory claims nothing about this"))
    rows_of_all: list[dict[str, Any]] = []
    for key in propositions:
        asked.append(("trace-proposition", {"id": key}))
        rows_of_all += [
            r
            for r in query.run(engine, "trace-proposition", id=key).dicts()
            if (r["link"] not in ("asserts", *claims.STANCES) or r["target"] == key)
            and (withdrawn or r["status"] in _SHOWN)
        ]
    return names.node(kind, wanted, children), rows_of_all


def _down(
    engine: Engine,
    kind: str,
    wanted: str,
    links: list[dict[str, Any]],
    passages: dict[str, claims.Passage],
    names: _Names,
) -> Node:
    """Trace what has passages: the claims above each, its source and references below."""
    if kind == "coder":
        links = [r for r in links if r["coder"] == wanted]
    above: dict[str, list[Node]] = {key: [] for key in passages}
    lines = {line.id: line for line in claims.lines(links, passages)}
    resting: dict[str, list[str]] = {}
    for row in links:
        if row["link"] == "asserts":
            above[row["excerpt"]].append(names.node("proposition", row["target"]).under("asserts"))
        elif row["link"] in claims.STANCES:
            line = lines[row["line"]]
            label = names.label.get(("proposition", row["target"]), "")
            mark = "" if line.status == "active" else f" [{line.status}]"
            above[row["excerpt"]].append(
                Node(row["link"], row["target"], f"{label} ({line.strength}{mark}: {line.rationale})")
            )
        else:
            continue
        if row["status"] in (None, "active"):
            resting.setdefault(row["target"], []).append(row["link"])
    if kind == "excerpt":
        (passage,) = passages.values()
        return _passage(passage, names, above[wanted])
    children: list[Node] = []
    if kind == "code":
        children += _codes(engine, wanted, names)
    if kind == "line":
        children += [Node("status", "", bearing.status(engine, wanted)), *_readings(bearing.readings(engine, wanted))]
    if kind == "source":
        cited = sorted({key for p in passages.values() for key in p.references})
        children.append(
            Node(
                "rests on",
                "",
                f"{len(cited)} reference{'s' * (len(cited) != 1)}",
                tuple(names.node("reference", k) for k in cited),
            )
        )
    how = []
    for key in sorted(resting):
        counts = [f"{link} {n}" for link in ("asserts", *claims.STANCES) if (n := resting[key].count(link))]
        how.append(Node("proposition", key, f"{names.label['proposition', key]} ({', '.join(counts)})"))
    children.append(Node("claims that rest on this", "", str(len(how)), tuple(how)))
    children.append(
        Node("passages", "", str(len(passages)), tuple(_passage(p, names, above[k]) for k, p in passages.items()))
    )
    return names.node(kind, wanted, children)


def _codes(engine: Engine, wanted: str, names: _Names) -> list[Node]:
    """Say what a code is: its rules, its neighbours in the codebook, its concept."""
    return [
        names.node(row["target"], row["value"]).under(row["property"])
        if row["target"]
        else Node(row["property"], "", row["value"])
        for row in query.run(engine, "code", id=wanted).dicts()
    ]


def _table(links: list[dict[str, Any]], passages: dict[str, claims.Passage]) -> list[tuple[Any, ...]]:
    """Return one row a passage and claim, or one a passage that bears on no claim."""
    claimed: dict[str, list[tuple[Any, ...]]] = {}
    for r in links:
        if r["link"] in ("asserts", *claims.STANCES):
            row = (r["target"], r["link"], r["strength"], r["reason"])
            if row not in claimed.setdefault(r["excerpt"], []):
                claimed[r["excerpt"]].append(row)
    return [
        (
            p.id,
            p.quote,
            p.source,
            f"{p.paragraph or ''} {p.start}-{p.end}".strip(),
            ", ".join(p.codes),
            *claim,
            ", ".join(p.references),
            _places(p),
            "; ".join(p.speakers),
        )
        for p in passages.values()
        for claim in claimed.get(p.id, [("", "", None, None)])
    ]


def _places(passage: claims.Passage) -> str:
    """Return where a passage stands in its document, and where in each of its references."""
    cited = (f"{key}, {locator}" for key, locator in passage.places)
    return "; ".join(filter(None, (passage.locator, *cited)))
