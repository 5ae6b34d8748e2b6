"""What a question means where its words do not surely tell: the claim, lines, passages, open question nearest to it.

An encoder of sentences tells how near they are (:mod:`kg.asking.meaning`). What the words of a question surely name
comes before it: it is asked where words are left over, or parts of names were taken for the whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kg.asking import matching, operations
from kg.asking.choice import Choice
from kg.asking.question import ACTING, Term
from kg.ids import source_of
from kg.language.tokens import fold

if TYPE_CHECKING:
    from kg.asking.choice import Study
    from kg.asking.chooser import Chooser
    from kg.asking.meaning import Meaning
    from kg.asking.question import Question
    from kg.bearing import Claim
    from kg.claims import Line

_LINES = frozenset("verdict evidence effects drivers cases says references relate advice compare find sources".split())
"""Operations that the evidence lines nearest to a question answer further."""
_TELLING = _LINES | {"when", "where", "summary", "define"}
"""Operations that may ask what a claim or a passage tells in other words."""
_OF_ONE = ("verdict", "evidence")
"""Operations of which the words may lead to another claim than is meant."""
_NEAR = 0.5
"""How surely a claim is meant at least that is told as the nearest (0 to 1)."""
_SURE = 0.75
"""How surely one is meant at least that takes the place of what the words lead to."""
_PASSAGE = {"en": 0.4, "zh": 0.55}
"""How near a passage is at least that is shown as one of the nearest (cosine)."""
_SAME = {"en": 0.5, "zh": 0.62}
"""How near an open question is at least that may be what is asked, or what the theory says of itself."""
_BESIDE = 0.1
"""How much nearer it is at least where a claim has words of the question."""
_FAR = 0.1
"""How much nearer than every claim it is at least where claims seem to answer."""
_OF_SOURCE = ("drivers", "effects", "evidence", "find")
"""Operations that may ask for what a source tells beside the claims."""
_OF_CLAIMS = ("verdict", "evidence", "advice", "summary", "drivers", "effects")
"""Operations whose answer may be claims on something near."""
_LINE = {"en": 0.35, "zh": 0.5}
"""How near a line is at least that is told as the closest."""
_IN_SOURCE = {"en": 0.2, "zh": 0.4}
"""The same of passages of the one source that is asked."""
_CLOSEST = 2
"""How many lines are told as the closest."""
_SEVERAL = 3
"""How many passages there are at least, if the closest of them are told."""
_CLAIMS = 4
"""On how many claims at most their closest lines are told."""
_MANY = 400
"""How many lines are compared at most."""
_FIRST = 3
"""How many passages are put first that are nearest in meaning."""
_SHOWN = 5
"""How many passages are shown with them."""


def refined(of: Chooser, choice: Choice, meaning: Meaning) -> tuple[Question, Choice]:
    """Choose by what a question means, where its words do not surely tell what is asked.

    Args:
        of: the chooser of the question as read by its words.
        choice: what answers it by its words.
        meaning: what the texts of the study in the language of the question mean.

    Returns:
        The question and the choice, as they were or as they are meant.
    """
    question, study = of.question, of.study
    if not _is_doubtful(question, choice):
        return question, choice
    if told := _told_in_source(of, choice, meaning):
        return question, told
    if choice.nothing_on and not choice.claims and _is_setting(choice.nothing_on, study):
        # What the whole study is about is no matter on which nothing is claimed.
        choice = replace(choice, is_nearest=True, nothing_on=(question.text.strip(),))
    if choice.is_nearest or not (choice.claims or choice.named or choice.excerpts or choice.paragraphs):
        return question, _nearest(of, choice, meaning)
    if question.of("concept") and not question.is_partial:
        return question, choice
    if question.words and not choice.told and (lead := _led(of, meaning)):
        # What is left open, or of what the theory does not speak, is no matter of claims that share some words.
        text = question.text.strip()
        return question, replace(choice, lead=lead, is_nearest=True, nothing_on=(text,), contrary=False, joint=True)
    if question.operation not in _OF_ONE:
        return question, choice
    near = meaning.nearest(question.text)
    if near is None or near.sure < _SURE or near.claim in choice.claims:
        return question, choice
    meant = replace(
        question, about=(Term(near.claim, "proposition", study.label("proposition", near.claim)),), words=(), said=(),
        sides=(), within=(), beside=(), called=(), is_partial=False, relations=(), by_meaning=True,
    )  # fmt: skip
    return meant, operations.choose(meant, matching.match(meant, study.lexicon, study.kinds, study.setting), study)


def closest(of: Chooser, claims: tuple[Claim, ...], meaning: Meaning) -> tuple[Line, ...]:
    """Return the evidence lines on some claims that are nearest to a question which says more than names.

    Args:
        of: the chooser of the question as read by its words.
        claims: the claims that answer it, with what bears on them under its limits.
        meaning: what the texts of the study in the language of the question mean.
    """
    question = of.question
    if question.operation not in _LINES or not 0 < len(claims) <= _CLAIMS or not of.telling:
        return ()
    if sum(sum(claim.tally.values()) for claim in claims) > _MANY:
        return ()
    by_passage: dict[str, Line] = {}
    for claim in claims:
        for line in claim.of(question.stance) if question.stance else claim.lines:
            for passage in line.passages:
                by_passage.setdefault(passage.id, line)
    if len(by_passage) < _SEVERAL:
        return ()
    ranked = meaning.ranked(question.text, by_passage)[:_CLOSEST]
    return tuple(dict.fromkeys(by_passage[key] for key, near in ranked if near >= _LINE[question.language]))


def _told_in_source(of: Chooser, choice: Choice, meaning: Meaning) -> Choice | None:
    """Choose the passages of the one source that a question names which are nearest, where it names nothing else."""
    question = of.question
    kinds = {term.kind for term in question.about}
    asks = question.operation in _OF_SOURCE and question.words and not choice.told
    if kinds != {"source"} or len(question.about) > 1 or not asks:
        return None
    (source,) = question.about
    own = [key for key in meaning.passages if source_of(key) == source.id]
    first = [key for key, near in meaning.ranked(question.text, own)[:_FIRST] if near >= _IN_SOURCE[question.language]]
    return Choice(question.operation, of.bearing_on(first[:1]), excerpts=tuple(first), told=True) if first else None


def _led(of: Chooser, meaning: Meaning) -> str:
    """Tell the open question, or what the theory says of itself, if it is far nearer than every claim; else nothing."""
    if of.question.operation not in _OF_CLAIMS:
        return ""
    if asked := _left_open(of, meaning, _BESIDE, _FAR):
        return operations.told_open(asked, of.question.language)
    return _of_itself(of, meaning, _BESIDE, _FAR)


def _is_doubtful(question: Question, choice: Choice) -> bool:
    """Say whether the words of a question may mean something else than what answers it."""
    if question.operation not in _TELLING or question.of("proposition") or question.excluded:
        return False
    if choice.said or choice.lead or choice.coded or choice.definition or choice.number is not None:
        return False
    # Who the whole study is about may be named by what something else is told of: "what drives doctors away".
    untold = bool(choice.nothing_on) and bool(question.cues & ACTING)
    return bool(question.words) or question.is_partial or not question.of("concept") or untold


def _is_setting(names: tuple[str, ...], study: Study) -> bool:
    """Say whether things are named in the study's title."""
    return all(fold(name) in study.title for name in names)


def _nearest(of: Chooser, choice: Choice, meaning: Meaning) -> Choice:
    """Choose what is nearest in meaning, where the words of a question lead to no answer."""
    question = of.question
    near = meaning.nearest(question.text)
    if near and near.sure >= _NEAR:
        lacking = choice.foreign or tuple(text for text in choice.nothing_on if text != question.text.strip())
        return replace(
            choice, claims=(near.claim,), is_nearest=True, by_meaning=True, foreign=lacking, nothing_on=(), excerpts=(),
            paragraphs=(), told=False, named=(), contrary=False, joint=True, elsewhere=False,
        )  # fmt: skip
    if not choice.claims:
        ranked = meaning.ranked(question.text, filter(of.is_within, meaning.passages))[:_FIRST]
        first = [key for key, value in ranked if value >= _PASSAGE[question.language]]
        others = [key for key in choice.excerpts if key not in first]
        choice = replace(choice, excerpts=(*first, *others)[: max(_SHOWN, len(choice.excerpts))])
        if lead := _of_itself(of, meaning):
            return replace(choice, lead=lead)
    if asked := _left_open(of, meaning, _BESIDE if choice.claims else 0.0):
        return replace(choice, lead=operations.told_open(asked, question.language), questions=(asked,))
    return choice


def _of_itself(of: Chooser, meaning: Meaning, more: float = 0.0, far: float = 0.0) -> str:
    """Tell what the theory's own text says and claims nowhere, as of what it does not speak, if that is nearest.

    Args:
        of: the chooser of the question.
        meaning: what the texts of the study mean.
        more: how much nearer it must be than where nothing else answers.
        far: how much nearer it must be than every claim.
    """
    near = meaning.ranked(of.question.text, meaning.of_theory)[:1]
    if not near or not _is_near(near[0][1], of.question, meaning, more, far):
        return ""
    (passage,) = of.quoted([near[0][0]])
    quote = " ".join(passage.quote.split())
    return f"理论自己说:“{quote}” " if of.question.language == "zh" else f"The theory says of itself: “{quote}” "


def _left_open(of: Chooser, meaning: Meaning, more: float = 0.0, far: float = 0.0) -> dict[str, Any] | None:
    """Return the open question that is nearest, if it is near enough; as for :func:`_of_itself`."""
    near = meaning.nearest_open(of.question.text)
    if near is None or not _is_near(near[1], of.question, meaning, more, far):
        return None
    return next(row for row in of.study.run("open-questions").dicts() if row["question"] == near[0])


def _is_near(near: float, question: Question, meaning: Meaning, more: float, far: float) -> bool:
    """Say whether something is near enough to a question, and nearer than every claim."""
    return near >= max(_SAME[question.language] + more, meaning.claimed(question.text) + far)
