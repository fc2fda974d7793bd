"""Incidents (突发事件信息报送): entered at the duty desk, listed, shown whole."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.finding import place_of, units_of
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.paging import CursorText, Limit, Page, decode, page
from api.queries import incidents
from api.queries.cases import visible_case
from api.queries.ledger import Sort, Wanted, case_lines
from api.queries.whole import moved
from api.shapes.incidents import IncidentLine, IncidentShown, IncidentTold, Level, State
from api.shapes.whole import Moved
from api.words import HEX_ID, CaseId, cleaned
from models.database import read_session
from workflow.incident import INCIDENT
from workflow.incidents.opening import NewIncident
from workflow.opening import open_cases

router = APIRouter(tags=["突发事件 incidents"])
KEYS: dict[Sort, tuple[type, ...]] = {"newest": (str,), "due": (datetime, str)}


@router.post("/incidents", status_code=201, response_model=Moved, summary="录入一件突发事件")
def enter_incident(body: IncidentTold, call: SignedIn, once: Repeatable) -> Response:
    """Open an incident; its clocks count from the instant it names, so `overdue_since` may be set at once."""
    rules = call.rules

    def opened(session: Session) -> Moved:
        said = {name: value for name, value in body.model_dump().items() if name != "loss_yuan"}
        placed = place_of(body, units_of(session, [body]), "")
        new = NewIncident(**{**said, **placed, "loss_fen": body.loss_fen})
        (decision,) = open_cases(session, rules, [new], actor=call.actor, now=call.now)
        return moved(decision.after, lacks=incidents.lacks_in(decision))

    return once.answer(opened, status=201)


@router.get("/incidents", summary="突发事件清单")
def list_incidents(
    call: SignedIn,
    state: Annotated[State | None, Query(description="状态")] = None,
    level: Annotated[Level | None, Query(description="级别")] = None,
    town_id: Annotated[str | None, Query(pattern=HEX_ID, description="镇街道")] = None,
    enterprise_id: Annotated[str | None, Query(pattern=HEX_ID, description="企业")] = None,
    overdue: Annotated[bool | None, Query(description="是否超期")] = None,
    q: Annotated[str | None, Query(max_length=100, description="在编号、标题、企业名称中查找")] = None,
    sort: Annotated[Sort, Query(description="newest：最新在前；due：快到期的在前")] = "newest",
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Page[IncidentLine]:
    """The incidents the caller may see, page by page."""
    wanted = Wanted(
        workflow=INCIDENT.name, state=state, level=level, town_id=town_id, enterprise_id=enterprise_id,
        overdue=overdue, q=cleaned(q or "") or None,
    )  # fmt: skip
    after = decode(cursor, *KEYS[sort])
    with read_session(call.engine) as session:
        rows = case_lines(session, call.actor, wanted, sort=sort, limit=limit + 1, after=after)
        items, following = page([incidents.line(row) for row in rows], limit, lambda shown: _key(sort, shown))
    return Page(items=list(items), next=following)


@router.get("/incidents/{case_id}", summary="一件突发事件的全部内容和可办操作")
def show_incident(case_id: CaseId, call: SignedIn, response: Response) -> IncidentShown:
    """One incident whole: its reports, what they lack, findings, and what looks late; ETag is for If-Match."""
    with read_session(call.engine) as session:
        case = visible_case(session, case_id, call.actor, workflow=INCIDENT.name)
        found = incidents.shown(session, call.rules, case, actor=call.actor, now=call.now)
    response.headers["ETag"] = f'"{case.version}"'
    return found


def _key(sort: Sort, shown: IncidentLine) -> tuple[Any, ...]:
    return (shown.id,) if sort == "newest" else (shown.next_due_at, shown.id)
