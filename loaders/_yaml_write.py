"""Write YAML that :mod:`kg.loaders._yaml` reads back to the same values, quickly and for people to edit."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = re.compile(r"[^\W\d_][\w.\-]*(?: [^\W_][\w.\-]*)*")
WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
# What JSON leaves as it is and YAML does not take, or takes for a line end or a byte order mark.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_BLOCK = re.compile("[^ \t\n\r\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
                    "[^\r\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]*")  # fmt: skip


def scalar(value: str | int) -> str:
    r"""Write one value in one line.

    Example:
        >>> scalar("trust"), scalar("yes"), scalar("a: b"), scalar("one\r\ntwo")
        ('trust', '"yes"', '"a: b"', '"one\\r\\ntwo"')
    """
    if not isinstance(value, str):
        return str(value).lower()
    if len(value) < 80 and _PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return quoted(value)


def quoted(value: str) -> str:
    """Write a text in one line and in double quotes."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def dump(value: Mapping[str, Any], indent: str = "") -> str:
    """Write a mapping in block style; lists of single values stand in one line.

    Args:
        value: text, whole numbers, truth values, and lists and mappings of these. What is None is left out.
        indent: spaces before each line.

    Returns:
        The YAML, ending with a line end.

    Example:
        >>> print(dump({"codes": [{"id": "trust", "level": "open"}], "of": ["a", "b"]}), end="")
        codes:
          - id: trust
            level: open
        of: [a, b]
    """
    return "".join(f"{indent}{_key(str(k), indent)}:{_value(v, indent)}\n" for k, v in value.items() if v is not None)


def _key(text: str, indent: str) -> str:
    """Write a key; YAML takes one in front of its colon only when it is short."""
    written = scalar(text)
    return written if len(written) < 1000 else f"? {written}\n{indent}"


def items(values: list[Any], indent: str) -> str:
    """Write the items of a list in block style, each line with its line end.

    Args:
        values: what :func:`dump` takes as values.
        indent: spaces before each hyphen.
    """
    lines = []
    for value in values:
        if isinstance(value, dict) and value:
            # The first key stands behind the hyphen.
            lines.append(f"{indent}- {dump(value, indent + '  ')[len(indent) + 2 :]}")
        else:
            lines.append(f"{indent}-{_value(value, indent)}\n")
    return "".join(lines)


def _value(value: Any, indent: str) -> str:
    if isinstance(value, (list, tuple)):
        if not any(isinstance(v, (dict, list, tuple)) for v in value):
            return f" [{', '.join(map(scalar, value))}]"
        return "\n" + items(list(value), indent + "  ").removesuffix("\n")
    if isinstance(value, dict):
        return "\n" + dump(value, indent + "  ").removesuffix("\n") if value else " {}"
    # A line of blanks alone would be read otherwise when a line before it is taken out.
    lines = value.split("\n") if isinstance(value, str) else [""]
    if len(lines) > 1 and lines[-1] and all(not line or line.strip() for line in lines) and _BLOCK.fullmatch(value):
        return " |-\n" + "\n".join(f"{indent}  {line}" if line else "" for line in lines)
    return f" {scalar(value)}"
