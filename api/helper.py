"""The helper (帮手): a second process of the worker, which sweeps along when more is due than a batch.

Two threads of one process would wait for one interpreter. It ends with the worker, in whatever way that ends: the pipe
between them is then closed.
"""

import logging
import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import structlog

from api import clock, logs
from api.house import House
from api.litter import look_seldom
from api.logs import named
from api.settings import Settings
from api.sweeping import sweep_all

# A process of its own connections and threads can't be had by copying this one.
SPAWN = multiprocessing.get_context("spawn")
# What is under way may be committed; then it is cut off, which the database undoes.
GRACE_SECONDS = 5

log = structlog.get_logger()


class Helper:
    """Started at once, so that a burst finds it ready; for PostgreSQL, since SQLite has one writer. One thread's own.

    `now`: its clock, which must pickle.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime] = clock.now) -> None:
        self._settings, self._now, self._busy = settings, now, False
        self._start()

    @property
    def pid(self) -> int | None:
        """Of its process."""
        return self._process.pid

    @property
    def busy(self) -> bool:
        """Whether it was called and has not been heard of since."""
        return self._busy

    def call(self) -> None:
        """Have it sweep until nothing is due that others leave; it may still be about it from an earlier call."""
        if not self._process.is_alive():
            self._start()
        if not self._busy:
            # One that dies meanwhile is started anew by the next call; until then the worker sweeps alone.
            with suppress(OSError):
                self._pipe.send(True)
                self._busy = True

    def heard(self) -> list[float]:
        """By how many seconds each batch of a call was late, once that has ended; told once, and waits for nothing."""
        try:
            if not self._busy or not self._pipe.poll():
                return []
            self._busy = False
            lateness: list[float] = self._pipe.recv()
            return lateness
        except (EOFError, OSError):
            self._busy = False
            log.warning("helper_lost")
            return []

    def close(self) -> None:
        """Let go of it and wait until it has ended."""
        self._pipe.close()
        self._process.join(GRACE_SECONDS)
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        self._pipe, there = SPAWN.Pipe()
        self._process: SpawnProcess = SPAWN.Process(target=_help, args=(there, self._settings, self._now), daemon=True)
        self._process.start()
        there.close()
        self._busy = False


def _help(pipe: Connection, settings: Settings, now: Callable[[], datetime]) -> None:
    # Who stops the worker may tell all its processes at once: this one first ends its batch, then hears by the pipe.
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, signal.SIG_IGN)
    logs.configure(logging.INFO)
    house = House(settings)
    look_seldom()
    with suppress(EOFError, OSError):
        while pipe.recv():
            lateness: list[float] = []
            try:
                # Nothing comes while it sweeps but the end.
                lateness.extend(swept.lateness for swept in sweep_all(house, now, pipe.poll))
            except Exception as error:
                log.warning("help_failed", error=named(error))
            pipe.send(lateness)
    house.engine.dispose()
