"""Read references: CSL-JSON, BibTeX, RIS, RefWorks, EndNote, each as CSL-JSON items that a study takes.

The tables that :mod:`kg.bibliography` writes BibTeX and RIS by are read backwards in :mod:`kg.loaders.imports.bibtex`
and :mod:`kg.loaders.imports.ris`, with what else occurs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.loaders import references
from kg.loaders.imports import bibtex, ris, safe, tagged
from kg.loaders.imports.material import Material
from kg.loaders.imports.reference_list import ReferenceList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.loaders.imports import Options

_TYPE = re.compile(r'"type"\s*:\s*"([^"\\]{1,40})"')


class Form(NamedTuple):
    """A form of references.

    Args:
        suffixes: how its files are called.
        begins: what stands at the beginning of a line of it.
        records: what gives where each record stands, and the record as a CSL-JSON item.
    """

    suffixes: tuple[str, ...]
    begins: re.Pattern[str]
    records: Callable[[Path, ReferenceList], Iterator[tuple[str, dict[str, Any]]]]


def fits(path: Path) -> bool:
    """Say whether a file begins as references do."""
    text = safe.head(path)
    if path.suffix.lower() == ".json":
        return not {*_TYPE.findall(text)}.isdisjoint(references.schema()["items"]["properties"]["type"]["enum"])
    return bool(_form(path, text) or _ELSEWHERE.search(text))


def _form(path: Path, text: str) -> Form | None:
    """Return the form whose suffix a file has, or another that it looks like; databases call all of them .txt."""
    alike = [form for form in FORMS if form.begins.search(text)]
    return next((form for form in alike if path.suffix.lower() in form.suffixes), next(iter(alike), None))


def read(path: Path, options: Options) -> Material:
    """Read references.

    Args:
        path: the file.
        options: an encoding.

    Returns:
        The references, each with an id that a study takes.

    Raises:
        StudyError: when the file cannot be read.
    """
    text = safe.head(path)
    form = None if path.suffix.lower() == ".json" else _form(path, text)
    if form is None and _ELSEWHERE.search(text):
        mend = "choose RefWorks, EndNote or BibTeX where the file was exported (CNKI: 导出与分析 > 导出文献 > Refworks)"
        safe.refuse(path.name, "unknown-format", "this form of NoteExpress or CNKI E-Study is not read", mend)
    listing = ReferenceList(options.encoding)
    for where, item in (form.records if form else _csl)(path, listing):
        listing.add(where, item)
    return Material(
        title=path.stem, references=tuple(listing.items.values()), lost=+listing.lost, said=listing.sentences()
    )


def _csl(path: Path, listing: ReferenceList) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the items of a CSL-JSON file, which may wrap them as Zotero's web service does."""
    content = safe.read_json(path, listing.encoding)
    items = content.get("items", [content]) if isinstance(content, dict) else content
    if not isinstance(items, list):
        safe.refuse(path.name, "not-csl-json", "CSL-JSON is an array of items", "put the items in [ … ]")
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield f"item {number}", item
        else:
            listing.refuse(f"item {number}", "it is no JSON object")


_ELSEWHERE = re.compile(r"^\{Reference Type\}:|^DataType: |^SrcDatabase-", re.MULTILINE)
"""How NoteExpress and CNKI E-Study begin."""
FORMS = (
    Form((".bib",), re.compile(r"@\s*\w+\s*[{(]"), bibtex.entries),
    Form((".ris",), re.compile(r"^TY  -", re.MULTILINE), ris.records),
    Form((".enw",), re.compile(r"^%0 ", re.MULTILINE), tagged.endnote),
    Form((".txt",), re.compile(r"^RT \w", re.MULTILINE), tagged.refworks),
)
"""Every form but CSL-JSON, which is known by its suffix."""
