"""One application for all tests of a process: its addresses are prepared once, house and clock are each test's."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from fastapi import FastAPI
from starlette.routing import BaseRoute

from api.app import create_app, move_in
from api.house import House
from api.settings import Settings


def application(house: House, *, now: Callable[[], datetime]) -> FastAPI:
    """The application, serving `house` until the next asks for it."""
    app, routes = _prepared()
    assert tuple(app.routes) == routes, "a test has added an address: let it make an application of its own"
    move_in(app, house, now=now)
    return app


@cache
def _prepared() -> tuple[FastAPI, tuple[BaseRoute, ...]]:
    app = create_app(House(Settings()))
    return app, tuple(app.routes)
