"""Instants (时刻) as clients see them: RFC 3339 with Shanghai's offset, never naive."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer

from workflow.arithmetic import SHANGHAI

# Before the first 安全生产 rules anyone could cite, and after anything anyone could plan.
EARLIEST, LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def local(at: datetime) -> datetime:
    """The same instant on a Shanghai clock."""
    return at.astimezone(SHANGHAI)


def _sane(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError("out of range")
    return at


Moment = Annotated[datetime, PlainSerializer(lambda at: local(at).isoformat(), return_type=str)]
Told = Annotated[
    AwareDatetime,
    AfterValidator(_sane),
    Field(description="带时区的时刻，如 2026-03-02T09:00:00+08:00", examples=["2026-03-02T09:00:00+08:00"]),
]
