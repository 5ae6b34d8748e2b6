"""What only the sources tell: passages by their words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.asking.choice import Choice
from kg.asking.patterns import HAPPENED, UNUSED
from kg.asking.question import DENIES
from kg.ids import span_of
from kg.language.tokens import fold, tokens
from kg.store import fulltext

if TYPE_CHECKING:
    from kg.asking.chooser import Chooser

QUOTED = re.compile(r"[“‘「『\"]([^”’」』\"]+)[”’」』\"]")
"""What stands between quotation marks."""
_SAID = re.compile(
    r"^(?:who|where|which \w+) (?:has |had |did )?(?:said?|says?|told|tells|wrote|writes|claims|claimed)(?: that)? "
    r"(.+?)[?.!]*$",
    re.IGNORECASE,
)
"""What somebody is asked to have said."""
_SAID_HAN = re.compile(
    "^(?:是)?(?:谁|哪位|哪个人|什么人)(?:曾经?|也)?(?:说|讲|写|提)(?:过|道|到)?(?:的是)?[,，:：]?([\u4e00-\u9fff]{5,}?)(?:的?[吗呢]?[?？。]*)$"
)
"""The same in Chinese."""
_OF_CLAIMS = ("verdict", "evidence", "effects", "drivers", "relate", "summary")
"""Operations that ask what is claimed, and not where something is told."""
_OF_WORDS = ("says", "where", "find", "authors", "sources", "evidence", "references", "summary")
"""Operations by which it is asked whose the words between quotation marks are, and where they stand."""
_UNUSED = """
SELECT DISTINCT c.excerpt FROM coding c WHERE c.excerpt NOT IN (SELECT excerpt FROM line_excerpt)
AND c.excerpt NOT IN (SELECT excerpt FROM assertion) ORDER BY 1"""
_SENTENCE = 4
"""How many words there are at least, if they are a quotation and no name."""
_MARKS = " .,;:!?…。，；：！？"
"""What may stand around them within the quotation marks."""
_HITS = 20
"""How many passages with some of the words are looked at."""
MOST_CODED = 200
"""How many passages are given at most that are coded with a concept."""


def find_passages(of: Chooser) -> Choice:
    """Find passages by their words, or those that are coded with a concept of which nothing is claimed."""
    silent = (
        of.topics
        and of.question.operation in _OF_CLAIMS
        and not any(term.id in of.claimed or term.kind == "proposition" for term in of.topics)
    )
    if of.topics and (silent or not of.question.words) and (coded := of.coded()):
        # Where nothing is claimed of it, all that is coded with it is the nearest.
        return Choice("find", excerpts=tuple(coded[:MOST_CODED]), coded=len(coded))
    if of.question.operation == "find" and of.names_codes_alone and (coded := of.coded_as()):
        # Those that have the words themselves come first.
        texts = [span.text for span in of.question.words]
        others = [span.text for span in of.question.words if not span.ids("code")]
        told = [p.id for p in of.quoted(coded) if others and all(text in fold(p.quote) for text in others)]
        if told:
            # "The quote about the Friday suppers": those that say more than the code.
            return Choice("find", excerpts=tuple(told[:MOST_CODED]))
        having = {p.id for p in of.quoted(coded) if any(text in fold(p.quote) for text in texts)}
        coded.sort(key=lambda one: one not in having)
        return Choice("find", excerpts=tuple(coded[:MOST_CODED]), coded=len(coded))
    excerpts, paragraphs, whole = of.found()
    if not excerpts and not paragraphs:
        near = of.of_stage(of.matched.claims)
        return Choice("find", near, is_nearest=bool(near) or of.question.operation != "find")
    return Choice("find", excerpts=tuple(excerpts), paragraphs=tuple(paragraphs), is_nearest=not whole)


def _without_lines(of: Chooser, found: Choice) -> tuple[str, ...]:
    """Return the claims on what is looked for in a case, where no passage has it and none of them has a line there."""
    # The heading of a text tells what it is, and nothing of what is looked for.
    heading = not found.excerpts and all(span_of(one.id).startswith("0-") for one in found.paragraphs)
    if not ((found.is_nearest or heading) and of.topics and of.question.limits.cases):
        return ()
    claims = of.claims()
    return () if any(map(of.has_lines, claims)) else claims


def find(of: Chooser) -> Choice:
    """Find passages by their words, or those that are no evidence; what happened is told by the first of them."""
    if UNUSED.search(fold(of.question.text)):
        excerpts = [key for (key,) in of.study.tables.sql(_UNUSED) if of.is_within(key)]
        return Choice("find", excerpts=tuple(excerpts[:MOST_CODED]))
    if HAPPENED.match(fold(of.question.text)):
        return tell(of, "find")
    found = find_passages(of)
    claims = _without_lines(of, found)
    return Choice("find", claims) if claims else found


def find_quotation(of: Chooser) -> Choice | None:
    """Find the passages that have word for word what stands between quotation marks; nothing where none has it."""
    if of.question.operation not in _OF_WORDS:
        return None
    # Who says what a study names is told by its claims.
    said = () if of.topics and not of.question.words else _SAID.findall(of.question.text)
    said_han = [] if of.topics else _SAID_HAN.findall(of.question.text.strip())
    for text in (*QUOTED.findall(of.question.text), *said, *said_han):
        words = fold(text).strip(_MARKS)
        if len(tokens(words)) < _SENTENCE:
            continue
        hits = fulltext.find(of.study.tables, words, ("passage",), _HITS)
        quoted = of.quoted(hit.id for hit in hits)
        keys = _keys(words)
        if excerpts := tuple(p.id for p in quoted if words in fold(p.quote) or (keys and keys in _keys(p.quote))):
            found = Choice("where", excerpts=excerpts, told=True)
            return replace(found, claims=of.resting_on(found, around=True))
    return None


def _keys(text: str) -> str:
    """Return the keys of the English words of a text beside each other, so that forms are compared."""
    some = tokens(text)
    return "" if any(token.is_han for token in some) else f" {' '.join(token.key for token in some)} "


def tell(of: Chooser, operation: str) -> Choice:
    """Find passages, with the claims that the best of them is evidence on."""
    found = find_passages(of)
    if DENIES in of.question.cues and not of.question.stance:
        # Passages with the words may tell that it is so.
        found = replace(found, is_nearest=True)
    if found.is_nearest and of.question.language == "zh" and found.excerpts and _names_all(of, found.excerpts[0]):
        found = replace(found, is_nearest=False)
    claims = () if found.is_nearest else of.resting_on(found, around=True)
    return replace(found, operation=operation, claims=claims, told=not found.is_nearest)


def _names_all(of: Chooser, excerpt: str) -> bool:
    """Say whether a passage has a name of each of two things or more that a question is about."""
    terms = of.question.of("concept")
    called = dict(of.question.called)
    (quote,) = of.quotes([excerpt])
    names = [[*of.study.names("concept", term.id), called.get(term.id, term.label)] for term in terms]
    return len(terms) > 1 and all(any(fold(name) in fold(quote) for name in some) for some in names)


def tell_in_place(of: Chooser, choice: Choice) -> Choice:
    """Say how or why something is so in a case: by the passages that tell of it, and the claims that these bear on."""
    topics = {term.id for term in of.topics}
    rows = of.study.by_claim
    on = tuple(c for c in of.everything if {rows[c]["subject"], rows[c]["object"]} & topics)
    claims = tuple(c for c in choice.claims if of.has_lines(c)) or tuple(c for c in on if of.has_lines(c))
    choice = replace(choice, elsewhere=choice.elsewhere and not claims)
    if not of.question.words:
        return replace(choice, claims=claims or choice.claims)
    found = find_passages(of)
    resting = of.resting_on(found)
    own = tuple(claim for claim in resting if claim in claims) if of.topics else resting
    return replace(choice, claims=own or claims or choice.claims, excerpts=found.excerpts, paragraphs=found.paragraphs)
