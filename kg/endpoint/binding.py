"""Parameters of a query for a server, which binds none itself: as data, in every group of patterns that names one.

A group is evaluated by itself, and only then joined with what stands around it. So one VALUES at the end of a query
reaches no FILTER: it compares with a variable that is not bound yet, which is an error, and every row falls out.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*|\\."
    r"|(?P<brace>[{}])|[?$](?P<variable>\w+)|(?P<word>[A-Za-z]\w*)",
    re.DOTALL,
)
"""What a query consists of, as far as it matters here; strings, IRIs and comments are passed over."""


def bind(text: str, parameters: Mapping[str, str]) -> str:
    r"""Return a query with its parameters bound to texts.

    Args:
        text: a SELECT of ``queries/``.
        parameters: texts by the name of the variable.

    Example:
        >>> bind('SELECT ?t WHERE { ?e ex:quote ?q FILTER(CONTAINS(?q, ?t)) }', {"t": 'say "so"'})
        'SELECT ?t WHERE { VALUES ?t { "say \\"so\\"" } ?e ex:quote ?q FILTER(CONTAINS(?q, ?t)) }'
    """
    groups: list[_Group] = []
    opened: list[_Group] = []
    for token in _TOKEN.finditer(text):
        if token["brace"] == "{":
            opened.append(_Group(token.end()))
            groups.append(opened[-1])
        elif token["brace"] == "}":
            opened.pop()
        elif opened:
            opened[-1].add(token["word"], token["variable"])
    pieces, end = [], 0
    for group in groups:
        # A group that begins with SELECT is a query of its own: its patterns stand in a group within.
        named = () if group.is_query else [name for name in parameters if name in group.variables]
        pieces.append(text[end : group.start])
        pieces += [f" VALUES ?{name} {{ {literal(parameters[name])} }}" for name in named]
        end = group.start
    return "".join([*pieces, text[end:]])


class _Group:
    """A group of patterns in a query.

    Args:
        start: where its content begins.
    """

    def __init__(self, start: int) -> None:
        self.start = start
        self.variables: set[str] = set()
        self.is_query = False
        self._begun = False

    def add(self, word: str | None, variable: str | None) -> None:
        """Take note of what stands in it, and in no group within it."""
        if not self._begun and word:
            self.is_query = word.upper() == "SELECT"
        self._begun = self._begun or bool(word or variable)
        if variable:
            self.variables.add(variable)


def literal(text: str) -> str:
    r"""Write a text as a literal of SPARQL.

    Args:
        text: any text.

    Example:
        >>> print(literal('a "b"\n'), literal("\\u0022"), literal("\\\x07"))
        "a \"b\"\n" "\\\u00750022" "\\\u0007"
    """
    # SPARQL 1.1, 19.2: \u is replaced before a query is parsed. Of a text that has a backslash and a u the u is
    # written so as well, or a server that looks for \u alone would make a quotation mark of it, which ends the string.
    # Escapes are passed over one by one: of three backslashes the first two are one, and the third begins another.
    written = json.dumps(text, ensure_ascii=False)
    return re.sub(r"\\\\([uU])|\\.", lambda m: f"\\\\\\u{ord(m[1]):04X}" if m[1] else m[0], written)
