"""The page of what waits for somebody: what coders differ on, what is not coded, what nothing supports.

What the graph does not have, such as passages that are in no source, the page asks of the process that writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import bearing, blind
from kg.browse.frame import Page, cut
from kg.store import counting, passages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.browse.frame import Slice
    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy, Standing
    from kg.claims import Dispute


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody.

    Args:
        disputes: one page of the evidence lines on which coders differ, with what each said.
        uncoded: id of each source that has paragraphs without a passage, and how many.
        unsupported: the claims that no quote supports, and how they stand.
    """

    disputes: Slice[Dispute]
    uncoded: Sequence[tuple[str, int]]
    unsupported: Sequence[Standing]


@dataclass(frozen=True)
class Rules:
    """The rules by which evidence lines are judged, in short.

    Args:
        stances: what a passage may be judged to be, and when.
        strengths: how strong it may be judged to be, and when.
        doubt: what is judged in doubt.
    """

    stances: Mapping[str, str]
    strengths: Mapping[str, str]
    doubt: str


def read(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show the page on which evidence lines are judged blind; which come, it asks of the process that writes."""
    return Page("read.html", "Read blind", "read", Rules(blind.STANCES, blind.STRENGTHS, blind.DOUBT))


def page(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show what waits for somebody."""
    disputed = [line for _, lines in sorted(study.evidence.disputed.items()) for line in lines]
    part = cut(disputed, parameters)
    content = Waiting(
        part.of(bearing.disputes(study.tables, passages.lines(study.tables, part.items))),
        sorted(counting.uncoded_by_source(study.tables).items()),
        [study.standing(claim) for claim in study.claims if claim in study.unsupported],
    )
    shows = (*(("line", line) for line in part.items), *(("proposition", c) for c in sorted(study.unsupported)))
    return Page("waiting.html", "What waits", "waiting", content, shows=shows)
