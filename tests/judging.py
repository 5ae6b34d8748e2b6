"""Judge the answers to the questions in ``tests/questions``: well, partly, bad or false, each with reasons.

What a grade means:

* **well**: the claims are the expected ones (beside them only such as the limits leave without a line), and stance, limits, names and words are there. Where nothing is claimed, the
  headline says so. What is no question ("hello") is answered well by the nearest things, or by no claims.
* **partly**: no answer but the nearest things; or some of the expected claims, or these among others; or the right claims
  without something that was asked for, where a missing limit is told among the words that were left out; or some of the
  names and words where claims are not asked.
* **false**: something stands in headline or reading that must never; or the headline says that the theory claims nothing
  where it does; or claims are given as an answer where the theory has none, with no word left out.
* **bad**: all else, as refusals, and answers of another stance.

Usage, in ``tests/``: ``python -m judging dart yiliao -v`` (all files worked with when none is named; ``--json`` for programs).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import sys
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import kg
from kg import render
from kg.claims import STANCES
from kg.errors import KGError
from kg.paths import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.answer import Answer

HERE = Path(__file__).parent
GRADES = ("well", "partly", "bad", "false")
WORKED_WITH = ("dart", "template", "yiliao", "cycling")
"""The files of questions that may be looked at while building; the others are kept aside."""
_NOTHING = re.compile(
    r"\bclaims? nothing\b|\bno claims?\b(?! is)|\bno (?:proposition|statement)s?\b|\bnothing is claimed\b"
    r"|没有(?:任何|提出(?:任何)?)?(?:主张|命题)|未提出(?:任何)?主张"
)
"""How a headline says that the theory claims nothing."""
_OTHERWISE = re.compile(r"\bdoes not say so\b|\bnothing joins\b|没有这样说|没有什么直接连接", re.IGNORECASE)
"""How a headline says that the theory claims something else."""
_WITH_SOME = re.compile(r"; [^;]* with some, none of it in support|;另有[^;]*有证据而没有支持")
"""What is told besides of claims that have evidence, where it is asked which have none."""
_LISTS = {
    "case": "cases", "stage": "stages", "source": "sources", "role": "roles", "reference": "references",
    "author": "authors", "coder": "coders", "strength": "strengths",
}  # fmt: skip
"""The fields of limits that list values, by facet."""


def study_of(name: str) -> Path:
    """Return the folder of the study that a file of questions is about.

    Args:
        name: the file's name without its suffix, such as ``dart-aside`` or ``dart-2``: the study, and which questions.
    """
    name, _, _ = name.partition("-")
    own = HERE / "studies" / name
    return own if own.is_dir() else shipped("seeds") / name


def fold(text: str) -> str:
    """Return a text as it is compared: compatibility form, no case, single spaces, none between Chinese characters."""
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return re.sub(r"(?<=[\u2e80-\u9fff\uff00-\uffef]) | (?=[\u2e80-\u9fff\uff00-\uffef])", "", text)


def stands(words: str, text: str) -> bool:
    """Say whether words stand in a text, whole words only where letters or digits are at their ends.

    Args:
        words: what is looked for.
        text: where.

    Example:
        >>> stands("Yes", "eyes are here"), stands("3", "13 support"), stands("伤肾", "听说药伤\\n肾")
        (False, False, True)
    """
    words = fold(words)
    begin = r"(?<![0-9])(?<![0-9][.,])" if words[0].isdigit() else r"(?<![a-z])" if words[0].isascii() else ""
    end = r"(?![0-9])(?![.,][0-9])" if words[-1].isdigit() else r"(?![a-z0-9])" if words[-1].isascii() else ""
    return re.search(begin + re.escape(words) + end, fold(text)) is not None


def denies(headline: str) -> bool:
    """Say whether a headline says that the theory claims nothing."""
    return _NOTHING.search(fold(headline)) is not None


@dataclass(frozen=True)
class Told:
    """What an answer tells, as far as it is judged: the one place that reads an :class:`kg.answer.Answer`.

    Args:
        operation: what the question was read as.
        reading: how it was read, in a line.
        headline: the verdict.
        claims: ids of the claims, in order.
        stance: supports, opposes, qualifies or None.
        limits: values by facet; ``not`` has the values that are excluded.
        left_out: the words that were not understood.
        is_nearest: whether it is no answer but the nearest things.
        about: ids of what it is about.
        empty: ids of the claims on which no line of the stance bears, under the limits.
        on_topic: ids of the claims whose subject or object is what it is about.
        names: ids of all records that it names.
        numbers: the text in which a small number must stand: headline, reading, notes, for comparisons also the counts.
        text: makes the whole answer as printed.
    """

    operation: str
    reading: str
    headline: str
    claims: tuple[str, ...]
    stance: str | None = None
    limits: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    is_nearest: bool = False
    about: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    on_topic: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: str = ""
    text: Callable[[], str] = field(default=str, repr=False, compare=False)


def limits_of(answer: Answer) -> dict[str, frozenset[Any]]:
    """Return what the evidence of an answer is limited to, by facet, without those that limit nothing."""
    limits = answer.limits
    values = {facet: frozenset(getattr(limits, name)) for facet, name in _LISTS.items()}
    values |= {name: frozenset(filter(None, [getattr(limits, name)])) for name in ("since", "until")}
    values["not"] = frozenset(value for _, value in limits.without)
    return {facet: some for facet, some in values.items() if some}


def told(answer: Answer, study: StudyAsked) -> Told:
    """Return what an answer tells.

    Args:
        answer: the answer.
        study: the study that was asked.
    """
    lines = [line for claim in answer.claims for line in (claim.of(answer.stance) if answer.stance else claim.lines)]
    disputes = [dispute for claim in answer.claims for dispute in claim.disputes]
    lines += [dispute.line for dispute in disputes]
    passages = [passage for line in lines for passage in line.passages] + list(answer.passages)
    stated = [passage for claim in answer.claims for passage in claim.assertions]
    names = {one.id for one in (*answer.about, *answer.named)} | {line.id for line in lines}
    names |= {line.coder for line in lines} | {reading.coder for _, readings in disputes for reading in readings}
    for passage in (*passages, *stated):
        names |= {passage.source, *passage.references, *passage.codes, *filter(None, [passage.case])}
    names |= {row["search"] for row in answer.searches} | {row["question"] for row in answer.questions}
    names |= {row["value"] for row in answer.definition}
    names |= study.named_in(answer.headline)
    notes = [one.note for one in answer.named] + [row["value"] for row in answer.definition]
    stances = (answer.stance,) if answer.stance else STANCES
    about = {term.id for term in answer.about}
    empty = [claim.id for claim in answer.claims if not any(claim.tally[stance] for stance in stances)]
    counts = [n for claim in answer.claims for n in claim.tally.values()]
    counts += [n for claim in answer.claims for by in claim.by_case.values() for n in by.values()]
    compared = counts if answer.operation == "compare" else []
    return Told(
        operation=answer.operation,
        reading=answer.reading,
        headline=answer.headline,
        claims=tuple(claim.id for claim in answer.claims),
        stance=answer.stance,
        limits=limits_of(answer),
        left_out=tuple(answer.left_out),
        is_nearest=answer.is_nearest,
        about=frozenset(about),
        empty=frozenset(empty),
        on_topic=frozenset(claim.id for claim in answer.claims if about & {claim.subject, claim.object}),
        names=frozenset(names),
        numbers="\n".join([answer.headline, answer.reading, *map(str, notes), *map(str, compared)]),
        text=lambda: study.printed(answer),
    )


class Known(NamedTuple):
    """What must be known of a study to judge limits.

    Args:
        cases: ids of its cases, each with the ids of its sources.
        concepts: ids and labels of its concepts.
    """

    cases: Mapping[str, frozenset[str]]
    concepts: frozenset[str] = frozenset()


class StudyAsked:
    """A study that questions are put to, opened once.

    Args:
        folder: its folder.
    """

    def __init__(self, folder: Path) -> None:
        self.graph = kg.open(folder)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """Return kind, id and labels of every record."""
        return self.graph.query("records").dicts()

    @cached_property
    def known(self) -> Known:
        """Return what must be known of it to judge limits."""
        sources: dict[str, set[str]] = {row["id"]: set() for row in self.records if row["kind"] == "case"}
        for row in self.graph.query("sources").dicts():
            if row["case"]:
                sources[row["case"]].add(row["source"])
        concepts = [row[key] for row in self.records if row["kind"] == "concept" for key in ("id", "label", "label_zh")]
        return Known({case: frozenset(some) for case, some in sources.items()}, frozenset(filter(None, concepts)))

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        """Return folded ids and labels of the records, each after the record's id."""
        rows = [row for row in self.records if row["kind"] != "proposition"]
        return [(row["id"], fold(row[key])) for row in rows for key in ("id", "label", "label_zh") if row[key]]

    def named_in(self, headline: str) -> set[str]:
        """Return the ids of the records whose id or label stands in a headline."""
        folded = fold(headline)
        return {key for key, name in self._names if name in folded and stands(name, folded)}

    def printed(self, answer: Answer) -> str:
        """Return the whole answer as ``kg ask --all`` prints it on a terminal of 200 columns."""
        column = "label_zh" if answer.language == "zh" else "label"
        names = {(row["kind"], row["id"]): row[column] or row["label"] for row in self.records}
        narrow, out = render.console, io.StringIO()

        def console(*, error: bool = False) -> render.Console:
            wide = narrow(error=error)
            wide.width = 200
            return wide

        render.console = console
        try:
            with contextlib.redirect_stdout(out):
                render.answer(answer, names, limit=0)
        finally:
            render.console = narrow
        return out.getvalue()

    def ask(self, question: str) -> Told | str:
        """Return what the answer to a question tells, or why there is none."""
        try:
            return told(self.graph.ask(question), self)
        except KGError as e:
            return f"refused: {str(e).splitlines()[0]}"
        except Exception as e:  # a crash is judged, too
            return f"crashed: {type(e).__name__}: {e}"


@dataclass(frozen=True)
class Judgement:
    """The judgement of one answer.

    Args:
        file: name of the file of questions.
        line: number of its line, from 1.
        asked: the question with what is expected.
        told: what came, or why nothing came.
        grade: one of :data:`GRADES`.
        reasons: what is not as expected.
    """

    file: str
    line: int
    asked: dict[str, Any]
    told: Told | str
    grade: str
    reasons: tuple[str, ...]


def unlimited(asked: dict[str, Any], it: Told, study: Known) -> list[str]:
    """Say which limits are missing, and which are there that nobody asked for.

    Limits may be said in several ways. ``literature`` is a role, or evidence of no case, or all cases excluded. A case is all
    of its sources. What a comparison or a summary is about counts as its limit; where claims are not asked, so does what any
    answer is about, and more limits do no harm. A concept that is excluded, and a list that several limits at once choose,
    are judged by the claims.

    Args:
        asked: the question with what is expected.
        it: what the answer tells.
        study: what is known of the study.
    """
    expected: dict[str, set[Any]] = {}
    for name, value in asked["limits"].items():
        for one in value if isinstance(value, list) else [value]:
            facet = {"cases": "case"}.get(name, name)
            expected.setdefault("literature" if one == "literature" and facet == "source" else facet, set()).add(one)
    expected["not"] = expected.get("not", set()) - study.concepts
    if asked["operation"] in ("list", "drives", "missing") and asked["claims"]:
        several = len(expected.get("case", ())) > 1 or expected["not"] or "strength" in expected
        if several and set(it.claims) == set(asked["claims"]):
            return []
    given = {facet: set(values) for facet, values in it.limits.items()}
    if sources := given.get("source"):
        # A source stands for its case where no other source has that case.
        given.setdefault("case", {case for case, own in study.cases.items() if own and own <= sources})
    every, without = set(study.cases), given.get("not", set())
    literature = any("literature" in given.get(facet, ()) for facet in ("role", "case", "source"))
    literature = literature or (bool(every) and every <= without)
    cases_only = (
        "literature" in without or (bool(every) and given.get("case") == every) or given.get("role") == {"case"}
    )
    by_topic = asked["operation"] in ("compare", "summary") or asked["claims"] is None

    def kept(facet: str, values: set[Any]) -> bool:
        have = given.get(facet, set()) - {"literature"}
        if facet == "literature":
            return literature
        if facet == "not":
            allowed = {"literature"} if cases_only else every if literature else set()
            sources = given.get("source", set())
            return values - without <= allowed or bool(sources and not values & sources and "literature" not in values)
        if facet == "strength" and values == {"moderate"}:
            return have in ({"moderate"}, {"moderate", "strong"})
        if facet == "source" and any(study.cases[case] == values for case in given.get("case", set()) & every):
            return True
        return (
            have == values or (facet == "case" and values == every and cases_only) or (by_topic and values <= it.about)
        )

    faults = [
        f"not limited: {facet}={' '.join(map(str, sorted(values)))}"
        for facet, values in sorted(expected.items())
        if not kept(facet, values)
    ]
    if asked["claims"] is None:
        return faults
    same = {
        "case": {"source"}, "source": {"case"}, "literature": {"role", "case", "source", "not"},
        "not": {"case", "role", "source"}, "reference": {"author", "since", "until"},
    }  # fmt: skip
    wanted = {name for facet in expected if expected[facet] for name in (facet, *same.get(facet, ()))}
    wanted |= {"not"} if "not" in asked["limits"] or expected.get("case") == every else set()
    beyond = [facet for facet in sorted(set(given) - wanted) if given[facet]]
    if asked["operation"] == "compare" and given.get("case") == every:
        # All cases put side by side are those that are compared.
        beyond = [facet for facet in beyond if facet != "case"]
    if by_topic:
        beyond = [facet for facet in beyond if not given[facet] <= it.about | set(asked["names"])]
    return faults + [f"limited, unasked: {facet}={' '.join(map(str, sorted(given[facet])))}" for facet in beyond]


def grade(asked: dict[str, Any], it: Told | str, study: Known) -> tuple[str, tuple[str, ...]]:
    """Grade an answer.

    Args:
        asked: the question with what is expected, as ``tests/questions/README.md`` describes it.
        it: what the answer tells, or why there is none.
        study: what is known of the study.

    Returns:
        One of :data:`GRADES`, and what is not as expected.
    """
    if isinstance(it, str):
        return "bad", (it,)
    said = _WITH_SOME.sub("", f"{it.headline}\n{it.reading}")
    expected, given, nothing = asked["claims"], set(it.claims), denies(it.headline)
    # That no claim has some words, beside the nearest ones, does not say that nothing is claimed.
    never = [n for n in asked["never"] if stands(n, said) or (denies(n) and nothing and not it.is_nearest)]
    false = [f"says: {n}" for n in never]
    if expected and nothing and not it.is_nearest:
        false.append("says that nothing is claimed")
    otherwise = _OTHERWISE.search(it.headline) is not None
    if expected == [] and given and not (it.is_nearest or nothing or otherwise or it.left_out):
        false.append(f"answers with {' '.join(sorted(given))} where nothing is claimed")
    if false:
        return "false", tuple(false)
    wrong: list[str] = []
    idle = asked["operation"] == "other" and not (asked["names"] or asked["says"])
    if it.is_nearest and not idle and expected != []:
        wrong.append("no answer, the nearest")
    if expected == [] and not (nothing and (it.is_nearest or not given)):
        wrong.append("does not say that nothing is claimed")
    if expected:
        if lack := set(expected) - given:
            wrong.append(f"without {' '.join(sorted(lack))}")
        if beyond := given - set(expected) - _spare(asked, it):
            wrong.append(f"beyond: {' '.join(sorted(beyond))}")
    if idle and expected is None and given and not it.is_nearest:
        wrong.append("evidence for what is no question")
    turned = bool(asked["stance"]) and bool(expected) and it.stance != asked["stance"]
    if turned or (expected and it.stance != asked["stance"]):
        wrong.append(f"stance: {it.stance}")
    limits = unlimited(asked, it, study)
    unnamed = [name for name in asked["names"] if name not in it.names]
    unsaid = [words for words in asked["says"] if not stands(words, _place(words, it, asked["operation"]))]
    wrong += [*limits, *(f"does not name {n}" for n in unnamed), *(f"does not say {s}" for s in unsaid)]
    if not wrong:
        return "well", ()
    if it.is_nearest:
        return "partly", tuple(wrong)
    if turned or (limits and not it.left_out):
        return "bad", tuple(wrong)
    if expected:
        some = bool(given & set(expected))
    else:
        some = len(unnamed) + len(unsaid) < len(asked["names"]) + len(asked["says"]) and expected is None
    return "partly" if some else "bad", tuple(wrong)


def _told_apart(headline: str) -> frozenset[str]:
    """Return the claims that a headline tells apart, as those on what stands in the way."""
    _, _, hindering = re.sub("阻碍它的", "hindered by", headline).partition("hindered by")
    return frozenset(re.findall(r"\b[A-Z]\d+\b", hindering))


def _spare(asked: dict[str, Any], it: Told) -> frozenset[str]:
    """Return the claims that may stand beside the expected ones, where claims are not what is listed.

    They are those on which nothing bears under what was asked for, shown for their emptiness, in a comparison the others
    that are about what is compared, and where it is asked what acts those that are told apart as hindering.
    """
    if asked["operation"] == "compare":
        return it.empty | it.on_topic
    apart = _told_apart(it.headline) if asked["operation"] in ("drives", "why", "advice") else frozenset()
    selective = asked["operation"] not in ("list", "missing") and (asked["stance"] or asked["limits"])
    return apart | (it.empty if selective else frozenset())


def _place(words: str, it: Told, operation: str) -> str:
    """Return the text in which words must stand: nearly every small number stands somewhere in a whole answer."""
    counts = words.isdigit() and (operation == "count" or (len(words) < 3 and operation != "where"))
    return it.numbers if counts else it.text()


def questions(name: str) -> list[dict[str, Any]]:
    """Return the questions of a file, with what is expected.

    Args:
        name: its name without the suffix.
    """
    return [json.loads(line) for line in (HERE / "questions" / f"{name}.jsonl").read_text("utf-8").splitlines()]


def judged(name: str) -> list[Judgement]:
    """Put the questions of a file to its study and judge the answers.

    Args:
        name: the file's name without its suffix.
    """
    study = StudyAsked(study_of(name))
    judgements = []
    for number, asked in enumerate(questions(name), 1):
        it = study.ask(asked["question"])
        try:
            given = grade(asked, it, study.known)
        except Exception as e:  # an answer may crash only when it is printed
            it = f"crashed: {type(e).__name__}: {e}"
            given = grade(asked, it, study.known)
        judgements.append(Judgement(name, number, asked, it, *given))
    return judgements


def table(judgements: Iterable[Judgement]) -> str:
    """Return a table of grades by file and operation."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in judgements:
        for operation in (one.asked["operation"], "all"):
            counts.setdefault((one.file, operation), Counter())[one.grade] += 1
    order = sorted(counts, key=lambda key: (key[0], key[1] == "all", key[1]))
    rows = [("file", "operation", *GRADES)]
    rows += [(*key, *(str(counts[key][grade] or "·") for grade in GRADES)) for key in order]
    return "\n".join(f"{a:<12} {b:<12} {c:>5} {d:>6} {e:>4} {f:>5}" for a, b, c, d, e, f in rows)


def _short(text: str, most: int = 220) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def described(one: Judgement) -> str:
    """Return a question that is not answered well: what was expected, what came, and why that is not well."""
    asked = one.asked

    def told_of(values: Mapping[str, Any]) -> list[str]:
        lists = {k: v if isinstance(v, list | frozenset | tuple) else [v] for k, v in values.items() if v}
        return [f"{k}={','.join(map(str, sorted(v)))}" for k, v in lists.items()]

    claims = "any claims" if asked["claims"] is None else " ".join(asked["claims"]) or "nothing claimed"
    expected = [claims, *filter(None, [asked["stance"]]), *told_of(asked["limits"])]
    expected += told_of({key: asked[key] for key in ("names", "says", "never")})
    lines = [
        f"{one.file}:{one.line} {one.grade.upper()} {asked['operation']} “{asked['question']}”",
        f"  expected  {' · '.join(expected)}",
    ]
    if isinstance(one.told, Told):
        it = one.told
        came = ["nearest" if it.is_nearest else it.operation, " ".join(it.claims) or "no claims"]
        came += [*filter(None, [it.stance]), *told_of(it.limits), *told_of({"left out": it.left_out})]
        lines.append(f"  came      {_short(' · '.join(came), 400)}")
        lines += [f"  read      {_short(it.reading)}", f"  says      {_short(it.headline)}"]
    lines += [f"  why       {_short('; '.join(one.reasons), 300)}", f"  good      {_short(asked['good'], 160)}"]
    return "\n".join(lines)


def plain(one: Judgement) -> dict[str, Any]:
    """Return a judgement for a program."""
    values = {k: v for k, v in asdict(one).items() if k != "told"}
    if isinstance(one.told, str):
        return values | {"told": one.told}
    shown = {k: v for k, v in vars(one.told).items() if k not in ("text", "names", "about", "empty", "on_topic")}
    shown["limits"] = {facet: sorted(some) for facet, some in one.told.limits.items()}
    return values | {"told": shown | {"about": sorted(one.told.about)}}


def main() -> None:
    """Judge the answers to files of questions, and print how many are answered how."""
    parser = argparse.ArgumentParser(prog="python -m judging", description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", default=WORKED_WITH, metavar="FILE")
    parser.add_argument("-v", "--verbose", action="store_true", help="show each question that is not answered well")
    parser.add_argument("--json", action="store_true", help="print every judgement as a line of JSON")
    given = parser.parse_args()
    judgements = [one for name in given.files for one in judged(name)]
    if given.json:
        shown = [json.dumps(plain(one), ensure_ascii=False) for one in judgements]
    else:
        poor = [one for one in judgements if one.grade != "well"] if given.verbose else []
        shown = [*(f"{described(one)}\n" for one in poor), table(judgements)]
    sys.stdout.write("".join(f"{part}\n" for part in shown))


if __name__ == "__main__":
    main()
