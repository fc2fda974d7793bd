"""A watch is handed over by those who had it and taken over by who has the next; both stand on record."""

from datetime import timedelta

import pytest

from tests.desk import Desk
from tests.rosters import Rota
from workflow import roster_refusals as no
from workflow.refusals import Missing

HOUR = timedelta(hours=1)


@pytest.fixture
def rota(desk: Desk) -> Rota:
    """The inspector has the watch, then the second inspector; it is ten minutes before the change."""
    rota = Rota(desk.engine, desk.cast, desk.clock, desk.cast.bureau)
    rota.plan(rota.watch(0, desk.cast.inspector), rota.watch(1, desk.cast.second_inspector))
    desk.clock.now = rota.begin + timedelta(hours=23, minutes=50)
    return rota


@pytest.mark.parametrize("who", ["inspector", "leader"])
def test_the_watch_hands_over_and_the_next_one_takes_over(rota: Rota, who: str) -> None:
    by = getattr(rota.cast, who)
    first = rota.shifts()[0].id
    rota.hand_over(first, by, "东街村积水，已派人")
    handed = rota.clock.now
    taken = rota.clock.advance(minutes=12)
    rota.acknowledge(first, rota.cast.second_inspector)

    shift = rota.shifts()[0]
    assert (shift.handed_over_at, shift.handed_over_by, shift.hand_over_note) == (handed, by.id, "东街村积水，已派人")
    assert (shift.acknowledged_at, shift.acknowledged_by) == (taken, rota.cast.second_inspector.id)


def test_nobody_hands_over_more_than_two_hours_before_the_end(rota: Rota) -> None:
    first = rota.shifts()[0]
    rota.clock.now = first.ends_at - 2 * HOUR - timedelta(seconds=1)
    with pytest.raises(no.HandOverTooEarly):
        rota.hand_over(first.id, rota.cast.inspector)

    rota.clock.advance(seconds=1)
    rota.hand_over(first.id, rota.cast.inspector)

    assert rota.shifts()[0].handed_over_at


def test_a_forgotten_hand_over_may_still_be_made(rota: Rota) -> None:
    rota.clock.advance(hours=9)

    rota.hand_over(rota.shifts()[0].id, rota.cast.inspector)
    rota.acknowledge(rota.shifts()[0].id, rota.cast.second_inspector)

    assert rota.shifts()[0].acknowledged_at == rota.clock.now


def test_only_those_of_the_watch_hand_over_and_only_once_with_a_note(rota: Rota) -> None:
    first, cast = rota.shifts()[0].id, rota.cast
    with pytest.raises(no.NotOnThisWatch):
        rota.hand_over(first, cast.second_inspector)
    with pytest.raises(Missing):
        rota.hand_over(first, cast.inspector, " ")
    with pytest.raises(no.UnknownWatch):
        rota.hand_over("0" * 32, cast.inspector)
    rota.hand_over(first, cast.inspector)
    with pytest.raises(no.AlreadyHandedOver):
        rota.hand_over(first, cast.leader)


def test_only_the_next_officer_takes_over_what_was_handed_over_and_only_once(rota: Rota) -> None:
    first, cast = rota.shifts()[0].id, rota.cast
    with pytest.raises(no.NotHandedOver):
        rota.acknowledge(first, cast.second_inspector)
    rota.hand_over(first, cast.inspector)
    for somebody in (cast.inspector, cast.leader, cast.supervisor):
        with pytest.raises(no.NotTheNextOfficer):
            rota.acknowledge(first, somebody)
    rota.acknowledge(first, cast.second_inspector)
    with pytest.raises(no.AlreadyTakenOver):
        rota.acknowledge(first, cast.second_inspector)


def test_the_last_watch_has_nobody_to_take_it_over(rota: Rota) -> None:
    last = rota.shifts()[1]
    rota.clock.now = last.ends_at
    rota.hand_over(last.id, rota.cast.second_inspector)

    with pytest.raises(no.NotTheNextOfficer):
        rota.acknowledge(last.id, rota.cast.inspector)


def test_who_took_over_before_time_keeps_the_watch(rota: Rota) -> None:
    first, second = rota.shifts()
    rota.hand_over(first.id, rota.cast.inspector)
    rota.acknowledge(first.id, rota.cast.second_inspector)

    with pytest.raises(no.PlanRefused) as refusal:
        rota.plan(rota.watch(1, rota.cast.supervisor))
    assert [error["name"] for error in refusal.value.facts["errors"]] == ["WatchBegun"]
    with pytest.raises(no.WatchBegun):
        rota.ask(second.id, rota.cast.second_inspector, rota.cast.supervisor)
