"""Stories of exposure rounds (曝光督办): collected, frozen, approved, published, settled, and begun again."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from models import Act, Case, Channel, Round, RoundItem
from models.database import read_session, write_session
from tests.desk import Desk
from tests.rounds import Rounds
from workflow import refusals as no
from workflow.actor import Actor
from workflow.arithmetic import last_day
from workflow.directory_version import count_up
from workflow.exits import exits
from workflow.facts import Wanted, load_facts
from workflow.fire import fire
from workflow.load import read_cases
from workflow.people import grant
from workflow.profile import shipped
from workflow.roles import Role
from workflow.rounds import refusals as ours
from workflow.workflows import WORKFLOWS


@pytest.fixture
def rounds(desk: Desk) -> Rounds:
    return Rounds(desk)


def late(desk: Desk) -> str:
    """A hazard whose unit let its date pass, noticed."""
    case_id = desk.to("assigned")
    desk.clock.advance(days=31)
    desk.sweep()
    return case_id


def twice_rejected(desk: Desk) -> str:
    case_id = desk.to("rectifying")
    for _ in range(2):
        desk.submit(case_id)
        desk.fire(case_id, "reject", desk.cast.inspector, note="仍有杂物")
    return case_id


def test_a_round_takes_in_what_is_overdue_rejected_twice_proposed_or_named_by_hand(desk: Desk, rounds: Rounds) -> None:
    overdue, proposed, rejected, by_hand, fine = (
        late(desk),
        desk.to("assigned"),
        twice_rejected(desk),
        *(desk.to("assigned") for _ in range(2)),
    )
    with write_session(desk.engine) as session:
        session.add(Act(id="a" * 32, case_id=proposed, kind="exposure", basis="媒体反映", proposed_at=desk.clock.now))
    desk.decide_act("a" * 32, "accepted", desk.cast.supervisor)
    round_id = rounds.open()

    desk.fire(round_id, "pull_in", desk.cast.dispatcher)
    rounds.add(round_id, by_hand)

    found = {hazard_id: item.source for hazard_id, item in rounds.items(round_id).items()}
    assert found == {overdue: "overdue", proposed: "proposed", rejected: "rejected", by_hand: "hand"}
    assert fine not in found
    with pytest.raises(ours.NoCandidates):
        desk.fire(round_id, "pull_in", desk.cast.dispatcher)


def test_a_proposal_that_was_refused_and_a_unit_that_has_submitted_are_no_candidates(
    desk: Desk, rounds: Rounds
) -> None:
    submitted, refused = late(desk), desk.to("assigned")
    desk.start(submitted)
    desk.submit(submitted)
    with write_session(desk.engine) as session:
        session.add(Act(id="a" * 32, case_id=refused, kind="exposure", basis="媒体反映", proposed_at=desk.clock.now))
    desk.decide_act("a" * 32, "refused", desk.cast.supervisor)
    for act in desk.acts(submitted):
        desk.decide_act(act.id, "refused", desk.cast.supervisor)
    late_at_the_desk = desk.open()
    desk.clock.advance(days=10)
    desk.sweep()
    assert desk.case(late_at_the_desk).overdue_since is not None

    round_id = rounds.open()

    with pytest.raises(ours.NoCandidates):
        desk.fire(round_id, "pull_in", desk.cast.dispatcher)


def test_a_hazard_stands_in_one_open_round_at_a_time(desk: Desk, rounds: Rounds) -> None:
    hazard_id, other = late(desk), desk.to("assigned")
    first = rounds.published(hazard_id)
    second = rounds.open()

    with pytest.raises(ours.HazardInAnotherRound):
        rounds.add(second, hazard_id)
    with pytest.raises(ours.NoCandidates):
        desk.fire(second, "pull_in", desk.cast.dispatcher)
    with pytest.raises(ours.UnknownHazard):
        rounds.add(second, first)
    with pytest.raises(ours.UnknownHazard):
        rounds.add(second, "f" * 32)
    rounds.add(second, other)
    with pytest.raises(ours.AlreadyInRound):
        rounds.add(second, other)
    with pytest.raises(Exception, match=r"(?i)unique"), write_session(desk.engine) as session:
        session.add(
            RoundItem(
                round_id=second, hazard_id=hazard_id, source="hand", consecutive=1, added_at=desk.clock.now,
                added_by="x",
            )
        )  # fmt: skip


def test_a_town_s_round_is_of_its_own_hazards(desk: Desk, rounds: Rounds) -> None:
    hazard_id = late(desk)
    elsewhere = rounds.open(level="town", town_id=desk.cast.other_town)
    with pytest.raises(ours.UnknownHazard):
        rounds.add(elsewhere, hazard_id)
    here = rounds.open(level="town", town_id=desk.cast.town)
    rounds.add(here, hazard_id)

    for wanted in ({"level": "town"}, {"town_id": desk.cast.town}):
        with pytest.raises(ours.TownWanted):
            rounds.open(**wanted)
    assert [r.number for r in desk.all(Round, order=Round.number)] == [1, 2]


def test_what_was_dropped_is_not_taken_in_again_but_may_be_added_again(desk: Desk, rounds: Rounds) -> None:
    hazard_id = late(desk)
    round_id = rounds.open()
    desk.fire(round_id, "pull_in", desk.cast.dispatcher)
    desk.fire(round_id, "drop_item", desk.cast.dispatcher, hazard_id=hazard_id, reason="正在整改")
    assert rounds.outcomes(round_id) == {hazard_id: "dropped"}
    with pytest.raises(ours.NoCandidates):
        desk.fire(round_id, "pull_in", desk.cast.dispatcher)
    with pytest.raises(ours.NotInRound):
        desk.fire(round_id, "drop_item", desk.cast.dispatcher, hazard_id=hazard_id, reason="再移一次")
    with pytest.raises(ours.EmptyRound):
        rounds.freeze(round_id)

    rounds.add(round_id, hazard_id)

    (item,) = rounds.items(round_id).values()
    assert (item.source, item.outcome, item.reason, item.settled_at) == ("hand", None, None, None)


def test_the_list_is_frozen_thawed_and_approved_by_another_person(desk: Desk, rounds: Rounds) -> None:
    hazard_id, other = late(desk), desk.to("assigned")
    round_id = rounds.open()
    rounds.add(round_id, hazard_id)
    rounds.freeze(round_id)
    with pytest.raises(no.IllegalMove):
        rounds.add(round_id, other)
    both = replace(desk.cast.leader, held=(*desk.cast.leader.held, *desk.cast.dispatcher.held))
    desk.fire(round_id, "thaw", both, reason="漏了一件")
    rounds.add(round_id, other)
    desk.fire(round_id, "freeze", both)
    with pytest.raises(ours.OwnFreeze):
        desk.fire(round_id, "approve", both)
    with pytest.raises(no.NotYourRole):
        desk.fire(round_id, "approve", desk.cast.supervisor)
    with pytest.raises(Exception, match="approved_by_another"), write_session(desk.engine) as session:
        session.execute(update(Round).values(approved_by=both.id, approved_at=desk.clock.now))

    desk.fire(round_id, "thaw", desk.cast.dispatcher, reason="再核对")
    rounds.freeze(round_id)
    rounds.approve(round_id)

    words = rounds.words(round_id)
    assert (words.frozen_by, words.approved_by) == (desk.cast.dispatcher.id, desk.cast.leader.id)
    assert desk.case(round_id).state == "approved"
    assert [d.outcome for d in desk.deadlines(round_id, "collect")] == ["met", "met", "met"]
    assert [d.outcome for d in desk.deadlines(round_id, "approve")] == ["withdrawn", "withdrawn", "met"]


def test_published_in_the_minute_of_the_approval_is_no_earlier_and_a_refusal_says_both_bounds(
    desk: Desk, rounds: Rounds
) -> None:
    round_id = rounds.open()
    rounds.add(round_id, desk.to("assigned"))
    rounds.freeze(round_id)
    minute = desk.clock.advance(minutes=17)
    desk.clock.advance(seconds=27)
    rounds.approve(round_id)
    desk.clock.advance(minutes=5)
    with pytest.raises(ours.PublishedWhen, match="2026-03-02 09:17 至 2026-03-02 09:22"):
        rounds.publish(round_id, published_at=minute - timedelta(minutes=1))

    rounds.publish(round_id, published_at=minute)

    assert rounds.words(round_id).published_at == minute
    assert [d.outcome for d in desk.deadlines(round_id, "publish")] == ["met"]


def test_thirty_days_are_counted_from_the_publication_and_not_from_its_typing(desk: Desk, rounds: Rounds) -> None:
    hazard_id = late(desk)
    round_id = rounds.open()
    rounds.add(round_id, hazard_id)
    rounds.freeze(round_id)
    rounds.approve(round_id)
    approved_at = desk.clock.now
    for wrong in (approved_at - timedelta(seconds=1), desk.clock.now + timedelta(seconds=1)):
        with pytest.raises(ours.PublishedWhen):
            rounds.publish(round_id, published_at=wrong)
    desk.clock.advance(days=9)

    rounds.publish(round_id, published_at=approved_at + timedelta(hours=2))

    (settle,) = desk.deadlines(round_id, "settle")
    assert last_day(settle.due_at) == (approved_at + timedelta(days=30)).date()
    # It was published in time and only entered late.
    assert [d.outcome for d in desk.deadlines(round_id, "publish")] == ["met"]


def test_in_hangzhou_the_cycle_is_sixty_days(desk: Desk) -> None:
    place = replace(desk, rules=replace(desk.rules, profile=shipped("hangzhou")))
    round_id = Rounds(place).published(late(place))

    (settle,) = desk.deadlines(round_id, "settle")
    assert last_day(settle.due_at) == (desk.clock.now + timedelta(days=60)).date()


def test_rungs_stand_seven_and_three_days_before_the_end_at_the_end_and_after(desk: Desk, rounds: Rounds) -> None:
    round_id = rounds.published(desk.to("assigned"))
    desk.live(40)

    (settle,) = desk.deadlines(round_id, "settle")
    fired = {
        r.name: (r.due_at - settle.due_at).days
        for r in desk.rungs(round_id)
        if r.deadline_id == settle.id and r.outcome == "fired"
    }
    assert fired == {"week": -7, "remind": -3, "breach": 0, "leader": 3}
    told = {(m.template, m.recipient_id) for m in desk.messages(round_id) if m.template.startswith("settle.")}
    office = {desk.cast.dispatcher.id, desk.cast.supervisor.id}
    assert told == {(f"settle.{rung}", who) for rung in ("week", "remind", "breach") for who in office} | {
        ("settle.leader", desk.cast.leader.id)
    }
    assert desk.case(round_id).state == "published"


def test_a_settlement_looks_at_each_hazard_and_counts(desk: Desk, rounds: Rounds) -> None:
    done, closed, left, gone, out, up = (desk.to("assigned") for _ in range(6))
    round_id = rounds.published(done, closed, left, gone, out, up)
    for hazard_id in (done, closed):
        desk.start(hazard_id)
        desk.submit(hazard_id, money_fen=150050, area_m2=81.76)
        desk.verify(hazard_id)
    desk.close(closed)
    desk.fire(gone, "void", desk.cast.dispatcher, reason="登记错误")
    desk.fire(round_id, "withdraw_item", desk.cast.dispatcher, hazard_id=out, reason="企业已搬走")
    escalation = {"hazard_id": up, "reason": "拒不整改", "act_kind": "case_filing"}
    with pytest.raises(ours.UnknownAct):
        desk.fire(round_id, "escalate_item", desk.cast.dispatcher, **{**escalation, "act_kind": "exposure"})
    desk.fire(round_id, "escalate_item", desk.cast.dispatcher, **escalation)
    with pytest.raises(ours.SettlesTooEarly):
        rounds.settle(round_id)
    desk.clock.advance(days=30)

    rounds.settle(round_id)

    assert rounds.outcomes(round_id) == {
        done: "rectified", closed: "rectified", left: "carried_over", gone: "withdrawn", out: "withdrawn",
        up: "escalated",
    }  # fmt: skip
    counted = {
        "items": 6, "enterprises": 1, "rectified": 2, "withdrawn": 2, "escalated": 1, "carried_over": 1,
        "money_fen": 300100, "area_m2": 163.52,
    }  # fmt: skip
    assert rounds.figures(round_id) == {
        "total": counted, "towns": {"城关镇": counted}, "sectors": {"未填写": counted},
    }  # fmt: skip
    assert [(a.kind, a.outcome) for a in desk.acts(up)] == [("case_filing", None)]
    assert [d.outcome for d in desk.deadlines(round_id, "settle")] == ["met"]
    case = desk.case(round_id)
    assert (case.state, case.closed_by) == ("closed", desk.cast.dispatcher.id)


def test_a_round_in_which_nothing_is_owed_any_more_is_settled_before_its_time(desk: Desk, rounds: Rounds) -> None:
    hazard_id = desk.to("assigned")
    round_id = rounds.published(hazard_id)
    desk.start(hazard_id)
    desk.submit(hazard_id)
    desk.verify(hazard_id)

    rounds.settle(round_id)

    assert rounds.outcomes(round_id) == {hazard_id: "rectified"}


def test_the_next_round_opens_by_itself_with_what_was_carried_over(desk: Desk, rounds: Rounds) -> None:
    left, done = desk.to("assigned"), desk.to("assigned")
    first = rounds.published(left, done, repeats=True)
    desk.start(done)
    desk.submit(done)
    desk.verify(done)
    desk.clock.advance(days=30)
    rounds.settle(first)

    second = desk.all(Round, Round.number == 2)[0]
    assert second.repeats
    ((hazard_id, item),) = rounds.items(second.case_id).items()
    assert (hazard_id, item.source, item.consecutive) == (left, "carried", 2)
    assert [d.name for d in desk.deadlines(second.case_id)] == ["collect"]
    assert desk.acts(left) == []

    rounds.out(second.case_id)
    desk.clock.advance(days=31)
    rounds.settle(second.case_id)
    assert [a.kind for a in desk.acts(left) if a.deadline_id is None] == ["talk"]
    third = desk.all(Round, Round.number == 3)[0]
    assert rounds.items(third.case_id)[left].consecutive == 3

    rounds.out(third.case_id)
    desk.clock.advance(days=31)
    rounds.settle(third.case_id)
    assert [a.kind for a in desk.acts(left) if a.deadline_id is None] == ["talk", "listing"]


def test_a_settlement_that_fails_to_open_the_next_round_leaves_nothing_of_either(desk: Desk, rounds: Rounds) -> None:
    left = desk.to("assigned")
    first = rounds.published(left, repeats=True)
    desk.clock.advance(days=30)
    before = (desk.case(first).version, desk.count(Round), rounds.outcomes(first))

    class PowerCut(Exception):
        pass

    with pytest.raises(PowerCut), write_session(desk.engine) as session:
        fire(session, desk.rules, first, "settle", actor=desk.cast.dispatcher, now=desk.clock.now)
        raise PowerCut

    assert (desk.case(first).version, desk.count(Round), rounds.outcomes(first)) == before
    rounds.settle(first)
    assert desk.count(Round) == 2


def test_what_was_carried_over_is_a_candidate_of_a_round_opened_by_hand_and_a_break_counts_anew(
    desk: Desk, rounds: Rounds
) -> None:
    left, fill = desk.to("assigned"), desk.to("assigned")
    first = rounds.published(left, repeats=True)
    second = rounds.open()
    desk.clock.advance(days=30)
    rounds.settle(first)
    assert desk.count(Round) == 2  # the next is there already

    desk.fire(second, "pull_in", desk.cast.dispatcher)
    item = rounds.items(second)[left]
    assert (item.source, item.consecutive) == ("carried", 2)

    desk.fire(second, "drop_item", desk.cast.dispatcher, hazard_id=left, reason="本轮不曝光")
    rounds.add(second, fill)
    rounds.out(second)
    desk.clock.advance(days=31)
    rounds.settle(second)
    desk.sweep()
    third = rounds.open()
    desk.fire(third, "pull_in", desk.cast.dispatcher)
    assert rounds.items(third)[left].consecutive == 1


def test_a_voided_round_sets_its_hazards_free_and_breaks_no_row(desk: Desk, rounds: Rounds) -> None:
    left = desk.to("assigned")
    first = rounds.published(left, repeats=True)
    desk.clock.advance(days=30)
    rounds.settle(first)
    second = desk.all(Round, Round.number == 2)[0].case_id
    desk.fire(second, "void", desk.cast.dispatcher, reason="重大活动期间暂停")
    assert rounds.outcomes(second) == {left: "dropped"}
    assert desk.count(Round) == 2

    third = rounds.open()
    desk.fire(third, "pull_in", desk.cast.dispatcher)
    assert rounds.items(third)[left].consecutive == 2
    with pytest.raises(no.IllegalMove):
        desk.fire(first, "void", desk.cast.dispatcher, reason="已公布的不能作废")


def test_who_asks_for_more_time_does_not_grant_it_by_another_post(desk: Desk, rounds: Rounds) -> None:
    round_id, both = rounds.published(desk.to("assigned")), desk.cast.leader
    with write_session(desk.engine) as session:
        grant(session, person_id=both.id, role=Role.DISPATCHER, org_id=desk.cast.district, now=desk.clock.now)
    both = Actor(both.id, both.name, both.org_id, (*both.held, *desk.cast.dispatcher.held))
    (before,) = desk.deadlines(round_id, "settle")
    ask = {"extend_to": last_day(before.due_at) + timedelta(days=10), "reason": "雨季", "control_measures": "专人值守"}
    desk.fire(round_id, "request_extension", both, **ask)
    for answer, said in (("grant_extension", {}), ("refuse_extension", {"note": "不必延"})):
        with pytest.raises(no.OwnWork):
            desk.fire(round_id, answer, both, **said)

    # What is asked next by somebody else may be decided by the same leader.
    desk.fire(round_id, "suspend", both, reason="疫情封控")
    desk.fire(round_id, "resume", both, note="恢复正常")
    desk.fire(round_id, "request_extension", desk.cast.dispatcher, **ask)
    desk.fire(round_id, "grant_extension", both)


def test_more_time_is_asked_and_granted_and_a_suspension_gives_back_what_it_took(desk: Desk, rounds: Rounds) -> None:
    round_id = rounds.published(desk.to("assigned"))
    (before,) = desk.deadlines(round_id, "settle")
    ask = {"extend_to": last_day(before.due_at) + timedelta(days=10), "reason": "雨季", "control_measures": "专人值守"}
    desk.fire(round_id, "request_extension", desk.cast.dispatcher, **ask)
    desk.fire(round_id, "grant_extension", desk.cast.leader)
    (longer,) = desk.deadlines(round_id, "settle")
    assert longer.due_at - before.due_at == timedelta(days=10)

    desk.fire(
        round_id,
        "request_extension",
        desk.cast.dispatcher,
        **{**ask, "extend_to": ask["extend_to"] + timedelta(days=1)},
    )
    desk.fire(round_id, "suspend", desk.cast.leader, reason="疫情封控")
    assert {d.name: d.outcome for d in desk.deadlines(round_id)}["extension"] == "withdrawn"
    desk.clock.advance(days=5)
    desk.fire(round_id, "resume", desk.cast.leader, note="恢复正常")
    (resumed,) = desk.deadlines(round_id, "settle")
    assert resumed.due_at - longer.due_at == timedelta(days=5)


def test_whoever_publishes_tells_channels_the_bulletin_itself(desk: Desk, rounds: Rounds) -> None:
    with write_session(desk.engine) as session:
        session.add(
            Channel(
                id="portal", kind="webhook", name="门户", org_id=desk.cast.bureau, settings="", hint="",
                created_at=desk.clock.now, tokens=1.0, refilled_at=desk.clock.now,
            )
        )  # fmt: skip
        count_up(session)
    round_id = rounds.published(desk.to("assigned"))

    (sent,) = [m for m in desk.messages(round_id) if m.template == "round.publish" and m.channel_id]
    assert json.loads(sent.payload)["data"]["bulletin"] == rounds.bulletin(round_id)


def exits_of(desk: Desk, round_id: str, by: Any) -> dict[str, list[str]]:
    with read_session(desk.engine) as session:
        case = read_cases(session, [round_id])[round_id]
        moves = list(WORKFLOWS["round"].moves_from(case.state))
        facts = load_facts(Wanted(session, {case.id: case}, moves, {}))[case.id]
        found = exits(case, facts, desk.rules, actor=by, now=desk.clock.now)
    return {e.trigger: [type(r).__name__ for r in e.refusals] for e in found}


def test_a_page_may_ask_for_the_exits_without_a_lock(desk: Desk, rounds: Rounds) -> None:
    round_id = rounds.open()
    assert exits_of(desk, round_id, desk.cast.dispatcher) == {
        "pull_in": ["NoCandidates"], "add_item": [], "drop_item": [], "withhold_item": [], "describe_item": [],
        "freeze": ["EmptyRound"], "void": [],
    }  # fmt: skip


def test_only_an_office_opens_a_round(desk: Desk, rounds: Rounds) -> None:
    for person in (desk.cast.inspector, desk.cast.leader, desk.cast.enterprise_person):
        with pytest.raises(no.NotYourRole):
            rounds.open(by=person)
    assert desk.count(Case) == 0
