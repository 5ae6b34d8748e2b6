"""How much confidence claims deserve, as coders judged it after GRADE-CERQual, and what the graph knows beside it.

The four components are those of S. Lewin et al., Implementation Science 13 (2018). Nothing is judged here: what is
counted stands beside each judgement, for who judges and for who reads.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg import claims, query
from kg.entries import COMPONENTS
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.bearing import Claim
    from kg.query import Engine

OVERALL = "overall"
"""What the query ``confidence`` calls the confidence itself, beside its components."""
TITLES = {
    "methodological_limitations": "Methodological limitations",
    "coherence": "Coherence",
    "adequacy": "Adequacy",
    "relevance": "Relevance",
}
"""What each component is called, in order."""


@dataclass(frozen=True)
class Judgement:
    """What was judged of a component, or of the whole.

    Args:
        level: of concern or of confidence, as it is written.
        reason: why.
        coder: id of who judged it.
        date: when.
    """

    level: str
    reason: str
    coder: str
    date: str


@dataclass(frozen=True)
class Confidence:
    """The confidence in a claim.

    Args:
        claim: id of the proposition.
        overall: the confidence itself.
        concerns: what was judged of each component, in their order.
    """

    claim: str
    overall: Judgement
    concerns: Mapping[str, Judgement]

    @property
    def level(self) -> str:
        """Return what the level of confidence is called, such as ``very low``."""
        return self.overall.level.replace("-", " ")


def judged(engine: Engine) -> dict[str, Confidence]:
    """Return the confidence in each claim for which it was judged, by the claim's id.

    Args:
        engine: what answers queries.
    """
    by_claim: dict[str, dict[str, Judgement]] = {}
    for claim, component, *judgement in query.run(engine, "confidence").rows:
        by_claim.setdefault(claim, {})[component] = Judgement(*judgement)
    return {
        claim: Confidence(claim, of[OVERALL], {component: of[component] for component in COMPONENTS})
        for claim, of in by_claim.items()
    }


def read_again(engine: Engine) -> frozenset[str]:
    """Return the ids of the evidence lines that a coder read who had not drawn them.

    Args:
        engine: what answers queries.
    """
    # The first judgement of a line is its author's; a second coder makes it one that was read again.
    coders: dict[str, set[str]] = {}
    for row in query.run(engine, "readings").dicts():
        coders.setdefault(row["line"], set()).add(row["coder"])
    return frozenset(line for line, some in coders.items() if len(some) > 1)


def known(
    claim: Claim,
    again: Iterable[str] = (),
    language: str = "en",
    names: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what the graph knows of a claim beside each component of confidence: what it is, and how much or which.

    Args:
        claim: the claim with its evidence.
        again: ids of lines that a second coder read.
        language: ``en`` or ``zh``.
        names: what concepts and cases are called, by kind and id.

    Example:
        >>> import kg
        >>> from kg import bearing
        >>> graph = kg.open("dart")
        >>> rows = graph.query("claims-about-concept", concept="guarantee")
        >>> (claim,) = bearing.load(graph.engine, rows, bearing.of(graph.engine))
        >>> known(claim)["adequacy"]
        (('quotes', '7'), ('independent', '6'), ('sources', '3'), ('references', '11'))
    """
    lines, second = claim.lines, {*again}
    passages = tuple(dict.fromkeys(p for line in lines for p in line.passages))
    witnessed = claim.witnesses()
    cases = Counter(case for line in lines for case in line.cases)
    marks = Counter(mark for line in lines for mark in (line.lowered or "").split(", ") if mark)
    lowered = f"{sum(bool(line.lowered) for line in lines)} / {len(lines)}"

    def counted(numbers: Mapping[str, int], order: Iterable[str]) -> str:
        return ", ".join(f"{word(key, language)} {numbers[key]}" for key in order if numbers.get(key))

    told = {
        "methodological_limitations": {
            "stated strength": counted(Counter(line.stated for line in lines), claims.STRENGTHS),
            "lowered": f"{lowered} ({counted(marks, sorted(marks))})" if marks else lowered,
            "read by a second coder": f"{sum(line.id in second for line in lines)} / {len(lines)}",
        },
        "coherence": {
            "evidence lines": counted(claim.tally, claims.STANCES),
            "disputed": str(len(claim.disputes) or ""),
        },
        "adequacy": {
            "quotes": str(witnessed.passages),
            "independent": str(witnessed.independent),
            "sources": str(len({p.source for p in passages})),
            "references": str(len({key for p in passages for key in p.references})),
        },
        "relevance": {
            "scope": claim.scope or "",
            "stage": names.get(("concept", claim.stage or ""), claim.stage or ""),
            "evidence by case": ", ".join(
                f"{names.get(('case', case)) or word(case, language)} {cases[case]}" for case in sorted(cases)
            ),
            "searches in vain": str(len(claim.searches) or ""),
        },
    }
    return {
        component: tuple((label, value) for label, value in some.items() if value) for component, some in told.items()
    }
