"""The words of a question before it is split: abbreviations spelled out, a repetition at the end left out."""

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


@cache
def _short() -> re.Pattern[str]:
    """Return the abbreviations of the shipped table."""
    some = sorted(table("operations")["short"], key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(one)}(?!\w)" for one in some), re.IGNORECASE)


def plain(text: str) -> str:
    """Return a question with its abbreviations spelled out, and without a repetition of it in the negative.

    Args:
        text: as it was typed.

    Example:
        >>> plain("effects of transparency w.r.t. satisfaction")
        'effects of transparency on satisfaction'
        >>> plain("which firms support access, and which don't?")
        'which firms support access'
    """
    return _THE_REST.sub("", _short().sub(lambda match: table("operations")["short"][match[0].casefold()], text))
