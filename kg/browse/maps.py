"""The map of the theory as a page, and the first page, which begins with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import claims
from kg.asking.further import WAYS
from kg.browse import overviews
from kg.browse.frame import CLAIMS, Page, Slice, cut
from kg.browse.parameters import Parameters
from kg.errors import KGError, UnknownTerm, closest
from kg.picture import map as lanes
from kg.picture.theory import Theory, chosen, theory
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.browse.study import BuiltStudy, Row, Standing
    from kg.picture.scene import Scene
    from kg.picture.theory import Claim, Named

NO_STAGE = "-"
"""What stands in an address in place of a stage for the claims that are bound to none."""


@dataclass(frozen=True)
class Map:
    """The map of a theory.

    Args:
        theory: the claims that are shown.
        wide: the map for a wide window; None when what is shown has to be chosen first.
        narrow: the map for a narrow one.
        states: how all of the claims stand, and how many stand so.
        contested: those that are contested.
        total: how many claims there are to choose from.
        stages: the stages that can be chosen, with what stands for each in an address, and their number of claims.
        concepts: the concepts that can be chosen, and how many claims are about each.
    """

    theory: Theory
    wide: Scene | None
    narrow: Scene | None
    states: Sequence[tuple[str, int]]
    contested: Sequence[Claim]
    total: int
    stages: Sequence[tuple[str, str, int]]
    concepts: Sequence[tuple[Named, int]]


def drawn(study: BuiltStudy, parameters: Parameters, language: str) -> Map:
    """Place the map that an address asks for.

    Args:
        study: the study.
        parameters: says of which claims, and which evidence is looked at.
        language: ``en`` or ``zh``.

    Raises:
        UnknownTerm: when a record, case, stance or stage is not there.
        KGError: when a record is no claim and no concept.
    """
    wanted, within = _wanted(study, parameters)
    only = chosen(study.tables, *(parameters.choice.get(facet, ()) for facet in ("case", "stance")))
    if only is not None:
        within = only if within is None else within & only
    every = theory(study.tables, language, wanted, within)
    stages = [
        (stage.id if stage else NO_STAGE, lanes.stage_name(stage, language), number) for stage, number in every.stages
    ]
    shown = every
    if stage := parameters.choice.get("stage"):
        for value in sorted(stage - {one for one, _, _ in stages}):
            raise UnknownTerm(value, "stage", closest(value, [one for one, _, _ in stages]))
        some = tuple(c for c in every.claims if (c.stage.id if c.stage else NO_STAGE) in stage)
        shown = Theory(every.title, some, language)
    chosen_first = wanted is not None or stage
    too_many = len(shown.claims) > lanes.MOST and not parameters.whole
    if too_many and chosen_first:
        # Of a choice that is still too large the contested ones are shown, and others as far as there is room.
        some = tuple(sorted(shown.claims, key=lambda claim: claim.state != "contested")[: lanes.MOST])
        shown = Theory(every.title, some, language)
    is_drawn = bool(shown.claims) and (not too_many or bool(chosen_first))
    return Map(
        theory=shown,
        wide=lanes.lanes(shown) if is_drawn else None,
        narrow=lanes.lanes(shown, lanes.NARROW) if is_drawn else None,
        states=every.states,
        contested=[claim for claim in lanes.ordered(every.claims) if claim.state == "contested"],
        total=len(every.claims),
        stages=stages if len(stages) > 1 else [],
        concepts=every.concepts,
    )


def _wanted(study: BuiltStudy, parameters: Parameters) -> tuple[list[str] | None, int | None]:
    """Return the ids of the claims and the evidence lines that an address asks for; None for all."""
    if parameters.of:
        kind, _, identifier = parameters.of.partition("/")
        if (kind, identifier) not in study.names:
            raise UnknownTerm(parameters.of, "record", closest(identifier, study.ids(kind)))
        if kind == "concept":
            return [*study.concerning(identifier)], None
        if kind == "proposition":
            subject, acted_on, _ = study.about[identifier]
            return [c for c, (one, other, _) in study.about.items() if {one, other} & {subject, acted_on}], None
        raise KGError(f"the map shows claims and concepts; explore a {kind} freely at /explore?of={parameters.of}")
    if parameters.question.strip():
        reply = study.answers.answer(parameters.question)
        within = study.evidence.within(reply.limits) if reply.limits else None
        return [claim.id for claim in reply.claims], within
    return None, None


@dataclass(frozen=True)
class Picture:
    """The page of the map.

    Args:
        map: the map.
        heading: what it is a map of.
        cases: ids of the cases that evidence can be looked at of, and ``literature``.
    """

    map: Map
    heading: str
    cases: Sequence[str]


def picture(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Draw the map of the theory, or of the claims about a record or of an answer."""
    made = drawn(study, parameters, language)
    kept_values = parameters.chosen()
    kept = {
        "of": parameters.of,
        "q": parameters.question,
        **{facet: kept_values.get(facet, ()) for facet in ("case", "stance", "stage")},
    }
    heading = word("The map of the theory", language)
    if parameters.of:
        kind, _, identifier = parameters.of.partition("/")
        heading = study.name(kind, identifier, language)
    elif parameters.question:
        heading = parameters.question
    return Page(
        "picture.html",
        heading,
        "picture",
        Picture(made, heading, [*study.ids("case"), claims.LITERATURE]),
        kept=kept,
        shows=tuple(("proposition", claim.id) for claim in made.theory.claims),
    )


@dataclass(frozen=True)
class Home:
    """The first page.

    Args:
        map: the map of the theory.
        headline: how the claims stand, in one sentence.
        asked: questions to begin with.
        claims: the contested claims; when there are none, all.
        questions: rows of the open questions.
    """

    map: Map
    headline: str
    asked: Sequence[str]
    claims: Slice[Standing]
    questions: Sequence[Row]


def home(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Begin with the map and what is contested; then questions. Of a study without claims, show what else it has."""
    if not study.claims:
        return overviews.without_claims(study, parameters, language)
    made = drawn(study, Parameters(whole=parameters.whole), language)
    listed = [claim.id for claim in made.contested] or [*study.claims]
    part = cut(listed, parameters, CLAIMS)
    content = Home(
        map=made,
        headline=headline(made, language),
        asked=questions(made, language),
        claims=part.of([*map(study.standing, part.items)]),
        questions=[*{row["question"]: row for row in study.questions}.values()],
    )
    return Page(
        "home.html",
        study.header["title_zh"] if language == "zh" and study.header["title_zh"] else study.header["title"],
        "",
        content,
        shows=tuple(("proposition", claim) for claim in study.claims),
    )


def headline(made: Map, language: str) -> str:
    """Say how the claims stand in one sentence: how many are contested, or else how the most stand.

    Args:
        made: the map of all claims.
        language: ``en`` or ``zh``.
    """
    number = len(made.contested)
    if not number:
        parts = [f"{word(state, language)} {some}" for state, some in made.states]
        return f"{lanes.counted(made.total, language)}{'：' if language == 'zh' else ': '}{', '.join(parts)}"
    if language == "zh":
        return f"{made.total} 条主张中有 {number} 条存在争议"
    return f"{number:,} of {lanes.counted(made.total, language)} {'is' if number == 1 else 'are'} contested"


def questions(made: Map, language: str) -> list[str]:
    """Return up to three questions that show what can be asked: on the most contested claim, on the best supported one.

    Args:
        made: the map of all claims.
        language: ``en`` or ``zh``.
    """
    ways = WAYS[language]
    some = made.theory.claims

    def most(stance: str, among: Sequence[Claim]) -> Claim | None:
        best = max(among, key=lambda claim: claim.tally[stance], default=None)
        return best if best and best.tally[stance] else None

    asked = []
    if disputed := most("opposes", made.contested):
        asked.append(ways["opposes"].format(topic=disputed.subject.name))
    if best := most("supports", [claim for claim in some if claim.state != "contested"]):
        asked.append(ways["cases"].format(topic=best.subject.name))
    asked.append(ways["contested" if made.contested else "gaps"])
    return asked
