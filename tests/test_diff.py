"""What changed between two states of a study: each change named once, none twice."""

from __future__ import annotations

import json
import shutil
import subprocess
from random import Random

import drafts
import pytest
from helpers import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import kg
from kg import diff, history, revisions, snapshot
from kg.cli import app
from kg.errors import UnknownTerm
from kg.model import MODEL
from kg.store import build


def of(folder):
    return snapshot.of(kg.open(folder))


def between(old, new):
    return [(c.kind, c.id, c.what) for c in diff.changes(old, new)]


def called(identifier, was):
    """Return what an id of several is with what its records were called before."""
    parts = (was.get(part, part) for part in identifier.split(", "))
    return ", ".join(":".join(was.get(one, one) for one in part.split(":")) for part in parts)


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32), st.lists(st.sampled_from(drafts.CHANGES), max_size=4))
def test_each_change_of_a_drawn_study_is_named_once_and_none_is_missed(tmp_path_factory, seed, steps):
    draft, chance, folder = drafts.Draft(seed), Random(seed), tmp_path_factory.mktemp("diff") / "study"
    draft.write(folder)
    before, digest = of(folder), build.digest(folder)
    assert diff.changes(before, before) == []
    for step in steps:
        step(draft, chance)
    draft.write(folder)
    try:
        after = of(folder)
    except kg.errors.StudyError:
        return
    found = diff.changes(before, after)
    named = [(c.kind, c.id, c.what) for c in found]
    assert len(named) == len({*named})
    # What was added and removed is so in both directions; each names it by what its later state calls other records.
    was = {change.after: change.before for change in found if change.what in ("renamed", "moved")}
    back = [(c.kind, c.id, c.what) for c in diff.changes(after, before)]
    assert sorted((k, called(i, was)) for k, i, what in named if what == "added") == sorted(
        (k, i) for k, i, what in back if what == "removed"
    )
    assert (build.digest(folder) == digest) == (found == [])
    assert sum(diff.counts(found).values()) == len(found) == sum(len(t.rows) for _, t in diff.sections(found))


INTERVIEW = "codings/interview.yaml"
EDITS = [
    ("study.yaml", "name: The coder}", "name: The coder, note: Alone.}", [("coder", "me", "changed")]),
    ("study.yaml", "Soup kitchen}", "Food bank}", [("case", "kitchen", "changed")]),
    ("concepts.yaml", "[praise]", "[praise, thanks]", [("concept", "feedback", "changed")]),
    ("concepts.yaml", "en: lengthens}", "en: makes longer}", [("relation", "lengthens", "changed")]),
    ("codebook.yaml", "praise and criticism alike", "praise", [("code", "weekly-feedback", "changed")]),
    ("codebook.yaml", "codes:\n", "codes:\n  - {id: thanks, level: open, label: {en: Thanks}, definition: D.}\n",
     [("code", "thanks", "added")]),
    ("references.json", "An invented example.", "Invented.", [("reference", "interview2026", "changed")]),
    ("propositions.yaml", "Pay leaves", "Money leaves", [("claim", "P2", "changed")]),
    ("propositions.yaml", "neither is mentioned", "no word of it", [("search", "S1", "changed")]),
    (INTERVIEW, "strength: moderate", "strength: strong", [("evidence line", "line-b8e5950a4d", "re-judged")]),
    (INTERVIEW, "told by a third person", "second hand", [("evidence line", "line-9a21dd3463", "changed")]),
    (INTERVIEW, "stance: opposes", "stance: supports",
     [("evidence line", "line-9a21dd3463", "re-judged"), ("claim", "P1", "state")]),
    (INTERVIEW, "Praise alone was not enough here.", "Praise was not enough.",
     [("coding", "interview:146-199, weekly-feedback, me, 2026-11-24", "changed")]),
    (INTERVIEW, "[belonging]", "[belonging, recognition]",
     [("coding", "interview:224-277, recognition, me, 2026-11-24", "added")]),
]  # fmt: skip
"""Changes of a study that do not touch each other, and what each is called."""


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.sets(st.sampled_from(range(len(EDITS)))))
def test_of_drawn_changes_each_is_named_once_and_nothing_else_is(study, tmp_path_factory, chosen):
    changed = tmp_path_factory.mktemp("changed") / "study"
    shutil.copytree(study, changed)
    expected = {}
    for file, old, new, named in (EDITS[number] for number in sorted(chosen)):
        text = (changed / file).read_text("utf-8")
        assert text.count(old) == 1
        (changed / file).write_text(text.replace(old, new), "utf-8")
        # What is judged otherwise and reworded is one change of one line.
        expected |= {(kind, identifier): what for kind, identifier, what in named}
    assert sorted(between(of(study), of(changed))) == sorted((*key, what) for key, what in expected.items())


def test_every_kind_of_record_is_compared_or_follows_from_others():
    derived = {"theory", "author", "excerpt", "citation", "uncounted"}
    assert {*diff.NAMED} | diff.ACTS.keys() | derived == MODEL.keys()


def test_the_confidence_in_a_claim_follows_it_when_it_is_renamed_and_its_change_is_named(study, edit):
    level = "{concern: minor, reason: Few.}"
    parts = "".join(f"    {c}: {level}\n" for c in ("methodological_limitations", "coherence", "adequacy", "relevance"))
    text = f"confidence:\n  - proposition: P1\n{parts}    overall: low\n    reason: Thin.\n    coder: me\n    date: 2026-11-29\n"
    (study / "confidence.yaml").write_text(text, "utf-8")
    before = of(study)
    edit("confidence.yaml", "overall: low", "overall: moderate")
    judged = of(study)
    assert [(c.kind, c.before, c.after) for c in diff.changes(before, judged)] == [
        ("confidence", "lowConfidence", "moderateConfidence")
    ]
    done = run("rename", "claim", "P1", "P9", "--study", str(study), "--coder", "me")
    assert done.exit_code == 0, done.output
    assert between(judged, of(study)) == [("claim", "P9", "renamed")]


@settings(max_examples=examples(15))
@given(st.integers(0, 2**32), st.lists(st.sampled_from(drafts.CHANGES), max_size=6))
def test_the_history_of_a_claim_ends_with_how_it_stands(tmp_path_factory, seed, steps):
    draft, chance, folder = drafts.Draft(seed), Random(seed), tmp_path_factory.mktemp("log") / "study"
    for step in steps:
        step(draft, chance)
    draft.write(folder)
    try:
        graph = kg.open(folder)
    except kg.errors.StudyError:
        return
    for claim, state in snapshot.of(graph).states.items():
        events = history.history(graph, claim)
        assert [e.date for e in events] == sorted(e.date for e in events)
        assert (events[-1].state if events else "no passage at all") == state


def run(*words):
    return CliRunner().invoke(app, [*words])


@pytest.fixture
def repository(study):
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.email=a@b", "-c", "user.name=a", "commit", "-qm", "one"]):
        subprocess.run(["git", "-C", str(study), *words], check=True)
    return study


def test_a_claim_that_stands_otherwise_is_named_with_the_line_through_which(repository, edit):
    edit("codings/interview.yaml", "stance: opposes", "stance: supports")
    done = run("diff", "git:HEAD", "--study", str(repository), "--json")
    state, line = json.loads(done.output)["changes"]
    assert done.exit_code == 1
    assert (state["id"], state["before"], state["after"]) == ("P1", "contested", "supported")
    assert state["through"] == ["evidence line line-9a21dd3463 re-judged"]
    assert (line["what"], line["fields"]) == (
        "re-judged",
        [{"name": "stance", "before": "opposes", "after": "supports"}],
    )
    shown = run("diff", "git:HEAD", str(repository), "--format", "md").output
    assert "### Claims that stand otherwise (1)" in shown
    assert "| P1 | contested | supported | evidence line line-9a21dd3463 re-judged |" in shown


def test_a_study_that_did_not_change_ends_with_0(repository):
    done = run("diff", "git:HEAD", "--study", str(repository))
    assert (done.exit_code, done.output) == (0, "nothing changed\n")
    kg.open(repository)
    assert run("diff", "built:", "--study", str(repository)).exit_code == 0


def test_the_graph_built_last_is_compared_with_another_folder(study, edit):
    before = study.with_name("before")
    shutil.copytree(study, before)
    kg.open(before)
    edit("codings/interview.yaml", "codes: [belonging]", "codes: [weekly-feedback]")
    found = json.loads(run("diff", f"built:{before}", str(study), "--json").output)["changes"]
    assert [(c["what"], c["id"].split(", ")[1]) for c in found] == [
        ("removed", "belonging"),
        ("added", "weekly-feedback"),
    ]


def test_a_revision_that_is_not_there_is_said(repository, tmp_path):
    for name in ("nothing", "--help", ""):
        with pytest.raises(kg.errors.KGError, match="no revision"), revisions.opened(f"git:{name}", repository):
            pass


def test_a_renamed_code_is_one_change_and_so_is_a_quote_that_was_cut_anew(study, edit):
    before = of(study)
    edit("codebook.yaml", "id: belonging", "id: being-known")
    edit("codings/interview.yaml", "codes: [belonging]", "codes: [being-known]")
    renamed = of(study)
    (change,) = diff.changes(before, renamed)
    assert (change.kind, change.what, change.before, change.after) == ("code", "renamed", "belonging", "being-known")
    edit("codings/interview.yaml", "The guests know my name by now, so", "know my name by now, so")
    (change,) = diff.changes(renamed, of(study))
    assert (change.kind, change.what) == ("quote", "cut anew")
    assert change.after.startswith("know my name")


def test_quotes_that_moved_are_named_with_both_places(study, edit):
    from tests.helpers import repin

    before = of(study)
    edit("sources/interview.md", "# Interview", "# An interview")
    edit("study.yaml", "title: Interview at", "title: An interview at")
    repin(study)
    found = diff.changes(before, of(study))
    assert [(c.kind, c.what) for c in found] == [("source", "changed"), *[("quote", "moved")] * 3]


def test_the_log_of_a_claim_tells_lines_readings_withdrawals_and_edits_by_day(study, edit):
    (study / "readings").mkdir()
    edit("study.yaml", "coders:\n", "coders:\n  - {id: you, name: you}\n")
    (study / "readings/you.yaml").write_text(
        "source: interview\ncoder: you\ndate: 2026-11-25\nreadings:\n  - {line: line-9a21dd3463, stance: supports, strength: weak}\n",
        "utf-8",
    )
    (study / "readings/settled.yaml").write_text(
        "source: interview\ncoder: me\ndate: 2026-11-27\nreadings:\n  - {line: line-9a21dd3463, stance: irrelevant, settles: true, reason: Hearsay.}\n",
        "utf-8",
    )
    done = run(
        "edit", "--study", str(study), "--coder", "me", '{"do": "end", "line": "line-b8e5950a4d", "reason": "Misread."}'
    )
    assert done.exit_code == 0, done.output
    events = history.history(kg.open(study), "P1")
    assert [(e.what, e.id, e.state) for e in events[:5]] == [
        ("stated", "theory:0-48", "contested"),
        ("drew", "line-9a21dd3463", "contested"),
        ("drew", "line-b8e5950a4d", "contested"),
        ("read", "line-9a21dd3463", "supported"),
        ("settled", "line-9a21dd3463", "supported"),
    ]
    assert {e.what for e in events[5:]} == {"withdrawn", "edited"}
    assert "the claim is contested" in run("log", "P1", "--study", str(study)).output


def test_the_log_of_a_claim_that_is_not_there_names_those_near(study):
    with pytest.raises(UnknownTerm, match="P1"):
        history.history(kg.open(study), "P11")
