"""Days as ledgers write them: cells, serials, figures, Chinese numerals, months, years, ranges."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from ledger import refusals
from ledger.numerals import DIGITS, plain
from ledger.seen_from import seen_from
from ledger.sheets import Cell

EPOCH = date(1899, 12, 30)  # day 0 of the 1900 system, shifted by its false 29 February 1900
SERIALS = range(20_000, 80_000)  # 1954 to 2119: anything else in a date column is no serial
YEARS = range(1900, 2200)  # beyond lie slips of the pen and 9999-12-31


class Precision(StrEnum):
    """How much of a date its text states."""

    DAY = "day"
    TEN_DAYS = "ten_days"
    MONTH = "month"
    YEAR = "year"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Day:
    """What a date cell says: first and last day it may mean (the same when exact), and its text."""

    first: date | None
    last: date | None
    precision: Precision
    text: str


_FULL = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月份?|[-./])\s*(\d{1,2})(?!\d)")
_PACKED = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:年|[-./])\s*(\d{1,2})(?!\d)(?!\s*[-./]\s*\d)\s*(?:月|$|[^\d.季个])")
_PART = re.compile(r"(?:(?<!\d)((?:19|20)\d\d)年?)?(?:第?([1-4一二三四])季度|([上下])半年)")
# 5/20/2026 as a spreadsheet in English writes it; 20/5/2026 where no month is meant.
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)\d\d)(?!\d)")
_TWO_FIGURES = re.compile(r"([123]\d)(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})(?:日|号)?\D{0,4}")
_DOTTED = re.compile(
    r"(\d{1,2})[./](\d{1,2})(?:日|号)?[之以]?前?(?P<range>\s*(?:至|到|—+|-+|~)\s*\d{1,2}[./]\d{1,2}(?:日|号)?[之以]?前?)?"
    r"|(1[0-2]|0?[1-9])-(3[01]|[12]\d|0?[1-9])前?"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年?底|年?末|年度?|\s*$)(?!初|中|\s*年?[初中]|.{0,4}节)")
_SHORT = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})(?:日|号|(?!\d))")
_BARE_MONTH = re.compile(r"(?<![\d年])(1[0-2]|0?[1-9])月(?:$|[^\d初])")
_THIS_MONTH = re.compile(r"[本当]?月[底末][之以]?前?\D{0,6}|(?:本月)?(\d{1,2})[日号][之以]?前\D{0,6}")
_TEN_DAYS = re.compile(r"月份?([上中下])旬")
_RANGE_DAY = re.compile(r"^\s*(?:日|号)?\s*(?:至|到|—+|-+|~|/)\s*(?:(\d{1,2})[月./])?(\d{1,2})(?:日|号|$|[之以]?前)")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")

YearOf = Callable[[int, int], int | None]


def serial(value: float) -> date | None:
    """The day of an Excel serial number (1900 system), or None outside 1954 to 2119."""
    return EPOCH + timedelta(days=int(value)) if int(value) in SERIALS else None


def is_cut_short(value: Cell) -> bool:
    """True for a figure such as 2023.1 or 8.2, whose last 0 (2023.10, 8.20) a spreadsheet would have dropped."""
    return isinstance(value, float) and re.fullmatch(r"\d+\.[123]", str(value)) is not None


def parse_day(value: Cell, *, near: date | None = None) -> Day:
    """The day a cell states; a day without a year is the first such day on or after `near`.

    Raises ImpossibleDay for days such as 2023-02-30; text without a date gives precision NONE.
    """
    return _cell(value, near, forward=True)


def parse_past_day(value: Cell, *, near: date | None = None) -> Day:
    """As `parse_day`, for days gone by: a day without a year is the last such day on or before `near`."""
    return _cell(value, near, forward=False)


def _cell(value: Cell, near: date | None, *, forward: bool) -> Day:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Day(value, value, Precision.DAY, value.isoformat())
    if isinstance(value, float | int) and not isinstance(value, bool):
        day = serial(value)
        if day is not None:
            return Day(day, day, Precision.DAY, day.isoformat())
        value = str(int(value)) if value == int(value) else str(value)
    return _text(str(value).strip(), near, forward)


@lru_cache(maxsize=65_536)
def _text(text: str, near: date | None, forward: bool) -> Day:
    near = near if near and near.year in YEARS else None
    words = seen_from(plain(text), near) if near else plain(text)
    if _SERIAL.fullmatch(words) and (day := serial(float(words))):
        return Day(day, day, Precision.DAY, text)
    for pattern in (_FULL, _PACKED):
        if found := pattern.search(words):
            first = exact(*_figures(found), text)
            return Day(first, _range_end(words, found.end(), first, text, pattern), Precision.DAY, text)
    if found := _TWO_FIGURES.fullmatch(words):
        first = exact(2000 + int(found[1]), int(found[2]), int(found[3]), text)
        return Day(first, first, Precision.DAY, text)
    if found := _YEAR_LAST.search(words):
        month, of_month = sorted((int(found[1]), int(found[2])), key=lambda each: each > 12)
        first = exact(int(found[3]), month, of_month, text)
        return Day(first, first, Precision.DAY, text)
    return _vague(words, text) or _without_year(words, text, near, forward)


def _vague(words: str, text: str) -> Day | None:
    if (found := _PART.search(words)) and found[1]:
        return _part(int(found[1]), found, text)
    if found := _MONTH.search(words):
        return _month(int(found[1]), int(found[2]), text)
    if found := _YEAR.search(words):
        year = int(found[1])
        return Day(date(year, 1, 1), date(year, 12, 31), Precision.YEAR, text)
    return None


def _without_year(words: str, text: str, near: date | None, forward: bool) -> Day:
    if found := _SHORT.search(words) or _DOTTED.fullmatch(words):
        month, day = (int(each) for each in found.groups() if each and each.isdecimal())
        exact(2024, month, day, text)  # a leap year: refuses what exists in no year
        if near is not None:
            sought = near_day(month, day, near, forward=forward)
            end = found.start("range") if found.re is _DOTTED and found["range"] else found.end()
            return Day(sought, _short_range_end(words[end:], sought, text), Precision.DAY, text)
    elif near is not None and forward and (found := _THIS_MONTH.fullmatch(words)):
        return _this_month(found[1], near, text)
    elif (found := _BARE_MONTH.search(words)) and near is not None:
        month = int(found[1])
        exact(2024, month, 1, text)
        year = near.year + (month < near.month) if forward else near.year - (month > near.month)
        return _month(year, month, text)
    elif "年底" in words and near is not None:
        return Day(date(near.year, 1, 1), date(near.year, 12, 31), Precision.YEAR, text)
    elif (found := _PART.search(words)) and near is not None:
        this = _part(near.year, found, text)
        past, ahead = this.last and this.last < near, this.first and this.first > near
        return _part(near.year + (1 if forward and past else -1 if ahead and not forward else 0), found, text)
    return Day(None, None, Precision.NONE, text)


def _part(year: int, found: re.Match[str], text: str) -> Day:
    """二季度 or 上半年 of a year."""
    if quarter := found[2]:
        last, months = 3 * (DIGITS.get(quarter) or int(quarter)), 3
    else:
        last, months = (6 if found[3] == "上" else 12), 6
    return Day(date(year, last - months + 1, 1), month_end(year, last), Precision.MONTH, text)


def _this_month(day: str | None, near: date, text: str) -> Day:
    """月底前 is the end of the month of `near`; 15日前 the next 15th."""
    if day is None:
        return _month(near.year, near.month, text)
    exact(2024, 1, int(day), text)
    later = near.month + (int(day) < near.day)
    last = month_end(near.year + later // 13, (later - 1) % 12 + 1)
    sought = last.replace(day=min(int(day), last.day))
    return Day(sought, sought, Precision.DAY, text)


def near_day(month: int, day: int, near: date, *, forward: bool) -> date:
    """The first such day on or after `near`, or the last on or before it."""
    step = 1 if forward else -1
    for year in range(near.year, near.year + 9 * step, step):  # 29 February may be eight years off
        try:
            sought = date(year, month, day)
        except ValueError:
            continue
        if (sought - near).days * step >= 0:
            return sought
    raise AssertionError((month, day))


def _figures(found: re.Match[str]) -> tuple[int, int, int]:
    return int(found[1]), int(found[2]), int(found[3])


def exact(year: int, month: int, day: int, text: str) -> date:
    """The date, or ImpossibleDay with the text that claims it."""
    try:
        return date(year, month, day)
    except ValueError as fault:
        raise refusals.ImpossibleDay(right="日历上存在的日期，如 2023-02-28", text=text) from fault


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _month(year: int, month: int, text: str) -> Day:
    first, last = exact(year, month, 1, text), month_end(year, month)
    if found := _TEN_DAYS.search(text):
        begin = {"上": 1, "中": 11, "下": 21}[found[1]]
        end = last if begin == 21 else first.replace(day=begin + 9)
        return Day(first.replace(day=begin), end, Precision.TEN_DAYS, text)
    return Day(first, last, Precision.MONTH, text)


def _range_end(words: str, start: int, first: date, text: str, pattern: re.Pattern[str]) -> date:
    if again := pattern.search(words, start):
        return max(first, exact(*_figures(again), text))
    return _short_range_end(words[start:], first, text)


def _short_range_end(rest: str, first: date, text: str) -> date:
    """The end of 9月28日-10月8日, 2023.12.28-1.8 or 2023年9月28日至30日; `first` where no range follows."""
    if not (short := _RANGE_DAY.match(rest)):
        return first
    month = int(short[1] or first.month)
    return max(first, exact(first.year + (month < first.month), month, int(short[2]), text))
