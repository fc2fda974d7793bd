"""The ledger (台账) page by page: a keyset page for each way of seeing, united, so that depth and size cost nothing."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, literal, or_, select, text, tuple_, union
from sqlalchemy.orm import Session, aliased

from models import Case, Hazard, Organisation
from models.instant import Instant
from workflow.actor import Actor
from workflow.hazard import HAZARD
from workflow.visible import ways

Sort = Literal["newest", "due"]
# The case; names of town, enterprise and responsible unit.
Line = Row[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases of one workflow: what is not none must hold; `overdue`: a promise still running is broken."""

    workflow: str = HAZARD.name
    state: str | None = None
    level: str | None = None
    town_id: str | None = None
    enterprise_id: str | None = None
    sector: str | None = None
    overdue: bool | None = None
    q: str | None = None


def case_lines(
    session: Session, actor: Actor, wanted: Wanted, *, sort: Sort, limit: int, after: tuple[Any, ...] | None
) -> Sequence[Line]:
    """At most `limit` cases the actor may see, after the key `after`: newest first, or nearest due first.

    The key is (id,) for newest, (next_due_at, id) for due, which leaves out what no promise runs for.
    """
    conditions = [*_conditions(wanted), *_onward(sort, after)]
    pages = [
        select(Case.id, Case.next_due_at).where(way.condition(), *conditions).order_by(*_order(sort)).limit(limit)
        for way in dict.fromkeys(ways(actor))
    ]
    found = union(*(select(page.c.id, page.c.next_due_at) for page in (p.subquery() for p in pages))).subquery()
    key = {"newest": (found.c.id.desc(),), "due": (found.c.next_due_at, found.c.id)}[sort]
    ids = session.scalars(select(found.c.id).order_by(*key).limit(limit)).all()
    return lines(session, ids)


def lines(session: Session, ids: Sequence[str]) -> Sequence[Line]:
    """The rows of these cases with the names a ledger shows, in the same order."""
    rows = {row.Case.id: row for row in session.execute(_lines().where(Case.id.in_(ids)))}
    return [rows[i] for i in ids]


def _order(sort: Sort) -> tuple[Any, ...]:
    return {"newest": (Case.id.desc(),), "due": (Case.next_due_at, Case.id)}[sort]


def _onward(sort: Sort, after: tuple[Any, ...] | None) -> list[ColumnElement[bool]]:
    if sort == "newest":
        return [Case.id < after[0]] if after else []
    running: list[ColumnElement[bool]] = [Case.next_due_at.is_not(None)]
    if after is None:
        return running
    at: datetime = after[0]
    return [*running, tuple_(Case.next_due_at, Case.id) > tuple_(literal(at, Instant), literal(after[1]))]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    names = ("state", "level", "town_id", "enterprise_id", "sector")
    values = {name: getattr(wanted, name) for name in names}
    found = [getattr(Case, name) == value for name, value in values.items() if value is not None]
    if wanted.overdue is not None:
        late = Case.overdue_since.is_not(None)
        found.append(late if wanted.overdue else ~late)
    if wanted.q:
        found.append(or_(*(_mentions(words) for words in {wanted.q, unicodedata.normalize("NFKC", wanted.q)})))
    # Said in so many words, for SQLite goes by a partial index only where its very condition stands.
    few = [] if wanted.workflow == HAZARD.name else [text("cases.workflow <> 'hazard'")]
    return [Case.workflow == wanted.workflow, *few, *found]


def _mentions(words: str) -> ColumnElement[bool]:
    """The words stand in number, title, description or the enterprise's name; their % and _ are only signs."""
    described = select(Hazard.case_id).where(
        Hazard.case_id == Case.id, Hazard.description.icontains(words, autoescape=True)
    )
    enterprise = select(Organisation.id).where(
        Organisation.id == Case.enterprise_id, Organisation.name.icontains(words, autoescape=True)
    )
    own = (column.icontains(words, autoescape=True) for column in (Case.number, Case.title))
    return or_(*own, described.exists(), enterprise.exists())


def _lines() -> Select[Any, Any, Any, Any]:
    town, enterprise, responsible = (aliased(Organisation) for _ in range(3))
    return (
        select(
            Case,
            town.name.label("town"),
            enterprise.name.label("enterprise"),
            responsible.name.label("responsible"),
        )
        .outerjoin(town, town.id == Case.town_id)
        .outerjoin(enterprise, enterprise.id == Case.enterprise_id)
        .outerjoin(responsible, responsible.id == Case.responsible_org_id)
    )
