"""Questions in Chinese: words that no name has, what is denied of one case, what is suggested as one types."""

from __future__ import annotations

import pytest
from questioning import ask, asked

from kg.asking import sentence
from kg.language.lexicon import Lexicon
from kg.language.shipped import chinese_words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("海尔怎么根据用户意见改进三筒洗衣机的", ["海尔", "用户", "改进", "洗衣机"]),
        ("锻炼身体能不能帮助老人", ["锻炼", "身体", "帮助", "老人"]),
        ("人工智能对价值共创有什么影响", ["人工智能", "价值共创"]),
    ],
)
def test_chinese_is_split_into_words_that_no_name_has(question, words):
    split = sentence.split(question, Lexicon(asked("dart").tables), lambda _: True)
    assert set(words) <= {span.text for span in split.spans}
    assert "".join(span.text for span in split.spans) == question


def test_the_list_of_chinese_words_denies_nothing_and_is_in_simplified_characters():
    assert len(chinese_words()) > 20_000
    assert not [word for word in chinese_words() if word[0] in "不没未"]
    assert all(2 <= len(word) <= 4 for word in chinese_words())
    for word in chinese_words():
        word.encode("gb2312")


@pytest.mark.parametrize(
    ("name", "question", "claims"),
    [
        ("yiliao", "老人不吃药是不是嫌贵", ["P07"]),
        ("yiliao", "药太贵会不会让人停药", ["P07"]),
        ("yiliao", "護士回訪能讓病人更相信醫生嗎", ["P09"]),
        ("yiliao", "怕药有副作用是不是就断药", ["P04"]),
        ("dart", "消费者的需要是不是推动他们参与？", ["P10", "P14"]),
        ("dart", "沟通为什么重要", ["P17", "P21"]),
    ],
)
def test_everyday_words_lead_to_the_claims_of_the_study(name, question, claims):
    answer = ask(name, question)
    assert [claim.id for claim in answer.claims] == claims
    assert not answer.is_nearest


@pytest.mark.parametrize(("question", "label"), [("哪一段提到了爆米花？", "X23"), ("哪一段提到洗衣机", "H16")])
def test_a_word_in_chinese_finds_passages_in_english(question, label):
    answer = ask("dart", question)
    assert not answer.is_nearest
    assert label in {passage.paragraph for passage in answer.passages}


@pytest.mark.parametrize(
    ("name", "question", "on"),
    [
        ("dart", "区块链对顾客参与有什么证据", "区块链"),
        ("dart", "广告能促进顾客参与吗", "广告"),
        ("yiliao", "喝酒会影响按时吃药吗", "喝酒"),
        ("yiliao", "跳广场舞对坚持用药有什么帮助", "跳广场舞"),
    ],
)
def test_of_what_no_claim_speaks_the_answer_says_so(name, question, on):
    answer = ask(name, question)
    assert answer.is_nearest
    assert answer.headline.startswith(f"没有主张用到“{on}”")


@pytest.mark.parametrize("question", ["试点项目有什么用", "儿子催药有什么后果"])
def test_a_word_beside_a_concept_is_no_side_of_its_own(question):
    assert not ask("cycling" if "试点" in question else "yiliao", question).is_nearest


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("海尔支持而小米没有支持的命题", "haier", "xiaomi"),
        ("小米不支持但海尔支持的命题有哪些", "haier", "xiaomi"),
        ("哪些命题海尔支持、小米不支持", "haier", "xiaomi"),
        ("海尔没有支持，小米支持的有哪些", "xiaomi", "haier"),
    ],
)
def test_what_one_case_supports_and_another_does_not(question, has, lacks):
    answer = ask("dart", question)
    counts = {row["claim"]: row for row in asked("dart").query("cross-case-matrix").dicts()}
    everything = ask("dart", "所有命题").claims
    assert counts
    expected = [c.id for c in everything if c.by_case["supports"][has] and not c.by_case["supports"][lacks]]
    assert [claim.id for claim in answer.claims] == expected
    assert (answer.operation, answer.stance) == ("claims", "supports")


def test_what_one_case_supports_and_another_opposes():
    answer = ask("dart", "海尔支持而小米反对的命题")
    everything = ask("dart", "所有命题").claims
    expected = [c.id for c in everything if c.by_case["supports"]["haier"] and c.by_case["opposes"]["xiaomi"]]
    assert [claim.id for claim in answer.claims] == expected
    assert "海尔支持、小米反对" in answer.reading


def test_what_no_literature_supports():
    answer = ask("dart", "没有任何文献支持的命题")
    assert answer.limits.roles == ("literature",)
    assert {claim.tally["supports"] for claim in answer.claims} == {0}


@pytest.mark.parametrize(
    ("question", "operation", "stance"),
    [
        ("信任重不重要", "verdict", None),
        ("有没有人反对互动平台", "verdict", "opposes"),
        ("海尔有没有支持信任的证据", "verdict", "supports"),
        ("平台有没有被证明无效", "verdict", None),
        ("要不要加强对话", "advice", None),
        ("顾客需求驱动什么", "effects", None),
    ],
)
def test_whether_something_is_so_is_asked_in_many_ways(question, operation, stance):
    answer = ask("dart", question)
    assert (answer.operation, answer.stance) == (operation, stance)


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("谁编码了老陈的访谈", "nanyuan-fangtan"),
        ("与王奶奶的访谈里有什么支持用药习惯", "donghe-fangtan"),
        ("周阿姨为什么漏服", "xishan-fangtan"),
    ],
)
def test_a_source_is_known_by_whose_it_is(question, source):
    assert ask("yiliao", question).limits.sources == (source,)


STANCES = ("supports", "opposes", "qualifies")


def in_cases(claim, stances=STANCES):
    return {k for s in stances for k, n in claim.by_case[s].items() if n and k != "literature"}


@pytest.mark.parametrize(
    ("name", "question", "holds"),
    [
        ("yiliao", "没有任何人反对的命题有哪些", lambda c: not c.tally["opposes"]),
        ("yiliao", "没有一条证据反对的命题", lambda c: not c.tally["opposes"]),
        ("dart", "没有人质疑的主张", lambda c: not c.tally["opposes"]),
        ("yiliao", "哪些命题没有争议", lambda c: not c.tally["opposes"]),
        ("yiliao", "只有支持没有反对的命题", lambda c: c.tally["supports"] and not c.tally["opposes"]),
        ("yiliao", "有没有支持又反对的命题", lambda c: c.tally["supports"] and c.tally["opposes"]),
        ("dart", "哪些证据互相矛盾", lambda c: c.tally["supports"] and c.tally["opposes"]),
        ("dart", "哪些结论得不到任何支持", lambda c: not c.tally["supports"]),
        ("yiliao", "没什么人支持的命题", lambda c: not c.tally["supports"]),
        ("dart", "没有案例支持的主张有哪些", lambda c: not in_cases(c, ["supports"])),
        ("dart", "没有一家企业支持的命题", lambda c: not in_cases(c, ["supports"])),
        ("yiliao", "三家医院都没支持的命题", lambda c: not in_cases(c, ["supports"])),
        ("dart", "海尔没有提到的命题", lambda c: "haier" not in in_cases(c)),
        (
            "yiliao",
            "哪些结论只有文献支持，没有访谈支持",
            lambda c: c.by_case["supports"]["literature"] and not in_cases(c, ["supports"]),
        ),
        (
            "yiliao",
            "有访谈支持而没有文献支持的命题",
            lambda c: in_cases(c, ["supports"]) and not c.by_case["supports"]["literature"],
        ),
    ],
)
def test_what_is_denied_is_not_what_is_told(name, question, holds):
    # The states are those of all evidence, whatever the limits of the question.
    expected = [claim.id for claim in ask(name, "所有命题").claims if holds(claim)]
    assert expected
    assert [claim.id for claim in ask(name, question).claims] == expected


@pytest.mark.parametrize(("name", "question"), [("dart", "没有一篇文献反对的命题"), ("yiliao", "没有文献反对的命题")])
def test_what_no_literature_opposes(name, question):
    listed = ask(name, question).claims
    assert listed
    assert not any(claim.by_case["opposes"]["literature"] for claim in listed)


@pytest.mark.parametrize("question", ["反对最多的是哪条", "哪条命题反对的证据最多"])
def test_the_most_evidence_of_a_stance_is_counted_by_that_stance(question):
    tallies = {claim.id: claim.tally["opposes"] for claim in ask("yiliao", "所有命题").claims}
    best = [claim for claim, number in tallies.items() if number == max(tallies.values())]
    assert [claim.id for claim in ask("yiliao", question).claims] == best


@pytest.mark.parametrize(
    ("question", "claims"),
    [
        ("何芳跟林晓对“护士每次都换人”那条怎么判的", ["P09"]),
        ("何芳和林晓怎么判断“医生我是信的”这一条", ["P05"]),
        ("“邻居说这药伤肾”那句两个人判得一样吗", ["P04"]),
    ],
)
def test_a_line_is_known_by_the_words_that_are_quoted(question, claims):
    answer = ask("yiliao", question)
    assert [claim.id for claim in answer.claims] == claims
    assert answer.operation == "disputed"
    assert {"何芳", "林晓"} <= {row["value"].partition(",")[0] for row in answer.definition}


@pytest.mark.parametrize(
    "question", ["林晓对“打针的护士”那条是怎么看的", "护士长得高不高", "简单讲讲海尔", "西山的材料"]
)
def test_of_words_that_are_left_over_it_is_not_said_that_nothing_is_claimed(question):
    name = "dart" if "海尔" in question else "yiliao"
    assert "没有任何主张" not in ask(name, question).headline


@pytest.mark.parametrize(
    ("name", "question", "number"),
    [
        ("yiliao", "一共研究了几家医院", 3),
        ("dart", "研究了几家企业", 3),
        ("yiliao", "有几家医院支持随访", 2),
        ("yiliao", "访谈了几个人", 3),
        ("yiliao", "南苑有几份访谈", 1),
        ("yiliao", "有多少命题是有争议的", 3),
        ("dart", "共创分几个阶段", 2),
    ],
)
def test_what_is_counted_is_what_is_asked_for(name, question, number):
    assert ask(name, question).headline.startswith(f"{number} ")


@pytest.mark.parametrize(
    ("question", "authors"),
    [
        ("谁研究过老人的服药习惯", {"孙海燕", "王秀兰"}),
        ("有谁写过药费对病人的影响", {"张伟", "刘洋"}),
        ("谁研究过农村老人用偏方", {"陈敏", "周强", "赵丽华"}),
        ("药费的影响被哪些研究者打了折扣", {"张伟", "刘洋"}),
        ("谁的论文反对随访有用", {"刘静"}),
    ],
)
def test_who_studied_something_is_told_beside_other_words(question, authors):
    named = ask("yiliao", question).named
    assert {one.label for one in named if one.kind == "author"} == authors


def test_no_author_of_another_year_is_named():
    named = ask("dart", "2010年以前谁研究过价值共创").named
    labels = [one.note for one in named if one.kind == "author"]
    assert labels
    assert all(int(label[-4:].rstrip("abcde")) < 2010 for label in labels if label[-4:].isdigit())


@pytest.mark.parametrize(
    ("question", "references"),
    [("哪些文献是2020年的", {"chen2020"}), ("哪些文献是2021年以后的", {"kangyi2021", "liu2022"})],
)
def test_works_of_a_year_are_asked_for(question, references):
    named = ask("yiliao", question).named
    assert {one.id for one in named if one.kind == "reference"} == references


@pytest.mark.parametrize(
    ("question", "date"),
    [("王奶奶从什么时候开始天天吃药的", "二〇一九年三月"), ("老陈什么时候停药的", "二〇二二年十月")],
)
def test_when_something_was_so_in_a_source_is_told_by_passages_with_a_date(question, date):
    answer = ask("yiliao", question)
    assert not answer.is_nearest
    assert any(date in passage.quote for passage in answer.passages)


@pytest.mark.parametrize(
    ("question", "claims"),
    [
        ("到了维持期靠什么坚持下去", ["P08", "P11"]),
        ("到了起始期是什么在推动坚持用药", ["P03", "P05"]),
        ("维持期那几条", ["P08", "P11"]),
        ("起始期都有什么结论", ["P03", "P05"]),
    ],
)
def test_a_stage_that_is_named_first_is_where_something_is_so(question, claims):
    answer = ask("yiliao", question)
    assert [claim.id for claim in answer.claims] == claims
    assert len(answer.limits.stages) == 1


@pytest.mark.parametrize(
    ("question", "is_so"),
    [
        ("家庭支持会妨碍坚持用药吗", False),
        ("医生信任会增进药物顾虑吗", False),
        ("医生信任减轻药物顾虑吗", True),
        ("药费负担会不会影响坚持用药", True),
    ],
)
def test_what_the_theory_says_the_contrary_of_it_does_not_say(question, is_so):
    assert ask("yiliao", question).headline.startswith("理论没有这样说") != is_so


def test_no_known_word_is_read_as_a_phrase_that_asks():
    answer = ask("yiliao", "有什么办法减轻药物顾虑")
    assert "读作" not in answer.reading
    assert [claim.id for claim in answer.claims] == ["P10"]


def test_the_lines_that_a_coder_read_are_named():
    named = ask("yiliao", "何芳读过哪些证据").named
    assert {one.id for one in named if one.kind == "line"} == {
        "ny-huanren", "ny-shangshen", "ny-xinerting", "wx-kangyi", "wx-liu", "wx-zhang-a",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "number"), [("理论给企业的管理建议有几条", 3), ("研究有几个编码者", 3), ("一共有多少个案例", 3)]
)
def test_what_stands_nearest_to_the_number_is_counted(question, number):
    assert ask("dart", question).headline.startswith(f"{number} ")


@pytest.mark.parametrize(
    ("question", "read"), [("没有任何证剧的命题", "没有任何证据"), ("南园有什么证据", "南苑"), ("什么支持透明渡", None)]
)
def test_a_character_that_is_wrong_is_read_as_what_is_meant(question, read):
    answer = ask("yiliao", question)
    assert (f"读作“{read}”" in answer.reading) == (read is not None)


def test_no_misspelling_is_read_as_the_contrary():
    assert "读作" not in ask("dart", "哪些命题既有支持又有反对").reading
    assert "读作" not in ask("yiliao", "信任医生能让人不怕吃药吗").reading


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("信任", "什么支持顾客信任"),
        ("评估", "什么支持风险评估"),
        ("什么支持信", "什么支持顾客信任"),
        ("谁", "谁说"),
        ("怎么", "怎么看"),
        ("比较", "比较"),
        ("有几条", "有几条证据支持"),
        ("who", "who says "),
        ("how", "how does "),
        ("compare", "compare "),
    ],
)
def test_names_are_found_by_what_stands_inside_and_operations_by_how_they_begin(typed, first):
    suggested = asked("dart").answers.suggest(typed)
    assert suggested[0].startswith(first)
    for question in suggested[:3]:
        assert not ask("dart", question).is_nearest
