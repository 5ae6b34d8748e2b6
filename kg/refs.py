"""What a record names: a walk over the fields that hold identifiers of other records."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_type_hints

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ref:
    """The kinds of record that the identifier in a field may name.

    Args:
        kinds: names of kinds. When there is no such record, the error names the first of these kinds.

    Example:
        >>> from typing import Annotated
        >>> ToConcept = Annotated[str, Ref("concept")]
    """

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds


Place = tuple[str | int, ...]
"""Where a value stands in a record or its file: keys and indexes from the root."""


class Link(NamedTuple):
    """An identifier that names another record.

    Args:
        place: the field that it stands in.
        identifier: what it names.
        kinds: the kinds of record, one of which has to have it.
    """

    place: Place
    identifier: str
    kinds: tuple[str, ...]


def links(record: BaseModel, place: Place = ()) -> Iterator[Link]:
    """Walk over a record and all records in it, and give each identifier that names another record.

    Args:
        record: what a person wrote.
        place: where it stands.

    Example:
        >>> from kg.entries import EvidenceEntry
        >>> entry = EvidenceEntry(proposition="P1", stance="supports", strength="weak", rationale="So it is.")
        >>> list(links(entry, ("evidence", 0)))
        [Link(place=('evidence', 0, 'proposition'), identifier='P1', kinds=('proposition',))]
    """
    for field, ref in _linking(type(record)):
        value = getattr(record, field)
        if not value:
            continue
        if ref is not None:
            for identifier in value if isinstance(value, tuple) else (value,):
                yield Link((*place, field), identifier, ref.kinds)
        elif isinstance(value, tuple):
            for index, inner in enumerate(value):
                yield from links(inner, (*place, field, index))
        elif isinstance(value, BaseModel):
            yield from links(value, (*place, field))


def written(model: type[BaseModel], value: Any, place: Place = ()) -> Iterator[tuple[Place, tuple[str, ...], str]]:
    """Walk over what a person wrote as over the record that it is to be, also where it would be none.

    Args:
        model: of the record.
        value: mappings, lists and text.
        place: where it stands.

    Returns:
        Each place of an identifier, the kinds of record that it may name, and the identifier.

    Example:
        >>> from kg.entries import CodingsFile
        >>> list(written(CodingsFile, {"coder": "me", "excerpts": [{"codes": ["a"]}]}))
        [(('coder',), ('coder',), 'me'), (('excerpts', 0, 'codes', 0), ('code',), 'a')]
    """
    if not isinstance(value, dict):
        return
    for field, ref, inner in _written(model):
        one = value.get(field)
        for number, item in enumerate(one) if isinstance(one, list) else ((None, one),):
            at: Place = (*place, field) if number is None else (*place, field, number)
            if ref is not None and isinstance(item, str):
                yield at, ref.kinds, item
            elif inner is not None:
                yield from written(inner, item, at)


@cache
def _written(model: type[BaseModel]) -> tuple[tuple[str, Ref | None, type[BaseModel] | None], ...]:
    """Return the fields of a model that name other records, and those that hold records that do, with their model."""
    hints = get_type_hints(model, include_extras=True)
    inner = {
        field: next(
            (part for part in _parts(hints[field]) if isinstance(part, type) and issubclass(part, BaseModel)), None
        )
        for field, _ in _linking(model)
    }
    return tuple((field, ref, inner[field]) for field, ref in _linking(model))


@cache
def _linking(model: type[BaseModel]) -> tuple[tuple[str, Ref | None], ...]:
    """Return the fields of a model that name other records, or hold records that do."""
    fields: list[tuple[str, Ref | None]] = []
    for field, hint in get_type_hints(model, include_extras=True).items():
        parts = tuple(_parts(hint))
        ref = next((part for part in parts if isinstance(part, Ref)), None)
        if ref or any(isinstance(part, type) and issubclass(part, BaseModel) and _linking(part) for part in parts):
            fields.append((field, ref))
    return tuple(fields)


def _parts(hint: Any) -> Iterator[Any]:
    """Give all that an annotation is made of."""
    yield hint
    for part in get_args(hint):
        yield from _parts(part)
