"""The light is green only while the worker works, nothing is late, and everything reached somebody."""

from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from api import heartbeat
from api.app import create_app
from api.house import House
from api.settings import Settings
from models import Channel, Message, Rung
from models.database import write_session
from tests.api.conftest import Server


@pytest.fixture
def healthy(server: Server) -> Server:
    """A worker that swept just now."""
    beat(server)
    return server


def beat(server: Server) -> None:
    now = server.desk.clock.now
    heartbeat.finished(server.desk.engine, "sweep", seconds=2, begun_at=now, now=now)


def reasons(server: Server) -> list[str]:
    answer = server.anonymous.get("/healthz")
    found = [reason["name"] for reason in answer.json()["reasons"]]
    assert answer.status_code == (503 if found else 200)
    return found


def test_a_house_at_work_is_green_for_everybody(healthy: Server) -> None:
    assert healthy.anonymous.get("/healthz").json() == {"status": "green", "reasons": []}


def test_a_house_whose_worker_never_ran_is_red(server: Server) -> None:
    assert reasons(server) == ["no_worker"]


def test_a_heartbeat_older_than_three_periods_is_red(healthy: Server) -> None:
    healthy.desk.clock.advance(seconds=6)
    assert reasons(healthy) == []
    healthy.desk.clock.advance(seconds=1)
    assert reasons(healthy) == ["heartbeat"]


def test_a_step_later_than_allowed_is_red_and_one_within_is_not(healthy: Server) -> None:
    case_id = healthy.desk.open()
    due = healthy.desk.rungs(case_id)[0].due_at

    healthy.desk.clock.now = due
    healthy.desk.clock.advance(seconds=60)
    beat(healthy)
    assert reasons(healthy) == []

    healthy.desk.clock.advance(seconds=1)
    assert reasons(healthy) == ["deadlines_late"]
    healthy.desk.sweep()
    assert reasons(healthy) == []


def test_a_step_that_fails_again_and_again_is_red_though_it_was_put_off(healthy: Server) -> None:
    case_id = healthy.desk.open()
    healthy.desk.clock.now = healthy.desk.rungs(case_id)[0].due_at
    beat(healthy)
    later = healthy.desk.clock.now.replace(minute=1)
    with write_session(healthy.desk.engine) as session:
        session.execute(
            update(Rung).where(Rung.wake_at <= healthy.desk.clock.now).values(wake_at=later, attempts=1, error="出错")
        )

    assert reasons(healthy) == ["deadlines_failing"]


def test_a_failing_channel_and_a_dead_letter_are_red_until_somebody_has_looked(healthy: Server) -> None:
    cast, now = healthy.desk.cast, healthy.desk.clock.now
    admin = healthy.login_as(cast.admin)
    channel_id = admin.post(
        "/api/v1/channels",
        json={"kind": "dingtalk", "name": "群", "org_id": cast.bureau, "url": "https://oapi.dingtalk.com/robot/send?access_token=x",
              "secrets": ["SEC1"]},
    ).json()["id"]  # fmt: skip
    message_id = admin.post(f"/api/v1/channels/{channel_id}/test").json()["message_id"]
    with write_session(healthy.desk.engine) as session:
        session.execute(update(Channel).values(failing_since=now))
        session.execute(update(Message).values(outcome="dead", settled_at=now, wake_at=None))
    assert reasons(healthy) == ["channel", "dead_letters"]

    admin.post(f"/api/v1/channels/{channel_id}/disable")
    admin.post(f"/api/v1/messages/{message_id}/read")

    assert reasons(healthy) == []


def test_a_case_nobody_was_told_of_is_red_until_somebody_holds_the_role(healthy: Server) -> None:
    cast = healthy.desk.cast
    admin = healthy.login_as(cast.admin)
    path = f"/api/v1/people/{cast.dispatcher.id}"
    (held,) = admin.get(path).json()["grants"]
    admin.delete(f"{path}/grants/{held['id']}")
    healthy.desk.open()
    healthy.desk.clock.advance(seconds=2)
    assert reasons(healthy) == ["nobody_told"]

    admin.post(f"{path}/grants", json={"role": "dispatcher", "org_id": cast.district})

    healthy.desk.clock.advance(seconds=2)
    assert reasons(healthy) == []


def test_without_a_database_the_process_lives_and_is_red(tmp_path: Path) -> None:
    house = House(Settings(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none"))
    client = TestClient(create_app(house), raise_server_exceptions=False)

    assert client.get("/livez").json() == {"status": "alive"}
    red = client.get("/healthz")
    assert (red.status_code, [reason["name"] for reason in red.json()["reasons"]]) == (503, ["database"])
    house.engine.dispose()
