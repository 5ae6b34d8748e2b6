"""The study that is asked, and what is chosen of it to answer a question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.ids import source_of
from kg.language.tokens import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg import query
    from kg.bearing import Bearing
    from kg.claims import Passage
    from kg.language.lexicon import Lexicon
    from kg.store.tables import Tables


@dataclass(frozen=True)
class Study:
    """The study that is asked.

    Args:
        tables: the tables of its build.
        lexicon: its words.
        claims: all claims, as the query ``claims`` gives them.
        all: what bears on them.
        bearing: the same, under the limits of the question.
        labels: what every record is called, in the language of the question.
        run: runs a named query.
    """

    tables: Tables
    lexicon: Lexicon
    claims: query.Table
    all: Bearing
    bearing: Bearing
    labels: Mapping[tuple[str, str], str]
    run: Callable[..., query.Table]

    def label(self, kind: str, identifier: str) -> str:
        """Return what a record is called."""
        return self.labels.get((kind, identifier), identifier)

    def names(self, kind: str, identifier: str) -> list[str]:
        """Return what a record is called, in each language."""
        return list(dict.fromkeys(self.tables.names.get((kind, identifier), {}).values()))

    def ids(self, kind: str) -> list[str]:
        """Return the ids of all records of a kind, sorted."""
        return sorted(identifier for of, identifier in self.labels if of == kind)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Return all claims, each by the names of its columns."""
        return self.claims.dicts()

    @cached_property
    def by_claim(self) -> dict[str, dict[str, Any]]:
        """Return the same by the id of the claim."""
        return {row["claim"]: row for row in self.rows}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Return the kind of every claim by its id, in the order of the study."""
        return {row["claim"]: row["kind"] for row in self.rows}

    @cached_property
    def setting(self) -> frozenset[str]:
        """Return the keys of the words of the study's title, which are true of all that it says."""
        return frozenset(token.key for token in tokens(self.title) if not token.is_han)

    @cached_property
    def title(self) -> str:
        """Return the titles of the study, in either language, as they are compared."""
        rows = self.run("study").dicts()
        return fold(" ".join(row[key] for row in rows for key in ("title", "title_zh") if row[key]))


@dataclass(frozen=True)
class Choice:
    """What answers a question.

    Args:
        operation: what was done.
        claims: ids of claims, in the order of the study.
        named: kind, id, label and note of further records.
        excerpts: ids of passages.
        paragraphs: paragraphs that answer, as passages.
        definition: rows of property and value.
        questions: rows of the query ``open-questions``.
        searches: rows of the query ``searches``.
        is_nearest: whether this is no answer, but the nearest things.
        left_out: words that were not understood.
        number: how many there are, if that was asked.
        counted: what was counted.
        coded: how many passages are coded with what was asked for.
        nothing_on: what the theory claims nothing about, if it was asked about.
        no_other: what nothing acts on but what was excluded.
        foreign: words that nothing in the study has, where claims are about the rest of the question.
        joint: whether a claim has all concepts that were named.
        contrary: whether what is asked is the reverse of what is claimed, or is claimed of another stage.
        weaker: ids of all claims that nothing supports, where those were asked for that have no evidence at all.
        told: whether the passages tell what was asked, and the claims are only those on which they bear.
        elsewhere: whether no claim has what was asked about in the place that was asked for, as its subject or object.
        said: a sentence that answers, or says why nothing does.
        neutral: whether what was found need not be of the stance that was asked for.
        lead: a sentence before the verdict.
        by_meaning: whether the claim was found by what the question means, and not by its words.
        hindering: ids of those of the claims that say what hinders, where others say what promotes.
    """

    operation: str
    claims: tuple[str, ...] = ()
    named: tuple[tuple[str, str, str, str], ...] = ()
    excerpts: tuple[str, ...] = ()
    paragraphs: tuple[Passage, ...] = ()
    definition: tuple[dict[str, Any], ...] = ()
    questions: tuple[dict[str, Any], ...] = ()
    searches: tuple[dict[str, Any], ...] = ()
    is_nearest: bool = False
    left_out: tuple[str, ...] = ()
    number: int | None = None
    counted: str = ""
    coded: int = 0
    nothing_on: tuple[str, ...] = ()
    no_other: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    joint: bool = True
    contrary: bool = False
    elsewhere: bool = False
    weaker: tuple[str, ...] = ()
    told: bool = False
    said: str = ""
    neutral: bool = False
    lead: str = ""
    hindering: tuple[str, ...] = ()
    by_meaning: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of the sources of the passages and paragraphs, each once."""
        return tuple(dict.fromkeys(map(source_of, (*self.excerpts, *(p.id for p in self.paragraphs)))))
