"""A hazard's whole road over HTTP, and every way the edge refuses to let it go wrong."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from api.queries.ledger import Wanted, case_lines
from models import Case, Event
from models.database import pools, read_session
from tests.api.conftest import Server
from tests.api.evidence_files import picture

NOWHERE = "0" * 32


def finding(server: Server, **words: Any) -> dict[str, Any]:
    """A hazard at the cast's enterprise, as a telephone sends it."""
    return {"description": "安全出口被杂物堵塞", "enterprise_id": server.desk.cast.enterprise, **words}


def test_a_hazard_goes_from_discovery_to_closure_over_http(server: Server) -> None:
    cast = server.desk.cast
    inspector, dispatcher = server.login_as(cast.inspector), server.login_as(cast.dispatcher)
    unit, supervisor = server.login_as(cast.enterprise_person), server.login_as(cast.supervisor)
    opened = inspector.post("/api/v1/hazards", json={"hazards": [finding(server)]})
    assert opened.status_code == 201
    case_id = opened.json()["cases"][0]["id"]
    case = f"/api/v1/cases/{case_id}"

    def go(client: TestClient, trigger: str, **body: Any) -> Any:
        answer = client.post(f"{case}/moves/{trigger}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert go(dispatcher, "assign", responsible_org_id=cast.enterprise, rectify_by="2026-03-20")["state"] == "assigned"
    assert go(unit, "start")["state_label"] == "整改中"
    photo = unit.post(f"{case}/evidence", params={"phase": "after", "name": "整改后.jpg"}, content=picture()).json()
    go(unit, "submit", evidence=[photo["sha256"]], measures="已清除", money_yuan="1200.50", area_m2=3)
    go(inspector, "verify", second_officer=cast.second_inspector.id)
    assert go(supervisor, "close")["version"] == 6
    whole = unit.get(f"/api/v1/hazards/{case_id}").json()
    assert whole["state"] == "closed"
    assert whole["submissions"][0] | {"money_yuan": "1200.50", "outcome": "verified"} == whole["submissions"][0]
    assert [piece["sha256"] for piece in whole["evidence"]] == [photo["sha256"]]
    assert whole["town"] == {"id": cast.town, "name": "城关镇"}


def test_hazards_of_one_visit_share_it_and_each_has_its_own_clock(server: Server) -> None:
    cast = server.desk.cast
    inspector = server.login_as(cast.inspector)
    body = {"visit": {"finder": "示范区应急管理局"}, "hazards": [finding(server), finding(server, level="major")]}
    opened = inspector.post("/api/v1/hazards", json=body).json()
    assert len({case["id"] for case in opened["cases"]}) == 2
    visit = inspector.get(f"/api/v1/visits/{opened['visit_id']}").json()
    assert [line["level"] for line in visit["hazards"]] == ["general", "major"]
    assert visit["finder"] == "示范区应急管理局"
    for case in opened["cases"]:
        (deadline,) = inspector.get(f"/api/v1/cases/{case['id']}/clock").json()["deadlines"]
        assert deadline["name"] == "assign"
    assert server.login_as(cast.other_enterprise_person).get(f"/api/v1/visits/{opened['visit_id']}").status_code == 404


def test_what_somebody_may_not_see_is_not_there(server: Server) -> None:
    case_id = server.desk.open()
    stranger = server.login_as(server.desk.cast.other_enterprise_person)
    foreign = [stranger.get(f"/api/v1/{path}") for path in paths(case_id)]
    absent = [stranger.get(f"/api/v1/{path}") for path in paths(NOWHERE)]
    assert {r.status_code for r in foreign + absent} == {404}
    assert [r.content for r in foreign] == [r.content for r in absent]
    move = stranger.post(f"/api/v1/cases/{case_id}/moves/void", json={"reason": "不是我们的"})
    assert (move.status_code, move.json()["type"]) == (404, "/problems/unknown-case")


def paths(case_id: str) -> list[str]:
    inside = ("clock", "history", "evidence", f"evidence/{NOWHERE}", f"evidence/{NOWHERE}/original")
    return [f"hazards/{case_id}", *(f"cases/{case_id}/{part}" for part in inside)]


def test_a_move_the_state_does_not_know_is_refused_with_what_may_be_done(server: Server) -> None:
    case_id = server.desk.open()
    refused = server.login_as(server.desk.cast.supervisor).post(f"/api/v1/cases/{case_id}/moves/close")
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/illegal-move"
    assert "交办" in refused.json()["right"]
    assert server.desk.case(case_id).version == 1


def test_a_stale_page_is_told_what_happened_meanwhile(server: Server) -> None:
    case_id = server.desk.open()
    dispatcher = server.login_as(server.desk.cast.dispatcher)
    seen = dispatcher.get(f"/api/v1/hazards/{case_id}").headers["etag"]
    server.desk.clock.advance(minutes=5)
    server.desk.assign(case_id)
    void = {"json": {"reason": "重复"}, "headers": {"If-Match": seen}}
    refused = dispatcher.post(f"/api/v1/cases/{case_id}/moves/void", **void)
    assert refused.status_code == 412
    problem = refused.json()
    assert problem["version"] == 2
    assert problem["meanwhile"] == [{"trigger": "assign", "label": "交办", "at": "2026-03-02T09:05:00+08:00"}]
    fresh = dispatcher.get(f"/api/v1/hazards/{case_id}").headers["etag"]
    assert dispatcher.post(f"/api/v1/cases/{case_id}/moves/void", **void | {"headers": {"If-Match": fresh}}).is_success


def test_exits_say_what_each_move_brings_and_why_not(server: Server) -> None:
    case_id = server.desk.open()
    client = server.login_as(server.desk.cast.inspector)
    exits = {found["trigger"]: found for found in client.get(f"/api/v1/hazards/{case_id}").json()["exits"]}
    assert exits["fix_on_the_spot"]["refusals"] == []
    assert [f["name"] for f in exits["fix_on_the_spot"]["brings"] if f["required"]] == ["measures", "evidence"]
    assert [r["type"] for r in exits["assign"]["refusals"]] == ["/problems/not-your-role"]
    assert exits["assign"]["refusals"][0]["right"] == "交办人员"


def test_the_place_comes_from_the_enterprise_or_is_named_on_one_line_of_the_tree(server: Server) -> None:
    cast = server.desk.cast
    inspector = server.login_as(cast.inspector)

    def place(**where: str) -> Any:
        sent = inspector.post("/api/v1/hazards", json={"hazards": [{"description": "堵塞", **where}]})
        if sent.status_code != 201:
            return sent.json()["type"], sent.json()["field"]
        row = server.desk.case(sent.json()["cases"][0]["id"])
        return row.district_id, row.town_id, row.village_id

    assert place(enterprise_id=cast.village_enterprise) == (cast.district, cast.town, cast.village)
    assert place(town_id=cast.other_town) == (cast.district, cast.other_town, None)
    assert place(enterprise_id=cast.enterprise, town_id=cast.other_town) == (cast.district, cast.other_town, None)
    disagree = ("/problems/places-disagree", "hazards.0.town_id")
    assert place(village_id=cast.village, town_id=cast.other_town) == disagree
    assert place() == ("/problems/missing", "hazards.0.enterprise_id")
    assert place(enterprise_id=cast.town) == ("/problems/unknown-organisation", "hazards.0.enterprise_id")
    assert place(enterprise_id=NOWHERE) == ("/problems/unknown-organisation", "hazards.0.enterprise_id")


def test_a_hazard_is_of_the_sector_of_its_enterprise_unless_another_is_written_down(server: Server) -> None:
    inspector = server.login_as(server.desk.cast.inspector)
    found = [finding(server), finding(server, sector="消防")]
    opened = inspector.post("/api/v1/hazards", json={"hazards": found}).json()["cases"]

    assert [server.desk.case(case["id"]).sector for case in opened] == ["危化品", "消防"]


def test_what_is_written_down_late_is_late_from_the_day_it_was_found(server: Server) -> None:
    inspector = server.login_as(server.desk.cast.inspector)
    found_at = server.desk.clock.now - timedelta(days=20)
    visit = {"visited_at": found_at.isoformat()}
    (opened,) = inspector.post("/api/v1/hazards", json={"visit": visit, "hazards": [finding(server)]}).json()["cases"]

    (assign,) = server.desk.deadlines(opened["id"])
    assert (assign.name, assign.anchor_at) == ("assign", found_at)
    assert assign.breached_at == assign.due_at < server.desk.clock.now
    assert server.desk.case(opened["id"]).overdue_since == assign.due_at


def test_nothing_is_found_in_the_future_and_one_bad_hazard_opens_none(server: Server) -> None:
    inspector = server.login_as(server.desk.cast.inspector)
    tomorrow = (server.desk.clock.now + timedelta(days=1)).isoformat()
    refused = inspector.post("/api/v1/hazards", json={"hazards": [finding(server), finding(server, found_at=tomorrow)]})
    assert (refused.status_code, refused.json()["field"]) == (422, "hazards.1.found_at")
    assert server.desk.count(Case) == 0


def test_a_person_without_the_role_opens_nothing_there(server: Server) -> None:
    town = server.login_as(server.desk.cast.town_inspector)
    there = finding(server, enterprise_id=server.desk.cast.other_enterprise)
    assert town.post("/api/v1/hazards", json={"hazards": [there]}).status_code == 403
    assert town.post("/api/v1/hazards", json={"hazards": [finding(server)]}).status_code == 201


@pytest.mark.parametrize("sort", ["newest", "due"])
def test_pages_are_stable_while_others_open_cases(server: Server, sort: str) -> None:
    desk = server.desk
    ids = []
    for _ in range(7):
        desk.clock.advance(minutes=1)
        ids.append(desk.open())
    client = server.login_as(desk.cast.town_inspector)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = client.get(
            "/api/v1/hazards", params={"sort": sort, "limit": 3, **({"cursor": cursor} if cursor else {})}
        )
        body = page.json()
        seen += [line["id"] for line in body["items"]]
        desk.clock.advance(minutes=1)
        if len(seen) == 3:
            desk.open(by=desk.cast.town_inspector)
        cursor = body["next"]
        if cursor is None:
            break
    assert [i for i in seen if i in ids] == (ids[::-1] if sort == "newest" else ids)
    assert len(seen) == len(set(seen))


def test_a_person_with_two_ways_to_a_case_sees_it_once(server: Server) -> None:
    desk = server.desk
    case_id = desk.open(by=desk.cast.town_inspector)
    desk.fire(case_id, "assign", desk.cast.dispatcher, responsible_org_id=desk.cast.town, lead_org_id=desk.cast.bureau)
    items = server.login_as(desk.cast.town_inspector).get("/api/v1/hazards").json()["items"]
    assert [line["id"] for line in items] == [case_id]


def test_lists_hold_what_their_reader_may_see_and_what_was_asked_for(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    late, general = desk.open(), desk.open()
    major = desk.open(level="major", sector="消防")
    desk.fire(late, "assign", cast.dispatcher, responsible_org_id=cast.enterprise)
    desk.clock.advance(days=45)
    desk.fire(general, "assign", cast.dispatcher, responsible_org_id=cast.village_enterprise)
    desk.sweep()

    def listed(actor: Any, **asked: Any) -> set[str]:
        body = server.login_as(actor).get("/api/v1/hazards", params=asked).json()
        return {line["id"] for line in body["items"]}

    assert listed(cast.inspector) == {late, general, major}
    assert listed(cast.other_enterprise_person) == listed(cast.admin) == set()
    assert listed(cast.inspector, level="major") == listed(cast.inspector, sector="消防") == {major}
    assert listed(cast.inspector, state="assigned") == {late, general}
    assert listed(cast.inspector, overdue=False) == {general}
    assert listed(cast.inspector, town_id=cast.other_town) == set()
    assert listed(cast.inspector, q="精细化工") == {late, general, major}
    assert listed(cast.inspector, q="安全出口", level="major") == {major}
    assert listed(cast.inspector, q="%") == listed(cast.inspector, q="_") == set()
    number = desk.case(late).number
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in number)
    assert listed(cast.inspector, q=number) == listed(cast.inspector, q=wide) == {late}


def test_the_clock_shows_its_working_and_the_history_its_chain(server: Server) -> None:
    case_id = server.desk.to("submitted")
    client = server.login_as(server.desk.cast.inspector)
    clock = client.get(f"/api/v1/cases/{case_id}/clock").json()
    rectify = next(d for d in clock["deadlines"] if d["name"] == "rectify")
    assert rectify["anchor_at"].endswith("+08:00")
    assert rectify["due_at"] > rectify["due_day"]
    assert sum(s["days"] for s in rectify["working"] if s["counted"]) == rectify["amount"]
    lines: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        body = client.get(f"/api/v1/cases/{case_id}/history", params=asked).json()
        lines += body["items"]
        cursor = body["next"]
        if cursor is None:
            break
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert len(lines) == server.desk.count(Event, Event.case_id == case_id)
    assert lines[0]["label"] == "发现"
    assert lines[0]["actor"]["name"] == "李检查"


@pytest.mark.parametrize("sort", ["newest", "due"])
def test_a_page_is_found_by_index_and_never_by_reading_all_cases(sqlite_server: Server, sort: Any) -> None:
    desk, plans = sqlite_server.desk, []
    actor = desk.cast.town_inspector

    def explained(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "FROM cases" in statement and "UNION" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

    for pool in pools(desk.engine):
        event.listen(pool, "before_cursor_execute", explained)
    with read_session(desk.engine) as session:
        case_lines(session, actor, Wanted(), sort=sort, limit=51, after=None)
    for pool in pools(desk.engine):
        event.remove(pool, "before_cursor_execute", explained)
    assert sum("SEARCH cases USING" in step for step in plans) >= 7
    assert not [step for step in plans if step.startswith("SCAN cases")]
    placed = [step for step in plans if "town_id=?" in step]
    assert placed
    assert sort == "newest" or all("next_due_at" in step for step in placed)
