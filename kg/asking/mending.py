"""Slips of those who type: words that are nearly, but not quite, those of the study or of a question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.language.shipped import chinese_words
from kg.language.tokens import Token, is_common, tokens, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.language.lexicon import Lexicon

_SMALL = "what which where when does that with there have they from about the are why how who and evidence".split()
"""Words of questions that are often mistyped."""
_SHORTENED = {"wat": "what", "wht": "what", "wot": "what", "wich": "which", "hwo": "how", "wen": "when"}
"""The same at the beginning of a question, with a letter left out."""
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
_SUFFIXES = frozenset("型性化度力者式率量感家员类版")
"""Characters that make another word of the one before them."""
_DOING = frozenset("停开做用来去走买卖看说想要会能算")
"""Characters that are verbs by themselves, and no slips in what asks."""
_OTHERS = frozenset("不没无未非别内外中上下前后大小新老东西南北")
"""Characters that make the contrary of a name, or another word with nearly any: 海外."""
_NUMERAL = re.compile("[一二两三四五六七八九十百千半]")
"""A number in Chinese."""
_PHRASE = 5
"""How many characters a phrase in Chinese by which something is asked has at least, if it may have a slip."""
_ALIKE = 84
"""How alike two words are at least (0 to 100) when one is taken for the other's misspelling."""


def mended(
    typed: Sequence[Token], unknown: set[int], words: set[int], lexicon: Lexicon, occurs: Callable[[str], bool]
) -> tuple[list[Token], list[tuple[str, str]]]:
    """Take words that are not known for those that they are nearest to.

    Args:
        typed: the tokens of the sentence.
        unknown: the places of those of which nothing is known.
        words: the places of those that are Chinese words by themselves.
        lexicon: the words of the study and of the language.
        occurs: says whether a word stands anywhere in the sources, so that it is no slip.

    Returns:
        The tokens as they are read, and words as they were typed with what they are read as.
    """
    some: list[Token] = list(typed)
    slips: list[tuple[str, str]] = []
    for at in sorted(unknown):
        token = some[at]
        if at < _BEGIN and not lexicon.is_word(token) and (small := _small(token, occurs, first=not at)):
            slips.append((token.text, small))
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
            slips.append((token.text, near[0]))
            some[at] = Token(near[0], lexicon.spellings[near[0]])
    for at, token in enumerate(some):
        # The forms of a word have one key, and so may a misspelled word, which has the end of the right one.
        if at in unknown or token.is_han or len(token.text) < _INFLECTED or token.text in lexicon.spellings:
            continue
        if is_common(token.text):
            continue
        if right := _misspelled(token, lexicon):
            slips.append((token.text, right))
            some[at] = Token(right, token.key)
    _mend_han(some, unknown, unknown & words, lexicon, slips, occurs)
    _mend_small_han(some, unknown - words, occurs, slips)
    return some, slips


def _mend_small_han(
    some: list[Token], unknown: set[int], occurs: Callable[[str], bool], mended: list[tuple[str, str]]
) -> None:
    """Take two characters beside each other for the word that asks from which the second of them differs: 证剧."""
    for at in sorted(unknown):
        part = some[at : at + 2]
        # Nothing else may be unknown beside them.
        if at + 1 not in unknown or {at - 1, at + 2} & unknown or not all(one.is_han for one in part):
            continue
        if occurs(written(part)):
            continue
        near = [word for word in _SMALL_HAN if part[0].text == word[0]]
        if len(near) == 1:
            mended.append((written(part), near[0]))
            some[at : at + 2] = tokens(near[0])


def _small(token: Token, occurs: Callable[[str], bool], *, first: bool) -> str:
    """Return the small word that asks for which a token is a slip; empty where it may be a word by itself."""
    if first and token.text in _SHORTENED:
        return _SHORTENED[token.text]
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
            is_contrary = (differ == [0] and name in lexicon.asking) or any(
                part[n].text in _OTHERS or characters[n] in _OTHERS for n in differ
            )
            rest = part[1:] if differ == [0] else part[:-1] if differ == [len(part) - 1] else ()
            own = differ == [0] or part[-1].text in _SUFFIXES
            if len(rest) > 1 and own and len(part) < _FOUR and written(rest) in chinese_words():
                # The word beside it is known by itself: 停掉公开 has no 未公开, and 主导型 is no 主导方.
                continue
            if name in lexicon.asking and differ and part[differ[0]].text in _DOING:
                continue
            if len(part) < _FOUR and differ and _NUMERAL.search(written(rest)):
                # A number makes a word with whatever is beside it: 满一年 is no 头一年.
                continue
            if (
                len(differ) == 1
                and start + differ[0] in allowed
                and not (is_contrary or (len(part) == 2 and (lexicon.is_word(*part) or occurs(written(part)))))
            ):
                mended.append((written(part), "".join(characters)))
                some[start : start + len(characters)] = [Token(c, c) for c in characters]
                return
