"""Overviews, lists and what stands in place of a page: each says what it has in its own words, in both languages."""

from __future__ import annotations

import html as entities
import json
import re
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

import browser
import pytest
from test_browse import KINDS
from test_browse_http import ask

import kg
from kg.browse import addresses, fragments, overviews, parameters, reader, records, responses
from kg.words import ZH

ROOT = Path(kg.__file__).parent.parent


@pytest.fixture
def app(site_of_dart):
    return lambda path, **headers: ask(site_of_dart, path, **headers)


def main(app, path, status=200):
    """Return the main part of a page."""
    got, _, body = app(path)
    assert got == status, (path, body)
    return re.search(r"<main.*?</main>", body, re.DOTALL)[0]


def texts(part):
    """Return the words of a part of a page, without its tags."""
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", part)).split())


def test_the_menu_has_five_entries_and_marks_where_one_is(app):
    _, _, body = app("/matrix")
    menu = re.search(r'<ul class="entries">.*?</ul>\n<details class="drawer">', body, re.DOTALL)[0]
    top = re.sub(r"\n<ul>.*?</ul>", "", menu, flags=re.DOTALL)
    assert re.findall(r"(?:<summary>|<li><a [^>]*>)(\w+)", top) == [
        "Claims", "Evidence", "Sources", "Codes", "More",
    ]  # fmt: skip
    assert 'class="here"><summary>Evidence' in menu
    assert 'href="/matrix" aria-current="page"' in menu
    assert 'href="/codes" aria-current="true">Codebook' in app("/code/misstatement")[2]


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/claims", "/propositions"),
        ("/codebook", "/codes"),
        ("/concepts", "/ontology"),
        ("/missing?", "/gaps"),
        ("/claims?page=2", "/propositions?page=2"),
        ("/claim/P18?stance=opposes", "/proposition/P18?stance=opposes"),
        ("/zh/claims", "/zh/propositions"),
        ("/zh/claim/P18", "/zh/proposition/P18"),
    ],
)
def test_a_name_that_people_expect_leads_to_the_page(app, path, there):
    status, headers, _ = app(path)
    assert (status, headers["location"]) == (308, there)


@pytest.mark.parametrize("path", ["", "matrix", "gaps", "ontology", "sparql", "suggest", "style", "codes"])
def test_a_field_that_a_page_does_not_have_is_refused_and_not_ignored(app, path):
    for query in ("focus=P18", "focus=", "depth=2"):
        status, _, body = app(f"/{path}?{query}")
        assert status == 400, (path, query)
        assert query.split("=")[0] in body


def test_a_field_is_refused_for_every_kind_of_record_and_form(app):
    for kind in records.RECORDS:
        (some,) = [one for one in KINDS.values() if one.startswith(f"/{kind}/")][:1]
        path = some.partition("?")[0]
        for suffix in ("", ".ttl", ".json"):
            assert app(f"{path}{suffix}?colour=red")[0] == 400, path
    for path in ("explore-columns.json", "found.json", "picture.svg"):
        assert app(f"/{path}?focus=P18")[0] == 400, path


def test_a_field_that_comes_near_is_named(app):
    said = texts(main(app, "/matrix?pages=2", 400))
    assert "no field pages" in said
    assert re.search("Did you mean ?: page", said)
    assert "本页没有字段" in texts(main(app, "/zh/matrix?pages=2", 400))
    assert "It has none." in texts(main(app, "/gaps?page=2", 400))


@pytest.mark.parametrize(
    ("path", "field", "said", "near"),
    [
        ("/codes?page=x", "page", "It is a whole number from 1.", []),
        ("/codes?page=0", "page", "It is a whole number from 1.", []),
        ("/concept/transparency?claims=-1", "claims", "It is a whole number from 1.", []),
        ("/references?sort=banana", "sort", "It can be author", []),
        ("/references?sort=titel&q=trust", "sort", "Did you mean title", ["/references?sort=title&q=trust"]),
        ("/search?q=trust&exact=yes", "exact", "It can be 1", []),
        ("/proposition/P18?case=nope", "case", "Haier haier", []),
        ("/proposition/P18?case=afu&case=haire", "case", "Haier haier", ["/proposition/P18?case=afu&case=haier"]),
        ("/proposition/P18?stance=supprts", "stance", "supports", ["/proposition/P18?stance=supports"]),
        ("/ask?q=what+opposes+dialogue&coder=secnd", "coder", "second", ["/ask?q=what+opposes+dialogue&coder=second"]),
        ("/ask?q=what+opposes+dialogue&code=nonsense", "code", "+ 1", []),
        ("/picture?stage=co-creation-stag", "stage", "co-creation stage", ["/picture?stage=co-creation-stage"]),
        ("/picture?stage=nope", "stage", "any stage -", []),
        ("/sparql?name=clams", "name", "claims", []),
        ("/zh/codes?page=x", "page", "它是 从 1 开始的整数", []),
        ("/zh/proposition/P18?case=haire", "case", "海尔 haier", ["/zh/proposition/P18?case=haier"]),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_what_comes_near(app, path, field, said, near):
    status, _, body = app(path)
    assert status == 400
    assert field in texts(body)
    assert said in " ".join(texts(body).split())
    links = [entities.unescape(link) for link in re.findall(r'href="([^"]+)"', body)]
    for link in near:
        assert link in links
        assert app(link)[0] == 200
    if not path.startswith("/sparql"):
        without = re.search(r'<p><a href="([^"]+)">(?:Show the page without it|不带它显示本页)', body)[1]
        assert app(entities.unescape(without))[0] == 200


@pytest.mark.parametrize(
    "path", ["/codes?page=", "/references?sort=&q=", "/proposition/P18?case=&view=", "/picture?stage="]
)
def test_a_field_without_a_value_is_as_if_it_were_not_there(app, path):
    assert main(app, path) == main(app, path.partition("?")[0])


def test_a_program_is_told_in_json_what_is_refused(app):
    for path, told in (
        (
            "/matrix.json?page=x",
            {"field": "page", "value": "x", "takes": "a whole number from 1", "known": [], "near": []},
        ),
        ("/matrix.ttl?pages=2", {"field": "pages", "known": ["by", "page"], "near": ["page"]}),
        ("/proposition/P18.json?stance=suports", {"field": "stance", "value": "suports", "near": ["supports"]}),
        (
            "/ask.json?q=dialogue&case=haire",
            {"field": "case", "known": ["afu", "haier", "xiaomi", "literature"], "near": ["haier"]},
        ),
    ):
        status, headers, body = app(path)
        assert (status, headers["content-type"]) == (400, "application/json")
        answer = json.loads(body)
        assert answer["error"]
        assert answer.items() >= told.items()
    assert json.loads(app("/suggest?" + "&".join(["q=a"] * 300))[2]) == {"error": parameters.MANY}
    status, headers, _ = app("/matrix?page=x", Accept="application/json")
    assert (status, headers["content-type"]) == (400, "application/json")
    status, _, body = app("/proposition/P99.json")
    assert (status, list(json.loads(body))) == (404, ["error"])


def test_every_field_that_a_page_links_to_is_one_that_it_takes(app):
    """Follow what pages link to: no link leads to a refusal."""
    seen = set()
    for path in KINDS.values():
        for link in map(entities.unescape, re.findall(r'href="(/[^"#]*\?[^"#]*)', app(path)[2])):
            page, _, query = link.partition("?")
            shape = page.split("/")[1], tuple(sorted(parameters.fields(query)))
            if shape not in seen:
                seen.add(shape)
                assert app(link)[0] == 200, link
    assert len(seen) > 8


def test_what_is_not_there_is_a_page_with_what_is(app):
    said = main(app, "/proposition/P8", 404)
    assert 'href="/proposition/P18"' in said
    assert 'value="P8"' in said
    assert "Claims 23" in texts(said)
    for path in ("/code/P18", "/claims/P18", "/propositon/P18"):
        assert 'href="/proposition/P18"' in main(app, path, 404)
    said = main(app, "/sourcs", 404)
    assert "/sourcs" in said
    assert re.search(r"Did you mean.*href=\"/sources\"", said, re.DOTALL)
    assert 'action="/ask"' in said
    assert main(app, "/zh/%3Cb%3E", 404).count("<b>") == 0


def test_records_are_shown_in_words_and_their_properties_are_folded(app):
    for path, said in (
        ("/search/S01", "Looked through the paragraphs on Afu"),
        ("/question/Q01", "never mentions risk assessment"),
        ("/relation/drives", "The subject is a factor that makes the object happen."),
    ):
        part, _, data = main(app, path).partition('<details class="data">')
        assert said in texts(part)
        for raw in ("wasAssociatedWith", "altLabel", "prefLabel", "comment", "subject"):
            assert f"<dt>{raw}" not in part
        assert f'href="{path}.ttl"' in data
    assert '<a class="proposition" href="/proposition/P10">' in main(app, "/search/S01")
    assert '<a class="coder" href="/coder/dart-kg">' in main(app, "/search/S01")
    assert "also drive, motivate, motivates, 推动" in texts(main(app, "/relation/drives"))


def test_what_is_missing_is_grouped_with_a_sentence_and_an_action(app):
    page = main(app, "/gaps")
    sections = re.findall(r'<section class="gap".*?</section>', page, re.DOTALL)
    counts = [int(re.search(r"<small>(\d+)</small></h2>", s)[1]) for s in sections]
    assert (
        sum(counts) == int(re.search(r"<h1>.*?<small>(\d+)", page)[1]) == len(kg.open("dart").report("gaps").table.rows)
    )
    for section, count in zip(sections, counts, strict=True):
        entries = re.findall(r"<li>.*?</li>", section, re.DOTALL)
        assert len(entries) == count
        assert all(entry.count('class="action"') == 1 for entry in entries)
        assert re.search(r"</h2>\n<p>[A-Z][^<]+\.</p>", section)
    assert '<a class="action" href="/search?q=' in page


def test_every_kind_of_gap_has_its_words():
    source = (ROOT / "kg/reports/gaps.py").read_text("utf-8")
    named = set(re.findall(r'(?:Gap\(|name = )\s*"([^"]+)"', source))
    assert named == set(overviews.ADVICE)
    words = {w for advice in overviews.ADVICE.values() for w in (advice.title, advice.says, advice.action)}
    assert words - set(ZH) == set()


def test_an_empty_cell_is_quieter_than_a_number(app):
    page = main(app, "/matrix")
    assert "none</span>" not in page
    assert 'class="nil"><span aria-hidden="true">·</span>' in page
    assert 'class="tint-mixed"' in page
    assert 'class="tint-supports"' in page


def test_of_a_table_by_case_a_phone_shows_one_case_and_a_wide_window_keeps_the_claims_in_view(site_of_dart, chromium):
    with browser.Visit(chromium, site_of_dart, viewport={"width": 390, "height": 800}) as visit:
        page = visit.go("/matrix")
        heads = (
            "[...document.querySelectorAll('.matrix thead th')].filter(e => e.checkVisibility()).map(e => e.innerText)"
        )
        assert page.evaluate(heads) == ["proposition", "Haier", "how it stands"]
        page.check("text=Xiaomi")
        assert page.evaluate(heads) == ["proposition", "Xiaomi", "how it stands"]
        assert page.evaluate(
            "document.querySelector('.wide').scrollWidth <= document.querySelector('.wide').clientWidth"
        )
    with browser.Visit(chromium, site_of_dart, viewport={"width": 700, "height": 800}) as visit:
        page = visit.go("/matrix")
        left = "document.querySelector('.matrix tbody th').getBoundingClientRect().left"
        before = page.evaluate(left)
        page.evaluate("document.querySelector('.wide').scrollLeft = 120")
        assert page.evaluate(left) == before


def listed(page):
    return [texts(one) for one in re.findall(r'<li><p>(<a class="reference" .*?</a>)', page, re.DOTALL)]


def test_references_are_named_searched_and_sorted(app):
    first = listed(main(app, "/references"))
    assert first == sorted(first, key=lambda name: name.strip("“").casefold())
    found = main(app, "/references?q=prahalad+2004")
    assert listed(found)[:2] == ["Prahalad & Ramaswamy (2004a).", "Prahalad & Ramaswamy (2004b)."]
    assert "Journal of Interactive Marketing" in found
    counts = [int(n) for n in re.findall(r"cited (\d+)×", main(app, "/references?sort=cited"))]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 5
    years = [int(y) for y in re.findall(r"\((\d{4})", " ".join(listed(main(app, "/references?sort=year"))))]
    assert years == sorted(years, reverse=True)
    assert "sort=cited" in re.search(r'rel="next" href="([^"]+)"', main(app, "/references?sort=cited"))[1]
    assert "No reference has all of these words" in main(app, "/references?q=zzz")
    assert "(n.d.)" in " ".join(listed(main(app, "/references?q=xiaomi")))
    assert "(无日期)" in " ".join(listed(main(app, "/zh/references?q=xiaomi")))


def test_no_reference_is_called_by_its_key(app):
    keys = {row["reference"] for row in kg.open("dart").query("references").dicts()}
    pages = [main(app, f"/references?page={n}") for n in range(1, 6)]
    names = [name for page in pages for name in listed(page)]
    assert len(names) == len(keys) == 270
    assert not {name.split(" (")[0] for name in names} & keys


def test_how_often_a_reference_is_cited_is_how_many_passages_its_page_has(app):
    page = main(app, "/references?q=prahalad&sort=cited")
    for key, count in re.findall(
        r'<li><p><a class="reference" href="/reference/([^"]+)">.*?cited (\d+)×', page, re.DOTALL
    ):
        assert f"<h2>Passages <small>{count}</small>" in main(app, f"/reference/{key}")


def test_a_source_begins_with_what_it_is_and_not_with_its_signs(app):
    page = main(app, "/source/xiaomi")
    assert "title:" not in page
    assert "---" not in texts(page)
    assert "##" not in texts(page)
    assert '<h2 class="text">Case background</h2>' in page
    assert "Compiled in our own words" in page.partition('class="reader"')[0]


def test_what_a_file_says_of_itself_is_text_when_a_passage_stands_in_it():
    text = "---\ntitle: A\n---\nB"
    assert reader.front_matter(text) == ({"title": "A"}, len(text) - 1)
    for other in ("", "---", "---\nno field\n---\nB", "a\n---\nb: c\n---\n", "---\n- a\n---\n"):
        assert reader.front_matter(other) == ({}, 0)


def test_quotation_marks_are_not_doubled():
    assert fragments.quoted("“transparency”") == "“transparency”"
    assert fragments.quoted('"transparency"') == '"transparency"'
    assert fragments.quoted("“a” and “b”") == "““a” and “b””"
    assert fragments.quoted("") == "“”"
    assert fragments.quoted("「互动」") == "「互动」"


def test_the_codebook_has_definitions_and_counts(app):
    page = texts(main(app, "/codes"))
    assert "Misstatement What is said of a product is not so. 12 passages" in page


def test_a_quote_says_its_language_where_that_is_not_the_page_s(app):
    assert '<blockquote><p lang="en">' in main(app, "/zh/code/misstatement")
    assert "<blockquote><p>" in main(app, "/code/misstatement")


def test_a_code_shows_case_coder_and_place_of_each_passage(app):
    page = main(app, "/code/misstatement")
    first = texts(re.search(r"<blockquote>.*?</blockquote>", page, re.DOTALL)[0])
    assert re.search(r"Afu · .*case notes, A19 .*coded by \S.* 2026-\d\d-\d\d", first)
    assert "passages by case Afu 4 Xiaomi 8" in texts(page)


def test_a_coder_shows_all_that_was_done(app):
    done = {row["act"]: 0 for row in kg.open("dart").query("acts").dicts()}
    assert set(done) <= set(records.ACTS)
    second = texts(main(app, "/coder/second"))
    assert "coding memo" in second
    assert "Codes that this coder gave" in second
    assert "Readings" in main(app, "/coder/reader")
    assert 'href="/search/S01"' in main(app, "/coder/dart-kg")


def test_the_style_page_has_both_themes_and_both_languages(app):
    page = main(app, "/style")
    assert re.findall(r'<section class="theme (\w+)" id="style-[^"]+" lang="(\w+)"', page) == [
        ("light", "en"), ("light", "zh"), ("dark", "en"), ("dark", "zh"),
    ]  # fmt: skip
    for state in ("contested", "supported", "opposed"):
        assert state in page
    style = (responses.html.assets() / "style.css").read_text("utf-8")
    from kg.browse.style import COLOURS

    assert set(re.findall(r"--([\w-]+): (?:light-dark|#)", style.split("color-scheme: light;")[0])) == set(COLOURS)


def test_the_style_page_is_written_when_it_is_asked_for(tmp_path):
    from kg.browse import site
    from kg.progress import silent

    site.write(kg.open("template"), tmp_path, silent, styled=True)
    page = (tmp_path / "zh" / "style.html").read_text("utf-8")
    assert page.count('<section class="theme') == 8
    for address in re.findall(r'href="([^"#]+)', page):
        if not address.startswith("http"):
            assert (tmp_path / "zh" / address).resolve().is_file(), address


class Words(HTMLParser):
    """The texts of a page that are ours to translate: what is marked as English, code or a citation is not."""

    def __init__(self):
        super().__init__()
        self.open, self.texts = [], []

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        if tag not in ("meta", "link", "input", "br", "circle", "path", "rect"):
            own = (
                of.get("lang") == "en"
                or of.get("hreflang") == "en"
                or of.get("class") in ("author", "reference", "place")
            )
            self.open.append((tag, own or tag in ("code", "textarea", "script", "title", "pre", "blockquote")))
        self.texts += [of[name] for name in ("placeholder", "aria-label") if name in of and not self.foreign]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    @property
    def foreign(self):
        return any(foreign for _, foreign in self.open)

    def handle_data(self, data):
        if data.strip() and not self.foreign:
            self.texts.append(" ".join(data.split()))


def spelled(text):
    """Return the Latin words of a text, in one line and without signs."""
    return " ".join(re.findall(r"[a-z]+", text.lower()))


STUDIED = " ".join(
    spelled(file.read_text("utf-8"))
    for folder in ("seeds/dart", "ontology", "queries")
    for file in sorted((ROOT / folder).rglob("*.*"))
)
"""All that the bundled study, its ontology and the named queries say."""
NAMES = {"turtle", "json ld", "sparql", "svg", "png", "orcid", "ev", "kg", "et al", "cc by", "line",
         "tab", "enter", "delete", "esc", "ctrl z", "ctrl shift z"}  # fmt: skip
"""What is called so in Chinese, too, keys among them."""


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"Chinese", "style"}))
def test_every_page_answers_in_chinese_without_a_word_of_ours_in_english(app, kind):
    found = Words()
    # A question is answered in its own language.
    path = "/ask?q=" + urllib.parse.quote("什么支持对话") if kind == "answer" else KINDS[kind]
    found.feed(app(f"/zh{path}")[2])
    asked = spelled(path)
    foreign = []
    for text in found.texts:
        # A word alone may stand in the study, too: if it has a translation, that should be here.
        # One source has the id 'literature', which stands in its box.
        if text in ZH and text not in ZH.values() and text not in path and (kind, text) != ("explore", "literature"):
            foreign.append(text)
        if text in ZH.values():
            continue
        foreign += [
            (words, text[:90])
            for words in map(spelled, re.findall(r"[A-Za-z][A-Za-z'’ -]*", text))
            if words not in NAMES and words not in asked and f" {words.removesuffix(' et al')} " not in f" {STUDIED} "
        ]
    assert foreign == []


def test_the_words_of_the_menu_and_of_what_coders_do_are_there_in_chinese():
    menu = [(*addresses.MENU, ("", addresses.ASKED))]
    words = {w for entries in menu for name, pages in entries for w in (name, *(title for _, title in pages))} - {""}
    assert words | set(records.ACTS) | {f"by {order}" for order in overviews.ORDERS} <= {*ZH, "SPARQL"}
    assert tuple(overviews.ORDERS) == parameters.SORTS


@pytest.mark.parametrize("path", ["/", "/proposition/P18", "/zh/proposition/P18", "/source/xiaomi"])
def test_a_first_visit_is_light(site_of_dart, chromium, path):
    with browser.Visit(chromium, site_of_dart) as visit:
        finished = []
        visit.page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108 - it is looked into
        visit.go(path)
        visit.page.wait_for_load_state("networkidle")
        sizes = [request.sizes() for request in finished]
        assert any(request.url.endswith(".woff2") for request in finished)
        assert 50_000 < sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes) <= 250_000


def test_the_header_of_a_phone_is_one_line_and_its_menu_needs_no_script(site_of_dart, chromium):
    with browser.Visit(
        chromium, site_of_dart, viewport={"width": 390, "height": 844}, java_script_enabled=False
    ) as visit:
        page = visit.go("/propositions")
        assert page.evaluate("document.querySelector('header').getBoundingClientRect().height") <= 64
        assert not page.is_visible("nav.menu a >> nth=0")
        page.click(".drawer > summary")
        assert page.is_visible(".drawer a[href='/gaps']")
        page.click(".drawer a[href='/gaps']")
        page.click(".question label")
        page.keyboard.type("what is missing")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ask?q=what+is+missing")


def test_an_open_menu_is_closed_by_escape_and_by_a_click_elsewhere(site_of_dart, chromium):
    with browser.Visit(chromium, site_of_dart, viewport={"width": 1440, "height": 900}) as visit:
        page = visit.go("/gaps")
        for leave in (lambda: page.keyboard.press("Escape"), lambda: page.click("h1")):
            page.click(".entries summary:has-text('More')")
            assert page.is_visible(".entries a[href='/coders']")
            leave()
            assert not page.is_visible(".entries a[href='/coders']")
