"""The case (案件): the one row that is locked, with all that guards ask for; and what hangs on it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Sequence, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, metadata, partial
from models.instant import Instant

case_numbers = Sequence("case_numbers", metadata=metadata)

LEVELS = (
    "(workflow = 'hazard' AND level IN ('general', 'major')) "
    "OR (workflow = 'listing' AND level IN ('town', 'district', 'city', 'province')) "
    "OR (workflow = 'round' AND level IN ('town', 'district', 'city')) "
    "OR (workflow = 'incident' AND level IN ('general', 'larger', 'major', 'special')) "
    "OR (workflow = 'measure' AND level IN ('talk', 'bulletin', 'case_filing', 'warning_letter', 'closure'))"
)


class NumberCounter(Base):
    """Where SQLite, which has no sequences, counts case numbers; they are never used again."""

    __tablename__ = "number_counter"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]


class Visit(Base):
    """One inspection visit (检查) at which several hazards may be found."""

    __tablename__ = "visits"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    enterprise_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    visited_at: Mapped[datetime] = mapped_column(Instant)
    finder: Mapped[str | None] = mapped_column(String(200), doc="the inspecting body or people, as text")
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (Index(None, "enterprise_id"),)


class Case(Base):
    """Anything that moves through a workflow."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    workflow: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(doc="counts moves; guards pages")
    seq: Mapped[int] = mapped_column(doc="counts events")
    head: Mapped[str] = mapped_column(String(64), doc="hash of the last event")
    cycle: Mapped[int] = mapped_column(doc="grows on reopen only")
    message_no: Mapped[int] = mapped_column(doc="第N号通知: the number of the last message about this case")

    level: Mapped[str] = mapped_column(String(16), doc="what it means, each workflow says")
    sector: Mapped[str | None] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(200))
    district_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    town_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    enterprise_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    responsible_org_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    lead_org_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    lister_org_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), doc="who lists, delists")
    sponsor_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), doc="包案领导")
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"))
    duplicate_of: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))

    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[str] = mapped_column(String(32))
    opened_by_org: Mapped[str] = mapped_column(String(32))
    assigned_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_by: Mapped[str | None] = mapped_column(String(32))
    submitted_by_org: Mapped[str | None] = mapped_column(String(32))
    submission_no: Mapped[int] = mapped_column(doc="submissions so far, over all cycles")
    evidence_count: Mapped[int] = mapped_column(doc="pieces of after-evidence behind the latest submission")
    rejections: Mapped[int]
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    verified_by: Mapped[str | None] = mapped_column(String(32))
    verified_by_org: Mapped[str | None] = mapped_column(String(32))
    second_officer: Mapped[str | None] = mapped_column(String(32))
    signed_off_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_off_by: Mapped[str | None] = mapped_column(String(32))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None] = mapped_column(String(32))
    extension_to: Mapped[datetime | None] = mapped_column(Instant, doc="asked for and not yet decided")
    plan_at: Mapped[datetime | None] = mapped_column(Instant, doc="when all five elements were complete")
    next_due_at: Mapped[datetime | None] = mapped_column(Instant, doc="of the running deadlines, the nearest")
    overdue_since: Mapped[datetime | None] = mapped_column(Instant, doc="the first breach of a deadline still running")
    import_id: Mapped[str | None] = mapped_column(ForeignKey("imports.id"))
    import_key: Mapped[str | None] = mapped_column(String(64), unique=True)

    __table_args__ = (
        CheckConstraint(
            "workflow <> 'hazard' OR state <> 'closed' OR (closed_at IS NOT NULL AND evidence_count > 0 "
            "AND verified_by IS NOT NULL AND verified_by <> submitted_by AND closed_by <> verified_by "
            "AND closed_by <> submitted_by)",
            name="closed_means_proved",
        ),
        CheckConstraint(
            "workflow <> 'listing' OR state <> 'closed' OR (closed_at IS NOT NULL AND verified_by IS NOT NULL "
            "AND lister_org_id IS NOT NULL AND verified_by <> submitted_by AND closed_by <> submitted_by "
            "AND closed_by <> verified_by)",
            name="delisted_means_accepted",
        ),
        CheckConstraint(
            "workflow <> 'incident' OR state <> 'closed' OR (closed_at IS NOT NULL AND submitted_by IS NOT NULL "
            "AND closed_by <> submitted_by)",
            name="ended_means_reported",
        ),
        CheckConstraint(LEVELS, name="level"),
        Index(None, "district_id", "id"),
        Index(None, "town_id", "id"),
        Index(None, "village_id", "id"),
        Index(None, "enterprise_id", "id"),
        Index(None, "responsible_org_id", "id"),
        Index(None, "lead_org_id", "id"),
        Index(None, "lister_org_id", "id", **partial("lister_org_id IS NOT NULL")),
        Index(None, "opened_by", "id"),
        Index(None, "district_id", "next_due_at", "id"),
        Index(None, "town_id", "next_due_at", "id"),
        Index(None, "enterprise_id", "next_due_at", "id"),
        # The few among the many: listings, rounds, incidents and measures by their kind.
        Index("ix_cases_others", "workflow", "id", **partial("workflow <> 'hazard'")),
        Index(None, "visit_id"),
        Index(None, "duplicate_of"),
    )


class Hazard(Base):
    """What was found (隐患), in words; nothing here decides a move."""

    __tablename__ = "hazards"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    description: Mapped[str] = mapped_column(Text)
    location: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    source: Mapped[str | None] = mapped_column(String(64), doc="where it came from; never changed")
    finder: Mapped[str | None] = mapped_column(String(200))
    found_at: Mapped[datetime] = mapped_column(Instant)
    found_text: Mapped[str | None] = mapped_column(String(200), doc="as a ledger had it, where that was not one day")
    requirement: Mapped[str | None] = mapped_column(Text)
    responsible_text: Mapped[str | None] = mapped_column(Text)
    deadline_text: Mapped[str | None] = mapped_column(Text, doc="the paper's own words for the date")
    status_text: Mapped[str | None] = mapped_column(Text)
    remark: Mapped[str | None] = mapped_column(Text)
    withheld: Mapped[str | None] = mapped_column(Text, doc="why it may never be published (商业秘密、个人隐私、举报)")
    extra: Mapped[str | None] = mapped_column(Text, doc="columns of a ledger we have no field for, as JSON")
    responsibility: Mapped[str | None] = mapped_column(Text, doc="五落实: 责任")
    measures: Mapped[str | None] = mapped_column(Text, doc="五落实: 措施")
    funds: Mapped[str | None] = mapped_column(Text, doc="五落实: 资金")
    time_limit: Mapped[str | None] = mapped_column(Text, doc="五落实: 时限")
    contingency: Mapped[str | None] = mapped_column(Text, doc="五落实: 预案")


class Submission(Base):
    """One attempt (整改反馈): measures, money, area, the declared evidence, and how it was judged."""

    __tablename__ = "submissions"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cycle: Mapped[int]
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    submitted_by: Mapped[str] = mapped_column(String(32))
    submitted_by_org: Mapped[str] = mapped_column(String(32))
    measures: Mapped[str] = mapped_column(Text)
    money_fen: Mapped[int] = mapped_column(BigInteger, doc="spent, in fen (1/100 yuan)")
    area_m2: Mapped[float] = mapped_column(doc="square metres demolished")
    evidence: Mapped[str] = mapped_column(Text, doc="declared SHA-256, one a line")
    judged_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("outcome IN ('verified', 'rejected')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (judged_at IS NULL)", name="judged"),
        CheckConstraint("money_fen >= 0 AND area_m2 >= 0", name="amounts"),
    )


class Extension(Base):
    """One request for more time (延期) and its decision."""

    __tablename__ = "extensions"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="seq of the event that asked")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[str] = mapped_column(String(32))
    from_due_at: Mapped[datetime] = mapped_column(Instant)
    to_due_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text)
    control_measures: Mapped[str] = mapped_column(Text, doc="延期期间的防范措施")
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(32))
    outcome: Mapped[str | None] = mapped_column(String(9))
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("outcome IN ('granted', 'refused', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("to_due_at > from_due_at", name="later"),
        Index("uq_extensions_pending", "case_id", unique=True, **partial("decided_at IS NULL")),
    )


class Event(Base):
    """One line of a case's history (流转记录): append-only, chained per case over the exact text of `body`."""

    __tablename__ = "events"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant, doc="when it was written")
    kind: Mapped[str] = mapped_column(String(8))
    trigger: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[str | None] = mapped_column(String(32))
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("kind IN ('move', 'note', 'rung', 'nobody')", name="kind"),)


class Evidence(Base):
    """A photo or paper (整改佐证材料): its bytes lie sealed in the store under their SHA-256."""

    __tablename__ = "evidence"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    phase: Mapped[str] = mapped_column(String(8))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200), doc="as the sender called it; text only, never a path")
    cycle: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(Instant, doc="the server's time")
    received_from: Mapped[str] = mapped_column(String(32))
    taken_at: Mapped[datetime | None] = mapped_column(Instant, doc="the camera's word (EXIF)")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("phase IN ('before', 'after')", name="phase"),
        UniqueConstraint("case_id", "phase", "sha256", "cycle"),
        Index(None, "sha256"),
    )
