"""Ranked full text: words in any form and order, in both languages, whatever a person types."""

from __future__ import annotations

import itertools
import re
import sqlite3
import unicodedata

import pytest
from helpers import repin
from hypothesis import example, given
from hypothesis import strategies as st

import kg
from kg.store import fulltext

TYPED = st.text(max_size=60) | st.text(alphabet="ab\"*^(){}:+-. 'NEARORANDT对话信\ud800\x00\x01\x02\x1f", max_size=60)


def ids(graph, text, *kinds, limit=10):
    return [found.id for found in fulltext.find(graph.tables, text, kinds or fulltext.KINDS, limit)]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Open the template with more paragraphs, some of them Chinese."""
    import shutil

    from kg import paths

    folder = tmp_path_factory.mktemp("fulltext") / "study"
    shutil.copytree(paths.shipped("seeds") / "template", folder)
    with (folder / "sources/theory.txt").open("a", encoding="utf-8") as file:
        file.write(
            "\nFar: the kitchen that they had at the old place was open all week, and nobody washed a plate or a bowl "
            "by hand at any time."
            "\nThe kitchen washed every plate.\nWashed plates in kitchens.\nWe wash plates."
            "\n反馈使志愿者留下来。\n志愿工作者很少。\nＤＡＲＴ is wide, café is not, Ada\u2019s is whose.\n"
        )
    repin(folder)
    return kg.open(folder)


def texts(graph, text, limit=10):
    found = [one.id for one in fulltext.find(graph.tables, text, ["paragraph"], limit) if one.all_words]
    return [place.text for place in fulltext.places(graph.tables, found)]


def test_words_are_found_in_any_form_and_order_the_nearer_the_better(template):
    assert [text[:6] for text in texts(template, "plates kitchen washing")] == ["Washed", "The ki", "Far: t"]
    assert texts(template, "kitchens wash every plates")[0] == "The kitchen washed every plate."


def test_what_has_all_words_comes_before_what_has_some(template):
    found = fulltext.find(template.tables, "wash plates kitchen weekly", ["paragraph"])
    assert [one.all_words for one in found] == [False] * len(found)
    found = fulltext.find(template.tables, "wash plates kitchen", ["paragraph"])
    assert [one.all_words for one in found] == [True, True, True, False]
    assert all(a.score >= b.score for a, b in itertools.pairwise(found[2:]) if a.all_words is b.all_words)


def test_chinese_words_of_any_length_are_found_and_a_question_by_parts_of_it(template):
    assert texts(template, "志愿者") == ["反馈使志愿者留下来。"]
    assert texts(template, "志愿") == ["志愿工作者很少。", "反馈使志愿者留下来。"]
    assert texts(template, "少") == ["志愿工作者很少。"]
    nearest = fulltext.find(template.tables, "志愿者为什么离开", ["paragraph"])
    assert nearest[0].all_words is False
    assert fulltext.places(template.tables, [nearest[0].id])[0].text == "反馈使志愿者留下来。"


@pytest.mark.parametrize(
    "typed", ["dart", "ＤＡＲＴ", "cafe", "CAFÉ", "cafe\u0301", "Ada", "ada's", "Ada’s", "“whose”?"]
)
def test_width_case_accents_and_signs_make_no_difference(template, typed):
    assert len(texts(template, typed)) == 1


def test_every_kind_is_found(dart, template):
    assert ids(template, "feedback lengthen", "claim") == ["P1"]
    assert ids(template, "money", "search") == ["S1"]
    assert ids(template, "told Fridays", "passage") == ids(template, "told Friday", "passage") == ["interview:39-121"]
    assert ids(template, "guest", "paragraph") == ["interview:224-277"]
    assert ids(dart, "信任", "question") == ["Q02"]
    # Statements in both languages, the names of subject, relation and object, the names of a passage's codes.
    assert "P18" in ids(dart, "transparency", "claim")
    assert "P18" in ids(dart, "透明性", "claim")
    assert "interview:146-199" in ids(template, "weekly feedback", "passage")


def test_the_words_of_a_passage_count_more_than_the_names_of_its_codes(dart):
    found = fulltext.find(dart.tables, "dialogue", ["passage"], 1000)
    said = {
        one.id: "dialog" in quote.lower()
        for one in found
        for ((quote,),) in [dart.tables.sql("SELECT quote FROM excerpt WHERE id = :id", id=one.id)]
    }
    scores = [[one.score for one in found if said[one.id] is having] for having in (True, False)]
    assert min(map(len, scores)) > 3
    assert sum(scores[0]) / len(scores[0]) > sum(scores[1]) / len(scores[1])


def test_only_the_kinds_that_are_asked_for_are_found(dart):
    for kinds in itertools.combinations(fulltext.KINDS, 2):
        assert {one.kind for one in fulltext.find(dart.tables, "trust transparency 信任", kinds, 100)} <= {*kinds}
    assert fulltext.find(dart.tables, "trust", ()) == []


def test_the_order_is_the_same_in_every_build(dart, tmp_path, monkeypatch):
    before = fulltext.find(dart.tables, "platform trust dialogue 平台", limit=100)
    # In the cache of the other tests, a build made next would delete the one that these read.
    monkeypatch.setenv("DART_KG_CACHE", str(tmp_path))
    again = kg.open("dart")
    assert again.built != dart.built
    assert fulltext.find(again.tables, "platform trust dialogue 平台", limit=100) == before
    assert len({(one.kind, one.id) for one in before}) == len(before) == 100


def test_more_of_them_begin_with_fewer(dart):
    most = fulltext.find(dart.tables, "the platform of trust", limit=300)
    for limit in (1, 7, 40):
        assert fulltext.find(dart.tables, "the platform of trust", limit=limit) == most[:limit]


@given(typed=TYPED)
@example('"')
@example('NEAR("a b", 2) OR text : x * ^ - {')
@example("a\x00b \ud800 c")
@example("word " * 300)
@example("中" * 3000)
@example("①½ 𠀀 ٣ ー ・ ᾳ")
@example("-- ; DROP TABLE fulltext")
def test_nothing_that_is_typed_is_taken_for_syntax(dart, typed):
    found = fulltext.find(dart.tables, typed, limit=5)
    assert len(found) <= 5
    for match in (*fulltext.words(typed).words, *fulltext.words(typed).parts):
        assert fulltext.count(dart.tables, [match], "paragraph") >= 0
    assert dart.search(typed).total >= len(dart.search(typed).hits[:0])
    assert dart.search(typed, exact=True).total >= 0


@given(
    texts=st.lists(st.text(alphabet="天下a .", max_size=8), max_size=5), word=st.text("天下a", min_size=1, max_size=5)
)
def test_a_chinese_word_is_found_wherever_it_stands_and_nowhere_else(texts, word):
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5 (text)")
        db.executemany("INSERT INTO t VALUES (?)", [(fulltext.indexed(text),) for text in texts])
        (quoted,) = fulltext.words(word).words
        found = db.execute("SELECT rowid FROM t WHERE t MATCH ?", (fulltext._expression(quoted),)).fetchall()
    # A word of letters is found whole.
    before, after = ("(?<!a)" if word[0] == "a" else ""), ("(?!a)" if word[-1] == "a" else "")
    pattern = f"{before}{word}{after}"
    loose = re.sub("(?<=a)(?=[天下])|(?<=[天下])(?=a)", r"[ .]*", pattern)
    assert [row for (row,) in found] == [n for n, text in enumerate(texts, 1) if re.search(loose, text)]


@given(text=st.text(alphabet="aB e\u0301中文ー１\x01\x1f.-", max_size=40))
def test_words_are_marked_where_they_stand(text):
    words = fulltext.words(text)
    for (spans, *_), word in [(fulltext.spans([text], [word])[0], word) for word in words.words]:
        assert spans, word
        for start, end in spans:
            assert text[start:end] == text[start:end].strip()
            first, found = (fulltext._narrow(unicodedata.normalize("NFD", one))[0] for one in (word[1], text[start]))
            assert first.lower() == found.lower()


def test_of_words_that_very_many_have_some_are_ranked(dart, monkeypatch):
    exact = fulltext.find(dart.tables, "the customer", limit=3)
    monkeypatch.setattr(fulltext, "_RANKED", 5)
    few = fulltext.find(dart.tables, "the customer", limit=3)
    assert few == fulltext.find(dart.tables, "the customer", limit=3)
    assert [one.all_words for one in (*few, *exact)] == [True] * 6
    assert fulltext.find(dart.tables, "the hippopotamus", limit=3)


def test_misspelled_words_are_like_words_of_the_sources(dart):
    assert fulltext.like(dart.tables, "transprency") == "transparency"
    assert fulltext.like(dart.tables, "Platfrom") == "platform"
    assert fulltext.like(dart.tables, "qqqqqq") is None


def test_the_index_keeps_no_text(template):
    names = {name for (name,) in template.tables.sql("SELECT name FROM sqlite_master")}
    assert "fulltext_content" not in names
    with pytest.raises(sqlite3.IntegrityError), sqlite3.connect(template.built / "tables.sqlite") as db:
        db.execute("INSERT INTO document VALUES (0, 'x')")
