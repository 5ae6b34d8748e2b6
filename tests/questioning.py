"""Questions that are put to the studies of the tests, each of which is opened once."""

from __future__ import annotations

from functools import cache

from judging import StudyAsked, study_of


@cache
def asked(name):
    """Return the graph of a study, by its name."""
    return StudyAsked(study_of(name)).graph


def ask(name, question):
    """Return the answer of a study to a question."""
    return asked(name).ask(question)
