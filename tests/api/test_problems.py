"""Whatever goes wrong, the client gets a named problem in Chinese and nothing has changed."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from anyio import fail_after, run
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from api import faults, problems
from api.app import create_app
from api.paging import encode
from models import Case
from models.database import write_session
from models.writing import LostRace
from tests.api.conftest import Server
from workflow.refusals import Refusal

PATIENCE = 60


def is_problem(answer: Any, status: int, name: str) -> dict[str, Any]:
    """The answer's problem, once it has the shape of one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["type"], body["status"]) == (f"/problems/{name}", status)
    assert any("一" <= c <= "鿿" for c in body["title"])
    assert not any(c.isascii() and c.isalpha() for c in body["title"]), body["title"]
    return body


def open_one(client: TestClient, server: Server, **words: Any) -> Any:
    hazard = {"description": "堵塞", "enterprise_id": server.desk.cast.enterprise, **words}
    return client.post("/api/v1/hazards", json={"hazards": [hazard]})


def test_every_kind_of_refusal_has_an_address_and_a_chinese_title_of_its_own(server: Server) -> None:
    listed = server.anonymous.get("/problems").json()
    assert len({kind["type"] for kind in listed}) == len(listed) == len(list(problems.kinds()))
    for kind in listed:
        assert server.anonymous.get(kind["type"]).json() == kind
        assert kind["title"].endswith(("。", "）"))
        assert 400 <= kind["status"] < 600


def test_a_refusal_says_field_and_right_and_its_facts(server: Server) -> None:
    case_id = server.desk.to("rectifying")
    unit = server.login_as(server.desk.cast.enterprise_person)
    absent = "a" * 64
    body = {"measures": "已清除", "evidence": [absent]}
    problem = is_problem(unit.post(f"/api/v1/cases/{case_id}/moves/submit", json=body), 422, "evidence-not-arrived")
    assert (problem["field"], problem["absent"]) == ("evidence", [absent])
    assert problem["right"]
    assert server.desk.case(case_id).state == "rectifying"


def test_every_wrong_field_is_named_with_what_would_be_right(server: Server) -> None:
    client = server.login_as(server.desk.cast.inspector)
    answer = open_one(client, server, description=" ", level="huge", latitude=91, found_at=5, colour="red")
    errors = {e["field"]: e["right"] for e in is_problem(answer, 422, "invalid-request")["errors"]}
    assert errors == {
        "hazards.0.description": "不能为空",
        "hazards.0.level": "general、major 之一",
        "hazards.0.latitude": "不大于 90.0",
        "hazards.0.found_at": "带时区的时刻，如 2026-03-02T09:00:00+08:00",
        "hazards.0.colour": "没有这个字段，请去掉",
    }
    case_id = server.desk.open()
    dispatcher = server.login_as(server.desk.cast.dispatcher)
    answer = dispatcher.post(f"/api/v1/cases/{case_id}/moves/assign", json={"rectify_by": "三日内"})
    errors = {e["field"]: e["right"] for e in is_problem(answer, 422, "invalid-request")["errors"]}
    assert errors == {
        "responsible_org_id": "一个已登记的企业或机构",
        "rectify_by": "一个日期，如 2026-03-31（当日24时止）",
    }


JSON, PLAIN = {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}
FIND, LIST = "/api/v1/hazards", "/api/v1/hazards?"
YEAR_ONE = encode("0001-01-01T00:00:00+23:59", "0" * 32)

# fmt: off
FRAMEWORK = (
    ("GET",    "/api/v1/nowhere",   {},                                                  404, "unknown-address"),
    ("GET",    "/problems/nowhere", {},                                                  404, "unknown-address"),
    ("DELETE", FIND,                {},                                                  405, "method-not-allowed"),
    ("POST",   FIND,                {"json": {}},                                        422, "invalid-request"),
    ("POST",   FIND,                {"content": b"{", "headers": JSON},                  422, "invalid-request"),
    ("POST",   FIND,                {"content": b"\xff\xfe", "headers": JSON},           422, "invalid-request"),
    ("POST",   FIND,                {"content": b"[" * 100_000, "headers": JSON},        400, "unreadable-request"),
    ("POST",   FIND,                {"content": b"{}", "headers": PLAIN},                415, "unsupported-content"),
    ("POST",   FIND,                {"content": b"x" * (2**20 + 1)},                     413, "body-too-large"),
    ("POST",   FIND,                {"content": (b"x" * 2**16 for _ in range(17))},      413, "body-too-large"),
    ("GET",    FIND + "/xyz",       {},                                                  422, "invalid-request"),
    ("GET",    LIST + "limit=201",  {},                                                  422, "invalid-request"),
    ("GET",    LIST + "cursor=xyz", {},                                                  422, "bad-cursor"),
    ("GET",    LIST + "cursor=" + encode(1), {},                                         422, "bad-cursor"),
    ("GET",    LIST + "sort=due&cursor=" + YEAR_ONE, {},                                 422, "bad-cursor"),
)
# fmt: on


@pytest.mark.parametrize(("method", "path", "sent", "status", "name"), FRAMEWORK)
def test_what_the_framework_refuses_is_a_problem_too(
    sqlite_server: Server, method: str, path: str, sent: dict[str, Any], status: int, name: str
) -> None:
    client = sqlite_server.login_as(sqlite_server.desk.cast.inspector)
    is_problem(client.request(method, path, **sent), status, name)


def test_a_search_for_what_nobody_sees_finds_everything(server: Server) -> None:
    server.desk.open()
    client = server.login_as(server.desk.cast.inspector)
    assert len(client.get("/api/v1/hazards?q=%00%e2%80%8b&sector=%00").json()["items"]) == 1
    assert client.get("/api/v1/hazards?q=%ff").json()["items"] == []


@pytest.mark.parametrize(
    "description", ["NUL\x00内", "半个\ud83d表情", "很长" * 2001, "\x00", "\u200b", "正常\u202e反转"], ids=ascii
)
def test_texts_no_database_can_keep_are_cleaned_or_refused(server: Server, description: str) -> None:
    client = server.login_as(server.desk.cast.inspector)
    hazard = {"description": description, "enterprise_id": server.desk.cast.enterprise}
    answer = client.post(
        "/api/v1/hazards",
        content=json.dumps({"hazards": [hazard]}),
        headers={"Content-Type": "application/json"},
    )
    if answer.status_code == 201:
        (row,) = server.desk.all(Case)
        assert row.title in ("NUL内", "正常反转")
    else:
        assert is_problem(answer, 422, "invalid-request")["field"] == "hazards.0.description"


@pytest.mark.parametrize("tag", ["1", 'W/"1"', '""', '"99999999999"'])
def test_no_refusal_recites_a_pattern(sqlite_server: Server, tag: str) -> None:
    case_id = sqlite_server.desk.open()
    client = sqlite_server.login_as(sqlite_server.desk.cast.supervisor)
    answer = client.post(f"/api/v1/cases/{case_id}/moves/close", headers={"If-Match": tag})
    assert is_problem(answer, 422, "invalid-request")["right"] == '页面所见版本，如 "3"（含引号）'
    assert "[" not in is_problem(client.get("/api/v1/hazards/x"), 422, "invalid-request")["right"]


def test_half_a_surrogate_in_a_field_name_is_refused(server: Server) -> None:
    client = server.login_as(server.desk.cast.inspector)
    answer = client.post(
        "/api/v1/hazards", content=b'{"hazards":[],"\\ud800":1}', headers={"Content-Type": "application/json"}
    )
    is_problem(answer, 422, "invalid-request")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer hl_x"}, {"Authorization": "Basic eDp5"}])
def test_nobody_is_told_how_to_sign_in(server: Server, headers: dict[str, str]) -> None:
    answer = server.anonymous.get("/api/v1/hazards", headers=headers)
    is_problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://testserver"}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
    ],
)
def test_a_cookie_moves_nothing_from_another_site(server: Server, headers: dict[str, str], status: int) -> None:
    token = server.login_as(server.desk.cast.inspector).headers["Authorization"].removeprefix("Bearer ")
    browser = TestClient(server.app, cookies={"hazardloop": token}, headers=headers)
    assert open_one(browser, server).status_code == status
    assert browser.get("/api/v1/hazards").status_code == 200
    assert server.desk.count(Case) == (1 if status == 201 else 0)


def test_a_locked_case_is_busy_and_not_broken(server: Server) -> None:
    case_id = server.desk.open()
    dispatcher = server.login_as(server.desk.cast.dispatcher)
    assert dispatcher.get("/api/v1/hazards").status_code == 200
    with locked(server.desk.engine, case_id), each_transaction(server.desk.engine, impatient):
        void = dispatcher.post(f"/api/v1/cases/{case_id}/moves/void", json={"reason": "重复"})
    is_problem(void, 503, "unavailable")
    assert void.headers["retry-after"]
    assert server.desk.case(case_id).version == 1


def test_a_full_disk_is_a_problem_that_passes(sqlite_server: Server) -> None:
    client = sqlite_server.login_as(sqlite_server.desk.cast.inspector)
    assert open_one(client, sqlite_server).status_code == 201
    with each_transaction(sqlite_server.desk.engine, full):
        answers = [open_one(client, sqlite_server, description="堵" * 4000) for _ in range(3)]
    is_problem(answers[-1], 503, "unavailable")


def impatient(connection: Connection) -> None:
    """Wait for a lock no longer than a test may."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA busy_timeout=50")
    else:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")


def full(connection: Connection) -> None:
    """The file may not grow by a page."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


@contextmanager
def each_transaction(engine: Engine, does: Callable[[Connection], None]) -> Iterator[None]:
    """At the beginning of every transaction, before anything else."""
    event.listen(engine, "begin", does, insert=engine.dialect.name == "sqlite" and does is impatient)
    try:
        yield
    finally:
        event.remove(engine, "begin", does)


@contextmanager
def locked(engine: Engine, case_id: str) -> Iterator[None]:
    """Somebody else is writing about the case."""
    with write_session(engine) as session:
        session.get(Case, case_id, with_for_update=True)
        yield


def test_a_refusal_waits_for_no_thread() -> None:
    """With all threads waiting for a lock, who is turned away must not stand behind those who have not begun."""
    errors = {
        "/refused": problems.Unavailable(), "/taken": OperationalError("BEGIN", None, Exception("locked")),
        "/lost": LostRace(), "/ours": ZeroDivisionError(),
    }  # fmt: skip
    app = FastAPI()
    faults.install(app)

    @app.get("/{which}")
    async def fail(which: str) -> None:
        raise errors[f"/{which}"]

    async def statuses() -> list[int]:
        current_default_thread_limiter().total_tokens = 0
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://bureau") as client:
            with fail_after(PATIENCE):
                return [(await client.get(path)).status_code for path in (*errors, "/no/where")]

    assert run(statuses) == [503, 503, 503, 500, 404]


def test_our_own_fault_is_numbered_and_tells_nothing(sqlite_server: Server) -> None:
    class Surprise(Exception):
        """Not one of ours."""

    def broken() -> None:
        raise Surprise("secret of the database")

    app = create_app(sqlite_server.house)
    app.add_api_route("/broken", broken)
    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    problem = is_problem(answer, 500, "unexpected")
    assert len(problem["number"]) == 32
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_answer_has_safe_headers(server: Server) -> None:
    for path in ("/api/v1/hazards", "/problems", "/nowhere"):
        headers = server.anonymous.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] == "no-store"


def test_the_documentation_needs_no_other_host(server: Server) -> None:
    for page in ("/docs", "/redoc"):
        html = server.anonymous.get(page).text
        assert "http://" not in html
        assert "https://" not in html


def test_no_kind_of_refusal_lacks_its_own_words() -> None:
    said = [kind.__doc__ for kind in problems.kinds()]
    assert all(said)
    assert Refusal.__doc__ not in said


def test_a_misspelt_filter_is_refused_and_lists_nothing(server: Server) -> None:
    client = server.login_as(server.desk.cast.inspector)
    problem = is_problem(client.get("/api/v1/hazards?stat=closed&limit=1&overdu=true"), 422, "invalid-request")
    assert [e["field"] for e in problem["errors"]] == ["stat", "overdu"]
    assert problem["field"] == "stat"
    assert {"state", "overdue", "limit", "cursor"} <= set(problem["right"].rpartition("：")[2].split("、"))
    assert client.get("/api/v1/hazards?state=closed&limit=1&overdue=true").status_code == 200


def test_an_address_without_parameters_takes_none(server: Server) -> None:
    client = server.login_as(server.desk.cast.inspector)
    case_id = server.desk.to("assigned")
    problem = is_problem(client.get(f"/api/v1/cases/{case_id}/clock?at=now"), 422, "invalid-request")
    assert (problem["field"], problem["right"]) == ("at", "这个地址没有查询参数，请去掉")


def test_whoever_passes_a_public_page_on_may_add_to_its_address(server: Server) -> None:
    assert server.anonymous.get("/health?from=singlemessage").status_code != 422
