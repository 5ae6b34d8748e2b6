"""Questions for claims that have evidence of one kind alone, checked against the counts of all evidence."""

from __future__ import annotations

import pytest
from questioning import ask, asked

from kg.claims import LITERATURE, STANCES


def having(name, test, stance="supports"):
    """Return the ids of the claims whose holders of evidence of a stance pass a test."""
    claims = ask(name, "所有命题" if name == "yiliao" else "all claims").claims
    return [claim.id for claim in claims if test({case for case, n in claim.by_case[stance].items() if n})]


@pytest.mark.parametrize(
    ("name", "question", "holds"),
    [
        ("dart", "claims supported by the literature but by none of the cases", lambda h: h == {LITERATURE}),
        ("dart", "which claims have support in the literature but none in any case", lambda h: h == {LITERATURE}),
        ("dart", "supported in the cases but not in the literature", lambda h: h and LITERATURE not in h),
        ("dart", "claims backed by Haier but by no publication", lambda h: "haier" in h and LITERATURE not in h),
        ("dart", "claims which Haier supports but no other case", lambda h: h - {LITERATURE} == {"haier"}),
        ("dart", "除了文献没有别的支持的命题", lambda h: h == {LITERATURE}),
        ("cycling", "claims the literature supports but no city", lambda h: h == {LITERATURE}),
        ("cycling", "claims supported by the cities and not by the literature", lambda h: h and LITERATURE not in h),
        ("yiliao", "除了南苑没有其他支持的命题", lambda h: h == {"nanyuan"}),
        ("yiliao", "claims supported by the literature but by no hospital", lambda h: h == {LITERATURE}),
    ],
)
def test_claims_are_listed_whose_evidence_is_of_one_kind_alone(name, question, holds):
    answer = ask(name, question)
    assert answer.operation == "claims"
    assert [claim.id for claim in answer.claims] == having(name, holds)
    # What chose them stands in the first line.
    assert any(word in answer.reading for word in ("and not", "alone", "只有"))


def test_how_many_there_are_is_counted_by_the_same_rule():
    listed = ask("dart", "claims supported by the literature but by no case")
    assert ask("dart", "how many claims are supported by the literature but by no case").headline == (
        f"{len(listed.claims)} claims."
    )


@pytest.mark.parametrize(
    ("question", "stance"),
    [
        ("claims that have only qualifying evidence", "qualifies"),
        ("claims with nothing but opposition", "opposes"),
        ("claims with nothing but support", "supports"),
    ],
)
def test_claims_are_listed_that_have_nothing_but_one_stance(question, stance):
    everything = asked("dart").ask("all claims").claims
    alone = [c.id for c in everything if c.tally[stance] and not any(c.tally[s] for s in STANCES if s != stance)]
    assert [claim.id for claim in ask("dart", question).claims] == alone


@pytest.mark.parametrize("best", ["weak", "moderate"])
def test_claims_are_listed_whose_support_is_no_stronger_than_something(best):
    allowed = {"weak": {"weak"}, "moderate": {"weak", "moderate"}}[best]
    everything = ask("dart", "all claims").claims
    support = {claim.id: {line.strength for line in claim.of("supports")} for claim in everything}
    expected = [claim for claim, strengths in support.items() if strengths and strengths <= allowed]
    answer = ask("dart", f"claims with nothing better than {best} support")
    assert [claim.id for claim in answer.claims] == expected
    assert f"at best {best}" in answer.reading


def test_of_a_topic_the_evidence_is_asked_for_and_no_list():
    answer = ask("dart", "evidence for dialogue from Haier but not from the literature")
    assert answer.operation == "evidence"


def test_the_text_of_the_theory_limits_no_evidence():
    stated, plain = (ask("dart", f"open questions{of}") for of in (" of the abstract", ""))
    assert [row["question"] for row in stated.questions] == [row["question"] for row in plain.questions]
    assert not ask("dart", "which claims of the abstract are contested").limits.sources
    # Where a text itself is asked about it stays the place.
    assert ask("dart", "where does the abstract mention access").limits.sources == ("abstract",)


@pytest.mark.parametrize(
    ("question", "mark"),
    [
        ("what supports dialogue without company reports", "company"),
        ("evidence on trust without promotional material", "promotional"),
    ],
)
def test_works_are_left_out_by_what_they_are(question, mark):
    answer = ask("dart", question)
    left_out = {key for kind, key in answer.limits.without if kind == "reference"}
    assert left_out == {*asked("dart").answers.marked[mark]}
    cited = {key for claim in answer.claims for line in claim.lines for p in line.passages for key in p.references}
    assert cited
    assert f"without {len(left_out)} references" in answer.reading
