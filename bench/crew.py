"""A crew: processes of threads, each with a connection of its own, that move cases down the road on command."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Protocol, Self

from sqlalchemy import Engine

from api.litter import look_seldom
from bench import raw
from bench.places import plain_url
from bench.road import START, decided, road
from bench.stage import Stage, rules_in
from models.database import engine as open_engine
from models.database import read_session, write_session
from workflow import load
from workflow.fire import fire

Job = Callable[[], None]
SIDES = ("ours", "raw")


class Crew:
    """Cases are dealt out once; every run takes the next of them."""

    def __init__(self, url: str, stage: Stage, case_ids: Sequence[str], *, processes: int, threads: int) -> None:
        self._threads = threads
        self._spawn = multiprocessing.get_context("spawn")
        self._members: list[tuple[Any, Connection]] = []
        for n in range(processes):
            here, there = self._spawn.Pipe()
            dealt = [case_ids[n * threads + t :: processes * threads] for t in range(threads)]
            member = self._spawn.Process(target=_member, args=(there, url, stage, dealt), daemon=True)
            member.start()
            self._members.append((member, here))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for member, pipe in self._members:
            pipe.close()
            member.join()

    def run(self, side: str, roads: int) -> float:
        """Every thread takes `roads` cases down the road; moves a second of all together."""
        pipes = [pipe for _, pipe in self._members]
        for pipe in pipes:
            pipe.send((side, roads))
        for pipe in pipes:
            pipe.recv()
        begun = time.perf_counter()
        for pipe in pipes:
            pipe.send("go")
        moved = sum(pipe.recv() for pipe in pipes)
        return float(moved / (time.perf_counter() - begun))


def _member(pipe: Connection, url: str, stage: Stage, dealt: Sequence[Sequence[str]]) -> None:
    engine = open_engine(url)
    hands: dict[str, Sequence[Hand]] = {
        "ours": [Ours(engine, stage) for _ in dealt],
        "raw": [Raw(engine, stage) for _ in dealt],
    }
    look_seldom()
    decks = [iter(case_ids) for case_ids in dealt]
    with ThreadPoolExecutor(len(dealt)) as threads:
        while True:
            try:
                side, roads = pipe.recv()
            except EOFError:
                break
            jobs = [
                hand.jobs([next(deck) for _ in range(roads)]) for hand, deck in zip(hands[side], decks, strict=True)
            ]
            pipe.send("ready")
            pipe.recv()
            list(threads.map(_do, jobs))
            pipe.send(sum(map(len, jobs)))
    engine.dispose()


def _do(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job()


class Hand(Protocol):
    """One thread's way of moving cases."""

    def jobs(self, case_ids: Sequence[str]) -> list[Job]: ...


class Ours:
    """The application's side: one transaction a move, through `fire`."""

    def __init__(self, engine: Engine, stage: Stage) -> None:
        self._engine, self._stage, self._rules = engine, stage, rules_in(engine)

    def jobs(self, case_ids: Sequence[str]) -> list[Job]:
        """The moves of these cases, one after the other."""
        with read_session(self._engine) as session:
            cases = load.read_cases(session, case_ids)
        return [
            self._job(case_id, step)
            for case_id in case_ids
            for step in road(self._stage, case_id, str(cases[case_id].enterprise_id))
        ]

    def _job(self, case_id: str, step: Any) -> Job:
        def move() -> None:
            with write_session(self._engine) as session:
                fire(session, self._rules, case_id, step.trigger, actor=step.actor, now=START, **step.data)

        return move


class Raw:
    """The raw driver's side: the rows of the same moves, made before the clock starts."""

    def __init__(self, engine: Engine, stage: Stage) -> None:
        self._engine, self._stage, self._rules = engine, stage, rules_in(engine)
        self._driver = raw.DRIVERS[engine.dialect.name](plain_url(engine))

    def jobs(self, case_ids: Sequence[str]) -> list[Job]:
        """The moves of these cases, one after the other."""
        with read_session(self._engine) as session:
            cases = load.read_cases(session, case_ids)
            deadlines = load.load_deadlines(session, case_ids)
        decisions = [d for c in case_ids for d in decided(self._stage, self._rules, cases[c], deadlines[c])]
        return [self._job(raw.raw_move(d, self._driver)) for d in decisions]

    def _job(self, move: raw.RawMove) -> Job:
        return lambda: self._driver.move(move)
