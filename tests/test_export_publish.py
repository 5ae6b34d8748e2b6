"""Annotations, nanopublications and crates: valid by their standards, and nothing in them that the graph does not say."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
import strategies
from helpers import digest_of, examples
from hypothesis import given, settings
from nanopub import Nanopub, NanopubConf
from nanopub.profile import Profile
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import Graph as Triples
from rocrate.rocrate import ROCrate

import kg
from kg.errors import KGError, StoreUnavailable
from kg.exports import crate, nanopublications, web_annotations
from kg.loaders.imports import FORMATS, Options, web_annotation
from kg.store import build

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph:DeprecationWarning"
)  # of rdflib, to nanopub and itself

EV = "https://w3id.org/dart-kg/evidence#"
UNCOUNTED = "https://w3id.org/dart-kg/uncounted#"
OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"
DCT = "http://purl.org/dc/terms/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

# What http://www.w3.org/ns/anno.jsonld says of the keys that are used here.
_TYPES = "Annotation SpecificResource TextualBody TextPositionSelector TextQuoteSelector FragmentSelector"
_WORDS = "classifying commenting describing linking tagging exact prefix suffix"
_LINKS = {"body": "hasBody", "target": "hasTarget", "source": "hasSource", "selector": "hasSelector"}
_NUMBERS = {"start": "oa:start", "end": "oa:end", "total": "as:totalItems", "startIndex": "as:startIndex"}
W3C = {
    "oa": OA,
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": DCT,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": RDFS,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "as": "http://www.w3.org/ns/activitystreams#",
    "id": {"@type": "@id", "@id": "@id"},
    "type": {"@type": "@id", "@id": "@type"},
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "creator": {"@type": "@id", "@id": "dcterms:creator"},
    "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
    "first": {"@type": "@id", "@id": "as:first"},
    "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
    "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
    "format": "dc:format",
    "language": "dc:language",
    "value": "rdf:value",
    "conformsTo": {"@type": "@id", "@id": "dcterms:conformsTo"},
    "name": "foaf:name",
    "label": "rdfs:label",
    "created": {"@id": "dcterms:created", "@type": "xsd:dateTime"},
    **{name: f"oa:{name}" for name in f"{_TYPES} {_WORDS}".split()},
    **{name: {"@type": "@id", "@id": f"oa:{term}"} for name, term in _LINKS.items()},
    **{name: {"@id": term, "@type": "xsd:nonNegativeInteger"} for name, term in _NUMBERS.items()},
}


def values(graph, subject, predicate):
    return {quad.object.value for quad in graph.store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None)}


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def written(write, graph):
    with tempfile.TemporaryDirectory() as folder:
        write(graph, Path(folder))
        return files_of(Path(folder))


def collection(graph):
    (data,) = written(web_annotations.write_annotations, graph).values()
    return json.loads(data)


def items(graph):
    return collection(graph)["first"]["items"]


def address(resource):
    return resource["id"] if isinstance(resource, dict) else resource


def many(value):
    return value if isinstance(value, list) else [value]


@pytest.fixture(params=["dart", "template"])
def graph(request, dart, study):
    return dart if request.param == "dart" else kg.open(study)


@pytest.fixture
def retired(edit, study):
    """Open the template with the line that supports its claim withdrawn."""
    edit("codings/interview.yaml", "id: line-b8e5950a4d", "id: WITHDRAWN")
    edit(
        "codings/interview.yaml",
        "        strength: moderate\n",
        "        strength: moderate\n        status: withdrawn\n"
        "        status_date: 2026-11-25\n        status_reason: the tape says otherwise\n",
    )
    return kg.open(study)


def check_annotation(graph, item):
    """Check an annotation against the Web Annotation Data Model, and its passages against their sources."""
    assert item["type"] == "Annotation"
    assert item["motivation"] in {"classifying", "linking", "assessing"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["created"])
    assert item["creator"]["name"] in values(graph, item["creator"]["id"], RDFS + "label")
    for body in many(item["body"]):
        if body["type"] == "TextualBody":
            assert body["value"]
            assert body["purpose"] in {"tagging", "commenting", "describing"}
        else:
            assert body["type"] == "SpecificResource"
            assert values(graph, address(body["source"]), DCT + "identifier")
    for target in many(item["target"]):
        (text,) = values(graph, target["source"], EV + "text")
        quote, position = target["selector"]
        assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        start, end = position["start"], position["end"]
        assert 0 <= start < end
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote.get("prefix", ""))
        assert text[end:].startswith(quote.get("suffix", ""))


# --- Web Annotation ---


def test_a_collection_has_what_the_standard_asks_for(graph):
    made = collection(graph)
    assert made["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert (made["type"], made["first"]["type"]) == ("AnnotationCollection", "AnnotationPage")
    assert made["total"] == len(made["first"]["items"]) > 3
    assert made["first"]["startIndex"] == 0
    assert len({item["id"] for item in made["first"]["items"]}) == made["total"]
    for item in made["first"]["items"]:
        check_annotation(graph, item)


def test_every_coding_evidence_line_and_assertion_is_one_annotation(graph):
    found = Counter(item["motivation"] for item in items(graph))
    assert found["classifying"] == len(set(graph.query("codings").select(("excerpt", "code", "coder", "date")).rows))
    assert found["assessing"] == len(graph.query("lines").rows)
    assert found["linking"] == len(graph.query("assertions").rows)


def test_a_coding_gives_the_code_by_its_label_and_by_its_iri_and_the_memo(study):
    graph = kg.open(study)
    (coding,) = (i for i in items(graph) if i["motivation"] == "classifying" and len(i["body"]) == 3)
    tag, code, memo = coding["body"]
    assert (tag["value"], tag["purpose"]) == ("Weekly feedback", "tagging")
    iri = "https://w3id.org/dart-kg/study/template/code/weekly-feedback"
    assert (code["source"], code["purpose"]) == ({"id": iri, "label": "Weekly feedback"}, "classifying")
    assert (memo["value"], memo["purpose"]) == ("Praise alone was not enough here.", "commenting")
    assert coding["target"]["selector"][0]["exact"] == "Two of us left although they were praised every week."


def test_an_evidence_line_says_its_stance_to_machines_and_to_people(study):
    (line,) = (item for item in items(kg.open(study)) if item.get("stance") == "ev:opposes")
    claim, text = line["body"]
    assert claim["source"] == line["proposition"] == "https://w3id.org/dart-kg/study/template/proposition/P1"
    assert text["value"].startswith("opposes P1, weak: Volunteers left in spite of weekly praise")
    assert (line["strength"], line["status"]) == ("ev:weak", "ev:active")


def test_a_withdrawn_line_says_so_even_to_who_reads_its_text_alone(retired):
    (line,) = (item for item in items(retired) if item["id"].endswith("/line/WITHDRAWN"))
    assert (line["status"], line["statusDate"]) == ("ev:withdrawn", "2026-11-25")
    assert line["body"][1]["value"].startswith("[withdrawn on 2026-11-25: the tape says otherwise] supports P1")


def test_a_line_that_rests_on_passages_of_two_sources_has_both_as_targets(study, edit):
    shutil.copy(study / "sources/interview.md", study / "sources/second.md")
    edit(
        "study.yaml",
        "    role: case\n",
        "    role: case\n  - {id: second, file: sources/second.md, title: Again, role: case}\n",
    )
    edit("study.yaml", "    case: kitchen\n", "")
    edit(
        "codings/interview.yaml",
        "        rationale: The volunteer",
        "        also: [{source: second, quote: Two of us left although they were praised every week.}]\n"
        "        rationale: The volunteer",
    )
    graph = kg.open(study)
    (line,) = (item for item in items(graph) if item.get("stance") == "ev:supports")
    assert [target["source"].rpartition("/")[2] for target in line["target"]] == ["interview", "second"]
    check_annotation(graph, line)


def test_read_as_jsonld_the_annotations_say_of_lines_and_passages_what_the_graph_says(graph):
    made = collection(graph)
    made["@context"][0] = W3C
    quads = list(parse(json.dumps(made), format=RdfFormat.JSON_LD))
    known = {quad.triple for quad in graph.store}
    placed = {EV + name for name in web_annotations.PLACE}
    own = {quad.triple for quad in quads if quad.predicate.value.startswith(EV) and quad.predicate.value not in placed}
    lines = {item["id"] for item in made["first"]["items"] if item["motivation"] == "assessing"}
    assert {str(triple.subject.value) for triple in own} == lines
    assert own <= known
    places = {quad.triple for quad in quads if quad.predicate.value in (OA + "hasSource", OA + "hasTarget")}
    excerpts = {triple for triple in places if "/excerpt/" in triple.subject.value}
    assert excerpts
    assert excerpts <= known
    assert Triples().parse(data=json.dumps(made), format="json-ld")


def test_the_annotations_are_read_back_with_their_codes_passages_and_positions(graph, tmp_path):
    web_annotations.write_annotations(graph, tmp_path)
    path = tmp_path / web_annotations.NAME
    assert next(name for name, form in FORMATS.items() if form.fits(path)) == "web-annotation"
    sources = {
        row["source"]: graph.query("source-text", id=row["source"]).rows[0][0] for row in graph.query("sources").dicts()
    }
    read = web_annotation.read(path, Options(texts=sources))
    codings = Counter()
    for document in read.documents():
        for passage in document.passages:
            assert document.text[passage.start : passage.end] == passage.stated
            source = document.key.rpartition("/")[2]
            codings.update(
                (f"{source}:{passage.start}-{passage.end}", given.code, given.date) for given in passage.given
            )
    labels = {row["id"]: row["label"] for row in graph.query("records").dicts() if row["kind"] == "code"}
    rows = graph.query("codings").dicts()
    acts = {(row["excerpt"], row["code"], row["coder"], row["date"]) for row in rows}
    assert codings == Counter(
        (excerpt, labels[code], datetime.date.fromisoformat(day)) for excerpt, code, _, day in acts
    )


@settings(max_examples=examples(10))
@given(strategies.files())
def test_the_annotations_of_any_study_are_valid_and_quote_their_sources(made):
    with tempfile.TemporaryDirectory() as folder:
        graph = kg.open(strategies.write(Path(folder) / "study", made))
        found = items(graph)
        for item in found:
            check_annotation(graph, item)
        retired = {row["line"] for row in graph.query("evidence").dicts() if row["status"] != "active"}
        assert {item["id"].rpartition("/")[2] for item in found if item.get("statusDate")} == retired


# --- Nanopublications ---


def read(data):
    """Read a nanopublication with the nanopub package."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        path = Path(folder) / "np.trig"
        path.write_bytes(data)
        return Nanopub(rdf=path)


def triples(part):
    return {(str(s), str(p), str(o)) for s, p, o in part}


def stored(graph):
    return {(q.subject.value, q.predicate.value, q.object.value) for q in graph.store}


KINDS = {EV + "EvidenceLine": EV, EV + "UncountedLine": UNCOUNTED}
"""By the class of an evidence line the namespace of its predicates."""


def check_nanopublication(known, data):
    """Check that it is valid, and that it says of its line what the graph says; return the line."""
    made = read(data)
    assert made.is_valid
    asserted, origin = triples(made.assertion), triples(made.provenance)
    assert asserted <= known
    (line, space), *others = {(s, KINDS[o]) for s, _, o in asserted if o in KINDS}
    assert not others
    apart = {(p, o) for s, p, o in known - asserted if s == line}
    assert {p for p, _ in apart} == {PROV + "wasAttributedTo", DCT + "created"}
    orcids = {s: o for s, p, o in known if p == EV + "orcid"}
    apart = {(p, orcids.get(o, o)) for p, o in apart}
    about = {(p, o) for s, p, o in origin if s == str(made.metadata.assertion)}
    assert apart <= about
    excerpts = {o for s, p, o in asserted if p == space + "excerpt"}
    assert len(excerpts) == len([p for _, p, _ in asserted if p == OA + "exact"]) > 0
    sources = {o for s, p, o in asserted if s in excerpts and p == OA + "hasSource"}
    assert sources <= {o for p, o in about if p == PROV + "wasDerivedFrom"}
    return line


def test_every_evidence_line_is_a_valid_nanopublication(graph):
    files = written(nanopublications.write_nanopublications, graph)
    assert len(files) == len(graph.query("lines").rows)
    known = stored(graph)
    # The package takes its time: of the bundled study's lines every seventh is read.
    some = list(files.values())[:: 7 if len(files) > 20 else 1]
    assert len({check_nanopublication(known, data) for data in some}) == len(some)


def test_a_nanopublication_names_the_licence_and_the_day_and_is_unsigned(study):
    data = next(iter(written(nanopublications.write_nanopublications, kg.open(study)).values()))
    made = read(data)
    about = {(p, o) for _, p, o in triples(made.pubinfo)}
    assert (DCT + "license", "https://creativecommons.org/licenses/by/4.0/") in about
    assert DCT + "created" in {p for p, _ in about}
    assert '"2026-11-24T00:00:00Z"^^xsd:dateTime' in (data if isinstance(data, str) else data.decode())
    assert made.metadata.signature is None
    assert str(made.metadata.np_uri) == nanopublications.TEMPORARY


def test_a_nanopublication_rests_on_the_publication_by_its_doi(dart):
    files = written(nanopublications.write_nanopublications, dart)
    data = next(data for data in files.values() if b"https://doi.org/10." in data)
    origins = {o for _, p, o in triples(read(data).provenance) if p == PROV + "wasDerivedFrom"}
    assert {o.split("/")[-2] for o in origins if o.startswith("https://w3id.org/dart-kg/")} == {"source", "reference"}
    assert any(o.startswith("https://doi.org/10.") for o in origins)


def test_the_text_of_a_source_does_not_go_with_every_line(dart):
    assert not [name for name, d in written(nanopublications.write_nanopublications, dart).items() if b"ev:text" in d]


def test_a_line_that_no_longer_counts_lies_apart(retired):
    files = written(nanopublications.write_nanopublications, retired)
    assert [name for name in files if "/" in name] == ["retired/WITHDRAWN.trig"]
    assert b"ev:status ev:withdrawn" in files["retired/WITHDRAWN.trig"]
    assert len(files) == 2


def test_a_person_is_told_how_many_lines_lie_apart(retired, tmp_path):
    said = nanopublications.write_nanopublications(retired, tmp_path)
    assert said[1] == "1 that do not count lie in retired/; they are not to be published"


def test_lines_whose_ids_differ_only_in_case_or_are_long_have_files_of_their_own(study, edit):
    edit("codings/interview.yaml", "id: line-b8e5950a4d\n", "id: a\n")
    edit("codings/interview.yaml", "id: line-9a21dd3463\n", "id: A\n")
    names = list(written(nanopublications.write_nanopublications, kg.open(study)))
    assert len({name.casefold() for name in names}) == 2
    edit("codings/interview.yaml", "        id: a\n", f"        id: {'证' * 120}\n")
    names = list(written(nanopublications.write_nanopublications, kg.open(study)))
    assert max(len(name.encode()) for name in names) < 255


def test_a_written_nanopublication_can_be_signed(study, tmp_path):
    nanopublications.write_nanopublications(kg.open(study), tmp_path)
    profile = Profile(orcid_id="https://orcid.org/0000-0000-0000-0000", name="Test")
    signed = Nanopub(rdf=next(tmp_path.glob("*.trig")), conf=NanopubConf(profile=profile))
    signed.sign()
    assert signed.has_valid_signature
    assert signed.has_valid_trusty
    assert nanopublications.TEMPORARY not in signed.rdf.serialize(format="trig")


@settings(max_examples=examples(5))
@given(strategies.files())
def test_the_nanopublications_of_any_study_are_valid(made):
    with tempfile.TemporaryDirectory() as folder:
        graph = kg.open(strategies.write(Path(folder) / "study", made))
        files = written(nanopublications.write_nanopublications, graph)
        known = stored(graph)
        lines = {check_nanopublication(known, data) for data in files.values()}
        assert len(lines) == len(files) == len(graph.query("lines").rows)


# --- RO-Crate ---


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "crate"
    folder.mkdir()
    return folder


def test_a_crate_is_read_back_with_every_file_described(graph, home):
    crate.write_crate(graph, home)
    made = ROCrate(home)
    listed = {entity.id for entity in made.data_entities}
    assert {unquote(name) for name in listed} == set(files_of(home)) - {"ro-crate-metadata.json"}
    for entity in made.data_entities:
        data = (home / unquote(entity.id)).read_bytes()
        assert entity["sha256"] == hashlib.sha256(data).hexdigest()
        assert entity["contentSize"] == str(len(data))
        assert entity["encodingFormat"]
        assert entity["description"]


def test_a_crate_says_who_what_when_and_by_which_software(study, home):
    crate.write_crate(kg.open(study), home)
    made = ROCrate(home)
    root = made.root_dataset
    assert made.metadata["conformsTo"] == "https://w3id.org/ro/crate/1.3"
    assert (root["name"], root["datePublished"]) == ("Why volunteers stay", "2026-11-24")
    assert root["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    assert [author["name"] for author in many(root["author"])] == ["The coder"]
    (act,) = many(root["mentions"])
    assert (act.type, act["instrument"]["name"]) == ("CreateAction", "dart-kg")
    assert {e.id.split("/")[0] for e in act["object"]} == {"study"}
    assert {e.id.split("/")[0] for e in act["result"]} == {"results"}


def test_a_licence_that_covers_a_part_only_is_given_in_words_and_not_as_that_of_the_whole(dart, home):
    crate.write_crate(dart, home)
    given = ROCrate(home).root_dataset["license"]
    assert given.id == "#licence"
    assert given["name"].startswith("CC-BY-4.0 (codings")


def test_a_crate_is_what_ro_crate_1_3_requires(dart, home, monkeypatch):
    """By the validator of its authors; what it fetches, the names of RO-Crate, is had from the package rocrate."""
    import requests
    import rocrate
    from rocrate_validator.models import Severity
    from rocrate_validator.services import ValidationSettings, validate
    from urllib3 import HTTPResponse

    names = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()
    assert json.loads(names)["@id"] == "https://w3id.org/ro/crate/1.3/context"

    def fetched(adapter, request, **_):
        found = names if request.url == "https://w3id.org/ro/crate/1.3/context" else b""
        kind = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(io.BytesIO(found), kind, 200, preload_content=False, request_url=request.url)
        return adapter.build_response(request, raw)

    def issues():
        asked = ValidationSettings(
            rocrate_uri=str(home), profile_identifier="ro-crate-1.3", requirement_severity=Severity.REQUIRED
        )
        found = validate(asked)
        assert len(found.executed_checks) > 50
        return [issue.message for issue in found.get_issues()]

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", fetched)
    crate.write_crate(dart, home)
    assert issues() == []
    written = home / "ro-crate-metadata.json"
    made = json.loads(written.read_text("utf-8"))
    (root,) = (thing for thing in made["@graph"] if thing["@id"] == "./")
    del root["license"]
    written.write_text(json.dumps(made), "utf-8")
    assert any("license" in message for message in issues())


def test_the_study_in_a_crate_builds_to_the_graph_in_the_crate(study, home):
    crate.write_crate(kg.open(study), home)
    again = kg.open(home / "study")
    assert build.digest(again.folder) == digest_of((home / "results/study.nq").read_bytes())


def test_a_crate_has_the_files_that_the_study_lists_and_no_others(study, home):
    (study / "interviews.key").write_text("names of the volunteers")
    (study / "sources/unlisted.md").write_text("not for publication")
    crate.write_crate(kg.open(study), home)
    names = {name for name in files_of(home) if name.startswith("study/")}
    assert names == {
        *("study/study.yaml", "study/codebook.yaml", "study/concepts.yaml", "study/propositions.yaml"),
        *("study/references.json", "study/codings/interview.yaml", "study/codings/theory.yaml"),
        *("study/sources/interview.md", "study/sources/theory.txt"),
    }


def test_a_crate_is_not_made_of_files_that_the_graph_was_not_built_of(study, edit, home):
    graph = kg.open(study)
    edit("codings/interview.yaml", "Praise alone", "Praise by itself")
    with pytest.raises(KGError, match="built of other files"):
        crate.write_crate(graph, home)


def test_a_link_that_leads_out_of_the_study_is_not_followed_into_a_crate(study, home, tmp_path):
    graph = kg.open(study)
    secret = tmp_path / "elsewhere.yaml"
    shutil.move(study / "codings/theory.yaml", secret)
    (study / "codings/theory.yaml").symlink_to(secret)
    with pytest.raises(KGError, match="leads out of the study folder"):
        crate.write_crate(graph, home)


def test_a_name_that_leads_out_of_the_crate_writes_nothing_there(study, edit, home):
    """Such a name leads out of the study folder and back into it, so that the study can be built."""
    edit("study.yaml", "file: sources/theory.txt", "file: ../mine/sources/theory.txt")
    graph = kg.open(study.rename(study.with_name("mine")))
    with pytest.raises(KGError, match="leads out of the study folder"):
        crate.write_crate(graph, home)
    assert [path.name for path in home.iterdir()] == ["study"]


def test_a_study_in_which_nothing_has_a_day_is_no_crate_yet(study, home):
    for path in (study / "codings").glob("*.yaml"):
        path.unlink()
    text = (study / "propositions.yaml").read_text("utf-8")
    (study / "propositions.yaml").write_text(text[: text.index("searches:")], "utf-8")
    with pytest.raises(KGError, match="has a day yet"):
        crate.write_crate(kg.open(study), home)


@settings(max_examples=examples(5))
@given(strategies.files())
def test_the_crate_of_any_study_is_read_back(made):
    with tempfile.TemporaryDirectory() as folder:
        graph = kg.open(strategies.write(Path(folder) / "study", made))
        home = Path(folder) / "crate"
        home.mkdir()
        crate.write_crate(graph, home)
        assert ROCrate(home).root_dataset["datePublished"]


# --- All three ---

WRITERS = {
    "annotations": web_annotations.write_annotations,
    "nanopublications": nanopublications.write_nanopublications,
    "crate": crate.write_crate,
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_study_elsewhere_gives_the_same_bytes_another_day(name, study):
    files = written(WRITERS[name], kg.open(study))
    elsewhere = study.rename(study.with_name("elsewhere"))
    assert written(WRITERS[name], kg.open(elsewhere)) == files
    assert not [file for file, data in files.items() if str(study.parent).encode() in data]


@pytest.mark.parametrize(("name", "module"), [("nanopublications", "nanopub"), ("crate", "rocrate.rocrate")])
def test_a_missing_package_is_named_with_how_to_install_it(name, module, study, tmp_path, monkeypatch):
    graph = kg.open(study)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(StoreUnavailable, match=rf"{module.split('.')[0]}: pip install '\.\[export\]' in the checkout"):
        WRITERS[name](graph, tmp_path)
