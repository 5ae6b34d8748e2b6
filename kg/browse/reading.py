"""The text of a source as HTML: its passages marked, what was said of them in the margin, the document's pages beside.

A page stands beside the text that begins on it, so that all of it is read by scrolling and followed by links alone.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from kg import masks
from kg.browse import addresses
from kg.browse.fragments import quoted
from kg.browse.reader import HEADING
from kg.ids import span_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.browse.fragments import Fragments
    from kg.browse.reader import Block, Leaf, Margin
    from kg.facsimile import Sheet
    from kg.loaders.documents.pdf import Box
    from kg.places import Place

BEGINNING = 28
"""How much of a passage names it in the margin (codepoints)."""
WIDE = 1000
"""Units of a page's width in which its boxes are given."""
ROOM = 3
"""Between a box and its words, in these units."""


class Reading(NamedTuple):
    """What is read of a source.

    Args:
        leaves: its text.
        beside: every passage of it, with what it bears on.
        chosen: id of the passage that was followed, or empty.
        speakers: the role of each label by which turns begin.
        sheets: the pages of the document that are shown, by their index.
        last: index of the document's last page.
        boxes: where passages stand on these: by the page's index each passage and its boxes there.
        pages: the index of the page on which a passage begins, with the labels of those on which it stands, by its id.
        coders: ids of those who coded a passage, by its id, where several coded the source.
        disputed: ids of the passages on whose evidence lines coders differ.
    """

    leaves: Sequence[Leaf]
    beside: Mapping[str, Margin]
    chosen: str
    speakers: Mapping[str, str]
    sheets: Mapping[int, Sheet]
    last: int
    boxes: Mapping[int, Sequence[tuple[str, Sequence[Box]]]]
    pages: Mapping[str, tuple[int, Sequence[str]]]
    coders: Mapping[str, Sequence[str]] = {}
    disputed: frozenset[str] = frozenset()


def written(f: Fragments, source: str, reading: Reading, *, editing: bool = False) -> Markup:
    """Return the text of a source with its passages marked, and what was said of them beside each paragraph.

    Args:
        f: the pieces of pages.
        source: the source's id.
        reading: what is read of it.
        editing: whether passages are chosen in it, so that each paragraph says where it begins (codepoints).
    """
    writer = Writer(f, source, reading, editing=editing)
    return Markup("".join(map(writer.leaf, reading.leaves)))


def listed(f: Fragments, reading: Reading) -> Markup:
    """Return links to the pages of a document by what is printed on them.

    Args:
        f: the pieces of pages.
        reading: what is read of the source.
    """
    links = [f'<a href="#leaf-{one.number}">{escape(one.label)}</a>' for one in reading.sheets.values()]
    name = f.word("Go to page")
    return Markup(
        f'<details class="leaflets"><summary>{name} <small>{len(links):,}</small></summary>\n'
        f'<nav aria-label="{name}">{" ".join(links)}</nav></details>\n'
    )


def time(seconds: float) -> str:
    """Return a time of a recording as players show it.

    Args:
        seconds: since its beginning.

    Example:
        >>> time(65.9), time(3723)
        ('1:05', '1:02:03')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class Writer:
    """A writer of the text of a source as HTML.

    Args:
        f: the pieces of pages.
        source: the source's id.
        reading: what is read of it.
        editing: whether passages are chosen in it.
    """

    def __init__(self, f: Fragments, source: str, reading: Reading, *, editing: bool = False) -> None:
        self.f, self.source, self.reading, self.editing = f, source, reading, editing
        self.numbers = list(reading.sheets)
        self.places = {number: at for at, number in enumerate(self.numbers)}
        self.shown: set[int] = set()

    def leaf(self, leaf: Leaf) -> str:
        """Return the text that begins on a page, and that page after the passage that was followed."""
        chosen = self.reading.chosen
        after = next((at for at, one in enumerate(leaf.blocks, 1) if chosen in one.begins), len(leaf.blocks))
        before, rest = (self._blocks(some) for some in (leaf.blocks[:after], leaf.blocks[after:]))
        if not leaf.pages:
            return before + rest
        sheets = "".join(map(self._sheet, leaf.pages))
        rest = f'<div class="running">\n{rest}</div>\n' if rest else ""
        return (
            f'<section class="leaf">\n<div class="running">\n{before}</div>\n<div class="sheets">\n{sheets}</div>\n'
            f"{rest}</section>\n"
        )

    def _blocks(self, some: Iterable[Block]) -> str:
        parts = []
        for block in some:
            margin = self.margin(block.begins) if block.begins else ""
            turn = self._turn(block.turn) if block.turn else ""
            asks = block.turn and self.reading.speakers.get(block.turn.label) == "interviewer"
            kind = " heading" * bool(block.heading) + " asks" * bool(asks)
            parts.append(f'<div class="block{kind}">\n{turn}{self._text(block)}{margin}</div>\n')
        return "".join(parts)

    def _turn(self, turn: Place) -> str:
        """Return who speaks, and when."""
        language = self.f.language
        who = f"<b>{escape(turn.label)}</b>" if turn.kind == "turn" else ""
        role = self.reading.speakers.get(turn.label, "unknown") if who else "unknown"
        said = f'<span class="role">{self.f.word(role)}</span>' if role != "unknown" else ""
        when = f"<time>{time(turn.time[0])}</time>" if turn.time else ""
        return f'<p class="turn" lang="{language}">{" ".join(filter(None, (who, said, when)))}</p>\n'

    def _text(self, block: Block) -> str:
        """Return a paragraph with its passages marked; of a heading, the signs that make it one are not shown."""
        parts = []
        sign = HEADING.match(block.segments[0].text) if block.heading else None
        for number, (words, marks, begins, reference, pages) in enumerate(block.segments):
            text = masks.folded(words[sign.end() :] if sign and not number else words)
            parts += [self._page(place, broken=bool(number)) for place in pages]
            parts += [self.begun(key) for key in begins]
            if marks:
                parts.append(self.marked(escape(text), marks))
            elif reference:
                parts.append(f'<a class="reference" href="{self.f.page("reference", reference)}">{escape(text)}</a>')
            else:
                parts.append(escape(text))
        tag = "p" if not block.heading else "h2" if block.heading < 3 else "h3"
        if self.editing:
            before = sign[0] if sign else ""
            said = f' data-before="{escape(before)}"' if before else ""
            # A parser of HTML would make one line end of two characters, and count otherwise.
            words = "".join(parts).replace("\r", "&#13;")
            return f'<{tag} class="text" tabindex="-1" data-start="{block.start + len(before)}"{said}>{words}</{tag}>\n'
        return f'<{tag} class="text">{"".join(parts)}</{tag}>\n'

    def begun(self, excerpt: str) -> str:
        """Return the sign to which links to a passage lead.

        Args:
            excerpt: id of the passage.
        """
        return f'<span id="{addresses.anchor(excerpt)}" class="anchor" tabindex="-1"></span>'

    def marked(self, words: str, excerpts: Sequence[str]) -> str:
        """Return words of passages as they are marked.

        Args:
            words: they, escaped.
            excerpts: ids of all passages that they are in.
        """
        spans = " ".join([span_of(key) for key in excerpts])
        over, here = "over" if len(excerpts) > 1 else "", " chosen" if self.reading.chosen in excerpts else ""
        return f'<mark data-passages="{spans}" class="{over}{here}">{words}</mark>'

    def _page(self, place: Place, *, broken: bool) -> str:
        """Return the mark of a page that begins here, perhaps in a paragraph; its label is no part of the text."""
        here = '<span class="pagebreak" aria-hidden="true"></span>' if broken else ""
        number = place.level
        name = f'aria-label="{self._named(place.label)}" data-label="{escape(place.label)}"'
        if number not in self.reading.sheets:
            return f'{here}<span class="leafmark" role="note" {name}></span>'
        identity = "" if number in self.shown else f'id="page-{number}" '
        self.shown.add(number)
        return f'{here}<a class="leafmark" {identity}href="#leaf-{number}" {name}></a>'

    def _named(self, *labels: str) -> str:
        """Return how pages are called, by what is printed on the first and the last."""
        shown = escape("–".join((labels[0], labels[-1])[: len(labels)]))
        return f"第{shown}页" if self.f.language == "zh" else f"page{'s' * (len(labels) > 1)} {shown}"

    def margin(self, begins: Iterable[str]) -> str:
        """Return what stands beside a paragraph: the passages that begin in it, what they bear and rest on.

        Args:
            begins: ids of these.
        """
        f = self.f
        parts = [f'<ul class="margin" lang="{f.language}">\n']
        for passage, bears in map(self.reading.beside.__getitem__, begins):
            here = ' class="chosen"' if passage.id == self.reading.chosen else ""
            parts.append(
                f'<li{here}><a class="place" href="{f.plain("excerpt", passage.id)}" '
                f'data-passage="{span_of(passage.id)}">{escape(masks.folded(passage.quote)[:BEGINNING])}…</a>\n'
            )
            if (page := self.reading.pages.get(passage.id)) and page[0] in self.reading.sheets:
                labels = list(dict.fromkeys(page[1]))
                parts.append(f'<a class="onpage" href="#leaf-{page[0]}">{self._named(*labels)}</a>\n')
            parts += [
                f'<span class="bears">{f.stance(stance)} <a class="proposition" '
                f'href="{f.page("proposition", claim)}" title="{f.name("proposition", claim)}">'
                f"{escape(claim)}</a></span>\n"
                for stance, claim, _, _ in bears
            ]
            parts.append(", ".join([f.link("code", c) for c in passage.codes]))
            rests = [f.reference(key) + (f", {escape(at)}" if at else "") for key, at in passage.citations.items()]
            if coders := self.reading.coders.get(passage.id):
                parts.append(f'\n<span class="coders">{", ".join(f.link("coder", one) for one in coders)}</span>')
            if passage.id in self.reading.disputed:
                parts.append(f' <span class="disputed">{f.word("disputed")}</span>')
            parts.append(f'\n<span class="rests">{"; ".join(rests)}</span>' if rests else "")
            parts.append("</li>\n")
        return "".join([*parts, "</ul>\n"])

    def _sheet(self, number: int) -> str:
        """Return a page as a picture with the passages on it, and the ways to the pages around it."""
        f, sheet = self.f, self.reading.sheets[number]
        name, height = self._named(sheet.label), round(WIDE * sheet.height)
        on_it = self.reading.boxes.get(number, ())
        begins = self.reading.pages.get(self.reading.chosen, (0, ()))[0] == number
        asked = " asked" if begins or any(key == self.reading.chosen for key, _ in on_it) else ""
        alt = f"{name}, {f.word('as it is printed')}"
        return (
            f'<div class="sheet{asked}" id="leaf-{number}" lang="{f.language}"><figure>\n'
            f'<figcaption>{self._around(number, -1)} <a href="#page-{number}">{name}</a> '
            f"<small>{number:,} / {self.reading.last:,}</small> {self._around(number, 1)}</figcaption>\n"
            f'<div class="paper"><img src="{escape(f.to.sheet(self.source, number))}" width="{WIDE}" height="{height}" '
            f'alt="{alt}" loading="lazy">\n'
            f'<svg viewBox="0 0 {WIDE} {height}" preserveAspectRatio="none">{self._boxes(on_it, height)}</svg></div>\n'
            f"</figure></div>\n"
        )

    def _around(self, number: int, step: int) -> str:
        """Return the way to the page before or after."""
        at = self.places[number] + step
        if not 0 <= at < len(self.numbers):
            return "<span></span>"
        other = self.reading.sheets[self.numbers[at]]
        name, rel = (self.f.word("next page"), "next") if step > 0 else (self.f.word("previous page"), "prev")
        label = escape(other.label)
        shown = f"{label} ›" if step > 0 else f"‹ {label}"
        return f'<a rel="{rel}" href="#leaf-{other.number}" aria-label="{name}: {label}">{shown}</a>'

    def _boxes(self, on_it: Iterable[tuple[str, Sequence[Box]]], height: int) -> str:
        """Return the boxes of passages, each a link to the passage in the text."""
        parts = []
        for key, boxes in on_it:
            here = " chosen" if key == self.reading.chosen else ""
            words = escape(quoted(self.reading.beside[key].passage.quote[:80]), quote=True)
            drawn = "".join(
                f'<rect x="{WIDE * b.left - ROOM:.1f}" y="{height * b.top - ROOM:.1f}" '
                f'width="{WIDE * (b.right - b.left) + 2 * ROOM:.1f}" '
                f'height="{height * (b.bottom - b.top) + 2 * ROOM:.1f}"/>'
                for b in boxes
            )
            parts.append(
                f'<a class="box{here}" href="{self.f.plain("excerpt", key)}" data-passages="{span_of(key)}" '
                f'aria-label="{words}">{drawn}</a>'
            )
        return "".join(parts)
