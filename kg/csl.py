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
_CREATORS = ("author", "editor")
_APPEARED_IN = {
    "article-journal",
    "chapter",
    "entry-dictionary",
    "entry-encyclopedia",
    "paper-conference",
    "review",
    "review-book",
}
"""Types of what a journal, a conference or a work of reference took in: neither these nor their publisher wrote it."""
_OTHERS = re.compile(r"(?:and |& )?others|et al\.?|u\.\s?a\.|等", re.IGNORECASE)
_HEAD = re.compile(r"[:;?!.…]\s|\s[–—|-]\s|[：；？！。，]|(?<=[^\0-\x7f])(?:[:;?!]|\s+(?=[^\0-\x7f]))")
"""Where the first part of a title ends."""
_ASIDE = re.compile(r"(?<=\S)\s*(?:\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）)\s*$")
_INNER = str.maketrans({"“": "‘", "”": "’", '"': "'"})
"""Quotation marks within others."""
_LOOSE = frozenset(
    "a an and as at by for from how in into is its of on or that the their this to what when which who with".split()
)
"""Words at which no shortened title ends."""
_WORDS, _SIGNS = 5, 12
"""How many words of a title stand for it, and how many characters where there are no spaces."""
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
        Korean whole (citeproc-py would abbreviate the given name), what stands for its authors if it has none; and
        what of it was left out.

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
            if len(value) > MAX_NAMES or (len(whole) > 1 and is_others(whole[-1])):
                whole[-1] = {"literal": OTHERS}
            if len(whole) < min(len(value), MAX_NAMES):
                left_out.append(variable)
        else:
            whole = text(value)
        if whole:
            kept[variable] = whole
        elif variable not in left_out:
            left_out.append(variable)
    return Readable(_signed(kept), tuple(left_out))


def _signed(item: Item) -> Item:
    """Give an item without authors who published it as its author, or else a short title; no name is written twice."""
    if any(role in item for role in _ROLES):
        return item
    if item["type"] not in _APPEARED_IN:
        for variable in ("publisher", "container-title"):
            if variable in item:
                name = item[variable]
                rest = {key: value for key, value in item.items() if value != name or key == "title"}
                return rest | {"author": [{"literal": _TAG.sub("", name)}]}
    if "title" in item and not {"title-short", "shortTitle"} & item.keys():
        short = short_title(item["title"])
        return item if short == item["title"] else item | {"title-short": short}
    return item


def short_title(title: str) -> str:
    """Return the first words of a title, by which a reference is named that has neither authors nor a publisher.

    Args:
        title: a title on one line.

    Returns:
        What stands before a colon or another sign that parts it, when these are three words or more; of that at most
        five words, or twelve characters where there are no spaces, with "…" where more would follow.

    Example:
        >>> short_title("MIUI announces a major change of its system versions")
        'MIUI announces a major change…'
        >>> short_title("Online interactive innovation: learning from customer knowledge")
        'Online interactive innovation'
        >>> short_title("欧洲学者笔下的海尔:三十年里,四次“任性”地变革")
        '欧洲学者笔下的海尔'
    """
    whole = _TAG.sub("", title).strip().strip('"')
    whole = _ASIDE.sub("", whole) or whole
    head = _HEAD.split(whole, maxsplit=1)[0]
    kept = head if len(head.split()) > 2 or len(cjk().findall(head)) > 2 else whole
    words = kept.split()
    if len(words) > _WORDS + 1:
        words = words[:_WORDS]
        while len(words) > 2 and words[-1].casefold() in _LOOSE:
            words.pop()
        return " ".join(words).rstrip(",;:–—-") + "…"
    if len(cjk().findall(kept)) > _SIGNS:
        return kept[:_SIGNS].rstrip() + "…"
    return " ".join(words)


def is_others(name: Mapping[str, Any]) -> bool:
    """Say whether a name stands for further authors that are not named.

    Args:
        name: a name of CSL-JSON.

    Example:
        >>> is_others({"literal": "and others"}), is_others({"literal": "Othersson"})
        (True, False)
    """
    return _OTHERS.fullmatch(str(name.get("literal", "")).strip()) is not None


def creators(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the names of those who made a work: its authors, or its editors when it has no author.

    Args:
        item: a CSL-JSON item.

    Returns:
        Names of CSL-JSON in their order, without those that hold nothing, and without "et al.".

    Example:
        >>> creators({"editor": [{"family": "Lee"}, {"literal": "others"}]})
        [{'family': 'Lee'}]
    """
    for role in _CREATORS:
        if names := [name for name in item.get(role, ()) if person(name) and not is_others(name)]:
            return names
    return []


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
    family, given = parts.get("family", ""), parts.get("given", "")
    if cjk().search(family + given):
        # "Zhao" and "Wenhong (赵文红)" are words, and would be abbreviated, too.
        between = "" if cjk().search(family) else " "
        return {"literal": f"{family}{between}{given}".strip()}
    if "family" not in parts:
        return {"literal": " ".join(parts.values())} if parts else {}
    for particle in ("non-dropping-particle", "dropping-particle"):
        if parts.get(particle, "").endswith(("-", "'", "’")):  # al-Khatib, d'Aubignac
            parts["family"] = parts.pop(particle) + parts["family"]
    return parts


def name(item: Mapping[str, Any]) -> str:
    """Name a reference in a few words, by the one rule for those without author or year: who, and when.

    Args:
        item: a CSL-JSON item.

    Returns:
        Its authors or editors; else who published it, or the site or newspaper that it appeared in; else the first
        words of its title, in quotation marks. Then its year, or "n.d." (no date).

    Example:
        >>> name({"type": "webpage", "title": "Xiaomi in the air", "publisher": "Sina"})
        'Sina, n.d.'
        >>> name({"type": "article-journal", "title": "Paths: a study", "issued": {"raw": "2020"}})
        '“Paths: a study”, 2020'
    """
    who, when = _named(readable(item).item, str(item.get("id", "")))
    return f"{who}, {when}"


def names(items: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Name references in a few words each, so that no two have one name: 2004a, 2004b, n.d.-a in the order of titles.

    Args:
        items: CSL-JSON items by key.

    Returns:
        The names by key; they do not depend on the order of the items.

    Example:
        >>> lee = {"type": "book", "author": [{"family": "Lee"}], "title": "Why", "issued": {"raw": "2004"}}
        >>> names({"b": lee, "a": lee, "c": {**lee, "title": "How", "issued": {}}})
        {'a': 'Lee, 2004a', 'b': 'Lee, 2004b', 'c': 'Lee, n.d.'}
    """
    alike: dict[str, list[str]] = {}
    for key in sorted(items, key=lambda key: (str(items[key].get("title", "")).casefold(), key)):
        alike.setdefault(name({"id": key, **items[key]}), []).append(key)
    called = {}
    for common, keys in alike.items():
        between = "" if common[-1:].isdigit() else "-"
        for number, key in enumerate(keys):
            called[key] = f"{common}{between}{_letters(number)}" if len(keys) > 1 else common
    return {key: called[key] for key in sorted(called)}


def _letters(number: int) -> str:
    """Write a number from 0 on in letters: a, b, … z, aa, ab."""
    higher, own = divmod(number, 26)
    return (_letters(higher - 1) if higher else "") + chr(ord("a") + own)


def _named(entry: Item, key: str) -> tuple[str, str]:
    """Return who made a reference, or its short title, and when; of an item that can be read."""
    people: list[dict[str, str]] = next((entry[role] for role in _ROLES if role in entry), [])
    short = [_last(one) for one in people if one.get("literal") != OTHERS]
    title = entry.get("title-short") or entry.get("shortTitle") or short_title(entry.get("title", ""))
    has_others = len(short) < len(people)
    who = f"{short[0]} et al." if short and (len(people) > 2 or has_others) else " & ".join(short)
    year = dates.year(entry.get("issued")) or "n.d."
    if "circa" in entry.get("issued", {}):
        year = f"ca. {year}"
    return who or (f"“{title.translate(_INNER)}”" if title else key or "untitled"), year


def _last(name: Mapping[str, str]) -> str:
    """Return what a name is called by in a citation."""
    return name.get("literal") or " ".join(filter(None, (name.get("non-dropping-particle"), name["family"])))


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
    entry, key = readable(item).item, str(item.get("id", ""))
    who, year = _named(entry, key)
    people: list[dict[str, str]] = next((entry[role] for role in _ROLES if role in entry), [])
    names = [
        ", ".join(filter(None, (_last(one), one.get("given"), one.get("suffix"))))
        for one in people
        if one.get("literal") != OTHERS
    ]
    title = _TAG.sub("", entry.get("title", "")) or key or "untitled"
    listed = "; ".join(names) + "; et al." * (len(names) < len(people))
    more = [entry[key] for key in ("container-title", "publisher", "URL") if key in entry]
    begun = f"{listed} ({year}). {title}." if listed else f"{title} ({year})."
    return f"({who}, {year})", " ".join([begun, *more])
