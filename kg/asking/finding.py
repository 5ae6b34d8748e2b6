"""What a question finds in the texts of a study: passages and paragraphs, by words, works, codes and dates."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from kg import dates
from kg.asking.choice import Choice
from kg.asking.retrieval import Ranked, bearing_on, ranked
from kg.asking.stances import is_year
from kg.asking.within import Within
from kg.cjk import has_han
from kg.ids import source_of, span_of
from kg.language.lexicon import content_words
from kg.language.tokens import fold, irregular_forms, is_common, joined, tokens
from kg.store import fulltext
from kg.store import passages as stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.asking.question import Term
    from kg.asking.sentence import Span
    from kg.claims import Passage

SHOWN = 5
"""How many passages are shown that were found by their words."""
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
ABSENT = 3.0
"""How much a word counts at least that stands nowhere in the study."""
_NAMED = 0.3
"""How much a word of a concept's label counts beside the words of the question."""
_NUMBER = 0.2
"""How much it says, beside a word that nothing has, that a text has a small number."""
FIRST = 3
"""Among how many passages the theory's own statement of a claim is looked for."""
_BEARING = """
SELECT DISTINCT n.claim FROM line n JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt
WHERE e.source = :source AND e.start < :end AND e."end" > :start AND n.status = 'active'"""
_STATING = """
SELECT DISTINCT a.claim FROM assertion a JOIN excerpt e ON e.id = a.excerpt
WHERE e.source = :source AND e.start < :end AND e."end" > :start"""
_AROUND = """
SELECT e.id, e.quote, substr(t.whole, p.start + 1, p."end" - p.start) FROM json_each(:ids) j
JOIN excerpt e ON e.id = j.value JOIN source_text t ON t.source = e.source
JOIN paragraph p ON p.source = e.source AND p.start <= e.start AND p."end" >= e."end" """
_BESIDE_QUOTE = 0.5
"""How much a word counts that stands beside a quote in its paragraph."""
_FIGURE = 3.0
"""How much a number counts beside other words, where passages of one work are told apart."""


_OF_HEADINGS = ("when", "sources", "authors", "coders", "where", "count", "define")
"""Operations that the heading of a text may answer, which tells of when it is and who made it."""


class Finding(Within):
    """What one question finds in the texts of a study."""

    @cached_property
    def ranked(self) -> Ranked:
        """Return the claims that fit the words of the question best."""
        return ranked(self)

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
            if is_year(text):
                groups.append((text, [_in_han(text)]))
                continue
            others = sorted(alike.get(joined(tokens(text)), ()))
            others = [form for one in others for form in (one, *irregular_forms(one))]
            groups.append((text, [one if one.isascii() else one.replace(" ", "") for one in others]))
        # A word that only leads to a name may stand there itself.
        called = {concept: text for concept, text in self._called.items() if self.stands(text)}
        groups += [(called.get(t.id, t.label), self.study.names(t.kind, t.id)) for t in self.told_of]
        return tuple(
            (text,)
            if self.stands(text)
            else tuple(one for one in others if self.stands(one)) or self._parts_of(text) or (text,)
            for text, others in groups
        )

    def _parts_of(self, text: str) -> tuple[str, ...]:
        """Return the longest parts of a Chinese word that stand in a text, from two characters on: 药盒 of 小药盒."""
        if not has_han(text):
            return ()
        for long in range(len(text) - 1, 1, -1):
            parts = dict.fromkeys(text[at : at + long] for at in range(len(text) - long + 1))
            # A part with a word that says nothing is no word: 吃了 of 不吃了.
            words = [part for part in parts if not (is_common(part) or any(is_common(one) for one in part))]
            if there := tuple(part for part in words if self.stands(part)):
                return there
        return ()

    @cached_property
    def _called(self) -> dict[str, str]:
        """Return the words by which concepts are called that are none of their names, by their ids."""
        return {
            concept: text
            for concept, text in self.question.called
            if fold(text) not in {fold(name) for name in self.study.names("concept", concept)}
        }

    def stands(self, text: str) -> bool:
        """Say whether a passage or paragraph has all words of a text."""
        return fulltext.has(self.study.tables, text, ("passage", "paragraph"))

    def found(self, limit: int = SHOWN) -> tuple[list[str], list[Passage], bool]:
        """Find passages by the words of the question.

        Returns:
            Ids of passages, paragraphs that have no such passage, and whether one has all words.
        """
        kinds = ("passage", "paragraph")
        # Of some works alone few of those with the words are left.
        most_hits = limit * (4 if self._works is None else 40)
        if all(len(some) == 1 for some in self.wanted):
            text = " ".join(one for (one,) in self.wanted)
            hits = fulltext.find(self.study.tables, text, kinds, most_hits)
        else:
            hits = fulltext.find_any(self.study.tables, self.wanted, kinds, most_hits)
        hits = [hit for hit in hits if self.is_within(hit.id) and self._cites(hit.id, hit.kind)]
        if self.question.operation not in _OF_HEADINGS:
            # The heading of a text tells what it is, and nothing else.
            hits = [hit for hit in hits if hit.kind == "passage" or not span_of(hit.id).startswith("0-")]
        whole = any(hit.all_words for hit in hits)
        if whole:
            hits = [hit for hit in hits if hit.all_words]
        passages = stored.passages(self.study.tables, [hit.id for hit in hits if hit.kind == "passage"])
        lone = {p.id: p for p in self.paragraphs([hit.id for hit in hits if hit.kind == "paragraph"])}
        texts = {key: p.quote for key, p in (*passages.items(), *lone.items())}
        years = [span.text for span in self.question.words if is_year(span.text)]
        # What was in one year is told by no passage of another.
        dated = [hit for hit in hits if all(_has_year(year, texts[hit.id]) for year in years)]
        hits = dated or hits
        if has_han(self.question.text):
            parts = self.parts({hit.id: texts[hit.id] for hit in hits})
            most = max(parts.values(), default=0.0)
            # Which of several tells a date is seen from all of them.
            least = 0.0 if self.question.operation == "when" else LIKE_BEST * most
            best = [key for key, share in parts.items() if share >= least]
            told = most >= MOST_HAN
            whole = (whole or (told and not self._lacks_a_thing)) and bool(dated)
        else:
            shares = self.shares(texts)
            most = max(shares.values(), default=0.0)
            best = [hit.id for hit in hits if shares[hit.id] >= LIKE_BEST * most]
            best.sort(key=lambda key: -shares[key])
            # Words that stand in any text do not say that one speaks of what is asked.
            whole = (whole or most >= MOST) and not self._says_little and bool(dated)
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

    def quoted(self, excerpts: Iterable[str]) -> list[Passage]:
        """Return passages by their ids."""
        return [*stored.passages(self.study.tables, excerpts).values()]

    def quotes(self, excerpts: Iterable[str]) -> list[str]:
        """Return the words of passages."""
        return [passage.quote for passage in self.quoted(excerpts)]

    def beside(self, limit: int = 3) -> tuple[tuple[str, ...], tuple[Passage, ...]]:
        """Return passages, and paragraphs that have none, with most of the words of the question that are no names."""
        excerpts, paragraphs, _ = self.found(limit)
        texts = {key: p.quote for key, p in stored.passages(self.study.tables, excerpts).items()}
        texts |= {p.id: p.quote for p in paragraphs}
        shares = self.shares(texts)
        if not has_han(self.question.text):
            # One that has none of the words themselves, but others of like meaning, tells of anything.
            told = [one for span in self.question.words for one in content_words(span.text)]
            asks_where = self.question.operation in ("cases", "when", "where")
            own = {key for key, word in told if asks_where or not is_common(word)}
            there = {key: {word for word, _ in content_words(text)} for key, text in texts.items()}
            shares = {key: share if own & there[key] else 0.0 for key, share in shares.items()}
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
        # What stands nowhere, in no other words either, is what is lacking most.
        usual = self.study.lexicon.alike(wanted)
        unusual = [word for key, word in wanted.items() if not self.is_usual(usual.get(key, ()))]
        absent = [word for word in unusual if not (is_common(word) or self.occurs(word))]
        weights |= dict.fromkeys(absent, max([ABSENT, *weights.values()]))
        # What is named may have another name there.
        weights = {word: weight * (1.0 if word in own or not own else _NAMED) for word, weight in weights.items()}
        whole = sum(weights.values()) or 1.0
        shares = {}
        for identifier, text in texts.items():
            there = {key for key, _ in content_words(text)}
            had = [word for key, word in wanted.items() if ({key} | usual.get(key, frozenset())) & there]
            shares[identifier] = sum(weights[word] for word in had) / whole
        return shares

    @property
    def _lacks_a_thing(self) -> bool:
        """Say whether a Chinese word of two characters or more, as of a thing, stands nowhere in the study."""
        return any(has_han(span.text) and self.stands_nowhere(span.text) for span in self.question.words)

    @property
    def _says_little(self) -> bool:
        """Say whether only words are looked for that stand in any English text."""
        words = [word for span in self.question.words for word in span.text.split()]
        return bool(words) and not self.told_of and all(is_common(word) for word in words)

    def has_all(self, excerpts: list[str], paragraphs: list[Passage]) -> bool:
        """Say whether one of some passages and paragraphs has all that is looked for, in words of like meaning."""
        quoted = [*self.quoted(excerpts), *paragraphs]
        return self.share(passage.quote for passage in quoted) >= 1.0

    @cached_property
    def _sought(self) -> list[list[set[str]]]:
        """Return the words that are looked for, each with those of like meaning, by the keys of their parts."""
        words = [
            word
            for (first, *_) in self.wanted
            for word in ([joined(tokens(first))] if has_han(first) else [key for key, _ in content_words(first)])
            # One character of Chinese stands in many words.
            if word.isascii() or " " in word
        ]
        alike = self.study.lexicon.alike(words)
        return [[{*_keys(one)} for one in (word, *alike.get(word, ()))] for word in words if _keys(word)]

    def _had(self, text: str) -> float:
        """Return how many of the words looked for a text has; words of like meaning count."""
        there = {key for key, _ in content_words(text)}
        had = sum(any(some <= there for some in group if some) for group in self._sought)
        return had / max(1, len(self._sought))

    def parts(self, texts: Mapping[str, str]) -> dict[str, float]:
        """Return how many of the words looked for each text has, of all; words of like meaning count."""
        return {key: self._had(text) for key, text in texts.items()}

    def lacking(self, found: Choice) -> list[Span]:
        """Return the words of the question that none of the passages which were found has, nor one of like meaning."""
        texts = [passage.quote for passage in (*self.quoted(found.excerpts), *found.paragraphs)]
        there = {key for text in texts for key, _ in content_words(text)}
        named = fold(" ".join(label for _, _, label, _ in found.named))
        lacking = []
        codes = {term.id for term in self.question.of("code")}
        for span in self.telling if texts else ():
            if codes & {*span.ids("code")}:
                # What is coded need not have the code's own words.
                continue
            keys = [key for key, _ in content_words(span.text)]
            alike = self.study.lexicon.alike(keys)
            known = [key for key in keys if ({key} | alike.get(key, frozenset())) & there or key in named]
            if span in self.matched.unknown and keys and not known:
                lacking.append(span)
        return lacking

    def share(self, texts: Iterable[str]) -> float:
        """Return how many of the words looked for the text has that has most of them; words of like meaning count."""
        return max(map(self._had, texts), default=0.0)

    @property
    def names_codes_alone(self) -> bool:
        """Say whether passages are asked for by names of codes; to find them, words of claims may be said, too."""
        codes = {term.id for term in self.question.of("code")}
        others = [span for span in self.question.words if not codes & {*span.ids("code")}]
        finds = self.question.operation == "find"
        return bool(codes) and all(finds and (self._is_common(s.text) or self.is_claimed(s.text)) for s in others)

    def coded_as(self, *codes: str) -> list[str]:
        """Return the passages that are coded with some codes, or with narrower ones.

        Args:
            codes: ids of the codes; those that the question names, if none are given.
        """
        rows = self.study.tables.sql(
            "WITH RECURSIVE narrower(code) AS (SELECT value FROM json_each(:codes) UNION "
            "SELECT k.id FROM code k JOIN narrower n ON k.property = 'broader' AND k.value = n.code) "
            "SELECT DISTINCT excerpt FROM coded WHERE code IN (SELECT code FROM narrower) ORDER BY place",
            codes=json.dumps(codes or [term.id for term in self.question.of("code")]),
        )
        return [excerpt for (excerpt,) in rows if self.is_within(excerpt) and self._cites(excerpt)]

    @cached_property
    def claimed(self) -> frozenset[str]:
        """Return the concepts that claims are about or bound to."""
        return frozenset(row[end] for row in self.study.rows for end in ("subject", "object", "stage") if row[end])

    def coded(self, *concepts: str) -> list[str]:
        """Return the passages that are coded with concepts.

        Args:
            concepts: their ids; those that the question names, if none are given.
        """
        ids: dict[str, None] = {}
        named = concepts or tuple(term.id for term in self.question.of("concept"))
        for concept in [one for one in named if one not in self.claimed] or named:
            for row in self.study.run("concept", concept=concept).dicts():
                if row["property"] == "code":
                    rows = self.study.tables.sql(
                        "SELECT excerpt FROM coded WHERE code = :c ORDER BY place", c=row["value"]
                    )
                    ids |= dict.fromkeys(excerpt for (excerpt,) in rows)
        return [excerpt for excerpt in ids if self.is_within(excerpt) and self._cites(excerpt)]

    def dated(self) -> tuple[str, ...]:
        """Return the passages that name a date, of the evidence on what is asked about in a case or source."""
        limits = self.question.limits
        if not (self.topics and (limits.cases or limits.sources)):
            return ()
        some = {p.id: p for c in self.matched.claims for line in self.study.bearing.active(c) for p in line.passages}
        return tuple(key for key, p in sorted(some.items()) if dates.told(p.quote))[:SHOWN]

    def shared_passages(self) -> tuple[str, ...]:
        """Return the passages that are evidence on a claim about each of two things that the question names."""
        sides: list[dict[str, None]] = []
        for term in self.topics[:2]:
            on = [row["claim"] for row in self.study.rows if term.id in (row["claim"], row["subject"], row["object"])]
            lines = (line for claim in on for line in self.study.bearing.active(claim))
            sides.append({passage.id: None for line in lines for passage in line.passages})
        return tuple(key for key in sides[0] if key in sides[1])[:SHOWN] if len(sides) > 1 else ()

    def bearing_on(self, excerpts: Iterable[str]) -> tuple[str, ...]:
        """Return the claims on which evidence lines with some passages bear."""
        some = {claim for _, claim in bearing_on(self.study.tables, excerpts)}
        return tuple(claim for claim in self.everything if claim in some)

    def with_dates(self, found: Choice) -> Choice | None:
        """Return passages and paragraphs that were found with those first that name a date, if there are any."""
        quoted = stored.passages(self.study.tables, found.excerpts)
        every = {p.id: p.quote for p in (*quoted.values(), *found.paragraphs)}
        shares = self.shares(every) if self.question.language == "en" else dict.fromkeys(every, 1.0)
        # A date in a text that tells of something else is that of something else.
        most = max(shares.values(), default=0.0)
        dated = {key for key, quote in every.items() if dates.told(quote) and shares[key] >= LIKE_BEST * most}
        if not dated:
            return None
        return replace(
            found,
            excerpts=tuple(sorted(found.excerpts, key=lambda one: one not in dated)),
            paragraphs=tuple(sorted(found.paragraphs, key=lambda one: one.id not in dated)),
        )

    def of_works(self) -> Choice | None:
        """Return the passages that cite the works of the question, those of them that have most of its words.

        Nothing where the question is limited to no works, or none of them is cited.
        """
        ids = sorted(key for key in self._citing if self.is_within(key)) if self._works else []
        if not ids:
            return None
        words = {key for text in (self.words, *self._called.values()) for key, _ in content_words(text)}
        had: dict[str, float] = {}
        for key, quote, around in self.study.tables.sql(_AROUND, ids=json.dumps(ids)):
            own, near = ({one for one, _ in content_words(text)} & words for text in (quote, around))
            had[key] = sum(map(_pins, own)) + _BESIDE_QUOTE * sum(map(_pins, near - own))
        most = max(had.values(), default=0.0)
        found = Choice("find", excerpts=tuple(key for key in ids if had.get(key) == most)[:SHOWN])
        return replace(found, claims=self.resting_on(found))

    def resting_on(self, found: Choice, *, around: bool = False) -> tuple[str, ...]:
        """Return the claims on which evidence lines of the passage bear that fits best.

        Args:
            found: what was found.
            around: whether any passage will do of a paragraph that fits, which tells less surely what is meant.
        """
        ids = found.excerpts[:1] or (tuple(p.id for p in found.paragraphs[:1]) if around else ())
        return self._at(_BEARING, ids[0]) if ids else ()

    def stated_in(self, found: Choice) -> tuple[str, ...]:
        """Return the claims that the theory states in the passage that fits best, where it does in one of few.

        Args:
            found: what was found.
        """
        ids = (*found.excerpts, *(p.id for p in found.paragraphs))[:FIRST]
        return next((claims for one in ids if (claims := self._at(_STATING, one))), ())

    def _at(self, select: str, place: str) -> tuple[str, ...]:
        """Return the claims that a statement of SQL gives for a passage or paragraph."""
        start, _, end = span_of(place).partition("-")
        rows = self.study.tables.sql(select, source=source_of(place), start=int(start), end=int(end))
        some = {claim for (claim,) in rows}
        return tuple(claim for claim in self.everything if claim in some)

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


def _in_han(year: str) -> str:
    """Return a year as it is written in Chinese characters."""
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in year)


def _has_year(year: str, text: str) -> bool:
    """Say whether a text has a year, in figures or in Chinese characters."""
    return year in text or _in_han(year) in text.replace("零", "〇")


def _pins(word: str) -> float:
    """Return how much a word tells which passage of a work is meant: a number more than others."""
    return _FIGURE if word.isdigit() else 1.0


def _keys(key: str) -> list[str]:
    """Return the keys that a text has in which a word of like meaning stands."""
    parts = key.split(" ")
    return parts if key.isascii() else [a + b for a, b in pairwise(parts)]
