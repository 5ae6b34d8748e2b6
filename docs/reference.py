"""Write anew what the docs list of the code: ``python docs/reference.py``.

These are asking, editing, queries, ontology and rules. What stands around their lists is kept: the text above the first
query, above each table of terms, and around the operations and the rules. Options and Python are pages of their own,
made by ``documented.py``.
"""

from __future__ import annotations

import re
from pathlib import Path

import documented
from rdflib import OWL, RDFS, SKOS, Graph, URIRef
from rdflib.namespace import DCTERMS

from kg import model, paths, query
from kg.editing import listing
from kg.errors import RULES
from kg.language.shipped import table

HERE = Path(__file__).parent
PREFIXES = model.PREFIXES | {
    "cito": "http://purl.org/spar/cito/",
    "fabio": "http://purl.org/spar/fabio/",
    "obo": "http://purl.obolibrary.org/obo/",
    "schema": "https://schema.org/",
}
"""The vocabularies to which ours are aligned, too."""
ALIGNED = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.exactMatch, SKOS.closeMatch, OWL.equivalentClass)
"""The predicates that tie a term to one of another vocabulary."""


def queries(text: str) -> str:
    """Return docs/queries.md with a section for each named query.

    Args:
        text: the file as it is.
    """
    sections = [text[: text.index("\n## ")].rstrip() + "\n"]
    for name in query.names():
        asked = query.named(name)
        parts = [f"## `{name}`", asked.description]
        if asked.parameters:
            named = (f"`{key}` ({meaning})" for key, meaning in asked.parameters.items())
            parts.append(f"Parameters: {'; '.join(named)}.")
        parts.append(f"Columns: {'; '.join(f'`{key}` ({meaning})' for key, meaning in asked.columns.items())}.")
        sections.append("\n\n".join(parts) + "\n")
    return "\n".join(sections)


def terms(text: str) -> str:
    """Return docs/ontology.md with a row for each term in the table in which terms of its kind stand.

    Args:
        text: the file as it is.
    """
    graph = Graph()
    for name in ("evidence", "dart"):
        graph.parse(paths.shipped("ontology") / f"{name}.ttl")
    order = re.findall(r"^(\S+) a (\S+)", (paths.shipped("ontology") / "evidence.ttl").read_text("utf-8"), re.M)
    rows: dict[str, list[str]] = {"Classes": [], "Properties": [], "Values": []}
    for term, kind in order:
        if not term.startswith(("ev:", "uncounted:")):
            continue
        group = "Classes" if kind == "owl:Class" else "Properties" if kind.startswith("owl:") else "Values"
        rows[group].append(_row(graph, term))
    head, rest = text.split("## Terms of the evidence model\n")
    _, theory = rest.split("## Terms of the DART theory\n")
    columns = ("term", "English", "中文", "definition", "where it comes from", "aligned to")
    line = f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n"
    tables = "".join(f"\n### {group}\n\n{line}{''.join(some)}" for group, some in rows.items())
    return f"{head}## Terms of the evidence model\n{tables}\n## Terms of the DART theory\n{theory}"


def _row(graph: Graph, curie: str) -> str:
    term = URIRef(model.expand(curie))
    labels = {value.language: str(value) for value in graph.objects(term, RDFS.label)}
    aligned = sorted(_short(str(o)) for p in ALIGNED for o in graph.objects(term, p) if _short(str(o)))
    cells = (
        f"`{curie.removeprefix('ev:')}`",
        labels["en"],
        labels["zh"],
        str(graph.value(term, SKOS.definition)),
        str(graph.value(term, DCTERMS.source)),
        ", ".join(f"`{one}`" for one in aligned),
    )
    return f"| {' | '.join(cells)} |\n"


def _short(iri: str) -> str:
    """Return an IRI with its prefix; empty when it is a term of ours or of none of the vocabularies."""
    for prefix, space in PREFIXES.items():
        if iri.startswith(space) and prefix not in ("ev", "uncounted"):
            return f"{prefix}:{iri.removeprefix(space)}"
    return ""


def rules(text: str) -> str:
    """Return docs/rules.md with a row for each rule.

    Args:
        text: the file as it is.
    """
    listed = "".join(f"| `{rule}` | {meaning} |\n" for rule, meaning in sorted(RULES.items()))
    return re.sub(r"(\| --- \| --- \|\n)(?:\|.*\n)+", lambda found: found[1] + listed, text, count=1)


def operations(text: str) -> str:
    """Return docs/asking.md with a row for each operation, in the order in which they are tried.

    Args:
        text: the file as it is.
    """
    entries = table("operations")["operation"].items()
    listed = "".join(
        f"| `{name}` | {one['is']} | {one['example']['en']} | {one['example']['zh']} |\n" for name, one in entries
    )
    return re.sub(r"(\| operation \|.*\n\|(?: --- \|)+\n)(?:\|.*\n)*", lambda found: found[1] + listed, text, count=1)


def edits(text: str) -> str:
    """Return docs/editing.md with a row for each operation of an edit.

    Args:
        text: the file as it is.
    """
    listed = "".join(f"| `{name}` | {said} | {fields} |\n" for name, said, fields in listing())
    return re.sub(r"(\| operation \|.*\n\|(?: --- \|)+\n)(?:\|.*\n)*", lambda found: found[1] + listed, text, count=1)


if __name__ == "__main__":
    lists = {"asking": operations, "editing": edits, "queries": queries, "ontology": terms, "rules": rules}
    for name, write in lists.items():
        file = HERE / f"{name}.md"
        file.write_text(write(file.read_text("utf-8")), "utf-8", newline="\n")
    for name, make in {"options": documented.options, "python": documented.python}.items():
        (HERE / f"{name}.md").write_text(make(), "utf-8", newline="\n")
