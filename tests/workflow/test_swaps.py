"""A post changes hands only when the other agrees, and only before the watch begins."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from models import Message, Swap
from models.database import read_session, write_session
from tests.desk import Desk
from tests.rosters import Rota
from workflow import directory, swaps
from workflow import roster_refusals as no
from workflow.actor import Actor
from workflow.people import disable_person
from workflow.refusals import UnknownPerson


@pytest.fixture
def rota(desk: Desk) -> Rota:
    """Tomorrow the inspector has the watch."""
    rota = Rota(desk.engine, desk.cast, desk.clock, desk.cast.bureau)
    rota.plan(rota.watch(0, desk.cast.inspector))
    return rota


def posts(rota: Rota) -> tuple[str, str]:
    (shift,) = rota.shifts()
    return shift.officer_id, shift.leader_id


def version(rota: Rota) -> int:
    with read_session(rota.engine) as session:
        return directory.version(session)


def test_the_post_changes_hands_when_the_other_agrees_and_not_before(rota: Rota) -> None:
    cast, (shift,) = rota.cast, rota.shifts()
    swap_id = rota.ask(shift.id, cast.inspector, cast.second_inspector)
    asked, before = posts(rota), version(rota)
    rota.answer(swaps.agree, swap_id, cast.second_inspector)

    assert asked == (cast.inspector.id, cast.leader.id)
    assert posts(rota) == (cast.second_inspector.id, cast.leader.id)
    assert version(rota) > before
    swap = rota.swap(swap_id)
    assert (swap.outcome, swap.decided_at, swap.reason) == ("agreed", rota.clock.now, "家中有事")


@pytest.mark.parametrize(
    ("act", "who", "outcome"),
    [(swaps.decline, "second_inspector", "declined"), (swaps.withdraw, "inspector", "withdrawn")],
)
def test_a_question_declined_or_withdrawn_changes_nothing_and_may_be_asked_again(
    rota: Rota, act: Callable[..., Swap], who: str, outcome: str
) -> None:
    cast, (shift,) = rota.cast, rota.shifts()
    swap_id = rota.ask(shift.id, cast.inspector, cast.second_inspector)

    rota.answer(act, swap_id, getattr(cast, who))

    assert posts(rota) == (cast.inspector.id, cast.leader.id)
    assert rota.swap(swap_id).outcome == outcome
    with pytest.raises(no.SwapSettled):
        rota.answer(swaps.agree, swap_id, cast.second_inspector)
    assert rota.ask(shift.id, cast.inspector, cast.second_inspector)


def test_a_watch_that_has_begun_keeps_its_people(rota: Rota) -> None:
    cast, (shift,) = rota.cast, rota.shifts()
    swap_id = rota.ask(shift.id, cast.inspector, cast.second_inspector)
    rota.clock.now = rota.begin

    with pytest.raises(no.WatchBegun):
        rota.answer(swaps.agree, swap_id, cast.second_inspector)
    with pytest.raises(no.WatchBegun):
        rota.ask(shift.id, cast.leader, cast.second_inspector, "leader")
    rota.answer(swaps.decline, swap_id, cast.second_inspector)

    assert posts(rota) == (cast.inspector.id, cast.leader.id)


def test_two_swaps_never_put_one_person_at_both_posts(rota: Rota) -> None:
    cast, (shift,) = rota.cast, rota.shifts()
    with pytest.raises(no.OnePersonAtBothPosts):
        rota.ask(shift.id, cast.inspector, cast.leader)
    both = cast.second_inspector
    first = rota.ask(shift.id, cast.inspector, both)
    second = rota.ask(shift.id, cast.leader, both, "leader")
    rota.answer(swaps.agree, first, both)

    with pytest.raises(no.OnePersonAtBothPosts):
        rota.answer(swaps.agree, second, both)
    assert posts(rota) == (both.id, cast.leader.id)


def test_a_plan_made_anew_withdraws_what_its_people_had_asked(rota: Rota) -> None:
    cast, (shift,) = rota.cast, rota.shifts()
    officer = rota.ask(shift.id, cast.inspector, cast.second_inspector)
    leader = rota.ask(shift.id, cast.leader, cast.supervisor, "leader")

    rota.plan(rota.watch(0, cast.duty_officer))

    assert (rota.swap(officer).outcome, rota.swap(leader).outcome) == ("withdrawn", None)


def test_only_whom_it_concerns_asks_and_answers(rota: Rota) -> None:
    cast, (shift,) = rota.cast, rota.shifts()
    for by, post in ((cast.supervisor, "officer"), (cast.leader, "officer"), (cast.inspector, "leader")):
        with pytest.raises(no.NotOnThisWatch):
            rota.ask(shift.id, by, cast.second_inspector, post)  # type: ignore[arg-type]  # a post from a table
    swap_id = rota.ask(shift.id, cast.inspector, cast.second_inspector)
    with pytest.raises(no.SwapPending):
        rota.ask(shift.id, cast.inspector, cast.supervisor)
    others: list[tuple[Callable[..., Swap], Actor]] = [
        (swaps.agree, cast.inspector),
        (swaps.decline, cast.inspector),
        (swaps.withdraw, cast.second_inspector),
    ]
    for act, by in others:
        with pytest.raises(no.NotYourSwap):
            rota.answer(act, swap_id, by)
    with pytest.raises(no.UnknownSwap):
        rota.answer(swaps.agree, "0" * 32, cast.inspector)


def test_a_post_goes_only_to_who_may_have_the_watch(rota: Rota) -> None:
    cast, (shift,) = rota.cast, rota.shifts()
    with pytest.raises(no.SwapWithOneself):
        rota.ask(shift.id, cast.inspector, cast.inspector)
    with pytest.raises(no.UnrelatedPerson):
        rota.ask(shift.id, cast.inspector, cast.enterprise_person)
    swap_id = rota.ask(shift.id, cast.inspector, cast.second_inspector)
    with write_session(rota.engine) as session:
        disable_person(session, cast.second_inspector.id, now=rota.clock.now)

    with pytest.raises(UnknownPerson):
        rota.answer(swaps.agree, swap_id, cast.second_inspector)


def told(rota: Rota, person: Actor) -> list[str]:
    with read_session(rota.engine) as session:
        rows = session.scalars(
            select(Message.payload)
            .where(Message.recipient_id == person.id, Message.template == "swap")
            .order_by(Message.id)
        ).all()
    return [json.loads(payload)["text"] for payload in rows]


@pytest.mark.parametrize(
    ("act", "who", "hears", "said"),
    [
        (swaps.agree, "second_inspector", "inspector", "对方已同意换班，由对方当班"),
        (swaps.decline, "second_inspector", "inspector", "对方不同意换班，仍由您当班"),
        (swaps.withdraw, "inspector", "second_inspector", "对方撤回了换班请求，您不必当班"),
    ],
)
def test_each_of_the_two_hears_what_the_other_said(
    rota: Rota, act: Callable[..., Swap], who: str, hears: str, said: str
) -> None:
    cast, (shift,) = rota.cast, rota.shifts()
    swap_id = rota.ask(shift.id, cast.inspector, cast.second_inspector)
    assert told(rota, cast.second_inspector) == ["请您接替值班员：家中有事"]
    rota.answer(act, swap_id, getattr(cast, who))
    assert said in told(rota, getattr(cast, hears))
