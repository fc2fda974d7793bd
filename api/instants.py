"""Instants (时刻) as clients see and write them: RFC 3339, shown with Shanghai's offset, never naive."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from workflow.arithmetic import SHANGHAI, last_day

# Before the oldest hazard a ledger could hold, after the latest anyone could plan for.
EARLIEST, LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
RIGHT = "带时区的时刻，如 2026-03-02T09:00:00+08:00"


def local(at: datetime) -> datetime:
    """The same instant on a Shanghai clock."""
    return at.astimezone(SHANGHAI)


def due_day(at: datetime | None) -> date | None:
    """The day that a due instant ends, as pages and papers name it."""
    return None if at is None else last_day(at)


def _written(value: Any) -> Any:
    if not isinstance(value, str) or value.strip("0123456789.-+") == "":
        raise PydanticCustomError("timezone_aware", "not written")
    return value


def _in_reach(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise PydanticCustomError("out_of_reach", "out of reach")
    return at


Moment = Annotated[
    datetime,
    PlainSerializer(lambda at: local(at).isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Told = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(_in_reach),
    Field(description=RIGHT, examples=["2026-03-02T09:00:00+08:00"]),
]
