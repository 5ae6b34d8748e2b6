"""The difference between two states of a study: each change named once, and what it did to the claims.

Records that people name are the same when they have one id; one that has another id and the same content was renamed.
Passages are the same where they stand at one place; else where they have the same words (they moved), or overlap and
still carry a code or line (they were cut anew). Codings and readings are compared over these.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg.query import Table
from kg.snapshot import Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from kg.snapshot import Fields, Snapshot, Value

NAMED = (
    "attribute", "case", "coder", "relation", "concept", "code", "reference", "source", "proposition", "line",
    "question", "search", "set",
)  # fmt: skip
"""Kinds whose records have ids that people gave, those that others name before those that name them."""
ACTS: dict[str, tuple[str, ...]] = {
    "coding": ("target", "body", "coder", "created"),
    "assertion": ("target", "body"),
    "reading": ("line", "coder", "settles", "created"),
    "uncoded": ("source", "paragraph", "coder"),
    "settlement": ("source", "paragraph", "family"),
    "confidence": ("assesses",),
    "concern": ("assessment", "component"),
}
"""Kinds whose records are known by what they say, and the fields that say which one it is."""
_CALLED = {"proposition": "claim", "line": "evidence line", "theory": "study", "uncoded": "uncoded paragraph"}
_DERIVED = frozenset({"identifier", "example"})
"""Fields that say nothing of a record's content when it is looked for under another id."""
_LEVELS = {"settlement": "decision", "confidence": "confidence", "concern": "concern"}
"""The field of an act that says what was decided."""
SHOWN = 60
"""Characters of a text that a table shows of it."""


class Field(NamedTuple):
    """A field of a record that changed.

    Args:
        name: its name in JSON-LD.
        before: its value before; empty when it had none.
        after: its value afterwards.
    """

    name: str
    before: str
    after: str


class Change(NamedTuple):
    """A change of one record, or of how a claim stands.

    Args:
        kind: kind of the record.
        id: its id; of what has none that people gave, what it says. Of what is gone the id before.
        what: what became of it, such as ``added``, ``renamed`` or ``withdrawn``; ``state`` of how a claim stands.
        before: what it was; of a renamed record its id, of a passage its place.
        after: what it is.
        about: what it is about, such as the claim of a line or the words of a passage.
        fields: the fields that changed.
        through: of a state, the changes of the records that bear on the claim.
    """

    kind: str
    id: str
    what: str
    before: str = ""
    after: str = ""
    about: str = ""
    fields: tuple[Field, ...] = ()
    through: tuple[str, ...] = ()


def changes(old: Snapshot, new: Snapshot) -> list[Change]:
    """Return what changed between two studies, each change once.

    Args:
        old: the study before.
        new: the study afterwards.
    """
    return _Comparison(old, new).changes()


class _Comparison:
    """The comparison of two studies.

    Args:
        old: the study before.
        new: the study afterwards.
    """

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = old, new
        # What each record of the study before is called afterwards.
        self.now: dict[Ref, str] = {}
        self._acts = [_on_excerpts(old), _on_excerpts(new)]
        for kind in NAMED:
            self._match(kind)
            if kind == "source":
                self._match_excerpts()

    def changes(self) -> list[Change]:
        """Return all changes."""
        found = [change for kind in (*NAMED, "theory") for change in self._named(kind)]
        found += [change for kind in ACTS for change in self._said(kind)]
        found += self._passages()
        return [*self._states(found), *found]

    def mapped(self, value: Value) -> Value:
        """Return a value of the study before as the study afterwards says it."""
        if not isinstance(value, Ref):
            return value
        # The confidence in a claim is called as the claim is.
        known = Ref("proposition", value.id) if value.kind == "confidence" else value
        return Ref(value.kind, self.now.get(known, value.id))

    def _fields(self, fields: Fields) -> Fields:
        return {name: tuple(sorted(map(self.mapped, values), key=str)) for name, values in fields.items()}

    # ---- Which record is which

    def _match(self, kind: str) -> None:
        """Find the records of a kind that have other ids than before."""
        before, after = self.old.of(kind), self.new.of(kind)
        for identifier in before.keys() & after.keys():
            self.now[Ref(kind, identifier)] = identifier
        gone = {i: self._fields(fields) for i, fields in before.items() if i not in after}
        come = {i: fields for i, fields in after.items() if i not in before}
        self._pair(kind, gone, come, lambda _, fields: _content(kind, fields))
        if kind == "source":
            self._pair(kind, gone, come, lambda _, fields: fields.get("sha256"))
        elif kind == "code":
            self._pair(kind, gone, come, lambda i, _: self._coded(i, old=i in gone))
        elif kind == "line":
            self._pair(kind, gone, come, lambda _, fields: _rests(fields))

    def _pair(
        self,
        kind: str,
        gone: dict[str, Fields],
        come: dict[str, Fields],
        said: Callable[[str, Fields], Hashable],
    ) -> None:
        """Pair those that say the same, where no other says it."""
        by_content = []
        for side in (gone, come):
            listed: dict[Hashable, list[str]] = {}
            for identifier, fields in side.items():
                if content := said(identifier, fields):
                    listed.setdefault(content, []).append(identifier)
            by_content.append({content: ids[0] for content, ids in listed.items() if len(ids) == 1})
        for content, identifier in sorted(by_content[0].items(), key=lambda one: one[1]):
            if content in by_content[1]:
                self.now[Ref(kind, identifier)] = by_content[1][content]
                del gone[identifier], come[by_content[1][content]]

    def _coded(self, code: str, *, old: bool) -> frozenset[str]:
        """Return the words of the passages to which anybody gave a code, before or afterwards."""
        of, acts = (self.old, self._acts[0]) if old else (self.new, self._acts[1])
        given = (e for e, those in acts.items() if any(act[0] == Ref("code", code) for act in those))
        return frozenset(_one(of.records[Ref("excerpt", e)], "exact") for e in given)

    def _match_excerpts(self) -> None:
        """Find each passage of the study before in the one afterwards."""
        before, after = (_by_source(one) for one in (self.old, self.new))
        for source, old in before.items():
            self._match_in(old, after.get(str(self.mapped(Ref("source", source))), {}))

    def _match_in(self, old: dict[str, _Passage], new: dict[str, _Passage]) -> None:
        """Find the passages of one source."""
        there = {(p.start, p.words): i for i, p in new.items()}
        left = dict(old)
        free = dict(new)

        def take(identifier: str, other: str) -> None:
            self.now[Ref("excerpt", identifier)] = other
            del left[identifier], free[other]

        for identifier, passage in old.items():
            if other := there.get((passage.start, passage.words)):
                take(identifier, other)
        same: dict[str, list[str]] = {}
        for identifier, passage in sorted(free.items(), key=lambda one: one[1]):
            same.setdefault(passage.words, []).append(identifier)
        for identifier, passage in sorted(left.items(), key=lambda one: one[1]):
            if others := same.get(passage.words):
                take(identifier, others.pop(0))
        # Cut anew: they share words, and somebody's code or line rests on both.
        ranked = sorted(
            (-shared, identifier, other)
            for identifier, passage in left.items()
            for other, cut in free.items()
            if (shared := _shared(passage, cut)) and self._carried(identifier) & self._acts[1].get(other, set())
        )
        for _, identifier, other in ranked:
            if identifier in left and other in free:
                take(identifier, other)

    def _carried(self, excerpt: str) -> set[tuple[Value, ...]]:
        """Return what rests on a passage of the study before, as the one afterwards says it."""
        return {tuple(map(self.mapped, act)) for act in self._acts[0].get(excerpt, ())}

    # ---- What became of them

    def _named(self, kind: str) -> Iterator[Change]:
        """Compare the records of a kind that people name."""
        before, after = self.old.of(kind), self.new.of(kind)
        if kind == "theory":
            self.now[Ref("theory", "")] = ""
        kept = {self.now[Ref(kind, i)]: i for i in before if Ref(kind, i) in self.now}
        called = _CALLED.get(kind, kind)
        for identifier, fields in sorted(after.items()):
            if identifier not in kept:
                yield Change(called, identifier, "added", "", _summary(kind, fields), _about(kind, fields))
                continue
            old = before[kept[identifier]]
            if kept[identifier] != identifier:
                yield Change(called, identifier, "renamed", kept[identifier], identifier, _about(kind, fields))
            if changed := _differing(self._fields(old), fields, _ignored(kind, old, fields)):
                what = self._of_line(identifier, old, fields, changed) if kind == "line" else "changed"
                before_, after_ = _summary(kind, old), _summary(kind, fields)
                told = ("", "") if before_ == after_ else (before_, after_)
                yield Change(called, identifier, what, *told, _about(kind, fields), changed)
        for identifier, fields in sorted(before.items()):
            if Ref(kind, identifier) not in self.now:
                yield Change(called, identifier, "removed", _summary(kind, fields), "", _about(kind, fields))

    def _of_line(self, identifier: str, old: Fields, new: Fields, changed: tuple[Field, ...]) -> str:
        """Say in a word what became of an evidence line."""
        was, now = _one(old, "status"), _one(new, "status")
        names = {field.name for field in changed}
        if was != now:
            if now == "active":
                settles = any(
                    _one(r, "line") == identifier and _one(r, "settles") == "true"
                    for r in self.new.of("reading").values()
                )
                return "settled" if was == "disputed" and settles else "counts again"
            return now
        for what, those in (
            ("re-judged", {"stance", "statedStrength"}),
            ("moved to another claim", {"proposition"}),
            ("weighed anew", {"strength", "loweredBy"}),
            ("rests on other passages", {"excerpt"}),
        ):
            if names & those:
                return what
        return "changed"

    def _said(self, kind: str) -> Iterator[Change]:
        """Compare records that are known by what they say."""
        keys = ACTS[kind]
        before = {_key(keys, mapped): mapped for f in self.old.of(kind).values() for mapped in [self._fields(f)]}
        after = {_key(keys, fields): fields for fields in self.new.of(kind).values()}
        if kind == "reading":
            before, after = _of_others(before, self.old, self.now), _of_others(after, self.new)
        self._redated(kind, before, after)
        for key in sorted(before.keys() | after.keys()):
            old, new = before.get(key), after.get(key)
            name, called = ", ".join(filter(None, key)), _CALLED.get(kind, kind)
            if old is None or new is None:
                there = old or new or {}
                told = ("", _summary(kind, there)) if old is None else (_summary(kind, there), "")
                yield Change(called, name, "added" if old is None else "removed", *told, self._words(kind, there))
            elif changed := _differing(old, new, _DERIVED):
                told = (_summary(kind, old), _summary(kind, new))
                yield Change(called, name, "changed", *told, self._words(kind, new), changed)

    @staticmethod
    def _redated(kind: str, before: dict[tuple[str, ...], Fields], after: dict[tuple[str, ...], Fields]) -> None:
        """Let an act of another day be the same act, where there is one only."""
        if "created" not in ACTS[kind]:
            return
        by_act: dict[tuple[str, ...], tuple[list[tuple[str, ...]], list[tuple[str, ...]]]] = {}
        for side, (mine, others) in enumerate(((before, after), (after, before))):
            for key in mine.keys() - others.keys():
                by_act.setdefault(key[:-1], ([], []))[side].append(key)
        for old, new in by_act.values():
            if len(old) == len(new) == 1:
                before[new[0]] = before.pop(old[0])

    def _passages(self) -> Iterator[Change]:
        """Say which quotes moved, were cut anew, or have another place in their document."""
        before, after = self.old.of("excerpt"), self.new.of("excerpt")
        changed = {
            change.id
            for change in self._named("source")
            # A passage has places and references of its source.
            if change.what == "changed"
        }
        for identifier, fields in sorted(before.items()):
            if (now := self.now.get(Ref("excerpt", identifier))) is None:
                continue
            new = after[now]
            words, place = _one(new, "exact"), (f"{_one(new, 'source')}:{_one(new, 'start')}-{_one(new, 'end')}")
            was = self._fields(fields)
            then = f"{_one(was, 'source')}:{_one(was, 'start')}-{_one(was, 'end')}"
            if _one(fields, "exact") != words:
                yield Change("quote", now, "cut anew", _one(fields, "exact"), words, words)
            elif then != place:
                yield Change("quote", now, "moved", then, place, words)
            elif _one(new, "source") not in changed and (
                told := _differing(was, new, _DERIVED | {"primarySource", "citation", "subject", "prefix", "suffix"})
            ):
                yield Change("quote", now, "placed anew", about=words, fields=told)

    def _states(self, found: list[Change]) -> Iterator[Change]:
        """Say how claims stand otherwise than before, and through which changes."""
        for claim, state in sorted(self.new.states.items()):
            before = next((i for i in self.old.states if self.now.get(Ref("proposition", i)) == claim), None)
            if before is None or self.old.states[before] == state:
                continue
            through = dict.fromkeys(
                f"{change.kind} {change.id} {change.what}" for change in found if self._bears(change, {claim, before})
            )
            yield Change(
                "claim", claim, "state", self.old.states[before], state, _statement(self.new, claim), (), (*through,)
            )

    def _bears(self, change: Change, claim: set[str]) -> bool:
        """Return whether a changed line, search or assertion is about a claim."""
        if change.kind == "evidence line":
            moved = {field.before for field in change.fields if field.name == "proposition"}
            return bool(claim & ({change.about} | moved))
        if change.kind == "search":
            return bool(claim & {*change.about.split(", ")})
        return change.kind == "assertion" and change.id.split(", ")[1] in claim

    def _words(self, kind: str, fields: Fields) -> str:
        """Return the words of the passage that a coding or assertion is of."""
        if kind not in ("coding", "assertion"):
            return ""
        excerpt = Ref("excerpt", _one(fields, "target"))
        there = self.new.records.get(excerpt) or self.old.records.get(excerpt) or {}
        return _one(there, "exact")


class _Passage(NamedTuple):
    """A passage: where it stands and its words."""

    start: int
    end: int
    words: str


def _by_source(of: Snapshot) -> dict[str, dict[str, _Passage]]:
    """Return the passages of each source by id."""
    found: dict[str, dict[str, _Passage]] = {}
    for identifier, fields in of.of("excerpt").items():
        passage = _Passage(int(_one(fields, "start")), int(_one(fields, "end")), _one(fields, "exact"))
        found.setdefault(_one(fields, "source"), {})[identifier] = passage
    return found


def _shared(one: _Passage, other: _Passage) -> int:
    """Return how many characters two passages of one source share, by their places or because one holds the other."""
    held = min(len(one.words), len(other.words)) if one.words in other.words or other.words in one.words else 0
    return max(held, min(one.end, other.end) - max(one.start, other.start), 0)


def _on_excerpts(of: Snapshot) -> dict[str, set[tuple[Value, ...]]]:
    """Return what rests on each passage: who gave it which code, which lines, which claims it states."""
    found: dict[str, set[tuple[Value, ...]]] = {}
    for ref, fields in of.records.items():
        if ref.kind in ("coding", "assertion"):
            act = (*fields["body"], *fields["coder"])
            found.setdefault(_one(fields, "target"), set()).add(act)
        elif ref.kind == "line":
            for excerpt in fields["excerpt"]:
                # A line that was given another id rests on the same claim.
                found.setdefault(str(excerpt), set()).add((*fields["proposition"], *fields["attributedTo"]))
    return found


def _content(kind: str, fields: Fields) -> Hashable:
    """Return what a record says, but for its id and what it says of others of its kind."""
    return tuple(
        (name, values)
        for name, values in sorted(fields.items())
        if name not in _DERIVED and not any(isinstance(v, Ref) and v.kind in (kind, "excerpt") for v in values)
    )


def _rests(fields: Fields) -> Hashable:
    """Return the claim, passages and author of an evidence line."""
    return (fields["proposition"], fields["excerpt"], fields["attributedTo"])


def _ignored(kind: str, old: Fields, new: Fields) -> frozenset[str]:
    """Return the fields of a record that follow from others."""
    if kind == "reference":
        return _DERIVED | {"creator", "label"}
    if kind == "theory":
        return frozenset()
    if kind == "line" and "disputed" in (_one(old, "status"), _one(new, "status")):
        # Of a dispute they follow from the readings.
        return _DERIVED | {"statusReason", "statusDate"}
    return frozenset({"identifier"})


def _of_others(
    readings: Mapping[tuple[str, ...], Fields], of: Snapshot, now: Mapping[Ref, str] | None = None
) -> dict[tuple[str, ...], Fields]:
    """Leave out the readings by which authors judged their own lines when they drew them: the line says it."""
    lines = {(now or {}).get(Ref("line", i), i): fields for i, fields in of.of("line").items()}

    def is_own(fields: Fields) -> bool:
        line = lines.get(_one(fields, "line"), {})
        author = Ref("coder", _one(line, "attributedTo"))
        who = now.get(author, author.id) if now else author.id
        return _one(fields, "settles") != "true" and (who, _one(line, "created")) == (
            _one(fields, "coder"),
            _one(fields, "created"),
        )

    return {key: fields for key, fields in readings.items() if not is_own(fields)}


def _key(names: Iterable[str], fields: Fields) -> tuple[str, ...]:
    return tuple(_one(fields, name) for name in names)


def _one(fields: Fields, name: str) -> str:
    """Return the only value of a field, or the first; empty when it has none."""
    return str(next(iter(fields.get(name, ())), ""))


def _all(fields: Fields, name: str) -> str:
    return ", ".join(map(str, fields.get(name, ())))


def _differing(old: Fields, new: Fields, ignored: frozenset[str]) -> tuple[Field, ...]:
    """Return the fields that differ."""
    names = sorted((old.keys() | new.keys()) - ignored)
    return tuple(Field(n, _all(old, n), _all(new, n)) for n in names if old.get(n, ()) != new.get(n, ()))


def _summary(kind: str, fields: Fields) -> str:
    """Say what a record says, in a few words."""
    if kind == "line":
        judged = ", ".join(filter(None, (_one(fields, "stance"), _one(fields, "strength"))))
        state = _one(fields, "status")
        return judged if state == "active" else f"{judged} ({state})"
    if kind == "reading":
        return ", ".join(filter(None, (_one(fields, "judgedStance"), _one(fields, "judgedStrength"))))
    if kind in _LEVELS:
        return _one(fields, _LEVELS[kind])
    if kind in ("coding", "assertion", "uncoded"):
        return _one(fields, "comment")
    return next(filter(None, (_one(fields, n) for n in ("prefLabel", "label", "title", "comment"))), "")


def _about(kind: str, fields: Fields) -> str:
    """Say what a record is about."""
    if kind == "line":
        return _one(fields, "proposition")
    return _all(fields, "subject") if kind == "search" else ""


def _statement(of: Snapshot, claim: str) -> str:
    return _one(of.records.get(Ref("proposition", claim), {}), "label")


def sections(found: Iterable[Change]) -> list[tuple[str, Table]]:
    """Return changes as tables, for people; each change is in one of them.

    Args:
        found: the changes.
    """
    parts: dict[str, list[Change]] = {}
    for change in found:
        parts.setdefault(_section(change), []).append(change)
    tables = []
    for title, (columns, row) in _SECTIONS.items():
        if listed := parts.get(title):
            tables.append((title, Table(columns, [row(change) for change in listed])))
    return tables


def counts(found: Iterable[Change]) -> dict[str, int]:
    """Count changes by the section in which they are shown.

    Args:
        found: the changes.
    """
    number = Counter(map(_section, found))
    return {title: number[title] for title in _SECTIONS if number[title]}


def _section(change: Change) -> str:
    if change.what == "state":
        return "Claims that stand otherwise"
    if change.what == "renamed":
        return "Renamed"
    return _OF_KIND.get(change.kind, "All else")


_OF_KIND = {
    "evidence line": "Evidence lines", "quote": "Quotes", "claim": "Claims", "code": "Codebook", "coding": "Codings",
    "reading": "Readings",
}  # fmt: skip
"""The sections in which changes of records of a kind are shown."""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 2].rstrip()} …"


def _told(change: Change) -> str:
    """Say in a line what changed in a record."""
    if change.fields:
        return "; ".join(f"{f.name}: {_short(f.before) or 'none'} → {_short(f.after) or 'none'}" for f in change.fields)
    return " → ".join(filter(None, (_short(change.before), _short(change.after))))


_SECTIONS: dict[str, tuple[tuple[str, ...], Callable[[Change], tuple[str, ...]]]] = {
    "Claims that stand otherwise": (
        ("claim", "before", "after", "through"),
        lambda c: (c.id, c.before, c.after, "; ".join(c.through)),
    ),
    "Evidence lines": (("line", "claim", "what", "change"), lambda c: (c.id, c.about, c.what, _told(c))),
    "Quotes": (("quote", "what", "change"), lambda c: (_short(c.about), c.what, _told(c))),
    "Renamed": (("kind", "before", "after"), lambda c: (c.kind, c.before, c.after)),
    "Claims": (("claim", "what", "change"), lambda c: (c.id, c.what, _told(c))),
    "Codebook": (("code", "what", "change"), lambda c: (c.id, c.what, _told(c))),
    "Codings": (("coding", "what", "passage", "change"), lambda c: (c.id, c.what, _short(c.about), _told(c))),
    "Readings": (("reading", "what", "change"), lambda c: (c.id, c.what, _told(c))),
    "All else": (("kind", "id", "what", "change"), lambda c: (c.kind, c.id, c.what, _told(c))),
}
"""The tables in which changes are shown: their columns, and what a row says."""
