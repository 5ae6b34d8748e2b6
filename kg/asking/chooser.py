"""What a question finds in a study beside claims and passages: further records, for the operations to choose from."""

from __future__ import annotations

import json
import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg import dates
from kg.asking.finding import MOST, RARE, Finding
from kg.asking.matching import claims_with
from kg.asking.works import marks_of
from kg.language.lexicon import ANYBODY, LONGEST, content, content_words
from kg.language.tokens import fold, is_common, tokens
from kg.store import fulltext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.asking.question import Term
    from kg.claims import Passage

MOST_SPOKEN = 4
"""On how many claims at most the sources are named that tell of them."""
_NEARLY = 0.62
"""How alike two questions are at least (0 to 1) that ask the same."""
_PLAIN = re.compile("[\\s?？!！。,，的了是吗呢]")
"""What is left out where questions in Chinese are compared."""
_FILLING = re.compile("怎么样?|如何|怎样|之间|是|的|什么|哪些|[\\s?？。!！]")
"""What asks in Chinese and is no part of what is asked about."""
_OPEN = 0.6
"""How much of what a question says an open question has at least that asks it (0 to 1)."""
_LEAST_SAID = 2
"""How many words it says at least."""
_ASKING = frozenset(token.key for token in tokens("what when happen become way mean exact question many stand"))
"""Keys of words that ask, and tell nothing of what is asked."""
_STRETCH = 5
"""How many characters of an open question in Chinese a question has at least that asks the same."""
_MADE = re.compile("([\u4e00-\u9fff]{2,4}?)(?:等人?|、[\u4e00-\u9fff、]+)?\\(([0-9]{4})\\)")
"""A maker and the year of a work in Chinese."""
_TITLES = 'SELECT reference, csl FROM "references" WHERE reference IN (SELECT value FROM json_each(:keys))'
_AUTHORS = (
    "SELECT reference, author FROM references_by_author WHERE reference IN (SELECT value FROM json_each(:keys)) "
    "ORDER BY rowid"
)


class Chooser(Finding):
    """The chooser of what answers one question."""

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
        named = {one.value for found in senses.values() for one in found if one.kind == "reference"}
        # 陈敏等（2020）: the first of its makers, and the year.
        made = {match.groups() for match in _MADE.finditer(fold(text))}
        names = self.study.tables.reference_names.items() if made else ()
        named |= {key for key, name in names for maker, year in made if name.startswith(maker) and year in name}
        return sorted(named)

    def written_by(self, author: str) -> list[str]:
        """Return the references of an author."""
        return [row["reference"] for row in self.study.run("references-by-author", author=author).dicts()]

    def written(self, author: str) -> str:
        """Return how an author's references are called, and with whom they were written."""
        names = self.study.tables.reference_names
        return "; ".join(names.get(key, key) for key in self.written_by(author))

    def references_of(self, claims: Iterable[str], stance: str) -> list[str]:
        """Return the references of the evidence of claims, those of most lines first; of one stance, or of all."""
        counts: Counter[str] = Counter()
        for claim in claims:
            for line in self.study.bearing.active(claim, stance):
                counts.update({key for p in line.passages for key in p.references})
        return self.of_years(key for key, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    def name_speakers(self, claims: Iterable[str], stance: str) -> None:
        """Name the sources that tell something by themselves, and cite no work, each with its lines on few claims.

        Args:
            claims: ids of the claims.
            stance: of which stance the lines are.
        """
        claims = [*claims]
        lines: dict[str, list[str]] = {}
        for claim in claims if len(claims) <= MOST_SPOKEN else ():
            for line in self.study.bearing.active(claim, stance):
                for source in {p.source for p in line.passages if not p.references and p.case}:
                    lines.setdefault(source, []).append(line.id)
        for source, ids in lines.items():
            self.name("source", source, ", ".join(ids))

    def cited(self, excerpts: list[str], paragraphs: list[Passage]) -> list[str]:
        """Return the references of passages and of paragraphs, each once."""
        quoted = [*self.quoted(excerpts), *paragraphs]
        return self.of_years(dict.fromkeys(key for passage in quoted for key in passage.references))

    def marks(self, references: Iterable[str]) -> set[str]:
        """Return what references are called by: their marks, their types, and what they lack."""
        return {mark for _, csl in self._rows(_TITLES, list(references)) for mark in marks_of(json.loads(csl))}

    def years(self, references: Iterable[str]) -> dict[str, int]:
        """Return the years of references that have one, by key."""
        found = {key: dates.year(json.loads(csl).get("issued")) for key, csl in self._rows(_TITLES, list(references))}
        return {key: int(year) for key, year in found.items() if year.lstrip("-").isdigit()}

    def of_years(self, references: Iterable[str]) -> list[str]:
        """Return the references of the years that are asked for."""
        keys, limits = list(references), self.question.limits
        if limits.since is None and limits.until is None:
            return keys
        years = self.years(keys)
        return [key for key in keys if key in years and limits.holds(years[key])]

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

    @cached_property
    def every_open_question(self) -> dict[str, dict[str, Any]]:
        """Return the open questions of the study by their ids."""
        return {row["question"]: row for row in self.study.run("open-questions").dicts()}

    def open_questions(self) -> tuple[dict[str, Any], ...]:
        """Return the open questions that have most of the words of the question, where it names no concept."""
        if self.topics or not self.question.words:
            return ()
        rows = self.every_open_question
        shares = self.shares({key: f"{row['text']} {row['text_zh'] or ''}" for key, row in rows.items()})
        best = max(shares.values(), default=0.0)
        return tuple(row for key, row in rows.items() if shares[key] == best and best >= MOST)

    @cached_property
    def left_open(self) -> tuple[dict[str, Any], ...]:
        """Return the open questions that the question asks in other words.

        They are about a concept of which nothing is claimed, or have half of the words that no claim has, one rare.
        """
        rows = self.every_open_question
        concepts = {term.id for term in self.question.of("concept")} if not self._tells_more else set()
        if silent := concepts - {row[end] for row in self.study.rows for end in ("subject", "object", "stage")}:
            return tuple(row for row in self.study.run("open-questions").dicts() if row["about"] in silent)
        if same := tuple(row for row in rows.values() if self._asks_the_same(row)):
            return same
        if named := self._open_on_both():
            return (rows[named],)
        plain = self.question.operation in ("drivers", "effects") and not self.question.words
        understood = plain and self.topics and all(term.id in self.claimed for term in self.topics)
        if self.question.language == "en" and not understood and (nearest := self._nearest_open()):
            return (rows[nearest],)
        if self.question.language == "zh":
            asked = fold(self.question.text)
            about = self.study.run("open-questions").dicts()
            # What is asked of one thing is not open because it is of another.
            wanted = {row["question"] for row in about if not concepts or row["about"] in concepts}
            return tuple(
                row
                for key, row in rows.items()
                if key in wanted and _shared(asked, fold(row["text_zh"] or row["text"]))
            )
        told = [key for span in self.question.said for key, _ in content_words(span.text)]
        told += [key for span in self.matched.unknown for key, _ in content_words(span.text)]
        alike = self.study.lexicon.alike(told)
        groups = {key: {key, *alike.get(key, ())} for key in told if not is_common(key)}
        groups = {key: some for key, some in groups.items() if not any(map(self.is_claimed, some))}
        if not groups:
            return ()
        having = {}
        for identifier, row in rows.items():
            there = {word: key for key, word in content_words(row["text"])}
            weights = fulltext.rarity(self.study.tables, there)
            had = {key for key, some in groups.items() if some & {*there.values()}}
            rare = any(weights[word] >= RARE for word, key in there.items() if any(key in groups[one] for one in had))
            if 2 * len(had) >= len(groups) and rare:
                having[identifier] = len(had)
        most = max(having.values(), default=0)
        return tuple(rows[key] for key, number in having.items() if number == most)

    def _open_on_both(self) -> str:
        """Return the open question that names each of two things or more which are compared."""
        concepts = [self.study.names("concept", term.id) for term in self.question.of("concept")]
        if len(concepts) < _LEAST_SAID or self.question.operation != "compare":
            return ""
        for identifier, row in self.every_open_question.items():
            text = fold(f"{row['text']} {row['text_zh'] or ''}")
            if all(any(fold(name) in text for name in names) for names in concepts):
                return identifier
        return ""

    @property
    def _tells_more(self) -> bool:
        """Say whether a question has words that stand nowhere in the study, beside one that it names."""
        return self.question.is_partial or any(map(self.is_absent, self.matched.unknown))

    def _nearest_open(self) -> str:
        """Return the open question that has most of what an English question says, and more of it than any claim."""
        own = {
            key: word for key, word in content_words(self.question.text) if key not in _ASKING and word not in ANYBODY
        }
        if len(own) < _LEAST_SAID:
            return ""
        alike = self.study.lexicon.alike(own)
        rare = fulltext.rarity(self.study.tables, own.values())
        weights = {key: 0.5 + rare[word] for key, word in own.items()}
        texts = {key: {one for one, _ in content_words(row["text"])} for key, row in self.every_open_question.items()}
        shares = {
            identifier: sum(weights[key] for key in own if {key, *alike.get(key, ())} & there)
            for identifier, there in texts.items()
        }
        most = max(shares.values(), default=0.0)
        if most < _OPEN * sum(weights.values()):
            return ""
        claimed: Counter[str] = Counter()
        for key in own:
            having = dict.fromkeys(
                claim for word in (key, *alike.get(key, ())) for claim in claims_with(word, self.study.lexicon)
            )
            claimed.update(dict.fromkeys(having, weights[key]))
        if most <= max(claimed.values(), default=0.0):
            return ""
        return next(key for key, share in shares.items() if share == most)

    def _asks_the_same(self, row: Mapping[str, Any]) -> bool:
        """Say whether a question is put nearly as an open question is, and none of its words tells of more."""
        zh = self.question.language == "zh"
        if self._is_of_another(row):
            return False
        if zh:
            asked, other = (_PLAIN.sub("", fold(text)) for text in (self.question.text, row["text_zh"] or row["text"]))
            return SequenceMatcher(None, asked, other, autojunk=False).ratio() >= _NEARLY
        asked_keys, keys = ([token.key for token in tokens(text)] for text in (self.question.text, row["text"]))
        own = {key for key, word in content_words(self.question.text) if not is_common(word)}
        alike = self.study.lexicon.alike(own)
        told = all({key, *alike.get(key, ())} & {*keys} for key in own)
        return bool(own) and told and SequenceMatcher(None, asked_keys, keys, autojunk=False).ratio() >= _NEARLY

    def _is_of_another(self, row: Mapping[str, Any]) -> bool:
        """Say whether an open question names what it is about, and the question that is put names something else."""
        named = self.question.of("concept")
        if not named or any(term.id == row["about"] for term in named):
            return False
        own, asked = self.study.names("concept", str(row["about"])), fold(self.question.text)
        text = fold(f"{row['text']} {row['text_zh'] or ''}")
        return any(fold(name) in text for name in own) and not any(fold(name) in asked for name in own)

    def rows_about(self, name: str, key: str, claims: Iterable[str]) -> tuple[dict[str, Any], ...]:
        """Return open questions or searches about what the question is about."""
        about = {t.id for t in self.question.about} | set(claims)
        if name == "open-questions" and claims:
            # What narrower concepts have together is asked of the broader one.
            about |= {b for t in self.question.of("concept") for b in self.broader(t.id)}
        everything = not (self.question.about or self.matched.claims or about)
        by_id: dict[str, dict[str, Any]] = {}
        for row in self.study.run(name).dicts():
            fits = row["about"] in about or row.get("candidate") in about or row.get("case") in about
            cases = self.question.limits.cases
            if fits and name == "searches" and cases and row["case"] and row["case"] not in cases:
                continue
            if everything or fits:
                by_id.setdefault(row[key], row)
        return tuple(by_id.values())


def _shared(asked: str, text: str) -> bool:
    """Say whether a question in Chinese has a stretch of another one that is long beside it."""
    asked = _FILLING.sub("", asked)
    at = SequenceMatcher(None, asked, text, autojunk=False).find_longest_match()
    return at.size >= _STRETCH and 2 * at.size >= len(asked)
