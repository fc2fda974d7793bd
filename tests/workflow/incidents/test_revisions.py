"""A casualty change moves the level, and with it the clocks that still run and those that are newly owed."""

from datetime import timedelta
from typing import Any

import pytest

from models.incident import Incident
from tests.desk import Desk
from tests.incidentdesk import by_rules_of, following, incident, promise, report
from workflow import incident_refusals as not_so

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def revise(desk: Desk, case_id: str, **figures: Any) -> None:
    desk.fire(case_id, "revise", desk.cast.duty_officer, reason="医院来电", **figures)


def span(desk: Desk, case_id: str, name: str) -> timedelta | None:
    row = next((d for d in desk.deadlines(case_id, name) if d.outcome is None), None)
    return row.due_at - row.anchor_at if row else None


def test_what_still_runs_is_counted_by_the_new_level_and_what_is_newly_owed_begins(desk: Desk) -> None:
    by_rules_of(desk, "henan")
    case_id = incident(desk)
    assert (span(desk, case_id, "phone"), span(desk, case_id, "written")) == (None, 6 * HOUR)
    desk.clock.advance(minutes=10)
    revise(desk, case_id, deaths=10)
    assert (span(desk, case_id, "phone"), span(desk, case_id, "written")) == (15 * MINUTE, 35 * MINUTE)
    assert promise(desk, case_id, "phone").anchor_at == desk.clock.now
    assert desk.case(case_id).level == "major"


def test_a_figure_mistyped_and_mended_leaves_the_call_owed(desk: Desk) -> None:
    by_rules_of(desk, "henan")
    case_id = incident(desk, deaths=10)
    revise(desk, case_id, deaths=1)
    assert span(desk, case_id, "phone") is None
    revise(desk, case_id, deaths=10)
    assert span(desk, case_id, "phone") == 15 * MINUTE


def test_what_was_made_is_not_owed_again_and_what_was_broken_stays_broken(desk: Desk) -> None:
    case_id = incident(desk, minutes_ago=16)
    report(desk, case_id, "written_report")
    revise(desk, case_id, deaths=10)
    assert [d.outcome for d in desk.deadlines(case_id, "written")] == ["met"]
    (phone,) = desk.deadlines(case_id, "phone")
    assert phone.breached_at == phone.due_at


def test_what_was_late_stays_late_though_no_sweep_had_seen_it(desk: Desk) -> None:
    by_rules_of(desk, "zhuhai")
    case_id = incident(desk)
    desk.clock.advance(minutes=20)
    revise(desk, case_id, deaths=10)
    desk.sweep()
    phone = promise(desk, case_id, "phone")
    assert phone.breached_at == phone.anchor_at + 15 * MINUTE


def test_a_higher_level_asks_for_follow_ups_twice_a_day(desk: Desk) -> None:
    case_id = following(desk)
    revise(desk, case_id, deaths=30)
    assert (span(desk, case_id, "follow_up"), desk.case(case_id).level) == (12 * HOUR, "special")


def test_before_the_first_report_in_writing_no_follow_up_is_owed(desk: Desk) -> None:
    case_id = incident(desk)
    revise(desk, case_id, deaths=3)
    assert desk.deadlines(case_id, "follow_up") == []


def test_the_line_of_the_incident_says_the_new_figures(desk: Desk) -> None:
    case_id = incident(desk)
    revise(desk, case_id, deaths=3, injured=0, missing=0)
    assert desk.case(case_id).title.startswith("较大生产安全事故：死亡3人，")


def test_a_stated_level_outlasts_figures_that_do_not_reach_it(desk: Desk) -> None:
    case_id = incident(desk, level="major", level_reason="涉及学校")
    revise(desk, case_id, deaths=3)
    assert desk.case(case_id).level == "major"
    revise(desk, case_id, level="larger")
    assert (desk.case(case_id).level, desk.all(Incident)[0].level_reason) == ("larger", "医院来电")


@pytest.mark.parametrize(
    ("figures", "refusal"),
    [
        ({}, not_so.NothingChanged),
        ({"deaths": 2}, not_so.NothingChanged),
        ({"deaths": -1}, not_so.WrongFigure),
        ({"deaths": 10, "level": "larger"}, not_so.LevelBelowFigures),
    ],
)
def test_a_revision_of_nothing_or_to_nonsense_is_refused(desk: Desk, figures: dict[str, Any], refusal: type) -> None:
    case_id = incident(desk, deaths=2)
    with pytest.raises(refusal):
        revise(desk, case_id, **figures)


def test_after_the_window_figures_may_be_mended_but_the_level_stays(desk: Desk) -> None:
    case_id = following(desk, deaths=1)
    desk.clock.advance(days=31)
    revise(desk, case_id, deaths=2)
    with pytest.raises(not_so.CasualtyWindowClosed):
        revise(desk, case_id, deaths=3)


def test_facts_are_restated_and_nothing_is_no_restatement(desk: Desk) -> None:
    case_id = incident(desk, place=None)
    with pytest.raises(not_so.NothingChanged):
        desk.fire(case_id, "restate", desk.cast.duty_officer)
    desk.fire(case_id, "restate", desk.cast.duty_officer, place="工业路3号", cause="电气短路")
    assert (desk.case(case_id).title.endswith("工业路3号"), desk.all(Incident)[0].cause) == (True, "电气短路")


def test_a_level_stated_before_yields_to_figures_that_reach_a_higher_one(desk: Desk) -> None:
    case_id = incident(desk, deaths=4, level="larger")
    revise(desk, case_id, deaths=10)
    assert desk.case(case_id).level == "major"
