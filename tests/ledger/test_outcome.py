"""What an import came to, for machines and on paper."""

import csv as csvs
import json
from pathlib import Path

import pytest

from ledger import sheets
from ledger.importing import preview
from ledger.outcome import as_json, write_problems
from ledger.refusals import WrongExtension
from tests.ledger.imports import book


def mixed(folder: Path) -> Path:
    """Two good rows, one of them with a warning, and two that are refused."""
    return book(
        folder,
        (1, "甲厂", "城关镇", "第一处", "2026-02-20"),
        (2, "@乙店", "城关镇", "", "2026-02-20"),
        (3, "丙厂", "城关镇", "第三处", "2026-02-20", "2026-02-10"),
        (4, "丁厂", "城关镇", "第四处", "2023-02-30"),
    )


def test_the_answer_is_json_in_which_a_warning_loses_no_row(tmp_path: Path) -> None:
    said = json.loads(json.dumps(as_json(preview(mixed(tmp_path))), ensure_ascii=False))
    assert (said["rows"], said["hazards"], said["cases"], said["known"]) == (4, 4, 2, 0)
    assert [(p["name"], p["line"]) for p in said["problems"]] == [("NoDescription", 4), ("ImpossibleDay", 6)]
    assert [(p["name"], p["line"]) for p in said["warnings"]] == [("DeadlineBefore", 5)]
    assert (
        said["problems"][1] | {"column": "检查日期", "value": "2023-02-30", "reason": "日期不存在"}
        == said["problems"][1]
    )
    assert {"heading": "整改期限", "field": "deadline"} in said["columns"]["台账"]


def test_problems_on_paper_have_the_refused_first_with_reasons_before_their_own_cells(tmp_path: Path) -> None:
    assert write_problems(preview(mixed(tmp_path)), tmp_path / "问题.xlsx") == 3
    (grid,) = sheets.read(tmp_path / "问题.xlsx")
    lines = [dict(zip(grid.rows[0], line, strict=True)) for line in grid.rows[1:]]
    assert [line["结果"] for line in lines] == ["未导入", "未导入", "已导入，请核对"]
    assert (lines[0]["原因"], lines[0]["单位名称"]) == ("这一行没有隐患描述", "@乙店")
    assert (lines[1]["行号"], lines[1]["填写内容"], lines[1]["隐患描述"]) == (6, "2023-02-30", "第四处")


def test_problems_as_text_open_in_a_spreadsheet_without_running_anything(tmp_path: Path) -> None:
    write_problems(preview(mixed(tmp_path)), tmp_path / "问题.csv")
    written = (tmp_path / "问题.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    cells = [cell for line in csvs.reader(written.decode("utf-8-sig").splitlines()) for cell in line]
    assert "'@乙店" in cells
    assert not [cell for cell in cells if cell.startswith("@")]


def test_problems_are_written_as_a_table_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(WrongExtension):
        write_problems(preview(mixed(tmp_path)), tmp_path / "问题.pdf")
    assert not (tmp_path / "问题.pdf").exists()
