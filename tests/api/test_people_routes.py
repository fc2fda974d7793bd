"""People over HTTP: the administrator lets them in, gives them roles and shuts them out."""

import pytest
from starlette.testclient import TestClient

from models import AnsweredRequest, Person
from tests.api.conftest import Server

PATH = "/api/v1/people"
PASSWORD = "Donnerstag-Regen-7"


@pytest.fixture
def admin(server: Server) -> TestClient:
    return server.login_as(server.desk.cast.admin)


def add(server: Server, admin: TestClient, login: str = "new.officer", **headers: str) -> dict[str, str]:
    asked = {"login": login, "name": "钱新来", "org_id": server.desk.cast.bureau}
    answer = admin.post(PATH, json=asked, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 201, answer.text
    told: dict[str, str] = answer.json()
    return told


def test_somebody_new_chooses_a_password_by_the_link_and_acts_in_the_role_granted(
    server: Server, admin: TestClient
) -> None:
    cast = server.desk.cast
    invited = add(server, admin)

    server.anonymous.post("/api/v1/password", json={"secret": invited["link_secret"], "password": PASSWORD})
    granted = admin.post(f"{PATH}/{invited['person_id']}/grants", json={"role": "inspector", "org_id": cast.town})
    opened = server.anonymous.post("/api/v1/session", json={"login": "new.officer", "password": PASSWORD})

    assert (granted.status_code, granted.json()["label"]) == (201, "检查人员")
    bearer = {"Authorization": f"Bearer {opened.json()['secret']}"}
    assert [held["org_id"] for held in server.anonymous.get("/api/v1/me", headers=bearer).json()["held"]] == [cast.town]


def test_a_repeated_addition_adds_nobody_and_keeps_no_secret(server: Server, admin: TestClient) -> None:
    first = add(server, admin, Idempotency_Key="k1")
    second = add(server, admin, Idempotency_Key="k1")

    assert first["person_id"] == second["person_id"]
    assert server.desk.count(Person, Person.login == "new.officer") == 1
    kept = server.desk.all(AnsweredRequest)
    assert kept
    assert not any("hl_" in (row.body or "") for row in kept)


def test_the_list_shows_roles_and_is_for_the_administrator_only(server: Server, admin: TestClient) -> None:
    cast = server.desk.cast

    found = admin.get(PATH, params={"q": "李检查"}).json()["items"]

    assert [(item["id"], [held["role"] for held in item["grants"]]) for item in found] == [
        (cast.inspector.id, ["inspector"])
    ]
    assert "password_hash" not in found[0]
    for actor in (cast.supervisor, cast.enterprise_person):
        client = server.login_as(actor)
        assert client.get(PATH).status_code == 403
        assert client.get(f"{PATH}/{cast.inspector.id}").status_code == 403


def test_who_is_disabled_is_out_at_once(server: Server, admin: TestClient) -> None:
    inspector = server.login_as(server.desk.cast.inspector)
    assert inspector.get("/api/v1/me").status_code == 200

    disabled = admin.post(f"{PATH}/{server.desk.cast.inspector.id}/disable")

    assert disabled.json()["grants"] == []
    assert disabled.json()["disabled_at"]
    assert inspector.get("/api/v1/me").status_code == 401


def test_a_revoked_role_is_gone_and_only_its_own_holder_s(server: Server, admin: TestClient) -> None:
    cast = server.desk.cast
    (held,) = admin.get(f"{PATH}/{cast.inspector.id}").json()["grants"]

    foreign = admin.delete(f"{PATH}/{cast.leader.id}/grants/{held['id']}")
    assert (foreign.status_code, foreign.json()["type"]) == (404, "/problems/unknown-grant")

    assert admin.delete(f"{PATH}/{cast.inspector.id}/grants/{held['id']}").status_code == 204
    assert server.login_as(cast.inspector).get("/api/v1/me").json()["held"] == []


def test_refusals_name_the_field(server: Server, admin: TestClient) -> None:
    cast = server.desk.cast
    add(server, admin)

    taken = admin.post(PATH, json={"login": "NEW.officer", "name": "又一个", "org_id": cast.bureau})
    both = admin.post(f"{PATH}/{cast.inspector.id}/grants", json={"role": "administrator", "org_id": cast.district})
    last = admin.post(f"{PATH}/{cast.admin.id}/disable")
    nobody = admin.post(f"{PATH}/{'0' * 32}/disable")
    odd = admin.post(f"{PATH}/{cast.inspector.id}/grants", json={"role": "opener", "org_id": cast.district})

    answers = (taken, both, last, nobody, odd)
    assert [(answer.status_code, answer.json()["type"].rsplit("/")[-1]) for answer in answers] == [
        (409, "login-taken"), (422, "administrator-apart"), (409, "last-administrator"), (404, "no-such-person"),
        (422, "invalid-request"),
    ]  # fmt: skip


def test_everybody_keeps_tokens_of_their_own_and_nobody_else_s(server: Server) -> None:
    cast = server.desk.cast
    client = server.login_as(cast.enterprise_person)
    path = f"{PATH}/{cast.enterprise_person.id}/tokens"

    issued = client.post(path, json={"name": "本单位系统", "days": 30})
    bearer = {"Authorization": f"Bearer {issued.json()['secret']}"}
    assert server.anonymous.get("/api/v1/me", headers=bearer).json()["id"] == cast.enterprise_person.id

    line = next(line for line in client.get(path).json() if line["name"] == "本单位系统")
    assert "secret" not in line
    assert client.post(f"{PATH}/{cast.inspector.id}/tokens", json={"name": "x"}).status_code == 403
    assert client.get(f"{PATH}/{cast.inspector.id}/tokens").status_code == 403

    assert client.delete(f"{path}/{line['id']}").status_code == 204
    assert server.anonymous.get("/api/v1/me", headers=bearer).status_code == 401
    assert client.delete(f"{path}/{line['id']}").status_code == 404


def test_an_officer_finds_colleagues_by_role_and_an_enterprise_does_not(server: Server) -> None:
    cast = server.desk.cast

    found = server.login_as(cast.inspector).get("/api/v1/officers", params={"role": "inspector"}).json()

    assert cast.second_inspector.id in {officer["id"] for officer in found}
    assert set(found[0]) == {"id", "name", "org_id"}
    assert server.login_as(cast.enterprise_person).get("/api/v1/officers").status_code == 403
