"""The health check (健康检查): every named reason to be red, each from a look that costs the same at any size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.house import House
from models import Channel, Heartbeat, Message, Rung
from models.database import read_session
from workflow.load import read_cases
from workflow.roles import Role
from workflow.sweep import RETRY

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
    """Return every reason to be red; none means green."""
    try:
        with read_session(house.engine) as session:
            counts = {name: look(house, session, now) for name, look in LOOKS.items()}
    except SQLAlchemyError:
        return (Reason("database", TEXTS["database"], 1),)
    return tuple(Reason(name, TEXTS[name], count) for name, count in counts.items() if count)


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
    told = (directory.recipients(_role(row.target), cases[row.case_id]) for row in rows if row.case_id)
    return sum(not recipients for recipients in told)


def overdue_heartbeats(session: Session, now: datetime) -> int:
    """Count the loops that have not finished for three of their periods."""
    beats = session.scalars(select(Heartbeat)).all()
    return sum(now - (b.finished_at or b.begun_at) > PERIODS * timedelta(seconds=b.period_seconds) for b in beats)


def _role(target: str) -> Role:
    return Role(target.removeprefix("nobody:"))


def _no_worker(_house: House, session: Session, _now: datetime) -> int:
    return int(session.scalar(select(Heartbeat.name).limit(1)) is None)


def _heartbeat(_house: House, session: Session, now: datetime) -> int:
    return overdue_heartbeats(session, now)


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


LOOKS: Mapping[str, Callable[[House, Session, datetime], int]] = {
    "no_worker": _no_worker,
    "heartbeat": _heartbeat,
    "deadlines_late": _late,
    "deadlines_failing": _postponed,
    "channel": _channel,
    "nobody_told": red_lines,
    "dead_letters": _dead,
}
TEXTS: Mapping[str, str] = {
    "database": "数据库连不上",
    "no_worker": "后台程序从未运行",
    "heartbeat": "后台程序没有按时完成",
    "deadlines_late": "时限处理超过允许的延迟",
    "deadlines_failing": "有时限节点处理出错",
    "channel": "有消息渠道发送失败",
    "nobody_told": "有事项无人可通知",
    "dead_letters": "有消息多次未能送达",
}
