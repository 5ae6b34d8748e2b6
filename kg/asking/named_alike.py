"""Names of concepts said in other words: two words of like meaning as those of a name, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.language.lexicon import GROUP, PART, Sense, content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.language.lexicon import Lexicon
    from kg.language.tokens import Token

BETWEEN = frozenset(["of", "the", "a", "an", "by", "from", "to", "for", "s", "among", "的", "对", "给", "之"])
"""Words that may stand between the two: the resistance of shopkeepers, 家里人的帮助."""
_HELP, _SUPPORT = frozenset(["help", "帮 助", "帮 忙"]), frozenset(["support", "支 持"])
"""Keys of words for help, and of those for what is said so in names."""
_GAP = 3
"""How many of them may."""


class _Unit(NamedTuple):
    """A word, or a phrase of a group of words of like meaning."""

    start: int
    end: int
    key: str


def named_alike(
    some: Sequence[Token],
    plain: Mapping[tuple[int, int], str],
    senses: Mapping[str, tuple[Sense, ...]],
    lexicon: Lexicon,
) -> Iterator[tuple[int, int, Sense]]:
    """Give the stretches of a sentence that name a concept in words of like meaning as those of its name.

    Args:
        some: the words of the sentence.
        plain: the key of every stretch of it.
        senses: what these keys mean.
        lexicon: the words of the study.

    Yields:
        Where the stretch begins and ends, and the one concept that it can mean.
    """
    units = [
        _Unit(start, end, key)
        for (start, end), key in plain.items()
        if any(s.kind == GROUP for s in senses.get(key, ()))
        or (end - start == 1 and not some[start].is_han and content(some[start:end]))
    ]
    alike = lexicon.alike(unit.key for unit in units)
    meant = {unit.key: alike.get(unit.key, frozenset()) | {unit.key} for unit in units}
    # No group has the words of evidence: who helps gives support, too.
    meant |= {key: some | _SUPPORT for key, some in meant.items() if some & _HELP}
    pairs = lexicon.pairs_named({key for keys in meant.values() for key in keys})
    if not pairs:
        return
    for one in units:
        for other in units:
            between = some[one.end : other.start]
            if other.start < one.end or len(between) > _GAP or not all(t.text in BETWEEN for t in between):
                continue
            concepts = {
                concept
                for first, second, concept in pairs
                if (first in meant[one.key] and second in meant[other.key])
                or (second in meant[one.key] and first in meant[other.key])
            }
            if len(concepts) == 1:
                yield one.start, other.end, Sense("concept", min(concepts), PART)
