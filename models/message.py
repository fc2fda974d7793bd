"""Messages (消息) in the outbox (发件箱), and the channels (渠道) they leave by."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, partial
from models.instant import Instant


class Channel(Base):
    """A robot or webhook of one organisation. `settings` is sealed JSON (URL and secret are credentials)."""

    __tablename__ = "channels"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    settings: Mapped[str] = mapped_column(Text)
    hint: Mapped[str] = mapped_column(String(64), doc="host and last four characters, for people")
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    tokens: Mapped[float] = mapped_column(doc="what the rate limit has left")
    refilled_at: Mapped[datetime] = mapped_column(Instant)
    paused_until: Mapped[datetime | None] = mapped_column(Instant, doc="the platform told us to be quiet")
    failing_since: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (Index(None, "org_id"),)


class Message(Base):
    """One thing told to one target: a channel, a person (on the page), or nobody (a red line); `id` keys delivery."""

    __tablename__ = "messages"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), doc="none: about the system itself")
    event_seq: Mapped[int]
    number: Mapped[int] = mapped_column(doc="第N号通知 of its case")
    template: Mapped[str] = mapped_column(String(32))
    target: Mapped[str] = mapped_column(String(48), doc="channel:ID, person:ID or nobody:ROLE")
    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channels.id"))
    recipient_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    deadline_id: Mapped[str | None] = mapped_column(String(32), doc="pointless once this deadline has ended")
    priority: Mapped[int] = mapped_column(doc="0 incident, 1 breach, 2 the rest")
    payload: Mapped[str] = mapped_column(Text, doc="JSON snapshot: title, text, data")
    created_at: Mapped[datetime] = mapped_column(Instant)
    wake_at: Mapped[datetime | None] = mapped_column(Instant, doc="next attempt; none once settled")
    attempts: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(10))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("case_id", "event_seq", "template", "target"),
        CheckConstraint("outcome IN ('accepted', 'shown', 'withdrawn', 'dead', 'nobody')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("(outcome IS NULL) = (wake_at IS NOT NULL)", name="awake"),
        Index("ix_messages_waiting", "wake_at", **partial("outcome IS NULL")),
        Index("ix_messages_order", "channel_id", "case_id", "number", **partial("outcome IS NULL")),
        Index("ix_messages_deadline", "deadline_id", **partial("outcome IS NULL")),
        Index("ix_messages_red", "created_at", "id", **partial("outcome IN ('nobody', 'dead')")),
        Index(None, "recipient_id", "id"),
    )
