"""The ticker (节拍): APScheduler says when to look again, and holds no truth; the database does."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from api import clock
from api.settings import Settings
from api.upkeep import anchor_daily, clear_records, clear_uploads, copy_log
from api.worker import Loop, Worker, deliver_due, fold_counters, sweep_due, tick

HOUR = 3600
FOLD_SECONDS = 10
CHECKPOINT_SECONDS = 60


def loops(settings: Settings) -> tuple[Loop, ...]:
    """Everything the worker does, and how often (seconds)."""
    return (
        Loop("sweep", settings.sweep_seconds, sweep_due),
        Loop("deliver", settings.deliver_seconds, deliver_due),
        Loop("fold", FOLD_SECONDS, fold_counters),
        Loop("checkpoint", CHECKPOINT_SECONDS, copy_log),
        Loop("anchor", HOUR, anchor_daily),
        Loop("uploads", HOUR, clear_uploads),
        Loop("records", HOUR, clear_records),
    )


@contextmanager
def ticking(worker: Worker, work: Sequence[Loop]) -> Iterator[None]:
    """Run the loops beside the caller, each at once and then by its period; at the end wait for those under way."""
    scheduler = BackgroundScheduler(timezone=UTC)
    for loop in work:
        scheduler.add_job(
            tick, "interval", (worker, loop), id=loop.name, seconds=loop.seconds, next_run_time=clock.now(),
            coalesce=True, max_instances=1, misfire_grace_time=None,
        )  # fmt: skip
    scheduler.start()
    try:
        yield
    finally:
        worker.stopping.set()
        scheduler.shutdown(wait=True)


@dataclass(slots=True)
class Told:
    """Whether it is time to stop.

    A plain flag: the signal may find its thread inside any lock, and an event would take one.
    """

    stop: bool = False


@contextmanager
def until_told() -> Iterator[Told]:
    """A flag that SIGTERM and SIGINT set, so that what runs can end in order; only in the main thread."""
    told = Told()

    def tell(_signal: int, _frame: FrameType | None) -> None:
        told.stop = True

    before = {sign: signal.signal(sign, tell) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
