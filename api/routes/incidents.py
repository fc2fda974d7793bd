"""Incidents (突发事件信息报送): entered at the duty desk, listed, shown whole."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.finding import place_of, units_of
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.lists import Asked, asked_of
from api.paging import Page
from api.queries import incidents
from api.queries.cases import visible_case
from api.queries.names import organisation_names
from api.queries.whole import moved
from api.shapes.incidents import IncidentLine, IncidentShown, IncidentTold
from api.shapes.whole import Moved
from api.words import CaseId
from models.database import read_session
from workflow.incident import INCIDENT
from workflow.incidents.opening import NewIncident
from workflow.opening import open_cases

router = APIRouter(tags=["突发事件 incidents"])


@router.post("/incidents", status_code=201, response_model=Moved, summary="录入一件突发事件")
def enter_incident(body: IncidentTold, call: SignedIn, once: Repeatable) -> Response:
    """Open an incident; its clocks count from the instant it names, so `overdue_since` may be set at once."""
    rules = call.rules

    def opened(session: Session) -> Moved:
        said = {name: value for name, value in body.model_dump().items() if name != "loss_yuan"}
        placed = place_of(body, units_of(session, [body]), "")
        new = NewIncident(**{**said, **placed, "loss_fen": body.loss_fen, "unit": _unit(session, body)})
        (decision,) = open_cases(session, rules, [new], actor=call.actor, now=call.now)
        return moved(decision.after, lacks=incidents.lacks_of(session, decision.after))

    return once.answer(opened, status=201)


def _unit(session: Session, body: IncidentTold) -> str | None:
    """The unit as it was told, else by the name that the enterprise has now."""
    return body.unit or organisation_names(session, [body.enterprise_id]).get(body.enterprise_id or "")


@router.get("/incidents", summary="突发事件清单")
def list_incidents(call: SignedIn, asked: Annotated[Asked, asked_of(INCIDENT)]) -> Page[IncidentLine]:
    """The incidents the caller may see, page by page."""
    return asked.of(call, incidents.line)


@router.get("/incidents/{case_id}", summary="一件突发事件的全部内容和可办操作")
def show_incident(case_id: CaseId, call: SignedIn, response: Response) -> IncidentShown:
    """One incident whole: its reports, what they lack, findings, and what looks late; ETag is for If-Match."""
    with read_session(call.engine) as session:
        case = visible_case(session, case_id, call.actor, workflow=INCIDENT.name)
        found = incidents.shown(session, call.rules, case, actor=call.actor, now=call.now)
    response.headers["ETag"] = f'"{case.version}"'
    return found
