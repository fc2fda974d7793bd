"""kill -9 of a real server under load: what was answered stands, once; what was not answered can be asked again."""

import os
import signal
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine

from api import clock as clocks
from api.evidence.store import Store
from api.helper import Helper
from api.house import House
from api.settings import Settings
from api.worker import Worker, client_of, sweep_due
from models import Event, Rung
from models.database import read_session, write_session
from tests.desk import Desk
from tests.hard.conftest import settled
from tests.hard.judge import Promises, faults
from tests.hard.storm import Weather, storm
from workflow.opening import NewHazard, open_cases

SEED = 20261121
# On two databases: fifty kills in every `make check`, four hundred in a soak.
CYCLES = 25
SOAK_CYCLES = 200
# Rungs of these are due at once, so that sweeps are killed too.
OLD_CASES = 4
# More than the first of the helpers can do before it is killed.
BURST = 2000
PATIENCE = timedelta(minutes=3)
HELPERS = 5
OLD = timedelta(days=50)


@pytest.fixture
def old_desk(database: Engine, clock: Any) -> Desk:
    """A district that was set up fifty days ago by the real clock, which the server goes by."""
    return settled(database, clock, ago=OLD)


def test_after_fifty_kills_every_answered_move_stands_once(old_desk: Desk, tmp_path: Path) -> None:
    endure(old_desk, tmp_path / "data", cycles=CYCLES)


@pytest.mark.soak
def test_after_four_hundred_kills_every_answered_move_stands_once(old_desk: Desk, tmp_path: Path) -> None:
    endure(old_desk, tmp_path / "data", cycles=SOAK_CYCLES)


def test_a_helper_that_is_killed_in_the_middle_of_a_burst_leaves_nothing_half_done_and_nothing_undone(
    postgresql_database: Engine, clock: Any, tmp_path: Path
) -> None:
    desk = settled(postgresql_database, clock, ago=OLD)
    place = {"district_id": desk.cast.district, "town_id": desk.cast.town, "enterprise_id": desk.cast.enterprise}
    burst = [NewHazard(description=f"{n}号车间疏散通道堵塞", found_at=clock.now, **place) for n in range(BURST)]
    with write_session(desk.engine) as session:
        open_cases(session, desk.rules, burst, actor=desk.cast.inspector, now=clock.now)
    clock.now = clocks.now()
    folder, url = tmp_path / "data", desk.engine.url.render_as_string(hide_password=False)
    house, rng = House(Settings(data_dir=folder, database_url=url, profile="national")), Random(SEED)

    interrupted = 0
    with closing(Helper(house.settings)) as helper, closing(client_of(house)) as client:
        for _ in range(HELPERS):
            swept = desk.count(Rung, Rung.outcome == "fired")
            helper.call()
            while helper.busy and desk.count(Rung, Rung.outcome == "fired") == swept:
                helper.heard()
            time.sleep(rng.random() / 10)
            os.kill(helper.pid, signal.SIGKILL)
            os.waitid(os.P_PID, helper.pid, os.WEXITED | os.WNOWAIT)
            interrupted += helper.busy and not helper.heard()
        worker = Worker(house, client, helper=helper)
        # What the last of them held is free once the server has noticed that it is gone.
        while helper.busy or desk.count(Rung, Rung.outcome.is_(None), Rung.wake_at <= clock.now):
            sweep_due(worker)
            assert clocks.now() < clock.now + PATIENCE, "something stayed undone"
    house.engine.dispose()

    assert interrupted > 0, "no kill came in the middle"
    with read_session(desk.engine) as session:
        assert faults(session, Promises(), Store(folder / "evidence")) == []


def endure(desk: Desk, folder: Path, *, cycles: int) -> None:
    """A storm with `cycles` kills, then the judge."""
    rng = Random(SEED)
    with storm(desk, folder, rng) as weather:
        for _ in range(cycles):
            strike(weather, desk, rng)
    desk.clock.now = clocks.now()
    while desk.sweep().rungs:
        pass
    tell(desk, weather, cycles)

    assert weather.failures == []
    assert weather.repeated > 0, "no kill interrupted a request"
    assert desk.count(Rung, Rung.outcome == "fired") >= cycles * OLD_CASES
    with read_session(desk.engine) as session:
        assert faults(session, weather.promises, Store(folder / "evidence")) == []


def strike(weather: Weather, desk: Desk, rng: Random) -> None:
    """Some answers later the server is dead, finds work that fell due meanwhile, and lives again."""
    weather.wait_for(rng.randint(0, 30), seconds=10)
    weather.over.wait(rng.random() * 0.02)
    weather.up.clear()
    weather.server.kill()
    for _ in range(OLD_CASES):
        desk.assign(desk.open())
    weather.server.start()
    weather.up.set()


def tell(desk: Desk, weather: Weather, cycles: int) -> None:
    """The figures, shown by pytest -rA or beside a failure."""
    told = {
        "seed": SEED, "kills": cycles, "answered": weather.answered, "repeated": weather.repeated,
        "replayed": weather.replayed, "moves": len(weather.promises.moves), "uploads": len(weather.promises.evidence),
        "events": desk.count(Event), "rungs": desk.count(Rung, Rung.outcome == "fired"),
    }  # fmt: skip
    sys.stdout.write(f"{desk.engine.dialect.name}: {told}\n")
