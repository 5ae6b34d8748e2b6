"""A number of one is said in the singular, in the terminal and on pages, of a study with one of each."""

from __future__ import annotations

import re
import urllib.request

import pytest
from browser import served
from test_cli import kg as command

import kg

ONE = re.compile(
    r"(?<![\d.,/−+~-])\b1 (?:[a-z]+ )?(?:codes|claims|propositions|evidence lines|lines|quotes|passages|sources|rows|nodes"
    r"|links|disagreements|places|memos|witnesses|references|files|coders|concepts|relations|paragraphs)\b"
)
PAGES = (
    "", "propositions", "proposition/P1", "concept/pay", "relation/leaves-unchanged", "codes", "code/belonging", "sources",
    "source/interview", "coders", "coder/me", "matrix", "crosstab", "picture", "gaps", "waiting", "ontology", "agreement",
    "ask?q=what+supports+pay", "search?q=Friday", "cases", "case/kitchen", "references",
    "sparql?q=SELECT+%2A+WHERE+%7B+VALUES+%3Fx+%7B+1+%7D+%7D",
)  # fmt: skip


@pytest.fixture
def single(study):
    """Return a study with one claim, one evidence line and one code."""
    claim = "{id: P1, statement: {en: Pay keeps.}, subject: pay, relation: leaves-unchanged, object: staying}"
    (study / "propositions.yaml").write_text(f"propositions:\n- {claim}\n", "utf-8")
    (study / "codebook.yaml").write_text("codes:\n- {id: belonging, level: open, label: {en: Belonging}}\n", "utf-8")
    (study / "codings/interview.yaml").write_text(
        "source: interview\ncoder: me\ndate: 2026-11-24\nexcerpts:\n"
        "- {quote: know my name, codes: [belonging], evidence: [{proposition: P1, id: L1, stance: supports, "
        "strength: weak, rationale: She says so.}]}\n- {quote: Two of us left, memo: Why?}\n",
        "utf-8",
    )
    (study / "codings/theory.yaml").unlink(missing_ok=True)
    kg.open(study)
    return study


def test_the_terminal_says_one_in_the_singular(single, tmp_path):
    printed = [
        command("check", single, code=1),
        command("ask", "what supports pay", "--study", single),
        command("trace", "P1", "--study", single),
        command("graph", tmp_path / "one.svg", "--study", single),
    ]
    assert "1 code has no definition" in printed[0]
    assert "1 memo of a passage" in printed[0]
    assert [ONE.findall(one) for one in printed] == [[] for _ in printed]


@pytest.mark.slow
def test_pages_say_one_in_the_singular(single):
    with served(single) as address:
        for path in PAGES:
            with urllib.request.urlopen(f"{address}/{path}", timeout=60) as answer:
                page = re.sub(r"(?s)<(script|style).*?</\1>", "", answer.read().decode())
            told = re.findall(r'(?:aria-label|title|content)="([^"]*)"', page)
            words = " ".join((*told, re.sub(r"<[^>]+>", "", page)))
            assert ONE.findall(" ".join(words.split())) == [], path
