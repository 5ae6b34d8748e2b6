"""The questions that people put are answered: how many of them well, and none falsely."""

from __future__ import annotations

import pytest
from judging import described, judged, table

WELL = {
    "dart": 160, "template": 37, "yiliao": 85, "cycling": 94, "dart-2": 70, "yiliao-2": 33, "cycling-2": 26,
    "dart-3": 117, "yiliao-3": 73, "cycling-3": 78, "dart-4": 91, "yiliao-4": 58, "cycling-4": 100, "template-2": 9,
    "dart-5": 23, "yiliao-5": 19, "cycling-5": 23, "dart-6": 15, "yiliao-6": 16, "cycling-6": 31, "dart-7": 33,
    "yiliao-7": 47, "cycling-7": 54, "template-3": 4, "dart-8": 21, "yiliao-8": 47, "cycling-8": 32, "dart-9": 19,
    "yiliao-9": 29, "cycling-9": 35, "dart-10": 20, "yiliao-10": 24, "cycling-10": 27, "dart-11": 110, "dart-12": 32,
    "yiliao-11": 26, "cycling-11": 26, "aside-11": 22, "repair-11": 40, "textbooks-11": 39, "libraries-11": 40,
    "yiliao-12": 24, "dart-13": 19, "yiliao-13": 16, "cycling-13": 20, "handover-13": 30, "gardens-13": 74,
    "choirs-13": 32, "fenlei-13": 59,
    "brigades-13": 37, "shitang-13": 22, "bees-14": 30, "maintainers-14": 31, "jianshen-14": 32,
    "buses-14": 31, "huzhu-14": 29, "walking-14": 31, "shuwu-14": 28,
    "retrofit-14": 25,
    "guangai-14": 24,
    "museums-15": 20, "laoda-15": 23, "dianti-15": 28, "nightwards-15": 26, "xunyu-15": 23,
}  # fmt: skip
"""How many questions of each file are answered well, at least."""
FALSE = {
    "jianshen-14": 1, "walking-14": 1, "retrofit-14": 2, "museums-15": 3, "laoda-15": 1, "dianti-15": 3,
    "nightwards-15": 2, "xunyu-15": 1,
}  # fmt: skip
"""How many are answered falsely by the rules of the judgement, at most; none of the other files."""


@pytest.mark.parametrize("name", WELL)
def test_questions_that_people_put_are_answered_well_and_hardly_any_falsely(name):
    judgements = judged(name)
    false = [described(one) for one in judgements if one.grade == "false"]
    assert len(false) <= FALSE.get(name, 0), "\n\n".join(false)
    crashed = [described(one) for one in judgements if isinstance(one.told, str) and one.told.startswith("crashed")]
    assert not crashed, "\n\n".join(crashed)
    assert sum(one.grade == "well" for one in judgements) >= WELL[name], table(judgements)
