"""Chinese numerals (三十, 二〇二三, 两) and full-width figures as plain figures."""

import re
import unicodedata

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
TENS = {"十": 10, "廿": 20, "卅": 30, "百": 100}
# Only where a unit of time or an ordinal says that a number is meant: 一般 and 三角区 stay words.
_COUNTED = re.compile(
    r"[零〇○一二三四五六七八九两十百]{1,6}(?=\s*(?:年|月|日|号|天|周|小时|个工作日|个自然日|工作日|自然日|个月|个星期|星期))"
)


_POINTED = re.compile(r"((?:19|20)\d\d)[。、,](\d{1,2})[。、,](\d{1,2})(?!\d)")


def plain(text: str) -> str:
    """NFKC form of `text` with the Chinese numerals of dates and spans in figures, and 2023。10。8 with points."""
    text = _POINTED.sub(r"\1.\2.\3", unicodedata.normalize("NFKC", text))
    return _COUNTED.sub(lambda found: str(number(found.group())), text)


def number(numeral: str) -> int:
    """The value of a numeral below 1000, or of digits read one by one (二〇二三)."""
    if not any(character in TENS for character in numeral):
        return int("".join(str(DIGITS[character]) for character in numeral))
    total, digit = 0, 0
    for character in numeral:
        if character in DIGITS:
            digit = DIGITS[character]
        else:
            ten = TENS[character]
            total += ten if ten in (20, 30) else ten * (digit or 1)
            digit = 0
    return total + digit
