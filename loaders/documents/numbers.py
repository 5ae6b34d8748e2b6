"""Write the numbers of lists and headings as word processors show them."""

from __future__ import annotations

MAX_LETTERS = 780
"""The greatest number that Word writes as letters: thirty times z."""
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CHINESE = "〇一二三四五六七八九"
_CHINESE_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def roman(number: int) -> str:
    """Write a number as small Roman numerals; from 4000 on as digits.

    Example:
        >>> roman(14)
        'xiv'
    """
    if not 0 < number < 4000:
        return str(number)
    written = []
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written.append(letters * count)
    return "".join(written)


def letters(number: int) -> str:
    """Write a number as small letters, which are doubled after z; too great ones as digits.

    Example:
        >>> letters(2), letters(28)
        ('b', 'bb')
    """
    if not 0 < number <= MAX_LETTERS:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def chinese(number: int, digits: str = _CHINESE, units: str = "十百千") -> str:
    """Write a number up to 9999 in Chinese, as it is counted.

    Args:
        number: others are written as digits.
        digits: those for zero to nine.
        units: those for ten, hundred and thousand.

    Example:
        >>> [chinese(number) for number in (3, 10, 15, 20, 105, 110)]
        ['三', '十', '十五', '二十', '一百〇五', '一百一十']
    """
    if not 0 < number < 10_000:
        return str(number)
    written, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if not digit:
            gap = bool(written)
            continue
        written += (digits[0] if gap else "") + digits[digit] + (units[power - 1] if power else "")
        gap = False
    # Ten to nineteen are counted without the one, but where they are written against fraud.
    return written[1:] if digits is _CHINESE and 10 <= number < 20 else written


def _enclosed(number: int) -> str:
    if 1 <= number <= 20:
        return chr(0x245F + number)
    return str(number)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _of(characters: str, number: int) -> str:
    return characters[number - 1] if 1 <= number <= len(characters) else str(number)


def word(number: int, form: str) -> str:
    """Write a number in a form of Word.

    Args:
        number: the number.
        form: a value of ST_NumberFormat (ISO 29500-1, 17.18.59); one that is not known here is digits.

    Example:
        >>> [word(4, form) for form in ("decimal", "upperRoman", "lowerLetter", "chineseCounting", "ordinal", "none")]
        ['4', 'IV', 'd', '四', '4th', '']
    """
    match form:
        case "none" | "bullet":
            return ""
        case "upperRoman":
            return roman(number).upper()
        case "lowerRoman":
            return roman(number)
        case "upperLetter":
            return letters(number).upper()
        case "lowerLetter":
            return letters(number)
        case "ordinal":
            return _ordinal(number)
        case "decimalZero":
            return f"{number:02}"
        case "decimalFullWidth" | "decimalFullWidth2":
            return str(number).translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese":
            return _enclosed(number)
        case "chineseCounting" | "chineseCountingThousand" | "japaneseCounting" | "taiwaneseCountingThousand":
            return chinese(number)
        case "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseCounting":
            return (
                chinese(number) if form == "taiwaneseCounting" else "".join(_CHINESE[int(d)] for d in f"{abs(number)}")
            )
        case "chineseLegalSimplified":
            return chinese(number, _CHINESE_LEGAL, "拾佰仟")
        case "ideographTraditional":
            return _of(_STEMS, number)
        case "ideographZodiac":
            return _of(_BRANCHES, number)
        case _:
            return str(number)


def opendocument(number: int, form: str) -> str:
    """Write a number in a form of OpenDocument.

    Args:
        number: the number.
        form: a value of style:num-format (ODF 1.3, 19.502): its first number in the form, such as ``1``, ``a``, ``一``.

    Example:
        >>> [opendocument(4, form) for form in ("1", "a", "I", "一, 二, 三, ...", "")]
        ['4', 'd', 'IV', '四', '']
    """
    match form.partition(",")[0]:
        case "":
            return ""
        case "a":
            return letters(number)
        case "A":
            return letters(number).upper()
        case "i":
            return roman(number)
        case "I":
            return roman(number).upper()
        case "一":
            return chinese(number)
        case "壹":
            return chinese(number, _CHINESE_LEGAL, "拾佰仟")
        case "①":
            return _enclosed(number)
        case "甲":
            return _of(_STEMS, number)
        case "子":
            return _of(_BRANCHES, number)
        case _:
            return str(number)
