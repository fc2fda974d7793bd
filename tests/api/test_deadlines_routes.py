"""What is overdue or soon will be, page by page, and only of the cases one may see."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.api.conftest import Server
from tests.desk import Desk
from workflow.actor import Actor

PATH = "/api/v1/deadlines/due"


@pytest.fixture
def busy(server: Server) -> Server:
    """Five cases of the town given on five days, one of the other town, one closed, one handed in for re-check."""
    desk = server.desk
    for _ in range(5):
        desk.to("assigned")
        desk.clock.advance(days=1)
    elsewhere = replace(desk.cast, town=desk.cast.other_town, enterprise=desk.cast.other_enterprise)
    Desk(desk.engine, elsewhere, desk.clock).to("assigned")
    desk.to("closed")
    desk.to("submitted")
    return server


def lines(server: Server, actor: Actor, **asked: int) -> list[dict[str, str]]:
    items: list[dict[str, str]] = server.login_as(actor).get(PATH, params=asked).json()["items"]
    return items


def test_nothing_is_due_that_lies_farther_off_than_asked(busy: Server) -> None:
    assert lines(busy, busy.desk.cast.leader, within=3) == []
    assert [line["name"] for line in lines(busy, busy.desk.cast.leader, within=26)] == ["recheck", "rectify"]


def test_the_oldest_comes_first_with_its_day_and_its_name(busy: Server) -> None:
    busy.desk.clock.advance(days=26, hours=20)

    found = lines(busy, busy.desk.cast.leader, within=1)

    assert [line["due_at"] for line in found] == sorted(line["due_at"] for line in found)
    first = found[0]
    assert (first["name"], first["label"], first["state_label"]) == ("recheck", "复查", "待复查")
    late = next(line for line in found if line["name"] == "rectify")
    assert (late["due_day"], late["due_at"], late["overdue"]) == ("2026-04-01", "2026-04-02T00:00:00+08:00", True)


def test_a_promise_is_late_from_midnight_on_and_not_before(busy: Server) -> None:
    day = busy.desk.clock.now.replace(month=4, day=2, hour=0)

    busy.desk.clock.now = day - timedelta(microseconds=1)
    assert "rectify" not in {line["name"] for line in lines(busy, busy.desk.cast.leader, within=0)}
    busy.desk.clock.now = day
    assert "rectify" in {line["name"] for line in lines(busy, busy.desk.cast.leader, within=0)}


def test_a_held_promise_is_not_due_and_an_ended_one_never_again(busy: Server) -> None:
    busy.desk.clock.advance(days=60)

    found = lines(busy, busy.desk.cast.enterprise_person, within=0)

    assert sorted(line["name"] for line in found) == ["recheck"] + ["rectify"] * 5
    assert {line["state"] for line in found if line["name"] == "recheck"} == {"submitted"}


def test_everybody_sees_the_deadlines_of_the_cases_they_see(busy: Server) -> None:
    cast = busy.desk.cast
    busy.desk.clock.advance(days=60)

    counts = {
        who: len(lines(busy, getattr(cast, who), within=0))
        for who in (
            "leader",
            "town_inspector",
            "enterprise_person",
            "other_enterprise_person",
            "fire_inspector",
            "admin",
        )
    }

    assert counts == {
        "leader": 7, "town_inspector": 6, "enterprise_person": 6, "other_enterprise_person": 1,
        "fire_inspector": 0, "admin": 0,
    }  # fmt: skip


def test_pages_join_without_gap_or_repeat_though_one_is_seen_in_several_ways(busy: Server) -> None:
    busy.desk.clock.advance(days=60)
    client = busy.login_as(busy.desk.cast.inspector)
    whole = [line["id"] for line in client.get(PATH).json()["items"]]

    paged, cursor = [], None
    while True:
        page = client.get(PATH, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        paged += [line["id"] for line in page["items"]]
        if (cursor := page["next"]) is None:
            break

    assert paged == whole
    assert len(set(whole)) == 7
    assert client.get(PATH, params={"cursor": "x"}).json()["type"] == "/problems/bad-cursor"
