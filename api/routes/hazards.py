"""Hazards (隐患): found in a visit, listed as a ledger, shown whole."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.finding import VisitFound, record_visit
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.lists import Asked, asked_of
from api.paging import Page
from api.queries.cases import visible_case
from api.queries.hazards import line, shown
from api.queries.whole import moved
from api.shapes.hazards import HazardLine, HazardShown, Opened
from api.words import CaseId
from models.database import read_session
from workflow.hazard import HAZARD
from workflow.opening import open_cases

router = APIRouter(tags=["隐患 hazards"])


@router.post("/hazards", status_code=201, response_model=Opened, summary="登记一次检查发现的隐患")
def find_hazards(body: VisitFound, call: SignedIn, once: Repeatable) -> Response:
    """Open one case for each hazard found in one visit; each has a clock of its own."""
    rules = call.rules

    def opened(session: Session) -> Opened:
        visit_id, hazards = record_visit(session, body, actor=call.actor, now=call.now)
        decisions = open_cases(session, rules, hazards, actor=call.actor, now=call.now)
        return Opened(visit_id=visit_id, cases=[moved(d.after) for d in decisions])

    return once.answer(opened, status=201)


@router.get("/hazards", summary="隐患台账")
def list_hazards(call: SignedIn, asked: Annotated[Asked, asked_of(HAZARD)]) -> Page[HazardLine]:
    """The ledger of what the caller may see, page by page."""
    return asked.of(call, line)


@router.get("/hazards/{case_id}", summary="一件隐患的全部内容和可办操作")
def show_hazard(case_id: CaseId, call: SignedIn, response: Response) -> HazardShown:
    """One hazard whole, with what the caller may do now and every reason against it; ETag is for If-Match."""
    with read_session(call.engine) as session:
        case = visible_case(session, case_id, call.actor, workflow=HAZARD.name)
        found = shown(session, call.rules, case, actor=call.actor, now=call.now)
    response.headers["ETag"] = f'"{case.version}"'
    return found
