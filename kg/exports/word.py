"""Write a document for Word, so that Chinese has a Chinese font and the same document gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kg.errors import StoreUnavailable
from kg.render import xml_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.exports.document import Block, Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XML = "{http://www.w3.org/XML/1998/namespace}"
BREAKS = {"\r\n": "br", "\n": "br", "\r": "br", "\t": "tab"}
"""What WordprocessingML has in the place of a character."""
TABLE_WIDTH = 14_000
"""Width of a table on a page that lies on its side (twentieths of a point)."""
TABLE_TYPE = 14
"""Size of the type in a table (half points)."""
CHINESE_FONT = "SimSun"
"""The font of Chinese characters; where it is missing, Word takes another one for Chinese."""


def document(content: Document) -> bytes:
    """Return a document as the bytes of a .docx.

    Args:
        content: what it says.

    Raises:
        StoreUnavailable: when the package python-docx is not installed.
    """
    try:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm
    except ImportError as e:
        raise StoreUnavailable(
            "a Word document needs the package python-docx: pip install '.[export]' in the checkout; "
            "Markdown needs none"
        ) from e
    word = docx.Document()
    _describe(word.core_properties, content)
    _set_fonts(word.styles)
    if content.is_wide:
        page = word.sections[0]
        page.left_margin = page.right_margin = Cm(1.5)
        page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    body = word.element.body
    # The properties of the section stand last.
    section = body.sectPr
    body.remove(section)
    _paragraph(body, "Title", (content.title, ""))
    for block in content.blocks:
        _write(body, block)
    body.append(section)
    out = io.BytesIO()
    word.save(out)
    return _timeless(out)


def _write(body: Any, block: Block) -> None:
    if block.kind == "heading":
        _paragraph(body, f"Heading{min(block.level, 9)}", (block.text, ""))
    elif block.kind == "quote":
        _paragraph(body, "Quote", (f"“{block.text}”\n", ""), (f"— {block.after}", "SubtleEmphasis"))
    elif block.kind == "table":
        _table(body, block.rows)
    elif block.lead:
        _paragraph(body, "Normal", (f"{block.lead}: ", "Strong"), (block.text, ""))
    else:
        _paragraph(body, "Normal", (block.text, ""))


def _table(body: Any, rows: Sequence[Sequence[str]]) -> None:
    """Add a table, whose first row stands on each page that it goes on to."""
    from lxml.etree import SubElement

    table = SubElement(body, f"{W}tbl")
    properties = SubElement(table, f"{W}tblPr")
    SubElement(properties, f"{W}tblStyle", {f"{W}val": "TableGrid"})
    SubElement(properties, f"{W}tblW", {f"{W}w": "5000", f"{W}type": "pct"})
    SubElement(properties, f"{W}tblLayout", {f"{W}type": "fixed"})
    margins = SubElement(properties, f"{W}tblCellMar")
    for side in ("left", "right"):
        SubElement(margins, f"{W}{side}", {f"{W}w": "40", f"{W}type": "dxa"})
    widths = _widths(rows)
    grid = SubElement(table, f"{W}tblGrid")
    for width in widths:
        SubElement(grid, f"{W}gridCol", {f"{W}w": str(width)})
    for number, row in enumerate(rows):
        line = SubElement(table, f"{W}tr")
        if number == 0:
            SubElement(SubElement(line, f"{W}trPr"), f"{W}tblHeader")
        for cell, width in zip(row, widths, strict=True):
            place = SubElement(line, f"{W}tc")
            SubElement(SubElement(place, f"{W}tcPr"), f"{W}tcW", {f"{W}w": str(width), f"{W}type": "dxa"})
            _paragraph(place, "Normal", (cell, "Strong" if number == 0 else ""), size=TABLE_TYPE)
    # Word wants a paragraph between a table and what follows.
    SubElement(body, f"{W}p")


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Share the width of a page among columns: as much as their words need, and more where there is more text."""
    needs = []
    for column in zip(*rows, strict=True):
        longest = max((len(word) for cell in column for word in cell.split()), default=1)
        # The longest word, the space at both sides of it, and some of what is more than a word.
        needs.append(min(14, longest) + 4 + min(90, max(map(len, column))) / 15)
    return [round(TABLE_WIDTH * need / sum(needs)) for need in needs]


def _paragraph(body: Any, style: str, *runs: tuple[str, str], size: int = 0) -> None:
    """Add a paragraph of texts, each with a style of its own, and of a size in half points where one is given.

    Its elements are made here: python-docx looks for the place of each, minutes for a hundred thousand quotes.
    """
    from lxml.etree import SubElement

    paragraph = SubElement(body, f"{W}p")
    SubElement(SubElement(paragraph, f"{W}pPr"), f"{W}pStyle", {f"{W}val": style})
    for text, own in runs:
        run = SubElement(paragraph, f"{W}r")
        if own or size:
            look = SubElement(run, f"{W}rPr")
            for name, value in (("rStyle", own), ("sz", str(size or ""))):
                if value:
                    SubElement(look, f"{W}{name}", {f"{W}val": value})
        for part in re.split("(\r\n|[\r\n\t])", xml_text(text)):
            if part in BREAKS:
                SubElement(run, f"{W}{BREAKS[part]}")
            elif part:
                SubElement(run, f"{W}t", {f"{XML}space": "preserve"}).text = part


def _set_fonts(styles: Any) -> None:
    """Give every style a Chinese font: the theme of the template has none."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for fonts in styles.element.iter(qn("w:rFonts")):
        fonts.attrib.pop(qn("w:eastAsiaTheme"), None)
        fonts.set(qn("w:eastAsia"), CHINESE_FONT)
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    # Slanted Chinese is hard to read.
    for name in ("Quote", "Subtle Emphasis"):
        styles[name].font.italic = False
    styles["Quote"].paragraph_format.left_indent = Pt(24)


def _describe(properties: Any, content: Document) -> None:
    """Put the document's own title and day in the place of the template's."""
    day = datetime.fromisoformat(content.date).replace(tzinfo=UTC)
    properties.title = xml_text(content.title)[:255]
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = day


def _timeless(packed: io.BytesIO) -> bytes:
    """Pack a zip anew without the time of day at which it was packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name), before.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
