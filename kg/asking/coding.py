"""Who coded, read and settled what, and when; how far coders agree."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kg.asking.choice import Choice
from kg.asking.question import NATURE
from kg.asking.scope import scope
from kg.language.tokens import tokens
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kg.asking.chooser import Chooser

TOLD = 4
"""How many lines are told in the first sentence."""
FEW = 12
"""How many lines are told judgement by judgement."""
_NOUNS = {"passage": "条引文", "line": "条证据", "disagreement": "处分歧"}
"""What coders judge, in Chinese with its measure word."""
ACTS = ("coded", "reread", "settled")
"""Cues of what coders do: code and draw lines, read the lines of others again, settle."""
_STATUS = "SELECT status, status_date, status_reason FROM line WHERE id = :line AND status != 'active'"
_CODED = """
SELECT c.coder, min(c.date), max(c.date), count(DISTINCT c.excerpt) FROM coding c JOIN excerpt e ON e.id = c.excerpt
WHERE (:everywhere OR e.source IN (SELECT value FROM json_each(:sources)))
AND (:paragraph = '' OR e.paragraph = :paragraph) GROUP BY 1 ORDER BY 2, 1"""
_DRAWN = """
SELECT n.coder, min(n.date), max(n.date), count(*) FROM line n
WHERE (:everywhere OR n.id IN (SELECT value FROM json_each(:lines))) GROUP BY 1 ORDER BY 2, 1"""
_READ = """
SELECT r.coder, min(r.date), max(r.date), count(*) FROM reading r JOIN line n ON n.id = r.line
WHERE r.settles = :settles AND (r.coder != n.coder OR r.settles = 'true')
AND (:everywhere OR n.id IN (SELECT value FROM json_each(:lines))) GROUP BY 1 ORDER BY 2, 1"""
_SETTLED = """
SELECT coder, min(date), max(date), count(*) FROM settlements
WHERE (:everywhere OR source IN (SELECT value FROM json_each(:sources)))
AND (:paragraph = '' OR paragraph = :paragraph) GROUP BY 1 ORDER BY 2, 1"""


def coders(of: Chooser) -> Choice:
    """Name coders with what they did to what the question names, and when; of few lines, how each was judged.

    Args:
        of: the chooser of the question.
    """
    texts = {token.text for token in tokens(of.question.text)}
    denied = "not" in texts and {"code", "coded"} & texts
    if ("uncoded" in of.question.cues or denied) and (choice := uncoded(of)):
        return choice
    if NATURE in of.question.cues:
        return _natures(of)
    where, zh = scope(of), of.question.language == "zh"
    given: dict[str, Any] = {"everywhere": where.everywhere}
    lines, places = (
        {"lines": json.dumps(where.lines)},
        {"sources": json.dumps(where.sources), "paragraph": where.paragraph},
    )
    asked = {*ACTS} & of.question.cues or {"coded"}
    wanted = {term.id for term in of.question.of("coder")}
    done: dict[str, list[str]] = {}
    for act, text, more, noun in (
        ("coded", _CODED, places, "passage"),
        ("coded", _DRAWN, lines, "line"),
        ("reread", _READ, lines | {"settles": "false"}, "line"),
        ("settled", _READ, lines | {"settles": "true"}, "line"),
        ("settled", _SETTLED, places, "disagreement"),
    ):
        if act not in asked or (more is places and not (where.sources or where.everywhere)):
            continue
        for coder, first, last, number in of.study.tables.sql(text, **given, **more):
            days = first if first == last else f"{first} – {last}"
            verb = word("drew" if text is _DRAWN else act, of.question.language)
            told = f"{verb} {number} {_NOUNS[noun]}" if zh else f"{verb} {number} {noun}{'' if number == 1 else 's'}"
            done.setdefault(coder, []).append(f"{told}, {days}")
    for coder, did in done.items():
        if not wanted or coder in wanted:
            of.name("coder", coder, "; ".join(did))
    rows = {
        row["coder"]: ": ".join(filter(None, (word(row["kind"], of.question.language), row["note"])))
        for row in of.study.run("coders").dicts()
    }
    every = "coded" in asked or not (texts & {"who"} or of.topics)
    for coder in rows if wanted or (where.everywhere and every) else ():
        if not wanted or coder in wanted:
            of.name("coder", coder)
    if wanted and "reread" in asked:
        read = of.study.tables.sql(
            "SELECT DISTINCT n.claim, r.line FROM reading r JOIN line n ON n.id = r.line "
            "WHERE r.settles = 'false' AND r.coder != n.coder "
            "AND r.coder IN (SELECT value FROM json_each(:coders)) ORDER BY 1, 2", coders=json.dumps(sorted(wanted)),
        )  # fmt: skip
        for claim, line in read:
            of.named.setdefault(("line", line), (line, claim))
    notes = [
        {"property": of.study.label("coder", key), "value": rows[key] or ""} for _, key in of.named if rows.get(key)
    ]
    judged = _judged_by(of, where.lines, wanted) if wanted and where.sources else where.lines
    if judged and (len(judged) <= FEW or judged != where.lines):
        notes = judgements(of, judged[:FEW], wanted if judged != where.lines else ())
    claims = (
        of.matched.claims
        if of.topics and not (where.told or where.paragraph)
        else claims_of(of, judged)
        if where.told or (wanted and where.sources)
        else ()
    )
    if wanted and not claims and not of.question.words and where.everywhere and not {"reread", "settled"} & asked:
        claims = tuple(claim for claim in of.everything if of.has_lines(claim))
    paragraphs = of.question.of("paragraph")
    excerpts = of.in_paragraph(paragraphs[0]) if paragraphs else ()
    said = said_of(of, judged[:FEW], wanted) if where.told else ""
    return Choice("coders", claims, excerpts=excerpts, definition=tuple(notes), said=said)


def _natures(of: Chooser) -> Choice:
    """Say of the coders, or of those that the question names, whether they are people or software, with their notes."""
    language = of.question.language
    wanted = {term.id for term in of.question.of("coder")}
    # "Was it coded by people, and was there a second coder" asks of all.
    several = re.search(r"\b(?:human|people|persons?)\b.*\band\b|[是由]人.*[，,]", of.question.text)
    rows = [row for row in of.study.run("coders").dicts() if not wanted or several or row["coder"] in wanted]
    colon, apart, end = (":", "；", "。") if language == "zh" else (": ", "; ", ".")
    told, notes = [], []
    for row in rows:
        label = of.study.label("coder", row["coder"])
        of.name("coder", row["coder"], row["note"] or "")
        kind = word(row["kind"], language) if row["kind"] else ("未说明" if language == "zh" else "not said")
        told.append(f"{label}{colon}{kind}")
        notes.append({"property": label, "value": colon.join(filter(None, (kind, row["note"])))})
    return Choice("coders", definition=tuple(notes), said=apart.join(told) + end)


def said_of(of: Chooser, lines: Iterable[str], coders: Collection[str]) -> str:
    """Say in a sentence how lines were judged, and which of the coders of the question judged none of them.

    Args:
        of: the chooser of the question.
        lines: ids of the lines.
        coders: ids of the coders that the question names.
    """
    language = of.question.language
    zh = language == "zh"
    told, judging = [], set()
    for line in lines:
        rows = of.study.run("readings-of-line", line=line).dicts()
        judging |= {row["coder"] for row in rows}
        each = [
            f"{of.study.label('coder', row['coder'])} "
            + ", ".join(word(row[key], language) for key in ("stance", "strength") if row[key])
            + (f" ({word('settled', language)})" if row["settles"] == "true" else "")
            for row in rows
        ]
        each = each or [_drawn(of, line)]
        ended = [f"{word(status, language)} {day}" for status, day, _ in of.study.tables.sql(_STATUS, line=line)]
        told.append(f"{line}{':' if zh else ': '}{('；' if zh else '; ').join((*each, *ended))}")
    for coder in sorted({*coders} - judging):
        label = of.study.label("coder", coder)
        told.append(f"{label}没有判断它" if zh else f"{label} did not judge it")
    return ("。" if zh else ". ").join(told) + ("。" if zh else ".")


def _drawn(of: Chooser, line: str) -> str:
    """Say who drew a line that nobody has read again, and how it was judged."""
    language = of.question.language
    select = "SELECT coder, stance, strength FROM line WHERE id = :line"
    ((coder, *judged),) = of.study.tables.sql(select, line=line)
    return f"{of.study.label('coder', coder)} {', '.join(word(one, language) for one in judged if one)}"


def _judged_by(of: Chooser, lines: Iterable[str], coders: Iterable[str]) -> tuple[str, ...]:
    """Return those of some evidence lines that one of some coders has drawn or read."""
    rows = of.study.tables.sql(
        "SELECT DISTINCT line FROM reading WHERE line IN (SELECT value FROM json_each(:lines)) "
        "AND coder IN (SELECT value FROM json_each(:coders)) ORDER BY 1",
        lines=json.dumps([*lines]), coders=json.dumps(sorted(coders)),
    )  # fmt: skip
    return tuple(line for (line,) in rows)


def judgements(of: Chooser, lines: Iterable[str], coders: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return how each coder judged some evidence lines, with the day and the reason.

    Args:
        of: the chooser of the question.
        lines: ids of the lines.
        coders: ids of those whose judgements are wanted; all, if none are given.
    """
    language = of.question.language
    rows = []
    for line in lines:
        for one in of.study.run("readings-of-line", line=line).dicts():
            if coders and one["coder"] not in coders:
                continue
            judged = ", ".join(word(one[key], language) for key in ("stance", "strength") if one[key])
            settles = f"{word('settled', language)}, " if one["settles"] == "true" else ""
            reason = f": {one['reason']}" if one["reason"] else ""
            said = f"{of.study.label('coder', one['coder'])}, {one['date']}: {settles}{judged}{reason}"
            rows.append({"property": line, "value": said})
        for status, day, why in of.study.tables.sql(_STATUS, line=line):
            rows.append({"property": line, "value": f"{word(status, language)} {day}: {why}"})
    return rows


def claims_of(of: Chooser, lines: Iterable[str]) -> tuple[str, ...]:
    """Return the claims on which evidence lines bear, by their ids."""
    rows = of.study.tables.sql(
        "SELECT DISTINCT claim FROM line WHERE id IN (SELECT value FROM json_each(:lines))", lines=json.dumps([*lines])
    )
    claims = {claim for (claim,) in rows}
    return tuple(claim for claim in of.everything if claim in claims)


def uncoded(of: Chooser) -> Choice | None:
    """Say which paragraphs have no code, and why; of the one that has the words of the question, if there is one.

    Args:
        of: the chooser of the question.
    """
    rows = of.study.run("uncoded-paragraphs").dicts()
    sources = of.question.limits.sources
    rows = [row for row in rows if not sources or row["source"] in sources]
    named = {term.id for term in of.question.of("paragraph")}
    _, paragraphs, _ = of.found() if of.question.words else ([], [], False)
    there = {(p.source, p.paragraph) for p in paragraphs}
    if some := [
        r for r in rows if f"{r['source']}/{r['paragraph']}" in named or (r["source"], r["paragraph"]) in there
    ]:
        rows = some
    for row in rows:
        of.name("coder", row["coder"], str(row["date"]))
    shown = tuple(p for p in paragraphs if any((p.source, p.paragraph) == (r["source"], r["paragraph"]) for r in rows))
    notes = tuple({"property": f"{r['source']} {r['paragraph']}", "value": r["memo"] or ""} for r in rows)
    return Choice("coders", definition=notes, paragraphs=shown) if rows else None
