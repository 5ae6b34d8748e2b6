"""What unknown words in a sentence are to the names beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.asking.deciding import Deciding
from kg.cjk import has_han
from kg.language.case_nouns import OWN
from kg.language.lexicon import FUNCTION, LIKE, PART
from kg.language.tokens import is_common, tokens

if TYPE_CHECKING:
    from kg.asking.sentence import Span

_TELLING_OF = frozenset("on of about among amongst for with during between concerning".split())
"""Words between something and what tells of which one, or of whom, it is said."""
_PARTICLES = frozenset("up down over out off away on in back around apart along through".split())
"""Words that make another verb with the verb before them."""
_TOWARDS = frozenset({"对", "对于", "跟", "与", "和"})
"""What stands between two things one of which may act on the other."""
_ASPECTS = frozenset({"了", "过", "着", "到"})
"""What stands behind a verb."""
_DOING = frozenset(["do", "does", "did", "can", "could", "will", "would", "is", "are", "was", "were"])
"""Words with which a question begins whether something acts."""
_MEASURES = frozenset("of number amount rate level price share".split()) | {"number of", "amount of", "level of"}
"""Words between a verb and what it acts on that say how much of it there is."""
_BEING = frozenset(["is", "are", "was", "were"])
"""Those of them by which it is asked what something is."""
_ANY_OBJECT = frozenset(
    "people folk folks persons things matters difference sense everybody anybody them us it better well much".split()
)
"""Words for what something acts on that say little."""
_TURNING = frozenset("from on with to of by in need needs require requires demand demands follow follows".split())
"""Words at the end of a verb behind which stands what acts."""
_ARTICLES = frozenset(["the", "a", "an", "any", "some", "more", "also"])
"""Words that may stand between these and what acts."""


def _says_little(span: Span) -> bool:
    """Say whether a stretch has no content, or only asks."""
    return bool(span.senses) and all(sense.kind in (FUNCTION, "operation") for sense in span.senses)


class Sides(Deciding):
    """What one sentence says beside names: what acts, what is acted on, what tells of what kind something is."""

    def _is_modifier(self, span: Span) -> bool:
        """Say whether a part of a name tells of what kind something unknown is, as in "public transport"."""
        if self.language == "zh" or not all(s.kind in ("concept", "group") and s.rank == PART for s in span.senses):
            return False
        if span.text.endswith("s") and not span.text.endswith("ss"):
            # What tells of what kind something is stands in the singular: "lanes bring" says what lanes do.
            return False
        after = next((one for one in self.sentence.spans if one.start == span.end), None)
        return after is not None and after.is_unknown and after.text.isalpha() and not is_common(after.text)

    def _is_beside_part(self, span: Span) -> bool:
        """Say whether unknown words stand right beside what is only a part of a concept's name: bus lanes, 员工参与."""
        if not span.is_unknown or len(span.text) < 2 or is_common(span.text) or span.text.isdigit():
            return False
        after = [one for one in self.sentence.spans if one.start == span.end]
        before = [one for one in self.sentence.spans if one.end == span.start]
        if not has_han(span.text):
            # In English a word between two names says what one does to the other.
            after, before = [] if any(one.ids("concept") for one in before) else after, []
        parts = [
            (one.text, s.value) for one in before for s in one.senses if s.kind == "concept" and s.rank == PART
        ] + [(one.text, s.value) for one in after for s in one.senses if s.kind == "concept"]
        return any(self._is_part(text, concept) for text, concept in parts)

    def _is_part(self, text: str, concept: str) -> bool:
        """Say whether some words are a part of what a concept is called, and not all of it."""
        label, own = ([token.key for token in tokens(one)] for one in (self._label("concept", concept), text))
        return own != label and any(label[n : n + len(own)] == own for n in range(len(label)))

    def _is_object(self, span: Span) -> bool:
        """Say whether it is asked if a concept acts on what English words tell, as in "do lanes raise prices"."""
        some, spans = self.sentence.tokens, self.sentence.spans
        if some[0].text not in _DOING or span.text in _ANY_OBJECT:
            return False
        at = spans.index(span) - 1
        while at >= 0 and (
            spans[at].text in _ARTICLES
            or spans[at].text in _MEASURES
            or {*spans[at].ids("cue")} & {"cases", OWN}
            or {sense.kind for sense in spans[at].senses} == {"code"}
            or (spans[at].is_unknown and spans[at].end == spans[at + 1].start)
        ):
            at -= 1
        if at >= 1 and spans[at].ids("concept") and not spans[at].ids("relation"):
            # The first word behind the concept may be a verb of any meaning: do lanes keep children slim.
            verb = spans[at + 1]
            concepts = [one for one in spans if one.ids("concept") and not one.ids("relation")]
            return verb.is_unknown and verb != span and is_common(verb.text) and len(concepts) == 1
        if at < 1 or not self._says_that_it_acts(spans[at]):
            return False
        acts_on = any(one.ids("concept") for one in spans[at + 1 :] if one.end > spans[at].end)
        return not acts_on and any(one.ids("concept") and not one.ids("relation") for one in spans[:at])

    def _is_acted_on(self) -> bool:
        """Say whether words act on the one concept that an English question names: do lanes bring more cyclists."""
        some, spans = self.sentence.tokens, self.sentence.spans
        if not some or some[0].text not in _DOING or some[0].text in _BEING or "that" in {token.text for token in some}:
            return False
        like = [span for span in spans if span.senses and all(sense.rank == LIKE for sense in span.senses)]
        named = [n for n, s in enumerate(spans) if s.ids("concept") and not s.ids("relation") and s not in like]
        if len(named) != 1:
            return False
        before = spans[1 : named[0]]
        acts = [n for n, one in enumerate(before) if self._acts_or_is_verb(one)]
        ahead = before[: acts[-1]] if acts else ()
        return any(one in like or (one.is_unknown and not is_common(one.text)) for one in ahead)

    def _acts_or_is_verb(self, span: Span) -> bool:
        """Say whether a stretch says that something acts, or may be any verb that does."""
        return self._says_that_it_acts(span) or (span.is_unknown and is_common(span.text))

    def _is_side(self, span: Span) -> bool:
        """Say whether something acts on what Chinese words tell, or they on it: what stands between says little."""
        if not has_han(span.text):
            return self._is_actor(span) or self._is_object(span)
        spans = self.sentence.spans
        at = spans.index(span)
        beside = (*spans[max(0, at - 1) : at], *spans[at + 1 : at + 2])
        if any(one.names_records and not one.ids("relation") for one in beside):
            # It tells more of what is known.
            return False
        acts = {
            place
            for one in self.phrases
            if one.ids("relation") or "acts" in one.ids("cue")
            for place in (one.start, one.end)
        }
        after = at + 1
        while after < len(spans) and (spans[after].is_unknown or _says_little(spans[after])):
            if spans[after].text in _TOWARDS:
                return True
            after += 1
        before = at - 1
        while before >= 0 and (
            spans[before].is_unknown or spans[before].text in _ASPECTS or {*spans[before].ids("cue")} == {"cases"}
        ):
            before -= 1
        if after == len(spans):
            return before >= 0 and spans[before].end in acts
        return spans[after].start in acts and all(map(_says_little, spans[: before + 1]))

    def _is_actor(self, span: Span) -> bool:
        """Say whether English words are what a yes-or-no question is told of, as in "does rainfall hinder cycling"."""
        some = self.sentence.tokens
        if has_han(span.text):
            # The first word of the sentence, with one that says that it acts right behind it.
            verbs = {one.start for one in self.phrases if one.ids("relation") or "acts" in one.ids("cue")}
            return span.start == 0 and len(span.text) > 1 and span.end in verbs
        if not some or some[0].text not in _DOING or span.text in _ANY_OBJECT:
            return False
        if all(is_common(text) for text in span.text.split()):
            # "Do accidents lead to lanes": a plain noun right before what it is said to do.
            verbs = {one.start for one in self.phrases if self._says_that_it_acts(one)}
            return span.start == 1 and span.end in verbs and span.text.endswith("s")
        ahead = {token.text for token in some[1 : span.start]}
        is_first = all(text in _ARTICLES or is_common(text) for text in ahead)
        return (is_first and span.end < len(some)) or self._is_of_name(span)

    def _is_of_name(self, span: Span) -> bool:
        """Say whether unknown words stand between a name and a word that says that they act: the platform's colour."""
        spans = self.sentence.spans
        at = spans.index(span)
        first = next((n for n in range(at, -1, -1) if not spans[n].is_unknown), -1)
        last = next((n for n in range(at, len(spans)) if not spans[n].is_unknown), len(spans))
        acts = {one.start for one in self.phrases if self._says_that_it_acts(one)}
        if first >= 0 and last < len(spans) and spans[first].ids("concept") and spans[last].ids("concept"):
            # Of two words between two names the first is of the first name, and the second says what that does.
            return first + 1 == at and last == at + 2 and not self._is_phrasal(spans[at + 1])
        return 0 <= first < at and last < len(spans) and bool(spans[first].ids("concept")) and spans[last].start in acts

    def _acts_on(self) -> tuple[str, str]:
        """Return which of two concepts in English is said to act on the other, and that; nothing where it is unsure."""
        spans = [s for s in self.sentence.spans if s.ids("concept") and not s.ids("relation")]
        if self.language == "zh" or len(spans) != 2 or not all(len({*s.ids("concept")}) == 1 for s in spans):
            return ("", "")
        first, second = spans
        texts = [token.text for token in self.sentence.tokens]
        verbs = [one for one in self.phrases if self._says_that_it_acts(one) and first.end == one.start]
        behind = [text for verb in verbs[:1] for text in texts[verb.end : second.start] if text not in _ARTICLES]
        # What stands between the verb and the second name may turn it round: is driven by, grows with.
        if not verbs or behind or {"by", "not"} & {*texts} or texts[verbs[0].end - 1] in _TURNING:
            return ("", "")
        return first.ids("concept")[0], second.ids("concept")[0]

    def _is_told_within(self, span: Span) -> bool:
        """Say whether English words tell of what, or of whom, something is asked to be so: dialogue *on* prices."""
        some = self.sentence.tokens
        at = span.start - 1
        while at > 0 and some[at].text in _ARTICLES:
            at -= 1
        return at > 0 and some[at].text in _TELLING_OF and not has_han(span.text)

    def _is_phrasal(self, span: Span) -> bool:
        """Say whether a word may be the second one of a verb: win over."""
        return span.text in _PARTICLES or span.text.endswith("ly")
