"""What a study calls its cases: the words with which at least half of their names end, as hospitals or 农场."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.cjk import has_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OWN = "owncases"
"""The cue that cases are called what the study itself calls them."""
_SHORTEST_HAN = 2
"""How many characters a noun in Chinese has at least."""
_ASKED = {
    "en": "which;what;in which;in what;at which;of which;for which;any;is there a;some;of the;in which of the;"
    "which of the;which one of the;list the;list of",
    "zh": "哪个;哪些;哪家;哪几家;哪几个;哪一家;哪一个;哪所;哪座;什么;在哪个;在哪家;在哪些",
}
"""Words before such a noun by which cases are asked for."""
_EACH = {"en": "every;each;all;all the", "zh": "每个;每家;所有;全部;各个;各家"}
"""Words before it by which all of them are meant."""


def case_nouns(
    names: Mapping[str, Iterable[str]], concepts: Mapping[str, Iterable[str]] | None = None
) -> tuple[str, ...]:
    """Return the nouns with which the names of half of the cases end, at least two: the longest first, English before.

    Where the name of a case ends with a name of a concept, all names of one English word that this has are nouns, too.

    Args:
        names: all names of every case, by its id.
        concepts: all names of every concept, by its id.

    Returns:
        None where there is only one case, of which any word may be its own.

    Example:
        >>> case_nouns({"a": ["Holm Farm", "霍姆农场"], "b": ["Red Ridge Farm", "Red Ridge", "红岭农场"]})
        ('farm', '农场')
        >>> case_nouns({"a": ["Canal Gardens"], "b": ["Pinfold Garden"], "c": ["Quarry Hill"]})
        ('garden',)
        >>> case_nouns({"a": ["Haier"], "b": ["Xiaomi"]})
        ()
        >>> case_nouns({"a": ["Ferry Society"], "b": ["Marsh Keepers"]}, {"c": ["clubs", "societies"]})
        ('club', 'society')
    """
    if len(names) < 2:
        return ()
    found = []
    for of_han, joint in ((False, " "), (True, "")):
        parts = [[_parts(name) for name in sorted(some) if has_han(name) == of_han] for some in names.values()]
        ends = [{tuple(words[n:]) for words in some for n in range(1, len(words))} for some in parts]
        counts = Counter(end for some in ends for end in some)
        shared = [end for end, number in counts.items() if number > 1 and 2 * number >= len(names)]
        found += [joint.join(end) for end in sorted(shared, key=lambda end: (-len(end), end))]
    last = {_parts(name)[-1] for some in names.values() for name in some if name and not has_han(name)}
    for some in (concepts or {}).values():
        single = [_singular(name.lower()) for name in some if name.isalpha() and name.isascii()]
        if {*single} & last:
            found += [name for name in sorted(single) if name not in found]
    return tuple(noun for noun in found if not has_han(noun) or len(noun) >= _SHORTEST_HAN)


def _singular(noun: str) -> str:
    """Return an English noun in the singular, as far as its ending tells: societies, clubs."""
    return f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")


def _parts(name: str) -> list[str]:
    """Return the characters of a name in Chinese, or its words in the singular."""
    return list(name) if has_han(name) else [_singular(word) for word in name.lower().split()]


def phrases(nouns: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Give the phrases by which cases are asked for under what a study calls them.

    Args:
        nouns: what it calls them.

    Yields:
        A phrase, whether it is an ``operation`` or a ``cue``, and which.
    """
    for noun in nouns:
        language = "zh" if has_han(noun) else "en"
        joint = "" if language == "zh" else " "
        yield noun, "cue", "cases"
        yield noun, "cue", OWN
        for kind, name, words in (("operation", "cases", _ASKED), ("cue", "eachcase", _EACH)):
            yield from ((f"{word}{joint}{noun}", kind, name) for word in words[language].split(";"))
