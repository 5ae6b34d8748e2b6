"""Every error a user can meet, in one tree.

KGError
├── StudyError          the study folder has findings that forbid a build (exit 2)
├── UnknownTerm         a word, id or query name that the graph does not have (exit 2)
├── QueryRefused        a query that is not read only, or not valid (exit 2)
├── QueryLimit          a query ran past its time limit (exit 3)
└── StoreUnavailable    there is no readable graph (exit 3)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    r"""State one broken rule, where it is broken and how to mend it.

    Args:
        file: path inside the study folder, with forward slashes.
        line: line in that file, 1-based; 0 when the file as a whole is meant.
        rule: id of the rule, documented in docs/rules.md.
        message: what is wrong, in one sentence.
        mend: what the person can do about it.
        severity: ``error`` forbids a build; ``warning`` and ``note`` do not.

    Example:
        >>> str(Finding("study.yaml", 3, "unknown-key", "unknown key 'tilte'", "did you mean 'title'?"))
        "study.yaml:3: error: unknown key 'tilte' [unknown-key]\n    did you mean 'title'?"
    """

    file: str
    line: int
    rule: str
    message: str
    mend: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{where}: {self.severity}: {self.message} [{self.rule}]"
        return f"{text}\n    {self.mend}" if self.mend else text


class KGError(Exception):
    """Be the base of every error this package raises on purpose."""

    exit_code = 2


class StudyError(KGError, ValueError):
    """Say all that is wrong with a study folder.

    Args:
        findings: every finding of severity ``error``, in file and line order.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__(findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class UnknownTerm(KGError, LookupError):
    """Say that a word or id is not in the graph, and which ones come close.

    Args:
        word: what was asked for.
        kind: what it should have been, such as ``concept`` or ``query``.
        suggestions: the nearest right things, best first.
    """

    def __init__(self, word: str, kind: str, suggestions: Sequence[str] = ()) -> None:
        self.word, self.kind, self.suggestions = word, kind, tuple(suggestions)
        super().__init__(word, kind)

    def __str__(self) -> str:
        text = f"no {self.kind} is called '{self.word}'"
        if self.suggestions:
            text += "; did you mean " + " or ".join(f"'{s}'" for s in self.suggestions) + "?"
        return text


class QueryRefused(KGError, ValueError):
    """Say why a query was not run."""


class QueryLimit(KGError, TimeoutError):
    """Say that a query ran past its time limit."""

    exit_code = 3


class StoreUnavailable(KGError, OSError):
    """Say that there is no graph to read, and how to make one."""

    exit_code = 3
