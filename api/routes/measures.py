"""Measures (督办措施): what accepted acts became, as a list and one by one; they move like any case."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.asked import IdQuery
from api.identity import SignedIn
from api.paging import CursorText, Limit, Page, decode, page
from api.queries.cases import visible_case
from api.queries.ledger import Wanted, case_lines
from api.queries.measures import line, shown
from api.shapes.measures import Level, MeasureLine, MeasureShown, State
from api.words import CaseId
from models.database import read_session
from workflow.measure import MEASURE

router = APIRouter(tags=["督办措施 measures"])


async def wanted(
    state: Annotated[State | None, Query(description="状态")] = None,
    level: Annotated[Level | None, Query(description="种类")] = None,
    enterprise_id: IdQuery = None,
    overdue: Annotated[bool | None, Query(description="是否超期")] = None,
) -> Wanted:
    """The conditions of a list, from its query."""
    return Wanted(workflow=MEASURE.name, state=state, level=level, enterprise_id=enterprise_id, overdue=overdue)


@router.get("/measures", summary="督办措施清单")
def list_measures(
    call: SignedIn, conditions: Annotated[Wanted, Depends(wanted)], limit: Limit = 50, cursor: CursorText = None
) -> Page[MeasureLine]:
    """Talks, bulletins, letters and suggestions that the caller may see, newest first."""
    after = decode(cursor, str)
    with read_session(call.engine) as session:
        rows = case_lines(session, call.actor, conditions, sort="newest", limit=limit + 1, after=after)
        items, following = page([line(row) for row in rows], limit, lambda shown: (shown.id,))
    return Page(items=list(items), next=following)


@router.get("/measures/{case_id}", summary="一项督办措施的全部内容和可办操作")
def show_measure(case_id: CaseId, call: SignedIn, response: Response) -> MeasureShown:
    """One measure whole, with what the caller may do now and every reason against it; ETag is for If-Match."""
    with read_session(call.engine) as session:
        case = visible_case(session, case_id, call.actor, workflow=MEASURE.name)
        found = shown(session, call.rules, case, actor=call.actor, now=call.now)
    response.headers["ETag"] = f'"{case.version}"'
    return found
