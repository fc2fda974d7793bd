"""Takes messages out of the outbox to send: few at a time, fair to every channel, emergencies first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.claims import bury_disabled, claim_messages, lock_channels, still_claimed, waiting_channels
from models.database import read_session, write_session
from models.message import Channel, Message
from notifications.adapter import Outgoing
from notifications.answers import json_object
from notifications.channels import ADAPTERS
from notifications.pace import allowance

# A claim is used within FRESH or put back, so that the pace holds and an emergency never waits for a slow batch.
FRESH = timedelta(seconds=10)
# Longer than FRESH and one whole request: nobody else can claim what is still on its way.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Claim:
    """One message that is ours to try once, with what its channel needs to send it."""

    message: Outgoing
    attempts: int
    channel_id: str
    kind: str
    sealed: str
    failing_since: datetime | None
    at: datetime


def claim(engine: Engine, *, now: datetime, limit: int) -> list[Claim]:
    """Claim at most `limit` due messages in one short transaction; an idle outbox is only read."""
    with read_session(engine) as session:
        ids = waiting_channels(session, now=now)[:limit]
    if not ids:
        return []
    with write_session(engine) as session:
        share = max(limit // len(ids), 1)
        claims = [
            claimed
            for channel in lock_channels(session, ids)
            for claimed in _from_channel(session, channel, now=now, share=share)
        ]
    return sorted(claims, key=lambda one: (one.failing_since is not None, one.message.priority, one.message.id))


def is_ours(engine: Engine, claim: Claim) -> bool:
    """Look again just before sending: a move may have made the message pointless."""
    with read_session(engine) as session:
        return still_claimed(session, claim.message.id, attempts=claim.attempts)


def _from_channel(session: Session, channel: Channel, *, now: datetime, share: int) -> list[Claim]:
    if channel.disabled_at is not None:
        bury_disabled(session, channel.id, now=now)
        return []
    if channel.paused_until is not None and channel.paused_until > now:
        return []
    platform = ADAPTERS.get(channel.kind)
    tokens, ordinary = allowance(channel, platform.limit if platform else None, now=now)
    # One probe is enough to learn whether a failing channel works again.
    room = 1 if channel.failing_since else share
    taken = claim_messages(
        session, channel, now=now, until=now + LEASE, limit=min(room, tokens), ordinary=min(room, ordinary)
    )
    channel.tokens -= len(taken)
    return [_claim(message, channel, now) for message in taken]


def _claim(message: Message, channel: Channel, now: datetime) -> Claim:
    return Claim(
        message=Outgoing(
            id=message.id,
            case_id=message.case_id,
            number=message.number,
            template=message.template,
            priority=message.priority,
            created_at=message.created_at,
            # What can't be read fails in its own attempt and holds up nothing else.
            payload=json_object(message.payload.encode()) or {},
        ),
        attempts=message.attempts,
        channel_id=channel.id,
        kind=channel.kind,
        sealed=channel.settings,
        failing_since=channel.failing_since,
        at=now,
    )
