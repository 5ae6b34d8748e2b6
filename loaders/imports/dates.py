"""Read dates and pages of references, as other tools write them, into CSL-JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg import dates

if TYPE_CHECKING:
    from kg.dates import Date


def issued(*texts: str) -> Date | None:
    """Choose among the dates that a record has for one thing.

    Args:
        texts: the dates, the best first; one may lack the year, such as ``Mar 15``.

    Returns:
        The first that is a date, or another of the same year that says more; else the first words; None when all are
        empty.

    Example:
        >>> issued("2005", "2005/10/19"), issued("2014", "Mar 15"), issued("", "in press"), issued("")
        ({'date-parts': [[2005, 10, 19]]}, {'date-parts': [[2014, 3, 15]]}, {'literal': 'in press'}, None)
    """
    read = [date for text in texts if (date := dates.read(text))]
    numbers = [date for date in read if "date-parts" in date]
    if not numbers:
        return read[0] if read else None
    year = numbers[0]["date-parts"][0][0]
    numbers += [date for text in texts if "date-parts" in (date := dates.read(f"{text} {year}"))]
    same = [date for date in numbers if date["date-parts"][0][0] == year]
    return max(same, key=lambda date: (len(date["date-parts"]), len(date["date-parts"][0]), "season" in date))


def pages(text: str) -> str:
    """Write a range of pages with one hyphen.

    Example:
        >>> pages("12 -- 15")
        '12-15'
    """
    return re.sub(r" ?[-–—]+ ?", "-", " ".join(text.split()))
