"""The licence of a study: in its own words, and as an address where these are a known name or an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.store import rdf

if TYPE_CHECKING:
    from pyoxigraph import Store

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)")


class Licence(NamedTuple):
    """The licence of a study.

    Args:
        words: as the study has them; empty when it has none.
        iri: its address; None when the words are more than a name, such as one that covers a part only.
    """

    words: str
    iri: str | None


def licence(store: Store) -> Licence:
    """Return the licence of a study.

    Args:
        store: its graph.
    """
    from pyoxigraph import NamedNode

    quad: Any
    for quad in store.quads_for_pattern(None, NamedNode(rdf.DCT + "license"), None):
        if quad.graph_name.value.startswith(rdf.STUDIES):
            return Licence(quad.object.value, address(quad.object.value))
    return Licence("", None)


def address(words: str) -> str | None:
    """Return the address of a licence, or None when the words are more than its name.

    Args:
        words: an SPDX name of a Creative Commons licence, an address, or anything else.

    Example:
        >>> address("CC-BY-SA-4.0")
        'https://creativecommons.org/licenses/by-sa/4.0/'
        >>> address("CC-BY-4.0, but for the interviews")
    """
    if words == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if match := _CREATIVE_COMMONS.fullmatch(words):
        return f"https://creativecommons.org/licenses/{match[1].lower()}/{match[2]}/"
    return words if re.fullmatch(r'https?://[^\s<>"{}|\\^`]+', words) else None
