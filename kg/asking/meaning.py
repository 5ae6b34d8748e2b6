"""What the texts of a study mean: how near its claims, passages and open questions are to a question, in any words."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg.cjk import has_han
from kg.language.encoder import encoder
from kg.store import vectors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.language.encoder import Vector
    from kg.store.tables import Tables

_MOST = 1500
"""How many texts of a kind are compared at most: each takes three milliseconds or more when it is encoded first."""
_OF_A_CLAIM = 8
"""How many passages of a claim are compared at most, where there are more in all."""
_FEWEST = 4
"""How many claims there are at least, if it says something that one of them is the nearest."""
_WEIGHTS = {"en": ((2.19, 0.4, 6.44, 3.53, 0.57), -3.32), "zh": ((3.75, 2.35, 8.84, 5.14, 1.12), -6.34)}
"""The weights of :func:`_surely` and their constant: logistic regression over the questions of ``tests/questions``."""
_UNQUOTED = 0.2
"""How near a claim without passages is by its passages."""
_CLAIMS = "SELECT claim, statement, statement_zh, subject, object FROM claims ORDER BY rowid"
_NAMES = """
SELECT id, label FROM labels WHERE kind = 'concept' AND language = :language ORDER BY id, preferred DESC, rowid"""
_DEFINED = "SELECT concept, value FROM concept WHERE property = 'definition' ORDER BY rowid"
_BEARING = """
SELECT l.claim, x.excerpt FROM line l JOIN line_excerpt x ON x.line = l.id WHERE l.status = 'active'
UNION SELECT claim, excerpt FROM assertion ORDER BY 1, 2"""
_PASSAGES = 'SELECT id, quote FROM excerpt ORDER BY source, start, "end"'
_OF_THEORY = """
SELECT e.id FROM excerpt e JOIN sources s ON s.source = e.source
WHERE s.role = 'theory' AND e.id NOT IN (SELECT excerpt FROM assertion) ORDER BY e.source, e.start, e.id"""
_OPEN = "SELECT question, text, text_zh FROM open_questions ORDER BY rowid"


class Near(NamedTuple):
    """The claim that is nearest to a question.

    Args:
        claim: its id.
        sure: how surely it is the one that is meant (0 to 1).
    """

    claim: str
    sure: float


class _Texts(NamedTuple):
    """The texts that are compared with a question.

    Args:
        ids: their ids.
        vectors: their vectors, a row each.
    """

    ids: tuple[str, ...]
    vectors: Vector


class Meaning:
    """What the texts of a study in one language mean.

    Args:
        tables: the tables of a build.
        language: ``en`` or ``zh``.
    """

    def __init__(self, tables: Tables, language: str) -> None:
        self.tables, self.language = tables, language
        self._last: tuple[str, Vector, dict[str, dict[str, float]]] | None = None

    def nearest(self, question: str) -> Near | None:
        """Return the claim that is nearest to a question; nothing where there are too few to tell.

        Args:
            question: as it was typed.
        """
        stated = self._near(question, "claims")
        if len(stated) < _FEWEST:
            return None
        told = self._near(question, "passages")
        quoted = {
            claim: max((told[key] for key in self._bearing.get(claim, ()) if key in told), default=_UNQUOTED)
            for claim in stated
        }
        both = {claim: stated[claim] + quoted[claim] for claim in stated}
        first = max(both, key=lambda claim: both[claim])
        return Near(first, _surely(stated[first], quoted[first], [*both.values()], self.language))

    def ranked(self, question: str, excerpts: Iterable[str]) -> list[tuple[str, float]]:
        """Return passages with how near each is to a question (cosine), the nearest first.

        Args:
            question: as it was typed.
            excerpts: ids of passages; those in another language are left out.
        """
        near = self._near(question, "passages")
        return sorted(((key, near[key]) for key in excerpts if key in near), key=lambda item: -item[1])

    def nearest_open(self, question: str) -> tuple[str, float] | None:
        """Return the open question that is nearest to a question, with how near it is; nothing where there is none.

        Args:
            question: as it was typed.
        """
        return max(self._near(question, "open").items(), key=lambda item: item[1], default=None)

    def claimed(self, question: str) -> float:
        """Return how near the claim is to a question whose statement is nearest.

        Args:
            question: as it was typed.
        """
        return max(self._near(question, "claims").values(), default=0.0)

    @property
    def passages(self) -> Iterable[str]:
        """Return the ids of the passages that are compared."""
        return self._encoded["passages"].ids if "passages" in self._encoded else ()

    @cached_property
    def of_theory(self) -> tuple[str, ...]:
        """Return the ids of the passages of the theory's own text that state no claim."""
        return tuple(key for (key,) in self.tables.sql(_OF_THEORY))

    def _near(self, question: str, kind: str) -> dict[str, float]:
        """Return how near all texts of a kind are to a question, by their ids; computed once for one question."""
        texts = self._encoded.get(kind)
        if texts is None:
            return {}
        # Another thread may ask something else meanwhile.
        last = self._last
        if last is None or last[0] != question:
            last = self._last = (question, encoder(self.language).encode_question(question), {})
        _, asked, known = last
        if kind not in known:
            known[kind] = dict(zip(texts.ids, (texts.vectors @ asked).tolist(), strict=True))
        return known[kind]

    def _is_own(self, text: str | None) -> bool:
        """Say whether a text is in this language."""
        return bool(text) and has_han(text or "") == (self.language == "zh")

    @cached_property
    def _encoded(self) -> dict[str, _Texts]:
        """Return the texts that are compared, with their vectors, by their kind; no kind without texts."""
        path = self.tables.path.parent.parent / vectors.NAME
        by_kind = {"claims": self._claims(), "passages": self._passages(), "open": self._open()}
        return {
            kind: _Texts((*texts,), vectors.vectors(path, self.language, [*texts.values()]))
            for kind, texts in by_kind.items()
            if texts
        }

    def _claims(self) -> dict[str, str]:
        """Return every claim that is stated in this language, with the names and definitions of what it joins."""
        names: dict[str, list[str]] = {}
        for concept, label in self.tables.sql(_NAMES, language=self.language):
            names.setdefault(concept, []).append(label)
        defined = {concept: value for concept, value in self.tables.sql(_DEFINED) if self._is_own(value)}

        def told(concept: str | None) -> str:
            return f"{', '.join(names.get(concept or '', ()))}. {defined.get(concept or '', '')}".strip(". ")

        texts = {
            claim: f"{text} {told(subject)}. {told(object_)}."
            for claim, english, chinese, subject, object_ in self.tables.sql(_CLAIMS)
            if (text := next(filter(self._is_own, (chinese, english)), ""))
        }
        # Of more claims than can be compared none is told to be the nearest.
        return texts if len(texts) <= _MOST else {}

    @cached_property
    def _bearing(self) -> dict[str, list[str]]:
        """Return the passages that bear on every claim, or state it."""
        found: dict[str, list[str]] = {}
        for claim, excerpt in self.tables.sql(_BEARING):
            found.setdefault(claim, []).append(excerpt)
        return found

    def _passages(self) -> dict[str, str]:
        """Return the passages in this language by their ids: all, or where there are many some of each claim."""
        texts = {key: quote for key, quote in self.tables.sql(_PASSAGES) if self._is_own(quote)}
        if len(texts) > _MOST:
            few = max(1, min(_OF_A_CLAIM, _MOST // (len(self._bearing) or 1)))
            some = [key for excerpts in self._bearing.values() for key in excerpts[:few] if key in texts]
            texts = {key: texts[key] for key in sorted({*some[:_MOST]})}
        return texts

    def _open(self) -> dict[str, str]:
        """Return the open questions that are put in this language."""
        rows = self.tables.sql(_OPEN)
        return {key: text for key, *both in rows if (text := next(filter(self._is_own, both), ""))}


def _surely(stated: float, quoted: float, every: list[float], language: str) -> float:
    """Return how surely the nearest claim is meant (0 to 1): by how near it is, and how far it stands out.

    Args:
        stated: how near its statement is.
        quoted: how near the nearest of its passages is.
        every: how near every claim is, by both.
        language: of the question.
    """
    first, second, third = sorted(every, reverse=True)[:3]
    mean = sum(every) / len(every)
    spread = math.sqrt(sum((value - mean) ** 2 for value in every) / len(every)) or 1.0
    seen = (stated, quoted, first - second, second - third, (first - mean) / spread)
    weights, constant = _WEIGHTS[language]
    return 1 / (1 + math.exp(-constant - sum(weight * value for weight, value in zip(weights, seen, strict=True))))
