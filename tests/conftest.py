"""Studies for the tests, each in a folder of its own, with a cache of its own."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import browser
import pytest
import servers
from helpers import examples
from hypothesis import HealthCheck, settings

import kg
from kg import paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


# How fast a machine is decides about no test. In CI the examples are the same in every run, so that what fails there
# fails here; 'make nightly', and every run elsewhere, looks for new ones.
settings.register_profile(
    "tests",
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("tests")
servers.Process.options = servers.SHORT_LIVED

# They are about answers that say how a question was read, and wait for them.

SLOW = ("neo4j", "fuseki", "arcadedb", "chromium")
"""What a test is slow for: real servers and a browser."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of servers and of the browser, keep those of one Neo4j together, and run what takes longest first."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        shown = getattr(item, "dtest", None)  # an example of the documentation
        if any(name in names for name in SLOW) or (shown and any("cypher(" in one.source for one in shown.examples)):
            item.add_marker("slow")
        if "neo4j" in names:
            item.add_marker(pytest.mark.xdist_group("neo4j"))
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("xdist_group", "slow")])


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep built graphs away from the user's own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DART_KG_CACHE", str(folder))
        patch.setenv("COLUMNS", "80")
        patch.setenv("ARCADEDB_JVM_ARGS", " ".join(servers.SHORT_LIVED))
        yield folder


@pytest.fixture(scope="session")
def dart(cache: Path) -> kg.Graph:
    """Open the bundled study."""
    return kg.open("dart")


@pytest.fixture(scope="session")
def neo4j(tmp_path_factory: pytest.TempPathFactory) -> servers.Neo4j:
    """Run a real Neo4j for all tests."""
    running = servers.Neo4j(tmp_path_factory.mktemp("neo4j"))
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def fuseki(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], servers.Fuseki]:
    """Run a real Fuseki for each study that is asked for."""
    running: dict[str, servers.Fuseki] = {}

    def start(study: str) -> servers.Fuseki:
        if study not in running:
            running[study] = servers.Fuseki(tmp_path_factory.mktemp("fuseki"))
            running[study].start()
        return running[study]

    yield start
    for one in running.values():
        one.kill()


@pytest.fixture(scope="session")
def chromium():
    """Run a real Chromium for all tests."""
    with browser.chromium() as running:
        yield running


@pytest.fixture(scope="session")
def site_of_dart(dart):
    """Serve the bundled study."""
    with browser.served(kg.open("dart").folder) as address:
        yield address


@pytest.fixture
def visit(chromium, site_of_dart):
    """Open a fresh window; nothing may be asked for elsewhere, and nothing complained of."""
    opened = []

    def open_(**settings):
        opened.append(browser.Visit(chromium, site_of_dart, **settings))
        return opened[-1]

    yield open_
    for one in opened:
        assert one.elsewhere() == []
        assert [c for c in one.complaints if "404" not in c and "400" not in c] == []
        one.close()


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Copy the template: two sources, a claim with evidence for and against it, and a vain search."""
    folder = tmp_path / "study"
    shutil.copytree(paths.shipped("seeds") / "template", folder)
    return folder


@pytest.fixture
def built(study: Path) -> Path:
    """Copy the template, and build it."""
    kg.open(study)
    return study


@pytest.fixture
def edit(study: Path) -> Callable[[str, str, str], None]:
    """Replace text in a file of the study, once and surely."""

    def replace(name: str, old: str, new: str) -> None:
        file = study / name
        text = file.read_bytes().decode()
        assert old in text
        file.write_bytes(text.replace(old, new, 1).encode())

    return replace
