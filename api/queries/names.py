"""Names (名称) of organisations and people, for many ids at once."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Organisation, Person
from workflow.actor import SYSTEM


def organisation_names(session: Session, ids: Iterable[str | None]) -> Mapping[str, str]:
    """Id to name."""
    wanted = {i for i in ids if i}
    rows = select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    return {row.id: row.name for row in session.execute(rows)} if wanted else {}


def person_names(session: Session, ids: Iterable[str | None]) -> Mapping[str, str]:
    """Id to name; the system itself has one too."""
    wanted = {i for i in ids if i} - {SYSTEM.id}
    rows = select(Person.id, Person.name).where(Person.id.in_(wanted))
    return {SYSTEM.id: SYSTEM.name} | ({row.id: row.name for row in session.execute(rows)} if wanted else {})
