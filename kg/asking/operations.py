"""The operations: what each chooses to answer a question with."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kg.asking import coding, differing, sureness, weighing
from kg.asking.acting import compare, show_drivers, show_effects, show_evidence
from kg.asking.beyond import NEAREST, decline, explain, tell_of_study
from kg.asking.choice import Choice
from kg.asking.chooser import Chooser
from kg.asking.codes import list_codes
from kg.asking.counting import count
from kg.asking.listing import advise, list_claims, list_withdrawn
from kg.asking.matching import Matched, claims_with
from kg.asking.missing import list_missing, list_searches
from kg.asking.narrowed import nearest_within
from kg.asking.overall import rely
from kg.asking.passages import MOST_CODED, find, find_passages, find_quotation
from kg.asking.patterns import DEFINED_FIRST
from kg.asking.people import name_authors, name_cases, name_references, name_sources, name_who_says
from kg.asking.question import SURENESS
from kg.asking.retrieval import NEAR, SURE
from kg.asking.sentence import is_person, text_of
from kg.asking.telling import define, defined, introduced, meaning, meanings, name_by_attributes, offer_help, sum_up
from kg.asking.ways import relate, show_stage
from kg.asking.whereabouts import tell_when, tell_where
from kg.dates import MONTHS
from kg.language.lexicon import content_words
from kg.language.tokens import fold, joined, tokens
from kg.store import fulltext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.asking.choice import Study
    from kg.asking.question import Question

_FACTS = frozenset("when cases drivers effects evidence verdict advice where missing count stage compare".split())
"""Operations that may ask for what only sources tell, beside what is claimed."""

_PARAPHRASED = frozenset("drivers effects evidence verdict advice relate cases compare".split())
"""Operations that ask about claims, which may be said in other words than the study's."""

_MAY_BE_OPEN = _PARAPHRASED | {"define", "stage", "count", "help", "summary"}
"""Operations that may ask what an open question does."""

_OF_EVENTS = frozenset("drivers effects evidence define summary".split())
"""Operations that may ask what happened to somebody or something by name."""
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w-]+")
"""A proper name within a sentence."""
_ALLOWED = re.compile(
    r"^(?:(?:may|am) (?:i|we)|(?:is it|are we|am i) (?:allowed|legal|permitted))\b|^(?:我|我们)(?:可不可以|可以|能不能)"
    r"|\blegally (?:valid|binding|allowed|required)\b|(?:合法|违法|有法律效力)吗"
)
"""How it is asked what is allowed, or what the law says."""
_HOW_TO = re.compile(r"how (?:do|can|could|should) (?:i|we|you|one)\b|how to\b")
"""How it begins that is asked how something is done."""
_DIVIDED = re.compile(
    r"\b(?:divided|delimited|told apart|tell apart|draw the line)\b|怎么分|(?:怎么|如何|怎样)(?:划分|区分)|界限"
)
"""How it is asked what divides stages, or other things, from each other."""
_WORD = re.compile(r"[\w-]+")
"""A word of a passage."""

_OF_OTHERS = frozenset("drivers effects evidence verdict advice relate summary define".split())
"""Operations that are answered by claims which may be about something else than the question."""


def _is_wide(of: Chooser) -> bool:
    """Say whether a question names one concept alone, about which there are many claims, and says more."""
    # One word beside what causes are asked of tells whose they are, and not which.
    few = 1 if of.question.operation == "drivers" else 0
    return len(of.topics) == 1 and len(of.matched.claims) > NEAREST and len(of.matched.unknown) > few


def _asks_for_rules(of: Chooser) -> bool:
    """Say whether it is asked what one may do; or, of nothing that the study names, how it is done."""
    text = fold(of.question.text)
    if of.question.operation not in ("verdict", "evidence") or of.question.stance:
        return False
    return _ALLOWED.search(text) is not None or bool(_HOW_TO.match(text) and not of.topics)


def _hinders_none(of: Chooser, claims: Iterable[str]) -> bool:
    """Say whether it is asked if something hinders something, which none of some claims says."""
    if of.question.operation != "verdict" or "hinders" not in of.question.cues or of.question.relations:
        return False
    return not any(map(of.hinders, claims))


def _nearer(of: Chooser) -> tuple[str, ...]:
    """Return those of the claims about what a question names which fit the rest of it best."""
    found = of.ranked
    return tuple(claim for claim in of.matched.claims if claim in found.claims) if found.share >= NEAR else ()


def _other(of: Chooser) -> tuple[str, ...]:
    """Return the unknown words that are the name of something else with a part of a concept's name."""
    lexicon = of.study.lexicon
    beside = text_of([span for span in of.question.beside if not claims_with(joined(tokens(span.text)), lexicon)])
    partial = of.question.is_partial and of.question.language == "zh"
    return beside if partial or of.question.operation == "verdict" else ()


def choose(question: Question, matched: Matched, study: Study) -> Choice:
    """Choose what answers a question.

    Args:
        question: the question as read.
        matched: the claims that it is about.
        study: the study that is asked.
    """
    said = matched
    if matched.claims and question.language == "en":
        # A word that stands in any question tells nothing of what is asked, where the others do.
        told = Chooser(question, matched, study).telling
        telling = tuple(span for span in said.unknown if span in question.sides or span in told)
        matched = matched._replace(unknown=telling)
    chooser, unsure = Chooser(question, matched, study), False
    if question.operation in _PARAPHRASED and len(question.words) > 1 and not (chooser.topics or matched.claims):
        found = chooser.ranked
        if found.claims and found.share >= SURE and not _hinders_none(chooser, found.claims):
            untold = all(span in said.unknown for span in chooser.telling)
            unsure = question.operation == "verdict" and (len(found.claims) > 1 or untold)
            chooser = Chooser(question, Matched(found.claims, found.share, joint=True, unknown=()), study)
    elif question.operation in _PARAPHRASED and _is_wide(chooser) and (nearer := _nearer(chooser)):
        chooser = Chooser(question, matched._replace(claims=nearer), study)
    asked = _OPERATIONS.get(question.operation, show_evidence)
    choice = (
        name_by_attributes(chooser)
        or weighing.why(chooser)
        or weighing.lowered(chooser)
        or find_quotation(chooser)
        or _of_names(chooser)
        or sureness.concerned(chooser)
        or asked(chooser)
    )
    if choice.claims and question.operation in _OF_OTHERS and not choice.is_nearest and (other := _other(chooser)):
        # What is asked about is something else than what the claims are about.
        choice = replace(choice, is_nearest=True, foreign=other)
    if narrower := _narrowed(chooser, choice):
        choice = narrower
    if _is_empty(chooser, choice) and not (passages := find_passages(chooser)).is_nearest:
        # Where none of it has evidence in a case, what its texts tell of the words is what is asked.
        on = chooser.resting_on(passages)
        choice = replace(passages, operation=question.operation, claims=on, told=True)
    if unsure and not choice.is_nearest:
        # Whether something is so is told by one claim, and not by several that share some words with it.
        choice = replace(choice, is_nearest=True, nothing_on=(question.text.strip(),))
    if choice.claims and not choice.is_nearest and _asks_for_rules(chooser):
        # What is allowed, or how something is made, is told by no claim.
        choice = replace(choice, is_nearest=True, told=False, nothing_on=(question.text.strip(),))
    if choice.operation == "advice" and choice.claims and not (choice.is_nearest or choice.told or choice.lead):
        choice = replace(choice, lead=_recommends_nothing(chooser, choice))
    if choice.operation in ("drivers", "effects", "advice") and (
        hindering := tuple(filter(chooser.hinders, choice.claims))
    ):
        # What makes something so is told apart from what stands in its way.
        mixed = len(hindering) < len(choice.claims) or choice.operation == "effects"
        choice = replace(choice, hindering=hindering if mixed else ())
    if choice.claims and SURENESS & question.cues:
        choice = sureness.told(chooser, choice)
    if choice.is_nearest and not (choice.claims or chooser.named or question.about) and _tells_nothing(chooser, choice):
        choice = replace(choice, nothing_on=(question.text.strip(),))
    choice = _with_definition(chooser, choice)
    if lead := _silence(chooser, choice):
        choice = replace(choice, lead=lead)
    elif not (choice.lead and choice.nothing_on) and (lead := _left_open(chooser, choice)):
        choice = replace(choice, lead=lead, is_nearest=choice.is_nearest and not choice.claims, foreign=())
        choice = _coded_open(chooser, choice) or choice
    if choice.nothing_on and not (choice.claims or choice.excerpts or choice.paragraphs or chooser.named):
        # Of what it speaks is the nearest that a study can say of what it does not know.
        for row in study.rows:
            chooser.name("concept", row["subject"])
    named = tuple((kind, key, *rest) for (kind, key), rest in chooser.named.items())
    left_out = text_of([span for span in question.words if span in said.unknown])
    # What passages were found by is understood.
    looked = choice.excerpts or choice.paragraphs or ((choice.named or named) and not choice.claims)
    if looked and not choice.is_nearest:
        lacking = chooser.lacking(choice)
        left_out = text_of(lacking)
        if choice.told and len(lacking) > 1 and 2 * len(lacking) >= len(chooser.telling):
            # What has less than half of what was said tells something else.
            choice = replace(choice, claims=(), is_nearest=True, told=False)
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


def _of_names(of: Chooser) -> Choice | None:
    """Find the passages that have the proper names of an English question which the study has no record of.

    Nothing where there are none, or where no passage has all of them.
    """
    question = of.question
    asks = question.operation in _OF_EVENTS and not question.of("proposition")
    if asks and question.language == "zh":
        return _of_persons(of)
    if not asks or question.stance:
        return None
    unknown = {word for span in of.matched.unknown for word in span.text.split()}
    names = [word for word in map(fold, _NAME.findall(question.text)) if word in unknown and word not in MONTHS]
    if not names:
        return None
    words = tuple(span for span in of.matched.unknown if span in of.telling or {*span.text.split()} & {*names})
    excerpts, paragraphs, _ = Chooser(replace(question, words=words, about=()), of.matched, of.study).found()
    quoted = [*of.quoted(excerpts), *paragraphs]
    fitting = {p.id for p in quoted if all(any(fold(w) == name for w in _WORD.findall(p.quote)) for name in names)}
    told = {key for span in question.words for key, _ in content_words(span.text)}
    having = {p.id: len(told & {key for key, _ in content_words(p.quote)}) for p in quoted}
    excerpts.sort(key=lambda key: -having.get(key, 0))
    found = Choice(
        question.operation,
        excerpts=tuple(key for key in excerpts if key in fitting),
        paragraphs=tuple(p for p in paragraphs if p.id in fitting),
        told=True,
    )
    return replace(found, claims=of.resting_on(found)) if fitting else None


def _of_persons(of: Chooser) -> Choice | None:
    """Find the passages that have the name of somebody in a Chinese question who is no record: 葛大爷."""
    persons = [span.text for span in of.matched.unknown if is_person(span.text)]
    if len(persons) != 1 or of.topics:
        return None
    hits = fulltext.find(of.study.tables, persons[0], ("passage",), MOST_CODED)
    told = tuple(hit.id for hit in hits if hit.all_words and of.is_within(hit.id))
    return Choice(of.question.operation, of.bearing_on(told), excerpts=told, told=True) if told else None


def _narrowed(of: Chooser, choice: Choice) -> Choice | None:
    """Choose what a work, source or case has on what is asked, where what was chosen has nothing there."""
    limits, stance = of.question.limits, of.question.stance
    if not (limits.cases or limits.sources or limits.references or limits.authors) or choice.excerpts:
        return None
    if of.question.operation not in _OF_OTHERS or choice.paragraphs or choice.named:
        return None
    if choice.is_nearest and not choice.claims and not stance and (found := nearest_within(of)):
        return replace(found, operation=of.question.operation)
    if stance or not choice.claims or any(map(of.has_lines, choice.claims)):
        return None
    topics = {term.id for term in of.topics}
    ends = ("subject", "object", "stage")
    rows = [row for row in of.study.rows if topics & {row[end] for end in ends} and of.has_lines(row["claim"])]
    on = of.of_stage(row["claim"] for row in rows)
    if on:
        return replace(choice, claims=on, elsewhere=False, is_nearest=False, foreign=())
    found = nearest_within(of) if of.matched.unknown else None
    return replace(found, operation=of.question.operation) if found else None


def _is_empty(of: Chooser, choice: Choice) -> bool:
    """Say whether claims that only words led to have no evidence at all in the cases of the question."""
    limits, tally = of.question.limits, of.study.bearing.tally
    by_words = bool(limits.cases and of.question.words and choice.claims) and not (of.topics or choice.excerpts)
    may_be_told = of.question.operation in _FACTS and not of.question.stance
    return by_words and may_be_told and not any(sum(tally(claim).values()) for claim in choice.claims)


_LISTING = ("compare", "cases", "claims", "missing", "searches", "disputed", "withdrawn", "coders", "count")
"""Operations that tell by themselves where nothing is."""


def _with_definition(of: Chooser, choice: Choice) -> Choice:
    """Add to an answer what a concept is, where that is asked before the rest, or how two of them differ."""
    concepts = of.question.of("concept")
    codes = of.question.of("code")
    if choice.operation == "compare" and len(codes) > 1 and not of.topics:
        return Choice("compare", excerpts=tuple(of.coded_as()[:NEAREST]), definition=tuple(meanings(of, codes)))
    if choice.operation == "compare" and len(concepts) > 1 and _DIVIDED.search(fold(of.question.text)):
        # Where one stage ends and the next begins is told by what they are.
        return Choice("compare", definition=tuple(meanings(of, concepts)))
    if choice.operation == "compare" and len(concepts) == len(of.topics) > 1 and not choice.definition:
        return replace(choice, definition=tuple(meanings(of, concepts)))
    if choice.definition or len(concepts) != 1 or not DEFINED_FIRST.match(of.question.text.strip()):
        return choice
    rows = defined(of, concepts[0])
    if not (said := meaning(rows)):
        return choice
    return replace(choice, definition=tuple(rows), lead=introduced(of, concepts[0], said))


def _silence(of: Chooser, choice: Choice) -> str:
    """Say that nothing of a case bears on what is asked, where it was looked for in vain; nothing where some does."""
    cases = of.question.limits.cases
    if not (cases and choice.claims) or choice.operation in _LISTING:
        return ""
    if not of.topics and any(map(of.has_lines, of.everything)):
        # What only words led to may not be what is asked, where something else has evidence in the case.
        return ""
    if of.question.stance or choice.excerpts or any(sum(of.study.bearing.tally(c).values()) for c in choice.claims):
        return ""
    about = {term.id for term in of.topics} | {*choice.claims}
    about |= {row[end] for row in of.study.rows if row["claim"] in choice.claims for end in ("subject", "object")}
    found = [row for row in of.study.run("searches").dicts() if row["about"] in about]
    looked = [*dict.fromkeys(str(row["search"]) for row in found if not row["case"] or row["case"] in cases)]
    if not looked:
        return ""
    zh = of.question.language == "zh"
    names = ("、" if zh else ", ").join(of.study.label("case", case) for case in cases)
    searches = ("、" if zh else ", ").join(looked)
    if zh:
        return f"{names}没有任何证据涉及它;查找未果:{searches}。"
    return f"No evidence of {names} bears on it; looked for in vain: {searches}. "


def _left_open(of: Chooser, choice: Choice) -> str:
    """Say that what is asked is an open question of the study, by its own words; nothing where it is none."""
    if choice.operation not in _MAY_BE_OPEN or choice.number is not None or not (rows := of.left_open):
        return ""
    return told_open(rows[0], of.question.language)


def told_open(row: Mapping[str, Any], language: str) -> str:
    """Tell an open question before the verdict.

    Args:
        row: its row of the query ``open-questions``.
        language: ``en`` or ``zh``.
    """
    zh = language == "zh"
    told = f"{row['question']}: {(row['text_zh'] if zh else '') or row['text']} "
    return f"未决问题 {told}" if zh else f"An open question: {told}"


def _coded_open(of: Chooser, choice: Choice) -> Choice | None:
    """Choose the passages that are coded with what an open question is about, if nothing is claimed of it.

    They tell more of it than claims on something else.
    """
    asked = of.left_open[0]["question"]
    every = [str(row["about"]) for row in of.study.run("open-questions").dicts() if row["question"] == asked]
    silent = [one for one in every if one not in of.claimed and one not in of.study.kinds]
    told = choice.definition or of.question.relations or {*every} & {*choice.claims}
    coded = of.coded(*silent) if silent and not told else []
    if not coded:
        # Claims on something near are no verdict on what the study leaves open.
        plain = of.question.relations or of.question.of("proposition") or not (of.question.words or len(of.topics) > 1)
        if choice.operation != "verdict" or not choice.claims or plain:
            return None
        return replace(choice, is_nearest=True, nothing_on=(of.question.text.strip(),), contrary=False, joint=True)
    about = silent[0]
    name = of.study.label("concept", about)
    said = (
        f"理论对“{name}”没有任何主张;"
        if of.question.language == "zh"
        else f"The theory claims nothing about “{name}”; "
    )
    return Choice(choice.operation, excerpts=tuple(coded[:MOST_CODED]), coded=len(coded), lead=choice.lead + said)


def _recommends_nothing(of: Chooser, choice: Choice) -> str:
    """Say that none of the claims that answer is a recommendation; nothing where one is."""
    if any(of.study.kinds[claim] == "suggestion" for claim in choice.claims):
        return ""
    return "理论没有就此提出建议。" if of.question.language == "zh" else "The theory recommends nothing on this. "


def _tells_nothing(of: Chooser, choice: Choice) -> bool:
    """Say whether an answer that is none does not say yet that no claim speaks of what is asked."""
    told = choice.nothing_on or choice.foreign or choice.no_other or choice.said
    shown = choice.definition or choice.questions
    return bool(of.question.words) and not (told or shown) and choice.operation not in ("find", "where", "help")


_OPERATIONS: dict[str, Callable[[Chooser], Choice]] = {
    "outside": decline,
    "study": tell_of_study,
    "method": explain,
    "overall": rely,
    "count": count,
    "compare": compare,
    "withdrawn": list_withdrawn,
    "disputed": differing.disputed,
    "searches": list_searches,
    "missing": list_missing,
    "codes": list_codes,
    "coders": coding.coders,
    "says": name_who_says,
    "authors": name_authors,
    "when": tell_when,
    "stage": show_stage,
    "cases": name_cases,
    "references": name_references,
    "sources": name_sources,
    "where": tell_where,
    "find": find,
    "advice": advise,
    "claims": list_claims,
    "drivers": show_drivers,
    "effects": show_effects,
    "relate": relate,
    "define": define,
    "verdict": show_evidence,
    "evidence": show_evidence,
    "summary": sum_up,
    "help": offer_help,
}
"""What each operation of the table chooses."""
