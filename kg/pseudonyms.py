"""Pseudonyms in the place of names: a copy of a study in which every quote is that of the changed text.

The table of names is a file that stays outside of both folders. The study itself is never changed, so that there is
nothing to undo; what the copy lost is in the study, and who has the table can make the copy again.
"""

from __future__ import annotations

import csv
import json
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import arrangements, paths
from kg.copies import Copy, sha256, signs
from kg.errors import KGError
from kg.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.copies import Span
    from kg.graph import Graph
    from kg.places import Place
    from kg.progress import Progress
    from kg.records import Source

HEADER = ["name", "pseudonym"]
"""The first line of a table."""
TOLD = 200
"""What looks like a name and is told at most."""
_UNFIT = re.compile(r"[\[\]@\r\n\t{}]")
_HAN = "\u3400-\u9fff"
# The hundred surnames that five of six people in China have.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_TITLES = "先生|女士|小姐|老师|医生|大夫|护士|护士长|经理|主任|教授|博士|师傅|同学|阿姨|书记|院长|校长|总"
_CHINESE = re.compile(
    rf"[{_SURNAMES}][{_HAN}]{{0,2}}?(?:{_TITLES})|[小老阿][{_SURNAMES}](?![{_HAN}]?的)|"
    rf"(?:我叫|名叫|叫做|姓名[:：]\s*)[{_HAN}]{{2,4}}|[{_SURNAMES}][{_HAN}]{{1,2}}(?=说|表示|认为|告诉|回答|问道|指出|[:：])"
)
_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w’'-]{0,40}?[a-zß-öø-ÿ][\w’'-]{0,40}"
_TITLED = re.compile(rf"\b(?:Mrs?|Ms|Miss|Dr|Prof|Sir|Madam|Sister|Nurse)\b\.?\s+{_CAPITALISED}(?:\s+{_CAPITALISED})*")
_ROW = re.compile(rf"(?<![\w@]){_CAPITALISED}(?:\s+(?:(?:van|von|de|der|den|di|da|la|le|bin|al)\s+)*{_CAPITALISED})*")
_ADDRESSES = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+|(?<![\w.])\+?\d(?:[ ()/-]?\d){7,15}(?!\w|\.\d)"
)
_ENDS = re.compile(r"(?:^|[.!?:;…。！？]|\n|[\"“”'‘’(\[>#*-])\s*$")


class Row(NamedTuple):
    """The pseudonym of a name, and how often it took its place.

    Args:
        name: the name, as it is written in texts.
        pseudonym: what stands there now.
        texts: how often in texts of sources.
        elsewhere: how often in other files.
    """

    name: str
    pseudonym: str
    texts: int
    elsewhere: int


class Suspect(NamedTuple):
    """What looks like a name and was not changed.

    Args:
        words: the words.
        times: how often they stand in texts.
        where: where they stand first.
    """

    words: str
    times: int
    where: str


@dataclass
class Told:
    """What became of a study.

    Args:
        rows: the names of the table.
        files: names of the files of the copy.
        suspects: what looks like a name and was not changed, the most frequent first.
        kept: where a name of the table stands still: ids, names of files, coders, references.
        widened: how many passages began or ended within a name, and now hold all of its pseudonym.
        said: what else is to be known.
    """

    rows: Sequence[Row]
    files: Sequence[str] = ()
    suspects: Sequence[Suspect] = ()
    kept: Sequence[str] = ()
    widened: int = 0
    said: list[str] = field(default_factory=list)


def table(file: Path) -> dict[str, str]:
    """Read a table of names.

    Args:
        file: CSV in UTF-8 with the columns ``name`` and ``pseudonym``.

    Returns:
        The pseudonyms by name.

    Raises:
        KGError: with its line where it is no such table.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise KGError(f"'{file}' is no table of names: {e}") from e
    if not rows or [cell.strip().lower() for cell in rows[0]] != HEADER:
        raise KGError(f"the first line of '{file.name}' is not 'name,pseudonym'")
    names: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = [" ".join(cell.split()) for cell in row]
        if not any(cells):
            continue
        if len(cells) != 2 or not all(cells):
            raise KGError(f"'{file.name}', row {number}: a name and its pseudonym are wanted")
        if _UNFIT.search("".join(row).strip()) or "‹" in cells[1]:
            raise KGError(f"'{file.name}', row {number}: no name has brackets, '@' or a line end")
        if names.setdefault(*cells) != cells[1]:
            raise KGError(f"'{file.name}', row {number}: '{cells[0]}' has another pseudonym above")
    if not names:
        raise KGError(f"'{file.name}' has no names")
    return names


def pseudonymise(graph: Graph, names: Path, folder: Path, progress: Progress = silent) -> Told:
    """Write a copy of a study with pseudonyms in the place of names.

    Args:
        graph: the study.
        names: the table, which lies neither in the study nor in the copy.
        folder: of the copy; it is made, or may be there and empty.
        progress: called while the copy is built to see that nothing but names is another.

    Raises:
        KGError: when the table is none or lies in one of the folders, or the copy would not be the same study.
        StudyError: when the study has errors.
    """
    from kg import exports, moving
    from kg.loaders.study import Reading

    for place in (graph.folder, folder):
        if names.resolve().is_relative_to(place.resolve()):
            raise KGError(f"the table lies in '{place}', and would go along with it; keep it elsewhere")
    if folder.resolve().is_relative_to(graph.folder.resolve()):
        raise KGError("the copy would lie in the study; name a folder elsewhere")
    wanted = table(names)
    done: list[Told] = []

    def write(aside: Path) -> None:
        with moving.still(graph.folder):
            copy = _Pseudonymised(graph.folder, aside, Reading(graph.folder), wanted)
            done.append(copy.write())
        _compare(graph, copy, aside, progress)

    files = exports.written(folder, write)
    done[0].files = files
    return done[0]


class _Names:
    """The names of a table, as they are looked for in a text.

    Args:
        pseudonyms: by name.
    """

    def __init__(self, pseudonyms: Mapping[str, str]) -> None:
        self.pseudonyms = pseudonyms
        # The longest first, so that no name takes a part of another. Where words have blanks between them it is whole.
        longest = sorted(pseudonyms, key=lambda name: (-len(name), name))
        self._pattern = re.compile("|".join(map(self._written, longest)))

    @staticmethod
    def _written(name: str) -> str:
        words = r"\s+".join(map(re.escape, name.split()))
        spaced = re.compile(rf"[^\W{_HAN}]")
        return (
            (r"(?<![^\W\d_])" if spaced.match(name[0]) else "") + words + (r"(?!\w)" if spaced.match(name[-1]) else "")
        )

    def found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Give the places of names in a text, in order, each with the name."""
        for match in self._pattern.finditer(text):
            yield match.start(), match.end(), " ".join(match[0].split())

    def replaced(self, text: str, counts: Counter[str]) -> str:
        """Return a text with pseudonyms, and count them."""

        def pseudonym(match: re.Match[str]) -> str:
            name = " ".join(match[0].split())
            counts[name] += 1
            return self.pseudonyms[name]

        return self._pattern.sub(pseudonym, text)


class _Moves:
    """The way of positions from a text into the one with pseudonyms.

    Args:
        replaced: where names stood, each with the length of what stands there now, in order.
    """

    def __init__(self, replaced: Sequence[tuple[int, int, int]]) -> None:
        self.replaced = replaced
        self._starts = [start for start, _, _ in replaced]
        self._shifts = [0]
        for start, end, length in replaced:
            self._shifts.append(self._shifts[-1] + length - (end - start))

    def at(self, position: int, *, end: bool = False) -> int:
        """Return where a position is now; one in a name is at the beginning of its pseudonym, or at its end."""
        number = bisect_right(self._starts, position) - 1
        if number >= 0 and self.replaced[number][0] < position < self.replaced[number][1]:
            start, _, length = self.replaced[number]
            return start + self._shifts[number] + (length if end else 0)
        if number >= 0 and position == self.replaced[number][0]:
            return position + self._shifts[number]
        return position + self._shifts[number + 1]


class _Pseudonymised(Copy):
    """A copy of a study's folder with pseudonyms in the place of names."""

    def __init__(self, folder: Path, target: Path, reading: Any, pseudonyms: Mapping[str, str]) -> None:
        super().__init__(folder, target, reading)
        self.names = _Names(pseudonyms)
        self.in_texts: Counter[str] = Counter()
        self.elsewhere: Counter[str] = Counter()
        self.moves: dict[str, _Moves] = {}
        self.widened: set[tuple[str, Span]] = set()
        self.sources: Mapping[str, Source] = {}
        self.still: dict[str, None] = {}

    def write(self) -> Told:
        """Write the copy, and say what became of it."""
        self.sources, spans = self.read()
        for entry in self.reading.theory.listing.sources:
            source = self.sources[entry.id]
            self._text(source)
            self.widened |= {(entry.id, span) for span in spans.get(entry.id, ()) if self._is_cut(entry.id, span)}
            self.put(entry.file, self.texts[entry.id])
            if entry.places:
                self.put(entry.places, self._places(entry.places, source))
            for word in (entry.id, entry.file, entry.places or ""):
                self._look("study.yaml", "id or file", word)
        for name, content in self.contents():
            self._look(name, "name of file", name)
            self.dump(name, self._changed(name, content))
        references = self.folder / "references.json"
        if references.is_file():
            text = references.read_text("utf-8-sig")
            for row in json.loads(text):
                self._look("references.json", f"reference '{row.get('id')}'", json.dumps(row, ensure_ascii=False))
            self.put("references.json", text)
        for schema in sorted((self.folder / "schema").glob("*.json")):
            self.put(f"schema/{schema.name}", schema.read_text("utf-8"))
        rows = [
            Row(name, pseudonym, self.in_texts[name], self.elsewhere[name])
            for name, pseudonym in self.names.pseudonyms.items()
        ]
        told = Told(rows, (), self._suspects(), [*self.still], len(self.widened))
        told.said = [*self._said()]
        return told

    def moved(self, source: str, span: Span) -> Span:
        moves = self.moves[source]
        return moves.at(span[0]), moves.at(span[1], end=True)

    def unplaced(self, source: str, raw: dict[str, Any]) -> bool:
        if "start" in raw:
            raw["start"] = self.moves[source].at(int(raw["start"]))
        for key in ("quote", "prefix", "suffix", "stated"):
            if isinstance(raw.get(key), str):
                raw[key] = self.names.replaced(raw[key], self.elsewhere)
        return True

    def _said(self) -> Iterator[str]:
        """Say what a person has to know of the copy besides."""
        if unused := [name for name in self.names.pseudonyms if not self.in_texts[name] + self.elsewhere[name]]:
            yield f"these names stand nowhere: {', '.join(unused)}"
        old = "\n".join(source.text for source in self.sources.values())
        if there := sorted({one for one in self.names.pseudonyms.values() if re.search(rf"\b{re.escape(one)}\b", old)}):
            yield f"these pseudonyms stood in the texts before, and are no longer told apart: {', '.join(there)}"
        if self.widened:
            few = "1 passage began or ended within a name, and holds all of its pseudonym now"
            more = f"{len(self.widened)} passages began or ended within a name, and hold all of its pseudonym now"
            yield more if len(self.widened) > 1 else few
        yield "not taken along: comments in YAML, the journal of edits, notes of imports, documents and pages"

    def _text(self, source: Source) -> None:
        """Make the new text of a source; labels of paragraphs and keys of citations are no words of it."""
        text, staying = source.text, signs(source)
        parts, replaced, at = [], [], 0
        for start, end, name in self.names.found(text):
            if any(first < end and start < last for first, last in staying):
                self.still[f"{source.file}: label or citation '{text[start:end]}'"] = None
                continue
            pseudonym = self.names.pseudonyms[name]
            self.in_texts[name] += 1
            parts += [text[at:start], pseudonym]
            replaced.append((start, end, len(pseudonym)))
            at = end
        self.texts[source.id] = "".join([*parts, text[at:]])
        self.moves[source.id] = _Moves(replaced)

    def _is_cut(self, source: str, span: Span) -> bool:
        return any(a < edge < b for edge in span for a, b, _ in self.moves[source].replaced)

    def _places(self, name: str, source: Source) -> str:
        """Return the file of places of a source as it is of the new text."""
        from kg import places

        written = places.read((self.folder / name).read_text("utf-8-sig"), len(source.text))
        moves = self.moves[source.id]

        def named(label: str) -> str:
            return self.names.replaced(label, self.elsewhere)

        return places.Places(
            text=sha256(self.texts[source.id]),
            original=written.original,
            loader=written.loader,
            speakers={named(label): role for label, role in written.speakers.items()},
            places=tuple(
                sorted((self._place(moves, place, named(place.label)) for place in written.places), key=places.order)
            ),
            memos=tuple(
                memo._replace(
                    start=moves.at(memo.start),
                    end=moves.at(memo.end, end=True),
                    text=named(memo.text),
                    author=named(memo.author),
                )
                for memo in written.memos
            ),
        ).write()

    @staticmethod
    def _place(moves: _Moves, place: Place, label: str) -> Place:
        """Return a place as it is of the new text."""
        return place._replace(start=moves.at(place.start), end=moves.at(place.end, end=True), label=label)

    def listing(self, content: Any) -> None:
        for entry in content["sources"]:
            entry["sha256"] = sha256(self.texts[entry["id"]])
            entry.pop("original", None)
            if isinstance(entry.get("speakers"), dict):
                entry["speakers"] = {self.names.replaced(k, self.elsewhere): v for k, v in entry["speakers"].items()}
        for coder in content["coders"]:
            self._look("study.yaml", f"coder '{coder['id']}'", str(coder.get("name")))

    def _changed(self, file: str, value: Any, key: str = "", *, coder: bool = False) -> Any:
        """Return a value with pseudonyms in all that is neither an id nor a quote; a coder's name stays."""
        if isinstance(value, dict):
            return {
                k: self._changed(file, v, k, coder=coder or (key == "coders" and k == "name")) for k, v in value.items()
            }
        if isinstance(value, list):
            return [self._changed(file, one, key, coder=coder) for one in value]
        if not isinstance(value, str) or coder or key in ("quote", "sha256", "file", "places", "orcid"):
            return value
        names_record = file == arrangements.FILE and key in ("of", "hide", "record")
        if names_record or (re.fullmatch(r"[\w][\w.\-]*", value) and key in _IDS):
            self._look(file, "id", value)
            return value
        return self.names.replaced(value, self.elsewhere)

    def _look(self, file: str, what: str, words: str) -> None:
        """Remember that a name stands where names stay."""
        folded = words.casefold()
        for name in self.names.pseudonyms:
            for part in (name, *name.split()):
                if len(part) > 1 and re.search(rf"(?<![^\W\d_]){re.escape(part.casefold())}(?![^\W\d_])", folded):
                    shown = words if len(words) < 60 else part
                    self.still[f"{file}: {what} '{shown}'" if what != words else f"{file}: '{shown}'"] = None
                    break

    def _suspects(self) -> list[Suspect]:
        """List what looks like a name in the new texts."""
        known = {word for one in self.names.pseudonyms.values() for word in (one, *one.split())}
        counts: Counter[str] = Counter()
        first: dict[str, str] = {}
        lower = {word for text in self.texts.values() for word in re.findall(r"(?<!\w)[a-zß-öø-ÿ][\w’'-]*", text)}
        for source, text in sorted(self.texts.items()):
            for start, words in sorted(looks_like_names(text, lower)):
                if words in known or all(word in known for word in words.split()):
                    continue
                counts[words] += 1
                around = " ".join(text[max(0, start - 20) : start + len(words) + 20].split())
                first.setdefault(words, f"{source}:{start} …{around}…")
        ranked = sorted(counts, key=lambda words: (-counts[words], words))
        return [Suspect(words, counts[words], first[words]) for words in ranked[:TOLD]]


_IDS = frozenset(
    "id source case reference code codes proposition coder line paragraph family subject object relation stage broader "
    "indicates about candidates replaced_by asserts sources cases ontology role kind level type stance strength status "
    "language format asks publish decision".split()
)
"""Keys whose values are ids or terms."""


def looks_like_names(text: str, lower: Iterable[str] = ()) -> Iterator[tuple[int, str]]:
    """Find what looks like a name, an address or a number of a person in a text.

    These are capitalised words within a sentence, words behind a title, Chinese surnames with a title or before a word
    of saying, addresses of mail and long numbers. Many are none, and many names are not among them.

    Args:
        text: the text.
        lower: words that stand in the texts in small letters, too, so that a capital says nothing.

    Yields:
        Where the words begin (codepoints), and the words.

    Example:
        >>> [words for _, words in sorted(looks_like_names("Then Anna Berg came with 王小姐, call 0171 2345678."))]
        ['Anna Berg', '王小姐', '0171 2345678']
    """
    small = frozenset(lower)
    taken: list[Span] = []
    for pattern in (_TITLED, _CHINESE, _ADDRESSES, _ROW):
        for match in pattern.finditer(text):
            words = " ".join(match[0].split())
            start = match.start()
            if any(first < match.end() and start < last for first, last in taken):
                continue
            if pattern is _ROW and _ENDS.search(text, max(0, start - 4), start):
                # A sentence begins with a capital: only what follows may be a name.
                head, _, rest = words.partition(" ")
                if not rest:
                    continue
                start, words = start + match[0].index(rest.split()[0], len(head)), rest
            if pattern is _ROW and all(word.casefold() in small for word in words.split()):
                continue
            taken.append((match.start(), match.end()))
            yield start, words


def _compare(graph: Graph, copy: _Pseudonymised, folder: Path, progress: Progress) -> None:
    """Refuse a copy in which anything but names is not as it is in the study."""
    import shutil

    from kg import graph as opened

    home = paths.store_folder(folder)
    try:
        with opened.open(folder, progress) as out:
            was = {
                (source, *copy.moved(source, (start, end)), paragraph)
                for source, start, end, paragraph in graph.tables.sql(
                    'SELECT source, start, "end", paragraph FROM excerpt'
                )
            }
            now = {*out.tables.sql('SELECT source, start, "end", paragraph FROM excerpt')}
            lines = "SELECT id, claim, stance, strength, status FROM line ORDER BY id"
            if was != now or graph.tables.sql(lines) != out.tables.sql(lines):
                raise KGError(
                    "the copy would not be the same study under other names; nothing was written: report this"
                )
    finally:
        shutil.rmtree(home, ignore_errors=True)
