"""The organisation tree (机构) and enterprises (企业), which are organisations of their own kind."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.instant import Instant

KINDS = ("province", "city", "district", "department", "town", "village", "enterprise", "agency")


class Organisation(Base):
    """A node of the tree; `district_id`, `town_id`, `village_id`: the fixed levels it stands under, itself included."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(32), unique=True, doc="GB/T 2260 code, or an own code")
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True, doc="统一社会信用代码, GB 32100-2015")
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    district_id: Mapped[str | None] = mapped_column(String(32))
    town_id: Mapped[str | None] = mapped_column(String(32))
    village_id: Mapped[str | None] = mapped_column(String(32))
    sector: Mapped[str | None] = mapped_column(String(32), doc="of a department or an enterprise")
    address: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(32))
    risk_colour: Mapped[str | None] = mapped_column(String(8))
    unconfirmed: Mapped[bool] = mapped_column(default=False, doc="made by an import, nobody has looked at it yet")
    created_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS!r}", name="kind"),
        CheckConstraint("credit_code IS NULL OR kind = 'enterprise'", name="credit_code"),
        Index(None, "parent_id"),
        Index(None, "name"),
        Index(None, "town_id", "kind"),
        Index(None, "district_id", "kind"),
    )
