"""Ids: in the order in which they were made, one of a kind, and nobody's guess."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from models.ids import new_id

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_what_one_instant_makes_keeps_its_order() -> None:
    made = [new_id(NOW) for _ in range(1000)]

    assert made == sorted(made)
    assert len(set(made)) == 1000


def test_a_later_instant_comes_later_whatever_was_made_before() -> None:
    later = new_id(NOW + timedelta(milliseconds=1))

    assert new_id(NOW) < later


def test_an_id_is_a_uuid_of_version_7_whose_end_is_drawn_by_lot() -> None:
    made = [UUID(new_id(NOW)) for _ in range(1000)]

    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    assert {one.int >> 80 for one in made} == {int(NOW.timestamp() * 1000)}
    assert len({one.int & 0xFFFFFFFFFFFF for one in made}) == 1000
