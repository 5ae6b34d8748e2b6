"""Passages and evidence lines as answers show them, how a claim stands, and who of its witnesses is independent."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import locators

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STANCES = ("supports", "opposes", "qualifies")
"""How evidence bears on a claim, in the order in which it is shown."""
STRENGTHS = ("strong", "moderate", "weak")
"""How directly evidence bears on a claim, the strongest first."""
SIGNS = {"supports": "+", "opposes": "−", "qualifies": "~"}
"""The sign of each stance before a count."""
LITERATURE = "literature"
"""The id under which evidence of no case is counted and chosen; what it is called says :func:`outside`."""


def outside(sources: Iterable[tuple[str, str | None]], *, cases: bool) -> str:
    """Return what the sources are called, in English, that belong to no case and are not the theory's own text.

    Args:
        sources: role and case of each source of a study.
        cases: whether the study has cases.

    Example:
        >>> outside([("case", "afu"), ("literature", None)], cases=True), outside([("case", None)], cases=False)
        ('literature', 'sources')
    """
    roles = {role for role, case in sources if not case and role != "theory"}
    if roles <= {LITERATURE}:
        return LITERATURE
    if not cases:
        return "sources"
    return "literature and other sources" if LITERATURE in roles else "other sources"


class State(NamedTuple):
    """A way in which a claim can stand.

    Args:
        name: what it is called in English, in answers.
        zh: what it is called in Chinese.
        sign: stands before the name.
        when: what makes a claim stand so.
    """

    name: str
    zh: str
    sign: str
    when: str


STATES: dict[str, State] = {
    state.name: state
    for state in (
        State("contested", "有支持也有反对", "◆", "evidence supports it, and evidence opposes it"),
        State("supported", "有证据支持", "●", "evidence supports it, and none opposes it"),
        State("weakly supported", "证据薄弱", "◐", "all evidence that supports it is weak, and none opposes it"),
        State("opposed", "被证据反对", "✕", "evidence opposes it, and none supports it"),
        State("qualified only", "只有限定性证据", "≈", "evidence qualifies it, and none supports or opposes it"),
        State("disputed", "编码者意见不一", "?", "coders differ on all of its evidence, and nobody has settled it"),
        State(
            "looked for evidence, found none",
            "查找过证据,没有找到",
            "○",
            "it has no evidence, and somebody looked for it",
        ),
        State(
            "nothing within the limits",
            "限定范围内没有证据",
            "–",
            "no evidence is within what a question is limited to, whatever else there is",
        ),
        State(
            "asserted, no case evidence yet",
            "理论断言,尚无案例证据",
            "◌",
            "it has no evidence, and the theory's own text states it",
        ),
        State("no passage at all", "没有任何引文", "·", "neither evidence nor the theory's own text speaks of it"),
    )
}
"""How a claim can stand, by name, in the order in which it is shown and in which :func:`state` decides."""


@dataclass(frozen=True)
class Passage:
    """The excerpt as an answer shows it.

    Args:
        id: the excerpt's id.
        source: id of its source.
        case: id of its case, if it has one.
        paragraph: label of its paragraph, if it has one.
        start: where it begins in the source's text (codepoints).
        end: where it ends (codepoints, exclusive).
        quote: its words.
        codes: ids of its codes, sorted.
        references: keys of the references it rests on, sorted.
        locator: its place in the document that its source is, such as ``page 12``, if one is given.
        speakers: labels of those who speak in it, if it stands in the turns of a transcript, sorted.
        places: key of a reference and the place in it, of those of its citations that give one, sorted.
        witness: what its source is a witness of, if it says so, such as ``person/Mrs Li``.
    """

    id: str
    source: str
    case: str | None
    paragraph: str | None
    start: int
    end: int
    quote: str
    codes: tuple[str, ...]
    references: tuple[str, ...]
    locator: str | None = None
    speakers: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    witness: str | None = None

    @property
    def where(self) -> str:
        """Return where it stands in its source: label of its paragraph, who speaks, and place in the document."""
        return ", ".join(filter(None, (self.paragraph, self.said)))

    @property
    def said(self) -> str:
        """Return who speaks, and where in the document it stands, as far as known, such as ``Li, 12:31``."""
        place = locators.plain(self.locator) if self.locator else ""
        return ", ".join(filter(None, (" & ".join(self.speakers), place)))

    @property
    def citations(self) -> dict[str, str]:
        """Return what it rests on, by key: where in each, such as ``pp. 9, 12``; empty where no place is given."""
        citations = dict.fromkeys(self.references, "")
        for key in dict(self.places):
            here = locators.joined(place for other, place in self.places if other == key)
            citations[key] = ", ".join(map(locators.plain, here))
        return citations

    @property
    def cited(self) -> str:
        """Return what it rests on in one text, such as ``smith2014, p. 12; lee2015``."""
        return "; ".join(f"{key}, {place}" if place else key for key, place in self.citations.items())


@dataclass(frozen=True)
class Line:
    """The evidence line as an answer shows it.

    Args:
        id: the line's id.
        claim: id of the proposition.
        stance: supports, opposes or qualifies.
        strength: strong, moderate or weak, derived from what its author stated.
        stated: the strength as its author stated it.
        lowered: the marks of its references that lowered it, if any did.
        status: active, withdrawn, superseded or disputed; only an active line counts.
        rationale: why it counts.
        coder: who drew it.
        date: when.
        passages: the excerpts on which it rests.
    """

    id: str
    claim: str
    stance: str
    strength: str
    stated: str
    lowered: str | None
    status: str
    rationale: str
    coder: str
    date: str
    passages: tuple[Passage, ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """Return the cases its passages belong to, with :data:`LITERATURE` for none."""
        return tuple(dict.fromkeys(p.case or LITERATURE for p in self.passages))


@dataclass(frozen=True)
class Reading:
    """The judgement of an evidence line by one coder.

    Args:
        line: the line's id.
        coder: who read it.
        date: when.
        stance: supports, opposes, qualifies or irrelevant.
        strength: strong, moderate or weak; None when it is irrelevant.
        alone: true or false, whether the passage carries the claim alone; None when this was not judged.
        settles: true when the line counts as this reading says, else false.
        reason: why, if told.
    """

    line: str
    coder: str
    date: str
    stance: str
    strength: str | None
    alone: str | None
    settles: str
    reason: str | None

    @property
    def act(self) -> str:
        """Return what the coder did: ``reads`` or ``settles``."""
        return "settles" if self.settles == "true" else "reads"

    @property
    def judgement(self) -> str:
        """Return stance, strength and reason in one text, such as ``opposes, weak: One opinion``."""
        judged = ", ".join(filter(None, (self.stance, self.strength)))
        return f"{judged}: {self.reason}" if self.reason else judged


class Dispute(NamedTuple):
    """The evidence line on which coders differ.

    Args:
        line: the line as its author judged it.
        readings: how others read it, and its author; empty when another line gives the passage another stance.
    """

    line: Line
    readings: tuple[Reading, ...]


PASSAGE = ("source", "paragraph", "start", "end", "quote")
"""What a passage has that is one value; the tables and the traces have columns of these names."""
LINE = tuple(field.name for field in fields(Line) if field.name != "passages")
"""What an evidence line has besides its passages; the tables have columns of these names."""
_TRACED = {name: name for name in LINE} | {
    "id": "line",
    "claim": "target",
    "stance": "link",
    "rationale": "reason",
}
"""The column of a trace in which each of these stands."""


def state(
    active: Iterable[tuple[str, str]], *, disputed: bool, searched: bool, asserted: bool, limited: bool = False
) -> str:
    """Return how a claim stands, as one of :data:`STATES`.

    Args:
        active: stance and strength of each active evidence line.
        disputed: whether there are evidence lines on which coders differ; they are in no count.
        searched: whether evidence was looked for in vain.
        asserted: whether a passage of the theory's own text states it.
        limited: whether only a part of its evidence is looked at.

    Example:
        >>> state([("supports", "weak")], disputed=False, searched=True, asserted=True)
        'weakly supported'
    """
    strengths: dict[str, set[str]] = {}
    for stance, strength in active:
        strengths.setdefault(stance, set()).add(strength)
    if "supports" in strengths and "opposes" in strengths:
        return "contested"
    if "supports" in strengths:
        return "weakly supported" if strengths["supports"] == {"weak"} else "supported"
    if "opposes" in strengths:
        return "opposed"
    if "qualifies" in strengths:
        return "qualified only"
    if disputed:
        return "disputed"
    if searched:
        return "looked for evidence, found none"
    if limited:
        return "nothing within the limits"
    return "asserted, no case evidence yet" if asserted else "no passage at all"


def witnesses(passages: Iterable[Passage]) -> int:
    """Count independent witnesses: passages that share what they rest on are one, see :func:`rests_on`.

    The count is the number of connected components of the graph of passages and what they rest on.

    Args:
        passages: those to be counted together.

    Returns:
        At most the number of passages.

    Example:
        >>> from dataclasses import replace
        >>> a = Passage("s:0-1", "s", None, None, 0, 1, "a", (), ("smith2014", "lee2015"))
        >>> b = replace(a, id="s:2-3", references=("lee2015",))
        >>> witnesses([a, b]), witnesses([a, replace(b, references=("wang2016",))])
        (1, 2)
        >>> witnesses([replace(a, witness="person/Mrs Li"), b])
        2
    """
    return independent(rests_on(p.source, p.references, p.witness) for p in passages)


def rests_on(source: str, references: Iterable[str], witness: str | None) -> tuple[str, ...]:
    """Return what a passage rests on: what its source is a witness of, else its references, else its source.

    Args:
        source: id of its source.
        references: keys of the references that it cites.
        witness: what the source is a witness of, if it says so.

    Example:
        >>> rests_on("qr05", ["dataset2020"], None), rests_on("qr05", ["dataset2020"], "source/qr05")
        (('reference/dataset2020',), ('source/qr05',))
    """
    if witness:
        return (witness,)
    return tuple(f"reference/{key}" for key in references) or (f"source/{source}",)


def independent(witnessed: Iterable[Iterable[str]]) -> int:
    """Count connected components: groups of things that share what they rest on, directly or through others.

    Args:
        witnessed: what each rests on.

    Example:
        >>> independent([["a", "b"], ["b", "c"], ["d"]])
        2
    """
    above: dict[str, str] = {}

    def top(key: str) -> str:
        above.setdefault(key, key)
        while above[key] != key:
            above[key] = key = above[above[key]]
        return key

    for keys in witnessed:
        first, *others = keys
        for key in others or [first]:
            above[top(key)] = top(first)
    return sum(key == upper for key, upper in above.items())


def passages(rows: Iterable[dict[str, Any]]) -> dict[str, Passage]:
    """Group the rows of a trace query by passage.

    Args:
        rows: rows of any ``trace-…`` query.

    Returns:
        Passages by id, in the rows' order.
    """
    first: dict[str, dict[str, Any]] = {}
    linked: dict[tuple[str, str], set[str]] = {}
    places: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in rows:
        first.setdefault(row["excerpt"], row)
        if row["link"] in ("case", "coded", "cites", "witness", "speaker"):
            linked.setdefault((row["excerpt"], row["link"]), set()).add(row["target"])
        if row["locator"]:
            places.setdefault((row["excerpt"], row["link"]), set()).add((row["target"], row["locator"]))

    def targets(key: str, link: str) -> tuple[str, ...]:
        return tuple(sorted(linked.get((key, link), ())))

    return {
        key: Passage(
            id=key,
            case=next(iter(targets(key, "case")), None),
            codes=targets(key, "coded"),
            references=targets(key, "cites"),
            locator=next((place for _, place in places.get((key, "source"), ())), None),
            speakers=targets(key, "speaker"),
            places=tuple(sorted(places.get((key, "cites"), ()))),
            witness=next(iter(targets(key, "witness")), None),
            **{name: row[name] for name in PASSAGE},
        )
        for key, row in first.items()
    }


def lines(rows: list[dict[str, Any]], by_id: dict[str, Passage]) -> list[Line]:
    """Collect the evidence lines in the rows of a trace query.

    Args:
        rows: rows of any ``trace-…`` query.
        by_id: their passages.

    Returns:
        The lines, sorted as :func:`rank` says.
    """
    members: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["line"]:
            members.setdefault(row["line"], []).append(row)
    evidence = [
        Line(
            **{name: links[0][column] for name, column in _TRACED.items()},
            passages=tuple(by_id[excerpt] for excerpt in dict.fromkeys(row["excerpt"] for row in links)),
        )
        for links in members.values()
    ]
    return sorted(evidence, key=rank_of)


def rank_of(line: Line) -> Rank:
    """Return where an evidence line stands among those of its claim, see :func:`rank`.

    Args:
        line: the line.
    """
    resting = [(p.source, p.start, rests_on(p.source, p.references, p.witness)) for p in line.passages]
    return rank(line.id, line.stance, line.strength, resting, lowered=bool(line.lowered))


Rank = tuple[int, int, bool, bool, int, str, int, str]
"""The place of an evidence line among those of its claim, as :func:`rank` gives it."""


def rank(
    line: str, stance: str, strength: str, passages: Sequence[tuple[str, int, tuple[str, ...]]], *, lowered: bool
) -> Rank:
    """Return where an evidence line stands among those of its claim: what sorts first is shown first.

    Lines stand by stance and strength. Within a strength the best witness stands first: what rests on more than its own
    source before what does not, what no mark lowered before what was lowered, what has more independent witnesses
    before what has fewer; then by source and place in it; by id only where all else is the same.

    Args:
        line: its id.
        stance: supports, opposes or qualifies.
        strength: strong, moderate or weak, as derived.
        passages: source, start (codepoints) and what it rests on, of each of its passages.
        lowered: whether marks of its references lowered its strength.

    Example:
        >>> said, cited = ("b", 0, ("source/b",)), ("c", 0, ("reference/smith2014",))
        >>> one = rank("a", "supports", "weak", [said], lowered=False)
        >>> other = rank("z", "supports", "weak", [cited], lowered=False)
        >>> min(one, other)[-1]
        'z'
    """
    own = all(key == f"source/{source}" for source, _, keys in passages for key in keys)
    source, start = min((source, start) for source, start, _ in passages)
    few = independent(keys for _, _, keys in passages)
    return (STANCES.index(stance), STRENGTHS.index(strength), own, lowered, -few, source, start, line)
