"""The light is green only while the worker works, nothing is late, and everything reached somebody."""

from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from api import heartbeat
from api.app import create_app
from api.checkup import SHOWN, check_up
from api.house import House
from api.settings import Settings
from models import Channel, Message, Person, Rung
from models.database import write_session
from tests.api.conftest import Server

ON_A_LIGHT = frozenset().union(*SHOWN.values())


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


def agreed(server: Server) -> list[str]:
    """The reasons, after the check-up has said the same; not while a channel is in use, which it would call."""
    found = reasons(server)
    lights = [light.name for light in check_up(server.house, server.desk.clock.now) if light.red]
    assert (lights == []) == (found == [])
    assert set(lights) >= set(found) - ON_A_LIGHT
    return found


def test_a_house_at_work_is_green_for_everybody(healthy: Server) -> None:
    assert healthy.anonymous.get("/healthz").json() == {"status": "green", "reasons": []}


def test_a_house_whose_worker_never_ran_is_red(server: Server) -> None:
    assert agreed(server) == ["no_worker"]


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
    assert agreed(healthy) == ["dead_letters"]
    admin.post(f"/api/v1/messages/{message_id}/read")

    assert agreed(healthy) == []


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


def test_a_round_that_failed_is_told_and_red_only_once_no_round_mends_it(healthy: Server) -> None:
    desk, now = healthy.desk, healthy.desk.clock.now
    heartbeat.failed(desk.engine, "sweep", seconds=2, begun_at=now, error="数据库繁忙")

    assert agreed(healthy) == []
    assert any("数据库繁忙" in light.text for light in check_up(healthy.house, now))
    desk.clock.advance(seconds=7)
    assert agreed(healthy) == ["heartbeat"]


def test_a_house_that_nobody_can_enter_is_red(healthy: Server) -> None:
    with write_session(healthy.desk.engine) as session:
        session.execute(update(Person).values(disabled_at=healthy.desk.clock.now))

    assert agreed(healthy) == ["accounts"]


def test_a_year_without_its_notice_of_days_off_is_red(healthy: Server) -> None:
    healthy.desk.clock.now = healthy.desk.clock.now.replace(year=2099)
    beat(healthy)

    assert agreed(healthy) == ["calendar"]


def test_tables_of_an_older_revision_are_red_and_say_what_to_do(healthy: Server) -> None:
    with write_session(healthy.desk.engine) as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")

    assert "schema" in agreed(healthy)
    assert any("hazardloop migrate" in light.text for light in check_up(healthy.house, healthy.desk.clock.now))


def test_limits_that_cannot_be_armed_are_red_with_every_other_reason(server: Server, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[place]\n", encoding="utf-8")
    server.house.settings.profile = str(tmp_path / "bad.toml")

    assert agreed(server) == ["profile", "no_worker"]


def test_without_a_database_the_process_lives_and_is_red(tmp_path: Path) -> None:
    house = House(Settings(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none"))
    client = TestClient(create_app(house), raise_server_exceptions=False)

    assert client.get("/livez").json() == {"status": "alive"}
    red = client.get("/healthz")
    assert (red.status_code, [reason["name"] for reason in red.json()["reasons"]]) == (503, ["database"])
    house.engine.dispose()
