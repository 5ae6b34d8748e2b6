"""A study is built again when its files change, and those who look at it are told."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request

import browser
import pytest
from playwright.sync_api import expect

import kg
from kg import scaffold, watching
from kg.store import build


@pytest.fixture
def study(tmp_path):
    """Return a new study, as ``kg init`` makes it, that was built."""
    folder = scaffold.init(tmp_path / "wards")
    kg.open(folder)
    return folder


def rewrite(file, old, new):
    """Write a file anew, as an editor does: aside, then in its place."""
    text = file.read_text("utf-8")
    assert old in text
    aside = file.with_name(f".{file.name}.new")
    aside.write_text(text.replace(old, new, 1), "utf-8")
    aside.replace(file)


class Looked:
    """The states of a study, as they come."""

    def __init__(self, study):
        self.states, self.stop, self.came = [], threading.Event(), threading.Condition()
        self.thread = threading.Thread(target=self.look, args=(study,), daemon=True)
        self.thread.start()
        self.wait(lambda state: True)

    def look(self, study):
        for state in watching.states(study, self.stop):
            with self.came:
                self.states.append(state)
                self.came.notify_all()

    def wait(self, fits):
        with self.came:
            assert self.came.wait_for(lambda: self.states and fits(self.states[-1]), 60), self.states
            return self.states[-1]


@pytest.fixture
def looked(study):
    one = Looked(study)
    # What changes before the system watches is not seen.
    time.sleep(1)
    yield one
    one.stop.set()
    one.thread.join(30)


def test_a_changed_file_gives_a_new_build_and_a_broken_one_its_findings_beside_the_last(study, looked):
    first = looked.states[0]
    assert first.digest == build.digest(study)
    assert not first.is_broken
    rewrite(study / "study.yaml", "Why volunteers stay", "Why people stay")
    second = looked.wait(lambda state: state.digest != first.digest)
    assert second.fresh
    rewrite(study / "study.yaml", "title:", "titel:")
    third = looked.wait(lambda state: state.is_broken)
    assert third.digest == second.digest
    assert any(f.file == "study.yaml" and f.line and f.mend for f in third.findings)
    rewrite(study / "study.yaml", "titel:", "title:")
    fourth = looked.wait(lambda state: not state.is_broken)
    assert (fourth.digest, fourth.fresh) == (second.digest, False)


def test_what_an_editor_keeps_beside_a_file_is_no_change(study, looked):
    for name in (".study.yaml.swp", "study.yaml~", ".git"):
        (study / name).write_text("x", "utf-8")
    time.sleep(1)
    assert len(looked.states) == 1


def test_a_study_that_goes_away_is_told_of_and_one_that_comes_back_is_built(study, looked):
    kept = study.with_name("kept")
    shutil.copytree(study, kept)
    (study / "study.yaml").unlink()
    state = looked.wait(lambda state: state.is_broken)
    assert "study.yaml" in str(state.findings) + state.trouble
    shutil.copy(kept / "study.yaml", study / "study.yaml")
    looked.wait(lambda state: not state.is_broken)


def test_kg_watch_says_what_is_to_be_mended_and_when_it_is_built(study):
    command = [sys.executable, "-c", "from kg.cli import main; main()", "watch", str(study), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        assert json.loads(running.stdout.readline())["digest"]
        time.sleep(1)
        rewrite(study / "study.yaml", "title:", "titel:")
        told = json.loads(running.stdout.readline())
        assert any(finding["file"] == "study.yaml" for finding in told["findings"])
        running.terminate()


def events_of(address):
    """Give what a page is told."""
    with urllib.request.urlopen(f"{address}/events", timeout=60) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        for row in answer:
            if row.startswith(b"data: "):
                yield json.loads(row.removeprefix(b"data: "))


@pytest.mark.slow
def test_a_page_is_told_of_a_build_and_of_what_is_broken_with_file_line_and_mend(study):
    with browser.served(study) as address:
        told = events_of(address)
        first = next(told)
        assert first["findings"] == []
        time.sleep(1)
        rewrite(study / "study.yaml", "title:", "titel:")
        broken = next(told)
        assert broken["build"] == first["build"]
        assert {"file", "line", "mend"} <= broken["findings"][0].keys()
        rewrite(study / "study.yaml", "titel:", "title:")
        assert next(told) == first
        rewrite(study / "study.yaml", "Why volunteers stay", "Why people stay")
        mended = next(one for one in told if not one["findings"])
        assert mended["build"] != first["build"]


@pytest.mark.slow
def test_another_site_is_told_nothing(study):
    with browser.served(study) as address:
        request = urllib.request.Request(f"{address}/events", headers={"Sec-Fetch-Site": "cross-site"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=30)
        assert refused.value.code == 403


@pytest.mark.slow
def test_an_open_page_follows_the_files_and_keeps_scroll_and_focus(study, chromium):
    with (
        browser.served(study) as address,
        browser.Visit(chromium, address, viewport={"width": 900, "height": 300}) as visit,
    ):
        page = visit.page
        page.goto(f"{address}/codes")
        page.wait_for_timeout(1500)
        page.locator("#q").fill("what supp")
        page.evaluate("scrollTo(0, 120)")
        seen = "(() => { const one = document.querySelector('main h1'); return one.getBoundingClientRect().top; })()"
        before = page.evaluate(f"[{seen}, document.activeElement.id]")
        file = study / "codebook.yaml"
        name = re.search(r"label: (.+)", file.read_text("utf-8"))[1]
        rewrite(file, f"label: {name}", "label: {en: Wakeful nurses}")
        page.locator("main").get_by_text("Wakeful nurses").first.wait_for(timeout=30_000)
        top, focus = page.evaluate(f"[{seen}, document.activeElement.id]")
        assert (abs(top - before[0]) < 40, focus) == (True, before[1])
        expect(page.locator("#q")).to_have_value("what supp")
        rewrite(file, "label: {en: Wakeful", "labell: {en: Wakeful")
        page.locator("#broken li").first.wait_for(timeout=30_000)
        expect(page.locator("#broken li").first).to_contain_text("codebook.yaml:")
        expect(page.locator("main").get_by_text("Wakeful nurses")).not_to_have_count(0)
        rewrite(file, "labell:", "label:")
        page.locator("#broken").wait_for(state="hidden", timeout=30_000)
        assert not visit.complaints
