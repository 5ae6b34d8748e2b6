"""How a study is cited and registered: CITATION.cff, and the metadata that DataCite takes with a DOI."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kg.exports import about as abouts
from kg.loaders import _yaml_write
from kg.orcid import HOME
from kg.render import xml_text

if TYPE_CHECKING:
    from pathlib import Path

    from kg.entries import Organisation, StudyAuthor
    from kg.exports.about import About
    from kg.graph import Graph

KERNEL = "http://datacite.org/schema/kernel-4"
SCHEMA = "https://schema.datacite.org/meta/kernel-4.6/metadata.xsd"
UNASSIGNED, UNKNOWN, LATER = "(:unas)", "(:unkn)", "(:tba)"
"""What DataCite asks for where a value is not assigned, not known or comes later."""
_SPDX = re.compile(r"CC0-1\.0|CC-BY(?:-NC)?(?:-SA|-ND)?-\d\.\d")


def write_cff(graph: Graph, folder: Path) -> list[str]:
    """Write CITATION.cff.

    Args:
        graph: the study.
        folder: an empty folder.

    Returns:
        What is not known that a citation has.
    """
    about = abouts.of(graph)
    listing, licence = about.listing, about.licence
    spdx = licence.words if _SPDX.fullmatch(licence.words) else None
    content: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this study, please cite it.",
        "type": "dataset",
        "title": listing.title.en,
        "abstract": listing.description or None,
        "authors": [_cff_author(author) for author in about.authors] or [{"name": UNKNOWN}],
        "doi": listing.doi,
        "date-released": about.published and about.published.isoformat(),
        "license": spdx,
        "license-url": None if spdx else licence.iri,
        "keywords": list(listing.keywords) or None,
        "version": about.digest[:12],
    }
    (folder / "CITATION.cff").write_text(_yaml_write.dump(content), "utf-8", newline="\n")
    return _missing(about)


def _cff_author(author: StudyAuthor) -> dict[str, Any]:
    affiliation = "; ".join(one.name for one in author.affiliation) or None
    address = author.orcid and HOME + author.orcid
    if author.family:
        named = {"family-names": author.family, "given-names": author.given, "affiliation": affiliation}
        return named | {"orcid": address}
    return {"name": author.name, "orcid": address}


def write_datacite(graph: Graph, folder: Path) -> list[str]:
    """Write datacite.json and datacite.xml, both of version 4.6 of the schema.

    Args:
        graph: the study.
        folder: an empty folder.

    Returns:
        What is not known that DataCite asks for.
    """
    about = abouts.of(graph)
    record = _datacite(about)
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (folder / "datacite.json").write_text(text + "\n", "utf-8", newline="\n")
    (folder / "datacite.xml").write_bytes(_xml(record))
    return _missing(about)


def _missing(about: About) -> list[str]:
    """Say what study.yaml lacks."""
    wanted = {
        "authors": about.listing.authors,
        "doi": about.listing.doi,
        "publisher": about.listing.publisher,
        "published": about.listing.published,
    }
    lacking = [key for key, value in wanted.items() if not value]
    return [f"study.yaml does not say: {', '.join(lacking)}"] if lacking else []


def _datacite(about: About) -> dict[str, Any]:
    """Return a study as DataCite's JSON has it."""
    listing, licence = about.listing, about.licence
    spdx = licence.words if _SPDX.fullmatch(licence.words) else None
    day = about.published and about.published.isoformat()
    titles = [{"title": listing.title.en, "lang": "en"}]
    if listing.title.zh:
        titles.append({"title": listing.title.zh, "titleType": "TranslatedTitle", "lang": "zh"})
    told = {"Abstract": about.description, "Methods": listing.method, "Other": listing.ethics}
    record = {
        "doi": listing.doi,
        "creators": [_creator(author) for author in about.authors] or [{"name": UNKNOWN}],
        "titles": titles,
        "publisher": _publisher(listing.publisher),
        "publicationYear": (day or LATER)[:4] if day else LATER,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Qualitative study with its evidence"},
        "subjects": [{"subject": word} for word in listing.keywords],
        "dates": [{"date": day, "dateType": "Issued"}] if day else [],
        "language": "en",
        "alternateIdentifiers": [
            {"alternateIdentifier": about.digest, "alternateIdentifierType": "SHA-256 of the graph"}
        ],
        "version": about.digest[:12],
        "rightsList": [
            _given(
                {
                    "rights": licence.words,
                    "rightsUri": licence.iri,
                    "rightsIdentifier": spdx,
                    "rightsIdentifierScheme": spdx and "SPDX",
                    "schemeUri": spdx and "https://spdx.org/licenses/",
                }
            )
        ]
        if licence.words
        else [],
        "descriptions": [
            {"description": text, "descriptionType": kind, "lang": "en"} for kind, text in told.items() if text
        ],
        "fundingReferences": [
            _given(
                {
                    "funderName": grant.funder.name,
                    "funderIdentifier": grant.funder.ror,
                    "funderIdentifierType": grant.funder.ror and "ROR",
                    "schemeUri": grant.funder.ror and "https://ror.org/",
                    "awardNumber": grant.award,
                    "awardTitle": grant.title,
                }
            )
            for grant in listing.funding
        ],
        "schemaVersion": KERNEL,
    }
    return _given(record)


def _given(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value}


def _publisher(one: Organisation | None) -> dict[str, Any]:
    return _given(
        {
            "name": one.name if one else UNASSIGNED,
            "publisherIdentifier": one and one.ror,
            "publisherIdentifierScheme": one and one.ror and "ROR",
            "schemeUri": one and one.ror and "https://ror.org/",
        }
    )


def _creator(author: StudyAuthor) -> dict[str, Any]:
    person = bool(author.family or author.orcid)
    parted = ", ".join(filter(None, (author.family, author.given))) if author.family else author.name
    return _given(
        {
            "name": parted,
            "nameType": "Personal" if person else "Organizational",
            "givenName": author.given,
            "familyName": author.family,
            "nameIdentifiers": [
                {
                    "nameIdentifier": HOME + author.orcid,
                    "nameIdentifierScheme": "ORCID",
                    "schemeUri": HOME.rstrip("/"),
                }
            ]
            if author.orcid
            else [],
            "affiliation": [
                _given(
                    {
                        "name": one.name,
                        "affiliationIdentifier": one.ror,
                        "affiliationIdentifierScheme": one.ror and "ROR",
                        "schemeUri": one.ror and "https://ror.org/",
                    }
                )
                for one in author.affiliation
            ],
        }
    )


def _xml(record: dict[str, Any]) -> bytes:
    """Return a record as XML, in the order of the properties in the schema's documentation."""
    from lxml import etree

    space = "http://www.w3.org/2001/XMLSchema-instance"
    spaces: Any = {None: KERNEL, "xsi": space}
    root = etree.Element(f"{{{KERNEL}}}resource", nsmap=spaces)
    root.set(f"{{{space}}}schemaLocation", f"{KERNEL} {SCHEMA}")

    def add(parent: Any, tag: str, text: str | None, **attributes: str | None) -> Any:
        element = etree.SubElement(parent, f"{{{KERNEL}}}{tag}")
        for name, value in attributes.items():
            if value and name == "lang":
                element.set("{http://www.w3.org/XML/1998/namespace}lang", value)
            elif value:
                element.set(name, xml_text(value))
        if text:
            element.text = xml_text(text)
        return element

    add(root, "identifier", record.get("doi", LATER), identifierType="DOI")
    creators = add(root, "creators", None)
    for one in record["creators"]:
        creator = add(creators, "creator", None)
        add(creator, "creatorName", one["name"], nameType=one.get("nameType"))
        for tag in ("givenName", "familyName"):
            if tag in one:
                add(creator, tag, one[tag])
        for name in one.get("nameIdentifiers", ()):
            scheme = name["nameIdentifierScheme"]
            add(
                creator,
                "nameIdentifier",
                name["nameIdentifier"],
                nameIdentifierScheme=scheme,
                schemeURI=name["schemeUri"],
            )
        for place in one.get("affiliation", ()):
            identified = {"affiliationIdentifier": place.get("affiliationIdentifier")}
            identified |= {"affiliationIdentifierScheme": place.get("affiliationIdentifierScheme")}
            add(creator, "affiliation", place["name"], **identified, schemeURI=place.get("schemeUri"))
    titles = add(root, "titles", None)
    for one in record["titles"]:
        add(titles, "title", one["title"], titleType=one.get("titleType"), lang=one["lang"])
    publisher = record["publisher"]
    identified = {key: publisher.get(key) for key in ("publisherIdentifier", "publisherIdentifierScheme")}
    add(root, "publisher", publisher["name"], **identified, schemeURI=publisher.get("schemeUri"))
    add(root, "publicationYear", record["publicationYear"])
    types = record["types"]
    add(root, "resourceType", types["resourceType"], resourceTypeGeneral=types["resourceTypeGeneral"])
    if "subjects" in record:
        subjects = add(root, "subjects", None)
        for one in record["subjects"]:
            add(subjects, "subject", one["subject"])
    if "dates" in record:
        dates = add(root, "dates", None)
        for one in record["dates"]:
            add(dates, "date", one["date"], dateType=one["dateType"])
    add(root, "language", record["language"])
    others = add(root, "alternateIdentifiers", None)
    for one in record["alternateIdentifiers"]:
        kind = one["alternateIdentifierType"]
        add(others, "alternateIdentifier", one["alternateIdentifier"], alternateIdentifierType=kind)
    add(root, "version", record["version"])
    if "rightsList" in record:
        rights = add(root, "rightsList", None)
        for one in record["rightsList"]:
            named = {key: one.get(key) for key in ("rightsIdentifier", "rightsIdentifierScheme")}
            add(
                rights, "rights", one["rights"], rightsURI=one.get("rightsUri"), schemeURI=one.get("schemeUri"), **named
            )
    descriptions = add(root, "descriptions", None)
    for one in record["descriptions"]:
        add(descriptions, "description", one["description"], descriptionType=one["descriptionType"], lang=one["lang"])
    if "fundingReferences" in record:
        grants = add(root, "fundingReferences", None)
        for one in record["fundingReferences"]:
            grant = add(grants, "fundingReference", None)
            add(grant, "funderName", one["funderName"])
            if "funderIdentifier" in one:
                kind = one["funderIdentifierType"]
                address = one["schemeUri"]
                add(grant, "funderIdentifier", one["funderIdentifier"], funderIdentifierType=kind, schemeURI=address)
            for tag in ("awardNumber", "awardTitle"):
                if tag in one:
                    add(grant, tag, one[tag])
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))
