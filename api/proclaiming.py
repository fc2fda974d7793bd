"""Enters a yearly notice (放假调休通知) and counts anew what hangs on it: one way for the API and the command line."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from models.database import write_session
from workflow.actor import Actor
from workflow.calendar import Calendar
from workflow.notices import YearNotice
from workflow.proclaim import proclaim
from workflow.reproject import Recounted, reproject
from workflow.rules import Rules


@dataclass(frozen=True, slots=True)
class Entered:
    """The calendar then in force, and every promise (时限) that was counted anew by it."""

    calendar: Calendar
    recounted: tuple[Recounted, ...]

    @property
    def cases(self) -> int:
        """How many cases they belong to."""
        return len({promise.case_id for promise in self.recounted})


def enter(engine: Engine, rules: Rules, notice: YearNotice, *, actor: Actor, now: datetime) -> Entered:
    """Keep the notice in place of an earlier one for its year; NoticeFault for what is out of form.

    Each batch of cases is a transaction of its own; entering the same notice again goes on where it stopped.
    """
    with write_session(engine) as session:
        calendar = proclaim(session, notice, actor=actor, now=now)
    known = replace(rules, calendar=calendar)
    recounted: list[Recounted] = []
    while batch := _batch(engine, known, year=notice.year, actor=actor, now=now):
        recounted += batch
    return Entered(calendar, tuple(recounted))


def _batch(engine: Engine, rules: Rules, *, year: int, actor: Actor, now: datetime) -> tuple[Recounted, ...]:
    with write_session(engine) as session:
        return reproject(session, rules, year=year, actor=actor, now=now)
