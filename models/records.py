"""What the house keeps about itself: counters, imports, anchors, heartbeats, answered requests, holiday notices."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.instant import Instant


class TallyDelta(Base):
    """Append-only changes of the dashboard's counters; the worker folds them into `tallies`."""

    __tablename__ = "tally_deltas"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    district_id: Mapped[str] = mapped_column(String(32))
    town_id: Mapped[str] = mapped_column(String(32), doc="empty: none")
    sector: Mapped[str] = mapped_column(String(32), doc="empty: none")
    month: Mapped[str] = mapped_column(String(7), doc="of the opening, Shanghai, YYYY-MM")
    level: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    overdue: Mapped[int] = mapped_column(doc="0 or 1")
    n: Mapped[int]


class Tally(Base):
    """How many cases stand in one cell of the dashboard."""

    __tablename__ = "tallies"

    district_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    town_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sector: Mapped[str] = mapped_column(String(32), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    level: Mapped[str] = mapped_column(String(8), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    overdue: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]


class Import(Base):
    """One ledger taken in (导入)."""

    __tablename__ = "imports"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(Instant)
    imported_by: Mapped[str | None] = mapped_column(String(32))
    rows: Mapped[int]
    cases: Mapped[int]
    known: Mapped[int] = mapped_column(doc="rows that an earlier import had already brought")
    problems: Mapped[int]

    __table_args__ = (Index(None, "sha256"),)


class Anchor(Base):
    """A signed digest of all chain heads at one instant; the heads themselves lie in the file `name`."""

    __tablename__ = "anchors"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    cases: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(64))


class Heartbeat(Base):
    """When a loop of the worker last began and last finished."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    period_seconds: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(Text)


class AnsweredRequest(Base):
    """What an Idempotency-Key was answered, so that a repeat gets the same answer and changes nothing."""

    __tablename__ = "answered_requests"

    caller: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index(None, "created_at"),)


class HolidayNotice(Base):
    """The yearly notice (放假调休) as it was entered: days off and make-up workdays, JSON of day → name."""

    __tablename__ = "holiday_notices"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(String(200))
    off: Mapped[str] = mapped_column(Text)
    working: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by: Mapped[str | None] = mapped_column(String(32))


class Link(Base):
    """A tie between two cases (关联): tracks run side by side and never share a state."""

    __tablename__ = "links"

    from_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    to_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("to_id", "from_id", "kind"),)
