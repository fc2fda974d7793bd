"""Commands about holiday notices (放假调休通知): an example of the file, enter one, show the calendar in force."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api import clock, proclaiming
from api.cli.answers import AS_JSON, SHANGHAI, answer, show_json, show_table
from api.cli.houses import acting, house, ready, unchanged
from api.cli.running import DATA_DIR
from api.may import must
from models import Deadline, HolidayNotice, Person
from models.database import read_session
from workflow.arithmetic import last_day
from workflow.calendar import Calendar, statutory_days
from workflow.notice_file import EXAMPLE, read
from workflow.notices import YearNotice
from workflow.reproject import Recounted

SHOWN = 20
HEADINGS = ("年份", "文号", "放假日", "补班日", "录入时间", "录入人")

app = typer.Typer(no_args_is_help=True)


@app.command("example")
def example(as_json: bool = AS_JSON) -> None:
    """显示通知文件的样子：存成文件，照通知原文逐条改好，再录入。"""
    answer({"example": EXAMPLE}, as_json=as_json, lines=EXAMPLE.splitlines())


@app.command("enter")
def enter(
    file: Path = typer.Argument(help="通知文件（.toml），样子见 holidays example"),
    login: str | None = typer.Option(None, "--as", help="以谁的名义录入（管理员的登录名）；缺省为系统"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """录入一年的放假通知，重新推算受影响的时限；通知有更正或补充，改好文件整份再录，以新的为准。"""
    notice = read(file)
    built, now = ready(house(data_dir=data_dir)), clock.now()
    actor = acting(built, login)
    if login:
        must(actor, "holidays.enter")
    entered = proclaiming.enter(built.engine, built.rules(now), notice, actor=actor, now=now)
    told = {
        **_known(entered.calendar),
        "year": notice.year,
        "working_days": entered.calendar.working_days(notice.year),
        "days_taken": notice.days_taken,
        "statutory_days": statutory_days(notice.year),
        "cases": entered.cases,
        "deadlines": [_plain(promise) for promise in entered.recounted],
    }
    answer(told, as_json=as_json, lines=[*_entered(notice, entered.calendar), *_recounted(entered)])


@app.command("show")
def show(data_dir: Path | None = DATA_DIR, as_json: bool = AS_JSON) -> None:
    """显示现行日历：公布到哪一年，录入过哪些通知，还有几个时限是按估计算的。"""
    built, now = unchanged(house(data_dir=data_dir)), clock.now()
    calendar, year = built.rules(now).calendar, now.astimezone(SHANGHAI).year
    with read_session(built.engine) as session:
        guessed = session.scalar(select(func.count()).where(Deadline.outcome.is_(None), Deadline.provisional)) or 0
        notices = list(_notices(session))
    days = {each: calendar.working_days(each) for each in (year, year + 1)}
    if as_json:
        show_json({**_known(calendar), "working_days": days, "provisional_deadlines": guessed, "notices": notices})
        return
    typer.echo(f"日历 {calendar.version}，放假通知已知至 {calendar.proclaimed_through} 年")
    for each, count in days.items():
        typer.echo(f"{each} 年 {count} 个工作日{'' if each <= calendar.proclaimed_through else '（未公布，估计）'}")
    typer.echo(f"按估计算出、还在走的时限 {guessed} 个")
    show_table("录入的通知", HEADINGS, (tuple(notice.values()) for notice in notices))


def _known(calendar: Calendar) -> dict[str, Any]:
    return {"calendar": calendar.version, "proclaimed_through": calendar.proclaimed_through}


def _entered(notice: YearNotice, calendar: Calendar) -> Iterator[str]:
    days = calendar.working_days(notice.year)
    yield f"已录入 {notice.year} 年放假通知（{notice.document}）"
    yield f"放假 {len(notice.off)} 天，补班 {len(notice.working)} 天，全年 {days} 个工作日"
    if notice.days_taken != (lawful := statutory_days(notice.year)):
        yield f"请核对：放假占去的工作日减补班日是 {notice.days_taken} 天，法定节日是 {lawful} 天"


def _recounted(entered: proclaiming.Entered) -> Iterator[str]:
    moved = [promise for promise in entered.recounted if promise.was != promise.due_at]
    yield f"重新推算 {entered.cases} 件的时限：改期 {len(moved)} 个，不变 {len(entered.recounted) - len(moved)} 个"
    for promise in moved[:SHOWN]:
        yield f"  {promise.number} {promise.label}：{last_day(promise.was)} 改为 {last_day(promise.due_at)}"
    if len(moved) > SHOWN:
        yield f"  ……共 {len(moved)} 个，用 --json 全部列出"


def _plain(promise: Recounted) -> dict[str, Any]:
    return {
        "case_id": promise.case_id,
        "number": promise.number,
        "deadline": promise.deadline,
        "was": promise.was,
        "due_at": promise.due_at,
    }


def _notices(session: Session) -> Iterator[dict[str, Any]]:
    rows = session.execute(
        select(HolidayNotice, Person.name)
        .outerjoin(Person, Person.id == HolidayNotice.entered_by)
        .order_by(HolidayNotice.year)
    )
    for notice, name in rows:
        yield {
            "year": notice.year,
            "document": notice.document,
            "off": len(json.loads(notice.off)),
            "working": len(json.loads(notice.working)),
            "entered_at": notice.entered_at,
            "entered_by": name or "系统",
        }
