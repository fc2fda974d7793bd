"""Cells that hold several hazards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.items import share, split


def texts(cell: str) -> list[str]:
    return [item.text for item in split(cell)]


@pytest.mark.parametrize(
    "cell",
    [
        "1.灭火器失效 2.通道堵塞",
        "1.灭火器失效2.通道堵塞",
        "1、灭火器失效；2、通道堵塞",
        "1．灭火器失效\n2．通道堵塞",
        "（1）灭火器失效；（2）通道堵塞",
        "1)灭火器失效 2)通道堵塞",
        "①灭火器失效②通道堵塞",
        "一、灭火器失效\n二、通道堵塞",
        "隐患1：灭火器失效 隐患2：通道堵塞",
        "灭火器失效\n通道堵塞",
    ],
)
def test_each_hazard_of_a_cell_stands_alone(cell: str) -> None:
    assert texts(cell) == ["灭火器失效", "通道堵塞"]


@pytest.mark.parametrize(
    "cell",
    [
        "违反10.2.36的规定",
        "10.2.36",
        "违反第28条第2.款",
        "1.2米护栏缺失",
        "3.5吨叉车无证",
        "二、三层缺少第二安全出口",
        "1、2号楼通道堵塞",
        "2、三层疏散指示损坏",
        "消防通道\n被占用",
        "消防设施维护不到位，\n灭火器过期",
        "GB 51348-2019 13.6.2",
    ],
)
def test_figures_inside_a_hazard_do_not_cut_it(cell: str) -> None:
    assert texts(cell) == [cell]


def test_a_clause_number_inside_an_item_stays_inside() -> None:
    assert texts("1.违反规范10.2.36条 2.电线裸露") == ["违反规范10.2.36条", "电线裸露"]
    assert texts("1.2023年未演练\n2.2024年未培训") == ["2023年未演练", "2024年未培训"]
    assert texts("1、灭火器失效；2、2号楼通道堵塞") == ["灭火器失效", "2号楼通道堵塞"]


def test_a_number_out_of_turn_belongs_to_the_text() -> None:
    assert texts("1.灭火器失效，见图 5.堵塞处 2.电线裸露") == ["灭火器失效，见图 5.堵塞处", "电线裸露"]


def test_a_single_number_is_taken_off_and_remembered() -> None:
    (item,) = split("2.油烟机未定期清洗")
    assert (item.number, item.text) == (2, "油烟机未定期清洗")


def test_what_stands_before_the_first_number_is_not_lost() -> None:
    assert texts("现场检查：1.灭火器失效 2.通道堵塞") == ["现场检查：灭火器失效", "现场检查：通道堵塞"]


@pytest.mark.parametrize(
    ("said", "shares"),
    [
        ("第1项当场，第2、3项于2023年11月25日前", ("当场", "于2023年11月25日前", "于2023年11月25日前")),
        ("第一项当场整改，其余于11月30日前", ("当场整改", "于11月30日前", "于11月30日前")),
        ("第二、三项三日内，第一项当场", ("当场", "三日内", "三日内")),
        ("第1-2项3日内；第3项10日内", ("3日内", "3日内", "10日内")),
        ("1.当场 2.三日内 3.2023年12月1日", ("当场", "三日内", "2023年12月1日")),
        ("1.3日内；2.5日内；3.立即", ("3日内", "5日内", "立即")),
        ("1、3日内\n2、8.25\n3、10月8日前", ("3日内", "8.25", "10月8日前")),
        ("1.8.20\n2.8.25\n3.12.1", ("8.20", "8.25", "12.1")),
        ("当场\n三日内\n五日内", ("当场", "三日内", "五日内")),
        ("限期整改", ("限期整改", "限期整改", "限期整改")),
        ("第1、3项已整改，第2项正在整改", ("已整改", "正在整改", "已整改")),
    ],
)
def test_each_item_gets_its_own_deadline(said: str, shares: tuple[str, ...]) -> None:
    assert share(said, split("1.甲处 2.乙处 3.丙处")) == shares


@pytest.mark.parametrize(
    ("said", "shares"),
    [
        ("第1项已整改", ("已整改", "", "")),
        ("1.已整改", ("已整改", "", "")),
        ("1、2已整改，3未整改", ("已整改", "已整改", "未整改")),
        ("问题1已整改到位，问题2正在整改", ("已整改到位", "正在整改", "")),
        ("除第2项外均已整改", ("均已整改", "", "均已整改")),
        ("除第2、3项以外，其余已整改", ("其余已整改", "", "")),
        ("违反第38条，已责令整改", ("违反第38条，已责令整改",) * 3),
        ("1.立即整改；2.加强管理", ("1.立即整改；2.加强管理",) * 3),
        ("2026.5已整改", ("2026.5已整改",) * 3),
    ],
)
def test_of_an_item_that_is_left_out_nothing_is_said(said: str, shares: tuple[str, ...]) -> None:
    """Else the first hazard's end would be the end of all."""
    assert share(said, split("1.甲处 2.乙处 3.丙处")) == shares


WORDS = st.text(alphabet="灭火器失效通道堵塞电线裸露", min_size=4, max_size=12)


@given(st.lists(WORDS, min_size=2, max_size=9), st.sampled_from(["{}.{} ", "{}、{}；", "({}){}\n", "{}．{}"]))
def test_what_is_numbered_comes_apart_again(hazards: list[str], pattern: str) -> None:
    cell = "".join(pattern.format(number, hazard) for number, hazard in enumerate(hazards, start=1))
    assert texts(cell) == hazards


@given(st.text(alphabet="1234567890.、()第条\n；甲乙 :：", max_size=30))
def test_no_text_is_lost_but_numbers_and_signs(cell: str) -> None:
    kept = "".join(texts(cell))
    assert all(kept.count(word) >= cell.count(word) for word in "甲乙条")
