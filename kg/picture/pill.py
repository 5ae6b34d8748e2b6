"""The label of a claim in the pictures of a theory: the sign of its state, its id, its relation, and its counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg import claims
from kg.picture import marks
from kg.picture.scene import Box, Label, Sign
from kg.picture.theory import SHORT
from kg.picture.typeset import lines, width
from kg.words import word

if TYPE_CHECKING:
    from kg.picture.theory import Claim

HEIGHT = 22
"""How high a label is (pixels)."""
_TEXT, _SMALL = 13, 12
"""Size of its text, and of what stands in place of counts."""
_ID, _RELATION = 120, 190
"""How wide the id and the relation are at most."""


class Words(NamedTuple):
    """The words of a claim's label.

    Args:
        id: the claim's id.
        relation: how it acts.
        counts: text, colour and weight of each count, or of what stands in their place.
        width: how wide the label is.
    """

    id: str
    relation: str
    counts: tuple[tuple[str, str, int], ...]
    width: float


def words(claim: Claim, language: str, room: float) -> Words:
    """Return the words of a claim's label; what is too long for it ends in an ellipsis.

    Args:
        claim: the claim.
        language: ``en`` or ``zh``.
        room: how wide the label may be.
    """
    if claim.has_evidence:
        counts = tuple(
            (f"{claims.SIGNS[s]}{n}", s if n else "soft", 600 if n else 400)
            for s in claims.STANCES
            for n in [claim.tally[s]]
        )
    else:
        counts = ((word(SHORT.get(claim.state, claim.state), language), "soft", 400),)
    size = _TEXT if claim.has_evidence else _SMALL
    wide = sum(width(text, size, weight=600 if claim.has_evidence else 400) for text, _, _ in counts) + 6 * len(counts)
    (identifier,) = lines(claim.id, min(_ID, room / 3), _TEXT, 1, weight=600) or ("",)
    fixed = 22 + width(identifier, _TEXT, weight=600) + 6 + 12 + wide + 6
    (relation,) = lines(claim.relation.name, max(min(_RELATION, room - fixed), 30), _TEXT, 1) or ("",)
    return Words(identifier, relation, counts, fixed + width(relation, _TEXT))


def placed(claim: Claim, text: Words, x: float, y: float) -> tuple[Box, tuple[Label, ...], Sign]:
    """Return the label of a claim at a place.

    Args:
        claim: the claim.
        text: its words, from :func:`words`.
        x: where it begins.
        y: its middle.
    """
    colour, dashes = marks.COLOURS.get(claim.state, marks.NONE), "" if claim.has_evidence else "2 3"
    box = Box(f"claim-{claim.id}", x, y - HEIGHT / 2, text.width, HEIGHT, "card", colour, 1.2, HEIGHT / 2, dashes)
    base, at = y + 4.5, x + 22
    labels = [Label(at, base, text.id, _TEXT, 600, "accent", box=box.name)]
    at += width(text.id, _TEXT, weight=600) + 6
    labels.append(Label(at, base, text.relation, _TEXT, box=box.name))
    at += width(text.relation, _TEXT) + 12
    size, heavy = (_TEXT, 600) if claim.has_evidence else (_SMALL, 400)
    for count, paint, weight in text.counts:
        labels.append(Label(at, base, count, size, weight, paint, box=box.name))
        at += width(count, size, weight=heavy) + 6
    return box, tuple(labels), Sign(x + 12, y, marks.STATES[claim.state])
