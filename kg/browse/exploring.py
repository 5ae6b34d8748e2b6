"""Free exploring: what a record, an answer or the theory is joined to, in layers from theory to reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import claims
from kg.browse.frame import Page
from kg.errors import UnknownTerm, closest
from kg.picture import network

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy

DRAWN = 150
"""How many nodes are shown unless more are asked for."""


@dataclass(frozen=True)
class Exploration:
    """The neighbourhood of a record or an answer, and the same as a list.

    Args:
        drawn: its nodes and links.
        layers: its nodes by layer.
        joined: links by a node's key, with the key of the other node; one that leads here begins with ``←``.
        relations: the kinds of its links.
        cases: ids of the cases that it can be drawn for, and ``literature``.
    """

    drawn: network.Network
    layers: Mapping[str, Sequence[network.Node]]
    joined: Mapping[str, Iterable[tuple[str, str]]]
    relations: Sequence[str]
    cases: Sequence[str]


def explore(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Draw what a record or an answer is joined to, from theory to reference; the same as a list below."""
    drawn = drawing(study, parameters, language)
    joined: dict[str, list[tuple[str, str]]] = {}
    for edge in drawn.edges:
        one, other = edge.directed
        joined.setdefault(one, []).append((edge.link, other))
        joined.setdefault(other, []).append((f"← {edge.link}", one))
    chosen = parameters.chosen()
    kept = {
        "of": parameters.of,
        "q": parameters.question,
        "depth": parameters.depth if parameters.of else "",
        "unfold": parameters.unfolded,
        "expand": parameters.expanded,
        "all": "1" if parameters.everything else "",
        "stance": chosen.get("stance", ()),
        "case": chosen.get("case", ()),
    }
    return Page(
        "explore.html",
        drawn.title,
        "explore",
        Exploration(
            drawn=drawn,
            layers=drawn.layers(),
            joined=joined,
            relations=sorted({e.link for e in drawn.edges}),
            cases=[*study.ids("case"), claims.LITERATURE],
        ),
        kept=kept,
        shows=tuple((n.kind, i) for n in drawn.nodes if n.kind != "theory" for i in (n.members or (n.id,))),
    )


def drawing(study: BuiltStudy, parameters: Parameters, language: str) -> network.Network:
    """Choose what the picture of an address shows.

    Args:
        study: the study.
        parameters: says of what, and how much.
        language: ``en`` or ``zh``, for labels.
    """
    choice = network.Choice(
        parameters.choice.get("case", frozenset()),
        parameters.choice.get("stance", frozenset()),
        frozenset(parameters.unfolded),
        parameters.expanded,
        network.MOST if parameters.everything else DRAWN,
    )
    if parameters.of:
        kind, _, identifier = parameters.of.partition("/")
        if (kind, identifier) not in study.names and kind != "excerpt":
            raise UnknownTerm(parameters.of, "record", closest(identifier, study.ids(kind)))
        return network.around(study.tables, kind, identifier, parameters.depth, language, choice)
    if parameters.question:
        reply = study.answers.answer(parameters.question)
        wanted = tuple(claim.id for claim in reply.claims)
        without = {value for facet, value in reply.limits.without if facet == "case"}
        if (reply.limits.cases or without) and not choice.cases:
            cases = reply.limits.cases or (*study.ids("case"), claims.LITERATURE)
            choice = choice._replace(cases=frozenset(cases) - without)
        return network.claimed(study.tables, wanted, parameters.question, language, choice, evidence=True)
    return network.theory(study.tables, language, choice)
