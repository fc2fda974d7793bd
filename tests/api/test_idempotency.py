"""A POST that is sent again changes nothing and is answered as before."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from models import Case, Visit
from tests.api.conftest import Server


def find(server: Server, key: str, *, by: Any = None, description: str = "堵塞") -> Any:
    """An inspector's telephone sends what it found, under a key."""
    hazard = {"description": description, "enterprise_id": server.desk.cast.enterprise}
    client = server.login_as(by or server.desk.cast.inspector)
    return client.post("/api/v1/hazards", json={"hazards": [hazard]}, headers={"Idempotency-Key": key})


def test_the_same_again_gets_the_same_answer_and_opens_nothing(server: Server) -> None:
    first, again = find(server, "visit-1"), find(server, "visit-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert server.desk.count(Case) == server.desk.count(Visit) == 1


def test_the_description_names_every_post_on_which_a_key_has_no_effect(sqlite_server: Server) -> None:
    cast, said = sqlite_server.desk.cast, sqlite_server.anonymous.get("/openapi.json").json()["info"]["description"]
    path = f"/api/v1/people/{cast.inspector.id}/tokens"
    admin = sqlite_server.login_as(cast.admin)
    secrets = {
        admin.post(path, json={"name": "手机"}, headers={"Idempotency-Key": "k"}).json()["secret"] for _ in range(2)
    }

    assert len(secrets) == 2
    for unkept in ("session", "setup", "password", "people/{person_id}/invite", "people/{person_id}/tokens", "imports"):
        assert f"`/api/v1/{unkept}`" in said
    assert said.count("`/api/v1/") == 6


def test_a_key_is_for_one_request_and_one_person(server: Server) -> None:
    assert find(server, "k").status_code == 201
    other = find(server, "k", description="别的")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert find(server, "k", by=server.desk.cast.second_inspector).status_code == 201
    assert server.desk.count(Case) == 2


def test_a_refused_request_may_be_tried_again_with_its_key(server: Server) -> None:
    case_id = server.desk.open()
    dispatcher = server.login_as(server.desk.cast.dispatcher)
    move = f"/api/v1/cases/{case_id}/moves/take_back"
    sent: dict[str, Any] = {"json": {"note": "已回函"}, "headers": {"Idempotency-Key": "back"}}
    assert dispatcher.post(move, **sent).status_code == 409
    server.desk.fire(case_id, "transfer", server.desk.cast.dispatcher, agency="消防大队", reason="职责在消防")
    assert dispatcher.post(move, **sent).status_code == 200
    assert dispatcher.post(move, **sent).headers["idempotency-replayed"] == "true"
    assert server.desk.case(case_id).version == 3


def test_many_at_once_with_one_key_open_one_case(server: Server) -> None:
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: find(server, "storm"), range(8)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert sum("idempotency-replayed" not in a.headers for a in answers) == 1
    assert server.desk.count(Case) == 1


def test_without_a_key_every_sending_counts(server: Server) -> None:
    client = server.login_as(server.desk.cast.inspector)
    body = {"hazards": [{"description": "堵塞", "enterprise_id": server.desk.cast.enterprise}]}
    assert {client.post("/api/v1/hazards", json=body).status_code for _ in range(2)} == {201}
    assert server.desk.count(Case) == 2


@pytest.mark.parametrize("key", ["", "a b", "x" * 129, "键".encode().decode("latin-1")])
def test_a_key_nobody_could_keep_is_refused(server: Server, key: str) -> None:
    assert find(server, key.encode("latin-1") if not key.isascii() else key).status_code == 422  # type: ignore[arg-type]  # bytes go out as they are
