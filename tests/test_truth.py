"""What an answer says is true: nothing that is claimed is denied, every count is the matrix's, and all who answer agree.

Every claim of every study is asked about in many ways, in both languages, by every name of what it is about.
"""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import quote

import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import WORKED_WITH, StudyAsked, denies, fold, limits_of, questions, study_of

from kg import cli, render
from kg.browse import pages
from kg.browse.parameters import Parameters
from kg.browse.responses import respond
from kg.browse.study import BuiltStudy
from kg.browse.targets import Target
from kg.cjk import has_han
from kg.claims import LITERATURE, SIGNS, STANCES
from kg.errors import KGError

ABOUT = (
    "what supports {x}", "What opposes {x}?", "what qualifies {x}", "is {x} supported", "evidence for {x}",
    "evidence against {x}", "is there any evidence for {x}?", "{x}", "what about {x}?", "which claims are about {x}",
    "who says {x}", "{x} evidence", "什么支持{x}", "谁反对{x}？", "{x}有证据吗", "关于{x}的证据", "哪些命题涉及{x}", "谁说{x}",
)  # fmt: skip
"""Questions about a concept; the answer has every claim whose subject or object it is."""
BESIDE = (
    "what is missing on {x}", "open questions about {x}", "what drives {x}", "what does {x} promote", "what is {x}",
    "in which stage does {x} act", "what does {x} lead to", "{x}会带来什么", "{x}缺少什么", "{x}促进什么", "什么驱动{x}", "{x}在哪个阶段起作用", "什么是{x}",
)  # fmt: skip
"""Questions that may be answered without a claim about the concept, but never by denying that there is one."""
OF_CLAIM = (
    "{id}", "what supports {id}", "is {id} supported?", "what opposes {id}", "who says {id}", "evidence for {id}",
    "who says that {statement}", "is it true that {statement}", "什么支持{id}", "谁反对{id}", "{id}有证据吗",
)  # fmt: skip
RELATED = (
    "what {relation} {object}", "is it true that {subject} {relation} {object}?", "{subject} {relation} {object}",
    "does {subject} {plain} {object}?", "what does {subject} {plain}",
)  # fmt: skip
RELATED_IN_CHINESE = ("什么{relation}{object}", "{subject}{relation}什么", "{subject}{relation}{object}吗")
MIXED = ("{x}", "what supports {x}", "is {x} supported", "什么支持{x}", "{x}有证据吗", "what drives {x}", "{x}促进什么")
"""Questions that are put with names of the other language, too."""
LIMITED = (
    "what supports {x} in {case}", "{x} in {case}", "does {case} support {x}?", "what opposes {x} except {case}",
    "weak evidence for {x} in {case}", "{case}中什么支持{x}", "{case}有什么证据反对{x}",
)  # fmt: skip
"""Questions about a concept in a case, or without it."""
_DENIED = re.compile("claims nothing|nothing is claimed|没有任何主张")


class Claimed(NamedTuple):
    """A claim, with every name of its subject, relation and object that names nothing else."""

    id: str
    statements: tuple[str, ...]
    subject: tuple[str, ...]
    relation: tuple[str, ...]
    object: tuple[str, ...]


@cache
def asked(name):
    return StudyAsked(study_of(name))


@cache
def claimed(name):
    graph = asked(name).graph
    rows = graph.query("labels").dicts()
    means = {}
    for row in rows:
        for label in (row["id"], row["label"]):
            means.setdefault(fold(label), set()).add((row["kind"], row["id"]))

    def names(kind, key):
        labels = dict.fromkeys(row["label"] for row in rows if (row["kind"], row["id"]) == (kind, key))
        return tuple(label for label in labels if len(means[fold(label)]) == 1)

    return [
        Claimed(
            row["claim"],
            tuple(filter(None, (row["statement"], row["statement_zh"]))),
            names("concept", row["subject"]),
            names("relation", row["relation"]),
            names("concept", row["object"]),
        )
        for row in graph.query("claims").dicts()
    ]


def plain(relation):
    """Return the first word of a relation's name without the ending of the third person, as after 'does'."""
    first, _, rest = relation.partition(" ")
    first = {"has": "have", "is": "be", "passes": "pass", "branches": "branch"}.get(first, first.removesuffix("s"))
    return f"{first} {rest}".strip()


def said(frame, **parts):
    """Put names into a frame; what stands in the middle of a Chinese relation goes there."""
    if "…" in parts["relation"]:
        head, tail = parts.pop("relation").split("…")
        after = "什么" if "{relation}什么" in frame else "{object}"
        frame = frame.replace("{relation}" + after, head + after + tail)
        return frame.format(relation=head + tail, **parts)
    return frame.format(**parts)


def of_relation(claim):
    """Yield questions that name the relation of a claim, in the language of its names."""
    for relation in claim.relation:
        chinese = has_han(relation)
        for subject in claim.subject[:3]:
            for object_ in claim.object[:3]:
                if has_han(subject) == has_han(object_) == chinese:
                    for frame in RELATED_IN_CHINESE if chinese else RELATED:
                        parts = {"subject": subject, "object": object_, "relation": relation, "plain": plain(relation)}
                        yield said(frame, **parts)


def expected(name):
    """Return every question with the ids of the claims that its answer has, and whether it may leave them out."""
    wanted = {}
    for claim in claimed(name):
        for term in (*claim.subject, *claim.object):
            for frame in (frame for frame in (*ABOUT, *BESIDE) if frame in MIXED or has_han(frame) == has_han(term)):
                wanted.setdefault((frame.format(x=term), frame in BESIDE), set()).add(claim.id)
        for frame in OF_CLAIM:
            for statement in claim.statements:
                if has_han(statement) == has_han(frame) or "{statement}" not in frame:
                    text = frame.format(id=claim.id, statement=statement.rstrip(".。"))
                    wanted.setdefault((text, False), set()).add(claim.id)
        for text in of_relation(claim):
            wanted.setdefault((text, False), set()).add(claim.id)
    return wanted


@pytest.mark.parametrize("name", WORKED_WITH)
def test_no_question_about_what_is_claimed_is_answered_with_nothing(name):
    graph = asked(name).graph
    untrue = []
    for (question, beside), ids in expected(name).items():
        try:
            answer = graph.ask(question)
        except KGError as e:
            untrue.append(f"{question}: refused: {str(e).splitlines()[0]}")
            continue
        lack = ids - {claim.id for claim in answer.claims}
        if lack and (not beside or _DENIED.search(fold(answer.headline))):
            untrue.append(f"{question}: without {' '.join(sorted(lack))}: {answer.reading} | {answer.headline}")
        elif denies(answer.headline) and not beside:
            untrue.append(f"{question}: {answer.headline}")
    assert not untrue, "\n".join([f"{len(untrue)} of {len(expected(name))}", *untrue[:40]])


@cache
def matrix(name, limits):
    """Return the rows of the matrix report under limits, by claim."""
    return {row["claim"]: row for row in asked(name).graph.report("matrix", limits=limits).table.dicts()}


_TOLD = (
    r"(?<![a-z\d])(?P<n>\d+)\s+(?:(?:quotes?|(?:evidence )?lines?|works?)\s+(?:\(\d+ independent\) )?)?(?P<stance>support|oppos|qualif)",
    r"(?<![a-z\d])(?P<n>\d+)\s*条(?:证据|引文)?(?P<stance>支持|反对|限定)",
    r"(?P<stance>支持|反对|限定)\s*[::]?\s*(?P<n>\d+)",
)
_STANCE = {"support": 0, "oppos": 1, "qualif": 2, "支持": 0, "反对": 1, "限定": 2}


def miscounted(name, answer):
    """Yield each count in an answer that is not the matrix's under the same limits."""
    rows = matrix(name, answer.limits)
    cases = (*sorted(asked(name).known.cases), LITERATURE)
    counts = {stance: set() for stance in STANCES}
    for claim in answer.claims:
        row, by_case = rows[claim.id], claim.by_case
        told = [claim.state, *claim.witnesses()]
        if told != [row["state"], row["quotes"], row["independent"]]:
            yield f"{claim.id}: {told}, matrix {row}"
        for case in cases:
            marks = " ".join(f"{sign}{by_case[s][case]}" for s, sign in SIGNS.items() if by_case[s][case]) or "none"
            if marks != row[case]:
                yield f"{claim.id} in {case}: {marks}, matrix {row[case]}"
        for stance in STANCES:
            if claim.tally[stance] != len(claim.of(stance)):
                yield f"{claim.id}: {claim.tally[stance]} {stance}, {len(claim.of(stance))} lines"
            counts[stance] |= {claim.tally[stance], *by_case[stance].values()}
    for stance in STANCES:
        counts[stance].add(sum(claim.tally[stance] for claim in answer.claims))
        for case in cases:
            counts[stance].add(sum(claim.by_case[stance][case] for claim in answer.claims))
    for match in (match for pattern in _TOLD for match in re.finditer(pattern, answer.headline.casefold())):
        if int(match["n"]) not in counts[STANCES[_STANCE[match["stance"]]]]:
            yield f"headline says {match[0]}, counted {counts}"


def limited(name):
    """Yield questions about every subject in every case, each with the case's id."""
    cases = [row for row in asked(name).records if row["kind"] == "case"]
    for x in dict.fromkeys(claim.subject[0] for claim in claimed(name) if claim.subject):
        for row in cases:
            for frame in LIMITED:
                label = (row["label_zh"] if has_han(frame) else None) or row["label"]
                yield frame.format(x=x, case=label), row["id"]


@pytest.mark.parametrize("name", WORKED_WITH)
def test_every_count_is_that_of_the_matrix_under_the_same_limits(name):
    wrong = []
    about = [question for question, beside in expected(name) if not beside]
    put = [one["question"] for one in questions(name)] + about[::7] + [question for question, _ in limited(name)]
    for question in put:
        try:
            answer = asked(name).graph.ask(question)
        except KGError:
            continue
        wrong += [f"{question}: {fault}" for fault in miscounted(name, answer)]
    assert not wrong, "\n".join([str(len(wrong)), *wrong[:20]])


@pytest.mark.parametrize("name", WORKED_WITH)
def test_a_case_that_a_question_names_is_never_dropped_silently(name):
    dropped = []
    for question, case in limited(name):
        try:
            answer = asked(name).graph.ask(question)
        except KGError as e:
            dropped.append(f"{question}: refused: {str(e).splitlines()[0]}")
            continue
        kept = any(case in values for values in limits_of(answer).values()) or case in {t.id for t in answer.about}
        if not (kept or answer.left_out):
            dropped.append(f"{question}: {answer.reading} | {answer.headline}")
    assert not dropped, "\n".join([f"{len(dropped)} of {len(list(limited(name)))}", *dropped[:40]])


def sample(name):
    """Return some of the questions of a study, of every operation."""
    first = {}
    for one in questions(name):
        first.setdefault((one["operation"], one["language"]), one["question"])
    return list(first.values())


def test_the_terminal_gives_as_data_what_python_gives(capsys):
    graph = asked("template").graph
    for question in sample("template"):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.app(["ask", "--json", "--study", "template", question])
        assert not ended.value.code
        assert json.loads(capsys.readouterr().out) == json.loads(render.dump(graph.ask(question)))


@pytest.mark.parametrize("name", WORKED_WITH)
def test_the_terminal_prints_what_python_gives(name):
    study = asked(name)
    for question in sample(name):
        answer = study.graph.ask(question)
        printed = fold(study.printed(answer))
        assert fold(render.clean(answer.headline)) in printed
        assert fold(render.clean(answer.reading)) in printed
        assert all(claim.id in printed.upper() for claim in answer.claims)
        shown = [
            line for claim in answer.claims for line in (claim.of(answer.stance) if answer.stance else claim.lines)
        ]
        assert all(fold(line.id) in printed for line in shown), question


@cache
def built(name):
    return BuiltStudy(asked(name).graph)


@pytest.mark.parametrize("name", WORKED_WITH)
def test_the_page_shows_what_python_gives(name):
    for question in sample(name):
        answer = asked(name).graph.ask(question)
        page = pages.answer(built(name), Parameters(question=question), answer.language)
        assert render.dump(page.content.reply) == render.dump(answer)
        reader = Page(shown(name, question, answer.language))
        assert fold(answer.headline) in fold(reader.text)
        assert fold(answer.reading) in fold(reader.text)


class Page(HTMLParser):
    """A page as a browser reads it: its elements, their attributes, and its text."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.attributes, self.parts, self.scripts = set(), set(), [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.is_data = dict(attrs).get("type") == "application/ld+json"
        self.attributes |= {name for name, _ in attrs} | {
            "javascript:"
            for name, value in attrs
            if name in ("href", "src") and (value or "").startswith("javascript:")
        }

    def handle_comment(self, data):
        self.elements.add(f"<!--{data}")

    def handle_data(self, data):
        # What stands within a script is no text, and is told in one piece.
        if not (self.cdata_elem and self.is_data):
            (self.scripts if self.cdata_elem else self.parts).append(data)

    @property
    def text(self):
        return "".join(self.parts)


def shown(name, question, language="en", form="html"):
    """Return what the app sends for a question, as it comes in an address."""
    query = f"q={quote(question, errors='surrogatepass')}"
    return gzip.decompress(respond(built(name), Target("ask", form, language, query)).body).decode()


MARKUP = st.sampled_from(
    ["<zq>", "</h1><zq a=1>", "\"' zq=1 ", "'><zq x='", "<!--zq", "<script>zq</script>", "javascript:zq", "{{7*7}}", "&lt;zq&gt;",
     "<img src=zq onzq=1>", "\x1b[31m", "\x00", "\u202e", "\u200b", "\ud800", "%00", "\r\n", "NEAR(a b", '"a" OR *', "a AND NOT b", "^", "P18 " * 400]
)  # fmt: skip
WORDS = st.sampled_from(
    "what supports opposes who says which claims cases not except in since 2020 weak compare and vs how many why 什么 支持 反对 谁 "
    "有证据吗 哪些 案例 命题 除了 之外 的 transparency 透明性 dialogue Haier 海尔 Xiaomi P18 Q01 S01 trust 顾客 ? ? “ ” ' -".split()
)
TYPING = st.lists(MARKUP | WORDS | st.text(max_size=20) | st.characters(categories=["Cs", "Cf", "Cc", "Lo", "So"]), max_size=14).map(
    " ".join
)  # fmt: skip


def answered(name, question):
    """Ask, print, and give as data; only our own errors may be raised."""
    study = asked(name)
    try:
        answer = study.graph.ask(question)
    except KGError:
        return
    study.printed(answer)
    render.dump(answer)


@given(typed=TYPING, name=st.sampled_from(WORKED_WITH))
def test_whatever_is_typed_no_answer_crashes(typed, name):
    answered(name, typed)


@given(data=st.data(), name=st.sampled_from(WORKED_WITH))
@settings(max_examples=examples(200))
def test_any_name_of_any_record_in_any_frame_is_no_crash(data, name):
    records = asked(name).records
    labels = st.sampled_from([row[key] for row in records for key in ("id", "label", "label_zh") if row[key]])
    frame = data.draw(st.sampled_from([*ABOUT, *BESIDE, *OF_CLAIM, *RELATED, *RELATED_IN_CHINESE]))
    answered(name, re.sub(r"{\w+}", lambda _: data.draw(labels), frame))


@given(typed=TYPING, name=st.sampled_from(["dart", "yiliao"]), language=st.sampled_from(["en", "zh"]))
def test_whatever_is_typed_comes_back_as_text_on_the_page(typed, name, language):
    reader = Page(shown(name, typed, language))
    assert not [one for one in (*reader.elements, *reader.attributes) if "zq" in one]
    assert "javascript:" not in reader.attributes
    assert not [one for one in reader.attributes if one.startswith("on") or one == "style"]
    assert not "".join(reader.scripts).strip()
    # No character acts on the page, neither a control nor one that turns the direction of writing.
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", shown(name, typed, language))


@given(typed=TYPING)
def test_whatever_is_typed_there_are_suggestions_or_none(typed):
    suggested = json.loads(shown("dart", typed, form="suggestions"))
    assert all(isinstance(one, str) for one in suggested)
    assert len(suggested) <= 10
