"""REFI-QDA codebooks: one XML file of codes and sets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.loaders.imports import safe
from kg.loaders.imports.material import Code, Material
from kg.loaders.imports.refi_qda import children, codes_of, name_of, sets_of

if TYPE_CHECKING:
    from pathlib import Path

    from lxml import etree

    from kg.loaders.imports import Options


def fits(path: Path) -> bool:
    """Say yes: no other format has this name."""
    return path.is_file()


def read(path: Path, options: Options) -> Material:
    """Read a codebook.

    Args:
        path: the ``.qdc`` file.
        options: not used; the file says all.

    Returns:
        Its codes and sets.

    Raises:
        StudyError: when it is not well formed, or no codebook.
    """
    del options
    lost: Counter[str] = Counter()
    codes: list[Code] = []
    sets: list[etree._Element] = []
    origin = None
    with path.open("rb") as stream:
        for element in safe.xml_events(stream, path.name, ("CodeBook", "Codes", "Set")):
            if name_of(element) == "Codes":
                codes = codes_of(element, lost)
            elif name_of(element) == "Set":
                sets.append(element)
            else:
                origin = element.get("origin", "")
                lost["notes"] += sum(1 for _ in children(element, "NoteRef"))
    if origin is None:
        safe.refuse(path.name, "broken-xml", "it has no CodeBook element", "is it a REFI-QDA codebook?")
    levels, listed = sets_of(sets, lost)
    return Material(
        title=path.stem,
        sets=tuple(listed),
        codes=tuple(Code(c.key, c.name, c.parent, c.definition, levels.get(c.key)) for c in codes),
        lost=lost,
    )
