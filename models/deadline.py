"""Deadlines (时限) are promises, rungs (节点) happen at offsets from them, acts (督办措施) are what rungs propose."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, partial
from models.instant import Instant


class Deadline(Base):
    """One promise with its arithmetic. `breached_at` is a fact at `due_at`; `noticed_at` is when somebody saw it."""

    __tablename__ = "deadlines"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    name: Mapped[str] = mapped_column(String(24))
    cycle: Mapped[int]
    round: Mapped[int] = mapped_column(doc="how often this promise was made in its cycle, from 1")
    anchor_at: Mapped[datetime] = mapped_column(Instant)
    amount: Mapped[int | None] = mapped_column(doc="none: a date was named instead of a limit")
    unit: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(Text, doc="the law or the person the limit comes from")
    text: Mapped[str | None] = mapped_column(Text, doc="the paper's own words")
    assumed: Mapped[bool] = mapped_column(doc="the paper named no date; the profile's default stands")
    calendar: Mapped[str] = mapped_column(String(32), doc="version of the calendar that made due_at")
    provisional: Mapped[bool] = mapped_column(doc="due in a year whose holiday notice is not yet known")
    due_at: Mapped[datetime] = mapped_column(Instant)
    first_due_at: Mapped[datetime] = mapped_column(Instant, doc="before any extension; what caps are counted from")
    counted_at: Mapped[datetime | None] = mapped_column(
        Instant, doc="due by limit and anchor alone, before pauses and extensions; none: a date was named"
    )
    moves: Mapped[int] = mapped_column(doc="how often due_at was moved")
    held_at: Mapped[datetime | None] = mapped_column(Instant, doc="silent since: the clock runs, its rungs don't")
    paused_at: Mapped[datetime | None] = mapped_column(Instant, doc="stopped since: the clock itself stands still")
    breached_at: Mapped[datetime | None] = mapped_column(Instant)
    noticed_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(9))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("case_id", "name", "cycle", "round"),
        CheckConstraint("outcome IN ('met', 'missed', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("breached_at IS NULL OR breached_at = due_at", name="breached"),
        CheckConstraint("outcome <> 'met' OR breached_at IS NULL", name="met_is_in_time"),
        Index("ix_deadlines_open", "case_id", **partial("outcome IS NULL")),
        Index("ix_deadlines_due", "due_at", "id", **partial("outcome IS NULL")),
    )


class Rung(Base):
    """One step of a ladder; pending while `outcome` is none, silent while `wake_at` is none too."""

    __tablename__ = "rungs"

    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadlines.id"), primary_key=True)
    move: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, doc="of the deadline's due_at it belongs to"
    )
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(32))
    due_at: Mapped[datetime] = mapped_column(Instant)
    wake_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(9))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("outcome IN ('fired', 'skipped', 'withdrawn', 'imported')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("outcome <> 'fired' OR settled_at >= due_at", name="never_early"),
        Index("ix_rungs_pending", "wake_at", **partial("outcome IS NULL AND wake_at IS NOT NULL")),
        Index("ix_rungs_deadline", "deadline_id", **partial("outcome IS NULL")),
    )


class Act(Base):
    """What a rung or a move proposed (曝光, 约谈, 挂牌 …) and a supervisor accepted or refused with a reason."""

    __tablename__ = "acts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    deadline_id: Mapped[str | None] = mapped_column(ForeignKey("deadlines.id"), doc="none: no rung proposed it")
    move: Mapped[int | None]
    rung: Mapped[str | None] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    basis: Mapped[str | None] = mapped_column(Text, doc="why, where no rung says so")
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    proposed_by: Mapped[str | None] = mapped_column(String(32), doc="none: a rung, a move or a counter proposed it")
    outcome: Mapped[str | None] = mapped_column(String(9))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    led_to: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), doc="the case it opened when accepted")

    __table_args__ = (
        UniqueConstraint("deadline_id", "move", "rung"),
        CheckConstraint("(deadline_id IS NULL) = (rung IS NULL)", name="proposed_by"),
        CheckConstraint("outcome IN ('accepted', 'refused', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("outcome <> 'accepted' OR decided_by <> proposed_by", name="accepted_by_another"),
        CheckConstraint("outcome NOT IN ('accepted', 'refused') OR reason IS NOT NULL", name="reasoned"),
        Index(None, "case_id"),
        Index("ix_acts_open", "proposed_at", "id", **partial("outcome IS NULL")),
    )
