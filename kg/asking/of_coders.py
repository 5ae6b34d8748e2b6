"""Whether a sentence asks for coders: what they did, knew, or differed on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.asking.question import NATURE, SURENESS
from kg.asking.stances import EVIDENCE, Stances
from kg.language.tokens import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg.asking.question import Term

JUDGING = tuple(
    token.key for token in tokens("coder code coding line reader judge settle evidence agreement kappa alpha")
)
"""Keys of words that are about those who code."""
_CODING = tuple(
    token.key for token in tokens("coder code coding coded judge judged judgement annotate reread rater kappa alpha")
)
"""Keys of words for coders and what they do."""
CODER = tuple(token.key for token in tokens("coder rater annotator"))
"""Keys of words for coders."""
PLAIN = ("summary", "define", "evidence", "find")
"""Operations that say less of what is asked than that somebody coded or read it."""
_WITH_WHOM = frozenset(["who", "whom"])
"""Words by which two are asked for who differ."""
_BY_ANOTHER = re.compile(r"\b(?:second|another|other|third) (?:person|people|human)\b")
"""How a further coder is called, of whom it is not asked what a coder is."""
_FIRST = 3
"""Among how many words at the beginning a coder is named of whom it is asked what was known."""
_OF_JUDGEMENTS = ("summary", "define", "evidence", "verdict", "authors", "says", "coders", "drivers", "help", "sources")
"""Operations that say less of what is asked than that a line, paragraph or source was judged."""
_JUDGED = tuple(token.key for token in tokens("evidence line quote quotation passage judgement judge weak strong"))
"""Keys of what coders judge, and how."""


class OfCoders(Stances):
    """What one sentence asks of coders."""

    def _of_coders(self, about: list[Term], topics: list[Term], acts: Collection[str]) -> str:
        """Return the operation by which coders are asked for in more than one word; empty for none."""
        named = [term for term in about if term.kind == "coder"]
        if acts and ("when" in self._asked() or (named and not self._asked_beside(*PLAIN))):
            return "coders"
        sure = SURENESS & self.cues
        others = self.language == "en" and _BY_ANOTHER.search(fold(self.text)) is not None
        coding = acts or named or self._says(*_CODING)
        if self._tells_of("nature") and not others and coding and not sure:
            self.cues |= {NATURE}
            return "coders"
        kinds = {term.kind for term in about}
        whom = {token.text for token in self.sentence.tokens} >= _WITH_WHOM
        if {"source", "case"} & kinds and not topics and ((whom and self._tells_of("alike")) or self._says("disput")):
            # "Who disagrees with whom over the interview".
            return "disputed"
        if "paragraph" in kinds and topics and (acts or self._stance()):
            # What a paragraph says of something is told by its lines, and by how these were judged.
            return "coders"
        if {"paragraph", "line"} & kinds and not topics and self._tells_of("alike"):
            return "disputed"
        if self._asks_how_judged(about, acts):
            return "coders"
        if (
            (self._says(*CODER) or (self.language == "zh" and {"coded", "reread"} <= self.cues))
            and self._tells_of("alike")
            and not self._asked_beside(*PLAIN, "disputed", "coders", "verdict", "where", "compare")
        ):
            return "disputed"
        if not named or {"searches", "withdrawn"} & {*self._asked()}:
            return ""
        only = not (topics or self._stance() or self._says(*EVIDENCE))
        if len(named) == len(about) and only and not self._asked_beside(*PLAIN, "verdict", "help", "authors"):
            # What a coder is and had seen is told by the coder's note.
            return "summary"
        if self._is_of_knowing(named):
            return "summary"
        if self._tells_of("judging") and not self._asked_beside(*PLAIN, "verdict", "help", "authors", "where"):
            return "coders"
        return ""

    def _tells_coders_apart(self, about: list[Term]) -> bool:
        """Say whether several coders are named, and it is asked if, or told that, they agree or differ."""
        return sum(term.kind == "coder" for term in about) > 1 and self._tells_of("alike")

    def _is_of_knowing(self, named: list[Term]) -> bool:
        """Say whether it is asked what a coder knew, who is named before the word that says so."""
        named_at = [span.start for span in self.sentence.spans if {*span.ids("coder")} & {term.id for term in named}]
        return bool(named_at) and min(named_at) <= _FIRST and self._tells_of("knowing")

    def _asks_how_judged(self, about: list[Term], acts: Collection[str]) -> bool:
        """Say whether it is asked how coders judged one line, or what coders did to a paragraph, source or case."""
        kinds = {term.kind for term in about}
        if {"concept", "proposition"} & kinds or self._asked_beside(*_OF_JUDGEMENTS):
            return False
        texts = [token.text for token in self.sentence.tokens]
        by_whom = "whom" in texts or texts[:1] == ["who"] or "谁" in texts
        if "line" in kinds or ("coder" in kinds and {"paragraph", "source", "case"} & kinds and self._says(*_JUDGED)):
            return True
        return bool(acts) and by_whom and bool({"paragraph", "source"} & kinds)
