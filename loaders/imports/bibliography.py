"""Read references: CSL-JSON, BibTeX, RIS, each as CSL-JSON items that a study takes.

The tables that :mod:`kg.cite` writes BibTeX and RIS by are read backwards here, with what else occurs.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kg.cite import BIBTEX_FIELDS, BIBTEX_TYPES, RIS_FIELDS, RIS_TYPES
from loaders._reader import near
from loaders.imports import safe
from loaders.imports.material import Material
from loaders.imports.web_annotation import head, last
from loaders.references import MARKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from loaders.imports import Options

_BIBTEX_TYPES = {wrote: csl for csl, wrote in reversed(BIBTEX_TYPES.items())} | {
    "artwork": "graphic", "audio": "song", "bookinbook": "book", "booklet": "pamphlet", "collection": "book",
    "conference": "paper-conference", "dataset": "dataset", "electronic": "webpage", "image": "graphic",
    "inbook": "chapter", "inreference": "entry-encyclopedia", "jurisdiction": "legal_case",
    "legislation": "legislation", "letter": "personal_communication", "manual": "report", "mastersthesis": "thesis",
    "movie": "motion_picture", "music": "song", "mvbook": "book", "mvcollection": "book", "mvproceedings": "book",
    "mvreference": "book", "online": "webpage", "patent": "patent", "performance": "performance",
    "periodical": "periodical", "proceedings": "book", "reference": "book", "report": "report", "review": "review",
    "software": "software", "standard": "standard", "suppbook": "chapter", "suppcollection": "chapter",
    "suppperiodical": "article", "thesis": "thesis", "unpublished": "manuscript", "video": "motion_picture",
    "www": "webpage",
}  # fmt: skip
_BIBTEX_FIELDS = BIBTEX_FIELDS | {
    "annotation": "annote", "archiveprefix": "archive", "booktitle": "container-title", "chapter": "chapter-number",
    "eprint": "archive_location", "eprinttype": "archive", "eventtitle": "event-title", "institution": "publisher",
    "issue": "issue", "journal": "container-title", "journaltitle": "container-title", "keyword": "keyword",
    "langid": "language", "location": "publisher-place", "organization": "publisher", "pages": "page",
    "pagetotal": "number-of-pages", "pmcid": "PMCID", "pmid": "PMID", "school": "publisher",
    "shorttitle": "title-short", "type": "genre", "venue": "event-place", "version": "version",
    "volumes": "number-of-volumes",
}  # fmt: skip
_BIBTEX_PEOPLE = {"author": "author", "bookauthor": "container-author", "editor": "editor", "translator": "translator"}
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
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHINESE = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"十": 10, "十一": 11, "十二": 12}
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_TYPE = re.compile(r'"type"\s*:\s*"([^"\\]{1,40})"')
MAX_EXPANDED, MAX_FIELD = 10_000_000, 100_000
"""Codepoints that all abbreviations of a BibTeX file may stand for, as they may hold one another; and of a field."""


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(files("loaders").joinpath("csl-data.json").read_text("utf-8"))
    return schema


def fits(path: Path) -> bool:
    """Say whether a file begins as references do."""
    text = head(path)
    if path.suffix.lower() == ".json":
        return not {*_TYPE.findall(text)}.isdisjoint(_schema()["items"]["properties"]["type"]["enum"])
    return bool(re.search(r"@\s*\w+\s*[{(]|^TY  -", text, re.MULTILINE))


def read(path: Path, options: Options) -> Material:  # noqa: ARG001 (every loader is called alike)
    """Read references.

    Args:
        path: the file.
        options: not used.

    Returns:
        The references, each with an id that a study takes.

    Raises:
        StudyError: when the file cannot be read.
    """
    reading = _Reading()
    loaders: dict[str, Callable[[Path, _Reading], Iterator[tuple[str, dict[str, Any]]]]]
    loaders = {".bib": _bibtex, ".ris": _ris, ".json": _csl}
    # EndNote writes RIS as .txt.
    other = _ris if re.search(r"^TY  -", head(path), re.MULTILINE) else _csl
    for where, item in loaders.get(path.suffix.lower(), other)(path, reading):
        reading.add(where, item)
    return Material(
        title=path.stem, references=tuple(reading.items.values()), lost=+reading.lost, said=reading.sentences()
    )


class _Reading:
    """Collect valid references, and what is wrong with others."""

    def __init__(self) -> None:
        from jsonschema import Draft7Validator

        self.lost: Counter[str] = Counter()
        self.said: list[str] = []
        self.renamed: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.items: dict[str, dict[str, Any]] = {}
        self.variables = _schema()["items"]["properties"]
        self.schema = Draft7Validator(_schema()["items"] | {"definitions": _schema()["definitions"]})

    def refuse(self, where: str, message: str) -> None:
        """Leave out a reference, and say why."""
        self.lost["references that are not valid"] += 1
        self.said.append(f"{where}: {message}; it was left out")

    def add(self, where: str, item: dict[str, Any]) -> None:
        """Add a reference, without what CSL-JSON does not allow."""
        try:
            item = _fit(item)
        except RecursionError:
            self.refuse(where, "it is nested too deep")
            return
        kind, title, known = item.get("type"), item.get("title"), self.variables["type"]["enum"]
        if kind not in known:
            word = str(kind)[:60]
            self.refuse(where, f"its type '{word}' is none of CSL ({near(word, known, 'a type')})")
            return
        if not isinstance(title, str) or not title.strip():
            self.refuse(where, "it has no title")
            return
        for key in sorted(item.keys() - self.variables.keys()):
            self.lost[f"CSL variable '{key[:40]}'"] += 1
            del item[key]
        item["id"] = self._key(item)
        for key in {str(problem.absolute_path[0]) for problem in self.schema.iter_errors(item)}:
            self.lost[f"values of the CSL variable '{key}' that CSL-JSON does not allow"] += 1
            del item[key]
        custom = item.get("custom", {})
        marks = custom.get("marks", [])
        if not isinstance(marks, list) or not set(map(str, marks)) <= set(MARKS):
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
        key = found = key or _made(item)
        number = self.numbers.get(key, 1)
        while found in self.items:
            number += 1
            found = f"{key}-{number}"
        self.numbers[key] = number
        if given and found != given:
            self.renamed[given] = found
        return found

    def sentences(self) -> list[str]:
        """Return what a person should read."""
        said = self.said[:20] + [f"and {len(self.said) - 20} more such references"] * (len(self.said) > 20)
        if self.renamed:
            shown = ", ".join(f"'{old[:80]}' is '{new}'" for old, new in list(self.renamed.items())[:10])
            more = " …" if len(self.renamed) > 10 else ""
            said.append(f"{len(self.renamed)} ids were changed to what a study takes: {shown}{more}")
        return said


def _fit(value: Any) -> Any:
    """Replace in all texts of a value what a text file cannot hold."""
    if isinstance(value, str):
        return safe.fit(value)[0]
    if isinstance(value, list):
        return [_fit(one) for one in value]
    return {_fit(key): _fit(one) for key, one in value.items()} if isinstance(value, dict) else value


_SPECIAL = re.compile(r"[\\{}~]|--|``|''")
_SIGNS = {signs: re.compile(f"[{signs}]") for signs in ("@", "{}", '"{}')}


def _identifier(text: str) -> str:
    """Write a text as an identifier of a study; empty when nothing is left of it."""
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(c if unicodedata.category(c)[0] == "L" or c.isdecimal() or c in "_.-" else "-" for c in plain)
    return re.sub("-{2,}", "-", kept).strip("-.")[:110]


def _made(item: Mapping[str, Any]) -> str:
    """Make an id of the first author, or of the title, and the year."""
    people = item.get("author") or item.get("editor")
    first = people[0] if isinstance(people, list) and people and isinstance(people[0], dict) else {}
    name = str(first.get("family") or first.get("literal") or str(item["title"]).split()[0])
    issued = item.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    year = str(parts[0][0]) if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0] else ""
    return _identifier((name + year).casefold().replace(" ", "")) or "reference"


def _csl(path: Path, reading: _Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the items of a CSL-JSON file, which may wrap them as Zotero's web service does."""
    found = safe.read_json(path)
    items = found.get("items", [found]) if isinstance(found, dict) else found
    if not isinstance(items, list):
        safe.refuse(path.name, "not-csl-json", "CSL-JSON is an array of items", "put the items in [ … ]")
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield f"item {number}", item
        else:
            reading.refuse(f"item {number}", "it is no JSON object")


def _bibtex(path: Path, reading: _Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the entries of a BibTeX file as CSL-JSON items."""
    entries: dict[str, tuple[str, str, dict[str, str]]] = {}
    for kind, key, fields in _entries(path, reading):
        if key.casefold() in entries:
            reading.refuse(f"'{key}'", "an entry before it has this key")
        else:
            entries[key.casefold()] = kind, key, fields
    for kind, key, fields in entries.values():
        above = entries.get(fields.get("crossref", "").casefold())
        inherited = above[2] | {"booktitle": above[2].get("title", "")} if above else {}
        whole = inherited | fields
        whole.pop("crossref", None)
        yield f"'{key}'", _bibtex_item(key, kind, whole, reading)


def _entries(path: Path, reading: _Reading) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Give type, key and fields of each entry that is whole."""
    from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
    from pybtex.scanner import Token
    from pybtex.textutils import normalize_whitespace
    from pybtex.utils import CaseInsensitiveDict

    class Abbreviations(CaseInsensitiveDict):  # type: ignore[misc]
        left = MAX_EXPANDED

        def __getitem__(self, key: str) -> str:
            found: str = super().__getitem__(key)
            self.left -= len(found)
            if self.left < 0:
                message = f"its abbreviations stand for more than {MAX_EXPANDED:,} characters"
                safe.refuse(path.name, "file-too-big", message, "write them out")
            return found

    class Entries(LowLevelParser):  # type: ignore[misc]
        pos: int
        broken = False

        def skip_to(self, patterns: list[Any]) -> Any:
            """Look for the next of some characters; pybtex looks for each to the end of the file, each time."""
            signs = {pattern.description[1]: pattern for pattern in patterns}
            found = _SIGNS["".join(sorted(signs))].search(self.text, self.pos)
            if not found:
                return None
            value = self.text[self.pos : found.end()]
            self.pos = found.end()
            self.update_lineno(value)
            return Token(value, signs[found[0]])

        def parse_command(self) -> Any:
            self.broken = False
            return super().parse_command()

        def handle_error(self, error: Any) -> None:
            if isinstance(error, UndefinedMacro):
                reading.lost["abbreviations of BibTeX that are not defined"] += 1
            elif not self.broken:
                self.broken = True
                reading.refuse(f"line {error.lineno}", f"not BibTeX: {error.args[0]}")

    parser = Entries(
        safe.decode(safe.read_bytes(path), path.name).text, macros=Abbreviations(month_names), filename=path.name
    )
    for command, content in parser:
        kind = command.lower()
        if kind == "preamble":
            reading.lost["preambles of BibTeX"] += 1
        if parser.broken or kind in ("preamble", "string"):
            continue
        key, listed = content
        fields: dict[str, str] = {}
        for name, parts in listed:
            value = normalize_whitespace("".join(parts))
            if name.lower() in fields:
                reading.lost["fields that an entry of BibTeX has twice"] += 1
            elif len(value) > MAX_FIELD:
                reading.lost[f"fields of BibTeX longer than {MAX_FIELD:,} characters"] += 1
            elif value:
                fields[name.lower()] = value
        yield kind, key, fields


def _bibtex_item(key: str, kind: str, fields: dict[str, str], reading: _Reading) -> dict[str, Any]:
    """Write a BibTeX entry as a CSL-JSON item."""
    from pybtex.bibtex.utils import split_name_list

    item: dict[str, Any] = {"id": key, "type": _BIBTEX_TYPES.get(kind, "document")}
    if kind == "mastersthesis":
        item["genre"] = "Master's thesis"
    number = fields.get("number", "")
    if number and item["type"] in ("report", "patent", "standard", "webpage"):
        item["number"] = _latex(fields.pop("number"))
    elif number and "series" in fields:
        item["collection-number"] = _latex(fields.pop("number"))
    if (url := re.match(r"\\url\{(.*)\}$", fields.get("howpublished", ""))) and "url" not in fields:
        fields["url"] = url[1]
        del fields["howpublished"]
    issued = _issued(fields)
    if issued:
        item["issued"] = issued
    if accessed := _dates(fields.pop("urldate", "")):
        item["accessed"] = accessed
    for name, value in fields.items():
        if not value:
            continue
        if role := _BIBTEX_PEOPLE.get(name):
            item[role] = [person for one in split_name_list(value) if (person := _person(one, reading))]
        elif (variable := _BIBTEX_FIELDS.get(name)) is None or variable in item:
            reading.lost[f"BibTeX field '{name[:40]}'"] += 1
        elif name in ("doi", "url", "eprint"):
            item[variable] = re.sub(r"\\([%&#_~{}$])", r"\1", value).strip("{} ")
        else:
            item[variable] = _pages(_latex(value)) if variable == "page" else _latex(value)
    return item


def _person(name: str, reading: _Reading) -> dict[str, str] | None:
    """Read a name as BibTeX has it: First von Last; von Last, First; von Last, Jr, First; {As One}."""
    from pybtex.database import InvalidNameString, Person

    name = name.strip()
    if name.lower() == "others":
        reading.lost["authors that BibTeX calls 'others'"] += 1
        return None
    if _whole(name) or (_CJK.search(name) and "," not in name):
        literal = _latex(name)
        # Family and given name of a Chinese name stand in this order, with or without a space.
        return {"literal": re.sub(r"\s+", "", literal) if _CJK.search(literal) and not _whole(name) else literal}
    try:
        person = Person(name)
    except InvalidNameString:
        return {"literal": _latex(name)}
    parts = {
        "family": person.last_names,
        "given": person.bibtex_first_names,
        "non-dropping-particle": person.prelast_names,
        "suffix": person.lineage_names,
    }
    return {part: _latex(" ".join(words)) for part, words in parts.items() if words}


def _whole(name: str) -> bool:
    """Say whether one pair of braces holds a whole name."""
    depth = 0
    for place, char in enumerate(name):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return name.startswith("{") and place == len(name) - 1
    return False


def _latex(text: str) -> str:
    r"""Write LaTeX as plain text.

    Example:
        >>> _latex(r"{\'E}mile's \emph{caf\'e} \& 50% of {DART} --- na\"{\i}ve")
        "Émile's café & 50% of DART — naïve"
    """
    if not _SPECIAL.search(text):
        return " ".join(text.split())
    import latexcodec  # noqa: F401 (it registers the codec)

    # A per cent sign begins a comment in LaTeX, but not in a field of BibTeX.
    text = re.sub(r"(?<!\\)%", r"\%", text.replace(r"\\", " "))
    text = re.sub(r"(\\[`'^\"~=.])\s*(?:\{\\([ij])\s*\}|\\([ij])(?![A-Za-z]))", r"\1{\2\3}", text)
    try:
        text = codecs.decode(text, "ulatex")  # type: ignore[call-overload]
    except ValueError:
        return re.sub(r"[{}\\]", "", text)
    text = re.sub(r"\\[A-Za-z]+\*?\s*(?=\{)", "", text)  # such as \emph{
    text = re.sub(r"\\([A-Za-z]+) ?|\\(.)", r"\1\2", text)
    return " ".join(re.sub("[{}]", "", text).replace("\xa0", " ").split())


def _pages(text: str) -> str:
    return re.sub(r" ?[-–—]+ ?", "-", " ".join(text.split()))


def _issued(fields: dict[str, str]) -> dict[str, Any] | None:
    """Take year, month, day or date out of the fields of a BibTeX entry."""
    date = _dates(fields.pop("date", ""))
    year = _latex(fields.pop("year", ""))
    if date or not re.fullmatch(r"-?\d{1,4}", year):
        return date or _dates(year)
    parts = [int(year)]
    words = _latex(fields.get("month", "")).casefold()
    named = re.search(r"[a-z]{3}", words)
    chinese = re.match("([一二三四五六七八九十]{1,2})月", words)
    numbers = [int(number) for number in re.findall(r"\d{1,2}", words)]
    if named and named[0] in _MONTHS:
        parts.append(_MONTHS.index(named[0]) + 1)
    elif chinese and chinese[1] in _CHINESE:
        parts.append(_CHINESE[chinese[1]])
    elif numbers and 1 <= numbers[0] <= 12:
        parts.append(numbers.pop(0))
    if len(parts) == 2:
        del fields["month"]
        numbers += [int(fields.pop("day"))] if re.fullmatch(r"\d{1,2}", fields.get("day", "")) else []
        parts += [number for number in numbers if 1 <= number <= 31][:1]
    return {"date-parts": [parts]}


def _dates(text: str) -> dict[str, Any] | None:
    """Read a date or a range of dates, year first; what is no date is kept as it is.

    Example:
        >>> _dates("2014-05/2015"), _dates("in press"), _dates("2014/05/03/spring")
        ({'date-parts': [[2014, 5], [2015]]}, {'literal': 'in press'}, {'date-parts': [[2014, 5, 3]]})
    """
    text = text.strip()
    if not text:
        return None
    one = r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?:T[\d:.Z+-]*)?[~?%]?"
    found = re.fullmatch(f"{one}(?:/{one})?", text) or re.fullmatch(
        r"(\d{4})[/.年-]?(?:(\d\d?)?[/.月-]?(?:(\d\d?)?日?(?:/.*)?)?)?", text
    )
    if not found:
        return {"literal": text}
    parts = [int(part) if part else None for part in found.groups()]
    dates = []
    for at in range(0, len(parts), 3):
        date = []
        for part, most in zip(parts[at : at + 3], (9999, 12, 31), strict=True):
            if part is None or not 1 <= part <= most:
                break
            date.append(part)
        if date:
            dates.append(date)
    return {"date-parts": dates} if dates else {"literal": text}


def _ris(path: Path, reading: _Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the records of a RIS file as CSL-JSON items."""
    import rispy

    lines = re.split("\r\n?|\n", safe.decode(safe.read_bytes(path), path.name).text)
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


def _ris_item(record: dict[str, Any], reading: _Reading) -> dict[str, Any]:
    """Write a RIS record as a CSL-JSON item."""
    texts = {name: [str(v) for v in (value if isinstance(value, list) else [value]) if str(v).strip()]
             for name, value in record.items() if name != "unknown_tag"}  # fmt: skip

    def take(name: str) -> str:
        return next(iter(texts.pop(name, [])), "")

    kind, _, more = take("type_of_reference").partition(" ")
    reading.lost["lines of RIS without a tag"] += bool(more)
    item: dict[str, Any] = {"id": take("id"), "type": _RIS_TYPES.get(kind, "document")}
    dates = [date for name in ("date", "year", "publication_year") if (date := _dates(take(name)))]
    if dates:
        item["issued"] = next((date for date in dates if "date-parts" in date), dates[0])
    if accessed := _dates(take("access_date")):
        item["accessed"] = accessed
    if pages := "-".join(filter(None, (take("start_page"), take("end_page")))):
        item["page"] = _pages(pages)
    if urls := texts.pop("urls", []):
        item["URL"] = urls[0]
        reading.lost["further addresses of a reference"] += len(urls) - 1
    if issn := take("issn"):
        item["ISBN" if item["type"] in ("book", "chapter") else "ISSN"] = issn
    if keywords := texts.pop("keywords", []):
        item["keyword"] = ", ".join(keywords)
    for name, role in _RIS_PEOPLE.items():
        if people := texts.pop(name, []):
            item[role] = item.get(role, []) + [_turned(person) for person in people]
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


def _turned(name: str) -> dict[str, str]:
    """Read a name as RIS has it: family name, given name, suffix."""
    parts = [part.strip() for part in name.split(",", 2)]
    if len(parts) == 1:
        return {"literal": parts[0]}
    return {key: part for key, part in zip(("family", "given", "suffix"), parts, strict=False) if part}
