"""What no claim tells: what the study is, how evidence is judged, and what no study can say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kg.asking.choice import Choice
from kg.ids import source_of
from kg.language.lexicon import content_words
from kg.language.shipped import table
from kg.language.tokens import fold, tokens
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.asking.chooser import Chooser

_METHOD = re.compile(r"\bmethods?\b|methodology|\bresearch.design\b|\bprocedure\b|方法|研究设计", re.IGNORECASE)
"""How a code is called with which a study codes how it was done."""
_STANDING = re.compile(
    r"\b(?:claims|propositions|findings|hypotheses)\b.{0,20}\b(?:stand|hold|fare|look|supported|contested|doing|status)\b"
    r"|\bwhat (?:does|did|do) (?:it|they|the study) (?:find|show|conclude|say)\b|\bmain findings\b"
    r"|\b(?:sum up|summar\w+|overview|what is (?:this|the) study about)\b"
    "|发现了什么|有什么发现|这项研究是什么|讲了?什么|关于什么|概括|总结|概述"
    r"|\b(?:state|status) of (?:its|the|their) (?:claims|propositions|findings)\b"
    "|(?:主张|命题|结论).{0,8}(?:站得住|成立|情况|怎么样|如何|状态)"
)
"""How it is asked besides how the claims stand."""
_FEW = 2
"""Of how many rules at most the words themselves answer."""
NEAREST = 5
"""How many claims at most are given as the nearest."""


def decline(of: Chooser) -> Choice:
    """Say why a question has no answer in any study, with the nearest claims.

    Args:
        of: the chooser of the question.
    """
    said = next((one for cue, one in table("operations")["outside"].items() if cue in of.question.cues), None)
    claims = of.claims() if of.topics else ()
    return Choice(
        "outside",
        claims if len(claims) <= NEAREST else (),
        is_nearest=True,
        said=said[of.question.language] if said else "",
    )


def tell_of_study(of: Chooser) -> Choice:
    """Say what the study is and under which licence; or how it was done, as its own text says.

    Args:
        of: the chooser of the question.
    """
    zh = of.question.language == "zh"
    if "design" in of.question.cues and (told := _design(of)):
        return told
    rows = [
        {"property": word(name, of.question.language), "value": value}
        for row in of.study.run("study").dicts()
        for name, value in (
            ("title", (row["title_zh"] if zh else "") or row["title"]),
            ("description", row["description"]),
            ("licence", row["licence"]),
        )
        if value
    ]
    said = rows[1:] or rows
    if cases := of.study.ids("case"):
        names = ("、" if zh else ", ").join(of.study.label("case", case) for case in cases)
        said = [*said, {"property": word("cases", of.question.language), "value": names}]
        for case in cases:
            of.name("case", case)
    if _STANDING.search(fold(of.question.text)):
        # What it asks, and how its claims stand, comes before what else is known of it.
        title = str(rows[0]["value"])
        names = ("、" if zh else ", ").join(of.study.label("case", case) for case in cases)
        of_cases = f"({names})" if names and zh else f" ({names})" if names else ""
        lead = f"{title}{of_cases}。" if zh else f"{title}{of_cases}. "
        return Choice("study", of.everything, definition=tuple(rows), lead=lead)
    return Choice("study", definition=tuple(rows), said=_sentence(said, zh=zh))


def _design(of: Chooser) -> Choice | None:
    """Tell how the study was done: by passages that are coded as its method, and by who coded; nothing without both."""
    codes = [row["code"] for row in of.study.run("codebook").dicts() if _METHOD.search(f"{row['code']} {row['label']}")]
    rows = of.study.tables.sql(
        "SELECT excerpt FROM coded WHERE code IN (SELECT value FROM json_each(:codes)) ORDER BY code, place",
        codes=json.dumps(codes),
    )
    theory = {source for (source,) in of.study.tables.sql("SELECT source FROM sources WHERE role = 'theory'")}
    asked = {key for key, _ in content_words(of.question.text)}
    had = {p.id: len(asked & {key for key, _ in content_words(p.quote)}) for p in of.quoted(key for (key,) in rows)}
    had = {key: n for key, n in had.items() if n or source_of(key) in theory}
    excerpts = sorted(had, key=lambda key: (source_of(key) not in theory, -had[key]))
    for row in of.study.run("coders").dicts():
        of.name("coder", row["coder"], row["note"] or "")
    if not (excerpts or of.named):
        return None
    names = [label for label, _ in of.named.values()]
    zh = of.question.language == "zh"
    said = (
        f"没有引文编码为研究方法;编码者:{'、'.join(names)}。"
        if zh
        else f"No passage is coded as its method; coded by {', '.join(names)}."
    )
    return Choice("study", excerpts=tuple(excerpts[:NEAREST]), told=bool(excerpts), said="" if excerpts else said)


def explain(of: Chooser) -> Choice:
    """Say how evidence is judged and counted: what is asked, or all.

    Args:
        of: the chooser of the question.
    """
    rows = list(_explained(of))
    told = "" if of.question.language == "zh" else " "
    return Choice(
        "method", definition=tuple(rows), said=told.join(r["value"] for r in rows) if len(rows) <= _FEW else ""
    )


def _explained(of: Chooser) -> Iterator[dict[str, Any]]:
    language = of.question.language
    text, keys = fold(of.question.text), {token.key for token in tokens(of.question.text)}
    words = {token.text for token in tokens(of.question.text)}
    explained = table("explained")["explained"]

    def is_asked(words: dict[str, list[str]]) -> bool:
        if language == "zh":
            return any(one in text for one in words["zh"])
        return any(token.key in keys for one in words["en"] for token in tokens(one))

    # "Qualifies" is a stance, and "qualified" a state, of one stem.
    said = next((name for name, one in explained.items() if words & {*one["words"]["en"]}), "")
    asked = said or next((name for name, one in explained.items() if is_asked(one["words"])), "")
    for name, one in sorted(explained.items(), key=lambda item: item[0] != asked):
        # How strong evidence is depends also on what lowers it.
        if asked in ("", name) or (asked, name) == ("strength", "lowered"):
            yield {"property": one["called"] if language == "zh" else name, "value": one[language]}


def _sentence(rows: list[dict[str, Any]], *, zh: bool) -> str:
    return (";" if zh else "; ").join(f"{row['property']}: {row['value']}".rstrip(".。") for row in rows) + (
        "。" if zh else "."
    )
