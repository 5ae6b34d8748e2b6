"""Lists of codes: all, those below another, of a level, about something, and those that are used most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kg.asking.choice import Choice
from kg.asking.passages import find_passages
from kg.asking.sentence import text_of
from kg.language.lexicon import content_words
from kg.language.tokens import fold, is_common
from kg.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.asking.chooser import Chooser

_MOST = re.compile(
    r"\b(?:most|often|top)\b|最多|最常|最频繁|最经常",
)
"""How it is asked which codes are used most."""
_LEVELS = {
    "selective": re.compile(r"\bselective\b|\bcore (?:categor|code)|选择性?编码|核心"),
    "axial": re.compile(r"\baxial\b|主轴|轴心"),
    "open": re.compile(r"\bopen cod|开放(?:式|性)?编码|自由编码"),
}
"""How a level of codes is called, by the level."""
_PARADIGMS = {
    "condition": re.compile(r"\bconditions?\b|条件"),
    "action": re.compile(r"\bactions?\b|行动|策略"),
    "consequence": re.compile(r"\bconsequences?\b|结果"),
}
"""How the part of axial codes in the paradigm is called."""
_UNUSED = re.compile(
    r"\b(?:never|not|no|none|without|un(?:used|connected|linked))\b|n['’]t\b|没有?|未|无", re.IGNORECASE
)
"""How it is asked which codes no evidence has."""
_OF_EVIDENCE = re.compile(r"\b(?:evidence|claims?|propositions?|lines?)\b|证据|主张|命题", re.IGNORECASE)
"""Of what it is asked."""
_BEARING = """
SELECT DISTINCT c.code FROM coded c JOIN line_excerpt x ON x.excerpt = c.excerpt
JOIN line l ON l.id = x.line AND l.status = 'active'"""
FEW = 8
"""How many codes are told in a sentence."""
_USES = """
SELECT c.code, e.source, count(*) FROM coded c JOIN excerpt e ON e.id = c.excerpt GROUP BY c.code, e.source"""


def list_codes(of: Chooser) -> Choice:
    """List codes of the codebook, with how many passages have each, or one that is narrower."""
    book = {str(row["code"]): row for row in of.study.run("codebook").dicts()}
    uses = _uses(of)
    some, unknown = _asked(of, book)
    if unknown:
        found = find_passages(of)
        return Choice(
            "codes", excerpts=found.excerpts, paragraphs=found.paragraphs, is_nearest=True, nothing_on=unknown
        )
    text = fold(of.question.text)
    if _UNUSED.search(text) and _OF_EVIDENCE.search(text) and not of.question.of("code"):
        # Codes above others have what these have.
        bearing = in_evidence(of)
        some = [code for code in book if not bearing & with_narrower({code}, book)]
    limits, most = of.question.limits, _MOST.search(text) is not None
    for code in {row["broader"] for row in book.values()} & {*some} if not most else ():
        uses[code] = len(of.coded_as(code))
    ranked = sorted(some, key=lambda code: (-uses.get(code, 0), code))
    if most or limits.sources or limits.cases:
        ranked = [code for code in ranked if uses.get(code, 0)][: FEW if most else None]
    for code in ranked:
        of.name("code", code, counted(uses.get(code, 0), "passage", of.question.language))
    return Choice("codes", said=_told(of, ranked), neutral=True)


def in_evidence(of: Chooser) -> set[str]:
    """Return the codes that have a passage which is evidence."""
    return {code for (code,) in of.study.tables.sql(_BEARING)}


def with_narrower(codes: set[str], book: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return codes with all that are narrower.

    Args:
        codes: ids of codes.
        book: the rows of the query ``codebook``, by the id of the code.
    """
    while narrower := {code for code, row in book.items() if row["broader"] in codes} - codes:
        codes = codes | narrower
    return codes


def _uses(of: Chooser) -> dict[str, int]:
    """Return how many passages each code has, within the sources and cases that the question is limited to."""
    limits, cases = of.question.limits, of.study.tables.cases
    uses: dict[str, int] = {}
    for code, source, number in of.study.tables.sql(_USES):
        if (not limits.sources or source in limits.sources) and (not limits.cases or cases.get(source) in limits.cases):
            uses[code] = uses.get(code, 0) + number
    return uses


def _asked(of: Chooser, book: Mapping[str, Mapping[str, Any]]) -> tuple[list[str], tuple[str, ...]]:
    """Return the codes that are asked for, and the words of the question by which none is known."""
    text = fold(of.question.text)
    some = list(book)
    for pattern, column in ((_LEVELS, "level"), (_PARADIGMS, "paradigm")):
        if wanted := [value for value, called in pattern.items() if called.search(text)]:
            some = [code for code in some if book[code][column] in wanted] or some
    named = [term.id for term in of.question.of("code")]
    if below := [code for code in some if named and book[code]["broader"] in named]:
        return below, ()
    if named:
        return named, ()
    concepts = [term.id for term in of.question.of("concept")]
    if concepts:
        rows = (row for concept in concepts for row in of.study.run("concept", concept=concept).dicts())
        own = {row["value"] for row in rows if row["property"] == "code"}
        return [code for code in some if code in own] or some, ()
    words = [span for span in of.question.words if not all(is_common(word) for word in span.text.split())]
    keys = {key for span in words for key, _ in content_words(span.text)}
    if not keys or len(some) < len(book):
        return some, ()
    alike = of.study.lexicon.alike(keys)
    meant = keys.union(*(alike.get(key, frozenset()) for key in keys))
    texts = {
        code: f"{row['label']} {of.study.label('code', code)} {row['definition'] or ''}" for code, row in book.items()
    }
    fitting = [code for code in some if meant & {key for key, _ in content_words(texts[code])}]
    return fitting, () if fitting else text_of(words)


def _told(of: Chooser, codes: Iterable[str]) -> str:
    """Say in a sentence how many codes there are, and the first of them with how many passages each has."""
    codes = list(codes)
    zh = of.question.language == "zh"
    first = [f"{label} ({note})" for (kind, key), (label, note) in of.named.items() if kind == "code"][:FEW]
    rest = "" if len(codes) <= FEW else "等" if zh else " …"
    number = counted(len(codes), "code", of.question.language)
    return f"{number}:{'、'.join(first)}{rest}。" if zh else f"{number}: {', '.join(first)}{rest}."
