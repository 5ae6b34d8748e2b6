"""Count what is left out of a document's text, and say so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 40
"""Characters of what was left out that are shown."""
_SHOW = "to have it read, show it in its program and save the document"
MESSAGES: dict[str, tuple[str, str, str]] = {
    "hidden": ("warning", "characters of hidden text are left out", _SHOW),
    "unmapped": ("warning", "characters of symbol fonts are not known and stand as \ufffd", "compare these places"),
    "codes": ("warning", "characters in the codes of fields are left out", "update the fields in Word"),
    "embedded": ("warning", "embedded documents are left out", "open it in its program and save it, which merges them"),
    "comments": ("warning", "comments about nothing in the text are left out", ""),
    "readings": ("note", "readings above characters (ruby) are left out", ""),
    "equations": ("note", "equations are written in one line, as a/b and x^2", ""),
    "pictures": ("note", "pictures, charts and the like are left out", ""),
    "changes": ("note", "tracked changes are read as if all were accepted", "reject those that are not meant"),
}
"""What can be left out: how bad that is, what is said of how many, and what can be done."""


class Remarks:
    """What was left out of a document.

    Args:
        file: how a person calls it.

    Attributes:
        counts: of each kind of :data:`MESSAGES` how much.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.counts: Counter[str] = Counter()
        self._hidden = ""

    def hide(self, text: str) -> None:
        """Count hidden text.

        Args:
            text: it; its beginning is shown.
        """
        self.counts["hidden"] += len(text)
        self._hidden += text[: max(0, SHOWN - len(self._hidden))]

    def findings(self, headers: Iterable[str] = ()) -> list[Finding]:
        """Return what is to be said.

        Args:
            headers: texts of headers and footers, which are left out.
        """
        found = []
        for kind, (severity, message, mend) in MESSAGES.items():
            if count := self.counts[kind]:
                beginning = f", beginning '{' '.join(self._hidden.split())}'" if kind == "hidden" else ""
                said = f"{message}{beginning}: {count:,}"
                found.append(Finding(self.file, 0, "document-left-out", said, mend, severity))
        shown = [" ".join(text.split())[:SHOWN] for text in dict.fromkeys(headers) if text.strip()][:3]
        if shown:
            message = "headers and footers are left out: " + ", ".join(f"'{text}'" for text in shown)
            found.append(Finding(self.file, 0, "document-left-out", message, "", "note"))
        return found
