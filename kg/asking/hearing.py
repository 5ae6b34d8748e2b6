"""The words of a sentence by which something is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.asking import patterns
from kg.asking.alone import AT_BEST, Alone, alone, is_at_best
from kg.asking.apart import apart
from kg.asking.contrast import Contrast, contrast
from kg.asking.introduced import HELPS, introduction, wish
from kg.asking.question import ACTING, CHOOSING, SUBJECT, UNTOLD, WISHED
from kg.asking.sentence import NOT_RECORDS, Span
from kg.claims import STANCES, STRENGTHS
from kg.language.lexicon import FUNCTION
from kg.language.shipped import chinese_words, table
from kg.language.tokens import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.asking.attributes import Groups
    from kg.asking.sentence import Sentence
    from kg.asking.works import Described
    from kg.language.tokens import Token

_CLAIM_WORDS = tuple(token.key for token in tokens("claim proposition hypothesis finding"))
"""Keys of the words for claims."""
_POLITE = frozenset(["pleas", "can", "could", "you", "now"])
"""Keys of words before a command."""
_COMMANDS = frozenset(["delet", "renam", "edit", "undo"])
"""Keys of verbs by which something is to be changed, which no answer does."""
_HOLDING = (
    ("keep", "from"),
    ("stop", "from"),
    ("prevent", "from"),
    ("deter", "from"),
    ("hold", "back"),
    ("stand", "way"),
    ("get", "way"),
)
"""Keys of words that say together, with others between them, that something hinders."""
_MOVING = frozenset(
    token.key
    for token in tokens(
        "take come go bring give gave get got look hold held send sent fall pull date call "
        "pay paid roll win won buy bought hand cut turn report feed fed"
    )
)
"""Keys of verbs that say something else with "back"."""
_ROLES = frozenset("driver cause factor reason motive determinant antecedent".split())
"""What something is that acts on something else: trust as a driver."""
_IMPORTANT = tuple(
    token.key for token in tokens("important essential crucial vital valuable useful necessary relevant")
)
"""Keys of words by which it is told of something that it does much."""
_WITHIN = frozenset({"of", "in", "at", "during", "within", "throughout", "在", "于"})
"""Words after which a stage is where something is so."""
_MEANINGS = frozenset("meaning definition sense name order duration length beginning start end".split())
"""What a stage itself has."""
_CLAIMS = frozenset("claim claims proposition propositions hypothesis hypotheses".split())
"""Words for claims."""
_REACHED = frozenset({"", "到", "到了", "进入", "进入了", "进了"})
"""What may stand in Chinese before the stage in which something is asked to be, where it is named first."""


_REMEDYING = frozenset(
    token.key
    for token in tokens("help work protect effective remedy measure measures good useful fight insure guard do done")
)
"""Keys of words behind which "against" stands before what is remedied."""
_ALSO_NOUNS = frozenset(["block", "blocks"])
"""Verbs for what hinders that are nouns as well."""
_DETERMINING = frozenset("which the each every other these those both all our your a any most biggest largest".split())
"""Words before nouns."""
_AWAY = frozenset("away from off apart".split())
"""Words behind "how far" where a distance is asked for."""
_WHO = frozenset(token.key for token in tokens("people person those anyone someone somebody anybody ones others one"))
"""Keys of words of whom "who are" tells more."""


def _outer(span: Span, phrases: Iterable[Span]) -> Span:
    """Return a phrase without the senses that a longer phrase around it has otherwise."""
    around = [
        o for o in phrases if o.start <= span.start and span.end <= o.end and o.end - o.start > span.end - span.start
    ]
    taken = {kind for o in around for kind in ("cue", "operation") if o.ids(kind)}
    return span._replace(senses=tuple(sense for sense in span.senses if sense.kind not in taken))


@dataclass(frozen=True)
class Known:
    """What is known of a study when a question is read.

    Args:
        labels: the label of every record, by kind and id.
        stages: ids of the concepts that are stages of claims.
        groups: the attributes and sets of the study.
        theory: ids of the sources that state the theory.
        writers: gives the authors of every reference.
        marked: gives the references that have each mark.
        claimed: says whether a claim has some words.
        described: gives the works that are called by what they are.
        alike: gives words of like meaning by their keys.
        names_cases: whether the study calls its cases otherwise than companies.
        claims_on: gives the claims that have a concept, by its id.
        title: the titles of the study, in either language, as they are compared.
        case_of: the case of every source.
        claims: how many claims the study has.
    """

    labels: Mapping[tuple[str, str], str]
    stages: frozenset[str]
    groups: Groups
    theory: frozenset[str]
    writers: Callable[[], Mapping[str, frozenset[str]]]
    marked: Callable[[], Mapping[str, tuple[str, ...]]]
    claimed: Callable[[str], bool]
    described: Callable[[Sequence[Token]], Iterable[Described]]
    alike: Callable[[Iterable[str]], Mapping[str, frozenset[str]]]
    names_cases: bool
    claims_on: Callable[[str], frozenset[str]]
    title: str
    case_of: Mapping[str, str | None]
    claims: int


class Hearing:
    """What stands in one sentence: the words that ask, cues, and what is denied of whom.

    Args:
        sentence: the sentence, split.
        text: as it was typed.
        language: ``en`` or ``zh``.
        known: what is known of the study.
    """

    def __init__(self, sentence: Sentence, text: str, language: str, known: Known) -> None:
        self.sentence, self.text, self.language, self.known = sentence, text, language, known
        # The places of words that call a work by what it is, each with the first of them.
        self.describing: dict[int, int] = {}
        self.introduction = introduction(text, sentence.phrases)
        self.wish = wish(text)
        phrases = [
            span
            for span in sentence.phrases
            if span.start >= self.introduction
            and not (
                self._ends_within(span)
                or self._within_name(span)
                or self._is_either(span)
                or self._is_compared(span)
                or self._straddles(span)
            )
        ]
        differing = contrast(sentence, phrases, language)
        if language == "zh" and alone(sentence, phrases, language).holder:
            # What nothing else supports is not what something else denies.
            differing = Contrast({})
        if patterns.ONLY_CASES.search(fold(text)):
            # "Only the hospitals, not the literature" denies nothing of either.
            differing = Contrast({})
        self.by_case, self.denied = differing.by_case, differing.denied
        self.lacking = self.language == "zh" and not self.denied and patterns.LACKING.search(fold(text)) is not None
        self.phrases = [
            _outer(span, phrases)
            for span in phrases
            if not any(start <= span.start and span.end <= end for start, end in self.denied.values())
        ]
        # The places of verbs and their particles with what they act on between them.
        standing, self.parted = apart(sentence, self.phrases) if language == "en" else ([], frozenset())
        self.phrases += standing
        self.relations = tuple(dict.fromkeys(one for span in self.phrases for one in span.ids("relation")))
        self.cues = frozenset(cue for span in self.phrases for cue in span.ids("cue"))
        keys = [token.key for token in sentence.tokens]
        self.holding = next((pair for pair in _HOLDING if self._apart_in(keys, *pair)), ())
        if self.holding:
            # "What holds customers back" asks for what hinders, and backs nothing.
            self.phrases = [span for span in self.phrases if span.text != "back"]
            self.cues = frozenset(cue for span in self.phrases for cue in span.ids("cue")) | {"hinders"}
        if any(map(self._says_otherwise, self.phrases)):
            # What was taken back backs nothing.
            remedied = any(span.text == "against" and self._says_otherwise(span) for span in self.phrases)
            self.phrases = [span for span in self.phrases if not self._says_otherwise(span)]
            self.cues = frozenset(cue for span in self.phrases for cue in span.ids("cue"))
            if remedied:
                self.cues = self.cues - {"promotes"} | {"hinders", "lessens"}
        if "both" in self.cues and patterns.BOTH_DO.search(text):
            # "Both sides have to agree" tells what is claimed, and asks for no sides of evidence.
            self.phrases = [span for span in self.phrases if span.text not in ("both sides", "on both sides")]
            self.cues = frozenset(cue for span in self.phrases for cue in span.ids("cue"))
        if self.language == "zh" and patterns.IN_EACH.search(fold(text)):
            self.cues |= {"eachcase"}
        if "eachcase" in self.cues and any(span.ids("case") for span in sentence.spans):
            # "Both cities" are those that are named.
            self.cues -= {"eachcase"}
        if "eachcase" in self.cues or (self.lacking and patterns.EACH_ONE.search(fold(text))):
            self.cues |= {"cases"}
        if (
            "unopposed" in self.cues
            and self.cues & {"supports", "qualifies"}
            and not patterns.CONCLUSIONS.search(fold(self.text))
        ):
            # "what qualifies, not opposes" asks for one stance.
            self.phrases = [span for span in self.phrases if "unopposed" not in span.ids("cue")]
            self.cues -= {"unopposed", "opposes"}
        if self.language == "zh" and not self.denied and (nobody := patterns.NOBODY.search("".join(keys))):
            # What nobody opposes is asked, and not what is opposed.
            denied = "unopposed" if nobody["opposes"] else "unsupported"
            self.phrases = [
                span for span in self.phrases if not {"opposes", "supports", *CHOOSING} & {*span.ids("cue")}
            ]
            self.cues = frozenset(cue for span in self.phrases for cue in span.ids("cue")) | {denied}
        if {"bare", "supports"} <= self.cues and patterns.NOTHING_BACKS.search(fold(text)):
            self.phrases = [span for span in self.phrases if not {"bare", "supports"} & {*span.ids("cue")}]
            self.cues = self.cues - {"bare", "supports"} | {"unsupported"}
        if patterns.MAKES_LESS.search(fold(text)):
            # What makes people less afraid eases what they fear.
            self.cues = self.cues - {"promotes"} | {"hinders", "lessens"}
        if keys[:1] == ["will"] and any(key.isdigit() and len(key) == 4 for key in keys):
            self.cues |= {"forecast"}
        if next((key for key in keys if key not in _POLITE), "") in _COMMANDS:
            self.cues |= {"task"}
        if self._is_subject():
            self.cues |= {SUBJECT}
        if self.wish < self.introduction:
            self.cues |= {WISHED}
        # Of a topic the evidence is asked for, and a list of claims where it is called one.
        listed = self._lists_claims() or not any(span.ids("concept", "proposition") for span in sentence.spans)
        differs = self.by_case or self.denied or "unopposed" in self.cues or not listed
        self.alone = Alone() if differs else alone(sentence, self.phrases, language)
        if self.alone.holder:
            within = range(self.alone.start, self.alone.end)
            self.phrases = [
                span for span in self.phrases if span.start not in within or {*span.ids("cue")} & {*STANCES}
            ]
            self.cues = frozenset(cue for span in self.phrases for cue in span.ids("cue"))
        if self.alone.stance or self.alone.strength or (self.cues & {*STRENGTHS} and is_at_best(text)):
            self.cues -= {"bare", "unsupported", "only"}
            if self.cues & {*STRENGTHS} and not self.alone.strength:
                # Of all evidence, for or against, it is asked how strong it is at best.
                self.cues = self.cues - {"both"} | {AT_BEST}
        if differing.untold:
            self.cues |= {UNTOLD}
        if (
            self.language == "zh"
            and patterns.NO_EVIDENCE.search(fold(text))
            and not self.cues & {"supports", "opposes"}
        ):
            self.cues |= {"bare"}
        if "hinders" in self.cues and "drivers" in self._asked() and patterns.BOTH_WAYS.search(fold(text)):
            self.cues -= {"hinders", "promotes"}
        if self.language == "zh" and patterns.BOTH.search(fold(text)):
            self.cues |= {"both", "contested"}

    def _says_otherwise(self, phrase: Span) -> bool:
        """Say whether a phrase says something else with the words beside it.

        It may be the "back" of another verb (taken back, to back down), what something helps against, a distance (how
        far away), or what tells more of somebody (people who are new).
        """
        before = self.sentence.tokens[phrase.start - 1].key if phrase.start else ""
        behind = {token.text for token in self.sentence.tokens[phrase.end : phrase.end + 1]}
        if phrase.text == "against":
            return before in _REMEDYING
        if phrase.text == "evidence for":
            return bool(behind & {"which", "what"})
        if phrase.text == "how far":
            return bool(behind & _AWAY)
        if phrase.text in ("who are", "who is", "who were", "who was"):
            return before in _WHO and phrase.start not in self._clauses()
        if phrase.text in _ALSO_NOUNS and self.sentence.tokens[phrase.start - 1].text in _DETERMINING and phrase.start:
            # "Which blocks": things, and nothing that blocks.
            return True
        if phrase.text == "back" and before in ("the", "a", "our", "my", "their"):
            # "In the back room".
            return True
        if phrase.text == "outside" and before in ("a", "an", "the") and "of" not in behind:
            # "An outside expert" leaves nothing out.
            return True
        if phrase.text == "back" and not behind:
            # "What brings people back".
            return True
        return phrase.text == "back" and (before in _MOVING or bool(behind & {"down", "off", "out", "away", "then"}))

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

    def _ends_within(self, phrase: Span) -> bool:
        """Say whether a sentence ends within a phrase: 一条证据都没有？作者找过吗."""
        return any(phrase.start < end < phrase.end for end in self._sentence_ends)

    @cached_property
    def _sentence_ends(self) -> tuple[int, ...]:
        """Return where sentences end, but for the last one."""
        parts = re.split(r"[?？!！。]|\.(?=\s)", self.text)
        return tuple(len(tokens(" ".join(parts[:n]))) for n in range(1, len(parts)))

    def _straddles(self, phrase: Span) -> bool:
        """Say whether two Chinese characters are the end of one word and the beginning of another: 化验单有用."""
        if self.language != "zh" or phrase.end - phrase.start != 2:
            return False
        return any(
            span.start < phrase.start < span.end < phrase.end and span.text in chinese_words()
            for span in self.sentence.spans
        )

    def _is_either(self, phrase: Span) -> bool:
        """Say whether a phrase is the second half of 有没有 or 是不是这样, which asks and denies nothing."""
        before = self.sentence.tokens[phrase.start - 1].text if phrase.start else ""
        return (before == "有" and phrase.text.startswith("没有")) or (before, phrase.text) == ("是", "不是这样")

    def _is_compared(self, phrase: Span) -> bool:
        """Say whether a phrase begins what something is said to be, or not to be: needs *as what* moves people."""
        before = self.sentence.tokens[phrase.start - 1].text if phrase.start else ""
        return before in ("as", "than", "not") and phrase.text.startswith("what ")

    def _clauses(self) -> frozenset[int]:
        """Return where clauses begin: what is excluded in one of them is not in the next."""
        parts = re.split("[,;:，；：]", self.text)
        return frozenset(len(tokens(",".join(parts[:n]))) for n in range(1, len(parts)))

    def _asked(self) -> list[str]:
        """Return the operations whose words stand in it, in the order of the table."""
        there = {op for span in self.phrases for op in span.ids("operation")}
        if self.language == "zh" and patterns.OR_NOT.search(fold(self.text).rstrip(" ?!.。,…")):
            there.add("verdict")
        if patterns.MAKES_DIFFERENCE.search(fold(self.text)):
            # What makes no difference is compared with nothing.
            there.discard("compare")
        if "不同意" in self.text and "不同" not in self.text.replace("不同意", ""):
            there.discard("compare")
        if HELPS.search(fold(self.text)):
            there.add("advice")
        operations = table("operations")["operation"]
        return [name for name, entry in operations.items() if name in there or self.cues & {*entry.get("cues", ())}]

    def _asked_beside(self, *others: str) -> bool:
        """Say whether an operation is asked for beside some others."""
        return bool({*self._asked()} - {*others})

    def _says(self, *keys: str) -> bool:
        """Say whether one of some words stands in it, by their keys."""
        return any(token.key in keys for token in self.sentence.tokens)

    def _tells_of(self, name: str) -> bool:
        """Say whether one of the words of a kind stands there, by which more is told of what is named.

        Args:
            name: of a table ``told`` in ``operations.toml``.
        """
        words = table("operations")["told"][name]
        if self.language == "zh":
            return any(word in fold(self.text) for word in words["zh"])
        said = f" {' '.join(token.key for token in self.sentence.tokens)} "
        return any(f" {' '.join(token.key for token in tokens(word))} " in said for word in words["en"])

    def _lists_claims(self) -> bool:
        """Say whether claims are asked for."""
        if self.language == "zh":
            return any(word in self.text for word in ("命题", "主张", "论断"))
        return self._says(*_CLAIM_WORDS)

    def _keys(self, span: Span) -> list[str]:
        """Return the keys of the tokens of a stretch."""
        return [token.key for token in self.sentence.tokens[span.start : span.end]]

    def _label(self, kind: str, identifier: str) -> str:
        return self.known.labels.get((kind, identifier), identifier)

    def _says_code(self, span: Span) -> bool:
        """Say whether a name is called a code."""
        before = self.sentence.tokens[max(0, span.start - 2) : span.start]
        after = self.sentence.tokens[span.end : span.end + 2]
        beside = {token.key for token in (*before, *after)}
        if "".join(token.text for token in self.sentence.tokens[span.end : span.end + 3]) in ("这个码", "那个码"):
            return True
        return "code" in beside or {"编", "码"} <= beside or {"代", "码"} <= beside

    def _lists_codes(self) -> bool:
        """Say whether several names are called codes: these two codes, 这两个编码."""
        if self.language == "zh":
            return re.search("(?:这?[两二三几]个|这些)(?:编码|代码)", fold(self.text)) is not None
        return any(token.text == "codes" for token in self.sentence.tokens)

    def _is_yes_or_no(self) -> bool:
        """Say whether the question is answered with yes or no."""
        first = self.sentence.tokens[0].text if self.sentence.tokens else ""
        return (
            first in patterns.AUXILIARIES
            or "verdict" in self._asked()
            or patterns.CLAUSE_FIRST.match(self.text) is not None
        )

    def _is_subject(self) -> bool:
        """Say whether it is told in Chinese of the one concept of a question that it acts on others."""
        spans = [span for span in self.sentence.spans if span.ids("concept")]
        if len(spans) != 1:
            return False
        if self.language == "en":
            behind = [token.text for token in self.sentence.tokens[spans[0].end : spans[0].end + 3]]
            acts = [one for one in self.phrases if one.ids("relation") or {*one.ids("cue")} & {"acts", *ACTING}]
            asked = self._is_yes_or_no() and any(one.start == spans[0].end for one in acts)
            important = [t.text for t in self.sentence.tokens[:2]] == ["what", "makes"] and self._says(*_IMPORTANT)
            return asked or important or (behind[:1] == ["as"] and bool({*behind[1:]} & _ROLES))
        after = "".join(token.text for token in self.sentence.tokens[spans[0].end :])
        relations = {span.start for span in self.phrases if span.ids("relation")}
        return bool(patterns.AS_SUBJECT.match(after)) or spans[0].end in relations

    def _is_within(self, span: Span) -> bool:
        """Say whether a question asks what is so *in* a stage, rather than of the stage."""
        if not span.start and ":" in self.text and len(tokens(self.text.partition(":")[0])) == span.end:
            return True
        before = [t.text for t in self.sentence.tokens[: span.start] if t.text not in ("the", "a", "an")]
        after = self.sentence.tokens[span.end].text if span.end < len(self.sentence.tokens) else ""
        last = before[-1] if before else ""
        if before[-2:] == ["关", "于"]:
            return False
        if last == "of" and before[-2:-1] and before[-2] in _MEANINGS:
            # The meaning of a stage is asked, and nothing that is so in it.
            return False
        if last in _WITHIN or (last in ("for", "to") and "claims" in self._asked()):
            return True
        if last in ("about", "on") and before[-2:-1] and before[-2] in _CLAIMS:
            # Claims about a stage are those that are bound to it.
            return True
        if self.language == "zh" and {"drivers", "claims"} & {*self._asked()} and "".join(before) in _REACHED:
            return True
        return after in ("的", "中", "里", "上")

    def _is_contrasted(self, span: Span) -> bool:
        """Say whether a name stands in 'but X does not' or in 'not X'."""
        ahead = [token.text for token in self.sentence.tokens[: span.start] if token.text != "the"]
        if ahead[-1:] == ["not"] and not {*ahead[-2:-1]} & patterns.AUXILIARIES:
            return True
        before = {token.text for token in self.sentence.tokens[max(0, span.start - 1) : span.start]}
        after = {token.text for token in self.sentence.tokens[span.end : span.end + 2]}
        return bool(before & {"but", "而", "但", "whereas"} and after & {"not", "doesnt", "dont", "没", "不", "isnt"})

    def _tells(self) -> bool:
        """Say whether something is told to be so, rather than only named: more words than those that ask and name."""
        return any(span.is_unknown or self._says_that_it_acts(span) for span in self.sentence.spans)

    def _says_that_it_acts(self, span: Span) -> bool:
        """Say whether a stretch says that one thing acts on another, by a relation of the study or a verb like it."""
        return bool(span.ids("relation") or {*span.ids("cue")} & {"acts", *ACTING})

    def _names_kind(self) -> bool:
        """Say whether it names a kind of records, as to list them."""
        keys = {token.key for token in self.sentence.tokens}
        kinds = table("operations")["counted"].values()
        if self.language == "zh":
            return any(name in fold(self.text) for kind in kinds for name in kind["zh"])
        return any(token.key in keys for kind in kinds for name in kind["en"] for token in tokens(name))
