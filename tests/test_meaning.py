"""What a question means in other words than the study's: texts as vectors, kept beside a build, and what is nearest."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questioning import ask, asked

from kg.asking.meaning import Meaning
from kg.language.encoder import encoder
from kg.store import vectors


def like(language, one, other):
    """Return how near two texts are."""
    return float(encoder(language).encode(one) @ encoder(language).encode(other))


@pytest.mark.parametrize(
    ("language", "text", "near", "far"),
    [("en", "what it costs", "the price of it", "a tall tree"),
     ("en", "people who rent out their flats", "owners who let", "the heating bill"),
     ("en", "do kids come back when they are grown", "return of children as adults", "the curator of the museum"),
     ("zh", "多少钱", "价格", "大树"), ("zh", "老人家一个人住，没人说话", "孤独感", "学费减免"),
     ("zh", "电梯装不装得成", "加装电梯达成一致", "物业费")],
)  # fmt: skip
def test_a_text_is_nearer_to_what_says_the_same_in_other_words(language, text, near, far):
    assert like(language, text, near) > like(language, text, far)


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=400), language=st.sampled_from(["en", "zh"]))
def test_any_text_has_one_vector_of_length_one(text, language):
    first, again = (encoder(language).encode(text) for _ in range(2))
    assert first.tobytes() == again.tobytes()
    assert abs(float(first @ first) - 1) < 1e-5


def test_what_no_text_can_hold_is_encoded_as_well():
    assert encoder("en").encode("half a \ud800 character").shape == (384,)


def test_the_vector_of_a_text_does_not_depend_on_those_beside_it(tmp_path):
    texts = ["Trust drives participation.", "The bus is late.", "So it is."]
    together = vectors.vectors(tmp_path / "a", "en", texts)
    alone = [vectors.vectors(tmp_path / str(n), "en", [text])[0] for n, text in enumerate(texts)]
    assert all(one.tobytes() == other.tobytes() for one, other in zip(together, alone, strict=True))


def test_a_text_is_encoded_once_and_its_words_are_not_kept(tmp_path, monkeypatch):
    path = tmp_path / vectors.NAME
    before = vectors.vectors(path, "en", ["a secret said in an interview", "another"])
    monkeypatch.setattr(vectors, "encoder", lambda _: pytest.fail("encoded again"))
    after = vectors.vectors(path, "en", ["another", "a secret said in an interview"])
    assert after[::-1].tobytes() == before.tobytes()
    assert b"secret" not in path.read_bytes()


def test_the_vector_of_one_language_is_not_that_of_the_other(tmp_path):
    english, chinese = (vectors.vectors(tmp_path / "v", language, ["Haier"]) for language in ("en", "zh"))
    assert english.shape != chinese.shape


def test_a_file_of_vectors_that_is_damaged_is_begun_anew(tmp_path):
    path = tmp_path / vectors.NAME
    path.write_bytes(b"no database at all" * 100)
    first = vectors.vectors(path, "en", ["trust"])
    assert sqlite3.connect(path).execute("SELECT count(*) FROM vector").fetchone() == (1,)
    assert vectors.vectors(path, "en", ["trust"]).tobytes() == first.tobytes()


def test_where_nothing_can_be_written_texts_are_encoded_each_time(tmp_path):
    # A folder in place of the file: also who may do anything cannot write it.
    assert vectors.vectors(tmp_path, "en", ["trust"]).shape == (1, 384)


def test_two_who_ask_at_once_have_each_what_is_near_to_their_question(museums):
    questions = [
        "do people give money later on",
        "does a receipt calm lenders",
        "do helpers feel at home",
        "who is paid",
    ]
    alone = {one: Meaning(museums.tables, "en").nearest(one) for one in questions}
    together = Meaning(museums.tables, "en")
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda one: (one, together.nearest(one)), questions * 25))
    assert all(near == alone[one] for one, near in given)


def test_many_ask_for_the_same_vectors_at_once(tmp_path):
    texts = [f"text {n}" for n in range(20)]
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: vectors.vectors(tmp_path / "v", "en", texts).tobytes(), range(8)))
    assert len(set(given)) == 1


@pytest.fixture(scope="module")
def museums():
    return asked("museums")


def test_the_claim_that_is_meant_is_nearest_and_the_surer_the_more_it_stands_out(museums):
    meaning = Meaning(museums.tables, "en")
    plain = meaning.nearest("Do people who helped give the museum money later on, or put it in their will?")
    vague = meaning.nearest("Does it pay off?")
    assert plain.claim == "M13"
    assert plain.sure > 0.75
    assert vague.sure < 0.5


def test_passages_are_ranked_by_what_they_mean(museums):
    meaning = Meaning(museums.tables, "en")
    ranked = meaning.ranked("are heirlooms another matter than things from a shop", meaning.passages)
    quotes = dict(museums.tables.sql("SELECT id, quote FROM excerpt"))
    assert any("inherited objects" in quotes[key] for key, _ in ranked[:5])
    assert [near for _, near in ranked] == sorted((near for _, near in ranked), reverse=True)


def test_a_study_of_few_claims_has_none_that_stands_out():
    assert Meaning(asked("template").tables, "en").nearest("what keeps volunteers") is None


def test_a_question_in_a_language_that_no_text_is_in_has_nothing_near(museums):
    meaning = Meaning(museums.tables, "zh")
    assert meaning.nearest("谁把东西借给博物馆") is None
    assert not meaning.ranked("谁把东西借给博物馆", meaning.passages)
    assert meaning.nearest_open("谁把东西借给博物馆") is None


@pytest.mark.parametrize(
    ("study", "question", "claim"),
    [("buses", "If the council pays, do people stop giving?", "B10"),
     ("walking", "do kids who walk do better in class?", "W13"),
     ("shuwu", "书越多借的人就越多吗", "N11")],
)  # fmt: skip
def test_a_claim_that_is_surely_meant_takes_the_place_of_what_single_words_lead_to(study, question, claim):
    answer = ask(study, question)
    assert [one.id for one in answer.claims] == [claim]
    assert not answer.is_nearest
    assert ("by its meaning" if answer.language == "en" else "按意思") in answer.reading


@pytest.mark.parametrize(
    ("study", "question", "said"),
    [("museums", "Does letting locals write the history stir up old fights?", "Nearest in meaning: M9 "),
     ("museums", "If volunteers get a vote, will they still be there on opening night?",
      "Nearest in meaning: M6 “In the making, a say in decisions encourages staying until the opening” (4 support, 2 oppose"),
     ("cycling", "do you need engineers in house before the kerbs can go in?", "Nearest in meaning: P08 "),
     ("huzhu", "手机上报名麻烦，会不会把人挡在门外？", "意思最接近的是 T6 ")],
)  # fmt: skip
def test_the_claim_that_is_nearest_in_meaning_is_told_with_how_it_stands(study, question, said):
    answer = ask(study, question)
    assert answer.headline.startswith(said)
    assert answer.is_nearest


@pytest.mark.parametrize(
    ("study", "question"),
    [("dart", "what supports transparency"), ("dart", "什么支持透明性"), ("dart", "P18"), ("museums", "M6"),
     ("dart", "which claims are contested"), ("dart", "who coded H21")],
)  # fmt: skip
def test_what_the_words_tell_surely_is_answered_without_an_encoder(study, question, monkeypatch):
    monkeypatch.setattr("kg.asking.meaning.encoder", lambda _: pytest.fail("encoded"))
    assert ask(study, question).headline


def test_the_lines_closest_to_a_question_that_says_more_than_names_are_told_in_the_verdict():
    headline = ask(
        "museums", "is it enough to have helped or does your name have to be up on the wall to feel you belong"
    ).headline
    assert headline.startswith("M11 contested: 3 support")
    assert " Closest to the question: “" in headline
    assert "Closest to the question" not in ask("museums", "M11").headline


def test_an_open_question_is_found_in_other_words():
    assert ask("cycling", "Will the lanes outlive my term of office?").headline.startswith("An open question: Q1: ")
    assert ask("guangai", "家里年轻人都进城了，地里那些设备谁来照看？").headline.startswith("未决问题 Q2: ")


def test_what_the_theory_says_of_itself_is_told_where_nothing_is_claimed():
    headline = ask("laoda", "老师的待遇和聘用，里面谈到没有").headline
    assert headline.startswith("理论自己说:“本章讲的是学员，教师怎样聘、经费怎样来，不在这里讲。”")
