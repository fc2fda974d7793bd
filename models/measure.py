"""What an accepted act (督办措施) becomes, and penalties (行政处罚), which art. 113 counts."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.instant import Instant


class Measure(Base):
    """A talk, bulletin, case-filing suggestion, warning letter or proposal of closure; `cases.level` says which."""

    __tablename__ = "measures"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    act_id: Mapped[str | None] = mapped_column(ForeignKey("acts.id"), unique=True, doc="none: ordered by hand")
    about_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), doc="the case it is about")
    basis: Mapped[str] = mapped_column(Text)
    document: Mapped[str | None] = mapped_column(Text, doc="number of the paper issued")
    carried_out_at: Mapped[datetime | None] = mapped_column(Instant, doc="the talk was held, the paper went out")
    carried_out_by: Mapped[str | None] = mapped_column(String(32))
    attended: Mapped[str | None] = mapped_column(Text)
    minutes: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None] = mapped_column(Instant)
    reply: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("(carried_out_at IS NULL) = (carried_out_by IS NULL)", name="carried_out"),
        CheckConstraint("replied_at IS NULL OR replied_at >= carried_out_at", name="replied_since"),
        Index(None, "about_id"),
    )


class Penalty(Base):
    """One administrative penalty of an enterprise under 安全生产法."""

    __tablename__ = "penalties"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    enterprise_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    decided_on: Mapped[date] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(64), unique=True, doc="number of the penalty decision")
    basis: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[str] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="amount"),
        Index(None, "enterprise_id", "decided_on"),
    )
