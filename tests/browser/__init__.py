"""A real Chromium on pages that are served on loopback, with everything else unreachable."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable():
    """Return the path of a Chromium; without one skip, or fail in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI") == "true":
        pytest.fail("there is no Chromium, and in CI nothing is skipped")
    pytest.skip("there is no Chromium; see tests/browser/fetch.sh")
    return None


@contextlib.contextmanager
def chromium():
    """Run one Chromium for all tests."""
    from playwright.sync_api import expect, sync_playwright

    # As long as everything else waits: the machine may be busy.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        yield running
        running.close()


def leads_to(page, end):
    """Wait until the address of a page ends so."""
    page.wait_for_url(lambda url: url.endswith(end))


def draw(page, words, within=".reader"):
    """Draw the mouse over words of a part of a page, which may go on in the next line."""
    box = page.evaluate(
        """([words, within]) => {
          const walk = document.createTreeWalker(document.querySelector(within), NodeFilter.SHOW_TEXT);
          for (let node; (node = walk.nextNode());) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            const boxes = [...range.getClientRects()], first = boxes[0], last = boxes.at(-1);
            return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
          }
        }""",
        [words, within],
    )
    page.mouse.move(box[0], box[1])
    page.mouse.down()
    page.mouse.move(box[2], box[3], steps=5)
    page.mouse.up()


class Visit:
    """Watch one page: what it asks for, what runs, what it complains of."""

    def __init__(self, browser, base, **settings):
        self.base = base
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        if base.startswith("http"):
            self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base)
        self.page = self.context.new_page()
        self.asked, self.complaints, self.ran = [], [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type == "error" else None
        )
        self.page.on("dialog", lambda dialog: (self.ran.append(dialog.message), dialog.dismiss()))

    def go(self, path):
        self.page.goto(self.base + path)
        return self.page

    def elsewhere(self):
        """Return what was asked for outside the app."""
        return [url for url in self.asked if not url.startswith((self.base, "data:", "blob:"))]

    def close(self):
        self.context.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def has_no_barrier(page, **options):
    """Look for barriers with axe, in the light and in the dark; none may be serious.

    In the dark a page has other colours, and nothing else is other: only they are looked at again.

    Args:
        page: a page that was opened with ``bypass_csp``.
        options: of axe's context, such as what is left out.
    """
    page.evaluate(AXE)
    for scheme, more in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("([where, more]) => axe.run(where ?? document, more)", [options or None, more])
        serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        told = [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in serious]
        assert serious == [], f"{scheme}: {json.dumps(told, indent=1)}"
        assert "color-contrast" in [one["id"] for one in (*found["passes"], *found["incomplete"])]


@contextlib.contextmanager
def served(folder, names=(), editing=None):
    """Serve a study on a free port, and give its address."""
    from kg.browse import app, events, server
    from kg.browse.workers import Workers

    with Workers(folder) as workers, server.listen("127.0.0.1", 0) as listening, events.Watched(folder) as watched:
        running = server.server_of(app.app(folder, workers, watched, ["127.0.0.1", "localhost", *names], editing))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        running.should_exit = True
        thread.join(10)


@contextlib.contextmanager
def edited(folder):
    """Serve a study that can be edited; give its address, and the path at which a session begins."""
    from kg.browse.editing import Editing

    with Editing(folder) as editing, served(folder, editing=editing) as address:
        yield address, editing.begin
