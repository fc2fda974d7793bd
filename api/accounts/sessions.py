"""Sessions (会话): a right password opens one, use keeps it open, thirty idle minutes or twelve hours end it."""

import contextlib
from datetime import datetime, timedelta

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.accounts.refusals import LogInFailed
from api.secrets import PREFIX, digest, new_secret, password_matches
from models import Credential, Person
from models.database import read_session, write_session, write_session_if_free
from workflow.actor import Actor
from workflow.people import actor_from, held_roles, login_key

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
USE_NOTED_EVERY = timedelta(minutes=1)
FAILURES = 5
LOCKED = timedelta(minutes=15)
ACTING = ("session", "token")


def log_in(engine: Engine, login: str, password: str, now: datetime) -> tuple[str, str]:
    """Return the secret of a new session and the person's id.

    LogInFailed alike for a wrong password, an unknown or disabled login and a locked account, after one argon2 check.
    """
    with read_session(engine) as session:
        known = session.execute(
            select(Person.id, Person.password_hash).where(
                Person.login == login_key(login), Person.disabled_at.is_(None)
            )
        ).one_or_none()
    right = password_matches(password, known.password_hash if known else None)
    if known is None:
        raise LogInFailed(field="password")
    secret = new_secret()
    with write_session(engine) as session:
        # Judged under the lock: of many guesses at once none counts after the fifth wrong one.
        person = session.scalars(select(Person).where(Person.id == known.id).with_for_update(key_share=True)).one()
        opened = _judge(person, right and person.password_hash == known.password_hash, now)
        if opened:
            _open(session, secret, person.id, now)
    if not opened:
        raise LogInFailed(field="password")
    return secret, known.id


def log_out(engine: Engine, secret: str, now: datetime) -> None:
    """End a session; one that has ended already stays so."""
    with write_session(engine) as session:
        session.execute(
            update(Credential)
            .where(Credential.hash == digest(secret), Credential.kind == "session", Credential.ended_at.is_(None))
            .values(ended_at=now)
        )


def actor_for(engine: Engine, secret: str, now: datetime) -> Actor | None:
    """Return who comes with this session or token, with the roles held now; None for one that is unknown or over.

    One indexed query, and one write at most once a minute to note the last use.
    """
    if not secret.startswith(PREFIX):
        return None
    hash_ = digest(secret)
    query = (
        held_roles()
        .join(Credential, Credential.person_id == Person.id)
        .where(
            Credential.hash == hash_,
            Credential.kind.in_(ACTING),
            Credential.ended_at.is_(None),
            Credential.expires_at > now,
            or_(Credential.kind == "token", Credential.used_at > now - IDLE),
        )
        .add_columns(Credential.used_at)
    )
    with read_session(engine) as session:
        rows = session.execute(query).all()
    if not rows:
        return None
    if rows[0].used_at is None or rows[0].used_at <= now - USE_NOTED_EVERY:
        _note_use(engine, hash_, now)
    return actor_from(rows)


def _judge(person: Person, right: bool, now: datetime) -> bool:
    if person.disabled_at is not None or (person.locked_until is not None and person.locked_until > now):
        return False
    person.failures = 0 if right else person.failures + 1
    person.locked_until = None
    if person.failures == FAILURES:
        person.failures, person.locked_until = 0, now + LOCKED
    return right


def _open(session: Session, secret: str, person_id: str, now: datetime) -> None:
    session.add(
        Credential(
            hash=digest(secret),
            kind="session",
            person_id=person_id,
            created_at=now,
            expires_at=now + ABSOLUTE,
            used_at=now,
        )
    )


def _note_use(engine: Engine, hash_: str, now: datetime) -> None:
    # A long import may hold SQLite's one write lock: nobody waits or is turned away for a use that can't be noted.
    with contextlib.suppress(OperationalError), write_session_if_free(engine) as session:
        session.execute(
            update(Credential)
            .where(
                Credential.hash == hash_,
                or_(Credential.used_at.is_(None), Credential.used_at <= now - USE_NOTED_EVERY),
            )
            .values(used_at=now)
        )
