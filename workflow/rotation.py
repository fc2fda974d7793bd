"""Rotation (轮班): watches of 24 hours made for a range of days, days off with people of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import NamedTuple

from workflow.arithmetic import SHANGHAI
from workflow.calendar import Calendar
from workflow.roster_refusals import BadRotation
from workflow.watches import Watch

CHANGE = time(8, 30)
LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)


class Pair(NamedTuple):
    """An officer and a leader who have the watch together."""

    officer_id: str
    leader_id: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One day's watch; `why` says why the day is not what its weekday says, `known` whether its notice has come."""

    day: date
    off: bool
    why: str
    known: bool
    watch: Watch


def rotate(
    first: date,
    last: date,
    pairs: Sequence[Pair],
    *,
    calendar: Calendar,
    pairs_off: Sequence[Pair] = (),
    begins_at: time = CHANGE,
) -> tuple[Turn, ...]:
    """Give each day from `first` to `last` a watch, from `begins_at` in Shanghai to the same time on the next day.

    Days off take the next of `pairs_off` (the same pairs where there are none), make-up workdays the next of `pairs`.
    """
    if not pairs:
        raise BadRotation(field="pairs", right="至少一组值班员和带班领导")
    if not first <= last < first + LONGEST:
        raise BadRotation(field="last", right="不早于开始日期，最多一年")
    ordinary = cycle(pairs)
    others = cycle(pairs_off) if pairs_off else ordinary
    turns = []
    for day in (first + n * _DAY for n in range((last - first).days + 1)):
        off = not calendar.is_working(day)
        pair = next(others if off else ordinary)
        watch = Watch(_instant(day, begins_at), _instant(day + _DAY, begins_at), *pair)
        turns.append(Turn(day, off, calendar.why_off(day), calendar.knows(day), watch))
    return tuple(turns)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI)
