"""The id of a passage, which says where it stands, SOURCE:START-END; and of a line whose file gives it none."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BETWEEN = "\n"
"""What stands between ids in a cell of a table, which is read faster than rows of their own; no id has it."""


def excerpt_id(source: str, start: int, end: int) -> str:
    """Return the id of a passage.

    Args:
        source: id of its source.
        start: where it begins in the source's text (codepoints).
        end: where it ends (codepoints, exclusive).

    Example:
        >>> excerpt_id("interview", 39, 121)
        'interview:39-121'
    """
    return f"{source}:{start}-{end}"


def line_id(said: Sequence[object]) -> str:
    """Return the id of an evidence line that has none in its file, made of what it says.

    Args:
        said: claim, stance, passages, coder, day and reason; a number more where another line says the very same.

    Example:
        >>> line_id(["P1", "supports", ["interview:39-121"], "me", "2026-11-24", "She says so."])
        'line-f6df6a0fdf'
    """
    return f"line-{hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:10]}"


def source_of(excerpt: str) -> str:
    """Return the id of the source in which a passage stands.

    Args:
        excerpt: the passage's id.

    Example:
        >>> source_of("interview:39-121")
        'interview'
    """
    return excerpt.rpartition(":")[0]


def span_of(excerpt: str) -> str:
    """Return where a passage stands in its source, as its id says it.

    Args:
        excerpt: the passage's id.

    Example:
        >>> span_of("interview:39-121")
        '39-121'
    """
    return excerpt.rpartition(":")[2]
