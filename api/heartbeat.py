"""Heartbeats (心跳): when each loop of the worker last began, last finished well, and what stopped it if anything."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite

from models import Heartbeat
from models.database import write_session

UPSERTS: dict[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def begun(engine: Engine, name: str, *, seconds: int, now: datetime) -> None:
    """Note that a loop with this period began."""
    _note(engine, {"name": name, "period_seconds": seconds, "begun_at": now})


def finished(engine: Engine, name: str, *, seconds: int, begun_at: datetime, now: datetime) -> None:
    """Note that it finished, and forget an earlier error."""
    row = {"name": name, "period_seconds": seconds, "begun_at": begun_at, "finished_at": now, "error": None}
    _note(engine, row)


def failed(engine: Engine, name: str, *, seconds: int, begun_at: datetime, error: str) -> None:
    """Note why it did not finish; when it last did stays on record."""
    _note(engine, {"name": name, "period_seconds": seconds, "begun_at": begun_at, "error": error})


def _note(engine: Engine, row: dict[str, Any]) -> None:
    # Several workers share a row: whoever comes first makes it.
    insert = UPSERTS[engine.dialect.name](Heartbeat)
    told = {column: value for column, value in row.items() if column != "name"}
    with write_session(engine) as session:
        session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=told), row)
