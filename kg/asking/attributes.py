"""Records that are chosen by what they have or belong to: values of attributes, sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MORE = r"more than|over|above|at least|greater than|larger than|bigger than|exceeding|超过|多于|大于|高于|不少于|至少"
_LESS = r"fewer than|less than|under|below|at most|up to|smaller than|少于|低于|不到|小于|不足|至多"
_NUMBER = r"(\d{1,3}(?:[, ]\d{3})+|\d+(?:\.\d+)?)\s*(thousand|million|k\b|万)?"
_TIMES = {"thousand": 1_000, "k": 1_000, "million": 1_000_000, "万": 10_000}
_INCLUSIVE = frozenset(["at least", "at most", "up to", "不少于", "至少", "至多"])
_LARGEST = frozenset("largest biggest highest most greatest newest latest 最大 最多 最高 最新".split())
_SMALLEST = frozenset("smallest lowest fewest least oldest earliest 最小 最少 最低 最早".split())
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


class Groups(NamedTuple):
    """The attributes and sets of a study.

    Args:
        values: rows of the query ``attributes``.
        sets: kind and id of the members of every set.
    """

    values: tuple[Mapping[str, Any], ...] = ()
    sets: Mapping[str, tuple[tuple[str, str], ...]] = {}

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

    def compared(self, text: str, attributes: Iterable[str], year: str = "") -> tuple[Chosen, ...]:
        """Return the records whose value of an attribute is as a question says.

        Args:
            text: the question.
            attributes: ids of the attributes that it names.
            year: the year in which something is asked to have been, if one is.
        """
        text, named = text.casefold(), set(attributes)
        words = {*re.findall(r"[a-z]+", text), *(w for w in (*_LARGEST, *_SMALLEST) if not w.isascii() and w in text)}
        numbers = [row for row in self.values if row["type"] in ("integer", "decimal", "number")]
        dates = [row for row in self.values if row["type"] == "date"]
        of_size = {row["attribute"] for row in numbers}
        if not named and len(of_size) == 1 and words & _OF_SIZE:
            named = of_size
        if found := comparison(text):
            bound = float(re.sub(r"[, ]", "", found[2])) * _TIMES.get(found[3] or "", 1)
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
            if row["attribute"] in named and row["type"] == "boolean" and row["value"] == "true"
        )


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
