"""What it takes a hand to code the same twenty passages here and in Taguette, in the same browser."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
from contextlib import contextmanager

import browser
import pytest
import servers
from test_coding_in_browser import reading, stored

import kg

pytestmark = pytest.mark.slow
TAGS = ("Belonging", "Recognition", "Tiredness", "Weekly feedback", "Workload")
WHO = ("cook", "driver", "baker", "guest", "porter")
DID = (
    "stayed because she is known",
    "left after the long winter",
    "asks each Friday how it went",
    "carries what others leave",
)
WORDS = [f"The {who} {did}" for did in DID for who in WHO]
GIVEN = {words: TAGS[(n + n // len(TAGS)) % len(TAGS)] for n, words in enumerate(WORDS)}
"""The words of each passage -> its tag; no tag comes twice in a row, so that nobody gains by giving the last one again."""
TOLD = {"mouse": (60, 80), "keys": (87, 104)}
ALL_OF_IT = {"viewport": {"width": 1280, "height": 2000}}
"""A window in which nobody has to scroll."""


class Hand:
    """A hand that counts what it does: to draw over words is one action, a click is one, and a key is one."""

    def __init__(self, page):
        self.page = page
        self.actions = 0

    def draw(self, words, within):
        browser.draw(self.page, words, within)
        self.actions += 1

    def click(self, place):
        place.click()
        self.actions += 1

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.actions += 1


def shortest(tag, leads_to):
    """Return the fewest letters that lead to a tag."""
    parts = {tag[a:b] for a in range(len(tag)) for b in range(a + 1, len(tag) + 1)}
    return min((one for one in parts if leads_to(one) == tag), key=lambda one: (len(one), tag.index(one)))


def here(hand, words, tag, by):
    """Code a passage in the reader of a source."""
    page = hand.page
    hand.draw(words, ".reader")
    page.locator("#palette:not([hidden])").wait_for()
    with page.expect_response(lambda one: one.url.endswith("/edit")) as told:
        if by == "mouse":
            hand.click(page.locator("#palette-code"))
            hand.click(page.get_by_role("option", name=tag, exact=True))
        else:
            hand.press("c")
            for letter in tag:
                hand.press(letter)
                if page.locator("#palette-codes [role=option]").first.inner_text() == tag:
                    break
            hand.press("Enter")
    assert told.value.status == 200, told.value.text()
    page.locator("#palette").wait_for(state="hidden")


def in_taguette(hand, words, tag, by):
    """Tag a passage in a document of Taguette."""
    page = hand.page
    hand.draw(words, "#document-contents")
    with page.expect_response(lambda one: "/highlight/new?" in one.url) as told:
        if by == "mouse":
            hand.click(page.locator("#hlinfo a"))
            hand.click(page.locator("#highlight-add-tags label", has_text=tag))
            hand.click(page.locator("#highlight-add-form [type=submit]"))
        else:
            hand.press("n")
            page.locator("#highlight-search:focus").wait_for()
            # It shows tags that have the letters anywhere, in the order of the alphabet.
            hand.press(*shortest(tag, lambda part: next(one for one in sorted(TAGS) if part in one)), "Enter", "Enter")
    assert told.value.ok, told.value.text()
    page.locator("#highlight-add-modal").wait_for(state="hidden")
    page.locator(".highlight", has_text=words).wait_for()


@contextmanager
def taguette(folder):
    """Run Taguette with a project of one document and five tags; give where the document is, and what its tables tell."""
    from taguette import database

    db = database.connect(f"sqlite:///{folder / 'project.sqlite3'}")()
    project = database.Project(name="Kitchen", description="", created=datetime.datetime(2026, 1, 1))
    document = database.Document(
        name="talk", description="", filename="talk.html", project=project, created=project.created,
        contents="".join(f"<p>{words}, she said.</p>" for words in WORDS),
        text_direction=database.TextDirection.LEFT_TO_RIGHT,
    )  # fmt: skip
    db.add_all([database.User(login="admin"), project, document])
    db.add_all(database.Tag(project=project, path=tag, description="") for tag in TAGS)
    db.flush()
    db.add(database.ProjectMember(project=project, user_login="admin", privileges=database.Privileges.ADMIN))
    db.commit()
    at = f"/project/{project.id}/document/{document.id}"
    db.rollback()  # Nothing of ours stays open in the file that it writes.
    port = servers.free_port()
    running = subprocess.Popen(
        [
            *(sys.executable, "-c", "from taguette.main import main; main()", "--no-browser"),
            *("--port", str(port), "--database", str(folder / "project.sqlite3")),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "HOME": str(folder)},
    )

    def tagged():
        marks = db.query(database.Highlight).all()
        return sorted((re.sub("<[^>]*>", "", one.snippet), [tag.path for tag in one.tags]) for one in marks)

    try:
        said = []
        for line in running.stdout:
            said.append(line)
            if key := re.search(r"/\?token=\w+", line):
                break
        else:
            pytest.fail("Taguette did not start: " + "".join(said))
        yield f"http://127.0.0.1:{port}", key[0], at, tagged
    finally:
        running.kill()
        running.wait()
        db.close()


@pytest.fixture
def talk(study):
    """Return a study with the same words and the same five codes."""
    (study / "sources/talk.md").write_text("\n\n".join(f"{words}, she said." for words in WORDS) + "\n", "utf-8")
    file = study / "study.yaml"
    listed = "  - {id: talk, file: sources/talk.md, title: Talk, role: case, case: kitchen}\n"
    file.write_text(file.read_text("utf-8") + listed, "utf-8")
    there = kg.open(study).digest
    codebook = study / "codebook.yaml"
    new = [tag for tag in TAGS if f"{{en: {tag}}}" not in codebook.read_text("utf-8")]
    more = "".join(f"  - {{id: {tag.lower()}, level: open, label: {{en: {tag}}}, definition: {tag}.}}\n" for tag in new)
    codebook.write_text(codebook.read_text("utf-8") + more, "utf-8")
    assert kg.open(study).digest != there
    return study


@pytest.mark.parametrize("by", ["mouse", "keys"])
def test_twenty_passages_take_no_more_actions_than_in_taguette(chromium, talk, tmp_path, by):
    with reading(chromium, talk, "talk", **ALL_OF_IT) as visit:
        mine = Hand(visit.page)
        for words, tag in GIVEN.items():
            here(mine, words, tag, by)
    assert stored(talk, "talk") == {words: {tag.lower().replace(" ", "-")} for words, tag in GIVEN.items()}
    with taguette(tmp_path) as (address, key, at, tagged), browser.Visit(chromium, address, **ALL_OF_IT) as visit:
        # Its first page asks for news of a server that is not there; the cookie comes before.
        visit.page.goto(address + key, wait_until="commit")
        visit.page.goto(address + at)
        visit.page.get_by_text(WORDS[-1]).wait_for()
        theirs = Hand(visit.page)
        for words, tag in GIVEN.items():
            in_taguette(theirs, words, tag, by)
        assert tagged() == sorted((words, [tag]) for words, tag in GIVEN.items())
    assert mine.actions <= theirs.actions
    # As docs/editing.md says.
    assert (mine.actions, theirs.actions) == TOLD[by]
