"""Questions as people put them who see a study for the first time: two at once, about its weak spots, in everyday words."""

from __future__ import annotations

import pytest
from questioning import ask

from kg.asking.parts import parts


def claims(name, question):
    return [claim.id for claim in ask(name, question).claims]


@pytest.mark.parametrize(
    ("question", "told"),
    [("when did it begin, and who coded it?", 2), ("Are these real places? can I print this?", 2),
     ("街道该不该培训领队？谁赞成谁不赞成", 2), ("what supports trust", 0), ("cities where leaders act and nobody objects", 0),
     ("who, what, where and when?", 0)],
)  # fmt: skip
def test_a_question_has_two_parts_where_each_asks_something(question, told):
    assert len(parts(question)) == told


@pytest.mark.parametrize(
    ("study", "question", "first", "second"),
    [("bees", "When was the bee inspector interviewed, and who coded it?", "Idris Blackwood", "2024-09-18"),
     ("bees", "What does the code 'Talked about' mean and how many passages carry it?", "10 passages", "Blame, gossip"),
     ("buses", "How many pieces of evidence are there, and how many of them go against the theory?",
      "23 evidence lines oppose", "72 evidence lines"),
     ("yiliao", "发作提醒怎么定义，典型引文是哪句", "2 条引文", "头晕、胸闷等不适使人吃药")],
)  # fmt: skip
def test_both_parts_of_a_question_are_answered(study, question, first, second):
    headline = ask(study, question).headline
    assert first in headline
    assert second in headline


def test_the_reason_of_what_the_first_part_tells_is_asked_with_its_words():
    assert parts("When did the ring stop running, and what was the reason?")[1] == "why did the ring stop running"


@pytest.mark.parametrize(
    ("study", "question"),
    [("gardens", "where is the theory weakest"), ("gardens", "which claims are on thin ice"),
     ("fenlei", "这个理论的软肋是什么"), ("maintainers", "I have to review this theory. Where is it weakest?")],
)  # fmt: skip
def test_where_a_theory_is_weak_is_told_by_reason_the_worst_first(study, question):
    answer = ask(study, question)
    order = [
        "有证据",
        "找过证据",
        "No evidence",
        "只有反对",
        "Opposed",
        "只有一个",
        "one independent witness",
        "有支持也有反对",
        "Contested",
    ]
    places = [answer.headline.index(one) for one in order if one in answer.headline]
    assert len(places) > 3
    assert places[1:] == sorted(places[1:])
    assert all(claim.state != "supported" or claim.witnesses("supports").independent == 1 for claim in answer.claims)


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [("bees", "How many evidence lines did each coder draw?", "65 evidence lines: Wanda Pietersen 33, Idris Blackwood 32."),
     ("huzhu", "一共几条命题，几条证据？", "13 条主张、62 条证据(支持 39、反对 15、限定 8);另有1 编码者意见不一、1 已撤回。"),
     ("maintainers", "How many lines of evidence are there in all and how do they split?",
      "76 evidence lines (45 support, 18 oppose, 13 qualify); besides, 1 disputed, 1 withdrawn."),
     ("shitang", "这个研究一共多大？几个食堂、多少条证据？", "4 个案例、69 条证据(支持 40、反对 18、限定 11)")],
)  # fmt: skip
def test_evidence_is_counted_by_coder_by_stance_and_beside_other_things(study, question, said):
    assert ask(study, question).headline.startswith(said)


@pytest.mark.parametrize(
    ("study", "question", "wanted"),
    [("maintainers", "Does having to sign a CLA scare people off?", ["M3"]),
     ("maintainers", "why do some people stay in a project for years?", ["M4", "M5", "M6", "M7"]),
     ("bees", "Do quick lab results keep people counting?", ["B4"])],
)  # fmt: skip
def test_a_word_that_is_the_value_of_an_attribute_chooses_no_case_by_itself(study, question, wanted):
    answer = ask(study, question)
    assert [claim.id for claim in answer.claims] == wanted
    assert not answer.limits


def test_the_value_of_an_attribute_chooses_cases_where_something_is_told_to_be_within_them():
    assert ask("brigades", "Attendance at drills in the uplands - what do we have?").limits.cases == (
        "ellerdale",
        "pennowick",
    )


def test_cases_are_chosen_by_a_number_and_a_word_of_the_name_of_the_attribute():
    answer = ask("bees", "do the bigger associations, over 60 members, report that prompt answers matter?")
    assert set(answer.limits.cases) == {"thornbeck", "saltmarsh"}
    assert claims("bees", answer.question) == ["B4"]


@pytest.mark.parametrize(
    ("study", "question", "wanted"),
    [("walking", "Why do parents send their kids with a walking bus?", ["W2", "W3"]),
     ("bees", "What would follow if a club put its results on a map without names?", ["B7"]),
     ("jianshen", "参加健身队能不能省下药费？", ["H12"])],
)  # fmt: skip
def test_what_the_whole_study_is_about_leads_to_no_claim_beside_what_is_asked(study, question, wanted):
    assert claims(study, question) == wanted


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [("brigades", "does money keep volunteers in the brigade", "F8 opposed: 0 support, 6 oppose"),
     ("buses", "Would shorter shifts help us to keep our drivers?", "B8 supported"),
     ("jianshen", "换了领队队伍就散，这话有没有反例", "2 条证据(2 个独立来源)反对H7"),
     ("shitang", "便宜到底能不能把老人吸引来", "M1 有支持也有反对")],
)  # fmt: skip
def test_words_of_the_title_comparatives_and_particles_block_no_verdict(study, question, said):
    assert ask(study, question).headline.startswith(said)


def test_the_nearest_claim_is_told_with_what_it_states_and_its_lines():
    headline = ask("gardens", "can we allow hens or bees on the plots?").headline
    assert "nearest: G8 “Plot inspections lower the neglect of plots” (4 support, 2 oppose, 2 qualify)" in headline


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [("bees", "Do members get better at recognising diseases by taking part?",
      "An open question: Q1: Do those who take part come to know more about disease? The theory claims nothing about"),
     ("fenlei", "志愿者都撤走了以后，居民还分不分啊？", "未决问题 Q1: 督导员撤走以后，居民还分不分？ 没有主张能对上这个问题;最接近:F1 ")],
)  # fmt: skip
def test_what_a_study_leaves_open_is_no_verdict(study, question, said):
    assert ask(study, question).headline.startswith(said)


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [("shitang", "起步期指的是多久", "起步期:开张以后头十二个月的阶段。"), ("jianshen", "磨合期是多久", "磨合期:登记以后的头六个月。"),
     ("jianshen", "长期参加在这里是怎么算的", "长期参加:登记满一年时仍然每周至少来两次。")],
)  # fmt: skip
def test_how_long_a_stage_is_and_how_something_is_counted_is_told_by_its_definition(study, question, said):
    assert ask(study, question).headline.startswith(said)


def test_all_stages_are_told_in_their_order_with_what_they_are():
    answer = ask("bees", "What are the three stages and where does each begin and end?")
    assert answer.headline.startswith("joining → routine → alarm.")
    assert [row["property"] for row in answer.definition] == ["joining", "routine", "alarm"]
    assert ask("buses", "What stages does a line go through?").headline.startswith(
        "setting up → first timetable → lasting line."
    )


@pytest.mark.parametrize(
    ("study", "question", "references"),
    [("bees", "Which sources have an axe to grind, and how does the study deal with that?", {"hivemark2023", "union2021"}),
     ("buses", "Which of the publications have an interest of their own?", {"minicoach2021", "federation2023"})],
)  # fmt: skip
def test_who_has_an_interest_is_told_by_the_marks_of_works(study, question, references):
    assert {one.id for one in ask(study, question).named if one.kind == "reference"} == references


def test_who_wrote_a_work_is_told_by_the_first_part_of_its_title():
    assert ask("brigades", "who wrote The siren and the supper table").headline.startswith("Iwasaki, Noriko")


@pytest.mark.parametrize(
    ("question", "sources"),
    [("望江那份访谈谁编的码？", {"wangjiang-fangtan"}), ("渡口那场座谈会是哪天开的", {"dukou-zuotan"})],
)
def test_a_source_of_a_case_is_chosen_by_what_it_is(question, sources):
    assert set(ask("huzhu", question).limits.sources) == sources


def test_somebody_who_is_no_record_is_told_of_by_the_passages_with_the_name():
    answer = ask("jianshen", "葛大爷在座谈会上说了什么")
    assert answer.passages
    assert all("葛大爷" in passage.quote for passage in answer.passages)


def test_nothing_is_advised_on_what_is_only_coded():
    answer = ask("jianshen", "邻居嫌音乐吵来投诉怎么办？")
    assert answer.headline.startswith("理论没有就此提出建议。")
    assert not answer.claims


def test_that_nothing_compares_two_things_is_said_before_how_each_stands():
    headline = ask("brigades", "Does family tradition matter more than simply being asked?").headline
    assert headline.startswith("The theory does not compare them; each by itself: F1 contested")


def test_on_what_all_cases_agree_are_the_claims_that_each_speaks_for_or_each_against():
    assert claims("brigades", "Do all four brigades agree on anything?") == ["F5", "F8"]


def test_the_confidence_is_told_of_the_claims_of_which_it_was_judged():
    assert claims("jianshen", "信心评过哪几条，各是什么级别") == ["H1", "H10", "H11", "H4", "H6"]


def test_an_overview_begins_with_what_the_study_asks():
    assert ask("brigades", "Can you sum up the study in a few lines?").headline.startswith(
        "Why villagers join a volunteer fire brigade and stay (Ellerdale Fire Brigade, "
    )


def test_a_code_of_one_character_and_a_number_beside_a_word_lead_to_nothing_else():
    assert "头一年" not in ask("shitang", "开张满一年以后，靠什么活下来？").reading


@pytest.mark.parametrize(
    ("study", "question", "expected"),
    [("museums", "what did Ilse Marten have to say?", ["M1", "M11", "M7"]),
     ("bees", "What did Ruth Castellan have to say?", ["B1", "B10", "B11", "B3", "B5"])],
)  # fmt: skip
def test_what_one_says_of_several_who_speak_in_a_source_is_told_apart(study, question, expected):
    assert claims(study, question) == expected


def test_who_coded_a_document_is_told_of_that_document():
    assert ask("museums", "who coded the letters, and when?").headline.startswith(
        "Marcus Webb (coded 9 passages, 2025-02-03"
    )


def test_what_is_taken_away_is_left_out():
    answer = ask("museums", "Take Vasquez and Thorne away: what is left in favour of asking people in person?")
    assert answer.headline.startswith("4 evidence lines (4 independent) support M1")


@pytest.mark.parametrize(
    "question",
    ["Why would anyone in the town bother to help with an exhibition?", "Has Peter Thorne written about this?"],
)
def test_an_everyday_word_is_no_id_of_a_set_and_no_value_of_an_attribute(question):
    limits = ask("museums", question).limits
    assert (limits.cases, limits.sources) == ((), ())


def test_codes_that_no_evidence_has_are_told_apart_with_those_above_them():
    answer = ask("museums", "Which codes never made it into any claim's evidence?")
    assert {one.id for one in answer.named} == {
        "house-town", "cake", "left-behind", "came-back", "wills", "theory-limits", "loose-ends",
    }  # fmt: skip
    assert ask("dianti", "哪些代码到头来没有支撑任何命题？").operation == "codes"


def test_what_two_things_are_is_told_of_each():
    headline = ask("nightwards", "what are the first nights and the steady nights?").headline
    assert headline == (
        "first nights: The stage of the first eight weeks on the night rota; "
        "steady nights: The stage of all nights after the first eight weeks."
    )


def test_whether_any_evidence_is_of_somebody_with_an_interest_is_told_by_the_marks_of_works():
    answer = ask("nightwards", "Is any of the evidence from someone with an axe to grind?")
    assert [one.id for one in answer.named] == ["rotabright2023", "wardunion2021"]


@pytest.mark.parametrize(
    ("study", "question", "begin"),
    [("xunyu", "要是我来审这篇稿子，证据最薄的地方在哪？", "查找过证据而没有找到:H12;只有反对的证据:H11"),
     ("xunyu", "几次访谈和座谈会是哪天做的", "2024年6月12日: "),
     ("xunyu", "看病报销的比例是多少", "没有主张能对上这个问题;"),
     ("xunyu", "把村医逼走的都是些什么事？", "没有主张能对上这个问题;下面是最接近的引文:“孙科长说，二〇二三年全镇走了三个村医，"),
     ("xunyu", "我是镇卫生院的，今年分来一个新村医，该怎么带", "意思最接近的是 H13 "),
     ("yiliao", "王奶奶头不晕了怎么还在吃", "“后来不晕了，我也照吃，因为早饭后吃药已经成了习惯，跟刷牙一样。”"),
     ("dianti", "船厂那个屠阿婆到底是什么态度？", "“屠阿婆说，她住一楼，她反对，就是怕屋里白天也黑。”"),
     ("nightwards", "Compare Alder and Lantern on what holds nurses", "Alder Ward: 5 support, 5 oppose"),
     ("nightwards", "what did Tomasz Wrona tell and why did he leave?", "“Three times in 2023 I told the matron that"),
     ("nightwards", "Is there anybody who was told off and still speaks her mind?", "Against N6 (contested): Group discussion"),
     ("xunyu", "信心评得最低的是哪条，理由是什么", "1 条主张:被证据反对:H11。")],
)  # fmt: skip
def test_what_is_asked_in_everyday_words_is_told_first(study, question, begin):
    assert ask(study, question).headline.startswith(begin)
