"""A sentence read as a question: terms, limits, and words that are left."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.asking.alone import AT_BEST
from kg.asking.attributes import Chosen, comparison
from kg.asking.deciding import Deciding
from kg.asking.question import ACTING, CHOOSING, DRIVERS, MARKS, Question, Term
from kg.asking.restrictions import restrictions
from kg.asking.sentence import NOT_RECORDS, Span
from kg.asking.stances import is_year
from kg.cjk import has_han
from kg.claims import LITERATURE, STANCES
from kg.language.case_nouns import OWN
from kg.language.lexicon import FUNCTION, LIKE, PART
from kg.language.shipped import table
from kg.language.tokens import fold, is_common, tokens
from kg.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.asking.attributes import Groups
    from kg.asking.sentence import Sentence

_LIMITING = {
    "case": "cases", "source": "sources", "reference": "references", "author": "authors", "coder": "coders",
    "stage": "stages", "role": "roles",
}  # fmt: skip
"""The field of limits of every facet that a name can limit evidence to."""
_BEARING_WORDS = tuple(
    token.key for token in tokens("evidence data line quote passage bear mention speak talk about tell")
)
"""Keys of words that ask for evidence of any stance."""
_LEAVING = frozenset("leaving leave setting set putting put taking take".split())
"""Verbs that exclude what stands between them and "aside" or "out"."""
_AND = frozenset(["and", "or", "nor", "versus", "vs", "和", "与", "或", "及", "还是", "跟", "或者", "以及"])
"""Words between things that are named beside each other."""
_WITH = frozenset(["and", "with", "和", "与", "及", "跟", "以及"])
"""Words between the authors of one work."""
_AND_OTHERS = (["et", "al"], ["and", "colleagues"], ["and", "others"], ["等", "人"], ["等"])
"""Words for those of its authors who are not named."""
_NOT = frozenset(["not", "不", "没", "没有", "不肯", "不愿", "不愿意", "不想", "不能", "没能", "不再", "不去"])
"""What denies the thing that stands behind it."""
_TELLING_OF = frozenset("on of about among amongst for with during between concerning".split())
"""Words between something and what tells of which one, or of whom, it is said."""
_PARTICLES = frozenset("up down over out off away on in back around apart along through".split())
"""Words that make another verb with the verb before them."""
_SIZES = frozenset(
    "largest biggest highest greatest smallest lowest fewest newest oldest thousand million made held".split()
)
"""Words that say which value of an attribute is meant."""
_PUBLISHED = frozenset({"published", "publications", "publication", "发表的"})
"""Words that say of what a date is."""
_EACH = re.compile(
    "(?:[两三四五六七八九十]|几|每|各|所有|全部)(?:个|家|所|座)?(?:案例|企业|公司|医院|城市|学校|社区|机构)(?:全|都|均)"
)
"""How Chinese says that something is so in every case."""
_BEYOND = frozenset({"还", "还有", "以外", "之外"})
"""What ends in Chinese what is excluded: 除了……还有."""
_TOWARDS = frozenset({"对", "对于", "跟", "与", "和"})
"""What stands between two things one of which may act on the other."""
_ASPECTS = frozenset({"了", "过", "着", "到"})
"""What stands behind a verb."""


_BETWEEN_NOT = frozenset(["the", "in", "from", "of", "by", "a", "any"])
"""Words between "not" and what is not wanted."""
_EXCLUDING = frozenset(["except", "except for", "excluding", "apart from", "other than", "leaving out"])
"""Words of which something must be excluded."""
_PREFERRING = frozenset(["rather than", "instead of"])
"""Words between what is told and what is denied."""
_OF_TEXTS = frozenset("find where when summary define sources coders count disputed searches study method".split())
"""Operations that ask of a text itself, also of that of the theory."""
_NOT_ACTING = frozenset(["cases", *MARKS])
"""Cues by which records are called that act on nothing."""
_DOING = frozenset(["do", "does", "did", "can", "could", "will", "would", "is", "are", "was", "were"])
"""Words with which a question begins whether something acts."""
_ANY_OBJECT = frozenset("people things matters difference sense everybody anybody them us it better well much".split())
"""Words for what something acts on that say little."""
_ARTICLES = frozenset(["the", "a", "an", "any", "some", "more", "also"])
"""Words that may stand between these and what acts."""


def _says_little(span: Span) -> bool:
    """Say whether a stretch has no content, or only asks."""
    return bool(span.senses) and all(sense.kind in (FUNCTION, "operation") for sense in span.senses)


@cache
def _words_of(operation: str) -> frozenset[str]:
    """Return the keys of the English words by which an operation is asked for, which are understood in any form."""
    phrases = table("operations")["operation"][operation]["en"]
    return frozenset(token.key for phrase in phrases for token in tokens(phrase))


class Reader(Deciding):
    """The reader of one sentence: what it is about, and the limits.

    Args:
        sentence: the sentence, split.
        text: as it was typed.
        language: ``en`` or ``zh``.
        labels: gives the label of a record.
        stages: ids of the concepts that are stages of claims.
        groups: the attributes and sets of the study.
        writers: gives the authors of every reference.
        claimed: says whether a claim has some words.
        theory: ids of the sources that state the theory.
        marked: gives the references that have each mark.
    """

    def __init__(
        self,
        sentence: Sentence,
        text: str,
        language: str,
        labels: Mapping[tuple[str, str], str],
        stages: Iterable[str],
        groups: Groups,
        writers: Callable[[], Mapping[str, frozenset[str]]],
        claimed: Callable[[str], bool],
        theory: frozenset[str],
        marked: Callable[[], Mapping[str, tuple[str, ...]]],
    ) -> None:
        super().__init__(sentence, text, language, labels, stages, groups)
        self.writers, self.claimed, self.theory, self.marked = writers, claimed, theory, marked

    def read(self) -> Question:
        """Read the sentence."""
        about: list[Term] = []
        excluded: list[Term] = []
        words: list[Span] = []
        chosen: dict[str, list[str]] = {}
        without: list[tuple[str, str]] = []
        negated = lacks = False
        absent = False  # of a concept "without" tells that it is not there, and excludes nothing
        doubtful: Term | None = None
        alike: list[tuple[Span, Term]] = []
        places: dict[Term, int] = {}
        called: dict[str, str] = {}
        compounds: list[Span] = []
        acting: list[Span] = []
        asking: list[tuple[Span, Term]] = []
        attributes: list[str] = []
        whole = False
        picked: list[Chosen] = []
        aside, clauses = self._left_aside(), self._clauses()
        together = self._written_together()
        for span in self.sentence.spans:
            if span.end <= self.introduction and not span.ids(*_LIMITING):
                continue
            if span.start in aside:
                negated = aside[span.start]
                if not span.names_records:
                    continue
            elif "not" in span.ids("cue") and not span.names_records:
                negated, absent = True, span.text == "without"
            elif self._is_negative_end(span) or (
                span.start in clauses and not (span.names_records and {*span.ids(*_LIMITING)} and not excluded)
            ):
                negated = False
            if span.is_unknown and any(start <= span.start < end for start, end in self.denied.values()):
                continue
            if negated and not span.names_records and (marks := MARKS & {*span.ids("cue")}):
                # "Without the company's report": works are left out by what they are.
                without += [("reference", key) for mark in sorted(marks) for key in self.marked().get(mark, ())]
                continue
            if not span.names_records or "literature" in span.ids("cue"):
                lacks = lacks or (negated and absent and span.is_unknown)
                if span.is_unknown or (
                    {*span.ids("cue")} & _NOT_ACTING and OWN not in span.ids("cue") and self._is_actor(span)
                ):
                    # Schools, say, where the cases of the study are cities.
                    words.append(span)
                elif {*span.ids("cue")} & ACTING and not span.ids("operation"):
                    acting.append(span)
                elif span.start in self.denied and {"cases", "field"} & {*span.ids("cue")}:
                    without += [("case", case) for kind, case in self.labels if kind == "case"]
                elif span.start in self.denied and "literature" in span.ids("cue"):
                    without.append(("role", LITERATURE))
                continue
            if self._is_modifier(span):
                words.append(span)
                compounds += [one for one in self.sentence.spans if one.start == span.end]
                continue
            if span.start in together and span.start != min(together):
                continue
            term = self._term(span)
            places.setdefault(term, span.start)
            if term.kind == "concept":
                called.setdefault(term.id, span.text)
            if span.start in together:
                reference = together[span.start]
                term = Term(reference, "reference", self._label("reference", reference))
            if term.kind == "attribute":
                attributes.append(term.id)
                continue
            if term.kind in ("value", "set"):
                members = self.groups.sets.get(term.id, ())
                some = (
                    self.groups.with_value(term.id) if term.kind == "value" else [Chosen(*one, "") for one in members]
                )
                if negated or self._is_contrasted(span):
                    without += [(one.kind, one.id) for one in some]
                else:
                    picked += some
                    about += [Term(k, kind, self._label(kind, k)) for kind, k in members if kind in ("source", "case")]
                continue
            if all(sense.rank == LIKE for sense in span.senses):
                alike.append((span, term))
                continue
            if span.text in ("need", "needs") and self.sentence.tokens[0].text in ("do", "does", "did") and about:
                # "Does it need a stage": a word that acts.
                continue
            if term.kind == "code" and span.ids("cue", "operation") and not self._says_code(span):
                # A word by which something is asked, where a code is called so too.
                continue
            if term.kind == "code" and self._is_asked_for(span):
                # "Which customers lead ...": what is asked is no code that is called so.
                words.append(span)
                continue
            if term.kind == "concept" and span.ids("operation") and not span.ids("relation"):
                asking.append((span, term))
                continue
            if term.kind == "concept" and span.ids("relation"):
                doubtful = term
                term = Term(span.ids("relation")[0], "relation", span.text)
            if term.kind == "relation":
                continue
            whole = whole or term.kind == "proposition" or self._is_whole(span, term)
            if term.kind == "stage" and not self._is_within(span):
                term = Term(term.id, "concept", term.label)
            if term.kind in _LIMITING:
                if negated or self._is_contrasted(span) or span.start in self.denied:
                    without.append((term.kind, term.id))
                else:
                    chosen.setdefault(term.kind, []).append(term.id)
                    if term.kind in ("source", "reference", "author", "coder", "case"):
                        about.append(term)
            elif negated and not absent:
                excluded.append(term)
            else:
                lacks = lacks or (negated and term.kind == "concept")
                about.append(term)
                if term.kind == "code":
                    words.append(span)
        if not ("stage" in chosen or any(term.kind in ("concept", "proposition") for term in about)):
            # What acts is a relation between concepts, or else what passages tell.
            words = sorted((*words, *acting))
        # A word that is like a name stands for it where all else is understood.
        if alike and not all(self.claimed(span.text) for span in words):
            words = sorted((*words, *(span for span, _ in alike)))
        else:
            about = sorted([*about, *(term for _, term in alike)], key=lambda term: places.get(term, 0))
        if not chosen.get("case") and _EACH.search(fold(self.text)) and not (self.denied or self.lacking):
            chosen["case"] = [case for kind, case in self.labels if kind == "case"]
        if doubtful and not (about or chosen or words):
            # "drivers" asks for what drives, unless nothing else is asked about.
            about.append(doubtful)
        factors = [term for span, term in asking if "drivers" in span.ids("operation")]
        if not about:
            about, asking = [term for _, term in asking], []
        since, until, dated = self._years()
        strengths, unwanted = self._strengths()
        without += [("strength", strength) for strength in unwanted]
        roles = self._roles(without, chosen.get("source", ()), dated=bool(dated))
        if self.alone.holder:
            # All evidence is looked at: of what it is made chooses the claims.
            roles, without, chosen = (), [], {k: v for k, v in chosen.items() if k not in ("case", "source")}
        if AT_BEST in self.cues or self.alone.strength:
            strengths = ()
        if chosen.get("case"):
            # What is told of a case is no literature.
            roles = tuple(role for role in roles if role != "case")
        if self._asks_why_not():
            self.cues |= {"hinders"}
        restricted = restrictions(self.sentence.tokens, self._stance() or "")
        within = {n for one in restricted for n in range(one.start, one.end)}
        words = [span for span in words if not {*range(span.start, span.end)} <= within]
        operation = self._operation(about, words, in_stage="stage" in chosen)
        if restricted and (self._lists_claims() or "suggestion" in self.cues):
            operation = "count" if operation == "count" else "claims"
        # "Factors" asks for what acts, unless something else is asked of them.
        about += [term for span, term in asking if operation not in span.ids("operation")]
        if operation == "claims" and factors and self.cues & {*CHOOSING}:
            # "Which drivers are contested" asks for claims on what acts.
            about = [term for term in about if term not in factors]
            self.cues |= {DRIVERS}
        used = excluded or without or lacks or self.denied or self.lacking or self.by_case or self.alone.holder
        if not (used or operation in ("missing", "searches", "coders", "withdrawn", "disputed", "find")):
            # What is denied of nothing that is known is not left out without a word.
            excluding = _EXCLUDING | _PREFERRING if operation == "says" else _EXCLUDING
            words = sorted((*words, *(s for s in self.sentence.spans if s.text in excluding)))
        limited = chosen or picked or roles or since or until
        if operation == "help" and (limited or self.cues & {*CHOOSING}):
            operation = "claims"
        elif operation == "help" and self._names_kind():
            operation = "count"
        picked += self._compared(words, attributes, operation, dated=bool(dated))
        for one in dict.fromkeys(picked):
            chosen.setdefault(one.kind, []).append(one.id)
        if operation in ("references", "when"):
            roles = ()
        if operation in ("define", "outside", "study", "method"):
            chosen, since, until = {}, None, None
        if operation not in _OF_TEXTS and self.theory & {*chosen.get("source", ())}:
            # The text of the theory states claims, and has no evidence.
            chosen["source"] = [source for source in chosen["source"] if source not in self.theory]
            about = [term for term in about if term.kind != "source" or term.id not in self.theory]
        if self._says("whi") and operation == "drivers":
            # Why evidence is weak is asked of all of it.
            strengths = ()
            for kind in ("author", "reference", "source"):
                chosen.pop(kind, None)
        if operation == "disputed" or (operation == "coders" and any(term.kind == "line" for term in about)):
            # Those who differ, or judged a line, limit no evidence, nor does how strong it was judged.
            chosen.pop("coder", None)
            strengths = ()
        if operation in ("claims", "drivers", "effects") and roles and chosen.get("case"):
            # A list asks of each whether it has evidence, and the literature is one more.
            chosen["case"] += [LITERATURE]
            roles = ()
        limits = Limits(
            **{_LIMITING[kind]: tuple(dict.fromkeys(ids)) for kind, ids in chosen.items() if kind in _LIMITING},
            roles=roles,
            strengths=strengths,
            since=since,
            until=until,
            without=tuple(dict.fromkeys(without)),
        )
        understood = _words_of(operation)
        words = [s for s in words if s.start not in dated and not all(t in understood for t in self._keys(s))]
        stance = self._turned(self._stance(), operation)
        lacking = self.cues & {"bare", "unsupported", "both"} and "despite" not in self.cues
        if operation == "cases" and not stance and not lacking and (about or words):
            # Where something is told to be so, that bears it out; where it is so "despite", the contrary.
            neutral = self._says(*_BEARING_WORDS)
            denied = "despite" in self.cues or lacks or "not" in {token.text for token in self.sentence.tokens}
            happened = [token.text for token in self.sentence.tokens[:2]] == ["where", "did"]
            stance = "opposes" if denied else "supports" if (happened or self._tells()) and not neutral else None
        return Question(
            text=self.text,
            language=self.language,
            operation=operation,
            about=tuple(dict.fromkeys(about)),
            relations=self.relations,
            stance=stance,
            limits=limits,
            excluded=tuple(excluded),
            cues=self.cues,
            words=tuple(words),
            mended=self.sentence.mended,
            asked=tuple(self._asked()),
            attributes=tuple(dict.fromkeys(attributes)),
            chosen=tuple(dict.fromkeys(picked)),
            said=tuple(self._said(operation)),
            listed=self._is_list(),
            sides=tuple(span for span in words if self._is_side(span)),
            lacking=self.lacking,
            by_case=self.by_case,
            alone=self.alone,
            restrictions=restricted,
            beside=tuple(span for span in words if self._is_beside_part(span) or span in compounds),
            called=tuple(called.items()),
            within=tuple(span for span in words if self._is_told_within(span)),
            denied=bool(self.denied),
            is_partial=not whole and any(term.kind == "concept" for term in about),
        )

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
            for reference, authors in self.writers().items()
            if all(authors & {*span.ids("author")} for span in run)
        ]
        meant = [one for one, authors in written if (len(authors) > len(run) if more else len(authors) == len(run))]
        # Where somebody has written nothing else, the author says as much.
        if len(meant) != 1 or (more and len(written) == 1):
            return {}
        return {span.start: meant[0] for span in run}

    def _asks_why_not(self) -> bool:
        """Say whether it is asked why something is not so or not done: 为什么不吃药, why do they not ride."""
        if "drivers" not in self._asked() or self.relations or self.cues & {*CHOOSING, *STANCES}:
            return False
        texts = [token.text for token in self.sentence.tokens]
        places = [span.start for span in self.sentence.spans if span.ids("concept") and not span.ids("relation")]
        return any("".join(texts[max(0, n - k) : n]) in _NOT for n in places for k in (1, 2, 3))

    def _is_modifier(self, span: Span) -> bool:
        """Say whether a part of a name tells of what kind something unknown is, as in "public transport"."""
        if self.language == "zh" or not all(s.kind in ("concept", "group") and s.rank == PART for s in span.senses):
            return False
        if span.text.endswith("s") and not span.text.endswith("ss"):
            # What tells of what kind something is stands in the singular: "lanes bring" says what lanes do.
            return False
        after = next((one for one in self.sentence.spans if one.start == span.end), None)
        return after is not None and after.is_unknown and after.text.isalpha() and not is_common(after.text)

    def _is_beside_part(self, span: Span) -> bool:
        """Say whether unknown words stand right beside what is only a part of a concept's name: bus lanes, 员工参与."""
        if not span.is_unknown or len(span.text) < 2 or is_common(span.text) or span.text.isdigit():
            return False
        after = [one for one in self.sentence.spans if one.start == span.end]
        before = [one for one in self.sentence.spans if one.end == span.start]
        if not has_han(span.text):
            # In English a word between two names says what one does to the other.
            after, before = [] if any(one.ids("concept") for one in before) else after, []
        parts = [
            (one.text, s.value) for one in before for s in one.senses if s.kind == "concept" and s.rank == PART
        ] + [(one.text, s.value) for one in after for s in one.senses if s.kind == "concept"]
        return any(self._is_part(text, concept) for text, concept in parts)

    def _is_part(self, text: str, concept: str) -> bool:
        """Say whether some words are a part of what a concept is called, and not all of it."""
        label, own = ([token.key for token in tokens(one)] for one in (self._label("concept", concept), text))
        return own != label and any(label[n : n + len(own)] == own for n in range(len(label)))

    def _is_whole(self, span: Span, term: Term) -> bool:
        """Say whether a stretch is a name of a concept, rather than a part of one or a word that is like one."""
        return term.kind in ("concept", "stage") and any(s.value == term.id and s.rank < PART for s in span.senses)

    def _left_aside(self) -> dict[int, bool]:
        """Return where an exclusion begins and ends whose words stand around what is excluded: leaving X aside."""
        texts = [token.text for token in self.sentence.tokens]
        for verb in _LEAVING & {*texts}:
            begin = texts.index(verb)
            if end := next((n for n in range(begin + 2, len(texts)) if texts[n] in ("aside", "out")), 0):
                return {begin: True, end: False}
        return {}

    def _said(self, operation: str) -> Iterator[Span]:
        """Give the stretches that are neither names nor without content nor ask for an operation or a stance."""
        for span in self.sentence.spans:
            cues = {*span.ids("cue")}
            if span.names_records or operation in span.ids("operation") or cues - {"agreement", "both", "despite"}:
                continue
            if span.is_unknown or cues:
                yield span

    def _is_list(self) -> bool:
        """Say whether two names of concepts stand beside each other with 'and' or 'or', or are asked about in turn."""
        spans = self.sentence.spans
        places = [n for n, span in enumerate(spans) if span.ids("concept", "code", "proposition")]
        between = [{*spans[n].text.split()} for a, b in pairwise(places) for n in range(a + 1, b)]
        return any(words & _AND for words in between)

    def _compared(self, words: list[Span], attributes: list[str], operation: str, *, dated: bool) -> list[Chosen]:
        """Return the records that are chosen by how large or of when a value is; words that say so are taken out."""
        years = [span for span in words if is_year(span.text)]
        year = years[0].text if years and operation == "sources" and not dated else ""
        some = self.groups.compared(self.text, attributes, year)
        if some:
            said = found[0] if (found := comparison(self.text)) else ""
            words[:] = [s for s in words if not s.text.isdigit() and s.text not in _SIZES and s.text not in said]
        return list(some)

    def _is_negative_end(self, span: Span) -> bool:
        """Say whether what is excluded ends here: something else is asked from here on."""
        if self.language == "zh" and span.text in _BEYOND:
            return True
        cues = set(span.ids("cue")) - {"not", "since", "until", *MARKS}
        return bool(cues and not span.names_records)

    def _is_object(self, span: Span) -> bool:
        """Say whether it is asked if a concept acts on what English words tell, as in "do lanes raise prices"."""
        some, spans = self.sentence.tokens, self.sentence.spans
        if some[0].text not in _DOING or span.text in _ANY_OBJECT:
            return False
        at = spans.index(span) - 1
        while at >= 0 and (
            spans[at].text in _ARTICLES
            or {*spans[at].ids("cue")} & {"cases", OWN}
            or (spans[at].is_unknown and spans[at].end == spans[at + 1].start)
        ):
            at -= 1
        if at < 1 or not (spans[at].ids("relation") or {*spans[at].ids("cue")} & {"acts", *ACTING}):
            return False
        acts_on = any(one.ids("concept") for one in spans[at + 1 :] if one.end > spans[at].end)
        return not acts_on and any(one.ids("concept") and not one.ids("relation") for one in spans[:at])

    def _is_side(self, span: Span) -> bool:
        """Say whether something acts on what Chinese words tell, or they on it: what stands between says little."""
        if not has_han(span.text):
            return self._is_actor(span) or self._is_object(span)
        spans = self.sentence.spans
        at = spans.index(span)
        beside = (*spans[max(0, at - 1) : at], *spans[at + 1 : at + 2])
        if any(one.names_records and not one.ids("relation") for one in beside):
            # It tells more of what is known.
            return False
        acts = {
            place
            for one in self.phrases
            if one.ids("relation") or "acts" in one.ids("cue")
            for place in (one.start, one.end)
        }
        after = at + 1
        while after < len(spans) and (spans[after].is_unknown or _says_little(spans[after])):
            if spans[after].text in _TOWARDS:
                return True
            after += 1
        before = at - 1
        while before >= 0 and (
            spans[before].is_unknown or spans[before].text in _ASPECTS or {*spans[before].ids("cue")} == {"cases"}
        ):
            before -= 1
        if after == len(spans):
            return before >= 0 and spans[before].end in acts
        return spans[after].start in acts and all(map(_says_little, spans[: before + 1]))

    def _is_actor(self, span: Span) -> bool:
        """Say whether English words are what a yes-or-no question is told of, as in "does rainfall hinder cycling"."""
        some = self.sentence.tokens
        if has_han(span.text):
            # The first word of the sentence, with one that says that it acts right behind it.
            verbs = {one.start for one in self.phrases if one.ids("relation") or "acts" in one.ids("cue")}
            return span.start == 0 and len(span.text) > 1 and span.end in verbs
        if not some or some[0].text not in _DOING or all(is_common(text) for text in span.text.split()):
            return False
        ahead = {token.text for token in some[1 : span.start]}
        is_first = all(text in _ARTICLES or is_common(text) for text in ahead)
        return (is_first and span.end < len(some)) or self._is_of_name(span)

    def _is_of_name(self, span: Span) -> bool:
        """Say whether unknown words stand between a name and a word that says that they act: the platform's colour."""
        spans = self.sentence.spans
        at = spans.index(span)
        first = next((n for n in range(at, -1, -1) if not spans[n].is_unknown), -1)
        last = next((n for n in range(at, len(spans)) if not spans[n].is_unknown), len(spans))
        acts = {one.start for one in self.phrases if one.ids("relation") or {*one.ids("cue")} & {"acts", *ACTING}}
        if first >= 0 and last < len(spans) and spans[first].ids("concept") and spans[last].ids("concept"):
            # Of two words between two names the first is of the first name, and the second says what that does.
            return first + 1 == at and last == at + 2 and not self._is_phrasal(spans[at + 1])
        return 0 <= first < at and last < len(spans) and bool(spans[first].ids("concept")) and spans[last].start in acts

    def _is_told_within(self, span: Span) -> bool:
        """Say whether English words tell of what, or of whom, something is asked to be so: dialogue *on* prices."""
        some = self.sentence.tokens
        at = span.start - 1
        while at > 0 and some[at].text in _ARTICLES:
            at -= 1
        return at > 0 and some[at].text in _TELLING_OF and not has_han(span.text)

    def _is_phrasal(self, span: Span) -> bool:
        """Say whether a word may be the second one of a verb: win over."""
        return span.text in _PARTICLES or span.text.endswith("ly")

    def _term(self, span: Span) -> Term:
        """Return the record that a name means here."""
        senses = [s for s in span.senses if s.kind not in NOT_RECORDS]
        kinds = ["case", "concept", "proposition", "relation", "paragraph", "line", "coder", "code", "source",
                 "author", "reference", "question", "search", "set", "value", "attribute"]  # fmt: skip
        if self._says_code(span):
            kinds.insert(0, "code")
        if any(s.kind == "attribute" for s in senses) and comparison(self.text):
            kinds.insert(0, "attribute")
        if senses[0].rank == PART and len({s.value for s in senses}) > 1:
            # Of several authors of one family name none is meant more than another: all are.
            senses = [s for s in senses if s.kind == "author"] or senses
        best = min(senses, key=lambda s: (kinds.index(s.kind) if s.kind in kinds else len(kinds), s.rank))
        kind = "stage" if best.kind == "concept" and best.value in self.stages else best.kind
        return Term(best.value, kind, self._label(best.kind, best.value))

    def _roles(self, without: list[tuple[str, str]], sources: Iterable[str], *, dated: bool) -> tuple[str, ...]:
        """Return the roles of sources that evidence is limited to; a date says already that publications are meant."""
        negated = False
        roles = []
        for span in self.sentence.spans:
            cues = span.ids("cue")
            if span.start in self.denied:
                continue
            if "not" in cues:
                negated = True
            ahead = [token.text for token in self.sentence.tokens[: span.start] if token.text not in _BETWEEN_NOT]
            if "literature" in cues and ahead[-1:] == ["not"] and "not" not in cues:
                without.append(("role", LITERATURE))
            elif "literature" in cues and not (dated and _PUBLISHED & {*span.text.split()}):
                if negated:
                    without.append(("role", LITERATURE))
                else:
                    roles.append(LITERATURE)
            if "field" in cues and not negated and not sources:
                roles.append("case")
        if self.lacking and "cases" in self.cues and not roles:
            roles.append("case")
        return tuple(dict.fromkeys(roles)) if "compare" not in self._asked() else ()
