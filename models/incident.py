"""Incidents (突发事件): what happened, every report made about it upward, and findings about those reports."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.instant import Instant


class Incident(Base):
    """One incident as it is known now; what is unknown is none, never nought."""

    __tablename__ = "incidents"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    occurred_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    anchor_at: Mapped[datetime] = mapped_column(Instant, doc="what the first reports are counted from")
    anchor_source: Mapped[str] = mapped_column(Text, doc="who or what says so: phone log, 110, witness")
    place: Mapped[str | None] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text, doc="the unit it happened to, as text")
    course: Mapped[str | None] = mapped_column(Text)
    cause: Mapped[str | None] = mapped_column(Text)
    deaths: Mapped[int | None]
    missing: Mapped[int | None]
    injured: Mapped[int | None] = mapped_column(doc="seriously, acute poisoning included")
    trapped: Mapped[int | None]
    evacuated: Mapped[int | None]
    loss_fen: Mapped[int | None] = mapped_column(BigInteger, doc="direct loss, in fen")
    measures: Mapped[str | None] = mapped_column(Text)
    trend: Mapped[str | None] = mapped_column(Text)
    leaders: Mapped[str | None] = mapped_column(Text, doc="leaders on site")
    suggestion: Mapped[str | None] = mapped_column(Text)
    stated_level: Mapped[str | None] = mapped_column(String(16), doc="higher than the figures reach, or none")
    level_reason: Mapped[str | None] = mapped_column(Text)
    informant: Mapped[str | None] = mapped_column(Text, doc="sealed: never in a message or an export")
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str | None] = mapped_column(String(32))
    concluded_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("kind IN ('work', 'fire', 'traffic', 'natural', 'other')", name="kind"),
        CheckConstraint("occurred_at IS NOT NULL OR received_at IS NOT NULL", name="dated"),
        CheckConstraint(
            "coalesce(deaths, 0) >= 0 AND coalesce(missing, 0) >= 0 AND coalesce(injured, 0) >= 0 "
            "AND coalesce(trapped, 0) >= 0 AND coalesce(evacuated, 0) >= 0 AND coalesce(loss_fen, 0) >= 0",
            name="figures",
        ),
        CheckConstraint("stated_level IN ('general', 'larger', 'major', 'special')", name="stated_level"),
    )


class IncidentReport(Base):
    """One report upward (信息报送): to whom, by whom, when, how it was confirmed, and what it still lacked."""

    __tablename__ = "incident_reports"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="seq of the event that entered it")
    kind: Mapped[str] = mapped_column(String(12))
    ordinal: Mapped[int] = mapped_column(doc="of its kind within the case, from 1: 续报一, 续报二")
    title: Mapped[str] = mapped_column(String(200))
    to_whom: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_how: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    lacks: Mapped[str] = mapped_column(Text, doc="JSON list: elements still unknown when it was made")
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by: Mapped[str] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint("kind IN ('unit', 'phone', 'written', 'upward', 'follow_up', 'final')", name="kind"),
        CheckConstraint("made_at <= entered_at", name="made_before_entered"),
    )


class Finding(Base):
    """迟漏谎瞒: a report was late, omitted, false or concealed; recorded by a supervisor, with evidence."""

    __tablename__ = "findings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(12))
    proof: Mapped[str] = mapped_column(Text, doc="what shows it, in words")
    evidence: Mapped[str] = mapped_column(Text, doc="SHA-256 of papers on the case, one a line")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[str] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint("kind IN ('late', 'omitted', 'false', 'concealed')", name="kind"),
        Index(None, "case_id"),
    )
