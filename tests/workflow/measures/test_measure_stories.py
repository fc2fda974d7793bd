"""Measures from the rung that proposes them to the supervisor who closes them."""

from datetime import timedelta
from typing import Any

import pytest

from models import Act, Case, Link, Measure
from tests.desk import Desk
from tests.measuring import HELD, carry_out, ordered, overdue, proposed, words
from workflow import refusals as no
from workflow.arithmetic import last_day


def outcomes(desk: Desk, measure_id: str, name: str) -> list[str | None]:
    """How the promises of that name came out."""
    return [row.outcome for row in desk.deadlines(measure_id, name)]


def due(desk: Desk, measure_id: str, name: str) -> str:
    """The last day of the newest promise of that name."""
    return str(last_day(desk.deadlines(measure_id, name)[-1].due_at))


def test_a_talk_that_a_rung_proposed_is_held_within_the_week_answered_in_time_and_closed(desk: Desk) -> None:
    hazard_id, cast = overdue(desk), desk.cast
    act = proposed(desk, hazard_id, "talk")
    desk.decide_act(act.id, "accepted", cast.supervisor, reason="多次催办未整改")
    talk_id = proposed(desk, hazard_id, "talk").led_to
    talk = desk.case(talk_id)
    assert (talk.workflow, talk.state, talk.level, talk.number[:2]) == ("measure", "ordered", "talk", "MS")
    assert (talk.responsible_org_id, talk.enterprise_id) == (cast.enterprise, cast.enterprise)
    assert words(desk, talk_id).basis == "超期7日，建议约谈。采纳理由：多次催办未整改"
    (link,) = desk.all(Link, Link.from_id == talk_id)
    assert (link.to_id, link.kind) == (hazard_id, "follows")
    assert desk.deadlines(talk_id, "carry_out")[0].amount == 7

    desk.clock.advance(days=6)
    carry_out(desk, talk_id)
    assert outcomes(desk, talk_id, "carry_out") == ["met"]
    assert desk.deadlines(talk_id, "close") == []
    (reply,) = desk.deadlines(talk_id, "reply")
    assert (reply.amount, reply.unit, reply.anchor_at) == (5, "working_day", desk.clock.now)

    desk.clock.advance(days=2)
    desk.fire(talk_id, "reply", cast.enterprise_person, reply="已落实专人值守，三日内完成")
    assert outcomes(desk, talk_id, "reply") == ["met"]
    desk.clock.advance(days=1)
    desk.fire(talk_id, "close", cast.supervisor)
    assert (desk.case(talk_id).state, desk.case(talk_id).next_due_at) == ("closed", None)
    assert outcomes(desk, talk_id, "close") == ["met"]


def test_a_talk_nobody_answers_is_told_upward_and_leads_to_a_warning_letter(desk: Desk) -> None:
    talk_id = ordered(desk)
    carry_out(desk, talk_id)
    assert due(desk, talk_id, "reply") == "2026-03-09"
    desk.clock.advance(days=12)
    desk.sweep()
    (late,) = desk.deadlines(talk_id, "reply")
    assert late.breached_at == late.due_at
    letter = proposed(desk, talk_id, "warning_letter")
    desk.decide_act(letter.id, "accepted", desk.cast.supervisor)
    letter_id = proposed(desk, talk_id, "warning_letter").led_to
    assert (desk.case(letter_id).level, words(desk, letter_id).about_id) == ("warning_letter", talk_id)
    desk.fire(talk_id, "reply", desk.cast.enterprise_person, reply="迟复致歉")
    assert outcomes(desk, talk_id, "reply") == ["missed"]
    assert desk.deadlines(talk_id, "close")[0].outcome is None


def test_what_is_entered_later_counts_from_the_day_it_was_held(desk: Desk) -> None:
    talk_id = ordered(desk)
    held = desk.clock.advance(days=1)
    desk.clock.advance(days=9)
    desk.sweep()
    carry_out(desk, talk_id, carried_out_at=held)
    assert outcomes(desk, talk_id, "carry_out") == ["met"]
    (reply,) = desk.deadlines(talk_id, "reply")
    assert (reply.anchor_at, reply.breached_at) == (held, reply.due_at)
    desk.fire(talk_id, "take_reply", desk.cast.dispatcher, reply="已整改", received_at=held + timedelta(days=1))
    assert outcomes(desk, talk_id, "reply") == ["met"]
    (close,) = desk.deadlines(talk_id, "close")
    assert close.anchor_at == held + timedelta(days=1)


@pytest.mark.parametrize(("kind", "replies"), [
    ("talk", True), ("warning_letter", True), ("bulletin", False), ("case_filing", False), ("closure", False),
])  # fmt: skip
def test_a_reply_is_owed_for_a_talk_and_a_warning_letter_only(desk: Desk, kind: str, replies: bool) -> None:
    measure_id = ordered(desk, kind)
    carry_out(desk, measure_id)
    assert [row.name for row in desk.deadlines(measure_id) if row.outcome is None] == ["reply" if replies else "close"]
    if replies:
        with pytest.raises(no.NeedsReply):
            desk.fire(measure_id, "close", desk.cast.supervisor)
    else:
        assert desk.fire(measure_id, "close", desk.cast.supervisor).after.state == "closed"


def test_more_time_for_a_reply_is_asked_and_granted(desk: Desk) -> None:
    talk_id, cast = ordered(desk), desk.cast
    carry_out(desk, talk_id)
    wanted = last_day(desk.deadlines(talk_id, "reply")[0].due_at) + timedelta(days=10)
    asked = {"extend_to": wanted, "reason": "方案须专家论证", "control_measures": "停用该车间"}
    desk.fire(talk_id, "request_extension", cast.enterprise_person, **asked)
    assert desk.deadlines(talk_id, "extension")[0].outcome is None
    desk.fire(talk_id, "grant_extension", cast.supervisor)
    assert due(desk, talk_id, "reply") == str(wanted)
    with pytest.raises(no.ExtensionTooLong):
        later = {**asked, "extend_to": wanted + timedelta(days=11)}
        desk.fire(talk_id, "request_extension", cast.enterprise_person, **later)


def test_a_request_lapses_when_the_reply_comes(desk: Desk) -> None:
    talk_id, cast = ordered(desk), desk.cast
    carry_out(desk, talk_id)
    wanted = last_day(desk.deadlines(talk_id, "reply")[0].due_at) + timedelta(days=1)
    asked = {"extend_to": wanted, "reason": "方案须专家论证", "control_measures": "停用该车间"}
    desk.fire(talk_id, "request_extension", cast.enterprise_person, **asked)
    desk.fire(talk_id, "reply", cast.enterprise_person, reply="已办")
    assert desk.case(talk_id).extension_to is None
    assert outcomes(desk, talk_id, "extension") == ["withdrawn"]


def test_a_talk_is_suspended_with_its_clock_and_goes_on_with_what_was_left(desk: Desk) -> None:
    talk_id, chief = ordered(desk), desk.cast.supervisor
    assert due(desk, talk_id, "carry_out") == "2026-03-09"
    desk.fire(talk_id, "suspend", chief, reason="法定代表人住院")
    desk.clock.advance(days=10)
    desk.sweep()
    assert desk.case(talk_id).overdue_since is None
    desk.fire(talk_id, "resume", chief, note="已出院")
    assert (desk.case(talk_id).state, due(desk, talk_id, "carry_out")) == ("ordered", "2026-03-19")


def test_a_suspended_measure_is_looked_at_again_or_the_supervisor_is_told(desk: Desk) -> None:
    talk_id = ordered(desk)
    desk.fire(talk_id, "suspend", desk.cast.supervisor, reason="法定代表人住院")
    desk.clock.advance(days=31)
    desk.sweep()
    assert desk.deadlines(talk_id, "suspension")[0].breached_at is not None
    assert desk.case(talk_id).state == "suspended"


def test_a_voided_measure_leaves_no_clock_and_no_proposal(desk: Desk) -> None:
    talk_id = ordered(desk)
    carry_out(desk, talk_id)
    desk.clock.advance(days=12)
    desk.sweep()
    desk.fire(talk_id, "void", desk.cast.supervisor, reason="该企业已注销")
    assert desk.case(talk_id).next_due_at is None
    assert proposed(desk, talk_id, "warning_letter").outcome == "withdrawn"


def test_a_measure_touches_nothing_of_the_hazard_it_is_about(desk: Desk) -> None:
    hazard_id = overdue(desk)
    before = desk.case(hazard_id)
    desk.decide_act(proposed(desk, hazard_id, "talk").id, "accepted", desk.cast.supervisor)
    after = desk.case(hazard_id)
    assert (after.state, after.version, after.next_due_at) == (before.state, before.version, before.next_due_at)


@pytest.mark.parametrize(
    ("kind", "data", "refusal"),
    [
        ("talk", {"minutes": None}, no.Missing),
        ("talk", {"attended": None}, no.Missing),
        ("warning_letter", {"document": None}, no.Missing),
        ("talk", {"carried_out_at": None}, no.Missing),
        ("talk", {"carried_out_at": 1}, no.InTheFuture),
        ("talk", {"carried_out_at": -1}, no.BeforeItsTime),
    ],
)
def test_what_was_done_is_entered_whole_and_at_its_true_time(
    desk: Desk, kind: str, data: dict[str, Any], refusal: type[no.Refusal]
) -> None:
    measure_id = ordered(desk, kind)
    if days := data.get("carried_out_at"):
        data = {"carried_out_at": desk.clock.now + timedelta(days=days)}
    with pytest.raises(refusal) as refused:
        carry_out(desk, measure_id, **data)
    assert refused.value.field == next(iter(data))


@pytest.mark.parametrize(("days", "refusal"), [(1, no.InTheFuture), (-1, no.BeforeItsTime)])
def test_a_reply_is_taken_in_after_what_it_replies_to_and_before_now(
    desk: Desk, days: int, refusal: type[no.Refusal]
) -> None:
    talk_id = ordered(desk)
    carry_out(desk, talk_id)
    received = desk.clock.now + timedelta(days=days)
    with pytest.raises(refusal):
        desk.fire(talk_id, "take_reply", desk.cast.dispatcher, reply="已办", received_at=received)


def test_papers_that_a_reply_names_have_arrived(desk: Desk) -> None:
    talk_id, unit = ordered(desk), desk.cast.enterprise_person
    carry_out(desk, talk_id)
    with pytest.raises(no.EvidenceNotArrived):
        desk.fire(talk_id, "reply", unit, reply="已办", evidence=("0" * 64,))
    desk.fire(talk_id, "reply", unit, reply="已办", evidence=(desk.photo(talk_id, unit),))


def test_who_held_a_talk_does_not_close_it(desk: Desk) -> None:
    talk_id, chief = ordered(desk), desk.cast.supervisor
    desk.fire(talk_id, "carry_out", chief, carried_out_at=desk.clock.now, **HELD)
    desk.fire(talk_id, "reply", desk.cast.enterprise_person, reply="已办")
    with pytest.raises(no.OwnMeasure):
        desk.fire(talk_id, "close", chief)


def test_nobody_closes_or_voids_a_measure_against_their_own_unit(desk: Desk) -> None:
    hazard_id = desk.open()
    desk.assign(hazard_id, responsible_org_id=desk.cast.bureau)
    letter_id = ordered(desk, "bulletin", about=hazard_id)
    carry_out(desk, letter_id)
    for trigger, data in (("close", {}), ("void", {"reason": "不必"})):
        with pytest.raises(no.OwnOrganisation):
            desk.fire(letter_id, trigger, desk.cast.supervisor, **data)


@pytest.mark.parametrize(("who", "trigger"), [
    ("enterprise_person", "carry_out"), ("leader", "carry_out"), ("inspector", "reply"), ("inspector", "close"),
    ("enterprise_person", "take_reply"), ("dispatcher", "void"), ("dispatcher", "suspend"),
])  # fmt: skip
def test_each_step_is_for_its_own_people(desk: Desk, who: str, trigger: str) -> None:
    talk_id = ordered(desk)
    if trigger in ("reply", "take_reply", "close"):
        carry_out(desk, talk_id)
    with pytest.raises(no.NotYourRole):
        desk.fire(talk_id, trigger, getattr(desk.cast, who))


def test_no_time_out_closes_a_measure(desk: Desk) -> None:
    talk_id = ordered(desk)
    desk.clock.advance(days=400)
    desk.sweep()
    assert desk.case(talk_id).state == "ordered"
    assert desk.count(Case, Case.workflow == "measure") == desk.count(Measure) == 1
    assert desk.count(Act, Act.case_id == talk_id) == 0
