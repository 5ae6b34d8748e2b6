"""A sentence read as a question: terms, limits, and words that are left."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kg.asking.alone import AT_BEST
from kg.asking.attributes import Chosen, comparison
from kg.asking.order import STOPPED
from kg.asking.patterns import (
    ALL_AGREE,
    EVERY_LINE,
    FOR_AND_AGAINST,
    ONLY_CASES,
    WEAKEST,
    WHAT_SUPPORTS,
    WORKED,
)
from kg.asking.question import ABSENT, CHOOSING, DENIES, DRIVERS, INTEREST, LOWERED, MARKS, OBJECT, WEAK, Question
from kg.asking.restrictions import restrictions
from kg.asking.settling import Settling
from kg.asking.spotting import LIMITING, Spotted
from kg.asking.stances import is_year
from kg.asking.sureness import is_concerned
from kg.cjk import has_han
from kg.claims import LITERATURE, STANCES, STRENGTHS
from kg.language.case_nouns import OWN
from kg.language.shipped import table
from kg.language.tokens import fold, is_common, joined, tokens
from kg.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.asking.sentence import Span

_OF_CASES = re.compile(
    r"\b(?:from|in|within|across|among) (?:(?:any|one|all) of )?(?:the|our|these|those) "
    r"(?:(?:two|three|four|five|six|\d+) )?$|^what do(?:es)? (?:the|our|these|those) $"
)
"""What stands before the word for cases where evidence is limited to them."""
_OF_BARE_CASES = re.compile(r"\b(?:from|in|within) $")
"""The same before "cases" alone."""
_BEHIND_CASES = frozenset("for on about against that only alone is are does do say tell show studied we you".split())
"""What may stand behind it."""
_OF_CASES_HAN = re.compile(
    "(?:^|[在从自])(?:[两三四五六七八九十各]个?家?所?座?|这些|本研究的?|所有)?"
    "(?:案例|企业|公司|医院|城市|学校|社区|机构)(?:中|里|里面|当中|材料中|材料里)(?!哪|的哪|谁)"
)
"""The same in Chinese."""
_BEARING_WORDS = tuple(
    token.key for token in tokens("evidence data line quote passage bear mention speak talk about tell")
)
"""Keys of words that ask for evidence of any stance."""
_NOT = frozenset("not stop stops stopped quit avoid".split())
"""What denies the thing that stands behind it."""
_NOT_HAN = re.compile(
    "(?<![要是该能会])(?:不|没有?|未)"
    "(?:了|肯|愿意?|想|能|再|去|太|怎么|爱|按|够|主动|好好|认真|老实|乖乖|坚持|继续|长期|按时){0,3}$"
)
"""The same in Chinese, with how it is not done; 要不要 denies nothing."""
_SIZES = frozenset(
    "largest biggest highest greatest smallest lowest fewest newest oldest thousand million made held".split()
)
"""Words that say which value of an attribute is meant."""
_PUBLISHED = frozenset({"published", "publications", "publication", "发表的"})
"""Words that say of what a date is."""
_ABSENT = frozenset(["no", "without", "lack", "lacks", "lacked", "lacking"])
"""Words before what is not there."""
_ABSENT_HAN = ("没有", "没", "缺少", "缺乏", "无", "不")
"""The same in Chinese."""
_TELLING = frozenset(["authors", "says", "where", "when", "find"])
"""Operations that are answered by what passages tell."""
_BESIDES = re.compile(r"\bnot (?:only|just|merely|solely|simply)$|不 ?[只仅光单止](?: ?[是在看从])?$")
"""What stands before one of two things that are both meant."""
_MOST_EVIDENCE = re.compile(
    r"\b(?:speaks?|supports?|opposes?|backs?|argues?|contradicts?|bears?) .*\bmost\b(?! of)"
    r"|\b(?:speaks?|says?|has|have|with|gives?|offers?)(?: the)? most "
    r"(?:for|against|evidence|quotes?|quotations?|lines?|support|opposition)\b"
)
"""How it is asked which case has most evidence."""
_BETWEEN_NOT = frozenset(["its", "their", "the", "in", "from", "of", "by", "a", "any"])
"""Words between "not" and what is not wanted."""
_AND_WHETHER = re.compile(r"\band (?:is|are|was|were|how)\b|[,，].{0,6}(?:有没有|是否|是不是|有无)")
"""How it is asked besides whether something is so."""
_BEGUN = frozenset("start starts started begin begins began begun stop stops stopped end ended".split())
"""Verbs for when something is so first or last."""
_OWN_TEXT = frozenset(["paper", "article", "manuscript"])
"""Words for the study itself, where one is spoken of."""
_TEXTS = frozenset("material materials data notes files documents papers case study interview interviews".split())
"""Words behind the name of a case or source for what it is."""
_AT_LEAST = re.compile(
    r"\bat least\b|\bor (?:better|stronger|above|higher)\b|\band above\b|\bno weaker than\b|至少|以上|及以上"
)
"""How a strength is told than which none is to be weaker."""
_EXCEPTED = ("除外", "不算", "不计", "excepted", "excluded")
"""What stands behind what is left out."""
_EXCLUDING = frozenset(["except", "except for", "excluding", "apart from", "other than", "leaving out"])
"""Words of which something must be excluded."""
_PREFERRING = frozenset(["rather than", "instead of"])
"""Words between what is told and what is denied."""
MOST_COMPARED = 6
"""How many cases are put side by side at most where none is named."""
_OF_TEXTS = frozenset("find where when summary define sources coders count disputed searches study method".split())
"""Operations that ask of a text itself, also of that of the theory."""


@cache
def _words_of(operation: str) -> frozenset[str]:
    """Return the keys of the English words by which an operation is asked for, which are understood in any form."""
    phrases = table("operations")["operation"][operation]["en"]
    return frozenset(token.key for phrase in phrases for token in tokens(phrase))


def _names_cases(reader: Reader, at: int) -> bool:
    """Say whether a word for cases stands at a place of the text (a codepoint)."""
    place = len(tokens(fold(reader.text)[:at]))
    return any(span.start == place and {"cases", OWN} & {*span.ids("cue")} for span in reader.sentence.spans)


class Reader(Settling):
    """The reader of one sentence: what it is about, and the limits."""

    def read(self) -> Question:
        """Read the sentence."""
        it = self._spot()
        self._leave_set(it)
        self._take_name(it)
        self._pick_document(it)
        self._take_condition(it)
        self._settle(it)
        factors = [term for span, term in it.asking if "drivers" in span.ids("operation")]
        if not it.about:
            it.about, it.asking = [term for _, term in it.asking], []
        since, until, dated = self._years()
        strengths, unwanted = self._strengths()
        it.without += [("strength", strength) for strength in unwanted]
        if strengths and _AT_LEAST.search(fold(self.text)):
            strengths = STRENGTHS[: STRENGTHS.index(strengths[-1]) + 1]
        texts = [*it.chosen.get("source", ()), *(one.id for one in it.picked if one.kind == "source")]
        roles = self._roles(it.without, texts, dated=bool(dated))
        if self.alone.holder:
            # All evidence is looked at: of what it is made chooses the claims.
            roles, it.without = (), []
            it.chosen = {k: v for k, v in it.chosen.items() if k not in ("case", "source")}
        if AT_BEST in self.cues or self.alone.strength:
            strengths = ()
        if it.chosen.get("case"):
            # What is told of a case is no literature.
            roles = tuple(role for role in roles if role != "case")
        if self._asks_why_not():
            self.cues = self.cues - {"promotes"} | {"hinders"}
        restricted = restrictions(self.sentence.tokens, self._stance() or "")
        within = {n for one in restricted for n in range(one.start, one.end)}
        if any(one.strength for one in restricted):
            # What claims are asked not to have limits no evidence.
            strengths, it.without = (), [one for one in it.without if one[0] != "strength"]
            self.cues -= {"bare", "unsupported"}
        it.words = [
            span
            for span in it.words
            if not {*range(span.start, span.end)} <= within | self.parted
            and not (it.about and self.sentence.tokens[span.start].key in self.holding)
        ]
        # "The Afu material": what is called so is the case or source itself.
        ends = {span.end for span in self.sentence.spans if span.ids("case", "source")}
        it.words = [span for span in it.words if not (span.text in _TEXTS and span.start in ends)]
        on = {term.kind for term in it.about}
        judged = "proposition" in on or (
            "concept" in on and re.search(r"\bconfidence (?:in|of|on)\b|的信心", fold(self.text))
        )
        if judged and self._says("confid", "certainti", "cerqual"):
            # "Why is the confidence in P11 so low".
            self.cues |= {"sure"}
            strengths = ()
        if "cases" in self.cues and ALL_AGREE.search(fold(self.text)):
            # On which claims all cases agree: what each of them supports.
            self.cues = self.cues - {"agreement", "disagree"} | {"eachcase"}
        if INTEREST in self.cues and any(term.kind in ("proposition", "concept") for term in it.about):
            # Whether a claim can be relied on is told by the confidence in it.
            self.cues |= {"sure"}
        if "sure" in self.cues and self._asks_for_reason():
            strengths = ()
        operation = self._operation(it.about, it.words, in_stage="stage" in it.chosen)
        if (operation == "claims" and WORKED.search(fold(self.text))) or EVERY_LINE.search(fold(self.text)):
            # What worked and what did not is told by how the claims stand.
            it.words = []
        if WEAK in self.cues:
            # It is asked of all evidence, and not of weak lines.
            strengths, it.words = (), []
        if LOWERED in self.cues or (operation == "claims" and not it.about and is_concerned(self.text)):
            # What was lowered, or what the concern is with, is understood.
            it.words = []
        if restricted and (self._lists_claims() or "suggestion" in self.cues):
            operation = "count" if operation == "count" else "claims"
        # "Factors" asks for what acts, unless something else is asked of them.
        it.about += [term for span, term in it.asking if operation not in span.ids("operation")]
        if operation == "claims" and factors and self.cues & {*CHOOSING}:
            # "Which drivers are contested" asks for claims on what acts.
            it.about = [term for term in it.about if term not in factors]
            self.cues |= {DRIVERS}
        self._give_back(it, operation)
        if operation == "says" and it.excluded and it.about and "and not" in {s.text for s in self.sentence.spans}:
            # Who says that one thing does it "and not" another speaks of both.
            it.about, it.excluded = [*it.excluded, *it.about], []
        if operation == "drivers" and {"hinders", "promotes"} <= self.cues:
            # What makes people stop hinders what they do.
            self.cues -= {"promotes"}
        if operation == "cases" and _MOST_EVIDENCE.search(fold(self.text)):
            self.cues |= {"most"}
        if operation == "compare" and self._compares_cases(it):
            it.chosen["case"] = self._every_case
        if operation == "cases" and self._names_absent():
            self.cues |= {ABSENT}
        if operation == "when":
            # "When did it start" names no stage that is called so by a part of its name.
            it.about = [term for term in it.about if it.called.get(term.id, "") not in _BEGUN]
        if operation in _TELLING and self._denials() % 2:
            self.cues |= {DENIES}
        if self._is_acted_on():
            self.cues |= {OBJECT}
        limited = it.chosen or it.picked or roles or since or until
        if operation == "help" and (limited or self.cues & {*CHOOSING}):
            operation = "claims"
        elif operation == "help" and self._names_kind():
            operation = "count"
        if operation == "count" and not it.attributes and self.language == "zh":
            it.attributes += self.known.groups.called_in_part(fold(self.text))
        it.picked += self._compared(it.words, it.attributes, operation, dated=bool(dated))
        if operation == "help" and it.picked:
            operation = "claims"
        for one in dict.fromkeys(it.picked):
            it.chosen.setdefault(one.kind, []).append(one.id)
        limits = self._limits(it, operation, roles, strengths, since, until)
        understood = _words_of(operation)
        words = [s for s in it.words if s.start not in dated and not all(t in understood for t in self._keys(s))]
        return Question(
            text=self.text,
            language=self.language,
            operation=operation,
            about=tuple(dict.fromkeys(it.about)),
            relations=self.relations,
            stance=self._stance_for(it, operation, words),
            limits=limits,
            excluded=tuple(it.excluded),
            cues=self.cues,
            words=tuple(words),
            mended=self.sentence.mended,
            asked=tuple(self._asked()),
            attributes=tuple(dict.fromkeys(it.attributes)),
            chosen=tuple(dict.fromkeys(it.picked)),
            said=tuple(self._said(operation)),
            listed=self._is_list(),
            sides=tuple(span for span in words if self._is_side(span)),
            lacking=self.lacking,
            by_case=self.by_case,
            alone=self.alone,
            restrictions=restricted,
            beside=tuple(span for span in words if self._is_beside_part(span) or span in it.compounds),
            called=tuple(it.called.items()),
            within=tuple(span for span in words if self._is_told_within(span)),
            denied=bool(self.denied),
            acts_on=self._acts_on(),
            is_partial=not it.whole & {term.id for term in it.about}
            and any(term.kind == "concept" for term in it.about),
        )

    def _take_condition(self, it: Spotted) -> None:
        """Take what is told of cases for an attribute that is true or false: gardens that hold no inspections."""
        text = fold(self.text)
        for row in self.known.groups.values:
            if row["type"] != "boolean" or row["kind"] != "case" or it.attributes or has_han(str(row["label"])):
                continue
            words = [
                token.text for token in tokens(str(row["label"])) if len(token.text) > 3 and not is_common(token.text)
            ]
            told = "|".join(re.escape(word.rstrip("s")) for word in words)
            clause = rf"\w+s (?:that|which|with|without)(?: \w+){{0,4}}? (?P<told>(?:{told})s?)\b"
            if not told or not (found := re.search(clause, text)) or not _names_cases(self, found.start()):
                continue
            within = {span.start for span in self.sentence.spans if found["told"] in span.text}
            it.attributes.append(str(row["attribute"]))
            it.about = [term for term in it.about if not (term.kind == "concept" and it.places.get(term, -1) in within)]

    def _compares_cases(self, it: Spotted) -> bool:
        """Say whether all cases are compared on something: differences between the cases as regards dialogue."""
        is_on = any(term.kind in ("concept", "proposition") for term in it.about)
        named = it.chosen.get("case") or "literature" in self.cues
        return is_on and not named and "cases" in self.cues and 1 < len(self._every_case) <= MOST_COMPARED

    def _give_back(self, it: Spotted, operation: str) -> None:
        """Put words that deny something back among those that are left, where nothing that is known is denied."""
        used = (
            it.excluded or it.without or it.lacks
            or self.denied or self.lacking or self.by_case or self.alone.holder
        )  # fmt: skip
        if not (used or operation in ("missing", "searches", "coders", "withdrawn", "disputed", "find")):
            excluding = _EXCLUDING | _PREFERRING if operation == "says" else _EXCLUDING
            it.words = sorted((*it.words, *(s for s in self.sentence.spans if s.text in excluding)))

    def _limits(
        self,
        it: Spotted,
        operation: str,
        roles: tuple[str, ...],
        strengths: tuple[str, ...],
        since: int | None,
        until: int | None,
    ) -> Limits:
        """Return what evidence is limited to, as far as the operation looks at evidence."""
        chosen = it.chosen
        if operation in ("references", "when"):
            roles = ()
        if operation == "drivers" and WEAKEST.search(fold(self.text)):
            # Which has the weakest evidence is told by all of it.
            strengths = ()
        if operation == "summary" and chosen.get("case"):
            # What happened in a case in some years is told by passages, and not by when works on it came out.
            since = until = None
        if it.works and operation not in ("references", "count", "sources"):
            chosen.setdefault("reference", []).extend(it.works)
        if operation in ("define", "outside", "study", "method"):
            chosen, since, until = {}, None, None
        if operation not in _OF_TEXTS and self.known.theory & {*chosen.get("source", ())}:
            # The text of the theory states claims, and has no evidence.
            chosen["source"] = [source for source in chosen["source"] if source not in self.known.theory]
            it.about = [term for term in it.about if term.kind != "source" or term.id not in self.known.theory]
        if self._says("whi") and operation == "drivers":
            # Why evidence is weak is asked of all of it.
            strengths = ()
            for kind in ("author", "reference", "source"):
                chosen.pop(kind, None)
        if operation == "disputed" or (operation == "coders" and any(term.kind == "line" for term in it.about)):
            # Those who differ, or judged a line, limit no evidence, nor does how strong it was judged.
            chosen.pop("coder", None)
            strengths = ()
        if operation in ("claims", "drivers", "effects") and roles and chosen.get("case"):
            # A list asks of each whether it has evidence, and the literature is one more.
            chosen["case"] += [LITERATURE]
            roles = ()
        return Limits(
            **{LIMITING[kind]: tuple(dict.fromkeys(ids)) for kind, ids in chosen.items() if kind in LIMITING},
            roles=roles,
            strengths=strengths,
            since=since,
            until=until,
            without=tuple(dict.fromkeys(it.without)),
        )

    def _stance_for(self, it: Spotted, operation: str, words: list[Span]) -> str | None:
        """Return the stance that is asked for, also where it is told by what is said of cases."""
        stance = self._stance()
        on_claim = any(term.kind == "proposition" for term in it.about)
        if not (on_claim and operation == "evidence" and WHAT_SUPPORTS.match(fold(self.text))):
            # What is said of it behind that turns nothing.
            stance = self._turned(stance, operation)
        if operation == "count" and FOR_AND_AGAINST.search(fold(self.text)):
            return None
        if operation == "relate" and "evidence" not in self._asked():
            # "Between bad weather and people refusing": nothing is asked of evidence.
            return None
        if operation in ("authors", "says") and "gap" in self.cues and not stance:
            # Who says that little is known supports that.
            return "supports"
        if operation == "says" and not stance and "despite" in self.cues and len(it.about) > 1:
            # Who was told off and speaks up still bears out the contrary.
            return "opposes"
        whether = stance == "supports" and _AND_WHETHER.search(fold(self.text))
        if operation == "advice" and (stance == "opposes" or whether):
            # Those who oppose something are what advice is asked about; how well it is supported is told of all of it.
            return None
        lacking = self.cues & {"bare", "unsupported", "both"} and "despite" not in self.cues
        if operation == "cases" and not stance and not lacking and (it.about or words):
            # Where something is told to be so, that bears it out; where it is so "despite", the contrary.
            neutral = self._says(*_BEARING_WORDS)
            denied = "despite" in self.cues or it.lacks or "not" in {token.text for token in self.sentence.tokens}
            happened = [token.text for token in self.sentence.tokens[:2]] == ["where", "did"]
            unsure = self.language == "en" and not all(self.known.claimed(s.text) or is_common(s.text) for s in words)
            if it.about and unsure:
                # Of what is told in words that no claim has it is not known which evidence bears it out.
                return None
            return "opposes" if denied else "supports" if (happened or self._tells()) and not neutral else None
        return stance

    def _asks_for_reason(self) -> bool:
        """Say whether it is asked why something was judged as it was."""
        return self._says("whi") or "为什么" in self.text or "为何" in self.text

    def _names_absent(self) -> bool:
        """Say whether what the question names is told not to be there: which city had no trial, 哪家医院没有随访."""
        texts = [token.text for token in self.sentence.tokens]
        for span in self.sentence.spans:
            ahead = [text for text in texts[: span.start] if text not in _BETWEEN_NOT]
            near = "".join(ahead[-3:])
            absent = near.endswith(_ABSENT_HAN) if self.language == "zh" else bool({*ahead[-2:]} & _ABSENT)
            if span.ids("concept") and absent:
                alone = len({one for s in self.sentence.spans for one in s.ids("concept")}) == 1
                return alone and not self._says(*_BEARING_WORDS)
        return False

    def _asks_why_not(self) -> bool:
        """Say whether it is asked why something is not so or not done: 为什么不吃药, why do they not ride."""
        if "drivers" not in self._asked() or self.relations or self.cues & {*CHOOSING, *STANCES}:
            return False
        texts = [token.text for token in self.sentence.tokens]
        spans = [span for span in self.sentence.spans if span.ids("concept") and not span.ids("relation")]
        if any(span.text.replace(" ", "").startswith(STOPPED) for span in spans):
            return True
        places = [span.start for span in spans]
        if self.language == "zh":
            return any(_NOT_HAN.search("".join(texts[:n])) for n in places)
        return any("".join(texts[max(0, n - k) : n]) in _NOT for n in places for k in (1, 2, 3))

    def _said(self, operation: str) -> Iterator[Span]:
        """Give the stretches that are neither names nor without content nor ask for an operation or a stance."""
        for span in self.sentence.spans:
            cues = {*span.ids("cue")}
            if span.names_records or operation in span.ids("operation") or cues - {"agreement", "both", "despite"}:
                continue
            if span.is_unknown or cues:
                yield span

    def _compared(self, words: list[Span], attributes: list[str], operation: str, *, dated: bool) -> list[Chosen]:
        """Return the records that are chosen by how large or of when a value is; words that say so are taken out."""
        attributes = attributes or (self._attributes_meant() if operation == "cases" else [])
        years = [span for span in words if is_year(span.text)]
        year = years[0].text if years and operation == "sources" and not dated else ""
        some = self.known.groups.compared(self.text, attributes, year)
        if some:
            said = found[0] if (found := comparison(self.text)) else ""
            called = {one.note.partition(":")[0] for one in some} | {*attributes} | {*self.known.groups.numbered}
            words[:] = [
                s
                for s in words
                if not s.text.isdigit()
                and s.text not in _SIZES
                and s.text not in said
                and not (has_han(s.text) and len(s.text) > 1 and any(s.text in name for name in called))
            ]
        return list(some)

    def _attributes_meant(self) -> list[str]:
        """Return the attributes that are true or false and are called by a part of their name, or a word like it."""
        if self.cues & {"bare", "unsupported"}:
            # What a case has no evidence on is no attribute of it.
            return []
        text = fold(self.text)
        parts = {
            (row["attribute"], str(row["attribute"])[:2])
            for row in self.known.groups.values
            if row["type"] == "boolean"
        }
        parts = {(attribute, joined(tokens(part))) for attribute, part in parts if has_han(part)}
        alike = self.known.alike([key for _, key in parts])
        words = [(one, k.replace(" ", "")) for one, key in parts for k in (key, *alike.get(key, ())) if not k.isascii()]
        called = {one for one, word in words if len(word) > 1 and word in text}
        return [*called] if len(called) == 1 else []

    def _is_of_cases(self) -> bool:
        """Say whether evidence is asked for from the cases at large: from the cities, in any of the cases, 案例中."""
        others = self._asked_beside("evidence", "verdict", "drivers", "effects", "claims", "summary")
        if {"eachcase", "onecase"} & self.cues or others:
            return False
        if self.language == "zh":
            return _OF_CASES_HAN.search(fold(self.text)) is not None
        texts = [token.text for token in self.sentence.tokens]
        for span in self.sentence.spans:
            if not {"cases", OWN} & {*span.ids("cue")} or span.names_records:
                continue
            if any("not" in one.ids("cue") and one.end <= span.start for one in self.phrases):
                # "Except in the companies".
                continue
            *determiner, noun = span.text.split()
            ahead = " ".join([*texts[max(0, span.start - 5) : span.start], *determiner, ""])
            ends = span.end in self._clauses() or {*texts[span.end : span.end + 1]} <= _BEHIND_CASES
            limits = _OF_CASES.search(ahead) or (noun == "cases" and _OF_BARE_CASES.search(ahead))
            if noun.endswith("s") and ends and limits:
                return True
        return False

    def _roles(self, without: list[tuple[str, str]], sources: Iterable[str], *, dated: bool) -> tuple[str, ...]:
        """Return the roles of sources that evidence is limited to; a date says already that publications are meant."""
        negated = False
        left_out = 0  # the token behind what leaves something out
        roles = []
        for span in self.sentence.spans:
            cues = span.ids("cue")
            if span.start in self.denied or span.start in self.describing:
                continue
            between = [token.text for token in self.sentence.tokens[left_out : span.start]]
            several = self.language == "zh" or span.text.endswith("s") or "field" in cues
            if MARKS & {*cues} and OWN not in cues and self.known.names_cases:
                # Works of companies are left out, and no cases.
                continue
            # What is done "without the firm" leaves out no case.
            if {"cases", "field"} & {*cues} and left_out and {*between} <= _BETWEEN_NOT and several:
                without += [("case", case) for kind, case in self.known.labels if kind == "case"]
                continue
            if "not" in cues:
                negated, left_out = True, span.end
            elif "only" in cues and negated:
                # "Not the interviews, only the literature".
                negated, left_out = False, 0
            if span.text in _OWN_TEXT and between[-1:] and between[-1] in ("the", "this", "my", "your"):
                # "I review the paper": the study itself.
                continue
            behind = "".join(token.text for token in self.sentence.tokens[span.end : span.end + 2])
            if "literature" in cues and behind.startswith(_EXCEPTED):
                without.append(("role", LITERATURE))
                continue
            ahead = [token.text for token in self.sentence.tokens[: span.start] if token.text not in _BETWEEN_NOT]
            if _BESIDES.search(" ".join(ahead[-3:])):
                # "Not only in the literature" leaves nothing out.
                continue
            if "literature" in cues and ahead[-1:] == ["not"] and "not" not in cues:
                without.append(("role", LITERATURE))
            elif (
                ("role", LITERATURE) not in without
                and "literature" in cues
                and not (dated and _PUBLISHED & {*span.text.split()})
            ):
                if negated:
                    without.append(("role", LITERATURE))
                else:
                    roles.append(LITERATURE)
            if "field" in cues and not negated and not sources:
                roles.append("case")
        if ONLY_CASES.search(fold(self.text)) or self._is_of_cases():
            roles.append("case")
        if self.lacking and "cases" in self.cues and not roles:
            roles.append("case")
        return tuple(dict.fromkeys(roles)) if "compare" not in self._asked() else ()
