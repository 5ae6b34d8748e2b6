"""Passages and evidence lines read from the tables of a build: all that a page shows, in one or two questions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.claims import LINE, LITERATURE, PASSAGE, Line, Passage
from kg.ids import BETWEEN
from kg.limits import apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.tables import Tables

_PASSAGE = ", ".join(f'e."{name}"' for name in ("id", *PASSAGE, "locator", "codes", "citations", "speakers", "places"))
_LINE = ", ".join(f'n."{name}"' for name in (*LINE, "excerpts"))


class Bearing(NamedTuple):
    """The tie of a passage to a claim.

    Args:
        link: the stance of an active evidence line, or ``asserts``.
        claim: id of the proposition.
        line: id of the evidence line, if it is one.
        rationale: why the line counts.
    """

    link: str
    claim: str
    line: str | None
    rationale: str | None


@dataclass(frozen=True)
class Use:
    """The use of a passage.

    Args:
        excerpt: the passage's id.
        bearing: what it bears on: the stance of an active evidence line, or ``asserts``, and the claim's id.
    """

    excerpt: str
    bearing: tuple[tuple[str, str], ...]

    def by_link(self) -> dict[str, list[str]]:
        """Return the claims by stance, or ``asserts``."""
        links: dict[str, list[str]] = {}
        for link, claim in self.bearing:
            links.setdefault(link, []).append(claim)
        return links


class Quote(NamedTuple):
    """The words of a passage.

    Args:
        id: the excerpt's id.
        quote: its words.
    """

    id: str
    quote: str


def passages(tables: Tables, ids: Iterable[str]) -> dict[str, Passage]:
    """Return some passages by id, in the order of the ids.

    Args:
        tables: the tables of a build.
        ids: ids of excerpts; those that are not there are left out.
    """
    text = f"SELECT {_PASSAGE} FROM json_each(:ids) j CROSS JOIN excerpt e ON e.id = j.value ORDER BY j.key"
    return _passages(tables, tables.sql(text, ids=json.dumps([*ids])))


def of_source(tables: Tables, source: str) -> dict[str, Passage]:
    """Return the passages of a source by id, in the order in which they begin.

    Args:
        tables: the tables of a build.
        source: its id.
    """
    text = f'SELECT {_PASSAGE} FROM excerpt e WHERE e.source = :source ORDER BY e.start, e."end"'
    return _passages(tables, tables.sql(text, source=source))


def resting_on(tables: Tables, references: Sequence[str]) -> list[str]:
    """Return the ids of the excerpts that rest on some references, in the order in which they stand in their sources.

    Args:
        tables: the tables of a build.
        references: their keys.
    """
    text = """
        SELECT e.id FROM excerpt e WHERE e.id IN
        (SELECT c.excerpt FROM json_each(:keys) k CROSS JOIN citing c ON c.reference = k.value)
        ORDER BY e.source, e.start, e."end" """
    return [excerpt for (excerpt,) in tables.sql(text, keys=json.dumps(references))]


def number_coded(tables: Tables, code: str) -> int:
    """Return how many passages have a code.

    Args:
        tables: the tables of a build.
        code: its id.
    """
    # Places are counted from 0 without a gap, and the last is found at once.
    ((last,),) = tables.sql("SELECT max(place) FROM coded WHERE code = :code", code=code)
    return 0 if last is None else int(last) + 1


def coded_with(tables: Tables, code: str, start: int, stop: int) -> list[Quote]:
    """Return some of the passages with a code, in the order in which they stand in their sources.

    Args:
        tables: the tables of a build.
        code: its id.
        start: how many are passed over.
        stop: how many are counted, those passed over too.
    """
    text = """
        SELECT e.id, e.quote FROM coded c JOIN excerpt e ON e.id = c.excerpt
        WHERE c.code = :code AND c.place >= :start AND c.place < :stop ORDER BY c.place"""
    return [Quote(*row) for row in tables.sql(text, code=code, start=start, stop=stop)]


class Wanted(NamedTuple):
    """What passages are chosen by.

    Args:
        codes: ids of codes, all of which a passage has.
        cases: ids of cases, one of which it is of; ``literature`` stands for none, outside of the theory's own text.
        attributes: values that its source or case has, as ``attribute=value``: one of each attribute.
    """

    codes: Sequence[str] = ()
    cases: Sequence[str] = ()
    attributes: Sequence[str] = ()

    def query(self) -> tuple[str, dict[str, str]]:
        """Return SQL that gives the passages, after SELECT, and its parameters."""
        begin = "coded f JOIN excerpt e ON f.code = :code0 AND e.id = f.excerpt" if self.codes else "excerpt e"
        parts, values = [], {f"code{n}": code for n, code in enumerate(self.codes)}
        parts += [
            f"EXISTS (SELECT 1 FROM coding c WHERE c.excerpt = e.id AND c.code = :code{n})"
            for n in range(1, len(self.codes))
        ]
        if self.cases:
            values |= {"cases": json.dumps(self.cases), "literature": LITERATURE}
            parts.append(
                "iif(s.role = 'theory', NULL, coalesce(s.[case], :literature)) IN (SELECT value FROM json_each(:cases))"
            )
        for n, some in enumerate(apart("attribute", self.attributes)):
            values[f"attribute{n}"] = json.dumps(some)
            parts.append(
                "EXISTS (SELECT 1 FROM attributes a WHERE ((a.kind = 'source' AND a.record = s.source) "
                "OR (a.kind = 'case' AND a.record = s.[case])) "
                f"AND a.attribute || '=' || a.value IN (SELECT value FROM json_each(:attribute{n})))"
            )
        where = f" WHERE {' AND '.join(parts)}" if parts else ""
        return f"FROM {begin} JOIN sources s ON s.source = e.source{where}", values


def number_having(tables: Tables, wanted: Wanted) -> int:
    """Return how many passages have all that is wanted.

    Args:
        tables: the tables of a build.
        wanted: what they are chosen by.
    """
    text, values = wanted.query()
    ((number,),) = tables.sql(f"SELECT count(*) {text}", **values)
    return int(number)


def having(tables: Tables, wanted: Wanted, start: int, stop: int) -> list[str]:
    """Return the ids of some of the passages that have all that is wanted, in the order in which they stand.

    Args:
        tables: the tables of a build.
        wanted: what they are chosen by.
        start: how many are passed over.
        stop: how many are counted, those passed over too.
    """
    text, values = wanted.query()
    order = 'ORDER BY e.source, e.start, e."end" LIMIT :number OFFSET :start'
    rows = tables.sql(f"SELECT e.id {text} {order}", **values, number=stop - start, start=start)
    return [excerpt for (excerpt,) in rows]


def coded_by_case(tables: Tables, codes: Sequence[str]) -> dict[str, dict[str, int]]:
    """Count the passages with some codes by case; the theory's own text is not counted.

    Args:
        tables: the tables of a build.
        codes: ids of the codes.

    Returns:
        By code and case the number of passages, with :data:`kg.claims.LITERATURE` for no case; a code or case that has
        none is left out.
    """
    text = """
        SELECT c.code, coalesce(s.[case], :literature), count(*) FROM json_each(:codes) k
        CROSS JOIN coded c ON c.code = k.value JOIN excerpt e ON e.id = c.excerpt JOIN sources s ON s.source = e.source
        WHERE s.role <> 'theory' GROUP BY 1, 2 ORDER BY 1, 2"""
    counts: dict[str, dict[str, int]] = {}
    for code, case, number in tables.sql(text, codes=json.dumps(codes), literature=LITERATURE):
        counts.setdefault(code, {})[case] = number
    return counts


def without_claim(tables: Tables, codes: Sequence[str]) -> list[Quote]:
    """Return the passages with some codes on which no claim rests, in the order in which they stand in their sources.

    Args:
        tables: the tables of a build.
        codes: ids of the codes.
    """
    text = """
        SELECT DISTINCT e.id, e.quote, e.source, e.start FROM json_each(:codes) k
        CROSS JOIN coded c ON c.code = k.value JOIN excerpt e ON e.id = c.excerpt
        WHERE NOT EXISTS (SELECT 1 FROM assertion a WHERE a.excerpt = e.id) AND NOT EXISTS (
          SELECT 1 FROM line_excerpt m JOIN line n ON n.id = m.line WHERE m.excerpt = e.id AND n.status = 'active')
        ORDER BY e.source, e.start, e.id"""
    return [Quote(*row[:2]) for row in tables.sql(text, codes=json.dumps(codes))]


def lines(tables: Tables, ids: Sequence[str]) -> list[Line]:
    """Return some evidence lines with their passages, in the order of the ids.

    Args:
        tables: the tables of a build.
        ids: ids of evidence lines; those that are not there are left out.
    """
    text = f"SELECT {_LINE} FROM json_each(:ids) j CROSS JOIN line n ON n.id = j.value ORDER BY j.key"
    return _lines(tables, tables.sql(text, ids=json.dumps(ids)))


def lines_on(tables: Tables, claim: str) -> list[Line]:
    """Return the evidence lines that bear on a claim with their passages, by id; withdrawn ones, too.

    Args:
        tables: the tables of a build.
        claim: id of the proposition.
    """
    return _lines(tables, tables.sql(f"SELECT {_LINE} FROM line n WHERE n.claim = :claim ORDER BY n.id", claim=claim))


def is_line(tables: Tables, identifier: str) -> bool:
    """Return whether there is an evidence line of an id.

    Args:
        tables: the tables of a build.
        identifier: the id.
    """
    return bool(tables.sql("SELECT 1 FROM line WHERE id = :id", id=identifier))


def bearing(tables: Tables, source: str) -> dict[str, list[Bearing]]:
    """Return what the passages of a source bear on, by the excerpt's id; a passage that bears on nothing is not there.

    Args:
        tables: the tables of a build.
        source: its id.
    """
    text = """
        SELECT e.id, n.stance, n.claim, n.id, n.rationale
        FROM excerpt e JOIN line_excerpt m ON m.excerpt = e.id JOIN line n ON n.id = m.line
        WHERE e.source = :source AND n.status = 'active'
        UNION SELECT e.id, 'asserts', a.claim, NULL, NULL FROM excerpt e JOIN assertion a ON a.excerpt = e.id
        WHERE e.source = :source
        ORDER BY 1, 2, 3, 4"""
    by_excerpt: dict[str, list[Bearing]] = {}
    for excerpt, *row in tables.sql(text, source=source):
        by_excerpt.setdefault(excerpt, []).append(Bearing(*row))
    return by_excerpt


class Acts(NamedTuple):
    """What coders did with a passage.

    Args:
        given: coder and code of each coding.
        drawn: coder and id of each evidence line.
        disputed: whether coders differ on one of these lines.
    """

    given: frozenset[tuple[str, str]]
    drawn: frozenset[tuple[str, str]]
    disputed: bool

    @property
    def coders(self) -> tuple[str, ...]:
        """Return the ids of those who did something, sorted."""
        return tuple(sorted({coder for coder, _ in self.given | self.drawn}))

    def codes_of(self, coder: str) -> tuple[str, ...]:
        """Return the ids of the codes that a coder gave, sorted."""
        return tuple(sorted(code for one, code in self.given if one == coder))

    def lines_of(self, coder: str) -> frozenset[str]:
        """Return the ids of the evidence lines that a coder drew."""
        return frozenset(line for one, line in self.drawn if one == coder)


def acts(tables: Tables, source: str) -> dict[str, Acts]:
    """Return what coders did with the passages of a source, by the excerpt's id.

    Args:
        tables: the tables of a build.
        source: its id.
    """
    text = """
        SELECT DISTINCT e.id, c.coder, c.code, NULL, NULL FROM excerpt e JOIN coding c ON c.excerpt = e.id
        WHERE e.source = :source
        UNION SELECT e.id, n.coder, NULL, n.id, n.status
        FROM excerpt e JOIN line_excerpt m ON m.excerpt = e.id JOIN line n ON n.id = m.line WHERE e.source = :source"""
    given: dict[str, set[tuple[str, str]]] = {}
    drawn: dict[str, set[tuple[str, str]]] = {}
    disputed: set[str] = set()
    for excerpt, coder, code, line, status in tables.sql(text, source=source):
        (drawn if line else given).setdefault(excerpt, set()).add((coder, line or code))
        disputed |= {excerpt} if status == "disputed" else set()
    return {
        key: Acts(frozenset(given.get(key, ())), frozenset(drawn.get(key, ())), key in disputed)
        for key in (given.keys() | drawn.keys())
    }


def uses(tables: Tables, source: str, start: int, end: int) -> tuple[Use, ...]:
    """Return the passages that overlap a place, in the order in which they begin, each with what it bears on.

    Args:
        tables: the tables of a build.
        source: the source's id.
        start: where the place begins (codepoints).
        end: where it ends (codepoints, exclusive).
    """
    text = """
        WITH touched AS (SELECT id, start, "end" FROM excerpt
          WHERE source = :source AND start < :end AND "end" > :start)
        SELECT t.id, t.start, t."end", NULL, NULL FROM touched t
        UNION SELECT t.id, t.start, t."end", n.stance, n.claim
        FROM touched t JOIN line_excerpt m ON m.excerpt = t.id JOIN line n ON n.id = m.line WHERE n.status = 'active'
        UNION SELECT t.id, t.start, t."end", 'asserts', a.claim FROM touched t JOIN assertion a ON a.excerpt = t.id
        ORDER BY 2, 3, 1, 5, 4"""
    found: dict[str, list[tuple[str, str]]] = {}
    for excerpt, _, _, link, claim in tables.sql(text, source=source, start=start, end=end):
        found.setdefault(excerpt, []).extend([(link, claim)] if claim else [])
    return tuple(Use(excerpt, tuple(bearing)) for excerpt, bearing in found.items())


def claims_resting_on(tables: Tables, references: Sequence[str]) -> dict[str, set[str]]:
    """Return the claims that passages with some references bear on, by id, each with the stances, or ``asserts``.

    Args:
        tables: the tables of a build.
        references: their keys.
    """
    text = """
        WITH resting (excerpt) AS MATERIALIZED
        (SELECT c.excerpt FROM json_each(:keys) k CROSS JOIN citing c ON c.reference = k.value)
        SELECT n.claim, n.stance
        FROM resting c JOIN line_excerpt m ON m.excerpt = c.excerpt JOIN line n ON n.id = m.line
        WHERE n.status = 'active'
        UNION SELECT a.claim, 'asserts' FROM resting c JOIN assertion a ON a.excerpt = c.excerpt"""
    links: dict[str, set[str]] = {}
    for claim, link in tables.sql(text, keys=json.dumps(references)):
        links.setdefault(claim, set()).add(link)
    return links


def _passages(tables: Tables, rows: Iterable[tuple[Any, ...]]) -> dict[str, Passage]:
    return {
        key: Passage(
            id=key,
            case=tables.cases[values[0]],
            codes=_split(codes),
            references=_split(references),
            locator=locator,
            speakers=tuple(json.loads(speakers)) if speakers else (),
            places=tuple(map(tuple, json.loads(places))) if places else (),
            witness=tables.witnesses[values[0]],
            **dict(zip(PASSAGE, values, strict=True)),
        )
        for key, *values, locator, codes, references, speakers, places in rows
    }


def _lines(tables: Tables, rows: Sequence[tuple[Any, ...]]) -> list[Line]:
    """Fill evidence lines with their passages."""
    by_id = passages(tables, dict.fromkeys(excerpt for row in rows for excerpt in _split(row[-1])))
    return [
        Line(**dict(zip(LINE, values, strict=True)), passages=tuple([by_id[excerpt] for excerpt in _split(excerpts)]))
        for *values, excerpts in rows
    ]


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(BETWEEN)) if cell else ()
