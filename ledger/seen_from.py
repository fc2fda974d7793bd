"""Days counted from the one they were written on (明年3月, 下月底, 本周五), as plain dates."""

import re
from datetime import date, timedelta

_YEARS = {"今年": 0, "本年": 0, "明年": 1}
_YEAR = re.compile("|".join(_YEARS))
_NEXT_MONTH = re.compile("(?:下个?|次)月")
_WEEKDAY = re.compile("([本这下])个?(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日天"


def seen_from(words: str, near: date) -> str:
    """The words with such days written out, as seen from `near`."""
    words = _YEAR.sub(lambda found: f"{near.year + _YEARS[found[0]]}年", words)
    years, month = divmod(near.month, 12)
    words = _NEXT_MONTH.sub(f"{near.year + years}年{month + 1}月", words)
    monday = near - timedelta(days=near.weekday())
    return _WEEKDAY.sub(lambda found: (monday + timedelta(days=_days(found))).isoformat(), words)


def _days(found: re.Match[str]) -> int:
    return min(_WEEKDAYS.index(found[2]), 6) + 7 * (found[1] == "下")
