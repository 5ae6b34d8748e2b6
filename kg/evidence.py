"""All evidence lines at once, to be chosen by case, stance, stage, code and coder, with counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import claims, query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.query import Engine

LITERATURE = "literature"
"""What stands for the case of a passage that belongs to none."""

Choice = dict[str, frozenset[str]]
"""The values that are wanted of each facet; a facet that is not there wants all."""


@dataclass(frozen=True, slots=True)
class Line:
    """Hold an evidence line by what it is chosen by.

    Args:
        id: the line's id.
        claim: id of the proposition.
        stance: supports, opposes or qualifies.
        strength: strong, moderate or weak.
        coder: id of who drew it.
        stage: id of the stage that its claim is bound to, if any.
        sources: ids of the sources of its passages, sorted.
        cases: ids of their cases, or ``literature``, sorted.
        codes: ids of the codes of its passages, sorted.
    """

    id: str
    claim: str
    stance: str
    strength: str
    coder: str
    stage: str | None
    sources: tuple[str, ...]
    cases: tuple[str, ...]
    codes: tuple[str, ...]


FACETS: dict[str, Callable[[Line], tuple[str, ...]]] = {
    "case": lambda line: line.cases,
    "stance": lambda line: (line.stance,),
    "stage": lambda line: (line.stage,) if line.stage else (),
    "code": lambda line: line.codes,
    "coder": lambda line: (line.coder,),
}
"""What lines are chosen by."""


class Evidence:
    """Know every active evidence line of a study.

    Args:
        engine: what answers queries.
    """

    def __init__(self, engine: Engine) -> None:
        stages = {row["claim"]: row["stage"] for row in query.run(engine, "claims").dicts()}
        found: dict[str, list[Any]] = {}
        for claim, line, stance, strength, status, coder, source, case, code in query.run(engine, "evidence").rows:
            if status == "active":
                known = found.setdefault(line, [claim, stance, strength, coder, set(), set(), set()])
                known[4].add(source)
                known[5].add(case or LITERATURE)
                if code:
                    known[6].add(code)
        self.by_claim: dict[str, list[Line]] = {claim: [] for claim in stages}
        # Many lines have the same few sources, cases and codes.
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        for key, (claim, stance, strength, coder, *sets) in found.items():
            kept = [shared.setdefault(few, few) for few in (tuple(sorted(some)) for some in sets)]
            self.by_claim[claim].append(Line(key, claim, stance, strength, coder, stages[claim], *kept))
        order = {"strong": 0, "moderate": 1, "weak": 2}
        for lines in self.by_claim.values():
            lines.sort(key=lambda line: (claims.STANCES.index(line.stance), order[line.strength], line.id))
        self.searched = {row["about"] for row in query.run(engine, "searches").dicts()}
        self.asserted = {row["claim"] for row in query.run(engine, "assertions").dicts()}

    def of(self, wanted: Iterable[str] | None = None) -> list[Line]:
        """Return the lines that bear on some claims.

        Args:
            wanted: ids of propositions; None means all.

        Returns:
            Claim by claim in the order given, each claim's lines by stance, strength and id.
        """
        return [line for claim in (self.by_claim if wanted is None else wanted) for line in self.by_claim[claim]]

    def state(self, claim: str) -> str:
        """Say how a claim stands.

        Args:
            claim: id of the proposition.
        """
        active = ((line.stance, line.strength) for line in self.by_claim[claim])
        return claims.state(active, searched=claim in self.searched, asserted=claim in self.asserted)


def choose(lines: Iterable[Line], choice: Mapping[str, frozenset[str]]) -> list[Line]:
    """Keep the lines that have one of the wanted values of every facet.

    Args:
        lines: what is chosen from.
        choice: wanted values by facet.
    """
    wanted = [(FACETS[facet], values) for facet, values in choice.items() if values]
    return [line for line in lines if all(not values.isdisjoint(of(line)) for of, values in wanted)]


def counts(lines: Sequence[Line], choice: Mapping[str, frozenset[str]]) -> dict[str, Counter[str]]:
    """Count how many lines each value of each facet would give, together with what is chosen of the others.

    Args:
        lines: what is chosen from.
        choice: wanted values by facet.

    Returns:
        By facet the number of lines by value; a value that only the other choices exclude has 0.
    """
    found: dict[str, Counter[str]] = {}
    for facet, of in FACETS.items():
        others = {other: values for other, values in choice.items() if other != facet and values}
        # Many lines have the same values, so that these are counted together.
        alike = Counter(map(of, choose(lines, others) if others else lines))
        tally: Counter[str] = Counter()
        for values, number in alike.items():
            for value in values:
                tally[value] += number
        if others:
            for values in set(map(of, lines)):
                for value in values:
                    tally[value] += 0
        found[facet] = tally
    return found


def tally(lines: Iterable[Line]) -> dict[str, int]:
    """Count lines by stance.

    Args:
        lines: what is counted.
    """
    said = Counter(line.stance for line in lines)
    return {stance: said[stance] for stance in claims.STANCES}
