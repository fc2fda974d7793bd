"""The file of a yearly notice reads as the notice does, and a slip of the pen is named with what would be right."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.workflow import gazette
from workflow.calendar import NoticeFault, statutory_days
from workflow.notice_file import EXAMPLE, read
from workflow.notices import YearNotice

WHOLE = [year for year in gazette.YEARS if len(gazette.notices(year)) == 1]


def written(folder: Path, text: str) -> Path:
    path = folder / "notice.toml"
    path.write_text(text, encoding="utf-8")
    return path


def row(holiday: dict[str, Any]) -> str:
    """A holiday as the clerk types it."""
    named = ", ".join(f"{key} = {value}" for key, value in holiday.items() if key not in ("name", "working"))
    worked = ", ".join(map(str, holiday.get("working", ())))
    return f'{{ name = "{holiday["name"]}", {named}, working = [{worked}] }}'


@pytest.mark.parametrize("year", WHOLE)
def test_a_real_notice_is_read_day_for_day_and_gives_the_days_of_the_law(tmp_path: Path, year: int) -> None:
    (notice,) = gazette.notices(year)
    rows = ",\n".join(row(holiday) for holiday in notice["holidays"])

    entered = read(written(tmp_path, f'year = {year}\ndocument = "{notice["document"]}"\nholidays = [\n{rows}\n]\n'))

    days = dict.fromkeys(entered.off, False) | dict.fromkeys(entered.working, True)
    assert days == gazette.said(year)
    assert (entered.year, entered.document, entered.days_taken) == (year, notice["document"], statutory_days(year))


@pytest.mark.parametrize("year", gazette.YEARS)
def test_no_real_year_lacks_a_holiday_of_the_law(year: int) -> None:
    off = {day: "" for day, worked in gazette.said(year).items() if not worked}
    assert YearNotice(year, "文号", off, {}).lacks == ()


def test_what_a_notice_lacks_is_found_by_its_days_and_not_by_what_it_calls_them() -> None:
    off = {date(2028, 1, 1): "", date(2028, 1, 26): "农历新年", date(2028, 4, 5): "清明节", date(2028, 10, 3): "国庆"}
    assert YearNotice(2028, "文号", off, {}).lacks == ("清明节", "劳动节", "端午节")


def test_every_day_carries_the_name_of_its_holiday(tmp_path: Path) -> None:
    text = """year = 2027
document = "国办发明电〔2026〕9号"
holidays = [
    { name = "元旦", from = 2027-01-01 },
    { name = "春节", from = 2027-02-05, to = 2027-02-07, working = [2027-02-20] },
]
"""
    assert read(written(tmp_path, text)) == YearNotice(
        year=2027,
        document="国办发明电〔2026〕9号",
        off={date(2027, 1, 1): "元旦"} | {date(2027, 2, n): "春节" for n in range(5, 8)},
        working={date(2027, 2, 20): "春节调休补班"},
    )


def test_the_example_is_the_notice_of_a_known_year(tmp_path: Path) -> None:
    shown = read(written(tmp_path, EXAMPLE))

    days = dict.fromkeys(shown.off, False) | dict.fromkeys(shown.working, True)
    assert days == gazette.said(2026)
    assert shown.document == gazette.notices(2026)[0]["document"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (("year = 2026", "year = true"), "year 须为"),
        (("year = 2026", "year = 1026"), "year 须为"),
        (("year = 2026", "yaer = 2026"), "不认识的项目 yaer"),
        (('"国办发明电〔2025〕7号"', '" "'), "文号"),
        (("days = 9", "days = 8"), "第 2 个节日：2026-02-15 至 2026-02-23 是 9 天，不是 8 天"),
        (("to = 2026-02-23", "to = 2026-02-14"), "to 须不早于 from"),
        (("to = 2026-02-23", "to = 2026-12-23"), "不超过 31 天"),
        (("from = 2026-02-15", 'from = "二月十五日"'), "from、to 须为日期"),
        (("from = 2026-02-15", "from = 2026-02-15T00:00:00"), "from、to 须为日期"),
        (("2026-02-28]", '"2026-02-28"]'), "working 须为日期的列表"),
        (("[2026-02-14, 2026-02-28]", "2026-02-28"), "working 须为日期的列表"),
        (('name = "春节"', 'name = ""'), "缺少名称"),
        (("working =", "worked ="), "不认识的项目 worked"),
        (("holidays = [", "holidays = [ 1,"), "第 1 个节日：须写成"),
        ((EXAMPLE[EXAMPLE.index("holidays") :], "holidays = []"), "holidays 须列出节日"),
        (("year", "\x00"), "TOML"),
    ],
)
def test_a_slip_of_the_pen_is_named(tmp_path: Path, wrong: tuple[str, str], right: str) -> None:
    assert wrong[0] in EXAMPLE
    with pytest.raises(NoticeFault) as fault:
        read(written(tmp_path, EXAMPLE.replace(*wrong, 1)))
    assert right in (fault.value.right or "")


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(NoticeFault) as fault:
        read(written(tmp_path, EXAMPLE.replace("days = 9", "days = 8").replace("days = 7", "days = 8")))
    assert len(fault.value.facts["faults"]) == 2
