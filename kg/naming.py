"""Ids for what has only a name: readable, unique, the same at every import, and safe as names of files."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST, _READ = 60, 1000
"""Codepoints of an id, and of the name that it is made of: to order a run of accents takes time by its square."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
_SUFFIX = re.compile(r"\.(?:txt|text|md|docx?|odt|rtf|pdf|html?)$", re.IGNORECASE)
_IDENTIFIER = re.compile(r"\w[\w.\-]*")


def slug(name: str, kind: str) -> str:
    """Make an id of a name: letters of any script, digits, dots; all else becomes a hyphen.

    Args:
        name: any text.
        kind: what it names; the id when the name has no letter.

    Example:
        >>> slug("Trust & 信任", "code"), slug("../../x", "source"), slug("CON", "source"), slug("!", "code")
        ('trust-信任', 'x', 'source-con', 'code')
    """
    text = unicodedata.normalize("NFC", name[:_READ]).lower()
    kept = "".join(c if c in "._" or unicodedata.category(c)[0] in "LM" or c.isdecimal() else "-" for c in text)
    kept = re.sub(r"[-.]*-[-.]*", "-", re.sub(r"\.{2,}", ".", kept)).strip("-._")[:_LONGEST].rstrip("-._")
    while kept and unicodedata.category(kept[0])[0] == "M":
        kept = kept[1:]
    return f"{kind}-{kept}" if _RESERVED.match(kept) else kept or kind


class Ids:
    """The ids of one kind of records, as an import gives them.

    Args:
        kind: ``code``, ``coder``, ``case`` or ``source``.
        names: id -> name of the records that the study has already; one of that name is the same record.
        before: what the import before gave: the file's key -> id.
        taken: further ids that are not free.
    """

    def __init__(
        self, kind: str, names: Mapping[str, str], before: Mapping[str, str], taken: Iterable[str] = ()
    ) -> None:
        self.kind = kind
        self.given: dict[str, str] = {}
        self._names: dict[str, list[str]] = {}
        for identifier, name in reversed(list(names.items())):
            self._names.setdefault(name.casefold(), []).append(identifier)
        self._there = set(names)
        self._before = {key: identifier for key, identifier in before.items() if identifier in self._there}
        self._taken = {*taken, *self._there}
        self._used: set[str] = set()
        self._last: dict[str, int] = {}

    def give(self, key: str, name: str, wish: object = None) -> str:
        """Return the id of a record.

        Args:
            key: what the file calls it.
            name: its name.
            wish: the id it should have if that is free and can be one.

        Returns:
            The id: that of the import before, of a record of that name, the wish, or a new one.
        """
        if key in self.given:
            return self.given[key]
        ours = self._before.get(key)
        same = self._names.get(name.casefold(), [])
        while ours is None and same:
            ours = identifier if (identifier := same.pop()) not in self._used else None
        if ours is None or ours in self._used:
            wished = wish if isinstance(wish, str) and len(wish) <= 120 and _IDENTIFIER.fullmatch(wish) else None
            plain = wished or slug(_SUFFIX.sub("", name) if self.kind == "source" else name, self.kind)
            ours, number = plain, self._last.get(plain, 1)
            while ours in self._taken:
                number += 1
                ours = f"{plain}-{number}"
            self._last[plain] = number
        self._taken.add(ours)
        self._used.add(ours)
        self.given[key] = ours
        return ours

    def is_new(self, key: str) -> bool:
        """Say whether the study had no such record before."""
        return self.given[key] not in self._there
