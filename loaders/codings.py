"""The codings of a study: quotes find their places, and become excerpts, codings and evidence lines."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from kg import anchor
from kg.records import Assertion, Coding, EvidenceLine, Excerpt

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Mapping

    from kg.records import CodingsFile, EvidenceEntry, Source
    from loaders._reader import Place, Reader


class Codings:
    """Collect what the codings files of a study say.

    Args:
        reader: the study's reader, which takes the findings.
        listed: ids of all listed sources, readable or not.
        sources: the sources that could be read.
        codes: ids of the codes.
        coders: ids of the coders.
        propositions: ids of the propositions.
    """

    def __init__(
        self,
        reader: Reader,
        listed: Collection[str],
        sources: Mapping[str, Source],
        codes: Collection[str],
        coders: Collection[str],
        propositions: Collection[str],
    ) -> None:
        self.reader, self.listed, self.sources = reader, listed, sources
        self.codes, self.coders, self.propositions = codes, coders, propositions
        self.excerpts: dict[str, Excerpt] = {}
        self.codings: dict[tuple[str, str, str, str], Coding] = {}
        self.assertions: dict[tuple[str, str], Assertion] = {}
        self.lines: dict[str, EvidenceLine] = {}
        self._at: dict[str, tuple[str, Place]] = {}

    def add(self, file: str, content: CodingsFile) -> None:
        """Turn the entries of one codings file into excerpts, codings, assertions and evidence lines.

        Args:
            file: how findings call it.
            content: what it says.
        """
        known_source = self.reader.known(file, ("source",), content.source, self.listed, "source")
        self.reader.known(file, ("coder",), content.coder, self.coders, "coder")
        source = self.sources.get(content.source)
        for index, entry in enumerate(content.excerpts):
            at: Place = ("excerpts", index)
            coder, day = entry.coder or content.coder, entry.date or content.date
            self.reader.known(file, (*at, "coder"), entry.coder, self.coders, "coder")
            for code in entry.codes:
                self.reader.known(file, (*at, "codes"), code, self.codes, "code")
            for claim in entry.asserts:
                self.reader.known(file, (*at, "asserts"), claim, self.propositions, "proposition")
            for number, line in enumerate(entry.evidence):
                self.reader.known(
                    file, (*at, "evidence", number, "proposition"), line.proposition, self.propositions, "proposition"
                )
            if source is None or not known_source:
                continue
            if source.role == "theory" and entry.evidence:
                self.reader.error(
                    file,
                    (*at, "evidence"),
                    "theory-as-evidence",
                    "the theory's own text is no evidence for it",
                    "write 'asserts' instead",
                )
            if source.role != "theory" and entry.asserts:
                self.reader.error(
                    file,
                    (*at, "asserts"),
                    "assertion-outside-theory",
                    f"'{source.id}' is not the theory's own text",
                    "write an evidence line instead",
                )
            excerpt = self._excerpt(file, at, source, entry.quote, entry.prefix, entry.suffix)
            if excerpt is None:
                continue
            for code in entry.codes:
                if (excerpt, code, coder, day.isoformat()) in self.codings:
                    message = f"'{coder}' gave '{code}' to this passage on that day already"
                    self.reader.error(file, (*at, "codes"), "duplicate-id", message, "put both memos into one")
                self.codings[excerpt, code, coder, day.isoformat()] = Coding(
                    excerpt=excerpt, code=code, coder=coder, date=day, memo=entry.memo
                )
            for claim in entry.asserts:
                self.assertions[excerpt, claim] = Assertion(excerpt=excerpt, proposition=claim, coder=coder, date=day)
            for number, line in enumerate(entry.evidence):
                self._line(file, (*at, "evidence", number), line, source, excerpt, coder, day)

    def finish(self) -> None:
        """Check what can be checked when all files were added: the successors of evidence lines."""
        for identifier, line in self.lines.items():
            file, at = self._at[identifier]
            self.reader.known(file, (*at, "replaced_by"), line.replaced_by, self.lines, "line")

    def _line(
        self,
        file: str,
        here: Place,
        line: EvidenceEntry,
        source: Source,
        excerpt: str,
        coder: str,
        day: datetime.date,
    ) -> None:
        """Turn one evidence entry into an evidence line."""
        members = [excerpt]
        for position, more in enumerate(line.also):
            other = self.sources.get(more.source or source.id)
            if other is None:
                self.reader.known(file, (*here, "also", position, "source"), more.source, self.listed, "source")
            elif other.role == "theory":
                self.reader.error(
                    file,
                    (*here, "also", position),
                    "theory-as-evidence",
                    "the theory's own text is no evidence for it",
                    "quote another source",
                )
            elif joined := self._excerpt(file, (*here, "also", position), other, more.quote, more.prefix, more.suffix):
                members.append(joined)
        content_key = json.dumps(
            [line.proposition, line.stance, members, coder, day.isoformat(), line.rationale], ensure_ascii=False
        )
        identifier = line.id or "line-" + hashlib.sha256(content_key.encode()).hexdigest()[:10]
        if identifier in self.lines:
            self.reader.error(
                file,
                here,
                "duplicate-id",
                f"the evidence line '{identifier}' stands here twice",
                "remove one, or give it another id",
            )
        if line.status != "active" and not (line.status_date and line.status_reason):
            self.reader.error(
                file,
                here,
                "undated-status",
                f"a {line.status} line needs its day and reason",
                "add status_date and status_reason",
            )
        if line.status == "superseded" and not line.replaced_by:
            self.reader.error(
                file,
                here,
                "superseded-by-nothing",
                "a superseded line names its successor",
                "add 'replaced_by: ID'",
            )
        self._at[identifier] = (file, here)
        self.reader.places["line", identifier] = (file, self.reader.line(file, here))
        self.lines[identifier] = EvidenceLine(
            id=identifier,
            proposition=line.proposition,
            excerpts=tuple(dict.fromkeys(members)),
            stance=line.stance,
            strength=line.strength,
            rationale=line.rationale,
            coder=coder,
            date=day,
            status=line.status,
            status_date=line.status_date,
            status_reason=line.status_reason,
            replaced_by=line.replaced_by,
        )

    def _excerpt(
        self, file: str, path: Place, source: Source, quote: str, prefix: str | None, suffix: str | None
    ) -> str | None:
        """Anchor one quote and return the excerpt's id."""
        text = source.text
        places = anchor.find(text, quote, prefix, suffix)
        at = (*path, "quote")
        if not places:
            others = [s.id for s in self.sources.values() if s.id != source.id and anchor.find(s.text, quote)]
            if others:
                why = f"it stands in {', '.join(others)}"
            elif (prefix or suffix) and anchor.find(text, quote):
                why = "the quote is there, but not with this prefix or suffix"
            else:
                why = anchor.explain(text, quote)
            self.reader.error(file, at, "quote-not-found", f"the quote is not in the source '{source.id}'", why)
            return None
        inside = [p for p in places if anchor.in_body(text, source.body, *p)]
        if not inside:
            self.reader.error(
                file,
                at,
                "quote-not-in-body",
                "the quote stands only in a title, heading, label or citation",
                "quote the body of the text",
            )
            return None
        if len(inside) > 1:
            shown = "; ".join(f"{s}: '…{text[max(0, s - 20) : s]}[…]{text[e : e + 20]}…'" for s, e in inside[:4])
            self.reader.error(
                file,
                at,
                "quote-ambiguous",
                f"the quote stands {len(inside)} times in '{source.id}'",
                f"add a prefix or suffix: {shown}",
            )
            return None
        start, end = inside[0]
        if cut := anchor.cut(text, start, end):
            self.reader.error(
                file, at, "cut-mid-word", f"the quote is cut inside a word: '{cut}'", "quote whole words", "warning"
            )
        paragraphs = anchor.in_body(text, source.body, start, end)
        identifier = f"{source.id}:{start}-{end}"
        self.reader.places["excerpt", identifier] = (file, self.reader.line(file, at))
        own = (source.reference,) if source.reference else ()
        keys = tuple(dict.fromkeys((*own, *(key for p in paragraphs for key in p.references))))
        self.excerpts[identifier] = Excerpt(
            id=identifier,
            source=source.id,
            start=start,
            end=end,
            exact=text[start:end],
            prefix=text[max(0, start - anchor.CONTEXT) : start],
            suffix=text[end : end + anchor.CONTEXT],
            paragraph=paragraphs[0].id,
            references=keys,
        )
        return identifier
