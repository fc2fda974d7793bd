"""Enterprises over HTTP: one file each, seen by whom it concerns."""

from tests.api.conftest import Server
from tests.people import CREDIT_CODE
from workflow.actor import Actor

PATH = "/api/v1/enterprises"


def names(server: Server, actor: Actor, **asked: str) -> set[str]:
    return {item["name"] for item in server.login_as(actor).get(PATH, params=asked).json()["items"]}


def test_who_answers_for_a_place_sees_its_enterprises_and_an_enterprise_sees_itself(server: Server) -> None:
    cast = server.desk.cast

    assert len(names(server, cast.inspector)) == len(names(server, cast.admin)) == 3
    assert names(server, cast.town_inspector) == {"示范精细化工有限公司", "老王饭店"}
    assert names(server, cast.enterprise_person) == {"示范精细化工有限公司"}
    assert names(server, cast.fire_inspector) == set()
    assert names(server, cast.inspector, q=CREDIT_CODE[:10]) == {"示范精细化工有限公司"}
    assert names(server, cast.inspector, town_id=cast.other_town) == {"东风商贸（示范）有限公司"}


def test_a_department_sees_the_enterprise_of_a_case_it_leads_with_that_case_only(server: Server) -> None:
    desk = server.desk
    desk.open()
    led = desk.open()
    desk.assign(led, lead_org_id=desk.cast.fire_department)
    client = server.login_as(desk.cast.fire_inspector)

    file = client.get(f"{PATH}/{desk.cast.enterprise}").json()

    assert names(server, desk.cast.fire_inspector) == {"示范精细化工有限公司"}
    assert [line["id"] for line in file["hazards"]] == [led]
    assert file["counts"] == {"assigned": 1}


def test_the_file_of_an_enterprise_has_its_place_counts_and_cases(server: Server) -> None:
    desk = server.desk
    desk.to("closed")
    late = desk.to("assigned")
    desk.live(40, step=10)

    file = server.login_as(desk.cast.inspector).get(f"{PATH}/{desk.cast.enterprise}").json()

    assert (file["place"], file["counts"]) == (["城关镇"], {"assigned": 1, "closed": 1})
    assert [(line["id"], line["state_label"]) for line in file["hazards"] if line["overdue_since"]] == [
        (late, "已交办")
    ]
    assert [talk["case_id"] for talk in file["talks"]] == [late]


def test_a_foreign_file_does_not_exist(server: Server) -> None:
    cast = server.desk.cast

    for actor, id_ in ((cast.other_enterprise_person, cast.enterprise), (cast.town_inspector, cast.other_enterprise)):
        assert server.login_as(actor).get(f"{PATH}/{id_}").status_code == 404
    assert server.login_as(cast.inspector).get(f"{PATH}/{cast.town}").status_code == 404


def test_an_inspector_adds_an_enterprise_where_they_answer_and_nowhere_else(server: Server) -> None:
    cast, client = server.desk.cast, server.login_as(server.desk.cast.town_inspector)
    asked = {"name": "新开饭店", "parent_id": cast.village, "risk_colour": "yellow"}

    made = client.post(PATH, json=asked)
    elsewhere = client.post(PATH, json={**asked, "parent_id": cast.other_town})
    bad = client.post(PATH, json={**asked, "name": "错码公司", "credit_code": "91330199MA0000001X"})

    assert (made.status_code, made.json()["town_id"]) == (201, cast.town)
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (403, "/problems/not-your-role")
    assert (bad.status_code, bad.json()["type"], bad.json()["field"]) == (
        422,
        "/problems/bad-credit-code",
        "credit_code",
    )


def test_a_change_reaches_enterprises_of_one_s_place_and_no_place_by_that_address(server: Server) -> None:
    cast, client = server.desk.cast, server.login_as(server.desk.cast.town_inspector)

    changed = client.patch(f"{PATH}/{cast.enterprise}", json={"contact": "赵安全", "risk_colour": "red"})

    assert (changed.json()["contact"], changed.json()["risk_colour"]) == ("赵安全", "red")
    assert client.patch(f"{PATH}/{cast.town}", json={"name": "改名镇"}).status_code == 404
    assert client.patch(f"{PATH}/{cast.other_enterprise}", json={"contact": "x"}).status_code == 404
    moved = client.patch(f"{PATH}/{cast.enterprise}", json={"parent_id": cast.other_town})
    assert moved.status_code == 403
    own = server.login_as(cast.enterprise_person).patch(f"{PATH}/{cast.enterprise}", json={"risk_colour": "blue"})
    assert own.status_code == 403


def test_an_enterprise_moved_within_one_s_places_takes_its_cases_and_a_refused_move_takes_none(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    case_id = desk.open()
    path = f"{PATH}/{cast.enterprise}"

    refused = server.login_as(cast.town_inspector).patch(path, json={"parent_id": cast.other_town})
    assert (refused.status_code, desk.case(case_id).town_id) == (403, cast.town)
    moved = server.login_as(cast.town_inspector).patch(path, json={"parent_id": cast.village})

    assert (moved.status_code, moved.json()["village_id"]) == (200, cast.village)
    assert desk.case(case_id).village_id == cast.village
    assert [event.trigger for event in desk.events(case_id)] == ["open", "relocate"]


def test_doubles_are_merged_by_the_administrator_and_vanish_from_the_list(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    case_id = desk.open()
    admin = server.login_as(cast.admin)
    double = admin.post(PATH, json={"name": "示范化工", "parent_id": cast.town}).json()["id"]

    merged = admin.post(f"{PATH}/{double}/merge", json={"drop_id": cast.enterprise})

    assert (merged.status_code, merged.json()["credit_code"]) == (200, CREDIT_CODE)
    assert desk.case(case_id).enterprise_id == double
    history = server.login_as(cast.inspector).get(f"/api/v1/cases/{case_id}/history").json()["items"]
    assert [line["label"] for line in history][-1] == "企业合并，改记到保留的企业"
    assert cast.enterprise not in {item["id"] for item in admin.get(PATH).json()["items"]}
    assert server.login_as(cast.dispatcher).post(f"{PATH}/{double}/merge", json={"drop_id": double}).status_code == 403
