"""REFI-QDA in and out: what vendors do differently, the schemas, another implementation, and the way there and back.

The schemas are those of REFI-QDA 1.0 (Project.xsd, Codebook.xsd), under its MIT licence.
"""

from __future__ import annotations

import datetime
import shutil
import zipfile
from pathlib import Path

import pytest
import strategies
from helpers import examples
from hypothesis import given, settings
from lxml import etree

import kg
from kg import exports, importing, paths
from kg.errors import StudyError
from kg.loaders import study as loader
from kg.loaders.imports import Options
from kg.store import rdf

HERE = Path(__file__).parent
DAY = datetime.date(2026, 1, 2)
NAMESPACE = "urn:QDA-XML:project:1.0"
TEXT = "Prices are open.\nWe trust them, 因为透明。 Nobody 😀 asked twice.\n"
CODES = '<CodeBook><Codes><Code guid="C1" name="Trust" isCodable="true"/></Codes></CodeBook>'


def selection(start, end, *, name="", code="C1", inside="", attributes=""):
    coding = f'<Coding guid="K{start}"><CodeRef targetGUID="{code}"/></Coding>' if code else ""
    named = f'name="{name}"' if name else ""
    return (
        f'<PlainTextSelection guid="S{start}" {named} startPosition="{start}" endPosition="{end}" {attributes}>'
        f"{inside}{coding}</PlainTextSelection>"
    )


def quote(text, exact, **more):
    start = text.index(exact)
    return selection(start, start + len(exact), **more)


def source(inside="", *, name='name="Interview"', path="internal://T1.txt", content=None):
    at = f'plainTextPath="{path}"' if content is None else ""
    body = "" if content is None else f"<PlainTextContent>{content}</PlainTextContent>"
    return f'<TextSource guid="T1" {name} {at}>{body}{inside}</TextSource>'


def project(folder, sources, *, texts=None, codes=CODES, head="", tail="", xml="project.qde", namespace=NAMESPACE):
    """Write a .qdpx as some program would."""
    data = (
        f'<?xml version="1.0" encoding="utf-8"?><Project name="Study" xmlns="{namespace}" {head}>{codes}'
        f"<Sources>{sources}</Sources>{tail}</Project>"
    )
    path = folder / "study.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(xml, data)
        for name, text in ({"sources/T1.txt": TEXT} if texts is None else texts).items():
            archive.writestr(name, text if isinstance(text, bytes) else text.encode())
    return path


def take(path, into=None, **more):
    """Import a file and return the report and the study that loads."""
    folder = into or path.parent / "taken"
    report = importing.import_file(path, folder, Options(), DAY, **more)
    return report, loader.load(folder).study


def quotes(study):
    return [(e.exact, sorted(c.code for c in study.codings if c.excerpt == e.id)) for e in study.excerpts]


TRUST = [("We trust them", ["trust"])]


@pytest.mark.parametrize("xml", ["project.qde", "Project.qde", "My Study.qde"])
def test_the_project_is_found_whatever_its_name(tmp_path, xml):
    assert quotes(take(project(tmp_path, source(quote(TEXT, "We trust them")), xml=xml))[1]) == TRUST


@pytest.mark.parametrize(
    "name", ["sources/T1.txt", "Sources/T1.TXT", "SOURCES/t1.txt", "T1.txt", "sources/deep/T1.txt"]
)
def test_a_text_is_found_whatever_the_case_and_folder(tmp_path, name):
    assert quotes(take(project(tmp_path, source(quote(TEXT, "We trust them")), texts={name: TEXT}))[1]) == TRUST


@pytest.mark.parametrize("path", ["internal://T1.txt", "T1.txt", "sources/T1.txt", "internal://Sources\\T1.txt"])
def test_a_path_without_internal_is_read(tmp_path, path):
    made = project(tmp_path, source(quote(TEXT, "We trust them"), path=path))
    assert quotes(take(made)[1]) == TRUST


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:0.4", "urn:QDA-XML:project:1.5", "anything"])
def test_other_versions_of_the_namespace_are_read(tmp_path, namespace):
    made = project(tmp_path, source(quote(TEXT, "We trust them")), namespace=namespace)
    assert quotes(take(made)[1]) == TRUST


def test_a_text_may_stand_in_the_xml(tmp_path):
    assert quotes(take(project(tmp_path, source(quote(TEXT, "We trust them"), content=TEXT), texts={}))[1]) == TRUST


def test_sources_without_a_name_or_with_one_name_stay_apart(tmp_path):
    two = source(quote(TEXT, "We trust them"), name="") + source(name="").replace("T1", "T2")
    three = source(name='name="Survey"').replace("T1", "T3") + source(name='name="Survey"').replace("T1", "T4")
    texts = {f"sources/T{n}.txt": f"{TEXT}{n}" for n in (1, 2, 3, 4)}
    _, study = take(project(tmp_path, two + three, texts=texts))
    assert [s.id for s in study.sources] == ["text", "text-2", "survey", "survey-2"]
    assert [s.text[-1] for s in study.sources] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "name", ["Ünïcode/naïve", "../../x", "CON", "a:b*c?", "访谈 1.docx", "e\u0301", "..", "x" * 300]
)
def test_names_with_accents_and_slashes_become_safe_names_of_files(tmp_path, name):
    _, study = take(project(tmp_path, source(quote(TEXT, "We trust them"), name=f'name="{name}"')))
    (made,) = (tmp_path / "taken" / "sources").iterdir()
    assert made.stem == study.sources[0].id
    assert study.sources[0].title == name
    assert {p.name for p in tmp_path.iterdir()} == {"study.qdpx", "taken"}


def test_a_comment_without_a_code_keeps_its_memo_and_an_empty_set_is_nothing(tmp_path):
    comment = quote(TEXT, "Prices are open.", code="", inside="<Description>check this</Description>")
    report, study = take(project(tmp_path, source(comment), tail="<Sets/>"))
    assert quotes(study) == [("Prices are open.", [])]
    assert "memo: check this" in (tmp_path / "taken/codings/interview.yaml").read_text("utf-8")
    assert not report.lost


def test_an_empty_selection_is_counted_and_white_space_at_its_ends_is_taken_off(tmp_path):
    inside = selection(5, 5) + selection(16, 31)
    report, study = take(project(tmp_path, source(inside)))
    assert quotes(study) == [("We trust them,", ["trust"])]
    assert report.lost == {"passages of nothing or white space": 1}
    assert report.taken["passages without the white space at their ends"] == 1


def test_two_passages_at_one_place_are_one_and_a_coding_given_twice_is_counted(tmp_path):
    twice = quote(TEXT, "We trust them") + quote(TEXT, "We trust them").replace('"S', '"Z')
    report, study = take(project(tmp_path, source(twice)))
    assert quotes(study) == TRUST
    assert sum(report.lost.values()) == 1


@pytest.mark.parametrize(
    ("stored", "counted"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), TEXT),
        (b"\xef\xbb\xbf" + TEXT.encode(), "\ufeff" + TEXT),
        (TEXT.replace("\n", "\r\n").encode(), TEXT.replace("\n", "\r\n")),
        (TEXT.replace("\n", "\r\n").encode(), TEXT),
        (TEXT.encode("utf-16"), TEXT),
    ],
    ids=["BOM not counted", "BOM counted", "CRLF is two", "CRLF is one", "UTF-16"],
)
def test_byte_order_marks_and_line_ends_are_counted_as_the_passages_show(tmp_path, stored, counted):
    exacts = ["Prices are open.", "We trust them", "Nobody 😀 asked twice."]
    inside = "".join(quote(counted, exact, name=exact) for exact in exacts)
    report, study = take(project(tmp_path, source(inside), texts={"sources/T1.txt": stored}))
    assert [exact for exact, _ in quotes(study)] == exacts
    assert report.reading.sure == "certain"


def test_utf_16_units_are_recognised_by_the_names_of_passages(tmp_path):
    at = len(TEXT[: TEXT.index("asked")].encode("utf-16-le")) // 2
    report, study = take(project(tmp_path, source(selection(at, at + 5, name="asked"))))
    assert quotes(study) == [("asked", ["trust"])]
    assert report.reading.reading.utf16


def test_the_text_of_a_pdf_is_read_and_areas_of_its_pages_are_counted(tmp_path):
    area = '<PDFSelection guid="A" page="1" firstX="0" firstY="0" secondX="9" secondY="9">'
    area += '<Coding guid="AK"><CodeRef targetGUID="C1"/></Coding></PDFSelection>'
    inside = (
        f'<Representation guid="R" plainTextPath="internal://T1.txt">{quote(TEXT, "We trust them")}</Representation>'
    )
    pdf = f'<PDFSource guid="P" name="Paper.pdf" path="internal://P.pdf">{area}{inside}</PDFSource>'
    report, study = take(project(tmp_path, pdf))
    assert quotes(study) == TRUST
    assert report.lost == {
        "areas of PDF pages": 1, "codings of areas of PDF pages": 1, "files of PDFs, pictures, sound and film": 1
    }  # fmt: skip


def test_pictures_and_sound_are_kept_as_sources_without_passages_and_said(tmp_path):
    media = '<PictureSource guid="P" name="Shop.png" path="internal://P.png"/><AudioSource guid="A" name="Talk.mp3"/>'
    report, study = take(project(tmp_path, media))
    assert [(s.title, s.body) for s in study.sources] == [("Shop.png", ()), ("Talk.mp3", ())]
    assert report.lost["pictures without text (kept as sources without passages)"] == 1


def test_a_transcript_is_read_with_its_passages(tmp_path):
    start, end = TEXT.index("We"), TEXT.index(",")
    inside = (
        f'<Transcript guid="R" plainTextPath="internal://T1.txt"><SyncPoint guid="a" timeStamp="0" position="{start}"/>'
        f'<SyncPoint guid="b" timeStamp="9" position="{end}"/><TranscriptSelection guid="X" fromSyncPoint="a" '
        'toSyncPoint="b"><Coding guid="K"><CodeRef targetGUID="C1"/></Coding></TranscriptSelection></Transcript>'
    )
    made = project(tmp_path, f'<AudioSource guid="A" name="Talk.mp3">{inside}</AudioSource>')
    assert quotes(take(made)[1]) == TRUST


def test_a_text_outside_the_archive_is_said(tmp_path):
    report, study = take(project(tmp_path, source(path="absolute:///C:/home/T1.txt"), texts={}))
    assert study.sources[0].body == ()
    assert any("absolute:///C:/home/T1.txt" in sentence for sentence in report.said)


def test_codes_keep_their_tree_levels_descriptions_and_dangling_codings_are_counted(tmp_path):
    codes = (
        '<CodeBook><Codes><Code guid="{F}" name="Folder" isCodable="false" color="#ff0000"><Description>all</Description>'
        '<Code guid="C1" name="Trust" isCodable="true"/><Code guid="C2" name="Trust" isCodable="true"/></Code></Codes>'
        "</CodeBook>"
    )
    inside = quote(TEXT, "We trust them", code="c1") + quote(TEXT, "Nobody", code="gone")
    report, study = take(project(tmp_path, source(inside), codes=codes))
    assert [(c.id, c.broader, c.level, c.definition) for c in study.codes] == [
        ("folder", None, "axial", "all"), ("trust", "folder", "open", ""), ("trust-2", "folder", "open", "")
    ]  # fmt: skip
    assert report.lost == {"colours of codes": 1, "codings whose code is not in the codebook": 1}


def test_users_dates_notes_cases_and_what_has_no_place(tmp_path):
    head = 'creatingUserGUID="U1"'
    codes = f'<Users><User guid="U1" name="Ada"/></Users>{CODES}'
    coded = quote(TEXT, "We trust them").replace(
        'guid="K', 'creatingUser="U1" creationDateTime="2024-03-01T10:00:00Z" guid="K'
    ).replace("</Coding>", '<NoteRef targetGUID="N1"/></Coding>')  # fmt: skip
    tail = (
        '<Notes><Note guid="N1" name="m"><PlainTextContent>odd</PlainTextContent></Note>'
        '<Note guid="N2" name="Diary"><PlainTextContent>Day one.</PlainTextContent></Note></Notes>'
        '<Links><Link guid="L" originGUID="N1" targetGUID="N2"/></Links><Graphs><Graph guid="G"/></Graphs>'
    )
    made = project(tmp_path, source(coded), codes=codes, head=head, tail=tail)
    text = made.with_name("x")
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(text, "w") as new:
        xml = old.read("project.qde").decode().replace(
            "<Sources>", '<Variables><Variable guid="V" name="age" typeOfVariable="Text"/></Variables>'
            '<Cases><Case guid="A" name="Shop"><SourceRef targetGUID="T1"/></Case></Cases><Sources>',
        )  # fmt: skip
        new.writestr("project.qde", xml)
        new.writestr("sources/T1.txt", TEXT)
    text.replace(made)
    report, study = take(made)
    (coding,) = study.codings
    assert (coding.coder, str(coding.date), coding.memo) == ("ada", "2024-03-01", "odd")
    assert (study.sources[0].case, study.cases[0].label.en) == ("shop", "Shop")
    assert "Day one." in (tmp_path / "taken/imports/study.qdpx-notes.md").read_text("utf-8")
    assert (study.attributes[0].id, report.taken["attributes"]) == ("age", 1)
    assert report.lost == {"links": 1, "graphs": 1}


VARIABLES = {
    "age": ("Integer", "+42"),
    "income": ("Float", "1.50"),
    "member": ("Boolean", "1"),
    "since": ("Date", "2020-02-29"),
    "seen": ("DateTime", "2020-02-29T10:00:00Z"),
    "town": ("Text", " Oslo\n east "),
}


def variable_values(of=VARIABLES):
    return "".join(
        f'<VariableValue><VariableRef targetGUID="{name}"/><{kind}Value>{value}</{kind}Value></VariableValue>'
        for name, (kind, value) in of.items()
    )


def described(folder, inside="", case="", sets=""):
    listed = "".join(
        f'<Variable guid="{name}" name="{name}" typeOfVariable="{kind}"><Description>About {name}.</Description></Variable>'
        for name, (kind, _) in VARIABLES.items()
    )
    codes = f"{CODES}<Variables>{listed}</Variables><Cases>{case}</Cases>"
    return project(folder, source(inside), codes=codes, tail=sets, texts={"sources/T1.txt": TEXT})


KEPT = {
    "age": "42", "income": "1.5", "member": "true", "seen": "2020-02-29T10:00:00Z", "since": "2020-02-29",
    "town": "Oslo east",
}  # fmt: skip


def test_variables_of_cases_and_sources_become_attributes_with_values_of_their_type(tmp_path):
    case = f'<Case guid="A" name="Shop">{variable_values()}<SourceRef targetGUID="T1"/></Case>'
    report, study = take(described(tmp_path, variable_values(), case))
    assert {a.id: a.type for a in study.attributes} == {
        "age": "integer", "income": "decimal", "member": "boolean", "since": "date", "seen": "datetime", "town": "text",
    }  # fmt: skip
    assert study.attributes[0].description == "About age."
    for values in (study.values["shop"], study.sources[0].values):
        assert {value.attribute: value.text for value in values} == KEPT
    assert report.lost == {}


def test_values_in_a_case_that_is_none_are_those_of_its_document(tmp_path):
    case = f'<Case guid="A">{variable_values()}<SourceRef targetGUID="T1"/></Case>'
    report, study = take(described(tmp_path, "", case))
    assert {value.attribute: value.text for value in study.sources[0].values} == KEPT
    assert report.lost == {"cases without a name that hold one document at most": 1}


def test_a_value_that_is_not_of_its_type_or_of_no_variable_is_counted(tmp_path):
    wrong = {"age": ("Integer", "old"), "since": ("Date", "2021-02-29"), "other": ("Text", "x"), "town": ("Text", "")}
    report, study = take(described(tmp_path, variable_values(wrong)))
    assert study.sources[0].values == ()
    assert report.lost == {
        "values that are not of their attribute's type": 2,
        "values of attributes that the file does not list": 1,
    }


def test_sets_of_codes_and_documents_are_kept_and_those_that_are_levels_are_levels(tmp_path):
    sets = (
        '<Sets><Set guid="S1" name="First round"><Description>Read in May.</Description><MemberCode targetGUID="C1"/>'
        '<MemberSource targetGUID="T1"/><MemberSource targetGUID="gone"/><MemberNote targetGUID="N"/></Set>'
        '<Set guid="S2" name="Axial"><MemberCode targetGUID="C1"/></Set>'
        '<Set guid="S3" name="Open"><MemberSource targetGUID="T1"/></Set></Sets>'
    )
    report, study = take(described(tmp_path, sets=sets))
    assert [(s.id, s.label.en, s.description, s.codes, s.sources) for s in study.sets] == [
        ("first-round", "First round", "Read in May.", ("trust",), ("interview",)),
        ("open", "Open", "", (), ("interview",)),
    ]
    assert study.codes[0].level == "axial"
    assert report.lost == {"members of sets that are not taken": 1, "notes in sets": 1}
    assert report.taken["sets"] == 2


def test_values_and_sets_again_and_into_a_study_that_has_them_change_nothing_and_others_are_said(tmp_path):
    sets = '<Sets><Set guid="S1" name="First round"><MemberSource targetGUID="T1"/></Set></Sets>'
    case = f'<Case guid="A" name="Shop">{variable_values()}<SourceRef targetGUID="T1"/></Case>'
    made = described(tmp_path, variable_values(), case, sets)
    take(made)
    before = (tmp_path / "taken/study.yaml").read_bytes()
    again = described(tmp_path, variable_values().replace("+42", "43"), case.replace("+42", "43"), sets + " ")
    report = importing.import_file(again, tmp_path / "taken", Options(), DAY)
    assert (tmp_path / "taken/study.yaml").read_bytes() == before
    assert report.changes == [
        "the case 'shop' has other values in the file; study.yaml stays",
        "the source 'interview' has other values in the file; study.yaml stays",
    ]


def test_a_case_without_a_name_is_one_only_when_it_holds_several_documents(tmp_path):
    cases = (
        '<Cases><Case guid="A"><SourceRef targetGUID="T1"/></Case><Case guid="B"><SourceRef targetGUID="T1"/>'
        '<SourceRef targetGUID="T2"/></Case></Cases>'
    )
    both = source() + source().replace("T1", "T2")
    report, study = take(
        project(tmp_path, both, codes=CODES + cases, texts={"sources/T1.txt": TEXT, "sources/T2.txt": "x"})
    )
    assert [(c.id, c.label.en) for c in study.cases] == [("case-1", "case 1")]
    assert report.lost == {"cases without a name that hold one document at most": 1}


def test_a_note_that_is_linked_with_a_passage_is_its_memo(tmp_path):
    tail = (
        '<Notes><Note guid="N1"><PlainTextContent>she laughs</PlainTextContent></Note></Notes>'
        '<Links><Link guid="L" originGUID="N1" targetGUID="S17"/></Links>'
    )
    report, study = take(project(tmp_path, source(quote(TEXT, "We trust them")), tail=tail))
    assert [coding.memo for coding in study.codings] == ["she laughs"]
    assert (report.lost, report.taken["notes"]) == ({}, 0)


def test_what_has_no_place_in_a_project_is_said(tmp_path):
    path = tmp_path / "quotes.csv"
    path.write_text("quote,document,code,memo\nWe trust them,I,,hm\nWe trusted them,I,Trust,\n", "utf-8")
    importing.import_file(path, tmp_path / "taken", Options(texts={"I": TEXT}), DAY)
    _, said = exported(kg.open(tmp_path / "taken"), tmp_path / "out")
    assert said == [
        "1 passage that nobody confirmed is left out",
        "1 memo of a passage without a code stays in 'codings/i.yaml' and out of the graph",
    ]


def test_a_passage_outside_its_text_is_said_with_its_place(tmp_path):
    inside = quote(TEXT, "We trust them", name="We trust them") + selection(9000, 9001)
    report, study = take(project(tmp_path, source(inside)))
    assert quotes(study) == TRUST
    assert report.lost == {"passages whose positions lie outside their document": 1}
    assert "9000-9001" in report.said[0]


# ---- Out


def exported(graph, folder, name="refi-qda"):
    made = exports.export(graph, name, folder)
    return folder / made.files[0], made.said


def valid(schema, data):
    checker = etree.XMLSchema(etree.parse(str(HERE / "refi_qda" / schema)))
    assert checker.validate(etree.fromstring(data)), checker.error_log


def quads(folder):
    return set(rdf.nquads(loader.load(folder).study).decode().splitlines())


def test_the_bundled_study_comes_back_as_the_same_graph(dart, tmp_path):
    path, said = exported(dart, tmp_path / "out")
    report = importing.import_file(path, tmp_path / "back", Options(), DAY)
    assert quads(tmp_path / "back") == quads(dart.folder)
    note = "that 3 coders are software, or have an ORCID iD, stands in a note, which other programs do not read"
    assert (said, dict(report.lost), dict(report.unconfirmed)) == ([note], {}, {})


def test_what_is_written_is_valid_and_the_same_every_time(dart, tmp_path):
    path, _ = exported(dart, tmp_path / "one")
    valid("Project.xsd", zipfile.ZipFile(path).read("project.qde"))
    assert path.read_bytes() == exported(dart, tmp_path / "two")[0].read_bytes()
    book, _ = exported(dart, tmp_path / "book", "refi-codebook")
    valid("Codebook.xsd", book.read_bytes())


def test_another_implementation_reads_what_is_written_and_what_it_writes_is_read(dart, tmp_path):
    from pyrefiqda import RefiProject

    path, _ = exported(dart, tmp_path / "out")
    read = RefiProject.load(path, tmp_path / "unpacked")
    study = loader.load(dart.folder).study
    texts = {s.guid: s for s in read.sources.text_source}
    assert len(texts) == len(study.sources)
    found = set()
    for text in texts.values():
        held = RefiProject.resolve_source_path(text.plain_text_path, tmp_path / "unpacked").read_text("utf-8")
        for passage in text.plain_text_selection:
            found |= {(held[passage.start_position : passage.end_position], len(passage.coding))}
    codings = [c.excerpt for c in study.codings]
    assert found == {(e.exact, codings.count(e.id)) for e in study.excerpts}
    RefiProject.save(read, tmp_path / "again.qdpx", tmp_path / "unpacked")
    importing.import_file(tmp_path / "again.qdpx", tmp_path / "back", Options(), DAY)
    assert quads(tmp_path / "back") == quads(dart.folder)


def test_evidence_lines_are_links_and_memos_are_notes_for_other_programs(dart, tmp_path):
    path, _ = exported(dart, tmp_path / "out")
    root = etree.fromstring(zipfile.ZipFile(path).read("project.qde"))
    n = {"q": NAMESPACE}
    study = loader.load(dart.folder).study
    names = [link.get("name") for link in root.iterfind(".//q:Link", n)]
    for stance in ("supports", "opposes", "qualifies"):
        counting = [n for n in study.lines if n.stance == stance and n.status == "active"]
        assert names.count(stance) == sum(len(n.excerpts) for n in counting)
    notes = {note.get("guid"): note for note in root.iterfind(".//q:Note", n)}
    memos = [notes[r.get("targetGUID")][0].text for r in root.iterfind(".//q:Coding/q:NoteRef", n)]
    assert sorted(memos) == sorted(coding.memo for coding in study.codings if coding.memo)
    assert len(root.findall(".//q:Case", n)) == len(study.cases)


@pytest.mark.slow
@settings(max_examples=examples(40))
@given(strategies.files())
def test_every_study_comes_back_as_the_same_graph(tmp_path_factory, made):
    folder = strategies.write(tmp_path_factory.mktemp("made"), made)
    path, said = exported(kg.open(folder), folder.parent / f"{folder.name}-out")
    valid("Project.xsd", zipfile.ZipFile(path).read("project.qde"))
    back = folder.parent / f"{folder.name}-back"
    report = importing.import_file(path, back, Options(), DAY)
    assert quads(back) == quads(folder)
    assert ([one for one in said if "memo" not in one and " in a note" not in one], dict(report.lost)) == ([], {})


@pytest.mark.slow
@settings(max_examples=examples(15))
@given(strategies.files())
def test_line_ends_change_and_that_is_said_but_no_passage_does(tmp_path_factory, made):
    made = {k: v.replace("\n", "\r\n") if k.startswith("sources/") else v for k, v in made.items()}
    folder = strategies.write(tmp_path_factory.mktemp("made"), made)
    path, said = exported(kg.open(folder), folder.parent / f"{folder.name}-out")
    back = folder.parent / f"{folder.name}-back"
    importing.import_file(path, back, Options(), DAY)
    before, after = loader.load(folder).study, loader.load(back).study
    assert quotes(after) == quotes(before)
    assert len(after.lines) == len(before.lines)
    assert len([sentence for sentence in said if "line ends" in sentence]) == len(before.sources)


def test_a_link_that_another_program_removed_removes_the_evidence_line(dart, tmp_path):
    path, _ = exported(dart, tmp_path / "out")
    changed = tmp_path / "changed.qdpx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "project.qde":
                root = etree.fromstring(data)
                links = root.find(f"{{{NAMESPACE}}}Links")
                links.remove(next(link for link in links if link.get("name") == "opposes"))
                data = etree.tostring(root)
            new.writestr(name, data)
    importing.import_file(changed, tmp_path / "back", Options(), DAY)
    before, after = loader.load(dart.folder).study, loader.load(tmp_path / "back").study
    assert len(after.lines) == len(before.lines) - 1


@pytest.mark.parametrize("path", ["../../evil.txt", "/etc/evil.txt", "sources/../../evil.md"])
def test_our_own_records_cannot_name_a_path_outside(tmp_path, path):
    study = tmp_path / "study"
    shutil.copytree(paths.shipped("seeds") / "template", study)
    made, _ = exported(kg.open(study), tmp_path / "out")
    changed = tmp_path / "changed.qdpx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"sources/interview.md", path.encode()))
    importing.import_file(changed, tmp_path / "deep" / "back", Options(), DAY)
    assert not list(tmp_path.rglob("evil*"))
    assert loader.load(tmp_path / "deep" / "back").study.sources[1].file == "sources/interview.txt"


def test_records_that_are_broken_are_refused_and_nothing_is_written(tmp_path):
    study = tmp_path / "study"
    shutil.copytree(paths.shipped("seeds") / "template", study)
    made, _ = exported(kg.open(study), tmp_path / "out")
    changed = tmp_path / "changed.qdpx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"study": {', b'"study": [{'))
    with pytest.raises(StudyError):
        importing.import_file(changed, tmp_path / "back", Options(), DAY)
    assert not (tmp_path / "back").exists()
    assert not list(tmp_path.glob(".kg-import-*"))


def test_a_project_that_another_implementation_made_is_read(tmp_path):
    from pyrefiqda import RefiProject
    from pyrefiqda.models import project as refi

    made = project(tmp_path, source(quote(TEXT, "We trust them") + quote(TEXT, "Nobody 😀 asked")))
    with zipfile.ZipFile(made) as archive:
        xml = archive.read("project.qde").decode()
    for number, key in enumerate(("T1", "C1", "S17", f"S{TEXT.index('Nobody')}", "K17", f"K{TEXT.index('Nobody')}")):
        xml = xml.replace(f'"{key}"', f'"00000000-0000-4000-8000-00000000000{number}"')
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr("sources/T1.txt", TEXT)
    held = RefiProject.load(made, tmp_path / "unpacked")
    assert isinstance(held, refi.Project)
    again = tmp_path / "theirs.qdpx"
    RefiProject.save(held, again, tmp_path / "unpacked")
    assert quotes(take(again)[1]) == [("We trust them", ["trust"]), ("Nobody 😀 asked", ["trust"])]
