"""What people tell of themselves before they ask, and what they wish for."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kg.language.shipped import table
from kg.language.tokens import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.asking.sentence import Span

HELPS = re.compile(r"\bwhat (?:helps|works|would help|would work)\W*$")
"""How advice is asked for at the end of a question."""
_PART = re.compile(r"[.!;,]\s+|[。！；，]\s*|(?<=[^\x00-\x7f])[.!;,]")
"""What ends a sentence that asks nothing, or a part of one."""
_ASKS = re.compile(
    r"\b(?:ask|wonder|like to know|want to know)(?= (?:why|what|how|which|whether|if|who|where|when)\b)", re.IGNORECASE
)
"""How it is told in the same sentence what is asked."""
_ASKED = 3
"""How many words are asked at least behind that."""


@cache
def _introducing() -> re.Pattern[str]:
    """Return how people say who they are, or who told them so, before they ask."""
    words = {name: "|".join(map(re.escape, some)) for name, some in table("operations")["introduced"].items()}
    return re.compile(
        rf"\s*(?:(?:{words['asker']})\b[^.,;:!?]*[.,;:!]"
        rf"|(?:{words['asker_zh']})[^，。,；：]*[，。,；：]"
        rf"|(?:{words['whose']}) (?:{words['people']})s? (?:of mine )?(?:{words['say']})\w*"
        r"(?: (?:me|us))?(?: (?:that|whether|if))?"
        rf"|(?:{words['whose_zh']})(?:{words['people_zh']})(?:{words['say_zh']})[，,：:]?)",
        re.IGNORECASE,
    )


def introduction(text: str, phrases: Iterable[Span]) -> int:
    """Return how many tokens at the beginning only say who asks, who says so, or what for.

    Args:
        text: the question.
        phrases: its phrases by which something is asked.

    Returns:
        Their number; none where nothing is asked behind them.
    """
    match = _introducing().match(text)
    if match and (asks := _ASKS.search(match[0])):
        # "As a reviewer I would ask why ...": the question stands behind that.
        return len(tokens(match[0][: asks.end()]))
    said = len(tokens(match[0])) if match and len(tokens(text[match.end() :])) >= _ASKED else 0
    return max(said, _story(text, phrases))


@cache
def _of_oneself(name: str) -> re.Pattern[str]:
    """Return how people greet or speak of themselves, or how they say what they wish for.

    Args:
        name: ``self`` or ``wish``.
    """
    english, chinese = (
        "|".join(map(re.escape, table("operations")["introduced"][key])) for key in (name, f"{name}_zh")
    )
    return re.compile(rf"\b(?:{english})\b|{chinese}", re.IGNORECASE)


def _story(text: str, phrases: Iterable[Span]) -> int:
    """Return how many tokens only tell who asks and what for, before advice is asked for: I chair … . Any advice?"""
    advice = [span.start for span in phrases if "advice" in span.ids("operation")]
    advice += [len(tokens(text[: match.start()])) for match in HELPS.finditer(fold(text))]
    for match in reversed([*_PART.finditer(text)]):
        told, ahead = len(tokens(text[: match.end()])), text[: match.end()]
        whole = re.search("[.!。！;；]", ahead) or _introducing().match(text) or _of_oneself("wish").search(ahead)
        if whole and any(start >= told for start in advice) and _of_oneself("self").search(ahead):
            return told
    return 0


def wish(text: str) -> int:
    """Return behind how many tokens it is told what is wished for; more than there are where nothing is.

    Args:
        text: the question.
    """
    found = _of_oneself("wish").search(text)
    return len(tokens(text[: found.end()])) if found else len(text)
