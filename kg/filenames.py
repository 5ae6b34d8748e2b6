"""Names of files for records, on every file system; and which names not every one can hold.

Windows: "Naming Files, Paths, and Namespaces" of its documentation. macOS and Windows take names for one that differ by
case only, and macOS those that differ by their Unicode form only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
_SIGNS = re.compile(r'[<>:"\\|?*\x00-\x1f]')


def alike(name: str) -> str:
    r"""Return what is the same of names that are one where case and Unicode form make no difference.

    Args:
        name: of a file.

    Example:
        >>> alike("Café.TXT") == alike("cafe\u0301.txt"), alike("a") == alike("b")
        (True, False)
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def forbidden(name: str) -> bool:
    """Say whether Windows cannot hold a file of a name.

    Args:
        name: a name, or a path whose parts are joined by slashes.

    Example:
        >>> [forbidden(name) for name in ("sources/aux.txt", "a.", "a:b", "sources/auxiliary.txt")]
        [True, True, True, False]
    """
    return any(
        part.partition(".")[0].rstrip(" ").lower() in _RESERVED or part[-1:] in (".", " ") or _SIGNS.search(part)
        for part in name.split("/")
        if part not in ("", ".", "..")
    )


def of(records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Name files after ids so that every file system can hold them beside each other.

    Args:
        records: kind and id of every record.

    Returns:
        The name by kind and id: the id, with a tail where another is alike to a file system, or one forbids it.

    Example:
        >>> sorted(of([("code", "con"), ("code", "Ab"), ("code", "aB"), ("code", "P18")]).values())
        ['Ab-025b55', 'P18', 'aB-042ac5', 'con-1143da']
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for kind, identifier in records:
        groups.setdefault((kind, alike(identifier)), []).append(identifier)
    names = {}
    for (kind, _), group in groups.items():
        for identifier in group:
            if not forbidden(identifier) and len(group) == 1 and len(identifier.encode()) < 200:
                names[kind, identifier] = identifier
            else:
                tail = hashlib.sha256(identifier.encode()).hexdigest()[:6]
                short = identifier.encode()[:150].decode(errors="ignore").rstrip(".")
                name = f"{short}-{tail}"
                # Of 'aux.txt' the part before the dot is reserved.
                names[kind, identifier] = f"{tail}-{short}" if forbidden(name) else name
    return names
