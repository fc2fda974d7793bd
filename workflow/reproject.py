"""Re-projects (重新推算) promises by a year's notice, or one that corrects it: both ways, one event a case."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Deadline, Rung
from workflow import arithmetic, clocks
from workflow.actor import Actor
from workflow.calendar import begins
from workflow.clocks import Clocks
from workflow.decide import Draft
from workflow.decision import Decision
from workflow.limits import Limit, Unit
from workflow.load import load_deadlines, lock_cases
from workflow.messages import Telling
from workflow.roles import Role
from workflow.rows import CaseRow, DeadlineRow, RungRow, changed
from workflow.rules import Rules
from workflow.table import D
from workflow.workflows import WORKFLOWS
from workflow.write import write

Fired = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Recounted:
    """A promise counted anew: when it was due and when it is; the same instant if it was counted right before."""

    case_id: str
    number: str
    deadline: str
    label: str
    was: datetime
    due_at: datetime


def reproject(
    session: Session, rules: Rules, *, year: int, actor: Actor, now: datetime, limit: int = 500
) -> tuple[Recounted, ...]:
    """Count anew by the calendar of `rules` what is open and falls due in `year` or later, if a notice may move it.

    What somebody dated or moved, or a pause prolonged, stands. At most `limit` deadlines a call. Call again, each in
    its own transaction, until there are none: a promise once counted by this calendar is not found again.
    """
    cases, rules = lock_cases(session, rules, _waiting(session, rules, year, limit))
    deadlines = load_deadlines(session, list(cases))
    fired = _fired(session, deadlines)
    decisions: list[Decision] = []
    recounted: list[Recounted] = []
    for case in cases.values():
        turned = recount(case, deadlines[case.id], fired, rules, year=year, now=now)
        if turned.story:
            decisions.append(decide_projection(case, turned, rules, actor, now))
            recounted += (_recounted(case, line) for line in turned.story)
    write(session, decisions)
    return tuple(recounted)


def recount(
    case: CaseRow, deadlines: Iterable[DeadlineRow], fired: Fired, rules: Rules, *, year: int, now: datetime
) -> Clocks:
    """One case's promises counted anew; `fired` holds the steps, as (deadline, rung), that have had their effect."""
    turned = Clocks(standing={d.id: d for d in deadlines})
    for row in tuple(turned.standing.values()):
        if _is_waiting(row, rules, year):
            _project(turned, row, case, fired, rules, now)
    return turned


def decide_projection(case: CaseRow, turned: Clocks, rules: Rules, actor: Actor, now: datetime) -> Decision:
    """One event about all promises that were counted anew; the unit is told if any date moved."""
    draft = Draft(case, changed(case, **turned.marks()), rules, WORKFLOWS[case.workflow], actor, now)
    draft.add_event("note", "reproject", calendar=rules.calendar.version, deadlines=turned.story)
    draft.add_clocks(turned)
    if any(said["was"] != said["due_at"] for said in turned.story):
        draft.tell(Telling("reproject", frozenset({Role.RESPONSIBLE}), "期限已按新的放假调休通知重新推算"))
    return draft.decision()


def _recounted(case: CaseRow, line: Mapping[str, Any]) -> Recounted:
    promise = WORKFLOWS[case.workflow].by_deadline[line["deadline"]]
    return Recounted(case.id, case.number, promise.name, promise.label, was=line["was"], due_at=line["due_at"])


def _waiting(session: Session, rules: Rules, year: int, limit: int) -> list[str]:
    found = (
        select(Deadline.case_id)
        .where(
            Deadline.outcome.is_(None),
            Deadline.counted_at == Deadline.due_at,
            Deadline.provisional | (Deadline.unit == Unit.WORKING_DAY),
            Deadline.calendar != rules.calendar.version,
            Deadline.due_at > arithmetic.end_of(begins(year) - timedelta(days=1)),
        )
        .order_by(Deadline.due_at, Deadline.id)
        .limit(limit)
    )
    return list(dict.fromkeys(session.scalars(found)))


def _is_waiting(row: DeadlineRow, rules: Rules, year: int) -> bool:
    """The same as `_waiting` says it, of a row under the lock."""
    counted = row.outcome is None and row.counted_at == row.due_at and (row.provisional or row.unit == Unit.WORKING_DAY)
    return counted and row.calendar != rules.calendar.version and arithmetic.last_day(row.due_at) >= begins(year)


def _fired(session: Session, deadlines: dict[str, tuple[DeadlineRow, ...]]) -> Fired:
    ids = [row.id for rows in deadlines.values() for row in rows if row.outcome is None]
    done = Rung.deadline_id.in_(ids) & Rung.outcome.in_(("fired", "imported"))
    return frozenset((row.deadline_id, row.name) for row in session.execute(select(Rung).where(done)).scalars())


def _project(turned: Clocks, row: DeadlineRow, case: CaseRow, fired: Fired, rules: Rules, now: datetime) -> None:
    promise = WORKFLOWS[case.workflow].by_deadline[row.name]
    limit = rules.profile.owes(promise.limit, case.level) or Limit(row.amount or 0, Unit(row.unit), row.source)
    # The profile may have changed since; the promise keeps its own figure.
    made_by = replace(limit, amount=row.amount or limit.amount, unit=Unit(row.unit))
    counted = arithmetic.due(row.anchor_at, made_by, rules.calendar)
    known = changed(row, calendar=rules.calendar.version, provisional=counted.provisional)
    if counted.at == row.due_at:
        turned.put(known, "confirmed", was=row.due_at, due_at=row.due_at)
        return
    # A guess is of nobody's making: extensions are capped from the date as it is known now.
    by_count = changed(known, due_at=counted.at, first_due_at=counted.at, counted_at=counted.at)
    fresh = changed(by_count, moves=row.moves + 1, breached_at=None, noticed_at=None)
    moved = clocks.seen(fresh, now)
    turned.put(moved, "reprojected", was=row.due_at, due_at=moved.due_at)
    turned.hushed.append((row.id, "withdrawn"))
    turned.rungs.extend(_rungs(promise, moved, fired, rules, now))


def _rungs(promise: D, row: DeadlineRow, fired: Fired, rules: Rules, now: datetime) -> Iterator[RungRow]:
    """The ladder of the new due instant: a step that has had its effect and would be past again is not repeated."""
    for rung in clocks.ladder(promise, row, rules, since=now):
        if rung.due_at > now or (row.id, rung.name) not in fired:
            yield rung if row.runs else changed(rung, wake_at=None)
