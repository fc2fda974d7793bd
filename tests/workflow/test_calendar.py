from datetime import date, timedelta

import pytest

from workflow.calendar import NoticeFault, statutory, with_notice

# The State Council's notices of days off, year by year: runs off, and weekend days worked instead.
# fmt: off
NOTICES = {
    2019: ("0101-0101 0204-0210 0405-0407 0501-0504 0607-0609 0913-0915 1001-1007",
           "0202 0203 0428 0505 0929 1012"),
    2020: ("0101-0101 0124-0202 0404-0406 0501-0505 0625-0627 1001-1008",
           "0119 0426 0509 0628 0927 1010"),
    2021: ("0101-0103 0211-0217 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007",
           "0207 0220 0425 0508 0918 0926 1009"),
    2022: ("0101-0103 0131-0206 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007",
           "0129 0130 0402 0424 0507 1008 1009"),
    2023: ("0101-0102 0121-0127 0405-0405 0429-0503 0622-0624 0929-1006",
           "0128 0129 0423 0506 0625 1007 1008"),
    2024: ("0101-0101 0210-0217 0404-0406 0501-0505 0608-0610 0915-0917 1001-1007",
           "0204 0218 0407 0428 0511 0914 0929 1012"),
    2025: ("0101-0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
           "0126 0208 0427 0928 1011"),
    2026: ("0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
           "0104 0214 0228 0509 0920 1010"),
}
# fmt: on
OFF_2027 = {date(2027, 2, day): "春节" for day in range(5, 12)}
WORKING_2027 = {date(2027, 2, 20): "补春节"}


def day(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def noticed(calendar=None, *, year=2027, off=OFF_2027, working=WORKING_2027, document="国办发明电〔2026〕1号"):
    return with_notice(calendar or statutory(), year=year, off=off, working=working, document=document)


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_a_proclaimed_year_is_what_the_notice_made_it(year):
    runs, make_up = NOTICES[year]
    off = {each for run in runs.split() for each in days(day(year, run[:4]), day(year, run[5:]))}
    worked = {day(year, text) for text in make_up.split()}
    calendar = statutory()
    for each in days(date(year, 1, 1), date(year, 12, 31)):
        assert calendar.is_working(each) == (each in worked or (each.weekday() < 5 and each not in off)), each


def test_a_make_up_day_may_come_from_the_notice_of_the_year_after():
    assert statutory().is_working(date(2011, 12, 31))
    assert not statutory().is_working(date(2018, 12, 31))


@pytest.mark.parametrize(
    ("each", "why"),
    [
        (date(2026, 3, 7), "周六"),
        (date(2026, 3, 8), "周日"),
        (date(2026, 10, 3), "国庆节"),
        (date(2020, 10, 1), "中秋节、国庆节"),
        (date(2026, 10, 7), "休息日（由 2026-10-10 调休）"),
        (date(2026, 10, 10), "调休补班"),
        (date(2026, 3, 9), ""),
    ],
)
def test_the_calendar_says_why_in_chinese(each, why):
    assert statutory().why_off(each) == why


def test_a_year_without_its_notice_has_statutory_days_and_is_not_known():
    calendar = statutory(2026)
    assert calendar.knows(date(2026, 12, 31))
    assert not calendar.knows(date(2027, 1, 1))
    assert not calendar.is_working(date(2027, 10, 1))


def test_a_notice_moves_days_both_ways_and_makes_its_year_known():
    before, after = statutory(), noticed()
    assert before.is_working(date(2027, 2, 11))
    assert not before.is_working(date(2027, 2, 20))
    assert after.why_off(date(2027, 2, 11)) == "春节"
    assert not after.is_working(date(2027, 2, 11))
    assert after.why_off(date(2027, 2, 20)) == "补春节"
    assert after.is_working(date(2027, 2, 20))
    assert after.proclaimed_through == 2027


def test_an_estimated_substitute_day_gives_way_to_the_notice_but_a_statutory_day_stays_off():
    assert statutory().why_off(date(2027, 5, 3)) == "劳动节（补假）"
    after = noticed()
    assert after.is_working(date(2027, 5, 3))
    assert not after.is_working(date(2027, 10, 1))


def test_a_late_amendment_of_a_known_year_changes_only_the_days_it_names():
    amended = noticed(year=2026, off={date(2026, 3, 9): "临时放假"}, working={}, document="国办发明电〔2026〕2号")
    assert not amended.is_working(date(2026, 3, 9))
    assert amended.why_off(date(2026, 5, 4)) == statutory().why_off(date(2026, 5, 4))
    assert amended.proclaimed_through == 2026


def test_a_second_notice_for_a_year_keeps_what_the_first_said():
    extended = noticed(noticed(), off={date(2027, 2, 12): "延长假期"}, working={}, document="国办发明电〔2027〕1号")
    assert not extended.is_working(date(2027, 2, 11))
    assert not extended.is_working(date(2027, 2, 12))


def test_a_gap_between_notices_stays_unknown_until_it_is_filled():
    ahead = noticed(year=2028, off={date(2028, 1, 3): "元旦"}, working={}, document="国办发明电〔2027〕9号")
    assert ahead.proclaimed_through == 2026
    assert noticed(ahead).proclaimed_through == 2028


def test_new_years_leave_may_begin_in_the_year_before():
    leave = {date(2026, 12, 31): "元旦", date(2027, 1, 1): "元旦"}
    assert not noticed(off=leave, working={}).is_working(date(2026, 12, 31))


def test_entering_a_notice_always_changes_the_version_and_leaves_the_old_calendar_alone():
    before = statutory()
    once, again = noticed(before), noticed(noticed(before))
    other = noticed(before, document="国办发明电〔2026〕8号")
    assert len({before.version, once.version, again.version, other.version}) == 4
    assert noticed(before) == once
    assert before.is_working(date(2027, 2, 11))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"document": " "}, "document"),
        ({"off": {}}, "off"),
        ({"working": {date(2027, 2, 5): ""}}, "working"),
        ({"off": {date(2028, 1, 1): "元旦"}}, "year"),
        ({"working": {date(2026, 12, 19): ""}}, "year"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused_with_what_would_be_right(wrong, field):
    with pytest.raises(NoticeFault) as caught:
        noticed(**wrong)
    assert caught.value.field == field
    assert caught.value.right
