"""Read RefWorks tagged and EndNote tagged (Refer) as CSL-JSON items.

Both have one field a line, after its tag, and a tag that begins a record. CNKI, Wanfang and other databases in Chinese
give both, with all authors in one line or one in each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.loaders.imports import names
from kg.loaders.imports.dates import issued, pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.loaders.imports.reference_list import ReferenceList


class Form(NamedTuple):
    """A form of tagged lines.

    Args:
        title: what it is, for people.
        line: a line with a tag: the tag, and the text after it.
        first: the tag that begins a record and has its type.
        types: type -> type of CSL, both in lower case.
        people: tag -> role of CSL.
        texts: tag -> CSL variable.
        issued: tags with the date of issue, the best first.
        others: what else has a meaning: ``id``, ``keyword``, ``number`` (ISSN or ISBN), ``accessed``, ``start`` and
            ``pages`` -> tag.
        unused: tags that say nothing of the reference, and are not counted as lost.
    """

    title: str
    line: re.Pattern[str]
    first: str
    types: Mapping[str, str]
    people: Mapping[str, str]
    texts: Mapping[str, str]
    issued: tuple[str, ...]
    others: Mapping[str, str]
    unused: frozenset[str]


REFWORKS = Form(
    title="RefWorks tagged",
    line=re.compile(r"([A-Z][A-Z0-9])(?: +(.*))?"),
    first="RT",
    types={
        "abstract": "article-journal", "artwork": "graphic", "bills/resolutions": "bill", "book": "book",
        "book, edited": "book", "book, section": "chapter", "book, whole": "book", "case/court decisions": "legal_case",
        "computer program": "software", "conference proceedings": "paper-conference", "dissertation": "thesis",
        "dissertation/thesis": "thesis", "dissertation/thesis, unpublished": "thesis", "generic": "document",
        "hearing": "hearing", "journal": "article-journal", "journal article": "article-journal",
        "journal, electronic": "article-journal", "laws/statutes": "legislation",
        "magazine article": "article-magazine",
        "map": "map", "monograph": "book", "motion picture": "motion_picture", "music score": "musical_score",
        "newspaper article": "article-newspaper", "online discussion forum": "post", "patent": "patent",
        "personal communication": "personal_communication", "report": "report", "sound recording": "song",
        "standard": "standard", "thesis": "thesis", "unpublished material": "manuscript",
        "video/ dvd": "motion_picture", "web page": "webpage",
    },
    people={"A1": "author", "A2": "editor", "A3": "collection-editor", "A4": "translator"},
    texts={
        "T1": "title", "JF": "container-title", "T2": "container-title", "JO": "container-title-short",
        "T3": "collection-title", "VO": "volume", "IS": "issue", "ED": "edition", "PB": "publisher",
        "PP": "publisher-place", "AB": "abstract", "NO": "note", "LA": "language", "DO": "DOI", "LK": "URL",
        "UL": "URL", "CN": "call-number", "ST": "title-short", "OT": "original-title", "DS": "source", "DB": "source",
    },
    issued=("YR", "FD"),
    others={"id": "ID", "keyword": "K1", "number": "SN", "accessed": "RD", "start": "SP", "pages": "OP"},
    unused=frozenset({"SR", "OL"}),
)  # fmt: skip
ENDNOTE = Form(
    title="EndNote tagged",
    line=re.compile(r"(%[0-9A-Z?@!#$*()+\[\]^&<>~])(?: +(.*))?"),
    first="%0",
    types={
        "aggregated database": "dataset", "ancient text": "classic", "artwork": "graphic",
        "audiovisual material": "motion_picture", "bill": "bill", "blog": "post-weblog", "book": "book",
        "book section": "chapter", "case": "legal_case", "classical work": "classic", "computer program": "software",
        "conference paper": "paper-conference", "conference proceedings": "paper-conference", "dataset": "dataset",
        "dictionary": "entry-dictionary", "edited book": "book", "electronic article": "article-journal",
        "electronic book": "book", "electronic book section": "chapter", "encyclopedia": "entry-encyclopedia",
        "film or broadcast": "motion_picture", "generic": "document", "government document": "report",
        "hearing": "hearing", "interview": "interview", "journal article": "article-journal",
        "legal rule or regulation": "regulation", "magazine article": "article-magazine", "manuscript": "manuscript",
        "map": "map", "music": "musical_score", "newspaper article": "article-newspaper",
        "online database": "dataset", "online multimedia": "webpage", "pamphlet": "pamphlet", "patent": "patent",
        "personal communication": "personal_communication", "podcast": "broadcast", "press release": "document",
        "report": "report", "serial": "periodical", "standard": "standard", "statute": "legislation",
        "thesis": "thesis",
        "unpublished work": "manuscript", "web page": "webpage",
    },
    people={"%A": "author", "%E": "editor", "%Y": "collection-editor", "%H": "translator", "%?": "translator"},
    texts={
        "%T": "title", "%J": "container-title", "%B": "container-title", "%S": "collection-title", "%V": "volume",
        "%N": "issue", "%I": "publisher", "%C": "publisher-place", "%7": "edition", "%6": "number-of-volumes",
        "%9": "genre", "%X": "abstract", "%Z": "note", "%G": "language", "%R": "DOI", "%U": "URL", "%L": "call-number",
        "%!": "title-short", "%W": "source", "%&": "section", "%Q": "original-title",
    },
    issued=("%D", "%8"),
    others={"id": "%F", "keyword": "%K", "number": "%@", "accessed": "%[", "pages": "%P"},
    unused=frozenset(),
)  # fmt: skip


def records(form: Form, path: Path, reading: ReferenceList) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the records of a file as CSL-JSON items.

    Args:
        form: how its lines look.
        path: the file.
        reading: where what is not taken is counted.
    """
    text = reading.text(path)
    record: defaultdict[str, list[str]] = defaultdict(list)
    number, tag = 0, ""
    for line in re.split("\r\n?|\n", text):
        parts = form.line.fullmatch(line.rstrip())
        if parts and parts[1] == form.first and record:
            yield f"record {(number := number + 1)}", _item(form, record, reading)
            record = defaultdict(list)
        if parts and (record or parts[1] == form.first):
            tag = parts[1]
            record[tag].append((parts[2] or "").strip())
        elif line.strip() and record:
            record[tag][-1] += f" {line.strip()}"  # a text that goes on
        elif line.strip():
            reading.lost[f"lines of {form.title} before the first record"] += 1
    if record:
        yield f"record {number + 1}", _item(form, record, reading)


refworks = partial(records, REFWORKS)
endnote = partial(records, ENDNOTE)


def _item(form: Form, record: Mapping[str, list[str]], reading: ReferenceList) -> dict[str, Any]:
    """Write a record as a CSL-JSON item."""
    fields = {tag: whole for tag, values in record.items() if (whole := [value for value in values if value])}

    def take(meaning: str) -> str:
        return next(iter(fields.pop(form.others.get(meaning, ""), [])), "")

    kind = next(iter(fields.pop(form.first, [])), "")
    item: dict[str, Any] = {"id": take("id"), "type": form.types.get(kind.casefold(), "document")}
    if date := issued(*(next(iter(fields.pop(tag, [])), "") for tag in form.issued)):
        item["issued"] = date
    if date := issued(take("accessed")):
        item["accessed"] = date
    keyword = form.others["keyword"]
    if words := [word for text in fields.pop(keyword, []) for word in names.listed(text)]:
        item["keyword"] = ", ".join(words)
    # Where the first page has no field of its own, the other holds a whole range.
    if ends := pages("-".join(filter(None, (take("start"), take("pages"))))):
        item["page"] = ends
    if number := take("number"):
        item["ISBN" if item["type"] in ("book", "chapter") else "ISSN"] = number
    for tag, usual in form.people.items():
        # Who stands third for a thesis supervised it.
        role = "contributor" if (usual, item["type"]) == ("collection-editor", "thesis") else usual
        if people := names.people(fields.pop(tag, [])):
            item[role] = item.get(role, []) + people
    for tag, variable in form.texts.items():
        values = fields.pop(tag, [])
        value = values[0].strip(" ;；") if values else ""
        if values and variable == "note":
            item["note"] = "\n".join(filter(None, (item.get("note"), *values)))
        elif value and item.setdefault(variable, value) != value:
            reading.lost[f"{form.title} field '{tag}'"] += len(values)
        elif len(values) > 1:
            reading.lost[f"further values of the {form.title} field '{tag}'"] += len(values) - 1
    for tag, values in fields.items():
        if tag not in form.unused:
            reading.lost[f"{form.title} field '{tag}'"] += len(values)
    return item
