"""Claims rows (认领): every lock on a message is taken here, and none of them waits for somebody else's."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from models.instant import Instant
from models.message import Channel, Message

# How long a message that can't be sent may hold up the next one about its case on its channel.
PARK_AFTER = timedelta(hours=1)
PARK_URGENT_AFTER = timedelta(minutes=2)
PARK_TRIES = 4
DISABLED = "渠道已停用"


def waiting_channels(session: Session, *, now: datetime) -> Sequence[str]:
    """Return the ids of channels that have something due and are not told to be quiet, the most urgent first."""
    quiet = or_(Channel.paused_until.is_(None), Channel.paused_until <= now, Channel.disabled_at.is_not(None))
    return session.scalars(
        select(Channel.id)
        .join(Message, Message.channel_id == Channel.id)
        .where(_due(now), quiet)
        .group_by(Channel.id, Channel.failing_since)
        # A failing channel may take its whole time-out: it comes last.
        .order_by(Channel.failing_since.is_not(None), func.min(Message.priority), Channel.id)
    ).all()


def lock_channels(session: Session, ids: Sequence[str]) -> list[Channel]:
    """Lock these channels in the order given, leaving out what another sender holds."""
    rows = session.scalars(
        # Without `key_share` a new message, which refers to its channel, would wait for us.
        select(Channel).where(Channel.id.in_(ids)).with_for_update(skip_locked=True, key_share=True)
    )
    return sorted(rows, key=lambda channel: ids.index(channel.id))


def claim_messages(
    session: Session, channel: Channel, *, now: datetime, until: datetime, limit: int, ordinary: int
) -> list[Message]:
    """Claim at most `limit` due messages of a locked channel, of them at most `ordinary` that are not priority 0.

    Claiming postpones: one attempt more, due again at `until`, no error. A message whose sender dies comes due by
    itself; one with an attempt and no error is on its way. At most one message a case: its earliest.
    """
    ready = _lock(session, _due(now), Message.channel_id == channel.id, _first(channel, now), limit=limit)
    taken = [message for place, message in enumerate(ready) if message.priority == 0 or place < ordinary]
    for message in taken:
        message.attempts += 1
        message.wake_at = until
        message.error = None
    return taken


def still_claimed(session: Session, message_id: str, *, attempts: int) -> bool:
    """Say whether a claimed message still waits for this very attempt: not withdrawn, not claimed again since."""
    mine = select(Message.id).where(Message.id == message_id, Message.outcome.is_(None), Message.attempts == attempts)
    return session.scalar(mine) is not None


def wake_channel(session: Session, channel_id: str, *, now: datetime) -> None:
    """Make due at once what is backing off on a channel that works again."""
    for message in _lock(session, Message.channel_id == channel_id, Message.error.is_not(None), Message.wake_at > now):
        message.wake_at = now


def bury_disabled(session: Session, channel_id: str, *, now: datetime) -> int:
    """Give up on everything due on a disabled channel, for all to see; return how many."""
    buried = _lock(session, _due(now), Message.channel_id == channel_id)
    for message in buried:
        message.outcome, message.settled_at, message.wake_at, message.error = "dead", now, None, DISABLED
    return len(buried)


def _lock(session: Session, *criteria: ColumnElement[bool], limit: int | None = None) -> Sequence[Message]:
    return session.scalars(
        select(Message)
        .where(Message.outcome.is_(None), *criteria)
        .order_by(Message.priority, Message.id)
        .limit(limit)
        .with_for_update(of=Message, skip_locked=True, key_share=True)
    ).all()


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(Message.outcome.is_(None), Message.wake_at <= now)


def _first(channel: Channel, now: datetime) -> ColumnElement[bool]:
    earlier = aliased(Message)
    return ~exists().where(
        earlier.channel_id == Message.channel_id,
        earlier.case_id == Message.case_id,
        earlier.number < Message.number,
        earlier.outcome.is_(None),
        # Where nothing passes anyway, overtaking would only lose the order.
        true() if channel.failing_since else _holds_up(earlier, now),
    )


def _holds_up(earlier: type[Message], now: datetime) -> ColumnElement[bool]:
    """Due, on its way, hardly tried, or not yet stuck for long enough; else it is parked."""
    born = case(
        (Message.priority == 0, literal(now - PARK_URGENT_AFTER, Instant())), else_=literal(now - PARK_AFTER, Instant())
    )
    return or_(
        earlier.wake_at <= now,
        earlier.error.is_(None),
        earlier.attempts < PARK_TRIES,
        earlier.created_at > born,
    )
