"""Deadlines due (到期时限): running promises of visible cases, the longest overdue first, a page by key."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_, union
from sqlalchemy.orm import Session

from models import Case, Deadline, Organisation
from models.instant import Instant
from workflow.actor import Actor
from workflow.visible import SEEING, Way, ways

COLUMNS = (
    *(Deadline.id, Deadline.case_id, Deadline.name, Deadline.due_at, Deadline.text, Deadline.assumed),
    *(Deadline.provisional, Deadline.breached_at, Case.workflow, Case.number, Case.title, Case.state, Case.level),
    *(Case.town_id, Case.enterprise_id, Case.responsible_org_id),
)
LEVELS = {"district_id": "district", "town_id": "town", "village_id": "village"}
RUNS = (Deadline.outcome.is_(None), Deadline.held_at.is_(None), Deadline.paused_at.is_(None))


def due_page(
    session: Session, actor: Actor, *, until: datetime, after: tuple[datetime, str] | None, limit: int
) -> list[Any]:
    """Return at most `limit` rows due up to `until`, past the key `after` (due_at, id).

    Each way of seeing has its own ordered page, so that one index answers it; the union is ordered again. Who holds a
    role for a place is not shown what they once opened elsewhere: others owe that.
    """
    dialect = session.get_bind().dialect.name
    asked = _asked(session, actor)
    pages = [_page(_through(way, until, dialect), until, after, limit).subquery() for way in asked]
    seen = union(*(select(page) for page in pages)).subquery()
    return list(session.execute(select(seen).order_by(seen.c.due_at, seen.c.id).limit(limit)))


def _asked(session: Session, actor: Actor) -> list[Way]:
    """The ways that can lead to anything: a town is no case's district."""
    placed = any(held.role in SEEING for held in actor.held)
    found = [way for way in dict.fromkeys(ways(actor)) if not (placed and way.column == "opened_by")]
    nodes = select(Organisation.id, Organisation.kind).where(Organisation.id.in_({way.value for way in found}))
    kinds = {row.id: row.kind for row in session.execute(nodes)}
    return [way for way in found if LEVELS.get(way.column) in (None, kinds.get(way.value))]


def _page(seen: ColumnElement[bool], until: datetime, after: tuple[datetime, str] | None, limit: int) -> Select[Any]:
    found: Any = select(*COLUMNS).join(Case, Case.id == Deadline.case_id).where(seen, *RUNS, Deadline.due_at <= until)
    if after is not None:
        found = found.where(_past(after))
    ordered: Select[Any] = found.order_by(Deadline.due_at, Deadline.id).limit(limit)
    return ordered


def _through(way: Way, until: datetime, dialect: str) -> ColumnElement[bool]:
    if way.column != "district_id":
        # A case none of whose promises is due yet is passed over without a look at them.
        return and_(way.condition(), Case.next_due_at <= until)
    # Nearly all that is due is the district's: walk along it and stop, rather than gather and sort. SQLite, which keeps
    # no figures on how many that is, would take the index on the place if it could.
    if dialect != "sqlite":
        return way.condition()
    place = func.coalesce(Case.district_id, "") == way.value
    return place if way.sector is None else and_(place, Case.sector == way.sector)


def _past(key: tuple[datetime, str]) -> ColumnElement[bool]:
    return tuple_(Deadline.due_at, Deadline.id) > tuple_(literal(key[0], Instant()), literal(key[1]))
