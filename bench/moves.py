"""Durable moves a second through `fire`, beside the raw driver writing the same rows."""

from collections.abc import Iterator
from contextlib import ExitStack
from random import Random

from bench.crew import SIDES, Crew
from bench.figures import Figure, Goal, ratio, spread
from bench.places import Ground, plain_url
from bench.sizes import Sizes
from bench.stage import bring_evidence, build, open_hazards

# database → processes, threads in each, goal
CREWS = {"postgresql": (2, 4, Goal(0.8, 1.0)), "sqlite": (1, 1, Goal(0.4, 0.6))}
# Enough roads for every connection's prepared statements to be in place before the first round.
WARM_ROADS = 8


def moves(ground: Ground, sizes: Sizes) -> Iterator[Figure]:
    """One figure a database."""
    for kind, (processes, threads, goal) in CREWS.items():
        rates = _rates(ground, sizes, kind, processes, threads)
        yield Figure(
            what=f"durable moves a second through fire, {processes * threads} connection(s)",
            database=kind,
            against="the raw driver writing the same rows",
            value=ratio(rates["ours"], rates["raw"]),
            unit="×",
            goal=goal,
            made_of=f"{spread(rates['ours'])} beside {spread(rates['raw'])} moves/s",
        )


def _rates(ground: Ground, sizes: Sizes, kind: str, processes: int, threads: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {side: [] for side in SIDES}
    roads = WARM_ROADS + sizes.turns * sizes.roads
    with ground.database(kind) as engine, ExitStack() as ending:
        stage = build(engine)
        case_ids = open_hazards(engine, stage, roads * len(SIDES) * processes * threads)
        bring_evidence(engine, case_ids)
        url = plain_url(engine)
        engine.dispose()
        crew = ending.enter_context(Crew(url, stage, case_ids, processes=processes, threads=threads))
        for side in SIDES:
            crew.run(side, WARM_ROADS)
        order = Random(1)
        for _ in range(sizes.turns):
            for side in order.sample(SIDES, len(SIDES)):
                rates[side].append(crew.run(side, sizes.roads))
    return rates
