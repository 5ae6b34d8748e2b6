"""Word documents: the text as it stands when all changes are accepted, with notes, numbers, boxes and comments.

Libraries that were tried lose tracked insertions, double text boxes or merged cells, or count no lists; so this is
a walk of our own over document.xml. Section numbers are those of ISO 29500-1.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import Finding
from kg.loaders.documents import docx_math, numbers, symbols
from kg.loaders.documents.document import Memo
from kg.loaders.documents.docx_styles import NAMES, Lists, Style, Styles, list_of, on, outline
from kg.loaders.documents.draft import Draft, Line
from kg.loaders.documents.office import AGAIN, Package, integer
from kg.loaders.imports.safe import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

    from kg.loaders.documents.document import Document

LOADER = "docx 1"
SHOWN = 40
"""Characters of what was left out that are shown."""
MAX_HEADERS = 20

_DROPPED = frozenset(
    ["w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:smartTagPr", "w:customXmlPr", "w:fldData",
     "w:instrText", "w:delText", "w:delInstrText", "w:rt", "w:rubyPr", "w:sectPr", "w:tblPr", "w:tblGrid", "w:trPr",
     "w:tcPr", "w:tblPrEx", "w:pgNum", "w:annotationRef", "w:footnoteRef", "w:endnoteRef", "w:separator",
     "w:continuationSeparator"]
)  # fmt: skip
"""What has no text of its own, or text that is not there when changes are accepted."""
_CHANGES = {"w:ins": "insertions", "w:moveTo": "moves", "w:del": "deletions"}
_BREAKS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "\u2011"}
_PICTURES = ("a:blip", "v:imagedata")
_WHITE = str.maketrans("\r\n", "  ", "\xad")
"""Line ends of the XML are blanks; soft hyphens are no letters."""


class _Block(NamedTuple):
    """A paragraph, a row or a note.

    Args:
        line: its text.
        level: of a heading 1 to 9, else 0.
        label: of a note what it is called.
        aside: whether it stands beside the text, as a box or a note.
        gap: whether a blank line stands before it.
    """

    line: Line
    level: int = 0
    label: str = ""
    aside: bool = False
    gap: bool = False


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
        self._counts: Counter[str] = Counter()
        self._hidden = ""
        self._pending: list[tuple[str, etree._Element, str]] = []
        self._opened: dict[str, int] = {}
        self._closed: dict[str, int] = {}
        self._around: dict[str, tuple[int, int]] = {}

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
        for block in self._blocks(self._body):
            if block.gap or block.level:
                self._draft.gap()
            written = self._draft.add(block.line.text, level=block.level, label=block.label)
            for at, kind, identifier in block.line.marks:
                place = written.place(at)
                if kind == "opens":
                    self._opened.setdefault(identifier, place)
                elif kind == "closes":
                    self._closed.setdefault(identifier, place)
                else:
                    self._around.setdefault(identifier, (written.start, written.start + written.size))
        self._comments()
        return self._draft.document(LOADER, self._remarks())

    def _blocks(self, parent: etree._Element) -> Iterator[_Block]:
        """Give the paragraphs and rows of a body, a cell, a box or a note."""
        carried, styled, gap = Line(), Style(), False
        for element in self._unwrapped(parent, ("w:p", "w:tbl", "w:altChunk")):
            name = NAMES.of(element)
            if name == "w:altChunk":
                self._counts["foreign"] += 1
            elif name == "w:p":
                carried, styled, ends = self._paragraph(element, carried)
                if ends:
                    yield _Block(carried, styled.level, gap=gap)
                    carried, gap = Line(), False
                    yield from self._asides()
            else:
                if carried:
                    yield _Block(carried, styled.level, gap=gap)
                    carried = Line()
                yield from self._asides()
                yield from self._table(element)
                gap = True
        if carried:
            yield _Block(carried, styled.level, gap=gap)
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
                self._between(name, NAMES.get(child, "w:id"))
            elif name in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag"):
                yield from self._unwrapped(child, names)

    def _between(self, name: str, identifier: str) -> None:
        place = self._draft.length
        if name == "w:commentRangeStart":
            self._opened.setdefault(identifier, place)
        else:
            self._closed.setdefault(identifier, max(place - 1, 0))

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
                self._counts[_CHANGES[name]] += 1
            if name in _DROPPED:
                self._counts["readings"] += name == "w:rt"
            elif name == "w:r":
                self._inline(child, line, style, hidden=self._is_hidden(child, style))
            elif name == "w:t":
                self._say(line, _text(child), child, hidden=hidden)
            elif name in _BREAKS:
                self._say(line, _BREAKS[name], child, hidden=hidden)
            elif name == "w:sym":
                code = NAMES.get(child, "w:char", "0")
                code = int(code, 16) if len(code) <= 6 and all(c in "0123456789abcdefABCDEF" for c in code) else 0
                shown = symbols.character(code, NAMES.get(child, "w:font"))
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
                self._counts["equations"] += 1
                self._say(line, docx_math.line(child), child, hidden=hidden)
            elif not name.startswith(":"):
                self._inline(child, line, style, hidden=hidden)

    def _say(self, line: Line, text: str, element: etree._Element, *, hidden: bool) -> None:
        """Write some text, or count it when it is not shown."""
        if self._codes:
            self._counts["codes"] += len(text)
            return
        if hidden:
            self._counts["hidden"] += len(text)
            self._hidden += text[: max(0, SHOWN - len(self._hidden))]
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
        self._counts["unmapped"] += text.count(symbols.UNKNOWN)
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
        self._counts["pictures"] += pictures if len(self._pending) == shown else 0

    def _asides(self) -> Iterator[_Block]:
        """Give the notes and boxes that were met in the paragraph before."""
        pending, self._pending = self._pending, []
        for kind, element, sign in pending:
            fields, codes = self._fields, self._codes
            self._fields, self._codes = [], 0
            if kind == "note":
                yield self._note(element, sign)
            else:
                for block in self._blocks(element):
                    yield block._replace(aside=True)
            self._fields, self._codes = fields, codes

    def _note(self, element: etree._Element, sign: str) -> _Block:
        """Return a note as one paragraph, whatever is in it."""
        line = Line()
        line.put(f"[^{sign}] ")
        first = True
        for block in self._blocks(element):
            if not block.line.text.strip():
                continue
            if not first:
                line.put("\n")
            first = False
            line.join(_trimmed(block.line))
        return _Block(line, label=f"note {sign}", aside=True)

    def _table(self, table: etree._Element) -> Iterator[_Block]:
        """Give the rows of a table; the only cell of a row is no row but what stands in it."""
        gap = True
        for row in self._unwrapped(table, ("w:tr",)):
            properties = NAMES.child(row, "w:trPr")
            if NAMES.child(properties, "w:del") is not None:
                self._counts["deletions"] += 1
                continue
            cells = [cell for cell in self._unwrapped(row, ("w:tc",)) if not _is_deleted(cell)]
            if len(cells) == 1 and not _goes_on(cells[0]):
                for block in self._blocks(cells[0]):
                    yield block._replace(gap=block.gap or gap)
                    gap = False
                continue
            line, asides = Line(), []
            for at, cell in enumerate(cells):
                line.put("\t" if at else "")
                if not _goes_on(cell):
                    asides += self._cell(cell, line)
            yield _Block(line, gap=gap)
            gap = False
            yield from asides

    def _cell(self, cell: etree._Element, line: Line) -> list[_Block]:
        """Write a cell into the line of its row, and return what stands beside it."""
        asides, first = [], True
        for block in self._blocks(cell):
            if block.aside:
                asides.append(block)
            elif block.line.text.strip():
                line.put("" if first else " ")
                line.join(_trimmed(block.line.flat()))
                first = False
            else:
                line.marks += [mark._replace(at=line.length) for mark in block.line.marks]
        return asides

    # ---- What stands beside the text

    def _comments(self) -> None:
        """Keep the comments with what they are about."""
        for element in NAMES.children(self._part("comments"), "w:comment"):
            identifier = NAMES.get(element, "w:id")
            around = self._around.get(identifier)
            start = self._opened.get(identifier)
            end = self._closed.get(identifier)
            text = "\n".join(block.line.text for block in self._blocks(element)).strip()
            if start is None and around is None:
                self._counts["comments"] += 1
                continue
            if start is None or end is None or end <= start:
                start, end = around or (start or 0, start or 0)
            author, date = NAMES.get(element, "w:author"), NAMES.get(element, "w:date")
            self._draft.memos.append(Memo(start, end, text, author, date))

    def _headers(self) -> list[str]:
        """Return the different texts of headers and footers."""
        named = sorted({target for kind, target in self._parts if kind in ("header", "footer")})[:MAX_HEADERS]
        texts = {}
        for name in named:
            root = self._package.part(name)
            if root is not None:
                text = " ".join(" ".join(block.line.text for block in self._blocks(root)).split())
                texts[text] = None
        return [text for text in texts if text]

    def _remarks(self) -> list[Finding]:
        """Say what was left out."""
        counts, remarks = self._counts.copy(), []

        def add(message: str, mend: str = "", severity: str = "warning") -> None:
            remarks.append(Finding(self._package.name, 0, "document-left-out", message, mend, severity))

        if counts["hidden"]:
            message = f"{counts['hidden']:,} characters of hidden text are left out, beginning '{self._hidden.strip()}'"
            add(message, "to have them read, show them in Word and save it")
        if counts["unmapped"]:
            message = f"{counts['unmapped']:,} characters of symbol fonts are not known and stand as {symbols.UNKNOWN}"
            add(message, "compare these places with the document")
        if counts["codes"]:
            add(f"{counts['codes']:,} characters in codes of fields are left out", "update the fields in Word")
        if counts["foreign"]:
            add(
                f"{counts['foreign']:,} embedded documents are left out",
                "open it in Word and save it, which merges them",
            )
        if counts["comments"]:
            add(f"{counts['comments']:,} comments about nothing in the text are left out")
        if counts["readings"]:
            add(f"{counts['readings']:,} readings above characters (ruby) are left out", severity="note")
        if counts["equations"]:
            add(f"{counts['equations']:,} equations are written in a line, as a/b and x^2", severity="note")
        if counts["pictures"]:
            add(f"{counts['pictures']:,} pictures and charts are left out", severity="note")
        if headers := self._headers():
            shown = "; ".join(text[:SHOWN] for text in headers[:3])
            add(f"headers and footers are left out: '{shown}'", severity="note")
        changes = [f"{kind}: {counts[kind]:,}" for kind in ("insertions", "deletions", "moves") if counts[kind]]
        if changes:
            message = f"it has tracked changes ({', '.join(changes)}): the text is read as if all were accepted"
            add(message, "reject those that are not meant in Word", "note")
        return remarks


def _chosen(alternate: etree._Element) -> etree._Element | None:
    """Return the one of several contents that is read: the first, which the others only replace."""
    choice = NAMES.child(alternate, "mc:Choice")
    return choice if choice is not None else NAMES.child(alternate, "mc:Fallback")


def _text(element: etree._Element) -> str:
    text = (element.text or "").translate(_WHITE)
    preserved = element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    return text if preserved else text.strip(" \t")


def _trimmed(line: Line) -> Line:
    """Return a line without white space at its end."""
    other = Line()
    other.put(line.text.rstrip())
    other.marks = [mark._replace(at=min(mark.at, other.length)) for mark in line.marks]
    return other


def _goes_on(cell: etree._Element) -> bool:
    """Say whether a cell is only the rest of the one above (17.4.84), whose text is not shown."""
    merged = NAMES.child(cell, "w:tcPr", "w:vMerge")
    return merged is not None and NAMES.get(merged, "w:val") != "restart"


def _is_deleted(cell: etree._Element) -> bool:
    return NAMES.child(cell, "w:tcPr", "w:cellDel") is not None
