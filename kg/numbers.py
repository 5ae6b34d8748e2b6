"""Numbers with their nouns and verbs, in English and Chinese."""

from __future__ import annotations

NOUNS = {
    "reference": ("reference", "篇文献"),
    "source": ("source", "份来源"),
    "case": ("case", "个案例"),
    "code": ("code", "个编码"),
    "question": ("open question", "个未决问题"),
    "search": ("fruitless search", "次查找未果"),
    "coder": ("coder", "位编码者"),
    "stage": ("stage", "个阶段"),
    "concept": ("concept", "个概念"),
    "proposition": ("claim", "条主张"),
    "author": ("author", "位作者"),
    "passage": ("passage", "条引文"),
    "witness": ("independent witness", "个独立来源"),
    "line": ("evidence line", "条证据"),
    "place": ("place", "处"),
}
"""What is counted, in English and with its measure word in Chinese."""


def number(count: int, noun: str) -> str:
    """Return a number with its noun.

    Args:
        count: how many.
        noun: in the singular.

    Example:
        >>> number(1, "quote"), number(2, "quote"), number(2, "independent witness")
        ('1 quote', '2 quotes', '2 independent witnesses')
    """
    plural = "es" if noun.endswith(("s", "x", "ch")) else "s"
    return f"{count:,} {noun}{'' if count == 1 else plural}"


def counted(count: int, kind: str, language: str) -> str:
    """Return a number with what is counted, in a language.

    Args:
        count: how many.
        kind: a kind of record that is counted, ``passage``, ``place`` or ``witness``.
        language: ``en`` or ``zh``.

    Example:
        >>> counted(1, "line", "en"), counted(1200, "proposition", "zh")
        ('1 evidence line', '1,200 条主张')
    """
    noun, chinese = NOUNS[kind]
    return f"{count:,} {chinese}" if language == "zh" else number(count, noun)


def verb(stance: str, count: int) -> str:
    """Return what so many evidence lines do, in English.

    Args:
        stance: ``supports``, ``opposes`` or ``qualifies``.
        count: how many they are.

    Example:
        >>> verb("opposes", 1), verb("opposes", 2)
        ('opposes', 'oppose')
    """
    if count != 1:
        return {"supports": "support", "opposes": "oppose", "qualifies": "qualify"}[stance]
    return stance
