"""Writes the ledger (台账导出) as .xlsx or .csv under the bureau's own headings (一单四制), safe to open."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import Row, Select, select, true
from sqlalchemy.orm import Session, aliased

from models import Case, Deadline, Hazard, Organisation
from workflow.actor import Actor
from workflow.arithmetic import SHANGHAI, last_day
from workflow.hazard import LABELS
from workflow.refusals import Refusal
from workflow.visible import visible_to

TITLE = "安全隐患排查整治台账(一单四制)"
LEVELS = {"general": "一般", "major": "重大"}
# What a spreadsheet takes for the beginning of a formula; wide forms too, which some turn into narrow ones.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
SHEET_ROWS = 1_000_000
# Excel's limit; the library drops a longer text without a word.
CELL_LENGTH = 32_767
AT_ONCE = 1_000


class TooManyForSheet(Refusal):
    """一张工作表放不下这么多行。"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the heading above it that it shares with its neighbours, its own, its width, what stands in it."""

    group: str
    heading: str
    width: int
    value: Callable[[Row[Any]], str]


def _day(instant: datetime | None) -> str:
    return instant.astimezone(SHANGHAI).date().isoformat() if instant else ""


def _given_to(row: Row[Any]) -> str:
    named = [f"责任单位:{row.responsible}"] if row.responsible else []
    named += [f"督办部门:{row.lead}"] if row.lead else []
    return ";".join(named) or row.responsible_text or ""


def _progress(row: Row[Any]) -> str:
    state = f"{LABELS[row.state]}({_day(row.closed_at)})" if row.closed_at else LABELS[row.state]
    return f"{state},已超期" if row.overdue_since else state


# fmt: off
COLUMNS = (
    #      shared         own                 width  value
    Column("",             "序号",               6, lambda row: ""),
    Column("隐患基本情况", "单位名称",          28, lambda row: row.enterprise or ""),
    Column("隐患基本情况", "统一社会信用代码",  22, lambda row: row.credit_code or ""),
    Column("隐患基本情况", "隐患描述",          48, lambda row: row.description),
    Column("隐患基本情况", "隐患部位",          20, lambda row: row.location or ""),
    Column("隐患基本情况", "隐患级别",          10, lambda row: LEVELS[row.level]),
    Column("交办",         "发现时间",          12, lambda row: _day(row.found_at)),
    Column("交办",         "检查单位",          20, lambda row: row.finder or ""),
    Column("交办",         "责任单位/督办部门", 32, _given_to),
    Column("整改销号",     "整改要求",          32, lambda row: row.requirement or ""),
    Column("整改销号",     "整改期限",          12, lambda row: last_day(row.due_at).isoformat() if row.due_at else ""),
    Column("整改销号",     "整改情况",          20, _progress),
    Column("",             "备注",              32, lambda row: row.remark or ""),
    Column("",             "隐患编号",          18, lambda row: row.number),
    Column("",             "所属镇街",          16, lambda row: row.town or ""),
)
# fmt: on


def export(session: Session, path: Path, *, format: str, actor: Actor | None = None) -> int:
    """Write every hazard that `actor` sees (none: all) to `path` as "xlsx" or "csv"; how many.

    An earlier file of that name stays until the new one is whole. TooManyForSheet over a million rows of xlsx.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        # Whether it can be written at all shows before anything is read, for both formats alike, by the folder's name.
        path.parent.stat()
        part.touch()
        count = WRITERS[format](part, _lines(session, actor))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return count


def harmless(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula (CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _lines(session: Session, actor: Actor | None) -> Iterator[list[str]]:
    query = _query().where(visible_to(actor) if actor else true()).order_by(Case.number)
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield [harmless(column.value(row)) for column in COLUMNS[1:]]


def _query() -> Select[*tuple[Any, ...]]:
    enterprise, responsible, lead, town = (aliased(Organisation) for _ in range(4))
    due = (
        select(Deadline.due_at)
        .where(Deadline.case_id == Case.id, Deadline.name == "rectify")
        .order_by(Deadline.cycle.desc(), Deadline.round.desc())
        .limit(1)
        .scalar_subquery()
    )
    case = (Case.number, Case.state, Case.level, Case.closed_at, Case.overdue_since)
    words = (
        *(Hazard.description, Hazard.location, Hazard.found_at, Hazard.finder, Hazard.requirement, Hazard.remark),
        Hazard.responsible_text,
    )
    named = (
        *(enterprise.name.label("enterprise"), enterprise.credit_code, responsible.name.label("responsible")),
        *(lead.name.label("lead"), town.name.label("town")),
    )
    return (
        select(*case, *words, *named, due.label("due_at"))
        .join(Hazard, Hazard.case_id == Case.id)
        .outerjoin(enterprise, enterprise.id == Case.enterprise_id)
        .outerjoin(responsible, responsible.id == Case.responsible_org_id)
        .outerjoin(lead, lead.id == Case.lead_org_id)
        .outerjoin(town, town.id == Case.town_id)
    )


def _csv(path: Path, lines: Iterable[list[str]]) -> int:
    # With the mark, or Excel reads UTF-8 as GBK.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow([column.heading for column in COLUMNS])
        number = 0
        for number, line in enumerate(lines, start=1):
            sheet.writerow([number, *line])
    return number


def _xlsx(path: Path, lines: Iterable[list[str]]) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("隐患清单")
        _head(book, sheet)
        number = 0
        for number, line in enumerate(lines, start=1):
            if number > SHEET_ROWS:
                raise TooManyForSheet(field="format", right=f"csv，或者分批导出；一张工作表至多 {SHEET_ROWS} 行")
            sheet.write_number(number + 2, 0, number)
            for place, text in enumerate(line, start=1):
                sheet.write_string(number + 2, place, text[:CELL_LENGTH])
    return number


def _head(book: Any, sheet: Any) -> None:
    """A title, the shared headings over their columns, the columns' own; all of it stays in sight."""
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1})
    last = len(COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, TITLE, bold)
    shared = [column.group for column in COLUMNS]
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
        if not column.group:
            sheet.write_string(1, place, column.heading, bold)
        elif column.group not in shared[:place]:
            sheet.merge_range(1, place, 1, place + shared.count(column.group) - 1, column.group, bold)
    for place, column in enumerate(COLUMNS):
        sheet.write_string(2, place, column.heading if column.group else "", bold)
    sheet.freeze_panes(3, 0)


WRITERS: dict[str, Callable[[Path, Iterable[list[str]]], int]] = {"xlsx": _xlsx, "csv": _csv}
FORMATS = tuple(WRITERS)
