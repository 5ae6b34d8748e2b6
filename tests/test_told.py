"""Questions for facts are answered by what passages say: the headline tells it, and claims are named after it."""

from __future__ import annotations

import pytest
from judging import study_of
from test_cli import kg as run

import kg
from kg import dates


@pytest.mark.parametrize(
    ("study", "question", "begins"),
    [
        ("dart", "When did HOPE go online?", "October 2013"),
        ("yiliao", "王奶奶从什么时候开始天天吃药的", "二〇一九年三月"),
    ],
)
def test_when_is_answered_by_the_date_that_a_passage_names(study, question, begins):
    answer = kg.open(study_of(study)).ask(question)
    assert answer.is_told
    assert answer.headline.startswith(begins)
    assert begins in dates.told(answer.passages[0].quote)


def test_what_is_told_stands_before_the_claims_on_which_it_bears():
    printed = run("ask", "When did HOPE go online?")
    assert printed.index("HOPE went online in October 2013") < printed.index("Passages")
    assert printed.index("Passages") < printed.index("What the theory claims")


@pytest.mark.parametrize("question", ["which claims have no support in Xiaomi", "哪些主张在小米没有支持"])
def test_what_is_only_qualified_or_opposed_in_a_case_lacks_support_there(dart, question):
    answer = dart.ask(question)
    without = {row["claim"] for row in dart.report("matrix").numbers.dicts() if not row["xiaomi supports"]}
    assert {claim.id for claim in answer.claims} == without


def test_what_has_no_evidence_in_a_case_is_told_apart_from_what_has_no_support(dart):
    answer = dart.ask("what has no evidence in Haier")
    numbers = dart.report("matrix").numbers.dicts()
    stances = [f"haier {stance}" for stance in ("supports", "opposes", "qualifies")]
    assert {c.id for c in answer.claims} == {r["claim"] for r in numbers if not any(r[s] for s in stances)}
    assert answer.headline.startswith("Without any evidence (in Haier)")
    assert "P11, P12, P15, P16, P18 with some, none of it in support" in answer.headline


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Held on 20 September 2023, item 4", ("20 September 2023",)),
        ("between 2009 and May 2011", ("2009", "May 2011")),
        ("on 2024-06-04 they met", ("2024-06-04",)),
        ("2013年10月上线,次年3月改版", ("2013年10月",)),
        ("about 2,000 people and 2013.5 metres; item 1999-7", ()),
        ("from March 3, 2020 on", ("March 3, 2020",)),
    ],
)
def test_dates_are_told_in_the_words_of_the_text(text, told):
    assert dates.told(text) == told
