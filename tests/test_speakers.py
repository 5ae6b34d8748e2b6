"""Who speaks when in plain text: found in transcripts as programs and people write them, and in nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.loaders.documents import speakers

SAID = (
    ("Why?", "Because they publish it."),
    ("Since when?", "Since 2019: before, they did not."),
    ("And then?", "No."),
)


def dialogue(form, first, second, start=12):
    """Write a conversation in which each turn is a form of label, words, and seconds since its beginning."""
    lines, at = [], start
    for question, answer in SAID:
        for label, words in ((first, question), (second, answer)):
            lines.append(form.format(label=label, words=words, time=f"{at // 60:02}:{at % 60:02}"))
            at += 7
    return "\n".join(lines)


SURE = {
    "letters": dialogue("{label}: {words}", "I", "B"),
    "f4, the time behind": dialogue("{label}: {words} #00:{time}-3#\n", "I", "B"),
    "Otter, a heading": dialogue("{label}  {time}  \n{words}\n", "Ann Lee", "Speaker 2"),
    "Teams, a heading in the line": dialogue("{label}   {time} {words}", "Ann Lee", "Bob O'Neil"),
    "Rev, a time in brackets": dialogue("{label} ({time}):\n{words}", "Speaker 1", "Speaker 2"),
    "Trint, the time before": dialogue("[00:{time}] {label}: {words}", "Interviewer", "P1"),
    "NVivo, numbers": dialogue("{time} - {label}: {words}", "Interviewer 1", "Respondent-07"),
    "Markdown": dialogue("**{label}:** {words}\n", "Interviewer", "P1"),
    "Markdown, the colon outside": dialogue("**{label}**: {words}\n", "Moderatorin", "Befragte"),
    "Chinese": dialogue("{label}：{words}", "访谈者", "受访者1"),
    "Chinese, with an aside": dialogue("{label}（女，34岁）：{words}", "问", "答"),
    "Spanish": dialogue("{label}: {words}", "Entrevistadora", "Entrevistado"),
    "a deposition": dialogue("{label}: {words}", "Q", "A"),
    "capitals": dialogue("{label}: {words}", "INTERVIEWER", "DR. SMITH"),
    "ids": dialogue("{label}: {words}", "I1", "BSR01"),
    "a table of two columns": dialogue("{label}\t{words}", "Interviewer", "P 3"),
    "asides": dialogue("{label} (laughs): {words}", "M", "P1"),
    "numbered letters of one team": dialogue("{label}: {words}", "R", "P12"),
}
ASKED = {
    "names alone": dialogue("{label}: {words}", "Zack", "Jim"),
    "MAXQDA, names": dialogue("00:{time}.5{label}: {words}", "Zack", "Jim"),
    "a chat": dialogue("[{time}] {label}: {words}", "ann", "bob"),
}
NONE = {
    "a DEP-5 copyright file": "Files: *\nCopyright: 2001 A\nLicense: MIT\n\nFiles: debian/*\nCopyright: 2002 B\nLicense: MIT\n"
    "\nFiles: x/*\nCopyright: 2003 C\nLicense: GPL\n",
    "a package's fields": "Origin: Debian\nSection: net\nOrigin: Debian\nSection: web\nOrigin: x\nSection: y\n",
    "a glossary": "Trust: belief in a firm.\nAccess: use of data.\nRisk: chance of harm.\nTrust: see above.\n"
    "Risk: see above.\nAccess: see above.\n",
    "a play": "ACT I\nHAMLET: To be?\nOPHELIA: My lord.\nHAMLET: Get thee.\nOPHELIA: O help.\nHAMLET: I have.\nOPHELIA: No?",
    "a timetable": "9:00 Registration: hall A\n10:00 Keynote: hall B?\n11:00 Registration: hall A\n12:00 Keynote: hall B\n"
    "13:00 Registration: x\n14:00 Keynote: y\n",
    "a timetable of headings": "Keynote  10:00\nHall A\nLunch  11:00\nHall B\nKeynote  12:00\nHall A\nLunch  13:00\nx\n"
    "Keynote  14:00\nHall A\nLunch  15:00\n",
    "an e-mail": "From: a@b\nTo: c@d\nSubject: x?\n\nHello\n\nFrom: c@d\nTo: a@b\nSubject: Re: x\n\nHi\n\n"
    "From: a@b\nTo: c@d\nSubject: Re: x\nYo",
    "a recipe": "Prep: 5\nIngredients: flour\nNote: sift.\nStep 1: mix\nStep 2: bake\nNote: cool\nStep 1: mix\n"
    "Step 2: eat\nNote: x",
    "references": "Smith, J. (2001). Title: subtitle. Journal, 12: 3-4.\nSmith, J. (2002). Title: b? 13: 4.\n"
    "Jones: a book.\nSmith: another.\n",
    "a paper's claims": "H1: Trust helps.\nH2: Access helps.\nH3: Risk harms.\nWhy is that so?\nH1: Supported.\n"
    "H2: Supported?\nH3: Not supported.\n",
    "research questions": "RQ1: How?\nRQ2: Why?\nRQ3: When?\nRQ1: Thus.\nRQ2: So.\nRQ3: Then.\n",
    "verses": "\n".join(f"Gen 1:{n} And God said: light" for n in range(1, 9)),
    "a program's log": "\n".join(f"{n:02}:00:00 INFO: ok\n{n:02}:00:00 WARNING: low" for n in range(8)),
    "prose": "I thought: why not? We went.\nThen one said: no.\nI: that is the first letter of the alphabet's ninth.\n",
    "letters with points": dialogue("{label}. {words}", "I", "R"),
    "a letter and its lines": "Name: A?\nPhone: 1\nName: B\nPhone: 2\nName: C\nPhone: 3\n",
    "nothing": "",
}


@pytest.mark.parametrize("name", SURE)
def test_a_transcript_with_labels_of_interviews_or_times_of_a_recording_is_sure(name):
    found = speakers.recognise(SURE[name])
    assert (found.grade, len(found.turns), len(found.speakers)) == ("sure", 6, 2)


@pytest.mark.parametrize("name", ASKED)
def test_what_only_looks_like_a_transcript_is_asked_about(name):
    found = speakers.recognise(ASKED[name])
    assert (found.grade, len(found.turns)) == ("ask", 6)


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_transcript_has_no_turns(name):
    assert speakers.recognise(NONE[name]) == speakers.Transcript("no", ())


def test_a_turn_ends_before_the_next_and_has_all_that_was_said():
    text = "Interview 7\n\nI: Why?\n\n[laughs]\nand now?\n\nB: So.\n" * 3
    turns = speakers.recognise(text).turns
    assert [text[t.start : t.end] for t in turns[:2]] == ["I: Why?\n\n[laughs]\nand now?", "B: So.\nInterview 7"]


def test_who_speaks_only_once_is_no_part_of_the_turn_before():
    text = SURE["letters"] + "\nB2: Me too.\nNote: it rained.\n"
    assert speakers.recognise(text).speakers == {"I": 3, "B": 3, "B2": 1}


def test_a_time_begins_a_turn_and_lasts_to_the_next_one_but_that_of_f4_ends_it():
    assert [t.time for t in speakers.recognise(SURE["Trint, the time before"]).turns][:2] == [(12, 19), (19, 26)]
    assert speakers.recognise(SURE["Trint, the time before"]).turns[-1].time == (47, 47)
    assert [t.time for t in speakers.recognise(SURE["f4, the time behind"]).turns][:2] == [(0, 12.3), (12.3, 19.3)]


def test_a_person_may_name_the_labels_of_whatever_text():
    text = "ACT I\nHAMLET: To be?\nOPHELIA: My lord.\nSCENE: a hall"
    assert speakers.by_labels(text, {"HAMLET", "OPHELIA"}).speakers == {"HAMLET": 1, "OPHELIA": 1}
    assert speakers.by_labels(text, {"YORICK"}) == speakers.Transcript("no", ())


@pytest.mark.parametrize(
    ("labels", "roles"),
    [
        ("I B", "interviewer participant"),
        ("R P1 P2", "interviewer participant participant"),
        ("I R", "interviewer participant"),
        ("M W", "unknown unknown"),
        ("Moderator Ann Bob", "interviewer participant participant"),
        ("Ann P1 P2", "interviewer participant participant"),
        ("Speaker_1 Speaker_2", "unknown unknown"),
        ("Interviewer Speaker_2", "interviewer unknown"),
        ("Ann Bob", "unknown unknown"),
        ("访谈者 受访者2", "interviewer participant"),
        ("", ""),
    ],
)
def test_roles_are_guessed_from_labels_alone(labels, roles):
    listed = [label.replace("_", " ") for label in labels.split()]
    assert list(speakers.roles(listed).values()) == roles.split()


FORMS = (
    "{label}: {words}",
    "{label}: {words}\n",
    "[00:{time}] {label}: {words}",
    "{label}  {time}\n{words}\n",
    "**{label}:** {words}",
    "{label}：{words}",
    "{label} ({time}): {words}",
)
words = st.lists(st.sampled_from(["we", "trust", "数据", "it’s", "2019:", "(no)", "a/b"]), min_size=1, max_size=8)


@given(
    st.sampled_from(FORMS),
    st.sampled_from([("I", "B"), ("Interviewer", "P1"), ("访谈者", "受访者"), ("Moderator", "Ann Lee")]),
    st.lists(words, min_size=6, max_size=40),
)
def test_every_turn_of_a_drawn_transcript_is_found_where_it_is_written(form, labels, spoken):
    written, starts, text = [], [], "Interview\n\n"
    for number, said in enumerate(spoken):
        at, label = 13 * number + 4, labels[number % 2]
        starts.append(len(text))
        written.append(
            (label, line := form.format(label=label, words=" ".join(said), time=f"{at // 60:02}:{at % 60:02}"))
        )
        text += line + "\n"
    found = speakers.recognise(text)
    assert found.grade == "sure"
    assert [(t.start, t.speaker, text[t.start : t.end]) for t in found.turns] == [
        (start, label, line.rstrip()) for start, (label, line) in zip(starts, written, strict=True)
    ]


@given(
    st.text(max_size=400) | st.lists(st.sampled_from(["I: a?", "B: b", "0:05", "Ann  0:07", "\t", "x"])).map("\n".join)
)
def test_turns_of_any_text_are_in_order_and_do_not_overlap(text):
    found = speakers.recognise(text)
    at = 0
    for turn in found.turns:
        assert at <= turn.start < turn.end <= len(text)
        assert turn.speaker in text[turn.start : turn.end]
        at = turn.end
