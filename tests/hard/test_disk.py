"""Bad days of the database and the disk under a running server: named problems, nothing half done, up again alone."""

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, text

from api import clock as clocks
from api.app import create_app
from api.evidence.store import Store
from models import Case
from models.database import read_session, write_session
from models.sqlite import BUSY_SECONDS
from models.sqlite import driver as sqlite
from tests.conftest import opened
from tests.desk import Desk
from tests.hard.conftest import house_over, secret_of, settled
from tests.hard.judge import Promises, faults
from tests.hard.processes import ServerProcess, running
from tests.hard.storm import photo
from workflow.actor import Actor

UNAVAILABLE = "/problems/unavailable"
STORE_FULL = "/problems/store-full"


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody at work with the server: finds hazards, looks at them, uploads photos."""

    server: ServerProcess
    desk: Desk
    secret: str

    def send(self, method: str, path: str, *, key: str | None = None, **content: Any) -> httpx.Response:
        """One request."""
        headers = {"Authorization": f"Bearer {self.secret}", **({"Idempotency-Key": key} if key else {})}
        url = f"{self.server.address}/api/v1{path}"
        return httpx.request(method, url, headers=headers, timeout=30, **content)

    def find(self, *, key: str | None = None, words: int = 10, n: int = 1) -> httpx.Response:
        """A visit that found `n` hazards, each described at some length."""
        hazard = {"description": "堵" * words, "enterprise_id": self.desk.cast.enterprise}
        return self.send("POST", "/hazards", key=key, json={"hazards": [hazard] * n})

    def faults(self) -> list[str]:
        """What the judge says about the database as it lies."""
        with read_session(self.desk.engine) as session:
            return faults(session, Promises(), Store(self.server.data_dir / "evidence"))


@contextmanager
def at_work(desk: Desk, folder: Path, *, by: Actor | None = None) -> Iterator[Officer]:
    """An officer, usually an inspector, before a running server."""
    url = desk.engine.url.render_as_string(hide_password=False)
    with running(ServerProcess(folder, url)) as server:
        yield Officer(server, desk, secret_of(desk, by or desk.cast.inspector))


def is_problem(answer: httpx.Response, type_: str) -> bool:
    """Whether it is this problem, in the shape every problem has."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return bool(answer.json()["type"] == type_)


def test_a_lock_held_too_long_turns_writers_away_and_readers_not(
    sqlite_database: Engine, clock: Any, tmp_path: Path
) -> None:
    desk = settled(sqlite_database, clock)
    with (
        at_work(desk, tmp_path / "data") as inspector,
        closing(sqlite.connect(desk.engine.url.database or "")) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        asked_at = clocks.now()
        refused = inspector.find(key="a")
        waited = (clocks.now() - asked_at).total_seconds()
        seen = inspector.send("GET", "/hazards")
        other.rollback()
        again = inspector.find(key="a")

        assert (refused.status_code, seen.status_code, again.status_code) == (503, 200, 201)
        assert is_problem(refused, UNAVAILABLE)
        assert int(refused.headers["retry-after"]) > 0
        assert waited > BUSY_SECONDS - 1
        assert desk.count(Case) == 1
        assert inspector.faults() == []


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits the files of a running process")
def test_a_full_disk_refuses_by_name_and_the_server_goes_on_when_there_is_room(
    sqlite_database: Engine, clock: Any, tmp_path: Path
) -> None:
    desk = settled(sqlite_database, clock)
    with at_work(desk, tmp_path / "data") as inspector:
        (case,) = inspector.find().json()["cases"]
        upload = f"/cases/{case['id']}/evidence?phase=after&name=a.jpg"
        jpeg = photo(Random(1))
        with no_file_grows_beyond(inspector.server.pid, 16):
            refused = inspector.find(key="a", words=1000, n=20)
            no_photo = inspector.send("POST", upload, content=jpeg)
            seen = inspector.send("GET", "/hazards")
        again = inspector.find(key="a", words=1000, n=20)
        a_photo = inspector.send("POST", upload, content=jpeg)

        assert (refused.status_code, no_photo.status_code, seen.status_code) == (503, 507, 200)
        assert is_problem(refused, UNAVAILABLE)
        assert is_problem(no_photo, STORE_FULL)
        assert (again.status_code, a_photo.status_code) == (201, 201)
        assert len(seen.json()["items"]) == 1
        assert desk.count(Case) == 21
        assert inspector.faults() == []
        assert list((inspector.server.data_dir / "evidence" / "incoming").iterdir()) == []


@contextmanager
def no_file_grows_beyond(pid: int, size: int) -> Iterator[None]:
    """What a full disk does to a process: not a byte more in any file beyond `size` bytes."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_a_database_that_can_only_be_read_is_read(sqlite_database: Engine, clock: Any, tmp_path: Path) -> None:
    desk = settled(sqlite_database, clock)
    case_id = desk.open()
    token = secret_of(desk, desk.cast.dispatcher)
    with opened(f"sqlite:///file:{desk.engine.url.database}?mode=ro&uri=true") as engine:
        app = create_app(house_over(engine, tmp_path / "data"), now=lambda: clock.now)
        client = TestClient(app, headers={"Authorization": f"Bearer {token}"})
        seen = client.get(f"/api/v1/hazards/{case_id}")
        refused = client.post(f"/api/v1/cases/{case_id}/moves/void", json={"reason": "重复登记"})

    assert (seen.status_code, refused.status_code) == (200, 503)
    assert is_problem(refused, UNAVAILABLE)
    assert desk.case(case_id).version == 1


def test_a_request_whose_connection_is_cut_is_refused_by_name_and_may_be_sent_again(
    postgresql_database: Engine, clock: Any, tmp_path: Path
) -> None:
    desk = settled(postgresql_database, clock)
    case_id = desk.open()
    path, body = f"/cases/{case_id}/moves/void", {"reason": "重复登记"}
    with at_work(desk, tmp_path / "data", by=desk.cast.dispatcher) as officer, ThreadPoolExecutor(1) as pool:
        with held(desk.engine, case_id):
            under_way = pool.submit(officer.send, "POST", path, key="a", json=body)
            cut(desk.engine, waiting=True)
            refused = under_way.result()
        again = officer.send("POST", path, key="a", json=body)
        cut(desk.engine, waiting=False)
        desk.engine.dispose()
        answers = [officer.send("GET", "/hazards").status_code for _ in range(3)]

        assert refused.status_code == 503
        assert is_problem(refused, UNAVAILABLE)
        assert again.status_code == 200
        assert answers[1:] == [200, 200]
        assert desk.case(case_id).version == 2
        assert officer.faults() == []


@contextmanager
def held(engine: Engine, case_id: str) -> Iterator[None]:
    """The case's row, locked by somebody else."""
    with write_session(engine) as session:
        session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
        yield


def cut(engine: Engine, *, waiting: bool) -> None:
    """End connections on the database's side: those waiting for a lock, as soon as there is one, or all."""
    sessions = "FROM pg_stat_activity WHERE datname = current_database() AND pid NOT IN (SELECT pg_backend_pid())"
    found = f"SELECT pg_terminate_backend(pid) {sessions} AND " + ("wait_event_type = 'Lock'" if waiting else "true")
    deadline = clocks.now() + timedelta(minutes=2)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        while not admin.execute(text(found)).all():
            assert clocks.now() < deadline, "nobody waits for the lock"
