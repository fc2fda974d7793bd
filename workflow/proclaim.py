"""Enters the yearly notice (放假调休通知) of one year; the only writer of `holiday_notices`."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import HolidayNotice
from workflow.actor import Actor
from workflow.calendar import Calendar, NoticeFault, statutory, weekday, with_notice
from workflow.notices import YearNotice, in_force
from workflow.texts import check_lengths, required


def proclaim(session: Session, notice: YearNotice, *, actor: Actor, now: datetime) -> Calendar:
    """Keep the notice, in place of an earlier one for its year, and return the calendar then in force; NoticeFault."""
    year, off, working = notice.year, notice.off, notice.working
    known = {"document": required(notice.document, field="document"), "off": _text(off), "working": _text(working)}
    with_notice(statutory(), year=year, off=off, working=working, document=known["document"])
    _refuse_ordinary(working)
    _refuse_incomplete(notice)
    check_lengths(HolidayNotice, known)
    held = session.get(HolidayNotice, year, with_for_update=True)
    if held is None:
        session.add(HolidayNotice(year=year, entered_at=now, entered_by=actor.id, **known))
    elif any(getattr(held, name) != text for name, text in known.items()):
        held.document, held.off, held.working = known["document"], known["off"], known["working"]
        held.entered_at, held.entered_by = now, actor.id
    session.flush()
    return proclaimed(session)


def proclaimed(session: Session) -> Calendar:
    """The statutory calendar with every notice entered so far."""
    return in_force(statutory(), session.scalars(select(HolidayNotice).order_by(HolidayNotice.entered_at)))


def _refuse_ordinary(working: Mapping[date, str]) -> None:
    """A make-up workday that is a working day anyway is a slip of the pen."""
    calendar = statutory()
    if ordinary := sorted(day for day in working if not calendar.why_off(day)):
        days = "、".join(f"{day}（{weekday(day)}）" for day in ordinary)
        raise NoticeFault(field="working", right=f"补班日原是休息日，这些天本来就上班：{days}")


def _refuse_incomplete(notice: YearNotice) -> None:
    """A notice makes its whole year known, so it names a day of every holiday of the law."""
    if lacks := notice.lacks:
        raise NoticeFault(field="off", right=f"列出全年的放假日，还缺：{'、'.join(lacks)}")


def _text(days: Mapping[date, str]) -> str:
    return json.dumps({day.isoformat(): name for day, name in sorted(days.items())}, ensure_ascii=False)
