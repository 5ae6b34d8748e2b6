"""How one thing comes to another: the claims that join them, ways by something else, and the stages in their order."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

from kg.asking.acting import show_evidence
from kg.asking.choice import Choice
from kg.asking.patterns import DIRECTLY
from kg.asking.question import Term
from kg.asking.telling import defined, meaning
from kg.language.tokens import fold, tokens

if TYPE_CHECKING:
    from kg.asking.chooser import Chooser

_WHICH_FIRST = re.compile(r"\bbefore or after\b|\bafter or before\b|之前还是之后|先还是后|在前还是在后", re.IGNORECASE)
"""How it is asked which of two things comes first."""
_ORDER = re.compile(
    "个?阶段.{0,6}(?:从|什么时候|怎么分|怎么划|如何划|分别|各是|起止)|顺序|先后|依次|哪几期|哪几个阶段|哪些阶段|先经过.*再"
    r"|\b(?:explain|describe|what are|give me|tell me)\b.{0,20}\b(?:the|all) (?:\w+ )?(?:stages|phases)\b"
    r"|one after another|one by one|\b(?:list|name) the (?:stages|phases)|\bin turn\b"
    r"|\b(?:stages|phases) of (?:the process|\w+ \w+|\w+)\b|(?:which|what) (?:stages|phases)"
    r"|^(?:what|which) (?:are|were) the (?:\w+ )?(?:stages|phases|steps)\b"
)
"""How it is asked in which order stages come."""
_NEXT = re.compile(
    r"\b(?:next|after|follows?|following|succeeds?|subsequent|once)\b|之后|以后|后面|接下来|下一|后一|完了"
)
"""How it is asked which stage comes after another."""
_PREVIOUS = re.compile(r"\b(?:before|precedes?|preceding|prior|previous|ahead of)\b|之前|以前|前面|上一|前一")
"""How it is asked which stage comes before another."""
_BY_WAY_OF = re.compile(r"\b(?:through|by way of|by|via)\b|通过|经过|经由|靠|借")
"""What stands before what lies between."""
_NEAR_BY = 16
"""How far behind that it begins (codepoints)."""


_ACTS = re.compile(r"\b(?:matter|act|work|count|help|play|effect|apply|operate|hold)\w*\b")
"""How it is asked in which stage something acts."""


def show_stage(of: Chooser) -> Choice:
    """Choose the claims about something that are bound to a stage; all, with open questions, where none is."""
    texts = {token.text for token in tokens(of.question.text)}
    if ("order" in texts or "sequence" in texts or _ORDER.search(fold(of.question.text))) and (order := of.stages()):
        for one in order:
            of.name("concept", one)
        names = [of.study.label("concept", one) for one in order]
        meant = [(of.study.label("concept", one), meaning(defined(of, Term(one, "concept", "")))) for one in order]
        explained = tuple({"property": name, "value": text} for name, text in meant if text)
        zh = of.question.language == "zh"
        said = ("→" if zh else " → ").join(names) + ("。" if zh else ".")
        on_them = tuple(row["claim"] for row in of.study.rows if row["stage"] in order)
        return Choice("stage", on_them, said=said, definition=explained)
    others = [term for term in of.question.of("concept") if term.id not in of.stages()]
    if not (others and _ACTS.search(of.question.text.casefold())) and (beside := _beside(of)):
        return beside
    if not of.question.of("proposition") and texts & {"first", "last"} and (order := of.stages()):
        one = order[0] if "first" in texts else order[-1]
        of.name("concept", one)
        return Choice("stage", tuple(row["claim"] for row in of.study.rows if one in (row["stage"], row["object"])))
    choice = show_evidence(of)
    bound = {row["claim"]: row["stage"] for row in of.study.rows if row["stage"]}
    claims = tuple(claim for claim in choice.claims if claim in bound)
    if not claims and of.topics and not of.question.of("proposition"):
        claims = tuple(claim for claim in of.stated_on("subject") if claim in bound)
    for claim in claims:
        of.name("concept", bound[claim], claim)
    return replace(choice, claims=claims or choice.claims)


def _beside(of: Chooser) -> Choice | None:
    """Say which stage comes before or after the one that is named, or of a claim that is; nothing where none is asked.

    Which comes first is told by the theory's own text.
    """
    text = of.question.text.casefold()
    after, before = _NEXT.search(text), _PREVIOUS.search(text)
    order = of.stages()
    if not (after or before) or len(order) < 2:
        return None
    named = [term.id for term in of.question.about if term.id in order] or [*of.question.limits.stages]
    concepts = of.study.lexicon.claim_concepts
    bound = {one for claim in of.matched.claims for one in concepts.get(claim, ()) if one in order}
    anchor = next(iter(named), "") or (bound.pop() if len(bound) == 1 else "")
    if anchor not in order:
        return None
    zh = of.question.language == "zh"
    at = order.index(anchor) + (1 if after else -1)
    own = of.study.label("concept", anchor)
    if not 0 <= at < len(order):
        where = ("最后" if after else "最先") if zh else "last" if after else "first"
        said = f"{own}在理论的文本里{where}。" if zh else f"In the theory's text the {own} comes {where}."
        return Choice("stage", tuple(row["claim"] for row in of.study.rows if row["stage"] == anchor), said=said)
    of.name("concept", order[at])
    other = of.study.label("concept", order[at])
    how = ("之后" if after else "之前") if zh else "after" if after else "before"
    said = f"{other}在{own}{how}(按理论的文本)。" if zh else f"The {other} comes {how} the {own}, in the theory's text."
    return Choice("stage", tuple(row["claim"] for row in of.study.rows if row["stage"] == order[at]), said=said)


def relate(of: Chooser) -> Choice:
    """Choose the claims that join concepts."""
    for term in of.question.of("concept"):
        of.name("concept", term.id)
    if DIRECTLY.search(of.question.text.casefold()) and (choice := _direct_or_not(of)):
        return choice
    if "chain" in of.question.cues and (claims := of.paths()):
        return Choice("relate", claims)
    choice = show_evidence(of)
    return replace(choice, lead=_order_of(of, choice.claims)) if _WHICH_FIRST.search(of.question.text) else choice


def _direct_or_not(of: Chooser) -> Choice | None:
    """Say whether one thing acts on another at once, by way of something else, or both; nothing where none is claimed.

    What stands behind "through" or 通过 is what lies between.
    """
    rows = of.study.by_claim
    first, between, last = _ends(of)
    ways = of.ways(first, last, 3) if first and last else []
    others = [way for way in ways if len(way) > 1]
    if between:
        others = [way for way in others if between in {rows[claim]["object"] for claim in way[:-1]}]
    least = min(map(len, others), default=0)
    others = [way for way in others if len(way) == least]
    direct = [way[0] for way in ways if len(way) == 1]
    if not (direct or others):
        return None
    zh = of.question.language == "zh"
    apart = "、" if zh else ", "
    told = []
    for way in others:
        by = apart.join(of.study.label("concept", rows[claim]["object"]) for claim in way[:-1])
        told.append(f"通过{by}:{apart.join(way)}" if zh else f"by way of {by}: {apart.join(way)}")
    at_once = apart.join(direct)
    if zh:
        begin = f"直接:{at_once}" if direct else "没有主张说直接起作用"
        lead = ";".join([begin, *(told or ["没有主张说通过别的起作用"])]) + "。"
    else:
        begin = f"Directly: {at_once}" if direct else "No claim says so directly"
        lead = "; ".join([begin, *(told or ["by way of something else: no claim"])]) + ". "
    chosen = {*direct, *(claim for way in others for claim in way)}
    return Choice("relate", tuple(claim for claim in of.everything if claim in chosen), lead=lead)


def _ends(of: Chooser) -> tuple[str, str, str]:
    """Return what acts, what may lie between, and what is acted on, each empty where the question does not tell it."""
    concepts = [term.id for term in of.question.of("concept")]
    text = of.question.text.casefold()
    called = {concept: text.find(name) for concept, name in of.question.called if concept in concepts}
    by = [match.end() for match in _BY_WAY_OF.finditer(text)]
    behind = [concept for concept in concepts if any(0 <= called.get(concept, -1) - at < _NEAR_BY for at in by)]
    between = behind[0] if behind else ""
    rest = [concept for concept in concepts if concept != between]
    if len(rest) > 1:
        pairs = [pair for pair in permutations(rest, 2) if of.ways(*pair, 3)]
        first, last = pairs[0] if pairs else ("", "")
        return first, between, last
    if not (rest and between):
        return "", "", ""
    # What is acted on may be named by a part of its name only, or not at all.
    objects = [row["object"] for row in of.study.rows if row["subject"] == between]
    direct = [one for one in objects if any(len(way) == 1 for way in of.ways(rest[0], one, 1))]
    worded = of.worded(tuple(row["claim"] for row in of.study.rows if row["subject"] == between), "object")
    called_so = [of.study.by_claim[claim]["object"] for claim in worded]
    meant = dict.fromkeys(called_so or direct or objects)
    return (rest[0], between, next(iter(meant))) if len(meant) == 1 else ("", "", "")


def _order_of(of: Chooser, claims: tuple[str, ...]) -> str:
    """Say which of two concepts comes first by the claims that join them; nothing where they do not agree on it."""
    topics = {term.id for term in of.topics}
    rows = [of.study.by_claim[claim] for claim in claims]
    orders = {(row["subject"], row["object"]) for row in rows if {row["subject"], row["object"]} == topics}
    if len(orders) != 1:
        return ""
    first, second = (of.study.label("concept", one) for one in orders.pop())
    if of.question.language == "zh":
        return f"按理论,{first}在{second}之前。"
    return f"By the theory {first} comes before {second}. "
