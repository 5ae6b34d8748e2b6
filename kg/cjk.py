"""The characters of Chinese, Japanese and Korean, once; a pattern of so many is compiled when it is first needed."""

from __future__ import annotations

import re
from functools import cache

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNSPACED_RANGES = "\u3040-\u30ff" + _HAN
"""What stands inside the brackets of :func:`unspaced`."""


@cache
def han() -> re.Pattern[str]:
    """Return the pattern of a Chinese character; Japanese and Korean share them."""
    return re.compile(f"[{_HAN}]")


@cache
def unspaced() -> re.Pattern[str]:
    """Return the pattern of a Chinese character or kana: they are written without spaces between words."""
    return re.compile(f"[{UNSPACED_RANGES}]")


@cache
def cjk() -> re.Pattern[str]:
    """Return the pattern of any of these, or of a syllable of Hangul."""
    return re.compile(f"[{UNSPACED_RANGES}\uac00-\ud7af]")


def has_han(text: str) -> bool:
    """Say whether a Chinese character is in a text.

    Args:
        text: any text.

    Example:
        >>> has_han("what is 信任"), has_han("what is trust")
        (True, False)
    """
    return not text.isascii() and han().search(text) is not None
