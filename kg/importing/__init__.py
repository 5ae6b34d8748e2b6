"""Take what another tool exported into a study folder: read, find out how the file counts positions, check, write.

Nothing is written before the whole is read and the study it gives loads without errors; then each file is
moved into its place. What the file has and a study does not is counted and listed, never dropped in silence.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, NoReturn

from kg import moving
from kg.errors import KGError, UnknownTerm, closest
from kg.importing.report import Report, before
from kg.loaders.imports.safe import fit, refuse
from kg.progress import silent

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kg.loaders.imports import Format, Options
    from kg.loaders.imports.material import Material, Reading
    from kg.loaders.imports.readings import Chosen
    from kg.progress import Progress


_CLOSED = {r"\.nvpx?": "NVivo", r"\.(?:mx\d\d|mqda)": "MAXQDA", r"\.(?:atlproj\d*|hpr\d)": "ATLAS.ti"}
"""Suffixes of projects that only these programs read."""


def import_file(
    path: Path,
    into: Path,
    options: Options,
    day: datetime.date,
    *,
    name: str | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Report:
    """Import a file of another tool into a study folder.

    Args:
        path: the file, or a QualCoder project's folder.
        into: a study folder, or one that does not exist yet.
        options: what a person adds to the file.
        day: the day of codings for which the file has none, unless the file was imported before.
        name: one of :func:`kg.loaders.imports.formats`; None to look into the file.
        dry_run: whether to write nothing.
        progress: called with the step, how much of it is done, and how much there is.

    Returns:
        What was taken and what was not.

    Raises:
        StudyError: when the file cannot be read or trusted, the study has errors, or files of the import were
            edited by hand and have changed in the file as well. Nothing is written then.
        UnknownTerm: when there is no such format.
    """
    if not path.exists():
        refuse(path.name, "missing-file", "there is no such file", "mend the path")
    if not (path.is_file() or path.is_dir()):
        refuse(path.name, "unreadable-file", "it is neither a file nor a folder", "name a file")
    if path.is_dir() and into.resolve().is_relative_to(path.resolve()):
        refuse(str(into), "no-study", "it lies inside the project that is imported", "name another folder with --into")
    key, form = _format(path, name)
    # Nobody else adds to the study, or makes it, and nobody reads it, until this is done.
    with moving.lock(into):
        moving.recover(into)
        return _take(path, into, options, day, key, form, dry_run=dry_run, progress=progress)


def _take(
    path: Path,
    into: Path,
    options: Options,
    day: datetime.date,
    key: str,
    form: Format,
    *,
    dry_run: bool,
    progress: Progress,
) -> Report:
    """Import a file of a known format into a folder that nobody else writes to."""
    from kg import naming
    from kg.importing.folder import Folder, existing
    from kg.importing.study import Importer, with_texts
    from kg.loaders import study as loader

    there = existing(into)
    last = before(into, called := naming.slug(path.name, "import"))
    report = Report(fit(path.name)[0], key, into, called, _digest(path, options), _day(last) or day)
    if last.get("sha256") == report.digest:
        report.fresh = False
        return report
    progress("reading the file", 0, 1)
    material = form.read(path, with_texts(options, there.study) if there else options)
    report.lost, report.said = material.lost, material.said
    report.reading = _reading(material, progress)
    try:
        with moving.laid_aside(into, "import") as aside:
            folder = Folder(aside, into, last.get("files", {}))
            Importer(material, there, last.get("ids", {}), folder, report).run(progress)
            folder.check()
            report.lost = +report.lost  # loaders count what is not there as none
            report.write(aside)
            # Passages were checked one by one; what else a person or our own export wrote is checked by loading it all.
            if there or material.records:
                progress("checking the study", 0, 1)
                loader.load(aside)
            if not dry_run:
                folder.move(into)
    except OSError as e:
        if isinstance(e, KGError):
            raise
        message = f"cannot be written: {e.strerror or str(e)[:200]}"
        refuse(str(into), "unreadable-file", message, "nothing was changed; mend that, and import again")
    return report


def columns(pairs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Read how a person names columns of a table: ``OURS=THEIRS``, repeated where ours is several of theirs.

    Args:
        pairs: what was written.

    Returns:
        Our name of a column -> the table's names of it.

    Raises:
        KGError: when one is not of that form.

    Example:
        >>> columns(["quote=Segment", "code=Code 1", "code=Code 2"])
        {'quote': ('Segment',), 'code': ('Code 1', 'Code 2')}
    """
    names: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        ours, _, theirs = map(str.strip, pair.partition("="))
        if not (ours and theirs):
            raise KGError(f"--column takes OURS=THEIRS, such as quote=Segment, and not '{pair}'")
        names[ours] = (*names.get(ours, ()), theirs)
    return names


def texts(folder: Path, encoding: str = "") -> dict[str, str]:
    """Read the texts of documents for quotes that come without them.

    Args:
        folder: a folder of ``.txt`` and ``.md`` files.
        encoding: what they are encoded as that are not UTF-8; empty when nobody says it.

    Returns:
        Texts by the name of their file.

    Raises:
        StudyError: when there is no such folder, or a file is not text.
    """
    from kg.loaders.imports import safe

    if not folder.is_dir():
        refuse(str(folder), "missing-file", "there is no such folder", "name a folder of .txt and .md files")
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".txt", ".md") and p.is_file())
    return {p.name: safe.decode(safe.read_bytes(p), p.name, encoding).text for p in files}


def _format(path: Path, name: str | None) -> tuple[str, Format]:
    """Return the format of a file, as it is named or by a look inside."""
    from kg.loaders.imports import FORMER, formats

    available = formats()
    if name is not None:
        name = FORMER.get(name, name)
        if name not in available:
            raise UnknownTerm(name, "format", closest(name, available) or list(available))
        return name, available[name]
    fitting = next(((key, form) for key, form in available.items() if form.fits(path)), None)
    if fitting is None:
        _unknown(path, available)
    return fitting


def _unknown(path: Path, available: Mapping[str, Format]) -> NoReturn:
    """Say why no importer reads a file."""
    alike = [key for key, form in available.items() if path.suffix.lower() in form.suffixes]
    program = next((name for mark, name in _CLOSED.items() if re.fullmatch(mark, path.suffix.lower())), None)
    if program:
        mend = f"open it in {program}, export it as REFI-QDA project (.qdpx), and import that"
        refuse(
            path.name, "unknown-format", f"it is a project in {program}'s own form, which only {program} reads", mend
        )
    what = f"its name is that of {' or '.join(alike)}, its content is not" if alike else "no importer knows such a file"
    refuse(path.name, "unknown-format", what, f"formats: {', '.join(available)}; see 'kg import --help'")


def _digest(path: Path, options: Options) -> str:
    """Return a SHA-256 of a file, or of all files of a folder, and of what a person adds to it."""
    added = [sorted(options.columns.items()), sorted(options.texts.items()), options.separator]
    added += [options.encoding] if options.encoding else []
    total = hashlib.sha256(json.dumps(added).encode())
    try:
        for part in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else (path,):
            with part.open("rb") as stream:
                total.update(hashlib.file_digest(stream, "sha256").digest())
    except OSError as e:
        refuse(path.name, "unreadable-file", f"cannot be read: {e.strerror}", "mend its permissions")
    return total.hexdigest()


def _day(last: dict[str, object]) -> datetime.date | None:
    """Return the day of the first import, so that importing again gives the same codings."""
    import datetime

    try:
        return datetime.date.fromisoformat(str(last["day"]))
    except (KeyError, ValueError):
        return None


def _reading(material: Material, progress: Progress) -> Chosen | None:
    """Decide how positions count, by all documents."""
    from kg.loaders.imports.readings import Evidence

    if not material.readings:
        return None

    def collected(readings: Sequence[Reading]) -> Evidence:
        evidence = Evidence(readings)
        for number, document in enumerate(material.documents()):
            progress("finding out how positions count", number, 0)
            evidence.add(document)
        return evidence

    # The documents are read more than once; what they count is counted once.
    lost, sentences = material.lost.copy(), list(material.said)
    evidence = collected(material.readings[:1])
    if not evidence.perfect:
        evidence = collected(material.readings)
    material.lost.clear()
    material.lost.update(lost)
    material.said[:] = sentences
    return evidence.choose() if evidence.passages else None
