"""The hazard's road from discovery to closure, and every way it may not go."""

import pytest

from tests.desk import PLAN, Desk
from workflow import refusals as no


def test_a_hazard_is_found_given_mended_checked_and_struck_off(desk: Desk) -> None:
    case_id = desk.to("closed")
    case = desk.case(case_id)
    assert (case.state, case.version, case.cycle) == ("closed", 6, 1)
    assert {(d.name, d.outcome) for d in desk.deadlines(case_id)} == {
        ("assign", "met"),
        ("rectify", "met"),
        ("recheck", "met"),
        ("close", "met"),
    }
    assert case.next_due_at is None


def test_a_major_hazard_needs_its_plan_before_and_a_leader_after(desk: Desk) -> None:
    case_id = desk.open(level="major")
    desk.assign(case_id)
    with pytest.raises(no.NeedsFiveElements):
        desk.start(case_id)
    desk.start(case_id, **PLAN)
    desk.submit(case_id)
    desk.verify(case_id)
    with pytest.raises(no.NeedsSignOff):
        desk.close(case_id)
    desk.fire(case_id, "sign_off", desk.cast.leader)
    desk.close(case_id)
    assert desk.case(case_id).state == "closed"


def test_an_overdue_hazard_climbs_the_ladder_and_nothing_fires_twice(desk: Desk) -> None:
    case_id = desk.open()
    desk.assign(case_id)
    desk.live(30 + 20)
    fired = [
        (r.name, r.outcome)
        for r in desk.rungs(case_id)
        if r.outcome and r.deadline_id == desk.deadlines(case_id, "rectify")[0].id
    ]
    assert fired == [(n, "fired") for n in ("remind", "breach", "supervisor", "exposure", "talk", "listing")]
    assert [a.kind for a in desk.acts(case_id)] == ["exposure", "talk", "listing"]
    assert desk.case(case_id).state == "assigned"
    assert desk.case(case_id).overdue_since == desk.deadlines(case_id, "rectify")[0].due_at


def test_after_downtime_each_rung_takes_effect_once_but_only_the_highest_is_told(desk: Desk) -> None:
    case_id = desk.open()
    desk.assign(case_id)
    before = desk.case(case_id).message_no
    desk.clock.advance(days=39)
    assert desk.sweep().rungs == 5
    outcomes = {r.name: r.outcome for r in desk.rungs(case_id) if r.settled_at}
    assert outcomes["remind"] == "skipped"
    assert [a.kind for a in desk.acts(case_id)] == ["exposure", "talk"]
    assert desk.case(case_id).message_no == before + 1
    assert desk.sweep().rungs == 0


def test_a_hazard_found_to_be_major_in_the_midst_of_the_work_needs_its_plan_then_and_a_leader_later(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.start(case_id)
    due_at = desk.case(case_id).next_due_at
    with pytest.raises(no.NeedsFiveElements):
        desk.fire(case_id, "regrade", desk.cast.supervisor, level="major", reason="专家认定")
    desk.fire(case_id, "regrade", desk.cast.supervisor, level="major", reason="专家认定", **PLAN)
    assert desk.case(case_id).next_due_at == due_at
    desk.submit(case_id)
    desk.verify(case_id)
    with pytest.raises(no.NeedsSignOff):
        desk.close(case_id)


def test_a_level_is_changed_to_another_one_or_not_at_all(desk: Desk) -> None:
    case_id = desk.open()
    for level in ("general", "大"):
        with pytest.raises(no.SameLevel):
            desk.fire(case_id, "regrade", desk.cast.dispatcher, level=level, reason="复核")
