"""The quotes of a study as researchers hand them in: by proposition and by code, for Word and as Markdown.

One structure, two writers: a document is a title and blocks, which either writer renders.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from kg import cite, claims, locators, masks
from kg.exports import references, tables
from kg.exports.document import Block, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.graph import Graph

Row = dict[str, Any]

STANCES = {"supports": "For: supports", "qualifies": "Within limits: qualifies", "opposes": "Against: opposes"}
"""The heading over the evidence of each stance, in order."""
UNSUPPORTED = "No evidence: unsupported."
EARLIEST = "1980-01-01"
"""The day of a document of a study in which nobody did anything; zip knows none before it."""


def documents(graph: Graph) -> Iterator[Document]:
    """Collect the quotes by proposition, and then by code.

    Args:
        graph: the study.

    Returns:
        One document after the other, so that those of a large study need not be held at once.

    Example:
        >>> import kg
        >>> [document.name for document in documents(kg.open("dart"))]
        ['by-proposition', 'by-code']
    """
    ((_, title, *_),) = graph.query("study").rows
    cited = {item["id"]: item for item in references.cited(graph)}
    for name, what, collect in (
        ("by-proposition", "quotes by proposition", _by_proposition),
        ("by-code", "quotes by code", _by_code),
    ):
        shelf = _Shelf(graph, cited)
        blocks = list(collect(graph, shelf))
        blocks += shelf.bibliography()
        yield Document(name, f"{title}: {what}", blocks, shelf.last)


class _Shelf:
    """The places of quotes, and what was cited for the bibliography.

    Args:
        graph: the study.
        items: the CSL-JSON items that are cited, by key.
    """

    def __init__(self, graph: Graph, items: dict[str, dict[str, Any]]) -> None:
        self.items, self.used, self.last = items, set[str](), EARLIEST
        self.titles = {row["source"]: row["title"] for row in tables.rows(graph, "sources")}
        self.coders = {row["coder"]: _called(row) for row in tables.rows(graph, "coders")}
        self.resting: dict[str, dict[str, list[str]]] = {}
        for row in tables.rows(graph, "citations"):
            places = self.resting.setdefault(row["excerpt"], {}).setdefault(row["reference"], [])
            places += [f"{row['locator_kind']} {row['locator']}"] if row["locator"] else []
        self.cited = cache(self._cited)

    def quote(self, row: Row) -> Block:
        """Return a quote with its source, the label and place there, what it cites, and its id."""
        where = self.titles[row["source"]]
        if row["paragraph"]:
            where += f", para. {row['paragraph']}"
        if row["speakers"]:
            where += f", {row['speakers'].replace('; ', ' & ')}"
        if row["locator"]:
            where += f", {locators.plain(row['locator'])}"
        resting = self.resting.get(row["excerpt"], {})
        self.used.update(resting)
        citations = [
            self.cited(key, place) for key, places in resting.items() for place in locators.joined(places) or [""]
        ]
        where += f" ({'; '.join(citations)})" if citations else ""
        return Block("quote", masks.folded(row["quote"]), after=f"{where} [{row['excerpt']}]")

    def _cited(self, key: str, locator: str) -> str:
        """Return the citation in the text of a reference and a place in it, without its brackets."""
        return cite.in_text(self.items[key], locator).removeprefix("(").removesuffix(")")

    def act(self, row: Row) -> str:
        """Say who did it, and when."""
        self.last = max(self.last, row["date"])
        return f"{self.coders[row['coder']]}, {row['date']}"

    def bibliography(self) -> Iterator[Block]:
        """Return the entries of all that was cited, in alphabetical order; a style lists no interviews."""
        entries = {cite.entry(self.items[key]) for key in self.used} - {""}
        yield Block("heading", "References")
        for entry in sorted(entries, key=lambda entry: (entry.casefold(), entry)):
            yield Block("text", entry)
        if not entries:
            yield Block("text", "None.")


def _called(coder: Row) -> str:
    """Name a coder; who reads a quote must see that software chose it."""
    if coder["kind"] == "person":
        return str(coder["name"])
    return f"{coder['name']} (software{', ' + coder['version'] if coder['version'] else ''})"


def _by(key: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def _by_proposition(graph: Graph, shelf: _Shelf) -> Iterator[Block]:
    """Give every proposition, also one without evidence, with all that bears on it."""
    bearing = _by("proposition", tables.rows(graph, "evidence"))
    stated = _by("proposition", tables.rows(graph, "assertions"))
    vain = _by("about", tables.rows(graph, "searches"))
    labels = {row["concept"]: row["label"] for row in tables.rows(graph, "concepts")}
    for claim in tables.rows(graph, "propositions"):
        key = claim["proposition"]
        yield Block("heading", f"{key} {claim['statement']}")
        if claim["statement_zh"]:
            yield Block("text", claim["statement_zh"])
        yield Block("text", claim["state"], lead="How it stands")
        if claim["stage"]:
            yield Block("text", labels.get(claim["stage"], claim["stage"]), lead="Stage")
        if claim["scope"]:
            yield Block("text", claim["scope"], lead="Scope")
        mine = bearing.get(key, [])
        for stance, heading in STANCES.items():
            active = [row for row in mine if row["stance"] == stance and row["status"] == "active"]
            yield Block("heading", heading, 2)
            if not active:
                yield Block("text", UNSUPPORTED if stance == "supports" else "No evidence.")
            yield from _lines(active, shelf)
        if former := [row for row in mine if row["status"] != "active"]:
            yield Block("heading", "Not counted", 2)
            yield from _lines(former, shelf)
        if passages := stated.get(key):
            yield Block("heading", "Stated by the theory's own text, which is no evidence", 2)
            # Two coders may have seen that it is stated there.
            yield from dict.fromkeys(map(shelf.quote, passages))
        # A search that read several sources is as many rows.
        if notes := dict.fromkeys(f"{row['note']} ({shelf.act(row)})" for row in vain.get(key, ())):
            yield Block("heading", "Looked for, found nothing", 2)
            yield from (Block("text", note) for note in notes)


def _lines(rows: list[Row], shelf: _Shelf) -> Iterator[Block]:
    """Give evidence lines, the strongest first, each with its passages and its reason."""
    ranks = (claims.STANCES.index, claims.STRENGTHS.index)
    order = sorted(rows, key=lambda row: (ranks[0](row["stance"]), ranks[1](row["strength"]), row["line"]))
    for _, group in groupby(order, key=itemgetter("line")):
        passages = list(group)
        line = passages[0]
        strength = line["strength"]
        if line["lowered_by"]:
            strength += f" (stated: {line['stated_strength']}; lowered: {line['lowered_by']})"
        status = line["status"]
        if status != "active":
            status = f"{line['stance']}, but {status} on {line['status_date']}: {line['status_reason']}"
            status += f"; see {line['replaced_by']}" if line["replaced_by"] else ""
        yield Block("text", f"{strength} · {status} · {shelf.act(line)}", lead=f"Evidence line {line['line']}")
        yield from map(shelf.quote, passages)
        yield Block("text", line["rationale"], lead="Because")


def _by_code(graph: Graph, shelf: _Shelf) -> Iterator[Block]:
    """Give every code under the code above it, also one that was never given, with its quotes."""
    given = _by("code", tables.rows(graph, "codings"))
    below = _by("broader", tables.rows(graph, "codes"))
    labels = {row["concept"]: row["label"] for row in tables.rows(graph, "concepts")}
    waiting = [(code, 1) for code in reversed(below.get(None, []))]  # type: ignore[call-overload]
    while waiting:
        code, depth = waiting.pop()
        waiting += [(narrower, depth + 1) for narrower in reversed(below.get(code["code"], []))]
        yield Block("heading", f"{code['label']} [{code['code']}]", depth)
        if code["label_zh"]:
            yield Block("text", code["label_zh"])
        yield Block("text", " · ".join(filter(None, (code["level"], code["paradigm"]))), lead="Level")
        for lead, text in (
            ("Definition", code["definition"]),
            ("Given when", code["include"]),
            ("Not given when", code["exclude"]),
            ("Indicates", labels.get(code["indicates"], code["indicates"])),
        ):
            if text:
                yield Block("text", text, lead=lead)
        if code["code"] not in given:
            yield Block("text", "No quote has this code itself.")
        for _, acts in groupby(given.get(code["code"], ()), key=itemgetter("excerpt")):
            codings = list(acts)
            yield shelf.quote(codings[0])
            for coding in codings:
                memo = f": {coding['memo']}" if coding["memo"] else ""
                yield Block("text", f"{shelf.act(coding)}{memo}", lead="Coded by")


def write_markdown(graph: Graph, folder: Path) -> None:
    """Write by-proposition.md and by-code.md, in which every text of the study is literal.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    for document in documents(graph):
        with (folder / f"{document.name}.md").open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"# {_literal(document.title, ' ')}\n")
            file.writelines(f"\n{_markdown(block)}\n" for block in document.blocks)


def _markdown(block: Block) -> str:
    if block.kind == "heading":
        return f"{'#' * min(block.level + 1, 6)} {_literal(block.text, ' ')}"
    if block.kind == "quote":
        return f"> “{_literal(block.text, HARD + '> ')}”\n>\n> — {_literal(block.after, ' ')}"
    return (f"**{_literal(block.lead, ' ')}:** " if block.lead else "") + _literal(block.text, HARD)


HARD = "\\\n"
"""A line break of CommonMark."""
_INLINE = re.compile(r"[\\`*_{}\[\]<>#|~$^@]|&(?=[#\w])")
_AT_HEAD = re.compile(r"(?<![^\n])(?:([-+=:])|(\d+)([.)]))")


def _literal(text: str, line_break: str) -> str:
    r"""Escape what CommonMark, and the tables, notes and formulas that others add to it, would not show as it is.

    Args:
        text: of the study.
        line_break: what is written for the end of a line.

    Example:
        >>> print(_literal("1. *not* a_list <b>\n- nor this", HARD))
        1\. \*not\* a\_list \<b\>\
        \- nor this
    """
    lines = (line.strip(" \t") for line in re.split(r"\r\n|\r|\n", text.strip()))
    escaped = (_INLINE.sub(r"\\\g<0>", line) for line in lines)
    return line_break.join(_AT_HEAD.sub(lambda m: f"{m[2] or ''}\\{m[1] or m[3]}", line, count=1) for line in escaped)


def write_docx(graph: Graph, folder: Path) -> None:
    """Write by-proposition.docx and by-code.docx.

    Args:
        graph: the study.
        folder: an empty folder.

    Raises:
        StoreUnavailable: when the package python-docx is not installed.
    """
    from kg.exports import word

    for document in documents(graph):
        (folder / f"{document.name}.docx").write_bytes(word.document(document))
