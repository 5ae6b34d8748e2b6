"""References as Zotero, EndNote and BibTeX users have them, each made valid CSL-JSON."""

from __future__ import annotations

import json

import pytest

from kg import bibliography as written
from kg import cite
from kg.entries import SourceEntry
from kg.errors import StudyError
from kg.loaders import references
from kg.loaders.imports import FORMATS, Options, bibliography

ITEM = {"id": "wang2014", "type": "book", "title": "Why users stay"}


@pytest.fixture
def read(tmp_path):
    """Write a file of references and read it; what comes out must be what a study takes."""

    def read(text, name="a.bib"):
        path = tmp_path / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
        assert next(name for name, form in FORMATS.items() if form.fits(path)) == "bibliography"
        made = bibliography.read(path, Options())
        written, findings = json.dumps(list(made.references)), []
        if made.references:
            assert len(references.load(written, "references.json", findings, {})) == len(made.references)
            assert findings == []
        for item in made.references:
            SourceEntry(id=item["id"], file="a.txt", title="a", role="case")
        return made

    return read


def one(made):
    (item,) = made.references
    return item


def bib(fields, kind="article"):
    return f"@{kind}{{wang2014, title = {{Why users stay}}, {fields}}}"


def test_a_bibtex_entry_becomes_a_csl_item(read):
    made = read(
        bib(
            "author = {Prahalad, C. K. and 王伟 and {Soup Kitchen} and Ludwig van Beethoven and King, Jr, Martin},"
            "journal = {Journal of {Users}}, year = 2014, month = may, volume = 3, number = {2}, pages = {5--14},"
            "doi = {10.1000/a\\_b}, url = {https://example.org/a%20b\\&c}, abstract = {How.}, keywords = {trust, ease}"
        )
    )
    assert one(made) == {
        "id": "wang2014",
        "type": "article-journal",
        "title": "Why users stay",
        "author": [
            {"family": "Prahalad", "given": "C. K."},
            {"literal": "王伟"},
            {"literal": "Soup Kitchen"},
            {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
            {"family": "King", "given": "Martin", "suffix": "Jr"},
        ],
        "container-title": "Journal of Users",
        "issued": {"date-parts": [[2014, 5]]},
        "volume": "3",
        "issue": "2",
        "page": "5-14",
        "DOI": "10.1000/a_b",
        "URL": "https://example.org/a%20b&c",
        "abstract": "How.",
        "keyword": "trust, ease",
    }
    assert (made.lost, made.said) == ({}, [])


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Caf{\'e} \& {\"U}ber", "Café & Über"),
        (r"na\"{\i}ve {\O}re {\ss} {\v{C}}ech", "naïve Øre ß Čech"),
        (r"\emph{Why} \textbf{users \textit{stay}}", "Why users stay"),
        (r"50% of 20\% --- ``really'' ``no''", "50% of 20% — “really” “no”"),
        (r"5~km in \LaTeX, C\#", "5 km in LaTeX, C#"),
        ("反馈 {DART}\n  模型", "反馈 DART 模型"),
        (r"a \unknowncommand{b} c \\ d", "a b c d"),
    ],
)
def test_latex_is_written_as_text(read, latex, text):
    assert one(read(f"@misc{{a, title = {{{latex}}}}}"))["title"] == text


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("王, 伟", {"family": "王", "given": "伟"}),
        ("王 伟", {"literal": "王伟"}),
        (r"{\'E}mile Zola", {"family": "Zola", "given": "Émile"}),
        ("de la Vall{\\'e}e, Jean", {"family": "Vallée", "given": "Jean", "non-dropping-particle": "de la"}),
        ("Plato", {"family": "Plato"}),
        ("a, b, c, d, e", {"literal": "a, b, c, d, e"}),
    ],
)
def test_names_are_read_as_bibtex_reads_them(read, name, person):
    assert one(read(bib(f"author = {{{name}}}")))["author"] == [person]


def test_and_others_stands_for_further_authors(read):
    made = read(bib("author = {Wang, Wei and others}"))
    assert one(made)["author"] == [{"family": "Wang", "given": "Wei"}, {"literal": "others"}]
    assert made.lost == {}


@pytest.mark.parametrize(
    ("fields", "issued"),
    [
        ("year = 2014", {"date-parts": [[2014]]}),
        ("year = {2014}, month = {09}", {"date-parts": [[2014, 9]]}),
        ("year = {2014}, month = sep # {~3}", {"date-parts": [[2014, 9, 3]]}),
        ("year = {2014}, month = {Sept.}, day = 3", {"date-parts": [[2014, 9, 3]]}),
        ("year = {2014}, month = {十一月}", {"date-parts": [[2014, 11]]}),
        ("year = {2014}, month = {5月}", {"date-parts": [[2014, 5]]}),
        ("date = {2014-05-03}", {"date-parts": [[2014, 5, 3]]}),
        ("date = {2014-05/2015-01}, year = 2013", {"date-parts": [[2014, 5], [2015, 1]]}),
        ("year = {in press}", {"literal": "in press"}),
    ],
)
def test_years_months_and_dates(read, fields, issued):
    item = one(read(bib(fields)))
    assert item["issued"] == issued
    assert cite.formatted(item)[1]


@pytest.mark.parametrize(
    ("kind", "fields", "csl"),
    [
        ("inproceedings", "booktitle = {P}", {"type": "paper-conference", "container-title": "P"}),
        ("incollection", "booktitle = {B}, series = {S}, number = 4",
         {"type": "chapter", "container-title": "B", "collection-title": "S", "collection-number": "4"}),
        ("mastersthesis", "school = {U}", {"type": "thesis", "publisher": "U", "genre": "Master's thesis"}),
        ("techreport", "institution = {I}, number = 7", {"type": "report", "publisher": "I", "number": "7"}),
        ("misc", r"howpublished = {\url{http://a.b/c_d}}", {"type": "document", "URL": "http://a.b/c_d"}),
        ("Online", "url = {http://a.b}, urldate = {2024-01-02}",
         {"type": "webpage", "URL": "http://a.b", "accessed": {"date-parts": [[2024, 1, 2]]}}),
        ("something", "", {"type": "document"}),
    ],
)  # fmt: skip
def test_kinds_of_bibtex_and_biblatex(read, kind, fields, csl):
    made = read(bib(fields, kind))
    assert one(made) == {"id": "wang2014", "title": "Why users stay"} | csl
    assert made.lost == {}


def test_what_a_proceedings_says_is_said_of_its_papers(read):
    made = read(
        "@inproceedings{a, title={A}, crossref={P}} @proceedings{p, title={Proc}, year=2014, publisher={X}, editor={B, C}}"
    )
    first, _ = made.references
    assert (first["container-title"], first["publisher"], first["issued"]) == ("Proc", "X", {"date-parts": [[2014]]})
    assert first["editor"] == [{"family": "B", "given": "C"}]


def test_fields_without_a_place_in_csl_are_counted(read):
    made = read(
        bib("file = {a.pdf}, owner = {me}, owner = {you}, month = foo, year = 2014") + "@preamble{{x}}@comment{y}"
    )
    assert made.lost == {
        "BibTeX field 'file'": 1,
        "BibTeX field 'owner'": 1,
        "fields that an entry of BibTeX has twice": 1,
        "abbreviations of BibTeX that are not defined": 1,
        "preambles of BibTeX": 1,
    }


def test_broken_entries_are_left_out_with_their_line_and_others_stay(read):
    made = read(
        "@misc{a, title={A}\n@misc{b, title={B}}\n@misc{c, title={C} year=1}\n@misc{}\n@misc{b, title={D}}\n@misc{e}"
    )
    assert [item["id"] for item in made.references] == ["b"]
    assert made.lost == {"references that are not valid": 5}
    assert made.said[0].startswith("line 2: not BibTeX: '}' expected")
    assert "'b': an entry before it has this key; it was left out" in made.said
    assert "'e': it has no title; it was left out" in made.said


def test_abbreviations_that_explode_are_refused(read):
    lines = ['@string{a0 = "ha"}'] + [f"@string{{a{n} = {' # '.join([f'a{n - 1}'] * 10)}}}" for n in range(1, 10)]
    with pytest.raises(StudyError) as caught:
        read("\n".join([*lines, "@misc{x, title = a9}"]))
    assert caught.value.findings[0].rule == "file-too-big"


def test_abbreviations_are_written_out(read):
    made = read('@string{jou = "Journal"} @article{a, title={A}, journal = JOU # " of Users"}')
    assert one(made)["container-title"] == "Journal of Users"


RIS = """TY  - JOUR
ID  - smith/2014
AU  - Prahalad, C. K.
AU  - 王伟
ED  - King, Martin, Jr
TI  - Why users
 stay
T2  - Journal of Users
J2  - J. Users
PY  - 2014
DA  - 2014/05/03/spring
VL  - 3
IS  - 2
SP  - 5
EP  - 14
SN  - 1234-5678
DO  - 10.1000/1
UR  - https://example.org/a;b
KW  - trust
KW  - ease
N1  - first
N1  - second
L1  - file.pdf
XY  - odd
ER  -
"""


def test_a_ris_record_becomes_a_csl_item(read):
    made = read(RIS, "a.ris")
    assert one(made) == {
        "id": "smith-2014",
        "type": "article-journal",
        "title": "Why users stay",
        "author": [{"family": "Prahalad", "given": "C. K."}, {"literal": "王伟"}],
        "editor": [{"family": "King", "given": "Martin", "suffix": "Jr"}],
        "container-title": "Journal of Users",
        "container-title-short": "J. Users",
        "issued": {"date-parts": [[2014, 5, 3]]},
        "volume": "3",
        "issue": "2",
        "page": "5-14",
        "ISSN": "1234-5678",
        "DOI": "10.1000/1",
        "URL": "https://example.org/a;b",
        "keyword": "trust, ease",
        "note": "first\nsecond",
    }
    assert made.lost == {"RIS field 'file_attachments1'": 1, "RIS tag 'XY'": 1}
    assert made.said == ["1 ids were changed to what a study takes: 'smith/2014' is 'smith-2014'"]


def test_a_ris_record_that_is_not_ended_or_has_crlf_is_read(read):
    made = read("\r\n".join(["TY  - BOOK", "TI  - A", "T2  - Series", "ER  - ", "", "TY  - THES", "T1  - B"]), "a.ris")
    assert [(i["id"], i["type"], i["title"]) for i in made.references] == [("a", "book", "A"), ("b", "thesis", "B")]
    assert made.references[0]["collection-title"] == "Series"


def test_a_line_that_goes_on_never_goes_to_another_record(read):
    made = read("TY  - BOOK\nTI  - A\nER  - \nTY  - BOOK\nstray\nTI  - B\n\nER  - \n", "a.ris")
    assert [i["title"] for i in made.references] == ["A", "B"]
    assert made.lost == {"lines of RIS without a tag": 1}


def test_references_without_an_id_get_one_of_author_and_year(read):
    record = "TY  - BOOK\nTI  - A\nAU  - van der Berg, Jo\nPY  - 2014\nER  - \n"
    made = read(record * 2 + "TY  - BOOK\nTI  - 论价值\nAU  - 王伟\nPY  - 2014\nER  - \n", "a.ris")
    assert [i["id"] for i in made.references] == ["vanderberg2014", "vanderberg2014-2", "王伟2014"]


def test_csl_json_is_taken_as_it_is(read):
    item = ITEM | {"author": [{"family": "Wang"}], "volume": 3, "custom": {"marks": ["company"], "x": 1}}
    made = read([item], "a.json")
    assert one(made) == item
    assert (made.lost, made.said) == ({}, [])
    assert read({"items": [item]}, "a.json").references == (item,)


def test_ids_of_zotero_become_ids_of_a_study(read):
    ids = ["http://zotero.org/users/1/items/AB12", "doe:2014", "a²", 7, "..", "AB12", "x" * 300]
    made = read([ITEM | {"id": name} for name in ids] + [ITEM | {"id": "a b", "citation-key": "doe2015"}], "a.json")
    assert [i["id"] for i in made.references] == [
        "AB12", "doe-2014", "a2", "7", "why", "AB12-2", "x" * 110, "doe2015",
    ]  # fmt: skip
    assert made.said[0].startswith(
        "7 ids were changed to what a study takes: 'http://zotero.org/users/1/items/AB12' is"
    )


def test_what_csl_json_does_not_allow_is_left_out_and_counted(read):
    made = read(
        [
            ITEM
            | {
                "system_id": "x",
                "ISBN": 978,
                "author": [{"family": "W", "role": "boss"}],
                "custom": {"marks": ["odd"]},
            },
            {"id": "b", "type": "bok", "title": "B"},
            {"id": "c", "type": "book"},
            {"id": "d", "type": ["book"], "title": "D"},
            "e",
        ],
        "a.json",
    )
    assert one(made) == ITEM | {"custom": {}}
    assert made.lost == {
        "CSL variable 'system_id'": 1,
        "values of the CSL variable 'ISBN' that CSL-JSON does not allow": 1,
        "values of the CSL variable 'author' that CSL-JSON does not allow": 1,
        "marks of references that a study does not know": 1,
        "references that are not valid": 4,
    }
    assert made.said[0] == "item 2: its type 'bok' is none of CSL (did you mean 'book'?); it was left out"
    assert made.said[1] == "item 3: it has no title; it was left out"


def test_many_invalid_references_are_not_all_said(read):
    made = read([ITEM] + [{"id": str(n), "type": "book"} for n in range(100)], "a.json")
    assert len(made.said) == 21
    assert made.said[-1] == "and 80 more such references"


def test_text_that_no_file_can_hold_is_replaced(read):
    made = read('[{"id": "a\\u0000", "type": "book", "title": "\\ud800"}]', "a.json")
    assert one(made) == {"id": "a", "type": "book", "title": "\ufffd"}


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("a.json", '[{"type": "book"', "broken-json"),
        ("a.json", '{"type": "book", "items": 3}', "not-csl-json"),
        ("a.bib", b"@misc{a, title={\xe9}}", "wrong-encoding"),
        ("a.ris", b"TY  - BOOK\nTI  - \xe9\nER  - \n", "wrong-encoding"),
    ],
)
def test_files_that_cannot_be_read_are_refused(tmp_path, name, text, rule):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert FORMATS["bibliography"].fits(path)
    with pytest.raises(StudyError) as caught:
        bibliography.read(path, Options())
    assert [f.rule for f in caught.value.findings] == [rule]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\0", b"\0\1\2", b'{"type": "module"}', b'{"type": "FeatureCollection"}']
)
def test_other_files_are_no_references(tmp_path, data):
    for name in ("a.json", "a.bib", "a.ris"):
        (tmp_path / name).write_bytes(data)
        assert not bibliography.fits(tmp_path / name)
    assert not bibliography.fits(tmp_path)


@pytest.mark.parametrize("form", ["bibtex", "ris"])
def test_what_is_cited_can_be_written_and_read_back(read, dart, form):
    items = [json.loads(row["csl"]) for row in dart.query("references").dicts()]
    made = read(getattr(written, form)(items), f"a.{form[:3]}")
    back = {item["id"]: item for item in made.references}
    assert made.lost == {}
    assert back.keys() == {item["id"] for item in items}
    for item in items:
        found = back[item["id"]]
        for variable in ("title", "volume", "issue", "DOI", "URL", "publisher"):
            assert found.get(variable) == item.get(variable)
        assert (
            found.get("issued", {}).get("date-parts", [[]])[0][:1]
            == item.get("issued", {}).get("date-parts", [[]])[0][:1]
        )
        assert len(found.get("author", ())) == len(item.get("author", ()))


@pytest.mark.parametrize("form", ["bibtex", "ris"])
def test_braces_and_lines_in_a_text_break_no_format(read, form):
    item = ITEM | {
        "title": "a } b { c {d}",
        "abstract": "one\nTI  - two",
        "author": [{"literal": "W } X"}, {"family": "Berg", "given": "Jo", "non-dropping-particle": "van der"}],
    }
    made = one(read(getattr(written, form)([item]), f"a.{form[:3]}"))
    assert made["title"].replace("{", "").replace("}", "").split() == ["a", "b", "c", "d"]
    assert made["abstract"] == "one TI - two"
    assert len(made["author"]) == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.bib", "@book{a, title={信任与反馈}, author={王伟}}"),
        ("a.ris", "TY  - BOOK\nTI  - 信任与反馈\nER  - \n"),
        ("a.enw", "%0 Book\n%T 信任与反馈\n"),
    ],
)
def test_references_in_another_encoding_are_asked_about_and_read_as_a_person_says(tmp_path, name, text):
    path = tmp_path / name
    path.write_bytes(text.encode("gb18030"))
    assert FORMATS["bibliography"].fits(path)
    with pytest.raises(StudyError, match="--encoding gb18030 reads"):
        bibliography.read(path, Options())
    (item,) = bibliography.read(path, Options(encoding="gb2312")).references
    assert item["title"] == "信任与反馈"
