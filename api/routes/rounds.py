"""Exposure rounds (曝光督办): opened, listed, shown whole, with their candidates and what is public of them."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.finding import PlacesDisagree
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.lists import Asked, asked_of
from api.paging import CursorText, Limit, Page, decode, page
from api.queries import rounds
from api.queries.whole import moved
from api.shapes.rounds import Bulletin, CandidateShown, RoundLine, RoundOpened, RoundShown
from api.shapes.whole import Moved
from api.words import CaseId
from models import Organisation
from models.database import read_session
from workflow.exposure_round import ROUND
from workflow.refusals import Missing, UnknownOrganisation
from workflow.rounds.opening import open_round

router = APIRouter(tags=["曝光 rounds"])


@router.post("/rounds", status_code=201, response_model=Moved, summary="新开一轮曝光督办")
def start_round(body: RoundOpened, call: SignedIn, once: Repeatable) -> Response:
    """Open the next round of a district, or of one town or sector of it; its list is collected from now on."""
    rules = call.rules

    def opened(session: Session) -> Moved:
        wanted = body.model_dump() | {"district_id": _district(session, body)}
        return moved(open_round(session, rules, actor=call.actor, now=call.now, **wanted).after)

    return once.answer(opened, status=201)


@router.get("/rounds", summary="曝光督办各轮")
def list_rounds(call: SignedIn, asked: Annotated[Asked, asked_of(ROUND)]) -> Page[RoundLine]:
    """The rounds the caller may see, page by page."""
    return asked.of(call, rounds.line)


@router.get("/rounds/{case_id}", summary="一轮曝光督办的名单、结果和可办操作")
def show_round(case_id: CaseId, call: SignedIn, response: Response) -> RoundShown:
    """One round whole, every item with its outcome, the settlement's figures; ETag is for If-Match."""
    with read_session(call.engine) as session:
        case = rounds.visible_round(session, case_id, call.actor)
        found = rounds.shown(session, call.rules, case, actor=call.actor, now=call.now)
    response.headers["ETag"] = f'"{case.version}"'
    return found


@router.get("/rounds/{case_id}/candidates", summary="可以列入本轮的隐患")
def list_candidates(
    case_id: CaseId, call: SignedIn, limit: Limit = 50, cursor: CursorText = None
) -> Page[CandidateShown]:
    """What is overdue, rejected twice, proposed or carried over, and stands in no open round, page by page."""
    after = decode(cursor, str)
    with read_session(call.engine) as session:
        case = rounds.visible_round(session, case_id, call.actor)
        rows = rounds.candidates(session, case, limit=limit + 1, after=after)
    items, following = page(rows, limit, lambda shown: (shown.hazard.id,))
    return Page(items=list(items), next=following)


@router.get("/rounds/{case_id}/bulletin", summary="曝光通报（数据）")
def show_bulletin(case_id: CaseId, call: SignedIn) -> Bulletin:
    """What was published of a round; before that, a preview of what would be."""
    with read_session(call.engine) as session:
        case = rounds.visible_round(session, case_id, call.actor)
        return rounds.public(session, case, now=call.now)


def _district(session: Session, body: RoundOpened) -> str:
    """The district that was named, else the town's; refuses what is no such place and a town of another district."""
    town = _place(session, "town_id", body.town_id, "town")
    district = _place(session, "district_id", body.district_id, "district")
    if district is None and town is None:
        raise Missing(field="district_id", right="区县，或者镇街道")
    if district and town and town.district_id != district.id:
        raise PlacesDisagree(field="town_id", right="这个区县的镇街道")
    return str(district.id if district else town.district_id if town else "")


def _place(session: Session, field: str, id: str | None, kind: str) -> Organisation | None:
    found = session.get(Organisation, id) if id else None
    if id and (found is None or found.kind != kind or found.district_id is None):
        raise UnknownOrganisation(field=field, right="一个已登记的、种类相符的地方")
    return found
