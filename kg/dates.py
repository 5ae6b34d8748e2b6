"""Dates of references: from the forms in which they are written to one form of CSL-JSON, and back to EDTF.

CSL-JSON writes one date in many ways (numbers as text, seasons by word, raw text), BibLaTeX in the Extended Date/Time
Format (EDTF, ISO 8601-2) of the Library of Congress, other tools in words. :func:`plain` turns all of them into
numbers, or into the words as they are. An open end is the year 0, as in citeproc-js; a month from 21 to 24 is a season,
as in EDTF.
"""

from __future__ import annotations

import re
from typing import Any

Date = dict[str, Any]

SEASONS = ("spring", "summer", "autumn", "winter")
_SEASON_WORDS = {word: number for number, word in enumerate(SEASONS, 1)} | {
    "fall": 3,
    "春": 1,
    "夏": 2,
    "秋": 3,
    "冬": 4,
}
_SEASON_WORDS |= {f"{word}季": number for word, number in _SEASON_WORDS.items() if len(word) == 1}
_SHORT_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
"""The names of the months."""
_MONTH_WORDS = (*MONTHS, "sept")
_CIRCA = {"c", "ca", "circa", "approx", "about", "约"}
_YES = {"1", "true", "yes"}
OPEN = [0]
"""The end of a range that has none yet."""
MAX_TEXT = 60
"""Codepoints of a text that can be a date: nobody writes a longer one."""
_ONE = re.compile(r"(-?\d{1,4}|\d{2,3}[Xu]|\d\d[Xu]{2})(?:-(\d\d?|XX|uu)(?:-(\d\d?|XX|uu))?)?(?:T[\d:.Z+-]*)?")
_SLASHED = re.compile(r"(\d{4})[/.年-]?(?:(\d\d?)?[/.月-]?(?:(\d\d?)?日?(?:/(.*))?)?)?")


def read(text: str) -> Date:
    """Read a date or a range of dates; what is no date is kept as it is.

    Args:
        text: EDTF, year, month and day with other signs between them, or English words.

    Returns:
        A CSL date: ``date-parts``, or else ``literal``; empty for an empty text.

    Example:
        >>> read("2014-05/2015"), read("1990/.."), read("1796~")
        ({'date-parts': [[2014, 5], [2015]]}, {'date-parts': [[1990], [0]]}, {'date-parts': [[1796]], 'circa': True})
        >>> read("Spring 2019"), read("2014/05/03/late"), read("in press")
        ({'date-parts': [[2019]], 'season': 1}, {'date-parts': [[2014, 5, 3]]}, {'literal': 'in press'})
    """
    text = " ".join(text.split())
    if not text:
        return {}
    if len(text) > MAX_TEXT:
        return {"literal": text}
    return _edtf(text) or _signs(text) or _words(text) or {"literal": text}


def _edtf(text: str) -> Date | None:
    """Read EDTF, also of its first version: uncertain and open dates, unspecified digits, years before 0."""
    sure = re.sub("[~?%]", "", text)
    begin, slash, end = sure.partition("/")
    circa = {"circa": True} if sure != text else {}
    first, last = _one(begin), _one(end)
    if not slash:
        return {**_with_season(first), **circa} if first else None
    if first and end in ("", "..", "open", "unknown"):
        return {"date-parts": [first[0], OPEN], **circa}
    if last and begin in ("", "..", "open", "unknown"):
        return {"literal": f"–{year_text(last[-1][0])}", **circa}  # CSL has no open beginning
    return {"date-parts": [first[0], last[-1]], **circa} if first and last else None


def _one(text: str) -> list[list[int]] | None:
    """Read one date of EDTF, as its first and last when its last digits are not specified."""
    parts = _ONE.fullmatch(text)
    if not parts:
        return None
    year, month, day = parts.groups()
    if re.search("[Xu]", year):
        return [[int(re.sub("[Xu]", "0", year))], [int(re.sub("[Xu]", "9", year))]]
    if len(year) < 3 + year.startswith("-"):
        return None
    date = [int(year)]
    if date[0] < 1 and len(year) > 3:  # EDTF has a year 0, CSL has none: 1 BC is -1
        date[0] -= 1
    if month and month.isdecimal() and (1 <= int(month) <= 12 or 21 <= int(month) <= 24):
        date.append(int(month))
        if day and day.isdecimal() and 1 <= int(day) <= 31 and int(month) <= 12:
            date.append(int(day))
    return [date]


def year_text(year: int) -> str:
    """Write a year in words.

    Example:
        >>> year_text(-44)
        '44 BC'
    """
    return str(year) if year > 0 else f"{-year} BC"


def _with_season(dates: list[list[int]]) -> Date:
    """Write a single date with a season as CSL has it."""
    if len(dates) == 1 and len(dates[0]) > 1 and dates[0][1] > 12:
        return {"date-parts": [dates[0][:1]], "season": dates[0][1] - 20}
    return {"date-parts": dates}


def _signs(text: str) -> Date | None:
    """Read year, month and day with any sign between them, and what RIS has after them, if that is a season."""
    parts = _SLASHED.fullmatch(text)
    if not parts:
        return None
    date = [int(parts[1])]
    for part, most in zip(parts.groups()[1:3], (12, 31), strict=True):
        if not part or not 1 <= int(part) <= most:
            break
        date.append(int(part))
    season = _SEASON_WORDS.get((parts[4] or "").strip().casefold())
    return {"date-parts": [date], **({"season": season} if season and len(date) == 1 else {})}


def _words(text: str) -> Date | None:
    """Read one year of four digits with a month, a day, a season or a word for about, in any order."""
    year = month = day = season = 0
    circa = False
    # A digit and a Chinese character are two words.
    for word in re.findall(r"\d+|[^\W\d]+|[^\w\s,.()\[\]-]", text.casefold().replace("年", " ")):
        if re.fullmatch(r"\d{4}", word) and not year:
            year = int(word)
        elif re.fullmatch(r"\d\d?", word) and not day and 1 <= int(word) <= 31:
            day = int(word)
        elif (word in _MONTH_WORDS or word in _SHORT_MONTHS) and not month:
            month = _SHORT_MONTHS.index(word[:3]) + 1
        elif word in _SEASON_WORDS and not season:
            season = _SEASON_WORDS[word]
        elif word in _CIRCA or word == "?":
            circa = True
        elif not (word in ("st", "nd", "rd", "th") and day):
            return None
    if not year or (day and not month):
        return None
    parts = [part for part in (year, month, day) if part]
    return {
        "date-parts": [parts],
        **({"season": season} if season and not month else {}),
        **({"circa": True} if circa else {}),
    }


def plain(value: Any) -> Date:
    """Write a CSL date in one form: numbers where it has any, or else its words.

    Args:
        value: a date variable of CSL-JSON, however odd.

    Returns:
        ``date-parts`` with one or two dates of numbers, at most a ``season`` from 1 to 4; or else ``literal``;
        ``circa`` only when it is so. Empty when nothing of it can be read.

    Example:
        >>> plain({"date-parts": [["2019"]], "season": "Spring"}), plain({"raw": "2020-03-15"}), plain({})
        ({'date-parts': [[2019]], 'season': 1}, {'date-parts': [[2020, 3, 15]]}, {})
    """
    if not isinstance(value, dict):
        return {}
    listed = value.get("date-parts")
    parts = [_numbers(one) for one in listed[:2]] if isinstance(listed, list) else []
    if len(parts) == 2 and parts[1] in ([], OPEN):
        parts[1] = OPEN
    words = [text for key in ("raw", "literal") if isinstance(text := value.get(key), str) and text.strip()]
    if isinstance(listed, list) and not any(map(any, parts)):  # such as [["2019a"]]
        words += [str(part) for one in listed[:1] if isinstance(one, list) for part in one[:1] if str(part) != "0"]
    if parts and parts[0] and any(parts[0]):
        date: Date = {"date-parts": parts}
    elif len(parts) == 2 and any(parts[1]):
        date = {"literal": f"–{year_text(parts[1][0])}"}
    else:
        date = next((date for text in words if "date-parts" in (date := read(text))), {})
        date = date or next((date for text in words if (date := read(text))), {})
    season = _season(value.get("season")) or date.pop("season", None)
    circa = value.get("circa")
    single = date["date-parts"][0] if len(date.get("date-parts", ())) == 1 else []
    if len(single) > 1 and single[1] > 12:
        date["date-parts"], season = [single[:1]], season or single[1] - 20
    if season and single and len(date["date-parts"][0]) == 1:
        date["season"] = season
    if date and (str(circa).strip().casefold() in _YES or (isinstance(circa, int | float) and circa)):
        date["circa"] = True
    return date


def _season(value: Any) -> int | None:
    """Read a season: a number from 1 to 4, from 13 to 16 or from 21 to 24, or a word."""
    number = _number(value)
    if number is None:
        return _SEASON_WORDS.get(str(value).strip().casefold())
    return next((number - first + 1 for first in (1, 13, 21) if first <= number < first + 4), None)


def _number(value: Any) -> int | None:
    """Read a whole number of at most six signs, also as text; a year of more is none that a style can write."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return int(value) if abs(value) < 10**5 else None
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if re.fullmatch(r"-?[0-9]{1,5}", text) else None


def _numbers(date: Any) -> list[int]:
    """Read year, month and day up to the first that is none; a season may stand for the month."""
    parts: list[int] = []
    for part in date[:3] if isinstance(date, list) else []:
        number = _number(part)
        if number is not None and len(parts) == 1 and 13 <= number <= 16:
            number += 8
        fits = number is not None and (
            not parts
            or (len(parts) == 1 and (1 <= number <= 12 or 21 <= number <= 24))
            or (len(parts) == 2 and 1 <= number <= 31 and parts[1] <= 12)
        )
        if number is None or not fits:
            break
        parts.append(number)
    return parts


def year(value: Any) -> str:
    """Return the year of a CSL date, or the words that stand for it; empty when there is none.

    Args:
        value: a date variable of CSL-JSON.

    Example:
        >>> year({"raw": "2020-03-15"}), year({"literal": "in press"}), year(None)
        ('2020', 'in press', '')
    """
    date = plain(value)
    return str(date["date-parts"][0][0]) if "date-parts" in date else date.get("literal", "")


def edtf(value: Any) -> str:
    """Write a CSL date as EDTF, as BibLaTeX reads it; empty when it has no year.

    Args:
        value: a date variable of CSL-JSON.

    Example:
        >>> edtf({"date-parts": [[1990], [0]]}), edtf({"date-parts": [[2019]], "season": 2, "circa": True})
        ('1990/..', '2019-22~')
    """
    date = plain(value)
    written = []
    for parts in date.get("date-parts", []):
        if parts == OPEN:
            written.append("..")
            continue
        first = parts[0] + 1 if parts[0] < 0 else parts[0]
        more = [*parts[1:], *([date["season"] + 20] if "season" in date else [])]
        signed = f"{'-' if first < 0 else ''}{abs(first):04}"
        written.append("-".join([signed, *(f"{part:02}" for part in more)]) + "~" * bool(date.get("circa")))
    return "/".join(written)


_MONTH = "|".join(name.capitalize() for name in _MONTH_WORDS)
_TOLD = re.compile(
    rf"(?:\b\d{{1,2}} )?\b(?:{_MONTH}) (?:\d{{1,2}}, )?[12]\d{{3}}\b|\b[12]\d{{3}}-\d\d(?:-\d\d)?\b"
    r"|(?:[12]\d{3}|[〇零一二三四五六七八九]{4}) ?年(?: ?[0-9一二三四五六七八九十]{1,3} ?月)?"
    r"(?: ?[0-9一二三四五六七八九十]{1,3} ?日|初|底|中旬)?"
    r"|[0-9一二三四五六七八九十]{1,3}月(?:[0-9一二三四五六七八九十]{1,3}日|初|底|中旬|份)"
    r"|(?<![\d.,-])[12]\d{3}(?![\d.,-]\d|[\d])",
    re.ASCII,
)
"""How texts name days, months and years, in English and Chinese."""


def told(text: str) -> tuple[str, ...]:
    """Return the days, months and years that a text names, in its own words.

    Args:
        text: the text.

    Example:
        >>> told("Begun on 3 May 2021 and open since 2023; 二〇一九年三月我头晕")
        ('3 May 2021', '2023', '二〇一九年三月')
    """
    return tuple(dict.fromkeys(match[0] for match in _TOLD.finditer(text)))


_NAMED = f"(?P<m>{'|'.join(_MONTH_WORDS + _SHORT_MONTHS)})"
_DAY_FORMS = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+{_NAMED}\.?,?\s+(?P<y>\d{{4}})\b", re.I),
    re.compile(rf"\b{_NAMED}\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})\b", re.I),
    re.compile(rf"\b{_NAMED}\.?,?\s+(?P<y>\d{{4}})\b", re.I),
    re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*[日号])?"),
)  # fmt: skip
"""How a day or a month is written."""


def day(text: str) -> str:
    """Return the first day or month that a text names, as ISO 8601 writes it; empty when it names none.

    Args:
        text: the text.

    Example:
        >>> day("searches of 24 November 2026"), day("2025年7月3日查找了什么"), day("in May 2021"), day("since 2015")
        ('2026-11-24', '2025-07-03', '2021-05', '')
    """
    for form in _DAY_FORMS:
        if match := form.search(text):
            parts = match.groupdict()
            month = parts["m"]
            number = int(month) if month.isdigit() else _SHORT_MONTHS.index(month[:3].lower()) + 1
            return "-".join(
                filter(None, (parts["y"], f"{number:02}", f"{int(parts['d']):02}" if parts.get("d") else ""))
            )
    return ""
