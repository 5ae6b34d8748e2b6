"""What one record is: definitions, summaries, values of attributes."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from kg.asking.acting import show_evidence
from kg.asking.choice import Choice
from kg.asking.differing import differences
from kg.asking.finding import SHOWN
from kg.asking.meant import TOPICS
from kg.asking.narrowed import nearest_within
from kg.asking.passages import MOST_CODED, find_passages
from kg.asking.question import INTEREST, INTERESTS
from kg.asking.speaking import spoken
from kg.cjk import has_han
from kg.language.lexicon import ANYBODY
from kg.language.tokens import fold, is_common, tokens
from kg.store import fulltext
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.asking.chooser import Chooser
    from kg.asking.question import Term

_SAYS = re.compile(
    r"\b(?:say|says|said|tell|tells|told|write|writes|wrote|think|thinks|thought|argue|argues|argued|find|finds|found)\b"
    r"(?: \w+){0,3} (?:about|on|of)\b|怎么说|怎么看|怎么讲|如何看|说过|讲过|说到|讲到|提到|谈到"
)
"""How it is asked what somebody says of something."""
_DEFINED = 3
"""How many terms are defined at once."""
_OWN_WORDS = 1
"""How many words beside attributes may say whose they are, in Chinese: 签约病人最多的."""


def define(of: Chooser) -> Choice:
    """Say what a record is; find passages where it is none."""
    about = of.question.about
    if not about:
        return replace(find_passages(of), operation="define") if of.question.words else show_evidence(of)
    if all(term.kind in ("source", "author") for term in about) and not of.question.words:
        return replace(_with_naming(of, sum_up(of)), operation="define")
    if of.question.words and of.rarest() and (told := of.told()):
        # Someone or something that only sources name.
        return replace(told, operation="define")
    if of.topics and of.question.words and (foreign := of.foreign()):
        # The demand for bonds is another one.
        return Choice("define", of.of_stage(of.matched.claims), is_nearest=True, foreign=foreign)
    if about[0].kind in ("paragraph", "reference", "case"):
        return replace(sum_up(of), operation="define")
    about = of.topics or of.question.of("code", "coder") or about
    rows: list[dict[str, Any]] = []
    each = []
    for term in about[:_DEFINED]:
        own = defined(of, term)
        rows += own
        each += [f"{term.label}: {said}".rstrip("。.")] if (said := meaning(own)) else []
        of.name(term.kind, term.id, ", ".join(_in_other_language(of, term)))
    claims = of.of_stage(of.matched.claims) if about[0].kind == "concept" else ()
    coded = of.coded_as() if {term.kind for term in about} == {"code"} else []
    zh = of.question.language == "zh"
    both = ("；" if zh else "; ").join(each) + ("。" if zh else ".") if len(each) > 1 else ""
    return Choice("define", claims, excerpts=tuple(coded[:MOST_CODED]), definition=tuple(rows), said=both)


def _in_other_language(of: Chooser, term: Term) -> list[str]:
    """Return what a concept is called in the other language, the name that its own text gives it first."""
    names = of.study.names("concept", term.id) if term.kind == "concept" else ()
    return [name for name in names if has_han(name) != has_han(term.label)][:1]


def defined(of: Chooser, term: Term) -> list[dict[str, Any]]:
    """Return what the study says a concept, code or coder is, as rows of property and value."""
    if term.kind == "concept":
        others = [name for name in of.study.names("concept", term.id) if name != term.label]
        also = [{"property": "also", "value": ", ".join(others)}] if others else []
        return [*of.study.run("concept", concept=term.id).dicts(), *also]
    if term.kind == "code":
        return [
            {"property": row["property"], "value": row["value"]} for row in of.study.run("code", id=term.id).dicts()
        ]
    if term.kind == "coder":
        return [
            {"property": "definition", "value": row["note"] or row["name"]}
            for row in of.study.run("coders").dicts()
            if row["coder"] == term.id
        ]
    if term.kind in ("reference", "author"):
        written = [term.id] if term.kind == "reference" else of.written_by(term.id)
        marks = sorted(of.marks(written) & INTERESTS)
        return [{"property": "marked", "value": word(mark, of.question.language)} for mark in marks]
    return []


def meaning(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the definition among rows of property and value; empty for none.

    Args:
        rows: what the study says of a record.
    """
    return next((str(row["value"]) for row in rows if row["property"] == "definition"), "")


def meanings(of: Chooser, concepts: Iterable[Term]) -> Iterator[dict[str, Any]]:
    """Give what each of some concepts is, as rows of its label and its definition.

    Args:
        of: the chooser of the question.
        concepts: the concepts.
    """
    for term in concepts:
        if said := meaning(defined(of, term)):
            yield {"property": term.label, "value": said}


def introduced(of: Chooser, term: Term, said: str) -> str:
    """Return what an answer begins with that first tells what something is.

    Args:
        of: the chooser of the question.
        term: what it is about.
        said: its definition.
    """
    return f"{term.label}:{said}" if of.question.language == "zh" else f"{term.label}: {said} "


def sum_up(of: Chooser) -> Choice:
    """Sum up what the study has on one record."""
    about = of.question.about
    if not about:
        return show_evidence(of) if of.question.words or of.question.limits else Choice("summary", of.everything)
    term = about[0]
    rows = defined(of, term)
    for one in about:
        if one.kind == "reference" == term.kind:
            of.name_references([one.id])
        elif one.kind == term.kind:
            of.name(one.kind, one.id, of.written(one.id) if one.kind == "author" else "")
            rows += defined(of, one) if one.kind == "coder" and one != term else []
    if term.kind in TOPICS:
        shown = show_evidence(of)
        if not shown.claims and (said := meaning(rows)) and len(about) == 1 and not of.question.words:
            # What a concept is comes before that nothing is claimed of it.
            shown = replace(_of_silent(of, term, shown), lead=introduced(of, term, said))
        return replace(shown, operation="summary", definition=tuple(rows))
    if term.kind == "code":
        claims = of.of_stage(of.matched.claims)
        ids = of.study.tables.sql(
            "SELECT excerpt FROM coded WHERE code = :code ORDER BY place LIMIT :n", code=term.id, n=SHOWN
        )
        return Choice("summary", claims, excerpts=tuple(i for (i,) in ids), definition=tuple(rows))
    if term.kind == "paragraph":
        return Choice("summary", excerpts=of.in_paragraph(term))
    if term.kind == "source" and (turns := spoken(of, term.id)):
        return turns
    if of.question.words and (told := of.told()):
        return replace(told, operation="summary", definition=(*rows, *of.attributes()))
    says = _SAYS.search(fold(of.question.text))
    if says and of.matched.unknown and of.telling and (found := nearest_within(of)):
        # What somebody says of something is told by passages, and not by who it is.
        of.named.clear()
        return found
    claims = tuple(claim for claim in of.of_stage(of.everything) if of.has_lines(claim)) if of.question.limits else ()
    refused = {one.id for one in of.question.excluded}
    ends = ("claim", "subject", "object")
    claims = tuple(c for c in claims if not refused & {of.study.by_claim[c][end] for end in ends})
    lead = _interest(rows, of.question.language) if INTEREST in of.question.cues else ""
    limits = of.question.limits
    if not claims and limits.cases and (limits.references or limits.authors):
        lead += _cites_none(of)
    if not claims and term.kind == "author":
        return _with_naming(of, Choice("summary", definition=tuple(rows), lead=lead))
    further = _beside_evidence(of, claims) if term.kind in ("source", "reference", "author") else ()
    rows = [*rows, *of.attributes(), *differences(of)]
    return Choice("summary", claims, definition=tuple(rows), lead=lead, excerpts=further)


def _of_silent(of: Chooser, term: Term, found: Choice) -> Choice:
    """Leave out the passages that have only words of the name of a concept of which nothing is claimed."""
    if found.coded:
        return found
    hits = fulltext.find(of.study.tables, term.label, ("passage",), SHOWN)
    name = fold(term.label)
    own = tuple(p.id for p in of.quoted(hit.id for hit in hits) if name in fold(p.quote))
    return replace(found, excerpts=own, paragraphs=())


def _beside_evidence(of: Chooser, claims: Iterable[str]) -> tuple[str, ...]:
    """Return the coded passages of a work or source that are evidence on none of some claims."""
    shown = {p.id for claim in claims for line in of.study.bearing.active(claim) for p in line.passages}
    return tuple(key for key in of.narrowed if key not in shown)[:SHOWN]


def _with_naming(of: Chooser, choice: Choice) -> Choice:
    """Add to an answer on somebody the passages and paragraphs that have the name by which the question calls them."""
    name = _name_in(of)
    hits = fulltext.find(of.study.tables, name, ("passage", "paragraph"), SHOWN) if name else []
    hits = [hit for hit in hits if hit.all_words]
    excerpts = tuple(hit.id for hit in hits if hit.kind == "passage")
    paragraphs = of.paragraphs([hit.id for hit in hits if hit.kind == "paragraph"])
    return replace(choice, excerpts=excerpts or choice.excerpts, paragraphs=tuple(paragraphs))


def _name_in(of: Chooser) -> str:
    """Return the words of the question that stand in the label of what it is about."""
    labels = [term.label for term in of.question.about]
    if of.question.language == "zh":
        asked = fold(of.question.text)
        parts = [SequenceMatcher(None, asked, fold(one), autojunk=False).find_longest_match() for one in labels]
        return next((asked[part.a : part.a + part.size] for part in parts if part.size > 1), "")
    own = {token.text for label in labels for token in tokens(label)}
    texts = (token.text for token in tokens(of.question.text))
    return " ".join(text for text in texts if text in own and not is_common(text))


def _cites_none(of: Chooser) -> str:
    """Say in a sentence that nothing which cites the works of the question is evidence from its cases."""
    zh = of.question.language == "zh"
    names = ("、" if zh else ", ").join(of.study.label("case", case) for case in of.question.limits.cases)
    return f"{names}没有引用它的证据。" if zh else f"No evidence from {names} cites it. "


def _interest(rows: list[dict[str, Any]], language: str) -> str:
    """Say in a sentence whether a work is marked as one of somebody with an interest in what it tells."""
    marks = ("、" if language == "zh" else ", ").join(row["value"] for row in rows if row["property"] == "marked")
    if language == "zh":
        return f"它标记为{marks}。" if marks else "研究没有标记它出自有利害关系的一方。"
    return f"It is marked: {marks}. " if marks else "The study marks no interest of its makers. "


def offer_help(_: Chooser) -> Choice:
    """Say what can be asked."""
    return Choice("help", is_nearest=True)


def _is_called(of: Chooser) -> bool:
    """Say whether the one unknown word is what cases are called: which cafés are in villages."""
    asked = [token.text for token in tokens(of.question.text)]
    words = [span.text for span in of.question.words]
    return bool(of.question.chosen) and asked[:1] in (["which"], ["what"]) and words == asked[1:2]


def name_by_attributes(of: Chooser) -> Choice | None:
    """Name the records that are chosen by values of attributes, or tell the values; nothing where more is asked."""
    question = of.question
    words = [span for span in question.words if not {*span.text.split()} <= ANYBODY]
    compared = question.operation == "compare" and len(question.limits.cases) > 1
    if (
        of.topics
        or compared
        or question.relations
        or "claims" in question.asked
        or (question.stance and not question.chosen)
        or len(words) > _OWN_WORDS
        or (words and not (_is_called(of) or (question.language == "zh" and (question.chosen or question.attributes))))
        or {"why", "say", "says", "tell", "tells", "show", "shows", "think"} & {*question.text.casefold().split()}
    ):
        return None
    if question.chosen and "evidence" not in question.asked and all(one.note for one in question.chosen):
        for one in question.chosen:
            of.name(one.kind, one.id, one.note)
        return Choice("sources" if question.chosen[0].kind == "source" else "cases")
    if not question.attributes or (question.chosen and "evidence" in question.asked):
        return None
    records = [(t.kind, t.id) for t in question.of("case", "source")]
    cases = {t.id for t in question.of("case")}
    records += [("source", source) for source, case in of.study.tables.cases.items() if case in cases]
    if not records:
        records = [(kind, key) for kind in ("case", "source") for key in of.study.ids(kind)]
    rows = [row for row in of.study.run("attributes").dicts() if row["attribute"] in question.attributes]
    for row in rows:
        if (row["kind"], row["record"]) in records:
            label = (row["label_zh"] if question.language == "zh" else "") or row["label"]
            of.name(row["kind"], row["record"], f"{label}: {row['value']}")
    kinds = {kind for kind, _ in of.named}
    return Choice("cases" if "case" in kinds else "sources") if of.named else None
