"""Evidence lines as a coder reads them who is to judge them blind: claim, paragraph, passage, and the rules."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg import query
from kg.errors import UnknownTerm, closest
from kg.store import judgements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kg.graph import Graph
    from kg.store.judgements import Judged
    from kg.store.tables import Tables

STANCES = {
    "supports": "the marked words say or show the relation as the claim has it, and nothing in them limits it",
    "opposes": "they say that it is not so: no effect, something else instead, or without what the claim needs",
    "qualifies": "it holds by degree, on a condition, for a part, kind, time or some people only",
    "irrelevant": "the marked words lack the subject, the object, or what ties them",
}
"""What a coder may judge a passage to be, and when: docs/judging.md in short."""
STRENGTHS = {
    "strong": "a study found it for the very subject and the very object of the claim",
    "moderate": "a study found it for a neighbour or a part; or an event with actor, act and date joins both sides",
    "weak": "all else that bears: opinion, advice, promise, thought without finding, one person's story",
}
"""How strong a passage may be judged to be, and when."""
DOUBT = "in doubt: irrelevant rather than bearing, qualifies rather than another stance, the lower strength"
"""What is judged in doubt."""


class Marked(NamedTuple):
    """A passage with the paragraph around it.

    Args:
        before: the words of its paragraph before it.
        passage: its words.
        after: the words of its paragraph behind it.
    """

    before: str
    passage: str
    after: str


class Unread(NamedTuple):
    """An evidence line that a coder has not judged.

    Args:
        line: its id, under which the reading is written.
        claim: the claim, in words.
        passages: what it rests on.
    """

    line: str
    claim: str
    passages: tuple[Marked, ...]


def waiting(tables: Tables, coder: str, read: Collection[str] = ()) -> list[Judged]:
    """Return the evidence lines that a coder neither drew nor read.

    They come in an order that is always the same for a coder, and tells nothing of what they are about. Lines that were
    withdrawn or superseded are left out.

    Args:
        tables: the tables of a build.
        coder: id of the coder.
        read: ids of lines that the coder read after that build.
    """
    known = {*read, *(one.line for one in judgements.readings(tables) if one.coder == coder)}
    found = [
        line
        for line in judgements.lines(tables)
        if line.status in ("active", "disputed") and line.coder != coder and line.id not in known
    ]
    return sorted(found, key=lambda line: hashlib.sha256(f"{coder} {line.id}".encode()).digest())


def shown(tables: Tables, lines: Iterable[Judged], language: str = "en") -> list[Unread]:
    """Return evidence lines without what anybody judged.

    Args:
        tables: the tables of a build.
        lines: the lines.
        language: ``en`` or ``zh``, of the claims; English where there is no Chinese.
    """
    called = "statement_zh" if language == "zh" else "statement"
    claims = {row["claim"]: row[called] or row["statement"] for row in query.run(tables, "claims").dicts()}
    text = cache(lambda source: judgements.text(tables, source))
    paragraphs = cache(lambda source: judgements.paragraphs(tables, source))

    def marked(source: str, start: int, end: int) -> Marked:
        within = [p for p in paragraphs(source) if p.start < end and p.end > start]
        first, last = (min(p.start for p in within), max(p.end for p in within)) if within else (start, end)
        whole = text(source)
        return Marked(whole[min(first, start) : start], whole[start:end], whole[end : max(last, end)])

    return [Unread(line.id, claims[line.claim], tuple(marked(*span) for span in line.spans)) for line in lines]


def unread(graph: Graph, coder: str) -> list[Unread]:
    """Return the evidence lines that a coder neither drew nor read, as the coder may see them.

    Args:
        graph: the study.
        coder: id of the coder.

    Raises:
        UnknownTerm: when there is no such coder.
    """
    coders = [row["coder"] for row in graph.query("coders").dicts()]
    if coder not in coders:
        raise UnknownTerm(coder, "coder", closest(coder, coders) or coders)
    return shown(graph.tables, waiting(graph.tables, coder))
