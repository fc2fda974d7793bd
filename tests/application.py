"""One application for all tests of a process: its addresses are prepared once, house and clock are each test's."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from fastapi import FastAPI

from api.app import create_app, move_in
from api.house import House
from api.settings import Settings


def application(house: House, *, now: Callable[[], datetime]) -> FastAPI:
    """The application, serving `house` until the next asks for it."""
    app = _prepared()
    move_in(app, house, now=now)
    return app


@cache
def _prepared() -> FastAPI:
    return create_app(House(Settings()))
