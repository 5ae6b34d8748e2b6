"""Every error a user can meet, in one tree.

KGError
├── StudyError          the study folder has findings that forbid a build (exit 2)
├── UnknownTerm         a word, id or query name that the graph does not have (exit 2)
├── QueryRefused        a query that is not read only, or not valid (exit 2)
├── QueryLimit          a query ran past its time, its memory or its size (exit 3)
├── StoreUnavailable    there is no readable graph (exit 3)
└── ServerUnavailable   a property graph server does not answer, or cannot do what is asked (exit 3)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

SHOWN = 20
"""Findings of one rule that a person is shown."""
SEVERITIES = ("error", "warning", "note")
"""The worst first."""
RULES: dict[str, str] = {
    "anchor-not-coded": "The anchor of a code is no passage with that code.",
    "arrangement-incomplete": "An arrangement names a record that is not in the study.",
    "assertion-outside-theory": "Only the theory's own text asserts.",
    "attribute-value": "A value of an attribute is not of the attribute's type.",
    "broken-archive": "A zip file cannot be read.",
    "broken-database": "An SQLite file cannot be read.",
    "broken-document": "A document cannot be read, or only in part.",
    "broken-json": "A file is not valid JSON.",
    "broken-places": "The places of a source cannot be read, or are those of another text.",
    "broken-table": "A table cannot be read.",
    "broken-xml": "A file is not valid XML, or has a document type.",
    "broken-yaml": "A file is not valid YAML.",
    "code-undefined": "A code has no definition.",
    "code-unused": "A code was never given, nor any narrower one.",
    "copy-of-study": "An imported project is an edited copy of the very study that it goes into.",
    "cut-mid-word": "A quote begins or ends inside a word or a character.",
    "cyclic-broader": "Broader leads back to where it began.",
    "document-left-out": "A part of a document is not in its text, such as hidden text.",
    "duplicate-id": "Two records of a kind have one id.",
    "duplicate-key": "A mapping has a key twice.",
    "empty-file": "A file has no content.",
    "file-not-read": "A file lies in the study's folder and is no part of it.",
    "file-too-big": "A file, or a text in it, is bigger than what is read.",
    "import-conflict": "A file was edited by hand and has changed in a newer import, too.",
    "interviewer-as-evidence": "The words of an interviewer are used as evidence.",
    "invalid-value": "A value is not of the kind its schema asks for.",
    "line-disputed": "Coders judge an evidence line otherwise, and nobody has settled it.",
    "line-without-id": "Evidence lines have no id in their file, so that a correction gives them another.",
    "locator-differs": "Two entries of one passage say that it stands at different places of its document.",
    "locator-elsewhere": "The place of a passage is given where another source quotes it.",
    "locator-not-read": "Words that may be a place in a publication, such as a page, cannot be read as one.",
    "locked-document": "A document is locked with a password.",
    "memo-without-code": "The memo of a passage without a code is in no graph: it belongs to no coding.",
    "missing-file": "A file that is listed is not there.",
    "name-not-portable": "A file of a study has a name that another system cannot hold beside the others.",
    "newer-format": "A study has a newer format than this version reads.",
    "no-study": "A folder has no study.yaml.",
    "not-an-orcid": "An ORCID iD has another form, or its check digit does not fit.",
    "not-csl-json": "An item of references.json is not CSL-JSON.",
    "not-upgraded": "A file is written in a way that kg upgrade cannot change surely.",
    "nul-byte": "A text file contains a NUL byte.",
    "one-reference": "Most evidence lines of a claim rest on one reference.",
    "original-differs": "A document is not the one that its text was read from.",
    "original-edited": "The file that a source was made of is another one now.",
    "outside-study": "A path leads out of the study folder.",
    "page-without-text": "A page of a PDF has drawings and no text.",
    "paragraph-uncoded": "Labelled paragraphs of a source have neither a code nor a memo that says why not.",
    "passage-both-ways": "One coder supports and opposes a claim with one passage.",
    "passage-without-subject": "A passage begins with a pronoun or in mid-sentence, and lacks its subject.",
    "proposition-without-evidence": "No active evidence line bears on a proposition, and no search looked for one.",
    "quote-ambiguous": "A quote stands in its source more than once.",
    "quote-not-found": "A quote is not in its source.",
    "quote-not-in-body": "A quote stands only in a title, heading, label or citation.",
    "quote-not-in-source": "An excerpt of the graph is not what its source file holds at its position.",
    "quote-unconfirmed": "An imported passage is not what its source holds, until a person confirms it.",
    "rationale-against-stance": "The rationale of an evidence line runs against its stance.",
    "recognised-text": "A machine recognised the text of a scanned page.",
    "reference-not-formatted": "A part of a reference cannot be written in a citation style.",
    "reference-uncited": "No source and no passage rests on a reference.",
    "right-to-left": "The letters of a page in Arabic or Hebrew may come in the wrong order.",
    "scanned-page": "A page of a PDF is a picture without text.",
    "settled-twice": "Two readings settle one evidence line.",
    "shape": "The graph breaks a SHACL shape of ontology/shapes.ttl.",
    "source-bom": "A source begins with a byte order mark.",
    "source-crlf": "A source has CR line ends.",
    "source-edited": "A source was edited after its digest was written down.",
    "source-exists": "A file is in the study already.",
    "source-uncoded": "No passage of a source is coded.",
    "strong-on-few-words": "A strong evidence line quotes fewer than five words.",
    "superseded-by-nothing": "A superseded evidence line names no successor.",
    "theory-as-evidence": "The theory's own text is used as evidence for it.",
    "uncited-left-out": "Passages without a publication were left out, as study.yaml says.",
    "undated-status": "A withdrawn or superseded evidence line has no day or reason.",
    "unfinished-reading": "A reading of an evidence line lacks its strength, or what settles it a reason.",
    "unknown-attribute": "An id of an attribute does not exist.",
    "unknown-case": "An id of a case does not exist.",
    "unknown-code": "An id of a code does not exist.",
    "unknown-coder": "An id of a coder does not exist.",
    "unknown-column": "A table lacks a column that is needed.",
    "unknown-concept": "An id of a concept does not exist.",
    "unknown-format": "No loader reads such a file.",
    "unknown-key": "A mapping has a key that its schema does not have.",
    "unknown-line": "An id of an evidence line does not exist.",
    "unknown-mark": "A reference has a mark that is not one of company, promotional, unlinked.",
    "unknown-ontology": "A study names an ontology that does not ship.",
    "unknown-paragraph": "A source has no paragraph of that label.",
    "unknown-proposition": "An id of a proposition does not exist.",
    "unknown-reference": "A key of a reference does not exist.",
    "unknown-relation": "An id of a relation does not exist.",
    "unknown-source": "An id of a source does not exist.",
    "unmapped-glyphs": "The fonts of a page do not say which characters its glyphs are.",
    "unknown-speaker": "A role is given to a label by which nobody speaks.",
    "unpinned-source": "A source has no digest, so that an edit would go unseen.",
    "unreadable-file": "A file cannot be read or written.",
    "unsafe-archive": "A zip file has a member that leads out of it, is a link, is encrypted, or unpacks to too much.",
    "wrong-encoding": "A file is not UTF-8.",
    "wrong-suffix": "A document is of another format than its name says.",
}
"""Every rule and what breaks it."""


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    r"""One broken rule, where it is broken and how to mend it.

    Args:
        file: path inside the study folder, with forward slashes.
        line: line in that file, 1-based; 0 when the file as a whole is meant.
        rule: id of the rule, one of :data:`RULES`.
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

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise KeyError(self.rule)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{where}: {self.severity}: {self.message} [{self.rule}]"
        return f"{text}\n    {self.mend}" if self.mend else text


def closest(word: str, right: Iterable[str], most: int = 3, least: int = 72) -> list[str]:
    """Return the right words that come near a wrong one, best first.

    Args:
        word: what was written.
        right: what would have been right.
        most: how many are given at most.
        least: how near they are at least, of 100.

    Example:
        >>> closest("transprency", ["trust", "Transparency"])
        ['Transparency']
        >>> closest("cvs", ["csl-json", "csv"])[0]
        'csv'
    """
    from rapidfuzz import fuzz, process, utils
    from rapidfuzz.distance import OSA

    some, meant = sorted(set(right)), utils.default_process(word)
    close = process.extract(
        word, some, scorer=fuzz.WRatio, processor=utils.default_process, limit=most, score_cutoff=least
    )
    # Two letters that changed places are much of a short word, and the likeliest slip of all.
    swapped = [
        name
        for name in some
        if sorted(other := utils.default_process(name)) == sorted(meant) and OSA.distance(meant, other) <= 1
    ]
    return list(dict.fromkeys([*swapped, *(name for name, _, _ in close)]))[:most]


def near(word: str, right: Collection[str], kind: str) -> str:
    """Suggest the nearest right thing.

    Args:
        word: what was written.
        right: what would have been right.
        kind: what these are called.

    Returns:
        A sentence.
    """
    if best := closest(word, right, most=1, least=60):
        return f"did you mean '{best[0]}'?"
    some = sorted(right)[:8]
    return (
        f"{kind} is one of: {', '.join(some)}{' …' if len(right) > len(some) else ''}"
        if some
        else f"there is no {kind.removeprefix('a ')} yet"
    )


def listing(findings: Iterable[Finding]) -> str:
    """Write findings for a person: the worst first, then by file and line, of one rule the first :data:`SHOWN`.

    Args:
        findings: in any order.

    Example:
        >>> codes = [Finding("codebook.yaml", n, "code-unused", f"the code '{n}' was never given") for n in range(23)]
        >>> print(listing(codes).splitlines()[-1])
        and 3 more [code-unused]
    """
    shown: list[str] = []
    counts: Counter[tuple[str, str]] = Counter()
    # Of findings on one line those come first that say how to mend it.
    for finding in sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.file, f.line, not f.mend, f)):
        counts[finding.severity, finding.rule] += 1
        if counts[finding.severity, finding.rule] <= SHOWN:
            shown.append(str(finding))
    return "\n".join([*shown, *(f"and {n - SHOWN:,} more [{rule}]" for (_, rule), n in counts.items() if n > SHOWN)])


class RecordFinding(NamedTuple):
    """A finding about a record, before the place of its entry is known.

    Args:
        kind: of the record.
        id: of the record.
        rule: what it breaks.
        message: what is wrong.
        mend: what to do.
    """

    kind: str
    id: str
    rule: str
    message: str
    mend: str

    def placed(self, places: Mapping[tuple[str, str], tuple[str, int]], severity: str = "warning") -> Finding:
        """Return the finding at the place of the record's entry.

        Args:
            places: file and line of each record, by kind and id.
            severity: as that of :class:`Finding`.
        """
        return Finding(*places[self.kind, self.id], self.rule, self.message, self.mend, severity)


class KGError(Exception):
    """The base of every error that this package raises on purpose."""

    exit_code = 2


class StudyError(KGError, ValueError):
    """The findings of all that is wrong with a study folder.

    Args:
        findings: every finding of severity ``error``, in file and line order.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__(findings)

    def __str__(self) -> str:
        return listing(self.findings)


class UnknownTerm(KGError, LookupError):
    """A word or id that is not in the graph, with those that come close.

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


class EditRefused(KGError, ValueError):
    """A change of a study that was not made, and what to do instead.

    Args:
        why: why not.
        mend: what to do.
        places: files and lines that speak against it.
    """

    def __init__(self, why: str, mend: str = "", places: Sequence[str] = ()) -> None:
        self.why, self.mend, self.places = why, mend, tuple(places)
        super().__init__(why)

    def __str__(self) -> str:
        more = f"and {len(self.places) - SHOWN:,} more" if len(self.places) > SHOWN else ""
        return "\n    ".join(filter(None, [self.why, *self.places[:SHOWN], more, self.mend]))


class QueryRefused(KGError, ValueError):
    """A query that was not run, and why."""


class QueryLimit(KGError, TimeoutError):
    """A query that ran past its time, its memory or its size."""

    exit_code = 3


class StoreUnavailable(KGError, OSError):
    """The lack of a graph to read, and how to make one."""

    exit_code = 3


class ServerUnavailable(KGError, ConnectionError):
    """A property graph server that cannot be used, and what to check."""

    exit_code = 3


def refuse(file: str, rule: str, message: str, mend: str = "", line: int = 0) -> NoReturn:
    """Refuse a file.

    Args:
        file: how a person calls it, with the member inside it where there is one.
        rule: one of :data:`RULES`.
        message: what is wrong.
        mend: what can be done.
        line: line in the file, 1-based; 0 when the whole is meant.

    Raises:
        StudyError: always.
    """
    raise StudyError([Finding(file, line, rule, message, mend)])
