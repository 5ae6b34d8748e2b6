"""Words are compared by what their forms have in common, in English and Chinese, and names are found by them."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import paths
from kg.asking import sentence
from kg.language import lexicon
from kg.language.lexicon import ID, LABEL, PART, SYNONYM, Lexicon, content, pairs
from kg.language.shipped import thesaurus
from kg.language.tokens import LONGEST, fold, joined, key, tokens


@pytest.mark.parametrize(
    "forms",
    [
        ("drive", "drives", "driving", "drove", "driven"),
        ("participate", "participates", "participating", "participation"),
        ("support", "supports", "supported", "supporting"),
        ("buy", "buys", "buying", "bought"),
        ("give", "gives", "gave", "given"),
        ("lead", "leads", "led", "leading"),
        ("hypothesis", "hypotheses"),
        ("analysis", "analyses"),
        ("company", "companies"),
        ("city", "cities"),
    ],
    ids=lambda forms: forms[0],
)
def test_the_forms_of_a_word_are_one(forms):
    assert len({key(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("trust", "trusty"), ("access", "accent"), ("dialogue", "diagram"), ("lives", "live in")]
)
def test_other_words_stay_apart(one, other):
    assert joined(tokens(one)) != joined(tokens(other))


def test_no_irregular_form_leads_to_one_that_is_irregular_itself():
    forms = tomllib.loads((paths.shipped("language") / "irregular.toml").read_text("utf-8"))["forms"]
    assert {form: base for form, base in forms.items() if base in forms and forms[base] != base} == {}


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("顧客參與", "顾客参与"),
        ("什麼支持透明度", "什么支持透明度"),
        ("價值主張", "价值主张"),
        ("對話與風險評估", "对话与风险评估"),
    ],
)
def test_traditional_characters_are_read_as_simplified_ones(traditional, simplified):
    assert tokens(traditional) == tokens(simplified)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("customers' trust", ["customers", "trust"]),
        ("the customer's trust", ["the", "customer", "trust"]),
        ("the customer’s trust", ["the", "customer", "trust"]),
        ("what's access", ["what", "access"]),
        ("doesn't", ["does", "not"]),
        ("isn’t", ["is", "not"]),
        ("can't", ["can", "not"]),
        ("won't", ["will", "not"]),
    ],
)
def test_an_apostrophe_begins_no_word_and_a_denial_stays_one(written, words):
    assert [token.text for token in tokens(written)] == words


def test_widths_cases_and_signs_make_no_difference():
    assert tokens("ＴＲＵＳＴ？") == tokens("trust!") == tokens(" Trust ")
    assert fold("  A\t B\n") == "a b"


def test_chinese_is_split_into_characters_and_a_word_between_them_stays_whole():
    some = tokens("小米MIUI社区2015年")
    assert [token.text for token in some] == ["小", "米", "miui", "社", "区", "2015", "年"]
    assert [token.is_han for token in some] == [True, True, False, True, True, False, True]
    assert pairs(some) == ["小米", "社区"]


@given(st.text(max_size=300))
def test_any_text_has_tokens_that_are_read_again_as_they_are(text):
    for token in tokens(text):
        assert token.text
        assert token.key
        assert not token.text.isspace()
        assert tokens(token.text) == (token,) or len(token.text) > 1


@given(st.text(alphabet="ab 中文'’", max_size=40), st.integers(1, 3))
def test_only_the_first_tokens_of_a_long_text_are_read(text, times):
    assert len(tokens(text * times * 1000)) <= LONGEST


def test_words_without_content_are_left_out_of_a_name():
    assert content(tokens("the trust of a customer")) == content(tokens("trust customer"))
    assert content(tokens("顾客的信任")) == content(tokens("顾客信任"))


# ---- The lexicon of a study


@pytest.fixture(scope="module")
def words(dart):
    return Lexicon(dart.tables)


def senses(words, text, kind):
    """Return the records of a kind that a text names, with what the name is to each."""
    some = tokens(text)
    meant = words.look_up({joined(some), content(some)})
    return {sense.value: sense.rank for found in meant.values() for sense in found if sense.kind == kind}


@pytest.mark.parametrize(
    ("name", "kind", "record", "rank"),
    [
        ("customer-trust", "concept", "customer-trust", ID),
        ("Customer trust", "concept", "customer-trust", ID),
        ("顾客信任", "concept", "customer-trust", LABEL),
        ("顧客信任", "concept", "customer-trust", LABEL),
        ("trust", "concept", "customer-trust", SYNONYM),
        ("P18", "proposition", "P18", ID),
        ("Haier", "case", "haier", ID),
        ("海尔", "case", "haier", LABEL),
        ("Ramaswamy", "author", "ramaswamy-venkat", PART),
        ("Venkat Ramaswamy", "author", "ramaswamy-venkat", LABEL),
        ("Prahalad & Ramaswamy, 2004b", "reference", "prahalad2004experiences", LABEL),
        ("Prahalad 2004", "reference", "prahalad2004experiences", SYNONYM),
    ],
)
def test_a_record_is_found_by_each_of_its_names(words, name, kind, record, rank):
    assert senses(words, name, kind).get(record) == rank


def test_a_family_name_means_all_authors_who_have_it_and_a_year_those_of_the_work(dart, words):
    families = {}
    for row in dart.query("authors").dicts():
        family, _, given_name = row["name"].partition(", ")
        if given_name and len(tokens(family)) == 1:
            families.setdefault(fold(family), set()).add(row["author"])
    shared = {family: some for family, some in families.items() if len(some) > 1}
    assert shared
    for family, some in shared.items():
        assert some <= {*senses(words, family, "author")}, family


def test_every_label_of_every_record_is_in_the_lexicon(dart, words):
    for row in dart.query("labels").dicts():
        if len(tokens(row["label"])) <= lexicon.LONGEST and tokens(row["label"]):
            assert row["id"] in senses(words, row["label"], row["kind"]), row


def test_words_of_like_meaning_are_found_both_ways(words):
    alone = [[word for word in group if word.isascii() and len(tokens(word)) == 1] for group in thesaurus()]
    for group in [group for group in alone if len(group) > 1][:50]:
        first, second = key(group[0]), key(group[1])
        if first != second:
            assert second in words.alike([first])[first]
            assert first in words.alike([second])[second]


def test_the_longest_name_is_taken(words):
    for text, record in (
        ("what supports customer participation", "customer-participation"),
        ("evidence for the co-creation stage", "co-creation-stage"),
        ("什么支持价值主张", "value-proposition"),
    ):
        spans = sentence.split(text, words, lambda _: True).spans
        assert [s for span in spans for s in span.ids("concept")][:1] == [record]
        (named,) = [span for span in spans if span.names_records and record in span.ids("concept")]
        assert content(tokens(named.text)) == content(tokens(text))[-len(content(tokens(named.text))) :]
