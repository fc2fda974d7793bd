"""Exposure rounds (曝光督办轮次): a frozen list of hazards that is published, and what became of each."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, partial
from models.instant import Instant


class Round(Base):
    """One round; `number` counts the rounds of its district."""

    __tablename__ = "rounds"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    district_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    repeats: Mapped[bool] = mapped_column(doc="the next round opens by itself when this one is settled")
    frozen_at: Mapped[datetime | None] = mapped_column(Instant)
    frozen_by: Mapped[str | None] = mapped_column(String(32))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_by: Mapped[str | None] = mapped_column(String(32))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_where: Mapped[str | None] = mapped_column(Text)
    bulletin: Mapped[str | None] = mapped_column(Text, doc="JSON: exactly what was published")
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    figures: Mapped[str | None] = mapped_column(Text, doc="JSON: the settlement's figures")

    __table_args__ = (
        UniqueConstraint("district_id", "number"),
        CheckConstraint("published_at IS NULL OR approved_at IS NOT NULL", name="approved_before_published"),
        CheckConstraint("approved_by <> frozen_by", name="approved_by_another"),
    )


class RoundItem(Base):
    """One hazard of a round; `consecutive` counts the rounds it has stood in without a break, this one included."""

    __tablename__ = "round_items"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.case_id"), primary_key=True)
    hazard_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(16))
    consecutive: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[str] = mapped_column(String(32))
    public_text: Mapped[str | None] = mapped_column(Text, doc="what is published instead of the description")
    withheld: Mapped[str | None] = mapped_column(Text, doc="why it is counted but never published")
    outcome: Mapped[str | None] = mapped_column(String(12))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)
    money_fen: Mapped[int | None] = mapped_column(BigInteger, doc="spent on it when settled, in fen")
    area_m2: Mapped[float | None] = mapped_column(doc="square metres demolished when settled")

    __table_args__ = (
        CheckConstraint("source IN ('overdue', 'rejected', 'proposed', 'hand', 'carried')", name="source"),
        CheckConstraint(
            "outcome IN ('rectified', 'withdrawn', 'escalated', 'carried_over', 'dropped')", name="outcome"
        ),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("consecutive >= 1", name="consecutive"),
        # One hazard stands in one open round at a time.
        Index("uq_round_items_open", "hazard_id", unique=True, **partial("outcome IS NULL")),
        Index(None, "hazard_id"),
    )
