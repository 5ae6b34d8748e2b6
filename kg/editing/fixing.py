"""What of a study can be mended by an operation: digests, ids, and passages that are not in their source."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from kg.editing import passages
from kg.editing.coding import Confirm
from kg.editing.files import Files, blaming_the_study
from kg.editing.records import Pin, Upgrade
from kg.entries import STUDY_FORMAT
from kg.nearest import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.editing.operation import Operation


class Fix(NamedTuple):
    """Something that can be mended.

    Args:
        address: how a person names it.
        what: what is wrong.
        ways: what can be done, by letter; a single one has the empty letter.
        said: each of these, in words.
        sure: whether the first way can be gone without a look.
    """

    address: str
    what: str
    ways: dict[str, Operation]
    said: dict[str, str]
    sure: bool


def fixes(study: Path) -> list[Fix]:
    """List what can be mended, by kind and place.

    Args:
        study: the study's folder.

    Raises:
        StudyError: when a file of the study cannot be read.
    """
    with blaming_the_study(study):
        return list(_fixes(Files(study.resolve())))


def _fixes(files: Files) -> Iterator[Fix]:
    listing = files.value("study.yaml")
    for entry in listing.get("sources") or ():
        data = files.read(str(entry.get("file", "")))
        if data is None or entry.get("sha256") == hashlib.sha256(data).hexdigest():
            continue
        identifier = str(entry["id"])
        edited = "sha256" in entry
        what = f"the source '{identifier}' {'was edited after it was listed' if edited else 'has no digest'}"
        way = "write the digest that it has now" + "; see first that its passages are where they belong" * edited
        yield Fix(identifier, what, {"": Pin(source=identifier)}, {"": way}, sure=not edited)
    for lost in (one for name in files.names("codings") for one in passages.lost(files, name)):
        ways: dict[str, Operation] = {letter: Confirm(address=lost.address, letter=letter) for letter in lost.letters}
        said = {letter: f"{shown(place)} ({place.why})" for letter, place in lost.letters.items()}
        sure = bool(lost.proposals) and lost.proposals[0].sure
        yield Fix(lost.address, f"{lost.found.file}: {lost.why}", ways, said, sure=sure)
    bare = sum(
        "id" not in line
        for name in files.names("codings")
        for excerpt in files.value(name).get("excerpts") or ()
        for line in excerpt.get("evidence") or ()
    )
    if bare or listing.get("format", "1") in map(str, range(1, STUDY_FORMAT)):
        what = f"{bare:,} evidence line{'s have' if bare != 1 else ' has'} no id" if bare else "the study is older"
        yield Fix("upgrade", what, {"": Upgrade()}, {"": "write what it lacks, as 'kg upgrade' does"}, sure=True)
