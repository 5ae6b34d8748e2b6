"""Questions in Chinese: words that no name has, what is denied of one case, what is suggested as one types."""

from __future__ import annotations

from functools import cache

import pytest
from judging import StudyAsked, study_of

from kg.asking import sentence
from kg.language.lexicon import Lexicon
from kg.language.shipped import chinese_words


@cache
def asked(name):
    return StudyAsked(study_of(name)).graph


def ask(name, question):
    return asked(name).ask(question)


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
    assert answer.headline.startswith(f"没有主张提到“{on}”")


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
