"""The tree over HTTP: read by everybody of the district, changed by the administrator alone."""

from tests.api.conftest import Server

PATH = "/api/v1/organisations"


def test_everybody_reads_places_and_departments_but_no_enterprise_there(server: Server) -> None:
    cast = server.desk.cast

    for actor in (cast.enterprise_person, cast.town_inspector, cast.admin):
        items = server.login_as(actor).get(PATH).json()["items"]
        assert {item["id"] for item in items} >= {cast.district, cast.town, cast.other_town, cast.fire_department}
        assert not {item["kind"] for item in items} & {"enterprise"}


def test_pages_follow_each_other_without_gap_or_repeat(server: Server) -> None:
    client = server.login_as(server.desk.cast.inspector)
    whole = [item["id"] for item in client.get(PATH).json()["items"]]

    paged, cursor = [], None
    while True:
        page = client.get(PATH, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        paged += [item["id"] for item in page["items"]]
        if (cursor := page["next"]) is None:
            break

    assert paged == whole


def test_the_tree_is_asked_by_parent_kind_and_words(server: Server) -> None:
    cast, client = server.desk.cast, server.login_as(server.desk.cast.inspector)

    def names(**asked: str) -> list[str]:
        return [item["name"] for item in client.get(PATH, params=asked).json()["items"]]

    assert names(parent_id=cast.town) == ["东街村"]
    assert sorted(names(kind="department")) == ["示范区应急管理局", "示范区消防救援大队"]
    assert names(q="街道") == ["东风街道"]
    assert names(q="%") == []


def test_an_administrator_adds_moves_renames_and_nobody_else_does(server: Server) -> None:
    cast = server.desk.cast
    asked = {"kind": "village", "name": "新村", "parent_id": cast.town}

    refused = server.login_as(cast.supervisor).post(PATH, json=asked)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-your-role")

    admin = server.login_as(cast.admin)
    made = admin.post(PATH, json=asked, headers={"Idempotency-Key": "once"})
    again = admin.post(PATH, json=asked, headers={"Idempotency-Key": "once"})
    assert (made.status_code, made.json()["town_id"]) == (201, cast.town)
    assert again.json() == made.json()

    path = f"{PATH}/{made.json()['id']}"
    changed = admin.patch(path, json={"parent_id": cast.other_town, "name": "新新村", "phone": "0574-1"})
    assert changed.status_code == 200
    assert (changed.json()["town_id"], changed.json()["name"]) == (cast.other_town, "新新村")
    assert admin.patch(path, json={"phone": ""}).json()["phone"] is None


def test_names_and_codes_in_use_and_impossible_places_are_refused_by_name(server: Server) -> None:
    cast, admin = server.desk.cast, server.login_as(server.desk.cast.admin)

    taken = admin.patch(f"{PATH}/{cast.other_town}", json={"name": "城关镇"})
    code = admin.patch(f"{PATH}/{cast.other_town}", json={"code": "330199100"})
    misplaced = admin.post(PATH, json={"kind": "town", "name": "镇中镇", "parent_id": cast.town})

    assert [answer.json()["type"].rsplit("/")[-1] for answer in (taken, code, misplaced)] == [
        "duplicate-organisation", "code-taken", "misplaced-organisation",
    ]  # fmt: skip
    assert (taken.json()["field"], code.json()["field"]) == ("name", "code")


def test_what_one_may_not_read_does_not_exist(server: Server) -> None:
    cast = server.desk.cast

    assert server.login_as(cast.enterprise_person).get(f"{PATH}/{cast.enterprise}").status_code == 200
    assert server.login_as(cast.enterprise_person).get(f"{PATH}/{cast.other_enterprise}").status_code == 404
    assert server.login_as(cast.town_inspector).get(f"{PATH}/{'0' * 32}").status_code == 404


def test_a_village_moved_over_http_takes_its_cases_and_tells_their_history(server: Server) -> None:
    desk, cast = server.desk, server.desk.cast
    case_id = desk.open(village_id=cast.village)

    moved = server.login_as(cast.admin).patch(f"{PATH}/{cast.village}", json={"parent_id": cast.other_town})

    assert moved.status_code == 200
    assert desk.case(case_id).town_id == cast.other_town
    assert server.login_as(cast.town_inspector).get(f"/api/v1/hazards/{case_id}").status_code == 404
    history = server.login_as(cast.inspector).get(f"/api/v1/cases/{case_id}/history").json()["items"]
    assert (history[-1]["kind"], history[-1]["label"]) == ("note", "随机构或企业迁移变更所在地")
    assert history[-1]["actor"]["name"] == "陈管理"
