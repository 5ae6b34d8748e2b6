"""Where a theory is weakest: claims without evidence or support, opposed alone, of one witness, or contested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.asking.choice import Choice
from kg.claims import STANCES

if TYPE_CHECKING:
    from kg.asking.chooser import Chooser

_SAID = {
    "searched": ("No evidence was found for", "查找过证据而没有找到"),
    "unsupported": ("No evidence is there for", "没有任何证据"),
    "opposed": ("Opposed, and supported by nothing", "只有反对的证据"),
    "qualified": ("Qualified, and supported by nothing", "只有限定性证据"),
    "single": ("Supported by one independent witness alone", "只有一个独立来源支持"),
    "contested": ("Contested", "有支持也有反对"),
}
"""How claims are told that are weak for the same reason, the worst first, in English and Chinese."""


def weak_spots(of: Chooser) -> Choice:
    """Choose the claims that are weak, and tell why each is, the worst first.

    Args:
        of: the chooser of the question.
    """
    weak: dict[str, list[str]] = {reason: [] for reason in _SAID}
    searched = {row["about"] for row in of.study.run("searches").dicts()}
    for claim in of.of_stage(of.everything):
        if reason := _reason(of, claim, searched):
            weak[reason].append(claim)
    zh = of.question.language == "zh"
    told = [
        f"{_SAID[reason][1]}:{'、'.join(claims)}" if zh else f"{_SAID[reason][0]}: {', '.join(claims)}"
        for reason, claims in weak.items()
        if claims
    ]
    if not told:
        every = "每条主张都有不止一个独立来源支持,且没有反对的证据。"
        return Choice("claims", said=every if zh else "Every claim has several witnesses for it, and none against it.")
    chosen = {claim for claims in weak.values() for claim in claims}
    said = (";".join(told) + "。") if zh else "; ".join(told) + "."
    return Choice("claims", tuple(claim for claim in of.everything if claim in chosen), said=said)


def _reason(of: Chooser, claim: str, searched: set[str]) -> str:
    """Return why a claim is weak; empty for one that is not."""
    tally = of.study.bearing.tally(claim)
    if not any(tally[stance] for stance in STANCES):
        return "searched" if claim in searched else "unsupported"
    if not tally["supports"]:
        return "opposed" if tally["opposes"] else "qualified"
    if of.study.bearing.witnesses(claim, "supports").independent < 2:
        return "single"
    return "contested" if tally["opposes"] else ""
