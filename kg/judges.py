"""Whether all who judged the evidence that is shown are software, which whoever reads it has to be told."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kg import query

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from kg.bearing import Bearing
    from kg.query import Engine

ALONE = "judged by software alone"
"""What is said of it before the names; :mod:`kg.words` has it in Chinese."""


def software(engine: Engine, drew: Iterable[str], read: Callable[[], Iterable[str]] = tuple) -> tuple[str, ...]:
    """Return the names of who judged something, if all of them are software.

    Args:
        engine: what answers queries.
        drew: ids of the coders who drew the lines, or gave the codes.
        read: gives the ids of who read these again or settled them; asked only where that could be a person.

    Returns:
        Sorted; empty where a person judged any of it, or nobody did.
    """
    return _named(_coders(engine), drew, read)


def _coders(engine: Engine) -> dict[str, tuple[str, str]]:
    """Return the kind and the name of each coder."""
    return {row["coder"]: (row["kind"], row["name"]) for row in query.run(engine, "coders").dicts()}


def _named(
    coders: Mapping[str, tuple[str, str]], drew: Iterable[str], read: Callable[[], Iterable[str]]
) -> tuple[str, ...]:
    """Return the names of who judged something, if all of them are software."""
    judged = {*drew}
    if {coders[one][0] for one in judged} != {"software"}:
        return ()
    if any(kind == "person" for kind, _ in coders.values()):
        judged |= {*read()}
    return tuple(sorted(coders[one][1] for one in judged)) if all(coders[o][0] == "software" for o in judged) else ()


def of_lines(engine: Engine, drew: Iterable[str], lines: Collection[str]) -> tuple[str, ...]:
    """Return the names of who judged evidence lines, if all of them are software.

    Args:
        engine: what answers queries.
        drew: ids of the coders who drew the lines.
        lines: ids of the lines.
    """

    def read() -> set[str]:
        return {row["coder"] for row in query.run(engine, "readings").dicts() if row["line"] in lines}

    return software(engine, drew, read)


def of_claims(engine: Engine, bears: Bearing, claims: Iterable[str]) -> tuple[str, ...]:
    """Return the names of who judged the evidence on claims, if all of them are software.

    Args:
        engine: what answers queries.
        bears: what bears on the claims.
        claims: ids of the claims.
    """
    drawn = {line.id: line.coder for claim in claims for line in bears.active(claim)}
    return of_lines(engine, drawn.values(), drawn)


def by_claim(engine: Engine, bears: Bearing, claims: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of who judged the evidence on each claim, of those where all of them are software.

    Args:
        engine: what answers queries.
        bears: what bears on the claims.
        claims: ids of the claims.

    Example:
        >>> import kg
        >>> from kg import bearing
        >>> dart = kg.open("dart")
        >>> by_claim(dart.engine, bearing.of(dart.engine), ["P18"])
        {'P18': ('dart-kg authors',)}
    """
    coders = _coders(engine)

    @cache
    def readers() -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in query.run(engine, "readings").dicts():
            found.setdefault(row["line"], set()).add(row["coder"])
        return found

    def of(claim: str) -> tuple[str, ...]:
        lines = [*bears.active(claim)]
        return _named(
            coders,
            (line.coder for line in lines),
            lambda: {one for line in lines for one in readers().get(line.id, ())},
        )

    return {claim: names for claim in claims if (names := of(claim))}
