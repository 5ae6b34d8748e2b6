"""A sentence split into what its words may mean: names of records, words that ask, words without content."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kg.asking.named_alike import named_alike
from kg.cjk import has_han
from kg.language.lexicon import FUNCTION, GROUP, LIKE, LONGEST, PART, content
from kg.language.shipped import chinese_words, table
from kg.language.tokens import Token, fold, is_common, joined, tokens
from kg.language.tokens import key as key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.language.lexicon import Lexicon, Sense

NOT_RECORDS = (FUNCTION, GROUP, "cue", "operation")
"""Kinds of senses that are words of the language and no records."""
_JOINING = frozenset(["of", "the", "a", "an", "on", "in", "to", "for", "and", "with", "by", "at", "s", "的"])
"""Words that may stand in a name or be left out of it."""
_WITHIN_NAMES = frozenset(["of", "the", "a", "an", "s", "的"])
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
_SMALL = "what which where when does that with there have they from about the are why how who and evidence".split()
"""Words of questions that are often mistyped."""
_FOUR = 4
"""From how many characters on a name is long."""
_PLAIN = frozenset("做作坐在再的地得他她它那哪以已和合有又由于与里理事是时使长常进近到道")
"""Characters that are words by themselves and are often typed for another of the same sound."""
_SMALL_HAN = "证据 编码 主张 命题 支持 反对 来源 文献 访谈 引文 作者 结论 案例 建议".split()
"""The same in Chinese, of two characters."""
_BEGIN = 6
"""Among how many words at the beginning they are looked for."""
_LONG = 11
"""From how many letters on a word may have two slips."""
_INFLECTED = 6
"""From how many letters on a word that seems a form of another may be a slip of it."""
_END = 2
"""How many last letters a slip has of the right word; another form ends otherwise."""
_DOER, _DONE = re.compile("e?rs?$"), re.compile("e?s?$")
"""How a word ends for somebody who does something, and how the verb does."""
_CAPITAL = re.compile(r"\b[A-Z]\w+")
"""A word that begins with a capital letter."""
_FAMILIES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任姚卢姜崔钟谭陆汪范金石廖贾夏付方邹熊孟秦白江阎薛尹段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
)
"""Family names of one character."""
_OTHERS = frozenset("不没无未非别内外中上下前后大小新老东西南北")
"""Characters that make the contrary of a name, or another word with nearly any: 海外."""
_VERBS = frozenset(["do", "does", "did", "are", "can", "could", "will", "would"])
"""Auxiliaries right behind which stands what a question is about."""
_ALSO_NOUNS = frozenset(["compare", "missing", "advice"])
"""Operations whose words may be that."""
_CODERS = frozenset(key_of(word) for word in "coder reader rater annotator judge person one judgement reading".split())
"""Keys of words behind the ordinal by which a coder is called."""
_OTHER_WORDS = frozenset(["relative", "relatives", "claiming", "authority", "authorities", "generality", "caseworker"])
"""Words that have the stem of one by which something is asked, and ask nothing."""
_STAGES = frozenset(key_of(word) for word in ("stage", "phase", "period", "step"))
"""Keys of the words for a stage."""
_DOERS = re.compile("[eo]rs?$")
"""How a word ends for those who do something."""
_PHRASE = 5
"""How many characters a phrase in Chinese by which something is asked has at least, if it may have a slip."""
_ALIKE = 84
"""How alike two words are at least (0 to 100) when one is taken for the other's misspelling."""


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
    some = _once(tokens(text))
    capitals = frozenset(fold(word) for word in _CAPITAL.findall(text))
    sentence = _cover(some, lexicon, capitals)
    corrected, mended = _mend(sentence, lexicon, occurs)
    if not mended:
        return _with_subject(_with_persons(sentence, occurs))
    return _with_subject(replace(_cover(tuple(corrected), lexicon, capitals), mended=tuple(mended)))


def _with_persons(sentence: Sentence, occurs: Callable[[str], bool]) -> Sentence:
    """Return a sentence in which somebody of whom texts tell is called so, and not a concept by a part of its name."""
    spans: list[Span] = []
    for span in sentence.spans:
        before = spans[-1] if spans else None
        part = all(sense.rank >= PART for sense in span.senses if sense.kind == "concept")
        if before and before.text in _FAMILIES and before.is_unknown and span.ids("concept") and part:
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
    at = 0
    while at + 2 < len(kept):
        first, no, second = kept[at : at + 3]
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
    if sense.rank == PART and len(part) == 1 and part[0].key in _STAGES:
        # What every stage is called is the name of none.
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
                bare[start, end] = content(part)
    senses = lexicon.look_up({*plain.values(), *bare.values()})
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
        if any(s.kind not in RECORDS_BY_PART and s.rank < PART for s in meant):
            # What a word says in the language comes before a record in whose name it stands.
            meant = tuple(s for s in meant if s.rank < PART or s.kind == "author")
        if meant:
            span = Span(start, end, _text(some[start:end]), tuple(sorted(meant, key=lambda s: s.rank)))
            skipped = 0 if any(s in senses.get(key, ()) for s in meant) else len(_apart(some[start:end]))
            edges.setdefault(start, []).append((_cost(span) + 1.3 * skipped, span))
            if span.ids("cue", "operation", "relation"):
                phrases.append(span)
        elif end - start > 1 and all(t.is_han for t in some[start:end]):
            word = _text(some[start:end])
            # A word with the name of a concept in it does not hide that: 不吃药了.
            hides = any(start <= first and last <= end for first, last in named)
            if not hides and (key in senses or word in chinese_words()):
                edges.setdefault(start, []).append((_WORD, Span(start, end, word, ())))
    for start, end, sense in named_alike(some, plain, senses, lexicon):
        span = Span(start, end, _text(some[start:end]), (sense,))
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


def _cost(span: Span) -> float:
    """Return what it costs to read a stretch as what it may mean: names are sure, words without content are not."""
    ranks = [sense.rank for sense in span.senses if sense.kind not in NOT_RECORDS]
    if ranks and all(sense.kind in (*NOT_RECORDS, "code") for sense in span.senses):
        # Names of codes are made of the names of concepts and relations, which say more.
        return 1.0 + (0.4 if has_han(span.text) else 1.05) * (span.end - span.start - 1)
    if ranks:
        return 1.0 + (0.3 if min(ranks) == PART else 0.5 if min(ranks) == LIKE else 0.0)
    return 1.1 if span.ids("cue", "operation") else 1.2


def _text(some: Sequence[Token]) -> str:
    """Return tokens as a person writes them."""
    text = ""
    for token in some:
        text += token.text if not text or (token.is_han and _ends_in_han(text)) else f" {token.text}"
    return text


def _ends_in_han(text: str) -> bool:
    return Token(text[-1], text[-1]).is_han


def text_of(spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the words of stretches, those that stand beside each other together.

    Args:
        spans: the stretches, in order.
    """
    texts: list[str] = []
    end = -1
    for span in spans:
        if span.start == end:
            apart = "" if _ends_in_han(texts[-1]) and _ends_in_han(span.text[:1]) else " "
            texts[-1] += apart + span.text
        else:
            texts.append(span.text)
        end = span.end
    return tuple(texts)


def _mend(
    sentence: Sentence, lexicon: Lexicon, occurs: Callable[[str], bool]
) -> tuple[list[Token], list[tuple[str, str]]]:
    """Take words that are not known for those that they are nearest to."""
    some, mended = list(sentence.tokens), []
    unknown = {at for span in sentence.spans if span.is_unknown for at in range(span.start, span.end)}
    for at in sorted(unknown):
        token = some[at]
        if at < _BEGIN and not lexicon.is_word(token) and (small := _small(token, occurs)):
            mended.append((token.text, small))
            some[at] = tokens(small)[0]
            continue
        if token.is_han or len(token.text) < 4 or not token.text.isalpha() or token.text in lexicon.spellings:
            continue
        if occurs(token.text):
            continue
        if token.key in lexicon.known_keys or lexicon.is_word(token):
            # Another form of a word that is known, or a word of the language by itself.
            continue
        from rapidfuzz import fuzz, process
        from rapidfuzz.distance import OSA

        near = process.extractOne(token.text, lexicon.spellings.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        most = 1 if len(token.text) < _LONG else 2
        if near and _DOER.sub("", token.text) == _DONE.sub("", near[0]):
            # A maker is somebody who makes.
            continue
        if near and near[0][0] == token.text[0] and OSA.distance(token.text, near[0]) <= most:
            mended.append((token.text, near[0]))
            some[at] = Token(near[0], lexicon.spellings[near[0]])
    for at, token in enumerate(some):
        # The forms of a word have one key, and so may a misspelled word, which has the end of the right one.
        if at in unknown or token.is_han or len(token.text) < _INFLECTED or token.text in lexicon.spellings:
            continue
        if is_common(token.text):
            continue
        if right := _misspelled(token, lexicon):
            mended.append((token.text, right))
            some[at] = Token(right, token.key)
    words = {at for span in sentence.spans if span.text in chinese_words() for at in range(span.start, span.end)}
    _mend_han(some, unknown, unknown & words, lexicon, mended, occurs)
    _mend_small_han(some, unknown - words, occurs, mended)
    return some, mended


def _mend_small_han(
    some: list[Token], unknown: set[int], occurs: Callable[[str], bool], mended: list[tuple[str, str]]
) -> None:
    """Take two characters beside each other for the word that asks from which the second of them differs: 证剧."""
    for at in sorted(unknown):
        part = some[at : at + 2]
        # Nothing else may be unknown beside them.
        if at + 1 not in unknown or {at - 1, at + 2} & unknown or not all(one.is_han for one in part):
            continue
        if occurs(_text(part)):
            continue
        near = [word for word in _SMALL_HAN if part[0].text == word[0]]
        if len(near) == 1:
            mended.append((_text(part), near[0]))
            some[at : at + 2] = tokens(near[0])


def _small(token: Token, occurs: Callable[[str], bool]) -> str:
    """Return the small word that asks for which a token is a slip; empty where it may be a word by itself."""
    if not (token.text.isascii() and token.text.isalpha() and len(token.text) > 2):
        return ""
    if is_common(token.text) or occurs(token.text):
        return ""
    from rapidfuzz.distance import OSA

    near = [one for one in _SMALL if OSA.distance(one, token.text) == 1]
    # Of three letters other words are as near, unless two of the same have changed places.
    return next((one for one in near if len(token.text) > 3 or sorted(one) == sorted(token.text)), "")


def _misspelled(token: Token, lexicon: Lexicon) -> str:
    """Return the word with the key of a token that it is a slip of; empty when it is another form of a word."""
    ending = token.text[-_END:]
    some = [word for word, key in lexicon.spellings.items() if key == token.key and word.endswith(ending)]
    if not some:
        return ""
    from rapidfuzz.distance import OSA

    return min((word for word in some if OSA.distance(word, token.text) == 1), default="")


def _mend_han(
    some: list[Token],
    unknown: set[int],
    words: set[int],
    lexicon: Lexicon,
    mended: list[tuple[str, str]],
    occurs: Callable[[str], bool],
) -> None:
    """Take names in Chinese that differ in one character for the names, within words only where the name is long."""
    places = sorted(at for at in unknown if some[at].is_han)
    if not places:
        return
    plain = {at for at, token in enumerate(some) if token.is_han and token.text in _PLAIN}
    there = {token.key for token in some}
    for name, characters in lexicon.han_names.items():
        # All characters but one must stand there; of a short phrase one other makes another: 最初, 最后.
        if sum(one not in there for one in characters) > 1 or (len(characters) < _PHRASE and name in lexicon.asking):
            continue
        # A known word may stand for a part of a long name, but asks for nothing.
        allowed = unknown if len(characters) > 3 and name not in lexicon.asking else unknown - words
        if len(characters) == 2:
            # Of two characters both must be unknown by themselves, and the first be right.
            # Nothing else may be unknown beside them.
            lone = unknown - words
            allowed = {
                at + 1
                for at in lone
                if at + 1 in lone and not {at - 1, at + 2} & lone and some[at].key == characters[0]
            }
        for start in sorted({at - n for at in places for n in range(len(characters))}):
            part = some[max(start, 0) : start + len(characters)]
            if start < 0 or len(part) < len(characters):
                continue
            differ = [n for n, (a, b) in enumerate(zip(part, characters, strict=True)) if a.key != b]
            if len(characters) >= _FOUR and name not in lexicon.asking and {start + n for n in differ} <= plain:
                # Of a long name all but one character tell enough, also where that one is a word by itself: 怕副做用.
                allowed = allowed | plain
            # The first character may make the contrary of what is asked.
            is_contrary = (differ == [0] and name in lexicon.asking) or any(part[n].text in _OTHERS for n in differ)
            if (
                len(differ) == 1
                and start + differ[0] in allowed
                and not (is_contrary or (len(part) == 2 and (lexicon.is_word(*part) or occurs(_text(part)))))
            ):
                mended.append((_text(part), "".join(characters)))
                some[start : start + len(characters)] = [Token(c, c) for c in characters]
                return
