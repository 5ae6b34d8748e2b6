"""How pages look, whatever stands on them: edges in line, names without a blank, folds, empty lists, paper."""

from __future__ import annotations

import io
import itertools
import re
import shutil

import browser
import pytest
from test_browse_http import ask

import kg
from kg import claims, paths
from kg.browse import html, samples
from kg.picture import marks

UNBROKEN = samples.UNBROKEN


@pytest.fixture(scope="module")
def long_names(tmp_path_factory):
    """Give the address of a study whose concepts have names in which no line can be broken."""
    folder = tmp_path_factory.mktemp("long") / "study"
    shutil.copytree(paths.shipped("seeds") / "template", folder)
    for name, old, new in (
        ("concepts.yaml", "relations:\n", f"  - {{id: long, label: {{en: {UNBROKEN}}}, definition: {UNBROKEN}, source: This study}}\nrelations:\n"),
        ("propositions.yaml", "searches:\n", f"  - {{id: X1, statement: {{en: {UNBROKEN} lengthens it}}, subject: long, relation: lengthens, object: long}}\nsearches:\n"),
    ):  # fmt: skip
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    kg.open(folder)
    with browser.served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Give the address of a study that has a source and nothing else."""
    folder = tmp_path_factory.mktemp("bare") / "study"
    (folder / "sources").mkdir(parents=True)
    for name, text in (
        ("study.yaml", ("id: bare\nformat: 2\ntitle: {en: Bare}\ncoders: [{id: me, name: Me}]\ncases: []\nsources:\n"
         "  - {id: one, file: sources/one.txt, title: One, role: case, language: en}\n")),
        ("codebook.yaml", "codes: []\n"),
        ("propositions.yaml", "propositions: []\n"),
        ("sources/one.txt", "Nobody has read this.\n"),
    ):  # fmt: skip
        (folder / name).write_text(text, "utf-8")
    kg.open(folder)
    with browser.served(folder) as address:
        yield address


@pytest.mark.parametrize(
    "path", ["/", "/picture", "/propositions", "/proposition/P17", "/concept/transparency", "/matrix"]
)
@pytest.mark.parametrize("width", [1440, 1920])
def test_header_and_page_begin_at_one_edge(visit, path, width):
    page = visit(viewport={"width": width, "height": 900}).go(path)
    edges = page.evaluate(
        "['.top .home', 'h1', 'body > footer p'].map(s => Math.round("
        "(b => b.getBoundingClientRect().left + parseFloat(getComputedStyle(b).paddingLeft))(document.querySelector(s))))"
    )
    assert max(edges) - min(edges) <= 1, edges


@pytest.mark.parametrize("path", ["/", "/picture", "/propositions", "/proposition/X1", "/concept/long", "/gaps", "/ontology", "/matrix", "/ask?q=what+supports+feedback"])  # fmt: skip
@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_name_without_a_blank_makes_no_page_wider(chromium, long_names, path, width):
    with browser.Visit(chromium, long_names, viewport={"width": width, "height": 800}) as opened:
        page = opened.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_name_without_a_blank_stays_within_the_box_of_its_concept(chromium, long_names):
    for width in (1440, 390):
        with browser.Visit(chromium, long_names, viewport={"width": width, "height": 800}) as opened:
            page = opened.go("/concept/long")
            within = "box => { const b = box.getBoundingClientRect(), n = box.querySelector('b').getBoundingClientRect(); return b.left <= n.left && n.right <= b.right; }"
            assert page.locator(".concept-box").evaluate(within), width
            boxes = [page.locator(s).first.bounding_box() for s in (".acting", ".middle", ".acted")]
            if width == 1440:
                assert all(a["x"] + a["width"] <= b["x"] + 1 for a, b in itertools.pairwise(boxes))


def test_what_evidence_is_chosen_by_is_folded_where_it_would_stand_before_the_evidence(visit):
    page = visit(viewport={"width": 390, "height": 844}).go("/ask?q=what+opposes+dialogue")
    assert not page.is_visible(".facets input[type=checkbox] >> nth=0")
    page.click(".fold > summary")
    page.check(".facets input[value=xiaomi]")
    page.wait_for_url("**case=xiaomi**")
    page.wait_for_selector(".facets input[type=checkbox] >> nth=0", state="visible")
    page = visit(viewport={"width": 1440, "height": 900}).go("/ask?q=what+opposes+dialogue")
    assert page.is_visible(".facets input[type=checkbox] >> nth=0")
    assert not page.is_visible(".fold > summary")


def test_of_claims_by_case_a_phone_begins_with_a_case_that_has_evidence(visit):
    page = visit(viewport={"width": 390, "height": 844}).go("/matrix")
    assert page.locator(".matrix td a:visible").count() > 0


def test_a_side_without_a_quote_has_no_button_that_leads_to_it(visit):
    page = visit(viewport={"width": 390, "height": 844}).go("/proposition/P18")
    assert page.locator(".jumps a").all_inner_texts() == ["For 4", "Qualifying 3"]
    assert page.locator(".jumps span").all_inner_texts() == ["Against 0"]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/propositions", "propositions.yaml"),
        ("/matrix", "propositions.yaml"),
        ("/picture", "propositions.yaml"),
        ("/codes", "codebook.yaml"),
        ("/references", "references.json"),
        ("/authors", "references.json"),
        ("/cases", "study.yaml"),
    ],
)
def test_a_list_of_nothing_says_where_it_is_written_and_what_there_is(bare, path, file):
    for language, said in (("", "They are written in"), ("/zh", "它们写在")):
        status, _, body = ask(bare, f"{language}{path}")
        main = re.search(r"<main.*?</main>", body, re.DOTALL)[0]
        assert status == 200
        assert said in main
        assert f"<code>{file}</code>" in main
        assert f'href="{language}/sources"' in main


def test_a_record_says_on_which_list_it_stands(site_of_dart):
    for path, there in (
        ("/proposition/P18", "/propositions"),
        ("/code/misstatement", "/codes"),
        ("/concept/customer-participation", "/ontology"),
        ("/search/S01", "/gaps"),
        ("/zh/reference/ac2014ericsson", "/zh/references"),
    ):
        trail = re.search(r'<nav class="trail".*?</nav>', ask(site_of_dart, path)[2], re.DOTALL)[0]
        assert f'href="{there}"' in trail
        assert ask(site_of_dart, there)[0] == 200


def test_a_page_that_is_not_there_has_a_header_that_leads_back(site_of_dart):
    _, _, body = ask(site_of_dart, "/nope")
    assert re.search(r'<header class="top"><a class="home" href="/">', body)


def test_on_paper_the_map_is_on_the_first_sheet_with_a_margin(visit):
    from pypdf import PdfReader

    page = visit(viewport={"width": 1440, "height": 900}, color_scheme="dark").go("/")
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    first = sheets[0].extract_text()
    for claim in ("P18", "P08", "P22"):
        assert claim in first
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_style_page_draws_every_state_in_every_theme_and_language(site_of_dart, bare):
    for address in (site_of_dart, bare):
        body = ask(address, "/style")[2]
        for theme, language, section in re.findall(
            r'<section class="theme (\w+)" id="drawn-\d" lang="(\w+)">(.*?)</section>\n(?=<section class="theme|</main>)', body, re.DOTALL
        ):  # fmt: skip
            assert section.count('class="scene lanes"') == 2, theme
            for part in (
                'class="cards"',
                'class="wings',
                '<table class="by-case">',
                'class="around',
                '<ul class="codes">',
            ):
                assert part in section
            for state, told in claims.STATES.items():
                assert (told.zh if language == "zh" else state) in section
        assert len(re.findall('id="drawn-', body)) == 4
        ids = re.findall(r'\bid="([^"]+)"', body)
        assert len(ids) == len(set(ids))


def test_the_style_page_has_every_strand_and_strength_and_what_is_folded(site_of_dart):
    body = ask(site_of_dart, "/style")[2]
    for dashes in marks.DASHES.values():
        assert f'stroke-dasharray="{dashes}"' in body or not dashes
    for word in (*claims.STRENGTHS, 'class="more"', UNBROKEN):
        assert word in body


def test_the_pictures_of_the_style_page_are_measured_like_others(visit):
    page = visit(viewport={"width": 1440, "height": 900}).go("/style")
    page.evaluate("document.fonts.ready")
    for picture in page.locator(".theme .around").all():
        middle, acted = (picture.locator(s).bounding_box() for s in (".middle", ".acted"))
        assert middle["x"] + middle["width"] <= acted["x"] + 1


def test_the_style_sheet_has_no_colour_of_its_own_outside_the_list():
    for name in ("style.css", "map.css", "evidence.css"):
        text = (html.assets() / name).read_text("utf-8")
        rules = re.sub(r":root \{.*?\n\}", "", text, count=1, flags=re.DOTALL)
        found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", rules)) - {"#fff", "#000", "#444", "#bbb", "#1d2733"}
        assert found == set(), name


def test_the_server_knows_every_page_and_reads_nothing_of_what_makes_them():
    import subprocess
    import sys

    from kg.browse import responses, targets
    from kg.picture import columns

    assert tuple(responses.PAGES) == targets.PATHS
    assert tuple(columns.FORMS) == targets.EXPLORED
    code = "import sys, kg.browse.app; print(*(m for m in sys.modules if m.startswith(('kg.picture', 'kg.asking', 'jinja2'))))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []
