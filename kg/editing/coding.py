"""Operations on passages: give and take codes, draw evidence lines and end them, read lines again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kg.editing import passages
from kg.editing.operation import Act, Operation
from kg.entries import Identifier, Judgement, Position, Stance, Strength, Text
from kg.errors import EditRefused, KGError
from kg.ids import excerpt_id, line_id
from kg.loaders import _yaml_write
from kg.nearest import short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.editing.files import Files
    from kg.editing.passages import Found
    from kg.loaders.passages import Span
    from kg.nearest import Proposal


class OfPassage(Act):
    """An act on a passage of a source, which is named by its words, and by its place where they do not tell it."""

    source: Identifier
    quote: Text
    start: Position | None = None
    end: Position | None = None

    def span(self, files: Files) -> Span:
        """Return where the passage stands."""
        return passages.place(files.document(self.source), self.quote, self.start, self.end)

    def entries(self, files: Files, span: Span) -> list[Found]:
        """Return the entries that this coder wrote of the passage on this day."""
        found = passages.about(files, self.source, span)
        return [one for one in found if (one.coder, one.date) == (self.by, self.day)]

    def add(self, files: Files, span: Span, values: dict[str, Any]) -> None:
        """Add an entry for the passage to a codings file of the coder, which is made if there is none."""
        entry = passages.written(files.document(self.source), span)
        name = _file_of(files, "codings", self, f"{self.source}.yaml", f"{self.by}-{self.source}.yaml")
        if files.value(name)["date"] != self.day:
            entry["date"] = self.day
        files.change(name, lambda yaml: yaml.append(("excerpts",), [entry | values]))


class Code(OfPassage):
    """Give codes to a passage."""

    do: Literal["code"] = "code"
    codes: tuple[Identifier, ...] = Field(min_length=1)
    memo: str = ""

    def change(self, files: Files) -> str:
        """Add the codes to the coder's entry of this day for the passage, or a new entry."""
        span = self.span(files)
        entries = self.entries(files, span)
        given = {code for one in entries for code in one.value.get("codes", ())}
        codes = [code for code in dict.fromkeys(self.codes) if code not in given]
        mine = entries[0] if entries else None
        if not codes and not (self.memo and mine):
            return ""
        if mine is None or (self.memo and mine.value.get("memo", self.memo) != self.memo):
            if not codes:
                raise EditRefused("the passage has a memo by this coder already", "change that memo")
            self.add(files, span, {"codes": codes} | ({"memo": self.memo} if self.memo else {}))
        else:
            _give(files, mine, codes, self.memo)
        return f"coded {excerpt_id(self.source, *span)} {', '.join(self.codes)}: {short(self.quote, 60)}"


class Uncode(OfPassage):
    """Take codes of this coder from a passage."""

    do: Literal["uncode"] = "uncode"
    codes: tuple[Identifier, ...] = Field(default=(), description="All of them when none is named.")

    def change(self, files: Files) -> str:
        """Take the codes from the entries, and remove an entry of which nothing is left."""
        span = self.span(files)
        taken: set[str] = set()
        mine = [one for one in passages.about(files, self.source, span) if one.coder == self.by]
        # From the last to the first, so that the numbers of those before stay what they are.
        for one in reversed(mine):
            codes = one.value.get("codes", [])
            gone = [code for code in codes if not self.codes or code in self.codes]
            if gone:
                taken.update(gone)
                take_codes(files, one, gone)
        if not taken:
            raise EditRefused(f"'{self.by}' gave no such code to this passage", "see 'kg trace' for who did")
        return f"took {', '.join(sorted(taken))} from {excerpt_id(self.source, *span)}"


class Reach(OfPassage):
    """Widen or shorten a passage that this coder has coded; its codes, memos and evidence lines go with it."""

    do: Literal["reach"] = "reach"
    to: Text = Field(description="The words that it has then.")
    to_start: Position | None = None
    to_end: Position | None = None

    def change(self, files: Files) -> str:
        """Write the other words into the coder's entries."""
        span = self.span(files)
        document = files.document(self.source)
        other = passages.place(document, self.to, self.to_start, self.to_end)
        mine = [one for one in passages.about(files, self.source, span) if one.coder == self.by]
        if not mine:
            raise EditRefused(f"'{self.by}' has not coded this passage", "code the other words")
        if other == span:
            return ""
        gone = dict.fromkeys(("start", "prefix", "suffix", "paragraph"))
        for one in mine:
            # A label of a paragraph, or what stands around a quote, may not be that of the other words.
            values = {key: None for key in gone if key in one.value} | passages.written(document, other)
            files.change(one.file, lambda yaml, at=one.path, values=values: yaml.set(at, values))  # type: ignore[misc]
        return f"{excerpt_id(self.source, *span)} reaches over {excerpt_id(self.source, *other)}: {short(self.to, 60)}"


class Also(BaseModel):
    """A further passage of an evidence line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quote: Text
    source: Identifier | None = Field(default=None, description="That of the line's own passage when none is named.")
    start: Position | None = None
    end: Position | None = None


class Evidence(OfPassage):
    """Draw an evidence line from a passage to a claim."""

    do: Literal["evidence"] = "evidence"
    claim: Identifier
    stance: Stance
    strength: Strength
    reason: Text
    also: tuple[Also, ...] = Field(default=(), description="Further passages of the same line.")
    id: Identifier | None = Field(default=None, description="Of the line; made of what it says when none is given.")

    def change(self, files: Files) -> str:
        """Add the line to the coder's entry of this day for the passage, or to a new one."""
        span = self.span(files)
        excerpt = excerpt_id(self.source, *span)
        members, quotes = [excerpt], []
        for one in self.also:
            document = files.document(one.source or self.source)
            there = passages.place(document, one.quote, one.start, one.end)
            members.append(excerpt_id(document.source.id, *there))
            elsewhere = {"source": one.source} if one.source not in (None, self.source) else {}
            quotes.append(passages.written(document, there) | elsewhere)
        identifier = self.id or self._free(files, members)
        line = {
            "proposition": self.claim,
            "id": identifier,
            "stance": self.stance,
            "strength": self.strength,
            "rationale": self.reason,
            "also": quotes or None,
        }
        mine = next(iter(self.entries(files, span)), None)
        if mine is None:
            self.add(files, span, {"evidence": [line]})
        elif mine.value.get("evidence"):
            files.change(mine.file, lambda yaml: yaml.append((*mine.path, "evidence"), [line]))
        else:
            files.change(mine.file, lambda yaml: yaml.set(mine.path, {"evidence": [line]}))
        return f"{excerpt} {self.stance} {self.claim}: {short(self.reason, 60)}"

    def _free(self, files: Files, members: list[str]) -> str:
        """Return an id made of what the line says, as a line without one gets it from the loader."""
        content = [self.claim, self.stance, members, self.by, self.day, self.reason]
        for number in range(100):
            said = content if not number else [*content, number]
            identifier = line_id(said)
            if not any(identifier in (files.text(name) or "") for name in files.names("codings")):
                return identifier
        raise AssertionError


class Assert(OfPassage):
    """Say that a passage of the theory states claims."""

    do: Literal["assert"] = "assert"
    claims: tuple[Identifier, ...] = Field(min_length=1)

    def change(self, files: Files) -> str:
        """Add the claims to the coder's entry of this day for the passage, or to a new one."""
        span = self.span(files)
        mine = next(iter(self.entries(files, span)), None)
        claims = list(dict.fromkeys(self.claims))
        if mine is None:
            self.add(files, span, {"asserts": claims})
        else:
            claims = [claim for claim in claims if claim not in mine.value.get("asserts", ())]
            if not claims:
                return ""
            _extend(files, mine, "asserts", claims)
        return f"{excerpt_id(self.source, *span)} states {', '.join(self.claims)}"


class Memo(OfPassage):
    """Write or change what a coder noted of a passage."""

    do: Literal["memo"] = "memo"
    memo: str = Field(description="Empty to remove it.")
    was: str | None = Field(default=None, description="The memo that is replaced; refused when it is another one now.")

    def change(self, files: Files) -> str:
        """Set the memo of the coder's newest entry, or of a new one; remove an entry of which nothing is left."""
        span = self.span(files)
        mine = [one for one in passages.about(files, self.source, span) if one.coder == self.by]
        newest = max(mine, key=lambda one: (bool(one.value.get("codes")), one.date), default=None)
        now = newest.value.get("memo", "") if newest else ""
        if self.was is not None and now != self.was:
            raise EditRefused("the memo was changed meanwhile", "look at it, and change it again", [now])
        if newest is None and not self.memo:
            raise EditRefused(f"no memo of '{self.by}' stands at this passage", "write one")
        if now == self.memo:
            return ""
        if newest is None:
            self.add(files, span, {"memo": self.memo})
        elif self.memo or any(newest.value.get(key) for key in ("codes", "asserts", "evidence")):
            files.change(newest.file, lambda yaml: yaml.set(newest.path, {"memo": self.memo or None}))
        else:
            files.change(newest.file, lambda yaml: yaml.remove(newest.path))
        return f"memo of {excerpt_id(self.source, *span)}: {short(self.memo, 60)}"


class End(Act):
    """Withdraw an evidence line, or say that another has superseded it; it is kept, and does not count."""

    do: Literal["end"] = "end"
    line: Identifier
    reason: Text
    replaced_by: Identifier | None = Field(default=None, description="Its successor; withdrawn when there is none.")

    def change(self, files: Files) -> str:
        """Write its status, day and reason."""
        found, number = passages.identified(files, self.line)
        status = found.value["evidence"][number].get("status", "active")
        if status != "active":
            mend = "draw a new one, if it holds again"
            raise EditRefused(f"the evidence line '{self.line}' is {status} already", mend)
        ended = "superseded" if self.replaced_by else "withdrawn"
        values = {"status": ended, "status_date": self.day, "status_reason": self.reason}
        values |= {"replaced_by": self.replaced_by} if self.replaced_by else {}
        files.change(found.file, lambda yaml: yaml.set((*found.path, "evidence", number), values))
        return f"{self.line} is {ended}: {short(self.reason, 60)}"


class Read(Act):
    """Judge an evidence line of another's, or settle what coders differ on."""

    do: Literal["read"] = "read"
    line: Identifier
    stance: Judgement
    strength: Strength | None = None
    alone: bool | None = None
    reason: str = ""
    settles: bool = False

    def change(self, files: Files) -> str:
        """Add a reading to a readings file of the coder, which is made if there is none."""
        found, _ = passages.identified(files, self.line)
        source = passages.source(files, found.file)
        names = (f"{source}-settled.yaml",) if self.settles else (f"{source}.yaml", f"{self.by}-{source}.yaml")
        name = _file_of(files, "readings", self, *names, source=source)
        values = {"line": self.line, "stance": self.stance, "strength": self.strength, "alone": self.alone}
        values |= {"settles": self.settles or None, "reason": self.reason or None}
        if files.value(name)["date"] != self.day:
            values["date"] = self.day
        reading = {key: value for key, value in values.items() if value is not None}
        files.change(name, lambda yaml: yaml.append(("readings",), [reading]))
        return f"{'settled' if self.settles else 'read'} {self.line}: {self.stance}"


class Finish(Act):
    """Say that this coder has read a source whole; blind mode then shows what others made of it."""

    do: Literal["finish"] = "finish"
    source: Identifier

    def change(self, files: Files) -> str:
        """Say so in a codings file of the coder, which is made if there is none."""
        files.document(self.source)
        if self.by in finished(files, self.source):
            return ""
        name = _file_of(files, "codings", self, f"{self.source}.yaml", f"{self.by}-{self.source}.yaml")
        files.change(name, lambda yaml: yaml.set((), {"whole": True}, first=True))
        return f"{self.by} has read {self.source} whole"


def finished(files: Files, source: str) -> set[str]:
    """Return the ids of the coders who have read a source whole.

    Args:
        files: of the study.
        source: id of the source.
    """
    values = map(files.value, files.of_source("codings", source))
    # The values are texts here, as the file has them.
    return {str(value["coder"]) for value in values if TypeAdapter(bool).validate_python(value.get("whole", False))}


class Confirm(Operation):
    """Take a place that a passage may mean which is not confirmed, or not in its source."""

    do: Literal["confirm"] = "confirm"
    mends: ClassVar[bool] = True
    address: Text = Field(description="As 'kg confirm' lists it, such as interview-1:3.")
    letter: str = Field(default="", description="Which of the places, where there are several.")

    def change(self, files: Files) -> str:
        """Write the source's text at the place, and where it begins."""
        from kg import nearest

        name = f"codings/{self.address.rpartition(':')[0]}.yaml"
        lost = {one.address: one for one in passages.lost(files, name)} if name in files.names("codings") else {}
        if self.address not in lost:
            mend = "'kg fix' lists those that are not confirmed, or not in their source"
            raise EditRefused(f"no such passage is called '{self.address}'", mend)
        found, letters = lost[self.address].found, lost[self.address].letters
        if self.letter not in letters and (self.letter or len(letters) != 1):
            raise EditRefused(f"'{self.address}' may be one of {len(letters)} places", "name one by its letter")
        place = letters[self.letter or "a"]
        values = confirmed(found.value, place)
        files.change(found.file, lambda yaml: yaml.set(found.path, values))
        return f"{self.address} is {nearest.shown(place)}"


def confirmed(entry: Mapping[str, Any], place: Proposal) -> dict[str, Any]:
    """Return what the keys of an entry become when it means a place.

    Args:
        entry: a passage that is not confirmed, or not in its source.
        place: where it stands.
    """
    stated = entry.get("unconfirmed") and not entry.get("stated") and entry["quote"] != place.exact
    values: dict[str, Any] = {"quote": place.exact, "start": place.start}
    values |= {"stated": entry["quote"]} if stated else {}
    return values | {key: None for key in ("unconfirmed", "prefix", "suffix") if key in entry}


def take_codes(files: Files, found: Found, codes: list[str]) -> None:
    """Take codes from an entry, and remove it when nothing is left of it.

    Args:
        files: of the study.
        found: the entry.
        codes: those that go.
    """
    left = [code for code in found.value.get("codes", ()) if code not in codes]
    if left:
        files.change(found.file, lambda yaml: yaml.set(found.path, {"codes": left}))
    elif found.value.get("evidence") or found.value.get("asserts"):
        # A memo of a passage without a code would be in no graph.
        gone = {"codes": None, "memo": None} if "memo" in found.value else {"codes": None}
        files.change(found.file, lambda yaml: yaml.set(found.path, gone))
    else:
        files.change(found.file, lambda yaml: yaml.remove(found.path))


def _give(files: Files, found: Found, codes: list[str], memo: str) -> None:
    """Add codes and a memo to an entry."""
    if codes:
        _extend(files, found, "codes", codes)
    if memo and found.value.get("memo") != memo:
        files.change(found.file, lambda yaml: yaml.set(found.path, {"memo": memo}))


def _extend(files: Files, found: Found, key: str, items: list[str]) -> None:
    """Add ids to a list of an entry, which need not be there."""
    if found.value.get(key):
        files.change(found.file, lambda yaml: yaml.append((*found.path, key), items))
    else:
        files.change(found.file, lambda yaml: yaml.set(found.path, {key: items}))


def _file_of(files: Files, part: str, act: Act, *names: str, source: str = "") -> str:
    """Return the file of a source to which an act of a coder is added, and make it if there is none.

    Args:
        files: of the study.
        part: ``codings`` or ``readings``.
        act: the act.
        names: what a new file may be called, the first that is free.
        source: the source; that of the act when it names one.
    """
    source = source or str(getattr(act, "source", ""))
    key = "excerpts" if part == "codings" else "readings"
    if part == "codings":
        files.document(source)
    settled = bool(getattr(act, "settles", False))
    mine = [name for name in files.of_source(part, source) if files.value(name).get("coder") == act.by]
    mine = [name for name in mine if part == "codings" or name.endswith("-settled.yaml") == settled] or mine
    if mine:
        return max(mine, key=lambda name: (files.value(name).get("date") == act.day, files.value(name).get("date")))
    free = (f"{part}/{name}" for name in (*names, *(f"{act.by}-{source}-{n}.yaml" for n in range(2, 100))))
    name = next((name for name in free if files.text(name) is None), "")
    if not name:
        raise KGError(f"no name is free for a file of '{act.by}' in {part}/")
    head = {"source": source, "coder": act.by}
    schema = f"# yaml-language-server: $schema=../schema/{part}.json\n"
    files.create(name, f"{schema}{_yaml_write.dump(head)}date: {act.day}\n{key}: []\n")
    return name
