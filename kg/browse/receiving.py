"""Documents that a page sends: all of them in one body, streamed into a folder aside.

The body is a line of JSON, :class:`Sent`, and after it the bytes of each document, one after another. A form's
``multipart/form-data`` would say the same with a parser for boundaries, and is what pages elsewhere may send unasked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from kg.browse.connections import LENGTH
from kg.entries import Identifier, Record, Role

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

KIND = "application/octet-stream"
"""Media type of the body."""
MOST = 200
"""How many documents come at once at most."""
_HEAD = LENGTH - 8 * 2**10
"""How long the line of JSON may be (bytes)."""


class File(Record):
    """A document that follows.

    Args:
        name: the name that it has where it comes from, which is never a path here.
        size: its length (bytes).
    """

    name: str = Field(max_length=1000)
    size: int = Field(ge=0)


class Sent(Record):
    """The line before the documents: which they are, and what a person says of them, as ``kg add`` takes it.

    Args:
        files: the documents, in the order of their bytes.
        case: id of the case that they are about.
        role: what they are in the study.
        speakers: ``auto`` takes turns also where a text only looks like a transcript, ``none`` none.
        encoding: what texts are encoded as.
    """

    files: tuple[File, ...] = Field(min_length=1, max_length=MOST, strict=False)
    case: Identifier | None = None
    role: Role | None = None
    speakers: Literal["auto", "none"] | None = None
    encoding: str | None = Field(default=None, max_length=100)


class Unreadable(Exception):
    """A body that is not as it says, or not as it should be, with what is wrong.

    Args:
        why: in words.
        long: whether it is too long.
    """

    def __init__(self, why: str, *, long: bool = False) -> None:
        super().__init__(why)
        self.why, self.long = why, long


async def receive(parts: AsyncIterator[bytes], place: Path, longest: int) -> Sent:
    """Write the documents of a body into a folder, each called by its number from 0.

    Args:
        parts: the body, as it comes.
        place: an empty folder.
        longest: how long all documents together may be (bytes).

    Returns:
        What was said of them.

    Raises:
        Unreadable: when the body is no such body.
        OSError: when they cannot be written.
    """
    sent, rest = await _head(parts)
    if (total := sum(one.size for one in sent.files)) > longest:
        raise Unreadable(f"these documents have {total:,} bytes, more than {longest:,}", long=True)
    for number, file in enumerate(sent.files):
        left = file.size
        with (place / str(number)).open("wb") as stream:
            while left:
                rest = rest or await _next(parts)
                if not rest:
                    raise Unreadable(f"the document '{file.name[:100]}' did not come whole")
                stream.write(rest[:left])
                left, rest = max(0, left - len(rest)), rest[left:]
    if rest or await _next(parts):
        raise Unreadable("more came than the documents that were named")
    return sent


async def _next(parts: AsyncIterator[bytes]) -> bytes:
    """Return the next part that is not empty; an empty one at the end."""
    async for part in parts:
        if part:
            return part
    return b""


async def _head(parts: AsyncIterator[bytes]) -> tuple[Sent, bytes]:
    """Read the line of JSON; return what it says, and what came with it."""
    head = bytearray()
    async for part in parts:
        head += part
        line, end, rest = head.partition(b"\n")
        if len(line) > _HEAD:
            raise Unreadable(f"what is said of the documents is longer than {_HEAD // 2**10} KiB", long=True)
        if end:
            try:
                return Sent.model_validate_json(bytes(line)), bytes(rest)
            except ValidationError as e:
                problem = e.errors()[0]
                raise Unreadable(
                    f"{'.'.join(map(str, problem['loc'])) or 'the first line'}: {problem['msg']}"
                ) from None
    raise Unreadable("the first line, which says which documents follow, did not come")
