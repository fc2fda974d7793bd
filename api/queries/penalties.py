"""Reading penalties (行政处罚)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.queries.names import person_names
from api.queries.whole import same, yuan
from api.shapes.common import named
from api.shapes.penalties import PenaltyShown
from models import Penalty

SAME = ("id", "enterprise_id", "decided_on", "document", "basis", "recorded_at")


def of_enterprise(session: Session, enterprise_id: str, *, limit: int, after: str | None) -> list[PenaltyShown]:
    """At most `limit` penalties, the newest entered first, after the one of that id."""
    found = select(Penalty).where(Penalty.enterprise_id == enterprise_id).order_by(Penalty.id.desc()).limit(limit)
    return shown(session, session.scalars(found.where(Penalty.id < after) if after else found).all())


def shown(session: Session, rows: Sequence[Penalty]) -> list[PenaltyShown]:
    """These penalties with the names of who recorded them."""
    people = person_names(session, [row.recorded_by for row in rows])
    return [PenaltyShown.model_validate(_members(row, people)) for row in rows]


def _members(row: Penalty, people: Mapping[str, str]) -> dict[str, Any]:
    own = {"amount_yuan": yuan(row.amount_fen), "recorded_by": named(people, row.recorded_by)}
    return same(row, SAME) | own
