"""Choose what free exploring shows: some records, a part of the neighbours of each, and the links among all of these.

What is chosen is a :class:`View`, which stands in an address: the same view of the same build is the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg import claims
from kg.ids import source_of
from kg.store import around

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.around import Count
    from kg.store.tables import Tables

MOST = 120
"""How many records a picture has at most."""
STEP = 6
"""How many neighbours of a kind are shown at first, and how many more at a time."""
MANY = 3
"""Of more records than these to begin with, only the concepts around them are shown at first."""


class Show(NamedTuple):
    """A wish to see neighbours.

    Args:
        key: kind and id of a record, as ``kind/id``.
        kind: kind of its neighbours.
        number: how many of them, in the order of :func:`kg.store.around.first`.

    Example:
        >>> Show("proposition/P17", "excerpt", 6).written
        'proposition/P17>excerpt*6'
    """

    key: str
    kind: str
    number: int

    @property
    def written(self) -> str:
        """Return it as it stands in an address."""
        return f"{self.key}>{self.kind}*{self.number}"


def show(text: str) -> Show | None:
    """Read a wish to see neighbours; None of a text that is none.

    Args:
        text: as it stands in an address.

    Example:
        >>> show("proposition/P17>excerpt*6")
        Show(key='proposition/P17', kind='excerpt', number=6)
        >>> show("P17>excerpt") is None
        True
    """
    key, arrow, rest = text.rpartition(">")
    kind, _, number = rest.partition("*")
    if not arrow or "/" not in key or not number.isascii() or not number.isdigit() or len(number) > 6:
        return None
    return Show(key, kind, min(int(number), MOST))


class Pin(NamedTuple):
    """A record that stays where it was put.

    Args:
        key: kind and id of the record, as ``kind/id``.
        y: how far below the first record its middle stands (pixels).
    """

    key: str
    y: int

    @property
    def written(self) -> str:
        """Return it as it stands in an address."""
        return f"{self.key}@{self.y}"


def pin(text: str) -> Pin | None:
    """Read where a record was put; None of a text that says no such thing.

    Args:
        text: as it stands in an address.

    Example:
        >>> pin("concept/trust@-40"), pin("concept/trust")
        (Pin(key='concept/trust', y=-40), None)
    """
    key, at, number = text.rpartition("@")
    digits = number.removeprefix("-")
    if not at or "/" not in key or not digits.isascii() or not digits.isdigit() or len(digits) > 5:
        return None
    return Pin(key, int(number))


class View(NamedTuple):
    """The choice of what is shown.

    Args:
        of: the records to begin with, as ``kind/id``.
        shows: the neighbours that are shown; None for what is shown at first.
        hidden: records that are not shown, whatever leads to them.
        pins: records that stay where they were put.
    """

    of: tuple[str, ...]
    shows: tuple[Show, ...] | None = None
    hidden: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()


class Near(NamedTuple):
    """The neighbours of a record that are of one kind.

    Args:
        kind: their kind.
        total: how many there are.
        shown: how many of them are in the picture, by whatever way they came there.
        asked: how many this record asks for.
        links: how many there are by link.
    """

    kind: str
    total: int
    shown: int
    asked: int
    links: tuple[tuple[str, int], ...]

    @property
    def further(self) -> int:
        """Return how many to ask for, so that some more are shown; 0 when all are."""
        # Those that are here by another way may be the next in order.
        return 0 if self.shown >= self.total else min(max(self.asked, self.shown) + STEP, self.total)


@dataclass(frozen=True)
class Record:
    """A record in the picture.

    Args:
        kind: its kind.
        id: its id.
        text: all its words.
        origin: of a passage where it stands, in a word; else empty.
        parent: key of the record whose neighbour it came as; empty of one to begin with.
        near: its neighbours by kind.
    """

    kind: str
    id: str
    text: str
    origin: str = ""
    parent: str = ""
    near: tuple[Near, ...] = ()

    @cached_property
    def key(self) -> str:
        """Return kind and id, which no other record of the picture has."""
        return f"{self.kind}/{self.id}"

    @property
    def more(self) -> int:
        """Return how many of its neighbours are not shown."""
        return sum(near.total - near.shown for near in self.near)


class Link(NamedTuple):
    """What joins two records.

    Args:
        start: key of the record that it leads from.
        end: key of the other.
        names: the links, stances first; what leads both ways is here once.
    """

    start: str
    end: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Neighbourhood:
    """What is shown.

    Args:
        view: the choice, with nothing left to be guessed.
        records: the records, in the order in which they came.
        links: sorted.
        left_out: how many records were left out because there were too many.
        names: what the hidden records are called, by key.
    """

    view: View
    records: tuple[Record, ...]
    links: tuple[Link, ...]
    left_out: int = 0
    names: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return what the first record is called, and how many others there were to begin with."""
        begun = [r for r in self.records if not r.parent]
        if not begun:
            return ""
        first = f"{begun[0].id}: {begun[0].text}" if begun[0].kind == "proposition" else begun[0].text
        return f"{first} +{len(begun) - 1}" if len(begun) > 1 else first


def _at_first(tables: Tables, view: View) -> tuple[Show, ...]:
    """Return what is shown before anybody chooses: some neighbours of each kind, of many records the concepts."""
    shows = []
    for key in view.of:
        kind, _, identifier = key.partition("/")
        for near, count in around.counted(tables, kind, [identifier])[identifier].items():
            if len(view.of) <= MANY or near == "concept":
                shows.append(Show(key, near, min(count.total, STEP)))
    return tuple(shows)


def named(tables: Tables, kind: str, identifier: str, language: str) -> str:
    """Return what a record is called: in English where it has no name in the language, else its id.

    Args:
        tables: the tables of a build.
        kind: kind of the record.
        identifier: its id.
        language: ``en`` or ``zh``.
    """
    if kind == "reference":
        return tables.reference_names.get(identifier, identifier)
    names = tables.names.get((kind, identifier), {})
    return names.get(language) or names.get("en") or identifier


def choose(tables: Tables, view: View, language: str = "en") -> Neighbourhood:
    """Choose what a view shows.

    Args:
        tables: the tables of the build.
        view: says what; a wish that cannot be met is left out of it.
        language: ``en`` or ``zh``, for the words of records.
    """
    hidden = {*view.hidden} - {*view.of[:1]}
    asked = _at_first(tables, view) if view.shows is None else view.shows
    parents: dict[str, str] = dict.fromkeys((key for key in view.of if key not in hidden), "")
    last: dict[tuple[str, str], Show] = {}
    left_out = 0
    for one in asked:
        if one.key not in parents:
            continue
        last[one.key, one.kind] = one
        kind, _, identifier = one.key.partition("/")
        for other in around.first(tables, kind, identifier, one.kind, one.number):
            key = f"{one.kind}/{other}"
            if key in hidden or key in parents:
                continue
            if len(parents) < MOST:
                parents[key] = one.key
            else:
                left_out += 1
    links = _links(tables, parents)
    records = _records(tables, parents, last, links, language)
    pins = tuple({one.key: one for one in view.pins if one.key in parents}.values())
    names = _called(tables, sorted(hidden), language)
    away = tuple(key for key in dict.fromkeys(view.hidden) if key in names)
    return Neighbourhood(View(view.of, tuple(last.values()), away, pins), records, links, left_out, names)


def _called(tables: Tables, keys: Sequence[str], language: str) -> dict[str, str]:
    """Return what records are called, by key; those that are not there are left out."""
    names = {}
    for kind, ids in _by_kind(keys).items():
        quotes = around.quotes(tables, ids) if kind == "excerpt" else {}
        for identifier in ids:
            if identifier in quotes or (kind, identifier) in tables.names:
                names[f"{kind}/{identifier}"] = quotes.get(identifier) or named(tables, kind, identifier, language)
    return names


def _by_kind(keys: Iterable[str]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for key in keys:
        kind, _, identifier = key.partition("/")
        kinds.setdefault(kind, []).append(identifier)
    return kinds


def _links(tables: Tables, shown: dict[str, str]) -> tuple[Link, ...]:
    """Return the links among records that are shown, those between the same two as one."""
    names: dict[tuple[str, str], set[str]] = {}
    for kind, ids in _by_kind(shown).items():
        for identifier, link, other, end in around.leading(tables, kind, ids):
            one, two = f"{kind}/{identifier}", f"{other}/{end}"
            if two in shown and one != two:
                pair = (two, one) if (two, one) in names else (one, two)
                names.setdefault(pair, set()).add(link)
    return tuple(Link(*pair, tuple(sorted(some, key=around.order))) for pair, some in sorted(names.items()))


def _records(
    tables: Tables,
    parents: dict[str, str],
    asked: dict[tuple[str, str], Show],
    links: Sequence[Link],
    language: str,
) -> tuple[Record, ...]:
    joined: dict[str, dict[str, set[str]]] = {key: {} for key in parents}
    for link in links:
        for one, other in ((link.start, link.end), (link.end, link.start)):
            joined[one].setdefault(other.partition("/")[0], set()).add(other)
    by_kind = _by_kind(parents)
    words = around.quotes(tables, by_kind.get("excerpt", []))
    counts: dict[str, dict[str, Count]] = {}
    for kind, ids in by_kind.items():
        counts |= {f"{kind}/{one}": some for one, some in around.counted(tables, kind, ids).items()}
    records = []
    for key, parent in parents.items():
        kind, _, identifier = key.partition("/")
        near = tuple(
            Near(
                other,
                count.total,
                len(joined[key].get(other, ())),
                asked[key, other].number if (key, other) in asked else 0,
                count.links,
            )
            for other, count in counts[key].items()
        )
        text = words.get(identifier, identifier) if kind == "excerpt" else named(tables, kind, identifier, language)
        if kind == "line":
            text = identifier
        origin = ""
        if kind == "excerpt":
            source = source_of(identifier)
            case = tables.cases.get(source)
            origin = named(tables, "case", case, language) if case else named(tables, "source", source, language)
        records.append(Record(kind, identifier, " ".join(text.split()), origin, parent, near))
    return tuple(records)


def stance(link: Link) -> str:
    """Return the stance of a link; empty when it has none.

    Args:
        link: the link.
    """
    return link.names[0] if link.names[0] in claims.STANCES else ""
