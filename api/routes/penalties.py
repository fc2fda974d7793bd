"""Penalties (行政处罚) of an enterprise: recorded, listed; enough of them propose its closure (安全生产法第113条)."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session

from api.asked import IdPath
from api.bodies import FEN
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.may import must
from api.paging import CursorText, Limit, Page, decode, page
from api.queries import tree
from api.queries.penalties import of_enterprise, shown
from api.shapes.penalties import PenaltySaid, PenaltyShown
from models.database import read_session
from workflow.penalties import NewPenalty, record

router = APIRouter(tags=["企业 enterprises"])


@router.post(
    "/enterprises/{enterprise_id}/penalties", status_code=201, response_model=PenaltyShown, summary="登记行政处罚"
)
def record_penalty(call: SignedIn, once: Repeatable, enterprise_id: IdPath, asked: PenaltySaid) -> Any:
    """Record a penalty decision once; three in 180 days or four in a year beside a major hazard propose closure."""
    must(call.actor, "penalties.record")
    rules = call.rules
    penalty = NewPenalty(
        decided_on=asked.decided_on,
        document=asked.document,
        basis=asked.basis,
        amount_fen=int(asked.amount_yuan * FEN),
    )

    def act(session: Session) -> PenaltyShown:
        tree.enterprise(session, call.actor, enterprise_id)
        row = record(session, rules, enterprise_id, penalty, actor=call.actor, now=call.now)
        return shown(session, [row])[0]

    return once.answer(act, status=201)


@router.get("/enterprises/{enterprise_id}/penalties", summary="一家企业的行政处罚")
def penalties(
    call: SignedIn, enterprise_id: IdPath, limit: Limit = 50, cursor: CursorText = None
) -> Page[PenaltyShown]:
    """The penalties of an enterprise one may see, the newest entered first."""
    after = decode(cursor, str)
    with read_session(call.engine) as session:
        tree.enterprise(session, call.actor, enterprise_id)
        rows = of_enterprise(session, enterprise_id, limit=limit + 1, after=after[0] if after else None)
    items, following = page(rows, limit, lambda row: (row.id,))
    return Page(items=list(items), next=following)
