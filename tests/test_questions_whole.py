"""What is asked of a study as a whole is known by the questions of others that it is most like."""

from __future__ import annotations

from collections import Counter
from functools import cache

import judging
import pytest
from questioning import ask, asked

from kg.asking.purposes import purpose
from kg.browse import addresses, html, pages
from kg.browse.parameters import Parameters
from kg.browse.study import BuiltStudy
from kg.language.shipped import table

FILE = judging.HERE / "questions" / "whole.tsv"
"""Study, purpose and question, written by somebody who did not know the table of purposes."""
READ = {
    "contested": ["contested"], "unsupported": ["unsupported"], "unopposed": ["unopposed"], "weak": ["weak", "single"],
    "withdrawn": ["withdrawn"], "disputed": ["disputed", "agreement"], "coders": ["coders"], "searches": ["searches"],
    "missing": ["missing", "questions", "outside"], "study": ["study", "real", "design"], "method": ["judging"],
    "overall": ["overall"],
}  # fmt: skip
"""The purposes of the table by which each of the file is answered."""
LEAST = {"cycling": 98, "yiliao": 90}
"""How many of the 144 about each study are answered as the question is that their purpose is read as, at least."""


@cache
def as_read(study, name):
    """Return what answers the question that a purpose is read as: operation and claims."""
    answer = ask(study, table("purposes")[name]["read"]["zh" if study == "yiliao" else "en"])
    return answer.operation, [claim.id for claim in answer.claims]


@pytest.mark.parametrize("study", LEAST)
def test_questions_on_a_whole_study_are_answered_whatever_their_words(study):
    right, wrong = Counter(), []
    for of, name, question in (line.split("\t") for line in FILE.read_text("utf-8").splitlines()):
        if of != study:
            continue
        answer = ask(study, question)
        said = answer.operation, [claim.id for claim in answer.claims]
        expected = [as_read(study, one) for one in READ[name]]
        by_operation = name in ("withdrawn", "disputed", "coders", "searches", "missing", "study", "method", "overall")
        is_right = said in expected or (by_operation and answer.operation in [one for one, _ in expected])
        right[is_right] += 1
        if not is_right:
            wrong.append(f"{name}: {question} | {answer.reading} | {answer.headline[:80]}")
    assert right[True] >= LEAST[study], "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_questions_of_the_table_are_of_the_purpose_that_they_are_listed_under(language):
    listed = [
        (name, question)
        for name, row in table("purposes").items()
        for question in row[language].split("\n")
        if question
    ]
    told = [(name, purpose(question, language)) for name, question in listed]
    assert sum(name == said for name, (said, _) in told) >= 0.9 * len(told)


@pytest.mark.parametrize(
    ("study", "question", "read"),
    [
        ("cycling", "On which findings is the evidence a mixed bag?", "which claims are contested"),
        ("cycling", "what evidence did they drop in the end, and why", "which evidence was withdrawn"),
        ("dart", "should I believe any of these conclusions", "how reliable is all this"),
        ("yiliao", "有没有大家都没意见的说法", "哪些命题没有人反对"),
    ],
)
def test_how_it_was_read_is_said(study, question, read):
    answer = ask(study, question)
    same = ask(study, read)
    assert [claim.id for claim in answer.claims] == [claim.id for claim in same.claims]
    assert answer.headline == same.headline
    assert answer.question == question


@pytest.mark.parametrize(
    ("study", "question"),
    [
        ("cycling", "which claims speak against trams"),  # a word that no other question has
        ("cycling", "which claims about the mayor are a mixed bag"),  # it names something
        ("cycling", "what supports"),
        ("yiliao", "支持什么"),
        ("dart", "hello there"),
    ],
)
def test_what_names_something_or_says_too_little_is_not_read_as_another_question(study, question):
    assert " read as " not in ask(study, question).reading
    assert "读作" not in ask(study, question).reading


def test_what_was_typed_is_shown_as_it_was_typed_and_is_no_markup():
    study = BuiltStudy(asked("cycling"))
    typed = Parameters(question="which findings <b> are a mixed bag")
    page = html.render(study, pages.answer(study, typed, "en"), addresses.Served("en"))
    assert "<b> are" not in page
    assert "“which findings &lt;b&gt; are a mixed bag” read as “which claims are contested”" in page
