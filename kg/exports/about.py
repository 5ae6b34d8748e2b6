"""What a study says of itself as a publication: who answers for it, under which licence, paid by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kg import query
from kg.exports import licences
from kg.orcid import HOME

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from kg.entries import Organisation, StudyAuthor, StudyFile
    from kg.graph import Graph

DOI = "https://doi.org/"
"""What stands before a DOI in its address."""


class About(NamedTuple):
    """A study as a publication.

    Args:
        listing: what study.yaml says.
        authors: who answers for it: those that it lists, or else the coders who are persons.
        licence: its licence.
        published: the day of its publication, or else of the last coding; None when nothing in it has a day.
        digest: of its graph.
    """

    listing: StudyFile
    authors: tuple[StudyAuthor, ...]
    licence: licences.Licence
    published: datetime.date | None
    digest: str

    @property
    def description(self) -> str:
        """Return what it is about."""
        return self.listing.description or self.listing.title.en

    def cited(self, title: str) -> str:
        """Return how a citation begins: authors, year and title, those of them that are known.

        Args:
            title: of the study, in the language of the citation.
        """
        names = ", ".join(map(whole_name, self.authors))
        year = f" ({self.published.year})" if self.published else ""
        return f"{names}{year}. {title}" if names else f"{title}{year}"


def of(graph: Graph) -> About:
    """Return what a study says of itself as a publication.

    Args:
        graph: the study.

    Raises:
        StudyError: when its study.yaml cannot be read.
    """
    import datetime

    from kg.entries import StudyAuthor
    from kg.loaders import theory

    listing = theory.listing(graph.folder)
    coders = query.run(graph.tables, "coders").dicts()
    people = [StudyAuthor(name=row["name"], orcid=row["orcid"]) for row in coders if row["kind"] == "person"]
    (last,) = graph.tables.sql("SELECT max(date) FROM (SELECT date FROM coding UNION ALL SELECT date FROM line)")[0]
    day = listing.published or (datetime.date.fromisoformat(last) if last else None)
    words = listing.license
    licence = licences.Licence(words, licences.address(words))
    return About(listing, listing.authors or tuple(people), licence, day, (graph.built / "digest").read_text("ascii"))


def dataset(about: About) -> dict[str, Any]:
    """Return a study as a dataset of schema.org, by which search engines and repositories find it.

    Args:
        about: what it says of itself.
    """
    listing = about.listing
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": listing.doi and DOI + listing.doi,
        "identifier": listing.doi and DOI + listing.doi,
        "name": listing.title.en,
        "alternateName": listing.title.zh,
        "description": about.description,
        "creator": [_agent(author) for author in about.authors],
        "datePublished": about.published and about.published.isoformat(),
        "license": about.licence.iri or about.licence.words,
        "keywords": list(listing.keywords),
        "publisher": listing.publisher and _organisation(listing.publisher),
        "funding": [
            _given({"@type": "Grant", "identifier": one.award, "name": one.title, "funder": _organisation(one.funder)})
            for one in listing.funding
        ],
        "measurementTechnique": listing.method,
        "version": about.digest[:12],
    }
    return _given(said)


def _agent(author: StudyAuthor) -> dict[str, Any]:
    known = author.family or author.orcid
    return _given(
        {
            "@type": "Person" if known else "Organization",
            "@id": author.orcid and HOME + author.orcid,
            "name": whole_name(author),
            "familyName": author.family,
            "givenName": author.given,
            "affiliation": [_organisation(one) for one in author.affiliation],
        }
    )


def _organisation(one: Organisation) -> dict[str, Any]:
    return _given({"@type": "Organization", "@id": one.ror, "name": one.name})


def _given(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value}


def whole_name(author: StudyAuthor) -> str:
    """Return the name of an author in one piece.

    Args:
        author: the author.
    """
    from kg.cjk import has_han

    if author.name:
        return author.name
    if has_han(str(author.family)):
        return f"{author.family}{author.given or ''}"
    return " ".join(filter(None, (author.given, author.family)))


def signposts(about: About) -> Iterator[tuple[str, str]]:
    """Give the links by which a program finds its way from the first page of a study (https://signposting.org/FAIR/).

    Args:
        about: what the study says of itself.

    Yields:
        The relation and the address.
    """
    if about.listing.doi:
        yield "cite-as", DOI + about.listing.doi
    for author in about.authors:
        if author.orcid:
            yield "author", HOME + author.orcid
    if about.licence.iri and about.licence.iri.isascii():
        yield "license", about.licence.iri
    yield "type", "https://schema.org/AboutPage"
    yield "type", "https://schema.org/Dataset"
