"""The tree keeps its shape whoever plants in it."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, func, select

from models import DirectoryVersion, Organisation
from models.database import write_session
from tests.people import CREDIT_CODE, populate
from workflow import places
from workflow.refusals import Missing, Refusal, UnknownOrganisation

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")


def levels(node: Organisation) -> tuple[str | None, ...]:
    return node.district_id, node.town_id, node.village_id


def test_an_enterprise_stands_where_its_village_stands(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        shop = session.get_one(Organisation, cast.village_enterprise)
        assert levels(shop) == (cast.district, cast.town, cast.village)
        assert levels(session.get_one(Organisation, cast.district)) == (cast.district, None, None)
        assert levels(session.get_one(Organisation, cast.bureau)) == (cast.district, None, None)


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("town", "town"), ("village", "district"), ("enterprise", "enterprise"), ("district", "town"), ("town", None)],
)
def test_nothing_grows_where_it_does_not_belong(database: Engine, kind: str, parent: str | None) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        with pytest.raises(places.MisplacedOrganisation) as refusal:
            above = getattr(cast, parent) if parent else None
            places.add_organisation(session, kind=kind, name="某处", parent_id=above, now=NOW)
        assert refusal.value.right


@pytest.mark.parametrize(
    ("refused", "asked"),
    [
        (places.DuplicateOrganisation, {"kind": "town", "name": " 城关镇\u200b"}),
        (places.CodeTaken, {"kind": "town", "name": "新镇", "code": "330199100"}),
        (places.CodeTaken, {"kind": "enterprise", "name": "新公司", "credit_code": CREDIT_CODE.lower()}),
        (places.OnlyEnterprisesHaveCreditCodes, {"kind": "town", "name": "新镇", "credit_code": CREDIT_CODE}),
        (places.BadRiskColour, {"kind": "enterprise", "name": "新公司", "risk_colour": "紫"}),
        (places.MisplacedOrganisation, {"kind": "castle", "name": "城堡"}),
        (Missing, {"kind": "town", "name": " "}),
    ],
)
def test_every_refusal_has_its_name_and_adds_nothing(
    database: Engine, refused: type[Refusal], asked: dict[str, str]
) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        count = select(func.count()).select_from(Organisation)
        before = session.scalar(count)
        with pytest.raises(refused) as refusal:
            places.add_organisation(session, parent_id=cast.district, now=NOW, **asked)
        assert refusal.value.field
        assert session.scalar(count) == before


def test_an_unknown_parent_is_named(database: Engine) -> None:
    with write_session(database) as session, pytest.raises(UnknownOrganisation):
        places.add_organisation(session, kind="town", name="城关镇", parent_id="nowhere", now=NOW)


def test_above_a_village_stand_its_town_then_its_district(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        above = [node.id for node in places.ancestors(session, cast.village_enterprise)]
        assert above == [cast.village, cast.town, cast.district]
        assert places.ancestors(session, cast.district) == ()


def test_what_imports_plant_is_marked_once_until_somebody_looks(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        branch = places.unconfirmed_branch(session, cast.district, NOW)
        assert places.unconfirmed_branch(session, cast.district, NOW).id == branch.id
        assert (branch.kind, branch.name, branch.unconfirmed) == ("town", "待确认", True)
        assert levels(branch) == (cast.district, branch.id, None)
        assert places.confirm(session, branch.id).unconfirmed is False


def test_a_new_town_makes_every_process_read_its_directory_anew(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        before = session.scalar(select(DirectoryVersion.version)) or 0
        places.add_organisation(session, kind="town", name="新镇", parent_id=cast.district, now=NOW)
        assert (session.scalar(select(DirectoryVersion.version)) or 0) > before
