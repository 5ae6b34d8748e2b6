"""Answer a question in one sentence, in English or Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import claims
from kg.words import word

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping

    from kg.ask import Answer, Term


@dataclass(frozen=True)
class Holdings:
    """What a study has that has no claims yet.

    Args:
        sources: number of its sources.
        passages: number of its passages with a code.
        codes: number of its codes.
    """

    sources: int
    passages: int
    codes: int


@dataclass(frozen=True)
class Facts:
    """Hold what the sentence says.

    Args:
        intent: the form of the question, such as ``supports``.
        about: what it is about.
        language: ``en`` or ``zh``.
        claims: id, subject, object and stage of each claim.
        considered: how many claims there are about it, also when only those without support are given.
        stance: supports, opposes or qualifies, when one was asked for.
        case: the case the evidence was limited to, if any.
        lines: number of active evidence lines by stance.
        by_case: the same by case; None stands for literature.
        stated: ids of the sources that state the claims.
        argued: ids of the sources with evidence.
        holdings: what the study has, when it has no claims and was asked as a whole.
    """

    intent: str
    about: tuple[Term, ...]
    language: str
    claims: tuple[tuple[str, str, str, str | None], ...]
    considered: int
    stance: str | None
    case: Term | None
    lines: Mapping[str, int]
    by_case: Mapping[str, Counter[str | None]]
    stated: tuple[str, ...]
    argued: tuple[str, ...]
    holdings: Holdings | None = None


def of_answer(found: Answer, names: Mapping[tuple[str, str], str]) -> str:
    """Sum an answer up.

    Args:
        found: the answer.
        names: label by kind and id of every record, in the answer's language.
    """
    facts = Facts(
        found.intent,
        found.about,
        found.language,
        tuple((c.id, c.subject, c.object, c.stage) for c in found.claims),
        found.considered,
        found.stance,
        found.case,
        {s: sum(len(c.of(s)) for c in found.claims) for s in claims.STANCES},
        claims.by_case(found.claims),
        tuple(p.source for c in found.claims for p in c.assertions),
        tuple(p.source for c in found.claims for line in c.lines for p in line.passages),
        found.holdings,
    )
    return sentence(facts, names)


def sentence(facts: Facts, names: Mapping[tuple[str, str], str]) -> str:
    """Answer in one sentence.

    Args:
        facts: what it says.
        names: label by kind and id of every record, in the language of the question.
    """
    chinese = facts.language == "zh"
    if facts.holdings:
        return without_claims(facts.holdings, facts.language)
    place = f" ({facts.case.label})" if facts.case else ""
    about = " · ".join(f"“{t.label}”" for t in facts.about) + place
    n = len(facts.claims)
    claims_made = f"{n} 条主张" if chinese else f"{n} claim{'s' * (n != 1)}"
    if not n and facts.considered:
        of, on = (f"{about}的", f" about {about}") if facts.about else ("", "")
        return f"{of}每条主张都有引文支持。" if chinese else f"Every claim{on} has a quote that supports it."
    if not n:
        return f"理论对{about}没有任何主张。" if chinese else f"The theory claims nothing about {about}."
    if facts.intent == "missing":
        have = "has" if n == 1 else "have"
        on = f" on {about}" if about else ""
        return f"{about}有 {claims_made}没有引文支持。" if chinese else f"{claims_made}{on} {have} no quote in support."
    if direct := _direct(facts, names):
        return f"{about}:{direct}。" if chinese else f"{about}: {direct}."
    if facts.stance and not facts.lines[facts.stance]:
        if chinese:
            return f"目前没有证据{word(facts.stance, 'zh')}{about};理论对此有 {claims_made}。"
        return f"No evidence {facts.stance} {about} yet; the theory makes {claims_made} about it."
    tally = ", ".join(
        f"{word(s, 'zh')} {facts.lines[s]}" if chinese else f"{facts.lines[s]} {s}" for s in claims.STANCES
    )
    return f"{about}:{claims_made};证据:{tally}。" if chinese else f"{about}: {claims_made}; evidence lines: {tally}."


def without_claims(holdings: Holdings, language: str) -> str:
    """Say what a study without claims has, and what comes next.

    Args:
        holdings: what it has.
        language: ``en`` or ``zh``.

    Example:
        >>> without_claims(Holdings(2, 30, 1), "en")[:78]
        'This study has no claims yet. It has 2 sources, 30 coded passages and 1 code. '
    """
    if language == "zh":
        return (
            f"此研究还没有主张。已有 {holdings.sources} 个来源、{holdings.passages} 条已编码的引文、"
            f"{holdings.codes} 个编码。"
            "下一步:在 propositions.yaml 中写下主张(格式见 kg schema propositions)。"
        )
    named = (("source", holdings.sources), ("coded passage", holdings.passages), ("code", holdings.codes))
    sources, passages, codes = (f"{n:,} {what}{'s' * (n != 1)}" for what, n in named)
    return (
        f"This study has no claims yet. It has {sources}, {passages} and {codes}. "
        "Next: write its claims in propositions.yaml ('kg schema propositions' shows their form)."
    )


def _direct(facts: Facts, names: Mapping[tuple[str, str], str]) -> str:
    """Answer which stage, which case, who, or what by a relation."""

    def joined(things: Iterable[str]) -> str:
        return ", ".join(dict.fromkeys(things))

    def name(identifier: str) -> str:
        return names.get(("concept", identifier), identifier)

    def said(english: str) -> str:
        return word(english, facts.language)

    if facts.intent == "stage":
        stages = joined(f"{name(stage)} ({claim})" for claim, _, _, stage in facts.claims if stage)
        return stages or said("no claim about it is bound to a stage")
    if facts.intent == "relation":
        asked = {t.id for t in facts.about}
        return joined(name(thing if subject in asked else subject) for _, subject, thing, _ in facts.claims)
    if facts.intent == "who":
        parts = ((said("stated by"), facts.stated), (said("argued in"), facts.argued))
        return "; ".join(f"{how} {joined(some)}" for how, some in parts if some)
    if facts.intent == "cases":
        wanted = (facts.stance,) if facts.stance else claims.STANCES
        counted = [
            f"{said(s)}: {names.get(('case', k), k)} ({v})"
            for s in wanted
            for k, v in sorted(facts.by_case[s].items(), key=str)
            if k
        ]
        return joined(counted) or said("no case yet")
    return ""
