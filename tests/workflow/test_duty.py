"""Whoever is on duty is told: the watch of that instant at the nearest place, the next above, else standing roles."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models import Shift, new_id
from models.database import write_session
from tests.people import Cast, populate
from workflow import directory
from workflow.actor import Actor
from workflow.directory import Directory
from workflow.people import actor_of, add_person, disable_person, grant
from workflow.places import add_organisation
from workflow.roles import Role

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Spot:
    """Something that happened somewhere."""

    district_id: str
    town_id: str | None = None
    village_id: str | None = None
    sector: str | None = None
    lead_org_id: str | None = None
    responsible_org_id: str | None = None
    opened_by: str = "nobody"


def watch(
    session: Session,
    org_id: str,
    officer: Actor,
    leader: Actor,
    *,
    starts: datetime = NOW,
    ends: datetime | None = None,
) -> None:
    planned = {"planned_at": NOW, "planned_by": officer.id}
    session.add(
        Shift(
            id=new_id(NOW), org_id=org_id, starts_at=starts, ends_at=ends or starts + DAY,
            officer_id=officer.id, leader_id=leader.id, **planned,
        )
    )  # fmt: skip
    session.flush()


def names(held: Directory, role: Role, spot: Spot, at: datetime = NOW) -> list[str]:
    return [person.name for person in held.recipients(role, spot, at)]


def village_of(cast: Cast) -> Spot:
    return Spot(cast.district, cast.town, cast.village)


def test_whoever_has_the_watch_of_the_nearest_place_is_told_then_the_place_above(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        watch(session, cast.town, cast.town_inspector, cast.leader)
        watch(session, cast.district, cast.inspector, cast.supervisor)
        now = directory.load(session)
    spot = village_of(cast)
    told = {role: names(now, role, spot) for role in (Role.ON_DUTY, Role.DUTY_LEADER, Role.DUTY_ABOVE)}
    assert told == {Role.ON_DUTY: ["孙镇查"], Role.DUTY_LEADER: ["王局长"], Role.DUTY_ABOVE: ["李检查"]}
    assert names(now, Role.ON_DUTY, replace(spot, town_id=cast.other_town, village_id=None)) == ["李检查"]


def test_at_the_minute_of_the_change_the_next_watch_is_told(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        watch(session, cast.town, cast.town_inspector, cast.leader)
        watch(session, cast.town, cast.inspector, cast.leader, starts=NOW + DAY)
        now = directory.load(session)
    last, next_ = NOW + DAY - timedelta(microseconds=1), NOW + DAY
    assert [names(now, Role.ON_DUTY, village_of(cast), at) for at in (last, next_)] == [["孙镇查"], ["李检查"]]


def test_a_bureau_keeps_the_watch_of_its_district_and_the_oldest_department_goes_first(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        # Ids are in order of time.
        younger = add_organisation(
            session, kind="department", name="示范区城管局", parent_id=cast.district, now=NOW + DAY
        ).id
        watch(session, younger, cast.fire_inspector, cast.leader)
        watch(session, cast.bureau, cast.inspector, cast.leader, ends=NOW + timedelta(hours=12))
        now = directory.load(session)
    assert names(now, Role.ON_DUTY, village_of(cast)) == ["李检查"]
    assert names(now, Role.ON_DUTY, village_of(cast), NOW + timedelta(hours=12)) == ["钱消防"]


@pytest.mark.parametrize("at", [NOW - timedelta(minutes=1), NOW + DAY])
def test_where_nobody_has_the_watch_standing_duty_officers_and_leaders_are_told(database: Engine, at: datetime) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        watch(session, cast.town, cast.town_inspector, cast.inspector)
        now = directory.load(session)
    told = {role: names(now, role, village_of(cast), at) for role in (Role.ON_DUTY, Role.DUTY_LEADER, Role.DUTY_ABOVE)}
    assert told == {Role.ON_DUTY: ["冯值班"], Role.DUTY_LEADER: ["王局长"], Role.DUTY_ABOVE: ["冯值班"]}


def test_above_the_last_place_with_a_watch_its_own_standing_officers_are_passed_over(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        grant(session, person_id=cast.town_inspector.id, role=Role.DUTY_OFFICER, org_id=cast.town, now=NOW)
        watch(session, cast.town, cast.inspector, cast.leader)
        now = directory.load(session)
    assert names(now, Role.DUTY_ABOVE, village_of(cast)) == ["冯值班"]


def test_the_watch_of_the_city_is_above_that_of_the_district(database: Engine) -> None:
    with write_session(database) as session:
        city = add_organisation(session, kind="city", name="示范市", parent_id=None, now=NOW).id
        district = add_organisation(session, kind="district", name="另一区", parent_id=city, now=NOW).id
        people = []
        for login, org_id in (("of-city", city), ("of-district", district), ("a-leader", city)):
            person = add_person(session, login=login, name=login, org_id=org_id, now=NOW)
            people.append(actor_of(session, person.id))
        watch(session, city, people[0], people[2])
        watch(session, district, people[1], people[2])
        now = directory.load(session)
    told = [names(now, role, Spot(district)) for role in (Role.ON_DUTY, Role.DUTY_ABOVE)]
    assert told == [["of-district"], ["of-city"]]


def test_a_disabled_officer_has_no_watch(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        watch(session, cast.town, cast.town_inspector, cast.leader)
        watch(session, cast.district, cast.inspector, cast.supervisor)
        disable_person(session, cast.town_inspector.id, now=NOW)
        now = directory.load(session)
    assert names(now, Role.ON_DUTY, village_of(cast)) == ["李检查"]


def test_watches_that_ended_over_a_year_ago_are_not_carried_along(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        for days in (-402, -398, 0):
            watch(session, cast.town, cast.town_inspector, cast.leader, starts=NOW + days * DAY)
        kept = directory.load(session).watches[cast.town]
    assert [kept_watch.starts_at for kept_watch in kept] == [NOW - 398 * DAY, NOW]
