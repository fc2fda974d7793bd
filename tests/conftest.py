"""What every test may ask for: both databases, empty and migrated, and a clock that moves only when told."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from sqlalchemy import Engine, make_url

from api.litter import look_seldom
from models import database as databases
from models import migrate
from tests.desk import Desk
from tests.people import found, populate
from tests.postgres import fresh_database, server
from tests.stock import Stock

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Machines are shared and noisy: no example fails for being slow. In CI Hypothesis also draws the same ones every time.
settings.register_profile("house", settings(), deadline=None)
settings.load_profile("house")
KINDS = ("sqlite", "postgresql")
DESKS = frozenset({"desk", "sqlite_desk"})
POSTGRES = pytest.StashKey[str]()


def pytest_collection_finish() -> None:
    """Nobody looks again and again for garbage among four thousand tests and all modules: a sixth of the time."""
    look_seldom()


@dataclass(slots=True)
class Clock:
    """The instant a test says it is."""

    now: datetime = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)

    def advance(self, **span: float) -> datetime:
        """Move forward by `days=`, `hours=`, `minutes=` … and return the new instant."""
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A Monday, nine in the morning, Shanghai."""
    return Clock()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine on a database of the test's own, with all tables and no rows; SQLite, then PostgreSQL."""
    with opened(request.getfixturevalue(f"fresh_{request.param}_url")) as engine:
        yield engine


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine on a database without any table, of either kind."""
    with opened(request.getfixturevalue(f"empty_{request.param}_url")) as engine:
        yield engine


@pytest.fixture
def desk(database: Engine, clock: Clock) -> Desk:
    """A desk in the populated district, on either database."""
    with databases.read_session(database) as session:
        return Desk(database, found(session), clock)


@pytest.fixture
def sqlite_desk(sqlite_database: Engine, clock: Clock) -> Desk:
    """`desk` where only SQLite is meant."""
    with databases.read_session(sqlite_database) as session:
        return Desk(sqlite_database, found(session), clock)


@pytest.fixture
def sqlite_database(fresh_sqlite_url: str) -> Iterator[Engine]:
    """`database` where only SQLite is meant."""
    with opened(fresh_sqlite_url) as engine:
        yield engine


@pytest.fixture
def postgresql_database(fresh_postgresql_url: str) -> Iterator[Engine]:
    """`database` where only PostgreSQL is meant."""
    with opened(fresh_postgresql_url) as engine:
        yield engine


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine whose connections are all closed at the end."""
    engine = databases.engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/hazardloop.db"


@pytest.fixture
def fresh_sqlite_url(empty_sqlite_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A SQLite file with all tables and no rows, or the district's where the test has a desk."""
    shutil.copyfile(request.getfixturevalue(f"sqlite_{_state(request)}"), tmp_path / "hazardloop.db")
    return empty_sqlite_url


@pytest.fixture
def empty_postgresql_url(postgres: str) -> Iterator[str]:
    """A PostgreSQL database without tables."""
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture
def fresh_postgresql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL database with all tables and no rows, or the district's where the test has a desk."""
    stock: Stock = request.getfixturevalue(f"postgresql_{_state(request)}")
    with stock.lend() as url:
        yield url


def _state(request: pytest.FixtureRequest) -> str:
    # Building the district anew for each of two thousand stories would take longer than telling them.
    return "template" if DESKS.isdisjoint(request.fixturenames) else "populated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "hazardloop.db"
    with opened(f"sqlite:///{path}") as engine:
        migrate.upgrade(engine)
    return path


@pytest.fixture(scope="session")
def sqlite_populated(sqlite_template: Path) -> Path:
    """The same with the district in it."""
    path = sqlite_template.with_name("populated.db")
    shutil.copyfile(sqlite_template, path)
    _settle(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_populated(postgres: str, postgresql_template: Stock) -> Iterator[Stock]:
    """The same with the district in it."""
    with fresh_database(postgres, template=postgresql_template.template) as url:
        _settle(url)
        with closing(Stock(postgres, str(make_url(url).database))) as stock:
            yield stock


def _settle(url: str) -> None:
    with opened(url) as engine, databases.write_session(engine) as session:
        populate(session, Clock().now)


@pytest.fixture(scope="session")
def postgresql_template(postgres: str) -> Iterator[Stock]:
    """Copies of a migrated database."""
    with fresh_database(postgres) as url:
        with opened(url) as engine:
            migrate.upgrade(engine)
        with closing(Stock(postgres, str(engine.url.database))) as stock:
            yield stock


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of the run's PostgreSQL: handed down by the first process under xdist, else started when first asked."""
    with ExitStack() as ending:
        yield getattr(request.config, "workerinput", {}).get("postgres") or ending.enter_context(server())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start one server for all workers of a run."""
    config: pytest.Config = node.config
    if POSTGRES not in config.stash:
        ending = ExitStack()
        config.add_cleanup(ending.close)
        config.stash[POSTGRES] = ending.enter_context(server())
    node.workerinput["postgres"] = config.stash[POSTGRES]
