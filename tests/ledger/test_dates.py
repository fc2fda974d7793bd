"""Days as ledgers write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.dates import EPOCH, Precision, parse_day, parse_past_day
from ledger.refusals import ImpossibleDay

THIRD = date(2023, 9, 3)


@pytest.mark.parametrize(
    "written",
    [
        THIRD,
        datetime(2023, 9, 3, 14, 30),
        45172,
        45172.0,
        "45172",
        "2023.9.3",
        "2023/9/3",
        "2023-09-03",
        "2023-09-03 00:00:00",
        "20230903",
        20230903.0,
        "2023年9月3日前",
        "２０２３．９．３",
        "２０２３年９月３日",
        "二〇二三年九月三日",
        "二○二三年九月三日",
        "2023年九月三日",
        "23.9.3",
        "于 2023 年 9 月 3 日前完成",
        "2023。9。3",
        "2023、9、3",
    ],
)
def test_every_way_of_writing_the_third_of_september_is_that_day(written: object) -> None:
    day = parse_day(written)
    assert (day.first, day.last, day.precision) == (THIRD, THIRD, Precision.DAY)


@given(st.dates(min_value=date(1955, 1, 1), max_value=date(2099, 12, 31)))
def test_a_serial_number_and_its_date_are_one_day(day: date) -> None:
    assert parse_day((day - EPOCH).days).first == day
    assert parse_day(f"{day.year}年{day.month}月{day.day}日前").last == day


@pytest.mark.parametrize(
    ("written", "first", "last", "precision"),
    [
        ("2023-09", date(2023, 9, 1), date(2023, 9, 30), Precision.MONTH),
        ("2024.02", date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH),
        ("2023年12月", date(2023, 12, 1), date(2023, 12, 31), Precision.MONTH),
        ("2023年第三季度", date(2023, 7, 1), date(2023, 9, 30), Precision.MONTH),
        ("2022", date(2022, 1, 1), date(2022, 12, 31), Precision.YEAR),
        (2022.0, date(2022, 1, 1), date(2022, 12, 31), Precision.YEAR),
        ("2023年底前", date(2023, 1, 1), date(2023, 12, 31), Precision.YEAR),
        ("2017-09-11/2017-09-13", date(2017, 9, 11), date(2017, 9, 13), Precision.DAY),
        ("2017年9月11日至13日", date(2017, 9, 11), date(2017, 9, 13), Precision.DAY),
        ("2023.9.28-10.8", date(2023, 9, 28), date(2023, 10, 8), Precision.DAY),
        ("2023.12.28-1.8", date(2023, 12, 28), date(2024, 1, 8), Precision.DAY),
        ("2023年10月上旬", date(2023, 10, 1), date(2023, 10, 10), Precision.TEN_DAYS),
        ("2023年10月中旬", date(2023, 10, 11), date(2023, 10, 20), Precision.TEN_DAYS),
        ("2023年二季度末", date(2023, 4, 1), date(2023, 6, 30), Precision.MONTH),
        ("2023年上半年", date(2023, 1, 1), date(2023, 6, 30), Precision.MONTH),
        ("2023年下半年", date(2023, 7, 1), date(2023, 12, 31), Precision.MONTH),
        ("2024年2月下旬", date(2024, 2, 21), date(2024, 2, 29), Precision.TEN_DAYS),
    ],
)
def test_a_vague_date_says_the_first_and_last_day_it_may_mean(
    written: object, first: date, last: date, precision: Precision
) -> None:
    day = parse_day(written)
    assert (day.first, day.last, day.precision) == (first, last, precision)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "近期检查(日期未载明)",
        "07(年份未载明)",
        "9月3日",
        "2023年年初",
        "2024年春节前",
        "第28条",
        "GB 51348-2019 13.6.2",
    ],
)
def test_what_names_no_day_gives_none_and_keeps_its_text(written: str) -> None:
    day = parse_day(written)
    assert (day.first, day.precision, day.text) == (None, Precision.NONE, written)


@pytest.mark.parametrize("written", ["2023-02-30", "2023.13.1", "2023年2月29日", "2月30日", "20230931", "2023-00-10"])
def test_a_day_no_calendar_has_is_refused_by_name(written: str) -> None:
    with pytest.raises(ImpossibleDay):
        parse_day(written, near=THIRD)


def test_a_day_without_a_year_lies_ahead_of_its_reference_for_promises_and_behind_for_the_past() -> None:
    near = date(2023, 11, 21)
    assert parse_day("11月25日前", near=near).last == date(2023, 11, 25)
    assert parse_day("11月21日", near=near).last == near
    assert parse_day("1月5日前", near=near).last == date(2024, 1, 5)
    assert parse_day("12月底前", near=near).last == date(2023, 12, 31)
    assert parse_day("11月28日-12月8日", near=near).last == date(2023, 12, 8)
    assert parse_day("11.28-12.8", near=near).last == date(2023, 12, 8)
    assert parse_day("12月", near=near).last == date(2023, 12, 31)
    assert parse_day("12月中旬", near=near).last == date(2023, 12, 20)
    assert parse_day("12-5", near=near).last == date(2023, 12, 5)
    assert parse_day("25日前", near=near).last == date(2023, 11, 25)
    assert parse_day("15日前", near=near).last == date(2023, 12, 15)
    assert parse_day("15日前", near=date(2023, 12, 21)).last == date(2024, 1, 15)
    assert parse_day("月底前", near=near).last == date(2023, 11, 30)
    assert parse_day("二季度末", near=near).last == date(2024, 6, 30)
    assert parse_day("第四季度", near=near).last == date(2023, 12, 31)
    assert parse_day("上半年", near=near).last == date(2024, 6, 30)
    assert parse_day("下半年", near=near).last == date(2023, 12, 31)
    assert parse_past_day("下半年", near=date(2024, 3, 1)).first == date(2023, 7, 1)
    assert parse_past_day("12月20日", near=near).first == date(2022, 12, 20)
    assert parse_past_day("11月3日", near=near).first == date(2023, 11, 3)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("明年3月底前", date(2024, 3, 31)),
        ("今年12月5日前", date(2023, 12, 5)),
        ("下月底", date(2023, 12, 31)),
        ("下个月15日", date(2023, 12, 15)),
        ("次月10日前", date(2023, 12, 10)),
        ("本周五", date(2023, 11, 24)),
        ("下周一前", date(2023, 11, 27)),
        ("下星期日", date(2023, 12, 3)),
    ],
)
def test_a_day_may_be_counted_from_the_one_it_was_written_on(written: str, day: date) -> None:
    assert parse_day(written, near=date(2023, 11, 21)).last == day
    assert parse_day(written).last is None


def test_the_next_month_of_december_is_january() -> None:
    assert parse_day("下月10日前", near=date(2023, 12, 21)).last == date(2024, 1, 10)


@pytest.mark.parametrize("written", ["12月", "1月5日前", "月底前", "下周一", "明年3月", "4季度"])
def test_the_end_of_all_time_is_nothing_to_count_from(written: str) -> None:
    assert parse_day(written, near=date.max).last is None


def test_the_29_of_february_waits_for_a_leap_year() -> None:
    assert parse_day("2月29日", near=date(2023, 3, 1)).last == date(2024, 2, 29)
    assert parse_day("2月29日", near=date(2096, 3, 1)).last == date(2104, 2, 29)


@given(st.text(alphabet="0123456789年月日前至.-/二三十 底初第条季度上下半明周", max_size=16), st.none() | st.dates())
def test_any_text_is_a_day_or_none_or_an_impossible_day(written: str, near: date | None) -> None:
    try:
        day = parse_day(written, near=near)
    except ImpossibleDay:
        return
    assert (day.first is None) == (day.last is None) == (day.precision is Precision.NONE)
    if day.first and day.last:
        assert day.first <= day.last
