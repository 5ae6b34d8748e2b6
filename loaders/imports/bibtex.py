"""Read BibTeX and BibLaTeX as CSL-JSON items: entries one by one, abbreviations, names, LaTeX as plain text."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from kg import dates
from kg.bibliography import BIBTEX_FIELDS, BIBTEX_THESES, BIBTEX_TYPES
from kg.cjk import cjk
from kg.loaders.imports import names, safe
from kg.loaders.imports.dates import pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.loaders.imports.reference_list import ReferenceList

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
    "pagetotal": "number-of-pages", "pmcid": "PMCID", "pmid": "PMID", "pubstate": "status", "school": "publisher",
    "shorttitle": "title-short", "type": "genre", "venue": "event-place", "version": "version",
    "volumes": "number-of-volumes",
}  # fmt: skip
_BIBTEX_PEOPLE = {"author": "author", "bookauthor": "container-author", "editor": "editor", "translator": "translator"}
_BIBTEX_DATES = {"urldate": "accessed", "eventdate": "event-date", "origdate": "original-date"}
_BIBLATEX_WORDS = BIBTEX_THESES | {
    "bathesis": "Bachelor's thesis", "candthesis": "Candidate thesis", "mathesis": "Master's thesis",
    "resreport": "Research report", "software": "Computer software", "techreport": "Technical report",
}  # fmt: skip
"""What BibLaTeX writes for the words that it knows as a type."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHINESE = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"十": 10, "十一": 11, "十二": 12}
MAX_EXPANDED, MAX_FIELD = 10_000_000, 100_000
"""Codepoints that all abbreviations of a BibTeX file may stand for, as they may hold one another; and of a field."""
_SPECIAL = re.compile(r"[\\{}~]|--|``|''")
_SIGNS = {signs: re.compile(f"[{signs}]") for signs in ("@", "{}", '"{}')}


def entries(path: Path, reading: ReferenceList) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the entries of a BibTeX file as CSL-JSON items."""
    entries: dict[str, tuple[str, str, dict[str, str]]] = {}
    for kind, key, fields in _whole_entries(path, reading):
        if key.casefold() in entries:
            reading.refuse(f"'{key}'", "an entry before it has this key")
        else:
            entries[key.casefold()] = kind, key, fields
    room = safe.Room(path.name, "its entries, with what they inherit, have")
    for kind, key, fields in entries.values():
        above = entries.get(fields.get("crossref", "").casefold())
        inherited = above[2] | {"booktitle": above[2].get("title", "")} if above else {}
        if not fields.keys().isdisjoint(("date", "year")):
            inherited = {
                name: value for name, value in inherited.items() if name not in ("date", "year", "month", "day")
            }
        whole = inherited | fields
        whole.pop("crossref", None)
        room.take(sum(map(len, whole.values())))
        yield f"'{key}'", _bibtex_item(key, kind, whole, reading)


def _whole_entries(path: Path, reading: ReferenceList) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Give type, key and fields of each entry that is whole."""
    from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
    from pybtex.scanner import Token
    from pybtex.textutils import normalize_whitespace
    from pybtex.utils import CaseInsensitiveDict

    class Abbreviations(CaseInsensitiveDict):  # type: ignore[misc]
        """The abbreviations of the file; together they may stand for a bounded number of characters."""

        left = MAX_EXPANDED

        def __getitem__(self, key: str) -> str:
            meaning: str = super().__getitem__(key)
            self.left -= len(meaning)
            if self.left < 0:
                message = f"its abbreviations stand for more than {MAX_EXPANDED:,} characters"
                safe.refuse(path.name, "file-too-big", message, "write them out")
            return meaning

    class Entries(LowLevelParser):  # type: ignore[misc]
        """The entries of the file, those that are broken reported and passed over."""

        pos: int
        broken = False

        def skip_to(self, patterns: list[Any]) -> Any:
            """Look for the next of some characters; pybtex looks for each to the end of the file, each time."""
            signs = {pattern.description[1]: pattern for pattern in patterns}
            sign = _SIGNS["".join(sorted(signs))].search(self.text, self.pos)
            if not sign:
                return None
            value = self.text[self.pos : sign.end()]
            self.pos = sign.end()
            self.update_lineno(value)
            return Token(value, signs[sign[0]])

        def parse_command(self) -> Any:
            self.broken = False
            return super().parse_command()

        def handle_error(self, error: Any) -> None:
            if isinstance(error, UndefinedMacro):
                reading.lost["abbreviations of BibTeX that are not defined"] += 1
            elif not self.broken:
                self.broken = True
                reading.refuse(f"line {error.lineno}", f"not BibTeX: {error.args[0]}")

    parser = Entries(reading.text(path), macros=Abbreviations(month_names), filename=path.name)
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


def _bibtex_item(key: str, kind: str, fields: dict[str, str], reading: ReferenceList) -> dict[str, Any]:
    """Write a BibTeX entry as a CSL-JSON item."""
    item: dict[str, Any] = {"id": key, "type": _BIBTEX_TYPES.get(kind, "document")}
    genre = _latex(fields.pop("type", "")) or (kind if kind in BIBTEX_THESES else "")
    # "Thesis" says nothing more of a thesis.
    if genre and genre.casefold() != item["type"]:
        item["genre"] = _BIBLATEX_WORDS.get(genre.casefold(), genre)
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
    for name, variable in _BIBTEX_DATES.items():
        if date := dates.read(_plain(fields.pop(name, ""))):
            item[variable] = date
    for name, value in fields.items():
        if not value:
            continue
        if role := _BIBTEX_PEOPLE.get(name):
            item[role] = _people(value)
        elif not (variable := _BIBTEX_FIELDS.get(name, "")) or variable in item:
            reading.lost[f"BibTeX field '{name[:40]}'"] += 1
        elif name in ("doi", "url", "eprint"):
            item[variable] = re.sub(r"\\([%&#_~{}$])", r"\1", value).strip("{} ")
        elif name in ("language", "langid"):
            item[variable] = _latex(value).rstrip(" ;；")
        else:
            item[variable] = pages(_latex(value)) if variable == "page" else _latex(value)
    return item


def _people(text: str) -> list[names.Name]:
    """Read a list of names, with "and" between them; in Chinese also with semicolons."""
    from pybtex.bibtex.utils import split_name_list

    listed = [name.strip() for name in split_name_list(text) if name.strip()]
    listed = [
        name for one in listed for name in (names.listed(one) if cjk().search(one) and not _is_whole(one) else [one])
    ]
    people = [_extended(name) or _person(name) for name in listed if name.lower() != "others"]
    return people + [dict(names.OTHERS)] * any(name.lower() == "others" for name in listed)


def _extended(name: str) -> names.Name | None:
    """Read a name as BibLaTeX's extended format has it, such as ``family=Dijk, given=Marten, prefix=van``.

    Returns:
        The name; None when it is in another form.
    """
    parts: dict[str, str] = {}
    for part in _split(name):
        key, sign, value = part.partition("=")
        if not sign or not re.fullmatch(r"[a-z]+(?:-i)?", key := key.strip(' "').lower()):
            return None
        parts[key] = _latex(value.strip(' "'))
    if parts.keys().isdisjoint(("family", "given")):
        return None
    if "family" not in parts:
        return {"literal": parts["given"]}
    # Without a word on it a particle stays, as that of a name in the usual form does.
    particle = "dropping-particle" if parts.get("useprefix") == "false" else "non-dropping-particle"
    person = {
        "family": parts["family"],
        "given": parts.get("given", ""),
        particle: parts.get("prefix", ""),
        "suffix": parts.get("suffix", ""),
    }
    return {key: words for key, words in person.items() if words}


def _split(name: str) -> list[str]:
    """Take a name apart at the commas that stand in no braces."""
    parts, depth, begin = [], 0, 0
    for place, sign in enumerate(name):
        depth += (sign == "{") - (sign == "}")
        if sign == "," and not depth:
            parts.append(name[begin:place])
            begin = place + 1
    return [*parts, name[begin:]]


def _person(name: str) -> names.Name:
    """Read a name as BibTeX has it: First von Last; von Last, First; von Last, Jr, First; {As One}."""
    from pybtex.database import InvalidNameString, Person

    if _is_whole(name) or (cjk().search(name) and "," not in name):
        literal = _latex(name)
        # Family and given name of a Chinese name stand in this order, with or without a space.
        return {"literal": re.sub(r"\s+", "", literal) if cjk().search(literal) and not _is_whole(name) else literal}
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
    return names.with_suffix({part: _latex(" ".join(words)) for part, words in parts.items() if words})


def _is_whole(name: str) -> bool:
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
    text = re.sub(r"(?<!\\)%", r"\%", re.sub(r"\\relax(?![A-Za-z])\s*", "", text.replace(r"\\", " ")))
    text = re.sub(r"(\\[`'^\"~=.])\s*(?:\{\\([ij])\s*\}|\\([ij])(?![A-Za-z]))", r"\1{\2\3}", text)
    try:
        text = codecs.decode(text, "ulatex")  # type: ignore[call-overload]
    except ValueError:
        return re.sub(r"[{}\\]", "", text)
    text = re.sub(r"\\[A-Za-z]+\*?\s*(?=\{)", "", text)  # such as \emph{
    text = re.sub(r"\\([A-Za-z]+) ?|\\(.)", r"\1\2", text)
    return " ".join(re.sub("[{}]", "", text).replace("\xa0", " ").split())


def _plain(date: str) -> str:
    """Write a date as plain text; "~" and "%" say that it is not certain."""
    return _latex(date) if "\\" in date else " ".join(re.sub("[{}]", "", date).split())


def _issued(fields: dict[str, str]) -> dict[str, Any] | None:
    """Take year, month, day or date out of the fields of a BibTeX entry."""
    date = dates.read(_plain(fields.pop("date", "")))
    year = _plain(fields.pop("year", ""))
    if "date-parts" in date or not re.fullmatch(r"-?\d{1,4}", year):
        return date or dates.read(year) or None
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
