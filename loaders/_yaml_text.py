"""A YAML file of a person's as text, with the place of every value, so that a change touches its own lines alone.

Parsers that write YAML again keep comments, but not every blank, quote and line break. So only places are taken from
the parser (libyaml counts codepoints, as Python does), and the text is changed there. What comes out is read again: a
change that would read otherwise than it was meant is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from kg.loaders import _yaml_write

if TYPE_CHECKING:
    from collections.abc import Sequence

    Path = tuple[str | int, ...]


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """The parser, without a look at what each value may be the tag of, which takes half of its time."""

    def resolve(self, kind: type, value: Any, implicit: Any) -> str:  # noqa: ARG002
        return ""


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[\d.,:+\-exo_]+", re.IGNORECASE)
_IN_LINES = re.compile(r": |:$| #")
_INSIDE_BRACES = re.compile(r"[,\[\]{}:?#]")
"""What a plain text may not hold."""
_OPENING = "“‘（《「("
"""Characters that a plain text may begin with, besides letters and digits."""
_WIDTH = 110
"""Codepoints of a mapping that is written in one line."""
UNSURE = "it is written in a way that cannot be changed surely"


class Splice(NamedTuple):
    """A stretch of a text, with the text that replaces it.

    Args:
        start: where it begins (codepoints).
        end: where it ends (codepoints, exclusive).
        text: what stands there afterwards.
        path: the value that is changed; the list, and the number that an item had or has.
        whole: whether a whole item of a list at the top of the file comes (``new``) or goes (``gone``).
    """

    start: int
    end: int
    text: str
    path: Path = ()
    whole: str = ""


@dataclass(frozen=True)
class _Change:
    """A change of the values, to be compared with what the changed text reads as."""

    kind: str
    path: Path
    value: Any = None


class YamlText:
    r"""A YAML file as text. Changes are noted, all by the places that values have now, and made by :meth:`changed`.

    Args:
        text: the file, without a byte order mark.

    Raises:
        ValueError: when it is no YAML, has aliases, or a key twice.

    Example:
        >>> file = YamlText("codes:  # all of them\n  - {id: a}\n  - id: b  # the second\n    level: open\n")
        >>> file.set(("codes", 1), {"id": "c", "label": {"en": "See"}})
        >>> file.append(("codes",), [{"id": "d", "level": "open"}])
        >>> file.remove(("codes", 0))
        >>> print(file.changed()[0].text, end="")
        codes:  # all of them
          - id: c  # the second
            label: {en: See}
            level: open
          - id: d
            level: open
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self.root: Any = yaml.compose(text, Loader=_Loader)
        except (yaml.YAMLError, RecursionError) as e:
            raise ValueError(str(e).splitlines()[0]) from None
        self.value: Any = _plain(self.root, set())
        """The values: mappings, lists and text."""
        self.end = "\r\n" if "\r\n" in text else "\n"
        self._splices: list[Splice] = []
        self._changes: list[_Change] = []

    def copy(self) -> YamlText:
        """Return the same file, of which no change was noted."""
        copy = YamlText.__new__(YamlText)
        copy.text, copy.root, copy.value, copy.end = self.text, self.root, self.value, self.end
        copy._splices, copy._changes = [], []
        return copy

    def at(self, path: Path) -> Any:
        """Return the node at a path.

        Raises:
            KeyError: when there is none.
        """
        node = self.root
        for step in path:
            if isinstance(step, int):
                node = node.value[step]
            else:
                node = next((v for k, v in getattr(node, "value", ()) if k.value == step), None)
                if node is None:
                    raise KeyError(path)
        return node

    def span(self, path: Path) -> tuple[int, int]:
        """Return where the text of a value begins and ends, without comments and blank lines behind it."""
        node = self.at(path)
        return node.start_mark.index, self._last(node)

    def number_at(self, key: str, position: int) -> int:
        """Return which item of a list at the top of the file begins last before a position; -1 when none does."""
        return bisect_right(self._starts(key), position) - 1

    def _starts(self, key: str) -> list[int]:
        return [item.start_mark.index for item in self.at((key,)).value]

    # ---- What is to be changed

    def set(self, path: Path, values: Mapping[str, Any], *, first: bool = False) -> None:
        """Set keys of a mapping, and add those that it has not.

        Args:
            path: the mapping.
            values: what its keys become; None removes a key. A new key stands below the one that is before it here,
                if the mapping has that, and else at the end.
            first: whether new keys come below the first one instead; within braces in front of it.

        Raises:
            ValueError: when no change of it is sure.
        """
        node = self.at(path)
        if not isinstance(node, yaml.MappingNode):
            raise ValueError("it is no mapping")
        self._changes.append(_Change("set", path, dict(values)))
        keys = [key.value for key, _ in node.value]
        gone = [key for key, value in values.items() if value is None and key in keys]
        added: dict[int, dict[str, Any]] = {}
        before = 0 if first else len(keys) - 1
        for key, value in values.items():
            if value is None:
                continue
            if key in keys:
                before = before if first else keys.index(key)
                self._replace(node, keys.index(key), value, (*path, key))
            else:
                added.setdefault(before, {})[key] = value
        if gone:
            self._drop_keys(node, keys, gone, path)
        for number, some in added.items():
            self._add_keys(node, number, some, path, first=first)

    def replace(self, path: Path, value: str) -> None:
        """Replace a single value of a list or mapping, and keep how it is quoted."""
        node = self.at(path)
        if not isinstance(node, yaml.ScalarNode):
            raise ValueError("it is no single value")
        self._changes.append(_Change("replace", path, value))
        start, last = node.start_mark.index, self._last(node)
        self._note(start, last, self._restyled(self.text[start:last], value, flow=True), path)

    def append(self, path: Path, items: Sequence[Any]) -> None:
        """Add items to the end of a list; mappings are written as the last one is, in lines or in braces.

        Raises:
            ValueError: when no change of it is sure.
        """
        node = self.at(path)
        if not isinstance(node, yaml.SequenceNode):
            raise ValueError("it is no list")
        self._changes.append(_Change("append", path, list(items)))
        number = len(node.value)
        place = (*path, number)
        within = any(getattr(self.at(path[:depth]), "flow_style", False) for depth in range(len(path)))
        if node.flow_style and not node.value and not within and any(isinstance(item, dict) for item in items):
            start, last = node.start_mark.index, self._last(node)
            line = self.text.rfind("\n", 0, start) + 1
            if self.text[last : self._line_end(last)].strip() or not self.text[line:start].strip():
                raise ValueError(UNSURE)
            indent = " " * (len(self.text[line:start]) - len(self.text[line:start].lstrip(" -")) + 2)
            at = len(self.text[:start].rstrip(" "))
            self._note(at, last, f"\n{self._items(items, indent)}".rstrip("\n"), place, "new")
        elif node.flow_style:
            close = self._last(node) - 1
            at = len(self.text[:close].rstrip())
            written = ", ".join(_inline(item, flow=True) for item in items)
            comma = "" if not node.value else " " if self.text[:at].endswith(",") else ", "
            self._note(at, at, comma + written, place, "new")
        else:
            if not node.value:
                raise ValueError(UNSURE)
            first, last_item = node.value[0], node.value[-1]
            hyphen = self.text.rindex("-", 0, first.start_mark.index)
            indent = " " * (hyphen - self.text.rfind("\n", 0, hyphen) - 1)
            at = self._line_end(self._last(last_item))
            braces = isinstance(last_item, yaml.MappingNode) and last_item.flow_style
            short = braces and all(isinstance(i, dict) and len(_inline(i, flow=True)) <= _WIDTH for i in items)
            lines = (
                "".join(f"{indent}- {_inline(i, flow=True)}\n" for i in items) if short else self._items(items, indent)
            )
            self._insert(at, lines, place, "new")

    def remove(self, path: Path) -> None:
        """Remove an item of a list; comments above it stay.

        Raises:
            ValueError: when no change of it is sure.
        """
        *above, number = path
        node = self.at(tuple(above))
        assert isinstance(number, int)
        self._changes.append(_Change("remove", path))
        item = node.value[number]
        start, last = item.start_mark.index, self._last(item)
        if node.flow_style:
            if number + 1 < len(node.value):
                last = node.value[number + 1].start_mark.index
            elif number:
                start = self._last(node.value[number - 1])
            self._spare_comments(start, last)
            self._note(start, last, "", path, "gone")
        elif len(node.value) == 1 and isinstance(path[-2], str):
            key = next(key for key, value in self.at(tuple(above[:-1])).value if value is node)
            colon = self.text.index(":", key.end_mark.index) + 1
            line, behind = self._line_of(start), self._line_end(colon)
            if line < behind:
                raise ValueError(UNSURE)
            self._note(colon, colon, " []", ())
            self._note(line, self._line_end(last), "", path, "gone")
        else:
            self._note(self._line_of(start), self._line_end(last), "", path, "gone")

    def changed(self) -> tuple[YamlText, list[Splice]]:
        """Make the changes that were noted.

        Returns:
            The file afterwards, and the splices, in order, by their places before.

        Raises:
            ValueError: when the changed text would read otherwise than it was meant.
        """
        splices = sorted(self._splices, key=lambda s: (s.start, s.end))
        parts, at = [], 0
        for splice in splices:
            if splice.start < at:
                raise ValueError(UNSURE)
            parts += [self.text[at : splice.start], splice.text]
            at = splice.end
        try:
            after = YamlText("".join([*parts, self.text[at:]]))
        except ValueError:
            raise ValueError(UNSURE) from None
        if after.value != self._expected():
            raise ValueError(UNSURE)
        return after, splices

    def _expected(self) -> Any:
        """Return the values as they should be after the changes; what no change is in is that of before."""
        root = [self.value]
        mine = {id(root)}
        removed: list[tuple[list[Any], int]] = []
        for change in self._changes:
            at: Any = root
            for step in (0, *change.path[:-1]):
                at = _own(at, step, mine)
            if change.kind == "replace":
                at[change.path[-1]] = change.value
                continue
            if change.kind == "remove":
                number = change.path[-1]
                assert isinstance(number, int)
                removed.append((at, number))
                continue
            at = _own(at, change.path[-1], mine) if change.path else at
            if change.kind == "append":
                at.extend(map(_read, change.value))
                continue
            for key, value in change.value.items():
                if value is None:
                    at.pop(key, None)
                else:
                    at[key] = _read(value)
        for at, number in sorted(removed, key=lambda pair: -pair[1]):
            del at[number]
        return root[0]

    # ---- Where and how

    def _replace(self, node: Any, number: int, value: Any, path: Path) -> None:
        """Note the splice that gives a key another value."""
        key, old = node.value[number]
        start, last = old.start_mark.index, self._last(old)
        if isinstance(old, yaml.CollectionNode) and not old.flow_style:
            start = self.text.index(":", key.end_mark.index) + 1
            if self.text[start : old.start_mark.index].strip():
                raise ValueError(UNSURE)
        elif isinstance(old, yaml.ScalarNode) and isinstance(value, str) and start < last:
            written = self._restyled(self.text[start:last], value, flow=node.flow_style)
            self._note(start, last, written, path)
            return
        blank = "" if self.text[start - 1].isspace() else " "
        written = self._written(value, " " * key.start_mark.column, flow=node.flow_style)
        if written.startswith("\n"):
            start, blank = len(self.text[:start].rstrip(" ")), ""
        self._note(start, last, blank + written.lstrip(" "), path)

    def _drop_keys(self, node: Any, keys: list[str], gone: list[str], path: Path) -> None:
        """Note the splices that remove keys."""
        left = [number for number, key in enumerate(keys) if key not in gone]
        if not left:
            raise ValueError("it would have no key")
        if node.flow_style:
            for key in gone:
                number = keys.index(key)
                start, last = node.value[number][0].start_mark.index, self._last(node.value[number][1])
                if number > left[0]:
                    start = self._last(node.value[number - 1][1])
                else:
                    last = node.value[number + 1][0].start_mark.index
                self._spare_comments(start, last)
                self._note(start, last, "", (*path, key))
            return
        if left[0]:
            # The first key stands behind a hyphen; the next that stays takes its place.
            start, last = node.value[0][0].start_mark.index, node.value[left[0]][0].start_mark.index
            self._note(start, last, "", path)
        for key in gone:
            if (number := keys.index(key)) > left[0]:
                start, last = node.value[number][0].start_mark.index, self._last(node.value[number][1])
                line = self.text.rfind("\n", 0, start) + 1
                self._note(line, self._line_end(last), "", (*path, key))

    def _add_keys(self, node: Any, number: int, added: Mapping[str, Any], path: Path, *, first: bool) -> None:
        """Note the splice that adds keys below one of a mapping, or in front of all within braces."""
        if not node.value:
            raise ValueError(UNSURE)
        if node.flow_style:
            written = ", ".join(f"{_key(key)}: {_inline(value, flow=True)}" for key, value in added.items())
            if first:
                at = node.value[0][0].start_mark.index
                self._note(at, at, f"{written}, ", path)
                return
            at = self._last(node.value[number][1])
            self._note(at, at, f", {written}", path)
            return
        lines = self._mapping(added, " " * node.value[0][0].start_mark.column)
        self._insert(self._line_end(self._last(node.value[number][1])), lines, path)

    def _spare_comments(self, start: int, end: int) -> None:
        """Refuse to remove a stretch within braces that may hold a comment, which ends its line."""
        if "#" in self.text[start:end] and "\n" in self.text[start:end]:
            raise ValueError(UNSURE)

    def _insert(self, at: int, lines: str, path: Path, whole: str = "") -> None:
        """Note the splice that puts lines at the end of one; a file without a last line end gets none."""
        self._note(at, at, lines if self.text.endswith("\n", 0, at) else "\n" + lines.removesuffix("\n"), path, whole)

    def _note(self, start: int, end: int, text: str, path: Path, whole: str = "") -> None:
        self._splices.append(Splice(start, end, text.replace("\n", self.end), path, whole))

    def _items(self, items: Sequence[Any], indent: str) -> str:
        lines = []
        for item in items:
            if isinstance(item, Mapping):
                lines.append(f"{indent}- {self._mapping(item, indent + '  ').lstrip(' ')}")
            else:
                lines.append(f"{indent}- {_inline(item, flow=False)}\n")
        return "".join(lines)

    def _mapping(self, values: Mapping[str, Any], indent: str) -> str:
        return "".join(
            f"{indent}{_key(key)}:{self._written(value, indent, flow=False)}\n"
            for key, value in values.items()
            if value is not None
        )

    def _written(self, value: Any, indent: str, *, flow: bool) -> str:
        """Return a value as it stands behind its key's colon."""
        many = isinstance(value, (list, tuple)) and any(isinstance(one, Mapping) for one in value)
        if not flow and many:
            return "\n" + self._items(value, indent + "  ").removesuffix("\n")
        if not flow and isinstance(value, str) and "\n" in value:
            return _yaml_write.dump({"a": value}, indent)[len(indent) + 2 : -1]
        line = _inline(value, flow=flow)
        if not flow and isinstance(value, Mapping) and value and len(line) > _WIDTH:
            return "\n" + self._mapping(value, indent + "  ").removesuffix("\n")
        return f" {line}"

    def _restyled(self, old: str, value: str, *, flow: bool) -> str:
        """Return a text quoted as another one is, where that can be."""
        if old[0] in "&!*":
            raise ValueError(UNSURE)
        if old[0] == '"':
            return _yaml_write.quoted(value)
        if old[0] == "'" and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        return _inline(value, flow=flow)

    def _line_of(self, start: int) -> int:
        """Return where the line of an item begins, on which nothing else may stand before it."""
        hyphen = self.text.rindex("-", 0, start)
        line = self.text.rfind("\n", 0, hyphen) + 1
        if self.text[line:hyphen].strip(" ") or self.text[hyphen + 1 : start].strip(" "):
            raise ValueError(UNSURE)
        return line

    def _last(self, node: Any) -> int:
        """Return where a value ends; that of a block goes on over the comments and blank lines behind it."""
        while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
        start = int(node.start_mark.index)
        return start + len(self.text[start : node.end_mark.index].rstrip())

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1


def _plain(node: Any, seen: set[int]) -> Any:
    """Return the values of a node."""
    if node is None:
        return None
    if id(node) in seen:
        raise ValueError("it has aliases")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, seen) for item in node.value]
    values = {key.value: _plain(value, seen) for key, value in node.value}
    if len(values) < len(node.value):
        raise ValueError("it has a key twice")
    return values


def _own(holder: Any, step: str | int, mine: set[int]) -> Any:
    """Return what stands at a step, copied before if it is not one of the copies that may be changed."""
    value = holder[step]
    if id(value) not in mine:
        value = holder[step] = value.copy()
        mine.add(id(value))
    return value


def _read(value: Any) -> Any:
    """Return a value as it is read back: all that is single is text."""
    if isinstance(value, Mapping):
        return {key: _read(one) for key, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)):
        return [_read(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _inline(value: Any, *, flow: bool) -> str:
    """Return a value in one line."""
    if isinstance(value, Mapping):
        pairs = (f"{_key(key)}: {_inline(one, flow=True)}" for key, one in value.items() if one is not None)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_inline(one, flow=True) for one in value) + "]"
    text = _read(value)
    if not isinstance(value, str) or _DAY.fullmatch(text) or _is_plain(text, flow=flow):
        return str(text)
    return _yaml_write.quoted(text)


def _is_plain(text: str, *, flow: bool) -> bool:
    """Say whether a text may stand in a file as it is, for our reader and for others'."""
    if not text or not text.isprintable() or text != text.strip() or text.lower() in _yaml_write.WORDS:
        return False
    if not (text[0].isalnum() or text[0] in _OPENING) or _NUMBER.fullmatch(text):
        return False
    return not _INSIDE_BRACES.search(text) if flow else not _IN_LINES.search(text)


def _key(key: str) -> str:
    return _yaml_write.scalar(key)
