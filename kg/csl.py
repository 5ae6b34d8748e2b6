"""CSL-JSON items as a formatter can read them, and a plain citation where it cannot.

CSL-JSON allows far more than a formatter expects: numbers as text, seasons by word, dates without a year, names
without letters, markup. :func:`readable` brings an item into the one form that citeproc-py is sure of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import dates
from kg.cjk import cjk

if TYPE_CHECKING:
    from collections.abc import Mapping

Item = dict[str, Any]

OTHERS = "\ufdd0"
"""What stands for further authors while a citation is formatted: no character, so that no reference holds it."""
CITED = re.compile(r"@(?<![\w.]@)\{?([\w][\w:.#$%&+?<>~/-]*\w|\w)")
"""A key of a Pandoc citation, as its first group; what begins with a plain character is found ten times as fast."""
MAX_TEXT, MAX_NAMES = 20_000, 2_000
"""Codepoints of a text and names of a list that are formatted; time grows by the square of some of them."""
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")
_NO_CASE = re.compile(r'(<span class="nocase">[^<>]*</span>)')
_TAG = re.compile(r"</?(?:i|b|u|em|strong|sc|sub|sup|br|p|span)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_NAME_PARTS = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix")
_DATES = {"accessed", "available-date", "event-date", "issued", "original-date", "submitted"}
_ROLES = ("author", "editor", "translator", "composer", "director", "container-author", "collection-editor")
_NOT_CITED = {"categories", "citation-key", "citation-label", "citation-number", "custom", "id", "type"}


class Readable(NamedTuple):
    """An item in the form that a formatter is sure of.

    Args:
        item: the item.
        left_out: variables of which something could not be read.
    """

    item: Item
    left_out: tuple[str, ...]


def readable(item: Mapping[str, Any]) -> Readable:
    r"""Write an item so that a formatter can read it, whatever its values are.

    Args:
        item: a CSL-JSON item.

    Returns:
        The item with texts on one line and without markup, dates as numbers or words, names in Chinese, Japanese and
        Korean whole (citeproc-py would abbreviate the given name); and what of it was left out.

    Example:
        >>> readable({"id": "a", "type": "book", "title": "<i>A</i>\nb", "issued": {"raw": "2020?"}}).item
        {'id': 'item', 'type': 'book', 'title': 'A b', 'issued': {'date-parts': [[2020]], 'circa': True}}
    """
    kept: Item = {"id": "item", "type": str(item.get("type", "document"))}
    left_out = []
    for variable, value in item.items():
        if variable in _NOT_CITED or value in ("", [], {}, None):
            continue
        whole: Any
        if variable in _DATES:
            whole = dates.plain(value)
        elif isinstance(value, list):
            whole = [name for one in value[:MAX_NAMES] if (name := person(one))]
            if len(value) > MAX_NAMES or (len(whole) > 1 and whole[-1] == {"literal": "others"}):
                whole[-1] = {"literal": OTHERS}
            if len(whole) < min(len(value), MAX_NAMES):
                left_out.append(variable)
        else:
            whole = text(value)
        if whole:
            kept[variable] = whole
        elif variable not in left_out:
            left_out.append(variable)
    return Readable(kept, tuple(left_out))


def text(value: Any) -> str:
    """Write a text or number on one line, without markup and without what no text can hold.

    Args:
        value: a text or number of CSL-JSON.

    Returns:
        The text; that a title keeps its case (``<span class="nocase">``) is the only markup that stays.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    whole = _UNFIT.sub(" ", str(value))
    # citeproc-py finds where such a stretch ends in the text in lower case, which may be of another length.
    has_stretches = "<" in whole and len(whole.lower()) == len(whole)
    if "<" in whole:
        parts = _NO_CASE.split(whole) if has_stretches else [whole]
        whole = "".join(part if number % 2 else _TAG.sub("", part) for number, part in enumerate(parts))
    whole = " ".join(part for part in whole.split(" ") if part)
    return whole if len(whole) <= MAX_TEXT else _TAG.sub("", whole)[:MAX_TEXT].rstrip() + "…"


def person(value: Any) -> dict[str, str]:
    """Write a name in the parts that a style knows; empty when there is nothing to write.

    Args:
        value: a name of CSL-JSON.

    Example:
        >>> person({"given": "Plato"}), person({"family": "王", "given": "伟"}), person({"given": " "})
        ({'literal': 'Plato'}, {'literal': '王伟'}, {})
    """
    if not isinstance(value, dict):
        return {}
    parts = {part: words for part in _NAME_PARTS if (words := text(value.get(part)))}
    if literal := text(value.get("literal")):
        return {"literal": literal}
    whole = parts.get("family", "") + parts.get("given", "")
    if cjk().search(whole):
        return {"literal": whole}
    if "family" not in parts:
        return {"literal": " ".join(parts.values())} if parts else {}
    for particle in ("non-dropping-particle", "dropping-particle"):
        if parts.get(particle, "").endswith(("-", "'", "’")):  # al-Khatib, d'Aubignac
            parts["family"] = parts.pop(particle) + parts["family"]
    return parts


def plain(item: Mapping[str, Any]) -> tuple[str, str]:
    """Cite a reference without any style: who, when, what.

    Args:
        item: a CSL-JSON item.

    Returns:
        The citation in the text, and the entry in the list of references.

    Example:
        >>> plain({"id": "a", "type": "book", "title": "Why", "author": [{"family": "Lee", "given": "Ann"}]})
        ('(Lee, n.d.)', 'Lee, Ann (n.d.). Why.')
    """
    entry = readable(item).item
    people: list[dict[str, str]] = next((entry[role] for role in _ROLES if role in entry), [])
    particle = "non-dropping-particle"
    short = [
        name.get("literal") or " ".join(filter(None, (name.get(particle), name["family"])))
        for name in people
        if name.get("literal") != OTHERS
    ]
    whole = [
        ", ".join(filter(None, (last, name.get("given"), name.get("suffix"))))
        for last, name in zip(short, people, strict=False)
    ]
    title = _TAG.sub("", entry.get("title", "")) or str(item.get("id", "")) or "untitled"
    year = dates.year(entry.get("issued")) or "n.d."
    if "circa" in entry.get("issued", {}):
        year = f"ca. {year}"
    has_others = len(short) < len(people)
    who = f"{short[0]} et al." if len(people) > 2 or has_others else " & ".join(short) or title
    listed = "; ".join(whole) + "; et al." * has_others
    more = [entry[key] for key in ("container-title", "publisher", "URL") if key in entry]
    return f"({who}, {year})", " ".join([f"{listed} ({year})." if listed else f"({year}).", f"{title}.", *more])
