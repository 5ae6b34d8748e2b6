"""One's own export goes into a colleague's other study: with what it needs, and without touching what is theirs."""

from __future__ import annotations

import datetime
import shutil
import zipfile

import pytest
import strategies
from helpers import examples
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import kg
from kg import check, exports, importing, paths, scaffold
from kg.errors import StudyError
from kg.loaders import study as loader
from kg.loaders.imports import Options
from kg.store import build

DAY = datetime.date(2026, 1, 2)
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""To make two studies smaller takes minutes."""


def exported(folder, home):
    """Export a study as a REFI-QDA project."""
    out = home / f"out-{folder.name}"
    return out / exports.export(kg.open(folder), "refi-qda", out).files[0]


def take(path, into):
    return importing.import_file(path, into, Options(), DAY)


def written(folder, **files):
    """Change files of a study: by the name of each, what is replaced by what."""
    for name, (old, new) in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def other(tmp_path):
    return scaffold.init(tmp_path / "other")


@pytest.fixture
def mine(tmp_path):
    """Make a study that has the ids of the other one and means other things by most of them."""
    folder = scaffold.init(tmp_path / "mine")
    text = (folder / "sources/interview.md").read_text("utf-8").replace("guests", "guests and friends")
    (folder / "sources/interview.md").write_text(text, "utf-8")
    listing = (folder / "study.yaml").read_text("utf-8").splitlines()
    digest = next(n for n, line in enumerate(listing) if "interview.md" in line) + 1
    assert "sha256" in listing[digest]
    del listing[digest]
    (folder / "study.yaml").write_text("\n".join(listing) + "\n", "utf-8")
    coded = folder / "codings/interview.yaml"
    coded.write_text(coded.read_text("utf-8").replace("guests", "guests and friends"), "utf-8")
    return folder


def told(study):
    """Return every evidence line with the words of all that it names."""
    claims = {p.id: p for p in study.propositions}
    passages = {e.id: e.exact for e in study.excerpts}
    terms = {c.id: c.label.en.casefold() for c in (*study.concepts, *study.relations)}
    return {
        (
            *(str(terms.get(word, word)) for word in (claims[li.proposition].subject, claims[li.proposition].object)),
            claims[li.proposition].statement.en, li.stance, li.stated, li.rationale, li.date, li.status,
            *(passages[e] for e in li.excerpts),
        )
        for li in study.lines
    }  # fmt: skip


def coded(study):
    names = {code.id: code.label.en.casefold() for code in study.codes}
    passages = {e.id: e.exact for e in study.excerpts}
    return {(passages[c.excerpt], names[c.code], c.date, c.memo) for c in study.codings}


def records(study):
    """Return all records of a study but its sources' texts, as they are compared."""
    kinds = ("coders", "cases", "sources", "references", "concepts", "relations", "codes", "propositions", "questions",
             "searches", "settlements", "confidences", "concerns", "uncoded", "excerpts", "codings", "assertions", "lines", "readings")  # fmt: skip
    # A reference is called otherwise when another comes that would have its name.
    return {(kind, record.model_dump_json(exclude={"name"})) for kind in kinds for record in getattr(study, kind)}


@pytest.mark.slow
def test_the_bundled_study_goes_into_a_new_one_with_its_ontology(dart, other, tmp_path):
    before = records(loader.load(other).study)
    report = take(exported(dart.folder, tmp_path), other)
    study = loader.load(other).study
    assert study.ontology == ("dart",)
    assert told(loader.load(dart.folder).study) <= told(study)
    assert before <= records(study)
    assert +report.lost == {}
    errors = [f for f in check.check(other) if f.severity == "error"]
    assert errors == []


def test_a_source_whose_id_is_taken_is_followed_wherever_it_is_named(mine, other, tmp_path):
    quote = "The guests and friends know my name by now"
    anchor = f"anchor: {{source: interview, quote: {quote}}}"
    written(mine, codebook=("  - id: belonging\n", f"  - id: being-one-of-them\n    {anchor}\n"))
    written(mine, codebook=("label: {en: Belonging}", "label: {en: Being one of them}"))
    written(mine, codings__interview=("[belonging]", "[being-one-of-them]"))
    written(mine, codings__interview=(f"{quote}, so I would miss them.", quote))
    written(
        mine, codings__interview=("rationale:", f"also: [{{source: interview, quote: {quote}}}]\n        rationale:")
    )
    written(mine, propositions=("id: S1", "id: S2"))
    take(exported(mine, tmp_path), other)
    study = loader.load(other).study
    assert [s.id for s in study.sources] == ["theory", "interview", "interview-2"]
    assert study.sources[2].file == "sources/interview-2.md"
    assert study.anchors["being-one-of-them"].startswith("interview-2:")
    (line,) = [li for li in study.lines if len(li.excerpts) == 2]
    assert {excerpt.split(":")[0] for excerpt in line.excerpts} == {"interview-2"}
    assert [search.sources for search in study.searches] == [("interview",), ("interview-2",)]
    assert told(loader.load(mine).study) <= told(study)


def test_the_same_claim_is_shared_and_another_of_its_id_gets_no_evidence(mine, other, tmp_path):
    written(mine, propositions=("Regular feedback lengthens", "Rare feedback lengthens"))
    report = take(exported(mine, tmp_path), other)
    assert (
        (
            report.lost[
                "claims whose id is another claim's in the study (rename them in one of the two, and import again)"
            ]
        )
        == 1
    )
    before = loader.load(paths.shipped("seeds") / "template").study
    study = loader.load(other).study
    assert study.propositions == before.propositions
    assert len([li for li in study.lines if li.proposition == "P1"]) == len(
        [li for li in before.lines if li.proposition == "P1"]
    )
    assert coded(loader.load(mine).study) <= coded(study)


def test_a_claim_whose_id_is_free_comes_along_with_its_concepts(mine, other, tmp_path):
    for name in ("propositions", "codings__theory", "codings__interview"):
        path = mine / f"{name.replace('__', '/')}.yaml"
        path.write_text(path.read_text("utf-8").replace("P1", "P9"), "utf-8")
    written(mine, concepts=("label: {en: feedback, zh: 反馈}", "label: {en: echo}"))
    report = take(exported(mine, tmp_path), other)
    study = loader.load(other).study
    claim = next(p for p in study.propositions if p.id == "P9")
    assert claim.subject == "feedback-2"
    assert next(c for c in study.concepts if c.id == "feedback-2").label.en == "echo"
    assert report.taken["claims"] == 1
    assert told(loader.load(mine).study) <= told(study)


def test_another_publication_of_the_same_key_is_not_cited_for_it(mine, other, tmp_path):
    path = mine / "references.json"
    path.write_text(path.read_text("utf-8").replace('"title": "', '"title": "Not '), "utf-8")
    source = mine / "sources/interview.md"
    source.write_text(source.read_text("utf-8").replace(" [@interview2026]", ""), "utf-8")
    written(mine, study=("    case: kitchen", "    case: kitchen\n    reference: interview2026"))
    take(exported(mine, tmp_path), other)
    study = loader.load(other).study
    assert {s.id: s.reference for s in study.sources if s.reference} == {"interview-2": "interview2026-2"}
    assert [r.csl["title"][:3] for r in study.references] == ["Int", "Not"]


def test_a_text_that_cites_another_publication_by_a_key_of_the_study_is_refused(mine, other, tmp_path):
    path = mine / "references.json"
    path.write_text(path.read_text("utf-8").replace('"title": "', '"title": "Not '), "utf-8")
    source = mine / "sources/interview.md"
    source.write_text(source.read_text("utf-8") + "\nAnd so on. [@interview2026]\n", "utf-8")
    before = records(loader.load(other).study)
    with pytest.raises(StudyError, match="'interview' cites 'interview2026', which is another publication"):
        take(exported(mine, tmp_path), other)
    assert records(loader.load(other).study) == before


def test_an_edited_copy_of_the_same_study_is_refused_and_an_unedited_one_adds_nothing(other, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(other, copy)
    before = records(loader.load(other).study)
    path = exported(copy, tmp_path)
    take(path, other)
    assert records(loader.load(other).study) == before
    # A settlement changes what counts, not what the line is.
    settled = "{line: line-9a21dd3463, stance: qualifies, strength: weak, reason: told by another, settles: true}"
    (other / "readings").mkdir()
    (other / "readings/interview.yaml").write_text(
        f"source: interview\ncoder: me\ndate: 2026-11-25\nreadings: [{settled}]\n", "utf-8"
    )
    before = records(loader.load(other).study)
    take(path.rename(path.with_name("later.qdpx")), other)
    assert records(loader.load(other).study) == before
    written(copy, codings__interview=("codes: [", "memo: mine\n    codes: [recognition, "))
    shutil.rmtree(tmp_path / "out-copy")
    path = exported(copy, tmp_path).rename(tmp_path / "edited.qdpx")
    with pytest.raises(
        StudyError, match=r"a copy of this very study, 'other', .*cannot be merged yet(?s:.*)new folder"
    ):
        take(path, other)
    assert records(loader.load(other).study) == before
    assert not list(other.glob(".kg-*"))


def test_a_newer_export_replaces_what_the_one_before_brought(mine, other, tmp_path):
    take(exported(mine, tmp_path), other)
    before = loader.load(other).study
    written(mine, codings__interview=("strength: weak", "strength: strong"))
    shutil.rmtree(tmp_path / "out-mine")
    report = take(exported(mine, tmp_path), other)
    study = loader.load(other).study
    assert report.changes == ["codings/interview-2.yaml: entries new: 1, gone: 1"]
    assert [li.id for li in study.lines] == [li.id for li in before.lines]
    assert [s.id for s in study.sources] == [s.id for s in before.sources]
    assert [li.stated for li in study.lines].count("strong") == [li.stated for li in before.lines].count("strong") + 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"indicates": "feedback"', '"indicates": {"a": 1}'),
        ('"indicates": "feedback"', '"indicates": "feedback", "anchor": [1]'),
        ('"ontology": []', '"ontology": [{}]'),
        ('"ontology": []', '"ontology": 7'),
        ('"strength": "weak"', '"strength": "weak", "also": [{"start": "x"}]'),
        ('"strength": "weak"', '"strength": {}'),
        ('"strength": "weak"', '"strength": "weak", "replaced_by": ["a"]'),
        ('"role": "case"', '"role": {}'),
        ('"id": "interview2026"', '"id": ["interview2026"]'),
        (
            '"id": "interview"',
            '"id": "interview", "uncoded": [{"paragraph": "I01", "memo": "m", "coder": "x", "date": "2026-01-01"}]',
        ),
    ],
)
def test_records_that_someone_edited_into_nonsense_raise_no_other_error(mine, other, tmp_path, old, new):
    path, before = exported(mine, tmp_path), records(loader.load(other).study)
    changed = tmp_path / "changed.qdpx"
    replaced = 0
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(changed, "w") as made:
        for name in archive.namelist():
            data = archive.read(name)
            replaced += data.count(old.encode())
            made.writestr(name, data.replace(old.encode(), new.encode()))
    assert replaced
    try:
        take(changed, other)
    except StudyError:
        assert records(loader.load(other).study) == before
    assert records(loader.load(other).study) >= before


@pytest.mark.slow
@settings(max_examples=examples(40), phases=UNSHRUNK)
@given(strategies.files(), strategies.files(), st.booleans())
def test_every_study_goes_into_every_other(tmp_path_factory, one, two, alike):
    home = tmp_path_factory.mktemp("made")
    if alike:  # the same texts, and all else different
        two |= {name: text for name, text in one.items() if name.startswith("sources/")}
        two = {name: text for name, text in two.items() if not name.startswith(("codings/", "readings/"))}
    two["study.yaml"] = two["study.yaml"].replace('"drawn"', '"other"')
    mine, theirs = strategies.write(home / "mine", one), strategies.write(home / "theirs", two)
    a, b = loader.load(mine).study, loader.load(theirs).study
    path = exported(mine, home)
    try:
        take(path, theirs)
    except StudyError as e:  # a text that cites by a key that is another publication there
        refused = {(f.file, f.rule) for f in e.findings}
    else:
        refused = set()
    if refused:
        assert refused == {("references.json", "duplicate-id")}
        assert any("[@" in text for name, text in one.items() if name.startswith("sources/"))
        assert records(loader.load(theirs).study) == records(b)
        return
    study = loader.load(theirs).study
    assert records(b) <= records(study)
    assert coded(a) | coded(b) == coded(study)
    assert told(study) <= told(a) | told(b)
    labels = {c.id: c.label.en.casefold() for c in study.concepts}
    meant = {(k.label.en.casefold(), labels[k.indicates]) for k in study.codes if k.indicates}
    assert meant <= {
        (k.label.en.casefold(), c.label.en.casefold())
        for s in (a, b)
        for k in s.codes
        if k.indicates
        for c in s.concepts
        if c.id == k.indicates
    }
    cited = {(s.text, r.csl["title"]) for s in study.sources for r in study.references if r.id == s.reference}
    assert cited <= {
        (s.text, r.csl["title"]) for of in (a, b) for s in of.sources for r in of.references if r.id == s.reference
    }
    assert build.build(theirs).digest
    again = path.rename(home / "again.qdpx")
    take(again, theirs)
    assert records(loader.load(theirs).study) == records(study)
