"""Free exploring: some records, the neighbours of each by kind, as many of them as are wanted.

All that is shown stands in the address, so that it can be sent, and every step is an address of its own: a script makes
the steps without loading the page again, and without one they are links.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import arrangements, claims
from kg.browse.frame import Page
from kg.errors import KGError, UnknownTerm, closest
from kg.picture import columns, neighbourhood
from kg.picture.neighbourhood import MOST, Pin, Show, View
from kg.store import around, fulltext
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy
    from kg.entries import ArrangementEntry
    from kg.picture.neighbourhood import Near, Neighbourhood
    from kg.store.tables import Tables

BEGUN = 40
"""With how many records a picture of an answer, or of the theory as files, begins at most."""
_OF_CLAIM = 3
"""How many evidence lines of each claim a picture of an answer begins with."""
FOUND, _QUOTES = 10, 5
"""How many records are found by their names, and how many passages by their words."""
NONE = "none"
"""What stands in an address for no neighbours at all."""
_BEGIN = {"proposition": 12, "concept": 16, "code": 16, "case": 12, "source": 12}
"""How many records of a kind are offered to begin with."""


class Found(NamedTuple):
    """A record that was found.

    Args:
        key: kind and id, as ``kind/id``.
        kind: its kind.
        id: its id.
        text: what it is called.
    """

    key: str
    kind: str
    id: str
    text: str


class Step(NamedTuple):
    """A kind of neighbours with the addresses of what can be done.

    Args:
        near: the neighbours.
        more: fields of the address that shows more of them; empty when all are shown.
        less: fields of the address that shows none of them; empty when none are asked for.
    """

    near: Near
    more: Mapping[str, object]
    less: Mapping[str, object]


class Entry(NamedTuple):
    """A record in the list.

    Args:
        record: the record.
        joined: its links: the names, whether they lead from it, and the key of the other record.
        steps: what can be done with its neighbours.
        without: fields of the address that shows everything but it.
    """

    record: neighbourhood.Record
    joined: Sequence[tuple[Sequence[str], bool, str]]
    steps: Sequence[Step]
    without: Mapping[str, object]


@dataclass(frozen=True)
class Exploration:
    """What is explored.

    Args:
        shown: the records that are shown, and their links; None before anything was chosen.
        placed: where they stand in a wide window.
        entries: the same as a list, by kind.
        find: what was looked for among the records.
        found: what was found.
        begin: kinds of record with ids to begin with.
        back: of each hidden record its key, and the fields of the address that shows it again.
        state: what is shown, as the fields of an address.
        arrangement: the arrangement that is opened, if one is.
        missing: the records of it that the study does not have, as ``kind/id``.
        arrangements: those that are kept, where there is something to begin with.
    """

    shown: Neighbourhood | None
    placed: columns.Placed | None
    entries: Mapping[str, Sequence[Entry]]
    find: str
    found: Sequence[tuple[Found, Mapping[str, object]]]
    begin: Mapping[str, Sequence[str]]
    back: Sequence[tuple[str, Mapping[str, object]]]
    state: Mapping[str, object]
    arrangement: ArrangementEntry | None = None
    missing: Sequence[str] = ()
    arrangements: Sequence[ArrangementEntry] = ()


def fields(view: View) -> dict[str, object]:
    """Return a view as the fields of an address.

    Args:
        view: what is shown.
    """
    shows = None if view.shows is None else tuple(one.written for one in view.shows) or (NONE,)
    return {"of": view.of, "show": shows, "hide": view.hidden, "pin": tuple(one.written for one in view.pins)}


def explore(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show what an address says, as a picture and as a list; without anything said, what there is to begin with."""
    opened = _arrangement(study, parameters.arrangement) if parameters.arrangement else None
    missing = arrangements.missing(study.tables, opened) if opened else ()
    view = _arranged(opened, missing) if opened else _view(study, parameters)
    found = find(study, parameters.find, language)
    if not view.of:
        if not parameters.whole:
            kept_views = arrangements.read(study.graph.folder)
            content = Exploration(
                None,
                None,
                {},
                parameters.find,
                _further(view, found),
                _begin(study),
                (),
                {},
                opened,
                missing,
                kept_views,
            )
            kept: dict[str, object] = {"q": "", "find": parameters.find, "arrangement": parameters.arrangement}
            # The file of arrangements may change without a build.
            return Page("explore.html", "Explore freely", "explore", content, kept=kept, passing=True)
        view = View(tuple([f"proposition/{one}" for one in study.claims] or _coded(study))[:BEGUN])
    shown = neighbourhood.choose(study.tables, view, language)
    entries: dict[str, list[Entry]] = {kind: [] for some in columns.COLUMNS for kind in some}
    joined: dict[str, list[tuple[Sequence[str], bool, str]]] = {record.key: [] for record in shown.records}
    for link in shown.links:
        joined[link.start].append((link.names, True, link.end))
        joined[link.end].append((link.names, False, link.start))
    for record in shown.records:
        steps = [Step(near, *_steps(shown.view, record.key, near)) for near in record.near]
        hidden = fields(shown.view._replace(hidden=(*shown.view.hidden, record.key)))
        entries[record.kind].append(Entry(record, joined[record.key], steps, hidden))
    back = [
        (key, fields(shown.view._replace(hidden=tuple(one for one in shown.view.hidden if one != key))))
        for key in shown.view.hidden
    ]
    content = Exploration(
        shown=shown,
        placed=columns.place(shown, "columns", language),
        entries={kind: some for kind, some in entries.items() if some},
        find=parameters.find,
        found=_further(shown.view, found),
        begin={},
        back=back,
        state=fields(shown.view),
        arrangement=opened,
        missing=missing,
    )
    kept = {"q": parameters.question} | (fields(view) if not parameters.question else {})
    if opened:
        kept = {"q": "", "arrangement": opened.id}
    shows = tuple((record.kind, record.id) for record in shown.records)
    title = opened.name if opened else shown.title
    return Page("explore.html", title, "explore", content, kept=kept, shows=shows, passing=opened is not None)


def _coded(study: BuiltStudy) -> list[str]:
    """Return the codes and sources of a study that has no claims yet."""
    return [f"{kind}/{one}" for kind in ("code", "source") for one in study.ids(kind)]


def _steps(view: View, key: str, near: Near) -> tuple[dict[str, object], dict[str, object]]:
    """Return the fields of the addresses that show more of some neighbours, and none of them."""
    shows = view.shows or ()
    others = tuple(one for one in shows if (one.key, one.kind) != (key, near.kind))
    asked = [one for one in shows if (one.key, one.kind) == (key, near.kind)]
    more = Show(key, near.kind, near.further)
    # A wish stays where it was among the others: what came by it may have wishes of its own.
    added = tuple(more if one in asked else one for one in shows) if asked else (*shows, more)
    return (
        fields(view._replace(shows=added)) if near.further else {},
        fields(view._replace(shows=others)) if near.asked else {},
    )


def _further(view: View, found: Sequence[Found]) -> list[tuple[Found, Mapping[str, object]]]:
    return [(one, fields(view._replace(of=(*dict.fromkeys((*view.of, one.key)),)))) for one in found]


def _begin(study: BuiltStudy) -> dict[str, list[str]]:
    """Return what there is to begin with: contested claims first, and the concepts that most claims are about."""
    claimed = Counter(concept for about in study.about.values() for concept in about)
    ids = {kind: study.ids(kind) for kind in _BEGIN} | {
        "proposition": sorted(study.claims, key=lambda claim: study.evidence.state(claim) != "contested"),
        "concept": sorted(study.ids("concept"), key=lambda concept: (-claimed[concept], concept)),
    }
    return {kind: some[: _BEGIN[kind]] for kind, some in ids.items() if some}


def _view(study: BuiltStudy, parameters: Parameters) -> View:
    """Return what an address shows.

    Raises:
        UnknownTerm: when it begins with a record that is not there.
        KGError: when it begins with a record that nothing is joined to.
    """
    if parameters.arrangement:
        kept = _arrangement(study, parameters.arrangement)
        return _arranged(kept, arrangements.missing(study.tables, kept))
    if parameters.question and not parameters.starts:
        return _answered(study, parameters.question)
    for key in parameters.starts:
        kind, _, identifier = key.partition("/")
        if kind not in around.KINDS:
            if (kind, identifier) in study.names:
                raise KGError(f"a {kind} cannot be explored; take one of: {', '.join(around.KINDS)}")
            raise UnknownTerm(kind, "kind of record", closest(kind, around.KINDS))
        if not arrangements.there(study.tables, key):
            raise UnknownTerm(key, "record", closest(identifier, study.ids(kind)))
    return View(
        tuple(dict.fromkeys(parameters.starts))[:BEGUN],
        None if parameters.shown is None else tuple(filter(None, map(neighbourhood.show, parameters.shown))),
        parameters.hidden,
        tuple(filter(None, map(neighbourhood.pin, parameters.pinned))),
    )


def _arrangement(study: BuiltStudy, identifier: str) -> ArrangementEntry:
    """Return an arrangement that is kept.

    Raises:
        UnknownTerm: when there is none of that id.
    """
    there = {one.id: one for one in arrangements.read(study.graph.folder)}
    if identifier not in there:
        raise UnknownTerm(identifier, "arrangement", closest(identifier, there) or list(there))
    return there[identifier]


def _arranged(kept: ArrangementEntry, missing: Iterable[str]) -> View:
    """Return what an arrangement shows, without the records that the study does not have."""
    lost = {*missing}
    shows = None if kept.show is None else [Show(s.record, s.kind, min(s.number, MOST)) for s in kept.show]
    return View(
        tuple(key for key in dict.fromkeys(kept.of) if key not in lost)[: 2 * BEGUN],
        None if shows is None else tuple(one for one in shows if one.key not in lost),
        tuple(key for key in kept.hide if key not in lost),
        tuple(Pin(one.record, one.height) for one in kept.pins if one.record not in lost),
    )


def _answered(study: BuiltStudy, question: str) -> View:
    """Return what an answer names: its claims, the concepts they are about, the first passages of each.

    Passages that the question leaves out are not among them, so nothing else is shown before somebody asks for it.
    """
    reply = study.answers.answer(question)
    wanted = [f"proposition/{claim.id}" for claim in reply.claims][:BEGUN]
    for claim in reply.claims[:BEGUN]:
        lines = [line for stance in claims.STANCES for line in claim.of(stance)[:_OF_CLAIM]]
        wanted += [f"excerpt/{passage.id}" for line in lines for passage in line.passages]
    about = [Show(key, "concept", neighbourhood.STEP) for key in wanted if key.startswith("proposition/")]
    return View(tuple(dict.fromkeys(wanted))[: 2 * BEGUN], tuple(about))


@lru_cache(maxsize=1)
def _named(tables: Tables) -> list[tuple[str, str, str]]:
    """Return kind, id and all names of every record that can be explored, in small letters."""
    named = []
    for (kind, identifier), names in tables.names.items():
        if kind in around.KINDS:
            told = tables.reference_names.get(identifier, "") if kind == "reference" else ""
            named.append((kind, identifier, "\n".join([identifier, *names.values(), told]).casefold()))
    return named


def find(study: BuiltStudy, text: str, language: str) -> list[Found]:
    """Find records by id or by a part of a name, and passages by their words.

    Args:
        study: the study.
        text: what was typed.
        language: ``en`` or ``zh``, for what the records are called.

    Returns:
        Records whose id or name is the text, then those of which one begins with it, then those that have it anywhere;
        then passages.
    """
    wanted = " ".join(text.casefold().split())[:200]
    if not wanted:
        return []
    hits: list[tuple[int, int, str, str]] = []
    for kind, identifier, names in _named(study.tables):
        if wanted in names:
            lines = names.split("\n")
            rank = 0 if wanted in lines else 1 if any(line.startswith(wanted) for line in lines) else 2
            hits.append((rank, len(hits), kind, identifier))
    hits.sort()
    found = [
        Found(f"{kind}/{one}", kind, one, neighbourhood.named(study.tables, kind, one, language))
        for _, _, kind, one in hits[:FOUND]
    ]
    quoted = [one.id for one in fulltext.find(study.tables, wanted, ("passage",), _QUOTES)]
    quotes = around.quotes(study.tables, quoted)
    found += [Found(f"excerpt/{one}", "excerpt", one, quotes[one]) for one in quoted if one in quotes]
    return found


def drawing(study: BuiltStudy, parameters: Parameters, language: str) -> Neighbourhood:
    """Choose what the picture of an address shows.

    Args:
        study: the study.
        parameters: say of what, and how much.
        language: ``en`` or ``zh``, for labels.

    Raises:
        UnknownTerm: when it begins with a record that is not there.
    """
    return neighbourhood.choose(study.tables, _view(study, parameters), language)


def elements(
    study: BuiltStudy, parameters: Parameters, language: str, form: str, address: Callable[[str, str], str]
) -> dict[str, Any]:
    """Return the picture of an address as what the script of the page draws.

    Args:
        study: the study.
        parameters: say of what, and how much.
        language: ``en`` or ``zh``, for labels.
        form: one of :data:`kg.picture.columns.FORMS`.
        address: gives the address of a record, by its kind and id.

    Raises:
        UnknownTerm: when it begins with a record that is not there.
    """
    shown = drawing(study, parameters, language)
    placed = columns.place(shown, form, language)
    pinned = {one.key for one in shown.view.pins}
    cards = [
        {
            "key": card.record.key,
            "kind": card.record.kind,
            "id": card.record.id,
            "word": word(card.record.kind, language),
            "caption": card.caption,
            "lines": card.lines,
            "text": card.record.text,
            "more": card.record.more,
            "address": address(card.record.kind, card.record.id),
            "begun": not card.record.parent,
            "pinned": card.record.key in pinned,
            "x": round(card.x, 1),
            "y": round(card.y, 1),
            "width": card.width,
            "height": card.height,
            "near": [
                {
                    "kind": near.kind,
                    "word": word(near.kind, language),
                    "total": near.total,
                    "shown": near.shown,
                    "asked": near.asked,
                    "further": near.further,
                    "links": [[word(link, language), number] for link, number in near.links],
                }
                for near in card.record.near
            ],
        }
        for card in placed.cards
    ]
    lines = [
        {
            "source": path.link.start,
            "target": path.link.end,
            "stance": neighbourhood.stance(path.link),
            "said": ", ".join(word(name, language) for name in path.link.names),
            "points": path.points,
            "bent": path.bent,
        }
        for path in placed.paths
    ]
    view = {key: list(value or ()) for key, value in fields(shown.view).items() if isinstance(value, (tuple, list))}
    return {
        "title": shown.title,
        "view": view,
        "cards": cards,
        "lines": lines,
        "width": placed.width,
        "height": placed.height,
        "origin": placed.origin,
        "hidden": [[key, shown.names[key]] for key in shown.view.hidden],
        "left_out": shown.left_out,
        "most": neighbourhood.MOST,
    }
