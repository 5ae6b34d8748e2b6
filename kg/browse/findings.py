"""What 'kg check' finds in the records of a study, by rule, for the page of what waits; in a process of its own.

All of a study is read for it, which of a large one takes many seconds: no edit and no page waits for that.
"""

from __future__ import annotations

import asyncio
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from kg.errors import RULES, SEVERITIES, SHOWN, StudyError
from kg.processes import Child, Ended, Limits, serve
from kg.store import build
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.errors import Finding

SECONDS = 40.0
"""How long it may take; of a study that takes longer only 'kg check' tells."""
ELSEWHERE = (
    "line-disputed",
    "line-without-id",
    "paragraph-uncoded",
    "proposition-without-evidence",
    "quote-not-found",
    "quote-unconfirmed",
    "source-edited",
    "unpinned-source",
)
"""Rules whose findings the page lists in other parts, with what can be done about them."""
KINDS = (
    "line",
    "proposition",
    "code",
    "source",
    "case",
    "concept",
    "relation",
    "question",
    "search",
    "coder",
    "reference",
)
"""The kinds of record that have a page; where several begin at one line, the first of these is meant."""
_WAYS = {"code-unused": "retire", "code-undefined": "edit"}

Place = tuple[str, int]
Record = tuple[str, str]


class Findings:
    """What a study is found to lack, kept until the study is another one.

    Args:
        folder: the study's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = asyncio.Lock()
        self._kept: tuple[str, list[dict[str, Any]]] | None = None

    async def told(self, language: str) -> dict[str, Any]:
        """Return what a page is told: the findings by rule, or that there are too many records to look through.

        Args:
            language: of the rules' titles, ``en`` or ``zh``.
        """
        async with self._turn:
            # What began is carried on, also when who asked is gone.
            groups = await asyncio.shield(run_in_threadpool(self._look))
        if groups is None:
            return {"status": 200, "groups": [], "late": True}
        titled = [one | {"title": word(RULES[one["rule"]], language)} for one in groups]
        return {"status": 200, "groups": titled, "late": False}

    def _look(self) -> list[dict[str, Any]] | None:
        digest = build.digest(self._folder) if build.is_current(self._folder) else ""
        if self._kept and digest and self._kept[0] == digest:
            return self._kept[1]
        try:
            with Child(__name__) as child:
                groups: list[dict[str, Any]] = child.call("look", str(self._folder), limits=Limits(SECONDS)).value
        except (Ended, OSError):
            return None
        # What was edited meanwhile is looked at again.
        if digest and build.is_current(self._folder) and build.digest(self._folder) == digest:
            self._kept = digest, groups
        return groups


def look(folder: Path) -> list[dict[str, Any]]:
    """Read a study, and give what is found in it, by rule, the worst first.

    Args:
        folder: the study's folder.

    Returns:
        Of each rule its id and severity, how many findings it has, and the first of them: where and what, what to do,
        the record that is meant, and by what button of the page it is mended.
    """
    from kg import check
    from kg.loaders import study as loader

    try:
        loaded = loader.load(folder)
    except StudyError as e:
        return _by_rule(e.findings, {})
    records: dict[Place, list[Record]] = {}
    for record, place in loaded.places.items():
        records.setdefault(place, []).append(record)
    return _by_rule(check.quick(loaded), records)


def _by_rule(findings: Iterable[Finding], records: dict[Place, list[Record]]) -> list[dict[str, Any]]:
    def key(finding: Finding) -> tuple[int, str]:
        return SEVERITIES.index(finding.severity), finding.rule

    listed = sorted((one for one in findings if one.rule not in ELSEWHERE), key=lambda one: (*key(one), one))
    groups = []
    for (severity, rule), group in groupby(listed, key):
        some = [*group]
        first = [_told(one, records) for one in some[:SHOWN]]
        groups.append({"rule": rule, "severity": SEVERITIES[severity], "number": len(some), "first": first})
    return groups


def _told(finding: Finding, records: dict[Place, list[Record]]) -> dict[str, Any]:
    """Describe a finding."""
    record = _meant(finding, records.get((finding.file, finding.line), ()))
    return {
        "file": finding.file,
        "line": finding.line,
        "message": finding.message,
        "mend": finding.mend,
        "kind": record[0],
        "id": record[1],
        "way": _way(finding.rule, record[0]),
    }


def _meant(finding: Finding, there: Sequence[Record]) -> Record:
    """Return the record that a finding is about, of those that begin where it is; empty when none has a page."""
    paged = sorted((one for one in there if one[0] in KINDS), key=lambda one: KINDS.index(one[0]))
    named = (one for one in paged if f"'{one[1]}'" in finding.message)
    return next(named, paged[0] if paged else ("", ""))


def _way(rule: str, kind: str) -> str:
    """Return by what button of the page a finding is mended; empty when there is none."""
    from kg import lint

    if rule in lint.RULES:
        return "accept" if kind in ("line", "proposition") else ""
    return _WAYS.get(rule, "") if kind == "code" else ""


if __name__ == "__main__":
    serve({"look": lambda folder: look(Path(folder))})
