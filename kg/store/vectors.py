"""The vectors of a study's texts, kept beside its builds: a text is encoded once, whatever build has it."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from kg.language.encoder import encoder, version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.language.encoder import Vector

NAME = "vectors.sqlite"
"""Name of the file, in the folder that has the builds of a study."""
_SCHEMA = "CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
_WAITS = 5.0
"""How long another process is waited for that writes (seconds)."""


def vectors(path: Path, language: str, texts: Sequence[str]) -> Vector:
    """Return the vectors of some texts, a row each; those that are not kept yet are encoded and kept.

    Where nothing can be written, as on a system that is read only, they are encoded each time.

    Args:
        path: the file in which they are kept.
        language: ``en`` or ``zh``.
        texts: the texts, at least one.
    """
    import numpy as np

    keys = [_key(language, text) for text in texts]
    kept = _read(path, set(keys))
    fresh: dict[bytes, bytes] = {}
    for key, text in zip(keys, texts, strict=True):
        if key not in kept and key not in fresh:
            # Half the bits keep all that ranks one text before another.
            fresh[key] = encoder(language).encode(text).astype(np.float16).tobytes()
    _keep(path, fresh)
    kept |= fresh
    return np.stack([np.frombuffer(kept[key], dtype=np.float16).astype(np.float32) for key in keys])


def _key(language: str, text: str) -> bytes:
    """Return what the vector of a text is kept under: a digest, so that no text of a study lies there."""
    return hashlib.blake2b(f"{version(language)}\n{text}".encode(), digest_size=16).digest()


def _read(path: Path, keys: set[bytes]) -> dict[bytes, bytes]:
    """Return what is kept; nothing where the file is not there, or is no such file."""
    if not path.is_file():
        return {}
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_WAITS)) as db:
            rows = db.execute("SELECT key, vector FROM vector")
            return {key: vector for key, vector in rows if key in keys}
    except sqlite3.Error:
        return {}


def _keep(path: Path, fresh: dict[bytes, bytes]) -> None:
    """Write what is not kept yet; a file that is damaged is begun anew."""
    if not fresh:
        return
    for _ in range(2):
        try:
            with closing(sqlite3.connect(path, timeout=_WAITS)) as db, db:
                db.execute(_SCHEMA)
                db.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?)", sorted(fresh.items()))
                return
        except sqlite3.OperationalError:
            return
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
