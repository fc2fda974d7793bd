"""People (人员) and the roles granted to them for a part of the tree (授岗); every change counts the directory up."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.orm import Session

from models import Credential, Grant, Organisation, Person, new_id
from models.person import ROLES
from workflow.actor import Actor, Held
from workflow.directory_version import count_up
from workflow.refusals import Refusal, UnknownOrganisation, UnknownPerson
from workflow.roles import LABELS, Role
from workflow.texts import check_lengths, required, tidy

GRANTED = tuple(Role(role) for role in ROLES)


class LoginTaken(Refusal):
    """这个登录名已被使用。"""

    status = 409


class BadLogin(Refusal):
    """登录名不正确。"""


class NotGranted(Refusal):
    """这种身份由事项本身决定，不能授予。"""


class AlreadyGranted(Refusal):
    """这个人在这里已有这个岗位。"""

    status = 409


class UnknownGrant(Refusal):
    """没有这项授岗，或者已经撤销。"""

    status = 404


class EnterpriseHoldsNoRole(Refusal):
    """企业及其人员不能担任监管岗位。"""


class AdministratorApart(Refusal):
    """管理员不能兼任办理事项的岗位，办理人员也不能兼任管理员。"""


class LastAdministrator(Refusal):
    """这是最后一名管理员，不能停用或撤销。"""

    status = 409


def login_key(text: str) -> str:
    """Return the one spelling of a login: half-width, lower case, without spaces around."""
    return unicodedata.normalize("NFKC", tidy(text)).casefold().strip()


def add_person(
    session: Session, *, login: str, name: str, org_id: str, now: datetime, phone: str | None = None
) -> Person:
    """Add somebody who acts for one organisation, as yet without a password or a role."""
    count_up(session)
    key = login_key(login)
    if not key or " " in key:
        raise BadLogin(field="login", right="1 至 64 个字符，中间没有空格")
    known = {"login": key, "name": required(name, field="name"), "phone": tidy(phone or "") or None}
    check_lengths(Person, known)
    if session.get(Organisation, org_id) is None:
        raise UnknownOrganisation(field="org_id")
    if session.scalar(select(Person.id).where(Person.login == key)):
        raise LoginTaken(field="login", right="另一个登录名")
    person = Person(id=new_id(now), org_id=org_id, created_at=now, **known)
    session.add(person)
    session.flush()
    return person


def disable_person(session: Session, person_id: str, *, now: datetime, by: str | None = None) -> None:
    """Shut somebody out at once (停用): roles are revoked and every session, token and link ends; the name stays."""
    count_up(session)
    person = _enabled(session, person_id)
    live = and_(Grant.person_id == person_id, Grant.revoked_at.is_(None))
    _keep_an_administrator(session, session.scalars(select(Grant).where(live)).all())
    person.disabled_at = now
    session.execute(update(Grant).where(live).values(revoked_at=now, revoked_by=by))
    session.execute(
        update(Credential).where(Credential.person_id == person_id, Credential.ended_at.is_(None)).values(ended_at=now)
    )
    session.flush()


def grant(
    session: Session,
    *,
    person_id: str,
    role: Role,
    org_id: str,
    now: datetime,
    by: str | None = None,
    sector: str | None = None,
) -> Grant:
    """Let a person hold a role for a node of the tree and all below it, in one sector or (none) in all.

    `by` is who granted it. Refuses roles that follow from a case, enterprises and their people, and an administrator
    who would handle cases.
    """
    count_up(session)
    if role not in GRANTED:
        raise NotGranted(field="role", right="、".join(LABELS[granted] for granted in GRANTED))
    person = _enabled(session, person_id)
    for field, node in (("org_id", org_id), ("person_id", person.org_id)):
        _refuse_enterprise(session, node, field)
    sector = tidy(sector or "") or None
    _refuse_beside(session, person_id, role, org_id, sector)
    made = Grant(
        id=new_id(now),
        person_id=person_id,
        role=role.value,
        org_id=org_id,
        sector=sector,
        granted_at=now,
        granted_by=by,
    )
    check_lengths(Grant, {"sector": sector})
    session.add(made)
    session.flush()
    return made


def revoke(session: Session, grant_id: str, *, now: datetime, by: str | None = None) -> None:
    """End a grant; UnknownGrant where there is none alive, LastAdministrator where nobody could grant again."""
    count_up(session)
    held = session.get(Grant, grant_id, populate_existing=True)
    if held is None or held.revoked_at is not None:
        raise UnknownGrant(field="grant_id")
    _keep_an_administrator(session, [held])
    held.revoked_at, held.revoked_by = now, by
    session.flush()


def actor_of(session: Session, person_id: str) -> Actor:
    """Return the person as an actor with all roles held now; UnknownPerson for nobody or somebody disabled."""
    rows = session.execute(held_roles().where(Person.id == person_id)).all()
    if not rows:
        raise UnknownPerson(field="person_id")
    return actor_from(rows)


def held_roles() -> Select[str, str, str, str | None, str | None, str | None]:
    """The query behind every actor: one row a live grant of somebody not disabled, one bare row for who has none."""
    return (
        select(Person.id, Person.name, Person.org_id, Grant.role, Grant.org_id.label("node"), Grant.sector)
        .outerjoin(Grant, and_(Grant.person_id == Person.id, Grant.revoked_at.is_(None)))
        .where(Person.disabled_at.is_(None))
    )


def actor_from(rows: Sequence[Any]) -> Actor:
    """Build the actor from the rows of `held_roles` for one person; at least one row."""
    first = rows[0]
    held = tuple(Held(Role(row.role), row.node, row.sector) for row in rows if row.role)
    return Actor(id=first.id, name=first.name, org_id=first.org_id, held=held)


def _enabled(session: Session, person_id: str) -> Person:
    person = session.get(Person, person_id, populate_existing=True)
    if person is None or person.disabled_at is not None:
        raise UnknownPerson(field="person_id")
    return person


def _refuse_enterprise(session: Session, org_id: str, field: str) -> None:
    kind = session.scalar(select(Organisation.kind).where(Organisation.id == org_id))
    if kind is None:
        raise UnknownOrganisation(field=field)
    if kind == "enterprise":
        raise EnterpriseHoldsNoRole(field=field, right="区县、镇（街道）、村（社区）或者部门")


def _refuse_beside(session: Session, person_id: str, role: Role, org_id: str, sector: str | None) -> None:
    live = session.scalars(select(Grant).where(Grant.person_id == person_id, Grant.revoked_at.is_(None))).all()
    if any((held.role, held.org_id, held.sector) == (role.value, org_id, sector) for held in live):
        raise AlreadyGranted(field="role", right="无须再授")
    if any((held.role == Role.ADMINISTRATOR) != (role is Role.ADMINISTRATOR) for held in live):
        raise AdministratorApart(field="role", right="由另一个人担任，或者先撤销现有岗位")


def _keep_an_administrator(session: Session, ending: Sequence[Grant]) -> None:
    leaving = [held.id for held in ending if held.role == Role.ADMINISTRATOR]
    others = (
        select(func.count())
        .select_from(Grant)
        .where(Grant.role == Role.ADMINISTRATOR, Grant.revoked_at.is_(None), Grant.id.not_in(leaving))
    )
    if leaving and not session.scalar(others):
        raise LastAdministrator(right="先授予另一个人管理员岗位")
