"""Passages and evidence lines as answers show them, how a claim stands, and who of its witnesses is independent."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

STANCES = ("supports", "opposes", "qualifies")
"""How evidence bears on a claim, in the order in which it is shown."""
STRENGTHS = ("strong", "moderate", "weak")
"""How directly evidence bears on a claim, the strongest first."""
LITERATURE = "literature"
"""The word under which evidence of no case is counted, chosen and shown."""


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
        status: active, withdrawn or superseded.
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


def state(active: Iterable[tuple[str, str]], *, searched: bool, asserted: bool) -> str:
    """Return how a claim stands.

    Contested, when lines support and lines oppose it; else supported, or weakly supported when all support is weak;
    else opposed; else qualified only. Without a line: evidence was looked for and none found, the theory alone asserts
    it, or there is no passage at all.

    Args:
        active: stance and strength of each active evidence line.
        searched: whether evidence was looked for in vain.
        asserted: whether a passage of the theory's own text states it.

    Example:
        >>> state([("supports", "weak")], searched=True, asserted=True)
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
    if searched:
        return "looked for evidence, found none"
    return "asserted, no case evidence yet" if asserted else "no passage at all"


def witnesses(passages: Iterable[Passage]) -> int:
    """Count independent witnesses: passages that share a reference are one.

    A passage without a reference shares its source. The count is the number of connected
    components of the graph of passages and references.

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
    """
    return independent(
        {f"reference/{key}" for key in passage.references} or {f"source/{passage.source}"} for passage in passages
    )


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
    for row in rows:
        first.setdefault(row["excerpt"], row)
        if row["link"] in ("case", "coded", "cites"):
            linked.setdefault((row["excerpt"], row["link"]), set()).add(row["target"])

    def targets(key: str, link: str) -> tuple[str, ...]:
        return tuple(sorted(linked.get((key, link), ())))

    return {
        key: Passage(
            id=key,
            case=next(iter(targets(key, "case")), None),
            codes=targets(key, "coded"),
            references=targets(key, "cites"),
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
        The lines, sorted by stance, strength and id.
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
    return sorted(evidence, key=lambda line: (STANCES.index(line.stance), STRENGTHS.index(line.strength), line.id))
