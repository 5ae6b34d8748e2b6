"""Documents for the tests, put together of the XML that word processors write."""

from __future__ import annotations

import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{RELATIONS}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_ODF = " ".join(
    f'xmlns:{prefix}="{_OASIS}:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
    )
)
_ODF += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'


def zipped(path, members, stored=()):
    """Write a zip file of members by their names, and return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, held)
    return path


def r(text, properties=""):
    """Return a run of a Word document."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*inside, style="", properties=""):
    """Return a paragraph of a Word document; what is no XML becomes a run."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(one if one.startswith("<") else r(one) for one in inside)
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{runs}</w:p>"


def tc(*inside, properties=""):
    """Return a cell of a Word document."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(inside) or '<w:p/>'}</w:tc>"


def tbl(*rows):
    """Return a table of a Word document; each row is a list of cells."""
    return f"<w:tbl>{''.join('<w:tr>' + ''.join(row) + '</w:tr>' for row in rows)}</w:tbl>"


def in_list(number, depth=0):
    """Return the properties of a paragraph in a list."""
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


HEADINGS = "".join(
    f'<w:style w:type="paragraph" w:styleId="H{level}"><w:name w:val="heading {level}"/></w:style>'
    for level in (1, 2, 3)
)


def docx_members(body, styles=HEADINGS, namespace=W, **parts):
    """Return the members of a Word document; a part is the inside of its root, such as ``comments``."""
    kinds = {"styles": "styles", "numbering": "numbering", "comments": "comments", "footnotes": "footnotes",
             "endnotes": "endnotes", "settings": "settings", "header": "hdr", "footer": "ftr"}  # fmt: skip
    spaces = _SPACES.replace(W, namespace)
    relations, members = [], {}
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = ['<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>']
    types += [
        f'<Override PartName="/word/{part}.xml" ContentType="{main}.{part}{".main" if part == "document" else ""}+xml"/>'
        for part in ("document", "styles", *parts)
    ]
    for number, (kind, inside) in enumerate({"styles": styles, **parts}.items()):
        relations.append(f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{kind}.xml"/>')
        members[f"word/{kind}.xml"] = f"<w:{kinds[kind]} {spaces}>{inside}</w:{kinds[kind]}>"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = f'<Relationship Id="r" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f"{''.join(types)}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}">{root}</Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{"".join(relations)}</Relationships>',
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
        **members,
    }


def docx(path, body, **parts):
    """Write a Word document, and return its path."""
    return zipped(path, docx_members(body, **parts))


def odt_members(body, automatic="", styles="", manifest=""):
    """Return the members of an OpenDocument text."""
    return {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {_ODF}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_ODF}>{styles}</office:document-styles>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0">{manifest}</manifest:manifest>',
    }


def odt(path, body, **more):
    """Write an OpenDocument text, and return its path."""
    return zipped(path, odt_members(body, **more), stored=["mimetype"])


def around(document, position, kind):
    """Return the places of a kind that hold a position."""
    return [place for place in document.places if place.kind == kind and place.start <= position < place.end]


def check(document):
    """Check what holds for every document: its lines, its places, its memos."""
    text = document.text
    if not document.loader.startswith(("text", "markdown")):
        assert text.endswith("\n")
        assert not set("\r\x0b\x0c\x85\u2028\u2029\0") & set(text)
    assert list(document.places) == sorted(document.places, key=lambda one: (one.start, -one.end, one.kind))
    for kind in {place.kind for place in document.places}:
        ends = 0
        for place in document.places:
            if place.kind == kind:
                assert ends <= place.start < place.end <= len(text)
                assert text[place.start : place.end].strip() == text[place.start : place.end]
                ends = place.end
    for position, character in enumerate(text):
        if not character.isspace():
            assert len(around(document, position, "heading") + around(document, position, "paragraph")) == 1
    for place in document.places:
        if place.kind == "heading" and not document.loader.startswith("markdown"):
            assert place.label == " ".join(text[place.start : place.end].split())
    assert all(0 <= memo.start <= memo.end <= len(text) for memo in document.memos)
    assert list(document.memos) == sorted(document.memos)
    return document


_LIST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
_BOX = f"<w:txbxContent>{p('TEXTBOX')}</w:txbxContent>"
ODD = "".join(
    [
        p("Findings", style="Heading1", properties=_LIST),
        p(
            "The firm ",
            '<w:del w:id="1" w:author="A"><w:r><w:delText>NEVER</w:delText></w:r></w:del>',
            f'<w:ins w:id="2" w:author="A">{r("always")}</w:ins>',
            " shares data",
            '<w:r><w:footnoteReference w:id="2"/></w:r><w:commentRangeStart w:id="0"/>',
            " with users.",
            '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
        ),
        p(
            f'<w:moveFrom w:id="5" w:author="A">{r("MOVED-FROM")}</w:moveFrom>',
            f'<w:moveTo w:id="6" w:author="A">{r("MOVED-TO")}</w:moveTo>',
            r("HIDDEN", "<w:vanish/>"),
            "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/>"
            '<w:t>e</w:t><w:sym w:font="Symbol" w:char="F061"/></w:r>',
        ),
        p(
            f'<w:hyperlink r:id="rId9">{r("LINKTEXT")}</w:hyperlink><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            "<w:r><w:instrText> PAGE </w:instrText></w:r>"
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("FIELDRESULT")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            f"<w:sdt><w:sdtContent>{r('SDTTEXT')}</w:sdtContent></w:sdt>"
        ),
        p(
            '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><a:graphic><a:graphicData><wps:wsp><wps:txbx>'
            f"{_BOX}</wps:txbx></wps:wsp></a:graphicData></a:graphic></w:drawing></mc:Choice><mc:Fallback><w:pict>"
            f"<v:shape><v:textbox>{_BOX}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
            "<w:r><w:lastRenderedPageBreak/><w:t>AFTERBREAK</w:t></w:r>",
        ),
        tbl(
            [tc(p("00:01:12"), properties='<w:gridSpan w:val="2"/>')],
            [tc(p("I:")), tc(p("Why?"), tbl([tc(p("NESTED"))]), "<w:p/>")],
        ),
        f"<w:sdt><w:sdtContent>{p('BLOCKSDT')}</w:sdtContent></w:sdt>",
        p("Discussion", style="Heading1", properties=_LIST),
    ]
)
"""All that libraries lose or double, in one document."""
ODD_PARTS = {
    "styles": '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/>'
    "</w:pPr></w:style>",
    "numbering": '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    "footnotes": f'<w:footnote w:id="2">{p("FOOTNOTE")}</w:footnote>',
    "comments": f'<w:comment w:id="0" w:author="B">{p("COMMENT")}</w:comment>',
}


def said(document, severity=""):
    """Return what is remarked of a document, all or that of one severity."""
    return [one.message for one in document.remarks if one.severity.startswith(severity)]
