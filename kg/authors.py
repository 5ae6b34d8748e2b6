"""The authors of references: which names are one author, and the ids that authors have.

Names are one author's when they are the same but for case, white space, dots and hyphens, or have the same ORCID iD.
That "Lee, A." is "Lee, Ann" is not guessed: only an ORCID iD says it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import csl, orcid
from kg.cjk import cjk
from kg.naming import slug
from kg.records import Author

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LOOSE = re.compile(r"[\s.\-‐‑·・]+")
"""What two spellings of a given name may differ in."""
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾萧蕭肖田董袁潘"
    "于蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫閻段雷侯龙龍史"
    "陶黎贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯"
    "김이박최정강조윤장임한오서신권황안송류전홍"
)
"""The most common family names of one character in China and Korea."""
_BODY = re.compile(r"(?:报|報|网|網|社|刊|院|局|会|會|司|部|台|臺|银行|集团|集團|大学|大學|中心|财经|科技|证券|周刊)$")
"""How names of newspapers, companies and institutions end in Chinese."""


class Name(NamedTuple):
    """One name as a reference has it.

    Args:
        key: what all spellings of it have in common.
        family: family name with its particles; empty where the name is not parted.
        given: given names with their suffix.
        literal: the whole name, where a style writes it whole: it is not parted, or is in Chinese, Japanese or Korean.
        orcid: the ORCID iD of whoever bears it; empty when it is not told.
    """

    key: str
    family: str
    given: str
    literal: str
    orcid: str


def read(name: Mapping[str, Any]) -> Name:
    """Read a name of CSL-JSON that holds something.

    Args:
        name: the name.

    Example:
        >>> read({"family": "Prahalad", "given": "C.K."}).key == read({"family": "PRAHALAD", "given": "C. K."}).key
        True
        >>> read({"family": "王", "given": "伟"}).key == read({"literal": "王伟"}).key
        True
    """
    parts = csl.person(name)
    identifier = orcid.parse(name["ORCID"]) if name.get("ORCID") else ""
    if literal := parts.get("literal"):
        parted = {} if csl.text(name.get("literal")) else name
        family, given = (csl.text(parted.get(part)) for part in ("family", "given"))
        return Name(f"whole {_folded(literal)}", family, given, literal, identifier)
    family = " ".join(filter(None, (parts.get("non-dropping-particle"), parts["family"])))
    given = " ".join(filter(None, (parts.get("given"), parts.get("dropping-particle"))))
    given = ", ".join(filter(None, (given, parts.get("suffix"))))
    return Name(f"parts {_folded(family)}, {_LOOSE.sub('', given).casefold()}", family, given, "", identifier)


def _folded(name: str) -> str:
    """Return a name without what spellings of it differ in; words stay apart."""
    return " ".join(name.replace(".", " ").casefold().split())


@cache
def is_person(literal: str) -> bool:
    """Say whether a name that is not parted is a person's; CSL gives names of organisations so.

    Args:
        literal: the name.

    Returns:
        Whether it is two or three Chinese or Korean characters that begin with a common family name and do not end as
        names of institutions do. Of other names it cannot be known, and Japanese ones are told from those of
        companies by nobody who does not know them: give such names in parts.

    Example:
        >>> is_person("王伟"), is_person("金证券"), is_person("小米"), is_person("Ann Lee")
        (True, False, False, False)
    """
    return (
        2 <= len(literal) <= 3
        and literal[0] in _SURNAMES
        and all(cjk().match(sign) for sign in literal)
        and _BODY.search(literal) is None
    )


def of(items: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[Author, ...], dict[str, tuple[str, ...]]]:
    """Find the authors of references.

    Args:
        items: CSL-JSON items by key.

    Returns:
        The authors by their ids, which do not depend on the order of the items; and by the key of each item the ids of
        its authors in their order, of its editors when it has no author.

    Example:
        >>> lee = {"family": "Lee", "given": "A. B."}
        >>> some, by_item = of({"a": {"author": [lee, {"literal": "Sina"}]}, "b": {"author": [{**lee, "given": "AB"}]}})
        >>> [(one.id, one.name, one.organisation) for one in some], by_item["b"]
        ([('lee-a-b', 'Lee, A. B.', False), ('sina', 'Sina', True)], ('lee-a-b',))
    """
    names = {key: [read(name) for name in csl.creators(item)] for key, item in items.items()}
    bearers: dict[str, set[str]] = {}
    for name in (name for some in names.values() for name in some):
        bearers.setdefault(name.key, set()).update(filter(None, [name.orcid]))
    groups: dict[str, list[Name]] = {}
    for some in names.values():
        for name in some:
            groups.setdefault(_group(name, bearers), []).append(name)
    authors = _identified(groups)
    by_item = {
        key: tuple(dict.fromkeys(authors[_group(name, bearers)].id for name in some)) for key, some in names.items()
    }
    return tuple(sorted(authors.values(), key=lambda author: author.id)), by_item


def _group(name: Name, bearers: Mapping[str, set[str]]) -> str:
    """Return what all names of one author share: the ORCID iD, also of a name that only one iD is told of elsewhere."""
    told = {name.orcid} if name.orcid else bearers[name.key]
    return next(iter(told)) if len(told) == 1 else name.key


def _identified(groups: Mapping[str, Sequence[Name]]) -> dict[str, Author]:
    """Make an author of each group of names; the first of those whose names give one id, by their keys, has it."""
    best = {group: max(names, key=_fullness) for group, names in groups.items()}
    wished = {group: slug(_written(name), "author") for group, name in best.items()}
    taken = set(wished.values())
    last: dict[str, int] = {}
    authors = {}
    for group in sorted(groups):
        plain = identifier = wished[group]
        number = last.get(plain, 0) + 1
        while number > 1 and (identifier := f"{plain}-{number}") in taken:
            number += 1
        last[plain] = number
        taken.add(identifier)
        name = best[group]
        is_parted = bool(name.family or name.given)
        authors[group] = Author(
            id=identifier,
            family=name.family,
            given=name.given,
            literal="" if is_parted else name.literal,
            orcid=next((one.orcid for one in groups[group] if one.orcid), None),
            organisation=not is_parted and not is_person(name.literal),
        )
    return authors


def _fullness(name: Name) -> tuple[bool, bool, int, Name]:
    """Order spellings: the fullest last, and rather one with small letters than in capitals alone."""
    return bool(name.family or name.given), not name.family.isupper(), len(name.given), name


def _written(name: Name) -> str:
    return name.literal or ", ".join(filter(None, (name.family, name.given)))
