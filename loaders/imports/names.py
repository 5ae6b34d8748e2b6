"""Read names of people, as reference managers write them, into CSL-JSON."""

from __future__ import annotations

import html
import re

from kg.cjk import cjk

Name = dict[str, str]

OTHERS: Name = {"literal": "others"}
"""What stands for further authors, as in BibTeX and Pandoc."""
_FURTHER = {"others", "et al", "et al.", "等"}
_SUFFIX = re.compile(r"(?<=\S)(?:,\s*|\s+)((?:Jr|Sr)\.?|II|III|IV)$")


def listed(text: str) -> list[str]:
    """Take the names in one line apart.

    Args:
        text: one name, or several with ``;`` or ``；`` between them, as databases in Chinese write all authors.

    Example:
        >>> listed("王小明；李华;张三;"), listed("Marks &amp; Spencer")
        (['王小明', '李华', '张三'], ['Marks & Spencer'])
    """
    return [name for part in re.split("[;；]", html.unescape(text)) if (name := " ".join(part.split()))]


def turned(name: str) -> Name:
    """Read a name as RIS has it: family name, given name, suffix; without a comma it is one name, or an organisation.

    Args:
        name: the name.

    Example:
        >>> turned("King, Martin, Jr"), turned("Soup Kitchen"), turned("王 小明")
        ({'family': 'King', 'given': 'Martin', 'suffix': 'Jr'}, {'literal': 'Soup Kitchen'}, {'literal': '王小明'})
    """
    if name.casefold() in _FURTHER:
        return dict(OTHERS)
    parts = [part.strip() for part in re.split("[,，]", name, maxsplit=2)]
    if len(parts) == 1:
        # Family and given name of a Chinese name stand in this order, with or without a space.
        return {"literal": parts[0] if not cjk().search(name) or re.search("[A-Za-z]", name) else "".join(name.split())}
    person = {key: part for key, part in zip(("family", "given", "suffix"), parts, strict=False) if part}
    return with_suffix(person)


def with_suffix(person: Name) -> Name:
    """Take a suffix that stands with the given name from it.

    Args:
        person: a name in parts.

    Example:
        >>> with_suffix({"family": "O'Brien", "given": "McKay Jr."})
        {'family': "O'Brien", 'given': 'McKay', 'suffix': 'Jr.'}
    """
    suffix = _SUFFIX.search(person.get("given", ""))
    if not suffix or "suffix" in person or "family" not in person:
        return person
    return person | {"given": person["given"][: suffix.start()], "suffix": suffix[1]}


def people(texts: list[str]) -> list[Name]:
    """Read the lines of one role.

    Args:
        texts: each with one name or several.
    """
    return [turned(name) for text in texts for name in listed(text)]
