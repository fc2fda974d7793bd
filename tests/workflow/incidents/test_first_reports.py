"""Two tracks at once, counted from what happened and not from the typing; what is lacking delays nothing."""

import json

import pytest

from models import IncidentReport, Message
from models.database import read_session
from models.incident import Incident
from tests.desk import Desk
from tests.incidentdesk import following, incident, promise, report
from workflow import incident_refusals as not_so
from workflow import refusals as no
from workflow.explain import explain
from workflow.load import read_cases


def minutes(desk: Desk, case_id: str, name: str) -> float:
    row = promise(desk, case_id, name)
    return (row.due_at - row.anchor_at).total_seconds() / 60


def test_both_tracks_run_at_once_from_what_happened(desk: Desk) -> None:
    case_id = incident(desk, minutes_ago=4)
    assert {name: minutes(desk, case_id, name) for name in ("phone", "written", "unit", "upward")} == {
        "phone": 15, "written": 30, "unit": 60, "upward": 120,
    }  # fmt: skip
    assert (desk.clock.now - promise(desk, case_id, "phone").anchor_at).total_seconds() == 240
    assert desk.case(case_id).state == "reporting"


def test_entered_at_minute_twenty_the_call_is_broken_already_and_says_so(desk: Desk) -> None:
    case_id = incident(desk, minutes_ago=20)
    phone, written = promise(desk, case_id, "phone"), promise(desk, case_id, "written")
    assert phone.breached_at == phone.due_at < phone.noticed_at == desk.clock.now
    assert (written.breached_at, desk.case(case_id).overdue_since) == (None, phone.due_at)


def test_broken_noticed_and_told_are_three_instants(desk: Desk) -> None:
    case_id = incident(desk, minutes_ago=20)
    entered = desk.clock.now
    assert told_at(desk, case_id, "phone") is None
    desk.clock.advance(minutes=2)
    desk.sweep()
    phone = promise(desk, case_id, "phone")
    assert phone.breached_at < phone.noticed_at == entered < told_at(desk, case_id, "phone") == desk.clock.now
    assert told_at(desk, case_id, "written") is None


def told_at(desk: Desk, case_id: str, name: str) -> object:
    with read_session(desk.engine) as session:
        case = read_cases(session, [case_id])[case_id]
        return next(e.told_at for e in explain(session, desk.rules, case) if e.deadline.name == name)


def test_where_nobody_could_be_told_nobody_was(desk: Desk) -> None:
    case_id = incident(desk, minutes_ago=20, town_id=None, district_id=desk.cast.district)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE grants SET revoked_at = granted_at")
        connection.exec_driver_sql("UPDATE directory_version SET version = version + 1")
    desk.sweep()
    assert told_at(desk, case_id, "phone") is None


def test_a_call_made_in_time_and_typed_late_was_in_time(desk: Desk) -> None:
    case_id = incident(desk, minutes_ago=20)
    report(desk, case_id, "phone_report", ago=10)
    phone = promise(desk, case_id, "phone")
    assert (phone.outcome, phone.breached_at) == ("met", None)


def test_a_call_made_at_the_fifteenth_minute_is_late(desk: Desk) -> None:
    case_id = incident(desk, minutes_ago=20)
    report(desk, case_id, "phone_report", ago=5)
    assert promise(desk, case_id, "phone").outcome == "missed"


def test_the_paper_leads_on_to_follow_ups_and_the_call_stays_owed(desk: Desk) -> None:
    case_id = incident(desk)
    report(desk, case_id, "written_report")
    assert desk.case(case_id).state == "following"
    assert (promise(desk, case_id, "written").outcome, promise(desk, case_id, "phone").outcome) == ("met", None)
    report(desk, case_id, "phone_report")
    assert promise(desk, case_id, "phone").outcome == "met"


def test_what_a_report_lacks_is_listed_and_never_delays_it(desk: Desk) -> None:
    case_id = incident(desk, deaths=1, place=None, unit=None)
    report(desk, case_id, "written_report")
    (row,) = desk.all(IncidentReport, IncidentReport.case_id == case_id)
    lacks = json.loads(row.lacks)
    assert ("地点" in lacks, "死亡人数" in lacks, row.title, row.ordinal) == (True, False, "首报", 1)
    text = json.loads(told(desk, case_id, "written_report").payload)["text"]
    assert f"尚缺：{'、'.join(lacks)}" in text


def told(desk: Desk, case_id: str, template: str) -> Message:
    return next(m for m in desk.messages(case_id) if m.template == template)


def test_the_message_says_what_where_who_and_what_is_owed_by_when(desk: Desk) -> None:
    case_id = incident(desk, deaths=1, injured=2, missing=0)
    message = told(desk, case_id, "open")
    text = json.loads(message.payload)["text"]
    assert text.startswith("一般生产安全事故：死亡1人、重伤2人，示范精细化工有限公司，城关镇工业路3号")
    assert "电话报告 2026-03-02 09:15前；书面报告 2026-03-02 09:30前" in text
    assert message.priority == 0


def test_the_informant_is_kept_and_never_told(desk: Desk) -> None:
    case_id = incident(desk, informant="老张 13800000000")
    assert desk.all(Incident)[0].informant == "老张 13800000000"
    report(desk, case_id, "written_report")
    said = [*(event.body for event in desk.events(case_id)), *(m.payload for m in desk.messages(case_id))]
    assert [words for words in said if "老张" in words] == []


def test_only_an_enterprise_owes_a_report_of_its_own(desk: Desk) -> None:
    case_id = incident(desk, enterprise_id=None)
    assert desk.deadlines(case_id, "unit") == []
    case_id = incident(desk)
    report(desk, case_id, "unit_report", by=desk.cast.enterprise_person)
    assert promise(desk, case_id, "unit").outcome == "met"
    assert promise(desk, case_id, "answer").outcome is None


@pytest.mark.parametrize(
    ("words", "refusal", "field"),
    [
        ({"occurred_at": "later"}, no.InTheFuture, "occurred_at"),
        ({"counted_from": "received"}, not_so.NeedsWhen, "received_at"),
        ({"received_at": "earlier"}, no.BeforeItsTime, "received_at"),
        ({"kind": "flood"}, not_so.UnknownIncidentKind, "kind"),
        ({"deaths": -1}, not_so.WrongFigure, "deaths"),
        ({"deaths": 3, "level": "general"}, not_so.LevelBelowFigures, "level"),
        ({"level": "huge"}, not_so.LevelBelowFigures, "level"),
        ({"level": "major"}, not_so.LevelNeedsReason, "level_reason"),
    ],
)
def test_what_cannot_be_so_is_refused_by_name(desk: Desk, words: dict[str, object], refusal: type, field: str) -> None:
    later, earlier = desk.clock.advance(minutes=5), desk.clock.advance(minutes=-6)
    desk.clock.advance(minutes=1)
    instants = {"later": later, "earlier": earlier}
    with pytest.raises(refusal) as refused:
        incident(desk, **{k: instants.get(v, v) for k, v in words.items()})  # type: ignore[call-overload]  # words of any field
    assert refused.value.field == field


def test_a_report_is_entered_when_it_has_been_made_and_after_what_it_reports(desk: Desk) -> None:
    case_id = incident(desk, minutes_ago=10)
    with pytest.raises(no.InTheFuture):
        report(desk, case_id, "phone_report", ago=-1)
    with pytest.raises(no.BeforeItsTime):
        report(desk, case_id, "phone_report", ago=11)
    report(desk, case_id, "phone_report", ago=4)
    with pytest.raises(no.BeforeItsTime):
        report(desk, case_id, "phone_report", ago=5)


def test_a_false_alarm_is_voided_only_before_it_was_reported_in_writing(desk: Desk) -> None:
    case_id = incident(desk)
    with pytest.raises(no.NeedsDuplicateOrReason):
        desk.fire(case_id, "void", desk.cast.duty_officer)
    desk.fire(case_id, "void", desk.cast.duty_officer, reason="演练误报")
    assert {d.outcome for d in desk.deadlines(case_id)} == {"withdrawn"}
    with pytest.raises(no.IllegalMove):
        desk.fire(following(desk), "void", desk.cast.duty_officer, reason="演练误报")
