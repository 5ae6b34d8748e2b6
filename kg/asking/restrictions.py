"""How many lines, witnesses, sources, works or cases a claim is asked to have: more than two, exactly one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.claims import LITERATURE, STANCES
from kg.language.tokens import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.bearing import Bearing
    from kg.language.tokens import Token

MANY = 1_000_000
"""More than there is of anything."""
_NUMBERS = {
    word: n for n, word in enumerate("no one two three four five six seven eight nine ten eleven twelve".split())
}
_HAN_NUMBERS = {word: n for n, word in enumerate("零一二三四五六七八九十")} | {"两": 2}
_BEFORE = {
    ("more", "than"): (1, MANY), ("over",): (1, MANY), ("at", "least"): (0, MANY), ("no", "fewer", "than"): (0, MANY),
    ("fewer", "than"): (-MANY, -1), ("less", "than"): (-MANY, -1), ("at", "most"): (-MANY, 0),
    ("no", "more", "than"): (-MANY, 0), ("not", "more", "than"): (-MANY, 0), ("exactly",): (0, 0), ("just",): (0, 0),
    ("only",): (0, 0), ("precisely",): (0, 0), ("with",): (0, 0),
}  # fmt: skip
"""Words before a number, each with what must be added to it for the fewest and the most that fit."""
_AFTER = {("or", "more"): (0, MANY), ("or", "fewer"): (-MANY, 0), ("or", "less"): (-MANY, 0)}
"""The same behind it."""
_COUNTED = {
    "line": "quote quotation line passage evidence piece excerpt item",
    "source": "source document interview text",
    "witness": "witness independent",
    "reference": "work reference paper study publication article",
    "case": "case city town firm company enterprise hospital school site",
}
"""What can be counted of a claim."""
_KEYS = {key(word): kind for kind, words in _COUNTED.items() for word in words.split()}
_STANCE_KEYS = {
    "support": "supports", "back": "supports", "for": "supports", "favour": "supports", "favor": "supports",
    "behind": "supports", "oppos": "opposes", "against": "opposes", "contradict": "opposes", "object": "opposes",
    "qualifi": "qualifies", "limit": "qualifies", "caveat": "qualifies",
}  # fmt: skip
_ENDS = frozenset(["and", "but", "that", "which", "where", "while", "or"])
_STRENGTH = "(?P<strength>strong|moderate|weak)"
_LACKING = re.compile(
    f"\\b(?:lack|lacks|lacking|without|with no|no|not|never had|do not have|does not have|have not|has not)"
    f"(?: (?:any|a|a single|one|one single|even one|even a single))? {_STRENGTH} "
    "(?:evidence|lines?|quotes?|support|backing|piece)"
)
"""How it is told that there is no evidence of a strength."""
_REACH = 5
"""How many words behind a number what is counted stands at most."""
_N = "([0-9]{1,4}|[一二两三四五六七八九十])"
_UNIT = "(?:条|个|家|篇|份|位|处|项|所|座)"
_HAN_BEFORE = re.compile(
    f"(超过|不止|满|多于|大于|不少于|至少有?|少于|不到|不足|至多|最多有?|只有|仅有|恰有|恰好有?|正好有?){_N}{_UNIT}"
)
_HAN_WITNESSES = re.compile(
    f"(?<![没只仅恰])有{_N}{_UNIT}(?=独立|见证)|(?<=独立见证)有{_N}{_UNIT}|(?<=独立来源)有{_N}{_UNIT}"
    f"|(?<=见证人)有{_N}{_UNIT}|(?<=独立证据)有{_N}{_UNIT}|(?:没有|无|缺少|缺乏)(?=独立(?:证据|来源|见证|支持)|见证)"
)
"""How it is told in Chinese how many independent witnesses there are, or that there are none."""
_HAN_WITNESS = re.compile("独立的?(?:证据|来源|见证人?|支持)?|见证人?")
"""How they are called."""
_HAN_AFTER = re.compile(f"{_N}{_UNIT}(及以上|以上|或以上|或更多|以下|及以下)")
_HAN_MEANT = {
    "超过": (1, MANY), "不止": (1, MANY), "满": (0, MANY), "多于": (1, MANY), "大于": (1, MANY), "不少于": (0, MANY),
    "至少": (0, MANY),
    "至少有": (0, MANY),
    "少于": (-MANY, -1), "不到": (-MANY, -1), "不足": (-MANY, -1), "至多": (-MANY, 0), "最多": (-MANY, 0),
    "最多有": (-MANY, 0), "及以上": (0, MANY), "以上": (0, MANY), "或以上": (0, MANY), "或更多": (0, MANY),
    "以下": (-MANY, 0), "及以下": (-MANY, 0),
}  # fmt: skip
_HAN_COUNTED = (
    ("witness", "独立|见证"), ("case", "案例|医院|公司|企业|城市|学校|社区"), ("reference", "文献|论文|研究"),
    ("source", "来源|材料|访谈"), ("line", "证据|引文|支持|反对|限定"),
)  # fmt: skip
_HAN_STANCES = {"支持": "supports", "反对": "opposes", "限定": "qualifies", "限制": "qualifies"}


class Restriction(NamedTuple):
    """How many of something a claim has.

    Args:
        least: the fewest that fit.
        most: the most that fit.
        counted: ``line``, ``source``, ``witness``, ``reference`` or ``case``.
        stance: of which stance the lines are; none for all.
        text: how it was said.
        start: its first token.
        end: the token after its last.
        strength: of which strength the lines are; none for all.
    """

    least: int
    most: int
    counted: str
    stance: str
    text: str
    start: int
    end: int
    strength: str = ""

    def holds(self, claim: str, bearing: Bearing) -> bool:
        """Say whether a claim has so many.

        Args:
            claim: its id.
            bearing: what bears on it, within the limits of the question.
        """
        return self.least <= self._number(claim, bearing) <= self.most

    def _number(self, claim: str, bearing: Bearing) -> int:
        stances = (self.stance,) if self.stance else STANCES
        if self.strength:
            return sum(s in stances and strength == self.strength for s, strength in bearing.weights(claim))
        if self.counted == "line":
            tally = bearing.tally(claim)
            return sum(tally[stance] for stance in stances)
        if self.counted == "witness":
            return bearing.witnesses(claim, self.stance).independent
        if self.counted == "case":
            counts = bearing.by_case(claim)
            return len({case for s in stances for case, n in counts[s].items() if n and case != LITERATURE})
        passages = [p for s in stances for line in bearing.active(claim, s) for p in line.passages]
        if self.counted == "source":
            return len({passage.source for passage in passages})
        return len({one for passage in passages for one in passage.references})


def restrictions(some: Sequence[Token], stance: str) -> tuple[Restriction, ...]:
    """Return how many of something claims are asked to have.

    Args:
        some: the tokens of the question.
        stance: the stance that is asked for, if one is; it is that of lines of which none is told.

    Example:
        >>> from kg.language.tokens import tokens
        >>> one, = restrictions(tokens("claims with more than two opposing quotes"), "")
        >>> one.least, one.counted, one.stance, one.text
        (3, 'line', 'opposes', 'more than two opposing quotes')
    """
    lacking = [*_in_english_lacking(some, stance)]
    found = [*lacking, *_in_chinese(some, stance)]
    found += [one for one in _in_english(some, stance) if not any(one.start < other.end for other in lacking)]
    return tuple(found)


def _in_english(some: Sequence[Token], stance: str) -> Iterator[Restriction]:
    texts = [token.text for token in some]
    for at, word in enumerate(texts):
        number = _NUMBERS.get(word, int(word) if word.isascii() and word.isdigit() and len(word) < 4 else -1)
        if number < 0:
            continue
        before = next(
            (b for b in sorted(_BEFORE, key=len, reverse=True) if tuple(texts[max(0, at - len(b)) : at]) == b), ()
        )
        after = next((a for a in _AFTER if tuple(texts[at + 1 : at + 3]) == a), ())
        if not before and not after:
            continue
        least, most = _AFTER[after] if after else _BEFORE[before]
        begin = at + 1 + len(after)
        end = next((n for n in range(begin, len(texts)) if texts[n] in _ENDS), len(texts))
        behind = some[begin : min(end, begin + _REACH)]
        kinds = [(n, _KEYS[token.key]) for n, token in enumerate(behind) if token.key in _KEYS]
        if not kinds:
            continue
        # "Two independent sources" are witnesses; of "evidence sources" the last word tells.
        kind = "witness" if any(k == "witness" for _, k in kinds) else kinds[0][1]
        told = [
            _STANCE_KEYS[t.key] for t in (*some[max(0, at - len(before) - 3) : at], *behind) if t.key in _STANCE_KEYS
        ]
        start, last = at - len(before), begin + kinds[-1][0] + 1
        yield Restriction(
            max(0, number + least),
            number + most,
            kind,
            (told or [stance])[-1],
            " ".join(texts[start:last]),
            start,
            last,
        )


def _in_english_lacking(some: Sequence[Token], stance: str) -> Iterator[Restriction]:
    """Give the restriction that there is no evidence of a strength: claims that lack any strong line."""
    texts = [token.text for token in some]
    plain, starts = " ".join(texts), []
    at = 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    for match in _LACKING.finditer(plain):
        start, end = starts.index(match.start()), sum(begin < match.end() for begin in starts)
        yield Restriction(0, 0, "line", stance, match[0], start, end, match["strength"])


def _with_witnesses(plain: str, start: int, end: int) -> tuple[int, int]:
    """Return where a number of witnesses stands in Chinese, with what they are called right before or behind it."""
    before = next((m for m in _HAN_WITNESS.finditer(plain) if m.end() == start), None)
    behind = _HAN_WITNESS.match(plain, end)
    return (before.start() if before else start), (behind.end() if behind else end)


def _in_chinese(some: Sequence[Token], stance: str) -> Iterator[Restriction]:
    plain = "".join(token.text for token in some)
    places = [n for n, token in enumerate(some) for _ in token.text]
    matches: Iterable[tuple[re.Match[str], str, str]] = [
        *((m, m[2], m[1]) for m in _HAN_BEFORE.finditer(plain)), *((m, m[1], m[2]) for m in _HAN_AFTER.finditer(plain)),
    ]  # fmt: skip
    for match in _HAN_WITNESSES.finditer(plain):
        number = next((one for one in match.groups() if one), "")
        n = 0 if not number else int(number) if number.isdigit() else _HAN_NUMBERS[number]
        begin, end = _with_witnesses(plain, match.start(), match.end())
        yield Restriction(n, n, "witness", stance, plain[begin:end], places[begin], places[end - 1] + 1)
    for match, number, how in matches:
        near = plain[max(0, match.start() - 6) : match.end() + 7]
        kind = next((k for k, words in _HAN_COUNTED if re.search(words, near)), "")
        if not kind:
            continue
        told = next((s for word, s in _HAN_STANCES.items() if word in near), stance)
        n = int(number) if number.isdigit() else _HAN_NUMBERS[number]
        least, most = _HAN_MEANT.get(how, (0, 0))
        begin, end = match.span()
        if kind == "witness":
            begin, end = _with_witnesses(plain, begin, end)
        yield Restriction(max(0, n + least), n + most, kind, told, plain[begin:end], places[begin], places[end - 1] + 1)
