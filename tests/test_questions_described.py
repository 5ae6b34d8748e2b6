"""Questions that describe what they mean: works, cases, lines and passages that they do not name."""

from __future__ import annotations

import pytest
from questioning import ask


def claims(name, question):
    return [claim.id for claim in ask(name, question).claims]


@pytest.mark.parametrize(
    ("study", "question", "work"),
    [
        ("cycling", "the ministry's guide: which proposition rests on it?", "handbook2017"),
        ("cycling", "what does the study on parking say", "moreau2012"),
        ("dart", "In short, what does the bank study tell us?", "royovela2024banking"),
        ("dart", "For what reason was the affordance paper downgraded?", "guo_affordance"),
        ("yiliao", "是药三分毒那篇文章归在哪条命题下面", "chen2020"),
        ("yiliao", "医保记录那篇谁写的", "zhang2015"),
    ],
)
def test_a_work_is_known_by_what_it_is_and_of_what(study, question, work):
    assert ask(study, question).limits.references == (work,)


@pytest.mark.parametrize(
    ("study", "question", "work"),
    [
        ("cycling", "what is there on parking apart from the shop owners' survey", "moreau2012"),
        ("cycling", "who says something on mayors besides the forty cities study?", "okafor2016"),
        ("cycling", "evidence about money leaving out the 96 grants paper", "tanaka2021"),
        ("cycling", "what supports trials, the handbook excluded", "handbook2017"),
        ("yiliao", "去掉医保记录那项研究，药费方面还剩什么证据", "zhang2015"),
    ],
)
def test_a_work_that_is_described_is_left_out(study, question, work):
    assert ("reference", work) in ask(study, question).limits.without


def test_an_author_alone_describes_no_work():
    assert ask("yiliao", "王秀兰的研究支持了哪些说法？").limits.authors
    assert not ask("yiliao", "王秀兰的研究支持了哪些说法？").limits.references
    assert not ask("dart", "which studies support transparency").limits.references


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("page on which Tanaka writes of 1.6 kilometres", "p. 5"),
        ("on which page does Lindqvist report the 17 points?", "p. 88"),
        ("which page reports Haddad's 60 shopkeepers", "p. 7"),
        ("I'd like the page for Okafor's forty cities", "p. 12"),
    ],
)
def test_the_page_of_what_a_work_is_quoted_for_stands_in_the_verdict(question, page):
    assert page in ask("cycling", question).headline


def test_passages_of_an_author_cite_the_author():
    answer = ask("dart", "on which page do Prahalad and Ramaswamy speak of access?")
    assert answer.passages
    assert all(any("prahalad" in key for key in passage.references) for passage in answer.passages)


@pytest.mark.parametrize(
    ("question", "words", "on"),
    [
        ("for what cause was the Castle Street lane dropped?", "had threatened to sue", ["P03"]),
        ("why did Mrs Falk want to give up her resistance?", "stop opposing the lane", []),
    ],
)
def test_a_proper_name_leads_to_the_passage_that_has_it(question, words, on):
    answer = ask("cycling", question)
    assert words in answer.headline
    assert [claim.id for claim in answer.claims] == on


@pytest.mark.parametrize(
    ("study", "question", "case"),
    [
        ("yiliao", "哪家医院里药价降过", "donghe"),
        ("yiliao", "哪家医院的病人不信医生", "nanyuan"),
        ("cycling", "which city turned down the money", "brenwick"),
    ],
)
def test_the_case_is_named_whose_evidence_has_what_is_told(study, question, case):
    assert [one.id for one in ask(study, question).named if one.kind == "case"] == [case]


def test_which_case_something_is_so_in_is_not_told_by_what_only_the_literature_says():
    assert ask("cycling", "in which town is the mayor elected directly").is_nearest
    assert ask("dart", "in which firm did faith in the brand turn out not to matter").is_nearest


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [
        ("cycling", "which cities had no trial at all?", "Nothing of Averton, Kesslau bears on trial schemes"),
        ("yiliao", "哪家医院没有随访", "没有任何证据涉及随访的案例:南苑社区医院"),
    ],
)
def test_cases_without_what_is_named_are_told_from_those_that_have_it(study, question, said):
    assert ask(study, question).headline.startswith(said)


@pytest.mark.parametrize(
    ("study", "question", "cases"),
    [
        ("cycling", "what opposes P06 in towns under 150,000?", ("brenwick",)),
        ("cycling", "does P09 hold in cities above 190,000?", ("kesslau", "port-halden")),
        ("yiliao", "签约人数超过一千的医院里，什么反对P06？", ("nanyuan",)),
        ("yiliao", "签约的人最多的是哪家", ("nanyuan",)),
    ],
)
def test_cases_are_chosen_by_a_number_or_by_a_part_of_the_name_of_an_attribute(study, question, cases):
    assert ask(study, question).limits.cases == cases


@pytest.mark.parametrize(
    ("study", "question", "line"),
    [
        ("cycling", "what made the line about the sales figures go down a step?", "nm-sales"),
        ("yiliao", "为什么W09那条降了一级", "wx-kangyi"),
        ("dart", "How come the Tianzun copy counts less than coded?", "line-39229a1e17"),
    ],
)
def test_why_a_line_counts_less_is_told_of_one_that_is_described(study, question, line):
    said = ask(study, question).headline
    assert said.startswith(line)
    assert "lowered" in said or "降级" in said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "since what year has there been doubt that acceptance gets lanes built",
            "Since 2016: Okafor & Lindqvist, 2016",
        ),
        ("since when has anyone objected to acceptance getting lanes built", "Since 2016: Okafor & Lindqvist, 2016"),
    ],
)
def test_since_when_somebody_denies_a_claim_is_told_by_the_year_of_a_work(question, said):
    assert ask("cycling", question).headline.startswith(said)


def test_how_many_lines_cite_works_of_a_kind_is_counted():
    assert ask("yiliao", "企业发布的证据一共有几条").headline.startswith("1 条证据引用标为“企业来源”的文献")
    assert "cite works marked promotional" in ask("dart", "how many lines lean on promotional reports").headline


def test_the_nearest_passage_is_quoted_in_the_verdict():
    said = ask("cycling", "is there a word on steep hills in the material?").headline
    assert "comes nearest: “Nguyen found no rise where streets are steep.”" in said


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [
        ("dart", "was it done with second-hand data?", "second-hand data"),
        ("dart", "研究用的是什么方法，怎么收集的资料", "qualitative research method"),
        ("cycling", "how were the interviews analysed", "coded by Idris Bello, Maren Holt"),
    ],
)
def test_how_a_study_was_done_is_told_by_its_own_text_or_by_who_coded(study, question, said):
    answer = ask(study, question)
    assert answer.operation == "study"
    assert said in answer.headline


def test_a_case_is_known_by_what_an_attribute_says_of_it():
    assert ask("yiliao", "哪家医院的药不要钱").headline.startswith("西山社区医院")
    assert ask("yiliao", "药费那条命题在哪个案例里没有证据").claims


@pytest.mark.parametrize(
    ("question", "wanted"),
    [("孙王两人那篇是在哪里做的", "sun2019"), ("王李两位的文章说了什么", "wang2018"), ("陈赵周三人怎么看药物顾虑", "chen2020"),
     ("那份白皮书是哪年出版的", "kangyi2021"), ("白皮书支持什么", "kangyi2021")],
)  # fmt: skip
def test_a_work_in_chinese_is_called_by_first_characters_of_its_authors_or_by_its_kind(question, wanted):
    answer = ask("yiliao", question)
    assert not answer.is_nearest
    assert answer.limits.references == (wanted,)


def test_a_work_is_not_called_by_a_kind_that_any_question_may_name():
    assert not ask("yiliao", "有什么研究支持电话随访").limits.references
