"""References as people have them: every date, name and file that a study may hold, and what comes of it."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg import bibliography as written
from kg import check, cite, csl, dates, styles
from kg.errors import StudyError
from kg.loaders import references
from kg.loaders.imports import FORMATS, Options, bibliography
from kg.loaders.imports import dates as imported_dates

CASES = Path(__file__).parent / "cases"
COMMAND = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"]
BOOK = {
    "id": "b", "type": "book", "title": "A book", "issued": {"date-parts": [[1999, 3], [2001]]}, "publisher": "P",
    "author": [{"family": "Ng", "given": "Ann Lee"}, {"family": "Dam", "given": "B.", "non-dropping-particle": "van"}],
}  # fmt: skip


def case(name):
    """Read an input, and return its references by id."""
    path = CASES / name
    assert next(name for name, form in FORMATS.items() if form.fits(path)) == "bibliography"
    return {item["id"]: item for item in bibliography.read(path, Options()).references}


def read(tmp_path, text, name="a.bib"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return bibliography.read(path, Options())


def one(tmp_path, text, name="a.bib"):
    (item,) = read(tmp_path, text, name).references
    return item


def loaded(text):
    """Load references; return what was read, what is wrong, and where each stands."""
    findings, places = [], {}
    listed = text if isinstance(text, str) else json.dumps(text)
    return references.load(listed, "references.json", findings, places), findings, places


# The inputs of other people's reports


def command(*words):
    run = subprocess.run([*COMMAND, *map(str, words)], capture_output=True, encoding="utf-8", check=False)
    assert "Traceback" not in run.stderr
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize(
    ("file", "key", "citation"),
    [
        ("season.json", "lee2019", "(Lee, 2019)"),
        ("names.bib", "dijk2020", "(van Dijk & Park, 2020)"),
        ("authors.ris", "王小明2014", "(王小明 et al., 2014)"),
        ("cnki.enw", "王小明2014", "(王小明 & 李华, 2014)"),
        ("cnki-refworks.txt", "王小明2014", "(王小明 & 李华, 2014)"),
        ("refs.bib", "aasen2011", "(Skjæveland et al., 2011)"),
    ],
)
def test_an_input_is_imported_and_cited(study, file, key, citation):
    command("import", CASES / file, "--into", study)
    assert command("cite", key, "-s", study).splitlines()[0] == citation


@pytest.mark.slow
def test_a_record_that_cites_a_season_does_not_fall(study, edit):
    command("import", CASES / "season.json", "--into", study)
    edit("study.yaml", "    role: theory ", "    reference: lee2019\n    role: theory ")
    graph = kg.open(study)
    assert [c.entry for c in graph.cite("lee2019")] == ["Lee, A. (2019, Spring). Spring work. Choir Quarterly."]
    assert not [f for f in check.check(study) if f.rule in ("reference-not-formatted", "reference-uncited")]
    assert "Lee, A. (2019, Spring)" in command("report", "supplement", "-s", study)
    command("export", "quotes-markdown", study.parent / "out", "-s", study)


def test_extended_names_of_biblatex_are_read_in_any_order():
    names = case("names.bib")
    assert names["dijk2020"]["author"] == [
        {"family": "Dijk", "given": "Marten", "non-dropping-particle": "van"},
        {"family": "Park", "given": "Ada"},
    ]
    assert names["boro2021"]["author"] == [
        {"family": "Boronat", "given": "Philippe"},
        {"family": "Luhn", "given": "Hans Peter", "dropping-particle": "von der"},
    ]


def test_several_authors_in_one_line_of_ris_are_several():
    grid, swine, chinese, chapter, institution, page = case("authors.ris").values()
    assert (grid["issued"], grid["abstract"]) == ({"date-parts": [[2005, 10, 19]]}, "Short abstract.")
    assert [name["family"] for name in swine["author"]] == ["Sánchez-Cordón", "Montoya", "Reis"]
    assert chinese["author"] == [{"literal": "王小明"}, {"literal": "李华"}, {"literal": "张三"}]
    assert chapter["editor"] == [{"family": "Book", "given": "Editor"}]
    assert chapter["issued"] == {"date-parts": [[2014, 4, 1]]}
    assert institution["author"] == [{"literal": "World Health Organization"}]
    assert page["URL"] == "https://example.org/x?a=1&b=2"


@pytest.mark.parametrize(
    ("key", "text", "entry"),
    [
        ("landkreis2021", "(Deutscher Landkreistag, 2021)",
         "Deutscher Landkreistag. (2021, November). Aufgaben der Landkreise. https://example.org/a_b%20c"),
        ("goecues2015", "(Kökpinar et al., 2015)",
         "Kökpinar, M. A., Göğüş, M., et al. (2015). A study of ğarden talk with long bold titles & more. Química Nova, 12–18."),
        ("aasen2011", "(Skjæveland et al., 2011)",
         "Skjæveland, Å., Moen, J. I., de la Cruz, A., & van den Berg, J. (2011). On Aßren. J. Res., A10305."),
        ("yang2015", "(杨育伟 & 蔡洪, 2015)", "杨育伟, & 蔡洪. (2015). 电动力绳系周期解. 飞行器测控学报."),
        ("open1990", "(Riem, 1990–)", "Riem, A. (1990–). Open range."),
        ("season1990", "(Lee, 2019)", "Lee, A. (2019). Season issue."),
        ("circa1796", "(Riem, ca. 1796)", "Riem, A. (ca. 1796). Circa."),
        ("fwd2020", "(Smith, forthcoming)", "Smith, J. (forthcoming). Forthcoming work."),
        ("conf1", "(Doe, 2003)", "Doe, J. (2003). Paper. In R. Roe (Ed.), Proceedings of X."),
    ],
)  # fmt: skip
def test_a_biblatex_entry_is_cited_as_it_says(key, text, entry):
    assert cite.formatted(case("refs.bib")[key]) == (text, entry)


def test_a_type_of_biblatex_is_written_in_words():
    item = case("refs.bib")["phd2001"]
    assert item["genre"] == "Doctoral dissertation"
    assert item["author"] == [{"family": "O'Brien", "given": "McKay", "suffix": "Jr."}]
    assert "[Doctoral dissertation]" in cite.entry(item)
    assert case("refs.bib")["open1990"]["publisher-place"] == "[Hamburg]"
    assert case("refs.bib")["yang2015"]["language"] == "中文"


@pytest.mark.parametrize("name", [path.name for path in sorted(CASES.iterdir()) if path.name in
                                  ("season.json", "names.bib", "authors.ris", "cnki.enw", "cnki-refworks.txt", "refs.bib")])  # fmt: skip
@pytest.mark.parametrize("form", ["bibtex", "ris", "csl-json"])
def test_what_was_mended_can_be_written_and_read_back(tmp_path, name, form):
    items = list(case(name).values())
    if form == "csl-json":
        back = read(tmp_path, json.dumps(items), "a.json").references
        assert list(back) == items
        return
    back = {item["id"]: item for item in read(tmp_path, getattr(written, form)(items), f"a.{form[:3]}").references}
    for item in items:
        assert cite.in_text(back[item["id"]]) == cite.in_text(item) or form == "ris"
        assert dates.year(back[item["id"]].get("issued")) == dates.year(item.get("issued"))
        assert len(back[item["id"]].get("author", ())) == len(item.get("author", ()))
        assert back[item["id"]].get("genre") == item.get("genre")
        if form == "bibtex":
            assert dates.plain(back[item["id"]].get("issued")) == dates.plain(item.get("issued"))


# Dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2011-08-23/2011-09-01", {"date-parts": [[2011, 8, 23], [2011, 9, 1]]}),
        ("1990/..", {"date-parts": [[1990], [0]]}),
        ("2004/unknown", {"date-parts": [[2004], [0]]}),
        ("../1990", {"literal": "–1990"}),
        ("1796~", {"date-parts": [[1796]], "circa": True}),
        ("2004-06?/2005%", {"date-parts": [[2004, 6], [2005]], "circa": True}),
        ("2019-21", {"date-parts": [[2019]], "season": 1}),
        ("2017-23/2017-24", {"date-parts": [[2017, 23], [2017, 24]]}),
        ("199X", {"date-parts": [[1990], [1999]]}),
        ("19uu", {"date-parts": [[1900], [1999]]}),
        ("1999-05-XX", {"date-parts": [[1999, 5]]}),
        ("unspecified", {"literal": "unspecified"}),
        ("-0043-03-15", {"date-parts": [[-44, 3, 15]]}),
        ("2020-06-30T10:11:12Z", {"date-parts": [[2020, 6, 30]]}),
        ("Spring 2019", {"date-parts": [[2019]], "season": 1}),
        ("2019年春季", {"date-parts": [[2019]], "season": 1}),
        ("30-Mar-2020", {"date-parts": [[2020, 3, 30]]}),
        ("March 5th, 2020", {"date-parts": [[2020, 3, 5]]}),
        ("c. 1796", {"date-parts": [[1796]], "circa": True}),
        ("01/02/2020", {"literal": "01/02/2020"}),
        ("2014年5月3日", {"date-parts": [[2014, 5, 3]]}),
        ("9" * 5000, {"literal": "9" * 5000}),
        ("", {}),
    ],
)
def test_a_date_is_read_from_what_people_write(text, date):
    assert dates.read(text) == date
    assert dates.plain(date) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"date-parts": [["2019"]], "season": "Spring"}, {"date-parts": [[2019]], "season": 1}),
        ({"date-parts": [[2019, 13]]}, {"date-parts": [[2019]], "season": 1}),
        ({"date-parts": [[2019.0, "3", 99]]}, {"date-parts": [[2019, 3]]}),
        ({"date-parts": [["2019a"]]}, {"literal": "2019a"}),
        ({"date-parts": [["", ""]], "raw": "2020-03-15"}, {"date-parts": [[2020, 3, 15]]}),
        ({"date-parts": [[0], [1990]]}, {"literal": "–1990"}),
        ({"date-parts": [[1990], ["0", 0, 0]]}, {"date-parts": [[1990], [0]]}),
        ({"literal": "Spring 2019"}, {"date-parts": [[2019]], "season": 1}),
        ({"raw": "2020", "circa": "false"}, {"date-parts": [[2020]]}),
        ({"raw": "2020", "circa": 1}, {"date-parts": [[2020]], "circa": True}),
        ({"season": "Spring"}, {}),
        ({"date-parts": []}, {}),
        ([2019], {}),
    ],
)
def test_a_date_of_csl_has_one_form(value, date):
    assert dates.plain(value) == date


@given(
    st.lists(
        st.tuples(st.integers(-4000, 9999).filter(bool), st.integers(1, 12), st.integers(1, 31)), min_size=1, max_size=2
    ),
    st.integers(1, 3),
)
def test_a_date_that_is_written_as_edtf_is_read_as_it_was(parts, length):
    date = {"date-parts": [list(one[:length]) for one in parts]}
    assert dates.read(dates.edtf(date)) == date


@pytest.mark.parametrize(
    ("issued", "text", "entry"),
    [
        ({"raw": "2020-03-15"}, "(Lee, 2020)", "Lee, A. (2020, March 15). T."),
        ({"raw": "2011-08-23/2011-09-01"}, "(Lee, 2011)", "Lee, A. (2011, August 23–September 1). T."),
        ({"raw": "2011-08/2011"}, "(Lee, 2011)", "Lee, A. (2011, August). T."),
        ({"raw": "2017-23/2018-24"}, "(Lee, 2017–2018)", "Lee, A. (2017–2018). T."),
        ({"raw": "-0043"}, "(Lee, 44 B.C.E.)", "Lee, A. (44 B.C.E.). T."),
        ({"literal": "in press"}, "(Lee, in press)", "Lee, A. (in press). T."),
        ({"literal": "c. 1796"}, "(Lee, ca. 1796)", "Lee, A. (ca. 1796). T."),
    ],
)
def test_a_date_is_cited_once_and_whole(issued, text, entry):
    item = {
        "id": "l",
        "type": "article-magazine",
        "title": "T",
        "issued": issued,
        "author": [{"family": "Lee", "given": "A."}],
    }
    assert cite.formatted(item) == (text, entry)


def test_a_style_that_says_nothing_of_circa_still_shows_it():
    item = BOOK | {"issued": {"raw": "1796~"}}
    assert "ca. 1796" in cite.entry(item, "ieee")
    assert not styles.read("ieee").says_circa


def test_the_most_exact_of_a_record_s_dates_is_taken():
    assert imported_dates.issued("2014", "2013/05/28", "2014/04/01") == {"date-parts": [[2014, 4, 1]]}
    assert imported_dates.issued("in press", "2014") == {"date-parts": [[2014]]}
    assert imported_dates.issued("2014", "Mar 15") == {"date-parts": [[2014, 3, 15]]}
    assert imported_dates.issued("", "") is None


# Names and markup


def test_markup_is_not_printed_and_titles_keep_their_words():
    item = BOOK | {"title": 'The <i>Homo</i> <span style="font-variant: small-caps;">sapiens</span> if a < b\n> c'}
    assert "The Homo sapiens if a < b > c" in cite.entry(item)


@pytest.mark.parametrize("title", ['<span class="nocase">never ended', 'İstanbul <span class="nocase">DART</span> x'])
def test_a_title_s_stretch_that_keeps_its_case_is_never_printed_as_a_tag(title):
    for style in ("apa", "ieee", "chicago-author-date"):
        assert "span" not in cite.entry(BOOK | {"title": title}, style)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("apa", "(Wang et al., 2014)"),
        ("chicago-author-date", "(Wang et al. 2014)"),
        ("american-sociological-association", "(Wang et al. 2014)"),
    ],
)
def test_and_others_is_written_as_the_style_does(style, text):
    item = BOOK | {"author": [{"family": "Wang", "given": "Wei"}, {"literal": "others"}], "issued": {"raw": "2014"}}
    assert cite.in_text(item, style=style) == text
    assert "others" not in cite.entry(item, style)
    assert " and others" in written.bibtex([item])
    assert "AU  - et al." in written.ris([item])


def test_a_label_is_written_as_the_style_says():
    item = {"id": "c", "type": "book", "title": "T", "editor": [{"family": "Roe", "given": "R."}]}
    assert cite.entry(item).startswith("Roe, R. (Ed.). (n.d.).")


@pytest.mark.parametrize("particle", ["al-", "d'", "d’"])
def test_a_particle_that_is_bound_to_the_name_stays_so(particle):
    item = BOOK | {"author": [{"family": "One", "given": "A.", "non-dropping-particle": particle}]}
    assert f"{particle}One" in cite.in_text(item)


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("given={Hans Peter}, family=Luhn, prefix=von, useprefix=true",
         {"family": "Luhn", "given": "Hans Peter", "non-dropping-particle": "von"}),
        ('"family={Smith, Sons}", given-i=X, suffix=Jr.', {"family": "Smith, Sons", "suffix": "Jr."}),
        ("given=Plato", {"literal": "Plato"}),
        ("{Equation a=b, c=d}", {"literal": "Equation a=b, c=d"}),
        ("王小明；李华", {"literal": "王小明"}),
        (r"Boronat, {\relax Ph}ilippe", {"family": "Boronat", "given": "Philippe"}),
    ],
)  # fmt: skip
def test_names_of_biblatex(tmp_path, name, person):
    assert one(tmp_path, f"@book{{a, title={{A}}, author={{{name}}}}}")["author"][0] == person


@pytest.mark.parametrize(
    ("fields", "genre"),
    [
        ("type={phdthesis}", "Doctoral dissertation"), ("type={mathesis}", "Master's thesis"), ("type={Thesis}", None),
        ("type={Habilitation}", "Habilitation"), ("", None),
    ],
)  # fmt: skip
def test_what_sort_of_thesis_it_is(tmp_path, fields, genre):
    item = one(tmp_path, f"@thesis{{a, title={{A}}, {fields}}}")
    assert item.get("genre") == genre
    assert one(tmp_path, written.bibtex([item])) == item


def test_a_paper_s_own_year_is_not_overwritten_by_its_proceedings(tmp_path):
    text = "@inproceedings{a, title={A}, crossref={p}, year=2001} @proceedings{p, title={P}, date={2003-05}}"
    assert read(tmp_path, text).references[0]["issued"] == {"date-parts": [[2001]]}


# RefWorks, EndNote, and what is not read


def test_refworks_takes_every_common_field_and_counts_others(tmp_path):
    text = """\ufeffRT Dissertation/Thesis
SR 1(0)
ID 7
A1 王小明;
A3 李导师
T1 价值
 共创
YR 2014
FD 2014-05-03
K1 顾客;;参与
PB 某大学
LA 中文;
AB First line
second line
DO 10.1/x
XX odd
RT Book, Whole
A1 Ng, Ann and Co
A2 Roe, R., Jr
T1 B
SP 1
OP 9
SN 978-1
RD 2020-01-02
"""
    made = read(tmp_path, text, "a.txt")
    first, second = made.references
    assert first == {
        "id": "7", "type": "thesis", "title": "价值 共创", "author": [{"literal": "王小明"}],
        "contributor": [{"literal": "李导师"}], "issued": {"date-parts": [[2014, 5, 3]]}, "keyword": "顾客, 参与",
        "publisher": "某大学", "language": "中文", "abstract": "First line second line", "DOI": "10.1/x",
    }  # fmt: skip
    assert second["editor"] == [{"family": "Roe", "given": "R.", "suffix": "Jr"}]
    assert (second["type"], second["page"], second["ISBN"]) == ("book", "1-9", "978-1")
    assert second["accessed"] == {"date-parts": [[2020, 1, 2]]}
    assert made.lost == {"RefWorks tagged field 'XX'": 1}


def test_endnote_tagged_takes_every_common_field_and_counts_others(tmp_path):
    text = """%0 Book Section
%A Ng, Ann
%A Marks &amp; Spencer
%E Roe, R.
%T A chapter
%B The book
%D 2014
%8 May 3
%V 2
%P 1-9
%@ 978-1
%K one; two
%R 10.1/x
%U https://example.org/a;b
%9 Essay
%~ odd
%Z first
%Z second
"""
    made = read(tmp_path, text, "a.enw")
    assert one(tmp_path, text, "a.enw") == {
        "id": "ng2014", "type": "chapter", "title": "A chapter", "container-title": "The book", "volume": "2",
        "author": [{"family": "Ng", "given": "Ann"}, {"literal": "Marks & Spencer"}],
        "editor": [{"family": "Roe", "given": "R."}], "issued": {"date-parts": [[2014, 5, 3]]}, "page": "1-9",
        "ISBN": "978-1", "keyword": "one, two", "DOI": "10.1/x", "URL": "https://example.org/a;b", "genre": "Essay",
        "note": "first\nsecond",
    }  # fmt: skip
    assert made.lost == {"EndNote tagged field '%~'": 1}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "{Reference Type}: Journal Article\n{Title}: 价值\n"),
        ("a.net", "{Reference Type}: Journal Article\n{Title}: 价值\n"),
        ("a.eln", "DataType: 1\nTitle-题名: 价值\n"),
    ],
)
def test_what_is_not_read_says_which_form_to_choose(tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    assert FORMATS["bibliography"].fits(tmp_path / name)
    with pytest.raises(StudyError) as caught:
        read(tmp_path, text, name)
    (finding,) = caught.value.findings
    assert finding.rule == "unknown-format"
    assert "RefWorks, EndNote or BibTeX" in finding.mend


# No reference, however odd, ends a command or spoils another's citation

TEXTS = st.text(max_size=12) | st.sampled_from([
    "", "0", "-", "--", "1-", "1,2&3", "<i>A</i> b", '<span class="nocase">X</span> y', '<span class="nocase">', "2nd",
    "999999999999", "１２", "\x00\x07", "\u2028", "王小明", "a. b. c.", ": ", "{}", "%s", "&amp;", "en", "Spring", "\ud800",
])  # fmt: skip
NUMBERS = TEXTS | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
PARTS = NUMBERS | st.integers(1990, 2020) | st.integers(0, 25) | st.integers(1, 12).map(str)
NAMES = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal"), TEXTS
    )
    | {"comma-suffix": NUMBERS | st.booleans(), "parse-names": st.booleans()},
)
DATES = st.fixed_dictionaries(
    {},
    optional={
        "date-parts": st.lists(st.lists(PARTS, min_size=1, max_size=3), min_size=1, max_size=2),
        "season": NUMBERS | st.sampled_from(["Spring", 1, "3", 13, 24]), "circa": NUMBERS | st.booleans(),
        "literal": TEXTS | st.just("in press"), "raw": TEXTS | st.sampled_from(["2019~", "1990/..", "2019-21"]),
    },
)  # fmt: skip


def values(form):
    """Draw what the schema of CSL-JSON allows for a variable."""
    reference = form.get("$ref") or form.get("items", {}).get("$ref", "")
    if "enum" in form:
        return st.sampled_from(form["enum"])
    if reference:
        return st.lists(NAMES, max_size=4) if reference.endswith("name-variable") else DATES
    kinds = {"string": TEXTS, "array": st.lists(TEXTS, max_size=2), "object": st.just({"a": [1]})}
    return NUMBERS if isinstance(form["type"], list) else kinds[form["type"]]


VARIABLES = references.schema()["items"]["properties"]
ITEMS = st.fixed_dictionaries(
    {"id": TEXTS, "type": values(VARIABLES["type"])},
    optional={key: values(form) for key, form in VARIABLES.items() if key not in ("id", "type")},
)
STYLES = ("apa", "ieee", "chicago-author-date", "modern-language-association")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", ["treaty", "bill", "regulation", "article-journal"])
def test_of_what_a_style_lists_nothing_is_written_as_nothing(kind, style):
    """Found by drawing: APA and Chicago print of a law its title alone, MLA prints nothing without author or title."""
    for item in ({"id": "", "type": kind}, {"id": "a", "type": kind, "language": "en"}):
        assert cite.entry(item, style).strip()


@pytest.mark.parametrize(
    ("ends", "written"),
    [
        ([[1999, 3], [2001]], "1999–2001"),
        ([[1999], [2001, 3]], "1999–2001"),
        ([[1999, 3, 4], [2001, 5]], "1999–2001, March–May"),
        ([[1999, 3, 1], [1999]], "1999, March 1"),
    ],
)
def test_a_range_is_written_as_exactly_as_both_ends_are_known(ends, written):
    assert f"({written})" in cite.entry(BOOK | {"type": "webpage", "issued": {"date-parts": ends}})


@pytest.mark.slow
@settings(max_examples=examples(40))
@given(ITEMS, st.sampled_from(STYLES))
def test_whatever_a_reference_holds_it_is_cited_and_spoils_no_other(item, style):
    assert references.problems(item) == []
    alone = cite.formatted(BOOK, style=style)
    # Of types that a style does not list, only a person could say whether it lists this one.
    whole = {key: BOOK[key] for key in ("id", "author", "issued", "title")} | {"type": item["type"]}
    for text, of_whole in zip(cite.formatted(item, style=style), cite.formatted(whole, style=style), strict=True):
        assert text.strip() or not of_whole
        assert csl.OTHERS not in text
        assert "None" not in text
        assert "\n" not in text
    assert not [fault for fault in cite.faults(item, style) if "cannot be formatted" in fault and "Error" in fault]
    assert cite.formatted(BOOK, style=style) == alone
    assert all(text.strip() for text in csl.plain(item))
    written.bibtex([item, item])
    written.ris([item])


@pytest.mark.parametrize("style", ["apa", "ieee", "chicago-author-date", "nature"])
def test_a_style_writes_the_same_whatever_it_wrote_before(style):
    """A style's own attributes and elements are as they were: citeproc-py changes both while it formats."""
    from lxml import etree

    read = styles.read(style)
    cite.formatted(BOOK, style=style)
    before = [etree.tostring(root) for root in (read.root, *read.root.locales)]
    for date in ("2011-08-23/2011-09-01", "2019-21", "1796~", "2020-03", "in press"):
        for kind in ("article-journal", "webpage", "thesis", "patent", "speech"):
            cite.formatted(
                BOOK | {"type": kind, "issued": {"raw": date}, "accessed": {"raw": date}, "URL": "u:x"}, style=style
            )
    assert [etree.tostring(root) for root in (read.root, *read.root.locales)] == before


def test_what_a_style_fails_at_is_cited_plainly_and_said(study, edit, monkeypatch):
    """No value is known any more at which citeproc-py fails, so one of its elements is made to."""
    edit("references.json", '"type": "interview"', '"edition": "boom", "type": "book"')

    def fail(item, *_, **__):
        return 1 / 0 if "edition" in item.reference else None

    for part in styles.read("apa").parts:
        if part.get("variable") == "edition":
            monkeypatch.setattr(part, "render", fail)
    item = json.loads((study / "references.json").read_text("utf-8"))[0]
    assert cite.formatted(item) == (
        "(“Interview at the soup kitchen”, 2026)",
        "Interview at the soup kitchen (2026).",
    )
    (finding,) = [f for f in check.check(study) if f.rule == "reference-not-formatted"]
    assert (finding.file, finding.line, finding.severity) == ("references.json", 3, "warning")
    assert "its 'edition' cannot be formatted (ZeroDivisionError" in finding.message
    assert cite.formatted(BOOK)[0] == "(Ng & van Dam, 1999–2001)"


def test_what_cannot_be_read_is_said_with_its_line_and_builds(study, edit):
    edit(
        "references.json",
        '"issued": { "date-parts": [[2026, 11, 24]] },',
        '"issued": {"date-parts": [[" "]]}, "author": [{}],',
    )
    found = [f for f in check.check(study) if f.rule == "reference-not-formatted"]
    assert [(f.line, f.severity) for f in found] == [(3, "warning"), (3, "warning")]
    assert "nothing of its 'author' can be read" in found[0].message
    assert "n.d." in found[1].message
    assert "date-parts" in found[1].mend


@pytest.mark.parametrize(
    "item",
    [
        {"author": [{"family": f"N{n}", "given": "A"} for n in range(100_000)]},
        {"title": '<span class="nocase">X</span> y ' * 30_000},
        {"title": "<i " * 200_000},
        {"volume": "1," * 100_000},
        {"edition": 10**15, "page": "9" * 5000 + "-" + "9" * 5000},
    ],
    ids=["authors", "spans", "tags", "volumes", "digits"],
)
def test_a_reference_of_any_size_is_cut_before_it_is_formatted(item):
    whole, _ = csl.readable(BOOK | item)
    assert all(len(value) <= csl.MAX_TEXT + 1 for value in whole.values() if isinstance(value, str))
    assert len(whole["author"]) <= csl.MAX_NAMES
    assert all(cite.formatted(BOOK | item, style="american-sociological-association"))


# references.json


@pytest.mark.parametrize(
    ("value", "rule", "message"),
    [
        ("9" * 6000, "not-csl-json", "6,000 digits"),
        ("-" + "9" * 6000, "not-csl-json", "6,001 digits"),
        ("NaN", "broken-json", "NaN"),
        ("-Infinity", "broken-json", "-Infinity"),
        ("1e999", "broken-json", "1e999"),
        (r'"\ud800"', "not-csl-json", "U+D800"),
        (r'"a\u0000b"', "not-csl-json", "U+0000"),
        (r'"\u0007"', "not-csl-json", "U+0007"),
        ('"\uffff"', "not-csl-json", "U+FFFF"),
        ('"1", "volume": "2"', "duplicate-key", '"volume" twice'),
        ("true", "not-csl-json", "volume"),
        ("[" * 100_000, "broken-json", "nested too deep"),
        ('"1", "custom": ' + '{"a":' * 200 + "1" + "}" * 200, "not-csl-json", "deep"),
    ],
)
def test_what_no_graph_can_hold_is_a_finding_with_its_line(tmp_path, value, rule, message):
    text = f'[\n{{"id": "a", "type": "book", "title": "A"}},\n\n{{\n"id": "b", "type": "book", "title": "B",\n"volume": {value}}}\n]'
    _, findings, _ = loaded(text)
    assert [(f.rule, f.line) for f in findings] == [(rule, 4 + (value[:2] != "[["))] or value[:2] == "[["
    assert {f.rule for f in findings} == {rule}
    assert message in findings[0].message
    assert findings[0].mend


def test_a_finding_has_the_line_of_its_item_though_the_key_stands_elsewhere_before(tmp_path):
    text = '[{"id": "a", "type": "book", "title": "b", "note": "b"},\n\n{"id": "b", "type": "book", "title": "B"}]'
    found, findings, places = loaded(text)
    assert (list(found), findings) == (["a", "b"], [])
    assert places["reference", "b"] == ("references.json", 3)


@pytest.mark.parametrize(
    ("text", "line", "rule", "message"),
    [
        ('\n{"id": "a"}', 2, "not-csl-json", "an array"),
        ('[\n{"id": "a", "type": "book", "title": "A"}\n', 3, "broken-json", "Expecting"),
        ('[\n{"id": "a", "type": "book", "title": "A"}\n{}]', 3, "broken-json", "Expecting ','"),
        ("[]\n\nmore", 3, "broken-json", "Extra data"),
        ('[\n{"id": "a", "type": "book", "title": "A"},\n]', 3, "broken-json", "Expecting value"),
        ('[\n{"id": 7, "type": "book", "title": "A"}]', 2, "not-csl-json", "a number as its id: 7"),
        ('[\n{"id": " ", "type": "book", "title": "A"}]', 2, "not-csl-json", 'no "id"'),
        ("[\n3]", 2, "not-csl-json", 'no "id"'),
    ],
)
def test_a_broken_file_is_a_finding_with_its_line(tmp_path, text, line, rule, message):
    _, findings, _ = loaded(text)
    assert [(f.line, f.rule) for f in findings] == [(line, rule)]
    assert message in findings[0].message


def test_two_keys_that_look_the_same_are_one_twice(tmp_path):
    _, findings, _ = loaded([{"id": key, "type": "book", "title": "A"} for key in ("é", "e\u0301", "é")])
    assert [f.rule for f in findings] == ["duplicate-id"] * 2
    assert "other codepoints" in findings[0].message


@pytest.mark.slow
@given(
    ITEMS
    | ITEMS.flatmap(lambda item: st.sampled_from(sorted(item)).map(lambda key: item | {key: [None, True, {"a": 1}]}))
)
def test_an_item_that_is_taken_at_a_glance_is_valid(item):
    if references.is_usual(item):
        assert not list(references.validator().iter_errors(item))


@pytest.mark.slow
def test_references_are_read_in_time_that_grows_with_the_file(tmp_path):
    """Compare the work for one item at two sizes: ten times as many take ten times as long, not a hundred times."""
    item = BOOK | {"note": "n" * 200, "abstract": "b" * 200}

    def seconds(number):
        text = json.dumps([item | {"id": f"k{n}"} for n in range(number)], indent=1)
        gc.collect()
        begin = time.process_time()
        found, findings, _ = loaded(text)
        assert (len(found), findings) == (number, [])
        return time.process_time() - begin

    small, big = min(seconds(1000) for _ in range(3)), seconds(20_000)
    assert big < 20 * small * 4


def test_every_line_is_counted_once(tmp_path):
    """The characters in which lines are counted are together those of the file."""
    counted = Counter()

    class Text(str):
        __slots__ = ()

        def count(self, sign, start=0, end=None):
            counted["characters"] += (len(self) if end is None else end) - start
            return str.count(self, sign, start, end)

    text = Text(json.dumps([BOOK | {"id": f"k{n}"} for n in range(500)], indent=1))
    assert len(list(references._items(text, "references.json"))) == 500
    assert counted["characters"] <= len(text)


def test_what_an_import_takes_a_study_takes(tmp_path):
    deep = '{"a":' * 150 + "1" + "}" * 150
    text = (
        '[{"id": "a", "type": "book", "title": "A\\u0007\\ud800\\uffff", "volume": ' + "9" * 2000 + "},"
        f' {{"id": "b", "type": "book", "title": "B", "custom": {deep}}}]'
    )
    made = read(tmp_path, text, "a.json")
    assert [item["title"] for item in made.references] == ["A\ufffd\ufffd\ufffd"]
    assert made.said == ["item 2: it is nested too deep; it was left out"]
    found, findings, _ = loaded(list(made.references))
    assert (list(found), findings) == (["a"], [])
