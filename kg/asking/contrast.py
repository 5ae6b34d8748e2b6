"""What one case does and another does not: "Haier supports and Xiaomi does not", 海尔支持而文献反对."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from kg.claims import LITERATURE, STANCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.asking.sentence import Sentence, Span

_DENIED = re.compile(
    "(?:的|里面|里|中|上|方面|那边|这边|访谈|材料|案例|医院|企业|公司|集团)*(?:都|也|却|则|并|还|完全|一条)*"
    "(?:没|不|未|无|缺)(?:有|能|乏|少)?(?:任何)?(?:一条|人|被|得到|提供|给出)?"
    "(?P<stance>支持|赞成|证明|证实|反对|限定|(?P<told>提到|提及|涉及|谈到|讲到))?的?(?:支持|反对)?(?:证据|引文)?"
)
"""What stands behind a case or the literature that has no evidence of a stance, each character a token."""
_WITHOUT = re.compile("(?:(?<!有)没有|(?<!有)没|缺乏|缺少|无)$")
"""What stands in Chinese before a case or the literature that has no evidence: 没有访谈支持."""
_BORNE = re.compile("的?(?:支持|赞成|证明|证实|反对|提到)")
"""What stands behind it."""
_STATED = re.compile(
    "(?:的|里面|里|中|上|方面|那边|这边|访谈|材料|案例|医院|企业|公司|集团)*(?:都|也|却|则|才|还)*(?:的命题中|的主张中)?"
    "(?:(?P<supports>支持|赞成|证明|证实)|(?P<opposes>反对|反驳|否定|质疑)|(?P<qualifies>限定|限制)|有)"
)
"""The same of one that has."""
_DENYING = ("not", "never")
_AUXILIARIES = ("do", "does", "did", "has", "have", "is", "are")
_BETWEEN = 1
"""How many words may stand in English between a case and what it does."""


class Contrast(NamedTuple):
    """What cases do, where they do not do the same.

    Args:
        denied: where it is said that a case has no evidence: its place, by that of the case's name.
        by_case: cases, or the literature, each with the stance of its evidence.
        untold: whether what a case does not speak of is meant.
    """

    denied: dict[int, tuple[int, int]]
    by_case: tuple[tuple[str, str], ...] = ()
    untold: bool = False


def contrast(sentence: Sentence, phrases: Iterable[Span], language: str) -> Contrast:
    """Say what one case does and another does not.

    Args:
        sentence: the sentence, split.
        phrases: the words in it by which something is asked.
        language: ``en`` or ``zh``.
    """
    limiting = [
        span
        for span in sentence.spans
        if {*span.ids("cue")} & {"literature", "field", "cases"} or (span.names_records and span.ids("case"))
    ]
    if language == "zh":
        return _in_chinese(sentence, limiting)
    named = [span for span in limiting if _called(span)]
    return _in_english(sentence, named, [*phrases]) if len(named) > 1 else Contrast({})


def _called(span: Span) -> str:
    """Return the id of the case that a stretch names, or the literature's; empty for cases at large."""
    if span.ids("case"):
        return span.ids("case")[0]
    cues = {*span.ids("cue")}
    return LITERATURE if "literature" in cues else ""


def _differing(does: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(does.items()) if len({*does.values()}) > 1 else ()


def _in_english(sentence: Sentence, limiting: Sequence[Span], phrases: Sequence[Span]) -> Contrast:
    texts = [token.text for token in sentence.tokens]
    denied: dict[int, tuple[int, int]] = {}
    does: dict[str, str] = {}
    for span, after in zip_longest(limiting, limiting[1:]):
        end = after.start if after else len(texts)
        begin = span.end + (texts[span.end : span.end + 1] != [] and texts[span.end] in _AUXILIARIES)
        told = [
            (one, stance)
            for one in phrases
            for stance in one.ids("cue")
            if stance in STANCES and begin <= one.start and one.end <= end
        ]
        if begin < end and texts[begin] in _DENYING:
            own = [one.end for one, _ in told if one.start <= begin + 1 + _BETWEEN]
            denied[span.start] = (span.end, max([begin + 1, *own]))
        elif near := [stance for one, stance in told if one.start <= span.end + _BETWEEN]:
            does[_called(span)] = near[0]
    if by_case := _differing(does):
        return Contrast({}, by_case)
    return Contrast(denied if does else {})


def _in_chinese(sentence: Sentence, limiting: Sequence[Span]) -> Contrast:
    texts = "".join(token.text if token.is_han else "·" for token in sentence.tokens)
    denied: dict[int, tuple[int, int]] = {}
    does: dict[str, str] = {}
    stated = untold = False
    for span, after in zip_longest(limiting, limiting[1:]):
        clause = texts[span.end : after.start if after else len(texts)]
        if _WITHOUT.search(texts[: span.start]) and (match := _BORNE.match(clause)):
            denied[span.start] = (span.end, span.end + match.end())
        elif match := _DENIED.match(clause):
            denied[span.start] = (span.end, span.end + match.end())
            untold = untold or bool(match["told"])
        elif match := _STATED.match(clause):
            stated = True
            if match.lastgroup and _called(span):
                does[_called(span)] = match.lastgroup
    return Contrast(denied if stated or untold else {}, _differing(does), untold)
