"""A history replayed by the rules it was made by gives the same promises, breaches, rungs and messages again."""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from models import Rung
from tests.desk import PLAN, Desk
from tests.replaying import faults, watched
from tests.walking import Walk

SOAK = int(os.environ.get("HAZARDLOOP_WALKS", "300"))


@pytest.fixture
def ever(desk: Desk) -> Desk:
    """A desk under a sweep that never sleeps."""
    return watched(desk)


def test_a_late_case_is_replayed_with_every_rung_and_message(ever: Desk) -> None:
    case_id = ever.to("assigned")
    ever.clock.advance(days=60)
    ever.start(case_id)
    ever.submit(case_id)
    ever.fire(case_id, "reject", ever.cast.inspector, note="仍有堵塞")
    ever.clock.advance(days=40)

    assert ever.acts(case_id)
    assert list(faults(ever, watched=True)) == []


def test_named_dates_extensions_transfers_other_levels_and_another_cycle_are_replayed(ever: Desk) -> None:
    case_id, cast, day = ever.open(), ever.cast, ever.clock.now.date()
    ever.assign(case_id, rectify_by=day + timedelta(days=20), report_by=day + timedelta(days=5))
    ever.clock.advance(days=3)
    asked = {"extend_to": day + timedelta(days=30), "reason": "配件未到", "control_measures": "专人看守"}
    ever.fire(case_id, "request_extension", cast.enterprise_person, **asked)
    ever.clock.advance(days=1)
    ever.fire(case_id, "grant_extension", cast.supervisor)
    ever.fire(case_id, "transfer", cast.dispatcher, agency="住建局", reason="职责所在")
    ever.clock.advance(days=9)
    ever.fire(case_id, "take_back", cast.dispatcher, note="回函收到")
    ever.assign(case_id)
    ever.fire(case_id, "regrade", cast.supervisor, level="major", reason="认定为重大", **PLAN)
    ever.start(case_id, **PLAN)
    ever.submit(case_id)
    ever.clock.advance(days=12)
    ever.verify(case_id)
    ever.fire(case_id, "sign_off", cast.leader)
    ever.close(case_id)
    ever.clock.advance(days=30)
    ever.fire(case_id, "reopen", cast.supervisor, reason="回头看发现反弹")
    ever.clock.advance(days=50)

    assert ever.case(case_id).cycle == 2
    assert list(faults(ever, watched=True)) == []


class Replayed(Walk):
    """The walk, its history replayed after every step."""

    @invariant()
    def the_replay_says_the_same(self) -> None:
        """However seldom a sweep looked, promises and breaches are the same."""
        assert list(faults(self.desk, watched=False)) == []


class Watched(Walk):
    """The walk under a sweep that never sleeps."""

    @invariant()
    def the_replay_says_the_same(self) -> None:
        """Rungs and messages too."""
        put_off = self.desk.count(Rung, Rung.attempts > 0)
        assert list(faults(self.desk, watched=not put_off)) == []


def walk(machine: type[Walk], desk: Desk, walks: int) -> None:
    chosen = settings(
        max_examples=walks, stateful_step_count=30, deadline=None, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(lambda: machine(desk), settings=chosen)


@pytest.mark.parametrize(("database", "walks"), [("sqlite", 15), ("postgresql", 5)], indirect=["database"])
def test_whatever_happened_promises_and_breaches_are_replayed(desk: Desk, walks: int) -> None:
    walk(Replayed, desk, walks)


@pytest.mark.parametrize(("database", "walks"), [("sqlite", 15), ("postgresql", 5)], indirect=["database"])
def test_whatever_happened_under_a_sleepless_sweep_is_replayed_to_the_message(desk: Desk, walks: int) -> None:
    walk(Watched, watched(desk), walks)
