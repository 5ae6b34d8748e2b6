"""Which stance, strengths and years a sentence asks for."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.asking.hearing import Hearing
from kg.asking.patterns import AUXILIARIES, EVERY_LINE, FOR_WHOM_NOT, WHAT_SUPPORTS
from kg.asking.question import EITHER, REFUTED, TURNED
from kg.claims import STANCES, STRENGTHS
from kg.language.tokens import fold, tokens

if TYPE_CHECKING:
    from kg.asking.sentence import Span

EVIDENCE = frozenset(
    token.key
    for token in tokens("evidence support proof line quote case backing opposition passage claim argument strength")
)
"""Keys of what can be strong or weak."""
_THERE = frozenset("is are there do we have can you see any at all".split())
"""Words that may stand between evidence and what it is evidence that is so."""
_PROOF_OF = re.compile("(?:有没有|有什么|有哪些|是否有|有无).{3,}的证据|.{4,}(?:有没有|有)证据(?:吗|$)")
"""How evidence that something is so is asked for in Chinese."""
_OF_YEAR = re.compile("年(?:的(?:文献|论文|研究|文章|著作)?|发表|出版)")
"""What stands in Chinese behind the year of what is cited."""
_FINDS = frozenset(token.key for token in tokens("find show argue report observe demonstrate conclude establish"))
"""Keys of verbs by which somebody tells what is so, with reasons."""
_FINDING = ("发现", "证明", "表明", "得出")
"""The same in Chinese."""
_ASKING_WHO = frozenset(["says", "authors", "cases", "references", "sources"])
"""Operations that ask who or what tells something."""
_ARTICLES = ("the", "any", "all")
"""Words between "without" and what is left out."""
_DENYING = frozenset("not cannot never hardly nobody neither fail fails failed".split())
"""Words that deny what is told."""
_DENYING_HAN = re.compile(
    "(?:忘记?|忘了|漏)(?=吃|服|用|带)|(?<![有没])(?:并不|并没有|并没|并未|没有|没能|未能|未必|不能|不会|不是|无法|从不|从未|没|不)"
    "(?![同要包含管论过仅止])"
)
"""The same in Chinese."""
_BEFORE_THINGS = frozenset("of the an these those all many more most same which what some few broken new old".split())
"""Words before "objects" that are things."""
_QUALITIES = frozenset("high low good poor any some what which this that".split())
"""Words that tell how good evidence is, or which, rather than of what it is."""
_NO_EFFECT = frozenset(
    "no effect;had no effect;has no effect;have no effect;not matter;did nothing;does nothing;did not help;"
    "does not help;did not work;does not work;no influence;no impact;no difference;makes no difference;"
    "irrelevant;useless;pointless;unimportant;unnecessary;superfluous;ineffective;dispensable;overrated;needless;"
    "fail to;fails to;failed to;fail;fails;no driver;no cause;no help;"
    "is not what;are not what;was not what;were not what;"
    "no link to;no link with;no connection to;no connection with;no relation to;no bearing on;has no bearing;"
    "made no difference;make no difference;not hold;not hold true;not apply;not true;不成立;不灵;没有用;没用;"
    "没有作用;没有效果;没有影响;不起作用;不管用;无关紧要;无效".split(";")
)
"""Phrases by which it is told that something does nothing."""
_UNDER_WHAT = re.compile(r"(?:under|in) (?:what|which) (?:circumstances|conditions)\b|在?什么(?:情况|条件|前提)下")
"""How it begins that limits are asked for."""
_UNWILLING = frozenset(["不同意", "不赞成", "不支持", "反对"])
"""What is told in Chinese of people, or asked of evidence."""
_TELLS_WHAT = re.compile("[^不]*(?:说明|表明|证明|显示|意味着)了?(?:什么|哪些|啥|怎样|些什么)")
"""How it is asked in Chinese what evidence tells, of whatever stance."""
_BEGINS_HAN = re.compile("[从自](?:什么时候|何时|哪|第几|几)|(?:什么时候|何时|哪[年月天]).{0,6}(?:算起|开始|起算)|算起")
"""How it is asked in Chinese when something begins."""
_DEGREES = frozenset(["水平", "程度", "规模", "收入", "知识", "强弱"])
"""What may be of a middle degree."""
_TELLING = ("说明", "表明", "证明", "显示", "意味着")
"""Words in Chinese between evidence and what it tells."""


def is_year(text: str) -> bool:
    """Say whether a text is a year.

    Args:
        text: a word.

    Example:
        >>> is_year("2015"), is_year("17")
        (True, False)
    """
    return text.isascii() and text.isdigit() and 1500 <= int(text) <= 2200


class Stances(Hearing):
    """What one sentence asks of evidence: the stance, strengths and years."""

    def _is_told_of_somebody(self, span: Span) -> bool:
        """Say whether it is told in Chinese that somebody who is no record is against something: 儿子不同意."""
        before = next((one for one in self.sentence.spans if one.end == span.start), None)
        return (
            before is not None
            and before.is_unknown
            and len(before.text) > 1
            and "verdict" in self._asked()
            and span.end < len(self.sentence.tokens)
        )

    def _stance(self) -> str | None:
        """Return the stance that is asked for; none where all are, or two, or claims without any."""
        if REFUTED in self.cues:
            return "opposes"
        if found := EVERY_LINE.search(fold(self.text)):
            return "opposes" if re.search("against|oppos|contradict|反对", found[0]) else "supports"
        if any(span.ids("proposition") for span in self.sentence.spans) and (
            found := WHAT_SUPPORTS.match(fold(self.text))
        ):
            # Whatever is said of it then.
            return "opposes" if re.search("oppos|against|contradict", found[0]) else "supports"
        if _UNDER_WHAT.match(fold(self.text)):
            return "qualifies"
        if EITHER in self.cues or FOR_WHOM_NOT.search(fold(self.text)):
            return None
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
                    and not (stance == "qualifies" and self._is_condition_that(span))
                    and not (span.text in _UNWILLING and self._is_told_of_somebody(span))
                    and not (span.text == "against" and self._is_against_somebody(span))
                    and not (span.text in ("object", "objects") and self._is_thing(span))
                    and not (stance == "supports" and _TELLS_WHAT.match(fold(self.text)))
                    and (span.text != "find that" or self.sentence.tokens[0].text in ("who", "which", "whose"))
                ):
                    stances.add(stance)
        if "degree" in self.cues and stances == {"supports"}:
            # How well it is supported is told by all evidence.
            return None
        if (
            not stances
            and "contested" not in self.cues
            and (self._asks_evidence_for() or ("strong" in self.cues and "drivers" in self._asked()))
        ):
            return "supports"
        told = {span.text for span in self.phrases if "opposes" in span.ids("cue")}
        if stances == {"opposes"} and told <= _NO_EFFECT and self._asks_under_which():
            return "qualifies"
        if stances == {"opposes", "qualifies"} and told <= _NO_EFFECT:
            # Under what conditions it does nothing is a limit.
            return "qualifies"
        inner = [s for s in STANCES if s in stances]
        return inner[0] if len(inner) == 1 else None

    def _is_thing(self, span: Span) -> bool:
        """Say whether "objects" are things: share of objects mended."""
        before = self.sentence.tokens[span.start - 1].text if span.start else ""
        return before in _BEFORE_THINGS

    def _is_against_somebody(self, span: Span) -> bool:
        """Say whether something is against somebody, which is no evidence: fines against a firm.

        Args:
            span: the word "against", right behind the name of a concept, or between an unknown word and a case.
        """
        before = next((one for one in self.sentence.spans if one.end == span.start), None)
        behind = next((one for one in self.sentence.spans if one.start == span.end), None)
        if before is None:
            return False
        unknown = before.is_unknown and behind is not None and bool(behind.ids("case", "author"))
        return bool(before.ids("concept")) or unknown

    def _is_condition_that(self, span: Span) -> bool:
        """Say whether a condition is named by what it says, and is not what evidence is asked to be."""
        behind = [token.text for token in self.sentence.tokens[span.end : span.end + 1]]
        return span.text.endswith("condition") and behind == ["that"]

    def _asks_under_which(self) -> bool:
        """Say whether it is asked when something is so, rather than when it happened: when does it not work."""
        some = [token.text for token in self.sentence.tokens]
        begins = self.language == "zh" and _BEGINS_HAN.search(fold(self.text)) is not None
        asks = self.language == "zh" and "when" in self._asked() and not begins
        return (some[:1] == ["when"] and some[1:2] != ["did"]) or asks

    def _asks_evidence_for(self) -> bool:
        """Say whether evidence is asked "for" something, with other words in between."""
        if self.language == "zh":
            return "关于" not in self.text and _PROOF_OF.search(fold(self.text)) is not None
        some = [token.text for token in self.sentence.tokens]
        nouns = ("evidence", "evidences", "support", "proof", "proofs", "indication", "indications")
        evidence = next((n for n, text in enumerate(some) if text in nouns), None)
        if evidence is None or (some[0] in AUXILIARIES and "there" not in some):
            return False
        behind = some[evidence + 1 :]
        if behind[:1] == ["for"] and behind[1:2] and behind[1] in ("which", "what"):
            # "As evidence, for which claims".
            return False
        near = behind[: 1 + next((n for n, t in enumerate(behind) if t not in _THERE), 0)]
        if near[-1:] == ["of"] and {*behind[len(near) : len(near) + 1]} & {*STRENGTHS, *_QUALITIES}:
            # "Evidence of moderate strength" is of any stance.
            return "for" in behind
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
            return named and not {t.key for t in (*self.sentence.tokens[span.end : span.end + 1], *some)} & EVIDENCE
        after = "".join(token.text for token in self.sentence.tokens[span.end : span.end + 2])
        before = "".join(token.text for token in self.sentence.tokens[max(0, span.start - 2) : span.start])
        if span.text == "中等" and before in _DEGREES:
            return True
        return span.text == "中等" and bool(after) and not re.match("强度|的|支持|反对|限定|证据|以上", after)

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
        if operation == "verdict" and stance in (None, "supports"):
            self.cues |= {TURNED}
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
        years = [span for span in self.sentence.spans if span.is_unknown and is_year(span.text)]
        if len(years) == 2 and years[1].start - years[0].end <= 2:
            texts = {token.text for token in self.sentence.tokens[years[0].end : years[1].start]}
            if texts <= {"and", "to", "until", "年", "至", "到"}:
                return int(years[0].text), int(years[1].text), {years[0].start, years[1].start}
        for span in self.sentence.spans:
            if not (span.is_unknown and is_year(span.text)):
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
