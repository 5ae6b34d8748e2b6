"""The words by which questions are understood: names of the records of a study, and the words of its language.

A build writes them down (:func:`write`), so that a question loads none of it: all stretches of a question are looked up
at once (:meth:`Lexicon.look_up`), however large the study is.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from functools import cache, cached_property
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kg import dates
from kg.cjk import has_han
from kg.language import case_nouns
from kg.language.shipped import chinese_words, english_words, table, thesaurus
from kg.language.tokens import is_common, joined, tokens
from kg.language.tokens import key as key_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.language.tokens import Token

LONGEST = 12
"""How many tokens a name has at most that is looked for in a question; of longer ones the words are compared."""
FUNCTION = "function"
"""The kind of a word that carries no content."""
_ENDINGS = ("s", "es", "ed", "ing")
"""Endings of English words, with which a word of the shipped groups is still one."""
GROUP = "group"
"""The kind of an entry that says in which group of words of like meaning a word is."""
LAST = "\U0010ffff"
"""The last character: what begins as something does comes before this behind it."""
SUGGESTED = ("concept", "proposition", "case", "code", "author", "source", "coder", "reference")
"""The kinds of records that are suggested, in order."""
_LOWER = re.compile(r"\b[a-z]{4,}\b")
_BRACKETS = re.compile("[(（《【「].*?[)）》】」]")
_MATERIAL = re.compile(
    "^(?:与|和|对|同|跟)|(?:的)?(?:深度|半结构化|焦点小组)?(?:访谈|采访|座谈|对话|笔记|记录|纪要|文本|报告|日记|观察|手记|资料|材料|录音|转录|稿)+"
    "(?:记录|文本|整理|稿|录|\\d+)?$"
)
"""Words of a Chinese title that say which kind of source it is."""
ID, LABEL, SYNONYM, PART, LIKE, DEFINED = range(6)
"""What a name is to its record, the surest first: a word may be like a name, or stand in a definition only."""
_DOER = re.compile("(?:er|or|ist|ant|ent|ee)s$")
"""How a word ends for those who do something, or to whom it is done."""
_QUALIFYING = frozenset(
    map(
        key_of,
        "long first second last new old early late free made high low good better best bad time times day year use "
        "used send ask give take make end note notes need doing later single one after before".split(),
    )
)
"""Keys of words in names of concepts that name nothing by themselves."""
FAMILIES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任姚卢姜崔钟谭陆汪范金石廖贾夏付方邹熊孟秦白江阎薛尹段雷侯龙史陶黎贺顾毛郝龚邵万钱严葛洪乔温庄申翟柳颜樊施倪霍邢齐岳牛尤鲁韦俞翁包甘柴冉祝耿焦骆殷詹庞聂戚柯屠苗阮童麦褚邬戴闵鲍费廉席娄岑单左吉裴荣曲封储靳巫谷宫宁仇栾卜甄占涂雍桑简佟芦路沙游闫晏蒙敖"
)
"""Chinese family names of one character."""
ANYBODY = frozenset(
    "people person persons folk folks somebody someone anybody anyone everybody everyone others".split()
)
"""Words for whoever it may be, which tell no claim from another."""
ANYBODY_HAN = frozenset(
    "居民 村民 住户 业主 群众 大家 老人 患者 病人 顾客 客户 用户 学生 老师 家长 孩子 员工 农民 市民 个人".split()
)
"""The same in Chinese, of whatever kind."""
_ANY_OF_THEM = (
    ANYBODY
    | ANYBODY_HAN
    | frozenset("man men woman women family families household households child children adult adults".split())
)
"""Words for whoever it may be of some kind, which are the name of nothing by themselves."""
_KEYS_OF_ANYBODY = frozenset(map(key_of, ANYBODY))
"""Keys of the words for whoever it may be: a person is of people."""
_ANYTHING = frozenset("时间 地方 问题 情况 方面 事情 东西 社区 工作 活动 服务 项目".split())
"""Words in Chinese with which names begin, and which name nothing by themselves."""
_JOINTS = frozenset("of by for with in on about to from at as".split())
"""Words behind which a name tells more of what it names."""
_AMOUNTS = frozenset(
    "way ways half double single both more less fewer most least few many much all no not other own".split()
)
"""Words without content that tell in the name of a concept what is meant."""
_MADE_WITH = frozenset("two three four five first second show say saying during".split())
"""Words without content that make something else of the other word in the name of a concept: show flat, two votes."""
_SMALL = frozenset("the a an and or out up off down over away back".split())
"""Small words that a name may do without."""
_LOOKED_AT = 1_000
"""In how many passages it is looked how usual words are."""
_USUAL, _FEW_PASSAGES = 0.05, 4
"""What share of passages, and how many at least, have a word that is usual."""
_MEASURES = frozenset(
    map(key_of, "level rate amount number degree extent volume intensity frequency share quality".split())
)
"""Keys of words in names of concepts that say only that there is more or less of something."""

_LONG_HAN = 4
"""How many characters the name of an organisation has at least that is known by the first two of them, less one."""
_SUBTITLE = re.compile(": |[:：?？]|——")
"""What stands between a title and what tells more of it."""
_SHORT_TITLE, _SHORT_TITLE_HAN = 2, 5
"""How many words with content a title has at most that may be any words, and how many characters in Chinese."""
_ORDINALS = {
    "en": ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    "zh": ("第一", "第二", "第三", "第四", "第五", "第六", "第七", "第八", "第九", "第十"),
}
_STAGES = {"en": ("stage", "phase", "step", "period"), "zh": ("阶段", "时期", "环节", "个阶段")}
"""What stages are called; the first as their names have it."""
_LONG_STAGE = 5
"""From how many characters on the name of a stage is called without its first word, too."""
_TOGETHER = {2: ("两人", "二人", "两位", "俩", "那篇"), 3: ("三人", "三位", "那篇"), 4: ("四人", "四位")}
"""How authors of a work are counted behind the first characters of their names in Chinese."""
_IN_BRACKETS = re.compile("[(（]([\u4e00-\u9fff]{2,4})[)）]")
"""A name in Chinese behind the same in other letters."""
_LONGEST_CHINESE_NAME = 4
"""Characters; what is longer is an organisation."""
_CLAIMS = {
    "en": ("claim", "proposition", "hypothesis", "statement of the theory"),
    "zh": ("条命题", "个命题", "条主张", "个主张"),
}
_CODERS = {
    "en": ("coder", "rater", "annotator", "person to code", "one to code", "to code", "person who coded", "who coded"),
    "zh": (
        "位编码者",
        "个编码者",
        "编码者",
        "位编码员",
        "个编码员",
        "编码员",
        "个编码的",
        "位编码的",
        "个做编码的",
        "位做编码的",
    ),
}
_ANY_DOCUMENT = ("document", "paper", "notes", "report", "transcript", "file", "text")
"""What a document of any kind is called."""
_DOCUMENTS = (
    *_ANY_DOCUMENT,
    "interview",
    "minutes",
    "protocol",
    "record",
    "records",
    "letter",
    "article",
    "memo",
    "diary",
)
"""What documents are called that a study has as sources."""

_ACTING = {("cue", "acts"), ("cue", "hinders"), ("cue", "promotes")}
"""Senses of words that say that something acts."""
_SCHEMA = """
CREATE TABLE sense (key TEXT, kind TEXT, value TEXT, rank INTEGER, PRIMARY KEY (key, kind, value)) WITHOUT ROWID;
CREATE TABLE han_pair (pair TEXT, key TEXT, PRIMARY KEY (pair, key)) WITHOUT ROWID;
CREATE TABLE spelling (word TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
CREATE TABLE claim_word (key TEXT, claim TEXT, rank INTEGER, PRIMARY KEY (key, claim)) WITHOUT ROWID;
CREATE TABLE name_pair (first TEXT, second TEXT, concept TEXT, PRIMARY KEY (first, second, concept)) WITHOUT ROWID;
CREATE TABLE claim_concept (claim TEXT, concept TEXT, role TEXT, PRIMARY KEY (claim, concept, role)) WITHOUT ROWID;
"""
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])", re.IGNORECASE)
"""A hyphen within a word."""


class Sense(NamedTuple):
    """What a stretch of a question may mean.

    Args:
        kind: of record, :data:`FUNCTION`, :data:`GROUP`, ``cue`` or ``operation``.
        value: id of the record, name of the cue, operation or group.
        rank: what the name is to its record.
    """

    kind: str
    value: str
    rank: int


class Phrases(Protocol):
    """Words of a study's own by which something is asked."""

    asks: str
    en: tuple[str, ...]
    zh: tuple[str, ...]


class Reads(Protocol):
    """The tables of a build."""

    def sql(self, text: str, /, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of SQL."""


@cache
def function_words() -> frozenset[str]:
    """Return the English words that carry no content, which names are compared without."""
    return frozenset(word for word in table("function_words")["en"]["words"] if " " not in word)


def content(some: Iterable[Token]) -> str:
    """Return the keys of tokens without words that carry no content.

    Args:
        some: the tokens.

    Example:
        >>> content(tokens("agreement on the value proposition")), content(tokens("顾客的信任"))
        ('agre valu proposit', '顾 客 信 任')
    """
    left_out = function_words()
    return " ".join(token.key for token in some if token.text not in left_out and token.key != "的")


class Lexicon:
    """The words of a build, to be looked up.

    Args:
        tables: the tables of the build.
    """

    def __init__(self, tables: Reads) -> None:
        self.tables = tables

    def look_up(self, keys: Iterable[str]) -> dict[str, tuple[Sense, ...]]:
        """Return what words may mean.

        Args:
            keys: as :func:`content` and :func:`kg.language.tokens.joined` give them.

        Returns:
            By key its senses, the surest first.
        """
        wanted = json.dumps(sorted(set(keys)), ensure_ascii=False)
        senses: dict[str, list[Sense]] = defaultdict(list)
        for key, *sense in self.tables.sql(
            "SELECT w.key, w.kind, w.value, w.rank FROM json_each(:keys) j CROSS JOIN sense w ON w.key = j.value "
            "ORDER BY w.key, w.rank, w.kind, w.value",
            keys=wanted,
        ):
            senses[key].append(Sense(*sense))
        return {key: tuple(some) for key, some in senses.items()}

    def is_word(self, *some: Token) -> bool:
        """Say whether tokens are a word of the language: one that may stand anywhere, or has others of like meaning.

        Args:
            some: one token in English, some characters in Chinese.
        """
        word = "".join(token.text for token in some)
        bases = {word, *(word.removesuffix(ending) for ending in _ENDINGS)} | (
            {word[:-1]} if word.endswith("ed") else set()
        )
        if is_common(word) or bases & english_words():
            return True
        key = joined(some)
        return not word.isascii() and any(sense.kind == GROUP for sense in self.look_up([key]).get(key, ()))

    @cached_property
    def people(self) -> dict[tuple[str, str], frozenset[str]]:
        """Return the words of the names of authors and coders, as they are written, by kind and id."""
        rows = self.tables.sql("SELECT kind, id, label, label_zh FROM records WHERE kind IN ('author', 'coder')")
        return {
            (kind, identifier): frozenset(token.text for name in (identifier, *names) for token in tokens(name or ""))
            for kind, identifier, *names in rows
        }

    def begin(self, some: Sequence[Token]) -> list[Sense]:
        """Return the records that have a name which begins as was typed.

        Args:
            some: the tokens that were typed, the last of which may not be whole.

        Returns:
            Their senses, those with the shorter name first.
        """
        if not some:
            return []
        ahead = "".join(f"{token.key} " for token in some[:-1])
        begins = {ahead + some[-1].key, ahead + some[-1].text}
        rows = self.tables.sql(
            "SELECT key FROM spelling WHERE word >= :begin AND word < :end ORDER BY length(word), word LIMIT 8",
            begin=some[-1].text, end=some[-1].text + LAST,
        )  # fmt: skip
        begins |= {ahead + key for (key,) in rows}
        found: dict[Sense, int] = {}
        for begin in sorted(begins):
            for key, *sense in self.tables.sql(
                "SELECT key, kind, value, rank FROM sense WHERE key >= :begin AND key < :end "
                "AND kind NOT IN ('function', 'group', 'cue', 'operation', 'relation', 'attribute', 'value') LIMIT 200",
                begin=begin, end=begin + LAST,
            ):  # fmt: skip
                whole = Sense(*sense)
                found[whole] = min(len(key) + 100 * (whole.rank == PART), found.get(whole, 1000))
        places = {kind: at for at, kind in enumerate(SUGGESTED)}
        by_record = {(s.kind, s.value): s for s in sorted(found, key=lambda s: -s.rank)}
        return sorted(by_record.values(), key=lambda s: (places.get(s.kind, 99), found[s], s.value))

    def within(self, some: Sequence[Token]) -> list[Sense]:
        """Return the records that have a name in Chinese in which stands what was typed.

        Args:
            some: the tokens that were typed, of which two or more are characters.

        Returns:
            Their senses, those with the shorter name first.
        """
        if len(some) < 2 or not all(token.is_han for token in some):
            return []
        rows = self.tables.sql(
            "SELECT s.key, s.kind, s.value, s.rank FROM han_pair p CROSS JOIN sense s ON s.key = p.key "
            "WHERE p.pair = :pair AND instr(p.key, :typed) LIMIT 200",
            pair=some[0].key + some[1].key, typed=joined(some),
        )  # fmt: skip
        places = {kind: at for at, kind in enumerate(SUGGESTED)}
        shortest: dict[tuple[str, str], tuple[int, Sense]] = {}
        for key, *sense in rows:
            whole = Sense(*sense)
            if whole.kind in places and whole.rank != PART:
                record = (whole.kind, whole.value)
                shortest[record] = min((len(key), whole), shortest.get(record, (len(key), whole)))
        return [s for _, s in sorted(shortest.values(), key=lambda one: (places[one[1].kind], one[0], one[1].value))]

    def alike(self, keys: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return words of like meaning.

        Args:
            keys: of words.

        Returns:
            By key the keys of the other words that are in a group with it.
        """
        wanted = json.dumps(sorted(set(keys)), ensure_ascii=False)
        others: dict[str, set[str]] = defaultdict(set)
        for key, other in self.tables.sql(
            "SELECT j.value, b.key FROM json_each(:keys) j CROSS JOIN sense a ON a.key = j.value AND a.kind = 'group' "
            "JOIN sense_group b ON b.value = a.value WHERE b.key != j.value",
            keys=wanted,
        ):
            others[key].add(other)
        return {key: frozenset(some) for key, some in others.items()}

    def pairs_named(self, keys: Iterable[str]) -> list[tuple[str, str, str]]:
        """Return the two words of every name of a concept that consists of two of some words, and the concept.

        Args:
            keys: of words.
        """
        wanted = {*keys}
        return [pair for pair in self._name_pairs if pair[0] in wanted and pair[1] in wanted]

    @cached_property
    def _name_pairs(self) -> list[tuple[str, str, str]]:
        return self.tables.sql("SELECT first, second, concept FROM name_pair ORDER BY 1, 2, 3")

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Return the key of every word that a name or a phrase has, by the word."""
        return dict(self.tables.sql("SELECT word, key FROM spelling ORDER BY word"))

    @cached_property
    def known_keys(self) -> frozenset[str]:
        """Return the keys of all words that a name or a phrase has."""
        return frozenset(self.spellings.values())

    @cached_property
    def han_names(self) -> dict[str, tuple[str, ...]]:
        """Return the names in Chinese, of cases and concepts from two characters on, and long words that ask.

        Each with its characters.
        """
        rows = self.tables.sql(
            "SELECT DISTINCT key FROM sense WHERE kind NOT IN ('function', 'group') AND unicode(key) > 12000 "
            "AND (rank < :part OR kind != 'concept') AND length(key) BETWEEN "
            "CASE WHEN kind IN ('case', 'concept') THEN 3 WHEN kind IN ('cue', 'operation') THEN 7 ELSE 5 END AND 23 "
            "AND key NOT LIKE '第 %' AND key NOT LIKE '最 后 一 %' ORDER BY key",
            part=PART,
        )
        split = {key: tuple(key.split(" ")) for (key,) in rows}
        return {key: parts for key, parts in split.items() if not any(one.isascii() for one in parts)}

    @cached_property
    def names_cases(self) -> bool:
        """Say whether the study has words of its own for its cases."""
        return bool(
            self.tables.sql("SELECT 1 FROM sense WHERE kind = 'cue' AND value = :own LIMIT 1", own=case_nouns.OWN)
        )

    @cached_property
    def asking(self) -> frozenset[str]:
        """Return the phrases in Chinese by which something is asked."""
        rows = self.tables.sql("SELECT key FROM sense WHERE kind IN ('cue', 'operation') AND unicode(key) > 12000")
        return frozenset(key for (key,) in rows)

    @cached_property
    def claim_words(self) -> dict[str, dict[str, int]]:
        """Return by key of a word the claims that have it, and what it is to them."""
        words: dict[str, dict[str, int]] = defaultdict(dict)
        for key, claim, rank in self.tables.sql("SELECT key, claim, rank FROM claim_word ORDER BY key, claim"):
            words[key][claim] = rank
        return words

    @cached_property
    def claim_concepts(self) -> dict[str, dict[str, str]]:
        """Return by claim its concepts, and what each is there: subject, object, stage, relation or near these."""
        concepts: dict[str, dict[str, str]] = defaultdict(dict)
        for claim, concept, role in self.tables.sql(
            "SELECT claim, concept, role FROM claim_concept ORDER BY 1, 2, role = 'near', 3"
        ):
            concepts[claim].setdefault(concept, role)
        return concepts

    @cached_property
    def _concept_claims(self) -> dict[str, frozenset[str]]:
        """Return by concept the claims that have it."""
        claims: dict[str, set[str]] = defaultdict(set)
        for claim, some in self.claim_concepts.items():
            for concept in some:
                claims[concept].add(claim)
        return {concept: frozenset(some) for concept, some in claims.items()}

    def claims_on(self, concept: str) -> frozenset[str]:
        """Return the claims that have a concept."""
        return self._concept_claims.get(concept, frozenset())

    @cached_property
    def relation_cues(self) -> dict[str, frozenset[str]]:
        """Return by relation the cues that its names are, such as ``hinders``."""
        found: dict[str, set[str]] = defaultdict(set)
        for relation, cue in self.tables.sql(
            "SELECT r.value, c.value FROM sense r JOIN sense c ON c.key = r.key AND c.kind = 'cue' "
            "WHERE r.kind = 'relation' ORDER BY 1, 2"
        ):
            found[relation].add(cue)
        return {relation: frozenset(cues) for relation, cues in found.items()}

    def indicated(self, code: str) -> list[str]:
        """Return the concepts that a code indicates."""
        rows = self.tables.sql(
            "SELECT DISTINCT concept FROM concept WHERE property = 'code' AND value = :code ORDER BY 1", code=code
        )
        return [concept for (concept,) in rows]

    def claims_coded(self, code: str) -> dict[str, float]:
        """Return the claims on which lines of passages with a code bear, or with narrower ones, and what share of them.

        The share is reckoned of half a line more than there are, so that a single line says less than many.
        """
        # The first alone where it has lines, else with all below it.
        for further in (False, True):
            rows = self.tables.sql(
                "WITH RECURSIVE below (code) AS (VALUES (:code) UNION SELECT k.value FROM below b "
                "JOIN code k ON k.id = b.code AND k.property = 'narrower' AND :further) "
                "SELECT n.claim, count(DISTINCT n.id) / (0.5 + (SELECT count(*) FROM line o "
                "WHERE o.claim = n.claim AND o.status = 'active')) FROM below b JOIN coded k ON k.code = b.code "
                "JOIN line_excerpt m ON m.excerpt = k.excerpt JOIN line n ON n.id = m.line "
                "WHERE n.status = 'active' GROUP BY 1 ORDER BY 1",
                code=code,
                further=further,
            )
            if rows:
                break
        return dict(rows)


# ---- What a build writes


def write(db: sqlite3.Connection, phrases: Iterable[Phrases]) -> None:
    """Write down the words of a study and of the language.

    Args:
        db: the tables of a build, which have the study's records.
        phrases: words of the study's own by which something is asked.
    """
    db.executescript(_SCHEMA)
    words, concepts = _claims(db)
    db.executemany("INSERT OR IGNORE INTO claim_word VALUES (?, ?, ?)", sorted(w[:3] for w in words))
    db.executemany("INSERT INTO claim_concept VALUES (?, ?, ?)", sorted(concepts))
    known = _Words(dict(_language().senses), dict(_language().spelled))
    asked = table("operations")
    for one in phrases:
        for phrase in chain(one.en, one.zh):
            known.add(phrase, "operation" if one.asks in asked["operation"] else "cue", one.asks, LABEL)
    cases: dict[str, list[str]] = defaultdict(list)
    for case, label in db.execute("SELECT id, label FROM labels WHERE kind = 'case' ORDER BY id, label"):
        cases[case].append(label)
    names: dict[str, list[str]] = defaultdict(list)
    for concept, label in db.execute("SELECT id, label FROM labels WHERE kind = 'concept' ORDER BY id, label"):
        names[concept].append(label)
    for phrase, kind, value in case_nouns.phrases(case_nouns.case_nouns(cases, names)):
        known.add(phrase, kind, value, LABEL)
    called: dict[str, set[str]] = defaultdict(set)
    usual = _usual(db)
    ends = {(value, label[-2:]) for value, label in db.execute("SELECT id, label FROM labels WHERE kind = 'concept'")}
    for name, kind, value, rank in _names(db, usual):
        # The code "our book" is not meant by every book, nor "research design" by every design.
        known.add(name, kind, value, rank, as_said=_loses_meaning(name, kind))
        if kind in ("concept", "code") and rank < PART and _HYPHEN.search(name):
            # "Crowdfunding", where the study writes crowd-funding.
            known.add(_HYPHEN.sub("", name), kind, value, rank)
        # Of a name in Chinese the last word says what it is.
        if kind == "concept" and (rank != PART or (value, name) in ends):
            called[joined(tokens(name))].add(value)
    for name, concept in _turned(db):
        known.add(name, "concept", concept, SYNONYM, as_said=True)
    _alike(db, known, usual)
    for key, concept in _alike_in_chinese(called, known.senses):
        known.senses[key, "concept", concept] = min(PART, known.senses.get((key, "concept", concept), PART))
    for word in words:
        known.spelled.setdefault(word[3], word[0])
    acting = {key for key, kind, value in known.senses if kind == "relation" or (kind, value) in _ACTING}
    # What says that something acts tells of what a name is a part, as in "customers drive it".
    pairs = sorted(pair for pair in _pairs_of_words(db) if not acting & {*pair[:2]})
    db.executemany("INSERT INTO name_pair VALUES (?, ?, ?)", pairs)
    rows = ((*key, rank) for key, rank in sorted(known.senses.items()))
    db.executemany("INSERT INTO sense VALUES (?, ?, ?, ?)", rows)
    db.executescript(
        "CREATE TABLE sense_group (value TEXT, key TEXT, PRIMARY KEY (value, key)) WITHOUT ROWID;"
        "INSERT INTO sense_group SELECT value, key FROM sense WHERE kind = 'group';"
    )
    named = {key for key, kind, _ in known.senses if kind in SUGGESTED and not key.isascii()}
    paired = {(a + b, key) for key in named for a, b in pairwise(key.split(" ")) if has_han(a) and has_han(b)}
    db.executemany("INSERT INTO han_pair VALUES (?, ?)", sorted(paired))
    db.executemany("INSERT INTO spelling VALUES (?, ?)", _spellings(known))


def _pairs_of_words(db: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """Return the keys of the two words of every name of a concept that consists of two, and the concept."""
    pairs = set()
    for concept, label in db.execute("SELECT id, label FROM labels WHERE kind = 'concept'"):
        if has_han(label):
            cuts = [n for n in range(2, len(label) - 1) if {label[:n], label[n:]} <= chinese_words()]
            words = [joined(tokens(part)) for part in (label[: cuts[0]], label[cuts[0] :])] if len(cuts) == 1 else []
        else:
            words = content(tokens(label)).split(" ")
        if len(words) == 2 and words[0] != words[1]:
            pairs.add((words[0], words[1], concept))
    return pairs


def _spellings(words: _Words) -> list[tuple[str, str]]:
    """Return the words that a misspelled one may be taken for, each with its key, sorted."""
    return sorted((w, key) for w, key in words.spelled.items() if len(w) > 3 and w.isalpha() and not has_han(w))


def change(
    db: sqlite3.Connection, before: sqlite3.Connection, sources: Iterable[str], phrases: Iterable[Phrases]
) -> None:
    """Bring the words to what some sources have now, when nothing else changed.

    Of sources the names of their lines and paragraphs are written down; where these have words that other names have
    too, or where the sources' texts changed, all words are written anew.

    Args:
        db: the tables of a build, with the new records and the words of the old ones.
        before: the tables with the old records.
        sources: ids of the sources that changed.
        phrases: words of the study's own by which something is asked.
    """
    chosen = {"sources": json.dumps(sorted(sources))}
    old, new = ({*tables.execute(_NAMED, chosen)} for tables in (before, db))
    gone, more = _named_words(old - new), _named_words(new - old)
    usual = {key for key, kind, _ in _language().senses if kind == GROUP}
    if (
        _stages(before) != _stages(db)
        or _coders(before) != _coders(db)
        or {*before.execute(_TEXTS, chosen)} != {*db.execute(_TEXTS, chosen)}
        or any(key in usual for key, *_ in (*gone.senses, *more.senses))
        or not all(_is_said_otherwise(db, word) for word in gone.spelled)
    ):
        for table in ("sense", "han_pair", "spelling", "claim_word", "claim_concept", "name_pair", "sense_group"):
            db.execute(f"DROP TABLE {table}")
        write(db, phrases)
        return
    db.executemany("DELETE FROM sense WHERE key = ? AND kind = ? AND value = ?", [*gone.senses])
    db.executemany("INSERT INTO sense VALUES (?, ?, ?, ?)", [(*key, rank) for key, rank in more.senses.items()])
    db.executemany("INSERT OR IGNORE INTO spelling VALUES (?, ?)", _spellings(more))


_NAMED = """
SELECT m.line, 'line', m.line FROM excerpt e JOIN line_excerpt m ON m.excerpt = e.id
  WHERE e.source IN (SELECT value FROM json_each(:sources))
UNION SELECT paragraph, 'paragraph', source || '/' || paragraph FROM excerpt
  WHERE paragraph IS NOT NULL AND source IN (SELECT value FROM json_each(:sources))
"""
_TEXTS = "SELECT source, sha256 FROM source_text WHERE source IN (SELECT value FROM json_each(:sources))"


def _named_words(names: Iterable[tuple[str, str, str]]) -> _Words:
    """Return the words that names of lines and paragraphs give."""
    words = _Words({}, {})
    for name, kind, value in names:
        words.add(name, kind, value, ID)
    return words


def _is_said_otherwise(db: sqlite3.Connection, word: str) -> bool:
    """Say whether a word is surely one of those that are written down, though a name that has it is gone."""
    if word in _language().spelled or not word.isascii():
        return word in _language().spelled
    return db.execute("SELECT 1 FROM line WHERE id GLOB ? LIMIT 1", (f"{word}-*",)).fetchone() is not None


class _Words(NamedTuple):
    """Names and words, as they are written down.

    Args:
        senses: rank by key, kind and value.
        spelled: key by word, of those that a misspelled word may be taken for.
    """

    senses: dict[tuple[str, str, str], int]
    spelled: dict[str, str]

    def add(self, name: str, kind: str, value: str, rank: int, *, as_said: bool = False) -> None:
        """Add a name or word, also without words that carry no content unless it counts only as it is said."""
        some = tokens(name)
        if not some or len(some) > LONGEST:
            return
        keys = {joined(some)} if rank != PART or kind != "concept" else {name if name.isascii() else joined(some)}
        if kind not in (FUNCTION, "cue", "operation", GROUP, "relation", "attribute") and not as_said:
            keys.add(content(some))
        for key in keys - {""}:
            self.senses[key, kind, value] = min(rank, self.senses.get((key, kind, value), rank))
        if kind not in (FUNCTION, GROUP):
            for token in some:
                if len(token.text) > 3 and not token.is_han and token.text.isalpha():
                    self.spelled.setdefault(token.text, token.key)


@cache
def _language() -> _Words:
    """Return the words of the language: those without content, those of operations and cues, those of like meaning."""
    words = _Words({}, {})
    for language in table("function_words").values():
        for kind in ("words", "asking"):
            for word in language[kind]:
                words.add(word, FUNCTION, kind, LABEL)
    asked = table("operations")
    for kind in ("operation", "cue"):
        for name, entry in asked[kind].items():
            for phrase in chain(entry["en"], entry["zh"]):
                words.add(phrase, kind, name, LABEL)
    for number, group in enumerate(thesaurus()):
        for word in group:
            words.add(word, GROUP, str(number), LABEL)
    return words


def _loses_meaning(name: str, kind: str) -> bool:
    """Say whether the words without content in a name tell what is named: our book, research design, half plots."""
    some = tokens(name)
    kept = {token.key for token in some if content([token])}
    lost = {token.text for token in some if token.key not in kept}
    telling = lost & (_AMOUNTS | _MADE_WITH) if kind == "concept" else lost - _JOINTS - _SMALL
    at = next((n for n, token in enumerate(some) if n and token.text in _JOINTS), len(some))
    if kind == "concept" and len(kept) == 1 and some and some[at - 1].key not in kept and not some[at - 1].is_han:
        # Of "thanks of the passengers" the thanks are meant, though they say nothing in a question.
        return True
    if kind == "value":
        # "One person" is meant by no other people.
        return bool(lost)
    return kind in ("concept", "code") and len(kept) == 1 and bool(telling)


def _usual(db: sqlite3.Connection) -> frozenset[str]:
    """Return the keys of the English words that so many passages have that they tell little of any."""
    quotes = [quote for (quote,) in db.execute("SELECT quote FROM excerpt ORDER BY id LIMIT ?", (_LOOKED_AT,))]
    having = Counter(key for quote in quotes for key in {token.key for token in tokens(quote) if not token.is_han})
    least = max(_FEW_PASSAGES, _USUAL * len(quotes))
    return frozenset(key for key, number in having.items() if number >= least)


def _alike(db: sqlite3.Connection, known: _Words, usual: frozenset[str]) -> None:
    """Let words of like meaning stand for a concept as its names do, where they can mean no other and nothing else."""
    heads = set()
    for (label,) in db.execute("SELECT label FROM labels WHERE kind = 'concept'"):
        if some := tokens(label):
            # Of "approval of residents" the approval is meant.
            texts = [token.text for token in some]
            at = next((n for n, text in enumerate(texts) if n and text in _JOINTS), len(some))
            head = "".join(texts[-2:]) if has_han(label) else some[at - 1].key
            # Of "freed hours" not every hour is meant.
            if len(some) == 1 or head not in usual:
                heads.add(head)
    named: dict[str, set[str]] = defaultdict(set)
    # Whoever it may be, and words that say how something is judged, are like no name.
    other = {key_of(word) for word in ANYBODY} | {key_of("confidence"), key_of("evidence"), key_of("claim")}
    for (key, kind, value), rank in known.senses.items():
        if kind == "concept" and (rank < PART or key in heads):
            named[key].add(value)
        elif kind != GROUP:
            other.add(key)
    found: dict[str, set[str]] = defaultdict(set)
    groups = [[joined(tokens(word)) for word in group] for group in thesaurus()]
    for keys in groups:
        concepts = {concept for key in keys for concept in named.get(key, ())}
        for key in keys:
            if key not in named and key not in other:
                found[key] |= concepts
    for key, concepts in found.items():
        if len(concepts) == 1:
            known.senses[key, "concept", min(concepts)] = LIKE
    attributes = {key: value for (key, kind, value) in [*known.senses] if kind == "attribute"}
    for keys in groups:
        for attribute in sorted({attributes[key] for key in keys if key in attributes}):
            for key in keys:
                if key not in attributes:
                    known.senses[key, "attribute", attribute] = LIKE


def _is_name(identifier: str, label: str) -> bool:
    """Say whether a set may be called by its id: where that is no word of the language, or one of its label."""
    return identifier not in english_words() or key_of(identifier) in {token.key for token in tokens(label)}


def _names(db: sqlite3.Connection, usual: frozenset[str]) -> Iterator[tuple[str, str, str, int]]:
    """Give the names of all records.

    Args:
        db: the tables of a build.
        usual: keys of words that name nothing where they only tell more of what is named.
    """
    for identifier, kind, label, preferred in db.execute("SELECT id, kind, label, preferred FROM labels"):
        yield label, kind, identifier, LABEL if preferred else SYNONYM
        if preferred:
            # What a concept is called by its id alone is a part of its name at most.
            part = kind == "concept" and content(tokens(identifier)) != content(tokens(label))
            yield (content(tokens(identifier)), kind, identifier, PART) if part else (identifier, kind, identifier, ID)
    yield from _numbered(db)
    yield from _documents(db)
    yield from _values(db)
    yield from _parts_of_concepts(db, usual)
    yield from _parts(db, "case", "SELECT id, label FROM labels WHERE kind = 'case'")
    for kind, identifier, label, label_zh in db.execute("SELECT kind, id, label, label_zh FROM records"):
        if kind in ("source", "code", "coder", "proposition", "question", "search", "reference", "line"):
            yield identifier, kind, identifier, ID
        if kind in ("source", "code", "coder"):
            yield label, kind, identifier, LABEL
            yield label_zh or "", kind, identifier, LABEL
    yield from _parts(db, "coder", "SELECT id, label FROM records WHERE kind = 'coder'")
    for identifier, label, label_zh in db.execute("SELECT DISTINCT [set], label, label_zh FROM sets ORDER BY 1"):
        # A set is called by its label: its id may be a word of the language, "written".
        own = identifier if _is_name(identifier, label) else ""
        for name in filter(None, (own, label, label_zh)):
            yield name, "set", identifier, LABEL
    for (identifier,) in db.execute("SELECT id FROM line"):
        yield identifier, "line", identifier, ID
    for identifier, source in db.execute("SELECT DISTINCT paragraph, source FROM excerpt WHERE paragraph IS NOT NULL"):
        yield identifier, "paragraph", f"{source}/{identifier}", ID
    # Of the names of organisations the first of two words is a name itself; those of more are made of common words.
    yield from _parts(
        db,
        "author",
        "SELECT author, substr(name, 1, instr(name || ' ', ' ') - 1) FROM authors "
        "WHERE kind != 'person' AND length(name) - length(replace(name, ' ', '')) < 2",
    )
    yield from _parts(db, "source", "SELECT source, title FROM sources", capital=True)
    yield from _parts_of_chinese_titles(db)
    makers = [name for (name,) in db.execute("SELECT name FROM authors WHERE kind != 'person'")]
    # What several organisations begin with is a place, or what they do.
    begun = {name[:2] for name in makers if sum(other.startswith(name[:2]) for other in makers) > 1}
    begun |= {label[:2] for (label,) in db.execute("SELECT label FROM labels")}
    for author, name, kind in db.execute("SELECT author, name, kind FROM authors"):
        yield name, "author", author, LABEL
        for own in _IN_BRACKETS.findall(name):
            yield own, "author", author, LABEL
        family, _, given = name.partition(", ")
        if given:
            yield f"{given} {family}", "author", author, LABEL
            yield family, "author", author, PART
        elif kind == "person" and has_han(name):
            yield name, "author", author, LABEL
        elif (
            has_han(name)
            and len(name) > _LONG_HAN
            and (short := name[:2]) not in begun
            and short not in chinese_words()
        ):
            yield short, "author", author, PART
    for key, name, item in db.execute('SELECT reference, name, csl FROM "references"'):
        for one, rank in _reference(name, json.loads(item)):
            yield one, "reference", key, rank


def _turned(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Give names of concepts with the last word first (stage of value promotion), those of stages also as phases."""
    stages = {stage for (stage,) in db.execute("SELECT DISTINCT stage FROM claims WHERE stage IS NOT NULL")}
    rows = db.execute("SELECT id, label FROM labels WHERE kind = 'concept' ORDER BY id, label").fetchall()
    for identifier, label in rows:
        words = label.split()
        if has_han(label):
            for called in _STAGES["zh"][1:] if identifier in stages and label.endswith("阶段") else ():
                yield label.removesuffix("阶段") + called, identifier
            if identifier in stages and len(label) > _LONG_STAGE and label[:2] in chinese_words():
                yield label[2:], identifier
            continue
        names = [words]
        if identifier in stages and words[-1].lower() == "stage":
            names += [[*words[:-1], called] for called in _STAGES["en"][1:]]
            yield from ((" ".join(name), identifier) for name in names[1:])
            if len(words) > 2:
                # The promotion stage, where the value promotion stage is meant.
                yield from ((" ".join((*words[1:-1], called)), identifier) for called in _STAGES["en"])
        for name in names:
            if "of" in name[1:-1]:
                at = name.index("of")
                yield " ".join((*name[at + 1 :], *name[:at])), identifier
            elif 1 < len(name) < 5:
                for joint in ("of", "of the", "by", "by the"):
                    yield " ".join((name[-1], joint, *name[:-1])), identifier


def _numbered(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, int]]:
    """Give the ordinals of claims, and of stages in the order in which the theory's own text comes to them."""
    claims = [claim for (claim,) in db.execute("SELECT claim FROM claims ORDER BY rowid")]
    for kind, some, called in (("proposition", claims, _CLAIMS), ("concept", _stages(db), _STAGES)):
        last = [("last", "最后一", some[-1])] if len(some) > 1 else []
        for first, chinese, identifier in (*zip(_ORDINALS["en"], _ORDINALS["zh"], some, strict=False), *last):
            for noun in called["en"]:
                yield f"{first} {noun}", kind, identifier, SYNONYM
            for noun in called["zh"]:
                yield f"{chinese}{noun}", kind, identifier, SYNONYM
    for first, chinese, coder in zip(_ORDINALS["en"], _ORDINALS["zh"], _coders(db), strict=False):
        yield from ((f"{first} {noun}", "coder", coder, SYNONYM) for noun in _CODERS["en"])
        yield from ((chinese + noun, "coder", coder, SYNONYM) for noun in _CODERS["zh"])
    for claim in claims:
        if number := re.fullmatch(r"[A-Za-z]*0*([1-9][0-9]*)", claim):
            for noun in _CLAIMS["en"]:
                yield f"{noun} {number[1]}", "proposition", claim, SYNONYM
            yield f"命题{number[1]}", "proposition", claim, SYNONYM
            yield f"{re.split('[0-9]', claim)[0]}{number[1]}", "proposition", claim, SYNONYM


def _coders(db: sqlite3.Connection) -> list[str]:
    """Return the coders in the order in which they began: to code, or else to read the lines of others again."""
    began = [
        (min(filter(None, (coded, read))), coded is None, coder)
        for coder, coded, read in db.execute(
            "SELECT id, (SELECT min(date) FROM coding WHERE coder = id), "
            "(SELECT min(date) FROM reading WHERE coder = id) FROM records WHERE kind = 'coder'"
        )
        if coded or read
    ]
    return [coder for _, _, coder in sorted(began)]


def _stages(db: sqlite3.Connection) -> list[str]:
    """Return the stages in the order in which the theory's own text comes to them."""
    return [
        stage
        for (stage,) in db.execute(
            "SELECT stage FROM claims c JOIN assertion a ON a.claim = c.claim JOIN excerpt e ON e.id = a.excerpt "
            "WHERE stage IS NOT NULL GROUP BY stage ORDER BY min(e.source), min(e.start), stage"
        )
    ]


def _documents(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, int]]:
    """Give what sources are called by what they are: the title with another word for it, the case with such a word."""
    rows = db.execute("SELECT source, title, [case] FROM sources ORDER BY source").fetchall()
    cases: dict[str, list[tuple[str, str]]] = defaultdict(list)
    titled: dict[str, set[str]] = defaultdict(set)
    for source, title, case in rows:
        if case:
            cases[case].append((source, title))
        words = title.lower().split()
        for word in _ANY_DOCUMENT if len(words) < 9 and not has_han(title) else ():
            for n, one in enumerate(words):
                if one in _DOCUMENTS:
                    titled[" ".join((*words[:n], word, *words[n + 1 :]))].add(source)
    general = {key for (key,) in db.execute("SELECT DISTINCT key FROM claim_word")}
    for name, some in titled.items():
        # "Paper on handover" would leave the subject of the study alone.
        if len(some) == 1 and not {*content(tokens(name)).split()} <= general:
            yield name, "source", min(some), SYNONYM
    labels = db.execute("SELECT id, label FROM labels WHERE kind = 'case' ORDER BY id, label").fetchall()
    for case, label in labels:
        for source, title in cases[case] if len(cases[case]) == 1 and not has_han(label) else ():
            for word in (*_ANY_DOCUMENT, *(w for w in _DOCUMENTS if w in title.lower().split())):
                yield f"{label} {word}", "source", source, SYNONYM
                yield f"{word} {label}", "source", source, SYNONYM


def _values(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, int]]:
    """Give the words that are values of attributes, and what attributes are called."""
    rows = db.execute(
        "SELECT DISTINCT attribute, label, label_zh, type, value FROM attributes ORDER BY 1, 5"
    ).fetchall()
    for attribute, label, label_zh, kind, value in rows:
        for name in filter(None, (label, label_zh)):
            yield name, "attribute", attribute, LABEL
        if kind == "text" and value is not None:
            yield value, "value", f"{attribute}={value}", LABEL


def _parts(
    db: sqlite3.Connection, kind: str, asked: str, *, capital: bool = False
) -> Iterator[tuple[str, str, str, int]]:
    """Give the words that only one record of a kind has in its names, of titles those that are names themselves."""
    records: dict[str, set[str]] = defaultdict(set)
    for identifier, label in db.execute(asked):
        for word in label.split()[1 if capital else 0 :]:
            if len(word) > 3 and not has_han(word) and (word[0].isupper() if capital else True):
                for token in tokens(word):
                    records[token.text].add(identifier)
    general = {key for (key,) in db.execute("SELECT DISTINCT key FROM claim_word")} | {*map(key_of, function_words())}
    # A name is never written in lower case.
    usual = {word for (text,) in db.execute("SELECT whole FROM source_text") for word in _LOWER.findall(text)}
    for word, some in records.items():
        if len(some) == 1 and len(word) > 3 and word not in usual and tokens(word)[0].key not in general:
            yield word, kind, min(some), PART


def _parts_of_chinese_titles(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, int]]:
    """Give the titles of sources without what stands in brackets, and of whom or what they are, if they say so."""
    usual = {
        joined(tokens(word)) for language in table("function_words").values() for word in chain(*language.values())
    }
    usual |= {joined(tokens(label)) for (label,) in db.execute("SELECT label FROM labels")}
    records: dict[str, set[str]] = defaultdict(set)
    for source, title in db.execute("SELECT source, title FROM sources"):
        plain = _BRACKETS.sub(" ", title or "").strip()
        if not has_han(plain):
            continue
        yield plain, "source", source, SYNONYM
        of = _MATERIAL.sub("", plain).strip("的 ")
        for part in re.split("[、和与,，]", of) if of != plain else ():
            # 楼组长周桂芳: somebody is known by the name alone.
            if name := next((part[-n:] for n in (3, 2) if len(part) > n and part[-n] in FAMILIES), ""):
                records[name].add(source)
        if 1 < len(of) < 6 and of != plain and joined(tokens(of)) not in usual:
            records[of].add(source)
    for of, some in records.items():
        if len(some) == 1:
            yield of, "source", min(some), PART


def _parts_of_concepts(db: sqlite3.Connection, usual: frozenset[str]) -> Iterator[tuple[str, str, str, int]]:
    """Give the words, in Chinese the last one of two characters, that the names of only one concept have."""
    concepts: dict[str, set[str]] = defaultdict(set)
    measured: dict[str, set[str]] = defaultdict(set)
    left_out = {*map(key_of, function_words())}
    used = {concept for row in db.execute("SELECT subject, object FROM claims") for concept in row}
    stages = {stage for (stage,) in db.execute("SELECT stage FROM claims WHERE stage IS NOT NULL")}
    for identifier, label, preferred in db.execute("SELECT id, label, preferred FROM labels WHERE kind = 'concept'"):
        words = tokens(label)
        if not has_han(label):
            end = next((n for n, token in enumerate(words) if n and token.text in _JOINTS), len(words))
            if words and words[0].text.endswith("ing"):
                # Of "changing the book" the changing is meant.
                end = 1
            for n, token in enumerate(words) if len(words) > 1 else ():
                is_measured = {other.key for other in words} - {token.key} <= _MEASURES
                if n and n == end - 1 and _DOER.search(token.text):
                    # "Female firefighters" are not meant by all firefighters.
                    continue
                if token.key in usual and n != end - 1 and not is_measured:
                    # "Reviews by teachers" are not meant by every teacher.
                    continue
                if (
                    token.key in _KEYS_OF_ANYBODY
                    or token.text in _ANY_OF_THEM
                    or (not preferred and n in (0, end + 1) and token.text.endswith("ing"))
                ):
                    # "People in flats" are not meant wherever people are, "living in a flat" not wherever they live.
                    continue
                concepts[token.key].add(identifier)
                if preferred and is_measured:
                    measured[token.key].add(identifier)
        elif all(token.is_han for token in words) and 4 <= len(words) <= 6:
            text = "".join(token.text for token in words)
            if text[-2:] in chinese_words() and text[-3:] not in chinese_words() and text[-2:] not in _ANY_OF_THEM:
                concepts[text[-2:]].add(identifier)
            if (
                len(text) == 4
                and identifier not in stages
                and text[:2] in chinese_words()
                and text[:2] not in _ANY_OF_THEM
                and text[:2] not in _ANYTHING
                and text[:3] not in chinese_words()
            ):
                concepts[text[:2]].add(identifier)
    elsewhere = _claimed_elsewhere(db)
    for word, named in concepts.items():
        # "Cycling" is rather the level of cycling than advocacy for it.
        some = measured.get(word, named) if len(named) > 1 else named
        if (
            len(some) == 1
            and some <= used | (stages if word.isascii() else set())
            and (word, min(some)) not in elsewhere
            and word not in left_out | _QUALIFYING
            and len(word) > 1
        ):
            yield word, "concept", min(some), PART


def _claimed_elsewhere(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return English words of names of concepts, each with the concept, that claims on other things say as well.

    Menders are no name of their autonomy, where other claims speak of menders.
    """
    about: dict[str, set[str]] = defaultdict(set)
    statements: dict[str, set[str]] = {}
    for claim, statement, *concepts in db.execute("SELECT claim, statement, subject, object, stage FROM claims"):
        about[claim] |= {*filter(None, concepts)}
        statements[claim] = {token.key for token in tokens(statement or "")}
    named: dict[str, set[str]] = defaultdict(set)
    for identifier, label in db.execute("SELECT id, label FROM labels WHERE kind = 'concept'"):
        _, of, rest = label.partition(" of ")
        words = tokens(label) if len(tokens(label)) > 1 and not has_han(label) else ()
        named[identifier] |= {token.key for token in words if _DOER.search(token.text)}
        named[identifier] |= {token.key for token in tokens(rest)} if of else set()
    return {
        (word, concept)
        for concept, words in named.items()
        for word in words
        if any(word in keys and concept not in about[claim] for claim, keys in statements.items())
    }


def _alike_in_chinese(
    named: Mapping[str, set[str]], senses: Iterable[tuple[str, str, str]]
) -> Iterator[tuple[str, str]]:
    """Give Chinese words of like meaning as a name of a concept, where no other concept is called alike.

    Args:
        named: the concepts that have a name, by its key.
        senses: key, kind and value of all words, among them which groups of like meaning they are in.

    Yields:
        The key of a word, and the concept.
    """
    groups: dict[str, set[str]] = defaultdict(set)
    for key, kind, value in senses:
        if kind == GROUP:
            groups[key].add(value)
    concepts: dict[str, set[str]] = defaultdict(set)
    in_chinese = set().union(*(some for key, some in named.items() if not key.isascii()))
    for key, some in named.items():
        for group in groups.get(key, ()):
            # English words have other meanings of which the Chinese ones are no words.
            concepts[group] |= some - in_chinese if key.isascii() else some
    for key, some in sorted(groups.items()):
        meant = set().union(*(concepts.get(group, ()) for group in some))
        if len(meant) == 1 and not key.isascii() and " " in key and key not in named:
            yield key, min(meant)


def _reference(name: str, item: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Give what a reference is called: its title, and those who made it with the year."""
    title = str(item.get("title", ""))
    yield title, LABEL
    main = _SUBTITLE.split(title)[0]
    told = list(main) if has_han(main) else [word for word in main.lower().split() if word not in function_words()]
    if main != title and len(told) > (_SHORT_TITLE_HAN if has_han(main) else _SHORT_TITLE):
        yield main, LABEL
    yield name, LABEL
    year = dates.year(item.get("issued"))
    families = [one.get("family") or one.get("literal") or "" for one in item.get("author") or item.get("editor") or ()]
    whole = [f"{one.get('family', '')}{one.get('given', '')}" for one in item.get("author") or ()]
    for some in (families[:1], families[:2], families, whole, whole[:1]):
        if some and year and all(some):
            yield f"{' '.join(some)} {year}", SYNONYM
    yield from ((one, SYNONYM) for one in _initials(families))
    if year and (maker := item.get("publisher") or item.get("container-title")) and not families:
        yield f"{maker} {year}", SYNONYM


def _initials(names: list[str]) -> Iterator[str]:
    """Give how a work of few authors with Chinese names is called by the first characters of these: "孙王两人"."""
    if len(names) in _TOGETHER and all(has_han(name) and len(name) <= _LONGEST_CHINESE_NAME for name in names):
        for counted in _TOGETHER[len(names)]:
            yield "".join(name[0] for name in names) + counted


def _claims(db: sqlite3.Connection) -> tuple[set[tuple[str, str, int, str]], set[tuple[str, str, str]]]:
    """Return the words of every claim and its concepts: key, claim, rank and word; claim, concept and role."""
    names: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for identifier, kind, label, preferred in db.execute("SELECT id, kind, label, preferred FROM labels"):
        names[kind, identifier].append((label, LABEL if preferred else SYNONYM))
    words: dict[tuple[str, str], tuple[int, str]] = {}
    concepts = set()
    rows = db.execute("SELECT claim, statement, statement_zh, subject, relation, object, stage, scope FROM claims")
    defined = dict(
        db.execute("SELECT concept, group_concat(value, ' ') FROM concept WHERE property = 'definition' GROUP BY 1")
    )
    for claim, statement, chinese, subject, relation, object_, stage, scope in rows.fetchall():
        said = [(statement, LABEL), (chinese or "", LABEL), (scope or "", SYNONYM)]
        for role, kind, named in (
            ("subject", "concept", subject),
            ("object", "concept", object_),
            ("stage", "concept", stage),
            ("relation", "relation", relation),
        ):
            if named:
                concepts.add((claim, named, role))
                said += names[kind, named]
            if role in ("subject", "object") and named in defined:
                said.append((defined[named], DEFINED))
        for text, rank in said:
            for key, word in content_words(text):
                before = words.get((key, claim), (rank, word))
                words[key, claim] = min(before, (rank, word))
    near = db.execute("SELECT claim, concept FROM claims_about_concept").fetchall()
    concepts |= {(claim, concept, "near") for claim, concept in near} - {(c, n, "near") for c, n, _ in concepts}
    return {(key, claim, rank, word) for (key, claim), (rank, word) in words.items()}, concepts


def content_words(text: str) -> Iterator[tuple[str, str]]:
    """Give the words of a text that carry content, each after its key; of Chinese the pairs of characters.

    Args:
        text: any text.
    """
    some = tokens(text)
    left_out = function_words()
    for token in some:
        if not token.is_han and token.text not in left_out:
            yield token.key, token.text
    yield from ((pair, pair) for pair in pairs(some))


def pairs(some: Iterable[Token]) -> list[str]:
    """Return the pairs of Chinese characters that stand beside each other.

    Args:
        some: tokens.

    Example:
        >>> pairs(tokens("顾客 trust 信任"))
        ['顾客', '信任']
    """
    listed = list(some)
    return [a.key + b.key for a, b in pairwise(listed) if a.is_han and b.is_han]
