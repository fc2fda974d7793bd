"""Swaps (换班): somebody asks another to take their post in a watch; it changes hands only when the other agrees."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Channel, Organisation, Shift, Swap, new_id
from workflow import plan_check
from workflow import roster_refusals as no
from workflow.actor import Actor
from workflow.announcing import Announcement, announce
from workflow.arithmetic import SHANGHAI
from workflow.coverage import watch_of
from workflow.directory_version import count_up
from workflow.handing_over import held
from workflow.refusals import UnknownPerson
from workflow.roles import Role
from workflow.roster import has_begun
from workflow.texts import required
from workflow.watches import Post

OTHER: dict[str, Post] = {"officer": "leader", "leader": "officer"}
POSTS: dict[str, str] = {"officer": "值班员", "leader": "带班领导"}
# What is said of an answer, and which of the two has to hear it.
OUTCOMES = {
    "agreed": ("对方已同意换班，由对方当班", "from_id"),
    "declined": ("对方不同意换班，仍由您当班", "from_id"),
    "withdrawn": ("对方撤回了换班请求，您不必当班", "to_id"),
}


def ask(session: Session, shift_id: str, *, post: Post, to_id: str, reason: str, actor: Actor, now: datetime) -> Swap:
    """Ask somebody to take the actor's post in a watch that has not begun; one question a post at a time."""
    shift = held(session, shift_id)
    if watch_of(shift).held_by(post) != actor.id:
        raise no.NotOnThisWatch(right="这个岗位的当班人员本人")
    pending = select(Swap.id).where(Swap.shift_id == shift_id, Swap.post == post, Swap.outcome.is_(None))
    if session.scalar(pending):
        raise no.SwapPending(right="先撤回，或者等待答复")
    _refuse_unfit(session, shift, post, actor.id, to_id, now)
    swap = Swap(
        id=new_id(now), shift_id=shift_id, post=post, from_id=actor.id, to_id=to_id,
        reason=required(reason, field="reason"), asked_at=now,
    )  # fmt: skip
    session.add(swap)
    session.flush()
    _tell(session, shift, swap, f"请您接替{POSTS[post]}：{swap.reason}", to=to_id, now=now)
    return swap


def agree(session: Session, swap_id: str, *, actor: Actor, now: datetime) -> Swap:
    """Take the post in the watch of whoever asked; refused once the watch has begun.

    Whoever asked still has it: a plan made anew withdraws what its people had asked.
    """
    count_up(session)
    swap = _open(session, swap_id)
    if swap.to_id != actor.id:
        raise no.NotYourSwap(right="被请求换班的本人")
    shift = held(session, swap.shift_id)
    post: Post = "officer" if swap.post == "officer" else "leader"
    _refuse_unfit(session, shift, post, swap.from_id, swap.to_id, now)
    setattr(shift, f"{post}_id", swap.to_id)
    return _settled(session, swap, "agreed", now)


def decline(session: Session, swap_id: str, *, actor: Actor, now: datetime) -> Swap:
    """Say no; nothing changes."""
    swap = _open(session, swap_id)
    if swap.to_id != actor.id:
        raise no.NotYourSwap(right="被请求换班的本人")
    return _settled(session, swap, "declined", now)


def withdraw(session: Session, swap_id: str, *, actor: Actor, now: datetime) -> Swap:
    """Take the question back; nothing changes."""
    swap = _open(session, swap_id)
    if swap.from_id != actor.id:
        raise no.NotYourSwap(right="请求换班的本人")
    return _settled(session, swap, "withdrawn", now)


def _refuse_unfit(session: Session, shift: Shift, post: Post, from_id: str, to_id: str, now: datetime) -> None:
    if has_begun(session, shift, now):
        raise no.WatchBegun(right="班次开始前换班")
    if to_id == from_id:
        raise no.SwapWithOneself(field="to_id")
    if to_id == watch_of(shift).held_by(OTHER[post]):
        raise no.OnePersonAtBothPosts(field="to_id", right="另一个人")
    related = plan_check.people(session, session.get_one(Organisation, shift.org_id), [to_id])
    if to_id not in related:
        raise UnknownPerson(field="to_id")
    if not related[to_id]:
        raise no.UnrelatedPerson(field="to_id", right="本单位、本地区上下级单位或者其部门的人员")


def _open(session: Session, swap_id: str) -> Swap:
    swap = session.get(Swap, swap_id, with_for_update=True, populate_existing=True)
    if swap is None:
        raise no.UnknownSwap(field="swap_id")
    if swap.outcome is not None:
        raise no.SwapSettled()
    return swap


def _settled(session: Session, swap: Swap, outcome: str, now: datetime) -> Swap:
    swap.outcome, swap.decided_at = outcome, now
    session.flush()
    said, told = OUTCOMES[outcome]
    _tell(session, session.get_one(Shift, swap.shift_id), swap, said, to=getattr(swap, told), now=now)
    return swap


def _tell(session: Session, shift: Shift, swap: Swap, said: str, *, to: str, now: datetime) -> None:
    """Tell the other of the two, and the channels of the place whose watch it is."""
    begins = shift.starts_at.astimezone(SHANGHAI)
    title = f"换班：{begins:%Y-%m-%d %H:%M} 起的班次"
    mine = select(Channel.id).where(Channel.org_id == shift.org_id, Channel.disabled_at.is_(None)).order_by(Channel.id)
    announce(
        session,
        Announcement("swap", title, said, {"swap_id": swap.id, "shift_id": shift.id, "outcome": swap.outcome}),
        people=[to],
        channels=session.scalars(mine).all(),
        instead=Role.DUTY_OFFICER,
        now=now,
    )
