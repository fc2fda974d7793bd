"""Delivers messages (发送): at least once, in order per case and channel, with the same key on every attempt."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx
from sqlalchemy import Engine

from notifications.adapter import Result
from notifications.channels import adapter
from notifications.claiming import FRESH, Claim, claim, is_ours
from notifications.faults import Fault
from notifications.outbound import send
from notifications.schedule import ATTEMPTS
from notifications.settings import Settings
from notifications.settling import put_back, settle

# After one of these nothing more is tried on the channel in this round.
STOPPING = frozenset({"down", "throttled", "gone"})

Unseal = Callable[[str, str], Settings]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did, in messages."""

    accepted: int = 0
    retry: int = 0
    down: int = 0
    throttled: int = 0
    dead: int = 0
    put_back: int = 0
    withdrawn: int = 0

    @property
    def claimed(self) -> int:
        """How many were taken out; 0 when nothing can go now."""
        return sum((self.accepted, self.retry, self.down, self.throttled, self.dead, self.put_back, self.withdrawn))


def deliver(
    engine: Engine, *, now: Callable[[], datetime], client: httpx.Client, unseal: Unseal, limit: int = 20
) -> Delivered:
    """Claim at most `limit` messages, send each with no transaction open, settle each; any number may run at once.

    `now` is asked at every step, `unseal` opens a channel's settings by (channel id, sealed text). A database error
    is raised; what was claimed and not settled comes due again by itself after a minute.
    """
    stopped: set[str] = set()
    tally: Counter[str] = Counter()
    for claimed in claim(engine, now=now(), limit=limit):
        if claimed.channel_id in stopped or now() - claimed.at > FRESH:
            put_back(engine, claimed, now=now())
            tally["put_back"] += 1
        elif not is_ours(engine, claimed):
            tally["withdrawn"] += 1
        else:
            result = _attempt(claimed, now=now, client=client, unseal=unseal)
            outcome = settle(engine, claimed, result, now=now())
            stopped |= {claimed.channel_id} if result.kind in STOPPING else set()
            tally[outcome or result.kind] += 1
    return Delivered(**tally)


def _attempt(claim: Claim, *, now: Callable[[], datetime], client: httpx.Client, unseal: Unseal) -> Result:
    """Try once; nothing that goes wrong with one message or its channel reaches the others."""
    if claim.attempts > ATTEMPTS:
        # Counted before each attempt, so a message that kills its sender ends here.
        return Result("dead", "多次发送都没有结果")
    try:
        platform = adapter(claim.kind)
        settings = unseal(claim.channel_id, claim.sealed)
        response = send(client, platform.request(settings, claim.message, now=now()))
        return platform.classify(response, now=now())
    except httpx.TransportError:
        return Result("down", "网络不通，或者对方没有及时答复")
    except Fault as fault:
        return Result("down", fault.message)
    except Exception as error:
        return Result("retry", f"发送程序出错：{type(error).__name__}")
