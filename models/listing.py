"""What a supervised listing (挂牌督办) says beyond its case: notice, plan, acceptance in steps, publication."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.instant import Instant


class Listing(Base):
    """One listing; the hazards it covers are `links` of kind `covers`, failed acceptances are `cases.rejections`."""

    __tablename__ = "listings"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    basis: Mapped[str] = mapped_column(Text, doc="why it is proposed")
    requirement: Mapped[str | None] = mapped_column(Text)
    notice_number: Mapped[str | None] = mapped_column(String(64), unique=True, doc="督办通知 number")
    listed_at: Mapped[datetime | None] = mapped_column(Instant)
    listed_by: Mapped[str | None] = mapped_column(String(32))
    responsibility: Mapped[str | None] = mapped_column(Text, doc="五落实: 责任")
    measures: Mapped[str | None] = mapped_column(Text, doc="五落实: 措施")
    funds: Mapped[str | None] = mapped_column(Text, doc="五落实: 资金")
    time_limit: Mapped[str | None] = mapped_column(Text, doc="五落实: 时限")
    contingency: Mapped[str | None] = mapped_column(Text, doc="五落实: 预案")
    recorded_at: Mapped[datetime | None] = mapped_column(Instant, doc="备案 with the body above")
    recorded_with: Mapped[str | None] = mapped_column(String(200))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_where: Mapped[str | None] = mapped_column(String(200))
    department_accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    department_accepted_by: Mapped[str | None] = mapped_column(String(32))
    district_accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    district_accepted_by: Mapped[str | None] = mapped_column(String(32))
    delisting_published_at: Mapped[datetime | None] = mapped_column(Instant)
    delisting_published_where: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint("(department_accepted_at IS NULL) = (department_accepted_by IS NULL)", name="department"),
        CheckConstraint("(district_accepted_at IS NULL) = (district_accepted_by IS NULL)", name="district"),
    )
