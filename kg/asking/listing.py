"""Lists of claims: by how they stand, what is missing or was looked for, advice, withdrawn lines."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from kg import dates
from kg.asking import differing
from kg.asking.alone import AT_BEST
from kg.asking.choice import Choice
from kg.asking.finding import BESIDE, LIKE_BEST, SHOWN
from kg.asking.meant import KINDS
from kg.asking.passages import find_passages
from kg.asking.question import CHOOSING, DRIVERS, UNTOLD, WISHED
from kg.asking.sentence import text_of
from kg.claims import LITERATURE, STANCES, STRENGTHS
from kg.ids import BETWEEN
from kg.language.lexicon import content_words, function_words
from kg.language.tokens import is_common, tokens
from kg.limits import Limits
from kg.numbers import counted
from kg.store import passages as stored
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.asking.chooser import Chooser
    from kg.asking.question import Question

_WHETHER = re.compile("吗|要不要|该不该|好不好|值不值|值得|有必要|能不能|是否|应不应该")
"""How it is asked in Chinese whether something should be done."""
_DEALING = re.compile(r"\b(?:deal|dealing|handle|cope|respond|react)\b|\bdo about\b|对待|应对|处理")
"""How it is asked what to do about something."""
_STANCE_OF = {
    "oppos": "opposes", "contradict": "opposes", "qualif": "qualifies", "support": "supports", "backed": "supports",
}  # fmt: skip
"""The stance of which most is asked, by the beginning of the word."""
_MOST_OF = re.compile(rf"\bmost (?:\w+ )?(?P<stance>{'|'.join(_STANCE_OF)})")
"""How it is asked what has most evidence of one stance."""
_QUESTIONS = re.compile(r"\bquestions?\b|(?:未决|开放|悬而未决的|没有回答的|未回答的|未解决的|哪些)问题")
"""How open questions are asked for."""
_WITNESSES = re.compile(r"\b(?:independent|witness(?:es)?)\b|独立|见证")
"""How it is asked which has most independent witnesses."""
_RIVAL = re.compile(
    r"\brival\b|\b(?:fits?|fitting) no (?:claim|proposition)|\bthe theory does not (?:name|mention|cover)"
    "|竞争性|不属于任何(?:主张|命题)|不合任何(?:主张|命题)|理论没有"
)
"""How a codebook says of a code that it stands for what the theory does not name."""
_OF_CODES = """
SELECT DISTINCT code, excerpt FROM coding WHERE code IN (SELECT value FROM json_each(:codes)) ORDER BY 1, 2"""
_NO_EVIDENCE = """
SELECT DISTINCT code, excerpt FROM coding WHERE code NOT IN (
  SELECT c.code FROM coding c JOIN line_excerpt m ON m.excerpt = c.excerpt
  JOIN line n ON n.id = m.line AND n.status = 'active') ORDER BY 1, 2"""
_TOLD = 2
"""How many withdrawn lines at most are told one by one."""
FEW = 5
"""How many records are told in a sentence."""


def list_claims(of: Chooser) -> Choice:
    """List claims by kind, stage and how they stand."""
    question, cues = of.question, of.question.cues
    some = of.claims() if (of.topics or of.matched.claims) else of.of_stage(of.everything)
    if DRIVERS in cues and not (of.topics or of.matched.claims):
        some = of.of_stage(of.promoting())
    chooses = question.limits or question.stance or cues & {*CHOOSING}
    if question.words and of.matched.unknown and not (of.matched.claims or of.topics or chooses):
        return replace(find_passages(of), operation="claims", nothing_on=text_of(question.words), is_nearest=True)
    kinds = of.study.kinds
    wanted = cues & KINDS
    left = [span for span in of.matched.unknown if span in of.telling]
    if question.stance and left and not (of.topics or of.matched.claims or question.limits or cues & {*CHOOSING}):
        # All that has evidence of a stance is no answer to what is told in words that no claim has.
        return replace(find_passages(of), operation="claims", nothing_on=text_of(left), is_nearest=True)
    if wanted:
        some = tuple(claim for claim in of.everything if kinds[claim] in wanted)
    stance = question.stance
    within = of.study.bearing
    tests: list[Callable[[str], bool]] = []
    if "most" in cues:
        return Choice("claims", with_most(of, some))
    if "contested" in cues:
        tests.append(of.is_contested)
    if "unsupported" in cues:
        tests.append(lambda c: not within.tally(c)["supports"])
    if "bare" in cues:
        tests.append(lambda c: not sum(within.tally(c).values()))
    if "unopposed" in cues:
        tests.append(lambda c: not within.tally(c)["opposes"])
    restricted = question.restrictions
    tests += _tests_of_alone(of)
    if "single" in cues and not any(one.stance in ("opposes", "qualifies") for one in restricted):
        restricted = ()
        tests.append(lambda c: of.study.bearing.witnesses(c, "supports").independent == 1)
    # What a case does not speak of may have no evidence at all.
    untold = UNTOLD in cues and not (question.limits.cases or question.limits.roles)
    if "weak" in cues and not {"strong", AT_BEST} & cues:
        whole = of.study.all.within(replace(question.limits, strengths=()))
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
    if "eachcase" in cues:
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


def with_most(of: Chooser, claims: Iterable[str]) -> tuple[str, ...]:
    """Return the claims with most evidence of the stance that is asked for; for none, with most beyond what opposes."""
    told = _MOST_OF.search(of.question.text.casefold())
    stance = of.question.stance or (_STANCE_OF[told["stance"]] if told else None)
    if _WITNESSES.search(of.question.text.casefold()):
        few = {claim: of.study.bearing.witnesses(claim, stance or "supports").independent for claim in claims}
        most = max(few.values(), default=0)
        return tuple(claim for claim, number in few.items() if most and number == most)
    tallies = {claim: of.study.bearing.tally(claim) for claim in claims}
    counts = {c: tally[stance] if stance else tally["supports"] - tally["opposes"] for c, tally in tallies.items()}
    best = max(counts.values(), default=0)
    return tuple(claim for claim, number in counts.items() if best > 0 and number == best)


def list_missing(of: Chooser) -> Choice:
    """Choose the claims that lack support, the open questions and the searches in vain."""
    limits = of.question.limits
    if "beyond" in of.question.cues and (choice := _beyond(of)):
        return choice
    some = of.of_stage(of.matched.claims if of.topics else of.everything)
    if of.question.words and of.matched.unknown and not of.topics:
        some = of.matched.claims or some
    if kinds := {kind for kind in ("definition", "suggestion") if kind in of.question.cues}:
        some = tuple(claim for claim in some if of.study.kinds[claim] in kinds)
    if "gap" in of.question.cues:
        return list_claims(of)
    bears = of.study.bearing
    if {"cases", "field"} & of.question.cues and not limits.cases:
        bears = of.study.all.within(replace(limits, cases=tuple(of.study.ids("case"))))
    # Where support is asked for, what is only opposed or qualified lacks it, too.
    of_support = of.question.lacking or bool(of.question.cues & {"unsupported", "supports"})
    bare = "bare" in of.question.cues or (bool(limits.cases) and not of_support)
    if bare:
        claims = tuple(c for c in some if not sum(bears.tally(c).values()))
    else:
        claims = tuple(c for c in some if not bears.tally(c)["supports"])
    if of.topics and not claims:
        claims = some
    if not (of.topics or of_support or bare) and _QUESTIONS.search(of.question.text.casefold()):
        # The questions are asked for, and not the claims that lack support.
        return Choice("missing", questions=of.open_questions() or tuple(of.every_open_question.values()))
    near = {t.id for t in of.question.about}
    rows = of.study.run("open-questions").dicts()
    if of.question.words and not of.topics:
        shares = of.shares({row["question"]: f"{row['text']} {row['text_zh'] or ''}" for row in rows})
        asked = {key for key, share in shares.items() if share >= BESIDE and share == max(shares.values())}
        near = near or asked
        claims = of.matched.claims if asked else claims
        rows = [row for row in rows if row["question"] in asked] or rows
    by_id: dict[str, dict[str, Any]] = {}
    for row in rows:
        if not near or row["question"] in near or row["about"] in near or row["candidate"] in near:
            by_id.setdefault(row["question"], row)
    for case in of.study.ids("case") if not (near or kinds) else ():
        if not any(of.study.all.within(Limits(cases=(case,))).tally(c)["supports"] for c in of.everything):
            of.name("case", case)
    weaker = tuple(c for c in some if not bears.tally(c)["supports"]) if bare else ()
    return Choice("missing", claims, questions=tuple(by_id.values()), weaker=weaker)


def _beyond(of: Chooser) -> Choice | None:
    """Name the codes for what no claim covers, with their passages; nothing where there are none.

    They are those that the codebook calls so, with the narrower ones; where it calls none so, those none of whose
    passages is evidence. Where the question tells their kind, only those of it.
    """
    book = {row["code"]: row for row in of.study.run("codebook").dicts()}
    texts = {
        code: f"{row['label']} {of.study.label('code', code)} {row['definition'] or ''}" for code, row in book.items()
    }
    rival = {code for code, text in texts.items() if _RIVAL.search(text)}
    rival = _with_narrower(rival, book)
    # A narrower code is of the kind that its broader one names.
    texts = {code: f"{text} {of.study.label('code', book[code]['broader'] or '')}" for code, text in texts.items()}
    named = _passages_of(of, _OF_CODES, rival)
    every = named or _passages_of(of, _NO_EVIDENCE)
    kind = _with_narrower({term.id for term in of.question.of("code")}, book) or _of_kind(
        of, {code: texts[code] for code in every}
    )
    passages = {code: keys for code, keys in every.items() if code in kind} or every
    if not passages:
        return None
    for code, keys in sorted(passages.items(), key=lambda one: (-len(one[1]), one[0])):
        of.name("code", code, counted(len(keys), "passage", of.question.language))
    zh = of.question.language == "zh"
    first = [label for label, _ in of.named.values()][:FEW]
    listed = ("、" if zh else "; ").join(first) + ("" if len(passages) <= FEW else "等" if zh else " …")
    number = f"{len(passages)}" if passages == every else f"{len(passages)} of {len(every)}"
    if zh:
        what = "理论没有说到的编码" if named else "没有作为主张证据的引文的编码"
        said = f"{what}有 {len(every)} 个{'' if passages == every else f',其中 {len(passages)} 个合此问'}:{listed}。"
    else:
        what = "for what the theory does not name" if named else "without a passage that is evidence"
        said = f"{number} code{'' if len(every) == 1 else 's'} {what}: {listed}."
    excerpts = [key for _, code in of.named if code in passages for key in passages[code]]
    return Choice("missing", excerpts=tuple(excerpts[:SHOWN]), said=said)


def _with_narrower(codes: set[str], book: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return codes with all that are narrower."""
    while narrower := {code for code, row in book.items() if row["broader"] in codes} - codes:
        codes = codes | narrower
    return codes


def _passages_of(of: Chooser, select: str, codes: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return the passages of codes, as a statement of SQL gives them, within the limits of the question."""
    passages: dict[str, list[str]] = {}
    for code, excerpt in of.study.tables.sql(select, codes=json.dumps(sorted(codes))):
        if of.is_within(excerpt):
            passages.setdefault(code, []).append(excerpt)
    return passages


def _of_kind(of: Chooser, texts: Mapping[str, str]) -> set[str]:
    """Return the codes whose names or definitions have most of what the question tells of their kind."""
    told = {key for key, _ in content_words(of.question.text)} - function_words()
    asked = {key for key in told if not (is_common(key) or _RIVAL.search(key))}
    alike = of.study.lexicon.alike(asked)
    meant = [{key, *alike.get(key, ())} for key in asked]
    fit = {
        code: sum(bool(some & {key for key, _ in content_words(text)}) for some in meant)
        for code, text in texts.items()
    }
    most = max(fit.values(), default=0)
    return {code for code, number in fit.items() if number == most > 0}


def list_searches(of: Chooser) -> Choice:
    """List the searches that found nothing: by who searched, when, where, on what, and by the words of their notes."""
    question = of.question
    by_id: dict[str, list[dict[str, Any]]] = {}
    for row in of.study.run("searches").dicts():
        by_id.setdefault(row["search"], []).append(row)
    some = {key: rows for key, rows in by_id.items() if _is_searched(of, rows)}
    about = {t.id for t in of.topics} | {c for t in question.of("concept") for c in of.broader(t.id)}
    near = {key for key, rows in some.items() if any(row["about"] in about for row in rows)}
    near = near or {key for key, rows in some.items() if any(row["about"] in of.matched.claims for row in rows)}
    if question.words or (of.topics and not near):
        shares = of.shares({key: str(rows[0]["note"]) for key, rows in some.items()})
        best = max(shares.values(), default=0.0)
        told = {key for key, share in shares.items() if share >= BESIDE and share >= LIKE_BEST * best}
        near = (near & told) or near or told
    asked = bool(of.topics or of.matched.claims)
    chosen = {key: some[key] for key in some if key in near} if near or asked else some
    for rows in chosen.values():
        of.name("coder", rows[0]["coder"], str(rows[0]["date"]))
    wanted = {row["about"] for rows in chosen.values() for row in rows}
    claims = tuple(c for c in of.everything if c in wanted)
    return Choice("searches", claims, searches=tuple(rows[0] for rows in chosen.values()), said=_searched(of, chosen))


def _is_searched(of: Chooser, rows: list[dict[str, Any]]) -> bool:
    """Say whether a search was done by whom, when and where the question says."""
    question, limits = of.question, of.question.limits
    coders = {term.id for term in question.of("coder")}
    cases = {of.study.tables.cases.get(row["source"]) for row in rows} | {row["case"] for row in rows}
    sources = {row["source"] for row in rows}
    day = dates.day(question.text)
    return (
        (not coders or rows[0]["coder"] in coders)
        and (not limits.cases or bool(cases & {*limits.cases}))
        and (not limits.sources or bool(sources & {*limits.sources}))
        and (not day or str(rows[0]["date"]).startswith(day))
    )


def _searched(of: Chooser, searches: dict[str, list[dict[str, Any]]]) -> str:
    """Say in a sentence which searches found nothing, who did them when, and on what."""
    if not 0 < len(searches) <= FEW:
        return ""
    zh = of.question.language == "zh"
    told = []
    for key, rows in searches.items():
        about = list(dict.fromkeys(of.study.label("concept", row["about"]) for row in rows))
        who = f"{of.study.label('coder', rows[0]['coder'])}, {rows[0]['date']}"
        listed = ("、" if zh else ", ").join(about[:FEW]) + (("等" if zh else " …") if len(about) > FEW else "")
        told.append(f"{key}({who};关于{listed})" if zh else f"{key} ({who}; on {listed})")
    count = f"{len(told)} 次查找未果" if zh else f"{len(told)} search{'' if len(told) == 1 else 'es'} in vain"
    return f"{count}:{'、'.join(told)}。" if zh else f"{count}: {'; '.join(told)}."


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
    if own:
        return Choice("advice", own)
    if WISHED in cues and len(of.topics) == 1 and (acting := of.acting(of.stated_on("object"))):
        return Choice("advice", of.without_hindering(acting))
    if easing := tuple(c for c in of.on_object() if of.study.by_claim[c]["relation"] in of.relations_meant()):
        # What eases a worry is what the theory says to hinder it.
        return Choice("advice", easing)
    if "suggestion" in cues and not of.topics and of.question.language == "zh" and "verdict" in of.question.asked:
        return Choice("advice", suggestions)
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
    number = counted(len(lines), "line", language)
    on = counted(len({claim for _, claim, _ in lines}), "proposition", language)
    return f"{number}已撤回或被取代,涉及 {on}。" if zh else f"{number} were withdrawn or superseded, on {on}."


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
    topics = set(of.matched.claims)
    if of.question.words or not any(row[1] in topics for row in rows):
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
