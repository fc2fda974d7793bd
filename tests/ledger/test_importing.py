"""A ledger comes in: every row a case, known, or a named problem; nobody is told, nothing proposed, nothing closed."""

from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, event

from ledger.district import NoDistrict, WhichDistrict
from ledger.export import export
from ledger.importing import import_ledger, preview
from ledger.refusals import NoHeader
from models import Act, Case, Deadline, Event, Hazard, Import, Message, Organisation, Rung
from models.database import engine, read_session, write_session
from tests.desk import RULES, Desk
from tests.ledger.books import DATA, csv
from tests.ledger.imports import accounted, book, counts, found, midnight_after, take, unit
from workflow.actor import SYSTEM
from workflow.places import BRANCH, add_organisation
from workflow.refusals import NeedsEvidence, UnknownOrganisation

LEDGERS = {
    "ledger_exposure_bulletin.xlsx": 22,
    "ledger_one_list_four_rules.xlsx": 26,
    "listing_register.xlsx": 13,
    "real_hazards.csv": 61,
}


@pytest.mark.parametrize(("name", "rows"), LEDGERS.items())
def test_a_real_ledger_comes_in_whole_and_a_second_time_adds_nothing(desk: Desk, name: str, rows: int) -> None:
    first = take(desk, DATA / name)
    assert (first.rows, first.cases, first.known, first.problems) == (rows, rows, 0, ())
    before = counts(desk)
    desk.clock.advance(days=1)
    second = take(desk, DATA / name)
    assert (second.rows, second.cases, second.known, second.import_id) == (rows, 0, rows, None)
    assert counts(desk) == before


def test_what_is_old_is_neither_sent_nor_proposed_and_waits_for_no_sweep(desk: Desk) -> None:
    for name in LEDGERS:
        take(desk, DATA / name)
    desk.sweep()
    assert (desk.count(Message), desk.count(Act), desk.count(Case, Case.state == "closed")) == (0, 0, 0)
    assert desk.count(Rung, Rung.outcome == "fired") == 0


def test_an_old_breach_stands_at_its_true_time_not_at_the_import(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, (1, "甲厂", "城关镇", "配电箱未接地", "2023-08-21", "2023年9月3日前")))
    case, _ = found(desk, "配电箱")
    (rectify,) = desk.deadlines(case.id, "rectify")
    assert rectify.due_at == rectify.breached_at == case.overdue_since == midnight_after("2023-09-03")
    assert (rectify.noticed_at, rectify.anchor_at) == (desk.clock.now, midnight_after("2023-08-20"))
    assert {rung.outcome for rung in desk.rungs(case.id)} == {"imported"}


def test_a_rung_still_ahead_stays_armed_and_fires(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, (1, "甲厂", "城关镇", "配电箱未接地", "2026-02-20", "2026-03-04")))
    case, _ = found(desk, "配电箱")
    outcomes = {rung.name: rung.outcome for rung in desk.rungs(case.id)}
    assert outcomes == dict.fromkeys(("breach", "supervisor", "exposure", "talk", "listing")) | {"remind": "imported"}
    desk.live(days=4)
    assert [(rung.name, rung.outcome) for rung in desk.rungs(case.id)][1] == ("breach", "fired")


# fmt: off
WORDINGS = (
    # deadline as written      due at the end of       assumed   limit
    ("2023年9月20日前",         "2023-09-20",           False,    None),
    ("２０２３．９．２０",        "2023-09-20",           False,    None),
    (45189,                    "2023-09-20",           False,    None),
    (date(2023, 9, 20),        "2023-09-20",           False,    None),
    ("2023.9.20",              "2023-09-20",           False,    None),
    ("9月20日前",               "2023-09-20",           False,    None),
    ("2023年9月",               "2023-09-30",           False,    None),
    ("当场",                    "2023-09-01",           False,    None),
    ("立即整改",                "2023-09-01",           False,    None),
    ("三日内",                  "2023-09-04",           False,    (3, "natural_day")),
    ("3个工作日内",             "2023-09-06",           False,    (3, "working_day")),
    ("24小时内",                "2023-09-02",           False,    None),
    ("限期",                    "2023-10-01",           True,     (30, "natural_day")),
    ("",                       "2023-10-01",           True,     (30, "natural_day")),
)
# fmt: on


def test_every_way_of_writing_a_deadline_comes_to_its_day_and_keeps_its_words(desk: Desk, tmp_path: Path) -> None:
    lines = [(n, "甲厂", "城关镇", f"第{n:02}处通道堵塞", "2023-09-01", said[0]) for n, said in enumerate(WORDINGS)]
    outcome = take(desk, book(tmp_path, *lines))
    assert (outcome.cases, outcome.problems) == (len(WORDINGS), ())
    for number, (said, day, assumed, limit) in enumerate(WORDINGS):
        case, hazard = found(desk, f"第{number:02}处")
        (rectify,) = desk.deadlines(case.id, "rectify")
        assert (rectify.due_at, rectify.assumed) == (midnight_after(day), assumed), said
        assert (rectify.amount, rectify.unit) == (limit or (None, "natural_day")), said
        if isinstance(said, str):
            assert (hazard.deadline_text or "") == (rectify.text or "") == said


def test_report_by_is_a_promise_of_its_own_and_rectify_stays_assumed(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, (1, "甲厂", "城关镇", "配电箱未接地", "2026-02-20", "有关情况于3月20日前报送")))
    case, _ = found(desk, "配电箱")
    due = {d.name: (d.due_at, d.assumed, d.breached_at) for d in desk.deadlines(case.id)}
    assert due["report"] == (midnight_after("2026-03-20"), False, None)
    assert due["rectify"] == (midnight_after("2026-03-22"), True, None)


def test_without_a_day_of_finding_the_publication_counts_and_the_ledger_says_so(desk: Desk) -> None:
    take(desk, DATA / "real_hazards.csv")
    case, hazard = found(desk, "电动车堵塞疏散出口")
    assert hazard.found_at == midnight_after("2023-06-15")
    assert hazard.found_text == "近期检查(日期未载明)（按公布日期2023-06-16计）"
    assert [d.assumed for d in desk.deadlines(case.id, "rectify")] == [True]


def test_with_no_day_at_all_the_day_of_the_import_counts_and_the_ledger_says_so(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, (1, "甲厂", "城关镇", "配电箱未接地", "", "三日内")))
    case, hazard = found(desk, "配电箱")
    assert hazard.found_text == "未载明（按导入日期2026-03-02计）"
    (rectify,) = desk.deadlines(case.id, "rectify")
    assert (rectify.due_at, rectify.assumed) == (midnight_after("2026-03-05"), True)


def test_finished_in_the_ledger_waits_for_evidence_before_anybody_can_verify_or_close(
    desk: Desk, tmp_path: Path
) -> None:
    firm = "示范精细化工有限公司"
    take(desk, book(tmp_path, (1, firm, "城关镇", "配电箱未接地", "2023-08-21", "2023-09-03", "已整改")))
    case, _ = found(desk, "配电箱")
    assert (case.state, case.evidence_count, case.submitted_by) == ("submitted", 0, "import")
    with pytest.raises(NeedsEvidence):
        desk.verify(case.id)
    desk.photo(case.id, desk.cast.inspector)
    desk.verify(case.id)
    desk.close(case.id)
    assert desk.case(case.id).state == "closed"
    assert [(d.outcome, d.breached_at) for d in desk.deadlines(case.id, "rectify")] == [("withdrawn", None)]


def test_a_finish_dated_in_the_future_is_not_believed(desk: Desk, tmp_path: Path) -> None:
    line = (1, "甲厂", "城关镇", "配电箱未接地", "2026-02-20", "2026-04-01", "", "2026-03-03")
    outcome = take(desk, book(tmp_path, line))
    case, _ = found(desk, "配电箱")
    assert case.state != "submitted"
    assert [(problem.fault.name, problem.refused) for problem in outcome.problems] == [("FinishedInFuture", False)]


@pytest.mark.parametrize(("finished", "outcome"), [("2023-09-03", "met"), ("2023-09-04", "missed")])
def test_a_finish_the_ledger_dates_is_judged_by_that_day(
    desk: Desk, tmp_path: Path, finished: str, outcome: str
) -> None:
    line = (1, "甲厂", "城关镇", "配电箱未接地", "2023-08-21", "2023-09-03", "已整改", finished)
    take(desk, book(tmp_path, line))
    case, _ = found(desk, "配电箱")
    desk.photo(case.id, desk.cast.inspector)
    desk.verify(case.id)
    (rectify,) = desk.deadlines(case.id, "rectify")
    assert (rectify.outcome, rectify.due_at) == (outcome, midnight_after("2023-09-03"))


def test_a_dated_finish_that_is_rejected_revives_the_papers_own_date(desk: Desk, tmp_path: Path) -> None:
    line = (1, "甲厂", "城关镇", "配电箱未接地", "2026-02-20", "2026-03-10", "已整改", "2026-02-25")
    take(desk, book(tmp_path, line))
    case, _ = found(desk, "配电箱")
    desk.fire(case.id, "reject", desk.cast.inspector, note="现场未整改")
    (rectify,) = desk.deadlines(case.id, "rectify")
    assert (rectify.due_at, rectify.held_at, rectify.outcome) == (midnight_after("2026-03-10"), None, None)
    desk.live(days=10)
    assert {r.name: r.outcome for r in desk.rungs(case.id) if r.deadline_id == rectify.id}["breach"] == "fired"


def test_a_listed_hazard_is_major_and_keeps_the_columns_of_its_listing(desk: Desk) -> None:
    take(desk, DATA / "listing_register.xlsx")
    case, hazard = found(desk, "二、三层缺少第二安全出口")
    assert (case.level, case.state) == ("major", "assigned")
    for said in ('"挂牌级别": "市级"', '"隐患编号": "GP003"', '"督办部门": "敦化消防大队"', "挂牌:敦化市政府"):
        assert said in (hazard.extra or "")


def test_a_unit_is_found_by_its_code_by_name_in_its_town_or_by_its_only_name(desk: Desk, tmp_path: Path) -> None:
    code = "91330199MA0000001W"
    take(
        desk,
        book(
            tmp_path,
            (1, "旧名化工厂", "", "第一处", "2026-02-20", "", "", "", code),
            (2, "老王饭店", "城关镇", "第二处", "2026-02-20"),
            (3, "老王饭店", "东风街道", "第三处", "2026-02-20"),
            (4, "东风商贸(示范)有限公司", "", "第四处", "2026-02-20"),
        ),
    )
    cast = desk.cast
    first, second, third, fourth = (found(desk, f"第{n}处")[0] for n in "一二三四")
    assert (first.enterprise_id, first.town_id) == (cast.enterprise, cast.town)
    assert (second.enterprise_id, second.town_id) == (cast.village_enterprise, cast.town)
    assert third.enterprise_id not in (cast.village_enterprise, None)
    assert (third.town_id, unit(desk, third).town_id) == (cast.other_town, cast.other_town)
    assert (fourth.enterprise_id, fourth.town_id) == (cast.other_enterprise, cast.other_town)


def test_a_unit_known_by_its_name_gives_its_sector_and_takes_its_code(desk: Desk, tmp_path: Path) -> None:
    codes = ("91330106MA27ABCX1K", "91330106MA27ABCX2N")
    rows = [
        (n, "东风商贸（示范）有限公司", "", f"第{n}处", "2026-02-20", "", "", "", code) for n, code in enumerate(codes)
    ]
    take(desk, book(tmp_path, (7, "示范精细化工有限公司", "", "第7处", "2026-02-20"), *rows))

    (chemical, _), (first, _), (second, _) = (found(desk, f"第{n}处") for n in (7, 0, 1))
    assert chemical.sector == "危化品"
    assert (first.enterprise_id, unit(desk, first).credit_code) == (desk.cast.other_enterprise, codes[0])
    assert (second.enterprise_id != first.enterprise_id, unit(desk, second).credit_code) == (True, codes[1])


def test_a_place_elsewhere_becomes_a_town_under_the_marked_branch_once(desk: Desk, tmp_path: Path) -> None:
    places = ("河南省许昌市魏都区", "浙江省舟山市普陀山(功能区)", "浙江省舟山市普陀山（功能区）")
    take(desk, book(tmp_path, *((n, "某某酒店", place, f"第{n}处", "2026-02-20") for n, place in enumerate(places))))
    (branch,) = desk.all(Organisation, Organisation.name == BRANCH)
    towns = desk.all(Organisation, Organisation.parent_id == branch.id, order=Organisation.name)
    assert [(town.name, town.kind, town.unconfirmed) for town in towns] == [
        ("河南省许昌市魏都区", "town", True),
        ("浙江省舟山市普陀山（功能区）", "town", True),
    ]
    cases = [found(desk, f"第{n}处")[0] for n in range(3)]
    assert cases[0].enterprise_id != cases[1].enterprise_id == cases[2].enterprise_id
    assert [case.town_id for case in cases] == [towns[0].id, towns[1].id, towns[1].id]


def test_two_units_of_one_name_in_two_places_are_two_and_a_third_row_between_them_is_a_problem(
    desk: Desk, tmp_path: Path
) -> None:
    places = ("城关镇", "东风街道", "")
    outcome = take(desk, book(tmp_path, *((n, "某某早餐店", place, f"第{n}处") for n, place in enumerate(places))))
    assert [(p.fault.name, p.line) for p in outcome.refused] == [("AmbiguousUnit", 5)]
    assert accounted(outcome)
    assert found(desk, "第0处")[0].enterprise_id != found(desk, "第1处")[0].enterprise_id


def test_a_row_without_a_place_does_not_draw_its_namesake_out_of_its_town(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, (1, "某某早餐店", "", "第一处"), (2, "某某早餐店", "城关镇", "第二处")))
    first, second = (found(desk, f"第{n}处")[0] for n in "一二")
    assert first.enterprise_id == second.enterprise_id
    assert unit(desk, first).town_id == first.town_id == desk.cast.town


def test_a_unit_known_without_a_place_is_not_taken_for_two_others_of_its_name(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, (1, "某某早餐店", "", "第一处")))
    take(desk, book(tmp_path, (1, "某某早餐店", "城关镇", "第二处"), (2, "某某早餐店", "东风街道", "第三处")))
    assert len({found(desk, f"第{n}处")[0].enterprise_id for n in "一二三"}) == 3


def test_a_row_that_names_only_the_district_stands_where_its_unit_does(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, (1, "老王饭店", "示范区", "第一处")))
    case, _ = found(desk, "第一处")
    assert (case.town_id, case.village_id) == (desk.cast.town, desk.cast.village)


def test_a_unit_nobody_can_place_stands_under_the_marked_branch(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, (1, "", "", "第二处"), (2, "某某酒店", "", "第一处")))
    (branch,) = desk.all(Organisation, Organisation.name == BRANCH)
    first, second = (found(desk, f"第{n}处")[0] for n in "一二")
    assert (unit(desk, first).parent_id, unit(desk, first).unconfirmed, first.town_id) == (branch.id, True, branch.id)
    assert (second.enterprise_id, second.state, second.town_id) == (None, "discovered", None)
    assert [d.name for d in desk.deadlines(second.id)] == ["assign"]


def test_an_address_tells_the_town_when_no_column_does(desk: Desk, tmp_path: Path) -> None:
    lines = [(1, "某某酒店", "示范区城关镇东街12号", "第一处"), (2, "某某商场", "幸福路3号", "第二处")]
    take(desk, book(tmp_path, *lines, headings=("序号", "单位名称", "单位地址", "隐患描述")))
    assert found(desk, "第一处")[0].town_id == desk.cast.town
    assert [o.name for o in desk.all(Organisation, Organisation.unconfirmed)].count("幸福路3号") == 0


def test_refused_unknowns_are_named_all_at_once_and_nothing_is_made_for_them(desk: Desk, tmp_path: Path) -> None:
    lines = [(1, "老王饭店", "城关镇", "第一处"), (2, "新张酒店", "外地镇", "第二处"), (3, "新张酒店", "", "第三处")]
    before = desk.count(Organisation)
    outcome = take(desk, book(tmp_path, *lines), unknown="refuse")
    assert (outcome.cases, accounted(outcome)) == (1, True)
    assert [(p.line, p.fault.name) for p in outcome.refused] == [(4, "UnknownPlace"), (5, "UnknownUnit")]
    assert "没有登记这个单位（新张酒店）" in outcome.refused[0].fault.reason
    assert outcome.refused[0].cells[1:4] == ("新张酒店", "外地镇", "第二处")
    assert desk.count(Organisation) == before


def test_a_row_that_cannot_come_in_changes_nothing_of_the_others(desk: Desk, tmp_path: Path) -> None:
    bad = (
        ("长" * 201, "城关镇", "第二处", "2026-02-20"),
        ("甲厂", "城关镇", "第三处", "2026-02-20", date(9999, 12, 31)),
        ("甲厂", "城关镇", "第四处", "2023-02-30"),
        ("甲厂", "城关镇", "第五处", "2026-02-20", "", "", "", "91330199MA0000001X"),
        ("甲厂", "城关镇", "", "2026-02-20"),
    )
    lines = [("甲厂", "城关镇", "第一处", "2026-02-20"), *bad, ("甲厂", "城关镇", "第七处", "2026-02-20")]
    outcome = take(desk, book(tmp_path, *((n, *line) for n, line in enumerate(lines, 1))))
    names = sorted(p.fault.name for p in outcome.refused)
    assert names == ["BadCreditCode", "BeyondCalendar", "ImpossibleDay", "NameTooLong", "NoDescription"]
    assert (outcome.rows, outcome.cases) == (7, 2)
    (record,) = desk.all(Import)
    assert (record.rows, record.cases, record.known, record.problems) == (7, 2, 0, 5)


def test_a_day_ahead_and_a_deadline_before_the_finding_are_warnings_that_lose_no_row(
    desk: Desk, tmp_path: Path
) -> None:
    lines = [(1, "甲厂", "城关镇", "第一处", "2026-03-03"), (2, "甲厂", "城关镇", "第二处", "2026-02-20", "2026-02-10")]
    outcome = take(desk, book(tmp_path, *lines))
    assert outcome.cases == 2
    assert sorted((p.line, p.fault.name, p.refused) for p in outcome.problems) == [
        (3, "FoundInFuture", False),
        (4, "DeadlineBefore", False),
    ]
    case, _ = found(desk, "第二处")
    assert case.overdue_since == midnight_after("2026-02-10")


def test_a_day_of_finding_ahead_counts_as_not_stated_and_its_words_are_kept(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, (1, "甲厂", "城关镇", "第一处", "2026-07-03", "当场")))
    case, hazard = found(desk, "第一处")
    assert hazard.found_at == midnight_after("2026-03-01")
    assert hazard.found_text == "2026-07-03（按导入日期2026-03-02计）"
    (due,) = desk.all(Deadline, Deadline.case_id == case.id, Deadline.name == "rectify")
    assert due.due_at == midnight_after("2026-03-02")


def test_a_messy_cell_with_several_hazards_gives_each_its_own_clock(desk: Desk, tmp_path: Path) -> None:
    said = "1.灭火器过期 2.通道堵塞 3.配电箱未接地"
    deadline = "第1项当场，第2、3项于2026年3月25日前"
    outcome = take(desk, book(tmp_path, (1, "甲厂", "城关镇", said, "2026-03-01", deadline)))
    assert (outcome.rows, outcome.lines, outcome.cases) == (3, 1, 3)
    due = [desk.deadlines(found(desk, words)[0].id, "rectify")[0].due_at for words in ("灭火器", "通道", "配电箱")]
    assert due == [midnight_after(day) for day in ("2026-03-01", "2026-03-25", "2026-03-25")]


def test_long_words_and_stray_control_signs_are_stored_and_nothing_of_them_is_lost(desk: Desk, tmp_path: Path) -> None:
    headings = ("序号", "单位名称", "隐患描述", "行业领域", "检查单位", "临时备查")
    sector, finder = "工贸行业" * 20, "检查组" * 100
    path = csv(tmp_path / "长.csv", [headings, (1, "甲厂", "第一处\x07通道堵塞", sector, finder, "乙\x0b丙")])
    take(desk, path)
    case, hazard = found(desk, "第一处通道堵塞")
    assert (len(case.sector or ""), len(hazard.finder or "")) == (32, 200)
    for whole in (sector, finder, "乙丙"):
        assert whole in (hazard.extra or "")


def test_two_rows_of_the_same_words_are_two_hazards_and_both_are_known_later(desk: Desk, tmp_path: Path) -> None:
    path = book(tmp_path, *[(n, "甲厂", "城关镇", "灭火器过期", "2026-02-20") for n in (1, 2)])
    assert (take(desk, path).cases, take(desk, path).known) == (2, 2)


def test_rows_added_to_a_ledger_later_come_in_alone(desk: Desk, tmp_path: Path) -> None:
    line = (1, "甲厂", "城关镇", "第一处", "2026-02-20")
    take(desk, book(tmp_path, line))
    outcome = take(desk, book(tmp_path, line, (2, "甲厂", "城关镇", "第二处", "2026-02-20")))
    assert (outcome.rows, outcome.cases, outcome.known) == (2, 1, 1)


def test_cases_are_numbered_and_listed_in_the_order_of_the_ledger(desk: Desk, tmp_path: Path) -> None:
    take(desk, book(tmp_path, *((n, "甲厂", "城关镇", f"第{n}处", "2026-02-20") for n in range(30))))
    by_id = [case.title for case in desk.all(Case, order=Case.id)]
    assert by_id == [case.title for case in desk.all(Case, order=Case.number)] == [f"第{n}处" for n in range(30)]


def test_a_crash_before_the_commit_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    path = book(tmp_path, *((n, "甲厂", "城关镇", f"第{n}处") for n in range(5)))
    before = counts(desk)

    def crash(_written: int, _whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(desk, path, progress=crash)
    assert counts(desk) == before


def test_progress_is_told_up_to_the_last_case(desk: Desk) -> None:
    heard: list[tuple[int, int]] = []
    take(desk, DATA / "real_hazards.csv", progress=lambda *said: heard.append(said))
    assert heard[-1] == (61, 61)


def test_a_file_imported_by_two_at_once_comes_in_once(desk: Desk) -> None:
    outcomes: list[Any] = []
    threads = [Thread(target=lambda: outcomes.append(take(desk, DATA / "real_hazards.csv"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((o.cases, o.known) for o in outcomes) == [(0, 61)] * 3 + [(61, 0)]
    assert desk.count(Case) == desk.count(Hazard) == desk.count(Event) == 61


def test_no_transaction_is_open_while_the_file_is_read(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "空.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    begun: list[object] = []
    event.listen(desk.engine, "begin", begun.append)
    with pytest.raises(NoHeader):
        take(desk, tmp_path / "空.csv")
    assert begun == []


def test_a_dry_run_counts_what_the_import_then_does_and_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    lines = [
        (1, "老王饭店", "外地镇", "第一处"),
        (2, "某某店", "城关镇", "第二处"),
        (3, "某某店", "东风街道", "第三处"),
    ]
    path = book(tmp_path, *lines, (4, "某某店", "", "第四处"), (5, "甲厂", "", ""))
    before = counts(desk)
    tried = take(desk, path, dry_run=True)
    assert counts(desk) == before
    assert tried.import_id is None
    done = take(desk, path)
    assert (tried.rows, tried.cases, tried.problems) == (done.rows, done.cases, done.problems)
    assert take(desk, path, dry_run=True).known == done.cases


@pytest.mark.parametrize(("name", "rows"), LEDGERS.items())
def test_a_dry_run_on_an_empty_database_counts_against_nothing(
    empty_database: Engine, clock: Any, name: str, rows: int
) -> None:
    outcome = import_ledger(empty_database, RULES, DATA / name, actor=SYSTEM, now=clock.now, dry_run=True)
    assert (outcome.rows, outcome.cases, outcome.known, outcome.problems) == (rows, rows, 0, ())


def test_a_dry_run_makes_no_database_where_there_is_none(empty_sqlite_url: str, tmp_path: Path, clock: Any) -> None:
    import_ledger(engine(empty_sqlite_url), RULES, DATA / "real_hazards.csv", actor=SYSTEM, now=clock.now, dry_run=True)
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_may_come_before_anybody_is_registered(database: Engine, clock: Any) -> None:
    tried = import_ledger(database, RULES, DATA / "real_hazards.csv", actor=SYSTEM, now=clock.now, dry_run=True)
    taken = import_ledger(database, RULES, DATA / "real_hazards.csv", actor=SYSTEM, now=clock.now)
    assert (tried.cases, taken.cases) == (61, 61)


def test_a_tree_without_a_district_makes_none_where_unknown_places_are_refused(database: Engine, clock: Any) -> None:
    with pytest.raises(NoDistrict):
        import_ledger(database, RULES, DATA / "real_hazards.csv", actor=SYSTEM, now=clock.now, unknown="refuse")


def test_of_two_districts_one_must_be_named_and_each_keeps_its_own_rows(desk: Desk) -> None:
    with write_session(desk.engine) as session:
        other = add_organisation(session, kind="district", name="邻区", parent_id=None, now=desk.clock.now).id
    with pytest.raises(WhichDistrict):
        take(desk, DATA / "listing_register.xlsx")
    with pytest.raises(UnknownOrganisation):
        take(desk, DATA / "listing_register.xlsx", district_id=desk.cast.town)
    assert take(desk, DATA / "listing_register.xlsx", district_id=other).cases == 13
    assert take(desk, DATA / "listing_register.xlsx", district_id=desk.cast.district).cases == 13
    assert desk.count(Case, Case.district_id == other) == 13


def test_a_preview_needs_no_database(tmp_path: Path) -> None:
    shown = preview(book(tmp_path, (1, "甲厂", "城关镇", "第一处"), (2, "乙厂", "城关镇", "")))
    assert (shown.rows, shown.cases, [p.fault.name for p in shown.refused]) == (2, 1, ["NoDescription"])
    assert ("隐患描述", "description") in shown.columns["台账"]


def test_every_imported_case_is_watched_and_its_history_begins_with_the_import(desk: Desk) -> None:
    take(desk, DATA / "real_hazards.csv")
    watched = {row.case_id for row in desk.all(Deadline, Deadline.outcome.is_(None))}
    assert watched == {case.id for case in desk.all(Case)}
    assert {(e.seq, e.kind, e.trigger, e.version) for e in desk.all(Event)} == {(1, "move", "import", 1)}
    assert {case.opened_by for case in desk.all(Case)} == {desk.cast.dispatcher.id}


def test_what_we_exported_comes_back_as_known(desk: Desk, tmp_path: Path) -> None:
    taken = take(desk, DATA / "listing_register.xlsx")
    desk.open()
    for format in ("xlsx", "csv"):
        with read_session(desk.engine) as session:
            export(session, tmp_path / f"台账.{format}", format=format)
        again = take(desk, tmp_path / f"台账.{format}")
        assert (again.cases, again.known, again.refused) == (0, taken.cases + 1, ())
