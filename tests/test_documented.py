"""A command, query, rule or term that is undocumented fails here; so does a transcript that is not true."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
import re
import runpy
from pathlib import Path

import pytest
import typer

import kg.loaders
from kg import check, cli, query, scaffold
from kg.entries import FILES
from kg.errors import RULES
from kg.language.shipped import table

ROOT = Path(__file__).parent.parent
DOCS = {p.name: p.read_text("utf-8") for p in [*ROOT.glob("docs/*.md"), ROOT / "README.md"]}


def commands():
    return sorted(c.name or c.callback.__name__.rstrip("_") for c in cli.app.registered_commands)


@pytest.mark.parametrize("name", commands())
def test_a_command_is_documented_and_has_an_example_and_json(name):
    assert re.search(rf"^\| `kg {name}\b", DOCS["commands.md"], re.MULTILINE)
    command = typer.main.get_command(cli.app).commands[name]
    assert f"Example: kg {name}" in command.help
    assert any("--json" in p.opts for p in command.params)


@pytest.mark.parametrize("name", query.names())
def test_a_query_is_documented(name):
    section = DOCS["queries.md"].split(f"## `{name}`\n", 1)[1].split("\n## ", 1)[0]
    asked = query.named(name)
    assert asked.description in section
    for word, meaning in [*asked.parameters.items(), *asked.columns.items()]:
        assert f"`{word}` ({meaning})" in section


@pytest.mark.parametrize("name", ["options", "python"])
def test_a_page_that_the_code_says_by_itself_is_what_it_says(name):
    assert runpy.run_path(str(ROOT / "docs/documented.py"))[name]() == DOCS[f"{name}.md"]


def test_the_first_page_names_the_wheel_of_this_version():
    import tomllib

    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    named = set(re.findall(r"dart_kg-([\w.]+)-py3", "".join(DOCS.values())))
    assert named == {version}


def test_every_rule_is_documented():
    for rule, meaning in RULES.items():
        assert f"| `{rule}` | {meaning} |" in DOCS["rules.md"]


def test_every_operation_is_documented_with_its_examples():
    for name, entry in table("operations")["operation"].items():
        english, chinese = entry["example"]["en"], entry["example"]["zh"]
        assert f"| `{name}` | {entry['is']} | {english} | {chinese} |" in DOCS["asking.md"]


@pytest.mark.parametrize("vocabulary", ["dart", "evidence"])
def test_every_term_has_two_labels_a_definition_its_origin_and_a_line_in_the_docs(vocabulary):
    from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, URIRef

    graph = Graph().parse(ROOT / "ontology" / f"{vocabulary}.ttl")
    root = f"https://w3id.org/dart-kg/{vocabulary}#"
    terms = {s for s in graph.subjects(RDF.type, None) if isinstance(s, URIRef) and str(s).startswith(root)}
    assert len(terms) > 40
    for term in terms:
        labels = [*graph.objects(term, SKOS.prefLabel), *graph.objects(term, RDFS.label)]
        assert sorted(x.language for x in labels) == ["en", "zh"], term
        (definition,) = graph.objects(term, SKOS.definition)
        (origin,) = graph.objects(term, DCTERMS.source)
        english = next(x for x in labels if x.language == "en")
        name = str(term).removeprefix(root)
        row = rf"^\| `{re.escape(name)}` \| {re.escape(english)} \| .*{re.escape(definition)} \| {re.escape(origin)} \|"
        assert re.search(row, DOCS["ontology.md"], re.MULTILINE), term


def test_every_own_term_that_the_graph_uses_is_defined_and_every_predicate_has_a_short_name(dart):
    from rdflib import Graph

    defined = {str(s) for s in Graph().parse(ROOT / "ontology/evidence.ttl").subjects()}
    used = {
        str(x)
        for triple in dart.rdf.triples((None, None, None))
        for x in triple[:3]
        if str(x).startswith("https://w3id.org/dart-kg/evidence#")
    }
    assert used <= defined
    context = json.loads((ROOT / "ontology/context.jsonld").read_text("utf-8"))["@context"]
    prefixes = {k: v for k, v in context.items() if isinstance(v, str) and v.endswith(("#", "/"))}
    named = {v["@id"] if isinstance(v, dict) else v for v in context.values() if not isinstance(v, float)}
    known = {
        prefixes.get(n.split(":")[0], "") + n.split(":", 1)[1] for n in named if ":" in n and not n.startswith("http")
    }
    predicates = {q.predicate.value for q in dart.store if "/graph/" in q.graph_name.value}
    assert predicates - known == {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_schemas_that_ship_are_those_of_the_models(name):
    assert (ROOT / f"seeds/dart/schema/{name}.json").read_text("utf-8") == scaffold.schema(name)


def test_every_yaml_file_that_ships_names_its_schema_and_fulfils_it():
    import jsonschema
    import yaml

    class AsEditorsRead(yaml.SafeLoader):
        """YAML's own types but for days, which are text in JSON Schema."""

    AsEditorsRead.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in some if tag != "tag:yaml.org,2002:timestamp"]
        for first, some in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    seen = set()
    for folder in ("dart", "template"):
        for file in sorted((ROOT / "seeds" / folder).rglob("*.yaml")):
            text = file.read_text("utf-8")
            name = re.match(r"# yaml-language-server: \$schema=(?:\.\./)?schema/(\w+)\.json\n", text)[1]
            content = yaml.load(text, Loader=AsEditorsRead)
            jsonschema.validate(content, json.loads(scaffold.schema(name)), jsonschema.Draft202012Validator)
            seen.add(name)
    assert seen == set(FILES)


TRANSCRIPTS = runpy.run_path(str(ROOT / "docs/transcripts.py"))


@pytest.mark.slow
@pytest.mark.parametrize("page", TRANSCRIPTS["PAGES"], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_transcripts_of_the_first_pages_are_what_is_printed(page):
    written = page.read_text("utf-8")
    assert "```console" in written
    assert TRANSCRIPTS["rewritten"](written) == written


def test_documents_are_added_as_the_page_of_the_study_says(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    study = scaffold.init(tmp_path / "my-study")
    command, printed = re.search(r"```console\n\$ kg (add .*)\n((?:.*\n)*?)```", DOCS["study.md"]).groups()
    monkeypatch.chdir(ROOT)
    ran = CliRunner().invoke(cli.app, command.replace("my-study", str(study)).split())
    assert ran.output == printed
    (entry,) = re.findall(r"```yaml\n(  - id: li\n(?:.*\n)*?)```", DOCS["study.md"])
    assert entry in (study / "study.yaml").read_text("utf-8")
    (coding,) = re.findall(r"```yaml\n# codings/focus.yaml\n((?:.*\n)*?)```", DOCS["study.md"])
    (study / "codings/focus.yaml").write_text(coding, "utf-8")
    command, printed = re.search(r"```console\n\$ kg (cite .*)\n((?:.*\n)*?)```", DOCS["study.md"]).groups()
    ran = CliRunner().invoke(cli.app, command.replace("my-study", str(study)).split())
    assert ran.output == printed


def test_every_public_name_is_listed_and_documented():
    import kg

    assert kg.__all__ == sorted(kg.__all__)
    for name in kg.__all__:
        assert getattr(kg, name).__doc__
    for method in (m for m in dir(kg.Graph) if not m.startswith("_")):
        assert "Example:" in (getattr(kg.Graph, method).__doc__ or "") or method == "resolve"


def test_no_link_between_documents_is_broken():
    for name, text in DOCS.items():
        base = ROOT if name == "README.md" else ROOT / "docs"
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (base / target).exists(), (name, target)


def test_every_label_and_relationship_of_the_property_graph_is_documented():
    from kg.property_graph import projection

    page = DOCS["cypher.md"]
    model = page.split("## The model")[1].split("## Read only")[0]
    assert set(projection.PROPERTIES) <= set(re.findall(r"`(\w+)`", model.split("```")[0]))
    assert set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)*\b", model)) >= projection.TYPES
    for label in projection.PROPERTIES:
        for key in projection.keys(label) - {"study", "id", "iri"}:
            assert f"`{key.removesuffix('Zh')}`" in model, (label, key)
    assert set(re.findall(r"`(\w+_text)`", model)) == set(projection.FULL_TEXT)


def test_every_form_of_export_is_documented():
    from kg import exports

    for name in exports.FORMATS:
        assert f"`{name}`" in DOCS["exchange.md"]


LOADERS = [m.name for m in pkgutil.walk_packages(kg.loaders.__path__, "kg.loaders.")]


@pytest.mark.parametrize("name", ["kg.loaders", *LOADERS])
def test_the_examples_of_the_loaders_hold(name):
    """pytest looks for examples by file, and would import these files by a name that nothing else uses."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_loaders_have_one_name():
    ours = [p for folder in ("kg", "loaders", "tests", "bench") for p in (ROOT / folder).rglob("*.py")]
    assert [p for p in ours if re.search(r"^\s*(from|import) loaders\b", p.read_text("utf-8"), re.MULTILINE)] == []
    assert Path(kg.loaders.__file__) == ROOT / "loaders" / "__init__.py"


def test_a_study_without_an_example_has_nothing_in_it_and_builds(tmp_path):
    study = scaffold.init(tmp_path / "Nights: 2026", empty=True)
    graph = kg.open(study)
    assert graph.id == scaffold.study_id("Nights: 2026")
    assert graph.query("claims").rows == graph.query("sources").rows == []
    assert [one for one in check.check(study) if one.severity != "note"] == []
