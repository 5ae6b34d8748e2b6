"""The answer to a question: one object, which terminal, page, JSON and Python all show."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg import ask, bearing, query

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from kg.ask import Parsed, Term
    from kg.bearing import Bearing, Claim
    from kg.query import Engine

Rows = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Holdings:
    """The counts of what a study has that claims could be written about.

    Args:
        sources: number of its sources.
        passages: number of its passages with a code.
        codes: number of its codes.
    """

    sources: int
    passages: int
    codes: int


@dataclass(frozen=True)
class Answer:
    """The answer to a question: what the theory claims, the evidence, and what no quote supports.

    Args:
        question: the question as asked.
        intent: the form it was understood as, such as ``supports``.
        about: what it is about.
        language: ``en`` or ``zh``.
        claims: the claims, each with what bears on it.
        considered: how many claims there are about it, also when only those without support are given.
        stance: supports, opposes or qualifies, when one was asked for.
        case: the case the evidence was limited to, if any.
        definition: rows of the query ``concept`` when asked what something is.
        questions: open questions of the theory about it.
        searches: searches for evidence on it that found nothing.
        queries: name and parameters of every query that was run.
        holdings: what the study has, when it has no claims and was asked as a whole.
        bearing: what bears on the claims, within the case if there is one.
    """

    question: str
    intent: str
    about: tuple[Term, ...]
    language: str
    claims: tuple[Claim, ...]
    considered: int
    stance: str | None
    case: Term | None
    definition: Rows
    questions: Rows
    searches: Rows
    queries: tuple[tuple[str, dict[str, str]], ...]
    holdings: Holdings | None
    bearing: Bearing = field(repr=False, compare=False)

    @property
    def unsupported(self) -> tuple[Claim, ...]:
        """Return the claims that no active evidence line supports."""
        return tuple(claim for claim in self.claims if not claim.is_supported)

    @property
    def tally(self) -> dict[str, int]:
        """Return the number of active evidence lines by stance."""
        return self.bearing.tally(*(claim.id for claim in self.claims))

    @property
    def by_case(self) -> dict[str, Counter[str]]:
        """Return the number of active evidence lines by stance and case; ``literature`` stands for no case."""
        return self.bearing.by_case(*(claim.id for claim in self.claims))

    @property
    def stated_in(self) -> tuple[str, ...]:
        """Return the ids of the sources that state the claims, each once."""
        return tuple(dict.fromkeys(p.source for claim in self.claims for p in claim.assertions))

    @property
    def argued_in(self) -> tuple[str, ...]:
        """Return the ids of the sources with evidence, each once."""
        return self.bearing.sources(*(claim.id for claim in self.claims))


class Answers:
    """The answers that one build of a study gives, with what all of them need read once.

    Args:
        engine: what answers queries.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @cached_property
    def vocabulary(self) -> ask.Vocabulary:
        """Return the words that questions are understood by."""
        return ask.Vocabulary(self.engine)

    @cached_property
    def bearing(self) -> Bearing:
        """Return what bears on the claims."""
        return bearing.of(self.engine)

    def parse(self, question: str) -> Parsed:
        """Understand a question.

        Args:
            question: in English or Chinese.

        Raises:
            UnknownTerm: when the graph does not know a word of the question.
            KGError: when the question has no known form.
        """
        return ask.parse(question, self.vocabulary)

    def answer(self, question: str) -> Answer:
        """Answer a question.

        Args:
            question: in English or Chinese.

        Returns:
            The answer; it may say that nothing is known.

        Raises:
            UnknownTerm: when the graph does not know a word of the question.
            KGError: when the question has no known form.
        """
        parsed = self.parse(question)
        asked: list[tuple[str, dict[str, str]]] = []

        def run(name: str, **parameters: str) -> query.Table:
            asked.append((name, parameters))
            return query.run(self.engine, name, **parameters)

        bears = self.bearing.within(parsed.case.id) if parsed.case else self.bearing
        claims = bearing.load(self.engine, matching(run, parsed), bears)
        asked += [("trace-proposition", {"id": claim.id}) for claim in claims]
        considered = len(claims)
        if parsed.intent == "missing":
            claims = tuple(claim for claim in claims if not claim.is_supported)
        holdings = None if considered or parsed.about else count_holdings(run)
        definition, questions, searches = beside(
            run, parsed, {i for c in claims for i in (c.subject, c.object, c.stage) if i}
        )
        return Answer(
            question,
            parsed.intent,
            parsed.about,
            ask.language_of(question),
            claims,
            considered,
            parsed.stance,
            parsed.case,
            definition,
            questions,
            searches,
            tuple({str(q): q for q in asked}.values()),
            holdings,
            bears,
        )


def matching(run: Callable[..., query.Table], parsed: Parsed) -> query.Table:
    """Find the claims that a question is about.

    Args:
        run: runs a named query.
        parsed: the question as understood.

    Returns:
        Rows as the query ``claims`` has them.
    """
    first = parsed.about[0] if parsed.about else None
    if parsed.intent == "relation" and first and first.kind == "concept" and parsed.relation:
        name = "claims-by-relation" if parsed.place == "object" else "claims-by-subject"
        return run(name, relation=parsed.relation, concept=first.id)
    if parsed.intent == "relate" and first and {t.kind for t in parsed.about} == {"concept"}:
        return run("claims-between", concept=first.id, other=parsed.about[1].id)
    if first and first.kind == "concept":
        return run("claims-about-concept", concept=first.id)
    rows = run("claims")
    if first:
        wanted = {t.id for t in parsed.about}
        rows = query.Table(rows.columns, [row for row in rows.rows if row[0] in wanted])
    return rows


def count_holdings(run: Callable[..., query.Table]) -> Holdings:
    """Count what a study has that its claims could be written about.

    Args:
        run: runs a named query.
    """
    passages = {row["excerpt"] for row in run("codings").dicts()}
    return Holdings(len(run("sources").rows), len(passages), len(run("codebook").rows))


def beside(run: Callable[..., query.Table], parsed: Parsed, named: set[str]) -> tuple[Rows, Rows, Rows]:
    """Find what stands beside the claims: what the concept is, what is open about it, what was looked for in vain.

    Args:
        run: runs a named query.
        parsed: the question as understood.
        named: ids of the concepts that its claims are about.

    Returns:
        Rows of the queries ``concept``, ``open-questions`` and ``searches``.
    """
    first = parsed.about[0] if parsed.about else None
    near = {t.id for t in parsed.about}
    definition: Rows = ()
    if first and first.kind == "concept":
        near |= named if parsed.intent == "missing" else set()
        rows = tuple(run("concept", concept=first.id).dicts())
        near |= {row["value"] for row in rows if row["property"] == "narrower"}
        definition = rows if parsed.intent == "what" else ()
    questions = _unique(run("open-questions").dicts(), near if first else None, "question")
    return definition, questions, _unique(run("searches").dicts(), near if first else None, "search")


def _unique(rows: list[dict[str, Any]], about: set[str] | None, key: str) -> Rows:
    """Keep one row for each record that is about one of the given things."""
    by_id: dict[str, dict[str, Any]] = {}
    for row in rows:
        if about is None or row["about"] in about:
            by_id.setdefault(row[key], row)
    return tuple(by_id.values())
