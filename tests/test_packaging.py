"""What is installed and what is shipped: hashes, extras that exist, terms that are named."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import licences
import packages
import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKED = {name: (ROOT / name).read_text("utf-8") for name in ("locked.txt", "locked-test.txt", "locked-release.txt")}
INFO = f"dart_kg-{PROJECT['version']}.dist-info"

IMPORT = """
import importlib.util, json, site, sys
site.addsitedir(sys.argv[1])
sys.path.append(sys.argv[2])
import kg.loaders.study, kg.loaders.imports
print(json.dumps([kg.loaders.__file__, importlib.util.find_spec("loaders") is None]))
"""
"""Says where the loaders come from, and whether no other package is called so; nothing of the checkout is on the path."""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Build the wheel from the checkout and from the sdist, and the one of an editable install."""
    folder = tmp_path_factory.mktemp("wheels")
    (sdist,) = SdistBuilder(str(ROOT)).build(directory=str(folder))
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    unpacked = next(path for path in folder.iterdir() if path.is_dir())
    built = {}
    for name, root, version in (
        ("wheel", ROOT, "standard"),
        ("sdist", unpacked, "standard"),
        ("editable", ROOT, "editable"),
    ):
        (built[name],) = WheelBuilder(str(root)).build(directory=str(folder / name), versions=[version])
    return {name: Path(path) for name, path in built.items()}


def imported(place):
    """Import the loaders where nothing else is installed but what the package needs."""
    command = [sys.executable, "-I", "-S", "-c", IMPORT, str(place), sysconfig.get_path("purelib")]
    out = subprocess.run(command, cwd=place, capture_output=True, text=True, check=True).stdout
    file, alone = json.loads(out)
    return Path(file), alone


def installed(wheel, folder):
    """Unpack a wheel as an installer does."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("name", ["wheel", "sdist"])
def test_an_installation_has_the_loaders_in_the_package_and_no_other_package_called_so(wheels, name, tmp_path):
    with zipfile.ZipFile(wheels[name]) as archive:
        files = archive.namelist()
    assert {file.split("/")[0] for file in files} == {"kg", INFO}
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "loaders").rglob("*.py")}
    assert {f"kg/{file}" for file in there} <= set(files)
    file, alone = imported(installed(wheels[name], tmp_path))
    assert file == tmp_path / "kg/loaders/__init__.py"
    assert alone


@pytest.mark.parametrize("name", ["wheel", "sdist"])
def test_an_installation_has_every_file_of_the_pages_and_the_terms_of_those_of_others(wheels, name):
    with zipfile.ZipFile(wheels[name]) as archive:
        files = set(archive.namelist())
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "kg/browse/static").iterdir()}
    assert shipped <= files
    assert sum(file.endswith(".woff2") for file in shipped) == 4
    for terms in ("cytoscape.LICENSE.txt", "source.LICENSE.txt"):
        assert any(file.startswith(f"{INFO}/licenses/") and file.endswith(terms) for file in files)


def test_a_checkout_and_an_editable_install_have_the_loaders_of_the_checkout(wheels, tmp_path):
    assert imported(ROOT)[0] == ROOT / "loaders/__init__.py"
    assert imported(installed(wheels["editable"], tmp_path))[0] == ROOT / "loaders/__init__.py"


def texts():
    """Give every text that tells a person what to do, by its name."""
    for pattern in ("*.md", "docs/**/*.md", "kg/**/*.py", "kg/**/*.html", "loaders/**/*.py", "tests/*.sh"):
        for path in sorted(ROOT.glob(pattern)):
            if path.name != "CHANGELOG.md":
                yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def pinned(text):
    """Return the versions that a locked file pins, by package; a package may have one for each platform."""
    found = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def normal(requirement):
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


@pytest.mark.parametrize("name", LOCKED)
def test_every_package_is_pinned_by_hash_and_no_index_is_named(name):
    entries = re.split(r"\n(?=\S)", LOCKED[name].strip())
    assert len(entries) > 50
    for entry in entries:
        assert re.fullmatch(r"[\w.-]+==\S+( ; [^\n\\]+)? \\(\n    --hash=sha256:[0-9a-f]{64}( \\)?)+", entry), entry[
            :80
        ]
    assert "://" not in LOCKED[name]


def test_what_is_needed_is_locked_and_both_files_have_the_same_versions():
    core, every = pinned(LOCKED["locked.txt"]), pinned(LOCKED["locked-test.txt"])
    assert {normal(d) for d in PROJECT["dependencies"]} <= core.keys()
    assert {normal(d) for extra in EXTRAS.values() for d in extra} - {"dart-kg"} <= every.keys()
    assert {name: every[name] for name in core} == core
    assert {"hatchling", "editables"} <= core.keys()


def test_the_tools_of_a_release_are_locked_with_the_builder_of_the_tests():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    tools = pinned(LOCKED["locked-release.txt"])
    assert {normal(tool) for tool in groups["release"]} <= tools.keys()
    assert tools["hatchling"] == pinned(LOCKED["locked.txt"])["hatchling"]  # another one gives other bytes


def test_the_version_and_its_day_are_the_same_wherever_they_stand():
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.findall(r"^version: (.*)$", cited, re.MULTILINE) == [packages.version()]
    assert re.findall(r'^date-released: "(.*)"$', cited, re.MULTILINE) == [packages.day().isoformat()]
    newest = re.search(r"^## (?!Unreleased)(\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest[1] == PROJECT["version"]


def needed():
    """Give each installed package that dart-kg needs with all extras, with what it says of its licence."""
    waiting, seen = [("dart-kg", frozenset({"all"}))], set()
    while waiting:
        name, extras = waiting.pop()
        if (normal(name), extras) in seen:
            continue
        seen.add((normal(name), extras))
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # of another platform
            continue
        for one in map(Requirement, package.requires or ()):
            wanted = one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras))
            waiting += [(one.name, frozenset(one.extras))] if wanted else []
        said = package.metadata
        classes = [c.rpartition(" :: ")[2] for c in said.get_all("Classifier", ()) if c.startswith("License ::")]
        yield normal(name), said.get("License-Expression") or "; ".join(classes) or said.get("License") or ""


def test_every_package_that_is_needed_is_under_a_licence_that_somebody_allowed():
    found = dict(needed())
    assert len(found) > 100
    assert [reason for name in sorted(found) if (reason := licences.refused(name, found[name]))] == []
    assert set(licences.LISTED["read"]) <= found.keys()  # what nobody needs any more is not on the list


@pytest.mark.parametrize("said", ["GPL-3.0-only", "MIT AND GPL-3.0-only", "UNKNOWN", "", "Other/Proprietary License"])
def test_a_licence_that_nobody_allowed_is_refused(said):
    assert licences.refused("any", said)


def test_no_text_names_an_install_that_cannot_work():
    """The package is in no index: only the checkout can be installed."""
    named = set()
    for name, text in texts():
        assert not re.search(r"(pip|pipx|uv tool|uv pip|uv) (install|add) [^\n]*dart-kg", text), name
        for extras in re.findall(r"install (?:-e )?'\.\[([\w,]+)\]'", text):
            named |= {(extra, name) for extra in extras.split(",")}
    assert {extra for extra, _ in named} <= EXTRAS.keys(), named
    assert {extra for extra, _ in named} == {"all", "cluster", "cypher", "export", "mcp", "report"}
    assert EXTRAS["all"] == ["dart-kg[cluster,cypher,export,mcp,report]"]


def test_what_a_missing_package_is_said_to_be_in_is_the_extra_that_has_it():
    of = {normal(d): extra for extra in ("cluster", "cypher", "export", "mcp", "report") for d in EXTRAS[extra]}
    said = [
        (package, extra)
        for _, text in texts()
        for package, extra in re.findall(
            r"needs? the package ([\w-]+): pip install '\.\[(\w+)\]' in the checkout", text
        )
    ]
    assert len(said) == 10
    assert {package: of[package] for package, _ in said} == dict(said)


def test_every_file_of_others_is_in_the_notice_and_the_notice_ships():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    others = set()
    for pattern in (
        "kg/**/*",
        "loaders/**/*",
        "ontology/**/*",
        "queries/**/*",
        "tests/**/*",
        "bench/**/*",
        "docs/**/*",
    ):
        for path in (p for p in ROOT.glob(pattern) if p.is_file() and "__pycache__" not in p.parts):
            head = path.read_bytes()[:4000]
            if re.search(rb"(?i)copyright (?:\(c\)|\d{4})|citationstyles|QDA-XML:", head) and path.suffix not in (
                ".py",
                ".md",
                ".txt",
            ):
                others.add(path)
    assert {p.name for p in others} >= {
        "cytoscape.min.js",
        "axe.min.js",
        "csl-data.json",
        "Project.xsd",
        "Codebook.xsd",
    }
    for path in (*others, *(ROOT / "kg").rglob("*.woff2")):
        assert path.name in notice, path
    assert "CC-BY-SA-3.0" in notice
    assert {"NOTICE", "LICENSE"} <= set(PROJECT["license-files"])
    for file in PROJECT["license-files"]:
        assert (ROOT / file).is_file()


def test_the_list_of_export_forms_imports_none_of_them():
    code = "import sys, kg.exports; print([name for name in sys.modules if name.startswith('kg.exports.')])"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
