"""The wording of a deadline (整改期限): which promise it makes, and what is only a date for reporting back."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from ledger.dates import YEARS, Day, Precision, month_end, parse_day, serial
from ledger.numerals import plain
from ledger.sheets import Cell
from workflow.limits import Unit


class Kind(StrEnum):
    """What a deadline's text fixes: a day, the same visit (当场), a span (三日内), or nothing (限期)."""

    DAY = "day"
    ON_THE_SPOT = "on_the_spot"
    RELATIVE = "relative"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as written: `day` for DAY and ON_THE_SPOT (None when unknown), `amount` and `unit` for RELATIVE.

    `report_by` is the day to report in writing (情况报送), a promise of its own; `understood` is False for text
    that neither states a limit nor says that there is none; `asks_report` marks wording about reporting and nothing
    else, whose date may stand in another column.
    """

    kind: Kind
    text: str
    day: date | None = None
    amount: int | None = None
    unit: Unit | None = None
    precision: Precision = Precision.NONE
    report_by: date | None = None
    understood: bool = True
    asks_report: bool = False


_CLAUSE = re.compile(r"[,;。\n]+")
_SPAN = re.compile(
    r"(?<![\d年月.第])(\d{1,3})\s*(?:个)?\s*(工作日|自然日|日|天|周|星期|礼拜|(?<=个)月|小时)(?!\d)\s*(?:之内|以内|内|期限|整改|改正|完成|$|[^底末初份前])"
)
_NEXT_DAY = re.compile("次日|第[二2]天")
# 3月2日起10日内 names the day from which is counted; 3月2日起至5日 is a range as without the word.
_FROM = re.compile(r"[日号]\s*起(.+)")
_RANGE = re.compile(r"(?<=[日号])\s*起(?=\s*[至到])")
_HALF_MONTH = re.compile(r"半个?月")
_WHOLE_YEARS = re.compile(r"(?<![\d年月.第])([1-5]|半)\s*年\s*(?:之内|以内|内|期限|$)")
_SPOT = re.compile(
    r"当场|现场(?:整改|改正)|立即|立刻|立行立改|立查立改|立整立改|立知立改|即查即改|即知即改|随查随改|马上|即时|即刻|当日|当天|即日(?!起)|边检?查边整?改"
    r"|(?:^|。)(?:立改|即改|现场)(?=$|。)"
)
_REPORT = re.compile(r"报送|上报|报告|反馈|书面报|报至|报市|报区|报县|报我|报省|报安委|回复|函复")
_NOUNS = re.compile(
    r"整改(?:落实|完成)?(?:情况|结果|报告|方案|计划)|处理(?:情况|结果)|有关情况|(?:情况|调查|检查|评估)报告"
)
_MEND = re.compile(r"整改|改正|完成|治理|消除|办结|销号|拆除|清理|修复|到位")
# Of two days the one by which this is ready is not that of the work.
_PREPARED = re.compile(r"方案|设计|论证|评估")
_NO_LIMIT = re.compile(
    r"|[-—/\\.、无]+|.*(?:限期|未载明|规定时限|规定期限|长期|持续|不详|不明|未明确|未注明|未规定|待定|尽快|逐步|抓紧|按期|按时|如期|常态化"
    r"|年初|年中|停产停业|停业整顿|按要求|督促整改|曝光|方案|计划|原则上).*",
    re.DOTALL,
)
# 民法典 art. 202 counts months to the same day; without a starting day a month is 30 natural days.
_UNITS = {
    "工作日": (1, Unit.WORKING_DAY),
    "自然日": (1, Unit.NATURAL_DAY),
    "日": (1, Unit.NATURAL_DAY),
    "天": (1, Unit.NATURAL_DAY),
    "周": (7, Unit.NATURAL_DAY),
    "星期": (7, Unit.NATURAL_DAY),
    "礼拜": (7, Unit.NATURAL_DAY),
    "月": (30, Unit.NATURAL_DAY),
    "小时": (1, Unit.HOUR),
}


def parse_deadline(value: Cell, *, found: date | None = None, published: date | None = None) -> Deadline:
    """The deadline a cell states, seen from the day the hazard was found (else published); keeps the text.

    Raises ImpossibleDay for a date that no calendar has.
    """
    if isinstance(value, datetime | date) or (isinstance(value, float | int) and serial(value)):
        day = parse_day(value)
        return Deadline(Kind.DAY, day.text, day.last, precision=day.precision)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    near = found or published
    return _text(str(value).strip(), near if near and near.year in YEARS else None)


@lru_cache(maxsize=65_536)
def _text(text: str, near: date | None) -> Deadline:
    words = _RANGE.sub("", plain(text))
    rectify, report_by, asks_report = _split(words, near)
    day = _first_day(rectify, near)
    promise = "。".join(rectify)
    if day is not None and day.last and (days := _days_from(promise, day.last)):
        last = day.last + timedelta(days=days)
        return Deadline(Kind.DAY, text, last, precision=Precision.DAY, report_by=report_by)
    if day is not None:
        return Deadline(Kind.DAY, text, day.last, precision=day.precision, report_by=report_by)
    if _SPOT.search(promise):
        return Deadline(Kind.ON_THE_SPOT, text, near, precision=Precision.DAY, report_by=report_by)
    if span := _span(promise, near):
        return Deadline(Kind.RELATIVE, text, amount=span[0], unit=span[1], report_by=report_by)
    understood = asks_report or _NO_LIMIT.fullmatch(words) is not None
    return Deadline(Kind.UNSTATED, text, report_by=report_by, understood=understood, asks_report=asks_report)


def _split(words: str, near: date | None) -> tuple[list[str], date | None, bool]:
    """Clauses that promise rectification, the day by which others ask for a report, and whether any asks for one."""
    rectify: list[str] = []
    report_by: date | None = None
    asks_report = False
    waiting: date | None = None  # "于9月20日前，将有关情况报送": the date stands a clause before its verb
    for clause in filter(None, _CLAUSE.split(words)):
        day = parse_day(clause, near=near).last
        deeds = _NOUNS.sub("", clause)
        if not _REPORT.search(deeds) and not (day and deeds != clause and not _MEND.search(deeds)):
            rectify.append(clause)
            waiting = None if _MEND.search(deeds) else day or waiting
            continue
        asks_report = True
        if _MEND.search(deeds):
            rectify.append(clause)
        elif day is None and waiting is not None:
            rectify.pop()
        report_by = report_by or day or waiting
    return rectify, report_by, asks_report


def _first_day(clauses: list[str], near: date | None) -> Day | None:
    days = [(clause, day) for clause in clauses if (day := parse_day(clause, near=near)).last is not None]
    return min(days, key=lambda each: bool(_PREPARED.search(each[0])), default=(None, None))[1]


def _days_from(promise: str, day: date) -> int | None:
    """How many days are counted from a day that is named; working days are left to who knows the calendar."""
    counted = _FROM.search(promise)
    span = _span(counted[1], day) if counted else None
    return span[0] if span and span[1] is Unit.NATURAL_DAY else None


def _span(promise: str, near: date | None) -> tuple[int, Unit] | None:
    if _HALF_MONTH.search(promise):
        return 15, Unit.NATURAL_DAY
    if _NEXT_DAY.search(promise):
        return 1, Unit.NATURAL_DAY
    if found := _WHOLE_YEARS.search(promise):
        return _months(6 if found[1] == "半" else 12 * int(found[1]), near)
    if not (found := _SPAN.search(promise)) or not int(found[1]):
        return None
    amount, (days, unit) = int(found[1]), _UNITS[found[2]]
    return _months(amount, near) if found[2] == "月" else (amount * days, unit)


def _months(amount: int, near: date | None) -> tuple[int, Unit]:
    """The days that so many months from `near` have."""
    days, unit = _UNITS["月"]
    if near is not None:
        year, month = divmod(near.month - 1 + amount, 12)
        last = month_end(near.year + year, month + 1)
        return (last.replace(day=min(near.day, last.day)) - near).days, unit
    return amount * days, unit
