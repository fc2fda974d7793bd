from datetime import date

import pytest

from tests.workflow import gazette
from workflow.calendar import NoticeFault, statutory, statutory_days, with_notice

OFF_2027 = {date(2027, 2, day): "春节" for day in range(5, 12)}
WORKING_2027 = {date(2027, 2, 20): "补春节"}


def noticed(calendar=None, *, year=2027, off=OFF_2027, working=WORKING_2027, document="国办发明电〔2026〕1号"):
    return with_notice(calendar or statutory(), year=year, off=off, working=working, document=document)


@pytest.mark.parametrize("year", gazette.YEARS)
def test_every_day_of_a_proclaimed_year_is_what_the_notices_made_it(year):
    named, calendar = gazette.said(year), statutory()
    wrong = [day for day in gazette.shape(year) if calendar.is_working(day) != named.get(day, day.weekday() < 5)]
    assert wrong == []


@pytest.mark.parametrize("year", gazette.YEARS)
def test_a_proclaimed_year_has_as_many_working_days_as_were_counted_by_hand(year):
    assert statutory().working_days(year) == gazette.working_days(year)


@pytest.mark.parametrize("year", gazette.YEARS)
def test_the_golden_table_gives_the_days_of_the_law_and_takes_back_every_other_one(year):
    named = gazette.said(year)
    rows = [row for notice in gazette.notices(year) for row in notice["holidays"]]
    taken = sum(not worked and day.weekday() < 5 for day, worked in named.items())
    assert taken - sum(named.values()) == statutory_days(year) + gazette.GIVEN.get(year, 0)
    assert all(day.weekday() >= 5 for day, worked in named.items() if worked)
    assert all(len(list(gazette.days_off(row))) == row["days"] for row in rows if "days" in row)


@pytest.mark.parametrize("year", gazette.YEARS)
def test_the_notices_of_a_known_year_entered_again_change_no_day_of_it(year):
    again = before = statutory()
    for notice in gazette.notices(year):
        off = {day: row["name"] for row in notice["holidays"] for day in gazette.days_off(row)}
        worked = {day: "" for row in notice["holidays"] for day in row.get("working", ())}
        again = with_notice(again, year=year, off=off, working=worked, document=notice["document"])
    assert [day for day in gazette.shape(year) if again.is_working(day) != before.is_working(day)] == []


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
    assert calendar.knows(date(2026, 12, 25))
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


def test_new_years_leave_may_begin_in_the_year_before_so_its_last_days_are_not_known_either():
    leave = {date(2026, 12, 31): "元旦", date(2027, 1, 1): "元旦"}
    after = noticed(off=leave, working={date(2026, 12, 26): ""})
    assert (statutory().is_working(date(2026, 12, 31)), statutory().is_working(date(2026, 12, 26))) == (True, False)
    assert (after.is_working(date(2026, 12, 31)), after.is_working(date(2026, 12, 26))) == (False, True)
    assert not statutory().knows(date(2026, 12, 26))
    assert after.knows(date(2026, 12, 31))


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
        ({"working": {date(2026, 12, 25): ""}}, "year"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused_with_what_would_be_right(wrong, field):
    with pytest.raises(NoticeFault) as caught:
        noticed(**wrong)
    assert caught.value.field == field
    assert caught.value.right
