"""When something was, and where it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg import dates
from kg.asking.acting import show_evidence
from kg.asking.choice import Choice
from kg.asking.passages import tell
from kg.asking.people import name_origin
from kg.asking.scope import INTERVIEW, spoken
from kg.asking.ways import show_stage
from kg.language.tokens import tokens
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kg.asking.chooser import Chooser


_HELD = frozenset(token.key for token in tokens("interview interviewed conversation visit visited held recorded talk"))
"""Keys of words for what a source tells of, and that it was held."""
_OF_LINES = frozenset(token.key for token in tokens("evidence line support proof"))
"""Keys of words for evidence lines."""
_SINCE = re.compile(r"\b(?:since|from) (?:when|what|which)\b|[从自](?:什么时候|何时|哪年|哪一年)", re.IGNORECASE)
"""How it is asked since when something has been so."""
_BEGINS = re.compile(
    r"\b(?:since|from|as of|begin|began|begun|start\w*|launch\w*|open\w*|found\w*|went online)\b"
    "|[从自起]|以来|开始|上线|成立|推出",
    re.IGNORECASE,
)
"""What stands beside a date in a text that tells it."""
_SAID = re.compile(
    r"\b(?:said|say|argue\w*|claim\w*|point\w*|found|object\w*|doubt\w*|h[eo]ld)\b|指出|认为|提出|发现|有人"
)
"""How it is asked since when somebody has said so."""
_ONLY = re.compile(r"\bonly\b|只|仅")
"""How it is told that something holds in part."""
_OF_DATES = frozenset("did was were year date day month published founded began started".split())
"""Words by which a date is asked for."""
_OF_DATES_HAN = re.compile("[年月日天]|日期|上线|成立|发布|发表|开始|了")
"""The same in Chinese."""
_HELD_HAN = ("访谈", "采访", "受访", "录音", "座谈", "走访")
"""The same in Chinese."""


def _held(of: Chooser) -> Choice | None:
    """Tell the dates of all interviews, or of the sources of the cases, by their attributes; nothing without any."""
    roles = {row["source"]: row["role"] for row in of.study.run("sources").dicts() if row["role"] == "case"}
    wanted = (spoken(of, roles) if INTERVIEW.search(of.question.text) else ()) or tuple(roles)
    rows = [
        {"property": of.study.label("source", row["record"]), "value": row["value"]}
        for row in of.study.run("attributes").dicts()
        if row["kind"] == "source" and row["record"] in wanted and row["type"] == "date"
    ]
    return Choice("when", definition=tuple(rows), said=_told(rows, zh=of.question.language == "zh")) if rows else None


def tell_when(of: Chooser) -> Choice:
    """Find the passages that tell when; for a reference, coder or concept, its date."""
    asked = "origin" in of.question.cues or "published" in of.question.text.casefold()
    if asked and (origin := name_origin(of)):
        return replace(origin, operation="when")
    if _SINCE.search(of.question.text) and (choice := _since(of)):
        return choice
    limits = of.question.limits
    of_study = not (of.question.about or of.question.words)
    if of_study and "field" in of.question.cues and (choice := _held(of)):
        return choice
    texts = {token.text for token in tokens(of.question.text)}
    if of.topics and not (
        texts & _OF_DATES or limits.cases or limits.sources or _OF_DATES_HAN.search(of.question.text)
    ):
        choice = show_stage(of)
        if any(of.study.by_claim[claim]["stage"] for claim in choice.claims):
            # When something counts is told by the stage of what is claimed of it.
            return replace(choice, operation="when")
    for term in of.question.of("reference"):
        of.name_references([term.id])
    rows = of.attributes()
    if of.question.words or of.topics or not (of.question.of("reference") or rows):
        held = {token.key for token in tokens(of.question.text)} & _HELD or any(
            one in of.question.text for one in _HELD_HAN
        )
        days = [row for row in rows if dates.told(str(row["value"]))] if held else []
        # When a talk was held is told by what is said of its text.
        by_day = Choice("when", definition=rows, said=_told(days, zh=of.question.language == "zh")) if days else None
        if by_day and of.question.of("source"):
            return by_day
        told = tell(of, "when")
        if found := of.with_dates(told):
            told = replace(found, claims=of.resting_on(found, around=not told.is_nearest))
        first = [*of.quotes(told.excerpts), *(p.quote for p in told.paragraphs)][:1]
        since = _SINCE.search(of.question.text)
        if since and first and dates.told(first[0]) and not _BEGINS.search(first[0]):
            # The date of a text is not that since which something has been so.
            told = replace(told, is_nearest=True, told=False)
        if by_day and not since and told.is_nearest:
            return by_day
        if told.is_nearest and (dated := of.dated()):
            return Choice("when", excerpts=dated, definition=rows, told=True)
        return replace(told, definition=rows)
    if days := [row for row in rows if dates.told(str(row["value"]))]:
        return Choice("when", excerpts=of.dated(), definition=rows, said=_told(days, zh=of.question.language == "zh"))
    return Choice("when", excerpts=of.dated(), definition=rows, told=True)


def _since(of: Chooser) -> Choice | None:
    """Say since which year works have borne a claim out, denied or limited it; nothing where no work of a year does."""
    said = of.question.stance or ("qualifies" if _ONLY.search(of.question.text) else "")
    left = [span for span in of.matched.unknown if span in of.telling]
    if not (said or _SAID.search(of.question.text)) or not of.topics or left:
        # Of what is told in words that no claim has it is not known what bears it out.
        return None
    claims = of.claims()
    within = of.study.bearing
    years: dict[str, set[int]] = {}
    for claim in claims:
        for line in within.active(claim, said or "supports"):
            for key in {key for passage in line.passages for key in passage.references}:
                years.setdefault(key, set())
    issued = of.years(years)
    if not issued:
        return None
    first = min(issued.values())
    of.name_references(key for key, year in issued.items() if year == first)
    zh = of.question.language == "zh"
    apart = "、" if zh else "; "
    who = apart.join(label for (kind, _), (label, _) in of.named.items() if kind == "reference")
    ids, verb = apart.join(claims).replace(";", ","), word(said or "supports", of.question.language)
    told = f"{first} 年起:{who}({verb}{ids})。" if zh else f"Since {first}: {who} ({verb} {ids})."
    return Choice("when", claims, said=told)


def _told(rows: Sequence[Mapping[str, Any]], *, zh: bool) -> str:
    """Say in a sentence what attributes with a date are."""
    said = (";" if zh else "; ").join(f"{row['property']}{':' if zh else ': '}{row['value']}" for row in rows)
    return said + ("。" if zh else ".")


def tell_where(of: Chooser) -> Choice:
    """Find the passages with their places."""
    if "origin" in of.question.cues and (origin := name_origin(of)):
        return origin
    keys = {token.key for token in tokens(of.question.text)}
    limits = of.question.limits
    of_work = (limits.authors or limits.references) and not of.question.words
    if of.topics and of_work and any(map(of.has_lines, of.claims())):
        # What a work tells of something stands where its lines on it do.
        claims = tuple(filter(of.has_lines, of.claims()))
        lines = [line for claim in claims for line in of.study.bearing.active(claim)]
        excerpts = dict.fromkeys(passage.id for line in lines for passage in line.passages if of.is_within(passage.id))
        return Choice("where", claims, excerpts=tuple(excerpts), told=True)
    if found := of.of_works():
        # Where a work is quoted is told by the passages that cite it.
        return replace(found, operation="where", told=True)
    if of.topics and (keys & _OF_LINES or "证据" in of.question.text):
        # Where the evidence stands is told by the places of its lines.
        return replace(show_evidence(of), operation="where")
    told = tell(of, "where")
    if of.topics and told.is_nearest and any(of.study.by_claim[claim]["stage"] for claim in of.placed("subject")):
        # Where in the theory something has its place is told by the stage of what is claimed of it.
        return replace(show_stage(of), operation="where", is_nearest=False, excerpts=(), paragraphs=())
    return told
