"""Options that are columns of their own are told by their ticks; where two are ticked, nobody is let off."""

from pathlib import Path

import pytest

from ledger.records import Row
from tests.ledger.books import reading, xlsx

UPPER = ("序号", "企业名称", "隐患描述", "隐患级别", "", "整改情况", "")
LOWER = ("", "", "", "一般", "重大", "已整改", "未整改")
MERGED = [(0, 3, 0, 4, "隐患级别"), (0, 5, 0, 6, "整改情况"), *((0, n, 1, n, UPPER[n]) for n in range(3))]


def row(tmp_path: Path, *ticks: str) -> Row:
    line = (1, "示范机械有限公司", "安全出口被杂物堵塞", *ticks)
    (found,) = reading(xlsx(tmp_path / "台账.xlsx", [UPPER, LOWER, line], merged=MERGED)).rows
    return found


@pytest.mark.parametrize(
    ("ticks", "level", "finished"),
    [
        (("√", "", "√", ""), "general", True),
        (("", "√", "", "√"), "major", False),
        (("", "✔", "", ""), "major", False),
        (("√", "√", "√", "√"), "major", False),
        (("", "", "", ""), "general", False),
    ],
)
def test_a_tick_under_an_option_says_what_the_option_says(
    tmp_path: Path, ticks: tuple[str, ...], level: str, finished: bool
) -> None:
    found = row(tmp_path, *ticks)
    assert (found.level, found.finished) == (level, finished)


def test_what_is_no_tick_under_an_option_is_kept_as_it_stands(tmp_path: Path) -> None:
    found = row(tmp_path, "", "另行认定", "", "")
    assert (found.level, found.extra["重大"]) == ("general", "另行认定")
