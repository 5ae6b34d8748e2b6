"""Who stands in a folder runs no code of that folder, whatever is asked there."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

KG = Path(sys.executable).with_name("kg")
"""The command as it is installed: 'python -c' would look for modules in the folder itself."""


@pytest.fixture
def folder(tmp_path):
    """Make a folder with modules that leave a trace when they are imported."""
    trace = f"open({str(tmp_path / 'ran')!r}, 'w').write(__name__)\n"
    for name in ("json", "pyoxigraph", "pickle", "jinja2", "sqlite3", "arcadedb_embedded"):
        (tmp_path / f"{name}.py").write_text(trace)
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg/__init__.py").write_text(trace)
    return tmp_path


def test_a_query_runs_no_code_of_the_folder(folder):
    for words in (["sparql", "ASK { ?s ?p ?o }"], ["query", "claims"], ["cypher", "RETURN 1 AS one"]):
        found = subprocess.run([KG, *words], cwd=folder, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stderr
        assert not (folder / "ran").exists()


def test_pages_run_no_code_of_the_folder(folder):
    process = subprocess.Popen([KG, "browse", "--port", "0", "--json"], cwd=folder, stdout=subprocess.PIPE)
    try:
        address = json.loads(process.stdout.readline())["address"]
        with urllib.request.urlopen(address + "proposition/P18") as answer:
            assert b"P18" in answer.read()
        assert not (folder / "ran").exists()
    finally:
        process.terminate()
        process.wait()
