"""Counts a running promise by another limit (换一个限额重算): what pauses and extensions gave it stays given."""

from datetime import datetime

from workflow import arithmetic
from workflow.calendar import Calendar
from workflow.limits import Limit, Unit
from workflow.rows import DeadlineRow, changed


def counted_by(limit: Limit, row: DeadlineRow, calendar: Calendar, *, now: datetime) -> tuple[DeadlineRow, datetime]:
    """The promise by that limit, and when it is now due (UTC); one whose date was named is not counted at all."""

    def carry(onto: datetime, start: datetime, end: datetime) -> datetime:
        return arithmetic.carry(onto, start, end, Unit(row.unit), calendar)

    counted = arithmetic.due(row.anchor_at, limit, calendar)
    first = carry(counted.at, row.counted_at or row.first_due_at, row.first_due_at)
    if first <= now:
        # Nobody can be late for what was not owed yet: it counts from the change, and no pause lies behind that.
        counted = arithmetic.due(now, limit, calendar)
        first = counted.at
    fresh = changed(
        row, amount=limit.amount, unit=limit.unit, source=limit.source, calendar=calendar.version,
        provisional=counted.provisional, counted_at=counted.at, first_due_at=first,
    )  # fmt: skip
    return fresh, carry(first, row.first_due_at, row.due_at)
