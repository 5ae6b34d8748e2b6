"""Which operation, stance, strengths and years a sentence asks for."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.asking.alone import AT_BEST
from kg.asking.hearing import AUXILIARIES, Hearing
from kg.asking.question import ACTING, CHOOSING, MARKS, Term
from kg.claims import STANCES, STRENGTHS
from kg.language.shipped import table
from kg.language.tokens import fold, is_common, joined, tokens

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg.asking.sentence import Span

_NEEDS_CLAIMS = "claims"
_TOLD_BY_SIDE = frozenset(["drivers", "effects", "define", "relate", "summary", "verdict", "stage", "help"])
"""Operations of which the side says more where a question names a relation and what is on one side of it."""
_EVIDENCE = frozenset(
    token.key for token in tokens("evidence support proof line quote case backing opposition passage claim argument")
)
"""Keys of what can be strong or weak."""
_LEFT_OUT = frozenset(
    joined(tokens(text))
    for text in "thrown out;threw out;taken out;took out;dropped;discarded;crossed out;struck out;removed;deleted;"
    "no longer used;no longer count;撤掉;拿掉;移除;划掉;撤下;删掉;删去;去掉;作废;剔除;不算数了".split(";")
)
"""Everyday words for what is withdrawn, if evidence is."""
_JUDGING = tuple(
    token.key for token in tokens("coder code coding line reader judge settle evidence agreement kappa alpha")
)
"""Keys of words that are about those who code."""
_THERE = frozenset("is are there do we have can you see any at all".split())
"""Words that may stand between evidence and what it is evidence that is so."""
_EVIDENCE_OF = re.compile("(?:有没有|有什么|有哪些|是否有|有无).{3,}的证据|.{4,}(?:有没有|有)证据(?:吗|$)")
"""How evidence that something is so is asked for in Chinese."""
_ALIKE = re.compile("一样|一致|相同|不同|分歧|差别|区别|出入|相左")
"""How it is asked in Chinese whether those who judge agree."""
_OF_YEAR = re.compile("年(?:的(?:文献|论文|研究|文章|著作)?|发表|出版)")
"""What stands in Chinese behind the year of what is cited."""


_DO_TO = re.compile(r"what (?:do|does|did) .{3,60} do (?:to|for|with) ", re.IGNORECASE)
"""How it is asked what something acts on."""
_DEFINED = re.compile(r"[:：] ?(?:definition|meaning|定义|含义)[?？.。]?$")
"""How a definition is asked for by a word behind a name."""
_ORDER = re.compile(r"\b(?:order|sequence)\b|顺序|先后")
"""How it is asked in which order something comes."""
_FINDS = frozenset(token.key for token in tokens("find show argue report observe demonstrate conclude establish"))
"""Keys of verbs by which somebody tells what is so, with reasons."""
_FINDING = ("发现", "证明", "表明", "得出")
"""The same in Chinese."""
_HAVING_DONE = frozenset("did do does has have".split())
"""Words before somebody who found something."""
_OWN = ("your ", "do you personally", "personally", "你的", "你个人", "你自己")
"""How it begins that an opinion is asked for, whatever of."""
_ASKING_WHO = frozenset(["says", "authors", "cases", "references", "sources"])
"""Operations that ask who or what tells something."""
_NATURES = tuple(token.key for token in tokens("human people machine software program computer ai model"))
"""Keys of words for what coders are."""
_NATURES_HAN = re.compile("真人|人工|机器|软件|程序|模型")
"""The same in Chinese."""
_OF_JUDGEMENTS = ("summary", "define", "evidence", "verdict", "authors", "says", "coders", "drivers", "help", "sources")
"""Operations that say less of what is asked than that a line, paragraph or source was judged."""
_JUDGED = tuple(token.key for token in tokens("evidence line quote quotation passage judgement judge weak strong"))
"""Keys of what coders judge, and how."""
_PLAIN = ("summary", "define", "evidence", "find")
"""Operations that say less of what is asked than that somebody coded or read it."""
_ARTICLES = ("the", "any", "all")
"""Words between "without" and what is left out."""
_ASKED_FIRST = ("what", "which", "who", "by")
"""Words that ask for one side of a relation."""
_CHAINED = ("drivers", "effects", "relate", "verdict", "where", "stage", "evidence", "summary", "advice", "define")
"""Operations that may be asked for of a chain of claims."""
_DENYING = frozenset("not cannot never hardly nobody neither fail fails failed".split())
"""Words that deny what is told."""
_DENYING_HAN = re.compile(
    "(?<![有没])(?:并不|并没有|并没|并未|没有|没能|未能|未必|不能|不会|不是|无法|从不|从未|没|不)"
    "(?![同要包含管论过仅止])"
)
"""The same in Chinese."""
_NO_EFFECT = frozenset(
    "no effect;had no effect;has no effect;have no effect;not matter;did nothing;does nothing;did not help;"
    "does not help;did not work;does not work;no influence;no impact;no difference;makes no difference;"
    "irrelevant;useless;pointless;unimportant;unnecessary;superfluous;ineffective;dispensable;overrated;needless;"
    "fail to;fails to;failed to;fail;fails;no driver;no cause;no help;"
    "made no difference;make no difference;not hold;not hold true;not apply;not true;不成立;不灵;没有用;没用;"
    "没有作用;没有效果;没有影响;不起作用;不管用;无关紧要;无效".split(";")
)
"""Phrases by which it is told that something does nothing."""
_DEGREES = frozenset(["水平", "程度", "规模", "收入", "知识", "强弱"])
"""What may be of a middle degree."""
_TELLING = ("说明", "表明", "证明", "显示", "意味着")
"""Words in Chinese between evidence and what it tells."""


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1500 <= int(text) <= 2200


class Deciding(Hearing):
    """What one sentence asks for: the operation, the stance, strengths and years."""

    def _operation(self, about: list[Term], words: list[Span], *, in_stage: bool) -> str:
        """Choose the operation: the first in the table whose words stand there and whose needs are met."""
        if self.lacking:
            return "missing"
        if self.denied or self.by_case or self.alone.holder or self.alone.strength or AT_BEST in self.cues:
            return "count" if "count" in self._asked() else "claims"
        if self.alone.stance and self._lists_claims():
            return "count" if "count" in self._asked() else "claims"
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
        if "chain" in self.cues and len({t.id for t in topics}) > 1 and not self._asked_beside(*_CHAINED):
            return "relate"
        if topics and (direction := self._direction()):
            return direction
        acts = {"coded", "reread", "settled"} & self.cues
        if acts and (
            "when" in self._asked() or (any(t.kind == "coder" for t in about) and not self._asked_beside(*_PLAIN))
        ):
            return "coders"
        if (
            not topics
            and "method" not in self._asked()
            and any(MARKS & {*span.ids("cue")} and " " in span.text for span in self.phrases)
        ):
            # "Did you use any company publication": works are asked for by what they are.
            return "references"
        if not topics and acts and (self._says(*_NATURES) or _NATURES_HAN.search(self.text)):
            return "coders"
        if "origin" in self.cues and topics and self._lists_claims():
            # Where a claim comes from is told by the works that it rests on.
            return "references"
        if _DEFINED.search(fold(self.text)) and any(t.kind == "concept" for t in topics):
            return "define"
        if "stage" in self._asked() and _ORDER.search(fold(self.text)):
            return "stage"
        if "eachcase" in self.cues and self._stance() and not (topics or words):
            return "claims"
        if self._asks_how_judged(about, acts):
            return "coders"
        if (
            about
            and all(t.kind == "coder" for t in about)
            and not (topics or self._stance() or self._says(*_EVIDENCE))
            and not self._asked_beside(*_PLAIN, "verdict", "help", "authors")
        ):
            # What a coder is and had seen is told by the coder's note.
            return "summary"
        texts = [token.text for token in self.sentence.tokens]
        if texts[:1] == ["who"] and (topics or words) and not self._asked_beside(*_PLAIN, "verdict", "missing", "help"):
            return "authors"
        if (
            texts[:2] == ["where", "did"]
            and any(t.kind == "concept" for t in topics)
            and not self._asked_beside("where", "drivers", "effects", "relate")
        ):
            return "cases"
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
        if first in ("who", "whose") and (topics or words):
            return "authors"
        if self._is_yes_or_no() and (topics or words):
            return "verdict"
        if first == "when" and words:
            return "when"
        if self._stance() or self.cues & {"both", "strong", "moderate", "weak"}:
            return "evidence"
        if len(self.sentence.spans) == 1 and about:
            return "summary"
        if in_stage and not topics and not words:
            return "claims"
        if about and not topics and not words:
            return "summary"
        if "hinders" in self.cues and not (topics or words):
            return "drivers"
        return "evidence" if topics or words else "help"

    def _asks_how_judged(self, about: list[Term], acts: Collection[str]) -> bool:
        """Say whether it is asked how coders judged one line, or what coders did to a paragraph, source or case."""
        kinds = {term.kind for term in about}
        if {"concept", "proposition"} & kinds or self._asked_beside(*_OF_JUDGEMENTS):
            return False
        texts = [token.text for token in self.sentence.tokens]
        by_whom = "whom" in texts or texts[:1] == ["who"] or "谁" in texts
        if "line" in kinds or ("coder" in kinds and {"paragraph", "source", "case"} & kinds and self._says(*_JUDGED)):
            return True
        return bool(acts) and by_whom and bool({"paragraph", "source"} & kinds)

    def _direction(self) -> str:
        """Say which side of a relation is asked for: what drives X, what X drives; empty for neither."""
        spans = self.sentence.spans
        if _DO_TO.match(self.text) and any(span.ids("concept") for span in spans):
            return "effects"
        places = [n for n, span in enumerate(spans) if span.ids("relation") or self._acts(span)]
        texts = [token.text for token in self.sentence.tokens]
        if not places:
            # "What do bike lanes change": a verb at the end, of whatever meaning.
            doing = texts[:1] == ["what"] and texts[1:2] in (["do"], ["does"], ["did"])
            verb = bool(spans) and not spans[-1].names_records and is_common(spans[-1].text) and texts[-1] != "do"
            return "effects" if doing and verb and spans[-2].ids("concept") and not self._asked() else ""
        at = spans[places[-1]]
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

    def _is_stage(self, span: Span) -> bool:
        """Say whether a name is that of a stage in which something is asked to be."""
        return any(one in self.stages for one in span.ids("concept")) and self._is_within(span)

    def _gives_way(self, name: str, about: list[Term], words: list[Span]) -> bool:
        """Say whether an operation gives way to what else the question says."""
        stance = self._stance()
        topics = [t for t in about if t.kind in ("concept", "proposition")]
        states = self.cues & {*CHOOSING}
        if (
            name == "define"
            and not self._says("defin", "definit", "mean", "meant")
            and ((topics and self.relations) or any(self._years()[:2]))
        ):
            # What acts, or "what was published … before 2015".
            return True
        if name == "define" and "summary" in self._asked() and self.sentence.tokens[-1].text == "about":
            return True
        if name == "summary" and topics and any(t.kind in ("author", "reference", "source") for t in about):
            return True
        if name in ("define", "summary"):
            return bool(stance) or (name == "define" and len(topics) > 1)
        if name == "when" and stance == "qualifies" and topics:
            # When something is not enough is a limit, and no time.
            return True
        if name == "count" and self.language == "zh":
            told = [span.text for span in self.phrases if "count" in span.ids("operation")]
            return self._is_yes_or_no() and {*told} <= {"数量", "总数"}
        if name == "count" and self.language == "en":
            # "Is the number of … lower" is answered with yes or no.
            return self.sentence.tokens[0].text in AUXILIARIES and not self._says("mani", "much")
        if name == "outside":
            return not self._is_outside(topics)
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
        if name == "compare":
            several = any(token.text in ("stages", "phases") for token in self.sentence.tokens)
            return len(about) + ("literature" in self.cues) < 2 and "cases" not in self.cues and not several
        judging = self._says(*_JUDGING) or any(t.kind == "coder" for t in about)
        if name == "searches" and "bare" in self.cues and self._lists_claims():
            # Claims without evidence are asked for, whoever looked for it.
            return True
        if name == "withdrawn":
            # Much is dropped and removed that is no evidence.
            named = {" ".join(self._keys(span)) for span in self.phrases if "withdrawn" in span.ids("operation")}
            of_evidence = self._says(*_EVIDENCE, *_JUDGING) or "证据" in self.text or "引文" in self.text
            return named <= _LEFT_OUT and not of_evidence
        if name == "disputed" and ("强度" in self.text or "强弱" in self.text) and "method" in self._asked():
            return True
        if name == "disputed" and "contested" in self.cues and not judging:
            # Claims are disputed by evidence; coders dispute what a line says.
            return True
        if name in ("where", "authors") and "advice" in self._asked() and self.language == "en":
            # "Where should we begin", "what would the authors tell us".
            return name == "where" or self.sentence.tokens[0].text in ("what", "how")
        if name in ("find", "where") and stance and topics:
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
            return self._is_yes_or_no() and len(topics) > 0
        return name == "evidence" and not about and not words

    def _was_found(self, span: Span) -> bool:
        """Say whether it is told of somebody that something was found: findings, what did they find."""
        before = {token.text for token in self.sentence.tokens[: span.start]}
        if self.sentence.tokens[0].text in ("what", "which", "how") and before & _HAVING_DONE:
            return span.text in ("find", "finds", "found", "finding", "findings")
        return span.text in ("finding", "findings")

    def _stance(self) -> str | None:
        """Return the stance that is asked for; none where all are, or two, or claims without any."""
        compares = "compare" in self._asked() and not self._disagrees()
        if self.lacking or self.by_case or "both" in self.cues or compares or "bare" in self.cues:
            return None
        stances = set()
        for span in self.phrases:
            for stance in span.ids("cue"):
                # "What did they find that bears on it" asks for all.
                if (
                    stance in STANCES
                    and not (self._is_denied(span) or self._is_passive(span))
                    and (span.text != "find that" or self.sentence.tokens[0].text in ("who", "which", "whose"))
                ):
                    stances.add(stance)
        if "degree" in self.cues and stances == {"supports"}:
            # How well it is supported is told by all evidence.
            return None
        if not stances and (self._asks_evidence_for() or ("strong" in self.cues and "drivers" in self._asked())):
            return "supports"
        told = {span.text for span in self.phrases if "opposes" in span.ids("cue")}
        if stances == {"opposes"} and told <= _NO_EFFECT and self._asks_under_which():
            return "qualifies"
        if stances == {"opposes", "qualifies"} and told <= _NO_EFFECT:
            # Under what conditions it does nothing is a limit.
            return "qualifies"
        inner = [s for s in STANCES if s in stances]
        return inner[0] if len(inner) == 1 else None

    def _asks_under_which(self) -> bool:
        """Say whether it is asked when something is so, rather than when it happened: when does it not work."""
        some = [token.text for token in self.sentence.tokens]
        return (some[:1] == ["when"] and some[1:2] != ["did"]) or (self.language == "zh" and "when" in self._asked())

    def _asks_evidence_for(self) -> bool:
        """Say whether evidence is asked "for" something, with other words in between."""
        if self.language == "zh":
            return "关于" not in self.text and _EVIDENCE_OF.search(fold(self.text)) is not None
        some = [token.text for token in self.sentence.tokens]
        nouns = ("evidence", "evidences", "support", "proof", "proofs", "indication", "indications")
        evidence = next((n for n, text in enumerate(some) if text in nouns), None)
        if evidence is None or (some[0] in AUXILIARIES and "there" not in some):
            return False
        behind = some[evidence + 1 :]
        near = behind[: 1 + next((n for n, t in enumerate(behind) if t not in _THERE), 0)]
        return "for" in behind or bool({"that", "of"} & {*near})

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
        ends |= {n + 1 for n in ends if n < len(self.sentence.tokens) and self.sentence.tokens[n].text in _ARTICLES}
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
        before = "".join(token.text for token in self.sentence.tokens[max(0, span.start - 2) : span.start])
        if span.text == "中等" and before in _DEGREES:
            return True
        return span.text == "中等" and bool(after) and not re.match("强度|的|支持|反对|限定|证据|以上", after)

    def _is_outside(self, topics: list[Term]) -> bool:
        """Say whether a question asks for what no study tells."""
        if self.cues & {"invention", "task", "tool"}:
            return True
        if "opinion" in self.cues:
            own = any(span.text.startswith(_OWN) for span in self.phrases if "opinion" in span.ids("cue"))
            return own or not topics
        texts = {token.text for token in self.sentence.tokens}
        tells = bool(texts & {"will", "going", "shall"}) if self.language == "en" else True
        tells = tells or any(span.text.startswith(("predict", "forecast", "预")) for span in self.phrases)
        return tells and not {*self._asked()} & {"advice", "missing", "study"}

    def _disagrees(self) -> bool:
        """Say whether it is asked who disagrees with something, rather than with whom."""
        texts = [token.text for token in self.sentence.tokens]
        places = [n for n, text in enumerate(texts) if text in ("disagree", "disagrees")]
        return any({"that", "with"} & {*texts[n + 1 : n + 2]} for n in places) and texts[0] not in ("do", "does")

    def _turned(self, stance: str | None, operation: str) -> str | None:
        """Return the stance that is asked for where what is told is denied: who holds that X does not Y opposes it.

        What contradicts that something does not matter bears out that it does.
        """
        tells = "that" in {t.text for t in self.sentence.tokens} or any(word in self.text for word in _TELLING)
        of_evidence = operation == "evidence" or (operation == "verdict" and stance == "supports")
        if operation not in _ASKING_WHO and not (of_evidence and tells):
            return stance
        if self.lacking or self.by_case or self.denied or self.cues & {"both", "bare", "unsupported", "unopposed"}:
            return stance
        asked = [span for span in self.phrases if "opposes" in span.ids("cue")]
        inner = [span for span in asked if span.text in _NO_EFFECT]
        denials = self._denials() + len({span.end for span in inner})
        outer = [span for span in asked if span not in inner]
        if not denials % 2:
            found = operation in ("authors", "says") and self._tells_finding() and "not" not in self.cues
            return "supports" if (inner and outer and denials) or (found and not stance) else stance
        if stance == "opposes" and outer:
            return "supports"
        return "opposes" if stance in (None, "supports", "opposes") else stance

    def _tells_finding(self) -> bool:
        """Say whether it is told what somebody found or argues, which is evidence for it."""
        if self.language == "zh":
            return any(word in self.text for word in _FINDING)
        some = self.sentence.tokens
        return any(one.key in _FINDS and after.text == "that" for one, after in pairwise(some))

    def _denials(self) -> int:
        """Return how often what is told is denied, beside what limits, asks or stands in a phrase."""
        taken = {
            n
            for span in self.phrases
            if {*span.ids("cue")} - {"acts", "despite"} or span.ids("operation")
            for n in range(span.start, span.end)
        }
        texts = [token.text for token in self.sentence.tokens]
        if self.language == "en":
            return sum(
                text in _DENYING and n not in taken and texts[n - 1 : n] != ["or"] for n, text in enumerate(texts)
            )
        plain = "".join(text if len(text) == 1 else "·" for text in texts)
        return sum(not {*range(m.start(), m.end())} & taken for m in _DENYING_HAN.finditer(plain))

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
            behind = {token.text for token in self.sentence.tokens[span.end : span.end + 2]}
            if behind >= {"or"} and behind & {"later", "newer", "after", "since"}:
                since = year
            elif behind >= {"or"} and behind & {"earlier", "before", "older"}:
                until = year
            elif "since" in near and not ("until" in near and near["until"].end > near["since"].end):
                since = year + (near["since"].text in ("after", "later than", "newer than"))
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
