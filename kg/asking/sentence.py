"""A sentence split into what its words may mean: names of records, words that ask, words without content."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kg.asking.mending import mended
from kg.asking.named_alike import named_alike
from kg.cjk import has_han
from kg.language.lexicon import FAMILIES, FUNCTION, GROUP, ID, LIKE, LONGEST, PART, content
from kg.language.shipped import chinese_words, table
from kg.language.tokens import Token, fold, joined, tokens, written
from kg.language.tokens import key as key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.language.lexicon import Lexicon, Sense

NOT_RECORDS = (FUNCTION, GROUP, "cue", "operation")
"""Kinds of senses that are words of the language and no records."""
_JOINING = frozenset(
    ["of", "the", "a", "an", "on", "in", "to", "for", "and", "with", "by", "at", "s", "的", "了", "过"]
)
"""Words that may stand in a name or be left out of it."""
_HONORIFICS = frozenset(
    "大爷 大妈 大叔 大婶 大姐 大哥 阿姨 阿婆 奶奶 爷爷 伯伯 叔叔 老师 师傅 "
    "主任 经理 医生 护士 书记 村长 队长 老伯 老汉 婆婆 先生 女士 太太 校长 大夫 阿公 大娘 会长 站长".split()
)
"""What stands in Chinese behind a family name of somebody who is told of."""

_SMALL_WORDS = frozenset("of the a an in on to for with by at from and or".split())
"""Words that tell nothing by themselves, whatever they are left from."""
_ASPECTS = frozenset(["了", "过"])
"""What tells in Chinese that something was done, also within a name."""
_WITHIN_NAMES = frozenset(["of", "the", "a", "an", "s", "的", "了", "过"])
"""Those of them that part no name."""
_BEFORE_KINDS = frozenset(
    ["的", "哪些", "哪条", "哪个", "哪几条", "哪一条", "这些", "所有", "有哪些", "几条", "条", "多少", "几个", "几项"]
)
"""What stands in Chinese before the name of a kind of records."""
RECORDS_BY_PART = ("author", "case", "concept", "source")
"""Kinds of records that a part of their name may stand for."""
_WORD = 1.6
"""What it costs to read characters as a Chinese word that is no name: less than two words without content."""
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth"}
"""Ordinals in figures, as they are spelled."""
_CAPITAL = re.compile(r"\b[A-Z]\w+")
"""A word that begins with a capital letter."""
_VERBS = frozenset(["do", "does", "did", "are", "can", "could", "will", "would"])
"""Auxiliaries right behind which stands what a question is about."""
_ALSO_NOUNS = frozenset(["compare", "missing", "advice"])
"""Operations whose words may be that."""
_CODERS = frozenset(key_of(word) for word in "coder reader rater annotator judge person one judgement reading".split())
"""Keys of words behind the ordinal by which a coder is called."""
_OTHER_WORDS = frozenset(
    "relative relatives claiming authority authorities generality caseworker publish publishes publishing".split()
)
"""Words that have the stem of one by which something is asked, and ask nothing."""
_ABBREVIATED = frozenset(["ai", "it", "hr", "pr", "tv", "uk", "us", "eu"])
"""Abbreviations that are no names of authors, though some begin so."""
_NOUNS = frozenset(["takings", "workings", "doings", "earnings", "meetings"])
"""Words that have the stem of one without content, and are nouns of their own."""
_STAGES = frozenset(key_of(word) for word in ("stage", "phase", "period", "step"))
"""Keys of the words for a stage."""
_CODES = frozenset(key_of(word) for word in ("code", "coded", "codebook"))
"""Keys of words by which something is said to be a code."""
_LIKING = frozenset(["like", "likes", "liked"])
"""Forms of a verb that is a preposition as well."""
_ALIKE = frozenset("me mine us ours you yours him his her hers them theirs it this that these those".split())
"""Words behind which it is none."""
_WHO_LIKES = frozenset("people they we residents customers users teachers farmers patients to who not n't".split())
"""Words behind which it is the verb."""
_DOERS = re.compile("[eo]rs?$")
"""How a word ends for those who do something."""


_DERIVED = re.compile("ment|ation|ness|ance|ence|ity")
"""How the name ends of what a verb or adjective tells: agreement."""


class Span(NamedTuple):
    """A stretch of a sentence.

    Args:
        start: its first token.
        end: the token after its last.
        text: its words.
        senses: what it may mean, the surest first; none when it is not known.
    """

    start: int
    end: int
    text: str
    senses: tuple[Sense, ...]

    def ids(self, *kinds: str) -> tuple[str, ...]:
        """Return the ids of the records of some kinds that it names."""
        return tuple(sense.value for sense in self.senses if sense.kind in kinds)

    @property
    def names_records(self) -> bool:
        """Say whether it is the name of a record."""
        return any(sense.kind not in NOT_RECORDS for sense in self.senses)

    @property
    def is_unknown(self) -> bool:
        """Say whether nothing is known of it."""
        return not self.senses


@dataclass(frozen=True)
class Sentence:
    """A sentence, split.

    Args:
        tokens: its words.
        spans: its stretches, in order; they cover all tokens.
        phrases: operations, cues and relations that stand anywhere in it, each with its place, also across names.
        mended: words as they were typed, and as they were read.
    """

    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    phrases: tuple[Span, ...]
    mended: tuple[tuple[str, str], ...] = ()


def split(text: str, lexicon: Lexicon, occurs: Callable[[str], bool]) -> Sentence:
    """Split a sentence.

    Args:
        text: as it was typed.
        lexicon: the words of the study and of the language.
        occurs: says whether a word stands anywhere in the sources, so that it is not taken for a misspelling.

    Returns:
        The sentence, with misspelled words read as what they are nearest to.
    """
    some = _with_heads(_once(tokens(text)), lexicon)
    capitals = frozenset(fold(word) for word in _CAPITAL.findall(text))
    sentence = _cover(some, lexicon, capitals)
    unknown = {at for span in sentence.spans if span.is_unknown for at in range(span.start, span.end)}
    words = {at for span in sentence.spans if span.text in chinese_words() for at in range(span.start, span.end)}
    corrected, slips = mended(some, unknown, words, lexicon, occurs)
    if not slips:
        sentence = _with_full_names(sentence, capitals, lexicon, occurs)
        return _with_subject(_with_persons(sentence, occurs))
    return _with_subject(replace(_cover(tuple(corrected), lexicon, capitals), mended=tuple(slips)))


def _with_heads(some: tuple[Token, ...], lexicon: Lexicon) -> tuple[Token, ...]:
    """Return tokens with the last word of a name after each of those that share it: voiced and inferred need."""

    def names(*part: Token) -> bool:
        senses = lexicon.look_up({joined(part)}).get(joined(part), ())
        return any(sense.kind in ("concept", "code") and sense.rank < PART for sense in senses)

    for at in range(1, len(some) - 2):
        if some[at].text not in ("and", "or") or not names(*some[at + 1 : at + 3]):
            continue
        head, kept = some[at + 2], list(some)
        for before in range(at - 1, -1, -1):
            if names(some[before]) or not names(some[before], head):
                break
            kept.insert(before + 1, head)
        return tuple(kept)
    return some


def _with_full_names(
    sentence: Sentence, capitals: frozenset[str], lexicon: Lexicon, occurs: Callable[[str], bool]
) -> Sentence:
    """Return a sentence in which somebody with the family name of an author, and another given name, is no author."""
    spans: list[Span] = []
    for span in sentence.spans:
        before = spans[-1] if spans else None
        family = before and all(sense.kind == "author" and sense.rank == PART for sense in before.senses)
        if before and before.senses and family and span.is_unknown and {before.text, span.text} <= capitals:
            own = {word for author in before.ids("author") for word in lexicon.people.get(("author", author), ())}
            if span.text not in own and occurs(f"{before.text} {span.text}"):
                spans[-1] = before._replace(end=span.end, text=f"{before.text} {span.text}", senses=())
                continue
        spans.append(span)
    return replace(sentence, spans=tuple(spans))


def _with_persons(sentence: Sentence, occurs: Callable[[str], bool]) -> Sentence:
    """Return a sentence in which somebody of whom texts tell is called so, and not a concept by a part of its name."""
    spans: list[Span] = []
    for span in sentence.spans:
        before = spans[-1] if spans else None
        part = all(sense.rank >= PART for sense in span.senses if sense.kind == "concept")
        named = (span.ids("concept") and part) or span.text in _HONORIFICS
        if before and before.text in FAMILIES and before.is_unknown and named:
            text = before.text + span.text
            if occurs(text):
                spans[-1] = Span(before.start, span.end, text, ())
                continue
        spans.append(span)
    return replace(sentence, spans=tuple(spans))


def _with_subject(sentence: Sentence) -> Sentence:
    """Return a sentence in which a word that asks is what is asked about: "do comparisons with others convince"."""
    if sentence.tokens[:1] and sentence.tokens[0].text in _VERBS:
        first = [span for span in sentence.spans if span.start == 1 and {*span.ids("operation")} & _ALSO_NOUNS]
        if first and not first[0].names_records:
            spans = tuple(span._replace(senses=()) if span in first else span for span in sentence.spans)
            phrases = tuple(span for span in sentence.phrases if span.start != 1)
            return replace(sentence, spans=spans, phrases=phrases)
    return sentence


def _once(some: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the tokens of a question without the half of 重不重要 that asks, unless it is a phrase such as 是不是."""
    kept = [Token(_ORDINALS[one.text], _ORDINALS[one.text]) if one.text in _ORDINALS else one for one in some]
    for before, (at, token) in zip(some, enumerate(kept[1:], 1), strict=False):
        liked = {one.text for one in some[at + 1 : at + 2]}
        if token.text in _LIKING and before.text in _WHO_LIKES and liked and not liked & _ALIKE:
            # "Do trials make people like lanes": the verb, and no comparison.
            kept[at] = Token(token.text, key_of("approve"))
    at = 0
    while at + 2 < len(kept):
        first, no, second = kept[at : at + 3]
        pair, denied, again = kept[at : at + 2], kept[at + 2 : at + 3], kept[at + 3 : at + 5]
        if all(t.is_han for t in pair) and denied[0].text in "不没" and [*map(str, pair)] == [*map(str, again)]:
            # 管用不管用 asks as 管不管用 does.
            del kept[at + 2 : at + 5]
            continue
        behind = "".join(token.text for token in kept[at : at + LONGEST])
        if first.is_han and no.text in "不没" and first.text == second.text and not _asks(behind):
            del kept[at : at + 2]
        at += 1
    return tuple(kept)


@cache
def _phrases() -> tuple[str, ...]:
    """Return the phrases in Chinese by which something is asked, and the words that say nothing."""
    asked = table("operations")
    listed = [word for kind in ("operation", "cue") for entry in asked[kind].values() for word in entry["zh"]]
    return (*listed, *(word for words in table("function_words")["zh"].values() for word in words))


def _asks(text: str) -> bool:
    """Say whether a text such as 是不是 begins with a phrase by which something is asked, of two characters or more."""
    return any(len(phrase) > 1 and phrase[1] in "不没" and text.startswith(phrase) for phrase in _phrases())


@cache
def _asking_words() -> frozenset[str]:
    """Return the English words of the phrases by which something is asked."""
    asked = table("operations")
    some = (phrase for kind in ("operation", "cue") for entry in asked[kind].values() for phrase in entry["en"])
    return frozenset(word for phrase in some for word in phrase.split())


def _may_be(
    sense: Sense, part: Sequence[Token], after: Sequence[Token], lexicon: Lexicon, capitals: frozenset[str]
) -> bool:
    """Say whether a stretch may mean what its stem does: fans are not Fan, a wood is not Wood, an adviser no advice."""
    if any(token.is_han for token in part):
        return True
    if sense.kind == "concept" and sense.rank == ID and len(part) == 1:
        # An id is no name: who does not agree speaks of no agreement.
        derived = _DERIVED.search(sense.value)
        return not derived or derived[0] in part[0].text
    if sense.kind == "set" and len(part) == 1 and part[0].text.removesuffix("s").endswith("ing"):
        # Recordings are no records.
        return sense.value.removesuffix("s") == part[0].text.removesuffix("s")
    if sense.rank == PART and len(part) == 1 and part[0].key in _STAGES:
        # What every stage is called is the name of none.
        return False
    if part[-1].text == "part" and after and after[0].text == "of" and sense.kind == "concept":
        # "The weakest part of it" takes no part.
        return False
    if sense.kind == FUNCTION and len(part) == 1 and part[0].text in _NOUNS:
        return False
    if sense.kind == FUNCTION and len(part) == 1 and part[0].text == "letting":
        # Letting flats is no "let".
        return False
    if part[-1].text == "cost" and after and after[0].text == "to" and sense.kind == "cue":
        # What it costs to do something is no price of the tool that answers.
        return False
    if (sense.kind, sense.value) == ("cue", "literature") and part[-1].text in ("publish", "publishes"):
        # "Should we publish our costs" asks for no publications.
        return False
    if part[-1].text == "ease" and after and after[0].text == "of":
        # "Ease of use" eases nothing.
        return False
    if sense.kind in ("cue", "operation"):
        is_other = _DOERS.search(part[0].text) or part[0].text in _OTHER_WORDS
        return len(part) > 1 or not is_other or part[0].text in _asking_words()
    if sense.kind not in ("author", "coder"):
        return True
    if sense.kind == "coder" and part[-1].text in _ORDINALS.values() and (not after or after[0].key not in _CODERS):
        # "Work second" is no second coder.
        return False
    written = lexicon.people.get((sense.kind, sense.value), frozenset())
    if any(token.text not in written and token.text.removesuffix("s") in written for token in part):
        return False
    if sense.rank == PART and len(part) == 1 and part[0].text in _ABBREVIATED:
        return False
    is_word = sense.kind == "author" and len(part) == 1 and lexicon.is_word(part[0])
    return not is_word or part[0].text in capitals


def _cover(some: tuple[Token, ...], lexicon: Lexicon, capitals: frozenset[str]) -> Sentence:
    """Cover a sentence with as few and as sure stretches as can be."""
    plain: dict[tuple[int, int], str] = {}
    bare: dict[tuple[int, int], str] = {}
    for start in range(len(some)):
        for end in range(start + 1, min(len(some), start + LONGEST) + 1):
            part = some[start:end]
            plain[start, end] = joined(part)
            # A name begins and ends with a word that carries content.
            if content(part[:1]) and content(part[-1:]) and all(content([t]) or t.text in _JOINING for t in part):
                # 换了领队 is 换领队, too.
                bare[start, end] = content(
                    [t for n, t in enumerate(part) if t.text not in _ASPECTS or not 0 < n < len(part) - 1]
                )
    senses = lexicon.look_up({*plain.values(), *bare.values()})
    says_code = any(token.key in _CODES for token in some)
    edges: dict[int, list[tuple[float, Span]]] = {}
    phrases = []
    named = [
        at for at, key in plain.items() if any(s.kind == "concept" and s.rank <= PART for s in senses.get(key, ()))
    ]
    for (start, end), key in plain.items():
        meant = tuple(s for s in senses.get(key, ()) if s.kind != GROUP)
        if (start, end) in bare:
            exact = (*NOT_RECORDS, "code") if bare[start, end] != key else NOT_RECORDS
            meant += tuple(s for s in senses.get(bare[start, end], ()) if s.kind not in exact and s not in meant)
        meant = tuple(s for s in meant if _may_be(s, some[start:end], some[end : end + 1], lexicon, capitals))
        if end - start == 1 and any(s.kind == "concept" for s in meant):
            # "Licences" asks for that of the study, unless the study is about them.
            meant = tuple(s for s in meant if (s.kind, s.value) != ("operation", "study"))
        if any(s.kind not in RECORDS_BY_PART and s.rank < PART for s in meant):
            # What a word says in the language comes before a record in whose name it stands.
            meant = tuple(s for s in meant if s.rank < PART or s.kind == "author")
        if end - start == 1 and some[start].is_han and len(some) > 1 and not says_code:
            # A code of one character is meant by no word that has it: 来, 办.
            meant = tuple(s for s in meant if s.kind != "code")
        if meant:
            span = Span(start, end, written(some[start:end]), tuple(sorted(meant, key=lambda s: s.rank)))
            skipped = 0 if any(s in senses.get(key, ()) for s in meant) else len(_apart(some[start:end]))
            edges.setdefault(start, []).append((_cost(span, says_code=says_code) + 1.3 * skipped, span))
            if span.ids("cue", "operation", "relation"):
                phrases.append(span)
        elif end - start > 1 and all(t.is_han for t in some[start:end]):
            word = written(some[start:end])
            # A word with the name of a concept in it does not hide that: 不吃药了.
            hides = any(start <= first and last <= end for first, last in named)
            if not hides and (key in senses or word in chinese_words()):
                edges.setdefault(start, []).append((_WORD, Span(start, end, word, ())))
    for start, end, sense in named_alike(some, plain, senses, lexicon):
        span = Span(start, end, written(some[start:end]), (sense,))
        edges.setdefault(start, []).append((_cost(span), span))
    best: list[tuple[float, Span | None]] = [(0.0, None), *[(float("inf"), None)] * len(some)]
    for start in range(len(some)):
        token = some[start]
        unknown = Span(start, start + 1, token.text, ())
        for cost, span in (*edges.get(start, ()), (3.0 if token.is_han else 6.0, unknown)):
            if best[start][0] + cost < best[span.end][0]:
                best[span.end] = (best[start][0] + cost, span)
    spans: list[Span] = []
    at = len(some)
    while at:
        last = best[at][1]
        assert last is not None  # an unknown word covers every place
        spans.append(last)
        at = last.start
    return Sentence(some, _together(_as_kinds(reversed(spans))), tuple(phrases))


def _as_kinds(spans: Iterable[Span]) -> Iterator[Span]:
    """Give stretches, without the names of concepts where Chinese words are rather those of a kind of records.

    In 没有案例支持的主张 claims are meant, also where a concept is called so, too.
    """
    kinds = {name for kind in table("operations")["counted"].values() for name in kind["zh"]}
    before = ""
    for span in spans:
        if span.text in kinds and span.ids(FUNCTION) and before in _BEFORE_KINDS:
            yield span._replace(senses=tuple(sense for sense in span.senses if sense.kind in NOT_RECORDS))
        else:
            yield span
        before = span.text


def _together(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Put single characters that nothing is known of together, as far as they stand beside each other."""
    listed: list[Span] = []
    for is_lone, run in groupby(spans, lambda span: span.is_unknown and Token(span.text, span.text).is_han):
        some = [*run]
        if is_lone:
            some = [Span(some[0].start, some[-1].end, "".join(span.text for span in some), ())]
        listed += some
    return tuple(listed)


def _apart(some: Sequence[Token]) -> list[str]:
    """Return the words between others that rather join two names than stand in one."""
    return [token.text for token in some if token.text in _JOINING and token.text not in _WITHIN_NAMES]


def _cost(span: Span, *, says_code: bool = False) -> float:
    """Return what it costs to read a stretch as what it may mean: names are sure, words without content are not.

    Args:
        span: the stretch.
        says_code: whether it is said of something that it is a code.
    """
    ranks = [sense.rank for sense in span.senses if sense.kind not in NOT_RECORDS]
    if ranks and all(sense.kind in (*NOT_RECORDS, "code") for sense in span.senses):
        # Names of codes are made of the names of concepts and relations, which say more.
        each = 0.4 if has_han(span.text) else 0.5 if says_code else 1.05
        return 1.0 + each * (span.end - span.start - 1)
    if ranks:
        return 1.0 + (0.3 if min(ranks) == PART else 0.5 if min(ranks) == LIKE else 0.0)
    return 1.1 if span.ids("cue", "operation") else 1.2


def is_person(text: str) -> bool:
    """Say whether a text is a family name in Chinese with what somebody is called by: 葛大爷.

    Args:
        text: the text.
    """
    return text[:1] in FAMILIES and text[1:] in _HONORIFICS


def text_of(spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the words of stretches, those that stand beside each other together.

    Args:
        spans: the stretches, in order.
    """
    texts: list[str] = []
    end = -1
    for span in (one for one in spans if one.text not in _SMALL_WORDS):
        if span.start == end:
            apart = "" if has_han(texts[-1][-1]) and has_han(span.text[:1]) else " "
            texts[-1] += apart + span.text
        else:
            texts.append(span.text)
        end = span.end
    return tuple(texts)
