"""A hundred clients at once on a few cases of one server: everybody is answered, nobody by a fault of ours."""

import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import httpx
from sqlalchemy import Engine

from api.evidence.store import Store
from models import Case
from models.database import read_session, write_session
from tests.desk import Desk
from tests.hard.conftest import settled
from tests.hard.judge import Promises, faults
from tests.hard.processes import ServerProcess, running
from tests.hard.storm import secrets_of

CLIENTS = 100
ROUNDS = 3
ANSWER_SECONDS = 60
# One for all clients: reading the certificates a hundred times would take longer than the crowd.
TRUST = ssl.create_default_context()
PROBLEM = "application/problem+json"
PEOPLE = ("inspector", "dispatcher", "enterprise_person", "supervisor", "town_inspector")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request got; status 0 for none at all."""

    request: str
    status: int
    content_type: str
    text: str


Ask = tuple[str, str, str, dict[str, Any] | None]
AllAtOnce = Callable[[Callable[[int], Ask]], list[Answer]]


def asks(n: int, cases: list[str], enterprise: str) -> Ask:
    """The n-th client's request: who, method, path, body."""
    case_id = cases[n % len(cases)]
    kinds: tuple[Ask, ...] = (
        ("enterprise_person", "POST", f"/cases/{case_id}/moves/report", {"note": f"第{n}次报告"}),
        ("inspector", "GET", "/hazards?limit=20", None),
        ("dispatcher", "POST", f"/cases/{case_id}/moves/void", {"reason": "重复登记"}),
        ("supervisor", "GET", f"/hazards/{case_id}", None),
        ("enterprise_person", "POST", f"/cases/{case_id}/moves/start", None),
        ("town_inspector", "GET", f"/cases/{case_id}/history", None),
        (
            "inspector",
            "POST",
            "/hazards",
            {"hazards": [{"description": f"灭火器失压{n}", "enterprise_id": enterprise}]},
        ),
        ("supervisor", "GET", "/dashboard", None),
        ("dispatcher", "POST", f"/cases/{case_id}/moves/nonsense", {}),
        ("inspector", "GET", f"/cases/{case_id}/clock", None),
    )
    return kinds[n // len(cases) % len(kinds)]


def wrong(answers: list[Answer]) -> list[Answer]:
    """Those that are neither a success nor a named problem of the client's own."""
    return [a for a in answers if not (200 <= a.status < 300 or (400 <= a.status < 500 and a.content_type == PROBLEM))]


@contextmanager
def crowd(url: str, folder: Path, secrets: Mapping[str, str]) -> Iterator[AllAtOnce]:
    """A server, and a function that sends it everybody's requests at the same moment."""
    with running(ServerProcess(folder, url)) as server:

        def client(n: int, start: Barrier, asked: Callable[[int], Ask]) -> list[Answer]:
            # A connection of one's own each, as a hundred telephones have.
            with httpx.Client(base_url=f"{server.address}/api/v1", timeout=ANSWER_SECONDS, verify=TRUST) as own:
                start.wait()
                return [send(own, secrets, asked(n + round_ * CLIENTS)) for round_ in range(ROUNDS)]

        def all_at_once(asked: Callable[[int], Ask]) -> list[Answer]:
            start = Barrier(CLIENTS)
            with ThreadPoolExecutor(CLIENTS) as pool:
                each = [pool.submit(client, n, start, asked) for n in range(CLIENTS)]
                return [answer for done in each for answer in done.result()]

        yield all_at_once


def send(own: httpx.Client, secrets: Mapping[str, str], ask: Ask) -> Answer:
    """One request."""
    who, method, path, body = ask
    try:
        got = own.request(method, path, json=body, headers={"Authorization": f"Bearer {secrets[who]}"})
    except httpx.TransportError as none:
        return Answer(path, 0, "", repr(none))
    return Answer(path, got.status_code, got.headers.get("content-type", ""), got.text)


def test_a_hundred_clients_at_once_are_all_answered(now_desk: Desk, tmp_path: Path) -> None:
    desk, cast = now_desk, now_desk.cast
    cases = [desk.open() for _ in range(5)]
    for case_id in cases:
        desk.assign(case_id)
    secrets = secrets_of(desk.engine, {name: getattr(cast, name) for name in PEOPLE})

    with crowd(_url(desk), tmp_path / "data", secrets) as all_at_once:
        answers = all_at_once(lambda n: asks(n, cases, cast.enterprise))

    assert len(answers) == CLIENTS * ROUNDS
    assert wrong(answers) == []
    assert {200, 201, 409}.issubset(Counter(a.status for a in answers))
    with read_session(desk.engine) as session:
        assert faults(session, Promises(), Store(tmp_path / "data" / "evidence")) == []


def test_the_measure_sees_those_whom_a_held_database_turns_away(
    sqlite_database: Engine, clock: Any, tmp_path: Path
) -> None:
    """The control: somebody holds the write lock until the first is turned away, and every request wants it."""
    desk = settled(sqlite_database, clock)
    secrets = secrets_of(desk.engine, {"inspector": desk.cast.inspector})
    body = {"enterprise_id": desk.cast.enterprise, "description": "灭火器失压"}
    answered = Event()

    def ask(n: int) -> Ask:
        # A client's second request: its first was answered, whatever the pace of the machine.
        if n >= CLIENTS:
            answered.set()
        return "inspector", "POST", "/hazards", {"hazards": [body]}

    with crowd(_url(desk), tmp_path / "data", secrets) as all_at_once, ThreadPoolExecutor(1) as pool:
        with write_session(desk.engine):
            asked = pool.submit(all_at_once, ask)
            assert answered.wait(ANSWER_SECONDS)
        answers = asked.result()

    assert {a.status for a in wrong(answers)} == {503}
    assert desk.count(Case) == sum(a.status == 201 for a in answers)


def _url(desk: Desk) -> str:
    return desk.engine.url.render_as_string(hide_password=False)
