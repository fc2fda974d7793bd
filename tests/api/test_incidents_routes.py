"""Incidents over HTTP: entered late they say so at once, reported, shown whole; who informed is told to few."""

from datetime import timedelta
from typing import Any

from models import Case
from tests.api.conftest import Server
from tests.incidentdesk import REPORT, incident, report


def enter(server: Server, *, minutes_ago: float = 0, **said: Any) -> Any:
    at = server.desk.clock.now - timedelta(minutes=minutes_ago)
    known = {
        "kind": "fire", "counted_from": "occurred", "occurred_at": at.isoformat(), "anchor_source": "110转来",
        "enterprise_id": server.desk.cast.enterprise, "deaths": 1, **said,
    }  # fmt: skip
    return server.login_as(server.desk.cast.duty_officer).post("/api/v1/incidents", json=known)


def test_entered_at_minute_twenty_the_answer_says_that_the_call_is_late(server: Server) -> None:
    answer = enter(server, minutes_ago=20)
    assert (answer.status_code, answer.json()["overdue_since"]) == (201, "2026-03-02T08:55:00+08:00")
    assert "地点" in answer.json()["lacks"]
    assert "死亡人数" not in answer.json()["lacks"]


def test_an_enterprise_that_was_named_is_the_unit_and_stands_in_the_headline(server: Server) -> None:
    named, told = enter(server).json(), enter(server, unit="老王饭店").json()
    client = server.login_as(server.desk.cast.duty_officer)
    shown = [client.get(f"/api/v1/incidents/{one['id']}").json() for one in (named, told)]
    assert [one["unit"] for one in shown] == ["示范精细化工有限公司", "老王饭店"]
    assert "示范精细化工有限公司" in shown[0]["title"]
    assert "事发单位" not in named["lacks"]
    assert any("示范精细化工有限公司" in message.payload for message in server.desk.messages(named["id"]))


def test_the_clock_tells_broken_noticed_and_told_apart(server: Server) -> None:
    case_id = enter(server, minutes_ago=20).json()["id"]
    server.desk.clock.advance(minutes=2)
    server.desk.sweep()
    clock = server.login_as(server.desk.cast.leader).get(f"/api/v1/cases/{case_id}/clock").json()
    phone = next(d for d in clock["deadlines"] if d["name"] == "phone")
    assert [phone[name][11:16] for name in ("breached_at", "noticed_at", "told_at")] == ["08:55", "09:00", "09:02"]


def test_a_report_answers_with_what_it_lacks_and_stands_in_the_whole(server: Server) -> None:
    client = server.login_as(server.desk.cast.duty_officer)
    case_id = enter(server, minutes_ago=20).json()["id"]
    made = {**REPORT, "made_at": (server.desk.clock.now - timedelta(minutes=1)).isoformat()}
    answer = client.post(f"/api/v1/cases/{case_id}/moves/phone_report", json=made)
    assert (answer.status_code, "地点" in answer.json()["lacks"]) == (200, True)
    whole = client.get(f"/api/v1/incidents/{case_id}").json()
    (shown,) = whole["reports"]
    assert (shown["title"], shown["to_whom"], shown["made_at"]) == (
        "电话报告", REPORT["to_whom"], "2026-03-02T08:59:00+08:00",
    )  # fmt: skip
    assert [(s["name"], s["late_minutes"], s["made_at"] is None) for s in whole["suspected"]] == [("phone", 4, False)]
    assert whole["casualties_until"] == "2026-03-10T00:00:00+08:00"


def test_every_move_of_an_incident_answers_with_what_it_lacks_and_no_other_case_does(server: Server) -> None:
    client = server.login_as(server.desk.cast.duty_officer)
    entered = enter(server).json()
    moves = f"/api/v1/cases/{entered['id']}/moves"
    taken = client.post(f"{moves}/acknowledge").json()
    revised = client.post(f"{moves}/revise", json={"missing": 0, "reason": "医院来电"}).json()
    hazard_id = server.desk.open()
    void = server.login_as(server.desk.cast.dispatcher).post(
        f"/api/v1/cases/{hazard_id}/moves/void", json={"reason": "登记错误"}
    )
    assert taken["lacks"] == entered["lacks"]
    assert revised["lacks"] == [label for label in entered["lacks"] if label != "失踪人数"]
    assert (void.status_code, void.json()["lacks"]) == (200, None)


def test_what_was_never_reported_is_suspected_by_how_long_it_is_late_now(server: Server) -> None:
    case_id = enter(server, minutes_ago=20).json()["id"]
    server.desk.clock.advance(minutes=30)
    server.desk.sweep()
    whole = server.login_as(server.desk.cast.supervisor).get(f"/api/v1/incidents/{case_id}").json()
    late = {s["name"]: (s["late_minutes"], s["made_at"]) for s in whole["suspected"]}
    assert late == {"phone": (35, None), "written": (20, None)}


def test_who_informed_is_shown_to_the_desk_and_its_superiors_only(server: Server) -> None:
    cast = server.desk.cast
    case_id = enter(server, informant="老张 13800000000").json()["id"]
    answers = {
        name: server.login_as(getattr(cast, name)).get(f"/api/v1/incidents/{case_id}").json()["informant"]
        for name in ("duty_officer", "supervisor", "leader", "inspector", "dispatcher", "enterprise_person")
    }
    assert [name for name, said in answers.items() if said] == ["duty_officer", "supervisor", "leader"]
    everywhere = [f"incidents?q={word}" for word in ("老张", "13800000000")]
    everywhere += [f"cases/{case_id}/history", "incidents", "messages"]
    client = server.login_as(cast.supervisor)
    assert [path for path in everywhere if "老张" in client.get(f"/api/v1/{path}").text] == []


def test_the_list_holds_incidents_alone_and_by_level(server: Server) -> None:
    server.desk.open()
    enter(server)
    server.desk.clock.advance(minutes=1)
    enter(server, deaths=3)
    client = server.login_as(server.desk.cast.duty_officer)
    lines = client.get("/api/v1/incidents").json()["items"]
    assert [line["level_label"] for line in lines] == ["较大", "一般"]
    assert len(client.get("/api/v1/incidents", params={"level": "larger"}).json()["items"]) == 1
    assert client.get(f"/api/v1/hazards/{lines[0]['id']}").status_code == 404


def test_a_hazard_is_no_incident(server: Server) -> None:
    client = server.login_as(server.desk.cast.supervisor)
    assert client.get(f"/api/v1/incidents/{server.desk.open()}").status_code == 404


def test_entered_twice_under_one_key_it_is_one_incident(server: Server) -> None:
    client = server.login_as(server.desk.cast.duty_officer)
    said = {
        "kind": "traffic", "counted_from": "received", "received_at": server.desk.clock.now.isoformat(),
        "anchor_source": "值班电话", "district_id": server.desk.cast.district, "loss_yuan": "1200.50",
    }  # fmt: skip
    first, again = (client.post("/api/v1/incidents", json=said, headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert (first.status_code, first.content == again.content) == (201, True)
    assert server.desk.count(Case) == 1
    assert client.get(f"/api/v1/incidents/{first.json()['id']}").json()["loss_yuan"] == "1200.50"


def test_refusals_name_the_field_and_the_time(server: Server) -> None:
    ahead = enter(server, minutes_ago=-1).json()
    assert (ahead["type"], ahead["field"]) == ("/problems/in-the-future", "occurred_at")
    nowhere = enter(server, enterprise_id=None).json()
    assert (nowhere["type"], nowhere["field"]) == ("/problems/missing", "enterprise_id")


def test_a_finding_is_shown_with_its_name(server: Server) -> None:
    desk = server.desk
    case_id = incident(desk)
    report(desk, case_id, "phone_report")
    sha256 = desk.photo(case_id, desk.cast.duty_officer)
    client = server.login_as(desk.cast.supervisor)
    said = {"finding": "omitted", "proof": "上级反馈未收到", "evidence": [sha256]}
    assert client.post(f"/api/v1/cases/{case_id}/moves/record_finding", json=said).status_code == 200
    (found,) = client.get(f"/api/v1/incidents/{case_id}").json()["findings"]
    assert (found["label"], found["evidence"], found["recorded_by"]["name"]) == ("漏报", [sha256], "郑审核")
