"""Escalations that all come due in one second: how late the last are, and what a second sweeper is worth."""

import logging
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from threading import get_ident
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, func, select

from api import logs
from api.house import House
from api.litter import look_seldom
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
# Rungs of the promise to assign, and how many sweepers take each in either database: a rung is compared with itself.
TURNS = (("supervisor", (2, 1)), ("leader", (1, 2)))


class EarlyOrTwice(AssertionError):
    """A rung did not fire, or fired before its time."""


def sweeps(ground: Ground, sizes: Sizes) -> Iterator[Figure]:
    """Lateness on both databases; two sweepers beside one where the database takes two writers."""
    logs.configure(logging.WARNING)
    with ground.database("sqlite") as first, ground.database("sqlite") as second:
        yield _late("sqlite", [_burst(engine, ground.folder, sizes) for engine in (first, second)])
    with ground.database("postgresql") as first, ground.database("postgresql") as second:
        yield _late("postgresql", [_burst(engine, ground.folder, sizes) for engine in (first, second)])
        yield _two((first, second))


def _burst(engine: Engine, folder: Path, sizes: Sizes) -> float:
    """Seconds after the poll within which 99 of 100 rungs had taken effect durably, by one worker's own loop."""
    open_hazards(engine, build(engine), sizes.burst)
    analyse(engine)
    due = _due_at(engine, "breach")
    done = sorted(_worked(engine, folder, due))
    _all_fired(engine, "breach", len(done))
    return done[int(len(done) * 0.99) - 1]


def _worked(engine: Engine, folder: Path, due: datetime) -> list[float]:
    """For each rung the seconds from the worker's first look to its commit, after which the same thread looks again."""
    house = House(Settings.model_validate({"data_dir": folder}))
    house.engine = engine
    looks: dict[int, list[tuple[datetime, float]]] = defaultdict(list)
    begun = time.perf_counter()

    def now() -> datetime:
        since = time.perf_counter() - begun
        at = due + timedelta(seconds=since)
        looks[get_ident()].append((at, since))
        return at

    with closing(client_of(house)) as client:
        sweep_due(Worker(house, client, now))
    ended = time.perf_counter() - begun
    committed = {
        at: following
        for mine in looks.values()
        for (at, _), following in zip(mine, [*(since for _, since in mine[1:]), ended], strict=True)
    }
    with read_session(engine) as session:
        settled = session.scalars(select(Rung.settled_at).where(Rung.name == "breach")).all()
    return [committed[at] for at in settled if at is not None]


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
        what="escalations due in one second, all applied, none early: p99 lateness",
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
                _all_fired(engine, name, rungs)
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


def _all_fired(engine: Engine, name: str, fired: int) -> None:
    with read_session(engine) as session:
        rungs = select(func.count()).select_from(Rung).where(Rung.name == name)
        all_of_them = session.scalar(rungs)
        in_time = session.scalar(rungs.where(Rung.outcome == "fired", Rung.settled_at >= Rung.due_at))
    if not all_of_them == in_time == fired:
        raise EarlyOrTwice(f"{name}: {all_of_them} rungs, {in_time} in time, {fired} fired")
