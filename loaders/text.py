"""Plain text: every line that is not blank is a paragraph."""

from __future__ import annotations

from kg.records import Paragraph


def paragraphs(text: str, title: str) -> list[Paragraph]:
    r"""Split plain text into the paragraphs of its body.

    Args:
        text: the whole text.
        title: the source's title; a line that is just the title is not body.

    Returns:
        The paragraphs in order, offsets in codepoints.

    Example:
        >>> [(p.start, p.end) for p in paragraphs("Title\n\nOne.\nTwo.\n", "Title")]
        [(7, 11), (12, 16)]
    """
    body, at = [], 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped and stripped != title.strip():
            start = at + line.index(stripped)
            body.append(Paragraph(start=start, end=start + len(stripped)))
        at += len(line)
    return body
