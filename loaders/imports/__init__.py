"""Read what other tools export: one module a format, all listed here.

Others add a format by an entry point of the group ``dart_kg.imports`` that names a :class:`Format`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.loaders.imports.material import Material

GROUP = "dart_kg.imports"
_SUFFIX = re.compile(r"\.[a-z][a-z0-9]{0,4}$")


@dataclass(frozen=True)
class Options:
    """The options of an import: what a person adds to a file that does not say it itself.

    Args:
        columns: for tables: our column name -> the table's names of it.
        texts: for quotes without their documents: name of a document -> its text, as :mod:`kg.importing` found them.
        separator: for tables: what parts the codes of a cell; empty to find it.
        encoding: what texts are encoded as that are not UTF-8; empty when nobody says it.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""
    encoding: str = ""

    def text(self, name: str) -> str | None:
        """Return the text of a document that is called so, with or without folders and suffix, in any case.

        Args:
            name: the document's name, as the file has it.

        Example:
            >>> Options(texts={"Talk 1.txt": "Yes."}).text("folder/talk 1")
            'Yes.'
        """
        wanted = name.replace("\\", "/").rstrip("/").rpartition("/")[2].casefold()
        keys = (name.casefold(), wanted, _SUFFIX.sub("", wanted))
        return next((self._by_name[key] for key in keys if key in self._by_name), None)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """The texts by each name that they go by: a table may name a document in every row."""
        texts: dict[str, str] = {}
        for name, text in self.texts.items():
            for key in (name.casefold(), _SUFFIX.sub("", name.casefold())):
                texts.setdefault(key, text)
        return texts


class Format(NamedTuple):
    """A format that can be imported.

    Args:
        title: what it is, for people.
        suffixes: how its files are called, in lower case, with the dot.
        module: the module that reads it, with ``fits(path) -> bool``, a cheap look inside, and
            ``read(path, options) -> Material``.
    """

    title: str
    suffixes: tuple[str, ...]
    module: str

    def fits(self, path: Path) -> bool:
        """Say whether a file is of this format, by its name and a look inside."""
        return path.suffix.lower() in self.suffixes and bool(import_module(self.module).fits(path))

    def read(self, path: Path, options: Options) -> Material:
        """Read a file.

        Args:
            path: the file, or for some formats a folder.
            options: what a person adds to it.

        Returns:
            What it holds.

        Raises:
            StudyError: when it cannot be read, or is not to be trusted.
        """
        material: Material = import_module(self.module).read(path, options)
        return material


FORMATS: dict[str, Format] = {
    "refi-qda": Format("REFI-QDA project (ATLAS.ti, NVivo, MAXQDA, …)", (".qdpx",), "kg.loaders.imports.refi_qda"),
    "refi-codebook": Format("REFI-QDA codebook", (".qdc",), "kg.loaders.imports.refi_codebook"),
    "qualcoder": Format("QualCoder project", (".qda",), "kg.loaders.imports.qualcoder"),
    "rqda": Format("RQDA project", (".rqda",), "kg.loaders.imports.rqda"),
    "requal": Format("requal project", (".requal",), "kg.loaders.imports.requal"),
    "taguette": Format("Taguette project", (".sqlite3", ".db", ".sqlite"), "kg.loaders.imports.taguette"),
    "codebook": Format(
        "table of codes (Taguette, requal, …)", (".csv", ".tsv", ".xlsx"), "kg.loaders.imports.codebook"
    ),
    "table": Format("table of quotes and codes", (".csv", ".tsv", ".xlsx"), "kg.loaders.imports.table"),
    "web-annotation": Format(
        "W3C Web Annotation, Hypothesis", (".json", ".jsonld"), "kg.loaders.imports.web_annotation"
    ),
    "bibliography": Format(
        "CSL-JSON, BibTeX, RIS, RefWorks, EndNote",
        (".json", ".bib", ".ris", ".enw", ".txt", ".net", ".eln"),
        "kg.loaders.imports.bibliography",
    ),
}
"""Every format by its name; the first that fits a file reads it."""
FORMER = {"taguette-codebook": "codebook"}
"""What formats were called before: a command that worked goes on to work."""


def formats() -> dict[str, Format]:
    """Return the shipped formats and those that other packages add, which come last."""
    available = dict(FORMATS)
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        available.setdefault(entry.name, entry.load())
    return available
