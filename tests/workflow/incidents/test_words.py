"""What is said of an incident: its reports are numbered in Chinese, unknown is never nought, what lacks is listed."""

import pytest

from workflow.incidents.words import casualties, headline, lacking, numeral, titled

KNOWN = {"kind": "fire", "unit": "老王饭店", "place": "东街", "deaths": 1, "missing": 0, "injured": 2}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"), (2, "二"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (21, "二十一"),
        (30, "三十"), (90, "九十"), (99, "九十九"), (100, "100"),
    ],
)  # fmt: skip
def test_follow_ups_are_numbered_as_papers_number_them(number: int, said: str) -> None:
    assert (numeral(number), titled("follow_up", number)) == (said, f"续报{said}")


def test_no_two_numbers_are_said_alike() -> None:
    assert len({numeral(n) for n in range(1, 100)}) == 99


def test_the_first_of_the_other_reports_has_no_number() -> None:
    kinds = ("unit", "phone", "written", "upward", "final")
    assert [titled(kind, 1) for kind in kinds] == ["事发单位报告", "电话报告", "首报", "逐级上报", "终报"]
    assert titled("phone", 2) == "电话报告二"


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"deaths": 0, "missing": 0, "injured": 0}, "无人员伤亡"),
        ({}, "死亡、失踪、重伤人数不明"),
        ({"deaths": 1, "missing": 0}, "死亡1人（重伤人数不明）"),
        ({"deaths": 1, "missing": 0, "injured": 2, "evacuated": 60}, "死亡1人、重伤2人、转移60人"),
    ],
)
def test_an_unknown_figure_is_said_to_be_unknown_and_never_nought(figures: dict[str, int], said: str) -> None:
    assert casualties(figures) == said


def test_the_line_says_what_with_how_many_casualties_to_whom_and_where() -> None:
    assert headline("general", KNOWN) == "一般火灾事故：死亡1人、重伤2人，老王饭店，东街"


def test_a_long_line_loses_its_end_and_not_its_casualties() -> None:
    line = headline("general", {**KNOWN, "place": "东街" * 100})
    assert (len(line), "死亡1人、重伤2人" in line) == (60, True)


def test_only_what_nobody_knows_is_lacking() -> None:
    assert "死亡人数" not in lacking({**KNOWN, "deaths": 0})
    assert lacking(KNOWN)[:2] == ["发生时间", "接报时间"]
