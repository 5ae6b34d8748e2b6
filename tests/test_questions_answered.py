"""The questions that people put are answered: how many of them well, and none falsely."""

from __future__ import annotations

import pytest
from judging import described, judged, table

WELL = {
    "dart": 160, "template": 37, "yiliao": 84, "cycling": 94, "dart-2": 70, "yiliao-2": 33, "cycling-2": 26,
    "dart-3": 117, "yiliao-3": 72, "cycling-3": 75, "dart-4": 91, "yiliao-4": 58, "cycling-4": 99, "template-2": 9,
    "dart-5": 22, "yiliao-5": 18, "cycling-5": 22, "dart-6": 15, "yiliao-6": 15, "cycling-6": 32, "dart-7": 28,
    "yiliao-7": 44, "cycling-7": 52, "template-3": 4, "dart-8": 20,
    "yiliao-8": 46, "cycling-8": 31,
}  # fmt: skip
"""How many questions of each file are answered well, at least."""


@pytest.mark.parametrize("name", WELL)
def test_questions_that_people_put_are_answered_well_and_none_falsely(name):
    judgements = judged(name)
    false = [described(one) for one in judgements if one.grade == "false"]
    assert not false, "\n\n".join(false)
    crashed = [described(one) for one in judgements if isinstance(one.told, str) and one.told.startswith("crashed")]
    assert not crashed, "\n\n".join(crashed)
    assert sum(one.grade == "well" for one in judgements) >= WELL[name], table(judgements)
