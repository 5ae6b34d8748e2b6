"""Make the pages that the code says by itself: commands with their options, and what Python may import.

``python docs/reference.py`` writes them, beside the lists of the other pages.
"""

from __future__ import annotations

import enum
import inspect
import re
from functools import cached_property
from typing import Any

import typer

import kg
from kg import cli

_SECTIONS = ("Args", "Returns", "Raises", "Example")
_OPTIONS = """# Every option

Made from `kg COMMAND --help`; [Commands](commands.md) says in a line what each command is for.
"""
_PYTHON = """# In Python

```python
import kg

g = kg.open("my-study")  # or kg.open() for the bundled study
g.ask("what supports feedback").claims[0].state  # 'contested'
g.trace("P1").rows  # quote, document, position, codes, stance, reason, reference
g.query("cross-case-matrix").rows
g.rdf  # an rdflib Dataset over the same store
```

Everything that may be imported from `kg` stands here, made from what the code says of itself. Other modules may change
from version to version.
"""


def options() -> str:
    """Return docs/options.md: what each command takes, with an example."""
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    return "\n".join([_OPTIONS, *(_command(name, command) for name, command in sorted(commands.items()))])


def _command(name: str, command: Any) -> str:
    said, _, example = command.help.partition("Example: ")
    rows = [_row(one) for one in command.params if not one.hidden]
    table = "\n".join(["| takes | what it means |", "| --- | --- |", *rows])
    example = example.strip().replace("\n", " ")
    return f"## `kg {name}`\n\n{said.strip()}\n\nExample: `{example}`\n\n{table}\n"


def _row(taken: Any) -> str:
    """Return a row of a table for an argument or option; what may be left out says what holds then."""
    kind = taken.type_descriptor.annotation
    said = (taken.help or "").rstrip()
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        said += f" One of {', '.join(f'`{one.value}`' for one in kind)}."
    if taken.param_type_name == "argument":
        words = (taken.metavar or taken.name.rstrip("_")).upper()
        shown = f"`{words}`" if taken.required else f"`[{words}]`"
    else:
        shown = ", ".join(f"`{word}`" for word in [*taken.opts, *taken.secondary_opts])
        default = getattr(taken.default, "value", taken.default)
        if taken.required:
            said += " Must be given."
        elif default not in (None, False, True, "") and "efault" not in said and not callable(default):
            said += f" Default: `{default}`."
    if taken.multiple or taken.nargs == -1:
        said += " May be given more than once."
    return f"| {shown} | {said.strip().replace('|', chr(92) + '|')} |"


def python() -> str:
    """Return docs/python.md: every name of :data:`kg.__all__`, with the methods of classes."""
    return "\n".join([_PYTHON, *(_thing(name) for name in sorted(kg.__all__, key=_order))])


def _order(name: str) -> tuple[int, str]:
    return (("open", "Graph").index(name) if name in ("open", "Graph") else 2), name


def _thing(name: str) -> str:
    thing = getattr(kg, name)
    parts = [f"## `kg.{name}`", _signature(f"kg.{name}", thing), _said(thing)]
    if name == "Graph":
        parts += [_member(key, value) for key, value in vars(thing).items() if not key.startswith("_")]
    return "\n\n".join(filter(None, parts)) + "\n"


def _member(name: str, member: Any) -> str:
    if isinstance(member, property | cached_property):
        asked = member.fget if isinstance(member, property) else member.func
        kind = inspect.signature(asked).return_annotation
        shown = f"```python\ng.{name}  # {kind}\n```"
        return f"### `{name}`\n\n{shown}\n\n{_said(asked)}"
    return f"### `{name}`\n\n{_signature(f'g.{name}', member, bound=True)}\n\n{_said(member)}"


def _signature(name: str, called: Any, *, bound: bool = False) -> str:
    """Return how it is called; nothing for an error, which nobody but us makes."""
    if inspect.isclass(called):
        return ""
    signature = inspect.signature(called)
    parameters = list(signature.parameters.values())[bound:]
    if any(one.default is not one.empty and callable(one.default) for one in parameters):
        # How a default that is a function is written would tell where it lies in memory.
        parameters = [one.replace(default=...) if callable(one.default) else one for one in parameters]
    shown = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(signature.replace(parameters=parameters)))
    return f"```python\n{name}{shown.replace('Ellipsis', '...')}\n```"


def _said(thing: Any) -> str:
    """Return a docstring as Markdown: its sentences, a list of what is given, returned and raised, and its example."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", inspect.getdoc(thing) or "").replace("``", "`")
    head, *rest = re.split(rf"^({'|'.join(_SECTIONS)}):\n", text, flags=re.MULTILINE)
    parts = [head.strip()]
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        inner = inspect.cleandoc(body)
        if title == "Example":
            parts.append(f"```pycon\n{inner}\n```")
        elif title == "Returns":
            parts.append(f"Returns: {' '.join(inner.split())}")
        else:
            entries = re.findall(r"^(\w+): (.*(?:\n[ ].*)*)", inner, re.MULTILINE)
            listed = "\n".join(f"- `{key}`: {' '.join(value.split())}" for key, value in entries)
            parts.append(f"{'Takes' if title == 'Args' else title}:\n\n{listed}")
    return "\n\n".join(parts)
