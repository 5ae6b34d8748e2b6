"""What is missing: claims without support, open questions, what no claim covers, and searches in vain."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kg import dates
from kg.asking.choice import Choice
from kg.asking.codes import in_evidence, with_narrower
from kg.asking.finding import BESIDE, LIKE_BEST, SHOWN
from kg.asking.listing import FEW, list_claims
from kg.asking.patterns import CONCEPTS_ALONE
from kg.language.lexicon import content_words, function_words
from kg.language.tokens import fold, is_common
from kg.limits import Limits
from kg.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.asking.chooser import Chooser

_QUESTIONS = re.compile(r"\bquestions?\b|(?:未决|开放|悬而未决的|没有回答的|未回答的|未解决的|哪些)问题")
"""How open questions are asked for."""
_RIVAL = re.compile(
    r"\brival\b|\b(?:fits?|fitting) no (?:claim|proposition)|\bthe theory does not (?:name|mention|cover)"
    "|竞争性|不属于任何(?:主张|命题)|不合任何(?:主张|命题)|理论没有"
)
"""How a codebook says of a code that it stands for what the theory does not name."""
_OF_CODES = """
SELECT DISTINCT code, excerpt FROM coding WHERE code IN (SELECT value FROM json_each(:codes)) ORDER BY 1, 2"""


def list_missing(of: Chooser) -> Choice:
    """Choose the claims that lack support, the open questions and the searches in vain."""
    limits = of.question.limits
    if CONCEPTS_ALONE.search(fold(of.question.text)):
        return _unclaimed(of)
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


def _unclaimed(of: Chooser) -> Choice:
    """Name the concepts that no claim has as its subject, its object or its stage."""
    claimed = {row[end] for row in of.study.rows for end in ("subject", "object", "stage")}
    for concept in of.study.ids("concept"):
        if concept not in claimed:
            of.name("concept", concept)
    zh = of.question.language == "zh"
    labels = [label for (kind, _), (label, _) in of.named.items() if kind == "concept"]
    if zh:
        said = f"没有主张用到的概念有 {len(labels)} 个{':' if labels else ''}{'、'.join(labels)}。"
    else:
        said = f"No claim is about {counted(len(labels), 'concept', 'en')}{': ' if labels else ''}{', '.join(labels)}."
    return Choice("missing", said=said)


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
    rival = with_narrower(rival, book)
    # A narrower code is of the kind that its broader one names.
    texts = {code: f"{text} {of.study.label('code', book[code]['broader'] or '')}" for code, text in texts.items()}
    named = _passages_of(of, rival)
    every = named or _passages_of(of, book.keys() - in_evidence(of))
    kind = with_narrower({term.id for term in of.question.of("code")}, book) or _of_kind(
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


def _passages_of(of: Chooser, codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the passages of codes within the limits of the question."""
    passages: dict[str, list[str]] = {}
    for code, excerpt in of.study.tables.sql(_OF_CODES, codes=json.dumps(sorted(codes))):
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
    if "bare" in question.cues and "missing" in question.asked:
        # Whether anybody looked for evidence of what has none.
        bare = {claim for claim in of.everything if not sum(of.study.all.tally(claim).values())}
        chosen = {key: rows for key, rows in chosen.items() if any(row["about"] in bare for row in rows)} or chosen
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
        where = [of.study.label("case", one) for one in dict.fromkeys(row["case"] for row in rows) if one]
        # A case is told rather than its texts.
        texts = [one for one in dict.fromkeys(row["source"] for row in rows) if one] if not where else []
        where += texts if len(texts) > 1 else [of.study.label("source", one) for one in texts]
        who += "".join(f"{'、' if zh else ', '}{one}" for one in where[:FEW]) + (" …" if len(where) > FEW else "")
        listed = ("、" if zh else ", ").join(about[:FEW]) + (("等" if zh else " …") if len(about) > FEW else "")
        told.append(f"{key}({who};关于{listed})" if zh else f"{key} ({who}; on {listed})")
    count = f"{len(told)} 次查找未果" if zh else f"{len(told)} search{'' if len(told) == 1 else 'es'} in vain"
    return f"{count}:{'、'.join(told)}。" if zh else f"{count}: {'; '.join(told)}."
