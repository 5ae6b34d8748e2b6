"""What two copies of a study came from: told by git where both know the same commits, and else by their journals."""

from __future__ import annotations

import tarfile
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from kg import aside, git, paths
from kg.editing import journal
from kg.editing.files import Files
from kg.errors import EditRefused, KGError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.editing.journal import Entry


class Base(NamedTuple):
    """What two copies of a study came from.

    Args:
        how: how it was found: ``git``, ``journals``, or empty when nothing is known.
        accounts: the files as they were then. Of two accounts, only what both have alike is sure.
        ours: edits that only the journal here has, in order of time.
        theirs: edits that only the other journal has.
    """

    how: str
    accounts: tuple[Files, ...]
    ours: tuple[Entry, ...]
    theirs: tuple[Entry, ...]


@contextmanager
def found(study: Path, other: Path) -> Iterator[Base]:
    """Find what two copies of a study came from.

    Args:
        study: the folder of one.
        other: the folder of the other.

    Raises:
        KGError: when a journal cannot be read.
    """
    mine, others = ({(e.by, e.number, e.when): e for e in journal.read(folder)} for folder in (study, other))
    ours = tuple(entry for key, entry in mine.items() if key not in others)
    theirs = tuple(entry for key, entry in others.items() if key not in mine)
    with aside.folder(paths.store_folder(study), "base") as folder:
        if _by_git(study, other, folder):
            yield Base("git", (Files(folder),), ours, theirs)
        elif mine or others:
            yield Base("journals", (_before(study, ours), _before(other, theirs)), ours, theirs)
        else:
            yield Base("", (Files(folder),), (), ())


def _before(folder: Path, entries: tuple[Entry, ...]) -> Files:
    """Return the files of a study as they were before some of its edits, as far as these can be taken back."""
    files = Files(folder)
    for entry in reversed(entries):
        with suppress(EditRefused):
            files.reverse(entry)
    return files


def _by_git(study: Path, other: Path, to: Path) -> bool:
    """Lay out what the last commit of both had of a study; say whether there is one."""
    objects = _git(other, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    heads = [_git(folder, "rev-parse", "HEAD^{commit}") for folder in (study, other)]
    if objects is None or None in heads:
        return False
    # The commits of the other copy are read where they lie, and nothing is fetched.
    shared = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": objects.decode().strip()}
    names = [head.decode().strip() for head in heads if head]
    base = _git(study, "merge-base", *names, **shared)
    prefix = _git(study, "rev-parse", "--show-prefix")
    if base is None or prefix is None:
        return False
    tree = f"{base.decode().strip()}:{prefix.decode().strip()}"
    packed = _git(study, "archive", "--format=tar", tree, **shared)
    if packed is None:
        return False
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(to, filter="data")
    return (to / "study.yaml").is_file()


def _git(folder: Path, *words: str, **environment: str) -> bytes | None:
    """Return what a command of git prints; None when it fails, or git is not there."""
    try:
        return git.run(folder, *words, **environment)
    except (KGError, OSError):
        return None
