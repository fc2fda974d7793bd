"""Holiday notices (放假调休通知) that were entered here, laid over the statutory calendar."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from workflow.calendar import Calendar, with_notice


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
