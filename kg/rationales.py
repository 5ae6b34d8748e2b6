"""Which way the words of a rationale speak: for the claim, against it, or for it without a limit.

Only words that say so of the claim itself are read ("contradicts the claim", "反驳了命题"), never what happened to its
subject: whether a fall of prices speaks for a claim, nobody can tell without the claim. A word that is denied means
nothing ("nothing contradicts it"), but for support that is denied ("does not support the claim"), which speaks against.
What is only supposed ("if the claim were refuted") says nothing at all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLAIM = (
    r"(?:(?:the|this|that|our|its|my)\s+(?:claim|proposition|hypothesis|thesis|statement|assertion|contention)"
    r"|(?:what|as)\s+is\s+(?:claimed|asserted|proposed)|the\s+one\s+claimed"
    r"|what\s+(?:the\s+(?:claim|proposition)\s+\w+|we\s+(?:claim|assert|propose|argue|predict|expect|suppose)(?:e?d)?\b)"
    r"|p\d+\b)"
)
_IT = rf"(?:{_CLAIM}|(?:it|this)\b(?!\s+\w)|(?=\s*(?:[.,;:!?]|$)))"
_WELL = r"(?:\s+(?:clearly|directly|fully|strongly|partly|rather|thus|\w+ly))?\s*"

# Only verbs of argument may leave their object out: people deny, reject and oppose many things besides claims.
_AGAINST = (
    rf"(?:contradict(?:s|ing)?|refut(?:es?|ing)|disprov(?:es?|ing)|disconfirm(?:s|ing)?|falsif(?:y|ies))\b{_WELL}{_IT}",
    (
        rf"(?:undermin(?:es?|ing)|weaken(?:s|ing)?|den(?:y|ies)|reject(?:s|ing)?|oppos(?:es?|ing)|disput(?:es?|ing)"
        rf"|challeng(?:es?|ing)|counter(?:s|ing)?|rebut(?:s|ting)?|question(?:s|ing)?|overturn(?:s|ing)?"
        rf"|conflict(?:s|ing)?\s+with|clash(?:es|ing)?\s+with)\b{_WELL}{_CLAIM}"
    ),
    (
        r"(?:claim|proposition|hypothesis|it)\s+(?:is|was)\s+(?:not\s+)?(?:thus\s+|clearly\s+)?"
        r"(?:contradicted|refuted|disproved|disproven|falsified|undermined|weakened|rejected|overturned)\b"
    ),
    (
        r"(?:claim|proposition|hypothesis)\s+(?:thus\s+)?(?:fails|collapses|breaks\s+down|is\s+(?:wrong|false|untrue)"
        r"|does\s+not\s+(?:hold|stand|apply))\b"
    ),
    (
        rf"(?:speaks?|speaking|counts?|argues?|tells?|goes|cuts?|weighs?|militates?|is|are)\s+(?:rather\s+)?against"
        rf"\s+(?:{_CLAIM}|it\b(?!\s+\w))"
    ),
    rf"^\s*against\s+{_CLAIM}",
    r"evidence\s+against\b(?!\s+(?:the|a)\s+(?:rival|other|opposite|contrary|view|idea|notion|belief))",
    r"counter-?\s?(?:evidence|example)s?\b",
    r"disconfirming\b",
    rf"runs?\s+counter\b(?:\s+to\s+{_CLAIM})?",
    rf"contrary\s+to\s+(?:{_CLAIM}|it\b(?!\s+\w))",
    rf"(?:opposite|reverse|contrary|converse)\s+of\s+{_CLAIM}",
    rf"(?:at\s+odds|in\s+(?:conflict|tension|contradiction)|inconsistent|incompatible)\s+with\s+{_CLAIM}",
    rf"(?:hard|difficult|impossible)\s+to\s+(?:square|reconcile|bring\s+into\s+line)\s+with\s+{_CLAIM}",
    rf"(?:casts?|throws?|raises?)\s+(?:\w+\s+)?doubts?\s+(?:on|upon|about)\s+{_CLAIM}",
    rf"calls?\s+{_CLAIM}\s+into\s+question\b",
)
_FOR = (
    (
        rf"(?:supports?|supporting|confirm(?:s|ing)?|corroborat(?:es?|ing)|affirms?|strengthens?|proves?|backs?(?:\s+up)?"
        rf"|bears?\s+out|substantiates?|vindicates?)\b{_WELL}{_IT}"
    ),
    (
        rf"(?:illustrat(?:es?|ing)|exemplif(?:y|ies)|demonstrat(?:es?|ing)|validates?|upholds?|bolsters?|reinforces?"
        rf"|fits|matches|squares\s+with|sits\s+well\s+with|accords\s+with|echoes)\b{_WELL}{_CLAIM}"
    ),
    rf"(?:bears?|bearing)\s+(?:{_CLAIM}|it|this)\s+out\b|backs?\s+(?:{_CLAIM}|it|this)\s+up\b",
    (
        r"(?:claim|proposition|hypothesis)\s+(?:is|was)\s+(?:not\s+)?(?:thus\s+|clearly\s+|fully\s+)?"
        r"(?:supported|confirmed|corroborated|borne\s+out|substantiated|vindicated)\b"
    ),
    rf"(?:in\s+line|consistent|in\s+accord|in\s+keeping|in\s+harmony|compatible|agrees?)\s+with\s+{_CLAIM}",
    rf"(?:in\s+favou?r\s+of|in\s+support\s+of|(?:evidence|support)\s+for|speaks?\s+for)\s+{_CLAIM}",
    rf"(?:illustration|example|instance|demonstration|confirmation|proof)\s+of\s+{_CLAIM}",
    r"(?<!of\s)(?<!to\s)(?:what|as)\s+the\s+(?:claim|proposition|hypothesis)\s+(?:predicts|expects|says|states|has\s+it)\b",
)
_DENIED = (
    r"\b(?:not(?!\s+only)|no|nothing|never|neither|nor|without|hardly|cannot|nobody|none|than|far\s+from"
    r"|fails?\s+to)\b|n't\b"
)
_SUPPOSED = re.compile(r"\b(?:if|were|would|might|could)\b|如果|假如|假使|倘若|要是|若")
"""What makes a statement one of what might be."""
_WITHIN = re.compile(r"\b(?:is|was)\s+not\b")
_UNLIMITED = (
    r"\b(?:fully|entirely|completely|wholly|unconditionally)\b"
    r"|without\s+(?:any\s+)?(?:limit|exception|condition|qualification)"
)
_BETWEEN = re.compile(r"[,;:.!?]|\b(?:and|but|yet|which|so|although|though|while)\b")
"""What ends the stretch that a denial reaches into."""

_ZH_CLAIM = (
    r"(?:(?:该|此|本|这一|这个|上述|我们的?|本文的?)?(?:命题|论断|主张|假设|假说|说法)"
    r"|(?:我们的?|本文的?|上述)(?:判断|论点|推断|观点))(?:所说的?|的(?:说法|预期|方向))?"
)
_ZH_WELL = r"(?:正好|恰好|恰恰|刚好|截然|完全|明显|直接|正|恰|大体|基本|十分|高度)?"
_ZH_HERE = r"(?:在[^，。；]{1,6}?)?(?:并|完全|明显|显然|就)?"
_ZH_AGAINST = (
    rf"(?:与|和|同|跟){_ZH_CLAIM}{_ZH_WELL}(?:相反|相悖|相左|相矛盾|矛盾|不符|不一致|不合|抵触|冲突|背道而驰)",
    rf"(?:反驳|否定|推翻|驳斥|削弱|违背|证伪|反对|质疑|动摇|有悖于){_ZH_WELL}了?{_ZH_CLAIM}",
    rf"{_ZH_CLAIM}{_ZH_HERE}(?:不成立|站不住|不对|是错的|被推翻|被否定)",
    rf"对{_ZH_CLAIM}(?:构成|提出)了?(?:反驳|挑战|质疑)",
    r"反例|反证",
)
_ZH_FOR = (
    rf"(?:支持|证实|印证|符合|验证|佐证|证明|吻合|契合|支撑)了?{_ZH_CLAIM}",
    rf"(?:与|和|同|跟){_ZH_CLAIM}{_ZH_WELL}(?:一致|相符|吻合|契合)",
    rf"(?:正是|正如|恰如|正合|恰是){_ZH_CLAIM}",
    rf"{_ZH_CLAIM}(?:典型|极好|最好)?的?(?:例证|佐证)",
    rf"{_ZH_CLAIM}{_ZH_HERE}得到了?(?:支持|证实|印证)",
)
_ZH_DENIED = r"不(?!仅|只|但|过|同)|未|没有|无法|并非|难以"
_ZH_UNLIMITED = r"完全|毫无保留|无条件|没有任何限制"
_ZH_BETWEEN = re.compile(r"[,，;；:：。.!！?？、]|但|却|而")


class _Language(NamedTuple):
    """The words of one language that say which way a rationale speaks.

    Args:
        against: patterns of what speaks against a claim.
        favouring: patterns of what speaks for it.
        denied: pattern of what denies the words behind it.
        between: pattern of what ends the stretch that a denial reaches into.
        unlimited: pattern of what says that there is no limit.
    """

    against: re.Pattern[str]
    favouring: re.Pattern[str]
    denied: re.Pattern[str]
    between: re.Pattern[str]
    unlimited: re.Pattern[str]


@cache
def _languages() -> tuple[_Language, ...]:
    def joined(patterns: Iterable[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{one})" for one in patterns))

    against, favouring = ([rf"(?<!\w){one}" for one in some] for some in (_AGAINST, _FOR))
    return (
        _Language(joined(against), joined(favouring), re.compile(_DENIED), _BETWEEN, re.compile(_UNLIMITED)),
        _Language(joined(_ZH_AGAINST), joined(_ZH_FOR), re.compile(_ZH_DENIED), _ZH_BETWEEN, re.compile(_ZH_UNLIMITED)),
    )


def directions(rationale: str) -> frozenset[str]:
    """Return which ways a rationale says that a passage speaks.

    Args:
        rationale: in English or Chinese.

    Returns:
        ``supports`` and ``opposes``, and ``unlimited`` when it says so without a limit; empty when it says neither.

    Example:
        >>> sorted(directions("This does not support the claim, it refutes it."))
        ['opposes']
        >>> sorted(directions("Fully supports the claim.")), sorted(directions("No price fell."))
        (['supports', 'unlimited'], [])
    """
    text = " ".join(rationale.casefold().replace("’", "'").split())
    found: set[str] = set()
    for words in _languages():
        for match in words.favouring.finditer(text):
            if not _SUPPOSED.search(_clause(words, text, match)):
                found.add("opposes" if _is_denied(words, text, match) else "supports")
        for match in words.against.finditer(text):
            if not _SUPPOSED.search(_clause(words, text, match)) and not _is_denied(words, text, match):
                found.add("opposes")
        if found and words.unlimited.search(text):
            found.add("unlimited")
    return frozenset(found)


def _clause(words: _Language, text: str, match: re.Match[str]) -> str:
    """Return the clause of a match as far as it stands before it."""
    before = text[: match.start()]
    ends = [end.end() for end in words.between.finditer(before)]
    return before[ends[-1] if ends else 0 :]


def _is_denied(words: _Language, text: str, match: re.Match[str]) -> bool:
    """Say whether the words before a match, or within it, deny it."""
    return _WITHIN.search(match[0]) is not None or words.denied.search(_clause(words, text, match)) is not None


def is_against(rationale: str, stance: str) -> bool:
    """Say whether a rationale says of a passage what its stance denies.

    Args:
        rationale: in English or Chinese.
        stance: supports, opposes or qualifies.

    Example:
        >>> is_against("Contradicts the claim.", "supports"), is_against("Contradicts the claim.", "opposes")
        (True, False)
    """
    found = directions(rationale)
    if stance == "qualifies":
        return "unlimited" in found and len(found) == 2
    return found - {"unlimited"} == {"opposes" if stance == "supports" else "supports"}
