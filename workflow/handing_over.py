"""Hand-overs (交接班): the watch that ends hands over with a note, the officer of the next one takes over."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Shift
from workflow import roster_refusals as no
from workflow.actor import Actor
from workflow.arithmetic import SHANGHAI
from workflow.texts import required

EARLY = timedelta(hours=2)


def hand_over(session: Session, shift_id: str, *, note: str, actor: Actor, now: datetime) -> Shift:
    """Note that the officer or the leader of a watch has handed over (交班), two hours before its end at the earliest.

    Late is allowed and stays red until then: a hand-over that was forgotten must not be lost as well.
    """
    shift = held(session, shift_id)
    if actor.id not in (shift.officer_id, shift.leader_id):
        raise no.NotOnThisWatch(right="本班次的值班员或者带班领导")
    if shift.handed_over_at is not None:
        raise no.AlreadyHandedOver()
    if now < shift.ends_at - EARLY:
        earliest = (shift.ends_at - EARLY).astimezone(SHANGHAI)
        raise no.HandOverTooEarly(right=f"{earliest:%Y-%m-%d %H:%M} 起可以交班")
    shift.handed_over_at, shift.handed_over_by = now, actor.id
    shift.hand_over_note = required(note, field="note")
    session.flush()
    return shift


def acknowledge(session: Session, shift_id: str, *, actor: Actor, now: datetime) -> Shift:
    """Note that the officer of the next watch has taken over (接班) the watch that was handed over."""
    shift = held(session, shift_id)
    following = next_watch(session, shift)
    if following is None or following.officer_id != actor.id:
        raise no.NotTheNextOfficer()
    if shift.handed_over_at is None:
        raise no.NotHandedOver(right="先由上一班的值班员或者带班领导交班")
    if shift.acknowledged_at is not None:
        raise no.AlreadyTakenOver()
    shift.acknowledged_at, shift.acknowledged_by = now, actor.id
    session.flush()
    return shift


def held(session: Session, shift_id: str) -> Shift:
    """Return a watch that nobody else can change until the transaction ends; UnknownWatch."""
    shift = session.get(Shift, shift_id, with_for_update=True, populate_existing=True)
    if shift is None:
        raise no.UnknownWatch(field="shift_id")
    return shift


def next_watch(session: Session, shift: Shift) -> Shift | None:
    """The watch that follows, after a gap too, held against changes until the transaction ends; none if none is."""
    later = select(Shift).where(Shift.org_id == shift.org_id, Shift.starts_at >= shift.ends_at)
    first = later.order_by(Shift.starts_at).limit(1).with_for_update()
    return session.scalar(first.execution_options(populate_existing=True))
