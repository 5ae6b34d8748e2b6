"""The docs are a site whose links lead somewhere, which fetches nothing from elsewhere and is searched from a disk."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import browser
import pytest
from lxml import html

ROOT = Path(__file__).parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("docs")]
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "object": "data"}
"""What a browser fetches without being asked, besides links that say so."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site; a warning, such as of a link that leads nowhere, is an error."""
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("mkdocs-material is not there, and in CI nothing is skipped")
        pytest.skip("mkdocs-material is not there; 'make lock' has it in locked-test.txt")
    folder = tmp_path_factory.mktemp("site")
    made = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return folder


def pages(site):
    return {file.relative_to(site).as_posix(): html.fromstring(file.read_bytes()) for file in site.rglob("*.html")}


def test_every_page_of_the_docs_is_in_the_site_and_nothing_else_of_the_folder(site):
    docs = {file.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for file in ROOT.glob("docs/**/*.md")}
    assert docs <= pages(site).keys()
    assert {"changelog.html", "contributing.html"} <= pages(site).keys()
    assert [file for file in site.rglob("*") if file.suffix in (".py", ".md", ".docx")] == []


def test_no_page_fetches_anything_from_elsewhere(site):
    for name, page in pages(site).items():
        fetched = [one.get(key) for tag, key in LOADING.items() for one in page.iter(tag) if one.get(key)]
        fetched += [one.get("href") for one in page.iter("link") if one.get("rel") not in ("canonical", "alternate")]
        assert [one for one in fetched if re.match(r"\w+:|//", one)] == [], name
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:|//)", sheet.read_text("utf-8")), sheet.name


def test_what_is_looked_for_in_english_and_chinese_is_found_in_pages_opened_from_a_disk(chromium, site):
    with browser.Visit(chromium, site.as_uri()) as visit:
        for words, found in (
            ("withdraw an evidence line", "Edit a study"),
            ("受访者", "Publishing"),
            ("透明性", "Asking"),
        ):
            page = visit.go("/index.html")
            page.get_by_role("textbox", name="Search").fill(words)
            page.locator(".md-search-result__item h1", has_text=found).wait_for()
        assert visit.elsewhere() == []
        assert visit.complaints == []
