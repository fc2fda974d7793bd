"""Watches are planned all or none, without gaps inside, and a watch that has begun is never rewritten."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models.database import read_session, write_session
from tests.desk import Desk
from tests.rosters import DAY, Rota
from workflow import directory
from workflow.coverage import Gap, gaps, on_duty, on_duty_for
from workflow.people import disable_person
from workflow.places import add_organisation
from workflow.refusals import Missing, UnknownOrganisation
from workflow.roster_refusals import NoRosterHere, PlanRefused
from workflow.watches import Watch

HOUR = timedelta(hours=1)


@pytest.fixture
def rota(desk: Desk) -> Rota:
    return Rota(desk.engine, desk.cast, desk.clock, desk.cast.bureau)


def refused(rota: Rota, *watches: Watch, **options: Any) -> list[tuple[str, str]]:
    """What is wrong with the plan, each by field and name, and that nothing of it was kept."""
    before = [(shift.starts_at, shift.officer_id) for shift in rota.shifts()]
    with pytest.raises(PlanRefused) as refusal:
        rota.plan(*watches, **options)
    assert [(shift.starts_at, shift.officer_id) for shift in rota.shifts()] == before
    errors = refusal.value.facts["errors"]
    assert all(error["title"] and error["right"] for error in errors if error["name"] != "UnknownPerson")
    return [(error["field"], error["name"]) for error in errors]


def test_a_plan_says_who_has_the_watch_at_every_instant(rota: Rota) -> None:
    cast = rota.cast
    rota.plan(rota.watch(0, cast.inspector), rota.watch(1, cast.second_inspector))

    with read_session(rota.engine) as session:
        at = [rota.begin - HOUR, rota.begin, rota.begin + DAY - HOUR, rota.begin + DAY, rota.begin + 2 * DAY]
        found = [on_duty(session, cast.bureau, instant) for instant in at]

    one, two = cast.inspector.id, cast.second_inspector.id
    assert [shift and shift.officer_id for shift in found] == [None, one, one, two, None]
    assert [(shift.planned_by, shift.replanned_by) for shift in rota.shifts()] == [(cast.supervisor.id, None)] * 2


def test_every_fault_of_every_watch_is_named_at_once_and_nothing_changes(rota: Rota) -> None:
    cast, unknown = rota.cast, "f" * 32
    rota.plan(rota.watch(0, cast.inspector))
    with write_session(rota.engine) as session:
        disable_person(session, cast.second_inspector.id, now=rota.clock.now)

    found = refused(
        rota,
        rota.watch(0.5, cast.inspector, cast.inspector),
        rota.watch(2, cast.second_inspector),
        rota.watch(3, cast.enterprise_person),
        Watch(rota.begin + 4 * DAY, rota.begin + 5 * DAY, unknown, cast.leader.id),
        rota.watch(5, cast.inspector, days=-1),
        rota.watch(-3, cast.inspector),
        rota.watch(380, cast.inspector, days=8),
    )

    assert found == [
        ("watches.0.leader_id", "OnePersonAtBothPosts"),
        ("watches.0.starts_at", "WatchesOverlap"),
        ("watches.1.officer_id", "UnknownPerson"),
        ("watches.1.starts_at", "GapInPlan"),
        ("watches.2.officer_id", "UnrelatedPerson"),
        ("watches.3.officer_id", "UnknownPerson"),
        ("watches.4.ends_at", "BadWatchLength"),
        ("watches.5.starts_at", "WatchInPast"),
        ("watches.5.starts_at", "GapInPlan"),
        ("watches.6.ends_at", "BadWatchLength"),
        ("watches.6.ends_at", "WatchTooFarAhead"),
        ("watches.6.starts_at", "GapInPlan"),
    ]


def test_a_gap_inside_a_plan_is_refused_and_one_at_its_edge_is_shown(rota: Rota) -> None:
    cast = rota.cast
    first, third, fourth = (rota.watch(n, cast.inspector) for n in (0, 2, 3))

    assert refused(rota, first, third) == [("watches.1.starts_at", "GapInPlan")]
    rota.plan(first)
    rota.plan(third, fourth)

    with read_session(rota.engine) as session:
        found = gaps(session, cast.bureau, rota.begin - HOUR, rota.begin + 5 * DAY)
    edges = ((rota.begin - HOUR, rota.begin), (rota.begin + DAY, rota.begin + 2 * DAY))
    assert found == (*(Gap(*edge) for edge in edges), Gap(rota.begin + 4 * DAY, rota.begin + 5 * DAY))


def test_what_stands_on_the_roster_fills_the_gap_of_a_plan(rota: Rota) -> None:
    first, second, third = (rota.watch(n, rota.cast.inspector) for n in range(3))
    rota.plan(second)

    rota.plan(first, third)

    assert len(rota.shifts()) == 3


def test_planning_a_watch_anew_changes_its_people_and_keeps_who_planned_it(rota: Rota) -> None:
    cast = rota.cast
    before = rota.plan(rota.watch(0, cast.inspector))
    later = rota.clock.advance(hours=1)

    after = rota.plan(rota.watch(0, cast.second_inspector), by=cast.duty_officer)

    (shift,) = rota.shifts()
    assert before == after
    assert shift.officer_id == cast.second_inspector.id
    assert (shift.planned_by, shift.replanned_by, shift.replanned_at) == (
        cast.supervisor.id,
        cast.duty_officer.id,
        later,
    )


def test_watches_may_be_named_in_any_order(rota: Rota) -> None:
    planned = rota.plan(*(rota.watch(n, rota.cast.inspector) for n in (2, 0, 1)))

    assert planned == tuple(shift.id for shift in rota.shifts())


def test_the_same_plan_again_changes_nothing(rota: Rota) -> None:
    watches = [rota.watch(n, rota.cast.inspector) for n in range(2)]
    first = rota.plan(*watches)
    rota.clock.now = rota.begin + HOUR

    assert rota.plan(*watches) == first
    assert [shift.replanned_at for shift in rota.shifts()] == [None, None]


@pytest.mark.parametrize("change", [{"officer": "second_inspector"}, {"days": 2}])
def test_a_watch_that_has_begun_is_never_rewritten(rota: Rota, change: dict[str, Any]) -> None:
    rota.plan(rota.watch(0, rota.cast.inspector))
    rota.clock.now = rota.begin

    officer = getattr(rota.cast, change.get("officer", "inspector"))
    found = refused(rota, rota.watch(0, officer, days=change.get("days", 1)))

    assert found == [("watches.0.starts_at", "WatchBegun")]


def test_a_watch_may_be_cut_in_two_but_not_run_into_the_next(rota: Rota) -> None:
    cast = rota.cast
    rota.plan(rota.watch(0, cast.inspector), rota.watch(1, cast.inspector))

    rota.plan(rota.watch(0, cast.inspector, days=0.5), rota.watch(0.5, cast.second_inspector, days=0.5))

    assert len(rota.shifts()) == 3
    assert refused(rota, rota.watch(0.5, cast.inspector, days=1)) == [("watches.0.starts_at", "WatchesOverlap")]


def test_a_short_watch_inside_a_long_one_hides_neither_overlap(rota: Rota) -> None:
    officer = rota.cast.inspector

    found = refused(rota, rota.watch(0, officer, days=3), rota.watch(0.5, officer), rota.watch(2, officer))

    assert found == [("watches.1.starts_at", "WatchesOverlap"), ("watches.2.starts_at", "WatchesOverlap")]


def test_a_watch_may_begin_in_this_very_minute(rota: Rota) -> None:
    rota.clock.now = rota.begin + timedelta(seconds=40)

    rota.plan(rota.watch(0, rota.cast.inspector))

    assert len(rota.shifts()) == 1


@pytest.mark.parametrize(
    ("keeper", "officer", "fits"),
    [
        ("bureau", "town_inspector", True),
        ("bureau", "fire_inspector", True),
        ("town", "inspector", True),
        ("village", "town_inspector", True),
        ("district", "town_inspector", True),
        ("other_town", "town_inspector", False),
        ("other_village", "town_inspector", False),
        ("town", "enterprise_person", False),
    ],
)
def test_people_come_from_the_same_branch_of_the_tree(rota: Rota, keeper: str, officer: str, fits: bool) -> None:
    org_id, watch = getattr(rota.cast, keeper), rota.watch(0, getattr(rota.cast, officer))

    if fits:
        assert rota.plan(watch, org_id=org_id)
    else:
        assert refused(rota, watch, org_id=org_id) == [("watches.0.officer_id", "UnrelatedPerson")]


def test_only_places_and_departments_keep_a_roster(rota: Rota) -> None:
    cast, watch = rota.cast, rota.watch(0, rota.cast.inspector)
    with write_session(rota.engine) as session:
        agency = add_organisation(
            session, kind="agency", name="某安全服务机构", parent_id=cast.district, now=rota.clock.now
        ).id

    for org_id, refusal in ((cast.enterprise, NoRosterHere), (agency, NoRosterHere), ("0" * 32, UnknownOrganisation)):
        with pytest.raises(refusal):
            rota.plan(watch, org_id=org_id)
    with pytest.raises(Missing):
        rota.plan()


def test_a_place_s_own_watch_goes_before_its_department_s_and_no_town_s_is_its_district_s(rota: Rota) -> None:
    cast, now = rota.cast, rota.clock.now
    with write_session(rota.engine) as session:
        town = add_organisation(session, kind="town", name="新设镇", parent_id=cast.district, now=now).id
        # Ids are in order of time: this department was there before its town.
        office = add_organisation(session, kind="department", name="新设镇应急办", parent_id=town, now=now - DAY).id
    rota.plan(rota.watch(0, cast.inspector, days=2), org_id=office)
    rota.plan(rota.watch(0, cast.second_inspector), org_id=town)

    with read_session(rota.engine) as session:
        asked = [(town, rota.begin), (town, rota.begin + DAY), (cast.district, rota.begin)]
        found = [on_duty_for(session, place, at) for place, at in asked]

    assert [shift and shift.officer_id for shift in found] == [cast.second_inspector.id, cast.inspector.id, None]


def test_every_plan_is_counted_so_that_kept_directories_are_read_anew(rota: Rota) -> None:
    def version() -> int:
        with read_session(rota.engine) as session:
            return directory.version(session)

    before = version()
    rota.plan(rota.watch(0, rota.cast.inspector))

    assert version() > before


def test_two_organisations_may_have_the_same_person_on_watch(rota: Rota) -> None:
    watch = rota.watch(0, rota.cast.town_inspector)

    rota.plan(watch)
    rota.plan(watch, org_id=rota.cast.town)

    assert len(rota.shifts()) == len(rota.shifts(rota.cast.town)) == 1


def test_a_plan_of_years_ahead_would_push_today_out_of_the_directory_and_is_refused(rota: Rota) -> None:
    late = rota.watch(380, rota.cast.inspector)

    assert refused(rota, late) == [("watches.0.ends_at", "WatchTooFarAhead")]
    assert isinstance(late.ends_at, datetime)
