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
        name: ``operations``, ``function_words``, ``thesaurus`` or ``irregular``.
    """
    return tomllib.loads((paths.shipped("language") / f"{name}.toml").read_text("utf-8"))
