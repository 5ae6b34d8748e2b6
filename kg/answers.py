"""The answers that one build of a study gives."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from kg import bearing, judges, query, summary
from kg.answer import Answer, Holdings, Named
from kg.asking import by_meaning, further, matching, operations, order, parts, purposes, sentence, suggestions
from kg.asking.attributes import Groups
from kg.asking.choice import Study
from kg.asking.chooser import Chooser
from kg.asking.hearing import Known
from kg.asking.meaning import Meaning
from kg.asking.question import WEAK
from kg.asking.reading import Reader
from kg.asking.wording import plain
from kg.asking.works import Works, marked
from kg.cjk import has_han
from kg.claims import STRENGTHS
from kg.errors import UnknownTerm, closest
from kg.language.lexicon import Lexicon
from kg.language.tokens import fold, joined, tokens
from kg.store import fulltext, listings, passages

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.asking.choice import Choice
    from kg.asking.question import Question
    from kg.asking.sentence import Sentence
    from kg.bearing import Bearing
    from kg.query import Engine
    from kg.store.tables import Tables


_OF_WHOLE = (
    "count",
    "coders",
    "study",
    "disputed",
    "searches",
    "sources",
    "cases",
    "authors",
    "references",
    "withdrawn",
)
"""Operations of which a part of a question is answered also if it names nothing."""


_DENIES = re.compile(r"No |Nothing |The theory claims nothing|没有|理论对")
"""How a headline begins that there is nothing."""


class Answers:
    """The answers that one build of a study gives, with what all of them need read once.

    Args:
        engine: what answers named queries.
        tables: the tables of the build, which know its words.
    """

    def __init__(self, engine: Engine, tables: Tables) -> None:
        self.engine, self.tables = engine, tables
        self.lexicon = Lexicon(tables)

    @cached_property
    def bearing(self) -> Bearing:
        """Return what bears on the claims."""
        return bearing.of(self.engine)

    @cached_property
    def claims(self) -> query.Table:
        """Return all claims, as the query ``claims`` gives them."""
        return query.run(self.engine, "claims")

    @cached_property
    def labels(self) -> dict[str, dict[tuple[str, str], str]]:
        """Return what every record is called, by language, kind and id."""
        names = self.tables.names
        return {language: {key: by.get(language) or by["en"] for key, by in names.items()} for language in ("en", "zh")}

    @cached_property
    def stages(self) -> frozenset[str]:
        """Return the ids of the concepts to which claims are bound as their stage."""
        return frozenset(c for some in self.lexicon.claim_concepts.values() for c, r in some.items() if r == "stage")

    @cached_property
    def stage_order(self) -> list[str]:
        """Return the same in the order of the theory's own text."""
        return order.stage_order(self.tables)

    @cached_property
    def stage_names(self) -> dict[str, list[str]]:
        """Return all names of every stage."""
        names: dict[str, list[str]] = defaultdict(list)
        for identifier, label in self.tables.sql("SELECT id, label FROM labels WHERE kind = 'concept'"):
            if identifier in self.stages:
                names[identifier].append(label)
        return names

    @cached_property
    def marked(self) -> dict[str, tuple[str, ...]]:
        """Return the references that have each mark, as those of a company."""
        return marked(self.tables)

    @cached_property
    def theory(self) -> frozenset[str]:
        """Return the ids of the sources that state the theory, and are no evidence."""
        rows = self.tables.sql("SELECT source FROM sources WHERE role = 'theory'")
        return frozenset(source for (source,) in rows)

    @cached_property
    def title(self) -> str:
        """Return the titles of the study, in either language, as they are compared."""
        rows = query.run(self.engine, "study").dicts()
        return fold(" ".join(row[key] for row in rows for key in ("title", "title_zh") if row[key]))

    @cached_property
    def groups(self) -> Groups:
        """Return the attributes of cases and sources, and the members of every set."""
        members: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in query.run(self.engine, "sets").dicts():
            members[row["set"]].append((row["kind"], row["member"]))
        return Groups(
            tuple(query.run(self.engine, "attributes").dicts()), {key: tuple(some) for key, some in members.items()}
        )

    @cached_property
    def works(self) -> Works:
        """Return the works of the study, by which those are known that a question describes."""
        return Works(self.tables, self.lexicon)

    @cached_property
    def writers(self) -> dict[str, frozenset[str]]:
        """Return the ids of the authors of every reference."""
        authors: dict[str, set[str]] = defaultdict(set)
        for reference, author in self.tables.sql("SELECT reference, author FROM references_by_author"):
            authors[reference].add(author)
        return {reference: frozenset(some) for reference, some in authors.items()}

    def read(self, question: str) -> Question:
        """Read a question.

        Args:
            question: in English or Chinese.

        Returns:
            The question as read: its operation, terms and limits, and the words that are left.
        """
        language = "zh" if has_han(question) else "en"
        question = plain(question)

        def occurs(word: str) -> bool:
            return bool(fulltext.find(self.tables, word, ("passage", "paragraph", "claim"), 1))

        def claimed(words: str) -> bool:
            return bool(matching.claims_with(joined(tokens(words)), self.lexicon))

        known = Known(
            self.labels[language],
            self.stages,
            self.groups.called(language),
            self.theory,
            lambda: self.writers,
            lambda: self.marked,
            claimed,
            self.works.described,
            self.lexicon.alike,
            self.lexicon.names_cases,
            self.lexicon.claims_on,
            self.title,
            self.tables.cases,
            len(self.claims.rows),
        )

        def read(text: str) -> tuple[Sentence, Question]:
            split = sentence.split(text, self.lexicon, occurs)
            return split, Reader(split, text, language, known).read()

        split, meant = read(question)
        if other := purposes.read_as(split, meant):
            _, as_others = read(other)
            if meant.operation == "stage" or meant.cues & {*STRENGTHS, "bare", WEAK} - as_others.cues:
                return meant
            chooses = as_others.operation == "claims" and (meant.words or not as_others.cues <= meant.cues)
            if as_others.operation != meant.operation or chooses:
                return replace(as_others, mended=((question.strip(), other),))
        return meant

    def identify(self, name: str, kind: str) -> str:
        """Return the id of the record that has a name.

        Args:
            name: its id, label or a synonym, in either language.
            kind: its kind.

        Raises:
            UnknownTerm: when no record of the kind has the name, with the nearest names.
        """
        names: dict[str, str] = {}
        shown: set[str] = set()
        for row in query.run(self.engine, "labels").dicts():
            if row["kind"] == kind:
                shown.add(row["label"])
                for one in (row["id"], row["label"]):
                    names.setdefault(fold(one), row["id"])
        plain = fold(name)
        if found := names.get(plain) or names.get(plain.removesuffix("s")):
            return found
        raise UnknownTerm(name.strip(), kind, closest(name, shown))

    def suggest(self, text: str) -> list[str]:
        """Suggest questions as one types.

        Args:
            text: what was typed so far.

        Returns:
            Questions that can be answered, the nearest first.
        """
        labels = self.labels["zh" if has_han(text) else "en"]
        rows = self.claims.dicts()
        counts = Counter(concept for row in rows for concept in (row["subject"], row["object"]))
        topics = [labels.get(("concept", key), key) for key, _ in sorted(counts.items(), key=lambda n: (-n[1], n[0]))]
        beside: dict[str, str] = {}
        for row in rows:
            ends = [labels.get(("concept", row[end]), row[end]) for end in ("subject", "object")]
            beside.setdefault(ends[0], ends[1])
            beside.setdefault(ends[1], ends[0])
        return suggestions.suggest(text, self.lexicon, labels, [row["claim"] for row in rows], topics[:5], beside)

    def _software(self, bears: Bearing, claims: list[str]) -> tuple[str, ...]:
        """Return the names of who judged the evidence on claims, if all of them are software."""

        def read() -> set[str]:
            some = listings.readers(self.tables, claims)
            within = {line.id for claim in claims for line in bears.active(claim)} if bears.limits and some else None
            return {coder for coder, line in some if within is None or line in within}

        return judges.software(self.engine, bears.coders(*claims), read)

    def _judged(self, choice: Choice) -> list[str]:
        """Return the claims on whose judgement an answer rests, also those that it only names or finds undisputed."""
        if choice.operation == "disputed" and not choice.claims:
            return [row[0] for row in self.claims.rows]
        named = (identifier for kind, identifier, _, _ in choice.named if kind == "proposition")
        return [*dict.fromkeys((*choice.claims, *choice.weaker, *named))]

    def answer(self, question: str) -> Answer:
        """Answer a question.

        Args:
            question: in English or Chinese; anything may be typed.

        Returns:
            The answer; where there is none, the nearest things and questions that have one. Of a question that asks for
            two things the headline tells both.
        """
        answer = self._answer(question)
        name = ""
        for at, part in enumerate(parts.parts(question)):
            own = self.read(part)
            named = [text for _, text in own.called] or [term.label for term in own.about]
            if not named and own.operation == "help":
                continue
            if at and not (named or name) and parts.points(part):
                continue
            asked = part if named or not name else parts.pointed(part, name)
            name = name or next(iter(named), "")
            if own.is_partial and own.words:
                # What is read with words left over may be no answer to this part.
                continue
            other = self._answer(asked)
            if self._tells_more(other, answer) and (other.about or other.operation in _OF_WHOLE):
                told = f"“{part}”:{other.headline}" if answer.language == "zh" else f" “{part}”: {other.headline}"
                known = {passage.id for passage in answer.passages}
                more = tuple(passage for passage in other.passages if passage.id not in known)
                answer = replace(answer, headline=answer.headline + told, passages=answer.passages + more)
        return answer

    @staticmethod
    def _tells_more(other: Answer, answer: Answer) -> bool:
        """Say whether the answer to a part of a question tells something that the answer to all of it does not."""
        if other.is_nearest or other.left_out or other.operation in ("help", "outside"):
            return False
        if other.operation == answer.operation and not (answer.stance and not other.stance):
            return False
        return not _DENIES.match(other.headline) and other.headline not in answer.headline

    @cached_property
    def meanings(self) -> dict[str, Meaning]:
        """Return what the texts of the study mean, in either language."""
        return {language: Meaning(self.tables, language) for language in ("en", "zh")}

    def _answer(self, question: str) -> Answer:
        """Answer a question that asks for one thing."""
        read = self.read(question)
        asked: list[tuple[str, dict[str, str]]] = [("claims", {})]

        def run(name: str, **parameters: str) -> query.Table:
            asked.append((name, parameters))
            return query.run(self.engine, name, **parameters)

        read = order.staged(read, self.stage_order, self.stage_names)
        bears = self.bearing.within(read.limits) if read.limits else self.bearing
        study = Study(self.tables, self.lexicon, self.claims, self.bearing, bears, self.labels[read.language], run)
        read = order.ordered(read, self.lexicon.relation_cues)
        read = order.turned(read, study.rows, self.lexicon.relation_cues)
        matched = matching.match(read, self.lexicon, study.kinds, study.setting)
        choice = operations.choose(read, matched, study)
        meaning, by_words = self.meanings[read.language], Chooser(read, matched, study)
        read, choice = by_meaning.refined(by_words, choice, meaning)
        wanted = set(choice.claims)
        rows = query.Table(self.claims.columns, [row for row in self.claims.rows if row[0] in wanted])
        listed = bearing.load(self.engine, rows, bears)
        asked += [("trace-proposition", {"id": claim.id}) for claim in listed]
        holdings = None if study.kinds else count_holdings(run)
        answer = Answer(
            question=question,
            language=read.language,
            operation=choice.operation,
            reading="",
            left_out=choice.left_out,
            about=read.about,
            stance=None if choice.neutral else read.stance,
            limits=read.limits,
            headline="",
            claims=listed,
            named=tuple(Named(*one) for one in choice.named),
            passages=tuple(passages.passages(self.tables, choice.excerpts).values()) + choice.paragraphs,
            definition=choice.definition,
            questions=choice.questions,
            searches=choice.searches,
            is_nearest=choice.is_nearest,
            is_told=choice.told and bool(choice.excerpts or choice.paragraphs),
            further=further.further(read, choice, study),
            queries=tuple({str(one): one for one in asked}.values()),
            holdings=holdings,
            software=self._software(bears, self._judged(choice)),
            bearing=bears,
        )
        labels = self.labels[read.language]
        lines = () if answer.is_told else by_meaning.closest(by_words, listed, meaning)
        return replace(
            answer,
            reading=summary.reading(answer, read, labels),
            headline=choice.lead
            + summary.headline(answer, choice, labels)
            + summary.closest(lines, answer.language, labels),
        )


def count_holdings(run: Callable[..., query.Table]) -> Holdings:
    """Count what a study has that its claims could be written about.

    Args:
        run: runs a named query.
    """
    coded = {row["excerpt"] for row in run("codings").dicts()}
    return Holdings(len(run("sources").rows), len(coded), len(run("codebook").rows))
