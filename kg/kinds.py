"""Every kind of record, once: what it is called, where it stands in addresses, and how a picture draws it."""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    """The place and the looks of a kind in a picture.

    Args:
        layer: its column, from left to right.
        width: how wide a node is (pixels).
        fill: colour of a node; text on it has a contrast of 7 at least.
        line: colour of its border, with a contrast of 4.5 at least.
        round: how round its corners are (pixels).
        shape: its shape by the name that cytoscape.js has for it.
    """

    layer: int
    width: int
    fill: str
    line: str
    round: int
    shape: str


class Kind(NamedTuple):
    """A kind of record.

    Args:
        name: what it is called in English, in answers, and in ids written ``kind/id``.
        zh: what it is called in Chinese.
        segment: what stands between study and id in the IRI of a record; empty for the study itself.
        named: whether people name its records by an id, and each has a page; a passage is shown in its source.
        passages: whether it has passages of its own, which the query ``trace-KIND`` gives.
        title: heading of the page that lists its records; empty when there is none.
        title_zh: the same in Chinese.
        look: how a picture draws it, or None when it is in no layer.
    """

    name: str
    zh: str
    segment: str
    named: bool = False
    passages: bool = False
    title: str = ""
    title_zh: str = ""
    look: Look | None = None


# fmt: off
KINDS: dict[str, Kind] = {kind.name: kind for kind in (
    Kind("theory",      "理论",   "",            look=Look(1, 150, "#eceaf4", "#3f3a78", 0, "rectangle")),
    Kind("proposition", "命题",   "proposition", True,  True,  "Claims",     "主张",   Look(2, 210, "#ffffff", "#1d2733", 3, "rectangle")),
    Kind("concept",     "概念",   "concept",     True,  look=Look(3, 140, "#e4eff8", "#1c4e80", 16, "round-rectangle")),
    Kind("code",        "编码",   "code",        True,  True,  "Codebook",   "编码本", Look(4, 140, "#efe8f5", "#5b3a8c", 9, "cut-rectangle")),
    Kind("source",      "出处",   "source",      True,  True,  "Sources",    "来源",   Look(6, 120, "#e8f3ea", "#245c36", 5, "round-tag")),
    Kind("reference",   "文献",   "reference",   True,  True,  "References", "文献",   Look(7, 150, "#f8e9e4", "#8a3418", 0, "barrel")),
    Kind("case",        "案例",   "case",        True,  True,  "Cases",      "案例"),
    Kind("line",        "证据行", "line",        True,  True),
    Kind("coder",       "编码者", "coder",       True,  True,  "Coders",     "编码者"),
    Kind("question",    "问题",   "question",    True),
    Kind("search",      "查找",   "search",      True),
    Kind("relation",    "关系",   "concept",     True),
    Kind("author",      "作者",   "author",      True,  True,  "Authors",    "作者"),
    Kind("excerpt",     "引文",   "excerpt",     False, True,  look=Look(5, 230, "#fdf8e3", "#6b5200", 0, "rectangle")),
    Kind("citation",    "引用",   "citation"),
    Kind("coding",      "编码",   "coding"),
    Kind("assertion",   "陈述",   "assertion"),
    Kind("uncounted",   "不计入的证据行", "line"),
    Kind("reading",     "研读",   "reading"),
    Kind("attribute",   "属性",   "attribute"),
    Kind("set",         "集合",   "set"),
    Kind("uncoded",     "未编码", "uncoded"),
    Kind("settlement",  "裁定",   "settlement"),
    Kind("confidence",  "可信度", "confidence"),
    Kind("concern",     "顾虑",   "concern"),
)}
# fmt: on
"""Every kind by its name, in the order in which an id is looked up."""

NAMED = tuple(kind.name for kind in KINDS.values() if kind.named)
"""Kinds whose records people name by an id, in the order in which one is looked up."""
WITH_PASSAGES = tuple(kind.name for kind in KINDS.values() if kind.passages)
"""Kinds whose passages the named query ``trace-KIND`` gives."""
LISTED = {kind.name: kind.title for kind in KINDS.values() if kind.title}
"""Kinds that are listed on a page of their own, with its heading."""
SEGMENTS = tuple(sorted({kind.segment for kind in KINDS.values() if kind.segment}))
"""What may stand between the study and the id in the IRI of a record."""
LOOKS: dict[str, Look] = dict(
    sorted(((kind.name, kind.look) for kind in KINDS.values() if kind.look), key=lambda pair: pair[1].layer)
)
"""How the kinds that a picture shows are drawn, from left to right."""
LAYERS = tuple(LOOKS)
"""The columns of a picture, from left to right."""
CHINESE = {kind.name: kind.zh for kind in KINDS.values()} | {
    kind.title: kind.title_zh for kind in KINDS.values() if kind.title
}
"""The names of kinds and of their lists in Chinese."""
