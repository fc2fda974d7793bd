"""Escalations that all come due in one second: how late the last are, and what a second sweeper is worth."""

import logging
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, func, select

from api import clock, logs
from api.helper import SPAWN, Helper
from api.house import House
from api.litter import look_seldom
from api.serve import embedded
from api.settings import Settings
from api.worker import Worker, client_of, sweep_due
from bench.figures import Figure, Goal, spread
from bench.places import Ground, analyse, plain_url
from bench.sizes import Sizes
from bench.stage import build, open_hazards, rules_in
from models import Rung
from models.database import engine as open_engine
from models.database import read_session, write_session
from workflow.rules import Rules
from workflow.sweep import sweep

POLL = Settings.model_fields["sweep_seconds"].default
BURSTS = 5
# Rungs of the promise to assign, and how many sweepers take each in either database: a rung is compared with itself.
TURNS = (("supervisor", (2, 1)), ("leader", (1, 2)))


class EarlyOrTwice(AssertionError):
    """A rung did not fire, or fired before its time or twice."""


def sweeps(ground: Ground, sizes: Sizes) -> Iterator[Figure]:
    """Lateness on both databases; two sweepers beside one where the database takes two writers."""
    logs.configure(logging.WARNING)
    yield _late("sqlite", list(_bursts(ground, "sqlite", sizes)))
    yield _late("postgresql", list(_bursts(ground, "postgresql", sizes)))
    with ground.database("postgresql") as first, ground.database("postgresql") as second:
        for engine in (first, second):
            _burst(engine, ground.folder, sizes)
        yield _two((first, second))


def _bursts(ground: Ground, kind: str, sizes: Sizes) -> Iterator[float]:
    """Of one burst in each of several databases, for the machine's pace differs from one to the next."""
    for _ in range(min(BURSTS, sizes.turns)):
        with ground.database(kind) as engine:
            yield _burst(engine, ground.folder, sizes)


def _burst(engine: Engine, folder: Path, sizes: Sizes) -> float:
    """Seconds from the poll until all rungs have taken effect durably, by one worker as it is when it has run a while.

    99 of 100 of them are not sooner: the last batch is more than a hundredth.
    """
    open_hazards(engine, build(engine), sizes.burst)
    analyse(engine)
    house = House(Settings.model_validate({"data_dir": folder, "database_url": plain_url(engine)}))
    house.engine = engine
    bench = Clock()
    with ExitStack() as stack:
        worker = Worker(house, stack.enter_context(closing(client_of(house))), bench)
        if not embedded(house):
            worker.helper = stack.enter_context(closing(Helper(house.settings, bench)))
            worker.helper.call()
            _wait_for(worker.helper)
        bench.set(_due_at(engine, "breach"))
        begun = time.perf_counter()
        sweep_due(worker)
        if worker.helper:
            _wait_for(worker.helper)
        seconds = time.perf_counter() - begun
    _all_fired(engine, "breach")
    return seconds


def _wait_for(helper: Helper) -> None:
    while helper.busy:
        helper.heard()
        time.sleep(0.001)


class Clock:
    """A clock that stands for two processes: long before anything is due until it is set, then it goes."""

    def __init__(self) -> None:
        self._ahead = SPAWN.Value("d", -timedelta(days=3650).total_seconds())

    def __call__(self) -> datetime:
        """This instant by it."""
        return clock.now() + timedelta(seconds=self._ahead.value)

    def set(self, now: datetime) -> None:
        """From here on it is `now` and goes on."""
        self._ahead.value = (now - clock.now()).total_seconds()


def _swept(engine: Engine, rules: Rules, due: datetime) -> int:
    """Sweep until nothing is due; how many rungs fired."""
    rungs, swept = 0, None
    begun = time.perf_counter()
    while swept is None or swept.rungs:
        with write_session(engine) as session:
            swept = sweep(session, rules, now=due + timedelta(seconds=time.perf_counter() - begun))
        rungs += swept.rungs
    return rungs


def _late(kind: str, samples: Sequence[float]) -> Figure:
    return Figure(
        what="escalations due in one second, all applied, none early: lateness of the last, p99 in its batch",
        database=kind,
        against=f"the poll ({POLL} s)",
        value=median(samples),
        unit="s after the poll",
        goal=Goal(2, 1, less=True),
        made_of=f"{spread(samples)} s",
    )


def _two(engines: tuple[Engine, Engine]) -> Figure:
    taken: dict[int, list[float]] = {1: [], 2: []}
    with ExitStack() as ending:
        crews = [ending.enter_context(Sweepers(plain_url(engine))) for engine in engines]
        for name, turns in TURNS:
            for engine, crew, sweepers in zip(engines, crews, turns, strict=True):
                seconds, rungs = crew.run(_due_at(engine, name), sweepers)
                if _all_fired(engine, name) != rungs:
                    raise EarlyOrTwice(f"{name}: {rungs} fired, and more than once some of them")
                taken[sweepers].append(seconds)
    # The second turn met the databases the other way round.
    pairs = list(zip(taken[1], taken[2], strict=True))
    return Figure(
        what="two sweepers",
        database="postgresql",
        against="one",
        value=median(one / two for one, two in pairs),
        unit="×",
        goal=Goal(1.3, 1.3),
        made_of=f"{spread(taken[2])} beside {spread(taken[1])} s for the same rungs",
    )


class Sweepers:
    """Two processes that sweep on command, one of them or both."""

    def __init__(self, url: str) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._members: list[tuple[Any, Connection]] = []
        for _ in range(2):
            here, there = spawn.Pipe()
            member = spawn.Process(target=_sweeper, args=(there, url), daemon=True)
            member.start()
            here.recv()
            self._members.append((member, here))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for member, pipe in self._members:
            pipe.close()
            member.join()

    def run(self, due: datetime, sweepers: int) -> tuple[float, int]:
        """Seconds until nothing is due any more, and how many rungs fired."""
        begun = time.perf_counter()
        for _, pipe in self._members[:sweepers]:
            pipe.send(due)
        rungs = sum(pipe.recv() for _, pipe in self._members[:sweepers])
        return time.perf_counter() - begun, rungs


def _sweeper(pipe: Connection, url: str) -> None:
    engine = open_engine(url)
    rules = rules_in(engine)
    look_seldom()
    pipe.send("ready")
    while True:
        try:
            due = pipe.recv()
        except EOFError:
            break
        pipe.send(_swept(engine, rules, due))
    engine.dispose()


def _due_at(engine: Engine, name: str) -> datetime:
    with read_session(engine) as session:
        (due,) = session.scalars(select(Rung.due_at).where(Rung.name == name).distinct())
        return due


def _all_fired(engine: Engine, name: str) -> int:
    """How many rungs of this name there are, each of which fired in its time."""
    with read_session(engine) as session:
        rungs = select(func.count()).select_from(Rung).where(Rung.name == name)
        all_of_them = session.scalar(rungs) or 0
        in_time = session.scalar(rungs.where(Rung.outcome == "fired", Rung.settled_at >= Rung.due_at))
    if all_of_them != in_time:
        raise EarlyOrTwice(f"{name}: {all_of_them} rungs, {in_time} in time")
    return all_of_them
