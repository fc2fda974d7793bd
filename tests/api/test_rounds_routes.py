"""Rounds (曝光督办) over HTTP: the whole road, the lists, and what everybody may read."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Server
from tests.rounds import Rounds


@pytest.fixture
def rounds(server: Server) -> Rounds:
    return Rounds(server.desk)


def move(client: TestClient, round_id: str, trigger: str, **json: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v1/cases/{round_id}/moves/{trigger}", json=json)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]  # JSON


def overdue(server: Server) -> str:
    case_id = server.desk.to("assigned")
    server.desk.clock.advance(days=31)
    server.desk.sweep()
    return case_id


def test_a_round_goes_its_whole_road_over_http(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    hazard_id = overdue(server)
    office, leader = server.login_as(cast.dispatcher), server.login_as(cast.leader)
    made = office.post("/api/v1/rounds", json={"district_id": cast.district, "repeats": True})
    assert made.status_code == 201, made.text
    round_id = made.json()["id"]
    candidates = office.get(f"/api/v1/rounds/{round_id}/candidates").json()["items"]
    assert [(c["hazard"]["id"], c["source_label"], c["consecutive"]) for c in candidates] == [
        (hazard_id, "整改超期", 1)
    ]

    move(office, round_id, "pull_in")
    move(office, round_id, "freeze")
    move(leader, round_id, "approve")
    preview = office.get(f"/api/v1/rounds/{round_id}/bulletin").json()
    assert (preview["published_at"], len(preview["items"])) == (None, 1)
    published = {"published_at": desk.clock.now.isoformat(), "published_where": "区政府门户网站"}
    move(office, round_id, "publish", **published)
    desk.clock.advance(days=30)
    move(office, round_id, "settle")

    answer = office.get(f"/api/v1/rounds/{round_id}")
    shown = answer.json()
    assert answer.headers["ETag"] == f'"{shown["version"]}"'
    assert (shown["round"], shown["state"], shown["approved_by"]["name"]) == (1, "closed", "王局长")
    ((item,),) = (shown["items"],)
    assert (item["hazard"]["id"], item["outcome"], item["outcome_label"]) == (hazard_id, "carried_over", "转入下一轮")
    assert (shown["figures"]["total"]["carried_over"], shown["figures"]["total"]["money_yuan"]) == (1, "0.00")
    listed = office.get("/api/v1/rounds").json()["items"]
    assert [(r["title"], r["state"]) for r in listed] == [
        ("曝光督办第2轮", "collecting"), ("曝光督办第1轮", "closed"),
    ]  # fmt: skip
    first = office.get("/api/v1/rounds", params={"limit": 1}).json()
    rest = office.get("/api/v1/rounds", params={"limit": 1, "cursor": first["next"]}).json()
    assert [r["id"] for r in (*first["items"], *rest["items"])] == [r["id"] for r in listed]
    assert office.get("/api/v1/rounds", params={"state": "closed"}).json()["items"] == listed[1:]


def test_the_page_is_everybody_s_once_it_is_published_and_not_before(server: Server, rounds: Rounds) -> None:
    hazard_id = server.desk.to("assigned")
    round_id = rounds.open()
    rounds.add(round_id, hazard_id)
    page = f"/rounds/{round_id}/page"
    assert server.anonymous.get(page).status_code == 401
    assert server.anonymous.get(f"/rounds/{'f' * 32}/page").status_code == 401
    assert server.anonymous.get(f"/rounds/{hazard_id}/page").status_code == 401
    assert server.login_as(server.desk.cast.enterprise_person).get(page).status_code == 404
    assert "尚未公布" in server.login_as(server.desk.cast.dispatcher).get(page).text

    rounds.out(round_id)

    office = server.login_as(server.desk.cast.dispatcher)
    assert [office.get(f"/api/v1/rounds/{round_id}{what}").json()["page"] for what in ("", "/bulletin")] == [page] * 2
    answer = server.anonymous.get(page)
    assert answer.status_code == 200
    assert "示范精细化工有限公司" in answer.text
    assert "安全出口被杂物堵塞" in answer.text
    assert "<script" not in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_what_is_withdrawn_leaves_the_page_and_stays_on_record(server: Server, rounds: Rounds) -> None:
    out, stays = server.desk.to("assigned"), server.desk.to("assigned")
    round_id = rounds.published(out, stays)
    number = server.desk.case(out).number
    assert number in server.anonymous.get(f"/rounds/{round_id}/page").text

    server.desk.fire(round_id, "withdraw_item", server.desk.cast.dispatcher, hazard_id=out, reason="企业已搬走")

    assert number not in server.anonymous.get(f"/rounds/{round_id}/page").text
    assert number in {item["number"] for item in rounds.bulletin(round_id)["items"]}
    office = server.login_as(server.desk.cast.dispatcher)
    assert len(office.get(f"/api/v1/rounds/{round_id}/bulletin").json()["items"]) == 1


def test_words_of_a_page_are_text_and_never_markup(server: Server, rounds: Rounds) -> None:
    hazard_id = server.desk.to("assigned")
    round_id = rounds.open()
    rounds.add(round_id, hazard_id)
    text = "<img src=x onerror=alert(1)>"
    server.desk.fire(round_id, "describe_item", server.desk.cast.dispatcher, hazard_id=hazard_id, public_text=text)
    rounds.out(round_id)

    page = server.anonymous.get(f"/rounds/{round_id}/page").text
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_hazard_may_be_sealed_when_it_is_found(server: Server, rounds: Rounds) -> None:
    cast = server.desk.cast
    found = {"description": "夜间偷排", "enterprise_id": cast.enterprise, "withheld": "张某某举报，要求保密"}
    answer = server.login_as(cast.inspector).post("/api/v1/hazards", json={"hazards": [found]})
    hazard_id, open_one = answer.json()["cases"][0]["id"], server.desk.to("assigned")
    round_id = rounds.open()
    for each in (hazard_id, open_one):
        rounds.add(round_id, each)
    shown = server.login_as(cast.dispatcher).get(f"/api/v1/rounds/{round_id}")
    named = {item["hazard"]["id"]: (item["named"], item["unnamed_because"]) for item in shown.json()["items"]}
    rounds.out(round_id)

    # Before anything is frozen the office reads that it will not be named, and what to do about it.
    assert named[open_one] == (True, None)
    assert named[hazard_id] == (False, "登记隐患时注明不得公开；写明公布文字后公开")
    assert "张某某" not in shown.text
    bulletin = rounds.bulletin(round_id)
    assert (bulletin["total"], [item["number"] for item in bulletin["items"]]) == (
        2, [server.desk.case(open_one).number],
    )  # fmt: skip
    told = [e.body for e in server.desk.events(hazard_id)] + [m.payload for m in server.desk.messages(hazard_id)]
    assert not any("保密" in text for text in told)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "missing"),
        ({"district_id": "town"}, "unknown-organisation"),
        ({"town_id": "town"}, "town-wanted"),
        ({"town_id": "village", "level": "town"}, "unknown-organisation"),
        ({"district_id": "district", "level": "town"}, "town-wanted"),
        ({"district_id": "district", "level": "province"}, "invalid-request"),
    ],
)
def test_a_round_is_of_a_place_there_is(server: Server, body: dict[str, str], problem: str) -> None:
    cast = server.desk.cast
    named = {key: getattr(cast, value) if key.endswith("_id") else value for key, value in body.items()}
    answer = server.login_as(cast.dispatcher).post("/api/v1/rounds", json=named)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{problem}")


def test_a_town_s_round_needs_only_its_town(server: Server) -> None:
    cast = server.desk.cast
    office = server.login_as(cast.dispatcher)
    key = {"Idempotency-Key": "once"}
    body = {"level": "town", "town_id": cast.town}
    made, again = (office.post("/api/v1/rounds", json=body, headers=key) for _ in range(2))
    assert made.status_code == again.status_code == 201
    assert made.json()["id"] == again.json()["id"]
    assert office.get(f"/api/v1/rounds/{made.json()['id']}").json()["town"]["name"] == "城关镇"


def test_another_workflow_s_case_is_no_round(server: Server) -> None:
    hazard_id = server.desk.to("assigned")
    office = server.login_as(server.desk.cast.dispatcher)
    for what in ("", "/candidates", "/bulletin"):
        assert office.get(f"/api/v1/rounds/{hazard_id}{what}").status_code == 404


def test_candidates_come_page_by_page(server: Server, rounds: Rounds) -> None:
    hazards = sorted(server.desk.to("assigned") for _ in range(3))
    server.desk.clock.advance(days=31, hours=1)
    server.desk.sweep()
    round_id = rounds.open()
    office = server.login_as(server.desk.cast.dispatcher)
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        answer = office.get(f"/api/v1/rounds/{round_id}/candidates", params={"limit": 2, **cursor}).json()
        found += [c["hazard"]["id"] for c in answer["items"]]
        if answer["next"] is None:
            break
        cursor = {"cursor": answer["next"]}
    assert found == hazards
