"""Full text: find a text in every source and say which excerpts it touches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import query

if TYPE_CHECKING:
    from kg.query import Engine

CONTEXT = 40


@dataclass(frozen=True)
class Hit:
    """A place of a source where a text stands.

    Args:
        source: id of the source.
        start: where it begins (codepoints).
        end: where it ends (codepoints, exclusive).
        before: text right before it.
        found: the text as it stands there.
        after: text right after it.
        excerpts: ids of the excerpts that overlap it.
    """

    source: str
    start: int
    end: int
    before: str
    found: str
    after: str
    excerpts: tuple[str, ...]


def search(engine: Engine, text: str) -> list[Hit]:
    """Find a text in the sources, in any case of letters; Chinese needs no word boundaries.

    Args:
        engine: what answers queries.
        text: what to look for, literally; runs of white space match any run of it.

    Returns:
        Every place, by source and position.
    """
    words = text.split()
    if not words:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    hits = []
    # The longest word narrows the sources down; the pattern then decides.
    for row in query.run(engine, "sources-containing", text=max(words, key=len)).dicts():
        whole, source = row["whole"], row["source"]
        matches = list(pattern.finditer(whole))
        spans = (
            sorted({(r["start"], r["end"], r["excerpt"]) for r in query.run(engine, "trace-source", id=source).dicts()})
            if matches
            else []
        )
        for match in matches:
            start, end = match.span()
            hits.append(
                Hit(
                    source,
                    start,
                    end,
                    whole[max(0, start - CONTEXT) : start],
                    match[0],
                    whole[end : end + CONTEXT],
                    tuple(e for s, t, e in spans if s < end and start < t),
                )
            )
    return hits
