"""The preview and the file of refused rows."""

import json
from pathlib import Path

from ledger import preview, sheets
from tests.ledger.books import table


def test_the_preview_counts_every_hazard_once_and_is_json() -> None:
    reading = table((1, "甲厂", "1.未接地 2.堵塞"), (2, "乙厂", ""), (3, "", "过期"), ("合计", "", "3"))
    shown = json.loads(json.dumps(preview.as_json(reading), ensure_ascii=False))
    assert (shown["rows"], shown["cases"], shown["lines"]) == (4, 3, 3)
    assert [(problem["name"], problem["line"]) for problem in shown["problems"]] == [("NoDescription", 3)]
    assert [problem["name"] for problem in shown["warnings"]] == ["UnitCarried"]
    assert {"heading": "隐患描述", "field": "description"} in shown["columns"]["台账"]


def test_refused_rows_are_written_with_reasons_and_their_own_cells(tmp_path: Path) -> None:
    reading = table((1, "甲厂", "未接地"), (2, "=1+1", "", "2023-01-05"))
    assert preview.write_refused(reading, tmp_path / "bad.xlsx") == 1
    (grid,) = sheets.read(tmp_path / "bad.xlsx")
    said = dict(zip(grid.rows[0], grid.rows[1], strict=True))
    assert (said["行号"], said["单位名称"], said["检查日期"]) == (3, "=1+1", "2023-01-05")
    assert said["拒绝原因"] == "这一行没有隐患描述"
