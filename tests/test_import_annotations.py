"""Annotations of web pages, as the W3C's model, Hypothesis and this tool write them."""

from __future__ import annotations

import datetime
import json

import pytest

from kg.errors import StudyError
from kg.loaders.imports import FORMATS, Options, web_annotation
from kg.loaders.imports.readings import Evidence

PAGE = "https://example.org/pages/why-stay.html"


@pytest.fixture
def annotations(tmp_path):
    """Write JSON and read it as annotations."""

    def read(value, texts=None, name="notes.json"):
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
        assert next(name for name, form in FORMATS.items() if form.fits(path)) == "web-annotation"
        return web_annotation.read(path, Options(texts=texts or {}))

    return read


def w3c(**parts):
    target = {"source": PAGE, "selector": {"type": "TextQuoteSelector", "exact": "It works.", "prefix": "So: "}}
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "https://example.org/notes/1",
        "type": "Annotation",
        "target": target,
    } | parts


def hypothesis(**parts):
    selectors = [
        {
            "type": "RangeSelector",
            "startContainer": "/p[1]",
            "endContainer": "/p[1]",
            "startOffset": 3,
            "endOffset": 12,
        },
        {"type": "TextPositionSelector", "start": 3, "end": 12},
        {"type": "TextQuoteSelector", "exact": "It works.", "prefix": "🙂 ", "suffix": " Yes."},
    ]
    return {
        "id": "a1b2",
        "created": "2024-03-01T10:00:00.000000+00:00",
        "user": "acct:ann@hypothes.is",
        "uri": PAGE,
        "text": "a point on ease",
        "tags": ["ease", "信任"],
        "target": [{"source": PAGE, "selector": selectors}],
        "document": {"title": ["Why users stay"]},
        "user_info": {"display_name": "Ann Lee"},
    } | parts


def only(made):
    (document,) = made.documents()
    (passage,) = document.passages
    return document, passage


def codes(passage):
    return [given.code for given in passage.given]


def test_a_w3c_annotation_gives_codes_and_memos(annotations):
    bodies = [
        {"type": "TextualBody", "value": "trust", "purpose": "tagging"},
        {"type": "TextualBody", "value": "said twice", "purpose": "commenting"},
        {"type": "TextualBody", "value": "and again", "purpose": "describing"},
    ]
    creator = {"id": "https://example.org/ann", "type": "Person", "name": "Ann Lee"}
    made = annotations(w3c(body=bodies, creator=creator, created="2024-03-01T12:00:00Z"))
    document, passage = only(made)
    assert (document.key, document.name, document.text) == (PAGE, "why-stay.html", None)
    assert (passage.stated, passage.prefix, passage.suffix) == ("It works.", "So: ", None)
    assert (codes(passage), passage.memo) == (["trust"], "said twice\nand again")
    assert (passage.date, passage.given[0].date) == (datetime.date(2024, 3, 1),) * 2
    assert [(coder.key, coder.name) for coder in made.coders] == [("https://example.org/ann", "Ann Lee")]
    assert (made.lost, made.readings) == ({}, ())


def test_a_hypothesis_export_gives_tags_text_and_positions_in_utf_16_units(annotations):
    text = "🙂 It works. Yes."
    made = annotations({"total": 1, "rows": [hypothesis()]}, texts={"Why users stay": text})
    document, passage = only(made)
    assert (document.name, document.text) == ("Why users stay", text)
    assert (codes(passage), passage.memo) == (["ease", "信任"], "a point on ease")
    assert [(coder.key, coder.name) for coder in made.coders] == [("acct:ann@hypothes.is", "Ann Lee")]
    assert made.lost == {"selectors of type RangeSelector": 1}
    evidence = Evidence(made.readings)
    evidence.add(document)
    assert str(evidence.choose().reading) == "UTF-16 units from 0, end exclusive"


@pytest.mark.parametrize("name", [PAGE, "why-stay.html", "why-stay", "Why users stay"])
def test_the_text_of_a_page_is_known_by_its_address_or_its_title(annotations, name):
    document, _ = only(annotations([hypothesis()], texts={name: "the text", "other": "no"}))
    assert document.text == "the text"


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda a: a,
        lambda a: [a],
        lambda a: {"type": "AnnotationPage", "items": [a]},
        lambda a: {"type": "AnnotationCollection", "total": 1, "first": {"type": "AnnotationPage", "items": [a]}},
        lambda a: {"type": "AnnotationCollection", "items": [a]},
        lambda a: {"export_userid": "acct:ann@hypothes.is", "annotations": [a]},
        lambda a: {"@context": "http://www.w3.org/ns/anno.jsonld", "@graph": [a]},
    ],
)
def test_annotations_are_found_in_whatever_holds_them(annotations, wrapped):
    _, passage = only(annotations(wrapped(w3c())))
    assert passage.stated == "It works."
    assert passage.where == "annotation https://example.org/notes/1"


def test_pages_of_a_collection_that_are_elsewhere_are_said(annotations):
    page = {"type": "AnnotationPage", "items": [w3c()], "next": "https://example.org/notes?page=2"}
    made = annotations({"type": "AnnotationCollection", "total": 30, "first": page})
    assert made.lost == {"pages of annotations that are not in the file": 1}
    assert made.said == ["the file says 30 annotations, and holds 1"]


def test_a_note_on_a_page_and_a_reply_are_memos(annotations):
    note = hypothesis(target=[{"source": PAGE}], id="n")
    reply = hypothesis(target=[{"source": PAGE}], id="r", references=["a1b2"], text="I agree.", tags=[], user_info=None)
    made = annotations({"rows": [note, reply], "total": 2})
    assert [(memo.name, memo.text, memo.about) for memo in made.memos] == [
        ("Note by Ann Lee on Why users stay", "a point on ease", "Why users stay"),
        ("Reply by Ann Lee on Why users stay", "I agree.", "Why users stay"),
    ]
    assert list(made.documents()) == []
    assert made.lost == {"codes given to a whole page": 2}


def test_what_refines_a_selection_stands_for_it_and_its_positions_do_not_count(annotations):
    inner = [{"type": "TextQuoteSelector", "exact": "works"}, {"type": "TextPositionSelector", "start": 3, "end": 8}]
    outer = {"type": "TextQuoteSelector", "exact": "It works.", "refinedBy": inner}
    made = annotations(w3c(target={"source": PAGE, "selector": outer}))
    _, passage = only(made)
    assert (passage.stated, passage.start, passage.prefix) == ("works", None, None)
    assert made.lost == {"selectors that another refines": 1, "positions inside another selection": 1}


def test_every_target_of_an_annotation_is_a_passage(annotations):
    target = w3c()["target"]
    made = annotations(w3c(target=[target, target | {"source": {"id": "https://example.org/b", "title": "B"}}]))
    assert [(d.name, len(d.passages)) for d in made.documents()] == [("why-stay.html", 1), ("B", 1)]


def test_what_is_neither_text_nor_code_is_counted(annotations):
    bodies = [
        "https://example.org/elsewhere",
        {"type": "Image", "id": "https://example.org/a.png"},
        {"type": "TextualBody", "value": "https://example.org/b", "purpose": "linking"},
    ]
    selectors = [
        {"type": "XPathSelector", "value": "/p[1]"},
        {"type": "TextQuoteSelector", "exact": "a"},
        "https://example.org/selector",
    ]
    made = annotations(
        w3c(body=bodies, target={"source": PAGE, "selector": selectors}, canonical="urn:x", stylesheet={})
    )
    assert made.lost == {
        "bodies of annotations that are neither a code nor a text": 3,
        "selectors of type XPathSelector": 1,
        "selectors that are not in the file": 1,
        "field 'canonical' of annotations": 1,
        "field 'stylesheet' of annotations": 1,
    }


def test_an_annotation_whose_motivation_is_tagging_gives_codes_by_address(annotations):
    made = annotations(w3c(motivation="classifying", body="https://w3id.org/dart-kg/study/s/code/%E4%BF%A1%E4%BB%BB"))
    assert codes(only(made)[1]) == ["信任"]


def test_nodes_of_a_graph_that_name_each_other_are_put_together(annotations):
    base = "https://w3id.org/dart-kg/study/s/"
    graph = [
        {"id": f"{base}source/talk", "type": "ev:Source", "title": "The talk"},
        {"id": f"{base}code/pay", "type": "ev:Code", "prefLabel": {"zh": "报酬", "en": "Pay"}},
        {"id": f"{base}coder/ann", "type": "prov:Agent", "label": {"en": "Ann Lee"}},
        {"id": f"{base}excerpt/1", "source": f"{base}source/talk", "selector": f"{base}excerpt/1#selector"},
        {"id": f"{base}excerpt/1#selector", "type": ["oa:TextQuoteSelector", "oa:TextPositionSelector"],
         "exact": "It pays.", "prefix": "", "suffix": " So", "start": 4, "end": 12},
        {"id": f"{base}coding/1", "type": ["ev:Coding", "oa:Annotation"], "target": f"{base}excerpt/1",
         "body": f"{base}code/pay", "creator": f"{base}coder/ann", "created": "2024-03-01"},
    ]  # fmt: skip
    made = annotations({"@context": "context.jsonld", "@graph": graph}, name="study.jsonld")
    document, passage = only(made)
    assert (document.key, document.name) == (f"{base}source/talk", "The talk")
    assert (passage.stated, passage.start, passage.end, codes(passage)) == ("It pays.", 4, 12, ["Pay"])
    assert [coder.name for coder in made.coders] == ["Ann Lee"]
    assert made.lost == {}


def test_characters_that_no_text_file_can_hold_are_replaced(annotations):
    made = annotations('{"target": {"source": "u", "selector": {"exact": "a\\u0000\\ud800"}}, "tags": ["\\ud800"]}')
    _, passage = only(made)
    assert (passage.stated, codes(passage)) == ("a\ufffd\ufffd", ["\ufffd"])


@pytest.mark.parametrize(
    "value",
    [
        {"target": 7, "body": [None, 3, []], "creator": [4], "created": 5, "type": {}, "motivation": {}},
        {"target": {"source": ["a"], "selector": [{"type": 3, "start": "1", "end": True, "refinedBy": [[]]}]}},
        {
            "rows": [None, 4, "x", {"uri": 8, "tags": {"a": 1}, "user": {}, "document": [], "user_info": 3}],
            "total": "9",
        },
        {"type": "Annotation", "uri": "http://[", "text": ["a"], "target": {"selector": {"exact": 5}}},
    ],
)
def test_values_of_the_wrong_kind_are_counted_and_never_fail(annotations, value):
    made = annotations({"type": "AnnotationPage", "items": [value, w3c()]})
    assert [p.stated for d in made.documents() for p in d.passages] == ["It works."]
    assert made.lost


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type": "AnnotationPage", "items": []}', "it holds no annotation"),
        ('{"type": "Annotation", "target": ', "Expecting value"),
        ('{"target":' * 100_000, "nested too deep"),
        ('{"items":' * 500 + '[{"target": 1}]' + "}" * 500, "it holds no annotation"),
    ],
)
def test_json_without_annotations_is_refused(annotations, text, message):
    with pytest.raises(StudyError) as caught:
        annotations(text)
    (finding,) = caught.value.findings
    assert finding.rule == "broken-json"
    assert message in finding.message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\0",
        b"\0\1\2",
        b'{"a": 1}',
        b'[{"id": "a", "type": "book", "title": "The \\"target\\": a study of Annotation"}]',
    ],
)
def test_other_files_are_no_annotations(tmp_path, data):
    path = tmp_path / "a.json"
    path.write_bytes(data)
    assert not web_annotation.fits(path)
    assert not web_annotation.fits(tmp_path)
    assert not web_annotation.fits(tmp_path / "missing.json")


def test_the_quote_says_where_a_passage_is_when_positions_count_in_another_text(annotations):
    text = "Menu Home About\n🙂 It works. Yes."
    document, passage = only(annotations(hypothesis(), {PAGE: text}))
    assert document.text == text
    assert (passage.start, passage.stated, passage.prefix) == (None, "It works.", "🙂 ")
    _, passage = only(annotations(hypothesis(), {PAGE: "🙂 It works. Yes."}))
    assert (passage.start, passage.end) == (3, 12)
