"""One hazard's cells to a row's values, with the faults found on the way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from ledger.dates import Day, Precision, is_cut_short, parse_past_day
from ledger.deadlines import Deadline, Kind, parse_deadline
from ledger.faults import FAULTS, REFUSED, Fault
from ledger.headings import named
from ledger.refusals import ImpossibleDay
from ledger.sections import level_of
from ledger.sheets import Cell
from ledger.words import NOTHING, all_finished, is_major, stated, text, yuan
from workflow.credit_code import BadCreditCode, checked_credit_code

MAX_TEXT = 4000
PLAIN = (
    "number", "unit_name", "unit_type", "place_text", "address", "sector", "location", "kind", "finder", "source",
    "responsible_text", "lead_text", "requirement", "status_text", "measures", "contact", "phone", "remark",
)  # fmt: skip
DAYS = ("published", "found", "deadline", "deadline_date", "report_by", "finished_on")
YEAR, HALF_YEAR, QUARTER, MONTH = (timedelta(days=days) for days in (365, 182, 92, 31))
NO_DAY = Day(None, None, Precision.NONE, "")
_SAYS_NO_DAY = re.compile("未载明|不详|近期|近日|不明|未注明|日常|多次")
_RATE = re.compile("率|[%％]")
_ONLY_A_REPORT = re.compile(r"(?:为|系|是)(?:情况)?(?:报送|反馈|报告)(?:期限|时限)|不是整改(?:完成)?(?:期限|时限)")
_UNIT = re.compile(r"[(（](?:单位[:：])?个?(工作日|天|日|周|月|小时)[)）]|(?<=整改)(天)数$")
# 未办理 and the 15 figures of an old registration are no mistaken codes.
_EIGHTEEN = re.compile("[0-9A-Za-z０-９]{18}")
_BARE = re.compile(r"\d{1,3}")
_MAJOR_KIND = re.compile("重大(?:火灾|事故|安全)?(?:隐患)?")
_MAJOR_ITSELF = re.compile("重大(?:火灾|事故|安全)?隐患")


@dataclass(slots=True)
class Facts:
    """Reads one hazard's cells; `reference` is the day that dates without a year are read from, `stated` by the sheet.

    `unread` keeps by heading the texts of columns that no field of the row holds as written.
    """

    cells: Mapping[str, Cell]
    headings: Mapping[str, str]
    reference: date | None
    stated: bool = True
    faults: list[tuple[Fault, str, str]] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """True when a fault met so far refuses the row."""
        return any(fault.severity == REFUSED for fault, _, _ in self.faults)

    def values(self, description: str) -> dict[str, Any]:
        """The fields of `records.Row` that the cells state; what is wrong with them is left in `faults`."""
        values: dict[str, Any] = {name: text(self.cells[name]) for name in PLAIN if name in self.cells}
        if len(description) > MAX_TEXT:
            self._note("TextTooLong", "description", description[:80])
        if "titled_unit" in self.cells and not {"unit_name"} & (self.headings.keys() | values.keys()):
            values["unit_name"] = text(self.cells["titled_unit"])
            self._note("UnitTitled", "unit_name", values["unit_name"])
        elif not stated(values.get("unit_name", "")):
            self._note("NoUnit", "unit_name", "")
        elif "carried" in self.cells:
            self._note("UnitCarried", "unit_name", values["unit_name"])
        return values | self._credit_code() | self._level(description) | self._money() | self._times()

    def _note(self, name: str, column: str, value: str) -> None:
        self.faults.append((FAULTS[name], column, value))

    def _keep(self, name: str) -> None:
        if said := text(self.cells.get(name, "")):
            # What a title says has no column.
            self.unread[self.headings.get(name) or named(name)] = said

    def _credit_code(self) -> dict[str, str]:
        cell = self.cells.get("credit_code", "")
        code = stated(text(cell))
        if not code:
            return {}
        rounded = isinstance(cell, float)  # a spreadsheet's number has 15 figures, the last three are lost
        if not (checked := "" if rounded else _code(code)):
            meant = not rounded and _EIGHTEEN.fullmatch(code) is not None
            self._note("BadCreditCode" if meant else "NoCreditCode", "credit_code", code)
            self._keep("credit_code")
        return {"credit_code": checked}

    def _level(self, description: str) -> dict[str, Any]:
        said = text(self.cells.get("level", ""))
        major = is_major(stated(said) or level_of(self.headings.get("description", "")))
        headings = (self.headings.get("unit_name", ""), self.headings.get("description", ""))
        kind = _MAJOR_KIND.fullmatch(text(self.cells.get("kind", "")))
        implied = kind is not None or any(map(_MAJOR_ITSELF.match, (description, *headings)))
        level = "major" if (implied if major is None else major) else "general"
        return {"level": level, "level_text": said, "level_assumed": major is None and not implied}

    def _money(self) -> dict[str, Any]:
        said = text(self.cells.get("money", ""))
        if said in NOTHING or not said:
            return {}
        amount = yuan(said, heading=self.headings.get("money", ""))
        if amount is None:
            self._note("UnreadMoney", "money", said)
            self._keep("money")
        return {"money_yuan": amount}

    def _times(self) -> dict[str, Any]:
        self._doubt_figures()
        published = self._day("published", self.reference)
        near = published.first or self.reference
        found = self._day("found", near)
        if found.precision is Precision.NONE and stated(found.text) and not _SAYS_NO_DAY.search(found.text):
            self._note("UnreadFoundDay", "found", found.text)
        finished_on = self._day("finished_on", self._latest_finish(found.first, near))
        finished = self._finished(finished_on.first)
        deadline = self._deadline(found.first, near, finished=finished)
        if not deadline.understood:
            self._note("UnreadDeadline", "deadline", deadline.text)
        if deadline.day and found.first and deadline.day < found.first:
            self._note("DeadlineBefore", "deadline", deadline.text)
        if finished_on.first is None:
            self._keep("finished_on")
        return {
            "found_text": found.text, "found_day": found.first, "found_precision": found.precision,
            "published_text": published.text, "published_day": published.first,
            "deadline": deadline, "deadline_text": deadline.text, "report_by": deadline.report_by,
            "finished": finished, "finished_on": finished_on.first,
        }  # fmt: skip

    def _latest_finish(self, found: date | None, near: date | None) -> date | None:
        """What was found in a year that is written was finished within a year."""
        return found + YEAR if near and found and near - found > YEAR else near

    def _doubt_figures(self) -> None:
        for name in DAYS:
            if is_cut_short(self.cells.get(name, "")):
                self._note("CutShort", name, text(self.cells[name]))

    def _day(self, name: str, near: date | None) -> Day:
        cell = self.cells.get(name, "")
        if cell == "":
            return NO_DAY
        try:
            day = parse_past_day(cell, near=near)
            if near == self.reference and not self.stated:
                self._doubt_year(name, day.first, parse_past_day(cell).first)
        except ImpossibleDay:
            self._note("ImpossibleDay", name, text(cell))
            return replace(NO_DAY, text=text(cell))
        return day

    def _doubt_year(self, name: str, day: date | None, written: date | None) -> None:
        """Warn, once a hazard, where only a year that the sheet does not name makes a day of what was `written`."""
        noted = any(fault.name == "YearAssumed" for fault, _, _ in self.faults)
        if day and not (written or noted):
            fault = FAULTS["YearAssumed"]
            fault = replace(fault, reason=fault.reason.format(year=day.year))
            self.faults.append((fault, name, text(self.cells[name])))

    def _limit(self, name: str, found: date | None, published: date | None, *, finished: bool) -> Deadline:
        cell = self._counted(name)
        # With nothing to count from but the paper's own day, what it lists may have been due before.
        paper = self.reference if published == self.reference and not found else None
        ahead = HALF_YEAR if self.stated else MONTH if finished else QUARTER
        try:
            limit = parse_deadline(cell, found=found, published=published)
            if paper and limit.day and limit.day > paper + ahead:
                limit = parse_deadline(cell, published=paper + ahead - YEAR)
            if not paper or self.stated:
                return limit
            # A year may be guessed from a file's name or from today, the day of a visit may not.
            if limit.kind is Kind.ON_THE_SPOT:
                return replace(limit, day=None)
            self._doubt_year(name, limit.day, parse_deadline(cell).day)
            return limit
        except ImpossibleDay:
            self._note("ImpossibleDay", name, text(cell))
            return Deadline(Kind.UNSTATED, text(cell))

    def _counted(self, name: str) -> Cell:
        """The cell, a bare figure with the unit of its heading: 3 under 整改期限（天） is 3天."""
        cell = self.cells.get(name, "")
        unit = _UNIT.search(self.headings.get(name, ""))
        if not unit or not _BARE.fullmatch(text(cell)):
            return cell
        return f"{text(cell)}{(unit[1] or unit[2]).replace('月', '个月')}"

    def _deadline(self, found: date | None, published: date | None, *, finished: bool) -> Deadline:
        """The wording, completed by the column that gives its date alone and the one for reporting back."""
        worded = self._limit("deadline", found, published, finished=finished)
        dated = self._limit("deadline_date", found, published, finished=finished)
        if dated.text:
            worded = completed(worded, dated)
        if worded.day and _ONLY_A_REPORT.search(text(self.cells.get("remark", ""))):
            worded = replace(worded, kind=Kind.UNSTATED, day=None, precision=Precision.NONE, report_by=worded.day)
        report = self._limit("report_by", found, published, finished=finished)
        if dated.day not in (worded.day, worded.report_by):
            self._keep("deadline_date")
        if report.day is None and report.report_by is None:
            self._keep("report_by")
        return replace(worded, report_by=report.day or report.report_by or worded.report_by)

    def _finished(self, finished_on: date | None) -> bool:
        """By every column that tells of it; a day of finishing (已完成 in its place, too) needs no other word."""
        said = [self._status(), *text(self.cells.get("more_status", "")).split("\n")]
        if finished_on is None:
            said.append(text(self.cells.get("finished_on", "")))
        return all_finished(said) if any(map(stated, said)) else finished_on is not None

    def _status(self) -> str:
        """The status as written, a bare figure under 整改完成率 or 整改进度(%) as the percentage it shows."""
        cell = self.cells.get("status_text", "")
        if isinstance(cell, float) and _RATE.search(self.headings.get("status_text", "")):
            # Excel keeps 100% as 1; who writes 1 under (%) means that too, or has not begun.
            return f"{100 * cell if cell <= 1 else cell:g}%"
        return text(cell)


def completed(worded: Deadline, dated: Deadline) -> Deadline:
    """A deadline's wording with the date from a column beside it; an exact day in the wording stands."""
    text_kept = worded.text or dated.text
    if worded.kind is Kind.UNSTATED and worded.asks_report:
        return replace(worded, report_by=dated.day or worded.report_by)
    if dated.day is None or (worded.kind is Kind.DAY and worded.precision is Precision.DAY):
        return worded if worded.text else dated
    kind = Kind.ON_THE_SPOT if worded.kind is Kind.ON_THE_SPOT else Kind.DAY
    return replace(dated, kind=kind, text=text_kept, report_by=worded.report_by)


@lru_cache(maxsize=32_768)
def _code(written: str) -> str:
    """The code in its 18-character form, or "" when it is none."""
    try:
        return checked_credit_code(written)
    except BadCreditCode:
        return ""
