from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.arithmetic import SHANGHAI, Due, NaiveInstant, due, end_of, last_day, resume, segments, shift
from workflow.calendar import statutory, with_notice
from workflow.limits import Limit, Unit

CALENDAR = statutory()
DAYS = (Unit.NATURAL_DAY, Unit.WORKING_DAY)
N, W, H, MIN = Unit.NATURAL_DAY, Unit.WORKING_DAY, Unit.HOUR, Unit.MINUTE

dates = st.dates(date(1990, 1, 1), date(2100, 12, 31))
instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC))
units = st.sampled_from(Unit)
counted_units = st.sampled_from([unit for unit in Unit if unit is not Unit.CLOCK_TIME])
day_units = st.sampled_from(DAYS)
amounts = st.integers(1, 120)


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def limit(amount: int, unit: Unit, *, rolls: bool = False) -> Limit:
    return daily(time(8), time(17)) if unit is Unit.CLOCK_TIME else Limit(amount, unit, "测试", rolls=rolls)


def daily(*moments: time) -> Limit:
    return Limit(1, Unit.CLOCK_TIME, "测试", at=moments)


def next_time(anchor: datetime, *moments: time) -> datetime:
    return due(anchor, daily(*moments), CALENDAR).at


def last(anchor: datetime, amount: int, unit: Unit, *, rolls: bool = False) -> date:
    return last_day(due(anchor, limit(amount, unit, rolls=rolls), CALENDAR).at)


def test_by_25_november_means_all_of_that_day():
    assert end_of(date(2025, 11, 25)) == at(2025, 11, 26, 0)
    assert end_of(date(2025, 11, 25)).tzinfo is UTC
    assert last_day(end_of(date(2025, 11, 25))) == date(2025, 11, 25)
    assert last_day(end_of(date(2025, 11, 25)) - timedelta(microseconds=1)) == date(2025, 11, 25)


def test_the_day_of_the_anchor_does_not_count_however_late_in_it():
    assert last(at(2026, 3, 2, 0), 30, N) == last(at(2026, 3, 2, 23, 59), 30, N) == date(2026, 4, 1)


def test_an_anchor_belongs_to_its_day_in_shanghai_not_in_london():
    assert last(datetime(2026, 3, 2, 16, tzinfo=UTC), 1, N) == date(2026, 3, 4)


def test_natural_days_cross_a_leap_day_and_a_years_end():
    assert last(at(2028, 2, 28), 1, N) == date(2028, 2, 29)
    assert last(at(2028, 2, 29), 365, N) == date(2029, 2, 28)
    assert last(at(2025, 12, 15), 30, N) == date(2026, 1, 14)


def test_working_days_skip_the_festival_and_count_its_make_up_days():
    assert last(at(2026, 2, 13), 1, W) == date(2026, 2, 14)
    assert last(at(2026, 2, 13), 2, W) == date(2026, 2, 24)
    assert last(at(2025, 9, 30), 3, W) == date(2025, 10, 11)


def test_a_last_natural_day_off_rolls_only_where_the_profile_says_so():
    assert last(at(2026, 9, 1), 30, N, rolls=True) == date(2026, 10, 8)
    assert last(at(2026, 9, 1), 30, N) == date(2026, 10, 1)
    assert last(at(2026, 9, 1), 29, N, rolls=True) == date(2026, 9, 30)
    assert last(at(2026, 9, 10), 10, N, rolls=True) == date(2026, 9, 20)


def test_no_unit_is_so_many_of_another():
    # A Friday afternoon; the Sunday is worked for Mid-Autumn, which begins on the Friday after.
    friday = at(2026, 9, 18, 16)
    a_day = [due(friday, limit(n, unit), CALENDAR).at for n, unit in ((1, N), (24, H), (1, W))]
    a_week = [due(friday, limit(n, unit), CALENDAR).at for n, unit in ((7, N), (168, H), (5, W))]
    assert a_day == [at(2026, 9, 20, 0), at(2026, 9, 19, 16), at(2026, 9, 21, 0)]
    assert a_week == [at(2026, 9, 26, 0), at(2026, 9, 25, 16), at(2026, 9, 25, 0)]


def test_minutes_and_hours_run_through_the_night_and_the_festival():
    anchor = at(2026, 10, 1, 23, 50)
    assert due(anchor, limit(15, MIN), CALENDAR) == Due(at(2026, 10, 2, 0, 5), provisional=False)
    assert due(anchor, limit(2, H), CALENDAR) == Due(at(2026, 10, 2, 1, 50), provisional=False)


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        (at(2026, 3, 2, 7, 59), at(2026, 3, 2, 8)),
        (at(2026, 3, 2, 8), at(2026, 3, 2, 17)),
        (at(2026, 3, 2, 17), at(2026, 3, 3, 8)),
        (at(2026, 3, 2, 23, 59), at(2026, 3, 3, 8)),
        (at(2026, 3, 3, 0), at(2026, 3, 3, 8)),
        (at(2028, 2, 28, 20), at(2028, 2, 29, 8)),
        (at(2026, 10, 31, 17), at(2026, 11, 1, 8)),
        (at(2026, 12, 31, 20), at(2027, 1, 1, 8)),
        (datetime(2026, 3, 2, 16, tzinfo=UTC), at(2026, 3, 3, 8)),
    ],
)
def test_a_daily_time_is_the_next_one_on_the_list_over_midnight_months_and_festivals(anchor, expected):
    for moments in ((time(8), time(17)), (time(17), time(8))):
        assert due(anchor, daily(*moments), CALENDAR) == Due(expected, provisional=False)


def test_a_report_due_daily_at_midnight_ends_the_day():
    assert next_time(at(2026, 3, 2, 9), time()) == end_of(date(2026, 3, 2))
    assert next_time(end_of(date(2026, 3, 2)), time()) == end_of(date(2026, 3, 3))


def test_eight_oclock_is_eight_oclock_on_the_days_the_clocks_changed():
    for last_evening in (at(1990, 4, 14, 20), at(1990, 9, 15, 20)):
        assert next_time(last_evening, time(8)).astimezone(SHANGHAI).time() == time(8)
    assert next_time(at(1990, 4, 14, 20), time(8)) - at(1990, 4, 14, 20).astimezone(UTC) == timedelta(hours=11)
    assert next_time(at(1990, 9, 15, 20), time(8)) - at(1990, 9, 15, 20).astimezone(UTC) == timedelta(hours=13)


def test_an_hour_that_the_clocks_left_out_falls_due_an_hour_later():
    assert next_time(at(1990, 4, 15, 0), time(2, 30)) == at(1990, 4, 15, 3, 30)
    assert next_time(at(1990, 4, 15, 0), time(2, 30), time(3, 10)) == at(1990, 4, 15, 3, 10)


@pytest.mark.parametrize(
    ("bound", "provisional"),
    [
        (limit(30, N), False),
        (limit(30, N, rolls=True), True),
        (limit(10, W), True),
        (limit(5, N, rolls=True), False),
        (limit(5, W), False),
    ],
)
def test_a_due_date_is_provisional_only_where_an_unproclaimed_notice_could_move_it(bound, provisional):
    assert due(at(2026, 12, 20), bound, CALENDAR).provisional is provisional


def test_a_roll_over_the_years_end_into_an_unknown_year_is_provisional():
    assert due(at(2022, 12, 29), limit(2, N, rolls=True), statutory(2022)) == Due(at(2023, 1, 4, 0), provisional=True)


def test_entering_the_notice_settles_a_provisional_date():
    off = {date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦调休"}
    known = with_notice(
        CALENDAR, year=2027, off=off, working={date(2027, 1, 9): "补元旦"}, document="国办发明电〔2026〕1号"
    )
    before, after = (due(at(2026, 12, 30), limit(2, W), calendar) for calendar in (CALENDAR, known))
    assert before == Due(at(2027, 1, 5, 0), provisional=True)
    assert after == Due(at(2027, 1, 6, 0), provisional=False)


@pytest.mark.parametrize(
    "ask",
    [
        lambda naive: due(naive, limit(1, N), CALENDAR),
        lambda naive: last_day(naive),
        lambda naive: shift(naive, 1, H, CALENDAR),
        lambda naive: resume(end_of(date(2026, 3, 2)), naive, at(2026, 3, 2), N, CALENDAR),
        lambda naive: segments(naive, end_of(date(2026, 3, 2)), N, CALENDAR),
    ],
)
def test_an_instant_without_a_zone_is_refused_everywhere(ask):
    with pytest.raises(NaiveInstant):
        ask(datetime(2026, 3, 2, 9))


def test_a_rung_stands_whole_days_from_the_promise_at_the_same_time_of_day():
    due_at = end_of(date(2026, 3, 31))
    assert shift(due_at, -3, N, CALENDAR) == end_of(date(2026, 3, 28))
    assert shift(due_at, 15, N, CALENDAR) == end_of(date(2026, 4, 15))
    assert shift(at(2026, 3, 6, 10), 1, W, CALENDAR) == at(2026, 3, 9, 10)
    assert shift(at(2026, 3, 9, 10), -1, W, CALENDAR) == at(2026, 3, 6, 10)
    assert shift(at(2026, 3, 6, 10), -36, H, CALENDAR) == at(2026, 3, 4, 22)


def test_a_clock_time_comes_round_once_a_day():
    assert shift(at(2026, 3, 6, 17), 2, Unit.CLOCK_TIME, CALENDAR) == at(2026, 3, 8, 17)
    assert shift(at(2026, 3, 1, 8), -1, Unit.CLOCK_TIME, CALENDAR) == at(2026, 2, 28, 8)


def test_one_working_day_after_a_friday_has_ended_is_when_monday_has_ended():
    friday = end_of(date(2026, 3, 6))
    assert shift(friday, 1, W, CALENDAR) == end_of(date(2026, 3, 9))
    assert shift(friday, -1, W, CALENDAR) == end_of(date(2026, 3, 5))
    assert shift(end_of(date(2026, 3, 8)), -1, W, CALENDAR) == friday


def test_summer_time_of_1990_moves_no_day():
    assert due(at(1990, 4, 10), limit(10, N), CALENDAR).at == at(1990, 4, 21, 0)
    assert shift(at(1990, 4, 10, 8), 10, N, CALENDAR) == at(1990, 4, 20, 8)
    assert at(1990, 4, 20, 8).utcoffset() != at(1990, 4, 10, 8).utcoffset()


def test_hours_are_hours_even_in_the_night_the_clocks_went_forward():
    evening, morning = at(1990, 4, 14, 23), at(1990, 4, 15, 6)
    assert due(evening, limit(6, H), CALENDAR).at == morning
    assert shift(evening, 6, H, CALENDAR) == morning
    assert resume(evening, at(1990, 4, 14, 22), at(1990, 4, 15, 4), H, CALENDAR) == at(1990, 4, 15, 5)


@pytest.mark.parametrize("unit", Unit)
def test_whatever_zone_comes_in_utc_goes_out(unit):
    anchor, due_at = at(2026, 3, 2), end_of(date(2026, 3, 9)).astimezone(SHANGHAI)
    assert due(anchor, limit(3, unit), CALENDAR).at.tzinfo is UTC
    assert shift(due_at, 0, unit, CALENDAR).tzinfo is UTC
    assert resume(due_at, anchor, at(2026, 3, 4), unit, CALENDAR).tzinfo is UTC


def test_a_pause_gives_back_the_days_it_took_and_no_weekend():
    friday = end_of(date(2026, 3, 13))
    assert resume(friday, at(2026, 3, 10), at(2026, 3, 12), W, CALENDAR) == end_of(date(2026, 3, 17))
    assert resume(friday, at(2026, 3, 10), at(2026, 3, 12), N, CALENDAR) == end_of(date(2026, 3, 15))
    assert resume(friday, at(2026, 3, 7), at(2026, 3, 9), W, CALENDAR) == friday
    assert resume(friday, at(2026, 3, 13), at(2026, 3, 15), W, CALENDAR) == end_of(date(2026, 3, 16))
    assert resume(at(2026, 3, 6, 10), at(2026, 3, 6, 9), at(2026, 3, 6, 9, 20), MIN, CALENDAR) == at(2026, 3, 6, 10, 20)


def test_a_pause_moves_a_daily_report_by_the_time_it_took_even_at_night():
    morning = at(2026, 3, 7, 8)
    assert resume(morning, at(2026, 3, 7, 1), at(2026, 3, 7, 3, 30), Unit.CLOCK_TIME, CALENDAR) == at(
        2026, 3, 7, 10, 30
    )


def test_no_pause_rescues_a_promise_that_is_already_late():
    due_at = end_of(date(2026, 3, 13))
    for unit in Unit:
        assert resume(due_at, due_at, due_at + timedelta(days=9), unit, CALENDAR) == due_at


def test_a_clock_that_stepped_back_takes_nothing_away():
    due_at = end_of(date(2026, 3, 13))
    for unit in Unit:
        assert resume(due_at, at(2026, 3, 10), at(2026, 3, 3), unit, CALENDAR) == due_at


def test_the_working_shows_every_run_of_days_and_why():
    anchor = at(2026, 9, 30)
    shown = segments(anchor, due(anchor, limit(4, W), CALENDAR).at, W, CALENDAR)
    assert [(each.start.isoformat(), each.days, each.counted) for each in shown] == [
        ("2026-09-30", 1, False),
        ("2026-10-01", 7, False),
        ("2026-10-08", 2, True),
        ("2026-10-10", 1, True),
        ("2026-10-11", 1, False),
        ("2026-10-12", 1, True),
    ]
    assert shown[0].why == "起算当日不计"
    assert shown[1].why.startswith("国庆节、周日")
    assert [each.why for each in shown[2:]] == ["工作日", "调休补班", "周日", "工作日"]


def test_the_working_of_natural_days_shows_the_days_it_rolled_over():
    anchor = at(2026, 9, 1)
    rolled = segments(anchor, due(anchor, limit(30, N, rolls=True), CALENDAR).at, N, CALENDAR, amount=30)
    assert [(each.days, each.counted) for each in rolled] == [(1, False), (30, True), (7, False)]
    assert rolled[-1].why == "期末逢休息日顺延"


def test_the_working_of_minutes_is_one_segment():
    anchor = at(2026, 10, 1, 23, 50)
    (only,) = segments(anchor, due(anchor, limit(30, MIN), CALENDAR).at, MIN, CALENDAR)
    assert (only.start, only.end, only.counted, only.days) == (date(2026, 10, 1), date(2026, 10, 2), True, 2)


def test_the_working_of_a_daily_report_is_one_segment_and_says_so():
    anchor = at(2026, 10, 1, 23, 50)
    (only,) = segments(anchor, next_time(anchor, time(8)), Unit.CLOCK_TIME, CALENDAR)
    assert (only.start, only.end, only.counted, only.days) == (date(2026, 10, 1), date(2026, 10, 2), True, 2)
    assert "规定时刻" in only.why


def test_the_working_of_a_promise_due_on_its_own_day_counts_nothing():
    (only,) = segments(at(2026, 3, 2), end_of(date(2026, 3, 2)), N, CALENDAR)
    assert (only.counted, only.days) == (False, 1)


@given(dates)
def test_a_day_and_its_end_belong_together(day):
    assert last_day(end_of(day)) == day
    assert end_of(day).astimezone(SHANGHAI).timetz().replace(tzinfo=None) == time()


@given(instants, amounts)
def test_natural_days_are_counted_on_dates(anchor, amount):
    assert last(anchor, amount, N) - anchor.astimezone(SHANGHAI).date() == timedelta(days=amount)


@given(instants, amounts)
def test_as_many_working_days_lie_between_as_the_limit_says_and_the_last_is_one(anchor, amount):
    end, first = last(anchor, amount, W), anchor.astimezone(SHANGHAI).date()
    between = (first + timedelta(days=n) for n in range(1, (end - first).days + 1))
    assert sum(map(CALENDAR.is_working, between)) == amount
    assert CALENDAR.is_working(end)


@given(instants, amounts, counted_units)
def test_a_longer_limit_never_falls_due_earlier(anchor, amount, unit):
    assert due(anchor, limit(amount, unit), CALENDAR).at < due(anchor, limit(amount + 1, unit), CALENDAR).at


@given(instants, instants, amounts, units)
def test_a_later_anchor_never_falls_due_earlier(one, other, amount, unit):
    first, second = sorted((one, other))
    assert due(first, limit(amount, unit), CALENDAR).at <= due(second, limit(amount, unit), CALENDAR).at


moments = st.lists(st.times(), min_size=1, max_size=4)
since_summer_time = st.datetimes(datetime(1992, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC))


@given(since_summer_time, moments)
def test_between_the_anchor_and_the_daily_time_lies_no_other_of_the_list(anchor, listed):
    found = next_time(anchor, *listed)
    assert found > anchor
    assert found.astimezone(SHANGHAI).time() in listed
    assert not any(anchor < next_time(anchor, moment) < found for moment in listed)
    assert found - anchor <= timedelta(days=1)


@given(instants, moments)
def test_a_daily_time_comes_within_a_day_even_in_summer_time(anchor, listed):
    assert timedelta() < next_time(anchor, *listed) - anchor <= timedelta(days=1, hours=1)


@given(dates, amounts, day_units)
def test_what_is_shifted_there_and_back_stands_where_it_stood(day, amount, unit):
    start = shift(end_of(day), 1, W, CALENDAR)
    assert shift(shift(start, amount, unit, CALENDAR), -amount, unit, CALENDAR) == start


@given(instants, units)
def test_no_shift_at_all_changes_nothing(instant, unit):
    assert shift(instant, 0, unit, CALENDAR) == instant


@given(dates, st.times(time(3), time(23, 59)), st.integers(-60, 60), day_units)
def test_whole_days_keep_the_time_of_day(day, moment, amount, unit):
    instant = datetime.combine(day, moment, SHANGHAI)
    assert shift(instant, amount, unit, CALENDAR).astimezone(SHANGHAI).time() == moment


pauses = st.lists(st.timedeltas(timedelta(), timedelta(days=40)), min_size=3, max_size=6)


@given(instants, amounts, units, pauses)
def test_pauses_on_end_add_what_one_long_pause_adds_and_nothing_falls_due_before_it_resumes(
    anchor, amount, unit, steps
):
    due_at = due(anchor, limit(amount, unit), CALENDAR).at
    marks = [anchor + sum(steps[: n + 1], timedelta()) for n in range(len(steps))]
    moved = due_at
    for paused_at, resumed_at in pairwise(marks):
        after = resume(moved, paused_at, resumed_at, unit, CALENDAR)
        assert after >= moved
        assert after > resumed_at or paused_at >= moved
        moved = after
    assert moved == resume(due_at, marks[0], marks[-1], unit, CALENDAR)


@given(instants, instants, units)
def test_a_pause_ended_when_it_began_changes_nothing(due_at, paused_at, unit):
    assert resume(due_at, paused_at, paused_at, unit, CALENDAR) == due_at


@given(instants, amounts, day_units)
def test_the_working_adds_up_to_the_limit_and_leaves_no_day_out(anchor, amount, unit):
    shown = segments(anchor, due(anchor, limit(amount, unit), CALENDAR).at, unit, CALENDAR)
    assert sum(each.days for each in shown if each.counted) == amount
    assert all(after.start - before.end == timedelta(days=1) for before, after in pairwise(shown))
    assert all((each.end - each.start).days + 1 == each.days and each.why for each in shown)
