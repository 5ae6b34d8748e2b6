"""Texts are measured and broken without a font, and the marks of all pictures stand in one place."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import claims
from kg.picture import marks, typeset

TEXTS = st.text(
    st.sampled_from("ab .,-()ÄéЖ透明性，。（）《》“”…ﬁ́🙂\u202e\t\n") | st.characters(codec="utf-8"), max_size=80
)


@settings(max_examples=examples(200))
@given(text=TEXTS, room=st.floats(1, 400), size=st.sampled_from([12, 13.5, 20]), most=st.integers(1, 4))
def test_lines_fit_and_hold_the_text_or_end_in_an_ellipsis(text, room, size, most):
    lines = typeset.lines(text, room, size, most)
    assert len(lines) <= most
    assert all(typeset.width(line, size) <= room + 1e-6 or len(line) == 1 for line in lines)
    whole, shown = "".join(text.split()), "".join("".join(lines).split())
    assert shown == whole or (len(lines) == most and (shown.endswith("…") or typeset.width("…", size) > room))
    assert whole.startswith(shown.removesuffix("…"))


@settings(max_examples=examples(100))
@given(chunks=st.lists(st.sampled_from(["透", "明，", "（性）", "《性》。", "“透”；"]), max_size=20))
def test_no_line_of_chinese_begins_with_what_closes_or_ends_in_what_opens(chunks):
    # Five characters fit, and nothing that may not be broken is longer than four.
    lines = typeset.lines("".join(chunks), 65, 13, 99)
    assert "".join(lines) == "".join(chunks)
    assert all(line[0] not in "）》，。；”" and line[-1] not in "（《“" for line in lines)


def test_long_names_are_broken_at_blanks_and_after_hyphens():
    assert typeset.lines("enterprise-driven participation", 130, 14, 2, weight=600) == [
        "enterprise-driven",
        "participation",
    ]
    assert typeset.lines("customer-driven participation", 85, 14, 3) == ["customer-", "driven", "participation"]
    assert typeset.lines("", 100, 14, 2) == typeset.lines(" \n ", 100, 14, 2) == []


def test_no_chinese_line_begins_with_a_comma():
    assert typeset.lines("价值共创，透明", 56, 14, 3) == ["价值共", "创，透明"]


@pytest.mark.parametrize("state", claims.STATES)
def test_every_state_has_a_sign_in_named_colours_that_stays_small(state):
    for part in marks.STATES[state]:
        assert part.fill or (part.stroke and part.width)
        for palette in marks.PALETTES.values():
            assert {part.fill, part.stroke} - {None} <= set(palette)
        assert all(abs(float(n)) <= 11 for n in re.findall(r"-?[\d.]+", part.path))
    assert marks.COLOURS.get(state, marks.NONE) in marks.PALETTES["light"]


@given(st.dictionaries(st.sampled_from(claims.STANCES), st.integers(0, 10_000)))
def test_strands_lie_side_by_side_about_their_middle(witnesses):
    placed = marks.strands(witnesses)
    assert [s.stance for s in placed] == [s for s in marks.ORDER if witnesses.get(s)] or placed[0].stance == marks.NONE
    for upper, lower in pairwise(placed):
        assert upper.offset + upper.width / 2 < lower.offset - lower.width / 2
    top, bottom = placed[0].offset - placed[0].width / 2, placed[-1].offset + placed[-1].width / 2
    assert abs(top + bottom) < 0.1
    assert bottom - top <= 20
    assert marks.heaviest(witnesses) in {s.stance for s in placed}


def test_more_witnesses_make_a_wider_strand_and_the_strongest_evidence_most_bars():
    widths = [marks.strand_width(n) for n in range(50)]
    assert widths == sorted(set(widths))
    full = {s: sum(p.fill == "opposes" for p in marks.bars(s, "opposes")) for s in claims.STRENGTHS}
    assert full == {"strong": 3, "moderate": 2, "weak": 1}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", marks.PALETTES)
def test_the_colours_of_files_have_the_contrast_that_text_and_lines_need(theme):
    palette = marks.PALETTES[theme]
    for ground in ("paper", "card", "band", "concept"):
        for text in ("ink", "soft", "accent", *claims.STANCES):
            assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
        for line in ("frame", "none"):
            assert contrast(palette[line], palette[ground]) >= 3, (line, ground)
    for stance in claims.STANCES:
        assert contrast(palette[stance], palette[f"{stance}-tint"]) >= 4.5
