"""What the pictures of a theory show: its claims, how they stand, and how many independent witnesses each has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg import claims, query
from kg.errors import UnknownTerm, closest
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.store.tables import Tables

SHORT = {
    "asserted, no case evidence yet": "no evidence",
    "no passage at all": "no evidence",
    "looked for evidence, found none": "looked for, none found",
    "nothing within the limits": "none of this kind",
}
"""What stands in place of the counts of a claim without evidence, by its state."""


class Named(NamedTuple):
    """A record with what it is called.

    Args:
        id: its id.
        name: what it is called in the language of the picture.
    """

    id: str
    name: str


@dataclass(frozen=True)
class Claim:
    """A claim as a picture of the theory shows it.

    Args:
        id: its id.
        statement: its words.
        subject: the concept that acts.
        relation: how it acts.
        object: the concept on which it acts.
        stage: the stage to which it is bound, if it is.
        state: how it stands, one of :data:`kg.claims.STATES`.
        tally: number of evidence lines by stance.
        witnesses: number of independent witnesses by stance.
    """

    id: str
    statement: str
    subject: Named
    relation: Named
    object: Named
    stage: Named | None
    state: str
    tally: Mapping[str, int]
    witnesses: Mapping[str, int]

    @property
    def has_evidence(self) -> bool:
        """Return whether any evidence line bears on it."""
        return any(self.tally.values())

    def says(self, language: str) -> str:
        """Return it in one sentence for those who do not see the picture.

        Args:
            language: ``en`` or ``zh``.
        """
        if language == "zh":
            acts = f"{self.id}：{self.subject.name}{self.relation.name}{self.object.name}"
            counts = "，".join(f"{word(stance, 'zh')} {self.tally[stance]}" for stance in claims.STANCES)
            return f"{acts}；{word(self.state, 'zh')}" + (f"；{counts}" if self.has_evidence else "")
        acts = f"{self.id}: {self.subject.name} {self.relation.name} {self.object.name}"
        counts = ", ".join(f"{self.tally[stance]} {SIDES[stance]}" for stance in claims.STANCES)
        return f"{acts}; {self.state}" + (f"; {counts}" if self.has_evidence else "")


SIDES = {"supports": "for", "opposes": "against", "qualifies": "qualifying"}
"""The side on which the evidence of a stance stands."""


@dataclass(frozen=True)
class Theory:
    """The claims of a picture.

    Args:
        title: what it is a picture of.
        claims: them, in the study's order.
        language: ``en`` or ``zh``.
    """

    title: str
    claims: tuple[Claim, ...]
    language: str = "en"

    @property
    def stages(self) -> list[tuple[Named | None, int]]:
        """Return the stages of the claims and how many claims each has; first those that are bound to none."""
        counts = Counter(claim.stage for claim in self.claims)
        return sorted(counts.items(), key=lambda pair: pair[0] is not None)

    @property
    def concepts(self) -> list[tuple[Named, int]]:
        """Return the concepts and how many of the claims are about each, those with most first."""
        counts = Counter(c for claim in self.claims for c in {claim.subject, claim.object})
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].name, pair[0].id))

    @property
    def states(self) -> list[tuple[str, int]]:
        """Return the states of the claims and how many claims stand so, in the order of :data:`kg.claims.STATES`."""
        counts = Counter(claim.state for claim in self.claims)
        return [(state, counts[state]) for state in claims.STATES if counts[state]]


def theory(
    tables: Tables, language: str = "en", wanted: Iterable[str] | None = None, within: int | None = None
) -> Theory:
    """Read the claims of a study, how they stand and their witnesses.

    Args:
        tables: the tables of the build.
        language: ``en`` or ``zh``, for names.
        wanted: ids of the claims that are shown; None shows all.
        within: the evidence lines that are looked at, as one bit a line; None for all.

    Returns:
        The claims in the study's order.
    """
    (study,) = query.run(tables, "study").dicts()
    every = tables.evidence
    witnesses = every.independent(within) if within is not None else {k: n for k, (_, n) in every.witnesses.items()}
    chosen = None if wanted is None else frozenset(wanted)

    def named(kind: str, identifier: str) -> Named:
        names = tables.names.get((kind, identifier), {})
        return Named(identifier, names.get(language) or names.get("en") or identifier)

    read = []
    for row in query.run(tables, "claims").dicts():
        claim = row["claim"]
        if chosen is not None and claim not in chosen:
            continue
        read.append(
            Claim(
                id=claim,
                statement=(row["statement_zh"] if language == "zh" else None) or row["statement"],
                subject=named("concept", row["subject"]),
                relation=named("relation", row["relation"]),
                object=named("concept", row["object"]),
                stage=named("concept", row["stage"]) if row["stage"] else None,
                state=every.state(claim, within),
                tally=every.tally_of(claim, within),
                witnesses={stance: witnesses.get((claim, stance), 0) for stance in claims.STANCES},
            )
        )
    title = (study["title_zh"] if language == "zh" else None) or study["title"]
    return Theory(title, tuple(read), language)


def chosen(tables: Tables, cases: Iterable[str], stances: Iterable[str]) -> int | None:
    """Return the evidence lines of some cases and stances, as one bit a line.

    Args:
        tables: the tables of the build.
        cases: ids of cases; ``literature`` stands for passages of no case. None of them means all.
        stances: stances; none of them means all.

    Returns:
        None when all lines are wanted.

    Raises:
        UnknownTerm: when there is no such case or stance.
    """
    choice = {"case": frozenset(cases), "stance": frozenset(stances)}
    known = {"case": [*(i for k, i in tables.names if k == "case"), claims.LITERATURE], "stance": [*claims.STANCES]}
    for facet, values in choice.items():
        for value in sorted(values - {*known[facet]}):
            raise UnknownTerm(value, facet, closest(value, known[facet]))
    return tables.evidence.choose(tables.evidence.of(), choice) if any(choice.values()) else None
