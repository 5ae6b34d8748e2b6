"""What a question is limited to of the texts: works, sources and cases."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from kg.asking.meant import Meant
from kg.claims import Passage
from kg.ids import BETWEEN, excerpt_id, source_of
from kg.store import fulltext

if TYPE_CHECKING:
    from kg.asking.question import Term

_TOLD = 500
"""How many passages of a work, source or case are compared with a question at most."""


class Within(Meant):
    """What one question is limited to of the texts of a study."""

    @cached_property
    def _works(self) -> frozenset[str] | None:
        """Return the references that the question is limited to; none where it is not."""
        limits = self.question.limits
        if not (limits.authors or limits.references):
            return None
        rows = self.study.tables.sql(
            "SELECT reference FROM references_by_author WHERE author IN (SELECT value FROM json_each(:authors))",
            authors=json.dumps(limits.authors),
        )
        return frozenset({*limits.references, *(key for (key,) in rows)})

    @cached_property
    def _citing(self) -> frozenset[str]:
        """Return the passages that cite one of the works that the question is limited to."""
        rows = self.study.tables.sql(
            "SELECT DISTINCT excerpt FROM citing WHERE reference IN (SELECT value FROM json_each(:works))",
            works=json.dumps(sorted(self._works or ())),
        )
        return frozenset(excerpt for (excerpt,) in rows)

    @cached_property
    def _unwanted(self) -> frozenset[str]:
        """Return the passages that cite a work which is not wanted."""
        without = self.question.limits.without
        rows = self.study.tables.sql(
            "SELECT DISTINCT excerpt FROM citing WHERE reference IN (SELECT value FROM json_each(:works)) "
            "OR reference IN (SELECT reference FROM references_by_author "
            "WHERE author IN (SELECT value FROM json_each(:authors)))",
            works=json.dumps([value for facet, value in without if facet == "reference"]),
            authors=json.dumps([value for facet, value in without if facet == "author"]),
        )
        return frozenset(excerpt for (excerpt,) in rows)

    def _cites(self, place: str, kind: str = "passage") -> bool:
        """Say whether a passage or paragraph cites a work that is wanted, where some are, and none that is not."""
        if {"reference", "author"} & {facet for facet, _ in self.question.limits.without} and place in self._unwanted:
            return False
        if self._works is None:
            return True
        if kind == "passage":
            return place in self._citing
        return any({*passage.references} & self._works for passage in self.paragraphs([place]))

    @property
    def narrowed(self) -> list[str]:
        """Return the passages of the works, or else of the sources and cases, that the question is limited to.

        None where it is limited to none of these, or where they are too many to be told one by one.
        """
        limits = self.question.limits
        if self._works is not None:
            ids = sorted(self._citing)
        elif limits.cases or limits.sources:
            sources = [*limits.sources, *(one for one, case in self.study.tables.cases.items() if case in limits.cases)]
            rows = self.study.tables.sql(
                "SELECT id FROM excerpt WHERE source IN (SELECT value FROM json_each(:sources)) "
                "ORDER BY source, start LIMIT :most",
                sources=json.dumps(sources), most=_TOLD + 1,
            )  # fmt: skip
            ids = [key for (key,) in rows]
        else:
            return []
        return [key for key in ids if self.is_within(key)] if len(ids) <= _TOLD else []

    def is_within(self, place: str) -> bool:
        """Say whether a passage or paragraph lies in the sources that the question is limited to."""
        return self.is_of_source(source_of(place))

    def is_of_source(self, source: str) -> bool:
        """Say whether a source is one of those that the question is limited to, also by their cases."""
        limits = self.question.limits
        case = self.study.tables.cases.get(source)
        without = dict.fromkeys(limits.without)
        if ("case", case) in without or ("source", source) in without:
            return False
        return (not limits.cases or case in limits.cases) and (not limits.sources or source in limits.sources)

    def paragraphs(self, ids: list[str]) -> list[Passage]:
        """Return paragraphs as passages, with the references of the passages that lie in them."""
        listed = []
        for place in fulltext.places(self.study.tables, ids):
            rows = self.study.tables.sql(
                'SELECT citations FROM excerpt WHERE source = :source AND start >= :start AND "end" <= :end',
                source=place.source, start=place.start, end=place.end,
            )  # fmt: skip
            cited = sorted({key for (keys,) in rows if keys for key in keys.split(BETWEEN)})
            listed.append(
                Passage(
                    excerpt_id(place.source, place.start, place.end),
                    place.source,
                    self.study.tables.cases.get(place.source),
                    place.label,
                    place.start,
                    place.end,
                    place.text,
                    (),
                    tuple(cited),
                )
            )
        return listed

    def in_paragraph(self, term: Term) -> tuple[str, ...]:
        """Return the passages in a paragraph that the question names by its label."""
        source, _, label = term.id.partition("/")
        text = "SELECT id FROM excerpt WHERE source = :source AND paragraph = :label ORDER BY start"
        return tuple(excerpt for (excerpt,) in self.study.tables.sql(text, source=source, label=label))
