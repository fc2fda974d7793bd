"""One-time links (一次性链接): the first one sets a house up, later ones let a person choose a password."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, select, update
from sqlalchemy.orm import Session

from api.accounts.passwords import check_password
from api.accounts.refusals import LinkSpent
from api.secrets import digest, hash_password, new_secret
from models import Credential, Organisation, Person
from models.database import read_session, write_session
from workflow.directory_version import count_up
from workflow.people import add_person, grant
from workflow.places import add_organisation, confirm
from workflow.refusals import UnknownPerson
from workflow.roles import Role
from workflow.texts import required

LIFE = timedelta(hours=24)


def first_link(engine: Engine, now: datetime) -> str | None:
    """Return the secret of the set-up link while nobody has an account, else None; an earlier unused one is void."""
    with write_session(engine) as session:
        count_up(session)
        return None if _anybody(session) else _new_link(session, None, now)


def set_up(
    engine: Engine,
    secret: str,
    *,
    district_name: str,
    district_code: str,
    login: str,
    name: str,
    password: str,
    now: datetime,
) -> str:
    """Make the district, its emergency bureau (应急管理局) and the administrator at once; return the latter's id.

    LinkSpent for any but the one live set-up link, WeakPassword; a refusal changes nothing and leaves the link unused.
    """
    _live(engine, secret, now, first=True)
    district_name = required(district_name, field="district_name")
    district_code = required(district_code, field="district_code")
    check_password(password, login=login)
    password_hash = hash_password(password)
    with write_session(engine) as session:
        count_up(session)
        _spend(session, secret, now)
        if _anybody(session):
            raise LinkSpent(field="secret")
        district = _district(session, district_name, district_code, now)
        bureau = add_organisation(
            session, kind="department", name=f"{district_name}应急管理局", parent_id=district.id, now=now
        )
        person = add_person(session, login=login, name=name, org_id=bureau.id, now=now)
        person.password_hash = password_hash
        grant(session, person_id=person.id, role=Role.ADMINISTRATOR, org_id=district.id, now=now)
    return person.id


def _district(session: Session, name: str, code: str, now: datetime) -> Organisation:
    """The district of that name: a new one, or the one that a ledger imported before it was yet to be named."""
    found = session.scalars(select(Organisation).where(Organisation.kind == "district")).all()
    if not (len(found) == 1 and found[0].unconfirmed):
        return add_organisation(session, kind="district", name=name, code=code, parent_id=None, now=now)
    known = found[0]
    known.name, known.code = name, code
    return confirm(session, known.id)


def invite(engine: Engine, person_id: str, now: datetime) -> str:
    """Return the secret of a link, good for 24 hours, with which a person chooses a first or a new password."""
    with write_session(engine) as session:
        person = session.get(Person, person_id, with_for_update={"key_share": True})
        if person is None or person.disabled_at is not None:
            raise UnknownPerson(field="person_id")
        return _new_link(session, person_id, now)


def choose_password(engine: Engine, secret: str, password: str, now: datetime) -> str:
    """Set the password of whom the link was made for, unlock the account, end its sessions; return the person's id."""
    person_id, login = _live(engine, secret, now, first=False)
    check_password(password, login=login)
    password_hash = hash_password(password)
    with write_session(engine) as session:
        _spend(session, secret, now)
        session.execute(
            update(Person)
            .where(Person.id == person_id)
            .values(password_hash=password_hash, failures=0, locked_until=None)
        )
        session.execute(
            update(Credential)
            .where(Credential.person_id == person_id, Credential.kind == "session", Credential.ended_at.is_(None))
            .values(ended_at=now)
        )
    return person_id


def _anybody(session: Session) -> bool:
    return session.scalar(select(Person.id).limit(1)) is not None


def _new_link(session: Session, person_id: str | None, now: datetime) -> str:
    unused = (Credential.kind == "link", Credential.used_at.is_(None), Credential.ended_at.is_(None))
    session.execute(update(Credential).where(*unused, Credential.person_id == person_id).values(ended_at=now))
    secret = new_secret()
    session.add(
        Credential(
            hash=digest(secret), kind="link", person_id=person_id, created_at=now, expires_at=now + LIFE, used_at=None
        )
    )
    return secret


def _live(engine: Engine, secret: str, now: datetime, *, first: bool) -> tuple[str, str]:
    # Asked before the password is hashed, so that a made-up link costs nothing; asked again when it is spent.
    query = (
        select(Credential.person_id, Person.login)
        .outerjoin(Person, Person.id == Credential.person_id)
        .where(Credential.hash == digest(secret), *_unspent(now), Person.disabled_at.is_(None))
    )
    with read_session(engine) as session:
        link = session.execute(query).one_or_none()
    if link is None or (link.person_id is None) is not first:
        raise LinkSpent(field="secret")
    return link.person_id or "", link.login or ""


def _spend(session: Session, secret: str, now: datetime) -> None:
    spent = session.execute(
        update(Credential)
        .where(Credential.hash == digest(secret), *_unspent(now))
        .values(used_at=now)
        .returning(Credential.hash)
        .execution_options(synchronize_session=False)
    ).all()
    if not spent:
        raise LinkSpent(field="secret")


def _unspent(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Credential.kind == "link",
        Credential.used_at.is_(None),
        Credential.ended_at.is_(None),
        Credential.expires_at > now,
    )
