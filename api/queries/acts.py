"""Reading proposals (督办措施建议)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.orm import Session

from api.queries.names import person_names
from api.shapes.cases import Act as Shown
from api.shapes.common import named
from models import Act, Case
from models.instant import Instant
from workflow.actor import Actor
from workflow.ladders import ACTS
from workflow.visible import visible_to

SAME = ("id", "case_id", "kind", "rung", "basis", "proposed_at", "outcome", "decided_at", "reason", "led_to")


def open_acts(session: Session, actor: Actor, *, limit: int, after: tuple[Any, ...] | None) -> list[Shown]:
    """What waits for a decision on cases the actor may see, oldest first, after the key (proposed_at, id)."""
    waiting = _acts().where(Act.outcome.is_(None), visible_to(actor))
    if after:
        at = tuple_(Act.proposed_at, Act.id, types=(Instant(), Act.id.type))
        waiting = waiting.where(at > after)
    return _shown(session, session.execute(waiting.order_by(Act.proposed_at, Act.id).limit(limit)).all())


def of_case(session: Session, case_id: str) -> list[Shown]:
    """All that was ever proposed about a case, oldest first."""
    return _shown(
        session, session.execute(_acts().where(Act.case_id == case_id).order_by(Act.proposed_at, Act.id)).all()
    )


def one(session: Session, act_id: str) -> Shown:
    """One proposal, which must be there."""
    return _shown(session, session.execute(_acts().where(Act.id == act_id)).all())[0]


def _acts() -> Select[Any, Any, Any]:
    return select(Act, Case.number, Case.title).join(Case, Case.id == Act.case_id)


def _shown(session: Session, rows: Sequence[Row[Any, Any, Any]]) -> list[Shown]:
    people = person_names(session, [person for row in rows for person in (row.Act.decided_by, row.Act.proposed_by)])
    return [Shown.model_validate(_members(row, people)) for row in rows]


def _members(row: Row[Any, Any, Any], people: Mapping[str, str]) -> dict[str, Any]:
    return {name: getattr(row.Act, name) for name in SAME} | {
        "case_number": row.number,
        "case_title": row.title,
        "label": ACTS[row.Act.kind],
        "proposed_by": named(people, row.Act.proposed_by),
        "decided_by": named(people, row.Act.decided_by),
    }
