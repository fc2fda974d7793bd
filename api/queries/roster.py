"""The duty roster (值班表) read: who may see and plan it, a span of it with what is red, who has the watch."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.may import may_at, must_at
from api.queries.names import person_names
from api.queries.tree import NoSuchOrganisation
from api.shapes.common import Named, named
from api.shapes.roster import DutyOut, GapOut, OnWatch, RosterOut, SpecialDay, SwapOut, WatchOut
from models import Organisation, Person, Shift, Swap
from workflow.actor import Actor
from workflow.arithmetic import SHANGHAI, end_of
from workflow.calendar import Calendar
from workflow.coverage import kept_between, on_duty_for, uncovered, watch_of
from workflow.places import ancestors
from workflow.refusals import Refusal
from workflow.roster import KEEPERS
from workflow.roster_refusals import UnknownSwap, UnknownWatch

SHOWN, MOST_SHOWN = timedelta(days=31), timedelta(days=62)
PEOPLE = ("handed_over_by", "acknowledged_by", "planned_by", "replanned_by")


class BadSpan(Refusal):
    """查询的日期范围不对。"""


def span(first: date | None, last: date | None, now: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the first day (today) to the end of the last (a month later); BadSpan beyond 62 days."""
    begin = first or now.astimezone(SHANGHAI).date()
    end = last or begin + SHOWN
    if not timedelta(0) <= end - begin < MOST_SHOWN:
        raise BadSpan(field="to", right=f"不早于开始日期，最多 {MOST_SHOWN.days} 天")
    return datetime.combine(begin, time(), SHANGHAI), end_of(end)


def readable(session: Session, actor: Actor, org_id: str) -> Organisation:
    """Return an organisation whose roster the actor may see; NoSuchOrganisation for any other.

    Seen by holders of a role for it or what is above it, those who belong to it, stand on it or are asked to.
    """
    org = session.get(Organisation, org_id)
    if org is None or org.kind not in KEEPERS or not _sees(session, actor, org):
        raise NoSuchOrganisation()
    return org


def plannable(session: Session, actor: Actor, org_id: str) -> Organisation:
    """Return an organisation whose roster the actor may plan; NotYourRole for one whose roster they only see."""
    org = readable(session, actor, org_id)
    must_at(actor, "roster.plan", _line(session, org))
    return org


def watch(session: Session, actor: Actor, shift_id: str) -> Shift:
    """Return a watch on a roster the actor may see; UnknownWatch for any other."""
    shift = session.get(Shift, shift_id)
    if shift is None or not _sees(session, actor, session.get_one(Organisation, shift.org_id)):
        raise UnknownWatch()
    return shift


def swap(session: Session, actor: Actor, swap_id: str) -> Swap:
    """Return a swap on a roster the actor may see; UnknownSwap for any other."""
    found = session.get(Swap, swap_id)
    if found is None:
        raise UnknownSwap()
    shift = session.get_one(Shift, found.shift_id)
    if not _sees(session, actor, session.get_one(Organisation, shift.org_id)):
        raise UnknownSwap()
    return found


def roster(
    session: Session, org: Organisation, begins: datetime, ends: datetime, *, calendar: Calendar, now: datetime
) -> RosterOut:
    """The roster between two instants, with its gaps, the days that are not ordinary, open swaps.

    Of a place it is its own, and where that has gaps, what the departments right under it keep.
    """
    shifts = kept_between(session, org.id, begins, ends)
    watches = shown(session, shifts, now)
    gaps = uncovered(map(watch_of, shifts), begins, ends)
    return RosterOut(
        org=Named(id=org.id, name=org.name),
        kept_by=_keeper(session, shifts[0]) if shifts else None,
        begins_at=begins,
        ends_at=ends,
        watches=watches,
        gaps=[GapOut(starts_at=gap.starts_at, ends_at=gap.ends_at) for gap in gaps],
        days=_days(calendar, begins, ends),
        swaps=_open_swaps(session, shifts),
        red=bool(gaps) or any(one.red for one in watches),
    )


def duty(session: Session, org: Organisation, at: datetime, *, now: datetime) -> DutyOut:
    """Who has the watch at that instant: of the organisation, else of the first department that keeps it."""
    here = Named(id=org.id, name=org.name)
    shift = on_duty_for(session, org.id, at)
    if shift is None:
        return DutyOut(org=here, at=at, kept_by=None, watch=None, red=True)
    (one,) = shown(session, [shift], now)
    return DutyOut(org=here, at=at, kept_by=_keeper(session, shift), watch=one, red="disabled" in one.red)


def shown(session: Session, shifts: Sequence[Shift], now: datetime) -> list[WatchOut]:
    """The watches with their people and what is red about each at this instant."""
    ids = {person_id for shift in shifts for person_id in (shift.officer_id, shift.leader_id)}
    rows = session.scalars(select(Person).where(Person.id.in_(ids)))
    people = {row.id: _on_watch(row) for row in rows}
    names = person_names(session, (getattr(shift, column) for shift in shifts for column in PEOPLE))
    return [_watch(shift, people, names, now) for shift in shifts]


def shown_swap(session: Session, row: Swap) -> SwapOut:
    """The swap with the names of both."""
    return _swap(row, person_names(session, (row.from_id, row.to_id)))


def _keeper(session: Session, shift: Shift) -> Named:
    org = session.get_one(Organisation, shift.org_id)
    return Named(id=org.id, name=org.name)


def _sees(session: Session, actor: Actor, org: Organisation) -> bool:
    return actor.org_id == org.id or may_at(actor, "roster.see", _line(session, org)) or _stands(session, actor, org)


def _stands(session: Session, actor: Actor, org: Organisation) -> bool:
    asked = select(Swap.shift_id).where(Swap.to_id == actor.id)
    mine = or_(Shift.officer_id == actor.id, Shift.leader_id == actor.id, Shift.id.in_(asked))
    return session.scalar(select(Shift.id).where(Shift.org_id == org.id, mine).limit(1)) is not None


def _line(session: Session, org: Organisation) -> frozenset[str]:
    return frozenset({org.id, *(node.id for node in ancestors(session, org.id))})


def _on_watch(row: Person) -> OnWatch:
    gone = row.disabled_at is not None
    return OnWatch(id=row.id, name=row.name, org_id=row.org_id, phone=row.phone, disabled=gone)


def _watch(shift: Shift, people: Mapping[str, OnWatch], names: Mapping[str, str], now: datetime) -> WatchOut:
    plain = ("id", "org_id", "starts_at", "ends_at", "handed_over_at", "hand_over_note", "acknowledged_at")
    officer, leader = people[shift.officer_id], people[shift.leader_id]
    late = shift.ends_at <= now and shift.acknowledged_at is None
    gone = shift.ends_at > now and (officer.disabled or leader.disabled)
    return WatchOut.model_validate(
        {column: getattr(shift, column) for column in (*plain, "planned_at", "replanned_at")}
        | {column: named(names, getattr(shift, column)) for column in PEOPLE}
        | {"officer": officer, "leader": leader}
        | {"red": [name for name, holds in (("not_taken_over", late), ("disabled", gone)) if holds]}
    )


def _open_swaps(session: Session, shifts: Iterable[Shift]) -> list[SwapOut]:
    ids = [shift.id for shift in shifts]
    rows = session.scalars(select(Swap).where(Swap.shift_id.in_(ids), Swap.outcome.is_(None)).order_by(Swap.id)).all()
    names = person_names(session, (person_id for row in rows for person_id in (row.from_id, row.to_id)))
    return [_swap(row, names) for row in rows]


def _swap(row: Swap, names: Mapping[str, str]) -> SwapOut:
    plain = ("id", "shift_id", "post", "reason", "asked_at", "outcome", "decided_at")
    return SwapOut.model_validate(
        {column: getattr(row, column) for column in plain}
        | {"asked_by": named(names, row.from_id), "asked_of": named(names, row.to_id)}
    )


def _days(calendar: Calendar, begins: datetime, ends: datetime) -> list[SpecialDay]:
    first = begins.astimezone(SHANGHAI).date()
    last = (ends - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [
        SpecialDay(day=day, working=calendar.is_working(day), name=why, known=calendar.knows(day))
        for day in days
        if (why := calendar.why_off(day))
    ]
