"""The claims that a question is about, as the operations choose among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from kg.asking.matching import claims_with
from kg.asking.order import agrees, stage_order
from kg.asking.sentence import text_of
from kg.cjk import has_han
from kg.language.lexicon import pairs
from kg.language.shipped import chinese_words
from kg.language.tokens import fold, is_common, joined, key, tokens
from kg.store import fulltext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.asking.choice import Choice, Study
    from kg.asking.matching import Matched
    from kg.asking.question import Question, Term
    from kg.asking.sentence import Span

TOPICS = ("concept", "proposition")
KINDS = frozenset(["definition", "gap", "suggestion"])
"""Kinds of claims that are called as the cues are which ask for them."""
_OF_CLAIMS = ("verdict", "stage", "relate", "drivers", "effects")
"""Operations that a passage does not answer where no claim does."""


@dataclass
class Meant:
    """The claims that one question is about.

    Args:
        question: the question as read.
        matched: the claims that fit its names and words.
        study: the study that is asked.
        named: label and note, by kind and id, of the records that answer.
    """

    question: Question
    matched: Matched
    study: Study
    named: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    @property
    def everything(self) -> tuple[str, ...]:
        """Return the ids of all claims."""
        return tuple(self.study.kinds)

    @property
    def topics(self) -> tuple[Term, ...]:
        """Return the concepts and claims that the question names."""
        return self.question.of(*TOPICS)

    def has_lines(self, claim: str) -> bool:
        """Say whether a claim has evidence of the stance that is asked for, within the limits."""
        tally = self.study.bearing.tally(claim)
        return bool(tally[self.question.stance] if self.question.stance else sum(tally.values()))

    def is_contested(self, claim: str) -> bool:
        """Say whether a claim has evidence for it and against it, within the limits."""
        tally = self.study.bearing.tally(claim)
        return bool(tally["supports"] and tally["opposes"])

    def of_stage(self, claims: Iterable[str]) -> tuple[str, ...]:
        """Return the claims that are bound to the stages of the question; all where it names none."""
        stages = self.question.limits.stages
        if not stages:
            return tuple(claims)
        bound = {row["claim"] for row in self.study.rows if row["stage"] in stages}
        return tuple(claim for claim in claims if claim in bound)

    def claims(self) -> tuple[str, ...]:
        """Return the claims that the question is about; all that its limits leave where it names no topic."""
        if self.topics or self.matched.claims:
            some = self.of_stage(self.matched.claims)
            kinds = self.question.cues & KINDS
            return tuple(claim for claim in some if self.study.kinds[claim] in kinds) or some
        limits = self.question.limits
        # What an author writes is nearest to what Chinese words say of it that no claim has.
        written = self.question.language == "zh" and bool(limits.authors or limits.references)
        unknown = [span for span in self.matched.unknown if self.question.language == "zh" or span in self.telling]
        if not (unknown or self.question.asked) and (limits.cases or limits.sources):
            # "Fines against Xiaomi" names what is asked about, though its words may stand in any question.
            unknown = [*self.matched.unknown]
        if unknown and not (limits and (self.question.stance or written)):
            return ()
        if self.question.limits:
            return tuple(claim for claim in self.of_stage(self.everything) if self.has_lines(claim))
        return ()

    def in_each_case(self, claims: Iterable[str]) -> tuple[str, ...]:
        """Return the claims that have lines of the stance in every case that the question names."""
        stance = self.question.stance or ""
        counts = {claim: self.study.all.by_case(claim)[stance] for claim in claims}
        return tuple(c for c, by_case in counts.items() if all(by_case[case] for case in self.question.limits.cases))

    @property
    def telling(self) -> tuple[Span, ...]:
        """Return the words of the question that say what is asked about, and not only how it is asked."""
        return tuple(span for span in self.question.words if not self._is_common(span.text))

    def foreign(self) -> tuple[str, ...]:
        """Return words of the question that stand nowhere in the study, nor any of like meaning.

        In Chinese, what acts or is acted on and no claim speaks of: of other words it is not sure that they matter.
        """
        if self.question.language == "zh":
            missing = tuple(span.text for span in self.matched.unknown if self.is_absent(span))
            if self.question.operation == "verdict" and missing:
                return missing
            long = [text for text in text_of(self.unknown_sides) if not self._is_common(text)]
            others = text_of(self.matched.unknown) if self.question.is_partial else ()
            more = [text for text in others if not self._is_common(text) and text not in long]
            return (*long, *(text for text in more if not self.occurs(text)))
        sides = text_of(self.unknown_sides) if self.question.operation == "verdict" else ()
        sides = tuple(text for text in map(self._untold, sides) if not self._is_setting(text))
        if sides:
            # What acts is no other thing in other words, wherever else the study has them.
            return sides
        if absent := [s for s in self.question.within if self.is_absent(s) and not self.is_claimed(s.text)]:
            return text_of(absent)
        languages = {row["language"] for row in self.study.run("sources").dicts()}
        if self.question.language not in languages:
            return ()
        words = [text for span in self.matched.unknown for text in span.text.split()]
        # A word that has others of like meaning may only be worded otherwise, unless a part of a name is told of it.
        usual = self.study.lexicon.alike(joined(tokens(text)) for text in words)
        words = [
            text
            for text in words
            if self.question.is_partial or not self.is_usual(usual.get(joined(tokens(text)), frozenset()))
        ]
        words = [text for text in words if not is_common(text)]
        return tuple(text for text in words if len(text) > 1 and not text.isdigit() and not self.occurs(text))

    def is_absent(self, span: Span) -> bool:
        """Say whether a word stands nowhere in the study, nor any of like meaning; of Chinese, one that is a word."""
        if span not in self.matched.unknown or (has_han(span.text) and span.text not in chinese_words()):
            return False
        return self.stands_nowhere(span.text)

    def stands_nowhere(self, text: str) -> bool:
        """Say whether words that say what is asked about stand nowhere in the study, nor any of like meaning."""
        keys = [joined(tokens(one)) for one in ([text] if has_han(text) else text.split())]
        usual = self.study.lexicon.alike(keys)
        return not (self._is_common(text) or any(map(self.is_usual, usual.values())) or self.occurs(text))

    def is_usual(self, others: Iterable[str]) -> bool:
        """Say whether some of the words of like meaning stand in the study, so that a word is only worded otherwise."""
        return any(self.occurs(other) for other in others if not (other.isascii() and " " in other))

    def nothing(self, silent: tuple[str, ...], unknown: tuple[str, ...], found: Choice) -> tuple[str, ...]:
        """Return what the theory claims nothing about; nothing is said of what may only be worded otherwise."""
        if silent or self.question.of("code"):
            return silent
        words = tuple(
            text for text in map(self._untold, unknown) if not (self._is_common(text) or self.is_claimed(text))
        )
        if found.excerpts or found.paragraphs:
            # A passage that has all words may be what was asked for.
            return words if found.is_nearest or self.question.operation in _OF_CLAIMS else ()
        return words or (self.question.text,)

    def _untold(self, text: str) -> str:
        """Return English words without those at their ends that a claim has, or that may stand in any question."""
        words = text.split()
        if has_han(text) or len(words) < 2:
            return text
        told = [self.is_claimed(word) or self._is_common(word) for word in words]
        if all(told):
            return text
        return " ".join(words[told.index(False) : len(told) - told[::-1].index(False)])

    def is_claimed(self, text: str) -> bool:
        """Say whether a claim has some words."""
        return bool(claims_with(joined(tokens(text)), self.study.lexicon))

    def _is_common(self, text: str) -> bool:
        """Say whether words stand in any question; one character of Chinese is rather a part of a word."""
        if has_han(text):
            # 出过: what was done is no more than the verb.
            return len(text.rstrip("过了着")) < 2 or is_common(text)
        if len(text) > 1 and text.upper() in self.question.text.split() and not self.question.text.isupper():
            # What is written in capitals is a name: HOPE.
            return False
        return text.isdigit() or all(is_common(word) or self._is_setting(word) for word in text.split())

    def _is_setting(self, text: str) -> bool:
        """Say whether words tell whom or what the whole study is about, which tells nothing of a claim on something."""
        return bool(self.topics) and all(key(word) in self.study.setting for word in text.split())

    @property
    def is_told_of_whole(self) -> bool:
        """Say whether evidence of a stance is asked on what is named in full, of which other words tell more."""
        return bool(self.question.stance and self.topics) and not (self.question.is_partial or self.unknown_sides)

    @property
    def unknown_sides(self) -> list[Span]:
        """Return what acts, or is acted on, that no claim speaks of."""
        return [span for span in self.question.sides if span in self.matched.unknown]

    def sides_elsewhere(self, claims: tuple[str, ...]) -> tuple[str, ...]:
        """Return what Chinese words say to act on the one topic of a question, if no claim has that for its other end.

        Args:
            claims: ids of the claims that fit the question.
        """
        topics = {term.id for term in self.topics}
        zh = self.question.language == "zh"
        if not zh or len(topics) != 1 or not self.question.sides or self.question.of("proposition"):
            return ()
        keys = {key for span in self.question.sides for key in _keys(span.text)}
        keys |= {part for others in self.study.lexicon.alike(keys).values() for part in others}
        rows = [self.study.by_claim[claim] for claim in claims]
        others = {row[end] for row in rows for end in ("subject", "object", "stage") if row[end]} - topics
        names = [name for concept in others for name in self.study.names("concept", concept)]
        if any(keys & {*_keys(name)} for name in names):
            return ()
        return text_of(self.question.sides)

    def occurs(self, text: str) -> bool:
        """Say whether words stand anywhere in the study; of Chinese, two characters beside each other."""
        parts = pairs(tokens(text)) or [text]
        return any(fulltext.has(self.study.tables, part) for part in parts)

    def placed(self, place: str) -> tuple[str, ...]:
        """Return the claims whose subject or object is what the question is about; a subject may be named after it.

        What strengthening dialogue does, dialogue does.

        Args:
            place: ``subject`` or ``object``.
        """
        topics = {t.id for t in self.topics}
        named = self.question.of("concept") if place == "subject" else ()
        names = [{token.key for token in tokens(t.label)} for t in named]

        def fits(concept: str) -> bool:
            label = {token.key for token in tokens(self.study.label("concept", concept))}
            return concept in topics or any(name <= label for name in names)

        return tuple(claim for claim in self.claims() if fits(self.study.by_claim[claim][place]))

    def stated_on(self, place: str, *topics: str) -> tuple[str, ...]:
        """Return all claims whose subject or object is a concept of the question, whatever else it says.

        Args:
            place: ``subject`` or ``object``.
            topics: ids of the concepts; all that it names, if none are given.
        """
        topics = topics or tuple(term.id for term in self.question.of("concept"))
        refused = {term.id for term in self.question.excluded}
        return self.of_stage(
            row["claim"]
            for row in self.study.rows
            if row[place] in topics and not refused & {row["claim"], row["subject"], row["object"]}
        )

    def on_object(self) -> tuple[str, ...]:
        """Return the claims that say what acts on the concept of the question: those that fit best, or else all."""
        stated = self.acting(self.stated_on("object"))
        return tuple(claim for claim in self.matched.claims if claim in stated) or stated

    def by_place(self, place: str) -> tuple[str, ...]:
        """Return the claims whose subject or object is what the question is about; all of them, if there is none."""
        own = self.placed(place)
        placed = self.related(own, place) if own else self.related(self.claims())
        if self.question.limits and self.question.limits.strengths:
            placed = tuple(claim for claim in placed if self.has_lines(claim))
        return placed

    def related(self, placed: tuple[str, ...], place: str = "") -> tuple[str, ...]:
        """Return the claims whose relation is what the question says, if there are any; of what acts no advice.

        Args:
            placed: ids of claims.
            place: whether they have what it is about as their ``subject`` or ``object``; empty for neither.
        """
        relations = self.question.relations or self.relations_meant()
        if self.question.operation == "drivers" and not self.question.relations and "promotes" in self.question.cues:
            # What makes it so is told with what stands in its way.
            cues = self.study.lexicon.relation_cues
            relations = frozenset(one for one, senses in cues.items() if senses & {"hinders", "promotes"})
        related = tuple(claim for claim in placed if self.study.by_claim[claim]["relation"] in relations)
        # What else drives it is driven by nothing else, where all that does is excluded.
        placed = related if related or (relations and self.question.excluded) else placed
        return self.without_advice(placed) if place == "object" else placed

    def without_advice(self, claims: tuple[str, ...]) -> tuple[str, ...]:
        """Return claims without the suggestions with a relation of their own that is not asked for.

        Advice is nothing found.
        """
        found = {row["relation"] for row in self.study.rows if row["kind"] != "suggestion"} | {*self.question.relations}
        rows = self.study.by_claim
        return tuple(c for c in claims if rows[c]["kind"] != "suggestion" or rows[c]["relation"] in found) or claims

    def without_hindering(self, claims: tuple[str, ...]) -> tuple[str, ...]:
        """Return claims without those that say what hinders something, which is not why it is so."""
        return tuple(claim for claim in claims if not self.hinders(claim)) or claims

    def hinders(self, claim: str) -> bool:
        """Say whether a claim says that one thing hinders another."""
        return "hinders" in self.study.lexicon.relation_cues.get(self.study.by_claim[claim]["relation"], ())

    def worded(self, claims: tuple[str, ...], place: str) -> tuple[str, ...]:
        """Return the claims whose subject or object has a word of the question in its name, or one of like meaning.

        Args:
            claims: ids of claims.
            place: ``subject`` or ``object``.
        """
        keys = {key for span in self.question.words for key in _keys(span.text)}
        keys |= {part for others in self.study.lexicon.alike(keys).values() for part in others}
        rows = self.study.by_claim
        return tuple(c for c in claims if keys & {*_keys(self.study.label("concept", rows[c][place]))})

    def is_said_of_another(self, term: Term) -> bool:
        """Say whether a claim on something else that the question names has a concept in its own words."""
        topics = {one.id for one in self.topics} - {term.id}
        names = [fold(name) for name in self.study.names("concept", term.id)]
        return any(
            name in fold(f"{row['statement']} {row['statement_zh'] or ''}")
            for row in self.study.rows
            if topics & {row["subject"], row["object"]}
            for name in names
        )

    def acting(self, claims: tuple[str, ...]) -> tuple[str, ...]:
        """Return the claims that say that something acts, rather than what it is or has, if there are any."""
        acting = tuple(c for c in claims if self.study.kinds[c] not in ("definition", "gap"))
        return acting or claims

    def relations_meant(self) -> frozenset[str]:
        """Return the relations of the study that are like what the question says to act, such as to stop."""
        cues = self.question.cues & {"hinders", "promotes"}
        if len(cues) != 1 or self.question.relations:
            return frozenset()
        (cue,) = cues
        return frozenset(relation for relation, senses in self.study.lexicon.relation_cues.items() if cue in senses)

    def promoting(self) -> tuple[str, ...]:
        """Return the claims that say that one thing promotes another."""
        cues = self.study.lexicon.relation_cues
        return tuple(row["claim"] for row in self.study.rows if "promotes" in cues.get(row["relation"], ()))

    def lacks_hindering(self) -> bool:
        """Say whether it is asked what hinders, and no relation of the study does."""
        return "hinders" in self.question.cues and not (self.question.relations or self.relations_meant())

    def says_contrary(self, claims: Iterable[str]) -> bool:
        """Say whether it is asked if one thing hinders another, where all claims say it promotes it; or so turned."""
        if agrees(self.question, self.study.rows, self.study.lexicon.relation_cues) is False:
            return True
        if all(self.question.acts_on):
            pairs = {(row["subject"], row["object"]) for row in self.study.rows}
            if self.question.acts_on[::-1] in pairs and self.question.acts_on not in pairs:
                return True
        sides = frozenset({"hinders", "promotes"})
        cues = {relation: senses & sides for relation, senses in self.study.lexicon.relation_cues.items()}
        asked = {cue for relation in self.question.relations for cue in cues.get(relation, ())}
        asked = asked or {*self.question.cues & sides}
        chosen = {*claims}
        said = [cues.get(row["relation"], frozenset()) for row in self.study.rows if row["claim"] in chosen]
        return len(self.topics) > 1 and bool(asked and said) and all(one and not one & asked for one in said)

    def stages(self) -> list[str]:
        """Return the stages that claims are bound to, in the order in which the theory's own text comes to them."""
        return stage_order(self.study.tables)

    def chain(self) -> tuple[str, ...]:
        """Return the claims by which one concept of the question acts on a second one, through a third."""
        topics = [t.id for t in self.topics]
        rows = self.study.rows
        chosen: set[str] = set()
        for first in topics:
            for last in topics:
                reached = {row["object"] for row in rows if row["subject"] == first}
                between = reached & {row["subject"] for row in rows if row["object"] == last} - {first, last}
                if first != last:
                    chosen |= {row["claim"] for row in rows if row["subject"] == first and row["object"] in between}
                    chosen |= {row["claim"] for row in rows if row["subject"] in between and row["object"] == last}
        return tuple(claim for claim in self.everything if claim in chosen)

    def ways(self, first: str, last: str, longest: int) -> list[tuple[str, ...]]:
        """Return the ways from one concept to another, each as the claims on it, which go from subject to object.

        Args:
            first: id of the concept where they begin.
            last: id of that where they end.
            longest: how many claims a way has at most.
        """
        after: dict[str, list[tuple[str, str]]] = {}
        for row in self.study.rows:
            after.setdefault(row["subject"], []).append((row["claim"], row["object"]))
        refused = {term.id for term in self.question.excluded}

        def further(at: str, seen: tuple[str, ...], claims: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
            if at == last:
                yield claims
            elif len(claims) < longest:
                for claim, concept in after.get(at, ()):
                    if concept not in seen and not {claim, concept} & refused:
                        yield from further(concept, (*seen, concept), (*claims, claim))

        return [*further(first, (first,), ())]

    def paths(self, longest: int = 4) -> tuple[str, ...]:
        """Return the claims on the ways from one concept of the question to another, each by subject and object.

        Args:
            longest: how many claims a way has at most.
        """
        topics = [t.id for t in self.question.of("concept")]
        found: list[tuple[str, ...]] = []
        for first, last in (*combinations(topics, 2), *combinations(reversed(topics), 2)):
            if found := self.ways(first, last, longest):
                break
        # A detour tells less than the shortest way, and the shortest of two claims more than one that skips a step.
        most = max(2, min(map(len, found), default=0))
        chosen = {claim for way in found if len(way) <= most for claim in way}
        return self.of_stage(claim for claim in self.everything if claim in chosen)


def _keys(text: str) -> list[str]:
    """Return the keys of the words of a text; of Chinese that is not parted, the text's own."""
    some = tokens(text)
    return [joined(some), *(token.key for token in some if not token.is_han)]
