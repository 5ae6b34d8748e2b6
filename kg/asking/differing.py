"""On which evidence coders differ, what they have settled, and how far they agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import agreement as agreements
from kg.asking.choice import Choice
from kg.asking.coding import FEW, TOLD, claims_of, judgements, said_of
from kg.asking.scope import scope
from kg.errors import KGError
from kg.language.tokens import tokens
from kg.numbers import counted
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.asking.chooser import Chooser

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
        said = said_of(of, lines[:FEW], ()) if where.told else ""
        return Choice("disputed", claims, definition=tuple(judgements(of, lines[:FEW])), said=said)
    if of.question.limits.authors or of.question.limits.references:
        return _of_works(of, where.lines)
    units = agreements.differing(of.study.tables).items()
    admitted = {claim: tuple(unit for unit in every if of.is_within(unit.source)) for claim, every in units}
    apart = {claim: differing for claim, differing in admitted.items() if differing}
    limits = of.question.limits
    within = {*where.lines} if limits.cases or limits.sources or some else None
    found = [one for one in _differences(of) if within is None or one.line in within]
    if not (found or of.topics or limits.cases or limits.sources):
        # Claims that only words led to may not be what is asked about.
        found, some = _differences(of), ()
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
    settled = any(one.kind == OPEN for one in every) and not any(one.kind == OPEN for one in found)
    far = agreement(of) if "agreement" in of.question.cues and not some else ()
    said = _said_differences(of, found, far, rest=settled) if not told else ""
    return Choice(
        "disputed", claims, definition=(*far, *judgements(of, [one.line for one in found[:FEW]]), *told), said=said
    )


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
    if 0 < len(found) <= TOLD:
        told.append(said_of(of, [one.line for one in found], ()).rstrip(".。"))
    # How far coders agree comes first where that is asked.
    told = [*(f"{row['property']} {row['value']}" for row in [*far][:2]), *told]
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
    said = said_of(of, twice, ()) if len(twice) <= TOLD else ""
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
