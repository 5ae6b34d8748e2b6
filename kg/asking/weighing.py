"""Why evidence was judged to be as strong as it was."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kg.asking.choice import Choice
from kg.asking.coding import FEW, claims_of, judgements, said_of
from kg.asking.question import LOWERED, MARKS
from kg.asking.scope import in_paragraph, lines_told
from kg.language.tokens import tokens
from kg.limits import Limits
from kg.numbers import counted
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.asking.chooser import Chooser
    from kg.claims import Line

MOST_TOLD = 6
"""How many lines that were lowered are told at most in the first sentence."""
_TOLD = 3
"""How many lines at most are told in the first sentence."""
_JUDGED = frozenset(
    token.key
    for token in tokens(
        "weak strong moderate lowered count evidence judged rated strength weigh downgrade discount demote line step "
        "less"
    )
)
"""Keys of words that ask for a judgement of evidence."""
_JUDGED_HAN = ("降", "弱", "强", "证据", "判", "评")
"""Words in Chinese that do."""
_WHY = re.compile(
    r"(?:\w+ )?why\b|how come\b|(?:for|by) what reason\b|what(?: is| was)? the reason\b|what (?:made|makes|lowered)\b"
)
"""How it begins that is asked why evidence was judged as it was."""
_WHY_HAN = ("为什么", "为何", "为啥", "什么原因", "凭什么", "怎么会", "怎么才", "怎么只", "缘故")
"""The same in Chinese."""


def _weighed(of: Chooser, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Say of some lines how strong they are, with the marks by which they were lowered, or the reason."""
    language = of.question.language
    rows = []
    for line in lines:
        said = f"{word(line.stated, language)} → {word(line.strength, language)}"
        marks = ", ".join(word(mark, language) for mark in (line.lowered or "").split(", ") if mark)
        value = (
            f"{said}, {word('lowered', language)}: {marks}"
            if marks
            else f"{word(line.strength, language)}: {line.rationale}"
        )
        rows.append({"property": line.id, "value": value})
    return rows


def _sentence(of: Chooser, rows: Sequence[Mapping[str, Any]]) -> str:
    """Say in a sentence how strong a few lines are, and why; of more the first ones, and how many there are."""
    colon, apart, end = (":", "；", "。") if of.question.language == "zh" else (": ", "; ", ".")
    told = apart.join(f"{row['property']}{colon}{row['value']}".rstrip(".。") for row in rows[:_TOLD])
    if (more := len(rows) - _TOLD) > 0:
        told += f"；另有 {more} 条" if of.question.language == "zh" else f"; and {more} more"
    return told + end


def _uncounted(of: Chooser, lines: Iterable[str]) -> str:
    """Say in a sentence why lines are in no count: they are disputed, or were withdrawn; nothing of others."""
    language = of.question.language
    rows = of.study.tables.sql(
        "SELECT id, status FROM line WHERE status != 'active' "
        "AND id IN (SELECT value FROM json_each(:lines)) ORDER BY id",
        lines=json.dumps([*lines]),
    )
    told = [
        f"{line}{':' if language == 'zh' else ': '}{word(status, language)}{'；' if language == 'zh' else '; '}"
        f"{said_of(of, [line], ())}"
        for line, status in rows
    ]
    return ("" if language == "zh" else " ").join(told)


def lowered(of: Chooser) -> Choice | None:
    """Choose the evidence lines that were lowered for what their works are; nothing where something else is asked.

    Args:
        of: the chooser of the question.
    """
    question = of.question
    if LOWERED not in question.cues or question.of("line"):
        return None
    zh = question.language == "zh"
    marks = {mark for mark in MARKS & question.cues if mark not in ("uncited", "undated")}
    claims = of.claims() if of.topics or question.of("proposition") else of.everything
    some = [
        (claim, line)
        for claim in claims
        for line in of.study.bearing.active(claim)
        if line.lowered and (not marks or marks & {*line.lowered.split(", ")})
    ]
    rows = _weighed(of, [line for _, line in some])
    on = tuple(dict.fromkeys(claim for claim, _ in some))
    of.name_references(key for _, line in some for passage in line.passages for key in passage.references)
    if not some:
        return Choice("evidence", said="没有证据被降级。" if zh else "No evidence line was lowered.")
    number = counted(len(some), "line", question.language)
    began = f"{number}被降级:" if zh else f"{number} {'was' if len(some) == 1 else 'were'} lowered: "
    each = [f"{row['property']} ({claim}) {row['value']}" for (claim, _), row in zip(some, rows, strict=True)]
    told = ("；" if zh else "; ").join(each[:MOST_TOLD]) + (" …" if len(each) > MOST_TOLD else "")
    return Choice("evidence", on, definition=tuple(rows), said=began + told + ("。" if zh else "."))


def why(of: Chooser) -> Choice | None:
    """Say why evidence was judged as it was, with strength and reason; nothing where something else is asked.

    Args:
        of: the chooser of the question.
    """
    question = of.question
    zh = question.language == "zh"
    begin = " ".join(token.text for token in tokens(question.text)[:4])
    asked = any(word in question.text for word in _WHY_HAN) if zh else _WHY.match(begin) is not None
    named = question.of("line", "reference", "author", "source", "case")
    lines = tuple(term.id for term in question.of("line"))
    lines = lines or tuple(term.id for term in question.excluded if term.kind == "line")
    if not asked or of.topics or ("withdrawn" in question.asked and not lines):
        return None
    if lines := lines or tuple(line for term in question.of("paragraph") for line in in_paragraph(of, term)):
        on = claims_of(of, lines)
        rows = _weighed(of, [line for claim in on for line in of.study.all.active(claim) if line.id in lines])
        said = _uncounted(of, lines) or (_sentence(of, rows) if rows else "")
        return Choice("drivers", on, definition=(*rows, *judgements(of, lines)), said=said)
    keys = {token.key for token in tokens(question.text)}
    if not (keys & _JUDGED or any(word in question.text for word in _JUDGED_HAN)):
        return None
    if not named:
        known = {*lines_told(of)}
        on = claims_of(of, known)
        some = [line for claim in on for line in of.study.all.active(claim) if line.id in known]
        of.name_references(key for line in some for passage in line.passages for key in passage.references)
        rows = _weighed(of, some)
        return Choice("drivers", on, definition=tuple(rows), said=_sentence(of, rows)) if rows else None
    limits = Limits(
        references=tuple(term.id for term in question.of("reference")),
        authors=tuple(term.id for term in question.of("author")),
        sources=tuple(term.id for term in question.of("source")),
        cases=tuple(term.id for term in question.of("case")),
    )
    within = of.study.all.within(limits)
    # Those that were lowered come first, of each claim and of all.
    judged = [
        (claim, line)
        for claim in of.everything
        for line in sorted(within.active(claim), key=lambda line: not line.lowered)[:FEW]
    ]
    claims = tuple(dict.fromkeys(claim for claim, _ in judged))
    for term in named:
        of.name(term.kind, term.id)
    for passage in {p.id: p for c in claims for line in within.active(c)[:FEW] for p in line.passages}.values():
        of.name_references(passage.references)
    if judged:
        rows = _weighed(of, sorted((line for _, line in judged), key=lambda line: not line.lowered))
        return Choice("drivers", claims, definition=tuple(rows[:FEW]), said=_sentence(of, rows))
    cases = {*limits.cases}
    found = [row for row in of.study.run("searches").dicts() if row["case"] in cases or row["source"] in limits.sources]
    looked = {row["about"] for row in found}
    searches = tuple({row["search"]: row for row in found}.values())
    return Choice("drivers", tuple(c for c in of.everything if c in looked), searches=searches) if found else None
