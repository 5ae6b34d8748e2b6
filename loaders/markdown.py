"""Markdown with Pandoc citations: ``[H04] Prose. [@key, p. 3; @other]``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.loaders import pandoc_citations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.records import Paragraph

_CITATIONS = re.compile(r"\s*\[[^\[\]]*@[^\[\]]*\]")
_LABEL = re.compile(r"\[([\w.-]+)\]\s+")
_MARKERS = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+[ \t]*")
_FRONT_MATTER = re.compile(r"\A---\r?\n.*?^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)

_WITH_TEXT = {"paragraph_open": "paragraph", "heading_open": "heading"}
_VERBATIM = {"fence": "code", "code_block": "code", "html_block": "code"}
"""What the tokens of markdown-it are; the text of the first stands in the token behind them."""
_LINES = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
"""Lines as CommonMark counts them."""


class Block(NamedTuple):
    """A block of Markdown that has text.

    Args:
        kind: ``paragraph``, ``heading`` or ``code``.
        start: where its first word begins (codepoints).
        end: where its last line ends (codepoints, exclusive).
        content: of a paragraph or heading the text without what marks it as such.
        level: of a heading 1 to 6, else 0.
    """

    kind: str
    start: int
    end: int
    content: str
    level: int


def blocks(text: str) -> Iterator[Block]:
    r"""Find the paragraphs, headings and code blocks of Markdown, in order.

    Args:
        text: the whole text.

    Example:
        >>> [(block.kind, block.content, block.level) for block in blocks("## Head\n\n- One.\n")]
        [('heading', 'Head', 2), ('paragraph', 'One.', 0)]
    """
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(text)
    lines = _LINES.findall(text)
    skipped = len(_LINES.findall(front[0])) if front else 0
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    # Blank lines in the front matter's place keep markdown-it's line numbers ours.
    # What is inside a paragraph is not looked at: a quote is anchored in the text as it is written.
    tokens = MarkdownIt("commonmark").disable("inline").parse("\n" * skipped + "".join(lines[skipped:]))
    before = None
    for token in tokens:
        opened = before if before is not None and token.type == "inline" else token
        kind = _WITH_TEXT.get(opened.type) if opened is before else _VERBATIM.get(token.type)
        if kind and opened.map is not None:
            start, end = offsets[opened.map[0]], offsets[min(opened.map[1], len(lines))]
            start += len(text[start:end]) - len(text[start:end].lstrip())
            end = start + len(text[start:end].rstrip())
            if start < end:
                yield Block(kind, start, end, token.content, int(opened.tag[1:]) if kind == "heading" else 0)
        before = token


def paragraphs(text: str, title: str) -> list[Paragraph]:
    r"""Split Markdown into the paragraphs of its body.

    Front matter, headings, paragraph labels and citation clusters are not body, so no quote
    can rest on them; the clusters become the citations of their paragraph.

    Args:
        text: the whole text.
        title: the source's title; a paragraph that is just the title is not body.

    Returns:
        Stretches of prose in order, offsets in codepoints; a paragraph with a citation in its
        middle gives several, with one id.

    Example:
        >>> text = "# Head\n\n[H01] Users lead. [@a2001; @b2002, p. 3]\n"
        >>> [(text[p.start:p.end], p.id, p.references, str(p.citations[1].locator)) for p in paragraphs(text, "")]
        [('Users lead.', 'H01', ('a2001', 'b2002'), 'page 3')]
    """
    from kg.records import Citation, Paragraph, Unread

    body: list[Paragraph] = []
    for block in blocks(text):
        start, end = block.start, block.end
        if block.kind != "paragraph" or text[start:end] == title.strip():
            continue
        identifier = None
        if label := _LABEL.match(text, start, end):
            identifier, start = label[1], label.end()
        clusters = list(_CITATIONS.finditer(text, start, end))
        items = [item for c in clusters for item in pandoc_citations.items(text, c.start(), c.end())]
        citations = tuple(dict.fromkeys(Citation(reference=item.key, locator=item.locator) for item in items))
        unread = tuple(
            Unread(item.start, item.unread, Citation(reference=item.key, locator=item.locator))
            for item in items
            if item.unread
        )
        at = start
        for cluster in (*clusters, None):
            stop = cluster.start() if cluster else end
            if text[at:stop].strip(" \t\r\n.,;:"):
                first = at + len(text[at:stop]) - len(text[at:stop].lstrip())
                body.append(Paragraph(start=first, end=stop, id=identifier, citations=citations, unread=unread))
                unread = ()
            at = cluster.end() if cluster else end
    return body


def signs(text: str, title: str) -> Iterator[tuple[int, int]]:
    r"""Find what stands beside the prose of Markdown and says where a paragraph begins, what it is called and cites.

    Args:
        text: the whole text.
        title: the source's title, as :func:`paragraphs` takes it.

    Yields:
        Stretches of the text, in order: marks of lists and quotations, labels, keys with their places.

    Example:
        >>> text = "# Head\n\n[H01] Users lead. [as @b2002 says, p. 3]\n\n- One.\n"
        >>> [text[start:end] for start, end in signs(text, "")]
        ['[H01] ', '[', '@b2002', ']', '- ']
    """
    for block in blocks(text):
        if block.kind != "paragraph" or text[block.start : block.end] == title.strip():
            continue
        if first := _LABEL.match(text, block.start, block.end) or _MARKERS.match(text, block.start, block.end):
            yield first.span()
        for cluster in _CITATIONS.finditer(text, block.start, block.end):
            yield from pandoc_citations.signs(text, text.index("[", cluster.start()), cluster.end())
