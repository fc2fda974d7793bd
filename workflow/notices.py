"""Holiday notices (放假调休通知) that were entered here, laid over the statutory calendar."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from workflow.calendar import Calendar, statutory_holidays, with_notice


@dataclass(frozen=True, slots=True)
class YearNotice:
    """What a notice says of its year: days off and make-up workdays (调休补班), each with its holiday's name."""

    year: int
    document: str
    off: Mapping[date, str]
    working: Mapping[date, str]

    @property
    def days_taken(self) -> int:
        """Mondays to Fridays off less days worked instead: in an ordinary year just the days of the law."""
        return sum(day.weekday() < 5 for day in self.off) - len(self.working)

    @property
    def lacks(self) -> tuple[str, ...]:
        """The holidays of the law of which it names no day, whatever it calls them."""
        return tuple(name for name, days in statutory_holidays(self.year).items() if days.isdisjoint(self.off))


class Notice(Protocol):
    """A row of `holiday_notices`: `off` and `working` are JSON of day → name."""

    year: int
    document: str
    off: str
    working: str


def in_force(calendar: Calendar, notices: Iterable[Notice]) -> Calendar:
    """The calendar with every notice laid over it, in the order they were entered."""
    for notice in notices:
        calendar = with_notice(
            calendar,
            year=notice.year,
            off=_days(notice.off),
            working=_days(notice.working),
            document=notice.document,
        )
    return calendar


def _days(text: str) -> dict[date, str]:
    return {date.fromisoformat(day): name for day, name in json.loads(text).items()}
