"""The instants of an old hazard (时间): when it was found, by when it is due, and what of that is only assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from ledger.dates import YEARS, Precision
from ledger.deadlines import Kind
from ledger.records import Row
from ledger.refusals import LedgerRefused
from workflow.arithmetic import SHANGHAI, due, end_of
from workflow.limits import Limit, Unit
from workflow.rules import Rules

BY_PAPER = "台账所载期限"
SOURCES: Mapping[Precision, str] = {
    Precision.TEN_DAYS: f"{BY_PAPER}（只写到旬，按该旬最后一日计）",
    Precision.MONTH: f"{BY_PAPER}（只写到月，按该月最后一日计）",
    Precision.YEAR: f"{BY_PAPER}（只写到年，按该年最后一日计）",
}
DAYS = frozenset({Unit.NATURAL_DAY, Unit.WORKING_DAY})


class BeyondCalendar(LedgerRefused):
    """日期超出可以推算的日历。"""


@dataclass(frozen=True, slots=True)
class Times:
    """When a row's hazard was found and is due (UTC).

    `found_text` is none where the ledger had just that one day; `rectify_in` is the limit `rectify_by` was counted by;
    `assumed` when it hangs on a day nobody wrote.
    """

    found_at: datetime
    found_text: str | None
    rectify_by: datetime | None
    rectify_in: Limit | None
    rectify_source: str
    report_by: datetime | None
    finished_at: datetime | None
    assumed: bool


def times(row: Row, rules: Rules, *, stated_on: date | None, today: date) -> Times:
    """What the row's dates come to; BeyondCalendar for a year that no ledger can mean.

    A row without a day of finding stands at its publication, else at `stated_on` (统计截止), else at `today`.
    """
    days = (row.found_day, row.deadline.day, row.report_by, row.finished_on)
    if any(day.year not in YEARS for day in days if day):
        raise BeyondCalendar(field="deadline", right=f"{YEARS.start} 至 {YEARS.stop - 1} 年之间的日期")
    found, said = _found(row, stated_on, today)
    found_at = start_of(found)
    limit = _limit(row)
    rectify_by = due(found_at, limit, rules.calendar).at if limit else _named(row, found)
    return Times(
        found_at=found_at,
        found_text=said,
        rectify_by=rectify_by,
        rectify_in=limit,
        rectify_source=SOURCES.get(row.deadline.precision, BY_PAPER),
        report_by=end_of(row.report_by) if row.report_by else None,
        finished_at=max(found_at, start_of(row.finished_on)) if row.finished and row.finished_on else None,
        assumed=rectify_by is None or (row.found_day is None and row.deadline.kind is not Kind.DAY),
    )


@lru_cache(maxsize=4096)
def start_of(day: date) -> datetime:
    """0:00 Shanghai: the day of an anchor does not count, whatever its hour."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def _found(row: Row, stated_on: date | None, today: date) -> tuple[date, str | None]:
    text = row.found_text
    if row.found_day:
        if row.found_precision is not Precision.DAY:
            return row.found_day, f"{text}（按{row.found_day}计）"
        return row.found_day, None if text == row.found_day.isoformat() else text
    bases = ((row.published_day, "公布日期"), (stated_on, "统计日期"))
    day, base = next(((day, base) for day, base in bases if day and day <= today), (today, "导入日期"))
    return day, f"{text or '未载明'}（按{base}{day}计）"


def _limit(row: Row) -> Limit | None:
    amount, unit = row.deadline.amount, row.deadline.unit
    return Limit(amount, unit, BY_PAPER) if amount and unit and unit in DAYS else None


def _named(row: Row, found: date) -> datetime | None:
    """The end of the day that was named; hours without an hour to count from begin when the found day ends."""
    deadline = row.deadline
    if deadline.kind is Kind.ON_THE_SPOT:
        return end_of(deadline.day or found)
    if deadline.day:
        return end_of(deadline.day)
    hours = deadline.amount if deadline.unit is Unit.HOUR else None
    return end_of(found) + timedelta(hours=hours) if hours else None
