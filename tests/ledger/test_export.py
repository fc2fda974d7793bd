"""The ledger on paper: the bureau's own headings, nothing a spreadsheet would run, nobody else's hazards."""

import csv
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from ledger.export import COLUMNS, export, harmless
from models import Case
from models.database import read_session, write_session
from tests.desk import Desk
from workflow.actor import Actor

OF_THE_BUREAU = Path(__file__).resolve().parents[2] / "api/demo/ledgers/ledger_one_list_four_rules.xlsx"


def exported(desk: Desk, path: Path, actor: Actor | None = None) -> list[list[str]]:
    with read_session(desk.engine) as session:
        count = export(session, path, format=path.suffix[1:], actor=actor)
    if path.suffix == ".xlsx":
        lines = [[str(cell) for cell in line] for line in sheet(path)[3:]]
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))[1:]
    assert len(lines) == count
    return lines


def sheet(path: Path) -> list[list[object]]:
    return [list(line) for line in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]


def test_the_headings_are_those_of_the_bureaus_own_ledger(desk: Desk, tmp_path: Path) -> None:
    theirs = sheet(OF_THE_BUREAU)
    exported(desk, tmp_path / "out.xlsx")
    ours = sheet(tmp_path / "out.xlsx")

    width = len(theirs[2])
    assert ours[0][0] == theirs[0][0]
    assert [line[:width] for line in ours[1:3]] == theirs[2:4]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_a_line_says_who_what_by_when_and_how_far(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.to("closed")
    late = desk.open()
    desk.assign(late)
    desk.live(31, step=31)

    headings = [column.heading for column in COLUMNS]
    closed, overdue = (dict(zip(headings, line, strict=True)) for line in exported(desk, tmp_path / name))

    assert closed["单位名称"] == "示范精细化工有限公司"
    assert (closed["隐患描述"], closed["发现时间"], closed["整改期限"]) == (
        "安全出口被杂物堵塞",
        "2026-03-02",
        "2026-04-01",
    )
    assert (closed["整改情况"], overdue["整改情况"]) == ("已销号(2026-03-02)", "已交办,已超期")
    assert overdue["责任单位/督办部门"] == "责任单位:示范精细化工有限公司"
    assert overdue["所属镇街"] == "城关镇"


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_what_somebody_typed_is_never_a_formula(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.open(location='=HYPERLINK("http://example.com")', remark="@SUM(A1)")

    (line,) = exported(desk, tmp_path / name)

    assert '\'=HYPERLINK("http://example.com")' in line
    assert "'@SUM(A1)" in line


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "＝1"])
def test_every_way_a_formula_begins_is_tamed(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"甲{text}") == f"甲{text}"


def test_an_enterprise_exports_its_own_hazards_and_nobody_elses(desk: Desk, tmp_path: Path) -> None:
    desk.open()

    assert len(exported(desk, tmp_path / "a.csv", desk.cast.enterprise_person)) == 1
    assert exported(desk, tmp_path / "b.csv", desk.cast.other_enterprise_person) == []


def test_excel_is_told_that_a_csv_is_utf_8(desk: Desk, tmp_path: Path) -> None:
    exported(desk, tmp_path / "out.csv")

    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_an_export_that_breaks_off_leaves_the_earlier_file(desk: Desk, tmp_path: Path) -> None:
    case_id = desk.open()
    (tmp_path / "out.csv").write_text("earlier")
    with write_session(desk.engine) as session:
        session.execute(update(Case).where(Case.id == case_id).values(state="nonsense"))

    with pytest.raises(KeyError):
        exported(desk, tmp_path / "out.csv")

    assert (tmp_path / "out.csv").read_text() == "earlier"
    assert [path.name for path in tmp_path.glob(".out*")] == []
