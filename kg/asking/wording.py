"""The words of a question before it is split: abbreviations spelled out, what is only asked at the end put first."""

from __future__ import annotations

import re
from functools import cache

from kg.language.shipped import table

_THE_REST = re.compile(
    r",? (?:and|or) (?:which|who|what|where)(?: (?:ones?|of them))? "
    r"(?:(?:do|does|did|is|are|was|were|has|have)(?:n['’]?t| not)|not)\W*$"
    "|[，,、]?(?:以及|还有|又)?(?:哪个|哪些|哪家|哪几家|谁)(?:又|则|却)?(?:没有?|不是|不)[?？。]*$",
    re.IGNORECASE,
)
"""How the rest is asked for as well, which every list of some tells: "..., and which don't"."""

_TAG = re.compile(
    r"^(?!(?:who|what|which|where|when|why|how|is|are|was|were|do|does|did|can|could|should|has|have)\b)"
    r"(?P<told>[^.!;]{8,}?),? (?:right|correct|true|isn['’]?t it|doesn['’]?t it|don['’]?t they|is that so|is that right"
    r"|is that true|yes or no)\s*\?+$",
    re.IGNORECASE,
)
"""How something is told, and asked behind it whether that is so."""


@cache
def _short() -> re.Pattern[str]:
    """Return the abbreviations of the shipped table."""
    some = sorted(table("operations")["short"], key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(one)}(?!\w)" for one in some), re.IGNORECASE)


def plain(text: str) -> str:
    """Return a question as it is read: abbreviations spelled out, not repeated in the negative, asked first.

    Args:
        text: as it was typed.

    Example:
        >>> plain("effects of transparency w.r.t. satisfaction")
        'effects of transparency on satisfaction'
        >>> plain("which firms support access, and which don't?")
        'which firms support access'
        >>> plain("trust drives participation, right?")
        'is it true that trust drives participation'
    """
    text = _TAG.sub(r"is it true that \g<told>", text.strip())
    return _THE_REST.sub("", _short().sub(lambda match: table("operations")["short"][match[0].casefold()], text))
