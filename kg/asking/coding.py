"""Who coded, read and settled what, and when; how far coders agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import agreement as agreements
from kg.asking.choice import Choice
from kg.asking.question import NATURE
from kg.asking.scope import scope
from kg.errors import KGError
from kg.language.tokens import tokens
from kg.numbers import counted
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from kg.asking.chooser import Chooser

_TOLD = 4
"""How many lines are told in the first sentence."""
FEW = 12
"""How many lines are told judgement by judgement."""
_STILL = frozenset("still remain remains unsettled unresolved pending left open yet".split())
"""Words by which it is asked where coders differ to this day."""
_STILL_HAN = ("还有", "仍", "尚", "未裁定", "没有裁定", "未解决", "没解决", "悬而未决")
"""The same in Chinese."""
_SETTLED_HAN = ("商定", "裁定", "解决了", "定下来")
"""Words in Chinese by which it is asked what coders have settled."""
OPEN, SETTLED, STRENGTH = "open", "settled", "strength"
_ORDER = (OPEN, SETTLED, STRENGTH)
"""How coders may differ on a line: to this day, until they settled it, in its strength alone."""
_DIFFERING_EN = {OPEN: "Coders differ on {}", SETTLED: "Settled: {}", STRENGTH: "In strength alone: {}"}
_DIFFERING_HAN = {OPEN: "编码者意见不一:{}", SETTLED: "已商定:{}", STRENGTH: "只在强度上不同:{}"}
_NONE_OPEN = ("Coders still differ on no evidence", "没有证据仍有编码者分歧")
_NONE_HERE = ("Coders differ on none of this evidence", "这些证据上编码者没有分歧")
_DIFFERING = """
SELECT n.id, n.claim, n.status, count(DISTINCT CASE WHEN r.settles = 'false' THEN r.stance END),
max(r.settles = 'true'), group_concat(DISTINCT r.coder),
(SELECT s.role FROM line_excerpt m JOIN excerpt e ON e.id = m.excerpt JOIN sources s ON s.source = e.source
 WHERE m.line = n.id ORDER BY e.id LIMIT 1)
FROM line n JOIN reading r ON r.line = n.id GROUP BY n.id
HAVING count(DISTINCT r.stance || coalesce(r.strength, '')) > 1 OR n.status = 'disputed'"""
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
    said = _said_of(of, judged[:FEW], wanted) if where.told else ""
    return Choice("coders", claims, excerpts=excerpts, definition=tuple(notes), said=said)


def _natures(of: Chooser) -> Choice:
    """Say of the coders, or of those that the question names, whether they are people or software, with their notes."""
    language = of.question.language
    wanted = {term.id for term in of.question.of("coder")}
    rows = [row for row in of.study.run("coders").dicts() if not wanted or row["coder"] in wanted]
    colon, apart, end = (":", "；", "。") if language == "zh" else (": ", "; ", ".")
    told, notes = [], []
    for row in rows:
        label = of.study.label("coder", row["coder"])
        of.name("coder", row["coder"], row["note"] or "")
        kind = word(row["kind"], language) if row["kind"] else ("未说明" if language == "zh" else "not said")
        told.append(f"{label}{colon}{kind}")
        notes.append({"property": label, "value": colon.join(filter(None, (kind, row["note"])))})
    return Choice("coders", definition=tuple(notes), said=apart.join(told) + end)


def _said_of(of: Chooser, lines: Iterable[str], coders: Collection[str]) -> str:
    """Say in a sentence how lines were judged, and which of the coders of the question judged none of them."""
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


def disputed(of: Chooser) -> Choice:
    """Choose the claims with lines on which coders differ; of what is asked about, also those that they have settled.

    Args:
        of: the chooser of the question.
    """
    for row in of.study.run("coders").dicts():
        of.name("coder", row["coder"], row["note"] or "")
    texts = {token.text for token in tokens(of.question.text)}
    some = of.claims() if of.topics or of.matched.claims else ()
    where = scope(of)
    lines = where.lines if where.told or where.paragraph else ()
    if lines:
        claims = claims_of(of, lines)
        said = _said_of(of, lines[:FEW], ()) if where.told else ""
        return Choice("disputed", claims, definition=tuple(judgements(of, lines[:FEW])), said=said)
    if of.question.limits.authors or of.question.limits.references:
        return _of_works(of, where.lines)
    units = agreements.differing(of.study.tables).items()
    admitted = {claim: tuple(unit for unit in every if of.is_within(unit.source)) for claim, every in units}
    apart = {claim: differing for claim, differing in admitted.items() if differing}
    limits = of.question.limits
    within = {*where.lines} if limits.cases or limits.sources or some else None
    found = [one for one in _differences(of) if within is None or one.line in within]
    found = [one for one in found if not limits.roles or one.role in limits.roles]
    if coder := {term.id for term in of.question.of("coder")}:
        found = [one for one in found if coder & one.coders]
    every = found
    if texts & _STILL or any(text in of.question.text for text in _STILL_HAN):
        found = [one for one in found if one.kind == OPEN]
    elif {"settle", "settled"} & texts or any(text in of.question.text for text in _SETTLED_HAN):
        found = [one for one in found if one.kind == SETTLED] or found
    for one in found[:FEW]:
        of.named.setdefault(("line", one.line), (one.line, one.claim))
    on = {one.claim for one in found} | {*apart}
    claims = tuple(claim for claim in (some or of.everything) if claim in on or of.study.bearing.disputes(claim))
    told = tuple(_own(of, unit) for claim in claims for unit in apart.get(claim, ()) if ", " in unit.place)[:FEW]
    lines = [one.line for one in found]
    settled = any(one.kind == OPEN for one in every) and not any(one.kind == OPEN for one in found)
    far = agreement(of) if "agreement" in of.question.cues and not some else ()
    said = _said_differences(of, found, far, rest=settled) if not told else ""
    return Choice("disputed", claims, definition=(*far, *judgements(of, lines[:FEW]), *told), said=said)


class Difference(NamedTuple):
    """An evidence line that coders judged differently.

    Args:
        line: its id.
        claim: the claim on which it bears.
        kind: :data:`OPEN`, :data:`SETTLED` or :data:`STRENGTH`.
        coders: ids of those who judged it.
        role: that of the source of its first passage.
    """

    line: str
    claim: str
    kind: str
    coders: frozenset[str]
    role: str


def _differences(of: Chooser) -> list[Difference]:
    """Return the lines that coders judged differently: those that are still open first, then those that are settled."""
    found = []
    for line, claim, status, stances, settles, coders, role in of.study.tables.sql(_DIFFERING):
        kind = OPEN if status == "disputed" else SETTLED if settles else OPEN if stances > 1 else STRENGTH
        found.append(Difference(line, claim, kind, frozenset(coders.split(",")), role))
    return sorted(found, key=lambda one: (_ORDER.index(one.kind), one.line))


def differences(of: Chooser) -> tuple[dict[str, Any], ...]:
    """Return the lines on which coders still differ, within the limits of the question, with the claim of each.

    Args:
        of: the chooser of the question.
    """
    if not (of.question.limits.cases or of.question.limits.sources):
        return ()
    within = {*scope(of).lines}
    found = [one for one in _differences(of) if one.kind == OPEN and one.line in within]
    language = of.question.language
    return tuple({"property": word("disputed", language), "value": f"{one.line} ({one.claim})"} for one in found)


def _said_differences(of: Chooser, found: Sequence[Difference], far: Iterable[Mapping[str, Any]], *, rest: bool) -> str:
    """Say in a sentence on which lines coders still differ, which they have settled, and where strength alone differs.

    Args:
        of: the chooser of the question.
        found: the lines.
        far: how far coders agree, if that is asked.
        rest: whether they still differ on others, which are not asked for.
    """
    language = of.question.language
    zh = language == "zh"
    apart, end = ("、", "。") if zh else (", ", ". ")
    by_kind = {kind: [one for one in found if one.kind == kind] for kind in _ORDER}
    told = []
    for kind, some in by_kind.items():
        if not some and (kind != OPEN or rest or of.question.limits):
            continue
        number = counted(len(some), "line", language) if some else ""
        ids = apart.join(f"{one.line}({one.claim})" if zh else f"{one.line} ({one.claim})" for one in some[:FEW])
        says = _DIFFERING_HAN[kind] if zh else _DIFFERING_EN[kind]
        told.append(says.format(f"{number}: {ids}" if not zh else f"{number}:{ids}") if some else _NONE_OPEN[zh])
    if not told:
        told = [_NONE_HERE[zh]]
    if 0 < len(found) <= _TOLD:
        told.append(_said_of(of, [one.line for one in found], ()).rstrip(".。"))
    told += [f"{row['property']} {row['value']}" for row in [*far][:2]]
    return end.join(told).rstrip() + end.rstrip()


def _of_works(of: Chooser, lines: Iterable[str]) -> Choice:
    """Say how the lines that cite some works were judged, as far as two coders or more judged one."""
    rows = of.study.tables.sql(
        "SELECT line FROM reading WHERE line IN (SELECT value FROM json_each(:lines)) "
        "GROUP BY line HAVING count(DISTINCT coder) > 1 ORDER BY 1",
        lines=json.dumps([*lines]),
    )
    twice = tuple(line for (line,) in rows)
    if not twice:
        zh = of.question.language == "zh"
        said = "这些证据没有一条由两人判断过。" if zh else "No line of it was judged by two coders."
        return Choice("disputed", said=said)
    for line in twice[:FEW]:
        of.named.setdefault(("line", line), (line, ""))
    said = _said_of(of, twice, ()) if len(twice) <= _TOLD else ""
    return Choice("disputed", claims_of(of, twice), definition=tuple(judgements(of, twice[:FEW])), said=said)


def _own(of: Chooser, unit: agreements.Unit) -> dict[str, Any]:
    """Return how coders judged one passage by lines of their own."""
    judged = (
        f"{of.study.label('coder', one)}: {word(said, of.question.language)}" for one, said in unit.values.items()
    )
    return {"property": unit.place.partition(": ")[2], "value": "; ".join(judged)}


def agreement(of: Chooser) -> tuple[dict[str, Any], ...]:
    """Return how far coders agree on codes, stances and strengths, as the report on it says.

    Args:
        of: the chooser of the question.
    """
    language = of.question.language
    try:
        totals = agreements.agreement(of.study.tables).totals
    except KGError as e:
        return ({"property": word("agreement", language), "value": str(e).splitlines()[0]},)
    rows = []
    for one in totals:
        # Nobody can differ where only one value was judged.
        alpha = "" if one.alpha is None else f", alpha {one.alpha}"
        said = f"{one.percent} %{alpha} ({len(one.compared)}; {', '.join(one.coders)})"
        rows.append({"property": word(one.on, language), "value": said})
    return tuple(rows)


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
