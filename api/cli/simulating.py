"""The command that asks what if: simulate."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import clock
from api.cli.answers import AS_JSON, show_json, show_table
from api.cli.houses import house, unchanged
from api.cli.running import DATA_DIR
from api.house import chosen
from models import Organisation
from models.database import read_session
from workflow import directory, eras
from workflow.arithmetic import said
from workflow.directory import Directory
from workflow.profile import Profile
from workflow.roles import LABELS
from workflow.simulation import Late, Simulation, Window, simulate
from workflow.workflows import WORKFLOWS

MOST_SHOWN = 20
DAY = ["%Y-%m-%d"]
FIGURES = ("时限", "原来超期", "推演超期", "新增超期", "不再超期")
WORST = ("编号", "企业", "时限", "推演期限", "超期", "原来")
PEOPLE = ("岗位", "姓名", "次数")


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("simulate")(simulate_)


def simulate_(
    profile: str = typer.Option(..., help="按哪份地方规则推演：内置名称，或一个 .toml 文件的路径"),
    since: datetime = typer.Option(..., "--from", formats=DAY, help="从哪一天起计（北京时间，含当日）", metavar="DATE"),
    until: datetime = typer.Option(..., "--to", formats=DAY, help="到哪一天止（含当日）", metavar="DATE"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """推演：按另一份地方规则重演台账的全部历史，看哪些会超期、会通知谁、发多少消息；只读，不写入、不发送。"""
    window, rules, now = Window(since.date(), until.date()), chosen(profile), clock.now()
    built = unchanged(house(data_dir=data_dir))
    with read_session(built.engine) as session:
        people = directory.load(session)
        found = simulate(session, eras.load(session, rules, people), window, now=now)
        told = _told(session, found, rules, built.profile, people)
    if as_json:
        show_json(told)
        return
    for title, headings, rows in _tables(told):
        show_table(title, headings, rows)
    for line in _lines(told):
        typer.echo(line)


def _told(session: Session, found: Simulation, other: Profile, in_force: Profile, people: Directory) -> dict[str, Any]:
    """Everything that was found, as plain values."""
    names = _names(session, found.worst)
    deadlines = [
        {"workflow": name, "deadline": promise, "label": _label(name, promise), **asdict(figure)}
        for (name, promise), figure in sorted(found.figures.items())
    ]
    return {
        "profile": {"name": other.name, "title": other.title, "version": other.version},
        "in_force": {"name": in_force.name, "title": in_force.title, "version": in_force.version},
        "from": found.window.first, "to": found.window.last, "as_of": found.now, "cases": found.cases,
        "deadlines": deadlines,
        "worst": [_late(late, names) for late in found.worst],
        "told": [
            {"role": role, "label": LABELS[role], "person_id": id_, "name": people.people[id_].name, "times": times}
            for (role, id_), times in found.told.most_common()
        ],
        "messages": {"were": _counted(found.sent), "would_be": _counted(found.would_send)},
    }  # fmt: skip


def _names(session: Session, worst: Sequence[Late]) -> dict[str | None, str]:
    ids = {late.case.enterprise_id for late in worst}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _late(late: Late, names: dict[str | None, str]) -> dict[str, Any]:
    return {
        "case_id": late.case.id, "number": late.case.number, "enterprise": names.get(late.case.enterprise_id),
        "label": _label(late.case.workflow, late.promise.name), "deadline": late.promise.name,
        "due_at": late.promise.due_at, "late_seconds": int(late.lasted.total_seconds()), "was_late": late.was_late,
    }  # fmt: skip


def _counted(days: Counter[date]) -> dict[str, Any]:
    """The total and the busiest day (of several the first)."""
    peak = min(days, key=lambda day: (-days[day], day), default=None)
    return {"total": days.total(), "peak": days[peak] if peak else 0, "peak_day": peak}


def _label(workflow: str, promise: str) -> str:
    table = WORKFLOWS[workflow]
    return f"{table.label}·{table.by_deadline[promise].label}"


def _tables(told: dict[str, Any]) -> Iterator[tuple[str, Sequence[str], list[Sequence[object]]]]:
    by = f"按“{told['profile']['title']}”推演（现行“{told['in_force']['title']}”），{told['from']} 至 {told['to']}"
    yield (
        by,
        FIGURES,
        [[each[k] for k in ("label", "were", "would_be", "newly", "no_longer")] for each in told["deadlines"]],
    )
    if told["worst"]:
        yield "推演中超期最久的", WORST, [_row(late) for late in told["worst"]]
    if told["told"]:
        shown = told["told"][:MOST_SHOWN]
        yield "推演中会通知的人", PEOPLE, [[each["label"], each["name"], each["times"]] for each in shown]


def _row(late: dict[str, Any]) -> Sequence[object]:
    was = "也超期" if late["was_late"] else "未超期"
    span = spoken(timedelta(seconds=late["late_seconds"]))
    return [late["number"], late["enterprise"], late["label"], said(late["due_at"]), span, was]


def spoken(span: timedelta) -> str:
    """How long something has lasted: whole days, below one day hours and minutes."""
    hours, minutes = divmod(span.seconds // 60, 60)
    return f"{span.days} 天" if span.days else f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分钟"


def _lines(told: dict[str, Any]) -> Iterator[str]:
    if len(told["told"]) > MOST_SHOWN:
        yield f"只列出通知次数最多的 {MOST_SHOWN} 人次，共 {len(told['told'])} 项，全部见 --json"
    for name, count in (("原来", told["messages"]["were"]), ("推演", told["messages"]["would_be"])):
        peak = f"，最多的一天 {count['peak_day']} 有 {count['peak']} 条" if count["total"] else ""
        yield f"{name}消息 {count['total']} 条{peak}"
    yield f"重演 {told['cases']} 件；人员和值班以现在的通讯录为准；没有写入或发送任何内容"
