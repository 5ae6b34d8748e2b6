"""The checklist COREQ for reports of interviews and focus groups, filled where a study knows the answer.

The 32 items are those of A. Tong, P. Sainsbury and J. Craig, "Consolidated criteria for reporting qualitative research
(COREQ)", Int. J. Qual. Health Care 19 (2007) 349-357, https://doi.org/10.1093/intqhc/mzm042, in our words.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg import bearing, numbers, query
from kg.query import Table
from kg.reports.report import Report
from kg.reports.saturation import by_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.entries import StudyFile
    from kg.store.tables import Tables

TEAM, DESIGN, FINDINGS = "Research team and reflexivity", "Study design", "Analysis and findings"
TOPICS: tuple[tuple[str, str, str], ...] = (
    (TEAM, "Interviewer", "Who held the interviews or led the groups?"),
    (TEAM, "Credentials", "Which degrees have the researchers?"),
    (TEAM, "Occupation", "What was their occupation at the time?"),
    (TEAM, "Gender", "Which gender are they?"),
    (TEAM, "Experience and training", "What experience or training do they have?"),
    (TEAM, "Relationship before the study", "Was there a relationship with the participants before it began?"),
    (TEAM, "What participants knew", "What did the participants know of the researcher and of why it is done?"),
    (TEAM, "Interviewer's characteristics", "What is told of the interviewer: bias, assumptions, interests?"),
    (DESIGN, "Methodological orientation", "Which methodology underpins the study?"),
    (DESIGN, "Sampling", "How were participants selected?"),
    (DESIGN, "Method of approach", "How were they approached?"),
    (DESIGN, "Sample size", "How many took part?"),
    (DESIGN, "Non-participation", "How many refused or dropped out, and why?"),
    (DESIGN, "Setting of the collection", "Where were the data collected?"),
    (DESIGN, "Presence of others", "Was anybody else present?"),
    (DESIGN, "Description of the sample", "What is the sample like?"),
    (DESIGN, "Interview guide", "Were questions or a guide provided, and tried before?"),
    (DESIGN, "Repeat interviews", "Were interviews repeated, and how many?"),
    (DESIGN, "Recording", "Was sound or picture recorded?"),
    (DESIGN, "Field notes", "Were field notes made?"),
    (DESIGN, "Duration", "How long did the interviews take?"),
    (DESIGN, "Saturation", "Was saturation discussed?"),
    (DESIGN, "Transcripts returned", "Were transcripts returned to participants?"),
    (FINDINGS, "Number of coders", "How many coded the data?"),
    (FINDINGS, "Coding tree", "Is the coding tree described?"),
    (FINDINGS, "Derivation of themes", "Were themes set in advance, or derived from the data?"),
    (FINDINGS, "Software", "Which software managed the data?"),
    (FINDINGS, "Participant checking", "Did participants comment on the findings?"),
    (FINDINGS, "Quotations", "Are findings illustrated by quotations, each identified?"),
    (FINDINGS, "Consistency", "Do data and findings agree?"),
    (FINDINGS, "Major themes", "Are major themes presented clearly?"),
    (FINDINGS, "Minor themes", "Are diverse cases and minor themes described?"),
)
"""Domain, topic and question of every item, in their order; the first has number 1."""


class Item(NamedTuple):
    """An item of the checklist.

    Args:
        number: from 1 to 32.
        domain: one of the three domains.
        topic: what it is about.
        question: what is asked.
        answer: what is told; empty where nothing is.
        told_by: ``study.yaml`` where a person wrote it, ``graph`` where it was counted; empty where nothing is told.
    """

    number: int
    domain: str
    topic: str
    question: str
    answer: str
    told_by: str


def checklist(tables: Tables, folder: Path) -> Report:
    """Fill the checklist COREQ where the study knows the answer, and name what is not told.

    Args:
        tables: the tables of a build.
        folder: the study's folder.

    Raises:
        StudyError: when its study.yaml cannot be read.
    """
    from kg.loaders import theory

    listing = theory.listing(folder)
    new_codes = [row["new codes"] for row in by_unit(tables, listing).table.dicts()]
    filled = items(tables, listing, new_codes)
    rows = [(i.number, i.domain, i.topic, i.question, i.answer or "not told", i.told_by) for i in filled]
    gaps = [str(item.number) for item in filled if not item.answer]
    notes = (
        "COREQ: Tong, Sainsbury & Craig 2007, https://doi.org/10.1093/intqhc/mzm042, in our words",
        "answers of a person stand in study.yaml, under coreq, by the number of the item; others were counted",
        *((f"not told: {', '.join(gaps)}",) if gaps else ()),
    )
    columns = ("item", "domain", "topic", "question", "answer", "told by")
    return Report("coreq", "COREQ checklist", notes, Table(columns, rows), ("item", "topic", "answer"))


def items(tables: Tables, listing: StudyFile, new_codes: Sequence[int]) -> list[Item]:
    """Fill the checklist: what study.yaml says under ``coreq`` comes before what the graph knows.

    Args:
        tables: the tables of the build.
        listing: the study's study.yaml.
        new_codes: how many codes each further coded source added.
    """
    known = dict(_known(tables, listing, new_codes))
    items = []
    for number, (domain, topic, question) in enumerate(TOPICS, 1):
        written, counted = listing.coreq.get(str(number), ""), known.get(number, "")
        answer = "; ".join(filter(None, (written, counted)))
        items.append(
            Item(number, domain, topic, question, answer, "study.yaml" if written else "graph" if counted else "")
        )
    return items


def _known(tables: Tables, listing: StudyFile, new_codes: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Give what a study knows of an item, with its number."""
    sources = [row for row in query.run(tables, "sources").dicts() if row["role"] != "theory"]
    roles = Counter[str]()
    recorded = 0
    for places, speakers in tables.sql("SELECT places, speakers FROM source_document"):
        roles.update(json.loads(speakers or "{}").values())
        recorded += any(place.get("kind") == "time" for place in json.loads(places or "[]") if isinstance(place, dict))
    if interviewers := roles["interviewer"]:
        yield 1, f"{numbers.number(interviewers, 'interviewer label')} in the transcripts"
    if listing.method:
        yield 9, listing.method
    cases = [row for row in query.run(tables, "records").dicts() if row["kind"] == "case"]
    size = [numbers.number(len(cases), "case"), numbers.number(len(sources), "source")]
    if participants := roles["participant"]:
        size.insert(0, numbers.number(participants, "participant label"))
    yield 12, ", ".join(size)
    attributes = query.run(tables, "attributes").dicts()
    if described := _each(row["label"] for row in attributes if row["record"]):
        yield 16, f"by attributes: {described}"
    if recorded:
        yield 19, f"{numbers.number(recorded, 'source')} with times of a recording"
    codings = query.run(tables, "codings").dicts()
    if len(new_codes) > 1:
        added = numbers.number(new_codes[-1], "code")
        yield 22, f"the last of {len(new_codes)} coded sources added {added}; see the report on saturation"
    coders = {row["coder"]: row for row in query.run(tables, "coders").dicts()}
    coded = Counter(row["coder"] for row in codings)
    who = ", ".join(f"{coders[coder]['name']} ({coders[coder]['kind']})" for coder in sorted(coded))
    yield 24, f"{numbers.number(len(coded), 'coder')}: {who}" if coded else ""
    codes = query.run(tables, "codebook").dicts()
    levels = Counter(row["level"] for row in codes)
    defined = sum(bool(row["definition"]) for row in codes)
    told = ", ".join(f"{number} {level}" for level, number in sorted(levels.items()))
    yield (
        25,
        f"{numbers.number(len(codes), 'code')} ({told}), {defined} with a definition; see the codebook"
        if codes
        else "",
    )
    yield 27, "dart-kg; every quote was checked against its source"
    propositions = bearing.load(tables, query.run(tables, "claims"), bearing.of(tables))
    quoted = {p.id for claim in propositions for p in claim.quotes()}
    yield 29, f"{numbers.number(len(quoted), 'quote')}, each with its source and place" if quoted else ""
    states = Counter(claim.state for claim in propositions)
    stood = "; ".join(f"{number} {state}" for state, number in sorted(states.items()))
    yield 30, f"of {numbers.number(len(propositions), 'claim')}: {stood}" if propositions else ""
    opposed = [claim.id for claim in propositions if claim.tally["opposes"] or claim.tally["qualifies"]]
    yield 32, f"evidence against or qualifying: {', '.join(opposed)}" if opposed else ""


def _each(labels: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(labels))
