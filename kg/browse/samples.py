"""Made-up claims in every state, drawn for the page that shows how everything looks: no study has them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg import claims
from kg.browse import addresses, butterfly, sides
from kg.browse.fragments import Fragments
from kg.claims import LITERATURE
from kg.picture import butterfly as wings
from kg.picture import cards, drawing, marks
from kg.picture import map as lanes
from kg.picture import sides as around
from kg.picture.butterfly import Butterfly, Group, Quote
from kg.picture.sides import CodeUse, Sides
from kg.picture.theory import Claim, Named, Theory
from kg.store.passages import Quote as Passage
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from kg.browse.study import BuiltStudy

SAYS = "Every quote was checked against its source when this was built."
"""What the made-up quotes say."""
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
"""A name that no line can be broken in."""
TALLIES = {
    "contested": (7, 5, 5), "supported": (4, 0, 2), "weakly supported": (1, 0, 0), "opposed": (0, 3, 0),
    "qualified only": (0, 0, 2),
}  # fmt: skip
"""The number of evidence lines of each stance by state; other states have none."""


def tally(state: str) -> dict[str, int]:
    """Return the number of evidence lines of each stance on a made-up claim.

    Args:
        state: how it stands.
    """
    return dict(zip(claims.STANCES, TALLIES.get(state, (0, 0, 0)), strict=True))


class Pictures(NamedTuple):
    """The pictures of one language as HTML.

    Args:
        wide: the map for a wide window.
        narrow: the map for a narrow one.
        cards: the map for a phone.
        evidence: a claim with quotes of every stance and strength.
        by_case: the same quotes, cases against stances.
        without: a claim without evidence.
        concept: a concept with claims in every state on its sides.
        codes: its codes.
        unused: passages that no claim uses.
    """

    wide: str
    narrow: str
    cards: str
    evidence: Markup
    by_case: Markup
    without: Markup
    concept: Markup
    codes: Markup
    unused: Markup


class _Nowhere(addresses.Served):
    """The addresses of records that are made up: the page itself."""

    def other(self, language: str, path: str, **parameters: object) -> str:  # noqa: ARG002
        """Return the address of the page's main part."""
        return "#main"

    def place(self, span: str) -> str:  # noqa: ARG002
        """Return nothing: there is no passage."""
        return ""


def pictures(study: BuiltStudy, language: str, name: str) -> Pictures:
    """Draw made-up claims in every state.

    Args:
        study: the study, of which nothing is shown.
        language: ``en`` or ``zh``.
        name: what the ids of the page begin with, since it has several of each picture.
    """
    f = Fragments(study, _Nowhere(language))
    some = _claims(language)
    theory = Theory(word("Claims", language), tuple(some), language)
    full, bare, concept = _evidence(some[0], language), _evidence(some[-1], language), _concept(some, language)

    def nowhere(kind: str, identifier: str) -> str:
        return "#main"

    return Pictures(
        wide=drawing.in_page(lanes.lanes(theory), nowhere, "lanes"),
        narrow=drawing.in_page(lanes.lanes(theory, lanes.NARROW), nowhere, "lanes"),
        cards=cards.cards(theory, nowhere),
        evidence=butterfly.picture(f, full, f"{name}-full-"),
        by_case=butterfly.by_case(f, full),
        without=butterfly.picture(f, bare, f"{name}-bare-"),
        concept=sides.picture(f, concept),
        codes=sides.codes(f, concept),
        unused=sides.passages_left(f, concept),
    )


def _named(english: str, language: str) -> Named:
    """Return something that is called by a word of the pages; its id is the word, so links are called so too."""
    return Named(word(english, language), word(english, language))


def _claims(language: str) -> list[Claim]:
    """Return a claim in every state, which the name of its subject says; two have a long name, and two a stage."""
    acted_on = _named("what it acts on", language)
    some = []
    for number, state in enumerate(claims.STATES):
        some.append(
            Claim(
                id=f"S{number + 1:02}",
                statement=f"{word(state, language)}.",
                subject=_named(state, language),
                relation=_named("acts on it", language),
                object=Named(UNBROKEN, UNBROKEN) if number in (2, 3) else acted_on,
                stage=_named("stage", language) if number in (1, 4) else None,
                state=state,
                tally=tally(state),
                witnesses=tally(state),
            )
        )
    return some


def _evidence(claim: Claim, language: str) -> Butterfly:
    """Return a claim with quotes of every stance; one without evidence has none."""
    cases = (*tuple(Named(one, one) for one in ("A", "B")), Named(LITERATURE, word(LITERATURE, language)))
    numbers = {"supports": (wings.MOST + 2, 2, 1), "opposes": (0, 2, 1), "qualifies": (1, 0, 1)}
    some = {}
    for stance in claims.STANCES:
        groups = tuple(
            Group(stance, case.id, case.name, _quotes(stance, case.id, number, language), number)
            for case, number in zip(cases, numbers[stance], strict=True)
            if number and claim.has_evidence
        )
        some[stance] = wings.Side(stance, groups, sum(group.independent for group in groups))
    return Butterfly(
        claim=claim.id,
        statement=claim.statement,
        subject=claim.subject,
        relation=claim.relation,
        object=claim.object,
        kind="finding",
        stage=claim.stage,
        scope=None,
        state=claim.state,
        tally=claim.tally,
        sides=some,
        cases=cases,
    )


def _quotes(stance: str, case: str, number: int, language: str) -> tuple[Quote, ...]:
    """Return quotes, strong before weak, of which one is short, one long, and one has a word without end."""
    says = word(SAYS, language)
    texts = (says, says * 4, says.split("。")[0][:12], UNBROKEN * 2)
    strengths = sorted(
        (claims.STRENGTHS[at % len(claims.STRENGTHS)] for at in range(number)), key=claims.STRENGTHS.index
    )
    made = []
    for at, strength in enumerate(strengths):
        references = tuple((f"r{n}", f"{word('author', language)} {n} (20{10 + n})") for n in range(1, 1 + at % 3))
        source = word("source", language)
        made.append(
            Quote(
                line=f"{stance}-{case}-{at}",
                excerpt=f"{source}:{at}-{at + 1}",
                words=texts[at % len(texts)],
                strength=strength,
                because=says,
                references=references,
                source=source,
                origin=references[0][1] if references else source,
                place=f"§ {at + 1}",
            )
        )
    return tuple(made)


def _concept(some: Sequence[Claim], language: str) -> Sides:
    """Return a concept with claims in every state: those with evidence act on it, it acts on the others."""
    concept = _named("concept", language)
    with_evidence = [c for c in some if c.has_evidence]
    without = [c for c in some if not c.has_evidence]
    cases = tuple(Named(f"case-{n}", f"{word('case', language)} {n}") for n in range(1, len(marks.PALETTES) + 3))
    uses = [
        CodeUse(_named("code", language), {case.id: 9 - 2 * at for at, case in enumerate(cases)}),
        CodeUse(Named(UNBROKEN, UNBROKEN), {cases[0].id: 1}),
        CodeUse(_named("more", language), {}),
    ]
    return Sides(
        concept=concept,
        acts_on_it=around.Side(tuple((c.subject, c) for c in with_evidence), len(with_evidence)),
        it_acts_on=around.Side(tuple((c.subject, c) for c in without), len(without) + 3),
        stage_of=("S02",),
        broader=(_named("broader", language),),
        narrower=(_named("narrower", language), Named(UNBROKEN, UNBROKEN)),
        related=(_named("related", language),),
        codes=tuple(uses),
        cases=cases,
        unused=tuple(Passage(one.excerpt, one.words) for one in _quotes("supports", "A", 3, language)),
    )
