"""What the names in one sentence mean: which are left out beside others, and which words belong to one."""

from __future__ import annotations

import re
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

from kg.asking.patterns import WHY_DO
from kg.asking.question import Term
from kg.asking.spotting import Spotted, Spotting
from kg.cjk import has_han
from kg.language.case_nouns import OWN
from kg.language.lexicon import ANYBODY, ANYBODY_HAN, SYNONYM
from kg.language.tokens import fold, is_common, joined, tokens

if TYPE_CHECKING:
    from kg.asking.sentence import Span

_AND = frozenset(["and", "or", "nor", "versus", "vs", "和", "与", "或", "及", "还是", "跟", "或者", "以及"])
"""Words between things that are named beside each other."""
_TO = (["to"], ["through"], ["till"], ["until"], ["至"], ["到"])
"""Words between the first and the last of several that follow each other."""
_EACH = re.compile(
    "(?:[两三四五六七八九十]|几|每|各|所有|全部)(?:个|家|所|座)?(?:案例|企业|公司|医院|城市|学校|社区|机构)(?:全|都|均)"
)
"""How Chinese says that something is so in every case."""
_DOCUMENTS = (
    "座谈会 会议记录 会议纪要 纪要 日志 日记 总结 手册 年报 通讯 访谈 "
    "interview interviews minutes letter letters talk logbook log diary newsletter report journal notebook"
).split()
"""Words for what a source of a case is."""
_SEVERAL = 6
"""How many claims a study has at least of which few are on what it is about."""
_LITTLE = 2
"""On how many claims at most is what the whole study is about, if it only tells of what the study is."""


def _has(label: str, span: Span) -> bool:
    """Say whether a name has the words of a stretch, in any form."""
    if has_han(span.text):
        return span.text in label
    return {token.key for token in tokens(span.text)} <= {token.key for token in tokens(label)}


def _shares(label: str, span: Span) -> bool:
    """Say whether a name has a word of a stretch, in any form."""
    if has_han(span.text):
        return span.text in label
    return bool({token.key for token in tokens(span.text)} & {token.key for token in tokens(label)})


class Settling(Spotting):
    """What the names in one sentence mean."""

    def _leave_set(self, it: Spotted) -> None:
        """Leave out a set of sources where one of them is named: the interview with Joe Marsden."""
        named = {*it.chosen.get("source", ())}
        members = {one.id for one in it.picked if one.kind == "source" and not one.note}
        if named and named < members:
            it.picked = [one for one in it.picked if one.id not in members]
            it.about = [term for term in it.about if term.id not in members - named]

    def _take_name(self, it: Spotted) -> None:
        """Take words beside the part of a source's name that stand in its title: who is Rosalind Kew is one name."""
        spans = [(span, one) for span in self.sentence.spans for one in span.ids("source") if span.names_records]
        for span, source in spans:
            title = {token.text for token in tokens(fold(self._label("source", source)))}
            it.words = [
                word
                for word in it.words
                if not (
                    word.text in title and (word.text in _DOCUMENTS or word.start == span.end or word.end == span.start)
                )
            ]

    def _pick_document(self, it: Spotted) -> None:
        """Pick the sources of a case that are called by what they are: the Hexley minutes, 渡口那场座谈会."""
        cases, text = {*it.chosen.get("case", ())}, fold(self.text)
        told = cases or "coders" in self._asked() or any(term.kind == "concept" for term in it.about)
        if len(cases) > 1 or it.chosen.get("source") or not told:
            return
        own = [source for source, case in self.known.case_of.items() if case and (case in cases or not cases)]
        titles = {source: fold(self._label("source", source)) for source in own}
        found: dict[str, str] = {}
        for word in _DOCUMENTS:
            some = [source for source, title in titles.items() if word in title]
            # Of no case that is named, the document is: "the log", 日志.
            is_called = word in text if cases or has_han(word) else bool(re.search(rf"\bthe {word}s?\b", text))
            if is_called and len(some) == 1:
                found.setdefault(some[0], word)
        if not found:
            return
        called = {f"{word}{end}" for word in found.values() for end in ("", "s")}
        it.picked = [one for one in it.picked if one.kind != "source" or one.id in found]
        it.about = [term for term in it.about if term.kind != "source" or term.id in found]
        it.about += [
            Term(one, "source", self._label("source", one)) for one in found if one not in {t.id for t in it.about}
        ]
        it.chosen["source"] = [*found]
        it.words = [span for span in it.words if span.text not in called]

    def _settle(self, it: Spotted) -> None:
        """Say what is meant by words that may or may not be names."""
        self._add_between(it)
        self._join(it)
        if not ("stage" in it.chosen or any(term.kind in ("concept", "proposition") for term in it.about)):
            # What acts is a relation between concepts, or else what passages tell.
            it.words = sorted((*it.words, *it.acting))
        # A word that is like a name stands for it where all else is understood.
        if it.alike and not all(self.known.claimed(span.text) or is_common(span.text) for span in it.words):
            it.words = sorted((*it.words, *(span for span, _ in it.alike)))
        else:
            it.about = sorted([*it.about, *(term for _, term in it.alike)], key=lambda term: it.places.get(term, 0))
        self._leave_parts(it)
        self._leave_inflected(it)
        if not it.chosen.get("case") and _EACH.search(fold(self.text)) and not (self.denied or self.lacking):
            it.chosen["case"] = self._every_case
        if it.doubtful and not (it.about or it.chosen or it.words):
            # "drivers" asks for what drives, unless nothing else is asked about.
            it.about.append(it.doubtful)

    @property
    def _every_case(self) -> list[str]:
        """Return the ids of all cases."""
        return [case for kind, case in self.known.labels if kind == "case"]

    def _join(self, it: Spotted) -> None:
        """Leave out a concept whose name is a part of that of another one, which stands beside it."""
        named = [span for span in self.sentence.spans if span.ids("concept")]
        for one, other in pairwise(named):
            if one.end != other.start:
                continue
            first, second = ([t for t in it.about if t.id in span.ids("concept")] for span in (one, other))
            for whole, part in (*product(first, second), *product(second, first)):
                keys, inner = ({token.key for token in tokens(term.label)} for term in (whole, part))
                if inner < keys and part in it.about:
                    it.about.remove(part)

    def _leave_inflected(self, it: Spotted) -> None:
        """Leave out a stage that only another form of its name calls, beside a concept: to join is no joining stage.

        So, too, a concept that is called as the cases are, beside another one: "if a club draws a map".
        """
        concepts = [term for term in it.about if term.kind == "concept"]
        called = {
            term
            for term in concepts
            for span in self.sentence.spans
            if OWN in span.ids("cue") and any(s.value == term.id and s.rank == SYNONYM for s in span.senses)
        }
        if "cases" in self._asked() or it.picked or it.chosen.get("case") or it.attributes or it.words:
            # "In the streets without it": what cases are called by is no concept.
            it.about = [term for term in it.about if term not in called]
        alone = len({*concepts}) < 2 or {"relate", "compare"} & {*self._asked()}
        self._leave_subject(it, concepts)
        for term in concepts if not alone else ():
            spans = [span for span in self.sentence.spans if term.id in span.ids("concept")]
            label = fold(self._label("concept", term.id))
            as_stage = term.id in self.known.stages and not any(span.text in (label, *label.split()) for span in spans)
            as_cases = bool(spans) and all(OWN in span.ids("cue") for span in spans)
            if as_cases or (as_stage and self.language == "en" and self._is_yes_or_no()):
                it.about = [other for other in it.about if other != term]

    def _leave_subject(self, it: Spotted, concepts: list[Term]) -> None:
        """Leave out what the whole study is about, on which little is claimed, beside what else is asked.

        In a study of walking buses, why parents send children with one asks for no claim on walking buses.
        """
        title = f" {joined(tokens(self.known.title))} "
        inside = {
            term
            for term in concepts
            if fold(term.label) in self.known.title
            or (term.label.isascii() and f" {joined(tokens(term.label))} " in title)
        }
        few = self.known.claims >= _SEVERAL
        little = {term for term in inside if few and len(self.known.claims_on(term.id)) <= _LITTLE}
        told = [s for s in it.words if not ({*s.text.split()} <= ANYBODY or s.text in ANYBODY_HAN or len(s.text) < 2)]
        others = {*concepts} - inside or any(term.kind == "code" for term in it.about) or told or it.chosen.get("stage")
        if others and not {"define", "compare", "relate"} & {*self._asked()}:
            it.about = [term for term in it.about if term not in little]

    def _leave_parts(self, it: Spotted) -> None:
        """Leave out concepts called by a part of their names, where the others that are named tell what is meant.

        Such a part is explained by another name that has it ("keep their plots" names no half plots), or is in no claim
        with the others, two of which a claim joins.
        """
        terms = [*dict.fromkeys(term for term in it.about if term.kind == "concept")]
        if len(terms) < 2 or {"relate", "compare"} & {*self._asked()}:
            return
        called = {term: [span for span in self.sentence.spans if term.id in span.ids("concept")] for term in terms}
        whole = [term for term in terms if any(self._is_whole(span, term) for span in called[term])]
        claims = {term: self.known.claims_on(term.id) for term in terms}
        if {"drivers", "effects"} & {*self._asked()} or self.relations:
            # A stage that no claim on what else is named is bound to tells when something is asked to be so.
            for term in [one for one in terms if one.id in self.known.stages]:
                others = [other for other in terms if other != term and other in whole]
                if others and not any(claims[term] & claims[other] for other in others):
                    it.about = [other for other in it.about if other != term]
                    it.words = sorted((*it.words, *called[term]))
            terms = [term for term in terms if term in it.about]
        listed = self._is_list() or "chain" in self.cues
        who = WHY_DO.match(fold(self.text))
        for term in terms:
            if term in whole or not called[term]:
                continue
            others = [other for other in terms if other != term and other in it.about]
            lone = all(span.end - span.start == 1 for span in called[term])
            if who and lone and term == terms[0] and any(other in whole for other in others):
                # "Why do residents take up a plot": who does it does not make them do it.
                it.about = others
                it.words = sorted((*it.words, *called[term]))
                continue
            if any(all(_has(other.label, span) for span in called[term]) for other in others):
                it.about = [other for other in it.about if other != term]
            elif any(claims[term] & claims[other] for other in others):
                continue
            elif (
                not claims[term]
                or any(claims[a] & claims[b] for a, b in combinations(others, 2))
                # "We had sheds broken into": a word of another name for it tells little beside what is named.
                or (
                    not listed
                    and any(other in whole for other in others)
                    and not any(_shares(term.label, s) for s in called[term])
                )
            ):
                it.about = [other for other in it.about if other != term]
                it.words = sorted((*it.words, *called[term]))

    def _add_between(self, it: Spotted) -> None:
        """Add the claims between two that stand for all from one to the other: P21 to P23."""
        named = [span for span in self.sentence.spans if span.ids("proposition")]
        if len(named) < 2:
            return
        texts = [token.text for token in self.sentence.tokens]
        every = [identifier for kind, identifier in self.known.labels if kind == "proposition"]
        for first, last in pairwise(named):
            if texts[first.end : last.start] not in _TO:
                continue
            begin, end = (every.index(span.ids("proposition")[0]) for span in (first, last))
            inner = [Term(one, "proposition", self._label("proposition", one)) for one in every[begin + 1 : end]]
            at = next(n for n, term in enumerate(it.about) if term.id == every[begin]) + 1
            it.about[at:at] = [term for term in inner if term not in it.about]
            it.places |= dict.fromkeys(inner, first.start)

    def _is_list(self) -> bool:
        """Say whether two names of concepts stand beside each other with 'and' or 'or', or are asked about in turn."""
        spans = self.sentence.spans
        places = [n for n, span in enumerate(spans) if span.ids("concept", "code", "proposition")]
        between = [{*spans[n].text.split()} for a, b in pairwise(places) for n in range(a + 1, b)]
        return any(words & _AND for words in between)
