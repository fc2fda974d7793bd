"""The health check (健康检查): the one list of reasons to be red, each from a look that costs the same at any size."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.house import House
from models import Channel, Heartbeat, Message, Person, Rung, migrate
from models.database import connection, read_session
from models.sqlite import journal_mode
from workflow.arithmetic import SHANGHAI
from workflow.coverage import unmanned
from workflow.load import read_cases
from workflow.profile import ProfileFault
from workflow.roles import Role
from workflow.sweep import RETRY

LEAST_FREE = 2**30
PERIODS = 3
# Of red lines only the newest are judged again: an older one that still holds has newer ones beside it.
NEWEST = 200
PENDING = (Rung.outcome.is_(None), Rung.wake_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the light is red: a stable name, Chinese words, and how many."""

    name: str
    text: str
    count: int


def red_reasons(house: House, *, now: datetime) -> tuple[Reason, ...]:
    """Return every reason to be red; none means green. The health check and the check-up both go by this alone."""
    counts = dict(_counts(house, now))
    return tuple(Reason(name, text, count) for name, text in TEXTS.items() if (count := counts.get(name)))


def _counts(house: House, now: datetime) -> Iterator[tuple[str, int]]:
    """Each look's count, as far as they come: without tables or limits the later ones can't be asked."""
    yield "disk", int(free_bytes(house) < LEAST_FREE)
    schema = 0
    try:
        schema = int(migrate.current(house.engine) != newest_revision())
        yield "schema", schema
        with read_session(house.engine) as session:
            for name, look in LOOKS.items():
                yield name, look(house, session, now)
    except SQLAlchemyError:
        yield "database", int(not schema)
    except ProfileFault as fault:
        yield "profile", len(fault.faults)


@cache
def newest_revision() -> str | None:
    """The revision the tables should be at; the scripts don't change under a running process."""
    return migrate.head()


def free_bytes(house: House) -> int:
    """Return what is left on the disk of the data folder, be it there or yet to be made."""
    wanted = house.settings.data_dir.absolute()
    return shutil.disk_usage(next(folder for folder in (wanted, *wanted.parents) if folder.exists())).free


def journal(session: Session) -> tuple[str, str, str] | None:
    """Return SQLite's version, its way of journalling and the way that is safe with it; none for PostgreSQL."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    ask = connection(session).exec_driver_sql
    version, mode = str(ask("SELECT sqlite_version()").scalar()), str(ask("PRAGMA journal_mode").scalar()).upper()
    return version, mode, journal_mode(tuple(int(part) for part in version.split(".")))


def accounts(session: Session) -> int:
    """Count the people who may sign in."""
    return session.scalar(select(func.count()).select_from(Person).where(Person.disabled_at.is_(None))) or 0


def dead_letters(session: Session) -> int:
    """Count the messages given up that nobody has looked at or sent again."""
    unseen = (Message.outcome == "dead", Message.read_at.is_(None))
    return session.scalar(select(func.count()).select_from(Message).where(*unseen)) or 0


def red_lines(house: House, session: Session, now: datetime) -> int:
    """Count what nobody was told and nobody could be told today, because the role is still held by nobody."""
    newest = (
        select(Message.case_id, Message.target)
        .where(Message.outcome == "nobody", Message.read_at.is_(None), Message.case_id.is_not(None))
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(NEWEST)
    )
    rows = session.execute(newest).all()
    if not rows:
        return 0
    cases = read_cases(session, list({row.case_id for row in rows if row.case_id}))
    directory = house.rules(now).directory
    told = (directory.recipients(_role(row.target), cases[row.case_id], now) for row in rows if row.case_id)
    return sum(not recipients for recipients in told)


def off_duty(_house: House, session: Session, now: datetime) -> int:
    """Count the organisations with a roster whose watch nobody has now."""
    return len(unmanned(session, now))


def is_overdue(beat: Heartbeat, now: datetime) -> bool:
    """Whether a loop has not finished for three of its periods; an error that the next round mends is none."""
    return now - (beat.finished_at or beat.begun_at) > PERIODS * timedelta(seconds=beat.period_seconds)


def _role(target: str) -> Role:
    return Role(target.removeprefix("nobody:"))


def _no_worker(_house: House, session: Session, _now: datetime) -> int:
    return int(session.scalar(select(Heartbeat.name).limit(1)) is None)


def _heartbeat(_house: House, session: Session, now: datetime) -> int:
    return sum(is_overdue(beat, now) for beat in session.scalars(select(Heartbeat)))


def _late(house: House, session: Session, now: datetime) -> int:
    allowed = timedelta(seconds=house.settings.allowed_lateness_seconds)
    oldest = session.scalar(select(func.min(Rung.wake_at)).where(*PENDING))
    return int(oldest is not None and now - oldest > allowed)


def _postponed(_house: House, session: Session, now: datetime) -> int:
    # A step that failed is tried again within this span, so the index of due ones finds it.
    failed = (*PENDING, Rung.wake_at <= now + RETRY, Rung.attempts > 0)
    return session.scalar(select(func.count()).select_from(Rung).where(*failed)) or 0


def _channel(_house: House, session: Session, _now: datetime) -> int:
    failing = (Channel.failing_since.is_not(None), Channel.disabled_at.is_(None))
    return session.scalar(select(func.count()).select_from(Channel).where(*failing)) or 0


def _dead(_house: House, session: Session, _now: datetime) -> int:
    return dead_letters(session)


def _journal(_house: House, session: Session, _now: datetime) -> int:
    found = journal(session)
    return int(found is not None and found[1] != found[2])


def _nobody_home(_house: House, session: Session, _now: datetime) -> int:
    return int(not accounts(session))


def _calendar(house: House, _session: Session, now: datetime) -> int:
    return int(house.rules(now).calendar.proclaimed_through < now.astimezone(SHANGHAI).year)


# What asks for the rules comes last: with limits that can't be armed the others are still looked at.
LOOKS: Mapping[str, Callable[[House, Session, datetime], int]] = {
    "journal": _journal,
    "accounts": _nobody_home,
    "no_worker": _no_worker,
    "heartbeat": _heartbeat,
    "deadlines_late": _late,
    "deadlines_failing": _postponed,
    "channel": _channel,
    "dead_letters": _dead,
    "off_duty": off_duty,
    "calendar": _calendar,
    "nobody_told": red_lines,
}
TEXTS: Mapping[str, str] = {
    "disk": "数据目录所在磁盘快满了",
    "profile": "地方规则不能启用",
    "database": "数据库连不上",
    "schema": "数据库表结构不是最新，须先运行 hazardloop migrate",
    "journal": "SQLite 的日志方式不安全",
    "calendar": "今年的放假调休通知还没有录入",
    "accounts": "还没有账号",
    "no_worker": "后台程序从未运行",
    "heartbeat": "后台程序没有按时完成",
    "deadlines_late": "时限处理超过允许的延迟",
    "deadlines_failing": "有时限节点处理出错",
    "channel": "有消息渠道发送失败",
    "off_duty": "有值班表的机构现在无人值班",
    "nobody_told": "有事项无人可通知",
    "dead_letters": "有消息未能送达，须重发或标为已阅",
}
