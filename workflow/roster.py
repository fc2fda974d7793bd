"""The duty roster (值班表): the one door by which watches are planned and planned anew, all of them or none.

A gap inside a plan is refused: whoever enters a month means a whole one. A gap at its edges is shown in red instead:
the month before or after may be entered later, and no order is prescribed.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import Organisation, Shift, Swap, new_id
from workflow import plan_check
from workflow import roster_refusals as no
from workflow.actor import Actor
from workflow.coverage import watch_of
from workflow.directory_version import count_up
from workflow.plan_check import Standing
from workflow.refusals import Missing, Refusal, UnknownOrganisation
from workflow.watches import Watch

KEEPERS = frozenset({"province", "city", "district", "town", "village", "department"})


def plan(session: Session, *, org_id: str, watches: Sequence[Watch], actor: Actor, now: datetime) -> tuple[Shift, ...]:
    """Put the watches on the organisation's roster; one that begins when another does takes its place.

    Refuses, naming every fault of every watch at once (PlanRefused, `errors`): times out of bounds, overlaps, gaps
    inside the plan, people unknown, disabled, unrelated or at both posts, and any change of a watch that has begun.
    """
    # Other changes of the roster wait here.
    count_up(session)
    org = _keeper(session, org_id)
    if not watches:
        raise Missing(field="watches", right="至少一个班次")
    standing = _standing(session, org_id, watches)
    _refuse_faulty(session, org, watches, standing, now=now)
    held = {shift.starts_at: shift for shift in standing}
    in_order = sorted(watches, key=lambda watch: watch.starts_at)
    planned = tuple(_put(session, org_id, watch, held.get(watch.starts_at), actor, now) for watch in in_order)
    session.flush()
    return planned


def has_begun(session: Session, shift: Shift, now: datetime) -> bool:
    """Whether its people can't be changed any more: its time has come, or its officer has taken over before."""
    return shift.starts_at <= now or shift.starts_at == _taken_over_last(session, shift.org_id)


def _keeper(session: Session, org_id: str) -> Organisation:
    org = session.get(Organisation, org_id)
    if org is None:
        raise UnknownOrganisation(field="org_id")
    if org.kind not in KEEPERS:
        raise no.NoRosterHere(field="org_id", right="区县、镇（街道）、村（社区）或者部门")
    return org


def _standing(session: Session, org_id: str, watches: Sequence[Watch]) -> tuple[Shift, ...]:
    """The roster's watches that touch the plan, in order, against hand-overs and swaps until the transaction ends."""
    first, last = min(watch.starts_at for watch in watches), max(watch.ends_at for watch in watches)
    touching = (Shift.org_id == org_id, Shift.ends_at > first, Shift.starts_at < last)
    rows = select(Shift).where(*touching).order_by(Shift.starts_at).with_for_update()
    return tuple(session.scalars(rows.execution_options(populate_existing=True)))


def _taken_over_last(session: Session, org_id: str) -> datetime | None:
    """When the watch begins whose officer was the last to take over; that may be some minutes ahead."""
    handed = select(func.max(Shift.ends_at)).where(Shift.org_id == org_id, Shift.acknowledged_at.is_not(None))
    return session.scalar(
        select(func.min(Shift.starts_at)).where(Shift.org_id == org_id, Shift.starts_at >= handed.scalar_subquery())
    )


def _refuse_faulty(
    session: Session, org: Organisation, watches: Sequence[Watch], standing: Sequence[Shift], *, now: datetime
) -> None:
    taken_over = _taken_over_last(session, org.id)
    held = [Standing(watch_of(shift), shift.starts_at <= now or shift.starts_at == taken_over) for shift in standing]
    people = plan_check.people(session, org, (id_ for watch in watches for id_ in (watch.officer_id, watch.leader_id)))
    if found := sorted(plan_check.faults(watches, held, people, now=now), key=lambda fault: fault[0]):
        right = "；".join(f"第 {number + 1} 个班次：{fault.message}{fault.right or ''}" for number, fault in found)
        raise no.PlanRefused(field="watches", right=right, errors=[_error(*entry) for entry in found])


def _error(number: int, fault: Refusal) -> dict[str, str | None]:
    field = f"watches.{number}.{fault.field}"
    return {"name": type(fault).__name__, "field": field, "title": fault.message, "right": fault.right}


def _put(session: Session, org_id: str, watch: Watch, held: Shift | None, actor: Actor, now: datetime) -> Shift:
    if held is None:
        made = Shift(
            id=new_id(now), org_id=org_id, starts_at=watch.starts_at, ends_at=watch.ends_at,
            officer_id=watch.officer_id, leader_id=watch.leader_id, planned_at=now, planned_by=actor.id,
        )  # fmt: skip
        session.add(made)
        return made
    if watch_of(held) != watch:
        _withdraw_swaps(session, held, watch, now)
        held.ends_at, held.officer_id, held.leader_id = watch.ends_at, watch.officer_id, watch.leader_id
        held.replanned_at, held.replanned_by = now, actor.id
    return held


def _withdraw_swaps(session: Session, held: Shift, watch: Watch, now: datetime) -> None:
    """What somebody asked for who no longer has that post is pointless."""
    before = watch_of(held)
    moved = [post for post in ("officer", "leader") if before.held_by(post) != watch.held_by(post)]
    pending = (Swap.shift_id == held.id, Swap.post.in_(moved), Swap.outcome.is_(None))
    session.execute(update(Swap).where(*pending).values(outcome="withdrawn", decided_at=now))
