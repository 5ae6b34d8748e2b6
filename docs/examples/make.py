"""Make the documents of docs/documents.md: a paper of six pages as PDF and a handbook as DOCX, the same every time.

    python docs/examples/make.py

What they say is made up for this, with its authors, its journal and its kitchens; it is CC-BY-4.0 like the studies.
Only Python's own library is used, so that nothing but this file decides what is written.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parent / "documents"
FIRST = 112
"""The number that is printed on the first page."""
WIDTH, HEIGHT = 396, 594
LEFT, TOP, MEASURE, LEADING, SIZE = 52, 538, 292, 17, 12
LINES = 27
"""Lines of a page."""
WIDTHS = dict(
    zip(
        (chr(code) for code in range(32, 127)),
        map(
            int,
            """250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278
            278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722
            722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500
            500 333 389 278 500 500 722 500 500 444 480 200 480 541""".split(),
        ),
        strict=True,
    )
) | {"“": 444, "”": 444, "’": 333, "–": 500}
"""Widths of the characters of Times, in thousandths of its size."""
SOFT = "\u00ad"
"""Stands in the prose where a word may be parted at the end of a line."""

TITLE = "A word on Friday: feedback and staying in nine community kitchens"
AUTHORS = "Marta Ilvesoo and Tomas Renkvist"
PAPER = [
    ("abstract", "Community kitchens lose half of their volun\u00adteers within a year. We followed 214 people in nine "
     "kitchens for twelve months and asked what those who stayed had been told about their work. Where a "
     "co\u00adordi\u00adnator spoke with each person every week, 71 per cent were still there after a year; where nobody "
     "did, 44 per cent. Paying for travel made no differ\u00adence. We describe how such talks are held, and where they "
     "fail."),
    ("heading", "1 Why people leave"),
    ("text", "A kitchen that serves eighty meals a day needs some twenty pairs of hands a week. They are easy to find in "
     "November and hard to keep until March. What is written about it mostly asks who the volun\u00adteers are: their age, "
     "their faith, their reasons for coming. Much less is known about what happens to them once they are there."),
    ("text", "We begin from a plain obser\u00advation. In every kitchen that we visited, people could say what they had done "
     "that day, and hardly anybody could say whether it had been of use. Plates went out through a hatch and came back "
     "empty. One volun\u00adteer called it “cooking for a wall”. If that is so, then what a person is told about the work "
     "may matter more than what the person is given for it."),
    ("text", "This paper asks two questions. Do volun\u00adteers who are regularly told how their work went stay longer than "
     "those who are not? And does it help to pay for their travel, as several towns have begun to do?"),
    ("heading", "2 Nine kitchens"),
    ("text", "The kitchens lie in three towns of the same region. All are open five days a week, all are run by one paid "
     "co\u00adordi\u00adnator, and none pays for work. They differ in what we wanted to compare. In four of them the "
     "co\u00adordi\u00adnator speaks with every volun\u00adteer at the end of the week; in five there is no such habit. "
     "Inde\u00adpen\u00addently of that, four kitchens pay the fare of those who come by bus.|A fifth kitchen paid fares for "
     "six weeks and stopped when its grant ended; we count it among those that do not pay."),
    ("text", "We wrote down who came on which day, from the first of February to the end of the next January, and held a "
     "person to have left after six weeks without a visit. Of 231 people who began, 17 moved away or fell ill, and we "
     "leave them out. With the other 214 we spoke twice: in their second month, and when they left or the year was "
     "over. The inter\u00adviews were short, some twenty minutes, and had no fixed order beyond four opening questions."),
    ("text", "The kitchens were not chosen by lot, and their co\u00adordi\u00adnators did not begin to hold talks because we asked "
     "them to. Some had done so for years. We therefore cannot say that the talks alone made the differ\u00adence; we come "
     "back to this at the end."),
    ("heading", "3 Who stayed"),
    ("text", "Table 1 has the main result. In the kitchens with weekly talks, 71 of 100 people were still coming after a "
     "year; in the others, 44 of 100. The gap opens early. Until the sixth week the two groups can\u00adnot be told apart; "
     "between the sixth week and the fourth month the kitchens without talks lose a third of their people, and from then "
     "on both lose about one in fifty a month."),
    ("table", "Table 1. People who began and who were still there after twelve months",
     [("Kitchens", "began", "stayed", "per cent"), ("weekly talks", "98", "70", "71"), ("no talks", "116", "51", "44"),
      ("fare paid", "91", "52", "57"), ("fare not paid", "123", "69", "56")]),
    ("text", "Paying for travel made no differ\u00adence that we could find. Of those whose fare was paid, 57 in 100 stayed, and "
     "of the others 56. When we asked people who had left whether money had played a part, three of 93 said so, and two "
     "of these had found paid work that began at the same hour."),
    ("figure", "Figure 1. People still coming, by month (dark: weekly talks; light: no talks)",
     [(100, 100), (92, 88), (86, 70), (81, 59), (77, 52), (73, 47), (71, 44)]),
    ("text", "The numbers hide how uneven the weeks were. In two of the four kitchens the talks stopped for a month or more, "
     "once because the co\u00adordi\u00adnator was ill and once in the summer. In both, the number of people who left in the "
     "month after was as high as in the kitchens that never held any. When the talks began again, so did the staying. We "
     "take this to be the best evi\u00addence that we have, because the people, the rooms and the guests were the same before "
     "and after."),
    ("heading", "4 What is said on a Friday"),
    ("text", "The talks are shorter than we had expected. Most last three or four minutes, at the sink or at the door. What "
     "they have in common is that they are about something that happened. “She told me that the man with the dog had "
     "asked who made the soup”, said a volun\u00adteer of 68; “I have cooked for forty years and nobody ever asked.” Praise "
     "without an event was remem\u00adbered by nobody. Of 140 people who could tell us what they had last been told, 126 told "
     "us about one guest, one dish or one mistake."),
    ("text", "Mistakes belong to it. Where co\u00adordi\u00adnators only praised, people began to doubt the praise. Two of the "
     "people who left the kitchen by the river had been praised every week, and both said that they had not believed a "
     "word of it. A talk that keeps a person seems to need three things: a fixed day, one event, and some\u00adthing that may "
     "be done otherwise next week."),
    ("heading", "5 Limits"),
    ("text", "Nine kitchens are few, and those who hold talks may be better run in other ways. We looked at what we could: "
     "size, age of the kitchen, years of the co\u00adordi\u00adnator, number of guests. None of these differs much between the "
     "two groups. The months without talks speak against the sus\u00adpicion as well. But a trial in which kitchens are told "
     "by lot to begin would be better, and it would cost little more than a few minutes a week."),
    ("text", "We also heard only those who could be reached. People who leave with\u00adout a word may have other reasons than "
     "those who will still speak with us."),
    ("heading", "References"),
    ("text", "Ilvesoo, M. (2016). Hands and hours: who helps in winter. Notes on Voluntary Work 9, 3–21."),
    ("text", "Renkvist, T. (2018). Fares, meals and other small payments. Notes on Voluntary Work 11, 77–95."),
]  # fmt: skip

HANDBOOK = [
    ("Title", "Handbook for coordinators"),
    ("Heading1", "The Friday talk"),
    ("", "Speak with every volunteer before the weekend, for a few minutes and standing. Name one thing that you saw."),
    ("", "Do not praise in general. A person who hears that all was fine learns that nobody looked."),
    ("Heading2", "When you are away"),
    ("", "Ask somebody to hold the talks for you. In the summer of our second year nobody did, and six of fourteen people "
     "had left by September."),
    ("Heading1", "Money"),
    ("", "We paid bus fares for six weeks. Those who had come by bus thanked us, and nobody came more often."),
    ("table", [("What", "when", "who"), ("Friday talk", "every week", "coordinator"), ("Bus fares", "six weeks", "town")]),
]  # fmt: skip


def wide(text: str, size: float) -> float:
    """Return how wide a text is in points."""
    return sum(WIDTHS[character] for character in text) * size / 1000


def lines(text: str, size: float, measure: float) -> list[str]:
    """Break a text into lines, within words where they have a soft hyphen."""
    found, line = [], ""
    for word in text.split(" "):
        rest = word
        while True:
            whole = f"{line} {rest}".strip().replace(SOFT, "")
            if wide(whole, size) <= measure:
                line = whole
                break
            parts = rest.split(SOFT)
            heads = [("".join(parts[:n]) + "-", SOFT.join(parts[n:])) for n in range(len(parts) - 1, 0, -1)]
            fitting = ((head, tail) for head, tail in heads if wide(f"{line} {head}".strip(), size) <= measure)
            head, rest = next(fitting, ("", rest))
            found.append(f"{line} {head}".strip())
            line = ""
    return [*found, line]


class Page:
    """The operators of a page."""

    def __init__(self) -> None:
        self.content = b""

    def text(self, x: float, y: float, text: str, size: float = SIZE, font: str = "R", spread: float = 0) -> None:
        """Write a line, its words moved apart by so many points each."""
        shown = text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
        self.content += b"BT /%s %g Tf %.4f Tw %g %g Td (%s) Tj ET\n" % (font.encode(), size, spread, x, y, shown)

    def box(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """Fill a rectangle."""
        self.content += b"%g g %g %g %g %g re f 0 g\n" % (grey, x, y, width, height)

    def rule(self, x: float, y: float, length: float) -> None:
        """Draw a thin line."""
        self.content += b"0.5 w %g %g m %g %g l S\n" % (x, y, x + length, y)


class Paper:
    """The paper as it is set, page after page."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.note: list[str] = []
        self.turn()
        for number, line in enumerate(lines(TITLE, 16, MEASURE)):
            self.pages[-1].text(LEFT, TOP - 20 * number, line, 16, "B")
        self.pages[-1].text(LEFT, TOP - 46, AUTHORS, 11, "I")
        self.row = 5
        for kind, *some in PAPER:
            getattr(self, kind)(*some)
        self.end()

    def turn(self) -> None:
        """Begin a page: its running head and its number."""
        if self.pages:
            self.end()
        number = FIRST + len(self.pages)
        self.pages.append(Page())
        if len(self.pages) > 1:
            self.pages[-1].text(LEFT, HEIGHT - 32, "Notes on Voluntary Work 14 (2021): Ilvesoo and Renkvist", 9, "I")
        self.pages[-1].text(WIDTH / 2 - wide(str(number), 9) / 2, 28, str(number), 9)
        self.row = 0

    def end(self) -> None:
        """Write the note of the page at its foot."""
        for number, line in enumerate(self.note):
            self.pages[-1].text(LEFT, 48 + 11 * (len(self.note) - 1 - number), line, 8.5)
        if self.note:
            self.pages[-1].rule(LEFT, 48 + 11 * len(self.note), 80)
        self.note = []

    @property
    def left(self) -> int:
        """Return how many lines are left on the page."""
        return LINES - self.row - len(self.note)

    def put(self, text: str, x: float = LEFT, size: float = SIZE, font: str = "R", spread: float = 0) -> None:
        """Write a line, on the next page where there is no room."""
        if self.left < 1:
            self.turn()
        self.pages[-1].text(x, TOP - LEADING * self.row, text, size, font, spread)
        self.row += 1

    def heading(self, text: str) -> None:
        """Write a heading, with room for two lines below it."""
        if self.left < 4:
            self.turn()
        self.row += 1 if self.row else 0
        self.put(text, font="B")

    def text(self, text: str) -> None:
        """Write a paragraph; what stands behind a bar is its note."""
        text, _, note = text.partition("|")
        noted = lines(f"1 {note}", 8.5, MEASURE) if note else []
        text += "1" if note else ""
        indent = 12
        first = lines(text, SIZE, MEASURE - indent)[0]
        consumed = len(re.sub("-$", "", first).replace(" ", ""))
        remaining = self._after(text, consumed)
        rest = lines(remaining, SIZE, MEASURE) if remaining else []
        for number, line in enumerate([first, *rest]):
            room = MEASURE - (indent if not number else 0)
            last = number == len(rest)
            gaps = line.count(" ")
            spread = 0 if last or not gaps else (room - wide(line, SIZE)) / gaps
            if last and self.left <= len(noted):
                self.turn()
            self.put(line, LEFT + (indent if not number else 0), spread=spread)
        self.note += noted

    @staticmethod
    def _after(text: str, letters: int) -> str:
        """Return what follows so many letters of a text, white space and soft hyphens not counted."""
        for at, character in enumerate(text):
            if not letters:
                return text[at:].lstrip(f" {SOFT}")
            letters -= character not in f" {SOFT}"
        return ""

    def abstract(self, text: str) -> None:
        """Write the abstract in small type."""
        for line in lines(text, 9.5, MEASURE - 30):
            self.put(line, LEFT + 15, 9.5)

    def table(self, caption: str, rows: list[tuple[str, ...]]) -> None:
        """Write a table between rules."""
        if self.left < len(rows) + 4:
            self.turn()
        self.row += 1
        self.put(caption, size=9.5, font="I")
        for row in rows:
            y = TOP - LEADING * self.row
            for x, cell in zip((LEFT, LEFT + 130, LEFT + 190, LEFT + 250), row, strict=True):
                self.pages[-1].text(x, y, cell, 9.5)
            self.row += 1
        self.pages[-1].rule(LEFT, TOP - LEADING * self.row + 12, MEASURE)
        self.row += 1

    def figure(self, caption: str, months: list[tuple[int, int]]) -> None:
        """Draw pairs of bars."""
        if self.left < 11:
            self.turn()
        bottom = TOP - LEADING * (self.row + 6)
        for number, (dark, light) in enumerate(months):
            x = LEFT + 20 + 38 * number
            self.pages[-1].box(x, bottom, 12, dark * 0.9, 0.25)
            self.pages[-1].box(x + 13, bottom, 12, light * 0.9, 0.7)
            self.pages[-1].text(x + 8, bottom - 11, str(2 * number), 8)
        self.row += 8
        self.put(caption, size=9.5, font="I")
        self.row += 1


def pdf(pages: list[Page]) -> bytes:
    """Return the file."""
    fonts = {"R": "Times-Roman", "B": "Times-Bold", "I": "Times-Italic"}
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    resources = "".join(f"/{name} {3 + at} 0 R" for at, name in enumerate(fonts))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R/Lang(en)/PageLabels<</Nums[0<</S/D/St {FIRST}>>]>>>>".encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        *(f"<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding>>".encode() for font in fonts.values()),
    ]
    for number, page in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {7 + 2 * number} 0 R"
            f"/Resources<</Font<<{resources}>>>>>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%sendstream" % (len(page.content), page.content))
    objects.append(f"<</Title({TITLE})/Author({AUTHORS})>>".encode())
    data, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, size - 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, trailer)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def docx() -> dict[str, str]:
    """Return the parts of the handbook."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{said}"/>{level}</w:style>'
        for name, said, level in (
            ("Title", "Title", ""),
            ("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'),
            ("Heading2", "heading 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
        )
    )
    body = ""
    for kind, content in HANDBOOK:
        if kind == "table":
            rows = (
                "".join(f"<w:tc><w:p><w:r><w:t>{escape(c)}</w:t></w:r></w:p></w:tc>" for c in row) for row in content
            )
            body += f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
        else:
            style = f'<w:pPr><w:pStyle w:val="{kind}"/></w:pPr>' if kind else ""
            body += f"<w:p>{style}<w:r><w:t>{escape(content)}</w:t></w:r></w:p>"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{main}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
    }


def write(folder: Path) -> None:
    """Write both documents.

    Args:
        folder: where.
    """
    folder.mkdir(exist_ok=True)
    (folder / "ilvesoo-renkvist-2021.pdf").write_bytes(pdf(Paper().pages))
    with zipfile.ZipFile(folder / "handbook.docx", "w", zipfile.ZIP_STORED) as archive:
        for name, text in docx().items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            archive.writestr(zipfile.ZipInfo(name, (2021, 1, 1, 0, 0, 0)), head + text)


if __name__ == "__main__":
    write(FOLDER)
