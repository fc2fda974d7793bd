"""Instants keep their moment through both databases, and sort as text as they do in time."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from models.database import write_session
from models.instant import Instant, NaiveInstant, decode, encode, iso

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31), timezones=ZONES)

things = Table("thing", MetaData(), Column("seen_at", Instant))


@given(MOMENTS)
def test_text_gives_back_the_same_moment(moment: datetime) -> None:
    assert decode(encode(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_text_sorts_as_time_does_whatever_the_zones(one: datetime, other: datetime) -> None:
    assert (encode(one) < encode(other)) == (one < other)


def test_a_moment_comes_back_in_utc_and_is_found_by_another_zone(empty_database: Engine) -> None:
    nine = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    things.create(empty_database)

    with write_session(empty_database) as session:
        session.execute(insert(things).values(seen_at=nine))
        found = session.scalars(select(things.c.seen_at).where(things.c.seen_at >= nine)).one()

    assert (found, found.tzinfo) == (nine, UTC)


def test_a_datetime_without_a_zone_never_gets_in(empty_database: Engine) -> None:
    things.create(empty_database)

    with pytest.raises(StatementError) as refused, write_session(empty_database) as session:
        session.execute(insert(things).values(seen_at=datetime(2026, 3, 2, 9)))

    assert isinstance(refused.value.orig, NaiveInstant)


def test_the_two_hours_of_one_name_when_summer_time_ended_stay_two() -> None:
    first = datetime(1990, 9, 16, 1, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    second = first.replace(fold=1)
    assert first == second  # Python looks at the clock on the wall
    assert (encode(first), encode(second)) == ("1990-09-15 16:30:00.000000", "1990-09-15 17:30:00.000000")
    assert (iso(first), iso(second)) == ("1990-09-15T16:30:00+00:00", "1990-09-15T17:30:00+00:00")
