"""Values of attributes: how a value of each type is written, and the one form in which it is kept."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_DIGITS = 18
"""Digits on either side of the point: what every engine holds exactly."""
_NUMBERS = frozenset(["integer", "decimal"])
_INTEGER = re.compile(rf"[+-]?\d{{1,{_DIGITS}}}", re.ASCII)
_DECIMAL = re.compile(rf"[+-]?\d{{1,{_DIGITS}}}(?:\.\d{{1,{_DIGITS}}})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,6})?)?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?", re.ASCII
)


class Type(NamedTuple):
    """A type of value.

    Args:
        datatype: its name in XML Schema.
        refi: what REFI-QDA calls it.
        expected: how a value is written, with an example.
        read: gives the one form in which a value is kept; raises ValueError when it is none.
    """

    datatype: str
    refi: str
    expected: str
    read: Callable[[str], str]


def _boolean(written: str) -> str:
    return {"true": "true", "false": "false", "1": "true", "0": "false"}[written.lower()]


def _integer(written: str) -> str:
    if not _INTEGER.fullmatch(written):
        raise ValueError(written)
    return str(int(written))


def _decimal(written: str) -> str:
    if not _DECIMAL.fullmatch(written):
        raise ValueError(written)
    text = f"{Decimal(written):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _date(written: str) -> str:
    if not _DAY.fullmatch(written):
        raise ValueError(written)
    return datetime.date.fromisoformat(written).isoformat()


def _datetime(written: str) -> str:
    match = _MOMENT.fullmatch(written)
    if match is None:
        raise ValueError(written)
    day, minute, second, zone = match.groups(default="")
    moment = datetime.datetime.fromisoformat(f"{day}T{minute}{second or ':00'}".partition(".")[0])
    fraction = second.partition(".")[2].rstrip("0")
    return moment.isoformat() + (f".{fraction}" if fraction else "") + ("Z" if zone == "+00:00" else zone)


TYPES = {
    "text": Type("string", "Text", "a text", lambda written: " ".join(written.split())),
    "integer": Type("integer", "Integer", f"a whole number of at most {_DIGITS} digits, such as 1984", _integer),
    "decimal": Type("decimal", "Float", "a number with a point, such as 3.5", _decimal),
    "date": Type("date", "Date", "a day, such as 2026-11-24", _date),
    "datetime": Type("dateTime", "DateTime", "a day and time, such as 2026-11-24T09:30:00", _datetime),
    "boolean": Type("boolean", "Boolean", "true or false", _boolean),
}
"""The types of values that an attribute may have, by their name in study.yaml."""


def parse(kind: str, written: str) -> str:
    """Return the one form in which a value is kept.

    Args:
        kind: one of :data:`TYPES`.
        written: the value as a person or a file writes it.

    Raises:
        ValueError: when it is no value of that type; an empty text is none.

    Example:
        >>> parse("decimal", "+3.50"), parse("datetime", "2026-11-24 09:30")
        ('3.5', '2026-11-24T09:30:00')
    """
    try:
        value = TYPES[kind].read(written.strip())
    except (ValueError, KeyError):
        value = ""
    if not value:
        raise ValueError(f"'{written}' is not {TYPES[kind].expected}")
    return value


def of(rows: Iterable[Mapping[str, Any]], attribute: str) -> list[str]:
    """Return the values that there are of an attribute, numbers by size, all others as text.

    Args:
        rows: of the query ``attributes``.
        attribute: id of the attribute.

    Example:
        >>> of([{"attribute": "age", "type": "integer", "record": "ann", "value": v} for v in ("9", "10", "9")], "age")
        ['9', '10']
    """
    own = {(row["type"], row["value"]) for row in rows if row["attribute"] == attribute and row["record"]}
    return [value for _, value in sorted(own, key=lambda one: (Decimal(one[1] if one[0] in _NUMBERS else 0), one[1]))]
