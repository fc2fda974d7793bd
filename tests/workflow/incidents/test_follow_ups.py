"""Follow-ups (续报一, 续报二 …) with clocks of their own, the final report, and what may still come after it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models import Case, IncidentReport
from models.database import write_session
from tests.conftest import SHANGHAI
from tests.desk import Desk
from tests.incidentdesk import by_rules_of, concluded, following, incident, promise, report
from workflow import incident_refusals as not_so
from workflow import refusals as no


def local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%d %H:%M}"


def test_follow_ups_are_numbered_and_each_is_owed_from_the_one_before(desk: Desk) -> None:
    case_id = following(desk)
    for hours in (20, 24, 25):
        desk.clock.advance(hours=hours)
        report(desk, case_id, "follow_up")
    rounds = desk.deadlines(case_id, "follow_up")
    assert [d.outcome for d in rounds] == ["met", "missed", "missed", None]
    assert rounds[-1].due_at == desk.clock.now + timedelta(hours=24)
    reports = desk.all(IncidentReport, IncidentReport.kind == "follow_up", order=IncidentReport.number)
    assert [r.title for r in reports] == ["续报一", "续报二", "续报三"]


def test_a_follow_up_typed_late_is_judged_and_counted_from_when_it_was_made(desk: Desk) -> None:
    case_id = following(desk)
    desk.clock.advance(hours=26)
    report(desk, case_id, "follow_up", ago=180)
    first, second = desk.deadlines(case_id, "follow_up")
    assert (first.outcome, second.due_at) == ("met", desk.clock.now + timedelta(hours=21))


def test_major_incidents_are_followed_up_twice_a_day(desk: Desk) -> None:
    row = promise(desk, following(desk, deaths=10), "follow_up")
    assert row.due_at - row.anchor_at == timedelta(hours=12)


def test_where_the_place_says_eight_and_seventeen_one_report_keeps_one_of_them(desk: Desk) -> None:
    by_rules_of(desk, "henan")
    case_id = following(desk, deaths=3)
    due = [local(promise(desk, case_id, "follow_up").due_at)]
    desk.clock.advance(hours=7)
    for minutes in (0, 30):
        desk.clock.advance(minutes=minutes)
        report(desk, case_id, "follow_up")
        due.append(local(promise(desk, case_id, "follow_up").due_at))
    # The second report before 17:00 is one more, and keeps nothing of tomorrow's.
    assert due == ["02 17:00", "03 08:00", "03 08:00"]


def test_the_final_report_ends_what_is_owed_and_leaves_what_was_broken_on_record(desk: Desk) -> None:
    case_id = incident(desk, minutes_ago=16)
    report(desk, case_id, "written_report")
    report(desk, case_id, "final_report")
    phone = promise(desk, case_id, "phone")
    assert (phone.outcome, phone.breached_at) == ("withdrawn", phone.due_at)
    assert [d.name for d in desk.deadlines(case_id) if d.outcome is None] == ["close"]
    assert desk.case(case_id).state == "concluded"


def test_who_made_the_final_report_does_not_close_it(desk: Desk) -> None:
    case_id = following(desk)
    report(desk, case_id, "final_report", by=desk.cast.supervisor)
    with pytest.raises(not_so.OwnFinalReport):
        desk.fire(case_id, "close", desk.cast.supervisor)
    desk.fire(case_id, "close", desk.cast.leader)
    assert desk.case(case_id).state == "closed"


def test_the_database_itself_keeps_who_reported_from_closing(desk: Desk) -> None:
    case_id = concluded(desk)
    with pytest.raises(IntegrityError), write_session(desk.engine) as session:
        case = session.get_one(Case, case_id)
        case.state, case.closed_at, case.closed_by = "closed", desk.clock.now, case.submitted_by


def test_new_casualties_take_it_up_again_without_owing_the_first_reports_anew(desk: Desk) -> None:
    case_id = concluded(desk, deaths=2)
    desk.fire(case_id, "close", desk.cast.supervisor)
    desk.clock.advance(days=5)
    with pytest.raises(not_so.NothingChanged):
        desk.fire(case_id, "reopen", desk.cast.duty_officer, reason="伤者死亡", deaths=2)
    desk.fire(case_id, "reopen", desk.cast.duty_officer, reason="伤者死亡", deaths=3)
    case = desk.case(case_id)
    assert (case.state, case.level) == ("following", "larger")
    assert {d.name for d in desk.deadlines(case_id) if d.outcome is None} == {"follow_up", "final"}
    desk.fire(case_id, "revise", desk.cast.duty_officer, reason="伤者死亡", deaths=4)
    assert {d.name for d in desk.deadlines(case_id) if d.outcome is None} == {"follow_up", "final"}


@pytest.mark.parametrize(("kind", "days"), [("work", 30), ("fire", 7), ("traffic", 7), ("natural", 30)])
def test_casualties_count_for_thirty_days_after_fires_and_on_roads_for_seven(desk: Desk, kind: str, days: int) -> None:
    first, second = (concluded(desk, kind=kind, deaths=2) for _ in range(2))
    end = datetime(2026, 3, 3, tzinfo=SHANGHAI) + timedelta(days=days)
    desk.clock.now = end - timedelta(minutes=1)
    desk.fire(first, "reopen", desk.cast.duty_officer, reason="伤者死亡", deaths=3)
    desk.clock.now = end
    with pytest.raises(not_so.CasualtyWindowClosed):
        desk.fire(second, "reopen", desk.cast.duty_officer, reason="伤者死亡", deaths=3)


def test_what_another_agency_handles_stands_still_here_and_goes_on_when_it_comes_back(desk: Desk) -> None:
    case_id = following(desk)
    before = promise(desk, case_id, "follow_up").due_at
    desk.fire(case_id, "transfer", desk.cast.duty_officer, agency="消防大队", reason="职责在消防")
    desk.clock.advance(hours=40)
    desk.sweep()
    desk.fire(case_id, "take_back", desk.cast.duty_officer, note="已回函")
    row = promise(desk, case_id, "follow_up")
    assert (row.due_at, row.breached_at) == (before + timedelta(hours=40), None)


def test_the_time_of_a_technical_appraisal_does_not_count(desk: Desk) -> None:
    case_id = following(desk)
    before = promise(desk, case_id, "final").due_at
    desk.fire(case_id, "suspend", desk.cast.supervisor, reason="技术鉴定")
    desk.clock.advance(days=20)
    with pytest.raises(no.IllegalMove):
        report(desk, case_id, "final_report")
    desk.fire(case_id, "resume", desk.cast.supervisor, note="鉴定结束")
    assert promise(desk, case_id, "final").due_at == before + timedelta(days=20)


def test_a_leader_may_give_the_final_report_more_time(desk: Desk) -> None:
    case_id = following(desk)
    wanted = promise(desk, case_id, "final").due_at.astimezone(SHANGHAI).date() + timedelta(days=19)
    asked = {"extend_to": wanted, "reason": "等待鉴定", "control_measures": "现场封控"}
    desk.fire(case_id, "request_extension", desk.cast.duty_officer, **asked)
    desk.fire(case_id, "grant_extension", desk.cast.leader)
    row = promise(desk, case_id, "final")
    assert row.due_at - row.first_due_at == timedelta(days=20)
