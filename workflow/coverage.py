"""Coverage (值守): who has an organisation's watch at an instant, and where nobody has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from models import Organisation, Person, Shift
from workflow.watches import Watch


@dataclass(frozen=True, slots=True)
class Gap:
    """A span in which nobody has the watch (空档)."""

    starts_at: datetime
    ends_at: datetime


def uncovered(watches: Iterable[Watch], begins: datetime, ends: datetime) -> tuple[Gap, ...]:
    """The gaps between two instants that the watches touching that span, in order of their beginnings, leave."""
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


def on_duty_for(session: Session, place_id: str, at: datetime) -> Shift | None:
    """The watch of a place at that instant: its own, else that of the oldest department right under it with one."""
    kept = (_keeps(Organisation, place_id), Shift.ends_at > at, Shift.starts_at <= at)
    watches = select(Shift).join(Organisation, Organisation.id == Shift.org_id).where(*kept)
    return session.scalar(watches.order_by(Organisation.id != place_id, Organisation.id).limit(1))


def unmanned(session: Session, at: datetime) -> tuple[Organisation, ...]:
    """Organisations that have ever had a roster and whose watch nobody has then, nor a department right under them.

    Somebody disabled has no watch.
    """
    theirs, keeper = select(Shift.id).where(Shift.org_id == Organisation.id), aliased(Organisation)
    kept = select(Shift.id).join(keeper, keeper.id == Shift.org_id).where(_keeps(keeper, Organisation.id))
    then = kept.join(Person, Person.id == Shift.officer_id).where(
        Shift.ends_at > at, Shift.starts_at <= at, Person.disabled_at.is_(None)
    )
    keepers = select(Organisation).where(Organisation.kind != "enterprise", theirs.exists(), ~then.exists())
    return tuple(session.scalars(keepers.order_by(Organisation.id)))


def shifts_between(session: Session, org_id: str, begins: datetime, ends: datetime) -> tuple[Shift, ...]:
    """The organisation's watches that touch the span, in order."""
    touching = (Shift.org_id == org_id, Shift.ends_at > begins, Shift.starts_at < ends)
    return tuple(session.scalars(select(Shift).where(*touching).order_by(Shift.starts_at)))


def kept_between(session: Session, place_id: str, begins: datetime, ends: datetime) -> tuple[Shift, ...]:
    """The watches of a place that touch the span, in order: its own, and in their gaps those of its departments."""
    touching = (_keeps(Organisation, place_id), Shift.ends_at > begins, Shift.starts_at < ends)
    found = select(Shift).join(Organisation, Organisation.id == Shift.org_id).where(*touching)
    kept: list[Shift] = []
    for shift in session.scalars(found.order_by(Organisation.id != place_id, Organisation.id, Shift.starts_at)):
        here = max(begins, shift.starts_at), min(ends, shift.ends_at)
        if uncovered(map(watch_of, kept), *here):
            kept = sorted([*kept, shift], key=lambda one: one.starts_at)
    return tuple(kept)


def watch_of(shift: Shift) -> Watch:
    """The row as a value."""
    return Watch(shift.starts_at, shift.ends_at, shift.officer_id, shift.leader_id)


def _keeps(keeper: Any, place_id: Any) -> ColumnElement[bool]:
    """Whether that organisation keeps the place's watch: the place itself does, and a department right under it."""
    return or_(keeper.id == place_id, and_(keeper.parent_id == place_id, keeper.kind == "department"))
