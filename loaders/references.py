"""References: a JSON array of CSL-JSON items."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kg.errors import Finding
from kg.records import Reference
from loaders._yaml import read_text

if TYPE_CHECKING:
    from pathlib import Path

_TYPES = frozenset(
    """article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection
    dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case
    legislation manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard
    thesis treaty webpage""".split()
)


def load(
    path: Path, name: str, findings: list[Finding], places: dict[tuple[str, str], tuple[str, int]]
) -> dict[str, Reference]:
    """Read CSL-JSON references.

    Args:
        path: the file.
        name: how findings call it.
        findings: where what is wrong is added.
        places: where the file and line of every reference is added.

    Returns:
        References by their key, in the file's order.
    """
    text = read_text(path, name, findings)
    if text is None:
        return {}
    try:
        items = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as e:
        line = getattr(e, "lineno", 0)
        findings.append(Finding(name, line, "broken-json", f"{getattr(e, 'msg', 'nested too deep')}", "mend the JSON"))
        return {}
    if not isinstance(items, list):
        findings.append(Finding(name, 1, "not-csl-json", "CSL-JSON is an array of items", "put the item in [ … ]"))
        return {}
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
        if item.get("type") not in _TYPES:
            mend = "use a type of CSL 1.0.2, such as article-journal, book, webpage, thesis"
            findings.append(Finding(name, line, "not-csl-json", f"'{key}' has the type {item.get('type')!r}", mend))
            continue
        if not isinstance(item.get("title"), str):
            findings.append(Finding(name, line, "not-csl-json", f"'{key}' has no title", 'add "title"'))
            continue
        found[key] = Reference(id=key, csl=item)
        places["reference", key] = (name, line)
    return found
