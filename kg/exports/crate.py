"""The study with its results as an RO-Crate, for an archive such as Zenodo.

``study/`` holds the files that the graph was built of, ``results/`` the graph and its tables, and
``ro-crate-metadata.json`` says what each file is, who coded, and which software made the results. No clock is
read: the crate is published on the day of the last coding.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg import inputs, query
from kg.errors import KGError, StoreUnavailable
from kg.exports import about as abouts
from kg.exports import tables
from kg.exports.columns import TABLES
from kg.exports.licences import licence
from kg.exports.rdf import write_nquads
from kg.loaders import _yaml
from kg.orcid import HOME
from kg.store import build, rdf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.entries import Organisation, StudyAuthor
    from kg.graph import Graph

SPECIFICATION = "1.3"
STUDY, RESULTS = "study", "results"
STUDY_FILES = {
    "study.yaml": "What is studied, from which sources, and by whom",
    "concepts.yaml": "The study's own concepts and relations",
    "codebook.yaml": "Codes with their definitions and rules",
    "propositions.yaml": "Propositions, open questions and vain searches",
    "agreement.yaml": "How disagreements between coders were settled",
    "confidence.yaml": "How much confidence the propositions deserve",
    "arrangements.yaml": "Views of the graph that are kept under a name",
    "references.json": "References in CSL-JSON",
}
RESULT_FILES = {
    "study.nq": "The graph of the study as N-Quads",
    "vocabularies.nq": "The vocabularies that the graph uses, as N-Quads",
    "tables/datapackage.json": "What the columns of the tables mean",
}
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".nq": "application/n-quads",
    ".txt": "text/plain",
    ".yaml": "application/yaml",
}


def write_crate(graph: Graph, folder: Path) -> list[str]:
    """Write the study's files, the results, and what all of them are.

    Args:
        graph: the study.
        folder: an empty folder.

    Returns:
        A sentence where no person can be named as author.

    Raises:
        StoreUnavailable: when the rocrate package is missing.
        KGError: when the graph was built of other files than are there now, or nothing in the study has a day.
    """
    if not build.is_current(graph.folder):
        raise KGError("the graph was built of other files than are there now; see 'kg check', then export again")
    crate = _Crate(folder)
    study = {}
    for name, (title, language) in _listed(graph).items():
        _copy(graph, name, folder / STUDY)
        study[name] = crate.file(f"{STUDY}/{name}", title, inLanguage=language)
    (folder / RESULTS / "tables").mkdir(parents=True)
    write_nquads(graph, folder / RESULTS)
    tables.write_csv(graph, folder / RESULTS / "tables")
    titles = RESULT_FILES | {f"tables/{name}.csv": contents.title for name, contents in TABLES.items()}
    results = [crate.file(f"{RESULTS}/{name}", title) for name, title in titles.items()]
    software = crate.thing(
        "#dart-kg", "SoftwareApplication", name="dart-kg", version=version("dart-kg"), url=rdf.VOCABULARIES
    )
    built = crate.thing(
        "#build",
        "CreateAction",
        name="Build of the graph and of its tables",
        instrument=software,
        object=[*study.values()],
        result=results,
    )
    crate.root["mentions"] = _one([built, *_coded(graph, crate, study)])
    people = _about(graph, crate)
    crate.write()
    return (
        []
        if people
        else ["no coder is a person, so the crate names no author; whoever deposits it has to say who answers for it"]
    )


class _Crate:
    """An RO-Crate and the files in it.

    Args:
        folder: where its files are.

    Raises:
        StoreUnavailable: when the rocrate package is missing.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from rocrate.rocrate import ROCrate
        except ImportError as e:
            raise StoreUnavailable(
                "an RO-Crate needs the package rocrate: pip install '.[export]' in the checkout"
            ) from e
        self.folder, self._crate = folder, ROCrate(version=SPECIFICATION)
        self.root: Any = self._crate.root_dataset

    def thing(self, identifier: str, kind: str, **properties: Any) -> Any:
        """Add what is no file."""
        from rocrate.model.contextentity import ContextEntity

        given = {key: _one(value) for key, value in properties.items() if value}
        return self._crate.add(ContextEntity(self._crate, identifier, {"@type": kind} | given))

    def file(self, name: str, description: str, **properties: Any) -> Any:
        """Add a file that is in the folder already."""
        path = self.folder / name
        data = path.read_bytes()
        about = {
            "name": path.name,
            "description": description,
            "encodingFormat": MEDIA_TYPES.get(path.suffix.lower(), "text/plain"),
            "contentSize": str(len(data)),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        given = {key: value for key, value in properties.items() if value}
        return self._crate.add_file(path, name, properties=about | given)

    def write(self) -> None:
        """Write the file that says what all of them are."""
        self._crate.metadata.write(self.folder)


def _one(value: Any) -> Any:
    """Return the only one of a list, as RO-Crate 1.3 asks for, or else the value as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _coded(graph: Graph, crate: _Crate, files: Mapping[str, Any]) -> list[Any]:
    """Say which files software coded: it is the instrument of what was made, and no author.

    Args:
        graph: the study.
        crate: takes what is said.
        files: the study's files in the crate, by their name in the study.

    Returns:
        One action for each coder that is software and coded something.
    """
    software = [row for row in query.run(graph.engine, "coders").dicts() if row["kind"] == "software"]
    coded: dict[str, dict[str, str]] = {}
    for name in sorted(files) if software else ():
        if name.startswith("codings/"):
            content: Any = _yaml.read(graph.folder / name, name, [])
            for entry in (content[0], *content[0]["excerpts"]):
                coded.setdefault(entry.get("coder"), {})[name] = content[0]["source"]
    documents = {row["source"]: row["file"] for row in tables.rows(graph, "sources")}
    actions = []
    for row in software:
        key = quote(row["coder"])
        # No SoftwareApplication: that must have a url by RO-Crate, and a study does not know one.
        agent = crate.thing(
            f"#coder-{key}",
            "Thing",
            additionalType="https://schema.org/SoftwareApplication",
            name=row["name"],
            version=row["version"],
            description=row["note"],
        )
        if made := coded.get(row["coder"]):
            actions.append(
                crate.thing(
                    f"#coding-{key}",
                    "CreateAction",
                    name=f"Coding by {row['name']}",
                    instrument=agent,
                    object=[files[documents[source]] for source in sorted({*made.values()})],
                    result=[files[name] for name in made],
                )
            )
    return actions


def _about(graph: Graph, crate: _Crate) -> list[Any]:
    """Say what the whole is, whose, since when, and under which licence; return the people whose it is."""
    (study,) = query.run(graph.engine, "study").dicts()
    words, address = licence(graph.store)
    listing = abouts.of(graph).listing
    crate.root["name"] = study["title"]
    crate.root["description"] = study["description"] or study["title"]
    crate.root["datePublished"] = listing.published.isoformat() if listing.published else _last_day(graph)
    if listing.doi:
        home = abouts.DOI + listing.doi
        known = crate.thing(
            "#doi",
            "PropertyValue",
            name="DOI",
            propertyID="https://registry.identifiers.org/registry/doi",
            value=f"doi:{listing.doi}",
            url=home,
        )
        crate.root["identifier"] = known
    if listing.keywords:
        crate.root["keywords"] = _one([*listing.keywords])
    if listing.publisher:
        crate.root["publisher"] = _organisation(crate, listing.publisher)
    if listing.funding:
        crate.root["funder"] = _one([_organisation(crate, grant.funder) for grant in listing.funding])
    crate.root["license"] = crate.thing(
        address or "#licence",
        "CreativeWork",
        name=words or "No licence is stated",
        description=words or "Ask the authors before use.",
    )
    people = [_author(crate, number, author) for number, author in enumerate(listing.authors)] or [
        crate.thing(
            HOME + row["orcid"] if row["orcid"] else f"#coder-{quote(row['coder'])}",
            "Person",
            name=row["name"],
            description=row["note"],
        )
        for row in query.run(graph.engine, "coders").dicts()
        if row["kind"] == "person"
    ]
    if people:
        crate.root["author"] = _one(people)
    return people


def _author(crate: _Crate, number: int, author: StudyAuthor) -> Any:
    """Return a person or organisation that answers for the study."""
    return crate.thing(
        HOME + author.orcid if author.orcid else f"#author-{number + 1}",
        "Person" if author.family or author.orcid else "Organization",
        name=abouts.whole_name(author),
        familyName=author.family,
        givenName=author.given,
        affiliation=[_organisation(crate, one) for one in author.affiliation],
    )


def _organisation(crate: _Crate, one: Organisation) -> Any:
    """Return an organisation, the same for all that name it alike."""
    return crate.thing(one.ror or f"#organisation-{quote(one.name)}", "Organization", name=one.name, url=one.ror)


def _listed(graph: Graph) -> dict[str, tuple[str, str | None]]:
    """Return the files that the study consists of: by name what each is, and its language where that is known."""
    files: dict[str, tuple[str, str | None]] = {
        name: (title, None) for name, title in STUDY_FILES.items() if (graph.folder / name).is_file()
    }
    for part in inputs.BY_SOURCE:
        for name in inputs.listed(graph.folder, part):
            files[name] = (f"{part.capitalize()}: {Path(name).stem}", None)
    for source in tables.rows(graph, "sources"):
        files[source["file"]] = (source["title"], source["language"])
    content: Any = _yaml.read(graph.folder / "study.yaml", "study.yaml", [])
    for entry in content[0]["sources"]:
        if entry.get("places"):
            files[entry["places"]] = (f"Pages, turns and the like of: {entry['title']}", None)
    return files


def _copy(graph: Graph, name: str, home: Path) -> None:
    """Copy a file of the study, unless its name or a link leads out of the study or of the crate."""
    origin, copy = graph.folder / name, home / name
    for path, folder in ((origin, graph.folder), (copy, home)):
        if not path.resolve().is_relative_to(folder.resolve()):
            raise KGError(f"'{name}' leads out of the study folder; copy it in")
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(origin.read_bytes())


def _last_day(graph: Graph) -> str:
    """Return the day of the last coding, evidence line or search."""
    from pyoxigraph import NamedNode

    days: Any = graph.store.quads_for_pattern(None, NamedNode(rdf.DCT + "created"), None)
    day = max((quad.object.value for quad in days), default=None)
    if day is None:
        raise KGError("nothing in the study has a day yet, and a crate is published on one; code a passage first")
    return str(day)
