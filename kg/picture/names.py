"""What records are called in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import claims
from kg.picture.theory import Named
from kg.words import word

if TYPE_CHECKING:
    from kg.store.tables import Tables


class Names:
    """The names of records in a language.

    Args:
        tables: the tables of a build.
        language: ``en`` or ``zh``.
    """

    def __init__(self, tables: Tables, language: str) -> None:
        self.tables, self.language = tables, language

    def of(self, kind: str, identifier: str) -> str:
        """Return what a record is called, in English where it has no name in the language, else its id.

        Args:
            kind: kind of record.
            identifier: its id.
        """
        names = self.tables.names.get((kind, identifier), {})
        if not names and (kind, identifier) == ("case", claims.LITERATURE):
            # It stands among names, as if it were one.
            return word(self.tables.outside, self.language).capitalize()
        return names.get(self.language) or names.get("en") or identifier

    def named(self, kind: str, identifier: str) -> Named:
        """Return a record with what it is called.

        Args:
            kind: kind of record.
            identifier: its id.
        """
        return Named(identifier, self.of(kind, identifier))

    def reference(self, key: str) -> str:
        """Return who made a reference and when, as it is cited in a text: ``Lei (2018)``.

        Args:
            key: its key.
        """
        who, _, when = self.tables.reference_names.get(key, key).rpartition(", ")
        return f"{who} ({when})" if who else when
