"""The forms in which a study is given to other tools: a visible list, each written aside and moved in whole.

One standard a module, which is imported when a study is written in it, and not before.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from kg import aside, moving
from kg.errors import KGError
from kg.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from kg.graph import Graph
    from kg.progress import Progress


class Format(NamedTuple):
    """A form in which a study is given away.

    Args:
        title: what it is.
        next: what to do with the files, for a person.
        write: writes a graph into an empty folder; it may return sentences on what the form cannot hold.
    """

    title: str
    next: str
    write: Callable[[Graph, Path], Sequence[str] | None]


def _by(name: str) -> Callable[[Graph, Path], Sequence[str] | None]:
    """Return a function of a module of this package, imported when it is called."""
    module, _, function = name.partition(".")

    def write(graph: Graph, folder: Path) -> Sequence[str] | None:
        left_out: Sequence[str] | None = getattr(import_module(f"kg.exports.{module}"), function)(graph, folder)
        return left_out

    return write


def _neo4j_csv(graph: Graph, folder: Path) -> None:
    from kg.property_graph import bulk, cypher

    bulk.write(cypher.property_graph(graph.folder, graph.store), folder)


def _neo4j_browser(graph: Graph, folder: Path) -> None:
    from kg.property_graph import browser, projection

    browser.write(projection.study_id(graph.store), folder)


FORMATS: dict[str, Format] = {
    "annotations": Format(
        "W3C Web Annotation collection",
        "open it with a tool for annotations",
        _by("web_annotations.write_annotations"),
    ),
    "bibtex": Format(
        "cited references as BibTeX", "give it to LaTeX or import it in Zotero", _by("references.write_bibtex")
    ),
    "citation": Format(
        "how to cite the study (CITATION.cff)",
        "lay it beside the study where it is published",
        _by("citation.write_cff"),
    ),
    "csl-json": Format(
        "cited references as CSL-JSON", "give it to pandoc or import it in Zotero", _by("references.write_csl_json")
    ),
    "csv": Format(
        "all tables as CSV, for R, pandas and spreadsheets",
        "begin with codings.csv; datapackage.json says what each column means",
        _by("tables.write_csv"),
    ),
    "datacite": Format(
        "DataCite metadata of the study, as XML and JSON",
        "give it to the repository that registers a DOI",
        _by("citation.write_datacite"),
    ),
    "graphml": Format(
        "the whole study as a network", "open it in Gephi, Cytoscape, igraph or networkx", _by("graphml.write_graphml")
    ),
    "jsonld": Format("JSON-LD with readable keys", "load both files", _by("rdf.write_jsonld")),
    "nanopublications": Format(
        "nanopublications, one for each evidence line",
        "sign and publish them with the nanopub package",
        _by("nanopublications.write_nanopublications"),
    ),
    "neo4j-browser": Format(
        "colours and saved queries for Neo4j Browser", "drop them on its window, style.grass first", _neo4j_browser
    ),
    "neo4j-csv": Format(
        "files for neo4j-admin database import", "run import.sh there on the machine of the server", _neo4j_csv
    ),
    "nquads": Format("N-Quads, the bytes of the build", "load both files into any RDF store", _by("rdf.write_nquads")),
    "parquet": Format(
        "the tables of csv as Parquet, with types",
        "read one with pandas.read_parquet or R's arrow::read_parquet",
        _by("tables.write_parquet"),
    ),
    "quotes-docx": Format(
        "quotes by proposition and by code, for Word",
        "open by-proposition.docx and by-code.docx",
        _by("quotes.write_docx"),
    ),
    "quotes-markdown": Format(
        "quotes by proposition and by code, as Markdown",
        "read them, or convert them with pandoc",
        _by("quotes.write_markdown"),
    ),
    "refi-codebook": Format(
        "REFI-QDA codebook (.qdc)", "import it where codes are made", _by("refi_qda.write_codebook")
    ),
    "refi-qda": Format(
        "REFI-QDA project (.qdpx)", "import it in ATLAS.ti, NVivo, MAXQDA, QualCoder, …", _by("refi_qda.write_project")
    ),
    "ris": Format("cited references as RIS", "import it in Zotero, EndNote or Citavi", _by("references.write_ris")),
    "ro-crate": Format(
        "RO-Crate of the study with its results",
        "zip the folder and deposit it, such as at Zenodo",
        _by("crate.write_crate"),
    ),
    "trig": Format("TriG", "load both files into any RDF store", _by("rdf.write_trig")),
    "turtle": Format("Turtle, without named graphs", "load both files", _by("rdf.write_turtle")),
}
"""Every form by its name."""


class Exported(NamedTuple):
    """The files of an export, and what its form could not hold.

    Args:
        files: names of the files with their folders, sorted.
        said: sentences on what is withheld, and on what the form cannot hold.
    """

    files: list[str]
    said: list[str]


def export(graph: Graph, name: str, folder: Path, on: date | None = None, progress: Progress = silent) -> Exported:
    """Write a study in a form for other tools, without what is withheld of it.

    Args:
        graph: the study.
        name: one of :data:`FORMATS`.
        folder: where; it is made, or may be there and empty.
        on: the day of publication, as :func:`kg.publishing.outgoing` takes it.
        progress: called while the study without what is withheld is built.

    Returns:
        What was written, what is withheld, and what the form could not hold.

    Raises:
        KeyError: when there is no such form.
        KGError: when the folder holds something.
    """
    from kg import publishing

    form = FORMATS[name]
    with publishing.outgoing(graph, on, progress) as out:
        sentences = [*out.said]
        files = written(folder, lambda place: sentences.extend(form.write(out.graph, place) or ()))
    return Exported(files, sentences)


def written(folder: Path, write: Callable[[Path], None]) -> list[str]:
    """Write a folder aside and move it in whole.

    Args:
        folder: where; it is made, or may be there and empty.
        write: writes into an empty folder.

    Returns:
        Names of the files with their folders, sorted.

    Raises:
        KGError: when the folder holds something.
    """
    moving.carry_on(folder, "export")
    if not aside.is_free(folder):
        raise KGError(f"'{folder}' holds something already; name a folder that is not there yet, or is empty")
    with moving.laid_aside(folder, "export") as staged:
        write(staged)
        moving.move_in(staged, folder)
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
