"""What has evidence of one kind alone: by the literature and no case, 除了文献没有别的支持."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.claims import LITERATURE, STANCES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kg.asking.sentence import Sentence, Span

CASES = "cases"
"""Stands for all cases together."""
ALL = "all"
"""Stands for all that is not named."""
OTHERS = "others"
"""Stands for all cases that are not named."""
AT_BEST = "atbest"
"""The cue that no evidence is stronger than what is told."""
_NONE = "(?:none|no|not any|not one|not a single|not|without|never|nothing)"
_WITHIN = "(?: (?:of|in|from|by|at|the|any|single|a|other|support|evidence|backing|one))*"
_BUT_NONE = re.compile(
    f"<(?P<first>[^>]+)>[^<>]*? (?:but|and|yet|though) (?:by |in |from )*{_NONE}{_WITHIN} <(?P<second>[^>]+)>"
)
"""How it is told that the first has evidence and the second has none."""
_HAN_BUT_NONE = re.compile(
    "除(?:了|去|掉|开)?<(?P<first>[^>]+)>(?:里的|中的|的)?(?:证据|支持|来源)?(?:以外|之外|外)?(?:就|再|都|便|并|也)*(?:没有|没|无)"
    "(?:其他|别的|其它|任何|另外|什么|再)*(?:的)?(?:证据|来源|材料|案例|引文)?(?:能|来)?(?:支持|反对|证实)?"
)
"""The same in Chinese: apart from the first nothing else."""
_AT_BEST = re.compile(
    r"\b(?:nothing|none|no \w+|no) (?:any )?(?:better|stronger) than\b|\bat (?:the )?(?:best|most)\b"
    r"|\bno (?:more|better) than\b|\brests? on weak (?:evidence|support|lines) (?:only|alone)\b|最多|顶多|至多|充其量"
)
"""How it is told that no evidence is stronger."""
_NOTHING_BUT = tuple("only;nothing but;solely;exclusively;purely;只有;仅有;全是;都是;只;全部是".split(";"))
"""Words before a stance that all evidence has."""
_OF_STRENGTH = re.compile(
    r"\bnothing (?:but|other than) (?P<strength>weak|moderate|strong)\b"
    r"|\b(?:every|each|all)(?: (?:piece|pieces|line|lines|bit|bits|item|quote|quotes))?(?: of)?(?: the| its| their)?"
    r" (?:support|evidence|backing|lines?|quotes?)(?: (?:is|are|being))? (?P<strength_of_all>weak|moderate|strong)\b"
)
"""How it is told that all evidence has one strength."""
_NO_WORK = ("no publication", "no publications")
"""How it is told that no literature has it."""
_NOUNS = {"opposition": "opposes", "criticism": "opposes", "support": "supports", "backing": "supports"}
"""Nouns for evidence of one stance, which may be names of something else where nothing else is excluded."""
_NOUN = re.compile(rf"\b(?:nothing but|nothing other than|no evidence but) (?P<noun>{'|'.join(_NOUNS)})\b")


class Alone(NamedTuple):
    """Of what kind alone claims have evidence.

    Args:
        holder: id of a case, or the literature, or :data:`CASES`; empty where it is not asked.
        lacking: which of them has none; :data:`ALL` for all others, :data:`OTHERS` for all other cases.
        stance: the stance that all evidence has; empty where it is not asked.
        strength: the strength that all of it has; empty where it is not asked.
        start: the first token of what says so.
        end: the token after its last.
    """

    holder: str = ""
    lacking: str = ""
    stance: str = ""
    strength: str = ""
    start: int = 0
    end: int = 0

    def holds(self, holders: Collection[str]) -> bool:
        """Say whether evidence of a claim is as it is asked for.

        Args:
            holders: the cases, and the literature, that have some.
        """

        def has(one: str) -> bool:
            return any(holder != LITERATURE for holder in holders) if one == CASES else one in holders

        if self.lacking == ALL:
            others = {self.holder} if self.holder != CASES else {holder for holder in holders if holder != LITERATURE}
            return has(self.holder) and {*holders} <= others
        if self.lacking == OTHERS:
            return {holder for holder in holders if holder != LITERATURE} == {self.holder}
        return has(self.holder) and not has(self.lacking)


def alone(sentence: Sentence, phrases: Iterable[Span], language: str) -> Alone:
    """Say of what kind alone claims are asked to have evidence.

    Args:
        sentence: the sentence, split.
        phrases: the words in it by which something is asked.
        language: ``en`` or ``zh``.
    """
    texts: list[str] = []
    starts: list[int] = []
    for span in sentence.spans:
        called = _called(span)
        denied = ["no"] if span.text.startswith("no ") else []
        parts = [*denied, f"<{called}>"] if called else [token.text for token in sentence.tokens[span.start : span.end]]
        texts += parts
        starts += [span.start] * len(parts)
    joint = "" if language == "zh" else " "
    text = joint.join(texts)
    found = (_HAN_BUT_NONE if language == "zh" else _BUT_NONE).search(text)
    if found and (language == "zh" or {found["first"], found["second"]} & {CASES, LITERATURE}):
        begin = len(text[: found.start()].split(joint)) if joint else 0
        end = max(span.end for span in sentence.spans if not joint or _called(span))
        other = found["second"] == CASES and " other " in found[0] if language == "en" else False
        lacking = ALL if language == "zh" else OTHERS if other else found["second"]
        if any({*span.ids("cue")} & {*STANCES} and span.start >= end for span in phrases) and language == "en":
            # "Only in A and not in B, what supports it": a place where evidence is looked for.
            return Alone()
        return Alone(found["first"], lacking, start=starts[min(begin, len(starts) - 1)], end=end)
    if match := _OF_STRENGTH.search(text):
        return Alone(strength=match["strength"] or match["strength_of_all"])
    if match := _NOUN.search(text):
        return Alone(stance=_NOUNS[match["noun"]])
    for span in phrases:
        stance = next((one for one in span.ids("cue") if one in STANCES), "")
        before = joint.join(token.text for token in sentence.tokens[: span.start])
        if stance and before.endswith(_NOTHING_BUT):
            return Alone(stance=stance, start=span.start, end=span.end)
    return Alone()


def is_at_best(text: str) -> bool:
    """Say whether it is told that no evidence is stronger than something.

    Args:
        text: the question.
    """
    return _AT_BEST.search(text.casefold()) is not None


def _called(span: Span) -> str:
    """Return what evidence may be held by, as a stretch names it."""
    if span.names_records and span.ids("case"):
        return span.ids("case")[0]
    cues = {*span.ids("cue")}
    if "literature" in cues or span.text in _NO_WORK:
        return LITERATURE
    return CASES if cues & {"cases", "field"} or "cases" in span.ids("operation") else ""
