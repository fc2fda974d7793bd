"""The arithmetic of time (时限计算): when a promise falls due, where a rung stands, what a pause adds, and the working.

Days are counted as dates in Shanghai, never as seconds: 1986-1991 had summer time. The day of the anchor does not
count; a limit in days ends at 24:00 of its last day, kept as the next 00:00. Minutes, hours and clock times run day and
night.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from workflow.calendar import Calendar
from workflow.limits import Limit, Unit
from workflow.refusals import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)
_ELAPSED = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}
_ROUND_THE_CLOCK = {
    Unit.MINUTE: "按分钟连续计算，不分昼夜",
    Unit.HOUR: "按小时连续计算，不分昼夜",
    Unit.CLOCK_TIME: "到下一个规定时刻为止，不分昼夜",
}


class NaiveInstant(Refusal):
    """时间没有写明时区，无法确定是哪一刻。"""


@dataclass(frozen=True, slots=True)
class Due:
    """When a promise falls due (UTC), and whether a notice not yet proclaimed may still move it."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of days from `start` to `end`, both included, that the sum counted or skipped, and why (Chinese)."""

    start: date
    end: date
    counted: bool
    days: int
    why: str


def due(anchor: datetime, limit: Limit, calendar: Calendar) -> Due:
    """When a promise anchored at that instant falls due; late is `now >= due.at`."""
    anchor = _aware(anchor)
    if step := _ELAPSED.get(limit.unit):
        return Due(anchor + limit.amount * step, provisional=False)
    if limit.unit is Unit.CLOCK_TIME:
        return Due(_next(anchor, limit.at), provisional=False)
    last = _step(_local(anchor).date(), limit.amount, limit.unit, calendar)
    if limit.rolls and not calendar.is_working(last):
        last = _step(last, 1, Unit.WORKING_DAY, calendar)
    depends = limit.rolls or limit.unit is Unit.WORKING_DAY
    return Due(end_of(last), provisional=depends and not calendar.knows(last))


def end_of(day: date) -> datetime:
    """24:00 Shanghai of that day, in UTC: "by 25 November" means all of the 25th."""
    return datetime.combine(day + _DAY, time(), SHANGHAI).astimezone(UTC)


def last_day(at: datetime) -> date:
    """The Shanghai day to which a due instant belongs: midnight is the end of the day before."""
    return _local(_aware(at) - _MOMENT).date()


@lru_cache(maxsize=4096)
def said(at: datetime) -> str:
    """A due instant in words: the end of a day as its 24时, any other instant by the clock in Shanghai."""
    return _said(_aware(at).astimezone(UTC))


# A day's promises end together, and each says so in its history and its messages.
@lru_cache(maxsize=1024)
def _said(at: datetime) -> str:
    local = _local(at)
    return f"{last_day(at)} 24时" if local.time() == time() else f"{local:%Y-%m-%d %H:%M}"


def shift(instant: datetime, amount: int, unit: Unit, calendar: Calendar) -> datetime:
    """The instant so many units after another (before, if negative), in UTC, where a rung stands.

    Whole days keep the time of day in Shanghai; midnight counts as 24:00 of the day before, working days skip days off.
    A clock time comes round once a day.
    """
    instant = _aware(instant)
    if step := _ELAPSED.get(unit):
        return instant + amount * step
    day = last_day(instant)
    return _moved(instant, day, _step(day, amount, unit, calendar))


def resume(due_at: datetime, paused_at: datetime, resumed_at: datetime, unit: Unit, calendar: Calendar) -> datetime:
    """The due instant (UTC) after a pause, later by exactly what the pause took away, in the limit's own unit.

    Of days, it took the day it began but not the day it ended. A pause begun when already late, or ended before it
    began, took nothing.
    """
    due_at, paused_at, resumed_at = _aware(due_at), _aware(paused_at), _aware(resumed_at)
    if paused_at >= due_at or resumed_at <= paused_at:
        return due_at
    if unit in _ROUND_THE_CLOCK:
        return due_at + (resumed_at - paused_at)
    paused = _days(_local(paused_at).date(), _local(resumed_at).date() - _DAY)
    return shift(due_at, sum(_counts(day, unit, calendar) for day in paused), unit, calendar)


def carry(onto: datetime, start: datetime, end: datetime, unit: Unit, calendar: Calendar) -> datetime:
    """The instant (UTC) as much later than `onto` as `end` is than `start`, measured in that unit and no other."""
    if unit in _ROUND_THE_CLOCK:
        return _aware(onto) + (_aware(end) - _aware(start))
    days = _days(last_day(start) + _DAY, last_day(end))
    return shift(onto, sum(_counts(day, unit, calendar) for day in days), unit, calendar)


def segments(
    anchor: datetime, due_at: datetime, unit: Unit, calendar: Calendar, *, amount: int | None = None
) -> tuple[Segment, ...]:
    """The working of the sum, oldest run of days first, from the day of the anchor to the last day.

    With `amount`, natural days beyond it are shown as skipped: the last day was off and rolled onward.
    """
    first, last = _local(_aware(anchor)).date(), last_day(due_at)
    if unit in _ROUND_THE_CLOCK:
        last = max(first, last)
        return (Segment(first, last, counted=True, days=(last - first).days + 1, why=_ROUND_THE_CLOCK[unit]),)
    full = first + timedelta(days=amount) if amount is not None and unit is Unit.NATURAL_DAY else last
    runs = [Segment(first, first, counted=False, days=1, why="起算当日不计")]
    runs += _runs(_days(first + _DAY, min(full, last)), unit, calendar)
    if full < last:
        runs.append(Segment(full + _DAY, last, counted=False, days=(last - full).days, why="期末逢休息日顺延"))
    return tuple(runs)


def _next(anchor: datetime, at: tuple[time, ...]) -> datetime:
    """The first of these times of day in Shanghai that is strictly later than the anchor (UTC)."""
    today = _local(anchor).date()
    each = (datetime.combine(day, moment, SHANGHAI).astimezone(UTC) for day in (today, today + _DAY) for moment in at)
    return min(instant for instant in each if instant > anchor)


def _runs(days: Iterator[date], unit: Unit, calendar: Calendar) -> Iterator[Segment]:
    """Neighbouring days off make one run with all their reasons; counted days one run for each reason."""

    def kind(day: date) -> tuple[bool, str]:
        counted = _counts(day, unit, calendar)
        return counted, _why(day, unit, calendar) if counted else ""

    for (counted, _), group in groupby(days, key=kind):
        run = list(group)
        why = "、".join(dict.fromkeys(_why(day, unit, calendar) for day in run))
        yield Segment(run[0], run[-1], counted=counted, days=len(run), why=why)


def _why(day: date, unit: Unit, calendar: Calendar) -> str:
    return "自然日" if unit is Unit.NATURAL_DAY else calendar.why_off(day) or "工作日"


def _counts(day: date, unit: Unit, calendar: Calendar) -> bool:
    return unit is Unit.NATURAL_DAY or calendar.is_working(day)


def _step(day: date, amount: int, unit: Unit, calendar: Calendar) -> date:
    """The day so many days of that unit after another, or before it when `amount` is negative."""
    if unit is not Unit.WORKING_DAY:
        return day + timedelta(days=amount)
    towards = _DAY if amount > 0 else -_DAY
    left = abs(amount)
    while left:
        day += towards
        left -= calendar.is_working(day)
    return day


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _moved(instant: datetime, start: date, end: date) -> datetime:
    """The same time of day in Shanghai, as many days on as `end` is after `start`."""
    if start == end:
        return instant
    return (_local(instant) + (end - start)).astimezone(UTC)


def _local(instant: datetime) -> datetime:
    return instant.astimezone(SHANGHAI)


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise NaiveInstant(right="带时区的时刻，如 2026-03-02T09:00:00+08:00")
    return instant.astimezone(UTC)
