"""Signs by which programs find their way (https://signposting.org/FAIR/): links of pages, as HTML and as a header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kg.browse import data
from kg.exports import about as abouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.browse.addresses import Addresses
    from kg.browse.frame import Page
    from kg.browse.study import BuiltStudy


class Link(NamedTuple):
    """A link from a page to what belongs to it.

    Args:
        relation: such as ``cite-as`` or ``describedby``.
        address: where it leads.
        media: the media type of what is there; empty for a page or a thing.
    """

    relation: str
    address: str
    media: str = ""


def links(study: BuiltStudy, page: Page, to: Addresses) -> Iterator[Link]:
    """Give the links of the first page, and of the page of a record.

    Args:
        study: the study.
        page: the page.
        to: gives addresses.
    """
    if not page.path and page.record is None and (about := study.publication):
        for relation, address in abouts.signposts(about):
            yield Link(relation, address)
    elif page.record:
        for suffix, (media, _) in data.FORMS.items():
            yield Link("describedby", to.data(*page.record, suffix), media.partition(";")[0])
        yield Link("collection", to.page())


def header(some: Iterable[Link]) -> str:
    """Return links as the header ``Link`` of HTTP has them (RFC 8288).

    Args:
        some: the links, whose addresses hold no angle brackets.
    """
    return ", ".join(
        f'<{one.address}>; rel="{one.relation}"' + (f'; type="{one.media}"' if one.media else "") for one in some
    )


def dataset(study: BuiltStudy, page: Page) -> dict[str, Any] | None:
    """Return the study as a dataset of schema.org for its first page; None for other pages.

    Args:
        study: the study.
        page: the page.
    """
    about = study.publication if not page.path and page.record is None else None
    return about and abouts.dataset(about)
