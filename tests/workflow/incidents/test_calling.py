"""Whoever is on duty at that instant is called, then the next level, until someone acknowledges; that expires."""

import pytest

from tests.desk import Desk
from tests.incidentdesk import incident, promise, report, watch
from workflow import refusals as no


def called(desk: Desk, case_id: str, prefix: str) -> list[tuple[str, str]]:
    people = {
        getattr(desk.cast, name).id: name
        for name in desk.cast.__slots__
        if not isinstance(getattr(desk.cast, name), str)
    }
    return [
        (m.template.partition(".")[2], people[m.recipient_id])
        for m in desk.messages(case_id)
        if m.template.startswith(prefix + ".") and m.recipient_id
    ]


def test_the_calls_climb_by_the_watch_of_each_instant(desk: Desk) -> None:
    cast = desk.cast
    watch(desk, cast.town, cast.town_inspector, cast.leader, hours=7 / 60)
    watch(desk, cast.town, cast.inspector, cast.supervisor, after=7 / 60)
    watch(desk, cast.district, cast.second_inspector, cast.leader)
    case_id = incident(desk)
    for _ in range(25):
        desk.clock.advance(minutes=1)
        desk.sweep()
    assert called(desk, case_id, "answer") == [
        ("breach", "town_inspector"),
        ("duty_leader", "supervisor"),
        ("above", "second_inspector"),
        ("leader", "leader"),
    ]


def test_who_is_on_duty_may_acknowledge_and_others_may_not(desk: Desk) -> None:
    watch(desk, desk.cast.town, desk.cast.town_inspector, desk.cast.leader)
    case_id = incident(desk)
    with pytest.raises(no.NotYourRole):
        desk.fire(case_id, "acknowledge", desk.cast.inspector)
    desk.fire(case_id, "acknowledge", desk.cast.town_inspector)
    assert promise(desk, case_id, "answer").outcome == "met"


def test_whose_watch_is_over_may_not(desk: Desk) -> None:
    watch(desk, desk.cast.town, desk.cast.town_inspector, desk.cast.leader, hours=1)
    case_id = incident(desk)
    desk.clock.advance(hours=1)
    with pytest.raises(no.NotYourRole):
        desk.fire(case_id, "acknowledge", desk.cast.town_inspector)


def test_nobody_is_called_once_someone_has_acknowledged_until_that_expires(desk: Desk) -> None:
    case_id = incident(desk)
    desk.fire(case_id, "acknowledge", desk.cast.duty_officer)
    for _ in range(29):
        desk.clock.advance(minutes=1)
        desk.sweep()
    assert called(desk, case_id, "answer") == called(desk, case_id, "acknowledgement") == []
    for _ in range(16):
        desk.clock.advance(minutes=1)
        desk.sweep()
    rungs = [rung for rung, _ in called(desk, case_id, "acknowledgement")]
    assert rungs == ["breach", "duty_leader", "above", "leader"]


def test_acknowledging_again_begins_anew_and_a_report_in_writing_ends_it(desk: Desk) -> None:
    case_id = incident(desk)
    desk.fire(case_id, "acknowledge", desk.cast.duty_officer)
    desk.clock.advance(minutes=20)
    desk.fire(case_id, "acknowledge", desk.cast.leader)
    rounds = desk.deadlines(case_id, "acknowledgement")
    assert [(d.outcome, d.anchor_at == desk.clock.now) for d in rounds] == [("met", False), (None, True)]
    report(desk, case_id, "written_report")
    assert promise(desk, case_id, "acknowledgement").outcome == "met"


def test_a_report_answers_as_well_as_saying_so(desk: Desk) -> None:
    case_id = incident(desk)
    desk.clock.advance(minutes=7)
    report(desk, case_id, "phone_report", ago=4)
    assert promise(desk, case_id, "answer").outcome == "met"


def test_a_broken_call_climbs_to_the_watch_above_and_then_to_the_leaders(desk: Desk) -> None:
    cast = desk.cast
    watch(desk, cast.town, cast.town_inspector, cast.supervisor)
    watch(desk, cast.district, cast.second_inspector, cast.leader)
    case_id = incident(desk)
    for _ in range(31):
        desk.clock.advance(minutes=1)
        desk.sweep()
    heard: dict[str, set[str]] = {}
    for rung, person in called(desk, case_id, "phone"):
        heard.setdefault(rung, set()).add(person)
    assert heard == {
        "remind": {"town_inspector"},
        "breach": {"town_inspector", "supervisor"},
        "above": {"second_inspector"},
        "leader": {"supervisor", "leader"},
    }
    assert desk.acts(case_id) == []
