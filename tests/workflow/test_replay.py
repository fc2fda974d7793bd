"""A history replayed by the rules it was made by gives the same promises, breaches, rungs and messages again."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from models import Rung
from models.database import read_session
from tests.conftest import SHANGHAI
from tests.desk import PLAN, Desk
from tests.incidentdesk import by_rules_of, incident, report
from tests.replaying import faults, watched
from tests.walking import Walk
from tests.workflow.test_following import moved
from tests.workflow.test_reproject import LONGER, enter
from workflow import directory, eras
from workflow.arithmetic import end_of
from workflow.limits import NotOwed
from workflow.profile import Profile, shipped
from workflow.rows import DeadlineRow
from workflow.simulation import replayed


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


def test_a_notice_entered_meanwhile_moves_what_hung_on_it_in_the_replay_too(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 12, 31, 9, tzinfo=SHANGHAI)
    ever = watched(desk)
    case_id = ever.open()
    ever.clock.advance(hours=1)
    enter(ever, LONGER)
    ever.clock.advance(days=20)

    assert "reproject" in [event.trigger for event in ever.events(case_id)]
    assert list(faults(ever, watched=True)) == []


def test_a_case_that_followed_its_enterprise_tells_whoever_is_near_at_each_instant(ever: Desk) -> None:
    case_id = ever.to("submitted")
    moved(ever, ever.cast.enterprise, ever.cast.other_town)
    ever.clock.advance(days=30)

    assert "relocate" in [event.trigger for event in ever.events(case_id)]
    assert list(faults(ever, watched=True)) == []


def test_what_the_rules_in_force_did_not_owe_is_counted_by_others_from_what_happened(ever: Desk) -> None:
    by_rules_of(ever, "henan")
    case_id = incident(ever, minutes_ago=5)
    ever.clock.advance(minutes=40)
    report(ever, case_id, "phone_report")

    ((late, due_at),) = [(d.breached_at, d.due_at) for d in by_others(ever, "national") if d.name == "phone"]
    assert late == due_at == ever.case(case_id).opened_at + timedelta(minutes=10)
    assert [d for d in by_others(ever, "henan") if d.name == "phone"] == []


def test_a_date_that_somebody_named_stands_where_other_rules_ask_for_nothing(ever: Desk) -> None:
    case_id = ever.open()
    ever.assign(case_id, report_by=date(2026, 3, 20))
    ever.rules = replace(ever.rules, profile=without(ever.rules.profile, "hazard.report"))
    ever.fire(case_id, "reassign", ever.cast.dispatcher, responsible_org_id=ever.cast.enterprise, note="改派")

    assert [d.due_at for d in by_others(ever, "national") if d.name == "report"] == [end_of(date(2026, 3, 20))]
    assert list(faults(ever, watched=True)) == []


def by_others(desk: Desk, place: str) -> list[DeadlineRow]:
    """The promises of all cases, had the rules of that place held."""
    with read_session(desk.engine) as session:
        others = eras.load(session, shipped(place), directory.load(session))
        every = [one.memory.deadlines.values() for one in replayed(session, others, now=desk.clock.now)]
    return [row for rows in every for row in rows]


def without(profile: Profile, limit: str) -> Profile:
    """The profile, that limit not owed."""
    stated = {key: value for key, value in profile.stated.items() if key[0] != limit}
    return replace(profile, stated={**stated, (limit, None): NotOwed("本地不要求")})


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
        self.desk.sweep()
        put_off = self.desk.count(Rung, Rung.attempts > 0)
        assert list(faults(self.desk, watched=not put_off)) == []


def walk(machine: type[Walk], desk: Desk, walks: int) -> None:
    chosen = settings(
        max_examples=walks, stateful_step_count=30, deadline=None, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(lambda: machine(desk), settings=chosen)


@pytest.mark.parametrize(("database", "walks"), [("sqlite", 6), ("postgresql", 2)], indirect=["database"])
def test_whatever_happened_promises_and_breaches_are_replayed(desk: Desk, walks: int) -> None:
    walk(Replayed, desk, walks)


@pytest.mark.parametrize(("database", "walks"), [("sqlite", 6), ("postgresql", 2)], indirect=["database"])
def test_whatever_happened_under_a_sleepless_sweep_is_replayed_to_the_message(desk: Desk, walks: int) -> None:
    walk(Watched, watched(desk), walks)
