"""The codings of a study: quotes find their places, and become excerpts, codings and evidence lines."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from kg import anchor, nearest
from kg.ids import excerpt_id
from kg.records import Assertion, Coding, EvidenceLine, Excerpt, Uncoded

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Mapping, Sequence

    from kg.loaders._reader import Place, Reader
    from kg.records import Code, CodingsFile, EvidenceEntry, PassageEntry, Reference, Source, Strength


_ONE_STEP_LOWER: dict[Strength, Strength] = {"strong": "moderate", "moderate": "weak", "weak": "weak"}
UNCITED = "uncited"
"""The key that marks a paragraph for which there is no publication."""


class Codings:
    """Collect what the codings files of a study say.

    Args:
        reader: the study's reader, which takes the findings.
        listed: ids of all listed sources, readable or not.
        sources: the sources that could be read.
        codes: ids of the codes.
        coders: ids of the coders.
        propositions: ids of the propositions.
        references: the references by key.
        leave_out_uncited: whether passages of paragraphs without a publication stay out.
    """

    def __init__(
        self,
        reader: Reader,
        listed: Collection[str],
        sources: Mapping[str, Source],
        codes: Collection[str],
        coders: Collection[str],
        propositions: Collection[str],
        references: Mapping[str, Reference],
        *,
        leave_out_uncited: bool = False,
    ) -> None:
        self.reader, self.listed, self.sources = reader, listed, sources
        self.codes, self.coders, self.propositions = codes, coders, propositions
        self.references, self.leave_out_uncited = references, leave_out_uncited
        self.left_out: set[str] = set()
        self.uncoded: list[Uncoded] = []
        self.excerpts: dict[str, Excerpt] = {}
        self.codings: dict[tuple[str, str, str, str], Coding] = {}
        self.assertions: dict[tuple[str, str], Assertion] = {}
        self.lines: dict[str, EvidenceLine] = {}
        self._at: dict[str, tuple[str, Place]] = {}
        self._indexes = {source.id: anchor.Index(source.text) for source in sources.values()}
        self._labels = {source.id: {p.id for p in source.body if p.id} for source in sources.values()}

    def add(self, file: str, content: CodingsFile) -> None:
        """Turn the entries of one codings file into excerpts, codings, assertions and evidence lines.

        Args:
            file: how findings call it.
            content: what it says.
        """
        known_source = self.reader.known(file, ("source",), content.source, self.listed, "source")
        self.reader.known(file, ("coder",), content.coder, self.coders, "coder")
        source = self.sources.get(content.source)
        if bare := [index for index, entry in enumerate(content.excerpts) if entry.memo and not entry.codes]:
            message = f"{len(bare)} memos of passages without a code stay in '{file}' and out of the graph"
            mend = "give the passage a code, if the memo is to be seen with it"
            self.reader.error(file, ("excerpts", bare[0], "memo"), "memo-without-code", message, mend, "note")
        for index, memo in enumerate(content.uncoded):
            if source and self._labelled(file, ("uncoded", index, "paragraph"), source, memo.paragraph):
                self.uncoded.append(
                    Uncoded(
                        source=source.id,
                        paragraph=memo.paragraph,
                        memo=memo.memo,
                        coder=content.coder,
                        date=content.date,
                    )
                )
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
            excerpt = self._excerpt(file, at, source, entry)
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

    def anchors(self, file: str, codes: Sequence[Code]) -> dict[str, str]:
        """Find the passages that show codes.

        Args:
            file: how findings call the codebook.
            codes: its codes, in order.

        Returns:
            Ids of excerpts by code.
        """
        found = {}
        given = {(excerpt, code) for excerpt, code, _, _ in self.codings}
        for index, code in enumerate(codes):
            at: Place = ("codes", index, "anchor")
            if code.anchor is None:
                continue
            self.reader.known(file, (*at, "source"), code.anchor.source, self.listed, "source")
            source = self.sources.get(code.anchor.source)
            excerpt = self._excerpt(file, at, source, code.anchor) if source else None
            if excerpt and (excerpt, code.id) not in given:
                message = f"the anchor of '{code.id}' is no passage with that code"
                self.reader.error(file, at, "anchor-not-coded", message, "code this very passage, or choose another")
            elif excerpt:
                found[code.id] = excerpt
        return found

    def finish(self) -> None:
        """Check what can be checked when all files were added: the successors of evidence lines."""
        if self.left_out:
            message = f"{len(self.left_out)} passages of paragraphs marked [@uncited] were left out"
            mend = "write 'uncited: include' to have them in the graph"
            self.reader.error("study.yaml", ("uncited",), "uncited-left-out", message, mend, "note")
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
            elif joined := self._excerpt(file, (*here, "also", position), other, more):
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
        strength, lowered = self._strength(line.strength, members)
        self.lines[identifier] = EvidenceLine(
            id=identifier,
            proposition=line.proposition,
            excerpts=tuple(dict.fromkeys(members)),
            stance=line.stance,
            stated=line.strength,
            strength=strength,
            lowered=lowered,
            rationale=line.rationale,
            coder=coder,
            date=day,
            status=line.status,
            status_date=line.status_date,
            status_reason=line.status_reason,
            replaced_by=line.replaced_by,
        )

    def _strength(self, stated: Strength, members: Collection[str]) -> tuple[Strength, tuple[str, ...]]:
        """Lower a strength by one step when every reference of the line is marked, or none was found."""
        keys = {key for member in members for key in self.excerpts[member].references}
        marks = {
            key: {UNCITED} if key == UNCITED else set(self.references[key].marks) for key in keys if self._has(key)
        }
        if not marks or not all(marks.values()) or _ONE_STEP_LOWER[stated] == stated:
            return stated, ()
        return _ONE_STEP_LOWER[stated], tuple(sorted(set().union(*marks.values())))

    def _has(self, key: str) -> bool:
        """Say whether a key is a reference, or marks the lack of one; any other is a finding elsewhere."""
        return key == UNCITED or key in self.references

    def _labelled(self, file: str, at: Place, source: Source, label: str) -> bool:
        """Check that a source has a paragraph."""
        labels = self._labels[source.id]
        if label not in labels:
            message = f"'{source.id}' has no paragraph '{label}'"
            mend = self.reader.near("unknown-paragraph", label, labels, "a paragraph")
            self.reader.error(file, at, "unknown-paragraph", message, mend)
        return label in labels

    def _unconfirmed(self, file: str, path: Place, source: Source, entry: PassageEntry) -> None:
        """Show an imported passage that is not counted, with what the imported file says of it."""
        message = f"a passage of '{source.id}' is not confirmed: {entry.unconfirmed}"
        if not entry.stated:
            message += f": {_shown(entry.quote)}"
        else:
            message += f"; the imported file has {_shown(entry.stated)}, the source {_shown(entry.quote)}"
        mend = "'kg confirm' takes the place that is meant; or put 'quote' right, and delete 'unconfirmed' and 'stated'"
        if "not at hand" in entry.unconfirmed:
            mend = "import again with its text: kg import … --texts FOLDER"
        elif entry.start is None and self.reader.shown("quote-unconfirmed"):
            found = nearest.propose(source.text, entry.quote, stated=entry.stated, body=source.body)
            message += f"; nearest {nearest.shown(found[0])} ({found[0].why})" if found else "; nothing comes near it"
        self.reader.error(file, (*path, "unconfirmed"), "quote-unconfirmed", message, mend, "warning")

    def _excerpt(self, file: str, path: Place, source: Source, entry: PassageEntry) -> str | None:
        """Anchor one quote and return the excerpt's id."""
        text, quote, prefix, suffix = source.text, entry.quote, entry.prefix, entry.suffix
        if entry.unconfirmed:
            self._unconfirmed(file, path, source, entry)
            return None
        if entry.paragraph and not self._labelled(file, (*path, "paragraph"), source, entry.paragraph):
            return None
        at = (*path, "quote")
        if entry.start is not None and text.startswith(quote, entry.start):
            places = [(entry.start, entry.start + len(quote))]
        else:
            places = self._indexes[source.id].find(quote, prefix, suffix)
            if entry.start is not None and places and entry.start not in {start for start, _ in places}:
                shown = ", ".join(str(start) for start, _ in places[:4])
                message = f"the quote does not begin at {entry.start} in '{source.id}'"
                self.reader.error(file, (*path, "start"), "quote-not-found", message, f"it begins at {shown}")
                return None
            places = [p for p in places if entry.start in (None, p[0])]
        if not places:
            why = self._why(source, entry) if self.reader.shown("quote-not-found") else ""
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
        if entry.paragraph:
            here = [p for p in inside if anchor.in_body(text, source.body, *p)[0].id == entry.paragraph]
            if not here:
                others = sorted({anchor.in_body(text, source.body, *p)[0].id or "one without a label" for p in inside})
                message = f"the quote is not in the paragraph '{entry.paragraph}' of '{source.id}'"
                self.reader.error(file, at, "quote-not-found", message, f"it stands in {', '.join(others)}")
                return None
            inside = here
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
        identifier = excerpt_id(source.id, start, end)
        self.reader.places["excerpt", identifier] = (file, self.reader.line(file, at))
        own = (source.reference,) if source.reference else ()
        keys = tuple(dict.fromkeys((*own, *(key for p in paragraphs for key in p.references))))
        if self.leave_out_uncited and set(keys) == {UNCITED}:
            self.left_out.add(identifier)
            return None
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

    def _why(self, source: Source, entry: PassageEntry) -> str:
        """Say where a quote stands that is not in its source, or what comes near it."""
        quote = entry.quote
        others = [other for other, index in self._indexes.items() if other != source.id and index.find(quote)]
        if others:
            return f"it stands in {', '.join(others)}"
        if (entry.prefix or entry.suffix) and self._indexes[source.id].find(quote):
            return "the quote is there, but not with this prefix or suffix"
        return anchor.explain(source.text, quote)


def _shown(passage: str) -> str:
    """Quote a passage for a finding, short and in one line."""
    return repr(passage if len(passage) <= 200 else f"{passage[:120]} … {passage[-60:]}")
