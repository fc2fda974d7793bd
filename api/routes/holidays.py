"""Holiday notices (放假调休通知): the yearly notice is entered once, and guessed due dates are counted anew."""

import json
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field
from sqlalchemy import select

from api import proclaiming
from api.asked import Asked, Shown
from api.identity import SignedIn
from api.instants import Moment
from api.may import must
from api.words import Day, Line
from models import HolidayNotice
from models.database import read_session
from workflow.calendar import YEARS
from workflow.notices import YearNotice

router = APIRouter(tags=["日历 holidays"])
Year = Annotated[int, Path(ge=YEARS.start, le=YEARS[-1], description="年份")]


class DayOf(Asked):
    """一天和它的名称，如 2027-01-01 元旦。"""

    day: Day
    name: str = Field("", max_length=32)


class Notice(Asked):
    """国务院办公厅的放假调休通知：文号、放假日、调休上班日。"""

    document: Line
    off: list[DayOf] = Field(min_length=1, max_length=80)
    working: list[DayOf] = Field(default=[], max_length=40)


class NoticeOut(Shown):
    """录入的一份通知。"""

    year: int
    document: str
    off: dict[date, str]
    working: dict[date, str]
    entered_at: Moment
    entered_by: str | None


class HolidaysOut(Shown):
    """现行日历：版本、已公布到哪一年，以及录入的通知。"""

    calendar: str
    proclaimed_through: int
    notices: list[NoticeOut]


class Entered(Shown):
    """录入结果：现行日历，以及重新推算了多少件的期限。"""

    calendar: str
    proclaimed_through: int
    cases: int


@router.get("/holidays", summary="工作日历和放假调休通知")
def holidays(call: SignedIn) -> HolidaysOut:
    """The calendar in force and the notices entered here."""
    calendar = call.rules.calendar
    with read_session(call.engine) as session:
        rows = session.scalars(select(HolidayNotice).order_by(HolidayNotice.year)).all()
    return HolidaysOut(
        calendar=calendar.version,
        proclaimed_through=calendar.proclaimed_through,
        notices=[_shown(row) for row in rows],
    )


@router.put("/holidays/{year}", summary="录入放假调休通知")
def enter(call: SignedIn, year: Year, asked: Notice) -> Entered:
    """Enter a year's notice in place of an earlier one, and count anew every running promise that hangs on it.

    Each batch of cases is a transaction of its own; entering the same notice again goes on where it stopped.
    """
    must(call.actor, "holidays.enter")
    off, working = ({line.day: line.name for line in lines} for lines in (asked.off, asked.working))
    notice = YearNotice(year, asked.document, off, working)
    entered = proclaiming.enter(call.engine, call.rules, notice, actor=call.actor, now=call.now)
    calendar = entered.calendar
    return Entered(calendar=calendar.version, proclaimed_through=calendar.proclaimed_through, cases=entered.cases)


def _shown(row: HolidayNotice) -> NoticeOut:
    return NoticeOut(
        year=row.year,
        document=row.document,
        off=json.loads(row.off),
        working=json.loads(row.working),
        entered_at=row.entered_at,
        entered_by=row.entered_by,
    )
