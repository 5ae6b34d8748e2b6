"""Subtitles, SubRip (.srt) and WebVTT (.vtt): a line a turn where cues name their speaker, else a line a cue.

Both forms are read by one parser, because programs mix them: Zoom and Teams write WebVTT, of which some files lack the
header, count hours as ``0:0:3.5``, or have the line ends of SubRip. What a player does not show (notes, styles,
settings, tags) is no text. A speaker is the voice of a cue (``<v Ann Lee>``), or what stands before a colon (Zoom), in
brackets (``[SPEAKER_00]:``), or in parentheses on a line of its own.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import Finding
from kg.loaders import encoding as encodings
from kg.loaders.documents import speakers
from kg.loaders.documents.document import Document, Place, in_order
from kg.loaders.imports.safe import read_bytes, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOADER = "subtitles 1"
LABELLED, ROLLING = 0.5, 0.3
"""Share of the cues that name a speaker where each does; that repeat the line before where captions roll."""

_TIME = r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-{{1,2}}>\s*{_TIME}(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>|</v>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_BRACKETS = re.compile(r"\[(?P<name>[^\[\]:]{1,60})\]:\s*")
_PARENTHESES = re.compile(
    r"\((?!.*(?i:music|laugh|applau|sing|nois|sound|silence))(?P<name>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3})\)"
)


class _Cue(NamedTuple):
    """A cue of the file.

    Args:
        label: its number.
        time: when it begins and ends (seconds).
        lines: its lines, with tags.
    """

    label: str
    time: tuple[float, float]
    lines: tuple[str, ...]


class _Words(NamedTuple):
    """The words of one speaker in a cue; the speaker is empty when nobody is named."""

    cue: _Cue
    speaker: str
    words: str


def read(path: Path, *, encoding: str | None = None) -> Document:
    """Read subtitles.

    Args:
        path: the file.
        encoding: what it is encoded as; without it UTF-8, or what a byte order mark says.

    Raises:
        StudyError: when its encoding is not known, or it has no cue.
    """
    decoded = encodings.decode(read_bytes(path), path.name, encoding)
    cues, remarks = _cues(decoded.text, path.name)
    if not cues:
        mend = "a cue has a line such as '00:00:01.000 --> 00:00:04.000' above its words"
        refuse(path.name, "broken-document", "no cue was found in it", mend)
    said, rolling = _unrolled(cues)
    if rolling:
        message = f"{rolling:,} lines are repeated by rolling captions, and were taken once"
        remarks.append(Finding(path.name, 0, "document-left-out", message, "nothing, if that is right", "warning"))
    text, places = _written(_spoken(said))
    if not text:
        refuse(path.name, "broken-document", "its cues have no words", "is it the right file?")
    return Document(text, in_order(places), (), (*decoded.remarks, *remarks), LOADER)


def _cues(text: str, file: str) -> tuple[list[_Cue], list[Finding]]:
    """Find the cues, and warn of what is odd about them."""
    lines = text.split("\n")
    is_vtt = lines[0].startswith("WEBVTT")
    timings = [(at, match) for at, line in enumerate(lines) if (match := "->" in line and _TIMING.match(line))]
    # Some programs write a short arrow. Where a file has long ones, a short one is what somebody said.
    if long := [(at, match) for at, match in timings if lines[at].partition(">")[0].endswith("--")]:
        timings = long
    cues: list[_Cue] = []
    backwards = 0
    first_line = 0
    lost = 0
    for number, (at, match) in enumerate(timings, 1):
        identifier = _identifier(lines, at)
        lost += _lost(lines[first_line : at - bool(identifier)])
        following = timings[number][0] if number < len(timings) else len(lines)
        end = following - bool(number < len(timings) and _identifier(lines, following))
        if is_vtt:
            # A blank line ends a cue of WebVTT (4.1), while one of SubRip may have some.
            end = next((i for i in range(at + 1, end) if not lines[i].strip()), end)
        first_line = end
        begins, ends = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
        backwards += ends < begins or bool(cues and begins < cues[-1].time[0])
        words = tuple(line.strip() for line in lines[at + 1 : end] if line.strip())
        label = identifier if identifier.isdecimal() and len(identifier) < 10 else str(number)
        cues.append(_Cue(label, (begins, max(begins, ends)), words))
    lost += _lost(lines[first_line:]) if cues else 0
    remarks = []
    if backwards:
        message = f"{backwards:,} cues end before they begin, or begin before the one above; they stand as in the file"
        remarks.append(Finding(file, 0, "document-left-out", message, "check these times", "warning"))
    if lost:
        message = f"{lost:,} lines belong to no cue, and were left out"
        remarks.append(Finding(file, 0, "document-left-out", message, "put a line of times above them", "warning"))
    return cues, remarks


def _identifier(lines: Sequence[str], at: int) -> str:
    """Return the line above a line of times that numbers or names the cue; empty when there is none."""
    if at == 0 or not (above := lines[at - 1].strip()) or _TIMING.match(above):
        return ""
    # In SubRip without blank lines the number stands below the words of the cue before.
    return above if at == 1 or not lines[at - 2].strip() or above.isdecimal() else ""


def _lost(lines: Sequence[str]) -> int:
    """Count the lines between cues that are neither the header nor notes nor styles."""
    lost = 0
    skipping = False
    for number, line in enumerate(lines):
        if not line.strip():
            skipping = False
        elif (number == 0 and line.startswith("WEBVTT")) or (not skipping and _BLOCK.match(line)):
            skipping = True
        elif not skipping:
            lost += 1
    return lost


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    return round(int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction or 0}"), 3)


def _unrolled(cues: Sequence[_Cue]) -> tuple[list[_Cue], int]:
    """Take the lines once that captions of speech as it is recognised show again in the next cue."""
    plain = [tuple(_plain(line) for line in cue.lines) for cue in cues]
    again = [bool(a and b and a[-1] == b[0]) for a, b in pairwise(plain)]
    if sum(again) < max(3, ROLLING * len(cues)):
        return list(cues), 0
    kept = [cues[0]]
    dropped = 0
    for cue, is_again in zip(cues[1:], again, strict=True):
        kept.append(cue._replace(lines=cue.lines[1:]) if is_again else cue)
        dropped += is_again
    return kept, dropped


def _spoken(cues: Sequence[_Cue]) -> list[_Words]:
    """Part the words of each cue by who speaks."""
    voiced: list[tuple[_Cue, str, str]] = []
    for cue in cues:
        voice, at, raw = "", 0, "\n".join(cue.lines)
        for match in _VOICE.finditer(raw):
            voiced.append((cue, voice, raw[at : match.start()]))
            voice, at = _plain(match[1] or ""), match.end()
        voiced.append((cue, voice, raw[at:]))
    parts = [(cue, voice, lines) for cue, voice, raw in voiced if (lines := _lines(raw))]
    labels = [_label(lines) for _, voice, lines in parts if not voice]
    counts = Counter(name for name, _ in labels if name)
    named = sum(counts.values()) >= LABELLED * max(1, len(labels))
    is_speaker = {name for name, number in counts.items() if named or number > 2 or speakers.is_role(name)}
    # Where few cues have a label, or a label has a line of its own, it says that another one speaks from there on.
    goes_on = not named or any(_PARENTHESES.fullmatch(lines[0]) for _, _, lines in parts)
    spoken: list[_Words] = []
    last = ""
    for cue, voice, lines in parts:
        name, rest = ("", lines) if voice else _label(lines)
        if voice or name not in is_speaker:
            name, rest = voice or (last if goes_on else ""), lines
        last = name
        if words := " ".join(" ".join(rest).split()):
            spoken.append(_Words(cue, name, words))
    return spoken


def _label(lines: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return who speaks by the words of a cue themselves, and the rest of these; nobody when they do not say."""
    if match := _PARENTHESES.fullmatch(lines[0]):
        return match["name"], lines[1:]
    if match := _BRACKETS.match(lines[0]):
        return match["name"].strip(), [lines[0][match.end() :], *lines[1:]]
    name, at = speakers.label(lines[0])
    return name, [lines[0][at:], *lines[1:]]


def _lines(raw: str) -> list[str]:
    return [line for part in raw.split("\n") if (line := _plain(part))]


def _plain(raw: str) -> str:
    """Return a line as a player shows it: without tags, with the characters that entities stand for."""
    shown = _ENTITY.sub(lambda match: html.unescape(match[0]), _TAG.sub("", raw))
    return " ".join(shown.replace("\ufffd", "").split())


def _written(spoken: Sequence[_Words]) -> tuple[str, list[Place]]:
    """Write a line a turn, or a cue where nobody is named, and say where each of them stands."""
    pieces: list[str] = []
    places: list[Place] = []
    length = turn = 0
    last: _Words | None = None

    def add(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    for one in spoken:
        if last and last.speaker == one.speaker and one.speaker:
            add(" ")
            before = places[turn].time or one.cue.time
            time = (before[0], max(before[1], one.cue.time[1]))
        else:
            if last:
                add("\n")
            time, turn = one.cue.time, len(places)
            if one.speaker:
                places.append(Place("turn", length, length, one.speaker, time=time))
                add(f"{one.speaker}: ")
        start = length
        add(one.words)
        places.append(Place("cue", start, length, one.cue.label, time=one.cue.time))
        if one.speaker:
            places[turn] = places[turn]._replace(end=length, time=time)
        last = one
    return "".join(pieces) + "\n" * bool(pieces), places
