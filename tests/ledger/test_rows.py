"""Lines of ledgers to hazards: nothing lost, nothing made up."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.dates import Precision
from ledger.deadlines import Kind
from ledger.rows import parse
from ledger.sheets import Grid
from tests.ledger import books
from tests.ledger.books import table

GOOD_CODE = "91350100M000100Y43"


def test_one_unit_merged_over_several_hazards_is_the_unit_of_each(tmp_path: Path) -> None:
    lines = [books.HEADINGS, ["", "", "未接地", "", "三日内"], ["", "", "灭火器过期", "", "当场"], [2, "乙厂", "堵塞"]]
    path = books.xlsx(tmp_path / "a.xlsx", lines, merged=[(1, 0, 2, 0, 1), (1, 1, 2, 1, "甲厂")])
    assert [(row.unit_name, row.deadline.kind) for row in books.reading(path).rows] == [
        ("甲厂", Kind.RELATIVE),
        ("甲厂", Kind.ON_THE_SPOT),
        ("乙厂", Kind.UNSTATED),
    ]


def test_where_merged_ranges_are_lost_the_unit_above_is_carried_with_its_visit(tmp_path: Path) -> None:
    lines = [
        ("单位名称", "检查日期、检查机关", "隐患清单", "整改期限"),
        ("甲厂", "2023-11-21 某大队", "1.未接地", "当场"),
        ("", "", "2.堵塞", ""),
        ("乙厂", "", "1.过期", ""),
    ]
    rows = books.reading(books.ods(tmp_path / "a.ods", lines)).rows
    assert [(row.unit_name, row.found_day, row.finder, row.deadline_text) for row in rows] == [
        ("甲厂", date(2023, 11, 21), "某大队", "当场"),
        ("甲厂", date(2023, 11, 21), "某大队", ""),
        ("乙厂", None, "", ""),
    ]


def test_a_cell_of_blanks_is_blank(tmp_path: Path) -> None:
    lines = [
        ("单位名称", "隐患描述", "检查日期"),
        ("甲厂", "未接地", "2024-01-02"),
        ("　", "堵塞", " "),
        (" ", "　", " "),
    ]
    rows = books.reading(books.csv(tmp_path / "a.csv", lines)).rows
    assert [(row.unit_name, row.found_day) for row in rows] == [("甲厂", date(2024, 1, 2))] * 2


def test_ditto_marks_repeat_the_line_above() -> None:
    rows = table((1, "甲厂", "未接地", "2024.1.2"), (2, "同上", "堵塞", "〃")).rows
    assert (rows[1].unit_name, rows[1].found_day) == ("甲厂", date(2024, 1, 2))


@pytest.mark.parametrize(
    "line",
    [
        ("合计", "", "共26条"),
        ("", "合 计", "", "2"),
        ("总计：", "", "2"),
        ("小计", 3),
        ("甲街道小计", "", "", 3),
        ("共2条",),
        ("填报人：", "张三", "审核人：李四", "填报日期：2024年1月"),
        ("填报人", "张三"),
        ("", "", "填报人：张三  审核人：李四"),
        ("备注：本表每月25日前报送",),
        ("注：1.本表一式两份",),
        ("说明：逐项填写",),
        ("统计截止：2024年5月",),
        ("一、消防安全类",),
        ("示例", "某某厂", "配电箱未接地"),
        (7,),
        ("", " ", ""),
        ("", "", "", "2024年5月30日"),
        ("", "", "合计", "", "2"),
        ("", "", "合计：2条", "", "已整改1条"),
        ("总数", "2条"),
        ("隐患总数：2",),
        ("本季度合计", "", "2条"),
        ("以上共2条隐患",),
        ("以上为8月份隐患，共2条。",),
        ("检查人员签名：", "", "被检查单位负责人签名："),
        ("填 报 人：张三", "", "审 核 人：李四", "上报时间：2023年8月25日"),
        ("", "", "填报人：张三", "审核人：李四"),
        ("（公章）",),
        ("检查人：张三", "", "复核：李四"),
        ("", "二、河西镇（2家）"),
        ("", "城关镇（2条）"),
        ("", "红星街道"),
        ("（示例）", "某某公司", "配电箱未接地"),
        ("例如：", "某某公司", "配电箱未接地"),
        ("以下空白",),
        ("", "——以下空白——"),
        ("", "", "（以下空白）"),
        ("", "", "", "", "", "区安委办"),
        ("", "", "", "", "", "某某街道办事处"),
        ("整改率", "50%"),
        ("", "", "整改率", "50%"),
        ("", "", "完成率：100%"),
        ("被检查单位负责人（签字）：",),
        ("被检查单位负责人（签字）：", "", "", "检查人员（签字）："),
        books.HEADINGS,
        ("序 号", "单位\n名称", "隐患\n描述", "检查\n日期", "整改\n期限", "整改\n情况"),
    ],
)
def test_totals_signatures_notes_and_titles_are_no_hazards(line: books.Line) -> None:
    reading = table((1, "甲厂", "未接地"), line, (2, "乙厂", "堵塞"))
    assert [row.unit_name for row in reading.rows] == ["甲厂", "乙厂"]
    assert (reading.problems, reading.lines) == ((), 2)


def test_a_templates_line_of_guidance_under_the_headings_is_no_hazard() -> None:
    guidance = ("数字", "必填，营业执照全称", "必填，逐条填写", "格式：2026-01-01", "选填", "如：已整改")
    reading = table(guidance, (1, "甲厂", "未按格式填写台账"))
    assert ([row.unit_name for row in reading.rows], reading.lines) == (["甲厂"], 1)


def test_a_body_alone_beside_a_merged_description_is_the_hazards_and_no_foot_of_the_paper(tmp_path: Path) -> None:
    headings = ("单位名称", "隐患描述", "责任单位")
    lines = [headings, ["", "", "甲厂"], ["", "", "区住建局"]]
    path = books.xlsx(tmp_path / "a.xlsx", lines, merged=[(1, 0, 2, 0, "甲厂"), (1, 1, 2, 1, "未接地")])
    assert len(books.reading(path).rows) == 2


@pytest.mark.parametrize(
    "line",
    [
        (1, "甲厂", "合计3处配电箱未接地"),
        (1, "甲厂", "整改率不足50%，台账以下空白"),
        (1, "合计通达公司", "未接地"),
        ("", "甲厂", "说明：未见操作规程"),
        ("一", "甲厂", "未接地"),
        ("", "备注：甲厂", "配电箱没有接地保护"),
        ("", "", "共3处疏散指示标志损坏", "", "三日内"),
        ("", "", "合计5具灭火器压力不足"),
        ("", "", "负责人：未取得安全管理员证", "", "三日内"),
        ("※2", "乙厂", "线路老化"),
        ("*3", "丙厂", "私拉乱接"),
    ],
)
def test_a_hazard_that_looks_like_a_total_is_still_a_hazard(line: books.Line) -> None:
    assert len(table(line).rows) == 1


def test_a_form_to_sign_at_the_foot_of_each_page_is_no_hazard() -> None:
    lines: list[books.Line] = [("甲厂", "未接地", ""), ("检查组组长：", "被查单位：", ""), ("乙厂", "过期", "")]
    reading = table(*lines, headings=("单位名称", "隐患描述", "整改期限"))
    assert [row.unit_name for row in reading.rows] == ["甲厂", "乙厂"]
    assert (reading.problems, reading.lines) == ((), 2)


def test_ticks_under_the_levels_are_no_hazards_of_their_own() -> None:
    headings = ("单位名称", "存在问题", "一般隐患", "重大隐患")
    reading = table(("甲厂", "灯坏", "✓", ""), ("乙厂", "住人", "", "✓"), headings=headings)
    assert [(row.description, row.level) for row in reading.rows] == [("灯坏", "general"), ("住人", "major")]


def test_what_is_signed_below_the_ticks_or_answered_no_makes_no_hazards_of_them() -> None:
    headings = ("单位名称", "隐患问题", "一般隐患", "重大隐患")
    lines = [("甲厂", "灯坏", "是", "否"), ("乙厂", "住人", "否", "是"), ("填报人：张三", "", "", "填报人：李四")]
    reading = table(*lines, headings=headings)
    assert [(row.description, row.level) for row in reading.rows] == [("灯坏", "general"), ("住人", "major")]


def test_a_tick_says_whether_to_mend_at_once_and_the_column_beside_it_by_which_day() -> None:
    headings = ("单位名称", "隐患描述", "检查日期", "当场整改", "限期整改", "整改截止")
    reading = table(
        ("甲厂", "灯坏", "2025-12-01", "√", "", ""),
        ("乙厂", "无水", "2025-12-02", "", "√", "2025-12-09"),
        ("丙厂", "堵塞", "2025-12-02", "", "√", ""),
        ("丁厂", "过期", "2025-12-02", "", "2025-12-20", ""),
        headings=headings,
    )
    assert [row.deadline.day for row in reading.rows] == [
        date(2025, 12, 1), date(2025, 12, 9), None, date(2025, 12, 20),
    ]  # fmt: skip
    assert (reading.rows[2].deadline_text, reading.problems) == ("限期整改", ())


@pytest.mark.parametrize("deep", [1, 2])
def test_a_heading_merged_over_the_kind_and_the_hazard_is_read_to_its_end(tmp_path: Path, deep: int) -> None:
    lines: list[books.Line] = [
        ("单位名称", "", "", "整改期限"), *[("", "", "", "")] * (deep - 1),
        ("甲厂", "消防", "1.水带缺失 2.无水", ""), ("乙厂", "电气", "", ""), ("丙厂", 1, "积尘", ""),
    ]  # fmt: skip
    path = books.xlsx(tmp_path / "台账.xlsx", lines, merged=[(0, 1, deep - 1, 2, "存在问题")])
    rows = books.reading(path).rows
    assert [row.description for row in rows] == ["消防：水带缺失", "消防：无水", "电气", "积尘"]
    assert rows[-1].extra == {"存在问题": "1"}


def test_a_line_under_the_title_may_say_the_deadline_of_all() -> None:
    cells = (
        ("检查意见", ""), ("被检查单位：甲厂 检查日期：2026年5月6日 整改期限：2026年5月16日", ""),
        ("隐患内容", "整改要求"), ("基础开裂", "修复"),
    )  # fmt: skip
    (row,) = parse([Grid("台账", cells)]).rows
    assert (row.unit_name, row.found_day, row.deadline.day) == ("甲厂", date(2026, 5, 6), date(2026, 5, 16))


def test_the_header_printed_again_on_the_next_page_is_no_hazard_but_another_table_may_follow() -> None:
    reading = table(
        (1, "甲厂", "未接地", "", "当场"),
        books.HEADINGS,
        (2, "乙厂", "堵塞", "", "三日内"),
        ("序号", "存在问题", "企业名称", "整改时限"),
        (1, "过期", "丙厂", "限期"),
    )
    assert [(row.unit_name, row.description, row.deadline_text) for row in reading.rows] == [
        ("甲厂", "未接地", "当场"),
        ("乙厂", "堵塞", "三日内"),
        ("丙厂", "过期", "限期"),
    ]


def test_a_unit_goes_on_over_the_header_of_the_next_page() -> None:
    rows = table((1, "甲厂", "未接地"), books.HEADINGS, ("", "", "堵塞"), (2, "乙厂", "过期")).rows
    assert [row.unit_name for row in rows] == ["甲厂", "甲厂", "乙厂"]


def test_a_table_above_a_fuller_one_is_read_too_and_what_is_not_read_is_noted() -> None:
    reading = table(
        ("某某厂", "2024年5月3日", "灭火器过期", ""),
        ("序号", "单位名称", "隐患描述", "整改期限"),
        (1, "甲厂", "未接地", "三日内"),
        ("二、重大隐患",),
        ("序号", "单位名称", "隐患描述", "整改措施", "整改期限", "整改情况"),
        (1, "乙厂", "无泄爆", "加装", "当场", "整改中"),
        headings=("一、一般隐患", "", "", "", "", ""),
    )
    assert [(row.unit_name, row.measures) for row in reading.rows] == [("甲厂", ""), ("乙厂", "加装")]
    assert "第 2 行在表头之上，没有读取：某某厂 2024年5月3日 灭火器过期" in reading.notes[0]


def test_the_labels_of_a_form_are_no_table_above_the_hazards() -> None:
    reading = table(
        ("检查人员", "张三", "联系电话", "13800000000"),
        ("序号", "存在问题", "整改期限", "整改情况"),
        (1, "灭火器过期", "三日内", "已整改"),
        headings=("被检查单位", "甲厂", "检查时间", "2023年8月1日"),
    )
    assert [(row.unit_name, row.found_day, row.finder) for row in reading.rows] == [("甲厂", date(2023, 8, 1), "张三")]


def test_what_is_merged_across_the_table_is_no_hazard(tmp_path: Path) -> None:
    lines = [books.HEADINGS, [""] * 6, [1, "甲厂", "未接地"], [""] * 6, [""] * 6, [2, "停产，无人在场"]]
    merged = [(1, "一、工贸企业"), (3, "填报人签字：    审核人签字："), (4, "说明：1.每月25日前报送；2.写明具体日期。")]
    across = [(row, 0, row, 5, said) for row, said in merged]
    reading = books.reading(books.xlsx(tmp_path / "a.xlsx", lines, merged=[*across, (5, 1, 5, 5, "停产，无人在场")]))
    assert [row.unit_name for row in reading.rows] == ["甲厂"]
    assert [problem.fault.name for problem in reading.refused] == ["NoDescription"]
    assert len(reading.notes) == 3


def test_a_zero_report_merged_across_the_table_is_named_one(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "a.xlsx", [books.HEADINGS], merged=[(1, 0, 1, 5, "本月未发现重大事故隐患")])
    assert [problem.fault.name for problem in books.reading(path).problems] == ["ZeroReport"]


def test_a_cell_of_several_hazards_gives_each_its_own_clock() -> None:
    reading = table(
        (1, "甲厂", "1.未接地 2.堵塞", "2023-11-21", "第1项当场，第2项于2023年11月25日前", "1.已整改 2.整改中")
    )
    assert [(row.item, row.description, row.deadline.day, row.finished) for row in reading.rows] == [
        (1, "未接地", date(2023, 11, 21), True),
        (2, "堵塞", date(2023, 11, 25), False),
    ]
    assert reading.lines == 1


@pytest.mark.parametrize("names", [("隐患名称", "隐患描述"), ("隐患清单", "存在问题"), ("隐患简述", "隐患详情")])
def test_a_hazard_named_in_one_column_and_described_in_the_next_is_one(names: tuple[str, str]) -> None:
    headings = ("单位名称", *names)
    reading = table(("甲厂", "配电箱", "配电箱未接地"), ("乙厂", "灭火器过期", ""), headings=headings)

    assert [(row.description, row.extra) for row in reading.rows] == [
        ("配电箱未接地", {names[0]: "配电箱"}),
        ("灭火器过期", {}),
    ]


@pytest.mark.parametrize("colon", ["：", ""])
def test_each_block_of_a_sheet_belongs_to_the_unit_above_it(colon: str) -> None:
    def block(unit: str, day: str, *hazards: str) -> list[tuple[str, ...]]:
        cells = (f"受检单位：{unit}", "", f"检查时间：{day}") if colon else ("受检单位", unit, "检查时间", day)
        return [cells, ("序号", "存在问题", "整改期限", "整改情况"), *(("1", said, "三日内", "") for said in hazards)]

    lines = [*block("金桥厂", "2026年5月6日", "堵塞", "过期"), *block("银桥厂", "2026年5月12日", "未接地")]
    reading = parse([Grid("台账", tuple((*line, *[""] * (4 - len(line))) for line in lines))])

    assert [(row.unit_name, row.found_day) for row in reading.rows] == [
        ("金桥厂", date(2026, 5, 6)),
        ("金桥厂", date(2026, 5, 6)),
        ("银桥厂", date(2026, 5, 12)),
    ]
    assert (reading.problems, reading.lines) == ((), 3)


def test_a_masked_credit_code_of_the_titles_warns_and_is_kept() -> None:
    lines = (("企业名称：大华 统一社会信用代码：9133010***********X", ""), ("隐患描述", "整改期限"), ("未接地", "当场"))
    (row,) = parse([Grid("台账", lines)]).rows

    assert (row.unit_name, row.extra) == ("大华", {"统一社会信用代码": "9133010***********X"})


def test_hazards_in_several_columns_are_several_hazards() -> None:
    reading = table(("甲厂", "未接地", "", "堵塞"), headings=("单位", "隐患1", "隐患2", "隐患3"))
    assert [row.description for row in reading.rows] == ["未接地", "堵塞"]


@pytest.mark.parametrize(
    ("line", "name", "column"),
    [
        ((1, "甲厂", ""), "NoDescription", "隐患描述"),
        ((1, "甲厂", "/"), "NoDescription", "隐患描述"),
        ((1, "甲厂", "1."), "NoDescription", "隐患描述"),
        ((1, "甲厂", 3), "NoDescription", "隐患描述"),
        ((1, "甲厂", "整改要求"), "NoDescription", "隐患描述"),
        ((1, "某街道", "无"), "ZeroReport", "隐患描述"),
        ((1, "某街道", "未发现安全隐患"), "ZeroReport", "隐患描述"),
        ((1, "某街道", "暂未发现隐患"), "ZeroReport", "隐患描述"),
        ((1, "某街道", "本次检查未发现安全隐患和问题"), "ZeroReport", "隐患描述"),
        ((1, "某街道", "经现场检查，未发现火灾隐患。"), "ZeroReport", "隐患描述"),
        ((1, "某街道", "符合要求"), "ZeroReport", "隐患描述"),
        ((1, "某街道", "良好"), "ZeroReport", "隐患描述"),
        ((1, "某街道", "未见异常"), "ZeroReport", "隐患描述"),
        ((1, "某街道", "情况良好。"), "ZeroReport", "隐患描述"),
        ((1, "某街道", "一切正常"), "ZeroReport", "隐患描述"),
        (("本月无隐患",), "ZeroReport", "隐患描述"),
        ((1, "甲厂", "未接地", "2023-02-30"), "ImpossibleDay", "检查日期"),
        ((1, "甲厂", "未接地", "", "2023年6月31日前"), "ImpossibleDay", "整改期限"),
        ((1, "甲厂", "未" * 4001), "TextTooLong", "隐患描述"),
    ],
)
def test_a_hazard_that_cannot_be_imported_is_a_named_problem(line: books.Line, name: str, column: str) -> None:
    reading = table((1, "乙厂", "堵塞"), line)
    assert len(reading.rows) == 1
    (problem,) = reading.refused
    assert (problem.fault.name, problem.line, problem.column, problem.refused) == (name, 3, column, True)
    assert problem.fault.reason
    assert problem.fault.right


def test_where_no_column_describes_hazards_each_row_says_so_and_names_the_headings_nobody_knows() -> None:
    headings = ("单位名称", "排查实况", "整改期限", "照片")
    (problem,) = table(("甲厂", "未接地", "当场"), headings=headings).problems
    assert (problem.fault.name, problem.refused) == ("NoDescriptionColumn", True)
    assert "认不出的表头：排查实况、照片" in problem.fault.reason


def test_a_wrong_credit_code_is_refused_and_a_right_one_kept_in_capitals() -> None:
    headings = ("单位名称", "统一社会信用代码", "隐患描述")
    reading = table(
        ("甲厂", GOOD_CODE.lower(), "未接地"),
        ("乙厂", GOOD_CODE[:-1] + "4", "未接地"),
        ("丙厂", "未载明", "未接地"),
        headings=headings,
    )
    assert [row.credit_code for row in reading.rows] == [GOOD_CODE, ""]
    assert [(problem.fault.name, problem.value) for problem in reading.refused] == [
        ("BadCreditCode", GOOD_CODE[:-1] + "4")
    ]


@pytest.mark.parametrize("number", [913301001234567936.0, 913501000001000430.0])
def test_a_credit_code_stored_as_a_number_has_lost_its_last_figures_and_is_none(number: float) -> None:
    reading = table(("甲厂", number, "未接地"), headings=("单位名称", "统一社会信用代码", "隐患描述"))
    assert [row.credit_code for row in reading.rows] == [""]
    assert [problem.fault.name for problem in reading.warnings] == ["NoCreditCode"]


@pytest.mark.parametrize("said", ["未办理", "办理中", "个体户无", "（无）", "350211600123456"])
def test_what_was_never_meant_for_a_credit_code_warns_and_is_kept(said: str) -> None:
    reading = table(("甲铺", said, "未接地"), headings=("单位名称", "统一社会信用代码", "隐患描述"))
    assert [(row.credit_code, row.extra) for row in reading.rows] == [("", {"统一社会信用代码": said})]
    assert [problem.fault.name for problem in reading.warnings] == ["NoCreditCode"]


@pytest.mark.parametrize(
    ("headings", "kind", "level"),
    [
        (("单位名称", "隐患描述", "隐患类别"), "重大", "major"),
        (("单位名称", "隐患描述", "隐患类别"), "一般", "general"),
        (("单位名称", "重大隐患基本情况", "隐患类别"), "消防", "major"),
    ],
)
def test_the_kind_or_the_heading_may_call_a_hazard_major(headings: books.Line, kind: str, level: str) -> None:
    (row,) = table(("甲厂", "氨罐超量", kind), headings=headings).rows
    assert row.level == level


def test_two_faults_of_one_hazard_are_one_problem_that_names_both() -> None:
    (problem,) = table((1, "甲厂", "未接地", "2023-02-30", "2023-06-31")).problems
    assert "2023-06-31" in problem.fault.reason
    assert (problem.column, problem.value) == ("检查日期", "2023-02-30")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ((1, "", "未接地"), "NoUnit"),
        ((1, "甲厂", "未接地", "上回"), "UnreadFoundDay"),
        ((1, "甲厂", "未接地", "", "明天吧"), "UnreadDeadline"),
        ((1, "甲厂", "未接地", "2023-11-21", "2023-11-01"), "DeadlineBefore"),
        ((1, "甲厂", "未接地", "2022-09-28", 2023.1), "CutShort"),
        ((1, "甲厂", "未接地", "2023-09-28", 10.1), "CutShort"),
        ((1, "甲厂", "未接地", "2023-09-28", "2024年春节前"), "UnreadDeadline"),
    ],
)
def test_a_doubt_warns_and_keeps_the_hazard(line: books.Line, name: str) -> None:
    reading = table(line)
    assert len(reading.rows) == 1
    assert [problem.fault.name for problem in reading.warnings] == [name]


def test_who_pays_is_no_part_of_the_sum() -> None:
    (row,) = table(("甲厂", "未接地", "5000元（自筹）"), headings=("单位名称", "隐患描述", "整改资金")).rows
    assert row.money_yuan == Decimal(5000)


def test_no_column_is_lost() -> None:
    headings = ("单位名称", "隐患描述", "督办单位", "督办部门", "挂牌级别", "")
    (row,) = table(("甲厂", "未接地", "市政府", "消防大队", "市级", "附注"), headings=headings).rows
    assert row.lead_text == "市政府"
    assert row.extra == {"督办部门": "消防大队", "挂牌级别": "市级", "第6列": "附注"}


def test_money_is_in_yuan_whatever_the_heading_counts_in() -> None:
    headings = ("单位名称", "隐患描述", "治理经费(万元)")
    reading = table(("甲厂", "未接地", 2.5), ("乙厂", "堵塞", "12,000元"), ("丙厂", "过期", "若干"), headings=headings)
    assert [row.money_yuan for row in reading.rows] == [Decimal(25_000), Decimal(12_000), None]
    assert [(problem.fault.name, problem.value) for problem in reading.warnings] == [("UnreadMoney", "若干")]
    assert reading.rows[2].extra == {"治理经费(万元)": "若干"}


@pytest.mark.parametrize(
    ("status", "finished"),
    [
        *(
            (each, True)
            for each in ("已整改", "已立即整改", "整改完成", "已销号", "是", "√", "已按要求整改", "已全部整改到位")
        ),
        *(
            (each, True)
            for each in (
                "已整改，待复查",
                "已完成整改待销号",
                "已下达责令限期整改指令书，现已整改完毕",
                "已按整改通知书要求整改到位",
                "经复查合格",
                "是，8月5日完成",
                "整改落实到位",
                "已于9月5日整改",
                "限期内已整改",
                "整改完成率100%",
                "V",
                "☑已整改 □未整改",
                "已整改√ 未整改",
                "√已整改 未整改",
                "是☑否□",
            )
        ),
        *(
            (each, True)
            for each in ("已改", "已整治", "已处理", "已处理完毕", "已关闭", "验收通过", "已整改（未验收）")
        ),
        *(
            (each, True)
            for each in ("已维修", "已修好", "已安装护栏", "已补充", "已配备灭火器", "已重新张贴", "已粘贴标识")
        ),
        *((each, True) for each in ("完成（5.10）", "5月12日完成", "2026年5月12日完成整改", "完成整改，资金2万元")),
        *(
            (each, True)
            for each in ("已清洗", "已恢复正常", "已购置到位", "已检测合格", "已搬离", "已上缴", "已疏通，无复发")
        ),
        *((each, True) for each in ("已落实", "已归档", "按期完成", "已提前完成", "符合要求", "Closed", "done")),
        *(
            (each, False)
            for each in ("已落实整改资金", "已清运一车", "已检测出超标", "已培训一半", "已恢复生产", "要求")
        ),
        *((each, True) for each in ("完成率100%", "整改率：100%", "己整改", "己完成", "逾期已整改", "超期完成")),
        *((each, False) for each in ("已完成一半", "已完成大半", "已整改大部分", "完成（50%）", "完成率50%", "未验收")),
        *((each, False) for each in ("12月完成", "2026年12月完成", "完成（3项，剩2项）", "检查覆盖率100%")),
        *((each, False) for each in ("未验收合格", "逾期未改", "逾期整改", "6月底完成", "6月30日前完成", "已安装一半")),
        *(
            (each, False)
            for each in (
                "已张贴封条",
                "已关闭该场所部分区域",
                "已采购设备",
                "已改期",
                "已改造中",
                "自己完成时限",
            )
        ),
        *(
            (each, False)
            for each in (
                "已完成80%",
                "整改完成率９９．５％",
                "已整改完成2项，剩余1项",
                "已完成招标，等待施工",
                "已完成设计",
                "待复查合格后销号",
                "已整改，待验收合格后销号",
                "待验收",
                "已责令立即整改到位",
                "现已整改完毕，另下达通知书",
                "是，正在整改",
                "□已整改 □未整改",
                "□已整改",
                "□已整改 ☑未整改",
                "√ 未整改",
                "未整改 √ 已整改",
                "已整改 √ 未整改",
                "已整改√，还有1处",
                "是□否☑",
            )
        ),
        *(
            (each, False)
            for each in ("整改中", "未整改", "否", "已处罚", "限期整改中", "已部分整改", "基本完成", "计划12月完成整改")
        ),
        *(
            (each, False)
            for each in (
                "已责令整改",
                "已下达整改完成时限",
                "已下达整改通知书",
                "已制定整改方案",
                "未载明",
                "",
                "政府挂牌督办",
            )
        ),
    ],
)
def test_finished_is_only_what_the_ledger_calls_finished(status: str, *, finished: bool) -> None:
    (row,) = table((1, "甲厂", "未接地", "", "", status)).rows
    assert (row.finished, row.status_text) == (finished, status)


@pytest.mark.parametrize(
    ("measures", "answer", "finished"),
    [("已购置新灭火器", "是", True), ("杂物已清走", "否", False), ("正在整改", "是", False), ("", "", False)],
)
def test_two_columns_of_status_finish_a_hazard_when_one_says_so_and_none_denies_it(
    measures: str, answer: str, *, finished: bool
) -> None:
    headings = ("单位名称", "隐患描述", "整改情况", "是否完成整改")
    (row,) = table(("甲厂", "未接地", measures, answer), headings=headings).rows
    assert (row.finished, row.status_text, row.extra.get("是否完成整改", "")) == (finished, measures, answer)


@pytest.mark.parametrize(("work", "finished"), [("整改完成", True), ("正在整改", False), ("", False)])
@pytest.mark.parametrize("headings", [("整改情况", "是否验收"), ("是否验收", "整改情况")])
def test_what_waits_for_somebody_elses_check_is_finished(
    headings: tuple[str, str], work: str, *, finished: bool
) -> None:
    line = {"整改情况": work, "是否验收": "否"}
    (row,) = table(("甲厂", "未接地", *map(line.get, headings)), headings=("单位名称", "隐患描述", *headings)).rows
    assert row.finished is finished


@pytest.mark.parametrize(
    ("said", "finished", "day"),
    [
        ("2023-08-09", True, date(2023, 8, 9)),
        ("已完成", True, None),
        ("未完成", False, None),
        ("正在整改", False, None),
    ],
)
def test_the_column_of_finishing_may_hold_a_day_or_a_word(said: str, day: date | None, *, finished: bool) -> None:
    headings = ("单位名称", "隐患描述", "整改期限", "整改完成时间")
    (row,) = table(("甲厂", "未接地", "2023-08-10", said), headings=headings).rows
    assert (row.finished, row.finished_on) == (finished, day)


@pytest.mark.parametrize("heading", ["复查日期", "验收时间", "计划销号时间", "拟完成整改日期", "整改复查时间"])
def test_a_day_planned_for_the_check_or_the_work_finishes_nothing(heading: str) -> None:
    (row,) = table(("甲厂", "未接地", "2023-08-10"), headings=("单位名称", "隐患描述", heading)).rows
    assert (row.finished, row.finished_on) == (False, None)


@pytest.mark.parametrize("heading", ["整改完成率", "整改进度（%）"])
@pytest.mark.parametrize(
    ("rate", "finished"),
    [(1.0, True), (100.0, True), ("100%", True), (0.5, False), (0.999, False), (99.6, False), (0.0, False)],
)
def test_one_or_a_hundred_under_a_heading_of_rates_is_a_hundred_per_cent(
    heading: str, rate: object, *, finished: bool
) -> None:
    (row,) = table(("甲厂", "未接地", rate), headings=("单位名称", "隐患描述", heading)).rows
    assert row.finished is finished


@pytest.mark.parametrize(
    ("said", "level", "assumed"),
    [
        ("红", "major", False),
        ("红色", "major", False),
        ("1级", "major", False),
        ("A级", "general", False),
        ("重大", "major", False),
        ("重大事故隐患", "major", False),
        ("一般", "general", False),
        ("非重大", "general", False),
        ("", "general", True),
        ("未载明", "general", True),
        ("☑一般 □重大", "general", False),
        ("□一般 ☑重大", "major", False),
        ("一般隐患☑  重大隐患□", "general", False),
        ("重大√ 一般", "major", False),
        ("□一般 □重大", "general", True),
    ],
)
def test_a_level_nobody_states_is_general_and_marked_assumed(said: str, level: str, *, assumed: bool) -> None:
    (row,) = table(("甲厂", "未接地", said), headings=("单位名称", "隐患描述", "隐患级别")).rows
    assert (row.level, row.level_assumed) == (level, assumed)


def test_a_vague_day_of_discovery_is_its_first_day_and_marked() -> None:
    (row,) = table((1, "甲厂", "未接地", "2023年9月")).rows
    assert (row.found_day, row.found_precision, row.found_text) == (date(2023, 9, 1), Precision.MONTH, "2023年9月")


def test_a_date_column_beside_the_wording_gives_the_day_and_a_note_may_make_it_a_date_to_report() -> None:
    headings = ("单位名称", "隐患描述", "deadline_text", "deadline_date", "备注")
    rows = table(
        ("甲厂", "未接地", "限期改正", "2023-11-26", ""),
        ("甲厂", "堵塞", "限期改正", "2023-11-26", "deadline_date 为情况报送期限,不是整改完成期限"),
        ("甲厂", "过期", "有关情况于9月20日前报送", "2017-09-20", ""),
        headings=headings,
    ).rows
    assert [(row.deadline.kind, row.deadline.day, row.report_by) for row in rows] == [
        (Kind.DAY, date(2023, 11, 26), None),
        (Kind.UNSTATED, None, date(2023, 11, 26)),
        (Kind.UNSTATED, None, date(2017, 9, 20)),
    ]


@pytest.mark.parametrize("heading", ["整改期限（天）", "整改天数"])
def test_a_bare_figure_counts_in_the_unit_of_its_heading(heading: str) -> None:
    headings = ("单位名称", "隐患描述", heading)
    rows = table(("甲厂", "未接地", 3), ("乙厂", "堵塞", "当场"), headings=headings).rows
    assert [(row.deadline.kind, row.deadline.amount) for row in rows] == [(Kind.RELATIVE, 3), (Kind.ON_THE_SPOT, None)]


LINES = (("单位名称", "隐患描述", "检查日期", "整改期限"), ("甲厂", "未接地", "8月3日", "9月5日"))


@pytest.mark.parametrize(
    ("sheet", "above", "below", "year"),
    [
        ("Sheet1", "某县治本攻坚三年行动（2024—2026年）台账", "", 2025),  # no year of its own: last August
        ("Sheet1", "某县治本攻坚三年行动（2024-2026年）2024年8月台账", "", 2024),
        ("2024年8月", "某县隐患台账", "", 2024),
        ("Sheet1", "某县隐患台账", "填报人：张三  填报日期：2024年8月25日", 2024),
        ("Sheet1", "某县2026年隐患台账", "", 2025),  # read on 2 March 2026: last August
    ],
)
def test_a_date_without_a_year_is_read_from_the_day_the_sheet_speaks_of(
    sheet: str, above: str, below: str, year: int
) -> None:
    lines = ((above, "", "", ""), *LINES, (below, "", "", ""))
    (row,) = parse([Grid(sheet, lines)], today=date(2026, 3, 2)).rows
    assert row.found_day == date(year, 8, 3)
    assert row.deadline.day == date(year, 9, 5)


@pytest.mark.parametrize(("name", "year"), [("2024年8月隐患台账.csv", 2024), ("隐患台账.csv", 2025), ("", 2025)])
def test_where_no_title_names_a_year_the_files_name_does_else_today_and_the_hazard_warns(name: str, year: int) -> None:
    reading = parse([Grid("CSV", LINES)], today=date(2026, 3, 2), name=name)
    assert [(row.found_day, row.deadline.day) for row in reading.rows] == [(date(year, 8, 3), date(year, 9, 5))]
    (warning,) = reading.warnings
    assert (warning.fault.name, warning.value) == ("YearAssumed", "8月3日")
    assert f"按 {year} 年导入" in warning.fault.reason
    assert reading.stated_on == {}


def test_the_day_in_a_files_name_is_no_day_of_a_visit() -> None:
    lines = (("单位名称", "隐患描述", "整改期限"), ("甲厂", "未接地", "当场"))
    (row,) = parse([Grid("CSV", lines)], today=date(2026, 3, 2), name="2024年8月隐患台账.csv").rows
    assert (row.deadline.kind, row.deadline.day) == (Kind.ON_THE_SPOT, None)


def test_a_year_written_beside_is_no_assumption() -> None:
    lines = (
        ("单位名称", "隐患描述", "检查时间", "整改期限", "实际完成时间"),
        ("甲厂", "未接地", "2024-08-03", "9月5日", "8月20日"),
        ("乙厂", "堵塞", "2024-08-03", "立即", ""),
    )
    reading = parse([Grid("CSV", lines)], today=date(2026, 9, 2))
    assert [(row.deadline.day, row.finished_on) for row in reading.rows] == [
        (date(2024, 9, 5), date(2024, 8, 20)),
        (date(2024, 8, 3), None),
    ]


@pytest.mark.parametrize(
    ("limit", "status", "day"),
    [
        ("3月15日", "整改中", date(2024, 3, 15)),
        ("12月25日", "整改中", date(2024, 12, 25)),
        ("1月10日前", "整改中", date(2025, 1, 10)),
        ("1月10日前", "已整改", date(2024, 1, 10)),
        ("6月底", "整改中", date(2024, 6, 30)),
    ],
)
def test_with_nothing_to_count_from_but_today_a_deadline_lies_in_the_last_nine_months_or_the_next_three(
    limit: str, status: str, day: date
) -> None:
    lines = (("单位名称", "隐患描述", "整改期限", "整改情况"), ("甲厂", "未接地", limit, status))
    reading = parse([Grid("CSV", lines)], today=date(2024, 11, 30))
    assert [row.deadline.day for row in reading.rows] == [day]
    assert [problem.fault.name for problem in reading.warnings] == ["YearAssumed"]


def test_a_ledger_of_august_lists_what_was_due_in_august() -> None:
    lines = (("单位名称", "隐患描述", "整改期限"), ("甲厂", "未接地", "8月20日"), ("乙厂", "堵塞", "1月5日前"))
    rows = parse([Grid("2023年8月", lines)]).rows
    assert [row.deadline.day for row in rows] == [date(2023, 8, 20), date(2024, 1, 5)]


def test_the_title_gives_unit_and_year_to_a_ledger_of_one_enterprise(tmp_path: Path) -> None:
    lines = [
        ("隐患自查台账（2024年5月）", "", ""),
        ("企业名称：某某厂", "", ""),
        ("隐患内容", "发现时间", "整改期限"),
        ("配电箱未接地", "5月3日", "5月20日前"),
    ]
    (row,) = books.reading(books.csv(tmp_path / "a.csv", lines)).rows
    assert (row.unit_name, row.found_day, row.deadline.day) == ("某某厂", date(2024, 5, 3), date(2024, 5, 20))


def test_a_second_reading_gives_the_same_keys_and_repeats_are_told_apart() -> None:
    lines = ((1, "甲厂", "未接地"), (2, "甲厂", "未接地"), (3, "甲厂", "未 接地"))
    first, second = ([row.key for row in table(*lines).rows] for _ in range(2))
    assert first == second
    assert len(set(first)) == 3
    assert [row.key for row in table((9, "甲厂", "未接地")).rows] == first[:1]


def test_a_sheet_that_only_lists_enterprises_or_options_beside_the_hazards_is_a_note() -> None:
    hazards = Grid("台账", (("单位名称", "隐患描述", "整改期限"), ("甲厂", "未接地", "当场")))
    units = Grid("企业名单", (("序号", "企业名称", "地址", "联系人", "法人"), ("1", "甲厂", "工业路1号", "王", "李")))
    options = Grid("Sheet2", (("企业名称", "隐患类别", "隐患等级"), ("甲厂", "消防", "一般")))
    reading = parse([hazards, units, options])
    assert ([row.unit_name for row in reading.rows], reading.problems, reading.lines) == (["甲厂"], (), 1)
    assert [note[:8] for note in reading.notes] == ["工作表“企业名单", "工作表“Shee"]
    assert parse([units]).lines == 1


def test_a_workbook_of_several_sheets_is_read_whole(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name in ("一月", "二月"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, books.HEADINGS)
            sheet.write_row(1, 0, [1, f"{name}厂", "未接地"])
        book.add_worksheet("填表说明").write_row(0, 0, ["序号", "单位名称", "隐患情况"])
    reading = books.reading(tmp_path / "a.xlsx")
    assert [(row.sheet, row.line) for row in reading.rows] == [("一月", 2), ("二月", 2)]
    assert any("填表说明" in note for note in reading.notes)
