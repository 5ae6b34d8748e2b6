"""Write an equation of a Word document in one line (ISO 29500-1, 22.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.loaders.documents.docx_styles import NAMES

if TYPE_CHECKING:
    from lxml import etree


def line(element: etree._Element) -> str:
    """Return an equation as it is typed: fractions with a slash, raised with ^, lowered with _.

    Args:
        element: the equation, or a part of it.
    """
    name = NAMES.of(element)
    if name == "m:t":
        return element.text or ""
    if name.endswith("Pr"):
        return ""
    inside = [(NAMES.of(child), line(child)) for child in element if isinstance(child.tag, str)]
    parts = dict(inside)
    match name:
        case "m:f":
            return f"{_grouped(parts.get('m:num', ''))}/{_grouped(parts.get('m:den', ''))}"
        case "m:sSup" | "m:sSub" | "m:sSubSup" | "m:nary":
            low, high = parts.get("m:sub", ""), parts.get("m:sup", "")
            scripts = (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
            body = parts.get("m:e", "")
            return (
                f"{_value(element, 'm:naryPr', 'm:chr', '∫')}{scripts} {body}" if name == "m:nary" else body + scripts
            )
        case "m:rad":
            return f"{parts.get('m:deg', '')}√{_grouped(parts.get('m:e', ''))}"
        case "m:d":
            opens, closes = _value(element, "m:dPr", "m:begChr", "("), _value(element, "m:dPr", "m:endChr", ")")
            return f"{opens}{'|'.join(text for part, text in inside if part == 'm:e')}{closes}"
        case "m:m":
            return "; ".join(text for part, text in inside if part == "m:mr")
        case "m:mr":
            return ", ".join(text for part, text in inside if part == "m:e")
    return "".join(text for _, text in inside)


def _grouped(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _value(element: etree._Element, properties: str, name: str, default: str) -> str:
    found = NAMES.child(element, properties, name)
    return default if found is None else NAMES.get(found, "m:val", default)[:4]
