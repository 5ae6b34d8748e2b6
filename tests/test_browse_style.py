"""How the pages look, as far as it can be computed: contrasts, and what a first visit weighs."""

from __future__ import annotations

import re

import pytest

from kg.browse import html

STYLE = (html.assets() / "style.css").read_text("utf-8")
GROUNDS = ("paper", "card", "band")
"""What words stand on."""
TINTS = {stance: f"{stance}-tint" for stance in ("supports", "opposes", "qualifies")}


def colours(theme):
    """Return the colours of a theme by name, as the style sheet gives them."""
    root = re.search(r":root \{(.*?)\}", STYLE, re.DOTALL)[1]
    both = dict(re.findall(r"--([\w-]+): (light-dark\([^)]*\)|#\w+);", root))
    return {name: re.findall(r"#\w+", value)[-1 if theme == "dark" else 0] for name, value in both.items()}


def luminance(colour):
    """Return the relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Return the contrast of two colours, from 1 to 21."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_computed_as_the_standard_has_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_is_read_on_what_it_stands_on(theme):
    of = colours(theme)
    pairs = [(word, ground) for word in ("ink", "soft", "accent", *TINTS) for ground in GROUNDS]
    pairs += [("ink", ground) for ground in (*TINTS.values(), "concept", "mark", "over", "picked")]
    pairs += [("soft", ground) for ground in (*TINTS.values(), "concept")]
    pairs += [(stance, tint) for stance in TINTS for tint in TINTS.values()]  # a cell of a table may have all of them
    pairs += [("accent", ground) for ground in (*TINTS.values(), "concept")]
    pairs += [("card", "accent")]  # of a button
    poor = {pair: round(contrast(of[pair[0]], of[pair[1]]), 2) for pair in pairs}
    assert {pair: found for pair, found in poor.items() if found < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_line_is_seen_on_what_it_stands_on(theme):
    of = colours(theme)
    lines = ("frame", "none", "accent", *TINTS, *(f"case-{n}" for n in range(1, 5)))
    poor = {(line, ground): round(contrast(of[line], of[ground]), 2) for line in lines for ground in ("paper", "card")}
    assert {pair: found for pair, found in poor.items() if found < 3} == {}
