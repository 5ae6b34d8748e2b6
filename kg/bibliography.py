"""References as BibTeX and RIS, and the tables by which :mod:`kg.loaders.imports` reads them back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kg import dates, locators

if TYPE_CHECKING:
    from collections.abc import Iterable

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
BIBTEX_THESES = {"phdthesis": "Doctoral dissertation", "mastersthesis": "Master's thesis"}
"""Type of a thesis in BibTeX -> the genre of CSL that it stands for."""
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


def with_places(item: dict[str, Any], places: Iterable[str]) -> dict[str, Any]:
    """Add to the note of a reference where in it the study cites it.

    Args:
        item: a CSL-JSON item.
        places: terms of CSL and values with a blank between them.

    Example:
        >>> with_places({"id": "a", "note": "Read in 2020."}, ["page 12", "page 9"])["note"]
        'Read in 2020. Cited: pp. 9, 12.'
    """
    if not (cited := "; ".join(map(locators.plain, locators.joined(places)))):
        return item
    return item | {"note": " ".join(filter(None, (str(item.get("note") or ""), f"Cited: {cited}.")))}


def bibtex(items: list[dict[str, Any]]) -> str:
    """Write references as BibTeX.

    Args:
        items: CSL-JSON items.
    """
    from pybtex.database import BibliographyData, Entry

    entries: dict[str, Entry] = {}
    for item in items:
        kind, genre = BIBTEX_TYPES.get(item["type"], "misc"), str(item.get("genre") or "")
        if kind == "phdthesis":
            # An entry of a thesis must be of one sort or the other: where neither is meant, "type" says what it is.
            kind = next((kind for kind, name in BIBTEX_THESES.items() if name == genre), kind)
            genre = "" if BIBTEX_THESES[kind] == genre else genre or "Thesis"
        fields = {
            "year": dates.year(item.get("issued")),
            "date": _more_than_a_year(item),
            "urldate": dates.edtf(item.get("accessed")),
            "journal" if item["type"].startswith("article") else "booktitle": item.get("container-title"),
            "pages": re.sub("[-–]+", "--", str(item.get("page") or "")),
            "type": genre,
        } | {field: item.get(variable) for field, variable in BIBTEX_FIELDS.items()}
        people = {
            role: [_bibtex_person(name) for name in item[role] if name]
            for role in ("author", "editor")
            if item.get(role)
        }
        entries[_bibtex_key(item["id"], entries)] = Entry(
            kind, {k: _balanced(_line(v)) for k, v in fields.items() if _line(v)}, people
        )
    return str(BibliographyData(entries).to_string("bibtex"))


def _bibtex_key(key: str, others: dict[str, Any]) -> str:
    """Write a key without what would end it; BibTeX takes two that differ in case alone for one."""
    key = whole = re.sub(r"[\s,{}()#%\"'~\\=@]+", "-", key) or "reference"
    taken, number = {other.casefold() for other in others}, 1
    while whole.casefold() in taken:
        number += 1
        whole = f"{key}-{number}"
    return whole


def _bibtex_person(name: dict[str, Any]) -> Any:
    """Write a name as BibTeX has it; a particle that is dropped goes after the given name, as BibLaTeX says."""
    from pybtex.database import Person

    if "literal" in name:
        literal = _balanced(_line(name["literal"]))
        return Person(last="others" if literal == "others" else "{" + literal + "}")
    parts = {part: _balanced(_line(words)) for part, words in name.items() if isinstance(words, str)}
    if "family" not in parts:
        return Person(last="{" + " ".join(parts.values()) + "}")
    given = " ".join(filter(None, (parts.get("given"), parts.get("dropping-particle"))))
    return Person(
        first=given,
        prelast=parts.get("non-dropping-particle", ""),
        last=parts["family"],
        lineage=parts.get("suffix", ""),
    )


def _more_than_a_year(item: dict[str, Any]) -> str:
    """Write the date of issue as EDTF where BibTeX's year cannot hold it."""
    date = dates.edtf(item.get("issued"))
    return "" if re.fullmatch(r"\d{4}", date) else date


def _line(value: Any) -> str:
    """Write a value in one line, as UTF-8 can hold it."""
    return "" if value is None else " ".join(str(value).encode("utf-8", "replace").decode().split())


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
            "year": dates.year(item.get("issued")),
            "date": _ris_date(item.get("issued")),
            "access_date": _ris_date(item.get("accessed")),
            "type_of_work": item.get("genre"),
            "start_page": pages[0],
            "end_page": pages[1] if len(pages) > 1 else "",
            "urls": [item["URL"]] if item.get("URL") else None,
            "notes": [item["note"]] if item.get("note") else None,
            "authors": [_turned(name) for name in item.get("author", ()) if name],
            "secondary_authors": [_turned(name) for name in item.get("editor", ()) if name],
        } | {field: item.get(variable) for field, variable in RIS_FIELDS.items()}
        # What stands in a second line would be another tag's.
        kept = {k: [*map(_line, v)] if isinstance(v, list) else _line(v) for k, v in fields.items() if v}
        rows.append({"type_of_reference": RIS_TYPES.get(item["type"], "GEN"), **kept})

    class Plain(rispy.RisWriter):  # type: ignore[misc]
        """The writer of rispy without the number that it sets above each reference: that is not RIS."""

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


def _turned(name: dict[str, Any]) -> str:
    """Write a name as RIS has it: family name, given name, suffix."""
    if "literal" in name:
        return "et al." if name["literal"] == "others" else str(name["literal"])
    particle = name.get("non-dropping-particle", name.get("dropping-particle"))
    family = " ".join(filter(None, (particle, name.get("family"))))
    return ", ".join(filter(None, (family, name.get("given"), name.get("suffix"))))


def _ris_date(value: Any) -> str:
    """Write a date as RIS has it, year/month/day/other; of a range its beginning, empty when a year alone is known."""
    date = dates.plain(value)
    parts = date.get("date-parts", [[]])[0]
    season = dates.SEASONS[date["season"] - 1] if "season" in date else ""
    if not parts or parts[0] < 0 or (len(parts) == 1 and not season):
        return ""
    return "/".join(
        [f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:3] if parts[1] <= 12)]
    ) + f"///{season}" * bool(season)
