"""What a ladder's rungs do: breaches on record, people told once, proposals made; nothing else, and nothing twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from models import Act, Channel, Message, Rung
from models.database import write_session
from tests.desk import Desk
from workflow import refusals as no
from workflow.directory_version import count_up
from workflow.hazard import HAZARD
from workflow.people import disable_person


def channel(desk: Desk, id: str = "robot", *, org: str | None = None) -> None:
    with write_session(desk.engine) as session:
        session.add(
            Channel(
                id=id, kind="dingtalk", name="群", org_id=org or desk.cast.bureau, settings="", hint="",
                created_at=desk.clock.now, tokens=1.0, refilled_at=desk.clock.now,
            )
        )  # fmt: skip
        count_up(session)


def settled(desk: Desk, case_id: str, name: str) -> list[tuple[str, str | None]]:
    (promise,) = desk.deadlines(case_id, name)
    return [(r.name, r.outcome) for r in desk.rungs(case_id) if r.deadline_id == promise.id and r.outcome]


def test_an_office_that_sits_on_a_case_is_told_then_its_supervisor_then_its_leader(desk: Desk) -> None:
    case_id = desk.open()
    desk.live(8)

    assert settled(desk, case_id, "assign") == [("breach", "fired"), ("supervisor", "fired"), ("leader", "fired")]
    told = [(m.template, m.recipient_id) for m in desk.messages(case_id) if m.template.startswith("assign.")]
    assert set(told) == {
        ("assign.breach", desk.cast.dispatcher.id),
        ("assign.supervisor", desk.cast.supervisor.id),
        ("assign.leader", desk.cast.leader.id),
    }


def test_a_rung_waits_for_its_very_instant(desk: Desk) -> None:
    case_id = desk.open()
    (promise,) = desk.deadlines(case_id)
    desk.clock.now = promise.due_at - timedelta(microseconds=1)
    assert desk.sweep().rungs == 0
    desk.clock.now = promise.due_at
    assert desk.sweep().rungs == 1


def test_a_move_made_in_time_leaves_no_rung_behind(desk: Desk) -> None:
    case_id = desk.to("closed")
    desk.live(400, step=40)

    assert {r.outcome for r in desk.rungs(case_id)} == {"withdrawn"}
    assert desk.acts(case_id) == []


def waiting(desk: Desk, case_id: str) -> set[str]:
    return {m.template for m in desk.messages(case_id) if m.outcome is None}


def test_a_reminder_still_in_the_outbox_is_withdrawn_when_it_has_become_pointless(desk: Desk) -> None:
    channel(desk)
    case_id = desk.open()
    desk.live(4)
    assert "assign.breach" in waiting(desk, case_id)

    desk.assign(case_id)

    assert waiting(desk, case_id) == {"open"}
    gone = {(m.template, m.outcome, m.wake_at) for m in desk.messages(case_id) if m.outcome == "withdrawn"}
    assert gone == {("assign.breach", "withdrawn", None)}


@pytest.mark.parametrize("ending", ["submit", "transfer", "grant"])
def test_a_promise_that_falls_silent_or_moves_takes_its_messages_with_it(desk: Desk, ending: str) -> None:
    channel(desk)
    case_id = desk.to("rectifying")
    ask = {"extend_to": (desk.clock.now + timedelta(days=60)).date(), "reason": "雨季", "control_measures": "停用"}
    if ending == "grant":
        desk.fire(case_id, "request_extension", desk.cast.enterprise_person, **ask)
    desk.live(31)
    assert "rectify.breach" in waiting(desk, case_id)

    moves: dict[str, Any] = {
        "submit": lambda: desk.submit(case_id),
        "transfer": lambda: desk.fire(case_id, "transfer", desk.cast.dispatcher, agency="消防", reason="职责"),
        "grant": lambda: desk.fire(case_id, "grant_extension", desk.cast.supervisor),
    }
    moves[ending]()

    assert {t for t in waiting(desk, case_id) if t.startswith("rectify.")} == set()


def test_messages_of_a_case_are_numbered_without_a_gap(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.live(50)
    numbers = sorted({m.number for m in desk.messages(case_id)})

    assert numbers == list(range(1, desk.case(case_id).message_no + 1))
    assert len(numbers) == 2 + 6


def test_when_nobody_can_be_told_that_is_an_event_and_a_red_line(desk: Desk) -> None:
    with write_session(desk.engine) as session:
        for person in (desk.cast.dispatcher, desk.cast.supervisor):
            disable_person(session, person.id, now=desk.clock.now)

    case_id = desk.open()

    assert [(e.kind, e.trigger) for e in desk.events(case_id)] == [("move", "open"), ("nobody", "open")]
    assert [(m.target, m.outcome) for m in desk.messages(case_id)] == [("nobody:dispatcher", "nobody")]
    desk.live(5)
    assert {e.trigger for e in desk.events(case_id) if e.kind == "nobody"} == {
        "open", "assign.breach", "assign.supervisor",
    }  # fmt: skip


def test_a_unit_without_people_is_told_through_the_office_above(desk: Desk) -> None:
    case_id = desk.open()
    desk.assign(case_id, responsible_org_id=desk.cast.village_enterprise)

    told = {m.recipient_id for m in desk.messages(case_id) if m.template == "assign"}
    assert told == {desk.cast.dispatcher.id}


def test_a_channel_of_the_office_hears_what_its_people_hear_once(desk: Desk) -> None:
    channel(desk, "office")
    channel(desk, "elsewhere", org=desk.cast.other_town)
    case_id = desk.open()

    assert sorted(m.target.split(":")[0] for m in desk.messages(case_id)) == ["channel", "person"]
    assert [m.channel_id for m in desk.messages(case_id) if m.channel_id] == ["office"]


def proposals(desk: Desk) -> list[Act]:
    case_id = desk.to("assigned")
    desk.live(31 + 16)
    return desk.acts(case_id)


def test_a_proposal_is_accepted_or_refused_with_a_reason_and_once(desk: Desk) -> None:
    exposure, talk, listing = proposals(desk)
    assert [a.kind for a in (exposure, talk, listing)] == ["exposure", "talk", "listing"]
    seq, version = desk.case(exposure.case_id).seq, desk.case(exposure.case_id).version
    with pytest.raises(no.NotYourRole):
        desk.decide_act(exposure.id, "accepted", desk.cast.inspector)
    with pytest.raises(no.Missing):
        desk.decide_act(exposure.id, "refused", desk.cast.supervisor, reason="  ")

    desk.decide_act(exposure.id, "accepted", desk.cast.supervisor)
    desk.decide_act(talk.id, "refused", desk.cast.supervisor, reason="已在整改")
    with pytest.raises(no.ActAlreadyDecided):
        desk.decide_act(exposure.id, "refused", desk.cast.supervisor)

    decided = {a.kind: (a.outcome, a.reason) for a in desk.acts(exposure.case_id)}
    assert decided == {"exposure": ("accepted", "情况属实"), "talk": ("refused", "已在整改"), "listing": (None, None)}
    case = desk.case(exposure.case_id)
    assert (case.seq, case.version, case.state) == (seq + 2, version, "assigned")


def test_a_proposal_one_may_not_see_does_not_exist(desk: Desk) -> None:
    act = proposals(desk)[0]
    for who, id in ((desk.cast.other_enterprise_person, act.id), (desk.cast.supervisor, "f" * 32)):
        with pytest.raises(no.UnknownCase):
            desk.decide_act(id, "accepted", who)


def test_no_rung_of_any_ladder_closes_a_case_or_moves_it() -> None:
    proposed = {step.proposes for promise in HAZARD.deadlines for step in promise.ladder} - {None}

    assert proposed == {"exposure", "talk", "listing"}
    assert proposed.isdisjoint(HAZARD.by_trigger)


def test_a_late_sweep_tells_only_what_still_matters_and_says_which(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.clock.advance(days=31 + 4)
    desk.sweep()

    told = {m.template for m in desk.messages(case_id) if m.template.startswith("rectify.")}
    assert told == {"rectify.exposure"}
    recorded = [e.trigger for e in desk.events(case_id) if e.kind == "rung"]
    assert recorded == ["rectify.remind", "rectify.breach", "rectify.supervisor", "rectify.exposure"]


def test_a_rung_that_has_fired_is_never_awake_again(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    desk.live(33)
    fired = {(r.move, r.name) for r in desk.rungs(case_id) if r.outcome == "fired"}
    desk.submit(case_id)
    desk.fire(case_id, "reject", desk.cast.inspector, note="不合格")
    desk.live(30)

    told = [m.template for m in desk.messages(case_id) if m.template.startswith("rectify.") and m.recipient_id]
    assert len(told) == len(set(told)) + 1  # the breach goes to the unit and to the desk
    assert fired < {(r.move, r.name) for r in desk.rungs(case_id) if r.outcome == "fired"}


def test_the_database_itself_refuses_a_rung_fired_early(desk: Desk) -> None:
    case_id = desk.open()
    early = desk.clock.now
    with pytest.raises(Exception, match="never_early"), write_session(desk.engine) as session:
        values = {"outcome": "fired", "settled_at": early, "wake_at": None}
        session.execute(update(Rung).where(Rung.case_id == case_id).values(values))
    assert desk.count(Message, Message.template == "assign.breach") == 0
