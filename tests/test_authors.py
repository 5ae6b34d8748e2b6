"""Authors of references: which names are one author, which ids they have, where they are shown; one rule for names."""

from __future__ import annotations

import json

import pytest
from helpers import errors
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg import authors, cite, csl, orcid, query
from kg.browse.parameters import Parameters
from kg.browse.records import RECORDS
from kg.browse.study import BuiltStudy
from kg.exports import tables
from kg.exports.rdf import write_jsonld

PRAHALAD = {"family": "Prahalad", "given": "C. K."}
ANN, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"


def of(*names):
    """Find the authors of references that have one author each."""
    return authors.of({f"r{number}": {"author": [name]} for number, name in enumerate(names)})


def ids(*names):
    return [author.id for author in of(*names)[0]]


@pytest.mark.parametrize(
    "other",
    [
        {"family": "Prahalad", "given": "C.K."},
        {"family": "PRAHALAD", "given": "C K"},
        {"family": " Prahalad ", "given": "C.-K."},
        {"family": "Prahalad", "given": "CK"},
    ],
)
def test_names_that_differ_in_case_dots_hyphens_and_white_space_are_one_author(other):
    (author,) = of(PRAHALAD, other)[0]
    assert (author.id, author.family, author.kind) == ("prahalad-c-k", "Prahalad", "person")


def test_initials_are_not_taken_for_a_full_name():
    assert ids({"family": "Lee", "given": "Ann"}, {"family": "Lee", "given": "A."}) == ["lee-a", "lee-ann"]


def test_one_orcid_is_one_author_who_has_the_fullest_name():
    names = [
        {"family": "Lee", "given": "A.", "ORCID": ANN},
        {"family": "Lee", "given": "Ann", "ORCID": f"https://orcid.org/{ANN}"},
    ]
    (author,), by_reference = of(*names, {"family": "Lee", "given": "A"})
    assert (author.id, author.orcid) == ("lee-ann", ANN)
    assert set(by_reference.values()) == {("lee-ann",)}


def test_two_orcids_are_two_authors_and_nobody_knows_which_one_a_name_alone_means():
    name = {"family": "Wang", "given": "W."}
    some, by_reference = of({**name, "ORCID": ANN}, {**name, "ORCID": OTHER}, name)
    assert [(one.id, one.orcid) for one in some] == [("wang-w", OTHER), ("wang-w-2", ANN), ("wang-w-3", None)]
    assert by_reference["r2"] == ("wang-w-3",)


def test_a_chinese_name_stays_chinese_whether_it_is_parted_or_not():
    (author,) = of({"family": "王", "given": "伟"}, {"literal": "王伟"})[0]
    assert (author.id, author.name, author.family, author.given, author.kind) == ("王伟", "王伟", "王", "伟", "person")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ({"literal": "Haier Group"}, "organisation"),
        ({"literal": "第一财经日报"}, "organisation"),
        ({"literal": "金证券"}, "organisation"),
        ({"literal": "海尔"}, "organisation"),
        ({"literal": "张书乐"}, "person"),
        ({"literal": "김민수"}, "person"),
        ({"given": "Plato"}, "person"),
        ({"family": "山田", "given": "太郎"}, "person"),
    ],
)
def test_a_name_that_is_not_parted_is_an_organisation_unless_it_is_known_to_be_a_persons(name, kind):
    assert [author.kind for author in of(name)[0]] == [kind]


def test_editors_are_authors_of_what_has_no_author():
    lee, wang = {"family": "Lee"}, {"family": "Wang"}
    assert authors.of({"a": {"editor": [lee]}, "b": {"author": [wang], "editor": [lee]}})[1] == {
        "a": ("lee",),
        "b": ("wang",),
    }


def test_further_authors_are_no_author():
    assert ids({"literal": "others"}, {"literal": "and others"}, {"literal": "et al."}, {"family": " "}) == []
    item = {"type": "book", "title": "T", "author": [{"family": "Pihl"}, {"literal": "and others"}]}
    assert cite.in_text(item) == "(Pihl et al., n.d.)"


def test_two_authors_whose_names_give_one_id_have_two():
    assert ids({"family": "O'Brien"}, {"family": "O Brien"}, {"literal": "O-Brien 2"}) == [
        "o-brien",
        "o-brien-2",
        "o-brien-3",
    ]


def test_many_names_that_give_one_id_are_numbered():
    names = [{"family": f"Lee{'!' * number}"} for number in range(1, 600)]
    assert len(set(ids(*names))) == len(names)


LETTERS = st.text("aAbé.- 王伟'", min_size=1, max_size=5)
NAMES = st.one_of(
    st.fixed_dictionaries({"family": LETTERS}, optional={"given": LETTERS, "ORCID": st.sampled_from([ANN, OTHER])}),
    st.fixed_dictionaries({"literal": LETTERS}),
)


@given(st.lists(st.lists(NAMES, max_size=3), max_size=6), st.randoms(use_true_random=False))
def test_ids_are_unique_and_do_not_depend_on_the_order_of_the_references(lists, order):
    items = {f"r{number}": {"author": names} for number, names in enumerate(lists)}
    some, by_reference = authors.of(items)
    assert len({author.id for author in some}) == len(some)
    assert {author for listed in by_reference.values() for author in listed} == {author.id for author in some}
    turned = list(items.items())
    order.shuffle(turned)
    assert authors.of(dict(turned)) == (some, by_reference)


@given(
    st.text("aAbé'", min_size=1),
    st.lists(st.sampled_from("ABCÉ"), min_size=1, max_size=3),
    st.sampled_from([".", ". ", " ", ".-", "-"]),
)
def test_spellings_of_initials_are_one_name(family, initials, between):
    one, other = ({"family": family, "given": sign.join(initials)} for sign in (between, ". "))
    assert authors.read(one).key == authors.read(other).key


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_of_an_orcid_is_seen(digits, place, more):
    def valid(text):
        try:
            return orcid.parse("-".join(text[at : at + 4] for at in range(0, 16, 4)))
        except ValueError:
            return None

    (check,) = (sign for sign in "0123456789X" if valid(digits + sign))
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert valid(wrong + check) is None


def with_references(study, *items):
    """Put references beside the one of a study, which a source cites."""
    file = study / "references.json"
    (own,) = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps([own | item for item in items], ensure_ascii=False), "utf-8")


def test_a_wrong_orcid_is_an_error_with_its_place(study):
    with_references(study, {"author": [PRAHALAD | {"ORCID": ANN[:-1] + "8"}]})
    (finding,) = [one for one in errors(study) if one.rule == "not-an-orcid"]
    assert finding.file == "references.json"
    assert "Prahalad" in finding.message


def test_an_author_is_asked_for_traced_shown_and_exported(study, tmp_path):
    with_references(study, {"author": [PRAHALAD | {"ORCID": ANN}, {"literal": "Sina"}]})
    graph = kg.open(study)
    row = ("prahalad-c-k", "Prahalad, C. K.", "person", ANN, 1)
    for engine in (graph.tables, graph.engine):
        assert query.run(engine, "authors").rows[0] == row
        (reference,) = query.run(engine, "references-by-author", author="prahalad-c-k").dicts()
        assert reference["name"] == "Prahalad & Sina, 2026"
        rows = query.run(engine, "neighbours", id=reference["reference"], kind="reference").rows
        assert {r[3] for r in rows if r[0] == "creator"} == {"prahalad-c-k", "sina"}
        properties = query.run(engine, "record", id="prahalad-c-k", kind="author").dicts()
        assert {"orcid", "familyName", "givenName", "label"} <= {r["property"] for r in properties}
    traced, cited = graph.trace("prahalad-c-k"), graph.trace(f"reference/{reference['reference']}")
    assert traced.rows == cited.rows
    assert traced.rows
    with pytest.raises(kg.errors.UnknownTerm, match="did you mean 'prahalad-c-k'"):
        graph.trace("prahalad-ck")
    built = BuiltStudy(graph)
    page = RECORDS["author"](built, "prahalad-c-k", Parameters(), "en")
    assert [e.title for e in page.content.references] == [reference["title"]]
    assert page.content.passages.total > 0
    (listed,) = (row for row in tables.rows(graph, "references") if row["author_ids"])
    assert listed["author_ids"] == "prahalad-c-k; sina"
    write_jsonld(graph, tmp_path)
    text = (tmp_path / "study.jsonld").read_text("utf-8")
    assert f"https://orcid.org/{ANN}" in text
    assert '"familyName": "Prahalad"' in text


NAMED = {
    "publisher": ({"type": "report", "publisher": "Sina"}, "Sina, n.d.", "(Sina, n.d.)"),
    "site": ({"type": "webpage", "container-title": "Android Police"}, "Android Police, n.d.", "(Android Police, n.d.)"),
    "journal": ({"type": "article-journal", "container-title": "JIM"}, "“One two three”, n.d.", "(“One Two Three”, n.d.)"),
    "encyclopedia": (
        {"type": "entry-encyclopedia", "container-title": "Wikipedia"}, "“One two three”, n.d.", "(“One Two Three”, n.d.)",
    ),
    "title": ({"type": "webpage"}, "“One two three”, n.d.", "(One Two Three, n.d.)"),
    "editor": ({"type": "book", "editor": [PRAHALAD], "publisher": "HBR"}, "Prahalad, n.d.", "(Prahalad, n.d.)"),
    "year": ({"type": "webpage", "issued": {"raw": "2020?"}}, "“One two three”, ca. 2020", "(One Two Three, ca. 2020)"),
}  # fmt: skip


@pytest.mark.parametrize("which", NAMED)
def test_a_reference_without_author_is_named_by_one_rule(which):
    item, name, in_text = NAMED[which]
    item = {"id": "x", "title": "One two three: and more of it", **item}
    assert csl.name(item) == name
    assert csl.plain(item)[0] == f"({name})"
    assert cite.in_text(item) == in_text


def test_references_that_would_have_one_name_have_letters():
    item = {"type": "webpage", "title": "T", "publisher": "Sina"}
    names = csl.names({f"r{number:02}": item for number in range(28)})
    assert len(set(names.values())) == 28
    assert (names["r00"], names["r27"]) == ("Sina, n.d.-a", "Sina, n.d.-ab")


def test_quotation_marks_in_a_title_that_stands_for_the_author_are_inner_ones():
    assert csl.name({"type": "webpage", "title": "A “hole” in it"}) == "“A ‘hole’ in it”, n.d."


@pytest.mark.parametrize("style", ["apa", "ieee", "chicago-author-date", "modern-language-association"])
def test_who_stands_for_the_author_is_written_once(style):
    item = {
        "id": "x",
        "type": "webpage",
        "title": "A title",
        "container-title": "Android Police",
        "publisher": "Android Police",
    }
    assert cite.entry(item, style).count("Android Police") == 1


@pytest.mark.parametrize("style", ["apa", "chicago-author-date", "modern-language-association"])
def test_a_title_that_stands_for_the_author_is_written_once(style):
    for year in ({}, {"issued": {"raw": "2020-02"}}):
        entry = cite.entry({"id": "x", "type": "webpage", "title": "A title of some length", **year}, style)
        assert entry.casefold().count("a title of some length") == 1
        in_text = cite.in_text({"id": "x", "type": "webpage", "title": "A title of some length", **year}, style=style)
        assert in_text.casefold().count("a title of some length") == 1


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Users in an open letter criticized Xiaomi and complained about MIUI", "Users in an open letter…"),
        ("Report on the launch of the Haier Tianzun (天樽) round-outlet air conditioner", "Report on the launch…"),
        ("Table 2: Consumers' motives for participating", "Table 2: Consumers' motives for participating"),
        ("互联网交互激发颠覆与创新 海尔中央空调获金铃奖", "互联网交互激发颠覆与创新"),
        ("List of MIUI versions (MIUI版本列表)", "List of MIUI versions"),
        ("(untitled)", "(untitled)"),
        ("<i>Why</i>", "Why"),
    ],
)
def test_a_title_is_shortened_where_it_reads_well(title, short):
    assert csl.short_title(title) == short


@given(st.text(max_size=80))
def test_a_short_title_says_something_when_the_title_does(title):
    title = csl.text(title)
    assert bool(csl.short_title(title)) == bool(csl._TAG.sub("", title).strip().strip('"'))


def test_every_reference_of_the_study_has_a_short_name(dart):
    names = {row["reference"]: row["name"] for row in dart.query("references").dicts()}
    assert names["ap2019ads"] == "Android Police, 2019"
    assert names["prahalad2004experiences"] == "Prahalad & Ramaswamy, 2004b"
    assert len(set(names.values())) == len(names)
    assert all(", " in name and len(name) < 110 for name in names.values())
