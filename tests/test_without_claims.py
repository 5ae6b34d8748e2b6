"""A study without claims, as an import leaves it: what is there is said, and what comes next."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request

import browser
import pytest
from test_cli import kg as command

import kg
from kg import scaffold
from kg.picture.network import CROWDED

pytestmark = pytest.mark.slow
ENGLISH = "This study has no claims yet. It has 2 sources, 3 coded passages and 2 codes. Next: write its claims in propositions.yaml ('kg schema propositions' shows their form)."
CHINESE = "此研究还没有主张。已有 2 个来源、3 条已编码的引文、2 个编码。下一步:在 propositions.yaml 中写下主张(格式见 kg schema propositions)。"


def imported(folder, rows):
    """Import a table of coded quotes; rows are document, code and quote."""
    texts = folder / "texts"
    texts.mkdir()
    for document in {row[0] for row in rows}:
        quotes = dict.fromkeys(quote for d, _, quote in rows if d == document)
        (texts / f"{document}.txt").write_text("".join(f"{quote}\n" for quote in quotes), "utf-8")
    table = "".join(f'{document},{code},"{quote}",ana\n' for document, code, quote in rows)
    (folder / "codes.csv").write_text(f"document,code,quote,coder\n{table}", "utf-8")
    command("import", folder / "codes.csv", "--texts", texts, "--into", folder / "mine")
    return folder / "mine"


@pytest.fixture
def bare(tmp_path):
    rows = [("int1", "Trust", "I trust them."), ("int1", "Fear", "I fear them."), ("int2", "Trust", "Trust matters.")]
    return imported(tmp_path, rows)


def test_asked_what_is_missing_it_says_what_is_there_in_the_language_of_the_question(bare):
    english, chinese = (command("ask", question, "-s", bare) for question in ("what is missing", "缺少什么"))
    assert " ".join(english.split()).startswith(f"missing {ENGLISH}")
    assert "".join(chinese.split()).startswith("缺少什么" + "".join(CHINESE.split()))
    found = json.loads(command("ask", "what is missing", "--json", "-s", bare))
    assert found["holdings"] == {"sources": 2, "passages": 3, "codes": 2}


def test_a_study_with_claims_is_answered_as_before(study):
    assert json.loads(command("ask", "what is missing", "--json", "-s", study))["holdings"] is None
    assert "no claims yet" not in command("ask", "what is missing", "-s", study)


def test_a_study_with_nothing_at_all_says_so(bare):
    for name in ("codings", "sources"):
        shutil.rmtree(bare / name)
    for name in ("codebook.yaml", "imports"):
        path = bare / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (bare / "study.yaml").write_text(
        "id: mine\ntitle: {en: Mine}\nlicense: CC0-1.0\nsources: []\ncoders: []\n", "utf-8"
    )
    (bare / "codebook.yaml").write_text("codes: []\n", "utf-8")
    run = subprocess.run([sys.executable, "-c", "from kg.cli import main; main()", "ask", "what is missing", "-s", str(bare)], capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    # Whether such a study is built at all is for the loaders to say; it is never silence.
    assert "It has 0 sources, 0 coded passages and 0 codes." in run.stdout.replace("\n", " ") or run.returncode == 2


def test_its_picture_shows_codes_down_to_sources_and_says_why(bare, tmp_path):
    drawn = kg.open(bare).picture()
    assert {layer: [n.label for n in nodes] for layer, nodes in drawn.layers().items()} == {
        "code": ["Fear", "Trust"],
        "excerpt": ["I trust them.", "I fear them.", "Trust matters."],
        "source": ["int1", "int2"],
    }
    assert {(e.start.partition("/")[0], e.link, e.end.partition("/")[0]) for e in drawn.edges} == {
        ("code", "coded", "excerpt"),
        ("excerpt", "source", "source"),
    }
    run = subprocess.run([sys.executable, "-c", "from kg.cli import main; main()", "graph", str(tmp_path / "p.html"), "-s", str(bare)], capture_output=True, encoding="utf-8", check=True)  # fmt: skip
    assert run.stderr == f"note: {ENGLISH}\n"
    assert run.stdout.endswith("7 nodes, 6 links\n")
    assert "Trust matters." in (tmp_path / "p.html").read_text("utf-8")


def test_of_many_passages_it_shows_how_many_of_each_source_have_a_code(tmp_path):
    rows = [(f"int{n % 3}", ("Trust", "Fear")[n % 2], f"Sentence number {n} of them.") for n in range(CROWDED + 20)]
    drawn = kg.open(imported(tmp_path, rows)).picture()
    assert [*drawn.layers()] == ["code", "source"]
    assert {(e.start, e.end): e.count for e in drawn.edges} == {
        (f"code/{code}", f"source/int{n}"): 10 for code in ("fear", "trust") for n in range(3)
    }
    assert drawn.edges[0].directed == ("source/int0", "code/fear")


def test_its_first_page_says_it_in_both_languages_and_leads_to_what_is_there(bare, tmp_path):
    command("site", tmp_path / "public", "-s", bare)
    for page, words in (("index.html", ENGLISH), ("zh/index.html", CHINESE)):
        text = (tmp_path / "public" / page).read_text("utf-8")
        assert words.replace("'", "&#39;") in text
        for target in ("sources.html", "codes.html", "explore.html"):
            chips = text.partition("<main")[2].partition("</main>")[0]
            (href,) = re.findall(rf'href="([^"]*{target})"', chips)
            assert (tmp_path / "public" / page).parent.joinpath(href).exists()
        assert "concept" not in text.partition("<main")[2].partition("</main>")[0]


def test_its_first_page_shows_sources_codes_with_counts_and_what_stands_together(tmp_path):
    rows = [("int1", "Trust", "I trust them."), ("int1", "Fear", "I trust them."), ("int2", "Trust", "Trust matters.")]
    study = imported(tmp_path, rows)
    command("site", tmp_path / "public", "-s", study)
    page, gaps = ((tmp_path / "public" / name).read_text("utf-8") for name in ("index.html", "gaps.html"))
    assert re.findall(r">(Trust|Fear) <small>(\d+)</small>", page) == [("Trust", "2"), ("Fear", "1")]
    together = page.partition("Codes that stand together")[2].partition("</section>")[0]
    assert re.findall(r'class="code" href="code/(\w+)', together) == ["fear", "trust"]
    assert "1 passage<" in together
    assert page.count('class="source"') == 2
    assert "no claims yet" in gaps


def test_where_a_page_can_edit_it_offers_its_roads_and_names_no_file(tmp_path):
    study = scaffold.init(tmp_path / "new", empty=True)
    kg.open(study)
    with browser.edited(study) as (address, begin):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        opener.open(address + begin, timeout=60).read()
        for path in (
            "/",
            "/gaps",
            "/ask?q=what+is+missing",
            "/propositions",
            "/codes",
            "/sources",
            "/cases",
            "/zh/",
            "/zh/codes",
        ):
            page = opener.open(address + path, timeout=60).read().decode()
            main = page[page.index("<main") : page.index("</main")]
            assert ".yaml" not in main, path
            assert "kg schema" not in main, path
            assert "/propositions" in main or "/propositions" in path or "data-do" in main or "documents" in main, path
        first = opener.open(f"{address}/zh/", timeout=60).read().decode()
        assert "写一条主张" in first
