"""Write a study of any size in the project's own file form: the same size gives the same bytes.

    python bench/generate.py 10000 FOLDER

About 100 excerpts a source. From 5,000 excerpts on, the propositions grow with the size, so that
each has about 33 evidence lines whatever the size.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from pathlib import Path
from typing import Any, NamedTuple

PER_SOURCE = 100
WHO = (
    ("a user", "一位用户"),
    ("the tester", "测试者"),
    ("our engineer", "我们的工程师"),
    ("a nurse", "一位护士"),
    ("the users' club", "用户社区"),
)
WHAT = (
    ("open prices", "公开的价格"),
    ("the weekly build", "每周的版本"),
    ("a named contact", "指定的联系人"),
    ("the shared plan", "共享的计划"),
    ("the forum's answer", "论坛的回答"),
    ("an early sample", "早期的样品"),
    ("the risk notice", "风险告知"),
)
DID = (
    ("kept people in the talk", "让人们继续对话"),
    ("drew new ideas", "带来了新的想法"),
    ("made the next step plain", "使下一步变得清楚"),
    ("was read with doubt", "受到了怀疑"),
    ("brought the order forward", "使订单提前"),
)
WHY = (
    ("nobody had to ask twice", "没有人需要问第二遍"),
    ("the reasons stood beside it", "理由就写在旁边"),
    ("it came on the promised day", "它在承诺的日子到来"),
    ("others had said the same", "其他人也说过同样的话"),
)
CONCEPTS = (
    ("trust", "信任"),
    ("openness", "公开"),
    ("talk", "交谈"),
    ("entry", "进入"),
    ("risk", "风险"),
    ("platform", "平台"),
    ("need", "需求"),
    ("offer", "主张"),
    ("sample", "样品"),
    ("speed", "速度"),
    ("care", "关怀"),
    ("design", "设计"),
    ("delivery", "交付"),
    ("loyalty", "忠诚"),
    ("feedback", "反馈"),
    ("learning", "学习"),
    ("pricing", "定价"),
    ("safety", "安全"),
    ("community", "社区"),
    ("quality", "质量"),
)
RELATIONS = (
    ("strengthens", "增强"),
    ("hinders", "阻碍"),
    ("precedes", "先于"),
    ("rests-on", "依赖"),
    ("changes", "改变"),
)
CASES = (
    ("north", "North", "北"),
    ("south", "South", "南"),
    ("east", "East", "东"),
    ("west", "West", "西"),
    ("middle", "Middle", "中"),
)
STANCES = ("supports", "supports", "supports", "opposes", "supports", "qualifies")
STRENGTHS = ("moderate", "strong", "weak")
CODERS = ("first", "second")
SELECTIVE, AXIAL, OPEN = 4, 16, 40


class Item(NamedTuple):
    """Hold one passage and what is said of it."""

    number: int
    quote: str
    claim: int | None
    """Number of the proposition it bears on: asserted in a theory source, evidence elsewhere."""


def generate(size: int, folder: Path) -> None:
    """Write a study.

    Args:
        size: how many excerpts it has, 200 at least.
        folder: where it is written; made when it is not there.
    """
    if size < 200:
        raise ValueError("a study for measuring has 200 excerpts at least")
    for part in ("sources", "codings"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    chance = random.Random(size)
    claims = max(50, size // 100)
    statements = [_statement(k, chance) for k in range(claims)]
    theory = [Item(k, f"{en}.", k) for k, (_, _, _, en, _) in enumerate(statements)]
    # A claim is drawn in turn, so that every proposition gets as many lines as every other.
    rest = [Item(n, _sentence(n, chance), n // 3 % claims if n % 3 == 0 else None) for n in range(claims, size)]
    batches = [("theory", theory[at : at + PER_SOURCE]) for at in range(0, claims, PER_SOURCE)]
    batches += [
        ("literature" if at // PER_SOURCE % 5 == 4 else "case", rest[at : at + PER_SOURCE])
        for at in range(0, len(rest), PER_SOURCE)
    ]
    entries = []
    for index, (role, items) in enumerate(batches):
        source = f"s{index:05}"
        text = _prose(source, items, len(batches), chance)
        _write(folder / "sources" / f"{source}.md", text)
        _write(folder / "codings" / f"{source}.yaml", _codings(source, role, items, chance))
        entry: dict[str, Any] = {
            "id": source,
            "file": f"sources/{source}.md",
            "title": f"Source {source}",
            "role": role,
            "language": "en",
        }
        if role == "case":
            entry["case"] = CASES[index % len(CASES)][0]
        entries.append(entry | {"reference": f"r{index:05}", "sha256": hashlib.sha256(text.encode()).hexdigest()})
    _write_theory(folder, statements)
    _write(folder / "references.json", "[\n" + ",\n".join(_dump(_reference(i)) for i in range(len(batches))) + "\n]\n")
    head = {
        "id": f"bench-{size}",
        "title": {"en": f"A made study of {size} excerpts"},
        "description": "Made for measuring.",
        "license": "CC0-1.0",
        "coders": [{"id": c, "name": f"Coder {c}"} for c in CODERS],
        "cases": [{"id": i, "label": {"en": en, "zh": zh}} for i, en, zh in CASES],
    }
    _write(folder / "study.yaml", "".join(f"{k}: {_dump(v)}\n" for k, v in head.items()) + _list("sources", entries))


def _dump(value: Any) -> str:
    # JSON is YAML too, and needs no second opinion about quoting.
    return json.dumps(value, ensure_ascii=False)


def _list(key: str, values: list[dict[str, Any]]) -> str:
    return f"{key}:\n" + "".join(f"  - {_dump(v)}\n" for v in values)


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _sentence(n: int, chance: random.Random) -> str:
    """Return a sentence that no other number gives; every seventh is Chinese."""
    who, what, did, why = (chance.choice(words) for words in (WHO, WHAT, DID, WHY))
    if n % 7 == 0:
        return f"在第{n}次访谈中，{who[1]}说{what[1]}{did[1]}，因为{why[1]}。"
    return f"In interview {n}, {who[0]} said that {what[0]} {did[0]} because {why[0]}."


def _statement(k: int, chance: random.Random) -> tuple[str, str, str, str, str]:
    subject, thing = chance.sample(CONCEPTS, 2)
    relation = chance.choice(RELATIONS)
    en = f"In setting {k}, {subject[0]} {relation[0].replace('-', ' ')} {thing[0]}"
    return subject[0], relation[0], thing[0], en, f"在情境{k}中，{subject[1]}{relation[1]}{thing[1]}"


def _prose(source: str, items: list[Item], sources: int, chance: random.Random) -> str:
    """Return the source's text: two passages a paragraph, with a sentence between that nobody coded."""
    paragraphs = [f"# Source {source}"]
    for at in range(0, len(items), 2):
        quotes = f" Then they spoke of other things for {chance.randrange(2, 60)} minutes. ".join(
            i.quote for i in items[at : at + 2]
        )
        other = f"; @r{chance.randrange(sources):05}, p. {at + 1}" if at % 10 == 0 else ""
        paragraphs.append(f"[{source}p{at // 2 + 1}] {quotes} [@r{source[1:]}{other}]")
    return "\n\n".join(paragraphs) + "\n"


def _codings(source: str, role: str, items: list[Item], chance: random.Random) -> str:
    day = f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    parts = [f"source: {source}\ncoder: {chance.choice(CODERS)}\ndate: {day}\nexcerpts:\n"]
    for position, (n, quote, claim) in enumerate(items):
        parts.append(f"  - quote: {_dump(quote)}\n")
        if role == "theory":
            parts.append(f"    asserts: [P{claim:05}]\n")
            continue
        codes = ", ".join(f"open-{k:02}" for k in chance.sample(range(OPEN), 1 + n % 2))
        parts.append(f"    codes: [{codes}]\n")
        if n % 2:
            parts.append(
                f"    memo: Seen in passage {n} of the round, and to be compared with the others of this code.\n"
            )
        if claim is None:
            continue
        turn = n // 3
        parts.append(
            f"    evidence:\n      - proposition: P{claim:05}\n        stance: {chance.choice(STANCES)}\n        strength: {chance.choice(STRENGTHS)}\n"
            f"        rationale: The speaker of passage {n} names the cause and the effect in one breath.\n"
        )
        if turn % 10 == 0 and position:
            parts.append(f"        also: [{{quote: {_dump(items[position - 1].quote)}}}]\n")
        if turn % 50 == 0:
            parts.append(
                f"        status: withdrawn\n        status_date: {day}\n        status_reason: The speaker took it back.\n"
            )
    return "".join(parts)


def _write_theory(folder: Path, statements: list[tuple[str, str, str, str, str]]) -> None:
    concepts = [
        {"id": en, "label": {"en": en, "zh": zh}, "definition": f"What the speakers call {en}."} for en, zh in CONCEPTS
    ]
    relations = [{"id": i, "label": {"en": i.replace("-", " "), "zh": zh}} for i, zh in RELATIONS]
    _write(folder / "concepts.yaml", _list("concepts", concepts) + _list("relations", relations))
    codes: list[dict[str, Any]] = []
    for level, count, above, wider in (
        ("selective", SELECTIVE, "", 0),
        ("axial", AXIAL, "selective", SELECTIVE),
        ("open", OPEN, "axial", AXIAL),
    ):
        for k in range(count):
            code = {
                "id": f"{level}-{k:02}",
                "level": level,
                "label": {"en": f"{level} code {k}"},
                "definition": f"Passages on matter {k}.",
            }
            codes.append(
                code
                | ({"broader": f"{above}-{k % wider:02}"} if above else {})
                | ({"indicates": CONCEPTS[k % 20][0]} if level == "open" else {})
            )
    _write(folder / "codebook.yaml", _list("codes", codes))
    claims = [
        {
            "id": f"P{k:05}",
            "statement": {"en": f"{en}.", "zh": f"{zh}。"},
            "subject": subject,
            "relation": relation,
            "object": thing,
        }
        for k, (subject, relation, thing, en, zh) in enumerate(statements)
    ]
    _write(folder / "propositions.yaml", _list("propositions", claims))


def _reference(index: int) -> dict[str, Any]:
    author = [{"family": f"Author{index}", "given": "A."}]
    issued = {"date-parts": [[1990 + index % 36]]}
    return {
        "id": f"r{index:05}",
        "type": "article-journal",
        "title": f"On matter {index}",
        "author": author,
        "issued": issued,
        "container-title": "Made Journal",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write a study of a given size.")
    parser.add_argument("size", type=int, help="how many excerpts")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    generate(given.size, given.folder)
