"""The id of a passage, which says where the passage stands: SOURCE:START-END."""

from __future__ import annotations

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
