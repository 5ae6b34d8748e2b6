"""Split texts in English and Chinese into tokens that can be compared."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.cjk import UNSPACED_RANGES, has_han
from kg.language.shipped import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LONGEST = 1_000
"""How many tokens of a text are read: a question is short."""

_RUN_TOGETHER = re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|could|would|should)nt\b")
"""What is denied, as it is typed without its apostrophe."""

_WHATS = re.compile(r"\b(what|who|where|how|when|that)s\b")
"""A word that asks with the verb behind it, as it is typed without its apostrophe."""


class Token(NamedTuple):
    """A word, or a character of a language that is written without spaces.

    Args:
        text: as it is compared when spelling matters: in compatibility form and lower case.
        key: what forms of one word have in common.
    """

    text: str
    key: str

    @property
    def is_han(self) -> bool:
        """Say whether it is a character of a language that is written without spaces."""
        return not self.text.isascii() and len(self.text) == 1 and has_han(self.text)


def fold(text: str) -> str:
    """Return a text in compatibility form, lower case and single spaces.

    Args:
        text: any text.

    Example:
        >>> fold("  Value—Proposition？ ")
        'value—proposition?'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED_RANGES}]|[^\\W_{UNSPACED_RANGES}]+")


@cache
def _stem() -> Callable[[str], str]:
    import Stemmer

    stem: Callable[[str], str] = Stemmer.Stemmer("english").stemWord
    return stem


@cache
def key(word: str) -> str:
    """Return what the forms of a word have in common.

    Args:
        word: one word in lower case.

    Example:
        >>> key("drove"), key("drives"), key("participation"), key("participates")
        ('drive', 'drive', 'particip', 'particip')
    """
    word = table("irregular")["forms"].get(word, word)
    return _stem()(word) if word.isascii() and word.isalpha() else word


@cache
def _common() -> dict[str, tuple[str, ...]]:
    """Return the common words by their first two letters, which the forms of nearly all words have in common."""
    words: dict[str, list[str]] = {}
    for word in table("common_words")["en"]:
        words.setdefault(word[:2], []).append(word)
    return {begin: tuple(some) for begin, some in words.items()}


def is_common(word: str) -> bool:
    """Say whether a word of content may stand in any question, whatever it is about.

    Args:
        word: one word in lower case; of Chinese also several, right behind each other.

    Example:
        >>> is_common("brings"), is_common("lanes"), is_common("条目居首"), is_common("自行车道")
        (True, False, True, False)
    """
    if not word.isascii():
        return _is_common_in_chinese(word)
    own = key(word)
    return any(own in _common_keys(begin) for begin in {word[:2], own[:2]})


@cache
def _common_keys(begin: str) -> frozenset[str]:
    """Return the keys of the common words that begin with two letters."""
    return frozenset(key(word) for word in _common().get(begin, ()))


@cache
def _common_in_chinese() -> frozenset[str]:
    usual = table("function_words")["zh"]
    return frozenset((*table("common_words")["zh"], *usual["words"], *usual["asking"]))


def _is_common_in_chinese(text: str) -> bool:
    """Say whether a text can be cut into words that may stand in any question."""
    reached = [True, *[False] * len(text)]
    for end in range(1, len(text) + 1):
        reached[end] = any(
            reached[start] and text[start:end] in _common_in_chinese() for start in range(max(0, end - 6), end)
        )
    return reached[-1]


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    forms: dict[str, list[str]] = {}
    for form in table("irregular")["forms"]:
        forms.setdefault(key(form), []).append(form)
    return {base: tuple(some) for base, some in forms.items()}


def irregular_forms(base: str) -> tuple[str, ...]:
    """Return the irregular forms of a word, which a full text has otherwise than the word itself.

    Args:
        base: its key.

    Example:
        >>> irregular_forms(key("child"))
        ('children',)
    """
    return _forms().get(base, ())


def tokens(text: str) -> tuple[Token, ...]:
    """Split a text into words, and Chinese into characters.

    Args:
        text: any text; what comes after :data:`LONGEST` tokens is left out.

    Returns:
        The tokens, in order.

    Example:
        >>> [token.key for token in tokens("What drives customers' 顾客參與?")]
        ['what', 'drive', 'custom', '顾', '客', '参', '与']
    """
    # An apostrophe within a word begins 's, n't, 're, which say nothing of what is asked.
    plain = re.sub(r"['’](?:s|re|ve|ll|d|m)\b", "", _simplified(fold(text)))
    plain = re.sub(r"n['’]t\b", " not", plain.replace("can't", "can not").replace("won't", "will not"))
    plain = _WHATS.sub(r"\1 is", _RUN_TOGETHER.sub(r"\1 not", plain))
    found = _pattern().findall(plain[: 50 * LONGEST])[:LONGEST]
    return tuple(Token(word, key(word)) for word in found)


def joined(some: Iterable[Token]) -> str:
    """Return the keys of tokens as one text, by which names are looked up.

    Args:
        some: the tokens.
    """
    return " ".join(token.key for token in some)


def written(some: Iterable[Token]) -> str:
    """Return tokens as a person writes them: words with a space between them, Chinese without.

    Args:
        some: the tokens.

    Example:
        >>> written(tokens("DART 模型 的 access"))
        'dart 模型的 access'
    """
    text = ""
    for token in some:
        text += token.text if not text or (token.is_han and has_han(text[-1])) else f" {token.text}"
    return text


def _simplified(text: str) -> str:
    """Return Chinese in simplified characters."""
    if not has_han(text):
        return text
    try:
        # The set of characters of the mainland has no traditional ones.
        "".join(_pattern().findall(text)).encode("gb2312")
    except UnicodeEncodeError:
        from opencc import OpenCC

        return str(_converter(OpenCC)(text))
    return text


@cache
def _converter(maker: Callable[[str], object]) -> Callable[[str], str]:
    converter = maker("t2s")
    convert: Callable[[str], str] = converter.convert  # type: ignore[attr-defined]
    return convert
