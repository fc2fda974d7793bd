"""Metrics are Prometheus text, for the administrator only, and read no case."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event
from starlette.testclient import TestClient

from api import heartbeat
from api.worker import Worker, client_of, sweep_due
from models.database import pools
from tests.api.conftest import Server


def samples(text: str) -> dict[str, float]:
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name + "".join(f" {k}={v}" for k, v in sorted(sample.labels.items()))] = sample.value
    return found


@pytest.fixture
def numbers(server: Server) -> dict[str, float]:
    """Two cases, one of them overdue, and a loop that took two seconds."""
    desk = server.desk
    desk.to("closed")
    desk.to("assigned")
    desk.live(40, step=40)
    desk.open()
    begun = desk.clock.now
    desk.clock.advance(seconds=2)
    heartbeat.finished(desk.engine, "sweep", seconds=2, begun_at=begun, now=desk.clock.now)
    desk.clock.advance(days=10)
    answer = server.login_as(desk.cast.admin).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return samples(answer.text)


def test_cases_outbox_loops_and_lateness_are_told(numbers: dict[str, float]) -> None:
    assert numbers["hazardloop_cases level=general overdue=0 state=closed"] == 1
    assert numbers["hazardloop_cases level=general overdue=1 state=assigned"] == 1
    assert numbers["hazardloop_acts_open"] == 2
    assert numbers["hazardloop_outbox state=waiting"] == 0
    assert numbers["hazardloop_rungs_due"] >= 1
    assert numbers["hazardloop_rungs_late_seconds"] > 0
    assert numbers["hazardloop_loop_seconds loop=sweep"] == 2
    assert numbers["hazardloop_loop_age_seconds loop=sweep"] == 10 * 86400


def test_requests_are_counted_by_route_and_never_by_address(server: Server) -> None:
    client = server.login_as(server.desk.cast.admin)
    client.get(f"/api/v1/people/{server.desk.cast.admin.id}")
    client.get("/secret-address-somebody-made-up")

    text = client.get("/metrics").text

    assert samples(text)["hazardloop_requests_total method=GET route=/people/{person_id} status=200"] >= 1
    assert "somebody-made-up" not in text
    assert server.desk.cast.admin.id not in text


def test_nobody_else_reads_them(server: Server) -> None:
    assert server.anonymous.get("/metrics").status_code == 401
    assert server.login_as(server.desk.cast.supervisor).get("/metrics").status_code == 403


def test_whoever_asks_from_this_machine_may_be_a_proxy_and_needs_a_token_too(server: Server) -> None:
    cast, local = server.desk.cast, TestClient(server.app, client=("127.0.0.1", 50000))
    inspector, admin = (server.login_as(actor).headers["authorization"] for actor in (cast.inspector, cast.admin))

    assert local.get("/metrics").status_code == 401
    assert local.get("/metrics", headers={"Authorization": inspector}).status_code == 403
    assert local.get("/metrics", headers={"Authorization": admin}).status_code == 200


def test_no_case_is_read_for_them(server: Server) -> None:
    server.desk.to("closed")
    statements: list[str] = []
    for pool in pools(server.desk.engine):
        event.listen(pool, "before_cursor_execute", lambda *call: statements.append(call[2]))

    assert server.login_as(server.desk.cast.admin).get("/metrics").status_code == 200

    assert any("tallies" in statement for statement in statements)
    assert not any("FROM cases" in statement or "JOIN cases" in statement for statement in statements)


def test_how_late_the_worker_was_is_counted_in_its_own_process(server: Server) -> None:
    case_id = server.desk.open()
    server.desk.clock.now = server.desk.rungs(case_id)[0].due_at
    server.desk.clock.advance(seconds=4)
    worker = Worker(server.house, client_of(server.house), lambda: server.desk.clock.now)
    admin = server.login_as(server.desk.cast.admin)
    before = samples(admin.get("/metrics").text)

    sweep_due(worker)

    after = samples(admin.get("/metrics").text)
    name = "hazardloop_rung_lateness_seconds_"
    assert after[name + "sum"] - before[name + "sum"] == pytest.approx(4)
    assert after[name + "bucket le=5.0"] - before[name + "bucket le=5.0"] == 1
    assert after[name + "bucket le=3.0"] == before[name + "bucket le=3.0"]
    worker.client.close()
