"""What a sheet says once, in its title, its name or a section line, holds for the hazards below."""

from datetime import date

import pytest

from ledger.records import Reading
from ledger.rows import parse
from ledger.sheets import Grid
from tests.ledger.books import Line, table

HEADINGS = ("序号", "单位名称", "隐患描述", "整改期限", "隐患级别")


def sheet(*lines: Line, name: str = "台账") -> Reading:
    return parse([Grid(name, tuple((*map(str, line), *[""] * (5 - len(line))) for line in lines))])


def levels(reading: Reading) -> list[tuple[str, bool]]:
    return [(row.level, row.level_assumed) for row in reading.rows]


@pytest.mark.parametrize(
    "title",
    [
        "青山区重大事故隐患清单",
        "2026年度区级挂牌督办重大安全隐患一览表",
        "重大火灾隐患整改台账",
        "附表 重大生产安全事故隐患",
    ],
)
def test_a_title_that_calls_all_hazards_major_makes_each_so(title: str) -> None:
    reading = sheet(("附件2",), (title,), HEADINGS, (1, "甲厂", "未探伤"), (2, "乙厂", "过期", "", "一般"))
    assert levels(reading) == [("major", False), ("general", False)]


@pytest.mark.parametrize(
    "title",
    [
        "重大事故隐患排查整治台账",
        "重大隐患专项行动发现隐患清单",
        "一般隐患和重大隐患清单",
        "重大事故隐患动态清零台账",
        "重大隐患：0条",
        "重大隐患数3",
        "非重大隐患清单",
        "重大、一般隐患清单",
        "一般和重大事故隐患清单",
        "某区隐患台账",
        "填表须知：本表由镇街填写，凡重大隐患须在三日内上报区安委办并同时抄送行业主管部门。",
    ],
)
def test_a_title_that_names_a_campaign_or_both_levels_says_nothing_of_the_level(title: str) -> None:
    assert levels(sheet((title,), HEADINGS, (1, "甲厂", "过期"))) == [("general", True)]


def test_the_name_of_a_sheet_may_say_the_level() -> None:
    assert levels(sheet(HEADINGS, (1, "甲厂", "过期"), name="重大隐患")) == [("major", False)]
    assert levels(sheet(HEADINGS, (1, "甲厂", "过期"), name="一般隐患")) == [("general", False)]


def test_a_section_line_says_the_level_until_the_next_of_its_numbering() -> None:
    reading = sheet(
        ("一、重大隐患",),
        HEADINGS,
        ("（一）工贸企业",),
        (1, "甲厂", "未探伤"),
        ("（二）危化企业",),
        (2, "乙厂", "超量"),
        ("二、一般隐患",),
        HEADINGS,
        (1, "丙厂", "过期"),
        ("三、其他",),
        (1, "丁厂", "堵塞"),
    )
    assert levels(reading) == [("major", False), ("major", False), ("general", False), ("general", True)]


def test_of_two_columns_of_hazards_each_heading_says_the_level_of_its_own() -> None:
    reading = table(
        ("甲厂", "1.过期 2.堵塞", "超量"), ("乙厂", "", "未探伤"), headings=("单位名称", "一般隐患", "重大隐患")
    )
    assert [(row.description, row.level, row.level_assumed) for row in reading.rows] == [
        ("过期", "general", False),
        ("堵塞", "general", False),
        ("超量", "major", False),
        ("未探伤", "major", False),
    ]


def units(reading: Reading) -> list[tuple[str, str]]:
    warned = {problem.line: problem.fault.name for problem in reading.warnings}
    return [(row.unit_name, warned.get(row.line, "")) for row in reading.rows]


OF_ONE = ("序号", "隐患描述", "整改期限")


@pytest.mark.parametrize(
    ("titles", "unit"),
    [
        ([("杭州华昌化工有限公司2026年4月隐患排查治理台账",)], "杭州华昌化工有限公司"),
        ([("蓝天化工厂隐患整改清单",)], "蓝天化工厂"),
        ([("城关中心小学安全隐患台账",)], "城关中心小学"),
        (
            [("生产安全事故隐患排查治理台账",), ("填报单位：永丰纺织有限公司  填报日期：4月30日",)],
            "永丰纺织有限公司",
        ),
        ([("填报单位：", "永丰纺织有限公司", "填报日期：2026年4月30日")], "永丰纺织有限公司"),
    ],
)
def test_a_ledger_of_one_enterprise_may_name_it_in_its_titles_only_and_each_hazard_warns(
    titles: list[Line], unit: str
) -> None:
    assert units(sheet(*titles, OF_ONE, (1, "过期", "当场"))) == [(unit, "UnitTitled")]


@pytest.mark.parametrize(
    "title",
    [
        "全区学校隐患台账",
        "城区酒店宾馆隐患台账",
        "沿街门店隐患清单",
        "非煤矿山重大隐患台账",
        "示范区加油站隐患台账",
        "市应急局对华昌公司检查发现隐患清单",
        "建筑工程安全隐患清单",
        "乡镇卫生院隐患清单",
        "教育系统学校隐患清单",
        "县人民医院及乡镇卫生院隐患清单",
        "填报单位：某街道安监站",
        "填报单位：区住建局",
    ],
)
def test_a_kind_of_units_or_a_bureau_in_a_title_is_no_unit(title: str) -> None:
    assert units(sheet((title,), OF_ONE, (1, "过期", "当场"))) == [("", "NoUnit")]


def test_the_unit_may_stand_in_a_section_line_or_in_the_sheets_name() -> None:
    reading = sheet(
        OF_ONE,
        ("一、翠湖花园二期项目（施工单位：中建某局）",),
        (1, "临边防护缺失", "当场"),
        ("二、滨江中学新建工程",),
        (1, "塔吊失效", "当场"),
        ("三、在建工程",),
        (1, "无围挡", "当场"),
        name="红星机械厂",
    )
    assert units(reading) == [
        ("翠湖花园二期项目", "UnitTitled"),
        ("滨江中学新建工程", "UnitTitled"),
        ("红星机械厂", "UnitTitled"),
    ]


def test_a_column_or_a_label_for_the_unit_leaves_the_titles_unheard() -> None:
    assert units(sheet(("红星机械厂隐患台账",), HEADINGS, (1, "", "过期"))) == [("", "NoUnit")]
    titles = (("红星机械厂隐患台账",), ("受检单位：蓝天厂",))
    assert units(sheet(*titles, OF_ONE, (1, "过期", "当场"))) == [("蓝天厂", "")]


@pytest.mark.parametrize(
    ("section", "unit"),
    [
        ("（一）宏达锻造有限公司", "宏达锻造有限公司"),
        ("(二)第一分公司", "第一分公司"),
        ("1.老李羊肉馆", "老李羊肉馆"),
        ("2、极速网吧", "极速网吧"),
        ("3、极速网吧（北街店）", "极速网吧（北街店）"),
        ("4、极速网吧（共3条）", "极速网吧"),
    ],
)
def test_a_section_is_numbered_in_any_way(section: str, unit: str) -> None:
    assert units(sheet(OF_ONE, (section,), (1, "气瓶混放", "当场"))) == [(unit, "UnitTitled")]


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("隐患清单（以下隐患限2026年5月15日前整改完毕）", date(2026, 5, 15)),
        ("重大隐患限2026年5月15日前整改，一般隐患限2026年4月15日前整改", None),
        ("以下隐患2026年5月15日整改情况", None),
    ],
)
def test_a_title_may_say_the_day_by_which_all_must_be_mended(title: str, day: date | None) -> None:
    headings = ("序号", "单位名称", "隐患描述", "检查日期")
    (row,) = sheet((title,), headings, (1, "甲厂", "过期", "2026-05-06")).rows
    assert (row.deadline.day, row.found_day) == (day, date(2026, 5, 6))


def test_a_title_may_name_who_filled_it_in_between_brackets() -> None:
    titles = (("企业自查自改隐患台账（填报企业：永安电缆有限公司）",),)
    assert units(sheet(*titles, OF_ONE, (1, "护罩缺失", "当场"))) == [("永安电缆有限公司", "UnitTitled")]


def test_a_section_or_the_sheets_name_may_say_how_far_its_hazards_are() -> None:
    def finished(reading: Reading) -> list[bool]:
        return [row.finished for row in reading.rows]

    done, open_ = ("一、已完成整改的隐患",), ("二、未完成整改的隐患",)
    one, two = (1, "甲厂", "过期"), (2, "乙厂", "未探伤")
    assert finished(sheet(HEADINGS, done, one, open_, two)) == [True, False]
    assert [finished(sheet(HEADINGS, one, name=name)) for name in ("已整改", "未整改")] == [[True], [False]]


@pytest.mark.parametrize("section", ["一、已完成检查的单位", "已完成立案"])
def test_a_section_that_tells_of_other_work_finishes_no_hazard(section: str) -> None:
    assert [row.finished for row in sheet(HEADINGS, (section,), (1, "甲厂", "过期")).rows] == [False]


def test_a_unit_numbered_with_the_same_sign_as_its_section_stays_within_it() -> None:
    major, first, second = ("一、重大隐患",), ("1、宏达锻造有限公司",), ("2、永胜毛纺厂",)
    reading = sheet(OF_ONE, major, first, (1, "超量"), second, (1, "未探伤"), ("二、一般隐患",), first, (1, "过期"))
    assert [(row.unit_name, row.level) for row in reading.rows] == [
        ("宏达锻造有限公司", "major"), ("永胜毛纺厂", "major"), ("宏达锻造有限公司", "general"),
    ]  # fmt: skip


def test_a_day_below_hazards_is_who_signed_the_page_and_not_the_day_of_what_follows() -> None:
    reading = sheet(
        ("检查日期：2026年3月10日",), HEADINGS, (1, "甲厂", "过期"), ("2026年3月31日",), HEADINGS, (2, "乙厂", "超量"),
    )  # fmt: skip
    assert [row.found_day for row in reading.rows] == [date(2026, 3, 10)] * 2


def test_a_section_may_say_the_day_of_its_hazards_from_which_their_spans_are_counted() -> None:
    reading = sheet(
        ("检查台账",),
        HEADINGS,
        ("2026年3月3日",),
        (1, "甲厂", "过期", "三日内"),
        ("检查单位：安监站  检查日期：2026年3月10日",),
        (2, "乙厂", "未探伤", "当场"),
        ("2026年4月1日",),
    )
    assert [(row.found_day, row.deadline.day) for row in reading.rows] == [
        (date(2026, 3, 3), None), (date(2026, 3, 10), date(2026, 3, 10)),
    ]  # fmt: skip
