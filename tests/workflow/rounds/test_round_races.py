"""Rounds at one instant: a hazard comes to stand in one list, a number is given once, a settlement is made once."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest

from models import Round, RoundItem
from tests.desk import Desk
from tests.rounds import Rounds

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def at_once(acts: list[Callable[[], Any]]) -> list[str]:
    """Do all at one instant; how each came out."""
    start, outcomes = Barrier(len(acts)), ["lost"] * len(acts)

    def run(number: int) -> None:
        start.wait(timeout=60)
        try:
            acts[number]()
        except Exception as fault:
            outcomes[number] = type(fault).__name__
        else:
            outcomes[number] = "done"

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return sorted(outcomes)


@on_postgresql
def test_two_rounds_that_want_one_hazard_at_one_instant_are_told_by_name(desk: Desk) -> None:
    rounds = Rounds(desk)
    first, second = rounds.open(), rounds.open()
    for _ in range(5):
        hazard_id = desk.to("assigned")
        found = at_once([partial(rounds.add, round_id, hazard_id) for round_id in (first, second)])
        assert found == ["HazardInAnotherRound", "done"]
        assert desk.count(RoundItem, RoundItem.hazard_id == hazard_id) == 1


@on_postgresql
def test_rounds_opened_at_one_instant_have_numbers_of_their_own(desk: Desk) -> None:
    rounds = Rounds(desk)
    assert at_once([rounds.open] * 4) == ["done"] * 4
    assert sorted(r.number for r in desk.all(Round)) == [1, 2, 3, 4]


@on_postgresql
def test_a_round_is_settled_once_and_followed_once(desk: Desk) -> None:
    rounds = Rounds(desk)
    round_id = rounds.published(desk.to("assigned"), repeats=True)
    desk.clock.advance(days=30)
    found = at_once([lambda: rounds.settle(round_id)] * 3)
    assert found == ["IllegalMove", "IllegalMove", "done"]
    assert desk.count(Round) == 2
