"""Who sees what: one table of ways, and the query and the single check never disagree."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import Case
from models.database import read_session, write_session
from tests.desk import Desk
from workflow.actor import Actor, Held
from workflow.load import read_cases
from workflow.opening import NewHazard, open_cases
from workflow.roles import Role
from workflow.visible import SEEING, sees, visible_to


def found(desk: Desk, actor: Actor) -> set[str]:
    with read_session(desk.engine) as session:
        return set(session.scalars(select(Case.id).where(visible_to(actor))))


def seen(desk: Desk, actor: Actor, ids: Sequence[str]) -> set[str]:
    with read_session(desk.engine) as session:
        return {case.id for case in read_cases(session, ids).values() if sees(actor, case)}


def opened(desk: Desk, by: Actor, **where: Any) -> str:
    hazard = NewHazard(description="灭火器失效", district_id=desk.cast.district, found_at=desk.clock.now, **where)
    with write_session(desk.engine) as session:
        return open_cases(session, desk.rules, [hazard], actor=by, now=desk.clock.now)[0].after.id


@pytest.fixture
def cases(desk: Desk) -> dict[str, str]:
    """One case in each kind of place."""
    cast = desk.cast
    return {
        "town": opened(desk, cast.inspector, town_id=cast.town, enterprise_id=cast.enterprise),
        "village": opened(desk, cast.inspector, town_id=cast.town, village_id=cast.village, sector="消防"),
        "other": opened(desk, cast.inspector, town_id=cast.other_town, enterprise_id=cast.other_enterprise),
        "district": opened(desk, cast.supervisor),
        "fire": opened(desk, cast.inspector, town_id=cast.other_town, lead_org_id=cast.fire_department, sector="消防"),
    }


def names(cases: dict[str, str], ids: set[str]) -> set[str]:
    return {name for name, id in cases.items() if id in ids}


@pytest.mark.parametrize(
    ("who", "sight"),
    [
        ("inspector", {"town", "village", "other", "district", "fire"}),
        ("leader", {"town", "village", "other", "district", "fire"}),
        ("duty_officer", {"town", "village", "other", "district", "fire"}),
        ("town_inspector", {"town", "village"}),
        ("fire_inspector", {"fire"}),
        ("enterprise_person", {"town"}),
        ("other_enterprise_person", {"other"}),
        ("admin", set()),
    ],
)
def test_everybody_sees_their_place_their_unit_and_no_more(
    desk: Desk, cases: dict[str, str], who: str, sight: set[str]
) -> None:
    actor = getattr(desk.cast, who)

    assert names(cases, found(desk, actor)) == sight
    assert names(cases, seen(desk, actor, list(cases.values()))) == sight


def test_a_role_for_one_sector_sees_that_sector(desk: Desk, cases: dict[str, str]) -> None:
    held = Held(Role.INSPECTOR, desk.cast.district, "消防")

    assert names(cases, found(desk, Actor("new", "新", "nowhere", (held,)))) == {"village", "fire"}


def test_who_found_it_goes_on_seeing_it_without_any_role(desk: Desk, cases: dict[str, str]) -> None:
    retired = replace(desk.cast.supervisor, held=(), org_id="nowhere")

    assert names(cases, found(desk, retired)) == {"district"}


def test_a_unit_sees_a_case_while_it_is_responsible(desk: Desk) -> None:
    case_id = desk.open()
    other = desk.cast.other_enterprise_person
    assert found(desk, other) == set()
    desk.assign(case_id, responsible_org_id=desk.cast.other_enterprise)
    assert found(desk, other) == {case_id}
    desk.fire(case_id, "decline", other, reason="不是我们的")
    assert found(desk, other) == set()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_query_and_the_check_never_disagree(desk: Desk, cases: dict[str, str], data: st.DataObject) -> None:
    cast = desk.cast
    nodes = st.sampled_from([cast.district, cast.town, cast.other_town, cast.village, cast.fire_department, "none"])
    sectors = st.sampled_from([None, "消防", "危化品"])
    held = st.builds(Held, st.sampled_from(list(Role)), nodes, sectors)
    units = st.sampled_from([cast.enterprise, cast.other_enterprise, cast.bureau, "none"])
    ids = st.sampled_from([cast.inspector.id, cast.supervisor.id, "none"])
    actor = data.draw(st.builds(Actor, ids, st.just("某"), units, st.lists(held, max_size=4).map(tuple)))

    assert found(desk, actor) == seen(desk, actor, list(cases.values()))


def test_an_administrator_keeps_the_house_and_reads_no_case() -> None:
    assert Role.ADMINISTRATOR not in SEEING
