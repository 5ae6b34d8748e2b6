"""Check an edit before it is written, by the loaders that a build reads with.

The theory and the sources that the edit can reach are read as they would be. An error that the study has already does
not stand against an edit; one that comes with it does.
"""

from __future__ import annotations

import re
import tempfile
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import aside, moving, paths
from kg.errors import Finding, StudyError
from kg.inputs import BY_SOURCE
from kg.loaders import _yaml
from kg.loaders.unread import FILES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kg.editing.files import Files
    from kg.entries import SourceEntry
    from kg.loaders.codings import LinePlace
    from kg.loaders.study import TheoryRead

_NAMED = re.compile(r"""\bsource["']?\s*:\s*["']?([\w.\-]+)""")
"""Sources that a codings file names: its own, and those of passages that are quoted from elsewhere."""


class Checked(NamedTuple):
    """What a check of an edit found.

    Args:
        findings: warnings and notes about the files that change, which they had not before.
        mended: errors that were there before and are not any more, each as :func:`key` names it.
    """

    findings: tuple[Finding, ...]
    mended: tuple[str, ...] = ()


def check(files: Files, *, keeps: bool = False, mends: bool = False, forgiven: Collection[str] = ()) -> Checked:
    """Check what files are to become.

    Args:
        files: the files, with their changes.
        keeps: whether things are only called otherwise, so that no passage has to be looked for again.
        mends: whether to say which errors are mended, which takes another reading.
        forgiven: errors that may come back, because the edit that is undone mended them.

    Raises:
        StudyError: with the errors that the changes would bring.
    """
    changed = files.changed()
    sources = set[str]() if keeps else _reached(files, changed)
    after = _findings(files, changed, sources)
    if not after and not mends:
        return Checked(())
    before = _findings(files, {name: files.read(name) for name in changed}, sources)
    there = {key(finding) for finding in before}
    new = [finding for finding in after if key(finding) not in there]
    if errors := [finding for finding in new if finding.severity == "error" and key(finding) not in forgiven]:
        raise StudyError(errors)
    left = {key(finding) for finding in after}
    return Checked(
        tuple(sorted(finding for finding in new if finding.file in changed and finding.severity != "error")),
        tuple(sorted(there - left)) if mends else (),
    )


def key(finding: Finding) -> str:
    """Return what a finding says, without its line, which an edit moves."""
    return f"{finding.file}: {finding.rule}: {finding.message}"


def _reached(files: Files, changed: Mapping[str, bytes | None]) -> set[str]:
    """Return the ids of the sources whose codings and readings an edit may break."""
    reached: set[str] = set()
    gone: set[str] = set()
    come: set[str] = set()
    for name, data in changed.items():
        # What study.yaml says of a text changes with it.
        if not name.endswith(".yaml"):
            continue
        texts = [one.decode("utf-8-sig") for one in (files.read(name), data) if one is not None]
        if name.startswith(tuple(f"{part}/" for part in BY_SOURCE)):
            reached |= {source for text in texts if (source := _yaml.peek(text, "source"))}
        before, after = files.before(name), files.value(name)
        ids_before, ids_after = set(_ids(before)), set(_ids(after))
        gone |= ids_before - ids_after
        if name.startswith("codings/"):
            come |= ids_after - ids_before
        if name == "study.yaml":
            reached |= _differing(before, after, "sources", "id")
            if before.get("uncited") != after.get("uncited"):
                reached |= {str(one.get("id")) for one in after.get("sources") or ()}
        elif name == "codebook.yaml":
            anchors = [
                {str(code.get("id")): code["anchor"] for code in value.get("codes") or () if code.get("anchor")}
                for value in (before, after)
            ]
            reached |= {str(one.get("source")) for key, one in anchors[1].items() if one != anchors[0].get(key)}
        elif name == "agreement.yaml":
            reached |= _differing(before, after, "settlements", "source")
    # An id that is no more may be named anywhere, and a line's that is new be another's already.
    words = [word.encode() for word in (*gone, *come)]
    others = {name for part in BY_SOURCE for name in files.names(part)} - changed.keys() if words else set()
    for name in others:
        data = files.read(name) or b""
        if any(word in data for word in words):
            reached.add(files.source_of(name) or "")
    return reached - {""}


def _values(data: bytes | None) -> dict[str, Any]:
    """Return the values of a YAML file; nothing of one that is not there or broken."""
    read = _yaml.parse(data.decode("utf-8-sig"), "", []) if data else None
    return read[0] if read and isinstance(read[0], dict) else {}


def _ids(value: Any) -> Iterator[str]:
    """Give the ids of all entries of a file."""
    if isinstance(value, list):
        for item in value:
            yield from _ids(item)
    elif isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for item in value.values():
            if isinstance(item, (list, dict)):
                yield from _ids(item)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any], key: str, named: str) -> set[str]:
    """Return what the entries of a list name that are not the same before and after."""
    lists = [[one for one in value.get(key) or () if isinstance(one, dict)] for value in (before, after)]
    return {str(one.get(named)) for mine, other in (lists, lists[::-1]) for one in mine if one not in other}


def _findings(files: Files, content: Mapping[str, bytes | None], sources: set[str]) -> list[Finding]:
    """Read the theory and some sources of a study, with other content of some files."""
    from kg.loaders.study import Reading

    # In the study's folder, whoever watches that would see it.
    with aside.folder(paths.store_folder(files.folder), "check") as folder:
        try:
            known = _theory(tuple(sorted(_of_no_source(files, content))))
            _lay_out(files, content, known.theory.listing.sources if known else (), sources, folder)
            reading = Reading(folder, known=known)
        except StudyError as e:
            return list(e.findings)
        lines: list[LinePlace] = []
        for source in reading.sources:
            if source.id in sources:
                part = reading.read(source)
                lines += part.lines
                reading.reader.take(part.reader)
        findings = reading.reader.listed()
    places = {}
    for line in sorted(lines, key=lambda line: (line.file, line.line)):
        if line.id in places:
            message = f"the evidence line '{line.id}' stands here twice"
            findings.append(Finding(line.file, line.line, "duplicate-id", message, "remove one, or give it another id"))
        places[line.id] = line
    for line in lines:
        successor = line.replaced_by
        if successor and successor not in places and not _is_line(files, content, successor):
            findings.append(Finding(line.file, line.names, "unknown-line", f"unknown line '{successor}'"))
    return findings


def _of_no_source(files: Files, content: Mapping[str, bytes | None]) -> Iterator[tuple[str, bytes]]:
    """Give the name and the bytes of each file that belongs to no single source."""
    for name in FILES:
        data = content[name] if name in content else files.read(name)
        if data is not None:
            yield name, data


@lru_cache(2)
def _theory(content: tuple[tuple[str, bytes], ...]) -> TheoryRead | None:
    """Read the files that belong to no single source, which most edits leave as they are."""
    from kg.loaders.study import read_theory

    with tempfile.TemporaryDirectory() as folder:
        for name, data in content:
            Path(folder, name).write_bytes(data)
        return read_theory(Path(folder))


def _is_line(files: Files, content: Mapping[str, bytes | None], identifier: str) -> bool:
    """Say whether a file has an evidence line."""
    for name in files.names("codings"):
        data = content[name] if name in content else files.read(name)
        if data and identifier.encode() in data and identifier in set(_ids(_values(data))):
            return True
    return False


def _lay_out(
    files: Files,
    content: Mapping[str, bytes | None],
    listed: Sequence[SourceEntry],
    sources: set[str],
    folder: Path,
) -> None:
    """Link what is to be read into a folder."""

    def lay(name: str) -> None:
        there, new = files.laid(name) or files.folder / name, folder / name
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute() or new.exists():
            return
        data = content.get(name)
        if name in content and data is None:
            return
        new.parent.mkdir(parents=True, exist_ok=True)
        if data is not None:
            new.write_bytes(data)
        elif there.is_file() and (files.laid(name) or there.resolve().is_relative_to(files.folder.resolve())):
            moving.link(str(there.resolve()), str(new))

    for name in FILES:
        lay(name)
    wanted = set(sources)
    for part in BY_SOURCE:
        for name in sorted({*files.names(part), *(n for n in content if n.startswith(f"{part}/"))}):
            if name not in content and files.source_of(name) not in sources:
                continue
            data = content[name] if name in content else files.read(name)
            text = (data or b"").decode("utf-8-sig", "replace")
            if _yaml.peek(text, "source") in sources:
                lay(name)
                wanted |= set(_NAMED.findall(text))
    for entry in listed:
        if entry.id in wanted:
            lay(entry.file)
            if entry.places:
                lay(entry.places)
