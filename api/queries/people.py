"""People (人员) with the roles they hold, for the administrator's list."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Grant, Person
from workflow.people import UnknownGrant
from workflow.refusals import Refusal


class NoSuchPerson(Refusal):
    """没有这个人员。"""

    status = 404


def people_page(
    session: Session, *, q: str, org_id: str | None, after: str | None, limit: int
) -> tuple[Sequence[Person], Mapping[str, list[Grant]]]:
    """Return people by when they were added, disabled ones too, and their live grants."""
    found = select(Person).order_by(Person.id).limit(limit)
    if q:
        found = found.where(or_(Person.name.contains(q, autoescape=True), Person.login.contains(q, autoescape=True)))
    if org_id:
        found = found.where(Person.org_id == org_id)
    if after:
        found = found.where(Person.id > after)
    rows = session.scalars(found).all()
    return rows, grants_of(session, [row.id for row in rows])


def grants_of(session: Session, person_ids: Sequence[str]) -> Mapping[str, list[Grant]]:
    """Return the live grants of these people, in order of their making."""
    held: dict[str, list[Grant]] = defaultdict(list)
    live = select(Grant).where(Grant.person_id.in_(person_ids), Grant.revoked_at.is_(None)).order_by(Grant.id)
    for row in session.scalars(live):
        held[row.person_id].append(row)
    return held


def person(session: Session, person_id: str) -> Person:
    """Return a person, disabled or not; NoSuchPerson for nobody."""
    found = session.get(Person, person_id)
    if found is None:
        raise NoSuchPerson()
    return found


def must_hold(session: Session, person_id: str, grant_id: str) -> None:
    """Refuse with UnknownGrant a grant that is not this person's."""
    if session.scalar(select(Grant.id).where(Grant.id == grant_id, Grant.person_id == person_id)) is None:
        raise UnknownGrant(field="grant_id")
