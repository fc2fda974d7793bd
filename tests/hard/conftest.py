"""The district of `desk` behind HTTP: in process, or as a real server process on loopback."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from api import accounts
from api import clock as clocks
from api.house import House
from api.settings import Settings
from models.database import write_session
from tests.application import application
from tests.desk import Desk
from tests.people import populate
from workflow.actor import Actor


@pytest.fixture
def house(desk: Desk, tmp_path: Path) -> House:
    """A house over the desk's database."""
    return house_over(desk.engine, tmp_path / "data")


@pytest.fixture
def app(house: House, desk: Desk) -> FastAPI:
    """The application, which goes by the desk's clock."""
    return application(house, now=lambda: desk.clock.now)


@pytest.fixture
def now_desk(database: Engine, clock: Any) -> Desk:
    """`settled`, on either database."""
    return settled(database, clock)


def settled(database: Engine, clock: Any, *, ago: timedelta = timedelta(0)) -> Desk:
    """A district that was set up some time ago by the real clock, which a server process goes by."""
    clock.now = clocks.now() - ago
    with write_session(database) as session:
        return Desk(database, populate(session, clock.now), clock)


def house_over(engine: Engine, folder: Path) -> House:
    """A house whose database is this engine."""
    built = House(Settings(data_dir=folder, database_url="", profile="national"))
    built.engine = engine
    return built


def secret_of(desk: Desk, actor: Actor) -> str:
    """An API token of that person, by the desk's clock."""
    return accounts.issue_token(desk.engine, actor.id, "测试", now=desk.clock.now - timedelta(days=1), days=366)
