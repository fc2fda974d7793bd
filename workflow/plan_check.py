"""Checks a plan of watches (排班核对): every reason to refuse it, found at once, each with the watch it is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Organisation, Person
from workflow import roster_refusals as no
from workflow.arithmetic import SHANGHAI
from workflow.places import ancestors
from workflow.refusals import Refusal, UnknownPerson
from workflow.watches import Watch

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=7)
AHEAD = timedelta(days=366)
Faults = Iterator[tuple[int, Refusal]]


@dataclass(frozen=True, slots=True)
class Standing:
    """A watch already on the roster; `begun` once its time has come or its officer has taken over before."""

    watch: Watch
    begun: bool


def faults(
    planned: Sequence[Watch], standing: Sequence[Standing], related: Mapping[str, bool], *, now: datetime
) -> Faults:
    """Yield each fault with the place of its watch in `planned`; `related` is what `people` gives for those named."""
    known = {held.watch.starts_at: held for held in standing}
    for number, watch in enumerate(planned):
        yield from ((number, fault) for fault in _times(watch, known.get(watch.starts_at), now))
        yield from ((number, fault) for fault in _people(watch, related))
    yield from _joints(planned, [held.watch for held in standing])


def people(session: Session, org: Organisation, person_ids: Iterable[str]) -> dict[str, bool]:
    """Of everybody there is and who is not disabled: whether their organisation is related to this one."""
    rows = session.execute(
        select(Person.id, Organisation)
        .join(Organisation, Organisation.id == Person.org_id)
        .where(Person.id.in_(sorted(set(person_ids))), Person.disabled_at.is_(None))
    ).all()
    places = {theirs.id: related(session, org, theirs) for theirs in {row[1] for row in rows}}
    return {person_id: places[theirs.id] for person_id, theirs in rows}


def related(session: Session, org: Organisation, theirs: Organisation) -> bool:
    """Whether one stands above the other in the tree, a department standing for the place it belongs to.

    A bureau keeps its district's watch, its people lead in the towns and towns lend theirs; neighbours, who would have
    to answer for a place not theirs, and enterprises, which are reported on, never have the watch.
    """
    if theirs.kind == "enterprise":
        return False
    ours, other = _place(org), _place(theirs)
    return ours == other or other in _above(session, ours) or ours in _above(session, other)


def _place(org: Organisation) -> str:
    return (org.parent_id if org.kind == "department" else None) or org.id


def _above(session: Session, org_id: str) -> set[str]:
    return {node.id for node in ancestors(session, org_id)}


def _times(watch: Watch, held: Standing | None, now: datetime) -> Iterator[Refusal]:
    if not SHORTEST <= watch.ends_at - watch.starts_at <= LONGEST:
        yield no.BadWatchLength(field="ends_at", right="晚于开始时间，一个班次不短于一小时，不长于七天")
    if held and held.begun and held.watch != watch:
        yield no.WatchBegun(field="starts_at", right="保留已经开始的班次，从下一班起编排")
    # Watches are typed to the minute: one that begins in this very minute has not passed.
    elif not held and watch.starts_at < now.replace(second=0, microsecond=0):
        yield no.WatchInPast(field="starts_at", right="不早于现在；之前的空档如实显示")
    if watch.ends_at > now + AHEAD:
        yield no.WatchTooFarAhead(field="ends_at", right=f"不晚于 {_said(now + AHEAD)}")


def _people(watch: Watch, related: Mapping[str, bool]) -> Iterator[Refusal]:
    for field, person_id in (("officer_id", watch.officer_id), ("leader_id", watch.leader_id)):
        if person_id not in related:
            yield UnknownPerson(field=field)
        elif not related[person_id]:
            yield no.UnrelatedPerson(field=field, right="本单位、本地区上下级单位或者其部门的人员")
    if watch.officer_id == watch.leader_id:
        yield no.OnePersonAtBothPosts(field="leader_id", right="另一个人")


def _joints(planned: Sequence[Watch], standing: Sequence[Watch]) -> Faults:
    """Overlaps and gaps of the roster as it would be, each with the planned watch beside it."""
    replaced = {watch.starts_at for watch in planned}
    whole = [(watch, number) for number, watch in enumerate(planned)]
    whole += [(watch, -1) for watch in standing if watch.starts_at not in replaced]
    whole.sort(key=lambda entry: entry[0].starts_at)
    before, beside = whole[0]
    for watch, number in whole[1:]:
        about = number if number >= 0 else beside
        if watch.starts_at < before.ends_at and about >= 0:
            yield about, no.WatchesOverlap(field="starts_at", right=f"前一班 {_said(before.ends_at)} 结束后开始")
        if watch.starts_at > before.ends_at and about >= 0:
            yield about, no.GapInPlan(field="starts_at", right=f"从前一班结束的 {_said(before.ends_at)} 开始")
        if watch.ends_at > before.ends_at:
            before, beside = watch, number


def _said(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
