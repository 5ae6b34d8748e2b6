"""What the web app answers: addresses, data, refusals, and studies that mean harm."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import urllib.parse
from pathlib import Path

import browser
import pytest
import strategies
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

import kg
from kg import filenames, paths
from kg.browse import reader
from kg.store import build

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}${alert(3)}<a href=javascript:alert(4)>\u202e"
"""What a hostile study would write everywhere."""
WORDS = {
    "en",
    "zh",
    "definition",
    "note",
    "scope",
    "include",
    "exclude",
    "title",
    "name",
    "description",
    "rationale",
    "memo",
    "license",
}


def ask(address, path, **headers):
    """Send a request and return its status, headers and text."""
    where = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
    sent = {"Accept": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
    connection.request(sent.pop("method", "GET"), path, headers=sent)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, body


@pytest.fixture
def app(site_of_dart):
    return lambda path, **headers: ask(site_of_dart, path, **headers)


def test_every_answer_has_the_security_headers(app):
    for path in ("/", "/nope", "/static/style.css", "/suggest?q=a", "/proposition/P18.ttl", "/excerpt/afu:5521-5662"):
        _, headers, _ = app(path)
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def searched(app, path):
    """Return the main part of a page without its marks, and the words that these mark."""
    status, _, body = app(path)
    assert status == 200
    main = re.search(r"<main.*?</main>", body, re.DOTALL)[0]
    return re.sub(r"</?mark>", "", main), re.findall(r"<mark>(.*?)</mark>", main)


def test_a_search_marks_the_words_and_leads_to_the_passages_and_claims_they_touch(app):
    main, marked = searched(app, "/search?q=self-cleaning+washing+machine")
    assert "self-cleaning (免清洗) washing machine" in main
    assert marked == ["self-cleaning", "washing", "machine"] * 2
    assert '<a href="/source/haier?at=1694-1849#excerpt-1694-1849">' in main
    assert '<a href="/proposition/P13">P13</a>' in main


def test_a_search_that_finds_not_all_words_says_so_and_shows_the_nearest(app):
    main, marked = searched(app, "/search?q=transprency+of+the+%3Cb%3Eplatfrom")
    assert "No source has &#39;transprency&#39;, &#39;&lt;b&gt;platfrom&#39;" in main
    assert '<a href="/search?q=transparency+of+the+%3Cb%3Eplatform">' in main
    assert "transparent" in marked
    assert searched(app, "/zh/search?q=zzz")[0].count("没有来源包含“zzz”") == 1
    assert searched(app, "/search")[1] == []


def test_a_search_is_shown_page_by_page_and_exactly_when_it_is_asked_for(app):
    first, last = (searched(app, f"/search?q=the+customer&page={page}")[0] for page in (1, 999999))
    assert first.count("<li>") == 20 > last.count("<li>") > 0
    assert 'rel="next" href="/search?q=the+customer&amp;page=2"' in first
    main, marked = searched(app, "/search?q=self-cleaning+washing&exact=1")
    assert marked == ["self-cleaning washing"]
    assert 'value="1" checked' in main
    assert searched(app, "/search?q=self-cleaning+(washing&exact=1")[1] == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""])
def test_a_request_that_names_another_host_is_refused(app, host):
    assert app("/", Host=host)[0] == 400


def test_no_page_has_an_inline_script_or_style(app):
    for path in ("/", "/ask?q=what+supports+transparency", "/picture", "/source/afu", "/matrix", "/sparql"):
        body = app(path)[2]
        assert not re.search(
            r"<script(?![^>]*\b(?:src=|type=\"application/ld\+json\"))|<style|\sstyle=|\son\w+=|javascript:", body
        ), path


def test_a_record_is_given_in_the_form_that_is_asked_for(app):
    from rdflib import Graph

    iri = "https://w3id.org/dart-kg/study/dart/proposition/P18"
    for path, headers in (
        ("/proposition/P18.ttl", {}),
        ("/proposition/P18", {"Accept": "text/turtle"}),
        ("/proposition/P18.json", {}),
        ("/proposition/P18", {"Accept": "application/ld+json"}),
    ):
        status, got, body = app(path, **headers)
        assert status == 200
        form = "turtle" if got["content-type"].startswith("text/turtle") else "json-ld"
        triples = Graph().parse(data=body, format=form)
        assert any(str(s) == iri for s in triples.subjects())
    assert app("/proposition/P18", Accept="text/html,*/*")[1]["content-type"].startswith("text/html")
    first, second = (
        Graph().parse(data=app(f"/excerpt/afu:5521-5662.{s}")[2], format=f)
        for s, f in (("ttl", "turtle"), ("json", "json-ld"))
    )
    assert set(first) == set(second)


def test_what_a_page_lists_is_given_as_data(app):
    from rdflib import Graph

    asked = "q=what+supports+transparency"
    for path, form in (
        (f"/ask.ttl?{asked}", "turtle"),
        (f"/ask.json?{asked}", "json-ld"),
        ("/matrix.ttl", "turtle"),
        ("/index.json", "json-ld"),
        ("/zh/codes.ttl", "turtle"),
        ("/explore.ttl?of=code/misstatement", "turtle"),
    ):
        status, _, body = app(path)
        assert status == 200, path
        assert len(Graph().parse(data=body, format=form)) > 50, path
    assert "P18" in app(f"/ask?{asked}", Accept="text/turtle")[2]
    assert app("/matrix.docx")[0] == 404
    status, _, body = app("/ask.ttl?q=what+supports+zyxwv")
    assert status == 200
    assert "dart:P1" not in body  # no claim and no line stands on the page, only concepts of the study
    assert "line-" not in body


def test_a_page_is_sent_compressed_to_who_can_read_it(site_of_dart):
    import gzip

    where = urllib.parse.urlsplit(site_of_dart)
    sent = []
    for accepted in ("gzip, deflate", "identity"):
        connection = http.client.HTTPConnection(where.hostname, where.port)
        connection.request("GET", "/proposition/P18", headers={"Accept-Encoding": accepted})
        answer = connection.getresponse()
        sent.append((answer.getheader("Content-Encoding"), answer.read()))
        connection.close()
    assert sent[0][0] == "gzip"
    assert sent[1][0] is None
    assert gzip.decompress(sent[0][1]) == sent[1][1]


def test_the_same_page_is_not_sent_twice(app):
    _, headers, _ = app("/proposition/P18")
    status, _, body = app("/proposition/P18", If_None_Match=headers["etag"])
    assert (status, body) == (304, "")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/proposition/P8", 404, "Did you mean"),
        ("/nonsense/P18", 404, 'href="/proposition/P18"'),
        ("/nonsense", 404, "no such page"),
        ("/ask?q=what+supports+transparancy", 200, "transparency"),
        ("/ask?q=sing+me+a+song", 200, "not understood"),
        ("/explore?of=concept/transparancy", 404, "Did you mean"),
        ("/explore?of=author/nobody", 404, "There is none"),
        ("/explore?of=P18", 404, "There is none"),
        ("/explore?of=proposition/P18&depth=1", 400, "depth"),
        ("/picture?of=proposition/nope", 404, "proposition/nope"),
        ("/sparql?q=DELETE+WHERE+%7B%3Fs+%3Fp+%3Fo%7D", 400, "refused"),
        ("/sparql?q=SELECT+*+%7B+SERVICE+%3Chttp%3A%2F%2Fexample.org%2F%3E+%7B%7D+%7D", 400, "SERVICE is refused"),
        ("/source/afu?at=1-2", 200, "no such passage"),
        ("/proposition/P18?page=999999", 200, "P18"),
        ("/proposition/P18?page=999999&case=%00", 400, "The field <b>case</b> cannot be"),
        ("/proposition/P18?depth=2", 400, "no field <b>depth</b>"),
        ("/picture?focus=P18", 400, "no field <b>focus</b>"),
        ("/static/../app.py", 404, ""),
        ("/static/%2e%2e/app.py", 404, ""),
        ("/%2e%2e/%2e%2e/etc/passwd", 404, ""),
        ("/ask?q=" + "a" * 9000, 414, "too long"),
    ],
)
def test_what_cannot_be_shown_is_a_page_with_a_status(app, path, status, said):
    got, _, body = app(path)
    assert got == status
    assert said in body
    assert "Traceback" not in body


def test_only_reading_is_answered(app):
    for method in ("POST", "PUT", "DELETE"):
        assert app("/proposition/P18", method=method)[0] == 405


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/proposition/P18", "/sparql", "/static/style.css", "/suggest"])
def test_another_way_to_ask_is_refused_by_a_page(app, method, path):
    status, headers, body = app(path, method=method)
    assert status == 405
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "send GET or HEAD" in body


def test_a_head_has_the_headers_of_its_page_and_no_body(app):
    for path in ("/proposition/P18", "/static/style.css", "/sparql?q=ASK+%7B%7D"):
        status, headers, body = app(path, method="HEAD")
        assert (status, body) == (200, "")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-type"] == app(path)[1]["content-type"]


def test_a_body_that_comes_with_a_question_is_nothing_to_it(site_of_dart):
    where = urllib.parse.urlsplit(site_of_dart)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
    for _ in range(3):
        connection.request("GET", "/proposition/P18", body=b"a" * 10_000)
        answer = connection.getresponse()
        assert (answer.status, b"P18" in answer.read()) == (200, True)
    connection.close()


@pytest.mark.parametrize(
    ("path", "headers", "status", "said"),
    [
        ("/", {"Host": "evil.example"}, 400, "names another host"),
        ("/ask?" + "&".join(["q=a"] * 300), {}, 400, "too many fields"),
        ("/sparql?" + "&".join(["q=a"] * 300), {}, 400, "too many fields"),
        ("/" + "a" * 9000, {}, 414, "too long"),
        ("/neighbours/code/" + "a" * 9000, {}, 414, "too long"),
        ("/sparql?q=" + "a" * 9000, {}, 414, "too long"),
        ("/nope", {}, 404, "no such page"),
        ("/zh/nope", {}, 404, "没有这个页面"),
        ("/zh/ask?" + "&".join(["q=a"] * 300), {}, 400, "字段过多"),
        ("/sparql?q=ASK%7B%7D&default-graph-uri=urn:g", {}, 400, "by FROM and FROM NAMED"),
        ("/sparql?q=ASK%7B%7D&named-graph-uri=urn:g", {}, 400, "by FROM and FROM NAMED"),
    ],
)
def test_every_refusal_is_a_page_with_the_headers_and_a_mend(app, path, headers, status, said):
    got, answered, body = app(path, **headers)
    assert got == status
    assert said in body
    assert answered["content-type"].startswith("text/html")
    assert answered["content-security-policy"].startswith("default-src 'self'")
    assert '<a href="/' in body


def test_a_refusal_has_no_barriers(site_of_dart, chromium):
    with browser.Visit(chromium, site_of_dart) as visit:
        page = visit.go("/zh/nope")
        page.evaluate(browser.AXE)
        assert page.evaluate("axe.run()")["violations"] == []


def test_every_word_of_a_refusal_is_there_in_chinese():
    from kg.browse import app, guard, parameters, refusals, workers
    from kg.words import ZH

    assert {*refusals.REASONS.values(), refusals.GONE, workers.LATE, workers.ENDED, guard.HOST} <= set(ZH)
    assert {parameters.MANY, app.ELSEWHERE, app.GRAPHS} <= set(ZH)


ELSEWHERE = [
    ("cross-site", "no-cors", "image"),
    ("cross-site", "cors", "empty"),
    ("same-site", "cors", "empty"),
    ("cross-site", "navigate", "iframe"),
]


@pytest.mark.parametrize(("site", "mode", "dest"), ELSEWHERE)
def test_a_page_elsewhere_cannot_make_anything_be_computed(app, site, mode, dest):
    sent = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": mode, "Sec_Fetch_Dest": dest}
    for path in (
        "/",
        "/ask?q=what+is+missing",
        "/sparql?q=ASK+%7B%7D",
        "/suggest?q=a",
        "/neighbours/code/x",
        "/picture.svg",
        "/P18.ttl",
    ):
        status, headers, body = app(path, **sent)
        assert status == 403, path
        assert "a page elsewhere asked for this" in body
        assert headers["content-security-policy"].startswith("default-src 'self'")
    assert app("/static/style.css", **sent)[0] == 200


def test_a_link_that_stands_elsewhere_is_followed(app):
    sent = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert "P18" in app("/proposition/P18", **sent)[2]
    for own in ("same-origin", "none"):
        assert app("/suggest?q=a", Sec_Fetch_Site=own, Sec_Fetch_Mode="cors", Sec_Fetch_Dest="empty")[0] == 200


def test_a_query_that_a_page_elsewhere_wrote_is_shown_and_not_run(app):
    asked = "/sparql?q=" + urllib.parse.quote("SELECT ?id { ?c a ev:Case ; dcterms:identifier ?id }")
    sent = {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    for language, said in (("", "so it was not run"), ("/zh", "没有运行")):
        status, _, body = app(language + asked, Sec_Fetch_Site="cross-site", **sent)
        assert status == 200
        assert said in body
        assert "dcterms:identifier ?id }</textarea>" in body
        assert "haier" not in body
    assert "haier" in app(asked, Sec_Fetch_Site="same-origin", **sent)[2]
    assert "haier" in app(asked)[2]


def test_a_person_runs_a_query_that_a_page_elsewhere_wrote(site_of_dart, chromium, tmp_path):
    """In a real browser: by a link, and then by the button."""
    asked = f"{site_of_dart}/sparql?q=" + urllib.parse.quote("SELECT ?id { ?c a ev:Case ; dcterms:identifier ?id }")
    elsewhere = site_of_dart.replace("127.0.0.1", "localhost")
    with browser.Visit(chromium, elsewhere) as visit:
        page = visit.go("/")
        page.evaluate(
            "address => { const a = document.createElement('a'); a.href = address; a.id = 'there'; a.textContent = 'x'; document.querySelector('main').prepend(a); }",
            asked,
        )
        page.click("#there")
        page.wait_for_url(asked)
        expect(page.locator("main")).to_contain_text("so it was not run")
        expect(page.locator("td")).to_have_count(0)
        page.click("form.sparql button")
        page.wait_for_selector("td")
        expect(page.locator("main")).to_contain_text("haier")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle;q=0.1, text/html", "text/html"),
        ("text/html;q=0.1, text/turtle", "text/turtle"),
        ("text/turtle", "text/turtle"),
        ("application/json", "application/ld+json"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/*;q=0.5, application/ld+json;q=0.4", "text/html"),
        ("*/*", "text/html"),
        ("*/*;q=0.1, text/turtle;q=0.2", "text/turtle"),
        ("text/html;level=1;q=0.3, text/turtle;q=0.4", "text/turtle"),
        ('application/ld+json;profile="a, text/html", text/turtle;q=0.5', "application/ld+json"),
        ("TEXT/TURTLE", "text/turtle"),
        ("text/turtle ; q=0.9 , text/html ; q=0.8", "text/turtle"),
        ("image/png", "text/html"),
        ("text/turtle;q=2", "text/html"),
        (",,;q=1,", "text/html"),
    ],
)
def test_what_the_client_would_rather_have_is_given(app, accept, form):
    assert app("/proposition/P18", Accept=accept)[1]["content-type"].startswith(form)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/csv;q=0.1, application/json", "application/json"),
        ("application/json;q=0.1, text/csv", "text/csv"),
        ("text/html, application/json;q=0.5, */*;q=0.1", "text/html"),
        ("*/*", "application/json"),
    ],
)
def test_rows_are_given_as_the_client_would_rather_have_them(app, accept, form):
    assert app("/sparql?q=ASK+%7B%7D", Accept=accept)[1]["content-type"].startswith(form)


def test_what_is_compressed_is_not_sent_to_who_refuses_it(app):
    for refused in ("gzip;q=0", "identity", "gzip;q=0.2, identity;q=0.5", ""):
        assert "content-encoding" not in app("/proposition/P18", Accept_Encoding=refused)[1]


def test_sparql_honours_the_graphs_that_a_query_names(app):
    asked = "/sparql?q=" + urllib.parse.quote("SELECT * FROM <urn:none> { ?s ?p ?o }")
    assert json.loads(app(asked, Accept="application/json")[2])["rows"] == []


def test_sparql_gives_rows_as_json_and_csv(app):
    asked = "/sparql?q=" + urllib.parse.quote("SELECT ?id { ?c a ev:Case ; dcterms:identifier ?id } ORDER BY ?id")
    assert json.loads(app(asked, Accept="application/json")[2])["rows"] == [["afu"], ["haier"], ["xiaomi"]]
    assert app(asked, Accept="text/csv")[2].split() == ["id", "afu", "haier", "xiaomi"]


def test_a_new_build_takes_the_place_of_the_old(study, edit):
    kg.open(study)
    with browser.served(study) as address:
        assert "Regular feedback lengthens" in ask(address, "/proposition/P1")[2]
        edit("propositions.yaml", "Regular feedback lengthens", "Weekly feedback lengthens")
        assert "Regular feedback lengthens" in ask(address, "/proposition/P1")[2]
        build.build(study)
        assert "Weekly feedback lengthens" in ask(address, "/proposition/P1")[2]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Make a study whose every word means harm."""
    folder = tmp_path_factory.mktemp("hostile") / "study"
    shutil.copytree(paths.shipped("seeds") / "template", folder)

    def spoilt(value, key=""):
        """Write harm wherever a study may write words."""
        if isinstance(value, dict):
            return {k: spoilt(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [EVIL] if key == "synonyms" else [spoilt(v) for v in value]
        return EVIL if key in WORDS else value

    for name in ("study", "propositions", "concepts", "codebook", "codings/interview"):
        file = folder / f"{name}.yaml"
        made = spoilt(yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader))
        if name == "study":
            # The sources are edited below.
            for entry in made["sources"]:
                del entry["sha256"]
                entry["witness"] = {"person": EVIL}
        if name == "codings/interview":
            line = {"proposition": "P1", "stance": "opposes", "strength": "weak", "rationale": EVIL}
            made["excerpts"].append(
                {"quote": f"He wrote {EVIL}", "codes": ["weekly-feedback"], "memo": EVIL, "evidence": [line]}
            )
        file.write_text(strategies.as_yaml(made), "utf-8")
    references = json.loads((folder / "references.json").read_text("utf-8"))
    for item in references:
        item |= {"title": EVIL, "URL": "javascript:alert(5)", "note": EVIL, "author": [{"literal": EVIL}]}
    (folder / "references.json").write_text(json.dumps(references), "utf-8")
    source = folder / "sources" / "interview.md"
    source.write_text(source.read_text("utf-8") + f"\n\n[I99] He wrote {EVIL}\n", "utf-8")
    build.build(folder)
    return folder


def test_a_hostile_study_runs_nothing_and_breaks_no_page(hostile, chromium):
    with browser.served(hostile) as address, browser.Visit(chromium, address) as visit:
        graph = kg.open(hostile, built=True)
        pages = [
            "/",
            "/propositions",
            "/codes",
            "/cases",
            "/sources",
            "/references",
            "/coders",
            "/ontology",
            "/matrix",
            "/gaps",
            "/picture",
            "/search?q=script",
        ]
        pages += [f"/{row['kind']}/{row['id']}" for row in graph.query("records").dicts()]
        pages += [
            "/ask?q=" + urllib.parse.quote(f"what supports {EVIL}"),
            "/explore?of=proposition/P1",
            "/search?q=" + urllib.parse.quote(EVIL),
        ]
        for path in pages:
            page = visit.go(path)
            if path.startswith("/explore"):
                page.wait_for_selector("#stage[data-drawn]")
            assert page.locator("footer").count() >= 1, path
            assert (
                page.locator(
                    "script:not([src], [type='application/ld+json']), img[src=x], main a[href^='javascript']"
                ).count()
                == 0
            ), path
        assert visit.ran == []
        assert visit.elsewhere() == []
        assert [c for c in visit.complaints if "Failed to load resource" not in c] == []


def test_the_segments_of_a_passage_are_its_words_however_passages_overlap():
    texts = st.text(alphabet="aé中👍 \n\r[@]k#", max_size=80)

    @settings(deadline=None)
    @given(text=texts, spans=st.lists(st.tuples(st.integers(0, 79), st.integers(1, 30)), max_size=6, unique=True))
    def check(text, spans):
        marks = [reader.Mark(a, min(a + n, len(text)), f"s:{a}-{n}") for a, n in spans if a < len(text)]
        made = reader.blocks(text, marks, ["k"])
        shown = "".join(s.text for b in made for s in b.segments)
        assert shown == re.sub(r"(?:\r?\n[ \t]*){2,}", "", text)
        between = {i for gap in re.finditer(r"(?:\r?\n[ \t]*){2,}", text) for i in range(*gap.span())}
        for mark in marks:
            mine = "".join(s.text for b in made for s in b.segments if mark.id in s.marks)
            assert mine == "".join(text[i] for i in range(mark.start, mark.end) if i not in between)

    check()


def test_files_of_a_site_never_collide():
    made = filenames.of(
        [("code", "P1"), ("code", "p1"), ("case", "P1"), ("code", "nul"), ("code", "a."), ("code", "中" * 90)]
    )
    assert len({(k, n.casefold()) for (k, _), n in made.items()}) == len(made)
    assert made["case", "P1"] == "P1"
    assert all(len(n.encode()) < 220 and not n.endswith(".") for n in made.values())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    from kg.browse import site as writer
    from kg.progress import silent

    folder = tmp_path_factory.mktemp("site")
    writer.write(kg.open("template"), folder, silent)
    return folder


def test_every_link_of_the_site_leads_to_a_file(site):
    checked = 0
    for page in site.rglob("*.html"):
        if page.name == "graph.html":
            continue
        for address in re.findall(r'(?:href|src)="([^"]*)"', page.read_text("utf-8")):
            if address.startswith(("http", "data:")):
                continue
            target, _, anchor = address.partition("#")
            file = (page.parent / urllib.parse.unquote(target)).resolve() if target else page
            assert file.is_file(), (page, address)
            assert file.is_relative_to(site.resolve())
            if anchor.startswith("excerpt-"):
                assert f'id="{anchor}"' in file.read_text("utf-8"), (page, address)
            checked += 1
    assert checked > 500


def test_the_site_is_read_from_a_folder_with_nothing_else(site, chromium):
    with browser.Visit(chromium, site.as_uri()) as visit:
        page = visit.go("/index.html")
        page.click(".claims a >> nth=0")
        page.click(".line blockquote footer a >> nth=0")
        page.wait_for_load_state()
        assert page.evaluate("location.hash").startswith("#excerpt-")
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Source Sans 3"')
        assert page.locator("mark.lit").count() > 0
        assert visit.complaints == []


def test_the_site_is_the_same_for_the_same_study(site, tmp_path):
    from kg.browse import site as writer
    from kg.progress import silent

    writer.write(kg.open("template"), tmp_path, silent)
    for file in site.rglob("*"):
        if file.is_file():
            assert (tmp_path / file.relative_to(site)).read_bytes() == file.read_bytes(), file


def test_no_word_of_the_pages_says_otherwise_what_a_kind_or_a_state_is_called():
    from kg import claims, kinds
    from kg.words import ZH

    called = kinds.CHINESE | {state.name: state.zh for state in claims.STATES.values()}
    assert {word: ZH[word] for word in called} == called


def test_every_word_of_the_pages_is_there_in_chinese():
    from kg.words import ZH

    root = Path(kg.__file__).parent
    words = {
        w
        for f in root.rglob("templates/*.html")
        for w in re.findall(r"\b(?:_|word)\(\"([^\"]+)\"\)", f.read_text("utf-8"))
    }
    assert len(words) > 60
    assert words - set(ZH) == set()
