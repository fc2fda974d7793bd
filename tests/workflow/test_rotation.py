"""A rotation covers every instant of its days once, and days off have people of their own."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.arithmetic import SHANGHAI
from workflow.calendar import statutory
from workflow.coverage import uncovered
from workflow.roster_refusals import BadRotation
from workflow.rotation import Pair, rotate

CALENDAR = statutory()
A, B, C, D = (Pair(f"officer {name}", f"leader {name}") for name in "ABCD")


@given(
    first=st.dates(date(1980, 1, 1), date(2100, 1, 1)),
    days=st.integers(0, 365),
    ordinary=st.integers(1, 9),
    off=st.integers(0, 4),
    begins_at=st.times(),
)
def test_any_rotation_leaves_no_gap_and_no_overlap(
    first: date, days: int, ordinary: int, off: int, begins_at: time
) -> None:
    last = first + timedelta(days=days)
    lists = [[Pair(f"{kind}{n}", "leader") for n in range(count)] for kind, count in (("o", ordinary), ("h", off))]

    turns = rotate(first, last, lists[0], calendar=CALENDAR, pairs_off=lists[1], begins_at=begins_at)

    watches = [turn.watch for turn in turns]
    assert [turn.day for turn in turns] == [first + timedelta(days=n) for n in range(days + 1)]
    assert all(before.ends_at == after.starts_at for before, after in pairwise(watches))
    assert uncovered(watches, watches[0].starts_at, watches[-1].ends_at) == ()
    assert watches[0].starts_at == datetime.combine(first, begins_at, SHANGHAI)
    assert watches[-1].ends_at == datetime.combine(last + timedelta(days=1), begins_at, SHANGHAI)


@given(first=st.dates(date(2019, 1, 1), date(2026, 12, 1)), days=st.integers(0, 60), ordinary=st.integers(1, 9))
def test_nobody_has_more_ordinary_watches_than_one_above_another(first: date, days: int, ordinary: int) -> None:
    pairs = [Pair(f"o{n}", "leader") for n in range(ordinary)]

    turns = rotate(first, first + timedelta(days=days), pairs, calendar=CALENDAR, pairs_off=[D])

    turn_counts = [sum(turn.watch.officer_id == pair.officer_id for turn in turns) for pair in pairs]
    assert max(turn_counts) - min(turn_counts) <= 1
    assert all((turn.watch.officer_id == D.officer_id) == turn.off for turn in turns)


def test_holidays_take_their_own_people_and_make_up_workdays_the_ordinary_ones() -> None:
    turns = rotate(date(2026, 2, 13), date(2026, 2, 16), [A, B], calendar=CALENDAR, pairs_off=[C, D])

    # 2026-02-14 is a Saturday on which people work for the Spring Festival.
    assert [(turn.off, turn.why, turn.watch.officer_id) for turn in turns] == [
        (False, "", A.officer_id),
        (False, "调休补班", B.officer_id),
        (True, "周日", C.officer_id),
        (True, turns[3].why, D.officer_id),
    ]
    assert "除夕" in turns[3].why or "春节" in turns[3].why


def test_without_people_for_days_off_everybody_takes_turns() -> None:
    turns = rotate(date(2026, 3, 6), date(2026, 3, 9), [A, B, C], calendar=CALENDAR)

    assert [turn.watch.officer_id[-1] for turn in turns] == ["A", "B", "C", "A"]


def test_days_of_a_year_whose_notice_has_not_come_are_marked() -> None:
    known, unknown = (rotate(day, day, [A], calendar=CALENDAR) for day in (date(2026, 12, 1), date(2027, 1, 1)))

    assert [turn.known for turn in (*known, *unknown)] == [True, False]


def test_a_watch_changes_at_half_past_eight_in_shanghai() -> None:
    (turn,) = rotate(date(2026, 3, 3), date(2026, 3, 3), [A], calendar=CALENDAR)

    assert turn.watch.starts_at.isoformat() == "2026-03-03T08:30:00+08:00"
    assert turn.watch.ends_at - turn.watch.starts_at == timedelta(days=1)


@pytest.mark.parametrize(
    ("last", "pairs", "field"),
    [(date(2026, 3, 2), [A], "last"), (date(2027, 3, 4), [A], "last"), (date(2026, 3, 3), [], "pairs")],
)
def test_a_rotation_of_nobody_or_no_days_is_refused(last: date, pairs: list[Pair], field: str) -> None:
    with pytest.raises(BadRotation) as refusal:
        rotate(date(2026, 3, 3), last, pairs, calendar=CALENDAR)
    assert refusal.value.field == field
