"""The rows that decisions are made of: frozen values with exactly the columns of their tables."""

from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class CaseRow:
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


@dataclass(frozen=True, slots=True)
class DeadlineRow:
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


@dataclass(frozen=True, slots=True)
class RungRow:
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
# Names, and what takes all values at once: asking for 44 columns one by one is felt at thousands of rows a second.
_NAMES = {kind: tuple(f.name for f in fields(kind)) for kind in (CaseRow, DeadlineRow, RungRow)}
_PLACES = {kind: {name: n for n, name in enumerate(names)} for kind, names in _NAMES.items()}
_VALUES = {kind: attrgetter(*names) for kind, names in _NAMES.items()}


def columns(row: CaseRow | DeadlineRow | RungRow) -> dict[str, Any]:
    """The row as column → value; no deep copy, for frozen values need none."""
    return dict(zip(_NAMES[type(row)], _VALUES[type(row)](row), strict=True))


def changed(row: Row, **values: Any) -> Row:
    """The row with other values in some columns; KeyError for a column it has not."""
    kind = type(row)
    every = list(_VALUES[kind](row))
    for name, value in values.items():
        every[_PLACES[kind][name]] = value
    return kind(*every)


def difference(before: CaseRow, after: CaseRow) -> set[str]:
    """The columns in which two rows differ."""
    both = zip(_NAMES[CaseRow], _VALUES[CaseRow](before), _VALUES[CaseRow](after), strict=True)
    return {name for name, was, now in both if was is not now and was != now}
