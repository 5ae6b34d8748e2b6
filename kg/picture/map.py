"""The theory map: a row a claim, who acts on the left, what is acted on on the right, the evidence as strands between.

Rows are put in such an order that equal subjects and equal objects stand together and become one box. The label of a
claim stands in the column of its stage, or, where the stages have no room side by side, each stage has its rows below
those of the one before.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kg import claims
from kg.picture import marks, pill
from kg.picture.scene import Box, Edge, Group, Label, Scene, Sign
from kg.picture.theory import SIDES
from kg.picture.typeset import lines, width
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.picture.theory import Claim, Named, Theory

MOST = 60
"""How many claims are shown at once; of more, one stage or one concept is chosen first."""
WIDE, NARROW = 1200, 664
"""How wide the map is in a page: beside a margin in a window of 1280 pixels, and in one of 700."""
SWEEPS = 8
"""How often the order of the rows is improved."""

_SIDE = {WIDE: (150, 216), NARROW: (120, 176)}
"""How wide the boxes of the concepts are, at least and at most, by the width of the map."""
"""How wide the boxes of the concepts are, at least and at most, by the width of the map."""
_ROW, _HEAD, _FOOT = 28, 32, 8
"""Height of a row, of the line of headings, and of what is under the last row."""
_EDGE, _GAP = 8, 8
"""Space between a box of a concept and the bands, and between the text and the side of a box."""
_NAME, _LINE = 14, 17
"""Size of a concept's name, and the height of a line of it."""
_TEXT, _SMALL = 13, 12
"""Size of a heading, and of what is said in passing."""


def ordered(some: Sequence[Claim]) -> list[Claim]:
    """Return claims in the order of their rows: equal subjects together, and equal objects as far as can be.

    Claims that share no concept, directly or through others, are ordered apart; those with the largest part of
    contested claims come first. Within, subjects and objects are ordered in turns by the mean place of what they are
    joined to (K. Sugiyama et al., Methods for visual understanding of hierarchical system structures, 1981), and the
    order that needs fewest boxes is taken. Ties keep the study's order, so that the same claims give the same rows.

    Args:
        some: the claims, in the study's order.

    Returns:
        All of them.
    """
    parts = [_arranged(part) for part in _parts(some)]
    at = {claim.id: place for place, claim in enumerate(some)}

    def standing(part: list[Claim]) -> tuple[float, int]:
        contested = sum(claim.state == "contested" for claim in part)
        return -round(contested / len(part), 6), min(at[claim.id] for claim in part)

    return [claim for part in sorted(parts, key=standing) for claim in part]


def _parts(some: Sequence[Claim]) -> list[list[Claim]]:
    """Split claims into those that share a subject or an object, directly or through others."""
    above: dict[tuple[str, str], tuple[str, str]] = {}

    def top(key: tuple[str, str]) -> tuple[str, str]:
        above.setdefault(key, key)
        while above[key] != key:
            above[key] = key = above[above[key]]
        return key

    for claim in some:
        above[top(("object", claim.object.id))] = top(("subject", claim.subject.id))
    parts: dict[tuple[str, str], list[Claim]] = {}
    for claim in some:
        parts.setdefault(top(("subject", claim.subject.id)), []).append(claim)
    return list(parts.values())


def _arranged(some: list[Claim]) -> list[Claim]:
    """Order claims that hang together."""
    subjects = list(dict.fromkeys(claim.subject.id for claim in some))
    objects = list(dict.fromkeys(claim.object.id for claim in some))
    acts_on: dict[str, list[str]] = {s: [] for s in subjects}
    acted_by: dict[str, list[str]] = {o: [] for o in objects}
    for claim in some:
        acts_on[claim.subject.id].append(claim.object.id)
        acted_by[claim.object.id].append(claim.subject.id)
    of_subject: dict[str, list[Claim]] = {s: [] for s in subjects}
    for claim in some:
        of_subject[claim.subject.id].append(claim)
    best, fewest = _rows(subjects, objects, of_subject), len(some) + 1
    for _ in range(SWEEPS):
        rows = _rows(subjects, objects, of_subject)
        boxes = sum(1 for _ in groupby(rows, key=lambda claim: claim.object.id))
        if boxes < fewest:
            best, fewest = rows, boxes
        objects = _by_mean(objects, acted_by, subjects)
        subjects = _by_mean(subjects, acts_on, objects)
    contested = [place for place, claim in enumerate(best) if claim.state == "contested"]
    # What is contested is to be seen first, and an order is as good from below.
    if contested and 2 * sum(contested) > len(contested) * (len(best) - 1):
        best.reverse()
    return best


def _by_mean(keys: list[str], near: Mapping[str, list[str]], others: list[str]) -> list[str]:
    """Order keys by the mean place of what each is joined to; equal ones as they are."""
    at = {key: place for place, key in enumerate(others)}
    # Rounded: means that are equal but for the arithmetic are ties.
    return sorted(keys, key=lambda key: round(sum(at[one] for one in near[key]) / len(near[key]), 9))


def _rows(subjects: list[str], objects: list[str], of_subject: Mapping[str, list[Claim]]) -> list[Claim]:
    """Return the claims subject by subject: first the object of the row before, last one that the next subject has."""
    at = {key: place for place, key in enumerate(objects)}
    rows: list[Claim] = []
    for number, subject in enumerate(subjects):
        mine = of_subject[subject]
        before = rows[-1].object.id if rows else ""
        following = {c.object.id for c in of_subject[subjects[number + 1]]} if number + 1 < len(subjects) else set()
        shared = [one for one in dict.fromkeys(c.object.id for c in mine) if one in following and one != before]
        last = max(shared, key=lambda one: at[one], default="")
        rows += sorted(mine, key=lambda c: (c.object.id != before, c.object.id == last, at[c.object.id]))
    return rows


class _Run(NamedTuple):
    """Rows that follow each other and have the same concept on one side."""

    concept: Named
    first: int
    last: int


def _runs(rows: Sequence[Claim], concept: Callable[[Claim], Named]) -> list[_Run]:
    runs = []
    first = 0
    for same, some in groupby(rows, key=concept):
        number = sum(1 for _ in some)
        runs.append(_Run(same, first, first + number - 1))
        first += number
    return runs


class _Draft:
    """A map in the making: where the columns are, and what was placed so far.

    Args:
        theory: what is drawn.
        wide: how wide the map is.
    """

    def __init__(self, theory: Theory, wide: int) -> None:
        self.theory, self.wide = theory, wide
        self.language = theory.language
        self.columns: dict[Named | None, tuple[float, float]] | None = None
        """Where the column of every stage begins and ends; None when they have no room side by side."""
        least, most = _SIDE[wide]
        names = [width(c.name, _NAME, weight=600) for claim in theory.claims for c in (claim.subject, claim.object)]
        self.side = round(min(max([least, *(name + 2 * _GAP + 4 for name in names)]), most))
        # Names that are broken in two give way to stages side by side.
        stages = [stage for stage, _ in theory.stages]
        longest = dict.fromkeys(stages, 0.0)
        for claim in theory.claims:
            longest[claim.stage] = max(
                longest[claim.stage], pill.words(claim, self.language, wide - 2 * least).width + 20
            )
        spare = wide - 2 * (1 + _EDGE) - sum(longest.values())
        if spare >= 2 * least or len(stages) == 1:
            self.side = min(self.side, max(int(spare / 2), least))
            each = (spare - 2 * self.side) / max(len(stages), 1)
            x = float(self.side + 1 + _EDGE)
            self.columns = {}
            for stage in stages:
                self.columns[stage] = x, x + longest[stage] + each
                x += longest[stage] + each
        self.left, self.right = self.side + 1 + _EDGE, wide - self.side - 1 - _EDGE
        self.groups: list[Group] = []
        self.back: list[Group] = []
        self.numbers = 0
        """How many boxes of concepts there are so far; a box and the rows that belong to it share a number."""

    def rows(self, rows: list[Claim], top: float, columns: Mapping[Named | None, tuple[float, float]]) -> float:
        """Place the rows of some claims, with the boxes beside them.

        Args:
            rows: the claims, in the order of their rows.
            top: where the first row begins.
            columns: where the column of every stage begins and ends.

        Returns:
            Where the last row ends.
        """
        sides = {
            "subject": _runs(rows, lambda claim: claim.subject),
            "object": _runs(rows, lambda claim: claim.object),
        }
        heights = [float(_ROW)] * len(rows)
        names: dict[tuple[str, int], list[str]] = {}
        for side, runs in sides.items():
            for run in runs:
                name = lines(run.concept.name, self.side - 2 * _GAP, _NAME, 2, weight=600)
                names[side, run.first] = name
                lacking = len(name) * _LINE + 7 - sum(h - 4 for h in heights[run.first : run.last + 1])
                if lacking > 0 and run.first == run.last:
                    heights[run.first] += lacking
        tops = [top]
        for height in heights:
            tops.append(tops[-1] + height)
        beside: dict[tuple[str, int], Group] = {}
        box_of: dict[tuple[str, int], tuple[str, int]] = {}
        for side, runs in sides.items():
            for run in runs:
                box = Box(
                    f"{side}-{self.numbers}",
                    1 if side == "subject" else self.wide - self.side - 1,
                    tops[run.first] + 2,
                    self.side,
                    tops[run.last + 1] - tops[run.first] - 4,
                    "concept",
                    "accent",
                    radius=12,
                )
                beside[side, run.first] = self._concept(run.concept, box, names[side, run.first])
                for row in range(run.first, run.last + 1):
                    box_of[side, row] = box.name, self.numbers
                self.numbers += 1
        for row, claim in enumerate(rows):
            middle = (tops[row] + tops[row + 1]) / 2
            own = self._claim(claim, middle, columns[claim.stage], box_of["subject", row], box_of["object", row])
            self.groups += [g for g in (beside.get(("subject", row)), own, beside.get(("object", row))) if g]
        return tops[-1]

    def _concept(self, concept: Named, box: Box, name: list[str]) -> Group:
        """Return the box of a concept with its name in the middle."""
        first = box.y + box.height / 2 + 5 - (len(name) - 1) * _LINE / 2
        labels = tuple(
            Label(box.x + box.width / 2, first + _LINE * n, text, _NAME, 600, "ink", "middle", box.name)
            for n, text in enumerate(name)
        )
        return Group(
            "concept", ("concept", concept.id), concept.name, (f"b{self.numbers}",), boxes=(box,), labels=labels
        )

    def _claim(
        self,
        claim: Claim,
        y: float,
        column: tuple[float, float],
        subject: tuple[str, int],
        object_: tuple[str, int],
    ) -> Group:
        """Return the row of a claim: its strands, and its label in the middle of the column."""
        words = pill.words(claim, self.language, column[1] - column[0] - 16)
        box, labels, sign = pill.placed(claim, words, (sum(column) - words.width) / 2, y)
        placed = marks.strands(claim.witnesses)
        end = self.right + _EDGE
        edges = tuple(
            Edge(
                ((self.side + 1, y + strand.offset), (end - marks.HEAD + 1, y + strand.offset)),
                (subject[0], object_[0]),
                strand.stance,
                strand.width,
                strand.dashes,
                (box.name,),
            )
            for strand in placed
        )
        half = max(5.0, placed[-1].offset + placed[-1].width / 2 + 2) if claim.has_evidence else 4
        signs = (
            Sign(end, y, (marks.arrow(marks.heaviest(claim.witnesses), half),)),
            sign,
        )
        return Group(
            "row",
            ("proposition", claim.id),
            claim.says(self.language),
            (f"n{subject[1]}", f"n{object_[1]}"),
            edges,
            (box,),
            labels,
            signs,
        )

    def heading(self, stage: Named | None, number: int, x0: float, x1: float, y: float) -> list[Label]:
        """Return the name of a stage and how many claims it has, in the middle of a column."""
        many = counted(number, self.language)
        beside = width(many, _SMALL) + 8
        (name,) = lines(stage_name(stage, self.language), x1 - x0 - beside - 16, _TEXT, 1, weight=600) or ("",)
        start = (x0 + x1 - width(name, _TEXT, weight=600) - beside) / 2
        return [
            Label(start, y, name, _TEXT, 600),
            Label(start + width(name, _TEXT, weight=600) + 8, y, many, _SMALL, 400, "soft"),
        ]

    def sides(self, y: float) -> list[Label]:
        """Return the headings of the boxes."""
        return [
            Label(4, y, word("what acts", self.language), _SMALL, 600, "soft"),
            Label(self.wide - 4, y, word("what it acts on", self.language), _SMALL, 600, "soft", "end"),
        ]


def counted(number: int, language: str) -> str:
    """Return a number of claims in words.

    Args:
        number: how many.
        language: ``en`` or ``zh``.
    """
    if language == "zh":
        return f"{number} 条主张"
    return f"{number:,} claim" + ("s" if number != 1 else "")


def stage_name(stage: Named | None, language: str) -> str:
    """Return what a stage is called.

    Args:
        stage: the stage; None for claims that are bound to none.
        language: ``en`` or ``zh``.
    """
    return stage.name if stage else word("any stage", language)


def lanes(theory: Theory, wide: int = WIDE) -> Scene:
    """Place the map of a theory.

    Args:
        theory: its claims.
        wide: how wide the map is, :data:`WIDE` or :data:`NARROW`.

    Returns:
        The scene; the same theory gives the same one.
    """
    draft = _Draft(theory, wide)
    columns = draft.columns
    draft.back.append(Group("heading", labels=tuple(draft.sides(20))))
    if columns is not None:
        bottom = draft.rows(ordered(theory.claims), _HEAD, columns)
        for stage, number in theory.stages:
            x0, x1 = columns[stage]
            draft.back.append(_band(x0 + 3, 0, x1 - x0 - 6, bottom + _FOOT, draft.heading(stage, number, x0, x1, 20)))
        return Scene(theory.title, wide, bottom + _FOOT, tuple(draft.back), tuple(draft.groups))
    bottom = 0.0
    for stage, number in theory.stages:
        rows = ordered([claim for claim in theory.claims if claim.stage == stage])
        top, middle = bottom, (draft.left, draft.right)
        bottom = draft.rows(rows, top + _HEAD, {stage: middle}) + _FOOT
        heading = draft.heading(stage, number, *middle, top + 20)
        draft.back.append(_band(middle[0] + 3, top, middle[1] - middle[0] - 6, bottom - top, heading))
        bottom += _FOOT
    return Scene(theory.title, wide, bottom - _FOOT, tuple(draft.back), tuple(draft.groups))


def _band(x: float, y: float, wide: float, high: float, heading: Iterable[Label]) -> Group:
    """Return the band of a stage with its heading; rows lie on it."""
    return Group("band", boxes=(Box("", x, y, wide, high, "band", radius=6),), labels=tuple(heading))


_MARGIN, _TITLE = 24, 18
"""Space around a map in a file, and the size of its heading."""


def framed(scene: Scene, theory: Theory) -> Scene:
    """Return a scene with a margin, its title above and what its signs mean below: what a file needs to stand alone.

    Args:
        scene: the map, or the figure, of the theory.
        theory: its claims.
    """
    wide = scene.width + 2 * _MARGIN
    title = [
        Label(_MARGIN, _MARGIN + _TITLE + 24 * n, text, _TITLE, 600)
        for n, text in enumerate(lines(theory.title, scene.width, _TITLE, 3, weight=600))
    ]
    top = _MARGIN + 24 * len(title) + 12
    legend, high = _legend(theory, scene.width)
    bottom = top + scene.height + 16
    return Scene(
        scene.title,
        wide,
        bottom + high + _MARGIN,
        (Group("title", labels=tuple(title)), *(group.moved(_MARGIN, top) for group in scene.back)),
        (*(group.moved(_MARGIN, top) for group in scene.groups), legend.moved(_MARGIN, bottom)),
    )


def _legend(theory: Theory, wide: float) -> tuple[Group, float]:
    """Return what the signs and strands that occur mean, in as many lines as it takes, and how high that is."""
    x, y = 0.0, 14.0
    labels, signs, edges = [], [], []

    def entry(text: str, before: float) -> tuple[float, float]:
        nonlocal x, y
        need = before + width(text, _SMALL)
        if x and x + need > wide:
            x, y = 0.0, y + 20
        place = x, y
        labels.append(Label(x + before, y, text, _SMALL, 400, "soft"))
        x += need + 16
        return place

    for state, _ in theory.states:
        left, base = entry(word(state, theory.language), 16)
        signs.append(Sign(left + 6, base - 4, marks.STATES[state]))
    for stance in claims.STANCES:
        if any(claim.witnesses[stance] for claim in theory.claims):
            left, base = entry(word(SIDES[stance], theory.language), 32)
            points = (left, base - 4), (left + 26, base - 4)
            edges.append(Edge(points, (), stance, 3.5, marks.DASHES[stance]))
    entry(word("numbers: lines; width: independent witnesses", theory.language), 0)
    return Group("legend", edges=tuple(edges), labels=tuple(labels), signs=tuple(signs)), y + 6
