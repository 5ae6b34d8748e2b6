"""Questions that come next, in the study's own words and the language of the question."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.asking.retrieval import bearing_on

if TYPE_CHECKING:
    from kg.asking.choice import Choice, Study
    from kg.asking.question import Question

MOST = 3
"""How many are given."""
WAYS = {
    "en": {
        "supports": "what supports {topic}",
        "opposes": "what opposes {topic}",
        "qualifies": "what qualifies {topic}",
        "case": "what supports {topic} in {case}",
        "references": "which references support {topic}",
        "missing": "what is missing on {topic}",
        "contested": "which claims are contested",
        "gaps": "what is missing",
        "define": "what is {topic}",
        "says": "who says {topic}",
        "drivers": "what drives {topic}",
        "effects": "what does {topic} lead to",
        "cases": "which cases support {topic}",
        "stage": "in which stage does {topic} act",
        "relate": "how does {topic} relate to {other}",
        "count": "how many quotes support {topic}",
        "compare": "compare {topic} and {other}",
        "why": "why is there {topic}",
        "verdict": "is there evidence for {topic}",
        "find": "find {topic}",
        "about": "tell me about {topic}",
    },
    "zh": {
        "supports": "什么支持{topic}",
        "opposes": "什么反对{topic}",
        "qualifies": "什么限定{topic}",
        "case": "{case}中什么支持{topic}",
        "references": "哪些文献支持{topic}",
        "missing": "{topic}缺少什么",
        "contested": "哪些命题有争议",
        "gaps": "缺少什么",
        "define": "什么是{topic}",
        "says": "谁说{topic}",
        "drivers": "哪些因素影响{topic}",
        "effects": "{topic}会带来什么",
        "cases": "哪些案例支持{topic}",
        "stage": "{topic}在哪个阶段起作用",
        "relate": "怎么看{topic}和{other}的关系",
        "count": "有几条证据支持{topic}",
        "compare": "比较{topic}和{other}",
        "why": "为什么会有{topic}",
        "verdict": "有没有证据支持{topic}",
        "find": "查找{topic}",
        "about": "介绍一下{topic}",
    },
}
"""Ways to ask in each language, by what is asked."""


def further(question: Question, choice: Choice, study: Study) -> tuple[str, ...]:
    """Return questions that come next.

    Args:
        question: the question as read.
        choice: what answers it.
        study: the study that is asked.

    Returns:
        Up to :data:`MOST` questions that have an answer, none of them the question itself.
    """
    ways = WAYS[question.language]
    topics = [term.id if term.kind == "proposition" else term.label for term in question.of("concept", "proposition")]
    if choice.nothing_on or not topics:
        topics = _near(choice, study)
    if not topics:
        return (ways["gaps"],)
    topic = topics[0]
    if choice.is_nearest or choice.nothing_on or choice.operation == "help" or not choice.claims:
        asked = [ways["supports"].format(topic=one) for one in topics[:2]] + [ways["contested"]]
        return tuple(dict.fromkeys(asked))[:MOST]
    against = "supports" if question.stance == "opposes" else "opposes"
    asked = [ways[against].format(topic=topic)]
    tally = study.all.tally(*choice.claims)
    if question.stance and not tally[question.stance] and tally["qualifies"]:
        asked.insert(0, ways["qualifies"].format(topic=topic))
    counts = study.all.by_case(*choice.claims)[("supports")] if choice.claims else Counter[str]()
    ranked = sorted(counts, key=lambda case: (-counts[case], case))
    cases = [case for case in ranked if ("case", case) in study.labels]
    if cases and not question.limits.cases:
        asked.append(ways["case"].format(topic=topic, case=study.label("case", cases[0])))
    if choice.operation != "references" and (counts or tally["supports"]):
        asked.append(ways["references"].format(topic=topic))
    asked.append(ways["missing"].format(topic=topic))
    return tuple(one for one in dict.fromkeys(asked) if one.casefold() != question.text.strip().casefold())[:MOST]


def _near(choice: Choice, study: Study) -> list[str]:
    """Return the concepts of the claims that are near, or else those that most claims are about."""
    rows = study.rows
    wanted = {*choice.claims}
    if not wanted and choice.excerpts:
        # What was found bears on some claims, of which more may be asked.
        wanted = {claim for _, claim in bearing_on(study.tables, choice.excerpts)}
    near = [row for row in rows if row["claim"] in wanted] or rows
    counts: Counter[str] = Counter()
    for row in near:
        counts.update((row["subject"], row["object"]))
    return [study.label("concept", one) for one, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
