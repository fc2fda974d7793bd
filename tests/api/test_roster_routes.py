"""The roster over HTTP: planned whole, shown with its red lines, handed over and swapped by the people on it."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import heartbeat
from api.checkup import check_up
from models import Shift
from models.database import write_session
from tests.api.conftest import Server
from workflow.people import disable_person

ROSTER = "/api/v1/roster"


def pair(server: Server, officer: str, leader: str = "leader") -> dict[str, str]:
    cast = server.desk.cast
    return {"officer_id": getattr(cast, officer).id, "leader_id": getattr(cast, leader).id}


def watch(server: Server, hour: float, officer: str, *, hours: float = 24, leader: str = "leader") -> dict[str, str]:
    """A watch that begins so many hours from now."""
    begins = server.desk.clock.now + timedelta(hours=hour)
    ends = begins + timedelta(hours=hours)
    return pair(server, officer, leader) | {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}


def plan(
    server: Server, *watches: dict[str, str], org: str = "bureau", by: str = "duty_officer", **headers: str
) -> Any:
    asked = {"org_id": getattr(server.desk.cast, org), "watches": list(watches)}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client(server, by).post(ROSTER, json=asked, headers=named)


def client(server: Server, persona: str) -> TestClient:
    return server.login_as(getattr(server.desk.cast, persona))


def roster(server: Server, *, org: str = "bureau", by: str = "leader", **asked: str) -> Any:
    return client(server, by).get(ROSTER, params={"org_id": getattr(server.desk.cast, org), **asked}).json()


def test_a_rotation_fills_the_days_and_the_roster_shows_holidays_and_gaps(server: Server) -> None:
    asked = {
        "org_id": server.desk.cast.bureau,
        "first": "2026-05-01",
        "last": "2026-05-10",
        "pairs": [pair(server, "inspector"), pair(server, "second_inspector")],
        "pairs_off": [pair(server, "duty_officer")],
        "begins_at": "17:00",
    }
    server.desk.clock.now = server.desk.clock.now.replace(month=4, day=20)

    answer = client(server, "leader").post(f"{ROSTER}/rotation", json=asked)
    shown = roster(server, **{"from": "2026-05-01", "to": "2026-05-10"})

    assert answer.status_code == 201, answer.text
    assert [(gap["starts_at"], gap["ends_at"]) for gap in answer.json()["gaps"]] == [
        ("2026-04-20T09:00:00+08:00", "2026-05-01T17:00:00+08:00")
    ]
    # The first five days of May are off, the ninth is a Saturday on which people work for them.
    officers = [one["officer"]["name"] for one in shown["watches"]]
    assert officers == [*["冯值班"] * 5, "李检查", "周检查", "李检查", "周检查", "冯值班"]
    assert {day["day"]: day["working"] for day in shown["days"]}["2026-05-09"] is True
    assert shown["gaps"] == [{"starts_at": "2026-05-01T00:00:00+08:00", "ends_at": "2026-05-01T17:00:00+08:00"}]
    assert shown["red"] is True


def test_a_plan_that_is_refused_names_every_fault_and_keeps_nothing(server: Server) -> None:
    same, away = watch(server, 1, "leader"), watch(server, 30, "enterprise_person")

    answer = plan(server, same, away)

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "/problems/plan-refused")
    assert [(error["field"], error["name"]) for error in problem["errors"]] == [
        ("watches.0.leader_id", "OnePersonAtBothPosts"),
        ("watches.1.officer_id", "UnrelatedPerson"),
        ("watches.1.starts_at", "GapInPlan"),
    ]
    assert server.desk.count(Shift) == 0


def test_a_repeated_plan_is_answered_again(server: Server) -> None:
    asked = watch(server, 1, "inspector")

    first, second = (plan(server, asked, Idempotency_Key="k1") for _ in range(2))

    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"


def test_the_district_asks_its_bureau_who_has_the_watch(server: Server) -> None:
    plan(server, watch(server, 0, "inspector"))
    asking, district = client(server, "leader"), {"org_id": server.desk.cast.district}

    now = asking.get("/api/v1/duty", params=district).json()
    later = (server.desk.clock.now + timedelta(days=1)).isoformat()
    gap = asking.get("/api/v1/duty", params={**district, "at": later}).json()

    assert (now["kept_by"]["name"], now["red"]) == ("示范区应急管理局", False)
    assert now["watch"]["officer"]["name"] == "李检查"
    assert (gap["kept_by"], gap["watch"], gap["red"]) == (None, None, True)


def test_the_roster_of_a_district_that_its_bureau_keeps_is_the_bureau_s_and_not_red(server: Server) -> None:
    server.desk.clock.now = server.desk.clock.now.replace(hour=0)
    plan(server, watch(server, 0, "inspector"), watch(server, 24, "second_inspector"))

    today = roster(server, org="district", **{"from": "2026-03-02", "to": "2026-03-02"})

    assert today["org"]["id"] == server.desk.cast.district
    assert (today["kept_by"]["name"], today["gaps"], today["red"]) == ("示范区应急管理局", [], False)
    assert [one["officer"]["name"] for one in today["watches"]] == ["李检查"]


def test_a_place_whose_own_watch_is_still_to_come_is_manned_by_its_department(server: Server) -> None:
    desk = server.desk
    plan(server, watch(server, 0, "inspector", hours=36))
    plan(server, watch(server, 20, "second_inspector", hours=4), org="district", by="admin")

    shown = roster(server, org="district")
    reasons = [reason["name"] for reason in server.anonymous.get("/healthz").json()["reasons"]]
    (light,) = (light for light in check_up(server.house, desk.clock.now) if light.name == "值班")

    assert (light.red, "off_duty" in reasons) == (False, False)
    assert [one["officer"]["name"] for one in shown["watches"]] == ["李检查", "周检查"]
    assert [gap["starts_at"] for gap in shown["gaps"]] == ["2026-03-02T00:00:00+08:00", "2026-03-03T21:00:00+08:00"]
    assert (shown["kept_by"]["id"], roster(server, org="village", by="town_inspector")["kept_by"]) == (
        desk.cast.bureau, None,
    )  # fmt: skip


def test_a_watch_that_nobody_took_over_is_red_until_somebody_does(server: Server) -> None:
    plan(server, watch(server, 0, "inspector", hours=12), watch(server, 12, "second_inspector", hours=36))
    first = roster(server)["watches"][0]["id"]
    server.desk.clock.advance(hours=12)
    before = [one["red"] for one in roster(server)["watches"]]

    note = {"note": "东街村积水，已派人"}
    handed = client(server, "inspector").post(f"/api/v1/shifts/{first}/hand_over", json=note).json()
    taken = client(server, "second_inspector").post(f"/api/v1/shifts/{first}/acknowledge").json()

    assert (before, handed["red"], taken["red"]) == ([["not_taken_over"], []], ["not_taken_over"], [])
    assert (taken["hand_over_note"], taken["acknowledged_by"]["name"]) == ("东街村积水，已派人", "周检查")


def test_a_roster_without_gaps_is_red_for_a_watch_that_nobody_took_over(server: Server) -> None:
    watches = watch(server, 0, "inspector", hours=12), watch(server, 12, "second_inspector", hours=36)
    before = plan(server, *watches).json()
    server.desk.clock.advance(hours=12)

    after = plan(server, *watches).json()

    assert (before["gaps"], before["red"]) == ([], False)
    assert (after["gaps"], after["red"]) == ([], True)


def test_a_disabled_officer_ahead_is_red(server: Server) -> None:
    plan(server, watch(server, 0, "inspector"))
    with write_session(server.desk.engine) as session:
        disable_person(session, server.desk.cast.inspector.id, now=server.desk.clock.now)

    shown = client(server, "leader").get("/api/v1/duty", params={"org_id": server.desk.cast.bureau}).json()

    assert (shown["red"], shown["watch"]["red"]) == (True, ["disabled"])
    assert roster(server)["watches"][0]["red"] == ["disabled"]


def test_who_left_after_the_watch_was_taken_over_leaves_nothing_red_behind(server: Server) -> None:
    cast = server.desk.cast
    plan(server, watch(server, 0, "inspector", hours=12), watch(server, 12, "second_inspector", hours=36))
    first = roster(server)["watches"][0]["id"]
    server.desk.clock.advance(hours=12)
    client(server, "inspector").post(f"/api/v1/shifts/{first}/hand_over", json={"note": "无异常"})
    client(server, "second_inspector").post(f"/api/v1/shifts/{first}/acknowledge")
    with write_session(server.desk.engine) as session:
        disable_person(session, cast.inspector.id, now=server.desk.clock.now)

    assert [one["red"] for one in roster(server)["watches"]] == [[], []]


def test_a_swap_is_asked_seen_and_agreed(server: Server) -> None:
    plan(server, watch(server, 1, "inspector"))
    shift_id = roster(server)["watches"][0]["id"]
    asked = {"post": "officer", "to_id": server.desk.cast.town_inspector.id, "reason": "家中有事"}
    swap = client(server, "inspector").post(f"/api/v1/shifts/{shift_id}/swaps", json=asked).json()

    # Who is asked sees what it is about, without a role for the place.
    (seen,) = roster(server, by="town_inspector")["swaps"]
    agreed = client(server, "town_inspector").post(f"/api/v1/swaps/{swap['id']}/agree").json()

    assert seen == swap
    assert (swap["asked_by"]["name"], swap["asked_of"]["name"], swap["outcome"]) == ("李检查", "孙镇查", None)
    assert agreed["outcome"] == "agreed"
    assert roster(server)["swaps"] == []
    assert roster(server)["watches"][0]["officer"]["name"] == "孙镇查"


def test_a_roster_is_seen_by_those_above_it_of_it_and_on_it_only(server: Server) -> None:
    plan(server, watch(server, 1, "town_inspector"), org="village")
    plan(server, watch(server, 1, "inspector"), org="other_town")

    def sees(persona: str, org: str) -> int:
        asked = {"org_id": getattr(server.desk.cast, org)}
        return client(server, persona).get(ROSTER, params=asked).status_code

    assert [sees(who, "village") for who in ("town_inspector", "leader", "fire_inspector")] == [200, 200, 404]
    assert [sees("town_inspector", org) for org in ("town", "other_town", "bureau")] == [200, 404, 404]
    assert [sees(who, "enterprise") for who in ("town_inspector", "enterprise_person")] == [404, 404]


def test_a_role_elsewhere_does_not_plan_here(server: Server) -> None:
    with_role_below = plan(server, watch(server, 1, "town_inspector"), org="town", by="town_inspector")
    dispatcher = plan(server, watch(server, 1, "inspector"), by="dispatcher")
    administrator = plan(server, watch(server, 1, "inspector"), by="admin")

    answers = (with_role_below, dispatcher, administrator)
    assert [answer.status_code for answer in answers] == [403, 403, 201]


@pytest.mark.parametrize(("first", "last", "status"), [("01", "31", 200), ("02", "01", 422), ("01", "2", 422)])
def test_a_roster_is_shown_for_two_months_at_most(server: Server, first: str, last: str, status: int) -> None:
    asked = {"org_id": server.desk.cast.bureau, "from": f"2026-03-{first}", "to": f"2026-03-{last}"}

    assert client(server, "leader").get(ROSTER, params=asked).status_code == status
    long = {**asked, "from": "2026-03-01", "to": "2026-05-02"}
    assert client(server, "leader").get(ROSTER, params=long).json()["type"] == "/problems/bad-span"
    assert client(server, "leader").get(ROSTER, params={**long, "to": "2026-05-01"}).status_code == 200


def test_every_change_of_the_roster_is_noticed_by_a_kept_directory(server: Server) -> None:
    def told() -> set[str]:
        server.desk.clock.advance(seconds=2)
        watches = server.house.rules(server.desk.clock.now).directory.watches
        return {one.officer_id for one in watches.get(server.desk.cast.bureau, ())}

    cast = server.desk.cast
    seen = [told()]
    plan(server, watch(server, 1, "inspector"))
    seen.append(told())
    shift_id = roster(server)["watches"][0]["id"]
    asked = {"post": "officer", "to_id": cast.second_inspector.id, "reason": "家中有事"}
    swap = client(server, "inspector").post(f"/api/v1/shifts/{shift_id}/swaps", json=asked).json()
    client(server, "second_inspector").post(f"/api/v1/swaps/{swap['id']}/agree")
    seen.append(told())

    assert seen == [set(), {cast.inspector.id}, {cast.second_inspector.id}]


def test_an_organisation_with_a_roster_and_nobody_on_duty_is_a_red_light(server: Server) -> None:
    desk = server.desk

    def off_duty() -> tuple[bool, str]:
        heartbeat.finished(desk.engine, "sweep", seconds=2, begun_at=desk.clock.now, now=desk.clock.now)
        red = [reason["name"] for reason in server.anonymous.get("/healthz").json()["reasons"]]
        (light,) = (light for light in check_up(server.house, desk.clock.now) if light.name == "值班")
        assert light.red == ("off_duty" in red)
        return light.red, light.text

    looks = [off_duty()]
    plan(server, watch(server, 0, "inspector"))
    looks.append(off_duty())
    desk.clock.advance(hours=24)
    looks.append(off_duty())
    plan(server, watch(server, 0, "second_inspector"))
    looks.append(off_duty())
    with write_session(desk.engine) as session:
        disable_person(session, desk.cast.second_inspector.id, now=desk.clock.now)
    looks.append(off_duty())

    assert [red for red, _ in looks] == [False, False, True, False, True]
    assert "示范区应急管理局" in looks[2][1]
