"""Every route, for everybody, about something of one's own and of somebody else's."""

from collections.abc import Mapping
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.testclient import TestClient

from tests.api.access import EVERYBODY, NOBODY, PUBLIC, ROWS, Scene
from tests.api.conftest import Server


def test_every_route_says_who_may_and_nothing_else_does(sqlite_server: Server) -> None:
    served = {
        (method, route.path)
        for route in iter_route_contexts(sqlite_server.app.routes)
        if not isinstance(route.original_route, Mount)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert served == set(ROWS)


@pytest.mark.parametrize("route", ROWS, ids=" ".join)
def test_only_those_named_in_the_table_get_through(sqlite_server: Server, route: tuple[str, str]) -> None:
    row = ROWS[route]
    # Reading spoils nothing for the next reader; everybody else gets something nobody has touched yet.
    same = row.asks(Scene(sqlite_server, NOBODY)) if route[0] == "GET" else None
    answered = {
        persona: ask(sqlite_server, route, row.asks(Scene(sqlite_server, persona)) if same is None else same, persona)
        for persona in sorted(PUBLIC)
    }
    for persona, status in answered.items():
        if persona in row.who:
            assert status in row.answers, (persona, status)
        else:
            assert status == 401 if persona == NOBODY else status in (403, 404), (persona, status)


def test_the_cast_is_whole(sqlite_server: Server) -> None:
    actors = {
        name
        for name in sqlite_server.desk.cast.__slots__
        if not isinstance(getattr(sqlite_server.desk.cast, name), str)
    }
    assert actors == EVERYBODY


def ask(server: Server, route: tuple[str, str], said: Mapping[str, Any], persona: str) -> int:
    """Send a request as somebody; the status."""
    method, path = route
    body = {name: said[name] for name in ("json", "params", "content") if name in said}
    client: TestClient = server.anonymous
    if persona != NOBODY:
        client = server.login_as(getattr(server.desk.cast, persona))
    if method == "GET":
        body.pop("json", None)
    return client.request(method, path.format(**said), **body).status_code
