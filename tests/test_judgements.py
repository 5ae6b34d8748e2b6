"""Evidence lines that coders read again: agreed, disputed, settled; and lines that do not count, in every engine."""

from __future__ import annotations

import datetime
import json

import pytest
import strategies
import yaml
from helpers import errors

import kg
from kg import claims
from kg.exports import export
from kg.importing import import_file
from kg.loaders import study as loader
from kg.loaders.imports import Options
from kg.property_graph import projection

TEXT = "We stayed because we were thanked.\n\nTwo of us left although they were thanked.\n\nNobody spoke of pay.\n"


def line(identifier, stance, **more):
    return {
        "id": identifier,
        "proposition": "P1",
        "stance": stance,
        "strength": "strong",
        "rationale": f"{identifier} says so.",
    } | more


def write(folder, codings, readings=()):
    """Write a study of one source, two coders and one claim; codings and readings are by coder."""
    made = {
        "sources/talk.txt": TEXT,
        "study.yaml": {
            "id": "judged",
            "title": {"en": "Judged"},
            "coders": [{"id": "ann", "name": "Ann"}, {"id": "bo", "name": "Bo"}],
            "sources": [{"id": "talk", "file": "sources/talk.txt", "title": "A talk", "role": "case"}],
        },
        "concepts.yaml": {
            "concepts": [{"id": c, "label": {"en": c}} for c in ("thanks", "staying")],
            "relations": [{"id": "lengthens", "label": {"en": "lengthens"}}],
        },
        "codebook.yaml": {"codes": [{"id": "thanked", "level": "open", "label": {"en": "Thanked"}, "definition": "d"}]},
        "propositions.yaml": {
            "propositions": [
                {
                    "id": "P1",
                    "statement": {"en": "Thanks lengthen staying."},
                    "subject": "thanks",
                    "relation": "lengthens",
                    "object": "staying",
                }
            ]
        },
        "references.json": [],
    }
    for coder, excerpts in codings.items():
        head = {"source": "talk", "coder": coder, "date": "2026-01-02"}
        made[f"codings/{coder}.yaml"] = head | {"excerpts": excerpts}
    for number, (coder, entries) in enumerate(readings):
        head = {"source": "talk", "coder": coder, "date": f"2026-02-{number + 1:02}"}
        made[f"readings/{coder}-{number}.yaml"] = head | {"readings": entries}
    files = {name: text if isinstance(text, str) else json.dumps(text) for name, text in made.items()}
    return strategies.write(folder, files)


def passage(quote, *lines):
    return {"quote": quote, "codes": ["thanked"], "evidence": list(lines)}


STAYED = "We stayed because we were thanked."
LEFT = "Two of us left although they were thanked."


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "study"


def standing(folder):
    """Return the status of each line, and how the claim stands."""
    graph = kg.open(folder)
    (claim,) = graph.ask("what supports thanks").claims
    study = loader.load(folder).study
    return {n.id: (n.status, n.stance, n.strength) for n in study.lines}, claim


def test_a_line_that_all_coders_judge_alike_counts(folder):
    write(folder, {"ann": [passage(STAYED, line("L1", "supports"))]}, [("bo", [judged("L1", "supports", "weak")])])
    lines, claim = standing(folder)
    assert lines == {"L1": ("active", "supports", "strong")}
    assert claim.state == "supported"
    assert claim.disputes == ()


def judged(identifier, stance, strength=None, **more):
    return {"line": identifier, "stance": stance} | ({"strength": strength} if strength else {}) | more


def test_a_line_that_coders_judge_otherwise_is_disputed_and_in_no_count(folder):
    write(
        folder,
        {"ann": [passage(STAYED, line("L1", "supports")), passage(LEFT, line("L2", "opposes"))]},
        [("bo", [judged("L1", "irrelevant", reason="Of manners."), judged("L2", "opposes", "strong")])],
    )
    lines, claim = standing(folder)
    assert {key: status for key, (status, *_) in lines.items()} == {"L1": "disputed", "L2": "active"}
    assert claim.tally == {"supports": 0, "opposes": 1, "qualifies": 0}
    assert claim.state == "opposed"
    ((dispute, readings),) = claim.disputes
    assert dispute.id == "L1"
    assert [(r.coder, r.stance, r.strength, r.reason) for r in readings] == [
        ("ann", "supports", "strong", "L1 says so."),
        ("bo", "irrelevant", None, "Of manners."),
    ]


def test_a_claim_whose_lines_are_all_disputed_is_disputed_and_not_contested(folder):
    # Two coders give one passage opposite stances: they differ, and the evidence does not.
    write(
        folder, {"ann": [passage(STAYED, line("L1", "supports"))], "bo": [passage(STAYED[3:], line("L2", "opposes"))]}
    )
    lines, claim = standing(folder)
    assert {status for status, *_ in lines.values()} == {"disputed"}
    assert claim.state == "disputed"
    assert claim.tally == {"supports": 0, "opposes": 0, "qualifies": 0}


def test_what_is_to_be_settled_is_said_by_the_check_and_the_reports(folder):
    write(folder, {"ann": [passage(STAYED, line("L1", "supports"))]}, [("bo", [judged("L1", "opposes", "weak")])])
    (finding,) = [f for f in loader.load(folder).findings if f.rule == "line-disputed"]
    assert (finding.file, finding.severity) == ("codings/ann.yaml", "note")
    assert "ann: supports; bo: opposes" in finding.message
    graph = kg.open(folder)
    assert any("coders differ on 1 evidence line," in note for note in graph.report("matrix").notes)
    assert ("evidence line to be settled", "L1", "on P1: ann supports; bo opposes") in graph.report("gaps").table.rows


def test_one_coder_may_say_two_things_of_one_passage_and_two_coders_of_two(folder):
    write(
        folder,
        {
            "ann": [passage(STAYED, line("L1", "supports"), line("L2", "qualifies"))],
            "bo": [passage(LEFT, line("L3", "opposes"))],
        },
    )
    lines, claim = standing(folder)
    assert {status for status, *_ in lines.values()} == {"active"}
    assert claim.state == "contested"


@pytest.mark.parametrize(
    ("settlement", "expected"),
    [
        (judged("L1", "supports", "weak"), ("active", "supports", "weak")),
        (judged("L1", "qualifies", "moderate"), ("active", "qualifies", "moderate")),
        (judged("L1", "irrelevant"), ("withdrawn", "supports", "strong")),
    ],
)
def test_a_dispute_counts_as_it_was_settled(folder, settlement, expected):
    end = settlement | {"settles": True, "reason": "Read together."}
    write(
        folder,
        {"ann": [passage(STAYED, line("L1", "supports"))]},
        [("bo", [judged("L1", "opposes", "weak")]), ("ann", [end])],
    )
    lines, claim = standing(folder)
    assert lines["L1"] == expected
    assert not claim.disputes
    (one,) = loader.load(folder).study.lines
    if expected[0] == "withdrawn":
        assert (one.status_reason, str(one.status_date)) == ("Read together.", "2026-02-02")


def test_what_is_wrong_with_readings_is_said_with_its_line(folder):
    write(
        folder,
        {"ann": [passage(STAYED, line("L1", "supports"))]},
        [
            (
                "bo",
                [judged("L1", "opposes"), judged("L11", "opposes", "weak"), judged("L1", "irrelevant", settles=True)],
            ),
            ("ann", [judged("L1", "supports", "weak", settles=True, reason="So.")]),
        ],
    )
    found = {(f.rule, f.message) for f in errors(folder)}
    assert found == {
        ("unfinished-reading", "a line that opposes has a strength"),
        ("unfinished-reading", "what settles a line has a reason"),
        ("unknown-line", "unknown line 'L11'"),
        ("settled-twice", "the line 'L1' is settled in 'readings/ann-1.yaml' already"),
    }
    assert all(f.line for f in errors(folder))


def test_who_drew_a_line_reads_it_again_on_another_day(folder):
    entry = judged("L1", "supports", "weak") | {"date": "2026-01-02"}
    write(folder, {"ann": [passage(STAYED, line("L1", "supports"))]}, [("ann", [entry])])
    (finding,) = errors(folder)
    assert finding.rule == "duplicate-id"
    assert finding.message == "'ann' drew the line 'L1' on that day"


WITHDRAWN = {"status": "withdrawn", "status_date": "2026-03-01", "status_reason": "Misread."}


@pytest.fixture
def mixed(folder):
    """Return a study with a line of each status against its claim."""
    return write(
        folder,
        {
            "ann": [
                passage(STAYED, line("L1", "supports"), line("L2", "opposes", **WITHDRAWN)),
                passage(
                    LEFT,
                    line("L3", "opposes"),
                    line(
                        "L4",
                        "opposes",
                        status="superseded",
                        replaced_by="L3",
                        **{k: v for k, v in WITHDRAWN.items() if k != "status"},
                    ),
                ),
                passage("Nobody spoke of pay.", line("L5", "opposes")),
            ]
        },
        [("bo", [judged("L5", "irrelevant")])],
    )


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (COUNT(DISTINCT ?l) AS ?n) { ?l ev:proposition ?p ; ev:stance ev:opposes . ?p dcterms:identifier 'P1' }",
        "SELECT (COUNT(DISTINCT ?l) AS ?n) { ?l a ev:EvidenceLine ; ev:stance ev:opposes }",
        "SELECT (COUNT(DISTINCT ?l) AS ?n) { ?l ev:excerpt ?e ; ev:strength ?s ; ev:stance ev:opposes }",
    ],
)
def test_lines_that_do_not_count_are_counted_by_no_sparql_that_does_not_know_of_them(mixed, text):
    assert kg.open(mixed).sparql(text).table.rows == [(1,)]


def test_lines_that_do_not_count_have_a_graph_and_a_label_of_their_own(mixed):
    graph = kg.open(mixed)
    text = "SELECT DISTINCT ?g { GRAPH ?g { ?l a ev:UncountedLine } }"
    assert graph.sparql(text).table.rows == [("https://w3id.org/dart-kg/study/judged/graph/source/talk/uncounted",)]
    nodes = projection.project(graph.store, "")
    assert sorted(nodes.nodes["EvidenceLine"]) == ["L1", "L3"]
    assert sorted(nodes.nodes["UncountedLine"]) == ["L2", "L4", "L5"]
    types = {kind.type for kind in nodes.relationships if "UncountedLine" in (kind.start, kind.end)}
    assert types == {"NOT_COUNTED", "RESTED_ON", "MADE_BY", "REPLACED_BY", "OF_LINE"}


def test_a_trace_shows_what_is_disputed_and_on_demand_what_was_withdrawn(mixed):
    graph = kg.open(mixed)

    def walk(node):
        yield node
        for child in node.children:
            yield from walk(child)

    def lines(**options):
        return {node.id for node in walk(graph.trace("P1", **options).tree) if node.kind in ("line", "coders differ")}

    assert lines() == {"L1", "L3", "L5"}
    assert lines(withdrawn=True) == {"L1", "L2", "L3", "L4", "L5"}


def test_the_trace_of_a_line_says_whether_it_counts_and_who_judged_it_how(mixed):
    tree = kg.open(mixed).trace("L5").tree.children
    assert tree[0].label == "disputed on 2026-02-01: ann: opposes; bo: irrelevant"
    assert [(node.kind, node.id, node.label) for node in tree[1:3]] == [
        ("reads", "ann", "opposes, strong: L5 says so."),
        ("reads", "bo", "irrelevant"),
    ]
    assert kg.open(mixed).trace("L4").tree.children[0].label == "superseded on 2026-03-01: Misread. (L3)"


def test_every_state_has_a_chinese_name_and_a_sign_of_its_own():
    signs = [state.sign for state in claims.STATES.values()]
    assert len(set(signs)) == len(signs)
    assert all(state.zh and state.when for state in claims.STATES.values())


def test_judgements_come_back_from_the_exchange_format(mixed, tmp_path):
    before = loader.load(mixed).study
    export(kg.open(mixed), "refi-qda", tmp_path / "out")
    (project,) = (tmp_path / "out").rglob("*.qdpx")
    import_file(project, tmp_path / "back", Options(), datetime.date(2026, 1, 2))
    after = loader.load(tmp_path / "back").study
    assert after.readings == before.readings
    assert {n.id: n for n in after.lines} == {n.id: n for n in before.lines}
    assert yaml.safe_load((tmp_path / "back" / "readings" / "talk-1.yaml").read_text("utf-8"))["coder"] == "bo"
