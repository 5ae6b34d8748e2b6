"""Which claims a question is about: by the concepts that it names, and by the words of their statements."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.asking.order import PRECEDES
from kg.asking.question import ACTING
from kg.language.lexicon import ANYBODY, DEFINED, SYNONYM, pairs
from kg.language.tokens import joined, key, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.asking.question import Question
    from kg.asking.sentence import Span
    from kg.language.lexicon import Lexicon

LIKE_BEST = 0.8
"""How well a claim fits at least, beside the one that fits best."""
_ALIKE = 0.7
"""How much a word of like meaning counts, beside the word itself."""
_DEFINED = 0.7
"""How much a word counts that stands in the definition of a claim's concepts only."""
_CLEARLY = 0.54
"""How much of a word that one claim has a claim about a topic has at least, if it is meant rather than the others."""
_LIKE_SAID = 0.6
"""How much of that another one has at least, beside the one that has most."""
_WIDER = 3
"""How many times as many claims a concept has as the rarest that is named, if it only says how that one is meant."""
_LISTING = ("claims", "missing", "summary", "compare", "define", "withdrawn", "disputed", "searches", "says")
"""Operations that list what there is on a topic, however it is said."""
_CAUSES = ("drivers", "effects")
"""Operations that ask what acts on a topic, or what it acts on."""
_JOINING = ("verdict", "evidence", "relate")
"""Operations that may ask how one thing bears on another."""
_SHORT = 5
"""How many letters a word has at least that may be a comparative."""
_CODED = 3.0
"""How much a code counts with whose passages most of a claim's evidence is coded."""
_FOREIGN = 0.6
"""How much a word counts that no claim has, nor one of like meaning."""
_ENOUGH = 0.34
"""How much of what a question says a claim has at least, where no concept is named."""


class Matched(NamedTuple):
    """The claims that a question is about.

    Args:
        claims: their ids, in the order of the study.
        share: how much of what the question says the best of them has (0 to 1).
        joint: whether one of them joins two of the concepts that the question names.
        unknown: words that no claim has.
    """

    claims: tuple[str, ...]
    share: float
    joint: bool
    unknown: tuple[Span, ...]


def match(
    question: Question, lexicon: Lexicon, kinds: Mapping[str, str], setting: frozenset[str] = frozenset()
) -> Matched:
    """Find the claims that a question is about.

    Args:
        question: the question as read.
        lexicon: the words of the study.
        kinds: the kind of every claim by its id, in the order of the study.
        setting: keys of the words of the study's title, which tell no claim from another.

    Returns:
        The claims that fit as well as the best, or nearly so.
    """
    named = question.of("proposition")
    if named:
        return Matched(tuple(term.id for term in named), 1.0, joint=True, unknown=question.words)
    number = len(kinds)
    concepts = lexicon.claim_concepts
    scores = dict.fromkeys(kinds, 0.0)
    total = 0.0
    topics = [term.id for term in question.of("concept")]
    wide = {claim: {c for c, role in some.items() if role != "relation"} for claim, some in concepts.items()}
    for topic in dict.fromkeys(topics):
        having = _having(topic, kinds, concepts)
        weight = 2.0 + _rarity(len(having), number)
        total += weight if having else 1.0
        for claim in having:
            scores[claim] += weight * (0.6 if concepts[claim][topic] == "stage" else 1.0)
    indicated: list[str] = []
    for code in question.of("code"):
        # A code of one word is a subject that claims are not about; a longer one is nearly a statement.
        says = len(tokens(code.label)) > 1
        counts = lexicon.claims_coded(code.id) if says and not topics else {}
        if not counts:
            # What nothing is coded with, or is named beside others, stands for the concept that it indicates.
            meant = lexicon.indicated(code.id)
            indicated += meant
            counts = {claim: 1 for one in meant for claim in _having(one, kinds, concepts)}
        total += _CODED if counts else 0.0
        for claim, lines in counts.items():
            if claim in scores:
                scores[claim] += _CODED * (lines / max(counts.values())) ** 2
    for relation in question.relations:
        having = [claim for claim in kinds if concepts.get(claim, {}).get(relation) == "relation"]
        weight = 0.4 * _rarity(len(having), number)
        total += weight
        for claim in having:
            scores[claim] += weight
    named_alone = dict(scores)
    unknown, telling = [], bool(total)
    # Whether something is so is told by no claim that only has words of the study's title.
    idle = setting if question.operation in ("verdict", "compare") else frozenset()
    for span in question.words:
        weight, by_claim = _weigh(span, lexicon, number)
        total += weight
        if not by_claim:
            unknown.append(span)
        elif not ({*span.text.split()} <= ANYBODY or {token.key for token in tokens(span.text)} <= idle):
            telling = True
        for claim, worth in by_claim.items():
            if claim in scores:
                scores[claim] += worth
    refused = {term.id for term in question.excluded}
    for claim in scores:
        if claim in refused or wide.get(claim, set()) & refused:
            scores[claim] = 0.0
    best = max(scores.values(), default=0.0)
    share = best / total if total else 0.0
    topics += indicated
    covered = [t for t in dict.fromkeys(topics) if any(t in some for some in wide.values())]
    # Of what no claim is about nothing is claimed, whatever else the words would fit.
    if not (best and telling) or (not covered and (share < _ENOUGH or len(topics) > len(indicated))):
        return Matched((), share, joint=False, unknown=question.words)
    chosen = {claim for claim, score in scores.items() if score >= LIKE_BEST * best}
    if question.operation in _CAUSES and covered:
        most = max(named_alone.values())
        chosen |= {claim for claim, score in named_alone.items() if scores[claim] and score >= LIKE_BEST * most}
    together = [claim for claim in kinds if scores[claim] and len(set(topics) & wide.get(claim, set())) > 1]
    if question.operation in _JOINING and topics and not question.listed:
        together = together or _joined_by_words(question, wide, lexicon)
        chosen = (chosen & {*together}) or {*together} or chosen
    if PRECEDES in question.cues and len(topics) < 2:
        # What is told to come before something is told by a claim on the order, where one fits.
        chosen = {c for c in chosen if _is_of_order(c, lexicon)} or chosen
    joint = bool(together) or len(set(topics)) < 2
    if question.operation == "verdict" and len(set(topics)) > 2:
        # What two claims have in common with a third thing joins them not: dialogue as the start of co-creation.
        ends = {c: {one for one, role in concepts[c].items() if role in ("subject", "object")} for c in together}
        joint = any(len({*topics} & some) > 1 for some in ends.values()) or bool(question.words)
    if len(set(topics)) > 2:
        # Of three concepts and more those claims are meant that join two of them, where there are any.
        shared = {claim: len(set(topics) & wide[claim]) for claim in together}
        most = max(shared.values(), default=0)
        together = [c for c, n in shared.items() if n == most or scores[c] == best or question.listed]
        chosen = {*together} or chosen
    # Whatever concept is asked about is answered, also where the best claims are about another, unless one joins some.
    apart = question.listed or not together or question.operation in ("compare", "summary", "claims")
    if not together and not question.listed and question.operation not in ("compare", "summary"):
        # Beside what few claims are about, what many are about tells how it is meant.
        number_of = {topic: len(_having(topic, kinds, concepts)) for topic in covered}
        covered = [topic for topic in covered if number_of[topic] <= _WIDER * min(number_of.values())]
        chosen = {claim for claim in chosen if wide.get(claim, set()) & {*covered}} or chosen
    for topic in covered if apart else ():
        if not any(topic in wide[claim] for claim in chosen):
            own = {claim: scores[claim] for claim in kinds if topic in wide.get(claim, ()) and scores[claim]}
            chosen |= {claim for claim, score in own.items() if score >= LIKE_BEST * max(own.values())}
    if len(covered) == 1 and question.operation in ("claims", "summary") and not question.words:
        chosen |= {c for c in kinds if concepts.get(c, {}).get(covered[0], "near") != "near" and scores[c]}
    if len(covered) == 1 and question.operation == "verdict":
        # Whether something is so with what is named is told by no claim on other things.
        chosen = {claim for claim in chosen if covered[0] in wide.get(claim, set())} or chosen
    if len(covered) == 1 and len(unknown) == len(question.words):
        chosen = _related(question, chosen, concepts)
    if len(covered) == 1 and question.operation not in _LISTING:
        chosen = _told_apart(question, chosen, lexicon, number)
        if "exists" in question.cues and "evidence" not in question.asked:
            # That there is something is a definition of the theory.
            chosen = {claim for claim in chosen if kinds[claim] == "definition"} or chosen
    return Matched(tuple(claim for claim in kinds if claim in chosen), share, joint=joint, unknown=tuple(unknown))


def _is_of_order(claim: str, lexicon: Lexicon) -> bool:
    """Say whether a claim tells that one thing comes before another."""
    cues = (lexicon.relation_cues.get(one, frozenset()) for one in lexicon.claim_concepts.get(claim, ()))
    return any(PRECEDES in some for some in cues)


def _related(question: Question, chosen: set[str], concepts: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Return those of the claims about one thing that have the relation which the question names: trust as a driver."""
    if question.operation in (*_LISTING, *_CAUSES):
        return chosen
    return {c for c in chosen if any(concepts[c].get(r) == "relation" for r in question.relations)} or chosen


def _joined_by_words(question: Question, wide: Mapping[str, set[str]], lexicon: Lexicon) -> list[str]:
    """Return the claims about one thing that the question names which have the name of another in their words.

    What transparency does for co-creation is told by the claim that transparency guarantees the co-creation process.
    """
    acts = {"acts", *ACTING} & question.cues
    about = {term.id for term in question.of("concept")}
    # What acts may be called by a word that is only like its name.
    worded = {
        concept: {*claims_with(joined(tokens(text)), lexicon)}
        for concept, text in question.called
        if concept in about or (acts and concept not in {term.id for term in question.excluded})
    }
    return [
        claim
        for claim, own in wide.items()
        if any(one in own and claim in some for one in worded for other, some in worded.items() if other != one)
    ]


def _told_apart(question: Question, chosen: set[str], lexicon: Lexicon, number: int) -> set[str]:
    """Return those of the claims about one thing that have what else is said, where they clearly have more of it."""
    worth = dict.fromkeys(chosen, 0.0)
    clearly = _CLEARLY * _rarity(1, number)
    # Who else is named does not tell which cause is asked for.
    idle = question.words if question.operation in _CAUSES else ()
    for span in question.said:
        if span in idle:
            continue
        _, by_claim = _weigh(span, lexicon, number)
        for claim, some in by_claim.items():
            if claim in worth:
                worth[claim] += some
    cues = {c: [lexicon.relation_cues.get(r, frozenset()) for r in lexicon.claim_concepts.get(c, ())] for c in chosen}
    acting = {c for c, some in cues.items() if any(one - {PRECEDES} for one in some)}
    if question.operation == "drivers" and question.cues & ACTING == {"hinders"}:
        # What keeps people from it is told by what hinders it, and not by what promotes it.
        chosen = {c for c, some in cues.items() if not any("promotes" in one for one in some)} or chosen
        worth = {claim: worth[claim] for claim in chosen}
    if "acts" in question.cues and acting and question.operation not in _CAUSES:
        # A condition does not act, and yet is meant where its own words are said.
        chosen = {claim for claim in chosen if claim in acting or worth[claim] >= clearly}
        worth = {claim: worth[claim] for claim in chosen}
    best = max(worth.values(), default=0.0)
    if best < clearly:
        return chosen
    return {claim for claim, some in worth.items() if some >= _LIKE_SAID * best}


def _having(topic: str, kinds: Mapping[str, str], concepts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the claims that have a concept, with those on narrower ones, unless these are more."""
    roles = {claim: concepts[claim][topic] for claim in kinds if topic in concepts.get(claim, ())}
    direct = [claim for claim, role in roles.items() if role != "near"]
    return list(roles) if len(roles) <= 2 * len(direct) or not direct else direct


def _rarity(having: int, number: int) -> float:
    """Return how much it says that a claim has something that so many have (natural logarithm, as in BM25)."""
    return math.log(1.0 + (number - having + 0.5) / (having + 0.5)) if number else 0.0


def _weigh(span: Span, lexicon: Lexicon, number: int) -> tuple[float, dict[str, float]]:
    """Return how much words that are no name weigh, and how much of it each claim has."""
    total, by_claim = 0.0, dict[str, float]()
    for word, certain in _words(span, lexicon):
        having = claims_with(word, lexicon)
        if not having:
            for other in sorted(lexicon.alike([word]).get(word, ())):
                having |= dict.fromkeys(claims_with(other, lexicon), _ALIKE)
        if not having and (base := _positive(word)):
            having = dict(claims_with(base, lexicon))
        weight = _rarity(len(having) or 1, number) * certain * (1.0 if having else _FOREIGN)
        total += weight
        for claim, fit in having.items():
            by_claim[claim] = by_claim.get(claim, 0.0) + weight * fit
    return total, by_claim


def _positive(word: str) -> str:
    """Return the key of what an English comparative is made of: short of shorter; empty for other words."""
    if not (word.isascii() and word.endswith("er") and len(word) > _SHORT):
        return ""
    stem = word[:-2]
    return key(stem[:-1] if stem[-1] == stem[-2] else stem)


def _words(span: Span, lexicon: Lexicon) -> list[tuple[str, float]]:
    """Return the keys of the words of a stretch, each with how certain it is that it is one.

    Chinese of more than two characters is one word where a claim or the language has it, or else pairs of characters,
    half of which lie between two words.
    """
    some = tokens(span.text)
    if not some or not some[0].is_han:
        return [(token.key, 1.0) for token in some]
    whole = joined(some)
    if len(some) < 3 or claims_with(whole, lexicon) or lexicon.alike([whole]):
        return [(whole, 1.0)] if len(some) > 1 else []
    return [(" ".join(pair), 0.5) for pair in pairs(some)]


def claims_with(word: str, lexicon: Lexicon) -> dict[str, float]:
    """Return the claims that have a word, with how much it is theirs; all its characters or words must be there."""
    parts = word.split(" ")
    if not word.isascii():
        parts = [a + b for a, b in pairwise(parts)] if len(parts) > 1 else []
    found = [lexicon.claim_words.get(part, {}) for part in parts]
    if not all(found) or not found:
        return {}
    both = set(found[0]).intersection(*found[1:])
    worst = {claim: max(some[claim] for some in found) for claim in both}
    stated = {claim: 1.0 if rank < SYNONYM else 0.9 for claim, rank in worst.items() if rank < DEFINED}
    # A definition in Chinese says too much in passing.
    return stated or (dict.fromkeys(both, _DEFINED) if word.isascii() else {})
