"""What a question asks of a study as a whole, known by the questions of others that it is most like."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.asking.alone import AT_BEST
from kg.asking.passages import QUOTED
from kg.asking.patterns import EVERY_LINE, UNUSED
from kg.asking.question import CHOOSING, DRIVERS, EITHER, LOWERED, MARKS, REFUTED, SURENESS, UNPUBLISHED
from kg.asking.sentence import NOT_RECORDS
from kg.cjk import has_han
from kg.claims import STRENGTHS
from kg.language.lexicon import PART, function_words
from kg.language.shipped import table
from kg.language.tokens import fold, is_common, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.asking.question import Question
    from kg.asking.sentence import Sentence
    from kg.language.tokens import Token

_SMOOTHING = 0.2
"""How often each purpose is thought to have had a word that it never had."""
_SURE = 2.5
"""By how much one purpose must be likelier than all others (natural logarithm of the odds)."""
_SURER = 5.0
"""By how much where a word of the question may be a part of a name of the study, or it asks for causes and effects."""
_NAME, _NAME_HAN = 2, 4
"""How many words, or characters, name a concept surely."""
_LEAST, _LEAST_HAN = 3, 5
"""How many words, or characters, tell what is meant."""
_DENIES = re.compile(
    r"\b(?:no|not|never|nobody|nothing|none|neither|nor|without|lack\w*|zero|nil|un\w+|free|fail\w*|hardly|cannot|bare|"
    r"missing|absent|empty|escapes?)\b|n['’]t\b|[没无未不缺非零空]"
)
"""Words that say that something is not there."""
_KNOWN = 0.85
"""How many of the words must stand in the questions of others, in Chinese of the characters."""
_UNSURE_NAMES = ("code", "concept", "relation", "stage", "attribute")
"""Kinds of records that are called by words which stand in any question."""
_OF_STUDY = frozenset(
    "study method overall count withdrawn disputed searches cases references sources missing codes coders stage "
    "advice claims".split()
)
"""Operations that may be asked of a study as a whole."""
_OF_CLAIMS = ("drivers", "effects", "relate")
"""Operations that are asked of what a claim joins."""
_BY_ONE = (
    *("most", "onecase", "eachcase", "only"),
    *sorted(SURENESS - {"sure"}),
    *(DRIVERS, EITHER, LOWERED, REFUTED, UNPUBLISHED, AT_BEST),
)
"""Further cues that choose among claims."""
_LACKING = frozenset(["bare", "unsupported"])
"""Cues that evidence is lacking."""
_IF = re.compile(r"\s*(?:if|when|once|suppose|after|before)\b", re.IGNORECASE)
"""How a question begins that is asked of one thing, under a condition."""


class _Model(NamedTuple):
    """The words of the questions of others.

    Args:
        counts: how many questions of each purpose have a word, or two beside each other, by the word.
        purposes: the purposes.
        read: by purpose the question that it is read as.
        unlike: by purpose those of nearly the same words that ask for the contrary.
        denied: by purpose the stance of which it asks for claims without any evidence.
    """

    counts: Mapping[str, Mapping[str, int]]
    purposes: tuple[str, ...]
    read: Mapping[str, str]
    unlike: Mapping[str, tuple[str, ...]]
    denied: Mapping[str, str]


def _features(some: Iterable[Token]) -> set[str]:
    """Return the words of a question, and each two beside each other."""
    keys = [token.key for token in some]
    return {*keys, *(f"{one} {other}" for one, other in pairwise(keys))}


@cache
def _model(language: str) -> _Model:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    rows = table("purposes")
    for purpose, row in rows.items():
        for question in filter(None, row[language].split("\n")):
            for feature in _features(tokens(question)):
                counts[feature][purpose] += 1
    read = {purpose: row["read"][language] for purpose, row in rows.items()}
    unlike = {purpose: tuple(row.get("unlike", "").split(", ")) for purpose, row in rows.items()}
    denied = {purpose: row["denied"] for purpose, row in rows.items() if "denied" in row}
    return _Model(counts, tuple(rows), read, unlike, denied)


def purpose(text: str, language: str) -> tuple[str, float]:
    """Return the purpose of the questions that a question is most like, by the odds of its words (naive Bayes).

    Args:
        text: the question.
        language: ``en`` or ``zh``.

    Returns:
        The purpose, and by how much it is likelier than the next one, as the natural logarithm of the odds; none
        where the question has words that no other one has.
    """
    model, some = _model(language), tokens(text)
    telling = [token for token in some if token.is_han or token.text not in function_words()]
    known = sum(token.key in model.counts for token in telling)
    if len(some) < (_LEAST_HAN if language == "zh" else _LEAST) or known < (_KNOWN if language == "zh" else 1.0) * len(
        telling
    ):
        return "", 0.0
    number = len(model.purposes)
    odds = dict.fromkeys(model.purposes, 0.0)
    for feature in _features(some):
        if not (counts := model.counts.get(feature)):
            continue
        whole = sum(counts.values()) + number * _SMOOTHING
        for one in odds:
            odds[one] += math.log((counts.get(one, 0) + _SMOOTHING) / whole * number)
    (best, first), (_, second) = sorted(odds.items(), key=lambda item: -item[1])[:2]
    contrary = max((odds[one] for one in model.unlike[best] if one), default=first - _SURER)
    return best, first - second if first - contrary >= _SURER else 0.0


def _names_nothing(sentence: Sentence, question: Question) -> bool:
    """Say whether a question names no record surely, quotes nothing, and limits nothing."""
    for span in sentence.spans:
        kinds = {sense.kind for sense in span.senses}
        # A concept in words of like meaning has several of them.
        long = span.end - span.start >= (_NAME_HAN if has_han(span.text) else _NAME)
        sure = any(sense.kind == "concept" and (sense.rank < PART or long) for sense in span.senses)
        # A code may be called by a word that stands in any question, and has other senses then.
        if sure or kinds == {"code"} or kinds - {*NOT_RECORDS, *_UNSURE_NAMES}:
            return False
    limits = question.limits
    limited = limits.cases or limits.sources or limits.references or limits.authors or limits.since or limits.until
    chosen = limits.without or question.restrictions or question.by_case or question.alone.holder
    # Of where something is from, works by what they are, lines of a middle strength and cases without evidence the
    # words tell more than others do.
    told = question.cues & {*MARKS, "moderate", "origin"} or (
        question.operation == "cases" and question.cues & _LACKING
    )
    return not (limited or chosen or told or QUOTED.search(question.text))


def _is_understood(question: Question) -> bool:
    """Say whether all words of a question are understood, and it asks something that needs no topic."""
    chosen = question.cues & {*CHOOSING, *STRENGTHS, *_BY_ONE} or (question.limits and question.stance)
    if question.operation == "claims" and not chosen:
        # That all claims are listed, or all of a stance, is what is left where nothing chooses among them.
        return False
    if question.operation == "outside" or (question.operation == "when" and not question.words):
        return True
    if UNUSED.search(fold(question.text)) or EVERY_LINE.search(fold(question.text)):
        return True
    return question.operation in _OF_STUDY and not any(not is_common(span.text) for span in question.words)


def read_as(sentence: Sentence, question: Question) -> str:
    """Return the question that another one is read as, which asks the same of the study as a whole.

    Args:
        sentence: the sentence, split.
        question: the question as its words say.

    Returns:
        Empty where it names something of the study, is understood already, or is like no other questions.
    """
    if _IF.match(question.text) or not _names_nothing(sentence, question) or _is_understood(question):
        return ""
    meant, odds = purpose(question.text, question.language)
    model = _model(question.language)
    others = [key for span in question.words for key in _parts(span.text)]
    # All claims are listed where nothing else is asked.
    lists = question.operation == "claims" and not (question.words or question.stance)
    unsure = question.about or question.operation in _OF_CLAIMS or lists
    if not meant or odds < (_SURER if unsure else _SURE) or any(key not in model.counts for key in others):
        return ""
    if question.stance and question.stance == model.denied.get(meant) and not _DENIES.search(fold(question.text)):
        # "List everything that opposes a claim" is no question for claims that nothing opposes.
        return ""
    return model.read[meant]


def _parts(text: str) -> list[str]:
    """Return the words of English text, and of Chinese each two characters beside each other."""
    some = tokens(text)
    if not any(token.is_han for token in some):
        return [token.key for token in some]
    return [f"{one.key} {other.key}" for one, other in pairwise(some)]
