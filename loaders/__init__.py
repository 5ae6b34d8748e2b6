"""Turn files into records: one module a format, all listed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.loaders import markdown, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.records import Paragraph

SOURCES: dict[str, Callable[[str, str], list[Paragraph]]] = {
    ".md": markdown.paragraphs,
    ".txt": text.paragraphs,
}
"""How each kind of source file is split into the paragraphs of its body, by its suffix."""

SIGNS: dict[str, Callable[[str, str], Iterable[tuple[int, int]]]] = {".md": markdown.signs}
"""What finds the stretches beside the prose that say what paragraphs are called and cite, where a format has any."""
