"""A ledger's words lead to the one place they mean, and to none where they could mean two."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from models.database import write_session
from tests.people import populate
from workflow.gazetteer import find_place, gazetteer
from workflow.places import add_organisation

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("城关镇", "town"),
        ("示范区城关镇", "town"),
        ("示范市示范区 城关镇人民政府", "town"),
        ("城关镇东街村", "village"),
        ("示范区-城关镇-东街村村委会", "village"),
        ("城关镇东街村民委员会", "village"),
        ("东风街道办事处", "other_town"),
        ("东风办事处", "other_town"),
        ("东风街道向阳社区居委会", "other_village"),
        ("城关镇人民路12号", "town"),
        ("示范区", "district"),
        ("城关", "town"),
        ("城关镇新建村", "town"),
    ],
)
def test_the_longest_known_name_wins(database: Engine, text: str, meant: str) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        found = find_place(session, text, cast.district)
        assert found is not None
        assert found.id == getattr(cast, meant)


@pytest.mark.parametrize("text", ["", "外地镇", "示范区外地镇", "南城关镇", "镇", "村", "向", "！！"])
def test_a_place_that_is_not_there_is_not_guessed(database: Engine, text: str) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        assert find_place(session, text, cast.district) is None


def test_of_two_villages_of_one_name_the_town_decides_and_without_it_nobody(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        twin = add_organisation(session, kind="village", name="东街村", parent_id=cast.other_town, now=NOW)
        known = gazetteer(session, cast.district)
        found = known.find("东风街道东街村")
        assert found is not None
        assert found.id == twin.id
        assert known.find("东街村") is None
