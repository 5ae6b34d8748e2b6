"""ORCID iDs: the numbers by which researchers are known, with the check digit of ISO 7064 MOD 11-2."""

from __future__ import annotations

import re

HOME = "https://orcid.org/"
"""What stands before an ORCID iD in its IRI."""
_FORM = re.compile(
    r"(?:(?:https?://)?(?:www\.)?orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?", re.ASCII | re.IGNORECASE
)


def parse(written: str) -> str:
    """Return an ORCID iD in the form that ORCID prints it in.

    Args:
        written: the iD alone, or its address.

    Raises:
        ValueError: when it has another form, or its last character does not check the others.

    Example:
        >>> parse("https://orcid.org/0000-0002-1825-0097")
        '0000-0002-1825-0097'
    """
    match = _FORM.fullmatch(written.strip())
    if match is None:
        raise ValueError(f"'{written}' has not the form of an ORCID iD, 0000-0002-1825-0097")
    orcid = match[1].upper()
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = "0123456789X"[(12 - total % 11) % 11]
    if orcid[-1] != check:
        raise ValueError(f"'{orcid}' is no ORCID iD: its digits ask for {check} at the end")
    return orcid
