"""A server without a network: the whole application on a populated district, and clients signed in as its people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import accounts
from api.house import House
from api.settings import Settings
from tests.application import application
from tests.desk import Desk
from workflow.actor import Actor


@dataclass(slots=True)
class Server:
    """The application with its desk, whose clock it goes by."""

    app: FastAPI
    house: House
    desk: Desk
    anonymous: TestClient

    def login_as(self, actor: Actor) -> TestClient:
        """A client with an API token of that person."""
        since = self.desk.clock.now
        secret = accounts.issue_token(self.desk.engine, actor.id, "测试", now=since - timedelta(days=1), days=366)
        return TestClient(self.app, raise_server_exceptions=False, headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def server(desk: Desk, tmp_path: Path) -> Iterator[Server]:
    """The district of `desk` behind HTTP, on either database."""
    yield from serving(desk, tmp_path)


@pytest.fixture
def sqlite_server(sqlite_desk: Desk, tmp_path: Path) -> Iterator[Server]:
    """`server` where nothing depends on the database."""
    yield from serving(sqlite_desk, tmp_path)


def serving(desk: Desk, folder: Path) -> Iterator[Server]:
    """The application on the desk's database, with its files in a folder."""
    house = House(Settings(data_dir=folder / "data", database_url="", profile="national"))
    house.engine = desk.engine
    app = application(house, now=lambda: desk.clock.now)
    with TestClient(app, raise_server_exceptions=False) as anonymous:
        yield Server(app, house, desk, anonymous)
