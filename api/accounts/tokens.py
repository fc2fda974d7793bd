"""API tokens (接口令牌): for machines and the command line, each with a name and an end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update

from api.accounts.refusals import TokenLife, UnknownToken
from api.secrets import digest, new_secret
from models import Credential, Person
from models.database import read_session, write_session
from workflow.refusals import UnknownPerson
from workflow.texts import check_lengths, required

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token as lists show it; `id` is the SHA-256 of the secret, which nobody can come in with."""

    id: str
    name: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


def issue_token(engine: Engine, person_id: str, name: str, *, now: datetime, days: int = 90) -> str:
    """Return the secret of a new token, shown this once; 1 to 366 days; UnknownPerson for who is not enabled."""
    name = required(name, field="name")
    check_lengths(Credential, {"name": name})
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenLife(field="days", right=f"1 至 {LONGEST_DAYS} 天")
    secret = new_secret()
    with write_session(engine) as session:
        enabled = select(Person.id).where(Person.id == person_id, Person.disabled_at.is_(None))
        # Locked, so that whoever is disabled at this moment gets no token that outlives it.
        if session.scalar(enabled.with_for_update(key_share=True)) is None:
            raise UnknownPerson(field="person_id")
        session.add(
            Credential(
                hash=digest(secret),
                kind="token",
                person_id=person_id,
                name=name,
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
        )
    return secret


def tokens_of(engine: Engine, person_id: str, now: datetime) -> tuple[TokenLine, ...]:
    """Return the person's live tokens, the newest first."""
    live = (
        select(Credential.hash, Credential.name, Credential.created_at, Credential.expires_at, Credential.used_at)
        .where(
            Credential.person_id == person_id,
            Credential.kind == "token",
            Credential.ended_at.is_(None),
            Credential.expires_at > now,
        )
        .order_by(Credential.created_at.desc(), Credential.hash)
    )
    with read_session(engine) as session:
        return tuple(TokenLine(*row) for row in session.execute(live))


def revoke_token(engine: Engine, token_id: str, *, person_id: str, now: datetime) -> None:
    """End a person's token by its `TokenLine.id`; UnknownToken where that person has no such live token."""
    with write_session(engine) as session:
        ended = session.execute(
            update(Credential)
            .where(
                Credential.hash == token_id,
                Credential.person_id == person_id,
                Credential.kind == "token",
                Credential.ended_at.is_(None),
            )
            .values(ended_at=now)
            .returning(Credential.hash)
            .execution_options(synchronize_session=False)
        ).all()
        if not ended:
            raise UnknownToken(field="token_id")
