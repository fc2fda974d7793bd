"""People (人员), the roles they hold for a part of the tree, and hashes of the secrets they come in with."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.instant import Instant

ROLES = ("inspector", "dispatcher", "supervisor", "duty_officer", "leader", "administrator")


class Person(Base):
    """Somebody who acts for one organisation at a time."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    phone: Mapped[str | None] = mapped_column(String(32))
    password_hash: Mapped[str | None] = mapped_column(String(256), doc="argon2; none until the set-up link is used")
    failures: Mapped[int] = mapped_column(default=0, doc="wrong passwords since the last right one")
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (Index(None, "org_id"),)


class Grant(Base):
    """A role held for a node of the tree and all below it, in one sector or (none) in all."""

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(String(16))
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    sector: Mapped[str | None] = mapped_column(String(32))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    granted_by: Mapped[str | None] = mapped_column(String(32))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint(f"role IN {ROLES!r}", name="role"),
        Index(None, "person_id"),
        Index(None, "org_id", "role"),
    )


class Credential(Base):
    """An opaque secret in use: a session, an API token, or a one-time link; the key is the SHA-256 of the secret."""

    __tablename__ = "credentials"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), doc="none only for the first set-up link")
    name: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant, doc="last use; of a link: its only use")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("kind IN ('session', 'token', 'link')", name="kind"),
        Index(None, "person_id"),
    )


class DirectoryVersion(Base):
    """One row, counted up by every change of people, grants or channels, so that caches know when they are old."""

    __tablename__ = "directory_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
