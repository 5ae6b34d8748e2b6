"""Turn a page into HTML by its template; what a study says is always escaped."""

from __future__ import annotations

from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import claims
from kg.browse import addresses, butterfly, reading, sides
from kg.browse.fragments import Fragments
from kg.html import templates
from kg.ids import source_of, span_of
from kg.kinds import LISTED, LOOKS
from kg.picture import cards, chain, drawing, marks
from kg.words import word

if TYPE_CHECKING:
    from jinja2 import Environment

    from kg.browse.addresses import Addresses
    from kg.browse.frame import Page
    from kg.browse.study import BuiltStudy

EXAMPLES = {
    "en": ("what supports {}", "what opposes {}", "what is missing"),
    "zh": ("什么支持{}", "什么反对{}", "缺少什么"),
}
"""Questions that the first page offers."""


@cache
def environment() -> Environment:
    """Return the templates, read once."""
    environment = templates("kg.browse")
    environment.globals |= {
        "STANCES": claims.STANCES,
        "SIGNS": claims.SIGNS,
        "butterfly_picture": butterfly.picture,
        "butterfly_by_case": butterfly.by_case,
        "reading_text": reading.written,
        "reading_pages": reading.listed,
        "sides_picture": sides.picture,
        "sides_codes": sides.codes,
        "sides_passages": sides.passages_left,
        "stroke": chain.stroke,
        "marks": marks,
        "sign": drawing.sign,
        "strand": drawing.strand,
        "LOOKS": LOOKS,
        "LISTED": LISTED,
        "source_of": source_of,
        "span_of": span_of,
        "anchor": addresses.anchor,
    }
    return environment


def assets() -> Path:
    """Return the folder of the files that ship with the pages."""
    return Path(__file__).parent / "static"


@lru_cache(maxsize=1)
def _served(study: BuiltStudy) -> dict[str, Fragments]:
    """Return the fragments of the app's pages by language; its addresses are the same on every page of a build."""
    return {language: Fragments(study, addresses.Served(language)) for language in addresses.LANGUAGES}


def _speech(study: BuiltStudy, to: Addresses) -> dict[str, Any]:
    """Return what a template says things with in one language.

    Args:
        study: the study.
        to: gives addresses.
    """
    language = to.language
    fragments = _served(study)[language] if isinstance(to, addresses.Served) else Fragments(study, to)
    return {
        "_": partial(word, language=language),
        "name": partial(study.name, language=language),
        "f": fragments,
        "record": fragments.address,
        "link": fragments.link,
        "to": to,
        "language": language,
    }


def render(study: BuiltStudy, page: Page, to: Addresses, *, static: bool = False) -> str:
    """Write a page.

    Args:
        study: the study.
        page: what stands on it.
        to: gives addresses.
        static: whether the page is a file that nobody can ask anything.
    """
    language = to.language
    said = _speech(study, to)

    def drawn(network: Any) -> str:
        return drawing.in_page(chain.chain(network, language, heading=False), plain, "chain")

    def plain(kind: str, identifier: str) -> str:
        return addresses.record(to, kind, identifier)

    context: dict[str, Any] = {
        **said,
        "speaking": lambda other: _speech(study, to.speaking(other)),
        "page": page,
        "study": study.header,
        "study_title": (study.header["title_zh"] if language == "zh" else None) or study.header["title"],
        "languages": addresses.LANGUAGES,
        "digest": study.digest[:12],
        "static": static,
        "examples": EXAMPLES[language],
        "drawn_svg": drawn,
        "scene": lambda scene, name: drawing.in_page(scene, plain, name),
        "cards": lambda theory: cards.cards(theory, plain),
        "entry_of": study.entry,
        "kept": page.kept,
    }
    return environment().get_template(page.template).render({**context, **vars(page.content)})
