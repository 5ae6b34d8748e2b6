"""Two coders side by side in the text of a source, and how far coders agree, as pages."""

from __future__ import annotations

import html as entities
import re

import browser
import pytest
from test_agreement import TEXT, WORDS, read_again, write
from test_browse_editing import Browser

import kg
from kg.browse import responses, site
from kg.browse.study import BuiltStudy
from kg.browse.targets import Target
from kg.progress import silent
from kg.words import ZH

CODED = {
    "me": {WORDS["feedback"]: "a", WORDS["left"]: "a", WORDS["guests"]: "b"},
    "you": {WORDS["feedback"]: "a", WORDS["pay"]: "b", WORDS["late"]: "a"},
}


def page(folder, path, query="", language="en"):
    """Return status and HTML of a page, without its header."""
    import gzip

    made = responses.respond(BuiltStudy(kg.open(folder)), Target(path, "html", language, query))
    text = gzip.decompress(made.body).decode()
    return made.status, re.search(r"<main.*</main>", text, re.DOTALL)[0]


def texts(part):
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", part)).split())


def listed(text, title):
    """Return the points of a list of a comparison, each with the passage to which it leads."""
    part = re.search(rf"<summary>{title} <small>(\d+)</small></summary>\n<ol>(.*?)</ol></details>", text, re.DOTALL)
    points = re.findall(r'<li><a href="#(excerpt-[\d-]+)">(.*?)</a>', part[2])
    assert len(points) == int(part[1])
    for anchor, _ in points:
        assert f'id="{anchor}"' in text
    return points


@pytest.fixture
def coded(tmp_path):
    return write(tmp_path / "s", CODED)


def place(words):
    return f"excerpt-{TEXT.index(words)}-{TEXT.index(words) + len(words)}"


def test_two_coders_stand_in_one_text_with_a_list_of_where_they_differ_that_leads_there(coded):
    status, text = page(coded, "source/talk", "coder=me&coder=you&unit=sentence")
    assert status == 200
    marks = dict(re.findall(r'<mark class="by-(\w+)">([^<]*)</mark>', text.partition('class="reader')[2]))
    shown = re.findall(r'<mark class="by-(\w+)">([^<]*)</mark>', text.partition('class="reader')[2])
    assert {(words, by) for by, words in shown} == {
        (WORDS["feedback"], "AB"), (WORDS["pay"], "B"), (WORDS["guests"], "A"), (WORDS["left"], "A"), (WORDS["late"], "B"),
    }  # fmt: skip
    assert marks
    # Nobody said that the text was read whole: what the one left is no judgement.
    assert listed(text, "Where they differ") == []
    assert listed(text, "Where they agree") == [(place(WORDS["feedback"]), "code A")]


def test_what_a_coder_left_counts_when_the_source_was_read_whole(tmp_path):
    whole = write(tmp_path / "s", {"me": CODED["me"], "you": CODED["you"] | {"whole": True}})
    text = page(whole, "source/talk", "coder=me&coder=you&unit=sentence")[1]
    assert listed(text, "Where they differ") == [(place(WORDS["guests"]), "code B"), (place(WORDS["left"]), "code A")]
    assert "you : passages ; has read it whole" in texts(text)
    # Where the other did not judge, nothing is said to differ or to agree.
    alone = re.search(rf'href="[^"]*{place(WORDS["pay"])}">.*?</li>', text, re.DOTALL)[0]
    assert 'class="alone"' in alone
    assert "differs" not in alone


def test_evidence_lines_are_compared_by_stance_and_strength(study, edit):
    read_again(study, edit, "you", "supports", "qualifies")
    text = page(study, "source/interview", "coder=me&coder=you")[1]
    differing = listed(text, "Where they differ")
    assert [point for _, point in differing] == ["strength P1", "stance P1"]
    part = text.partition('<div class="reader compared')[2]
    shown = re.findall(r'class="(differs|agrees)"[^>]*>.</span> <b class="stance (\w+)"', part)
    # Who gives one stance and another strength differs, too.
    assert sorted(shown) == [("differs", "opposes"), ("differs", "qualifies"), *[("differs", "supports")] * 2]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("coder=me", 200, "Choose two coders."),
        ("coder=me&coder=nobody", 400, "nobody"),
        ("coder=me&coder=you&unit=word", 400, "word"),
    ],
)
def test_what_cannot_be_compared_is_said(coded, query, status, said):
    got, text = page(coded, "source/talk", query)
    assert got == status
    assert said in texts(text)


def test_a_source_offers_the_coders_who_did_something_there(coded, tmp_path):
    assert texts(page(coded, "source/talk")[1]).count("Compare two coders") == 1
    alone = write(tmp_path / "alone", {"me": CODED["me"]})
    assert "Compare two coders" not in page(alone, "source/talk")[1]


@pytest.mark.slow
def test_in_blind_mode_nothing_of_another_is_compared_until_the_source_was_read_whole(tmp_path):
    folder = write(tmp_path / "s", CODED)
    kg.open(folder)
    with browser.edited(folder) as (address, begin):
        me = Browser(address, begin)
        assert me.post("/edit/who", {"coder": "me"})[0] == 200
        assert me.post("/edit/blind", {"blind": True})[0] == 200
        status, _, body = me.send("GET", "/source/talk?coder=me&coder=you")
        assert status == 403
        assert WORDS["pay"] not in body
        assert "Compare two coders" not in me.send("GET", "/source/talk")[2]
        assert me.send("GET", "/agreement")[0] == 403
        assert me.edit({"do": "finish", "source": "talk"})[0] == 200
        kg.open(folder)
        status, _, body = me.send("GET", "/source/talk?coder=me&coder=you")
        assert (status, WORDS["pay"] in body) == (200, True)


def figures(text):
    body = re.search(r'<table class="counts">.*?<tbody>(.*?)</tbody>', text, re.DOTALL)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [[texts(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


@pytest.mark.parametrize("unit", ["paragraph", "line", "sentence", "overlap"])
def test_the_page_has_the_figures_and_the_disagreements_of_the_report(tmp_path, unit):
    coders = {name: coded | {"whole": True} for name, coded in CODED.items()} | {"third": {WORDS["pay"]: "a"}}
    folder = write(tmp_path / "s", coders)
    graph = kg.open(folder)
    made = graph.report("agreement", unit=unit)
    text = page(folder, "agreement", f"unit={unit}")[1]
    names = {"a": "A", "b": "B", "": ""}
    assert figures(text) == [
        [on, names[name], who.replace(", ", " , "), *("" if cell is None else str(cell) for cell in cells)]
        for on, name, who, *cells in made.table.rows
    ]
    for note in made.notes:
        if note.startswith(("left out", "codes:", "stances", "strengths")):
            assert note in texts(text)
    differing = graph.report("disagreements", unit=unit).table.dicts()
    numbers = {row["number"] for row in differing}
    assert {int(n) for n in re.findall(r'id="disagreement-(\d+)"', text)} == numbers
    for row in differing:
        part = re.search(rf'id="disagreement-{row["number"]}">.*?</article>', text, re.DOTALL)[0]
        assert row["passage"] in texts(part)
        assert ("#excerpt-" in part) == any(r["passage"] for r in differing if r["number"] == row["number"])


def test_a_study_that_nobody_judged_twice_says_why_there_are_no_figures(coded, study):
    status, text = page(study, "agreement")
    assert status == 200
    assert "Nothing was judged by two coders in these units." in texts(text)
    assert "judged by me only" in texts(text)
    assert "没有由两位编码者共同判断的内容" in page(study, "agreement", language="zh")[1]


def test_the_folder_of_pages_has_the_agreement_with_links_into_the_texts(coded, tmp_path):
    site.write(kg.open(coded), tmp_path / "site", silent)
    text = (tmp_path / "site/agreement.html").read_text("utf-8")
    links = re.findall(r'class="passage" href="([^"#]+)#(excerpt-[\d-]+)"', text)
    assert links
    for file, anchor in links:
        assert f'id="{anchor}"' in (tmp_path / "site" / file).read_text("utf-8")
    assert "Compare two coders" not in (tmp_path / "site/source/talk.html").read_text("utf-8")


def test_what_is_left_out_is_said_in_both_languages(tmp_path):
    from kg import agreement

    graph = kg.open(write(tmp_path / "s", CODED))
    for unit in agreement.UNITS:
        assert {unit, agreement.UNITS[unit]} <= {*ZH}
        for remark in agreement.compare(graph.tables, unit).left_out:
            assert remark.form in ZH
            assert re.search(r"[\u4e00-\u9fff]", remark.said("zh"))


# ---- What one coder did


def counted(text):
    """Return how many of each act the lists of a coder's page have: of chips their sum, of lists their items."""
    parts = re.findall(r"<(?:section|details)\b[^>]*>\s*<(?:h2|summary)\b.*?</(?:section|details)>", text, re.DOTALL)
    found = {}
    for part in parts:
        title = texts(re.search(r"<(?:h2|summary)[^>]*>([^<]*)", part)[1]).strip()
        chips = re.search(r'<p class="chips">(.*?)</p>', part, re.DOTALL)
        if title == "Evidence":
            found[title] = int(re.search(r"<small[^>]*>(?:\d+ / )?(\d+)</small>", part)[1])
        elif chips and "<small>" in chips[1]:
            found[title] = sum(map(int, re.findall(r"<small>(\d+)</small>", chips[1])))
        elif number := re.search(r"<small>(\d+)</small>", part):
            found[title] = int(number[1])
    return found


LISTS = {
    "coding": ["Codes that this coder gave"],
    "memo": ["Paragraphs without a code"],
    "assertion": ["Claims whose statement this coder found"],
    "evidence line": ["Evidence", "Evidence lines that do not count"],
    "reading": ["Readings"],
    "settlement": ["Codes on which this coder settled a disagreement"],
    "confidence": ["Confidence that this coder judged"],
    "search": ["Looked for, found nothing"],
}
"""Where a coder's page lists what was done, by the name that the audit has for it."""


def audited(folder, coder):
    found = {}
    for row in kg.open(folder).report("audit").table.dicts():
        if row["coder"] == coder:
            found[row["act"]] = found.get(row["act"], 0) + row["number"]
    return found


def totals(text):
    """Return the numbers of the table of what a coder did, by act."""
    head = re.findall(r'<th scope="col">(.*?)</th>', text)
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", text, re.DOTALL)
    cells = [[texts(c).replace(",", "") for c in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)] for row in rows]
    numbers = cells[-1] if len(cells) > 1 else cells[0]
    return dict(zip(head[1:], map(int, numbers), strict=True))


@pytest.mark.parametrize("coder", ["dart-kg", "second", "reader"])
def test_a_coders_page_lists_all_that_the_audit_counts(coder):
    text = page("dart", f"coder/{coder}")[1]
    done, lists = audited("dart", coder), counted(text)
    assert totals(text) == done
    searches = len(re.findall(r'href="/search/', text))
    for act, number in done.items():
        if act == "search":
            assert searches == number
        else:
            assert sum(lists.get(title, 0) for title in LISTS[act]) == number, act
    assert done.keys() <= LISTS.keys()


def test_what_a_second_coder_did_stands_on_that_coders_page_alone(study, edit):
    read_again(study, edit, "you", "supports", "qualifies")
    (study / "codings/you.yaml").write_text(
        "source: interview\ncoder: you\ndate: 2026-11-25\nwhole: true\nexcerpts:\n"
        "  - quote: Two of us left although they were praised every week.\n    codes: [recognition]\n"
        "    evidence:\n      - {proposition: P2, stance: opposes, strength: weak, rationale: They left., status: withdrawn, "
        "status_date: 2026-11-26, status_reason: Not about pay.}\n",
        "utf-8",
    )
    (study / "confidence.yaml").write_text(
        "confidence:\n  - proposition: P1\n"
        + "".join(
            f"    {name}: {{concern: none, reason: Fine.}}\n"
            for name in ("methodological_limitations", "coherence", "adequacy", "relevance")
        )
        + "    overall: low\n    reason: Thin.\n    coder: you\n    date: 2026-11-29\n",
        "utf-8",
    )
    mine, theirs = page(study, "coder/you")[1], page(study, "coder/me")[1]
    assert counted(mine) == {
        "Codes that this coder gave": 1, "Confidence that this coder judged": 5, "Read whole": 1,
        "Evidence lines that do not count": 1, "Readings": 2,
    }  # fmt: skip
    assert totals(mine) == audited(study, "you")
    assert "Confidence that this coder judged" not in theirs
    assert "Read whole" not in theirs


def test_without_the_package_that_counts_the_page_says_so_and_the_folder_is_written(coded, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "nltk.metrics.agreement", None)
    status, text = page(coded, "agreement")
    assert status == 200
    assert "needs the package nltk" in texts(text)
    assert 'class="disagreement"' in text
    site.write(kg.open(coded), tmp_path / "site", silent)
    assert "needs the package nltk" in (tmp_path / "site/agreement.html").read_text("utf-8")
