"""Codings, evidence lines and assertions as one W3C Web Annotation collection.

A passage is given by its text and by its position; positions count Unicode codepoints, end exclusive, as the
standard does. Where its document had pages or times, the fragment of the original stands beside them. The standard
wants a time where the study has a day: it is midnight UTC.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.exports.rdf import STUDY, Context, grouped, named_graphs, nodes, root, write_items
from kg.property_graph.projection import local
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import Store

    from kg.exports.rdf import Properties
    from kg.graph import Graph

NAME = "annotations.jsonld"
W3C = "http://www.w3.org/ns/anno.jsonld"
LEFT_OUT = (
    "left out is what is no annotation of a passage: the theory, rules and order of the codes, searches, paragraphs "
    "without a code, settlements, and the texts of the sources; the forms of RDF have it"
)
TERMS = (
    "ev",
    "proposition",
    "stance",
    "strength",
    "uncountedProposition",
    "uncountedStance",
    "uncountedStrength",
    "statedStrength",
    "loweredBy",
    "rationale",
    "status",
    "statusDate",
    "statusReason",
    "replacedBy",
)
"""What the standard has no word for of a line, named as in ``ontology/context.jsonld``."""
PLACE = ("citation", "reference", "locatorKind", "locator", "speaker")
"""How a target says where it stands in its document and in the publications that it cites, and who speaks."""
FRAGMENTS = {"page": "http://tools.ietf.org/rfc/rfc8118", "t": "http://www.w3.org/TR/media-frags/"}
"""What says how a fragment of an original is read, by what it begins with: a page of a PDF, a time of a recording."""
_CREATORS = {"person": "Person", "software": "Software"}
"""What the standard calls a coder of each kind."""


def write_annotations(graph: Graph, folder: Path) -> list[str]:
    """Write the collection, with all annotations on its first page.

    Args:
        graph: the study.
        folder: an empty folder.

    Returns:
        What is left out.
    """
    collection = _Annotations(graph.store)
    terms = collection.context.terms
    page = f"{collection.root}annotations/1"
    head = {
        # Not every copy of the standard's context has the motivation of its vocabulary that an evidence line has.
        "@context": [W3C, {name: terms[name] for name in (*TERMS, *PLACE)} | {"assessing": "oa:assessing"}],
        "id": f"{collection.root}annotations",
        "type": "AnnotationCollection",
        "label": collection.title,
        "total": collection.total(),
        "first": {"id": page, "type": "AnnotationPage", "startIndex": 0, "items": []},
    }
    before, after = json.dumps(head, ensure_ascii=False, indent=1).split('"items": []')
    with (folder / NAME).open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{before}"items": [')
        write_items(file, collection)
        file.write(f"]{after}\n")
    return [LEFT_OUT]


def _one(properties: Properties, predicate: str) -> str | None:
    """Return the one value of a property, in English when it is a label; None without one."""
    values = properties.get(predicate, [])
    return next((v.value for v in values if getattr(v, "language", None) != "zh"), None)


def _text(value: str, purpose: str, **more: str) -> dict[str, Any]:
    return {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose, **more}


class _Annotations:
    """The annotations of a study, made source by source.

    Args:
        store: the study's graph.
    """

    def __init__(self, store: Store) -> None:
        self.store, self.root = store, root(store)
        self.context = Context()
        self.theory = dict(nodes(store, f"{self.root}graph/theory"))
        self.title = _one(self.theory[self.root], rdf.DCT + "title")
        self.makers = {
            "Coding": self._coding,
            "Assertion": self._assertion,
            "EvidenceLine": self._line,
            "UncountedLine": self._line,
        }

    def total(self) -> int:
        """Count the annotations."""
        from pyoxigraph import NamedNode

        kind = NamedNode(rdf.RDF + "type")
        return sum(
            1 for name in self.makers for _ in self.store.quads_for_pattern(None, kind, NamedNode(rdf.EV + name))
        )

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Make one annotation after the other."""
        for name in named_graphs(self.store)[STUDY]:
            here = dict(nodes(self.store, name))
            for iri, properties in here.items():
                kinds = {value.value.removeprefix(rdf.EV) for value in properties[rdf.RDF + "type"]}
                for kind in kinds & self.makers.keys():
                    yield {"id": iri, "type": "Annotation"} | self.makers[kind](properties, here)

    def _coding(self, properties: Properties, here: dict[str, Properties]) -> dict[str, Any]:
        code = properties[rdf.OA + "hasBody"][0].value
        label = _one(self.theory[code], rdf.SKOS + "prefLabel") or ""
        named = _linked(code, "classifying") | {"source": {"id": code, "label": label}}
        body: list[dict[str, Any]] = [_text(label, "tagging", language="en"), named]
        if memo := _one(properties, rdf.RDFS + "comment"):
            body.append(_text(memo, "commenting"))
        return self._annotation("classifying", body, properties, rdf.OA + "hasTarget", here)

    def _assertion(self, properties: Properties, here: dict[str, Properties]) -> dict[str, Any]:
        claim = properties[rdf.OA + "hasBody"][0].value
        return self._annotation("linking", [_linked(claim, "linking")], properties, rdf.OA + "hasTarget", here)

    def _line(self, properties: Properties, here: dict[str, Properties]) -> dict[str, Any]:
        counts = rdf.EV + "proposition" in properties
        space = rdf.EV if counts else rdf.UNCOUNTED

        def name(key: str) -> str:
            return local(_one(properties, space + key) or "")

        claim = properties[space + "proposition"][0].value
        identifier = _one(self.theory[claim], rdf.DCT + "identifier")
        text = f"{name('stance')} {identifier}, {name('strength')}: {_one(properties, rdf.EV + 'rationale')}"
        if not counts:
            # Who reads the text alone must see that the line does not count.
            status = local(_one(properties, rdf.EV + "status") or "")
            since, reason = _one(properties, rdf.EV + "statusDate"), _one(properties, rdf.EV + "statusReason")
            text = f"[{status} on {since}: {reason}] {text}"
        body = [_linked(claim, "linking"), _text(text, "describing")]
        own = self.context.node("", properties)
        return self._annotation("assessing", body, properties, space + "excerpt", here) | {
            key: own[key] for key in TERMS if key in own
        }

    def _annotation(
        self,
        motivation: str,
        body: list[dict[str, Any]],
        properties: Properties,
        target: str,
        here: dict[str, Properties],
    ) -> dict[str, Any]:
        """Say what, of which passages, by whom and when."""
        (coder,) = properties.get(rdf.PROV + "wasAssociatedWith") or properties[rdf.PROV + "wasAttributedTo"]
        targets = [self._target(excerpt.value, here) for excerpt in properties[target]]
        return {
            "motivation": motivation,
            "creator": self._creator(coder.value),
            "created": f"{_one(properties, rdf.DCT + 'created')}T00:00:00Z",
            "body": body[0] if len(body) == 1 else body,
            "target": targets[0] if len(targets) == 1 else targets,
        }

    def _creator(self, coder: str) -> dict[str, Any]:
        properties = self.theory[coder]
        kind = _CREATORS[local(_one(properties, rdf.EV + "kind") or "")]
        return {"id": coder, "type": kind, "name": _one(properties, rdf.RDFS + "label")}

    def _target(self, excerpt: str, here: dict[str, Properties]) -> dict[str, Any]:
        properties = self._properties(excerpt, here)
        selector = self._properties(f"{excerpt}#selector", here)
        around = {key: _one(selector, rdf.OA + key) for key in ("exact", "prefix", "suffix")}
        places = {key: int(_one(selector, rdf.OA + key) or 0) for key in ("start", "end")}
        fragment = _one(properties, rdf.EV + "fragment")
        original = fragment and {
            "type": "FragmentSelector",
            "conformsTo": FRAGMENTS[fragment.partition("=")[0]],
            "value": fragment,
        }
        return {
            "id": excerpt,
            "type": "SpecificResource",
            "source": properties[rdf.OA + "hasSource"][0].value,
            "selector": [
                {"type": "TextQuoteSelector"} | {key: text for key, text in around.items() if text},
                {"type": "TextPositionSelector"} | places,
                *([original] if original else []),
            ],
        } | self._where(properties, here)

    def _where(self, properties: Properties, here: dict[str, Properties]) -> dict[str, Any]:
        """Return the place of a passage in its document, and the places in the publications that it cites."""
        where: dict[str, Any] = {
            key: value for key in ("locatorKind", "locator") if (value := _one(properties, rdf.EV + key))
        }
        citations = [
            {"id": citation.value, "type": "ev:Citation", "reference": of[rdf.EV + "reference"][0].value}
            | {key: _one(of, rdf.EV + key) for key in ("locatorKind", "locator")}
            for citation in properties.get(rdf.EV + "citation", ())
            for of in (self._properties(citation.value, here),)
        ]
        if speakers := sorted(value.value for value in properties.get(rdf.EV + "speaker", ())):
            where["speaker"] = speakers
        return where | ({"citation": citations} if citations else {})

    def _properties(self, iri: str, here: dict[str, Properties]) -> Properties:
        """Return what is said of a passage, which may be of another source than the line that rests on it."""
        from pyoxigraph import NamedNode

        return here.get(iri) or grouped(self.store.quads_for_pattern(NamedNode(iri), None, None))


def _linked(iri: str, purpose: str) -> dict[str, Any]:
    return {"type": "SpecificResource", "source": iri, "purpose": purpose}
