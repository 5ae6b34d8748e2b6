"""Find who speaks when in the plain text of a transcript, by rules that say how sure they are.

Programs and people write turns in a dozen ways: ``I: Why? #00:00:12-3#`` (f4), ``00:03:40.5Zack: …`` (MAXQDA),
``Ann Lee  0:05`` and the words below (Otter, Teams), ``[00:00:12] P1: …`` (Trint), ``**P1:** …``, ``访谈者：…``, a tab.
Many other texts have lines that look alike: glossaries, forms, plays, timetables. So a text is graded. It is *sure* a
transcript when its labels are those of interviews, or its times those of a recording; when it merely looks like one, a
person is asked; else it is none. Nothing of the text is changed: turns are a layer over it.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kg.entries import Speaker

Grade = Literal["sure", "ask", "no"]

LABEL = 120
"""Codepoints of a line in which a label is looked for."""
TURNS, SHARE, CHANGES = 6, 0.08, 0.3
"""Of a transcript: its turns at least, the share of its lines that begin one, how often another one speaks next."""
TIMED, KNOWN, ASKING = 0.5, 0.3, 0.05
"""Shares of the turns that have a time, a label of interviews, a question."""
ROUND = 5
"""Seconds: times that are all multiples of that stand in a timetable, and not in a recording."""

_TIME = r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d(?:[.,:]\d{1,3})?(?:-\d)?"
_LEADING = re.compile(rf"\s*[\[(#<]?\s*(?P<time>{_TIME})\s*[\])#>]?[ \t\xa0]*(?:[-–—|][ \t\xa0]*)?")
_TRAILING = re.compile(rf"[\[(#]\s*(?P<time>{_TIME})\s*[\])#]\s*$")
_WORD = r"[^\W\d_][\w.'’\-&/*]*"
_ASIDE = r"[(（][^()（）\n]{1,30}[)）]"
_NAME = rf"{_WORD}(?:[ \xa0](?:[^\W_][\w.'’\-&/*]*|{_ASIDE}))" + "{0,4}"
_COLON = re.compile(
    rf"\s*[*_]{{0,2}}(?P<name>{_NAME})(?P<aside>{_ASIDE})?(?:\s*[\[(](?P<time>{_TIME})[\])])?[*_]{{0,2}}\s*"
    r"(?:：|:(?=[*_]{0,2}(?:\s|$|[^\d/\\])))"
)
_HEAD = re.compile(rf"\s*(?P<name>{_NAME})(?:\s{{1,6}}|\s*[\[(])\s*[\[(]?(?P<time>{_TIME})[\])]?\s*$")
_HEAD_AND_WORDS = re.compile(rf"\s*(?P<name>{_NAME})(?:[ \xa0]{{2,6}}|\t)(?P<time>{_TIME})(?=\s+\S)")
_TAB = re.compile(rf"\s*(?P<name>{_NAME})\t+(?=\S)")
_SHORT = re.compile(r"[^\W\d_]{1,3}\d{0,2}")
_IN_BRACKETS = re.compile(rf"\s*(?:{_ASIDE}|\[[^\[\]]*\])")

_RESERVED = frozenset(
    """note notes http https title date abstract keywords keyword source sources figure table fig example examples
    step question url from to cc bcc subject sent re fw fwd betreff von an doi email e-mail mail summary chapter
    section warning tip see e.g i.e isbn isbn-13 issn pages volume publisher files file copyright license licence
    comment comments format upstream-name upstream-contact disclaimer version author authors homepage maintainer
    description depends package priority architecture usage returns args raises parameters input output result
    results conclusion name address phone tel fax web website location place time room attachment attachments
    reply-to message-id aim method methods ingredients serves prep cook yield references
    编号 注 注意 日期 关键词 摘要 标题 作者
    来源 例如 图 表 时间 地点 主题 收件人 发件人 抄送""".split()
)
"""Labels of forms, letters and papers, by which nobody speaks."""
_OF_A_PLAY = re.compile(
    r"^\s*(?:(?:act|scene|akt|szene|acte|scène)\s+[ivx\d]+\b|第.{1,3}[幕场])", re.IGNORECASE | re.MULTILINE
)

_ASKS = re.compile(
    r"(?:i|int|iv|interviewer(?:in)?s?|interviewleiter(?:in)?|q|mod|moderator(?:in)?|moderation|facilitator|researcher|"
    r"forscher(?:in)?|entrevistador[ae]?|enquêt(?:eur|rice)|intervieweu(?:r|se)|intervistat(?:ore|rice)|host|"
    r"访谈者|访谈员|访谈人|采访者|采访人|记者|主持人|研究者|研究员|调查员|问|訪談者|訪談員|採訪者|主持)\s*[-_#]?\d{0,2}[a-z]?"
)
_ANSWERS = re.compile(
    r"(?:b|p|a|ip|res|resp|pt|interviewees?|befragte[rn]?|teilnehmer(?:[*:_]?in)?|proband(?:in)?|participant[e]?|"
    r"respondent|informant|interviewpartner(?:in)?|entrevistad[oae]|enquêtée?|interviewée?|intervistat[oa]|guest|"
    r"受访者|受访人|被访者|被访人|被试|参与者|答|受訪者|嘉宾)\s*[-_#]?\d{0,3}[a-z]?"
)
_SPEAKS = re.compile(r"(?:unknown )?(?:speaker|sprecher(?:in)?|voice|讲话人|发言人|说话人)\s*[-_#]?(?:\d{1,3}|[a-z])?")
_EITHER = re.compile(r"[rm]\s*\d{0,2}")
"""Researcher or respondent, moderator or man: it depends on the other labels."""
_ID = re.compile(r"(?P<series>[A-Z]{1,5})[-_ ]?(?P<number>\d{1,3})[a-z]?")


class Turn(NamedTuple):
    """A turn of a conversation.

    Args:
        start: where its line begins, with its time and label (codepoints).
        end: where its words end (codepoints, exclusive).
        speaker: the label of who speaks.
        time: when it begins and ends (seconds); the end is the beginning when it is unknown.
    """

    start: int
    end: int
    speaker: str
    time: tuple[float, float] | None


class Transcript(NamedTuple):
    """The turns that a text seems to have.

    Args:
        grade: ``sure``, ``ask`` (it looks like a transcript, and may be none) or ``no``.
        turns: the turns in order; none when it is no transcript.
    """

    grade: Grade
    turns: tuple[Turn, ...]

    @property
    def speakers(self) -> dict[str, int]:
        """Return how many turns each speaker has, in the order in which they first speak."""
        return dict(Counter(turn.speaker for turn in self.turns))


class _Line(NamedTuple):
    """A line that may begin a turn."""

    start: int
    words: int
    """Where what is said begins."""
    label: str
    time: float | None
    head: bool
    """Whether the label and the time are a heading of what is said."""


def recognise(text: str) -> Transcript:
    r"""Say whether a text is a transcript, and who speaks when.

    Args:
        text: with LF as line ends.

    Example:
        >>> found = recognise("I: Why?\nB: So.\nI: When?\nB: In May.\nI: Who?\nB: Ann.")
        >>> found.grade, found.speakers, found.turns[1]
        ('sure', {'I': 3, 'B': 3}, Turn(start=8, end=14, speaker='B', time=None))
    """
    lines = _lines(text)
    counts = Counter(line.label for line in lines)
    used = [line for line in lines if counts[line.label] > 1]
    grade = _grade(text, used)
    if grade == "no":
        return Transcript("no", ())
    # Who speaks only once is no turn of the speaker before.
    timed = _timed(used) >= TIMED * len(used)
    labels = {line.label for line in used}
    labels |= {line.label for line in lines if is_role(line.label) or (timed and line.time is not None)}
    return Transcript(grade, _turns(text, [line for line in lines if line.label in labels]))


def by_labels(text: str, labels: Collection[str]) -> Transcript:
    """Return the turns of speakers that a person named, whatever the text looks like.

    Args:
        text: with LF as line ends.
        labels: the labels of the speakers.
    """
    turns = _turns(text, [line for line in _lines(text) if line.label in labels])
    return Transcript("sure" if turns else "no", turns)


def is_role(label: str) -> bool:
    """Say whether a label is one of interviews, such as ``I``, ``Interviewer 2``, ``P1`` or ``BSR01``.

    Args:
        label: the label.
    """
    folded = label.casefold()
    patterns = (_ASKS, _ANSWERS, _SPEAKS, _EITHER)
    return any(pattern.fullmatch(folded) for pattern in patterns) or bool(_ID.fullmatch(label))


def label(line: str) -> tuple[str, int]:
    """Return the label before the colon of a line, and where its words begin; none when there is none.

    Args:
        line: a line without a time.

    Example:
        >>> label("Ann Lee: Hello."), label("Note: a remark"), label("At 10:30 we left.")
        (('Ann Lee', 9), ('', 0), ('', 0))
    """
    match = _COLON.match(line[:LABEL])
    name = _cleaned(match["name"]) if match else ""
    return (name, match.end() + (line[match.end() :][:1] == " ")) if match and name else ("", 0)


def roles(labels: Iterable[str]) -> dict[str, Speaker]:
    """Guess from the labels who asks and who answers; a name alone says nothing of that.

    Args:
        labels: the labels of the speakers.

    Returns:
        The role of each, in their order.

    Example:
        >>> roles(["R", "P1", "P2"])
        {'R': 'interviewer', 'P1': 'participant', 'P2': 'participant'}
        >>> roles(["Ann Lee", "Bob"])
        {'Ann Lee': 'unknown', 'Bob': 'unknown'}
    """
    all_of_them = list(dict.fromkeys(labels))
    folded = {label: label.casefold() for label in all_of_them}
    asking = {label for label in all_of_them if _ASKS.fullmatch(folded[label])}
    answering = {label for label in all_of_them if _ANSWERS.fullmatch(folded[label])} - asking
    either = [label for label in all_of_them if _EITHER.fullmatch(folded[label])]
    rest = [label for label in all_of_them if label not in asking | answering]
    if asking:
        answering |= {label for label in rest if not _SPEAKS.fullmatch(folded[label])}
    elif answering and len(either) == 1:
        asking = {*either}
        answering |= {label for label in rest if _ID.fullmatch(label)} - asking
    elif answering and len(rest) == 1 and not _SPEAKS.fullmatch(folded[rest[0]]):
        asking = {*rest}
    return {
        label: "interviewer" if label in asking else "participant" if label in answering else "unknown"
        for label in all_of_them
    }


def seconds(time: str) -> float:
    """Return a time in seconds.

    Args:
        time: hours, minutes and seconds, or minutes and seconds; behind a point, comma or hyphen parts of a second.

    Example:
        >>> seconds("1:02:03.5"), seconds("00:00:12-3"), seconds("75:10")
        (3723.5, 12.3, 4510.0)
    """
    match = re.fullmatch(r"(?:(\d+):)?(\d+):(\d{2})(?:[.,](\d+))?(?::\d+)?(?:-(\d))?", time)
    # What has four parts counts pictures in the last.
    assert match, time
    hours, minutes, whole, parts, tenth = match.groups()
    fraction = float(f"0.{parts or tenth or 0}")
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + fraction


def _lines(text: str) -> list[_Line]:
    """Return the lines that may begin a turn."""
    found = []
    at = 0
    for whole in text.split("\n"):
        line = whole[:LABEL]
        leading = _LEADING.match(line)
        skipped, time = (leading.end(), leading["time"]) if leading else (0, None)
        match = _match(line, skipped, whole)
        if match is not None:
            name = _cleaned(match["name"])
            if name:
                groups = match.groupdict()
                time = time or groups.get("time")
                head = match.re in (_HEAD, _HEAD_AND_WORDS) and time is not None
                start = at + len(whole) - len(whole.lstrip())
                stamp = seconds(time) if time else None
                found.append(_Line(start, at + match.end(), name, stamp, head))
        at += len(whole) + 1
    # Below headings a line such as "We left in 2019: …" is what is said, and no label.
    headings = [line for line in found if line.head]
    return headings if len(headings) >= TURNS else found


def _cleaned(name: str) -> str:
    """Return a label without marks and asides; empty when nobody speaks by it."""
    bare = _IN_BRACKETS.sub("", name.rstrip("*_")).strip()
    return "" if bare.casefold().rstrip(".") in _RESERVED else bare


def _match(line: str, skipped: int, whole: str) -> re.Match[str] | None:
    """Match the label of a line."""
    # A time of its own is a heading's: 'Ann Lee 0:05', but not '0:05 Ann Lee 0:10'.
    if not skipped:
        for pattern in (_HEAD, _HEAD_AND_WORDS):
            if (len(whole) <= LABEL or pattern is _HEAD_AND_WORDS) and (match := pattern.match(line)):
                return match
    if (match := _TAB.match(line, skipped)) and (_SHORT.fullmatch(match["name"]) or is_role(match["name"])):
        return match
    return _COLON.match(line, skipped)


def _grade(text: str, used: Sequence[_Line]) -> Grade:
    """Say how sure it is that lines with labels that recur begin turns."""
    labels = Counter(line.label for line in used)
    size, filled = len(used), sum(1 for line in text.split("\n") if line.strip())
    changes = sum(a.label != b.label for a, b in pairwise(used))
    if len(labels) < 2 or size < TURNS or changes < CHANGES * size or size < SHARE * filled:
        return "no"
    if len(labels) > max(12, size // 4) or _OF_A_PLAY.search(text):
        return "no"
    timed = _timed(used) >= TIMED * size
    asks = sum(1 for line, end in _stretches(text, used) if re.search("[?？]", text[line.words : end]))
    asking = asks >= max(1, ASKING * size)
    if not (timed or asking) and not any(_ASKS.fullmatch(label.casefold()) for label in labels):
        return "no"
    if _is_series(used):
        return "ask" if timed else "no"
    known = sum(number for label, number in labels.items() if is_role(label)) >= KNOWN * size and len(labels) <= 30
    if not (known or timed) and sum(line.time is not None for line in used) >= TIMED * size:
        return "no"  # a timetable
    return "sure" if known or (timed and used[0].head) else "ask"


def _timed(used: Sequence[_Line]) -> int:
    """Count the lines that have the time of a recording."""
    times = [line.time for line in used if line.time is not None]
    later = sum(a <= b for a, b in pairwise(times))
    if len(times) < 2 or later < 0.9 * (len(times) - 1) or all(time % ROUND == 0 for time in times):
        return 0
    return len(times)


def _is_series(used: Sequence[_Line]) -> bool:
    """Say whether labels count up, as those of claims (H1, H2, H3) do in a paper."""
    numbered = [_ID.fullmatch(line.label) for line in used]
    steps = 0
    for a, b in pairwise(numbered):
        if a and b and a["series"] == b["series"]:
            steps += int(b["number"]) in (int(a["number"]) + 1, 1)
    return steps >= 0.8 * (len(used) - 1)


def _stretches(text: str, lines: Sequence[_Line]) -> Iterable[tuple[_Line, int]]:
    """Give each line with where the next one begins."""
    return zip(lines, [*(line.start for line in lines), len(text)][1:], strict=True)


def _turns(text: str, lines: Sequence[_Line]) -> tuple[Turn, ...]:
    """Return the turns that begin at lines."""
    spoken = []
    for line, limit in _stretches(text, lines):
        end = line.start + len(text[line.start : limit].rstrip())
        stamp = _TRAILING.search(text, max(line.words, end - 24), end)
        spoken.append((line, end, seconds(stamp["time"]) if stamp and line.time is None else None))
    turns: list[Turn] = []
    last = 0.0
    for number, (line, end, ended) in enumerate(spoken):
        following = spoken[number + 1][0].time if number + 1 < len(spoken) else None
        time = None
        if line.time is not None:
            time = (line.time, following if following is not None and following >= line.time else line.time)
        elif ended is not None:
            # f4 writes when a turn ends.
            time, last = (min(last, ended), ended), ended
        turns.append(Turn(line.start, end, line.label, time))
    return tuple(turns)
