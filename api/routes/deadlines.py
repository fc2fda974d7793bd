"""Deadlines due (到期时限): what is overdue or soon will be, among the cases one may see."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.asked import Shown
from api.identity import SignedIn
from api.instants import Moment
from api.paging import CursorText, Limit, Page, decode, page
from api.queries.due import due_page
from models.database import read_session
from workflow.arithmetic import last_day
from workflow.workflows import WORKFLOWS

router = APIRouter(tags=["时限 deadlines"])


class DueLine(Shown):
    """一个正在计算的时限。"""

    id: str
    case_id: str
    number: str
    title: str
    state: str
    state_label: str
    level: str
    town_id: str | None
    enterprise_id: str | None
    responsible_org_id: str | None
    name: str
    label: str
    due_at: Moment
    due_day: date
    overdue: bool
    assumed: bool
    provisional: bool
    text: str | None


@router.get("/deadlines/due", summary="到期和将到期的时限")
def deadlines_due(
    call: SignedIn,
    within: Annotated[int, Query(ge=0, le=366, description="今后几日内到期的也列出；0 只列已超期的")] = 3,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[DueLine]:
    """Running promises of visible cases that are overdue or due within so many days, the oldest first."""
    after = decode(cursor, datetime, str)
    until = call.now + timedelta(days=within)
    with read_session(call.engine) as session:
        rows = due_page(session, call.actor, until=until, after=after, limit=limit + 1)
    kept, following = page(rows, limit, lambda row: (row.due_at, row.id))
    return Page(items=[_shown(row, call.now) for row in kept], next=following)


def _shown(row: Any, now: datetime) -> DueLine:
    known = dict(row._mapping)
    workflow = WORKFLOWS[known.pop("workflow")]
    return DueLine(
        **known,
        label=workflow.by_deadline[known["name"]].label,
        state_label=workflow.states[known["state"]],
        due_day=last_day(known["due_at"]),
        overdue=known["due_at"] <= now,
    )
