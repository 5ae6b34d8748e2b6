"""Read dates and pages of references, as BibTeX and RIS write them, into CSL-JSON."""

from __future__ import annotations

import re
from typing import Any


def dates(text: str) -> dict[str, Any] | None:
    """Read a date or a range of dates, year first; what is no date is kept as it is.

    Args:
        text: such as ``2014-05``.

    Returns:
        A CSL date; None for an empty text.

    Example:
        >>> dates("2014-05/2015"), dates("in press"), dates("2014/05/03/spring")
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
    found_dates = []
    for at in range(0, len(parts), 3):
        date = []
        for part, most in zip(parts[at : at + 3], (9999, 12, 31), strict=True):
            if part is None or not 1 <= part <= most:
                break
            date.append(part)
        if date:
            found_dates.append(date)
    return {"date-parts": found_dates} if found_dates else {"literal": text}


def pages(text: str) -> str:
    """Write a range of pages with one hyphen.

    Example:
        >>> pages("12 -- 15")
        '12-15'
    """
    return re.sub(r" ?[-–—]+ ?", "-", " ".join(text.split()))
