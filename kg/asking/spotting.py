"""What a sentence names: records it is about, limits, what is not wanted, and the words that are left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.asking.attributes import Chosen, comparison
from kg.asking.question import ACTING, MARKS, TYPES, Term
from kg.asking.sentence import NOT_RECORDS, Span
from kg.asking.sides import Sides
from kg.claims import LITERATURE
from kg.language.case_nouns import OWN
from kg.language.lexicon import LABEL, LIKE, PART
from kg.language.tokens import is_common

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.asking.works import Described

LIMITING = {
    "case": "cases", "source": "sources", "reference": "references", "author": "authors", "coder": "coders",
    "stage": "stages", "role": "roles",
}  # fmt: skip
"""The field of limits of every facet that a name can limit evidence to."""
_ASKED_ABOUT = ("source", "reference", "author", "coder", "case")
"""What limits evidence, and is itself what may be asked about."""
_PLACES = ("case", "source", "stage")
"""What limits evidence also where it is told before something is asked."""
_SET_ASIDE = re.compile("[把将].{1,20}?(?P<end>(?:放|搁|撇|抛|丢|扔)(?:在|到)?一[边旁])")
"""How Chinese excludes what stands between two words: 把药价放一边."""
_MODAL = frozenset(["need", "needs", "needed", "want", "wants", "wanted"])
"""Verbs that tell what has to be or shall be where "to" stands behind them, and name nothing."""
_LEAVING = frozenset("leaving leave setting set putting put taking take".split())
"""Verbs that exclude what stands between them and one of :data:`_ASIDE`."""
_ASIDE = ("aside", "out", "away")
"""Words behind what is excluded so."""
_LEFT = frozenset(["excluded", "omitted", "aside", "excepted", "ignored"])
_LEFT_OUT = frozenset([("left", "out"), ("not", "counted"), ("left", "aside"), ("not", "included")])
"""Words at the end of a question behind what is left out."""
_WITH = frozenset(["and", "with", "和", "与", "及", "跟", "以及"])
"""Words between the authors of one work."""
_AND_OTHERS = (["et", "al"], ["and", "colleagues"], ["and", "others"], ["等", "人"], ["等"])
"""Words for those of its authors who are not named."""
_BEYOND = frozenset({"还", "还有", "以外", "之外"})
"""What ends in Chinese what is excluded: 除了……还有."""
_OF_CODING = ("coder", "code", "line", "reader", "evidenc", "twice", "second", "again", "quot", "passag")
"""Keys of words beside which reading is what coders do."""
_PLACING = frozenset(
    "在 从 除了 除 按 是 为 只看 只 于 和 与 跟 的 "
    "in of from among at within across for by with where near on to only outside except without".split()
)
"""Words before the value of an attribute that tells where something is so."""
_ARTICLES = frozenset(["the", "a", "an", "our", "your", "these", "those"])
"""Words between them."""
_NOT_ACTING = frozenset(["cases", *MARKS])
"""Cues by which records are called that act on nothing."""


@dataclass
class Spotted:
    """What one sentence names, and what is left of it.

    Args:
        about: the records that it is about, in their order.
        excluded: concepts and claims that are not wanted.
        words: stretches that are not known and carry content.
        chosen: ids of what evidence is limited to, by kind.
        without: kind and id of what evidence must not be from.
        alike: words that are only like a name.
        acting: words that say that something acts, in none of the study's words.
        asking: names of concepts by which something is asked as well: factors.
        doubtful: a concept that is called as a relation is.
        attributes: ids of attributes.
        picked: cases and sources that sets and values choose.
        compounds: words that are one name with a part of a concept's name before them.
        places: where each record is named.
        called: the words by which each concept is named.
        works: keys of the works that are called by what they are: journal articles.
        lacks: whether something is told to be without what is named.
        whole: ids of the concepts and claims that are named by all of a name.
    """

    about: list[Term] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    words: list[Span] = field(default_factory=list)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    without: list[tuple[str, str]] = field(default_factory=list)
    alike: list[tuple[Span, Term]] = field(default_factory=list)
    acting: list[Span] = field(default_factory=list)
    asking: list[tuple[Span, Term]] = field(default_factory=list)
    doubtful: Term | None = None
    attributes: list[str] = field(default_factory=list)
    picked: list[Chosen] = field(default_factory=list)
    compounds: list[Span] = field(default_factory=list)
    places: dict[Term, int] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    works: list[str] = field(default_factory=list)
    lacks: bool = False
    whole: set[str] = field(default_factory=set)


class Spotting(Sides):
    """What one sentence names."""

    def _spot(self) -> Spotted:
        """Find what the sentence names, what of it is denied, and which words are left."""
        it = Spotted()
        aside, clauses = self._left_aside(), self._clauses()
        together = self._written_together()
        called = {one.start: one for one in self.known.described(self.sentence.tokens) if self._is_described(one)}
        within = self.describing = {n: one.start for one in called.values() for n in range(one.start, one.end)}
        meant: set[int] = set()
        behind = any(span.names_records for span in self.sentence.spans if span.start >= self.introduction)
        negated = absent = False  # of a concept "without" tells that it is not there, and excludes nothing
        for span in self.sentence.spans:
            if span.end <= self.introduction and not self._is_told_of(span, behind=behind):
                continue
            if span.start in aside:
                negated = aside[span.start]
                if (negated and {*span.text.split()} & _LEAVING) or not span.names_records:
                    continue
            elif "not" in span.ids("cue") and (not span.names_records or self._leaves_out(span)):
                negated, absent = True, span.text == "without"
            elif self._is_negative_end(span) or (
                span.start in clauses and not (span.names_records and {*span.ids(*LIMITING)} and not it.excluded)
            ):
                negated = False
            if span.start in within:
                one = called[within[span.start]]
                if one.start not in meant:
                    meant.add(one.start)
                    self._take_works(it, span, one.works, negated=negated)
                continue
            if negated and self._describes_maker(span):
                # "Without the seed company's report": whose it is names no seed.
                continue
            if self._is_held(span):
                # "What keeps people from it" names no keeping.
                continue
            if not span.names_records or "literature" in span.ids("cue") or (negated and MARKS & {*span.ids("cue")}):
                self._spot_words(it, span, negated=negated, absent=absent)
            elif self._is_compound(span):
                it.words.append(span)
            elif self._is_modifier(span):
                it.words.append(span)
                it.compounds += [one for one in self.sentence.spans if one.start == span.end]
            elif span.start not in together or span.start == min(together):
                self._spot_name(it, span, together.get(span.start, ""), negated=negated, absent=absent)
        return it

    def _leaves_out(self, span: Span) -> bool:
        """Say whether the name of a relation leaves out the case or work that stands behind it."""
        behind = [one for one in self.sentence.spans if one.start == span.end]
        relation = {sense.kind for sense in span.senses if sense.kind not in NOT_RECORDS} == {"relation"}
        return relation and any(one.ids(*LIMITING) for one in behind)

    def _describes_maker(self, span: Span) -> bool:
        """Say whether a part of a name tells what company it is whose works are left out."""
        part = bool(span.senses) and all(sense.kind == "concept" and sense.rank >= PART for sense in span.senses)
        behind = [one for one in self.sentence.spans if one.start == span.end]
        return part and any(MARKS & {*one.ids("cue")} for one in behind)

    def _is_held(self, span: Span) -> bool:
        """Say whether a part of a name is one of two words that stand around what is hindered: keep … from."""
        part = all(sense.kind == "concept" and sense.rank >= PART for sense in span.senses)
        return bool(span.senses) and part and self.sentence.tokens[span.start].key in self.holding

    def _is_told_of(self, span: Span, *, behind: bool) -> bool:
        """Say whether what is told before something is asked names what is wished for, or where something is so."""
        wished = not behind and span.start >= self.wish
        least = PART + 1 if self.language == "zh" else PART
        is_wished = any(sense.kind == "concept" and sense.rank < least for sense in span.senses)
        return (wished and is_wished) or bool(span.ids(*_PLACES))

    def _is_described(self, one: Described) -> bool:
        """Say whether words that may call a work name nothing by themselves that is surer: a case, author or source."""
        within = [span for span in self.sentence.spans if one.start <= span.start and span.end <= one.end]
        named = {kind for span in within for kind in ("case", "source", "reference", "coder") if span.ids(kind)}
        # Authors alone are a limit by themselves.
        authors = [span for span in within if span.ids("author")]
        others = [span for span in within if span.is_unknown and not is_common(span.text)]
        return not (named or (authors and not others) or any(MARKS & {*span.ids("cue")} for span in within))

    def _take_works(self, it: Spotted, span: Span, works: Iterable[str], *, negated: bool) -> None:
        """Take works that are called by what they are for a limit, or for what is not wanted."""
        for key in works:
            term = Term(key, "reference", self._label("reference", key))
            it.places.setdefault(term, span.start)
            self._take_up(it, span, term, negated=negated, absent=False)

    def _is_compound(self, span: Span) -> bool:
        """Say whether a part of a name is a part of another one that the whole question is: climate change."""
        spans = self.sentence.spans
        part = all(sense.kind in ("concept", "group") and sense.rank == PART for sense in span.senses)
        return part and len(spans) == 2 and spans[1] == span and spans[0].is_unknown and self.language == "en"

    def _spot_words(self, it: Spotted, span: Span, *, negated: bool, absent: bool) -> None:
        """Take in a stretch that names no record: words that are not known, or that say what is left out."""
        cues = {*span.ids("cue")}
        if span.is_unknown and any(start <= span.start < end for start, end in self.denied.values()):
            return
        if span.is_unknown and negated and not absent and it.excluded and self.language == "en":
            # "Besides needing the product": it tells more of what is left out.
            return
        # "Except in the companies" leaves out cases, where these are companies.
        several = "cases" in cues and span.text.endswith("s") and not self.known.names_cases
        if negated and not (span.ids("case", "author") or several) and (marks := MARKS & cues):
            # "Without the company's report": works are left out by what they are.
            it.without += [("reference", key) for mark in sorted(marks) for key in self.known.marked().get(mark, ())]
            return
        if (marks := TYPES & cues) and not negated:
            it.works += [key for mark in sorted(marks) for key in self.known.marked().get(mark, ())]
            if not it.works:
                it.words.append(span)
            return
        if negated and not absent and "literature" in cues and "not" not in cues:
            it.without.append(("role", LITERATURE))
        it.lacks = it.lacks or (negated and absent and span.is_unknown)
        if span.is_unknown or (
            cues & _NOT_ACTING and OWN not in cues and (self._is_actor(span) or self._is_lone(span))
        ):
            # Schools, say, where the cases of the study are cities.
            it.words.append(span)
        elif cues & ACTING and not span.ids("operation"):
            it.acting.append(span)
        elif cues == {"reread"} and span.text == "read" and self._is_yes_or_no() and not self._says(*_OF_CODING):
            # "Does it matter whether they can read music".
            it.words.append(span)
        elif span.start in self.denied and {"cases", "field"} & cues:
            it.without += [("case", case) for kind, case in self.known.labels if kind == "case"]
        elif span.start in self.denied and "literature" in cues:
            it.without.append(("role", LITERATURE))

    def _is_lone(self, span: Span) -> bool:
        """Say whether a word for cases is what passages are asked about: any mention of school."""
        before = self.sentence.tokens[span.start - 1].text if span.start else ""
        return before in ("of", "about", "on") and not span.text.endswith("s") and "find" in self._asked()

    def _spot_name(self, it: Spotted, span: Span, reference: str, *, negated: bool, absent: bool) -> None:
        """Take in a stretch that names a record, or a reference by the names of all its authors."""
        if span.text.split()[-1] in _MODAL and any(
            token.text == "to" for token in self.sentence.tokens[span.end : span.end + 1]
        ):
            # "Do users need to trust a firm" asks for nothing that they need.
            return
        term = self._term(span)
        it.places.setdefault(term, span.start)
        if term.kind == "concept":
            it.called.setdefault(term.id, span.text)
        if reference:
            term = Term(reference, "reference", self._label("reference", reference))
        if term.kind == "attribute":
            it.attributes.append(term.id)
        elif term.kind in ("value", "set"):
            self._spot_group(it, span, term, left_out=negated or self._is_contrasted(span))
        elif all(sense.rank == LIKE for sense in span.senses):
            it.alike.append((span, term))
        elif self._only_asks(it, span, term):
            return
        elif term.kind == "code" and self._is_asked_for(span):
            # "Which customers lead ...": what is asked is no code that is called so.
            it.words.append(span)
        elif term.kind == "concept" and span.ids("operation") and not span.ids("relation"):
            it.asking.append((span, term))
        elif term.kind == "concept" and span.ids("relation"):
            it.doubtful = term
        elif term.kind != "relation":
            if term.kind == "proposition" or self._is_whole(span, term):
                it.whole.add(term.id)
            if term.kind == "stage" and not self._is_within(span):
                term = Term(term.id, "concept", term.label)
            self._take_up(it, span, term, negated=negated, absent=absent)

    def _tells_where(self, span: Span) -> bool:
        """Say whether the value of an attribute tells where something is so, or of which cases or sources."""
        texts = [token.text for token in self.sentence.tokens]
        before = [text for text in texts[: span.start] if text not in _ARTICLES]
        # "Anybody in the town", where the claims speak of the town, chooses no case that is run by it.
        general = texts[span.start - 1 : span.start] == ["the"] and self.known.claimed(span.text)
        if before[-1:] and before[-1] in _PLACING and not general:
            return True
        if self.language == "zh" and texts[span.end : span.end + 1] in (["的"], ["里"], ["中"], ["那"]):
            return True
        kinds = [
            one
            for one in self.sentence.spans
            if one != span and ({"cases", OWN} & {*one.ids("cue")} or one.ids("attribute", "case", "source"))
        ]
        return bool(kinds) or bool({"cases", "sources", "count", "compare"} & {*self._asked()}) or not before

    def _spot_group(self, it: Spotted, span: Span, term: Term, *, left_out: bool) -> None:
        """Take in the cases and sources of a set, or with a value of an attribute."""
        if term.kind == "value" and not self._tells_where(span):
            # "Do they drive out the volunteers" chooses no case that is run by volunteers.
            it.words.append(span)
            return
        members = self.known.groups.sets.get(term.id, ())
        some = self.known.groups.with_value(term.id) if term.kind == "value" else [Chosen(*one, "") for one in members]
        if left_out:
            it.without += [(one.kind, one.id) for one in some]
        else:
            it.picked += some
            it.about += [Term(k, kind, self._label(kind, k)) for kind, k in members if kind in ("source", "case")]

    def _take_up(self, it: Spotted, span: Span, term: Term, *, negated: bool, absent: bool) -> None:
        """Take a record for what is asked about, for a limit, or for what is not wanted."""
        if term.kind in LIMITING:
            if negated or self._is_contrasted(span) or span.start in self.denied:
                it.without.append((term.kind, term.id))
                return
            it.chosen.setdefault(term.kind, []).append(term.id)
            if term.kind in _ASKED_ABOUT:
                it.about.append(term)
        elif negated and not absent:
            it.excluded.append(term)
        else:
            it.lacks = it.lacks or (negated and term.kind == "concept")
            it.about.append(term)
            if term.kind == "code":
                it.words.append(span)

    def _only_asks(self, it: Spotted, span: Span, term: Term) -> bool:
        """Say whether a stretch is no name here: a word by which something is asked, where a code is called so, too."""
        behind = [token.text for token in self.sentence.tokens[span.end : span.end + 1]]
        if span.text in ("show", "tell", "give", "find") and behind in (["me"], ["us"]):
            return True
        if span.text == "need" and (span.start == 0 or self.sentence.tokens[span.start - 1].text in ("i", "we", "you")):
            # "I need five sources on it".
            return True
        if span.text in ("need", "needs") and self.sentence.tokens[0].text in ("do", "does", "did") and it.about:
            # "Does it need a stage": a word that acts.
            return True
        return term.kind == "code" and bool(span.ids("cue", "operation")) and not self._says_code(span)

    def _is_asked_for(self, span: Span) -> bool:
        """Say whether a name stands right behind the word that asks which, beside the name of a concept."""
        before = self.sentence.tokens[span.start - 1].text if span.start else ""
        named = any(one.ids("concept") and one.start >= span.end for one in self.sentence.spans)
        return before in ("which", "what") and named

    def _written_together(self) -> dict[int, str]:
        """Return the reference that is meant by the names of all its authors, by the places of these names.

        So in "Okafor & Lindqvist", 王秀兰和李建国, and "Moreau et al.", of which nothing but the first is named.
        """
        spans = [span for span in self.sentence.spans if span.ids("author")]
        texts = [token.text for token in self.sentence.tokens]
        run = spans[:1]
        for span in spans[1:]:
            if {*texts[run[-1].end : span.start]} <= _WITH:
                run.append(span)
        more = bool(run) and texts[run[-1].end :][:2] in _AND_OTHERS
        if not run or (len(run) < 2 and not more):
            return {}
        written = [
            (reference, authors)
            for reference, authors in self.known.writers().items()
            if all(authors & {*span.ids("author")} for span in run)
        ]
        meant = [one for one, authors in written if (len(authors) > len(run) if more else len(authors) == len(run))]
        # Where somebody has written nothing else, the author says as much.
        if len(meant) != 1 or (more and len(written) == 1):
            return {}
        return {span.start: meant[0] for span in run}

    def _is_whole(self, span: Span, term: Term) -> bool:
        """Say whether a stretch is a name of a concept, rather than a part of one or a word that is like one."""
        return term.kind in ("concept", "stage") and any(s.value == term.id and s.rank < PART for s in span.senses)

    def _left_aside(self) -> dict[int, bool]:
        """Return where an exclusion begins and ends whose words stand around what is excluded: leaving X aside."""
        texts = [token.text for token in self.sentence.tokens]
        if self.language == "zh" and (found := _SET_ASIDE.search("".join(texts))):
            at = [sum(len(text) for text in texts[:n]) for n in range(len(texts) + 1)]
            return (
                {at.index(found.start()): True, at.index(found.end("end")): False} if {*found.span()} <= {*at} else {}
            )
        ends = sorted({*self._clauses(), len(texts)})
        for begin, end in zip([0, *ends], ends, strict=False):
            if texts[end - 1 : end] and (texts[end - 1] in _LEFT or tuple(texts[end - 2 : end]) in _LEFT_OUT):
                return {begin: True, end: False}
        for verb in _LEAVING & {*texts}:
            begin = texts.index(verb)
            if end := next((n for n in range(begin + 2, len(texts)) if texts[n] in _ASIDE), 0):
                return {begin: True, end: False}
        return {}

    def _is_negative_end(self, span: Span) -> bool:
        """Say whether what is excluded ends here: something else is asked from here on."""
        if self.language == "zh" and span.text in _BEYOND:
            return True
        cues = set(span.ids("cue")) - {"not", "since", "until", "literature", *MARKS}
        if MARKS & {*span.ids("cue")}:
            # "The company" tells there whose works are left out.
            return False
        return bool(cues and not span.names_records)

    def _term(self, span: Span) -> Term:
        """Return the record that a name means here."""
        senses = [s for s in span.senses if s.kind not in NOT_RECORDS]
        kinds = ["case", "concept", "proposition", "relation", "paragraph", "line", "coder", "code", "source",
                 "author", "reference", "question", "search", "set", "value", "attribute"]  # fmt: skip
        exact = any(s.kind == "code" and s.rank <= LABEL for s in senses)
        if self._says_code(span) or (exact and self._lists_codes()):
            kinds.insert(0, "code")
        if any(s.kind == "attribute" for s in senses) and comparison(self.text):
            kinds.insert(0, "attribute")
        if senses[0].rank == PART and len({s.value for s in senses}) > 1:
            # Of several authors of one family name none is meant more than another: all are.
            senses = [s for s in senses if s.kind == "author"] or senses
        best = min(senses, key=lambda s: (kinds.index(s.kind) if s.kind in kinds else len(kinds), s.rank))
        kind = "stage" if best.kind == "concept" and best.value in self.known.stages else best.kind
        return Term(best.value, kind, self._label(best.kind, best.value))
