"""Word documents: the text as it stands when all changes are accepted, with notes, numbers, boxes and comments.

Libraries that were tried lose tracked insertions, double text boxes or merged cells, or count no lists; so this is
a walk of our own over document.xml. Section numbers are those of ISO 29500-1.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg.loaders.documents import docx_math, numbers, symbols
from kg.loaders.documents.docx_styles import NAMES, Lists, Style, Styles, list_of, on, outline
from kg.loaders.documents.draft import Block, Draft, Line, note, row
from kg.loaders.documents.office import AGAIN, Package, integer
from kg.loaders.documents.remarks import Remarks
from kg.loaders.imports.safe import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

    from kg.loaders.documents.document import Document

LOADER = "docx 1"
MAX_HEADERS = 20

_DROPPED = frozenset(
    ["w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:smartTagPr", "w:customXmlPr", "w:fldData",
     "w:instrText", "w:delText", "w:delInstrText", "w:rt", "w:rubyPr", "w:sectPr", "w:tblPr", "w:tblGrid", "w:trPr",
     "w:tcPr", "w:tblPrEx", "w:pgNum", "w:annotationRef", "w:footnoteRef", "w:endnoteRef", "w:separator",
     "w:continuationSeparator"]
)  # fmt: skip
"""What has no text of its own, or text that is not there when changes are accepted."""
_CHANGES = frozenset(["w:ins", "w:moveTo", "w:del"])
_BREAKS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "\u2011"}
_PICTURES = ("a:blip", "v:imagedata")
_HEX = re.compile("[0-9a-fA-F]{1,6}")
_WHITE = str.maketrans("\r\n", "  ", "\xad")
"""Line ends of the XML are blanks; soft hyphens are no letters."""


def read(path: Path) -> Document:
    """Read a Word document.

    Args:
        path: the file.

    Raises:
        StudyError: when it is broken or not to be trusted.
    """
    with Package(path) as package:
        try:
            return _Reader(package).document()
        except RecursionError:
            refuse(path.name, "file-too-big", "its tables or boxes are nested too deep", "simplify it")


class _Notes(NamedTuple):
    """The footnotes or the endnotes of a document.

    Args:
        elements: by their ids.
        form: in which they are counted.
        start: the number of the first.
    """

    elements: dict[str, etree._Element]
    form: str
    start: int


class _Reader:
    """A walk over the parts of a document."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = self._target("", "officeDocument") or "word/document.xml"
        root = package.part(self._main)
        body = NAMES.child(root, "w:body")
        if root is None or NAMES.of(root) != "w:document" or body is None:
            refuse(package.name, "broken-document", "it has no text of a Word document", AGAIN)
        self._body = body
        self._parts = self._relations(self._main)
        self._styles = Styles(self._part("styles"))
        self._lists = Lists(self._part("numbering"), self._styles)
        settings = self._part("settings")
        self._notes = {
            kind: self._read_notes(kind, form, settings)
            for kind, form in (("footnote", "decimal"), ("endnote", "lowerRoman"))
        }
        self._noted: Counter[str] = Counter()
        self._draft = Draft(package.name)
        self._codes = 0
        """Fields whose code is being read."""
        self._fields: list[bool] = []
        """For each open field whether its code is being read."""
        self._left = Remarks(package.name)
        self._pending: list[tuple[str, etree._Element, str]] = []

    # ---- The parts

    def _relations(self, part: str) -> list[tuple[str, str]]:
        """Return the kinds and names of the parts that a part names (ISO 29500-2, 9.3)."""
        folder, name = posixpath.split(part)
        root = self._package.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = []
        for one in NAMES.children(root, "rel:Relationship"):
            if one.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))
                found.append((one.get("Type", "").rpartition("/")[2], target.lstrip("/")))
        return found

    def _target(self, part: str, kind: str) -> str:
        return next((target for named, target in self._relations(part) if named == kind), "")

    def _part(self, kind: str) -> etree._Element | None:
        name = next((target for named, target in self._parts if named == kind), "")
        return self._package.part(name) if name else None

    def _read_notes(self, kind: str, form: str, settings: etree._Element | None) -> _Notes:
        root = self._part(f"{kind}s")
        elements = {NAMES.get(one, "w:id"): one for one in NAMES.children(root, f"w:{kind}")}
        start = 1
        for properties in (settings, next(NAMES.children(self._body, "w:sectPr"), None)):
            said = NAMES.child(properties, f"w:{kind}Pr")
            if (named := NAMES.child(said, "w:numFmt")) is not None:
                form = NAMES.get(named, "w:val", form)
            if (first := NAMES.child(said, "w:numStart")) is not None:
                start = integer(NAMES.get(first, "w:val"), 1)
        return _Notes(elements, form, start)

    # ---- The text

    def document(self) -> Document:
        """Read the document."""
        self._draft.take(self._blocks(self._body))
        self._comments()
        return self._draft.document(LOADER, self._left.findings(self._headers()))

    def _blocks(self, parent: etree._Element) -> Iterator[Block]:
        """Give the paragraphs and rows of a body, a cell, a box or a note."""
        carried, styled, gap = Line(), Style(), False
        for element in self._unwrapped(parent, ("w:p", "w:tbl", "w:altChunk")):
            name = NAMES.of(element)
            if name == "w:altChunk":
                self._left.counts["embedded"] += 1
            elif name == "w:p":
                carried, styled, ends = self._paragraph(element, carried)
                if ends:
                    yield Block(carried, styled.level, gap=gap)
                    carried, gap = Line(), False
                    yield from self._asides()
            else:
                if carried:
                    yield Block(carried, styled.level, gap=gap)
                    carried = Line()
                yield from self._asides()
                yield from self._table(element)
                gap = True
        if carried:
            yield Block(carried, styled.level, gap=gap)
        yield from self._asides()

    def _unwrapped(self, parent: etree._Element, names: tuple[str, ...]) -> Iterator[etree._Element]:
        """Give the elements of some names, also those within what only wraps them."""
        for child in parent:
            name = NAMES.of(child) if isinstance(child.tag, str) else ""
            if name in names:
                yield child
            elif name == "mc:AlternateContent":
                if (chosen := _chosen(child)) is not None:
                    yield from self._unwrapped(chosen, names)
            elif name in ("w:commentRangeStart", "w:commentRangeEnd"):
                # Between paragraphs: what follows begins there, or what was before ends there.
                move = self._draft.open if name.endswith("Start") else self._draft.close
                move(NAMES.get(child, "w:id"))
            elif name in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag"):
                yield from self._unwrapped(child, names)

    def _paragraph(self, element: etree._Element, carried: Line) -> tuple[Line, Style, bool]:
        """Read a paragraph.

        Args:
            element: the paragraph.
            carried: what stands before it because the end of the paragraph before is deleted.

        Returns:
            Its text, what it is, and whether it ends: not when its end is deleted.
        """
        properties = NAMES.child(element, "w:pPr")
        named = NAMES.child(properties, "w:pStyle")
        identifier = NAMES.get(named, "w:val") if named is not None else self._styles.default
        style = self._styles.style(identifier)
        level = outline(properties)
        if level is None:
            level = style.level
        mark = NAMES.child(properties, "w:rPr")
        ends = NAMES.child(mark, "w:del") is None and NAMES.child(mark, "w:moveFrom") is None
        inside = Line()
        self._inline(element, inside, style, hidden=False)
        line = Line()
        if ends:
            number, depth = style.number, style.depth
            if (listed := NAMES.child(properties, "w:numPr")) is not None:
                own, at = list_of(listed)
                number, depth = own or number, at if at is not None else (None if own else depth)
            label = self._lists.label(number, depth, identifier) if number else ""
            if label and (carried.text + inside.text).strip():
                line.put(label)
        line.join(carried)
        line.join(inside)
        return line, Style(level=level), ends

    def _inline(self, parent: etree._Element, line: Line, style: Style, *, hidden: bool) -> None:
        """Write what stands in a paragraph, a run, or what wraps runs."""
        for child in parent:
            if not isinstance(child.tag, str):
                continue
            name = NAMES.of(child)
            if name in _CHANGES:
                self._left.counts["changes"] += 1
            if name in _DROPPED:
                self._left.counts["readings"] += name == "w:rt"
            elif name == "w:r":
                self._inline(child, line, style, hidden=self._is_hidden(child, style))
            elif name == "w:t":
                self._say(line, _text(child), child, hidden=hidden)
            elif name in _BREAKS:
                self._say(line, _BREAKS[name], child, hidden=hidden)
            elif name == "w:sym":
                shown = symbols.character(_hexadecimal(NAMES.get(child, "w:char")), NAMES.get(child, "w:font"))
                self._say(line, shown, child, hidden=hidden)
            elif name == "w:fldChar":
                self._field(child, line, hidden=hidden)
            elif name in ("w:footnoteReference", "w:endnoteReference"):
                if self._refer(child, name[2:-9], hidden=hidden):
                    return
            elif name == "w:commentRangeStart":
                line.mark("opens", NAMES.get(child, "w:id"))
            elif name == "w:commentRangeEnd":
                line.mark("closes", NAMES.get(child, "w:id"))
            elif name == "w:commentReference":
                line.mark("refers", NAMES.get(child, "w:id"))
            elif name in ("w:drawing", "w:pict", "w:object"):
                self._drawing(child, hidden=hidden)
            elif name == "mc:AlternateContent":
                if (chosen := _chosen(child)) is not None:
                    self._inline(chosen, line, style, hidden=hidden)
            elif name in ("m:oMath", "m:oMathPara"):
                self._left.counts["equations"] += 1
                self._say(line, docx_math.line(child), child, hidden=hidden)
            elif not name.startswith(":"):
                self._inline(child, line, style, hidden=hidden)

    def _say(self, line: Line, text: str, element: etree._Element, *, hidden: bool) -> None:
        """Write some text, or count it when it is not shown."""
        if self._codes:
            self._left.counts["codes"] += len(text)
            return
        if hidden:
            self._left.hide(text)
            return
        if not text.isascii():
            text = self._with_symbols(text, element)
        line.put(text)

    def _with_symbols(self, text: str, element: etree._Element) -> str:
        """Replace characters of the private use area, which mean something in one font alone."""
        if any("\ue000" <= one <= "\uf8ff" for one in text):
            fonts = NAMES.child(element.getparent(), "w:rPr", "w:rFonts")
            font = NAMES.get(fonts, "w:ascii") or NAMES.get(fonts, "w:hAnsi") if fonts is not None else ""
            text = "".join(symbols.character(ord(one), font) if "\ue000" <= one <= "\uf8ff" else one for one in text)
        self._left.counts["unmapped"] += text.count(symbols.UNKNOWN)
        return text

    def _is_hidden(self, run: etree._Element, style: Style) -> bool:
        """Say whether a run is hidden (17.3.2.41): its own word counts, else its styles toggle (17.7.3)."""
        properties = NAMES.child(run, "w:rPr")
        own = on(properties, "w:vanish")
        if own is not None:
            return own
        named = NAMES.child(properties, "w:rStyle")
        said = self._styles.style(NAMES.get(named, "w:val")).hidden if named is not None else None
        if said is None and style.hidden is None:
            return self._styles.hidden
        return bool(said) != bool(style.hidden)

    def _field(self, element: etree._Element, line: Line, *, hidden: bool) -> None:
        """Follow a field: its code is not shown, its result is (17.16.18)."""
        match NAMES.get(element, "w:fldCharType"):
            case "begin":
                self._fields.append(True)
                self._codes += 1
                if (box := NAMES.child(element, "w:ffData", "w:checkBox")) is not None:
                    checked = on(box, "w:checked")
                    self._codes -= 1
                    self._say(line, "☒" if (on(box, "w:default") if checked is None else checked) else "☐", element,
                              hidden=hidden)  # fmt: skip
                    self._codes += 1
            case "separate" if self._fields and self._fields[-1]:
                self._fields[-1] = False
                self._codes -= 1
            case "end" if self._fields:
                self._codes -= self._fields.pop()

    # ---- Notes, boxes, tables

    def _refer(self, element: etree._Element, kind: str, *, hidden: bool) -> bool:
        """Take a note to be written after the paragraph.

        Returns:
            Whether the rest of the run is the note's own mark.
        """
        notes = self._notes[kind]
        # A note is written once, however often it is named.
        found = notes.elements.pop(NAMES.get(element, "w:id"), None)
        custom = NAMES.get(element, "w:customMarkFollows", "0") not in ("0", "false", "off")
        if found is None or hidden or self._codes:
            return custom
        if custom:
            sign = "".join(_text(after) for after in element.itersiblings() if NAMES.of(after) == "w:t").strip()[:8]
        else:
            sign = numbers.word(notes.start + self._noted[kind], notes.form)
            self._noted[kind] += 1
        self._pending.append(("note", found, sign))
        return custom

    def _drawing(self, element: etree._Element, *, hidden: bool) -> None:
        """Take the text boxes of a drawing to be written after the paragraph, and count what else it shows."""
        shown = len(self._pending)
        pictures = 0
        waiting = [element]
        while waiting:
            one = waiting.pop()
            name = NAMES.of(one) if isinstance(one.tag, str) else ""
            if name == "w:txbxContent":
                if not hidden and not self._codes:
                    self._pending.append(("box", one, ""))
            elif name == "mc:AlternateContent":
                if (chosen := _chosen(one)) is not None:
                    waiting.append(chosen)
            else:
                pictures += name in _PICTURES or name in (":chart", ":relIds")
                waiting += reversed(one)
        self._left.counts["pictures"] += pictures if len(self._pending) == shown else 0

    def _asides(self) -> Iterator[Block]:
        """Give the notes and boxes that were met in the paragraph before."""
        pending, self._pending = self._pending, []
        for kind, element, sign in pending:
            fields, codes = self._fields, self._codes
            self._fields, self._codes = [], 0
            if kind == "note":
                yield note(sign, self._blocks(element))
            else:
                for block in self._blocks(element):
                    yield block._replace(aside=True)
            self._fields, self._codes = fields, codes

    def _table(self, table: etree._Element) -> Iterator[Block]:
        """Give the rows of a table; the only cell of a row is no row but what stands in it."""
        gap = True
        for one in self._unwrapped(table, ("w:tr",)):
            properties = NAMES.child(one, "w:trPr")
            if NAMES.child(properties, "w:del") is not None:
                self._left.counts["changes"] += 1
                continue
            cells = [cell for cell in self._unwrapped(one, ("w:tc",)) if not _is_deleted(cell)]
            if len(cells) == 1 and not _goes_on(cells[0]):
                for block in self._blocks(cells[0]):
                    yield block._replace(gap=block.gap or gap)
                    gap = False
                continue
            for block in row([] if _goes_on(cell) else self._blocks(cell) for cell in cells):
                yield block._replace(gap=gap)
                gap = False

    # ---- What stands beside the text

    def _comments(self) -> None:
        """Keep the comments with what they are about."""
        for element in NAMES.children(self._part("comments"), "w:comment"):
            text = "\n".join(block.line.text for block in self._blocks(element)).strip()
            author, date = NAMES.get(element, "w:author"), NAMES.get(element, "w:date")
            if not self._draft.comment(NAMES.get(element, "w:id"), text, author, date):
                self._left.counts["comments"] += 1

    def _headers(self) -> list[str]:
        """Return the texts of headers and footers."""
        named = sorted({(kind == "footer", target) for kind, target in self._parts if kind in ("header", "footer")})
        roots = [root for _, name in named[:MAX_HEADERS] if (root := self._package.part(name)) is not None]
        return [" ".join(block.line.text for block in self._blocks(root)) for root in roots]


def _chosen(alternate: etree._Element) -> etree._Element | None:
    """Return the one of several contents that is read: the first, which the others only replace."""
    choice = NAMES.child(alternate, "mc:Choice")
    return choice if choice is not None else NAMES.child(alternate, "mc:Fallback")


def _hexadecimal(value: str) -> int:
    return int(value, 16) if _HEX.fullmatch(value) else 0


def _text(element: etree._Element) -> str:
    text = (element.text or "").translate(_WHITE)
    preserved = element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    return text if preserved else text.strip(" \t")


def _goes_on(cell: etree._Element) -> bool:
    """Say whether a cell is only the rest of the one above (17.4.84), whose text is not shown."""
    merged = NAMES.child(cell, "w:tcPr", "w:vMerge")
    return merged is not None and NAMES.get(merged, "w:val") != "restart"


def _is_deleted(cell: etree._Element) -> bool:
    return NAMES.child(cell, "w:tcPr", "w:cellDel") is not None
