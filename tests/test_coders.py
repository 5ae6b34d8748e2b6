"""Coders: people with an ORCID iD, and software with a version, which is no author."""

from __future__ import annotations

import datetime
import json

import pytest
import yaml
from helpers import errors
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg import importing, orcid
from kg.browse import site
from kg.check import check
from kg.exports import export
from kg.loaders import _yaml
from kg.loaders import study as loader
from kg.loaders.imports import Options
from kg.progress import silent

CODERS = """coders:
  - {id: me, name: Ada Lovelace, orcid: "https://orcid.org/0000-0002-1825-0097"}
  - {id: machine, name: A language model, kind: software, version: "4.1", note: Read every page.}
"""


@pytest.fixture
def coded(study, edit):
    """Make a study in which a person and software coded."""
    text = (study / "study.yaml").read_text("utf-8")
    start = text.index("coders:")
    end = text.index("\n", text.index("name: The coder")) + 1
    edit("study.yaml", text[start:end], CODERS)
    return study


def test_an_orcid_id_is_kept_as_orcid_prints_it(coded):
    assert loader.load(coded).study.coders[0].orcid == "0000-0002-1825-0097"


@given(st.integers(0, 10**15 - 1), st.sampled_from(["", "https://orcid.org/", "orcid.org/"]))
def test_exactly_one_last_character_checks_an_orcid_id(number, before):
    digits = f"{number:015}"
    taken = []
    for last in "0123456789X":
        written = "-".join((digits + last)[at : at + 4] for at in range(0, 16, 4))
        try:
            taken.append(orcid.parse(before + written))
        except ValueError:
            continue
        assert taken[-1] == written
    assert len(taken) == 1


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("1825-0097", "1825-0098", 0, "ask for 7 at the end"),
        ("1825-0097", "1825-00", 0, "has not the form of an ORCID iD"),
        ("name: Ada Lovelace, orcid", "name: Ada Lovelace, kind: software, orcid", 0, "an ORCID iD is a person's"),
        ("kind: software, version", "version", 1, "a version is of software"),
        ("kind: software", "kind: robot", 1, "'robot' is none of 'person', 'software'"),
    ],
)
def test_what_a_coder_cannot_be_is_an_error_with_its_line(coded, edit, before, after, line, said):
    listing = coded / "study.yaml"
    first = listing.read_text("utf-8").split("  - {id: me,")[0].count("\n") + 1
    edit("study.yaml", before, after)
    (finding,) = errors(coded)
    assert (finding.file, finding.line, finding.rule) == ("study.yaml", first + line, "invalid-value")
    assert said in finding.message


@pytest.mark.parametrize("kind", ["person", "software"])
@pytest.mark.parametrize("field", ["orcid", "version"])
@pytest.mark.parametrize("nothing", ["null", "~"])
def test_what_is_written_as_nothing_of_a_coder_is_nothing(study, edit, kind, field, nothing):
    edit("study.yaml", "name: The coder}", f"name: The coder, kind: {kind}, {field}: {nothing}}}")
    (coder,) = loader.load(study).study.coders
    assert getattr(coder, field) is None


@pytest.mark.parametrize("parser", [yaml.SafeLoader, yaml.CSafeLoader])
def test_nothing_is_read_alike_by_both_parsers_of_yaml_and_words_in_quotes_are_words(monkeypatch, parser):
    monkeypatch.setattr(_yaml, "_LOADER", parser)
    read, _ = _yaml.parse("a: null\nb: 'null'\nc: ~\nd: true\ne: 12\nf:\n", "study.yaml", [])
    assert read == {"a": None, "b": "null", "c": None, "d": "true", "e": "12", "f": ""}


def test_a_question_says_who_is_software(coded):
    graph = kg.open(coded)
    assert graph.with_sparql().query("coders").rows == graph.query("coders").rows
    assert graph.query("coders").dicts() == [
        {"coder": "machine", "name": "A language model", "kind": "software", "orcid": None, "version": "4.1",
         "note": "Read every page."},
        {"coder": "me", "name": "Ada Lovelace", "kind": "person", "orcid": "0000-0002-1825-0097", "version": None,
         "note": None},
    ]  # fmt: skip


def test_coders_are_agents_of_prov(coded):
    from rdflib import Namespace

    graph = kg.open(coded).rdf
    prov, ev = Namespace("http://www.w3.org/ns/prov#"), Namespace("https://w3id.org/dart-kg/evidence#")
    (person,), (software,) = (list(graph.subjects(None, prov[name])) for name in ("Person", "SoftwareAgent"))
    assert str(graph.value(person, ev.orcid)) == "https://orcid.org/0000-0002-1825-0097"
    assert str(graph.value(software, ev.version)) == "4.1"
    assert not [finding for finding in check(coded) if finding.rule == "shape"]


def test_annotations_say_whether_a_person_or_software_made_them(coded, edit, tmp_path):
    edit("codings/interview.yaml", "coder: me", "coder: machine")
    export(kg.open(coded), "annotations", tmp_path / "out")
    items = json.loads((tmp_path / "out/annotations.jsonld").read_text("utf-8"))["first"]["items"]
    makers = {item["creator"]["name"]: item["creator"]["type"] for item in items}
    assert makers["A language model"] == "Software"
    assert set(makers.values()) <= {"Software", "Person"}


def test_a_crate_has_people_as_authors_and_software_as_instruments(coded, edit, tmp_path):
    edit("codings/interview.yaml", "coder: me", "coder: machine")
    assert export(kg.open(coded), "ro-crate", tmp_path / "out").said == []
    graph = json.loads((tmp_path / "out/ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    things = {thing["@id"]: thing for thing in graph}
    assert things["./"]["author"] == {"@id": "https://orcid.org/0000-0002-1825-0097"}
    assert things["https://orcid.org/0000-0002-1825-0097"]["@type"] == "Person"
    assert things["#coder-machine"] == {
        "@id": "#coder-machine", "@type": "Thing", "additionalType": "https://schema.org/SoftwareApplication",
        "name": "A language model", "version": "4.1", "description": "Read every page.",
    }  # fmt: skip
    action = things["#coding-machine"]
    assert (action["@type"], action["instrument"]) == ("CreateAction", {"@id": "#coder-machine"})
    results = action["result"] if isinstance(action["result"], list) else [action["result"]]
    assert results == [{"@id": "study/codings/interview.yaml"}]
    assert {"@id": "#coding-machine"} in things["./"]["mentions"]


def test_a_crate_that_software_alone_coded_names_no_author_and_says_so(coded, edit, tmp_path):
    edit("study.yaml", 'orcid: "https://orcid.org/0000-0002-1825-0097"', "kind: software")
    said = export(kg.open(coded), "ro-crate", tmp_path / "out").said
    assert said == [
        "no coder is a person, so the crate names no author; whoever deposits it has to say who answers for it"
    ]
    graph = json.loads((tmp_path / "out/ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    assert "author" not in next(thing for thing in graph if thing["@id"] == "./")


def test_a_nanopublication_is_attributed_to_the_orcid_id_or_to_the_software(coded, tmp_path):
    export(kg.open(coded), "nanopublications", tmp_path / "person")
    assert "prov:wasAttributedTo <https://orcid.org/0000-0002-1825-0097>" in _texts(tmp_path / "person")
    listing = coded / "study.yaml"
    text = listing.read_text("utf-8").replace("me, name", "you, name").replace("id: machine", "id: me")
    listing.write_text(text, "utf-8")
    export(kg.open(coded), "nanopublications", tmp_path / "software")
    written = _texts(tmp_path / "software")
    assert "prov:SoftwareAgent" in written
    assert "prov:wasAttributedTo <https://orcid.org" not in written


def _texts(folder):
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*.trig")))


def test_coders_come_back_from_refi_qda_as_they_were(coded, tmp_path):
    said = export(kg.open(coded), "refi-qda", tmp_path / "out").said
    assert "that 2 coders are software, or have an ORCID iD, stands in a note, which other programs do not read" in said
    project = next((tmp_path / "out").glob("*.qdpx"))
    importing.import_file(project, tmp_path / "back", Options(), datetime.date(2026, 1, 2))
    assert loader.load(tmp_path / "back").study.coders == loader.load(coded).study.coders


def test_pages_say_who_is_software(coded, tmp_path):
    site.write(kg.open(coded), tmp_path / "site", silent)
    pages = {
        name: (tmp_path / f"site/{name}.html").read_text("utf-8") for name in ("coders", "coder/machine", "coder/me")
    }
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in pages["coder/me"]
    assert "software, version 4.1" in pages["coder/machine"]
    assert pages["coders"].count('<span class="note">software</span>') == 1


def test_quotes_for_writing_say_what_software_chose(coded, edit, tmp_path):
    edit("codings/interview.yaml", "coder: me", "coder: machine")
    export(kg.open(coded), "quotes-markdown", tmp_path / "out")
    assert "A language model (software, 4.1), 2026" in (tmp_path / "out/by-proposition.md").read_text("utf-8")
