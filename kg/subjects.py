"""Whether a passage names what it speaks of: one that begins with a pronoun, or with the verb of a sentence, does not.

No grammar is needed for the beginnings that people choose: a pronoun is a word of a short list, and a verb without its
subject stands first in a passage that was cut out of the middle of a sentence.
"""

from __future__ import annotations

import re
from functools import cache

_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*%?|[,;:.!?]")
_ENDS = ".!?。！？:：;；…"
"""What stands before the beginning of a sentence or clause, whatever quotation marks are between."""
_QUOTES = "\"'“”‘’«»「」『』()（）[]*_ \t"

_PERSONAL = frozenset("he she they him her them".split())
_POINTING = frozenset("this that these those".split())
_OWNING = frozenset("his her its their".split())
_RELATIVE = frozenset("which who whom whose".split())
_JOINING = frozenset("and but or nor then also even still never not no longer only soon often later just thus".split())
_AUXILIARY = frozenset(
    "is was are were be been am has had have does did do can could may might must shall should will would".split()
)
_PAST = frozenset(
    "went came gave took made said found got left began kept told thought became grew fell rose led met "
    "saw wrote ran held brought built bought paid sold won lost drew knew felt stood spent meant sent "
    "showed chose spoke put set".split()
)
_PRESENT = frozenset(
    "means shows suggests makes gives leads helps lets takes implies allows keeps drives works leaves "
    "brings needs seems says causes binds raises lowers becomes remains happens depends mean show suggest "
    "make give lead help let take imply keep drive seem say".split()
)
_DETERMINERS = frozenset("the a an its their his every".split())
_FINDING = frozenset(
    "find finds found show shows showed report reports reported observe observes observed conclude concludes concluded "
    "estimate estimates estimated note notes noted argue argues argued state states stated write writes wrote".split()
)
_AFTER_VERB = frozenset(
    "the a an its their his her our my this these no not every each some any all in on at to from by with "
    "for of as up down out off over into that it them him us me more less most so very only again twice".split()
)
_IMPERSONAL = frozenset(
    "clear likely true possible impossible necessary important easy hard difficult known said thought time only not "
    "seems takes took follows appears turns well hoped said".split()
)
_ABSOLUTE = frozenset(("having", "being"))

_ZH_PRONOUN = re.compile(
    r"(?:他|她|它)们?|其(?!实|他|它|余|次|中|间|后|一|二|三)"
    r"|[这那此](?=使|让|说明|表明|是|意味|导致|促使|对|就|也|给|为|有|会|能|可以|不|并|令|引|带|证|反映|帮)"
)
_ZH_JOINED = re.compile(r"(?:并|从而|进而|以致|以至)(?!购|列|存|发|行)")
# These adverbs stand behind a subject, and "把" and its like behind one, too: where a sentence was cut before them, or
# before what joins it to the one before, it was cut off its subject.
_ZH_ADVERB = (
    r"(?:就(?!业|诊|学|医|餐|近|读|职)|便(?!利|宜|民|于|捷)|也(?!许)|又"
    r"|还(?![有是款钱债贷原])|才(?![能艺华智])|却|仍|已经)"
)
_ZH_CUT = re.compile(
    rf"(?:于是|因此|因而|所以|后来|随后|接着|然后|结果)?(?:{_ZH_ADVERB}"
    r"|把(?!握|关|手)|将(?!来|军|近|领)|被(?!访|试|告|调|动|子|窝)|让(?!步|位)|使(?!用|命|馆|者|节)|令(?!牌))"
)


def lacks_subject(passage: str, before: str) -> bool:
    """Say whether a passage begins so that a reader does not know of whom or what it speaks.

    Args:
        passage: its words.
        before: the text of its paragraph before it; empty where it begins one.

    Example:
        >>> lacks_subject("They had bought because of the name.", "Buyers were asked. ")
        True
        >>> lacks_subject("voted on the icons", "The group met and "), lacks_subject("users voted on it", "In May ")
        (True, False)
        >>> lacks_subject("It is clear that prices fell.", ""), lacks_subject("这使很多人留下", "")
        (False, True)
    """
    text = passage.strip(_QUOTES)
    is_cut = bool(before.strip(_QUOTES)) and before.rstrip(_QUOTES)[-1] not in _ENDS
    if _ZH_PRONOUN.match(text) or (is_cut and (_ZH_JOINED.match(text) or _ZH_CUT.match(text))):
        return True
    words = _WORDS.findall(text[:300])
    lowered = [word.casefold() for word in words]
    if not lowered:
        return False
    if lowered[0] in _RELATIVE and words[0] == lowered[0]:
        return True
    while lowered[:1] and lowered[0] in _JOINING and (is_cut or lowered[0] in ("and", "but", "or", "then")):
        words, lowered = words[1:], lowered[1:]
    if not lowered:
        return False
    if _is_pronoun(lowered, words):
        return True
    return is_cut and words[0] == lowered[0] and _is_verb(lowered)


def _is_pronoun(words: list[str], written: list[str]) -> bool:
    """Say whether words begin with one that stands for what was named before."""
    first, rest = words[0], words[1:]
    if first in _OWNING | _PERSONAL:
        # "Their offer having been accepted, the testers began": who is meant comes after it.
        return not _ABSOLUTE & {*rest[:4]}
    if first == "it":
        return not _is_impersonal(rest)
    if first in _POINTING:
        if first == "that" and (not rest or written[0] == "that"):
            return False  # that begins a clause
        return bool(rest) and (rest[0] in _AUXILIARY | _PAST | _PRESENT | _JOINING or _is_past(rest))
    return False


def _is_impersonal(rest: list[str]) -> bool:
    """Say whether "it" stands for nothing, as in "it is clear that" or "it was the stories that"."""
    after = [word for word in rest if word not in ("is", "was", "has", "been", "may", "be", "will", "would", "not")]
    if not after or after[0] in _IMPERSONAL:
        return True
    # A cleft sentence: what is brought forward stands between the verb and its clause.
    sentence = rest[: next((n for n, word in enumerate(rest) if word in (".", "!", "?", ";")), len(rest))]
    return rest[0] in ("is", "was") and bool({"that", "who", "which"} & {*sentence[2:12]})


def _is_verb(words: list[str]) -> bool:
    """Say whether words begin with the finite verb of a sentence whose subject stands before them."""
    first, second = words[0], words[1] if len(words) > 1 else ""
    # Who found something is the author that is cited: what was found names what it is about.
    if first in _FINDING:
        return False
    if first in _AUXILIARY | _PAST:
        return True
    # Many a verb of the present is a noun, too: "needs drive it" has a subject.
    if first in _PRESENT and second in _AFTER_VERB:
        return True
    if first.endswith("s") and not first.endswith("ss") and second in _DETERMINERS:
        return True
    return _is_past(words)


def _is_past(words: list[str]) -> bool:
    """Say whether words begin with a past tense in -ed, and not with an adjective of that form."""
    first, second = words[0], words[1] if len(words) > 1 else ""
    if not re.fullmatch(r"[a-z]{2,}ed", first):
        return False
    return second in _AFTER_VERB or second[:1].isdigit() or second.endswith(("ing", "ly")) or not second


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*%?")


def count_words(text: str) -> float:
    """Count the words of a text; a character of Chinese is half a word.

    Args:
        text: in any language.

    Example:
        >>> count_words("bus trips up 12%"), count_words("需求驱动")
        (4.0, 2.0)
    """
    from kg.cjk import unspaced

    characters = len(unspaced().findall(text))
    plain = unspaced().sub(" ", text) if characters else text
    return len(_word().findall(plain)) + characters / 2
