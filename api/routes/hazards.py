"""Hazards (隐患): found in a visit, listed as a ledger, shown whole."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.orm import Session

from api.finding import VisitFound, record_visit
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.paging import CursorText, Limit, Page, decode, page
from api.queries.cases import visible_case
from api.queries.hazards import line, shown
from api.queries.ledger import Sort, Wanted, case_lines
from api.queries.whole import moved
from api.shapes.hazards import HazardLine, HazardShown, Level, Opened, State
from api.words import HEX_ID, CaseId, cleaned
from models.database import read_session
from workflow.hazard import HAZARD
from workflow.opening import open_cases

router = APIRouter(tags=["隐患 hazards"])
KEYS: dict[Sort, tuple[type, ...]] = {"newest": (str,), "due": (datetime, str)}


def _key(sort: Sort, shown: HazardLine) -> tuple[Any, ...]:
    return (shown.id,) if sort == "newest" else (shown.next_due_at, shown.id)


async def wanted(
    state: Annotated[State | None, Query(description="状态")] = None,
    level: Annotated[Level | None, Query(description="级别")] = None,
    town_id: Annotated[str | None, Query(pattern=HEX_ID, description="镇街道")] = None,
    enterprise_id: Annotated[str | None, Query(pattern=HEX_ID, description="企业")] = None,
    sector: Annotated[str | None, Query(max_length=32, description="行业领域")] = None,
    overdue: Annotated[bool | None, Query(description="是否超期")] = None,
    q: Annotated[str | None, Query(max_length=100, description="在编号、描述、企业名称中查找")] = None,
) -> Wanted:
    """The conditions of a list, from its query."""
    return Wanted(
        state=state,
        level=level,
        town_id=town_id,
        enterprise_id=enterprise_id,
        sector=cleaned(sector or "") or None,
        overdue=overdue,
        q=cleaned(q or "") or None,
    )


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
def list_hazards(
    call: SignedIn,
    conditions: Annotated[Wanted, Depends(wanted)],
    sort: Annotated[Sort, Query(description="newest：最新在前；due：快到期的在前，不含没有时限在计时的")] = "newest",
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Page[HazardLine]:
    """The ledger of what the caller may see, page by page."""
    after = decode(cursor, *KEYS[sort])
    with read_session(call.engine) as session:
        rows = case_lines(session, call.actor, conditions, sort=sort, limit=limit + 1, after=after)
        items, following = page([line(row) for row in rows], limit, lambda shown: _key(sort, shown))
    return Page(items=list(items), next=following)


@router.get("/hazards/{case_id}", summary="一件隐患的全部内容和可办操作")
def show_hazard(case_id: CaseId, call: SignedIn, response: Response) -> HazardShown:
    """One hazard whole, with what the caller may do now and every reason against it; ETag is for If-Match."""
    with read_session(call.engine) as session:
        case = visible_case(session, case_id, call.actor, workflow=HAZARD.name)
        found = shown(session, call.rules, case, actor=call.actor, now=call.now)
    response.headers["ETag"] = f'"{case.version}"'
    return found
