"""Questions on ways, orders and differences: directly or by way of something, stages, coders, what no claim covers."""

from __future__ import annotations

import re

import pytest
from questioning import ask


def claims(name, question):
    return [claim.id for claim in ask(name, question).claims]


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [
        (
            "cycling",
            "does parking loss stop lanes directly or through the traders?",
            "No claim says so directly; by way of opposition of traders: P04, P03. ",
        ),
        (
            "cycling",
            "Does money bring lanes straight away, or by taming the traders?",
            "Directly: P02; by way of opposition of traders: P11, P03. ",
        ),
        ("yiliao", "随访是直接起作用还是通过医生信任起作用", "直接:P11;通过医生信任:P09、P05。"),
        (
            "yiliao",
            "does family support work by itself, or through habit?",
            "Directly: P06; by way of Medication habit: P12, P08. ",
        ),
    ],
)
def test_what_acts_directly_is_told_from_what_acts_by_way_of_something(study, question, said):
    assert ask(study, question).headline.startswith(said)


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [
        ("cycling", "which stage comes after the agenda stage", "The decision stage comes after the agenda stage"),
        ("cycling", "what precedes the delivery stage?", "The decision stage comes before the delivery stage"),
        (
            "cycling",
            "which phase is next once the council has voted?",
            "The delivery stage comes after the decision stage",
        ),
        (
            "cycling",
            "list the phases of lane making one after another",
            "agenda stage → decision stage → delivery stage.",
        ),
        ("yiliao", "起始期之后是哪一期", "维持期在起始期之后"),
        ("yiliao", "坚持用药先后经过哪几期", "起始期→维持期。"),
    ],
)
def test_stages_are_told_in_the_order_of_the_theory_and_beside_each_other(study, question, said):
    assert ask(study, question).headline.startswith(said)


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [
        (
            "cycling",
            "are grants what the decision stage turns on?",
            "The theory does not say so. It says: P02 (contested): In the delivery stage",
        ),
        ("yiliao", "起始期靠的是用药习惯吗", "理论没有这样说;它说:P08(有证据支持)在维持期"),
    ],
)
def test_what_acts_in_another_stage_than_is_told_is_not_what_the_theory_says(study, question, said):
    assert ask(study, question).headline.startswith(said)


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [
        (
            "cycling",
            "on which evidence do the coders disagree",
            "Coders differ on 1 evidence line: av-union (P05). Settled: 1 evidence line: ke-rieger (P10)",
        ),
        ("cycling", "which of the disagreements were settled", "Settled: 1 evidence line: ke-rieger (P10)."),
        (
            "cycling",
            "is there a line in Averton that the pair read unlike each other",
            "Coders differ on 1 evidence line: av-union (P05).",
        ),
        ("yiliao", "两位编码者最后商定的是哪一条证据", "已商定:1 条证据:ny-xinerting(P05)。"),
        ("yiliao", "文献那几条里，何芳的判断和林晓有出入吗", "只在强度上不同:1 条证据:wx-liu(P11)。"),
        ("cycling", "编码者对文献的证据有分歧吗", "这些证据上编码者没有分歧。"),
        (
            "dart",
            "on which evidence do the coders disagree",
            "Coders still differ on no evidence. Settled: 4 evidence lines: ",
        ),
    ],
)
def test_what_coders_have_settled_is_told_from_what_they_still_differ_on(study, question, said):
    assert ask(study, question).headline.startswith(said)


def test_that_coders_differ_stands_in_the_summary_of_a_case():
    rows = ask("cycling", "introduce Averton to me").definition
    assert [row["value"] for row in rows if row["property"] == "disputed"] == ["av-union (P05)"]


@pytest.mark.parametrize(
    ("study", "question", "codes"),
    [
        ("template", "motives of volunteers beyond the theory", ["belonging"]),
        ("cycling", "changes seen on the streets that none of the claims covers", ["children-ride"]),
        ("yiliao", "病人不吃药还有哪些原因是理论没讲的", ["偏方"]),
    ],
)
def test_what_no_claim_covers_is_told_by_the_codes_for_it(study, question, codes):
    answer = ask(study, question)
    assert [one.id for one in answer.named if one.kind == "code"] == codes
    assert answer.passages


def test_of_what_no_claim_covers_a_part_is_told_as_a_part():
    assert ask("dart", "哪些动机是理论没有提到的").headline.startswith("理论没有说到的编码有 14 个,其中 4 个")
    assert ask("dart", "what does the theory leave out").headline.startswith(
        "14 codes for what the theory does not name"
    )


@pytest.mark.parametrize(
    ("study", "question", "number"),
    [("dart", "what does risk assessment do", "Q01"), ("cycling", "Can hired advisers replace municipal engineers?", "Q2"),
     ("dart", "第三个阶段到底叫什么", "Q03")],
)  # fmt: skip
def test_an_open_question_in_other_words_comes_first(study, question, number):
    assert number in ask(study, question).headline[:30]


def test_what_is_open_of_one_thing_is_not_said_of_another():
    assert "Q05" not in ask("dart", "价值主张在哪个阶段起作用").headline


def test_of_what_nothing_is_claimed_nothing_acts_on_it():
    answer = ask("dart", "what drives risk assessment")
    assert not answer.claims
    assert "claims nothing about “risk assessment”; 47 passages are coded with it" in answer.headline
    assert "; 47 passages are coded" in ask("dart", "is there any link between dialogue and risk assessment?").headline


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("claims without strong evidence", "P03 P05 P10 P11 P12 P13 P14"),
        ("propositions that lack any strong line", "P03 P05 P10 P11 P12 P13 P14"),
        ("which claims have not a single strong line?", "P03 P05 P10 P11 P12 P13 P14"),
        ("claims whose every piece of support is strong", ""),
    ],
)
def test_claims_are_chosen_by_a_strength_that_they_lack_or_have_alone(question, wanted):
    assert claims("cycling", question) == wanted.split()


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("没有独立证据的主张", "P12"),
        ("独立来源满三个的主张", "P06 P07 P08"),
        ("独立见证有三位的命题是哪些", "P06 P07 P08"),
        ("独立来源最多的命题是哪个", "P07"),
        ("请列出一条反对证据都没有的命题", "P01 P02 P03 P04 P07 P08 P09 P10 P12"),
    ],
)
def test_claims_are_chosen_by_independent_witnesses_in_chinese(question, wanted):
    assert claims("yiliao", question) == wanted.split()


def test_of_several_suggestions_the_one_is_picked_that_is_asked_for():
    assert claims("dart", "of the recommendations, which is the best proven?") == ["P21"]
    assert claims("dart", "of the three counsels, which is limited by a case") == ["P23"]


def test_claims_from_one_to_another_are_all_between_them():
    assert claims("dart", "compare P16 to P18") == ["P16", "P17", "P18"]


@pytest.mark.parametrize(
    ("study", "question", "wanted"),
    [("cycling", "What hampers?", ["P03"]), ("yiliao", "什么拖了病人的后腿？", ["P04", "P07"])],
)
def test_what_hinders_what_hinders_is_no_obstacle(study, question, wanted):
    assert claims(study, question) == wanted


def test_open_questions_are_listed_without_a_count_of_searches():
    assert ask("dart", "list the open questions").headline == "6 open questions: Q01, Q02, Q03, Q04, Q05, Q06."
    assert ask("yiliao", "还有哪些未决问题").headline == "2 个未决问题:Q1、Q2。"


def test_who_tells_that_something_is_not_so_is_not_who_writes_of_it():
    assert ask("dart", "who holds that value isn't made jointly").is_nearest
    assert ask("cycling", "which voices say lanes do not get people on bikes, and from where?").is_nearest


def test_a_figure_of_an_invented_study_is_not_to_be_used():
    assert "Invented" in ask("cycling", "May I put the referendum figure of Kesslau on a slide?").headline
    assert "不可引用" in ask("yiliao", "我想在论文里引用412名患者的数据，行不行").headline


@pytest.mark.parametrize(
    ("question", "roles"),
    [("did the field show otherwise on trust", ("case",)), ("does evidence from the field speak against access", ("case",)),
     ("what supports dialogue, not just literature", ()), ("不光看文献,有什么反对对话", ()),
     ("is dialogue the main line, and not merely in papers?", ()), ("what supports dialogue in the literature", ("literature",))],
)  # fmt: skip
def test_the_field_is_the_cases_and_not_only_the_literature_is_everything(question, roles):
    limits = ask("dart", question).limits
    assert (limits.roles, limits.without) == (roles, ())


@pytest.mark.parametrize("question", ["who does not believe that trust drives participation", "谁不认为信任会带来参与"])
def test_who_does_not_hold_a_claim_is_asked_for_what_opposes_it(question):
    answer = ask("dart", question)
    assert [claim.id for claim in answer.claims] == ["P12"]
    assert answer.stance == "opposes"


def test_a_condition_is_known_by_its_own_words_beside_what_acts():
    answer = ask(
        "dart", "do both sides need to agree on the value proposition for it to work, or does anything oppose that"
    )
    assert [claim.id for claim in answer.claims] == ["P15"]


@pytest.mark.parametrize(
    ("question", "number"),
    [("what supports dialogue without the cases", 7), ("what supports dialogue except in the companies", 7),
     ("不算案例,什么支持对话", 7), ("what supports dialogue", 23)],
)  # fmt: skip
def test_cases_are_left_out_by_what_they_are_called(question, number):
    answer = ask("dart", question)
    assert len(answer.limits.without) == (3 if number == 7 else 0)
    assert answer.headline.startswith(str(number))


@pytest.mark.parametrize(
    ("study", "question", "wanted"),
    [("yiliao", "哪些因素影响患者坚持用药", ["P03", "P04", "P05", "P06", "P07", "P08", "P11"]),
     ("yiliao", "病人为什么不吃药", ["P04", "P07"]), ("cycling", "what keeps city officials from building lanes", ["P03"])],
)  # fmt: skip
def test_every_cause_is_told_whoever_else_is_named(study, question, wanted):
    assert [claim.id for claim in ask(study, question).claims] == wanted


@pytest.mark.parametrize(
    "question",
    [
        "does dialogue initiate co-creation",
        "does transparency start the co-creation process",
        "does co-creation start with dialogue",
    ],
)
def test_what_two_claims_share_joins_nothing(question):
    headline = ask("dart", question).headline
    assert headline.startswith("Nothing joins “")
    assert "” directly; the theory says: P16 (contested):" in headline


@pytest.mark.parametrize(
    ("question", "cases"),
    [("which city supports protected lanes most", ["averton", "kesslau", "port-halden"]),
     ("which city has the most evidence for political leadership", ["averton"])],
)  # fmt: skip
def test_the_case_with_most_evidence_is_named_alone(question, cases):
    assert [one.id for one in ask("cycling", question).named if one.kind == "case"] == cases


@pytest.mark.parametrize(
    ("question", "number"),
    [("which motives does the theory leave out", 4), ("which critiques has the theory no place for", 2)],
)
def test_what_the_theory_leaves_out_is_told_by_its_kind(question, number):
    assert ask("dart", question).headline.startswith(f"{number} of 14 codes")


@pytest.mark.parametrize(
    ("study", "question", "excerpt"),
    [("yiliao", "“早饭后吃药已经成了习惯”出自哪里", "早饭后吃药已经成了习惯"), ("yiliao", "“信了他，我就不再怕药伤肝了”是谁说的", "不再怕药伤肝"),
     ("dart", 'who said "about 150,000 suggested ideas"', "about 150,000 suggested ideas")],
)  # fmt: skip
def test_whose_words_are_is_told_by_the_passage_that_has_them(study, question, excerpt):
    answer = ask(study, question)
    assert excerpt in answer.passages[0].quote
    assert excerpt in answer.headline


@pytest.mark.parametrize(
    ("question", "number"),
    [("一共有多少条证据", 24), ("how many evidence lines are there", 24), ("有几个命题没有证据", 1)],
)
def test_all_lines_and_all_claims_without_evidence_are_counted(question, number):
    assert re.match(rf"{number} ", ask("yiliao", question).headline)


@pytest.mark.parametrize(
    ("study", "question", "wanted"),
    [("yiliao", "是什么让患者停药", ["P04", "P07"]), ("yiliao", "患者为什么会停药", ["P04", "P07"]),
     ("yiliao", "什么因素让患者坚持用药", ["P03", "P04", "P05", "P06", "P07", "P08", "P11"]),
     ("cycling", "what gets bike lanes built?", ["P01", "P02", "P03", "P05", "P07", "P08", "P13"]),
     ("yiliao", "老人为什么能坚持吃药", ["P03", "P04", "P05", "P06", "P07", "P08", "P11"]),
     ("yiliao", "哪些结论证据最弱", ["P03", "P06", "P09"]),
     ("dart", "do users need to trust the company before they take part", ["P12"]),
     ("dart", "must they trust the firm first", ["P12"])],
)  # fmt: skip
def test_a_plain_question_has_its_claims(study, question, wanted):
    assert [claim.id for claim in ask(study, question).claims] == wanted


@pytest.mark.parametrize(
    ("study", "question", "mark", "promoting", "hindering"),
    [("cycling", "what gets bike lanes built?", "; hindered by: ",
      ["P01", "P02", "P05", "P07", "P08", "P13"], ["P03"]),
     ("yiliao", "什么因素让患者坚持用药", ";阻碍它的:", ["P03", "P05", "P06", "P08", "P11"], ["P04", "P07"])],
)  # fmt: skip
def test_what_hinders_is_told_apart_from_what_brings_something_about(study, question, mark, promoting, hindering):
    before, after = ask(study, question).headline.split(mark)
    assert sorted(re.findall(r"P\d\d", before)) == promoting
    assert sorted(re.findall(r"P\d\d", after)) == hindering


def test_that_nothing_hinders_is_said_of_what_is_asked():
    assert ask("dart", "why do customers stop participating").headline.startswith(
        "No claim says what hinders customer participation."
    )


@pytest.mark.parametrize("question", ["什么还没有研究", "还有什么没研究"])
def test_what_is_not_studied_is_what_is_missing(question):
    assert ask("yiliao", question).operation == "missing"


def test_a_definition_is_asked_for_by_what_something_is_called():
    assert ask("yiliao", "什么叫药物顾虑").operation == "define"


@pytest.mark.parametrize(
    ("study", "question", "sources"),
    [("cycling", "who was interviewed", {"averton-interview", "kesslau-interview"}),
     ("cycling", "who was interviewed in Averton", {"averton-interview"}),
     ("yiliao", "采访了谁", {"donghe-fangtan", "nanyuan-fangtan", "xishan-fangtan"}),
     ("yiliao", "哪些访谈提到药费", {"donghe-fangtan", "nanyuan-fangtan"})],
)  # fmt: skip
def test_who_was_interviewed_is_told_by_the_interviews(study, question, sources):
    assert {one.id for one in ask(study, question).named if one.kind == "source"} == sources


def test_who_coded_the_interviews_is_told_of_these_alone():
    answer = ask("cycling", "who coded the interviews")
    assert "coded 10 passages" in answer.headline
    assert "Idris" not in answer.headline


def test_of_works_with_a_mark_the_evidence_of_others_is_not_counted():
    assert (
        ask("yiliao", "哪篇文献是药企出的").headline == "康怡药业研究院, 2021, 家庭用药提醒白皮书 (企业来源);涉及P06。"
    )


@pytest.mark.parametrize(
    ("study", "question", "operation"),
    [("yiliao", "几个访谈是谁编码的", "coders"), ("cycling", "how do I deal with angry shopkeepers?", "advice"),
     ("cycling", "what searches found nothing", "searches"), ("cycling", "what prevents lanes from being built", "drivers"),
     ("cycling", "how many pieces of evidence are there altogether", "count")],
)  # fmt: skip
def test_what_is_asked_is_read_though_more_is_said(study, question, operation):
    answer = ask(study, question)
    assert (answer.operation, answer.is_nearest) == (operation, False)
