"""Citations of whatever rests on a reference, in any citation style."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from kg import claims, csl, locators, query, trace
from kg import styles as sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.csl import Item
    from kg.query import Engine

STYLE = "apa"
_REPEATED = re.compile(r"^(.{8,}?)((?:\.? \([^()]*\)|\. (?:n\.d|(?:ca\. )?\d{1,4}))\.|\.?) \1(?:\.|(?=,))")
"""A title that stands in for the author, perhaps with a year, and once more."""
_TWICE = re.compile(r"^(\(?)(.{4,}), \2(?=\)?$)")
"""The same in the text."""


@dataclass(frozen=True)
class Citation:
    """The citation of one reference.

    Args:
        reference: the reference's key; empty where the passage rests on none, and its document itself is cited.
        csl: the CSL-JSON item; empty likewise.
        locator: the place in the reference, as a term of CSL and a value, such as ``page 12``; empty for the whole.
        speakers: labels of those who speak in the passage, if its source is a transcript.
        note: label of the paragraph in which the passage stands in the study's own source, such as ``T17``; a reader
            of the reference does not find it there.
        text: the citation in the text, such as ``(Grönroos & Voima, 2013, p. 136)``.
        entry: the entry in the list of references; empty where there is none.
    """

    reference: str
    csl: dict[str, Any]
    locator: str
    speakers: tuple[str, ...]
    note: str
    text: str
    entry: str


def cite(engine: Engine, identifier: str, style: str = STYLE) -> list[Citation]:
    """Cite the references that a record rests on.

    Where the source of a passage is not itself the reference, it reports it, and the citation in the text says so.

    Args:
        engine: what answers queries.
        identifier: id of a reference, a source, an excerpt, or anything with passages.
        style: name of a citation style, such as ``apa``, ``ieee`` or ``chicago-author-date``.

    Returns:
        Citations sorted by key and place, one for each term of places; empty when the record rests on no reference. A
        passage without one is cited by the title of its document, if that says where it stands or who speaks.

    Raises:
        UnknownTerm: when no record has the id, or no style the name.
    """
    kind, wanted, _ = trace.resolve(engine, identifier)
    items = {row["reference"]: json.loads(row["csl"]) for row in query.run(engine, "references").dicts()}
    if kind == "reference":
        return [Citation(wanted, items[wanted], "", (), "", *formatted(items[wanted], style=style))]
    if f"trace-{kind}" not in query.names():
        return []
    passages = claims.passages(query.run(engine, f"trace-{kind}", id=wanted).dicts())
    if kind == "excerpt":
        return _of_passage(engine, passages[wanted], items, style)
    places: dict[str, set[str]] = {}
    for passage in passages.values():
        for key in passage.references:
            places.setdefault(key, set()).update(place for other, place in passage.places if other == key)
    return [
        Citation(key, items[key], place, (), "", in_text(items[key], place, style), entry(items[key], style))
        for key in sorted(places)
        for place in locators.joined(places[key]) or [""]
    ]


def _of_passage(
    engine: Engine, passage: claims.Passage, items: dict[str, dict[str, Any]], style: str
) -> list[Citation]:
    """Cite what a passage rests on; where it rests on no reference but its document says its place, the document."""
    source = next(row for row in query.run(engine, "sources").dicts() if row["source"] == passage.source)
    own, note = source["reference"], passage.paragraph or ""
    if not passage.references:
        said = passage.said
        text = f"({_titled(passage, source['title'])})"
        return [Citation("", {}, passage.locator or "", passage.speakers, note, text, "")] if said else []
    citations = []
    for key in passage.references:
        places = [place for other, place in passage.places if other == key]
        for locator in locators.joined(places) or [""]:
            if key == own:
                text = _spoken(engine, items[key], locator, passage, style)
            else:
                text = in_text(items[key], locator, style)
                text = _inside(text, f"as reported in {_reporting(engine, passage, source, items, style)}")
            speakers = passage.speakers if key == own else ()
            citations.append(Citation(key, items[key], locator, speakers, note, text, entry(items[key], style)))
    return citations


def _spoken(engine: Engine, item: dict[str, Any], locator: str, passage: claims.Passage, style: str) -> str:
    """Cite an interview or the like with who speaks, unless that is the only one who is asked, or the one it names."""
    whole = in_text(item, "", style)
    rows = query.run(engine, "record", id=passage.source, kind="source").dicts() if passage.speakers else ()
    asked = tuple(row["value"] for row in rows if row["property"] == "participant")
    others = () if passage.speakers == asked else passage.speakers
    named = " & ".join(label for label in others if not re.search(rf"\b{re.escape(label)}\b", whole))
    return _with(_inside(whole, named), locator) if named else in_text(item, locator, style)


def _reporting(
    engine: Engine, passage: claims.Passage, source: dict[str, Any], items: dict[str, dict[str, Any]], style: str
) -> str:
    """Return how the source is cited in which the words of a passage stand, which are not the reference's own."""
    own = source["reference"]
    if not own:
        note = f", note {passage.paragraph}" if passage.paragraph else ""
        return f"{_titled(passage, source['title'])}{note}"
    (locator, *_) = locators.joined(place for other, place in passage.places if other == own) or [""]
    by = _spoken(engine, items[own], locator, passage, style)
    # A number means nothing beside another citation.
    by = by if any(map(str.isalpha, by)) else _with(csl.plain(items[own])[0], locator)
    return by[1:-1] if by[:1] in "([" and by[-1:] in ")]" else by


def _titled(passage: claims.Passage, title: str) -> str:
    """Name the document that a passage stands in by its title, with who speaks and where."""
    return f"“{title}”, {passage.said}" if passage.said else f"“{title}”"


def entries(engine: Engine, style: str = STYLE) -> dict[str, str]:
    """Return the entry in the list of references of every reference, by key.

    Args:
        engine: what answers queries.
        style: name of a citation style.
    """
    items = {row["reference"]: json.loads(row["csl"]) for row in query.run(engine, "references").dicts()}
    return {key: entry(item, style) for key, item in items.items()}


def formatted(item: dict[str, Any], locator: str = "", style: str = STYLE) -> tuple[str, str]:
    """Return the citation of a reference in the text, and its entry in the list of references.

    Args:
        item: a CSL-JSON item.
        locator: the place in it, as a term of CSL and a value; empty for the whole.
        style: name of a CSL style.

    Raises:
        UnknownTerm: when there is no such style.
    """
    return in_text(item, locator, style), entry(item, style)


def in_text(item: dict[str, Any], locator: str = "", style: str = STYLE) -> str:
    """Return the citation of a reference in the text.

    Args:
        item: a CSL-JSON item.
        locator: the place in it, as a term of CSL and a value; empty for the whole.
        style: name of a CSL style.

    Returns:
        As the style has it, with the place at the end where it writes none; who and when where it cannot be formatted.

    Raises:
        UnknownTerm: when there is no such style.
    """
    whole = _TWICE.sub(r"\1\2", _written(item, style, listed=False) or csl.plain(item)[0])
    if not locator:
        return whole
    text = _TWICE.sub(r"\1\2", _written(item, style, listed=False, locator=locator) or "")
    return _with(whole, locator) if not text or text == whole else text


def _with(text: str, locator: str) -> str:
    """Add a place to a citation."""
    return _inside(text, locators.plain(locator)) if locator else text


def _inside(text: str, more: str) -> str:
    """Add words to a citation, within its brackets if it has them."""
    return f"{text[:-1]}, {more}{text[-1]}" if text[-1:] in ")]" else f"{text}, {more}"


def entry(item: dict[str, Any], style: str = STYLE) -> str:
    """Return the entry of a reference in the list of references.

    Args:
        item: a CSL-JSON item.
        style: name of a CSL style.

    Returns:
        As the style has it, which is empty for a type that it does not list, such as an interview of one's own in APA;
        who, when and what where it cannot be formatted, or where the style writes nothing of what is known.

    Raises:
        UnknownTerm: when there is no such style.
    """
    text = _written(item, style, listed=True)
    if text is None or (not text and _is_listed(str(item.get("type", "document")), style)):
        return csl.plain(item)[1]
    # citeproc-py repeats a title that stands in for the author, against CSL 1.0.2 ("cs:substitute").
    return _REPEATED.sub(r"\1\2", text)


@cache
def _is_listed(kind: str, style: str) -> bool:
    """Say whether a style lists references of a type, when author, year and title are known."""
    whole = {"author": [{"family": "Lee", "given": "Ann"}], "issued": {"date-parts": [[2000]]}, "title": "Why"}
    return bool(_written({"id": "whole", "type": kind} | whole, style, listed=True))


def _written(item: dict[str, Any], style: str, *, listed: bool, locator: str = "") -> str | None:
    """Format a reference; None where that fails."""
    sheets.read(style)  # an unknown style is no fault of the reference
    # Whatever a reference makes citeproc-py raise, it must not end what cites others, too; `faults` says it.
    with suppress(Exception):
        return sheets.written(csl.readable(item).item, style, listed=listed, locator=csl.text(locator)).strip()
    return None


def faults(item: dict[str, Any], style: str = STYLE) -> Iterator[str]:
    """Say what of a reference a citation style cannot write.

    Args:
        item: a CSL-JSON item.
        style: name of a CSL style.

    Yields:
        A part of a sentence for each variable; nothing when the reference is written whole.

    Raises:
        UnknownTerm: when there is no such style.

    Example:
        >>> list(faults({"id": "a", "type": "book", "title": "A", "issued": {"season": "Spring"}}))
        ["nothing of its 'issued' can be read"]
    """
    sheets.read(style)
    whole, left_out = csl.readable(item)
    for variable in left_out:
        yield f"{'a part' if variable in whole else 'nothing'} of its '{variable}' can be read"
    if problem := _problem(whole, style):
        # What is at fault is what it can be formatted without.
        named = next(
            (key for key in whole if key not in ("id", "type") and not _problem(_without(whole, key), style)), ""
        )
        subject = f"its '{named}'" if named else "it"
        yield f"{subject} cannot be formatted ({problem})"


def _without(item: Item, variable: str) -> Item:
    return {key: value for key, value in item.items() if key != variable}


def _problem(item: Item, style: str) -> str:
    """Return what citeproc-py says of an item that it cannot format; empty when it can."""
    try:
        texts = [sheets.written(item, style, listed=listed) for listed in (False, True)]
    except Exception as e:  # whatever it is, it is said
        return f"{type(e).__name__}: {e}"[:200]
    # Some styles list no interviews and no letters.
    return "" if any(text.strip() for text in texts) else "the style writes nothing"
