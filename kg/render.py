"""Print answers on a terminal of any width, and in a pipe, in English or Chinese."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import shlex
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from kg import claims, judges, numbers, search
from kg.asking import further
from kg.bearing import Claim
from kg.cjk import has_han
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.answer import Answer
    from kg.query import Table
    from kg.reports.report import Report
    from kg.search import Hit, Results
    from kg.trace import Node, Trace

WIDEST = 100
_USES = 4
"""Passages that are named for a place where words were found."""
_DEFINITION = (
    "definition", "include", "exclude", "source", "kind", "level", "indicates", "broader", "narrower", "related",
    "code",
)  # fmt: skip
# White space of any kind, controls, format characters and fillers: spreadsheets strip some of these before they look
# whether a cell is a formula, and each strips others. The categories Cc, Cf, Z* of Unicode 17 and what has no width.
_UNSEEN = (
    r"\x00-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5"
    r"\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_FORMULA = rf"'*(?:[\t\r\n\0]|[{_UNSEEN}]*[=+\-@＝＋－＠﹦﹢﹣﹫])"
"""How a text begins that a spreadsheet runs; Chinese and Japanese ones run full-width signs too."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FEW = 3
"""How many passages that answer are printed at least."""
QUOTES = 5
"""How many quotes of an answer are printed, so that it fits on a screen."""
STYLES = {"supports": "green", "opposes": "red", "qualifies": "yellow"}


def clean(text: object) -> str:
    r"""Show control and bidirectional characters of a study as their code, so that none acts on the terminal.

    Args:
        text: what a study says.

    Example:
        >>> clean("a\x1b[2Jb")
        'a\\x1b[2Jb'
    """
    return "".join(
        c
        if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c in "\u200c\u200d"
        else c.encode("unicode_escape").decode()
        for c in str(text).replace("\r\n", "\n")
    )


def xml_text(text: str) -> str:
    r"""Put U+FFFD in the place of what XML 1.0 cannot hold.

    Args:
        text: any text.

    Example:
        >>> xml_text("a\x1bb")
        'a\ufffdb'
    """
    return _NOT_XML.sub("\ufffd", text)


@cache
def _formula() -> re.Pattern[str]:
    """Return the pattern of what a spreadsheet runs: it takes longer to compile than an answer to print."""
    return re.compile(_FORMULA)


def console(*, error: bool = False) -> Console:
    """Return a console that wraps at the terminal's width, at most :data:`WIDEST`; 80 in a pipe."""
    out = Console(stderr=error, highlight=False, markup=False, emoji=False)
    out.width = min(out.width, WIDEST) if out.is_terminal else 80
    return out


class Page:
    """A page of lines with an indent, printed to standard output.

    Args:
        language: ``en`` or ``zh``.
    """

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.out = console()

    def word(self, english: str) -> str:
        """Return a phrase of this page in its language."""
        return word(english, self.language)

    def put(self, text: object, indent: int = 0, style: str = "") -> None:
        """Print a text, wrapped."""
        self.wrap(Text(clean(text), style=style), indent)

    def wrap(self, text: Text, indent: int) -> None:
        """Print a text of several styles, wrapped."""
        if self.out.color_system:
            self.emit(Padding(text, (0, 0, 0, indent)))
            return
        # Without colours the lines are their words; rich would take them to pieces and put them together again.
        for line in text.wrap(self.out, self.out.width - indent):
            sys.stdout.write(f"{' ' * indent}{line.plain}".rstrip() + "\n")

    def emit(self, renderable: Any = "") -> None:
        """Print without the spaces with which rich fills a line up."""
        with self.out.capture() as captured:
            self.out.print(renderable)
        sys.stdout.write("\n".join(line.rstrip() for line in captured.get().split("\n")))

    def item(self, key: str, text: str) -> None:
        """Print an id and its words, hanging behind the id."""
        self.emit(Padding(_hanging(Text(clean(key), style="bold"), clean(text), max(len(key) + 2, 5)), (0, 0, 0, 2)))

    def heading(self, text: str, note: str = "") -> None:
        """Print a heading with an empty line above."""
        self.emit()
        line = Text(self.word(text), style="bold")
        if note:
            line.append(f" ({self.word(note)})", style="dim")
        self.emit(line)

    def passage(self, passage: claims.Passage, indent: int) -> None:
        """Print a quote and where it stands."""
        quote = " ".join(passage.quote.split())
        self.put(f"“{quote}”", indent)
        where = f"{passage.where} " if passage.where else ""
        references = f" [{passage.cited}]" if passage.references else ""
        self.put(f"{passage.source} {where}{passage.start}-{passage.end}{references}", indent, "dim")

    def statement(self, claim: Claim) -> str:
        """Return the claim's words in this page's language."""
        return claim.statement_zh if self.language == "zh" and claim.statement_zh else claim.statement


def answer(answer: Answer, names: dict[tuple[str, str], str], limit: int = QUOTES, study: str | None = None) -> None:
    """Print an answer: how the question was read, the verdict, claims, quotes, what else answers, what comes next.

    Args:
        answer: the answer.
        names: label by kind and id of every record, in the answer's language, and of the sources of no case as one.
        limit: quotes printed in all; 0 prints everything.
        study: the study as it was named in the command, so that what comes next is asked of the same.
    """
    page = Page(answer.language)
    cases = {key: label for (kind, key), label in names.items() if kind == "case"}
    page.put(answer.reading, style="dim")
    page.put(answer.headline, style="bold")
    if told := alone(answer.software, page.language):
        page.put(told, style="dim")
    shown = [
        row
        for row in answer.definition
        if limit == 0 or row["property"] in ("definition", "broader") or row["property"] not in _DEFINITION
    ]
    for row in sorted(shown, key=_place):
        value = names.get(("code" if row["property"] == "code" else "concept", row["value"]), row["value"])
        page.put(f"{page.word(row['property'])}: {value}", 2)
    if answer.is_told:
        _passages(page, answer, FEW if limit else None)
    _claims(page, answer, names, limit)
    if answer.named:
        page.emit()
    for one in answer.named[: limit * 2 or None]:
        note = f" · {one.note}" if one.note else ""
        page.put(f"{page.word(one.kind)} {one.label}{note}  {one.id if one.id != one.label else ''}".rstrip(), 2)
    if limit:
        _more(page, len(answer.named) - limit * 2)
    left = _evidence(page, answer, cases, limit)
    of = f" --study {shlex.quote(study)}" if study else ""
    if limit == 0:
        _besides(page, answer, of)
    if not answer.is_told:
        _passages(page, answer, max(left, FEW) if limit else None)
    disputes = [dispute for claim in answer.claims for dispute in claim.disputes]
    if disputes:
        page.heading("Coders differ", "in no count until it is settled")
    for dispute in disputes[: limit or None]:
        _dispute(page, dispute, cases)
    if answer.searches:
        page.heading("Looked for, found nothing")
    searches = answer.searches[: 2 if limit else None]
    for row in searches:
        page.item(row["search"], row["note"])
    _more(page, len(answer.searches) - len(searches))
    if answer.questions:
        page.heading("Open questions")
    questions = answer.questions[: 3 if limit and answer.claims else None]
    for row in questions:
        page.item(row["question"], (row["text_zh"] if page.language == "zh" else None) or row["text"])
        if row["candidate"]:
            candidate = names.get(("concept", row["candidate"]), row["candidate"])
            page.put(f"{page.word('candidate answer')}: {candidate}", 7, "dim")
    _more(page, len(answer.questions) - len(questions))
    if answer.further:
        page.heading("Ask next")
    for question in answer.further:
        page.put(f'kg ask "{question}"{of}', 2, "cyan")


def _passages(page: Page, answer: Answer, most: int | None) -> None:
    """Print the first of the passages that answer, and count the rest."""
    some = answer.passages[:most]
    if some:
        page.heading("Passages")
    for passage in some:
        page.passage(passage, 2)
    _more(page, len(answer.passages) - len(some))


def _place(row: dict[str, str]) -> int:
    """Return where a property of a record is printed; attributes come last."""
    return _DEFINITION.index(row["property"]) if row["property"] in _DEFINITION else len(_DEFINITION)


def _claims(page: Page, answer: Answer, names: dict[tuple[str, str], str], limit: int) -> None:
    """Print the claims with how they stand, those that are too many for a screen by their ids."""
    if not answer.claims:
        return
    page.heading("What the theory claims", "its own words, which are no evidence")
    for claim in answer.claims[: 2 * limit or None]:
        page.item(claim.id, page.statement(claim))
        stage = names.get(("concept", claim.stage or ""), claim.stage)
        where = [f"{page.word(k)}: {v}" for k, v in (("stage", stage), ("scope", claim.scope)) if v]
        quotes, few = claim.witnesses()
        if quotes:
            chinese = page.language == "zh"
            counts = " ".join(f"{claims.SIGNS[s]}{claim.tally[s]}" for s in claims.STANCES)
            told = f"{quotes} 条引文,{few} 个独立来源" if chinese else (
                f"{numbers.number(quotes, 'quote')}, {few} independent"
            )  # fmt: skip
            where.insert(0, f"{counts} · {told}")
        page.put(" · ".join([page.word(claim.state), *where]), 7, "cyan")
        if limit == 0:
            for passage in claim.assertions:
                page.passage(passage, 7)
    more = len(answer.claims) - 2 * limit
    if limit and more > 0:
        page.put(f"… {', '.join(claim.id for claim in answer.claims[2 * limit :])}", 2, "dim")


def _evidence(page: Page, answer: Answer, cases: dict[str, str], limit: int) -> int:
    """Print the best quotes of the stance that was asked for, or of all, and count the rest.

    Returns:
        How many quotes may still be printed.
    """
    lines = [
        (claim, line)
        for stance in answer.shown
        for claim in answer.claims
        for line in claim.of(stance)[: limit or None]
    ]
    if not lines:
        return limit
    page.heading("Evidence")
    if limit == 0 or len(answer.claims) > 1 or not answer.limits.cases:
        _matrix(page, answer, cases)
    # The best of each stance before the second of any.
    rank: dict[tuple[str, str], int] = {}
    order: list[tuple[int, int, Claim, claims.Line]] = []
    for claim, line in lines:
        place = rank[claim.id, line.stance] = rank.get((claim.id, line.stance), -1) + 1
        order.append((place, len(order), claim, line))
    chosen = sorted(sorted(order, key=lambda one: one[:2])[: limit or None], key=lambda one: one[1])
    for _, _, claim, line in chosen:
        # Where a study has no cases, there is nothing to tell apart.
        where = ", ".join(cases.get(c, page.word(c)) for c in line.cases if {*cases} - {claims.LITERATURE})
        head = Text(page.word(line.stance), style=STYLES[line.stance])
        strength = page.word(line.strength)
        if line.lowered:
            strength += f" – {page.word('lowered')}: {', '.join(map(page.word, line.lowered.split(', ')))}"
        head.append(f" {claim.id} ({', '.join(filter(None, (strength, clean(where))))}) {clean(line.id)}", style="none")
        page.wrap(head, 2)
        for passage in line.passages:
            page.passage(passage, 7)
        if limit == 0:
            page.put(f"{page.word('because')}: {line.rationale}", 7)
    whole = sum(answer.tally[stance] for stance in answer.shown)
    if limit:
        _more(page, whole - len(chosen))
    return max(0, limit - len(chosen))


def _besides(page: Page, answer: Answer, of: str) -> None:
    """Count the evidence of the stances that were not asked for, with the question that shows it.

    Args:
        page: what is printed to.
        answer: the answer, of which all is printed.
        of: how a command names the study, if it has to.
    """
    ways = further.WAYS[page.language]
    for stance in claims.STANCES if answer.stance else ():
        number = answer.tally[stance]
        if stance in (answer.stance, *answer.shown) or not number:
            continue
        begins = ways[stance].partition("{topic}")[0]
        asked = next((question for question in answer.further if question.startswith(begins)), "")
        counted = numbers.counted(number, "line", page.language)
        shown = f': kg ask "{asked}"{of}' if asked else ""
        said = (
            f"此外{page.word(stance)} {counted}"
            if page.language == "zh"
            else f"besides, {counted} {numbers.verb(stance, number)}"
        )
        page.put(f"{said}{shown}", 2, "dim")


def _more(page: Page, rest: int) -> None:
    """Print how many more there are, if there are any."""
    if rest > 0:
        page.put(f"… 还有 {rest} 条:--all" if page.language == "zh" else f"… {rest} more: --all", 2, "dim")


def _matrix(page: Page, answer: Answer, cases: dict[str, str]) -> None:
    counts = answer.by_case
    if not any(counts.values()):
        page.put(page.word("none"), 2)
        return
    columns = [c for c in cases if c != claims.LITERATURE and (len(cases) <= 7 or any(n[c] for n in counts.values()))]
    columns.append(claims.LITERATURE)
    rows = [("", *(cases.get(c, page.word(c)) for c in columns))]
    rows += [(page.word(s), *(str(counts[s][c]) for c in columns)) for s in claims.STANCES]
    _grid(page, rows, 2, [False, *(True for _ in columns)])


def _least(cell: str) -> int:
    """Return the columns a cell needs at least: its longest word, and enough to be read."""
    return max([min(cell_len(cell), 24), *map(cell_len, cell.split())])


def _grid(page: Page, rows: list[tuple[str, ...]], indent: int, numbers: Sequence[bool]) -> None:
    """Print a small table; wide characters count two columns."""
    from rich.table import Table as Grid

    grid = Grid(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for number in numbers:
        grid.add_column(justify="right" if number else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(clean(cell)) for cell in row))
    page.emit(Padding(grid, (0, 0, 0, indent)))


def _dispute(page: Page, dispute: claims.Dispute, cases: dict[str, str]) -> None:
    line = dispute.line
    where = ", ".join(cases.get(c, page.word(c)) for c in line.cases)
    head = Text(page.word("disputed"), style=STYLES["qualifies"])
    page.wrap(head.append(f" {line.claim} ({clean(where)}) {clean(line.id)}", style="none"), 2)
    for passage in line.passages:
        page.passage(passage, 7)
    for reading in dispute.readings or (line,):
        judgement = ", ".join(page.word(word) for word in (reading.stance, reading.strength) if word)
        reason = reading.rationale if isinstance(reading, claims.Line) else reading.reason
        page.put(f"{reading.coder}: {judgement}{f': {reason}' if reason else ''}", 7)


def report(report: Report) -> None:
    """Print a report.

    Args:
        report: the report.
    """
    page = Page()
    page.put(report.title, style="bold")
    page.emit()
    table(report.table.select(report.brief or tuple(report.table.columns)))
    if report.notes:
        page.emit()
    for note in report.notes:
        page.put(note, 2, "dim")


def alone(software: Sequence[str], language: str = "en") -> str:
    """Say in a line that software alone judged what is shown.

    Args:
        software: names of who judged it; empty where a person did, too.
        language: ``en`` or ``zh``.

    Returns:
        Empty where there is nothing to say.
    """
    return f"{word(judges.ALONE, language)}: {', '.join(software)}" if software else ""


def trace(trace: Trace) -> None:
    """Print a trace as a tree.

    Args:
        trace: the trace.
    """

    def label(node: Node) -> Text:
        text = Text(clean(node.kind), style=STYLES.get(node.kind, "dim"))
        if node.id:
            text.append(f" {clean(node.id)}", style="bold")
        return text.append(f"  {clean(' '.join(node.label.split()))}" if node.label else "", style="none")

    def grow(tree: Tree, node: Node) -> None:
        for child in node.children:
            grow(tree.add(label(child)), child)

    page = Page()
    root = Tree(label(trace.tree), guide_style="dim")
    grow(root, trace.tree)
    page.emit(root)
    if told := alone(trace.software, page.language):
        page.put(told, style="dim")


def results(results: Results) -> None:
    """Print the outcome of a search: what was not found, the places, how many more there are.

    Args:
        results: the outcome.
    """
    page = Page("zh" if has_han(results.text) else "en")
    if missing := search.told(results, page.language):
        page.put(missing, style="bold")
        if results.suggestion:
            page.put(f"{page.word('Did you mean')}: {results.suggestion}")
        page.put(page.word("The nearest:" if results.hits else "'kg list concept' lists what the study is about."))
    for number, hit in enumerate(results.hits):
        if number or missing:
            page.emit()
        page.put(" ".join(filter(None, (hit.source, hit.label, f"{hit.start}-{hit.end}"))), style="dim")
        page.wrap(_in_context(page, hit), 2)
        for use in hit.uses[:_USES]:
            bearing = "; ".join(f"{page.word(link)} {', '.join(claims)}" for link, claims in use.by_link().items())
            page.put(f"{page.word('in the passage')} {use.excerpt}{' · ' if bearing else ''}{bearing}", 2, "cyan")
        if len(hit.uses) > _USES:
            page.put(f"… {len(hit.uses) - _USES} {page.word('more')}", 2, "dim")
    if (more := results.total - len(results.hits)) > 0:
        page.emit()
        page.put(f"… {more} {page.word('more')}; {page.word('--limit shows more')}", style="dim")


def _in_context(page: Page, hit: Hit) -> Text:
    """Return the text around a place in one line, with the words marked: by signs where there are no styles."""
    line = Text()
    for piece, is_word in hit.pieces():
        plain = clean(piece).replace("\n", " ")
        line.append(f"«{plain}»" if is_word and not page.out.color_system else plain, "bold reverse" if is_word else "")
    return line


def table(table: Table) -> None:
    """Print rows as a table, or one below the other where they are too wide for one.

    Args:
        table: the rows.
    """
    page = Page()
    rows = [tuple("" if cell is None else " ".join(str(cell).split()) for cell in row) for row in table.rows]
    narrowest = [
        max(len(c), *(_least(row[i]) for row in rows)) if rows else len(c) for i, c in enumerate(table.columns)
    ]
    if sum(narrowest) + 2 * len(narrowest) <= page.out.width:
        _grid(
            page,
            [table.columns, *rows],
            0,
            [all(isinstance(row[i], int | float) for row in table.rows) for i in range(len(table.columns))],
        )
        return
    margin = max(map(len, table.columns))
    for number, row in enumerate(rows, 1):
        page.put(f"-- {number} --", style="dim")
        for column, cell in zip(table.columns, row, strict=True):
            if cell:
                grid_line = Text(f"{column:<{margin}}  ", style="cyan")
                page.emit(_hanging(grid_line, clean(cell), margin + 2))


def _hanging(head: Text, body: str, indent: int) -> Any:
    from rich.table import Table as Grid

    grid = Grid.grid()
    grid.add_column(width=indent)
    grid.add_column()
    grid.add_row(head, Text(body))
    return grid


def csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV, so that no cell is run as a formula.

    Args:
        columns: names.
        rows: cells.
    """
    return "".join(csv_lines(columns, rows))


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    r"""Write a table as CSV, row by row, so that no cell is run as a formula.

    A text that a spreadsheet would run has an apostrophe before it, and so has a text that looks as if it
    had: to read it back, take one apostrophe away where any number of them stands before such a beginning.

    Args:
        columns: names.
        rows: cells; None is an empty one.

    Example:
        >>> list(csv_lines(("quote", "start"), [("=1+1", -3), ("'=1+1", 0), ("a, b", None)]))
        ['quote,start\n', "'=1+1,-3\n", "''=1+1,0\n", '"a, b",\n']
    """
    import csv as writer

    class Line:
        """A file that gives a line back instead of keeping it."""

        write = staticmethod(str)

    # A lone CR is quoted by Python 3.11 only when lines end with one.
    formatter = writer.writer(Line(), lineterminator="\r\n")
    for row in itertools.chain((columns,), rows):
        yield f"{formatter.writerow([guarded(cell) for cell in row])[:-2]}\n"


def guarded(cell: object) -> object:
    r"""Return a cell of a table for a spreadsheet, with an apostrophe before a text that one would run as a formula.

    Args:
        cell: a text is looked at; a number or None stays as it is.

    Example:
        >>> guarded("=1+1"), guarded("\u200b=1+1"), guarded("a=1"), guarded(-1)
        ("'=1+1", "'\u200b=1+1", 'a=1', -1)
    """
    return f"'{cell}" if isinstance(cell, str) and _formula().match(cell) else cell


def markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as Markdown.

    Args:
        columns: names.
        rows: cells.
    """

    def cell(value: object) -> str:
        text = clean("" if value is None else value).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
        return " ".join(text.split())

    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(map(cell, line))} |\n" for line in lines)


def dump(value: object) -> str:
    """Write anything as JSON, dataclasses with their computed state.

    Args:
        value: what to write.
    """

    def plain(x: object) -> object:
        if dataclasses.is_dataclass(x) and not isinstance(x, type):
            # What is not compared is where the rest is read from.
            fields = {f.name: getattr(x, f.name) for f in dataclasses.fields(x) if f.compare}
            if isinstance(x, Claim):
                searches = fields.pop("searches")
                fields |= {"assertions": x.assertions, "lines": x.lines, "disputes": x.disputes, "searches": searches}
                fields["state"] = x.state
            return fields
        if isinstance(x, Sequence):
            return list(x)
        raise TypeError(type(x).__name__)

    return json.dumps(value, ensure_ascii=False, indent=2, default=plain)


def write(text: str) -> None:
    """Write text to standard output as it is, without wrapping."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
