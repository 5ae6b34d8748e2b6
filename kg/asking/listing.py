"""Lists of claims: by how they stand, advice, withdrawn lines."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from kg import dates
from kg.asking import differing
from kg.asking.alone import AT_BEST
from kg.asking.choice import Choice
from kg.asking.finding import BESIDE, LIKE_BEST, SHOWN
from kg.asking.meant import KINDS
from kg.asking.passages import find_passages
from kg.asking.patterns import ALL_AGREE
from kg.asking.question import CHOOSING, DRIVERS, EITHER, OPPOSED, SURENESS, UNPUBLISHED, UNTOLD, WEAK, WISHED
from kg.asking.sentence import text_of
from kg.asking.weak_spots import weak_spots
from kg.claims import LITERATURE, SIGNS, STANCES, STRENGTHS
from kg.ids import BETWEEN
from kg.language.tokens import fold, tokens
from kg.limits import Limits
from kg.numbers import counted, verb
from kg.store import passages as stored
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.asking.chooser import Chooser
    from kg.asking.question import Question

_WHETHER = re.compile("吗|要不要|该不该|好不好|值不值|值得|有必要|能不能|是否|应不应该")
"""How it is asked in Chinese whether something should be done."""
_HOW_HAN = re.compile("(?:要|想)?(?:怎样|怎么|如何)(?:才|样)?(?:能|可以|让|使)")
"""How it begins in Chinese that it is asked how something is brought about."""
_MOST_LINES = re.compile(r"\bmost (?:\w+ )?(?:evidence|lines|quotes|quotations)\b|条数|证据最多|引文最多")
"""How the claims with most lines are asked for, of whatever stance."""
_DEALING = re.compile(r"\b(?:deal|dealing|handle|cope|respond|react)\b|\bdo about\b|对待|应对|处理")
"""How it is asked what to do about something."""
_STANCE_OF = {
    "oppos": "opposes", "contradict": "opposes", "qualif": "qualifies", "support": "supports", "backed": "supports",
}  # fmt: skip
"""The stance of which most is asked, by the beginning of the word."""
_MOST_OF = re.compile(rf"\bmost (?:\w+ )?(?P<stance>{'|'.join(_STANCE_OF)})")
"""How it is asked what has most evidence of one stance."""
_MOST_CONTESTED = re.compile(
    r"\bmost (?:contested|disputed|controversial|divided|mixed)\b|争议最(?:大|多)|最有争议|分歧最大"
)
"""How it is asked what is contested most."""
_WITNESSES = re.compile(r"\b(?:independent|witness(?:es)?)\b|独立|见证")
"""How it is asked which has most independent witnesses."""
_NOR_LIMITED = re.compile(r"\b(?:or|nor|and) (?:limit|qualif|restrict)|[和或也没]{1,3}(?:限定|限制)")
"""How it is said of what nothing opposes that nothing limits it either."""
_RANKED = 3
"""How many claims are told in the order of how much evidence they have."""
_TOLD = 2
"""How many withdrawn lines at most are told one by one."""
FEW = 5
"""How many records are told in a sentence."""

_EVEN = re.compile(
    r"\bas (?:many|much) (?:\w+ )?(?:for|supporting) (?:\w+ )?as (?:against|opposing)\b|\bexactly as many\b"
    r"|\b(?:evenly|equally) (?:split|divided|balanced|supported and)|一样多|数量相等|势均力敌|持平"
)
"""How claims are asked for with as many lines for as against them."""


_SOLID = re.compile(r"\b(?:solid|firm|sound|robust|well.(?:supported|founded|established))\b|扎实|站得住|可靠|牢靠")
"""How claims are asked for that have support."""


def _agrees(by_case: Mapping[str, Mapping[str, int]], cases: Sequence[str]) -> bool:
    """Say whether every case has lines for a claim, or every case has some against it."""
    sides = [{case for case in cases if by_case[stance][case]} for stance in ("supports", "opposes")]
    return {*cases} in sides


def list_claims(of: Chooser) -> Choice:
    """List claims by kind, stage and how they stand."""
    question, cues = of.question, of.question.cues
    some = of.claims() if (of.topics or of.matched.claims) else of.of_stage(of.everything)
    if DRIVERS in cues and not (of.topics or of.matched.claims):
        some = of.of_stage(of.promoting())
    chooses = question.limits or question.stance or cues & {*CHOOSING, *SURENESS}
    if question.words and of.matched.unknown and not (of.matched.claims or of.topics or chooses):
        return replace(find_passages(of), operation="claims", nothing_on=text_of(question.words), is_nearest=True)
    if WEAK in cues:
        return weak_spots(of)
    kinds = of.study.kinds
    wanted = cues & KINDS
    left = [span for span in of.matched.unknown if span in of.telling]
    if question.stance and left and not (of.topics or of.matched.claims or question.limits or cues & {*CHOOSING}):
        # All that has evidence of a stance is no answer to what is told in words that no claim has.
        return replace(find_passages(of), operation="claims", nothing_on=text_of(left), is_nearest=True)
    if wanted:
        some = tuple(claim for claim in of.everything if kinds[claim] in wanted)
    if EITHER in cues:
        # How each of them stands is told with it.
        return Choice("claims", of.of_stage(of.everything))
    if OPPOSED in cues:
        tally = of.study.all.tally
        return Choice("claims", tuple(c for c in of.everything if tally(c)["opposes"] and not tally(c)["supports"]))
    if UNPUBLISHED in cues:
        by_case = of.study.all.by_case
        return Choice("claims", tuple(c for c in of.everything if not any(n[LITERATURE] for n in by_case(c).values())))
    stance = question.stance
    within = of.study.bearing
    # What is strong in support may be opposed by what is weak.
    whole = of.study.all.within(replace(question.limits, strengths=()))
    tests: list[Callable[[str], bool]] = []
    if _MOST_CONTESTED.search(question.text.casefold()) and (choice := _most_contested(of, some)):
        return choice
    if "most" in cues:
        return Choice("claims", with_most(of, some), lead=_next_to_most(of, some))
    if "contested" in cues or ("both" in cues and not (of.topics or of.matched.claims)):
        tests.append(of.is_contested)
    if _EVEN.search(question.text.casefold()):
        tests.append(lambda c: within.tally(c)["supports"] == within.tally(c)["opposes"])
    if "unsupported" in cues:
        tests.append(lambda c: not within.tally(c)["supports"])
    if "bare" in cues:
        tests.append(lambda c: not sum(within.tally(c).values()))
    if "unopposed" in cues:
        tests.append(lambda c: not whole.tally(c)["opposes"])
        if "supports" in cues or _SOLID.search(fold(question.text)):
            tests.append(lambda c: bool(within.tally(c)["supports"]))
        if _NOR_LIMITED.search(question.text.casefold()):
            tests.append(lambda c: not within.tally(c)["qualifies"])
    restricted = question.restrictions
    tests += _tests_of_alone(of)
    if "single" in cues and not any(one.stance in ("opposes", "qualifies") for one in restricted):
        restricted = ()
        tests.append(lambda c: of.study.bearing.witnesses(c, "supports").independent == 1)
    # What a case does not speak of may have no evidence at all.
    untold = UNTOLD in cues and not (question.limits.cases or question.limits.roles)
    if "weak" in cues and not {"strong", AT_BEST} & cues:
        tests.append(lambda c: {s for k, s in whole.weights(c) if k == "supports"} == {"weak"})
    elif (
        not restricted
        and (stance or (question.limits and not wanted and not untold))
        and question.limits != Limits(stages=question.limits.stages or ("",))
    ):
        tests.append(of.has_lines)
    if len(question.limits.cases) > 1 and stance:
        tests.append(lambda c: bool(of.in_each_case([c])))
    cases = of.study.ids("case")
    if "onecase" in cues:
        tests.append(lambda c: sum(bool(of.study.all.by_case(c)[stance or "supports"][case]) for case in cases) == 1)
    if "eachcase" in cues and not stance and ALL_AGREE.search(fold(question.text)):
        tests.append(lambda c: _agrees(of.study.all.by_case(c), cases))
    elif "eachcase" in cues:
        tests.append(lambda c: all(of.study.all.by_case(c)[stance or "supports"][case] for case in cases))
    if "only" in cues and question.limits.roles and not stance:
        tests.append(lambda c: not any(n[case] for n in of.study.all.by_case(c).values() for case in cases))
    if "only" in cues and len(question.limits.cases) == 1:
        counted = (stance,) if stance else STANCES
        tests.append(
            lambda c: (
                {k for s in counted for k, n in of.study.all.by_case(c)[s].items() if n} == {*question.limits.cases}
            )
        )
    if out := [value for facet, value in question.limits.without if facet == "case"]:
        stances = (stance,) if stance else STANCES
        tests.append(lambda c: not any(of.study.all.by_case(c)[s][case] for s in stances for case in out))
    if ("role", LITERATURE) in question.limits.without and (question.language == "zh" or question.denied):
        some_stances = (stance,) if stance else STANCES
        tests.append(lambda c: not any(of.study.all.by_case(c)[s][LITERATURE] for s in some_stances))
    tests += [partial(one.holds, bearing=within) for one in restricted]
    if question.by_case:
        tests.append(lambda c: all(of.study.all.by_case(c)[said][case] for case, said in question.by_case))
    if {*question.limits.roles} == {LITERATURE, "case"} and stance:
        tests.append(lambda c: bool(of.study.all.by_case(c)[stance][LITERATURE]))
        tests.append(lambda c: any(of.study.all.by_case(c)[stance][case] for case in of.study.ids("case")))
    if "only" in cues and stance and question.limits.roles == ("case",):
        tests.append(lambda c: not of.study.all.by_case(c)[stance][LITERATURE])
    if "only" in cues and stance and question.limits.roles == (LITERATURE,):
        tests.append(lambda c: not any(of.study.all.by_case(c)[stance][case] for case in of.study.ids("case")))
    chosen = tuple(claim for claim in some if all(test(claim) for test in tests))
    if not chosen and "disputed" in question.asked:
        # Where no evidence is for and against, coders may yet differ on what one line says.
        named = dict(of.named)
        if (disputed := differing.disputed(of)).claims:
            return disputed
        of.named = named
    if not chosen and of.matched.unknown and not (question.limits or question.stance or cues & {*CHOOSING}):
        found = find_passages(of)
        if not found.is_nearest and (resting := of.resting_on(found)):
            return replace(found, operation="claims", claims=resting, told=True)
    # That nothing fits is sure only where all that was said is understood.
    return Choice("claims", chosen, is_nearest=not chosen and bool(of.matched.unknown or question.is_partial))


def _tests_of_alone(of: Chooser) -> Iterator[Callable[[str], bool]]:
    """Give what a claim must be like that has evidence of one kind alone, or none above a strength."""
    alone, stance = of.question.alone, of.question.stance
    every = of.study.all

    def holders(claim: str) -> set[str]:
        counts = every.by_case(claim)
        return {case for one in ((stance,) if stance else STANCES) for case, n in counts[one].items() if n}

    if alone.holder:
        yield lambda c: alone.holds(holders(c))
    if alone.stance and not of.question.limits and not {"single", "onecase"} & of.question.cues:
        tally = of.study.bearing.tally
        yield (
            lambda c: bool(tally(c)[alone.stance]) and not any(tally(c)[one] for one in STANCES if one != alone.stance)
        )
    if alone.strength:
        wanted = stance or "supports"
        yield lambda c: {s for k, s in of.study.bearing.weights(c) if k == wanted} == {alone.strength}
    if AT_BEST in of.question.cues:
        best = min(STRENGTHS.index(one) for one in STRENGTHS if one in of.question.cues)
        wanted = stance or "supports"

        def reached(claim: str) -> list[int]:
            return [STRENGTHS.index(s) for k, s in of.study.bearing.weights(claim) if k == wanted]

        yield lambda c: bool(reached(c)) and min(reached(c)) >= best


def _most_of(of: Chooser) -> str | None:
    """Return the stance of which most evidence is asked for; nothing for that of any."""
    told = _MOST_OF.search(of.question.text.casefold())
    return of.question.stance or (_STANCE_OF[told["stance"]] if told else None)


def with_most(of: Chooser, claims: Iterable[str]) -> tuple[str, ...]:
    """Return the claims with most evidence of the stance that is asked for; for none, with most beyond what opposes."""
    stance = _most_of(of)
    if _WITNESSES.search(of.question.text.casefold()):
        few = {claim: of.study.bearing.witnesses(claim, stance or "supports").independent for claim in claims}
        most = max(few.values(), default=0)
        return tuple(claim for claim, number in few.items() if most and number == most)
    counts = {claim: _much_for(of, claim, stance) for claim in claims}
    best = max(counts.values(), default=0)
    return tuple(claim for claim, number in counts.items() if best > 0 and number == best)


def _much_for(of: Chooser, claim: str, stance: str | None) -> int:
    """Return how many lines of a stance a claim has; of none, in all or beyond those that oppose it, as is asked."""
    tally = of.study.bearing.tally(claim)
    if stance:
        return tally[stance]
    return sum(tally.values()) if _MOST_LINES.search(fold(of.question.text)) else tally["supports"] - tally["opposes"]


def _next_to_most(of: Chooser, claims: Iterable[str]) -> str:
    """Say how many lines the claims with most of them have."""
    if _WITNESSES.search(of.question.text.casefold()):
        return ""
    stance = _most_of(of)
    zh = of.question.language == "zh"
    numbers = {claim: max(0, _much_for(of, claim, stance)) for claim in claims}
    ranked = sorted(filter(numbers.get, numbers), key=lambda claim: -numbers[claim])[:_RANKED]
    told = ("、" if zh else ", ").join(f"{claim} {numbers[claim]}" for claim in ranked)
    if not told:
        return ""
    if not stance and not _MOST_LINES.search(fold(of.question.text)):
        return f"支持多于反对最多的:{told}。" if zh else f"Most support beyond what opposes: {told}. "
    said = f" that {verb(stance, _RANKED)}" if stance else ""
    return f"证据{word(stance, 'zh') if stance else ''}最多:{told}。" if zh else f"Most evidence lines{said}: {told}. "


def weakest_first(of: Chooser, claims: Iterable[str]) -> Choice:
    """Choose claims and tell them by how much more supports than opposes each, that with least first.

    Args:
        of: the chooser of the question.
        claims: their ids.
    """
    zh = of.question.language == "zh"
    whole = of.study.all.within(replace(of.question.limits, strengths=()))
    tallies = {claim: whole.tally(claim) for claim in claims}
    ranked = sorted(tallies, key=lambda claim: tallies[claim]["supports"] - tallies[claim]["opposes"])
    each = [
        f"{claim} {of.study.label('concept', of.study.by_claim[claim]['subject'])} "
        + ", ".join(f"{SIGNS[stance]}{tallies[claim][stance]}" for stance in STANCES)
        for claim in ranked
    ]
    begin = "从证据最弱的开始:" if zh else "Weakest evidence first: "
    said = begin + ("；" if zh else "; ").join(each) + ("。" if zh else ".")
    return Choice("drivers", tuple(tallies), said=said, neutral=True)


def _most_contested(of: Chooser, claims: Iterable[str]) -> Choice | None:
    """Choose the claims with most lines on the side that has fewer, and tell which come next; nothing where none is."""
    contested = {claim: of.study.bearing.tally(claim) for claim in claims if of.is_contested(claim)}
    fewer = {claim: min(tally["supports"], tally["opposes"]) for claim, tally in contested.items()}
    if not fewer:
        return None
    zh = of.question.language == "zh"

    def told(number: int) -> str:
        each = []
        for claim in (claim for claim, n in fewer.items() if n == number):
            tally = contested[claim]
            pair = [(stance, tally[stance]) for stance in ("supports", "opposes")]
            said = (
                ",".join(f"{word(s, 'zh')} {n} 条" for s, n in pair)
                if zh
                else ", ".join(f"{n} {verb(s, n)}" for s, n in pair)
            )
            each.append(f"{claim}({said})" if zh else f"{claim} ({said})")
        return ("、" if zh else ", ").join(each)

    first, *rest = sorted({*fewer.values()}, reverse=True)
    begin = "争议最大(按较少一方的证据条数):" if zh else "Most contested, by the lines of the lesser side: "
    then = (f";其次:{told(rest[0])}" if zh else f"; next: {told(rest[0])}") if rest else ""
    chosen = tuple(claim for claim, n in fewer.items() if n == first)
    return Choice("claims", chosen, said=begin + told(first) + then + ("。" if zh else "."))


def advise(of: Chooser) -> Choice:
    """Choose the suggestions of the theory, and of what it says about the topic otherwise."""
    kinds = of.study.kinds
    suggestions = tuple(claim for claim in of.everything if kinds[claim] == "suggestion")
    some = of.claims()
    own = tuple(claim for claim in some if claim in suggestions)
    cues = of.question.cues
    if {"bare", "unsupported"} & cues:
        return Choice("advice", tuple(c for c in suggestions if not of.study.bearing.tally(c)["supports"]))
    if "most" in cues:
        return Choice("advice", with_most(of, own or suggestions))
    if "suggestion" in cues and of.question.stance and not (of.topics or of.telling):
        # Which of the suggestions has evidence of the stance, within the limits.
        return Choice("advice", tuple(claim for claim in suggestions if of.has_lines(claim)) or suggestions)
    if "lessens" in cues and (concepts := of.question.of("concept")):
        # What lessens something acts on it; whatever it does itself is no advice.
        acting = of.acting(of.stated_on("object", concepts[0].id))
        if acting:
            return Choice("advice", acting)
    if WISHED in cues and not own:
        topics = {term.id for term in of.topics}
        rows = of.study.by_claim
        own = tuple(c for c in suggestions if topics & {rows[c]["subject"], rows[c]["object"]})
    if own and (of.topics or not of.question.of("code")):
        return Choice("advice", own)
    hows = of.question.text.casefold().startswith(
        ("how do i", "how can i", "how do we", "how can we", "how to", "how could")
    )
    hows = hows or _HOW_HAN.match(of.question.text.strip()) is not None
    if hows and of.topics and (acting := of.acting(of.stated_on("object"))):
        # How something is brought about is told by what acts on it.
        return Choice("advice", acting)
    if WISHED in cues and len(of.topics) == 1 and (acting := of.acting(of.stated_on("object"))):
        return Choice("advice", acting)
    if easing := tuple(c for c in of.on_object() if of.study.by_claim[c]["relation"] in of.relations_meant()):
        # What eases a worry is what the theory says to hinder it.
        return Choice("advice", easing)
    if "suggestion" in cues and not of.topics and of.question.language == "zh" and "verdict" in of.question.asked:
        return Choice("advice", suggestions)
    if of.question.of("code") and not of.topics:
        # What is coded so is told by the claims on which its passages bear, if nothing is suggested on it.
        meant = {concept for code in of.question.of("code") for concept in of.study.lexicon.indicated(code.id)}
        rows = of.study.by_claim
        suggested = tuple(claim for claim in suggestions if meant & {rows[claim]["subject"], rows[claim]["object"]})
        if others := suggested or tuple(claim for claim in some if claim not in suggestions):
            return Choice("advice", others)
        none = "理论没有就此提出建议。" if of.question.language == "zh" else "The theory recommends nothing on this. "
        return Choice("advice", excerpts=tuple(of.coded_as()[:SHOWN]), told=True, lead=none)
    if not some and of.question.words:
        found = find_passages(of)
        if not found.is_nearest and (resting := of.resting_on(found)):
            return replace(found, operation="advice", claims=resting)
    if not some and (foreign := of.foreign()):
        return Choice("advice", suggestions, is_nearest=True, foreign=foreign)
    vague = of.question.is_partial or not of.topics
    if suggestions and vague and not (asks_whether(of.question) or _DEALING.search(of.question.text.casefold())):
        # What is to be done is told by what the theory suggests, and not by claims that share a word with the question.
        return Choice("advice", suggestions)
    return Choice("advice", some or suggestions)


def _withdrawn(of: Chooser) -> str:
    """Say in a sentence how many lines were withdrawn or superseded; of few, each with the day and the reason."""
    language = of.question.language
    zh = language == "zh"
    lines = [(key, claim, note) for (kind, key), (claim, note) in of.named.items() if kind == "line"]
    if not lines:
        return ""
    if len(lines) <= _TOLD:
        told = [f"{key} ({claim}): {note}".rstrip(".。") for key, claim, note in lines]
        return ("；" if zh else "; ").join(told) + ("。" if zh else ".")
    whole = of.study.tables.sql("SELECT count(*) FROM line WHERE status IN ('withdrawn', 'superseded')")[0][0]
    rest = "" if whole == len(lines) else f"(共 {whole} 条)" if zh else f" (of {whole} in all)"
    number = counted(len(lines), "line", language)
    on = counted(len({claim for _, claim, _ in lines}), "proposition", language)
    return (
        f"{number}已撤回或被取代{rest},涉及 {on}。" if zh else f"{number} were withdrawn or superseded{rest}, on {on}."
    )


def _quotes(of: Chooser, excerpts: str) -> str:
    """Return the quotes of the passages of a line."""
    return " ".join(p.quote for p in stored.passages(of.study.tables, excerpts.split(BETWEEN)).values())


def asks_whether(question: Question) -> bool:
    """Say whether it is asked of one thing if it should be done."""
    if question.language == "zh":
        return _WHETHER.search(question.text) is not None
    words = tokens(question.text)
    return any(word.text in ("should", "worth", "worthwhile", "advisable", "better") for word in words) and not any(
        word.text in ("what", "how", "where", "which", "tips", "advice") for word in words
    )


def list_withdrawn(of: Chooser) -> Choice:
    """Name the evidence lines that were withdrawn or superseded."""
    rows = of.study.tables.sql(
        "SELECT id, claim, status, status_date, status_reason, excerpts FROM line "
        "WHERE status IN ('withdrawn', 'superseded') ORDER BY claim, id"
    )
    limits = of.question.limits
    if limits.cases or limits.sources or limits.without:
        rows = [row for row in rows if any(map(of.is_within, row[5].split(BETWEEN)))]
    if day := dates.day(of.question.text):
        rows = [row for row in rows if str(row[3]).startswith(day)] or rows
    topics = set(of.matched.claims)
    if of.question.said or (topics and not any(row[1] in topics for row in rows)):
        # Which one is meant is told by its words, where its claim is none of those that are named.
        shares = of.shares({row[0]: f"{_quotes(of, row[5])} {row[4]}" for row in rows})
        best = max(shares.values(), default=0.0)
        meant = {key for key, share in shares.items() if share >= BESIDE and share >= LIKE_BEST * best}
        rows = [row for row in rows if row[0] in meant] or rows
        topics = topics if not meant and any(row[1] in topics for row in rows) else set()
    excerpts = []
    for identifier, claim, status, day, reason, quoted in rows:
        if topics and claim not in topics:
            continue
        of.named["line", identifier] = (claim, f"{word(status, of.question.language)} {day}: {reason}")
        excerpts += quoted.split(BETWEEN)
    about = {label for (kind, _), (label, _) in of.named.items() if kind == "line"}
    claims = tuple(claim for claim in of.everything if claim in about)
    return Choice("withdrawn", claims, excerpts=tuple(dict.fromkeys(excerpts))[:SHOWN], said=_withdrawn(of))
