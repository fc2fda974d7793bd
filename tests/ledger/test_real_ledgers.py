"""The ledgers real bureaus published: every row is a hazard."""

from collections import Counter
from datetime import date

import pytest

from ledger.deadlines import Kind
from ledger.records import Row
from tests.ledger.books import DATA, reading


@pytest.mark.parametrize(
    ("name", "hazards"),
    [
        ("ledger_exposure_bulletin.xlsx", 22),
        ("ledger_one_list_four_rules.xlsx", 26),
        ("listing_register.xlsx", 13),
        ("real_hazards.csv", 61),
    ],
)
def test_no_row_of_a_real_ledger_is_lost(name: str, hazards: int) -> None:
    ledger = reading(DATA / name)
    assert (len(ledger.rows), ledger.lines, ledger.problems) == (hazards, hazards, ())
    assert len({row.key for row in ledger.rows}) == hazards
    assert all(row.unit_name and row.description for row in ledger.rows)


def by_line(name: str) -> dict[int, Row]:
    return {row.line: row for row in reading(DATA / name).rows}


def test_the_bulletin_tells_visit_finder_and_each_hazards_deadline() -> None:
    rows = by_line("ledger_exposure_bulletin.xlsx")
    assert (rows[4].unit_name, rows[4].place_text) == ("某某早餐店", "山西省晋城市高平市")
    assert (rows[4].found_day, rows[4].finder) == (date(2023, 11, 21), "高平市消防救援大队")
    assert (rows[3].deadline.kind, rows[3].deadline.day) == (Kind.ON_THE_SPOT, date(2023, 11, 21))
    assert (rows[4].deadline.kind, rows[4].deadline.day) == (Kind.DAY, date(2023, 11, 25))
    assert (rows[9].found_day, rows[9].found_text) == (None, "近期检查(日期未载明)")
    assert (rows[22].finder, rows[22].remark) == ("镇安全检查", "GB 50054-2011;城镇燃气设计规范10.2.36")


def test_the_one_list_reads_its_four_ways_of_writing_a_day_alike() -> None:
    rows = by_line("ledger_one_list_four_rules.xlsx")
    assert {rows[line].found_day for line in range(5, 11)} == {date(2017, 9, 11)}
    assert {rows[line].deadline.day for line in range(5, 11)} == {date(2017, 9, 20)}
    assert Counter(row.level for row in rows.values()) == {"general": 20, "major": 6}
    assert rows[5].responsible_text == "责任单位:魏都区、市消防支队"


def test_the_register_keeps_numbers_and_knows_that_nothing_is_rectified() -> None:
    rows = by_line("listing_register.xlsx")
    assert [rows[line].number for line in (2, 14)] == ["GP001", "GP013"]
    assert rows[4].description == "二、三层缺少第二安全出口"
    assert not any(row.finished for row in rows.values())
    assert {row.deadline.kind for row in rows.values()} == {Kind.UNSTATED}


def test_the_csv_tells_report_by_from_rectify_by() -> None:
    rows = by_line("real_hazards.csv")
    assert {(rows[line].deadline.day, rows[line].report_by) for line in range(2, 8)} == {(None, date(2017, 9, 20))}
    assert (rows[8].finished, rows[8].deadline.kind) == (True, Kind.ON_THE_SPOT)
    assert (rows[11].deadline.day, rows[11].deadline_text) == (date(2023, 11, 26), "2023年11月26日前改正")
    assert [line for line, row in rows.items() if row.finished] == [8]
    assert rows[2].extra["source_id"] == "S01"
