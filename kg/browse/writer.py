"""The process that edits a study for the browser, one edit after another.

Nothing that reads pages waits for it, and two edits of one server never meet.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import blind, editing, graph, moving
from kg.editing import fixing, journal, passages, who
from kg.editing.coding import OfPassage, Reach, finished
from kg.editing.files import Files, blaming_the_study
from kg.editing.records import PLACES, Add, ids, where
from kg.errors import EditRefused, Finding, KGError, StoreUnavailable, StudyError, UnknownTerm, closest
from kg.ids import excerpt_id
from kg.naming import slug
from kg.processes import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.editing import Outcome
    from kg.editing.fixing import Fix
    from kg.editing.operation import Operation
    from kg.editing.passages import Found
    from kg.loaders.passages import Span
    from kg.store.judgements import Judged
    from kg.store.tables import Tables

_REFUSED = 409
"""Status of an edit that the study as it is does not take (RFC 9110, 15.5.10)."""
_MOST = 100
"""How many unread lines are told of at once."""


class Writer:
    """A study that is edited; every answer is what JSON can hold.

    An answer has a ``status``, and with one that is not 200 the ``error``, in words, and what a person can do about it.
    """

    def open(self, folder: str) -> None:
        """Take the study that is edited from now on.

        Args:
            folder: the study's folder.
        """
        self.folder = Path(folder)

    def coders(self) -> dict[str, Any]:
        """List the coders of the study, and who edits when nobody said so: who did before, or the only person."""
        return _answered(lambda: {"coders": who.coders(self.folder), "usual": who.usual(self.folder) or ""})

    def choose(self, coder: str) -> dict[str, Any]:
        """Keep in mind who edits.

        Args:
            coder: id of a coder of the study.
        """

        def make() -> dict[str, Any]:
            who.remember(self.folder, coder)
            return {"coder": coder}

        return _answered(make)

    def join(self, name: str, kind: str) -> dict[str, Any]:
        """Add who edits to the coders of the study.

        Args:
            name: what the coder is called.
            kind: ``person`` or ``software``.
        """

        def make() -> dict[str, Any]:
            there = ids(Files(self.folder), "coder")
            stem = slug(name, "coder")
            coder = next(
                one for n in range(1, len(there) + 2) if (one := f"{stem}-{n}" if n > 1 else stem) not in there
            )
            act = Add(kind="coder", record={"id": coder, "name": name, "kind": kind})
            return {"coder": coder, **self._done(editing.apply(self.folder, [act], coder, journal.now()), [act], coder)}

        return _answered(make)

    def last(self, coder: str) -> dict[str, Any]:
        """Say what a coder did last that can be undone, and what was undone last; empty where there is none.

        Args:
            coder: id of the coder.
        """
        return _answered(lambda: self._last(coder))

    def source(self, source: str, coder: str, blind: bool) -> dict[str, Any]:  # noqa: FBT001 (a call has places only)
        """Say of a source what its reader needs: passages with all that coders say of them, codes and claims.

        Args:
            source: id of the source.
            coder: id of who edits, or empty.
            blind: whether what others did is left out until who edits has read it whole.
        """

        def make() -> dict[str, Any]:
            files = Files(self.folder)
            with blaming_the_study(self.folder):
                document = files.document(source)
                whole = coder in finished(files, source)
                shown: dict[Span, list[dict[str, Any]]] = {}
                for found in passages.entries(files, source):
                    if found.value.get("unconfirmed") or (blind and not whole and found.coder != coder):
                        continue
                    span = passages.stands(document, found)
                    if span:
                        shown.setdefault(span, []).append(_entry(found))
                return {
                    "codes": [_called(one, "label") for one in files.value("codebook.yaml").get("codes") or ()],
                    "claims": [
                        _called(one, "statement") for one in files.value("propositions.yaml").get("propositions") or ()
                    ],
                    "passages": [
                        {"id": excerpt_id(source, *span), "start": span[0], "end": span[1], "entries": entries}
                        for span, entries in sorted(shown.items())
                    ],
                    "lost": [] if blind and not whole else list(_lost(files, source)),
                    "whole": whole,
                }

        return _answered(make)

    def whole(self, source: str, coder: str) -> dict[str, Any]:
        """Say whether a coder has read a source whole.

        Args:
            source: id of the source.
            coder: id of the coder, or empty.
        """

        def make() -> dict[str, Any]:
            with blaming_the_study(self.folder):
                return {"whole": coder in finished(Files(self.folder), source)}

        return _answered(make)

    def apply(self, operations: list[dict[str, Any]], coder: str) -> dict[str, Any]:
        """Make an edit.

        Args:
            operations: all of it, as JSON has them.
            coder: id of who makes it.
        """

        def make() -> dict[str, Any]:
            read = [_read(one, coder) for one in operations]
            return self._done(editing.apply(self.folder, read, coder, journal.now()), read, coder)

        return _answered(make)

    def documents(self, place: str, sent: dict[str, Any], coder: str) -> dict[str, Any]:
        """Add documents, all that can be read, as one edit.

        Args:
            place: the folder in which they lie, each called by its number.
            sent: what was said of them, :class:`kg.browse.receiving.Sent`.
            coder: id of who adds them.
        """
        from kg import adding

        def make() -> dict[str, Any]:
            files = []
            for number, file in enumerate(sent["files"]):
                # Only the last part of a name is one, on whatever system; each has a folder of its own.
                name = adding.portable(re.split(r"[/\\]", file["name"])[-1])
                (inside := Path(place, f"{number}-named")).mkdir()
                files.append(Path(place, str(number)).rename(inside / name))
            options = adding.Options(**{key: sent[key] for key in ("case", "role", "speakers", "encoding")})
            done = adding.add(self.folder, files, options, by=coder, now=journal.now())
            added = [
                {"id": one.id, "shown": one.shown, "paragraphs": one.paragraphs, "pages": one.pages}
                | {"asks": one.grade == "ask", "turns": dict(one.turns), "roles": dict(one.roles)}
                for one in done.added
            ]
            return {"added": added, "findings": [_finding(one) for one in done.findings], **self._last(coder)}

        return _answered(make)

    def turns(self, source: str, coder: str) -> dict[str, Any]:
        """Take the turns of a source that may be a transcript, as 'kg add --again --speakers auto --write' does.

        Args:
            source: id of the source.
            coder: id of who takes them.
        """
        from kg.adding import Options, again

        def make() -> dict[str, Any]:
            # What is no source would be taken for the path of a file.
            if source not in (there := ids(Files(self.folder), "source")):
                raise UnknownTerm(source, "source", closest(source, there))
            again.renew(self.folder, [Path(source)], Options(speakers="auto"), write=True, by=coder, now=journal.now())
            return self._last(coder)

        return _answered(make)

    def preview(self, operations: list[dict[str, Any]], coder: str) -> dict[str, Any]:
        """Say what an edit would do.

        Args:
            operations: all of it, as JSON has them.
            coder: id of who would make it.
        """

        def make() -> dict[str, Any]:
            read = [_read(one, coder) for one in operations]
            return editing.preview(self.folder, read, coder, journal.now())._asdict()

        return _answered(make)

    def record(self, kind: str, identifier: str) -> dict[str, Any]:
        """Give a record as its file has it.

        Args:
            kind: one of those that stand in a list of their own.
            identifier: its id.
        """

        def make() -> dict[str, Any]:
            if kind not in PLACES:
                raise EditRefused(f"there is no kind of record '{kind}'", f"one of: {', '.join(PLACES)}")
            files = Files(self.folder)
            with blaming_the_study(self.folder):
                file, (key, number) = where(files, kind, identifier)
                return {"record": files.value(file)[key][number]}

        return _answered(make)

    def waiting(self, coder: str) -> dict[str, Any]:
        """Say what waits and is in no graph: what can be mended, and lines of others that a coder has not read.

        Args:
            coder: id of the coder, or empty.
        """

        def make() -> dict[str, Any]:
            files = Files(self.folder)
            with blaming_the_study(self.folder):
                unread = self._unread(files, coder)[1] if coder else []
                fixes = [_fix(one) for one in fixing.fixes(self.folder)]
            first = [{"line": one.id, "claim": one.claim, "quote": one.quote} for one in unread[:_MOST]]
            return {"fixes": fixes, "unread": {"number": len(unread), "first": first}}

        return _answered(make)

    def unread(self, coder: str, language: str, place: int) -> dict[str, Any]:
        """Give an evidence line that a coder neither drew nor read, without what anybody judged.

        Args:
            coder: id of the coder.
            language: ``en`` or ``zh``.
            place: how many of these lines are passed over; the first comes after the last.
        """

        def make() -> dict[str, Any]:
            with blaming_the_study(self.folder):
                tables, waiting = self._unread(Files(self.folder), coder)
            if not tables or not waiting:
                return {"number": 0, "unread": None}
            (one,) = blind.shown(tables, [waiting[place % len(waiting)]], language)
            passages = [marked._asdict() for marked in one.passages]
            return {"number": len(waiting), "unread": {"line": one.line, "claim": one.claim, "passages": passages}}

        return _answered(make)

    def _unread(self, files: Files, coder: str) -> tuple[Tables | None, list[Judged]]:
        """Return the tables of the last build with its lines that a coder has not read, also not since it was made."""
        try:
            tables = graph.open(self.folder, built=True).tables
        except StoreUnavailable:
            return None, []
        return tables, blind.waiting(tables, coder, _read_by(files, coder))

    def undo(self, coder: str) -> dict[str, Any]:
        """Take back what a coder did last.

        Args:
            coder: id of the coder.
        """
        return _answered(lambda: self._done(editing.undo(self.folder, coder, journal.now()), (), coder))

    def redo(self, coder: str) -> dict[str, Any]:
        """Make again what a coder undid last.

        Args:
            coder: id of the coder.
        """
        return _answered(lambda: self._done(editing.redo(self.folder, coder, journal.now()), (), coder))

    def _done(self, outcome: Outcome, operations: Sequence[Operation], coder: str) -> dict[str, Any]:
        """Describe what became of an edit."""
        entry, files, findings = outcome
        return {
            "said": entry.said if entry else "",
            "number": entry.number if entry else None,
            "when": entry.when.isoformat() if entry else None,
            "by": coder,
            "files": {name: one.after for name, one in entry.files.items()} if entry else {},
            "findings": [_finding(one) for one in findings],
            "passages": list(_stored(files, operations)),
            **self._last(coder),
        }

    def _last(self, coder: str) -> dict[str, Any]:
        """Return what a coder did last, and undid last."""
        done, undone = journal.stack(journal.summaries(self.folder, coder))
        return {"last": done[-1].said if done else "", "undone": undone[-1].said if undone else ""}


def _stored(files: Files, operations: Sequence[Operation]) -> Iterator[dict[str, Any]]:
    """Give each passage that an edit was about as the files have it now, with all that coders say of it."""
    given: set[str] = set()
    for one in operations:
        if not isinstance(one, OfPassage):
            continue
        document = files.document(one.source)
        words = (one.to, one.to_start, one.to_end) if isinstance(one, Reach) else (one.quote, one.start, one.end)
        start, end = span = passages.place(document, *words)
        excerpt = excerpt_id(one.source, start, end)
        if excerpt in given:
            continue
        given.add(excerpt)
        entries = [_entry(found) for found in passages.about(files, one.source, span)]
        quote = document.source.text[start:end]
        yield {"id": excerpt, "source": one.source, "start": start, "end": end, "quote": quote, "entries": entries}


def _entry(found: Found) -> dict[str, Any]:
    """Describe what a coder says of a passage."""
    lines = [
        {"id": line.get("id"), "claim": line["proposition"]}
        | {key: line[key] for key in ("stance", "strength")}
        | {"status": line.get("status", "active")}
        for line in found.value.get("evidence", ())
    ]
    said = {"codes": found.value.get("codes", []), "memo": found.value.get("memo", ""), "evidence": lines}
    return {"coder": found.coder, "date": found.date, **said}


def _called(record: dict[str, Any], key: str) -> dict[str, str]:
    """Return the id of a record and what it is called."""
    named = record.get(key)
    return {"id": str(record["id"]), "name": str((named.get("en") if isinstance(named, dict) else named) or "")}


def _lost(files: Files, source: str) -> Iterator[dict[str, Any]]:
    """Give the passages of a source that do not count, with the places that each may mean."""
    for name in files.of_source("codings", source):
        for one in passages.lost(files, name):
            places = [
                {"letter": letter, "start": place.start, "quote": place.exact} for letter, place in one.letters.items()
            ]
            yield {"address": one.address, "quote": one.found.value["quote"], "why": one.why, "places": places}


def _read_by(files: Files, coder: str) -> set[str]:
    """Return the ids of the evidence lines that a coder read, as the files have it."""
    return {
        line["line"]
        for name in files.names("readings")
        for line in files.value(name).get("readings") or ()
        if (line.get("coder") or files.value(name).get("coder")) == coder
    }


def _fix(fix: Fix) -> dict[str, Any]:
    """Describe what can be mended; its ways are operations that the page sends as they are."""
    ways = [
        {"letter": letter, "said": fix.said[letter], "operation": way.model_dump(mode="json", exclude_none=True)}
        for letter, way in fix.ways.items()
    ]
    return {"address": fix.address, "what": fix.what, "passage": ":" in fix.address, "ways": ways}


def _read(values: dict[str, Any], coder: str) -> Operation:
    """Read an operation of a coder, who can act for nobody else."""
    if values.get("coder", coder) != coder:
        raise EditRefused(f"you edit as '{coder}'", "choose who edits, and send it again")
    return editing.read(values)


def _answered(make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return an answer, or why there is none."""
    try:
        return {"status": 200, **make()}
    except StudyError as e:
        first = e.findings[0]
        findings = [_finding(one) for one in e.findings]
        return {"status": _REFUSED, "error": first.message, "mend": first.mend, "findings": findings}
    except EditRefused as e:
        return {"status": _REFUSED, "error": e.why, "mend": e.mend, "places": [*e.places]}
    except moving.Edited as e:
        return {"status": _REFUSED, "error": str(e), "mend": "send it again", "meanwhile": e.name}
    except KGError as e:
        return {"status": _REFUSED, "error": str(e), "mend": ""}


def _finding(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in ("file", "line", "rule", "message", "mend", "severity")}


if __name__ == "__main__":
    _writer = Writer()
    serve(
        {
            name: getattr(_writer, name)
            for name in (
                "open",
                "coders",
                "choose",
                "join",
                "last",
                "source",
                "whole",
                "apply",
                "documents",
                "turns",
                "preview",
                "record",
                "waiting",
                "unread",
                "undo",
                "redo",
            )
        }
    )
