"""Questions about coders, and about what they made of one line, paragraph or source."""

from __future__ import annotations

import pytest
from questioning import ask

LINE, SETTLED = "t32-p19-1", "h27-p15-1"


@pytest.mark.parametrize(
    "question",
    [
        f"who judged {LINE}",
        f"is line {LINE} strong",
        f"what did the reader make of {LINE}",
        f"how was {LINE} settled",
        LINE,
    ],
)
def test_what_is_asked_of_a_line_is_told_by_how_each_coder_judged_it(question):
    answer = ask("dart", question)
    assert answer.operation == "coders"
    assert [claim.id for claim in answer.claims] == ["P19"]
    assert "Reader of the evidence of the dart-kg authors qualifies, moderate" in answer.headline


def test_a_coder_who_did_not_judge_a_line_is_told_apart():
    said = ask("dart", f"what did the second coder think of {LINE}").headline
    assert said.endswith("Second coder of the dart-kg authors did not judge it.")


def test_how_a_line_was_settled_is_told_beside_the_judgements():
    said = ask("dart", f"how was {SETTLED} settled").headline
    assert "opposes, moderate" in said
    assert "qualifies, moderate (settled)" in said


@pytest.mark.parametrize("question", ["who coded H37", "by whom was H37 coded", "H37是谁编码的"])
def test_who_coded_a_paragraph_is_asked_in_the_active_and_the_passive(question):
    answer = ask("dart", question)
    assert {one.id for one in answer.named if one.kind == "coder"} == {"dart-kg", "second"}


@pytest.mark.parametrize(
    "question",
    ["are the coders people or programs", "are the coders human", "编码的人是真人吗", "编码者是人还是软件"],
)
def test_what_the_coders_are_is_told_by_their_kind_and_note(question):
    answer = ask("dart", question)
    assert len(answer.definition) == 3
    assert all(row["value"].startswith(("software", "软件")) for row in answer.definition)


@pytest.mark.parametrize("question", ["who was the second to code", "第二个编码的是谁", "第二个编码者是谁"])
def test_a_coder_is_named_by_the_order_in_which_they_began(question):
    assert ("coder", "second") in {(one.kind, one.id) for one in ask("dart", question).named}


def test_where_coders_differed_once_is_told_also_where_they_have_settled_it():
    answer = ask("dart", "do the coders agree about P15")
    assert {row["property"] for row in answer.definition} >= {SETTLED}


@pytest.mark.parametrize(
    "question", ["which lines were thrown out", "was any evidence taken out again", "哪些证据被删掉了"]
)
def test_withdrawn_evidence_is_asked_for_in_everyday_words(question):
    assert ask("dart", question).operation == "withdrawn"


@pytest.mark.parametrize("question", ["what dropped out of the race", "does removing parking hurt traders"])
def test_what_is_dropped_or_removed_need_be_no_evidence(question):
    assert ask("cycling", question).operation != "withdrawn"


@pytest.mark.parametrize(
    ("question", "stance"),
    [
        ("what shows that trust cannot drive participation", "opposes"),
        ("what shows that transparency fails to guarantee anything", "opposes"),
        ("which firm shows that trust is no driver", "opposes"),
        ("有证据说明信任并不驱动参与吗", "opposes"),
        ("谁说对话不是总有用", "qualifies"),
        ("who disputes P12", "opposes"),
    ],
)
def test_what_is_denied_is_asked_for_by_what_is_against_it(question, stance):
    assert ask("dart", question).stance == stance


def test_whoever_only_writes_of_it_is_not_said_to_hold_what_was_asked_for():
    answer = ask("dart", "who says it is the firm and not the customer that leads")
    assert answer.stance is None
    assert not answer.claims


@pytest.mark.parametrize(
    ("typed", "read"),
    [("waht supports transparency", "“waht” read as “what”"), ("teh evidence on trust", "“teh” read as “the”")],
)
def test_a_slip_in_a_small_word_is_mended_and_said(typed, read):
    answer = ask("dart", typed)
    assert read in answer.reading
    assert answer.claims


@pytest.mark.parametrize("typed", ["what hat do customers wear", "does customer age influence participation?"])
def test_another_word_is_no_slip_of_a_small_one(typed):
    assert "read as" not in ask("dart", typed).reading


def test_an_ordinal_in_figures_is_the_word():
    assert ask("dart", "what happens in the 1st stage").claims == ask("dart", "what happens in the first stage").claims


@pytest.mark.parametrize("typed", ["please delete P3", "rename the claim on trust"])
def test_a_command_is_no_question_of_evidence(typed):
    assert ask("dart", typed).headline.startswith("Not an answer: this is no task")


def test_works_that_dispute_a_claim_are_no_coders_who_differ():
    answer = ask("dart", "which work disputes that trust drives participation")
    assert (answer.operation, answer.stance) == ("references", "opposes")


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("How was the petition of the Mill Street traders judged by the second coder?", "av-mill-street"),
        ("Were the two coders of one mind on Mayor Rieger?", "ke-rieger"),
        ("Maren and Idris took the sentence about Mayor Rieger differently; what was agreed?", "ke-rieger"),
        ("Who judged the passage about the plastic posts?", "br-posts"),
    ],
)
def test_a_line_is_known_by_what_it_tells(question, line):
    answer = ask("cycling", question)
    assert answer.headline.startswith(f"{line}: Maren Holt ")
    assert len(answer.claims) == 1


def test_what_many_lines_tell_names_none_of_them():
    # All lines of this study speak of customers.
    assert not ask("dart", "who judged the lines on customers").headline.startswith("line-")


def test_where_coders_differ_on_a_source_is_told_with_how_it_ended():
    said = ask("cycling", "On which line of the Kesslau interview did the two coders fall out?").headline
    assert "ke-rieger: Maren Holt qualifies, weak; Idris Bello opposes, weak" in said
    assert "settled" in said


def test_what_a_coder_knew_is_told_by_the_coders_note():
    said = ask("cycling", "Had Idris seen what Maren thought, at the time he gave his own opinion?").headline
    assert "nothing of the first judgement" in said
    assert ask("cycling", "did Maren try to find out if the grant made traders yield?").operation == "searches"


def test_why_evidence_told_by_its_content_counts_less_is_told_by_its_marks():
    answer = ask("dart", "For what reason was the affordance paper downgraded?")
    assert {claim.id for claim in answer.claims} == {"P11", "P13"}
    assert "t14-p11-1: moderate → weak, lowered: unlinked" in answer.headline


def test_people_or_machines_is_asked_of_coders_also_where_a_word_is_one_of_a_concept():
    answer = ask("dart", "did any real person take part in judging the lines?")
    assert answer.headline.startswith("dart-kg authors: software; ")
    assert not answer.claims


def test_what_a_paragraph_says_of_a_concept_is_told_by_its_own_lines():
    answer = ask("dart", "how was it settled whether H27 supports agreement on the value proposition?")
    assert answer.operation == "coders"
    assert answer.headline.startswith("h27-p15-1: ")


def test_agreement_on_a_work_is_told_by_the_lines_that_cite_it():
    assert ask("cycling", "do the coders agree on Nguyen?").headline == "No line of it was judged by two coders."


@pytest.mark.parametrize(
    "question", ["Who disagrees with whom over the Ames interview?", "who disputes the Ames interview"]
)
def test_who_differs_with_whom_over_a_source_is_asked_of_its_coders(question):
    answer = ask("cycling", question)
    assert answer.operation == "disputed"
    assert [claim.id for claim in answer.claims] == ["P05"]
