"""The pages that set codes against what their passages have, and show the passages of a cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg.browse.frame import Page, cut
from kg.crosstab import THEORY, WITHOUT, crosstab
from kg.store import counting, passages
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.browse.frame import Slice
    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy
    from kg.claims import Passage

MANY = 60
"""How many codes a table shows on a page."""


class Column(NamedTuple):
    """A column of a cross table.

    Args:
        name: its heading.
        field: the field by which the page of passages is told of it; empty where no page shows them.
        value: its value.
    """

    name: str
    field: str
    value: str


class CodeRow(NamedTuple):
    """A code set against the columns.

    Args:
        code: its id.
        passages: how many passages have it.
        cells: of these, how many each column has.
    """

    code: str
    passages: int
    cells: Sequence[int]


@dataclass(frozen=True)
class Crosstab:
    """Codes set against cases, values of an attribute, or each other.

    Args:
        by: ``case``, ``code`` or id of an attribute.
        choices: what codes can be set against, each with its name.
        columns: the columns.
        rows: the codes.
    """

    by: str
    choices: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Slice[CodeRow]


def codes(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Set codes against what their passages have; each cell opens these."""
    by = parameters.by
    choices = set_against(study, language, {"code": word("code", language)})
    found = crosstab(study.tables, by)
    shown = found.codes
    if by == "code":
        # A code that stands beside no other is a row and a column of nothing; those that do most often come first.
        beside = Counter[str]()
        for (code, _), number in found.cells.items():
            beside[code] += number
        shown = tuple(sorted(beside, key=lambda code: (-beside[code], code)))
    part = cut(shown, parameters, MANY)
    values = shown if by == "code" else found.columns
    rows = [
        CodeRow(code, found.passages[code], [found.cells.get((code, value), 0) for value in values])
        for code in part.items
    ]
    columns = [_column(study, by, value, language) for value in values]
    content = Crosstab(by, choices, columns, part.of(rows))
    kept = {"by": "" if by == "case" else by}
    return Page(
        "crosstab.html", "Codes by case", "crosstab", content, shows=(*(("code", c) for c in part.items),), kept=kept
    )


def set_against(study: BuiltStudy, language: str, others: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what can be set against, each with its name: cases, some others, the attributes of the study.

    Args:
        study: the study.
        language: ``en`` or ``zh``.
        others: further ids with their names.
    """
    named = ((identifier, names[language]) for identifier, names in study.attributes.items())
    return [("case", word("case", language)), *others.items(), *named]


def _column(study: BuiltStudy, by: str, value: str, language: str) -> Column:
    if value in (THEORY, WITHOUT) and by != "code":
        return Column(word(value, language), "", value)
    if by in ("case", "code"):
        return Column(study.name(by, value, language), by, value)
    return Column(value, "attribute", f"{by}={value}")


@dataclass(frozen=True)
class Passages:
    """The passages that have all of some codes.

    Args:
        chosen: field and value of all that is chosen, each with the choice that is left without it.
        passages: one page of them.
        given: coder and date by the passage's id, where one code is chosen.
    """

    chosen: Sequence[tuple[str, str, Mapping[str, tuple[str, ...]]]]
    passages: Slice[Passage]
    given: Mapping[str, Sequence[tuple[str, str]]]


def shared(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show the passages that have all codes that are chosen, of a case and of values of attributes."""
    choice = parameters.chosen()
    wanted = passages.Wanted(choice.get("code", ()), choice.get("case", ()), choice.get("attribute", ()))
    part = cut(range(passages.number_having(study.tables, wanted)), parameters, 20)
    ids = passages.having(study.tables, wanted, part.start, part.stop)
    some = passages.passages(study.tables, ids)
    given = {excerpt: list[tuple[str, str]]() for excerpt in ids}
    if len(wanted.codes) == 1:
        given = {**given, **counting.coders(study.tables, wanted.codes[0], ids)}
    chosen = [
        (facet, value, {**choice, facet: tuple(v for v in values if v != value)})
        for facet, values in choice.items()
        for value in values
    ]
    content = Passages(chosen, part.of([*some.values()]), given)
    return Page("passages.html", "Passages", "passages", content, shows=(*(("excerpt", e) for e in ids),), kept=choice)
