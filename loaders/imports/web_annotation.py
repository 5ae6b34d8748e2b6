"""Read annotations of web pages: W3C Web Annotation (JSON-LD), and what Hypothesis exports.

Nothing is fetched. The text of a page comes from the person, by its address, its title, or the last part
of its address.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from kg.loaders.imports import safe
from kg.loaders.imports.material import Code, Coder, Document, Given, Material, Memo, Passage, Reading
from kg.loaders.imports.readings import READINGS, Positions, same
from kg.loaders.imports.table import day
from kg.loaders.pandoc_citations import locator, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.loaders.imports import Options

CODING = {"tagging", "classifying", "identifying"}
"""Motivations of the Web Annotation Vocabulary whose body names something."""
WRITING = {"commenting", "describing", "replying", "questioning", "assessing", "editing", "moderating", "highlighting"}
"""Motivations whose body says something."""
_ANNOTATION = re.compile(
    r'"(?:oa:)?Annotation(?:Collection|Page)?"|"(?:oa:)?target"\s*:|"rows"\s*:|"export_userid"\s*:'
)
_USED = {
    "@context", "id", "@id", "type", "@type", "motivation", "body", "bodyValue", "target", "creator", "created",
    "user", "user_info", "tags", "text", "uri", "document", "references",
}  # fmt: skip
_DEEP = 20
MAX_NAMED = 1_000_000
"""How often parts of a file may name each other: each can name many that name many."""


def fits(path: Path) -> bool:
    """Say whether a JSON file begins as annotations do."""
    return bool(_ANNOTATION.search(safe.head(path)))


def read(path: Path, options: Options) -> Material:
    """Read annotations.

    Args:
        path: the file.
        options: texts of the annotated pages, and an encoding.

    Returns:
        What they say: tags and classes are codes, the rest of what they say is memos.

    Raises:
        StudyError: when it is not JSON, or holds no annotation.
    """
    reading = _Annotations(path.name)
    content = safe.read_json(path, options.encoding)
    reading.index(content)
    for number, annotation in enumerate(reading.annotations(content), 1):
        reading.annotation(annotation, number)
    if not reading.count:
        safe.refuse(path.name, "broken-json", "it holds no annotation", "is it the right file?")
    documents = tuple(_document(page, options) for page in reading.pages.values() if page.passages)
    placed = any(passage.start is not None for document in documents for passage in document.passages)
    return Material(
        title=path.stem,
        documents=lambda: iter(documents),
        # By the standard positions count codepoints from 0, end exclusive; in browsers, UTF-16 units.
        readings=tuple(r for r in READINGS if r.base == 0 and not r.inclusive) if placed else (),
        coders=tuple(reading.coders.values()),
        codes=tuple(reading.codes.values()),
        memos=tuple(reading.memos),
        lost=+reading.lost,
        said=reading.sentences,
    )


def _document(page: _Page, options: Options) -> Document:
    """Make a page a document; its quotes, not its positions, say where they are when the two disagree.

    A browser counts in the page it showed, which need not be the text that a person gives.
    """
    document = Document(page.key, page.name, _text(page, options))
    if document.text is None:
        return replace(document, passages=tuple(page.passages))
    counts = [Positions(document, reading) for reading in (Reading(), Reading(utf16=True))]

    def settled(passage: Passage) -> Passage:
        spans = [span for span in (count.span(passage) for count in counts) if span]
        if passage.stated is None or any(same(str(document.text)[a:b], passage.stated) for a, b in spans):
            return passage
        return replace(passage, start=None, end=None)

    return replace(document, passages=tuple(map(settled, page.passages)))


@dataclass(slots=True)
class _Page:
    """A page that annotations are on, with the passages that they mark."""

    key: str
    name: str
    passages: list[Passage] = field(default_factory=list)


@dataclass(slots=True)
class _Selected:
    """A passage as its selectors have it."""

    exact: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    start: int | None = None
    end: int | None = None
    locator: str = ""


class _Annotations:
    """The annotations of a file, as they are collected."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.room = safe.Room(file, "what its annotations say and select has")
        self.count = self.named = 0
        self.nodes: dict[str, dict[str, Any]] = {}
        self.pages: dict[str, _Page] = {}
        self.codes: dict[str, Code] = {}
        self.coders: dict[str, Coder] = {}
        self.memos: list[Memo] = []
        self.lost: Counter[str] = Counter()
        self.sentences: list[str] = []

    def index(self, content: object) -> None:
        """Keep the nodes of a JSON-LD graph by their ids, since others name them so."""
        graph = content.get("@graph", content.get("graph")) if isinstance(content, dict) else None
        for node in graph if isinstance(graph, list) else ():
            if isinstance(node, dict) and (name := _id(node)):
                self.nodes[name] = node

    def node(self, value: object) -> object:
        """Return the node that a JSON-LD id names, when the file holds it."""
        if not isinstance(value, str) or value not in self.nodes:
            return value
        self.named += 1
        if self.named > MAX_NAMED:
            message = f"its parts name each other more than {MAX_NAMED:,} times"
            safe.refuse(self.file, "broken-json", message, "do they name each other in a circle?")
        return self.nodes[value]

    def annotations(self, content: object, depth: int = 0) -> Iterator[dict[str, Any]]:
        """Give the annotations of whatever holds them."""
        for item in _list(content):
            if not isinstance(item, dict) or depth > _DEEP:
                self.lost["JSON values that are no annotation"] += 1
                continue
            parts = [
                item[key]
                for key in ("items", "first", "rows", "annotations", "replies", "@graph", "graph")
                if isinstance(item.get(key), list | dict)
            ]
            if "target" in item or "body" in item or ("uri" in item and not parts):
                yield item
            elif parts:
                for part in parts:
                    yield from self.annotations(part, depth + 1)
                if isinstance(item.get("next"), dict):
                    yield from self.annotations(item["next"], depth + 1)
                elif item.get("next"):
                    self.lost["pages of annotations that are not in the file"] += 1
                total = item.get("total")
                if isinstance(total, int) and total > self.count and depth == 0:
                    self.sentences.append(f"the file says {total:,} annotations, and holds {self.count:,}")
            elif _id(item) not in self.nodes:
                self.lost["JSON values that are no annotation"] += 1

    def annotation(self, item: dict[str, Any], number: int) -> None:
        """Take one annotation."""
        self.count += 1
        where = f"annotation {_id(item) or number}"
        for key in item.keys() - _USED:
            self.lost[f"field '{safe.fit(key[:40])[0]}' of annotations"] += 1
        coder = self._coder(item)
        date = day(_string(item.get("created")))
        texts, codes = self._bodies(item)
        given = tuple(Given(self._code(code), coder, date) for code in dict.fromkeys(codes))
        memo = "\n".join(dict.fromkeys(texts))
        self.room.take(len(memo))
        for target in _list(item.get("target")) or [item.get("uri")]:
            page, selectors = self._target(target, item)
            if page is None:
                self.lost["annotations of nothing"] += 1
                continue
            selected = _Selected(locator=self._place(target))
            for selector in selectors:
                self._select(selector, selected)
            if selected.exact is None and selected.start is None:
                # A note on the whole page, or a reply to another's.
                if memo:
                    kind = "Reply" if item.get("references") else "Note"
                    by = f" by {self.coders[coder].name}" if coder else ""
                    self.memos.append(Memo(f"{kind}{by} on {page.name}", memo, page.name))
                self.lost["codes given to a whole page"] += len(given)
                self.lost["annotations without text, code or passage"] += not memo and not given
                continue
            self.room.take(sum(len(part or "") for part in (selected.exact, selected.prefix, selected.suffix)))
            page.passages.append(
                Passage(
                    where,
                    selected.start,
                    selected.end,
                    selected.exact,
                    prefix=selected.prefix,
                    suffix=selected.suffix,
                    given=given,
                    memo=memo,
                    coder=coder,
                    date=date,
                    locator=selected.locator,
                )
            )

    def _place(self, target: object) -> str:
        """Return the place that our own export gives a target, as a codings file has it."""
        target = self.node(target)
        if not isinstance(target, dict):
            return ""
        term, value = (_string(target.get(key)) for key in ("locatorKind", "locator"))
        place = locator(f"{{{term} {value}}}") if term and value else None
        self.lost["places that cannot be read"] += bool(term or value) and place is None
        return written(place) if place else ""

    def _coder(self, item: dict[str, Any]) -> str | None:
        """Return the key of who made an annotation, and keep who it is."""
        makers = _list(item.get("creator"))
        self.lost["further creators of annotations"] += max(len(makers) - 1, 0)
        maker = self.node(makers[0]) if makers else item.get("user")
        if isinstance(maker, dict):
            key = _id(maker) or _string(maker.get("name")) or _string(maker.get("nickname"))
            name = _string(maker.get("name")) or _string(maker.get("nickname")) or _label(maker)
        else:
            key, name = _string(maker), ""
            if isinstance(item.get("user_info"), dict):
                name = _string(item["user_info"].get("display_name"))
        if not key:
            return None
        if not name:  # Hypothesis writes acct:name@authority.
            name = last(key) if "://" in key else key.removeprefix("acct:").partition("@")[0]
        self.coders.setdefault(key, Coder(key, name or key))
        return key

    def _bodies(self, item: dict[str, Any]) -> tuple[list[str], list[str]]:
        """Return what an annotation says, and the names of the codes it gives."""
        texts = [_string(item.get("text")), _string(item.get("bodyValue"))]
        codes = [_string(tag).strip() for tag in _list(item.get("tags"))]
        # A choice or a list can hold others, and name itself.
        waiting = [iter(_list(item.get("body")))]
        own = [last(_string(m)) for m in _list(item.get("motivation"))]
        while waiting:
            if (body := self.node(next(waiting[-1], waiting))) is waiting:
                waiting.pop()
                continue
            if isinstance(body, dict) and isinstance(body.get("items"), list):
                if len(waiting) > _DEEP:
                    self.lost["bodies of annotations that are nested too deep"] += 1
                else:
                    waiting.append(iter(body["items"]))
                continue
            purposes = (_list(body.get("purpose")) if isinstance(body, dict) else []) or own
            purposes = [last(_string(purpose)) for purpose in purposes]
            value = _string(body.get("value")) if isinstance(body, dict) else ""
            if set(purposes) & CODING or (not value and isinstance(body, dict) and "prefLabel" in body):
                code = (value or _label(self.node(_source(body)))).strip()
                codes.append(code)
                self.lost["codes without a name"] += not code
            elif value and (not purposes or set(purposes) & WRITING):
                texts.append(value)
            else:
                self.lost["bodies of annotations that are neither a code nor a text"] += 1
        return [text for text in texts if text.strip()], [code for code in codes if code]

    def _code(self, name: str) -> str:
        self.codes.setdefault(name, Code(name, name))
        return name

    def _target(self, target: object, item: dict[str, Any]) -> tuple[_Page | None, list[object]]:
        """Return the page that is annotated, and the selectors of the passage."""
        target = self.node(target)
        selectors = _list(target.get("selector")) if isinstance(target, dict) else []
        source = _source(target)
        node = self.node(source)
        address = _id(node) if isinstance(node, dict) else _string(node)
        address = address or _string(item.get("uri"))
        if not address:
            return None, []
        document = item.get("document")
        titles = _list(document.get("title")) if isinstance(document, dict) else []
        title = _string(titles[0]) if titles else ""
        if not title and isinstance(node, dict):
            title = _string(node.get("title")) or _string(node.get("name"))
        name = " ".join(title.split()) or last(address) or address
        return self.pages.setdefault(address, _Page(address, name)), selectors

    def _select(self, selector: object, selected: _Selected, depth: int = 0) -> None:
        """Add what a selector says; what refines it stands for it."""
        selector = self.node(selector)
        if not isinstance(selector, dict):
            self.lost["selectors that are not in the file"] += 1
            return
        if refining := _list(selector.get("refinedBy")):
            self.lost["selectors that another refines"] += 1
            if depth < _DEEP:
                for inner in refining:
                    self._select(inner, selected, depth + 1)
            return
        kinds = [_string(kind).rpartition(":")[2] for kind in _list(selector.get("type", selector.get("@type")))]
        taken = False
        if isinstance(selector.get("exact"), str):
            selected.exact = selected.exact or _string(selector["exact"])
            selected.prefix = selected.prefix or _string(selector.get("prefix")) or None
            selected.suffix = selected.suffix or _string(selector.get("suffix")) or None
            taken = True
        start, end = _position(selector.get("start")), _position(selector.get("end"))
        if start is not None and end is not None and "DataPositionSelector" not in kinds:
            if depth:
                # It counts from the beginning of what it refines.
                self.lost["positions inside another selection"] += 1
            elif selected.start is None:
                selected.start, selected.end = start, end
            taken = True
        if "PageSelector" in kinds and (label := " ".join(_string(selector.get("label")).split())):
            # Hypothesis writes so the page of a PDF or book: its printed number.
            place = locator(f"{{p. {label}}}")
            selected.locator = selected.locator or (written(place) if place else "")
            taken = place is not None
        # Our own export says by it where in the original the place is that stands in words beside it.
        taken = taken or ("FragmentSelector" in kinds and bool(selected.locator))
        if not taken:
            self.lost[f"selectors of type {', '.join(kinds)[:60] or 'unknown'}"] += 1


def _text(page: _Page, options: Options) -> str | None:
    """Return a page's text, when a person gave it."""
    texts = (options.text(name) for name in (page.key, page.name, last(page.key)))
    return next((text for text in texts if text is not None), None)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _string(value: object) -> str:
    """Return a text, also of a JSON-LD value; empty when it is none."""
    if isinstance(value, dict):
        value = value.get("@value", value.get("value"))
    return safe.fit(value)[0] if isinstance(value, str) else ""


def _id(node: Mapping[str, Any]) -> str:
    identifier = node.get("id", node.get("@id"))
    return safe.fit(identifier)[0] if isinstance(identifier, str) else ""


def _source(value: object) -> object:
    """Return what a target or body is, or is a part of."""
    return value.get("source") or value.get("id") or value.get("@id") if isinstance(value, dict) else value


def _label(value: object) -> str:
    """Return the name of a thing: its label, in English where it has several, or the end of its address."""
    if not isinstance(value, dict):
        return last(_string(value))
    for key in ("prefLabel", "label", "name", "title"):
        label = value.get(key)
        if isinstance(label, dict) and "@value" not in label:
            label = label.get("en") or next(iter(label.values()), None)
        for one in _list(label):
            if text := _string(one):
                return text
    return last(_id(value))


def last(address: str) -> str:
    """Return the last part of an address; what is no address is returned as it is.

    Args:
        address: a text that may be an IRI.

    Example:
        >>> last("https://example.org/pages/why%20stay?lang=en"), last("oa:tagging"), last("plain")
        ('why stay', 'tagging', 'plain')
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if not parts.scheme:
        return address
    end = parts.fragment or parts.path.rstrip("/").rpartition("/")[2] or parts.netloc
    return safe.fit(unquote(end))[0]


def _position(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**11 else None
