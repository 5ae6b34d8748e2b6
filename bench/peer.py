"""Write a study in the format of Synesis, another compiler of coded passages, to measure both on the same items."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.records import Study

PROJECT = 'PROJECT bench\n    TEMPLATE "bench.synt"\nEND PROJECT\n'
_FIELDS = {
    "SOURCE": (("title", "TEXT"),),
    "ITEM": (
        ("quote", "QUOTATION"),
        ("code", "CODE"),
        ("memo", "MEMO"),
        ("claim", "TEXT"),
        ("stance", "TEXT"),
        ("strength", "TEXT"),
        ("rationale", "TEXT"),
    ),
    "ONTOLOGY": (("definition", "TEXT"), ("parent", "TOPIC")),
}
_REQUIRED = ("title", "quote", "definition")


def template() -> str:
    """Return the fields a Synesis project must have to say what our records say."""
    parts = ["TEMPLATE bench\n"]
    for scope, fields in _FIELDS.items():
        parts.append(f"{scope} FIELDS\n")
        parts += [f"    {'REQUIRED' if name in _REQUIRED else 'OPTIONAL'} {name}\n" for name, _ in fields]
        parts.append(f"END {scope} FIELDS\n")
    for scope, fields in _FIELDS.items():
        parts += [f"FIELD {name} TYPE {kind}\n    SCOPE {scope}\nEND FIELD\n" for name, kind in fields]
    return "".join(parts)


def content(study: Study) -> dict[str, object]:
    """Return a study as the arguments of ``synesis.load``.

    Args:
        study: an anchored study.

    Returns:
        Project, template, one annotation file a source with one item an excerpt, the codes as an
        ontology and the sources as a bibliography. What Synesis has no place for, the sources'
        texts and our positions in them, is left out: it has less to do than we have.
    """
    codes: dict[str, list[str]] = {}
    said: dict[str, list[str]] = {}
    for coding in study.codings:
        codes.setdefault(coding.excerpt, []).append(coding.code)
        if coding.memo:
            said[coding.excerpt] = [f"memo: {coding.memo}"]
    for assertion in study.assertions:
        said.setdefault(assertion.excerpt, []).append(f"claim: {assertion.proposition}")
    for line in study.lines:
        fields = [f"claim: {line.proposition}", f"stance: {line.stance}", f"strength: {line.strength}"]
        said.setdefault(line.excerpts[0], []).extend([*fields, f"rationale: {line.rationale}"])
    annotations = {s.id: [f"SOURCE @{s.id}\n    title: {s.title}\nEND SOURCE\n"] for s in study.sources}
    for excerpt in study.excerpts:
        fields = [f"quote: {excerpt.exact}", *said.get(excerpt.id, ())]
        if given := codes.get(excerpt.id):
            fields.append(f"code: {', '.join(given)}")
        body = "".join(f"    {field}\n" for field in fields)
        annotations[excerpt.source].append(f"\nITEM @{excerpt.source}\n{body}END ITEM\n")
    ontology = "\n".join(
        f"ONTOLOGY {code.id}\n    definition: {code.definition}\n    parent: {code.broader or 'top'}\nEND ONTOLOGY\n"
        for code in study.codes
    )
    entries = "\n".join(f"@article{{{s.id},\n  title = {{{s.title}}},\n  year = {{2026}}\n}}" for s in study.sources)
    return {
        "project_content": PROJECT,
        "template_content": template(),
        "annotation_contents": {f"{source}.syn": "".join(parts) for source, parts in annotations.items()},
        "ontology_contents": {"codes.syno": ontology},
        "bibliography_content": entries,
        "check_codes": True,
    }
