"""Four times the input takes about four times as long, not sixteen, whatever grows."""

from __future__ import annotations

import datetime
import time

import pytest
import sizes

from kg import importing
from kg.errors import SHOWN, StudyError, listing
from kg.loaders import study as loader
from kg.loaders.imports import Options
from kg.store import build

pytestmark = pytest.mark.slow
MOST = 8.5
"""How many times as long four times as much may take: twice as far from the square as from the line, by ratio."""


def imported(path, into):
    """Return how long it takes to import a file, in seconds of the processor."""
    texts = importing.texts(path.parent / "texts") if (path.parent / "texts").is_dir() else {}
    began = time.process_time()
    importing.import_file(path, into, Options({}, texts), datetime.date(2026, 1, 1))
    return time.process_time() - began


def taken(folder):
    """Return how long it takes to build a study or to say what is wrong with it, in seconds of the processor."""
    began = time.process_time()
    try:
        build.build(folder)
    except StudyError as e:
        listing(e.findings)
    return time.process_time() - began


def assert_linear(measured, number):
    """Compare two sizes, again when a machine may have been busy otherwise."""
    measured("first", 10)  # imports what is imported once
    ratios = []
    while len(ratios) < 3 and min(ratios, default=MOST) >= MOST:
        small, large = (measured(f"{len(ratios)}-{size}", size) for size in (number, 4 * number))
        ratios.append(large / small)
    assert min(ratios) < MOST, ratios


@pytest.mark.parametrize("name", sizes.STUDIES)
def test_a_study_four_times_as_large_takes_about_four_times_as_long(name, tmp_path):
    make, number = sizes.STUDIES[name]
    assert_linear(lambda place, size: taken(make(tmp_path / place, size)), number)


@pytest.mark.parametrize("name", sizes.IMPORTS)
def test_a_file_four_times_as_large_is_imported_in_about_four_times_as_long(name, tmp_path):
    make, number = sizes.IMPORTS[name]
    assert_linear(lambda place, size: imported(make(tmp_path / place, size), tmp_path / place / "study"), number)


def test_a_circle_of_codes_is_one_finding_whatever_its_length(tmp_path):
    with pytest.raises(StudyError) as caught:
        loader.load(sizes.codes_in_a_circle(tmp_path / "study", 3000))
    (finding,) = caught.value.findings
    assert finding.message.startswith("broader leads in a circle: c0 -> c1 ->")
    assert len(finding.message) < 200


def test_of_one_rule_the_first_findings_are_shown_and_the_others_counted(tmp_path):
    with pytest.raises(StudyError) as caught:
        loader.load(sizes.keys_that_are_unknown(tmp_path / "study", 1000))
    assert len(caught.value.findings) == 1000
    text = str(caught.value)
    assert text.count("[unknown-key]\n    ") == SHOWN
    assert text.endswith(f"and {1000 - SHOWN} more [unknown-key]")
