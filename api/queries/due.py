"""Deadlines due (到期时限): running promises of visible cases, the longest overdue first, a page by key."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, tuple_, union
from sqlalchemy.orm import Session

from models import Case, Deadline
from models.instant import Instant
from workflow.actor import Actor
from workflow.visible import Way, ways

COLUMNS = (
    *(Deadline.id, Deadline.case_id, Deadline.name, Deadline.due_at, Deadline.text, Deadline.assumed),
    *(Deadline.provisional, Deadline.breached_at, Case.workflow, Case.number, Case.title, Case.state, Case.level),
    *(Case.town_id, Case.enterprise_id, Case.responsible_org_id),
)


def due_page(
    session: Session, actor: Actor, *, until: datetime, after: tuple[datetime, str] | None, limit: int
) -> list[Any]:
    """Return at most `limit` rows due up to `until`, past the key `after` (due_at, id).

    Each way of seeing has its own ordered page, so that one index answers it; the union is ordered again.
    """
    pages = [_page(way, until, after, limit).subquery() for way in dict.fromkeys(ways(actor))]
    seen = union(*(select(page) for page in pages)).subquery()
    return list(session.execute(select(seen).order_by(seen.c.due_at, seen.c.id).limit(limit)))


def _page(way: Way, until: datetime, after: tuple[datetime, str] | None, limit: int) -> Select[Any]:
    runs = (Deadline.outcome.is_(None), Deadline.held_at.is_(None), Deadline.paused_at.is_(None))
    # A case none of whose promises is due yet is passed over without a look at them.
    soon = (Case.next_due_at <= until, Deadline.due_at <= until)
    found: Any = select(*COLUMNS).join(Case, Case.id == Deadline.case_id).where(way.condition(), *runs, *soon)
    if after is not None:
        found = found.where(_past(after))
    ordered: Select[Any] = found.order_by(Deadline.due_at, Deadline.id).limit(limit)
    return ordered


def _past(key: tuple[datetime, str]) -> ColumnElement[bool]:
    return tuple_(Deadline.due_at, Deadline.id) > tuple_(literal(key[0], Instant()), literal(key[1]))
