"""References: a JSON array of CSL-JSON items.

The array is read item by item, so that each finding has the line of its item, and the time grows with the file alone.

``csl-data.json`` is the schema of the Citation Style Language 1.0.2, under its MIT licence.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from kg import orcid
from kg.csl import text as plain
from kg.entries import Mark
from kg.errors import Finding, StudyError, near
from kg.records import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema import Draft7Validator

MARKS = get_args(Mark)
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no export can hold as text: XML has no such characters, and UTF-8 no halves of a surrogate pair."""
MAX_DIGITS = 1000
"""Digits of a number; Python refuses to read more than 4,300, in the middle of the file and with a traceback."""
MAX_DEPTH = 100
"""Objects within one another, as only "custom" can hold: what writes JSON calls itself for each."""
_SPACE = re.compile(r"[ \t\r\n]*")
_NAME_TEXTS = {"family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal", "ORCID"}


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a list of CSL-JSON items, whose names may have an ORCID iD as Crossref gives them."""
    listed: dict[str, Any] = json.loads((Path(__file__).parent / "csl-data.json").read_text("utf-8"))
    (name,) = listed["definitions"]["name-variable"]["anyOf"]
    name["properties"]["ORCID"] = {"type": "string"}
    return listed


@cache
def validator() -> Draft7Validator:
    """Return what checks one CSL-JSON item."""
    from jsonschema import Draft7Validator

    return Draft7Validator(schema()["items"] | {"definitions": schema()["definitions"]})


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_word(words: frozenset[str], value: Any) -> bool:
    return isinstance(value, str) and value in words


def _is_number(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(name, dict) and name.keys() <= _NAME_TEXTS and all(map(_is_text, name.values())) for name in value
    )


def _is_date(value: Any) -> bool:
    if not isinstance(value, dict) or not value.keys() <= {"date-parts", "season", "circa", "literal", "raw"}:
        return False
    dates = value.get("date-parts", [[1]])
    return (
        isinstance(dates, list)
        and 1 <= len(dates) <= 2
        and all(isinstance(date, list) and 1 <= len(date) <= 3 and all(map(_is_number, date)) for date in dates)
        and _is_number(value.get("season", 0))
        and isinstance(value.get("circa", 0), str | int | float)
        and all(_is_text(value.get(key, "")) for key in ("literal", "raw"))
    )


@cache
def _forms() -> dict[str, Callable[[Any], bool]]:
    """Return what says that the usual value of a CSL variable is valid, by the variable; read from the schema."""
    tests: dict[str, Callable[[Any], bool]] = {}
    for variable, form in schema()["items"]["properties"].items():
        reference = form.get("$ref") or form.get("items", {}).get("$ref", "")
        if "enum" in form:
            tests[variable] = partial(_is_word, frozenset(form["enum"]))
        elif form.get("type") in ("string", ["string", "number"]):
            tests[variable] = _is_text if form["type"] == "string" else _is_number
        elif reference.endswith("/name-variable"):
            tests[variable] = _are_names
        elif reference.endswith("/date-variable"):
            tests[variable] = _is_date
        elif form.get("type") == "object" and "properties" not in form:
            tests[variable] = _is_object
    return tests


def is_usual(item: dict[str, Any]) -> bool:
    """Say whether an item is valid for certain, as nearly all are: a hundred times as fast as by its schema.

    Args:
        item: a CSL-JSON item.

    Returns:
        False when only :func:`validator` can tell.

    Example:
        >>> is_usual({"id": "a", "type": "book", "volume": 3}), is_usual({"id": "a", "type": "bok"})
        (True, False)
    """
    forms = _forms()
    return {"id", "type"} <= item.keys() and all(
        variable in forms and forms[variable](value) for variable, value in item.items()
    )


def problems(item: dict[str, Any]) -> list[Any]:
    """Return what the schema of CSL-JSON does not allow in an item, as errors of jsonschema.

    Args:
        item: a CSL-JSON item.
    """
    return [] if is_usual(item) else list(validator().iter_errors(item))


class _Item(NamedTuple):
    """An item of the array as it was read.

    Args:
        value: the item.
        line: where its id stands, or else where it begins, 1-based.
        oddities: rule, message and mend of what no JSON, or no graph, may hold in it.
    """

    value: Any
    line: int
    oddities: list[tuple[str, str, str]]


def _items(text: str, name: str) -> Iterator[_Item]:
    """Give the items of a JSON array one by one, each with its line.

    Raises:
        StudyError: when the text is no array, or is not JSON from somewhere on.
    """
    oddities: list[tuple[str, str, str]] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        whole = dict(pairs)
        if len(whole) < len(pairs):
            twice = next(key for key, number in Counter(key for key, _ in pairs).items() if number > 1)
            oddities.append(("duplicate-key", f'has the key "{twice[:80]}" twice', "remove one"))
        return whole

    def integer(digits: str) -> int:
        if len(digits) <= MAX_DIGITS:
            return int(digits)
        oddities.append(("not-csl-json", f"has a number of {len(digits):,} digits", "write it as text, in quotes"))
        return 0

    def finite(number: str) -> float:
        if math.isfinite(value := float(number)):
            return value
        oddities.append(("broken-json", f"has {number[:40]}, which is no number of JSON", "leave it out"))
        return 0.0

    decoder = json.JSONDecoder(object_pairs_hook=once, parse_int=integer, parse_float=finite, parse_constant=finite)
    line, counted = 1, 0

    def here(place: int) -> int:
        nonlocal line, counted
        line += text.count("\n", counted, place)
        counted = place
        return line

    def skip(place: int) -> int:
        blank = _SPACE.match(text, place)
        return blank.end() if blank else place

    def stop(place: int, message: str, rule: str = "broken-json", mend: str = "mend the JSON") -> StudyError:
        return StudyError([Finding(name, here(place), rule, message, mend)])

    place = skip(0)
    is_array = text[place : place + 1] == "["
    place = skip(place + 1) if is_array else place
    while not (is_array and text[place : place + 1] == "]"):
        start = place
        try:
            value, place = decoder.raw_decode(text, start)
        except json.JSONDecodeError as e:
            raise stop(max(e.pos, start), e.msg) from None
        except RecursionError:
            raise stop(start, "nested too deep") from None
        if not is_array:
            raise stop(start, "CSL-JSON is an array of items", "not-csl-json", "put the item in [ … ]")
        # Both can stand in the file only as an escape, or as U+FFFE itself.
        if "\\u" in text[start:place] or "\ufffe" in text[start:place] or "\uffff" in text[start:place]:
            for sign in sorted(set(UNFIT.findall(_texts(value)))):
                message = f"has the character U+{ord(sign):04X}, which is no text"
                oddities.append(("not-csl-json", message, "remove it"))
        yield _Item(value, here(max(text.find('"id"', start, place), start)), oddities[:])
        oddities.clear()
        place = skip(place)
        if text[place : place + 1] == ",":
            place = skip(place + 1)
            if text[place : place + 1] == "]":
                raise stop(place, "Expecting value")
        elif text[place : place + 1] != "]":
            raise stop(place, "Expecting ',' delimiter")
    if (rest := skip(place + 1)) < len(text):
        raise stop(rest, "Extra data")


def _texts(value: Any) -> str:
    """Return all keys and texts of a JSON value as one text, however deep it is."""
    texts, waiting = [], [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
    return "\n".join(texts)


def depth(value: Any) -> int:
    """Return how many objects and arrays of a JSON value lie within one another.

    Args:
        value: any value of JSON.

    Example:
        >>> depth("a"), depth({"a": [1]})
        (0, 2)
    """
    levels, level = 0, [value]
    while level := [one for one in level if isinstance(one, dict | list)]:
        levels += 1
        level = [part for one in level for part in (one.values() if isinstance(one, dict) else one)]
    return levels


def load(
    text: str, name: str, findings: list[Finding], places: dict[tuple[str, str], tuple[str, int]]
) -> dict[str, Reference]:
    """Read CSL-JSON references.

    Args:
        text: the file's text.
        name: how findings call it.
        findings: where what is wrong is added.
        places: where the file and line of every reference is added.

    Returns:
        References by their key, in the file's order.
    """
    references: dict[str, Reference] = {}
    forms: dict[str, str] = {}
    try:
        for number, item in enumerate(_items(text, name), 1):
            wrong = [Finding(name, item.line, *one) for one in _wrong(number, item, forms)]
            findings += wrong
            if not wrong:
                key = item.value["id"]
                references[key] = Reference(id=key, csl=item.value)
                places["reference", key] = (name, item.line)
    except StudyError as e:
        findings += e.findings
        return {}
    return references


def _wrong(number: int, item: _Item, forms: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give rule, message and mend of all that is wrong with an item.

    Args:
        number: which item of the array it is, from 1.
        item: the item.
        forms: the keys before it, each by its composed Unicode form; its own is added.
    """
    value = item.value
    key = value.get("id") if isinstance(value, dict) else None
    shown = UNFIT.sub("\ufffd", f"'{key}'") if isinstance(key, str) and key.strip() else f"item {number}"
    for rule, message, mend in item.oddities:
        yield rule, f"{shown} {message}", mend
    if isinstance(key, int | float) and not isinstance(key, bool):
        yield "not-csl-json", f"{shown} has a number as its id: {key}", f'a key is text: "id": "{key}"'
        return
    if not isinstance(key, str) or not key.strip():
        yield "not-csl-json", f'{shown} has no "id"', 'add "id": "key"'
        return
    if item.oddities:
        return
    composed = unicodedata.normalize("NFC", key)
    if composed in forms:
        how = "" if forms[composed] == key else ", with other codepoints for the same letters"
        yield "duplicate-id", f"the reference '{key}' stands here twice{how}", "remove one"
        return
    forms[composed] = key
    for problem in problems(value):
        where = ".".join(str(part) for part in problem.absolute_path) or "the item"
        if problem.validator == "enum":
            word, allowed = str(problem.instance), problem.validator_value
            yield "not-csl-json", f"'{key}' has the {where} '{word}'", near(word, allowed, f"a {where} of CSL 1.0.2")
        else:
            message = f"'{key}': {where}: {problem.message[:200]}"
            yield "not-csl-json", message, "see the CSL-JSON schema, csl-data.json"
    for role in ("author", "editor"):
        for name in value[role] if _are_names(value.get(role)) else ():
            try:
                _ = "ORCID" in name and orcid.parse(name["ORCID"])
            except ValueError as e:
                yield "not-an-orcid", f"'{key}' has the {role} {plain(name.get('family'))}: {e}", "see orcid.org"
    custom = value.get("custom", {})
    marks = custom.get("marks", []) if isinstance(custom, dict) else []
    if not isinstance(marks, list) or not set(map(str, marks)) <= set(MARKS):
        yield "unknown-mark", f"'{key}' has the marks {marks!r}", f'"marks" is a list of {", ".join(MARKS)}'
    if depth(custom) > MAX_DEPTH:
        yield "not-csl-json", f"'{key}': custom: nested more than {MAX_DEPTH} deep", "write it flat"
    if not isinstance(value.get("title"), str):
        yield "not-csl-json", f"'{key}' has no title", 'add "title"'
