"""Getting in over HTTP: by password, by cookie, by the first link; and out again."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api import accounts
from api.house import House
from api.settings import Settings
from models import Person
from models.database import read_session
from tests.api.conftest import Server
from tests.application import application
from tests.conftest import Clock
from workflow.people import actor_of

PASSWORD = "Donnerstag-Regen-7"


@pytest.fixture
def invited(server: Server) -> Server:
    """The inspector has chosen a password."""
    desk = server.desk
    secret = accounts.invite(desk.engine, desk.cast.inspector.id, desk.clock.now)
    answer = server.anonymous.post("/api/v1/password", json={"secret": secret, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return server


def login_of(server: Server) -> str:
    person: Person = server.desk.all(Person, Person.id == server.desk.cast.inspector.id)[0]
    return person.login


def test_who_knows_the_password_gets_a_secret_and_a_cookie_and_is_known_by_either(invited: Server) -> None:
    client = TestClient(invited.app)

    opened = client.post("/api/v1/session", json={"login": login_of(invited), "password": PASSWORD})

    assert opened.status_code == 201
    assert "HttpOnly" in opened.headers["set-cookie"]
    assert "SameSite=lax" in opened.headers["set-cookie"]
    assert client.get("/api/v1/me").json()["name"] == "李检查"
    bearer = {"Authorization": f"Bearer {opened.json()['secret']}"}
    me = TestClient(invited.app).get("/api/v1/me", headers=bearer).json()
    assert [(held["label"], held["org_name"]) for held in me["held"]] == [("检查人员", "示范区")]


def test_over_tls_the_cookie_is_bound_to_its_host(invited: Server) -> None:
    client = TestClient(invited.app, base_url="https://testserver")

    opened = client.post("/api/v1/session", json={"login": login_of(invited), "password": PASSWORD})

    assert opened.headers["set-cookie"].startswith("__Host-hazardloop=")
    assert "Secure" in opened.headers["set-cookie"]
    assert client.get("/api/v1/me").status_code == 200


def test_after_logging_out_neither_cookie_nor_secret_opens_anything(invited: Server) -> None:
    client = TestClient(invited.app)
    opened = client.post("/api/v1/session", json={"login": login_of(invited), "password": PASSWORD})
    bearer = {"Authorization": f"Bearer {opened.json()['secret']}"}

    assert client.delete("/api/v1/session", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204

    assert client.get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/me", headers=bearer).status_code == 401


def test_a_wrong_password_and_an_unknown_login_are_told_the_same(invited: Server) -> None:
    wrong = [
        invited.anonymous.post("/api/v1/session", json={"login": login, "password": "Falsch-und-lang-1"})
        for login in (login_of(invited), "niemand")
    ]

    assert [answer.status_code for answer in wrong] == [401, 401]
    assert wrong[0].json() == wrong[1].json()
    assert wrong[0].json()["type"] == "/problems/log-in-failed"


def test_the_first_link_sets_a_house_up_once(empty_database: Engine, tmp_path: Path, clock: Clock) -> None:
    house = House(Settings(data_dir=tmp_path))
    house.engine = empty_database
    house.migrate()
    client = TestClient(application(house, now=lambda: clock.now), raise_server_exceptions=False)
    asked = {
        "secret": accounts.first_link(house.engine, clock.now), "district_name": "新区", "district_code": "330198",
        "login": "admin", "name": "陈管理", "password": PASSWORD,
    }  # fmt: skip

    answers = [client.post("/api/v1/setup", json=asked) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 422]
    assert answers[1].json()["type"] == "/problems/link-spent"
    with read_session(house.engine) as session:
        assert actor_of(session, answers[0].json()["person_id"]).held[0].role == "administrator"


def test_a_page_of_another_site_can_do_nothing_with_the_cookie(invited: Server) -> None:
    client = TestClient(invited.app)
    client.post("/api/v1/session", json={"login": login_of(invited), "password": PASSWORD})

    refused = client.delete("/api/v1/session", headers={"Sec-Fetch-Site": "cross-site"})

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/cross-site")
    assert client.get("/api/v1/me").status_code == 200
