"""Art. 113: three penalties in 180 days or four in a year, counted from whichever of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.closure_counter import Penalised, a_year_after, counter

FIRST = date(2026, 1, 1)
LISTS = st.lists(
    st.builds(
        Penalised,
        st.integers(0, 900).map(lambda days: date(2023, 6, 1) + timedelta(days=days)),
        st.integers(1, 40).map(lambda number: f"示应急罚〔2026〕{number}号"),
    ),
    max_size=12,
)


def days(*after: int, first: date = FIRST) -> list[Penalised]:
    """Penalties so many days after the first day."""
    return [Penalised(first + timedelta(days=n), f"第{i}号") for i, n in enumerate(after)]


def reached(penalties: list[Penalised]) -> list[str]:
    """The labels of the spans that are full."""
    return [window.label for window in counter(penalties).reached]


@pytest.mark.parametrize(
    ("after", "full"),
    [
        ((0, 90, 180), ["180日内3次"]),
        ((0, 90, 181), []),
        ((0, 180), []),
        ((0, 0, 0), ["180日内3次"]),
        ((0, 120, 240, 365), ["1年内4次"]),
        ((0, 120, 240, 366), []),
        ((0, 60, 120, 180), ["180日内3次", "180日内3次", "1年内4次"]),
    ],
)
def test_the_last_day_of_the_span_is_in_and_the_next_is_not(after: tuple[int, ...], full: list[str]) -> None:
    assert reached(days(*after)) == full


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2026, 1, 1), date(2027, 1, 1)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 28)),
        (date(2023, 3, 1), date(2024, 3, 1)),
    ],
)
def test_a_year_ends_on_the_same_day_or_the_last_of_february(day: date, after: date) -> None:
    assert a_year_after(day) == after


def test_a_year_with_a_leap_day_has_one_day_more() -> None:
    assert reached(days(0, 120, 240, 366, first=date(2023, 6, 1))) == ["1年内4次"]
    assert reached(days(0, 120, 240, 367, first=date(2023, 6, 1))) == []


def test_a_window_shows_the_penalties_that_lie_in_it() -> None:
    (window,) = counter(days(0, 100, 150, 190)).reached[:1]
    assert [penalty.document for penalty in window.penalties] == ["第0号", "第1号", "第2号"]
    assert [p.document for p in counter(days(0, 100, 150, 190)).reached[1].penalties] == ["第1号", "第2号", "第3号"]


@given(LISTS, st.randoms(use_true_random=False))
def test_the_order_in_which_penalties_are_entered_is_irrelevant(penalties: list[Penalised], chance: object) -> None:
    shuffled = sorted(penalties, key=lambda _: chance.random())  # type: ignore[attr-defined]  # Hypothesis' Random has no types
    assert counter(shuffled) == counter(penalties)


@given(LISTS, st.integers(0, 12))
def test_one_more_penalty_never_empties_a_window(penalties: list[Penalised], some: int) -> None:
    fewer, all_ = counter(penalties[:some]), counter(penalties)
    assert {window.key for window in fewer.reached} <= {window.key for window in all_.reached}


@given(LISTS)
def test_a_window_is_full_exactly_when_a_slow_count_says_so(penalties: list[Penalised]) -> None:
    known = set(penalties)
    for window in counter(penalties).windows:
        if window.span == "180_days":
            inside = [p for p in known if 0 <= (window.ends_on - p.decided_on).days <= 180]
            assert window.reached == (len(inside) >= 3)
        else:
            inside = [p for p in known if p.decided_on <= window.ends_on <= a_year_after(p.decided_on)]
            assert window.reached == (len(inside) >= 4)
