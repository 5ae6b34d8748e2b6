"""What may go out: nothing of a withheld text is in any byte of any output, and all else is as it was."""

from __future__ import annotations

import base64
import datetime
import gzip
import hashlib
import io
import json
import re
import shutil
import tempfile
import zipfile
import zlib
from contextlib import suppress
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import pyarrow.parquet
import pytest
import strategies
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import SOURCE, with_paper
from typer.testing import CliRunner

import kg
from kg import exports, masks, publishing
from kg.browse import site
from kg.cli import app
from kg.errors import KGError, StudyError
from kg.loaders import _yaml
from kg.picture import formats
from kg.places import Memo, Place, Places
from kg.records import Paragraph, Source

SECRET = re.compile(r"zq[0-9a-f]{6}|[\u3400-\u34ff]{4,}")
"""A word that stands in no other study, or a row of rare characters: each withheld text is made of nothing else."""


def words(name, number):
    """Return a sentence of words that stand nowhere else."""
    return " ".join(f"zq{hashlib.sha256(f'{name}{number}{at}'.encode()).hexdigest()[:6]}" for at in range(9)) + "."


def chinese(name, number):
    """Return a sentence of characters that stand nowhere else."""
    digest = hashlib.sha256(f"{name}{number}".encode()).digest()[:16]
    return "".join(chr(0x3400 + byte) for byte in digest) + "。"


def markdown(name, sentence):
    """Return a text with all that a text can have beside its prose, and its sentences by number."""
    said = [sentence(name, number) for number in range(12)]
    text = (
        f"---\ntitle: {name}\nplace: {said[0]}\n---\n\n# {said[1]}\n\n[H01] {said[2]} {said[3]} [as {said[4]} @r1, p. 3 "
        f"{words(name, 'behind')}; @r2]\n\n- {said[5]}\n- {said[6]}\n> {said[7]}\n> {said[8]}\n\n"
        f"```\n{said[9]}\n```\n\n[H02] {said[10]} {said[11]}\n"
    )
    return text, said


def plain(name, sentence):
    said = [sentence(name, number) for number in range(4)]
    return "\n".join(["Title", "", *said, ""]), said


@pytest.fixture
def interviews(tmp_path):
    """Write a study with a source of each kind: open, by passages, withheld, under an embargo."""
    folder = tmp_path / "interviews"
    made, sources, secret, shown = {}, [], {}, {}
    for name, suffix, sentence in (
        ("open", "md", words),
        ("some", "md", words),
        ("shut", "md", words),
        ("later", "txt", words),
        ("文", "md", chinese),
    ):
        text, said = (plain if suffix == "txt" else markdown)(name, sentence)
        file = f"sources/{name}.{suffix}"
        made[file] = text
        quotes = [said[2], f"{said[10]} {said[11]}", said[11], said[5]] if suffix == "md" else [said[1], said[3]]
        secret[name] = said
        shown[name] = quotes
        entry = {"id": name, "file": file, "title": f"Talk {name}", "role": "case", "case": "ward"}
        entry["sha256"] = hashlib.sha256(text.encode()).hexdigest()
        entry["consent"] = "Quotes may be shown."
        if name != "open":
            start = text.index(said[2])
            places = [
                Place("heading", 0, 4, words(name, "heading"), 1),
                Place("page", 0, len(text), "iv", 1),
                Place("turn", start, start + len(said[2]), f"zq{'ab' * 3}", time=(3.0, 4.0)),
            ]
            entry["places"] = f"sources/{name}.places.json"
            memos = (Memo(0, 4, words(name, "memo"), "a", ""),)
            made[entry["places"]] = Places(
                entry["sha256"], "0" * 64, "docx 1", speakers={f"zq{'ab' * 3}": "participant"}, places=tuple(sorted(
                    places, key=lambda p: (p.start, -p.end, p.kind))), memos=memos
            ).write()  # fmt: skip
            entry["original"] = {"file": "away/a.docx", "sha256": "0" * 64}
        sources.append(entry)
        lines = [
            {"quote": quote, "codes": ["k"], "memo": f"She says: {said[0] if name != 'open' else 'it'} Indeed.",
             "evidence": [{"proposition": "P1", "stance": "supports", "strength": "weak",
                           "rationale": f"because {said[3] if name != 'open' else 'so'}",
                           "also": [{"source": "shut", "quote": secret["shut"][6]}] if name == "文" else []}]}
            for quote in quotes
        ]  # fmt: skip
        lines.append({"quote": said[3], "unconfirmed": "differs", "stated": words(name, "stated"), "codes": ["k"]})
        made[f"codings/{name}.yaml"] = strategies.as_yaml(
            {"source": name, "coder": "me", "date": "2026-01-02", "excerpts": lines}
        )
    sources[1] |= {"publish": "passages"}
    sources[2] |= {"publish": "none", "licence": "CC-BY-4.0"}
    sources[3] |= {"embargo": "2026-06-01"}
    sources[4] |= {"publish": "passages"}
    anchor = {"source": "shut", "quote": shown["shut"][0]}
    made["codebook.yaml"] = strategies.as_yaml(
        {"codes": [{"id": "k", "level": "open", "label": {"en": "K"}, "anchor": anchor,
                    "definition": f"As in {secret['shut'][6]}"}]}
    )  # fmt: skip
    concepts = [{"id": one, "label": {"en": one}} for one in ("a", "b")]
    made["concepts.yaml"] = strategies.as_yaml(
        {"concepts": concepts, "relations": [{"id": "drives", "label": {"en": "drives"}}]}
    )
    made["propositions.yaml"] = strategies.as_yaml(
        {"propositions": [{"id": "P1", "statement": {"en": "A drives B"}, "subject": "a", "relation": "drives",
                           "object": "b"}]}
    )  # fmt: skip
    made["references.json"] = json.dumps(
        [
            {"id": "r1", "type": "book", "title": "One", "abstract": secret["shut"][7]},
            {"id": "r2", "type": "book", "title": "Two"},
        ]
    )
    made["study.yaml"] = strategies.as_yaml(
        {"id": "interviews", "format": "2", "title": {"en": "Interviews"}, "coders": [{"id": "me", "name": "Me"}],
         "cases": [{"id": "ward", "label": {"en": "Ward"}}], "sources": sources, "publishing": {"context": "2"}}
    )  # fmt: skip
    return strategies.write(folder, made)


def held(data, depth=0):
    """Give bytes, and all that is packed in them: archives, columns, compressed streams, base64, texts of pictures."""
    if data[:4] == b"PAR1":  # compressed, some of it looks like other words
        yield repr(pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()).encode()
        return
    yield data
    if depth > 4:
        return
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from held(archive.read(name), depth + 1)
    if data[:2] == b"\x1f\x8b":
        yield from held(gzip.decompress(data), depth + 1)
    for at in (match.start() for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data)):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[at:], 10**7)
    for match in re.finditer(rb"[A-Za-z0-9+/]{40,}={0,2}", data):
        with suppress(ValueError):
            yield from held(base64.b64decode(match[0][: len(match[0]) // 4 * 4]), depth + 1)


def secrets_in(data):
    """Return the words of withheld texts that stand in bytes, however they are packed or escaped."""
    found = set()
    for part in held(data):
        text = re.sub(r"\\u(34[0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), part.decode("utf-8", "ignore"))
        found |= {*SECRET.findall(text), *SECRET.findall(unquote(text)), *SECRET.findall(unescape(text))}
        for encoding in ("utf-16-le", "utf-16-be"):
            found |= {word for word in SECRET.findall(part.decode(encoding, "ignore")) if word.isascii()}
    return found


def outputs(study, room):
    """Write every output of a study by its command, and give each with its bytes."""

    def run(*words):
        done = CliRunner().invoke(app, [*words, "--study", str(study)])
        assert done.exit_code == 0, done.output
        return done

    for name in exports.FORMATS:
        run("export", name, str(room / f"export-{name}"))
    run("site", str(room / "site"))
    for name in formats.FORMATS:
        run("graph", str(room / f"picture.{name}"), "--format", name)
        run("graph", str(room / f"claim.{name}"), "--format", name, "--focus", "P1")
    (room / "graph.json").write_bytes(run("graph", "--json").stdout_bytes)
    (room / "supplement.html").write_bytes(run("report", "supplement").stdout_bytes)
    for path in sorted(room.rglob("*")):
        if path.is_file():
            yield path.relative_to(room).as_posix(), path.read_bytes()


def may_go_out(study, on=None):
    """Return the words of sources that may go out, of which rows of characters are parts of one another."""
    with publishing.outgoing(kg.open(study), on) as out:
        shown = {
            word for (text,) in out.graph.tables.sql("SELECT whole FROM source_text") for word in SECRET.findall(text)
        }
    return shown | set(SECRET.findall(words("open", "stated")))


@pytest.mark.slow
def test_no_output_has_a_word_that_is_withheld(interviews, tmp_path):
    shown, seen, leaked = may_go_out(interviews), set(), {}
    (tmp_path / "out").mkdir()
    for name, data in outputs(interviews, tmp_path / "out"):
        found = secrets_in(data)
        seen |= found
        if others := sorted(word for word in found if not any(word in one for one in shown)):
            leaked[name] = others[:5]
    assert leaked == {}
    assert len(seen) > 50  # what may go out is found by the same search


def test_words_are_found_however_they_are_packed():
    secret = words("a", 1)
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.txt", secret)
        zipped = file.getvalue()
    row = chinese("a", 1)
    packings = [secret.encode(), zipped, base64.b64encode(zipped), zlib.compress(secret.encode()), gzip.compress(zipped),
                secret.encode("utf-16-le")]  # fmt: skip
    assert all(
        secrets_in(b"%%%" + packed if packed[:2] not in (b"PK", b"\x1f\x8b") else packed) for packed in packings[:5]
    )
    assert secrets_in(packings[5])
    assert secrets_in(json.dumps(row).encode()) == secrets_in(row.encode()) == secrets_in(quote(row).encode()) != set()


def texts(study, on=None):
    """Return the texts of sources as they may go out."""
    with publishing.outgoing(kg.open(study), on) as out:
        return dict(out.graph.tables.sql("SELECT source, whole FROM source_text"))


def day(text):
    return datetime.date.fromisoformat(text)


def test_a_study_that_withholds_nothing_goes_out_as_it_is(study):
    graph = kg.open(study)
    with publishing.outgoing(graph) as out:
        assert out == (graph, ())


def test_passages_go_out_with_some_words_around_each(interviews):
    text = texts(interviews)["some"]
    said = markdown("some", words)[1]
    before, _, behind = text.partition(said[2])
    assert before.endswith("[H01] ")
    assert behind.split("‹")[0].split() == said[3].split()[:2]
    assert text.count("zq") == 9 * 4 + 2  # four sentences are quoted, one of them within another


def test_what_paragraphs_are_called_and_cite_stays(interviews):
    whole, text = (interviews / "sources/shut.md").read_text("utf-8"), texts(interviews)["shut"]
    assert len(text) == len(whole)
    assert re.findall(r"\[H\d+\]|@r\d(?:, p. 3)?", text) == ["[H01]", "@r1, p. 3", "@r2", "[H02]"]
    assert [line[:1] for line in text.splitlines() if line.strip()] == ["[", "-", "-", ">", "["]


def test_every_record_keeps_its_id_and_every_claim_its_evidence(interviews):
    graph = kg.open(interviews)
    with publishing.outgoing(graph) as out:
        assert out.graph.query("claims").rows == graph.query("claims").rows
        lines = "SELECT id, strength, excerpts FROM line ORDER BY id"
        assert out.graph.tables.sql(lines) == graph.tables.sql(lines)
        state = [claim.state for claim in out.graph.ask("what supports b").claims]
        assert state == [claim.state for claim in graph.ask("what supports b").claims] == ["weakly supported"]
        quotes = [q for (q,) in out.graph.tables.sql("SELECT quote FROM excerpt WHERE source = 'shut'")]
        assert len(quotes) == 5
        assert all(map(masks.is_withheld, quotes))


@pytest.mark.parametrize(("on", "withheld"), [(None, True), ("2026-05-31", True), ("2026-06-01", False)])
def test_an_embargo_is_over_on_a_day_that_somebody_names(interviews, on, withheld):
    assert ("zq" not in texts(interviews, on and day(on))["later"]) == withheld


def test_a_day_that_is_not_there_yet_ends_no_embargo(interviews):
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=2)
    with pytest.raises(KGError, match="is not there yet"), publishing.outgoing(kg.open(interviews), tomorrow):
        pass


def test_it_is_said_what_is_withheld(interviews):
    with publishing.outgoing(kg.open(interviews), day("2026-01-01")) as out:
        said = "\n".join(out.said)
    assert "the text of shut, later (embargo until 2026-06-01) is withheld" in said
    assert "of some, 文 only passages go out, with 2 words around each" in said
    assert "stretches of memos, reasons and notes" in said


def test_names_that_hold_withheld_words_are_told(interviews):
    said = markdown("shut", words)[1]
    file = interviews / "codebook.yaml"
    file.write_text(file.read_text("utf-8").replace('"K"', json.dumps(f"K {said[8]}")), "utf-8")
    with publishing.outgoing(kg.open(interviews)) as out:
        assert out.said[-1].endswith("go out as they are: label of 'k' in codebook.yaml")


@pytest.mark.parametrize("apart", [False, True])
def test_a_document_that_an_open_and_a_withheld_source_share_stays_behind(study, tmp_path, apart):
    """A page of a document shows all that is on it, also what was read into the text of another source."""
    with_paper(study)
    for name in ("txt", "places.json"):
        shutil.copyfile(study / f"sources/{SOURCE}.{name}", study / f"sources/shut.{name}")
    document = f"sources/originals/{SOURCE}.pdf"
    if apart:  # the same document under another name
        shutil.copyfile(study / document, study / "sources/originals/shut.pdf")
    listing = _yaml.read(study / "study.yaml", "study.yaml", [])[0]
    (entry,) = (one for one in listing["sources"] if one["id"] == SOURCE)
    shut = entry | {"id": "shut", "file": "sources/shut.txt", "places": "sources/shut.places.json", "publish": "none"}
    shut["original"] = entry["original"] | ({"file": "sources/originals/shut.pdf"} if apart else {})
    listing["sources"].append(shut)
    (study / "study.yaml").write_text(strategies.as_yaml(listing), "utf-8")
    with publishing.outgoing(kg.open(study)) as out:
        assert not [*out.graph.folder.rglob("*.pdf")]
        assert not [*out.graph.folder.rglob("*.pages.json")]
        assert f"the document of {SOURCE} is also that of a withheld text; neither it nor its pages go out" in out.said
        assert f"the text of {SOURCE} goes out whole and has words of withheld texts" in out.said
        (tmp_path / "public").mkdir()
        pictures = site.write(out.graph, tmp_path / "public", lambda *_: None)
    assert pictures == (0, ())
    assert not [*(tmp_path / "public").rglob("*.png")]
    assert "‹未公开›" in (page := (tmp_path / "public/zh/source/shut.html").read_text("utf-8"))
    assert "‹withheld" not in page
    assert "‹withheld›" in (tmp_path / "public/source/shut.html").read_text("utf-8")
    assert "Where a coordinator spoke" in (tmp_path / f"public/source/{SOURCE}.html").read_text("utf-8")


def test_a_document_of_open_sources_only_goes_out(study, edit):
    with_paper(study)
    edit("study.yaml", "    case: kitchen", "    case: kitchen\n    publish: none")
    with publishing.outgoing(kg.open(study)) as out:
        assert [*out.graph.folder.rglob("*.pdf")]


def test_a_study_with_errors_does_not_go_out(interviews):
    graph = kg.open(interviews)
    (interviews / "sources/some.md").write_text("changed", "utf-8")
    with pytest.raises(KGError, match="of other files"), publishing.outgoing(graph):
        pass
    (interviews / "study.yaml").write_text("id: [", "utf-8")
    with pytest.raises(StudyError), publishing.outgoing(graph):
        pass


def test_sources_that_do_not_say_it_go_out_as_the_study_has_it(interviews):
    file = interviews / "study.yaml"
    file.write_text(file.read_text("utf-8").replace('{"context": "2"}', "{publish: none}"), "utf-8")
    assert "zq" not in texts(interviews)["open"]
    assert "zq" in texts(interviews)["some"]


def test_nothing_is_left_behind(interviews, cache):
    graph = kg.open(interviews)
    before = {path.name for path in cache.iterdir()}
    with publishing.outgoing(graph) as out:
        folder = out.graph.folder
        assert folder.is_dir()
    assert not folder.exists()
    assert {path.name for path in cache.iterdir()} == before


def test_the_bundled_study_goes_out_without_its_texts(tmp_path):
    folder = tmp_path / "dart"
    shutil.copytree(kg.open("dart").folder, folder)
    listing = folder / "study.yaml"
    listing.write_text(listing.read_text("utf-8") + "\npublishing:\n  publish: none\n", "utf-8")
    graph = kg.open(folder)
    with publishing.outgoing(graph) as out:
        sources = [*out.graph.tables.sql("SELECT whole FROM source_text")]
        assert out.graph.query("unsupported-propositions").rows == graph.query("unsupported-propositions").rows
        quotes = out.graph.tables.sql("SELECT quote FROM excerpt")
    assert not [quote for (quote,) in quotes if not masks.is_withheld(quote)]
    rest = re.compile(r"‹withheld *›|‹… *›|…|\[[\w.-]+\]|\[[^\]]*@[^\]]*\]|^\s*(?:[-*+>]|\d+[.)])", re.MULTILINE)
    assert {rest.sub("", text).strip() for (text,) in sources} == {""}


@settings(max_examples=examples(12))
@given(data=st.data())
def test_no_sentence_that_is_withheld_is_in_what_outputs_are_made_of(data):
    made = data.draw(strategies.files(mapped=True))
    modes = {name: data.draw(st.sampled_from(["full", "passages", "none"])) for name in ("theory", "one", "文献")}
    around = data.draw(st.integers(0, 3))
    with tempfile.TemporaryDirectory() as room:
        folder = strategies.write(Path(room) / "drawn", made)
        listing = json.loads(dict(line.split(": ", 1) for line in made["study.yaml"].splitlines())["sources"])
        listing = [entry | {"publish": modes[entry["id"]]} for entry in listing]
        text = re.sub(
            "^sources: .*",
            lambda _: f"sources: {json.dumps(listing, ensure_ascii=False)}",
            made["study.yaml"],
            flags=re.MULTILINE,
        )
        (folder / "study.yaml").write_text(f"{text}publishing: {{context: {around}}}\n", "utf-8")
        graph = kg.open(folder)
        quoted = {quote for (quote,) in graph.tables.sql("SELECT quote FROM excerpt")}
        with publishing.outgoing(graph) as out:
            written = "\n".join(path.read_text("utf-8") for path in out.graph.folder.rglob("*.*") if path.is_file())
    for entry in listing:
        for line in made[entry["file"]].split("\n\n"):
            sentence = line.partition(" [@")[0]
            if sentence and not (
                modes[entry["id"]] == "full" or (sentence in quoted and modes[entry["id"]] == "passages")
            ):
                assert sentence not in written


@given(
    st.text("ab c.中\n‹›", min_size=1),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), max_size=4),
    st.integers(0, 4),
)
def test_a_masked_text_is_as_long_and_shows_passages_and_some_words_around(text, drawn, around):
    body = tuple(Paragraph(start=m.start(), end=m.end()) for m in re.finditer(r"\S(?:.*\S)?", text))
    spans = sorted({(a, a + n) for a, n in drawn for p in body if p.start <= a and a + n <= p.end
                    if text[a : a + n].strip() == text[a : a + n]})  # fmt: skip
    source = Source(id="s", file="s.txt", title="", role="case", case=None, language="en", reference=None, sha256="",
                    text=text, body=body)  # fmt: skip
    shut, _ = publishing.masked(source, spans, None)
    shown, hidden = publishing.masked(source, spans, around)
    assert len(shut) == len(shown) == len(text)
    assert shut.split() == [] or not set(shut) & set("abc中.")
    assert all(shut[a:b].strip() == shut[a:b] != "" for a, b in spans)
    assert all(shown[a:b] == text[a:b] for a, b in spans)
    outside = [at for at in range(len(text)) if shown[at] != text[at]]
    assert all(any(first <= at < last for first, last in hidden) for at in outside)
