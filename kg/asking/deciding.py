"""Which operation a sentence asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.asking import patterns
from kg.asking.alone import AT_BEST
from kg.asking.attributes import comparison
from kg.asking.of_coders import CODER, JUDGING, PLAIN, OfCoders
from kg.asking.question import ACTING, CHOOSING, INTEREST, MARKS, SURENESS, WEAK, Term
from kg.asking.stances import EVIDENCE, is_year
from kg.asking.sureness import is_concerned
from kg.cjk import has_han
from kg.claims import STRENGTHS
from kg.language.shipped import table
from kg.language.tokens import fold, is_common, joined, tokens

if TYPE_CHECKING:
    from kg.asking.sentence import Span

_NEEDS_CLAIMS = "claims"
_TOLD_BY_SIDE = frozenset(["drivers", "effects", "define", "relate", "summary", "verdict", "stage", "help"])
"""Operations of which the side says more where a question names a relation and what is on one side of it."""
_LEFT_OUT = frozenset(
    joined(tokens(text))
    for text in "thrown out;threw out;taken out;took out;dropped;discarded;crossed out;struck out;removed;deleted;"
    "no longer used;no longer count;撤掉;拿掉;移除;划掉;撤下;删掉;删去;去掉;作废;剔除;不算数了".split(";")
)
"""Everyday words for what is withdrawn, if evidence is."""
_MEANING_HAN = ("什么意思", "啥意思", "含义", "定义", "指什么", "指的是")
"""Words in Chinese by which it is asked what something means."""
_CONFIDENT = ("authors", "says", "missing")
"""Operations by whose words those are called who are sure, or not."""
_SUBORDINATE = frozenset(["when", "while", "once", "whenever"])
"""Words with which it begins when something is so."""
_DATES = frozenset(["year", "date", "day", "month"])
"""Words by which a date is asked for at the beginning."""
_MAY = frozenset(["can", "could", "may", "might"])
"""Words by which it is asked what is possible."""
_HAVING_DONE = frozenset("did do does has have".split())
"""Words before somebody who found something."""
_OWN = ("your ", "do you personally", "personally", "你的", "你个人", "你自己")
"""How it begins that an opinion is asked for, whatever of."""
_ANYBODY = frozenset("anybody anyone does did is are has who whoever".split())
"""Words with which it is asked whether somebody disputes a claim."""
_OWING = frozenset(["得益于", "归功于", "取决于", "源于", "缘于", "来自", "来源于", "受益于", "起因于", "归因于"])
"""Chinese verbs behind which stands what acts."""
_LONG = 2
"""How many words a phrase has at most that may be said of something else."""
_OWN_MARKS = frozenset(["unlinked", "undated", "uncited", "anonymous"])
"""Marks whose words are used for nothing else."""
_ASKED_FIRST = ("what", "which", "who", "by")
"""Words that ask for one side of a relation."""
_CHAINED = ("drivers", "effects", "relate", "verdict", "where", "stage", "evidence", "summary", "advice", "define")
"""Operations that may be asked for of a chain of claims."""


class Deciding(OfCoders):
    """What one sentence asks for: the operation."""

    def _operation(self, about: list[Term], words: list[Span], *, in_stage: bool) -> str:
        """Choose the operation: the first in the table whose words stand there and whose needs are met."""
        if self.lacking:
            return "missing"
        if self.denied or self.by_case or self.alone.holder or self.alone.strength or AT_BEST in self.cues:
            return "count" if "count" in self._asked() else "claims"
        if self.alone.stance and self._lists_claims():
            return "count" if "count" in self._asked() else "claims"
        if self._tells_coders_apart(about):
            return "disputed"
        begin = self.sentence.spans[0] if self.sentence.spans else None
        if (
            begin
            and "cases" in begin.ids("cue")
            and (words or about)
            and self.language == "en"
            and not comparison(self.text)
            and not self._asked_beside("where", "help", "withdrawn")
        ):
            # "towns where ...", "firms in which ..."
            return "cases"
        topics = [t for t in about if t.kind in ("concept", "proposition", "code", "stage")]
        return (
            self._by_the_sentence(about, topics, words)
            or self._by_the_table(about, topics, words, in_stage=in_stage)
            or self._by_what_is_named(about, topics, words, in_stage=in_stage)
        )

    def _by_the_sentence(self, about: list[Term], topics: list[Term], words: list[Span]) -> str:
        """Choose the operation that is told by more than one word; empty for none."""
        text = fold(self.text)
        if (
            about
            and {t.kind for t in about} <= {"reference", "author"}
            and not self._stance()
            and patterns.USED_FOR.search(text)
        ):
            return "summary"
        if not about and INTEREST in self.cues and {"sources", "references", "evidence"} & {*self._asked()}:
            return "references"
        if not topics and INTEREST in self.cues and any(t.kind in ("reference", "author") for t in about):
            return "summary"
        on_claim = any(t.kind == "proposition" for t in topics)
        if (
            topics
            and {"company", "promotional"} & self.cues
            and (patterns.EVIDENCE_OF.search(text) or ("only" in self.cues and on_claim))
            and "not" not in self.cues
        ):
            # How much of it comes from companies.
            return "count"
        if (
            not about
            and {"company", "promotional"} & self.cues
            and patterns.EVIDENCE_OF.search(text)
            and "verdict" in self._asked()
            and not patterns.DOWNGRADED.search(text)
        ):
            # Whether any of it comes from companies is told by the works that are marked so.
            return "references"
        plain = not self._asked_beside("define", "claims", "evidence", "find", "where", "summary")
        if plain and {t.kind for t in about} == {"code"} and "define" in self._asked() and not self._stance():
            return "define"
        if "uncoded" in self.cues and patterns.PARAGRAPHS.search(text):
            return "coders"
        if patterns.UNUSED.search(text):
            return "find"
        if patterns.REAL.search(text):
            return "study"
        if (
            "sure" in self.cues
            and topics
            and not self._asked_beside("verdict", "drivers", "evidence", "claims", "find", *_CONFIDENT)
        ):
            return "evidence"
        if (
            self.cues & SURENESS
            and not (about or self._stance())
            and not self._asked_beside(
                "verdict", "claims", "help", *_CONFIDENT, *(["advice"] if self._asks_which() else [])
            )
        ):
            return "claims"
        named = any(
            t.kind in ("concept", "proposition", "code", "case", "source", "author", "reference") for t in about
        )
        thin = patterns.THINNEST.search(text)
        if not named and (thin or (patterns.WEAK_SPOTS.search(text) and not patterns.EVIDENCE_OF.search(text))):
            self.cues |= {WEAK}
            return "claims"
        if patterns.WEAKEST.search(text) and patterns.FACTORS.search(text):
            return "drivers"
        if {t.kind for t in topics} == {"code"} and not self._stance() and patterns.HOW_OFTEN.search(text):
            return "count"
        if (
            words
            and not topics
            and patterns.HAPPENED.match(text)
            and not self._asked_beside("effects", "summary", "find", "when")
        ):
            return "find"
        if "stage" in self._asked() and patterns.WHICH_STAGE.match(text) and not self._lists_claims():
            return "stage"
        if is_concerned(text) and not topics:
            self.cues |= {"sure"}
            return "claims"
        if form := self._form(text, about, words):
            self.cues |= form.cues
            return form.operation
        if self.holding and topics and text.startswith(("what ", "which ", "who ")) and not self._lists_claims():
            # "What keeps people from it".
            return "drivers"
        if (
            topics
            and patterns.ANYTHING.match(text)
            and (self.relations or {"acts", *ACTING} & self.cues)
            and not self._stance()
        ):
            return "drivers"
        cases = sum(t.kind == "case" for t in about)
        if patterns.MOST_CASE.search(text) or (cases > 1 and patterns.WHOSE_MOST.search(text)):
            self.cues |= {"most"}
            return "cases"
        if patterns.DIRECTLY.search(text) and len({t.id for t in topics if t.kind == "concept"}) > 1:
            return "relate"
        stages = [t for t in topics if t.id in self.known.stages]
        if stages and patterns.BESIDE_STAGE.match(text):
            return "stage"
        if "unopposed" in self.cues and topics and self.language == "en" and not patterns.LISTED.search(text):
            # "The claim on parking is never attacked, I believe": what opposes it is asked, which is nothing.
            return "evidence"
        if "chain" in self.cues and len({t.id for t in topics}) > 1 and not self._asked_beside(*_CHAINED):
            return "relate"
        if "origin" in self.cues and "count" in self._asked() and self.cues & {*STRENGTHS} and not topics:
            # "How many strong lines are there, and where are they from".
            return "count"
        if topics and (direction := self._direction()):
            return direction
        if of_coders := self._of_coders(about, topics, {"coded", "reread", "settled"} & self.cues):
            return of_coders
        if (
            not topics
            and "method" not in self._asked()
            and any(
                MARKS & {*span.ids("cue")}
                and (
                    " " in span.text
                    or _OWN_MARKS & {*span.ids("cue")}
                    or (has_han(span.text) and (len(span.text) > 2 or self._tells_of("works")))
                )
                for span in self.phrases
            )
        ):
            # "Did you use any company publication": works are asked for by what they are, or their lines counted.
            return "count" if "count" in self._asked() else "references"
        if not topics and patterns.GRADED.search(self.text) and not any(t.kind in ("line", "coder") for t in about):
            return "method"
        if "origin" in self.cues and len({t.id for t in topics if t.kind == "concept"}) > 1:
            # A claim comes from the text that states it, and from the works that it rests on.
            return "says"
        if "origin" in self.cues and topics and self._lists_claims():
            return "references"
        if self.language == "zh" and "origin" in self.cues and "where" in self._asked() and not words:
            # 这个概念出自哪里.
            return "authors" if [t.kind for t in topics] == ["concept"] else "says"
        if patterns.DEFINED.search(fold(self.text)) and any(t.kind == "concept" for t in topics):
            return "define"
        if self.sentence.tokens and self.sentence.tokens[0].text in _DATES and words:
            # "Year that ..., please".
            return "when"
        if "stage" in self._asked() and patterns.ORDER.search(fold(self.text)):
            return "stage"
        if "eachcase" in self.cues and (self._stance() or patterns.ALL_AGREE.search(text)) and not (topics or words):
            return "claims"
        texts = [token.text for token in self.sentence.tokens]
        is_code = bool(self.sentence.spans) and bool(self.sentence.spans[0].ids("code"))
        others = self._asked_beside(*PLAIN, "verdict", "missing", "help")
        if texts[:1] == ["who"] and (topics or words) and not (others or is_code):
            return "authors"
        if (
            texts[:2] == ["where", "did"]
            and any(t.kind == "concept" for t in topics)
            and not self._asked_beside("where", "drivers", "effects", "relate")
        ):
            return "cases"
        return ""

    def _form(self, text: str, about: list[Term], words: list[Span]) -> patterns.Form | None:
        """Return the first of the forms that tell an operation by themselves, if one stands in a text."""
        kinds = {term.kind for term in about}
        for form in patterns.FORMS:
            if not form.pattern.search(text) or kinds & form.never or (form.alone and about):
                continue
            topics = {term.id for term in about if term.kind in ("concept", "stage", "proposition")}
            if form.stage and not (topics and topics <= {*self.known.stages}):
                continue
            if (form.of and not kinds & form.of) or (form.words is not None and form.words != bool(words)):
                continue
            return form
        return None

    def _by_the_table(self, about: list[Term], topics: list[Term], words: list[Span], *, in_stage: bool) -> str:
        """Choose the first operation in the table whose words stand there and whose needs are met; empty for none."""
        operations = table("operations")["operation"]
        for name in self._asked():
            needs = operations[name].get("needs")
            if needs == _NEEDS_CLAIMS and not (topics or words or self.relations or in_stage):
                continue
            told = name == "references" and (
                self._stance() or self.cues & MARKS or self._tells_year() or patterns.WORKS.search(fold(self.text))
            )
            told = told or (name == "when" and "field" in self.cues)
            if needs == "words" and not (about or words or told):
                continue
            if self._gives_way(name, about, words):
                continue
            return name
        return ""

    def _by_what_is_named(self, about: list[Term], topics: list[Term], words: list[Span], *, in_stage: bool) -> str:
        """Choose the operation of a question in which no words ask for one."""
        first = self.sentence.tokens[0].text if self.sentence.tokens else ""
        if self.language == "zh" and first == "谁" and words and not self._stance():
            return "authors"
        if first == "who" and self.sentence.spans[0].ids("code"):
            # A code may be called "who leads".
            return "evidence"
        if first in ("who", "whose") and (topics or words):
            return "authors"
        if self._is_yes_or_no() and (topics or words):
            return "verdict"
        if first == "when" and words and self._stance() != "qualifies":
            return "when"
        told = about or self._stance() or any(not is_year(span.text) for span in words)
        if not told and "literature" in self.cues and any(self._years()[:2]):
            # "Literature since 2022".
            return "references"
        if self._stance() or self.cues & {"both", "strong", "moderate", "weak"}:
            return "evidence"
        if len(self.sentence.spans) == 1 and about:
            return "summary"
        if in_stage and not topics and not words:
            return "claims"
        if about and not topics and all(is_year(span.text) for span in words):
            return "summary"
        if "hinders" in self.cues and not topics and self._asks_what_hinders(words):
            return "drivers"
        if self.cues & {*CHOOSING, "most", *SURENESS} and not topics:
            return "claims"
        return "evidence" if topics or words else "help"

    def _direction(self) -> str:
        """Say which side of a relation is asked for: what drives X, what X drives; empty for neither."""
        spans = self.sentence.spans
        if patterns.DO_TO.match(self.text) and any(span.ids("concept") for span in spans):
            return "effects"
        texts = [token.text for token in self.sentence.tokens]
        if patterns.MADE_OF.search(fold(self.text)):
            # "What did they make of the mayor" asks what they say.
            return ""
        # What is said to act "when a firm makes something" is not what is asked.
        end = next((n for n, text in enumerate(texts) if n > 1 and text in _SUBORDINATE), len(texts))
        places = [n for n, span in enumerate(spans) if span.start < end and (span.ids("relation") or self._acts(span))]
        if not places:
            # "What do bike lanes change": a verb at the end, of whatever meaning.
            doing = texts[:1] == ["what"] and texts[1:2] in (["do"], ["does"], ["did"])
            verb = bool(spans) and not spans[-1].names_records and is_common(spans[-1].text) and texts[-1] != "do"
            return "effects" if doing and verb and spans[-2].ids("concept") and not self._asked() else ""
        at = spans[places[-1]]
        if at.text in _OWING and texts[at.end :][:1] in (["什"], ["哪"], ["谁"]):
            return "drivers"
        if texts[at.end :] in (["什", "么"], ["哪", "些"], ["谁"], ["什", "么", "呢"]):
            return "effects"
        before = texts[: spans[places[0]].start]
        if before in (["什", "么"], ["哪", "些"], ["哪", "些", "因", "素"], ["谁"]):
            return "drivers"
        lead = next((n for n in sorted(self._clauses()) if texts[n : n + 1] and texts[n] in _ASKED_FIRST), 0)
        if texts[lead] not in _ASKED_FIRST or {*self._asked()} - _TOLD_BY_SIDE:
            return ""
        topics = [
            n
            for n, s in enumerate(spans)
            if s.start >= lead and s.ids("concept") and not s.ids("relation") and not self._is_stage(s)
        ]
        ahead, behind = any(n < places[0] for n in topics), any(n > places[-1] for n in topics)
        if ahead == behind:
            return "effects" if not topics and texts[1:2] and texts[1] in ("does", "do", "did") else ""
        passive = texts[at.end : at.end + 1] == ["by"] or texts[lead] == "by"
        if ahead:
            # A concept before the relation acts, unless it is acted on "by" something.
            return "drivers" if passive else "effects"
        return "effects" if passive else "drivers"

    def _acts(self, span: Span) -> bool:
        """Say whether a stretch says that something acts, in words that are none of the study's."""
        return not span.names_records and bool(
            {*span.ids("cue")} & ACTING or span.text in ("keeps", "keep", "holds", "hold")
        )

    def _asks_what_hinders(self, words: list[Span]) -> bool:
        """Say whether it is asked what hinders, of nothing that a claim is about: what stands in the way."""
        if self.language == "zh":
            return fold(self.text).startswith(("什么", "哪些", "谁", "啥", "有什么", "有哪些"))
        return all(span.ids("cue") or is_common(span.text) for span in words)

    def _is_stage(self, span: Span) -> bool:
        """Say whether a name is that of a stage in which something is asked to be."""
        return any(one in self.known.stages for one in span.ids("concept")) and self._is_within(span)

    def _gives_way(self, name: str, about: list[Term], words: list[Span]) -> bool:
        """Say whether an operation gives way to what else the question says."""
        stance = self._stance()
        topics = [t for t in about if t.kind in ("concept", "proposition")]
        states = self.cues & {*CHOOSING}
        if name == "advice" and self.sentence.tokens[0].text == "who" and stance:
            # "Who advises against it" asks for those who speak against it.
            return True
        if name == "says" and self.sentence.tokens[0].text in ("how", "why"):
            # "Why would anyone who ..." asks why.
            return True
        if name == "define" and self.sentence.tokens[0].text in ("how", "why") and not self._says("defin", "mean"):
            # "How does it work, and what is done with it".
            return True
        if (
            name == "define"
            and not self._says("defin", "definit", "mean", "meant")
            and ((topics and self.relations) or any(self._years()[:2]))
        ):
            # What acts, or "what was published … before 2015".
            return True
        if name == "define" and self._says("said", "say", "told", "tell") and not self._says("mean", "meant", "defin"):
            # "What was said about money in one place".
            return True
        if name == "define" and self.language == "en" and self._is_yes_or_no() and not topics:
            # "Will it outlive my term".
            return not self._says("mean", "defin", "definit")
        if name == "define" and "hinders" in self.cues and not topics:
            # "What are the obstacles" asks for what hinders.
            return True
        if name == "define" and "summary" in self._asked() and self.sentence.tokens[-1].text == "about":
            return True
        if name == "drivers" and {"define"} <= {*self._asked()} and self._says("term", "definit", "defin"):
            # "Explain the term" asks what it means.
            return True
        if name == "effects" and not topics and self._tells_of_case(about) and not words:
            # What happened in a case is told by all that is known of it.
            return True
        if (
            name == "effects"
            and patterns.CAME_OF.search(fold(self.text))
            and any(t.kind in ("case", "source") for t in about)
        ):
            # How something was done in a case, and what came of it, is told by passages.
            return True
        if name == "summary" and topics and any(t.kind in ("author", "reference", "source", "case") for t in about):
            return True
        if name == "summary" and topics and self.language == "en" and self._is_yes_or_no():
            # "Is it a phase of its own, or do they argue about it".
            return all(span.text == "about" for span in self.phrases if "summary" in span.ids("operation"))
        if name in ("define", "summary"):
            both = patterns.WHAT_ARE_BOTH.match(fold(self.text)) and not (words or stance or self.relations)
            if name == "define" and both:
                # "What are the first nights and the steady nights".
                return False
            explicit = self._says("mean", "definit", "defin") or any(word in self.text for word in _MEANING_HAN)
            return bool(stance) or (name == "define" and len(topics) > 1 and (not explicit or bool(self.relations)))
        may = self.sentence.tokens[0].text in _MAY or self._says("possibl", "feasibl", "imposs")
        if (
            name == "missing"
            and "says" in self._asked()
            and self.sentence.tokens[0].text in ("who", "does", "is", "has")
        ):
            # Who says that it is not known is asked.
            return True
        if name == "missing" and "suggestion" in self.cues and not topics:
            # Which advice has no support is told of the advice.
            return True
        if name == "missing" and may and not self._lists_claims():
            # "Can it be done without backing" asks what is possible.
            return True
        if (
            name in ("where", "when")
            and self._is_yes_or_no()
            and (len(topics) > 1 or patterns.CLAUSE_FIRST.match(self.text))
        ):
            # "Is access where the guarantee lies", "when both talk, do they …".
            return True
        if name == "when" and stance == "qualifies" and topics:
            # When something is not enough is a limit, and no time.
            return True
        if name == "overall":
            # How far one thing can be relied on is told of it.
            telling = [span for span in words if not is_common(span.text)]
            return bool(about or telling or states or stance) or self._says(*CODER) or "编码" in self.text
        if name == "count" and self.language == "en" and self.sentence.tokens[0].text in ("who", "whose"):
            # "Who found it, and how many did they look at".
            return True
        if name == "count" and "where" in self._asked() and "页" in self.text:
            return True
        if name == "count" and "when" in self._asked() and patterns.SEVERAL_HAN.match(self.text):
            # "Several talks": when they were held is asked.
            return True
        if name == "count" and "disputed" in self._asked() and "分歧" in self.text:
            # How much coders differ, and how that was settled.
            return True
        if name == "count" and self.language == "zh" and patterns.A_WHILE.search(self.text):
            # "In the first months" counts nothing.
            return not patterns.AMOUNT_HAN.search(patterns.A_WHILE.sub("", self.text))
        if name == "count" and self.language == "zh" and (self._asks_first("when", "count") or self._asks_which()):
            return True
        if name == "count" and self.language == "zh":
            told = [span.text for span in self.phrases if "count" in span.ids("operation")]
            return self._is_yes_or_no() and {*told} <= {"数量", "总数"}
        if name == "count" and self.language == "en":
            # "Is the number of … lower" is answered with yes or no.
            return self.sentence.tokens[0].text in patterns.AUXILIARIES and not self._says("mani", "much")
        if name == "outside":
            return not self._is_outside(topics)
        counts = "count" in self._asked() and patterns.HOW_MANY.search(fold(self.text))
        if name == "study" and (counts or stance or self.cues & {*STRENGTHS}):
            # How many claims the study has, or strong evidence about licences.
            return True
        if name == "study" and any("study" in s.ids("operation") and s.end - s.start > _LONG for s in self.phrases):
            # "In my thesis" says it, whatever else is named.
            return False
        if name == "study":
            return bool(topics or self.cues & {*CHOOSING})
        if name == "method":
            # Strength as a limit, or why one line was lowered, is asked of evidence.
            return bool(topics) or any(t.kind in ("line", "reference", "author", "case") for t in about)
        if name == "says" and any("authors" in span.ids("operation") and not span.start for span in self.phrases):
            # "Authors who hold that ..."
            return True
        if name == "compare" and self._disagrees():
            return True
        comparing = [span.text for span in self.phrases if "compare" in span.ids("operation")]
        few = sum(term.kind in ("case", "source") for term in about) < 2
        if name == "compare" and few and self._is_yes_or_no() and all(t.startswith("agree") for t in comparing):
            # "Do customers have to agree with the offer" compares nothing.
            return True
        if name == "compare":
            several = any(token.text in ("stages", "phases") for token in self.sentence.tokens)
            return len(about) + ("literature" in self.cues) < 2 and "cases" not in self.cues and not several
        judging = self._says(*JUDGING) or "编码" in self.text or any(t.kind == "coder" for t in about)
        if name == "searches" and "bare" in self.cues and self._lists_claims():
            # Claims without evidence are asked for, whoever looked for it.
            return True
        if name == "withdrawn" and patterns.REMAINS.search(self.text):
            # "What is left without it" leaves out what is named.
            return True
        if name == "withdrawn":
            # Much is dropped and removed that is no evidence.
            named = {" ".join(self._keys(span)) for span in self.phrases if "withdrawn" in span.ids("operation")}
            said = "".join(token.text for token in self.sentence.tokens)
            of_evidence = self._says(*EVIDENCE, *JUDGING) or "证据" in said or "引文" in said
            return named <= _LEFT_OUT and not of_evidence
        if (
            name == "disputed"
            and not judging
            and {*self._asked()} & {"references", "says", "authors", "sources", "cases"}
        ):
            # Works and cases dispute what is claimed.
            return True
        if name == "disputed" and "unopposed" in self.cues and self._lists_claims():
            return True
        if name == "disputed" and topics and not judging and self.sentence.tokens[0].text in _ANYBODY:
            # "Does anybody dispute that …".
            return True
        if name == "disputed" and ("强度" in self.text or "强弱" in self.text) and "method" in self._asked():
            return True
        if name == "disputed" and "contested" in self.cues and not judging:
            # Claims are disputed by evidence; coders dispute what a line says.
            return True
        if name == "advice" and self.language == "en" and patterns.BRINGS.search(fold(self.text)):
            # "Do answers from staff bring more suggestions": what users suggest is no advice.
            return True
        if name in ("where", "authors") and "advice" in self._asked() and self.language == "en":
            # "Where should we begin", "what would the authors tell us".
            return name == "where" or self.sentence.tokens[0].text in ("what", "how")
        if name in ("find", "where") and stance and topics:
            return True
        if name == "where" and ("only where" in fold(self.text) or (topics and "drivers" in self._asked())):
            # "Only where it is weak" limits; "where does it stem from" asks what drives it.
            return True
        if name == "find" and all(self._was_found(span) for span in self.phrases if "find" in span.ids("operation")):
            # What was found is evidence.
            return True
        if name == "find" and self.language == "zh" and len(topics) > 1 and self.relations:
            return True
        if name in ("find", "summary") and topics and "bytheory" in self.cues:
            # Whether the theory speaks of something is told by its claims.
            return True
        if name == "find":
            return not words and (not topics or self._says("quot"))
        asked_by = {span.text: span.start for span in self.phrases if "authors" in span.ids("operation")}
        if name == "authors" and {*asked_by} == {"whose"} and asked_by["whose"]:
            # "Menders whose eyes fail".
            return True
        if name == "authors" and self.language == "zh" and "advice" in self._asked() and "谁" not in self.text:
            # What authors advise is asked, and not who does.
            return True
        if name == "authors":
            return self._is_yes_or_no() and bool(topics)
        if name == "claims" and any(t.kind == "proposition" for t in topics) and "verdict" in self._asked():
            return True
        if name == "claims" and topics and "contested" in self.cues and self._says("whi"):
            # Why something is contested is told by the evidence on it.
            return True
        if name == "claims":
            return bool(topics) and not states and (self._is_yes_or_no() or bool(stance))
        if name == "help":
            # "Does it help" asks for no help.
            return bool(about or words)
        if name == "relate" and self._is_yes_or_no() and self.relations and "chain" not in self.cues:
            # Whether something comes before something else is answered with yes or no.
            return True
        if name in ("drivers", "effects"):
            return self._is_yes_or_no() and bool(topics or words)
        return name == "evidence" and not about and not words

    def _tells_of_case(self, about: list[Term]) -> bool:
        """Say whether it is asked what happened in a case."""
        return "happened" in {token.text for token in self.sentence.tokens} and any(t.kind == "case" for t in about)

    def _asks_which(self) -> bool:
        """Say whether all words by which Chinese counts ask which ones there are: 哪几个."""
        counting = [span for span in self.phrases if "count" in span.ids("operation")]
        return all(span.start and self.sentence.tokens[span.start - 1].text == "哪" for span in counting)

    def _asks_first(self, one: str, other: str) -> bool:
        """Say whether two operations are asked for, the first of them before the second."""
        places = {
            name: min((span.start for span in self.phrases if name in span.ids("operation")), default=-1)
            for name in (one, other)
        }
        return 0 <= places[one] < places[other]

    def _was_found(self, span: Span) -> bool:
        """Say whether it is told of somebody that something was found: findings, what did they find."""
        before = {token.text for token in self.sentence.tokens[: span.start]}
        if self.sentence.tokens[0].text in ("what", "which", "how") and before & _HAVING_DONE:
            return span.text in ("find", "finds", "found", "finding", "findings")
        return span.text in ("finding", "findings")

    def _is_outside(self, topics: list[Term]) -> bool:
        """Say whether a question asks for what no study tells."""
        if "study" in self._asked() and patterns.MADE_UP.search(fold(self.text)):
            return False
        if self.cues & {"invention", "task", "tool"}:
            return True
        if "opinion" in self.cues:
            own = any(span.text.startswith(_OWN) for span in self.phrases if "opinion" in span.ids("cue"))
            return own or not topics
        texts = {token.text for token in self.sentence.tokens}
        tells = bool(texts & {"will", "going", "shall"}) if self.language == "en" else True
        tells = tells or any(span.text.startswith(("predict", "forecast", "预")) for span in self.phrases)
        return tells and not {*self._asked()} & {"advice", "missing", "study"}
