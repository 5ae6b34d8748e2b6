"""References: a JSON array of CSL-JSON items.

``csl-data.json`` is the schema of the Citation Style Language 1.0.2, under its MIT licence.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from kg.errors import Finding
from kg.records import Mark, Reference
from loaders._reader import near

if TYPE_CHECKING:
    from jsonschema import Draft7Validator

MARKS = get_args(Mark)


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a list of CSL-JSON items."""
    listed: dict[str, Any] = json.loads((Path(__file__).parent / "csl-data.json").read_text("utf-8"))
    return listed


def validator() -> Draft7Validator:
    """Return what checks one CSL-JSON item."""
    from jsonschema import Draft7Validator

    return Draft7Validator(schema()["items"] | {"definitions": schema()["definitions"]})


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
    try:
        items = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as e:
        line = getattr(e, "lineno", 0)
        findings.append(Finding(name, line, "broken-json", f"{getattr(e, 'msg', 'nested too deep')}", "mend the JSON"))
        return {}
    if not isinstance(items, list):
        findings.append(Finding(name, 1, "not-csl-json", "CSL-JSON is an array of items", "put the item in [ … ]"))
        return {}
    known_form = validator()
    found: dict[str, Reference] = {}
    for number, item in enumerate(items, 1):
        key = item.get("id") if isinstance(item, dict) else None
        if not isinstance(key, str) or not key.strip():
            findings.append(Finding(name, 0, "not-csl-json", f'item {number} has no "id"', 'add "id": "key"'))
            continue
        line = text[: max(text.find(f'"{key}"'), 0)].count("\n") + 1
        if key in found:
            findings.append(
                Finding(name, line, "duplicate-id", f"the reference '{key}' stands here twice", "remove one")
            )
            continue
        wrong = list(known_form.iter_errors(item))
        for problem in wrong:
            where = ".".join(str(part) for part in problem.absolute_path) or "the item"
            if problem.validator == "enum":
                word, known = str(problem.instance), problem.validator_value
                message, mend = f"'{key}' has the {where} '{word}'", near(word, known, f"a {where} of CSL 1.0.2")
            else:
                message, mend = f"'{key}': {where}: {problem.message[:200]}", "see the CSL-JSON schema, csl-data.json"
            findings.append(Finding(name, line, "not-csl-json", message, mend))
        custom = item.get("custom", {})
        marks = custom.get("marks", []) if isinstance(custom, dict) else []
        if not isinstance(marks, list) or not set(map(str, marks)) <= set(MARKS):
            message = f"'{key}' has the marks {marks!r}"
            findings.append(Finding(name, line, "unknown-mark", message, f'"marks" is a list of {", ".join(MARKS)}'))
            continue
        if wrong:
            continue
        if not isinstance(item.get("title"), str):
            findings.append(Finding(name, line, "not-csl-json", f"'{key}' has no title", 'add "title"'))
            continue
        found[key] = Reference(id=key, csl=item)
        places["reference", key] = (name, line)
    return found
