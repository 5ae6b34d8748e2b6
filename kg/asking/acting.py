"""What acts on what: the evidence on claims, drivers, effects, relations, comparisons."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.asking.choice import Choice
from kg.asking.listing import weakest_first, with_most
from kg.asking.meant import KINDS
from kg.asking.order import is_own_act
from kg.asking.passages import MOST_CODED, find_passages, tell, tell_in_place
from kg.asking.patterns import COUNTS_AS, EVERY_LINE, HAPPENED, WEAKEST
from kg.asking.question import ACTING, OBJECT, SUBJECT
from kg.asking.retrieval import NEAR
from kg.asking.sentence import text_of
from kg.claims import SIGNS, STANCES
from kg.language.lexicon import ANYBODY_HAN
from kg.language.tokens import fold, is_common, tokens
from kg.limits import Limits
from kg.numbers import verb
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.asking.chooser import Chooser


_AMOUNT = re.compile(r"\b(?:more|most|fewer|fewest|less|least)\b|多|少")
"""How it is asked which of several has more evidence."""
_WEIGHS = re.compile(
    r"\b(?:matters?|counts?|weighs?|works?|helps?|keeps?|brings?) (?:\w+ ){0,2}(?:more|most|better|best)\b"
    r"|\bmore important\b"
    r"|\b(?:more|better) than\b|\boutweighs?\b|\bbeats?\b|效果更|更能|更重要|更要紧|更管用|更有效|更有用|哪个重要"
)
"""How it is asked which of several does more, rather than has better evidence."""
_WORKS = re.compile(
    r"\b(?:works?|helps?|matters?|effective|any (?:use|good)|make a difference)\b|管用|有用|有效|起作用|灵不灵"
)
"""How it is asked whether something does any good."""
_HOW = re.compile("how |.*(?:怎么|如何|怎样)")
"""How it is asked by what way something comes about."""
_WHY = re.compile(r"\s*(?:why|how come)\b|.*(?:为什么|为何|为啥)", re.IGNORECASE)
"""How it is asked why something is so."""
_ELSE = re.compile(r"\b(?:what|which) (?:else|other)|\brest on\b|别的|其他|其它|还有|还能|还凭|还靠")
"""How it is asked what there is beside something."""
_FAILING = re.compile(
    r"\b(?:backfire\w*|go(?:es)? wrong|went wrong|fails?|failed|break(?:s)? down|broke down)\b|适得其反|失败", re.I
)
"""How it is asked whether something ends badly."""
_TOO_MUCH = re.compile(r"\btoo (?:much|many|often|far|little|few)\b|过度|过多|太多|太少", re.IGNORECASE)
"""How it is asked whether there may be more or less of something than is good."""
_COST = re.compile(
    r"\b(?:what|how much) (?:does|do|did|would|will|could) .{3,60} (?P<told>cost)"
    r"(?: (?:us|them|the|a|per|in|to)\b|\W*$)"
)
"""How it is asked what something costs."""
_CLAUSE_HAN = 6
"""How many characters that are not understood are a clause of their own at least."""
_DOES = frozenset(["do", "does", "did", "can", "could", "will", "would", "has", "have"])
"""Words with which it is asked whether something acts."""
_OR = frozenset(["or", "或", "还"])
"""Words between things one of which is asked about."""
MANY = 5
"""How many claims at most are told apart by words alone."""
FEW = 4
"""How many claims are given at most as those that are nearest."""


def show_evidence(of: Chooser) -> Choice:
    """Choose the claims and their evidence; passages where the theory claims nothing."""
    if of.question.stance and not (of.question.about or of.question.words):
        # All evidence of a stance is told by the claims that have some.
        every = tuple(claim for claim in of.everything if of.has_lines(claim))
        if of.question.operation == "verdict" or EVERY_LINE.search(fold(of.question.text)):
            return Choice(of.question.operation, every)
    if not (of.question.about or of.question.words or of.question.limits or of.question.relations):
        for row in of.study.rows:
            of.name("concept", row["subject"])
        return Choice("evidence", is_nearest=True)
    plain = {*of.question.asked} <= {"evidence", "summary"} and of.question.stance in (None, "supports")
    plain = plain and not (of.question.excluded or of.question.limits.without)
    if plain and not of.topics and of.names_codes_alone and (coded := of.coded_as()):
        # What is coded is told by its passages, and by the claims on which these bear.
        shown = coded[:MOST_CODED]
        return Choice(
            "evidence", of.bearing_on(shown), excerpts=tuple(shown), coded=len(coded), told=True, neutral=True
        )
    if of.question.operation == "verdict" and not of.topics and (codes := of.question.of("code")):
        coded = of.coded_as()
        if coded and not of.bearing_on(coded):
            # What is coded so is evidence on nothing.
            called = tuple(code.label for code in codes)
            return Choice("verdict", excerpts=tuple(coded[:MOST_CODED]), coded=len(coded), nothing_on=called)
    if _asks_what_happened(of):
        return tell(of, "verdict")
    claims = of.claims()
    if of.question.operation in ("evidence", "summary") and len(of.topics) == 1 and not of.question.words:
        # All that is claimed of a stage, and within it.
        claims = tuple(dict.fromkeys((*claims, *(r["claim"] for r in of.study.rows if r["stage"] == of.topics[0].id))))
    silent = tuple(
        t.label
        for t in of.question.of("concept")
        if not (of.study.run("claims-about-concept", concept=t.id).rows or of.is_said_of_another(t))
    )
    unknown = text_of([s for s in of.question.words if s in of.matched.unknown])
    operation = of.question.operation
    if operation in ("verdict", "relate") and silent and len(of.topics) > 1:
        unsure = bool(of.question.words or of.question.is_partial)
        found = find_passages(of)
        lead = _not_joined(of) + ("" if of.question.language == "zh" else " ") if operation == "relate" else ""
        unsure = found.is_nearest or unsure
        return replace(found, operation=operation, nothing_on=silent, claims=(), is_nearest=unsure, lead=lead)
    if operation == "verdict" and (bound := _in_other_stage(of)):
        return Choice(operation, bound, contrary=True)
    kinds = {of.study.kinds[claim] for claim in claims}
    does = {*[token.text for token in tokens(of.question.text)][:1]} & _DOES or ACTING & of.question.cues
    alone = len(of.topics) < 2 and not (of.question.relations or of.question.stance)
    fails = operation in ("verdict", "evidence") and _FAILING.search(of.question.text)
    if kinds == {"definition"} and (fails or (operation == "verdict" and alone and does)):
        # What something is does not tell whether it goes wrong, or does any good.
        silent = unknown or (of.question.text.strip(),)
        return replace(find_passages(of), operation=operation, is_nearest=True, nothing_on=silent)
    joins = operation in ("verdict", "relate", "drivers", "effects") or (
        operation == "evidence" and "how" in of.question.cues
    )
    either = operation == "verdict" and of.question.listed and bool(_OR & {t.text for t in tokens(of.question.text)})
    if len(of.topics) > 1 and not of.matched.joint and operation == "verdict" and (told := _told_of_both(of)):
        return told
    if len(of.topics) > 1 and not of.matched.joint and joins and not either:
        if chain := of.chain():
            return Choice(operation, chain, lead=_by_way(of, chain) if operation == "verdict" else "")
        joining = (
            of.question.relations
            or {"effects", "drivers", "relate"} & {*of.question.asked}
            or "acts" in of.question.cues
        )
        if joining and operation != "evidence":
            for term in of.topics:
                of.name(term.kind, term.id)
            unsure = operation in ("verdict", "relate") and bool(of.matched.unknown or of.question.is_partial)
            rows = of.rows_about("open-questions", "question", claims)
            return Choice(operation, joint=False, questions=rows, is_nearest=unsure, excerpts=of.shared_passages())
    of_others = operation == "verdict" and of.unknown_sides
    said_of_more = of.question.of("proposition") or of.question.excluded
    if claims and len(of.topics) < 2 and not (said_of_more or silent or of_others or operation == "drivers"):
        # Words that only sources have tell what is meant of all that is claimed about something.
        told = of.told()
        if told and (meant := tuple(claim for claim in told.claims if claim in claims)):
            return replace(told, operation=operation, claims=of.of_stage(meant))
        if told and told.claims:
            # What bears on other claims than those on what is named is told by the passages themselves.
            alone = len(of.telling) == 1
            return replace(told, operation=operation, claims=of.of_stage(told.claims), told=True, is_nearest=alone)
    limits = of.question.limits
    if not claims and limits.stages and of.question.stance and (limits.cases or limits.sources) and not of.telling:
        # That nothing of a case bears on any claim of a stage is the answer.
        return Choice(operation, of.of_stage(of.everything))
    by_words = not (of.topics or of.question.stance or limits or of.question.relations or of.question.of("code"))
    if by_words and operation == "evidence" and len(claims) > MANY:
        # Words that many claims have tell none of them apart.
        found = find_passages(of)
        if found.excerpts or found.paragraphs:
            return replace(found, operation=operation, claims=of.resting_on(found), told=not found.is_nearest)
    if not claims and limits and not (of.topics or of.question.words):
        # No line is within the limits.
        return Choice(operation)
    if not claims:
        found = find_passages(of)
        if (name := _name_alone(of)) and not found.is_nearest:
            # Whoever or whatever is asked about by a name alone is told to be nothing that is claimed.
            zh = of.question.language == "zh"
            lead = (
                f"没有主张用到“{name}”或意思相近的词;提到它的引文:"
                if zh
                else f"No claim has the word “{name}”, or one like it; a passage does: "
            )
            return replace(found, operation=operation, lead=lead)
        # What a passage is evidence on does not say whether something else is so.
        tells = not found.is_nearest and not silent and operation != "verdict"
        if tells and (claims := of.resting_on(found)):
            # Where something is only named, the passages tell of it, and not all evidence on the claim.
            return replace(found, operation=operation, claims=claims, told=not of.question.asked)
        if rows := of.open_questions():
            return Choice(operation, questions=rows)
        nothing_on = of.nothing(silent, unknown, found)
        by_rank = of.ranked if nothing_on and not silent else None
        stated = of.stated_in(found) if by_rank else ()
        return replace(
            found,
            operation=operation,
            nothing_on=nothing_on,
            claims=by_rank.claims if by_rank and by_rank.share >= NEAR else stated if len(stated) <= FEW else (),
            is_nearest=found.is_nearest or (bool(nothing_on) and not silent),
        )
    if not (of.topics or of.question.stance) and of.matched.unknown and of.question.language == "zh":
        found = find_passages(of)
        if not found.is_nearest and (resting := of.resting_on(found)):
            return replace(found, operation=operation, claims=resting)
    if len(of.topics) == 1 and OBJECT in of.question.cues and (acted := of.on_object()):
        claims = acted
    elif len(of.topics) == 1 and (
        SUBJECT in of.question.cues
        or (operation == "verdict" and (of.question.words or _WORKS.search(fold(of.question.text))))
    ):
        claims = of.by_place("subject")
    if len(of.question.limits.cases) > 1 and of.question.stance and not (of.topics or of.question.chosen):
        return Choice(operation, of.in_each_case(claims) or claims)
    asks_how = of.question.text.casefold().startswith(("how do", "how can", "how will")) or (
        of.question.language == "zh" and "how" in of.question.cues and "acts" in of.question.cues
    )
    if len(of.topics) == 2 and asks_how:
        chain = of.chain()
        claims = tuple(claim for claim in of.everything if claim in claims or claim in chain)
    foreign: tuple[str, ...] = ()
    # A word in Latin letters in a Chinese question is a name.
    latin = [span for span in of.matched.unknown if of.question.language == "zh" and span.text.isascii()]
    if (
        (
            len(of.topics) < 2
            or _is_vague(of)
            or of.unknown_sides
            or any(map(of.is_absent, (*of.question.within, *latin)))
        )
        and not of.is_told_of_whole
        and not _joins(of, claims)
        and (operation in ("verdict", "effects", "evidence", "drivers") or (operation == "summary" and not of.topics))
    ):
        foreign = unknown if operation == "effects" and of.question.language == "en" else of.foreign()
    if not foreign and (cost := _COST.search(fold(of.question.text))) and not of.worded(claims, "object"):
        # What something costs is told by no claim on it.
        foreign = (cost["told"],)
    if not foreign and operation == "verdict":
        foreign = of.sides_elsewhere(claims)
    if not foreign and operation == "verdict" and of.question.language == "zh":
        # A whole clause that is not understood may be what is asked.
        foreign = tuple(text for text in text_of(of.matched.unknown) if len(text) >= _CLAUSE_HAN)
    by_words = not (of.topics or of.question.relations or of.question.of("code"))
    if not foreign and operation == "verdict" and by_words and of.question.language == "zh":
        # One word that a claim has is no verdict on what is told in others.
        left = [s for s in of.matched.unknown if len(s.text) > 1 and s in of.telling and s.text not in ANYBODY_HAN]
        if not left and not any(of.is_claimed(span.text) for span in of.question.words):
            # Words that are only like those of a claim may say something else.
            left = [*of.telling]
        foreign = text_of(left) if left and not of.question.stance else ()
    if not foreign and operation == "verdict" and by_words and of.question.language == "en":
        # What only some words lead to is no verdict on what has others besides.
        foreign = text_of([span for span in of.matched.unknown if span in of.telling])
        if not foreign and "hinders" in of.question.cues and not any(map(of.hinders, claims)):
            # Whether something does harm is told by no claim that shares words with it.
            near = claims if len(claims) <= FEW else ()
            asked = (of.question.text.strip(),)
            return replace(find_passages(of), operation=operation, claims=near, is_nearest=True, nothing_on=asked)
    if operation == "verdict" and unknown and COUNTS_AS.search(fold(of.question.text)):
        # What is evidence on a claim is told by what a passage with the words bears on.
        found = find_passages(of)
        if not found.is_nearest and (resting := of.resting_on(found)):
            return replace(found, operation=operation, claims=resting, told=True)
        foreign = foreign or unknown
    named = " ".join(text for _, text in of.question.called)
    excess = _TOO_MUCH.search(of.question.text)
    if operation == "verdict" and len(of.topics) == 1 and excess and excess[0].split()[-1].casefold() not in named:
        # That there may be too much of something is told by no claim that says what it does.
        foreign = foreign or (excess[0].casefold(),)
    if foreign:
        found = find_passages(of)
        # Of many claims none is nearer than the others.
        near = claims if len(claims) <= FEW or of.topics else ()
        telling = tuple(text for text in foreign if not all(map(is_common, text.split()))) or unknown or foreign
        if near:
            return replace(found, operation=operation, claims=near, is_nearest=True, foreign=telling)
        return replace(found, operation=operation, claims=(), is_nearest=True, nothing_on=telling)
    if (
        "how" in of.question.cues
        and (of.question.limits.cases or of.question.limits.sources)
        and not of.question.stance
    ):
        return tell_in_place(of, Choice(operation, claims, joint=of.matched.joint))
    if operation == "verdict" and _hinders_nothing(of, claims):
        names = of.topics[0].label
        said = (
            f"没有主张说{names}阻碍什么。"
            if of.question.language == "zh"
            else f"No claim says that {names} hinders anything."
        )
        found = find_passages(of) if of.question.words else Choice(operation)
        few = claims if len(claims) <= FEW else ()
        return replace(found, operation=operation, claims=few, is_nearest=True, said=said)
    joint = of.matched.joint or not of.topics
    if operation == "verdict" and not joint and any(span in of.telling for span in of.matched.unknown):
        # That the theory does not say so is sure only where all that was said is understood.
        return Choice(operation, claims, is_nearest=True, said=_not_joined(of))
    return Choice(operation, claims, joint=joint, contrary=operation == "verdict" and of.says_contrary(claims))


def _joins(of: Chooser, claims: tuple[str, ...]) -> bool:
    """Say whether a claim joins two things that a question names, so that whoever else it tells of matters less.

    A word behind a name may make something else of it: parking meters.
    """
    text = fold(of.question.text)
    if of.question.language == "zh" and any(map(of.is_absent, of.matched.unknown)):
        return False
    if any(f"{name} {span.text}" in text for _, name in of.question.called for span in of.matched.unknown):
        return False
    topics = {term.id for term in of.topics}
    ends = ({of.study.by_claim[claim]["subject"], of.study.by_claim[claim]["object"]} for claim in claims)
    return any(len(topics & some) > 1 for some in ends)


def _name_alone(of: Chooser) -> str:
    """Return the one word that a question is, if no claim has it and it is written as a name."""
    text = of.question.text.strip(" ?？!.。")
    plain = len(of.question.words) == 1 and fold(text) == of.question.words[0].text and not of.question.asked
    return text if plain and text[:1].isupper() and of.question.words[0] in of.matched.unknown else ""


def _told_of_both(of: Chooser) -> Choice | None:
    """Choose what limits one of two things that act on the same, by quotes that name the other; nothing without any."""
    acted = [{row["object"] for row in of.study.rows if row["subject"] == term.id} for term in of.topics]
    if len(acted) != 2 or not acted[0] & acted[1]:
        return None
    names = {term.id: [fold(name) for name in of.study.names("concept", term.id)] for term in of.topics}
    found: dict[str, str] = {}
    for row in of.study.rows:
        own = {row["subject"]} & {*names}
        for line in of.study.bearing.active(row["claim"], "qualifies") if own else ():
            for passage in line.passages:
                others = [name for key, some in names.items() if key not in own for name in some]
                if any(name in fold(passage.quote) for name in others):
                    found.setdefault(passage.id, row["claim"])
    claims = tuple(claim for claim in of.everything if claim in found.values())
    return Choice("verdict", claims, excerpts=tuple(found), told=True) if found and len(claims) <= FEW else None


def _asks_what_happened(of: Chooser) -> bool:
    """Say whether it is asked if something happened in a case, in words alone, of which passages tell."""
    question = of.question
    begins = {token.text for token in tokens(question.text)[:1]} & {"did", "has", "have", "was", "were"}
    named = of.topics or question.stance or question.of("code", "proposition")
    return bool(question.operation == "verdict" and begins and question.limits.cases and of.telling) and not named


def _by_way(of: Chooser, chain: tuple[str, ...]) -> str:
    """Say in a sentence that no claim joins what a question names at once, and what lies between."""
    zh = of.question.language == "zh"
    topics = {term.id for term in of.topics}
    rows = (of.study.by_claim[claim] for claim in chain)
    between = dict.fromkeys(row[end] for row in rows for end in ("object", "subject") if row[end] not in topics)
    names = ("、" if zh else ", ").join(of.study.label("concept", concept) for concept in between)
    return f"不是直接地说,而是经由{names}:" if zh else f"Not at once, but by way of {names}: "


def _not_joined(of: Chooser) -> str:
    """Say in a sentence that no claim joins what a question names."""
    zh = of.question.language == "zh"
    names = ("和" if zh else " and ").join(f"“{term.label}”" for term in of.topics)
    return f"没有主张连接{names}。" if zh else f"No claim joins {names}."


def _hinders_nothing(of: Chooser, claims: tuple[str, ...]) -> bool:
    """Say whether it is asked if one thing hinders what no claim joins it with, and it hinders nothing in any claim."""
    if len(of.topics) != 1 or not {"hinders", SUBJECT} <= of.question.cues or of.question.relations:
        return False
    own = of.stated_on("subject")
    told = any(map(of.hinders, (*own, *claims)))
    return not told and of.topics[0].kind == "concept" and not of.worded(own, "object")


def _is_vague(of: Chooser) -> bool:
    """Say whether a question names only parts of names, and says more in words that no claim has."""
    left = [span for span in of.matched.unknown if span in of.telling]
    few = 1 if of.question.operation == "verdict" else 2
    return of.question.language == "en" and of.question.is_partial and len(left) >= few and not of.question.stance


def _in_other_stage(of: Chooser) -> tuple[str, ...]:
    """Return the claims on what acts, where all of them are bound to another stage than the one that is told."""
    stages = {*of.stages()}
    told = {term.id for term in of.topics if term.id in stages} | {*of.question.limits.stages}
    others = {term.id for term in of.topics} - stages
    rows = [row for row in of.study.rows if row["subject"] in others and row["stage"]]
    apart = told and rows and not any({row["stage"], row["object"]} & told for row in rows)
    return tuple(row["claim"] for row in rows) if apart else ()


def show_drivers(of: Chooser) -> Choice:
    """Choose the claims that say what acts on something, and passages where the question says more."""
    if WEAKEST.search(fold(of.question.text)):
        named = of.topics and any(of.study.kinds[c] not in KINDS for c in of.placed("object"))
        some = of.by_place("object") if named else of.promoting()
        return weakest_first(of, of.without_advice(of.acting(some)))
    if "most" in of.question.cues and not of.question.words:
        # "The driving factors" may be a concept of its own, of which only definitions tell.
        named = of.topics and any(of.study.kinds[c] not in KINDS for c in of.placed("object"))
        some = of.by_place("object") if named else of.promoting()
        return Choice("drivers", with_most(of, some))
    said = all(span.ids("cue") or span not in of.telling for span in of.question.words)
    if not of.topics and (meant := of.relations_meant()) and (said or of.question.language == "zh"):
        # "What are the obstacles" asks for whatever hinders.
        cues = of.study.lexicon.relation_cues
        rows = [row for row in of.study.rows if row["relation"] in meant]
        rows = [row for row in rows if "lessens" not in cues.get(row["relation"], ())] or rows
        # What lessens something, or hinders what hinders itself, does not stand in the way.
        hindering = {row["subject"] for row in rows}
        return Choice("drivers", of.of_stage(row["claim"] for row in rows if row["object"] not in hindering))
    if not of.topics and of.question.relations and said and not of.matched.unknown:
        # "What motivates people besides that" asks for whatever does.
        refused = {term.id for term in of.question.excluded}
        rows = [row for row in of.study.rows if row["relation"] in of.question.relations]
        return Choice("drivers", of.of_stage(r["claim"] for r in rows if not refused & {r["subject"], r["object"]}))
    limited = of.question.stance in ("opposes", "qualifies") and _WHY.match(of.question.text)
    if limited and (own := of.stated_on("subject")):
        # Why something does not always act is told by all evidence on what it does.
        return Choice("evidence", of.acting(own), neutral=True)
    if "contested" in of.question.cues and of.topics:
        # Why something is contested is told by the evidence for and against it.
        return Choice("evidence", tuple(claim for claim in of.claims() if of.is_contested(claim)) or of.claims())
    if not of.claims() or (of.matched.share < 0.5 and not of.topics and not of.question.relations):
        return _about_words(of)
    if is_own_act(of.question) and (claims := of.acting(of.stated_on("object", of.topics[0].id))):
        return Choice("drivers", of.without_hindering(of.without_advice(claims)))
    choice = _on_side(of, "subject" if SUBJECT in of.question.cues else "object")
    if of.question.excluded and _ELSE.search(of.question.text.casefold()) and "hinders" not in of.question.cues:
        # What else brings something about is nothing that hinders it.
        choice = replace(choice, claims=of.without_hindering(choice.claims))
    if (
        "how" in of.question.cues
        and (of.question.limits.cases or of.question.limits.sources)
        and not of.question.stance
    ):
        return tell_in_place(of, choice)
    if len(of.question.limits.cases) > 1 and of.question.stance:
        return replace(choice, claims=of.in_each_case(choice.claims))
    if not choice.claims and of.question.excluded and of.topics:
        return Choice("drivers", no_other=tuple(term.label for term in of.topics))
    if of.question.words and of.matched.unknown and choice.claims and not (choice.excerpts or choice.paragraphs):
        found = find_passages(of)
        if not found.is_nearest:
            return replace(choice, excerpts=found.excerpts, paragraphs=found.paragraphs)
    return choice


def show_effects(of: Chooser) -> Choice:
    """Choose the claims that say on what something acts."""
    if not of.claims():
        return _about_words(of)
    choice = _on_side(of, "subject")
    if of.question.limits.cases and HAPPENED.match(fold(of.question.text)) and (told := _happened(of)):
        return told
    if of.question.limits.cases and not any(of.has_lines(claim) for claim in choice.claims):
        # What became of something in a case is told by what the case is evidence on.
        return tell_in_place(of, choice)
    return choice


def _happened(of: Chooser) -> Choice | None:
    """Tell what happened with something in a case, by the passages on claims about it; nothing where there are none."""
    topics = {term.id for term in of.topics}
    on = [row["claim"] for row in of.study.rows if topics & {row["claim"], row["subject"], row["object"]}]
    lines = [line for claim in on for line in of.study.bearing.active(claim)]
    excerpts = dict.fromkeys(passage.id for line in lines for passage in line.passages if of.is_within(passage.id))
    claims = tuple(claim for claim in on if of.has_lines(claim))
    return Choice("effects", claims, excerpts=tuple(excerpts), told=True) if excerpts else None


def _on_side(of: Chooser, place: str) -> Choice:
    """Choose the claims that have what the question is about as their subject, or as their object."""
    choice = show_evidence(of)
    apart = not choice.joint and not choice.claims and place == "subject" and not of.question.listed
    if choice.excerpts or choice.paragraphs or apart:
        # What one thing does to another is told by no claim on either of them.
        return choice
    if not of.topics:
        own = of.acting(of.worded(choice.claims, place))
        return replace(choice, claims=of.without_advice(own) if place == "object" else own) if own else choice
    if place == "subject" and len(of.topics) == 1 and choice.claims and not choice.is_nearest:
        own = of.stated_on("subject")
        if own and all(of.study.kinds[claim] in ("definition", "gap") for claim in own) and not of.question.relations:
            # What something is or consists of is nothing that it acts on.
            return replace(choice, claims=own, elsewhere=True)
    other = of.placed("object" if place == "subject" else "subject")
    elsewhere = bool(other) and len(of.topics) == 1 and not choice.is_nearest and not of.placed(place)
    claims = of.acting(of.by_place(place))
    if len(of.topics) == 2 and _HOW.match(of.question.text.casefold()) and (chain := of.chain()):
        # How one thing comes to another is told by what lies between, beside what joins them at once.
        claims = tuple(claim for claim in of.everything if claim in {*choice.claims, *chain})
    if elsewhere and (stated := of.stated_on(place)):
        # Words that point to another claim do not say that nothing is claimed here.
        some = {*of.related(of.acting(stated), place), *claims}
        claims, elsewhere = tuple(claim for claim in of.everything if claim in some), False
    if of.lacks_hindering() or (place == "object" and _promoted_alone(of, claims)):
        return replace(choice, claims=claims, is_nearest=True, said=_hindered_by_nothing(of))
    # Why something is so where something else is may be told by what that acts on.
    related = place == "object" and "how" in of.question.cues and bool(of.question.words)
    return replace(choice, claims=claims, elsewhere=elsewhere and not related)


def _promoted_alone(of: Chooser, claims: tuple[str, ...]) -> bool:
    """Say whether it is asked what hinders something, where all that acts on it promotes it."""
    meant = of.relations_meant() if "hinders" in of.question.cues and len(of.topics) == 1 else frozenset()
    cues, rows = of.study.lexicon.relation_cues, of.study.by_claim
    return bool(meant and claims) and all("promotes" in cues.get(rows[claim]["relation"], ()) for claim in claims)


def _hindered_by_nothing(of: Chooser) -> str:
    """Say in a sentence that no claim tells of anything that hinders what is asked about."""
    names = [term.label for term in of.topics]
    if of.question.language == "zh":
        return f"没有主张说到什么阻碍{'、'.join(names)}。"
    return f"No claim says what hinders {', '.join(names) or 'anything'}."


def _about_words(of: Chooser) -> Choice:
    """Find passages, where what is asked is no claim of the theory."""
    if of.question.words and of.matched.unknown:
        found = find_passages(of)
        if foreign := of.foreign():
            near = of.matched.claims if len(of.matched.claims) <= FEW else ()
            return replace(found, operation=of.question.operation, claims=near, is_nearest=True, nothing_on=foreign)
        claims = () if found.is_nearest else of.resting_on(found)
        # Why something was so is told by passages; what acts on something, or it on what, by claims alone.
        tells = claims or "how" in of.question.cues
        silent = (
            ()
            if claims
            else text_of(of.unknown_sides) or (() if tells else of.nothing((), text_of(of.matched.unknown), found))
        )
        if silent and not found.is_nearest:
            found = replace(found, is_nearest=True)
        return replace(found, operation=of.question.operation, claims=claims, nothing_on=silent)
    return show_evidence(of)


def compare(of: Chooser) -> Choice:
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
        choice = replace(show_evidence(of), operation="compare")
        topics = {term.id for term in of.topics}
        placed = [
            row for row in of.study.rows if row["claim"] in choice.claims and {row["subject"], row["object"]} & topics
        ]
        if len(topics) > 1 and all(any(t in (row["subject"], row["object"]) for row in placed) for t in topics):
            # What is claimed of narrower concepts is not compared; what is claimed of each is, not only of both.
            placed = [row for row in of.study.rows if {row["subject"], row["object"]} & topics]
            choice = replace(choice, claims=of.of_stage(row["claim"] for row in placed))
        ends = {frozenset((row["subject"], row["object"])) for row in of.study.rows}
        if (
            len(topics) > 1
            and choice.claims
            and not any(len(topics & pair) > 1 for pair in ends)
            and _WEIGHS.search(fold(of.question.text))
        ):
            # How each of them stands does not tell which of them does more.
            none = (
                "理论没有比较它们;各自的情况:"
                if of.question.language == "zh"
                else "The theory does not compare them; each by itself: "
            )
            choice = replace(choice, lead=none)
        return choice
    if "cases" in of.question.cues and not of.question.limits.cases:
        for case in of.study.ids("case"):
            tally = of.study.all.within(Limits(cases=(case,))).tally(*of.everything)
            of.name("case", case, _signed(tally))
    claims = tuple(claim for claim in of.of_stage(of.everything) if of.has_lines(claim))
    if _AMOUNT.search(of.question.text.casefold()) and (said := by_amount(of, claims)):
        return Choice("compare", claims, said=said)
    if "disagree" in of.question.cues and len(of.question.limits.cases) > 1:
        # On what they disagree is asked, and not on what one of them is silent.
        claims = tuple(claim for claim in claims if _disagree(of, claim))
    return Choice("compare", claims if of.question.limits else of.everything)


def _signed(tally: Mapping[str, int]) -> str:
    """Return how many lines of each stance there are, each with its sign."""
    return " ".join(f"{SIGNS[stance]}{tally[stance]}" for stance in STANCES)


def by_amount(of: Chooser, claims: tuple[str, ...]) -> str:
    """Say in a sentence how many lines each case has, the one with most first; nothing of fewer than two.

    Args:
        of: the chooser of the question.
        claims: ids of the claims on which they bear.
    """
    cases = of.question.limits.cases or of.study.ids("case")
    zh, stance = of.question.language == "zh", of.question.stance
    tallies = {case: of.study.all.within(Limits(cases=(case,))).tally(*claims) for case in cases}
    numbers = {case: tally[stance] if stance else sum(tally.values()) for case, tally in tallies.items()}
    each = [
        f"{of.study.label('case', case)} {numbers[case]} ({_signed(tallies[case])})"
        for case in sorted(cases, key=lambda case: (-numbers[case], cases.index(case)))
    ]
    if len(each) < 2:
        return ""
    noun = f"{word(stance, of.question.language)}的证据" if zh and stance else "证据" if zh else "evidence lines"
    noun = f"{noun} that {verb(stance, 2)}" if stance and not zh else noun
    apart = _by_claim(of, claims, cases) if 1 < len(claims) <= FEW else ""
    return f"{noun}:{'、'.join(each)}{apart}。" if zh else f"{noun[0].upper()}{noun[1:]}: {', '.join(each)}{apart}."


def _by_claim(of: Chooser, claims: tuple[str, ...], cases: Sequence[str]) -> str:
    """Say how many lines each case has on each of several claims, those of most lines first."""
    zh, told = of.question.language == "zh", []
    for claim in claims:
        counts = of.study.all.by_case(claim)
        tallies = {case: {stance: counts[stance][case] for stance in STANCES} for case in cases}
        having = sorted(
            (case for case in cases if any(tallies[case].values())), key=lambda c: -sum(tallies[c].values())
        )
        each = [f"{of.study.label('case', case)} {_signed(tallies[case])}" for case in having]
        told.append(f"{claim}: {('、' if zh else ', ').join(each)}" if each else f"{claim}: 0")
    return (";" if zh else "; ") + (";" if zh else "; ").join(told)


def _disagree(of: Chooser, claim: str) -> bool:
    """Say whether one of the cases of the question supports a claim that another one opposes."""
    counts = of.study.all.by_case(claim)
    for_it, against = ({c for c in of.question.limits.cases if counts[s][c]} for s in ("supports", "opposes"))
    return bool(for_it and against) and len(for_it | against) > 1
