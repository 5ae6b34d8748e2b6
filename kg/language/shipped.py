"""The tables of words that ship with this package."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from kg import paths


@cache
def table(name: str) -> dict[str, Any]:
    """Return a table of words that is shipped.

    Args:
        name: ``operations``, ``explained``, ``function_words``, ``common_words``, ``thesaurus``, ``irregular``
            or ``told``.
    """
    return tomllib.loads((paths.shipped("language") / f"{name}.toml").read_text("utf-8"))


@cache
def chinese_words() -> frozenset[str]:
    """Return the words that are most frequent in Chinese texts, which are written without spaces between them."""
    return frozenset((paths.shipped("language") / "words_zh.txt").read_text("utf-8").split())
