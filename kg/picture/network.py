"""Choose what a picture shows: nodes in the layers of the trace, and the links between them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import claims, query
from kg.errors import KGError, UnknownTerm, closest
from kg.ids import source_of
from kg.kinds import LAYERS
from kg.store import listings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.store.tables import Tables

_ORDER = {layer: place for place, layer in enumerate(LAYERS)}

CROWDED = 40
"""How many nodes a column shows one by one; more are shown as one node for those that are alike."""
FOLLOWED = 300
"""How many passages are followed to their codes and references."""
MOST = 300
"""How many nodes a picture may have."""


@dataclass(frozen=True)
class Node:
    """A node of a picture.

    Args:
        kind: one of :data:`kg.kinds.LAYERS`.
        id: id of the record; of several alike, of what they have in common.
        label: a few words.
        text: all its words.
        count: how many records it stands for.
        members: ids of the records that it stands for, when these are several.
    """

    kind: str
    id: str
    label: str
    text: str
    count: int = 1
    members: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return kind and id, which no other node of the picture has."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, order=True)
class Edge:
    """A link between two nodes of a picture.

    Args:
        start: key of the node that stands further left.
        end: key of the other.
        link: supports, opposes, qualifies, asserts, coded, or the name of the property.
        forward: whether the link leads from start to end, as ``claims`` does, or back, as ``supports`` does.
        count: how many links it stands for.
    """

    start: str
    end: str
    link: str
    forward: bool
    count: int = 1

    @property
    def directed(self) -> tuple[str, str]:
        """Return the keys of its ends in the direction of the link."""
        return (self.start, self.end) if self.forward else (self.end, self.start)


@dataclass(frozen=True)
class Network:
    """The nodes and links of a picture.

    Args:
        title: what it is a picture of.
        nodes: by layer and id.
        edges: sorted.
        left_out: how many nodes were left out because there were too many.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int = 0

    def layers(self) -> dict[str, list[Node]]:
        """Return the nodes by layer, those without nodes left out."""
        by_layer: dict[str, list[Node]] = {}
        for node in self.nodes:
            by_layer.setdefault(node.kind, []).append(node)
        return {layer: by_layer[layer] for layer in LAYERS if layer in by_layer}


class Choice(NamedTuple):
    """The choice of what a picture shows.

    Args:
        cases: ids of cases whose passages are kept; empty keeps all. ``literature`` stands for those of no case.
        stances: stances that are kept; empty keeps all, and what is asserted and coded too.
        unfolded: keys of nodes that stand for several, to be shown one by one.
        expanded: nodes whose neighbours of a kind are shown too, as ``kind/id>kind``.
        most: how many nodes there may be.
    """

    cases: frozenset[str] = frozenset()
    stances: frozenset[str] = frozenset()
    unfolded: frozenset[str] = frozenset()
    expanded: tuple[str, ...] = ()
    most: int = MOST


ALL = Choice()


@dataclass
class _Draft:
    """A picture in the making: the nodes and edges chosen so far."""

    tables: Tables
    language: str
    choice: Choice
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)
    read: dict[tuple[str, str, tuple[str, ...]], list[tuple[Any, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.choice.cases:
            cases = {i for k, i in self.tables.names if k == "case"} | {claims.LITERATURE}
            for case in sorted(self.choice.cases - cases):
                raise UnknownTerm(case, "case", closest(case, sorted(cases)))

    def name(self, kind: str, identifier: str) -> str | None:
        """Return what a record is called, in English where it has no name in the language."""
        names = self.tables.names.get((kind, identifier), {})
        return names.get(self.language) or names.get("en")

    def fetch(self, records: Iterable[tuple[str, str]], into: Mapping[str, tuple[str, ...]]) -> None:
        """Read what some records are joined to in some layers, by their kind, all at once."""
        asked: dict[str, list[str]] = {}
        for kind, identifier in dict.fromkeys(records):
            if into.get(kind) and (kind, identifier, into[kind]) not in self.read:
                asked.setdefault(kind, []).append(identifier)
        for kind, ids in asked.items():
            for identifier, rows in self.tables.neighbours(kind, ids, into[kind]).items():
                self.read[kind, identifier, into[kind]] = rows

    def add(self, kind: str, identifier: str, quote: str | None = None) -> str:
        key = f"{kind}/{identifier}"
        if key not in self.nodes:
            label = text = quote or self.name(kind, identifier) or identifier
            if kind == "proposition":
                label = f"{identifier} {label}"
            elif kind == "source":
                label = identifier
            elif kind == "reference":
                label = self.tables.reference_names.get(identifier, identifier)
            self.nodes[key] = Node(kind, identifier, " ".join(label.split()), text)
        return key

    def wanted(self, kind: str, identifier: str, link: str) -> bool:
        """Say whether a neighbour is kept: its layer is drawn, its stance and case are chosen."""
        if kind not in LAYERS:
            return False
        stances = self.choice.stances
        if stances and link in (*claims.STANCES, "asserts") and link not in stances:
            return False
        if self.choice.cases and kind in ("excerpt", "source"):
            source = source_of(identifier) if kind == "excerpt" else identifier
            return (self.tables.cases.get(source) or claims.LITERATURE) in self.choice.cases
        return True

    def join(self, one: str, other: str, link: str) -> None:
        """Add a link that leads from one node to another."""
        first, second = ((_ORDER[key.partition("/")[0]], key) for key in (one, other))
        start, end = (one, other) if first <= second else (other, one)
        self.edges.add(Edge(start, end, link, forward=start == one))


def theory(tables: Tables, language: str = "en", choice: Choice = ALL) -> Network:
    """Choose the theory: its claims, the concepts they are about, and the codes that indicate these.

    Of a study that has no claims yet: its codes, their passages, and the sources.

    Args:
        tables: the tables of the build.
        language: ``en`` or ``zh``, for labels.
        choice: what of it is wanted.

    Returns:
        The network, at most ``choice.most`` nodes of it.

    Raises:
        UnknownTerm: when a case is chosen that the study does not have.
    """
    (study,) = query.run(tables, "study").dicts()
    if not (claims := [row[0] for row in query.run(tables, "claims").rows]):
        return _coded(_Draft(tables, language, choice), study["title"])
    return claimed(tables, claims, study["title"], language, choice)


def _coded(draft: _Draft, title: str) -> Network:
    """Choose codes, passages and sources; of many passages only how many of a source have a code."""
    for code in (row[0] for row in query.run(draft.tables, "codebook").rows):
        draft.add("code", code)
    for source in (row[0] for row in query.run(draft.tables, "sources").rows):
        if draft.wanted("source", source, "source"):
            draft.add("source", source)
    rows = listings.coded_passages(draft.tables, CROWDED + 1)
    if len(rows) <= CROWDED:
        for excerpt, source, code, quote in rows:
            if draft.wanted("source", source, "source"):
                draft.join(draft.add("excerpt", excerpt, quote), draft.add("code", code), "coded")
        _complete(draft, codes=True)
        return _finish(draft, title)
    _complete(draft)
    for code, source, number in listings.coded_counts(draft.tables):
        if draft.wanted("source", source, "source"):
            draft.edges.add(Edge(f"code/{code}", f"source/{source}", "coded", forward=False, count=number))
    return _finish(draft, title)


def claimed(
    tables: Tables,
    wanted: Iterable[str],
    title: str,
    language: str = "en",
    choice: Choice = ALL,
    *,
    evidence: bool = False,
) -> Network:
    """Choose some claims with their concepts and codes, and their evidence when it is asked for.

    Args:
        tables: the tables of the build.
        wanted: ids of propositions.
        title: what it is a picture of.
        language: ``en`` or ``zh``, for labels.
        choice: what of it is wanted.
        evidence: whether the passages, their sources and references are shown, and the codes that are theirs.

    Raises:
        UnknownTerm: when a case is chosen that the study does not have.
    """
    draft = _Draft(tables, language, choice)
    drawn = list(wanted)[: choice.most]
    of_claims, of_concepts = (("concept", "excerpt"), ("concept",)) if evidence else (("concept",), ("concept", "code"))
    draft.fetch((("proposition", claim) for claim in drawn), {"proposition": of_claims})
    for claim in drawn:
        draft.add("proposition", claim)
        _expand(draft, "proposition", claim, of_claims)
    concepts = sorted(n.id for n in draft.nodes.values() if n.kind == "concept")
    draft.fetch((("concept", identifier) for identifier in concepts), {"concept": of_concepts})
    for identifier in concepts:
        _expand(draft, "concept", identifier, of_concepts, closed=("concept",))
    _complete(draft, codes=evidence)
    return _finish(draft, title)


def around(
    tables: Tables, kind: str, identifier: str, depth: int = 1, language: str = "en", choice: Choice = ALL
) -> Network:
    """Choose what stands around a record: along the trace towards references, and back towards the theory.

    Args:
        tables: the tables of the build.
        kind: kind of the record.
        identifier: its id.
        depth: how many links away from it, at least 1.
        language: ``en`` or ``zh``, for labels.
        choice: what of it is wanted.

    Raises:
        KGError: when such a record is in no layer, as a coder.
        UnknownTerm: when a case is chosen that the study does not have.
    """
    draft = _Draft(tables, language, choice)
    if kind == "case":
        return _finish(_of_case(draft, identifier, depth), identifier)
    if kind not in LAYERS or kind == "theory":
        raise KGError(f"a {kind} is in no layer of the picture; take one of: {', '.join((*LAYERS[1:], 'case'))}")
    quote = None
    if kind == "excerpt":
        quote = query.run(tables, "trace-excerpt", id=identifier).dicts()[0]["quote"]
    draft.add(kind, identifier, quote)
    for onward in (True, False):
        _walk(draft, [(kind, identifier)], depth, onward=onward)
    _complete(draft, codes=depth > 1)
    title = draft.name(kind, identifier) or quote or identifier
    return _finish(draft, f"{identifier}: {title}" if kind == "proposition" else title)


def _of_case(draft: _Draft, identifier: str, depth: int) -> _Draft:
    """Begin with the sources of a case."""
    sources = [s for s, case in draft.tables.cases.items() if case == identifier]
    for source in sources:
        draft.add("source", source)
    _walk(draft, [("source", s) for s in sources], depth, onward=False)
    _complete(draft)
    return draft


def _walk(draft: _Draft, begin: list[tuple[str, str]], depth: int, *, onward: bool) -> None:
    """Follow links towards references, or back towards the theory; what was reached goes on the same way."""
    seen = set(begin)
    into = {kind: LAYERS[place + 1 :] if onward else LAYERS[:place] for kind, place in _ORDER.items()}
    for _ in range(depth):
        draft.fetch(begin, into)
        reached: list[tuple[str, str]] = []
        for kind, identifier in begin:
            reached += _expand(draft, kind, identifier, into[kind])
        begin = [one for one in dict.fromkeys(reached) if one not in seen]
        seen |= set(begin)


def _expand(
    draft: _Draft, kind: str, identifier: str, into: tuple[str, ...], closed: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    """Add the neighbours of a record that are in some layers; of the closed kinds only those that are there."""
    if not into or kind == "theory":
        return []
    reached = []
    here = f"{kind}/{identifier}"
    draft.fetch([(kind, identifier)], {kind: into})
    for link, way, other, neighbour, quote in draft.read[kind, identifier, into]:
        if other not in into or not draft.wanted(other, neighbour, link):
            continue
        if other in closed and f"{other}/{neighbour}" not in draft.nodes:
            continue
        there = draft.add(other, neighbour, quote)
        draft.join(*((here, there) if way == "to" else (there, here)), link)
        reached.append((other, neighbour))
    return reached


def _complete(draft: _Draft, *, codes: bool = False) -> None:
    """Give every passage its source and references, and add the links among the nodes that are there."""
    for asked in draft.choice.expanded:
        key, _, into = asked.rpartition(">")
        kind, _, identifier = key.partition("/")
        if kind in LAYERS and into in LAYERS:
            _expand(draft, kind, identifier, (into,))
    (study,) = query.run(draft.tables, "study").dicts()
    name = (study["title_zh"] if draft.language == "zh" else None) or study["title"]
    top = Node("theory", study["study"], name, name)
    crowd = sum(node.kind == "excerpt" for node in draft.nodes.values())
    followed: dict[str, tuple[str, ...]] = {
        "code": ("code", "concept"),
        "concept": ("code", "concept"),
        "proposition": ("concept",),
        "excerpt": ("source", "reference", "code", "proposition"),
    }
    closed = {**followed, "excerpt": ("proposition",) if codes else ("code", "proposition")}
    if crowd > FOLLOWED:
        # So many are shown as a number only.
        del followed["excerpt"]
    draft.fetch(((node.kind, node.id) for node in draft.nodes.values()), followed)
    for key in sorted(draft.nodes):
        kind, _, identifier = key.partition("/")
        if kind in followed:
            _expand(draft, kind, identifier, followed[kind], closed[kind])
        elif kind == "excerpt":
            source = source_of(identifier)
            draft.join(key, draft.add("source", source), "source")
        if kind == "proposition":
            draft.nodes[top.key] = top
            draft.join(top.key, key, "claims")


def _finish(draft: _Draft, title: str) -> Network:
    """Fold crowded columns, and leave out what is still too much."""
    _fold_codes(draft)
    _fold_excerpts(draft)
    _fold_references(draft)
    nodes = sorted(draft.nodes.values(), key=lambda n: (_ORDER[n.kind], n.id))
    kept = nodes[: draft.choice.most]
    keys = {n.key for n in kept}
    inside = (e for e in draft.edges if e.start in keys and e.end in keys)
    edges = sorted(inside, key=lambda e: (e.start, e.end, e.link, e.forward, e.count))
    return Network(title, tuple(kept), tuple(edges), len(nodes) - len(kept))


def _crowd(draft: _Draft, kind: str) -> list[Node]:
    """Return the nodes of a layer when they are too many to be shown one by one."""
    nodes = [n for n in draft.nodes.values() if n.kind == kind]
    return sorted(nodes, key=lambda n: n.id) if len(nodes) > CROWDED else []


def _fold(draft: _Draft, groups: dict[str, list[Node]], label: str) -> None:
    """Put one node in the place of each group of several, and join its links."""
    into: dict[str, str] = {}
    for name, members in groups.items():
        kind = members[0].kind
        if len(members) == 1 or f"{kind}/{name}" in draft.choice.unfolded:
            continue
        ids = tuple(sorted(n.id for n in members))
        shown = label.format(n=len(ids), name=name)
        text = "\n".join(n.label for n in sorted(members, key=lambda n: n.id))
        for member in members:
            del draft.nodes[member.key]
        draft.nodes[f"{kind}/{name}"] = Node(kind, name, shown, text, len(ids), ids)
        into |= {member.key: f"{kind}/{name}" for member in members}
    counted: Counter[tuple[str, str, str, bool]] = Counter()
    for edge in draft.edges:
        start, end = into.get(edge.start, edge.start), into.get(edge.end, edge.end)
        if start != end:
            counted[start, end, edge.link, edge.forward] += edge.count
    draft.edges = {Edge(*link, number) for link, number in counted.items()}


def _fold_codes(draft: _Draft) -> None:
    """Put codes under the code above them."""
    crowd = _crowd(draft, "code")
    if not crowd:
        return
    above = {row["code"]: row["broader"] for row in query.run(draft.tables, "codebook").dicts()}
    groups: dict[str, list[Node]] = {}
    for node in crowd:
        top = node.id
        while above.get(top):
            top = above[top]
        groups.setdefault(top, []).append(node)
    for top, members in groups.items():
        name = (draft.name("code", top) or top).replace("{", "").replace("}", "")
        _fold(draft, {top: members}, f"{{n}} · {name}")


def _fold_excerpts(draft: _Draft) -> None:
    """Put passages together that bear on the same claims in the same way and stand in one source, or just in one."""
    crowd = _crowd(draft, "excerpt")
    if not crowd:
        return
    bears: dict[str, set[str]] = {n.key: set() for n in crowd}
    for edge in draft.edges:
        if edge.end in bears and edge.start.startswith("proposition/"):
            bears[edge.end].add(f"{edge.link}-{edge.start.partition('/')[2]}")
    groups: dict[str, list[Node]] = {}
    for node in crowd:
        source = source_of(node.id)
        groups.setdefault(":".join([source, *sorted(bears[node.key])]), []).append(node)
    if len(groups) > CROWDED:
        groups = {}
        for node in crowd:
            groups.setdefault(source_of(node.id), []).append(node)
    _fold(draft, groups, "{n} “…”")


def _fold_references(draft: _Draft) -> None:
    """Put references together on which the same source rests."""
    crowd = _crowd(draft, "reference")
    if not crowd:
        return
    cited: dict[str, set[str]] = {n.key: set() for n in crowd}
    for edge in draft.edges:
        if edge.end in cited:
            kind, _, identifier = edge.start.partition("/")
            # One node for several passages has an id that begins with their source, too.
            cited[edge.end].add(identifier.partition(":")[0] if kind == "excerpt" else identifier)
    groups: dict[str, list[Node]] = {}
    for node in crowd:
        groups.setdefault("+".join(sorted(cited[node.key])), []).append(node)
    if len(groups) > CROWDED:
        groups = {"…": crowd}
    _fold(draft, groups, "{n} · {name}")
