"""The answer to a question: one object, which terminal, page, JSON, Python and assistants all show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.claims import STANCES

if TYPE_CHECKING:
    from collections import Counter

    from kg.asking.question import Term
    from kg.bearing import Bearing, Claim
    from kg.claims import Passage
    from kg.limits import Limits

Rows = tuple[dict[str, Any], ...]


class Named(NamedTuple):
    """A record that answers a question beside the claims.

    Args:
        kind: its kind.
        id: its id.
        label: what it is called.
        note: what makes it an answer, in a few words.
    """

    kind: str
    id: str
    label: str
    note: str


@dataclass(frozen=True)
class Holdings:
    """The counts of what a study has that claims could be written about.

    Args:
        sources: number of its sources.
        passages: number of its passages with a code.
        codes: number of its codes.
    """

    sources: int
    passages: int
    codes: int


@dataclass(frozen=True)
class Answer:
    """The answer to a question: the verdict, the claims with their evidence, and what else answers.

    Args:
        question: the question as asked.
        language: ``en`` or ``zh``.
        operation: what was done, one of the operations of ``kg/language/operations.toml``.
        reading: how the question was read, in a line.
        left_out: words of the question that were not understood.
        about: what it is about.
        stance: supports, opposes or qualifies, when one was asked for.
        limits: what the evidence is limited to.
        headline: the verdict, in a sentence.
        claims: the claims, each with what bears on it under the limits.
        named: further records that answer.
        passages: passages that answer and are not among the evidence of the claims.
        is_told: whether the passages tell what was asked, and the claims are only those on which they bear.
        definition: what the thing is that was asked for: rows of property and value.
        questions: open questions of the theory about it.
        searches: searches for evidence on it that found nothing.
        is_nearest: whether this is no answer, but the nearest things.
        is_told: whether the passages tell what was asked, and the claims are only those on which they bear.
        further: questions that come next.
        queries: name and parameters of every named query that was run.
        holdings: what the study has, when it has no claims.
        software: names of the coders on whose judgement the evidence rests, if all of them are software; else empty.
        bearing: what bears on the claims, under the limits.
    """

    question: str
    language: str
    operation: str
    reading: str
    left_out: tuple[str, ...]
    about: tuple[Term, ...]
    stance: str | None
    limits: Limits
    headline: str
    claims: tuple[Claim, ...]
    named: tuple[Named, ...]
    passages: tuple[Passage, ...]
    definition: Rows
    questions: Rows
    searches: Rows
    is_nearest: bool
    is_told: bool
    further: tuple[str, ...]
    queries: tuple[tuple[str, dict[str, str]], ...]
    holdings: Holdings | None
    software: tuple[str, ...]
    bearing: Bearing = field(repr=False, compare=False)

    @property
    def unsupported(self) -> tuple[Claim, ...]:
        """Return the claims that no active evidence line supports."""
        return tuple(claim for claim in self.claims if not claim.is_supported)

    @property
    def tally(self) -> dict[str, int]:
        """Return the number of active evidence lines by stance."""
        return self.bearing.tally(*(claim.id for claim in self.claims))

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the stances whose evidence answers; where nothing opposes, as was asked, what limits comes nearest."""
        if not self.stance:
            return STANCES
        tally = self.tally
        if self.stance == "opposes" and tally["qualifies"] and not tally["opposes"]:
            return ("qualifies",)
        return (self.stance,)

    @property
    def by_case(self) -> dict[str, Counter[str]]:
        """Return the number of active evidence lines by stance and case; ``literature`` stands for no case."""
        return self.bearing.by_case(*(claim.id for claim in self.claims))
