"""kill -9 of a real server under load: what was answered stands, once; what was not answered can be asked again."""

import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine

from api import clock as clocks
from api.evidence.store import Store
from models import Event, Rung
from models.database import read_session
from tests.desk import Desk
from tests.hard.conftest import settled
from tests.hard.judge import faults
from tests.hard.storm import Weather, storm

SEED = 20261121
# On two databases: fifty kills in every `make check`, four hundred in a soak.
CYCLES = 25
SOAK_CYCLES = 200
# Rungs of these are due at once, so that sweeps are killed too.
OLD_CASES = 4
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
