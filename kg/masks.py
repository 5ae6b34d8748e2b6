"""The signs that stand for withheld text, each as long as what it hides, so that every position stays true."""

from __future__ import annotations

import re

from kg.words import word

SIGN = "‹withheld›"
"""What stands for a withheld stretch; a longer one has blanks before the closing sign, which pages fold into one."""
_SHORT = "‹…›"
_PADDED = re.compile(r"(‹(?:withheld|…)) +(?=›)")
_NAMED = re.compile(r"‹withheld(?= *[›<])")  # a page may break within one
_MASKED = re.compile(r"(?:‹(?:withheld|…) *›|…|\s)*‹(?:withheld|…) *›(?:‹(?:withheld|…) *›|…|\s)*")


def mask(length: int) -> str:
    """Return what stands for a stretch of text; it begins and ends with a sign and has no line end.

    Args:
        length: codepoints of the stretch.

    Example:
        >>> mask(14), mask(4), mask(1)
        ('‹withheld    ›', '‹… ›', '…')
    """
    sign = next((sign for sign in (SIGN, _SHORT) if len(sign) <= length), "")
    return f"{sign[:-1]}{' ' * (length - len(sign))}{sign[-1]}" if sign else "…" * length


def folded(text: str) -> str:
    """Return a text with the blanks left out by which masks are as long as what they hide.

    Args:
        text: of a passage or source.

    Example:
        >>> folded("they ‹withheld     › said"), folded("‹… ›")
        ('they ‹withheld› said', '‹…›')
    """
    return _PADDED.sub(r"\1", text) if "‹" in text else text


def translated(text: str, language: str) -> str:
    """Return a text with its masks in a language; they are not as long as what they hide any more.

    Args:
        text: of a page.
        language: of the page: ``en`` or ``zh``.

    Example:
        >>> translated("<q>‹withheld›</q>", "zh"), translated("‹withheld›", "en")
        ('<q>‹未公开›</q>', '‹withheld›')
    """
    return _NAMED.sub(f"‹{word('withheld', language)}", text) if language != "en" else text


def is_withheld(text: str) -> bool:
    """Say whether nothing but masks is in a text.

    Args:
        text: the words of a passage.

    Example:
        >>> is_withheld("‹withheld     ›‹… ›"), is_withheld("they ‹withheld     › said"), is_withheld("…")
        (True, False, False)
    """
    return "‹" in text and _MASKED.fullmatch(text) is not None
