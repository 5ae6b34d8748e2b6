"""Questions in everyday words: names said otherwise, words that stand in any question, what is not known to be so."""

from __future__ import annotations

import pytest
from questioning import ask, asked

from kg.language.shipped import thesaurus
from kg.language.tokens import is_common


def claims(name, question):
    return [claim.id for claim in ask(name, question).claims]


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("what do we have on shopkeepers' resistance", "trader-opposition"),
        ("evidence on the resistance of shopkeepers", "trader-opposition"),
        ("evidence on merchant opposition", "trader-opposition"),
        ("is support by relatives of any use", "家庭支持"),
    ],
)
def test_a_name_is_known_when_both_its_words_are_said_otherwise(question, concept):
    study = "yiliao" if concept == "家庭支持" else "cycling"
    assert concept in {term.id for term in ask(study, question).about}


def test_a_verb_between_two_words_of_a_name_makes_no_name():
    # "Customer-driven participation" is another concept than participation that something drives.
    about = {term.id for term in ask("dart", "what pushes customers to take part").about}
    assert "customer-driven-participation" not in about


def test_somebody_who_does_something_is_no_slip_of_the_verb():
    assert "read as" not in ask("cycling", "evidence from the bicycle maker").reading
    assert "“staf” read as “staff”" in ask("cycling", "define 'staf capacity'").reading


def test_words_that_stand_in_any_question_do_not_make_it_one_about_something_else():
    assert all(map(is_common, ["alike", "diverge", "colossal", "归根到底", "条目居首"]))
    assert not any(map(is_common, ["wheelchair", "pension", "自行车道"]))
    answer = ask("cycling", "material on shopkeepers' resistance from Brenwick and Port Halden alike")
    assert not answer.is_nearest
    assert [claim.id for claim in answer.claims] == ["P03", "P04", "P11"]


def test_of_words_it_is_said_that_no_claim_has_them_and_not_that_the_theory_is_silent():
    said = ask("cycling", "does public lighting promote cycling?").headline
    assert said.startswith("No claim has the word “lighting”, or one like it; nearest: ")
    said = ask("dart", "are patents a barrier to co-creation?").headline
    assert said.startswith("No claim has the word “patents”")
    # Of a question that is not understood at all it is not said that nothing is claimed.
    assert ask("dart", "what keeps it all honest?").headline.startswith("No claim was found that answers it; ")


def test_a_word_is_worded_otherwise_only_where_one_of_like_meaning_stands_in_the_study():
    answer = ask("dart", "does customer age influence participation?")
    assert answer.is_nearest
    assert "age" in answer.headline


@pytest.mark.parametrize(
    ("question", "expected"),
    [("do lanes bring more cyclists onto the road", ["P09"]), ("do helmets promote cycling?", [])],
)
def test_on_which_side_of_the_verb_a_concept_stands_tells_which_claim_is_meant(question, expected):
    answer = ask("cycling", question)
    assert [claim.id for claim in answer.claims if not answer.is_nearest] == expected


def test_what_stands_behind_any_verb_is_what_a_concept_is_asked_to_act_on():
    answer = ask("cycling", "do protected lanes keep children slim?")
    assert answer.is_nearest
    assert "children" in answer.headline


def test_a_clause_that_comes_first_asks_for_no_time():
    assert ask("dart", "when both sides talk openly, does dialogue help?").operation == "verdict"
    assert ask("dart", "when did HOPE go online").operation == "when"


def test_what_is_asked_in_the_words_of_an_open_question_is_said_to_be_open():
    said = ask("cycling", "can consultants replace engineers?").headline
    assert said.startswith("An open question: Q2: ")
    assert not ask("yiliao", "what keeps patients from taking their medicine").headline.startswith("An open question")


def test_no_stance_is_assumed_where_words_tell_what_no_claim_has():
    assert ask("cycling", "which town let the national money go to waste?").stance is None
    assert ask("cycling", "in which city did the mayor promote the lanes?").stance == "supports"


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("give me a list of all that was hunted for in vain", "searches"),
        ("the sequence of phases a lane passes through", "stage"),
        ("where does acceptance stem from", "drivers"),
        ("依从性好是得益于什么", "drivers"),
        ("随访方面发表过什么研究", "references"),
    ],
)
def test_an_operation_is_asked_for_in_everyday_words(question, operation):
    study = "cycling" if question.isascii() else "yiliao"
    assert ask(study, question).operation == operation


def test_what_hinders_is_asked_for_without_naming_what_is_hindered():
    # What hinders the traders' opposition is no obstacle.
    assert claims("cycling", "what are the obstacles?") == ["P03"]


def test_what_eases_something_is_what_the_theory_says_to_hinder_it():
    assert claims("yiliao", "any advice on easing patients' worries about medicines?") == ["P10"]


def test_what_is_put_aside_in_chinese_is_left_out():
    answer = ask("yiliao", "把家人提醒和药价放一边，依从性好是得益于什么？")
    assert not {"P06", "P07"} & {claim.id for claim in answer.claims}
    assert "不含关于家庭支持、药费负担的主张" in answer.reading


def test_what_somebody_says_is_asked_and_not_who_says_it():
    answer = ask("dart", "My supervisor says that trust drives participation. True?")
    assert [claim.id for claim in answer.claims] == ["P12"]
    assert "supervisor" not in answer.reading


def test_where_a_claim_comes_from_is_the_text_that_states_it_and_the_works_that_support_it():
    answer = ask("cycling", "From whom is the idea that lost parking stirs up merchants?")
    named = {(one.kind, one.id) for one in answer.named}
    assert {("source", "chapter"), ("reference", "moreau2012")} <= named


def test_works_that_are_named_are_those_of_the_claims_that_are_shown():
    answer = ask("yiliao", "哪些文献研究了随访")
    assert [claim.id for claim in answer.claims] == ["P11"]


def test_words_of_like_meaning_stand_in_no_more_than_two_groups_and_tell_no_stance():
    groups = thesaurus()
    assert len(groups) > 1000
    number: dict[str, int] = {}
    for group in groups:
        assert len(set(group)) == len(group) > 1, group
        for word in group:
            number[word] = number.get(word, 0) + 1
    assert {word for word, count in number.items() if count > 2} == {"gift"}
    stances = {"support", "oppose", "contradict", "refute", "evidence", "支持", "反对", "证据"}
    assert not stances & number.keys()


def test_passages_are_found_by_the_words_that_a_person_uses_for_a_concept():
    assert any("药" in passage.quote for passage in ask("yiliao", "王奶奶从什么时候开始天天吃药的").passages)
    assert asked("yiliao").ask("王奶奶从什么时候开始天天吃药的").headline.startswith("二〇一九年三月")


def test_where_nothing_opposes_what_limits_is_shown():
    answer = ask("dart", "what speaks against transparency")
    assert answer.shown == ("qualifies",)
    assert ask("dart", "what opposes customer demand").shown == ("opposes",)
    assert ask("dart", "what supports transparency").shown == ("supports",)


def test_what_a_concept_is_called_in_the_other_language_stands_beside_its_definition():
    assert ask("dart", "what is access").headline.startswith("access (获取): ")
    assert ask("dart", "什么是对话").headline.startswith("对话 (dialogue)")


def test_of_what_is_in_no_text_the_concepts_that_are_there_are_named():
    answer = ask("dart", "what supports blockchain")
    assert answer.is_nearest
    assert {one.kind for one in answer.named} == {"concept"}


def test_a_short_chinese_phrase_is_not_read_as_its_opposite():
    assert "读作" not in ask("yiliao", "两位编码者最初判断不同的证据有哪些").reading
    assert "读作" not in ask("yiliao", "这里的故事是编的吗").reading


@pytest.mark.parametrize(
    ("question", "case"),
    [("which city let the national money lapse", "brenwick"), ("在哪家医院医生讲过化验单", "xishan")],
)
def test_the_case_is_named_whose_passages_tell_what_is_asked(question, case):
    named = ask("cycling" if question.isascii() else "yiliao", question).named
    assert [one.id for one in named if one.kind == "case"] == [case]


@pytest.mark.parametrize("question", ["which city keeps silent on traders?", "which city says nothing about traders"])
def test_the_case_that_is_silent_is_the_one_without_evidence(question):
    assert [one.id for one in ask("cycling", question).named if one.kind == "case"] == ["kesslau"]


def test_what_is_outside_something_leaves_it_out():
    assert "without Xiaomi" in ask("dart", "outside Xiaomi, what supports the platform?").reading


def test_since_when_is_told_by_no_date_of_the_text():
    assert ask("cycling", "since when has Averton had a cycling officer").is_nearest
    assert not ask("cycling", "since when has the Averton union been asking?").is_nearest


def test_of_a_thing_that_no_text_has_no_passage_speaks():
    assert ask("dart", "口红是怎么改进的").is_nearest


def test_a_condition_that_is_named_by_what_it_says_is_no_limit():
    assert ask("dart", "what goes against the condition that access comes first?").stance == "opposes"


def test_open_questions_that_are_asked_for_come_alone():
    answer = ask("dart", "Which open questions are there?")
    assert answer.headline.startswith("6 open questions")
    assert not answer.claims
