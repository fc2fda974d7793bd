"""A node that moves takes along what stands below it."""

import pytest

from models import Organisation
from models.database import read_session, write_session
from tests.desk import Desk
from workflow.places import DuplicateOrganisation, MisplacedOrganisation, add_organisation
from workflow.refusals import Refusal, UnknownOrganisation
from workflow.relocation import move


def moved(desk: Desk, organisation_id: str, parent_id: str) -> None:
    with write_session(desk.engine) as session:
        move(session, desk.rules, organisation_id, parent_id=parent_id, actor=desk.cast.admin, now=desk.clock.now)


def levels(desk: Desk, organisation_id: str) -> tuple[str | None, ...]:
    with read_session(desk.engine) as session:
        node = session.get_one(Organisation, organisation_id)
        return node.district_id, node.town_id, node.village_id


def test_a_village_that_moves_takes_its_enterprises_along(desk: Desk) -> None:
    cast = desk.cast

    moved(desk, cast.village, cast.other_town)

    assert levels(desk, cast.village) == (cast.district, cast.other_town, cast.village)
    assert levels(desk, cast.village_enterprise) == (cast.district, cast.other_town, cast.village)
    assert levels(desk, cast.enterprise) == (cast.district, cast.town, None)


def test_an_enterprise_that_moves_leaves_its_village(desk: Desk) -> None:
    cast = desk.cast

    moved(desk, cast.village_enterprise, cast.other_town)

    assert levels(desk, cast.village_enterprise) == (cast.district, cast.other_town, None)


def test_what_may_not_stand_there_stays_where_it_is(desk: Desk) -> None:
    cast = desk.cast
    with write_session(desk.engine) as session:
        add_organisation(session, kind="village", name="东街村", parent_id=cast.other_town, now=desk.clock.now)
    refusals: tuple[tuple[str, str, type[Refusal]], ...] = (
        (cast.town, cast.village, MisplacedOrganisation),
        (cast.village, cast.other_town, DuplicateOrganisation),
        (cast.village, "nowhere", UnknownOrganisation),
        ("nothing", cast.town, UnknownOrganisation),
    )
    for node, parent, refused in refusals:
        with pytest.raises(refused):
            moved(desk, node, parent)

    assert levels(desk, cast.village) == (cast.district, cast.town, cast.village)
