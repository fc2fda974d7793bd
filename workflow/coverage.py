"""Coverage (值守): who has an organisation's watch at an instant, and where nobody has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Shift
from workflow.watches import Watch


@dataclass(frozen=True, slots=True)
class Gap:
    """A span in which nobody has the watch (空档)."""

    starts_at: datetime
    ends_at: datetime


def uncovered(watches: Iterable[Watch], begins: datetime, ends: datetime) -> tuple[Gap, ...]:
    """The gaps between two instants that these watches, in order, leave."""
    found: list[Gap] = []
    covered = begins
    for watch in watches:
        if covered < watch.starts_at < ends:
            found.append(Gap(covered, watch.starts_at))
        covered = max(covered, watch.ends_at)
    return (*found, Gap(covered, ends)) if covered < ends else tuple(found)


def gaps(session: Session, org_id: str, begins: datetime, ends: datetime) -> tuple[Gap, ...]:
    """The gaps in the organisation's roster between two instants."""
    return uncovered(map(watch_of, shifts_between(session, org_id, begins, ends)), begins, ends)


def on_duty(session: Session, org_id: str, at: datetime) -> Shift | None:
    """The organisation's watch of that instant; none in a gap."""
    touching = (Shift.org_id == org_id, Shift.ends_at > at, Shift.starts_at <= at)
    return session.scalar(select(Shift).where(*touching))


def shifts_between(session: Session, org_id: str, begins: datetime, ends: datetime) -> tuple[Shift, ...]:
    """The organisation's watches that touch the span, in order."""
    touching = (Shift.org_id == org_id, Shift.ends_at > begins, Shift.starts_at < ends)
    return tuple(session.scalars(select(Shift).where(*touching).order_by(Shift.starts_at)))


def watch_of(shift: Shift) -> Watch:
    """The row as a value."""
    return Watch(shift.starts_at, shift.ends_at, shift.officer_id, shift.leader_id)
