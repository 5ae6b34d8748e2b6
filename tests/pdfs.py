"""Make small PDFs, so that the tests know what stands where: every letter of Courier is 0.6 of its size wide."""

from __future__ import annotations

import zlib

MEDIA = (0, 0, 595, 842)
FONTS = {
    # Courier, a Chinese font that every reader of PDF knows by name, one without a mapping, one with.
    "F1": b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
    "C1": b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -120 1000 880]/ItalicAngle 0"
    b"/Ascent 880/Descent -120/CapHeight 880/StemV 80>>>>]>>",
    "U1": b"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/ToUnicode %d 0 R/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType2/BaseFont/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 600>>]>>",
}
MAPPED = {1: "\u0627", 2: "\u0644", 3: "\u0639", 4: "\U0001f600", 5: "\ue123", 6: "fi"}
"""What the glyphs of the font U1 are."""


def text(x, y, what, size=10, font="F1", turn=(1, 0, 0, 1)):
    """Return the operators that write a line from a place on."""
    if font == "F1":
        shown = b"(%s)" % what.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    elif font == "C1":
        shown = b"<%s>" % what.encode("utf-16-be").hex().encode()
    else:
        shown = b"<%s>" % b"".join(b"%04x" % code for code in what)
    matrix = b" ".join(b"%g" % number for number in (*turn, x, y))
    return b"BT /%s %g Tf %s Tm %s Tj ET\n" % (font.encode(), size, matrix, shown)


def column(x, y, lines, size=10, leading=12, font="F1"):
    """Return the operators that write lines one below the other; None is an empty one, spaces before it indent one."""
    placed = []
    for number, line in enumerate(lines):
        if line:
            bare = line.lstrip(" ")
            placed.append(text(x + 0.6 * size * (len(line) - len(bare)), y - leading * number, bare, size, font))
    return b"".join(placed)


def page(*content, media=MEDIA, extra=b""):
    """Return a page: its operators, its box, and more of its dictionary."""
    return b"".join(content), media, extra


IMAGE = b"q 500 0 0 700 40 60 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x40\xc0\xc0\x40 EI Q\n"
"""A picture that covers most of a page."""


def pdf(*pages, labels=None, info=b"", trailer=b""):
    """Return the bytes of a PDF.

    Args:
        pages: as :func:`page` returns them.
        labels: the number tree of the page labels, such as ``0 <</S/r>> 3 <</S/D>>``.
        info: entries of the document's information.
        trailer: more of the trailer.
    """
    objects = [b"", b"", b"<<%s>>" % info]
    mapping = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    mapping += b"%d beginbfchar\n" % len(MAPPED)
    mapping += b"".join(b"<%04x> <%s>\n" % (a, b.encode("utf-16-be").hex().encode()) for a, b in MAPPED.items())
    objects.append(stream(mapping + b"endbfchar endcmap end"))
    fonts = b""
    for name, font in FONTS.items():
        objects.append(font % len(objects[:4]) if name == "U1" else font)
        fonts += b"/%s %d 0 R" % (name.encode(), len(objects))
    kids = []
    for content, media, extra in pages:
        objects.append(stream(content))
        box = b" ".join(b"%g" % edge for edge in media)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents %d 0 R/Resources<</Font<<%s>>>>%s>>"
            % (box, len(objects), fonts, extra)
        )
        kids.append(len(objects))
    numbered = b"/PageLabels<</Nums[%s]>>" % labels.encode() if labels else b""
    objects[0] = b"<</Type/Catalog/Pages 2 0 R%s>>" % numbered
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids))
    return written(objects, b"/Info 3 0 R" + trailer)


def stream(data, entries=b""):
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


def written(objects, trailer=b""):
    """Return the file of some objects, the first of which is the catalog."""
    data, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        trailer,
        len(data),
    )


def bomb():
    """Return a PDF of 263 kB with a page of 180 MB of operators."""
    packed = zlib.compress(b"BT /F1 12 Tf 10 10 Td " + b"(A)Tj " * 30_000_000 + b"ET", 9)
    return written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            stream(b"BT /F1 12 Tf 10 10 Td (harmless) Tj ET"),
            FONTS["F1"],
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 7 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            stream(packed, b"/Filter/FlateDecode"),
        ]
    )


def loop():
    """Return a PDF whose pages are those of itself, a hundred million of them."""
    return written(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 100000000>>"],
    )


def png_pixels(data):
    """Return width, height and the rows of a PNG of ours: of each pixel grey, or (red, green, blue)."""
    at, packed = 8, b""
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, depth = int.from_bytes(content[:4], "big"), int.from_bytes(content[4:8], "big"), content[8]
        elif kind == b"IDAT":
            packed += content
        at += size + 12
    raw = zlib.decompress(packed)
    length = (width + 1) // 2 if depth == 4 else 3 * width
    rows = []
    for number in range(height):
        row = raw[number * (length + 1) + 1 : (number + 1) * (length + 1)]
        if depth == 4:
            rows.append([int(digit, 16) * 17 for digit in row.hex()[:width]])
        else:
            rows.append([tuple(row[k : k + 3]) for k in range(0, len(row), 3)])
    return width, height, rows
