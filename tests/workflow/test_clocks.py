"""Promises outlive states: what starts, holds, revives, pauses, moves and ends them, and at which instant."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models import Deadline, Extension, Rung
from tests.desk import Desk
from workflow import refusals as no
from workflow.arithmetic import end_of


def by(day: str) -> datetime:
    """The end of that day."""
    return end_of(date.fromisoformat(day))


def rectify(desk: Desk, case_id: str) -> Deadline:
    """The newest rectification promise."""
    return max(desk.deadlines(case_id, "rectify"), key=lambda d: (d.cycle, d.round))


def pending(desk: Desk, deadline: Deadline) -> list[Rung]:
    return [r for r in desk.rungs(deadline.case_id) if r.deadline_id == deadline.id and r.outcome is None]


ASK: dict[str, Any] = {"extend_to": date(2026, 4, 20), "reason": "设备未到货", "control_measures": "停用该区域"}


def ask(desk: Desk, case_id: str, **data: Any) -> None:
    desk.fire(case_id, "request_extension", desk.cast.enterprise_person, **{**ASK, **data})


def test_the_first_clock_is_the_offices_own(desk: Desk) -> None:
    case_id = desk.open()
    (assign,) = desk.deadlines(case_id)

    assert (assign.name, assign.due_at, assign.unit) == ("assign", by("2026-03-05"), "working_day")
    assert desk.case(case_id).next_due_at == assign.due_at


def test_a_unit_that_never_presses_start_is_late_all_the_same(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.live(31)

    assert rectify(desk, case_id).breached_at == by("2026-04-01")
    assert desk.case(case_id).overdue_since == by("2026-04-01")


def test_the_date_that_was_named_stands_instead_of_the_profiles(desk: Desk) -> None:
    case_id = desk.open()
    desk.assign(case_id, rectify_by=date(2026, 3, 15))
    named = rectify(desk, case_id)

    assert (named.due_at, named.amount, named.source) == (by("2026-03-15"), None, "交办时指定")


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 6, 1)])
def test_nobody_names_a_date_in_the_past_or_beyond_the_cap(desk: Desk, day: date) -> None:
    case_id = desk.open()
    with pytest.raises(no.RectifyByOutOfRange) as refusal:
        desk.assign(case_id, rectify_by=day)
    assert refusal.value.right == "2026-03-02至2026-05-31之间的日期"


def test_today_and_the_last_day_of_the_cap_are_both_in_range(desk: Desk) -> None:
    for day in (date(2026, 3, 2), date(2026, 5, 31)):
        case_id = desk.open()
        desk.assign(case_id, rectify_by=day)
        assert rectify(desk, case_id).due_at == end_of(day)


def test_who_declines_does_not_stop_the_clock(desk: Desk) -> None:
    case_id = desk.to("assigned")
    first = rectify(desk, case_id)
    desk.clock.advance(days=1)
    desk.fire(case_id, "decline", desk.cast.enterprise_person, reason="不归我们")
    again = desk.deadlines(case_id, "assign")[-1]
    assert (again.round, again.outcome, again.anchor_at) == (2, None, desk.clock.now)
    assert desk.case(case_id).responsible_org_id is None
    desk.clock.advance(days=1)

    desk.assign(case_id, responsible_org_id=desk.cast.other_enterprise)

    now = rectify(desk, case_id)
    assert (now.id, now.due_at, now.outcome) == (first.id, first.due_at, None)


def test_a_case_passed_round_never_gets_more_than_the_cap_from_its_first_assignment(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.clock.advance(days=1)
    desk.fire(case_id, "decline", desk.cast.enterprise_person, reason="不归我们")
    with pytest.raises(no.RectifyByOutOfRange):
        desk.assign(case_id, rectify_by=date(2026, 6, 1))
    desk.assign(case_id, rectify_by=date(2026, 5, 31))

    assert rectify(desk, case_id).due_at == by("2026-05-31")


def test_a_missed_date_is_not_moved_by_giving_the_case_to_another(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.live(31)
    unit = {"responsible_org_id": desk.cast.other_enterprise, "note": "换一家"}
    with pytest.raises(no.DeadlineAlreadyMissed) as refusal:
        desk.fire(case_id, "reassign", desk.cast.dispatcher, rectify_by=date(2026, 4, 10), **unit)
    assert "只能申请延期" not in str(refusal.value), "which is refused just as well"
    with pytest.raises(no.ExtensionTooLate):
        ask(desk, case_id)

    desk.fire(case_id, "reassign", desk.cast.dispatcher, **unit)

    assert rectify(desk, case_id).breached_at == by("2026-04-01")


def test_submitted_in_time_and_checked_late_was_in_time(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    desk.clock.now = by("2026-04-01") - timedelta(seconds=1)
    desk.submit(case_id)
    desk.live(9)
    desk.verify(case_id)
    promise = rectify(desk, case_id)

    assert (promise.outcome, promise.breached_at) == ("met", None)


def test_at_midnight_it_is_late(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    desk.clock.now = by("2026-04-01")
    desk.submit(case_id)
    desk.verify(case_id)
    promise = rectify(desk, case_id)

    assert (promise.outcome, promise.breached_at) == ("missed", by("2026-04-01"))


def test_what_is_done_at_the_very_instant_is_late_though_no_sweep_has_looked(desk: Desk) -> None:
    early, late = desk.open(), desk.open()
    (promise,) = desk.deadlines(late)
    desk.clock.now = promise.due_at - timedelta(microseconds=1)
    desk.assign(early)
    desk.clock.now = promise.due_at
    desk.assign(late)

    (met,), (missed,) = desk.deadlines(early, "assign"), desk.deadlines(late, "assign")
    assert (met.outcome, met.breached_at) == ("met", None)
    assert (missed.outcome, missed.breached_at, missed.noticed_at) == ("missed", promise.due_at, promise.due_at)


def test_while_submitted_the_promise_is_silent_and_a_rejection_revives_the_same_date(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    desk.clock.now = by("2026-03-31")
    desk.submit(case_id)
    held = rectify(desk, case_id)
    assert held.held_at == desk.clock.now
    assert [r.wake_at for r in pending(desk, held)] == [None] * 6
    desk.live(3)
    assert rectify(desk, case_id).breached_at is None

    desk.fire(case_id, "reject", desk.cast.inspector, note="仍有堵塞")

    revived = rectify(desk, case_id)
    assert (revived.id, revived.due_at, revived.round) == (held.id, held.due_at, 1)
    assert (revived.breached_at, revived.noticed_at) == (by("2026-04-01"), desk.clock.now)
    assert [r.wake_at for r in pending(desk, revived)] == [r.due_at for r in pending(desk, revived)]
    assert desk.sweep().rungs == 3
    assert desk.case(case_id).overdue_since == by("2026-04-01")


def test_a_second_submission_after_the_date_is_late_though_the_first_was_not(desk: Desk) -> None:
    case_id = desk.to("submitted")
    desk.clock.now = by("2026-04-02")
    desk.fire(case_id, "reject", desk.cast.inspector, note="仍有堵塞")
    desk.submit(case_id)
    desk.verify(case_id)

    assert rectify(desk, case_id).outcome == "missed"
    assert [(d.round, d.outcome) for d in desk.deadlines(case_id, "recheck")] == [(1, "missed"), (2, "met")]


def test_a_breach_is_of_its_own_instant_whoever_noticed_when(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.clock.now = by("2026-04-09") + timedelta(hours=3)
    desk.sweep()
    promise = rectify(desk, case_id)

    assert (promise.breached_at, promise.noticed_at) == (by("2026-04-01"), desk.clock.now)


def test_a_relapse_starts_a_second_cycle_with_a_promise_of_its_own(desk: Desk) -> None:
    case_id = desk.to("closed")
    desk.clock.advance(days=60)
    desk.fire(case_id, "reopen", desk.cast.inspector, reason="回头看发现反弹", rectify_by=date(2026, 5, 20))
    case = desk.case(case_id)

    assert (case.state, case.cycle, case.evidence_count, case.verified_by, case.closed_at) == (
        "assigned", 2, 0, None, None,
    )  # fmt: skip
    assert [(d.cycle, d.round, d.outcome, d.due_at) for d in desk.deadlines(case_id, "rectify")] == [
        (1, 1, "met", by("2026-04-01")),
        (2, 1, None, by("2026-05-20")),
    ]


def test_mended_on_the_spot_is_given_and_submitted_in_one_visit_and_checked_by_another(desk: Desk) -> None:
    case_id = desk.open()
    sha256 = desk.photo(case_id, desk.cast.inspector)
    desk.fire(case_id, "fix_on_the_spot", desk.cast.inspector, evidence=(sha256,), measures="当场清除")
    case = desk.case(case_id)
    assert (case.state, case.responsible_org_id) == ("submitted", desk.cast.enterprise)
    assert {(d.name, d.outcome) for d in desk.deadlines(case_id)} == {("assign", "met"), ("recheck", None)}
    with pytest.raises(no.OwnWork):
        desk.verify(case_id)

    desk.fire(case_id, "reject", desk.cast.second_inspector, note="没有清干净")

    assert rectify(desk, case_id).due_at == by("2026-04-01")


def test_rectify_by_and_report_by_are_two_clocks(desk: Desk) -> None:
    case_id = desk.open()
    desk.assign(case_id, rectify_by=date(2026, 3, 20), report_by=date(2026, 3, 31))
    desk.start(case_id)
    desk.submit(case_id)
    desk.verify(case_id)
    assert [(d.due_at, d.outcome) for d in desk.deadlines(case_id, "report")] == [(by("2026-03-31"), None)]

    desk.clock.now = by("2026-03-31")
    desk.fire(case_id, "report", desk.cast.enterprise_person, note="已整改，见附件")

    (report,) = desk.deadlines(case_id, "report")
    assert (report.outcome, report.breached_at) == ("missed", by("2026-03-31"))
    assert rectify(desk, case_id).outcome == "met"


def test_no_report_is_owed_unless_somebody_named_its_date(desk: Desk) -> None:
    assert desk.deadlines(desk.to("closed"), "report") == []


def test_a_report_cannot_be_asked_for_yesterday(desk: Desk) -> None:
    case_id = desk.open()
    with pytest.raises(no.RectifyByOutOfRange) as refusal:
        desk.assign(case_id, report_by=date(2026, 3, 1))
    assert refusal.value.field == "report_by"


def test_closing_lets_go_of_a_report_that_nobody_wrote(desk: Desk) -> None:
    case_id = desk.open()
    desk.assign(case_id, report_by=date(2026, 3, 31))
    desk.start(case_id)
    desk.submit(case_id)
    desk.verify(case_id)
    desk.close(case_id)

    assert [d.outcome for d in desk.deadlines(case_id, "report")] == ["withdrawn"]


def test_an_extension_is_asked_with_the_places_lead_time(desk: Desk) -> None:
    early, late = desk.to("assigned"), desk.to("assigned")
    desk.clock.now = by("2026-03-22") - timedelta(seconds=1)
    ask(desk, early)
    desk.clock.now = by("2026-03-22")
    with pytest.raises(no.ExtensionTooLate) as refusal:
        ask(desk, late)
    assert refusal.value.right == "到期前10日提出，即2026-03-22 24时前"


def test_an_extension_is_later_capped_and_one_at_a_time(desk: Desk) -> None:
    case_id = desk.to("assigned")
    with pytest.raises(no.ExtensionNotLater):
        ask(desk, case_id, extend_to=date(2026, 4, 1))
    with pytest.raises(no.ExtensionTooLong):
        ask(desk, case_id, extend_to=date(2026, 6, 1))
    ask(desk, case_id, extend_to=date(2026, 5, 31))
    with pytest.raises(no.ExtensionPending):
        ask(desk, case_id, extend_to=date(2026, 4, 20))


def test_all_extensions_together_stay_within_one_cap(desk: Desk) -> None:
    case_id = desk.to("assigned")
    ask(desk, case_id, extend_to=date(2026, 5, 20))
    desk.fire(case_id, "grant_extension", desk.cast.supervisor)
    with pytest.raises(no.ExtensionTooLong):
        ask(desk, case_id, extend_to=date(2026, 6, 1))
    ask(desk, case_id, extend_to=date(2026, 5, 31))


def test_a_granted_extension_moves_the_promise_and_arms_its_reminder_anew(desk: Desk) -> None:
    case_id = desk.to("assigned")
    ask(desk, case_id)
    assert rectify(desk, case_id).due_at == by("2026-04-01")
    desk.fire(case_id, "grant_extension", desk.cast.supervisor)
    moved = rectify(desk, case_id)
    assert (moved.due_at, moved.first_due_at, moved.moves) == (by("2026-04-20"), by("2026-04-01"), 1)
    assert {r.move for r in pending(desk, moved)} == {1}

    desk.live(47)

    fired = [(r.move, r.name) for r in desk.rungs(case_id) if r.deadline_id == moved.id and r.outcome == "fired"]
    assert fired == [(1, "remind")]


def test_a_refused_extension_changes_nothing(desk: Desk) -> None:
    case_id = desk.to("assigned")
    ask(desk, case_id)
    desk.fire(case_id, "refuse_extension", desk.cast.supervisor, note="理由不充分")

    assert rectify(desk, case_id).due_at == by("2026-04-01")
    assert [e.outcome for e in desk.all(Extension)] == ["refused"]
    assert desk.case(case_id).extension_to is None


def test_whoever_decides_an_extension_has_a_clock_too(desk: Desk) -> None:
    case_id = desk.to("assigned")
    ask(desk, case_id)
    desk.live(6)
    (answer,) = desk.deadlines(case_id, "extension")
    assert (answer.due_at, answer.breached_at) == (by("2026-03-07"), by("2026-03-07"))

    desk.fire(case_id, "grant_extension", desk.cast.supervisor)

    assert desk.deadlines(case_id, "extension")[0].outcome == "missed"


def test_a_grant_that_came_too_late_takes_the_breach_back(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.clock.advance(days=15)
    ask(desk, case_id)
    desk.live(20)
    assert rectify(desk, case_id).breached_at == by("2026-04-01")

    desk.fire(case_id, "grant_extension", desk.cast.supervisor)

    promise, case = rectify(desk, case_id), desk.case(case_id)
    assert (promise.breached_at, promise.noticed_at, promise.due_at) == (None, None, by("2026-04-20"))
    assert (case.overdue_since, case.next_due_at) == (None, by("2026-04-20"))


def test_nobody_grants_what_nobody_asked(desk: Desk) -> None:
    case_id = desk.to("assigned")
    with pytest.raises(no.NoExtensionPending):
        desk.fire(case_id, "grant_extension", desk.cast.supervisor)
    with pytest.raises(no.NoExtensionPending):
        desk.fire(case_id, "refuse_extension", desk.cast.supervisor, note="不")


@pytest.mark.parametrize("trigger", ["decline", "submit", "transfer", "void", "reassign"])
def test_what_makes_a_request_pointless_withdraws_it(desk: Desk, trigger: str) -> None:
    case_id = desk.to("rectifying" if trigger == "submit" else "assigned")
    ask(desk, case_id)
    if trigger == "submit":
        desk.submit(case_id)
    else:
        by_whom = desk.cast.enterprise_person if trigger == "decline" else desk.cast.dispatcher
        unit = {"responsible_org_id": desk.cast.other_enterprise} if trigger == "reassign" else {}
        desk.fire(case_id, trigger, by_whom, reason="情况有变", agency="消防救援大队", note="换一家", **unit)

    assert desk.case(case_id).extension_to is None
    assert [e.outcome for e in desk.all(Extension)] == ["withdrawn"]
    assert [d.outcome for d in desk.deadlines(case_id, "extension")] == ["withdrawn"]


def test_a_transfer_stops_the_clock_and_taking_back_gives_what_was_left(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.clock.advance(days=10)
    desk.fire(case_id, "transfer", desk.cast.dispatcher, agency="消防救援大队", reason="消防职责")
    away = rectify(desk, case_id)
    assert (away.paused_at, desk.case(case_id).state) == (desk.clock.now, "transferred")
    assert desk.case(case_id).next_due_at == desk.deadlines(case_id, "reply")[0].due_at
    desk.live(7)
    assert [r.outcome for r in desk.rungs(case_id) if r.deadline_id == away.id] == [None] * 6

    desk.fire(case_id, "take_back", desk.cast.dispatcher, note="函复不属其职责")

    back = rectify(desk, case_id)
    assert (back.due_at, back.paused_at, back.moves) == (by("2026-04-08"), None, 1)
    # Nor does the time away use up what may be asked for.
    assert back.first_due_at == by("2026-04-08")
    assert {d.name for d in desk.deadlines(case_id) if d.outcome is None} == {"rectify", "assign"}
    assert {r.outcome for r in desk.rungs(case_id) if r.deadline_id == away.id and r.move == 0} == {"withdrawn"}


def test_out_and_back_on_one_day_is_as_if_nothing_had_been(desk: Desk) -> None:
    case_id = desk.to("assigned")
    before = rectify(desk, case_id)
    desk.fire(case_id, "transfer", desk.cast.dispatcher, agency="消防救援大队", reason="消防职责")
    desk.clock.advance(hours=3)
    desk.fire(case_id, "take_back", desk.cast.dispatcher, note="退回")
    after = rectify(desk, case_id)

    assert (after.due_at, after.moves) == (before.due_at, 0)
    assert [r.wake_at for r in pending(desk, after)] == [r.due_at for r in pending(desk, before)]


def test_going_out_already_late_gains_nothing(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.live(40)
    desk.fire(case_id, "transfer", desk.cast.dispatcher, agency="消防救援大队", reason="消防职责")
    desk.live(30)
    desk.fire(case_id, "take_back", desk.cast.dispatcher, note="退回")

    assert rectify(desk, case_id).breached_at == by("2026-04-01")
    assert desk.case(case_id).overdue_since == by("2026-04-01")


def test_void_lets_go_of_every_promise_and_every_proposal(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.live(50)
    desk.fire(case_id, "void", desk.cast.supervisor, reason="企业已注销")

    assert {d.outcome for d in desk.deadlines(case_id)} == {"met", "withdrawn"}
    assert {a.outcome for a in desk.acts(case_id)} == {"withdrawn"}
    assert desk.case(case_id).next_due_at is None


def test_a_major_hazard_is_given_within_one_working_day(desk: Desk) -> None:
    case_id = desk.open(level="major")

    assert desk.deadlines(case_id)[0].due_at == by("2026-03-03")


def test_several_hazards_of_one_visit_keep_clocks_of_their_own(desk: Desk) -> None:
    first, second = desk.open(), desk.open()
    desk.assign(first, rectify_by=date(2026, 3, 10))
    desk.assign(second)

    assert [rectify(desk, c).due_at for c in (first, second)] == [by("2026-03-10"), by("2026-04-01")]


def test_nothing_closes_because_time_has_passed(desk: Desk) -> None:
    cases = {state: desk.to(state) for state in ("discovered", "assigned", "rectifying", "submitted", "verified")}
    versions = {case_id: desk.case(case_id).version for case_id in cases.values()}
    desk.live(720, step=15)

    assert {state: desk.case(case_id).state for state, case_id in cases.items()} == {state: state for state in cases}
    assert {case_id: desk.case(case_id).version for case_id in versions} == versions
