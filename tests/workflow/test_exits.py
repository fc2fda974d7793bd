"""The buttons: what may be done now and by whom is asked of the very guards that will decide."""

import pytest

from models.database import read_session, write_session
from tests.desk import PLAN, Desk
from workflow import refusals as no
from workflow.actor import Actor
from workflow.exits import Exit, exits
from workflow.facts import Wanted, load_facts
from workflow.fire import fire
from workflow.hazard import HAZARD
from workflow.load import current, read_cases


def seen_by(desk: Desk, case_id: str, actor: Actor) -> dict[str, Exit]:
    with read_session(desk.engine) as session:
        cases = read_cases(session, [case_id])
        moves = tuple(HAZARD.moves_from(cases[case_id].state))
        facts = load_facts(Wanted(session, cases, moves, {}))
        rules = current(session, desk.rules, None)
        shown = exits(cases[case_id], facts[case_id], rules, actor=actor, now=desk.clock.now)
    return {exit.trigger: exit for exit in shown}


def live(desk: Desk, case_id: str, actor: Actor) -> set[str]:
    return {name for name, exit in seen_by(desk, case_id, actor).items() if not exit.refusals}


@pytest.mark.parametrize(
    ("state", "who", "buttons"),
    [
        ("discovered", "dispatcher", {"assign", "regrade", "transfer", "void"}),
        ("discovered", "inspector", {"fix_on_the_spot"}),
        ("discovered", "enterprise_person", set()),
        ("assigned", "enterprise_person", {"decline", "start", "report", "request_extension"}),
        ("assigned", "supervisor", {"regrade", "transfer", "void"}),
        ("rectifying", "enterprise_person", {"submit", "report", "request_extension"}),
        ("submitted", "enterprise_person", {"report"}),
        ("submitted", "inspector", {"verify", "reject"}),
        ("verified", "inspector", set()),
        ("verified", "supervisor", {"close"}),
        ("closed", "supervisor", {"reopen"}),
        ("closed", "dispatcher", set()),
    ],
)
def test_everybody_sees_their_own_live_buttons(desk: Desk, state: str, who: str, buttons: set[str]) -> None:
    assert live(desk, desk.to(state), getattr(desk.cast, who)) == buttons


def test_every_row_that_leaves_the_state_is_shown_with_every_reason_against_it(desk: Desk) -> None:
    case_id = desk.to("verified", level="major")

    shown = seen_by(desk, case_id, desk.cast.inspector)

    assert set(shown) == {move.trigger for move in HAZARD.moves_from("verified")}
    assert [type(r) for r in shown["close"].refusals] == [no.NotYourRole, no.OwnWork, no.NeedsSignOff]


def test_a_button_goes_dead_when_its_time_has_passed(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.clock.advance(days=25)

    refusals = seen_by(desk, case_id, desk.cast.enterprise_person)["decline"].refusals
    assert [type(r) for r in refusals] == [no.DeclineTooLate]


def test_what_the_form_still_has_to_fill_in_does_not_kill_the_button(desk: Desk) -> None:
    case_id = desk.to("assigned", level="major")

    start = seen_by(desk, case_id, desk.cast.enterprise_person)["start"]

    assert start.refusals == ()
    assert {field.name for field in start.brings} == set(PLAN)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", ["discovered", "assigned", "rectifying", "submitted", "verified", "closed"])
def test_a_dead_button_is_refused_for_the_first_reason_it_shows(desk: Desk, state: str) -> None:
    case_id = desk.to(state)
    for who in (desk.cast.inspector, desk.cast.supervisor, desk.cast.dispatcher, desk.cast.enterprise_person):
        for trigger, exit in seen_by(desk, case_id, who).items():
            with pytest.raises(no.Refusal) as refusal, write_session(desk.engine) as session:
                fire(session, desk.rules, case_id, trigger, actor=who, now=desk.clock.now)
                raise no.Refusal  # fired: what follows is undone
            if exit.refusals and not isinstance(refusal.value, no.Missing):
                assert type(refusal.value) is type(exit.refusals[0])
            if type(refusal.value) is no.Refusal:
                assert exit.refusals == ()
