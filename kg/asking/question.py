"""A question as it is read: an operation, what it is about, a stance, limits, and words that are left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.asking.alone import Alone
from kg.entries import CONFIDENCES
from kg.limits import Limits

if TYPE_CHECKING:
    from kg.asking.attributes import Chosen
    from kg.asking.restrictions import Restriction
    from kg.asking.sentence import Span

INTERESTS = frozenset(["company", "promotional", "unlinked", "uncited"])
"""Cues that are called as the marks of references are."""
TYPES = frozenset("journal-article newspaper-article magazine-article web-page conference-paper book".split())
"""Cues of the types of works."""
MARKS = INTERESTS | TYPES | {"undated", "anonymous"}
"""Cues of what a work is, and that it has no date or no author."""
ACTING = frozenset(["hinders", "promotes"])
"""Cues by which a relation is asked for that the study calls otherwise."""
WEAK = "weakspots"
"""The cue that it is asked where a theory is weak."""
INTEREST = "interest"
"""The cue that it is asked whether somebody has an interest in what is told."""
UNTOLD = "untold"
"""The cue that what a case does not speak of is asked, with or without other evidence."""
OBJECT = "object"
"""The cue that the one concept of a question is one that something else acts on."""
NATURE = "nature"
"""The cue that it is asked what coders are: people or machines."""
EITHER = "either"
"""The cue that it is asked which claims are contested, and which are not."""
LOWERED = "lowered"
"""The cue that it is asked which evidence was lowered."""
UNPUBLISHED = "unpublished"
"""The cue that claims are asked for on which no publication bears."""
TURNED = "turned"
"""The cue that what is asked to be so is denied, which hindering bears out."""
OPPOSED = "opposed"
"""The cue that claims are asked for that have opposing evidence and nothing in support."""
REFUTED = "refuted"
"""The cue that it is asked what a theory is wrong about."""
DRIVERS = "drivers"
"""The cue that claims are asked for by which something acts on something else."""
SUBJECT = "subject"
"""The cue that the concept of a question is one that acts on others."""
ABSENT = "absent"
"""The cue that cases are asked for in which something named is not there."""
DENIES = "denies"
"""The cue that it is asked who or what tells that something is not so."""
WISHED = "wished"
"""The cue that it is told what somebody wishes for who asks for advice."""
SURENESS = frozenset(["sure", "least-sure", "most-sure", *(f"confidence-{level}" for level in CONFIDENCES)])
"""Cues by which it is asked how much confidence claims deserve."""
CHOOSING = ("contested", "unsupported", "bare", "single", "unopposed", "definition", "gap", "suggestion")
"""Cues that choose claims by how they stand, or by their kind."""


@dataclass(frozen=True)
class Term:
    """A record that a question names.

    Args:
        id: its id.
        kind: its kind, such as ``concept`` or ``proposition``.
        label: its preferred label in the question's language.
    """

    id: str
    kind: str
    label: str


@dataclass(frozen=True)
class Question:
    """A question as read.

    Args:
        text: as it was typed.
        language: ``en`` or ``zh``.
        operation: what is done with what it names.
        about: the records that it is about.
        relations: ids of relations that it names.
        stance: supports, opposes or qualifies, when one is asked for.
        limits: what the evidence is limited to.
        excluded: concepts and claims that are not wanted.
        cues: names of all cues that stand in it.
        words: what is left and carries content, by its words; it is looked for in claims and passages.
        mended: words as they were typed, and as they were read.
        asked: all operations whose words stand in it.
        attributes: ids of the attributes that it names.
        chosen: the cases and sources that it chooses by values of attributes.
        said: all that it says beside names and the words that ask for the operation, by which claims are told apart.
        listed: whether it names several things beside each other, with "and" or "or".
        lacking: whether it asks for what has no support from something that it names.
        by_case: cases and what each of them does, where they do not do the same: 海尔支持而小米反对.
        alone: of what kind alone the claims are asked to have evidence.
        restrictions: how many of something the claims are asked to have.
        is_partial: whether what it is about is named by parts of names only, which may be parts of other things.
        beside: unknown words right beside a part of a name, which make another with it: public transport, 家庭收入.
        called: the concepts that it names, each with the words by which it does.
        within: of the words those that tell of which one, or of whom, something is asked: dialogue on prices.
        denied: whether a case, or the literature, is told not to have evidence that another one has.
        acts_on: the concept that is said to act, and that on which it does, where an English sentence tells both.
        by_meaning: whether what it is about was found by what it means, and not by its words.
        sides: of the words those that something acts on, or that act on something, as far as Chinese tells.
    """

    text: str
    language: str
    operation: str
    about: tuple[Term, ...] = ()
    relations: tuple[str, ...] = ()
    stance: str | None = None
    limits: Limits = field(default_factory=Limits)
    excluded: tuple[Term, ...] = ()
    cues: frozenset[str] = frozenset()
    words: tuple[Span, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    said: tuple[Span, ...] = ()
    listed: bool = False
    sides: tuple[Span, ...] = ()
    lacking: bool = False
    by_case: tuple[tuple[str, str], ...] = ()
    alone: Alone = field(default_factory=Alone)
    restrictions: tuple[Restriction, ...] = ()
    is_partial: bool = False
    beside: tuple[Span, ...] = ()
    called: tuple[tuple[str, str], ...] = ()
    within: tuple[Span, ...] = ()
    denied: bool = False
    acts_on: tuple[str, str] = ("", "")
    by_meaning: bool = False

    def of(self, *kinds: str) -> tuple[Term, ...]:
        """Return what it is about, of some kinds."""
        return tuple(term for term in self.about if term.kind in kinds)
