"""A question as it is read: an operation, what it is about, a stance, limits, and words that are left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from kg.asking.attributes import Chosen, Groups, comparison
from kg.asking.sentence import NOT_RECORDS, Span
from kg.cjk import has_han
from kg.claims import LITERATURE, STANCES, STRENGTHS
from kg.language.lexicon import FUNCTION, LIKE, PART
from kg.language.shipped import table
from kg.language.tokens import fold, tokens
from kg.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.asking.sentence import Sentence

_AUXILIARIES = frozenset(
    "is are was were do does did can could should has have will would isn't aren't".split()
)  # fmt: skip
"""The words with which a question begins that is answered with yes or no."""
_LIMITING = {
    "case": "cases", "source": "sources", "reference": "references", "author": "authors", "coder": "coders",
    "stage": "stages", "role": "roles",
}  # fmt: skip
"""The field of limits of every facet that a name can limit evidence to."""
_NEEDS_CLAIMS = "claims"
MARKS = frozenset(["company", "promotional", "unlinked", "uncited", "undated"])
"""Cues that are called as the marks of references are, and that of those without a date."""
_TOLD_BY_SIDE = frozenset(["drivers", "effects", "define", "relate", "summary", "verdict", "stage", "help"])
"""Operations of which the side says more where a question names a relation and what is on one side of it."""
_BEARING_WORDS = tuple(
    token.key for token in tokens("evidence data line quote passage bear mention speak talk about tell")
)
"""Keys of words that ask for evidence of any stance."""
_EVIDENCE = frozenset(
    token.key for token in tokens("evidence support proof line quote case backing opposition passage claim argument")
)
"""Keys of what can be strong or weak."""
_LEAVING = frozenset("leaving leave setting set putting put taking take".split())
"""Verbs that exclude what stands between them and "aside" or "out"."""
_ROLES = frozenset("driver cause factor reason motive determinant antecedent".split())
"""What something is that acts on something else: trust as a driver."""
_JUDGING = tuple(
    token.key for token in tokens("coder code coding line reader judge settle evidence agreement kappa alpha")
)
"""Keys of words that are about those who code."""
_ACTING = frozenset(["hinders", "promotes"])
"""Cues by which a relation is asked for that the study calls otherwise."""
_THERE = frozenset("is are there do we have can you see any at all".split())
"""Words that may stand between evidence and what it is evidence that is so."""
_AND = frozenset(["and", "or", "nor", "versus", "vs", "和", "与", "或", "及", "还是", "跟", "或者", "以及"])
"""Words between things that are named beside each other."""
_SIZES = frozenset(
    "largest biggest highest greatest smallest lowest fewest newest oldest thousand million made held".split()
)
"""Words that say which value of an attribute is meant."""
_PUBLISHED = frozenset({"published", "publications", "publication", "发表的"})
"""Words that say of what a date is."""
_WITHIN = frozenset({"of", "in", "at", "during", "within", "throughout", "在", "于"})
"""Words after which a stage is where something is so."""
_REACHED = frozenset({"", "到", "到了", "进入", "进入了", "进了"})
"""What may stand in Chinese before the stage in which something is asked to be, where it is named first."""
_OR_NOT = re.compile(r"(?P<verb>[\u4e00-\u9fff]{1,2})[不没](?P=verb)|(?<!有)没有$|[吗吧不]$|(?<![什怎多那这])么$")
"""How a question in Chinese is put that is answered with yes or no."""
_DENIED = re.compile(
    "(?:的|里面|里|中|上|方面|那边|这边|访谈|材料|案例|医院|企业|公司|集团)*(?:都|也|却|则|并|还|完全|一条)*"
    "(?:没|不|未|无|缺)(?:有|能|乏|少)?(?:任何)?(?:一条|人|被|得到|提供|给出)?"
    "(?P<stance>支持|赞成|证明|证实|反对|限定|(?P<told>提到|提及|涉及|谈到|讲到))?的?(?:支持|反对)?(?:证据|引文)?"
)
"""What stands behind a case or the literature that has no evidence of a stance, each character a token."""
_LACKING = re.compile(
    "(?:(?<!有)没有|缺乏|缺少)(?:得到|被|任何|哪|一?篇|一?个|一?家|一?所)*"
    "(?:(?:文献|案例|访谈|材料|企业|公司|医院|学校|城市)的?|(?<=家)|(?<=所))(?:支持|赞成|证实)"
    "|(?:[两三四五六七八九十]|几|每|各|所有|全部)(?:个|家|所|座)?(?:案例|企业|公司|医院|城市|学校|社区|机构)?"
    "(?:全|都|均)(?:没有|没|未|不)(?:人|提供|得到|有)?(?:支持|赞成|证实|提到|涉及|证据)"
)
"""How it is asked in Chinese what no literature or no case supports."""
_NOBODY = re.compile(
    "(?:(?:(?<!有)没有|(?<![有没])没(?!有)|无)(?:任何|一个|一条|什么|哪个|哪条|谁|人)+(?:证据|来源|引文|作者)?"
    "|(?:得不到|从未得到)(?:任何|过)*|(?<!有)没有(?:任何|一?[篇家所个])*(?:文献|论文|案例|访谈|企业|公司|医院)(?=反|质|否))"
    "(?:来|会|去|表示|提出|曾|曾经)*(?:(?P<opposes>反对|反驳|质疑|否定)|支持|赞成|证实)"
)
"""How Chinese says that nobody, or no evidence, opposes or supports something."""
_WITHOUT = re.compile("(?:(?<!有)没有|(?<!有)没|缺乏|缺少|无)$")
"""What stands in Chinese before a case or the literature that has no evidence: 没有访谈支持."""
_BORNE = re.compile("的?(?:支持|赞成|证明|证实|反对|提到)")
"""What stands behind it."""
_STATED = re.compile(
    "(?:的|里面|里|中|上|方面|那边|这边|访谈|材料|案例|医院|企业|公司|集团)*(?:都|也|却|则|才|还)*(?:的命题中|的主张中)?"
    "(?:(?P<supports>支持|赞成|证明|证实)|(?P<opposes>反对|反驳|否定|质疑)|(?P<qualifies>限定|限制)|有)"
)
"""The same of one that has."""
_EACH = re.compile(
    "(?:[两三四五六七八九十]|几|每|各|所有|全部)(?:个|家|所|座)?(?:案例|企业|公司|医院|城市|学校|社区|机构)(?:全|都|均)"
)
"""How Chinese says that something is so in every case."""
_EACH_ONE = re.compile("(?:个|家|所|座|案例|企业|公司|医院|城市|学校|社区|机构)(?:全|都|均|的?支持)")
"""How it is said of cases."""
_ALIKE = re.compile("一样|一致|相同|不同|分歧|差别|区别|出入|相左")
"""How it is asked in Chinese whether those who judge agree."""
_BOTH = re.compile("支持.{0,4}[又也且].{0,2}反对|反对.{0,4}[又也且].{0,2}支持")
"""How Chinese says that something has evidence for and against it: 有支持又有反对."""
_OF_YEAR = re.compile("年(?:的(?:文献|论文|研究|文章|著作)?|发表|出版)")
"""What stands in Chinese behind the year of what is cited."""
_BEYOND = frozenset({"还", "还有", "以外", "之外"})
"""What ends in Chinese what is excluded: 除了……还有."""
_AS_SUBJECT = re.compile("(?:这|那)条|的?(?:作用|影响|效果|用处)|(?:有没|有|没)有?用|管用")
"""What stands in Chinese behind something that acts, or is said to act."""
_TOWARDS = frozenset({"对", "对于", "跟", "与", "和"})
"""What stands between two things one of which may act on the other."""
_ASPECTS = frozenset({"了", "过", "着", "到"})
"""What stands behind a verb."""
UNTOLD = "untold"
"""The cue that what a case does not speak of is asked, with or without other evidence."""
SUBJECT = "subject"
"""The cue that the concept of a question is one that acts on others."""
CHOOSING = ("contested", "unsupported", "bare", "single", "unopposed", "definition", "gap", "suggestion")
"""Cues that choose claims by how they stand, or by their kind."""


@dataclass(frozen=True)
class Term:
    """A record that a question names.

    Args:
        id: its id.
        kind: its kind, such as ``concept`` or ``proposition``.
        label: its preferred label in the question's language.
    """

    id: str
    kind: str
    label: str


@dataclass(frozen=True)
class Question:
    """A question as read.

    Args:
        text: as it was typed.
        language: ``en`` or ``zh``.
        operation: what is done with what it names.
        about: the records that it is about.
        relations: ids of relations that it names.
        stance: supports, opposes or qualifies, when one is asked for.
        limits: what the evidence is limited to.
        excluded: concepts and claims that are not wanted.
        cues: names of all cues that stand in it.
        words: what is left and carries content, by its words; it is looked for in claims and passages.
        mended: words as they were typed, and as they were read.
        asked: all operations whose words stand in it.
        attributes: ids of the attributes that it names.
        chosen: the cases and sources that it chooses by values of attributes.
        said: all that it says beside names and the words that ask for the operation, by which claims are told apart.
        listed: whether it names several things beside each other, with "and" or "or".
        lacking: whether it asks for what has no support from something that it names.
        by_case: cases and what each of them does, where they do not do the same: 海尔支持而小米反对.
        sides: of the words those that something acts on, or that act on something, as far as Chinese tells.
    """

    text: str
    language: str
    operation: str
    about: tuple[Term, ...] = ()
    relations: tuple[str, ...] = ()
    stance: str | None = None
    limits: Limits = field(default_factory=Limits)
    excluded: tuple[Term, ...] = ()
    cues: frozenset[str] = frozenset()
    words: tuple[Span, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    said: tuple[Span, ...] = ()
    listed: bool = False
    sides: tuple[Span, ...] = ()
    lacking: bool = False
    by_case: tuple[tuple[str, str], ...] = ()

    def of(self, *kinds: str) -> tuple[Term, ...]:
        """Return what it is about, of some kinds."""
        return tuple(term for term in self.about if term.kind in kinds)


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1500 <= int(text) <= 2200


def _says_little(span: Span) -> bool:
    """Say whether a stretch has no content, or only asks."""
    return bool(span.senses) and all(sense.kind in (FUNCTION, "operation") for sense in span.senses)


def _outer(span: Span, phrases: Iterable[Span]) -> Span:
    """Return a phrase without the senses that a longer phrase around it has otherwise."""
    around = [
        o for o in phrases if o.start <= span.start and span.end <= o.end and o.end - o.start > span.end - span.start
    ]
    taken = {kind for o in around for kind in ("cue", "operation") if o.ids(kind)}
    return span._replace(senses=tuple(sense for sense in span.senses if sense.kind not in taken))


@cache
def _words_of(operation: str) -> frozenset[str]:
    """Return the keys of the English words by which an operation is asked for, which are understood in any form."""
    phrases = table("operations")["operation"][operation]["en"]
    return frozenset(token.key for phrase in phrases for token in tokens(phrase))


class Reader:
    """The reader of one sentence.

    Args:
        sentence: the sentence, split.
        text: as it was typed.
        language: ``en`` or ``zh``.
        labels: gives the label of a record.
        stages: ids of the concepts that are stages of claims.
        groups: the attributes and sets of the study.
    """

    def __init__(
        self,
        sentence: Sentence,
        text: str,
        language: str,
        labels: Mapping[tuple[str, str], str],
        stages: Iterable[str],
        groups: Groups,
    ) -> None:
        self.groups = groups
        self.sentence, self.text, self.language = sentence, text, language
        self.labels, self.stages = labels, frozenset(stages)
        phrases = [span for span in sentence.phrases if not self._within_name(span) and not self._is_either(span)]
        self.by_case: tuple[tuple[str, str], ...] = ()
        self.untold = False
        self.denied = self._denied()
        self.lacking = self.language == "zh" and not self.denied and _LACKING.search(fold(text)) is not None
        self.phrases = [
            _outer(span, phrases)
            for span in phrases
            if not any(start <= span.start and span.end <= end for start, end in self.denied.values())
        ]
        self.relations = tuple(dict.fromkeys(one for span in self.phrases for one in span.ids("relation")))
        self.cues = frozenset(cue for span in self.phrases for cue in span.ids("cue"))
        keys = [token.key for token in sentence.tokens]
        if self._apart_in(keys, "keep", "from") or self._apart_in(keys, "hold", "back"):
            # "What holds customers back" asks for what hinders, and backs nothing.
            self.phrases = [span for span in self.phrases if span.text != "back"]
            self.cues = frozenset(cue for span in self.phrases for cue in span.ids("cue")) | {"hinders"}
        if "eachcase" in self.cues or (self.lacking and _EACH_ONE.search(fold(text))):
            self.cues |= {"cases"}
        if (
            "unopposed" in self.cues
            and self.cues & {"supports", "qualifies"}
            and not ("claims" in self.text.casefold() or "命题" in self.text or "主张" in self.text)
        ):
            # "what qualifies, not opposes" asks for one stance.
            self.phrases = [span for span in self.phrases if "unopposed" not in span.ids("cue")]
            self.cues -= {"unopposed", "opposes"}
        if self.language == "zh" and not self.denied and (nobody := _NOBODY.search("".join(keys))):
            # What nobody opposes is asked, and not what is opposed.
            denied = "unopposed" if nobody["opposes"] else "unsupported"
            self.phrases = [
                span for span in self.phrases if not {"opposes", "supports", *CHOOSING} & {*span.ids("cue")}
            ]
            self.cues = frozenset(cue for span in self.phrases for cue in span.ids("cue")) | {denied}
        if self._is_subject():
            self.cues |= {SUBJECT}
        if self.untold:
            self.cues |= {UNTOLD}
        if self.language == "zh" and _BOTH.search(fold(text)):
            self.cues |= {"both", "contested"}

    @staticmethod
    def _apart_in(keys: list[str], first: str, second: str) -> bool:
        """Say whether a word stands behind another, with some between them."""
        return first in keys and second in keys[keys.index(first) + 2 :]

    def _within_name(self, phrase: Span) -> bool:
        """Say whether a phrase is a part of a name, or of words without content that say something else together."""
        return any(
            (
                span.is_unknown
                or any(sense.kind not in (*NOT_RECORDS, "code") for sense in span.senses)
                or all(sense.kind == FUNCTION and sense.value == "words" for sense in span.senses)
            )
            and span.start <= phrase.start
            and phrase.end <= span.end
            and phrase.end - phrase.start < span.end - span.start
            for span in self.sentence.spans
        )

    def _is_either(self, phrase: Span) -> bool:
        """Say whether a phrase is the second half of 有没有, which asks and denies nothing."""
        before = self.sentence.tokens[phrase.start - 1].text if phrase.start else ""
        return before == "有" and phrase.text.startswith("没有")

    def _denied(self) -> dict[int, tuple[int, int]]:
        """Return where it is said that one case has no evidence, beside another that has: by the place of its name.

        So in Chinese: 海尔支持而小米没有支持.
        """
        if self.language != "zh":
            return {}
        limiting = [
            span
            for span in self.sentence.spans
            if set(span.ids("cue")) & {"literature", "field", "cases"} or (span.names_records and span.ids("case"))
        ]
        texts = "".join(token.text if token.is_han else "·" for token in self.sentence.tokens)
        denied, stated = {}, False
        does: dict[str, str] = {}
        for span, after in zip_longest(limiting, limiting[1:]):
            clause = texts[span.end : after.start if after else len(texts)]
            if _WITHOUT.search(texts[: span.start]) and (match := _BORNE.match(clause)):
                denied[span.start] = (span.end, span.end + match.end())
            elif match := _DENIED.match(clause):
                denied[span.start] = (span.end, span.end + match.end())
                self.untold = self.untold or bool(match["told"])
            elif match := _STATED.match(clause):
                stated = True
                if match.lastgroup and span.ids("case"):
                    does[span.ids("case")[0]] = match.lastgroup
        if len(set(does.values())) > 1:
            self.by_case = tuple(does.items())
        return denied if stated or self.untold else {}

    def read(self) -> Question:
        """Read the sentence."""
        about: list[Term] = []
        excluded: list[Term] = []
        words: list[Span] = []
        chosen: dict[str, list[str]] = {}
        without: list[tuple[str, str]] = []
        negated = False
        absent = False  # of a concept "without" tells that it is not there, and excludes nothing
        doubtful: Term | None = None
        alike: list[tuple[Span, Term]] = []
        acting: list[Span] = []
        asking: list[tuple[Span, Term]] = []
        attributes: list[str] = []
        picked: list[Chosen] = []
        aside = self._left_aside()
        for span in self.sentence.spans:
            if span.start in aside:
                negated = aside[span.start]
                if not span.names_records:
                    continue
            elif "not" in span.ids("cue") and not span.names_records:
                negated, absent = True, span.text == "without"
            elif self._is_negative_end(span):
                negated = False
            if span.is_unknown and any(start <= span.start < end for start, end in self.denied.values()):
                continue
            if not span.names_records or "literature" in span.ids("cue"):
                if span.is_unknown:
                    words.append(span)
                elif {*span.ids("cue")} & _ACTING and not span.ids("operation"):
                    acting.append(span)
                elif span.start in self.denied and {"cases", "field"} & {*span.ids("cue")}:
                    without += [("case", case) for kind, case in self.labels if kind == "case"]
                elif span.start in self.denied and "literature" in span.ids("cue"):
                    without.append(("role", LITERATURE))
                continue
            term = self._term(span)
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
            if term.kind == "concept" and span.ids("operation") and not span.ids("relation"):
                asking.append((span, term))
                continue
            if term.kind == "concept" and span.ids("relation"):
                doubtful = term
                term = Term(span.ids("relation")[0], "relation", span.text)
            if term.kind == "relation":
                continue
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
                about.append(term)
                if term.kind == "code":
                    words.append(span)
        if not any(term.kind in ("concept", "proposition") for term in about):
            # What acts is a relation between concepts, or else what passages tell.
            words = sorted((*words, *acting))
        # A word that is like a name stands for it where all else is understood.
        if alike and words:
            words = sorted((*words, *(span for span, _ in alike)))
        else:
            about += [term for _, term in alike]
        if not chosen.get("case") and _EACH.search(fold(self.text)) and not (self.denied or self.lacking):
            chosen["case"] = [case for kind, case in self.labels if kind == "case"]
        if doubtful and not (about or chosen or words):
            # "drivers" asks for what drives, unless nothing else is asked about.
            about.append(doubtful)
        if not about:
            about, asking = [term for _, term in asking], []
        since, until, dated = self._years()
        strengths, unwanted = self._strengths()
        without += [("strength", strength) for strength in unwanted]
        roles = self._roles(without, chosen.get("source", ()), dated=bool(dated))
        if chosen.get("case"):
            # What is told of a case is no literature.
            roles = tuple(role for role in roles if role != "case")
        operation = self._operation(about, words, in_stage="stage" in chosen)
        # "Factors" asks for what acts, unless something else is asked of them.
        about += [term for span, term in asking if operation not in span.ids("operation")]
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
        if operation == "define":
            chosen, since, until = {}, None, None
        if self._says("whi") and operation == "drivers":
            # Why evidence is weak is asked of all of it.
            strengths = ()
            for kind in ("author", "reference", "source"):
                chosen.pop(kind, None)
        if operation == "disputed":
            # Those who differ limit no evidence.
            chosen.pop("coder", None)
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
        stance = self._stance()
        lacking = self.cues & {"bare", "unsupported", "both"} and "despite" not in self.cues
        if operation == "cases" and not stance and not lacking and (about or words):
            # Where something is told to be so, that bears it out; where it is so "despite", the contrary.
            neutral = self._says(*_BEARING_WORDS)
            denied = "despite" in self.cues or "not" in {token.text for token in self.sentence.tokens}
            stance = "opposes" if denied else None if neutral or not self._tells() else "supports"
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
        )

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
        years = [span for span in words if _is_year(span.text)]
        year = years[0].text if years and operation == "sources" and not dated else ""
        some = self.groups.compared(self.text, attributes, year)
        if some:
            said = found[0] if (found := comparison(self.text)) else ""
            words[:] = [s for s in words if not s.text.isdigit() and s.text not in _SIZES and s.text not in said]
        return list(some)

    def _keys(self, span: Span) -> list[str]:
        """Return the keys of the tokens of a stretch."""
        return [token.key for token in self.sentence.tokens[span.start : span.end]]

    def _names_kind(self) -> bool:
        """Say whether it names a kind of records, as to list them."""
        keys = {token.key for token in self.sentence.tokens}
        kinds = table("operations")["counted"].values()
        if self.language == "zh":
            return any(name in fold(self.text) for kind in kinds for name in kind["zh"])
        return any(token.key in keys for kind in kinds for name in kind["en"] for token in tokens(name))

    def _asked_beside(self, *others: str) -> bool:
        """Say whether an operation is asked for beside some others."""
        return bool({*self._asked()} - {*others})

    def _is_subject(self) -> bool:
        """Say whether it is told in Chinese of the one concept of a question that it acts on others."""
        spans = [span for span in self.sentence.spans if span.ids("concept")]
        if len(spans) != 1:
            return False
        if self.language == "en":
            behind = [token.text for token in self.sentence.tokens[spans[0].end : spans[0].end + 3]]
            return behind[:1] == ["as"] and bool({*behind[1:]} & _ROLES)
        after = "".join(token.text for token in self.sentence.tokens[spans[0].end :])
        relations = {span.start for span in self.phrases if span.ids("relation")}
        return bool(_AS_SUBJECT.match(after)) or spans[0].end in relations

    def _is_negative_end(self, span: Span) -> bool:
        """Say whether what is excluded ends here: something else is asked from here on."""
        if self.language == "zh" and span.text in _BEYOND:
            return True
        cues = set(span.ids("cue")) - {"not", "since", "until"}
        return bool(cues and not span.names_records)

    def _is_side(self, span: Span) -> bool:
        """Say whether something acts on what Chinese words tell, or they on it: what stands between says little."""
        if not has_han(span.text):
            return False
        spans = self.sentence.spans
        at = spans.index(span)
        if any(one.names_records for one in (*spans[max(0, at - 1) : at], *spans[at + 1 : at + 2])):
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

    def _says_code(self, span: Span) -> bool:
        """Say whether a name is called a code."""
        before = self.sentence.tokens[max(0, span.start - 2) : span.start]
        after = self.sentence.tokens[span.end : span.end + 2]
        beside = {token.key for token in (*before, *after)}
        return "code" in beside or {"编", "码"} <= beside or {"代", "码"} <= beside

    def _label(self, kind: str, identifier: str) -> str:
        return self.labels.get((kind, identifier), identifier)

    def _is_contrasted(self, span: Span) -> bool:
        """Say whether a name stands in 'but X does not' or in 'not X'."""
        ahead = [token.text for token in self.sentence.tokens[: span.start] if token.text != "the"]
        if ahead[-1:] == ["not"] and not {*ahead[-2:-1]} & _AUXILIARIES:
            return True
        before = {token.text for token in self.sentence.tokens[max(0, span.start - 1) : span.start]}
        after = {token.text for token in self.sentence.tokens[span.end : span.end + 2]}
        return bool(before & {"but", "而", "但", "whereas"} and after & {"not", "doesnt", "dont", "没", "不", "isnt"})

    def _is_within(self, span: Span) -> bool:
        """Say whether a question asks what is so *in* a stage, rather than of the stage."""
        if not span.start and ":" in self.text and len(tokens(self.text.partition(":")[0])) == span.end:
            return True
        before = [t.text for t in self.sentence.tokens[: span.start] if t.text not in ("the", "a", "an")]
        after = self.sentence.tokens[span.end].text if span.end < len(self.sentence.tokens) else ""
        last = before[-1] if before else ""
        if before[-2:] == ["关", "于"]:
            return False
        if last in _WITHIN or (last in ("for", "to") and "claims" in self._asked()):
            return True
        if self.language == "zh" and {"drivers", "claims"} & {*self._asked()} and "".join(before) in _REACHED:
            return True
        return after in ("的", "中", "里", "上")

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
            if "literature" in cues and not (dated and _PUBLISHED & {*span.text.split()}):
                if negated:
                    without.append(("role", LITERATURE))
                else:
                    roles.append(LITERATURE)
            if "field" in cues and not negated and not sources:
                roles.append("case")
        if self.lacking and "cases" in self.cues and not roles:
            roles.append("case")
        return tuple(dict.fromkeys(roles)) if "compare" not in self._asked() else ()

    def _asked(self) -> list[str]:
        """Return the operations whose words stand in it, in the order of the table."""
        there = {op for span in self.phrases for op in span.ids("operation")}
        if self.language == "zh" and _OR_NOT.search(fold(self.text).rstrip(" ?!.。,…")):
            there.add("verdict")
        return [name for name in table("operations")["operation"] if name in there]

    def _operation(self, about: list[Term], words: list[Span], *, in_stage: bool) -> str:
        """Choose the operation: the first in the table whose words stand there and whose needs are met."""
        if self.lacking:
            return "missing"
        if self.denied or self.by_case:
            return "claims"
        if self.language == "zh" and sum(t.kind == "coder" for t in about) > 1 and _ALIKE.search(self.text):
            return "disputed"
        begin = self.sentence.spans[0] if self.sentence.spans else None
        if (
            begin
            and "cases" in begin.ids("cue")
            and (words or about)
            and self.language == "en"
            and not self._asked_beside("where", "help")
        ):
            # "towns where ...", "firms in which ..."
            return "cases"
        operations = table("operations")["operation"]
        topics = [t for t in about if t.kind in ("concept", "proposition", "code", "stage")]
        if topics and (direction := self._direction()):
            return direction
        if {"coded", "reread", "settled"} & self.cues and "when" in self._asked():
            return "coders"
        for name in self._asked():
            needs = operations[name].get("needs")
            if needs == _NEEDS_CLAIMS and not (topics or words or self.relations or in_stage):
                continue
            told = name == "references" and (self._stance() or self.cues & MARKS or self._tells_year())
            if needs == "words" and not (about or words or told):
                continue
            if self._gives_way(name, about, words):
                continue
            return name
        first = self.sentence.tokens[0].text if self.sentence.tokens else ""
        if self._is_yes_or_no() and (topics or words):
            return "verdict"
        if first == "when" and words:
            return "when"
        if self._stance() or self.cues & {"both", "strong", "moderate", "weak"}:
            return "evidence"
        if len(self.sentence.spans) == 1 and about:
            return "summary"
        if about and not topics and not words:
            return "summary"
        return "evidence" if topics or words else "help"

    def _direction(self) -> str:
        """Say which side of a relation is asked for: what drives X, what X drives; empty for neither."""
        spans = self.sentence.spans
        places = [n for n, span in enumerate(spans) if span.ids("relation") or self._acts(span)]
        if not places:
            return ""
        texts = [token.text for token in self.sentence.tokens]
        at = spans[places[-1]]
        if texts[at.end :] in (["什", "么"], ["哪", "些"], ["谁"], ["什", "么", "呢"]):
            return "effects"
        before = texts[: spans[places[0]].start]
        if before in (["什", "么"], ["哪", "些"], ["哪", "些", "因", "素"], ["谁"]):
            return "drivers"
        if texts[0] not in ("what", "which", "who", "by") or {*self._asked()} - _TOLD_BY_SIDE:
            return ""
        topics = [
            n for n, s in enumerate(spans) if s.ids("concept") and not s.ids("relation") and not self._is_stage(s)
        ]
        ahead, behind = any(n < places[0] for n in topics), any(n > places[-1] for n in topics)
        if ahead == behind:
            return "effects" if not topics and texts[1:2] and texts[1] in ("does", "do", "did") else ""
        passive = texts[at.end : at.end + 1] == ["by"] or texts[0] == "by"
        if ahead:
            # A concept before the relation acts, unless it is acted on "by" something.
            return "drivers" if passive else "effects"
        return "effects" if passive else "drivers"

    def _acts(self, span: Span) -> bool:
        """Say whether a stretch says that something acts, in words that are none of the study's."""
        return not span.names_records and bool(
            {*span.ids("cue")} & _ACTING or span.text in ("keeps", "keep", "holds", "hold")
        )

    def _is_stage(self, span: Span) -> bool:
        """Say whether a name is that of a stage in which something is asked to be."""
        return any(one in self.stages for one in span.ids("concept")) and self._is_within(span)

    def _gives_way(self, name: str, about: list[Term], words: list[Span]) -> bool:
        """Say whether an operation gives way to what else the question says."""
        stance = self._stance()
        topics = [t for t in about if t.kind in ("concept", "proposition")]
        states = self.cues & {*CHOOSING}
        if name == "define" and topics and self.relations and not self._says("defin", "definit", "mean", "meant"):
            return True
        if name == "define" and "summary" in self._asked() and self.sentence.tokens[-1].text == "about":
            return True
        if name == "summary" and topics and any(t.kind in ("author", "reference", "source") for t in about):
            return True
        if name in ("define", "summary"):
            return bool(stance) or (name == "define" and len(topics) > 1)
        if name == "compare":
            several = any(token.text in ("stages", "phases") for token in self.sentence.tokens)
            return len(about) + ("literature" in self.cues) < 2 and "cases" not in self.cues and not several
        if name == "disputed" and "contested" in self.cues and not self._says(*_JUDGING):
            # Claims are disputed by evidence; coders dispute what a line says.
            return True
        if name in ("find", "where") and stance and topics:
            return True
        if name == "find" and self.language == "zh" and len(topics) > 1 and self.relations:
            return True
        if name == "find":
            return not words and (not topics or self._says("quot"))
        if name == "authors" and self.language == "zh" and "advice" in self._asked() and "谁" not in self.text:
            # What authors advise is asked, and not who does.
            return True
        if name == "authors":
            return self._is_yes_or_no() and bool(topics)
        if name == "claims" and any(t.kind == "proposition" for t in topics) and "verdict" in self._asked():
            return True
        if name == "claims":
            return bool(topics) and not states and (self._is_yes_or_no() or bool(stance))
        if name == "help":
            # "Does it help" asks for no help.
            return bool(about or words)
        if name in ("drivers", "effects"):
            return self._is_yes_or_no() and len(topics) > 0
        return name == "evidence" and not about and not words

    def _tells(self) -> bool:
        """Say whether something is told to be so, rather than only named: more words than those that ask and name."""
        return any(
            span.is_unknown or span.ids("relation") or {*span.ids("cue")} & _ACTING for span in self.sentence.spans
        )

    def _says(self, *keys: str) -> bool:
        """Say whether one of some words stands in it, by their keys."""
        return any(token.key in keys for token in self.sentence.tokens)

    def _is_yes_or_no(self) -> bool:
        """Say whether the question is answered with yes or no."""
        first = self.sentence.tokens[0].text if self.sentence.tokens else ""
        return first in _AUXILIARIES or "verdict" in self._asked()

    def _stance(self) -> str | None:
        """Return the stance that is asked for; none where all are, or two, or claims without any."""
        if self.lacking or self.by_case or "both" in self.cues or "compare" in self._asked() or "bare" in self.cues:
            return None
        stances = set()
        for span in self.phrases:
            for stance in span.ids("cue"):
                # "What did they find that bears on it" asks for all.
                if (
                    stance in STANCES
                    and not (self._is_denied(span) or self._is_passive(span))
                    and span.text != "find that"
                ):
                    stances.add(stance)
        if not stances and (self._asks_evidence_for() or ("strong" in self.cues and "drivers" in self._asked())):
            return "supports"
        inner = [s for s in STANCES if s in stances]
        return inner[0] if len(inner) == 1 else None

    def _asks_evidence_for(self) -> bool:
        """Say whether evidence is asked "for" something, with other words in between."""
        some = [token.text for token in self.sentence.tokens]
        nouns = ("evidence", "evidences", "support", "proof", "proofs", "indication", "indications")
        evidence = next((n for n, text in enumerate(some) if text in nouns), None)
        if evidence is None or (some[0] in _AUXILIARIES and "there" not in some):
            return False
        behind = some[evidence + 1 :]
        return "for" in behind or "that" in behind[: 1 + next((n for n, t in enumerate(behind) if t not in _THERE), 0)]

    def _is_denied(self, span: Span) -> bool:
        before = [token.key for token in self.sentence.tokens[max(0, span.start - 3) : span.start]]
        if before == ["有", "没", "有"]:
            return False
        if "missing" in self._asked() and "缺" in {
            token.key for token in self.sentence.tokens[max(0, span.start - 4) : span.start]
        }:
            return True
        return any(key in ("not", "never", "没", "不") for key in before[-2:])

    def _is_passive(self, span: Span) -> bool:
        """Say whether it is asked in Chinese whether something was refuted or proved, of which all evidence tells."""
        before = self.sentence.tokens[span.start - 1].text if span.start else ""
        return "被" in (before, span.text[:1]) and self._is_yes_or_no()

    def _strengths(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the strengths that are asked for, of claims that are only weakly supported none; and the unwanted."""
        ends = {span.end for span in self.phrases if "not" in span.ids("cue")}
        some = [span for span in self.phrases if not self._is_of_something(span)]
        asked = {cue for span in some if span.start not in ends for cue in span.ids("cue")}
        unwanted = {cue for span in some if span.start in ends for cue in span.ids("cue")} - asked
        return tuple(s for s in STRENGTHS if s in asked), tuple(s for s in STRENGTHS if s in unwanted)

    def _is_of_something(self, span: Span) -> bool:
        """Say whether a word of strength tells in Chinese of what degree something else is: 中等水平."""
        if self.language == "en":
            behind = next((one for one in self.sentence.spans if one.start >= span.end), None)
            some = self.sentence.tokens[behind.end : behind.end + 1] if behind else []
            named = behind is not None and behind.start == span.end and (behind.is_unknown or behind.names_records)
            return named and not {t.key for t in (*self.sentence.tokens[span.end : span.end + 1], *some)} & _EVIDENCE
        after = "".join(token.text for token in self.sentence.tokens[span.end : span.end + 2])
        return span.text == "中等" and bool(after) and not re.match("强度|的|支持|反对|限定|证据|以上", after)

    def _tells_year(self) -> bool:
        """Say whether works of some years are asked for in Chinese."""
        return self.language == "zh" and bool(self._years()[2])

    def _is_of_year(self, span: Span) -> bool:
        """Say whether a year is told in Chinese to be that of what is cited."""
        after = "".join(token.text for token in self.sentence.tokens[span.end : span.end + 4])
        cited = any(word in self.text for word in ("文献", "论文", "发表", "出版", "著作"))
        return self.language == "zh" and cited and _OF_YEAR.match(after) is not None

    def _years(self) -> tuple[int | None, int | None, set[int]]:
        """Return from and until which year, and the places of the words that say so."""
        since = until = None
        dated: set[int] = set()
        years = [span for span in self.sentence.spans if span.is_unknown and _is_year(span.text)]
        if len(years) == 2 and years[1].start - years[0].end <= 2:
            texts = {token.text for token in self.sentence.tokens[years[0].end : years[1].start]}
            if texts <= {"and", "to", "until", "年", "至", "到"}:
                return int(years[0].text), int(years[1].text), {years[0].start, years[1].start}
        for span in self.sentence.spans:
            if not (span.is_unknown and _is_year(span.text)):
                continue
            year = int(span.text)
            near: dict[str, Span] = {}
            # "From before 2010": what stands nearer says more.
            for other in sorted(self.phrases, key=lambda other: other.end):
                if other.end <= span.start and span.start - other.end <= 1:
                    near |= dict.fromkeys(other.ids("cue"), other)
                if 0 <= other.start - span.end <= 2 and self.language == "zh":
                    near |= dict.fromkeys(other.ids("cue"), other)
            if "since" in near and not ("until" in near and near["until"].end > near["since"].end):
                since = year + (near["since"].text in ("after", "later than", "newer than"))
                behind = {token.text for token in self.sentence.tokens[span.end : span.end + 2]}
                if near["since"].text == "from" and not behind & {"on", "onward", "onwards", "to", "until", "till"}:
                    # What is "from 2012" is of that year.
                    until = year
            elif "until" in near:
                until = year - (
                    near["until"].text in ("before", "earlier than", "older than", "prior to", "以前", "之前")
                )
            elif self._is_of_year(span):
                since = until = year
            else:
                continue
            dated.add(span.start)
        return since, until, dated
