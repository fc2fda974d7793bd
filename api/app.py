"""The application (网络服务): one house behind HTTP."""

from collections.abc import Callable
from datetime import datetime

from anyio import CapacityLimiter
from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline

from api import clock, faults, openapi
from api.house import House
from api.meters import Counting
from api.parameters import known_only
from api.protection import BodyLimit, SafeHeaders
from api.routes import ROOT_ROUTERS, ROUTERS
from api.upload import AT_ONCE

PREFIX = "/api/v1"


def create_app(house: House, *, now: Callable[[], datetime] = clock.now) -> FastAPI:
    """Return the application that serves `house`; the documentation pages need no network."""
    app = FastAPIOffline(title=openapi.TITLE, version="1")
    move_in(app, house, now=now)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(known_only)])
    for router in ROOT_ROUTERS:
        app.include_router(router)
    app.add_middleware(BodyLimit)
    app.add_middleware(SafeHeaders)
    app.add_middleware(Counting)
    faults.install(app)
    openapi.describe(app)
    return app


def move_in(app: FastAPI, house: House, *, now: Callable[[], datetime]) -> None:
    """Let an application serve this house, by this clock, from the next request on."""
    app.state.house = house
    app.state.clock = now
    app.state.uploads = CapacityLimiter(AT_ONCE)
