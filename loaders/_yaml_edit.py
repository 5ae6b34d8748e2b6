"""Change values in a YAML file of a person's, so that all else of it stays byte for byte.

Parsers that write YAML again keep comments, but not every blank, quote and line break. So only the places of the
values are taken from the parser, and the text is changed there; what comes out is read again and compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from kg.loaders import _yaml_write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Path = tuple[str | int, ...]
    Value = str | int | Mapping[str, str] | None
    Changes = Mapping[Path, Mapping[str, Value]]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Splice(NamedTuple):
    """A stretch of a text, with the text that replaces it."""

    start: int
    end: int
    text: str


def edit(text: str, changes: Changes) -> str:
    r"""Set and remove keys of mappings in block style, and add keys to mappings in braces.

    Args:
        text: the file, without a byte order mark.
        changes: by the path of a mapping: what its keys become; None to remove a key. A new key stands below the one
            that is before it here, or below the first; in braces it is the first.

    Returns:
        The file with these changes and no other.

    Raises:
        ValueError: when a key of a mapping in braces would change, or it is written so that no change of it is sure.

    Example:
        >>> print(edit("- a: 1  # one\n  b: two\n", {(0,): {"a": 3, "c": "x", "b": None}}), end="")
        - a: 3  # one
          c: x
        >>> edit("[{a: 1}]", {(0,): {"id": "x"}})
        '[{id: x, a: 1}]'
    """
    root: Any = yaml.compose(text, Loader=_LOADER)
    end = "\r\n" if "\r\n" in text else "\n"
    splices: list[_Splice] = []
    for path, values in changes.items():
        node = root
        for step in path:
            if isinstance(step, int):
                node = node.value[step]
            else:
                node = next(value for key, value in node.value if key.value == step)
        splices += _splices(text, node, values, end)
    parts, at = [], 0
    for splice in sorted(splices):
        parts += [text[at : splice.start], splice.text]
        at = splice.end
    edited = "".join([*parts, text[at:]])
    # A change that reads otherwise than it was meant is not written.
    try:
        read = yaml.load(edited, Loader=_PLAIN_LOADER)  # noqa: S506 (it makes text and no objects)
    except yaml.YAMLError:
        read = None
    if read != _changed(text, changes):
        raise ValueError("it is written in a way that cannot be changed surely")
    return edited


def _changed(text: str, changes: Changes) -> Any:
    """Return the values of a file as they should be after changes."""
    root: Any = yaml.load(text, Loader=_PLAIN_LOADER)  # noqa: S506 (as above)
    for path, values in changes.items():
        at = root
        for step in path:
            at = at[step]
        for key, value in values.items():
            if value is None:
                at.pop(key, None)
            else:
                at[key] = str(value) if isinstance(value, (str, int)) else dict(value)
    return root


def _splices(text: str, node: Any, values: Mapping[str, Value], end: str) -> Iterator[_Splice]:
    if not isinstance(node, yaml.MappingNode):
        raise ValueError("it is no mapping")
    keys = [key.value for key, _ in node.value]
    start = node.start_mark.index
    if node.flow_style:
        if text[start] != "{" or not values.keys().isdisjoint(keys):
            raise ValueError("it is written in braces")
        at = start + 1 + (text[start + 1] == " ")
        written = "".join(f"{name}: {_in_braces(new)}, " for name, new in values.items() if new is not None)
        yield _Splice(at, at, written.rstrip() if text[at] in "\r\n" else written)
        return
    before = 0
    added: dict[int, str] = {}
    for name, new in values.items():
        if name not in keys:
            if new is not None:
                key, value = node.value[before]
                at = _line_end(text, _last(text, value))
                line = f"{' ' * key.start_mark.column}{name}: {_in_braces(new)}"
                line = f"{line}{end}" if text.endswith("\n", 0, at) else f"{end}{line}"
                added[at] = added.get(at, "") + line
            continue
        before = keys.index(name)
        key, value = node.value[before]
        start, last = key.start_mark.index, _last(text, value)
        if new is not None:
            blank = "" if text[value.start_mark.index - 1].isspace() else " "
            yield _Splice(value.start_mark.index, last, blank + _in_braces(new))
        elif before > 0:
            yield _Splice(text.rfind("\n", 0, start) + 1, _line_end(text, last), "")
        elif len(keys) > 1:
            # The first key stands behind a hyphen; the second takes its place.
            yield _Splice(start, node.value[1][0].start_mark.index, "")
        else:
            raise ValueError("it would have no key")
    for at, lines in added.items():
        yield _Splice(at, at, lines)


def append(text: str, key: str, records: Sequence[Mapping[str, Any]]) -> str:
    r"""Add records to the end of a list of a file, so that all else of it stays byte for byte.

    Args:
        text: the file, without a byte order mark.
        key: the key of the list, at the top of the file.
        records: what :func:`kg.loaders._yaml_write.items` takes.

    Returns:
        The file with these records.

    Raises:
        ValueError: when there is no such list, or it is written so that no change of it is sure.

    Example:
        >>> print(append("of:\n  - id: a  # one\n\n# end\nat: 1\n", "of", [{"id": "b", "to": "c"}]), end="")
        of:
          - id: a  # one
          - id: b
            to: c
        <BLANKLINE>
        # end
        at: 1
    """
    root: Any = yaml.compose(text, Loader=_LOADER)
    node = next((value for name, value in getattr(root, "value", ()) if getattr(name, "value", None) == key), None)
    if not isinstance(node, yaml.SequenceNode):
        raise ValueError(f"it has no list '{key}'")
    end = "\r\n" if "\r\n" in text else "\n"
    if node.flow_style:
        close = _last(text, node) - 1
        at = close - (len(text[:close]) - len(text[:close].rstrip()))
        # Text of JSON is text of YAML, but for some characters that its writer of scalars knows.
        written = ", ".join(_in_braces(record) for record in records)
        comma = ", " if node.value and not text[:at].endswith(",") else " " if node.value else ""
        edited = f"{text[:at]}{comma}{written}{text[at:]}"
    else:
        first = node.value[0].start_mark.index
        hyphen = text.rindex("-", 0, first)
        indent = " " * (hyphen - text.rfind("\n", 0, hyphen) - 1)
        # The list itself ends where the next key begins, behind comments that may be about that.
        leaf = node
        while isinstance(leaf, yaml.CollectionNode) and not leaf.flow_style and leaf.value:
            leaf = leaf.value[-1][1] if isinstance(leaf, yaml.MappingNode) else leaf.value[-1]
        at = _line_end(text, _last(text, leaf))
        lines = _yaml_write.items(list(records), indent).replace("\n", end)
        edited = f"{text[:at]}{'' if text.endswith(chr(10), 0, at) else end}{lines}{text[at:]}"
    before = yaml.load(text, Loader=_PLAIN_LOADER)  # noqa: S506 (it makes text and no objects)
    before[key] = [*before[key], *(_plain(record) for record in records)]
    try:
        read = yaml.load(edited, Loader=_PLAIN_LOADER)  # noqa: S506 (as above)
    except yaml.YAMLError:
        read = None
    if read != before:
        raise ValueError("it is written in a way that cannot be changed surely")
    return edited


def _in_braces(value: Any) -> str:
    """Return a value in one line, mappings in braces."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_yaml_write.scalar(k)}: {_in_braces(v)}" for k, v in value.items()) + "}"
    return _yaml_write.scalar(value)


def _plain(value: Any) -> Any:
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else str(value)


def _last(text: str, value: Any) -> int:
    """Return where a value ends; that of a block goes on over the blank lines behind it."""
    written = text[value.start_mark.index : value.end_mark.index]
    return int(value.start_mark.index) + len(written.rstrip())


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1
