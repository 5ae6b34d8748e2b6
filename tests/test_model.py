"""The model: no attribute of a record is forgotten, and what derives from it is what ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import model, records
from kg.kinds import KINDS

CLASSES = {
    "coder": records.Coder,
    "attribute": records.Attribute,
    "case": records.Case,
    "set": records.Set,
    "source": records.Source,
    "reference": records.Reference,
    "author": records.Author,
    "concept": records.Concept,
    "relation": records.Relation,
    "code": records.Code,
    "proposition": records.Proposition,
    "question": records.OpenQuestion,
    "search": records.Search,
    "excerpt": records.Excerpt,
    "citation": records.Citation,
    "coding": records.Coding,
    "assertion": records.Assertion,
    "line": records.EvidenceLine,
    "uncoded": records.Uncoded,
    "settlement": records.Settlement,
    "confidence": records.Confidence,
    "concern": records.Concern,
}
NOT_STATED = {
    *(("source", field) for field in ("body", "values", "original", "places", "pages", "speakers")),
    *(("author", field) for field in ("literal", "organisation")),
    ("case", "attributes"),
}
"""What has no predicate of its own: another field says it, passages carry it, or each value has its attribute for one."""


def test_every_kind_has_a_model():
    assert set(model.MODEL) == set(KINDS)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_attribute_of_a_record_is_a_field(kind):
    made = model.MODEL[kind]
    stated = {field.name for field in made.fields} | set(made.id)
    assert {(kind, name) for name in CLASSES[kind].model_fields} - {(kind, name) for name in stated} <= NOT_STATED
    written = {field.name for field in made.fields if not field.derived}
    assert all(hasattr(CLASSES[kind], name) or name in CLASSES[kind].model_fields for name in written)


@pytest.mark.parametrize("kind", model.MODEL)
def test_a_key_of_the_property_graph_means_one_thing(kind):
    meant = {(field.key, field.predicate) for field in model.MODEL[kind].fields}
    assert len(meant) == len({key for key, _ in meant})


def test_a_record_names_the_kind_it_holds_and_no_other_value_does():
    for made in model.MODEL.values():
        for field in made.fields:
            assert (field.holds == model.RECORD) == bool(field.of)
            assert field.of in {"", *KINDS}


def test_the_context_that_ships_is_that_of_the_model():
    shipped = Path(__file__).parent.parent / "ontology/context.jsonld"
    assert json.loads(shipped.read_text("utf-8"))["@context"] == model.context(), "python -m kg.model writes it anew"
