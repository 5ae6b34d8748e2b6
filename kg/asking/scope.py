"""Of what it is asked who coded or judged it: evidence lines, a paragraph, sources, the lines of claims, or all."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from kg.asking.finding import ABSENT, LIKE_BEST, RARE
from kg.asking.passages import QUOTED
from kg.language.lexicon import content_words
from kg.language.tokens import is_common
from kg.store import fulltext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.asking.chooser import Chooser
    from kg.asking.question import Term

INTERVIEW = re.compile(r"\binterview|访谈|采访", re.IGNORECASE)
"""How a source is called that was spoken."""
SHORTEST = 4
"""How many characters of a passage are quoted at least, if it is known by them."""
MOST = 3
"""How many lines at most are known by what they tell: more have the words by chance."""
_SHARE = 0.6
"""How much they have at least of what is told, by words that the study has."""
_HITS = 60
"""How many passages with some of the words are looked at."""
_OF_CLAIMS = "claim IN (SELECT value FROM json_each(:claims))"
_IN_SOURCES = """id IN (SELECT m.line FROM line_excerpt m JOIN excerpt e ON e.id = m.excerpt
  WHERE e.source IN (SELECT value FROM json_each(:sources)))"""
_CITING = """id IN (SELECT m.line FROM line_excerpt m JOIN citing c ON c.excerpt = m.excerpt
  WHERE c.reference IN (SELECT value FROM json_each(:references)))"""
_BY_PASSAGES = """
SELECT DISTINCT line FROM line_excerpt WHERE excerpt IN (SELECT value FROM json_each(:excerpts))"""
_BY_NOTES = """
SELECT id FROM line WHERE EXISTS (SELECT 1 FROM json_each(:words) w
  WHERE instr(replace(id, '-', ' '), w.value) OR instr(lower(rationale), w.value))"""
_TELLS = """
SELECT n.id, replace(n.id, '-', ' ') || ' ' || coalesce(n.rationale, '') || ' ' || group_concat(e.quote, ' ')
FROM line n JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt
WHERE n.id IN (SELECT value FROM json_each(:lines)) GROUP BY n.id ORDER BY n.id"""


class Scope(NamedTuple):
    """What it is asked who coded.

    Args:
        lines: ids of evidence lines.
        sources: ids of sources.
        paragraph: label of a paragraph of the source; empty for all.
        everywhere: whether the whole study is meant.
        told: whether the lines are named one by one, by their ids or by what they tell.
    """

    lines: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    paragraph: str = ""
    everywhere: bool = False
    told: bool = False


def scope(of: Chooser) -> Scope:
    """Return what it is asked who coded: lines, a paragraph, sources, the lines of claims, or all.

    Args:
        of: the chooser of the question.
    """
    sql = of.study.tables.sql
    if named := tuple(term.id for term in of.question.of("line")):
        return Scope(lines=named, told=True)
    for term in of.question.of("paragraph"):
        source, _, label = term.id.partition("/")
        lines = in_paragraph(of, term)
        on = _among(of, lines, _OF_CLAIMS, of.matched.claims) if of.topics else []
        return Scope(tuple(on) or lines, (source,), label, told=bool(lines and of.topics))
    if lines := quoted(of):
        return Scope(lines, told=True)
    limits = of.question.limits
    sources = dict.fromkeys(
        (*limits.sources, *(s for s, case in of.study.tables.cases.items() if case in limits.cases))
    )
    if limits.roles and not sources:
        some = [row["source"] for row in of.study.run("sources").dicts() if row["role"] in limits.roles]
        sources = dict.fromkeys((spoken(of, some) if INTERVIEW.search(of.question.text) else ()) or some)
    claims = of.matched.claims if of.topics else ()
    references = _references(of)
    if lines := lines_told(of, sources, claims, references):
        return Scope(lines, tuple(sources), told=True)
    if not (sources or claims or references):
        return Scope(everywhere=True)
    # What is not asked for is left out, for with an OR no index would be used.
    wanted = [_OF_CLAIMS] * bool(claims) + [_IN_SOURCES] * bool(sources) + [_CITING] * bool(references)
    rows = sql(
        f"SELECT id FROM line WHERE {' AND '.join(wanted)} ORDER BY 1",  # noqa: S608 (all are constants)
        sources=json.dumps([*sources]), claims=json.dumps(claims), references=json.dumps(references),
    )  # fmt: skip
    return Scope(tuple(line for (line,) in rows), () if claims or references else tuple(sources))


def in_paragraph(of: Chooser, term: Term) -> tuple[str, ...]:
    """Return the evidence lines with passages in a paragraph.

    Args:
        of: the chooser of the question.
        term: the paragraph, as the question names it.
    """
    source, _, label = term.id.partition("/")
    rows = of.study.tables.sql(
        "SELECT DISTINCT m.line FROM line_excerpt m JOIN excerpt e ON e.id = m.excerpt "
        "WHERE e.source = :s AND e.paragraph = :p ORDER BY 1", s=source, p=label,
    )  # fmt: skip
    return tuple(line for (line,) in rows)


def _among(of: Chooser, lines: Iterable[str], condition: str, ids: Iterable[str]) -> list[str]:
    """Return those of some evidence lines that meet one of the conditions of this module.

    Args:
        of: the chooser of the question.
        lines: ids of evidence lines.
        condition: on claims, sources or references.
        ids: of these.
    """
    given = json.dumps([*ids])
    rows = of.study.tables.sql(
        f"SELECT id FROM line WHERE id IN (SELECT value FROM json_each(:lines)) AND {condition} ORDER BY 1",  # noqa: S608
        lines=json.dumps([*lines]), claims=given, sources=given, references=given,
    )  # fmt: skip
    return [line for (line,) in rows]


def _references(of: Chooser) -> list[str]:
    """Return the references that the question is limited to, and those of its authors."""
    limits = of.question.limits
    by_author = [
        row["reference"]
        for author in limits.authors
        for row in of.study.run("references-by-author", author=author).dicts()
    ]
    return [*dict.fromkeys((*limits.references, *by_author))]


def spoken(of: Chooser, sources: Iterable[str]) -> tuple[str, ...]:
    """Return those of some sources that are interviews by their titles.

    Args:
        of: the chooser of the question.
        sources: ids of sources.
    """
    return tuple(source for source in sources if INTERVIEW.search(of.study.label("source", source)))


def quoted(of: Chooser) -> tuple[str, ...]:
    """Return the evidence lines with passages that have what stands in the question between quotation marks.

    Args:
        of: the chooser of the question.
    """
    texts = [text for text in QUOTED.findall(of.question.text) if len(text) >= SHORTEST]
    select = (
        "SELECT DISTINCT m.line FROM line_excerpt m JOIN excerpt e ON e.id = m.excerpt "
        "WHERE instr(e.quote, :text) ORDER BY 1"
    )
    rows = [row for text in texts for row in of.study.tables.sql(select, text=text)]
    return tuple(dict.fromkeys(line for (line,) in rows))


def lines_told(
    of: Chooser, sources: Iterable[str] = (), claims: Iterable[str] = (), references: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the evidence lines that a question tells by what they say: the petition of the traders.

    Args:
        of: the chooser of the question.
        sources: ids of sources in which their passages lie; any, if none are given.
        claims: ids of claims on which they bear; any, if none are given or none of the lines does.
        references: ids of references that their passages cite; any, if none are given.

    Returns:
        At most :data:`MOST`; nothing where more fit as well, or none has a word that is rare.
    """
    keys = {key: word for span in of.question.words for key, word in content_words(span.text) if not is_common(word)}
    if not keys:
        return ()
    sql, words = of.study.tables.sql, [*keys.values()]
    hits = fulltext.find(of.study.tables, " ".join(words), ("passage",), _HITS)
    excerpts = json.dumps([hit.id for hit in hits if of.is_within(hit.id)])
    lines = {line for (line,) in sql(_BY_PASSAGES, excerpts=excerpts)}
    long = json.dumps([word.lower() for word in words if len(word) > SHORTEST])
    lines |= {line for (line,) in sql(_BY_NOTES, words=long)}
    if sources := [*sources]:
        lines = {*_among(of, lines, _IN_SOURCES, sources)}
    if references := [*references]:
        lines = {*_among(of, lines, _CITING, references)}
    on = _among(of, lines, _OF_CLAIMS, claims)
    texts = dict(sql(_TELLS, lines=json.dumps(sorted(on or lines))))
    had = {line: {key for key, _ in content_words(text) if key in keys} for line, text in texts.items()}
    weights = fulltext.rarity(of.study.tables, words)
    # What no passage has stands in the id of a line, or in a note of its coder.
    worth = {key: weights[word] if of.stands(word) else ABSENT for key, word in keys.items()}
    shares = {line: sum(worth[key] for key in some) for line, some in had.items()}
    best = max(shares.values(), default=0.0)
    chosen = [line for line, share in shares.items() if share >= LIKE_BEST * best]
    # What nothing has says how it is asked, and not of what.
    sought = sum(
        weight for key, weight in worth.items() if of.stands(keys[key]) or any(key in some for some in had.values())
    )
    if len(chosen) > MOST or best < RARE or best < _SHARE * sought:
        return ()
    return tuple(chosen)
