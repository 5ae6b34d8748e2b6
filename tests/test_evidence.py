"""The bundled study's evidence keeps the rules that docs/evidence.md states."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from kg import paths
from kg.loaders import markdown

FOLDER = paths.shipped("seeds") / "dart"
LEAST = {"haier": 35, "xiaomi": 35, "afu": 20, "literature": 35}
NO_PUBLISHERS = (
    "researchgate.net",
    "repec.org",
    "acemap.info",
    "researcher.life",
    "joomag.com",
    "blogs.com",
    "ncbi.nlm.nih.gov",
)


@pytest.mark.parametrize("name", LEAST)
def test_paragraphs_are_labelled_short_and_cited(name):
    text = (FOLDER / f"sources/{name}.md").read_text("utf-8")
    found = markdown.paragraphs(text, "")
    assert len({p.id for p in found}) == len(found) >= LEAST[name]
    for paragraph in found:
        words = text[paragraph.start : paragraph.end].split()
        assert re.fullmatch(r"[HXAT]\d\d", paragraph.id)
        assert 25 <= len(words) <= 90, paragraph.id
        assert paragraph.references == ("uncited",) or "uncited" not in paragraph.references
        assert paragraph.references, paragraph.id
        assert "Reading:" not in words


def test_references_are_many_and_link_only_to_who_published_them():
    references = json.loads((FOLDER / "references.json").read_text("utf-8"))
    assert len(references) >= 120
    for reference in references:
        assert not any(host in reference.get("URL", "") for host in NO_PUBLISHERS), reference["id"]
        if "unlinked" in reference.get("note", ""):
            assert "unlinked" in reference["custom"]["marks"], reference["id"]


def test_every_open_code_has_its_rules_and_an_anchor_quote(dart):
    codes = dart.query("codebook").dicts()
    opened = [c for c in codes if c["level"] == "open"]
    assert len(opened) >= 60
    assert all(c["definition"] and c["include"] and c["exclude"] and c["anchor"] and c["broader"] for c in opened)
    assert {c["paradigm"] for c in codes if c["level"] == "axial"} == {"condition", "action", "consequence"}


def test_codings_are_many_and_every_paragraph_has_one_or_a_reason(dart):
    codings = dart.query("codings").dicts()
    assert len(codings) >= 250
    touched = {(c["source"], c["paragraph"]) for c in codings} | {
        (m["source"], m["paragraph"]) for m in dart.query("uncoded-paragraphs").dicts()
    }
    for name in LEAST:
        text = (FOLDER / f"sources/{name}.md").read_text("utf-8")
        assert {(name, p.id) for p in markdown.paragraphs(text, "")} <= touched


def test_a_fifth_of_the_evidence_opposes_or_qualifies_and_afu_shows_no_customers_at_work(dart):
    matrix = dart.query("cross-case-matrix").dicts()
    counts = Counter()
    for row in matrix:
        counts[row["stance"]] += row["lines"]
    assert (counts["opposes"] + counts["qualifies"]) * 5 >= sum(counts.values())
    assert not [r for r in matrix if r["case"] == "afu" and r["stance"] == "supports"]


def test_the_gaps_name_risk_assessment_and_afu(dart):
    gaps = {(r["gap"], r["id"]) for r in dart.report("gaps").table.dicts()}
    assert ("concept without a claim", "risk-assessment") in gaps
    assert ("case without support", "afu") in gaps


def test_rival_explanations_are_kept(dart):
    rivals = {r["code"] for r in dart.query("rival-explanations").dicts()}
    assert {"job-cuts", "price-advantage", "channel-and-market", "unpaid-work"} & rivals


def test_what_has_no_publication_is_no_strong_evidence(dart):
    for row in dart.query("lines").dicts():
        for found in dart.query("trace-line", id=row["id"]).dicts():
            if found["link"] in ("supports", "opposes", "qualifies") and found["lowered"]:
                assert found["strength"] != "strong"
