"""Support that is none: what other tools let pass is refused here."""

from __future__ import annotations

import pytest
from helpers import accept, errors, repin

from kg import check
from kg.errors import StudyError
from kg.loaders import study as loader
from kg.store import build


def rules(folder):
    return {f.rule for f in errors(folder)}


def test_an_invented_quote(study, edit):
    edit("codings/interview.yaml", "quote: Two of us left although", "quote: Three of us left although")
    (found,) = errors(study)
    assert found.rule == "quote-not-found"
    assert "Two of us left" in found.mend


def test_a_real_quote_given_to_the_wrong_source(study, edit):
    edit(
        "codings/theory.yaml",
        "quote: Pay has no part in it.",
        "quote: Two of us left although they were praised every week.",
    )
    (found,) = errors(study)
    assert (found.rule, found.mend) == ("quote-not-found", "it stands in interview")


def test_a_quote_without_a_source(study, edit):
    edit("codings/interview.yaml", "source: interview\n", "")
    assert rules(study) == {"invalid-value"}


@pytest.mark.parametrize("quote", ["Interview at the soup kitchen", "I01", "@interview2026", "[I02]"])
def test_a_quote_that_matches_only_a_heading_a_label_or_a_citation(study, edit, quote):
    edit("codings/interview.yaml", "quote: Two of us left although they were praised every week.", f'quote: "{quote}"')
    assert rules(study) == {"quote-not-in-body"}


def test_a_quote_that_matches_only_front_matter(study, edit):
    edit("sources/interview.md", "# Interview", "---\nabstract: Praise was given freely.\n---\n\n# Interview")
    repin(study)
    edit(
        "codings/interview.yaml",
        "quote: Two of us left although they were praised every week.",
        "quote: Praise was given freely.",
    )
    assert rules(study) == {"quote-not-in-body"}


def test_a_lookalike_after_the_true_sentence_was_deleted(study, edit):
    edit(
        "sources/interview.md",
        "Two of us left although they were praised every week.",
        "Two of us left because they were praised every week.",
    )
    repin(study)
    (found,) = errors(study)
    assert found.rule == "quote-not-found"
    assert "because they were praised" in found.mend


def test_an_ellipsis_that_swallows_a_negation(study, edit):
    edit("sources/theory.txt", "Pay has no part in it.", "Pay does not lengthen the time.")
    repin(study)
    edit("codings/theory.yaml", "quote: Pay has no part in it.", "quote: Pay … lengthen the time.")
    (found,) = errors(study)
    assert found.rule == "quote-not-found"
    assert "'not'" in found.mend


def test_a_quote_that_stands_twice_shows_both_places_until_a_prefix_decides(study, edit):
    edit("sources/theory.txt", "Pay has no part in it.", "Pay has no part in it. As said: Pay has no part in it.")
    repin(study)
    (found,) = errors(study)
    assert found.rule == "quote-ambiguous"
    assert "49: " in found.mend
    assert "81: " in found.mend
    edit(
        "codings/theory.yaml", "quote: Pay has no part in it.", "quote: Pay has no part in it.\n    prefix: 'As said: '"
    )
    assert [e.start for e in loader.load(study).study.excerpts if e.source == "theory"] == [0, 81]


def test_the_theory_as_evidence_for_itself(study, edit):
    line = "    evidence:\n      - {proposition: P2, stance: supports, strength: strong, rationale: It says so.}\n"
    edit("codings/theory.yaml", "    asserts: [P2]\n", line)
    assert rules(study) == {"theory-as-evidence"}


def test_the_theory_as_a_further_passage_of_an_evidence_line(study, edit):
    also = "        also: [{quote: Pay has no part in it., source: theory}]\n        stance: opposes"
    edit("codings/interview.yaml", "        stance: opposes", also)
    assert rules(study) == {"theory-as-evidence"}


def test_case_material_that_asserts(study, edit):
    edit("codings/interview.yaml", "    memo: Praise", "    asserts: [P1]\n    memo: Praise")
    assert rules(study) == {"assertion-outside-theory"}


def test_a_quote_cut_inside_a_word_is_a_warning(study, edit):
    edit("codings/theory.yaml", "quote: Pay has no part in it.", "quote: ay has no part in it.")
    (found,) = [f for f in loader.load(study).findings if f.rule == "cut-mid-word"]
    assert (found.severity, found.line) == ("warning", 8)
    assert "'P|ay'" in found.message


def test_a_withdrawn_line_without_day_and_reason(study, edit):
    edit("codings/interview.yaml", "stance: opposes", "status: withdrawn\n        stance: opposes")
    assert rules(study) == {"undated-status"}


def test_a_superseded_line_without_successor(study, edit):
    status = "status: superseded\n        status_date: 2026-11-24\n        status_reason: Better told elsewhere.\n"
    edit("codings/interview.yaml", "stance: opposes", f"{status}        stance: opposes")
    assert rules(study) == {"superseded-by-nothing"}


def test_a_graph_whose_quote_was_changed_behind_our_back(study):
    from pyoxigraph import Literal, NamedNode, Quad, Store

    build.build(study)
    built = build.current(study)
    store = Store(str(built / build.STORE))
    exact = NamedNode("http://www.w3.org/ns/oa#exact")
    quad = next(q for q in store if q.predicate == exact and "Two of us" in q.object.value)
    store.remove(quad)
    store.add(Quad(quad.subject, exact, Literal("Three of us left."), quad.graph_name))
    store.flush()
    del store
    accept(built)
    found = [f for f in check.check(study) if f.rule == "quote-not-in-source"]
    assert [(f.file, f.line) for f in found] == [("codings/interview.yaml", 14)]


@pytest.mark.slow
def test_every_character_counts(study):
    """Change one character of every quote and every quoted stretch of a source: each change is caught."""
    caught = changed = 0
    for name in ("codings/theory.yaml", "codings/interview.yaml"):
        whole = (study / name).read_text("utf-8")
        for line in [x for x in whole.splitlines() if "quote: " in x]:
            start = whole.index(line) + line.index("quote: ") + len("quote: ")
            for at in range(start, whole.index(line) + len(line)):
                if whole[at] == " ":
                    continue
                (study / name).write_text(whole[:at] + ("x" if whole[at] != "x" else "y") + whole[at + 1 :], "utf-8")
                changed += 1
                caught += _refused(study)
        (study / name).write_text(whole, "utf-8")
    quotes = [(e.source, e.start, e.end) for e in loader.load(study).study.excerpts]
    for name, source in (("sources/theory.txt", "theory"), ("sources/interview.md", "interview")):
        whole = (study / name).read_text("utf-8")
        for at in [i for s, start, end in quotes if s == source for i in range(start, end)]:
            (study / name).write_text(whole[:at] + ("x" if whole[at] != "x" else "y") + whole[at + 1 :], "utf-8")
            repin(study)
            changed += 1
            caught += _refused(study)
        (study / name).write_text(whole, "utf-8")
    assert changed > 300
    assert caught == changed


def _refused(folder) -> bool:
    try:
        loader.load(folder)
    except StudyError:
        return True
    return False
