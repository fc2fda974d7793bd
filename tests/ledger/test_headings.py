"""Headings by all their names, and where the header stands."""

import pytest

from ledger import header
from ledger.headings import NAMES, bare, recognised
from ledger.refusals import NoHeader
from ledger.rows import parse
from ledger.sheets import Grid
from ledger.words import yuan


def grid(*lines: tuple[str, ...]) -> Grid:
    width = max(map(len, lines))
    return Grid("台账", tuple(line + ("",) * (width - len(line)) for line in lines))


def fields(*lines: tuple[str, ...]) -> list[str]:
    found = header.find(grid(*lines))
    assert found is not None
    return [column.field for column in found.columns]


def test_no_name_belongs_to_two_fields() -> None:
    names = [bare(name) for each in NAMES.values() for name in set(map(bare, each.split(" ")))]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("单位名称", "unit_name"),
        ("單位名稱", "unit_name"),
        (" 单 位\n名 称 ", "unit_name"),
        ("企业名称（全称）", "unit_name"),
        ("隐患单位", "unit_name"),
        ("存在隐患(存在问题)", "description"),
        ("隱患描述", "description"),
        ("检查发现的主要问题", "description"),
        ("hazard_desc", "description"),
        ("整改期限*", "deadline"),
        ("整改完成最后期限", "deadline"),
        ("计划完成整改时间", "deadline"),
        ("治理经费(万元)", "money"),
        ("统一社会信用代码", "credit_code"),
        ("检查日期、检查机关", "found+finder"),
        ("联系人及电话", "contact+phone"),
        ("责任单位/督办部门", "responsible_text"),
        ("是否整改", "status_text"),
        ("督改责任单位", "responsible_text"),
        ("九小场所名称", "unit_name"),
        ("加油站名称", "unit_name"),
        ("煤矿名称", "unit_name"),
        ("市场主体", "unit_name"),
        ("现场检查发现的问题", "description"),
        ("风险隐患", "description"),
        ("违法违规行为", "description"),
        ("销号时限", "deadline"),
        ("落实时限", "deadline"),
        ("整改时间节点", "deadline"),
        ("落实措施", "measures"),
        ("是否已整改完成", "status_text"),
        ("验收情况", "status_text"),
        ("使用单位", "unit_name"),
        ("被督查单位", "unit_name"),
        ("隐患上报单位", "finder"),
        ("隐患监管单位", ""),
        ("隐患治理情况", "status_text"),
        ("问题处理情况", "status_text"),
        ("复查结论", "status_text"),
        ("是否整治到位", "status_text"),
        ("隐患是否整改", "status_text"),
        ("隐患上报情况", ""),
        ("隐患图片说明", ""),
        ("治理状态", "status_text"),
        ("办理时限", "deadline"),
        ("整治期限", "deadline"),
        ("要求关闭日期", "deadline"),
        ("使用期限", ""),
        ("时限落实情况", "deadline"),
        ("资金落实（万元）", "money"),
        ("预案落实情况", ""),
        ("整改措施及时限", "deadline"),
        ("整改责任人及时限", "deadline"),
        ("隐患部位及内容", "description"),
        ("检查时间及存在问题", "description"),
        ("检查人员及时间", "found+finder"),
        ("交办事项", "description"),
        ("描述", "description"),
        ("内容", "description"),
        ("重大隐患名称", "description"),
        ("定整改期限", "deadline"),
        ("定责任单位", "unit_name"),
        ("巡检日期", "found"),
        ("入户时间", "found"),
        ("暗访督导时间", "found"),
        ("稽查年月日", "found"),
        ("检验日期", ""),
        ("下次检查时间", ""),
        ("改正情况", "status_text"),
        ("是否改正", "status_text"),
        ("完成与否", "status_text"),
        ("摘牌情况", "status_text"),
        ("巡查对象", "unit_name"),
        ("作坊名称", "unit_name"),
        ("要求完成日", "deadline"),
        ("举报内容", "description"),
    ],
)
def test_a_heading_is_known_by_any_of_its_names(heading: str, field: str) -> None:
    assert (*recognised(heading), "")[0] == field


@pytest.mark.parametrize(
    "heading", ["挂牌级别", "现场照片", "专家解读(法规条款)", "是否市级以上重点工程", "是否限期整改", "某" * 60]
)
def test_a_heading_nobody_knows_stays_unknown(heading: str) -> None:
    assert recognised(heading) == ()


def test_title_rows_above_the_header_are_no_header() -> None:
    assert fields(
        ("隐患清单",), ("填报单位：某街道",), ("序号", "单位名称", "隐患描述"), ("1", "某某厂", "未接地")
    ) == [
        "serial",
        "unit_name",
        "description",
    ]


def test_a_second_row_of_headings_is_read_under_its_groups() -> None:
    assert fields(
        ("序号", "单位名称", "检查", "", "整改", "", "备注"),
        ("", "", "时间", "单位", "期限", "情况", ""),
        ("1", "某某厂", "2024.1.2", "某局", "三日内", "整改中", ""),
    ) == ["serial", "unit_name", "found", "finder", "deadline", "status_text", "remark"]


@pytest.mark.parametrize(
    "lowest",
    [
        ("", "", "（年/月/日）", "（万元）", "（年/月/日）"),
        ("", "", "", "（万元）", ""),
        ("（填全称）", "", "", "(万元)", ""),
    ],
)
def test_a_line_of_brackets_under_the_headings_belongs_to_them(lowest: tuple[str, ...]) -> None:
    found = header.find(
        grid(
            ("单位名称", "隐患描述", "检查时间", "整改资金", "整改期限"),
            lowest,
            ("甲厂", "未接地", "2026-05-06", "1.5", "2026-05-13"),
        )
    )
    assert found is not None
    assert (found.last, [column.field for column in found.columns]) == (
        1,
        ["unit_name", "description", "found", "money", "deadline"],
    )
    assert yuan("1.5", heading=found.columns[3].heading) == 15_000


def test_three_rows_of_headings_are_read_down_to_the_last() -> None:
    assert fields(
        ("序号", "企业信息", "", "隐患排查", "", "", "整改落实", ""),
        ("", "名称", "地址", "发现", "隐患", "", "时限", "资金"),
        ("", "", "", "日期", "部位", "内容", "（完成日期）", "（万元）"),
        ("1", "甲厂", "工业路1号", "2026-05-06", "一车间", "未接地", "2026-05-13", "2"),
    ) == ["serial", "unit_name", "address", "found", "location", "description", "deadline", "money"]


@pytest.mark.parametrize(("planned", "done"), [("计划", "实际"), ("计划完成", "实际完成")])
def test_what_is_planned_and_what_was_done_may_share_one_heading(planned: str, done: str) -> None:
    assert fields(
        ("单位", "隐患描述", "整改时间", ""), ("", "", planned, done), ("甲厂", "未接地", "2026-04-05", "2026-04-04")
    ) == ["unit_name", "description", "deadline", "finished_on"]


def test_one_row_of_headings_does_not_swallow_the_first_hazard() -> None:
    found = header.find(grid(("单位名称", "隐患描述", "备注"), ("某某厂", "问题", "")))
    assert found is not None
    assert (found.first, found.last) == (0, 0)


def test_an_ambiguous_heading_takes_the_meaning_still_free() -> None:
    assert fields(("责任单位", "隐患描述"))[0] == "unit_name"
    assert fields(("单位名称", "责任单位", "隐患描述"))[1] == "responsible_text"
    assert fields(("单位名称", "隐患描述", "整改完成时间"))[2] == "deadline"
    assert fields(("单位名称", "隐患描述", "整改期限", "整改完成时间"))[3] == "finished_on"
    assert fields(("单位名称", "隐患描述", "内容"))[2] == "requirement"
    assert fields(("隐患整改责任单位", "单位名称", "隐患描述"))[:2] == ["responsible_text", "unit_name"]


def test_whose_part_a_unit_is_names_it_where_nothing_else_does() -> None:
    assert fields(("所属单位", "巡查点位", "隐患描述")) == ["unit_name", "location", "description"]
    assert fields(("所属单位", "企业名称", "隐患描述")) == ["remark", "unit_name", "description"]


def test_what_the_titles_say_holds_for_all_rows() -> None:
    said = header.titles(grid(("受检单位：某某厂", "检查日期：", "2024年3月5日"), ("隐患描述", "整改期限")), 1)
    assert said == {"unit_name": "某某厂", "found": "2024年3月5日"}


def test_one_cell_of_the_titles_may_say_several_things_and_a_form_needs_no_colons() -> None:
    lines = (
        ("检查日期：2023年8月15日      检查组组长：王专家      被检查企业：甲化工厂",),
        ("检查单位", "县应急局", "地址", "城关镇"),
        ("检查", "排查情况", "整改"),
    )
    assert header.titles(grid(*lines), 3) == {
        "found": "2023年8月15日",
        "unit_name": "甲化工厂",
        "finder": "县应急局",
        "address": "城关镇",
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("受检单位：", "检查时间：2026年5月6日"), {"found": "2026年5月6日"}),
        (("单位（盖章）：", "填报时间：2026年5月31日"), {}),
        (("受检单位：（盖章）",), {}),
        (("单位名称：____________",), {}),
        (("受检单位：大华纺织有限公司 （盖章）",), {"unit_name": "大华纺织有限公司"}),
        (("企业名称", "大华纺织", "统一社会信用代码", "", "联系人", "王某"), {"unit_name": "大华纺织"}),
    ],
)
def test_a_label_with_nothing_behind_it_says_nothing(line: tuple[str, ...], said: dict[str, str]) -> None:
    assert header.titles(grid(line, ("隐患描述", "整改期限")), 1) == said


def test_a_guide_to_the_fields_is_no_header() -> None:
    assert header.find(grid(("4", "整改期限", "填写具体整改完成时间"), ("5", "整改情况", "填写隐患整改情况"))) is None


def test_headings_that_count_hazards_describe_none() -> None:
    assert [recognised(heading) for heading in ("发现隐患（条）", "隐患数量", "问题总数")] == [(), (), ()]


def test_a_sheet_without_a_header_is_refused_and_told_what_is_looked_for() -> None:
    with pytest.raises(NoHeader) as refused:
        parse([grid(("甲", "乙"), ("1", "2"))])
    assert "单位名称" in (refused.value.right or "")


def test_a_vertical_form_is_refused_by_name_and_told_how_to_lie() -> None:
    form = grid(
        ("受检单位", "万家超市", "地址", "人民路8号"),
        ("检查时间", "2026年5月6日", "检查人员", "赵、钱"),
        ("存在问题", "1.安全出口上锁；2.灭火器过期。"),
        ("整改要求", "立即整改"),
        ("整改期限", "2026年5月13日"),
        ("受检单位签字：", "", "检查人员签字："),
    )
    with pytest.raises(NoHeader, match="竖式表格") as refused:
        parse([form])
    assert "每条隐患一行" in str(refused.value)


def test_a_refusal_names_the_row_that_looked_most_like_a_header_and_what_it_did_not_know() -> None:
    with pytest.raises(NoHeader) as refused:
        parse([grid(("某某公司通讯录", "", ""), ("姓名", "工号", "备注"), ("张三", "7", ""))])
    assert "工作表“台账”第2行，认得：备注；认不出：姓名、工号" in (refused.value.right or "")
