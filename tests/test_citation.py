"""Found and cited: what a study says of itself as a publication, in every form in which others read it."""

from __future__ import annotations

import json

import pytest
from lxml import etree

import kg
from kg import exports
from kg.browse import site
from kg.errors import StudyError
from kg.exports import about
from kg.loaders import _yaml
from kg.progress import silent

SAID = """
authors:
  - family: Carberry
    given: Josiah
    orcid: https://orcid.org/0000-0002-1825-0097
    affiliation: [{name: "Brown </script> University", ror: 05gq02987}]
  - {name: Kitchen group}
method: Interviews, coded in three levels.
ethics: Approved by the board, no. 12.
funding:
  - {funder: {name: The Fund, ror: "https://ror.org/05gq02987"}, award: "12"}
doi: 10.5281/zenodo.1
publisher: {name: Zenodo}
published: 2026-11-01
keywords: [volunteering]
"""
DATACITE = {"d": "http://datacite.org/schema/kernel-4"}


@pytest.fixture
def cited(study):
    """Let the template say all that a study can say of itself."""
    file = study / "study.yaml"
    file.write_text(file.read_text("utf-8") + SAID, "utf-8")
    return study


def written(study, name, room):
    exported = exports.export(kg.open(study), name, room)
    return {name: (room / name).read_text("utf-8") for name in exported.files}, exported.said


def test_datacite_has_who_what_when_and_paid_by_whom(cited, tmp_path):
    files, said = written(cited, "datacite", tmp_path / "out")
    assert said == []
    record = json.loads(files["datacite.json"])
    assert (record["doi"], record["publicationYear"], record["publisher"]) == (
        "10.5281/zenodo.1",
        "2026",
        {"name": "Zenodo"},
    )
    person, group = record["creators"]
    assert person["name"] == "Carberry, Josiah"
    assert person["nameIdentifiers"][0]["nameIdentifier"] == "https://orcid.org/0000-0002-1825-0097"
    assert person["affiliation"][0]["affiliationIdentifier"] == "https://ror.org/05gq02987"
    assert group == {"name": "Kitchen group", "nameType": "Organizational"}
    assert [one["descriptionType"] for one in record["descriptions"]] == ["Abstract", "Methods", "Other"]
    assert record["fundingReferences"][0]["awardNumber"] == "12"
    assert record["rightsList"][0]["rightsIdentifier"] == "CC-BY-4.0"


def test_datacite_says_the_same_in_xml(cited, tmp_path):
    files, _ = written(cited, "datacite", tmp_path / "out")
    root = etree.fromstring(files["datacite.xml"].encode())
    record = json.loads(files["datacite.json"])
    assert root.findtext("d:identifier", namespaces=DATACITE) == record["doi"]
    names = [one.text for one in root.findall("d:creators/d:creator/d:creatorName", DATACITE)]
    assert names == [one["name"] for one in record["creators"]]
    texts = [one.text for one in root.findall("d:descriptions/d:description", DATACITE)]
    assert texts == [one["description"] for one in record["descriptions"]]
    assert root.findtext("d:fundingReferences/d:fundingReference/d:funderName", namespaces=DATACITE) == "The Fund"


def test_what_datacite_asks_for_and_nobody_said_is_told(study, tmp_path):
    files, said = written(study, "datacite", tmp_path / "out")
    assert said == ["study.yaml does not say: authors, doi, publisher, published"]
    record = json.loads(files["datacite.json"])
    assert "doi" not in record
    assert record["publisher"] == {"name": "(:unas)"}
    people = [row["name"] for row in kg.open(study).query("coders").dicts() if row["kind"] == "person"]
    assert [one["name"] for one in record["creators"]] == (people or ["(:unkn)"])


def test_citation_cff_is_yaml_with_what_is_needed(cited, tmp_path):
    files, _ = written(cited, "citation", tmp_path / "out")
    content, _ = _yaml.parse(files["CITATION.cff"], "CITATION.cff", [])
    assert {
        "cff-version": "1.2.0",
        "type": "dataset",
        "doi": "10.5281/zenodo.1",
        "license": "CC-BY-4.0",
    }.items() <= content.items()
    assert content["authors"][0]["family-names"] == "Carberry"
    assert content["authors"][1] == {"name": "Kitchen group"}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("authors: [{family: A, name: B}]", "a family and a given name, or a name"),
        ("authors: [{name: A, orcid: 0000-0002-1825-0098}]", "is no ORCID iD"),
        ("publisher: {name: A, ror: 12}", "ROR id"),
        ("doi: https://doi.org/10.1/a", "doi"),
    ],
)
def test_what_is_no_author_or_identifier_is_an_error(study, wrong, why):
    file = study / "study.yaml"
    file.write_text(f"{file.read_text('utf-8')}\n{wrong}\n", "utf-8")
    with pytest.raises(StudyError) as caught:
        kg.open(study)
    assert any(why in finding.message for finding in caught.value.findings)


def test_the_first_page_of_a_folder_says_it_to_programs(cited, tmp_path):
    site.write(kg.open(cited), tmp_path / "site", silent)
    page = (tmp_path / "site/index.html").read_text("utf-8")
    head = page[: page.index("<body")]
    for relation, address in about.signposts(about.of(kg.open(cited))):
        assert f'<link rel="{relation}" href="{address}">' in head
    assert '<link rel="cite-as" href="https://doi.org/10.5281/zenodo.1">' in head
    text = head.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    dataset = json.loads(text)
    assert dataset["@type"] == "Dataset"
    assert dataset["creator"][0]["affiliation"][0]["name"] == "Brown </script> University"
    other = (tmp_path / "site/sources.html").read_text("utf-8")
    assert 'ld+json">' not in other
    claim = next((tmp_path / "site/proposition").glob("*.html")).read_text("utf-8")
    assert 'rel="describedby"' in claim
    assert 'rel="collection"' in claim


def test_links_are_sent_as_a_header_too(cited):
    from kg.browse.addresses import Served
    from kg.browse.responses import respond
    from kg.browse.study import BuiltStudy
    from kg.browse.targets import Target

    served = BuiltStudy(kg.open(cited))
    first = respond(served, Target("", "html", "en", ""))
    assert '<https://doi.org/10.5281/zenodo.1>; rel="cite-as"' in first.links
    assert '<https://schema.org/Dataset>; rel="type"' in first.links
    claim = kg.open(cited).query("claims").rows[0][0]
    link = respond(served, Target(f"proposition/{claim}", "html", "en", "")).links
    assert f'<{Served("en").data("proposition", claim, "ttl")}>; rel="describedby"; type="text/turtle"' in link
    assert link.isascii()
    assert respond(served, Target("sources", "html", "en", "")).links == ""


def test_a_citation_of_a_page_names_authors_year_and_title_as_far_as_they_are_known(cited, tmp_path):
    site.write(kg.open(cited), tmp_path / "site", silent)
    title = kg.open(cited).query("study").dicts()[0]["title"]
    page = (tmp_path / "site/proposition/P1.html").read_text("utf-8")
    assert f">Josiah Carberry, Kitchen group (2026). {title} [" in page
    listing = about.of(kg.open(cited))
    assert listing._replace(authors=()).cited("Staying") == "Staying (2026)"
    assert listing._replace(authors=(), published=None).cited("Staying") == "Staying"
