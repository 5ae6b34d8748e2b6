"""Read RIS as CSL-JSON items."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kg.bibliography import RIS_FIELDS, RIS_TYPES
from kg.loaders.imports import names, safe
from kg.loaders.imports.dates import issued, pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.loaders.imports.reference_list import ReferenceList

_RIS_TYPES = {wrote: csl for csl, wrote in reversed(RIS_TYPES.items())} | {
    "ABST": "article-journal", "ADVS": "motion_picture", "AGGR": "dataset", "ANCIENT": "classic", "ART": "graphic",
    "BILL": "bill", "CASE": "legal_case", "CHART": "figure", "CLSWK": "classic", "COMP": "software",
    "CONF": "paper-conference", "DBASE": "dataset", "DICT": "entry-dictionary", "EBOOK": "book", "ECHAP": "chapter",
    "EDBOOK": "book", "EJOUR": "article-journal", "ENCYC": "entry-encyclopedia", "FIGURE": "figure", "GOVDOC": "report",
    "HEAR": "hearing", "ICOMM": "webpage", "INPR": "article-journal", "JFULL": "periodical", "LEGAL": "regulation",
    "MANSCPT": "manuscript", "MAP": "map", "MPCT": "motion_picture", "MULTI": "webpage", "MUSIC": "musical_score",
    "PAMP": "pamphlet", "PAT": "patent", "PCOMM": "personal_communication", "SER": "periodical", "SLIDE": "speech",
    "SOUND": "song", "STAND": "standard", "STAT": "legislation", "UNPB": "manuscript", "VIDEO": "motion_picture",
}  # fmt: skip
_RIS_FIELDS = {"secondary_title": "container-title", "alternate_title3": "container-title"} | RIS_FIELDS | {
    "alternate_title1": "container-title-short", "alternate_title2": "container-title-short",
    "call_number": "call-number", "name_of_database": "source", "note": "note", "notes": "note",
    "notes_abstract": "abstract", "number_of_volumes": "number-of-volumes", "primary_title": "title",
    "section": "section", "short_title": "title-short", "type_of_work": "genre",
}  # fmt: skip
"""Of two fields for one variable the first is taken."""
_RIS_PEOPLE = {
    "authors": "author", "first_authors": "author", "secondary_authors": "editor", "editors": "editor",
    "tertiary_authors": "collection-editor", "subsidiary_authors": "translator",
}  # fmt: skip


def records(path: Path, reading: ReferenceList) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the records of a RIS file as CSL-JSON items."""
    import rispy

    lines = re.split("\r\n?|\n", reading.text(path))
    # rispy gives what goes on in a further line to the field before, even when that is another record's.
    text = re.sub(r"\n(?![A-Z][A-Z0-9]  -)[ \t]*", " ", "\n".join(line for line in lines if line.strip())) + "\n"
    begun, ended = (len(re.findall(rf"^{tag}  -", text, re.MULTILINE)) for tag in ("TY", "ER"))
    if begun > ended:
        text += "ER  - \n"
    try:
        # An address may hold ';', and a tag that occurs twice is not to be dropped.
        records = rispy.loads(
            text,
            mapping=rispy.RisParser.DEFAULT_MAPPING | {"ED": "editors"},
            list_tags=[*rispy.RisParser.DEFAULT_LIST_TAGS, "ED"],
            delimiter_tags_mapping={},
            enforce_list_tags=False,
        )
    except (KeyError, TypeError, AttributeError) as e:
        safe.refuse(path.name, "broken-table", f"not RIS: {e}", "a line begins with a tag, as in 'TI  - Title'")
    for number, record in enumerate(records, 1):
        yield f"record {number}", _ris_item(record, reading)


def _ris_item(record: dict[str, Any], reading: ReferenceList) -> dict[str, Any]:
    """Write a RIS record as a CSL-JSON item."""
    texts = {name: [str(v) for v in (value if isinstance(value, list) else [value]) if str(v).strip()]
             for name, value in record.items() if name != "unknown_tag"}  # fmt: skip

    def take(name: str) -> str:
        return next(iter(texts.pop(name, [])), "")

    kind, _, more = take("type_of_reference").partition(" ")
    reading.lost["lines of RIS without a tag"] += bool(more)
    item: dict[str, Any] = {"id": take("id"), "type": _RIS_TYPES.get(kind, "document")}
    if date := issued(take("date"), take("year"), take("publication_year")):
        item["issued"] = date
    if date := issued(take("access_date")):
        item["accessed"] = date
    if ends := "-".join(filter(None, (take("start_page"), take("end_page")))):
        item["page"] = pages(ends)
    if urls := texts.pop("urls", []):
        item["URL"] = urls[0]
        reading.lost["further addresses of a reference"] += len(urls) - 1
    if issn := take("issn"):
        item["ISBN" if item["type"] in ("book", "chapter") else "ISSN"] = issn
    if keywords := texts.pop("keywords", []):
        item["keyword"] = ", ".join(keywords)
    for name, role in _RIS_PEOPLE.items():
        if people := names.people(texts.pop(name, [])):
            item[role] = item.get(role, []) + people
    for name, usual in _RIS_FIELDS.items():
        values = texts.pop(name, [])
        # What holds a book is its series.
        variable = "collection-title" if (usual, item["type"]) == ("container-title", "book") else usual
        if values and variable == "note":
            item["note"] = "\n".join(filter(None, (item.get("note"), *values)))
        elif values and variable not in item:
            item[variable] = values[0]
            reading.lost[f"further values of the RIS field '{name}'"] += len(values) - 1
        elif values and values[0] != item[variable]:
            reading.lost[f"RIS field '{name}'"] += len(values)
    for name, values in texts.items():
        reading.lost[f"RIS field '{name}'"] += len(values)
    for tag, values in record.get("unknown_tag", {}).items():
        reading.lost[f"RIS tag '{tag}'"] += len(values)
    return item
