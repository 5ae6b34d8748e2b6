"""Lint of judgements: what looks like a slip is doubted, what is right is not, and an answer is given once and for all."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import check, lint
from kg.loaders import study as loader
from kg.places import Place, Places
from kg.rationales import directions, is_against
from kg.subjects import count_words, lacks_subject


def _items(name):
    lines = (Path(__file__).parent / f"judgements/{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


ITEMS = _items("lines")
SECOND = _items("second")
"""Lines written when the rules stood, by somebody who had not read them; in other words and about other things."""
RULE_OF = {
    "rationale-against-stance": "rationale-against-stance",
    "one-coder-both-ways": "passage-both-ways",
    "strong-on-few-words": "strong-on-few-words",
    "lacks-subject": "passage-without-subject",
    "interviewer": "interviewer-as-evidence",
    "one-reference": "one-reference",
}
"""The rule that finds each kind of fault of the lines."""


def write(folder, items):
    """Write a study in which every item has claims of its own, and paragraphs of its own or a transcript."""
    (folder / "sources").mkdir(parents=True)
    (folder / "codings").mkdir()
    claims, sources, codings, coders, references = [], [], {}, set(), set()
    notes = [""]
    for item in items:
        said = list(dict.fromkeys(line["claim"] for line in item["lines"]))
        ids = {claim: f"{item['id']}-{number}" for number, claim in enumerate(said)}
        for claim, identifier in ids.items():
            statement = {"en": claim}
            claims.append(
                {"id": identifier, "statement": statement, "subject": "one", "relation": "drives", "object": "other"}
            )
        paragraphs = {}
        for number, line in enumerate(item["lines"]):
            entry = {"quote": line["quote"], "codes": ["any"] * (number == 0), "coder": line["coder"], "evidence": [
                {"proposition": ids[line["claim"]], "stance": line["stance"], "strength": line["strength"],
                 "rationale": line["rationale"], "id": f"{item['id']}.{number}"}]}  # fmt: skip
            coders.add(line["coder"])
            if "turns" in line:
                text, spans = "", []
                for turn in line["turns"]:
                    at = len(text)
                    text += f"{turn['label']}: {turn['words']}\n"
                    spans.append(Place("turn", at, len(text) - 1, turn["label"]))
                name = f"sources/{item['id']}"
                (folder / f"{name}.txt").write_text(text, "utf-8")
                (folder / f"{name}.places.json").write_text(places(text, spans), "utf-8")
                sources.append({"id": item["id"], "file": f"{name}.txt", "title": item["id"], "role": "case",
                                "places": f"{name}.places.json",
                                "speakers": {turn["label"]: turn["role"] for turn in line["turns"]}})  # fmt: skip
                codings.setdefault(item["id"], []).append(entry)
                continue
            cited = line.get("reference", "")
            references |= {cited} - {""}
            key = (line["paragraph"], cited)
            if key not in paragraphs:
                paragraphs[key] = f"{item['id']}.{len(paragraphs)}"
                notes.append(f"[{paragraphs[key]}] {line['paragraph']}" + (f" [@{cited}]" if cited else ""))
            codings.setdefault("notes", []).append(entry | {"paragraph": paragraphs[key]})
    (folder / "sources/notes.md").write_text("\n\n".join(notes).strip() + "\n", "utf-8")
    sources.append({"id": "notes", "file": "sources/notes.md", "title": "Notes", "role": "case"})
    listing = {"id": "lint", "title": {"en": "Lint"}, "license": "CC0", "ontology": [], "sources": sources,
               "coders": [{"id": one, "name": one} for one in sorted(coders)]}  # fmt: skip
    concepts = {"concepts": [{"id": "one", "label": {"en": "one"}}, {"id": "other", "label": {"en": "other"}}],
                "relations": [{"id": "drives", "label": {"en": "drives"}}]}  # fmt: skip
    codebook = {"codes": [{"id": "any", "level": "open", "label": {"en": "any"}, "definition": "Any."}]}
    files = {"study": listing, "concepts": concepts, "codebook": codebook, "propositions": {"propositions": claims}}
    for source, entries in codings.items():
        files[f"codings/{source}"] = {
            "source": source,
            "coder": sorted(coders)[0],
            "date": "2026-11-29",
            "excerpts": entries,
        }
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    cited = [{"id": one, "type": "book", "title": one} for one in sorted(references)]
    (folder / "references.json").write_text(json.dumps(cited), "utf-8")
    return folder


def places(text, spans):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Places(digest, digest, "txt 1", "", {}, tuple(spans), ()).write()


def found_by_item(folder):
    """Return the rules that doubt each item."""
    found = {}
    for doubt in lint.doubts(loader.load(folder)):
        item = doubt.id.rpartition(".")[0] if doubt.kind == "line" else doubt.id.rpartition("-")[0]
        found.setdefault(item, set()).add(doubt.rule)
    return found


@pytest.mark.parametrize(
    ("written", "which", "row"),
    [
        (ITEMS, "work", "first, used while the rules were made"),
        (ITEMS, "aside", "first, only measured"),
        (SECOND, "work", "second, used to mend the rules"),
        (SECOND, "aside", "second, only measured, after the mend"),
    ],
)
def test_at_most_five_good_of_a_hundred_are_doubted_and_eighty_bad_are_found(tmp_path, written, which, row):
    items = [item for item in written if item["set"] == which]
    found = found_by_item(write(tmp_path / "study", items))
    good = [item for item in items if item["good"]]
    bad = [item for item in items if not item["good"]]
    alarms = sum(item["id"] in found for item in good)
    hits = sum(RULE_OF[item["fault"]] in found.get(item["id"], ()) for item in bad)
    assert (alarms <= 0.05 * len(good), hits >= 0.8 * len(bad)) == (True, True), (alarms, len(good), hits, len(bad))
    told = (Path(__file__).parents[1] / "docs/rules.md").read_text("utf-8")
    assert f"| {row} | {len(good)} | {alarms} | {len(bad)} | {hits} |" in told


def doubted(folder):
    return [(f.rule, f.file, f.line, f.severity) for f in check.check(folder) if f.rule in RULE_OF.values()]


def test_what_is_doubted_is_a_warning_that_the_entry_answers_once_and_for_all(study, edit):
    assert doubted(study) == []
    told = "The volunteer names the weekly feedback as the reason for coming back."
    edit("codings/interview.yaml", told, "This does not support the claim, it refutes it.")
    assert doubted(study) == [("rationale-against-stance", "codings/interview.yaml", 9, "warning")]
    edit("codings/interview.yaml", "it refutes it.", "it refutes it.\n        accepted: The claim that it names is P2.")
    assert doubted(study) == []


def test_the_mend_of_every_doubt_says_how_to_answer_it(tmp_path):
    bad = [item for item in ITEMS if item["set"] == "work" and not item["good"]]
    loaded = loader.load(write(tmp_path / "study", bad))
    assert all("accepted: reason" in finding.mend for finding in lint.lint(loaded))
    assert {finding.rule for finding in lint.lint(loaded)} == set(RULE_OF.values())


def test_a_line_or_claim_that_is_accepted_is_not_doubted_in_any_way(tmp_path):
    bad = [item for item in ITEMS if item["set"] == "work" and not item["good"]]
    folder = write(tmp_path / "study", bad)
    for file in (*(folder / "codings").glob("*.yaml"), folder / "propositions.yaml"):
        content = yaml.safe_load(file.read_text("utf-8"))
        for claim in content.get("propositions", ()):
            claim["accepted"] = "Seen."
        for entry in content.get("excerpts", ()):
            for line in entry["evidence"]:
                line["accepted"] = "Seen."
        file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    assert list(lint.doubts(loader.load(folder))) == []


@pytest.mark.parametrize(("written", "work"), [(ITEMS, 60), (SECOND, 50)])
def test_the_lines_are_a_hundred_good_and_a_hundred_bad_of_every_kind(written, work):
    assert Counter((item["good"], item["set"]) for item in written) == {
        (True, "work"): work, (True, "aside"): 100 - work, (False, "work"): work, (False, "aside"): 100 - work,
    }  # fmt: skip
    assert {item["fault"] for item in written if not item["good"]} == set(RULE_OF)


@pytest.mark.parametrize(
    "passage", ["found that the price of seed keeps small farms away", "showed no link between lanes and accidents"]
)
def test_who_found_something_is_whoever_is_cited(passage):
    assert not lacks_subject(passage, "A survey by Petrov of 2019 ")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["aside", "cycling", "yiliao"])
def test_studies_that_others_wrote_have_next_to_no_doubts(name):
    loaded = loader.load(Path(__file__).parent / "studies" / name)
    assert len(list(lint.doubts(loaded))) <= 0.1 * len(loaded.study.lines)


def test_words_that_are_denied_are_no_verdict():
    assert directions("Nothing in it contradicts the claim.") == frozenset()
    assert directions("It does not support the claim.") == {"opposes"}
    assert directions("Not only supports the claim.") == {"supports"}
    assert directions("没有人反驳该命题") == frozenset()
    assert directions("并不支持该命题") == {"opposes"}


@pytest.mark.parametrize(
    "rationale",
    [
        "If the claim were refuted, prices would fall.",
        "That would support the claim.",
        "如果命题得到证实，价格就会下降。",
    ],
)
def test_what_is_only_supposed_is_no_verdict(rationale):
    assert directions(rationale) == frozenset()


@pytest.mark.parametrize(
    ("passage", "lacks"),
    [
        ("就把两份工都辞了", True),
        ("于是让大家坐到了一起", True),
        ("就业的人多了起来", False),
        ("被访者都留了下来", False),
        ("还款的人多了起来", False),
    ],
)
def test_an_adverb_of_a_chinese_sentence_that_was_cut_stood_behind_its_subject(passage, lacks):
    assert lacks_subject(passage, "去年修了路，") is lacks
    assert not lacks_subject(passage, "去年修了路。")


@pytest.mark.parametrize(
    "rationale", ["Does not support the claim, it refutes it.", "该段不支持命题。", "Runs counter to P1."]
)
def test_the_example_of_the_issue_is_against_support_and_not_against_opposition(rationale):
    assert [is_against(rationale, stance) for stance in ("supports", "opposes", "qualifies")] == [True, False, False]


@settings(max_examples=examples(200))
@given(st.text(max_size=200), st.sampled_from(["supports", "opposes", "qualifies"]))
def test_any_text_may_be_a_rationale_or_a_passage(text, stance):
    assert is_against(text, stance) in (True, False)
    assert lacks_subject(text, text) in (True, False)
    assert count_words(text) >= 0


@settings(max_examples=examples(100))
@given(st.lists(st.sampled_from(["users", "vote", "每周", "反馈", "12%", "e-mail"]), max_size=8))
def test_words_are_counted_as_they_are_joined(words):
    assert count_words(" ".join(words)) == sum(count_words(word) for word in words)
