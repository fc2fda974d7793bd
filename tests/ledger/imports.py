"""Imports for the tests: a ledger goes into the populated district as the dispatcher's work."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from ledger.importing import import_ledger
from ledger.outcome import Outcome
from models import Case, Hazard, Organisation, metadata
from models.database import read_session
from tests.desk import Desk
from tests.ledger.books import Line, xlsx

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADINGS = (
    "序号",
    "单位名称",
    "所属镇街",
    "隐患描述",
    "检查日期",
    "整改期限",
    "整改情况",
    "实际完成时间",
    "统一社会信用代码",
)


def midnight_after(day: str) -> datetime:
    """24:00 Shanghai of an ISO day."""
    ended = date.fromordinal(date.fromisoformat(day).toordinal() + 1)
    return datetime(ended.year, ended.month, ended.day, tzinfo=SHANGHAI)


def book(folder: Path, *lines: Line, headings: Line = HEADINGS) -> Path:
    """A workbook with one sheet of these lines under a title and a header."""
    padded = [tuple(line) + ("",) * (len(headings) - len(line)) for line in lines]
    return xlsx(folder / "台账.xlsx", [("示范区隐患台账", *[""] * (len(headings) - 1)), headings, *padded])


def take(desk: Desk, path: Path, **options: Any) -> Outcome:
    """The dispatcher imports a file now."""
    return import_ledger(desk.engine, desk.rules, path, actor=desk.cast.dispatcher, now=desk.clock.now, **options)


def accounted(outcome: Outcome) -> bool:
    """No row lost: each is a case, known, or refused by name."""
    return outcome.rows == outcome.cases + outcome.known + len(outcome.refused)


def found(desk: Desk, words: str) -> tuple[Case, Hazard]:
    """The case whose description begins with these words, and its hazard."""
    with read_session(desk.engine) as session:
        query = select(Case, Hazard).join(Hazard, Hazard.case_id == Case.id).where(Hazard.description.startswith(words))
        case, hazard = session.execute(query).one()
        return case, hazard


def unit(desk: Desk, case: Case) -> Organisation:
    """The enterprise a case belongs to."""
    (only,) = desk.all(Organisation, Organisation.id == case.enterprise_id)
    return only


def counts(desk: Desk) -> dict[str, int]:
    """How many rows every table has."""
    with read_session(desk.engine) as session:
        return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in metadata.sorted_tables}
