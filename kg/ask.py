"""Understand questions in English and Chinese by a small grammar over the graph's labels.

No model is called and nothing is guessed: a question either has one of the forms of
:data:`FORMS` with words that the graph knows, or is refused with the nearest right words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import claims, query
from kg.cjk import has_han
from kg.errors import KGError, UnknownTerm

if TYPE_CHECKING:
    from kg.query import Engine

FORMS: tuple[tuple[str, str, str], ...] = (
    (
        "missing",
        "what is missing",
        r"(?:what|which claims?|which propositions?) (?:is|are|has|have) (?:missing|unsupported|no (?:evidence|quotes?|support))|(?:evidence )?gaps|open questions",
    ),
    (
        "missing",
        "what is missing on X",
        r"(?:what is missing|what is unsupported|gaps|open questions) (?:on|about|for|in) (?P<x>.+)",
    ),
    (
        "claims",
        "which claims are about X",
        r"(?:what|which) (?:claims?|propositions?) (?:(?:is|are) )?(?:about|on|with|involve|mention|concern) (?P<x>.+)",
    ),
    (
        "opposes",
        "what opposes X",
        r"(?:what|who|which evidence|what evidence) (?:opposes?|contradicts?|disputes?|refutes?|speaks? against|is against) (?P<x>.+)|(?:what is the )?evidence against (?P<x2>.+)|does (?:any |the )?evidence (?:oppose|contradict) (?P<x3>.+)",
    ),
    (
        "qualifies",
        "what qualifies X",
        r"(?:what|who|which evidence|what evidence) (?:qualifies|qualify|limits?|restricts?) (?P<x>.+)",
    ),
    (
        "cases",
        "which cases support X",
        r"(?:which|what) cases? (?:(?P<stance>supports?|opposes?|qualify|qualifies)|mentions?|shows?|speaks? (?:of|for)|(?:is|are) about|bears? on) (?P<x>.+)",
    ),
    (
        "supports",
        "what supports X",
        r"(?:what|who|which evidence|what evidence) (?:supports?|backs?|speaks? for|is there for) (?P<x>.+)|(?:(?:what|how strong) is the )?(?:evidence|support) for (?P<x2>.+)|is (?P<x3>.+) supported|does (?:any |the )?evidence support (?P<x4>.+)|is there (?:any )?evidence for (?P<x5>.+)",
    ),
    ("who", "who says X", r"who (?:says|claims|states|asserts|wrote)(?: so)?(?: about| that| on)? (?P<x>.+)"),
    (
        "relate",
        "how does X relate to Y",
        r"how (?:does|do|is|are) (?P<x>.+?) (?:relate|related|connect|connected|linked)(?: to| with| and)? (?P<y>.+)|how are (?P<x2>.+?) and (?P<y2>.+?) (?:related|connected|linked)|relation(?:ship)? (?:between|of) (?P<x3>.+?) (?:and|to) (?P<y3>.+)",
    ),
    (
        "stage",
        "in which stage does X act",
        r"(?:in |at |to )?(?:which|what) stage (?:does|do|is|are|has)? ?(?P<x>.+?)(?: acts?| works?| matters?| belongs?(?: to)?| in)?|when does (?P<x2>.+?) (?:act|matter|work)",
    ),
    ("relation", "what does X R, such as: what does customer demand drive", r"what (?:does|do) (?P<subject>.+)"),
    ("relation", "what R X, such as: what drives customer participation", r"(?:what|which \w+|who) (?P<object>.+)"),
    (
        "what",
        "what is X",
        r"what (?:is|are|does|do) (?P<x>.+?)(?: mean| do)?|define (?P<x2>.+)|definition of (?P<x3>.+)",
    ),
    (
        "missing",
        "缺少什么",
        r"(?:还)?(?:缺少?|缺乏)(?:了)?(?:什么|哪些)(?:证据)?|(?:哪些|什么)(?:命题|主张)?(?:没有|缺乏|缺少)(?:证据|支持|引文)|有哪些未决问题",
    ),
    ("missing", "X缺少什么", r"(?:关于)?(?P<x>.+?)(?:还)?(?:缺少?|缺乏)(?:了)?(?:什么|哪些)(?:证据)?"),
    ("claims", "哪些命题涉及X", r"(?:有)?(?:哪些|什么)(?:命题|主张)(?:涉及|关于|提到)(?:了)?(?P<x>.+)"),
    (
        "opposes",
        "什么反对X",
        r"(?:有)?(?:什么|哪些|哪个|没有)(?:证据)?(?:反对|反驳|否定|质疑)(?:了)?(?P<x>.+)|反对(?P<x2>.+?)的证据(?:有哪些|是什么)?",
    ),
    (
        "qualifies",
        "什么限定X",
        r"(?:有)?(?:什么|哪些|哪个|没有)(?:证据)?(?:限定|限制)(?:了)?(?P<x>.+)|限定(?P<x2>.+?)的证据(?:有哪些|是什么)?",
    ),
    (
        "cases",
        "哪些案例支持X",
        r"(?:有)?(?:哪些|哪个|什么)案例(?:(?P<stance>支持|反对|限定)|涉及|提到|体现)(?:了)?(?P<x>.+)",
    ),
    (
        "supports",
        "什么支持X",
        r"(?:有)?(?:什么|哪些|哪个|没有)(?:证据)?(?:支持|证明|支撑)(?:了)?(?P<x>.+)|支持(?P<x2>.+?)的证据(?:有哪些|是什么)?|(?P<x3>.+?)有(?:什么|哪些|没有)证据(?:支持)?",
    ),
    ("who", "谁说X", r"(?:是)?谁(?:说|提出|主张|认为)(?:了|过)?(?P<x>.+)|(?P<x2>.+?)是谁(?:说|提出)的"),
    (
        "relate",
        "X和Y有什么关系",
        r"(?P<x>.+?)(?:和|与|跟|同)(?P<y>.+?)(?:之间)?(?:有(?:什么|何|怎样的)|是(?:什么|何)|的)关系(?:是什么|如何|怎样)?",
    ),
    ("stage", "X在哪个阶段起作用", r"(?P<x>.+?)(?:在|属于|处于)(?:哪个|什么|哪一|哪一个)阶段(?:起作用|发挥作用)?"),
    ("relation", "什么R X, 例如: 什么驱动顾客参与", r"(?:有)?(?:什么|哪些|哪个)(?:因素)?(?P<object>.+)"),
    ("relation", "X R什么, 例如: 顾客需求驱动什么", r"(?P<subject>.+?)(?:什么|哪些|谁)"),
    ("what", "什么是X", r"什么是(?P<x>.+)|(?P<x2>.+?)(?:是|指)(?:什么|啥)(?:意思)?|(?P<x3>.+?)(?:有|起)什么作用"),
)
"""Intent, a way to ask it, and the pattern of all ways. The first form whose words are known is taken.

X and Y are concepts or propositions, R is a relation of the graph.
"""
_STANCES = {"支持": "supports", "反对": "opposes", "限定": "qualifies"}


@dataclass(frozen=True)
class Term:
    """A concept, proposition or case that a question is about.

    Args:
        id: id of a concept, proposition or case.
        kind: ``concept``, ``proposition`` or ``case``.
        label: its preferred label in the question's language.
    """

    id: str
    kind: str
    label: str


def fold(text: str) -> str:
    """Return a text as labels are compared: compatibility form, lower case, single spaces.

    Args:
        text: any text.

    Example:
        >>> fold("  Value—Proposition？ ")
        'value proposition'
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\s\"'“”‘’「」『』?!.,;:—–()-]+", " ", text).split())


class Vocabulary:
    """The names of every concept, relation, case and proposition of a graph.

    Args:
        engine: what answers queries.
    """

    def __init__(self, engine: Engine) -> None:
        self.names: dict[str, dict[str, str]] = {"concept": {}, "relation": {}, "case": {}, "proposition": {}}
        self.labels: dict[tuple[str, str, str], str] = {}
        self.shown: dict[str, str] = {}
        for row in query.run(engine, "labels").dicts():
            kind, identifier, label = row["kind"], row["id"], row["label"]
            for name in (label, identifier):
                self.names[kind].setdefault(fold(name), identifier)
                self.shown.setdefault(fold(name), name)
            if row["preferred"]:
                self.labels[kind, identifier, row["language"]] = label
        for row in query.run(engine, "claims").dicts():
            self.names["proposition"][fold(row["claim"])] = row["claim"]
            self.shown[fold(row["claim"])] = row["claim"]
            for language, key in (("en", "statement"), ("zh", "statement_zh")):
                if row[key]:
                    self.labels["proposition", row["claim"], language] = row[key]
                    self.names["proposition"].setdefault(fold(row[key]), row["claim"])

    def label(self, identifier: str, kind: str = "concept", language: str = "en") -> str:
        """Return the preferred label, in English where there is none in the language."""
        return self.labels.get((kind, identifier, language)) or self.labels.get((kind, identifier, "en")) or identifier

    def find(self, word: str, *kinds: str) -> tuple[str, str] | None:
        """Return kind and id of what a word names, singular or plural, with or without an article."""
        plain = re.sub(r"^(?:the|a|an|that|customers|关于) (?=.)", "", fold(word))
        tries = [
            fold(word),
            plain,
            plain.removesuffix("s"),
            plain.removesuffix(" 的").removesuffix("的"),
            plain.removesuffix("呢").removesuffix("吗"),
        ]
        for name in dict.fromkeys(tries):
            for kind in kinds:
                if name in self.names[kind]:
                    return kind, self.names[kind][name]
        return None

    def term(self, word: str, language: str, *kinds: str) -> Term:
        """Return what a word names.

        Raises:
            UnknownTerm: when it names nothing, with the nearest names.
        """
        match = self.find(word, *kinds)
        if match is None:
            shown = {name: self.shown[name] for kind in kinds for name in self.names[kind] if name in self.shown}
            best = _close(fold(word), shown)
            raise UnknownTerm(word.strip(), " or ".join(kinds), best)
        kind, identifier = match
        return Term(identifier, kind, self.label(identifier, kind, language))


def _close(word: str, names: dict[str, str]) -> list[str]:
    from rapidfuzz import fuzz, process

    # A Chinese word has few characters, so one that differs weighs much.
    cutoff = 50 if has_han(word) else 70
    matches = process.extract(word, sorted(names), scorer=fuzz.ratio, limit=3, score_cutoff=cutoff)
    return list(dict.fromkeys(names[name] for name, _, _ in matches))


@dataclass(frozen=True)
class Parsed:
    """A question as understood: its intent, its terms, and the place of the term in a relation."""

    intent: str
    about: tuple[Term, ...] = ()
    relation: str | None = None
    place: str = "object"
    stance: str | None = None
    case: Term | None = None


def parse(question: str, vocabulary: Vocabulary) -> Parsed:
    """Understand a question.

    Args:
        question: in English or Chinese.
        vocabulary: the names that the graph knows.

    Returns:
        The question as understood.

    Raises:
        UnknownTerm: when it has a known form and a word that the graph does not know.
        KGError: when it has no known form.
    """
    text = fold(question)
    language = language_of(question)
    unknown: UnknownTerm | None = None
    for intent, _, pattern in FORMS:
        match = re.fullmatch(pattern, text)
        if not match:
            continue
        groups = {k.rstrip("2345"): v for k, v in match.groupdict().items() if v}
        understand = _relation if intent == "relation" else _form
        try:
            if parsed := understand(intent, groups, language, vocabulary):
                return parsed
        except UnknownTerm as e:
            # A form that leaves fewer letters to its slots says more of the question.
            if unknown is None or len(e.word) < len(unknown.word):
                unknown = e
    if unknown:
        raise unknown
    ways = "\n".join(f"  {way}" for _, way, _ in FORMS if language_of(way) == language)
    raise KGError(
        f"'{question}' has none of the forms that can be answered:\n{ways}\n"
        "X and Y are concepts or propositions; see 'kg list concept'"
    )


def language_of(question: str) -> str:
    """Return ``zh`` for a question with Chinese characters, else ``en``."""
    return "zh" if has_han(question) else "en"


def _form(intent: str, groups: dict[str, str], language: str, vocabulary: Vocabulary) -> Parsed:
    """Read the slots of a form."""
    stance = groups.get("stance")
    if stance:
        stance = _STANCES.get(stance) or {"s": "supports", "o": "opposes", "q": "qualifies"}[stance[0]]
    read = [_slot(groups[slot], language, vocabulary) for slot in ("x", "y") if slot in groups]
    return Parsed(
        intent,
        tuple(term for term, _ in read),
        stance=intent if intent in claims.STANCES else stance,
        case=next((case for _, case in read if case), None),
    )


def _slot(word: str, language: str, vocabulary: Vocabulary) -> tuple[Term, Term | None]:
    """Read a slot: a concept or proposition, perhaps limited to a case."""
    kinds = ("concept", "proposition")
    if not vocabulary.find(word, *kinds):
        limited = re.fullmatch(
            r"(?P<x>.+) (?:in|at|from|for) (?P<case>.+)|在?(?P<case2>.+?)(?:案例)?(?:中|里)?的(?P<x2>.+)", word
        )
        if limited:
            groups = {k.rstrip("2"): v for k, v in limited.groupdict().items() if v}
            if vocabulary.find(groups["case"], "case"):
                return vocabulary.term(groups["x"], language, *kinds), vocabulary.term(groups["case"], language, "case")
    if case := vocabulary.find(word, "case"):
        name = vocabulary.label(case[1], "case")
        raise KGError(f"'{name}' is a case; name a concept or proposition, as in: what supports X in {name}")
    return vocabulary.term(word, language, *kinds), None


def _relation(intent: str, groups: dict[str, str], language: str, vocabulary: Vocabulary) -> Parsed | None:
    """Split a slot into a relation and a concept: what R X asks for subjects, what does X R for objects."""
    rest = groups.get("object") or groups["subject"]
    # The longest name of a relation first: 'is a condition for' before 'is'.
    for name in sorted(vocabulary.names["relation"], key=len, reverse=True):
        word = rest.removeprefix(name) if "object" in groups else rest.removesuffix(name)
        apart = word.startswith(" ") if "object" in groups else word.endswith(" ")
        if word and word != rest and (apart or has_han(name)):
            term, case = _slot(word.strip(), language, vocabulary)
            relation = vocabulary.names["relation"][name]
            return Parsed(
                intent, (term,), relation=relation, place="object" if "object" in groups else "subject", case=case
            )
    return None
