"""Reading what evidence (佐证材料) a case has; its bytes lie in the store."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import UnknownAddress
from api.queries.names import person_names
from api.shapes.cases import Evidence as Shown
from api.shapes.common import named
from models import Evidence

SAME = tuple(name for name in Shown.model_fields if name != "received_from")


def of_case(session: Session, case_id: str) -> list[Shown]:
    """All evidence of a case, in order of arrival."""
    rows = session.scalars(select(Evidence).where(Evidence.case_id == case_id).order_by(Evidence.id)).all()
    return shown(session, rows)


def shown(session: Session, rows: Sequence[Evidence]) -> list[Shown]:
    """Pieces as they are shown, with who sent them."""
    people = person_names(session, [row.received_from for row in rows])
    return [
        Shown.model_validate(
            {name: getattr(row, name) for name in SAME} | {"received_from": named(people, row.received_from)}
        )
        for row in rows
    ]


def one(session: Session, case_id: str, evidence_id: str) -> Evidence:
    """One piece of a case's evidence; `UnknownAddress` where that case has none of that id."""
    row = session.scalar(select(Evidence).where(Evidence.id == evidence_id, Evidence.case_id == case_id))
    if row is None:
        raise UnknownAddress()
    return row
