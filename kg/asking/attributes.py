"""Records that are chosen by what they have or belong to: values of attributes, sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MORE = r"more than|over|above|at least|greater than|larger than|bigger than|exceeding|超过|多于|大于|高于|不少于|至少"
_LESS = r"fewer than|less than|under|below|at most|up to|smaller than|少于|低于|不到|小于|不足|至多"
_NUMBER = r"(\d{1,3}(?:[, ]\d{3})+|\d+(?:\.\d+)?|(?:[一二两三四五六七八九]?[十百千万])+)\s*(thousand|million|k\b|万)?"
_HAN_DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_LARGE, _APART = 200, 5
"""From which number on an attribute may be meant by it alone, and how many times a value may be larger or smaller."""
_TIMES = {"thousand": 1_000, "k": 1_000, "million": 1_000_000, "万": 10_000}
_INCLUSIVE = frozenset(["at least", "at most", "up to", "不少于", "至少", "至多"])
_LARGEST = frozenset("largest biggest highest most greatest newest latest 最大 最多 最高 最新".split())
_SMALLEST = frozenset("smallest lowest fewest least oldest earliest 最小 最少 最低 最早".split())
_OF_WORKS = re.compile(r"\b(?:sample|samples|study|studies|survey|surveys|paper|papers)\b|样本|研究|文献|论文|调查")
"""Words for what has no attribute of a case."""
_OF_SIZE = frozenset("largest biggest smallest 最大 最小".split())
"""Words that compare without saying of what they do."""


class Chosen(NamedTuple):
    """A record that has the value which is asked for.

    Args:
        kind: ``case`` or ``source``.
        id: its id.
        note: the attribute with its value.
    """

    kind: str
    id: str
    note: str


_COUNTING = frozenset(
    "number numbers count amount size total average mean year years share percent founded held".split()
)
"""Words in the names of attributes that tell nothing of what is counted."""


class Groups(NamedTuple):
    """The attributes and sets of a study.

    Args:
        values: rows of the query ``attributes``.
        sets: kind and id of the members of every set.
    """

    values: tuple[Mapping[str, Any], ...] = ()
    sets: Mapping[str, tuple[tuple[str, str], ...]] = {}

    @property
    def numbered(self) -> frozenset[str]:
        """Return the ids of the attributes whose values are numbers."""
        return frozenset(row["attribute"] for row in self.values if row["type"] in ("integer", "decimal", "number"))

    def called(self, language: str) -> Groups:
        """Return the same with the attributes called as in a language.

        Args:
            language: ``en`` or ``zh``.
        """
        if language == "en":
            return self
        return Groups(tuple({**row, "label": row["label_zh"] or row["label"]} for row in self.values), self.sets)

    def with_value(self, value: str) -> tuple[Chosen, ...]:
        """Return the records that have a value.

        Args:
            value: an attribute and its value, with ``=`` between them.
        """
        attribute, _, wanted = value.partition("=")
        return tuple(_chosen(row) for row in self.values if row["attribute"] == attribute and row["value"] == wanted)

    def of(self, attributes: Iterable[str], records: Iterable[tuple[str, str]]) -> tuple[Chosen, ...]:
        """Return the values that some attributes have on some records.

        Args:
            attributes: ids of the attributes.
            records: kind and id of the records.
        """
        wanted, some = set(attributes), set(records)
        return tuple(
            _chosen(row) for row in self.values if row["attribute"] in wanted and (row["kind"], row["record"]) in some
        )

    def called_in_part(self, text: str) -> list[str]:
        """Return the one attribute of numbers that a text in Chinese calls by the beginning of its name, if it is one.

        Args:
            text: the question.
        """
        numbers = [row for row in self.values if row["attribute"] in self.numbered]
        parts = {(row["attribute"], str(row[key])[:2]) for row in numbers for key in ("label", "attribute")}
        called = {one for one, part in parts if not part.isascii() and part in text}
        return [*called] if len(called) == 1 else []

    def compared(self, text: str, attributes: Iterable[str], year: str = "") -> tuple[Chosen, ...]:
        """Return the records whose value of an attribute is as a question says.

        Args:
            text: the question.
            attributes: ids of the attributes that it names.
            year: the year in which something is asked to have been, if one is.
        """
        text, named = text.casefold(), set(attributes)
        if not named and _OF_WORKS.search(text):
            # The largest sample is that of a work.
            return ()
        words = {*re.findall(r"[a-z]+", text), *(w for w in (*_LARGEST, *_SMALLEST) if not w.isascii() and w in text)}
        numbers = [row for row in self.values if row["type"] in ("integer", "decimal", "number")]
        dates = [row for row in self.values if row["type"] == "date"]
        of_size = {row["attribute"] for row in numbers}
        if not named and len(of_size) == 1 and words & _OF_SIZE:
            named = of_size
        if not named and words & (_LARGEST | _SMALLEST):
            named = {*self.called_in_part(text)}
        if found := comparison(text):
            bound = _number(found)
            named = named or {row["attribute"] for row in numbers if words & {*_telling(str(row["label"]))}}
            named = named or _of_that_size(numbers, bound)
            more, equal = re.fullmatch(_MORE, found[1]) is not None, found[1] in _INCLUSIVE
            return tuple(
                _chosen(row)
                for row in numbers
                if row["attribute"] in named
                and (
                    ((float(row["value"]) > bound) == more and float(row["value"]) != bound)
                    or (equal and float(row["value"]) == bound)
                )
            )
        if words & (_LARGEST | _SMALLEST) and (some := [row for row in numbers if row["attribute"] in named]):
            best = (max if words & _LARGEST else min)(some, key=lambda row: float(row["value"]))
            return (_chosen(best),)
        if year:
            return tuple(
                _chosen(row)
                for row in dates
                if str(row["value"]).startswith(year) and (not named or row["attribute"] in named)
            )
        return tuple(
            _chosen(row)
            for row in self.values
            if row["attribute"] in named
            and row["type"] == "boolean"
            and (row["value"] == "true") != _is_denied(text, str(row["label"]).casefold())
        )


def _telling(label: str) -> list[str]:
    """Return the English words of the name of an attribute that tell what is counted: members."""
    return [word for word in re.findall(r"[a-z]{4,}", label.casefold()) if word not in _COUNTING]


def _is_denied(text: str, label: str) -> bool:
    """Say whether a text tells that something true or false is not so: without inspections, 没有物业."""
    if not label.isascii():
        return any(f"{no}{label.removeprefix('有')}" in text for no in ("没有", "没", "无", "不", "未"))
    words = "|".join(map(re.escape, re.findall(r"\w{4,}", label)))
    denied = rf"\b(?:no|not|without|never|lack\w*)\b(?: \w+){{0,2}} (?:{words})|n't (?:\w+ ){{0,2}}(?:{words})"
    return bool(words) and re.search(denied, text) is not None


def _number(found: re.Match[str]) -> float:
    """Return the number that something is compared with."""
    if found[2][0].isdigit():
        return float(re.sub(r"[, ]", "", found[2])) * _TIMES.get(found[3] or "", 1)
    number = 0
    for digit, unit in re.findall("([一二两三四五六七八九])?([十百千万])", found[2]):
        number += (_HAN_DIGITS[digit] if digit else 1) * _HAN_UNITS[unit]
    return float(number)


def _of_that_size(rows: Iterable[Mapping[str, Any]], bound: float) -> set[str]:
    """Return the attribute that is meant by a number alone: the only one of which values are about as large."""
    near = {row["attribute"] for row in rows if bound / _APART <= float(row["value"]) <= bound * _APART}
    return near if len(near) == 1 and bound >= _LARGE else set()


def comparison(text: str) -> re.Match[str] | None:
    """Return where a text compares with a number: how, the number, and what it is times.

    Args:
        text: the text.

    Example:
        >>> comparison("Cities with more than 200,000 inhabitants").groups()
        ('more than', '200,000', None)
    """
    return re.search(rf"({_MORE}|{_LESS})\s*(?:of\s+)?{_NUMBER}", text.casefold())


def _chosen(row: Mapping[str, Any]) -> Chosen:
    return Chosen(row["kind"], row["record"], f"{row['label']}: {row['value']}")
