"""The pieces of a page that stand on it dozens of times, written straight: a template takes ten times as long for them.

Every word of a study goes through :func:`html.escape`. What a template takes is Markup, what only other pieces
take is plain text that was escaped.
"""

from __future__ import annotations

from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kg import claims, masks, numbers
from kg.browse import addresses
from kg.ids import source_of, span_of
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.browse.addresses import Addresses
    from kg.browse.frame import Facet
    from kg.browse.study import BuiltStudy, Standing
    from kg.claims import Line, Passage

KEPT = 20_000
"""How many addresses and links are kept: the same few thousand are asked for again and again."""
_CLOSING = {"“": "”", '"': '"', "‘": "’", "'": "'", "「": "」", "『": "』", "«": "»", "„": "“"}
"""The mark that ends a quotation by the one that begins it."""


def quoted(text: str) -> str:
    """Return a text in quotation marks, those that it has itself if it is one whole quotation; a mask has none.

    Args:
        text: the words of a passage.

    Example:
        >>> quoted("a guarantee"), quoted("“transparency”"), quoted('"a" or "b"')
        ('“a guarantee”', '“transparency”', '“"a" or "b"”')
    """
    if "‹" in text:
        text = masks.folded(text)
        if masks.is_withheld(text):
            return text
    close = _CLOSING.get(text[:1])
    whole = close is not None and len(text) > 2 and text[-1] == close and not {text[0], close} & {*text[1:-1]}
    return text if whole else f"“{text}”"


class Fragments:
    """The pieces of pages in one language.

    Args:
        study: the study.
        to: gives addresses.
    """

    def __init__(self, study: BuiltStudy, to: Addresses) -> None:
        self.study, self.to, self.language = study, to, to.language
        self.word = cache(lambda english: escape(word(english, to.language)))
        self.stance = cache(self._stance)
        self.page = lru_cache(KEPT)(lambda kind, identifier: escape(addresses.record(to, kind, identifier)))
        self.menus = cache(self._menu)
        self.has_cases = any(kind == "case" for kind, _ in study.names)
        self.names = lru_cache(KEPT)(lambda kind, identifier: escape(study.name(kind, identifier, to.language)))
        self.link = lru_cache(KEPT)(self._link)
        self.key = lru_cache(KEPT)(self._key)
        self.reference = lru_cache(KEPT)(self._reference)
        self.tongue = lru_cache(KEPT)(self._tongue)
        self.tallies = lru_cache(KEPT)(self._tally)

    def address(self, kind: str, identifier: str, **parameters: object) -> Markup:
        """Return the address of a record.

        Args:
            kind: kind of record.
            identifier: its id.
            parameters: what stands after the question mark.
        """
        if parameters:
            return Markup(escape(addresses.record(self.to, kind, identifier, **parameters)))
        return Markup(self.plain(kind, identifier))

    def plain(self, kind: str, identifier: str) -> str:
        """Return the address of a record with nothing after the question mark but the place of a passage.

        Args:
            kind: kind of record.
            identifier: its id.
        """
        # There are too many passages and lines to be kept.
        if kind == "excerpt":
            source, span = source_of(identifier), span_of(identifier)
            return f"{self.page('source', source)}{escape(f'{self.to.place(span)}#{addresses.anchor(identifier)}')}"
        if kind == "line":
            return escape(addresses.record(self.to, kind, identifier))
        return self.page(kind, identifier)

    def name(self, kind: str, identifier: str) -> str:
        """Return what a record is called, or the id when it is none.

        Args:
            kind: kind of record.
            identifier: its id.
        """
        # What somebody wrote into an address is not kept.
        is_named = (kind, identifier) in self.study.names
        return self.names(kind, identifier) if is_named else escape(self.study.name(kind, identifier, self.language))

    def judged(self, value: str) -> str:
        """Return what a coder judged: a stance, a strength, or whether a code was given.

        Args:
            value: it.
        """
        return self.stance(value) if value in claims.STANCES else Markup(self.word(value))

    def named_coders(self, listed: str) -> Markup:
        """Return links to coders.

        Args:
            listed: their ids, with commas between.
        """
        return Markup(", ".join(self.link("coder", one) for one in listed.split(", ") if one))

    def menu(self, path: str) -> Markup:
        """Return the menu: in one line, and behind a button where there is no room for that.

        Args:
            path: path of the page that it stands on; of a record, the list of its kind is marked.
        """
        pages = [page for _, some in self.to.menu() for page, _ in some]
        kind = path.partition("/")[0]
        here = path if path in pages else f"{kind}s" if f"{kind}s" in pages else ""
        return self.menus(here, "page" if here == path else "true")

    def _menu(self, here: str, current: str) -> Markup:

        def link(path: str, name: str) -> str:
            mark = f' aria-current="{current}"' if path == here else ""
            return f'<a href="{escape(self.to.page(path))}"{mark}>{self.word(name)}</a>'

        wide, narrow = [], []
        for name, pages in self.to.menu():
            links = [link(path, title) for path, title in pages]
            if len(pages) == 1:
                only = f"<li>{link(pages[0][0], name)}</li>"
                wide.append(only)
                narrow.append(only)
                continue
            below = "\n".join(f"<li>{one}</li>" for one in links)
            mark = ' class="here"' if here in dict(pages) else ""
            wide.append(
                f'<li><details name="menu"{mark}><summary>{self.word(name)}</summary>\n<ul>{below}</ul></details></li>'
            )
            narrow.append(f"<li><b>{self.word(name)}</b>\n<ul>{below}</ul></li>")
        lines = "\n"
        return Markup(
            f'<ul class="entries">\n{lines.join(wide)}\n</ul>\n'
            f'<details class="drawer"><summary>{self.word("Menu")}</summary>\n'
            f"<ul>\n{lines.join(narrow)}\n</ul></details>"
        )

    def _link(self, kind: str, identifier: str) -> Markup:
        """Return a link to a record with its name."""
        return Markup(f'<a class="{kind}" href="{self.plain(kind, identifier)}">{self.name(kind, identifier)}</a>')

    def _key(self, kind: str, identifier: str) -> str:
        """Return a link to a record with its id."""
        return f'<a class="{kind}" href="{self.page(kind, identifier)}">{escape(identifier)}</a>'

    def _reference(self, key: str) -> Markup:
        """Return a link to a reference by who made it and when."""
        name = escape(self.study.tables.reference_names.get(key, key))
        return Markup(f'<a class="reference" href="{self.page("reference", key)}" title="{escape(key)}">{name}</a>')

    def _stance(self, which: str) -> Markup:
        """Return a stance with its sign."""
        sign = claims.SIGNS.get(which, "·")
        return Markup(f'<b class="stance {which}"><span aria-hidden="true">{sign}</span> {self.word(which)}</b>')

    def state(self, name: str) -> Markup:
        """Return how a claim stands with its sign.

        Args:
            name: one of :data:`kg.claims.STATES`.
        """
        return Markup(f'<span aria-hidden="true">{claims.STATES[name].sign}</span> {self.word(name)}')

    def case(self, identifier: str) -> Markup:
        """Return a link to a case, or the word for the sources of none.

        Args:
            identifier: its id, or :data:`kg.claims.LITERATURE`.
        """
        if identifier == claims.LITERATURE and ("case", identifier) not in self.study.names:
            return Markup(self.word(self.study.tables.outside))
        return self.link("case", identifier)

    def tally(self, counts: Mapping[str, int]) -> Markup:
        """Return how many lines there are of each stance.

        Args:
            counts: number of lines by stance.
        """
        return self.tallies(*[counts[s] for s in claims.STANCES])

    def _tally(self, *numbers: int) -> Markup:
        parts = "".join(
            f'<span class="{s}{"" if number else " zero"}"><span aria-hidden="true">{claims.SIGNS[s]}</span>'
            f'{number}<span class="hidden"> {self.word(s)}</span></span>'
            for s, number in zip(claims.STANCES, numbers, strict=True)
        )
        return Markup(f'<span class="tally">{parts}</span>')

    def by_case(self, rows: Sequence[tuple[str, Sequence[int]]]) -> Markup:
        """Return a table of stances against cases.

        Args:
            rows: id of the case, or ``literature``, and the number of lines of each stance.
        """
        head = "".join([f'<th scope="col">{self.case(case)}</th>' for case, _ in rows])
        parts = [f'<div class="wide"><table class="counts">\n<thead><tr><td></td>{head}</tr></thead>\n<tbody>']
        for place, stance in enumerate(claims.STANCES):
            cells = "".join([self.count(numbers[place]) for _, numbers in rows])
            parts.append(f'<tr><th scope="row">{self.stance(stance)}</th>{cells}</tr>')
        return Markup("".join([*parts, "</tbody>\n</table></div>\n"]))

    @staticmethod
    def count(number: int) -> Markup:
        """Return a cell of a table with a number; none is quieter than any.

        Args:
            number: the number.
        """
        zero = '<td class="nil"><span aria-hidden="true">·</span><span class="hidden">0</span></td>'
        return Markup(f"<td>{number:,}</td>" if number else zero)

    @staticmethod
    def quoted(text: str) -> Markup:
        """Return a text in quotation marks.

        Args:
            text: the words of a passage.
        """
        return Markup(escape(quoted(text)))

    def cell(self, counts: Mapping[str, int]) -> Markup:
        """Return how many lines there are of each stance that has any, for a table.

        Args:
            counts: number of lines by stance.
        """
        return Markup(
            " ".join(
                f'<span class="{s}">{claims.SIGNS[s]}{counts[s]}<span class="hidden"> {self.word(s)}</span></span>'
                for s in claims.STANCES
                if counts[s]
            )
        )

    @staticmethod
    def tint(counts: Mapping[str, int]) -> str:
        """Return the class of a cell by what its evidence does: one stance, or for and against.

        Args:
            counts: number of lines by stance.
        """
        if counts["supports"] and counts["opposes"]:
            return "tint-mixed"
        return f"tint-{next(s for s in claims.STANCES if counts[s])}"

    def number(self, count: int, kind: str) -> str:
        """Return a number with what is counted.

        Args:
            count: how many.
            kind: a kind of record that is counted, ``passage``, ``line`` or ``place``.
        """
        return numbers.counted(count, kind, self.language)

    def year(self, when: str) -> str:
        """Return the year of a reference in the page's language.

        Args:
            when: its year, or ``n.d.``.
        """
        return when.replace("n.d.", "无日期").replace("ca. ", "约 ") if self.language == "zh" else when

    def statement(self, claim: Mapping[str, Any]) -> Markup:
        """Return the words of a claim in the page's language, in English where there are none.

        Args:
            claim: its row of the query ``claims``.
        """
        return Markup(escape((claim["statement_zh"] if self.language == "zh" else None) or claim["statement"]))

    def claims(self, standings: Iterable[Standing], **parameters: object) -> Markup:
        """Return a list of claims with how they stand.

        Args:
            standings: the claims, and how they stand.
            parameters: what stands after the question mark of their addresses.
        """
        parts = ['<ul class="claims">\n']
        for row, tally, state in standings:
            claim = row["claim"]
            words = f' <span class="state">{self.state(state)}</span>' if state else ""
            parts.append(
                f'<li><a class="proposition" href="{self.address("proposition", claim, **parameters)}">'
                f"<b>{escape(claim)}</b> {self.statement(row)}</a>\n"
                f'<span class="standing">{self.tally(tally)}{words}</span></li>\n'
            )
        return Markup("".join([*parts, "</ul>\n"]))

    def passages(self, some: Iterable[Passage]) -> Markup:
        """Return passages with where they stand and what they rest on.

        Args:
            some: the passages.
        """
        return Markup("".join(map(self._passage, some)))

    def coded(self, some: Iterable[Passage], given: Mapping[str, Iterable[tuple[str, str]]]) -> Markup:
        """Return passages with a code: of which case, from where, and who gave it when.

        Args:
            some: the passages.
            given: coder and date by the passage's id.
        """
        parts = []
        for passage in some:
            by = ", ".join([f"{self.link('coder', c)} {escape(date or '')}".rstrip() for c, date in given[passage.id]])
            case = f"{self.case(passage.case)} · " if passage.case else ""
            parts.append(self._passage(passage, case, f" · {self.word('coded by')} {by}" if by else ""))
        return Markup("".join(parts))

    def _tongue(self, source: str) -> str:
        """Return what says in which language a source is, where it is not that of the page."""
        language = self.study.sources[source]["language"] if source in self.study.sources else ""
        return f' lang="{escape(language)}"' if language and language != self.language else ""

    def _passage(self, passage: Passage, before: str = "", after: str = "") -> str:
        place = escape(passage.where or f"{passage.start}–{passage.end}")
        rests = "".join(
            [
                f" · {self.reference(key)}" + (f", {escape(cited)}" if cited else "")
                for key, cited in passage.citations.items()
            ]
        )
        return (
            f"<blockquote><p{self.tongue(passage.source)}>{escape(quoted(passage.quote))}</p>\n"
            f'<footer>{before}<a href="{self.plain("excerpt", passage.id)}">'
            f"{self.name('source', passage.source)}, {place}</a>"
            f"{rests}{after}</footer></blockquote>\n"
        )

    def lines(self, some: Iterable[Line]) -> Markup:
        """Return a list of evidence lines with their passages.

        Args:
            some: the lines.
        """
        return Markup(f'<ol class="lines">\n{"".join(map(self._line, some))}</ol>\n')

    def _line(self, line: Line) -> str:
        strength = self.word(line.strength)
        if line.lowered:
            marks = ", ".join(map(self.word, line.lowered.split(", ")))
            stated = f"{self.word('stated')} {self.word(line.stated)}"
            strength = f"{strength} ({stated}; {self.word('lowered')}: {marks})"
        codes = dict.fromkeys([c for p in line.passages for c in p.codes])
        return (
            f'<li class="line {line.stance}">\n'
            f'<p class="head">{self.stance(line.stance)} '
            f"{self.key('proposition', line.claim)}\n"
            f'<span class="strength">{strength}</span>\n'
            f'<span class="where">{", ".join([self.case(c) for c in line.cases if self.has_cases])}</span></p>\n'
            f"{''.join(map(self._passage, line.passages))}"
            f'<p class="because"><span>{self.word("because")}:</span> {escape(line.rationale)}</p>\n'
            f'<p class="who">{self.link("coder", line.coder)}, {line.date} · '
            f"{', '.join([self.link('code', c) for c in codes])} · "
            f'<a href="{self.plain("line", line.id)}">{escape(line.id)}</a></p>\n'
            "</li>\n"
        )

    def options(self, facet: Facet, some: Iterable[tuple[str, int, bool]]) -> Markup:
        """Return what can be chosen of a facet.

        Args:
            facet: the facet.
            some: values, with the number of lines and whether each is chosen.
        """
        return Markup(
            "".join(
                f'<label class="{"" if number else "zero"}"><input type="checkbox" name="{facet.name}" '
                f'value="{escape(value)}"{" checked" if chosen else ""}> '
                f"{self.name(facet.kind, value) if facet.kind else self.word(value)} <small>{number}</small></label>\n"
                for value, number, chosen in some
            )
        )

    def named(self, some: Iterable[str]) -> Markup:
        """Return links to claims by their ids.

        Args:
            some: the ids.
        """
        return Markup(" ".join([self.key("proposition", claim) for claim in some]))
