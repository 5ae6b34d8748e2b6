"""What coders judged, read from the tables of a build: codings with their places, lines with their readings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.places import Place

if TYPE_CHECKING:
    from kg.store.tables import Tables


class Coded(NamedTuple):
    """A code that a coder gave to a passage.

    Args:
        source: id of the source.
        start: where the passage begins (codepoints).
        end: where it ends (codepoints, exclusive).
        quote: its words.
        code: id of the code.
        coder: id of the coder.
    """

    source: str
    start: int
    end: int
    quote: str
    code: str
    coder: str


class Paragraph(NamedTuple):
    """A paragraph of a source's body.

    Args:
        source: id of the source.
        start: where it begins (codepoints).
        end: where it ends (codepoints, exclusive).
        label: its label in the text; empty when it has none.
    """

    source: str
    start: int
    end: int
    label: str


class Judged(NamedTuple):
    """An evidence line as its author drew it.

    Args:
        id: its id.
        claim: id of the proposition.
        stance: supports, opposes or qualifies.
        strength: as its author stated it.
        rationale: why.
        coder: id of its author.
        status: active, withdrawn, superseded or disputed.
        spans: source, start and end of each of its passages.
        quote: the words of its first passage in the order of the text.
    """

    id: str
    claim: str
    stance: str
    strength: str
    rationale: str
    coder: str
    status: str
    spans: tuple[tuple[str, int, int], ...]
    quote: str


class Read(NamedTuple):
    """A reading of an evidence line.

    Args:
        line: id of the line.
        coder: id of the coder.
        date: when.
        stance: supports, opposes, qualifies or irrelevant.
        strength: strong, moderate or weak; None where the passage does not bear.
        reason: why; empty when nothing was said.
        settles: whether it settles what coders differ on.
    """

    line: str
    coder: str
    date: str
    stance: str
    strength: str | None
    reason: str
    settles: bool


def codings(tables: Tables) -> list[Coded]:
    """Return every coding, each once whatever its date, by place, code and coder.

    Args:
        tables: the tables of a build.
    """
    rows = tables.sql(
        'SELECT DISTINCT e.source, e.start, e."end", e.quote, c.code, c.coder '
        "FROM coding c JOIN excerpt e ON e.id = c.excerpt ORDER BY 1, 2, 3, 5, 6"
    )
    return [Coded(*row) for row in rows]


def paragraphs(tables: Tables, source: str = "") -> list[Paragraph]:
    """Return the paragraphs of every source's body, in the order of the texts.

    Args:
        tables: the tables of a build.
        source: id of the only source that is wanted; empty for all.
    """
    wanted = "WHERE source = :source " if source else ""
    text = f'SELECT source, start, "end", label FROM paragraph {wanted}ORDER BY 1, 2'
    rows = tables.sql(text, **({"source": source} if source else {}))
    return [Paragraph(source, start, end, label or "") for source, start, end, label in rows]


def texts(tables: Tables) -> dict[str, str]:
    """Return the text of every source.

    Args:
        tables: the tables of a build.
    """
    return dict(tables.sql("SELECT source, whole FROM source_text ORDER BY source"))


def text(tables: Tables, source: str) -> str:
    """Return the text of a source.

    Args:
        tables: the tables of a build.
        source: its id.
    """
    ((whole,),) = tables.sql("SELECT whole FROM source_text WHERE source = :source", source=source)
    return str(whole)


def turns(tables: Tables) -> dict[str, list[Place]]:
    """Return the turns of every source that has any.

    Args:
        tables: the tables of a build.
    """
    found = {}
    for source, places in tables.sql("SELECT source, places FROM source_document ORDER BY source"):
        called = [Place(*one) for one in json.loads(places)]
        if some := [place for place in called if place.kind == "turn"]:
            found[source] = some
    return found


def lines(tables: Tables) -> list[Judged]:
    """Return every evidence line, by id: its stance and strength are those it has now.

    Args:
        tables: the tables of a build.
    """
    spans: dict[str, list[tuple[Any, ...]]] = {}
    for line, *span in tables.sql(
        'SELECT m.line, e.source, e.start, e."end", e.quote FROM line_excerpt m JOIN excerpt e ON e.id = m.excerpt '
        'ORDER BY m.line, e.source, e.start, e."end"'
    ):
        spans.setdefault(line, []).append(tuple(span))
    rows = tables.sql("SELECT id, claim, stance, stated, rationale, coder, status FROM line ORDER BY id")
    return [
        Judged._make((line, *judged, tuple(tuple(span[:3]) for span in spans[line]), spans[line][0][3]))
        for line, *judged in rows
    ]


def readings(tables: Tables) -> list[Read]:
    """Return every reading of an evidence line, its author's among them; by line, what settles last, then by date.

    Args:
        tables: the tables of a build.
    """
    rows = tables.sql(
        "SELECT line, coder, date, stance, strength, reason, settles FROM reading ORDER BY line, settles, date, coder"
    )
    return [Read._make((*judged, reason or "", settles == "true")) for *judged, reason, settles in rows]


def coders(tables: Tables, source: str) -> list[str]:
    """Return the ids of those who coded, judged or read in a source, sorted.

    Args:
        tables: of the build.
        source: the source's id.
    """
    rows = tables.sql(
        """
        WITH passage (id) AS (SELECT id FROM excerpt WHERE source = :source),
        drawn (line) AS (SELECT m.line FROM passage p JOIN line_excerpt m ON m.excerpt = p.id)
        SELECT coder FROM passage p JOIN coding c ON c.excerpt = p.id
        UNION SELECT coder FROM passage p JOIN assertion a ON a.excerpt = p.id
        UNION SELECT coder FROM drawn d JOIN line n ON n.id = d.line
        UNION SELECT coder FROM drawn d JOIN reading r ON r.line = d.line
        UNION SELECT coder FROM settlements WHERE source = :source
        UNION SELECT coder FROM uncoded_paragraphs WHERE source = :source
        UNION SELECT coder FROM read_whole WHERE source = :source
        ORDER BY 1
        """,
        source=source,
    )
    return [coder for (coder,) in rows]
