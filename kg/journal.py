"""The journal of files that are moved into a folder: written before the first is moved, read by who carries it on."""

from __future__ import annotations

from pydantic import Field

from kg.entries import Record


class Move(Record):
    """A file's way from the folder aside into its place.

    Args:
        name: its path in both, with forward slashes.
        old: SHA-256 of the file that is replaced; None when there is none.
        new: SHA-256 of the file; None when the file at its place is removed.
    """

    name: str
    old: str | None
    new: str | None


class Journal(Record):
    """The files to be moved, in this order, and the folders that are made for them."""

    moves: tuple[Move, ...] = Field(strict=False)
    folders: tuple[str, ...] = Field(strict=False)
