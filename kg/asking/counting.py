"""Counts of records, evidence lines and independent witnesses."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.asking import coding, differing
from kg.asking.acting import by_amount
from kg.asking.choice import Choice
from kg.asking.finding import SHOWN
from kg.asking.listing import list_claims, list_withdrawn
from kg.asking.meant import KINDS
from kg.asking.passages import tell
from kg.asking.patterns import FOR_AND_AGAINST, HOW_OFTEN, MUCH_OF
from kg.asking.people import name_marked
from kg.asking.question import CHOOSING, MARKS, SUBJECT
from kg.asking.scope import INTERVIEW, spoken
from kg.cjk import has_han
from kg.claims import STANCES
from kg.language.case_nouns import OWN
from kg.language.shipped import table
from kg.language.tokens import fold, is_common, tokens
from kg.limits import Limits
from kg.numbers import counted as counted_as
from kg.numbers import verb
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.asking.chooser import Chooser
    from kg.language.lexicon import Sense
    from kg.language.tokens import Token

_BESIDE = 4
"""How far from the number that is asked for stands what is counted, in Chinese."""
_AMOUNT = re.compile(
    "了多少$|多少(?!条|个|位|篇|份|段|项|种|处|次|独立|证据|引文|文献|来源|案例|编码|支持|反对|命题|主张|代码|问题|论文|材料|作者|参考)."
)
"""How it is asked in Chinese how much of something there is that is no record."""
_HOW_MANY = frozenset([("how", "many"), ("number", "of"), ("count", "of")])
"""Words that what is counted stands behind."""
_OF_LINES = frozenset(token.key for token in tokens("evidence line proof piece witness independent"))
"""Keys of the words for evidence lines and their witnesses."""
_HAN_HOW_MANY = re.compile("(?:多少|几)(?:个|家|位|条|篇|份|所|座|段|处|种|项|名)?")
"""What stands in Chinese before what is counted."""
_HOW_MANY_CASES = re.compile("(?:几|多少)(?:个|家|所|座|处)(?!命题|主张|人|作者|来源|代码|码)")
"""How it is asked in Chinese how many cases there are, by what the study calls them."""
_EACH = re.compile("各(?:是|有|为)?(?:多少|几)")
"""How several things are counted at once in Chinese."""
_COUNTED_HAN = re.compile(r"[几少]\s*(?:条|处|份|篇|个)|引文|主张|命题|来源|文献|材料")
"""What is counted in Chinese where records are."""
_LINES = "line"
"""What is counted where evidence lines are."""
_NEAR = 5
"""How many words behind "how many" what is counted stands at most."""
_EACH_CASE = re.compile(
    r"\b(?:in|of|from|for|by|per|does) (?:each|every|the (?:two|three|four|five|six)) "
    r"(?:case|firm|company|town|city|site|school)|\bper case\b"
    "|(?:[两三四五六]|每|各)(?:个|家|座|所)?(?:案例|企业|公司|城市|医院|学校|社区)(?:各|分别)"
)
"""How it is asked how much each case has."""
_EACH_CODER = re.compile(
    r"\b(?:each|every|either|per|by) (?:of the )?(?:two |three )?coders?\b|\bcoders? each\b"
    r"|\bdid (?:both|the two) coders\b"
    "|(?:每[位个名]|各|两[位个名])编码(?:者|员|的人).{0,4}(?:各|分别)?|编码(?:者|员)(?:各|分别)"
)
"""How it is asked how much each coder did."""
_EVIDENCE_TOO = re.compile(r"\b(?:pieces|lines|bits|items) of evidence\b|\bhow much evidence\b")
"""How evidence is counted beside other things."""
_NAMED = 50
"""How many of the records that are counted are named at most."""
_FEW = 8
"""Of how many claims at most the lines are counted one by one."""
_EVIDENCE = frozenset(
    token.key
    for token in tokens(
        "evidence line quote quotation passage excerpt witness independent source reference document interview case "
        "claim data proof citation study city town firm company coder"
    )
)
"""Keys of the words for what bears on claims, that can be counted."""


def count(of: Chooser) -> Choice:
    """Count records, evidence lines, or independent witnesses."""
    keys = {token.key for token in tokens(of.question.text)}
    text = of.question.text
    names_lines = bool(keys & _OF_LINES) or "证据" in text
    if of.question.of("coder") and not of.topics and {*coding.ACTS} & of.question.cues:
        return coding.coders(of)
    if "agreement" in of.question.cues and not of.topics:
        return differing.disputed(of)
    if of.question.of("code") and not of.topics and not of.question.stance and HOW_OFTEN.search(fold(text)):
        excerpts = of.coded_as()
        return Choice("count", number=len(excerpts), counted="passage", excerpts=tuple(excerpts[:SHOWN]))
    lines = names_lines or MUCH_OF.search(fold(text))
    if (marks := MARKS & of.question.cues) and (lines or "only" in of.question.cues) and (not of.topics or of.claims()):
        return _of_marked(of, marks)
    if marks and not of.topics and (works := name_marked(of, marks)):
        return Choice("count", works.claims, number=len(of.named), counted="reference")
    if "withdrawn" in of.question.asked and "not" not in keys and (names_lines or "引文" in text):
        return list_withdrawn(of)
    if _EACH_CASE.search(fold(text)) and names_lines and not of.question.limits.cases:
        claims = of.claims() if of.topics else of.everything
        return Choice("count", claims, said=by_amount(of, claims))
    if _EACH_CODER.search(fold(text)) and lines:
        return _by_coder(of)
    if said := _of_several(of):
        return Choice("count", said=said)
    if "claims" in of.question.asked and {*CHOOSING} & of.question.cues and not of.topics and "tally" in fold(text):
        # "Everything that is contested, with the tally for each".
        listed = list_claims(of).claims
        return Choice("count", listed, said=_each(of, listed))
    if "most" in of.question.cues and "claims" in of.question.asked and not of.topics:
        return replace(list_claims(of), operation="claims")
    counted = _what_is_counted(of)
    of_lines, counted = counted == _LINES, "" if counted == _LINES else counted
    chosen = bool({*CHOOSING} & of.question.cues - KINDS) or bool(of.question.restrictions)
    if counted == "proposition" and (
        chosen or (of.question.stance and not of.topics) or (of.question.language == "zh" and of.topics)
    ):
        listed = list_claims(of).claims
        return Choice("count", listed, number=len(listed), counted=counted)
    on_stages = counted == "stage" and of.question.language == "zh" and not of.question.stance
    if counted and (on_stages or not of.topics) and not of.question.stance:
        called = {name for kind in table("operations")["counted"].values() for name in kind["zh"]}
        others = [s.text for s in of.matched.unknown if has_han(s.text) and len(s.text) > 1 and s.text not in called]
        if of.question.words and (foreign := of.foreign() or tuple(others)):
            return Choice("count", is_nearest=True, nothing_on=foreign)
        return _of_kind(of, counted)
    if _AMOUNT.search(fold(text)) and of.question.language == "zh" and (of.question.words or of.topics):
        return replace(tell(of, "count"), operation="count")
    if kinds := of.question.cues & KINDS:
        some = tuple(claim for claim in of.everything if of.study.kinds[claim] in kinds)
        return Choice("count", some, number=len(some), counted="proposition")
    claims = of.by_place("subject") if SUBJECT in of.question.cues else of.claims()
    if not claims and of.question.stance and not of.question.words:
        claims = tuple(c for c in of.everything if of.has_lines(c))
    by_stance = not of.topics and FOR_AND_AGAINST.search(fold(text)) is not None
    if not (claims or (of.question.words and not by_stance) or of.topics) and (of_lines or names_lines):
        claims = tuple(c for c in of.everything if of.has_lines(c))
    counts_lines = counted or names_lines or _COUNTED_HAN.search(text) or of.question.stance
    of_world = has_han(text) and not of.topics and of.telling and not counts_lines
    if not claims or of_world or not (of.question.stance or keys & _EVIDENCE or has_han(text)):
        # Things in the world are counted by the passages that tell of them.
        return tell(of, "count")
    if keys & {"wit", "independ"} or "独立" in text:
        number = sum(of.study.bearing.witnesses(c, of.question.stance or "").independent for c in claims)
        return Choice("count", claims, number=number, counted="witness")
    bearing = ("source", "reference", "case")
    if (
        kind := counted
        if counted in bearing
        else next((kind for kind in bearing if keys & _counted(kind) and not of_lines), None)
    ):
        if kind == "source":
            for one in of.sources_of(claims):
                of.name("source", one)
        elif kind == "reference":
            of.name_references(of.references_of(claims, of.question.stance or ""))
        else:
            counts = of.study.bearing.by_case(*claims)
            wanted = (of.question.stance,) if of.question.stance else STANCES
            for one in of.study.ids("case"):
                if any(counts[stance][one] for stance in wanted):
                    of.name("case", one)
        return Choice("count", claims, number=len(of.named), counted=kind)
    if not of.question.stance and _asks_by_stance(of):
        claims = claims if of.topics else tuple(c for c in of.everything if sum(of.study.bearing.tally(c).values()))
        if "contested" in of.question.cues and not of.topics:
            claims = tuple(filter(of.is_contested, claims))
        elif by_stance and not of.question.limits and names_lines:
            return Choice("count", claims, said=_in_all(of, sum(of.study.bearing.tally(*claims).values())))
        return Choice("count", claims, said=_by_stance(of, claims))
    tally = of.study.bearing.tally(*claims)
    number = tally[of.question.stance] if of.question.stance else sum(tally.values())
    if stance := of.question.stance:
        # What has no such line is not named with those that have.
        claims = tuple(claim for claim in claims if of.study.bearing.tally(claim)[stance]) or claims
    whole = not (of.topics or of.question.words or of.question.stance or of.question.limits)
    said = _in_all(of, number) if whole else ""
    if not said and "claims" in of.question.asked and not of.topics:
        # "How many, and on which claims".
        zh = of.question.language == "zh"
        told = counted_as(number, "line", of.question.language)
        said = f"{told};涉及{'、'.join(claims)}。" if zh else f"{told}; on {', '.join(claims)}."
    return Choice("count", claims, number=number, counted="line", said=said)


def _by_coder(of: Chooser) -> Choice:
    """Count the evidence lines that each coder judged first, on what the question is about or on all claims."""
    claims = of.claims() if of.topics else of.everything
    lines = {
        line.id: line.coder for claim in claims for line in of.study.bearing.active(claim, of.question.stance or "")
    }
    numbers = Counter(lines.values())
    zh = of.question.language == "zh"
    each = []
    for coder, number in sorted(numbers.items(), key=lambda one: (-one[1], one[0])):
        of.name("coder", coder)
        each.append(f"{of.study.label('coder', coder)} {number}")
    told = counted_as(len(lines), "line", of.question.language)
    return Choice("count", said=f"{told}:{'、'.join(each)}。" if zh else f"{told}: {', '.join(each)}.")


def _of_kind(of: Chooser, kind: str) -> Choice:
    """Count the records of a kind, within the limits of the question, and name the first of them."""
    limits = of.question.limits
    ids: Sequence[str] = of.study.ids(kind)
    if kind == "stage":
        ids = of.stages()
        for key in ids:
            of.name("concept", key)
        return Choice("count", number=len(ids), counted=kind)
    if kind == "passage":
        return Choice("count", number=of.study.tables.sql("SELECT count(*) FROM excerpt")[0][0], counted=kind)
    if kind == "question":
        every = of.every_open_question
        return Choice("count", number=len(every), counted=kind, questions=tuple(every.values()))
    if kind == "source" and INTERVIEW.search(of.question.text):
        some = [row["source"] for row in of.study.run("sources").dicts() if row["role"] != "theory"]
        ids = [*spoken(of, (one for one in some if of.is_of_source(one)))]
    elif kind == "source" and (limits.roles or limits.cases):
        ids = [
            row["source"]
            for row in of.study.run("sources").dicts()
            if (not limits.roles or row["role"] in limits.roles) and (not limits.cases or row["case"] in limits.cases)
        ]
    for key in ids[:_NAMED] if kind != "reference" else ():
        of.name(kind, key)
    said = _by_level(of, len(ids)) if kind == "code" else ""
    return Choice("count", number=len(ids), counted=kind, said=said)


def _by_level(of: Chooser, number: int) -> str:
    """Say in a sentence how many codes there are, and how many of each level; nothing where there are no levels."""
    levels: dict[str, int] = {}
    for row in of.study.run("codebook").dicts():
        levels[row["level"]] = levels.get(row["level"], 0) + 1
    if len(levels) < 2 or None in levels:
        return ""
    language = of.question.language
    each = [f"{word(level, language)} {n}" if language == "zh" else f"{n} {level}" for level, n in levels.items()]
    whole = counted_as(number, "code", language)
    return f"{whole}:{'、'.join(each)}。" if language == "zh" else f"{whole}: {', '.join(each)}."


def _in_all(of: Chooser, number: int) -> str:
    """Say in a sentence how many lines a study has, and how many more are in dispute, withdrawn or superseded."""
    language = of.question.language
    rows = of.study.tables.sql(
        "SELECT status, count(*) FROM line WHERE status != 'active' GROUP BY status ORDER BY status"
    )
    others = [f"{n} {word(status, language)}" for status, n in rows]
    each = _stances(of, *of.everything)
    if language == "zh":
        told = f"{counted_as(number, 'line', language)}({'、'.join(each)})"
        return told + (f";另有{'、'.join(others)}" if others else "") + "。"
    return (
        f"{counted_as(number, 'line', language)} ({', '.join(each)})"
        + (f"; besides, {', '.join(others)}" if others else "")
        + "."
    )


def _of_marked(of: Chooser, marks: frozenset[str]) -> Choice:
    """Count the evidence lines that cite works with a mark, as those of a company."""
    chosen = name_marked(of, marks)
    on = of.claims() if of.topics else ()
    within = of.study.all.within(Limits(references=tuple(key for kind, key in of.named if kind == "reference")))
    claims = tuple(claim for claim in (chosen.claims if chosen else ()) if not on or claim in on)
    stance = of.question.stance or ""
    active = [line for claim in claims for line in within.active(claim, stance)]
    lines = {line.id for line in active}
    excerpts = tuple(dict.fromkeys(passage.id for line in active for passage in line.passages))
    zh = of.question.language == "zh"
    apart, end = ("、", "。") if zh else (", ", ".")
    called = apart.join(word(mark, of.question.language).replace("-", " ") for mark in sorted(marks))
    number = counted_as(len(lines), "line", of.question.language)
    if on:
        whole = of.study.bearing.tally(*on)
        every = whole[stance] if stance else sum(whole.values())
        number += f"(共 {every} 条)" if zh else f" of {every}"
    ids = apart.join(claims)
    if zh:
        said = f"{number}引用标为“{called}”的文献" + (f";涉及{ids}" if ids else "") + end
        return Choice("count", claims, excerpts=excerpts, said=said)
    cites = "cites" if len(lines) == 1 else "cite"
    said = f"{number} {cites} works marked {called}" + (f"; on {ids}" if ids else "") + end
    return Choice("count", claims, excerpts=excerpts, said=said)


def _asks_by_stance(of: Chooser) -> bool:
    """Say whether lines are counted for several stances."""
    cues = of.question.cues
    if FOR_AND_AGAINST.search(fold(of.question.text)):
        return True
    return len(cues & {*STANCES}) > 1 or bool({"both", "contested"} & cues) or "stance" in of.question.text.casefold()


def _by_stance(of: Chooser, claims: Sequence[str]) -> str:
    """Say in a sentence how many lines of each stance bear on claims, one by one where they are several but few."""
    if len(claims) == 1 or len(claims) > _FEW:
        return ", ".join(_stances(of, *claims)) + ("。" if of.question.language == "zh" else ".")
    return _each(of, claims)


def _each(of: Chooser, claims: Sequence[str]) -> str:
    """Say in a sentence how many lines of each stance bear on each of some claims."""
    told = [f"{claim}: {', '.join(_stances(of, claim))}" for claim in claims]
    return ("；" if of.question.language == "zh" else "; ").join(told) + ("。" if of.question.language == "zh" else ".")


def _stances(of: Chooser, *claims: str) -> list[str]:
    """Say for each stance how many lines of it bear on claims."""
    tally = of.study.bearing.tally(*claims)
    zh = of.question.language == "zh"
    return [f"{word(s, 'zh')} {tally[s]}" if zh else f"{tally[s]} {verb(s, tally[s])}" for s in STANCES]


def _of_several(of: Chooser) -> str:
    """Say in a sentence how many there are of several kinds of records, where more than one is counted of the study."""
    question = of.question
    if question.stance or of.topics or question.limits or question.cues & {*CHOOSING, *KINDS}:
        return ""
    kinds: dict[str, None] = {}
    if question.language == "zh":
        text = fold(question.text)
        called = table("operations")["counted"].items()
        places = [m.end() for m in _HAN_HOW_MANY.finditer(text)]
        if _EACH.search(text):
            # "命题、证据、医院各是多少" names before the number what is counted.
            places = [*range(len(text))]
        for end in places:
            named = [(len(name), kind) for kind, one in called for name in one["zh"] if text.startswith(name, end)]
            kinds |= dict.fromkeys(kind for _, kind in sorted(named)[-1:])
            kinds |= {_LINES: None} if text.startswith("证据", end) else {}
    else:
        some = tokens(question.text)
        own = of.study.lexicon.look_up({token.key for token in some})
        for token in some:
            kind = _kind_of(token, table("operations")["counted"], own)
            if kind == "code" and token.text in ("coded", "coding", "code"):
                continue
            if kind:
                kinds[kind] = None
            elif token.text == "evidence" and _EVIDENCE_TOO.search(fold(question.text)):
                kinds[_LINES] = None
    if OWN in question.cues and question.language == "zh" and _HOW_MANY_CASES.search(fold(question.text)):
        kinds = kinds if "case" in kinds else {"case": None, **kinds}
    if len(kinds) < 2 or any(kind == "author" for kind in kinds):
        return ""
    numbers = {kind: len(of.stages()) if kind == "stage" else len(of.study.ids(kind)) for kind in kinds}
    if _LINES in numbers:
        numbers[_LINES] = sum(of.study.all.tally(*of.everything).values())
    if "passage" in numbers:
        numbers["passage"] = of.study.tables.sql("SELECT count(*) FROM excerpt")[0][0]
    zh = question.language == "zh"
    said = [
        _in_all(of, number).rstrip("。.") if kind == _LINES else counted_as(number, kind, question.language)
        for kind, number in numbers.items()
    ]
    return ("、" if zh else ", ").join(said) + ("。" if zh else ".")


def _kind_of(token: Token, kinds: Iterable[str], own: Mapping[str, Iterable[Sense]]) -> str:
    """Return the kind of records that an English word is a name of, also one of the study's own; empty for none."""
    if kind := next((kind for kind in kinds if token.key in _counted(kind)), ""):
        return kind
    return "case" if any(sense.value == OWN for sense in own.get(token.key, ())) else ""


def _counted(kind: str) -> frozenset[str]:
    """Return the keys of the English words for records of a kind that can be counted."""
    return frozenset(token.key for name in table("operations")["counted"][kind]["en"] for token in tokens(name))


def _what_is_counted(of: Chooser) -> str:
    """Return the kind of records that are counted, if the question says so; in Chinese by what stands nearest."""
    counted = table("operations")["counted"]
    if of.question.language == "en":
        some = tokens(of.question.text)
        keys, texts = {token.key for token in some}, {token.text for token in some}
        # What was coded is no code.
        codes = bool(texts & {"code", "codes", "codebook"})
        kinds = [kind for kind in counted if kind != "code" or codes]
        own = of.study.lexicon.look_up({token.key for token in some})
        at = max((n + 2 for n, (a, b) in enumerate(pairwise(some)) if (a.text, b.text) in _HOW_MANY), default=None)
        for token in some[at : at + _NEAR] if at else ():
            if token.key in _OF_LINES:
                return _LINES
            if kind := _kind_of(token, kinds, own):
                return kind
            if token.text.endswith("s") and not (is_common(token.text) or own.get(token.key)):
                # "How many seasons until a farm ..." counts seasons.
                return ""
        return "" if at and some[at:] else next((kind for kind in kinds if keys & _counted(kind)), "")
    text = fold(of.question.text)
    asked = [(text.find(one), len(one)) for one in table("operations")["operation"]["count"]["zh"] if one in text]
    at, long = min(asked, default=(len(text), 0))
    names = (name for called in counted.values() for name in called["zh"])
    nearest = min((n for name in names if (n := text.find(name, at + long)) >= 0), default=len(text))
    if 0 <= text.find("证据", at + long) <= min(nearest, at + long + _BESIDE):
        return ""
    places = []
    for kind, called in counted.items():
        for name in called["zh"]:
            found = text.find(name, at + long)
            if 0 <= found <= at + long + _BESIDE:
                places.append((found - at - long, -len(name), kind))
            elif (found := text.rfind(name, 0, at)) >= 0 and not of.question.cues & KINDS:
                places.append((100 + at - found, -len(name), kind))
    rest = "case" if OWN in of.question.cues else ""
    return min(places, default=(0, 0, rest))[2]
