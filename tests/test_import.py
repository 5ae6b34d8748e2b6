"""What 'kg import' makes of a file: a study that builds, honest about what does not fit, and safe to make again."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil

import projects
import pytest
from test_refi_qda import CODES, TEXT, project, quote, quotes, selection, source, take
from typer.testing import CliRunner

import kg
from kg import check, cli, exports, importing, paths
from kg.errors import KGError, StudyError, UnknownTerm
from kg.loaders import study as loader
from kg.loaders.imports import FORMATS, Options
from kg.naming import Ids, slug
from kg.store import build

DAY = datetime.date(2026, 1, 2)
ROWS = "quote,document,code,coder,date\n"


def tree(folder):
    """Return every file of a folder with its content."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def table(folder, rows, name="quotes.csv"):
    path = folder / name
    path.write_text(ROWS + rows, "utf-8")
    return path


def run(*words):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


# ---- Passages that are not what their text holds


def test_a_passage_that_is_not_in_its_text_is_kept_shown_and_not_counted(tmp_path):
    path = table(
        tmp_path, "We trust them,Interview,Trust,Ada,2024-03-01\nWe trusted them,Interview,Trust,Ada,2024-03-01\n"
    )
    report = importing.import_file(path, tmp_path / "taken", Options(texts={"Interview.txt": TEXT}), DAY)
    assert report.unconfirmed == {"it is not in its document": 1}
    assert (report.taken["passages"], report.taken["codings"]) == (1, 1)
    study = loader.load(tmp_path / "taken").study
    assert quotes(study) == [("We trust them", ["trust"])]
    (found,) = [f for f in check.check(tmp_path / "taken") if f.rule == "quote-unconfirmed"]
    assert (found.file, found.severity) == ("codings/interview.yaml", "warning")
    line = (tmp_path / "taken" / found.file).read_text("utf-8").splitlines()[found.line - 1]
    assert "unconfirmed" in line


def test_a_quote_that_differs_from_the_text_at_its_position_is_reported_with_both(tmp_path):
    rows = (
        "quote,document,code,start,end\nWe trust them,Interview,Trust,17,30\nPrices are closed,Interview,Trust,0,16\n"
    )
    path = tmp_path / "quotes.csv"
    path.write_text(rows, "utf-8")
    importing.import_file(path, tmp_path / "taken", Options(texts={"Interview": TEXT}), DAY)
    (found,) = [f for f in check.check(tmp_path / "taken") if f.rule == "quote-unconfirmed"]
    assert "'Prices are closed'" in found.message
    assert "'Prices are open.'" in found.message


def test_a_person_confirms_a_passage_by_taking_the_mark_away(tmp_path):
    path = table(tmp_path, "trust,Interview,Trust,Ada,2024-03-01\n")
    text = "Some trust, and some do not trust.\n"
    report = importing.import_file(path, tmp_path / "taken", Options(texts={"Interview": text}), DAY)
    assert report.unconfirmed == {"it stands in its document more than once": 1}
    coded = tmp_path / "taken/codings/interview.yaml"
    lines = coded.read_text("utf-8").splitlines(keepends=True)
    coded.write_text("".join(line for line in lines if "unconfirmed" not in line), "utf-8")
    with pytest.raises(StudyError, match="quote-ambiguous"):
        loader.load(tmp_path / "taken")
    coded.write_text(coded.read_text("utf-8").replace("quote: trust", "quote: trust\n    start: 28"), "utf-8")
    study = loader.load(tmp_path / "taken").study
    assert [(e.start, e.exact) for e in study.excerpts] == [(28, "trust")]


def test_a_start_that_is_wrong_is_an_error_that_says_where_the_quote_begins(tmp_path):
    _, _ = take(project(tmp_path, source(quote(TEXT, "We trust them"))))
    coded = tmp_path / "taken/codings/interview.yaml"
    coded.write_text(coded.read_text("utf-8").replace("start: 17", "start: 3"), "utf-8")
    with pytest.raises(StudyError, match="it begins at 17"):
        loader.load(tmp_path / "taken")


def test_quotes_without_their_documents_are_unconfirmed_until_the_texts_are_there(tmp_path):
    path = table(tmp_path, "We trust them,Interview,Trust,Ada,2024-03-01\n")
    report = importing.import_file(path, tmp_path / "taken", Options(), DAY)
    assert report.unconfirmed == {"its document's text is not at hand": 1}
    again = importing.import_file(path, tmp_path / "taken", Options(texts={"Interview.txt": TEXT}), DAY)
    assert not again.unconfirmed
    assert quotes(loader.load(tmp_path / "taken").study) == [("We trust them", ["trust"])]
    assert "sources/interview.txt: its text" in again.changes


# ---- The study


def test_what_is_taken_builds_and_answers(tmp_path):
    take(project(tmp_path, source(quote(TEXT, "We trust them"))))
    graph = kg.open(tmp_path / "taken")
    assert "We trust them" in str(graph.query("trace-code", id="trust").rows)
    assert build.build(tmp_path / "taken").fresh is False


def test_the_report_lists_what_was_not_taken_in_a_file_of_the_study(tmp_path):
    report, _ = take(
        project(tmp_path, source(quote(TEXT, "We trust them")), codes=CODES.replace("name=", 'color="#f00" name='))
    )
    held = (tmp_path / "taken" / report.path).read_text("utf-8")
    assert "colours of codes: 1" in held
    assert hashlib.sha256((tmp_path / "taken/sources/interview.txt").read_bytes()).hexdigest() in held


def test_a_line_that_is_just_the_title_stays_body(tmp_path):
    _, study = take(project(tmp_path, source(quote(TEXT, "Prices are open."), name='name="Prices are open."')))
    assert study.sources[0].title == "Prices are open. (text)"
    assert quotes(study) == [("Prices are open.", ["trust"])]


def test_chinese_names_become_ids_and_chinese_labels(tmp_path):
    _, study = take(project(tmp_path, source(quote(TEXT, "因为透明", code="C1")), codes=CODES.replace("Trust", "信任")))
    assert (study.codes[0].id, study.codes[0].label.zh) == ("信任", "信任")


# ---- Again


def test_the_same_file_again_changes_nothing(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them")))
    take(path)
    before = tree(tmp_path / "taken")
    report = importing.import_file(path, tmp_path / "taken", Options(), DAY + datetime.timedelta(days=9))
    assert not report.fresh
    assert tree(tmp_path / "taken") == before


def test_the_same_file_elsewhere_gives_the_same_bytes(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them") + selection(3, 9)))
    one, two = tmp_path / "a" / "study", tmp_path / "b" / "study"
    for folder in (one, two):
        importing.import_file(path, folder, Options(), DAY)
    assert tree(one) == tree(two)


def test_a_newer_version_shows_what_changed_and_keeps_ids_and_days(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them") + quote(TEXT, "Nobody")))
    take(path)
    codes = CODES.replace("</Codes>", '<Code guid="C2" name="Prices" isCodable="true"/></Codes>')
    newer = quote(TEXT, "We trust them") + quote(TEXT, "Prices are open.", code="C2")
    project(tmp_path, source(newer), codes=codes.replace('name="Trust"', 'name="Confidence"'))
    report = importing.import_file(path, tmp_path / "taken", Options(), DAY + datetime.timedelta(days=9))
    assert report.changes == [
        "the code 'trust' is called 'Confidence' in the file; codebook.yaml keeps 'Trust'",
        "codings/interview.yaml: entries new: 1, gone: 1",
    ]
    study = loader.load(tmp_path / "taken").study
    assert quotes(study) == [("Prices are open.", ["prices"]), ("We trust them", ["trust"])]
    assert {c.date for c in study.codings} == {DAY}


def test_new_guids_at_every_export_do_not_double_the_codebook(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them")))
    take(path)
    renamed = source(quote(TEXT, "We trust them", code="X9")).replace("T1", "T7")
    project(tmp_path, renamed, codes=CODES.replace("C1", "X9"), texts={"sources/T7.txt": TEXT})
    report, study = take(path)
    assert ([c.id for c in study.codes], [s.id for s in study.sources]) == (["trust"], ["interview"])
    assert report.changes == []


def test_an_edit_by_hand_stays_when_the_file_has_nothing_new_there(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them")))
    take(path)
    coded = tmp_path / "taken/codings/interview.yaml"
    coded.write_text(coded.read_text("utf-8") + "    memo: mine\n", "utf-8")
    project(tmp_path, source(quote(TEXT, "We trust them")), tail='<Notes><Note guid="N" name="n"/></Notes>')
    report, _ = take(path)
    assert "memo: mine" in coded.read_text("utf-8")
    assert report.changes == []
    assert "stays as it is" in report.said[0]


def test_an_edit_by_hand_and_news_in_one_file_are_a_conflict_and_nothing_is_written(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them")))
    take(path)
    coded = tmp_path / "taken/codings/interview.yaml"
    coded.write_text(coded.read_text("utf-8") + "    memo: mine\n", "utf-8")
    project(tmp_path, source(quote(TEXT, "We trust them") + quote(TEXT, "Nobody")))
    before = tree(tmp_path / "taken")
    with pytest.raises(StudyError, match=r"codings/interview.yaml: .*import-conflict"):
        take(path)
    assert tree(tmp_path / "taken") == before
    assert not list(tmp_path.glob(".kg-import-*"))


# ---- Into a study


@pytest.fixture
def kitchen(tmp_path):
    folder = tmp_path / "kitchen"
    shutil.copytree(paths.shipped("seeds") / "template", folder)
    return folder


def test_quotes_go_onto_the_sources_and_codes_of_a_study(kitchen, tmp_path):
    path = table(tmp_path, "The guests know my name by now,interview,Belonging,The coder,2026-01-01\n")
    before = tree(kitchen)
    report = importing.import_file(path, kitchen, Options(), DAY)
    after = tree(kitchen)
    assert sorted(set(after) - set(before)) == ["codings/interview-quotes.csv.yaml", "imports/quotes.csv.yaml"]
    assert all(after[name] == data for name, data in before.items())
    assert not report.unconfirmed
    study = loader.load(kitchen).study
    assert ("The guests know my name by now", ["belonging"]) in quotes(study)


def test_what_is_new_is_added_and_comments_stay(kitchen, tmp_path):
    path = table(tmp_path, "Something new,Second talk,Novelty,Ada,2026-01-01\n")
    importing.import_file(path, kitchen, Options(texts={"Second talk": "Something new was said.\n"}), DAY)
    listing = (kitchen / "study.yaml").read_text("utf-8")
    assert "# The digest pins the source's bytes" in listing
    study = loader.load(kitchen).study
    assert [c.id for c in study.coders] == ["me", "ada"]
    assert study.codes[-1].id == "novelty"
    assert study.sources[-1].title == "Second talk"


def test_references_are_added_and_those_that_are_there_stay(kitchen, tmp_path):
    path = tmp_path / "zotero.json"
    items = [{"id": "interview2026", "type": "book", "title": "Theirs"}, {"id": "b", "type": "book", "title": "New"}]
    path.write_text(json.dumps(items), "utf-8")
    report = importing.import_file(path, kitchen, Options(), DAY)
    study = loader.load(kitchen).study
    assert [r.id for r in study.references] == ["b", "interview2026"]
    assert study.references[1].csl["title"] != "Theirs"
    assert report.said == ["the reference 'interview2026' is in the study already, and different: it stays"]
    assert report.taken["references"] == 1


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    path = project(tmp_path, source())
    with pytest.raises(StudyError, match=r"no study\.yaml"):
        importing.import_file(path, tmp_path, Options(), DAY)


def test_a_study_with_errors_is_not_added_to(kitchen, tmp_path):
    (kitchen / "codebook.yaml").write_text("codes: 3\n", "utf-8")
    path = table(tmp_path, "x,interview,y,z,2026-01-01\n")
    with pytest.raises(StudyError, match=r"codebook\.yaml"):
        importing.import_file(path, kitchen, Options(), DAY)


# ---- Ids


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Trust", "trust"),
        ("A  b/c", "a-b-c"),
        ("nul.txt", "code-nul.txt"),
        ("...", "code"),
        ("\u0301x", "x"),
        ("２", "２"),
    ],
)
def test_names_become_ids_that_are_safe_as_names_of_files(name, made):
    assert slug(name, "code") == made


def test_two_things_of_one_name_get_two_ids_the_same_every_time():
    ids = Ids("code", {}, {})
    assert [ids.give(key, "Trust") for key in "abc"] == ["trust", "trust-2", "trust-3"]
    assert ids.give("a", "Trust") == "trust"


# ---- The command


def test_the_command_says_what_it_took_and_what_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = project(tmp_path, source(quote(TEXT, "We trust them")), tail='<Links><Link guid="L"/></Links>')
    ran = run("import", path)
    assert ran.exit_code == 0, ran.output
    assert "1 document, 1 passage, 1 coding" in " ".join(ran.output.split())
    assert "1  links" in ran.output
    assert "next: kg check study" in ran.output
    assert (tmp_path / "study" / "study.yaml").is_file()
    assert "unchanged" in run("import", path).output


def test_a_dry_run_writes_nothing(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them")))
    ran = run("import", path, "--into", tmp_path / "taken", "--dry-run")
    assert "nothing was written" in ran.output
    assert [p.name for p in tmp_path.iterdir()] == ["study.qdpx"]


def test_json_has_the_whole_report(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them")))
    made = json.loads(run("import", path, "--into", tmp_path / "taken", "--json").output)
    assert made["taken"]["codings"] == 1
    assert made["reading"]["positions"] == "codepoints from 0, end exclusive"


def test_a_wrong_file_format_or_column_is_explained(tmp_path):
    with pytest.raises(StudyError, match="there is no such file"):
        importing.import_file(tmp_path / "none.qdpx", tmp_path / "x", Options(), DAY)
    odd = tmp_path / "odd.doc"
    odd.write_text("text", "utf-8")
    with pytest.raises(StudyError, match=r"(?s)no importer knows such a file.*refi-qda"):
        importing.import_file(odd, tmp_path / "x", Options(), DAY)
    closed = tmp_path / "study.mx24"
    closed.write_text("x", "utf-8")
    with pytest.raises(StudyError, match=r"(?s)MAXQDA's own form.*REFI-QDA"):
        importing.import_file(closed, tmp_path / "x", Options(), DAY)
    with pytest.raises(UnknownTerm, match="did you mean 'refi-qda'"):
        importing.import_file(odd, tmp_path / "x", Options(), DAY, name="refiqda")
    with pytest.raises(KGError, match="OURS=THEIRS"):
        importing.columns(["quote"])


def test_without_a_file_the_formats_are_listed():
    ran = run("import", "--json")
    assert {row["format"] for row in json.loads(ran.output)} == set(FORMATS)


def test_our_own_folder_forms_come_back_too(kitchen, tmp_path):
    made = exports.export(kg.open(kitchen), "annotations", tmp_path / "out")
    texts = {s.id: s.text for s in loader.load(kitchen).study.sources}
    importing.import_file(tmp_path / "out" / made.files[0], tmp_path / "back", Options(texts=texts), DAY)
    before, after = loader.load(kitchen).study, loader.load(tmp_path / "back").study
    coded = {e.exact for e in before.excerpts if any(c.excerpt == e.id for c in before.codings)}
    assert coded <= {e.exact for e in after.excerpts}


def test_the_same_project_under_another_name_doubles_nothing(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them")))
    take(path)
    other = path.with_name("study-2.qdpx")
    project(tmp_path, source(quote(TEXT, "We trust them") + quote(TEXT, "Nobody"))).replace(other)
    report = importing.import_file(other, tmp_path / "taken", Options(), DAY)
    assert report.lost == {"codings that the study has already": 1}
    study = loader.load(tmp_path / "taken").study
    assert quotes(study) == [("We trust them", ["trust"]), ("Nobody", ["trust"])]
    assert len(study.codings) == 2
    again = tree(tmp_path / "taken")
    assert not importing.import_file(other, tmp_path / "taken", Options(), DAY).fresh
    project(tmp_path, source(quote(TEXT, "We trust them") + quote(TEXT, "Nobody")), tail="<Sets/>").replace(other)
    assert importing.import_file(other, tmp_path / "taken", Options(), DAY).changes == []
    assert {n: d for n, d in tree(tmp_path / "taken").items() if "imports/" not in n} == {
        n: d for n, d in again.items() if "imports/" not in n
    }


# ---- Every format


def written(name, content):
    def write(folder):
        path = folder / name
        path.write_text(content, "utf-8")
        return path

    return write


def taguette_project(folder):
    projects.taguette(folder / "pilot.sqlite3")
    return folder / "pilot.sqlite3"


QDC = (
    '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:0:4"><Codes><Code guid="{A}" name="Trust" isCodable="true">'
    '<Description>Being sure.</Description><Code guid="{B}" name="信任" isCodable="true"/></Code></Codes><Sets/></CodeBook>'
)
ANNOTATION = {
    "type": "Annotation", "id": "a1", "target": {"source": "talk", "selector": {"type": "TextQuoteSelector", "exact": "We trust them"}},
    "body": {"type": "TextualBody", "purpose": "tagging", "value": "Trust"},
}  # fmt: skip
EXAMPLES = {
    "refi-qda": lambda folder: project(folder, source(quote(TEXT, "We trust them"))),
    "refi-codebook": written("codes.qdc", QDC),
    "qualcoder": lambda folder: projects.qualcoder(folder / "study.qda"),
    "rqda": lambda folder: projects.rqda(folder / "study.rqda"),
    "requal": lambda folder: projects.requal(folder / "study.requal"),
    "taguette": taguette_project,
    "codebook": written("codebook.csv", "tag,description\ntrust,Being sure.\ntrust/early,\n"),
    "table": written("quotes.csv", f"{ROWS}We trust them,talk,Trust,Ada,2024-03-01\n"),
    "web-annotation": written("notes.json", json.dumps([ANNOTATION])),
    "bibliography": written("refs.bib", "@book{smith2014, title={On trust}, author={Smith, Ann}, year=2014}\n"),
}
"""How an example of each format is made."""
HONEST = {"code-undefined", "code-unused", "reference-uncited", "source-uncoded", "quote-unconfirmed", "cut-mid-word",
          "source-crlf", "memo-without-code"}  # fmt: skip
"""What a check of what was imported may say: of the material, and not of how it was imported."""


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_known_by_a_look_and_gives_a_study_that_builds_and_is_checked_honestly(name, tmp_path):
    path = EXAMPLES[name](tmp_path)
    before = path.read_bytes() if path.is_file() else tree(path)
    report = importing.import_file(path, tmp_path / "taken", Options(texts={"talk": TEXT}), DAY)
    assert report.format == name
    assert kg.open(tmp_path / "taken").store
    found = check.check(tmp_path / "taken")
    assert {f.rule for f in found} <= HONEST
    unconfirmed = sum(f.rule == "quote-unconfirmed" for f in found)
    assert unconfirmed == sum(report.unconfirmed.values())
    assert not importing.import_file(path, tmp_path / "taken", Options(texts={"talk": TEXT}), DAY).fresh
    assert (path.read_bytes() if path.is_file() else tree(path)) == before


def test_a_codebook_of_an_older_version_keeps_its_tree(tmp_path):
    importing.import_file(EXAMPLES["refi-codebook"](tmp_path), tmp_path / "taken", Options(), DAY)
    study = loader.load(tmp_path / "taken").study
    assert [(c.id, c.broader, c.definition) for c in study.codes] == [
        ("trust", None, "Being sure."),
        ("信任", "trust", ""),
    ]


def test_of_many_sentences_on_an_import_the_first_are_shown_and_the_others_counted(tmp_path):
    """A library of references each of which is in the study already, and different."""
    items = [{"id": f"r{number}", "type": "book", "title": f"Title {number}"} for number in range(30)]
    for name, title in (("one.json", "Title"), ("two.json", "Other")):
        listed = [item | {"title": item["title"].replace("Title", title)} for item in items]
        (tmp_path / name).write_text(json.dumps(listed), "utf-8")
        report = importing.import_file(tmp_path / name, tmp_path / "study", Options(), DAY)
    lines = report.text().splitlines()
    assert len(report.said) == 30
    assert sum("is in the study already" in line for line in lines) == 20
    assert lines[-1] == "  and 10 more; --json shows all"
