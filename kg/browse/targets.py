"""What is asked of the processes that make pages, and what they give; it needs nothing of what they need."""

from __future__ import annotations

from typing import NamedTuple

PATHS = (
    "", "ask", "search", "picture", "explore", "propositions", "codes", "cases", "sources", "references", "authors",
    "coders", "agreement", "ontology", "matrix", "crosstab", "gaps", "passages", "waiting", "read", "style",
)  # fmt: skip
"""The paths of the pages that are about no single record, which :data:`kg.browse.responses.PAGES` makes."""

EXPLORED = ("columns", "outline", "narrow")
"""The forms in which free exploring is placed, of :data:`kg.picture.columns.FORMS`."""


class Target(NamedTuple):
    """The target of a request; of one build, equal targets have equal representations.

    Args:
        path: path of the page without language and suffix, such as ``ask`` or ``proposition/P18``.
        form: one of :data:`kg.browse.responses.FORMS`.
        language: ``en`` or ``zh``.
        query: what stands after the question mark, as it was sent.
        editing: whether the page is one on which the study is edited.
        only: id of the coder whose acts alone are shown of a source; empty for those of all.
    """

    path: str
    form: str
    language: str
    query: str
    editing: bool = False
    only: str = ""


class Representation(NamedTuple):
    """The representation of a target, as it is sent.

    Args:
        body: its content, compressed by gzip.
        kind: its media type.
        status: the status of HTTP.
        tag: what tells it from others (ETag).
        passing: whether it says what may change without a build, so that it is not kept.
        links: what belongs to it, as the header ``Link`` has it.
    """

    body: bytes
    kind: str
    status: int
    tag: str
    passing: bool = False
    links: str = ""
