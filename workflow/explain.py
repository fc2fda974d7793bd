"""Explain a deadline (时限说明): every promise of a case with its arithmetic, its rungs, and what became of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Message, Rung
from workflow.adjustments import Adjustment, adjustments
from workflow.arithmetic import Segment, segments
from workflow.limits import Unit
from workflow.load import load_deadlines
from workflow.rows import CaseRow, DeadlineRow, RungRow
from workflow.rules import Rules
from workflow.table import L, Workflow
from workflow.workflows import WORKFLOWS


@dataclass(frozen=True, slots=True)
class Explained:
    """One promise: its row, its name in Chinese, the runs of days counted and skipped, its rungs in order of time.

    The runs lead to the date as it was first counted or named; `adjustments` lead from there to the date as it stands.
    `told_at`: when the first message that it was broken was shown to a person or accepted by a channel.
    """

    deadline: DeadlineRow
    label: str
    segments: tuple[Segment, ...]
    adjustments: tuple[Adjustment, ...]
    rungs: tuple[tuple[RungRow, str], ...]
    told_at: datetime | None


def explain(session: Session, rules: Rules, case: CaseRow) -> tuple[Explained, ...]:
    """All promises of the case, oldest first."""
    workflow = WORKFLOWS[case.workflow]
    deadlines = load_deadlines(session, [case.id]).get(case.id, ())
    rungs = _rungs(session, [d.id for d in deadlines])
    told = _told(session, workflow, [d for d in deadlines if d.breached_at])
    changes = adjustments(session, case, workflow)
    return tuple(
        Explained(
            deadline=d,
            label=workflow.by_deadline[d.name].label,
            segments=_working(d, changes.get((d.name, d.cycle, d.round), ()), rules),
            adjustments=changes.get((d.name, d.cycle, d.round), ()),
            rungs=tuple((r, _label(workflow.by_deadline[d.name].ladder, r.name)) for r in rungs[d.id]),
            told_at=told.get(d.id),
        )
        for d in deadlines
    )


def _working(deadline: DeadlineRow, changes: Sequence[Adjustment], rules: Rules) -> tuple[Segment, ...]:
    """How the date came about at first; by the amount it still has unless it was counted by another meanwhile."""
    first = next((change.was for change in changes if change.was), deadline.due_at)
    recounted = any(change.change in ("levelled", "reprojected") for change in changes)
    amount = None if recounted else deadline.amount
    return segments(deadline.anchor_at, first, Unit(deadline.unit), rules.calendar, amount=amount)


def _told(session: Session, workflow: Workflow, broken: Sequence[DeadlineRow]) -> dict[str, datetime]:
    """For each promise the first message of a rung at or after it that reached anybody."""
    promises = (workflow.by_deadline[name] for name in {d.name for d in broken})
    templates = [f"{p.name}.{step.name}" for p in promises for step in p.ladder if step.amount >= 0]
    reached = select(Message.deadline_id, func.min(Message.settled_at)).where(
        Message.deadline_id.in_([d.id for d in broken]),
        Message.template.in_(templates),
        Message.outcome.in_(("shown", "accepted")),
    )
    rows = session.execute(reached.group_by(Message.deadline_id))
    return {deadline_id: at for deadline_id, at in rows if deadline_id and at}


def _label(ladder: tuple[L, ...], name: str) -> str:
    return next((step.label for step in ladder if step.name == name), name)


def _rungs(session: Session, deadline_ids: list[str]) -> dict[str, list[RungRow]]:
    columns = [Rung.__table__.c[name] for name in RungRow._fields]
    found: dict[str, list[RungRow]] = defaultdict(list)
    for row in session.execute(select(*columns).where(Rung.deadline_id.in_(deadline_ids)).order_by(Rung.due_at)):
        found[row.deadline_id].append(RungRow(*row))
    return found
