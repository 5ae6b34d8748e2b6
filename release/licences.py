"""The licences of what is installed, held to the list in licences.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

LISTED = tomllib.loads((Path(__file__).parent / "licences.toml").read_text("utf-8"))


def refused(package: str, said: str) -> str:
    """Say why a package may not be installed by ours.

    Args:
        package: its name.
        said: what it says of its licence: an expression of SPDX, or names parted by semicolons or commas.

    Returns:
        The reason; empty when nothing speaks against it.

    Example:
        >>> refused("a", "Apache-2.0 OR GPL-3.0-only"), refused("a", "MIT License; BSD License")
        ('', '')
        >>> refused("a", "MIT AND GPL-3.0-only")
        "a: 'GPL-3.0-only' is not in release/licences.toml"
        >>> refused("a", "UNKNOWN")
        "a: 'UNKNOWN' is not in release/licences.toml"
    """
    package = re.sub(r"[-_.]+", "-", package).lower()
    if package in LISTED["read"]:
        said = LISTED["read"][package]["licence"]
    said = said.strip() or "UNKNOWN"
    if _is_allowed(said):
        return ""
    # A name may have a comma in it, so that only what is no name as a whole is parted.
    for one in re.split(r"\s+AND\s+|\s*;\s*|,\s*", said.replace("(", " ").replace(")", " ")):
        if not any(map(_is_allowed, re.split(r"\s+OR\s+", one.strip()))):
            return f"{package}: '{one.strip()}' is not in release/licences.toml"
    return ""


def _is_allowed(name: str) -> bool:
    return LISTED["said"].get(name, name) in LISTED["allowed"]
