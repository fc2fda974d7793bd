"""Reading proposals (督办措施建议)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, or_, select, tuple_
from sqlalchemy.orm import Session

from api.queries.names import person_names
from api.shapes.cases import Act as Shown
from api.shapes.common import named
from models import Act, Case, Deadline
from models.instant import Instant
from workflow.actor import Actor
from workflow.ladders import ACTS
from workflow.visible import visible_in_office, visible_to
from workflow.workflows import WORKFLOWS

Outcome = Literal["open", "accepted", "refused", "withdrawn"]
SAME = ("id", "case_id", "kind", "rung", "basis", "proposed_at", "outcome", "decided_at", "reason", "led_to")


def acts(session: Session, actor: Actor, outcome: Outcome, *, limit: int, after: tuple[Any, ...] | None) -> list[Shown]:
    """The acts with that outcome that the actor may see, oldest first, after the key (proposed_at, id)."""
    wanted = Act.outcome.is_(None) if outcome == "open" else Act.outcome == outcome
    found = _acts().where(wanted, visible_to(actor), shown_to(actor))
    if after:
        at = tuple_(Act.proposed_at, Act.id, types=(Instant(), Act.id.type))
        found = found.where(at > after)
    return _shown(session, session.execute(found.order_by(Act.proposed_at, Act.id).limit(limit)).all())


def of_case(session: Session, case_id: str, actor: Actor) -> list[Shown]:
    """All that was ever proposed about a case the actor sees, as far as it is theirs to read, oldest first."""
    found = _acts().where(Act.case_id == case_id, shown_to(actor))
    return _shown(session, session.execute(found.order_by(Act.proposed_at, Act.id)).all())


def shown_to(actor: Actor) -> ColumnElement[bool]:
    """A proposal that nobody has decided is the officers' own; the unit it is about reads what was decided."""
    return or_(Act.outcome.is_not(None), visible_in_office(actor))


def one(session: Session, act_id: str) -> Shown:
    """One proposal, which must be there."""
    return _shown(session, session.execute(_acts().where(Act.id == act_id)).all())[0]


def _acts() -> Select[Any, Any, Any]:
    columns: tuple[Any, ...] = (Act, Case.number, Case.title, Case.workflow, Deadline.name.label("promise"))
    return select(*columns).join(Case, Case.id == Act.case_id).outerjoin(Deadline, Deadline.id == Act.deadline_id)


def _shown(session: Session, rows: Sequence[Row[Any, Any, Any]]) -> list[Shown]:
    people = person_names(session, [person for row in rows for person in (row.Act.decided_by, row.Act.proposed_by)])
    return [Shown.model_validate(_members(row, people)) for row in rows]


def _members(row: Row[Any, Any, Any], people: Mapping[str, str]) -> dict[str, Any]:
    return {name: getattr(row.Act, name) for name in SAME} | {
        "case_number": row.number,
        "case_title": row.title,
        "label": ACTS[row.Act.kind],
        "rung_label": _rung_label(row),
        "proposed_by": named(people, row.Act.proposed_by),
        "decided_by": named(people, row.Act.decided_by),
    }


def _rung_label(row: Row[Any, Any, Any]) -> str | None:
    """What the step of the ladder says; none where no rung proposed it."""
    ladder = WORKFLOWS[row.workflow].by_deadline[row.promise].ladder if row.promise else ()
    return next((step.label for step in ladder if step.name == row.Act.rung), None)
