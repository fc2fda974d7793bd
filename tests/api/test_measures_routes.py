"""Acts, measures and penalties over HTTP: proposed, accepted, carried out, answered, closed."""

from typing import Any

from tests.api.conftest import Server
from tests.measuring import carry_out, ordered, overdue, proposed

MEASURES = "/api/v1/measures"


def penalise(server: Server, number: int, day: str) -> dict[str, Any]:
    """The inspector records a penalty of the cast's enterprise; the answer."""
    said = {"decided_on": day, "document": f"第{number}号", "basis": "安全生产法第102条", "amount_yuan": "30000.50"}
    at = f"/api/v1/enterprises/{server.desk.cast.enterprise}/penalties"
    answer: dict[str, Any] = server.login_as(server.desk.cast.inspector).post(at, json=said).json()
    return answer


def test_a_talk_goes_from_the_supervisors_word_to_its_end(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    act_id = proposed(desk, overdue(desk), "talk").id
    chief, unit = server.login_as(cast.supervisor), server.login_as(cast.enterprise_person)
    accepted = chief.post(f"/api/v1/acts/{act_id}/accept", json={"reason": "多次催办未整改"}).json()
    path, moves = f"{MEASURES}/{accepted['led_to']}", f"/api/v1/cases/{accepted['led_to']}/moves"
    talk = chief.get(path).json()
    assert (talk["state_label"], talk["level_label"], talk["act_id"]) == ("已决定", "约谈", act_id)
    assert [link["kind"] for link in talk["links"]] == ["follows"]
    held = {"carried_out_at": desk.clock.now.isoformat(), "attended": "赵安全", "minutes": "三日内整改"}
    tag = chief.get(path).headers["ETag"]
    assert server.login_as(cast.inspector).post(f"{moves}/carry_out", json=held, headers={"If-Match": tag}).is_success
    assert unit.post(f"{moves}/reply", json={"reply": "已整改"}).json()["state"] == "replied"
    shown = unit.get(path).json()
    assert (shown["carried_out_by"]["name"], shown["reply"], shown["minutes"]) == ("李检查", "已整改", "三日内整改")
    assert chief.post(f"{moves}/close", json={}).json()["state_label"] == "已办结"


def test_measures_are_listed_by_kind_and_state_page_by_page_to_who_may_see_them(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    made = [ordered(desk, kind) for kind in ("talk", "bulletin", "talk")]
    client = server.login_as(cast.inspector)
    first = client.get(MEASURES, params={"limit": 2}).json()
    second = client.get(MEASURES, params={"limit": 2, "cursor": first["next"]}).json()
    assert {line["id"] for line in first["items"] + second["items"]} == set(made)
    assert (len(second["items"]), second["next"]) == (1, None)
    assert [line["id"] for line in client.get(MEASURES, params={"level": "bulletin"}).json()["items"]] == [made[1]]
    assert client.get(MEASURES, params={"state": "closed"}).json()["items"] == []
    assert server.login_as(cast.other_enterprise_person).get(MEASURES).json()["items"] == []


def test_each_kind_of_case_is_found_under_its_own_address_only(server: Server) -> None:
    hazard_id = server.desk.open()
    talk_id = ordered(server.desk, about=hazard_id)
    client = server.login_as(server.desk.cast.inspector)
    assert client.get(f"{MEASURES}/{hazard_id}").status_code == 404
    assert client.get(f"/api/v1/hazards/{talk_id}").status_code == 404


def test_an_act_is_proposed_by_hand_once_and_stands_in_the_history(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    case_id = desk.open()
    said = {"json": {"kind": "bulletin", "basis": "拒不整改"}, "headers": {"Idempotency-Key": "act-1"}}
    client = server.login_as(cast.inspector)
    made, again = (client.post(f"/api/v1/cases/{case_id}/acts", **said) for _ in range(2))
    assert (made.status_code, again.content) == (201, made.content)
    assert (made.json()["proposed_by"]["name"], made.json()["basis"], made.json()["rung"]) == (
        "李检查",
        "拒不整改",
        None,
    )
    lines = client.get(f"/api/v1/cases/{case_id}/history").json()["items"]
    assert [line["label"] for line in lines] == ["发现", "提出督办建议"]
    own = server.login_as(cast.supervisor).post(f"/api/v1/cases/{case_id}/acts", json=said["json"]).json()
    refused = server.login_as(cast.supervisor).post(f"/api/v1/acts/{own['id']}/accept", json={"reason": "同意"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/act-of-your-own")


def test_what_is_no_act_is_refused(server: Server) -> None:
    case_id = server.desk.open()
    client = server.login_as(server.desk.cast.inspector)
    for said in ({"kind": "praise", "basis": "好"}, {"kind": "talk", "basis": " "}, {"kind": "talk"}):
        assert client.post(f"/api/v1/cases/{case_id}/acts", json=said).status_code == 422


def test_penalties_are_recorded_once_and_counted_on_the_file(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    hazard_id = desk.open(level="major")
    made = [penalise(server, n, day) for n, day in enumerate(("2025-10-09", "2025-12-01", "2026-02-27"))]
    assert (made[0]["amount_yuan"], made[0]["recorded_by"]["name"]) == ("30000.50", "李检查")
    assert penalise(server, 0, "2025-10-10")["type"] == "/problems/penalty-already-recorded"
    client = server.login_as(cast.enterprise_person)
    path = f"/api/v1/enterprises/{cast.enterprise}"
    first = client.get(f"{path}/penalties", params={"limit": 2}).json()
    second = client.get(f"{path}/penalties", params={"limit": 2, "cursor": first["next"]}).json()
    assert {row["document"] for row in first["items"] + second["items"]} == {"第0号", "第1号", "第2号"}
    file = client.get(path).json()
    newest = file["penalties"][0]
    assert (newest["document"], newest["amount_yuan"]) == ("第2号", "30000.50")
    (full,) = [window for window in file["counter"] if window["reached"]]
    assert (full["label"], full["ends_on"], len(full["penalties"])) == ("180日内3次", "2026-02-27", 3)
    acts = server.login_as(cast.supervisor).get("/api/v1/acts").json()["items"]
    assert [(act["case_id"], act["label"], act["proposed_by"]) for act in acts] == [(hazard_id, "提请关闭", None)]


def test_the_file_shows_when_a_talk_was_held_and_answered(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    talk_id = ordered(desk)
    held = desk.clock.advance(days=1)
    carry_out(desk, talk_id)
    replied = desk.clock.advance(days=1)
    desk.fire(talk_id, "reply", cast.enterprise_person, reply="已整改")
    file = server.login_as(cast.enterprise_person).get(f"/api/v1/enterprises/{cast.enterprise}").json()
    (talk,) = file["talks"]
    assert talk["led_to"] == talk_id
    assert (talk["held_at"], talk["replied_at"]) == (held.isoformat(), replied.isoformat())
