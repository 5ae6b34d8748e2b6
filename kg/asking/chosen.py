"""What answers a question: the claims, further records and passages that each operation chooses."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.asking.question import CHOOSING
from kg.asking.sentence import text_of
from kg.cjk import has_han
from kg.claims import SIGNS, STANCES, Passage
from kg.ids import BETWEEN, excerpt_id, source_of
from kg.language.lexicon import content, content_words, pairs
from kg.language.tokens import joined, tokens
from kg.limits import Limits
from kg.store import fulltext
from kg.store import passages as stored
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg import query
    from kg.asking.matching import Matched
    from kg.asking.question import Question, Term
    from kg.asking.sentence import Span
    from kg.bearing import Bearing
    from kg.language.lexicon import Lexicon
    from kg.store.tables import Tables

SHOWN = 5
"""How many passages are shown that were found by their words."""
TOPICS = ("concept", "proposition")
KINDS = frozenset(["definition", "gap", "suggestion"])
"""Kinds of claims that are called as the cues are which ask for them."""
MOST = 0.6
"""How many of the words that are looked for a passage has at least, if it is what was asked for."""

MOST_HAN = 0.4
"""The same of pairs of Chinese characters, half of which lie between two words."""


@dataclass(frozen=True)
class Study:
    """The study that is asked.

    Args:
        tables: the tables of its build.
        lexicon: its words.
        claims: all claims, as the query ``claims`` gives them.
        all: what bears on them.
        bearing: the same, under the limits of the question.
        labels: what every record is called, in the language of the question.
        run: runs a named query.
    """

    tables: Tables
    lexicon: Lexicon
    claims: query.Table
    all: Bearing
    bearing: Bearing
    labels: Mapping[tuple[str, str], str]
    run: Callable[..., query.Table]

    def label(self, kind: str, identifier: str) -> str:
        """Return what a record is called."""
        return self.labels.get((kind, identifier), identifier)

    def ids(self, kind: str) -> list[str]:
        """Return the ids of all records of a kind, sorted."""
        return sorted(identifier for of, identifier in self.labels if of == kind)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Return all claims, each by the names of its columns."""
        return self.claims.dicts()

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Return the kind of every claim by its id, in the order of the study."""
        return {row["claim"]: row["kind"] for row in self.rows}


@dataclass(frozen=True)
class Choice:
    """What answers a question.

    Args:
        operation: what was done.
        claims: ids of claims, in the order of the study.
        named: kind, id, label and note of further records.
        excerpts: ids of passages.
        paragraphs: paragraphs that answer, as passages.
        definition: rows of property and value.
        questions: rows of the query ``open-questions``.
        searches: rows of the query ``searches``.
        is_nearest: whether this is no answer, but the nearest things.
        left_out: words that were not understood.
        number: how many there are, if that was asked.
        counted: what was counted.
        coded: how many passages are coded with what was asked for.
        nothing_on: what the theory claims nothing about, if it was asked about.
        foreign: words that nothing in the study has, where claims are about the rest of the question.
        joint: whether a claim has all concepts that were named.
    """

    operation: str
    claims: tuple[str, ...] = ()
    named: tuple[tuple[str, str, str, str], ...] = ()
    excerpts: tuple[str, ...] = ()
    paragraphs: tuple[Passage, ...] = ()
    definition: tuple[dict[str, Any], ...] = ()
    questions: tuple[dict[str, Any], ...] = ()
    searches: tuple[dict[str, Any], ...] = ()
    is_nearest: bool = False
    left_out: tuple[str, ...] = ()
    number: int | None = None
    counted: str = ""
    coded: int = 0
    nothing_on: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    joint: bool = True

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of the sources of the passages and paragraphs, each once."""
        return tuple(dict.fromkeys(map(source_of, (*self.excerpts, *(p.id for p in self.paragraphs)))))


@dataclass
class _Chooser:
    """The chooser of what answers one question."""

    question: Question
    matched: Matched
    study: Study
    named: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    # ---- Claims

    @property
    def everything(self) -> tuple[str, ...]:
        return tuple(self.study.kinds)

    @property
    def topics(self) -> tuple[Term, ...]:
        return self.question.of(*TOPICS)

    def has_lines(self, claim: str) -> bool:
        tally = self.study.bearing.tally(claim)
        return bool(tally[self.question.stance] if self.question.stance else sum(tally.values()))

    def of_stage(self, claims: Iterable[str]) -> tuple[str, ...]:
        stages = self.question.limits.stages
        if not stages:
            return tuple(claims)
        bound = {row["claim"] for row in self.study.rows if row["stage"] in stages}
        return tuple(claim for claim in claims if claim in bound)

    def claims(self) -> tuple[str, ...]:
        """Return the claims that the question is about; all that its limits leave where it names no topic."""
        if self.topics or self.matched.claims:
            return self.of_stage(self.matched.claims)
        if self.question.words and self.matched.unknown and not (self.question.limits and self.question.stance):
            return ()
        if self.question.limits:
            return tuple(claim for claim in self.of_stage(self.everything) if self.has_lines(claim))
        return ()

    def in_each_case(self, claims: Iterable[str]) -> tuple[str, ...]:
        """Return the claims that have lines of the stance in every case that the question names."""
        stance = self.question.stance or ""
        counts = {claim: self.study.all.by_case(claim)[stance] for claim in claims}
        return tuple(c for c, by_case in counts.items() if all(by_case[case] for case in self.question.limits.cases))

    def foreign(self) -> tuple[str, ...]:
        """Return words of the question that stand nowhere in the study, nor any of like meaning."""
        languages = {row["language"] for row in self.study.run("sources").dicts()}
        if self.question.language not in languages:
            return ()
        words = [text for span in self.matched.unknown for text in _words_of(span)]
        # A word that has others of like meaning may only be worded otherwise.
        usual = self.study.lexicon.alike(joined(tokens(text)) for text in words)
        words = [text for text in words if joined(tokens(text)) not in usual]
        return tuple(text for text in words if len(text) > 1 and not text.isdigit() and not self.occurs(text))

    def nothing(self, silent: tuple[str, ...], unknown: tuple[str, ...], found: Choice) -> tuple[str, ...]:
        """Return what the theory claims nothing about; nothing is said of what may only be worded otherwise."""
        if silent or self.question.of("code"):
            return silent
        if found.is_nearest and (found.excerpts or found.paragraphs):
            return self.foreign()
        return unknown or (self.question.text,)

    def occurs(self, text: str) -> bool:
        """Say whether words stand anywhere in the study; of Chinese, two characters beside each other."""
        parts = pairs(tokens(text)) or [text]
        return any(fulltext.find(self.study.tables, part, limit=1) for part in parts)

    def by_place(self, place: str) -> tuple[str, ...]:
        """Return the claims whose subject or object is what the question is about, if there are any."""
        topics = {t.id for t in self.topics}
        rows = {row["claim"]: row for row in self.study.rows}
        some = self.claims()
        placed = tuple(claim for claim in some if rows[claim][place] in topics) or some
        relations = self.question.relations
        related = tuple(claim for claim in placed if rows[claim]["relation"] in relations)
        # What else drives it is driven by nothing else, where all that does is excluded.
        placed = related if related or (relations and self.question.excluded) else placed
        if self.question.limits and self.question.limits.strengths:
            placed = tuple(claim for claim in placed if self.has_lines(claim))
        return placed

    def chain(self) -> tuple[str, ...]:
        """Return the claims by which one concept of the question acts on a second one, through a third."""
        topics = [t.id for t in self.topics]
        rows = self.study.rows
        chosen: set[str] = set()
        for first in topics:
            for last in topics:
                reached = {row["object"] for row in rows if row["subject"] == first}
                between = reached & {row["subject"] for row in rows if row["object"] == last} - {first, last}
                if first != last:
                    chosen |= {row["claim"] for row in rows if row["subject"] == first and row["object"] in between}
                    chosen |= {row["claim"] for row in rows if row["subject"] in between and row["object"] == last}
        return tuple(claim for claim in self.everything if claim in chosen)

    # ---- Passages

    @property
    def words(self) -> str:
        """Return the words of the question that passages are looked for by."""
        spans = [*self.question.words]
        texts = [span.text for span in spans]
        texts += [t.label for t in self.question.about if t.kind not in ("source", "author", "reference", "coder")]
        return " ".join(texts)

    def found(self, limit: int = SHOWN) -> tuple[list[str], list[Passage], bool]:
        """Find passages by the words of the question.

        Returns:
            Ids of passages, paragraphs that have no such passage, and whether one has all words.
        """
        hits = fulltext.find(self.study.tables, self.words, ("passage", "paragraph"), limit * 3)
        hits = [hit for hit in hits if self.is_within(hit.id)]
        whole = any(hit.all_words for hit in hits)
        if whole:
            hits = [hit for hit in hits if hit.all_words]
        excerpts = [hit.id for hit in hits if hit.kind == "passage"][:limit]
        passages = stored.passages(self.study.tables, excerpts)
        covered = {(p.source, p.paragraph) for p in passages.values()}
        lone = [hit.id for hit in hits if hit.kind == "paragraph"]
        paragraphs = [p for p in self.paragraphs(lone) if (p.source, p.paragraph) not in covered]
        paragraphs = paragraphs[: limit - min(limit - 1, len(excerpts))]
        texts = [p.quote for p in (*passages.values(), *paragraphs)]
        return excerpts, paragraphs, whole or self.share(texts) >= (MOST_HAN if has_han(self.words) else MOST)

    def share(self, texts: Iterable[str]) -> float:
        """Return how many of the words looked for the text has that has most of them; words of like meaning count."""
        keys = {key for key, _ in content_words(self.words)}
        alike = self.study.lexicon.alike(keys)
        shares = [0.0]
        for text in texts:
            there = {key for key, _ in content_words(text)}
            shares.append(sum(bool(({key} | alike.get(key, frozenset())) & there) for key in keys) / max(1, len(keys)))
        return max(shares)

    def coded(self) -> list[str]:
        """Return the passages that are coded with the concepts that the question names."""
        ids: dict[str, None] = {}
        for term in self.question.of("concept"):
            for row in self.study.run("concept", concept=term.id).dicts():
                if row["property"] == "code":
                    rows = self.study.tables.sql(
                        "SELECT excerpt FROM coded WHERE code = :c ORDER BY place", c=row["value"]
                    )
                    ids |= dict.fromkeys(excerpt for (excerpt,) in rows)
        return [excerpt for excerpt in ids if self.is_within(excerpt)]

    def is_within(self, place: str) -> bool:
        """Say whether a passage or paragraph lies in the sources that the question is limited to."""
        source = source_of(place)
        limits = self.question.limits
        case = self.study.tables.cases.get(source)
        without = dict.fromkeys(limits.without)
        if ("case", case) in without or ("source", source) in without:
            return False
        return (not limits.cases or case in limits.cases) and (not limits.sources or source in limits.sources)

    def paragraphs(self, ids: list[str]) -> list[Passage]:
        """Return paragraphs as passages, with the references of the passages that lie in them."""
        listed = []
        for place in fulltext.places(self.study.tables, ids):
            rows = self.study.tables.sql(
                'SELECT citations FROM excerpt WHERE source = :source AND start >= :start AND "end" <= :end',
                source=place.source, start=place.start, end=place.end,
            )  # fmt: skip
            cited = sorted({key for (keys,) in rows if keys for key in keys.split(BETWEEN)})
            listed.append(
                Passage(
                    excerpt_id(place.source, place.start, place.end),
                    place.source,
                    self.study.tables.cases.get(place.source),
                    place.label,
                    place.start,
                    place.end,
                    place.text,
                    (),
                    tuple(cited),
                )
            )
        return listed

    def in_paragraph(self, term: Term) -> tuple[str, ...]:
        """Return the passages in a paragraph that the question names by its label."""
        source, _, label = term.id.partition("/")
        text = "SELECT id FROM excerpt WHERE source = :source AND paragraph = :label ORDER BY start"
        return tuple(excerpt for (excerpt,) in self.study.tables.sql(text, source=source, label=label))

    def resting_on(self, found: Choice) -> tuple[str, ...]:
        """Return the claims on which evidence lines of the passage bear that fits best."""
        ids = found.excerpts[:1] or tuple(p.id for p in found.paragraphs[:1])
        if not ids:
            return ()
        rows = self.study.tables.sql(
            "SELECT DISTINCT n.claim FROM line n "
            "JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt "
            "JOIN excerpt f ON f.source = e.source AND f.start < e.\"end\" AND e.start < f.\"end\" "
            "WHERE f.id = :id AND n.status = 'active'", id=ids[0],
        )  # fmt: skip
        bearing = {claim for (claim,) in rows}
        return tuple(claim for claim in self.everything if claim in bearing)

    # ---- Further records

    def name(self, kind: str, identifier: str, note: str = "") -> None:
        """Name a record that answers."""
        self.named.setdefault((kind, identifier), (self.study.label(kind, identifier), note))

    def name_references(self, keys: Iterable[str]) -> None:
        names = self.study.tables.reference_names
        for key in keys:
            if key in names:
                self.named.setdefault(("reference", key), (names[key], self.title(key)))

    def title(self, key: str) -> str:
        rows = self.study.tables.sql('SELECT csl FROM "references" WHERE reference = :key', key=key)
        return str(json.loads(rows[0][0]).get("title", "")) if rows else ""

    def name_authors(self, keys: Iterable[str]) -> None:
        for key in keys:
            rows = self.study.tables.sql(
                "SELECT author FROM references_by_author WHERE reference = :key ORDER BY rowid", key=key
            )
            note = self.study.tables.reference_names.get(key, key)
            for (author,) in rows:
                self.name("author", author, note)

    def attributes(self) -> tuple[dict[str, Any], ...]:
        """Return the attributes of the sources and cases that the question names, and of the sources of these."""
        cases = {t.id for t in self.question.of("case")}
        named = {("case", case) for case in cases} | {("source", t.id) for t in self.question.of("source")}
        named |= {("source", source) for source, case in self.study.tables.cases.items() if case in cases}
        for kind, key in sorted(named):
            self.name(kind, key)
        return tuple(
            {"property": row["label"], "value": row["value"]}
            for row in self.study.run("attributes").dicts()
            if (row["kind"], row["record"]) in named
        )

    def references_named(self, text: str) -> list[str]:
        """Return the references that a text names by their makers and year."""
        some = tokens(text)
        keys = {content(some[i:j]) for i in range(len(some)) for j in range(i + 1, min(len(some), i + 8) + 1)} - {""}
        senses = self.study.lexicon.look_up(keys)
        return sorted({one.value for found in senses.values() for one in found if one.kind == "reference"})

    def references_of(self, claims: Iterable[str], stance: str) -> list[str]:
        """Return the references of the evidence of claims, those of most lines first; of one stance, or of all."""
        counts: Counter[str] = Counter()
        for claim in claims:
            for line in self.study.bearing.active(claim, stance):
                counts.update({key for p in line.passages for key in p.references})
        return [key for key, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]

    def cited(self, excerpts: list[str], paragraphs: list[Passage]) -> list[str]:
        """Return the references of passages and of paragraphs, each once."""
        quoted = [*stored.passages(self.study.tables, excerpts).values(), *paragraphs]
        return list(dict.fromkeys(key for passage in quoted for key in passage.references))

    def sources_of(self, claims: Iterable[str]) -> tuple[str, ...]:
        """Return the sources of the evidence of claims."""
        if not self.question.stance:
            return self.study.bearing.sources(*claims)
        lines = (line for claim in claims for line in self.study.bearing.active(claim, self.question.stance))
        return tuple(dict.fromkeys(p.source for line in lines for p in line.passages))

    def rows_about(self, name: str, key: str, claims: Iterable[str]) -> tuple[dict[str, Any], ...]:
        """Return open questions or searches about what the question is about."""
        about = {t.id for t in self.question.about} | set(claims)
        everything = not self.question.about and not self.matched.claims
        by_id: dict[str, dict[str, Any]] = {}
        for row in self.study.run(name).dicts():
            fits = row["about"] in about or row.get("candidate") in about or row.get("case") in about
            cases = self.question.limits.cases
            if fits and name == "searches" and cases and row["case"] and row["case"] not in cases:
                continue
            if everything or fits:
                by_id.setdefault(row[key], row)
        return tuple(by_id.values())


def _words_of(span: Span) -> list[str]:
    """Return the words of a stretch; Chinese, whose words are not told apart, as a whole."""
    return [span.text] if has_han(span.text) else span.text.split()


def choose(question: Question, matched: Matched, study: Study) -> Choice:
    """Choose what answers a question.

    Args:
        question: the question as read.
        matched: the claims that it is about.
        study: the study that is asked.
    """
    chooser = _Chooser(question, matched, study)
    choice = _OPERATIONS.get(question.operation, _evidence)(chooser)
    named = tuple((kind, key, *rest) for (kind, key), rest in chooser.named.items())
    left_out = text_of([span for span in question.words if span in matched.unknown])
    # What passages were found by is understood.
    looked = choice.excerpts or choice.paragraphs or ((choice.named or named) and not choice.claims)
    if looked and not choice.is_nearest:
        left_out = ()
    return replace(
        choice,
        named=choice.named + named,
        left_out=left_out,
        searches=choice.searches or chooser.rows_about("searches", "search", choice.claims)
        if choice.claims or question.about
        else choice.searches,
        questions=choice.questions or (chooser.rows_about("open-questions", "question", ()) if question.about else ()),
    )


# ---- The operations


def _evidence(of: _Chooser) -> Choice:
    """Choose the claims and their evidence; passages where the theory claims nothing."""
    if not (of.question.about or of.question.words or of.question.limits or of.question.relations):
        return Choice("evidence", is_nearest=True)
    claims = of.claims()
    silent = tuple(
        t.label for t in of.question.of("concept") if not of.study.run("claims-about-concept", concept=t.id).rows
    )
    unknown = text_of([s for s in of.question.words if s in of.matched.unknown])
    operation = of.question.operation
    if operation in ("verdict", "relate") and silent and len(of.topics) > 1:
        return replace(_find(of), operation=operation, nothing_on=silent, claims=())
    if len(of.topics) > 1 and not of.matched.joint and operation in ("verdict", "relate", "drivers", "effects"):
        if chain := of.chain():
            return Choice(operation, chain)
        acts = (
            of.question.relations
            or {"effects", "drivers", "relate"} & {*of.question.asked}
            or "acts" in of.question.cues
        )
        if acts:
            for term in of.topics:
                of.name(term.kind, term.id)
            return Choice(operation, joint=False)
    if not claims:
        found = _find(of)
        if not found.is_nearest and not silent and (claims := of.resting_on(found)):
            return replace(found, operation=operation, claims=claims)
        return replace(found, operation=operation, nothing_on=of.nothing(silent, unknown, found))
    if len(of.topics) == 1 and of.question.words and operation in ("verdict", "count"):
        claims = of.by_place("subject")
    if len(of.question.limits.cases) > 1 and of.question.stance and not of.topics:
        return Choice(operation, of.in_each_case(claims))
    foreign: tuple[str, ...] = ()
    if len(of.topics) < 2 and operation in ("verdict", "effects", "evidence", "drivers"):
        foreign = unknown if operation == "effects" else of.foreign()
    if foreign:
        found = _find(of)
        return replace(found, operation=operation, claims=claims, is_nearest=True, foreign=foreign)
    return Choice(operation, claims, joint=of.matched.joint)


def _find(of: _Chooser) -> Choice:
    """Find passages by their words, or those that are coded with a concept of which nothing is claimed."""
    if of.topics and not of.question.words and (coded := of.coded()):
        return Choice("find", excerpts=tuple(coded[:SHOWN]), coded=len(coded))
    excerpts, paragraphs, whole = of.found()
    if not excerpts and not paragraphs:
        near = of.of_stage(of.matched.claims)
        return Choice("find", near, is_nearest=True)
    return Choice("find", excerpts=tuple(excerpts), paragraphs=tuple(paragraphs), is_nearest=not whole)


def _drivers(of: _Chooser) -> Choice:
    """Choose the claims that say what acts on something, and passages where the question says more."""
    if not of.claims() or (of.matched.share < 0.5 and not of.topics and not of.question.relations):
        return _about_words(of)
    choice = replace(_evidence(of), claims=of.by_place("object")) if of.topics else _evidence(of)
    if len(of.question.limits.cases) > 1 and of.question.stance:
        return replace(choice, claims=of.in_each_case(choice.claims))
    if of.question.words and of.matched.unknown and choice.claims:
        found = _find(of)
        if not found.is_nearest:
            return replace(choice, excerpts=found.excerpts, paragraphs=found.paragraphs)
    return choice


def _effects(of: _Chooser) -> Choice:
    """Choose the claims that say on what something acts."""
    if not of.claims():
        return _about_words(of)
    return replace(_evidence(of), claims=of.by_place("subject")) if of.topics else _evidence(of)


def _about_words(of: _Chooser) -> Choice:
    """Find passages, where what is asked is no claim of the theory."""
    if of.question.words and of.matched.unknown:
        found = _find(of)
        return replace(found, operation=of.question.operation, claims=() if found.is_nearest else of.resting_on(found))
    return _evidence(of)


def _stage(of: _Chooser) -> Choice:
    """Choose the claims about something that are bound to a stage; all, with open questions, where none is."""
    choice = _evidence(of)
    bound = {row["claim"]: row["stage"] for row in of.study.rows if row["stage"]}
    claims = tuple(claim for claim in choice.claims if claim in bound)
    for claim in claims:
        of.name("concept", bound[claim], claim)
    return replace(choice, claims=claims or choice.claims)


def _claims(of: _Chooser) -> Choice:
    """List claims by kind, stage and how they stand."""
    question, cues = of.question, of.question.cues
    some = of.claims() if (of.topics or of.matched.claims) else of.of_stage(of.everything)
    chooses = question.limits or question.stance or cues & {*CHOOSING}
    if question.words and of.matched.unknown and not (of.matched.claims or of.topics or chooses):
        return replace(_find(of), operation="claims", nothing_on=text_of(question.words))
    kinds = of.study.kinds
    wanted = cues & KINDS
    if wanted:
        some = tuple(claim for claim in of.everything if kinds[claim] in wanted)
    stance = question.stance
    within = of.study.bearing
    tests: list[Callable[[str], bool]] = []
    if "contested" in cues:
        tests.append(lambda c: bool(within.tally(c)["supports"] and within.tally(c)["opposes"]))
    if "unsupported" in cues:
        tests.append(lambda c: not within.tally(c)["supports"])
    if "bare" in cues:
        tests.append(lambda c: not sum(within.tally(c).values()))
    if "unopposed" in cues:
        tests.append(lambda c: not within.tally(c)["opposes"])
    if "single" in cues:
        tests.append(lambda c: of.study.bearing.witnesses(c, "supports").independent == 1)
    if "weak" in cues and "strong" not in cues:
        whole = of.study.all.within(replace(question.limits, strengths=()))
        tests.append(lambda c: {s for k, s in whole.weights(c) if k == "supports"} == {"weak"})
    elif (stance or (question.limits and not wanted)) and question.limits != Limits(
        stages=question.limits.stages or ("",)
    ):
        tests.append(of.has_lines)
    if len(question.limits.cases) > 1 and stance:
        tests.append(lambda c: bool(of.in_each_case([c])))
    if "only" in cues and stance and len(question.limits.cases) == 1:
        tests.append(lambda c: {k for k, n in of.study.all.by_case(c)[stance].items() if n} == {*question.limits.cases})
    if question.limits.without and stance:
        out = [value for facet, value in question.limits.without if facet == "case"]
        tests.append(lambda c: not any(of.study.all.by_case(c)[stance][case] for case in out))
    return Choice("claims", tuple(claim for claim in some if all(test(claim) for test in tests)))


def _missing(of: _Chooser) -> Choice:
    """Choose the claims that lack support, the open questions and the searches in vain."""
    limits = of.question.limits
    some = of.of_stage(of.matched.claims if of.topics else of.everything)
    if of.question.words and of.matched.unknown and not of.topics:
        some = of.matched.claims or some
    if kinds := {kind for kind in ("definition", "suggestion") if kind in of.question.cues}:
        some = tuple(claim for claim in some if of.study.kinds[claim] in kinds)
    if "gap" in of.question.cues:
        return _claims(of)
    bears = of.study.bearing
    if limits.cases or "bare" in of.question.cues:
        claims = tuple(c for c in some if not sum(bears.tally(c).values()))
    else:
        claims = tuple(c for c in some if not bears.tally(c)["supports"])
    if of.topics and not claims:
        claims = some
    near = {t.id for t in of.question.about}
    rows = of.study.run("open-questions").dicts()
    by_id: dict[str, dict[str, Any]] = {}
    for row in rows:
        if not near or row["about"] in near or row["candidate"] in near:
            by_id.setdefault(row["question"], row)
    for case in of.study.ids("case") if not near else ():
        if not any(of.study.all.within(Limits(cases=(case,))).tally(c)["supports"] for c in of.everything):
            of.name("case", case)
    return Choice("missing", claims, questions=tuple(by_id.values()))


def _searches(of: _Chooser) -> Choice:
    """List the searches that found nothing."""
    rows = of.rows_about("searches", "search", of.matched.claims)
    by_about = {row["search"]: row for row in rows}
    wanted = {row["about"] for row in of.study.run("searches").dicts() if row["search"] in by_about}
    return Choice("searches", tuple(c for c in of.everything if c in wanted), searches=rows)


def _authors(of: _Chooser) -> Choice:
    """Name authors: of the references that bear on the claims, and of those whose passages have the words."""
    stance = of.question.stance or ""
    references = of.references_of(of.claims(), stance) if stance or not of.question.words else []
    if len(references) and of.question.stance:
        of.name_authors(references)
        return Choice("authors", of.claims())
    for term in of.question.of("concept") if not of.question.words else ():
        origin = [
            row["value"] for row in of.study.run("concept", concept=term.id).dicts() if row["property"] == "source"
        ]
        if keys := [key for text in origin for key in of.references_named(text)]:
            of.name_authors(keys)
            of.name_references(keys)
            return Choice("authors", definition=tuple(_defined(of, term)))
    excerpts, paragraphs, whole = of.found(3)
    cited = of.cited(excerpts, paragraphs) or references
    of.name_authors(cited)
    of.name_references(cited)
    return Choice(
        "authors", excerpts=tuple(excerpts), paragraphs=tuple(paragraphs), is_nearest=not (whole or references)
    )


def _says(of: _Chooser) -> Choice:
    """Name the sources that state the claims, and the authors of the works that support them."""
    claims = of.claims()
    if not claims or (of.matched.unknown and not of.topics):
        found = _authors(of)
        for source in found.sources:
            of.name("source", source)
        return replace(found, operation="says")
    for claim in claims:
        for passage in of.study.all.assertions(claim):
            of.name("source", passage.source, word("states it", of.question.language))
    of.name_references(of.references_of(claims, "supports"))
    return Choice("says", claims)


def _references(of: _Chooser) -> Choice:
    """Name references: of the evidence of the claims, or of passages with the words."""
    claims = of.claims()
    references = of.references_of(claims, of.question.stance or "")
    if references:
        of.name_references(references)
        return Choice("references", claims)
    excerpts, paragraphs, whole = of.found(3)
    of.name_references(of.cited(excerpts, paragraphs))
    return Choice("references", excerpts=tuple(excerpts), paragraphs=tuple(paragraphs), is_nearest=not whole)


def _sources(of: _Chooser) -> Choice:
    """Name the sources that bear on the claims or have the words; all when nothing is asked of them."""
    claims = of.claims()
    if not of.question.about and not of.question.words:
        for row in of.study.run("sources").dicts():
            of.name("source", row["source"], row["role"])
        return Choice("sources")
    if claims and not of.matched.unknown:
        for source in of.sources_of(claims):
            of.name("source", source)
        return Choice("sources", claims)
    found = _find(of)
    for source in found.sources:
        of.name("source", source)
    return replace(found, operation="sources")


def _cases(of: _Chooser) -> Choice:
    """Name the cases that bear on the claims, with their counts; or those whose sources have the words."""
    claims = of.claims()
    stances = (of.question.stance,) if of.question.stance else STANCES
    cases = of.study.ids("case")
    if claims and not (of.matched.unknown and not of.topics):
        counts = of.study.bearing.by_case(*claims)
        lacking = "bare" in of.question.cues or "unsupported" in of.question.cues
        for case in cases:
            number = sum(counts[s][case] for s in stances)
            if bool(number) != lacking:
                of.name("case", case, " ".join(f"{SIGNS[s]}{counts[s][case]}" for s in stances))
        return Choice("cases", claims)
    if not of.question.words:
        lacking = bool({"bare", "unsupported"} & of.question.cues)
        for case in cases:
            number = sum(sum(of.study.all.within(Limits(cases=(case,))).tally(c).values()) for c in of.everything)
            if bool(number) != lacking:
                of.name("case", case)
        return Choice("cases")
    found = _find(of)
    for source in found.sources:
        if here := of.study.tables.cases.get(source):
            of.name("case", here)
    return replace(found, operation="cases")


def _coders(of: _Chooser) -> Choice:
    """Name coders: of a passage, a source or an evidence line, or all with what they did."""
    sql = of.study.tables.sql
    for term in of.question.of("paragraph"):
        source, _, label = term.id.partition("/")
        rows = sql(
            "SELECT c.coder, min(c.date) FROM coding c JOIN excerpt e ON e.id = c.excerpt "
            "WHERE e.source = :source AND e.paragraph = :label GROUP BY 1 ORDER BY 1", source=source, label=label,
        )  # fmt: skip
        for coder, day in rows:
            of.name("coder", coder, str(day))
        return Choice("coders", excerpts=of.in_paragraph(term))
    sources = [t.id for t in of.question.of("source")]
    cases = {t.id for t in of.question.of("case")}
    sources += [s for s, case in of.study.tables.cases.items() if case in cases]
    notes = {row["coder"]: row["note"] or row["kind"] for row in of.study.run("coders").dicts()}
    for source in sources:
        for (coder,) in sql(
            "SELECT DISTINCT c.coder FROM coding c JOIN excerpt e ON e.id = c.excerpt WHERE e.source = :s ORDER BY 1",
            s=source,
        ):
            of.name("coder", coder, notes.get(coder, ""))
    claims: tuple[str, ...] = ()
    if of.question.of("coder"):
        for term in of.question.of("coder"):
            of.name("coder", term.id, notes.get(term.id, ""))
        claims = of.matched.claims if of.topics else tuple(c for c in of.everything if of.has_lines(c))
    elif not of.named:
        for coder, note in notes.items():
            of.name("coder", coder, note)
        claims = of.matched.claims if of.topics else ()
    return Choice("coders", claims)


def _count(of: _Chooser) -> Choice:
    """Count records, evidence lines, or independent witnesses."""
    keys = {token.key for token in tokens(of.question.text)}
    text = of.question.text
    for kind, words, characters in _COUNTED:
        if (keys & words or any(c in text for c in characters)) and not of.topics and not of.question.stance:
            ids = of.study.ids(kind)
            number = len(ids)
            if kind == "passage":
                number = of.study.tables.sql("SELECT count(*) FROM excerpt")[0][0]
            if kind == "question":
                rows = {row["question"]: row for row in of.study.run("open-questions").dicts()}
                return Choice("count", number=len(rows), counted=kind, questions=tuple(rows.values()))
            for key in ids[:50] if kind != "reference" else ():
                of.name(kind, key)
            return Choice("count", number=number, counted=kind)
    if kinds := of.question.cues & KINDS:
        some = tuple(claim for claim in of.everything if of.study.kinds[claim] in kinds)
        return Choice("count", some, number=len(some), counted="proposition")
    claims = of.claims()
    if not claims and of.question.stance and not of.question.words:
        claims = tuple(c for c in of.everything if of.has_lines(c))
    if not claims:
        return replace(_find(of), operation="count")
    if keys & {"wit", "independ"} or "独立" in text:
        number = sum(of.study.bearing.witnesses(c, of.question.stance or "").independent for c in claims)
        return Choice("count", claims, number=number, counted="witness")
    tally = of.study.bearing.tally(*claims)
    number = tally[of.question.stance] if of.question.stance else sum(tally.values())
    return Choice("count", claims, number=number, counted="line")


_COUNTED = (
    ("reference", {"refer", "public", "paper"}, ("文献", "论文")),
    ("source", {"sourc", "document", "interview"}, ("来源", "材料", "访谈")),
    ("case", {"case", "citi", "town", "firm", "compani", "enterpris", "site"}, ("案例", "企业", "城市")),
    ("code", {"code", "codebook"}, ("编码", "代码")),
    ("question", {"question"}, ("问题",)),
    ("coder", {"coder"}, ("编码员", "编码者")),
    ("proposition", {"claim", "proposit", "hypothesi"}, ("命题", "主张")),
    ("author", {"author"}, ("作者",)),
    ("passage", {"passag", "quot", "excerpt"}, ("引文", "段落")),
)


def _advice(of: _Chooser) -> Choice:
    """Choose the suggestions of the theory, and of what it says about the topic otherwise."""
    kinds = of.study.kinds
    suggestions = tuple(claim for claim in of.everything if kinds[claim] == "suggestion")
    some = of.claims()
    own = tuple(claim for claim in some if claim in suggestions)
    cues = of.question.cues
    if {"bare", "unsupported"} & cues:
        return Choice("advice", tuple(c for c in suggestions if not of.study.bearing.tally(c)["supports"]))
    if own:
        return Choice("advice", own)
    if not some and of.question.words:
        found = _find(of)
        if not found.is_nearest and (resting := of.resting_on(found)):
            return replace(found, operation="advice", claims=resting)
    if some and of.topics:
        return Choice("advice", some)
    return Choice("advice", some or suggestions)


def _compare(of: _Chooser) -> Choice:
    """Choose the claims that what is compared has evidence on."""
    stages = {t.id for t in of.topics} & {row["stage"] for row in of.study.rows}
    if len(stages) > 1:
        rows = of.study.rows
        bound = {row["claim"] for row in rows if stages & {row["stage"], row["subject"], row["object"]}}
        return Choice("compare", tuple(claim for claim in of.everything if claim in bound))
    if of.topics or of.matched.claims:
        return replace(_evidence(of), operation="compare")
    if "cases" in of.question.cues and not of.question.limits.cases:
        for case in of.study.ids("case"):
            tally = of.study.all.within(Limits(cases=(case,))).tally(*of.everything)
            of.name("case", case, " ".join(f"{SIGNS[s]}{tally[s]}" for s in STANCES))
    claims = tuple(claim for claim in of.of_stage(of.everything) if of.has_lines(claim))
    return Choice("compare", claims if of.question.limits else of.everything)


def _relate(of: _Chooser) -> Choice:
    """Choose the claims that join concepts."""
    for term in of.question.of("concept"):
        of.name("concept", term.id)
    return _evidence(of)


def _define(of: _Chooser) -> Choice:
    """Say what a record is; find passages where it is none."""
    about = of.question.about
    if not about:
        return replace(_find(of), operation="define") if of.question.words else _evidence(of)
    about = of.topics or of.question.of("code", "coder") or about
    rows: list[dict[str, Any]] = []
    for term in about[:1]:
        rows += _defined(of, term)
        of.name(term.kind, term.id)
    claims = of.of_stage(of.matched.claims) if about[0].kind == "concept" else ()
    return Choice("define", claims, definition=tuple(rows))


def _defined(of: _Chooser, term: Term) -> list[dict[str, Any]]:
    if term.kind == "concept":
        return list(of.study.run("concept", concept=term.id).dicts())
    if term.kind == "code":
        return [
            {"property": row["property"], "value": row["value"]} for row in of.study.run("code", id=term.id).dicts()
        ]
    if term.kind == "coder":
        return [
            {"property": "definition", "value": row["note"] or row["name"]}
            for row in of.study.run("coders").dicts()
            if row["coder"] == term.id
        ]
    return []


def _summary(of: _Chooser) -> Choice:
    """Sum up what the study has on one record."""
    about = of.question.about
    if not about:
        return _evidence(of)
    term = about[0]
    rows = _defined(of, term)
    of.name(term.kind, term.id)
    if term.kind in TOPICS:
        return replace(_evidence(of), operation="summary", definition=tuple(rows))
    if term.kind == "code":
        ids = of.study.tables.sql(
            "SELECT excerpt FROM coded WHERE code = :code ORDER BY place LIMIT :n", code=term.id, n=SHOWN
        )
        return Choice("summary", excerpts=tuple(i for (i,) in ids), definition=tuple(rows))
    if term.kind == "paragraph":
        return Choice("summary", excerpts=of.in_paragraph(term))
    claims = tuple(claim for claim in of.of_stage(of.everything) if of.has_lines(claim)) if of.question.limits else ()
    return Choice("summary", claims, definition=(*rows, *of.attributes()))


def _withdrawn(of: _Chooser) -> Choice:
    """Name the evidence lines that were withdrawn or superseded."""
    rows = of.study.tables.sql(
        "SELECT id, claim, status, status_date, status_reason, excerpts FROM line "
        "WHERE status IN ('withdrawn', 'superseded') ORDER BY claim, id"
    )
    topics = set(of.matched.claims)
    excerpts = []
    for identifier, claim, status, day, reason, quoted in rows:
        if topics and claim not in topics:
            continue
        of.named["line", identifier] = (claim, f"{status} {day}: {reason}")
        excerpts += quoted.split(BETWEEN)
    about = {label for (kind, _), (label, _) in of.named.items() if kind == "line"}
    claims = tuple(claim for claim in of.everything if claim in about)
    return Choice("withdrawn", claims, excerpts=tuple(dict.fromkeys(excerpts))[:SHOWN])


def _disputed(of: _Chooser) -> Choice:
    """Choose the claims with evidence lines on which coders differ."""
    some = of.matched.claims or of.everything
    for row in of.study.run("coders").dicts():
        of.name("coder", row["coder"], row["note"] or "")
    return Choice("disputed", tuple(claim for claim in some if of.study.bearing.disputes(claim)))


def _when(of: _Chooser) -> Choice:
    """Find the passages that tell when; for a reference or coder, its date."""
    for term in of.question.of("reference"):
        of.name_references([term.id])
    rows = of.attributes()
    if of.question.words or not (of.question.of("reference") or rows):
        return replace(_told(of, "when"), definition=rows)
    return Choice("when", definition=rows)


def _told(of: _Chooser, operation: str) -> Choice:
    """Find passages, with the claims that the best of them is evidence on."""
    found = _find(of)
    return replace(found, operation=operation, claims=() if found.is_nearest else of.resting_on(found))


def _where(of: _Chooser) -> Choice:
    """Find the passages with their places."""
    return _told(of, "where")


def _help(_: _Chooser) -> Choice:
    """Say what can be asked."""
    return Choice("help", is_nearest=True)


_OPERATIONS: dict[str, Callable[[_Chooser], Choice]] = {
    "count": _count,
    "compare": _compare,
    "withdrawn": _withdrawn,
    "disputed": _disputed,
    "searches": _searches,
    "missing": _missing,
    "coders": _coders,
    "says": _says,
    "authors": _authors,
    "when": _when,
    "stage": _stage,
    "cases": _cases,
    "references": _references,
    "sources": _sources,
    "where": _where,
    "find": _find,
    "advice": _advice,
    "claims": _claims,
    "drivers": _drivers,
    "effects": _effects,
    "relate": _relate,
    "define": _define,
    "verdict": _evidence,
    "evidence": _evidence,
    "summary": _summary,
    "help": _help,
}
"""What each operation of the table chooses."""
