"""Answer a question in one sentence, in English or Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import claims
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.answer import Answer, Holdings


def sentence(answer: Answer, names: Mapping[tuple[str, str], str]) -> str:
    """Sum an answer up in one sentence.

    Args:
        answer: the answer.
        names: label by kind and id of every record, in the language of the question.
    """
    chinese = answer.language == "zh"
    if answer.holdings:
        return without_claims(answer.holdings, answer.language)
    place = f" ({answer.case.label})" if answer.case else ""
    about = " · ".join(f"“{t.label}”" for t in answer.about) + place
    n = len(answer.claims)
    claims_made = f"{n} 条主张" if chinese else f"{n} claim{'s' * (n != 1)}"
    if not n and answer.considered:
        of, on = (f"{about}的", f" about {about}") if answer.about else ("", "")
        return f"{of}每条主张都有引文支持。" if chinese else f"Every claim{on} has a quote that supports it."
    if not n:
        return f"理论对{about}没有任何主张。" if chinese else f"The theory claims nothing about {about}."
    if answer.intent == "missing":
        have = "has" if n == 1 else "have"
        on = f" on {about}" if about else ""
        return f"{about}有 {claims_made}没有引文支持。" if chinese else f"{claims_made}{on} {have} no quote in support."
    if direct := _direct(answer, names):
        return f"{about}:{direct}。" if chinese else f"{about}: {direct}."
    lines = answer.tally
    if answer.stance and not lines[answer.stance]:
        if chinese:
            return f"目前没有证据{word(answer.stance, 'zh')}{about};理论对此有 {claims_made}。"
        return f"No evidence {answer.stance} {about} yet; the theory makes {claims_made} about it."
    disputed = sum(len(claim.disputes) for claim in answer.claims)
    tally = ", ".join(f"{word(s, 'zh')} {lines[s]}" if chinese else f"{lines[s]} {s}" for s in claims.STANCES)
    if disputed:
        tally += f", {word('disputed', 'zh')} {disputed}" if chinese else f"; {disputed} disputed"
    return f"{about}:{claims_made};证据:{tally}。" if chinese else f"{about}: {claims_made}; evidence lines: {tally}."


def without_claims(holdings: Holdings, language: str) -> str:
    """Say what a study without claims has, and what comes next.

    Args:
        holdings: what it has.
        language: ``en`` or ``zh``.

    Example:
        >>> from kg.answer import Holdings
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


def _direct(answer: Answer, names: Mapping[tuple[str, str], str]) -> str:
    """Answer which stage, which case, who, or what by a relation."""

    def joined(things: Iterable[str]) -> str:
        return ", ".join(dict.fromkeys(things))

    def name(identifier: str) -> str:
        return names.get(("concept", identifier), identifier)

    def phrase(english: str) -> str:
        return word(english, answer.language)

    if answer.intent == "stage":
        stages = joined(f"{name(claim.stage)} ({claim.id})" for claim in answer.claims if claim.stage)
        return stages or phrase("no claim about it is bound to a stage")
    if answer.intent == "relation":
        asked = {t.id for t in answer.about}
        return joined(name(claim.object if claim.subject in asked else claim.subject) for claim in answer.claims)
    if answer.intent == "who":
        parts = ((phrase("stated by"), answer.stated_in), (phrase("argued in"), answer.argued_in))
        return "; ".join(f"{how} {joined(some)}" for how, some in parts if some)
    if answer.intent == "cases":
        wanted, by_case = (answer.stance,) if answer.stance else claims.STANCES, answer.by_case
        counted = [
            f"{phrase(s)}: {names.get(('case', k), k)} ({v})"
            for s in wanted
            for k, v in sorted(by_case[s].items(), key=str)
            if k != claims.LITERATURE
        ]
        return joined(counted) or phrase("no case yet")
    return ""
