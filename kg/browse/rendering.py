"""Turn a page into HTML by its template; what a study says is always escaped."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import claims, report
from kg.browse import links
from kg.browse.fragments import Fragments
from kg.html import templates
from kg.picture import svg
from kg.words import word

if TYPE_CHECKING:
    from jinja2 import Environment

    from kg.browse.frame import Page
    from kg.browse.links import Links
    from kg.browse.view import View

EXAMPLES = {
    "en": ("what supports {}", "what opposes {}", "what is missing"),
    "zh": ("什么支持{}", "什么反对{}", "缺少什么"),
}
"""Questions that the first page offers."""


@cache
def environment() -> Environment:
    """Return the templates, made once."""
    made = templates("kg.browse")
    made.globals |= {
        "STANCES": claims.STANCES,
        "SIGNS": report.SIGNS,
        "svg": svg,
        "anchor": links.anchor,
    }
    return made


def assets() -> Path:
    """Return the folder of the files that ship with the pages."""
    return Path(__file__).parent / "static"


def html(view: View, page: Page, to: Links, *, static: bool = False) -> str:
    """Write a page.

    Args:
        view: the study.
        page: what stands on it.
        to: gives addresses.
        static: whether the page is a file that nobody can ask anything.
    """
    language = to.language
    if isinstance(to, links.Served):
        # Addresses of the app are the same on every page.
        if language not in view.kept:
            view.kept[language] = Fragments(view, to)
        fragments = view.kept[language]
    else:
        fragments = Fragments(view, to)

    def drawn(network: Any) -> str:
        return svg.draw(
            network,
            language,
            lambda node: None if node.count > 1 or node.kind == "theory" else fragments.address(node.kind, node.id),
            heading=False,
        )

    context: dict[str, Any] = {
        "_": partial(word, language=language),
        "name": partial(view.name, language=language),
        "f": fragments,
        "record": fragments.address,
        "link": fragments.link,
        "to": to,
        "page": page,
        "study": view.study,
        "study_title": (view.study["title_zh"] if language == "zh" else None) or view.study["title"],
        "language": language,
        "languages": links.LANGUAGES,
        "digest": view.digest[:12],
        "static": static,
        "examples": EXAMPLES[language],
        "drawn_svg": drawn,
        "entry_of": view.entry,
        "kept": {},
        "known": view.names,
    }
    return environment().get_template(page.template).render({**context, **page.content})
