"""How a page says what the terminal says in English: in the page's language, and by the roads that a page has.

Findings, edits and refusals are sentences of the library, which also stand in the journal and in what is printed. A
page looks each up in a table (``kg/language/told.toml``); one that is not there stays as it is, and is said to be for
the terminal where it names a command.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.language import shipped
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMAND = re.compile(r"\bkg [a-z]+\b|(?<!\S)--[a-z]")
_TERMINAL = {"en": "in the terminal: ", "zh": "在终端中:"}
_JOINT = {"en": "; ", "zh": "；"}
_MOST = 12
_SENTENCES = ("said", "last", "undone", "error", "mend", "message", "what")
_LISTS = ("findings", "groups", "first", "fixes", "ways")


class _Sentence(NamedTuple):
    """A sentence of the terminal in its parts, with how pages say it.

    Args:
        literals: what it always says, before, between and after what stands in it.
        said: how a page says it, by language.
    """

    literals: Sequence[str]
    said: dict[str, str]


@cache
def _sentences() -> tuple[_Sentence, ...]:
    rows = shipped.table("told")["told"]
    return tuple(_Sentence(row["en"].split("{}"), {"en": row.get("page", ""), "zh": row["zh"]}) for row in rows)


def sentence(text: str, language: str) -> str:
    """Return a sentence of the terminal as a page says it.

    Args:
        text: one sentence, or several with semicolons between.
        language: of the page, ``en`` or ``zh``.

    Example:
        >>> sentence("give it, or remove it", "en")
        'give it to a passage, or retire it'
        >>> sentence("new code thanked; coded tom:0-6 thanked: 'People'", "zh")
        "新建编码 thanked；已编码 tom:0-6 thanked:'People'"
        >>> sentence("see 'kg schema study'", "en")
        "in the terminal: see 'kg schema study'"
    """
    said = _all(text.split("; ", _MOST), language)
    if said is None:
        return f"{_TERMINAL[language]}{text}" if _COMMAND.search(text) else text
    return _JOINT[language].join(said)


def answer(told: dict[str, Any], language: str) -> dict[str, Any]:
    """Return an answer with its sentences as a page says them; records and passages stay as they are.

    Args:
        told: what a page is told of an edit, of findings, or of what can be mended.
        language: of the page.
    """
    worded = dict(told)
    for key, value in told.items():
        if key in _SENTENCES and isinstance(value, str):
            worded[key] = sentence(value, language)
        elif key in _LISTS and isinstance(value, list):
            worded[key] = [answer(one, language) for one in value]
    return worded


def _all(parts: Sequence[str], language: str, *, nested: bool = False) -> list[str] | None:
    """Return how a page says sentences between semicolons, which may stand within one, too; None if not all."""
    # From the last part to the first, so that what follows a part is said once.
    after: list[list[str] | None] = [None] * len(parts) + [[]]
    for first in reversed(range(len(parts))):
        for end in range(first + 1, len(parts) + 1):
            rest = after[end]
            if rest is not None and (said := _one("; ".join(parts[first:end]), language, nested=nested)) is not None:
                after[first] = [said, *rest]
                break
    return after[0]


def _one(text: str, language: str, *, nested: bool = False) -> str | None:
    """Return how a page says one sentence; None when the table does not have it, or it would nest deeper than once."""
    for literals, said in _sentences():
        if (inside := _inside(text, literals)) is None:
            continue
        if not said[language]:
            return text
        nests = "{t" in said[language]
        if nests and nested:
            return None
        words = {f"w{n}": word(part, language) for n, part in enumerate(inside)}
        told = {f"t{n}": _nested(part, language) for n, part in enumerate(inside)} if nests else {}
        return said[language].format(*inside, **words, **told)
    return None


def _nested(text: str, language: str) -> str:
    """Return what stands in a sentence and is one itself."""
    said = _all(text.split("; ", _MOST), language, nested=True)
    return text if said is None else _JOINT[language].join(said)


def _inside(text: str, literals: Sequence[str]) -> list[str] | None:
    """Return what stands between literals of a text, each found at its first place after the one before."""
    first, *others = literals
    if not others:
        return [] if text == first else None
    if not text.startswith(first):
        return None
    inside, at = [], len(first)
    for literal in others[:-1]:
        place = text.find(literal, at)
        if place < 0:
            return None
        inside.append(text[at:place])
        at = place + len(literal)
    end = len(text) - len(others[-1])
    if end < at or not text.endswith(others[-1]):
        return None
    return [*inside, text[at:end]]
