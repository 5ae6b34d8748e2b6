"""Who and what stands behind claims: authors, references, sources, cases."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.asking.acting import by_amount, show_evidence
from kg.asking.beyond import NEAREST
from kg.asking.choice import Choice
from kg.asking.chooser import Chooser
from kg.asking.listing import FEW
from kg.asking.matching import claims_with
from kg.asking.passages import find_passages
from kg.asking.question import ABSENT, DENIES, INTEREST, INTERESTS, MARKS
from kg.asking.scope import INTERVIEW, spoken
from kg.asking.telling import defined
from kg.asking.works import marks_of
from kg.cjk import has_han
from kg.claims import SIGNS, STANCES
from kg.ids import source_of
from kg.language.lexicon import content_words
from kg.language.tokens import is_common, joined, tokens
from kg.limits import Limits
from kg.numbers import counted
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEGATIVE = re.compile(r"n['’]t\b|\b(?:not|no|never|hardly|rather than|instead of|without)\b|(?<!有)没|不|未|非")
"""Words that may deny what is told."""
_INTERVIEWED = re.compile(
    r"\binterviewed\b|\binterviewees?\b|\b(?:list|which|what|all) (?:the |of the )?interviews\b"
    r"|有哪些访谈|访谈有哪些|(?:采访|访谈)[了过]?(?:谁|哪些)|谁接受|[受被]访|(?:访谈|采访)对象",
    re.IGNORECASE,
)
"""How it is asked who was spoken with."""
_MOST = re.compile(r"\bmost\b|最多|最常|主要")
"""How it is asked on whose works most rests."""
MOST_AUTHORS = 10
"""How many authors are named on whose works most rests."""
CODED = 20
"""Of how many passages that are coded with a concept the authors are named."""


def name_authors(of: Chooser) -> Choice:
    """Name authors: of a concept, of the references that bear on the claims, of those whose passages have the words."""
    question = of.question
    if not (question.about or question.words or question.limits or question.stance):
        if _MOST.search(question.text.casefold()):
            return _authors_of_most(of)
        for row in sorted(of.study.run("authors").dicts(), key=lambda row: (-int(row["references"]), row["author"])):
            of.name("author", row["author"], of.written(row["author"]))
        return Choice("authors")
    if "origin" in question.cues and (choice := name_origin(of)):
        return choice
    if question.limits.references and not (of.topics or question.limits.authors):
        of.name_authors(question.limits.references)
        of.name_references(question.limits.references)
        return Choice("authors", tuple(c for c in of.everything if of.has_lines(c)))
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
        # Who writes of it is nobody who opposes it, nor who is cited for it as well.
        contrary = of.references_of(claims, "supports" if stance == "opposes" else "opposes")
        of.name_authors([key for key in references if key not in contrary] or references)
        of.name_speakers(claims, stance)
        own = tuple(claim for claim in claims if of.has_lines(claim)) or claims
        # Where other words tell who is meant, these are only the nearest.
        unsure = not of.topics and bool(of.matched.unknown)
        return Choice("authors", own, is_nearest=unsure)
    excerpts, paragraphs, whole = of.found(3)
    told = of.has_all(excerpts, paragraphs) and bool(of.cited(excerpts, paragraphs))
    if of.topics and question.language == "zh" and "origin" not in question.cues and not told:
        # Who has studied something is asked, of which the other words tell more than sources do.
        about = tuple(claim for claim in of.matched.claims if of.references_of([claim], stance))
        if keys := of.references_of(about, stance):
            of.name_authors(keys)
            of.name_references(keys)
            untold = tuple(span.text for span in of.matched.unknown if span in of.telling and of.is_absent(span))
            return Choice("authors", about, is_nearest=bool(untold), foreign=untold)
    cited = of.cited(excerpts, paragraphs) or references
    of.name_authors(cited)
    of.name_references(cited)
    if whole and not cited:
        # Those who speak in a source of the study are named by it.
        for place in (*excerpts, *(p.id for p in paragraphs)):
            of.name("source", source_of(place))
    return Choice(
        "authors",
        excerpts=tuple(excerpts),
        paragraphs=tuple(paragraphs),
        # Whoever writes of it need not hold what was asked for.
        neutral=True,
        # Who writes of a concept is not who has it from nobody else.
        is_nearest=not (whole or references)
        or DENIES in question.cues
        or _NEGATIVE.search(question.text.casefold()) is not None
        or stance in ("opposes", "qualifies")
        or (bool(stance) and not told)
        or ("origin" in question.cues and bool(of.topics) and not question.words),
    )


def _authors_of_most(of: Chooser) -> Choice:
    """Name the authors on whose works most evidence lines rest, those of most first."""
    lines: dict[str, set[str]] = {}
    for claim in of.everything:
        for line in of.study.bearing.active(claim):
            for key in {key for passage in line.passages for key in passage.references}:
                lines.setdefault(key, set()).add(line.id)
    by_author: dict[str, set[str]] = {}
    for author, key in of.study.tables.sql("SELECT author, reference FROM references_by_author"):
        by_author.setdefault(author, set()).update(lines.get(key, ()))
    ranked = sorted(
        ((len(some), author) for author, some in by_author.items() if some), key=lambda one: (-one[0], one[1])
    )
    for number, author in ranked[:MOST_AUTHORS]:
        of.name("author", author, counted(number, "line", of.question.language))
    return Choice("authors")


def name_origin(of: Chooser) -> Choice | None:
    """Name those whom a concept is from, as its definition says, where that is asked; nothing where none are known."""
    concepts = of.question.of("concept")
    if of.question.stance or of.question.relations:
        return None
    for term in concepts:
        if keys := of.origin(term):
            of.name_authors(keys)
            of.name_references(keys)
            return Choice("authors", definition=tuple(defined(of, term)))
    return None


def name_who_says(of: Chooser) -> Choice:
    """Name the sources that state the claims, and the authors of the works that support them."""
    claims = of.claims()
    wide = len(claims) > NEAREST and not (of.topics or of.question.limits)
    if of.question.stance or not claims or wide or (of.matched.unknown and not of.topics):
        found = name_authors(of)
        for source in found.sources:
            of.name("source", source)
        return replace(found, operation="says")
    if said := _who_told(of):
        return said
    for claim in claims:
        for passage in of.study.all.assertions(claim):
            of.name("source", passage.source, word("states it", of.question.language))
    of.name_references(of.references_of(claims, "supports"))
    of.name_speakers(claims, "supports")
    return Choice("says", claims)


def _who_told(of: Chooser) -> Choice | None:
    """Name those whose passages have the words that no claim has; nothing where all are understood, or none has."""
    if not (of.matched.unknown and of.rarest() and (told := of.told())):
        return None
    of.name_references(of.cited([*told.excerpts], [*told.paragraphs]))
    for source in told.sources if not of.named else ():
        of.name("source", source)
    return replace(told, operation="says")


def name_references(of: Chooser) -> Choice:
    """Name references: of the evidence of the claims, of a kind, or of passages with the words."""
    marks = MARKS & of.question.cues
    if INTEREST in of.question.cues and not of.topics:
        # Who has an axe to grind is told by what the study marks.
        marks = marks or INTERESTS - {"unlinked", "uncited"}
    if marks and (choice := name_marked(of, frozenset(marks))):
        return choice
    authors = of.question.of("author")
    if not (of.question.about or of.question.words or of.question.limits or of.question.stance):
        of.name_references(of.study.ids("reference"))
        return Choice("references")
    if authors and not (of.topics or of.question.words or of.question.stance):
        for term in authors:
            of.name_references(r["reference"] for r in of.study.run("references-by-author", author=term.id).dicts())
        return Choice("references", of.claims())
    claims = of.claims()
    if not (claims or of.topics or of.question.words) and of.question.stance:
        claims = tuple(c for c in of.everything if of.references_of([c], of.question.stance))
    references = of.references_of(claims, of.question.stance or "")
    texts = {token.text for token in tokens(of.question.text)}
    if len(of.topics) > 1 and {"both", "each", "都"} & texts and not {"side", "sides"} & texts:
        for term in of.topics:
            on = [c for c in claims if term.id in of.study.lexicon.claim_concepts.get(c, ())]
            references = [key for key in references if key in of.references_of(on, of.question.stance or "")]
    if of.question.stance and of.topics and not of.matched.unknown and not references:
        # Works that say the contrary, or only speak of it, are not what was asked for.
        return replace(show_evidence(of), operation="references")
    told = of.found(3)[2] if of.matched.unknown and not of.topics and of.question.language == "zh" else False
    if references and not told:
        of.name_references(references)
        stance = of.question.stance or ""
        # Of many claims those with lines are taken: which of their lines cite works is read line by line.
        resting = tuple(
            c for c in claims if (of.references_of([c], stance) if len(claims) <= CODED else of.has_lines(c))
        )
        return Choice("references", resting or claims, lead=_stated(of, claims))
    excerpts, paragraphs, whole = of.found(3)
    of.name_references(of.cited(excerpts, paragraphs))
    return Choice("references", excerpts=tuple(excerpts), paragraphs=tuple(paragraphs), is_nearest=not whole)


def _stated(of: Chooser, claims: Iterable[str]) -> str:
    """Say which text states claims, where it is asked where they come from; else nothing."""
    if "origin" not in of.question.cues:
        return ""
    sources = dict.fromkeys(passage.source for claim in claims for passage in of.study.all.assertions(claim))
    zh = of.question.language == "zh"
    names = ("、" if zh else ", ").join(of.study.label("source", one) for one in sources)
    return f"陈述它的是{names}。" if zh and names else f"Stated in {names}. " if names else ""


def name_marked(of: Chooser, marks: frozenset[str]) -> Choice | None:
    """Name the references that have a mark, as those of a company, or no date, and the claims that they bear on.

    Args:
        of: the chooser of the question.
        marks: the marks, all of which a reference has.

    Returns:
        The choice; None where no reference has them.
    """
    zh = of.question.language
    either = len(marks) > 1 and (
        INTEREST in of.question.cues or bool({"or", "或"} & {token.text for token in tokens(of.question.text)})
    )
    bearing = {*of.references_of(of.claims(), of.question.stance or "")} if of.topics else set()
    for row in of.study.run("references").dicts():
        own = marks_of(json.loads(row["csl"]))
        # "Company or promotional" asks for either.
        fits = bool(marks & own) if either else marks <= own
        if fits and (row["reference"] in bearing or not of.topics):
            of.name(
                "reference",
                row["reference"],
                ", ".join(word(mark, zh).replace("-", " ") for mark in sorted(own & marks)),
            )
    if not of.named:
        return None
    limits = Limits(references=tuple(key for _, key in of.named))
    within = of.study.all.within(limits)
    some = of.claims() if of.topics else of.everything
    stance = of.question.stance
    if "only" in of.question.cues and stance:
        # What rests on such works alone.
        every = of.study.all
        claims = tuple(c for c in some if 0 < every.tally(c)[stance] == within.tally(c)[stance])
    else:
        claims = tuple(c for c in some if any(within.tally(c).values()))
    names = of.study.tables.reference_names
    first = [f"{names.get(key, label)}, {label} ({note})" for (_, key), (label, note) in of.named.items()][:FEW]
    rest = len(of.named) - len(first)
    if of.question.language == "zh":
        on = f";涉及{'、'.join(claims)}" if claims else ""
        return Choice("references", claims, said=f"{'、'.join(first)}{'等' if rest else ''}{on}。")
    more, on = f"; and {rest} more" if rest else "", f"; on {', '.join(claims)}" if claims else ""
    return Choice("references", claims, said=f"{'; '.join(first)}{more}{on}.")


def name_sources(of: Chooser) -> Choice:
    """Name the sources that bear on the claims or have the words; all when nothing is asked of them."""
    if (marked := MARKS & of.question.cues) and (choice := name_marked(of, marked)):
        return choice
    claims = of.claims()
    cases = of.question.limits.cases
    if of.question.limits.coders and not (of.topics or of.telling or of.question.stance):
        return _sources_coded(of)
    if not of.topics and _INTERVIEWED.search(of.question.text):
        # Who was interviewed is told by the titles of the sources.
        roles = {r["source"]: r["role"] for r in of.study.run("sources").dicts() if not cases or r["case"] in cases}
        for source in spoken(of, roles):
            of.name("source", source, word(roles[source], of.question.language))
        if of.named:
            return Choice("sources", is_nearest=bool(of.telling))
    if not (of.topics or of.telling or of.question.stance) and all(
        t.kind in ("source", "case") for t in of.question.about
    ):
        for row in of.study.run("sources").dicts():
            if not cases or row["case"] in cases:
                of.name("source", row["source"], word(row["role"], of.question.language))
        return Choice("sources")
    if claims and not of.matched.unknown:
        every = of.sources_of(claims)
        wanted = INTERVIEW.search(of.question.text) is not None
        some = spoken(of, every) if wanted else every
        for source in some or every:
            of.name("source", source)
        return Choice("sources", claims, is_nearest=wanted and not some)
    found = find_passages(of)
    for source in found.sources:
        of.name("source", source)
    return replace(found, operation="sources")


def _sources_coded(of: Chooser) -> Choice:
    """Name the sources that the coders of the question coded, each with how many passages and since when."""
    rows = of.study.tables.sql(
        "SELECT e.source, count(DISTINCT c.excerpt), min(c.date) FROM coding c JOIN excerpt e ON e.id = c.excerpt "
        "WHERE c.coder IN (SELECT value FROM json_each(:coders)) GROUP BY e.source ORDER BY e.source",
        coders=json.dumps(of.question.limits.coders),
    )
    for source, number, day in rows:
        of.name("source", source, f"{counted(number, 'passage', of.question.language)}, {day}")
    return Choice("sources")


def _cases_told(of: Chooser) -> Choice | None:
    """Name the cases whose passages have words of the question that no claim has; nothing where there are none."""
    left = [span for span in of.matched.unknown if span in of.telling]
    if not left or of.question.stance == "opposes":
        return None
    rare = Chooser(replace(of.question, words=tuple(left), about=()), of.matched, of.study)
    excerpts, paragraphs, whole = rare.found()
    places = [*excerpts, *(p.id for p in paragraphs)]
    cases = dict.fromkeys(here for one in places if (here := of.study.tables.cases.get(source_of(one))))
    if not whole or len(cases) != 1:
        return None
    (case,) = cases
    of.name("case", case)
    claims = tuple(c for c in of.claims() if any(counts[case] for counts in of.study.all.by_case(c).values()))
    return Choice("cases", claims, excerpts=tuple(excerpts), paragraphs=tuple(paragraphs))


def _cases_having(of: Chooser, claims: tuple[str, ...], stances: tuple[str, ...]) -> tuple[set[str], bool]:
    """Return the cases whose evidence on claims has a word of the question that no claim has.

    Returns:
        The cases, none where no evidence has one; and whether the study has such a word elsewhere alone, so that what
        it tells may be so in none of the cases.
    """
    words = [word for span in of.question.words for word in ([span.text] if has_han(span.text) else span.text.split())]
    words = [w for w in words if not (w.isdigit() or claims_with(joined(tokens(w)), of.study.lexicon))]
    # A word that may stand in any question tells of no case which has it.
    words = [w for w in words if has_han(w) or not is_common(w)]
    having: set[str] = set()
    for claim in claims if words and of.topics else ():
        for line in (line for stance in stances for line in of.study.all.active(claim, stance)):
            for passage in line.passages:
                keys = {key for key, _ in content_words(passage.quote)}
                told = any(w in passage.quote if has_han(w) else {k for k, _ in content_words(w)} & keys for w in words)
                having |= {passage.case} if told and passage.case else set()
    elsewhere = [w for w in words if not (has_han(w) and (is_common(w) or len(w) < 2)) and of.occurs(w)]
    return having, bool(elsewhere and of.topics and not having)


def _cases_without(of: Chooser, claims: tuple[str, ...]) -> Choice:
    """Name the cases of which nothing bears on what is named, and those that have evidence against what is claimed."""
    counts = of.study.all.by_case(*claims)
    cases = of.study.ids("case")
    zh = of.question.language == "zh"
    apart = "、" if zh else ", "

    def listed(some: dict[str, str]) -> str:
        return apart.join(f"{of.study.label('case', case)}{note}" for case, note in some.items())

    against = {case: f" (−{n})" for case in cases if (n := counts["opposes"][case])}
    bare = {case: "" for case in cases if not any(counts[stance][case] for stance in STANCES)}
    for case in (*bare, *against):
        of.name("case", case, against.get(case, "").strip(" ()"))
    on = apart.join(term.label for term in of.question.of("concept"))
    ids = apart.join(claims)
    if zh:
        said = [f"没有任何证据涉及{on}的案例:{listed(bare)}"] if bare else []
        said += [f"有证据反对{ids}的案例:{listed(against)}"] if against else []
        return Choice("cases", claims, said=(";".join(said) or f"每个案例都有涉及{on}的证据") + "。", neutral=True)
    said = [f"Nothing of {listed(bare)} bears on {on}"] if bare else []
    said += [f"{'against' if said else 'Against'} {ids}: {listed(against)}"] if against else []
    return Choice("cases", claims, said=("; ".join(said) or f"Every case has evidence on {on}") + ".", neutral=True)


def name_cases(of: Chooser) -> Choice:
    """Name the cases that bear on the claims, with their counts; or those whose sources have the words."""
    if true := [one for one in of.question.chosen if one.kind == "case" and one.note.endswith(": true")]:
        # What an attribute says of a case is told by it, whatever is claimed on the words.
        for one in true:
            of.name("case", one.id, one.note)
        return Choice("cases")
    claims = of.claims()
    stances = (of.question.stance,) if of.question.stance else STANCES
    cases = of.study.ids("case")
    if claims and of.topics and ABSENT in of.question.cues:
        return _cases_without(of, claims)
    if claims and of.topics and (choice := _cases_told(of)):
        return choice
    if claims and not (of.matched.unknown and not of.topics):
        counts = of.study.bearing.by_case(*claims)
        lacking = not of.question.stance and bool({"bare", "unsupported"} & of.question.cues)
        if of.question.stance:
            # What only the literature says is not asked of cases, where a case says something.
            stance = of.question.stance
            bears = of.study.bearing
            told = {claim: bears.by_case(claim)[stance] for claim in claims}
            own = [claim for claim, by in told.items() if any(by[case] for case in cases) or not sum(by.values())]
            own = own if any(told[claim][case] for claim in own for case in cases) else []
            claims = tuple(own) or claims
        numbers = {case: sum(counts[s][case] for s in stances) for case in cases}
        having, unsure = _cases_having(of, claims, stances)
        cases = [case for case in cases if not having or case in having]
        if "most" in of.question.cues:
            most = max(numbers.values(), default=0)
            for case in cases:
                if most and numbers[case] == most:
                    of.name("case", case)
            return Choice("cases", claims, said=by_amount(of, claims), is_nearest=unsure)
        for case in cases:
            if bool(numbers[case]) != lacking:
                of.name("case", case, " ".join(f"{SIGNS[s]}{counts[s][case]}" for s in stances))
        return Choice("cases", claims, is_nearest=unsure)
    if not of.telling:
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
    found = find_passages(of)
    for source in found.sources:
        if here := of.study.tables.cases.get(source):
            of.name("case", here)
    # Whether what a passage tells bears out or denies something is not known of words.
    return replace(found, operation="cases", is_nearest=found.is_nearest or of.question.stance == "opposes")
