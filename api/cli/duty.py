"""Commands about the duty roster (值班表): show it, plan a rotation, say who has the watch."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import typer
from sqlalchemy.orm import Session

from api import clock
from api.cli.answers import AS_JSON, SHANGHAI, answer, show_json, show_table
from api.cli.houses import acting, house, organisation_of, person_of, ready, unchanged
from api.cli.running import DATA_DIR
from api.planning import put_on_roster
from api.queries import roster as read
from api.shapes.roster import DutyOut, OnWatch, RosterOut, WatchOut
from models import Organisation
from models.database import read_session, write_session
from workflow.rotation import Pair, rotate

DAYS = ["%Y-%m-%d"]
HEADINGS = ("开始", "结束", "值班员", "带班领导", "交接班", "红线")
RED = {"not_taken_over": "到时未接班", "disabled": "当班人员已停用"}
ORG = typer.Option(..., "--org", help="机构：编号、代码或全称")

app = typer.Typer(no_args_is_help=True)


@app.command("show")
def show(
    org: str = ORG,
    first: datetime | None = typer.Option(None, "--from", formats=DAYS, help="从哪天起，缺省为今天", metavar="DATE"),
    last: datetime | None = typer.Option(None, "--to", formats=DAYS, help="到哪天止，缺省为一个月", metavar="DATE"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """显示值班表：班次、空档、未接的班、放假日和调休上班日。"""
    built, now = unchanged(house(data_dir=data_dir)), clock.now()
    begins, ends = read.span(first.date() if first else None, last.date() if last else None, now)
    calendar = built.rules(now).calendar
    with read_session(built.engine) as session:
        found = read.roster(session, _organisation(session, org), begins, ends, calendar=calendar, now=now)
    _show(found, as_json=as_json)


@app.command("plan")
def plan(
    org: str = ORG,
    first: datetime = typer.Option(..., "--from", formats=DAYS, help="第一天", metavar="DATE"),
    last: datetime = typer.Option(..., "--to", formats=DAYS, help="最后一天", metavar="DATE"),
    pair: list[str] = typer.Option(..., help="一组当班的人，按轮到的先后重复填写：值班员登录名:带班领导登录名"),
    pair_off: list[str] = typer.Option([], help="放假日的一组，可重复；不填则同平日一起轮"),
    begins_at: datetime = typer.Option("08:30", formats=["%H:%M"], help="换班时刻", metavar="HH:MM"),
    login: str | None = typer.Option(None, "--as", help="以谁的名义排班（登录名）；缺省为系统"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """轮班：每天一班，24 小时；全部保存，或者全部不保存。"""
    built, now = ready(house(data_dir=data_dir)), clock.now()
    actor, calendar = acting(built, login), built.rules(now).calendar
    with write_session(built.engine) as session:
        org_id = organisation_of(session, org)
        if login:
            read.plannable(session, actor, org_id)
        pairs, pairs_off = ([_pair(session, named) for named in several] for several in (pair, pair_off))
        turns = rotate(
            first.date(), last.date(), pairs, calendar=calendar, pairs_off=pairs_off, begins_at=begins_at.time()
        )
        watches = [turn.watch for turn in turns]
        planned = put_on_roster(session, org_id, watches, calendar=calendar, actor=actor, now=now)
    _show(planned, as_json=as_json)


@app.command("who")
def who(
    org: str = ORG,
    at: datetime | None = typer.Option(
        None,
        formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        metavar="TIME",
        help="哪一刻（北京时间），如 2026-03-02T09:00，缺省为现在",
    ),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """谁在值班，电话多少。"""
    built, now = unchanged(house(data_dir=data_dir)), clock.now()
    instant = at.replace(tzinfo=SHANGHAI) if at else now
    with read_session(built.engine) as session:
        found = read.duty(session, _organisation(session, org), instant, now=now)
    answer(found.model_dump(mode="json"), as_json=as_json, lines=_told(found))


def _organisation(session: Session, named: str) -> Organisation:
    return session.get_one(Organisation, organisation_of(session, named))


def _pair(session: Session, named: str) -> Pair:
    officer, colon, leader = named.partition(":")
    if not colon:
        raise typer.BadParameter("写成 值班员登录名:带班领导登录名", param_hint="--pair")
    return Pair(person_of(session, officer), person_of(session, leader))


def _show(roster: RosterOut, *, as_json: bool) -> None:
    if as_json:
        show_json(roster.model_dump(mode="json"))
        return
    show_table(f"{roster.org.name} 值班表", HEADINGS, sorted(_rows(roster)))
    for day in roster.days:
        typer.echo(f"{day.day} {day.name}{'' if day.known else '（未公布，估计）'}")


def _rows(roster: RosterOut) -> Iterator[tuple[str, ...]]:
    for watch in roster.watches:
        red = "、".join(RED[reason] for reason in watch.red)
        people = (_person(watch.officer), _person(watch.leader))
        yield _said(watch.starts_at), _said(watch.ends_at), *people, _handed(watch), red
    for gap in roster.gaps:
        yield _said(gap.starts_at), _said(gap.ends_at), "", "", "", "空档，无人值班"


def _told(found: DutyOut) -> list[str]:
    if found.watch is None or found.kept_by is None:
        return [f"{_said(found.at)} {found.org.name}：无人值班"]
    watch = found.watch
    return [
        f"{_said(found.at)} {found.org.name}（{found.kept_by.name}值班，到 {_said(watch.ends_at)}）",
        f"  值班员：{_person(watch.officer)}",
        f"  带班领导：{_person(watch.leader)}",
    ]


def _person(person: OnWatch) -> str:
    return f"{person.name} {person.phone or ''}".strip() + ("（已停用）" if person.disabled else "")


def _handed(watch: WatchOut) -> str:
    if watch.acknowledged_at:
        return f"{_said(watch.acknowledged_at)} 已接班"
    return f"{_said(watch.handed_over_at)} 已交班" if watch.handed_over_at else ""


def _said(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
