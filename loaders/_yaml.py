"""Read YAML as plain mappings, lists and text, each with its line.

Works on libyaml's events rather than on PyYAML's constructors: ten times faster, every
value keeps its line, no tag is ever resolved and aliases (the billion-laughs attack) and
duplicate keys are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from kg.errors import Finding
from kg.loaders import _files

if TYPE_CHECKING:
    from pathlib import Path

Lines = dict[tuple[Any, ...], int]
_NOTHING = ("null", "~")
"""What is written for no value. Other words and numbers stay text: the records say what each is to be."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, name: str, findings: list[Finding]) -> tuple[Any, Lines] | None:
    """Read one YAML file.

    Args:
        path: the file.
        name: how findings call it.
        findings: where what is wrong is added.

    Returns:
        The value, and the line (1-based) of every value by its path; None when unusable.
    """
    file = _files.read(path, name, findings)
    return parse(file.text, name, findings) if file else None


def parse(text: str, name: str, findings: list[Finding]) -> tuple[Any, Lines] | None:
    """Read the text of one YAML file.

    Args:
        text: the text.
        name: how findings call the file.
        findings: where what is wrong is added.

    Returns:
        The value, and the line (1-based) of every value by its path; None when unusable.
    """
    lines: Lines = {}
    # libyaml's column counts and its reader both reject a few control characters; that is an error with a line too.
    try:
        events = yaml.parse(text, Loader=_LOADER)
        value = _document(events, lines, name, findings)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        problem = f"{e.context + ': ' if e.context else ''}{e.problem}"
        hint = "quote the text, or use a block ('|-') if it holds ': ' or ' #' or begins with a special character"
        findings.append(Finding(name, mark.line + 1 if mark else 0, "broken-yaml", problem, hint))
        return None
    except (yaml.YAMLError, RecursionError) as e:
        findings.append(Finding(name, 0, "broken-yaml", str(e).splitlines()[0], "mend the YAML"))
        return None
    return value, lines


def peek(text: str, key: str) -> str | None:
    r"""Read one value of the mapping that a YAML file is, and no more of the file than stands before it.

    Args:
        text: the text of the file.
        key: a key of the mapping.

    Returns:
        The value; None when there is none, when it is no text, or when the file is broken before it.

    Example:
        >>> peek("source: interview\nexcerpts: [broken", "source")
        'interview'
    """
    depth, keys, name = 0, True, ""
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                if not depth and not isinstance(event, yaml.MappingStartEvent):
                    return None
                depth += 1
                keys = keys or depth == 2
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif depth == 1 and isinstance(event, yaml.ScalarEvent):
                if not keys and name == key:
                    return str(event.value)
                keys, name = not keys, event.value
    except (yaml.YAMLError, RecursionError):
        pass
    return None


def _document(events: Any, lines: Lines, name: str, findings: list[Finding]) -> Any:
    """Build the first document from parse events, without recursion."""
    root: list[Any] = []
    # Each frame: container, its path, the waiting key (mappings only).
    stack: list[list[Any]] = [[root, (), None]]
    documents = 0
    for event in events:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            # The style of a plain scalar is empty in libyaml, and None in Python's own parser.
            value: Any = None if event.value in _NOTHING and not event.style else event.value
        elif kind is yaml.MappingStartEvent:
            value = {}
        elif kind is yaml.SequenceStartEvent:
            value = []
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            stack.pop()
            continue
        elif kind is yaml.AliasEvent:
            raise yaml.MarkedYAMLError(None, None, "aliases (*name) are not allowed here", event.start_mark)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise yaml.MarkedYAMLError(None, None, "one document a file", event.start_mark)
            continue
        else:
            continue
        line = event.start_mark.line + 1
        container, path, key = frame = stack[-1]
        if container is root:
            root.append(value)
            here: tuple[Any, ...] = ()
        elif type(container) is list:
            here = (*path, len(container))
            container.append(value)
        elif key is None:
            if kind is not yaml.ScalarEvent:
                raise yaml.MarkedYAMLError(None, None, "a key must be text", event.start_mark)
            frame[2] = event.value
            if event.value in container:
                findings.append(Finding(name, line, "duplicate-key", f"the key '{event.value}' stands here twice"))
            lines[*path, event.value] = line
            continue
        else:
            here = (*path, key)
            container[key] = value
            frame[2] = None
        lines.setdefault(here, line)
        if kind is not yaml.ScalarEvent:
            stack.append([value, here, None])
    return root[0] if root else None
