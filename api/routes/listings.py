"""Listings (挂牌督办): proposed over hazards, listed, shown whole."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.idempotency import Repeatable
from api.identity import SignedIn
from api.paging import CursorText, Limit, Page, decode, page
from api.queries import listings
from api.queries.ledger import Sort, Wanted, case_lines
from api.queries.whole import moved
from api.shapes.listings import Level, ListingLine, ListingProposed, ListingShown, State
from api.shapes.whole import Moved
from api.words import HEX_ID, CaseId, cleaned
from models.database import read_session
from workflow.listing import LISTING
from workflow.listings.opening import NewListing, propose

router = APIRouter(tags=["挂牌督办 listings"])
KEYS: dict[Sort, tuple[type, ...]] = {"newest": (str,), "due": (datetime, str)}


@router.post("/listings", status_code=201, response_model=Moved, summary="提出挂牌督办")
def propose_listing(body: ListingProposed, call: SignedIn, once: Repeatable) -> Response:
    """Propose that a body list one or many hazards; it decides within its limit."""
    rules = call.rules
    new = NewListing(**(body.model_dump() | {"hazards": tuple(body.hazards)}))

    def proposed(session: Session) -> Moved:
        return moved(propose(session, rules, new, actor=call.actor, now=call.now).after)

    return once.answer(proposed, status=201)


@router.get("/listings", summary="挂牌督办清单")
def list_listings(
    call: SignedIn,
    state: Annotated[State | None, Query(description="状态")] = None,
    level: Annotated[Level | None, Query(description="挂牌级别")] = None,
    town_id: Annotated[str | None, Query(pattern=HEX_ID, description="镇街道")] = None,
    enterprise_id: Annotated[str | None, Query(pattern=HEX_ID, description="企业")] = None,
    overdue: Annotated[bool | None, Query(description="是否超期")] = None,
    q: Annotated[str | None, Query(max_length=100, description="在编号、标题、企业名称中查找")] = None,
    sort: Annotated[Sort, Query(description="newest：最新在前；due：快到期的在前")] = "newest",
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Page[ListingLine]:
    """The listings the caller may see, page by page."""
    wanted = Wanted(
        workflow=LISTING.name, state=state, level=level, town_id=town_id, enterprise_id=enterprise_id, overdue=overdue,
        q=cleaned(q or "") or None,
    )  # fmt: skip
    after = decode(cursor, *KEYS[sort])
    with read_session(call.engine) as session:
        rows = case_lines(session, call.actor, wanted, sort=sort, limit=limit + 1, after=after)
        items, following = page([listings.line(row) for row in rows], limit, lambda shown: _key(sort, shown))
    return Page(items=list(items), next=following)


@router.get("/listings/{case_id}", summary="一件挂牌督办的全部内容和可办操作")
def show_listing(case_id: CaseId, call: SignedIn, response: Response) -> ListingShown:
    """One listing whole: its hazards, the steps of its acceptance, what was published; ETag is for If-Match."""
    with read_session(call.engine) as session:
        case = listings.visible_listing(session, case_id, call.actor)
        found = listings.shown(session, call.rules, case, actor=call.actor, now=call.now)
    response.headers["ETag"] = f'"{case.version}"'
    return found


def _key(sort: Sort, shown: ListingLine) -> tuple[Any, ...]:
    return (shown.id,) if sort == "newest" else (shown.next_due_at, shown.id)
