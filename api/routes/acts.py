"""Acts (督办措施建议): what rungs and officers propose, and a supervisor's word on it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field
from sqlalchemy.orm import Session

from api.bodies import Body
from api.idempotency import Once, Repeatable
from api.identity import Call, SignedIn
from api.paging import CursorText, Limit, Page, decode, page
from api.queries.acts import Outcome, acts, one
from api.shapes.cases import Act
from api.words import HEX_ID, CaseId, Words
from models.database import read_session
from workflow.acts import decide_act, propose

router = APIRouter(tags=["督办 acts"])
Kind = Literal["exposure", "talk", "bulletin", "listing", "case_filing", "warning_letter", "closure"]
ActId = Annotated[str, Path(pattern=HEX_ID)]


class Word(Body):
    """决定的理由。"""

    reason: Words = Field(title="理由")


class Proposed(Body):
    """建议采取哪一种督办措施，为什么。"""

    kind: Kind = Field(title="种类")
    basis: Words = Field(title="缘由")


@router.get("/acts", summary="督办措施建议：等待决定的，或者已决定的")
def list_acts(
    call: SignedIn,
    outcome: Annotated[Outcome, Query(description="open：等待决定；accepted、refused、withdrawn：已决定的")] = "open",
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Page[Act]:
    """Proposals on cases the caller may see, oldest first; those without a decision are for officers alone."""
    after = decode(cursor, datetime, str)
    with read_session(call.engine) as session:
        rows = acts(session, call.actor, outcome, limit=limit + 1, after=after)
    items, following = page(rows, limit, lambda act: (act.proposed_at, act.id))
    return Page(items=list(items), next=following)


@router.post("/cases/{case_id}/acts", status_code=201, response_model=Act, summary="提出督办措施建议")
def propose_act(case_id: CaseId, body: Proposed, call: SignedIn, once: Repeatable) -> Response:
    """Propose an act about a case by hand; another person, a supervisor, decides it."""
    rules = call.rules

    def proposed(session: Session) -> Act:
        act_id = propose(session, rules, case_id, kind=body.kind, basis=body.basis, actor=call.actor, now=call.now)
        return one(session, act_id)

    return once.answer(proposed, status=201)


@router.post("/acts/{act_id}/accept", response_model=Act, summary="采纳")
def accept(act_id: ActId, body: Word, call: SignedIn, once: Repeatable) -> Response:
    """Accept a proposal, with a reason; what it says is ordered at once (`led_to`)."""
    return _decide(call, once, act_id, "accepted", body.reason)


@router.post("/acts/{act_id}/refuse", response_model=Act, summary="不采纳")
def refuse(act_id: ActId, body: Word, call: SignedIn, once: Repeatable) -> Response:
    """Refuse a proposal, with a reason."""
    return _decide(call, once, act_id, "refused", body.reason)


def _decide(call: Call, once: Once, act_id: str, outcome: str, reason: str) -> Response:
    rules = call.rules

    def decided(session: Session) -> Act:
        decide_act(session, rules, act_id, outcome=outcome, reason=reason, actor=call.actor, now=call.now)
        return one(session, act_id)

    return once.answer(decided)
