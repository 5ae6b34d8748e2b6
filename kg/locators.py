"""Places in publications: what the terms of CSL for them are called, and how a place is written in plain text.

A place is a term of CSL 1.0.2 and a value. In the tables, queries and answers it is one text with a blank between them,
such as ``page 12``; no term has a blank.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


Term = Literal[
    "act", "appendix", "article-locator", "book", "canon", "chapter", "column", "elocation", "equation", "figure",
    "folio", "issue", "line", "note", "opus", "page", "paragraph", "part", "rule", "scene", "section", "sub-verbo",
    "supplement", "table", "timestamp", "title-locator", "verse", "version", "volume",
]  # fmt: skip
"""The terms of CSL 1.0.2 for places."""


class Label(NamedTuple):
    """The words by which a place of some kind is known in a text.

    Args:
        one: what stands before one value.
        several: what stands before a range or a list.
        also: further words that mean the same, without a full stop at their end.
        zh: the word in Chinese, which stands behind the value, as in 第12页.
        zh_before: words in Chinese that stand before the value, as in 图3.
    """

    one: str
    several: str
    also: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()
    zh_before: tuple[str, ...] = ()


# fmt: off
LABELS: dict[Term, Label] = {
    "act":             Label("act", "acts", zh=("幕",)),
    "appendix":        Label("app.", "apps.", ("appendix", "appendices"), zh_before=("附录",)),
    "article-locator": Label("art.", "arts.", ("article", "articles"), zh=("条",)),
    "book":            Label("bk.", "bks.", ("book", "books"), zh=("册",)),
    "canon":           Label("canon", "canons", ("can", "cann")),
    "chapter":         Label("chap.", "chaps.", ("ch", "chs", "chapter", "chapters"), zh=("章",)),
    "column":          Label("col.", "cols.", ("column", "columns"), zh=("栏",)),
    "elocation":       Label("loc.", "locs.", ("location", "locations")),
    "equation":        Label("eq.", "eqs.", ("equation", "equations"), zh_before=("公式", "式")),
    "figure":          Label("fig.", "figs.", ("figure", "figures"), zh_before=("图",)),
    "folio":           Label("fol.", "fols.", ("folio", "folios"), zh=("叶",)),
    "issue":           Label("no.", "nos.", ("number", "numbers", "issue", "issues"), zh=("期", "号")),
    "line":            Label("l.", "ll.", ("line", "lines"), zh=("行",)),
    "note":            Label("n.", "nn.", ("note", "notes"), zh_before=("注释", "注")),
    "opus":            Label("op.", "opp.", ("opus", "opera")),
    "page":            Label("p.", "pp.", ("page", "pages", "pg", "pgs"), zh=("页",)),
    "paragraph":       Label("para.", "paras.", ("¶", "¶¶", "par", "pars", "paragraph", "paragraphs"), zh=("段",)),
    "part":            Label("pt.", "pts.", ("part", "parts"), zh=("部分",)),
    "rule":            Label("rule", "rules", ("r", "rr"), zh_before=("规则",)),
    "scene":           Label("sc.", "scs.", ("scene", "scenes"), zh=("场",)),
    "section":         Label("sec.", "secs.", ("§", "§§", "sect", "sects", "section", "sections"), zh=("节",)),
    "sub-verbo":       Label("s.v.", "s.vv.", ("sub verbo", "sub verbis", "sub voce")),
    "supplement":      Label("supp.", "supps.", ("suppl", "suppls", "supplement", "supplements"), zh_before=("增刊",)),
    "table":           Label("tbl.", "tbls.", ("tab", "tabs", "table", "tables"), zh_before=("表",)),
    "timestamp":       Label("time", "times", ("timestamp", "timestamps")),
    "title-locator":   Label("tit.", "tits.", ("title", "titles")),
    "verse":           Label("v.", "vv.", ("verse", "verses")),
    "version":         Label("ver.", "vers.", ("version", "versions"), zh=("版",)),
    "volume":          Label("vol.", "vols.", ("volume", "volumes"), zh=("卷",)),
}
# fmt: on
"""What the places of each term are called in a text."""
_SEVERAL = re.compile(r"\b(?:(?=\w*\d)\w+|[ivxlcdm]+)\)?\s*(?:[-–—,&、，]|and\b)\s*\(?\w", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+)")


def split(text: str) -> tuple[str, str]:
    """Part a place into its term and its value.

    Args:
        text: the two with a blank between them.

    Example:
        >>> split("page 33-35, 40")
        ('page', '33-35, 40')
    """
    term, _, value = text.partition(" ")
    return term, value


def plain(text: str) -> str:
    """Write a place as people do in a text: the short word of its term, and the value.

    Args:
        text: a term and a value with a blank between them.

    Example:
        >>> plain("page 12"), plain("chapter 2, 3"), plain("timestamp 00:12:30")
        ('p. 12', 'chaps. 2, 3', '00:12:30')
    """
    term, value = split(text)
    if term == "timestamp" and ":" in value:
        return value
    label = LABELS[term]  # type: ignore[index]
    return f"{label.several if is_several(value) else label.one} {value}"


def is_several(value: str) -> bool:
    """Say whether the value of a place is a range or a list, in numbers of any kind.

    Args:
        value: the value.

    Example:
        >>> is_several("iv-v"), is_several("S3, S5"), is_several("12")
        (True, True, False)
    """
    return _SEVERAL.search(value) is not None


def joined(places: Iterable[str]) -> list[str]:
    """Put the values of one term together, each once, in the order of their numbers.

    Args:
        places: terms and values with a blank between them.

    Example:
        >>> joined(["page 12", "chapter 2", "page 9", "page 12"])
        ['chapter 2', 'page 9, 12']
    """
    values: dict[str, set[str]] = {}
    for term, value in map(split, places):
        values.setdefault(term, set()).add(value)
    return [f"{term} {', '.join(sorted(values[term], key=_order))}" for term in sorted(values)]


def _order(value: str) -> list[tuple[int, str]]:
    parts = _NUMBER.split(value)
    return [(int(part), "") if number % 2 else (-1, part) for number, part in enumerate(parts)]
