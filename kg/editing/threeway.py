"""The values of a file of a study in two copies, and in what both came from: what of one is to go into the other.

Entries are told apart by their ids, passages by their words and places. What one copy alone changed is taken, what both
changed alike is taken once, and what they changed differently is a conflict. An evidence line, a claim, a reading and
an arrangement are one whole, because a stance and a strength that nobody chose together would be nobody's judgement; of
other entries each field is looked at by itself, and lists of ids item by item.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from kg.editing.records import PLACES
from kg.loaders import _yaml_write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kg.loaders._yaml_text import Path, YamlText

    Decide = Callable[["Conflict"], "Side | None"]

Side = Literal["ours", "theirs"]
WHOLE = ("evidence", "propositions", "readings", "settlements", "arrangements")
"""Lists whose entries are one whole."""
_PLACE = ("quote", "start", "prefix", "suffix", "paragraph", "unconfirmed", "stated")
"""Keys of a passage that only mean something together."""
_KEYS: dict[str, tuple[str, ...]] = {
    "readings": ("line", "coder", "date", "settles"),
    "settlements": ("source", "paragraph", "family"),
    "uncoded": ("paragraph",),
}
"""What tells entries without an id apart."""
_KINDS = {place: kind for kind, place in PLACES.items()}


class Conflict(NamedTuple):
    """What two copies changed differently.

    Args:
        address: how a person names it: the file, the entry and the field, such as ``codebook.yaml:trust.label``.
        entry: the address of the entry, by which all of its fields are chosen at once.
        what: how it comes.
        ours: what stands here; empty when it is not there.
        theirs: what stands in the other copy.
    """

    address: str
    entry: str
    what: str
    ours: str
    theirs: str


class Gone(NamedTuple):
    """A record that one copy has removed, and that comes back or stays where something names it.

    Args:
        kind: of record.
        id: its id.
        entry: what it says; None when it is still there.
    """

    kind: str
    id: str
    entry: dict[str, Any] | None


class Threeway:
    """A file that takes what another copy of it changed.

    Args:
        name: its path in the study.
        decide: says which side a conflict takes; None leaves it open.

    Attributes:
        notes: the changes, each to be noted in the file here; all by the places before.
        removals: the entries that go.
        gone: records that were removed in one copy.
        conflicts: those that are open.
        taken: how many changes of theirs are taken.
    """

    def __init__(self, name: str, decide: Decide) -> None:
        self.name, self._decide = name, decide
        self.notes: list[Callable[[YamlText], None]] = []
        self.removals: list[Path] = []
        self.gone: list[Gone] = []
        self.conflicts: list[Conflict] = []
        self.taken = 0

    def compare(self, base: Any, ours: Any, theirs: Any) -> None:
        """Note what of theirs is to be taken.

        Args:
            base: the values in what both came from; empty where nothing is known of that.
            ours: the values here.
            theirs: the values in the other copy.
        """
        self._fields((), self.name, self.name, base or {}, ours, theirs)

    # ---- Fields

    def _fields(
        self, path: Path, address: str, entry: str, base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
    ) -> None:
        """Compare the fields of a mapping."""
        values: dict[str, Any] = {}
        together = _PLACE if "quote" in ours or "quote" in theirs else ()
        places = [{key: one[key] for key in together if key in one} for one in (base, ours, theirs)]
        if self._takes(f"{address}", entry, *places):
            values |= {key: places[2].get(key) for key in together if key in ours or key in theirs}
        for key in [*ours, *(key for key in theirs if key not in ours)]:
            if key in together:
                continue
            before, here, there = base.get(key), ours.get(key), theirs.get(key)
            at = f"{address}:{key}" if address == self.name else f"{address}.{key}"
            # Of records that only this copy removed, it is to be known which they are.
            if there == here or (there == before and not (path == () and _are_entries(there))):
                continue
            if _are_entries(here) and _are_entries(there, before):
                self._entries((*path, key), entry, key, before or [], here, there or [])
            elif isinstance(here, list) and isinstance(there, list) and not _are_entries(there):
                merged = _merged(before if isinstance(before, list) else [], here, there)
                values |= {key: merged or None} if merged != here else {}
                self.taken += merged != here
            elif isinstance(here, dict) and isinstance(there, dict) and key != "anchor":
                known = before if isinstance(before, dict) else {}
                self._fields((*path, key), at, entry, known, here, there)
            elif self._takes(at, entry, before, here, there):
                values[key] = there
        if values:
            self.notes.append(lambda yaml: yaml.set(path, values))

    def _takes(self, address: str, entry: str, base: Any, ours: Any, theirs: Any) -> bool:
        """Say whether a value of theirs is taken; a conflict that is not decided is kept."""
        if theirs in (ours, base):
            return False
        if ours != base:
            how = "added in both" if base in (None, {}) else "changed in both"
            if ours is None:
                how = "removed here, changed there"
            elif theirs is None:
                how = "changed here, removed there"
            side = self._side(Conflict(address, entry, how, *_shown(ours, theirs)))
            if side != "theirs":
                return False
        self.taken += 1
        return True

    def _side(self, conflict: Conflict) -> Side | None:
        side = self._decide(conflict)
        if side is None:
            self.conflicts.append(conflict)
        return side

    # ---- Lists of entries

    def _entries(self, path: Path, within: str, key: str, base: list[Any], ours: Any, theirs: list[Any]) -> None:
        """Compare the entries of a list."""
        here, there = _pairs(key, base, ours), _pairs(key, base, theirs)
        fresh = _pairs(
            key,
            [one for n, one in enumerate(theirs) if n not in there.values()],
            [one for n, one in enumerate(ours) if n not in here.values()],
        )
        ours_new = [n for n in range(len(ours)) if n not in here.values()]
        new: list[Any] = []
        number = 0
        for at, entry in enumerate(theirs):
            before = next((n for n, other in there.items() if other == at), None)
            if before is None:
                if number in fresh:
                    mine = ours_new[fresh[number]]
                    self._entry((*path, mine), within, key, None, ours[mine], entry)
                else:
                    new.append(entry)
                    self.taken += 1
                number += 1
            elif before in here:
                self._entry((*path, here[before]), within, key, base[before], ours[here[before]], entry)
            elif entry != base[before]:
                address = self._address(within, key, entry, at)
                conflict = Conflict(address, address, "removed here, changed there", *_shown(None, entry))
                if self._side(conflict) == "theirs":
                    new.append(entry)
                    self.taken += 1
            elif kind := _kind(self.name, path):
                self.gone.append(Gone(kind, entry["id"], entry))
        for before, at in sorted(here.items()):
            if before not in there:
                self._removed((*path, at), within, key, base[before], ours[at])
        if new:
            self.notes.append(lambda yaml: yaml.append(path, new))

    def _entry(self, path: Path, within: str, key: str, base: Any, ours: Any, theirs: Any) -> None:
        """Compare an entry that both have; of what it was nothing may be known."""
        number = path[-1]
        assert isinstance(number, int)
        address = self._address(within, key, ours, number)
        if key not in WHOLE:
            self._fields(path, address, address, base or {}, ours, theirs)
        elif self._takes(address, address, base, ours, theirs):
            keys = [*ours, *(one for one in theirs if one not in ours)]
            values = {one: theirs.get(one) for one in keys if ours.get(one) != theirs.get(one)}
            self.notes.append(lambda yaml: yaml.set(path, values))

    def _removed(self, path: Path, within: str, key: str, base: Any, ours: Any) -> None:
        """Remove an entry that is not there any more in the other copy."""
        number = path[-1]
        assert isinstance(number, int)
        if ours != base:
            address = self._address(within, key, ours, number)
            conflict = Conflict(address, address, "changed here, removed there", *_shown(ours, None))
            if self._side(conflict) != "theirs":
                return
        self.taken += 1
        if kind := _kind(self.name, path[:-1]):
            self.gone.append(Gone(kind, ours["id"], None))
        else:
            self.removals.append(path)

    def _address(self, within: str, key: str, entry: Mapping[str, Any], number: int) -> str:
        """Return how a person names an entry."""
        if "id" in entry:
            return f"{self.name}:{entry['id']}"
        return f"{within}:{number + 1}" if within == self.name else f"{within}.{key}:{number + 1}"


def agreed(one: Any, other: Any) -> Any:
    """Return what two accounts of a file have alike: of lists of entries the entries, of mappings the keys.

    Args:
        one: the values of a file.
        other: those of the other account.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: agreed(one[key], other[key]) for key in one if key in other and _comes(one[key], other[key])}
    if _are_entries(one) and _are_entries(other):
        return [entry for entry in one if entry in other]
    return one


def _comes(one: Any, other: Any) -> bool:
    """Say whether something of two values may be alike."""
    mappings = isinstance(one, dict) and isinstance(other, dict)
    return one == other or mappings or (_are_entries(one) and _are_entries(other))


def _kind(name: str, path: Path) -> str:
    """Return which kind of record stands in a list; empty for none that is named by its id in other files."""
    return _KINDS.get((name, str(path[0])), "") if len(path) == 1 else ""


def _are_entries(*values: Any) -> bool:
    """Say whether values are lists of mappings; one that is empty or not there is any list."""
    return all(v is None or (isinstance(v, list) and all(isinstance(one, dict) for one in v)) for v in values) and not (
        len(values) == 1 and values[0] is None
    )


def _merged(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return a list of ids in which both have added and removed theirs."""
    kept = [one for one in ours if one in theirs or one not in base]
    return list(dict.fromkeys([*kept, *(one for one in theirs if one not in ours and one not in base)]))


def _identity(key: str, entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells an entry of a list from the others."""
    if "id" in entry:
        return ("id", entry["id"])
    if "quote" in entry:
        others = ("source", "start", "prefix", "suffix", "paragraph", "coder", "date")
        return (" ".join(str(entry["quote"]).split()), *(entry.get(one) for one in others))
    if key in _KEYS:
        return tuple(entry.get(one) for one in _KEYS[key])
    return (json.dumps(entry, sort_keys=True),)


def _pairs(key: str, base: Sequence[Any], side: Sequence[Any]) -> dict[int, int]:
    """Return which entries of two lists are the same, by their numbers: also one that was changed between its like."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for number, entry in enumerate(side):
        found.setdefault(_identity(key, entry), []).append(number)
    pairs = {}
    for number, entry in enumerate(base):
        if same := found.get(_identity(key, entry)):
            pairs[number] = same.pop(0)
    left = [n for n in range(len(side)) if n not in set(pairs.values())]
    bounds = [(-1, -1), *sorted(pairs.items()), (len(base), len(side))]
    for (first, mine), (last, other) in pairwise(bounds):
        missing, extra = range(first + 1, last), [n for n in left if mine < n < other]
        if len(missing) == len(extra):
            both = zip(missing, extra, strict=True)
            pairs |= {n: at for n, at in both if "id" not in base[n] and _alike(base[n], side[at])}
    return pairs


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two entries have a field alike."""
    return any(value and other.get(key) == value for key, value in one.items() if key not in ("coder", "date"))


def _shown(ours: Any, theirs: Any) -> tuple[str, str]:
    """Return two values as a person reads them: of mappings only what differs."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        same = {key for key in ours if key in theirs and ours[key] == theirs[key]}
        ours, theirs = ({k: v for k, v in one.items() if k not in same} for one in (ours, theirs))
    return _text(ours), _text(theirs)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return _yaml_write.dump(value).rstrip("\n")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
