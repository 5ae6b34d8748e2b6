"""Full text: what a study says, word by word, found by some of its words and ranked.

A build has one FTS5 table of all that is said (:data:`KINDS`), which keeps places of words and no text. English is
stemmed by it (porter). Of what is written without spaces, as Chinese, it has each two characters that stand side by
side: a word of two is one of them, a longer one several in a row, and one character is what one of them begins with.
Trigrams find no word of one or two characters and make a larger table; single characters stand in nearly every text.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import unicodedata
from collections import Counter
from contextlib import closing
from functools import cache
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from kg import cjk
from kg.ids import BETWEEN, excerpt_id, source_of, span_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg.store.tables import Tables

KINDS = ("claim", "question", "search", "passage", "paragraph")
"""Kinds of what is found, in the order of their numbers."""
MOST = 32
"""Words of a text that are looked for."""
_TOKENIZER = "tokenize = 'porter unicode61 remove_diacritics 2'"
_NEAR = 12
"""Words that may stand between words that are near each other."""
_RANKED = 5_000
"""How many that match are ranked: more have words so common that their rank says nothing, and would take long."""
_LABELS = 0.3
"""Weight of the names of what a text is about, beside the text's own words."""
_BUFFER = 2**26
"""Bytes of the index that are kept in memory before they are written: a build is a third faster than by default."""
_START, _END, _SPLIT = "\x01", "\x02", "\x1f"
"""What stands before and behind a word that was found, and between words that are written without spaces."""
_ALIKE = 72
"""Likeness, of 100, below which a word is not taken for another."""
_SHORT = 5
"""Letters of a word that may be another only when that begins alike: less than these."""
_BITS = 60
"""A document's number is the place of its kind in :data:`KINDS`, and in these bits its place among its kind."""
_WITHIN = 27
"""What stands in a source is numbered by the source's place and, in these bits, by its own: a file has fewer bytes."""
_SCHEMA = f"""
CREATE TABLE document (number INTEGER PRIMARY KEY, id TEXT);
CREATE VIRTUAL TABLE fulltext USING fts5 (text, labels, content = '', {_TOKENIZER});
INSERT INTO fulltext (fulltext, rank) VALUES ('hashsize', {_BUFFER});
CREATE TABLE source_word (word TEXT PRIMARY KEY, sources INTEGER) WITHOUT ROWID;
"""


class Found(NamedTuple):
    """Something that has words of a text.

    Args:
        kind: one of :data:`KINDS`.
        id: its id; of a paragraph its place, as the id of a passage has it.
        score: how well it fits, among those that have equally many of the words; more is better.
        all_words: whether it has all words of the text.
    """

    kind: str
    id: str
    score: float
    all_words: bool


class Place(NamedTuple):
    """A paragraph of a source.

    Args:
        source: the source's id.
        label: the paragraph's label, if it has one.
        start: where it begins (codepoints).
        end: where it ends (codepoints, exclusive).
        before: text right before it.
        text: its text.
        after: text right after it.
    """

    source: str
    label: str | None
    start: int
    end: int
    before: str
    text: str
    after: str


class Words(NamedTuple):
    """The words of a text that is looked for, each as a string of FTS5 that no sign of the text can end.

    Args:
        typed: what stands between spaces, as it was typed.
        words: the same for FTS5; of several parts these one behind the other.
        parts: the parts of these: words of letters, and two characters each of what is written without spaces.
    """

    typed: tuple[str, ...]
    words: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def nearness(self) -> tuple[str, ...]:
        """Return expressions that ask for all words, the nearest to each other first."""
        each = [*map(_expression, self.words)]
        if len(each) < 2:
            return tuple(each)
        phrase = _expression(_quoted(*(word.strip('"') for word in self.words)))
        return phrase, f"NEAR({' '.join(each)}, {_NEAR})", " AND ".join(each)


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{cjk.UNSPACED_RANGES}]+")


@cache
def _token() -> re.Pattern[str]:
    return re.compile(rf"[{cjk.UNSPACED_RANGES}]+|[^\W_{cjk.UNSPACED_RANGES}]+")


_WIDE = re.compile("[\uff01-\uff5e]")
_MARKS = re.compile(f"[{_START}{_END}{_SPLIT}]")


def _narrow(text: str) -> str:
    """Return a text with letters, digits and signs of full width in their common form."""
    return text if text.isascii() else _WIDE.sub(lambda wide: chr(ord(wide[0]) - 0xFEE0), text)


def plain(text: str) -> str:
    r"""Return a text with characters that are written without spaces parted by ``\x1f``, each a word of its own.

    Args:
        text: any text; but for what is put between, each of its codepoints stays one.

    Example:
        >>> plain("Ｄialogue 对话")
        'Dialogue \x1f对\x1f话\x1f'
    """
    text = _MARKS.sub(" ", text)
    if text.isascii():
        return text
    return _unspaced().sub(lambda run: f"{_SPLIT}{_SPLIT.join(run[0])}{_SPLIT}", _narrow(text))


def indexed(text: str) -> str:
    """Return a text as it is indexed: characters that are written without spaces in twos, and the last by itself.

    Args:
        text: any text.

    Example:
        >>> indexed("3 个免清洗")
        '3  个免 免清 清洗 洗 '
    """
    if text.isascii():
        return text
    return _unspaced().sub(lambda run: f" {' '.join(_twos(run[0]))} {run[0][-1]} ", _narrow(text))


def _twos(run: str) -> Iterator[str]:
    return map(add, run, run[1:])


def words(text: str) -> Words:
    """Return the words of a text that is looked for, each once, at most :data:`MOST`.

    Args:
        text: what a person typed.

    Example:
        >>> words("self-cleaning (免清洗)").words
        ('"self cleaning"', '"免清洗"')
        >>> words("self-cleaning (免清洗)").parts
        ('"self"', '"cleaning"', '"免清"', '"清洗"')
    """
    # An apostrophe ends a word, and what stands behind it is none; an accent that has no place in a letter is left out.
    text = re.sub(r"['’]s\b|[\u0300-\u0331]", "", _narrow(unicodedata.normalize("NFC", text)))
    by_word: dict[str, str] = {}
    parts: dict[str, None] = {}
    for piece in text.split():
        if len(by_word) < MOST and (tokens := [token[:MOST] for token in _token().findall(piece)[:MOST]]):
            by_word.setdefault(_quoted(*tokens), piece)
            parts |= dict.fromkeys(_parts(tokens))
    return Words(tuple(by_word.values()), tuple(by_word), tuple(parts)[:MOST])


def _quoted(*tokens: str) -> str:
    """Return words one behind the other as a string of FTS5; letters and digits need no escape."""
    return f'"{" ".join(tokens)}"'


def _parts(tokens: Sequence[str]) -> Iterator[str]:
    """Give words of letters by themselves, and characters that are written without spaces in twos."""
    for token in tokens:
        yield from map(_quoted, _twos(token) if len(token) > 1 and _unspaced().match(token) else (token,))


def _expression(word: str) -> str:
    """Return the expression of FTS5 that asks the index for a word of :func:`words`.

    Args:
        word: it, in quotation marks.

    Example:
        >>> _expression('"免清洗"'), _expression('"T 恤"'), _expression('"恤衫 T"')
        ('"免清 清洗"', '"T 恤" *', '"恤衫 衫 T"')
    """
    *before, last = word.strip('"').split(" ")
    tokens = indexed(" ".join(before)).split()
    if not _unspaced().match(last):
        return _quoted(*tokens, last)
    # More of the text may follow, so that the last character begins two of them.
    return _quoted(*tokens, *_twos(last)) if len(last) > 1 else f"{_quoted(*tokens, last)} *"


def write(db: sqlite3.Connection) -> None:
    """Index all that is said in a study.

    Args:
        db: the tables of a build, with all rows and the labels.
    """
    db.executescript(_SCHEMA)
    for place, documents in enumerate((_claims(db), _questions(db), _searches(db))):
        _insert(db, enumerate(documents, place << _BITS))
    _insert(db, _of_sources(db))
    db.execute("INSERT INTO fulltext (fulltext) VALUES ('optimize')")
    known: Counter[str] = Counter()
    for (source,) in db.execute("SELECT source FROM source_text ORDER BY source").fetchall():
        known.update(_words(db, source))
    db.executemany("INSERT INTO source_word VALUES (?, ?)", sorted(known.items()))


def change(db: sqlite3.Connection, before: sqlite3.Connection, sources: Iterable[str]) -> None:
    """Bring the index to what some sources say now, when nothing else changed.

    Args:
        db: the tables of a build, with the new records and the index of the old ones.
        before: the tables with the old records.
        sources: ids of the sources that changed.
    """
    chosen = frozenset(sources)
    old, new = dict(_of_sources(before, chosen)), dict(_of_sources(db, chosen))
    gone = [(number, one) for number, one in old.items() if new.get(number) != one]
    # Without its text the index can only be told what to forget.
    db.executemany(
        "INSERT INTO fulltext (fulltext, rowid, text, labels) VALUES ('delete', ?, ?, ?)",
        [(number, indexed(one.text), indexed(one.labels)) for number, one in gone],
    )
    db.executemany("DELETE FROM document WHERE number = ?", [(number,) for number, _ in gone])
    _insert(db, ((number, one) for number, one in new.items() if old.get(number) != one))
    for source in sorted(chosen):
        there, here = _words(before, source), _words(db, source)
        fewer, more = [(word,) for word in sorted(there - here)], [(word,) for word in sorted(here - there)]
        db.executemany("UPDATE source_word SET sources = sources - 1 WHERE word = ?", fewer)
        db.executemany(
            "INSERT INTO source_word VALUES (?, 1) ON CONFLICT (word) DO UPDATE SET sources = sources + 1", more
        )
    db.execute("DELETE FROM source_word WHERE sources = 0")


class _Document(NamedTuple):
    """Something that is indexed: its id, its own words, and the names of what it is about."""

    id: str
    text: str
    labels: str


def _insert(db: sqlite3.Connection, numbered: Iterable[tuple[int, _Document]]) -> None:
    """Index documents under their numbers, and write down whose these are."""

    def rows() -> Iterator[tuple[int, str, str]]:
        for number, one in numbered:
            db.execute("INSERT INTO document VALUES (?, ?)", (number, one.id))
            yield number, indexed(one.text), indexed(one.labels)

    db.executemany("INSERT INTO fulltext (rowid, text, labels) VALUES (?, ?, ?)", rows())


def _of_sources(db: sqlite3.Connection, chosen: Collection[str] | None = None) -> Iterator[tuple[int, _Document]]:
    """Give what stands in all sources or some, with its numbers: the passages, then the paragraphs."""
    sources = [source for (source,) in db.execute("SELECT source FROM source_text ORDER BY source")]
    labels = {
        code: _joined(*names)
        for code, *names in db.execute("SELECT id, label, label_zh FROM records WHERE kind = 'code'")
    }
    for kind in ("passage", "paragraph"):
        for place, source in enumerate(sources):
            if chosen is None or source in chosen:
                documents = _passages(db, source, labels) if kind == "passage" else _paragraphs(db, source)
                first = (KINDS.index(kind) << _BITS) + (place << _WITHIN)
                yield from enumerate(documents, first)


def _named(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return all names of concepts and relations, by kind and id."""
    named: dict[tuple[str, str], list[str]] = {}
    for kind, identifier, label in db.execute("SELECT kind, id, label FROM labels ORDER BY kind, id, label"):
        named.setdefault((kind, identifier), []).append(label)
    return {key: " ; ".join(dict.fromkeys(labels)) for key, labels in named.items()}


def _claims(db: sqlite3.Connection) -> Iterator[_Document]:
    named = _named(db)
    for claim, english, chinese, subject, relation, thing in db.execute(
        "SELECT claim, statement, statement_zh, subject, relation, object FROM claims ORDER BY rowid"
    ):
        terms = (("concept", subject), ("relation", relation), ("concept", thing))
        yield _Document(claim, _joined(english, chinese), _joined(*(named.get(term) for term in terms)))


def _questions(db: sqlite3.Connection) -> Iterator[_Document]:
    named = _named(db)
    rows: dict[str, tuple[str, list[str]]] = {}
    for question, english, chinese, note, *about in db.execute(
        "SELECT question, text, text_zh, note, about, candidate FROM open_questions ORDER BY rowid"
    ):
        _, labels = rows.setdefault(question, (_joined(english, chinese, note), []))
        labels += [named.get(("concept", term), "") for term in about if term]
    for question, (text, labels) in rows.items():
        yield _Document(question, text, _joined(*dict.fromkeys(labels)))


def _searches(db: sqlite3.Connection) -> Iterator[_Document]:
    for search, note in db.execute("SELECT search, min(note) FROM searches GROUP BY search ORDER BY search"):
        yield _Document(search, note or "", "")


def _passages(db: sqlite3.Connection, source: str, labels: Mapping[str, str]) -> Iterator[_Document]:
    rows = db.execute('SELECT id, quote, codes FROM excerpt WHERE source = ? ORDER BY start, "end"', (source,))
    for excerpt, quote, codes in rows:
        yield _Document(excerpt, quote, _joined(*(labels.get(code) for code in codes.split(BETWEEN))))


def _paragraphs(db: sqlite3.Connection, source: str) -> Iterator[_Document]:
    for start, end, text in _texts(db, source):
        yield _Document(excerpt_id(source, start, end), text, "")


def _words(db: sqlite3.Connection, source: str) -> set[str]:
    """Return the words of letters that stand in the paragraphs of a source."""
    letters = re.compile(rf"[^\W\d_{cjk.UNSPACED_RANGES}]{{2,}}")
    return {word for *_, text in _texts(db, source) for word in letters.findall(text.lower())}


def _texts(db: sqlite3.Connection, source: str) -> Iterator[tuple[int, int, str]]:
    """Give where each paragraph of a source begins and ends, and its text."""
    ((whole,),) = db.execute("SELECT whole FROM source_text WHERE source = ?", (source,))
    for start, end in db.execute('SELECT start, "end" FROM paragraph WHERE source = ? ORDER BY start', (source,)):
        yield start, end, whole[start:end]


def _joined(*texts: str | None) -> str:
    return "\n".join(filter(None, texts))


def find(tables: Tables, text: str, kinds: Sequence[str] = KINDS, limit: int = 10) -> list[Found]:
    """Find what has words of a text: first what has all of them, the nearer to each other the better, then some.

    English words are found in any form (porter), Chinese ones as they stand. Where very many have the words, ranked
    are the first five thousand in the order of kinds and places.

    Args:
        tables: the tables of a build.
        text: what a person typed; none of its signs has a meaning.
        kinds: what is looked for, of :data:`KINDS`.
        limit: how many are given at most.

    Returns:
        The best first; equals by kind, and by place or id.
    """
    wanted = words(text)
    found: dict[int, Found] = {}
    for match in wanted.nearness:
        _add(tables, match, kinds, limit, found, all_words=True)
    if len(found) < limit and (match := _some_of(tables, wanted.parts)):
        _add(tables, match, kinds, limit, found, all_words=False)
    return [*found.values()]


def has(tables: Tables, text: str, kinds: Sequence[str] = KINDS) -> bool:
    """Say whether something has all words of a text, without ranking it.

    Args:
        tables: the tables of a build.
        text: what a person typed.
        kinds: what is looked for, of :data:`KINDS`.
    """
    match = " AND ".join(map(_expression, words(text).parts))
    select = """
        SELECT 1 FROM fulltext WHERE fulltext MATCH :match AND rowid BETWEEN :first AND :last
        AND rowid >> :bits IN (SELECT value FROM json_each(:kinds)) LIMIT 1"""
    return bool(match and tables.sql(select, match=match, bits=_BITS, **_within(kinds)))


def find_any(
    tables: Tables, wanted: Sequence[Sequence[str]], kinds: Sequence[str] = KINDS, limit: int = 10
) -> list[Found]:
    """Find what has one of some texts, of each of several: first what has all of them, then some.

    Args:
        tables: the tables of a build.
        wanted: texts of which any will do, for each thing that is looked for; what stands in one stands side by side.
        kinds: what is looked for, of :data:`KINDS`.
        limit: how many are given at most.

    Returns:
        The best first, as :func:`find` gives them.
    """
    groups = [[_expression(_quoted(*some_of)) for one in some if (some_of := _token().findall(_narrow(one))[:MOST])]
              for some in wanted[:MOST]]  # fmt: skip
    all_of = " AND ".join(f"({' OR '.join(some)})" for some in groups if some)
    found: dict[int, Found] = {}
    if all_of:
        _add(tables, all_of, kinds, limit, found, all_words=True)
    parts = dict.fromkeys(part for some in wanted for one in some for part in words(one).parts)
    if len(found) < limit and (match := _some_of(tables, [*parts][:MOST])):
        _add(tables, match, kinds, limit, found, all_words=False)
    return [*found.values()]


def _add(
    tables: Tables, match: str, kinds: Sequence[str], limit: int, found: dict[int, Found], *, all_words: bool
) -> None:
    """Add what matches an expression, the best first, until there are enough."""
    if len(found) >= limit:
        return
    text = f"""
        SELECT m.number, round(-m.rank, 6), d.id FROM
        (SELECT rowid AS number, bm25(fulltext, 1.0, {_LABELS}) AS rank FROM fulltext
         WHERE fulltext MATCH :match AND rowid BETWEEN :first AND :last
         AND rowid >> {_BITS} IN (SELECT value FROM json_each(:kinds)) LIMIT {_RANKED}) m
        JOIN document d ON d.number = m.number ORDER BY 2 DESC, 1 LIMIT :limit"""
    for number, score, identifier in tables.sql(text, match=match, limit=limit, **_within(kinds)):
        if len(found) < limit:
            found.setdefault(number, Found(KINDS[number >> _BITS], identifier, score, all_words))


def _within(kinds: Sequence[str]) -> dict[str, object]:
    """Return the numbers that documents of some kinds have, as parameters."""
    places = sorted(map(KINDS.index, kinds)) or [len(KINDS)]
    return {"first": places[0] << _BITS, "last": ((places[-1] + 1) << _BITS) - 1, "kinds": json.dumps(places)}


def _some_of(tables: Tables, parts: Sequence[str]) -> str:
    """Return the expression that asks for some words: the rarer ones, as far as those that have them can be ranked."""
    numbers = {part: _few(tables, part) for part in parts}
    chosen: list[str] = []
    together = 0
    for part in sorted((part for part in parts if numbers[part]), key=lambda part: numbers[part]):
        together += numbers[part]
        if chosen and together > _RANKED:
            break
        chosen.append(part)
    return " OR ".join(map(_expression, chosen))


def _few(tables: Tables, part: str) -> int:
    """Return how many have a part of a word, counted no further than what is ranked."""
    text = f"SELECT count(*) FROM (SELECT 1 FROM fulltext WHERE fulltext MATCH :match LIMIT {_RANKED + 1})"
    ((number,),) = tables.sql(text, match=_expression(part))
    return int(number)


def rarity(tables: Tables, some: Iterable[str]) -> dict[str, float]:
    """Return how much it says that a text has a word: the fewer have it, the more (natural logarithm, as in BM25).

    Args:
        tables: the tables of a build.
        some: words.
    """
    ((number,),) = tables.sql("SELECT count(*) FROM document")
    weights = {}
    for word in dict.fromkeys(some):
        few = max((_few(tables, part) for part in words(word).parts), default=0)
        # What nothing has may only be worded otherwise.
        weights[word] = math.log(1 + max(0, number - few) / (few + 1)) if few else 1.0
    return weights


def count(tables: Tables, wanted: Sequence[str], kind: str) -> int:
    """Return how many of a kind have some words, all of them.

    Args:
        tables: the tables of a build.
        wanted: words or parts of :func:`words`; no word is in nothing.
        kind: one of :data:`KINDS`.
    """
    if not wanted:
        return 0
    place = KINDS.index(kind)
    ((number,),) = tables.sql(
        "SELECT count(*) FROM fulltext WHERE fulltext MATCH :match AND rowid BETWEEN :first AND :last",
        match=" AND ".join(map(_expression, wanted)),
        first=place << _BITS,
        last=((place + 1) << _BITS) - 1,
    )
    return int(number)


def places(tables: Tables, ids: Sequence[str], context: int = 0) -> list[Place]:
    """Return the places of paragraphs, in the order of their ids.

    Args:
        tables: the tables of a build.
        ids: ids of paragraphs as :func:`find` gives them.
        context: how much of the text before and after is given (codepoints).
    """
    text = """
        SELECT p.source, p.label, p.start, p."end",
          substr(t.whole, max(0, p.start - :context) + 1, min(p.start, :context)),
          substr(t.whole, p.start + 1, p."end" - p.start), substr(t.whole, p."end" + 1, :context)
        FROM json_each(:places) j
        JOIN paragraph p ON p.source = json_extract(j.value, '$[0]') AND p.start = json_extract(j.value, '$[1]')
        JOIN source_text t ON t.source = p.source ORDER BY j.key"""
    starts = [(source_of(key), int(span_of(key).partition("-")[0])) for key in ids]
    return [Place(*row) for row in tables.sql(text, places=json.dumps(starts), context=context)]


def spans(texts: Sequence[str], matches: Sequence[str]) -> list[list[list[tuple[int, int]]]]:
    """Find where words stand in some texts, as the index understands words.

    Args:
        texts: the texts.
        matches: words or parts of :func:`words`.

    Returns:
        For each text and word the places (codepoints, end exclusive), from the beginning of the text.

    Example:
        >>> spans(["Cleaning cleans; 免清洗"], words("clean 清洗").words)
        [[[(0, 8), (9, 15)], [(18, 20)]]]
    """
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"CREATE VIRTUAL TABLE given USING fts5 (text, {_TOKENIZER})")
        db.executemany("INSERT INTO given (rowid, text) VALUES (?, ?)", enumerate(map(plain, texts)))
        shown = f"SELECT rowid, highlight(given, 0, '{_START}', '{_END}') FROM given WHERE given MATCH ?"
        marked = [dict(db.execute(shown, (plain(match),))) for match in matches]
    return [[_marked(texts_of.get(number, "")) for texts_of in marked] for number in range(len(texts))]


def _marked(text: str) -> list[tuple[int, int]]:
    """Return where the marks of an indexed text stand in the text that it was made of."""
    places, at, began = [], 0, 0
    for piece in re.split(f"([{_START}{_END}{_SPLIT}])", text):
        if piece == _START:
            began = at
        elif piece == _END:
            places.append((began, at))
        elif piece != _SPLIT:
            at += len(piece)
    return places


def like(tables: Tables, word: str) -> str | None:
    """Return the word of the sources that looks most like another, or None where none does.

    Args:
        tables: the tables of a build.
        word: it, of letters.
    """
    from rapidfuzz import fuzz, process

    word = word.lower()
    # Nearly all short words are like each other.
    first = word[0] if len(word) < _SHORT else ""
    text = """
        SELECT word, sources FROM source_word
        WHERE length(word) BETWEEN :length - 2 AND :length + 2 AND substr(word, 1, :few) = :first"""
    sources = dict(tables.sql(text, length=len(word), first=first, few=len(first)))
    near = process.extract(word, [*sources], scorer=fuzz.ratio, limit=10, score_cutoff=_ALIKE)
    return min(near, key=lambda one: (-one[1], -sources[one[0]], one[0]))[0] if near else None


def label(tables: Tables, source: str, at: int) -> str | None:
    """Return the label of the paragraph at a position, if it has one.

    Args:
        tables: the tables of a build.
        source: the source's id.
        at: the position (codepoints).
    """
    text = 'SELECT label FROM paragraph WHERE source = :source AND start <= :at AND "end" > :at'
    return next((label for (label,) in tables.sql(text, source=source, at=at)), None)
