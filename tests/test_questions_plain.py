"""Plain questions as people type them: confidence, codes, comparisons, what happened, who has an interest, what is not claimed."""

from __future__ import annotations

import pytest
from questioning import ask


def claims(name, question):
    return [claim.id for claim in ask(name, question).claims]


def named(name, question, kind):
    return [one.id for one in ask(name, question).named if one.kind == kind]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which claims have very low confidence?", "Confidence is very low in 3 claims: P14, P15, P19."),
        ("any claim with high confidence?", "Confidence is high in no claim; at most it is moderate: "),
        ("how confident are we in P12", "Confidence: P12 low. P12 contested: "),
        ("why is the confidence in P12 so low", "Confidence: P12 low. "),
        ("哪些命题信心很低", "可信度极低的主张有 3 条:P14、P15、P19。"),
        ("对P18有多大信心", "可信度:P18 低。"),
    ],
)
def test_claims_are_asked_for_by_the_confidence_in_them(question, said):
    assert ask("dart", question).headline.startswith(said)


def test_claims_without_a_judgement_of_confidence_are_listed():
    assert claims("dart", "which claims have no confidence rating") == ["P22"]
    assert ask("cycling", "how confident are we in P04").headline.startswith("The confidence in claims was not judged.")


@pytest.mark.parametrize(
    ("study", "question", "codes"),
    [
        ("yiliao", "关系支撑下面有哪些编码", ["信得过医生", "定期随访", "家人分药", "家人催促"]),
        ("yiliao", "哪些主轴编码属于条件", ["关系支撑", "身体信号"]),
        ("yiliao", "核心范畴是什么", ["药不离手"]),
        ("dart", "codes about money", ["reward-motive", "crowd-funding", "price-advantage", "financial-risk"]),
    ],
)
def test_codes_are_listed_by_what_they_are(study, question, codes):
    answer = ask(study, question)
    assert answer.operation == "codes"
    assert named(study, question, "code") == codes


def test_codes_that_are_used_most_come_first_with_how_many_passages_have_them():
    answer = ask("yiliao", "用得最多的编码是哪个")
    assert answer.headline.startswith("8 个编码:信得过医生 (6 条引文)")


@pytest.mark.parametrize(
    ("question", "number"),
    [("how often is the code unpaid work used", 3), ("how many passages are coded with trust broken", 16)],
)
def test_passages_of_a_code_are_counted(question, number):
    assert ask("dart", question).headline.startswith(f"{number} passages")


@pytest.mark.parametrize(
    ("study", "question", "source"),
    [
        ("template", "how many interviews were done", ["interview"]),
        ("cycling", "how many interviews", ["averton-interview", "kesslau-interview"]),
        ("yiliao", "南苑有几份访谈", ["nanyuan-fangtan"]),
    ],
)
def test_interviews_are_the_sources_that_are_called_so(study, question, source):
    assert named(study, question, "source") == source


def test_cases_are_compared_first_where_both_bear_on_a_claim():
    said = ask("cycling", "compare Averton and Brenwick").headline
    assert said.startswith("Averton: 3 support, 1 opposes, 0 qualify; Brenwick: 3 support, 2 oppose, 0 qualify; ")
    assert "on the same claims: P03: Averton −1, Brenwick +1; Averton alone: P01 +1, P09 +1, P10 +1; " in said


@pytest.mark.parametrize(
    ("question", "without"),
    [
        ("evidence on trader opposition except from Port Halden", (("case", "port-halden"),)),
        ("what supports cycling levels without the company's report", (("reference", "velora2020"),)),
    ],
)
def test_what_is_left_out_is_no_qualification(question, without):
    answer = ask("cycling", question)
    assert answer.limits.without == without
    assert answer.stance != "qualifies"


@pytest.mark.parametrize(
    "question", ["evidence for staff capacity from the cases", "is staff capacity supported in any of the cities"]
)
def test_evidence_is_limited_to_the_cases_at_large(question):
    answer = ask("cycling", question)
    assert answer.limits.roles == ("case",)
    assert answer.headline.startswith("Nothing supports P08")


def test_what_is_contested_most_has_most_lines_on_the_lesser_side():
    answer = ask("dart", "most contested claim")
    assert [claim.id for claim in answer.claims] == ["P17"]
    assert answer.headline.startswith(
        "Most contested, by the lines of the lesser side: P17 (18 support, 3 oppose); next: "
    )


def test_the_driver_with_the_weakest_evidence_is_told_first():
    answer = ask("dart", "which of the four drivers has the weakest evidence")
    assert answer.headline.startswith("Weakest evidence first: P12 customer trust +1, −1, ~3; ")
    assert not answer.limits.strengths


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("what is transparency and what supports it", "transparency: The openness of the firm's information"),
        ("difference between access and transparency", "P16 contested"),
    ],
)
def test_what_something_is_stands_beside_the_rest_that_is_asked(question, begins):
    answer = ask("dart", question)
    assert answer.headline.startswith(begins)
    assert answer.definition


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("what happened with the three-drum washing machine", "haier"),
        ("Android One poll", "xiaomi"),
        ("fines against Xiaomi", "xiaomi"),
        ("job cuts at haier", "haier"),
    ],
)
def test_what_is_only_named_is_told_by_passages(question, place):
    answer = ask("dart", question)
    assert answer.stance is None
    assert answer.passages[0].source == place
    assert not answer.is_nearest


def test_who_has_an_interest_is_told_by_the_marks_of_works():
    assert ask("cycling", "is Velora a neutral source?").headline.startswith("It is marked: company. ")
    assert ask("cycling", "is Okafor biased").headline.startswith("The study marks no interest of its makers. ")
    assert named("cycling", "Is any of this paid for by industry?", "reference") == ["velora2020"]


def test_passages_that_bear_on_claims_about_two_things_are_shown_where_no_claim_joins_them():
    answer = ask("cycling", "how do grants and engineers relate?")
    assert answer.headline.startswith(
        "No claim joins “national funding” and “staff capacity”; evidence on claims about both: “the money"
    )


@pytest.mark.parametrize(
    ("study", "question"),
    [
        ("cycling", "does cycling increase protected lanes"),
        ("aside", "erosion makes farmers take up cover crops, right?"),
    ],
)
def test_that_one_thing_acts_on_another_is_not_borne_out_by_the_reverse(study, question):
    assert ask(study, question).headline.startswith("The theory does not say so. It says: ")


def test_what_starts_and_what_goes_on_after_the_first_time_are_stages():
    assert claims("aside", "why do farmers start with cover crops") == ["P1", "P2", "P3"]
    assert claims("aside", "what keeps farms going after the first year") == ["P4", "P6"]


@pytest.mark.parametrize(
    ("study", "question"),
    [("dart", "AI客服能提高顾客参与吗"), ("dart", "does co-creation work for small firms"), ("cycling", "do accidents lead to lanes?"),
     ("dart", "effects of trust on dialogue"), ("dart", "雕爷牛腩封测算顾客参与的证据吗")],
)  # fmt: skip
def test_what_no_claim_tells_has_no_verdict(study, question):
    answer = ask(study, question)
    assert answer.is_nearest or not answer.claims
    assert answer.headline.startswith(("No claim ", "没有主张"))


def test_nothing_within_the_limits_is_said_so():
    assert ask("dart", "海尔有哪些中等强度的支持证据").headline == "没有支持的证据 (在海尔, 中(降级后))。"
    assert "moderate after lowering" in ask("dart", "supporting transparency lines with moderate strength").reading


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [
        ("yiliao", "三次访谈分别是什么时候做的", "王奶奶访谈（东河）:2025-03-12;"),
        ("cycling", "when were the interviews held", "Interview with Ruth Ames, Averton: 2024-03-12; "),
        (
            "cycling",
            "how many pieces of evidence are there in all",
            "32 evidence lines (20 support, 8 oppose, 4 qualify); besides, 1 disputed, 1 withdrawn.",
        ),
        ("dart", "lines withdrawn on 25 November 2026", "line-8542f7c220 (P18): withdrawn 2026-11-25: "),
        ("dart", "How do the four drivers work together?", "An open question: Q06: "),
        ("dart", "open questions about trust", "Open: Q02: "),
    ],
)
def test_what_a_study_records_is_told(study, question, said):
    assert ask(study, question).headline.startswith(said)


def test_what_somebody_said_is_found_in_the_words_of_the_question():
    answer = ask("cycling", "who said the people were ahead of her")
    assert [passage.id for passage in answer.passages] == ["kesslau-interview:339-420"]


def test_coded_passages_that_are_no_evidence_are_found():
    answer = ask("yiliao", "哪些段落编了码却没当证据")
    assert [passage.source for passage in answer.passages] == ["wenxian", "xishan-fangtan", "xishan-fangtan"]


def test_somebody_with_the_family_name_of_an_author_and_another_given_name_is_no_author():
    answer = ask("dart", "what does Meng Xing say")
    assert not answer.limits.authors
    assert answer.passages


def test_organisations_are_known_by_the_beginning_of_their_names_in_chinese():
    answer = ask("yiliao", "除了康怡还有哪些文献支持家庭支持")
    assert answer.limits.without == (("author", "康怡药业研究院"),)


def test_all_that_opposes_is_no_question_for_what_nothing_opposes():
    question = "List everything that opposes a claim"
    assert ask("dart", question).stance == "opposes"
    assert claims("dart", question) == ["P08", "P10", "P12", "P14", "P15", "P16", "P17", "P20"]


@pytest.mark.parametrize(
    ("question", "levels"),
    [
        ("claims with more than low confidence", "high or moderate"),
        ("which claims have at least moderate confidence", "high or moderate"),
        ("claims with low confidence", "low"),
    ],
)
def test_levels_of_confidence_are_told_from_where_on(question, levels):
    assert ask("dart", question).headline.startswith(f"Confidence is {levels} in ")


@pytest.mark.parametrize(
    "question", ["Does user involvement slow down development?", "does dialogue slow down development"]
)
def test_what_no_claim_says_to_hinder_anything_is_told_so(question):
    answer = ask("dart", question)
    assert answer.is_nearest
    assert " hinders anything." in answer.headline


def test_a_verb_is_no_word_for_the_literature_and_an_abbreviation_no_author():
    assert not ask("dart", "Would publishing our costs help?").limits.roles
    assert not ask("dart", "can AI replace talking to users").limits.authors


def test_who_takes_something_for_something_else_is_an_author():
    assert ask("dart", "Who reads co-creation as unpaid labour?").operation == "authors"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("which concepts have no claim of their own", "No claim is about 5 concepts: co-creation process, "),
        ("how many codes are there on each level", "169 codes: 13 selective, "),
        ("What does the code 'firm leads' cover?", "Firm leads: The firm sets the task or selects."),
        ("difference between voiced, evoked and inferred need", "Voiced need: Customers state a need "),
        ("number of journal articles among the references", "76 references."),
        ("do the sentences of the abstract count as evidence?", "What the theory says itself states the claims "),
        ("what does it mean when a line 'qualifies' a claim", "A passage supports a claim when "),
        ("Where is coherence a serious concern?", "Coherence: serious concerns: P08, P12, P14, P15, P16, P19."),
        ("一致性有严重顾虑的是哪些", "一致性: 严重顾虑: P08, P12, P14, P15, P16, P19。"),
        ("is there any strong evidence against a claim?", "No evidence line opposes any claim"),
        ("independent value creation", "independent value creation: The customer's own creation of value "),
        ("why did the first version of HOPE attract few users?", "“the first version of the HOPE platform "),
        ("how many lines are for dialogue and how many against", "P17: 18 support, 3 oppose, 6 qualify; "),
    ],
)
def test_what_is_asked_is_told_first(question, said):
    assert ask("dart", question).headline.startswith(said)


def test_claims_are_found_by_as_much_for_as_against():
    assert claims("dart", "claims with as many lines for as against") == ["P08", "P12", "P14", "P15"]


def test_evidence_is_limited_to_works_of_a_type():
    answer = ask("dart", "evidence from magazine articles for dialogue")
    assert answer.tally == {"supports": 1, "opposes": 0, "qualifies": 0}
    assert len(answer.limits.references) == 15


def test_what_a_case_has_besides_one_claim_is_counted_without_it():
    whole, rest = ask("dart", "Haier evidence"), ask("dart", "Haier evidence except P17")
    assert "P17" not in [claim.id for claim in rest.claims]
    assert sum(rest.tally.values()) < sum(whole.tally.values())


def test_what_is_done_without_the_firm_leaves_out_no_case():
    assert not ask("dart", "have users built things without the firm?").limits.without


def test_ease_of_use_eases_nothing():
    answer = ask("dart", "does ease of use of the platform matter?")
    assert answer.is_nearest
    assert answer.headline.startswith("Nearest in meaning: P13 ")
    assert "; no claim has the word “ease”, or one like it." in answer.headline


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("信任驱动参与这条命题可信吗", "可信度:P12 低。"),
        ("为什么顾客需求驱动参与只评了中等", "可信度:P10 中、"),
        ("反对对话是主线的，文献除外", "2 条证据(2 个独立来源)反对P17"),
        ("三个案例各有多少条证据", "证据:小米 41 (+23 −2 ~16)、海尔 29 "),
        ("how many lines does each case have", "Evidence lines: Xiaomi 41 (+23 −2 ~16), Haier 29 "),
        ("我是审稿人，想知道两次编码有多少分歧、是怎么裁定的", "没有证据仍有编码者分歧。已商定:"),
        ("编码“表层选择”什么意思，都用在哪", "表层选择:Users choose among the firm's finished options."),
        ("四个驱动因素之间是怎么配合的", "未决问题 Q06: "),
        ("阿芙为什么一条证据都没有", "阿芙没有任何证据涉及它;"),
        ("谁用社会交换理论研究顾客参与", "没有主张用到“社会”、“交换”或意思相近的词;"),
    ],
)
def test_what_is_asked_in_chinese_is_told_first(question, said):
    assert ask("dart", question).headline.startswith(said)


def test_no_work_is_meant_by_the_name_of_a_concept_or_a_year_in_its_title():
    assert not ask("dart", "企业要想多让顾客参与，研究给了哪些建议，站得住脚吗").limits.references
    assert not ask("dart", "刘和杨2017年那篇众包的研究说了什么").limits.references


def test_an_open_question_about_something_else_is_not_what_is_asked():
    assert "Q05" not in ask("dart", "价值主张在哪个阶段起作用").headline


def test_what_happened_in_a_case_is_told_by_passages():
    answer = ask("dart", "Did Xiaomi pay back its first buyers?")
    assert answer.is_told
    assert answer.passages


def test_what_a_claim_defines_is_no_verdict_on_words_of_its():
    assert ask("dart", "have users built things without the firm?").is_nearest


def test_a_code_is_not_meant_by_one_word_of_its_name():
    answer = ask("dart", "toolkits for user design, what was found")
    assert [term.id for term in answer.about if term.kind == "code"] == ["toolkit"]


def test_what_one_may_do_and_how_something_is_made_is_told_by_no_claim():
    assert ask("textbooks", "may I cut pages out of an open book").is_nearest
    assert ask("repair", "how do I open a glued battery").is_nearest


def test_no_slip_makes_a_negation():
    assert "什么时候不" not in ask("yiliao", "维持期从什么时候算起").reading


def test_levels_of_confidence_are_asked_of_all_claims():
    asked = ask("dart", "Which claims reach more than low confidence?")
    assert asked.headline.startswith("Confidence is high or moderate in 5 claims: P01, P05, P10, P13, P17.")


def test_cases_of_a_kind_are_compared_and_not_only_named():
    answer = ask("libraries", "compare the two coastal libraries")
    assert answer.operation == "compare"
    assert answer.limits.cases == ("kirkhaven", "saltmere")
    assert answer.claims


def test_companies_are_no_cases_where_these_are_called_otherwise():
    answer = ask("libraries", "evidence for L9 other than from companies")
    assert {facet for facet, _ in answer.limits.without} <= {"reference"}
    assert answer.tally["supports"] == 3


def test_a_concept_is_known_by_two_names_beside_each_other():
    assert claims("libraries", "why do libraries start lending tools") == ["L1", "L2", "L4"]


def test_what_the_law_says_is_told_by_no_claim():
    assert ask("libraries", "are signed waivers legally valid").is_nearest
