"""Reading a large ledger: a page of it, its dashboard, and a sweep that finds nothing due."""

import time
from collections.abc import Callable, Iterator, Mapping
from statistics import median

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from api.queries.ledger import Sort, Wanted, case_lines
from bench.figures import Figure, Goal, ratio, spread
from bench.flood import flood
from bench.places import Ground
from bench.sizes import Sizes
from bench.stage import NOW, Stage, build, rules_in
from models.database import read_session, write_session
from workflow import dashboard
from workflow.actor import Actor
from workflow.sweep import sweep

SORTS: tuple[Sort, ...] = ("newest", "due")
TOWNS = 120
PAGE = 51
SCAN = text(
    "SELECT district_id, town_id, level, state, overdue_since IS NOT NULL AS overdue, count(*) FROM cases "
    "GROUP BY district_id, town_id, level, state, overdue_since IS NOT NULL"
)


def pages(ground: Ground, sizes: Sizes) -> Iterator[Figure]:
    """The figures of both databases, each with a small and a large ledger side by side."""
    for kind in ("postgresql", "sqlite"):
        with ground.database(kind) as small, ground.database(kind) as large:
            stages = []
            for engine, cases in ((small, sizes.few), (large, sizes.many)):
                stages.append(build(engine, towns=TOWNS))
                flood(engine, stages[-1], cases)
            yield _sweep(large, kind, sizes)
            for who, actor_of in READERS.items():
                yield _page(who, kind, sizes, (small, actor_of(stages[0])), (large, actor_of(stages[1])))
            yield _dashboard(large, stages[1], kind, sizes)


READERS: Mapping[str, Callable[[Stage], Actor]] = {
    "a town inspector": lambda stage: stage.town_inspectors[0],
    "an enterprise": lambda stage: stage.owners[0],
}


def _sweep(engine: Engine, kind: str, sizes: Sizes) -> Figure:
    rules = rules_in(engine)
    taken = []
    for _ in range(sizes.pages):
        begun = time.perf_counter()
        with write_session(engine) as session:
            found = sweep(session, rules, now=NOW)
        taken.append((time.perf_counter() - begun) * 1000)
        assert not found.cases
    return Figure(
        what=f"a sweep with nothing due among {sizes.many:,} waiting rungs",
        database=kind,
        against="–",
        value=median(taken),
        unit="ms",
        goal=Goal(5, 5, less=True),
        made_of=f"{spread(taken)} ms",
    )


def _page(who: str, kind: str, sizes: Sizes, small: tuple[Engine, Actor], large: tuple[Engine, Actor]) -> Figure:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(sizes.pages):
        for (engine, actor), taken in zip((small, large), times, strict=True):
            taken.append(_read(engine, actor))
    return Figure(
        what=f"a page of the ledger at {sizes.many:,} cases, as {who}",
        database=kind,
        against=f"at {sizes.few:,}",
        value=ratio(times[1], times[0]),
        unit="×",
        goal=Goal(2, 1.5, less=True),
        made_of=f"{spread(times[1])} beside {spread(times[0])} ms, newest and nearest due together",
    )


def _read(engine: Engine, actor: Actor) -> float:
    begun = time.perf_counter()
    for sort in SORTS:
        with read_session(engine) as session:
            case_lines(session, actor, Wanted(), sort=sort, limit=PAGE, after=None)
    return (time.perf_counter() - begun) * 1000


def _dashboard(engine: Engine, stage: Stage, kind: str, sizes: Sizes) -> Figure:
    leader = stage.officers[-1]

    def counted(session: Session) -> object:
        return dashboard.read(session, leader)

    def scanned(session: Session) -> object:
        return session.execute(SCAN).all()

    ours, raw = [], []
    for _ in range(max(1, sizes.pages // 8)):
        ours.append(_timed(engine, counted))
        raw.append(_timed(engine, scanned))
    return Figure(
        what=f"the dashboard from counters at {sizes.many:,} cases",
        database=kind,
        against="a raw scan",
        value=ratio(ours, raw),
        unit="×",
        goal=Goal(1 / 30, 1 / 30, less=True),
        made_of=f"{spread(ours)} beside {spread(raw)} ms",
    )


def _timed(engine: Engine, act: Callable[[Session], object]) -> float:
    with read_session(engine) as session:
        begun = time.perf_counter()
        act(session)
        return (time.perf_counter() - begun) * 1000
