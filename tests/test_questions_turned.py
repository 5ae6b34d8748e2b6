"""Questions that say what one case does and another does not, who wrote together, what comes first, what is not so."""

from __future__ import annotations

import pytest
from questioning import ask


@pytest.mark.parametrize(
    ("name", "question", "claims"),
    [
        ("cycling", "what does Averton support that Port Halden opposes", ["P01"]),
        ("cycling", "claims Kesslau opposes but Averton supports", ["P09", "P10"]),
        ("cycling", "which claims does the literature oppose while Kesslau supports them", ["P05", "P07"]),
        ("cycling", "which claims does Port Halden back and Brenwick not", ["P02", "P06"]),
        ("dart", "which claims does the literature support and Xiaomi oppose", ["P10", "P17"]),
        ("dart", "小米支持而文献反对的主张", ["P16", "P17", "P20"]),
    ],
)
def test_claims_are_listed_that_one_case_supports_and_another_does_not(name, question, claims):
    answer = ask(name, question)
    assert answer.operation == "claims"
    assert [claim.id for claim in answer.claims] == claims


def test_a_case_that_is_told_to_do_the_contrary_is_told_in_the_first_line():
    assert (
        "Averton supports, Port Halden opposes"
        in ask("cycling", "what does Averton support but Port Halden oppose").reading
    )


@pytest.mark.parametrize(
    ("name", "question", "reference"),
    [
        ("cycling", "what did Tanaka and Brandt find", "tanaka2021"),
        ("cycling", "Moreau, Haddad & Iyer on parking", "moreau2012"),
        ("yiliao", "张伟和刘洋发现了什么", "zhang2015"),
    ],
)
def test_the_names_of_all_its_authors_are_the_name_of_a_reference(name, question, reference):
    answer = ask(name, question)
    assert answer.limits.references == (reference,)
    assert not answer.limits.authors


def test_authors_who_wrote_nothing_together_limit_each_by_himself():
    answer = ask("cycling", "what did Nguyen and Ostrow find")
    assert not answer.limits.references
    assert {*answer.limits.authors} == {"nguyen-linh", "ostrow-miriam"}


@pytest.mark.parametrize(
    ("question", "stance"),
    [
        ("which city had acceptance before political leadership", "opposes"),
        ("which city had political leadership before acceptance", "supports"),
        ("who says that public acceptance precedes the mayor", "opposes"),
    ],
)
def test_who_tells_the_reverse_order_opposes_the_claim(question, stance):
    answer = ask("cycling", question)
    assert [claim.id for claim in answer.claims] == ["P10"]
    assert answer.stance == stance


def test_the_reverse_order_is_not_what_the_theory_says():
    assert ask("cycling", "does acceptance come before political leadership").headline.startswith(
        "The theory does not say so. It says: P10"
    )


@pytest.mark.parametrize(
    ("name", "question", "claim"),
    [
        ("cycling", "which references support cycling advocacy", "P05"),
        ("dart", "which papers back P19", "P19"),
        ("yiliao", "哪些文献支持随访能让人坚持用药", "P11"),
    ],
)
def test_works_that_only_oppose_are_not_named_as_those_that_support(name, question, claim):
    answer = ask(name, question)
    assert [one.id for one in answer.claims] == [claim]
    assert not [one for one in answer.named if one.kind == "reference"]
    assert not answer.passages
    assert claim in answer.headline


@pytest.mark.parametrize(
    ("name", "question", "word"),
    [
        ("dart", "washing qqq", "qqq"),
        ("dart", "dialogue zzyzx washing", "zzyzx"),
        ("cycling", "do parking meters annoy shopkeepers", "meters"),
        ("cycling", "is there public lighting in Averton", "lighting"),
        ("yiliao", "睡眠习惯促进坚持用药吗", "睡眠"),
    ],
)
def test_what_stands_nowhere_is_named_and_nothing_is_answered_for_it(name, question, word):
    answer = ask(name, question)
    assert answer.is_nearest
    assert any(word in left for left in answer.left_out)


@pytest.mark.parametrize(
    ("name", "question", "claims"),
    [
        ("cycling", "why do traders resent bike lanes", ["P04"]),
        ("yiliao", "老人为什么不肯吃药", ["P04", "P07"]),
        ("dart", "by what is participation driven", ["P10", "P11", "P12", "P13", "P14"]),
        ("dart", "what brings customers to participate", ["P10", "P11", "P12", "P13", "P14"]),
    ],
)
def test_what_acts_on_something_is_told_by_the_claims_that_say_so(name, question, claims):
    answer = ask(name, question)
    assert answer.operation == "drivers"
    assert [claim.id for claim in answer.claims] == claims


@pytest.mark.parametrize(
    ("name", "question", "claims"),
    [
        ("dart", "does transparency matter in co-creation", ["P18", "P23"]),
        ("dart", "does dialogue make a difference to co-creation", ["P17", "P21"]),
        ("dart", "what opposes trust as a driver", ["P12"]),
        ("yiliao", "用药习惯起不起作用", ["P08"]),
        ("template", "does money lengthen staying", ["P2"]),
    ],
)
def test_everyday_verbs_ask_whether_something_holds(name, question, claims):
    answer = ask(name, question)
    assert [claim.id for claim in answer.claims] == claims
    assert not answer.is_nearest


def test_what_is_disputed_is_told_also_where_only_coders_differ():
    answer = ask("yiliao", "what is disputed about P09")
    assert {"P09"} & {claim.id for claim in answer.claims}


def test_advice_is_no_reason_why_something_is_done_unless_its_relation_is_asked_for():
    found = ask("dart", "why do customers take part in new product development")
    assert {claim.id for claim in found.claims} == {"P10", "P11", "P12", "P13", "P14"}
    advised = ask("dart", "what promotes customer participation")
    assert {claim.id for claim in advised.claims} == {"P21", "P22", "P23"}


def test_what_was_published_before_a_year_is_evidence_under_that_limit_and_no_definition():
    answer = ask("dart", "what was published on transparency before 2015")
    assert (answer.operation, answer.limits.until) == ("evidence", 2014)


@pytest.mark.parametrize("typed", ["transparancy", "what supports particpation"])
def test_a_slip_in_a_word_is_said_even_where_its_stem_is_right(typed):
    assert "read as" in ask("dart", typed).reading


@pytest.mark.parametrize("typed", ["drivers of participation", "who participates", "what supports participating"])
def test_another_form_of_a_word_is_no_slip(typed):
    assert "read as" not in ask("dart", typed).reading


def test_a_definition_has_the_name_in_the_other_language():
    assert {"property": "also", "value": "获取"} in ask("dart", "what is access").definition
    assert {"property": "also", "value": "access"} in ask("dart", "什么是获取").definition


def test_where_nothing_opposes_what_qualifies_is_asked_next():
    assert ask("dart", "which case contradicts the platform claim").further[0] == "what qualifies interactive platform"


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("does leadership come first", "verdict"),
        ("evidence against leadership coming first", "evidence"),
        ("how many lines oppose that leadership comes first", "count"),
        ("must political leadership come first, before acceptance begins", "verdict"),
    ],
)
def test_what_is_told_to_come_first_is_the_claim_of_an_order(question, operation):
    answer = ask("cycling", question)
    assert answer.operation == operation
    assert [claim.id for claim in answer.claims] == ["P10"]


def test_where_the_theory_claims_no_order_a_beginning_is_what_it_is_called():
    assert [claim.id for claim in ask("dart", "does access come first").claims] == ["P16"]
