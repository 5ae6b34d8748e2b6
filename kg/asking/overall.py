"""How far all that a study says can be relied on."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kg import confidence
from kg.asking.choice import Choice
from kg.asking.differing import agreement
from kg.entries import CONFIDENCES
from kg.language.tokens import fold
from kg.words import word

if TYPE_CHECKING:
    from kg.asking.chooser import Chooser

_COUNTED = re.compile(r" \([^()]*\)$")
"""What stands behind a degree of agreement: how many were compared, and who judged them."""

_OVERVIEW = re.compile(r"\b(?:overview|summar\w+|sum up|in short|briefly|outline)\b|概括|概述|总结|介绍|简要")
"""How an overview of a study is asked for."""


def rely(of: Chooser) -> Choice:
    """Choose all claims, and say how sure they were judged to be and how far the coders agree.

    Args:
        of: the chooser of the question.
    """
    zh = of.question.language == "zh"
    apart = "、" if zh else ", "
    rows = []
    if judged := confidence.judged(of.study.tables):
        numbers = Counter(one.overall.level for one in judged.values())
        levels = [
            f"{word(level.replace('-', ' '), of.question.language)} {numbers[level]}"
            for level in CONFIDENCES
            if numbers[level]
        ]
        rows.append({"property": word("confidence", of.question.language), "value": apart.join(levels)})
    agreed = agreement(of) if len(of.study.ids("coder")) > 1 else ()
    told = [(row["property"], row["value"]) for row in rows]
    if each := [f"{row['property']} {_COUNTED.sub('', row['value'])}" for row in agreed]:
        told.append((word("agreement", of.question.language), (";" if zh else "; ").join(each)))
    lead = "".join(f"{name}:{said}。" if zh else f"{name.capitalize()}: {said}. " for name, said in told)
    if _OVERVIEW.search(fold(of.question.text)):
        # What the study asks comes before how far it can be relied on.
        titles = [(row["title_zh"] if zh else "") or row["title"] for row in of.study.run("study").dicts()]
        cases = apart.join(of.study.label("case", case) for case in of.study.ids("case"))
        named = f"{titles[0]}({cases})。" if zh else f"{titles[0]} ({cases}). "
        lead = named + lead
    return Choice("overall", of.everything, definition=(*rows, *agreed), lead=lead)
