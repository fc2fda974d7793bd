"""The rows that decisions are made of: frozen values with exactly the columns of their tables.

Tuples with names, for a dataclass of 44 columns takes ten times as long to make, and a move makes a dozen rows.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import compress
from operator import is_not
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

# What stands where nothing was said.
NOTHING: Mapping[str, Any] = MappingProxyType({})


class CaseRow(NamedTuple):
    """A case as it stood when it was locked (see `models.case.Case` for the meaning of the columns)."""

    id: str
    number: str
    workflow: str
    state: str
    version: int
    seq: int
    head: str
    cycle: int
    message_no: int
    level: str
    sector: str | None
    title: str
    district_id: str
    town_id: str | None
    village_id: str | None
    enterprise_id: str | None
    responsible_org_id: str | None
    lead_org_id: str | None
    lister_org_id: str | None
    sponsor_id: str | None
    visit_id: str | None
    duplicate_of: str | None
    opened_at: datetime
    opened_by: str
    opened_by_org: str
    assigned_at: datetime | None = None
    submitted_at: datetime | None = None
    submitted_by: str | None = None
    submitted_by_org: str | None = None
    submission_no: int = 0
    evidence_count: int = 0
    rejections: int = 0
    verified_at: datetime | None = None
    verified_by: str | None = None
    verified_by_org: str | None = None
    second_officer: str | None = None
    signed_off_at: datetime | None = None
    signed_off_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    extension_to: datetime | None = None
    plan_at: datetime | None = None
    next_due_at: datetime | None = None
    overdue_since: datetime | None = None
    import_id: str | None = None
    import_key: str | None = None


class DeadlineRow(NamedTuple):
    """A promise as it stands (see `models.deadline.Deadline`)."""

    id: str
    case_id: str
    name: str
    cycle: int
    round: int
    anchor_at: datetime
    amount: int | None
    unit: str
    source: str
    text: str | None
    assumed: bool
    calendar: str
    provisional: bool
    due_at: datetime
    first_due_at: datetime
    counted_at: datetime | None = None
    moves: int = 0
    held_at: datetime | None = None
    paused_at: datetime | None = None
    breached_at: datetime | None = None
    noticed_at: datetime | None = None
    outcome: str | None = None
    ended_at: datetime | None = None

    @property
    def runs(self) -> bool:
        """Open, and neither held nor paused."""
        return self.outcome is None and self.held_at is None and self.paused_at is None


class RungRow(NamedTuple):
    """A step of a ladder as it stands (see `models.deadline.Rung`)."""

    deadline_id: str
    move: int
    name: str
    case_id: str
    due_at: datetime
    wake_at: datetime | None
    attempts: int = 0
    error: str | None = None
    outcome: str | None = None
    settled_at: datetime | None = None


Row = TypeVar("Row", CaseRow, DeadlineRow, RungRow)
_PLACES = {kind: {name: n for n, name in enumerate(kind._fields)} for kind in (CaseRow, DeadlineRow, RungRow)}


def changed(row: Row, **values: Any) -> Row:
    """The row with other values in some columns; KeyError for a column it has not."""
    kind = type(row)
    every = list(row)
    for name, value in values.items():
        every[_PLACES[kind][name]] = value
    # As `_make` does, which counts the columns once more.
    return tuple.__new__(kind, every)


def difference(before: Row, after: Row) -> list[str]:
    """The columns in which two rows differ, in the order of the table."""
    # Most columns are the very same object, which costs less to see than that two are equal.
    apart = compress(zip(type(before)._fields, before, after, strict=True), map(is_not, before, after))
    return [name for name, was, now in apart if was != now]
