"""Instants in storage: always UTC, never naive; PostgreSQL timestamptz, SQLite text that sorts as time."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class NaiveInstant(ValueError):
    """A datetime without a time zone was about to be stored or compared."""


# The rows of one decision, sweep or import share most of their instants. Kept by UTC value only: in a zone with summer
# time two instants an hour apart may be equal.
_kept = lru_cache(maxsize=4096)


def encode(value: datetime) -> str:
    """Return an aware datetime as UTC text "YYYY-MM-DD HH:MM:SS.ffffff", 26 characters; NaiveInstant without a zone."""
    return _stored(utc(value))


def iso(value: datetime) -> str:
    """Return an aware datetime as ISO 8601 text in UTC; NaiveInstant without a zone."""
    return _iso(utc(value))


@_kept
def _stored(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


@_kept
def _iso(value: datetime) -> str:
    return value.isoformat()


@_kept
def decode(text: str) -> datetime:
    """Return the aware UTC datetime whose text `encode` wrote; ValueError for what is no time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def utc(value: datetime) -> datetime:
    """Return the same instant in UTC; NaiveInstant without a zone."""
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise NaiveInstant(value.isoformat())
    return value.astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """The column type of every instant (时刻): refuses naive datetimes, gives aware UTC ones."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, timestamptz elsewhere."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:
        """Store UTC; NaiveInstant without a zone."""
        if value is None:
            return None
        return encode(value) if dialect.name == "sqlite" else utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        return decode(value) if dialect.name == "sqlite" else utc(value)
