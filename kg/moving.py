"""Move what was laid out aside into its place: all of it or nothing, also when the process is killed at any moment.

A place that is not there yet gets the whole folder by one rename. Into a folder that is there, such as a study that is
added to, files are moved one by one, and a journal says which: it is written when everything is on the disk, and from
then on the move counts as done. Whoever reads the folder next carries it on (:func:`recover`). Old files are kept
until the end, so that an error in the midst, or what a person edited meanwhile, can lead back to where it began.

While files move, and while a study is read and built, its lock is held, so that nobody reads half of it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NoReturn

from kg import aside, paths
from kg.errors import Finding, KGError, StoreUnavailable, StudyError
from kg.files import sync

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from contextlib import AbstractContextManager

    from filelock import FileLock

    from kg.journal import Journal, Move

_BEFORE = ".before"
"""Folder of the files as they were, inside the folder aside."""
_log = logging.getLogger("kg")
"""Without a handler of the caller's, Python prints its warnings on standard error."""


@contextmanager
def laid_aside(target: Path, purpose: str) -> Iterator[Path]:
    """Give an empty folder that :func:`move_in` can move to a place, on the same disk.

    Args:
        target: the place: a folder, which need not be there.
        purpose: what for, such as ``import``; what a kill left there and beside it is removed or carried on first.

    Raises:
        OSError: when it cannot be made.
    """
    place = target.resolve()
    home = next(p for p in (place, *place.parents) if p.is_dir())
    if home == place:
        carry_on(place, purpose)
        aside.clean(place.parent, purpose)  # versions before this one laid aside here
    with aside.folder(home, purpose) as staged:
        yield staged


class Edited(KGError):
    """The change of a file by another program since it was read.

    Args:
        name: the file.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} was changed by another program meanwhile; nothing was written")


def move_in(
    staged: Path,
    target: Path,
    order: Callable[[str], Any] = str,
    *,
    gone: Collection[str] = (),
    expected: Mapping[str, str | None] | None = None,
) -> None:
    """Move what a folder holds to a place; when that fails half way, everything is as it was.

    Args:
        staged: what :func:`laid_aside` gave.
        target: the place that was named there.
        order: key of a file's name, by which they are sorted into the order of their move.
        gone: names of files that are removed from the place, where an empty file of that name is laid aside.
        expected: by name, the SHA-256 that files of the place had when they were read; None for one that was not there.

    Raises:
        Edited: when one of these has another content now. Nothing is moved then.
        StudyError: when a link would lead a file out of the place.
        OSError: when it cannot be written.
    """
    from kg.journal import Journal

    place = target.resolve()
    if staged.parent != place:
        _save(staged)
        place.parent.mkdir(parents=True, exist_ok=True)
        staged.rename(place)
        sync(place.parent)
        return
    names = sorted((p.relative_to(staged).as_posix() for p in staged.rglob("*") if p.is_file()), key=order)
    moves = [move for name in names if (move := _move(staged, place, name, gone)) is not None]
    folders = {p.as_posix() for move in moves for p in PurePosixPath(move.name).parents if not (place / p).exists()}
    for move in moves:
        if move.old is not None:
            kept = staged / _BEFORE / move.name
            kept.parent.mkdir(parents=True, exist_ok=True)
            link(str(place / move.name), str(kept))
    _save(staged, {staged / at / move.name for move in moves for at in ("", _BEFORE)})
    journal = Journal(moves=tuple(moves), folders=tuple(sorted(folders)))
    # The journal gets its name when all is on the disk: from then on the move is carried on after a kill.
    written = staged / f"{aside.JOURNAL}.new"
    written.write_text(journal.model_dump_json(), "utf-8", newline="\n")
    sync(written)
    for name, digest in (expected or {}).items():
        if _digest(place / name) != digest:
            raise Edited(name)
    written.rename(staged / aside.JOURNAL)
    sync(staged)
    try:
        _forward(staged, place, journal)
    except BaseException:
        if aside.pending(staged):  # without a journal all is done, but for the removal of what is left
            _back(staged, place, journal)
        raise


def link(source: str, target: str) -> str:
    """Link a file, or copy it where the file system cannot link.

    Args:
        source: its path.
        target: the path that it gets besides.

    Returns:
        That path.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    return target


def lock(study: Path) -> FileLock:
    """Return the lock of a study: held while it is read and built, and while something is added to it.

    One thread may take it again while it has it.

    Args:
        study: the study's folder.

    Raises:
        StoreUnavailable: when the folder of its graph, where it lies, cannot be written.
    """
    from filelock import FileLock

    store = paths.store_folder(study)
    try:
        store.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        message = f"cannot write to {store}: {e.strerror}; set DART_KG_CACHE to a folder that can be written"
        raise StoreUnavailable(message) from e
    return FileLock(store / "lock", is_singleton=True)


@contextmanager
def still(study: Path) -> Iterator[None]:
    """Keep a study from being added to while it is read.

    Args:
        study: the study's folder.

    Raises:
        StudyError: when what a kill left of an import into it can neither be finished nor undone.
    """
    guard: AbstractContextManager[object]
    try:
        guard = lock(study).acquire()
    except OSError:  # where no lock can be written there is none to wait for: an import needs it, too
        guard = nullcontext()
    with guard:
        recover(study)
        yield


def recover(study: Path) -> None:
    """Finish what a killed import left in a study, or undo it; look for nothing else, so that it costs next to nothing.

    An import that is under way is waited for when it moves its files already, and left alone before.

    Args:
        study: the study's folder.

    Raises:
        StudyError: when it can neither be finished nor undone, such as in a folder that cannot be written.
    """
    left = aside.left(study, "import")
    if not any(map(aside.pending, left)):
        if left:
            aside.clean(study, "import")
        return
    with lock(study):
        carry_on(study, "import")
    for place in left:
        if aside.pending(place):
            _refuse(place, study, "the folder cannot be written", "make it writable, and run this again")


def carry_on(target: Path, purpose: str) -> None:
    """Finish or undo what a kill left in a folder, whatever it was for.

    Args:
        target: the folder that files were moved into; it need not be there.
        purpose: what for, such as ``export``.

    Raises:
        StudyError: when it can neither be finished nor undone.
    """
    aside.clean(target, purpose, partial(_mend, target))


def _mend(target: Path, staged: Path) -> None:
    """Carry on what the journal of a folder aside says, and remove the folder."""
    from pydantic import ValidationError

    from kg.journal import Journal

    undo = not (staged / aside.JOURNAL).is_file()
    try:
        if not aside.pending(staged):
            aside.remove(staged)
            return
        journal = Journal.model_validate_json((staged / (aside.UNDO if undo else aside.JOURNAL)).read_bytes())
        waiting: list[tuple[Move, str | None]] = []
        moved: list[tuple[Move, str | None]] = []
        for move in journal.moves:
            new, _, there = _ways(staged, target, move.name)
            (waiting if os.path.lexists(new) else moved).append((move, _digest(there)))
        edited = [move.name for move, now in waiting if now not in (move.old, move.new)]
        if undo or edited:
            kept = _back(staged, target, journal)
            why = f", because {_named(edited)} was edited meanwhile" if edited else ""
            what = f"is undone{why}; import again"
        else:
            kept = [move.name for move, now in moved if now != move.new]
            _forward(staged, target, journal)
            what = "is finished now"
    except ValidationError:
        _refuse(staged, target, "its journal is not what was written", "see that all is there, and remove that folder")
    except OSError as e:
        if isinstance(e, StudyError):
            raise
        _refuse(staged, target, e.strerror or str(e), "mend that, and run this again")
    also = f"; {_named(kept)} was edited since, and stays as it is" if kept else ""
    _log.warning("what was broken off while it was moved into '%s' %s%s", target.name, what, also)


def _forward(staged: Path, target: Path, journal: Journal) -> None:
    """Move what was not moved yet, and remove the folder aside."""
    touched = {(target / name).parent for name in journal.folders}
    for move in journal.moves:
        new, _, there = _ways(staged, target, move.name)
        touched.add(there.parent)
        if os.path.lexists(new) and move.new is None:
            there.unlink(missing_ok=True)
            new.unlink()
        elif os.path.lexists(new):
            if not there.parent.is_dir():
                there.parent.mkdir(parents=True)
            new.replace(there)
    for folder in touched:
        sync(folder)
    (staged / aside.JOURNAL).unlink()
    aside.remove(staged)


def _back(staged: Path, target: Path, journal: Journal) -> list[str]:
    """Put back what was moved, and remove the folder aside; return the names of files that were edited since."""
    kept = []
    if (staged / aside.JOURNAL).exists():
        # From here on there is only the way back, whoever goes it.
        (staged / aside.JOURNAL).replace(staged / aside.UNDO)
        sync(staged)
    touched = set()
    for move in reversed(journal.moves):
        new, before, there = _ways(staged, target, move.name)
        # Of a file that is removed, what was laid aside says nothing: it goes after the file.
        if (move.new is not None and os.path.lexists(new)) or (now := _digest(there)) == move.old:
            continue
        if now != move.new:
            kept.append(move.name)
        elif move.old is not None:
            before.replace(there)
        else:
            there.unlink()
        touched.add(there.parent)
    for name in sorted(journal.folders, reverse=True):
        with suppress(OSError):
            (target / name).rmdir()  # if it is empty
    for folder in touched:
        if folder.is_dir():
            sync(folder)
    (staged / aside.UNDO).unlink()
    aside.remove(staged)
    return kept


def _move(staged: Path, target: Path, name: str, gone: Collection[str]) -> Move | None:
    """Return how a file is moved; None when the same stands there already."""
    from kg.journal import Move

    new, there = staged / name, target / name
    if there.exists() and there.samefile(new):
        return None
    move = Move(name=name, old=_digest(there), new=None if name in gone else _digest(new))
    if move.old == move.new:
        return None
    _ways(staged, target, name)
    return move


def _ways(staged: Path, target: Path, name: str) -> tuple[Path, Path, Path]:
    """Return where a file is laid aside, where the one before it is kept, and where it belongs.

    A journal may come from anywhere, as a study does: nothing is moved from or to outside.
    """
    parts = PurePosixPath(name).parts
    ways = staged / name, staged / _BEFORE / name, target / name
    within = zip(ways, (staged, staged, target), strict=True)
    if (
        not parts
        or any(part.startswith((".", "/")) for part in (*parts, *Path(name).parts))
        or Path(name).drive
        or not all(path.parent.resolve().is_relative_to(root.resolve()) for path, root in within)
    ):
        mend = "remove the link, or copy what it leads to"
        raise StudyError([Finding(name, 0, "outside-study", f"'{name}' leads out of the study folder", mend)])
    return ways


def _digest(path: Path) -> str | None:
    """Return the SHA-256 of a file; None when nothing is there."""
    if not os.path.lexists(path):
        return None
    if not path.is_file():
        return "not a file"
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _save(folder: Path, files: set[Path] | None = None) -> None:
    """Have files of a folder, and all its names, written on the disk; None means every file."""
    for path in (*folder.rglob("*"), folder):
        if path.is_dir() or files is None or path in files:
            sync(path)


def _named(names: list[str]) -> str:
    """Name some files in a sentence."""
    return ", ".join(f"'{name}'" for name in names[:5]) + (" and others" if len(names) > 5 else "")


def _refuse(staged: Path, target: Path, why: str, mend: str) -> NoReturn:
    """Say that what a kill left can neither be finished nor undone."""
    message = f"what was being moved into '{target.name}' was broken off, and can neither be finished nor undone: {why}"
    raise StudyError([Finding(staged.name, 0, "unreadable-file", message, mend)])
