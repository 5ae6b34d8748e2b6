"""Names of files for records, on every file system."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


def of(records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Name files after ids so that every file system can hold them beside each other.

    Args:
        records: kind and id of every record.

    Returns:
        The name by kind and id: the id, with a tail where another differs by case only, or a system forbids it.

    Example:
        >>> sorted(of([("code", "con"), ("code", "Ab"), ("code", "aB"), ("code", "P18")]).values())
        ['Ab-025b55', 'P18', 'aB-042ac5', 'con-1143da']
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for kind, identifier in records:
        groups.setdefault((kind, identifier.casefold()), []).append(identifier)
    names = {}
    for (kind, folded), alike in groups.items():
        for identifier in alike:
            safe = folded.partition(".")[0] not in _RESERVED and not identifier.endswith(".")
            if safe and len(alike) == 1 and len(identifier.encode()) < 200:
                names[kind, identifier] = identifier
            else:
                tail = hashlib.sha256(identifier.encode()).hexdigest()[:6]
                short = identifier.encode()[:150].decode(errors="ignore").rstrip(".")
                names[kind, identifier] = f"{short}-{tail}"
    return names
