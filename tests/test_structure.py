"""How the rooms of the code stand to each other: no circle of imports, also with those for types alone."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent


def modules():
    """Return the file of every module, by its name."""
    found = {}
    for folder, prefix in (("kg", "kg"), ("loaders", "kg.loaders")):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            found[".".join([prefix, *(p for p in parts if p != "__init__")])] = path
    return found


def imported(name, path, known):
    """Return the modules that a module imports anywhere: at its top, for types, within functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                if inside in known:
                    yield inside
                elif node.module in known:
                    yield node.module


def graph():
    known = modules()
    # What a package is made of is read before it, so that 'from kg import query' needs no more than kg.query.
    return {name: {one for one in imported(name, path, known) if one != name} for name, path in known.items()}


def test_no_circle_of_imports_is_left():
    try:
        tuple(TopologicalSorter(graph()).static_order())
    except CycleError as e:
        raise AssertionError(" imports ".join(reversed(e.args[1]))) from None


ROOMS = (
    "adding",
    "language",
    "store",
    "asking",
    "browse",
    "endpoint",
    "exports",
    "picture",
    "property_graph",
    "importing",
    "agents",
    "cli",
    "editing",
    "loaders",
)


def room(name):
    """Return the package that a module belongs to; a module at the top is a room of its own."""
    parts = name.split(".")
    if parts[1:2] == ["loaders"] and parts[2:3] in (["imports"], ["documents"]):
        return ".".join(parts[:3])
    return ".".join(parts[:2]) if len(parts) > 1 and parts[1] in ROOMS else name


def test_no_lower_room_imports_an_upper_one():
    """Exports are written of a graph, and the library gives one of their tables: the one door that is used both ways."""
    below = {}
    for name, others in graph().items():
        below.setdefault(room(name), set()).update({room(one) for one in others} - {room(name)})
    below["kg.graph"].remove("kg.exports")
    try:
        tuple(TopologicalSorter(below).static_order())
    except CycleError as e:
        raise AssertionError(" imports ".join(reversed(e.args[1]))) from None
