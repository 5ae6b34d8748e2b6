"""Turn a page into HTML by its template; what a study says is always escaped."""

from __future__ import annotations

from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import claims, summary
from kg.browse import addresses, agreements, butterfly, reading, sides, signposting
from kg.browse.fragments import Fragments
from kg.html import templates
from kg.ids import source_of
from kg.kinds import LISTED
from kg.picture import cards, columns, drawing, marks
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
SCRIPT_WORDS = (
    "Choose who edits",
    "Every paragraph has a code.",
    "New code",
    "No line is disputed here.",
    "Remove",
    "Select words within the passage, where its second part begins.",
    "opposes",
    "qualifies",
    "supports",
    "take",
    "Nothing was done yet",
    "The server does not answer; is 'kg browse --edit' still running?",
    "This is too long to be sent at once",
    "Name",
    "Evidence lines that you have not read",
    "Judge",
    "Mend",
    "No place comes near; mend the file.",
    "Nothing waits here.",
    "What kg check finds",
    "It is right",
    "Why it is right as it is",
    "Edit",
    "Retire",
    "The study is too large to be looked through here: kg check does it in the terminal.",
    "Shapes of the graph, citation styles and the originals of documents take longer: kg check looks at them.",
    "Passages to confirm",
    "What can be mended",
    "Stance and strength are missing",
    "{} evidence lines that you have not read",
    "This is being written; while the study is built, it waits.",
    "added as",
    "pages",
    "paragraphs",
    "turns",
    "interviewer",
    "participant",
    "unknown",
    "Is it a transcript? Lines begin with",
    "Take the turns",
    "Its turns were taken.",
    "It has more than 64 MB; add it in the terminal, by kg add.",
    "It cannot be read; drop it again.",
    "The study has no claims yet: make one on the page of claims.",
    "No claim is called so:",
    "Write which claim, by its id or its words.",
    "Say how strongly.",
    "Write why.",
    "Write the memo.",
    "Write the name of the code.",
    "in the terminal:",
    "if these are new, tick “Add concepts and relations that are not there yet”, and save again.",
    "Choose who edits, or write a name.",
)
"""What the script of editing says by itself."""
LISTS = {
    **{kind: (f"{kind}s", title) for kind, title in LISTED.items()},
    **dict.fromkeys(("concept", "relation"), ("ontology", "Ontology")),
    "search": ("gaps", "What is missing"),
}
"""The page that lists the records of a kind, with its title."""


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
        "compared_text": agreements.written,
        "sides_picture": sides.picture,
        "sides_codes": sides.codes,
        "sides_passages": sides.passages_left,
        "marks": marks,
        "sign": drawing.sign,
        "strand": drawing.strand,
        "LISTED": LISTED,
        "LISTS": LISTS,
        "held": summary.held,
        "source_of": source_of,
        "anchor": addresses.anchor,
    }
    return environment


def read() -> None:
    """Read the templates of the first page, which take longer to read than it takes to write."""
    for name in ("base.html", "macros.html", "map.html", "home.html"):
        environment().get_template(name)


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


def render(study: BuiltStudy, page: Page, to: Addresses, *, static: bool = False, editing: bool = False) -> str:
    """Write a page.

    Args:
        study: the study.
        page: what stands on it.
        to: gives addresses.
        static: whether the page is a file that nobody can ask anything.
        editing: whether the study is edited on it.
    """
    language = to.language
    said = _speech(study, to)
    title = (study.header["title_zh"] if language == "zh" else None) or study.header["title"]

    def drawn(shown: Any, placed: Any) -> str:
        return drawing.in_page(columns.scene(shown, placed, language), plain, "chain")

    def plain(kind: str, identifier: str) -> str:
        return addresses.record(to, kind, identifier)

    context: dict[str, Any] = {
        **said,
        "speaking": lambda other: _speech(study, to.speaking(other)),
        "page": page,
        "study": study.header,
        "study_title": title,
        "study_cited": study.publication.cited(title) if study.publication else title,
        "languages": addresses.LANGUAGES,
        "digest": study.digest[:12],
        "static": static,
        "editing": editing,
        "edit_words": {english: word(english, language) for english in SCRIPT_WORDS} if editing else {},
        "examples": EXAMPLES[language],
        "drawn_svg": drawn,
        "scene": lambda scene, name: drawing.in_page(scene, plain, name),
        "cards": lambda theory: cards.cards(theory, plain),
        "entry_of": study.entry,
        "kept": page.kept,
        "signposts": [*signposting.links(study, page, to)],
        "dataset": signposting.dataset(study, page),
    }
    return environment().get_template(page.template).render({**context, **vars(page.content)})
