"""Enters the yearly notice (放假调休通知) of one year; the only writer of `holiday_notices`."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import HolidayNotice
from workflow.actor import Actor
from workflow.calendar import Calendar, statutory, with_notice
from workflow.notices import in_force
from workflow.texts import check_lengths, required


def proclaim(
    session: Session,
    *,
    year: int,
    off: Mapping[date, str],
    working: Mapping[date, str],
    document: str,
    actor: Actor,
    now: datetime,
) -> Calendar:
    """Keep the notice, in place of an earlier one for its year, and return the calendar then in force.

    `off` and `working` map days off and make-up workdays to their names; NoticeFault for what is out of form.
    """
    known = {"document": required(document, field="document"), "off": _text(off), "working": _text(working)}
    with_notice(statutory(), year=year, off=off, working=working, document=known["document"])
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


def _text(days: Mapping[date, str]) -> str:
    return json.dumps({day.isoformat(): name for day, name in sorted(days.items())}, ensure_ascii=False)
