"""The tables of words that ship with this package."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from kg import paths


@cache
def table(name: str) -> dict[str, Any]:
    """Return a table of words that is shipped.

    Args:
        name: ``operations``, ``explained``, ``function_words``, ``common_words``, ``irregular`` or ``told``.
    """
    rows = tomllib.loads((paths.shipped("language") / f"{name}.toml").read_text("utf-8"))
    if name == "operations":
        for kind in ("operation", "cue", "told", "counted"):
            for entry in rows[kind].values():
                entry |= {language: _phrases(entry[language]) for language in ("en", "zh") if language in entry}
        rows["introduced"] = {who: _phrases(said) for who, said in rows["introduced"].items()}
    if name == "common_words":
        rows = {language: _phrases(words) for language, words in rows.items()}
    return rows


def _phrases(text: str) -> tuple[str, ...]:
    """Return phrases that stand with commas between them: a list of strings takes ten times as long to read."""
    return tuple(phrase for one in text.split(",") if (phrase := one.strip()))


@cache
def thesaurus() -> tuple[tuple[str, ...], ...]:
    """Return the groups of words of like meaning, the English ones of each before the Chinese ones."""
    lines = (paths.shipped("language") / "thesaurus.txt").read_text("utf-8").splitlines()
    groups = (line.replace(" |", ",").split(", ") for line in lines if line and not line.startswith("#"))
    return tuple(tuple(word.strip() for word in group if word.strip()) for group in groups)


@cache
def chinese_words() -> frozenset[str]:
    """Return the words that are most frequent in Chinese texts, which are written without spaces between them."""
    return frozenset((paths.shipped("language") / "words_zh.txt").read_text("utf-8").split())


@cache
def english_words() -> frozenset[str]:
    """Return the English words of a small dictionary, with their forms, and of the groups of like meaning."""
    texts = ((paths.shipped("language") / name).read_text("utf-8") for name in ("words_en.txt", "thesaurus.txt"))
    return frozenset(word for text in texts for word in re.findall("[a-z]+", text))
