"""The check-up (检查): what is in force and what can be reached; what is red is said by `queries.health` alone.

Only what it tries out itself comes on top: whether each channel's platform answers, which nobody may make a server ask
by looking at its health.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.channel_check import reach
from api.house import House
from api.queries import health
from api.queries.health import Reason, red_reasons
from models import Channel, Heartbeat, migrate
from models.database import connection, read_session
from workflow.arithmetic import SHANGHAI
from workflow.coverage import unmanned
from workflow.limits import TITLES, Limit, NotOwed
from workflow.profile import ProfileFault


@dataclass(frozen=True, slots=True)
class Light:
    """One thing looked at: green or `red`, in words, with details for machines."""

    name: str
    text: str
    red: bool = False
    details: dict[str, Any] = field(default_factory=dict)


# Which light shows a reason to be red; every other reason gets a light of its own.
SHOWN: Mapping[str, frozenset[str]] = {
    "数据目录": frozenset({"disk"}),
    "地方规则": frozenset({"profile"}),
    "数据库": frozenset({"database", "schema"}),
    "SQLite": frozenset({"journal"}),
    "工作日历": frozenset({"calendar"}),
    "账号": frozenset({"accounts"}),
    "值班": frozenset({"off_duty"}),
}


def check_up(house: House, now: datetime) -> Iterator[Light]:
    """Look at everything, then say every reason to be red; where there is no database, look at what needs none."""
    reasons = {reason.name: reason for reason in red_reasons(house, now=now)}
    for light in _lights(house, reasons, now):
        yield replace(light, red=light.red or bool(SHOWN.get(light.name, frozenset()) & reasons.keys()))
    yield from (_light(reason) for name, reason in reasons.items() if name not in frozenset().union(*SHOWN.values()))


def _lights(house: House, reasons: Mapping[str, Reason], now: datetime) -> Iterator[Light]:
    yield _disk(house)
    yield from _profile(house)
    yield _database(house)
    if not reasons.keys() & {"database", "schema", "profile"}:
        with read_session(house.engine) as session:
            for look in LOOKS:
                yield from look(house, session, now)


def _disk(house: House) -> Light:
    free = health.free_bytes(house)
    return Light("数据目录", f"{house.settings.data_dir}，剩余 {free / 2**30:.1f} GiB", details={"free": free})


def _profile(house: House) -> Iterator[Light]:
    try:
        profile = house.profile
    except ProfileFault as fault:
        yield Light("地方规则", "；".join(fault.faults))
        return
    limits = [_limit(name, part, limit) for (name, part), limit in profile.stated.items()]
    yield Light("地方规则", f"{profile.title} {profile.version}", details={"digest": profile.digest, "limits": limits})


def _limit(name: str, part: str | None, limit: Limit | NotOwed) -> dict[str, Any]:
    """One limit as the profile states it; where nothing is owed it has a source and no figure."""
    figure = asdict(limit) | {"at": [f"{at:%H:%M}" for at in limit.at]} if isinstance(limit, Limit) else asdict(limit)
    return {"name": name, "title": TITLES[name], "for": part, **figure}


def _database(house: House) -> Light:
    shown = make_url(house.settings.url).render_as_string(hide_password=True)
    try:
        revision, newest = migrate.current(house.engine), health.newest_revision()
    except SQLAlchemyError as error:
        return Light("数据库", f"连不上：{shown}（{type(getattr(error, 'orig', error)).__name__}）")
    right = "" if revision == newest else f"，应为 {newest}：先运行 hazardloop migrate"
    return Light("数据库", f"{shown}，表结构 {revision or '还没有'}{right}", details={"revision": revision})


def _engine(house: House, session: Session, now: datetime) -> Iterator[Light]:
    found = health.journal(session)
    if found is None:
        yield Light("PostgreSQL", str(connection(session).exec_driver_sql("SHOW server_version").scalar()))
        return
    version, mode, right = found
    text = f"{version}，日志方式 {mode}" + ("" if mode == right else f"，应为 {right}")
    yield Light("SQLite", text, details={"version": version, "journal_mode": mode})


def _calendar(house: House, session: Session, now: datetime) -> Iterator[Light]:
    calendar = house.rules(now).calendar
    text = f"{calendar.version}，放假通知已知至 {calendar.proclaimed_through} 年"
    yield Light("工作日历", text, details={"version": calendar.version})


def _accounts(house: House, session: Session, now: datetime) -> Iterator[Light]:
    count = health.accounts(session)
    yield Light(
        "账号", f"{count} 人" if count else "还没有：用 hazardloop serve 显示的一次性链接，或 hazardloop people setup"
    )


def _roster(house: House, session: Session, now: datetime) -> Iterator[Light]:
    names = [org.name for org in unmanned(session, now)]
    yield Light("值班", f"现在无人值班：{'、'.join(names)}" if names else "有值班表的机构都有人值班")


def _heartbeats(house: House, session: Session, now: datetime) -> Iterator[Light]:
    for beat in session.scalars(select(Heartbeat).order_by(Heartbeat.name)):
        last = beat.finished_at or beat.begun_at
        text = f"上次完成 {last.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" + (f"，{beat.error}" if beat.error else "")
        yield Light(f"后台程序 {beat.name}", text, health.is_overdue(beat, now), {"finished_at": last})


def _channels(house: House, session: Session, now: datetime) -> Iterator[Light]:
    channels = session.scalars(select(Channel).where(Channel.disabled_at.is_(None)).order_by(Channel.id)).all()
    if not channels:
        yield Light("消息渠道", "没有渠道，消息只在系统内显示")
    for channel in channels:
        fault = reach(house, channel)
        text = f"{channel.kind} {channel.hint}，{fault or '可以连接'}"
        yield Light(f"消息渠道 {channel.name}", text, red=fault is not None, details={"id": channel.id})


def _light(reason: Reason) -> Light:
    return Light(reason.name, f"{reason.text}（{reason.count}）", red=True, details={"count": reason.count})


LOOKS: tuple[Callable[[House, Session, datetime], Iterator[Light]], ...] = (
    _engine, _calendar, _accounts, _roster, _heartbeats, _channels,
)  # fmt: skip
