"""Writes down what became of an attempt (发送结果): on the message, and on its channel."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, literal, update
from sqlalchemy.orm import Session

from models import DirectoryVersion
from models.claims import wake_channel
from models.database import write_session
from models.instant import Instant
from models.message import Channel, Message
from notifications.adapter import Kind, Result
from notifications.claiming import Claim
from notifications.schedule import ATTEMPTS, wait

# After so long an outage nobody waits for the hourly attempt.
WAKE_AFTER = timedelta(minutes=5)
# "Retry-After: 0" is no leave to hammer.
SHORTEST_PAUSE = timedelta(seconds=4)
OUTCOMES: Mapping[Kind, str] = {"accepted": "accepted", "dead": "dead", "gone": "dead"}


def settle(engine: Engine, claim: Claim, result: Result, *, now: datetime) -> str | None:
    """Settle or postpone one message in one short transaction; return its outcome, None while it still waits."""
    with write_session(engine) as session:
        # Channel before message, as in claiming: two senders can't wait for each other.
        CHANNEL[result.kind](session, claim, result, now)
        values = _message(claim, result, now)
        mine = Message.id == claim.message.id
        # Acceptance is a fact, whatever was decided meanwhile; anything else counts only for an attempt still ours.
        if result.kind != "accepted":
            mine &= Message.outcome.is_(None) & (Message.attempts == claim.attempts)
        session.execute(update(Message).where(mine).values(values))
    outcome: str | None = values["outcome"]
    return outcome


def put_back(engine: Engine, claim: Claim, *, now: datetime) -> None:
    """Undo a claim that was not used."""
    mine = (Message.id == claim.message.id) & Message.outcome.is_(None) & (Message.attempts == claim.attempts)
    with write_session(engine) as session:
        session.execute(update(Message).where(mine).values(attempts=claim.attempts - 1, wake_at=now))


def _message(claim: Claim, result: Result, now: datetime) -> dict[str, Any]:
    outcome = OUTCOMES.get(result.kind)
    if outcome is None and result.kind != "throttled" and claim.attempts >= ATTEMPTS:
        outcome = "dead"
    return {
        "outcome": outcome,
        "settled_at": now if outcome else None,
        "wake_at": None if outcome else now + _pause(claim, result),
        "attempts": claim.attempts - (result.kind == "throttled"),
        "error": result.reason or None,
    }


def _pause(claim: Claim, result: Result) -> timedelta:
    asked = max(result.pause or SHORTEST_PAUSE, SHORTEST_PAUSE)
    return asked if result.kind == "throttled" else max(asked, wait(claim.message.id, attempts=claim.attempts))


def _works(session: Session, claim: Claim, result: Result, now: datetime) -> None:
    if claim.failing_since is None:
        return
    _change(session, claim, failing_since=None)
    if now - claim.failing_since >= WAKE_AFTER:
        wake_channel(session, claim.channel_id, now=now)


def _unchanged(session: Session, claim: Claim, result: Result, now: datetime) -> None:
    pass


def _failing(session: Session, claim: Claim, result: Result, now: datetime) -> None:
    _change(session, claim, failing_since=_since(now))


def _quiet(session: Session, claim: Claim, result: Result, now: datetime) -> None:
    _change(session, claim, failing_since=_since(now), paused_until=now + _pause(claim, result))


def _gone(session: Session, claim: Claim, result: Result, now: datetime) -> None:
    _change(session, claim, failing_since=_since(now), disabled_at=now)
    # Whoever looks for recipients must learn that this channel is none any more.
    session.execute(update(DirectoryVersion).values(version=DirectoryVersion.version + 1))


def _since(now: datetime) -> ColumnElement[datetime | None]:
    return func.coalesce(Channel.failing_since, literal(now, Instant()))


def _change(session: Session, claim: Claim, **values: Any) -> None:
    session.execute(update(Channel).where(Channel.id == claim.channel_id).values(values))


CHANNEL: Mapping[Kind, Callable[[Session, Claim, Result, datetime], None]] = {
    "accepted": _works,
    "retry": _unchanged,
    "dead": _unchanged,
    "down": _failing,
    "throttled": _quiet,
    "gone": _gone,
}
