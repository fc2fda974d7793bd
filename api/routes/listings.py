"""Listings (挂牌督办): proposed over hazards, listed, shown whole."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.idempotency import Repeatable
from api.identity import SignedIn
from api.lists import Asked, asked_of
from api.paging import Page
from api.queries import listings
from api.queries.whole import moved
from api.shapes.listings import ListingLine, ListingProposed, ListingShown
from api.shapes.whole import Moved
from api.words import CaseId
from models.database import read_session
from workflow.listing import LISTING
from workflow.listings.opening import NewListing, propose

router = APIRouter(tags=["挂牌督办 listings"])


@router.post("/listings", status_code=201, response_model=Moved, summary="提出挂牌督办")
def propose_listing(body: ListingProposed, call: SignedIn, once: Repeatable) -> Response:
    """Propose that a body list one or many hazards; it decides within its limit."""
    rules = call.rules
    new = NewListing(**(body.model_dump() | {"hazards": tuple(body.hazards)}))

    def proposed(session: Session) -> Moved:
        return moved(propose(session, rules, new, actor=call.actor, now=call.now).after)

    return once.answer(proposed, status=201)


@router.get("/listings", summary="挂牌督办清单")
def list_listings(call: SignedIn, asked: Annotated[Asked, asked_of(LISTING)]) -> Page[ListingLine]:
    """The listings the caller may see, page by page."""
    return asked.of(call, listings.line)


@router.get("/listings/{case_id}", summary="一件挂牌督办的全部内容和可办操作")
def show_listing(case_id: CaseId, call: SignedIn, response: Response) -> ListingShown:
    """One listing whole: its hazards, the steps of its acceptance, what was published; ETag is for If-Match."""
    with read_session(call.engine) as session:
        case = listings.visible_listing(session, case_id, call.actor)
        found = listings.shown(session, call.rules, case, actor=call.actor, now=call.now)
    response.headers["ETag"] = f'"{case.version}"'
    return found
