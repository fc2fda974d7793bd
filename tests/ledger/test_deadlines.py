"""The wording of deadlines."""

from datetime import date

import pytest

from ledger.dates import Precision
from ledger.deadlines import Kind, parse_deadline
from workflow.limits import Unit

FOUND = date(2023, 11, 21)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023年11月25日前改正", date(2023, 11, 25)),
        ("责令于2023年12月5日前整改完毕", date(2023, 12, 5)),
        ("1月5日前", date(2024, 1, 5)),
        ("限期整改，2023年11月25日前完成", date(2023, 11, 25)),
        (45255.0, date(2023, 11, 25)),
        ("45255", date(2023, 11, 25)),
        (date(2023, 11, 25), date(2023, 11, 25)),
        ("２０２３．１１．２５", date(2023, 11, 25)),
        ("2023。11。25", date(2023, 11, 25)),
        ("11月21日-11月25日", date(2023, 11, 25)),
        ("11/25/2023", date(2023, 11, 25)),
        ("25/11/2023", date(2023, 11, 25)),
        ("2023,11,25", date(2023, 11, 25)),
        ("2023，11，25", date(2023, 11, 25)),
        ("2023年11月25日前完成方案，12月31日前完成整改", date(2023, 12, 31)),
        ("11月25日前按设计方案整改到位", date(2023, 11, 25)),
        ("11月23日起10日内", date(2023, 12, 3)),
        ("自2023年11月23日起十日内整改完毕", date(2023, 12, 3)),
        ("自11月23日起至12月5日", date(2023, 12, 5)),
    ],
)
def test_a_written_day_is_the_day_of_the_promise(written: object, day: date) -> None:
    deadline = parse_deadline(written, found=FOUND)
    assert (deadline.kind, deadline.day, deadline.precision) == (Kind.DAY, day, Precision.DAY)


def test_a_month_lasts_to_its_end_and_says_that_it_is_vague() -> None:
    deadline = parse_deadline("2024年2月", found=FOUND)
    assert (deadline.day, deadline.precision) == (date(2024, 2, 29), Precision.MONTH)
    assert parse_deadline("12月", found=FOUND).day == date(2023, 12, 31)
    assert parse_deadline("12月中旬", found=FOUND).precision is Precision.TEN_DAYS


@pytest.mark.parametrize(
    "written",
    [
        *("当场", "当场立即整改", "立即整改", "现场整改", "立行立改", "即日", "边查边改"),
        *("即知即改", "立改", "即改", "随查随改", "现场", "立整立改", "立知立改", "立刻整改"),
    ],
)
def test_on_the_spot_means_the_day_of_the_visit(written: str) -> None:
    deadline = parse_deadline(written, found=FOUND)
    assert (deadline.kind, deadline.day, deadline.text) == (Kind.ON_THE_SPOT, FOUND, written)


@pytest.mark.parametrize(
    ("written", "amount", "unit"),
    [
        ("三日内", 3, Unit.NATURAL_DAY),
        ("即日起三日内", 3, Unit.NATURAL_DAY),
        ("3个工作日内", 3, Unit.WORKING_DAY),
        ("十五天内", 15, Unit.NATURAL_DAY),
        ("60日", 60, Unit.NATURAL_DAY),
        ("原则上100天", 100, Unit.NATURAL_DAY),
        ("限7日整改", 7, Unit.NATURAL_DAY),
        ("自收到之日起三十日内改正", 30, Unit.NATURAL_DAY),
        ("十五个工作日", 15, Unit.WORKING_DAY),
        ("两周内", 14, Unit.NATURAL_DAY),
        ("半个月内", 15, Unit.NATURAL_DAY),
        ("24小时内", 24, Unit.HOUR),
        ("次日", 1, Unit.NATURAL_DAY),
        ("第二天", 1, Unit.NATURAL_DAY),
    ],
)
def test_a_span_keeps_its_own_unit(written: str, amount: int, unit: Unit) -> None:
    deadline = parse_deadline(written, found=FOUND)
    assert (deadline.kind, deadline.amount, deadline.unit, deadline.day) == (Kind.RELATIVE, amount, unit, None)


def test_a_month_runs_to_the_same_day_of_the_next_and_is_thirty_days_when_nobody_knows_from_when() -> None:
    assert parse_deadline("一个月内", found=date(2024, 1, 31)).amount == 29
    assert parse_deadline("三个月内", found=date(2023, 11, 21)).amount == 92
    assert parse_deadline("一个月内").amount == 30
    assert parse_deadline("半年内", found=date(2023, 11, 21)).amount == 182
    assert parse_deadline("一年内", found=date(2023, 11, 21)).amount == 366
    assert parse_deadline("1年", found=date(2022, 11, 21)).amount == 365
    assert parse_deadline("一个月内", found=date.max).amount == 30


@pytest.mark.parametrize(
    "written", ["", "限期", "未载明", "规定时限(未载明)", "限期(日期未载明)", "长期", "持续", "/", "尽快"]
)
def test_no_date_at_all_is_said_to_be_none(written: str) -> None:
    deadline = parse_deadline(written, found=FOUND)
    assert (deadline.kind, deadline.day, deadline.amount, deadline.understood) == (Kind.UNSTATED, None, None, True)


@pytest.mark.parametrize("written", ["明天吧", "第28条", "2024年春节前", "老王说的那天", "建立改造台账", "现场会后"])
def test_a_wording_nobody_understands_says_so(written: str) -> None:
    assert not parse_deadline(written, found=FOUND).understood


@pytest.mark.parametrize(
    ("written", "kind", "report_by"),
    [
        ("有关情况于12月20日前报送", Kind.UNSTATED, date(2023, 12, 20)),
        ("于12月20日前,将有关情况报送市安委办", Kind.UNSTATED, date(2023, 12, 20)),
        ("整改情况12月1日前报送", Kind.UNSTATED, date(2023, 12, 1)),
        ("立即整改，12月1日前报送整改情况", Kind.ON_THE_SPOT, date(2023, 12, 1)),
        ("3日内整改完毕，12月1日前报送", Kind.RELATIVE, date(2023, 12, 1)),
        ("12月1日前整改完毕并报送结果", Kind.DAY, date(2023, 12, 1)),
    ],
)
def test_report_by_is_another_promise_than_rectify_by(written: str, kind: Kind, report_by: date) -> None:
    deadline = parse_deadline(written, found=FOUND)
    assert (deadline.kind, deadline.report_by) == (kind, report_by)


def test_the_day_of_publication_serves_where_nobody_knows_when_it_was_found() -> None:
    assert parse_deadline("9月20日前", published=date(2017, 9, 15)).day == date(2017, 9, 20)
    assert parse_deadline("当场", published=date(2017, 9, 15)).day == date(2017, 9, 15)
