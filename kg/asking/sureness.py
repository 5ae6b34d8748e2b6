"""How sure claims are, where that is asked: what coders judged of the confidence in them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg import confidence
from kg.asking.choice import Choice
from kg.entries import CONCERNS, CONFIDENCES
from kg.numbers import number
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.asking.chooser import Chooser
    from kg.confidence import Confidence

_UNJUDGED = re.compile(
    r"\b(?:no|without(?: a| any)?|lack\w*(?: a)?) (?:confidence|rating)|\bunrated\b"
    r"|\b(?:not|never)(?: yet)? (?:rated|judged|graded)"
    "|(?:没有?|未|缺).{0,4}(?:可信度|信心|评定|评级)"
)
"""How claims are asked for of which the confidence was not judged."""
_ABOVE = re.compile(r"\b(?:more|better|higher|greater) than\b|\babove\b|高于|[超强好]过|以上的?(?!级)")
_BELOW = re.compile(r"\b(?:less|worse|lower) than\b|\bbelow\b|\bunder\b|低于|不到|不足")
_AT_LEAST = re.compile(r"\bat least\b|\bor (?:more|better|higher|above)\b|至少|及以上|或以上|不低于")
_AT_MOST = re.compile(r"\bat most\b|\bor (?:less|worse|lower|below)\b|至多|最多|及以下|或以下|不高于|不超过")
"""How it is told which levels beside the one that is named are asked for."""
_COMPONENT = {
    "methodological_limitations": re.compile(
        r"\bmethodological (?:limitations?|concerns?|flaws)\b|方法(?:学)?(?:上)?的?局限"
    ),
    "coherence": re.compile(r"\bcoheren(?:ce|t)\b|一致性"),
    "adequacy": re.compile(r"\badequacy\b|充分性"),
    "relevance": re.compile(r"\brelevance\b|相关性"),
}
"""How each component of confidence is called."""
_CONCERN = {
    "none": re.compile(r"\b(?:no|without|very minor) (?:\w+ )?concerns?\b|没有顾虑|无顾虑"),
    "minor": re.compile(r"\bminor\b|轻微"),
    "moderate": re.compile(r"\bmoderate\b|中等|中度"),
    "serious": re.compile(r"\b(?:serious|severe|grave|worst|biggest|major)\b|严重|最大"),
}
"""How each level of concern is called."""
_CONCERNED = re.compile(
    r"\b(?:concern(?:s|ed)?|problems?|weak\w*|issues?|limitations?|serious|minor|moderate)\b|顾虑|问题|严重|轻微|局限"
)
"""How it is told that a component is a concern."""
FEW = 2
"""How many claims are told component by component."""
_ORDER = list(CONFIDENCES)


def told(of: Chooser, choice: Choice) -> Choice:
    """Add to an answer how much confidence its claims deserve; of the least or most, keep those alone.

    Args:
        of: the chooser of the question.
        choice: what answers it.

    Returns:
        Where the confidence in no claim was judged, the same, which says so.
    """
    judged = confidence.judged(of.study.tables)
    language = of.question.language
    if not judged:
        said = "本研究没有评定可信度。" if language == "zh" else "The confidence in claims was not judged. "
        return replace(choice, lead=choice.lead + said)
    claims = choice.claims
    said = choice.said
    if _UNJUDGED.search(of.question.text.casefold()) and choice.operation == "claims":
        claims = tuple(claim for claim in claims if claim not in judged)
    elif levels := _levels(of):
        if not of.topics:
            # "Which claims reach more": what words alone lead to is not what is asked about.
            claims = of.everything
        own = tuple(claim for claim in claims if claim in judged and judged[claim].overall.level in levels)
        if choice.operation == "claims":
            said = _of_level(of, levels, own, judged)
            claims = own or _surest(claims, judged)
    elif extreme := {"least-sure", "most-sure"} & of.question.cues:
        claims = _surest(claims, judged, least="least-sure" in extreme) or claims
    elif choice.operation == "claims" and not of.topics:
        # Of which claims it was judged is asked, and how.
        claims = tuple(claim for claim in claims if claim in judged) or claims
    lead = choice.lead
    each = choice.operation == "claims" and "sure" in of.question.cues and not said
    if each or (len(claims) <= FEW and choice.operation != "claims"):
        levels = [f"{claim} {word(judged[claim].level, language)}" for claim in claims if claim in judged]
        if levels:
            lead += f"可信度:{'、'.join(levels)}。" if language == "zh" else f"Confidence: {', '.join(levels)}. "
    rows = []
    for claim in claims:
        if claim not in judged:
            rows.append({"property": word("confidence", language), "value": f"{claim}: {word('not judged', language)}"})
            continue
        one = judged[claim]
        who = f"{of.study.label('coder', one.overall.coder)}, {one.overall.date}"
        value = f"{claim}: {word(one.level, language)} ({who}): {one.overall.reason}"
        rows.append({"property": word("confidence", language), "value": value})
        for component, concern in one.concerns.items() if len(claims) <= FEW else ():
            title = word(confidence.TITLES[component], language)
            value = f"{word(CONCERNS[concern.level], language)}: {concern.reason}"
            rows.append({"property": title.lower(), "value": value})
    return replace(choice, claims=claims, definition=(*choice.definition, *rows), said=said, lead=lead)


def is_concerned(text: str) -> bool:
    """Say whether a concern with a component of confidence is asked for.

    Args:
        text: the question.
    """
    text = text.casefold()
    return any(called.search(text) for called in _COMPONENT.values()) and _CONCERNED.search(text) is not None


def concerned(of: Chooser) -> Choice | None:
    """Choose the claims with a concern of some level in a component of confidence; nothing where none is named.

    Args:
        of: the chooser of the question.
    """
    if of.question.operation != "claims" or "sure" not in of.question.cues:
        return None
    judged = confidence.judged(of.study.tables)
    text = of.question.text.casefold()
    asked = [component for component, called in _COMPONENT.items() if called.search(text)]
    if not asked or not _CONCERNED.search(text):
        return None
    levels = [level for level, called in _CONCERN.items() if called.search(text)] or [*CONCERNS][1:]
    language = of.question.language
    zh = language == "zh"
    rows = []
    for component in asked:
        title = word(confidence.TITLES[component], language)
        for level in reversed(levels):
            own = [
                claim for claim in of.everything if claim in judged and judged[claim].concerns[component].level == level
            ]
            if own:
                rows.append((title, level, own))
    chosen = {claim for _, _, own in rows for claim in own}
    apart, end = ("；", "。") if zh else ("; ", ".")
    told = [f"{title}: {word(CONCERNS[level], language)}: {', '.join(own)}" for title, level, own in rows]
    none = "没有主张有这样的顾虑。" if zh else "No claim has such a concern."
    reasons = [
        {"property": f"{claim} {title.lower()}", "value": judged[claim].concerns[component].reason}
        for component, title in ((one, word(confidence.TITLES[one], language)) for one in asked)
        for claim in of.everything
        if claim in chosen
    ]
    claims = tuple(claim for claim in of.everything if claim in chosen)
    return Choice("claims", claims, definition=tuple(reasons), said=apart.join(told) + end if told else none)


def _levels(of: Chooser) -> list[str]:
    """Return the levels of confidence that are asked for, more than one where it is said how far they go."""
    levels = [level for level in CONFIDENCES if f"confidence-{level}" in of.question.cues]
    text = of.question.text.casefold()
    if not levels:
        return []
    if _ABOVE.search(text):
        return _ORDER[: _ORDER.index(levels[0])]
    if _BELOW.search(text):
        return _ORDER[_ORDER.index(levels[-1]) + 1 :]
    if _AT_LEAST.search(text):
        return _ORDER[: _ORDER.index(levels[-1]) + 1]
    if _AT_MOST.search(text):
        return _ORDER[_ORDER.index(levels[0]) :]
    return levels


def _surest(claims: Iterable[str], judged: Mapping[str, Confidence], *, least: bool = False) -> tuple[str, ...]:
    """Return the claims that deserve most confidence, or least; none where it was judged of none."""
    ranks = {claim: _ORDER.index(judged[claim].overall.level) for claim in claims if claim in judged}
    end = (max if least else min)(ranks.values(), default=0)
    return tuple(claim for claim, rank in ranks.items() if rank == end)


def _of_level(of: Chooser, levels: list[str], own: tuple[str, ...], judged: Mapping[str, Confidence]) -> str:
    """Say in a sentence which claims deserve confidence of some levels, and where none does, which deserve most."""
    language = of.question.language
    zh = language == "zh"
    called = ("或" if zh else " or ").join(word(level.replace("-", " "), language) for level in levels)
    if own:
        ids = ("、" if zh else ", ").join(own)
        if zh:
            return f"可信度{called}的主张有 {len(own)} 条:{ids}。"
        return f"Confidence is {called} in {number(len(own), 'claim')}: {ids}."
    most = _surest(of.everything, judged)
    ids, level = ("、" if zh else ", ").join(most), word(judged[most[0]].level, language)
    if zh:
        return f"没有主张的可信度是{called};最高的是{level}:{ids}。"
    return f"Confidence is {called} in no claim; at most it is {level}: {ids}."
