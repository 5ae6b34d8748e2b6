"""Lint of judgements: what in a study's evidence lines looks like a slip of who judged.

Each doubt is a warning, and an entry that is right all the same says so once: ``accepted: reason``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

from kg.claims import rests_on
from kg.errors import RecordFinding
from kg.places import of_kind, spanned
from kg.rationales import is_against
from kg.subjects import count_words, lacks_subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.errors import Finding
    from kg.loaders.study import Loaded
    from kg.places import Place
    from kg.records import EvidenceLine, Excerpt, Source

    Turns = Mapping[str, Sequence[Place]]

RULES = (
    "interviewer-as-evidence",
    "one-reference",
    "passage-both-ways",
    "passage-without-subject",
    "rationale-against-stance",
    "strong-on-few-words",
)
"""The rules of this lint; ``accepted`` answers them."""
FEWEST_WORDS = 5
"""Words that a strong line quotes at least."""
FEWEST_LINES = 4
"""Lines that a claim has at least before it is said that most rest on one reference."""
_ANSWER = "; or say why it is right: 'accepted: reason' on the {entry}"


def lint(loaded: Loaded) -> list[Finding]:
    """Say which judgements of a study look like slips.

    Args:
        loaded: the study.

    Returns:
        A warning each; none for what an entry answers with ``accepted``.
    """
    entries = {"line": "evidence line", "proposition": "proposition"}
    return [
        one._replace(mend=one.mend + _ANSWER.format(entry=entries[one.kind])).placed(loaded.places)
        for one in doubts(loaded)
    ]


def doubts(loaded: Loaded) -> Iterator[RecordFinding]:
    """Give the judgements that look like slips and are not answered, rule by rule.

    Args:
        loaded: the study.
    """
    study = loaded.study
    excerpts = {excerpt.id: excerpt for excerpt in study.excerpts}
    sources = {source.id: source for source in study.sources}
    active = [line for line in study.lines if line.status == "active"]
    lines = [line for line in active if not line.accepted]
    yield from _rationales(lines)
    yield from _both_ways(active)
    yield from _short(lines, excerpts)
    turns = {source.id: of_kind(source.places, "turn") for source in study.sources if source.places}
    yield from _without_subject(active, excerpts, sources, turns)
    yield from _interviewers(lines, excerpts, sources, turns)
    accepted = {claim.id for claim in study.propositions if claim.accepted}
    yield from _one_reference([line for line in active if line.proposition not in accepted], excerpts, sources)


def _rationales(lines: list[EvidenceLine]) -> Iterator[RecordFinding]:
    """Give the lines whose rationale runs against their stance."""
    for line in lines:
        if is_against(line.rationale, line.stance):
            message = f"the rationale of '{line.id}' runs against its stance, {line.stance}: “{line.rationale}”"
            yield RecordFinding(
                "line", line.id, "rationale-against-stance", message, "mend the stance, or the rationale"
            )


def _both_ways(lines: list[EvidenceLine]) -> Iterator[RecordFinding]:
    """Give the lines that oppose a claim with a passage with which their coder supports it."""
    judged: dict[tuple[str, str, str], dict[str, EvidenceLine]] = {}
    for line in lines:
        for excerpt in line.excerpts:
            judged.setdefault((line.coder, line.proposition, excerpt), {}).setdefault(line.stance, line)
    told: set[tuple[str, str]] = set()
    for (coder, claim, excerpt), by_stance in judged.items():
        both = by_stance.get("supports"), by_stance.get("opposes")
        if both[0] is None or both[1] is None or both[0].accepted or both[1].accepted:
            continue
        if (pair := (both[0].id, both[1].id)) not in told:
            told.add(pair)
            message = f"'{coder}' supports and opposes '{claim}' with one passage, {excerpt}: '{pair[0]}', '{pair[1]}'"
            mend = "qualify the claim with one line, or part the passage"
            yield RecordFinding("line", pair[1], "passage-both-ways", message, mend)


def _short(lines: list[EvidenceLine], excerpts: dict[str, Excerpt]) -> Iterator[RecordFinding]:
    """Give the strong lines that quote too few words to say so much."""
    for line in lines:
        if line.stated != "strong":
            continue
        quoted = " … ".join(excerpts[one].exact for one in line.excerpts)
        if count_words(quoted) < FEWEST_WORDS:
            message = f"'{line.id}' is strong, and quotes fewer than {FEWEST_WORDS} words: “{quoted}”"
            yield RecordFinding("line", line.id, "strong-on-few-words", message, "quote all that shows it, or lower it")


def _without_subject(
    lines: list[EvidenceLine], excerpts: dict[str, Excerpt], sources: dict[str, Source], turns: Turns
) -> Iterator[RecordFinding]:
    """Give the lines that rest on one passage which does not name of whom or what it speaks; a passage once."""
    resting: dict[str, list[EvidenceLine]] = {}
    for line in lines:
        # A second passage of a line may be quoted for its subject.
        if len(line.excerpts) == 1:
            resting.setdefault(line.excerpts[0], []).append(line)
    for identifier, drawn in resting.items():
        excerpt = excerpts[identifier]
        if not any(line.accepted for line in drawn) and lacks_subject(excerpt.exact, _before(excerpt, sources, turns)):
            begins = excerpt.exact[:60] + ("…" if len(excerpt.exact) > 60 else "")
            message = f"the passage of '{drawn[0].id}' does not say of whom or what it speaks: “{begins}”"
            mend = "begin the quote where that is named, or add a passage that names it under 'also'"
            yield RecordFinding("line", drawn[0].id, "passage-without-subject", message, mend)


def _before(excerpt: Excerpt, sources: dict[str, Source], turns: Turns) -> str:
    """Return what stands in the paragraph, and in the turn, of a passage before it."""
    source = sources[excerpt.source]
    at = bisect_right(source.body, excerpt.start, key=lambda paragraph: paragraph.start) - 1
    start = source.body[at].start if at >= 0 else excerpt.start
    for turn in spanned(turns.get(source.id, ()), excerpt.start, excerpt.end):
        start = max(start, turn.start) if turn.start <= excerpt.start else start
    return source.text[start : excerpt.start]


def _interviewers(
    lines: list[EvidenceLine], excerpts: dict[str, Excerpt], sources: dict[str, Source], turns: Turns
) -> Iterator[RecordFinding]:
    """Give the lines with a passage that is nothing but an interviewer's own words."""
    asked = {source.id for source in sources.values() if "interviewer" in source.speakers.values()}
    for line in lines:
        for excerpt in (excerpts[one] for one in line.excerpts):
            if excerpt.source not in asked:
                continue
            spoken = spanned(turns.get(excerpt.source, ()), excerpt.start, excerpt.end)
            roles = sources[excerpt.source].speakers
            if spoken and all(roles[turn.label] == "interviewer" for turn in spoken):
                who = f"the interviewer ({spoken[0].label})"
                message = f"only {who} says this, and it is evidence on '{line.proposition}'"
                mend = "quote who answers; or mend 'speakers' of the source in study.yaml"
                yield RecordFinding("line", line.id, "interviewer-as-evidence", message, mend)


def _one_reference(
    lines: list[EvidenceLine], excerpts: dict[str, Excerpt], sources: dict[str, Source]
) -> Iterator[RecordFinding]:
    """Give the claims most of whose lines rest on one reference, person or event, and on nothing else."""
    numbers: Counter[str] = Counter(line.proposition for line in lines)
    alone: dict[str, Counter[str]] = {}
    for line in lines:
        passages = (excerpts[one] for one in line.excerpts)
        bases = {one for e in passages for one in rests_on(e.source, e.cited, sources[e.source].witness)}
        if len(bases) == 1 and not (basis := bases.pop()).startswith("source/"):
            alone.setdefault(line.proposition, Counter())[basis] += 1
    for claim, counts in alone.items():
        basis, number = min(counts.items(), key=lambda one: (-one[1], one[0]))
        if numbers[claim] >= FEWEST_LINES and 2 * number > numbers[claim]:
            message = f"{number} of the {numbers[claim]} evidence lines on '{claim}' rest on {basis} alone"
            mend = "look for other witnesses, or keep of its passages those that say most"
            yield RecordFinding("proposition", claim, "one-reference", message, mend)
