"""Change small valid files of every format a little, and import them: a moment of what fuzz_imports.py does for hours."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from fuzz_imports import Fuzzed
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st

import seeds

pytestmark = pytest.mark.slow


class Drawn:
    """Choose as hypothesis draws."""

    def __init__(self, draw):
        self._draw = draw

    def integer(self, low, high):
        return self._draw(st.integers(low, high))

    def pick(self, options):
        return options[self.integer(0, len(options) - 1)]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """Make each file, and the study of it, once."""
    made = {}

    def one(form):
        if form not in made:
            made[form] = Fuzzed(form, tmp_path_factory.mktemp("seed"))
        return made[form]

    return one


@pytest.mark.parametrize("form", seeds.SEEDS)
def test_a_changed_file_gives_a_study_that_loads_or_is_refused(fuzzed, form):
    one = fuzzed(form)

    @settings(max_examples=examples(30))
    @given(st.data())
    def run(data):
        with tempfile.TemporaryDirectory() as folder:
            one.run(Drawn(data.draw), Path(folder))

    run()
