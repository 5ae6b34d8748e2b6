"""Reports: counts that can be checked by hand, independence, and what is missing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg import check, claims
from kg.errors import KGError, UnknownTerm
from kg.query import Table
from kg.reports import plots
from kg.reports.report import Report
from kg.store import build

SECOND = """source: interview
coder: you
date: 2026-11-24
excerpts:
  - {quote: Every Friday the coordinator tells me what went well, codes: [weekly-feedback]}
  - {quote: Two of us left although they were praised every week., codes: [belonging]}
  - {quote: The guests know my name by now, codes: [belonging]}
"""


@pytest.fixture
def coded_twice(study, edit):
    edit("codebook.yaml", "level: axial", "level: selective")
    edit("codebook.yaml", "  - id: belonging\n    level: open", "  - id: belonging\n    level: selective")
    edit(
        "study.yaml",
        "  - {id: me, name: The coder}",
        "  - {id: me, name: The coder}\n  - {id: you, name: Another, note: Saw the text only.}",
    )
    (study / "codings/second.yaml").write_text(SECOND, "utf-8")
    return study


def test_the_matrix_counts_evidence_lines_by_case_and_stance(study):
    found = kg.open(study).report("matrix")
    assert found.table.columns == ("claim", "state", "kitchen", "literature", "quotes", "independent", "statement")
    assert found.table.rows[0][:6] == ("P1", "contested", "+1 −1", "none", 2, 1)
    assert found.table.rows[1][:6] == ("P2", "looked for evidence, found none", "none", "none", 0, 0)


def test_the_matrix_agrees_with_the_query_of_the_same_numbers(dart):
    rows = {(r["claim"], r["case"], r["stance"]): r["lines"] for r in dart.query("cross-case-matrix").dicts()}
    found = {}
    for row in dart.report("matrix").table.dicts():
        for case in ("haier", "xiaomi", "afu"):
            for part in str(row[case]).split() if row[case] != "none" else ():
                stance = next(s for s, sign in claims.SIGNS.items() if sign == part[0])
                found[row["claim"], case, stance] = int(part[1:])
    assert found == rows


def test_two_passages_on_one_reference_are_one_witness_and_a_warning(study, edit):
    edit("codings/interview.yaml", "stance: opposes", "stance: supports")
    notes = kg.open(study).report("matrix").notes
    assert "P1 supports: 2 quotes, but only 1 independent of each other" in notes


KEYS = st.lists(st.sampled_from("abcdef"), max_size=3).map(tuple)


@given(st.lists(KEYS, max_size=8))
def test_witnesses_are_never_more_than_passages_nor_than_what_they_rest_on(keys):
    blank = claims.Passage("s:0-1", "s", None, None, 0, 1, "a", (), ())
    found = [replace(blank, id=f"s:{n}-{n + 1}", references=k) for n, k in enumerate(keys)]
    few = claims.witnesses(found)
    assert few <= len(found)
    assert few <= len({x for k in keys for x in k}) + any(not k for k in keys)
    assert few == claims.witnesses(found[::-1])
    assert few >= 1 or not found


def test_saturation_counts_the_codes_no_source_before_had(study):
    found = kg.open(study).report("saturation")
    assert found.table.rows == [("interview", 3, 3, 2, 2, 2)]
    assert [n for n, _ in found.curve] == [1, 1, 2]


def test_saturation_is_counted_by_case_in_the_order_of_the_study_and_by_paragraph(study, edit):
    file = study / "study.yaml"
    (study / "sources/talk.md").write_text("Nobody asked us.\n\nPraise came every day.\n", "utf-8")
    text = file.read_text("utf-8")
    case = re.search(r"case: (\w+)", text)[1]
    file.write_text(f"{text}  - {{id: talk, file: sources/talk.md, title: Talk, role: literature}}\n", "utf-8")
    (study / "codings/talk.yaml").write_text(
        "source: talk\ncoder: me\ndate: 2026-11-25\nexcerpts:\n"
        "  - {quote: Nobody asked us., codes: [belonging]}\n  - {quote: Praise came every day., codes: [recognition]}\n",
        "utf-8",
    )
    graph = kg.open(study)
    by_case = graph.report("saturation", unit="case").table
    assert by_case.columns[0] == "case"
    assert by_case.rows == [(case, 3, 3, 2, 2, 2), ("literature", 2, 2, 2, 1, 3)]
    by_paragraph = graph.report("saturation", unit="paragraph").table
    assert by_paragraph.columns == ("paragraph", "codings", "codes", "new codes", "codes so far")
    assert [row[-2:] for row in by_paragraph.rows] == [(1, 1), (0, 1), (1, 2), (0, 2), (1, 3)]
    assert graph.report("saturation", unit="source").table.rows == graph.report("saturation").table.rows
    with pytest.raises(UnknownTerm, match="unit of saturation"):
        graph.report("saturation", unit="sentence")


def by_family(study):
    rows = kg.open(study).report("agreement").table.dicts()
    return {row["name"]: row for row in rows if row["on"] in ("family", "families")}


def test_agreement_is_that_of_a_hand_calculation(coded_twice):
    # Recognition: me 1 1 0, you 1 0 0. Disagreement observed: 2 of the 6 values that can be paired;
    # expected: 2 * 3 ones * 3 zeros of 6 * 5 pairs. Alpha = 1 - (2 / 6) / (18 / 30) = 0.44.
    found = by_family(coded_twice)
    assert found["recognition"] == {
        "on": "family", "name": "recognition", "coders": "me, you", "units": 3, "agree": 2, "differ": 1,
        "percent": 66.7, "alpha": 0.44,
    }  # fmt: skip
    assert (found[""]["units"], found[""]["agree"], found[""]["percent"]) == (6, 4, 66.7)


def test_a_paragraph_to_which_one_coder_gave_no_code_counts_as_judged_by_both(coded_twice):
    second = coded_twice / "codings/second.yaml"
    text = second.read_text("utf-8")
    without = "\n".join(line for line in text.splitlines() if "Two of us left" not in line)
    second.write_text(
        without.replace("excerpts:", "uncoded: [{paragraph: I02, memo: No code fits.}]\nexcerpts:"), "utf-8"
    )
    found = by_family(coded_twice)
    assert (found["recognition"]["units"], found["recognition"]["differ"]) == (3, 1)
    rows = [r for r in kg.open(coded_twice).report("disagreements").table.dicts() if r["name"] == "recognition"]
    assert [(r["where"], r["coder"], r["judged"], r["codes or reason"]) for r in rows] == [
        ("I02", "me", "given", "weekly-feedback"),
        ("I02", "you", "not given", "No code fits."),
    ]


def test_a_disagreement_is_listed_until_it_is_settled(coded_twice):
    def settled():
        rows = kg.open(coded_twice).report("disagreements").table.dicts()
        return {r["settled"] for r in rows if (r["on"], r["name"], r["where"]) == ("family", "recognition", "I02")}

    assert settled() == {""}
    assert "Saw the text only." in " ".join(kg.open(coded_twice).report("agreement").notes)
    (coded_twice / "agreement.yaml").write_text(
        "settlements:\n  - {source: interview, paragraph: I02, family: recognition, decision: given, reason: Praise is named., coder: me, date: 2026-11-24}\n",
        "utf-8",
    )
    assert settled() == {"given (me, 2026-11-24): Praise is named."}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("I02", "I07", "unknown-paragraph"),
        ("recognition,", "weekly-feedback,", "unknown-code"),
        ("coder: me", "coder: us", "unknown-coder"),
    ],
)
def test_a_settlement_of_what_is_not_there_is_refused(coded_twice, old, new, rule):
    from tests.helpers import errors

    text = "settlements:\n  - {source: interview, paragraph: I02, family: recognition, decision: given, reason: Praise., coder: me, date: 2026-11-24}\n"
    (coded_twice / "agreement.yaml").write_text(text.replace(old, new), "utf-8")
    assert [(f.rule, f.file, f.line) for f in errors(coded_twice)] == [(rule, "agreement.yaml", 2)]


def test_agreement_needs_two_coders(study):
    with pytest.raises(KGError, match="two coders"):
        kg.open(study).report("agreement")


def test_gaps_name_what_has_no_quote(study):
    rows = {(r["gap"], r["id"]) for r in kg.open(study).report("gaps").table.dicts()}
    assert rows >= {
        ("claim without evidence", "P2"), ("claim with a single witness", "P1"), ("case without support for some", "kitchen"),
        ("concept without quotes", "pay"), ("looked for in vain", "S1"),
    }  # fmt: skip


def test_one_reference_through_two_documents_is_seen(study, edit):
    (study / "sources/more.md").write_text("[M01] Feedback keeps us. [@interview2026]\n", "utf-8")
    edit(
        "study.yaml",
        "    case: kitchen\n",
        "    case: kitchen\n  - {id: more, file: sources/more.md, title: More, role: literature}\n",
    )
    (study / "codings/more.yaml").write_text(
        "source: more\ncoder: me\ndate: 2026-11-24\nexcerpts:\n  - quote: Feedback keeps us.\n    evidence:\n      - {proposition: P1, stance: supports, strength: weak, rationale: Says so.}\n",
        "utf-8",
    )
    rows = {r["gap"]: r["detail"] for r in kg.open(study).report("gaps").table.dicts()}
    assert (
        rows["claim on one reference through several documents"] == "2 quotes in interview, more rest on one reference"
    )


def test_the_audit_says_who_did_what_when(study):
    rows = kg.open(study).report("audit").table.rows
    assert rows == [
        ("2026-11-24", "me", None, "search", 1),
        ("2026-11-24", "me", "interview", "coding", 3),
        ("2026-11-24", "me", "interview", "evidence line", 2),
        ("2026-11-24", "me", "theory", "assertion", 2),
    ]


@pytest.mark.filterwarnings("error")
def test_a_plot_with_chinese_has_its_words_as_text_and_warns_of_no_font():
    made = Report("saturation", "编码饱和", (), Table(("source",), []), curve=((1, "访谈一"), (3, "")))
    drawn = plots.svg(made)
    assert "编码饱和" in drawn
    assert "访谈一" in drawn


def test_a_plot_has_the_same_bytes_each_time_and_no_date(study):
    found = kg.open(study).report("saturation")
    assert plots.svg(found) == plots.svg(found)
    assert "<dc:date>" not in plots.svg(found)
    with pytest.raises(KGError, match="no plot"):
        plots.svg(kg.open(study).report("audit"))


def test_the_supplement_shows_every_quote_and_escapes_what_a_study_says(study, edit):
    edit("codings/interview.yaml", "rationale: Volunteers left", "rationale: <script>alert(1)</script> Volunteers left")
    made = kg.open(study).supplement()
    assert "<script" not in made
    assert "&lt;script&gt;" in made
    for quote in (
        "Two of us left although they were praised every week.",
        "No quote supports, opposes or qualifies this claim.",
    ):
        assert quote in made


def test_marked_references_lower_a_line_one_step_and_say_so(study, edit):
    def lines():
        (claim,) = (c for c in kg.open(study).ask("what supports feedback").claims if c.id == "P1")
        return {(n.stance, n.stated, n.strength, n.lowered) for n in claim.lines}

    assert lines() == {("supports", "moderate", "moderate", None), ("opposes", "weak", "weak", None)}
    edit("references.json", '"note":', '"custom": {"marks": ["promotional", "company"]}, "note":')
    assert lines() == {
        ("supports", "moderate", "weak", "company, promotional"),
        ("opposes", "weak", "weak", None),
    }


def test_what_has_no_publication_can_be_left_out_by_one_switch(study, edit):
    from tests.helpers import repin

    edit("sources/interview.md", "every week. [@interview2026]", "every week. [@uncited]")
    edit("codings/interview.yaml", "strength: weak", "strength: strong")
    repin(study)
    graph = kg.open(study)
    (line,) = (n for c in graph.ask("what supports feedback").claims for n in c.of("opposes"))
    assert (line.strength, line.lowered) == ("moderate", "uncited")
    edit("study.yaml", "license: CC-BY-4.0", "license: CC-BY-4.0\nuncited: leave-out")
    assert not [n for c in kg.open(study).ask("what supports feedback").claims for n in c.of("opposes")]
    (note,) = (f for f in check.check(study) if f.rule == "uncited-left-out")
    assert (note.severity, note.message) == ("note", "1 passage of a paragraph marked [@uncited] was left out")
    assert build.build(study).digest


def test_a_paragraph_without_code_or_memo_is_said(study, edit):
    edit(
        "codings/interview.yaml",
        "  - quote: The guests know my name by now, so I would miss them.\n    codes: [belonging]\n",
        "",
    )
    edit(
        "codebook.yaml",
        "  - id: belonging\n    level: open\n    label: {en: Belonging}\n    definition: Being known by the guests. Fits no proposition, so it is kept as a rival explanation.\n",
        "",
    )
    assert [f.rule for f in check.check(study)] == ["paragraph-uncoded"]
    edit("codings/interview.yaml", "coder: me\n", "coder: me\nuncoded: [{paragraph: I03, memo: Not about feedback.}]\n")
    assert check.check(study) == []
    assert kg.open(study).query("uncoded-paragraphs").dicts()[0]["memo"] == "Not about feedback."


def test_the_supplement_begins_with_the_map_of_the_theory(dart):
    made = dart.supplement()
    drawn = made[made.index('<h2 id="map">') : made.index('<h2 id="matrix">')]
    assert "P17: dialogue plays the role of main line; contested; 18 for, 3 against, 6 qualifying" in drawn
    assert 'width="712"' in drawn
    assert '<a href="#map">' in made
