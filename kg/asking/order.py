"""What a question tells otherwise than the theory: the reverse order of two things, or what no claim says of one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.asking.question import TURNED, Term
from kg.language.tokens import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from kg.asking.question import Question
    from kg.store.tables import Tables

PRECEDES = "precedes"
"""The cue that one thing comes before another."""
_ORDERING = frozenset("first begin begins beginning began start starts starting started".split())
"""Words by which an order is told, or the beginning of something."""
_WHEN_BEGINS = re.compile(r"\b(?:before|without|until|unless|after|once|as soon as)\b")
"""How it is told when something begins, and not what it begins with."""
_ADVERB = re.compile(r"^(?!.*\b(?:come|comes|coming|came|be|is|are|was|were|go|goes|the) first\b).*\bfirst\b[\s?.!]*$")
"""How "first" ends a sentence of what has to be done before all else: "must they trust the firm first"."""
_FIRST = re.compile(r"\b(?:come|comes|coming|came|be|is|are|was|were|go|goes) first\b", re.IGNORECASE)
"""How it is told that something comes before all else."""
_EITHER_FIRST = re.compile(
    r"\b(?:what|which|who)(?: of \w+ \w+)? (?:comes|came|is|was|happens|happened) first\b.*\bor\b"
)
"""How it is asked which of two things comes first."""
_WHAT_MAKES = re.compile(
    r"what (?:makes|made|would make|will make|turns|turned|gets|got|causes|caused) ", re.IGNORECASE
)
"""How it is asked what makes somebody do something."""
_AFTER = re.compile(
    r"\b(?:comes?|came|coming|happens?|happened|is|are|was|were) (?:only )?after\b|\blater than\b"
    "|后于|晚于|迟于|之后才?(?:有|出现)"
)
"""How it is told that the first of two things comes after the second."""
STOPPED = ("停", "中断", "断药", "放弃")
"""How the name of a thing begins in Chinese that is given up."""
_BEGINNING = frozenset("start starts starting started begin begins beginning began first initial trying try".split())
"""Words for how something begins."""
_PAST = re.compile(r"\b(?:after|beyond|past|once past) (?:the|that|their|its|his|her) ")
"""How it is told that a stage is over."""
_WITHIN_STAGES = frozenset("drivers verdict evidence effects advice claims".split())
"""Operations whose claims may be bound to a stage."""
_ASKING = ("cases", "references", "authors", "sources", "says", "evidence")
"""Operations that ask who or what tells that something is so."""


def agrees(question: Question, rows: Iterable[Mapping[str, Any]], cues: Mapping[str, frozenset[str]]) -> bool | None:
    """Say whether a question tells that X comes before Y as the theory does, or the reverse of what it claims.

    Args:
        question: the question as read.
        rows: the claims, each by the names of its columns.
        cues: by relation the cues that its names are.

    Returns:
        False for the reverse; None where the question tells no order, or the theory claims none of the two.
    """
    topics = tuple(term.id for term in question.of("concept"))
    if PRECEDES not in question.cues or len(topics) != 2:
        return None
    if _AFTER.search(fold(question.text)):
        topics = topics[::-1]
    ordered = {(row["subject"], row["object"]) for row in rows if PRECEDES in cues.get(row["relation"], ())}
    return True if topics in ordered else False if topics[::-1] in ordered else None


def ordered(question: Question, cues: Mapping[str, frozenset[str]]) -> Question:
    """Return a question in which words such as "first" and "begins" tell an order, where the theory claims one.

    They name no concept then, though one of the study is called so, and what comes first is claimed by a relation.

    Args:
        question: the question as read.
        cues: by relation the cues that its names are.
    """
    named = {concept for concept, text in question.called if text in _ORDERING}
    others = tuple(term for term in question.about if term.id not in named)
    number = sum(term.kind == "concept" for term in others) if question.language == "en" else 0
    text = fold(question.text)
    if number and (_WHEN_BEGINS.search(text) or _ADVERB.search(text)):
        # Of two things one of which is to "start" without the other, "start" is no third.
        question = replace(question, about=others)
    preceding = tuple(relation for relation, some in cues.items() if PRECEDES in some)
    if number > 1 and not preceding and _EITHER_FIRST.search(text):
        # Which of two things is first is asked, and nothing that is called a beginning.
        return replace(question, about=others, operation="relate", relations=())
    tells = named or (PRECEDES in question.cues and not question.relations) or _FIRST.search(question.text)
    if not (preceding and tells and any(term.kind == "concept" for term in others)) or question.language == "zh":
        return question
    return replace(
        question,
        about=others,
        relations=question.relations or preceding,
        cues=question.cues | {PRECEDES},
        words=tuple(span for span in question.words if span.text not in _ORDERING),
        said=tuple(span for span in question.said if span.text not in _ORDERING),
    )


def stage_order(tables: Tables) -> list[str]:
    """Return the stages that claims are bound to, in the order in which the theory's own text comes to them.

    Args:
        tables: the tables of a build.
    """
    rows = tables.sql(
        "SELECT stage FROM claims c LEFT JOIN assertion a ON a.claim = c.claim "
        "LEFT JOIN excerpt e ON e.id = a.excerpt WHERE stage IS NOT NULL "
        "GROUP BY stage ORDER BY min(e.source), min(e.start), stage"
    )
    stages = [stage for (stage,) in rows]
    named = tables.sql(
        "SELECT l.id, min(instr(lower(t.whole), lower(l.label))) FROM labels l JOIN sources s ON s.role = 'theory' "
        "JOIN source_text t ON t.source = s.source WHERE l.kind = 'concept' AND instr(lower(t.whole), lower(l.label)) "
        "GROUP BY l.id"
    )
    places = dict(named)
    # Where the text names all of them, it does so in their order.
    return sorted(stages, key=lambda one: places[one]) if {*stages} <= {*places} else stages


def staged(question: Question, stages: Sequence[str], names: Mapping[str, Sequence[str]]) -> Question:
    """Return a question about a stage that it tells in plain words: how something starts, or goes on after the first.

    Args:
        question: the question as read.
        stages: ids of the stages, in their order.
        names: all names of every stage.
    """
    if question.language != "en" or len(stages) < 2 or question.operation not in _WITHIN_STAGES:
        return question
    named = {*question.limits.stages, *(term.id for term in question.of("concept") if term.id in stages)}
    if named and _PAST.search(fold(question.text)):
        # "After the first season" is the stage that follows it, which may be named as well.
        first = min(map(stages.index, named))
        about = tuple(term for term in question.about if term.id not in named)
        later = stages[first + 1 : first + 2]
        return (
            replace(question, about=about, limits=replace(question.limits, stages=tuple(later))) if later else question
        )
    begins = any(_BEGINNING & {*name.lower().split()} for name in names.get(stages[0], ()))
    says = _BEGINNING & {token.text for token in tokens(question.text)}
    if named or len(stages) > 2 or not (begins and says and question.of("concept")):
        return question
    question = replace(question, words=tuple(span for span in question.words if span.text not in _BEGINNING))
    if question.operation == "verdict":
        # Whether it is so in that stage is asked.
        stage = Term(stages[0], "concept", names[stages[0]][0])
        return replace(question, about=(*question.about, stage))
    return replace(question, limits=replace(question.limits, stages=(stages[0],)))


def is_own_act(question: Question) -> bool:
    """Say whether it is asked why something does what is no relation of claims: "why do traders fight lanes".

    What acts on it is asked, and not what it acts on.

    Args:
        question: the question as read.
    """
    concepts = question.of("concept")
    if len(concepts) < 2:
        return False
    if _WHAT_MAKES.match(question.text):
        # "What makes residents accept a lane": the first is named with its verb, and nothing else is said to act.
        called = dict(question.called)
        return len(tokens(called.get(concepts[0].id, ""))) > 1 and not question.relations
    if not question.text.casefold().startswith(("why ", "how come ")):
        return False
    return not (question.relations or question.limits.cases or {"acts", "hinders", "promotes"} & question.cues)


def _of_stopped(
    question: Question, rows: Iterable[Mapping[str, Any]], cues: Mapping[str, frozenset[str]]
) -> str | None:
    """Return the stance of who says that one thing ends another (信任医生也会停药), by what is claimed of the two."""
    stopped = {concept for concept, text in question.called if text.startswith(STOPPED)}
    others = {term.id for term in question.of("concept")} - stopped
    told = {
        cue
        for row in rows
        if row["object"] in stopped and row["subject"] in others
        for cue in cues.get(row["relation"], ())
    } & {"promotes", "hinders"}
    return {"promotes": "opposes", "hinders": "supports"}[told.pop()] if len(told) == 1 else None


def _is_hindered(question: Question, rows: Iterable[Mapping[str, Any]], cues: Mapping[str, frozenset[str]]) -> bool:
    """Say whether all claims that join two things which a question names tell that one hinders the other."""
    topics = {term.id for term in question.of("concept")}
    joining = [row for row in rows if {row["subject"], row["object"]} <= topics]
    return bool(joining) and all("hinders" in cues.get(row["relation"], ()) for row in joining)


def turned(question: Question, rows: Iterable[Mapping[str, Any]], cues: Mapping[str, frozenset[str]]) -> Question:
    """Return a question with the stance that is asked for: who tells the reversed order opposes the theory's.

    Why traders are against something is told by all evidence on what acts on them.

    Args:
        question: the question as read.
        rows: the claims, each by the names of its columns.
        cues: by relation the cues that its names are.
    """
    if question.operation == "drivers" and is_own_act(question):
        return replace(question, stance=None)
    if TURNED in question.cues and _is_hindered(question, rows, cues):
        # Who is ashamed does not sign up: that is what a claim says which tells what hinders.
        return replace(question, stance=None)
    if question.operation not in _ASKING:
        return question
    if question.stance is None and (stance := _of_stopped(question, rows, cues)):
        return replace(question, stance=stance)
    agreed = agrees(question, rows, cues)
    if agreed is False:
        stance = {"supports": "opposes", "opposes": "supports", None: "opposes"}.get(question.stance, question.stance)
        return replace(question, stance=stance)
    if question.stance is None and question.operation == "cases" and agreed:
        return replace(question, stance="supports")
    return question
