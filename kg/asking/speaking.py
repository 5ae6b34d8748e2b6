"""What one of several persons says who speak in a source: one of two in an interview, a speaker of a meeting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.asking.choice import Choice
from kg.language.tokens import fold

if TYPE_CHECKING:
    from kg.asking.chooser import Chooser

_TURN = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? )?(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)"
    r"(?::| (?:says?|said|reports?|reported|remark(?:s|ed)|thinks?|thought|adds?|added|asks?|asked|told|replied)\b)"
)
"""How a turn or a sentence of minutes begins that says who speaks."""
_TURN_HAN = re.compile("^(?P<name>[\u4e00-\u9fff]{2,4}?)(?:说|表示|认为|补充|回答|提出|问)?[,，:：]")
"""The same in Chinese."""
_PASSAGES = """
SELECT e.id, e.quote, substr(t.whole, p.start + 1, p."end" - p.start) FROM excerpt e
JOIN source_text t ON t.source = e.source
LEFT JOIN paragraph p ON p.source = e.source AND p.start <= e.start AND p."end" >= e."end"
WHERE e.source = :source ORDER BY e.start, e.id"""
_LEAST = 2
"""How many persons speak at least, if one of them is told apart."""


def _by_speaker(of: Chooser, source: str) -> dict[str, list[str]]:
    """Return the passages of a source by the name of who speaks, where that is written before what is said.

    Args:
        of: the chooser of the question.
        source: id of the source.
    """
    found: dict[str, list[str]] = {}
    for key, quote, paragraph in of.study.tables.sql(_PASSAGES, source=source):
        begun = (pattern.match(text) for text in (quote, paragraph or "") for pattern in (_TURN, _TURN_HAN))
        if turn := next(filter(None, begun), None):
            found.setdefault(turn["name"], []).append(key)
    return found


def spoken(of: Chooser, source: str) -> Choice | None:
    """Choose what the person says who is named, of several that speak in a source; nothing where none is.

    Args:
        of: the chooser of the question.
        source: id of the source.
    """
    by_name = _by_speaker(of, source)
    asked = fold(of.question.text)
    named = [name for name in by_name if any(_stands(word, asked) for word in fold(name).split())]
    if len(by_name) < _LEAST or len(named) != 1:
        return None
    excerpts = tuple(by_name[named[0]])
    return Choice("summary", of.bearing_on(excerpts), excerpts=excerpts, told=True)


def _stands(word: str, text: str) -> bool:
    """Say whether a word stands in a text by itself, or anywhere if it is Chinese."""
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None
