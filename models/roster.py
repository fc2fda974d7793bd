"""The duty roster (值班表): who has the watch of an organisation from when to when, hand-overs and swaps."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, partial
from models.instant import Instant


class Shift(Base):
    """One watch (班次), commonly 24 hours, with an officer (值班员) and a leader (带班领导)."""

    __tablename__ = "shifts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    officer_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    leader_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    handed_over_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_over_by: Mapped[str | None] = mapped_column(String(32))
    hand_over_note: Mapped[str | None] = mapped_column(Text)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant, doc="the next watch took over")
    acknowledged_by: Mapped[str | None] = mapped_column(String(32))
    planned_at: Mapped[datetime] = mapped_column(Instant)
    planned_by: Mapped[str] = mapped_column(String(32))
    replanned_at: Mapped[datetime | None] = mapped_column(
        Instant, doc="other people were put in; swaps say so themselves"
    )
    replanned_by: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        UniqueConstraint("org_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("officer_id <> leader_id", name="two_people"),
        CheckConstraint("acknowledged_at IS NULL OR handed_over_at IS NOT NULL", name="handed_over_first"),
        CheckConstraint("(replanned_at IS NULL) = (replanned_by IS NULL)", name="replanned"),
        Index(None, "org_id", "ends_at"),
    )


class Swap(Base):
    """One person of a watch asks another to take it (换班); it counts only once the other has agreed."""

    __tablename__ = "swaps"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shift_id: Mapped[str] = mapped_column(ForeignKey("shifts.id"))
    post: Mapped[str] = mapped_column(String(8))
    from_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(9))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("post IN ('officer', 'leader')", name="post"),
        CheckConstraint("outcome IN ('agreed', 'declined', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("from_id <> to_id", name="two_people"),
        Index("uq_swaps_open", "shift_id", "post", unique=True, **partial("outcome IS NULL")),
    )
