"""An answer in words: the verdict in a sentence, and how the question was read."""

from __future__ import annotations

import textwrap
from operator import attrgetter
from typing import TYPE_CHECKING

from kg import dates
from kg.asking.alone import ALL, AT_BEST, CASES, OTHERS
from kg.claims import SIGNS, STANCES, STRENGTHS
from kg.language.shipped import table
from kg.numbers import NOUNS, counted, number, verb
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.answer import Answer, Holdings
    from kg.asking.choice import Choice
    from kg.asking.question import Question
    from kg.bearing import Claim
    from kg.claims import Line

LONGEST = 240
"""How much of a passage a headline quotes (codepoints)."""
_TOLD_BY_NAME = ("case", "coder", "stage")
"""Kinds of records that are told by their names where a few of them are counted."""
_FEWEST = 2
"""Of how many of the nearest claims at most it is told what they state."""
_MANY = 6
"""From how many records of one kind on their number is told, and no names."""
_MOST_IDS = 12
"""How many claims of one state a headline names."""
SHORTER = 160
"""How much of each of several passages a headline quotes (codepoints)."""
FEW = 4
"""How many claims a headline tells one by one."""


def reading(answer: Answer, question: Question, labels: Mapping[tuple[str, str], str]) -> str:
    """Say how a question was read, in one line.

    Args:
        answer: its answer.
        question: the question as read.
        labels: what every record is called, in the language of the question.
    """
    zh = answer.language == "zh"
    parts = [table("operations")["operation"][answer.operation]["called"] if zh else answer.operation]
    if answer.stance:
        parts.append(word(answer.stance, answer.language))
    limiting = {value for name in ("cases", "sources", "references", "authors", "coders", "stages")
                for value in getattr(answer.limits, name)}  # fmt: skip
    about = [t.id if t.kind == "proposition" else t.label for t in answer.about if t.id not in limiting]
    if about:
        parts.append(("关于" if zh else "on ") + (("、" if zh else ", ").join(about)))
    if question.by_meaning:
        parts.append("按意思" if zh else "by its meaning")
    if question.by_case:
        parts.append(
            ("、" if zh else ", ").join(
                ("" if zh else " ").join(
                    (labels.get(("case", case)) or word(case, answer.language), word(said, answer.language))
                )
                for case, said in question.by_case
            )
        )
    if told := _alone(question, labels):
        parts.append(told)
    parts += limits(answer, labels)
    parts += [one.text for one in question.restrictions]
    if question.excluded:
        left_out = ("、" if zh else ", ").join(term.label for term in question.excluded)
        parts.append(f"不含关于{left_out}的主张" if zh else f"without claims on {left_out}")
    looked = [span.text for span in question.words if span.text not in answer.left_out]
    if looked and (answer.passages or answer.named or answer.claims):
        kept = [text for text in looked if not any(text in left for left in answer.left_out)]
        if kept:
            parts.append(("词语" if zh else "words ") + ", ".join(f"“{text}”" for text in kept))
    text = " · ".join(parts)
    for typed, meant in question.mended:
        text += f";“{typed}”读作“{meant}”" if zh else f"; “{typed}” read as “{meant}”"
    if answer.left_out:
        left = ("、" if zh else ", ").join(f"“{w}”" for w in answer.left_out)
        text += f";没有理解:{left}" if zh else f"; not understood: {left}"
    return text


def _alone(question: Question, labels: Mapping[tuple[str, str], str]) -> str:
    """Say of what kind alone claims are asked to have evidence; empty where that is not asked."""
    alone, language = question.alone, question.language
    zh = language == "zh"

    def called(one: str) -> str:
        return labels.get(("case", one)) or (word("the cases", language) if one == CASES else word(one, language))

    if alone.holder and alone.lacking in (ALL, OTHERS):
        return f"只有{called(alone.holder)}" if zh else f"{called(alone.holder)} alone"
    if alone.holder:
        first, second = called(alone.holder), called(alone.lacking)
        return f"{first}有而{second}没有" if zh else f"{first}, and not {second}"
    if alone.stance:
        return f"只有{word(alone.stance, language)}" if zh else f"{word(alone.stance, language)} alone"
    if alone.strength:
        return f"只有{word(alone.strength, language)}" if zh else f"{alone.strength} alone"
    if AT_BEST in question.cues:
        best = next(one for one in STRENGTHS if one in question.cues)
        return f"最多{word(best, language)}" if zh else f"at best {best}"
    return ""


def limits(answer: Answer, labels: Mapping[tuple[str, str], str]) -> list[str]:
    """Say what the evidence is limited to.

    Args:
        answer: the answer.
        labels: what every record is called, in the language of the question.
    """
    zh, some = answer.language == "zh", answer.limits
    said = []
    for field, kind, before in (
        ("cases", "case", ("in ", "在")),
        ("stages", "concept", ("in the ", "在")),
        ("sources", "source", ("in ", "在")),
        ("references", "reference", ("citing ", "引用")),
        ("authors", "author", ("by ", "作者")),
        ("coders", "coder", ("coded by ", "编码者")),
        ("roles", "role", ("in the ", "在")),
        ("strengths", "strength", ("", "")),
    ):
        values = getattr(some, field)
        if values:
            # Sources in the role of a case belong to any of the cases.
            of = [(kind, "cases" if (kind, value, zh) == ("role", "case", False) else value) for value in values]
            said.append(before[zh] + _listed(of, labels, answer.language))
    if some.since:
        said.append(f"{some.since} 年以来" if zh else f"since {some.since}")
    if some.until:
        said.append(f"{some.until} 年及以前" if zh else f"until {some.until}")
    if some.without:
        said.append(("不含" if zh else "without ") + _listed(some.without, labels, answer.language))
    return said


def _listed(values: Sequence[tuple[str, str]], labels: Mapping[tuple[str, str], str], language: str) -> str:
    """Return what some records are called; of many of one kind, how many they are; that strengths are lowered ones."""
    zh = language == "zh"
    kinds = {kind for kind, _ in values}
    if len(values) > _MANY and len(kinds) == 1 and (kind := min(kinds)) in NOUNS:
        return counted(len(values), kind, language)
    lowered = ("(降级后)" if zh else " after lowering") if "strength" in kinds else ""
    return ("、" if zh else ", ").join(labels.get(one) or word(one[1], language) for one in values) + lowered


def _without_words(words: Sequence[str], *, zh: bool) -> str:
    """Say that no claim has some words: of words no more is known, for it may be worded otherwise."""
    some = [f"“{one}”" for one in dict.fromkeys(words)]
    if zh:
        return f"没有主张用到{'、'.join(some)}或意思相近的词"
    if len(some) == 1 and " " not in some[0]:
        return f"No claim has the word {some[0]}, or one like it"
    return f"No claim has the words {', '.join(some)}, or words like them"


def headline(answer: Answer, choice: Choice, labels: Mapping[tuple[str, str], str]) -> str:
    """Give the verdict in a sentence.

    Args:
        answer: the answer, but for its headline.
        choice: what answers the question.
        labels: what every record is called, in the language of the question.
    """
    zh = answer.language == "zh"
    if answer.holdings and not (answer.passages or answer.named):
        return without_claims(answer.holdings, answer.language)
    if answer.operation == "help":
        return (
            "可以问证据、主张、作者、案例、缺口等,例如下面的问题。" if zh
            else "Ask about evidence, claims, authors, cases, gaps and more, such as the questions below."
        )  # fmt: skip
    if choice.said:
        if answer.is_nearest and answer.claims:
            return choice.said + (f"最接近:{_near(answer)}。" if zh else f" Nearest: {_near(answer)}.")
        return choice.said
    if answer.operation == "method":
        return "；".join(str(row["property"]) for row in answer.definition) + "。" if zh else (
            "How evidence is judged: " + ", ".join(str(row["property"]) for row in answer.definition) + "."
        )  # fmt: skip
    if choice.number is not None:
        noun = NOUNS[choice.counted]
        base = f"{choice.number} {noun[1]}" if zh else number(choice.number, noun[0])
        if answer.stance and choice.counted == "line":
            base += f"{word(answer.stance, 'zh')}" if zh else f" {verb(answer.stance, choice.number)}"
            base += f"{_ids(answer.claims, zh=True)}" if zh else f" {_ids(answer.claims, zh=False)}"
        names = [one.label for one in answer.named] if choice.counted in _TOLD_BY_NAME else []
        called = (":" if zh else ": ") + ("、" if zh else ", ").join(names) if 0 < len(names) <= FEW else ""
        return base + _where(answer, labels) + called + ("。" if zh else ".")
    if choice.by_meaning:
        said = _without_words(choice.foreign, zh=zh) if choice.foreign else ""
        lacking = f";{said}" if said and zh else f"; {said[0].lower()}{said[1:]}" if said else ""
        return f"意思最接近的是 {_near(answer)}{lacking}。" if zh else f"Nearest in meaning: {_near(answer)}{lacking}."
    if choice.foreign:
        said = _without_words(choice.foreign, zh=zh)
        return said + (f";最接近:{_near(answer)}。" if zh else f"; nearest: {_near(answer)}.")
    if answer.operation == "evidence" and answer.is_nearest and not (answer.passages or choice.nothing_on):
        return (
            "请说明是哪个概念或命题,例如下面的问题。"
            if zh
            else "Of what? Name a concept or a claim, as the questions below do."
        )
    if choice.no_other:
        on = ("、" if zh else ", ").join(choice.no_other)
        return f"除此之外,没有主张说什么作用于{on}。" if zh else f"Apart from that, no claim says what acts on {on}."
    if choice.nothing_on:
        on = ("、" if zh else ", ").join(f"“{one}”" for one in dict.fromkeys(choice.nothing_on))
        if {*choice.nothing_on} <= {term.label for term in answer.about}:
            said = f"理论对{on}没有任何主张" if zh else f"The theory claims nothing about {on}"
        elif choice.nothing_on == (answer.question.strip(),):
            said = "没有主张能对上这个问题" if zh else "No claim was found that answers it"
        else:
            said = _without_words(choice.nothing_on, zh=zh)
        if choice.coded:
            said += f";有 {choice.coded} 条引文以它编码" if zh else (
                f"; {number(choice.coded, 'passage')} {'is' if choice.coded == 1 else 'are'} coded with it"
            )  # fmt: skip
        elif answer.claims and answer.is_nearest:
            said += f";最接近:{_near(answer)}" if zh else f"; nearest: {_near(answer)}"
        elif not (answer.passages or answer.limits or answer.about or zh or " answers it" in said):
            said += ", and no text of the study has it"
        elif answer.passages:
            n = len(answer.passages)
            said += f";下面是{'最接近的' if answer.is_nearest else '提到它的'}引文" if zh else (
                f"; {number(n, 'passage')} {'come' if n != 1 else 'comes'} nearest" if answer.is_nearest
                else f"; {number(n, 'passage')} {'speak' if n != 1 else 'speaks'} of it"
            )  # fmt: skip
            said += (":" if zh else ": ") + _quoted(answer, labels) if answer.is_nearest else ""
        return said + ("。" if zh else ".")
    if not choice.joint and not answer.claims:
        apart = ("和" if zh else " and ").join(f"“{one.label}”" for one in answer.named[:3])
        both = _quoted(answer, labels) if answer.passages and answer.operation == "relate" else ""
        if zh:
            return f"没有主张连接{apart}" + (f";两者的主张都以这条引文为证据:{both}" if both else "") + "。"
        return f"No claim joins {apart}" + (f"; evidence on claims about both: {both}" if both else "") + "."
    named = _named(answer, zh=zh)
    if (
        answer.operation in ("authors", "references", "cases", "sources", "coders", "says", "define", "summary")
        and named
    ):
        if choice.neutral and answer.operation in ("authors", "says") and not answer.is_nearest:
            return f"写到它的有:{named}" if zh else f"Who writes of it: {named}"
        if answer.operation in ("authors", "says") and answer.stance and answer.claims and not answer.is_nearest:
            return _holding(answer, answer.stance) + named
        return named
    if answer.is_told:
        return _told(answer, labels)
    if answer.claims:
        return _claims(answer, choice, labels)
    if answer.operation == "disputed":
        far = "".join(f"; {row['property']} {row['value']}" for row in answer.definition[:2])
        return f"没有证据仍有编码者分歧{far}。" if zh else f"Coders still differ on no evidence{far}."
    if answer.operation == "compare" and answer.definition:
        end = ";" if zh else "; "
        return end.join(f"{row['property']}: {str(row['value']).rstrip('.。')}" for row in answer.definition) + (
            "。" if zh else "."
        )
    if answer.passages:
        n = len(answer.passages)
        if answer.is_nearest:
            near = f"{number(n, 'passage')} {'come' if n != 1 else 'comes'} nearest: {_quoted(answer, labels)}"
            return f"这不是回答:没有引文含有所有词语;最接近的 {n} 条如下:{_quoted(answer, labels)}。" if zh else (
                f"Not an answer: no passage has all these words; {near}."
            )  # fmt: skip
        if choice.coded:
            return (
                f"{n} 条引文以它编码。" if zh else f"{number(n, 'passage')} {'is' if n == 1 else 'are'} coded with it."
            )
        # What the words find may not be all that speaks of it.
        more = "" if n == 1 else f";另找到 {n - 1} 条" if zh else f"; {n - 1} more found by these words"
        return _quoted(answer, labels) + more + ("。" if zh else ".")
    if named:
        return named
    if answer.operation == "claims" and answer.stance and answer.limits and not answer.left_out:
        if zh:
            return f"没有{word(answer.stance, 'zh')}的证据{_where(answer, labels)}。"
        return f"No evidence line {verb(answer.stance, 1)} any claim{_where(answer, labels)}."
    if answer.operation == "claims" and not answer.left_out:
        return f"没有命题符合{_where(answer, labels)}。" if zh else f"No claim fits{_where(answer, labels)}."
    if answer.limits and answer.operation in ("evidence", "verdict"):
        stance = word(answer.stance, answer.language) if answer.stance else ""
        where = _where(answer, labels)
        return f"没有{stance}的证据{where}。" if zh else f"No evidence line{f' {stance}' if stance else ''}{where}."
    if answer.searches or answer.questions:
        n, m = len(answer.questions), len(answer.searches)
        ids = ("、" if zh else ", ").join(str(row["question"]) for row in answer.questions)
        asked = [f"{n} 个未决问题:{ids}" if zh else f"{number(n, 'open question')}: {ids}"] if n else []
        looked = [f"{m} 次查找未果" if zh else f"{number(m, 'search')} in vain"] if m else []
        told = (";" if zh else "; ").join(asked + looked) + ("。" if zh else ".")
        return (
            f"这不是回答;最接近:{told}"
            if answer.is_nearest and zh
            else f"Not an answer; nearest: {told}"
            if answer.is_nearest
            else told
        )
    return "没有找到符合条件的内容。" if zh else "Nothing was found that is so."


def closest(lines: Sequence[Line], language: str, labels: Mapping[tuple[str, str], str]) -> str:
    """Tell the evidence lines that are nearest to what was asked, with what each says of which claim; empty for none.

    Args:
        lines: the lines, the nearest first.
        language: ``en`` or ``zh``.
        labels: what every record is called, in this language.
    """
    if not lines:
        return ""
    zh = language == "zh"
    told = []
    for line in lines:
        first = line.passages[0]
        quote = _shortened(first.quote, SHORTER)
        place = labels.get(("source", first.source), first.source)
        stance = word(line.stance, "zh") if zh else verb(line.stance, 1)
        told.append(
            f"“{quote}”({line.id},{place}){stance} {line.claim}" if zh
            else f"“{quote}” ({line.id}, {place}) {stance} {line.claim}"
        )  # fmt: skip
    return f" 最贴近提问的证据:{';'.join(told)}。" if zh else f" Closest to the question: {'; '.join(told)}."


def _shortened(quote: str, most: int) -> str:
    """Return a quote in one line, cut at the end of a word, or of a character where it has no spaces."""
    quote = " ".join(quote.split())
    return textwrap.shorten(quote, most, placeholder=" …") if " " in quote else quote[:most]


def _quoted(answer: Answer, labels: Mapping[tuple[str, str], str]) -> str:
    """Return what the first of the passages says, with its place."""
    zh, first = answer.language == "zh", answer.passages[0]
    said = f"“{_shortened(first.quote, LONGEST)}”"
    place = " ".join(filter(None, (labels.get(("source", first.source), first.source), first.where)))
    pages = [page for page in first.citations.values() if page] if answer.operation == "where" else []
    place = ", ".join((place, *pages))
    return said + (f"({place})" if zh else f" ({place})")


def _told(answer: Answer, labels: Mapping[tuple[str, str], str]) -> str:
    """Tell what the first of the passages says, of when the dates that it names, and on which claims they bear."""
    zh, first = answer.language == "zh", answer.passages[0]
    said = _quoted(answer, labels)
    named = dates.told(first.quote) if answer.operation == "when" else ()
    if named:
        said = f"{('、' if zh else ', ').join(named)}: {said}"
    if rest := len(answer.passages) - 1:
        said += f";另有 {rest} 条引文" if zh else f"; {number(rest, 'more passage')}"
    if answer.claims:
        ids = _ids(answer.claims[:FEW], zh=zh)
        said += f";涉及{ids}" if zh else f"; on {ids}"
    return said + ("。" if zh else ".")


def _where(answer: Answer, labels: Mapping[tuple[str, str], str]) -> str:
    said = limits(answer, labels)
    return f" ({', '.join(said)})" if said else ""


def _ids(claims: Iterable[Claim], *, zh: bool) -> str:
    ids = [claim.id for claim in claims]
    return ("、" if zh else ", ").join(ids)


def _near(answer: Answer) -> str:
    """Tell the claims that come nearest: of one or two what they state and their lines, of more the states."""
    zh, some = answer.language == "zh", answer.claims
    if len(some) > _FEWEST:
        return ("、" if zh else ", ").join(f"{claim.id} ({word(claim.state, answer.language)})" for claim in some)
    told = []
    for claim in some:
        counts = (
            _tally(claim.tally, answer.language) if any(claim.tally.values()) else word(claim.state, answer.language)
        )
        said = ((claim.statement_zh if zh else "") or claim.statement).rstrip(".。")
        told.append(f"{claim.id} “{said}”({counts})" if zh else f"{claim.id} “{said}” ({counts})")
    return (";" if zh else "; ").join(told)


def _named(answer: Answer, *, zh: bool) -> str:
    """Tell the records that answer."""
    wanted = {"authors": ("author", "source"), "references": ("reference",), "cases": ("case",), "sources": ("source",),
              "says": ("source", "author", "reference"), "coders": ("coder",)}.get(answer.operation)  # fmt: skip
    some = [one for one in answer.named if not wanted or one.kind in wanted]
    if not some:
        return ""
    most = 120 if answer.operation == "coders" else 60
    shown = [f"{one.label} ({one.note})" if one.note and len(one.note) < most else one.label for one in some[:6]]
    text = ("、" if zh else "; ").join(shown)
    more = len(some) - len(shown)
    if more > 0:
        text += f"等 {len(some)} 项" if zh else f"; and {more} more"
    definition = next((row["value"] for row in answer.definition if row["property"] == "definition"), "")
    if answer.operation in ("define", "summary") and definition:
        text += f":{definition}" if zh else f": {definition}"
        told = [f"{claim.id} {word(claim.state, answer.language)}" for claim in answer.claims[:FEW]]
        if told:
            text += f"({'、'.join(told)})" if zh else f" ({', '.join(told)})"
        return text
    tally = answer.tally if answer.claims else {}
    if answer.operation == "references" and len(answer.claims) <= FEW:
        # Of a few claims those lines are counted that rest on works.
        cited = {
            s: [x for c in answer.claims for x in c.of(s) if any(p.references for p in x.passages)] for s in STANCES
        }
        tally = {stance: len({line.id for line in lines}) for stance, lines in cited.items()}
    nobody = answer.operation == "coders" and not any(tally.values())
    if answer.claims and not nobody and answer.operation in ("cases", "references", "summary", "coders", "says"):
        counts = _tally(tally, answer.language)
        text += f"。证据:{counts}" if zh else f". Evidence: {counts}"
    if answer.is_nearest:
        return f"没有完全符合的;最接近:{text}。" if zh else f"Nothing has all these words; nearest: {text}."
    return text.rstrip(".。") + ("。" if zh else ".")


def _holding(answer: Answer, stance: str) -> str:
    """Say for what, or against what, those are who are told then."""
    zh = answer.language == "zh"
    held = [claim for claim in answer.claims if claim.tally[stance]]
    if not held:
        return ""
    if zh:
        return f"{word(stance, 'zh')}{'、'.join(f'{c.id}({word(c.state, answer.language)})' for c in held)}的有:"
    for_what = {"supports": "For", "opposes": "Against"}.get(stance, "Limiting")
    return f"{for_what} {', '.join(f'{claim.id} ({claim.state})' for claim in held)}: "


def _tally(tally: Mapping[str, int], language: str) -> str:
    if language == "zh":
        return ",".join(f"{word(s, 'zh')} {tally[s]} 条" for s in STANCES)
    return ", ".join(f"{tally[s]} {verb(s, tally[s])}" for s in STANCES)


def _claims(answer: Answer, choice: Choice, labels: Mapping[tuple[str, str], str]) -> str:
    """Tell how claims stand."""
    zh = answer.language == "zh"
    where = _where(answer, labels)
    some = answer.claims
    if choice.elsewhere:
        return _elsewhere(answer, where)
    end = "。" if zh else "."
    if answer.operation in ("claims", "missing", "searches", "disputed"):
        ids = _ids(some[:12], zh=zh) + (("等" if zh else " …") if len(some) > 12 else "")
        count = f"{len(some)} 条主张" if zh else number(len(some), "claim")
        if answer.operation == "disputed" and not any(claim.disputes for claim in some):
            return f"编码者已无分歧:{ids}{end}" if zh else f"Coders differ on it no longer, or never did: {ids}{end}"
        if answer.operation == "missing" and all(claim.is_supported for claim in some):
            standing = ("；" if zh else "; ").join(_standing(claim, answer.language) for claim in some[:FEW])
            every = ("每条主张都有支持;" if zh else "Every claim on it has support: ") + standing + where + end
            asked = [f"{r['question']}: {(r['text_zh'] if zh else '') or r['text']}" for r in answer.questions[:FEW]]
            if not asked:
                return every
            return f"未决问题 {'；'.join(asked)} {every}" if zh else f"Open: {' '.join(asked)} {every}"
        if answer.operation == "missing" and choice.weaker:
            others = [claim for claim in choice.weaker if claim not in {one.id for one in some}]
            besides = (
                f";另有{'、'.join(others)}有证据而没有支持"
                if zh
                else f"; {', '.join(others)} with some, none of it in support"
            )
            return (
                f"{count}没有任何证据{where}:{ids}{besides if others else ''}{end}" if zh
                else f"Without any evidence{where}: {count}, {ids}{besides if others else ''}{end}"
            )  # fmt: skip
        if answer.operation == "missing":
            open_ = ("、" if zh else ", ").join(str(row["question"]) for row in answer.questions[:_MOST_IDS])
            rest = (f"未决问题:{open_}。" if zh else f" Open questions: {open_}.") if open_ else ""
            said = f"{count}缺少支持{where}:{ids}{end}" if zh else f"Without support{where}: {count}, {ids}{end}"
            return said + rest
        if answer.operation == "claims":
            # Asked for what is opposed, one looks first for what nothing supports.
            against = answer.stance == "opposes"
            ids = _by_state(sorted(some, key=lambda claim: against and claim.state != "opposed"), answer.language)
        return f"{count}{where}:{ids}{end}" if zh else f"{count}{where}: {ids}{end}"
    if answer.operation == "compare" and len(answer.limits.cases) > 1:
        return _by_case(some, answer, labels) + end
    if answer.operation == "stage":
        bound = [
            f"{labels.get(('concept', c.stage), c.stage)} ({_standing(c, answer.language)})" for c in some if c.stage
        ]
        if bound:
            return ("; ".join(bound) if not zh else ";".join(bound)) + end
        none = "其主张都没有限定阶段" if zh else "None of its claims is bound to a stage"
        return f"{none}:{_ids(some, zh=True)}{end}" if zh else f"{none}: {_ids(some, zh=False)}{end}"
    if answer.operation == "cases":
        none = "没有案例" if zh else "No case"
        verb = word(answer.stance, answer.language) if answer.stance else ("涉及" if zh else "bears on")
        counts = _tally(answer.tally, answer.language)
        limited = _limited_by(some, answer, labels) if answer.stance == "opposes" else ""
        return f"{none}{verb}{_ids(some, zh=True)}{limited};总计:{counts}{end}" if zh else (
            f"{none} {verb} {_ids(some, zh=False)}{limited}; in all, {counts}{end}"
        )  # fmt: skip
    if answer.stance:
        return _one_sided(some, answer, answer.stance, where)
    if answer.operation == "verdict" and (choice.contrary or not choice.joint):
        said = (
            ";".join(f"{c.id}({word(c.state, 'zh')}){c.statement_zh or c.statement}" for c in some[:FEW])
            if zh
            else " ".join(f"{c.id} ({c.state}): {c.statement}" for c in some[:FEW])
        )
        if choice.contrary:
            return f"理论没有这样说;它说:{said}" if zh else f"The theory does not say so. It says: {said}"
        topics = [one.label for one in answer.about if one.kind in ("concept", "proposition")]
        both = ("和" if zh else " and ").join(f"“{one}”" for one in topics)
        return (
            f"没有什么直接连接{both};理论说:{said}" if zh else f"Nothing joins {both} directly; the theory says: {said}"
        )
    if answer.operation in ("drivers", "effects") or choice.hindering:
        return _acting(some, answer, choice.hindering, labels) + where + end
    if len(some) <= FEW:
        told = [_standing(claim, answer.language) for claim in some]
        return ("; ".join(told) if not zh else ";".join(told)) + where + end
    count = f"{len(some)} 条主张" if zh else number(len(some), "claim")
    states = _by_state(some, answer.language)
    return f"{count}{where}:{states}{end}" if zh else f"{count}{where}: {states}{end}"


def _acting(
    some: Sequence[Claim], answer: Answer, hindering: Sequence[str], labels: Mapping[tuple[str, str], str]
) -> str:
    """Tell what acts, or is acted on, with how each claim stands; what hinders apart from what promotes."""
    zh, language = answer.language == "zh", answer.language
    apart, colon = (";", ":") if zh else ("; ", ": ")

    about = {one.id for one in answer.about}

    def called(claim: Claim) -> str:
        here, there = claim.subject, claim.object
        if answer.operation == "effects":
            here, there = there, here
        # Of what the question names another end is told, if it acts or is acted on as is asked.
        fits = here not in about or there in about
        return labels.get(("concept", here), "") if fits else ""

    def named(claim: Claim) -> str:
        name = called(claim)
        return f"{name} ({claim.id})" if name else claim.id

    def told(claims: Sequence[Claim]) -> str:
        if len(some) <= FEW:
            return apart.join(_standing(claim, language, called(claim)) for claim in claims)
        return _by_state(claims, language, named, most=None)

    hinder = [claim for claim in some if claim.id in hindering and called(claim)]
    said = told([claim for claim in some if claim not in hinder])
    if hinder:
        says = {"effects": ("lessens or hinders", "它减少或阻碍")}
        hinders = says.get(answer.operation, ("hindered by", "阻碍它的"))[zh]
        said += f"{apart if said else ''}{hinders}{colon}{told(hinder)}"
    count = "" if len(some) <= FEW else f"{len(some)} 条主张:" if zh else f"{number(len(some), 'claim')}: "
    return count + said


def _by_state(
    some: Iterable[Claim], language: str, named: Callable[[Claim], str] = attrgetter("id"), most: int | None = _MOST_IDS
) -> str:
    """Tell claims by how they stand, those on which nothing bears last.

    Args:
        some: the claims.
        language: ``en`` or ``zh``.
        named: what a claim is called.
        most: how many of one state are named at most; None for all.
    """
    apart, comma, behind = (";", "、", ":") if language == "zh" else ("; ", ", ", " ")
    states: dict[str, list[str]] = {}
    for claim in sorted(some, key=lambda claim: not any(claim.tally.values())):
        states.setdefault(claim.state, []).append(named(claim))
    told = []
    for state, every in states.items():
        names = [*every[:most], *(["…"] if most is not None and len(every) > most else [])]
        told.append(f"{word(state, language)}{behind}{comma.join(names)}")
    return apart.join(told)


def _elsewhere(answer: Answer, where: str) -> str:
    """Say that no claim names what acts on something, or on what it acts, and what is claimed about it."""
    zh, drives = answer.language == "zh", answer.operation == "drivers"
    topics = [one for one in answer.about if one.kind in ("concept", "proposition")] or answer.about
    on = ("、" if zh else ", ").join(one.label for one in topics)
    told = (";" if zh else "; ").join(_standing(claim, answer.language) for claim in answer.claims[:FEW])
    if zh:
        return f"没有主张说{f'什么作用于{on}' if drives else f'{on}作用于什么'};关于它的主张:{told}{where}。"
    said = f"what acts on {on}" if drives else f"on what {on} acts"
    return f"No claim says {said}; about it: {told}{where}."


def _limited_by(some: Iterable[Claim], answer: Answer, labels: Mapping[tuple[str, str], str]) -> str:
    """Say which cases limit claims that none opposes; empty where none does."""
    counts: dict[str, int] = {}
    for claim in some:
        for case, n in claim.by_case["qualifies"].items():
            if n and ("case", case) in labels:
                counts[case] = counts.get(case, 0) + n
    zh = answer.language == "zh"
    told = ("、" if zh else ", ").join(f"{labels['case', case]} (~{n})" for case, n in sorted(counts.items()))
    if not told:
        return ""
    return f";限定它的有{told}" if zh else f"; qualified in {told}"


def _one_sided(some: Iterable[Claim], answer: Answer, stance: str, where: str) -> str:
    """Tell how much evidence has the stance that was asked for, how the claims stand, and count the rest."""
    zh, tally = answer.language == "zh", answer.tally
    count = tally[stance]
    few = sum(claim.witnesses(stance).independent for claim in some) if len(answer.claims) == 1 else 0
    rest = {other: n for other, n in tally.items() if other != stance}
    # What no line of the stance bears on is told apart from what some do.
    some = list(some)
    bare = [claim for claim in some if count and not claim.tally[stance]]
    some = [claim for claim in some if claim not in bare]

    def standing(claims: list[Claim]) -> str:
        # Of many on which nothing at all bears their number is told.
        empty = [claim for claim in claims if not any(claim.tally.values())]
        named = claims if len(empty) <= FEW else [claim for claim in claims if claim not in empty]
        if zh:
            told = [f"{claim.id}({word(claim.state, 'zh')})" for claim in named]
            if len(named) < len(claims):
                told.append(f"{'其余' if named else ''}主张 {len(empty)} 条({word(empty[0].state, 'zh')})")
            return "、".join(told)
        told = [f"{claim.id} ({claim.state})" for claim in named]
        if len(named) < len(claims):
            told.append(f"{len(empty)} {'other ' if named else ''}claims ({empty[0].state})")
        return ", ".join(told)

    told = standing(some)
    if zh:
        independent = f"({few} 个独立来源)" if few > 1 else ""
        begin = f"{count} 条证据{independent}{word(stance, 'zh')}" if count else f"没有证据{word(stance, 'zh')}"
        others = ",".join(f"{word(other, 'zh')} {n} 条" for other, n in rest.items())
        none = f";没有证据{word(stance, 'zh')}{standing(bare)}" if bare else ""
        return f"{begin}{told}{where}{none};此外{others}。"
    independent = f" ({few} independent)" if few > 1 else ""
    begin = f"{number(count, 'evidence line')}{independent} {verb(stance, count)}" if count else f"Nothing {stance}"
    others = ", ".join(f"{n} {verb(other, n)}" for other, n in rest.items())
    none = f"; none {verb(stance, 1)} {standing(bare)}" if bare else ""
    return f"{begin} {told}{where}{none}; besides, {others}."


def _by_case(some: Sequence[Claim], answer: Answer, labels: Mapping[tuple[str, str], str]) -> str:
    """Tell the evidence lines of claims by case; of many claims first those on which several cases bear."""
    zh, cases = answer.language == "zh", answer.limits.cases
    called = {case: labels.get(("case", case), case) for case in cases}
    apart, end = ("、", ";") if zh else (", ", "; ")

    def cells(claim: Claim, *wanted: str, every: bool = False) -> str:
        counts = claim.by_case
        told = [
            f"{called[case] if len(wanted) > 1 else claim.id} "
            + " ".join(f"{SIGNS[s]}{counts[s][case]}" for s in STANCES if every or counts[s][case])
            for case in wanted
        ]
        return (f"{claim.id}: " if len(wanted) > 1 else "") + ", ".join(told)

    if len(some) <= FEW:
        return end.join(cells(claim, *cases, every=True) for claim in some)
    bearing = {c.id: tuple(case for case in cases if any(c.by_case[s][case] for s in STANCES)) for c in some}
    joint = [cells(claim, *bearing[claim.id]) for claim in some if len(bearing[claim.id]) > 1]
    told = []
    for case in cases:
        counts = {s: sum(claim.by_case[s][case] for claim in some) for s in STANCES}
        told.append(f"{called[case]}: {_tally(counts, answer.language)}")
    if joint:
        told.append(f"都涉及的:{end.join(joint)}" if zh else f"on the same claims: {end.join(joint)}")
    alone = {case: [cells(claim, case) for claim in some if bearing[claim.id] == (case,)] for case in cases}
    told += [
        f"只有{called[case]}:{apart.join(own)}" if zh else f"{called[case]} alone: {apart.join(own)}"
        for case, own in alone.items()
        if own
    ]
    return end.join(told)


def _standing(claim: Claim, language: str, called: str = "") -> str:
    """Tell how one claim stands: its state, its lines by stance, independent witnesses of each.

    Args:
        claim: the claim.
        language: ``en`` or ``zh``.
        called: what it tells of, if that is said first.
    """
    tally = claim.tally
    parts = []
    for stance in STANCES:
        count = tally[stance]
        few = claim.witnesses(stance).independent if count else 0
        if language == "zh":
            parts.append(f"{word(stance, 'zh')} {count} 条" + (f"({few} 个独立来源)" if count > 1 else ""))
        else:
            parts.append(f"{count} {verb(stance, count)}" + (f" ({few} independent)" if count > 1 else ""))
    said = (",".join(parts)) if language == "zh" else ", ".join(parts)
    state = word(claim.state, language)
    name = f"{called} ({claim.id} {state})" if called else f"{claim.id} {state}"
    if not any(tally.values()):
        return name
    return f"{name}:{said}" if language == "zh" else f"{name}: {said}"


def without_claims(holdings: Holdings, language: str) -> str:
    """Say what a study without claims has, and what comes next.

    Args:
        holdings: what it has.
        language: ``en`` or ``zh``.

    Example:
        >>> from kg.answer import Holdings
        >>> without_claims(Holdings(2, 30, 1), "en")[:78]
        'This study has no claims yet. It has 2 sources, 30 coded passages and 1 code. '
    """
    if language == "zh":
        return f"{held(holdings, language)}下一步:在 propositions.yaml 中写下主张(格式见 kg schema propositions)。"
    form = "'kg schema propositions' shows their form"
    return f"{held(holdings, language)} Next: write its claims in propositions.yaml ({form})."


def held(holdings: Holdings, language: str) -> str:
    """Say what a study without claims has.

    Args:
        holdings: what it has.
        language: ``en`` or ``zh``.
    """
    if language == "zh":
        return (
            f"此研究还没有主张。已有 {holdings.sources} 个来源、{holdings.passages} 条已编码的引文、"
            f"{holdings.codes} 个编码。"
        )
    sources, passages = number(holdings.sources, "source"), number(holdings.passages, "coded passage")
    return f"This study has no claims yet. It has {sources}, {passages} and {number(holdings.codes, 'code')}."
