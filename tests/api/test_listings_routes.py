"""Listings (挂牌督办) over HTTP: the whole road, the list, the whole page, and the enterprise's file."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Server
from tests.api.evidence_files import picture
from tests.desk import PLAN
from tests.listingdesk import Listings


@pytest.fixture
def listings(server: Server) -> Listings:
    return Listings(server.desk)


def move(client: TestClient, case_id: str, trigger: str, **json: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v1/cases/{case_id}/moves/{trigger}", json=json)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]  # JSON


def test_a_listing_goes_its_whole_road_over_http(server: Server, listings: Listings) -> None:
    desk, cast = server.desk, server.desk.cast
    office, chief, head = (server.login_as(who) for who in (cast.dispatcher, cast.supervisor, cast.leader))
    unit, department = server.login_as(cast.enterprise_person), server.login_as(cast.fire_inspector)
    hazard_id = desk.to("assigned")
    wanted = {"hazards": [hazard_id], "level": "district", "lister_org_id": cast.district, "basis": "久拖不改"}
    made = office.post("/api/v1/listings", json=wanted, headers={"Idempotency-Key": "listing-1"})
    assert made.status_code == 201, made.text
    again = office.post("/api/v1/listings", json=wanted, headers={"Idempotency-Key": "listing-1"})
    case_id = made.json()["id"]
    assert (again.json()["id"], made.json()["state_label"]) == (case_id, "已提出")

    move(chief, case_id, "list", **listings.notice(rectify_by=str(listings.day(40)), plan_by=str(listings.day(10))))
    move(chief, case_id, "publish", published_where="区政府网站")
    move(unit, case_id, "file_plan", **PLAN)
    move(unit, case_id, "start")
    photo = unit.post(
        f"/api/v1/cases/{case_id}/evidence", params={"phase": "after", "name": "改后.jpg"}, content=picture()
    )
    move(unit, case_id, "submit", measures="已更换设备", evidence=[photo.json()["sha256"]])
    move(department, case_id, "accept_by_department")
    move(chief, case_id, "verify")
    refused = head.post(f"/api/v1/cases/{case_id}/moves/close", json={"published_where": "区政府网站"})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "hazards-still-open")
    assert server.desk.case(hazard_id).number in refused.json()["right"]
    listings.finish(hazard_id)
    move(head, case_id, "close", published_where="区政府网站")

    answer = office.get(f"/api/v1/listings/{case_id}")
    shown = answer.json()
    assert answer.headers["ETag"] == f'"{shown["version"]}"'
    assert (shown["state"], shown["level_label"], shown["lead"]["name"]) == ("closed", "区级", "示范区消防救援大队")
    assert [(h["id"], h["state"]) for h in shown["hazards"]] == [(hazard_id, "closed")]
    assert (shown["covered"], shown["open"], shown["sponsor"]["name"]) == (1, 0, "王局长")
    assert [(s["step"], s["accepted_by"]["name"]) for s in shown["steps"]] == [
        ("department", "钱消防"),
        ("lister", "郑审核"),
    ]
    assert (shown["published_where"], shown["delisting_published_where"]) == ("区政府网站", "区政府网站")
    assert [link["id"] for link in office.get(f"/api/v1/hazards/{hazard_id}").json()["links"]] == [case_id]


def test_a_level_that_no_listing_has_is_answered_with_those_there_are(server: Server) -> None:
    office = server.login_as(server.desk.cast.dispatcher)

    refused = office.post("/api/v1/listings", json={"level": "major"}, headers={"Idempotency-Key": "wrong-level"})

    errors = {each["field"]: each["right"] for each in refused.json()["errors"]}
    assert errors["level"] == "town、district、city、province 之一"


def test_listings_are_listed_by_state_level_and_words_and_turn_up_in_the_enterprises_file(
    server: Server, listings: Listings
) -> None:
    cast, office = server.desk.cast, server.login_as(server.desk.cast.dispatcher)
    mine = listings.to("rectifying")
    server.desk.clock.advance(minutes=1)
    citys = listings.propose(level="city")
    found = {
        "": [citys, mine],
        "?state=rectifying": [mine],
        "?level=city": [citys],
        "?q=堵塞&sort=due": [mine, citys],
        "?overdue=true": [],
    }
    for query, ids in found.items():
        assert [row["id"] for row in office.get(f"/api/v1/listings{query}").json()["items"]] == ids, query
    first = office.get("/api/v1/listings?limit=1").json()
    second = office.get("/api/v1/listings", params={"limit": 1, "cursor": first["next"]}).json()
    assert [row["id"] for row in first["items"] + second["items"]] == [citys, mine]
    assert office.get("/api/v1/hazards?state=rectifying").json()["items"] == []
    file = office.get(f"/api/v1/enterprises/{cast.enterprise}").json()
    assert {(row["id"], row["state"], row["state_label"]) for row in file["listings"]} == {
        (mine, "rectifying", "督办整改中"), (citys, "discovered", "已提出"),
    }  # fmt: skip


def test_the_city_sees_a_line_of_each_hazard_it_lists_but_not_the_districts_own_case(
    server: Server, listings: Listings
) -> None:
    hazard_id = server.desk.to("assigned")
    case_id = listings.to("submitted", hazard_id, level="city")
    client = server.login_as(listings.city_supervisor)
    shown = client.get(f"/api/v1/listings/{case_id}").json()
    (line,) = shown["hazards"]
    assert (line["id"], line["state_label"], line["town"]["name"]) == (hazard_id, "已交办", "城关镇")
    assert (line["number"], shown["covered"], shown["open"]) == (server.desk.case(hazard_id).number, 1, 1)
    assert (shown["links"], client.get(f"/api/v1/hazards/{hazard_id}").status_code) == ([], 404)
    assert [step["step"] for step in shown["steps"]] == ["department", "district", "lister"]
    verify = next(one for one in shown["exits"] if one["trigger"] == "verify")
    assert [refusal["type"].rpartition("/")[2] for refusal in verify["refusals"]] == ["needs-steps-below"]


def test_a_hazard_is_no_listing_and_a_stranger_sees_none(server: Server, listings: Listings) -> None:
    hazard_id, case_id = server.desk.to("assigned"), listings.propose()
    assert server.login_as(server.desk.cast.dispatcher).get(f"/api/v1/listings/{hazard_id}").status_code == 404
    stranger = server.login_as(server.desk.cast.other_enterprise_person)
    assert stranger.get(f"/api/v1/listings/{case_id}").status_code == 404
