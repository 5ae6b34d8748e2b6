"""Studies of any size, one way to grow each: what takes time by the square in one of them is seen by two sizes."""

from __future__ import annotations

import itertools
import json
import random
from typing import TYPE_CHECKING, Any

import projects
from strategies import as_yaml, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = (
    "we they nobody everyone came went asked told heard saw found left stayed returned because although when "
    "after before the a one every soup kitchen evening people food talk praise warm cold late early again often "
    "never always said wrote thought knew wanted 顾客 参与 透明 对话 信任 风险"
).split()


def sentences(number: int) -> list[str]:
    """Draw sentences that differ, as those of a transcript do."""
    drawn = random.Random(1)
    return [f"{' '.join(drawn.choice(WORDS) for _ in range(12))} {n}." for n in range(number)]


def study(folder: Path, **files: str | dict[str, Any]) -> Path:
    """Write a study; a file that is not given has the least that a study needs.

    Args:
        folder: where.
        files: content by name, with ``_`` for what stands before the suffix and ``__`` for a folder.
    """
    content: dict[str, str | dict[str, Any]] = {
        "study.yaml": {
            "id": "sized",
            "title": {"en": "Sized"},
            "coders": [{"id": "me", "name": "Me"}],
            "sources": [{"id": "text", "file": "sources/text.txt", "title": "The text", "role": "case"}],
        },
        "codebook.yaml": {"codes": [{"id": "code", "level": "open", "label": {"en": "Code"}, "definition": "Any."}]},
        "propositions.yaml": {"propositions": []},
        "sources/text.txt": "One sentence.\n",
        **files,
    }
    return write(folder, {name: text if isinstance(text, str) else as_yaml(text) for name, text in content.items()})


def coded(excerpts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the content of a codings file of the text."""
    return {"source": "text", "coder": "me", "date": "2026-01-01", "excerpts": excerpts}


def lines_of_a_text(folder: Path, number: int) -> Path:
    """Write a plain text of many lines."""
    return study(folder, **{"sources/text.txt": "\n".join(sentences(number)) + "\n"})


def paragraphs_of_markdown(folder: Path, number: int) -> Path:
    """Write Markdown of many labelled paragraphs, each with a citation, and code every one by its label."""
    told = sentences(number)
    listed = json.dumps([{"id": "r1", "type": "book", "title": "A book"}])
    source = {"id": "text", "file": "sources/text.md", "title": "The text", "role": "case"}
    head = {"id": "sized", "title": {"en": "Sized"}, "coders": [{"id": "me", "name": "Me"}], "sources": [source]}
    text = "\n\n".join(f"[T{n}] {sentence} [@r1]" for n, sentence in enumerate(told)) + "\n"
    excerpts = [{"quote": sentence, "paragraph": f"T{n}", "codes": ["code"]} for n, sentence in enumerate(told)]
    files = {"study.yaml": head, "sources/text.md": text, "references.json": listed}
    return study(folder, **files, **{"codings/text.yaml": coded(excerpts)})


def quotes_of_a_text(folder: Path, number: int) -> Path:
    """Write a plain text, and quote each of its lines."""
    told = sentences(number)
    excerpts = [{"quote": sentence, "codes": ["code"]} for sentence in told]
    return study(folder, **{"sources/text.txt": "\n".join(told) + "\n", "codings/text.yaml": coded(excerpts)})


def quotes_over_lines(folder: Path, number: int) -> Path:
    """Write a plain text whose lines are wrapped, and quote each as one line."""
    told = sentences(number)
    text = "\r\n".join(sentence.replace(" ", "  ", 3) for sentence in told) + "\r\n"
    excerpts = [{"quote": sentence, "codes": ["code"]} for sentence in told]
    return study(folder, **{"sources/text.txt": text, "codings/text.yaml": coded(excerpts)})


def quotes_that_are_nowhere(folder: Path, number: int) -> Path:
    """Write quotes that are not in their text, with codes and paragraphs that do not exist."""
    excerpts = [
        {"quote": f"{sentence} or not", "codes": [f"code{n}"], "paragraph": f"P{n}"}
        if n % 2
        else {"quote": f"{sentence} or"}
        for n, sentence in enumerate(sentences(number))
    ]
    text = "\n".join(sentences(number)) + "\n"
    return study(folder, **{"sources/text.txt": text, "codings/text.yaml": coded(excerpts)})


def references(folder: Path, number: int) -> Path:
    """Write many references, all cited."""
    items = [{"id": f"r{n}", "type": "book", "title": sentence} for n, sentence in enumerate(sentences(number))]
    cited = " ".join(f"[@r{n}]" for n in range(number))
    source = {"id": "text", "file": "sources/text.md", "title": "The text", "role": "case"}
    head = {"id": "sized", "title": {"en": "Sized"}, "coders": [{"id": "me", "name": "Me"}], "sources": [source]}
    files = {"study.yaml": head, "sources/text.md": f"One sentence. {cited}\n"}
    return study(folder, **files, **{"references.json": json.dumps(items, indent=1)})


def codes_in_a_circle(folder: Path, number: int) -> Path:
    """Write codes each of which is narrower than the next, the last than the first."""
    codes = [
        {"id": f"c{n}", "level": "open", "label": {"en": f"C {n}"}, "broader": f"c{(n + 1) % number}"}
        for n in range(number)
    ]
    return study(folder, **{"codebook.yaml": {"codes": codes}})


def many_codes(folder: Path, number: int) -> Path:
    """Write codes under some others, none of them given."""
    codes = [{"id": f"c{n}", "level": "open", "label": {"en": f"C {n}"}, "definition": "Any."} for n in range(number)]
    for n in range(10, number):
        codes[n]["broader"] = f"c{n % 10}"
    return study(folder, **{"codebook.yaml": {"codes": codes}})


def keys_that_are_unknown(folder: Path, number: int) -> Path:
    """Write codes each with a key that there is not."""
    codes = [{"id": f"c{n}", "level": "open", "label": {"en": f"C {n}"}, "colour": "red"} for n in range(number)]
    return study(folder, **{"codebook.yaml": {"codes": codes}})


def many_claims(folder: Path, number: int) -> Path:
    """Write claims between concepts, each with one evidence line."""
    concepts = [{"id": f"k{n}", "label": {"en": f"K {n}"}} for n in range(number)]
    claims = [
        {
            "id": f"p{n}",
            "statement": {"en": f"P {n}"},
            "subject": f"k{n}",
            "relation": "drives",
            "object": f"k{(n + 1) % number}",
        }
        for n in range(number)
    ]
    told = sentences(number)
    evidence = [
        {"proposition": f"p{n}", "stance": "supports", "strength": "weak", "rationale": "So."} for n in range(number)
    ]
    excerpts = [
        {"quote": sentence, "codes": ["code"], "evidence": [line]}
        for sentence, line in zip(told, evidence, strict=True)
    ]
    files = {
        "concepts.yaml": {"concepts": concepts, "relations": [{"id": "drives", "label": {"en": "drives"}}]},
        "propositions.yaml": {"propositions": claims},
        "sources/text.txt": "\n".join(told) + "\n",
        "codings/text.yaml": coded(excerpts),
    }
    return study(folder, **files)


def many_sources(folder: Path, number: int) -> Path:
    """Write many sources, each with a codings file."""
    told = sentences(number)
    sources = [{"id": f"s{n}", "file": f"sources/s{n}.txt", "title": f"S {n}", "role": "case"} for n in range(number)]
    head = {"id": "sized", "title": {"en": "Sized"}, "coders": [{"id": "me", "name": "Me"}], "sources": sources}
    files: dict[str, Any] = {"study.yaml": head}
    for n, sentence in enumerate(told):
        files[f"sources/s{n}.txt"] = sentence + "\n"
        files[f"codings/s{n}.yaml"] = coded([{"quote": sentence, "codes": ["code"]}]) | {"source": f"s{n}"}
    return study(folder, **files)


def table_of_quotes(folder: Path, number: int) -> Path:
    """Write a table of quotes without positions, with the text that they are looked for in."""
    told = sentences(number)
    texts = folder / "texts"
    texts.mkdir(parents=True)
    (texts / "talk.txt").write_text("\n".join(told) + "\n", "utf-8")
    rows = "".join(f"talk,{sentence},code {n % 50}\n" for n, sentence in enumerate(told))
    return _file(folder / "quotes.csv", f"document,quote,code\n{rows}")


def table_of_documents(folder: Path, number: int) -> Path:
    """Write a table of quotes each of which stands in a document of its own."""
    told = sentences(number)
    texts = folder / "texts"
    texts.mkdir(parents=True)
    for n, sentence in enumerate(told):
        (texts / f"talk{n}.txt").write_text(sentence + "\n", "utf-8")
    rows = "".join(f"talk{n},{sentence},code {n % 50}\n" for n, sentence in enumerate(told))
    return _file(folder / "quotes.csv", f"document,quote,code\n{rows}")


def table_of_strangers(folder: Path, number: int) -> Path:
    """Write a table of quotes that are not in their text."""
    path = table_of_quotes(folder, number)
    return _file(path, path.read_text("utf-8").replace(" ", " or ", number * 13))


def codebook(folder: Path, number: int) -> Path:
    """Write a table of codes."""
    return _file(folder / "codes.csv", "tag,description\n" + "".join(f"code {n},what\n" for n in range(number)))


def csl_json(folder: Path, number: int) -> Path:
    """Write references as CSL-JSON."""
    items = [
        {"id": f"r{n}", "type": "book", "title": sentence, "author": [{"family": f"F{n}", "given": "G."}]}
        for n, sentence in enumerate(sentences(number))
    ]
    return _file(folder / "library.json", json.dumps(items))


def bibtex(folder: Path, number: int) -> Path:
    """Write references as BibTeX."""
    entries = (
        f"@book{{r{n}, title = {{{sentence}}}, author = {{F{n}, G. and H, I.}}, year = 2014}}\n"
        for n, sentence in enumerate(sentences(number))
    )
    return _file(folder / "library.bib", "".join(entries))


def ris(folder: Path, number: int) -> Path:
    """Write references as RIS."""
    records = (
        f"TY  - BOOK\nAU  - F{n}, G.\nTI  - {sentence}\nPY  - 2014\nER  - \n"
        for n, sentence in enumerate(sentences(number))
    )
    return _file(folder / "library.ris", "".join(records))


def annotations(folder: Path, number: int) -> Path:
    """Write Web Annotations of one page."""
    items = [
        {
            "id": f"https://example.org/{n}", "type": "Annotation", "created": "2024-03-01T10:00:00Z",
            "body": [{"type": "TextualBody", "value": f"code {n % 50}", "purpose": "tagging"}],
            "target": {"source": "https://example.org/page", "selector": {"type": "TextQuoteSelector", "exact": sentence}},
        }
        for n, sentence in enumerate(sentences(number))
    ]  # fmt: skip
    return _file(folder / "notes.jsonld", json.dumps({"type": "AnnotationPage", "items": items}))


def qualcoder(folder: Path, number: int) -> Path:
    """Write a QualCoder project with one text, in which every line is coded."""
    told = sentences(number)
    starts = itertools.accumulate((projects.units(sentence) + 1 for sentence in told), initial=0)
    codings = [
        {
            "cid": n % 50,
            "fid": 1,
            "seltext": sentence,
            "pos0": start,
            "pos1": start + projects.units(sentence),
            "owner": "me",
        }
        for n, (sentence, start) in enumerate(zip(told, starts, strict=False))
    ]
    rows = {
        "project": [{"databaseversion": "v17", "about": "QualCoder"}],
        "source": [{"id": 1, "name": "talk.txt", "fulltext": "\n".join(told) + "\n"}],
        "code_name": [{"cid": n, "name": f"code {n}"} for n in range(50)],
        "code_text": codings,
    }
    (folder / "talk.qda").mkdir(parents=True)
    projects.make(folder / "talk.qda/data.qda", projects.QUALCODER, rows)
    return folder / "talk.qda"


def _file(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


IMPORTS: dict[str, tuple[Callable[[Path, int], Path], int]] = {
    "table of quotes": (table_of_quotes, 1_000),
    "table of documents": (table_of_documents, 200),
    "table of strangers": (table_of_strangers, 1_000),
    "codebook": (codebook, 2_000),
    "CSL-JSON": (csl_json, 1_000),
    "BibTeX": (bibtex, 1_000),
    "RIS": (ris, 1_000),
    "Web Annotation": (annotations, 1_000),
    "QualCoder": (qualcoder, 1_000),
}
"""Every file of another tool that can be made to any size, and how many of it the smallest has that is measured."""
STUDIES: dict[str, tuple[Callable[[Path, int], Path], int]] = {
    "lines of a text": (lines_of_a_text, 20_000),
    "paragraphs of Markdown": (paragraphs_of_markdown, 1_000),
    "quotes of a text": (quotes_of_a_text, 1_000),
    "quotes over lines": (quotes_over_lines, 1_000),
    "quotes that are nowhere": (quotes_that_are_nowhere, 1_000),
    "references": (references, 1_000),
    "codes in a circle": (codes_in_a_circle, 1_000),
    "codes": (many_codes, 1_000),
    "unknown keys": (keys_that_are_unknown, 1_000),
    "claims": (many_claims, 500),
    "sources": (many_sources, 200),
}
"""Every way to grow a study, and how many of it the smallest has that is measured."""
