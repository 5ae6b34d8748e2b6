"""The byte check: every excerpt of a graph is what its source file holds at its position."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from kg.errors import Finding
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyoxigraph import Store


def check(store: Store, folder: Path, places: dict[tuple[str, str], tuple[str, int]] | None = None) -> list[Finding]:
    """Check every excerpt of a graph against the bytes of its source file.

    Args:
        store: the graph.
        folder: the study's folder.
        places: file and line of every record, by kind and id.

    Returns:
        One error for each excerpt or source that differs.
    """
    findings: list[Finding] = []
    texts: dict[str, str] = {}
    select = "PREFIX ev: <%s> PREFIX oa: <%s> PREFIX d: <%s> SELECT * WHERE { %s }"
    body = "?s a ev:Source ; d:identifier ?id ; ev:file ?file ; ev:sha256 ?sha ; ev:text ?text"
    for row in _rows(store, select % (rdf.EV, rdf.OA, rdf.DCT, body)):
        try:
            data = (folder / row["file"].value).read_bytes()
        except OSError:
            data = b""
        texts[row["id"].value] = data.decode("utf-8-sig", errors="replace")
        if hashlib.sha256(data).hexdigest() != row["sha"].value or texts[row["id"].value] != row["text"].value:
            message = "the file is not the one that the graph was built from"
            findings.append(Finding(row["file"].value, 0, "source-edited", message, "restore it, or run 'kg build'"))
    body = (
        "?e a ev:Excerpt ; d:identifier ?id ; oa:hasSource/d:identifier ?source ; oa:hasSelector ?x . "
        "?x oa:exact ?exact ; oa:start ?start ; oa:end ?end ; oa:prefix ?prefix ; oa:suffix ?suffix"
    )
    for row in _rows(store, select % (rdf.EV, rdf.OA, rdf.DCT, body)):
        text, start, end = texts.get(row["source"].value, ""), int(row["start"].value), int(row["end"].value)
        exact, prefix, suffix = (row[k].value for k in ("exact", "prefix", "suffix"))
        if text[start:end] != exact or not (text.endswith(prefix, 0, start) and text.startswith(suffix, end)):
            file, line = (places or {}).get(("excerpt", row["id"].value), ("", 0))
            message = f"the excerpt '{row['id'].value}' of the graph is not in its source"
            findings.append(
                Finding(file or row["source"].value, line, "quote-not-in-source", message, "run 'kg build'")
            )
    return findings


def _rows(store: Store, text: str) -> Iterable[Any]:
    return store.query(text, use_default_graph_as_union=True)  # type: ignore[return-value]
