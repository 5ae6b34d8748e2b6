"""Subtitles: SubRip and WebVTT as Zoom, Teams and players write them become lines of turns, or of cues, with times."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.errors import StudyError
from kg.loaders.documents import subtitles

ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:04.250
Ann Lee: Why do you trust
the firm?

2
00:00:04.250 --> 00:00:07.000
Bob: Because it publishes R&amp;D.

3
00:00:07.000 --> 00:00:09.000
Bob: At 10:30, always.
"""
TEAMS = """WEBVTT

8f2c/12-0
00:00:01.000 --> 00:00:04.000
<v Ann Lee>Why do you trust
the firm?</v>

8f2c/12-1
00:00:04.000 --> 00:00:05.000
<v Ann Lee>Since when?</v>

8f2c/13-0
00:00:05.500 --> 00:00:07.000
<v O'Neil, Bob>Because.</v>
"""
TEAMS_AS_IT_WAS = """WEBVTT

NOTE duration:"00:41:05"
NOTE language:en-us

NOTE Confidence: 0.89

0:0:0.0 --> 0:0:3.5
<v Ann Lee>Why?</v>

0:0:3.5 --> 0:1:4.25
<v Bob>So.</v>
"""


@pytest.fixture
def read(tmp_path):
    """Read a text as a file of subtitles."""

    def written(text, name="talk.vtt", encoding="utf-8"):
        file = tmp_path / name
        file.write_bytes(text.encode(encoding))
        return subtitles.read(file)

    return written


def turns(document):
    return [(p.label, document.text[p.start : p.end], p.time) for p in document.places if p.kind == "turn"]


def cues(document):
    return [(p.label, document.text[p.start : p.end], p.time) for p in document.places if p.kind == "cue"]


def test_zoom_names_the_speaker_before_a_colon_and_the_cues_of_one_are_one_turn(read):
    document = read(ZOOM)
    assert document.text == "Ann Lee: Why do you trust the firm?\nBob: Because it publishes R&D. At 10:30, always.\n"
    assert turns(document) == [
        ("Ann Lee", "Ann Lee: Why do you trust the firm?", (1, 4.25)),
        ("Bob", "Bob: Because it publishes R&D. At 10:30, always.", (4.25, 9)),
    ]
    assert cues(document) == [
        ("1", "Why do you trust the firm?", (1, 4.25)),
        ("2", "Because it publishes R&D.", (4.25, 7)),
        ("3", "At 10:30, always.", (7, 9)),
    ]
    assert document.remarks == ()


def test_teams_names_the_speaker_as_a_voice(read):
    document = read(TEAMS)
    assert document.text == "Ann Lee: Why do you trust the firm? Since when?\nO'Neil, Bob: Because.\n"
    assert [(label, time) for label, _, time in turns(document)] == [("Ann Lee", (1, 5)), ("O'Neil, Bob", (5.5, 7))]
    assert [label for label, _, _ in cues(document)] == ["1", "2", "3"]


def test_teams_as_it_was_counts_hours_with_one_digit_and_has_notes(read):
    document = read(TEAMS_AS_IT_WAS)
    assert turns(document) == [("Ann Lee", "Ann Lee: Why?", (0, 3.5)), ("Bob", "Bob: So.", (3.5, 64.25))]
    assert document.remarks == ()


def test_two_voices_in_a_cue_are_two_turns(read):
    document = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Ann>Hi <i>all</i></v>\n<v Bob>Yo\nthen\n")
    assert document.text == "Ann: Hi all\nBob: Yo then\n"
    assert [label for label, _, _ in cues(document)] == ["1", "1"]


def test_cues_without_speakers_are_lines_of_their_own(read):
    document = read("1\n00:00:01,000 --> 00:00:02,000\nWhy\nnot?\n\n2\n00:00:03,000 --> 00:00:04,000\nSo.\n", "a.srt")
    assert document.text == "Why not?\nSo.\n"
    assert turns(document) == []
    assert cues(document) == [("1", "Why not?", (1, 2)), ("2", "So.", (3, 4))]


@pytest.mark.parametrize("change", ["bom", "crlf", "no header", "utf-16", "settings"])
def test_what_programs_add_and_leave_out_changes_nothing(read, change):
    text, encoding = {
        "bom": ("\ufeff" + ZOOM, "utf-8"),
        "crlf": (ZOOM.replace("\n", "\r\n"), "utf-8"),
        "no header": (ZOOM.removeprefix("WEBVTT\n\n"), "utf-8"),
        "utf-16": (ZOOM, "utf-16"),
        "settings": (ZOOM.replace("4.250\n", "4.250 align:start position:0%\n"), "utf-8"),
    }[change]
    assert read(text, encoding=encoding) == read(ZOOM)


def test_the_same_cues_as_subrip_give_the_same_document(read):
    subrip = ZOOM.removeprefix("WEBVTT\n\n").replace("1.000", "1,000").replace(".250", ",250")
    assert read(subrip, "talk.srt") == read(ZOOM)


def test_notes_styles_and_tags_are_no_text(read):
    document = read(
        "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE\nto be\nchecked\n\nfirst\n"
        "00:01.000 --> 00:02.000\n<c.red>1 &lt; 2</c> and <00:01.500>a < b&nbsp;&unknown; {\\an8}up\n\n"
        "NOTE end\n\n00:03.000 --> 00:04.000\n&#65;&#x42; &amp;lt;\n"
    )
    assert document.text == "1 < 2 and a < b &unknown; up\nAB &lt;\n"
    assert document.remarks == ()


def test_cues_that_go_backwards_stand_as_in_the_file_and_are_counted(read):
    document = read(
        "00:05.000 --> 00:04.000\nOne.\n\n00:01.000 --> 00:02.000\nTwo.\n\n00:03.000 --> 00:03.500\nThree.\n"
    )
    assert [time for _, _, time in cues(document)] == [(5, 5), (1, 2), (3, 3.5)]
    (remark,) = document.remarks
    assert remark.message.startswith("2 cues end before they begin, or begin before the one above")


def test_a_blank_line_in_subrip_is_part_of_a_cue_and_in_webvtt_ends_it(read):
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\nMore.\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo.\n"
    assert read(text, "a.srt").text == "One. More.\nTwo.\n"
    vtt = read("WEBVTT\n\n" + text)
    assert vtt.text == "One.\nTwo.\n"
    assert [remark.message for remark in vtt.remarks] == ["1 lines belong to no cue, and were left out"]


def test_subrip_without_blank_lines_is_read(read):
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n2\n00:00:03,000 --> 00:00:04,000\nIn 2019\n3\n00:00:05,5 --> 00:00:06,0\nX."
    assert read(text, "a.srt").text == "One.\nIn 2019\nX.\n"


def test_a_label_where_few_cues_have_one_says_who_speaks_from_there_on(read):
    said = ["(Danyel Fisher)\nWe began.", "It went on.", "It ended.", "(Ann Lee)", "Why?", "(Danyel Fisher)\nSo."]
    text = "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}" for n, words in enumerate(said))
    document = read(text, "a.srt")
    assert [(label, words) for label, words, _ in turns(document)] == [
        ("Danyel Fisher", "Danyel Fisher: We began. It went on. It ended."),
        ("Ann Lee", "Ann Lee: Why?"),
        ("Danyel Fisher", "Danyel Fisher: So."),
    ]


def test_numbers_of_voices_in_brackets_are_speakers(read):
    said = ["[SPEAKER_00]: Why: now?", "[SPEAKER_01]: So."]
    text = "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}" for n, words in enumerate(said, 1))
    assert read(text, "a.srt").text == "SPEAKER_00: Why: now?\nSPEAKER_01: So.\n"


def test_rolling_captions_are_taken_once(read):
    lines = ["so we", "began to", "trust", "the firm"]
    shown = [f"{a}\n{b}" for a, b in zip(["", *lines], lines, strict=False)]
    text = "WEBVTT\n\n" + "\n\n".join(
        f"00:0{n}.000 --> 00:0{n + 1}.000\n{words.strip()}" for n, words in enumerate(shown)
    )
    document = read(text)
    assert document.text == "so we\nbegan to\ntrust\nthe firm\n"
    assert document.remarks[0].message.startswith("3 lines are repeated")


@pytest.mark.parametrize(
    "text", ["WEBVTT\n\n", "Ann: Hello\nBob: Hi", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann></v>\n"]
)
def test_a_file_without_words_is_refused(read, text):
    with pytest.raises(StudyError) as caught:
        read(text)
    assert [finding.rule for finding in caught.value.findings] == ["broken-document"]


def test_another_encoding_is_asked_about_and_may_be_named(tmp_path):
    file = tmp_path / "a.srt"
    file.write_bytes("1\n00:00:01,000 --> 00:00:02,000\n中文访谈\n".encode("gb18030"))
    with pytest.raises(StudyError, match="wrong-encoding"):
        subtitles.read(file)
    assert subtitles.read(file, encoding="gb18030").text == "中文访谈\n"


@pytest.mark.parametrize("arrow", ["->", "-->"])
def test_times_that_somebody_says_with_a_short_arrow_begin_no_cue(tmp_path, arrow):
    """Where all arrows of a file are short they are those of its times."""
    file = tmp_path / "a.srt"
    said = "10:30 -> 10:30" if arrow == "-->" else "10:30 to 10:30"
    file.write_text(f"1\n00:00:01,000 {arrow} 00:00:02,000\nWe moved it\n{said}\n", "utf-8")
    (place,) = [one for one in subtitles.read(file).places if one.kind == "cue"]
    assert subtitles.read(file).text.split() == ["We", "moved", "it", *said.split()]
    assert place.time == (1.0, 2.0)


def stamp(milliseconds, comma):
    seconds, parts = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{',' if comma else '.'}{parts:03}"


words = st.lists(st.sampled_from(["we", "trust", "数据", "a<b", "R&D", "it’s", "10:30", "->"]), min_size=1, max_size=6)
drawn = st.lists(
    st.tuples(st.sampled_from(["Ann Lee", "Bob", "访谈者"]), words, st.integers(0, 9000)), min_size=1, max_size=30
)


@given(drawn, st.booleans(), st.sampled_from(["zoom", "teams", "none"]))
def test_every_drawn_cue_is_found_in_the_text_with_its_time(tmp_path_factory, said, subrip, form):
    # Where three captions begin with what the one before ended with, they roll, and what is shown again is taken once.
    assume(sum(one[1] == other[1] for one, other in pairwise(said)) < 3)
    at, blocks, expected = 0, [], []
    for number, (speaker, spoken, lasts) in enumerate(said, 1):
        raw = " ".join(spoken).replace("&", "&amp;").replace("<", "&lt;")
        raw = {"zoom": f"{speaker}: {raw}", "teams": f"<v {speaker}>{raw}</v>", "none": raw}[form]
        blocks.append(f"{number}\n{stamp(at, subrip)} --> {stamp(at + lasts, subrip)}\n{raw}\n")
        expected.append((str(number), " ".join(spoken), (at / 1000, (at + lasts) / 1000)))
        at += lasts
    file = tmp_path_factory.mktemp("drawn") / ("a.srt" if subrip else "a.vtt")
    file.write_text(("" if subrip else "WEBVTT\n\n") + "\n".join(blocks), "utf-8")
    document = subtitles.read(file)
    assert cues(document) == expected
    lines = document.text.splitlines()
    changes = [a for a, b in zip(said, [None, *said], strict=False) if b is None or a[0] != b[0]]
    assert len(lines) == (len(said) if form == "none" else len(changes))
    assert [place.label for place in document.places if place.kind == "turn"] == (
        [] if form == "none" else [speaker for speaker, _, _ in changes]
    )
    for place in document.places:
        if place.kind == "turn":
            assert document.text[place.start : place.end] in lines
            assert document.text.startswith(f"{place.label}: ", place.start)


@pytest.mark.slow
def test_mutated_files_are_read_or_refused(tmp_path):
    draw = random.Random(24)
    for _ in range(600):
        data = bytearray(draw.choice([ZOOM, TEAMS, TEAMS_AS_IT_WAS]).encode())
        for _ in range(draw.randint(1, 12)):
            at = draw.randrange(len(data))
            what = draw.randrange(4)
            if what == 0:
                data[at] = draw.randrange(256)
            elif what == 1:
                del data[at : at + draw.randint(1, 40)]
            elif what == 2:
                data[at:at] = data[draw.randrange(len(data)) :][: draw.randint(1, 60)]
            else:
                data[at:at] = draw.choice([b"-->", b"<v ", b"&#0;", b"\n\n", b"\r", b"99:99:99", b"\xf0\x9f\x98\x80"])
            if not data:
                data += b"x"
        file = tmp_path / "a.vtt"
        file.write_bytes(bytes(data))
        try:
            document = subtitles.read(file)
        except StudyError:
            continue
        for kind in ("turn", "cue"):
            at = 0
            for place in (p for p in document.places if p.kind == kind):
                assert at <= place.start < place.end <= len(document.text)
                assert place.time[0] <= place.time[1]
                at = place.end
