"""The references of one file, as a study takes them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

from kg import dates
from kg.errors import near
from kg.loaders import references
from kg.loaders.imports import safe
from kg.loaders.imports.web_annotation import last

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class ReferenceList:
    """The references of a file that a study takes, and what is wrong with the others.

    Args:
        encoding: what a person says that the file is encoded as; empty when nobody does.
    """

    def __init__(self, encoding: str = "") -> None:
        self.encoding = encoding
        self.remarks: list[str] = []
        self.lost: Counter[str] = Counter()
        self.refusals: list[str] = []
        self.renamed: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.items: dict[str, dict[str, Any]] = {}
        self.variables = references.schema()["items"]["properties"]

    def text(self, path: Path) -> str:
        """Return the text of the file.

        Args:
            path: the file.

        Raises:
            StudyError: when it cannot be decoded.
        """
        decoded = safe.decode(safe.read_bytes(path), path.name, self.encoding)
        self.remarks += [f"{remark.message}: {remark.mend}" for remark in decoded.remarks]
        return decoded.text

    def refuse(self, where: str, message: str) -> None:
        """Leave out a reference, and say why."""
        self.lost["references that are not valid"] += 1
        self.refusals.append(f"{where}: {message}; it was left out")

    def add(self, where: str, item: dict[str, Any]) -> None:
        """Add a reference, without what CSL-JSON does not allow."""
        try:
            item = _fit(item)
            too_deep = references.depth(item) > references.MAX_DEPTH
        except RecursionError:
            too_deep = True
        if too_deep:
            self.refuse(where, "it is nested too deep")
            return
        kind, title, types = item.get("type"), item.get("title"), self.variables["type"]["enum"]
        if kind not in types:
            word = str(kind)[:60]
            self.refuse(where, f"its type '{word}' is none of CSL ({near(word, types, 'a type')})")
            return
        if not isinstance(title, str) or not title.strip():
            self.refuse(where, "it has no title")
            return
        for key in sorted(item.keys() - self.variables.keys()):
            self.lost[f"CSL variable '{key[:40]}'"] += 1
            del item[key]
        item["id"] = self._key(item)
        for key in {str(problem.absolute_path[0]) for problem in references.problems(item)}:
            self.lost[f"values of the CSL variable '{key}' that CSL-JSON does not allow"] += 1
            del item[key]
        custom = item.get("custom", {})
        marks = custom.get("marks", [])
        if not isinstance(marks, list) or not set(map(str, marks)) <= set(references.MARKS):
            self.lost["marks of references that a study does not know"] += 1
            item["custom"] = {key: value for key, value in custom.items() if key != "marks"}
        self.items[item["id"]] = item

    def _key(self, item: Mapping[str, Any]) -> str:
        """Return an id that a study takes and that no other reference has."""
        given, cited = (str(item.get(name, "")) for name in ("id", "citation-key"))
        key = (
            given
            if given == _identifier(given)
            else _identifier(cited) or _identifier(last(given) if "://" in given else given)
        )
        key = free = key or _proposed_id(item)
        number = self.numbers.get(key, 1)
        while free in self.items:
            number += 1
            free = f"{key}-{number}"
        self.numbers[key] = number
        if given and free != given:
            self.renamed[given] = free
        return free

    def sentences(self) -> list[str]:
        """Return what a person should read."""
        rest = len(self.refusals) - 20
        sentences = self.remarks + self.refusals[:20] + [f"and {rest} more such references"] * (rest > 0)
        if self.renamed:
            shown = ", ".join(f"'{old[:80]}' is '{new}'" for old, new in list(self.renamed.items())[:10])
            more = " …" if len(self.renamed) > 10 else ""
            sentences.append(f"{len(self.renamed)} ids were changed to what a study takes: {shown}{more}")
        return sentences


def _fit(value: Any) -> Any:
    """Replace in a value what no text can hold, and write numbers of endless digits as text."""
    if isinstance(value, str):
        return references.UNFIT.sub("\ufffd", value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**references.MAX_DIGITS:
        return str(value)
    if isinstance(value, list):
        return [_fit(one) for one in value]
    return {_fit(key): _fit(one) for key, one in value.items()} if isinstance(value, dict) else value


def _identifier(text: str) -> str:
    """Write a text as an identifier of a study; empty when nothing is left of it."""
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(c if unicodedata.category(c)[0] == "L" or c.isdecimal() or c in "_.-" else "-" for c in plain)
    return re.sub("-{2,}", "-", kept).strip("-.")[:110]


def _proposed_id(item: Mapping[str, Any]) -> str:
    """Make an id of the first author, or of the title, and the year."""
    people = item.get("author") or item.get("editor")
    first = people[0] if isinstance(people, list) and people and isinstance(people[0], dict) else {}
    name = str(first.get("family") or first.get("literal") or str(item["title"]).split()[0])
    year = dates.year(item.get("issued"))
    return _identifier((name + year).casefold().replace(" ", "")) or "reference"
