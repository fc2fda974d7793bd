"""The worker (后台程序): loops that sweep deadlines, deliver messages and keep the house, each with a heartbeat."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event

import httpx
import structlog
from sqlalchemy import select

from api import clock, heartbeat
from api.helper import Helper
from api.house import House
from api.logs import named
from api.meters import LATENESS
from api.sweeping import BATCH, sweep_all
from models import TallyDelta
from models.database import read_session, write_session
from notifications import outbound
from notifications.channels import PLATFORMS
from notifications.delivery import deliver
from notifications.sealing import unseal
from notifications.settings import Settings
from workflow.dashboard import fold

FOLDED_AT_ONCE = 10_000
SEAL = "seal"

log = structlog.get_logger()


@dataclass(slots=True)
class Worker:
    """What every loop works with: a house, one client to the outside, a clock, and word that it is time to stop.

    On PostgreSQL a helper too.
    """

    house: House
    client: httpx.Client
    now: Callable[[], datetime] = clock.now
    stopping: Event = field(default_factory=Event)
    helper: Helper | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """One thing done every so many `seconds`; `name` has at most 16 characters."""

    name: str
    seconds: int
    work: Callable[[Worker], None]


def targets(house: House) -> tuple[str, ...]:
    """The origins that messages may go to: the platforms' own, and what the house names besides."""
    return (*PLATFORMS, *filter(None, map(str.strip, house.settings.outbound.split(","))))


def client_of(house: House) -> httpx.Client:
    """The one client of this process, which reaches the allowed targets only; close it at the end."""
    return outbound.client(targets(house))


def tick(worker: Worker, loop: Loop) -> None:
    """Run a loop once between two heartbeats; an error is noted and logged, and the next tick comes all the same."""
    engine, begun_at = worker.house.engine, worker.now()
    try:
        heartbeat.begun(engine, loop.name, seconds=loop.seconds, now=begun_at)
        try:
            loop.work(worker)
        except Exception as error:
            heartbeat.failed(engine, loop.name, seconds=loop.seconds, begun_at=begun_at, error=named(error))
            raise
        heartbeat.finished(engine, loop.name, seconds=loop.seconds, begun_at=begun_at, now=worker.now())
    except Exception as error:
        log.error("loop_failed", loop=loop.name, error=named(error))


def sweep_due(worker: Worker) -> None:
    """Sweep until nothing is due that this worker can have; more than a batch together with its helper."""
    for lateness in _swept(worker):
        LATENESS.observe(lateness)


def _swept(worker: Worker) -> Iterator[float]:
    """How late each batch was, the helper's too."""
    helper = worker.helper
    for swept in sweep_all(worker.house, worker.now, worker.stopping.is_set):
        yield swept.lateness
        if helper and swept.rungs >= BATCH:
            helper.call()
            yield from helper.heard()
    if helper:
        yield from helper.heard()


def deliver_due(worker: Worker) -> None:
    """Deliver round after round while messages get through."""
    house = worker.house
    while not worker.stopping.is_set():
        done = deliver(
            house.engine, now=worker.now, client=worker.client, unseal=lambda *sealed: opened(house, *sealed)
        )
        if done.claimed:
            log.info("delivered", accepted=done.accepted, waiting=done.claimed - done.accepted, dead=done.dead)
        if not done.accepted:
            return


def opened(house: House, channel_id: str, sealed: str) -> Settings:
    """A channel's settings, opened with the house's key; where it names no address of ours, the house's."""
    found = unseal(sealed, channel_id=channel_id, keys=house.made(SEAL))
    return replace(found, base_url=found.base_url or house.settings.base_url.rstrip("/") or None)


def fold_counters(worker: Worker) -> None:
    """Fold the changes of the dashboard's counters until few are left."""
    engine = worker.house.engine
    with read_session(engine) as session:
        if session.scalar(select(TallyDelta.id).limit(1)) is None:
            return
    folded = FOLDED_AT_ONCE
    while folded == FOLDED_AT_ONCE and not worker.stopping.is_set():
        with write_session(engine) as session:
            folded = fold(session, limit=FOLDED_AT_ONCE)
