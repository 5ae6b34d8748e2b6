"""A real Chromium on pages that are served on loopback, with everything else unreachable."""

from __future__ import annotations

import contextlib
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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        yield running
        running.close()


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


@contextlib.contextmanager
def served(folder, names=()):
    """Serve a study on a free port, and give its address."""
    from kg.browse import app, events, server
    from kg.browse.workers import Workers

    with Workers(folder) as workers, server.listen("127.0.0.1", 0) as listening, events.Watched(folder) as watched:
        running = server.server_of(app.app(folder, workers, watched, ["127.0.0.1", "localhost", *names]))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        running.should_exit = True
        thread.join(10)
