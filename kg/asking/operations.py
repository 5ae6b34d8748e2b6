"""The operations: what each chooses to answer a question with."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kg import dates
from kg.asking import coding
from kg.asking.chooser import BESIDE, KINDS, SHOWN, TOPICS, Choice, Chooser, Study
from kg.asking.question import CHOOSING, MARKS, SUBJECT, UNTOLD
from kg.asking.sentence import text_of
from kg.cjk import has_han
from kg.claims import LITERATURE, SIGNS, STANCES
from kg.ids import BETWEEN
from kg.language.shipped import table
from kg.language.tokens import fold, tokens
from kg.limits import Limits
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.asking.matching import Matched
    from kg.asking.question import Question, Term

_BESIDE = 4
"""How far from the number that is asked for stands what is counted, in Chinese."""

_AMOUNT = re.compile(
    "多少(?!条|个|位|篇|份|段|项|种|处|次|独立|证据|引文|文献|来源|案例|编码|支持|反对|命题|主张|代码|问题|论文|材料|作者|参考)."
)
"""How it is asked in Chinese how much of something there is that is no record."""


def choose(question: Question, matched: Matched, study: Study) -> Choice:
    """Choose what answers a question.

    Args:
        question: the question as read.
        matched: the claims that it is about.
        study: the study that is asked.
    """
    chooser = Chooser(question, matched, study)
    choice = _by_attributes(chooser) or coding.why(chooser) or _OPERATIONS.get(question.operation, _evidence)(chooser)
    named = tuple((kind, key, *rest) for (kind, key), rest in chooser.named.items())
    left_out = text_of([span for span in question.words if span in matched.unknown])
    # What passages were found by is understood.
    looked = choice.excerpts or choice.paragraphs or ((choice.named or named) and not choice.claims)
    if looked and not choice.is_nearest:
        left_out = ()
    if choice.claims and question.words and question.operation in _FACTS and not (choice.excerpts or choice.paragraphs):
        # They are shown beside what is claimed, and are not what was asked for.
        excerpts, paragraphs = chooser.beside()
        choice = replace(choice, excerpts=excerpts, paragraphs=paragraphs)
    return replace(
        choice,
        named=choice.named + named,
        left_out=left_out,
        searches=choice.searches or chooser.rows_about("searches", "search", choice.claims)
        if choice.claims or question.about
        else choice.searches,
        questions=choice.questions or (chooser.rows_about("open-questions", "question", ()) if question.about else ()),
    )


_FACTS = frozenset("when cases drivers effects evidence verdict advice where missing count stage compare".split())
"""Operations that may ask for what only sources tell, beside what is claimed."""
MOST_CODED = 200
"""How many passages are given at most that are coded with a concept."""
CODED = 20
"""Of how many passages that are coded with a concept the authors are named."""
_EVIDENCE = frozenset(
    token.key
    for token in tokens(
        "evidence line quote quotation passage excerpt witness independent source reference document interview case "
        "claim data proof citation study city town firm company coder"
    )
)
"""Keys of the words for what bears on claims, that can be counted."""

# ---- The operations


def _by_attributes(of: Chooser) -> Choice | None:
    """Name the records that are chosen by values of attributes, or tell the values; nothing where more is asked."""
    question = of.question
    if (
        of.topics
        or question.relations
        or question.stance
        or question.words
        or "why" in question.text.casefold().split()
    ):
        return None
    if question.chosen and "evidence" not in question.asked and all(one.note for one in question.chosen):
        for one in question.chosen:
            of.name(one.kind, one.id, one.note)
        return Choice("sources" if question.chosen[0].kind == "source" else "cases")
    if not question.attributes:
        return None
    records = [(t.kind, t.id) for t in question.of("case", "source")]
    cases = {t.id for t in question.of("case")}
    records += [("source", source) for source, case in of.study.tables.cases.items() if case in cases]
    if not records:
        records = [(kind, key) for kind in ("case", "source") for key in of.study.ids(kind)]
    rows = [row for row in of.study.run("attributes").dicts() if row["attribute"] in question.attributes]
    for row in rows:
        if (row["kind"], row["record"]) in records:
            of.name(row["kind"], row["record"], f"{row['label']}: {row['value']}")
    kinds = {kind for kind, _ in of.named}
    return Choice("cases" if "case" in kinds else "sources") if of.named else None


def _evidence(of: Chooser) -> Choice:
    """Choose the claims and their evidence; passages where the theory claims nothing."""
    if of.question.stance and of.question.operation == "verdict" and not (of.question.about or of.question.words):
        return Choice("verdict", tuple(claim for claim in of.everything if of.has_lines(claim)))
    if not (of.question.about or of.question.words or of.question.limits or of.question.relations):
        for row in of.study.rows:
            of.name("concept", row["subject"])
        return Choice("evidence", is_nearest=True)
    claims = of.claims()
    silent = tuple(
        t.label for t in of.question.of("concept") if not of.study.run("claims-about-concept", concept=t.id).rows
    )
    unknown = text_of([s for s in of.question.words if s in of.matched.unknown])
    operation = of.question.operation
    if operation in ("verdict", "relate") and silent and len(of.topics) > 1:
        return replace(_find(of), operation=operation, nothing_on=silent, claims=())
    joins = operation in ("verdict", "relate", "drivers", "effects") or (
        operation == "evidence" and "how" in of.question.cues
    )
    if len(of.topics) > 1 and not of.matched.joint and joins:
        if chain := of.chain():
            return Choice(operation, chain)
        acts = (
            of.question.relations
            or {"effects", "drivers", "relate"} & {*of.question.asked}
            or "acts" in of.question.cues
        )
        if acts and operation != "evidence":
            for term in of.topics:
                of.name(term.kind, term.id)
            return Choice(operation, joint=False, questions=of.rows_about("open-questions", "question", claims))
    if claims and len(of.topics) < 2 and not (of.question.of("proposition") or silent):
        # Words that only sources have tell what is meant of all that is claimed about something.
        told = of.told()
        if told and (meant := tuple(claim for claim in told.claims if claim in claims) or told.claims):
            return replace(told, operation=operation, claims=of.of_stage(meant))
    if not claims:
        found = _find(of)
        # What a passage is evidence on does not say whether something else is so.
        tells = not found.is_nearest and not silent and operation != "verdict"
        if tells and (claims := of.resting_on(found)):
            return replace(found, operation=operation, claims=claims)
        return replace(found, operation=operation, nothing_on=of.nothing(silent, unknown, found))
    if not (of.topics or of.question.stance) and of.matched.unknown and of.question.language == "zh":
        found = _find(of)
        if not found.is_nearest and (resting := of.resting_on(found)):
            return replace(found, operation=operation, claims=resting)
    if len(of.topics) == 1 and (SUBJECT in of.question.cues or (of.question.words and operation == "verdict")):
        claims = of.by_place("subject")
    if len(of.question.limits.cases) > 1 and of.question.stance and not of.topics:
        return Choice(operation, of.in_each_case(claims))
    asks_how = of.question.text.casefold().startswith(("how do", "how can", "how will")) or (
        of.question.language == "zh" and "how" in of.question.cues and "acts" in of.question.cues
    )
    if len(of.topics) == 2 and asks_how:
        chain = of.chain()
        claims = tuple(claim for claim in of.everything if claim in claims or claim in chain)
    foreign: tuple[str, ...] = ()
    if len(of.topics) < 2 and operation in ("verdict", "effects", "evidence", "drivers"):
        foreign = unknown if operation == "effects" and of.question.language == "en" else of.foreign()
    if foreign:
        found = _find(of)
        return replace(found, operation=operation, claims=claims, is_nearest=True, foreign=foreign)
    if (
        "how" in of.question.cues
        and (of.question.limits.cases or of.question.limits.sources)
        and not of.question.stance
    ):
        return _told_in_place(of, Choice(operation, claims, joint=of.matched.joint))
    joint = of.matched.joint or not of.topics
    return Choice(operation, claims, joint=joint and not (operation == "verdict" and of.says_contrary(claims)))


def _find(of: Chooser) -> Choice:
    """Find passages by their words, or those that are coded with a concept of which nothing is claimed."""
    if of.topics and not of.question.words and (coded := of.coded()):
        return Choice("find", excerpts=tuple(coded[:MOST_CODED]), coded=len(coded))
    excerpts, paragraphs, whole = of.found()
    if not excerpts and not paragraphs:
        near = of.of_stage(of.matched.claims)
        return Choice("find", near, is_nearest=bool(near) or of.question.operation != "find")
    return Choice("find", excerpts=tuple(excerpts), paragraphs=tuple(paragraphs), is_nearest=not whole)


def _drivers(of: Chooser) -> Choice:
    """Choose the claims that say what acts on something, and passages where the question says more."""
    if "most" in of.question.cues and not of.question.words:
        some = of.by_place("object") if of.topics else of.promoting()
        return Choice("drivers", _most(of, some))
    if "contested" in of.question.cues and of.topics:
        # Why something is contested is told by the evidence for and against it.
        return Choice("evidence", tuple(claim for claim in of.claims() if of.is_contested(claim)) or of.claims())
    if not of.claims() or (of.matched.share < 0.5 and not of.topics and not of.question.relations):
        return _about_words(of)
    choice = _on_side(of, "object")
    if (
        "how" in of.question.cues
        and (of.question.limits.cases or of.question.limits.sources)
        and not of.question.stance
    ):
        return _told_in_place(of, choice)
    if len(of.question.limits.cases) > 1 and of.question.stance:
        return replace(choice, claims=of.in_each_case(choice.claims))
    if not choice.claims and of.question.excluded and of.topics:
        return Choice("drivers", no_other=tuple(term.label for term in of.topics))
    if of.question.words and of.matched.unknown and choice.claims and not (choice.excerpts or choice.paragraphs):
        found = _find(of)
        if not found.is_nearest:
            return replace(choice, excerpts=found.excerpts, paragraphs=found.paragraphs)
    return choice


def _effects(of: Chooser) -> Choice:
    """Choose the claims that say on what something acts."""
    if not of.claims():
        return _about_words(of)
    return _on_side(of, "subject")


def _on_side(of: Chooser, place: str) -> Choice:
    """Choose the claims that have what the question is about as their subject, or as their object."""
    choice = _evidence(of)
    if not of.topics or choice.excerpts or choice.paragraphs:
        return choice
    other = of.placed("object" if place == "subject" else "subject")
    elsewhere = bool(other) and len(of.topics) == 1 and not choice.is_nearest and not of.placed(place)
    claims = of.acting(of.by_place(place))
    if elsewhere and (stated := of.stated_on(place)):
        # Words that point to another claim do not say that nothing is claimed here.
        some = {*of.acting(stated), *claims}
        claims, elsewhere = tuple(claim for claim in of.everything if claim in some), False
    if lacking := of.lacks_hindering():
        return replace(choice, claims=claims, is_nearest=True, foreign=lacking)
    # Of a relation that is named the claims are what was asked for, on whichever side.
    related = any(of.study.by_claim[claim]["relation"] in of.question.relations for claim in claims)
    return replace(choice, claims=claims, elsewhere=elsewhere and not related)


def _about_words(of: Chooser) -> Choice:
    """Find passages, where what is asked is no claim of the theory."""
    if of.question.words and of.matched.unknown:
        found = _find(of)
        if foreign := of.foreign():
            return replace(found, operation=of.question.operation, claims=(), is_nearest=True, nothing_on=foreign)
        claims = () if found.is_nearest else of.resting_on(found)
        silent = () if claims else text_of(of.unknown_sides)
        return replace(found, operation=of.question.operation, claims=claims, nothing_on=silent)
    return _evidence(of)


def _stage(of: Chooser) -> Choice:
    """Choose the claims about something that are bound to a stage; all, with open questions, where none is."""
    texts = {token.text for token in tokens(of.question.text)}
    if not of.question.of("proposition") and texts & {"first", "last"} and (order := of.stages()):
        one = order[0] if "first" in texts else order[-1]
        of.name("concept", one)
        return Choice("stage", tuple(row["claim"] for row in of.study.rows if one in (row["stage"], row["object"])))
    choice = _evidence(of)
    bound = {row["claim"]: row["stage"] for row in of.study.rows if row["stage"]}
    claims = tuple(claim for claim in choice.claims if claim in bound)
    for claim in claims:
        of.name("concept", bound[claim], claim)
    return replace(choice, claims=claims or choice.claims)


def _claims(of: Chooser) -> Choice:
    """List claims by kind, stage and how they stand."""
    question, cues = of.question, of.question.cues
    some = of.claims() if (of.topics or of.matched.claims) else of.of_stage(of.everything)
    chooses = question.limits or question.stance or cues & {*CHOOSING}
    if question.words and of.matched.unknown and not (of.matched.claims or of.topics or chooses):
        return replace(_find(of), operation="claims", nothing_on=text_of(question.words))
    kinds = of.study.kinds
    wanted = cues & KINDS
    if wanted:
        some = tuple(claim for claim in of.everything if kinds[claim] in wanted)
    stance = question.stance
    within = of.study.bearing
    tests: list[Callable[[str], bool]] = []
    if "most" in cues:
        return Choice("claims", _most(of, some))
    if "contested" in cues:
        tests.append(of.is_contested)
    if "unsupported" in cues:
        tests.append(lambda c: not within.tally(c)["supports"])
    if "bare" in cues:
        tests.append(lambda c: not sum(within.tally(c).values()))
    if "unopposed" in cues:
        tests.append(lambda c: not within.tally(c)["opposes"])
    if "single" in cues:
        tests.append(lambda c: of.study.bearing.witnesses(c, "supports").independent == 1)
    # What a case does not speak of may have no evidence at all.
    untold = UNTOLD in cues and not (question.limits.cases or question.limits.roles)
    if "weak" in cues and "strong" not in cues:
        whole = of.study.all.within(replace(question.limits, strengths=()))
        tests.append(lambda c: {s for k, s in whole.weights(c) if k == "supports"} == {"weak"})
    elif (stance or (question.limits and not wanted and not untold)) and question.limits != Limits(
        stages=question.limits.stages or ("",)
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
    if ("role", LITERATURE) in question.limits.without and question.language == "zh":
        some_stances = (stance,) if stance else STANCES
        tests.append(lambda c: not any(of.study.all.by_case(c)[s][LITERATURE] for s in some_stances))
    if question.by_case:
        tests.append(lambda c: all(of.study.all.by_case(c)[said][case] for case, said in question.by_case))
    if {*question.limits.roles} == {LITERATURE, "case"} and stance:
        tests.append(lambda c: bool(of.study.all.by_case(c)[stance][LITERATURE]))
        tests.append(lambda c: any(of.study.all.by_case(c)[stance][case] for case in of.study.ids("case")))
    if "only" in cues and stance and question.limits.roles == ("case",):
        tests.append(lambda c: not of.study.all.by_case(c)[stance][LITERATURE])
    if "only" in cues and stance and question.limits.roles == (LITERATURE,):
        tests.append(lambda c: not any(of.study.all.by_case(c)[stance][case] for case in of.study.ids("case")))
    return Choice("claims", tuple(claim for claim in some if all(test(claim) for test in tests)))


def _most(of: Chooser, claims: Iterable[str]) -> tuple[str, ...]:
    """Return the claims with most evidence of the stance that is asked for; for none, with most beyond what opposes."""
    stance = of.question.stance
    tallies = {claim: of.study.bearing.tally(claim) for claim in claims}
    counts = {c: tally[stance] if stance else tally["supports"] - tally["opposes"] for c, tally in tallies.items()}
    best = max(counts.values(), default=0)
    return tuple(claim for claim, number in counts.items() if best > 0 and number == best)


def _missing(of: Chooser) -> Choice:
    """Choose the claims that lack support, the open questions and the searches in vain."""
    limits = of.question.limits
    some = of.of_stage(of.matched.claims if of.topics else of.everything)
    if of.question.words and of.matched.unknown and not of.topics:
        some = of.matched.claims or some
    if kinds := {kind for kind in ("definition", "suggestion") if kind in of.question.cues}:
        some = tuple(claim for claim in some if of.study.kinds[claim] in kinds)
    if "gap" in of.question.cues:
        return _claims(of)
    bears = of.study.bearing
    if {"cases", "field"} & of.question.cues and not limits.cases:
        bears = of.study.all.within(replace(limits, cases=tuple(of.study.ids("case"))))
    if (limits.cases and not of.question.lacking) or "bare" in of.question.cues:
        claims = tuple(c for c in some if not sum(bears.tally(c).values()))
    else:
        claims = tuple(c for c in some if not bears.tally(c)["supports"])
    if of.topics and not claims:
        claims = some
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
    weaker = tuple(c for c in some if not bears.tally(c)["supports"]) if "bare" in of.question.cues else ()
    return Choice("missing", claims, questions=tuple(by_id.values()), weaker=weaker)


def _searches(of: Chooser) -> Choice:
    """List the searches that found nothing."""
    rows = of.rows_about("searches", "search", of.matched.claims)
    by_about = {row["search"]: row for row in rows}
    wanted = {row["about"] for row in of.study.run("searches").dicts() if row["search"] in by_about}
    if {"who", "谁", "when"} & {token.text for token in tokens(of.question.text)}:
        for row in rows:
            of.name("coder", row["coder"], row["date"])
    return Choice("searches", tuple(c for c in of.everything if c in wanted), searches=rows)


def _authors(of: Chooser) -> Choice:
    """Name authors: of a concept, of the references that bear on the claims, of those whose passages have the words."""
    question = of.question
    if not (question.about or question.words or question.limits or question.stance):
        for row in sorted(of.study.run("authors").dicts(), key=lambda row: (-int(row["references"]), row["author"])):
            of.name("author", row["author"], of.written(row["author"]))
        return Choice("authors")
    if "origin" in question.cues and (choice := _origin(of)):
        return choice
    stance = question.stance or ""
    # What only sources say is told by their passages, unless a claim joins what is named.
    joined = (len(of.topics) > 1 and of.matched.joint) or bool(of.topics and stance)
    rare = [span for span in of.matched.unknown if of.occurs(span.text)] if not joined else []
    claims = of.claims() if not rare else ()
    references = of.references_of(claims, stance) if stance or not question.words else []
    if not (question.words or stance or of.topics or "origin" in question.cues) and question.limits:
        references = of.references_of(of.everything, "")
    told = not (question.words or stance or "origin" in question.cues)
    if told and (keys := references or of.cited(of.coded()[:CODED], [])):
        of.name_authors(keys)
        of.name_references(keys)
        return Choice("authors", claims if references and of.topics else ())
    if stance and (references or (claims and of.topics)):
        # Who writes of it is nobody who opposes it.
        of.name_authors(references)
        return Choice("authors", tuple(claim for claim in claims if of.has_lines(claim)) or claims)
    excerpts, paragraphs, whole = of.found(3)
    told = of.has_all(excerpts, paragraphs) and bool(of.cited(excerpts, paragraphs))
    if of.topics and question.language == "zh" and "origin" not in question.cues and not told:
        # Who has studied something is asked, of which the other words tell more than sources do.
        about = tuple(claim for claim in of.matched.claims if of.references_of([claim], stance))
        if keys := of.references_of(about, stance):
            of.name_authors(keys)
            of.name_references(keys)
            return Choice("authors", about)
    cited = of.cited(excerpts, paragraphs) or references
    of.name_authors(cited)
    of.name_references(cited)
    return Choice(
        "authors",
        excerpts=tuple(excerpts),
        paragraphs=tuple(paragraphs),
        # Who writes of a concept is not who has it from nobody else.
        is_nearest=not (whole or references) or ("origin" in question.cues and bool(of.topics) and not question.words),
    )


def _origin(of: Chooser) -> Choice | None:
    """Name those whom a concept is from, as its definition says, where that is asked; nothing where none are known."""
    concepts = of.question.of("concept")
    if of.question.stance or of.question.relations:
        return None
    for term in concepts:
        if keys := of.origin(term):
            of.name_authors(keys)
            of.name_references(keys)
            return Choice("authors", definition=tuple(_defined(of, term)))
    return None


def _says(of: Chooser) -> Choice:
    """Name the sources that state the claims, and the authors of the works that support them."""
    claims = of.claims()
    if not claims or (of.matched.unknown and not of.topics):
        found = _authors(of)
        for source in found.sources:
            of.name("source", source)
        return replace(found, operation="says")
    for claim in claims:
        for passage in of.study.all.assertions(claim):
            of.name("source", passage.source, word("states it", of.question.language))
    of.name_references(of.references_of(claims, "supports"))
    return Choice("says", claims)


def _references(of: Chooser) -> Choice:
    """Name references: of the evidence of the claims, of a kind, or of passages with the words."""
    if (marked := MARKS & of.question.cues) and (choice := _marked(of, marked)):
        return choice
    authors = of.question.of("author")
    if authors and not (of.topics or of.question.words or of.question.stance):
        for term in authors:
            of.name_references(r["reference"] for r in of.study.run("references-by-author", author=term.id).dicts())
        return Choice("references", of.claims())
    claims = of.claims()
    if not (claims or of.topics or of.question.words) and of.question.stance:
        claims = tuple(c for c in of.everything if of.references_of([c], of.question.stance))
    references = of.references_of(claims, of.question.stance or "")
    if len(of.topics) > 1 and {"both", "each", "都"} & {token.text for token in tokens(of.question.text)}:
        for term in of.topics:
            on = [c for c in claims if term.id in of.study.lexicon.claim_concepts.get(c, ())]
            references = [key for key in references if key in of.references_of(on, of.question.stance or "")]
    told = of.found(3)[2] if of.matched.unknown and not of.topics and of.question.language == "zh" else False
    if references and not told:
        of.name_references(references)
        return Choice("references", claims)
    excerpts, paragraphs, whole = of.found(3)
    of.name_references(of.cited(excerpts, paragraphs))
    return Choice("references", excerpts=tuple(excerpts), paragraphs=tuple(paragraphs), is_nearest=not whole)


def _marked(of: Chooser, marks: frozenset[str]) -> Choice | None:
    """Name the references that have a mark, as those of a company, or no date, and the claims that they bear on."""
    zh = of.question.language
    for row in of.study.run("references").dicts():
        item = json.loads(row["csl"])
        own = {*item.get("custom", {}).get("marks", ())} | (
            {"undated"} if not dates.year(item.get("issued")) else set()
        )
        if marks <= own:
            of.name("reference", row["reference"], ", ".join(word(mark, zh) for mark in sorted(own & marks)))
    if not of.named:
        return None
    limits = Limits(references=tuple(key for _, key in of.named))
    within = of.study.all.within(limits)
    return Choice("references", tuple(c for c in of.everything if any(within.tally(c).values())))


def _sources(of: Chooser) -> Choice:
    """Name the sources that bear on the claims or have the words; all when nothing is asked of them."""
    if (marked := MARKS & of.question.cues) and (choice := _marked(of, marked)):
        return choice
    claims = of.claims()
    cases = of.question.limits.cases
    if not (of.topics or of.question.words or of.question.stance) and all(
        t.kind in ("source", "case") for t in of.question.about
    ):
        for row in of.study.run("sources").dicts():
            if not cases or row["case"] in cases:
                of.name("source", row["source"], row["role"])
        return Choice("sources")
    if claims and not of.matched.unknown:
        for source in of.sources_of(claims):
            of.name("source", source)
        return Choice("sources", claims)
    found = _find(of)
    for source in found.sources:
        of.name("source", source)
    return replace(found, operation="sources")


def _cases(of: Chooser) -> Choice:
    """Name the cases that bear on the claims, with their counts; or those whose sources have the words."""
    claims = of.claims()
    stances = (of.question.stance,) if of.question.stance else STANCES
    cases = of.study.ids("case")
    if claims and not (of.matched.unknown and not of.topics):
        counts = of.study.bearing.by_case(*claims)
        lacking = not of.question.stance and bool({"bare", "unsupported"} & of.question.cues)
        for case in cases:
            number = sum(counts[s][case] for s in stances)
            if bool(number) != lacking:
                of.name("case", case, " ".join(f"{SIGNS[s]}{counts[s][case]}" for s in stances))
        return Choice("cases", claims)
    if not of.question.words:
        lacking = bool({"bare", "unsupported"} & of.question.cues)
        if "most" in of.question.cues:
            counts = of.study.all.by_case(*of.everything)
            numbers = {case: sum(counts[s][case] for s in stances) for case in cases}
            for case in cases:
                if numbers[case] == max(numbers.values()):
                    of.name("case", case, " ".join(f"{SIGNS[s]}{counts[s][case]}" for s in stances))
            return Choice("cases")
        for case in cases:
            number = sum(sum(of.study.all.within(Limits(cases=(case,))).tally(c).values()) for c in of.everything)
            if bool(number) != lacking:
                of.name("case", case)
        return Choice("cases")
    found = _find(of)
    for source in found.sources:
        if here := of.study.tables.cases.get(source):
            of.name("case", here)
    return replace(found, operation="cases")


def _count(of: Chooser) -> Choice:
    """Count records, evidence lines, or independent witnesses."""
    keys = {token.key for token in tokens(of.question.text)}
    text = of.question.text
    if of.question.of("coder") and not of.topics and {*coding.ACTS} & of.question.cues:
        return coding.coders(of)
    if "agreement" in of.question.cues and not of.topics:
        return coding.disputed(of)
    counted = _what_is_counted(of)
    chosen = {*CHOOSING} & of.question.cues - KINDS
    if counted == "proposition" and (chosen or (of.question.language == "zh" and (of.topics or of.question.stance))):
        listed = _claims(of).claims
        return Choice("count", listed, number=len(listed), counted=counted)
    on_stages = counted == "stage" and of.question.language == "zh" and not of.question.stance
    if counted and (on_stages or not of.topics) and not of.question.stance:
        ids = of.study.ids(counted)
        if counted == "stage":
            ids = of.stages()
            for key in ids:
                of.name("concept", key)
            return Choice("count", number=len(ids), counted=counted)
        limits = of.question.limits
        if counted == "source" and (limits.roles or limits.cases):
            ids = [
                row["source"]
                for row in of.study.run("sources").dicts()
                if (not limits.roles or row["role"] in limits.roles)
                and (not limits.cases or row["case"] in limits.cases)
            ]
        number = len(ids)
        if counted == "passage":
            number = of.study.tables.sql("SELECT count(*) FROM excerpt")[0][0]
        if counted == "question":
            rows = {row["question"]: row for row in of.study.run("open-questions").dicts()}
            return Choice("count", number=len(rows), counted=counted, questions=tuple(rows.values()))
        for key in ids[:50] if counted != "reference" else ():
            of.name(counted, key)
        return Choice("count", number=number, counted=counted)
    if _AMOUNT.search(fold(text)) and of.question.language == "zh" and (of.question.words or of.topics):
        return replace(_told(of, "count"), operation="count")
    if kinds := of.question.cues & KINDS:
        some = tuple(claim for claim in of.everything if of.study.kinds[claim] in kinds)
        return Choice("count", some, number=len(some), counted="proposition")
    claims = of.by_place("subject") if SUBJECT in of.question.cues else of.claims()
    if not claims and of.question.stance and not of.question.words:
        claims = tuple(c for c in of.everything if of.has_lines(c))
    if not claims or not (of.question.stance or keys & _EVIDENCE or has_han(text)):
        # Things in the world are counted by the passages that tell of them.
        return _told(of, "count")
    if keys & {"wit", "independ"} or "独立" in text:
        number = sum(of.study.bearing.witnesses(c, of.question.stance or "").independent for c in claims)
        return Choice("count", claims, number=number, counted="witness")
    bearing = ("source", "reference", "case")
    if kind := counted if counted in bearing else next((kind for kind in bearing if keys & _counted(kind)), None):
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
    tally = of.study.bearing.tally(*claims)
    number = tally[of.question.stance] if of.question.stance else sum(tally.values())
    return Choice("count", claims, number=number, counted="line")


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
        return next((kind for kind in kinds if keys & _counted(kind)), "")
    text = fold(of.question.text)
    asked = [(text.find(one), len(one)) for one in table("operations")["operation"]["count"]["zh"] if one in text]
    at, long = min(asked, default=(len(text), 0))
    places = []
    for kind, called in counted.items():
        for name in called["zh"]:
            found = text.find(name, at + long)
            if 0 <= found <= at + long + _BESIDE:
                places.append((found - at - long, -len(name), kind))
            elif (found := text.rfind(name, 0, at)) >= 0 and not of.question.cues & KINDS:
                places.append((100 + at - found, -len(name), kind))
    return min(places, default=(0, 0, ""))[2]


def _advice(of: Chooser) -> Choice:
    """Choose the suggestions of the theory, and of what it says about the topic otherwise."""
    kinds = of.study.kinds
    suggestions = tuple(claim for claim in of.everything if kinds[claim] == "suggestion")
    some = of.claims()
    own = tuple(claim for claim in some if claim in suggestions)
    cues = of.question.cues
    if {"bare", "unsupported"} & cues:
        return Choice("advice", tuple(c for c in suggestions if not of.study.bearing.tally(c)["supports"]))
    if "most" in cues:
        return Choice("advice", _most(of, own or suggestions))
    if own:
        return Choice("advice", own)
    if "suggestion" in cues and not of.topics and of.question.language == "zh" and "verdict" in of.question.asked:
        return Choice("advice", suggestions)
    if not some and of.question.words:
        found = _find(of)
        if not found.is_nearest and (resting := of.resting_on(found)):
            return replace(found, operation="advice", claims=resting)
    if some and of.topics:
        return Choice("advice", some)
    return Choice("advice", some or suggestions)


def _compare(of: Chooser) -> Choice:
    """Choose the claims that what is compared has evidence on."""
    bound = {row["stage"] for row in of.study.rows if row["stage"]}
    stages = {t.id for t in of.topics} & bound
    if not (of.topics or of.question.limits) and {"stages", "phases"} & {
        token.text for token in tokens(of.question.text)
    }:
        stages = bound
    if len(stages) > 1:
        rows = of.study.rows
        bound = {row["claim"] for row in rows if stages & {row["stage"], row["subject"], row["object"]}}
        return Choice("compare", tuple(claim for claim in of.everything if claim in bound))
    if of.topics or of.matched.claims:
        choice = replace(_evidence(of), operation="compare")
        topics = {term.id for term in of.topics}
        placed = [
            row for row in of.study.rows if row["claim"] in choice.claims and {row["subject"], row["object"]} & topics
        ]
        if len(topics) > 1 and all(any(t in (row["subject"], row["object"]) for row in placed) for t in topics):
            # What is claimed of narrower concepts is not compared; what is claimed of each is, not only of both.
            placed = [row for row in of.study.rows if {row["subject"], row["object"]} & topics]
            choice = replace(choice, claims=of.of_stage(row["claim"] for row in placed))
        return choice
    if "cases" in of.question.cues and not of.question.limits.cases:
        for case in of.study.ids("case"):
            tally = of.study.all.within(Limits(cases=(case,))).tally(*of.everything)
            of.name("case", case, " ".join(f"{SIGNS[s]}{tally[s]}" for s in STANCES))
    claims = tuple(claim for claim in of.of_stage(of.everything) if of.has_lines(claim))
    return Choice("compare", claims if of.question.limits else of.everything)


def _relate(of: Chooser) -> Choice:
    """Choose the claims that join concepts."""
    for term in of.question.of("concept"):
        of.name("concept", term.id)
    return _evidence(of)


def _define(of: Chooser) -> Choice:
    """Say what a record is; find passages where it is none."""
    about = of.question.about
    if not about:
        return replace(_find(of), operation="define") if of.question.words else _evidence(of)
    if of.question.words and of.rarest() and (told := of.told()):
        # Someone or something that only sources name.
        return replace(told, operation="define")
    about = of.topics or of.question.of("code", "coder") or about
    rows: list[dict[str, Any]] = []
    for term in about[:1]:
        rows += _defined(of, term)
        of.name(term.kind, term.id)
    claims = of.of_stage(of.matched.claims) if about[0].kind == "concept" else ()
    return Choice("define", claims, definition=tuple(rows))


def _defined(of: Chooser, term: Term) -> list[dict[str, Any]]:
    if term.kind == "concept":
        return list(of.study.run("concept", concept=term.id).dicts())
    if term.kind == "code":
        return [
            {"property": row["property"], "value": row["value"]} for row in of.study.run("code", id=term.id).dicts()
        ]
    if term.kind == "coder":
        return [
            {"property": "definition", "value": row["note"] or row["name"]}
            for row in of.study.run("coders").dicts()
            if row["coder"] == term.id
        ]
    return []


def _summary(of: Chooser) -> Choice:
    """Sum up what the study has on one record."""
    about = of.question.about
    if not about:
        return _evidence(of) if of.question.words or of.question.limits else Choice("summary", of.everything)
    term = about[0]
    rows = _defined(of, term)
    for one in about:
        if one.kind == term.kind:
            of.name(one.kind, one.id)
    if term.kind in TOPICS:
        return replace(_evidence(of), operation="summary", definition=tuple(rows))
    if term.kind == "code":
        claims = of.of_stage(of.matched.claims)
        ids = of.study.tables.sql(
            "SELECT excerpt FROM coded WHERE code = :code ORDER BY place LIMIT :n", code=term.id, n=SHOWN
        )
        return Choice("summary", claims, excerpts=tuple(i for (i,) in ids), definition=tuple(rows))
    if term.kind == "paragraph":
        return Choice("summary", excerpts=of.in_paragraph(term))
    if of.question.words and (told := of.told()):
        return replace(told, operation="summary", definition=(*rows, *of.attributes()))
    claims = tuple(claim for claim in of.of_stage(of.everything) if of.has_lines(claim)) if of.question.limits else ()
    return Choice("summary", claims, definition=(*rows, *of.attributes()))


def _withdrawn(of: Chooser) -> Choice:
    """Name the evidence lines that were withdrawn or superseded."""
    rows = of.study.tables.sql(
        "SELECT id, claim, status, status_date, status_reason, excerpts FROM line "
        "WHERE status IN ('withdrawn', 'superseded') ORDER BY claim, id"
    )
    topics = set(of.matched.claims)
    excerpts = []
    for identifier, claim, status, day, reason, quoted in rows:
        if topics and claim not in topics:
            continue
        of.named["line", identifier] = (claim, f"{status} {day}: {reason}")
        excerpts += quoted.split(BETWEEN)
    about = {label for (kind, _), (label, _) in of.named.items() if kind == "line"}
    claims = tuple(claim for claim in of.everything if claim in about)
    return Choice("withdrawn", claims, excerpts=tuple(dict.fromkeys(excerpts))[:SHOWN])


def _when(of: Chooser) -> Choice:
    """Find the passages that tell when; for a reference, coder or concept, its date."""
    asked = "origin" in of.question.cues or "published" in of.question.text.casefold()
    if asked and (origin := _origin(of)):
        return replace(origin, operation="when")
    for term in of.question.of("reference"):
        of.name_references([term.id])
    rows = of.attributes()
    if of.question.words or not (of.question.of("reference") or rows):
        told = _told(of, "when")
        if dated := of.with_dates(told):
            told = replace(dated, claims=() if told.is_nearest else of.resting_on(dated, around=True))
        if told.is_nearest and (dated := of.dated()):
            return Choice("when", excerpts=dated, definition=rows)
        return replace(told, definition=rows)
    return Choice("when", excerpts=of.dated(), definition=rows)


def _told(of: Chooser, operation: str) -> Choice:
    """Find passages, with the claims that the best of them is evidence on."""
    found = _find(of)
    return replace(found, operation=operation, claims=() if found.is_nearest else of.resting_on(found, around=True))


def _told_in_place(of: Chooser, choice: Choice) -> Choice:
    """Say how or why something is so in a case: by the passages that tell of it, and the claims that these bear on."""
    topics = {term.id for term in of.topics}
    rows = of.study.by_claim
    on = tuple(c for c in of.everything if {rows[c]["subject"], rows[c]["object"]} & topics)
    claims = tuple(c for c in choice.claims if of.has_lines(c)) or tuple(c for c in on if of.has_lines(c))
    choice = replace(choice, elsewhere=choice.elsewhere and not claims)
    if not of.question.words:
        return replace(choice, claims=claims or choice.claims)
    found = _find(of)
    resting = of.resting_on(found)
    own = tuple(claim for claim in resting if claim in claims) if of.topics else resting
    return replace(choice, claims=own or claims or choice.claims, excerpts=found.excerpts, paragraphs=found.paragraphs)


def _where(of: Chooser) -> Choice:
    """Find the passages with their places."""
    if "origin" in of.question.cues and (origin := _origin(of)):
        return origin
    told = _told(of, "where")
    if of.topics and told.is_nearest and any(of.study.by_claim[claim]["stage"] for claim in of.placed("subject")):
        # Where in the theory something has its place is told by the stage of what is claimed of it.
        return replace(_stage(of), operation="where", is_nearest=False, excerpts=(), paragraphs=())
    return told


def _help(_: Chooser) -> Choice:
    """Say what can be asked."""
    return Choice("help", is_nearest=True)


_OPERATIONS: dict[str, Callable[[Chooser], Choice]] = {
    "count": _count,
    "compare": _compare,
    "withdrawn": _withdrawn,
    "disputed": coding.disputed,
    "searches": _searches,
    "missing": _missing,
    "coders": coding.coders,
    "says": _says,
    "authors": _authors,
    "when": _when,
    "stage": _stage,
    "cases": _cases,
    "references": _references,
    "sources": _sources,
    "where": _where,
    "find": _find,
    "advice": _advice,
    "claims": _claims,
    "drivers": _drivers,
    "effects": _effects,
    "relate": _relate,
    "define": _define,
    "verdict": _evidence,
    "evidence": _evidence,
    "summary": _summary,
    "help": _help,
}
"""What each operation of the table chooses."""
