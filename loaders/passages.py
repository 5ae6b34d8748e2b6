"""Find the place of a passage in its source: one place, or the reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg import anchor, places
from kg.errors import near
from kg.ids import excerpt_id
from kg.loaders import pandoc_citations
from kg.records import Citation, Excerpt, Locator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.entries import PassageEntry
    from kg.records import Source

Span = tuple[int, int]
"""Where a passage begins and ends: codepoints, end exclusive."""
_BRACES = str.maketrans("{}", "()")
"""Braces hold a place where it is written into a text."""


class Document:
    """A source in which passages are looked for.

    Args:
        source: the source.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.index = anchor.Index(source.text)
        self.places = places.Map(source.places)
        self.labels = {p.id for p in source.body if p.id}


class Misplaced(NamedTuple):
    """The reason why a passage has no place in its source.

    Args:
        key: what of the entry is wrong.
        rule: the rule that it breaks.
        message: what is wrong.
        mend: what to do; None where only :func:`explain` can say it, which takes long.
    """

    key: str
    rule: str
    message: str
    mend: str | None


def place(document: Document, entry: PassageEntry) -> Span | Misplaced:
    """Find the one place that an entry means.

    Args:
        document: the source that it quotes.
        entry: the quote, with what tells its places apart.

    Returns:
        The place, in the body of the text, or why there is not exactly one.
    """
    source = document.source
    if entry.paragraph and entry.paragraph not in document.labels:
        return unlabelled(document, entry.paragraph)
    spans = _spans(document, entry)
    if isinstance(spans, Misplaced):
        return spans
    paragraphs = {span: anchor.in_body(source.text, source.body, *span) for span in spans}
    inside = [span for span in spans if paragraphs[span]]
    if not inside:
        message = "the quote stands only in a title, heading, label or citation"
        return Misplaced("quote", "quote-not-in-body", message, "quote the body of the text")
    if entry.paragraph:
        here = [span for span in inside if paragraphs[span][0].id == entry.paragraph]
        if not here:
            others = sorted({paragraphs[span][0].id or "one without a label" for span in inside})
            message = f"the quote is not in the paragraph '{entry.paragraph}' of '{source.id}'"
            return Misplaced("quote", "quote-not-found", message, f"it stands in {', '.join(others)}")
        inside = here
    if len(inside) > 1:
        return _ambiguous(source, inside)
    return inside[0]


def unlabelled(document: Document, label: str) -> Misplaced:
    """Say that a source has no paragraph of a label.

    Args:
        document: the source.
        label: the label.
    """
    return Misplaced("paragraph", "unknown-paragraph", f"'{document.source.id}' has no paragraph '{label}'", None)


def _spans(document: Document, entry: PassageEntry) -> Sequence[Span] | Misplaced:
    """List the places at which a quote stands; where it says at which it begins, only that one."""
    source, start = document.source, entry.start
    if start is not None and source.text.startswith(entry.quote, start):
        return [(start, start + len(entry.quote))]
    spans = document.index.find(entry.quote, entry.prefix, entry.suffix)
    if not spans:
        return Misplaced("quote", "quote-not-found", f"the quote is not in the source '{source.id}'", None)
    if start is None:
        return spans
    if at := [span for span in spans if span[0] == start]:
        return at
    shown = ", ".join(str(first) for first, _ in spans[:4])
    message = f"the quote does not begin at {start} in '{source.id}'"
    return Misplaced("start", "quote-not-found", message, f"it begins at {shown}")


def _ambiguous(source: Source, spans: Sequence[Span]) -> Misplaced:
    text = source.text
    shown = "; ".join(f"{s}: '…{text[max(0, s - 20) : s]}[…]{text[e : e + 20]}…'" for s, e in spans[:4])
    message = f"the quote stands {len(spans)} times in '{source.id}'"
    return Misplaced("quote", "quote-ambiguous", message, f"add a prefix or suffix: {shown}")


def explain(document: Document, entry: PassageEntry, others: Mapping[str, anchor.Index]) -> str:
    """Explain why a quote was not found: it is in other sources, its prefix or suffix differs, or what comes near it.

    Args:
        document: the source that it should stand in.
        entry: the quote.
        others: the texts of all sources by id.
    """
    quote = entry.quote
    elsewhere = [name for name, index in others.items() if name != document.source.id and index.find(quote)]
    if elsewhere:
        return f"it stands in {', '.join(elsewhere)}"
    if (entry.prefix or entry.suffix) and document.index.find(quote):
        return "the quote is there, but not with this prefix or suffix"
    return anchor.explain(document.source.text, quote)


def nearest_label(document: Document, label: str) -> str:
    """Suggest the paragraph whose label comes nearest to one that is not there.

    Args:
        document: the source.
        label: the label.
    """
    return near(label, document.labels, "a paragraph")


def excerpt(document: Document, span: Span, locator: Locator | None = None) -> Excerpt:
    """Return the passage at a place.

    Args:
        document: the source.
        span: where it stands, in the body of the text.
        locator: its place in the document that the source is, as a person wrote it; what the document itself calls
            the place otherwise. It is also the place in the source's own reference.
    """
    source, (start, end) = document.source, span
    text = source.text
    paragraphs = anchor.in_body(text, source.body, start, end)
    cited = tuple(one for p in paragraphs for one in p.citations)
    place = locator or _located(document, span, paragraphs[0].id)
    # Who cites a page of the source itself beside its words comes before the map of its places.
    is_told = not locator and any(one.locator for one in cited if one.reference == source.reference)
    own = Citation(reference=source.reference, locator=None if is_told else place) if source.reference else None
    return Excerpt(
        id=excerpt_id(source.id, start, end),
        source=source.id,
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[max(0, start - anchor.CONTEXT) : start],
        suffix=text[end : end + anchor.CONTEXT],
        paragraph=paragraphs[0].id,
        locator=place,
        speakers=document.places.speakers(start, end),
        fragment=document.places.fragment(start, end),
        citations=_citations((own, *cited) if own else cited),
    )


def _located(document: Document, span: Span, label: str | None) -> Locator | None:
    """Return the place of a passage as the document itself has it; one with a label needs no number."""
    found = document.places.locator(*span, numbered=label is None)
    if found is None:
        return None
    term, value = found
    # What is printed on a page may be more than a place can be that is written into a text.
    value = " ".join(value.translate(_BRACES).split())[: pandoc_citations.MOST].strip()
    return Locator(kind=term, value=value) if value else None


def _citations(all_of_them: Iterable[Citation]) -> tuple[Citation, ...]:
    """Return citations each once, without those that give no place of a reference of which others give one."""
    citations = tuple(dict.fromkeys(all_of_them))
    placed = {citation.reference for citation in citations if citation.locator}
    return tuple(one for one in citations if one.locator or one.reference not in placed) if placed else citations
