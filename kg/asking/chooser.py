"""What a question finds in a study: claims, passages and further records, for the operations to choose from."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kg import dates
from kg.asking.sentence import text_of
from kg.cjk import has_han
from kg.claims import Passage
from kg.ids import BETWEEN, excerpt_id, source_of, span_of
from kg.language.lexicon import LONGEST, content, content_words, pairs
from kg.language.shipped import table
from kg.language.tokens import joined, key, tokens
from kg.store import fulltext
from kg.store import passages as stored

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
"""How much of what is looked for a passage has at least, if it is what was asked for."""
BESIDE = 0.4
"""How much of it a passage has at least that is shown beside claims."""
MOST_HAN = 0.5
"""The same of Chinese, where more words are left that say how something is asked."""
RARE = 2.5
"""How rare a word is at least that tells which passage is meant (natural logarithm)."""
LIKE_BEST = 0.8
"""How much of what the best passage has another one has at least that is shown with it."""
_NAMED = 0.3
"""How much a word of a concept's label counts beside the words of the question."""
_NUMBER = 0.2
"""How much it says, beside a word that nothing has, that a text has a small number."""
_DATE = re.compile(
    "[12][0-9]{3}|[〇零一二三四五六七八九]{4}年|[0-9一二三四五六七八九十]+月(?:[0-9一二三四五六七八九十]|初|底|中旬|份)"
)
"""What names a date in a passage."""
_TITLES = 'SELECT reference, csl FROM "references" WHERE reference IN (SELECT value FROM json_each(:keys))'
_AUTHORS = (
    "SELECT reference, author FROM references_by_author WHERE reference IN (SELECT value FROM json_each(:keys)) "
    "ORDER BY rowid"
)


@cache
def _common_words() -> frozenset[str]:
    """Return the keys of words of content that stand in any question."""
    return frozenset(key(word) for word in table("common_words")["words"])


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

    def names(self, kind: str, identifier: str) -> list[str]:
        """Return what a record is called, in each language."""
        return list(dict.fromkeys(self.tables.names.get((kind, identifier), {}).values()))

    def ids(self, kind: str) -> list[str]:
        """Return the ids of all records of a kind, sorted."""
        return sorted(identifier for of, identifier in self.labels if of == kind)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Return all claims, each by the names of its columns."""
        return self.claims.dicts()

    @cached_property
    def by_claim(self) -> dict[str, dict[str, Any]]:
        """Return the same by the id of the claim."""
        return {row["claim"]: row for row in self.rows}

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
        no_other: what nothing acts on but what was excluded.
        foreign: words that nothing in the study has, where claims are about the rest of the question.
        joint: whether a claim has all concepts that were named.
        weaker: ids of all claims that nothing supports, where those were asked for that have no evidence at all.
        elsewhere: whether no claim has what was asked about in the place that was asked for, as its subject or object.
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
    no_other: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    joint: bool = True
    elsewhere: bool = False
    weaker: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of the sources of the passages and paragraphs, each once."""
        return tuple(dict.fromkeys(map(source_of, (*self.excerpts, *(p.id for p in self.paragraphs)))))


@dataclass
class Chooser:
    """The chooser of what answers one question."""

    question: Question
    matched: Matched
    study: Study
    named: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    # ---- Claims

    @property
    def everything(self) -> tuple[str, ...]:
        """Return the ids of all claims."""
        return tuple(self.study.kinds)

    @property
    def topics(self) -> tuple[Term, ...]:
        """Return the concepts and claims that the question names."""
        return self.question.of(*TOPICS)

    def has_lines(self, claim: str) -> bool:
        """Say whether a claim has evidence of the stance that is asked for, within the limits."""
        tally = self.study.bearing.tally(claim)
        return bool(tally[self.question.stance] if self.question.stance else sum(tally.values()))

    def is_contested(self, claim: str) -> bool:
        """Say whether a claim has evidence for it and against it, within the limits."""
        tally = self.study.bearing.tally(claim)
        return bool(tally["supports"] and tally["opposes"])

    def of_stage(self, claims: Iterable[str]) -> tuple[str, ...]:
        """Return the claims that are bound to the stages of the question; all where it names none."""
        stages = self.question.limits.stages
        if not stages:
            return tuple(claims)
        bound = {row["claim"] for row in self.study.rows if row["stage"] in stages}
        return tuple(claim for claim in claims if claim in bound)

    def claims(self) -> tuple[str, ...]:
        """Return the claims that the question is about; all that its limits leave where it names no topic."""
        if self.topics or self.matched.claims:
            some = self.of_stage(self.matched.claims)
            kinds = self.question.cues & KINDS
            return tuple(claim for claim in some if self.study.kinds[claim] in kinds) or some
        limits = self.question.limits
        # What an author writes is nearest to what Chinese words say of it that no claim has.
        written = self.question.language == "zh" and bool(limits.authors or limits.references)
        if self.question.words and self.matched.unknown and not (limits and (self.question.stance or written)):
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
        """Return words of the question that stand nowhere in the study, nor any of like meaning.

        In Chinese, what acts or is acted on and no claim speaks of: of other words it is not sure that they matter.
        """
        if self.question.language == "zh":
            return tuple(text for text in text_of(self.unknown_sides) if len(text) > 1)
        languages = {row["language"] for row in self.study.run("sources").dicts()}
        if self.question.language not in languages:
            return ()
        words = [text for span in self.matched.unknown for text in span.text.split()]
        # A word that has others of like meaning may only be worded otherwise.
        usual = self.study.lexicon.alike(joined(tokens(text)) for text in words)
        words = [text for text in words if not self.is_usual(usual.get(joined(tokens(text)), frozenset()))]
        words = [text for text in words if joined(tokens(text)) not in _common_words()]
        return tuple(text for text in words if len(text) > 1 and not text.isdigit() and not self.occurs(text))

    def is_usual(self, others: Iterable[str]) -> bool:
        """Say whether some of the words of like meaning are words by themselves, or stand in the study."""
        return any((other.isascii() and " " not in other) or self.occurs(other) for other in others)

    def nothing(self, silent: tuple[str, ...], unknown: tuple[str, ...], found: Choice) -> tuple[str, ...]:
        """Return what the theory claims nothing about; nothing is said of what may only be worded otherwise."""
        if silent or self.question.of("code"):
            return silent
        if self.question.language == "zh" and (found.excerpts or found.paragraphs):
            # What is left in Chinese may only say how something is asked.
            return text_of(self.unknown_sides)
        if self.question.language == "zh":
            # One character is rather a part of a word than what is asked about.
            unknown = tuple(text for text in unknown if len(text) > 1)
        if found.is_nearest and (found.excerpts or found.paragraphs):
            return self.foreign()
        return unknown or (self.question.text,)

    @property
    def unknown_sides(self) -> list[Span]:
        """Return what acts, or is acted on, that no claim speaks of."""
        return [span for span in self.question.sides if span in self.matched.unknown]

    def occurs(self, text: str) -> bool:
        """Say whether words stand anywhere in the study; of Chinese, two characters beside each other."""
        parts = pairs(tokens(text)) or [text]
        return any(hit.all_words for part in parts for hit in fulltext.find(self.study.tables, part, limit=1))

    def placed(self, place: str) -> tuple[str, ...]:
        """Return the claims whose subject or object is what the question is about; a subject may be named after it.

        What strengthening dialogue does, dialogue does.

        Args:
            place: ``subject`` or ``object``.
        """
        topics = {t.id for t in self.topics}
        named = self.question.of("concept") if place == "subject" else ()
        names = [{token.key for token in tokens(t.label)} for t in named]

        def fits(concept: str) -> bool:
            label = {token.key for token in tokens(self.study.label("concept", concept))}
            return concept in topics or any(name <= label for name in names)

        return tuple(claim for claim in self.claims() if fits(self.study.by_claim[claim][place]))

    def stated_on(self, place: str) -> tuple[str, ...]:
        """Return all claims whose subject or object is a concept of the question, whatever else it says.

        Args:
            place: ``subject`` or ``object``.
        """
        topics = {term.id for term in self.question.of("concept")}
        refused = {term.id for term in self.question.excluded}
        return self.of_stage(
            row["claim"]
            for row in self.study.rows
            if row[place] in topics and not refused & {row["claim"], row["subject"], row["object"]}
        )

    def by_place(self, place: str) -> tuple[str, ...]:
        """Return the claims whose subject or object is what the question is about; all of them, if there is none."""
        placed = self.placed(place) or self.claims()
        relations = self.question.relations or self.relations_meant()
        related = tuple(claim for claim in placed if self.study.by_claim[claim]["relation"] in relations)
        # What else drives it is driven by nothing else, where all that does is excluded.
        placed = related if related or (relations and self.question.excluded) else placed
        if self.question.limits and self.question.limits.strengths:
            placed = tuple(claim for claim in placed if self.has_lines(claim))
        return placed

    def acting(self, claims: tuple[str, ...]) -> tuple[str, ...]:
        """Return the claims that say that something acts, rather than what it is or has, if there are any."""
        acting = tuple(c for c in claims if self.study.kinds[c] not in ("definition", "gap"))
        return acting or claims

    def relations_meant(self) -> frozenset[str]:
        """Return the relations of the study that are like what the question says to act, such as to stop."""
        cues = self.question.cues & {"hinders", "promotes"}
        if len(cues) != 1 or self.question.relations:
            return frozenset()
        (cue,) = cues
        return frozenset(relation for relation, senses in self.study.lexicon.relation_cues.items() if cue in senses)

    def promoting(self) -> tuple[str, ...]:
        """Return the claims that say that one thing promotes another."""
        cues = self.study.lexicon.relation_cues
        return tuple(row["claim"] for row in self.study.rows if "promotes" in cues.get(row["relation"], ()))

    def lacks_hindering(self) -> tuple[str, ...]:
        """Return the word by which it is asked what hinders, where no relation of the study does; else nothing."""
        if "hinders" not in self.question.cues or self.question.relations or self.relations_meant():
            return ()
        return ("hinder" if self.question.language == "en" else "阻碍",)

    def says_contrary(self, claims: Iterable[str]) -> bool:
        """Say whether it is asked if one thing hinders another, where all claims say it promotes it; or so turned."""
        sides = frozenset({"hinders", "promotes"})
        cues = {relation: senses & sides for relation, senses in self.study.lexicon.relation_cues.items()}
        asked = {cue for relation in self.question.relations for cue in cues.get(relation, ())}
        asked = asked or {*self.question.cues & sides}
        chosen = {*claims}
        said = [cues.get(row["relation"], frozenset()) for row in self.study.rows if row["claim"] in chosen]
        return len(self.topics) > 1 and bool(asked and said) and all(one and not one & asked for one in said)

    def stages(self) -> list[str]:
        """Return the stages that claims are bound to, in the order in which the theory's own text comes to them."""
        rows = self.study.tables.sql(
            "SELECT stage FROM claims c LEFT JOIN assertion a ON a.claim = c.claim "
            "LEFT JOIN excerpt e ON e.id = a.excerpt WHERE stage IS NOT NULL "
            "GROUP BY stage ORDER BY min(e.source), min(e.start), stage"
        )
        return [stage for (stage,) in rows]

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
        return " ".join([span.text for span in self.question.words] + [t.label for t in self.told_of])

    @property
    def told_of(self) -> list[Term]:
        """Return what the question is about that texts can speak of."""
        return [t for t in self.question.about if t.kind not in ("source", "author", "reference", "coder", "code")]

    @cached_property
    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """Return what passages are looked for by: the words of the question and the names of what it is about.

        In place of a word that no passage has stand those of like meaning which one has, in either language.
        """
        words = [span.text for span in self.question.words]
        alike = self.study.lexicon.alike(joined(tokens(text)) for text in words)
        groups = []
        for text in words:
            others = sorted(alike.get(joined(tokens(text)), ()))
            groups.append((text, [one if one.isascii() else one.replace(" ", "") for one in others]))
        groups += [(t.label, self.study.names(t.kind, t.id)) for t in self.told_of]
        return tuple(
            (text,) if self.stands(text) else tuple(one for one in others if self.stands(one)) or (text,)
            for text, others in groups
        )

    def stands(self, text: str) -> bool:
        """Say whether a passage or paragraph has all words of a text."""
        hits = fulltext.find(self.study.tables, text, ("passage", "paragraph"), 1)
        return any(hit.all_words for hit in hits)

    def found(self, limit: int = SHOWN) -> tuple[list[str], list[Passage], bool]:
        """Find passages by the words of the question.

        Returns:
            Ids of passages, paragraphs that have no such passage, and whether one has all words.
        """
        kinds = ("passage", "paragraph")
        if all(len(some) == 1 for some in self.wanted):
            text = " ".join(one for (one,) in self.wanted)
            hits = fulltext.find(self.study.tables, text, kinds, limit * 4)
        else:
            hits = fulltext.find_any(self.study.tables, self.wanted, kinds, limit * 4)
        hits = [hit for hit in hits if self.is_within(hit.id)]
        whole = any(hit.all_words for hit in hits)
        if whole:
            hits = [hit for hit in hits if hit.all_words]
        passages = stored.passages(self.study.tables, [hit.id for hit in hits if hit.kind == "passage"])
        lone = {p.id: p for p in self.paragraphs([hit.id for hit in hits if hit.kind == "paragraph"])}
        texts = {key: p.quote for key, p in (*passages.items(), *lone.items())}
        if has_han(self.question.text):
            best = [hit.id for hit in hits]
            whole = whole or self.share(texts[key] for key in best[:limit]) >= MOST_HAN
        else:
            shares = self.shares(texts)
            most = max(shares.values(), default=0.0)
            best = [hit.id for hit in hits if shares[hit.id] >= LIKE_BEST * most]
            best.sort(key=lambda key: -shares[key])
            whole = whole or most >= MOST
        excerpts = [key for key in best if key in passages][:limit]
        taken = [passages[key] for key in excerpts]
        # Paragraphs of many texts have no label: which passage lies in one is told by its place.
        paragraphs = [
            lone[key]
            for key in best
            if key in lone
            and not any(p.source == lone[key].source and lone[key].start <= p.start < lone[key].end for p in taken)
        ]
        return excerpts, paragraphs[: limit - min(limit - 1, len(excerpts))], whole

    def beside(self, limit: int = 3) -> tuple[tuple[str, ...], tuple[Passage, ...]]:
        """Return passages, and paragraphs that have none, with most of the words of the question that are no names."""
        excerpts, paragraphs, _ = self.found(limit)
        texts = {key: p.quote for key, p in stored.passages(self.study.tables, excerpts).items()}
        shares = self.shares(texts | {p.id: p.quote for p in paragraphs})
        return (
            tuple(key for key in excerpts if shares[key] >= BESIDE),
            tuple(p for p in paragraphs if shares[p.id] >= BESIDE),
        )

    def shares(self, texts: Mapping[str, str]) -> dict[str, float]:
        """Return how much of what is looked for each text has: rarer words say more; words of like meaning count."""
        wanted = dict(content_words(self.words))
        weights = fulltext.rarity(self.study.tables, wanted.values())
        own = {word for span in self.question.words for _, word in content_words(span.text)}
        # Numbers of one or two digits stand everywhere, for anything.
        weights = {
            word: min(weight, _NUMBER) if word.isdigit() and len(word) < 3 else weight
            for word, weight in weights.items()
        }
        # What is named may have another name there.
        weights = {word: weight * (1.0 if word in own or not own else _NAMED) for word, weight in weights.items()}
        alike = self.study.lexicon.alike(wanted)
        whole = sum(weights.values()) or 1.0
        shares = {}
        for identifier, text in texts.items():
            there = {key for key, _ in content_words(text)}
            had = [word for key, word in wanted.items() if ({key} | alike.get(key, frozenset())) & there]
            shares[identifier] = sum(weights[word] for word in had) / whole
        return shares

    def has_all(self, excerpts: list[str], paragraphs: list[Passage]) -> bool:
        """Say whether one of some passages and paragraphs has all that is looked for, in words of like meaning."""
        quoted = [*stored.passages(self.study.tables, excerpts).values(), *paragraphs]
        return self.share(passage.quote for passage in quoted) >= 1.0

    def share(self, texts: Iterable[str]) -> float:
        """Return how many of the words looked for the text has that has most of them; words of like meaning count."""
        words = [
            word
            for (first, *_) in self.wanted
            for word in ([joined(tokens(first))] if has_han(first) else [key for key, _ in content_words(first)])
        ]
        alike = self.study.lexicon.alike(words)
        groups = [[{*_keys(one)} for one in (word, *alike.get(word, ()))] for word in words if _keys(word)]
        shares = [0.0]
        for text in texts:
            there = {key for key, _ in content_words(text)}
            shares.append(sum(any(some <= there for some in group if some) for group in groups) / max(1, len(groups)))
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

    def dated(self) -> tuple[str, ...]:
        """Return the passages that name a date, of the evidence on what is asked about in a case or source."""
        limits = self.question.limits
        if not (self.topics and (limits.cases or limits.sources)):
            return ()
        some = {p.id: p for c in self.matched.claims for line in self.study.bearing.active(c) for p in line.passages}
        return tuple(key for key, p in sorted(some.items()) if _DATE.search(p.quote))[:SHOWN]

    def with_dates(self, found: Choice) -> Choice | None:
        """Return passages and paragraphs that were found with those first that name a date, if there are any."""
        quoted = stored.passages(self.study.tables, found.excerpts)
        dated = {p.id for p in (*quoted.values(), *found.paragraphs) if _DATE.search(p.quote)}
        if not dated:
            return None
        return replace(
            found,
            excerpts=tuple(sorted(found.excerpts, key=lambda one: one not in dated)),
            paragraphs=tuple(sorted(found.paragraphs, key=lambda one: one.id not in dated)),
        )

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

    def resting_on(self, found: Choice, *, around: bool = False) -> tuple[str, ...]:
        """Return the claims on which evidence lines of the passage bear that fits best.

        Args:
            found: what was found.
            around: whether any passage will do of a paragraph that fits, which tells less surely what is meant.
        """
        ids = found.excerpts[:1] or (tuple(p.id for p in found.paragraphs[:1]) if around else ())
        if not ids:
            return ()
        start, _, end = span_of(ids[0]).partition("-")
        rows = self.study.tables.sql(
            "SELECT DISTINCT n.claim FROM line n "
            "JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt "
            "WHERE e.source = :source AND e.start < :end AND e.\"end\" > :start AND n.status = 'active'",
            source=source_of(ids[0]), start=int(start), end=int(end),
        )  # fmt: skip
        bearing = {claim for (claim,) in rows}
        return tuple(claim for claim in self.everything if claim in bearing)

    @property
    def only_in_sources(self) -> list[str]:
        """Return the words of the question that stand in the study, and in none of its claims."""
        return [w for s in self.matched.unknown for w in s.text.split() if not has_han(w) and self.occurs(w)]

    def rarest(self) -> str:
        """Return the rarest word that only sources have; empty where none is rare."""
        some = self.only_in_sources
        weights = fulltext.rarity(self.study.tables, some)
        return max((w for w in some if weights[w] >= RARE), key=lambda w: (weights[w], w), default="")

    def told(self) -> Choice | None:
        """Return the passages that have all words which only sources have, with the claims they are evidence on."""
        rare = self.only_in_sources
        if max(fulltext.rarity(self.study.tables, rare).values(), default=0.0) < RARE:
            return None
        excerpts, paragraphs, whole = self.found()
        if not whole:
            return None
        quoted = {**stored.passages(self.study.tables, excerpts), **{p.id: p for p in paragraphs}}
        keys = {key for word in rare for key, _ in content_words(word)}
        alike = self.study.lexicon.alike(keys)

        def has_all(text: str) -> bool:
            there = {key for key, _ in content_words(text)}
            return all(({key} | alike.get(key, frozenset())) & there for key in keys)

        fitting = [key for key, passage in quoted.items() if has_all(passage.quote)]
        if not fitting:
            return None
        found = Choice(
            "find",
            (),
            excerpts=tuple(k for k in excerpts if k in fitting),
            paragraphs=tuple(p for p in paragraphs if p.id in fitting),
        )
        return replace(found, claims=self.resting_on(found))

    # ---- Further records

    def name(self, kind: str, identifier: str, note: str = "") -> None:
        """Name a record that answers."""
        self.named.setdefault((kind, identifier), (self.study.label(kind, identifier), note))

    def name_references(self, keys: Iterable[str]) -> None:
        """Name references that answer, with their titles."""
        names = self.study.tables.reference_names
        keys = [key for key in keys if key in names]
        for reference, csl in self._rows(_TITLES, keys):
            self.named.setdefault(("reference", reference), (names[reference], str(json.loads(csl).get("title", ""))))

    def name_authors(self, keys: Iterable[str]) -> None:
        """Name the authors of references that answer, each with the first of them."""
        names = self.study.tables.reference_names
        for reference, author in self._rows(_AUTHORS, [*keys]):
            self.name("author", author, names.get(reference, reference))

    def _rows(self, select: str, keys: list[str]) -> list[tuple[str, str]]:
        """Return pairs of a reference and something of it, in the order of the references."""
        rows = self.study.tables.sql(select, keys=json.dumps(keys))
        places = {key: place for place, key in enumerate(keys)}
        return sorted(rows, key=lambda row: places[row[0]])

    def attributes(self) -> tuple[dict[str, Any], ...]:
        """Return the attributes of the sources and cases that the question names, and of the sources of these."""
        cases = {t.id for t in self.question.of("case")}
        named = {("case", case) for case in cases} | {("source", t.id) for t in self.question.of("source")}
        named |= {("source", source) for source, case in self.study.tables.cases.items() if case in cases}
        for kind, identifier in sorted(named):
            self.name(kind, identifier)
        return tuple(
            {"property": row["label"], "value": row["value"]}
            for row in self.study.run("attributes").dicts()
            if (row["kind"], row["record"]) in named
        )

    def origin(self, term: Term) -> list[str]:
        """Return the references that the definition of a concept names as its source."""
        rows = self.study.run("concept", concept=term.id).dicts()
        texts = [row["value"] for row in rows if row["property"] == "source"]
        return list(dict.fromkeys(key for text in texts for key in self.references_named(text)))

    def references_named(self, text: str) -> list[str]:
        """Return the references that a text names by their titles, or by their makers and year."""
        some = tokens(text)
        keys = {content(some[i:j]) for i in range(len(some)) for j in range(i + 1, min(len(some), i + LONGEST) + 1)}
        senses = self.study.lexicon.look_up(keys - {""})
        return sorted({one.value for found in senses.values() for one in found if one.kind == "reference"})

    def written(self, author: str) -> str:
        """Return how an author's references are called, and with whom they were written."""
        names = self.study.tables.reference_names
        keys = [row["reference"] for row in self.study.run("references-by-author", author=author).dicts()]
        return "; ".join(names.get(key, key) for key in keys)

    def references_of(self, claims: Iterable[str], stance: str) -> list[str]:
        """Return the references of the evidence of claims, those of most lines first; of one stance, or of all."""
        counts: Counter[str] = Counter()
        for claim in claims:
            for line in self.study.bearing.active(claim, stance):
                counts.update({key for p in line.passages for key in p.references})
        return self.of_years(key for key, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    def cited(self, excerpts: list[str], paragraphs: list[Passage]) -> list[str]:
        """Return the references of passages and of paragraphs, each once."""
        quoted = [*stored.passages(self.study.tables, excerpts).values(), *paragraphs]
        return self.of_years(dict.fromkeys(key for passage in quoted for key in passage.references))

    def of_years(self, references: Iterable[str]) -> list[str]:
        """Return the references of the years that are asked for."""
        keys, limits = list(references), self.question.limits
        if limits.since is None and limits.until is None:
            return keys
        years = {key: dates.year(json.loads(csl).get("issued")) for key, csl in self._rows(_TITLES, keys)}
        return [key for key in keys if years.get(key, "").lstrip("-").isdigit() and limits.holds(int(years[key]))]

    def sources_of(self, claims: Iterable[str]) -> tuple[str, ...]:
        """Return the sources of the evidence of claims."""
        if not self.question.stance:
            return self.study.bearing.sources(*claims)
        lines = (line for claim in claims for line in self.study.bearing.active(claim, self.question.stance))
        return tuple(dict.fromkeys(p.source for line in lines for p in line.passages))

    def broader(self, concept: str) -> list[str]:
        """Return the concepts right above a concept."""
        rows = self.study.run("concept", concept=concept).dicts()
        return [row["value"] for row in rows if row["property"] == "broader"]

    def rows_about(self, name: str, key: str, claims: Iterable[str]) -> tuple[dict[str, Any], ...]:
        """Return open questions or searches about what the question is about."""
        about = {t.id for t in self.question.about} | set(claims)
        if name == "open-questions" and claims:
            # What narrower concepts have together is asked of the broader one.
            about |= {b for t in self.question.of("concept") for b in self.broader(t.id)}
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


def _keys(key: str) -> list[str]:
    """Return the keys that a text has in which a word of like meaning stands."""
    parts = key.split(" ")
    return parts if key.isascii() else [a + b for a, b in pairwise(parts)]
