"""The parts of a question that asks for two things: who was interviewed, and when."""

from __future__ import annotations

import re

from kg.cjk import has_han
from kg.language.tokens import tokens

_BEGIN = (
    "who whose what when where which why how do does did is are was were can could should has have would will".split()
)
"""Words with which a part in English begins."""
_CLAUSE = "where which who when why whose".split()
"""Words of these with which a clause of the same sentence may begin, unless "and" or "but" stands before it."""
_BETWEEN = re.compile(
    rf"[?？]+\s+|,?\s+(?:and|but) (?=(?:{'|'.join(_BEGIN)})\b)"
    rf"|[,;]\s+(?=(?:{'|'.join(word for word in _BEGIN if word not in _CLAUSE)})\b)",
    re.IGNORECASE,
)
"""What stands between two parts in English."""
_BETWEEN_HAN = re.compile("[，,；;？?。！]")
"""What stands between two parts in Chinese."""
_ASKS_HAN = re.compile(
    "谁|什么|啥|哪|怎么|怎样|如何|为何|吗|多少|几[个条位篇份人次年月]|是否|是不是|有没有|能不能|会不会|要不要|该不该|多久|多长"
)
"""What a part in Chinese has that asks something."""
_BARE_HAN = re.compile(
    "(?:那|又|具体)?(?:理由|原因)(?:呢|是什么|是啥|有哪些|在哪)|(?:这|那)?(?:是)?为(?:什么|何|啥)(?:呢)?"
)
"""A part in Chinese that asks for the reason of what an earlier part tells, which is told with it or not known."""
_WHEN = re.compile(r"(?:when|where|how many(?: \w+)?|how often) ", re.IGNORECASE)
"""How a first part begins of which the reason may be asked besides."""
_REASON = re.compile(
    r"(?:and )?(?:what (?:is|was|were|are) the (?:reasons?|causes?)|why (?:is|was) that|for what reason)", re.I
)
"""How the reason of what an earlier part tells is asked for."""
_POINTING = re.compile(r"\b(?:it|they|them|this|that|these|those)\b", re.IGNORECASE)
"""Words that point to what an earlier part names."""
_POINTING_HAN = re.compile("它们?|他们|她们|其(?![他它实中余])|这一?[个条点样]")
"""The same in Chinese."""
_SHORTEST, _SHORTEST_HAN = 3, 4
"""How many words or characters a part has at least."""
_MOST = 3
"""How many parts a question has at most; more are a list."""


def parts(question: str) -> tuple[str, ...]:
    """Return the parts of a question each of which asks something; none where it asks one thing alone.

    Args:
        question: in English or Chinese.

    Example:
        >>> parts("When was the inspector interviewed, and who coded it?")
        ('When was the inspector interviewed', 'who coded it')
        >>> parts("What supports trust?"), parts("街道该不该培训领队？谁赞成谁不赞成")
        ((), ('街道该不该培训领队', '谁赞成谁不赞成'))
        >>> parts("信心评得最低的是哪条，理由是什么")
        ()
    """
    if has_han(question):
        some = [part.strip() for part in _BETWEEN_HAN.split(question)]
        asking = [part for part in some if _ASKS_HAN.search(part) and len(tokens(part)) >= _SHORTEST_HAN]
        asking = [part for part in asking if not _BARE_HAN.fullmatch(part)]
    else:
        some = [part.strip(" ?.!,;") for part in _BETWEEN.split(question)]
        asking = [
            part
            for part in some
            if len(words := tokens(part)) >= _SHORTEST and words[0].text in _BEGIN and "," not in part.split()[0]
        ]
        asking = [
            _WHEN.sub("why ", asking[0]) if at and _REASON.fullmatch(part) and _WHEN.match(asking[0]) else part
            for at, part in enumerate(asking)
        ]
    return tuple(asking) if 1 < len(asking) <= _MOST else ()


def points(part: str) -> bool:
    """Say whether a part points to what an earlier part names."""
    return (_POINTING_HAN if has_han(part) else _POINTING).search(part) is not None


def pointed(part: str, name: str) -> str:
    """Return a part with what it points to, which an earlier part names.

    Args:
        part: the part.
        name: what the earlier part calls it.

    Example:
        >>> pointed("who coded it", "the inspector"), pointed("谁反对它", "信任"), pointed("谁反对", "信任")
        ('who coded the inspector', '谁反对信任', '信任谁反对')
    """
    if has_han(part):
        return _POINTING_HAN.sub(lambda _: name, part, count=1) if _POINTING_HAN.search(part) else name + part
    return _POINTING.sub(lambda _: name, part, count=1)
