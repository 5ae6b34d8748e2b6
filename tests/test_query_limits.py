"""What a query of a user's own may take: memory, size, time; which graphs it is asked of; what is hidden in names."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

import kg
from kg.errors import QueryLimit, QueryRefused
from kg.store import sparql

HUNGRY = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?b ?c ?x ?y ?z { ?a ?b ?c . ?x ?y ?z } }"
"""Compares every pair of statements with every other, and keeps them all."""
THEORY = "https://w3id.org/dart-kg/study/dart/graph/theory"


@pytest.fixture(scope="module")
def store():
    return kg.open("dart").oxigraph.folder


def rows(store, text):
    return sparql.run(store, text).table.rows


def children():
    return [child for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]


def test_a_query_is_ended_when_its_memory_is_full_and_says_what_to_do(store):
    with pytest.raises(QueryLimit, match="more than 300 MiB of memory; make it narrower") as ended:
        sparql.run(store, HUNGRY, timeout=120, memory=300 * 2**20)
    assert ended.value.exit_code == 3
    assert not any("kg.store.sparql" in child.cmdline() for child in children())


@pytest.mark.slow
def test_the_command_that_asks_it_ends_with_the_same_words():
    ran = subprocess.run(
        [sys.executable, "-c", "from kg.cli import main; main()", "sparql", HUNGRY, "-s", "dart", "--timeout", "300"],
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert ran.returncode == 3
    assert "more than 1,024 MiB of memory" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_rows_that_are_too_big_are_not_given(store):
    text = "SELECT (GROUP_CONCAT(STR(?o)) AS ?all) { ?s ?p ?o }"
    assert len(sparql.run(store, text).table.rows[0][0]) > 100_000
    with pytest.raises(QueryLimit, match="bigger than 0 MiB; ask for fewer rows"):
        sparql.run(store, text, size=100_000)


def test_a_query_that_nobody_waits_for_is_ended(store):
    unwanted = threading.Event()
    threading.Timer(1, unwanted.set).start()
    began = time.monotonic()
    with pytest.raises(QueryLimit, match="nobody waits"):
        sparql.run(store, HUNGRY, timeout=300, memory=2**40, unwanted=unwanted)
    assert time.monotonic() - began < 200


def test_a_query_ends_though_the_process_that_asked_it_was_killed(store):
    """Its own clock ends it, also in the middle of what holds Python's lock."""
    asking = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"from kg.store import sparql; from pathlib import Path; sparql.run(Path({str(store)!r}), {HUNGRY!r}, timeout=3)",
        ]
    )
    end = time.monotonic() + 60
    while not (started := psutil.Process(asking.pid).children()):
        assert time.monotonic() < end
        time.sleep(0.01)
    os.kill(asking.pid, signal.SIGKILL)
    asking.wait()
    assert not psutil.wait_procs(started, timeout=60)[1]


def test_a_query_is_asked_of_the_graphs_that_it_names(store):
    """As SPARQL 1.1 has it (13.2), and only a query that names none is asked of all graphs."""
    count = "SELECT (COUNT(*) AS ?n)"
    ((everything,),) = rows(store, f"{count} {{ ?s ?p ?o }}")
    ((theory,),) = rows(store, f"{count} {{ GRAPH <{THEORY}> {{ ?s ?p ?o }} }}")
    assert 0 < theory < everything
    assert rows(store, f"{count} FROM <{THEORY}> {{ ?s ?p ?o }}") == [(theory,)]
    assert rows(store, f"{count} FROM <urn:none> {{ ?s ?p ?o }}") == [(0,)]
    assert rows(store, f"{count} FROM NAMED <{THEORY}> {{ ?s ?p ?o }}") == [(0,)]
    assert rows(store, f"{count} FROM NAMED <{THEORY}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == [(theory,)]
    assert rows(store, f"{count} FROM <{THEORY}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == [(0,)]
    assert rows(store, f"{count}from\n#c\n<urn:none>{{ ?s ?p ?o }}") == [(0,)]


@pytest.mark.parametrize(
    "inside",
    [
        '?s ?p ?o FILTER(?o != "x FROM <urn:none>")',
        "?s ?p ?o # FROM <urn:none>\n",
        "?s ?p ?o FILTER(?o != <urn:FROM>)",
        "?s ?p ?from FILTER(?from != '''a ' FROM <b>''')",
        r"?s ?p ?o FILTER(?p != ex:a\(FROM && ?p != ex:from && ?p != from:x)",
    ],
)
def test_the_word_from_elsewhere_names_no_graph(store, inside):
    text = "PREFIX ex: <http://example.org/> PREFIX from: <http://example.org/> SELECT (COUNT(*) AS ?n) { %s }"
    assert rows(store, text % inside)[0][0] > 10_000


def test_the_graphs_of_a_query_are_those_that_rdflib_takes(store, monkeypatch):
    import rdflib
    from pyoxigraph import RdfFormat
    from rdflib.plugins import sparql as rdflib_sparql

    monkeypatch.setattr(rdflib_sparql, "SPARQL_LOAD_GRAPHS", False)
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=kg.open("dart").store.dump(format=RdfFormat.N_QUADS), format="nquads")
    for clause in (f"FROM <{THEORY}>", "FROM <urn:none>"):
        text = f"SELECT (COUNT(*) AS ?n) {clause} {{ ?s ?p ?o }}"
        assert [(int(row.n),) for row in dataset.query(text)] == rows(store, text), clause


@pytest.mark.parametrize(
    "text",
    [
        r"SELECT * { ?s ex:a\# ?o . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        r"SELECT * { ?s ex:a\' ?o . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } ?x ex:b\\' ?y }",
        r'SELECT * { ?s ex:a\' ?o . SERVICE <http://127.0.0.1:9/> { ?s ?p 1 } ?x ex:b ?y FILTER(?y != "\'") }',
    ],
)
def test_no_escaped_character_of_a_name_hides_what_is_refused(text):
    with pytest.raises(QueryRefused, match="SERVICE is refused"):
        sparql.refuse_writes(text)
