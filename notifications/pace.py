"""How fast a robot may speak (限速): a token bucket in the channel's row, so that all senders share it."""

from datetime import datetime

from models.message import Channel
from notifications.adapter import Limit

UNLIMITED = 1_000_000


def allowance(channel: Channel, limit: Limit | None, *, now: datetime) -> tuple[int, int]:
    """Refill the bucket of a locked channel; return how many messages may go now, and how many that are not urgent."""
    if limit is None:
        channel.tokens = float(UNLIMITED)
        return UNLIMITED, UNLIMITED
    # A clock that steps back earns nothing.
    seconds = max((now - channel.refilled_at).total_seconds(), 0.0)
    channel.tokens = min(channel.tokens + seconds * limit.per_minute / 60, float(limit.burst))
    channel.refilled_at = max(now, channel.refilled_at)
    return int(channel.tokens), max(int(channel.tokens) - limit.reserved, 0)
