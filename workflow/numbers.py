"""Case numbers (编号): one series for all, never used again; a number lost to a rollback stays unused."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from workflow.arithmetic import SHANGHAI


def take(session: Session, prefix: str, count: int, *, now: datetime) -> list[str]:
    """The next `count` numbers, such as HZ-2026-000142 for the prefix HZ."""
    prefix = f"{prefix}-{now.astimezone(SHANGHAI).year}-"
    return [f"{prefix}{number:06d}" for number in _next(session, count)]


def _next(session: Session, count: int) -> list[int]:
    if session.get_bind().dialect.name == "postgresql":
        rows = session.execute(text("SELECT nextval('case_numbers') FROM generate_series(1, :count)"), {"count": count})
        return [row[0] for row in rows]
    last = session.execute(
        text(
            "INSERT INTO number_counter (id, value) VALUES (1, :count) "
            "ON CONFLICT (id) DO UPDATE SET value = value + :count RETURNING value"
        ),
        {"count": count},
    ).scalar_one()
    return list(range(last - count + 1, last + 1))
