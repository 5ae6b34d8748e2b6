"""Documents are added to a study whole or not at all: the original, its text, its places, its entry."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import zipfile

import documents
import pdfs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg import adding, check, cli, editing, moving, page_map, paths, places
from kg.errors import EditRefused, StudyError, UnknownTerm
from kg.loaders import study as loader
from kg.loaders._yaml_text import YamlText

TALK = (
    "I: Why do you stay?\n\nB: We get feedback every week.\n\nI: Since when?\n\nB: Since May.\n\nI: And?\n\nB: Good.\n"
)
NAMES = TALK.replace("I:", "Zack:").replace("B:", "Jim:")
VTT = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann Lee>Why?</v>\n\n00:05.000 --> 00:06.500\n<v Bob>So.</v>\n"


@pytest.fixture
def write(tmp_path):
    """Write files that a person has outside of the study."""

    def written(**files):
        folder = tmp_path / "documents"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            file = folder / name.replace("__", ".")
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return written


def kg(*words):
    result = CliRunner().invoke(cli.app, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def add(study, *paths, **options):
    return adding.add(study, paths, adding.Options(**options))


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def entries(study):
    return {entry["id"]: entry for entry in yaml.safe_load((study / "study.yaml").read_text("utf-8"))["sources"]}


def source(study, identifier):
    return next(one for one in loader.load(study).study.sources if one.id == identifier)


# ---- What is kept


def test_the_original_the_text_and_the_places_are_kept_with_the_digests_of_both(study, write):
    folder = write(talk__vtt=VTT)
    before = (study / "study.yaml").read_text("utf-8")
    (added,) = add(study, folder / "talk.vtt", case="kitchen").added
    assert (added.id, dict(added.turns), added.loader) == ("talk", {"Ann Lee": 1, "Bob": 1}, "subtitles 1")
    assert (study / "sources/originals/talk.vtt").read_text("utf-8") == VTT
    text = (study / "sources/talk.txt").read_bytes()
    assert text.decode() == "Ann Lee: Why?\nBob: So.\n"
    assert entries(study)["talk"] == {
        "id": "talk",
        "file": "sources/talk.txt",
        "title": "talk",
        "role": "case",
        "case": "kitchen",
        "sha256": hashlib.sha256(text).hexdigest(),
        "original": {"file": "sources/originals/talk.vtt", "sha256": hashlib.sha256(VTT.encode()).hexdigest()},
        "places": "sources/talk.places.json",
        "speakers": {"Ann Lee": "unknown", "Bob": "unknown"},
    }
    # All else of study.yaml stays byte for byte.
    assert (study / "study.yaml").read_text("utf-8").startswith(before)
    loaded = source(study, "talk")
    assert [(p.kind, loaded.text[p.start : p.end], p.time) for p in loaded.places] == [
        ("turn", "Ann Lee: Why?", (1, 4)),
        ("cue", "Why?", (1, 4)),
        ("turn", "Bob: So.", (5, 6.5)),
        ("cue", "So.", (5, 6.5)),
    ]


def test_a_place_is_a_line_and_adding_twice_into_two_studies_writes_the_same(study, write, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(study, other)
    folder = write(talk__vtt=VTT, first__txt=TALK)
    add(study, folder)
    add(other, folder)
    assert files(study) == files(other)
    lines = (study / "sources/talk.places.json").read_text("utf-8").splitlines()
    assert '  {"kind": "cue", "start": 9, "end": 13, "label": "1", "time": [1.0, 4.0]},' in lines


def test_what_is_added_builds_and_is_no_unread_file(study, write):
    add(study, write(talk__vtt=VTT, first__txt=TALK, notes__md="# Notes\n\n[N1] Users lead.\n"), case="kitchen")
    findings = check.check(study)
    assert {f.rule for f in findings} == {"source-uncoded"}
    assert source(study, "notes").body[0].id == "N1"


def test_options_are_written(study, write):
    (study / "references.json").write_text('[{"id": "lee", "type": "book", "title": "T"}]', "utf-8")
    folder = write(a__txt="信任是保证。\n")
    add(study, folder / "a.txt", reference="lee", title="A: one", speakers="none")
    entry = entries(study)["a"]
    assert [entry[key] for key in ("title", "role", "reference", "language", "speakers")] == [
        "A: one", "literature", "lee", "zh", "none",
    ]  # fmt: skip


def test_an_encoding_that_a_person_names_is_remembered(study, write):
    folder = write(a__txt="中文访谈\n".encode("gb18030"))
    with pytest.raises(StudyError, match="--encoding gb18030 reads '中文访谈'"):
        add(study, folder / "a.txt")
    add(study, folder / "a.txt", encoding="gb18030")
    assert (study / "sources/a.txt").read_text("utf-8") == "中文访谈\n"
    assert kg("add", "--again", "a", "-s", study) == (0, "a: nothing changes\n")


# ---- Several


def test_folders_and_zip_files_are_taken_whole_and_what_cannot_be_read_is_named(study, write):
    folder = write(b__txt="Two.\n", bad__rtf=rb"{\rtf1 }", _x__txt="x", empty__txt=b"")
    (folder / ".hidden.txt").write_text("no", "utf-8")
    (folder / "deep").mkdir()
    (folder / "deep/b.txt").write_text("Three.\n", "utf-8")
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("in/Talk 7.vtt", VTT)
        archive.writestr("__MACOSX/in/._Talk 7.vtt", "x")
        archive.writestr("in/bad.pdf", "no")
    done = add(study, folder / "all.zip", folder / "deep", folder / "b.txt", folder / "bad.rtf", folder / "empty.txt")
    assert [(one.id, one.shown) for one in done.added] == [
        ("talk-7", "all.zip: in/Talk 7.vtt"), ("b", "deep/b.txt"), ("b-2", "b.txt"),
    ]  # fmt: skip
    assert sorted((f.file, f.rule) for f in done.refused) == [
        ("all.zip: in/bad.pdf", "wrong-suffix"), ("bad.rtf", "unknown-format"), ("empty.txt", "empty-file"),
    ]  # fmt: skip
    assert sorted(os.listdir(study / "sources/originals")) == ["Talk 7.vtt", "b-2.txt", "b.txt"]
    loader.load(study)


class Unmarked(zipfile.ZipInfo):
    """A member whose name does not say how it is encoded, as Windows and older programs write it."""

    def _encodeFilenameFlags(self):  # noqa: N802 (zipfile calls it so)
        return self.filename.encode("cp437"), 0


def unmarked(path, names):
    """Write a zip file of such members."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(Unmarked(name.decode("cp437")), name.hex() + " words.\n")


@pytest.mark.parametrize(
    ("names", "encoding", "shown", "said"),
    [
        (["访谈一.txt", "访谈二.txt"], "utf-8", ["访谈一", "访谈二"], ""),
        (["访谈一.txt", "王女士/第二次访谈.txt"], "gbk", ["王女士/第二次访谈", "访谈一"], "gb18030"),
        (["訪談錄.txt"], "big5", ["訪談錄"], "big5"),
        (["Café Müller.txt"], "cp437", ["Café Müller"], ""),
    ],
)
def test_names_in_a_zip_file_that_do_not_say_their_encoding_are_read_by_a_rule_that_is_shown(
    study, write, names, encoding, shown, said
):
    folder = write()
    unmarked(folder / "all.zip", [name.encode(encoding) for name in names])
    done = add(study, folder / "all.zip")
    assert [one.shown for one in done.added] == [f"all.zip: {name}.txt" for name in shown]
    assert [(f.severity, f.file) for f in done.findings] == ([("warning", "all.zip")] if said else [])
    if said:
        (finding,) = done.findings
        assert f"are read as {said}, such as '{shown[0]}.txt'" in finding.message


def test_a_zip_file_in_a_folder_is_named_and_not_entered(study, write):
    folder = write(a__txt="One.\n")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("b.txt", "Two.")
    done = add(study, folder)
    assert [one.id for one in done.added] == ["a"]
    assert [(f.file, f.rule) for f in done.refused] == [("documents/more.zip", "unknown-format")]


@pytest.mark.parametrize("name", ["../../evil.txt", "/evil.txt"])
def test_a_zip_file_that_leads_out_is_refused(study, write, name):
    folder = write()
    before = files(study)
    with zipfile.ZipFile(folder / "evil.zip", "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(StudyError, match="unsafe-archive"):
        add(study, folder / "evil.zip")
    assert files(study) == before


def test_a_file_that_is_there_already_is_a_note_and_changes_nothing(study, write):
    folder = write(a__txt="One.\n", b__txt="One.\n")
    done = add(study, folder)
    assert [one.id for one in done.added] == ["a"]
    assert [(f.rule, f.severity) for f in done.findings] == [("source-exists", "note")]
    before = files(study)
    assert add(study, folder).added == ()
    assert files(study) == before


def test_nothing_of_the_study_is_ever_overwritten(study, write):
    (study / "sources/a.txt").write_text("mine", "utf-8")
    (study / "sources/originals").mkdir()
    (study / "sources/originals/A.TXT").write_text("mine, too", "utf-8")
    (added,) = add(study, write(a__txt="One.\n")).added
    assert (added.id, added.original) == ("a-2", "sources/originals/a-2.txt")
    assert (study / "sources/a.txt").read_text("utf-8") == "mine"
    assert (added,) != add(study, write(Interview__txt="Two.\n") / "Interview.txt").added


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"case": "kitchn"}, "unknown-case"),
        ({"reference": "x"}, "unknown-reference"),
        ({"title": "T"}, "invalid-value"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_written(study, write, options, rule):
    before = files(study)
    with pytest.raises(StudyError) as caught:
        add(study, write(a__txt="One.\n", b__txt="Two.\n"), **options)
    assert [f.rule for f in caught.value.findings] == [rule]
    assert files(study) == before


def test_an_error_in_the_midst_leaves_the_study_as_it_was(study, write, monkeypatch):
    before = files(study)

    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(moving, "move_in", fails)
    with pytest.raises(StudyError, match="No space left on device"):
        add(study, write(a__txt="One.\n"))
    assert files(study) == before


# ---- Taken back

NOW = datetime.datetime(2026, 11, 29, 10, 0, tzinfo=datetime.UTC)


def but_for_the_journal(folder):
    return {name: data for name, data in files(folder).items() if not name.startswith("edits/")}


def test_what_was_added_is_one_edit_and_undo_gives_the_bytes_back(study, write):
    before = files(study)
    folder = write(a__pdf=pdfs.pdf(pdfs.page(pdfs.text(72, 700, "One page."))), talk__txt=TALK)
    # The bytes of a Word document are no text in any encoding.
    documents.docx(folder / "b.docx", documents.p("One paragraph."))
    adding.add(study, [folder], adding.Options(), by="me", now=NOW)
    after = but_for_the_journal(study)
    assert {"sources/originals/a.pdf", "sources/a.pages.json", "sources/talk.txt"} <= set(after)
    assert editing.undo(study, "me", NOW).entry.said == "undid: added 3 sources: a, b, talk"
    assert but_for_the_journal(study) == before
    editing.redo(study, "me", NOW)
    assert but_for_the_journal(study) == after
    loader.load(study)
    assert len((study / "edits/me-2026-11.jsonl").read_bytes()) < 12_000  # no document stands in it


def test_a_source_that_is_coded_or_edited_since_is_not_taken_back(study, write):
    adding.add(study, [write(talk__txt=TALK)], adding.Options(), by="me", now=NOW)
    coded = study / "codings/talk.yaml"
    coded.write_text("source: talk\ncoder: me\ndate: 2026-11-28\nexcerpts: []\n", "utf-8")
    before = files(study)
    with pytest.raises(StudyError, match="talk"):
        editing.undo(study, "me", NOW)
    assert files(study) == before
    coded.unlink()
    (study / "sources/talk.txt").write_text("Mine.\n", "utf-8")
    with pytest.raises(EditRefused, match=r"sources/talk\.txt was changed since"):
        editing.undo(study, "me", NOW)


def test_what_is_not_kept_any_more_does_not_come_back(study, write):
    adding.add(study, [write(talk__txt=TALK)], adding.Options(), by="me", now=NOW)
    editing.undo(study, "me", NOW)
    shutil.rmtree(paths.store_folder(study) / "kept")
    with pytest.raises(EditRefused, match=r"not kept any more\n    add it again"):
        editing.redo(study, "me", NOW)


def test_a_document_that_is_read_anew_is_one_edit_and_taken_back(coded):
    study, file = coded
    before = but_for_the_journal(study)
    file.write_text("Preface.\nOne trust.\nTwo trust.\nThree words here.\nFive stays.\n", "utf-8")
    kg("add", file, "--again", "--write", "-s", study)
    after = but_for_the_journal(study)
    assert before != after
    assert "undid: read anew: paper" in kg("undo", "-s", study)[1]
    assert but_for_the_journal(study) == before
    kg("redo", "-s", study)
    assert but_for_the_journal(study) == after


# ---- Who speaks


def test_turns_that_are_sure_are_a_layer_over_the_text(study, write):
    add(study, write(talk__txt=TALK))
    loaded = source(study, "talk")
    assert loaded.text == TALK
    assert loaded.speakers == {"I": "interviewer", "B": "participant"}
    assert [p.label for p in loaded.places if p.kind == "turn"] == ["I", "B"] * 3


def test_turns_that_are_not_sure_are_asked_about(study, write):
    code, told = kg("add", write(talk__txt=NAMES), "-s", study)
    assert code == 0
    assert "is it a transcript? lines begin with Zack 3, Jim 3" in told
    assert source(study, "talk").speakers == {}
    kg("add", "--again", "talk", "--speakers", "Zack=interviewer", "--write", "-s", study)
    assert source(study, "talk").speakers == {"Zack": "interviewer", "Jim": "unknown"}
    kg("add", "--again", "talk", "--speakers", "none", "--write", "-s", study)
    assert source(study, "talk").speakers == {}
    assert entries(study)["talk"]["speakers"] == "none"


def test_speakers_of_study_yaml_come_before_what_was_guessed(study, write, edit):
    add(study, write(talk__txt=TALK))
    edit("study.yaml", "{I: interviewer,", "{I: participant,")
    assert source(study, "talk").speakers["I"] == "participant"
    edit("study.yaml", "speakers: {I: participant, B: participant}", "speakers: auto")
    assert source(study, "talk").speakers == {"I": "interviewer", "B": "participant"}
    edit("study.yaml", "speakers: auto", "speakers: none")
    assert not [p for p in source(study, "talk").places if p.kind == "turn"]


def test_a_role_of_nobody_and_no_role_are_errors(study, write, edit):
    add(study, write(talk__txt=TALK))
    edit("study.yaml", "{I: interviewer,", "{J: interviewer,")
    with pytest.raises(StudyError, match="unknown speaker 'J'"):
        loader.load(study)
    edit("study.yaml", "{J: interviewer,", "{I: boss,")
    with pytest.raises(StudyError, match="invalid-value"):
        loader.load(study)


def test_turns_are_found_in_a_word_document(study, write):
    folder = write()
    lines = [line for line in TALK.splitlines() if line]
    documents.docx(folder / "talk.docx", documents.p("Interview 7", style="H1") + "".join(map(documents.p, lines)))
    (added,) = add(study, folder / "talk.docx").added
    assert dict(added.turns) == {"I": 3, "B": 3}
    loaded = source(study, "talk")
    turns = [loaded.text[p.start : p.end] for p in loaded.places if p.kind == "turn"]
    assert turns == lines
    assert "heading" in {p.kind for p in loaded.places}


@pytest.mark.parametrize(("quote", "warned"), [("Why do you stay?", True), ("We get feedback every week.", False)])
def test_the_interviewers_words_as_evidence_are_a_warning(study, write, quote, warned):
    add(study, write(talk__txt=TALK), case="kitchen")
    claim = yaml.safe_load((study / "propositions.yaml").read_text("utf-8"))["propositions"][0]["id"]
    evidence = {"id": "new", "proposition": claim, "stance": "supports", "strength": "weak", "rationale": "It says so."}
    content = {
        "source": "talk",
        "coder": "me",
        "date": "2026-11-28",
        "excerpts": [{"quote": quote, "evidence": [evidence]}],
    }
    (study / "codings/talk.yaml").write_text(json.dumps(content), "utf-8")
    assert ("interviewer-as-evidence" in {f.rule for f in check.check(study)}) is warned


# ---- What is checked


def test_an_original_that_changed_is_a_warning_and_one_that_is_not_there_none(study, write):
    add(study, write(talk__vtt=VTT))
    original = study / "sources/originals/talk.vtt"
    original.write_text(VTT + "\n", "utf-8")
    assert "original-edited" in {f.rule for f in check.check(study)}
    original.unlink()
    assert "original-edited" not in {f.rule for f in check.check(study)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"end": 13', '"end": 1300'),
        ('"kind": "cue"', '"kind": "clue"'),
        ('"places": [', '"places": [['),
        ('"start": 9', '"start": "9"'),
        ('"start": 9', '"start": 15'),
        ('"text": "', '"text": "0'),
        ('"label": "1"', '"label": "\\ud800"'),
        ("[1.0, 4.0]", "[NaN, 4.0]"),
        ("[1.0, 4.0]", "[1.0]"),
        ('"places": [', '"place": ['),
        ("{", "[" * 100_000),
    ],
)
def test_places_that_are_not_those_of_the_text_are_an_error(study, write, edit, old, new):
    add(study, write(talk__vtt=VTT))
    edit("sources/talk.places.json", old, new)
    with pytest.raises(StudyError) as caught:
        loader.load(study)
    assert [(f.file, f.rule) for f in caught.value.findings] == [("study.yaml", "broken-places")]


def test_the_map_of_a_pdfs_pages_lies_beside_the_places_and_no_build_reads_it(study, write):
    (added,) = add(study, write(talk__pdf=pdfs.pdf(*[pdfs.page(pdfs.text(50, 700, "Words of a page"))] * 2))).added
    assert added.pages == 2
    file = study / "sources/talk.pages.json"
    written = file.read_bytes()
    assert (
        json.loads((study / "sources/talk.places.json").read_text("utf-8"))["pages"]
        == hashlib.sha256(written).hexdigest()
    )
    assert "file-not-read" not in {f.rule for f in check.check(study)}
    for damage in (None, b"{}"):
        file.unlink() if damage is None else file.write_bytes(damage)
        assert loader.load(study).study.sources[-1].pages.sha256 == hashlib.sha256(written).hexdigest()
        (told,) = [f for f in check.check(study) if f.rule == "broken-places"]
        assert (told.severity, told.mend.endswith("kg add --again talk --write")) == ("warning", True)
    file.write_bytes(written)
    assert "broken-places" not in {f.rule for f in check.check(study)}


def test_of_a_text_that_was_edited_only_that_is_said(study, write, edit):
    add(study, write(talk__vtt=VTT))
    edit("sources/talk.txt", "Ann Lee", "Ann")
    with pytest.raises(StudyError) as caught:
        loader.load(study)
    assert [f.rule for f in caught.value.findings] == ["source-edited"]


# ---- Again


@pytest.fixture
def coded(study, write):
    """Code passages of a document that was added."""
    folder = write(paper__txt="One trust.\nTwo trust.\nThree words here.\nFour gone.\nFive stays.\n")
    add(study, folder, case="kitchen")
    (study / "codings/paper.yaml").write_text(
        "# kept\nsource: paper\ncoder: me\ndate: 2026-11-28\nexcerpts:\n"
        "  - quote: trust\n    start: 15\n    codes: [weekly-feedback]   # the second\n"
        "  - quote: Three words\n    codes: [weekly-feedback]\n"
        "  - quote: Four gone.\n    codes: [weekly-feedback]\n"
        "  - quote: One trust.\n    codes: [weekly-feedback]\n",
        "utf-8",
    )
    loader.load(study)
    return study, folder / "paper.txt"


def test_a_newer_file_shows_what_moves_and_writes_nothing(coded):
    study, file = coded
    file.write_text("Preface.\nOne trust.\nTwo trust.\nThree words here.\nFive stays.\n", "utf-8")
    before = files(study)
    code, told = kg("add", file, "--again", "-s", study)
    assert code == 0
    assert "1 line of its text goes and 1 comes; passages: 0 stay, 3 move, 1 are lost" in told
    assert "codings/paper.yaml:6: 15-20 -> 24-29" in told
    assert "codings/paper.yaml:11: lost: 'Four gone.': its words are not there any more" in told
    assert files(study) == before


def test_passages_are_anchored_anew_exactly_and_orphans_do_not_count(coded):
    study, file = coded
    file.write_text("Preface.\nOne trust.\nTwo trust.\nThree words here.\nFive stays.\n", "utf-8")
    kg("add", file, "--again", "--write", "-s", study)
    text = (study / "codings/paper.yaml").read_text("utf-8")
    assert "start: 24\n    codes: [weekly-feedback]   # the second" in text
    assert text.startswith("# kept\n")
    loaded = loader.load(study).study
    assert [(e.start, e.exact) for e in loaded.excerpts if e.source == "paper"] == [
        (9, "One trust."), (24, "trust"), (31, "Three words"),
    ]  # fmt: skip
    assert "quote-unconfirmed" in {f.rule for f in check.check(study)}
    assert kg("add", "--again", "paper", "-s", study) == (0, "paper: nothing changes\n")


def test_evidence_lines_without_ids_keep_those_that_they_have(coded):
    """An id is made of where the passage stands, and readings and successors name a line by it."""
    study, file = coded
    (study / "codings/paper.yaml").write_text(
        "source: paper\ncoder: me\ndate: 2026-11-28\nexcerpts:\n"
        "  - quote: Three words\n    evidence:\n"
        "      - proposition: P1\n        stance: supports\n        strength: weak\n        rationale: one\n"
        "      - proposition: P1\n        stance: qualifies\n        strength: weak\n        rationale: two\n"
        "        also: [{quote: Five stays.}]\n"
        "  - quote: One trust.\n    evidence:\n"
        "      - proposition: P1\n        stance: supports\n        strength: weak\n        rationale: three\n",
        "utf-8",
    )
    before = {line.rationale: line.id for line in loader.load(study).study.lines}
    file.write_text("One trust.\nTwo trust.\nAnd more.\nThree words here.\nFour gone.\nFive stays.\n", "utf-8")
    kg("add", file, "--again", "--write", "-s", study)
    loaded = loader.load(study).study
    assert {line.rationale: line.id for line in loaded.lines} == before
    text = (study / "codings/paper.yaml").read_text("utf-8")
    assert [before[rationale] in text for rationale in ("one", "two", "three")] == [True, True, False]


def test_a_passage_that_may_be_at_two_places_is_an_orphan(coded):
    study, file = coded
    file.write_text("One trust.\nTwo trust!\nNew trust.\nThree words here.\nThree words too.\nFour gone.\n", "utf-8")
    told = kg("add", file, "--again", "-s", study)[1]
    assert "lost: 'trust': its words stand 3 times in it" in told
    assert "4 passages" not in told


def test_a_quote_that_is_there_twice_now_gets_its_place(coded):
    study, file = coded
    text = file.read_text("utf-8")
    file.write_text(text + "Other Three words end.\n", "utf-8")
    kg("add", file, "--again", "--write", "-s", study)
    assert [e.start for e in loader.load(study).study.excerpts if e.exact == "Three words"] == [22]


def test_again_takes_names_of_sources_and_of_files_only(study, write):
    folder = write(a__txt="One.\n", other__txt="Two.\n")
    add(study, folder / "a.txt")
    for name in ("b", folder / "other.txt", "interview"):
        with pytest.raises(UnknownTerm, match="no source with an original is called"):
            kg("add", "--again", name, "-s", study)


# ---- Parts


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.text(max_size=5)), max_size=8))
def test_places_are_read_as_they_were_written(drawn):
    called = [places.Place("page", min(a, b), max(a, b), label, 1, (1.5, 2.0)) for a, b, label in drawn]
    made = places.Places("t", "o", "pdf 1", "", {"I": "interviewer"}, tuple(sorted(called, key=places.order)), (), "p")
    assert places.read(made.write(), 40) == made


RUNS = st.lists(st.tuples(st.integers(0, 9), st.integers(-9, 9), st.integers(0, 9)), max_size=4)


@given(st.lists(st.tuples(st.text(max_size=4), RUNS, st.lists(st.text(max_size=4), max_size=2)), max_size=4))
def test_a_map_of_pages_is_read_as_it_was_written(drawn):
    pages = tuple(
        page_map.PageText(label, tuple(number for run in runs for number in run), tuple(out), (595.32, 842.0))
        for label, runs, out in drawn
    )
    assert page_map.read(page_map.write(pages), 80) == pages
    if any(length for _, runs, _ in drawn for *_, length in runs):
        with pytest.raises(ValueError, match="out of the text"):
            page_map.read(page_map.write(pages), 0)


@pytest.mark.parametrize(
    "row",
    [
        '{"label": "1", "size": [1, 1], "runs": [0, 0]}',
        '{"label": "1", "size": [1, 1], "runs": [-1, 0, 1]}',
        '{"label": "1", "size": [1, 1], "runs": [0, 0, -1]}',
        '{"label": "1", "size": [1, 1], "runs": [0, 0, true]}',
        '{"label": "1", "size": [1, 1], "runs": [0, 0, "1"]}',
        '{"label": "1", "size": [NaN, 1], "runs": []}',
        '{"label": "1", "size": [1], "runs": []}',
        '{"label": 1, "size": [1, 1], "runs": []}',
        '{"label": "1", "size": [1, 1], "runs": [], "left_out": [1]}',
        '{"label": "1"}',
        "1",
        "]",
    ],
)
def test_a_map_of_pages_that_is_none_is_refused(row):
    with pytest.raises(ValueError, match=r"kg add|out of the text|Expecting|unpack"):
        page_map.read(f'{{"pages": [{row}]}}', 10)


def appended(text, records):
    file = YamlText(text)
    file.append(("of",), records)
    return file.changed()[0].text


LISTS = (
    "a: 1\nof:\n  - id: x   # one\n\n# end\nb: 2\n",
    "of:\n- id: x\n  more: {a: b}\n",
    "of: [{id: x}]\nb: 2\n",
    "of: []",
    "of:\n  - id: x\n    note: |\n      two\n      lines\n\nb: 2\n",
    "of:\r\n  - id: x\r\nb: 2\r\n",
    "of:\n  - {id: x,\n     to: y}\n  # after\n",
    "of:\n  - id: x",
)


@given(
    st.sampled_from(LISTS),
    st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), min_size=1, max_size=3),
)
def test_records_are_added_to_a_list_and_all_else_stays(text, titles):
    records = [{"id": f"n{n}", "title": title, "of": {"a": title}} for n, title in enumerate(titles)]
    edited = appended(text, records)
    kept = iter(edited)
    assert all(character in kept for character in text.replace("of: []", "of:"))
    before, after = (yaml.load(one, Loader=yaml.BaseLoader) for one in (text, edited))
    assert after == before | {"of": [*before["of"], *records]}


@pytest.mark.parametrize("text", ["a: 1\n", "of: x\n", "of: &a [1]\nb: *a\n"])
def test_where_nothing_can_be_added_surely_nothing_is(text):
    with pytest.raises((ValueError, KeyError), match=r"no list|surely|aliases|of"):
        appended(text, [{"id": "x"}])
