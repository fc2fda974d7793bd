"""The check-up (检查): what is in force, what can be reached, and every red light with what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.channel_check import reach
from api.house import House
from api.queries.health import red_reasons
from models import Channel, Heartbeat, Person, migrate
from models.database import journal_mode, read_session
from workflow.arithmetic import SHANGHAI
from workflow.limits import LEVELS, TITLES
from workflow.profile import ProfileFault

LEAST_FREE = 2**30


@dataclass(frozen=True, slots=True)
class Light:
    """One thing looked at: green or `red`, in words, with details for machines."""

    name: str
    text: str
    red: bool = False
    details: dict[str, Any] = field(default_factory=dict)


def check_up(house: House, now: datetime) -> Iterator[Light]:
    """Look at everything; where there is no database, at what needs none."""
    yield _disk(house)
    yield from _profile(house)
    database = _database(house)
    yield database
    if not database.red:
        with read_session(house.engine) as session:
            for look in LOOKS:
                yield from look(house, session, now)


def _disk(house: House) -> Light:
    folder = house.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    return Light("数据目录", f"{folder}，剩余 {free / 2**30:.1f} GiB", free < LEAST_FREE, {"free": free})


def _profile(house: House) -> Iterator[Light]:
    try:
        profile = house.profile
    except ProfileFault as fault:
        yield Light("地方规则", "；".join(fault.faults), red=True)
        return
    each = {(name, level): profile.limit(name, level) for name in TITLES for level in sorted(LEVELS)}
    limits = [
        {"name": name, "title": TITLES[name], "level": level, "amount": limit.amount, "unit": limit.unit,
         "cap": limit.cap, "source": limit.source}
        for (name, level), limit in each.items()
    ]  # fmt: skip
    yield Light("地方规则", f"{profile.title} {profile.version}", details={"digest": profile.digest, "limits": limits})


def _database(house: House) -> Light:
    shown = make_url(house.settings.url).render_as_string(hide_password=True)
    try:
        revision, head = migrate.current(house.engine), migrate.head()
    except DBAPIError as error:
        return Light("数据库", f"连不上：{shown}（{type(error.orig).__name__}）", red=True)
    right = "" if revision == head else f"，应为 {head}：先运行 hazardloop migrate"
    text = f"{shown}，表结构 {revision or '还没有'}{right}"
    return Light("数据库", text, red=revision != head, details={"revision": revision})


def _engine(house: House, session: Session, now: datetime) -> Iterator[Light]:
    ask = session.connection().exec_driver_sql
    if house.engine.dialect.name != "sqlite":
        yield Light("PostgreSQL", str(ask("SHOW server_version").scalar()))
        return
    version, journal = str(ask("SELECT sqlite_version()").scalar()), str(ask("PRAGMA journal_mode").scalar()).upper()
    right = journal_mode(tuple(int(part) for part in version.split(".")))
    text = f"{version}，日志方式 {journal}" + ("" if journal == right else f"，应为 {right}")
    yield Light("SQLite", text, journal != right, {"version": version, "journal_mode": journal})


def _calendar(house: House, session: Session, now: datetime) -> Iterator[Light]:
    calendar = house.rules(now).calendar
    unknown = calendar.proclaimed_through < now.astimezone(SHANGHAI).year
    text = f"{calendar.version}，放假通知已知至 {calendar.proclaimed_through} 年"
    yield Light("工作日历", text, unknown, {"version": calendar.version})


def _accounts(house: House, session: Session, now: datetime) -> Iterator[Light]:
    count = session.scalar(select(func.count()).select_from(Person).where(Person.disabled_at.is_(None))) or 0
    text = f"{count} 人" if count else "还没有：用 hazardloop serve 显示的一次性密钥，或 hazardloop people setup"
    yield Light("账号", text, red=not count)


def _heartbeats(house: House, session: Session, now: datetime) -> Iterator[Light]:
    for beat in session.scalars(select(Heartbeat).order_by(Heartbeat.name)):
        last = beat.finished_at or beat.begun_at
        text = f"上次完成 {last.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" + (f"，{beat.error}" if beat.error else "")
        yield Light(f"后台程序 {beat.name}", text, red=beat.error is not None, details={"finished_at": last})


def _channels(house: House, session: Session, now: datetime) -> Iterator[Light]:
    channels = session.scalars(select(Channel).where(Channel.disabled_at.is_(None)).order_by(Channel.id)).all()
    if not channels:
        yield Light("消息渠道", "没有渠道，消息只在系统内显示")
    for channel in channels:
        fault = reach(house, channel)
        text = f"{channel.kind} {channel.hint}，{fault or '可以连接'}"
        yield Light(f"消息渠道 {channel.name}", text, red=fault is not None, details={"id": channel.id})


def _reasons(house: House, session: Session, now: datetime) -> Iterator[Light]:
    """Everything for which the health check turns red, so that the two never disagree."""
    for reason in red_reasons(house, now=now):
        yield Light(reason.name, f"{reason.text}（{reason.count}）", red=True, details={"count": reason.count})


LOOKS: tuple[Callable[[House, Session, datetime], Iterator[Light]], ...] = (
    _engine, _calendar, _accounts, _heartbeats, _channels, _reasons,
)  # fmt: skip
